"""Answers in words, derived names, conditions, and the blocks they become on paper."""

from datetime import date

import pytest

from penduduk.models import Banjar, Keluarga, Penduduk
from surat.isian import formulir, jawaban
from surat.jenis import bawaan, berkas
from surat.models import JenisSurat, Pertanyaan
from tests import factories

PADA = date(2026, 11, 23)
KELUARGA = Keluarga(pk=1, alamat="Jalan 1", banjar=Banjar(pk=1, nama="Satu"))
ORANG = {
    7: Penduduk(
        pk=7,
        nama="Ni Luh Anak",
        nik="5107045203129907",
        shdk=4,
        jenis_kelamin=2,
        tanggal_lahir=date(2012, 3, 12),
        tempat_lahir="Bugbug",
        pekerjaan=3,
        agama=4,
        keluarga=KELUARGA,
    ),
    8: Penduduk(pk=8, nama="I Made Anak", shdk=None, nik=None),
}
WARIS = [
    {"nama": "I Gede", "nik": "5107041203909901", "hubungan": "anak", "umur": 0},
    {"nama": "Ni Made", "nik": "", "hubungan": "istri", "umur": None},
]
BEDA = [{"data": "Nama", "dokumen1": "I Gede", "dokumen2": "Gede"}]
POHON = [
    {"tingkat": 1, "nama": "I Tua", "hubungan": "", "keterangan": "almarhum"},
    {"tingkat": 2, "nama": "I Muda", "hubungan": "anak", "keterangan": ""},
    {"tingkat": 3, "nama": "I Cucu", "hubungan": "", "keterangan": ""},
]
KETIKAN = {
    "nama": "I Gede",
    "nik": "",
    "tempat_lahir": "Kota",
    "tanggal_lahir": "1990-03-12",
    "agama": "Hindu",
    "pekerjaan": "Petani",
    "alamat": "Jalan 2",
}


def jenis(*bidang: Pertanyaan) -> JenisSurat:
    """An unsaved type with fields."""
    hasil = JenisSurat(pk=-1, kode="uji")
    for satu in bidang:
        satu.label = satu.label or satu.kunci.title()
    hasil._prefetched_objects_cache = {"pertanyaan": _Bidang(bidang), "aturan": []}
    return hasil


class _Bidang(list):
    def all(self) -> list[Pertanyaan]:
        return self


# --- Words per type ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tipe", "nilai", "kata"),
    [
        ("teks", "Warung {{ nama }}", "Warung {{ nama }}"),
        ("teks_panjang", "Satu\nDua", "Satu\nDua"),
        ("nama", "I Putu Contoh", "I Putu Contoh"),
        ("angka", 0, "0"),
        ("angka", 1500, "1500"),
        ("tahun", 2019, "2019"),
        ("rupiah", 1500000, "Rp1.500.000"),
        ("desimal", "2.5", "2,5"),
        ("tanggal", "2026-11-01", "1 November 2026"),
        ("jam", "09:05:00", "09.05 WITA"),
        ("tanggal_jam", "2026-12-31T17:05:00+00:00", "1 Januari 2027 pukul 01.05 WITA"),
        ("hp", "+6281234567890", "0812-3456-7890"),
        ("pilihan", "Cerai mati", "Cerai mati"),
        ("ref:agama", "Hindu", "Hindu"),
        ("penduduk", "7", "Ni Luh Anak"),
        ("penduduk_atau_teks", {"pk": 7}, "Ni Luh Anak"),
        ("penduduk_atau_teks", KETIKAN, "I Gede"),
        ("daftar_anggota", [7, 8], "Ni Luh Anak, I Made Anak"),
        ("daftar_anggota", [8, 9, 7], "I Made Anak, Ni Luh Anak"),
        ("tabel_orang", WARIS, "I Gede, Ni Made"),
        ("tabel_perbedaan", BEDA, "Nama"),
        ("pohon", POHON, "I Tua, I Muda, I Cucu"),
        ("penduduk", "9", ""),
        ("penduduk_atau_teks", {"pk": 9}, ""),
    ],
)
def test_answer_in_running_text(tipe, nilai, kata):
    assert jawaban.kata(tipe, nilai, ORANG, pada=PADA) == kata


@pytest.mark.parametrize("tipe", formulir.nama_tipe())
@pytest.mark.parametrize("nilai", [None, "", [], {}])
def test_nothing_answered_is_no_word(tipe, nilai):
    assert jawaban.kata(tipe, nilai, ORANG, pada=PADA) == ""
    assert jawaban.kosong(nilai) is True
    assert jawaban.kosong(0) is False


# --- What a letter may say -----------------------------------------------------------------------


def untuk(*bidang: Pertanyaan, **isi) -> jawaban.Isi:
    return jawaban.untuk_surat(jenis(*bidang), isi, pada=PADA, penduduk=ORANG)


