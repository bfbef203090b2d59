"""Requests for a PIN."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from penduduk.models import Penduduk


class PermintaanPIN(models.Model):
    """Somebody asks for a PIN, by WhatsApp or on the site, with photos of KTP-el and KK.

    Nothing here says whether a NIK exists. After the decision the photos go, the row stays.
    """

    class Asal(models.TextChoices):
        WA = "WA", "WhatsApp"
        SITUS = "SITUS", "situs"

    class Keadaan(models.TextChoices):
        MENGUMPULKAN = "KUMPUL", "menunggu foto dari warga"
        MENUNGGU = "MENUNGGU", "menunggu keputusan operator"
        FOTO_ULANG = "FOTO_ULANG", "diminta foto ulang"
        DITERBITKAN = "TERBIT", "PIN diterbitkan"
        DITOLAK = "DITOLAK", "ditolak"
        KEDALUWARSA = "BASI", "tidak dilanjutkan warga"

    # The resident may still add photos; one such request per number.
    TERBUKA = (Keadaan.MENGUMPULKAN, Keadaan.MENUNGGU, Keadaan.FOTO_ULANG)
    AKHIR = (Keadaan.DITERBITKAN, Keadaan.DITOLAK, Keadaan.KEDALUWARSA)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asal = models.CharField(max_length=5, choices=Asal)
    keadaan = models.CharField(max_length=10, choices=Keadaan, default=Keadaan.MENGUMPULKAN)
    # A number; of a chat without one, its address (layanan.percakapan).
    nomor_hp = models.CharField("nomor HP", max_length=160)
    nama = models.CharField(max_length=100, blank=True, help_text="Ditulis warga di situs.")
    nik = models.CharField("NIK", max_length=16, blank=True)
    tanggal_lahir = models.DateField(null=True, blank=True)
    nama_wa = models.CharField("nama di WhatsApp", max_length=100, blank=True)
    penduduk = models.ForeignKey(
        Penduduk, on_delete=models.PROTECT, related_name="permintaan_pin", null=True, blank=True
    )
    alasan = models.CharField(max_length=300, blank=True)
    # HMAC of the network address that the form came from: forms of one sender belong together.
    alamat_sidik = models.CharField(max_length=64, blank=True, default="")
    dibuat_pada = models.DateTimeField()
    diperbarui_pada = models.DateTimeField()
    diputus_pada = models.DateTimeField(null=True)
    diputus_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    foto_dihapus_pada = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "permintaan PIN"
        verbose_name_plural = "permintaan PIN"
        indexes = [
            models.Index(fields=["keadaan", "dibuat_pada"], name="permintaan_antrean"),
            models.Index(
                fields=["alamat_sidik"],
                condition=~Q(alamat_sidik="") & Q(keadaan__in=["KUMPUL", "MENUNGGU", "FOTO_ULANG"]),
                name="permintaan_terbuka_alamat",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["nomor_hp"],
                condition=Q(asal="WA", keadaan__in=["KUMPUL", "MENUNGGU", "FOTO_ULANG"]),
                name="satu_permintaan_wa_terbuka_per_nomor",
            ),
            models.CheckConstraint(
                condition=Q(keadaan__in=["TERBIT", "DITOLAK"], diputus_pada__isnull=False)
                | ~Q(keadaan__in=["TERBIT", "DITOLAK"]) & Q(diputus_pada__isnull=True),
                name="permintaan_diputus_ada_waktu",
            ),
            models.CheckConstraint(
                condition=~Q(keadaan="TERBIT") | Q(penduduk__isnull=False),
                name="permintaan_terbit_ada_penduduk",
            ),
            models.CheckConstraint(
                condition=~Q(keadaan__in=["DITOLAK", "FOTO_ULANG"]) | ~Q(alasan=""),
                name="permintaan_ditolak_ada_alasan",
            ),
        ]

    def __str__(self) -> str:
        return f"permintaan PIN lewat {self.get_asal_display()}"
