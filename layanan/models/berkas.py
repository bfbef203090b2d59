"""Uploaded papers."""

import uuid

from django.db import models
from django.db.models import Q

from layanan.models.percakapan import PesanMasuk
from layanan.models.permintaan import PermintaanPIN
from layanan.models.permohonan import Draf, Permohonan
from penduduk.models import Penduduk


class Berkas(models.Model):
    """One uploaded file, in private storage under a random name.

    It belongs to a resident, or to a request for a PIN, whose sender nobody knows yet; or to the
    message that brought it, until it is known what it is for. First it lies as it came (`mentah`);
    the worker checks it and writes pictures of its pages (`berkas`), with a thumbnail (`mini`).
    When its time is over (layanan.retensi) the row stays and says so.
    """

    class Keadaan(models.TextChoices):
        DIPERIKSA = "DIPERIKSA", "sedang diperiksa"
        SIAP = "SIAP", "siap"
        DITOLAK = "DITOLAK", "tidak dapat dipakai"
        DIHAPUS = "DIHAPUS", "sudah dihapus"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pemilik = models.ForeignKey(
        Penduduk, on_delete=models.PROTECT, related_name="berkas", null=True
    )
    permintaan = models.ForeignKey(
        PermintaanPIN, on_delete=models.PROTECT, related_name="berkas", null=True
    )
    masuk = models.ForeignKey(
        PesanMasuk, on_delete=models.SET_NULL, related_name="berkas", null=True
    )
    dokumen = models.SlugField("jenis dokumen", max_length=40)
    label = models.CharField(max_length=120)
    keadaan = models.CharField(max_length=10, choices=Keadaan, default=Keadaan.DIPERIKSA)
    alasan = models.CharField(max_length=200, blank=True)
    catatan = models.CharField(max_length=200, blank=True, help_text="Yang perlu dilihat petugas.")
    # What the sender calls it, only until it has been checked: several may have come at once.
    nama_kirim = models.CharField(max_length=60, blank=True)
    mentah = models.CharField(max_length=120, blank=True)
    berkas = models.CharField(max_length=120, blank=True)
    mini = models.CharField(max_length=120, blank=True)
    versi = models.PositiveSmallIntegerField(default=0, help_text="Versi pembersih berkas.")
    jenis_isi = models.CharField(max_length=20)
    ukuran = models.PositiveIntegerField(default=0)
    halaman = models.PositiveSmallIntegerField(default=1)
    sidik_kirim = models.CharField(max_length=64, help_text="SHA-256 berkas yang diunggah.")
    diunggah_pada = models.DateTimeField()
    ambil_lagi_pada = models.DateTimeField()
    dihapus_pada = models.DateTimeField(null=True)
    percobaan = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "berkas"
        verbose_name_plural = "berkas"
        indexes = [
            models.Index(
                fields=["ambil_lagi_pada"],
                condition=Q(keadaan="DIPERIKSA"),
                name="berkas_antrean",
            ),
            models.Index(
                fields=["diunggah_pada"],
                condition=Q(keadaan="SIAP", versi=0),
                name="berkas_belum_bergambar",
            ),
            models.Index(
                fields=["diunggah_pada"],
                condition=Q(dihapus_pada__isnull=True),
                name="berkas_berisi",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(pemilik__isnull=False, permintaan__isnull=True)
                | Q(pemilik__isnull=True, permintaan__isnull=False)
                | Q(pemilik__isnull=True, permintaan__isnull=True, masuk__isnull=False),
                name="berkas_milik_satu",
            ),
            models.CheckConstraint(
                condition=~Q(keadaan="SIAP") | ~Q(berkas=""), name="berkas_siap_punya_isi"
            ),
            models.CheckConstraint(
                condition=~Q(keadaan="DITOLAK") | ~Q(alasan=""), name="berkas_ditolak_ada_alasan"
            ),
            models.CheckConstraint(
                condition=~Q(keadaan="DIHAPUS") & Q(dihapus_pada__isnull=True)
                | Q(keadaan="DIHAPUS", dihapus_pada__isnull=False, berkas="", mini="", mentah=""),
                name="berkas_dihapus_tanpa_isi",
            ),
        ]

    def __str__(self) -> str:
        return f"berkas {self.dokumen}"

    @property
    def gambar(self) -> bool:
        return self.jenis_isi.startswith("image/")

    @property
    def nomor_halaman(self) -> range:
        """The pages of which there are pictures."""
        return range(1, self.halaman + 1 if self.mini else 1)


class Lampiran(models.Model):
    """A file attached to one requirement of a draft or, once sent, of a request."""

    draf = models.ForeignKey(
        Draf, on_delete=models.CASCADE, related_name="lampiran", null=True, blank=True
    )
    permohonan = models.ForeignKey(
        Permohonan, on_delete=models.PROTECT, related_name="lampiran", null=True, blank=True
    )
    syarat = models.SlugField(max_length=40)
    berkas = models.ForeignKey(Berkas, on_delete=models.PROTECT, related_name="lampiran")
    ditambah_pada = models.DateTimeField(auto_now_add=True)
    diganti_pada = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lampiran"
        verbose_name_plural = "lampiran"
        constraints = [
            models.CheckConstraint(
                condition=Q(draf__isnull=True, permohonan__isnull=False)
                | Q(draf__isnull=False, permohonan__isnull=True),
                name="lampiran_draf_atau_permohonan",
            ),
            models.UniqueConstraint(
                fields=["draf", "syarat", "berkas"], name="lampiran_sekali_per_draf"
            ),
            models.UniqueConstraint(
                fields=["permohonan", "syarat", "berkas"], name="lampiran_sekali_per_permohonan"
            ),
        ]

    def __str__(self) -> str:
        return f"lampiran {self.syarat}"


class JatahHarian(models.Model):
    """How much a resident has taken of something that has a limit per day (permohonan/jatah.py)."""

    pemilik = models.ForeignKey(Penduduk, on_delete=models.CASCADE, related_name="+")
    hari = models.DateField()
    apa = models.CharField(max_length=10)
    jumlah = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "jatah harian"
        verbose_name_plural = "jatah harian"
        constraints = [
            models.UniqueConstraint(fields=["pemilik", "hari", "apa"], name="jatah_satu_per_hari")
        ]

    def __str__(self) -> str:
        return f"jatah {self.apa} {self.hari}"
