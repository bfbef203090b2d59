"""The slips as paper: what stands on them, that nothing overlaps, how they are tagged.

They are made in this process; that the one of `cetak_slip` makes the same is shown once.
"""

import os
import re
import subprocess
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from surat.kertas import cetak_slip, pdf

pytestmark = pytest.mark.sekali

MM = 72 / 25.4  # points
NAMA_60 = "I GUSTI NGURAH AGUNG WIRYAWAN KUSUMANEGARA PRADNYANA WIJAYAA"
BANJAR_60 = "Banjar yang Namanya Panjang Sekali Sampai Enam Puluh Huruf!!"


def slip(n: int = 0, **lain: str) -> dict[str, str]:
    return {
        "nama": "Ni Luh Putu Contoh",
        "nik": f"•••• •••• •••• {9901 + n}",
        "banjar": "Contoh Satu",
        "kode": f"482 {915 + n}",
    } | lain


def data(*isi: dict[str, str], **lain: object) -> dict[str, object]:
    return {
        "desa": "Bugbug",
        "contoh": False,
        "kertas": "A4",
        "situs": "bugbug-karangasem.id/masuk/",
        "berlaku": "8 Desember 2026, 09.00 WITA",
        "tanggal": "24 November 2026",
        "untuk": "Banjar Dinas Contoh Satu",
        "slip": list(isi or [slip()]),
    } | lain


def baca(isi: dict[str, object]) -> PdfReader:
    return PdfReader(BytesIO(pdf.buat_slip(isi)))


def rapat(teks: str) -> str:
    return re.sub(r"\s+", "", teks)


def baris(halaman) -> list[tuple[float, float, str]]:
    """(x, y from the bottom, text) of each piece of text, in the order of reading."""
    semua = []

    def catat(teks, cm, tm, *_):
        if teks.strip():
            semua.append((cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5], teks.strip()))

    halaman.extract_text(visitor_text=catat)
    return semua


def test_slip_says_who_what_how_and_until_when():
    dokumen = baca(data(contoh=True))

    teks = rapat(dokumen.pages[0].extract_text())
    for kalimat in (
        "CONTOH",
        "Desa Bugbug",
        "Ni Luh Putu Contoh",
        "NIK •••• •••• •••• 9901",
        "Banjar Dinas Contoh Satu",
        "Buka bugbug-karangasem.id/masuk/ di HP.",
        "Isi NIK di KTP-el dan PIN awal di bawah, tanpa spasi.",
        "Buat PIN sendiri: 6 angka yang hanya Anda tahu.",
        "PIN hanya untuk Anda. Petugas tidak pernah menanyakannya.",
        "lipat ke atas",
        "482 915",
        "Berlaku sampai 8 Desember 2026, 09.00 WITA",
    ):
        assert rapat(kalimat) in teks


def test_a_real_village_has_no_mark_and_a_slip_without_banjar_no_empty_line():
    dokumen = baca(data(slip(banjar="")))

    teks = dokumen.pages[0].extract_text()
    assert "CONTOH" not in teks
    assert "Banjar" not in teks


def test_receipt_lists_everybody_but_no_pin():
    orang = [slip(n, nama=f"Ni Luh Nomor {n}") for n in range(30)]

    dokumen = baca(data(*orang))

    terima = rapat("".join(h.extract_text() for h in dokumen.pages[4:]))
    assert "Tandaterimaslip" in terima
    assert rapat("Banjar Dinas Contoh Satu · dicetak 24 November 2026 · 30 slip") in terima
    assert [n for n in range(30) if rapat(f"Ni Luh Nomor {n}••••") not in terima] == []
    assert [n for n in range(30) if f"482{915 + n}" in terima] == []


@pytest.mark.parametrize(("kertas", "lebar", "tinggi"), [("F4", 215, 330), ("A4", 210, 297)])
@pytest.mark.parametrize(("jumlah", "lembar"), [(1, 1), (8, 1), (9, 2)])
def test_eight_slips_stand_on_a_page(kertas, lebar, tinggi, jumlah, lembar):
    dokumen = baca(data(*(slip(n) for n in range(jumlah)), kertas=kertas))

    ukuran = {
        (round(float(h.mediabox.width) / MM), round(float(h.mediabox.height) / MM))
        for h in dokumen.pages
    }
    per_lembar = [len(re.findall(r"482 9\d\d", h.extract_text())) for h in dokumen.pages]
    assert ukuran == {(lebar, tinggi)}
    assert per_lembar[:-1] == [8] * (lembar - 1) + [jumlah - 8 * (lembar - 1)]
    assert per_lembar[-1] == 0  # the receipt


