"""The entries of a book: order, running numbers that stay, and that nothing reads it all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from surat.buku import agenda, entri, periode
from surat.models import BukuNomor, CatatanAgenda, EntriBuku
from tests import factories
from tests.halaman import kata, sebagai

pytestmark = pytest.mark.django_db

AWAL = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
T2026 = periode.setahun(2026)


@pytest.fixture
def catat(operator):
    """An incoming letter, noted at `pada`."""

    def catat(pada: datetime, *, nomor: str = "005/1", pihak: str = "Camat") -> CatatanAgenda:
        return agenda.catat_masuk(
            nomor_surat=nomor,
            tanggal_surat=pada.date(),
            diterima=pada.date(),
            pengirim=pihak,
            isi_singkat="Undangan",
            oleh=operator,
            pada=pada,
        )

    return catat


def _urutan(semua: list[EntriBuku]) -> list[tuple[int, str]]:
    return [(b.urut, (b.masuk or b.keluar).nomor) for b in agenda.baris(semua)]


def urutan(masa: periode.Periode, teks: str = "") -> list[tuple[int, str]]:
    """(running number, letter) of each row."""
    return _urutan(list(entri.pilih(agenda.BUKU, masa, teks)))


# --- Rows that somebody deleted in the database --------------------------------------------------


def test_number_whose_row_is_lost_stands_in_the_book_as_lost(catat):
    CatatanAgenda.objects.filter(pk=catat(AWAL).pk).delete()
    catat(AWAL + timedelta(seconds=5), nomor="B")

    hilang, ada = agenda.baris(list(entri.pilih(agenda.BUKU, T2026)))
    hal = sebagai(factories.buat_operator("loket")).get(
        f"/kelola/surat/catatanagenda/?tahun={AWAL.year}"
    )
    baris = entri.isi(agenda.BUKU, T2026)

    assert (hilang.urut, hilang.batal, hilang.keterangan) == (1, True, entri.HILANG)
    assert (ada.urut, ada.masuk.nomor) == (2, "B")
    assert hal.status_code == 200 and entri.HILANG in kata(hal)
    assert entri.HILANG in baris[0].sel


# --- Numbers that stay -------------------------------------------------------------------------


def test_a_running_number_that_was_shown_stays(catat):
    catat(AWAL + timedelta(seconds=5), nomor="B")
    assert urutan(T2026) == [(1, "B")]  # shown, perhaps printed

    catat(AWAL, nomor="A")  # read its clock first, got the lock later

    assert urutan(T2026) == [(1, "B"), (2, "A")]


def test_rows_that_come_later_change_no_number(terbit, catat):
    for n in range(4):
        catat(AWAL + timedelta(minutes=n), nomor=f"c{n}")
    sebelum = urutan(T2026)

    terbit(pada=AWAL + timedelta(hours=1))
    agenda.batalkan(CatatanAgenda.objects.get(nomor="c1"), alasan="salah catat")

    assert urutan(T2026)[:4] == sebelum


def test_a_row_that_is_given_up_leaves_no_gap(catat):
    catat(AWAL, nomor="A")
    with transaction.atomic():
        catat(AWAL, nomor="B")
        transaction.set_rollback(True)
    catat(AWAL, nomor="C")

    assert urutan(T2026) == [(1, "A"), (2, "C")]
    assert EntriBuku.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_made_only_inside_a_transaction():
    with pytest.raises(RuntimeError, match="transaction"):
        entri.catat(entri.AGENDA, pada=AWAL)

    assert (EntriBuku.objects.count(), BukuNomor.objects.count()) == (0, 0)


def test_the_books_count_by_themselves():
    buku = (entri.AGENDA, entri.AGENDA, entri.EKSPEDISI, entri.AGENDA)

    assert [entri.catat(satu, pada=AWAL).urut for satu in buku] == [1, 2, 1, 3]


def test_the_database_keeps_a_number_from_being_given_twice(catat):
    satu, dua = catat(AWAL), catat(AWAL)
    sama = {"tahun": 2026, "urut": 1, "hari": satu.agenda.hari}

    with pytest.raises(IntegrityError), transaction.atomic():
        EntriBuku.objects.create(buku="AGENDA", **sama)
    with pytest.raises(IntegrityError), transaction.atomic():
        CatatanAgenda.objects.filter(pk=dua.pk).update(agenda=satu.agenda)
    EntriBuku.objects.create(buku="EKSPEDISI", **sama)
    EntriBuku.objects.create(buku="AGENDA", **sama | {"tahun": 2027})

    assert urutan(T2026) == [(1, "005/1"), (2, "005/1")]


def test_the_database_keeps_letters_out_of_the_wrong_book(catat):
    masuk = CatatanAgenda.objects.filter(pk=catat(AWAL).pk)

    with pytest.raises(IntegrityError, match="agenda_keluar_bernomor_buku"), transaction.atomic():
        masuk.update(ekspedisi=entri.catat(entri.EKSPEDISI, pada=AWAL))

    assert masuk.get().ekspedisi is None


# --- Order -------------------------------------------------------------------------------------


def test_letters_in_and_out_stand_in_one_order(terbit, catat):
    keluar_1 = terbit(pada=AWAL)
    catat(AWAL + timedelta(minutes=1), nomor="005/DPMD")
    keluar_2 = terbit(pada=AWAL + timedelta(minutes=2))

    assert urutan(T2026) == [(1, keluar_1.nomor), (2, "005/DPMD"), (3, keluar_2.nomor)]


def test_number_is_the_same_in_month_year_page_and_search(catat):
    for n in range(40):
        pada = AWAL - timedelta(days=40 - n)
        catat(pada, nomor=f"surat-{n}", pihak="Camat" if n % 3 else "Dinas")
    setahun = dict(urutan(T2026))

    november = periode.sebulan(2026, 11)
    sebulan = dict(urutan(november))
    dicari = dict(urutan(T2026, "Dinas"))

    assert list(setahun) == list(range(1, 41))
    assert sebulan == {n: s for n, s in setahun.items() if n > 18} and len(sebulan) == 22
    assert dicari == {n: s for n, s in setahun.items() if n % 3 == 1}


@pytest.mark.parametrize("banyak", [1, 3, 5, 11, 12])
def test_pages_from_either_end_make_up_the_whole_book(catat, banyak):
    semua = [catat(AWAL + timedelta(minutes=n)).agenda for n in range(11)]
    cocok = entri.pilih(agenda.BUKU, T2026)

    halaman = [
        entri.potong(cocok, lewati=lewati, banyak=banyak, jumlah=11)
        for lewati in range(0, 11, banyak)
    ]

    assert [len(h) for h in halaman[:-1]] == [banyak] * (len(halaman) - 1)
    assert [satu for h in halaman for satu in h] == semua
    assert entri.potong(cocok.none(), lewati=0, banyak=banyak, jumlah=0) == []


def test_numbers_begin_anew_with_the_year_in_wita(catat):
    malam = datetime(2026, 12, 31, 15, 58, tzinfo=UTC)
    for n in range(6):
        catat(malam + timedelta(minutes=n), nomor=f"s{n}")

    semua = urutan(periode.selama_ini())
    dicari = urutan(periode.selama_ini(), "s")

    assert semua == dicari == [(1, "s0"), (2, "s1"), (1, "s2"), (2, "s3"), (3, "s4"), (4, "s5")]
    assert urutan(periode.sebulan(2026, 12)) == [(1, "s0"), (2, "s1")]
    assert urutan(periode.setahun(2027))[0] == (1, "s2")
    assert entri.tahun_pertama(agenda.BUKU) == 2026


def test_a_row_of_last_year_that_came_late_still_stands_in_last_years_book(catat):
    tengah_malam = datetime(2026, 12, 31, 16, tzinfo=UTC)
    for n, detik in enumerate((-2, 1, -1, 2)):
        catat(tengah_malam + timedelta(seconds=detik), nomor=f"s{n}")

    assert urutan(T2026) == [(1, "s0"), (2, "s2")]
    assert urutan(periode.setahun(2027)) == [(1, "s1"), (2, "s3")]


def test_rows_of_one_moment_have_numbers_of_their_own(terbit, catat):
    for n in range(3):
        catat(AWAL, nomor=f"c{n}")
    surat = [terbit(pada=AWAL).nomor for _ in range(3)]

    assert urutan(T2026) == list(enumerate(["c0", "c1", "c2", *surat], 1))
    assert urutan(T2026, "c1") == [(2, "c1")]


def test_row_stands_under_the_day_in_wita_on_which_it_was_recorded(catat):
    catat(datetime(2026, 11, 30, 16, 30, tzinfo=UTC))

    assert [satu.hari for satu in EntriBuku.objects.all()] == [date(2026, 12, 1)]
    assert urutan(periode.sebulan(2026, 11)) == []
    assert urutan(periode.antara(date(2026, 12, 1), date(2026, 12, 1))) == [(1, "005/1")]


def test_empty_book_has_no_rows():
    assert urutan(T2026) == []
    assert urutan(T2026, "apa saja") == []
    assert entri.tahun_pertama(agenda.BUKU) is None


@pytest.mark.parametrize("teks", ["", "Camat"])
def test_queries_do_not_grow_with_the_book(catat, teks):
    def banyak_kueri() -> int:
        with CaptureQueriesContext(connection) as tercatat:
            cocok = entri.pilih(agenda.BUKU, T2026, teks)
            agenda.baris(entri.potong(cocok, lewati=0, banyak=50, jumlah=cocok.count()))
        return len(tercatat)

    catat(AWAL)
    sedikit = banyak_kueri()
    for n in range(60):
        catat(AWAL + timedelta(minutes=n))

    assert banyak_kueri() == sedikit <= 9


def test_a_whole_year_comes_in_pieces_that_fit(catat, monkeypatch):
    monkeypatch.setattr(entri, "_SEKALIGUS", 4)
    for n in range(11):
        catat(AWAL + timedelta(minutes=n), nomor=f"c{n}")

    hasil = entri.seluruh(agenda.BUKU, T2026)

    assert [(b.urut, b.masuk.nomor) for b in hasil] == [(n + 1, f"c{n}") for n in range(11)]
