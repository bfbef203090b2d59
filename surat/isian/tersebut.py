"""Somebody whom a request names: out of the register, typed in, or a row of a table."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from penduduk import referensi
from penduduk.models import Penduduk
from surat.bahasa import orang as orang_
from surat.bahasa import tanggal as tgl
from surat.isian import jawaban as jawaban_
from surat.models import Pertanyaan

# What is typed freely counts as a fact only where it is an official word of the register.
_RESMI = {
    nama: {label.casefold(): label for _, label in referensi.tabel(nama)}
    for nama in ("jenis_kelamin", "agama", "pekerjaan")
}
DEWASA = 18


@dataclass(frozen=True)
class Tersebut:
    """`kata`: as the letter says it; `fakta`: what is known of them, in the register's words.
    `penduduk`: their row, where they have one; `hubungan` and `umur`: as a table says."""

    kata: Mapping[str, str]
    fakta: Mapping[str, str]
    lahir: date | None = None
    penduduk: Penduduk | None = None
    pemohon: bool = False
    hubungan: str = ""
    umur: int | None = None
    tertukar: str = ""  # what the register says of this NIK, where that is somebody else

    @property
    def nama(self) -> str:
        return self.kata["nama"]

    @property
    def bagi_warga(self) -> bool:
        """Whether the applicant knows all this already: their own data, and what they typed."""
        return self.pemohon or self.penduduk is None

    def sama(self, lain: "Tersebut") -> bool:
        """Certainly one person: the same NIK; without one, the same name and age."""
        kiri, kanan = self.kata["nik"], lain.kata["nik"]
        if kiri and kanan:
            return kiri == kanan
        if self.penduduk and lain.penduduk:
            return self.penduduk == lain.penduduk
        sebaya = (self.lahir, self.umur) == (lain.lahir, lain.umur)
        return sebaya and self.nama.casefold() == lain.nama.casefold()

    def lain(self, lain: "Tersebut") -> bool:
        """Certainly another person: what both say of themselves differs."""
        kiri, kanan = self.kata["nik"], lain.kata["nik"]
        if kiri and kanan:
            return kiri != kanan
        beda_lahir = bool(self.lahir and lain.lahir) and self.lahir != lain.lahir
        return beda_lahir or self.nama.casefold() != lain.nama.casefold()

    def tahun(self, pada: date) -> int | None:
        """Whole years on the day `pada`; None while that is not known."""
        if self.lahir is None:
            return self.umur
        teks = orang_.umur(self.lahir, pada=pada)
        return int(teks) if teks else None


def dari_penduduk(orang: Penduduk, *, pada: date, pemohon: bool = False) -> Tersebut:
    kata = orang_.dari_penduduk(orang, pada=pada).kata
    fakta = {**kata, "status_dasar": orang.get_status_dasar_display()}
    return Tersebut(kata, fakta, orang.tanggal_lahir, orang, pemohon)


def dari_ketikan(
    isi: Mapping[str, Any], register: Mapping[str, Penduduk], *, pada: date
) -> Tersebut:
    """Somebody described in an answer or in a row of a table. `register`: people by NIK."""
    kata = orang_.dari_ketikan(isi, pada=pada).kata
    hubungan, umur = str(isi.get("hubungan") or ""), isi.get("umur")
    if ada := register.get(kata["nik"]):
        tercatat = dari_penduduk(ada, pada=pada)
        beda = _tertukar(isi, kata, tercatat, pada)
        return Tersebut(kata, tercatat.fakta, tercatat.lahir, ada, hubungan=hubungan, tertukar=beda)
    fakta = {nama: _RESMI[nama].get(kata[nama].casefold(), "") for nama in _RESMI}
    lahir = date.fromisoformat(isi["tanggal_lahir"]) if isi.get("tanggal_lahir") else None
    return Tersebut(kata, fakta, lahir, hubungan=hubungan, umur=umur)


def _tertukar(
    isi: Mapping[str, Any], kata: Mapping[str, str], tercatat: Tersebut, pada: date
) -> str:
    """How the register describes the owner of a typed NIK, where the description typed with it
    differs; a child's age that is left out counts, because a child does not sign."""
    nama, lahir, kelamin = kata["nama"], isi.get("tanggal_lahir"), tercatat.fakta["jenis_kelamin"]
    ditulis, kata_ = (set(re.findall(r"\w+", x.casefold())) for x in (nama, tercatat.nama))
    if not (ditulis <= kata_ or kata_ <= ditulis):
        return f"NIK {nama} di data desa milik {tercatat.nama}."
    if lahir and tercatat.lahir and lahir != tercatat.lahir.isoformat():
        return f"Tanggal lahir {nama} di data desa {tgl.panjang(tercatat.lahir)}."
    if kelamin and kata["jenis_kelamin"] not in ("", kelamin):
        return f"{nama} di data desa {kelamin.lower()}."
    kini, umur = tercatat.tahun(pada), isi.get("umur")
    if "umur" not in isi or kini is None or kini == umur:
        return ""
    if (umur is None and kini < DEWASA) or (umur is not None and abs(kini - umur) > 1):
        return f"Umur {nama} di data desa {kini} tahun."
    return ""


def cari(
    bidang: Iterable[Pertanyaan], jawaban: jawaban_.Jawaban
) -> tuple[dict[int, Penduduk], dict[str, Penduduk]]:
    """Everybody whom answers name, by key, and whoever has a NIK that was typed: the latter for the
    eyes of the office only. One query, none when nobody is named."""
    pk, nik = set(), set()
    for b in bidang:
        nilai = jawaban.get(b.kunci)
        pk.update(jawaban_.pk(b.tipe, nilai))
        if b.tipe in ("penduduk_atau_teks", "tabel_orang") and nilai:
            nik |= {x.get("nik") for x in (nilai if isinstance(nilai, list) else [nilai])}
    if not (pk or nik - {"", None}):
        return {}, {}
    semua = Penduduk.objects.filter(Q(pk__in=pk) | Q(nik__in=nik - {"", None}))
    ada = list(semua.select_related("keluarga__banjar"))
    return {x.pk: x for x in ada if x.pk in pk}, {x.nik: x for x in ada if x.nik and x.nik in nik}
