"""The table of OWASP ASVS names what is there, and says nothing without a reason."""

import re

import pytest

from tests.arsitektur.rumah import AKAR

TEKS = (AKAR / "docs" / "asvs.md").read_text("utf-8")
ANCAMAN = (AKAR / "docs" / "ancaman.md").read_text("utf-8")
_BUKTI = re.compile(r"`(tests/[\w/]+(?:\.py)?/?)(?:::(\w+))?`")
_KEADAAN = ("met", "partly", "not yet")


def hilang(teks: str) -> list[str]:
    """Tests that `teks` names and that are none."""
    salah = []
    for jalur, fungsi in _BUKTI.findall(teks):
        berkas = AKAR / jalur
        ada = berkas.exists()
        if ada and fungsi:
            ada = f"def {fungsi}(" in berkas.read_text("utf-8")
        if not ada:
            salah.append(f"{jalur}::{fungsi}")
    return salah


def baris() -> list[list[str]]:
    """Rows of the first table: requirement, state, what shows it."""
    isi = TEKS.partition("## Not applicable")[0]
    semua = [
        [sel.strip() for sel in satu.split("|")[1:-1]] for satu in isi.splitlines() if "|" in satu
    ]
    return [satu for satu in semua if satu[0] not in ("requirement", "---")]


@pytest.mark.parametrize("teks", [TEKS, ANCAMAN], ids=["asvs", "ancaman"])
def test_every_test_that_the_table_names_is_there(teks):
    assert hilang(teks) == []
    assert len(_BUKTI.findall(teks)) > 15


def test_a_test_that_is_none_is_found():
    assert hilang("`tests/test_asvs.py::test_entah`, `tests/entah.py`, `tests/entah/`") == [
        "tests/test_asvs.py::test_entah",
        "tests/entah.py::",
        "tests/entah/::",
    ]


def test_every_row_has_a_state_and_says_why():
    for nama, keadaan, sebab in baris():
        assert keadaan in _KEADAAN, nama
        assert len(sebab) > 15, nama
        assert keadaan != "partly" or len(re.sub(r"`[^`]*`", "", sebab)) > 25, nama


def test_every_chapter_is_there_once():
    bab = re.findall(r"\*\*V(\d+) ", TEKS) + re.findall(r"\bV(\d+)\b", TEKS.partition("## Not")[2])

    assert sorted(map(int, bab)) == list(range(1, 18))
    nomor = re.findall(r"\b(\d+\.\d+\.\d+)\b", " ".join(satu[0] for satu in baris()))
    assert len(nomor) == len({*nomor}) > 80
