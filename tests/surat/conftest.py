"""A letter in one line: who signs, who issues, and `terbit` that puts them together.

Roles are not known in here (they are layanan's), so these petugas have none: quick to make.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from penduduk.models import Akun
from surat.jenis import bawaan, berkas
from surat.models import JenisSurat, Mandat, Surat
from surat.naskah import susunan
from tests import factories
from tests.surat import terbitan

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def operator(db) -> Akun:
    return Akun.objects.create_user("operator", nama="Operator")


@pytest.fixture
def perbekel(db) -> Akun:
    akun = Akun.objects.create_user("perbekel", nama="Perbekel")
    factories.buat_mandat(akun)
    return akun


@pytest.fixture
def mandat(perbekel: Akun) -> Mandat:
    return perbekel.pejabat.mandat.get()


@pytest.fixture
def terbit(operator: Akun, mandat: Mandat) -> Callable[..., Surat]:
    """Issue a letter; what is not told is typical."""

    def terbit(kode: str = "domisili", **lain: Any) -> Surat:
        jawaban = factories.JAWABAN.get(kode, {}) | {"keperluan": "membuka rekening bank"}
        bahan = {
            "jenis": factories.jenis(kode),
            "mandat": mandat,
            "pengantar": susunan.Pengantar(),
            "oleh": operator,
            "pada": PADA,
            "jawaban": jawaban | lain.pop("jawaban", {}),
        } | lain
        if "pemohon" not in bahan:
            bahan["pemohon"] = factories.buat_penduduk()
        return terbitan.terbitkan(**bahan)

    return terbit


@pytest.fixture(scope="module")
def semua_jenis(django_db_setup, django_db_blocker) -> Iterator[dict[str, JenisSurat]]:
    """All shipped types with everything of theirs, loaded once per module and put back."""
    with django_db_blocker.unblock(), transaction.atomic():
        bawaan.muat()
        yield {jenis.kode: jenis for jenis in berkas.lengkap()}
        transaction.set_rollback(True)
