"""Which forms a letter brings, and that they are frozen with it."""

import json

import pytest
from django.utils import timezone

from surat.formulir_resmi import tawaran
from surat.jenis import bawaan, berkas
from surat.jenis.bentuk import JenisTidakSah
from surat.models import FormulirSurat, JenisSurat, TataNaskah
from surat.naskah.gaya import tata_naskah
from surat.terbit import pemeriksaan
from tests import factories
from tests.surat.formulir_resmi.bahan import sumber

pytestmark = pytest.mark.django_db

# What each type offers (form: chosen at once), with these answers, in this edition.
TAWARAN = [
    ("kelahiran", {}, "2026", {"f201a": True, "f203": False, "f204": False}),
    ("kematian", {}, "2026", {"f201a": True}),
    ("lahir_mati", {}, "2019", {"f201a": True}),
    ("belum_akta", {}, "2019", {"f201a": True, "f203": True, "f204": False}),
    (
        "pengantar_kk",
        {"jenis_permohonan": "Perubahan data"},
        "2026",
        {"f102": True, "f106": True, "f105": False},
    ),
    (
        "pengantar_kk",
        {"jenis_permohonan": "Tambah anggota"},
        "2026",
        {"f102": True, "f101": True, "f103b": False, "f105": False},
    ),
    (
        "pengantar_kk",
        {"jenis_permohonan": "Tambah anggota"},
        "2019",  # which has no F-1.03B
        {"f102": True, "f101": True, "f105": False},
    ),
    ("pengantar_ktp", {"alasan": "Belum tercetak"}, "2026", {}),
    ("pengantar_ktp", {"alasan": "Hilang"}, "2026", {"f102": True}),
    ("pengantar_ktp", {"alasan": "Rekam pertama"}, "2026", {"f102": True, "f101": False}),
    ("biodata", {}, "2026", {"f101": True, "f102": True}),
    ("beda_identitas", {"data_benar": "Sesuai KTP-el/KK"}, "2026", {}),
    ("beda_identitas", {"data_benar": "Sesuai dokumen 2"}, "2026", {"f106": True}),
    ("pindah", {}, "2026", {"f103": True, "f103b": False}),
    (
        "sudah_menikah",
        {},
        "2026",
        {"f105": False, "f201b": False, "bali_kawin": False, "f204": False},
    ),
    ("suami_istri", {"hubungan": "Anak"}, "2026", {}),
    ("pengantar_kawin_nonmuslim", {}, "2026", {"f201b": True, "bali_kawin": True}),
    ("nikah_muslim", {}, "2026", {"n2": True, "n4": True, "n5": False}),
    ("domisili", {}, "2026", {}),
]


@pytest.mark.parametrize(("jenis", "jawaban", "versi", "harap"), TAWARAN)
def test_what_a_type_offers(jenis, jawaban, versi, harap):
    assert tawaran.ditawarkan(factories.jenis(jenis), jawaban, versi) == harap


def test_without_a_choice_those_are_frozen_that_are_chosen_at_once():
    dari = sumber("kelahiran")

    assert list(tawaran.bekukan(dari, {})) == ["f201a"]
    assert list(tawaran.bekukan(dari, {"pakai": ["f203"]})) == ["f203"]
    assert tawaran.bekukan(dari, {"pakai": []}) == {}


def test_edition_in_force_is_a_setting():
    dari = sumber("kematian")
    kode = [tawaran.bekukan(dari, {})["f201a"]["kode"]]
    tata_naskah()
    TataNaskah.objects.update(versi_formulir="2026")
    kode.append(tawaran.bekukan(dari, {})["f201a"]["kode"])

    assert kode == ["F-2.01", "F-2.01A"]  # the older one until Disdukcapil says otherwise


