"""What is printed can be printed, wherever it comes from; the sentence says where to mend it."""

import re

import pytest
from django.db import transaction

from penduduk.models import Banjar, Desa, Keluarga, Penduduk
from penduduk.teks import ASING, tak_tercetak
from surat.models import BukuNomor, Cetakan, EntriBuku, JenisSurat, Pejabat, Surat, TataNaskah
from surat.naskah import tercetak
from surat.naskah.susunan import Pengantar
from surat.terbit import penerbitan
from tests import factories
from tests.surat import terbitan
from tests.surat.conftest import PADA

pytestmark = pytest.mark.django_db

PULAU = "\U0001f3dd"
# Each: how it gets there, which letter, and the page on which somebody can mend it.
SUMBER = {
    "nama": (lambda: Penduduk.objects.update(nama=f"I Wayan {PULAU}"), "domisili", "Penduduk"),
    "tempat lahir": (lambda: Penduduk.objects.update(tempat_lahir=PULAU), "usaha", "Penduduk"),
    "alamat": (lambda: Keluarga.objects.update(alamat=f"Gang {PULAU}"), "domisili", "Keluarga"),
    "banjar": (lambda: Banjar.objects.update(nama=f"Banjar {PULAU}"), "usaha", "Banjar dinas"),
    "kelian": (lambda: Banjar.objects.update(kelian=PULAU), "ahli_waris", "Banjar dinas"),
    "pejabat": (lambda: Pejabat.objects.update(nama=PULAU), "usaha", "Pejabat"),
    "nip": (lambda: Pejabat.objects.update(nip=f"19{PULAU}"), "usaha", "Pejabat"),
    "desa": (lambda: desa(nama=f"Bug{PULAU}"), "usaha", "Desa"),
    "alamat kantor": (lambda: desa(alamat_kantor=PULAU), "usaha", "Desa"),
    "kop": (lambda: tata(kop_1=f"DESA {PULAU}"), "usaha", "Tata naskah"),
    "nomor": (
        lambda: tata(format_nomor=f"[nomor]/{PULAU}/[tahun]"),
        "usaha",
        "Tata naskah",
    ),
    "judul": (lambda: JenisSurat.objects.update(judul=f"SURAT {PULAU}"), "usaha", "Jenis surat"),
    "klasifikasi": (
        lambda: JenisSurat.objects.update(klasifikasi=f"400{PULAU}"),
        "usaha",
        "Jenis surat",
    ),
    "tembusan": (lambda: JenisSurat.objects.update(tembusan=PULAU), "usaha", "Jenis surat"),
}


def desa(**isi) -> None:
    Desa.objects.update_or_create(pk=1, defaults=isi)


def tata(**isi) -> None:
    TataNaskah.objects.update_or_create(pk=1, defaults=isi)


def tersimpan() -> list[int]:
    return [m.objects.count() for m in (Surat, Cetakan, EntriBuku, BukuNomor)]


@pytest.mark.parametrize("nama", SUMBER)
def test_source_of_what_cannot_be_printed_is_named_and_nothing_is_taken(terbit, nama, mandat):
    ubah, kode, tempat = SUMBER[nama]
    orang, jenis = factories.buat_penduduk(), factories.jenis(kode)
    ubah()
    orang = Penduduk.objects.select_related("keluarga__banjar").get(pk=orang.pk)
    jenis.refresh_from_db()
    mandat = type(mandat).objects.select_related("pejabat").get(pk=mandat.pk)
    sebelum = tersimpan()

    with pytest.raises(tercetak.TakTercetak) as galat, transaction.atomic():
        terbit(kode, pemohon=orang, jenis=jenis, mandat=mandat)

    assert f"(Kelola › {tempat})" in str(galat.value)
    assert PULAU in str(galat.value)
    assert tersimpan() == sebelum


@pytest.mark.parametrize(
    "lain",
    [
        {"jawaban": {"keperluan": f"ke pulau {PULAU}"}},
        {"pengantar": Pengantar(f"{PULAU}/1")},
    ],
    ids=["answer", "covering letter"],
)
def test_what_belongs_to_the_request_is_mended_there(terbit, lain):
    with pytest.raises(tercetak.TakTercetak, match="isian permohonan ini"), transaction.atomic():
        terbit("belum_menikah", **lain)


def test_all_words_are_named_at_once_each_with_its_own_place(terbit):
    orang = factories.buat_penduduk(nama="I 漢字 Contoh", tempat_lahir="بحر")
    Keluarga.objects.update(alamat=f"{PULAU}1")
    orang = Penduduk.objects.select_related("keluarga__banjar").get(pk=orang.pk)

    with pytest.raises(tercetak.TakTercetak) as galat, transaction.atomic():
        terbit("domisili", pemohon=orang)

    for kata, tempat in (("漢字", "Penduduk"), ("بحر", "Penduduk"), (f"{PULAU}1", "Keluarga")):
        assert re.search(f"“{kata},?” \\(Kelola › {tempat}\\)", str(galat.value))


def test_what_nobody_sees_has_a_name(terbit):
    with pytest.raises(tercetak.TakTercetak, match=r"“U\+202EWayan” \(Kelola › Penduduk\)"):
        terbit(pemohon=factories.buat_penduduk(nama="I \u202eWayan"))


def test_ordinary_letters_raise_no_false_alarm(terbit):
    """Accents, quotes, dashes, a tab of an import, aksara Bali in the letterhead."""
    tata(kop_3="DESA BUGBUG", aksara_3="ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄", aksara_diperiksa="Penyuluh")
    orang = factories.buat_penduduk(
        nama="Ni Luh Désirée “Ayu” O’Brien–Ñ", tempat_lahir="Ubud\tBali"
    )

    surat = terbit("domisili", pemohon=orang)

    assert tercetak.kata_asing(surat.data) == []
    assert surat.data["kop"]["aksara"][-1] == "ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄"


def test_draft_and_letter_ask_the_same_question(mandat):
    apa = {
        "jenis": factories.jenis("usaha"),
        "pemohon": factories.buat_penduduk(nama=f"{PULAU}"),
        "jawaban": factories.JAWABAN.get("usaha", {}) | {"keperluan": "uji"},
        "mandat": mandat,
        "pengantar": Pengantar(),
        "pada": PADA,
    }

    with pytest.raises(tercetak.TakTercetak):
        penerbitan.draf(terbitan.bahan(**apa))


def test_words_are_found_however_deep_and_without_their_tags():
    data = {"isi": [{"html": "<b>漢字&amp;</b> dan Z\U0001f600z", "baris": [["a", "→b"]]}], "n": 1}

    assert set(tercetak.kata_asing(data)) == {"漢字&amp", "Z\U0001f600z", "→b"}


@pytest.mark.parametrize(
    ("teks", "sebut"),
    [
        ("I Wayan", ""),
        ("ᬤᬾᬲ\t\n", ""),
        ("a\u200db", ""),  # nobody sees it
        ("\U0001f600 漢 字", "Tanda “\U0001f600”, “漢”, “字” tidak dapat dicetak"),
        ("\uf0b7 butir", "Tanda U+F0B7 tidak dapat dicetak"),
        ("".join(map(chr, range(0x4E00, 0x4E14))), "“一”"),
    ],
)
def test_all_characters_are_told_at_once(teks, sebut):
    hasil = tak_tercetak(teks)

    assert (sebut in hasil) if sebut else hasil == ""
    if len(teks) == 20:
        assert "dan 8 tanda lain" in hasil


def test_pattern_of_what_is_foreign_matches_single_characters():
    assert ASING.findall("aé漢–b\U0001f600") == ["漢", "\U0001f600"]
