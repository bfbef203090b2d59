"""The form of a letter type: its settings, and its fields and papers as rows with a number.

Everything works without JavaScript: rows are moved by their number, added by a button of the page.
"""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.text import slugify

from penduduk.forms import bidang_dari
from surat.bahasa.templat import TETAP
from surat.isian import formulir, jawaban
from surat.isian.macam import KATA as KATA_ATURAN
from surat.jenis import berkas, penanda, sebutan
from surat.jenis.bentuk import ATURAN_MAKS, BIDANG_MAKS, SYARAT_MAKS
from surat.models import Aturan, JenisSurat, Pertanyaan

_ANGKA_MAKS = {"janji_hari": 365, "masa_berlaku_hari": 3650, "urutan": 9999}
_KOSONG = "Isi dulu bagian ini."
_BANTUAN_ATURAN = {
    "kalimat": "Kosong: kalimat bawaan. Boleh memuat {nama}, {kini}, {harus}, {siapa}.",
    "bila_nilai": "Beberapa jawaban dipisah |.",
}


def usul(teks: str, terpakai: set[str]) -> str:
    """A name made of `teks` that nobody uses yet: Nama usaha? → nama_usaha."""
    dasar = slugify(teks).replace("-", "_").lstrip("0123456789_")[:32].strip("_") or "isian"
    ke, hasil = 1, dasar
    while hasil in terpakai or not _boleh(hasil):
        ke += 1
        hasil = f"{dasar}_{ke}"
    return hasil


def _boleh(kunci: str) -> bool:
    try:
        formulir.periksa_kunci(kunci)
    except formulir.KunciTidakSah:
        return False
    return True


