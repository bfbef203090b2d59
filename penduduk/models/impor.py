"""One import of a population file: dry run, confirmation, undo. The rows are the queue."""

from django.db import models
from django.db.models import Q

from penduduk.models.akun import Akun
from penduduk.models.register import Penduduk


class Impor(models.Model):
    """A file on its way into the register. A worker reads, applies and undoes it."""

    class Keadaan(models.TextChoices):
        DIUNGGAH = "DIUNGGAH", "sedang diperiksa"
        SIAP = "SIAP", "menunggu persetujuan"
        DISETUJUI = "DISETUJUI", "sedang diterapkan"
        DITERAPKAN = "DITERAPKAN", "sudah diterapkan"
        MINTA_URUNG = "MINTA_URUNG", "sedang diurungkan"
        DIURUNGKAN = "DIURUNGKAN", "sudah diurungkan"
        DIBUANG = "DIBUANG", "dibatalkan sebelum diterapkan"
        GAGAL = "GAGAL", "tidak dapat dibaca"

    ANTREAN = (Keadaan.DIUNGGAH, Keadaan.DISETUJUI, Keadaan.MINTA_URUNG)

    nama_berkas = models.CharField(max_length=120)
    berkas = models.CharField(max_length=120, blank=True, help_text="Kosong: sudah dihapus.")
    keadaan = models.CharField(max_length=12, choices=Keadaan, default=Keadaan.DIUNGGAH)
    alasan = models.TextField(blank=True, help_text="Mengapa gagal atau tidak dapat diurungkan.")
    catatan = models.JSONField(default=list, help_text="Kalimat tentang seluruh berkas.")
    jumlah = models.JSONField(default=dict, help_text="Banyaknya baris per hasil.")
    kemajuan = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ragam = models.JSONField(
        default=list, help_text='Catatan menurut jenis: {"kolom", "kalimat", "jumlah", "betulan"}'
    )
    betulkan = models.BooleanField(
        "betulkan yang dibuktikan NIK", default=False, help_text="Pilihan untuk seluruh berkas."
    )
    ikut_ragu = models.BooleanField("terapkan juga baris yang meragukan", default=True)
    dibuat = models.JSONField(
        default=dict,
        help_text="Keluarga dan banjar baru, dan keluarga asal yang pindah; untuk diurungkan.",
    )
    oleh = models.ForeignKey(Akun, on_delete=models.PROTECT, related_name="+", null=True)
    diunggah_pada = models.DateTimeField()
    diterapkan_pada = models.DateTimeField(null=True)
    diurungkan_pada = models.DateTimeField(null=True)
    ambil_lagi_pada = models.DateTimeField()
    percobaan = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "impor penduduk"
        verbose_name_plural = "impor penduduk"
        permissions = [("impor_penduduk", "Dapat mengimpor dan mengekspor penduduk")]
        indexes = [
            models.Index(
                fields=["ambil_lagi_pada"],
                condition=Q(keadaan__in=["DIUNGGAH", "DISETUJUI", "MINTA_URUNG"]),
                name="impor_antrean",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(keadaan="GAGAL") | ~Q(alasan=""), name="impor_gagal_ada_alasan"
            )
        ]

    def __str__(self) -> str:
        return f"impor {self.pk}"


class BarisImpor(models.Model):
    """One row of the file and what it would change, or has changed."""

    class Hasil(models.TextChoices):
        BARU = "BARU", "baru"
        BERUBAH = "BERUBAH", "berubah"
        SAMA = "SAMA", "tidak berubah"
        RAGU = "RAGU", "meragukan"
        BENTROK = "BENTROK", "bentrok"
        DITOLAK = "DITOLAK", "ditolak"

    class Putusan(models.TextChoices):
        BELUM = "", "belum diputuskan, jadi tidak diterapkan"
        TERAPKAN = "TERAPKAN", "diterapkan"
        LEWATI = "LEWATI", "dilewati"

    impor = models.ForeignKey(Impor, on_delete=models.CASCADE, related_name="baris")
    lembar = models.CharField(max_length=40, blank=True)
    nomor = models.PositiveIntegerField("baris")
    hasil = models.CharField(max_length=8, choices=Hasil)
    nama = models.CharField(max_length=100, blank=True)
    # NULL: to be created; after applying, who it became.
    penduduk = models.ForeignKey(Penduduk, on_delete=models.SET_NULL, related_name="+", null=True)
    dibuat = models.BooleanField(default=False, help_text="Penduduk ini dibuat oleh impor.")
    perubahan = models.JSONField(default=dict, help_text="kolom: [dari, ke]")
    # `orang`: a resident to be compared with; `terkunci`: no decision can apply the row; `betulan`:
    # what the NIK proves about it.
    catatan = models.JSONField(
        default=list, help_text='{"kolom", "kalimat"}, bila perlu "orang", "terkunci", "betulan"'
    )
    ragam = models.TextField(blank=True, help_text="Jenis catatannya: ,nomor dalam Impor.ragam,")
    putusan = models.CharField(max_length=8, choices=Putusan, blank=True, default=Putusan.BELUM)

    class Meta:
        verbose_name = "baris impor"
        verbose_name_plural = "baris impor"
        indexes = [models.Index(fields=["impor", "hasil"], name="baris_impor_hasil")]
        constraints = [
            models.UniqueConstraint(fields=["impor", "lembar", "nomor"], name="baris_impor_sekali"),
            models.CheckConstraint(
                condition=Q(putusan="") | Q(hasil="BENTROK"), name="baris_impor_putusan_bentrok"
            ),
        ]

    def __str__(self) -> str:
        return f"baris {self.nomor}"

    def orang_lain(self) -> set[int]:
        """Residents with whom this row has to be compared."""
        return {satu["orang"] for satu in self.catatan if "orang" in satu}

    @property
    def terkunci(self) -> bool:
        return any(satu.get("terkunci") for satu in self.catatan)
