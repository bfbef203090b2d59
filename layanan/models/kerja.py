"""The desk: who works on a request, what the office notes about it, and its ready-made reasons."""

from django.conf import settings
from django.db import models

from layanan.models.permohonan import Permohonan


class Pegangan(models.Model):
    """Who has a request in hand (layanan.kerja.pegangan). A row outlives whoever goes away: it
    counts only for a while after `terakhir_pada`."""

    permohonan = models.OneToOneField(
        Permohonan, on_delete=models.CASCADE, related_name="pegangan", primary_key=True
    )
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sejak_pada = models.DateTimeField()
    terakhir_pada = models.DateTimeField()

    class Meta:
        verbose_name = "pegangan"
        verbose_name_plural = "pegangan"

    def __str__(self) -> str:
        return f"pegangan permohonan {self.permohonan_id}"


class CatatanKantor(models.Model):
    """What the operators write down for each other about a request; no resident reads it."""

    permohonan = models.ForeignKey(
        Permohonan, on_delete=models.PROTECT, related_name="catatan_kantor"
    )
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pada = models.DateTimeField()
    teks = models.TextField("catatan", max_length=500)

    class Meta:
        verbose_name = "catatan kantor"
        verbose_name_plural = "catatan kantor"
        ordering = ["pk"]
        indexes = [models.Index(fields=["pada"], name="catatan_kantor_pada")]

    def __str__(self) -> str:
        return f"catatan {self.pada:%d-%m-%Y}"


class AlasanSiap(models.Model):
    """A sentence that the village keeps ready for a step that wants a reason."""

    class Untuk(models.TextChoices):
        """Named as the steps are."""

        MINTA_PERBAIKAN = "minta_perbaikan", "Minta perbaikan"
        TOLAK = "tolak", "Tolak"
        KEMBALIKAN = "kembalikan", "Kembalikan (penanda tangan)"
        TARIK_KEMBALI = "tarik_kembali", "Tarik kembali"

    untuk = models.CharField(max_length=20, choices=Untuk)
    teks = models.CharField("alasan", max_length=200)

    class Meta:
        verbose_name = "alasan siap pakai"
        verbose_name_plural = "alasan siap pakai"
        ordering = ["untuk", "teks"]
        constraints = [
            models.UniqueConstraint(fields=["untuk", "teks"], name="alasan_siap_sekali"),
        ]

    def __str__(self) -> str:
        return self.teks
