"""The guide names nothing that is not there: each button and box of it is found on the page where a
resident who follows it would be, and each button that a text quotes exists."""

import re
from pathlib import Path

import pytest
from django.test import Client

from penduduk import desa
from penduduk.models import Desa
from surat.jenis import bawaan
from surat.models import JenisSurat
from tests import factories
from tests.halaman import kata, kirim, sebagai, tombol

pytestmark = pytest.mark.django_db
AKAR = Path(__file__).parent.parent
_TEKAN = re.compile(r'<b class="tombol-kata">([^<]*)</b>')
_KUTIP = re.compile("“([A-Z][^”{}]*)”")
_BUKAN_TOMBOL = {"Kode Data"}  # a sheet of the file that OpenSID gives
_TAUTAN = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)


def tekanan(hal) -> list[str]:
    """What can be pressed on a page: buttons, and links by their text."""
    tautan = (re.sub(r"<[^>]+>", "", t).split() for t in _TAUTAN.findall(hal.content.decode()))
    return [*tombol(hal), *(" ".join(t) for t in tautan)]


@pytest.fixture
def panduan(client: Client) -> str:
    return client.get("/panduan/").content.decode()


def test_each_button_of_the_guide_is_where_it_leads_one_to(panduan, warga):
    """In the order of the guide, each pressed before the next one is looked for."""
    factories.jenis("usaha")
    disebut = iter(_TEKAN.findall(panduan))
    client = sebagai(warga)

    def ada(label: str, hal) -> str:
        assert next(disebut) == label
        assert label in tekanan(hal)
        return label

    ada("Masuk", Client().get("/"))
    ada("Permohonan Surat", client.get("/layanan/"))
    pilih = client.get("/layanan/surat/")
    assert "Surat Keterangan Usaha (SKU)" in tekanan(pilih)
    hal = client.get("/layanan/surat/usaha/")
    for kotak in ("Keterangan Tambahan", "Nomor HP", "Dokumen Kelengkapan"):
        assert kotak in panduan and kotak in kata(hal)
    foto = {"berkas-ktp": factories.foto(), "berkas-kk": factories.foto()}
    isi = {"nomor_hp": "081234567890", "setuju_wa": "tidak", "bawa-pengantar_kelian": "on"}
    bidang = {k: v for k, v in isi.items() if f'name="{k}"' in hal.content.decode()}
    simpan = kirim(client, hal, ada("Unggah dan simpan", hal), bidang | foto)
    hal = client.get(simpan.url.split("?")[0])  # not by way of the page that waits for the worker
    hal = client.get(kirim(client, hal, ada("Isi Form", hal), bidang).url)
    assert "Keperluan" in kata(hal)
    jawaban = factories.JAWABAN["usaha"] | {"keperluan": "kredit"}
    hal = client.get(kirim(client, hal, ada("Periksa, lalu kirim", hal), jawaban).url)
    hal = client.get(kirim(client, hal, ada("Kirim", hal)).url)
    ada("Simpan", hal)
    assert list(disebut) == []


def test_first_step_works_with_a_number_and_without_one(client):
    desa.ambil()
    tanpa = client.get("/panduan/").content.decode()
    Desa.objects.update(nomor_wa="0812-3456-7890")
    dengan = client.get("/panduan/").content.decode()

    assert "Unggah kedua foto di halaman" in tanpa and 'href="/pin/minta/"' in tanpa
    assert 'href="https://wa.me/6281234567890">0812-3456-7890</a>' in dengan


def test_guide_holds_for_letters_without_a_box_keperluan_too(panduan):
    bawaan.muat()
    tanpa = JenisSurat.objects.exclude(pertanyaan__kunci="keperluan")

    assert tanpa.exists()
    assert "beberapa surat tidak punya kotak Keperluan" in panduan


def test_every_button_that_a_text_quotes_exists():
    """“Isi Form” in a hint, “Sudah dihubungi” in the office: some page or form has it."""
    templat = {p: p.read_text() for p in (AKAR / "templates").rglob("*.html")}
    program = "\n".join(
        p.read_text()
        for room in ("layanan", "surat", "penduduk")
        for p in (AKAR / room).rglob("*.py")
    )
    semua = "\n".join(templat.values())
    hilang = [
        (str(berkas.relative_to(AKAR)), kutip)
        for berkas, teks in templat.items()
        for kutip in _KUTIP.findall(teks)
        if not re.search(rf"[>}}]\s*{re.escape(kutip)}", semua)
        and f'"{kutip}' not in program
        and kutip not in _BUKAN_TOMBOL
    ]

    assert hilang == []
