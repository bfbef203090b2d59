"""The report as it is read, printed and opened in Excel; and what everybody may see of it."""

import io
import re
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache

from layanan.admin.laporan import LaporanForm
from layanan.models import Rekap
from tests import factories
from tests.halaman import baca, kata, sebagai

pytestmark = pytest.mark.django_db
ALAMAT = "/kelola/laporan/"
SVG = re.compile(r"<svg class=\"bagan\".*?</svg>", re.S)


@pytest.fixture
def desa():
    """A letter that was handed over, and four requests that wait; in a village of their own."""
    warga, operator, perbekel = (
        factories.buat_warga(),
        factories.buat_operator(),
        factories.buat_perbekel(),
    )
    permohonan = factories.buat_permohonan(warga)
    factories.jalankan_sampai(permohonan, "SELESAI", operator=operator, perbekel=perbekel)
    for _ in range(4):
        factories.buat_permohonan(factories.buat_warga())
    return perbekel


def gambar(jawaban):
    return [ElementTree.fromstring(x) for x in SVG.findall(jawaban.content.decode())]  # noqa: S314


def test_the_report_of_a_village_on_the_page_and_in_excel(desa):
    kantor = sebagai(desa)
    halaman = kantor.get(ALAMAT)

    assert "Permohonan masuk 5" in kata(halaman)
    semua = gambar(halaman)
    assert len(semua) == 5  # without that of the steps: they took no time
    for svg in semua:  # each says in words what it shows, and draws inside its frame
        judul = svg.find("title")
        assert judul.text
        assert svg.get("aria-labelledby") == judul.get("id")
        lebar = float(svg.get("viewBox").split()[2])
        for kotak in svg.iter("rect"):
            assert 0 <= float(kotak.get("x")) <= lebar - float(kotak.get("width"))
    assert "1 hari kerja" in kata(halaman)

    berkas = baca(kantor, f"{ALAMAT}xlsx/")
    lembar = openpyxl.load_workbook(io.BytesIO(berkas.isi)).active
    baris = [[x for x in satu if x is not None] for satu in lembar.iter_rows(values_only=True)]
    assert ["Permohonan masuk", "5"] in baris
    assert ["Diajukan", 4, 80] in baris
    assert ["Selesai", 1, 20] in baris
    assert lembar.page_setup.fitToHeight == 0
    assert lembar.sheet_properties.pageSetUpPr.fitToPage
    assert re.search(
        r'laporan-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.xlsx"$', berkas["Content-Disposition"]
    )


@pytest.mark.parametrize(
    ("tanya", "masuk"),
    [
        ("dari=01/02/2026&sampai=28/02/2026", 2),
        ("dari=01-02-2026&sampai=14-02-2026", 1),
        ("masa=2026-02", 2),
        ("masa=2026-T1", 3),
        ("masa=2025", 1),
        ("masa=2026-02&banjar=0", None),
        ("dari=03/2026", None),
        ("dari=10/02/2026&sampai=09/02/2026", None),
        ("masa=abad-ini", None),
    ],
)
def test_any_period(tanya, masuk):
    warga = factories.buat_warga()
    for hari in ("2026-02-01", "2026-02-28", "2026-03-31", "2025-12-31"):
        pk = factories.buat_permohonan(warga).pk
        Rekap.objects.filter(pk=pk).update(hari=hari)
    isi = dict(x.split("=") for x in tanya.split("&"))

    form = LaporanForm(isi, hari_ini=date(2026, 11, 30))

    assert form.is_valid() is (masuk is not None)
    if masuk is not None:
        masa = (form.periode.dari, form.periode.sampai)
        assert Rekap.objects.filter(hari__range=masa).count() == masuk


def test_a_period_that_cannot_be_read_shows_nothing_and_gives_no_file():
    kantor = sebagai(factories.buat_perbekel())
    halaman = kantor.get(f"{ALAMAT}?dari=31/12/2026&sampai=01/01/2026")

    assert "Tanggal awal sesudah tanggal akhir." in kata(halaman)
    assert "XLSX" not in kata(halaman)
    assert kantor.get(f"{ALAMAT}xlsx/?masa=abad-ini")["Location"] == ALAMAT


def test_an_operator_with_the_permission_reads_it():
    operator = factories.buat_operator()
    assert sebagai(operator).get(ALAMAT).status_code == 403

    operator.user_permissions.add(Permission.objects.get(codename="view_rekap"))

    assert "Permohonan masuk 0" in kata(sebagai(operator).get(ALAMAT))


def test_everybody_reads_the_figures_and_finds_nobody_in_them(desa, client):
    cache.clear()
    jawaban = client.get("/kinerja/")
    teks = kata(jawaban)

    assert "Permohonan masuk 5" in teks
    assert "Siap dalam 6 jam kerja –" in teks  # one letter is signed: too few
    assert "Wayan" not in teks
    assert len(jawaban.content) <= 15 * 1024
    assert len(gambar(jawaban)) == 1
    assert 'href="/kinerja/"' in client.get("/").content.decode()
