"""What the reports count: a row for each request, and one a day for each kind of message."""

from django.db import models

from layanan.models.permohonan import Permohonan
from penduduk.models import Banjar
from surat.models import JenisSurat


class Rekap(models.Model):
    """One request as the reports see it, so that none of them walks through the history: written
    anew with each of its steps (layanan.laporan.rekap). Minutes: all stays of a kind together."""

    permohonan = models.OneToOneField(
        Permohonan, on_delete=models.PROTECT, primary_key=True, related_name="rekap"
    )
    hari = models.DateField("diajukan")  # WITA
    jenis = models.ForeignKey(JenisSurat, on_delete=models.PROTECT, related_name="+")
    banjar = models.ForeignKey(Banjar, on_delete=models.PROTECT, related_name="+", null=True)
    loket = models.BooleanField("lewat kantor")
    ke = models.CharField("keadaan sekarang", max_length=16, choices=Permohonan.Status)
    menit_antre = models.PositiveIntegerField("menunggu dikerjakan")
    menit_kerja = models.PositiveIntegerField("dikerjakan")
    menit_warga = models.PositiveIntegerField("menunggu warga")
    menit_ttd = models.PositiveIntegerField("menunggu tanda tangan")
    menit_ambil = models.PositiveIntegerField("menunggu diambil")
    # Signed within the promise; NULL: not signed (any more).
    tepat = models.BooleanField("janji ditepati", null=True)
    kembali = models.PositiveSmallIntegerField("kali dikembalikan ke warga")
    # What was found wanting, as the clerk wrote it: {"kembali": […], "tolak": […]}.
    sebab = models.JSONField(default=dict)

    class Meta:
        verbose_name = "laporan pelayanan"
        verbose_name_plural = "laporan pelayanan"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["hari"], name="rekap_hari")]

    def __str__(self) -> str:
        return f"rekap {self.permohonan_id}"


class RekapKabar(models.Model):
    """Messages of one kind to residents of one day; counted each night, as long as calls and
    receipts may still change it (layanan.laporan.kabar)."""

    hari = models.DateField()
    pesan = models.CharField(max_length=30)  # a name of layanan.kata_pesan.katalog
    jumlah = models.PositiveIntegerField()
    dikirim = models.PositiveIntegerField()
    sampai = models.PositiveIntegerField()
    gagal = models.PositiveIntegerField()
    ditelepon = models.PositiveIntegerField()

    class Meta:
        verbose_name = "rekap kabar"
        verbose_name_plural = "rekap kabar"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["hari", "pesan"], name="rekap_kabar_satu_per_hari")
        ]

    def __str__(self) -> str:
        return f"{self.pesan} {self.hari}"
