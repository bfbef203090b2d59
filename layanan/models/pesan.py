"""Messages: one row per message, written in the transaction of the step that causes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from layanan.models.permintaan import PermintaanPIN, PesanMasuk
from layanan.models.permohonan import Riwayat
from penduduk.models import KejadianAkun


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
        SURAT_DICABUT = "surat_dicabut", "surat dicabut"
        PETUGAS_BARU = "petugas_baru", "permohonan baru (kepada petugas)"
        PIN = "pin", "PIN awal"
        PIN_PENGANTAR = "pin_pengantar", "PIN awal menyusul"
        PIN_FOTO_ULANG = "pin_foto_ulang", "minta foto ulang"
        PIN_DITOLAK = "pin_ditolak", "permintaan PIN ditolak"
        PIN_TERBIT = "pin_terbit", "PIN baru diterbitkan (kepada nomor lama)"
        PIN_GANTI = "pin_ganti", "PIN diganti"
        NOMOR_GANTI = "nomor_ganti", "nomor HP diganti (kepada nomor lama)"
        AKUN_DIJAGA = "akun_dijaga", "tebakan orang lain ditahan"
        AKUN_DIBEKUKAN = "akun_dibekukan", "akun dikunci"
        PETUGAS_PIN = "petugas_pin", "permintaan PIN baru (kepada petugas)"
        PETUGAS_BEKU = "petugas_beku", "BUKAN SAYA (kepada petugas)"
        PETUGAS_TEBAKAN = "petugas_tebakan", "tebakan massal (kepada petugas)"
        # Answers in a conversation: free words, only while WhatsApp allows them.
        BALAS_MULAI = "balas_mulai", "balasan: kirim foto KTP-el"
        BALAS_KK = "balas_kk", "balasan: kirim foto KK"
        BALAS_LENGKAP = "balas_lengkap", "balasan: permintaan PIN lengkap"
        BALAS_TAMBAHAN = "balas_tambahan", "balasan: foto tambahan diterima"
        BALAS_FOTO_SAJA = "balas_foto_saja", "balasan: hanya foto"
        BALAS_FOTO_RUSAK = "balas_foto_rusak", "balasan: foto tidak dapat dibaca"
        BALAS_CUKUP = "balas_cukup", "balasan: foto sudah cukup"
        BALAS_BATAL = "balas_batal", "balasan: permintaan PIN dibatalkan"
        BALAS_DIBEKUKAN = "balas_dibekukan", "balasan: akun dikunci"
        BALAS_TAK_ADA_PERUBAHAN = "balas_tak_ada", "balasan: tidak ada yang perlu dikunci"
        BALAS_DIBUKA = "balas_dibuka", "balasan: dibuka untuk HP baru"
        BALAS_BUKA_CUKUP = "balas_buka_cukup", "balasan: sudah terlalu sering dibuka"

    # What a human has to do something about.
    MASALAH = (Keadaan.GAGAL, Keadaan.PERLU_DICEK)

    # Exactly one of these four caused it.
    riwayat = models.ForeignKey(
        Riwayat, on_delete=models.PROTECT, related_name="notifikasi", null=True
    )
    permintaan = models.ForeignKey(
        PermintaanPIN, on_delete=models.PROTECT, related_name="notifikasi", null=True
    )
    kejadian = models.ForeignKey(
        KejadianAkun, on_delete=models.PROTECT, related_name="+", null=True
    )
    masuk = models.OneToOneField(
        PesanMasuk, on_delete=models.PROTECT, related_name="balasan", null=True
    )
    # NULL: the resident concerned; else the member of staff.
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
            models.UniqueConstraint(
                fields=["permintaan"],
                condition=Q(pesan="pin"),
                name="satu_pin_per_permintaan",
            ),
            models.UniqueConstraint(
                fields=["kejadian", "penerima"], name="satu_pesan_per_kejadian_dan_petugas"
            ),
            models.UniqueConstraint(
                fields=["kejadian"],
                condition=Q(penerima__isnull=True),
                name="satu_pesan_per_kejadian_untuk_warga",
            ),
            models.CheckConstraint(
                condition=Q(
                    riwayat__isnull=False,
                    permintaan__isnull=True,
                    kejadian__isnull=True,
                    masuk__isnull=True,
                )
                | Q(
                    riwayat__isnull=True,
                    permintaan__isnull=False,
                    kejadian__isnull=True,
                    masuk__isnull=True,
                )
                | Q(
                    riwayat__isnull=True,
                    permintaan__isnull=True,
                    kejadian__isnull=False,
                    masuk__isnull=True,
                )
                | Q(
                    riwayat__isnull=True,
                    permintaan__isnull=True,
                    kejadian__isnull=True,
                    masuk__isnull=False,
                ),
                name="notifikasi_satu_sebab",
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