def test_settings_and_ticks_are_frozen_with_the_form():
    dari = sumber("belum_akta")
    awal = tawaran.bekukan(dari, {})["f203"]
    TataNaskah.objects.update(
        formulir_perbekel=True,
        formulir_meterai=True,
        formulir_diperiksa={"f203-2019": ["Admin", "2026-11-30"]},
    )
    akhir = tawaran.bekukan(dari, {})["f203"]

    assert (awal["diperiksa"], awal["meterai"], awal["mengetahui"]) == (False, False, "")
    assert (akhir["diperiksa"], akhir["meterai"]) == (True, True)
    assert akhir["mengetahui"] == "Perbekel Bugbug"
    assert tawaran.bekukan(sumber("nikah_muslim"), {})["n4"]["mengetahui"] == ""  # KUA's own


def test_letter_names_the_hash_of_its_forms(terbit):
    almarhum = factories.buat_penduduk(status_dasar=2)
    jawaban = {
        "almarhum": str(almarhum.pk),
        "tgl_mati": "2026-11-20",
        "sebab": "Kecelakaan",
        "tempat_mati": "di rumah",
        "pelapor": {"nama": "I Gede Contoh"},
        "hub_pelapor": "Anak",
    }
    surat = terbit("kematian", jawaban=jawaban, formulir={"isian": {"saksi1.nama": "Ni Saksi"}})
    satu = surat.formulir.get()

    assert surat.data["formulir"] == [
        {"kunci": "f201a", "kode": "F-2.01", "versi": "2019", "sidik": tawaran.sidik(satu.data)}
    ]
    assert "NI SAKSI" in json.dumps(satu.data)
    # The letter itself holds nothing of what only the form says.
    assert "SAKSI" not in json.dumps(surat.data)
    satu.data["bagian"][2]["bidang"][0]["nilai"] = ["LAIN"]
    assert tawaran.sidik(satu.data) != surat.data["formulir"][0]["sidik"]


def test_letter_without_forms_is_frozen_as_before(terbit):
    assert "formulir" not in terbit("domisili").data
    assert not FormulirSurat.objects.exists()


def test_a_printed_form_is_known_by_its_file(terbit):
    satu = FormulirSurat.objects.create(
        surat=terbit(), kunci="f102", data={}, sha256="a" * 64, dibekukan_pada="2026-11-23T01:00Z"
    )

    ketemu = pemeriksaan.periksa_sidik("a" * 64, pada=timezone.now())
    assert ketemu and ketemu.lampiran and ketemu.nomor == satu.surat.nomor
    assert "bersama surat" in ketemu.berkas
    assert pemeriksaan.periksa_sidik("b" * 64, pada=timezone.now()) is None
    assert pemeriksaan.periksa_sidik("", pada=timezone.now()) is None


# --- In the file of a letter type -----------------------------------------------------------------


def test_forms_travel_with_the_type():
    jenis = factories.jenis("pengantar_kk")
    dokumen = berkas.ekspor(berkas.lengkap().get(pk=jenis.pk))

    assert dokumen["formulir"] == bawaan.satu("pengantar_kk")["formulir"]
    assert not bawaan.diubah_desa(berkas.lengkap().get(pk=jenis.pk))
    JenisSurat.objects.filter(pk=jenis.pk).update(formulir="f102")
    assert bawaan.diubah_desa(berkas.lengkap().get(pk=jenis.pk))


def test_type_without_forms_says_what_it_said_before():
    data = bawaan.satu("domisili")

    assert berkas.sidik(data) == berkas.sidik(data | {"formulir": []})


@pytest.mark.parametrize(
    ("formulir", "sebab"),
    [
        (["f999"], "bukan kode formulir"),
        (["f102", "f102 bila perlu"], "tertulis dua kali"),
        (["f102 bila warna: merah"], "tidak ada isian"),
        (["f102 bila jenis_permohonan: KK ungu"], "tidak ada isian"),
        (["f102 bila alasan: apa saja"], "tidak ada isian"),  # answered in free words
        ("f102", "harus berupa daftar"),
        ([""], "daftar kalimat"),
    ],
)
def test_file_with_an_impossible_offer_is_refused(formulir, sebab):
    data = {k: v for k, v in bawaan.satu("pengantar_kk").items() if k != "sidik"}

    with pytest.raises(JenisTidakSah, match=sebab):
        berkas.periksa(data | {"formulir": formulir})
