import json
from datetime import date, time

import pytest
from django.template.loader import render_to_string

from penduduk.models import Penduduk
from surat.isian import formulir
from surat.isian import jawaban as jawaban_
from surat.isian.bidang import Sekitar
from surat.isian.macam import Kasus
from surat.models import JenisSurat, Pertanyaan
from tests import factories

HARI = date(2026, 11, 23)


def baris(tipe: str, *, wajib: bool = True, **lain) -> Pertanyaan:
    return Pertanyaan(kunci="x", label="Label", tipe=tipe, wajib=wajib, **lain)


def sekitar(keluarga=()) -> Sekitar:
    return Sekitar(HARI, list(keluarga), Kasus(JenisSurat(), {}, {}, HARI), [])


def isi(satu: Pertanyaan, nilai: str, keluarga=()) -> tuple[object, list[str]]:
    """What becomes of `nilai` typed into the field of one row: cleaned value and errors."""
    form = formulir._field(satu, sekitar(keluarga), {})
    kelas = type("F", (formulir.forms.Form,), {"x": form})
    f = kelas({"x": nilai})
    return (f.cleaned_data["x"], []) if f.is_valid() else (None, f.errors["x"])


def jenis_dengan(*bidang: Pertanyaan) -> JenisSurat:
    jenis = JenisSurat.objects.create(
        kode="uji", nama="Uji", judul="UJI", tujuan="uji", klasifikasi="1"
    )
    for n, satu in enumerate(bidang, start=1):
        satu.jenis, satu.urutan = jenis, n
        satu.save()
    return jenis


# --- Text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("tipe", ["teks", "teks_panjang", "alamat"])
@pytest.mark.parametrize(
    ("nilai", "bersih"),
    [
        ("Warung Contoh", "Warung Contoh"),
        ("  Warung \t  Contoh  ", "Warung Contoh"),
        ("Warung\tContoh", "Warung Contoh"),
        ("Warung\u00a0Contoh", "Warung Contoh"),
        ("Wa\x00rung\x07 Con\x1btoh\x7f", "Warung Contoh"),
        ("\u202eWarung\u200b Contoh\ufeff", "Warung Contoh"),
        ("I Gusti Ngurah Ayu D'Ñandø", "I Gusti Ngurah Ayu D'Ñandø"),
        ("{{ nik }} {% debug %}", "{{ nik }} {% debug %}"),
        ("<b>a</b> & 'b' \"c\"", "<b>a</b> & 'b' \"c\""),
        ("'; DROP TABLE surat; --", "'; DROP TABLE surat; --"),
    ],
)
def test_text_is_kept_literally_without_control_characters(tipe, nilai, bersih):
    assert isi(baris(tipe), nilai) == (bersih, [])


def test_lines_of_long_text_are_kept_and_empty_ones_dropped():
    nilai = "Jalan Contoh 1\r\n\r\n  Banjar   Contoh \n\n\nBugbug\u2028Bali"

    hasil = isi(baris("teks_panjang"), nilai)

    assert hasil == ("Jalan Contoh 1\nBanjar Contoh\nBugbug\nBali", [])


@pytest.mark.parametrize("nilai", ["", "   ", "\t\n", "\x00\x07", "\u200b"])
def test_text_that_shows_nothing_is_empty(nilai):
    wajib, galat = isi(baris("teks"), nilai)
    boleh_kosong = isi(baris("teks", wajib=False), nilai)

    assert (wajib, galat) == (None, ["Isi Label."])
    assert boleh_kosong == ("", [])


@pytest.mark.parametrize(
    ("tipe", "maks"),
    [("teks", 200), ("teks_panjang", 1000), ("alamat", 1000)],
)
def test_text_has_a_limit_and_20000_characters_are_refused(tipe, maks):
    pas, lewat, jauh = (isi(baris(tipe), "a" * n) for n in (maks, maks + 1, 20_000))

    assert pas == ("a" * maks, [])
    assert lewat[1] == [
        f"Pastikan nilai ini mengandung paling banyak {maks} karakter (sekarang {maks + 1} "
        "karakter)."
    ]
    assert len(jauh[1]) == 1 and jauh[0] is None


