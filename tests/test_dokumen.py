"""What the documents name is there: files, pages, models and their columns."""

import re
from collections.abc import Iterator
from functools import cache, reduce
from pathlib import Path

import pytest
from django.apps import apps

from tests.arsitektur.rumah import AKAR, MODEL, RUANG, sebut

# True of the day on which they were written; what they link to must be there all the same.
SEJARAH = sorted({AKAR / "CHANGELOG.md", *AKAR.glob("docs/keputusan/00*.md")})
DOKUMEN = sorted({*AKAR.glob("*.md"), *AKAR.glob("docs/**/*.md")} - {*SEJARAH})
ISTILAH = AKAR / "docs" / "istilah.md"

_KUTIPAN = re.compile(r"`([^`\n]+)`")
_TAUTAN = re.compile(r"\]\((?!\w+:)([^)#\s]+)")
_JALUR = re.compile(r"(?!var/|\.)(?:(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:css|html|json|md|mjs|py|toml))")
_MODEL = re.compile(rf"({'|'.join(RUANG)})\.([A-Z]\w*)((?:\.\w+)*)")


@cache
def isi_rumah() -> frozenset[str]:
    rak = [satu for satu in AKAR.iterdir() if satu.name[0] != "." and satu.name != "var"]
    return frozenset(f"/{sebut(satu)}" for atas in rak for satu in (atas, *atas.rglob("*")))


def kata_kode(teks: str) -> list[str]:
    return [kata for kutip in _KUTIPAN.findall(teks) for kata in re.split(r'[\s="]+', kutip)]


def jalur_ada(jalur: str) -> bool:
    """From the root, or, where the reader knows the package, from anywhere below it."""
    return any(satu.endswith(f"/{jalur.rstrip('/')}") for satu in isi_rumah())


def model_ada(ruang: str, nama: str, kolom: str) -> bool:
    """`kolom`: empty, or what is asked of the model, such as ".Hasil.RAGU"."""
    try:
        reduce(getattr, kolom.split(".")[1:], apps.get_model(ruang, nama))
    except (LookupError, AttributeError):
        return False
    return True


def kode_hilang(teks: str) -> Iterator[str]:
    """Paths and models in backticks that are none."""
    for kata in kata_kode(teks):
        if model := _MODEL.fullmatch(kata):
            if not model_ada(*model.groups()):
                yield kata
        elif _JALUR.fullmatch(kata) and not jalur_ada(kata):
            yield kata


def tautan_putus(teks: str, *, rak: Path) -> list[str]:
    """Links of a document in the folder `rak` that lead nowhere."""
    return [ke for ke in _TAUTAN.findall(teks) if not (rak / ke).exists()]


@pytest.mark.parametrize("berkas", DOKUMEN, ids=sebut)
def test_every_path_and_model_that_a_document_names_is_there(berkas):
    assert list(kode_hilang(berkas.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("berkas", DOKUMEN + SEJARAH, ids=sebut)
def test_every_link_of_a_document_leads_somewhere(berkas):
    assert tautan_putus(berkas.read_text(encoding="utf-8"), rak=berkas.parent) == []


def test_the_glossary_has_each_word_once_in_alphabetical_order():
    baris = re.findall(r"^\| (.+?) \| .+ \| (`.+`) \|$", ISTILAH.read_text("utf-8"), re.MULTILINE)
    istilah = [kata for kata, _ in baris]

    assert istilah == sorted(istilah, key=str.casefold)
    semua = [satu for kata in istilah for satu in kata.split(", ")]
    assert len(semua) == len({*semua}) > 100


def test_the_glossary_names_every_model_and_only_code_that_is_checked():
    baris = re.findall(r"^\| .+ \| (`.+`) \|$", ISTILAH.read_text("utf-8"), re.MULTILINE)
    tempat = [kata for sel in baris for kata in kata_kode(sel)]

    assert [x for x in tempat if not (_MODEL.fullmatch(x) or _JALUR.fullmatch(x))] == []
    disebut = {".".join(x.split(".")[:2]) for x in tempat if _MODEL.fullmatch(x)}
    assert disebut == {m._meta.label for m in MODEL if not hasattr(m, "instance_type")}  # history


@pytest.mark.parametrize(
    "kata",
    [
        "surat/buku/register.py",
        "layanan/alur.py",
        "permohonan/keadaan.py",
        "simulator/telepon",
        "antrian.py",
        'make test ARGS="tests/surat/bukuku"',
        "surat.Isian",
        "layanan.Notifikasi.pertanyaan",
        "surat.Surat.batal_pada.x",
    ],
)
def test_a_path_or_model_that_is_none_is_refused(kata):
    assert len(list(kode_hilang(f"Lihat `{kata}`, di sana."))) == 1


@pytest.mark.parametrize(
    "kata",
    [
        "surat/buku/nomor.py",
        "kotak_keluar/keadaan.py",
        "simulator/",
        "bidang.py",
        "surat.Pertanyaan",
        "penduduk.BarisImpor.Hasil.RAGU",
        "/kelola/",
        "var/contoh-surat/",
        ".venv/bin/python manage.py contoh --json",
        "DATABASE_URL=postgres://…",
    ],
)
def test_what_is_there_or_in_no_repository_is_let_pass(kata):
    assert list(kode_hilang(f"Lihat `{kata}`, di sana.")) == []


def test_a_link_that_leads_nowhere_is_refused():
    teks = "[kata](istilah.md#aturan) [alur](alurnya.md) [situs](https://example.org/x) ![](a.png)"

    assert tautan_putus(teks, rak=AKAR / "docs") == ["alurnya.md", "a.png"]
