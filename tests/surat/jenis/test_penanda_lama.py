"""Signers that were six settings become rows, in the database and in files, and nobody's wording
is lost or changed behind the village's back."""

import importlib

import pytest
from django.apps import apps

from surat.jenis import bawaan, berkas, impor, penanda
from surat.migrations._penanda_lama import dari_lama
from surat.models import JenisSurat
from tests import factories

migrasi = importlib.import_module("surat.migrations.0015_penanda")
KELIAN = {"label": "Kelian Banjar Dinas {{ pemohon_banjar }}", "siapa": "kelian_banjar"}
CAMAT = {"label": "Camat {{ kecamatan }}", "siapa": "-", "tempat": "bawah"}
PEMBUKA = "Yang bertanda tangan di bawah ini, {{ sebutan_kepala }} {{ desa }}, menerangkan bahwa:"


def baris(*isi: dict) -> list[dict]:
    return [penanda.KOSONG | satu for satu in isi]


@pytest.mark.parametrize(
    ("lama", "baru"),
    [
        ({"pembuat": ""}, []),
        ({"naskah": "keterangan", "meterai": True}, []),
        ({"naskah": "pernyataan", "meterai": False}, [{"label": "Yang membuat pernyataan"}]),
        (
            {"naskah": "pernyataan", "meterai": True, "pembuat": "ahli"},
            [{"label": "Yang membuat pernyataan", "siapa": "ahli", "meterai": True}],
        ),
        (
            {"jumlah_saksi": 2, "bidang": [{"kunci": "saksi1"}]},
            [
                {"label": "Saksi-saksi", "siapa": "saksi1", "tempat": "daftar"},
                {"label": "Saksi-saksi", "siapa": "-", "tempat": "daftar"},
            ],
        ),
        (
            {"pemegang": True, "mengetahui_kelian": True, "mengetahui_camat": True},
            [
                {"label": "Pemegang surat", "tempat": "kiri"},
                KELIAN | {"tempat": "mengetahui"},
                CAMAT,
            ],
        ),
    ],
)
def test_settings_become_rows(lama, baru):
    hasil = dari_lama({"kode": "uji"} | lama)

    assert hasil["penanda"] == baris(*baru)
    assert not {"pembuat", "jumlah_saksi", "meterai", "pemegang"} & set(hasil)


@pytest.mark.parametrize("data", [{}, {"kode": "x"}, {"jumlah_saksi": "2"}, {"meterai": None}])
def test_what_has_no_such_settings_or_senseless_ones_is_left_alone(data):
    assert dari_lama(data) == data


@pytest.mark.django_db
def test_file_of_before_can_be_imported():
    lama = berkas.ekspor(factories.jenis("usaha")) | {"kode": "lama", "nama": "Lama"}
    del lama["penanda"]
    lama |= {"jumlah_saksi": 2, "mengetahui_camat": True, "meterai": False}

    (laporan,) = impor.periksa([lama])

    assert (laporan.nasib, laporan.sebab) == (impor.Nasib.BARU, "")


@pytest.fixture
def dahulu():
    """Two types as the release before has left them: one as shipped, one changed by the village."""
    for kode in ("usaha", "domisili"):
        jenis = factories.jenis(kode)
        jenis.templat.update(pembuka=PEMBUKA)
        lama = {"penanda": [], "jumlah_saksi": 2, "mengetahui_camat": True}
        JenisSurat.objects.filter(pk=jenis.pk).update(**lama)
        jenis.refresh_from_db()
        jenis.sidik_bawaan = jenis.sidik_isi = migrasi._sidik(migrasi._dokumen(jenis)[0])
        jenis.save()
    JenisSurat.objects.filter(kode="domisili").update(nama="Domisili Desa")


def satu(kode: str) -> JenisSurat:
    return berkas.lengkap().get(kode=kode)


@pytest.mark.django_db
def test_type_that_nobody_touched_goes_on_following_its_file(dahulu):
    migrasi.pindahkan(apps, None)

    usaha = satu("usaha")
    assert [p["label"] for p in usaha.penanda] == ["Saksi-saksi"] * 2 + ["Camat {{ kecamatan }}"]
    assert usaha.templat.count() == 1
    assert bawaan.diubah_desa(usaha) is False
    bawaan.muat()
    assert "kedudukan_penanda_tangan" in berkas.ekspor(satu("usaha"))["pembuka"]
    assert satu("usaha").penanda == []


@pytest.mark.django_db
def test_wording_of_the_villages_own_gets_a_version_that_says_why(dahulu):
    migrasi.pindahkan(apps, None)

    desa = satu("domisili")
    lama, baru = desa.templat.order_by("versi")
    assert lama.pembuka == PEMBUKA
    assert baru.pembuka == (
        "Yang bertanda tangan di bawah ini, {{ kedudukan_penanda_tangan }}, menerangkan bahwa:"
    )
    assert (baru.isi, baru.penutup) == (lama.isi, lama.penutup)
    assert "mandat" in baru.catatan
    assert bawaan.diubah_desa(desa) is True
    assert len(desa.penanda) == 3
    berkas.periksa(berkas.ekspor(desa))
    bawaan.muat()
    assert satu("domisili").nama == "Domisili Desa"


@pytest.mark.django_db
def test_wording_that_names_the_head_elsewhere_is_left_alone(dahulu):
    jenis = satu("domisili")
    jenis.templat.update(pembuka="Dengan hormat, {{ sebutan_kepala }} {{ desa }} menerangkan:")

    migrasi.pindahkan(apps, None)

    assert jenis.templat.count() == 1


@pytest.mark.django_db
def test_type_of_which_only_switches_were_moved_goes_on_following_its_file_too(dahulu):
    JenisSurat.objects.filter(kode="usaha").update(layanan_mandiri=False, janji_hari=6)

    migrasi.pindahkan(apps, None)
    bawaan.muat()

    usaha = satu("usaha")
    assert usaha.aturan.count() == len(bawaan.satu("usaha")["aturan"])
    assert "kedudukan_penanda_tangan" in berkas.ekspor(usaha)["pembuka"]
    assert (usaha.layanan_mandiri, usaha.janji_hari) == (False, 6)
