"""A test says what a page showed or did, not merely that it answered."""

import ast

import pytest

from tests.arsitektur.pemeriksa import uji_hampa
from tests.arsitektur.rumah import UJI, langgar


def test_no_test_ends_in_a_bare_200():
    assert langgar(uji_hampa, UJI) == {}


@pytest.mark.parametrize(
    "akhir",
    [
        "assert jawab.status_code == 200",
        'assert client.get("/").status_code == 200',
        "assert 200 == jawab.status_code",
        "assert jawab.status_code == HTTPStatus.OK",
        "assert satu.status_code == 200 and dua.status_code == 200",
        'assert jawab.status_code == 200, "halaman tidak terbuka"',
        "for x in semua:\n        assert x.status_code == 200",
        "with buka() as hal:\n        assert hal.status_code == 200",
    ],
)
def test_one_that_does_is_refused(akhir):
    sumber = f'class TestX:\n  def test_x(client):\n    assert kata(hal) == "x"\n    {akhir}\n'

    assert list(uji_hampa(ast.parse(sumber))) == [(2, "test_x")]


@pytest.mark.parametrize(
    "akhir",
    [
        'assert "Selesai" in kata(jawab)',
        'assert jawab.status_code == 200 and "Selesai" in kata(jawab)',
        'assert (jawab.status_code, kata(jawab)) == (200, "x")',
        "assert jawab.status_code == 404",
    ],
)
def test_one_that_says_more_is_allowed(akhir):
    assert list(uji_hampa(ast.parse(f"def test_x(client):\n    {akhir}\n"))) == []
