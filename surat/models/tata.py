"""How letters of the village look, who signs them, and how they are numbered."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from penduduk.models import Akun


def _margin(nama: str, awal: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        f"margin {nama} (mm)",
        default=awal,
        validators=[MinValueValidator(5), MaxValueValidator(60)],
    )


class Lambang(models.Model):
    """An emblem for the letterhead, re-encoded as PNG. Append-only: issued letters name theirs by
    `sha256` and must look the same for ever. Kept in the database, so that a backup of the rows
    alone can print every letter again."""

    sha256 = models.CharField(max_length=64, unique=True)
    png = models.BinaryField()
    lebar = models.PositiveSmallIntegerField(help_text="piksel")
    tinggi = models.PositiveSmallIntegerField(help_text="piksel")
    diunggah_pada = models.DateTimeField()
    diunggah_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        verbose_name = "lambang"
        verbose_name_plural = "lambang"

    def __str__(self) -> str:
        return f"lambang {self.lebar} × {self.tinggi}"


class TataNaskah(models.Model):
    """How letters of this village look and are numbered. One row; empty means not yet decided."""

    class Kertas(models.TextChoices):
        F4 = "F4", "F4/folio (215 × 330 mm)"
        A4 = "A4", "A4 (210 × 297 mm)"

    class Huruf(models.TextChoices):
        ARIMO = "ARIMO", "Arimo (seukuran Arial)"
        TINOS = "TINOS", "Tinos (seukuran Times New Roman)"

    class Ukuran(models.TextChoices):
        KECIL = "11", "11 pt"
        SEDANG = "11.5", "11,5 pt"
        BESAR = "12", "12 pt"

    class Buku(models.TextChoices):
        SATU = "SATU", "Satu buku untuk semua surat"
        KLASIFIKASI = "KLASIFIKASI", "Satu buku per kode klasifikasi"
        JENIS = "JENIS", "Satu buku per jenis surat"

    class Skema(models.TextChoices):
        BELUM = "", "Belum dipastikan (dipakai kode baru)"
        BARU = "BARU", "Kode baru (Permendagri 83/2022)"
        LAMA = "LAMA", "Kode lama (sejenis Permendagri 78/2012)"

    kop_1 = models.CharField("kop, baris 1", max_length=80, blank=True)
    kop_2 = models.CharField("kop, baris 2", max_length=80, blank=True)
    kop_3 = models.CharField("kop, baris 3", max_length=80, blank=True)
    lambang = models.ForeignKey(
        Lambang, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    # Perda Bali 1/2018 and Pergub 80/2018: names of offices carry aksara above Latin script.
    aksara = models.BooleanField(
        "aksara Bali di atas baris kop",
        default=True,
        help_text="Hanya baris yang terisi di bawah ini, dan sesudah diperiksa.",
    )
    aksara_1 = models.CharField("aksara, baris 1", max_length=120, blank=True)
    aksara_2 = models.CharField("aksara, baris 2", max_length=120, blank=True)
    aksara_3 = models.CharField("aksara, baris 3", max_length=120, blank=True)
    aksara_diperiksa = models.CharField(
        "aksara diperiksa oleh",
        max_length=120,
        blank=True,
        help_text="Nama Penyuluh Bahasa Bali, dan tanggalnya. Kosong: aksara belum dicetak.",
    )
    kertas = models.CharField(max_length=2, choices=Kertas, default=Kertas.F4)
    margin_atas = _margin("atas", 15)
    margin_kanan = _margin("kanan", 22)
    margin_bawah = _margin("bawah", 22)
    margin_kiri = _margin("kiri", 28)
    huruf = models.CharField(max_length=8, choices=Huruf, default=Huruf.ARIMO)
    ukuran_huruf = models.CharField(max_length=4, choices=Ukuran, default=Ukuran.SEDANG)
    buku = models.CharField("buku nomor", max_length=12, choices=Buku, default=Buku.SATU)
    skema_klasifikasi = models.CharField(
        "skema kode klasifikasi", max_length=4, choices=Skema, default=Skema.BELUM, blank=True
    )
    format_nomor = models.CharField(
        max_length=120,
        default="[kode]/[nomor,3]/[kode_desa]/[bulan_romawi]/[tahun]",
        help_text=(
            "Sisipan: [kode] klasifikasi, [nomor] atau [nomor,3] dengan nol di depan, "
            "[kode_desa], [desa], [bulan], [bulan_romawi], [tahun]."
        ),
    )
    nip_di_surat = models.BooleanField(
        "cetak NIP/NIPD penanda tangan", default=True, help_text="Bila nomornya terisi."
    )
    versi_formulir = models.CharField(
        "formulir resmi yang berlaku",
        max_length=4,
        choices=[("2019", "Permendagri 109/2019"), ("2026", "Permendagri 6/2026")],
        default="2019",
        db_default="2019",
        help_text="Tanyakan Disdukcapil sebelum memakai formulir tahun 2026.",
    )
    formulir_perbekel = models.BooleanField(
        "tempat tanda tangan dan cap desa di formulir Disdukcapil",
        default=False,
        db_default=False,
        help_text="Tidak ada pada formulir resminya; hanya bila Disdukcapil memintanya.",
    )
    formulir_meterai = models.BooleanField(
        "tempat meterai di SPTJM (F-2.03, F-2.04)", default=False, db_default=False
    )
    # Which forms the office of destination has accepted: key-edition → by whom, when (ISO 8601).
    formulir_diperiksa = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), editable=False
    )
    # The first run: no number is given before an admin has said once that the village is ready.
    dilewati = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), editable=False
    )
    contoh_dilihat_pada = models.DateTimeField(null=True, editable=False)
    siap_pada = models.DateTimeField(null=True, editable=False)
    siap_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
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

    def dikukuhkan_dulu(self) -> "MandatQuerySet":
        """Those first under which somebody can sign; each with `dikukuhkan`, whether one can."""
        ada = Pengukuhan.objects.filter(mandat=OuterRef("pk"), berlaku=True)
        return self.annotate(dikukuhkan=Exists(ada)).order_by("-dikukuhkan", "urutan", "pk")

    def dipegang(self, akun: Akun, tanggal: date) -> "MandatQuerySet":
        """Mandates under which `akun` may sign on `tanggal`: valid, and as they were confirmed."""
        return self.berlaku(tanggal).filter(
            Q(pengukuhan__sampai__isnull=True) | Q(pengukuhan__sampai__gte=tanggal),
            pengukuhan__akun=akun,
            pengukuhan__berlaku=True,
            pengukuhan__dari__lte=tanggal,
            pengukuhan__sebagai=F("sebagai"),
            pengukuhan__jabatan=F("pejabat__jabatan"),
        )


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

    def pemegang(self) -> Akun | None:
        """For whose signature a letter under this mandate waits."""
        satu = self.pengukuhan.filter(berlaku=True).select_related("akun").first()
        return satu.akun if satu is not None else None


class Pengukuhan(models.Model):
    """That an account may sign under a mandate, as the mandate was then: proposed by one person and
    confirmed by another (surat.pengukuhan). Append-only but for the answer.

    Waits while it has no answer; `berlaku`: it is the one that holds. Without `diusulkan_oleh` it
    was set on the server, or is from before there were confirmations.
    """

    mandat = models.ForeignKey(Mandat, on_delete=models.PROTECT, related_name="pengukuhan")
    akun = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pengukuhan"
    )
    jabatan = models.CharField(max_length=80)
    sebagai = models.CharField(max_length=10, choices=Mandat.Sebagai)
    dari = models.DateField()
    sampai = models.DateField(null=True)
    diusulkan_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    diusulkan_pada = models.DateTimeField()
    dijawab_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    dijawab_pada = models.DateTimeField(null=True)
    berlaku = models.BooleanField(default=False)

    class Meta:
        verbose_name = "pengukuhan"
        verbose_name_plural = "pengukuhan"
        constraints = [
            models.UniqueConstraint(
                fields=["mandat"], condition=Q(berlaku=True), name="pengukuhan_satu_pemegang"
            ),
            models.UniqueConstraint(
                fields=["mandat"], condition=Q(dijawab_pada=None), name="pengukuhan_satu_menunggu"
            ),
            models.CheckConstraint(
                condition=Q(berlaku=False)
                | Q(dijawab_pada__isnull=False)
                & (
                    Q(diusulkan_oleh__isnull=True)
                    | Q(dijawab_oleh__isnull=False) & ~Q(dijawab_oleh=F("diusulkan_oleh"))
                ),
                name="pengukuhan_oleh_orang_lain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.akun}: {self.jabatan}, {self.get_sebagai_display()}"

    def mencakup(self, mandat: Mandat) -> bool:
        """Whether this says all that `mandat` says now; its pejabat is loaded."""
        sampai = self.sampai is None or (mandat.sampai is not None and mandat.sampai <= self.sampai)
        kini = (mandat.pejabat.akun_id, mandat.pejabat.jabatan, mandat.sebagai)
        return (self.akun_id, self.jabatan, self.sebagai) == kini and (
            self.dari <= mandat.dari and sampai
        )
