"""Ordinary letters raise nothing: 611 of them, of fictitious people of many kinds and all types."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from surat.jenis import bawaan
from surat.naskah.susunan import Bahan
from surat.peraga import orang as tokoh
from surat.peraga.orang import Ukuran
from tests.surat.aturan import perkara
from tests.surat.aturan.perkara import HARI

KODE = [d["kode"] for d in bawaan.baca()]


def _seperlunya(satu: Bahan) -> Bahan:
    """Without what need not be answered."""
    wajib = {b.kunci for b in satu.jenis.pertanyaan.all() if b.wajib} | {"wali"}  # of children
    return replace(satu, jawaban={k: v for k, v in satu.jawaban.items() if k in wajib})


def _tak_lengkap(satu: Bahan) -> Bahan:
    """A register that knows little more than a birth certificate."""
    for x in satu.penduduk.values():
        x.agama = x.shdk = x.pendidikan = None
        x.nama_ayah = x.nama_ibu = ""
    return satu


def _lebih_tua(satu: Bahan) -> Bahan:
    """An older couple."""
    for pk in (-1, -2):
        x = satu.penduduk[pk]
        x.tanggal_lahir = x.tanggal_lahir.replace(year=x.tanggal_lahir.year - 8)
        x.nik = tokoh.nik(x.tanggal_lahir, x.jenis_kelamin, 60 - pk)
    satu.penduduk[-5].tanggal_lahir = date(1950, 12, 31)
    return satu


def _tanggal_lain(satu: Bahan) -> Bahan:
    """A week later than the sample, or earlier where it must have happened."""
    batas = {b.kunci: b.batas for b in satu.jenis.pertanyaan.all() if b.tipe == "tanggal"}
    hari = {"LAMPAU": -90, "MENDATANG": 7}
    isi: dict[str, Any] = {}
    for kunci, nilai in satu.jawaban.items():
        if kunci in batas and batas[kunci] in hari:
            geser = timedelta(days=hari[batas[kunci]])
            nilai = (date.fromisoformat(nilai) + geser).isoformat()
        isi[kunci] = nilai
    return replace(satu, jawaban=isi)


def _angka_lain(satu: Bahan) -> Bahan:
    """Other usual numbers."""
    usual = {
        **{"anak_ke": 3, "berat": "3.1", "panjang": "49", "lama_kandungan": 34, "luas": "1250.5"},
        **{"jumlah": 3500000, "ayah_jumlah": 2750000, "ibu_jumlah": 1500000, "harga": 4500000},
        **{"penghasilan": 900000, "pekerjaan_ket": 750000, "jumlah_tanggungan": 5},
        **{"harga_m2": 2500000, "jumlah_undangan": 400, "tahun": 2011, "mulai": 2003},
        **{"dikuasai_sejak": 1986},
    }
    tipe = {b.kunci: b.tipe for b in satu.jenis.pertanyaan.all()}
    bukan = {"tanggal_jam", "teks"}
    if satu.jenis.kode == "kepemilikan_ternak":
        usual["jumlah"] = 35  # animals
    isi = {k: v if tipe[k] in bukan else usual.get(k, v) for k, v in satu.jawaban.items()}
    return replace(satu, jawaban=isi)


RUPA: dict[str, Callable[[Bahan], Bahan]] = {
    "seperlunya": _seperlunya,
    "tak_lengkap": _tak_lengkap,
    "lebih_tua": _lebih_tua,
    "tanggal_lain": _tanggal_lain,
    "angka_lain": _angka_lain,
}


@pytest.mark.django_db
def test_marriage_of_before_the_law_that_wants_19_years_raises_nothing(semua_jenis):
    satu = perkara.bahan(semua_jenis["pengantar_kawin_nonmuslim"])
    satu.penduduk[-2].tanggal_lahir = date(1992, 8, 5)
    lama = replace(satu, jawaban=satu.jawaban | {"tgl_kawin": "2010-01-10"})  # she was 17

    assert [t.kalimat for t in perkara.temuan(lama) if "Umur Ni Made" in t.kalimat] == []
    lama.penduduk[-2].tanggal_lahir = date(2001, 12, 5)
    baru = replace(satu, jawaban=satu.jawaban | {"tgl_kawin": "2019-10-16"})
    assert [t.kalimat for t in perkara.temuan(baru) if "sedikit 19" in t.kalimat]


@pytest.mark.django_db
@pytest.mark.parametrize("ukuran", Ukuran)
@pytest.mark.parametrize("kode", KODE)
def test_sample_raises_nothing(semua_jenis, kode, ukuran):
    satu = perkara.bahan(semua_jenis[kode], ukuran=ukuran)

    assert perkara.temuan(satu) == []


@pytest.mark.django_db
@pytest.mark.parametrize("hari", [HARI, date(2028, 2, 29)])
@pytest.mark.parametrize("rupa", RUPA)
@pytest.mark.parametrize("kode", KODE)
def test_ordinary_letter_raises_nothing(semua_jenis, kode, rupa, hari):
    satu = RUPA[rupa](perkara.bahan(semua_jenis[kode], tanggal=hari))

    assert perkara.temuan(satu) == []
