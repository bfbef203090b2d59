"""Accounts, and everything that guards them."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from penduduk.models.cari import IndeksCari
from penduduk.models.indeks import terisi
from penduduk.models.register import Penduduk


class AkunManager(BaseUserManager["Akun"]):
    def get_by_natural_key(self, username: str | None) -> "Akun":
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **lain: Any) -> "Akun":
        """A petugas (staff) account; residents' accounts are opened in penduduk.akun.pin."""
        akun = self.model(username=username, is_staff=True, **lain)
        akun.set_password(password)
        akun.save(using=self._db)
        return akun

    def create_superuser(self, username: str, password: str | None = None, **lain: Any) -> "Akun":
        return self.create_user(username, password, is_superuser=True, **lain)


class Akun(AbstractBaseUser, PermissionsMixin):
    """Someone who can log in. Two disjoint kinds, held apart by a constraint:

    warga    linked to a Penduduk; NIK + PIN (`password` holds the PIN's hash); no permissions
    petugas  is_staff, username + password; permissions by group
    """

    class SebabBeku(models.TextChoices):
        PETUGAS = "PETUGAS", "dikunci petugas"
        BUKAN_SAYA = "BUKAN_SAYA", "warga menjawab BUKAN SAYA"

    username = models.CharField("nama pengguna", max_length=60, unique=True, null=True, blank=True)
    nama = models.CharField(max_length=100, blank=True, help_text="Nama petugas.")
    penduduk = models.OneToOneField(
        Penduduk, on_delete=models.PROTECT, related_name="akun", null=True, blank=True
    )
    is_staff = models.BooleanField("petugas", default=False)
    is_active = models.BooleanField("aktif", default=True)
    dibuat_pada = models.DateTimeField(auto_now_add=True)
    nomor_hp = models.CharField("nomor HP", max_length=16, blank=True, help_text="+62…")
    # Typed by the resident, and not proven yet to be theirs: warnings still go to `nomor_hp`.
    nomor_calon = models.CharField(max_length=16, blank=True, default="", editable=False)
    setuju_wa_pada = models.DateTimeField("setuju dikabari lewat WhatsApp", null=True, blank=True)
    dibekukan_pada = models.DateTimeField(
        "dibekukan", null=True, blank=True, editable=False, help_text="Sejak itu tidak bisa masuk."
    )
    sebab_beku = models.CharField(
        max_length=10, choices=SebabBeku, blank=True, default="", editable=False
    )
    # Strangers' guesses have used up what unknown phones may try (penduduk.akun.throttle).
    dijaga_pada = models.DateTimeField(null=True, blank=True, editable=False)
    # Staff who proved their password ask for a code (penduduk.akun.kode_masuk); until it is sent.
    minta_kode_pada = models.DateTimeField(null=True, blank=True, editable=False)
    # Until then a new phone passes the guard against spraying: "balas BUKA", or an operator.
    dibuka_sampai = models.DateTimeField(null=True, blank=True, editable=False)
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
        permissions = [
            ("terbitkan_pin", "Dapat menerbitkan PIN, mengunci dan membuka akun warga"),
        ]
        indexes = [
            IndeksCari("nomor_hp", name="akun_cari"),
            models.Index(fields=["nomor_hp"], name="akun_nomor_hp"),
            models.Index(fields=["username"], condition=Q(is_staff=True), name="akun_petugas"),
            *terisi("akun", "dijaga_pada", "minta_kode_pada", "dibekukan_pada"),
        ]
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
            models.CheckConstraint(
                condition=Q(dibekukan_pada__isnull=True, sebab_beku="")
                | Q(dibekukan_pada__isnull=False) & ~Q(sebab_beku=""),
                name="akun_beku_ada_sebab",
            ),
        ]

    def __str__(self) -> str:
        return self.nama or self.username or f"akun {self.pk}"

    def set_password(self, raw_password: str | None) -> None:
        """Of staff. A password that somebody has chosen replaces a one-time one for good."""
        super().set_password(raw_password)
        self.wajib_ganti_pin = False

    @property
    def warga(self) -> Penduduk:
        """The resident behind a resident's account; raises DoesNotExist for that of a petugas."""
        if self.penduduk is None:
            raise Penduduk.DoesNotExist
        return self.penduduk

    def get_short_name(self) -> str:
        return str(self)

    get_full_name = get_short_name


class Percobaan(models.Model):
    """Counter of failed logins under one key: a NIK, an address or a device, only as HMAC."""

    kunci = models.CharField(max_length=64, unique=True)
    jenis = models.CharField(max_length=10, default="")
    gagal = models.PositiveIntegerField(default=0)
    gagal_pada = models.DateTimeField(null=True)
    terkunci_sampai = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "percobaan masuk"
        verbose_name_plural = "percobaan masuk"
        indexes = [
            models.Index(fields=["gagal_pada"], name="percobaan_gagal_pada"),
            models.Index(fields=["jenis", "gagal_pada"], name="percobaan_jenis"),
        ]

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


