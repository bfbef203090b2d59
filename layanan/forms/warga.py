"""Forms of residents: the first step of a request, how they are told, who collects."""

from typing import Any, NamedTuple

from django import forms

from layanan.kotak_keluar import persetujuan
from layanan.models import Permohonan
from penduduk.forms import NomorHPField, bidang_dari, helper
from surat.isian.bidang import TeksField
from surat.models import Pejabat

SETUJU_WA = (
    ("ya", "Ya, kabari saya lewat WhatsApp"),
    ("tidak", "Tidak, saya lihat sendiri di situs"),
)


class GalatBerkas(NamedTuple):
    """What is wrong with an upload, for the summary on top of a page (bagian/galat_berkas.html)."""

    jangkar: str
    label: str
    kalimat: str


class KeteranganForm(forms.Form):
    """First step of a request, beside the papers."""

    helper = helper()

    keterangan = TeksField(
        label="Keterangan Tambahan",
        required=False,
        max_length=1000,
        help_text="Hal lain yang perlu diketahui petugas.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )
    nomor_hp = NomorHPField(
        label="Nomor HP",
        help_text="Nomor aktif dengan WhatsApp. Contoh: 0812 3456 7890.",
        error_messages={"required": "Isi nomor HP aktif, supaya kami dapat mengabari Anda."},
    )

    def __init__(self, *args: Any, ditanya: bool, **kwargs: Any) -> None:
        """`ditanya`: the resident has not said yet whether to be told by WhatsApp."""
        super().__init__(*args, **kwargs)
        if ditanya:
            self.fields["setuju_wa"] = setuju_wa_field()


def setuju_wa_field(
    label: str = "Kabar lewat WhatsApp", help_text: str = persetujuan.KATA[persetujuan.VERSI]
) -> forms.TypedChoiceField:
    """The question of layanan.persetujuan: two answers, none of them chosen beforehand."""
    return forms.TypedChoiceField(
        label=label,
        choices=SETUJU_WA,
        coerce=lambda nilai: nilai == "ya",
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": "Pilih salah satu: dikabari lewat WhatsApp atau tidak."},
    )


class KabarForm(forms.Form):
    """The same question again, on "Data saya"."""

    helper = helper()

    setuju_wa = setuju_wa_field(label="Mau dikabari lewat WhatsApp?", help_text="")


class WakilForm(forms.ModelForm):
    """Who will collect the letter."""

    helper = helper()

    class Meta:
        model = Permohonan
        fields = ("wakil_jenis", "wakil_nama", "wakil_hubungan", "wakil_pejabat")
        labels = {
            "wakil_jenis": "Siapa yang mengambil surat?",
            "wakil_nama": "Nama wakil",
            "wakil_hubungan": "Hubungan dengan Anda",
            "wakil_pejabat": "Perangkat desa",
        }
        help_texts = {
            "wakil_nama": "Isi bila diwakili keluarga atau orang lain.",
            "wakil_pejabat": "Isi bila diantar perangkat desa.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wakil_jenis"] = forms.ChoiceField(
            label="Siapa yang mengambil surat?",
            choices=Permohonan.Wakil.choices,
            required=False,
            widget=forms.RadioSelect,
        )
        pejabat = bidang_dari(self, "wakil_pejabat", forms.ModelChoiceField)
        pejabat.queryset = Pejabat.objects.filter(aktif=True, mengantar=True).order_by("nama")
        pejabat.empty_label = "Pilih …"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        jenis = data.get("wakil_jenis")
        if jenis == Permohonan.Wakil.WAKIL and not data.get("wakil_nama"):
            self.add_error("wakil_nama", "Tulis nama orang yang mewakili Anda.")
        if jenis == Permohonan.Wakil.PERANGKAT and not data.get("wakil_pejabat"):
            self.add_error("wakil_pejabat", "Pilih perangkat desa yang mengantar.")
        if jenis != Permohonan.Wakil.WAKIL:
            data["wakil_nama"] = data["wakil_hubungan"] = ""
        if jenis != Permohonan.Wakil.PERANGKAT:
            data["wakil_pejabat"] = None
        return data
