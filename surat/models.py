"""What a letter is, and how it becomes paper."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from penduduk.models import Penduduk


class TataNaskah(models.Model):
    """How letters of this village look and are numbered. One row; empty means not yet decided."""

    class Kertas(models.TextChoices):
        F4 = "F4", "F4/folio (215 × 330 mm)"
        A4 = "A4", "A4 (210 × 297 mm)"

    class Buku(models.TextChoices):
        SATU = "SATU", "Satu buku untuk semua surat"
        KLASIFIKASI = "KLASIFIKASI", "Satu buku per kode klasifikasi"
        JENIS = "JENIS", "Satu buku per jenis surat"

    kop_1 = models.CharField("kop, baris 1", max_length=80, blank=True)
    kop_2 = models.CharField("kop, baris 2", max_length=80, blank=True)
    kop_3 = models.CharField("kop, baris 3", max_length=80, blank=True)
    kertas = models.CharField(max_length=2, choices=Kertas, default=Kertas.F4)
    buku = models.CharField("buku nomor", max_length=12, choices=Buku, default=Buku.SATU)
    format_nomor = models.CharField(
        max_length=120,
        default="[kode]/[nomor,3]/[kode_desa]/[bulan_romawi]/[tahun]",
        help_text=(
            "Sisipan: [kode] klasifikasi, [nomor] atau [nomor,3] dengan nol di depan, "
            "[kode_desa], [desa], [bulan], [bulan_romawi], [tahun]."
        ),
    )

    class Meta:
        verbose_name = "tata naskah"
        verbose_name_plural = "tata naskah"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="hanya_satu_tata_naskah")]

    def __str__(self) -> str:
        return "Tata naskah"


class Pejabat(models.Model):
    """A village official: signs by mandate, or (perangkat desa) may carry a letter home."""

    nama = models.CharField(max_length=100)
    jabatan = models.CharField(max_length=80, help_text="Misalnya Sekretaris Desa.")
    nip = models.CharField("NIP/NIPD", max_length=30, blank=True)
    akun = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="pejabat",
        null=True,
        blank=True,
        limit_choices_to={"is_staff": True},
    )
    mengantar = models.BooleanField(
        "dapat mengantarkan surat", default=False, help_text="Ditawarkan kepada warga."
    )
    aktif = models.BooleanField(default=True)

    class Meta:
        verbose_name = "pejabat"
        verbose_name_plural = "pejabat"

    def __str__(self) -> str:
        return f"{self.nama} ({self.jabatan})"


class MandatQuerySet(models.QuerySet["Mandat"]):
    def berlaku(self, tanggal: date) -> "MandatQuerySet":
        """Mandates valid on `tanggal` (WITA), the definitive head first."""
        return self.filter(
            Q(sampai__isnull=True) | Q(sampai__gte=tanggal), dari__lte=tanggal, pejabat__aktif=True
        ).order_by("urutan", "pk")


class Mandat(models.Model):
    """Who may sign, from when to when, and in what capacity (Permendagri 1/2023)."""

    class Sebagai(models.TextChoices):
        DEFINITIF = "DEFINITIF", "pejabat definitif"
        AN = "AN", "a.n. (atas nama)"
        UB = "UB", "u.b. (untuk beliau)"
        PLT = "PLT", "Plt. (pelaksana tugas)"
        PLH = "PLH", "Plh. (pelaksana harian)"

    pejabat = models.ForeignKey(Pejabat, on_delete=models.PROTECT, related_name="mandat")
    sebagai = models.CharField(max_length=10, choices=Sebagai)
    dari = models.DateField("berlaku dari")
    sampai = models.DateField("berlaku sampai", null=True, blank=True)
    dasar = models.CharField("nomor keputusan", max_length=120, blank=True)
    urutan = models.PositiveSmallIntegerField(default=1, help_text="1 ditawarkan lebih dulu.")

    objects = MandatQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat tanda tangan"
        verbose_name_plural = "mandat tanda tangan"
        constraints = [
            models.CheckConstraint(
                condition=Q(sampai__isnull=True) | Q(sampai__gte=F("dari")),
                name="mandat_sampai_sesudah_dari",
                violation_error_message="Tanggal akhir mandat mendahului tanggal mulai.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pejabat}, {self.get_sebagai_display()}"


class JenisSurat(models.Model):
    """A type of letter that residents can request; fields, papers and body are rows of its own."""

    class Pengantar(models.TextChoices):
        WAJIB = "WAJIB", "wajib"
        DISARANKAN = "DISARANKAN", "disarankan"
        TIDAK = "TIDAK", "tidak perlu"

    kode = models.SlugField(max_length=40, unique=True)
    nama = models.CharField(max_length=120)
    judul = models.CharField("judul di kertas", max_length=120)
    kelompok = models.CharField(max_length=40, blank=True)
    naskah = models.CharField(max_length=20, default="keterangan", help_text="keterangan/pengantar")
    tujuan = models.CharField("untuk apa", max_length=200)
    klasifikasi = models.CharField("kode klasifikasi", max_length=24)
    pengantar_kelian = models.CharField(max_length=12, choices=Pengantar, default=Pengantar.TIDAK)
    masa_berlaku_hari = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Kosong: tidak kedaluwarsa."
    )
    janji_hari = models.PositiveSmallIntegerField(
        "janji selesai (hari kerja)", default=1, help_text="Dihitung sejak permohonan lengkap."
    )
    layanan_mandiri = models.BooleanField("ditawarkan kepada warga", default=True)
    data_sensitif = models.BooleanField(
        default=False, help_text="Nama surat tidak disebut di pesan dan di layar umum."
    )
    urutan = models.PositiveSmallIntegerField(default=100)
    sidik_bawaan = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "jenis surat"
        verbose_name_plural = "jenis surat"

    def __str__(self) -> str:
        return self.nama


class Isian(models.Model):
    """One field of a letter type's form."""

    jenis = models.ForeignKey(JenisSurat, on_delete=models.CASCADE, related_name="bidang")
    kunci = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    tipe = models.CharField(max_length=40)
    wajib = models.BooleanField(default=True)
    bantuan = models.CharField(max_length=200, blank=True)
    pilihan = models.JSONField(default=list, blank=True)
    urutan = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "isian"
        verbose_name_plural = "isian"
        ordering = ["urutan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jenis", "kunci"], name="isian_kunci_sekali_per_jenis")
        ]

    def __str__(self) -> str:
        return self.label


