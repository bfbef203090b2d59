"""The request, from draft to hand-over."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from penduduk.models import Penduduk
from penduduk.models.cari import IndeksCari
from penduduk.models.indeks import jarang, terisi
from surat.models import EntriBuku, JenisSurat, Pejabat, Surat
from surat.terbit import keadaan


class Draf(models.Model):
    """A half-filled form, kept on the server between the steps. One open draft per letter type."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    akun = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="draf"
    )
    jenis = models.ForeignKey(JenisSurat, on_delete=models.CASCADE, related_name="+")
    keterangan = models.TextField("keterangan tambahan", blank=True)
    nomor_hp = models.CharField("nomor HP", max_length=25, blank=True)
    isian = models.JSONField(default=dict)
    isian_lengkap = models.BooleanField(default=False)
    dibawa = models.JSONField("syarat yang dibawa ke kantor", default=list)
    diperbarui_pada = models.DateTimeField(auto_now=True)
    terkirim = models.BooleanField(default=False)

    class Meta:
        verbose_name = "draf"
        verbose_name_plural = "draf"
        constraints = [
            models.UniqueConstraint(
                fields=["akun", "jenis"],
                condition=Q(terkirim=False),
                name="satu_draf_terbuka_per_jenis",
            )
        ]

    def __str__(self) -> str:
        return f"draf {self.jenis}"


class PermohonanQuerySet(models.QuerySet["Permohonan"]):
    def menunggu_petugas(self) -> "PermohonanQuerySet":
        return self.filter(status__in=Permohonan.PERLU_DIKERJAKAN)

    def terlambat(self, *, pada: datetime) -> "PermohonanQuerySet":
        """Whose promise has passed while the work is still with the office."""
        return self.filter(status__in=Permohonan.DIJANJIKAN, janji_pada__lt=pada)

    def boleh_diserahkan(self) -> "PermohonanQuerySet":
        """Whose letter waits at the office and has no `halangan_serah`."""
        siap = self.filter(status=Permohonan.Status.SIAP_DIAMBIL, surat__dicabut_pada__isnull=True)
        return siap.exclude(keadaan.ada_pengganti("surat"))

    def milik(self, orang: Penduduk) -> "PermohonanQuerySet":
        return self.filter(pemohon=orang)


