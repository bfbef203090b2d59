"""The files of the forms: whole, and true to what is printed elsewhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from penduduk import referensi
from surat.formulir_resmi import daftar
from surat.jenis import bawaan
from tests.surat.formulir_resmi.kalimat import KALIMAT

BERKAS = {
    satu.stem: json.loads(satu.read_text(encoding="utf-8"))
    for satu in sorted((daftar._DI_SINI / "berkas").glob("*.json"))
}
setiap_berkas = pytest.mark.parametrize("nama", BERKAS)
KOTAK = set(
    "huruf angka tanggal jam teks kode kode_nama centang centang_banyak lingkari coret".split()
)
# Somebody or something that every form knows; the others stand under `orang`.
DASAR = set("pemohon diterangkan kepala_keluarga anggota surat desa jawaban baris tanya".split())


def bidang(naskah: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for b in naskah["bagian"]:
        yield from b.get("bidang", []) or b.get("tabel", {}).get("kolom", [])


def ungkapan(naskah: dict[str, Any]) -> Iterator[str]:
    yield from (x for b in bidang(naskah) for x in b.get("asal", []))
    yield from (
        t[k] for baris in naskah["tanda_tangan"] for t in baris for k in ("nama", "nik") if k in t
    )


def test_the_first_wave_is_there_in_its_editions():
    assert {k: sorted(x) for k, x in daftar.semua().items()} == {
        "bali_kawin": ["2019", "2026"],
        "f101": ["2019", "2026"],
        "f102": ["2019", "2026"],
        "f103": ["2019", "2026"],
        "f103b": ["2026"],  # the older edition has none
        "f105": ["2019", "2026"],
        "f106": ["2019", "2026"],
        "f201a": ["2019", "2026"],
        "f201b": ["2019", "2026"],
        "f203": ["2019", "2026"],
        "f204": ["2019", "2026"],
        "n2": ["2019", "2026"],
        "n4": ["2019", "2026"],
        "n5": ["2019", "2026"],
    }


@pytest.mark.parametrize(("kalimat", "berkas"), KALIMAT, ids=lambda x: x[:30])
def test_prescribed_sentences_are_kept_to_the_letter(kalimat, berkas):
    tanpa = [
        nama
        for nama in berkas.split()
        if kalimat not in [b.get("kalimat") for b in BERKAS[nama]["bagian"]]
    ]

    assert tanpa == []


@setiap_berkas
def test_every_field_is_one_that_can_be_drawn(nama):
    salah = [b["label"] for b in bidang(BERKAS[nama]) if b["kotak"] not in KOTAK]
    tanpa_n = [b["label"] for b in bidang(BERKAS[nama]) if b["kotak"] == "angka" and "n" not in b]

    assert salah == tanpa_n == []


@setiap_berkas
def test_every_expression_leads_somewhere(nama):
    kenal = DASAR | set(BERKAS[nama]["orang"])
    asing = []
    for satu in ungkapan(BERKAS[nama]):
        inti = satu.rpartition("?")[2]
        if inti.startswith("tetap:") or inti == "kosong":
            continue
        for x in re.sub(r"^(sama|gabung):", "", inti).split("|"):
            siapa, titik, _ = x.partition(".")
            if siapa not in kenal or not titik:
                asing.append(satu)

    assert asing == []


@setiap_berkas
def test_conditions_name_letter_types_that_exist(nama):
    teks = json.dumps(BERKAS[nama])
    jenis = {b.stem for b in bawaan.FOLDER.glob("*.json")}
    disebut = set(re.findall(r'"(\w+)\?', teks))
    disebut |= {x for b in BERKAS[nama]["bagian"] for x in b.get("untuk", [])}

    assert disebut - jenis == set()


@setiap_berkas
def test_maps_lead_to_choices_of_the_form(nama):
    """What a map says stands among the choices, or is empty (known, and not on this form)."""
    salah = [
        (b["label"], kata)
        for b in bidang(BERKAS[nama])
        if "peta" in b and daftar.pilihan(b)
        for kata in daftar.PETA[b["peta"]].values()
        if kata and kata not in [x[1] for x in daftar.pilihan(b)]
    ]
    # F-2.01A of 2026 has three kinds of event, and the map knows only those.
    assert salah == []


@pytest.mark.parametrize(
    "peta",
    "agama_kk agama_kawin shdk pendidikan_2019 pendidikan_2026 pekerjaan_2019 pekerjaan_2026 "
    "alasan_pindah jenis_pindah klasifikasi_2026".split(),
)
def test_maps_begin_with_words_of_the_register(peta):
    tabel = {
        "alasan_pindah": "pindah_alasan",
        "jenis_pindah": "pindah_jenis",
        "klasifikasi_2026": "pindah_klasifikasi",
    }.get(peta, peta.split("_")[0])
    kata = {label for _, label in referensi.tabel(tabel)}

    assert set(daftar.PETA[peta]) <= kata


SUSUNAN = [
    (
        "f203",
        [
            "Saya yang bertandatangan dibawah ini:",
            "menyatakan bahwa:",
            "adalah anak kandung dari:",
            "yang lahir dengan penolong kelahiran:",
        ],
    ),
    (
        "f204-2026",
        [
            "Saya yang bertandatangan dibawah ini:",
            "menyatakan bahwa:",
            "adalah suami/istri*) dari:",
        ],
    ),
]


@pytest.mark.parametrize(("nama", "judul"), SUSUNAN)
def test_sentences_that_run_through_the_form_are_its_headings(nama, judul):
    assert [b["judul"] for b in BERKAS[nama]["bagian"] if b.get("judul")] == judul


METERAI = {"f103b", "f105", "f106-2026"}  # on the annex; F-2.03 and F-2.04 have none


@setiap_berkas
def test_stamp_duty_stands_where_the_annex_has_it(nama):
    tempat = [t.get("meterai") for baris in BERKAS[nama]["tanda_tangan"] for t in baris]

    assert (True in tempat) is (nama in METERAI)
    assert ("sptjm" in tempat) is nama.startswith(("f203", "f204"))


@setiap_berkas
def test_head_of_the_village_signs_no_form_of_the_register_office(nama):
    label = " ".join(x for b in BERKAS[nama]["tanda_tangan"] for t in b for x in t["label"])

    assert ("Perbekel" in label) is (nama == "bali_kawin")
