"""The dry run: every row gets its result and its sentences; the register stays as it is."""

from datetime import date

import pytest

from penduduk.impor import antrean
from penduduk.models import Banjar, BarisImpor, Impor, Keluarga, Penduduk
from tests import factories
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import kalimat, orang

pytestmark = pytest.mark.django_db
H = BarisImpor.Hasil


@pytest.fixture
def warga_lama() -> Penduduk:
    """Row 1 of the file, as the register knows her already."""
    contoh.impor_jadi(orang(1))
    return Penduduk.objects.get()


def _satu(isi: dict) -> BarisImpor:
    return contoh.periksa(contoh.xlsx(isi)).baris.get()


def test_new_row_holds_every_value_as_code_and_date():
    impor = contoh.periksa(contoh.xlsx(orang(1)))

    assert (impor.keadaan, impor.jumlah, impor.total) == (Impor.Keadaan.SIAP, {"BARU": 1}, 1)
    baris = impor.baris.get()
    assert (baris.hasil, baris.nomor, baris.penduduk, baris.catatan) == (H.BARU, 2, None, [])
    assert baris.perubahan == {
        nama: [None, ke]
        for nama, ke in (orang(1) | {"tanggallahir": "1990-03-12", "dusun": "CONTOH SATU"}).items()
    }
    assert Penduduk.objects.count() == 0


def test_changed_row_says_what_from_and_what_to(warga_lama):
    baris = _satu(
        orang(1, nama="I WAYAN CONTOHAN 1", pekerjaan_id="WIRASWASTA", alamat="Jalan Lain 2")
    )

    assert (baris.hasil, baris.penduduk) == (H.BERUBAH, warga_lama)
    assert baris.perubahan == {
        "nama": ["I WAYAN CONTOH 1", "I WAYAN CONTOHAN 1"],
        "pekerjaan_id": [11, 88],
        "alamat": ["Jalan Contoh 1", "Jalan Lain 2"],
    }


def test_unchanged_row_is_unchanged_even_with_remarks(warga_lama):
    impor = contoh.periksa(contoh.xlsx(orang(1, agama_id=77)))

    assert impor.jumlah == {"SAMA": 1}
    assert kalimat(impor.baris.get()) == {"agama_id": "“77” bukan kode yang dikenal; dikosongkan."}


@pytest.mark.usefixtures("warga_lama")
def test_blank_cells_never_erase():
    kosong = {nama: None for nama in orang(1) if nama not in ("nama", "nik")}

    assert _satu(orang(1, **kosong)).hasil == H.SAMA


@pytest.mark.parametrize(
    ("ubah", "kolom", "awal"),
    [
        ({"agama_id": 77}, "agama_id", "“77” bukan kode"),
        ({"tanggallahir": "31-02-1991"}, "tanggallahir", "Bukan tanggal"),
        ({"tanggallahir": "13-03-1990"}, "nik", "Tanggal lahir di NIK berbeda"),
        ({"sex": 2}, "sex", "Menurut NIK Laki-laki"),
        ({"sex": 2, "tanggallahir": "13-03-1990"}, "nik", "Tanggal lahir di NIK berbeda"),
        ({"nik": "5107"}, "nik", "NIK ini tidak mungkin benar"),
        ({"no_kk": "0"}, "no_kk", "Nomor KK kosong"),
        ({"no_kk": None}, "no_kk", "Nomor KK kosong"),
        ({"nik": None, "tanggallahir": "01-01-2090"}, "tanggallahir", "Tanggal lahir belum"),
    ],
)
def test_odd_rows_are_doubtful_and_kept(ubah, kolom, awal):
    baris = _satu(orang(1, **ubah))

    assert baris.hasil == H.RAGU
    assert kalimat(baris)[kolom].startswith(awal)
    assert baris.perubahan["nama"] == [None, "I WAYAN CONTOH 1"]


@pytest.mark.parametrize(
    "ubah",
    [
        {"nik": "0"},
        {"nik": None},
        {"nik": "0510704200100001"},
        {"nama": "Sadra"},
        {"nik": contoh.nik(1).replace("510704", "320101", 1)},
        {"pekerjaan_id": 89},
    ],
)
def test_dirty_but_harmless_rows_are_simply_new(ubah):
    assert _satu(orang(1, **ubah)).hasil == H.BARU


@pytest.mark.parametrize(
    ("ubah", "kolom", "isi"),
    [
        ({"nama": None}, "nama", "Tidak ada nama."),
        ({"nama": "-"}, "nama", "Tidak ada nama."),
        ({"nik": 5107041203909900}, "nik", "NIK ditulis sebagai angka"),
        ({"nik": "5,10704E+15"}, "nik", "NIK ditulis sebagai angka"),
        ({"no_kk": 5107040101209900}, "no_kk", "Nomor KK ditulis sebagai angka"),
    ],
)
def test_refused_rows_say_what_to_do(ubah, kolom, isi):
    baris = _satu(orang(1, **ubah))

    assert (baris.hasil, baris.perubahan) == (H.DITOLAK, {})
    assert kalimat(baris)[kolom].startswith(isi)
    assert "unggah ulang" in kalimat(baris)[kolom]