class Permohonan(models.Model):
    """A resident's request for one letter. Only layanan.permohonan.alur writes `status`."""

    class Status(models.TextChoices):
        DIAJUKAN = "DIAJUKAN", "Diajukan"
        DIPROSES = "DIPROSES", "Diproses"
        PERLU_PERBAIKAN = "PERLU_PERBAIKAN", "Perlu perbaikan"
        DICETAK = "DICETAK", "Sedang dicetak"
        MENUNGGU_TTD = "MENUNGGU_TTD", "Menunggu tanda tangan"
        SIAP_DIAMBIL = "SIAP_DIAMBIL", "Siap diambil"
        SELESAI = "SELESAI", "Selesai"
        DITOLAK = "DITOLAK", "Ditolak"
        DIBATALKAN = "DIBATALKAN", "Dibatalkan"

    PERLU_DIKERJAKAN = (Status.DIAJUKAN, Status.DIPROSES)
    # The promise runs: the work is with the office, and the letter is not ready yet.
    DIJANJIKAN = (*PERLU_DIKERJAKAN, Status.DICETAK, Status.MENUNGGU_TTD)
    BERSURAT = (Status.DICETAK, Status.MENUNGGU_TTD, Status.SIAP_DIAMBIL, Status.SELESAI)
    AKHIR = (Status.SELESAI, Status.DITOLAK, Status.DIBATALKAN)
    TERBUKA = tuple(Status)[: -len(AKHIR)]  # they stand in the order of the flow

    class Wakil(models.TextChoices):
        SENDIRI = "", "Saya ambil sendiri"
        WAKIL = "WAKIL", "Diwakili keluarga atau orang lain"
        PERANGKAT = "PERANGKAT", "Diantar perangkat desa"

    nomor = models.CharField(max_length=20, unique=True, editable=False)
    kode_resi = models.CharField(max_length=10, unique=True, editable=False)
    draf = models.OneToOneField(
        Draf, on_delete=models.SET_NULL, related_name="permohonan", null=True, editable=False
    )
    pemohon = models.ForeignKey(Penduduk, on_delete=models.PROTECT, related_name="permohonan")
    jenis = models.ForeignKey(JenisSurat, on_delete=models.PROTECT, related_name="permohonan")
    keterangan = models.TextField("keterangan tambahan", blank=True)
    isian = models.JSONField(default=dict)
    dibawa = models.JSONField("syarat yang dibawa ke kantor", default=list)
    # Which official forms are printed and what was typed into their gaps (surat.formulir_resmi).
    formulir = models.JSONField(null=True, editable=False)
    nomor_hp = models.CharField("nomor HP", max_length=16)
    kabari_wa = models.BooleanField("kabari lewat WhatsApp", default=True)
    # A chat without a number that has asked for its news by "Kabari saya".
    kabar_ke = models.ForeignKey(
        "layanan.Percakapan", on_delete=models.SET_NULL, related_name="+", null=True, editable=False
    )
    status = models.CharField(max_length=16, choices=Status, editable=False)
    # What was typed for the mend that is due (layanan.permohonan.perbaikan); gone with the step.
    perbaikan = models.JSONField(default=dict, editable=False)
    # The signer hears of it at once, not with the next digest.
    mendesak = models.BooleanField(default=False)
    diajukan_pada = models.DateTimeField()
    diperbarui_pada = models.DateTimeField()
    janji_pada = models.DateTimeField("dijanjikan selesai")
    # Working minutes that were left of the promise when the request was sent back.
    janji_sisa = models.PositiveIntegerField(null=True, editable=False)
    # When the office is told that the present step takes too long, and how often it has been.
    tenggat_pada = models.DateTimeField(null=True, editable=False)
    naik = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # When the office last put its letter on paper.
    dicetak_pada = models.DateTimeField(null=True, editable=False)
    # When its papers go; set when that is announced (layanan.retensi.pemberitahuan).
    berkas_hapus_pada = models.DateTimeField(null=True, editable=False)
    surat = models.OneToOneField(
        Surat, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    # The letter that this request corrects; filed by an operator (layanan.permohonan.koreksi).
    menggantikan = jarang(Surat, editable=False)
    kode_ambil = models.CharField("kode pengambilan", max_length=6, blank=True, editable=False)
    wakil_jenis = models.CharField(max_length=10, choices=Wakil, blank=True)
    wakil_nama = models.CharField(max_length=100, blank=True)
    wakil_hubungan = models.CharField(max_length=60, blank=True)
    wakil_pejabat = models.ForeignKey(
        Pejabat, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = PermohonanQuerySet.as_manager()

    class Meta:
        verbose_name = "permohonan"
        verbose_name_plural = "permohonan"
        indexes = [
            models.Index(fields=["status", "diajukan_pada"], name="permohonan_antrean"),
            models.Index(fields=["pemohon", "-diajukan_pada"], name="permohonan_milik"),
            IndeksCari("nomor nomor_hp kode_ambil", name="permohonan_cari"),
            models.Index(fields=["diajukan_pada", "id"], name="permohonan_menurut_waktu"),
            # Whose papers have no day yet on which they go (layanan.retensi).
            models.Index(
                fields=["diperbarui_pada"],
                condition=Q(berkas_hapus_pada__isnull=True),
                name="permohonan_tanpa_hari_hapus",
            ),
            # What the office has typed into official forms, which goes after a year.
            models.Index(
                fields=["diperbarui_pada"],
                condition=Q(formulir__isnull=False),
                name="permohonan_isian_formulir",
            ),
            models.Index(fields=["status", "janji_pada"], name="permohonan_janji"),
            models.Index(
                fields=["tenggat_pada"],
                condition=Q(tenggat_pada__isnull=False),
                name="permohonan_tenggat",
            ),
            *terisi("permohonan", "menggantikan"),
        ]
        permissions = [
            ("proses_permohonan", "Dapat memproses permohonan"),
            ("tandatangani_surat", "Dapat menandatangani surat (dengan mandat)"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["DICETAK", "MENUNGGU_TTD", "SIAP_DIAMBIL", "SELESAI"],
                    surat__isnull=False,
                )
                | Q(
                    status__in=[
                        "DIAJUKAN",
                        "DIPROSES",
                        "PERLU_PERBAIKAN",
                        "DITOLAK",
                        "DIBATALKAN",
                    ],
                    surat__isnull=True,
                ),
                name="permohonan_bersurat_sesuai_status",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["SIAP_DIAMBIL", "SELESAI"]) & ~Q(kode_ambil="")
                | ~Q(status__in=["SIAP_DIAMBIL", "SELESAI"]) & Q(kode_ambil=""),
                name="permohonan_kode_ambil_bila_siap",
            ),
            # A second correction only after the first came to nothing.
            models.UniqueConstraint(
                fields=["menggantikan"],
                condition=~Q(status__in=["DITOLAK", "DIBATALKAN"]) & Q(menggantikan__isnull=False),
                name="permohonan_satu_koreksi_per_surat",
            ),
        ]

    def __str__(self) -> str:
        return self.nomor

    @property
    def syarat_terkumpul(self) -> frozenset[str]:
        """Codes of the papers that were uploaded or will be brought, for forms that list them."""
        if not self.jenis.formulir:
            return frozenset()
        ada = self.lampiran.filter(diganti_pada__isnull=True).values_list("syarat", flat=True)
        return frozenset(ada).union(self.dibawa)

    @property
    def alamat_kabar(self) -> str:
        """Where its news goes by WhatsApp; "": nowhere."""
        return self.kabar_ke.alamat if self.kabar_ke else self.nomor_hp

    @property
    def pengambil(self) -> str:
        """Who is going to collect the letter, as its applicant is told."""
        if self.wakil_jenis == self.Wakil.PERANGKAT and self.wakil_pejabat:
            pejabat = self.wakil_pejabat
            return f"{pejabat.nama} ({pejabat.jabatan}), yang mengantarnya kepada Anda"
        if self.wakil_jenis == self.Wakil.WAKIL:
            return f"{self.wakil_nama}, wakil Anda"
        return "Anda sendiri"


