from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from surat.buku import agenda, nomor
from surat.models import BukuNomor, JenisSurat, TataNaskah
from surat.naskah import gaya
from tests import serentak
from tests.surat.conftest import PADA

BAWAAN = "[kode]/[nomor,3]/[kode_desa]/[bulan_romawi]/[tahun]"


def susun(pola: str, *, urut: int = 7, pada: date = date(2026, 11, 22)) -> str:
    return nomor.susun(
        pola,
        urut=urut,
        klasifikasi="400.12.2.1",
        desa="Bugbug",
        kode_desa="51.07.04.2001",
        pada=pada,
    )


def ambil_lalu_gagal() -> None:
    """A letter that is given up after its number was taken."""
    with transaction.atomic():
        nomor.ambil("SURAT", 2026)
        raise ZeroDivisionError


def mulai_lalu_gagal() -> None:
    with transaction.atomic():
        nomor.mulai(kode="SURAT", tahun=2026, terakhir=57)
        raise ZeroDivisionError


# --- Taking a number ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_number_is_never_taken_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        nomor.ambil("SURAT", 2026)

    assert BukuNomor.objects.count() == 0


@pytest.mark.django_db
def test_numbers_are_consecutive_and_start_with_one():
    hasil = [nomor.ambil("SURAT", 2026)[1] for _ in range(5)]

    assert hasil == [1, 2, 3, 4, 5]
    assert str(BukuNomor.objects.get()) == "SURAT 2026: 5"


@pytest.mark.django_db
def test_each_book_and_year_counts_for_itself():
    urutan = [("SURAT", 2026), ("SURAT", 2027), ("J:domisili", 2026), ("SURAT", 2026)]

    hasil = [nomor.ambil(*satu)[1] for satu in urutan]

    assert hasil == [1, 1, 1, 2]


@pytest.mark.django_db
def test_returned_book_is_the_one_that_was_moved():
    buku, urut = nomor.ambil("SURAT", 2026)

    assert (buku.kode, buku.tahun, buku.terakhir, urut) == ("SURAT", 2026, 1, 1)
    assert buku == BukuNomor.objects.get()


@pytest.mark.django_db
def test_rollback_gives_the_number_back():
    nomor.ambil("SURAT", 2026)

    with pytest.raises(ZeroDivisionError):
        ambil_lalu_gagal()

    assert nomor.ambil("SURAT", 2026)[1] == 2


@pytest.mark.django_db
def test_rollback_of_the_first_number_leaves_no_gap():
    with pytest.raises(ZeroDivisionError):
        ambil_lalu_gagal()

    assert nomor.ambil("SURAT", 2026)[1] == 1


@pytest.mark.django_db(transaction=True)
def test_64_at_the_same_moment_get_64_consecutive_numbers():
    def ambil(_: int) -> int:
        with transaction.atomic():
            return nomor.ambil("SURAT", 2026)[1]

    hasil = serentak.jalankan(ambil, range(64))

    assert sorted(hasil) == list(range(1, 65))
    assert BukuNomor.objects.get().terakhir == 64


@pytest.mark.django_db(transaction=True)
def test_rollbacks_at_the_same_moment_leave_no_gap():
    def ambil(n: int) -> int | None:
        try:
            with transaction.atomic():
                urut = nomor.ambil("SURAT", 2026)[1]
                if n % 4 == 0:
                    raise ZeroDivisionError
                return urut
        except ZeroDivisionError:
            return None

    hasil = serentak.jalankan(ambil, range(24))

    assert sorted(x for x in hasil if x) == list(range(1, 19))
    assert BukuNomor.objects.get().terakhir == 18


@pytest.mark.django_db
def test_book_exists_once_per_year():
    BukuNomor.objects.create(kode="SURAT", tahun=2026)

    with pytest.raises(IntegrityError), transaction.atomic():
        BukuNomor.objects.create(kode="SURAT", tahun=2026)

    assert BukuNomor.objects.count() == 1


@pytest.mark.parametrize(
    ("pilihan", "kode"),
    [("SATU", "SURAT"), ("KLASIFIKASI", "K:400.12.2.1"), ("JENIS", "J:domisili")],
)
def test_village_chooses_how_many_books_there_are(pilihan, kode):
    jenis = JenisSurat(kode="domisili", klasifikasi="400.12.2.1")

    assert nomor.buku_untuk(jenis, TataNaskah(buku=pilihan)) == kode


