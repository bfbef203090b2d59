"""Facts of the village."""

from django.db import models
from django.db.models import Q


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

    @property
    def fakta(self) -> str:
        """All facts in one string: what a kept piece of a page was made of."""
        return "\n".join(str(getattr(self, kolom.attname)) for kolom in self._meta.fields)
