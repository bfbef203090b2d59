"""The register of the years before the portal, as it was kept elsewhere."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from penduduk.models.cari import IndeksCari


class ArsipSurat(models.Model):
    """One line of a former register, as it was written: read only, never one of our letters.

    Rows of one file share `muatan`; until somebody has looked at them (`sah`) they are a dry run.
    """

    nomor = models.CharField("nomor surat", max_length=120)
    tanggal = models.DateField(null=True)
    tanggal_tertulis = models.CharField("tanggal seperti tertulis", max_length=60, blank=True)
    perihal = models.CharField("jenis atau perihal", max_length=300, blank=True)
    nama = models.CharField("nama atau tujuan", max_length=300, blank=True)
    keterangan = models.TextField(blank=True)
    muatan = models.UUIDField(default=uuid.uuid4, db_index=True)
    baris = models.PositiveIntegerField("baris di berkas")
    sidik = models.CharField(max_length=64)
    sah = models.BooleanField(default=False)
    dimuat_pada = models.DateTimeField()
    dimuat_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "arsip surat lama"
        verbose_name_plural = "arsip surat lama"
        indexes = [IndeksCari("nomor tanggal_tertulis perihal nama keterangan", name="arsip_cari")]
        constraints = [
            models.UniqueConstraint(
                fields=["sidik"], condition=Q(sah=True), name="arsip_sekali_sama"
            )
        ]

    def __str__(self) -> str:
        return f"{self.nomor} (arsip)"
