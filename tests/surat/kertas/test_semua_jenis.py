"""The proof of every letter type: printed from the emptiest to the fullest, nothing is lost, cut
or printed over, and the paper has as many pages as its file says.

Each letter is printed once; every test below looks at the same print. The emptiest is not printed
where the typical one, which has all that and more, fills one page: then only its words are read.
"""

import functools
import json
import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from penduduk import desa as desa_
from surat.isian import jawaban
from surat.jenis import bawaan
from surat.kertas import pdf
from surat.peraga.surat import Ukuran
from tests.surat.kertas import peraga_semua, tata_letak
from tests.surat.kertas.peraga_semua import Cetakan
from tests.surat.kertas.tata_letak import ada, polos, rapat

pytestmark = [pytest.mark.django_db, pytest.mark.kertas, pytest.mark.lambat]

HALAMAN = {
    berkas.stem: json.loads(berkas.read_text(encoding="utf-8"))["halaman"]
    for berkas in sorted(bawaan.FOLDER.glob("*.json"))
}
KERTAS = ("F4", "A4")


def _halaman(kode: str, ukuran: str, kertas: str) -> int:
    return (HALAMAN[kode] if kertas == "F4" else HALAMAN[kode][kertas])[ukuran]


# Letter by letter, so that processes which share the suite do not each print all of them.
SURAT = [(kode, ukuran.value) for kode in HALAMAN for ukuran in Ukuran]
DICETAK = [
    (kode, ukuran, kertas)
    for kode, ukuran in SURAT
    for kertas in KERTAS
    if ukuran != Ukuran.MINIMAL or _halaman(kode, Ukuran.WAJAR, kertas) > 1
]
setiap_surat = pytest.mark.parametrize(("kode", "ukuran"), SURAT, scope="module")
setiap_kertas = pytest.mark.parametrize(("kode", "ukuran", "kertas"), DICETAK, scope="module")


@pytest.fixture(scope="module")
def cetakan(semua_jenis):
    """The print of a type in a size, or its words alone, made when first asked for."""
    bahan = peraga_semua.susun_semua(semua_jenis.values())
    desa_.lupakan()
    pdf.hangatkan()  # as the worker does: what is there need not be looked through with each letter

    @functools.cache
    def cetak(kode: str, ukuran: str, kertas: str = "F4") -> Cetakan:
        dicetak = (kode, ukuran, kertas) in DICETAK
        cara = peraga_semua.cetak if dicetak else peraga_semua.naskah
        satu, data = bahan[kode, ukuran]
        return cara(satu, peraga_semua.di_kertas(data, kertas))

    return cetak


# --- Everything stands on the paper ------------------------------------------------------------


def harapan(data: dict[str, Any]) -> list[str]:
    """Every piece of text that a frozen letter has, in the order of the paper."""
    hasil = [*data["kop"]["baris"], *data["kop"]["alamat"].split(" · "), data["judul"]]
    hasil += [f"Nomor: {data['nomor']}", polos(data["pembuka"])]
    hasil += [f"{label}: {nilai}" for label, nilai in data["identitas"]]
    for blok in data["isi"]:
        hasil += _harapan_blok(blok)
    if lama := data["menggantikan"]:
        hasil += [lama["nomor"], lama["tanggal"]]
    if sampai := data["berlaku_sampai"]:
        hasil.append(f"Surat ini berlaku sampai dengan tanggal {sampai}.")
    hasil += [polos(data["penutup"]), data["tempat_tanggal"], *data["ttd"]["baris"]]
    hasil += [data["ttd"]["nama"], data["ttd"]["nip"]]
    for satu in data["penanda"]:
        hasil += [satu["label"], *satu["nama"]]
    hasil += [*data["tembusan"], data["kode_cek"], data["url_cek"].partition("://")[2]]
    return [x for x in hasil if x]


def _harapan_blok(blok: dict[str, Any]) -> list[str]:
    match blok["macam"]:
        case "alinea":
            return [polos(blok["html"])]
        case "rincian":
            return [f"{label}: {polos(nilai)}" for label, nilai in blok["baris"]]
        case "butir":
            return [polos(x) for x in blok["butir"]]
        case "tabel":
            sel = [s for baris in blok["baris"] for s in baris]
            return [*blok["kepala"], *sel]
        case "pohon":
            return [b["teks"] for b in blok["baris"]]
    raise AssertionError(blok)


