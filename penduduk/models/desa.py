"""Facts of the village."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from penduduk.identitas import jam_kerja

HARI = "senin selasa rabu kamis jumat sabtu minggu".split()
# Perpres 21/2023 art. 3 and 4: five days, 37.5 hours without breaks, from 07.30 on; the break takes
# 60 minutes, on Friday 90.
_JAM, _JAM_JUMAT = "07.30–12.00, 13.00–16.00", "07.30–11.30, 13.00–16.30"


def _jam(hari: str, bawaan: str = "", **lain: Any) -> models.CharField:
    return models.CharField(
        f"jam kerja {hari}",
        max_length=60,
        blank=True,
        default=bawaan,
        db_default=bawaan,
        validators=[jam_kerja.periksa],
        **lain,
    )


def _target(label: str, jam: int, bantuan: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        f"target {label} (jam kerja)",
        default=jam,
        db_default=jam,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
        help_text=bantuan,
    )


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
    jam_senin = _jam(
        "Senin", _JAM, help_text="Janji selesai dihitung dalam jam ini. Istirahat tidak dihitung."
    )
    jam_selasa = _jam("Selasa", _JAM)
    jam_rabu = _jam("Rabu", _JAM)
    jam_kamis = _jam("Kamis", _JAM)
    jam_jumat = _jam("Jumat", _JAM_JUMAT)
    jam_sabtu = _jam("Sabtu", help_text="Kosong: kantor tutup.")
    jam_minggu = _jam("Minggu")
    target_proses = _target("diproses", 2, "Sejak permohonan masuk sampai mulai diproses.")
    target_setujui = _target("disetujui", 4, "Sejak mulai diproses sampai surat diterbitkan.")
    target_ttd = _target("ditandatangani", 4, "Sejak surat dicetak sampai ditandatangani.")
    target_serah = _target(
        "diserahkan", 15, "Sejak surat ditandatangani, bila perangkat desa yang mengantarnya."
    )
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

    def clean(self) -> None:
        if not any(getattr(self, f"jam_{hari}") for hari in HARI):
            raise ValidationError("Isi jam kerja sedikitnya satu hari.")

    @property
    def jam_seminggu(self) -> tuple[tuple[jam_kerja.Selang, ...], ...]:
        """The office hours from Monday to Sunday."""
        return tuple(jam_kerja.baca(getattr(self, f"jam_{hari}")) for hari in HARI)

    @property
    def fakta(self) -> str:
        """All facts in one string: what a kept piece of a page was made of."""
        return "\n".join(str(getattr(self, kolom.attname)) for kolom in self._meta.fields)
