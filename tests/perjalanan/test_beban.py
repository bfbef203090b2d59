"""`make beban` in small: people at once on the site of `make run`, and nobody meets a fault."""

import pytest
from django.db import connection

from tests.beban.__main__ import Babak, jalankan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lambat, pytest.mark.sekali]


def test_many_at_once_get_their_pages_and_their_letters(tmp_path):
    awal = tmp_path / "awal.sqlite3"  # our own tables, without ten seconds of migrations
    with connection.cursor() as kursor:
        kursor.execute("VACUUM INTO %s", [str(awal)])

    (hasil,) = jalankan([Babak("biasa", 16, 12)], jeda=(0.2, 1.0), server=False, awal=awal)

    assert hasil["gagal"] == 0, hasil
    assert hasil["halaman"]["POST periksa (kirim)"]["jumlah"] >= 3, "letters were asked for"
    assert hasil["jumlah"] >= 60, hasil
