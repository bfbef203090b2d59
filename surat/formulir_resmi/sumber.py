"""What forms are filled from: the material of a letter, as facts in words.

Never codes: so no code of the register can slip onto a form, which has its own (peta.json).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from penduduk import desa as desa_
from penduduk.models import Penduduk
from surat.bahasa import orang as orang_
from surat.isian import jawaban as jawaban_
from surat.models import JenisSurat, Pertanyaan

Fakta = Mapping[str, str]  # dates in ISO 8601; what is not known is missing or empty
_ADA = re.compile(r"[1-9A-Za-z]")  # an imported "-" or "0000-00-00" says nothing
_ORANG_TUA = ("Kepala Keluarga", "Suami", "Istri")  # of those who are "Anak" on a family card
_AKTA = {"Kawin": "akta_perkawinan", "Cerai Hidup": "akta_perceraian"}


def dari_penduduk(orang: Penduduk, *, pada: date) -> Fakta:
    """Somebody as the register knows them, with the numbers that an import has brought."""
    kata = dict(orang_.dari_penduduk(orang, pada=pada).kata)
    lain = {k: str(v) for k, v in orang.kolom_lain.items() if _ADA.search(str(v or ""))}
    keluarga, status = orang.keluarga, kata["status_perkawinan"]
    akta = _AKTA.get(status)  # whether a marriage is registered is known by its deed alone
    return {
        **kata,
        **{f"lain.{k}": v for k, v in lain.items()},
        **{f"ada.{k}": "Ada" for k in lain},
        **{k: getattr(orang, k) for k in ("nama_ayah", "nik_ayah", "nama_ibu", "nik_ibu")},
        **{k: getattr(keluarga, k, "") for k in ("rt", "rw")},
        "pk": str(orang.pk),
        "ttl": orang_.ttl(kata),
        "alamat": orang_.alamat(kata),
        "alamat_kk": kata["alamat"],
        "tanggal_lahir": orang.tanggal_lahir.isoformat() if orang.tanggal_lahir else "",
        "status_kk": status if not akta else f"{status} Tercatat" if akta in lain else "",
    }


def _dari_ketikan(isi: Mapping[str, Any], *, pada: date) -> Fakta:
    kata = orang_.dari_ketikan(isi, pada=pada).kata
    lain = {k: str(v) for k, v in isi.items() if v}
    return {**kata, **lain, "ttl": orang_.ttl(kata)}


@dataclass(frozen=True)
class Sumber:
    """The material of all forms of one letter: who asks, the answers, the day of issue (WITA).
    `syarat`: codes of the papers that came."""

    jenis: JenisSurat
    pemohon: Penduduk
    jawaban: jawaban_.Jawaban
    tanggal: date
    syarat: frozenset[str] = frozenset()
    penduduk: Mapping[int, Penduduk] | None = None  # of a sample, instead of the register

    @cached_property
    def _bidang(self) -> dict[str, Pertanyaan]:
        semua = self.jenis.pertanyaan.all()
        ada = (b for b in semua if jawaban_.berlaku(b, self.jawaban))
        return {b.kunci: b for b in ada if not jawaban_.kosong(self.jawaban.get(b.kunci))}

    @cached_property
    def _penduduk(self) -> Mapping[int, Penduduk]:
        if self.penduduk is not None:
            return self.penduduk
        return jawaban_.cari_orang(self._bidang.values(), self.jawaban)

    def _fakta(self, orang: Penduduk) -> Fakta:
        return dari_penduduk(orang, pada=self.tanggal)

    @cached_property
    def anggota(self) -> list[Fakta]:
        """The living of the applicant's family card, its head first."""
        keluarga = self.pemohon.keluarga
        if keluarga is None:
            return []
        if keluarga._state.adding:  # a fictitious family is in no table
            semua = [x for x in self._penduduk.values() if x.status_dasar == Penduduk.HIDUP]
        else:
            hidup = Penduduk.objects.hidup().filter(keluarga=keluarga)
            semua = list(hidup.select_related("keluarga__banjar"))
        semua.sort(key=lambda x: (x.shdk or 99, x.tanggal_lahir or date.max, x.pk))
        return [self._fakta(x) for x in semua]

    def baris(self, apa: str) -> list[Fakta]:
        """Rows of a table: the family ("anggota"), its children ("anak"), those of it whom the
        request is about ("terkait", with their place in it), who moves ("pindah"), or an answer."""
        if apa == "anggota":
            return self.anggota
        if apa == "anak":  # where the applicant is somebody's child, whose children are these?
            orang_tua = self.orang("pemohon")["shdk"] in _ORANG_TUA
            return [x for x in self.anggota if orang_tua and x["shdk"] == "Anak"]
        if apa == "pindah":  # a head of family who moves alone is asked for nobody
            sendiri = [self.orang("pemohon")] if "jenis_pindah" in self._bidang else []
            return self.baris("jawaban.anggota") or sendiri
        if apa == "terkait":
            pk = {x["pk"] for x in self.baris("jawaban.anggota") or [self.orang("pemohon")]}
            nomor = enumerate(self.anggota, start=1)
            return [{**x, "urut": str(i)} for i, x in nomor if x["pk"] in pk]
        kunci = apa.removeprefix("jawaban.")
        if kunci not in self._bidang:
            return []
        semua = self.jawaban[kunci]
        if self._bidang[kunci].tipe != "daftar_anggota":
            return [{k: str(v) for k, v in x.items()} for x in semua]
        return [self._fakta(self._penduduk[int(x)]) for x in semua if int(x) in self._penduduk]

    def orang(self, siapa: str) -> Fakta:
        """Facts about somebody, or about the village and the letter; empty: nobody."""
        awal, _, kunci = siapa.partition(".")
        match awal:
            case "pemohon":
                return self._fakta(self.pemohon)
            case "diterangkan":
                return self._jawaban(self.jenis.subjek) or self.orang("pemohon")
            case "kepala_keluarga":
                return next((x for x in self.anggota if x["shdk"] == "Kepala Keluarga"), {})
            case "anggota":
                return {"jumlah": str(len(self.anggota) or "")}
            case "surat":
                return {"jenis": self.jenis.kode}
            case "desa":
                return {k: str(v) for k, v in vars(desa_.ambil()).items()}
            case "jawaban" if kunci:
                return self._jawaban(kunci)
            case "jawaban":
                return {kunci: self._kata(kunci) for kunci in self._bidang}
        return {}

    def orang_tua(self, anak: Fakta, siapa: str) -> Fakta:
        """Father ("ayah") or mother of a resident: all that is known when they are in the register
        themselves, else what the row of the child says."""
        nik, nama = anak.get(f"nik_{siapa}", ""), anak.get(f"nama_{siapa}", "")
        semua = Penduduk.objects.select_related("keluarga__banjar").filter(nik=nik)
        ada = semua.first() if nik and self.penduduk is None else None
        return self._fakta(ada) if ada else {"nama": nama, "nik": nik} if nama else {}

    def _kata(self, kunci: str) -> str:
        """An answer in words; a date or a time as it is stored."""
        tipe, nilai = self._bidang[kunci].tipe, self.jawaban[kunci]
        if tipe in ("tanggal", "jam"):
            return str(nilai)
        return jawaban_.kata(tipe, nilai, self._penduduk, pada=self.tanggal)

    def _jawaban(self, kunci: str) -> Fakta:
        """The person of an answer; of words, only the name."""
        if kunci not in self._bidang:
            return {}
        tipe, nilai = self._bidang[kunci].tipe, self.jawaban[kunci]
        if tipe not in jawaban_.ORANG:
            return {"nama": self._kata(kunci)}
        satu = jawaban_.orang(tipe, nilai, self._penduduk, pada=self.tanggal)
        if satu is None or satu.penduduk:
            return self._fakta(satu.penduduk) if satu and satu.penduduk else {}
        return _dari_ketikan(nilai, pada=self.tanggal)
