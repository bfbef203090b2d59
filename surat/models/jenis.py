"""A type of letter: its fields, its papers and the versions of its wording."""

from django.conf import settings
from django.db import models


class JenisSurat(models.Model):
    """A type of letter that residents can request; fields, papers and body are rows of its own."""

    class Naskah(models.TextChoices):
        KETERANGAN = "keterangan", "Surat keterangan (desa menerangkan)"
        PENGANTAR = "pengantar", "Surat pengantar (desa mengantar)"
        PERNYATAAN = "pernyataan", "Surat pernyataan (warga menyatakan, perbekel mengetahui)"
        FORMULIR = "formulir", "Formulir (daftar data)"

    class Pengantar(models.TextChoices):
        WAJIB = "WAJIB", "wajib"
        DISARANKAN = "DISARANKAN", "disarankan"
        TIDAK = "TIDAK", "tidak perlu"

    class Tempat(models.TextChoices):
        PIHAK = "pihak", "di atas, sebagai pihak atau yang menyatakan"
        KIRI = "kiri", "di kiri tanda tangan desa"
        DAFTAR = "daftar", "daftar bernomor, seperti saksi"
        MENGETAHUI = "mengetahui", "mengetahui, di kiri tanda tangan desa"
        BAWAH = "bawah", "mengetahui, di bawah tanda tangan desa"

    ada_bawaan: bool  # only where a list has asked for it (surat.admin.jenis.daftar)

    kode = models.SlugField(max_length=40, unique=True)
    nama = models.CharField(max_length=120)
    judul = models.CharField("judul di kertas", max_length=120)
    kelompok = models.CharField(max_length=40, blank=True)
    naskah = models.CharField(
        "jenis naskah", max_length=20, choices=Naskah, default=Naskah.KETERANGAN
    )
    tujuan = models.CharField("untuk apa", max_length=200)
    klasifikasi = models.CharField("kode klasifikasi (baru)", max_length=24)
    # The village's own word: it travels with no document and makes no difference to a default.
    klasifikasi_pasti = models.BooleanField(
        "kode klasifikasi sudah dipastikan", default=False, db_default=False, editable=False
    )
    klasifikasi_lama = models.CharField("kode klasifikasi (lama)", max_length=24, blank=True)
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
    subjek = models.SlugField(
        "surat ini tentang",
        max_length=40,
        blank=True,
        help_text="Kunci isian orang yang diterangkan. Kosong: pemohon sendiri.",
    )
    cetak_identitas = models.BooleanField(
        "cetak tabel identitas",
        default=True,
        help_text="Identitas orang yang diterangkan, di bawah pembuka.",
    )
    # Rows of who signs beside the village: label, siapa, tempat, meterai, nomor, wali
    # (surat.jenis.penanda).
    penanda = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True
    )
    # The signers before `penanda`: the last release still writes them; to go with the next one.
    pembuat = models.SlugField(max_length=40, blank=True, editable=False)
    jumlah_saksi = models.PositiveSmallIntegerField(default=0, editable=False)
    mengetahui_kelian = models.BooleanField(default=False, editable=False)
    mengetahui_camat = models.BooleanField(default=False, editable=False)
    meterai = models.BooleanField(default=False, editable=False)
    pemegang = models.BooleanField(default=False, editable=False)
    tembusan = models.TextField(blank=True, help_text="Satu baris satu tujuan. Kosong: tidak ada.")
    formulir = models.TextField(
        "formulir resmi",
        blank=True,
        default="",
        db_default="",
        help_text="Satu baris satu formulir: kodenya, lalu syaratnya (docs/id/formulir-resmi.md).",
    )
    catatan_warga = models.CharField(
        "pesan bagi warga", max_length=500, blank=True, help_text="Tampil sebelum warga mengisi."
    )
    catatan_petugas = models.CharField(
        "hal yang harus diperhatikan petugas", max_length=500, blank=True
    )
    # What was last loaded or offered from the shipped file, and what the type looked like then:
    # a different look now means that the village changed it, so no default may overwrite it.
    sidik_bawaan = models.CharField(max_length=64, blank=True, editable=False)
    sidik_isi = models.CharField(max_length=64, blank=True, editable=False)
    # Moved by every save in the admin; two clerks editing one type are noticed by it.
    revisi = models.PositiveIntegerField(default=0, editable=False)
    diubah_pada = models.DateTimeField(null=True, editable=False)
    diubah_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
    )

    class Meta:
        verbose_name = "jenis surat"
        verbose_name_plural = "jenis surat"

    def __str__(self) -> str:
        return self.nama


