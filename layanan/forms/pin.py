"""Forms around a request for a PIN: the resident's, and the operator's decision."""

from typing import Any

from django import forms

from penduduk.forms import NIKField, NomorHPField, TanggalField, helper
from penduduk.models import Penduduk
from surat.isian.bidang import TeksField


class MintaPINForm(forms.Form):
    """Who asks for a PIN. Says what is wrong with the form of a NIK, never whether it is known."""

    helper = helper()

    nama = TeksField(
        label="Nama lengkap",
        max_length=100,
        help_text="Seperti tertulis di KTP-el.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Isi nama Anda seperti tertulis di KTP-el."},
    )
    nik = NIKField()
    # The keypad of an iPhone has digits and nothing else: eight of them in a row are a day, too.
    tanggal_lahir = TanggalField(
        label="Tanggal lahir",
        lampau=True,
        help_text="Tanggal, bulan, tahun. Contoh: 31-12-1990 atau 31121990.",
        error_messages={"required": "Isi tanggal lahir Anda."},
    )
    nomor_hp = NomorHPField(
        label="Nomor HP",
        help_text="Nomor dengan WhatsApp. PIN dikirim ke nomor ini. Contoh: 0812 3456 7890.",
        error_messages={"required": "Isi nomor HP. PIN dikirim ke nomor itu."},
    )


class AlasanForm(forms.Form):
    """Why, in words that the sender reads; stock reasons are offered beside it."""

    helper = helper()

    alasan = TeksField(
        label="Alasan (dibaca warga)",
        max_length=200,
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
        error_messages={"required": "Tulis alasannya, supaya warga tahu harus berbuat apa."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A <datalist> of stock reasons stands in the template: a click instead of typing.
        self.fields["alasan"].widget.attrs["list"] = f"alasan-{self.prefix}"


class TerbitkanForm(forms.Form):
    """The resident whom the operator has compared with the photos."""

    orang = forms.ModelChoiceField(
        queryset=Penduduk.objects.all(),
        error_messages={
            "required": "Pilih dulu penduduk yang cocok dengan fotonya.",
            "invalid_choice": "Penduduk ini tidak ada lagi. Cari lagi.",
        },
    )
    sudah_dicocokkan = forms.BooleanField(
        error_messages={"required": "Centang dulu bahwa foto sudah dicocokkan dengan data desa."}
    )
