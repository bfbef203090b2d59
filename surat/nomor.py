"""Letter numbers without gaps or doubles.

The counter row is moved by one UPDATE inside the transaction that uses the number: the row stays
locked until commit, a rollback gives the number back.
"""

import re
from datetime import date

from django.db import connection
from django.db.models import F

from surat import tanggal as tgl
from surat.models import BukuNomor, JenisSurat, TataNaskah

_SISIPAN = re.compile(r"\[(\w+)(?:,(\d))?\]")
_DIKENAL = {"kode", "nomor", "kode_desa", "desa", "bulan", "bulan_romawi", "tahun"}


class FormatNomorTidakSah(ValueError):
    """The number pattern of the village cannot be used; the message says what is wrong."""


def ambil(kode: str, tahun: int) -> tuple[BukuNomor, int]:
    """Take the next number of the book `kode` in `tahun`; only inside a transaction.

    Raises RuntimeError outside one: a number taken there could be lost.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("nomor.ambil() must run inside the transaction that uses the number")
    BukuNomor.objects.bulk_create([BukuNomor(kode=kode, tahun=tahun)], ignore_conflicts=True)
    buku = BukuNomor.objects.filter(kode=kode, tahun=tahun)
    buku.update(terakhir=F("terakhir") + 1)
    baris = buku.get()
    return baris, baris.terakhir


def buku_untuk(jenis: JenisSurat, tata: TataNaskah) -> str:
    """Key of the book in which letters of `jenis` are numbered, by the village's choice."""
    return {
        TataNaskah.Buku.SATU: "SURAT",
        TataNaskah.Buku.KLASIFIKASI: f"K:{jenis.klasifikasi}",
        TataNaskah.Buku.JENIS: f"J:{jenis.kode}",
    }[TataNaskah.Buku(tata.buku)]


def periksa_format(pola: str) -> None:
    """Raise FormatNomorTidakSah unless `pola` has known placeholders only, [nomor] and [tahun],
    and no bracket left over."""
    if re.search(r"[\[\]]", _SISIPAN.sub("", pola)):
        raise FormatNomorTidakSah(
            "Ada kurung siku tanpa pasangannya atau berisi spasi. Tulis seperti [nomor,3]."
        )
    nama = [cocok.group(1) for cocok in _SISIPAN.finditer(pola)]
    asing = sorted(set(nama) - _DIKENAL)
    if asing:
        raise FormatNomorTidakSah(
            f"Sisipan [{asing[0]}] tidak dikenal. Yang ada: {', '.join(sorted(_DIKENAL))}."
        )
    for perlu in ("nomor", "tahun"):
        if perlu not in nama:
            raise FormatNomorTidakSah(
                f"Format nomor harus berisi [{perlu}], supaya tidak ada dua surat bernomor sama."
            )


def susun(pola: str, *, urut: int, klasifikasi: str, desa: str, kode_desa: str, pada: date) -> str:
    """The printed number, e.g. 400.12.2.1/007/51.07.04.2001/XI/2026."""
    nilai = {
        "kode": klasifikasi,
        "kode_desa": kode_desa,
        "desa": desa,
        "bulan": f"{pada.month:02}",
        "bulan_romawi": tgl.ROMAWI[pada.month - 1],
        "tahun": str(pada.year),
    }

    def ganti(cocok: re.Match[str]) -> str:
        nama, lebar = cocok.groups()
        return f"{urut:0{lebar or 1}}" if nama == "nomor" else nilai[nama]

    return _SISIPAN.sub(ganti, pola)
