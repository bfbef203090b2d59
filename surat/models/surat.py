"""Issued letters: number, frozen content, print, signature."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from penduduk.models import Penduduk
from penduduk.models.cari import IndeksCari
from penduduk.models.indeks import jarang, terisi
from surat.models.buku import BukuNomor, EntriBuku
from surat.models.jenis import JenisSurat, Templat
from surat.models.tata import Mandat


class Surat(models.Model):
    """An issued letter: everything printed is frozen in `data`. Never changed, never deleted."""

    nomor = models.CharField(max_length=120, unique=True)
    buku = models.ForeignKey(BukuNomor, on_delete=models.PROTECT, related_name="surat")
    urut = models.PositiveIntegerField()
    agenda = models.OneToOneField(EntriBuku, on_delete=models.PROTECT, related_name="surat")
    tanggal = models.DateField()
    jenis = models.ForeignKey(
        JenisSurat, on_delete=models.PROTECT, related_name="surat", db_index=False
    )
    templat = models.ForeignKey(Templat, on_delete=models.PROTECT, related_name="surat")
    subjek = models.ForeignKey(Penduduk, on_delete=models.PROTECT, related_name="surat")
    nama = models.CharField(
        "yang diterangkan", max_length=120, blank=True, help_text="Nama seperti tercetak."
    )
    mandat = models.ForeignKey(Mandat, on_delete=models.PROTECT, related_name="surat")
    data = models.JSONField()
    kode_cek = models.CharField(max_length=10, unique=True)
    diterbitkan_pada = models.DateTimeField()
    diterbitkan_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    berlaku_sampai = models.DateField(null=True)
    batal_pada = models.DateTimeField(null=True)
    batal_oleh = jarang(settings.AUTH_USER_MODEL)
    batal_alasan = models.CharField(max_length=500, blank=True)
    # After the signature a letter is corrected by a new one, or withdrawn; never changed.
    menggantikan = jarang("self", related_name="pengganti")
    dicabut_pada = models.DateTimeField(null=True)
    dicabut_oleh = jarang(settings.AUTH_USER_MODEL)
    dicabut_alasan = models.CharField(max_length=300, blank=True)
    # How often and when last somebody asked whether it is genuine; never who.
    dicek = models.PositiveIntegerField(default=0, db_default=0)
    dicek_pada = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "surat"
        verbose_name_plural = "surat"
        permissions = [
            ("cabut_surat", "Dapat mencabut surat"),
            ("koreksi_surat", "Dapat membuat surat pengganti"),
        ]
        indexes = [
            models.Index(fields=["tanggal"], name="surat_tanggal"),
            IndeksCari("nomor nama", name="surat_cari"),
            models.Index(fields=["jenis", "tanggal"], name="surat_per_jenis"),
            *terisi("surat", "menggantikan", "batal_oleh", "dicabut_oleh"),
            *terisi("surat", "batal_pada", "dicabut_pada"),
        ]
        constraints = [
            # One valid successor at most; a void one may be tried again.
            models.UniqueConstraint(
                fields=["menggantikan"],
                condition=Q(batal_pada__isnull=True, menggantikan__isnull=False),
                name="surat_diganti_sekali",
            ),
            models.CheckConstraint(
                condition=Q(dicabut_pada__isnull=True, dicabut_oleh__isnull=True, dicabut_alasan="")
                | Q(dicabut_pada__isnull=False, dicabut_oleh__isnull=False) & ~Q(dicabut_alasan=""),
                name="surat_dicabut_dengan_siapa_dan_alasan",
            ),
            models.UniqueConstraint(fields=["buku", "urut"], name="surat_urut_sekali_per_buku"),
            models.CheckConstraint(
                condition=Q(batal_pada__isnull=True, batal_oleh__isnull=True, batal_alasan="")
                | Q(batal_pada__isnull=False, batal_oleh__isnull=False) & ~Q(batal_alasan=""),
                name="surat_batal_dengan_siapa_dan_alasan",
            ),
        ]

    def __str__(self) -> str:
        return self.nomor


class Cetakan(models.Model):
    """The PDF of a letter, and until it exists the work order for it (row = queue)."""

    class Keadaan(models.TextChoices):
        MENUNGGU = "MENUNGGU", "menunggu dicetak"
        SELESAI = "SELESAI", "selesai"

    surat = models.OneToOneField(Surat, on_delete=models.PROTECT, related_name="cetakan")
    keadaan = models.CharField(max_length=10, choices=Keadaan, default=Keadaan.MENUNGGU)
    percobaan = models.PositiveSmallIntegerField(default=0)
    ambil_lagi_pada = models.DateTimeField(
        help_text="Sejak kapan seorang pekerja boleh mengambilnya (sewa atau jeda ulang)."
    )
    galat = models.CharField(max_length=200, blank=True)
    berkas = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    ukuran = models.PositiveIntegerField(default=0)
    halaman = models.PositiveSmallIntegerField(default=0)
    selesai_pada = models.DateTimeField(null=True)
    # Since when the file is known to be gone or altered, and cannot be made again as it was.
    rusak_pada = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "cetakan"
        verbose_name_plural = "cetakan"
        indexes = [
            models.Index(
                fields=["ambil_lagi_pada"],
                condition=Q(keadaan="MENUNGGU"),
                name="cetakan_antrean",
            ),
            models.Index(fields=["sha256"], name="cetakan_sidik"),
            models.Index(
                fields=["rusak_pada"],
                condition=Q(rusak_pada__isnull=False),
                name="cetakan_rusak",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(keadaan="MENUNGGU", sha256="", selesai_pada__isnull=True)
                | Q(keadaan="SELESAI", selesai_pada__isnull=False) & ~Q(sha256="") & ~Q(berkas=""),
                name="cetakan_selesai_punya_berkas",
            )
        ]

    def __str__(self) -> str:
        return f"cetakan {self.pk}"


class TandaTangan(models.Model):
    """The record that a letter was signed: by whom, under which mandate, when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    surat = models.OneToOneField(Surat, on_delete=models.PROTECT, related_name="tanda_tangan")
    mandat = models.ForeignKey(Mandat, on_delete=models.PROTECT, related_name="+")
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pada = models.DateTimeField()

    class Meta:
        verbose_name = "tanda tangan"
        verbose_name_plural = "tanda tangan"

    def __str__(self) -> str:
        return f"tanda tangan {self.pada:%Y-%m-%d}"


class FormulirSurat(models.Model):
    """An official form that went with a letter. `data` is frozen with it (Surat.data names its
    hash) and drawn anew for each print; `sha256`: the file that was printed last."""

    surat = models.ForeignKey(Surat, on_delete=models.PROTECT, related_name="formulir")
    kunci = models.SlugField(max_length=40)
    data = models.JSONField()
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    dibekukan_pada = models.DateTimeField()

    class Meta:
        verbose_name = "formulir surat"
        verbose_name_plural = "formulir surat"
        constraints = [
            models.UniqueConstraint(fields=["surat", "kunci"], name="formulir_sekali_per_surat")
        ]

    def __str__(self) -> str:
        return f"formulir {self.pk}"
