"""A sample of a message on the clerk's own phone: through the outbox, as any other message."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from layanan import transports
from layanan.kata_pesan import kata, katalog
from layanan.kotak_keluar import notifikasi
from layanan.kotak_keluar.tanda_terima import JENDELA_BEBAS
from layanan.models import KabarBerkala, Notifikasi, Percakapan
from penduduk.models import Akun

MAKS_SEJAM = 5
UJI = KabarBerkala.Jenis.UJI


class TidakDapatDiuji(ValueError):
    """Why no sample goes out, and what to do about it."""


def kirim(kode: str, teks: str, *, oleh: Akun, pada: datetime) -> Notifikasi:
    """Send message `kode` to the clerk's own number. `teks`: the wording to try; the one in use
    goes out as residents get it, any other only as free words. Raises TidakDapatDiuji."""
    if not oleh.nomor_hp:
        raise TidakDapatDiuji(
            "Nomor HP Anda belum tercatat. Isi dulu di Kelola → Akun → nama Anda → Nomor HP."
        )
    if katalog.PESAN[kode].cara is not katalog.Cara.TEMPLAT:
        raise TidakDapatDiuji("Pesan ini tidak dapat dicoba: isinya kode rahasia milik warga.")
    pilihan = kata.pilih(kode)
    dipakai = teks == pilihan.pesan.kata
    if not dipakai and not jendela_terbuka(oleh.nomor_hp, pada=pada):
        raise TidakDapatDiuji(
            "Kata-kata ini belum disetujui WhatsApp, jadi hanya dapat dikirim kepada orang yang "
            "baru menulis. Kirim dulu pesan apa saja dari HP Anda ke nomor WhatsApp desa, lalu "
            "coba lagi."
        )
    with transaction.atomic():
        milik = _milik(oleh)
        if milik.filter(dibuat_pada__gt=pada - timedelta(hours=1)).count() >= MAKS_SEJAM:
            raise TidakDapatDiuji(
                f"Sudah {MAKS_SEJAM} contoh dalam satu jam. Tunggu sebentar, lalu coba lagi."
            )
        umum = notifikasi.konteks_umum()  # what the village is called is no sample
        konteks = {**katalog.PESAN[kode].contoh, **umum}
        baris = notifikasi.tulis_berkala(
            kode if dipakai else "uji_kata",
            UJI,
            # Numbered, so that two clicks at once are one message.
            f"uji:{oleh.pk}:{milik.count() + 1}:{kode}",
            nomor_hp=oleh.nomor_hp,
            pada=pada,
            konteks=konteks,
            penerima=oleh,
        )
        if baris is None:
            raise TidakDapatDiuji("Contoh baru saja dikirim. Tunggu sebentar, lalu coba lagi.")
        if not dipakai:
            # Not cut and folded as a template's variable would be: these are free words.
            baris.variabel = [kata.contoh(kode, teks, umum)]
            baris.save(update_fields=["variabel"])
    return baris


def terakhir(kode: str, *, oleh: Akun) -> QuerySet[Notifikasi]:
    """The last samples of this message that the clerk had sent."""
    return _milik(oleh).filter(berkala__kunci__endswith=f":{kode}").order_by("-pk")[:3]


def jendela_terbuka(nomor_hp: str, *, pada: datetime) -> bool:
    """Whether free words reach this number; without a provider they reach the simulation."""
    if not transports.pilih().butuh_templat:
        return True
    return Percakapan.objects.filter(
        alamat=nomor_hp, terakhir_masuk_pada__gt=pada - JENDELA_BEBAS
    ).exists()


def _milik(oleh: Akun) -> QuerySet[Notifikasi]:
    return Notifikasi.objects.filter(penerima=oleh, berkala__jenis=UJI)
