"""What a line must not break, and that it is copied as it was written."""

import re

import pytest

from surat.bahasa import utuh
from tests.surat.kertas.naskah import Kertas, alinea, data

SEBARIS = "kata " * 13
UTUH = (
    "400.12.2.1/007/51.07.04.2001/XI/2026",
    "12/BD-CS/XI/2026",
    "5107-KM-00000000-0000",
    "Nomor 12/BD-CS/XI/2026",
    "Nomor 1",
    "CONTOH 1",
    "Gang 2",
    "NIK 5107041203909901",
    "Kode Pos 80811",
    "1 Januari 2026",
    "31 Desember 2026",
    "pukul 09.30 WITA",
    "Telp. (0363) 21000",
    "kantor@bugbug-karangasem.id",
    "bugbug-karangasem.id",
    "https://bugbug-karangasem.id/cek/CONTOH2345/",
    "250 m²",
    "2 GT",
    "Contoh, S.H., M.Si",
    "Ir. Contoh",
    "KTP-el",
)


@pytest.mark.parametrize("atom", UTUH)
def test_atom_is_held_together_and_its_neighbours_are_not(atom):
    html = utuh.rangkai(f"{SEBARIS}{atom}, sesudah.")

    assert html == f'{SEBARIS}<span class="utuh">{atom}</span>, sesudah.'


def test_atom_that_does_not_reach_the_end_of_its_line_costs_nothing():
    for pendek in ("tanggal 1 Januari 2026", f"tanggal 1 Januari 2026 {SEBARIS}"):
        assert utuh.rangkai(pendek) == pendek
    assert utuh.rangkai(f"pukul 09.30 {SEBARIS} 1 Mei 2026").count("utuh") == 1
    sempit = f"dan {SEBARIS[:20]} 1 Mei 2026 di sini"
    assert ("utuh" in utuh.rangkai(sempit), "utuh" in utuh.rangkai(sempit * 2, sempit=True)) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    "teks",
    [
        "Orang tersebut di atas benar bertempat tinggal di sini.",
        "batas-batas tanah, suami/istri",
        "5107041203909901 dan Rp1.500.000",  # no line breaks in there anyway
        "A" * 60 + "/1",
        'alinea <b title="1/2">tebal</b>',
    ],
)
def test_other_words_are_left_alone(teks):
    assert utuh.rangkai(SEBARIS + teks) == SEBARIS + teks


def test_narrow_column_breaks_what_would_not_fit_it():
    panjang = SEBARIS + "470.12/0012/BANJAR-DINAS/KELIAN/XI/2026"

    assert "utuh" in utuh.rangkai(panjang)
    assert utuh.rangkai(panjang, sempit=True) == panjang


@pytest.mark.kertas
@pytest.mark.parametrize("geser", range(0, 60, 3))
def test_no_atom_is_broken_wherever_the_line_ends(tmp_path, geser):
    kalimat = "x" * geser + " " + " kata ".join(UTUH)
    surat = Kertas(data(isi=[alinea(kalimat)], kop={"baris": ["Desa"], "alamat": ""}), tmp_path)

    baris = surat._jalankan("pdftotext", "-layout", str(surat._berkas), "-").decode().split("\n")
    utuh_ = [re.sub(r"\s+", " ", b) for b in baris]

    assert [a for a in UTUH if not any(a in b for b in utuh_)] == []


@pytest.mark.parametrize(
    ("teks", "kolom", "html"),
    [
        (
            "Bugbug, 31 Desember 2026",
            "Alamat",
            'Bugbug, <span class="utuh">31 Desember 2026</span>',
        ),
        ("Nomor 12/BD-CS/XI/2026", "Alamat", 'Nomor <span class="utuh">12/BD-CS/XI/2026</span>'),
        ("<b> Wiryawan, S.H.", "Nama", '&lt;b&gt; <span class="utuh">Wiryawan, S.H</span>.'),
        (
            "Jalan 1\nGang 2",
            "Alamat",
            '<span class="utuh">Jalan 1</span>\n<span class="utuh">Gang 2</span>',
        ),
        ("36 tahun", "Umur", "36 tahun"),  # wider than its column
        ("5107041203909901", "NIK", "5107041203909901"),
    ],
)
def test_cell_holds_what_its_column_has_room_for(teks, kolom, html):
    assert utuh.sel(teks, kolom) == html


@pytest.mark.kertas
@pytest.mark.parametrize("geser", range(0, 24, 4))
def test_no_atom_of_a_table_is_broken(tmp_path, geser):
    atom = ["31 Desember 2026", "12/BD-CS/XI/2026", "Wiryawan, S.H", "5107041203909901"]
    isi = [["I Contoh\n5107041203909901", "x" * geser + f" {a}", "anak", "36", a] for a in atom]
    kepala = ["Nama dan NIK", "Tempat, tanggal lahir", "Hubungan", "Umur", "Alamat"]
    tabel = {"macam": "tabel", "kepala": kepala, "baris": isi, "keterangan": ""}
    surat = Kertas(data(isi=[tabel]), tmp_path)

    teks = surat.halaman(1)
    assert [a for a in atom if teks.count(a) < 2] == []


@pytest.mark.kertas
def test_letterhead_breaks_between_its_parts_only(tmp_path):
    bagian = [
        "Jalan Raya Bugbug Nomor 117, Bugbug, Karangasem",
        "Kode Pos 80811",
        "Telp. (0363) 21000",
        "kantor-perbekel@bugbug-karangasem.id",
        "bugbug-karangasem.id",
    ]
    surat = Kertas(data(kop={"alamat": " · ".join(bagian)}), tmp_path)

    baris = surat._jalankan("pdftotext", "-layout", str(surat._berkas), "-").decode().split("\n")
    kop = [b.strip() for b in baris if any(x in b for x in bagian)]

    assert len(kop) == 2
    assert [b for b in kop if b.startswith("·") or b.endswith("·")] == []
    assert all(any(x in b for b in kop) for x in bagian)
