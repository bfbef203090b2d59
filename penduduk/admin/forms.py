"""Forms of the register. Dirty data from before stays; what is newly typed is looked at."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect
from django.utils.html import format_html

from penduduk import referensi, teks
from penduduk.forms import BakuField, NIKField, NomorHPField, NomorKKField, bidang_dari
from penduduk.identitas import kembar
from penduduk.identitas import rt as rt_
from penduduk.impor.nilai import bergantung
from penduduk.models import Penduduk

# Not on letters, or checked by themselves.
_LAIN = set("semboyan jam_layanan pengumuman nomor_wa aksara_1 aksara_2 aksara_3".split())
_KOSONG = ("", "---------")
_ORANG_LAIN = (
    "{} diubah sekaligus, padahal orang ini sudah punya {}, yang lalu menjadi milik orang lain. "
    "Orang lain: tambahkan penduduk baru dengan NIK-nya sendiri. "
    '<label><input type="checkbox" name="orang_sama"> Orang yang sama, datanya dibetulkan</label>'
)


class TercetakForm(forms.ModelForm):
    """Words that come to stand on letters: what no letter can print, and what is impossible, is
    refused, but what was there before may stay. Spaces and dots of numbers go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nama, bidang in self.fields.items():
            if isinstance(bidang, BakuField):
                bidang.semula = self.initial.get(nama)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for nama in set(self.changed_data) - _LAIN:
            if kalimat := teks.tak_tercetak(str(self.cleaned_data.get(nama, ""))):
                self.add_error(nama, kalimat)


class PilihKeluarga(AutocompleteSelect):
    """Says what to type; an empty field would have no name for a screen reader."""

    def optgroups(self, name: Any, value: Any, attr: Any = None) -> Any:
        """Django looks for whatever was sent; what is no key was refused already."""
        ada = [x for x in value if str(x).isdecimal() and len(str(x)) < 19]
        return super().optgroups(name, ada, attr)

    def build_attrs(self, *args: Any, **lain: Any) -> dict[str, Any]:
        petunjuk = {"data-placeholder": "Cari nama anggota atau nomor KK"}
        return {**super().build_attrs(*args, **lain), **petunjuk}


class BanjarForm(TercetakForm):
    nomor_hp_kelian = NomorHPField(
        label="Nomor HP kelian", required=False, widget=AdminTextInputWidget
    )


class KeluargaForm(TercetakForm):
    # With room for "RT.002/RW.003"; see clean.
    rt = forms.CharField(label="RT", max_length=40, required=False, widget=AdminTextInputWidget)
    rw = forms.CharField(label="RW", max_length=40, required=False, widget=AdminTextInputWidget)
    no_kk = NomorKKField(
        required=False,
        empty_value=None,
        widget=AdminTextInputWidget,
        help_text="16 angka. Kosong: belum diketahui.",
    )

    def clean(self) -> dict[str, Any] | None:
        """RT and RW in their one form, also when one box holds both."""
        data = super().clean() or self.cleaned_data
        if "rt" in data and "rw" in data:
            data["rt"], data["rw"], _ = rt_.rapikan(data["rt"], data["rw"])
        return data


class PendudukForm(TercetakForm):
    """An impossible NIK is refused here, an odd one only warned about."""

    nik = NIKField(
        required=False,
        empty_value=None,
        widget=AdminTextInputWidget,
        help_text="16 angka di KTP-el atau KK. Kosong: belum ada NIK.",
    )
    nik_ayah = NIKField(label="NIK ayah", required=False, widget=AdminTextInputWidget, help_text="")
    nik_ibu = NIKField(label="NIK ibu", required=False, widget=AdminTextInputWidget, help_text="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Missing for those who may only look.
        if "kewarganegaraan" in self.fields and not self.instance.pk:
            # Nothing about a person is preset; where it may not be empty, somebody chooses.
            bangsa = bidang_dari(self, "kewarganegaraan", forms.ChoiceField)
            bangsa.choices = [_KOSONG, *referensi.kewarganegaraan()]
            self.initial["kewarganegaraan"] = None

    def clean(self) -> dict[str, Any] | None:
        """Whoever becomes somebody else here would take the account along: that is asked about."""
        data = super().clean() or self.cleaned_data
        lama: Penduduk = self.instance
        if lama.pk and "orang_sama" not in self.data and {"nama", "tanggal_lahir"} <= set(data):
            baru = kembar.Ciri(data["nama"], data["tanggal_lahir"], data.get("jenis_kelamin"))
            beda = kembar.beda(kembar.Ciri(lama.nama, lama.tanggal_lahir, lama.jenis_kelamin), baru)
            punya = bergantung(Penduduk, {lama.pk}).get(lama.pk) if len(beda) > 1 else None
            if punya:
                raise forms.ValidationError(
                    format_html(_ORANG_LAIN, ", ".join(beda).capitalize(), ", ".join(sorted(punya)))
                )
        return data
