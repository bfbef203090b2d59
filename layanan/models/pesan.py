"""Messages: one row per message, written in the transaction of the step that causes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from layanan.models.permohonan import Riwayat


class Notifikasi(models.Model):
    """An outgoing WhatsApp message; the row is the queue, the record and the proof."""

    class Keadaan(models.TextChoices):
        MENUNGGU = "MENUNGGU", "menunggu dikirim"
        DIAMBIL = "DIAMBIL", "sedang dikirim"
        DIKIRIM = "DIKIRIM", "diterima penyedia"
        TERKIRIM = "TERKIRIM", "terkirim"
        SAMPAI = "SAMPAI", "sampai"
        DIBACA = "DIBACA", "dibaca"
        GAGAL = "GAGAL", "gagal"
        PERLU_DICEK = "PERLU_DICEK", "perlu dicek"
        TANPA_WA = "TANPA_WA", "tanpa WhatsApp"

    class Pesan(models.TextChoices):
        """Names of layanan.pesan, as the office reads them."""

        DITERIMA = "diterima", "permohonan diterima"
        PERLU_PERBAIKAN = "perlu_perbaikan", "perlu perbaikan"
        DIPROSES = "diproses", "sedang diproses"
        MENUNGGU_TTD = "menunggu_ttd", "menunggu tanda tangan"
        SIAP_DIAMBIL = "siap_diambil", "siap diambil"
        DISERAHKAN = "diserahkan", "sudah diambil"
        DITOLAK = "ditolak", "ditolak"
        PETUGAS_BARU = "petugas_baru", "permohonan baru (kepada petugas)"

    # What a human has to do something about.
    MASALAH = (Keadaan.GAGAL, Keadaan.PERLU_DICEK)

    riwayat = models.ForeignKey(Riwayat, on_delete=models.PROTECT, related_name="notifikasi")
    # NULL: the resident of the request; else the member of staff.
    penerima = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    nomor_hp = models.CharField("nomor HP", max_length=16)
    pesan = models.CharField(max_length=30, choices=Pesan)
    variabel = models.JSONField(default=list)
    keadaan = models.CharField(max_length=12, choices=Keadaan, default=Keadaan.MENUNGGU)
    percobaan = models.PositiveSmallIntegerField(default=0)
    ambil_lagi_pada = models.DateTimeField(
        help_text="Sejak kapan seorang pekerja boleh mengambilnya (sewa atau jeda ulang)."
    )
    dibuat_pada = models.DateTimeField()
    dikirim_pada = models.DateTimeField(null=True)
    sid = models.CharField("SID penyedia", max_length=40, blank=True, db_index=True)
    kode_galat = models.CharField(max_length=10, blank=True)
    galat = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "notifikasi"
        verbose_name_plural = "notifikasi"
        constraints = [
            models.UniqueConstraint(
                fields=["riwayat", "penerima"], name="satu_pesan_per_langkah_dan_petugas"
            ),
            models.UniqueConstraint(
                fields=["riwayat"],
                condition=Q(penerima__isnull=True),
                name="satu_pesan_per_langkah_untuk_pemohon",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ambil_lagi_pada"],
                condition=Q(keadaan__in=["MENUNGGU", "DIAMBIL"]),
                name="notifikasi_antrean",
            )
        ]

    def __str__(self) -> str:
        return f"pesan {self.pesan} ({self.get_keadaan_display()})"


class PesanSimulasi(models.Model):
    """What would have gone out by WhatsApp, when no provider is configured."""

    notifikasi = models.OneToOneField(Notifikasi, on_delete=models.PROTECT, related_name="simulasi")
    nomor_hp = models.CharField("nomor HP", max_length=16)
    teks = models.TextField()
    pada = models.DateTimeField()

    class Meta:
        verbose_name = "pesan WhatsApp (simulasi)"
        verbose_name_plural = "Kotak keluar WhatsApp (simulasi)"

    def __str__(self) -> str:
        return f"pesan {self.pk}"


class Denyut(models.Model):
    """Heartbeat of worker and beat: one row, touched every few seconds."""

    nama = models.CharField(max_length=20, unique=True)
    pada = models.DateTimeField()

    class Meta:
        verbose_name = "denyut"
        verbose_name_plural = "denyut"

    def __str__(self) -> str:
        return self.nama