@setiap_surat
def test_every_line_of_the_letter_is_printed(cetakan, kode, ukuran):
    satu: Cetakan = cetakan(kode, ukuran)
    harap = harapan(satu.data)

    assert [x for x in harap if not ada(x, satu.tulisan)] == []
    # A name may stand in several places (table, sentence, signature): all of them are printed.
    teks, seharusnya = "".join(satu.tulisan), rapat("\n".join(harap))
    orang = [satu.data["ttd"]["nama"], *(x for p in satu.data["penanda"] for x in p["nama"])]
    kurang = [x for x in orang if x and teks.count(rapat(x)) < seharusnya.count(rapat(x))]
    assert kurang == []


@setiap_surat
def test_every_answer_is_printed_and_no_placeholder_is_left(cetakan, kode, ukuran):
    satu: Cetakan = cetakan(kode, ukuran)
    jenis, isi = satu.bahan.jenis, satu.bahan.jawaban
    kata = jawaban.untuk_surat(
        jenis, isi, pada=satu.bahan.tanggal, penduduk=satu.bahan.penduduk
    ).nilai
    templat = satu.bahan.templat
    bunyi = f"{templat.pembuka}\n{templat.isi}\n{templat.penutup}"

    pembuka_ = {b.bila_kunci for b in jenis.pertanyaan.all()}
    hilang = []
    for kunci in isi:
        # A choice may stand in other words: its own are then in a condition of the wording.
        diganti = f'{kunci} == "{kata[kunci]}"' in bunyi or f'{kunci} != "' in bunyi
        tidak_dicetak = jenis.subjek == kunci and not jenis.cetak_identitas
        # A question may only decide which others are asked.
        tidak_dicetak |= kunci in pembuka_ and kunci not in bunyi
        # An address in a sentence is one line, and does not repeat what the sentence names.
        sebaris = kata[kunci].split("\nKecamatan ")[0].replace("\n", ", ")
        dicetak = ada(kata[kunci], satu.tulisan) or ada(sebaris, satu.tulisan)
        if not (dicetak or diganti or tidak_dicetak or _tabel(satu, kunci)):
            hilang.append(kunci)
    teks = "".join(satu.tulisan)

    assert hilang == []
    assert [x for x in ("{{", "}}", "{%", "none", "&amp;", "&#", "\ufffd") if x in teks] == []
    assert not re.search("[\ue000-\uf8ff]", teks)


def _tabel(satu: Cetakan, kunci: str) -> bool:
    """Whether a field stands on the paper as a table or a tree, cell by cell."""
    blok = [b for b in satu.data["isi"] if b.get("kunci") == kunci]
    return bool(blok) and all(ada(x, satu.tulisan) for b in blok for x in _harapan_blok(b))


@setiap_surat
def test_letter_is_about_the_right_person_and_signed_by_the_declared(cetakan, kode, ukuran):
    satu: Cetakan = cetakan(kode, ukuran)
    jenis, data = satu.bahan.jenis, satu.data
    isi = jawaban.untuk_surat(
        jenis, satu.bahan.jawaban, pada=satu.bahan.tanggal, penduduk=satu.bahan.penduduk
    )
    subjek = isi.orang[jenis.subjek].nama if jenis.subjek in isi.orang else None
    subjek = subjek or satu.bahan.pemohon.nama

    assert dict(data["identitas"]).get("Nama", subjek) == subjek
    assert bool(data["identitas"]) is jenis.cetak_identitas
    for baris in jenis.penanda:
        nama = _seharusnya(baris["siapa"], satu.bahan, isi, subjek)
        di = [p["nama"] for p in data["penanda"] if p["tempat"] == baris["tempat"]]
        assert any(set(nama) <= set(x) for x in di), baris
    if jenis.naskah == "pernyataan":
        assert rapat("Mengetahui,") in "".join(satu.tulisan)


