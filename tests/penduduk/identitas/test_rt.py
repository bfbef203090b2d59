"""RT and RW: one form for all the ways in which villages write them."""

import pytest

from penduduk.identitas import rt

pytestmark = pytest.mark.sekali


@pytest.mark.parametrize(
    ("tertulis", "hasil"),
    [
        (("1", "2"), ("001", "002", False)),
        (("001", "02"), ("001", "002", False)),
        (("RT 01", "RW 2"), ("001", "002", False)),
        (("rt.1", "rw:002."), ("001", "002", False)),
        (("RT.002/RW.003", ""), ("002", "003", False)),
        (("RT.002/RW.", "0"), ("002", "", False)),
        (("002/003", "003"), ("002", "003", False)),
        (("", "RT 5 RW 6"), ("005", "006", False)),
        (("RT05RW06", "000"), ("005", "006", False)),
        (("RW 6 / RT 5", ""), ("005", "006", False)),
        (("002/003", "004"), ("002", "004", True)),
        (("000", "0"), ("", "", False)),
        (("-", "--"), ("", "", False)),
        (("Utara", "1A"), ("Utara", "1A", False)),
        (("1234", ""), ("1234", "", False)),
    ],
)
def test_cells_become_one_form_that_stays(tertulis, hasil):
    assert rt.rapikan(*tertulis) == hasil
    assert rt.rapikan(*hasil[:2]) == (*hasil[:2], False)
