"""Who a person is, and how they prove it."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from penduduk import referensi

models.CharField.register_lookup(Length)


class Desa(models.Model):
    """The one row of facts about the village. Empty means unknown: nothing is ever invented."""

    nama = models.CharField("nama desa", max_length=60, default="Bugbug")
    kode = models.CharField("kode desa (Kemendagri)", max_length=13, default="51.07.04.2001")
    kecamatan = models.CharField(max_length=60, default="Karangasem")
    kabupaten = models.CharField(max_length=60, default="Karangasem")
    provinsi = models.CharField(max_length=60, default="Bali")
    kode_pos = models.CharField("kode pos", max_length=5, default="80811", blank=True)
    sebutan_kepala = models.CharField(
        "sebutan kepala desa",
        max_length=40,
        default="Perbekel",
        help_text="Kata yang dipakai di surat dan pesan: Perbekel, Kepala Desa, …",
    )
    semboyan = models.CharField(
        max_length=80, default="RAPAT: Ramah, Cepat, Tepat", blank=True, help_text="Di beranda."
    )
    alamat_kantor = models.CharField("alamat kantor", max_length=160, blank=True)
    telepon = models.CharField("telepon kantor", max_length=30, blank=True)
    nomor_wa = models.CharField(
        "nomor WhatsApp desa",
        max_length=20,
        blank=True,
        help_text="Nomor yang menerima foto KTP-el dan KK untuk meminta PIN.",
    )
    email = models.EmailField(blank=True)
    situs = models.CharField(max_length=80, blank=True, default="bugbug-karangasem.id")
    jam_layanan = models.CharField("jam layanan", max_length=120, blank=True)
    pengumuman = models.CharField(
        max_length=300, blank=True, help_text="Tampil di atas semua halaman warga. Kosong: tidak."
    )
    contoh = models.BooleanField(
        "desa contoh",
        default=False,
        help_text="Data peragaan; halaman dan surat diberi tanda CONTOH.",
    )

    class Meta:
        verbose_name = "desa"
        verbose_name_plural = "desa"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="hanya_satu_desa")]

    def __str__(self) -> str:
        return f"Desa {self.nama}"


class Banjar(models.Model):
    """Banjar dinas: the hamlet of the civil village, with its kelian."""

    nama = models.CharField(max_length=60, unique=True)
    kelian = models.CharField("nama kelian", max_length=100, blank=True)
    nomor_hp_kelian = models.CharField("nomor HP kelian", max_length=16, blank=True)

    class Meta:
        verbose_name = "banjar dinas"
        verbose_name_plural = "banjar dinas"

    def __str__(self) -> str:
        return self.nama


class Keluarga(models.Model):
    """One family card (KK). The number changes over a family's life, so it is no key."""

    no_kk = models.CharField("nomor KK", max_length=16, unique=True)
    alamat = models.CharField(max_length=160)
    banjar = models.ForeignKey(
        Banjar, on_delete=models.PROTECT, related_name="keluarga", null=True, blank=True
    )

    class Meta:
        verbose_name = "keluarga"
        verbose_name_plural = "keluarga"

    def __str__(self) -> str:
        return f"KK …{self.no_kk[-4:]}"


class PendudukQuerySet(models.QuerySet["Penduduk"]):
    def hidup(self) -> "PendudukQuerySet":
        return self.filter(status_dasar=Penduduk.HIDUP)


class Penduduk(models.Model):
    """One resident in the village register."""

    HIDUP = 1

    nik = models.CharField(
        "NIK", max_length=16, unique=True, null=True, blank=True, help_text="Kosong: belum ada NIK."
    )
    nama = models.CharField(max_length=100)
    jenis_kelamin = models.PositiveSmallIntegerField(choices=referensi.jenis_kelamin)
    tempat_lahir = models.CharField(max_length=60, blank=True)
    tanggal_lahir = models.DateField(null=True, blank=True)
    agama = models.PositiveSmallIntegerField(choices=referensi.agama, null=True, blank=True)
    pendidikan = models.PositiveSmallIntegerField(
        choices=referensi.pendidikan, null=True, blank=True
    )
    pekerjaan = models.PositiveSmallIntegerField(choices=referensi.pekerjaan, null=True, blank=True)
    status_perkawinan = models.PositiveSmallIntegerField(
        choices=referensi.status_perkawinan, null=True, blank=True
    )
    kewarganegaraan = models.PositiveSmallIntegerField(choices=referensi.kewarganegaraan, default=1)
    golongan_darah = models.PositiveSmallIntegerField(
        choices=referensi.golongan_darah, null=True, blank=True
    )
    keluarga = models.ForeignKey(
        Keluarga, on_delete=models.PROTECT, related_name="anggota", null=True, blank=True
    )
    shdk = models.PositiveSmallIntegerField(
        "hubungan dalam keluarga", choices=referensi.shdk, null=True, blank=True
    )
    nama_ayah = models.CharField(max_length=100, blank=True)
    nama_ibu = models.CharField(max_length=100, blank=True)
    status_dasar = models.PositiveSmallIntegerField(
        "status dasar", choices=referensi.status_dasar, default=HIDUP
    )

    objects = PendudukQuerySet.as_manager()

    class Meta:
        verbose_name = "penduduk"
        verbose_name_plural = "penduduk"
        indexes = [models.Index(fields=["nama"], name="penduduk_nama")]

    def __str__(self) -> str:
        return self.nama