@pytest.mark.parametrize(
    ("tipe", "nilai", "turunan"),
    [
        ("tanggal", "2026-11-23", {"x_hari": "Senin"}),
        ("angka", 21, {"x_terbilang": "dua puluh satu"}),
        ("rupiah", 1500000, {"x_terbilang": "satu juta lima ratus ribu rupiah"}),
        ("rupiah", 1000, {"x_terbilang": "seribu rupiah"}),
        ("rupiah", 0, {"x_terbilang": "nol rupiah"}),
        ("daftar_anggota", [7, 8], {"x_jumlah": "2"}),
        ("tabel_orang", WARIS, {"x_jumlah": "2"}),
        ("pohon", POHON, {"x_jumlah": "3"}),
        (
            "penduduk",
            "7",
            {
                "x_nik": "5107045203129907",
                "x_umur": "14",
                "x_ttl": "Bugbug, 12 Maret 2012",
                "x_pekerjaan": "Pelajar/Mahasiswa",
                "x_agama": "Hindu",
                "x_alamat": "Jalan 1, Banjar Dinas Satu",
                "x_jenis_kelamin": "Perempuan",
            },
        ),
        (
            "penduduk_atau_teks",
            KETIKAN,
            {
                "x_nik": "",
                "x_umur": "36",
                "x_ttl": "Kota, 12 Maret 1990",
                "x_pekerjaan": "Petani",
                "x_agama": "Hindu",
                "x_alamat": "Jalan 2",
                "x_jenis_kelamin": "",
            },
        ),
    ],
)
def test_names_that_follow_from_an_answer(tipe, nilai, turunan):
    bidang = Pertanyaan(kunci="x", tipe=tipe)

    penuh = untuk(bidang, x=nilai).nilai
    kosong = untuk(bidang).nilai

    assert {k: v for k, v in penuh.items() if k in turunan} == turunan
    assert jawaban.turunan([("x", tipe)]) == set(turunan)
    assert set(penuh) == set(kosong) == {"x", "total_rupiah", "total_terbilang", *turunan}
    assert set(kosong.values()) == {""}


def test_total_is_of_all_amounts_that_were_asked_and_answered():
    bidang = (
        Pertanyaan(kunci="a", tipe="rupiah"),
        Pertanyaan(kunci="b", tipe="rupiah", bila_kunci="c", bila_nilai="ya"),
        Pertanyaan(kunci="c", tipe="teks"),
    )

    total = [
        untuk(*bidang, **isi).nilai[k]
        for isi in ({"a": 900000, "b": 600000, "c": "ya"}, {"a": 900000, "b": 1, "c": "t"}, {})
        for k in ("total_rupiah", "total_terbilang")
    ]

    assert total == [
        "Rp1.500.000",
        "satu juta lima ratus ribu rupiah",
        "Rp900.000",
        "sembilan ratus ribu rupiah",
        "",
        "",
    ]


def test_every_allowed_name_is_there_even_when_nothing_was_answered():
    for data in bawaan.baca():
        bidang = [
            Pertanyaan(**{k: b[k] for k in berkas.KOLOM_PERTANYAAN if k in b})
            for b in data["bidang"]
        ]
        assert berkas.nama_isian(bidang) <= set(untuk(*bidang).nilai), data["kode"]


# --- Blocks --------------------------------------------------------------------------------------


def test_lists_become_tables_of_plain_text():
    blok = untuk(
        Pertanyaan(kunci="w", tipe="tabel_orang", label="Para ahli waris"),
        Pertanyaan(kunci="a", tipe="daftar_anggota"),
        Pertanyaan(kunci="b", tipe="tabel_perbedaan"),
        w=WARIS,
        a=[7, 8],
        b=BEDA,
    ).blok

    assert blok == {
        "w": {
            "macam": "tabel",
            "kunci": "w",
            "kepala": ["Nama", "NIK", "Hubungan", "Umur"],
            "baris": [["I Gede", "5107041203909901", "anak", "0"], ["Ni Made", "", "istri", ""]],
            "keterangan": "Para ahli waris",
        },
        "a": {
            "macam": "tabel",
            "kunci": "a",
            "kepala": ["Nama", "NIK", "Hubungan dalam keluarga"],
            "baris": [["Ni Luh Anak", "5107045203129907", "Anak"], ["I Made Anak", "", ""]],
            "keterangan": "A",
        },
        "b": {
            "macam": "tabel",
            "kunci": "b",
            "kepala": ["Data", "Tertulis di dokumen 1", "Tertulis di dokumen 2"],
            "baris": [["Nama", "I Gede", "Gede"]],
            "keterangan": "B",
        },
    }


def test_tree_keeps_its_levels_and_tells_what_is_known_in_brackets():
    blok = untuk(Pertanyaan(kunci="p", tipe="pohon"), p=POHON).blok["p"]

    assert (blok["macam"], blok["baris"]) == (
        "pohon",
        [
            {"tingkat": 1, "teks": "I Tua (almarhum)"},
            {"tingkat": 2, "teks": "I Muda (anak)"},
            {"tingkat": 3, "teks": "I Cucu"},
        ],
    )


