"""Search that an index answers: `kolom__memuat=teks` finds what holds `teks`, in any case.

A table says in its `Meta.indexes` which columns are searched: IndeksCari. On PostgreSQL that is a
GIN index of trigrams (pg_trgm), on SQLite a table of trigrams beside it (FTS5), kept by triggers.
What has no trigram is too short to be looked for everywhere: a word must begin with it.
"""

import re
from pathlib import Path
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models

PALING_BANYAK = 1000  # of what is found, this many are listed and counted
_TRIGRAM = re.compile(r"[^\W_]{3}|[\W_][^\W_]|[^\W_]{2}[\W_]")
_SQL = Path(__file__).with_suffix(".sql").read_text().split("\n\n")


def panjang(teks: str) -> bool:
    """Whether `teks` has a trigram, for pg_trgm too: in three letters or at an end of a word."""
    return len(teks) > 2 and bool(_TRIGRAM.search(teks))


@models.CharField.register_lookup
@models.TextField.register_lookup
class Memuat(models.Lookup):
    lookup_name = "memuat"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        teks, kolom = " ".join(str(self.rhs).split()), compiler.compile(self.lhs)[0]
        if not re.search(r"[^\W_]", teks):
            return "1 = 0", []  # marks alone are in no trigram
        if connection.vendor == "postgresql":
            pola = connection.ops.prep_for_like_query(teks)
            semua = [f"%{pola}%"] if panjang(teks) else [f"{pola}%", f"% {pola}%"]
            suka = "LIKE" if getattr(self.lhs.output_field, "kecil", teks.isdigit()) else "ILIKE"
            return f"({' OR '.join([f'{kolom} {suka} %s'] * len(semua))})", semua
        tabel, _, nama = kolom.rpartition(".")
        cari = f"{self.lhs.target.model._meta.db_table}_cari"
        # Two blanks stand before each word, so that even its first letter makes a trigram.
        frasa = (teks if panjang(teks) else f" {teks}").replace(" ", "  ").replace('"', '""')
        sql = f"{tabel}.id IN (SELECT rowid FROM {cari} WHERE {cari} MATCH %s)"
        return sql, [f'{nama} : "{frasa}"']


class IndeksCari(GinIndex):
    """Columns of a table whose key is `id`. Django makes the indexes of a table anew whenever it
    makes the table anew; so SQLite's triggers, which go with the former one, come back."""

    def __init__(self, kolom: str = "", **lain: Any) -> None:
        super().__init__(**{"fields": kolom.split()} | lain)

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **lain: Any) -> Any:
        if schema_editor.connection.vendor == "sqlite":
            return self._jalankan(_SQL, model, schema_editor)
        salinan: Any = self.clone()
        salinan.opclasses = ["gin_trgm_ops"] * len(self.fields)
        return super(IndeksCari, salinan).create_sql(model, schema_editor, using, **lain)

    def remove_sql(self, model: Any, schema_editor: Any, **lain: Any) -> Any:
        if schema_editor.connection.vendor == "sqlite":
            return self._jalankan(_SQL[:4], model, schema_editor)
        return super().remove_sql(model, schema_editor, **lain)

    def _jalankan(self, semua: list[str], model: Any, schema_editor: Any) -> str:
        tabel = model._meta.db_table  # new__… while Django fills the one that will replace it
        kolom = [model._meta.get_field(nama).column for nama in self.fields]
        nilai = [f"replace(' ' || {{}}.{satu}, ' ', '  ')" for satu in kolom]
        kata = {b: ", ".join(satu.format(b) for satu in nilai) for b in ("old", "new")}
        kata |= {"tabel": tabel, "cari": f"{tabel.removeprefix('new__')}_cari"}
        *dulu, akhir = (satu.format(**kata, kolom=", ".join(kolom)) for satu in semua)
        for satu in dulu:
            schema_editor.execute(satu)
        return akhir  # which Django runs


class LebihDari(int):
    def __str__(self) -> str:
        return f"lebih dari {int(self):,}".replace(",", ".")


def jumlah(semua: models.QuerySet[Any], paling_banyak: int = 0) -> int:
    """How many there are, counted up to `paling_banyak`, or PALING_BANYAK."""
    maks = paling_banyak or PALING_BANYAK
    banyak = semua.order_by()[: maks + 1].count()
    return LebihDari(maks) if banyak > maks else banyak


def saring(semua: models.QuerySet[Any], cara: list[models.Q]) -> models.QuerySet[Any]:
    """Those of `semua` that one of `cara` finds; each is asked for itself, because no index serves
    an OR between tables, and gives of more than PALING_BANYAK only the first ones in its order."""
    kunci = semua.prefetch_related(None).values_list("pk", flat=True)
    pk = (satu for syarat in cara for satu in kunci.filter(syarat)[: PALING_BANYAK + 1])
    return semua.filter(pk__in=set(pk))