@pytest.mark.parametrize("kertas", ["F4", "A4"])
@pytest.mark.parametrize("nama", [NAMA_60, f"{NAMA_60} {NAMA_60[:39]}"], ids=["60", "100"])
def test_longest_names_neither_overlap_nor_leave_their_slip(kertas, nama):
    dokumen = baca(data(*(slip(n, nama=nama, banjar=BANJAR_60) for n in range(8)), kertas=kertas))

    tinggi_slip = {"A4": 70, "F4": 78}[kertas] * MM
    atas = float(dokumen.pages[0].mediabox.height) - 8 * MM
    per_slip: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for x, y, teks in baris(dokumen.pages[0]):
        kolom = int(x > float(dokumen.pages[0].mediabox.width) / 2)
        per_slip.setdefault((int((atas - y) / tinggi_slip), kolom), []).append((y, teks))
    assert sorted(per_slip) == [(b, k) for b in range(4) for k in range(2)]
    for isi in per_slip.values():
        teks = rapat("".join(t for _, t in isi))
        assert rapat(nama) in teks
        assert rapat(BANJAR_60) in teks
        y = sorted({round(y, 1) for y, _ in isi}, reverse=True)
        urut = list(dict.fromkeys(round(y, 1) for y, _ in isi))
        jarak = [a - b for a, b in pairwise(y)]
        assert urut == y  # what is read later stands lower
        assert min(jarak) > 7  # points between two lines: none stands on another


def test_file_is_tagged_and_names_its_language_title_and_standard():
    dokumen = baca(data())

    akar = dokumen.trailer["/Root"]
    fon = [f.get_object() for h in dokumen.pages for f in h["/Resources"]["/Font"].values()]
    uraian = [f["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for f in fon]
    assert akar["/MarkInfo"] == {"/Marked": True}
    assert akar["/Lang"] == "id"
    assert akar["/ViewerPreferences"] == {"/DisplayDocTitle": True}
    assert dokumen.metadata.title == "Slip PIN awal, Desa Bugbug"
    assert b"pdfuaid" in akar["/Metadata"].get_object().get_data()
    assert {str(f["/BaseFont"]).split("+")[1] for f in fon} == {"Surat", "Surat-Bold"}
    assert [("/FontFile2" in u or "/FontFile3" in u) for u in uraian] == [True] * len(fon)


def test_markup_in_a_name_is_printed_as_text():
    dokumen = baca(data(slip(nama="<b>I & 'Wayan'</b>")))

    assert "<b>I&'Wayan'</b>" in rapat(dokumen.pages[0].extract_text())


def test_child_prints_the_same_and_knows_no_secret_of_the_site(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia-situs")
    asli, dipakai = subprocess.run, []

    def jalankan(perintah, **lain):
        dipakai.append((perintah, lain["env"]))
        return asli(perintah, **lain)

    monkeypatch.setattr(subprocess, "run", jalankan)

    isi = data(*(slip(n) for n in range(9)), contoh=True)
    assert cetak_slip.cetak(isi) == pdf.buat_slip(isi)

    ((perintah, env),) = dipakai
    assert perintah[1:] == [
        "-m",
        "surat.kertas.cetak_luar",
        "slip",
    ]  # no PIN in the list of processes
    assert set(env) & {"SECRET_KEY", "PIN_PEPPER", "DATABASE_URL"} == set()
    assert set(env) <= set(os.environ)


@pytest.mark.parametrize("rusak", [{"slip": None}, {"desa": object}], ids=["data", "json"])
def test_failed_rendering_is_one_quiet_error(rusak, caplog, capfd):
    isi = data() | rusak
    salah = TypeError if "desa" in rusak else cetak_slip.SlipTidakTercetak

    with pytest.raises(salah):
        cetak_slip.cetak(isi)

    assert "482" not in caplog.text
    assert capfd.readouterr() == ("", "")


def test_slow_rendering_is_given_up(monkeypatch):
    monkeypatch.setattr(cetak_slip, "_WAKTU_MAKS", 0.01)

    with pytest.raises(cetak_slip.SlipTidakTercetak):
        cetak_slip.cetak(data())