# --- Numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nilai", "angka"),
    [
        ("0", 0),
        (" 7 ", 7),
        ("007", 7),
        ("1.500", 1500),
        ("1.000.000", 10**6),
        ("1000000000", 10**9),
    ],
)
def test_angka_reads_whole_numbers(nilai, angka):
    assert isi(baris("angka"), nilai) == (angka, [])


@pytest.mark.parametrize(
    "nilai", ["tiga", "1.5", "1.50", "1,5", "1.0", "1e3", "--1", "1 000 000", "."]
)
def test_angka_refuses_what_is_no_whole_number(nilai):
    assert isi(baris("angka"), nilai) == (None, ["Tulis angka saja."])


@pytest.mark.parametrize("nilai", ["-1", "1000000001", "9" * 400])
def test_angka_has_limits(nilai):
    hasil, galat = isi(baris("angka"), nilai)

    assert hasil is None and len(galat) == 1


@pytest.mark.parametrize(
    ("nilai", "rupiah"),
    [
        ("1500000", 1500000),
        ("1.500.000", 1500000),
        ("Rp 1.500.000", 1500000),
        ("Rp. 1.500.000,-", 1500000),
        ("rp1.500.000,00", 1500000),
        ("RP\u00a01.500.000", 1500000),
        ("1 500 000", 1500000),
        ("0", 0),
        ("9999999999999", 9999999999999),
    ],
)
def test_rupiah_is_read_as_people_write_it(nilai, rupiah):
    assert isi(baris("rupiah"), nilai) == (rupiah, [])


@pytest.mark.parametrize(
    "nilai",
    [
        "sejuta",
        "1,5 juta",
        "1.5",  # neither one and a half nor fifteen is what was meant
        "1500000.00",  # not a hundred times more
        "1.50.000",
        "1,500,000",
        "-5",
        "10000000000000",
        "١٥٠٠",
        "Rp",
        "1e6",
    ],
)
def test_rupiah_that_could_be_misread_is_refused(nilai):
    if nilai == "Rp":
        assert isi(baris("rupiah"), nilai) == (None, ["Isi Label."])
    else:
        assert isi(baris("rupiah"), nilai) == (
            None,
            ["Tulis jumlah rupiah dengan angka saja, misalnya 1500000."],
        )


@pytest.mark.parametrize(
    ("nilai", "angka"), [("2,5", "2.5"), ("2.5", "2.5"), ("10", "10"), ("-0,25", "-0.25")]
)
def test_desimal_reads_comma_and_dot(nilai, angka):
    assert isi(baris("desimal"), nilai) == (angka, [])


@pytest.mark.parametrize(
    "nilai",
    ["dua", "NaN", "Infinity", "1e5", "1_000", "1.000,5", "1e-400", "12345678901", ",5", "٢,٥"],
)
def test_desimal_refuses_what_a_computer_alone_would_call_a_number(nilai):
    assert isi(baris("desimal"), nilai) == (None, ["Tulis angka, misalnya 2,5."])


# --- Time --------------------------------------------------------------------------------------


@pytest.mark.parametrize("nilai", ["2026-12-31", "31-12-2026", "31122026", "31 Des 26"])
def test_tanggal_is_read_in_the_usual_spellings(nilai):
    assert isi(baris("tanggal"), nilai) == (date(2026, 12, 31), [])


@pytest.mark.parametrize("nilai", ["31-02-2026", "2026-13-01", "kemarin", "12/31/2026"])
def test_tanggal_that_does_not_exist_is_refused_with_an_example(nilai):
    hasil, (galat,) = isi(baris("tanggal"), nilai)

    assert hasil is None
    assert galat.endswith("Tulis tanggal seperti 31-12-2026.")


