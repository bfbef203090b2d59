"""Messages: one row per message, written in the transaction of the step that causes it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Func, Q

from layanan.models.kabar import KabarBerkala, TemplatWA
from layanan.models.percakapan import JawabanWarga, PesanMasuk
from layanan.models.permintaan import PermintaanPIN
from layanan.models.permohonan import Permohonan, Riwayat
from penduduk.models import KejadianAkun
from penduduk.models.indeks import jarang, terisi


def _tertulis(keadaan: Iterable[str]) -> list[Func]:
    """States for `keadaan__in`, written into the SQL instead of passed as parameters: only then
    SQLite may use a partial index. They are names of ours, never input."""
    return [Func(template=f"'{satu}'", output_field=models.CharField()) for satu in keadaan]


class NotifikasiQuerySet(models.QuerySet["Notifikasi"]):
    def untuk_warga(self) -> "NotifikasiQuerySet":
        """To the resident concerned (or whoever `berkala` is for), not to a member of staff."""
        return self.filter(penerima__isnull=True)

    def tanpa_balasan(self) -> "NotifikasiQuerySet":
        """Without answers: their recipient is in the chat. Said so that the unique index does not
        answer it, of which nearly all rows are empty."""
        return self.exclude(masuk__isnull=False)

    def tentang(self, permohonan: Permohonan) -> "NotifikasiQuerySet":
        """About this request. Keys first: no index answers an OR across two tables."""
        semua = Notifikasi.objects.values_list("pk", flat=True)
        berkala = semua.filter(berkala__permohonan=permohonan)
        return self.filter(pk__in=list(semua.filter(riwayat__permohonan=permohonan).union(berkala)))

    def antre(self) -> "NotifikasiQuerySet":
        """By the partial index notifikasi_antrean, once `ambil_lagi_pada` is asked for."""
        return self.filter(keadaan__in=_tertulis(Notifikasi.ANTRE))

    def masih_jalan(self) -> "NotifikasiQuerySet":
        """It may still reach without anybody's doing."""
        return self.filter(keadaan__in=(*Notifikasi.ANTRE, *Notifikasi.DI_PENYEDIA))

    def sudah_keluar(self) -> "NotifikasiQuerySet":
        """The provider has taken it, and has not given it up."""
        return self.filter(keadaan__in=(*Notifikasi.DI_PENYEDIA, *Notifikasi.TERBUKTI))

    def terbukti(self) -> "NotifikasiQuerySet":
        return self.filter(keadaan__in=Notifikasi.TERBUKTI)

    def perlu_ditangani(self, *, tertahan: bool = False) -> "NotifikasiQuerySet":
        """It has not reached, and nobody has told the recipient by another way. By the partial
        index notifikasi_tak_sampai, however many messages have arrived. `tertahan`: or it waits."""
        belum = Q(ditangani_pada__isnull=True)
        tak_sampai = Q(belum, keadaan__in=_tertulis(Notifikasi.TAK_SAMPAI))
        if not tertahan:
            return self.filter(tak_sampai)
        semua = Notifikasi.objects.all()
        tunggu = semua.antre().filter(belum, keadaan__in=Notifikasi.BELUM_DIAMBIL)
        pk = semua.filter(tak_sampai).values("pk").union(tunggu.values("pk"))
        return self.filter(pk__in=pk)


_SEBAB = ("riwayat", "permintaan", "kejadian", "masuk", "berkala", "jawaban")


def _satu_sebab() -> Q:
    """Exactly one of the causes is set."""
    semua = Q()
    for satu in _SEBAB:
        semua |= Q(**{f"{lain}__isnull": lain != satu for lain in _SEBAB})
    return semua