def test_person_becomes_an_identity_list_that_is_escaped():
    isi = untuk(
        Pertanyaan(kunci="o", tipe="penduduk_atau_teks"), o=KETIKAN | {"nama": "<b>I & Gede"}
    )

    assert isi.blok["o"]["macam"] == "rincian"
    assert isi.blok["o"]["baris"][0] == ["Nama", "&lt;b&gt;I &amp; Gede"]
    assert isi.orang["o"].nama == "<b>I & Gede"
    assert isi.nilai["o"] == "<b>I & Gede"


def test_somebody_who_left_the_register_is_nobody():
    isi = untuk(Pertanyaan(kunci="o", tipe="penduduk"), o="9")

    assert (isi.nilai["o"], isi.orang, isi.blok) == ("", {}, {})


# --- Conditions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bila", "lain", "berlaku"),
    [
        ("", None, True),
        ("A|B", "A", True),
        ("A|B", "B", True),
        ("A|B", "C", False),
        ("A|B", "A|B", False),
        ("A|B", None, False),
        ("A|B", "", False),
        ("3", 3, True),
        ("0", 0, True),
    ],
)
def test_field_is_asked_only_after_one_of_its_answers(bila, lain, berlaku):
    baris = Pertanyaan(kunci="x", tipe="teks", bila_kunci="lain" if bila else "", bila_nilai=bila)

    assert jawaban.berlaku(baris, {"lain": lain}) is berlaku


def test_answer_whose_condition_no_longer_holds_is_dropped_everywhere():
    bidang = (
        Pertanyaan(kunci="sebab", tipe="pilihan", pilihan=["Mati", "Hidup"]),
        Pertanyaan(kunci="akta", tipe="teks", bila_kunci="sebab", bila_nilai="Mati"),
        Pertanyaan(kunci="waris", tipe="tabel_orang", bila_kunci="sebab", bila_nilai="Mati"),
    )
    lama = {"sebab": "Hidup", "akta": "AKTA-1", "waris": WARIS}

    isi = untuk(*bidang, **lama)

    assert (isi.nilai["akta"], isi.nilai["waris"], isi.nilai["waris_jumlah"]) == ("", "", "")
    assert isi.blok == {}
    assert formulir.rapikan(jenis(*bidang), lama) == {"sebab": "Hidup"}
    assert [b.kunci for b, _ in jawaban.dalam_kata(jenis(*bidang), lama, pada=PADA)] == ["sebab"]


def test_required_fields_without_answer_are_told_only_when_asked():
    bidang = (
        Pertanyaan(kunci="sebab", tipe="teks"),
        Pertanyaan(kunci="akta", tipe="teks", bila_kunci="sebab", bila_nilai="Mati"),
        Pertanyaan(kunci="jumlah", tipe="angka"),
        Pertanyaan(kunci="boleh", tipe="teks", wajib=False),
    )

    kurang = [
        [b.kunci for b in formulir.belum_dijawab(jenis(*bidang), isi)]
        for isi in ({}, {"sebab": "Mati", "jumlah": 0}, {"sebab": "Hidup", "jumlah": 1})
    ]

    assert kurang == [["sebab", "jumlah"], ["akta"], []]


# --- On a screen ---------------------------------------------------------------------------------


def test_answers_on_a_screen_tell_lists_and_persons_line_by_line():
    semua = jenis(
        Pertanyaan(kunci="w", tipe="tabel_orang"),
        Pertanyaan(kunci="o", tipe="penduduk_atau_teks"),
        Pertanyaan(kunci="p", tipe="pohon"),
        Pertanyaan(kunci="k", tipe="teks"),
    )

    hasil = jawaban.dalam_kata(semua, {"w": WARIS, "o": KETIKAN, "p": POHON}, pada=PADA)

    assert [kata for _, kata in hasil] == [
        "I Gede · 5107041203909901 · anak · 0\nNi Made · istri",
        "I Gede\nKota, 12 Maret 1990\nHindu\nPetani\nJalan 2",
        "I Tua (almarhum)\n– I Muda (anak)\n– – I Cucu",
        "",
    ]


@pytest.mark.django_db
def test_people_of_all_fields_cost_one_query(django_assert_num_queries):
    satu, dua, tiga = (factories.buat_penduduk(nama=f"Anak {n}") for n in range(3))
    bidang = (
        Pertanyaan(kunci="a", tipe="penduduk"),
        Pertanyaan(kunci="b", tipe="penduduk_atau_teks"),
        Pertanyaan(kunci="c", tipe="daftar_anggota"),
    )
    isi = {"a": str(satu.pk), "b": {"pk": dua.pk}, "c": [tiga.pk, satu.pk]}

    with django_assert_num_queries(1):
        hasil = jawaban.untuk_surat(jenis(*bidang), isi, pada=PADA)
    with django_assert_num_queries(0):
        kosong = jawaban.untuk_surat(jenis(*bidang), {"b": KETIKAN}, pada=PADA)

    assert [hasil.nilai[k] for k in "abc"] == ["Anak 0", "Anak 1", "Anak 2, Anak 0"]
    assert hasil.nilai["a_alamat"] == "Jalan Contoh 1, Banjar Dinas Contoh Satu"
    assert kosong.nilai["b"] == "I Gede"
