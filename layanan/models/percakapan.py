"""Chats by WhatsApp: whoever writes to the village, what they wrote, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from layanan.models.permintaan import PermintaanPIN
from layanan.models.permohonan import Permohonan

ALAMAT_MAKS = 160  # WhatsApp's id of a user: a country, a dot, at most 128 characters


class Percakapan(models.Model):
    """One chat: an address that has written to the village, and the person behind it.

    `alamat` is what the provider has proven: a number of any country, or WhatsApp's id of a user
    who hides the number. Answers go there. `nomor_hp` and `id_wa` are known once a message has
    carried them; `akun` once somebody has shown, or an operator has seen, whose chat it is.
    """

    class Cara(models.TextChoices):
        KABARI = "KABARI", "kode Kabari saya"
        PETUGAS = "PETUGAS", "disambungkan petugas"

    alamat = models.CharField("alamat WhatsApp", max_length=ALAMAT_MAKS, unique=True)
    nomor_hp = models.CharField("nomor HP", max_length=16, blank=True)
    id_wa = models.CharField("id WhatsApp", max_length=ALAMAT_MAKS, blank=True)
    nama_wa = models.CharField("nama di WhatsApp", max_length=100, blank=True)
    akun = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="percakapan", null=True
    )
    terhubung_cara = models.CharField(max_length=10, choices=Cara, blank=True)
    terhubung_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    terhubung_pada = models.DateTimeField(null=True)
    terakhir_masuk_pada = models.DateTimeField()
    balasan = models.CharField("balasan terakhir", max_length=30, blank=True)
    balasan_pada = models.DateTimeField(null=True)
    # Flood: messages since the hour began; beyond the limit they are kept, but not answered.
    jam_mulai_pada = models.DateTimeField()
    jam_jumlah = models.PositiveIntegerField(default=0)
    # What was asked about the photos that wait, by the number of the answer.
    pilihan = models.JSONField("pilihan yang ditanyakan", default=list)
    tanya_pada = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "percakapan WhatsApp"
        verbose_name_plural = "percakapan WhatsApp"
        indexes = [
            models.Index(fields=["nomor_hp"], name="percakapan_nomor"),
            models.Index(fields=["id_wa"], name="percakapan_id_wa"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(akun__isnull=True, terhubung_cara="", terhubung_pada__isnull=True)
                | Q(akun__isnull=False, terhubung_pada__isnull=False) & ~Q(terhubung_cara=""),
                name="percakapan_terhubung_ada_cara",
            ),
            models.CheckConstraint(
                condition=Q(terhubung_oleh__isnull=True) | Q(terhubung_cara="PETUGAS"),
                name="percakapan_disambungkan_petugas",
            ),
        ]

    def __str__(self) -> str:
        return f"percakapan {self.pk}"


class CatatanWarga(models.Model):
    """What a resident wrote that no command answers, for an operator to read: one note per chat
    and day; further words of the day are added to it."""

    percakapan = models.ForeignKey(Percakapan, on_delete=models.CASCADE, related_name="catatan")
    teks = models.TextField()
    # Messages of the day that are in the chat, but no longer in `teks`.
    lebih = models.PositiveIntegerField(default=0)
    hari = models.DateField()  # WITA
    pertama_pada = models.DateTimeField()
    terakhir_pada = models.DateTimeField()
    dibaca_pada = models.DateTimeField(null=True)
    dibaca_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        verbose_name = "pesan warga"
        verbose_name_plural = "pesan warga"
        constraints = [
            models.UniqueConstraint(fields=["percakapan", "hari"], name="satu_catatan_sehari")
        ]

    def __str__(self) -> str:
        return f"pesan warga {self.pk}"


class PesanMasuk(models.Model):
    """One incoming WhatsApp message: stored by the webhook, worked off by a worker.

    None is dropped: `keadaan` says what became of it, and what it names must be there.
    """

    class Jenis(models.TextChoices):
        TEKS = "TEKS", "tulisan"
        KERTAS = "KERTAS", "foto atau PDF"
        STIKER = "STIKER", "stiker"
        SUARA = "SUARA", "pesan suara"
        VIDEO = "VIDEO", "video"
        DOKUMEN = "DOKUMEN", "berkas lain"
        LOKASI = "LOKASI", "lokasi"
        KONTAK = "KONTAK", "kontak"
        REAKSI = "REAKSI", "reaksi"
        UBAHAN = "UBAHAN", "pesan yang diubah"
        HAPUSAN = "HAPUSAN", "pesan yang dihapus"
        ASING = "ASING", "pesan yang tidak dikenal"

    class Keadaan(models.TextChoices):
        MENUNGGU = "MENUNGGU", "menunggu dibaca mesin"
        TANYA = "TANYA", "menunggu jawaban warga, untuk apa fotonya"
        DIJAWAB = "DIJAWAB", "dijawab"
        PERMOHONAN = "PERMOHONAN", "masuk ke permohonan"
        PIN = "PIN", "masuk ke permintaan PIN"
        PETUGAS = "PETUGAS", "disampaikan ke petugas"

    sid = models.CharField("SID penyedia", max_length=40, unique=True)
    percakapan = models.ForeignKey(Percakapan, on_delete=models.PROTECT, related_name="masuk")
    jenis = models.CharField(max_length=10, choices=Jenis, default=Jenis.TEKS)
    teks = models.TextField(blank=True)
    # [{"url", "jenis"}], with "berkas" once it has been fetched; `url` goes when the provider's
    # copy has been deleted.
    media = models.JSONField(default=list)
    keadaan = models.CharField(max_length=10, choices=Keadaan, default=Keadaan.MENUNGGU)
    permintaan = models.ForeignKey(
        PermintaanPIN, on_delete=models.PROTECT, related_name="masuk", null=True
    )
    permohonan = models.ForeignKey(
        Permohonan, on_delete=models.PROTECT, related_name="masuk", null=True
    )
    catatan = models.ForeignKey(
        CatatanWarga, on_delete=models.PROTECT, related_name="masuk", null=True
    )
    diterima_pada = models.DateTimeField()
    ambil_lagi_pada = models.DateTimeField()
    percobaan = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "pesan masuk"
        verbose_name_plural = "pesan masuk"
        indexes = [
            models.Index(
                fields=["ambil_lagi_pada"],
                condition=Q(keadaan="MENUNGGU"),
                name="pesan_masuk_antrean",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(keadaan__in=["MENUNGGU", "TANYA", "DIJAWAB"])
                | Q(keadaan="PERMOHONAN", permohonan__isnull=False)
                | Q(keadaan="PIN", permintaan__isnull=False)
                | Q(keadaan="PETUGAS", catatan__isnull=False),
                name="pesan_masuk_jadi_apa",
            )
        ]

    def __str__(self) -> str:
        return f"pesan masuk {self.pk}"


class JawabanWarga(models.Model):
    """What an operator answered in a chat; it goes out by the outbox."""

    percakapan = models.ForeignKey(Percakapan, on_delete=models.PROTECT, related_name="jawaban")
    teks = models.TextField()
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pada = models.DateTimeField()

    class Meta:
        verbose_name = "jawaban petugas"
        verbose_name_plural = "jawaban petugas"

    def __str__(self) -> str:
        return f"jawaban petugas {self.pk}"