class Pertanyaan(models.Model):
    """One field of a letter type's form."""

    class Batas(models.TextChoices):
        BEBAS = "", "bebas"
        LAMPAU = "LAMPAU", "tidak sesudah hari ini"
        MENDATANG = "MENDATANG", "tidak sebelum hari ini"

    class Kelamin(models.TextChoices):
        BEBAS = "", "siapa saja"
        LAKI = "LAKI", "laki-laki"
        PEREMPUAN = "PEREMPUAN", "perempuan"
        LAWAN = "LAWAN", "bukan yang sama dengan pemohon"

    jenis = models.ForeignKey(JenisSurat, on_delete=models.CASCADE, related_name="pertanyaan")
    kunci = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    tipe = models.CharField(max_length=40)
    wajib = models.BooleanField(default=True)
    bantuan = models.CharField(max_length=200, blank=True)
    pilihan = models.JSONField(default=list, blank=True)
    bila_kunci = models.SlugField(
        "hanya bila pertanyaan", max_length=40, blank=True, help_text="Kunci pertanyaan lain."
    )
    bila_nilai = models.CharField(
        "berisi", max_length=200, blank=True, help_text="Satu jawaban, atau beberapa dipisah |."
    )
    batas = models.CharField("batas tanggal", max_length=10, choices=Batas, blank=True)
    tidak_sebelum = models.SlugField(
        max_length=40, blank=True, help_text="Kunci pertanyaan tanggal yang harus lebih dulu."
    )
    termasuk_meninggal = models.BooleanField(
        default=False, help_text="Anggota KK yang sudah meninggal dapat dipilih."
    )
    jenis_kelamin = models.CharField("orang ini harus", max_length=10, choices=Kelamin, blank=True)
    bukan = models.CharField(
        "orang lain daripada",
        max_length=200,
        blank=True,
        help_text="Kunci isian orang lain, atau pemohon; beberapa dipisah |.",
    )
    tentang = models.SlugField(
        "hubungan atau status dari",
        max_length=40,
        blank=True,
        help_text="Kunci isian orang yang hubungannya ditanyakan, atau pemohon.",
    )
    disunting = models.BooleanField(
        "ditulis ulang petugas",
        default=False,
        help_text="Kata-kata warga tidak langsung dicetak; petugas menulis teks akhirnya.",
    )
    urutan = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "pertanyaan"
        verbose_name_plural = "pertanyaan"
        ordering = ["urutan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jenis", "kunci"], name="isian_kunci_sekali_per_jenis")
        ]

    def __str__(self) -> str:
        return self.label


class Aturan(models.Model):
    """One rule of a letter type: what must be true before its letter may be issued."""

    class Kekuatan(models.TextChoices):
        TOLAK = "TOLAK", "surat tidak dapat terbit"
        BERTENTANGAN = "BERTENTANGAN", "terbit hanya dengan alasan petugas"
        PERHATIKAN = "PERHATIKAN", "hanya diingatkan"

    jenis = models.ForeignKey(JenisSurat, on_delete=models.CASCADE, related_name="aturan")
    macam = models.CharField(max_length=20)  # a key of surat/isian/aturan.json
    siapa = models.SlugField(max_length=40)  # subjek, pemohon, or the key of a question
    nilai = models.CharField(max_length=200)
    kekuatan = models.CharField(max_length=12, choices=Kekuatan, default=Kekuatan.BERTENTANGAN)
    kalimat = models.CharField(max_length=300, blank=True)  # empty: that of the kind
    bila_kunci = models.SlugField(max_length=40, blank=True)
    bila_nilai = models.CharField(max_length=200, blank=True)
    urutan = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = verbose_name_plural = "aturan"
        ordering = ["urutan", "pk"]

    def __str__(self) -> str:
        return f"{self.macam} {self.siapa}"


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
    """One version of a letter type's wording, with the rules, signers and forms that went with it
    (`susunan`; None: nobody knows any more). Append-only: issued letters keep theirs."""

    jenis = models.ForeignKey(JenisSurat, on_delete=models.PROTECT, related_name="templat")
    versi = models.PositiveIntegerField()
    pembuka = models.TextField(blank=True)
    isi = models.TextField(help_text="Alinea dipisah satu baris kosong.")
    penutup = models.TextField(blank=True)
    susunan = models.JSONField(null=True, editable=False)
    catatan = models.CharField(
        "apa yang diubah", max_length=200, blank=True, help_text="Untuk rekan Anda, tidak dicetak."
    )
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