class Riwayat(models.Model):
    """One step or event of a request: append-only. `oleh` is empty when the system did it."""

    class Langkah(models.TextChoices):
        """The steps and events of layanan.permohonan.langkah in the past tense, as the history
        tells them."""

        AJUKAN = "ajukan", "Permohonan dikirim"
        PROSES = "proses", "Mulai diproses"
        MINTA_PERBAIKAN = "minta_perbaikan", "Perbaikan diminta"
        AJUKAN_ULANG = "ajukan_ulang", "Perbaikan dikirim"
        SETUJUI = "setujui", "Disetujui, surat diterbitkan"
        CETAK = "cetak", "Surat dicetak"
        KEMBALIKAN = "kembalikan", "Dikembalikan penanda tangan"
        TARIK_KEMBALI = "tarik_kembali", "Ditarik kembali ke meja operator"
        TANDATANGANI = "tandatangani", "Ditandatangani"
        SERAHKAN = "serahkan", "Surat diserahkan"
        TOLAK = "tolak", "Ditolak"
        BATALKAN = "batalkan", "Dibatalkan pemohon"
        CABUT = "cabut", "Surat dicabut"
        MENDESAK = "mendesak", "Ditandai mendesak"
        LEPAS_MENDESAK = "lepas_mendesak", "Tanda mendesak dilepas"
        CETAK_KERTAS = "cetak_kertas", "Dicetak di kertas"

    permohonan = models.ForeignKey(Permohonan, on_delete=models.PROTECT, related_name="riwayat")
    langkah = models.CharField(max_length=20, choices=Langkah)
    dari = models.CharField(max_length=16, blank=True)
    ke = models.CharField(max_length=16)
    oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    pada = models.DateTimeField()
    catatan = models.TextField(blank=True)
    rincian = models.JSONField(default=dict, help_text="Putusan per syarat dan isian.")
    surat = models.ForeignKey(Surat, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = "riwayat"
        verbose_name_plural = "riwayat"
        ordering = ["pk"]
        indexes = [models.Index(fields=["pada", "langkah"], name="riwayat_pada_langkah")]

    def __str__(self) -> str:
        return f"{self.langkah}: {self.dari or '—'} → {self.ke}"

    # What `rincian` holds of some steps, for the pages that tell all of them.

    @property
    def putusan(self) -> list[dict[str, str]]:
        """Of minta_perbaikan: what has to be mended, and why."""
        return self.rincian.get("putusan", [])

    @property
    def suntingan(self) -> dict[str, dict[str, str]]:
        """Of setujui: sentences that the operator put otherwise, by key of the question."""
        return self.rincian.get("suntingan", {})

    @property
    def bertentangan(self) -> dict[str, Any]:
        """Of setujui: what the letter contradicts (`kata`), and why it was issued (`alasan`)."""
        return self.rincian.get("bertentangan", {})

    @property
    def dilepas(self) -> bool:
        """Of mendesak: whether the mark was taken off."""
        return self.rincian.get("dilepas", False)


class Penyerahan(models.Model):
    """Who took the letter, when, and which operator handed it over."""

    class Penerima(models.TextChoices):
        PEMOHON = "PEMOHON", "Pemohon sendiri"
        WAKIL = "WAKIL", "Wakil"
        PERANGKAT = "PERANGKAT", "Perangkat desa"

    permohonan = models.OneToOneField(
        Permohonan, on_delete=models.PROTECT, related_name="penyerahan"
    )
    penerima = models.CharField(max_length=10, choices=Penerima)
    nama = models.CharField("nama yang mengambil", max_length=100)
    cara = models.CharField("cara mengenali", max_length=60)
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pada = models.DateTimeField()
    ekspedisi = models.OneToOneField(EntriBuku, on_delete=models.PROTECT, related_name="penyerahan")

    class Meta:
        verbose_name = "penyerahan"
        verbose_name_plural = "penyerahan"
        indexes = [IndeksCari("nama", name="penyerahan_cari")]

    def __str__(self) -> str:
        return f"diserahkan kepada {self.get_penerima_display()}"


class HariLibur(models.Model):
    """What the village says of one day: closed besides those of layanan.janji.libur, or (`tutup`
    off) open although that says closed."""

    tanggal = models.DateField(unique=True)
    nama = models.CharField("nama atau alasan", max_length=80)
    tutup = models.BooleanField("kantor tutup", default=True, db_default=True)

    class Meta:
        verbose_name = "hari libur"
        verbose_name_plural = "hari libur"

    def __str__(self) -> str:
        return f"{self.tanggal:%d-%m-%Y} {self.nama}"


class TahunLibur(models.Model):
    """A year whose days off the village has compared with what was decreed for it."""

    tahun = models.PositiveSmallIntegerField(primary_key=True)
    pada = models.DateTimeField()
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tahun libur"
        verbose_name_plural = "tahun libur"

    def __str__(self) -> str:
        return str(self.tahun)
