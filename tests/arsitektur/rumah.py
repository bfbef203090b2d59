"""What the guards look at: the production files, the templates and the tests of this checkout."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

AKAR = Path(settings.BASE_DIR)
RUANG = ("bugbug", "layanan", "surat", "penduduk")
PRODUKSI = sorted(
    berkas
    for ruang in RUANG
    for berkas in (AKAR / ruang).rglob("*.py")
    if "migrations" not in berkas.parts
)
TEMPLAT = sorted((AKAR / "templates").rglob("*.html"))
UJI = sorted((AKAR / "tests").rglob("test_*.py"))
MODEL = [
    model
    for ruang in RUANG
    if apps.is_installed(ruang)
    for model in apps.get_app_config(ruang).get_models()
]


def sebut(berkas: Path) -> str:
    return berkas.relative_to(AKAR).as_posix()


@cache
def pohon(berkas: Path) -> ast.Module:
    return ast.parse(berkas.read_text(encoding="utf-8"))


def langgar(
    periksa: Callable[[ast.Module], Iterator[tuple[int, str]]], semua: Iterable[Path]
) -> dict[str, list[str]]:
    """What a checker complains of, by file; files without complaint are left out."""
    temuan = {sebut(b): [f"{baris}: {kata}" for baris, kata in periksa(pohon(b))] for b in semua}
    return {nama: keluhan for nama, keluhan in temuan.items() if keluhan}