class Notifikasi(models.Model):
    """An outgoing WhatsApp message; the row is the queue, the record and the proof.

    Its life is a table, layanan.kotak_keluar.keadaan, which alone writes `keadaan`. What cannot
    reach a resident waits on the call list (layanan.kabar.panggilan) until it is `ditangani`.
    """

    class Keadaan(models.TextChoices):
        MENUNGGU = "MENUNGGU", "menunggu dikirim"
        SEMENTARA = "SEMENTARA", "gagal sementara, dicoba lagi"
        DIAMBIL = "DIAMBIL", "sedang dikirim"
        DIKIRIM = "DIKIRIM", "diterima penyedia"
        TERKIRIM = "TERKIRIM", "terkirim"
        SAMPAI = "SAMPAI", "sampai"
        DIBACA = "DIBACA", "dibaca"
        GAGAL = "GAGAL", "gagal"
        PERLU_DICEK = "PERLU_DICEK", "perlu dicek"
        TANPA_WA = "TANPA_WA", "tanpa WhatsApp"
        BATAL = "BATAL", "tidak jadi dikirim"

    class Cara(models.TextChoices):
        """How the recipient was told in the end, when this message could not do it."""

        TELEPON = "TELEPON", "ditelepon petugas"
        SITUS = "SITUS", "dibaca sendiri di situs"
        SUSULAN = "SUSULAN", "sudah digantikan kabar berikutnya"
        SELESAI = "SELESAI", "tidak perlu lagi: surat sudah diambil atau permohonan ditutup"
        LANGSUNG = "LANGSUNG", "diberi tahu langsung"

    # What a human has to do something about.
    MASALAH = (Keadaan.GAGAL, Keadaan.PERLU_DICEK)
    # A worker will still do something about it by itself.
    ANTRE = (Keadaan.MENUNGGU, Keadaan.SEMENTARA, Keadaan.DIAMBIL)
    BELUM_DIAMBIL = (Keadaan.MENUNGGU, Keadaan.SEMENTARA)
    # The provider has it; what became of it is not known yet.
    DI_PENYEDIA = (Keadaan.DIKIRIM, Keadaan.TERKIRIM)
    TERBUKTI = (Keadaan.SAMPAI, Keadaan.DIBACA)
    # It has not reached, and will not by itself.
    TAK_SAMPAI = (Keadaan.GAGAL, Keadaan.PERLU_DICEK, Keadaan.TANPA_WA)

    # Exactly one of these six caused it (_SEBAB).
    riwayat = jarang(Riwayat, related_name="notifikasi")  # its index: the constraints
    permintaan = jarang(PermintaanPIN, related_name="notifikasi")
    kejadian = jarang(KejadianAkun)
    masuk = models.OneToOneField(
        PesanMasuk, on_delete=models.PROTECT, related_name="balasan", null=True
    )
    berkala = jarang(KabarBerkala, related_name="notifikasi")
    jawaban = models.OneToOneField(
        JawabanWarga, on_delete=models.PROTECT, related_name="notifikasi", null=True
    )
    # NULL: the resident concerned, or whoever `berkala` is for; else the member of staff.
    penerima = jarang(settings.AUTH_USER_MODEL)
    # A number, or the address of a chat that has none (layanan.percakapan).
    nomor_hp = models.CharField("nomor HP", max_length=160)
    pesan = models.CharField(max_length=30)  # a name of layanan.kata_pesan.katalog
    # Values in the order of our own wording (katalog); a village's wording uses the same.
    variabel = models.JSONField(default=list)
    # The village's wording that went out; NULL: ours.
    templat = jarang(TemplatWA, editable=False)
    keadaan = models.CharField(max_length=12, choices=Keadaan, default=Keadaan.MENUNGGU)
    percobaan = models.PositiveSmallIntegerField("percobaan kirim", default=0)
    ditanya = models.PositiveSmallIntegerField("ditanyakan ke penyedia", default=0)
    ambil_lagi_pada = models.DateTimeField(
        help_text="Sejak kapan seorang pekerja boleh mengambilnya (sewa atau jeda ulang)."
    )
    dibuat_pada = models.DateTimeField()
    # When a worker last took it; one number gets one message in six seconds.
    diambil_pada = models.DateTimeField(null=True)
    dikirim_pada = models.DateTimeField(null=True)
    # Last change of `keadaan`; a failure is on the call list half an hour later.
    berubah_pada = models.DateTimeField()
    # When to ask the provider what became of it; NULL: no need.
    tanya_pada = models.DateTimeField(null=True)
    # It went out as free words, while the recipient's own message kept the window open.
    lewat_jendela = models.BooleanField(default=False)
    # The provider said that the window is closed: only the approved template from now on.
    tanpa_jendela = models.BooleanField(default=False)
    biaya = models.PositiveIntegerField("perkiraan biaya (Rp)", null=True)
    sid = models.CharField("SID penyedia", max_length=40, blank=True, db_index=True)
    kode_galat = models.CharField(max_length=10, blank=True)
    galat = models.CharField(max_length=300, blank=True)
    # How the recipient learnt of it by another way (layanan.kabar.panggilan).
    ditangani_pada = models.DateTimeField(null=True)
    ditangani_oleh = jarang(settings.AUTH_USER_MODEL)
    ditangani_cara = models.CharField(max_length=10, choices=Cara, blank=True)
    ditangani_catatan = models.CharField(max_length=200, blank=True)
    hubungi_kali = models.PositiveSmallIntegerField("sudah dicoba ditelepon", default=0)
    hubungi_lagi_pada = models.DateTimeField(null=True)
    # When what it said was let go (layanan.retensi).
    dikosongkan_pada = models.DateTimeField(null=True, editable=False)

    objects = NotifikasiQuerySet.as_manager()

    # Taken while the channel is stopped, to see whether it runs again; lives as long as the try.
    sebagai_coba = False

    class Meta:
        verbose_name = "notifikasi"
        verbose_name_plural = "notifikasi"
        constraints = [
            models.UniqueConstraint(
                fields=["riwayat", "penerima"], name="satu_pesan_per_langkah_dan_petugas"
            ),
            models.UniqueConstraint(
                fields=["riwayat"],
                condition=Q(penerima__isnull=True),
                name="satu_pesan_per_langkah_untuk_pemohon",
            ),
            models.UniqueConstraint(
                fields=["permintaan"],
                condition=Q(pesan="pin"),
                name="satu_pin_per_permintaan",
            ),
            models.UniqueConstraint(
                fields=["kejadian", "penerima"],
                condition=Q(kejadian__isnull=False),
                name="satu_pesan_per_kejadian_dan_petugas",
            ),
            models.UniqueConstraint(
                fields=["kejadian"],
                condition=Q(penerima__isnull=True, kejadian__isnull=False),
                name="satu_pesan_per_kejadian_untuk_warga",
            ),
            models.UniqueConstraint(
                fields=["berkala", "penerima"],
                condition=Q(berkala__isnull=False),
                name="satu_pesan_berkala_per_petugas",
            ),
            models.UniqueConstraint(
                fields=["berkala"],
                condition=Q(penerima__isnull=True, berkala__isnull=False),
                name="satu_pesan_berkala_tanpa_petugas",
            ),
            models.CheckConstraint(
                condition=Q(ditangani_pada__isnull=True, ditangani_cara="")
                | Q(ditangani_pada__isnull=False) & ~Q(ditangani_cara=""),
                name="notifikasi_ditangani_ada_cara",
            ),
            models.CheckConstraint(condition=_satu_sebab(), name="notifikasi_satu_sebab"),
        ]
        indexes = [
            models.Index(
                fields=["ambil_lagi_pada"],
                condition=Q(keadaan__in=["MENUNGGU", "SEMENTARA", "DIAMBIL"]),
                name="notifikasi_antrean",
            ),
            models.Index(fields=["nomor_hp", "-diambil_pada"], name="notifikasi_per_nomor"),
            models.Index(
                fields=["tanya_pada"],
                condition=Q(tanya_pada__isnull=False),
                name="notifikasi_tanya",
            ),
            models.Index(fields=["dibuat_pada"], name="notifikasi_menurut_waktu"),
            models.Index(
                fields=["dibuat_pada"],
                condition=Q(dikosongkan_pada__isnull=True),
                name="notifikasi_berisi",
            ),
            *terisi("notifikasi", "permintaan", "penerima", "templat"),
            *terisi("notifikasi", "ditangani_oleh", "ditangani_pada"),
            models.Index(
                fields=["penerima", "berubah_pada"],
                condition=Q(
                    keadaan__in=["GAGAL", "PERLU_DICEK", "TANPA_WA"], ditangani_pada__isnull=True
                ),
                name="notifikasi_tak_sampai",
            ),
            # The month's spending (layanan.kotak_keluar.biaya).
            models.Index(
                fields=["diambil_pada"],
                condition=Q(biaya__isnull=False),
                name="notifikasi_berbiaya",
            ),
        ]

    def __str__(self) -> str:
        return f"pesan {self.pesan} ({self.get_keadaan_display()})"


