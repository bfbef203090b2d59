"""`make beban` in small: people at once on the site of `make run`, and nobody meets a fault."""

import pytest

from tests.beban.__main__ import Babak, jalankan

pytestmark = [pytest.mark.lambat, pytest.mark.sekali]


def test_many_at_once_get_their_pages_and_their_letters():
    (hasil,) = jalankan([Babak("biasa", 16, 10)], jeda=(0.1, 0.6))

    assert hasil["galat"] == [], hasil
    assert hasil["diminta"] >= 3, hasil  # of eight pages each, whatever else the machine does
