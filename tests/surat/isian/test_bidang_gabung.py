"""Fields of several boxes, and what hostile or careless people put into them."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from penduduk.models import Penduduk
from surat.isian import bidang_gabung, formulir
from surat.models import JenisSurat, Pertanyaan
from tests.surat.isian.kiriman import sebagai_kiriman

HARI = date(2026, 11, 23)
KELUARGA = [
    Penduduk(pk=7, nama="I Wayan Contoh"),
    Penduduk(pk=8, nama="Ni Made Contoh"),
    Penduduk(pk=9, nama="I Nyoman Contoh", status_dasar=Penduduk.MATI),
]


class _Bidang(list):
    def all(self) -> list[Pertanyaan]:
        return self


def jenis(*bidang: Pertanyaan) -> JenisSurat:
    hasil = JenisSurat(pk=-1, kode="uji")
    for n, satu in enumerate(bidang, start=1):
        satu.urutan, satu.label = n, satu.label or satu.kunci.title()
    hasil._prefetched_objects_cache = {"pertanyaan": _Bidang(bidang), "aturan": []}
    return hasil


def kirim(*bidang: Pertanyaan, **nilai) -> formulir.PertanyaanForm:
    """A form with these fields, filled in with raw POST data."""
    kiriman = QueryDict(mutable=True)
    for kunci, isi in nilai.items():
        kiriman.setlist(kunci.replace("__", "-"), isi if isinstance(isi, list) else [isi])
    form = formulir.buat_form(jenis(*bidang), keluarga=KELUARGA, hari_ini=HARI)(kiriman)
    form.is_valid()
    return form


def satu(tipe: str, *, wajib: bool = True, **lain) -> Pertanyaan:
    return Pertanyaan(kunci="x", label="Label", tipe=tipe, wajib=wajib, **lain)


# --- Tables --------------------------------------------------------------------------------------


def orang(n: int, nama: str, hubungan: str = "anak", **lain: str) -> dict[str, str]:
    return {f"x__{n}__{k}": v for k, v in {"nama": nama, "hubungan": hubungan, **lain}.items()}


def test_rows_with_holes_between_them_close_up():
    form = kirim(
        satu("tabel_orang"), **orang(0, "I Satu"), **orang(4, "I Dua"), **orang(29, "I Tiga")
    )

    assert [b["nama"] for b in form.cleaned_data["x"]] == ["I Satu", "I Dua", "I Tiga"]
    assert form.cleaned_data["x"][0] == {
        "nama": "I Satu",
        "nik": "",
        "hubungan": "anak",
        "umur": None,
        "lahir": "",
        "alamat": "",
    }


def test_row_beyond_the_last_is_no_row():
    form = kirim(satu("tabel_orang"), **orang(0, "I Satu"), **orang(30, "I Lebih"))

    assert [b["nama"] for b in form.cleaned_data["x"]] == ["I Satu"]


def test_half_a_row_is_told_by_its_number_and_column():
    form = kirim(satu("tabel_orang"), **orang(0, "I Satu"), **orang(1, "", hubungan="anak"))

    assert form.errors == {"x": ["Baris 2, Nama: belum diisi."]}


@pytest.mark.parametrize(
    ("lain", "galat"),
    [
        ({"umur": "tiga"}, "Umur (tahun): tulis angka saja."),
        ({"umur": "-1"}, "Umur (tahun): tulis angka saja."),
        ({"umur": "1000"}, "Umur (tahun): tulis angka saja."),
        ({"umur": "٣"}, "Umur (tahun): tulis angka saja."),
        ({"hubungan": "a" * 41}, "Hubungan: paling banyak 40 huruf, Anda menulis 41."),
        ({"nama": "a" * 101}, "Nama: paling banyak 100 huruf, Anda menulis 101."),
        ({"nama": "I Wayan 🙂"}, "Nama: Tanda “🙂” tidak dapat dicetak di surat."),
        ({"nik": "123"}, "NIK: NIK harus 16 angka. Anda mengisi 3."),
        ({"nik": "5107049903909901"}, "NIK: NIK ini tidak mungkin benar."),
    ],
)
def test_spoiled_cell_is_refused_with_its_row_and_column(lain, galat):
    isi = {"nama": "I Satu", "hubungan": "anak"} | lain

    form = kirim(satu("tabel_orang"), **{f"x__0__{k}": v for k, v in isi.items()})

    assert form.errors["x"][0].startswith(f"Baris 1, {galat}")


def test_all_faults_of_a_table_are_told_at_once():
    form = kirim(satu("tabel_orang"), **orang(0, "", umur="x"), **orang(1, "I Dua", nik="1"))

    assert len(form.errors["x"]) == 3


def test_lines_and_spaces_of_a_cell_become_one_line():
    form = kirim(satu("tabel_orang"), **orang(0, " I\tSatu \r\n Dua\u00a0\u200b", umur="0"))

    assert form.cleaned_data["x"] == [
        {"nama": "I Satu Dua", "nik": "", "hubungan": "anak", "umur": 0, "lahir": "", "alamat": ""}
    ]


@pytest.mark.parametrize("tipe", ["tabel_orang", "tabel_perbedaan", "pohon"])
@pytest.mark.parametrize("kosong", [{}, {"x__0__nama": "  "}, {"x__3__tingkat": "2"}])
def test_table_without_rows_is_empty_or_missing(tipe, kosong):
    wajib, boleh = kirim(satu(tipe), **kosong), kirim(satu(tipe, wajib=False), **kosong)

    assert wajib.errors == {"x": ["Isi Label."]}
    assert boleh.cleaned_data == {"x": []}


@pytest.mark.parametrize("tingkat", ["0", "7", "dua", "1.0", "-1", ""])
def test_level_of_a_tree_is_one_of_those_on_offer(tingkat):
    form = kirim(satu("pohon"), x__0__tingkat=tingkat, x__0__nama="I Tua")

    assert [g.split(":")[0] for g in form.errors["x"]] == ["Baris 1, Keturunan"]


def test_tree_keeps_its_levels_as_numbers():
    form = kirim(
        satu("pohon"), x__0__tingkat="6", x__0__nama="I Tua", x__1__tingkat="1", x__1__nama="I"
    )

    assert [(b["tingkat"], b["nama"]) for b in form.cleaned_data["x"]] == [(6, "I Tua"), (1, "I")]


def test_what_was_typed_stays_and_two_rows_are_free():
    widget = bidang_gabung.BarisWidget(bidang_gabung.KOLOM["tabel_orang"])

    sedikit, banyak = (
        widget.get_context("x", [{"nama": f"<b>{i}", "umur": 0} for i in range(n)], {})
        for n in (2, 30)
    )

    assert [len(sedikit["baris"]), sedikit["bisa_tambah"]] == [4, True]
    assert [len(banyak["baris"]), banyak["bisa_tambah"]] == [30, False]
    assert sedikit["baris"][1][0]["isi"] == "<b>1"
    assert sedikit["baris"][1][3]["isi"] == "0"
    assert "&lt;b&gt;1" in widget.render("x", [{"nama": "<b>1"}])


# --- Persons -------------------------------------------------------------------------------------


@pytest.mark.parametrize("tipe", ["penduduk", "penduduk_atau_teks", "daftar_anggota"])
@pytest.mark.parametrize("pk", ["1", "999999", "-7", "7 OR 1=1", "７", "9"])
def test_somebody_of_another_family_card_posted_by_hand_is_refused(tipe, pk):
    kunci = "x__pk" if tipe == "penduduk_atau_teks" else "x"

    form = kirim(satu(tipe), **{kunci: pk})

    assert list(form.errors) == ["x"]
    assert len(form.errors["x"]) == 1


def test_stranger_hidden_among_the_family_is_refused():
    assert kirim(satu("daftar_anggota"), x=["7", "1"]).errors == {
        "x": ["Pilih dari anggota keluarga di KK Anda."]
    }
    assert kirim(satu("daftar_anggota"), x=["8", "7"]).cleaned_data == {"x": [8, 7]}


@pytest.mark.parametrize("tipe", ["penduduk", "penduduk_atau_teks", "daftar_anggota"])
def test_the_deceased_may_be_chosen_only_where_the_field_says_so(tipe):
    kunci = "x__pk" if tipe == "penduduk_atau_teks" else "x"

    boleh = kirim(satu(tipe, termasuk_meninggal=True), **{kunci: "9"})

    assert boleh.errors == {}
    assert list(kirim(satu(tipe), **{kunci: "9"}).errors) == ["x"]


def test_member_chosen_is_all_that_is_kept_whatever_else_was_typed():
    form = kirim(satu("penduduk_atau_teks"), x__pk="7", x__nama="Nama Palsu", x__nik="123")

    assert form.cleaned_data == {"x": {"pk": 7}}


@pytest.mark.parametrize("pk", ["lain", ""])
def test_other_person_needs_a_name_only(pk):
    form = kirim(satu("penduduk_atau_teks"), x__pk=pk, x__nama="  I Gede\tContoh ")

    assert form.cleaned_data["x"] == {
        "nama": "I Gede Contoh",
        "nik": "",
        "tempat_lahir": "",
        "tanggal_lahir": "",
        "jenis_kelamin": "",
        "agama": "",
        "pekerjaan": "",
        "alamat": "",
    }


@pytest.mark.parametrize(
    ("isi", "galat"),
    [
        ({}, "Isi Label."),
        ({"pk": "lain"}, "Tulis paling sedikit nama lengkap orang itu."),
        ({"pekerjaan": "Petani"}, "Nama lengkap: tulis nama lengkapnya."),
        ({"nama": "I", "nik": "5107"}, "NIK (bila tahu): NIK harus 16 angka."),
        ({"nama": "I", "tanggal_lahir": "31-02-1990"}, "Tanggal lahir: Tanggal ini tidak ada di"),
        ({"nama": "I", "tanggal_lahir": "1-1-0026"}, "Tanggal lahir: Tahun ini tidak mungkin."),
        ({"nama": "a" * 101}, "Nama lengkap: Pastikan nilai ini mengandung paling banyak 100"),
        ({"nama": "I", "alamat": "a" * 201}, "Alamat: Pastikan nilai ini mengandung paling"),
        ({"nama": "ولد صغير"}, "Nama lengkap: Tanda “و”, “ل”, “د”, “ص”,"),
    ],
)
def test_person_that_cannot_be_is_refused_with_a_sentence(isi, galat):
    form = kirim(satu("penduduk_atau_teks"), **{f"x__{k}": v for k, v in isi.items()})

    assert form.errors["x"][0].startswith(galat)


def test_nobody_is_born_tomorrow():
    besok = HARI + timedelta(days=1)

    lahir = [
        kirim(satu("penduduk_atau_teks"), x__nama="I Gede", x__tanggal_lahir=f"{hari:%d-%m-%Y}")
        for hari in (besok, besok - timedelta(days=1))
    ]

    assert [list(f.errors) for f in lahir] == [["x"], []]
    assert lahir[0].errors["x"] == [
        "Tanggal lahir: Tanggal ini belum terjadi. Periksa lagi tanggalnya."
    ]


# --- A newborn's name (Permendagri 73/2022) ------------------------------------------------------


@pytest.mark.parametrize(
    ("nilai", "hasil"),
    [
        ("I Wayan", "I Wayan"),
        ("  Ni   Luh\tPutu ", "Ni Luh Putu"),
        ("A" * 29 + " " + "b" * 30, "A" * 29 + " " + "b" * 30),
    ],
)
def test_name_of_a_newborn_is_accepted(nilai, hasil):
    assert kirim(satu("nama"), x=nilai).cleaned_data == {"x": hasil}


@pytest.mark.parametrize(
    ("nilai", "galat"),
    [
        ("Wayan", "Nama anak paling sedikit dua kata, misalnya I Wayan."),
        ("A" * 30 + " " + "b" * 30, "Nama anak paling banyak 60 huruf."),
        ("I Wayan2", "Nama hanya boleh memakai huruf a sampai z dan spasi."),
        ("I Wayan, S.H.", "Nama hanya boleh memakai huruf a sampai z dan spasi."),
        ("Ni Ayu D'Ñandø", "Nama hanya boleh memakai huruf a sampai z dan spasi."),
        ("ᬦᬶ ᬮᬸᬄ", "Nama hanya boleh memakai huruf a sampai z dan spasi."),
        ("I Wayan 🙂", "Nama hanya boleh memakai huruf a sampai z dan spasi."),
        ("", "Isi Label."),
        ("\u200b \u202e", "Isi Label."),
    ],
)
def test_name_of_a_newborn_keeps_to_the_law(nilai, galat):
    assert kirim(satu("nama"), x=nilai).errors == {"x": [galat]}


# --- Text that no letter can hold ----------------------------------------------------------------


@pytest.mark.parametrize("tipe", ["teks", "teks_panjang", "alamat"])
@pytest.mark.parametrize(
    ("nilai", "tanda"),
    [
        ("Pasar 🙂", "🙂"),
        ("سوق بوغبوغ", "س"),
        ("שוק בוגבוג", "ש"),
        ("市場", "市"),
        ("рынок", "р"),
        ("Pasar \ue002x\ue003", None),
        ("Zalgo a\u0301", None),
        ("\ufdd0", None),
    ],
)
def test_letters_that_cannot_be_printed_are_refused_by_name(tipe, nilai, tanda):
    form = kirim(satu(tipe), x=nilai)

    if tanda:
        (galat,) = form.errors["x"]
        assert galat.startswith(f"Tanda “{tanda}”")
        assert " tidak dapat dicetak di surat. Hapus, lalu pakai" in galat
    else:  # what is no character at all is taken out, not complained of
        assert "\ue002" not in form.cleaned_data.get("x", "")


@pytest.mark.parametrize(
    ("nilai", "bersih"),
    [
        ("Pa\u200bsar\u202e Bug\u2066bug\u2069", "Pasar Bugbug"),
        ("\x00Pasar\x1b[31m\x07", "Pasar[31m"),
        ("Pasar\u2028Bugbug", "Pasar\nBugbug"),
        ("ᬧᬲᬃ ᬩᬸᬕ᭄ᬩᬸᬕ᭄", "ᬧᬲᬃ ᬩᬸᬕ᭄ᬩᬸᬕ᭄"),
        ("Ñandø D'Æsir – “a”…", "Ñandø D'Æsir – “a”…"),
    ],
)
def test_invisible_signs_vanish_and_balinese_stays(nilai, bersih):
    assert kirim(satu("teks_panjang"), x=nilai).cleaned_data == {"x": bersih}


def test_20000_characters_are_refused_and_not_cut():
    form = kirim(
        Pertanyaan(kunci="keperluan", tipe="teks_panjang"), keperluan="melamar kerja " * 1429
    )

    assert form.errors["keperluan"] == [
        "Pastikan nilai ini mengandung paling banyak 1000 karakter (sekarang 20005 karakter)."
    ]


# --- Rules between fields ------------------------------------------------------------------------


SEBAB = Pertanyaan(kunci="sebab", tipe="pilihan", pilihan=["Mati", "Hidup"])
AKTA = Pertanyaan(kunci="akta", tipe="teks", bila_kunci="sebab", bila_nilai="Mati")


def test_conditional_answer_is_required_only_when_asked_and_dropped_otherwise():
    diminta = kirim(SEBAB, AKTA, sebab="Mati")
    dibuang = kirim(SEBAB, AKTA, sebab="Hidup", akta="AKTA-1")
    salah = kirim(SEBAB, AKTA, sebab="Hidup", akta="🙂")

    assert diminta.errors == {"akta": ["Isi Akta."]}
    assert dibuang.cleaned_data == {"sebab": "Hidup"}
    assert (salah.errors, salah.cleaned_data) == ({}, {"sebab": "Hidup"})


def test_table_whose_condition_does_not_hold_is_dropped_with_its_faults():
    waris = Pertanyaan(kunci="x", tipe="tabel_orang", bila_kunci="sebab", bila_nilai="Mati")

    form = kirim(SEBAB, waris, sebab="Hidup", **orang(0, "", umur="x"))

    assert (form.errors, form.cleaned_data) == ({}, {"sebab": "Hidup"})


@pytest.mark.parametrize(
    ("batas", "geser", "galat"),
    [
        ("LAMPAU", 1, ["Tanggal ini belum terjadi. Periksa lagi tanggalnya."]),
        ("LAMPAU", 0, None),
        ("MENDATANG", -1, ["Tanggal ini sudah lewat. Isi tanggal mulai hari ini."]),
        ("MENDATANG", 0, None),
    ],
)
def test_dates_keep_to_their_side_of_today(batas, geser, galat):
    hari = HARI + timedelta(days=geser)

    form = kirim(satu("tanggal", batas=batas), x=hari.isoformat())

    assert form.errors.get("x") == galat


def test_order_of_two_dates_is_kept():
    awal = Pertanyaan(kunci="awal", tipe="tanggal", label="Tanggal berangkat?")
    akhir = Pertanyaan(kunci="akhir", tipe="tanggal", tidak_sebelum="awal")

    salah = kirim(awal, akhir, awal="2026-03-02", akhir="2026-03-01")
    sama = kirim(awal, akhir, awal="2026-03-02", akhir="2026-03-02")

    assert salah.errors == {"akhir": ["Tidak boleh lebih dulu daripada Tanggal berangkat."]}
    assert sama.cleaned_data["akhir"] == date(2026, 3, 2)


def test_answers_come_back_from_what_a_browser_would_send():
    semua = jenis(satu("penduduk_atau_teks"), Pertanyaan(kunci="y", tipe="tabel_orang"))
    isi = {"x": {"pk": 7}, "y": [{"nama": "I", "nik": "", "hubungan": "a", "umur": None}]}

    assert sebagai_kiriman(semua, isi) == {
        "x-pk": "7",
        "y-0-nama": "I",
        "y-0-nik": "",
        "y-0-hubungan": "a",
        "y-0-umur": "",
    }