def test_two_digits_of_a_year_mean_what_can_be_meant():
    lampau = isi(baris("tanggal", batas="LAMPAU"), "31/12/90")

    assert lampau == (date(1990, 12, 31), [])
    assert isi(baris("tanggal"), "31/12/40") == (date(2040, 12, 31), [])


@pytest.mark.parametrize("nilai", ["14:30", "14.30"])
def test_jam_is_read_with_dot_or_colon(nilai):
    assert isi(baris("jam"), nilai) == (time(14, 30), [])


@pytest.mark.parametrize("nilai", ["24.00", "14", "2 siang", "14:30:15"])
def test_jam_that_does_not_exist_is_refused(nilai):
    assert isi(baris("jam"), nilai) == (None, ["Tulis jam seperti 14.30."])


@pytest.mark.parametrize(
    "nilai", ["2026-12-31T14:30", "31-12-2026 14:30", "31 Desember 2026 pukul 14.30"]
)
def test_tanggal_jam_is_a_moment_in_wita(nilai):
    hasil, galat = isi(baris("tanggal_jam"), nilai)

    assert galat == []
    assert hasil.isoformat() == "2026-12-31T14:30:00+08:00"


@pytest.mark.parametrize("nilai", ["31-12-2026", "31-02-2026 14.30", "besok"])
def test_tanggal_jam_that_does_not_exist_is_refused(nilai):
    assert isi(baris("tanggal_jam"), nilai) == (
        None,
        ["Tulis tanggal dan jam seperti 31-12-2026 14.30."],
    )


def test_tahun_is_between_1900_and_this_year():
    ini = HARI.year
    contoh = f"Tulis tahun dengan empat angka, misalnya {ini}."

    hasil = [isi(baris("tahun"), x) for x in ("1900", str(ini), "1899", str(ini + 1), "19", "x")]

    assert hasil == [
        (1900, []),
        (ini, []),
        (None, [contoh]),
        (None, [f"Tahun tidak boleh sesudah {ini}."]),
        (None, [contoh]),
        (None, [contoh]),
    ]


# --- Choices -----------------------------------------------------------------------------------


def test_hp_is_cleaned_to_e164_or_refused_with_a_sentence():
    baik = isi(baris("hp"), "0812-3456-7890")
    rumah = isi(baris("hp"), "0363 21234")
    kosong = isi(baris("hp", wajib=False), "")

    assert baik == ("+6281234567890", [])
    assert rumah == (
        None,
        ["Nomor ini telepon rumah, tidak dapat menerima WhatsApp. Isi nomor HP."],
    )
    assert kosong == ("", [])


def test_pilihan_accepts_only_what_the_row_offers():
    satu = baris("pilihan", pilihan=["Milik sendiri", "Sewa"])

    hasil = [isi(satu, x) for x in ("Sewa", "sewa", "Gadai", "")]

    assert hasil == [
        ("Sewa", []),
        (None, ["Pilih salah satu dari daftar."]),
        (None, ["Pilih salah satu dari daftar."]),
        (None, ["Isi Label."]),
    ]


def test_ref_offers_the_labels_of_the_national_table():
    hasil = [isi(baris("ref:agama"), x) for x in ("Hindu", "4", "Jedi")]

    assert hasil == [
        ("Hindu", []),
        (None, ["Pilih salah satu dari daftar."]),
        (None, ["Pilih salah satu dari daftar."]),
    ]


@pytest.mark.django_db
def test_penduduk_offers_only_the_own_family():
    keluarga = factories.buat_keluarga()
    saya = factories.buat_penduduk(keluarga=keluarga, nama="I Wayan Contoh")
    anak = factories.buat_penduduk(keluarga=keluarga, nama="Ni Luh Anak")
    tetangga = factories.buat_penduduk(nama="Ni Made Tetangga")
    satu = baris("penduduk")
    anggota = Penduduk.objects.filter(keluarga=keluarga).order_by("pk")

    pilihan = formulir._field(satu, sekitar(anggota), {}).choices
    hasil = [isi(satu, str(x.pk), anggota) for x in (anak, tetangga)]
    nik = isi(satu, tetangga.nik, anggota)

    assert pilihan == [("", "Pilih …"), (str(saya.pk), saya.nama), (str(anak.pk), anak.nama)]
    assert hasil == [(str(anak.pk), []), (None, ["Pilih salah satu dari daftar."])]
    assert nik == (None, ["Pilih salah satu dari daftar."])