def _seharusnya(siapa: str, bahan: Any, isi: jawaban.Isi, subjek: str) -> list[str]:
    """Who signs for a row of the type; of a table, those who are of age."""
    if isinstance(tabel := bahan.jawaban.get(siapa), list):
        return [x["nama"] for x in tabel if not x["umur"] or x["umur"] >= 18][1:]
    keluarga = bahan.pemohon.keluarga
    umum = {"": subjek, "-": "", "pemohon": bahan.pemohon.nama}
    umum["kelian_banjar"] = keluarga.banjar.kelian if keluarga and keluarga.banjar else ""
    return [umum.get(siapa, isi.nilai.get(siapa, ""))]


# --- Nothing is cut ----------------------------------------------------------------------------


@setiap_kertas
def test_nothing_is_cut_or_printed_over(cetakan, kode, ukuran, kertas):
    satu: Cetakan = cetakan(kode, ukuran, kertas)

    halaman = tata_letak.baca(satu.isi)

    assert len(halaman) == satu.halaman
    assert tata_letak.lewat_tepi(halaman, satu.data["tata"]["margin"]) == []
    assert tata_letak.bertumpuk(halaman) == []
    assert satu.keluar_sel == []
    assert satu.baris_terbelah == []


def test_label_and_value_stay_together_wherever_the_page_ends(cetakan):
    satu = cetakan("pengantar_kk", "terpanjang")
    geser = [satu.data | {"pembuka": satu.data["pembuka"] + "<br>x" * n} for n in range(1, 6)]

    cetakan_geser = [peraga_semua.cetak(satu.bahan, data) for data in geser]

    assert [c.baris_terbelah for c in cetakan_geser] == [[]] * 5
    assert {c.halaman for c in cetakan_geser} <= {2, 3, 4}


@setiap_kertas
def test_signature_and_check_code_stand_on_the_last_page(cetakan, kode, ukuran, kertas):
    satu: Cetakan = cetakan(kode, ukuran, kertas)
    akhir = satu.tulisan[-1]

    for teks in (*satu.data["ttd"]["baris"], satu.data["ttd"]["nama"], satu.data["kode_cek"]):
        assert rapat(teks) in akhir
    assert [h for h in satu.tulisan if len(h) < 200] == []  # no page with hardly a line


@setiap_kertas
def test_letter_has_as_many_pages_as_its_file_says(cetakan, kode, ukuran, kertas):
    """Wrong only because the paper changed? python -m tests.surat.kertas.ukur_halaman"""
    assert cetakan(kode, ukuran, kertas).halaman == _halaman(kode, ukuran, kertas)
    # So a page is one for both.
    assert _halaman(kode, "minimal", kertas) <= _halaman(kode, "wajar", kertas)


def test_typical_letters_are_one_page_and_everyday_ones_on_either_paper():
    satu = {k: [kode for kode in HALAMAN if _halaman(kode, "wajar", k) == 1] for k in KERTAS}

    assert len(HALAMAN) - len(satu["F4"]) <= 3
    assert len(HALAMAN) - len(satu["A4"]) <= 7
    assert {"kelahiran", "kematian", "domisili", "usaha", "tidak_mampu"} <= set(satu["A4"])


@setiap_kertas
def test_file_has_our_fonts_only_and_no_missing_glyph(cetakan, kode, ukuran, kertas):
    satu: Cetakan = cetakan(kode, ukuran, kertas)

    halaman = PdfReader(BytesIO(satu.isi)).pages
    fon = {str(f["/BaseFont"]) for h in halaman for f in h["/Resources"]["/Font"].values()}

    assert {f.partition("+")[2] for f in fon} <= {"Surat", "Surat-Bold", "Surat-Aksara-Bold"}
    assert "\ufffd" not in "".join(satu.tulisan)


@setiap_kertas
def test_file_is_tagged_and_names_its_language_and_title(cetakan, kode, ukuran, kertas):
    satu: Cetakan = cetakan(kode, ukuran, kertas)

    dokumen = PdfReader(BytesIO(satu.isi))

    akar = dokumen.trailer["/Root"]
    assert akar["/StructTreeRoot"].get_object()["/K"] is not None
    assert akar["/MarkInfo"]["/Marked"] is True or akar["/MarkInfo"]["/Marked"].value is True
    assert akar["/Lang"] == "id"
    assert dokumen.metadata.title == f"{satu.data['judul']} {satu.data['nomor']}"
    assert len(satu.isi) < 120_000