# --- Writing it out ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pola", "teks"),
    [
        (BAWAAN, "400.12.2.1/007/51.07.04.2001/XI/2026"),
        ("[kode]/[nomor]/[tahun]", "400.12.2.1/7/2026"),
        ("[nomor,6]/[bulan]/[tahun]", "000007/11/2026"),
        ("[nomor,1] [nomor,2] [nomor,0] [tahun]", "7 07 7 2026"),
        ("[desa]-[tahun]-[nomor]", "Bugbug-2026-7"),
        ("Ket. [nomor,3]/[desa]/[tahun]/Pem.", "Ket. 007/Bugbug/2026/Pem."),
    ],
)
def test_pattern_of_the_village_is_written_out(pola, teks):
    nomor.periksa_format(pola)

    assert susun(pola) == teks


@pytest.mark.parametrize(
    ("urut", "teks"), [(1, "001"), (99, "099"), (999, "999"), (1000, "1000"), (12345, "12345")]
)
def test_number_grows_beyond_its_zeros(urut, teks):
    assert susun("[nomor,3]/[tahun]", urut=urut) == f"{teks}/2026"


@pytest.mark.parametrize(
    ("bulan", "romawi"),
    list(enumerate("I II III IV V VI VII VIII IX X XI XII".split(), start=1)),
)
def test_month_is_written_in_both_ways(bulan, romawi):
    hasil = susun("[bulan]/[bulan_romawi]/[nomor]/[tahun]", pada=date(2026, bulan, 1))

    assert hasil == f"{bulan:02}/{romawi}/7/2026"


@pytest.mark.parametrize("asing", ["bulan_arab", "Nomor", "TAHUN", "nama", "nomor_urut"])
def test_unknown_placeholder_is_refused_with_those_that_exist(asing):
    with pytest.raises(nomor.FormatNomorTidakSah) as galat:
        nomor.periksa_format(f"[nomor]/[tahun]/[{asing}]")

    assert str(galat.value) == (
        f"Sisipan [{asing}] tidak dikenal. "
        "Yang ada: bulan, bulan_romawi, desa, jenis, kode, kode_desa, nomor, tahun."
    )


@pytest.mark.parametrize(
    ("pola", "perlu"), [("[kode]/[tahun]", "nomor"), ("[kode]/[nomor]", "tahun"), ("", "nomor")]
)
def test_pattern_without_number_or_year_is_refused(pola, perlu):
    with pytest.raises(nomor.FormatNomorTidakSah) as galat:
        nomor.periksa_format(pola)

    assert str(galat.value) == (
        f"Format nomor harus berisi [{perlu}], supaya tidak ada dua surat bernomor sama."
    )


@pytest.mark.parametrize(
    "pola",
    [
        "[kode/[nomor]/[tahun]",
        "kode]/[nomor]/[tahun]",
        "[nomor]/[tahun",
        "[nomor, 3]/[tahun]",
        "[nomor,12]/[nomor]/[tahun]",
        "[]/[nomor]/[tahun]",
        "[kode desa]/[nomor]/[tahun]",
        "[nomor,x]/[nomor]/[tahun]",
    ],
)
def test_bracket_that_would_be_printed_is_refused(pola):
    with pytest.raises(nomor.FormatNomorTidakSah) as galat:
        nomor.periksa_format(pola)

    assert str(galat.value) == (
        "Ada kurung siku tanpa pasangannya atau berisi spasi. Tulis seperti [nomor,3]."
    )


# --- Which book, and where it begins -----------------------------------------------------------


def atur_naskah(**kolom) -> TataNaskah:
    tata = gaya.tata_naskah()
    for nama, nilai in kolom.items():
        setattr(tata, nama, nilai)
    tata.save()
    return tata


@pytest.mark.parametrize(
    ("skema", "kode"), [("", "K:400.12.2.1"), ("BARU", "K:400.12.2.1"), ("LAMA", "K:474.4")]
)
def test_book_per_code_follows_the_scheme_that_is_printed(skema, kode):
    jenis = JenisSurat(kode="domisili", klasifikasi="400.12.2.1", klasifikasi_lama="474.4")

    hasil = nomor.buku_untuk(jenis, TataNaskah(buku="KLASIFIKASI", skema_klasifikasi=skema))

    assert hasil == kode


@pytest.mark.parametrize(
    ("pilihan", "kode"), [("SATU", "SURAT"), ("KLASIFIKASI", "K:005"), ("JENIS", "LAIN")]
)
def test_letter_of_no_type_has_its_book_too(pilihan, kode):
    assert nomor.kode_buku(TataNaskah(buku=pilihan), klasifikasi="005") == kode


def test_type_can_stand_in_the_number():
    assert susun("[jenis]/[nomor]/[tahun]") == "LAIN/7/2026"
    hasil = nomor.susun(
        "[jenis]/[nomor]/[tahun]",
        urut=7,
        klasifikasi="",
        desa="",
        kode_desa="",
        pada=date(2026, 1, 1),
        jenis="tidak_mampu",
    )
    assert hasil == "TIDAK-MAMPU/7/2026"


