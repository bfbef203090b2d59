"""Forms of the office, one for each step. None of them has a status field."""

from typing import Any

from django import forms
from django.utils.html import format_html

from layanan.kabar import ringkasan
from layanan.models import AlasanSiap, Penyerahan, Permohonan
from layanan.permohonan import dampak, koreksi, mendesak, pengisian
from layanan.permohonan.langkah import TULIS_ALASAN
from penduduk.forms import KALENDER, TanggalField, bidang_dari, helper
from surat.isian import aturan
from surat.isian.bidang import TEKS_PANJANG_MAKS, SuratTeksField, TeksField
from surat.isian.jawaban import berlaku
from surat.models import JenisSurat, Mandat, Pertanyaan
from surat.naskah.susunan import Pengantar

# How an officer can be sure who stands at the desk.
CARA_DIKENALI = ("KTP-el", "Dikenal petugas", "Surat kuasa dan KTP-el")


_WAJIB = "Wajib bagi surat ini. Bila warga belum membawanya, minta perbaikan."
_DIBACA = "Disimpan, dan dibaca penanda tangan."


class LangkahForm(forms.Form):
    """A step of the flow. `bahan`: its material for alur.jalankan; a note stands in a field
    `catatan`."""

    helper = helper()

    def __init__(self, *args: Any, permohonan: Permohonan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permohonan = permohonan

    def bahan(self) -> dampak.Bahan | None:
        return None


def alasan_siap(nama: str) -> list[str]:
    """The village's own sentences for a step; one query."""
    return list(AlasanSiap.objects.filter(untuk=nama).values_list("teks", flat=True))


class CatatanForm(LangkahForm):
    """A step with a reason: one of the village's own, or words of the moment, or both."""

    siap = forms.ChoiceField(label="Alasan siap pakai", required=False)
    catatan = TeksField(
        label="Alasan",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pilihan = alasan_siap(str(self.prefix))
        if pilihan:
            siap = bidang_dari(self, "siap", forms.ChoiceField)
            siap.choices = [("", "Tulis sendiri"), *((x, x) for x in pilihan)]
            self.fields["catatan"].label = "Alasan dengan kata sendiri"
        else:
            del self.fields["siap"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kata = [x for x in (data.get("siap"), data.get("catatan")) if x]
        if not kata and "catatan" not in self.errors:
            self.add_error("catatan", TULIS_ALASAN)
        return data | {"catatan": " ".join(kata)}


class MandatField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}{'' if obj.dikukuhkan else ' (belum dikukuhkan, belum dapat menandatangani)'}"


class SetujuiForm(LangkahForm):
    mandat = MandatField(
        label="Penanda tangan",
        queryset=Mandat.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Pilih penanda tangan.",
            "invalid_choice": "Mandat ini tidak berlaku hari ini.",
        },
    )
    no_pengantar = SuratTeksField(
        label="Nomor surat pengantar Kelian", required=False, max_length=60
    )
    tgl_pengantar = TanggalField(
        label="Tanggal surat pengantar", required=False, lampau=True, widget=KALENDER
    )

    alasan = TeksField(
        label="Tetap diterbitkan karena",
        required=False,
        max_length=dampak.ALASAN_MAKS,
        help_text=f"Hanya bila ada yang bertentangan. {_DIBACA}",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": dampak.ALASAN_MAKS}),
    )

    dilihat = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pada: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mandat = bidang_dari(self, "mandat", forms.ModelChoiceField)
        mandat.queryset = Mandat.objects.berlaku(pada).dikukuhkan_dulu().select_related("pejabat")
        lama = koreksi.terdahulu(self.permohonan)
        awal = {"no_pengantar": lama.nomor, "tgl_pengantar": lama.tanggal}
        self.initial = {**awal, **self.initial}
        P = JenisSurat.Pengantar
        for nama in awal:
            if self.permohonan.jenis.pengantar_kelian == P.TIDAK and not lama.nomor:
                del self.fields[nama]
            elif self.permohonan.jenis.pengantar_kelian == P.WAJIB:
                self.fields[nama].required, self.fields[nama].help_text = True, _WAJIB
        # What a resident wrote in sentences is read, and mended, before it stands in a letter.
        self.kalimat = pengisian.kalimat(self.permohonan)
        for satu, teks in self.kalimat:
            kata = lama.suntingan.get(satu.kunci, {})
            jadi = kata.get("jadi", "") if kata.get("asal") == teks else ""
            self.fields[f"teks-{satu.kunci}"] = _kalimat_field(satu, teks, jadi)
        self.order_fields([*(nama for nama in self.fields if nama != "alasan"), "alasan"])

    def terangkan(self, temuan: list[aturan.Temuan]) -> None:
        """Draw the form beside what the request contradicts: it carries along what was read."""
        self.initial["dilihat"] = sidik = aturan.sidik(temuan)
        if self.is_bound:
            self.data = {**dict(self.data.items()), self.add_prefix("dilihat"): sidik}
        if any(t.kekuatan == aturan.K.BERTENTANGAN for t in temuan):
            kata = f"Wajib, karena ada yang bertentangan. {_DIBACA}"
            self.fields["alasan"].help_text = self["alasan"].help_text = kata  # bound already

    def tanpa_pengantar(self) -> None:
        """For a draft, which may be looked at before the covering letter is there."""
        for nama in {"no_pengantar", "tgl_pengantar"} & self.fields.keys():
            self.fields[nama].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("tgl_pengantar") and not data.get("no_pengantar"):
            self.add_error("no_pengantar", "Isi juga nomor surat pengantarnya.")
        return data

    def bahan(self) -> dampak.Setujui:
        data = self.cleaned_data
        return dampak.Setujui(
            mandat=data["mandat"],
            pengantar=Pengantar(data.get("no_pengantar", ""), data.get("tgl_pengantar")),
            suntingan={satu.kunci: data[f"teks-{satu.kunci}"] for satu, _ in self.kalimat},
            alasan=data["alasan"],
            dilihat=data["dilihat"],
        )


def _kalimat_field(satu: Pertanyaan, teks: str, jadi: str) -> forms.Field:
    """`jadi`: how the same sentence was put before, when it was."""
    bantuan = "Dicetak seperti ini. Perbaiki bila perlu; tulisan asli warga tetap disimpan."
    if satu.disunting:
        bantuan = format_html("Tulis kalimat resminya. Warga menulis: “{}”", teks)
    return SuratTeksField(
        label=f"{satu.label.rstrip('?')} (di surat)",
        initial=jadi or ("" if satu.disunting else teks),
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

    def bahan(self) -> dampak.Serahkan:
        return dampak.Serahkan(**self.cleaned_data)


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
        ditanya = [b for b in jenis.pertanyaan.all() if berlaku(b, jawab)]
        self.bagian += [("isian", b.kunci, b.label) for b in ditanya]
        for apa, kunci, label in self.bagian:
            self.fields[f"{apa}-{kunci}"] = TeksField(label=label, required=False, max_length=200)
        self.order_fields([f"{a}-{k}" for a, k, _ in self.bagian])
        self.siap = alasan_siap(str(self.prefix))
        for nama in self.fields.keys() - {"catatan"}:
            self.fields[nama].widget.attrs["list"] = f"siap-{self.prefix}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data[f"{a}-{k}"] for a, k, _ in self.bagian):
            raise forms.ValidationError(
                "Sebutkan dokumen atau isian mana yang perlu diperbaiki, dan mengapa."
            )
        return data

    def bahan(self) -> dampak.MintaPerbaikan:
        return dampak.MintaPerbaikan(
            [
                dampak.Putusan(apa=apa, kunci=kunci, label=label, alasan=alasan)
                for apa, kunci, label in self.bagian
                if (alasan := self.cleaned_data[f"{apa}-{kunci}"])
            ]
        )


class MendesakForm(forms.Form):
    """Why a request cannot wait; it moves nothing."""

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


class CatatanKantorForm(forms.Form):
    """What operators tell each other about a request."""

    helper = helper()

    teks = TeksField(
        label="Catatan baru",
        max_length=500,
        help_text="Dibaca petugas saja. Jangan menulis NIK.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
        error_messages={"required": "Tulis catatannya dulu."},
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
    "tarik_kembali": CatatanForm,
    "serahkan": SerahkanForm,
}


def form_langkah(nama: str, permohonan: Permohonan, *, data: Any = None, pada: Any) -> LangkahForm:
    """The form of a step; an empty LangkahForm for steps that are a mere button.

    `pada`: local date on which mandates must be valid.
    """
    kelas = FORM_LANGKAH.get(nama, LangkahForm)
    lain = {"pada": pada} if kelas is SetujuiForm else {}
    return kelas(data, permohonan=permohonan, prefix=nama, **lain)


def setujui_seperti_ada(permohonan: Permohonan, *, pada: Any, draf: bool = False) -> SetujuiForm:
    """The approval filled with what is known already: the first mandate, an earlier covering
    letter, the resident's own sentences. `draf`: those too that an operator has to put better."""
    kosong = SetujuiForm(permohonan=permohonan, prefix="setujui", pada=pada)
    asli = {f"teks-{satu.kunci}": teks for satu, teks in kosong.kalimat} if draf else {}
    data = {
        kosong.add_prefix(nama): kosong.get_initial_for_field(bidang, nama) or asli.get(nama, "")
        for nama, bidang in kosong.fields.items()
    }
    mandat = bidang_dari(kosong, "mandat", forms.ModelChoiceField).queryset
    data[kosong.add_prefix("mandat")] = mandat[0].pk if mandat else ""
    data[kosong.add_prefix("dilihat")] = aturan.sidik([])
    form = SetujuiForm(data, permohonan=permohonan, prefix="setujui", pada=pada)
    if draf:
        form.tanpa_pengantar()
    return form
