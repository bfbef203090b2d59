"""Who looked at whose data: rows that are only added, and a chain that shows when one is not."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from penduduk.models import Penduduk

DISIMPAN = 365  # days; sooner the database lets none go (layanan.retensi: the same)
_SQL = Path(__file__).with_suffix(".sql").read_text().split("\n\n")


class IndeksTetap(models.Index):
    """An index of a table to which rows are only added: whoever changes or deletes one gets an
    IntegrityError from the database, unless `pada` of that row is `hari` days ago. Triggers do it;
    they come back when Django makes the table, and with it this index, anew."""

    def __init__(self, *apa: Any, hari: int | None = None, **lain: Any) -> None:
        super().__init__(*apa, **lain)
        self.hari = hari

    def deconstruct(self) -> Any:
        nama, apa, lain = super().deconstruct()
        return nama, apa, lain | {"hari": self.hari}

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **lain: Any) -> Any:
        vendor = schema_editor.connection.vendor
        masih = {
            "sqlite": f"OLD.pada >= datetime('now', '-{self.hari} days')",
            "postgresql": f"OLD.pada >= now() - interval '{self.hari} days'",
        }
        kata = {
            "tabel": model._meta.db_table,  # new__… while Django fills the one that replaces it
            "nama": model._meta.db_table.removeprefix("new__"),
            "masih": masih[vendor] if self.hari else "true",
        }
        for satu in _SQL:
            judul, _, perintah = satu.partition("\n")
            if judul.removeprefix("-- ") == vendor:
                schema_editor.execute(perintah.format(**kata), params=None)
        return super().create_sql(model, schema_editor, using, **lain)


class JejakQuerySet(models.QuerySet["Jejak"]):
    def untuk_warga(self, orang: Penduduk) -> models.QuerySet["Jejak"]:
        """What the office has seen of this resident, newest first: `peran`, `kata` and `pada` are
        for the resident's eyes. Who took the whole register saw everybody."""
        milik = self.filter(Q(warga=orang) | Q(apa=Jejak.Apa.EKSPOR))
        return milik.exclude(peran="").order_by("-pada", "-pk")


class Jejak(models.Model):
    """Somebody was shown the data of a resident. A list leaves a row for each person on it; rows of
    one moment are one list. Who looks again within some minutes leaves no further row."""

    class Apa(models.TextChoices):
        LIHAT = "LIHAT", "membuka"
        DAFTAR = "DAFTAR", "melihat daftar"
        CARI = "CARI", "mencari"
        RIWAYAT = "RIWAYAT", "membuka riwayat"
        UNDUH = "UNDUH", "mengambil"
        EKSPOR = "EKSPOR", "mengekspor semua"

    oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    # As it was then; empty: a resident, with papers of their own.
    peran = models.CharField(max_length=60, blank=True, default="", db_default="")
    pada = models.DateTimeField()
    apa = models.CharField(max_length=8, choices=Apa)
    # The table of which something was shown, the key of the one row; of a search, its kind.
    tabel = models.CharField(max_length=40, blank=True, default="", db_default="")
    objek = models.CharField(max_length=40, blank=True)
    jumlah = models.PositiveIntegerField("baris", null=True)
    # NULL: nobody in the register, or nobody knows who. A key only: an import that is undone takes
    # people out of the register, and the row that they were seen stays as it is.
    warga = models.ForeignKey(
        Penduduk,
        on_delete=models.DO_NOTHING,
        related_name="jejak",
        null=True,
        db_index=False,
        db_constraint=False,
        db_column="pemilik_id",
    )
    sebab = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects = JejakQuerySet.as_manager()

    class Meta:
        db_table = "layanan_jejaklihat"  # while an update starts, the last release still writes it
        verbose_name = "jejak"
        verbose_name_plural = "jejak"
        indexes = [
            models.Index(fields=["warga", "-pada"], name="jejak_warga"),
            models.Index(fields=["oleh", "-pada"], name="jejak_oleh"),
            models.Index(fields=["-pada"], condition=Q(apa="EKSPOR"), name="jejak_semua"),
            IndeksTetap(fields=["pada"], hari=DISIMPAN, name="jejak_tetap"),
        ]

    def __str__(self) -> str:
        return self.kata

    @property
    def kata(self) -> str:
        """What was done, in words: "membuka permohonan"."""
        ruang, _, tabel = self.tabel.partition(".")
        model = apps.all_models[ruang].get(tabel)
        nama = str(model._meta.verbose_name) if model else "halaman kantor"
        jenis = f" menurut {self.objek}" if self.apa == self.Apa.CARI and self.objek else ""
        return f"{self.get_apa_display()} {nama}{jenis}"


class RantaiJejak(models.Model):
    """A day of the trail, closed: `isi` is the digest of its rows, `sidik` that of this row and of
    all before it. It stays when the rows are gone, so the chain can be followed to its start."""

    hari = models.DateField()
    sampai = models.BigIntegerField("jejak terakhir")
    jumlah = models.PositiveIntegerField()
    isi = models.CharField(max_length=64)
    sebelum = models.CharField(max_length=64, unique=True)  # a chain has no forks
    sidik = models.CharField(max_length=64)

    class Meta:
        verbose_name = "rantai jejak"
        verbose_name_plural = "rantai jejak"
        indexes = [IndeksTetap(fields=["hari"], name="rantai_tetap")]

    def __str__(self) -> str:
        return f"{self.hari} {self.sidik[:12]}"