class PesanSimulasi(models.Model):
    """What would have gone out by WhatsApp, when no provider is configured."""

    notifikasi = models.OneToOneField(Notifikasi, on_delete=models.PROTECT, related_name="simulasi")
    nomor_hp = models.CharField("nomor HP", max_length=160)
    teks = models.TextField()
    pada = models.DateTimeField()

    class Meta:
        verbose_name = "pesan WhatsApp (simulasi)"
        verbose_name_plural = "Kotak keluar WhatsApp (simulasi)"

    def __str__(self) -> str:
        return f"pesan {self.pk}"


class Denyut(models.Model):
    """When something last happened that must happen again and again: a sign of life of each process
    (layanan.kesehatan.proses), a backup, a restore; since when something is amiss, or is known;
    until when the certificate is valid."""

    CADANGAN, PEMULIHAN, MERAH = "cadangan", "pemulihan", "merah"
    CADANGAN_LUAR, SERTIFIKAT = "cadangan_luar", "sertifikat"
    HILANG = "berkas_hilang"  # since when papers are known to be missing
    JEJAK = "jejak_berubah"  # since when the trail is known to be altered
    PULIH_DARI = "pulih_dari"  # the moment that this database was restored to
    FOLDER_BERKAS, FOLDER_CADANGAN = "folder_berkas", "folder_cadangan"
    GARIS_WAKTU, RETENSI = "garis_waktu ", "retensi_"  # and a server; and a rule that fails

    nama = models.CharField(max_length=160, unique=True)
    pada = models.DateTimeField()
    # Processes: release, and seconds that their clock is ahead. Folders and timelines: which one.
    versi = models.CharField(max_length=40, blank=True, default="", db_default="")
    selisih = models.FloatField(default=0, db_default=0)

    class Meta:
        verbose_name = "denyut"
        verbose_name_plural = "denyut"

    def __str__(self) -> str:
        return self.nama
