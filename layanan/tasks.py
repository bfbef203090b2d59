"""Tasks are thin: wake up, let the domain work off its rows, translate nothing."""

from itertools import islice

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from layanan.cadangan import basis, buat
from layanan.jejak import rantai
from layanan.kabar import akun, alarm, berkala, panggilan
from layanan.kata_pesan import templat
from layanan.kesehatan import keadaan, penyimpanan
from layanan.kotak_keluar import pengiriman, tanda_terima
from layanan.laporan import kabar, rekap
from layanan.models import Permohonan
from layanan.percakapan import masuk
from layanan.permohonan import alur, berkas, pembersihan
from layanan.retensi import jalan, pemberitahuan
from penduduk.akun import kode_masuk, penjagaan
from penduduk.antrean import bangunkan
from surat.models import Cetakan
from surat.terbit import pencetakan

_SEKALI_CETAK = 30  # letters before other work gets its turn in this process: two seconds
_SEKALI_TEMPLAT = 10  # templates before other work gets its turn: some seconds
_SEKALI_PERBARUI = 5  # files before other work gets its turn: some seconds
_CADANGAN_MAKS = 4 * 3600  # seconds: the first copy outside is large
_SISA_SAAT_MEMANGGIL = 5  # letters still to make when the next turn is called for


@shared_task
def kirim_pesan() -> None:
    """Tell the events of accounts, and hand due messages to the provider."""
    sekarang = timezone.now()
    penjagaan.catat_yang_dijaga(pada=sekarang)
    kode_masuk.catat_yang_diminta(pada=sekarang)
    akun.kabarkan_yang_menunggu(pada=sekarang)
    pengiriman.kirim_yang_menunggu()
    alarm.kabarkan_saluran(pada=timezone.now())
    if pengiriman.masih_ada():
        bangunkan(kirim_pesan)


@shared_task
def tanyakan_pesan() -> None:
    """Ask the provider about messages without news."""
    tanda_terima.tanyakan(pada=timezone.now())


@shared_task
def kabar_berkala() -> None:
    """Write the reminders and digests that are due, then send them."""
    alarm.kabarkan_biaya(pada=timezone.now())
    if berkala.jalankan(pada=timezone.now()):
        bangunkan(kirim_pesan)


@shared_task
def selaraskan_templat() -> None:
    """Take templates of messages further; again soon while an answer may come soon."""
    sekarang = timezone.now()
    if templat.ada_pekerjaan(pada=sekarang):
        hasil = templat.selaraskan(pada=sekarang, paling_banyak=_SEKALI_TEMPLAT)
        if hasil.terhenti:
            return  # the line is down: the hourly call tries again
    jeda = templat.tunggu(pada=timezone.now())
    if jeda is not None:
        bangunkan(selaraskan_templat, nanti=jeda)


@shared_task
def bereskan_panggilan() -> None:
    """Take off the call list what has settled by itself."""
    panggilan.bereskan(pada=timezone.now())


@shared_task
def jawab_pesan() -> None:
    """Work off incoming WhatsApp messages, then send the answers."""
    if masuk.kerjakan_yang_menunggu():
        bangunkan(kirim_pesan)


@shared_task
def periksa_berkas() -> None:
    """Check and clean waiting uploads; then some that an earlier version has cleaned."""
    berkas.bersihkan_yang_menunggu()
    if pembersihan.perbarui_yang_lama(paling_banyak=_SEKALI_PERBARUI) == _SEKALI_PERBARUI:
        bangunkan(periksa_berkas)


@shared_task
def cetak_surat() -> None:
    """Render letters without a file, then take the step that tells the resident."""
    jumlah = 0
    for surat_id in islice(pencetakan.cetak_yang_menunggu(), _SEKALI_CETAK):
        _catat_tercetak(Permohonan.objects.filter(surat=surat_id))
        jumlah += 1
        # Called early, because the broker looks for calls only ten times a second.
        if jumlah == _SEKALI_CETAK - _SISA_SAAT_MEMANGGIL:
            bangunkan(cetak_surat)
    # A worker may have died between storing the file and taking the step.
    _catat_tercetak(Permohonan.objects.filter(surat__cetakan__keadaan=Cetakan.Keadaan.SELESAI))
    if jumlah:
        bangunkan(kirim_pesan)


def _catat_tercetak(permohonan: QuerySet[Permohonan]) -> None:
    for satu in permohonan.filter(status=Permohonan.Status.DICETAK).select_related("surat"):
        try:
            alur.jalankan(satu, "cetak", oleh=None, pada=timezone.now())
        except alur.Keduluan:
            continue  # another worker took the step


@shared_task
def bersihkan() -> None:
    """Close the trail of yesterday, announce which papers go, let go what nobody needs any more
    (layanan.retensi), tidy up."""
    sekarang = timezone.now()
    rantai.tutup(pada=sekarang)
    if pemberitahuan.umumkan(pada=sekarang):
        bangunkan(kirim_pesan)
    berkas.sapu()
    pengiriman.sisihkan_tiruan(pada=sekarang)
    masuk.bereskan_penyedia(pada=sekarang)
    if jalan.jalankan(pada=sekarang):
        bangunkan(bersihkan)


@shared_task(time_limit=_CADANGAN_MAKS)
def cadangkan() -> None:
    """A backup, where the village has made a key for it, or what is new of the files; then outside,
    also what failed before."""
    if not settings.CADANGAN_KUNCI or basis.kosong():
        return
    if buat.sudah_waktunya(pada=timezone.now()):
        buat.cadangkan(pada=timezone.now())
    else:
        buat.salin_berkas()
    buat.ke_luar(pada=timezone.now())


@shared_task
def jaga_keadaan() -> None:
    """Mail what has been amiss for some minutes; tell the outside that all is well."""
    keadaan.kabarkan(pada=timezone.now())


@shared_task
def hitung_laporan() -> None:
    """Each night: count the messages of the days that may have changed, and what is missing."""
    rekap.lengkapi()
    kabar.rekap(pada=timezone.now())


@shared_task
def periksa_surat() -> None:
    """Each night: are all files there, some letters as they were made, the trail unaltered? What a
    full disk left behind; and how many rows there are of what."""
    penyimpanan.hapus_kosong(pada=timezone.now())
    penyimpanan.periksa_ada(pada=timezone.now())
    penyimpanan.periksa_contoh(pada=timezone.now())
    rantai.tandai(rantai.periksa(pada=timezone.now()), pada=timezone.now())
    with connection.cursor() as kursor:  # statistics: PostgreSQL plans by them
        kursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