def test_exact_numeric_nik_is_accepted():
    assert _satu(orang(1, nik=int(contoh.nik(1)))).perubahan["nik"] == [None, contoh.nik(1)]


def test_same_nik_twice_refuses_all_its_rows_and_names_them():
    impor = contoh.periksa(contoh.xlsx(orang(1), orang(2), orang(1), orang(3), orang(1)))

    assert contoh.hasil(impor) == [
        (2, "DITOLAK"),
        (3, "BARU"),
        (4, "DITOLAK"),
        (5, "BARU"),
        (6, "DITOLAK"),
    ]
    assert {b.catatan[0]["kalimat"] for b in impor.baris.filter(hasil="DITOLAK")} == {
        "NIK yang sama ada di baris 2, 4, 6. Sisakan satu, lalu unggah ulang."
    }


# --- Who is meant -------------------------------------------------------------------------------


def _tanpa_nik(**lain) -> Penduduk:
    keluarga = factories.buat_keluarga(no_kk=contoh.KK)
    return factories.buat_penduduk(
        **{"nik": None, "nama": "I Wayan Contoh 1", "keluarga": keluarga} | lain
    )


@pytest.mark.parametrize("nik", ["0", None, "0510704200100001"])
@pytest.mark.parametrize("nik_lama", [None, "0510704200100007"])
def test_row_without_real_nik_is_matched_by_family_name_and_birth_date(nik, nik_lama):
    lama = _tanpa_nik(nik=nik_lama)

    baris = _satu(orang(1, nik=nik, nama="WYN CONTOH 1"))

    assert (baris.penduduk, baris.hasil) == (lama, H.RAGU)
    assert kalimat(baris)["nama"] == (
        "Dicocokkan menurut nama, nomor KK, dan tanggal lahir, bukan NIK."
    )


@pytest.mark.parametrize(
    "beda", [{"no_kk": "5107040101209902"}, {"nama": "I Made Lain"}, {"tanggallahir": "13-03-1990"}]
)
def test_any_difference_makes_somebody_else(beda):
    _tanpa_nik()

    assert _satu(orang(1, nik=None, **beda)).penduduk is None


def test_new_nik_of_a_resident_without_one_is_shown_as_a_change():
    lama = _tanpa_nik()

    baris = _satu(orang(1))

    assert (baris.penduduk, baris.hasil) == (lama, H.RAGU)
    assert baris.perubahan["nik"] == [None, contoh.nik(1)]


@pytest.mark.parametrize("nik", ["0", "0510704200100001"])
def test_row_without_real_nik_is_the_resident_who_has_one_meanwhile(nik):
    lama = _tanpa_nik(nik=contoh.nik(1))

    baris = _satu(orang(1, nik=nik))

    assert baris.penduduk == lama
    assert "nik" not in baris.perubahan


def test_resident_whose_nik_stands_in_the_file_is_nobody_else():
    _tanpa_nik(nik=contoh.nik(1))

    impor = contoh.periksa(contoh.xlsx(orang(1), orang(1, nik="0")))

    assert [b.penduduk is None for b in impor.baris.order_by("pk")] == [False, True]


def test_two_residents_without_nik_that_look_alike_are_taken_in_turn():
    satu = _tanpa_nik()
    dua = factories.buat_penduduk(nik=None, nama="I Wayan Contoh 1", keluarga=satu.keluarga)

    impor = contoh.periksa(contoh.xlsx(*[orang(1, nik=None)] * 3))

    baris = list(impor.baris.order_by("pk"))
    assert [b.penduduk for b in baris] == [satu, dua, None]
    assert baris[2].hasil == H.BARU


def test_two_new_rows_without_nik_that_look_alike_are_doubtful():
    impor = contoh.periksa(contoh.xlsx(*[orang(1, nik=None)] * 2))

    assert contoh.hasil(impor) == [(2, "BARU"), (3, "RAGU")]
    assert kalimat(impor.baris.last())["nama"] == (
        "Nama, nomor KK, dan tanggal lahir sama dengan baris 2."
    )


def test_other_nik_with_the_same_family_name_and_birth_date_is_a_conflict():
    _tanpa_nik(nik=contoh.nik(7))

    baris = _satu(orang(1))

    assert (baris.penduduk, baris.hasil) == (None, H.BENTROK)
    assert "penduduk lain yang NIK-nya berbeda" in kalimat(baris)["nik"]


# --- Families and hamlets -----------------------------------------------------------------------