@pytest.mark.django_db
def test_book_goes_on_after_its_starting_value():
    nomor.mulai(kode="SURAT", tahun=2026, terakhir=57)

    assert [nomor.ambil("SURAT", 2026)[1] for _ in range(2)] == [58, 59]
    assert BukuNomor.objects.get().mulai_sesudah == 57


@pytest.mark.django_db
def test_starting_value_can_be_corrected_until_the_first_number():
    for terakhir in (57, 75, 0, 12):
        nomor.mulai(kode="SURAT", tahun=2026, terakhir=terakhir)

    assert nomor.ambil("SURAT", 2026)[1] == 13
    with pytest.raises(nomor.BukuSudahDipakai, match="sudah memberi nomor surat tahun ini"):
        nomor.mulai(kode="SURAT", tahun=2026, terakhir=20)
    assert nomor.ambil("SURAT", 2026)[1] == 14


@pytest.mark.django_db
def test_starting_value_counts_for_its_book_and_year_only():
    nomor.ambil("SURAT", 2025)
    nomor.mulai(kode="SURAT", tahun=2026, terakhir=57)

    hasil = [nomor.ambil(*satu)[1] for satu in (("SURAT", 2025), ("SURAT", 2027), ("LAIN", 2026))]

    assert hasil == [2, 1, 1]


@pytest.mark.django_db
def test_starting_value_that_is_rolled_back_leaves_the_book_as_it_was():
    with pytest.raises(ZeroDivisionError):
        mulai_lalu_gagal()

    assert nomor.ambil("SURAT", 2026)[1] == 1


@pytest.mark.django_db(transaction=True)
def test_number_of_a_letter_is_never_taken_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        nomor.untuk_kode("005", tanggal=date(2026, 11, 23))

    assert BukuNomor.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("saat", "tahun"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 2027),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), 2027),
    ],
)
def test_books_change_at_midnight_in_wita(terbit, saat, tahun):
    nomor.mulai(kode="SURAT", tahun=2026, terakhir=900)

    surat = terbit(pada=saat)

    assert (surat.buku.tahun, surat.urut) == (tahun, 901 if tahun == 2026 else 1)
    assert surat.nomor.endswith(str(tahun))


@pytest.mark.django_db
@pytest.mark.parametrize("pilihan", ["KLASIFIKASI", "JENIS"])
def test_books_opened_after_a_change_of_mind_go_on_after_the_former_ones(terbit, pilihan):
    """With a pattern that has nothing but the code, 001 would be printed twice."""
    atur_naskah(format_nomor="[kode]/[nomor,3]/[tahun]")
    sebelum = [terbit().nomor for _ in range(3)]

    atur_naskah(buku=pilihan)
    sesudah = [terbit(kode).nomor for kode in ("domisili", "usaha", "domisili")]

    assert sebelum == [f"400.12.2.1/00{n}/2026" for n in (1, 2, 3)]
    assert sesudah == ["400.12.2.1/004/2026", "500.2.2.4/004/2026", "400.12.2.1/005/2026"]
    baru = BukuNomor.objects.filter(nomor.BUKU_SURAT).exclude(kode="SURAT")
    assert set(baru.values_list("mulai_sesudah", flat=True)) == {3}


@pytest.mark.django_db
def test_books_of_other_things_and_years_move_no_new_book(terbit):
    nomor.ambil("PERMOHONAN", 2026)
    nomor.ambil("SURAT", 2025)
    atur_naskah(buku="KLASIFIKASI")

    assert terbit().urut == 1


@pytest.mark.django_db
def test_return_to_the_former_choice_prints_no_number_twice(terbit):
    atur_naskah(format_nomor="[kode]/[nomor,3]/[tahun]")
    terbit()
    atur_naskah(buku="JENIS")
    terbit()
    atur_naskah(buku="SATU")

    with (
        pytest.raises(nomor.FormatNomorTidakSah, match="002/2026 sudah dipakai surat lain"),
        transaction.atomic(),
    ):
        terbit()
    assert terbit("usaha").nomor == "500.2.2.4/002/2026"


@pytest.mark.django_db
def test_number_of_a_letter_written_by_hand_is_never_printed_by_the_portal(terbit, operator):
    atur_naskah(buku="JENIS", format_nomor="[kode]/[nomor]/[tahun]")
    agenda.catat_keluar(
        klasifikasi="400.12.2.1",
        tanggal_surat=date(2026, 11, 23),
        tujuan="Camat",
        isi_singkat="Undangan",
        oleh=operator,
        pada=PADA,
    )

    with (
        pytest.raises(nomor.FormatNomorTidakSah, match=r"400\.12\.2\.1/1/2026 sudah dipakai"),
        transaction.atomic(),
    ):
        terbit()
    assert BukuNomor.objects.get(nomor.BUKU_SURAT).kode == "LAIN"
