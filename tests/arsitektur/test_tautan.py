"""An arrow may not be drawn by a string either: no room names an address, permission, module or
template of a room above it. Such a room adds its own: it extends the page and registers that."""

import ast
from functools import partial

import pytest

from tests.arsitektur.pemeriksa import penyebut_ruang, sebutan_ruang
from tests.arsitektur.rumah import AKAR, PRODUKSI, TEMPLAT, langgar, sebut

ATAS = {"penduduk": ("surat", "layanan"), "surat": ("layanan",)}


@pytest.mark.parametrize("ruang", ATAS)
def test_no_module_names_what_stands_in_a_room_above(ruang):
    milik = [b for b in PRODUKSI if b.is_relative_to(AKAR / ruang)]

    assert langgar(partial(penyebut_ruang, ruang=ATAS[ruang]), milik) == {}
    assert len(milik) > 20


@pytest.mark.parametrize("ruang", ATAS)
def test_no_template_names_what_stands_in_a_room_above(ruang):
    pola = sebutan_ruang(ATAS[ruang])
    rak = (AKAR / "templates" / ruang, AKAR / "templates" / "admin" / ruang)
    milik = [b for b in TEMPLAT if any(b.is_relative_to(satu) for satu in rak)]

    temuan = {sebut(b): pola.findall(b.read_text(encoding="utf-8")) for b in milik}

    assert {nama: isi for nama, isi in temuan.items() if isi} == {}
    assert len(milik) > 5


@pytest.mark.parametrize(
    "sumber",
    [
        'redirect("layanan:beranda")',
        'reverse("admin:layanan_slip_pin")',
        'redirect(f"admin:layanan_{tabel}_changelist")',
        'reverse("admin:" "layanan_slip_pin")',
        'request.user.has_perm("layanan.proses_permohonan")',
        'import_module("layanan.minta_pin.slip")',
        'apps.get_model("layanan.Permohonan")',
        'apps.get_model("layanan", "Permohonan")',
        'import_module("layanan")',
        'class A:\n    """What it is."""\n    templat = "admin/layanan/slip/halaman.html"',
    ],
)
def test_a_module_that_does_is_refused(sumber):
    assert list(penyebut_ruang(ast.parse(sumber), ruang=ATAS["surat"])) != []


@pytest.mark.parametrize(
    "sumber",
    [
        '"""Registered by layanan.admin.penduduk, which adds to it."""',
        'def f():\n    """See layanan.minta_pin.slip."""',
        'path("layanan/data-saya/", views.data_saya)',
        'order_by("layanan_mandiri", "jam_layanan")',
        'reverse("admin:surat_surat_changelist")',
        'teks = "Kepala Seksi Pelayanan. Loket layanan: buka pukul delapan."',
    ],
)
def test_a_module_that_only_tells_of_it_is_let_pass(sumber):
    assert list(penyebut_ruang(ast.parse(sumber), ruang=ATAS["surat"])) == []


@pytest.mark.parametrize(
    "isi",
    [
        '{% url "admin:layanan_slip_pin" %}',
        "{% url 'layanan:kabar' %}",
        "{% if perms.layanan.view_penyerahan %}",
        '{% include "admin/layanan/_hitung.html" %}',
        '{% extends "layanan/rincian.html" %}',
    ],
)
def test_a_template_that_does_is_refused(isi):
    assert sebutan_ruang(ATAS["penduduk"]).findall(isi) != []


@pytest.mark.parametrize(
    "isi",
    [
        '{% url "admin:penduduk_penduduk_changelist" %}',
        '<p class="pengantar">Masuk untuk meminta surat.</p>',
        "{% if jenis.layanan_mandiri %}",
    ],
)
def test_a_template_that_stays_in_its_room_is_let_pass(isi):
    assert sebutan_ruang(ATAS["penduduk"]).findall(isi) == []