def test_hamlet_is_recognised_however_it_is_written():
    contoh.impor_jadi(orang(1))

    impor = contoh.periksa(contoh.xlsx(orang(1, dusun="Br. contoh_satu")))

    assert contoh.hasil(impor) == [(2, "SAMA")]


def test_new_hamlets_are_named_in_the_notes():
    impor = contoh.periksa(
        contoh.xlsx(orang(1), orang(2, no_kk="5107040101209902", dusun="DUSUN LAIN"))
    )

    assert impor.catatan == [
        "Banjar dinas yang belum ada di data desa: CONTOH SATU, LAIN. Periksa ejaannya."
    ]
    assert Banjar.objects.count() == 0


def test_rows_of_one_family_that_contradict_each_other_follow_the_first():
    impor = contoh.periksa(contoh.xlsx(orang(1), orang(2, alamat="Jalan Lain 9")))

    baris = impor.baris.last()
    assert (baris.hasil, baris.perubahan["alamat"]) == (H.RAGU, [None, "Jalan Contoh 1"])
    assert kalimat(baris)["alamat"] == (
        "Berbeda dari baris 2 pada KK yang sama; dipakai yang pertama."
    )


def test_moving_to_another_family_shows_both_numbers(warga_lama):
    baris = _satu(orang(1, no_kk="5107040101209902"))

    assert baris.perubahan["no_kk"] == [contoh.KK, "5107040101209902"]


def test_family_without_number_takes_its_address_along():
    keluarga = Keluarga.objects.create(alamat="Jalan Lama 3", rt="4")
    factories.buat_penduduk(nik=contoh.nik(1), keluarga=keluarga)

    baris = _satu(orang(1, alamat=None, rt=None))

    assert (baris.perubahan["alamat"], baris.perubahan["rt"]) == (
        [None, "Jalan Lama 3"],
        [None, "4"],
    )


# --- Notes on the whole file --------------------------------------------------------------------


def test_health_data_is_not_stored_and_that_is_said():
    impor = contoh.periksa(contoh.xlsx(orang(1, cacat_id=4, hamil=1, cara_kb_id=2)))

    assert impor.catatan[-1] == (
        "Kolom cacat_id, cara_kb_id, dan hamil tidak disimpan: data kesehatan tidak diperlukan "
        "untuk surat (UU 27/2022 pasal 4 dan 16)."
    )
    assert not {"cacat_id", "hamil", "cara_kb_id"} & set(impor.baris.get().perubahan)


def test_file_whose_nik_all_end_in_zero_is_suspicious():
    orang_ = [orang(1, nik=f"5107041203{n}9900") for n in range(10, 20)]

    assert (
        contoh.periksa(contoh.xlsx(*orang_))
        .catatan[-1]
        .startswith("Semua NIK di berkas ini berakhir 0.")
    )


def test_other_columns_are_carried_along_as_text():
    baris = _satu(orang(1, suku="Bali", akta_lahir="AL.1", pendidikan_sedang_id=18, lat=-8.49))

    assert {
        k: baris.perubahan[k][1] for k in ("suku", "akta_lahir", "pendidikan_sedang_id", "lat")
    } == {
        "suku": "Bali",
        "akta_lahir": "AL.1",
        "pendidikan_sedang_id": "18",
        "lat": "-8.49",
    }


def test_unreadable_file_fails_with_its_sentence():
    impor = contoh.periksa(b"%PDF-1.7")

    assert (impor.keadaan, impor.alasan) == (
        Impor.Keadaan.GAGAL,
        "Berkas ini PDF, bukan Excel atau CSV. Pilih berkas lain.",
    )


def test_csv_goes_the_same_way():
    impor = contoh.periksa(contoh.csv_(orang(1)), nama="penduduk.csv")

    assert impor.jumlah == {"BARU": 1}
    assert impor.baris.get().perubahan["tanggallahir"] == [None, "1990-03-12"]


@pytest.mark.lambat
def test_many_rows_need_a_constant_number_of_queries(django_assert_max_num_queries):
    orang_ = [
        orang(1, nik=f"510704120390{n:04}", no_kk=f"51070401012{n // 4:05}") for n in range(1, 2501)
    ]
    impor = contoh.unggah(contoh.xlsx(*orang_))

    with django_assert_max_num_queries(70):
        antrean.kerjakan_yang_menunggu()

    impor.refresh_from_db()
    assert (impor.jumlah, impor.kemajuan) == ({"BARU": 2500}, 2500)


def test_birth_date_of_the_register_counts_when_the_cell_is_blank(warga_lama):
    Penduduk.objects.update(tanggal_lahir=date(1990, 3, 13))

    baris = _satu(orang(1, tanggallahir=None, nama="I WAYAN BARU"))

    assert kalimat(baris)["nik"] == "Tanggal lahir di NIK berbeda dari data."
