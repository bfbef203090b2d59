"""Forms of residents and of the office. None of them has a status field."""

from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from layanan import mendesak, pengajuan, persetujuan, ringkasan
from layanan.models import Penyerahan, Permohonan
from penduduk.forms import NIKField, NomorHPField, helper
from penduduk.models import Penduduk
from surat.isian.bidang import TEKS_PANJANG_MAKS, SuratTeksField, TeksField
from surat.isian.jawaban import berlaku
from surat.models import Isian, Mandat, Pejabat
from surat.naskah.susunan import Pengantar

SETUJU_WA = (
    ("ya", "Ya, kabari saya lewat WhatsApp"),
    ("tidak", "Tidak, saya lihat sendiri di situs"),
)

# How an officer can be sure who stands at the desk.
CARA_DIKENALI = ("KTP-el", "Dikenal petugas", "Surat kuasa dan KTP-el")


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


def setuju_wa_field(**lain: Any) -> forms.TypedChoiceField:
    """The question of layanan.persetujuan: two answers, none of them chosen beforehand."""
    return forms.TypedChoiceField(
        **{
            "label": "Kabar lewat WhatsApp",
            "choices": SETUJU_WA,
            "coerce": lambda nilai: nilai == "ya",
            "widget": forms.RadioSelect,
            "help_text": persetujuan.KATA[persetujuan.VERSI],
            "error_messages": {"required": "Pilih salah satu: dikabari lewat WhatsApp atau tidak."},
        }
        | lain
    )


class KabarForm(forms.Form):
    """The same question again, on "Data saya"."""

    helper = helper()

    setuju_wa = setuju_wa_field(label="Mau dikabari lewat WhatsApp?", help_text="")


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
    tanggal_lahir = forms.DateField(
        label="Tanggal lahir",
        help_text="Tanggal, bulan, tahun. Contoh: 31-12-1990.",
        input_formats=["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday"}),
        error_messages={
            "required": "Isi tanggal lahir Anda.",
            "invalid": "Tulis tanggal lahir dengan tahun lengkap, seperti 31-12-1990.",
        },
    )
    nomor_hp = NomorHPField(
        label="Nomor HP",
        help_text="Nomor dengan WhatsApp. PIN dikirim ke nomor ini. Contoh: 0812 3456 7890.",
        error_messages={"required": "Isi nomor HP. PIN dikirim ke nomor itu."},
    )

    def clean_tanggal_lahir(self) -> date:
        lahir = self.cleaned_data["tanggal_lahir"]
        if not date(1900, 1, 1) <= lahir <= timezone.localdate():
            raise forms.ValidationError("Tanggal lahir ini tidak mungkin. Periksa lagi tahunnya.")
        return lahir


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
        pejabat = self.fields["wakil_pejabat"]
        pejabat.queryset = Pejabat.objects.filter(aktif=True, mengantar=True).order_by("nama")
        pejabat.empty_label = "Pilih …"

    def clean(self) -> dict:
        data = super().clean()
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


# --- The office: one form per step that needs more than a button ------------------------------


class LangkahForm(forms.Form):
    """A step of the flow; `bahan` is what alur.jalankan needs beside the step's name."""

    helper = helper()

    def __init__(self, *args: Any, permohonan: Permohonan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permohonan = permohonan

    def bahan(self) -> dict[str, Any]:
        return {}


class CatatanForm(LangkahForm):
    catatan = TeksField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        error_messages={"required": "Tulis alasannya, supaya yang membaca tahu harus berbuat apa."},
    )

    def bahan(self) -> dict[str, Any]:
        return {"catatan": self.cleaned_data["catatan"]}


