"""The words of the messages: the village's sentences, WhatsApp's rules, nobody's secrets."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import layanan
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import notifikasi, tanda_terima
from layanan.models import Notifikasi
from layanan.permohonan.langkah import LANGKAH, PERISTIWA
from penduduk import desa as desa_
from surat.jenis import bawaan
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


@pytest.mark.parametrize(
    "satu", [p for p in BERKATA if p.cara is not katalog.Cara.BEBAS], ids=lambda p: p.kode
)
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

    assert len(nilai) == len(satu.sebutan)
    assert all(n.strip() and len(n) <= 255 for n in nilai)
    assert not _VARIABEL.search(katalog.isi(satu.kode, nilai))


def test_code_stands_in_no_row(tulis):
    rahasia = [p for p in katalog.PESAN.values() if p.cara is katalog.Cara.OTENTIKASI]

    assert [satu.kode for satu in rahasia] == ["pin", "kode_petugas"]
    assert [tulis(satu.kode).variabel for satu in rahasia] == [[], []]


def test_value_is_cut_and_folded_to_what_the_provider_takes():
    nilai = katalog.nilai(
        "pin_ditolak", {"desa": "Bugbug", "alasan": "buram\n\tsekali " + "x" * 400}
    )

    assert nilai[0] == "Bugbug"
    assert nilai[1].startswith("buram sekali xxx")
    assert len(nilai[1]) == 255


def test_value_that_looks_like_a_variable_stays_as_it_is():
    nilai = katalog.nilai("diterima", {"nomor": "{{2}}"})

    assert "dengan nomor {{2}}." in katalog.isi("diterima", nilai)


def test_free_words_stay_as_they_were_written():
    assert katalog.nilai("jawab_petugas", {"isi": " satu\n\ndua " + "x" * 300}) == [
        "satu\n\ndua " + "x" * 300
    ]


def test_row_of_a_former_release_is_read_by_its_former_variables():
    assert katalog.terbaca("diterima", ["P-2026-0001", "desa.example"]) == {
        "nomor": "P-2026-0001",
        "situs": "desa.example",
    }
    assert not katalog.dapat_disusun("diterima", ["P-2026-0001", "desa.example"])
    assert katalog.terbaca("diterima", ["a", "b", "c"]) is None


@pytest.mark.parametrize("kode", ["siap_diambil", "belum_diambil"])
def test_who_collects_is_not_said_to_be_of_the_office(kode, permohonan_ringan):
    permohonan_ringan.wakil_jenis, permohonan_ringan.wakil_nama = "WAKIL", "Ni Wayan Contoh"
    nilai = notifikasi.konteks_umum() | notifikasi.konteks(permohonan_ringan)

    teks = katalog.isi(kode, katalog.nilai(kode, nilai))

    assert "diambil oleh Ni Wayan Contoh, wakil Anda. Tempatnya di Kantor" in teks
    assert "Ingin orang lain yang mengambil?" in teks, "a wakil is there already"


@SEMUA
def test_no_length_of_a_row_can_be_read_in_two_ways(satu):
    assert len(satu.dulu) < len(satu.sebutan) or not satu.dulu


def test_unknown_message_is_an_error():
    with pytest.raises(KeyError):
        katalog.isi("tidak_ada", [])


def test_no_text_names_a_type_of_letter(db):
    bawaan.muat()
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

    assert "di desa.example/layanan/permohonan/P-2026-0001/ setelah" in katalog.isi(
        "diterima", tulis("diterima").variabel
    )
    assert "Buka desa.example/kelola/ untuk" in katalog.isi(
        "petugas_baru", tulis("petugas_baru").variabel
    )


# --- The code and the catalogue -----------------------------------------------------------------

# Which argument of what writes a message is its code.
_TEMPAT = {
    **{"tulis": 0, "tulis_berkala": 0, "kabari_petugas": 0, "_kepada_petugas": 0, "_baris": 0},
    **{"Balasan": 0, "_kabari": 1},
}


def _pohon() -> Iterator[ast.AST]:
    akar = Path(layanan.__file__).parent
    for berkas in akar.rglob("*.py"):
        if not {"migrations", "kata_pesan"} & set(berkas.parts):
            yield from ast.walk(ast.parse(berkas.read_text(encoding="utf-8")))


def _kata(simpul: ast.AST) -> Iterator[str]:
    """The strings that an expression may be."""
    match simpul:
        case ast.Constant(value=str(teks)) if teks:
            yield teks
        case ast.IfExp(body=ya, orelse=tidak):
            yield from (*_kata(ya), *_kata(tidak))
        case ast.Tuple(elts=semua):
            for satu in semua:
                yield from _kata(satu)


def _disebut(simpul: ast.AST) -> Iterator[str]:
    """Codes of messages that stand here: written, asked for, or compared with."""
    match simpul:
        case ast.Call(func=ast.Name(id=nama) | ast.Attribute(attr=nama)) if nama in _TEMPAT:
            for satu in simpul.args[_TEMPAT[nama] :][:1]:
                yield from _kata(satu)
        case ast.keyword(arg="pesan" | "pesan__in", value=nilai):
            yield from _kata(nilai)
        case ast.Compare(left=ast.Attribute(attr="pesan"), comparators=semua):
            for satu in semua:
                yield from _kata(satu)


def test_every_message_that_the_code_names_exists():
    disebut = {kode for simpul in _pohon() for kode in _disebut(simpul)}
    disebut |= {satu.pesan for satu in (*LANGKAH.values(), *PERISTIWA.values()) if satu.pesan}

    assert disebut - set(katalog.PESAN) == set()
    assert len(disebut) > 30, "the search knows where codes stand"


def test_every_message_is_named_by_the_code():
    """One that nobody writes is dead, or written under a name with a slip of the pen."""
    tertulis = {kata for simpul in _pohon() for kata in _kata(simpul)}

    assert set(katalog.PESAN) - tertulis == set()


def test_sentence_about_giving_up_says_how_long():
    assert tanda_terima.MENYERAH_SETELAH.days == 2, "the operator's sentence says two days"
