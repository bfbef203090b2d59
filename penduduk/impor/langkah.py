"""What a person decides about an import: upload, apply, throw away, take back.

Each step only moves the row by compare-and-set; the worker does the work (antrean).
"""

import uuid
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from penduduk.impor.berkas import UKURAN_MAKS
from penduduk.impor.sel import teks_polos
from penduduk.impor.terapkan import akan_diterapkan
from penduduk.models import Akun, BarisImpor, Impor

K = Impor.Keadaan


class UnggahanDitolak(ValueError):
    """The upload is not even stored; the message says why."""


class LangkahTidakSah(Exception):
    """The import is no longer where this step begins; the message says so."""


def terima(
    berkas: File, *, nama: str, oleh: Akun | None, pada: datetime, mulai: datetime | None = None
) -> Impor:
    """Store an upload under a random name and leave it for the worker. Raises UnggahanDitolak.

    `mulai`: from when on a worker may take it; before, whoever called this works on it.
    """
    ukuran = berkas.size or 0
    if ukuran == 0:
        raise UnggahanDitolak("Berkas ini kosong. Pilih berkas lain.")
    if ukuran > UKURAN_MAKS:
        raise UnggahanDitolak(
            f"Berkas ini {ukuran / 1048576:.0f} MB; paling besar {UKURAN_MAKS // 1048576} MB. "
            "Hapus gambar dan lembar lain, atau bagi menjadi beberapa berkas."
        )
    return Impor.objects.create(
        nama_berkas=teks_polos(nama)[:120],
        berkas=default_storage.save(f"impor/{uuid.uuid4().hex}", berkas),
        oleh=oleh,
        diunggah_pada=pada,
        ambil_lagi_pada=mulai or pada,
    )


def setujui(impor: Impor, *, ikut_ragu: bool, oleh: Akun | None, mulai: datetime) -> None:
    """Raises LangkahTidakSah."""
    menunggu = any(impor.jumlah.get(hasil) for hasil in ("RAGU", "BENTROK"))
    if menunggu and not akan_diterapkan(impor, ikut_ragu=ikut_ragu).exists():
        raise LangkahTidakSah(
            "Tidak ada baris yang akan diterapkan. Sertakan baris yang meragukan, atau putuskan "
            "dulu baris yang bentrok."
        )
    _pindah(impor, (K.SIAP,), K.DISETUJUI, ikut_ragu=ikut_ragu, oleh=oleh, ambil_lagi_pada=mulai)


def putuskan(impor: Impor, *, baris: int, putusan: str) -> None:
    """One row in conflict: apply it after all, or leave it out. Raises LangkahTidakSah."""
    with transaction.atomic():
        kini = Impor.objects.select_for_update().get(pk=impor.pk)
        satu = kini.baris.filter(pk=baris, hasil=BarisImpor.Hasil.BENTROK).first()
        if kini.keadaan != K.SIAP or satu is None or putusan not in BarisImpor.Putusan.values:
            raise LangkahTidakSah("Baris ini tidak menunggu putusan lagi. Lihat lagi halamannya.")
        if putusan == BarisImpor.Putusan.TERAPKAN and satu.terkunci:
            raise LangkahTidakSah(f"Baris {satu.nomor} tidak dapat diterapkan lewat impor.")
        kini.baris.filter(pk=satu.pk).update(putusan=putusan)


def betulkan(impor: Impor, *, ya: bool, mulai: datetime) -> None:
    """Check the file again, with what the NIK proves mended (or not). Raises LangkahTidakSah."""
    _pindah(impor, (K.SIAP,), K.DIUNGGAH, betulkan=ya, ambil_lagi_pada=mulai)


def minta_urung(impor: Impor, *, oleh: Akun | None, mulai: datetime) -> None:
    """Raises LangkahTidakSah."""
    if not impor.baris.exists():
        raise LangkahTidakSah(
            "Rincian impor ini sudah dihapus, jadi tidak dapat diurungkan lagi. Ubah datanya satu "
            "per satu."
        )
    _pindah(impor, (K.DITERAPKAN,), K.MINTA_URUNG, oleh=oleh, ambil_lagi_pada=mulai)


def buang(impor: Impor) -> None:
    """Raises LangkahTidakSah."""
    _pindah(impor, (K.DIUNGGAH, K.SIAP), K.DIBUANG, berkas="")
    if impor.berkas:
        transaction.on_commit(lambda: default_storage.delete(impor.berkas))


def _pindah(impor: Impor, dari: tuple[str, ...], ke: str, **lain: object) -> None:
    if not Impor.objects.filter(pk=impor.pk, keadaan__in=dari).update(
        keadaan=ke, percobaan=0, kemajuan=0, alasan="", **lain
    ):
        kini = Impor.objects.get(pk=impor.pk)
        raise LangkahTidakSah(f"Impor ini {kini.get_keadaan_display()}. Lihat lagi halamannya.")