# --- These checks can fail ---------------------------------------------------------------------


@pytest.fixture
def coba(cetakan):
    """Print a typical letter with one thing spoiled."""

    def coba(**ubahan: Any) -> Cetakan:
        satu = cetakan("usaha", "wajar")
        return peraga_semua.cetak(satu.bahan, satu.data | ubahan)

    return coba


def tata_dari(satu: Cetakan) -> tuple[list[str], list[str]]:
    halaman = tata_letak.baca(satu.isi)
    return tata_letak.lewat_tepi(halaman, satu.data["tata"]["margin"]), tata_letak.bertumpuk(
        halaman
    )


@pytest.mark.parametrize(
    "rusak",
    [
        '<span style="white-space: nowrap">{}</span>'.format("melewati-tepi " * 20),
        '<span style="position: relative; left: 150mm">melewati-tepi</span>',
        '<span style="position: relative; left: -30mm">melewati-tepi</span>',
        '<span style="position: fixed; top: -14mm">melewati-tepi</span>',
    ],
    ids=["panjang", "kanan", "kiri", "atas"],
)
def test_word_in_the_margin_is_noticed(coba, rusak):
    tepi, _ = tata_dari(coba(pembuka=rusak))

    assert [x for x in tepi if "melewati" in x] != []


def test_block_over_another_is_noticed(coba):
    _, tumpuk = tata_dari(
        coba(penutup='Alinea <span style="position: relative; left: -9mm">Timpa</span>')
    )

    assert [x for x in tumpuk if "Timpa" in x] != []


def test_cell_that_runs_into_the_next_is_noticed(coba):
    tabel = (
        '<table style="table-layout: fixed; width: 60mm; white-space: nowrap"><tr>'
        "<td>sel-yang-terlalu-panjang-untuk-kolomnya-sendiri</td><td>{}</td></tr></table>"
    )

    penuh = coba(isi=[{"macam": "alinea", "html": tabel.format("tetangga")}])
    kosong = coba(isi=[{"macam": "alinea", "html": tabel.format("")}])

    assert [x for x in tata_dari(penuh)[1] if "tetangga" in x] != []
    assert penuh.keluar_sel == kosong.keluar_sel
    assert kosong.keluar_sel == ["sel-yang-terlalu-panjang-untuk-kolomnya-sendiri"]


def test_row_that_is_torn_between_pages_is_noticed(coba):
    tabel = (
        '<table style="margin-top: 150mm"><tr style="break-inside: auto">'
        '<td style="orphans: 9; widows: 9">Label<br>dua<br>tiga</td><td>{}</td></tr></table>'
    )

    satu = coba(isi=[{"macam": "alinea", "html": tabel.format("baris<br>" * 60)}])

    assert satu.baris_terbelah != []


def test_line_that_is_clipped_or_missing_is_noticed(coba):
    satu = coba(penutup='<span style="display: none">Penutup yang hilang.</span>')

    hilang = [x for x in harapan(satu.data) if not ada(x, satu.tulisan)]

    assert hilang == ["Penutup yang hilang."]


def test_text_that_runs_over_the_page_is_found_and_a_gap_is_not():
    halaman = [rapat(f"Satu dua tiga em {'kaki ' * 9}"), rapat(f"{'kepala ' * 9} pat lima enam")]
    jauh = [rapat(f"Satu dua tiga em {'lain ' * 90}"), halaman[1]]

    assert ada("dua tiga", halaman) is True
    assert ada("tiga empat lima", halaman) is True
    assert ada("tiga empat enam", halaman) is False
    assert ada("lima Satu", halaman) is False
    assert ada("tiga empat lima", jauh) is False


def test_watermark_disturbs_no_word(cetakan):
    satu = cetakan("usaha", "wajar")

    for kata in ("DRAF", "CONTOH"):
        isi, halaman = pdf.buat(satu.data | {"tanda_air": kata})
        teks = tata_letak.tulisan(isi)
        assert [x for x in harapan(satu.data) if not ada(x, teks)] == []
        assert halaman == satu.halaman
