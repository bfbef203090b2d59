"""What nobody can keep in mind at once is too big."""

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.arsitektur.pemeriksa import FOLDER_MAKS, TEMPLAT_MAKS, kebesaran
from tests.arsitektur.rumah import AKAR, PRODUKSI, RUANG, TEMPLAT, langgar, sebut

NAMA_TERLARANG = {"utils", "helpers", "common", "services", "managers", "misc", "signals"}
GAYA_SEBARIS = ("style=", "<script>", "<style", " onclick=")


def folder_penuh(semua: Iterable[Path]) -> dict[str, int]:
    """Folders with more modules than a reader can choose from."""
    isi = Counter(b.parent.as_posix() for b in semua if b.name != "__init__.py")
    return {folder: n for folder, n in isi.items() if n > FOLDER_MAKS}


def salah_templat(teks: str) -> list[str]:
    besar = [f"{teks.count(chr(10))} lines"] if teks.count("\n") > TEMPLAT_MAKS else []
    return besar + [satu for satu in GAYA_SEBARIS if satu in teks]


def test_there_is_something_to_check():
    assert len(PRODUKSI) > 150
    assert len(TEMPLAT) > 100


def test_no_package_stands_outside_the_rooms():
    """The guards, the arrows and mypy look at the rooms only."""
    lain = {"manage.py", "simulator", "tests"}
    akar = {p.name for p in AKAR.iterdir() if p.suffix == ".py" or any(p.rglob("*.py"))}
    akar -= {".venv", "var"}

    assert akar - lain == set(RUANG)


def test_files_and_functions_are_small():
    assert langgar(kebesaran, PRODUKSI) == {}


def test_folders_are_small():
    assert folder_penuh(b.relative_to(AKAR) for b in PRODUKSI) == {}


def test_no_module_is_named_after_nothing():
    assert [sebut(b) for b in PRODUKSI if b.stem in NAMA_TERLARANG] == []


def test_templates_are_small_and_have_no_inline_style_or_script():
    # The paper carries its own style: WeasyPrint reads nothing else.
    halaman = [b for b in TEMPLAT if b.name != "kertas.html"]

    salah = {sebut(b): salah_templat(b.read_text(encoding="utf-8")) for b in halaman}

    assert {nama: keluhan for nama, keluhan in salah.items() if keluhan} == {}


def test_a_long_function_is_refused_and_the_longest_allowed_one_is_not():
    pas = "async def pas():\n" + "    x = 1\n" * 49
    panjang = "class K:\n    def panjang(self):\n" + "        x = 1\n" * 50

    assert list(kebesaran(ast.parse(pas))) == []
    assert list(kebesaran(ast.parse(panjang))) == [(2, "panjang: 51 lines")]


def test_a_long_file_is_refused_also_when_it_ends_in_a_long_text():
    assert list(kebesaran(ast.parse("x = 1\n" * 400))) == []
    assert list(kebesaran(ast.parse('X = """' + "\n" * 400 + '"""\n'))) == [
        (401, "401 lines in one file")
    ]


def test_a_full_folder_is_refused():
    dua_belas = [Path("a", f"m{n}.py") for n in range(12)]

    assert folder_penuh([*dua_belas, Path("a/__init__.py"), Path("a/b/m.py")]) == {}
    assert folder_penuh([*dua_belas, Path("a/satu_lagi.py")]) == {"a": 13}


@pytest.mark.parametrize(
    ("teks", "keluhan"),
    [
        ("\n" * 120, []),
        ("\n" * 121, ["121 lines"]),
        ('<p style="x">', ["style="]),
        ("<script>x</script>", ["<script>"]),
        ('<script src="a.js" defer></script>', []),
        ('<a onclick="x">', [" onclick="]),
    ],
)
def test_a_template_with_inline_style_or_script_is_refused(teks, keluhan):
    assert salah_templat(teks) == keluhan