class AkunManager(BaseUserManager["Akun"]):
    def get_by_natural_key(self, username: str | None) -> "Akun":
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **lain) -> "Akun":
        """A petugas (staff) account; residents' accounts are opened in penduduk.pin."""
        akun = self.model(username=username, is_staff=True, **lain)
        akun.set_password(password)
        akun.save(using=self._db)
        return akun

    def create_superuser(self, username: str, password: str | None = None, **lain) -> "Akun":
        return self.create_user(username, password, is_superuser=True, **lain)


class Akun(AbstractBaseUser, PermissionsMixin):
    """Someone who can log in. Two disjoint kinds, held apart by a constraint:

    warga    linked to a Penduduk; NIK + PIN (`password` holds the PIN's hash); no permissions
    petugas  is_staff, username + password; permissions by group
    """

    username = models.CharField("nama pengguna", max_length=60, unique=True, null=True, blank=True)
    nama = models.CharField(max_length=100, blank=True, help_text="Nama petugas.")
    penduduk = models.OneToOneField(
        Penduduk, on_delete=models.PROTECT, related_name="akun", null=True, blank=True
    )
    is_staff = models.BooleanField("petugas", default=False)
    is_active = models.BooleanField("aktif", default=True)
    dibuat_pada = models.DateTimeField(auto_now_add=True)
    nomor_hp = models.CharField("nomor HP", max_length=16, blank=True, help_text="+62…")
    setuju_wa_pada = models.DateTimeField("setuju dikabari lewat WhatsApp", null=True, blank=True)
    wajib_ganti_pin = models.BooleanField(default=False, editable=False)
    pin_berlaku_sampai = models.DateTimeField(null=True, blank=True, editable=False)
    terima_pemberitahuan = models.BooleanField(
        "kabari bila ada permohonan baru", default=True, help_text="Hanya untuk petugas."
    )

    USERNAME_FIELD = "username"
    objects = AkunManager()

    class Meta:
        verbose_name = "akun"
        verbose_name_plural = "akun"
        permissions = [("terbitkan_pin", "Dapat menerbitkan PIN warga")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_staff=True, username__isnull=False, penduduk__isnull=True)
                | Q(
                    is_staff=False,
                    is_superuser=False,
                    username__isnull=True,
                    penduduk__isnull=False,
                ),
                name="akun_warga_atau_petugas",
                violation_error_message=(
                    "Akun petugas memakai nama pengguna; akun warga memakai data penduduk. "
                    "Satu akun tidak boleh keduanya."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.nama or self.username or f"akun {self.pk}"

    def get_short_name(self) -> str:
        return str(self)

    get_full_name = get_short_name


class Percobaan(models.Model):
    """Counter of failed logins under one key: a NIK, an address or a device, only as HMAC."""

    kunci = models.CharField(max_length=64, unique=True)
    gagal = models.PositiveIntegerField(default=0)
    gagal_pada = models.DateTimeField(null=True)
    terkunci_sampai = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "percobaan masuk"
        verbose_name_plural = "percobaan masuk"
        indexes = [models.Index(fields=["gagal_pada"], name="percobaan_gagal_pada")]

    def __str__(self) -> str:
        return f"{self.gagal} gagal"


class Perangkat(models.Model):
    """A browser that has logged in to an account before; its cookie is kept as HMAC only."""

    akun = models.ForeignKey(Akun, on_delete=models.CASCADE, related_name="perangkat")
    sidik = models.CharField(max_length=64)
    dibuat_pada = models.DateTimeField()
    terakhir_pada = models.DateTimeField()

    class Meta:
        verbose_name = "perangkat"
        verbose_name_plural = "perangkat"
        constraints = [
            models.UniqueConstraint(fields=["akun", "sidik"], name="perangkat_sekali_per_akun")
        ]

    def __str__(self) -> str:
        return f"perangkat {self.pk}"
