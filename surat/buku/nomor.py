"""Letter numbers without gaps or doubles.

The counter row is moved by one UPDATE inside the transaction that uses the number: the row stays
locked until commit, a rollback gives the number back. Letters of all books wait for each other at
the village's one row of settings: its choice of books cannot change under a letter, and no two
books can write out the same number at the same moment.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, Q

from penduduk import desa as desa_
from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.models import BukuNomor, CatatanAgenda, JenisSurat, Surat, TataNaskah
from surat.naskah import gaya

SATU = "SURAT"  # the book of a village that has only one
LAIN = "LAIN"  # per type: letters of no type, written by hand
_PER_KODE, _PER_JENIS = "K:", "J:"
# The other books in the table, such as that of the requests, number no letters.
BUKU_SURAT = Q(kode__in=(SATU, LAIN)) | Q(kode__startswith=_PER_KODE) | Q(kode__startswith="J:")

_SISIPAN = re.compile(r"\[(\w+)(?:,(\d))?\]")
_DIKENAL = {"kode", "nomor", "kode_desa", "desa", "bulan", "bulan_romawi", "tahun", "jenis"}


class FormatNomorTidakSah(ValueError):
    """The number pattern of the village cannot be used; the message says what is wrong."""


class BelumSiap(ValueError):
    """Nobody has declared the village ready (surat.buku.gerbang); the message says whom to ask."""


class BukuSudahDipakai(ValueError):
    """The book has given numbers already; the message is fit to be shown."""


@dataclass(frozen=True)
class Nomor:
    """A number that was taken: its book, its place there, and how it is printed."""

    buku: BukuNomor
    urut: int
    teks: str


# --- Books -------------------------------------------------------------------------------------


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
    return kode_buku(tata, klasifikasi=gaya.klasifikasi(jenis, tata), jenis=jenis.kode)


def kode_buku(tata: TataNaskah, *, klasifikasi: str, jenis: str = "") -> str:
    """The same for a letter by its code and, unless it was written by hand, its type."""
    return {
        TataNaskah.Buku.SATU: SATU,
        TataNaskah.Buku.KLASIFIKASI: f"{_PER_KODE}{klasifikasi}",
        TataNaskah.Buku.JENIS: f"{_PER_JENIS}{jenis}" if jenis else LAIN,
    }[TataNaskah.Buku(tata.buku)]


def milik_pilihan(kode: str, tata: TataNaskah) -> bool:
    """Whether the book `kode` belongs to the village's present choice of books."""
    return {
        TataNaskah.Buku.SATU: kode == SATU,
        TataNaskah.Buku.KLASIFIKASI: kode.startswith(_PER_KODE),
        TataNaskah.Buku.JENIS: kode.startswith(_PER_JENIS) or kode == LAIN,
    }[TataNaskah.Buku(tata.buku)]


def mulai(*, kode: str, tahun: int, terakhir: int) -> None:
    """Let the book go on after `terakhir`, the last number used before the portal numbered.

    Raises BukuSudahDipakai once the book has given a number: moving it would leave a gap.
    """
    BukuNomor.objects.bulk_create([BukuNomor(kode=kode, tahun=tahun)], ignore_conflicts=True)
    # One UPDATE decides: a letter that takes its number meanwhile moves `terakhir` away.
    kosong = BukuNomor.objects.filter(kode=kode, tahun=tahun, terakhir=F("mulai_sesudah"))
    if not kosong.update(terakhir=terakhir, mulai_sesudah=terakhir):
        raise BukuSudahDipakai(
            "Buku ini sudah memberi nomor surat tahun ini, jadi nomor awalnya tidak dapat diubah."
        )


def awal_buku_baru(tahun: int, tata: TataNaskah) -> int:
    """After which number a book goes on that is opened now: after all those that the books of an
    earlier choice gave this year, so that nothing printed by them comes again; else 0."""
    semua = BukuNomor.objects.filter(BUKU_SURAT, tahun=tahun)
    return max((b.terakhir for b in semua if not milik_pilihan(b.kode, tata)), default=0)


# --- Numbers -----------------------------------------------------------------------------------


def untuk_jenis(jenis: JenisSurat, *, tanggal: date) -> Nomor:
    """The next number for a letter of `jenis` dated `tanggal`; only inside a transaction.

    Raises FormatNomorTidakSah or BelumSiap; then no number is lost.
    """
    tata = _kunci_tata()
    return _berikut(
        tata, klasifikasi=gaya.klasifikasi(jenis, tata), jenis=jenis.kode, tanggal=tanggal
    )