class Syarat(models.Model):
    """One paper that a letter type asks for."""

    jenis = models.ForeignKey(JenisSurat, on_delete=models.CASCADE, related_name="syarat")
    kode = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    wajib = models.BooleanField(default=True)
    boleh_dibawa = models.BooleanField(
        "boleh dibawa ke kantor", default=False, help_text="Warga boleh menyerahkan kertasnya saja."
    )
    urutan = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "syarat"
        verbose_name_plural = "syarat"
        ordering = ["urutan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jenis", "kode"], name="syarat_kode_sekali_per_jenis")
        ]

    def __str__(self) -> str:
        return self.label


class Templat(models.Model):
    """One version of a letter type's wording. Append-only: issued letters keep theirs."""

    jenis = models.ForeignKey(JenisSurat, on_delete=models.PROTECT, related_name="templat")
    versi = models.PositiveIntegerField()
    pembuka = models.TextField()
    isi = models.TextField(help_text="Satu alinea per baris kosong.")
    penutup = models.TextField()
    dibuat_pada = models.DateTimeField(auto_now_add=True)
    dibuat_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        verbose_name = "templat"
        verbose_name_plural = "templat"
        constraints = [
            models.UniqueConstraint(fields=["jenis", "versi"], name="templat_versi_sekali")
        ]

    def __str__(self) -> str:
        return f"{self.jenis} v{self.versi}"


class BukuNomor(models.Model):
    """Counter of one register and year; moved only inside the transaction that uses the number."""

    kode = models.CharField(max_length=60)
    tahun = models.PositiveSmallIntegerField()
    terakhir = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "buku nomor"
        verbose_name_plural = "buku nomor"
        constraints = [
            models.UniqueConstraint(fields=["kode", "tahun"], name="buku_sekali_per_tahun")
        ]

    def __str__(self) -> str:
        return f"{self.kode} {self.tahun}: {self.terakhir}"


class Surat(models.Model):
    """An issued letter: everything printed is frozen in `data`. Never changed, never deleted."""

    nomor = models.CharField(max_length=120, unique=True)
    buku = models.ForeignKey(BukuNomor, on_delete=models.PROTECT, related_name="surat")
    urut = models.PositiveIntegerField()
    tanggal = models.DateField()
    jenis = models.ForeignKey(JenisSurat, on_delete=models.PROTECT, related_name="surat")
    templat = models.ForeignKey(Templat, on_delete=models.PROTECT, related_name="surat")
    subjek = models.ForeignKey(Penduduk, on_delete=models.PROTECT, related_name="surat")
    mandat = models.ForeignKey(Mandat, on_delete=models.PROTECT, related_name="surat")
    data = models.JSONField()
    kode_cek = models.CharField(max_length=10, unique=True)
    diterbitkan_pada = models.DateTimeField()
    diterbitkan_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    berlaku_sampai = models.DateField(null=True)
    batal_pada = models.DateTimeField(null=True)
    batal_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    batal_alasan = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "surat"
        verbose_name_plural = "surat"
        constraints = [
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

    class Meta:
        verbose_name = "cetakan"
        verbose_name_plural = "cetakan"
        indexes = [
            models.Index(
                fields=["ambil_lagi_pada"],
                condition=Q(keadaan="MENUNGGU"),
                name="cetakan_antrean",
            )
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
