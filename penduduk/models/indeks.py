"""Indexes that stay small while their table grows."""

from typing import Any

from django.db.models import PROTECT, ForeignKey, Index, Q


def jarang(ke: Any, *, related_name: str = "+", **lain: Any) -> "ForeignKey[Any, Any]":
    """A foreign key that is empty in nearly all rows; its index is one of `terisi`."""
    return ForeignKey(
        ke, on_delete=PROTECT, related_name=related_name, null=True, db_index=False, **lain
    )


def terisi(tabel: str, *kolom: str) -> list[Index]:
    """An index of each of `kolom` without the rows in which it is empty, nearly all of them: with
    those, it looks useful to find them, and by its statistics useless for what it is there for."""
    return [
        Index(fields=[satu], condition=Q(**{f"{satu}__isnull": False}), name=f"{tabel}_{satu}")
        for satu in kolom
    ]