@pytest.mark.parametrize("tipe", ["", "berkas", "ref:", "ref:tidak_ada", "REF:agama", "Teks"])
def test_unknown_type_is_not_supported(tipe):
    assert formulir.didukung(tipe) is False


def test_every_buildable_type_is_supported_and_every_builder_tested():
    didukung = (
        "teks nama teks_panjang alamat angka desimal rupiah tanggal jam tanggal_jam tahun hp "
        "pilihan penduduk penduduk_atau_teks daftar_anggota tabel_orang tabel_perbedaan pohon "
        "ref:agama"
    ).split()

    assert [t for t in didukung if not formulir.didukung(t)] == []
    assert set(formulir._PEMBUAT) == {t for t in didukung if ":" not in t}


@pytest.mark.django_db
def test_row_of_unknown_type_cannot_be_built():
    jenis = jenis_dengan(Pertanyaan(kunci="aneh", label="Aneh", tipe="berkas"))

    with pytest.raises(formulir.TipeTidakDikenal, match="aneh: berkas"):
        formulir.buat_form(jenis, keluarga=[], hari_ini=HARI)


# --- The form ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_form_has_the_rows_in_order_and_keperluan_last():
    jenis = jenis_dengan(
        Pertanyaan(kunci="keperluan", label="Keperluan", tipe="teks_panjang"),
        Pertanyaan(kunci="b", label="B", tipe="teks", bantuan="Tulis B", wajib=False),
        Pertanyaan(kunci="a", label="A", tipe="tanggal"),
    )

    form = formulir.buat_form(jenis, keluarga=[], hari_ini=HARI)()

    assert list(form.fields) == ["b", "a", "keperluan"]
    assert [(f.label, f.required, f.help_text) for f in form.fields.values()] == [
        ("B", False, "Tulis B"),
        ("A", True, ""),
        ("Keperluan", True, ""),
    ]


def test_markup_in_the_help_of_a_question_is_shown_as_it_was_typed():
    """The page prints help as it is: Django's own texts may hold markup, the village's may not."""
    satu = baris("teks", bantuan="Isi <b>A & B</b>", bila_kunci="y", bila_nilai="<i>")
    kelas = type("F", (formulir.forms.Form,), {"x": formulir._field(satu, [], {"y": "<u>"})})

    halaman = render_to_string("bagian/bidang_bantu.html", {"field": kelas()["x"]})

    assert "Isi bila &lt;u&gt;: &lt;i&gt;. Isi &lt;b&gt;A &amp; B&lt;/b&gt;</p>" in halaman
    assert not any(tanda in halaman for tanda in ("<b>", "<i>", "<u>"))


@pytest.mark.parametrize(
    "kunci",
    [
        *("draf", "aksi", "tambah", "csrfmiddlewaretoken"),  # hidden fields, buttons
        *("nama", "nik", "desa", "total_rupiah"),  # what the register says
    ],
)
def test_question_cannot_take_a_name_that_the_portal_uses(kunci):
    with pytest.raises(formulir.KunciTidakSah, match=f"Kunci “{kunci}” sudah dipakai portal"):
        formulir.periksa_kunci(kunci)


@pytest.mark.parametrize("kunci", ["", "2x", "a b", "a-b", "nilaí", "class", "x'"])
def test_question_cannot_take_a_name_that_wording_could_not_use(kunci):
    with pytest.raises(formulir.KunciTidakSah, match="hanya huruf, angka dan garis bawah"):
        formulir.periksa_kunci(kunci)