class SetujuiForm(LangkahForm):
    mandat = forms.ModelChoiceField(
        label="Penanda tangan",
        queryset=Mandat.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Pilih penanda tangan.",
            "invalid_choice": "Mandat ini tidak berlaku hari ini.",
        },
    )
    no_pengantar = TeksField(label="Nomor surat pengantar Kelian", required=False, max_length=60)
    tgl_pengantar = forms.DateField(
        label="Tanggal surat pengantar",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
    )

    def __init__(self, *args: Any, pada: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mandat"].queryset = Mandat.objects.berlaku(pada).select_related("pejabat")
        # What a resident wrote in sentences is read, and mended, before it stands in a letter.
        self.kalimat = pengajuan.kalimat(self.permohonan)
        for satu, teks in self.kalimat:
            self.fields[f"teks-{satu.kunci}"] = _kalimat_field(satu, teks)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("tgl_pengantar") and not data.get("no_pengantar"):
            self.add_error("no_pengantar", "Isi juga nomor surat pengantarnya.")
        return data

    def bahan(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "mandat": data["mandat"],
            "pengantar": Pengantar(data["no_pengantar"], data["tgl_pengantar"]),
            "suntingan": {satu.kunci: data[f"teks-{satu.kunci}"] for satu, _ in self.kalimat},
        }


def _kalimat_field(satu: Isian, teks: str) -> forms.Field:
    bantuan = "Dicetak seperti ini. Perbaiki bila perlu; tulisan asli warga tetap disimpan."
    if satu.disunting:
        bantuan = format_html("Tulis kalimat resminya. Warga menulis: “{}”", teks)
    return SuratTeksField(
        label=f"{satu.label.rstrip('?')} (di surat)",
        initial="" if satu.disunting else teks,
        help_text=bantuan,
        max_length=TEKS_PANJANG_MAKS,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": TEKS_PANJANG_MAKS}),
        error_messages={"required": "Tulis kalimat yang akan dicetak di surat."},
    )


class SerahkanForm(LangkahForm):
    penerima = forms.ChoiceField(label="Yang mengambil", choices=Penyerahan.Penerima.choices)
    nama = TeksField(label="Nama yang mengambil", max_length=100)
    cara = forms.ChoiceField(
        label="Dikenali dengan",
        choices=[(x, x) for x in (CARA_DIKENALI[0], "Kode pengambilan", *CARA_DIKENALI[1:])],
    )

    def bahan(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class MintaPerbaikanForm(LangkahForm):
    """One reason per paper and per answer; empty means it is fine."""

    catatan = TeksField(
        label="Catatan umum",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jenis = self.permohonan.jenis
        self.bagian = [("syarat", s.kode, s.label) for s in jenis.syarat.all()]
        jawab = self.permohonan.isian
        ditanya = [b for b in jenis.bidang.all() if berlaku(b, jawab)]
        self.bagian += [("isian", b.kunci, b.label) for b in ditanya]
        for apa, kunci, label in self.bagian:
            self.fields[f"{apa}-{kunci}"] = TeksField(label=label, required=False, max_length=200)
        self.order_fields([f"{a}-{k}" for a, k, _ in self.bagian])

    def bahan(self) -> dict[str, Any]:
        putusan = [
            {"apa": apa, "kunci": kunci, "label": label, "alasan": alasan}
            for apa, kunci, label in self.bagian
            if (alasan := self.cleaned_data[f"{apa}-{kunci}"])
        ]
        return {"putusan": putusan, "catatan": self.cleaned_data["catatan"]}


class MendesakForm(forms.Form):
    """Why a request cannot wait; no step of the flow."""

    helper = helper()

    alasan = TeksField(
        label="Mengapa mendesak",
        min_length=mendesak.ALASAN_MIN,
        max_length=mendesak.ALASAN_MAKS,
        help_text="Dibaca petugas dan penanda tangan, tidak dibaca warga.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": mendesak.ALASAN_MAKS}),
        error_messages={
            "required": "Tulis mengapa surat ini mendesak.",
            "min_length": "Tulis lebih jelas mengapa surat ini mendesak.",
        },
    )


class JamRingkasanForm(forms.Form):
    """When a signer wants to hear of what waits for him."""

    jam = forms.TypedMultipleChoiceField(
        label="Jam ringkasan (WITA)",
        coerce=int,
        required=False,
        choices=[(jam, f"{jam:02}.00") for jam in ringkasan.JAM_DAPAT_DIPILIH],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Pilih jam dari daftar ini, lalu Simpan lagi."},
    )


FORM_LANGKAH: dict[str, type[LangkahForm]] = {
    "setujui": SetujuiForm,
    "minta_perbaikan": MintaPerbaikanForm,
    "tolak": CatatanForm,
    "kembalikan": CatatanForm,
    "serahkan": SerahkanForm,
}


def form_langkah(nama: str, permohonan: Permohonan, *, data: Any = None, pada: Any) -> LangkahForm:
    """The form of a step; an empty LangkahForm for steps that are a mere button.

    `pada`: local date on which mandates must be valid.
    """
    kelas = FORM_LANGKAH.get(nama, LangkahForm)
    lain = {"pada": pada} if kelas is SetujuiForm else {}
    return kelas(data, permohonan=permohonan, prefix=nama, **lain)


# --- Requests for a PIN --------------------------------------------------------------------------


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
