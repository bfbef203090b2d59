"""The books of the office: counters, the entries of Buku Agenda and Buku Ekspedisi, and the letters
that stand there although the portal did not print them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from penduduk.models.cari import IndeksCari


class BukuNomor(models.Model):
    """Counter of one book and year; moved only inside the transaction that uses the number."""

    kode = models.CharField(max_length=60)
    tahun = models.PositiveSmallIntegerField()
    terakhir = models.PositiveIntegerField(default=0)
    mulai_sesudah = models.PositiveIntegerField(
        default=0,
        help_text="Nomor terakhir yang sudah dipakai sebelum portal mulai menomori.",
    )

    class Meta:
        verbose_name = "buku nomor"
        verbose_name_plural = "buku nomor"
        constraints = [
            models.UniqueConstraint(fields=["kode", "tahun"], name="buku_sekali_per_tahun"),
            models.CheckConstraint(
                condition=Q(terakhir__gte=models.F("mulai_sesudah")),
                name="buku_terakhir_tidak_sebelum_mulai",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kode} {self.tahun}: {self.terakhir}"


class EntriBuku(models.Model):
    """One line of a book: its running number in the year, given once (surat.buku.entri). What
    stands in the line is the row that points here; every such row has a line of its own."""

    class Buku(models.TextChoices):
        AGENDA = "AGENDA", "Buku Agenda"
        EKSPEDISI = "EKSPEDISI", "Buku Ekspedisi"

    buku = models.CharField(max_length=9, choices=Buku)
    tahun = models.PositiveSmallIntegerField()
    urut = models.PositiveIntegerField()
    hari = models.DateField("dicatat tanggal")

    class Meta:
        verbose_name = "entri buku"
        verbose_name_plural = "entri buku"
        default_permissions = ()  # nobody makes or changes one by hand
        indexes = [models.Index(fields=["buku", "hari"], name="entri_hari")]
        constraints = [
            models.UniqueConstraint(
                fields=["buku", "tahun", "urut"], name="entri_urut_sekali_per_tahun"
            ),
            models.CheckConstraint(condition=Q(urut__gte=1), name="entri_urut_mulai_dari_satu"),
        ]

    def __str__(self) -> str:
        return f"{self.get_buku_display()} {self.tahun}: {self.urut}"


class CatatanAgenda(models.Model):
    """A letter in the agenda that the portal did not print: one that came in, or one that the
    office wrote by hand. The latter takes its number from the same book as all others."""

    class Arah(models.TextChoices):
        MASUK = "MASUK", "surat masuk"
        KELUAR = "KELUAR", "surat keluar di luar portal"

    arah = models.CharField(max_length=6, choices=Arah)
    tanggal = models.DateField("tanggal diterima atau dikirim")
    nomor = models.CharField("nomor surat", max_length=120)
    tanggal_surat = models.DateField()
    pihak = models.CharField(
        "pengirim atau tujuan", max_length=160, help_text="Dari siapa, atau ditujukan kepada siapa."
    )
    isi_singkat = models.CharField(max_length=200)
    keterangan = models.CharField(max_length=200, blank=True)
    buku = models.ForeignKey(BukuNomor, on_delete=models.PROTECT, related_name="+", null=True)
    urut = models.PositiveIntegerField(null=True)
    agenda = models.OneToOneField(EntriBuku, on_delete=models.PROTECT, related_name="catatan")
    ekspedisi = models.OneToOneField(
        EntriBuku, on_delete=models.PROTECT, related_name="catatan_keluar", null=True
    )
    dicatat_pada = models.DateTimeField()
    dicatat_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    batal_alasan = models.CharField(
        "alasan batal", max_length=200, blank=True, help_text="Nomornya tetap di buku."
    )

    class Meta:
        verbose_name = "catatan agenda"
        verbose_name_plural = "catatan agenda"
        indexes = [IndeksCari("nomor pihak isi_singkat keterangan", name="agenda_cari")]
        constraints = [
            models.UniqueConstraint(fields=["buku", "urut"], name="agenda_urut_sekali_per_buku"),
            models.CheckConstraint(
                condition=Q(
                    arah="MASUK", buku__isnull=True, urut__isnull=True, ekspedisi__isnull=True
                )
                | Q(arah="KELUAR", buku__isnull=False, urut__isnull=False, ekspedisi__isnull=False),
                name="agenda_keluar_bernomor_buku",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_arah_display()} {self.nomor}"
