"""Whoever finds a hole finds whom to tell (RFC 9116)."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from penduduk.models import Desa

ALAMAT = "/.well-known/security.txt"
_BARIS = re.compile(r"(#.*|[A-Za-z-]+: \S.*|)")


@pytest.fixture
def isi(db, client, settings) -> dict[str, list[str]]:
    """The fields of the file."""
    settings.PUBLIC_BASE_URL = "https://bugbug.example"
    Desa.objects.create(
        pk=1, email="kantor+desa@bugbug.example", telepon="0363 21234 / 08123456789"
    )
    jawab = client.get(ALAMAT)

    assert jawab.headers["Content-Type"] == "text/plain; charset=utf-8"
    baris = jawab.content.decode().splitlines()
    assert [satu for satu in baris if not _BARIS.fullmatch(satu)] == []
    hasil: dict[str, list[str]] = {}
    for nama, nilai in (satu.split(": ", 1) for satu in baris if satu and satu[0] != "#"):
        hasil.setdefault(nama, []).append(nilai)
    return hasil


def test_the_village_itself_is_named_as_contact(isi):
    assert isi["Contact"] == [
        "mailto:kantor+desa@bugbug.example",
        "tel:+6236321234",
        "tel:+628123456789",
    ]
    assert isi["Canonical"] == ["https://bugbug.example/.well-known/security.txt"]
    assert isi["Preferred-Languages"] == ["id, en"]


def test_it_expires_within_a_year_and_says_so_once(isi):
    (habis,) = isi["Expires"]

    jauh = datetime.fromisoformat(habis) - timezone.now()
    assert timedelta(days=90) < jauh < timedelta(days=365)


def test_a_village_without_contact_has_no_such_page(db, client):
    assert client.get(ALAMAT).status_code == 404
