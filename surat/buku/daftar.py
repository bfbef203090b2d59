"""The number books of a year, as the office sees them: which there are, where they stand, and what
would go wrong. The numbers themselves are given by surat.buku.nomor."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from surat.buku import nomor
from surat.models import BukuNomor, JenisSurat, TataNaskah
from surat.naskah import gaya

_CONTOH_KODE = "…"  # stands in the example of a book whose letters have any code


@dataclass(frozen=True)
class Buku:
    kode: str
    nama: str
    terakhir: int
    mulai_sesudah: int
    berikut: str  # how its next number is written; empty for a book of an earlier choice
    bentrok: bool = False  # that number is on another letter
    dipastikan: bool = False  # somebody said where it starts, or it has given a number

    @property
    def terpakai(self) -> bool:
        """Whether the portal has given a number from it; then its start is settled."""
        return self.terakhir > self.mulai_sesudah


@dataclass(frozen=True)
class _Calon:
    """A book of the present choice: what it is called and which codes its letters bear."""

    nama: str
    kode: tuple[str, ...]
    jenis: str = ""


def daftar(tata: TataNaskah, *, tanggal: date) -> tuple[list[Buku], list[Buku]]:
    """The books of the village's present choice in the year of `tanggal`, also those that no letter
    has needed yet; and those of an earlier choice that have given numbers this year."""
    tahun = tanggal.year
    baris = {b.kode: b for b in BukuNomor.objects.filter(nomor.BUKU_SURAT, tahun=tahun)}
    calon = _calon(tata, baris)
    awal = nomor.awal_buku_baru(tahun, tata)

    def berdiri(kode: str) -> BukuNomor:
        return baris.get(kode) or BukuNomor(
            kode=kode, tahun=tahun, terakhir=awal, mulai_sesudah=awal
        )

    def teks(kode: str, satu: _Calon) -> list[str]:
        urut = berdiri(kode).terakhir + 1
        return [
            nomor.tulis(tata, urut=urut, klasifikasi=k, jenis=satu.jenis, pada=tanggal)
            for k in satu.kode or (_CONTOH_KODE,)
        ]

    semua = {kode: teks(kode, satu) for kode, satu in calon.items()}
    terpakai = nomor.terpakai([t for daftar_ in semua.values() for t in daftar_], tahun)
    kini = [
        Buku(
            kode,
            satu.nama,
            berdiri(kode).terakhir,
            berdiri(kode).mulai_sesudah,
            semua[kode][0],
            bentrok=not terpakai.isdisjoint(semua[kode]),
            dipastikan=kode in baris,
        )
        for kode, satu in calon.items()
    ]
    lama = [
        Buku(b.kode, _nama_lama(b.kode), b.terakhir, b.mulai_sesudah, "")
        for b in baris.values()
        if b.kode not in calon
    ]
    return kini, sorted(lama, key=lambda b: b.nama)


def _calon(tata: TataNaskah, baris: Iterable[str]) -> dict[str, _Calon]:
    jenis = list(JenisSurat.objects.order_by("urutan", "nama"))
    kode = sorted({gaya.klasifikasi(j, tata) for j in jenis})
    if tata.buku == TataNaskah.Buku.SATU:
        return {nomor.SATU: _Calon("Semua surat", tuple(kode))}
    if tata.buku == TataNaskah.Buku.JENIS:
        semua = {
            nomor.buku_untuk(j, tata): _Calon(j.nama, (gaya.klasifikasi(j, tata),), j.kode)
            for j in jenis
        }
        return semua | {nomor.LAIN: _Calon("Surat yang ditulis di luar portal", ())}
    menurut_kode = {nomor.kode_buku(tata, klasifikasi=k): k for k in kode}
    # Codes that somebody typed for a letter written by hand have books too.
    ketikan = {b: b.removeprefix("K:") for b in baris if nomor.milik_pilihan(b, tata)}
    semua_kode = sorted((menurut_kode | ketikan).items())
    return {b: _Calon(f"Klasifikasi {k}", (k,)) for b, k in semua_kode}


def _nama_lama(kode: str) -> str:
    if kode == nomor.SATU:
        return "Semua surat"
    if kode == nomor.LAIN:
        return "Surat yang ditulis di luar portal"
    awalan, _, isi = kode.partition(":")
    return f"Klasifikasi {isi}" if awalan == "K" else f"Jenis {isi}"


def peringatan(tata: TataNaskah, kini: list[Buku], lama: list[Buku]) -> list[str]:
    """What the village should know about its books, in sentences."""
    kalimat = []
    if lama:
        terakhir = max(b.terakhir for b in lama)
        kalimat.append(
            "Pilihan buku berubah di tengah tahun. Buku lama berhenti dan nomornya tetap tercatat; "
            f"buku baru melanjutkan sesudah nomor terakhir buku lama ({terakhir}), supaya tidak "
            "ada nomor yang tercetak dua kali."
        )
    if sama := _pola_sama(tata):
        kalimat.append(sama)
    if bentrok := [b.nama for b in kini if b.bentrok]:
        kalimat.append(
            f"Nomor berikut sudah dipakai surat lain: {'; '.join(bentrok)}. Surat dari buku ini "
            "tidak akan terbit sebelum nomor awalnya diisi lebih tinggi, atau format nomor di tata "
            "naskah diubah."
        )
    return kalimat


def _pola_sama(tata: TataNaskah) -> str:
    """A warning when the pattern cannot tell the books apart; empty when it can."""
    pola = tata.format_nomor
    if tata.buku == TataNaskah.Buku.KLASIFIKASI and "[kode]" not in pola:
        return (
            "Format nomor tidak memuat [kode]: dua buku akan memberi nomor yang sama, dan surat "
            "kedua ditolak. Tambahkan [kode] di tata naskah."
        )
    if tata.buku != TataNaskah.Buku.JENIS or "[jenis]" in pola:
        return ""
    menurut_kode = defaultdict(list)
    for jenis in JenisSurat.objects.order_by("urutan", "nama"):
        kode = gaya.klasifikasi(jenis, tata) if "[kode]" in pola else ""
        menurut_kode[kode].append(jenis.nama)
    rangkap = next((nama for nama in menurut_kode.values() if len(nama) > 1), [])
    if not rangkap:
        return ""
    return (
        f"Beberapa jenis surat bernomor sama, misalnya {rangkap[0]} dan {rangkap[1]}: surat kedua "
        "ditolak. Tambahkan [jenis] ke format nomor di tata naskah."
    )
