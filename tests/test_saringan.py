"""Filters that somebody types into the address of a list: never an error page."""

import re

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client

from penduduk.halaman import KantorAdmin
from tests import factories
from tests.halaman import kata

pytestmark = pytest.mark.django_db
TAHUN = ["9999", "0", "-1", "99999999999999999999", "x"]
TANGGAL = [
    *({"__year": t} for t in TAHUN),
    {"__year": "1"},
    {"__year": "2026", "__month": "13"},
    {"__year": "2026", "__month": "2", "__day": "30"},
    {"__year": "9999", "__month": "12", "__day": "31"},
    *({"__month": m} for m in ("13", "99999999999999999999", "x")),
    {"__day": "99"},
    *({"__gte": t} for t in ("0001-01-01", "9999-12-31", "x")),
    {"__year__in": "9999,0"},
    {"__date": "9999-12-31"},
    {"__isnull": "x"},
]


def alamat(model: type[models.Model]) -> str:
    return f"/kelola/{model._meta.app_label}/{model._meta.model_name}/"


def test_every_table_has_what_the_office_has_in_common():
    assert [a for a in admin.site._registry.values() if not isinstance(a, KantorAdmin)] == []


@pytest.fixture
def pemilik() -> Client:
    akun = factories.buat_petugas("pemilik", is_superuser=True)
    client = Client(raise_request_exception=True)
    client.force_login(akun, "penduduk.akun.backends.PetugasBackend")
    factories.buat_permohonan(factories.buat_warga())
    return client


def test_no_date_that_cannot_be_breaks_a_list_lambat(pemilik):
    """As superuser, who sees every table; an exception of a view would come out of the client. All
    of them handle it in one place, and differ by the kind of their column."""
    salah, dicoba = [], set()
    for model in admin.site._registry:
        kolom = [k for k in model._meta.fields if isinstance(k, models.DateField)]
        semua = bool(kolom) and type(kolom[0]) not in dicoba
        dicoba |= {type(k) for k in kolom[:1]}
        for satu in (TANGGAL if semua else TANGGAL[:2]) if kolom else ():
            isi = {f"{kolom[0].name}{k}": v for k, v in satu.items()}
            if pemilik.get(alamat(model), isi).status_code not in (200, 302, 400):
                salah.append((model, isi))

    assert salah == []


@pytest.mark.django_db(transaction=True)  # PostgreSQL ends the transaction that asks such a thing
def test_patterns_and_numbers_that_cannot_be_break_no_list_lambat(pemilik):
    salah = []
    for model in admin.site._registry:
        teks = [k.name for k in model._meta.fields if isinstance(k, models.CharField)]
        isi = [{f"{teks[0]}__regex": "("}] if teks else []
        for satu in [*isi, {"pk": "9" * 25}]:
            if pemilik.get(alamat(model), satu).status_code not in (200, 302, 400):
                salah.append((model, satu))

    assert salah == []


def test_list_comes_without_the_filter_and_says_so(pemilik):
    teks = kata(pemilik.get("/kelola/surat/surat/", {"tanggal__year": "9999"}, follow=True))

    assert "Saringan di alamat ini tidak dapat dipakai" in teks
    assert re.search("Traceback|OverflowError", teks) is None


@pytest.mark.parametrize("buku", ["/kelola/surat/catatanagenda/", "/kelola/layanan/penyerahan/"])
@pytest.mark.parametrize(
    "tanya",
    [
        {"tahun": "9999", "bulan": "12"},
        {"tahun": "0", "bulan": "13"},
        {"dari": "0001-01-01", "sampai": "9999-12-31"},
        {"dari": "9999-12-31"},
        {"sampai": "0001-01-01"},
    ],
)
def test_books_of_years_that_cannot_be(pemilik, buku, tanya):
    assert "Buku" in kata(pemilik.get(buku, tanya, follow=True))
