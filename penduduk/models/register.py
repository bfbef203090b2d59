"""The register: hamlets, families, residents. Dirty data is kept; what is odd is only labelled."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from penduduk import referensi
from penduduk.identitas import nama as nama_
from penduduk.identitas import nik as nik_
from penduduk.identitas import telepon
from penduduk.models.cari import IndeksCari, panjang


class KunciNamaField(models.CharField):
    """Search key of another column, written whenever the row is: see penduduk.identitas.nama."""

    kecil = True  # LIKE, which is three times as fast as ILIKE, is enough

    def __init__(self, *args: Any, dari: str = "nama", **kwargs: Any) -> None:
        self.dari = dari
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        nama, jalur, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return nama, jalur, args, {**kwargs, "dari": self.dari}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        nilai = nama_.kunci(getattr(model_instance, self.dari))[: self.max_length]
        setattr(model_instance, self.attname, nilai)
        return nilai


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

    no_kk = models.CharField(
        "nomor KK",
        max_length=16,
        unique=True,
        null=True,
        blank=True,
        help_text="Kosong: nomor KK belum diketahui.",
    )
    alamat = models.CharField(max_length=200, blank=True)
    rt = models.CharField("RT", max_length=10, blank=True)
    rw = models.CharField("RW", max_length=10, blank=True)
    banjar = models.ForeignKey(
        Banjar, on_delete=models.PROTECT, related_name="keluarga", null=True, blank=True
    )
    kepala_kk: list["Penduduk"]  # only where a query has prefetched it (penduduk.admin.register)
    riwayat = HistoricalRecords(
        verbose_name="riwayat keluarga",
        verbose_name_plural="riwayat keluarga",
        table_name="penduduk_riwayatkeluarga",
    )

    class Meta:
        verbose_name = "keluarga"
        verbose_name_plural = "keluarga"
        indexes = [IndeksCari("no_kk alamat", name="keluarga_cari")]

    def __str__(self) -> str:
        return f"KK …{self.no_kk[-4:]}" if self.no_kk else "KK tanpa nomor"


class PendudukQuerySet(models.QuerySet["Penduduk"]):
    def hidup(self) -> "PendudukQuerySet":
        return self.filter(status_dasar=Penduduk.HIDUP)

    def hidup_atau_meninggal(self) -> "PendudukQuerySet":
        """Without those who moved away, are missing or were entered by mistake."""
        return self.filter(status_dasar__in=(Penduduk.HIDUP, Penduduk.MATI))

    def cari(self, teks: str) -> "PendudukQuerySet":
        """Residents whose name or NIK holds every part of `teks`, in any usual spelling, or whose
        account's phone number holds it."""
        kata, hasil = nama_.potongan(teks), self
        for satu in kata:  # a short one is looked for in what the long ones have found
            apa = "contains" if any(map(panjang, kata)) and not panjang(satu) else "memuat"
            cocok = models.Q(**{f"nama_cari__{apa}": satu})
            if satu.isdigit():
                cocok |= models.Q(**{f"nik__{apa}": satu})
            hasil = hasil.filter(cocok)
        if angka := telepon.potongan(teks):
            ber_hp = Penduduk.objects.filter(akun__nomor_hp__memuat=angka).values("pk")
            hasil = self.filter(pk__in=hasil.order_by().values("pk").union(ber_hp))
        return hasil


class Penduduk(models.Model):
    """One resident in the village register."""

    HIDUP, MATI = 1, 2  # codes of the table status_dasar

    nik = models.CharField(
        "NIK", max_length=16, unique=True, null=True, blank=True, help_text="Kosong: belum ada NIK."
    )
    nama = models.CharField(max_length=100)
    nama_cari = KunciNamaField(max_length=120, dari="nama", default="")
    jenis_kelamin = models.PositiveSmallIntegerField(
        choices=referensi.jenis_kelamin, null=True, blank=True
    )
    tempat_lahir = models.CharField(max_length=100, blank=True)
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
    nik_ayah = models.CharField("NIK ayah", max_length=16, blank=True)
    nik_ibu = models.CharField("NIK ibu", max_length=16, blank=True)
    status_dasar = models.PositiveSmallIntegerField(
        "status dasar", choices=referensi.status_dasar, default=HIDUP
    )
    kolom_lain = models.JSONField(
        "kolom lain dari impor",
        default=dict,
        blank=True,
        editable=False,
        help_text="Nomor akta, paspor, dan lainnya: dibawa apa adanya agar ekspor tetap lengkap.",
    )
    riwayat = HistoricalRecords(
        verbose_name="riwayat penduduk",
        verbose_name_plural="riwayat penduduk",
        excluded_fields=["nama_cari"],
        table_name="penduduk_riwayatpenduduk",
    )

    objects = PendudukQuerySet.as_manager()

    class Meta:
        verbose_name = "penduduk"
        verbose_name_plural = "penduduk"
        indexes = [
            models.Index(fields=["nama"], name="penduduk_nama"),
            models.Index(fields=["nama_cari"], name="penduduk_nama_cari"),
            IndeksCari("nama_cari nik", name="penduduk_cari"),
        ]

    def __str__(self) -> str:
        return self.nama

    @property
    def label_nik(self) -> str:
        """What is wrong with the NIK, in two words; empty for one with which one can log in."""
        if not self.nik:
            return "Belum ada NIK"
        if nik_.sementara(self.nik):
            return "NIK sementara"
        return "" if nik_.sah(self.nik) else "NIK tidak sah"