@pytest.mark.parametrize("kunci", ["keperluan", "nama_usaha", "draf_2", "Aksi"])
def test_question_may_take_any_other_name(kunci):
    assert formulir.periksa_kunci(kunci) is None


@pytest.mark.django_db
def test_answers_survive_the_round_trip_through_json():
    contoh = {
        "teks": ("teks", "Warung {{ nama }}"),
        "rupiah": ("rupiah", "Rp 900.000"),
        "tanggal": ("tanggal", "01-04-2015"),
        "jam": ("jam", "14.30"),
        "saat": ("tanggal_jam", "31-12-2026 23.30"),
        "angka": ("angka", "3"),
        "kosong": ("angka", ""),
        "desimal": ("desimal", "2,5"),
        "hp": ("hp", "081234567890"),
    }
    jenis = jenis_dengan(
        *(Pertanyaan(kunci=k, label=k, tipe=t, wajib=False) for k, (t, _) in contoh.items())
    )
    form = formulir.buat_form(jenis, keluarga=[], hari_ini=HARI)(
        {k: v for k, (_, v) in contoh.items()}
    )
    assert form.is_valid(), form.errors

    jawaban = json.loads(json.dumps(formulir.ke_json(form.cleaned_data)))

    assert jawaban == {
        "teks": "Warung {{ nama }}",
        "rupiah": 900000,
        "tanggal": "2015-04-01",
        "jam": "14:30:00",
        "saat": "2026-12-31T23:30:00+08:00",
        "angka": 3,
        "kosong": None,
        "desimal": "2.5",
        "hp": "+6281234567890",
    }
    assert [(b.kunci, kata) for b, kata in jawaban_.dalam_kata(jenis, jawaban, pada=HARI)] == [
        ("teks", "Warung {{ nama }}"),
        ("rupiah", "Rp900.000"),
        ("tanggal", "1 April 2015"),
        ("jam", "14.30 WITA"),
        ("saat", "31 Desember 2026 pukul 23.30 WITA"),
        ("angka", "3"),
        ("kosong", ""),
        ("desimal", "2,5"),
        ("hp", "0812-3456-7890"),
    ]


@pytest.mark.parametrize("tipe", sorted(formulir._PEMBUAT))
@pytest.mark.parametrize("kosong", [None, ""])
def test_empty_answer_is_no_word_at_all(tipe, kosong):
    assert jawaban_.kata(tipe, kosong, {}, pada=HARI) == ""


@pytest.mark.parametrize(("tipe", "nol"), [("angka", "0"), ("rupiah", "Rp0")])
def test_zero_is_an_answer(tipe, nol):
    assert jawaban_.kata(tipe, 0, {}, pada=HARI) == nol


def test_penduduk_is_shown_by_name_and_a_stranger_not_at_all():
    orang = {7: Penduduk(pk=7, nama="Ni Luh Anak")}

    hasil = [jawaban_.kata("penduduk", x, orang, pada=HARI) for x in ("7", 7, "8")]

    assert hasil == ["Ni Luh Anak", "Ni Luh Anak", ""]


def test_moment_stored_in_utc_is_shown_in_wita():
    hasil = jawaban_.kata("tanggal_jam", "2026-12-31T17:05:00+00:00", {}, pada=HARI)

    assert hasil == "1 Januari 2027 pukul 01.05 WITA"


@pytest.mark.django_db
def test_names_of_the_family_cost_one_query_however_many(django_assert_num_queries):
    anak = [factories.buat_penduduk(nama=f"Anak {n}") for n in range(3)]
    jenis = jenis_dengan(
        *(Pertanyaan(kunci=f"p{n}", label="P", tipe="penduduk", wajib=False) for n in range(4))
    )
    jawaban = {f"p{n}": str(satu.pk) for n, satu in enumerate(anak)}

    with django_assert_num_queries(2):
        hasil = jawaban_.dalam_kata(jenis, jawaban, pada=HARI)

    assert [kata for _, kata in hasil] == ["Anak 0", "Anak 1", "Anak 2", ""]
