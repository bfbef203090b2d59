"""Arrows and bans stand in pyproject.toml; here the tools are shown to refuse what they must."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.arsitektur.rumah import AKAR, RUANG

_ATUR = tomllib.loads((AKAR / "pyproject.toml").read_text())["tool"]
_ALAT = Path(sys.executable).parent  # where ruff and lint-imports of this environment are


def ruff(sumber: str, nama: str) -> str:
    """What ruff says of this source, were it the module of this name."""
    perintah = [_ALAT / "ruff", "check", "--no-cache", "--output-format=concise", "--quiet"]
    return subprocess.run(
        [*perintah, "--stdin-filename", AKAR / nama, "-"],
        input=sumber,
        capture_output=True,
        text=True,
        cwd=AKAR,
    ).stdout


@pytest.mark.parametrize(
    "sumber",
    [
        "from django.http import HttpRequest\n\nx = HttpRequest\n",
        "from django.contrib import messages\n\nx = messages\n",
        "import django.http\n\nx = django.http\n",
    ],
)
@pytest.mark.parametrize("nama", ["layanan/anyar.py", "surat/terbit/anyar.py", "penduduk/anyar.py"])
def test_a_domain_module_that_knows_requests_is_refused(nama, sumber):
    assert "TID251" in ruff(sumber, nama)
    assert ruff(sumber, "layanan/views/anyar.py") == ""


def test_every_package_of_a_room_has_its_place_among_the_arrows():
    kontrak = {tuple(k.get("containers", ())): k for k in _ATUR["importlinter"]["contracts"]}

    for ruang in RUANG[1:]:
        satu = kontrak[(ruang,)]
        assert satu["exhaustive"] is True
        assert satu["exhaustive_ignores"] == ["apps", "migrations", "templatetags"]


def test_types_are_checked_in_every_room():
    assert set(_ATUR["mypy"]["packages"]) == set(RUANG)


@pytest.fixture
def salinan(tmp_path):
    """The rooms as they are, for a test that spoils them."""
    for ruang in RUANG:
        shutil.copytree(AKAR / ruang, tmp_path / ruang, ignore=_hanya_python)
    shutil.copy(AKAR / "pyproject.toml", tmp_path)
    return tmp_path


def _hanya_python(folder: str, isi: list[str]) -> set[str]:
    return {n for n in isi if not (Path(folder, n).is_dir() or n.endswith(".py"))} | {"__pycache__"}


def _panah(folder: Path) -> str:
    perintah = [_ALAT / "lint-imports", "--no-logo", "--no-cache"]
    return subprocess.run(perintah, capture_output=True, text=True, cwd=folder).stdout


@pytest.mark.lambat
def test_a_module_without_a_place_and_arrows_against_the_stream_are_refused(salinan):
    (salinan / "layanan/anyar.py").write_text("from layanan import views\n")
    with (salinan / "penduduk/identitas/nik.py").open("a") as berkas:
        berkas.write("from surat import models\n")
    with (salinan / "layanan/permohonan/alur.py").open("a") as berkas:
        berkas.write("import twilio\nfrom layanan.kabar import ringkasan\n")

    hasil = _panah(salinan)

    for satu in (
        "layanan.anyar",
        "penduduk.identitas.nik -> surat.models",
        "layanan.permohonan.alur -> twilio",
        "layanan.permohonan.alur -> layanan.kabar.ringkasan",
    ):
        assert satu in hasil
