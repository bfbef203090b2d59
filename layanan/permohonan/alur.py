"""The flow at work: the only code that writes a request's status, and its history.

What is possible stands in the tables of layanan.permohonan.langkah. A step is one transaction:
status (compare-and-set), its effect, a Riwayat row and the outgoing messages, all or nothing. The
same rule draws a button and guards the act.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from layanan.janji import janji
from layanan.kotak_keluar import notifikasi
from layanan.laporan import rekap
from layanan.models import Draf, Permohonan, Riwayat
from layanan.permohonan import dampak
from layanan.permohonan.dampak import Bahan, Dampak, Kerja
from layanan.permohonan.langkah import (
    LANGKAH,
    PERISTIWA,
    TULIS_ALASAN,
    URUSAN_KANTOR,
    Langkah,
    Peristiwa,
    Tindakan,
    halangan_orang,
)
from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.buku import nomor
from surat.formulir_resmi.tawaran import Pilihan
from surat.isian.jawaban import Jawaban
from surat.models import JenisSurat, Surat
from surat.terbit import kode_cek


class LangkahTidakSah(Exception):
    """It is not allowed now or for this person; the text is fit to be shown."""


class Keduluan(LangkahTidakSah):
    """Somebody else moved the request first; the text says who and what."""


# --- What may be done ----------------------------------------------------------------------------


def _halangan_orang(
    permohonan: Permohonan, tindakan: Tindakan, oleh: Akun | None, pada: datetime
) -> str:
    return halangan_orang(
        tindakan.siapa,
        oleh=oleh,
        pada=pada,
        pemohon_id=permohonan.pemohon_id,
        surat_id=permohonan.surat_id,
    )


def _boleh(permohonan: Permohonan, tindakan: Tindakan, oleh: Akun, pada: datetime) -> bool:
    return (
        permohonan.status in tindakan.dari
        and not _halangan_orang(permohonan, tindakan, oleh, pada)
        and not tindakan.bahan.halangan(permohonan)
    )


def langkah_tersedia(permohonan: Permohonan, *, oleh: Akun, pada: datetime) -> list[Langkah]:
    """The steps that `oleh` may take now: what the buttons show is what `jalankan` accepts."""
    return [x for x in LANGKAH.values() if _boleh(permohonan, x, oleh, pada)]


def bisa_terjadi(permohonan: Permohonan, nama: str, /, *, oleh: Akun, pada: datetime) -> bool:
    """The same for one event: whether `catat_peristiwa` accepts it."""
    return _boleh(permohonan, PERISTIWA[nama], oleh, pada)


def tanda(permohonan: Permohonan, nama: str, /, *, terakhir: int) -> str:
    """What somebody has seen who takes the step `nama`: a form carries it along, so that nobody
    decides on another letter, other answers or another collector than the page showed.

    `terakhir`: key of the last step in the history that moved it.
    """
    wakil = ""
    if nama == "serahkan":
        wakil = f".{permohonan.wakil_jenis}.{permohonan.wakil_pejabat_id}.{permohonan.wakil_nama}"
    return f"{permohonan.status}.{permohonan.surat_id or 0}.{terakhir}{wakil}"


def sudah_lain(permohonan: Permohonan, nama: str, /, *, dilihat: str) -> str:
    """A sentence when the page on which `nama` was decided showed something else; `dilihat`: the
    `tanda` that came along, or the status alone, or nothing."""
    langkah = permohonan.riwayat.exclude(langkah__in=URUSAN_KANTOR).order_by("-pk")
    terakhir = langkah.values_list("pk", flat=True).first() or 0
    if dilihat in ("", permohonan.status, tanda(permohonan, nama, terakhir=terakhir)):
        return ""
    if dilihat.startswith(f"{tanda(permohonan, '', terakhir=terakhir)}."):
        return "Pemohon baru saja mengubah siapa yang mengambil suratnya. Periksa lagi."
    return sudah_berubah(permohonan)


def sudah_berubah(permohonan: Permohonan) -> str:
    """A sentence that tells who moved the request last."""
    langkah = permohonan.riwayat.exclude(langkah__in=URUSAN_KANTOR)
    terakhir = langkah.select_related("oleh").order_by("-pk").first()
    if terakhir is None:
        return "Permohonan ini tidak dalam keadaan yang tepat untuk langkah itu."
    nama = terakhir.langkah
    label = LANGKAH[nama].label if nama in LANGKAH else Riwayat.Langkah(nama).label
    oleh = "sistem" if terakhir.oleh is None else str(terakhir.oleh)
    if terakhir.oleh and not terakhir.oleh.is_staff:
        oleh = "pemohon"
    kini = Permohonan.Status(terakhir.ke).label.lower()
    return (
        f"Permohonan ini sudah berubah: langkah terakhir “{label.lower()}” oleh {oleh}, "
        f"sekarang {kini}. Periksa lagi sebelum melanjutkan."
    )


def _periksa(
    permohonan: Permohonan,
    tindakan: Langkah | Peristiwa,
    oleh: Akun | None,
    pada: datetime,
    catatan: str,
) -> None:
    if sebab := _halangan_orang(permohonan, tindakan, oleh, pada):
        raise LangkahTidakSah(sebab)
    if permohonan.status not in tindakan.dari:
        if isinstance(tindakan, Peristiwa):
            raise LangkahTidakSah(tindakan.terlambat)
        raise Keduluan(sudah_berubah(permohonan))
    if tindakan.butuh_catatan and not catatan.strip():
        raise LangkahTidakSah(TULIS_ALASAN)


# --- Doing it ------------------------------------------------------------------------------------


@transaction.atomic
def jalankan(
    permohonan: Permohonan,
    nama: str,
    bahan: Bahan | None = None,
    /,
    *,
    oleh: Akun | None,
    pada: datetime,
    catatan: str = "",
) -> Riwayat:
    """Take one step; `permohonan` is updated in place.

    `bahan`: what the step needs, an instance of the class that its row names; `oleh`: who acts,
    None for the system; `pada`: aware moment. Raises LangkahTidakSah, or Keduluan when somebody was
    faster; then nothing at all has happened. TypeError: the material of the step is missing, or
    that of another one.
    """
    langkah = LANGKAH[nama]
    _periksa(permohonan, langkah, oleh, pada, catatan)
    lama = permohonan.status
    # With the letter: it may have been sent back and issued anew, and stand at the same status.
    baris = Permohonan.objects.filter(pk=permohonan.pk, status=lama, surat=permohonan.surat_id)
    # Locks the row (PostgreSQL), so that whoever comes second waits here and not for a number.
    if not baris.update(diperbarui_pada=pada):
        raise Keduluan(sudah_berubah(permohonan))
    hasil = _kerjakan(langkah, bahan, Kerja(permohonan, oleh, pada, catatan))
    perubahan: dict[str, object] = {
        "status": langkah.ke,
        "diperbarui_pada": pada,
        "perbaikan": {},
        **janji.sesudah(permohonan, langkah.ke, pada=pada),
        **hasil.perubahan,
    }
    if not baris.update(**perubahan):
        raise Keduluan(sudah_berubah(permohonan))
    for kolom, nilai in perubahan.items():
        setattr(permohonan, kolom, nilai)
    return catat(permohonan, langkah, dari=lama, oleh=oleh, pada=pada, catatan=catatan, hasil=hasil)


@transaction.atomic
def catat_peristiwa(
    permohonan: Permohonan,
    nama: str,
    bahan: Bahan | None = None,
    /,
    *,
    oleh: Akun | None,
    pada: datetime,
    catatan: str = "",
) -> Riwayat:
    """Let something happen to a request without moving it; `permohonan` is read again and updated
    in place. Arguments and exceptions as of `jalankan`; a note becomes one line."""
    peristiwa, catatan = PERISTIWA[nama], " ".join(catatan.split())
    # Locked, so that a step which is being taken now has ended before this is judged.
    permohonan.refresh_from_db(from_queryset=Permohonan.objects.select_for_update())
    _periksa(permohonan, peristiwa, oleh, pada, catatan)
    hasil = _kerjakan(peristiwa, bahan, Kerja(permohonan, oleh, pada, catatan))
    perubahan: dict[str, object] = {**hasil.perubahan}
    if not peristiwa.urusan_kantor:
        perubahan["diperbarui_pada"] = pada
    if perubahan:
        Permohonan.objects.filter(pk=permohonan.pk).update(**perubahan)
    for kolom, nilai in perubahan.items():
        setattr(permohonan, kolom, nilai)
    kini = permohonan.status
    return catat(
        permohonan, peristiwa, dari=kini, oleh=oleh, pada=pada, catatan=catatan, hasil=hasil
    )


def _kerjakan(tindakan: Tindakan, bahan: Bahan | None, kerja: Kerja) -> Dampak:
    if bahan is None:
        bahan = tindakan.bahan()  # a TypeError of Python's own names what is missing
    elif type(bahan) is not tindakan.bahan:
        raise TypeError(
            f"{tindakan.nama!r} needs {tindakan.bahan.__name__}, not {type(bahan).__name__}"
        )
    try:
        if sebab := bahan.halangan(kerja.permohonan):
            raise LangkahTidakSah(sebab)
        return bahan.dampak(kerja)
    except dampak.BahanTidakSah as galat:
        raise LangkahTidakSah(str(galat)) from galat


def catat(
    permohonan: Permohonan,
    tindakan: Tindakan,
    *,
    dari: str,
    oleh: Akun | None,
    pada: datetime,
    catatan: str = "",
    hasil: Dampak | None = None,
) -> Riwayat:
    """The history of what has just been done to `permohonan`, and the messages about it. Call
    inside the transaction that does it."""
    hasil = hasil or Dampak()
    riwayat = Riwayat.objects.create(
        permohonan=permohonan,
        langkah=tindakan.nama,
        dari=dari,
        ke=permohonan.status,
        oleh=oleh,
        pada=pada,
        catatan=catatan.strip(),
        rincian=hasil.rincian,
        surat=hasil.surat,
    )
    rekap.tulis([permohonan.pk])
    notifikasi.catat(riwayat, permohonan, tindakan.pesan, kabari_petugas=tindakan.kabari_petugas)
    return riwayat


# --- A new request -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Isi:
    """What a new request holds. `dibawa`: codes of the papers that are not uploaded."""

    jenis: JenisSurat
    pemohon_id: int
    isian: Jawaban
    dibawa: list[str]
    keterangan: str = ""
    nomor_hp: str = ""
    kabari_wa: bool = False
    draf: Draf | None = None
    menggantikan: Surat | None = None
    formulir: Pilihan | None = None


def buat(isi: Isi, *, pada: datetime) -> Permohonan:
    """The row of a new request, with its number, receipt code and promise. For
    layanan.permohonan.ajukan, which guards it and calls `catat` for it."""
    tahun = tgl.di_wita(pada).year
    _, urut = nomor.ambil("PERMOHONAN", tahun)
    return Permohonan.objects.create(
        nomor=f"P-{tahun}-{urut:04}",
        kode_resi=kode_cek.buat(),
        status=LANGKAH["ajukan"].ke,
        diajukan_pada=pada,
        diperbarui_pada=pada,
        **janji.baru(isi.jenis, pada=pada),
        **vars(isi),
    )
