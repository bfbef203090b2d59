"""Around the messages: their wording, who is told what, consent, cost, reminders and digests."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from layanan.models.permohonan import Permohonan
from penduduk.models import Banjar


class TemplatWA(models.Model):
    """One wording of a message as WhatsApp knows it: append-only, a change is a new version.

    Version 0 is our own wording (layanan/kata_pesan/pesan_wa/). The highest approved version is
    used. Versions of a message with the same words share one template, hence its name and SID:
    WhatsApp refuses the same words twice.
    """

    class Keadaan(models.TextChoices):
        BARU = "BARU", "belum diajukan"
        DIBUAT = "DIBUAT", "dibuat di penyedia, belum diajukan"
        DIAJUKAN = "DIAJUKAN", "menunggu persetujuan WhatsApp"
        DISETUJUI = "DISETUJUI", "disetujui"
        DITOLAK = "DITOLAK", "ditolak WhatsApp"
        DITAHAN = "DITAHAN", "ditahan WhatsApp"

    # The provider may still change its mind about these.
    BERJALAN = (Keadaan.BARU, Keadaan.DIBUAT, Keadaan.DIAJUKAN)

    pesan = models.CharField(max_length=30)  # a name of layanan.kata_pesan.katalog
    versi = models.PositiveIntegerField()
    kata = models.TextField("kata-kata", help_text="Sisipan ditulis {{nama}}.")
    # Our words, of this release or a former one: a later release may replace them.
    bawaan = models.BooleanField("kata-kata bawaan", default=False)
    nama = models.CharField("nama di WhatsApp", max_length=120, db_index=True)
    sid = models.CharField("SID penyedia", max_length=40, blank=True)
    keadaan = models.CharField(max_length=10, choices=Keadaan, default=Keadaan.BARU)
    alasan = models.CharField("alasan penolakan", max_length=300, blank=True)
    dibuat_pada = models.DateTimeField()
    dibuat_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    diajukan_pada = models.DateTimeField(null=True)
    # When a worker last took it up: also its lease, see layanan.kata_pesan.templat.
    diperiksa_pada = models.DateTimeField("terakhir ditanyakan", null=True)

    class Meta:
        verbose_name = "kata-kata pesan"
        verbose_name_plural = "kata-kata pesan"
        constraints = [
            models.UniqueConstraint(fields=["pesan", "versi"], name="templat_wa_versi"),
            models.CheckConstraint(
                condition=Q(keadaan="BARU") | ~Q(sid=""), name="templat_wa_dibuat_ada_sid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pesan} versi {self.versi}"


class AturanKabar(models.Model):
    """Whether one recipient hears of one step by one channel, where the village has decided so.
    Without a row the default of layanan.kotak_keluar.aturan holds."""

    class Penerima(models.TextChoices):
        WARGA = "WARGA", "warga"
        OPERATOR = "OPERATOR", "operator"
        PENANDATANGAN = "TTD", "penanda tangan"
        PERANGKAT = "PERANGKAT", "perangkat desa yang ditunjuk"
        KELIAN = "KELIAN", "kelian banjar dinas"

    class Kanal(models.TextChoices):
        WA = "WA", "WhatsApp"
        TELEPON = "TELEPON", "telepon bila tidak sampai"
        LENCANA = "LENCANA", "lencana dan bunyi di layar"

    langkah = models.CharField(max_length=20)
    penerima = models.CharField(max_length=10, choices=Penerima)
    kanal = models.CharField(max_length=10, choices=Kanal)
    aktif = models.BooleanField()

    class Meta:
        verbose_name = "aturan kabar"
        verbose_name_plural = "aturan kabar"
        constraints = [
            models.UniqueConstraint(
                fields=["langkah", "penerima", "kanal"], name="aturan_kabar_sekali"
            )
        ]

    def __str__(self) -> str:
        return f"{self.langkah}: {self.get_penerima_display()} lewat {self.get_kanal_display()}"


class PengaturanPesan(models.Model):
    """One row: what a message costs and how much the village spends on them in a month."""

    harga = models.PositiveIntegerField(
        "harga satu pesan (Rp)",
        null=True,
        blank=True,
        help_text="Menurut tagihan penyedia. Kosong: biaya tidak dihitung.",
    )
    batas = models.PositiveIntegerField(
        "batas biaya sebulan (Rp)",
        null=True,
        blank=True,
        help_text="Setelah tercapai, kabar permohonan ditelepon petugas. Kosong: tanpa batas.",
    )
    peringatan = models.PositiveSmallIntegerField(
        "peringatkan petugas pada (%)",
        default=80,
        validators=[MinValueValidator(10), MaxValueValidator(99)],
    )
    plafon = models.PositiveIntegerField(
        "plafon biaya sebulan (Rp)",
        null=True,
        blank=True,
        help_text="Tidak pernah dilewati, juga oleh PIN dan pesan keamanan. "
        "Kosong: satu setengah kali batas sebulan (batas 0: tanpa plafon).",
    )
    plafon_sehari = models.PositiveIntegerField(
        "pesan sehari paling banyak",
        null=True,
        blank=True,
        default=1000,
        help_text="Tidak pernah dilewati. Kosong: tanpa batas.",
    )

    class Meta:
        verbose_name = "biaya pesan"
        verbose_name_plural = "biaya pesan"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="hanya_satu_biaya_pesan")]

    def __str__(self) -> str:
        return "Biaya pesan WhatsApp"


class LajuKirim(models.Model):
    """One row that workers lock while they take messages: no two take the same, and no more than
    the provider allows in a second."""

    detik = models.BigIntegerField(default=0)  # Unix time
    jumlah = models.PositiveIntegerField(default=0)  # messages taken in that second

    class Meta:
        verbose_name = "laju kirim"
        verbose_name_plural = "laju kirim"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="hanya_satu_laju_kirim")]

    def __str__(self) -> str:
        return f"{self.jumlah} pesan"


class KeadaanSaluran(models.Model):
    """One row: whether messages can go out at all, and if not, since when and why
    (layanan.kotak_keluar.saluran). While it is stopped, messages wait in their order."""

    class Keadaan(models.TextChoices):
        JALAN = "JALAN", "jalan"
        BERHENTI = "BERHENTI", "berhenti"

    keadaan = models.CharField(max_length=10, choices=Keadaan, default=Keadaan.JALAN)
    sejak = models.DateTimeField(null=True)  # NULL: it has never stopped
    kode_galat = models.CharField(max_length=10, blank=True)
    # The provider accepts messages and tells of the fault later: only a receipt proves its end.
    lewat_kabar = models.BooleanField(default=False)
    percobaan = models.PositiveIntegerField("sudah dicoba", default=0)
    coba_pada = models.DateTimeField("dicoba lagi", null=True)
    # Calls in a row that the provider has not answered.
    diam = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Who was told of this standstill by e-mail, and when.
    dikabari_pada = models.DateTimeField(null=True)
    dikabari = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "keadaan saluran"
        verbose_name_plural = "keadaan saluran"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="hanya_satu_keadaan_saluran"),
            models.CheckConstraint(
                condition=Q(keadaan="JALAN")
                | Q(sejak__isnull=False, coba_pada__isnull=False) & ~Q(kode_galat=""),
                name="saluran_berhenti_ada_sebab",
            ),
        ]

    def __str__(self) -> str:
        return f"WhatsApp {self.get_keadaan_display()}"

    @property
    def berhenti(self) -> bool:
        return self.keadaan == self.Keadaan.BERHENTI


class AnggaranPesan(models.Model):
    """How many messages of one cause one day (WITA) has seen for one number, account or the whole
    village (layanan.kotak_keluar.anggaran)."""

    kunci = models.CharField(max_length=64)  # HMAC: no number stands here
    hari = models.DateField()
    jumlah = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "anggaran pesan"
        verbose_name_plural = "anggaran pesan"
        constraints = [
            models.UniqueConstraint(fields=["kunci", "hari"], name="anggaran_pesan_sekali_sehari")
        ]

    def __str__(self) -> str:
        return f"{self.jumlah} pesan"


class NomorWA(models.Model):
    """What is known of a number (or address of a chat) as recipient: its owner said BERHENTI, or
    WhatsApp cannot reach it. Numbers without a row are simply tried."""

    nomor_hp = models.CharField("nomor HP", max_length=160, unique=True)
    berhenti_pada = models.DateTimeField("minta berhenti", null=True, blank=True)
    kode_galat = models.CharField(max_length=10, blank=True)
    bermasalah_pada = models.DateTimeField("tidak terjangkau sejak", null=True, blank=True)

    class Meta:
        verbose_name = "nomor WhatsApp"
        verbose_name_plural = "nomor WhatsApp"

    def __str__(self) -> str:
        return f"nomor {self.pk}"


class PersetujuanWA(models.Model):
    """A resident's yes or no to news by WhatsApp: append-only, the last one holds.

    UU 27/2022 art. 22 and 24: provable, plain, separable, and as easily withdrawn. `versi` names
    the wording in layanan.kotak_keluar.persetujuan.
    """

    class Kanal(models.TextChoices):
        SITUS = "SITUS", "di situs"
        LOKET = "LOKET", "di loket, ditulis petugas"
        WA = "WA", "pesan WhatsApp (MULAI atau BERHENTI)"
        KABARI = "KABARI", "tombol Kabari saya"

    akun = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="persetujuan_wa", null=True
    )
    permohonan = models.ForeignKey(
        Permohonan, on_delete=models.PROTECT, related_name="+", null=True
    )
    nomor_hp = models.CharField("nomor HP", max_length=160)  # or the address of a chat
    setuju = models.BooleanField()
    versi = models.PositiveSmallIntegerField("versi kata-kata")
    kanal = models.CharField(max_length=10, choices=Kanal)
    pada = models.DateTimeField()
    oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        verbose_name = "persetujuan WhatsApp"
        verbose_name_plural = "persetujuan WhatsApp"
        indexes = [models.Index(fields=["nomor_hp", "-pada"], name="persetujuan_nomor")]

    def __str__(self) -> str:
        return "setuju" if self.setuju else "tidak setuju"


class KodeKabari(models.Model):
    """One-time code that somebody sends by WhatsApp: whoever does has seen the page that shows it,
    of a request ("Kabari saya") or of an account (whose new number is proven by it)."""

    permohonan = models.OneToOneField(
        Permohonan, on_delete=models.CASCADE, related_name="kode_kabari", null=True
    )
    akun = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kode_bukti", null=True
    )
    kode = models.CharField(max_length=10, unique=True)
    dibuat_pada = models.DateTimeField()
    dipakai_pada = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "kode kabari"
        verbose_name_plural = "kode kabari"
        constraints = [
            models.CheckConstraint(
                condition=Q(permohonan__isnull=True) ^ Q(akun__isnull=True),
                name="kode_kabari_satu_tujuan",
            )
        ]

    def __str__(self) -> str:
        return f"kode kabari {self.pk}"


class KabarBerkala(models.Model):
    """News that no step causes: a reminder, a digest, a warning, a test. `kunci` names what it is
    and for when, so that two clocks at once cannot send it twice."""

    class Jenis(models.TextChoices):
        PENGINGAT = "PENGINGAT", "pengingat surat belum diambil"
        PERANGKAT = "PERANGKAT", "perangkat desa ditunjuk mengambil"
        RINGKASAN_PAGI = "PAGI", "ringkasan pagi operator"
        RINGKASAN_TTD = "TTD", "ringkasan penanda tangan"
        KELIAN = "KELIAN", "belum diambil, kepada kelian"
        BIAYA = "BIAYA", "biaya mendekati batas"
        UJI = "UJI", "pesan uji"
        BERKAS = "BERKAS", "berkas akan dihapus"
        TERLAMBAT = "TERLAMBAT", "permohonan lewat target"

    jenis = models.CharField(max_length=10, choices=Jenis)
    kunci = models.CharField(max_length=80, unique=True)
    permohonan = models.ForeignKey(
        Permohonan, on_delete=models.PROTECT, related_name="kabar_berkala", null=True
    )
    banjar = models.ForeignKey(Banjar, on_delete=models.PROTECT, related_name="+", null=True)
    pada = models.DateTimeField()

    class Meta:
        verbose_name = "kabar berkala"
        verbose_name_plural = "kabar berkala"

    def __str__(self) -> str:
        return self.get_jenis_display()


class PilihanKabar(models.Model):
    """When a signer wants the digest of what waits for him: hours of the day (WITA)."""

    akun = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pilihan_kabar"
    )
    jam = models.JSONField("jam ringkasan", default=list)

    class Meta:
        verbose_name = "pilihan kabar"
        verbose_name_plural = "pilihan kabar"

    def __str__(self) -> str:
        return f"pilihan kabar {self.pk}"