def untuk_kode(klasifikasi: str, *, tanggal: date) -> Nomor:
    """The next number for a letter written by hand; otherwise as `untuk_jenis`."""
    return _berikut(_kunci_tata(), klasifikasi=klasifikasi, jenis="", tanggal=tanggal)


def _kunci_tata() -> TataNaskah:
    """The village's settings as they are now, locked until the end of the transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses the number")
    return TataNaskah.objects.select_for_update().get_or_create(pk=1)[0]


def _periksa_siap(tata: TataNaskah) -> None:
    if tata.siap_pada is not None:
        return
    admin = Akun.objects.filter(is_active=True, groups__permissions__codename="change_tatanaskah")
    nama = " atau ".join(a.get_short_name() for a in admin.distinct().order_by("pk")[:2])
    raise BelumSiap(
        f"Desa belum dinyatakan siap menerbitkan surat. Minta {nama or 'Admin desa'} menyelesaikan "
        "“Menyiapkan desa” di halaman Meja. Permohonan dan isian ini tidak berubah; ulangi langkah "
        "ini sesudahnya."
    )


def _berikut(tata: TataNaskah, *, klasifikasi: str, jenis: str, tanggal: date) -> Nomor:
    _periksa_siap(tata)
    periksa_format(tata.format_nomor)
    kode, tahun = kode_buku(tata, klasifikasi=klasifikasi, jenis=jenis), tanggal.year
    if not BukuNomor.objects.filter(kode=kode, tahun=tahun).exists():
        awal = awal_buku_baru(tahun, tata)
        baru = BukuNomor(kode=kode, tahun=tahun, terakhir=awal, mulai_sesudah=awal)
        BukuNomor.objects.bulk_create([baru], ignore_conflicts=True)
    buku, urut = ambil(kode, tahun)
    teks = tulis(tata, urut=urut, klasifikasi=klasifikasi, jenis=jenis, pada=tanggal)
    if terpakai([teks], tahun):
        raise FormatNomorTidakSah(
            f"Nomor {teks} sudah dipakai surat lain: dua buku nomor memberi nomor yang sama. "
            "Ubah format nomor di tata naskah supaya nomor tiap buku berbeda."
        )
    return Nomor(buku, urut, teks)


def terpakai(teks: list[str], tahun: int) -> set[str]:
    """Which of these printed numbers a letter of `tahun` bears, a void one too."""
    # By the books of the year, which every number names: `nomor` alone has no index there.
    buku = list(BukuNomor.objects.filter(BUKU_SURAT, tahun=tahun).values_list("pk", flat=True))
    catatan = CatatanAgenda.objects.filter(buku__in=buku, nomor__in=teks)
    surat = Surat.objects.filter(nomor__in=teks)
    return {satu for q in (surat, catatan) for satu in q.values_list("nomor", flat=True)}


# --- Writing it out ----------------------------------------------------------------------------


def contoh(jenis: JenisSurat, *, urut: int | None, tanggal: date) -> str:
    """How a letter of `jenis` would be numbered; `urut` None: dots where the number will stand.
    Takes none. Raises FormatNomorTidakSah."""
    tata = gaya.tata_naskah()
    periksa_format(tata.format_nomor)
    kode = gaya.klasifikasi(jenis, tata)
    return tulis(tata, urut=urut, klasifikasi=kode, jenis=jenis.kode, pada=tanggal)


def tulis(tata: TataNaskah, *, urut: int | None, klasifikasi: str, jenis: str, pada: date) -> str:
    """The printed number by the village's own pattern and names."""
    desa = desa_.ambil()
    return susun(
        tata.format_nomor,
        urut=urut,
        klasifikasi=klasifikasi,
        desa=desa.nama,
        kode_desa=desa.kode,
        pada=pada,
        jenis=jenis,
    )


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


def susun(
    pola: str,
    *,
    urut: int | None,
    klasifikasi: str,
    desa: str,
    kode_desa: str,
    pada: date,
    jenis: str = "",
) -> str:
    """The printed number, e.g. 400.12.2.1/007/51.07.04.2001/XI/2026."""
    nilai = {
        "kode": klasifikasi,
        "kode_desa": kode_desa,
        "desa": desa,
        "bulan": f"{pada.month:02}",
        "bulan_romawi": tgl.ROMAWI[pada.month - 1],
        "tahun": str(pada.year),
        "jenis": (jenis or LAIN).replace("_", "-").upper(),
    }

    def ganti(cocok: re.Match[str]) -> str:
        nama, lebar = cocok.groups()
        if nama != "nomor":
            return nilai[nama]
        return "…" if urut is None else f"{urut:0{lebar or 1}}"

    return _SISIPAN.sub(ganti, pola)