class JenisForm(forms.ModelForm):
    revisi = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = JenisSurat
        kolom = (k for k in berkas.KOLOM[1:] if k != "penanda")
        fields = ("nama", "kode", *kolom, "tembusan", "formulir")
        labels = sebutan.JENIS
        help_texts = sebutan.BANTUAN
        widgets = {
            **dict.fromkeys(("tembusan", "formulir"), forms.Textarea(attrs={"rows": 3})),
            "tujuan": forms.Textarea(attrs={"rows": 2}),
            "catatan_warga": forms.Textarea(attrs={"rows": 3}),
            "catatan_petugas": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, orang: dict[str, list], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kode"]
        else:
            self.fields["kode"].required = False
        for nama, maks in _ANGKA_MAKS.items():
            pesan = f"Paling besar {maks}."
            self.fields[nama].validators.append(MaxValueValidator(maks, message=pesan))
            self.fields[nama].widget.attrs["max"] = maks
        self.fields["subjek"] = forms.ChoiceField(
            label=sebutan.JENIS["subjek"],
            help_text=self.fields["subjek"].help_text,
            required=False,
            choices=[("", "Pemohon sendiri"), *orang["subjek"]],
        )
        kelompok = dict(sebutan.KELOMPOK)
        if self.instance.kelompok:
            kelompok.setdefault(self.instance.kelompok, sebutan.kelompok(self.instance.kelompok))
        self.fields["kelompok"] = forms.ChoiceField(
            label=sebutan.JENIS["kelompok"],
            required=False,
            choices=[("", "Lainnya"), *kelompok.items()],
        )

    def clean_kode(self) -> str:
        kode = self.cleaned_data["kode"]
        return kode or usul(self.cleaned_data.get("nama", ""), set())


class BarisForm(forms.Form):
    """One row that can be moved and deleted; an untouched new row counts as none."""

    semula = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    urutan = forms.IntegerField(label="Urutan", required=False, min_value=0, max_value=999)
    hapus = forms.BooleanField(label="Hapus", required=False)
    nama_kunci = ""
    isi: tuple[str, ...] = ("label",)
    judul: tuple[str, ...] = ("label",)  # what no row may lack

    @property
    def kosong(self) -> bool:
        return not any(self.cleaned_data.get(nama) for nama in ("semula", *self.isi))

    @property
    def lama(self) -> str:
        """The key of a row that is stored already; it stays, answers are kept under it."""
        return str(self["semula"].value() or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("hapus"):
            self.errors.clear()  # whatever is wrong with it goes with it
        for nama in self.judul if not (data.get("hapus") or self.kosong) else ():
            if not data.get(nama) and nama not in self.errors:
                self.add_error(nama, _KOSONG)
        return data

    def urut(self, ke: int) -> tuple[int, int, int]:
        """Where the row wants to stand: one that was moved up goes before the present holder of
        that number, one that was moved down behind it."""
        mau = self.cleaned_data.get("urutan")
        mau = ke if mau is None else mau
        return mau, (mau > ke) - (mau < ke), ke


class IsianBarisForm(BarisForm):
    label = forms.CharField(label=sebutan.PERTANYAAN["label"], required=False, max_length=120)
    tipe = forms.ChoiceField(label=sebutan.PERTANYAAN["tipe"], choices=sebutan.pilihan_tipe)
    wajib = forms.BooleanField(label=sebutan.PERTANYAAN["wajib"], required=False)
    bantuan = forms.CharField(label=sebutan.PERTANYAAN["bantuan"], required=False, max_length=200)
    kunci = forms.SlugField(
        label=sebutan.PERTANYAAN["kunci"],
        required=False,
        max_length=40,
        help_text="Kosong: dibuat dari pertanyaannya.",
        error_messages={"invalid": "Hanya huruf, angka, dan garis bawah."},
    )
    pilihan = forms.CharField(
        label=sebutan.PERTANYAAN["pilihan"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Satu baris satu pilihan. Hanya untuk “Pilihan yang ditulis desa”.",
    )
    bila_kunci = forms.ChoiceField(label="Hanya ditanyakan bila isian", required=False)
    bila_nilai = forms.CharField(
        label="dijawab",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Satu baris satu jawaban.",
    )
    batas = forms.ChoiceField(
        label=sebutan.PERTANYAAN["batas"], required=False, choices=Pertanyaan.Batas.choices
    )
    tidak_sebelum = forms.ChoiceField(label=sebutan.PERTANYAAN["tidak_sebelum"], required=False)
    termasuk_meninggal = forms.BooleanField(
        label=sebutan.PERTANYAAN["termasuk_meninggal"], required=False
    )
    disunting = forms.BooleanField(
        label="Kata-kata warga ditulis ulang petugas sebelum dicetak", required=False
    )
    jenis_kelamin = forms.ChoiceField(
        label=sebutan.PERTANYAAN["jenis_kelamin"],
        required=False,
        choices=Pertanyaan.Kelamin.choices,
    )
    bukan = forms.CharField(
        label=sebutan.PERTANYAAN["bukan"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nama sisipan isian orang lain, atau pemohon. Satu baris satu.",
    )
    tentang = forms.ChoiceField(label=sebutan.PERTANYAAN["tentang"], required=False)
    nama_kunci = "kunci"
    isi = ("label", "bantuan", "pilihan", "kunci")
    rinci = (
        "pilihan bila_kunci bila_nilai batas tidak_sebelum termasuk_meninggal disunting "
        "jenis_kelamin bukan tentang"
    ).split()

    def __init__(self, *args: Any, acuan: dict[str, list], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kosong_ = {"bila_kunci": "(selalu ditanyakan)", "tidak_sebelum": "—", "tentang": "—"}
        for nama, kosong in kosong_.items():
            bidang_dari(self, nama, forms.ChoiceField).choices = [("", kosong), *acuan[nama]]

    @property
    def terbuka(self) -> bool:
        """Whether the rarer settings are to be seen at once."""
        dipakai = any(self[nama].value() for nama in self.rinci)
        return dipakai or (self.is_bound and any(nama in self.errors for nama in self.rinci))

    def baris(self) -> dict[str, Any]:
        """As it stands in a document; `kunci` may still be empty."""
        d = self.cleaned_data
        return {
            **{k: d[k] for k in berkas.KOLOM_PERTANYAAN},
            "kunci": self.lama or d["kunci"],
            "pilihan": _baris_teks(d["pilihan"]),
            "bila_nilai": "|".join(_baris_teks(d["bila_nilai"])) if d["bila_kunci"] else "",
            "bukan": "|".join(_baris_teks(d["bukan"])),
        }


class SyaratBarisForm(BarisForm):
    label = forms.CharField(label=sebutan.SYARAT["label"], required=False, max_length=120)
    wajib = forms.BooleanField(label=sebutan.SYARAT["wajib"], required=False)
    boleh_dibawa = forms.BooleanField(label=sebutan.SYARAT["boleh_dibawa"], required=False)
    nama_kunci = "kode"

    def __init__(self, *args: Any, acuan: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def baris(self) -> dict[str, Any]:
        d = self.cleaned_data
        return {**{k: d[k] for k in ("label", "wajib", "boleh_dibawa")}, "kode": self.lama}


class AturanBarisForm(BarisForm):
    isi = judul = ("siapa", "nilai")

    def __init__(self, *args: Any, acuan: dict[str, list], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= forms.fields_for_model(
            Aturan, berkas.KOLOM_ATURAN, labels=sebutan.ATURAN, help_texts=_BANTUAN_ATURAN
        )
        macam = [(k, v["label"]) for k, v in KATA_ATURAN["macam"].items()]
        siapa, bila = [("", "—"), *acuan["diperiksa"]], [("", "(selalu)"), *acuan["bila_kunci"]]
        for nama, pilihan in (("macam", macam), ("siapa", siapa), ("bila_kunci", bila)):
            self.fields[nama] = forms.ChoiceField(choices=pilihan, label=sebutan.ATURAN[nama])
        for nama in (*self.isi, "bila_kunci"):
            self.fields[nama].required = False

    def baris(self) -> dict[str, Any]:
        d = self.cleaned_data
        bila = d["bila_nilai"] if d["bila_kunci"] else ""
        return {k: d[k] for k in berkas.KOLOM_ATURAN} | {"bila_nilai": bila}


class PenandaBarisForm(BarisForm):
    """Who signs beside the village; rows have no key, they are told apart by their place."""

    label = forms.CharField(
        label=sebutan.PENANDA["label"],
        required=False,
        max_length=120,
        help_text="Boleh memakai sisipan. Saksi yang disebut sama menjadi satu daftar.",
    )
    siapa = forms.ChoiceField(label=sebutan.PENANDA["siapa"], required=False)
    tempat = forms.ChoiceField(label=sebutan.PENANDA["tempat"], choices=JenisSurat.Tempat.choices)
    meterai = forms.BooleanField(label=sebutan.PENANDA["meterai"], required=False)
    nomor = forms.BooleanField(label=sebutan.PENANDA["nomor"], required=False)
    wali = forms.ChoiceField(label=sebutan.PENANDA["wali"], required=False)

    def __init__(self, *args: Any, acuan: dict[str, list], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        umum = list(sebutan.SIAPA.items())
        bidang_dari(self, "siapa", forms.ChoiceField).choices = [*umum, *acuan["siapa"]]
        bidang_dari(self, "wali", forms.ChoiceField).choices = [("", "—"), *acuan["wali"]]

    def baris(self) -> dict[str, Any]:
        return {k: self.cleaned_data[k] for k in penanda.KOSONG}


def _baris_teks(teks: str) -> list[str]:
    return [b for b in (" ".join(b.split()) for b in teks.splitlines()) if b]


class BarisFormSet(forms.BaseFormSet):
    """Rows in the order of their numbers, numbered anew."""

    def add_fields(self, form: BarisForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["urutan"].initial = (index or 0) + 1
        if "wajib" in form.fields:
            form.fields["wajib"].initial = True

    def baris(self) -> list[dict[str, Any]]:
        """Rows for a document, with keys proposed for new ones."""
        ada = [
            (form.urut(ke), form.baris())
            for ke, form in enumerate(self.forms, start=1)
            if not form.cleaned_data.get("hapus") and not form.kosong
        ]
        semua = [baris for _, baris in sorted(ada, key=lambda x: x[0])]
        kunci = self.form.nama_kunci
        if not kunci:
            return semua
        terpakai = {b[kunci] for b in semua} | TETAP
        if kunci == "kunci":
            terpakai |= jawaban.turunan((b["kunci"], b["tipe"]) for b in semua)
        for b in semua:
            if not b[kunci]:
                b[kunci] = usul(b["label"], terpakai)
                terpakai.add(b[kunci])
        return semua


def _set(form: type[BarisForm], maks: int, ekstra: int = 1) -> type[BarisFormSet]:
    # django-stubs: the class handed in as `formset` is forgotten.
    return forms.formset_factory(  # type: ignore[return-value]
        form, formset=BarisFormSet, extra=ekstra, max_num=maks, absolute_max=maks, validate_max=True
    )


PertanyaanFormSet = _set(IsianBarisForm, BIDANG_MAKS)
SyaratFormSet = _set(SyaratBarisForm, SYARAT_MAKS)
AturanFormSet = _set(AturanBarisForm, ATURAN_MAKS)
PenandaFormSet = _set(PenandaBarisForm, penanda.BARIS_MAKS)