class PINTerpakai(models.Model):
    """Hash of a PIN that `akun` has or once had, from the moment it is stored: none of them may
    become its PIN again. Append-only; written in penduduk.akun.pin."""

    akun = models.ForeignKey(Akun, on_delete=models.CASCADE, related_name="pin_terpakai")
    sandi = models.CharField(max_length=128)

    class Meta:
        verbose_name = "PIN terpakai"
        verbose_name_plural = "PIN terpakai"
        constraints = [
            models.UniqueConstraint(fields=["akun", "sandi"], name="pin_terpakai_sekali")
        ]

    def __str__(self) -> str:
        return f"PIN terpakai {self.pk}"


class KodeMasuk(models.Model):
    """A one-time code for a member of staff, as hash; one at a time (penduduk.akun.kode_masuk)."""

    akun = models.OneToOneField(Akun, on_delete=models.CASCADE, related_name="kode_masuk")
    sandi = models.CharField(max_length=128)
    berlaku_sampai = models.DateTimeField()
    gagal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "kode masuk"
        verbose_name_plural = "kode masuk"

    def __str__(self) -> str:
        return f"kode masuk {self.pk}"


class Sesi(AbstractBaseSession):
    """One browser that is logged in (or filling in a form), so that its owner can end it."""

    akun = models.ForeignKey(Akun, on_delete=models.CASCADE, related_name="sesi", null=True)
    perangkat = models.CharField(max_length=60, blank=True, default="")
    alamat = models.CharField(max_length=20, blank=True, default="", db_default="")  # shortened
    masuk_pada = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "sesi"
        verbose_name_plural = "sesi"

    def __str__(self) -> str:
        return self.perangkat or "sesi"


class KejadianAkun(models.Model):
    """Something that matters to the safety of an account: append-only, and told by a worker.

    `akun` is empty only for what concerns all of them (guesses sprayed over many NIKs).
    """

    class Jenis(models.TextChoices):
        PIN_DITERBITKAN = "PIN_TERBIT", "PIN awal diterbitkan"
        PIN_DIGANTI = "PIN_GANTI", "PIN diganti"
        NOMOR_DIGANTI = "NOMOR", "Nomor HP diganti"
        DIJAGA = "DIJAGA", "Tebakan orang lain ditahan"
        DIBUKA = "DIBUKA", "Dibuka untuk HP baru"
        DIBEKUKAN = "DIBEKUKAN", "Akun dikunci"
        DICAIRKAN = "DICAIRKAN", "Kunci akun dibuka"
        KELUAR_SEMUA = "KELUAR", "Keluar dari semua HP"
        KODE_MASUK = "KODE", "Kode masuk dibuat"
        SANDI_DIGANTI = "SANDI", "Kata sandi diganti admin"
        DIBUAT = "DIBUAT", "Akun petugas dibuat"
        PERAN_DIUBAH = "PERAN", "Peran diubah"
        DIATUR = "DIATUR", "Akun diubah admin"
        DIUSULKAN = "USUL", "Wewenang tanda tangan menunggu pengukuhan"
        DIKUKUHKAN = "KUKUH", "Wewenang tanda tangan dikukuhkan"
        DILEPAS = "LEPAS", "Wewenang tanda tangan dilepas"
        FAKTOR_DIPASANG = "FAKTOR", "Kode kedua dipasang"
        FAKTOR_DILEPAS = "FAKTORLEP", "Kode kedua dilepas"
        SEMPROTAN = "SEMPROTAN", "Tebakan pada banyak NIK"

    akun = models.ForeignKey(Akun, on_delete=models.PROTECT, related_name="kejadian", null=True)
    jenis = models.CharField(max_length=10, choices=Jenis)
    pada = models.DateTimeField()
    # NULL: the system, or the resident by WhatsApp or link.
    oleh = models.ForeignKey(Akun, on_delete=models.PROTECT, related_name="+", null=True)
    rincian = models.CharField(max_length=120, blank=True)
    # The number that the account had until this event, if that is who has to hear of it.
    nomor_lama = models.CharField(max_length=16, blank=True, default="")
    dikabarkan = models.BooleanField(default=False)

    class Meta:
        verbose_name = "kejadian akun"
        verbose_name_plural = "kejadian akun"
        indexes = [
            models.Index(fields=["akun", "-pada"], name="kejadian_akun"),
            models.Index(
                fields=["pada"], condition=Q(dikabarkan=False), name="kejadian_belum_kabar"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(akun__isnull=True, jenis="SEMPROTAN")
                | Q(akun__isnull=False) & ~Q(jenis="SEMPROTAN"),
                name="kejadian_milik_akun",
            )
        ]

    def __str__(self) -> str:
        return self.get_jenis_display()
