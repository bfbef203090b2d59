"""The words of the messages: the village's sentences, WhatsApp's rules, nobody's secrets."""

import re

import pytest

from layanan.kata_pesan import katalog
from layanan.kotak_keluar import tanda_terima
from layanan.models import Notifikasi
from penduduk import desa as desa_
from surat.models import JenisSurat
from tests import factories

SEMUA = pytest.mark.parametrize("satu", katalog.PESAN.values(), ids=list(katalog.PESAN))
# Meta words the authentication template itself, and lets it begin with the code.
BERKATA = [p for p in katalog.PESAN.values() if p.cara is not katalog.Cara.OTENTIKASI]
SENDIRI = pytest.mark.parametrize("satu", BERKATA, ids=[p.kode for p in BERKATA])
_VARIABEL = re.compile(r"\{\{(\d+)\}\}")


def _ubah_desa(**isi: str) -> None:
    desa = desa_.ambil()
    for nama, nilai in isi.items():
        setattr(desa, nama, nilai)
    desa.save()
    desa_.lupakan()


@pytest.mark.parametrize("kepala", ["Perbekel", "Kepala Desa"])
def test_sentences_of_the_guide_reach_the_resident_word_for_word(kepala, tulis):
    _ubah_desa(sebutan_kepala=kepala)

    teks = {
        kode: katalog.isi(kode, tulis(kode).variabel)
        for kode in ("diproses", "menunggu_ttd", "siap_diambil")
    }

    assert "surat yang Anda mohon sedang diproses" in teks["diproses"]
    assert f"surat Anda sedang menunggu tanda tangan {kepala}" in teks["menunggu_ttd"]
    assert teks["siap_diambil"].startswith("Surat Siap Diambil")
    assert f"Kantor {kepala} Bugbug" in teks["siap_diambil"]
    assert "mewakilkannya kepada perangkat desa terdekat" in teks["siap_diambil"]


@SENDIRI
def test_template_keeps_the_rules_of_whatsapp(satu):
    # https://www.twilio.com/docs/content/using-variables-with-content-api
    nomor = [int(n) for n in _VARIABEL.findall(satu.teks)]
    potongan = [re.findall(r"\w+", p) for p in _VARIABEL.sub("\0", satu.teks).split("\0")]

    assert nomor == list(range(1, len(satu.variabel) + 1)), "numbered in order, each named"
    assert all(potongan), "a word before, between and after the variables"
    assert sum(map(len, potongan)) >= 2 * len(nomor) + 1, "enough fixed words"
    assert len(satu.teks) <= 1024
    assert not re.search(r"[\n\t]| {2}", satu.teks)


@SENDIRI
def test_variables_are_never_empty(satu, tulis):
    _ubah_desa(sebutan_kepala="", nama="")

    nilai = tulis(satu.kode).variabel

    assert len(nilai) == len(satu.variabel)
    assert all(n.strip() and len(n) <= 255 for n in nilai)
    assert not _VARIABEL.search(katalog.isi(satu.kode, nilai))


def test_code_stands_in_no_row(tulis):
    (otentikasi,) = [p for p in katalog.PESAN.values() if p.cara is katalog.Cara.OTENTIKASI]

    assert otentikasi.kode == "pin"
    assert tulis("pin").variabel == []


def test_value_is_cut_and_folded_to_what_the_provider_takes():
    nilai = katalog.nilai(
        "pin_ditolak", {"desa": "Bugbug", "alasan": "buram\n\tsekali " + "x" * 400}
    )

    assert nilai[0] == "Bugbug"
    assert nilai[1].startswith("buram sekali xxx")
    assert len(nilai[1]) == 255


def test_value_that_looks_like_a_variable_stays_as_it_is():
    assert "nomor {{2}} sudah" in katalog.isi("diterima", ["{{2}}", "desa.example"])


def test_unknown_message_is_an_error():
    with pytest.raises(KeyError):
        katalog.isi("tidak_ada", [])


def test_no_text_names_a_type_of_letter(db):
    factories.jenis()  # loads the types that we ship
    nama = set()
    for jenis in JenisSurat.objects.all():
        nama |= {jenis.nama.lower(), jenis.judul.lower(), jenis.kode.replace("_", " ")}
    khas = {re.sub(r"\b(surat|keterangan|pengantar)\b", "", n).strip() for n in nama}
    khas -= {"", "ktp", "kk"}  # papers that everybody has are named when a photo is asked for
    assert len(khas) >= 5

    for satu in katalog.PESAN.values():
        assert not [n for n in khas if re.search(rf"\b{re.escape(n)}\b", satu.teks.lower())]


def test_message_about_a_delicate_letter_tells_nothing_but_its_number(warga, operator):
    permohonan = factories.buat_permohonan(warga, "tidak_mampu")

    semua = [katalog.isi(n.pesan, n.variabel) for n in Notifikasi.objects.all()]

    assert len(semua) == 2
    for teks in semua:
        assert permohonan.nomor in teks
        for rahasia in (warga.penduduk.nik, warga.penduduk.nama, "mampu", permohonan.kode_resi):
            assert rahasia not in teks


def test_addresses_in_messages_are_the_public_ones_without_scheme(tulis, settings):
    settings.PUBLIC_BASE_URL = "https://desa.example"

    assert "Pantau juga di desa.example kapan" in katalog.isi(
        "diterima", tulis("diterima").variabel
    )
    assert "Buka desa.example/kelola/ untuk" in katalog.isi(
        "petugas_baru", tulis("petugas_baru").variabel
    )


def test_every_message_of_the_flow_exists():
    from layanan.permohonan.langkah import LANGKAH

    dipakai = {langkah.pesan for langkah in LANGKAH.values() if langkah.pesan} | {"petugas_baru"}

    assert dipakai <= set(katalog.PESAN)
    assert set(Notifikasi.Pesan.values) == set(katalog.PESAN)
    assert tanda_terima.MENYERAH_SETELAH.days == 2, "the operator's sentence says two days"
