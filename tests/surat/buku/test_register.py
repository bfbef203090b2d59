"""A register as one stream: order, running numbers, periods, and that nothing reads it all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surat.buku import agenda, register
from surat.models import CatatanAgenda

AWAL = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def catat(operator):
    """An incoming letter, noted at `pada`."""

    def catat(pada: datetime, **lain) -> CatatanAgenda:
        isi = {
            "arah": "MASUK",
            "tanggal": pada.date(),
            "nomor": "005/1",
            "tanggal_surat": pada.date(),
            "pihak": "Camat Karangasem",
            "isi_singkat": "Undangan",
            "dicatat_pada": pada,
            "dicatat_oleh": operator,
        }
        return CatatanAgenda.objects.create(**isi | lain)

    return catat


def urutan(periode: register.Periode, teks: str = "") -> list[tuple[int, str]]:
    """(running number, letter) of each row."""
    sumber = agenda.sumber(teks)
    kunci = register.ambil(sumber, periode)
    urut = register.nomori(sumber, kunci, rapat=not teks)
    return [(b.urut, (b.masuk or b.keluar).nomor) for b in agenda.baris(kunci, urut)]


# --- Periods -----------------------------------------------------------------------------------


def test_a_month_is_whole_and_knows_its_name():
    hasil = [register.sebulan(2026, bulan) for bulan in (2, 12)]

    assert [(p.dari, p.sampai, p.sebutan, p.kode) for p in hasil] == [
        (date(2026, 2, 1), date(2026, 2, 28), "Februari 2026", "2026-02"),
        (date(2026, 12, 1), date(2026, 12, 31), "Desember 2026", "2026-12"),
    ]


def test_periods_begin_and_end_at_midnight_in_wita():
    assert [w.astimezone(UTC) for w in register.setahun(2026).rentang] == [
        datetime(2025, 12, 31, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("dari", "sampai", "sebutan"),
    [
        (date(2026, 3, 1), date(2026, 3, 5), "Sejak 1 Maret 2026 sampai 5 Maret 2026"),
        (date(2026, 3, 1), None, "Sejak 1 Maret 2026"),
        (None, date(2026, 3, 5), "Sampai 5 Maret 2026"),
    ],
)
def test_days_can_be_chosen_freely(dari, sampai, sebutan):
    assert register.antara(dari, sampai).sebutan == sebutan


# --- Order and numbers -------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_letters_in_and_out_stand_in_one_order(terbit, catat):
    keluar_1 = terbit(pada=AWAL)
    catat(AWAL + timedelta(minutes=1), nomor="005/DPMD")
    keluar_2 = terbit(pada=AWAL + timedelta(minutes=2))

    assert urutan(register.setahun(2026)) == [
        (1, keluar_1.nomor),
        (2, "005/DPMD"),
        (3, keluar_2.nomor),
    ]


def test_number_is_the_same_in_month_year_page_and_search(catat):
    for n in range(40):
        catat(
            AWAL - timedelta(days=40 - n), nomor=f"surat-{n}", pihak="Camat" if n % 3 else "Dinas"
        )
    setahun = dict(urutan(register.setahun(2026)))
    sumber = agenda.sumber()

    sebulan = dict(urutan(register.sebulan(2026, 11)))
    dicari = dict(urutan(register.setahun(2026), "Dinas"))
    kunci = register.ambil(sumber, register.setahun(2026), lewati=30, banyak=5)

    assert list(setahun) == list(range(1, 41))
    assert sebulan == {n: s for n, s in setahun.items() if n in sebulan} and len(sebulan) == 22
    assert dicari == {n: s for n, s in setahun.items() if n % 3 == 1}
    assert register.nomori(sumber, kunci, rapat=True) == [31, 32, 33, 34, 35]
    assert register.jumlah(sumber, register.sebulan(2026, 11)) == 22


def test_numbers_begin_anew_with_the_year_in_wita(catat):
    malam = datetime(2026, 12, 31, 15, 58, tzinfo=UTC)
    for n in range(6):
        catat(malam + timedelta(minutes=n), nomor=f"s{n}")

    semua = urutan(register.selama_ini())
    dicari = urutan(register.selama_ini(), "s")

    assert semua == dicari == [(1, "s0"), (2, "s1"), (1, "s2"), (2, "s3"), (3, "s4"), (4, "s5")]
    assert urutan(register.setahun(2027))[0] == (1, "s2")


def test_rows_of_one_moment_have_numbers_of_their_own(terbit, catat):
    for n in range(3):
        catat(AWAL, nomor=f"c{n}")
    surat = [terbit(pada=AWAL).nomor for _ in range(3)]

    semua = urutan(register.setahun(2026))

    assert semua == [*enumerate(surat, 1), *enumerate(["c0", "c1", "c2"], 4)]
    assert urutan(register.setahun(2026), "c1") == [(5, "c1")]


def test_rows_that_come_later_change_no_number(terbit, catat):
    for n in range(4):
        catat(AWAL + timedelta(minutes=n), nomor=f"c{n}")
    sebelum = urutan(register.setahun(2026))

    terbit(pada=AWAL + timedelta(hours=1))
    agenda.batalkan(CatatanAgenda.objects.get(nomor="c1"), alasan="salah catat")

    assert urutan(register.setahun(2026))[:4] == sebelum


def test_empty_register_has_no_rows():
    assert urutan(register.setahun(2026)) == []
    assert urutan(register.setahun(2026), "apa saja") == []


@pytest.mark.parametrize("teks", ["", "Camat"])
def test_queries_do_not_grow_with_the_register(catat, teks):
    def banyak_kueri() -> int:
        sumber = agenda.sumber(teks)
        with CaptureQueriesContext(connection) as tercatat:
            kunci = register.ambil(sumber, register.setahun(2026), banyak=50)
            agenda.baris(kunci, register.nomori(sumber, kunci, rapat=not teks))
        return len(tercatat)

    catat(AWAL)
    sedikit = banyak_kueri()
    for n in range(60):
        catat(AWAL + timedelta(minutes=n))

    assert banyak_kueri() == sedikit <= 7


def test_a_whole_year_comes_in_pieces_that_fit(catat, monkeypatch):
    monkeypatch.setattr(register, "_SEKALIGUS", 4)
    for n in range(11):
        catat(AWAL + timedelta(minutes=n), nomor=f"c{n}")

    hasil = register.seluruh(agenda.sumber(), register.setahun(2026), agenda.baris)

    assert [(b.urut, b.masuk.nomor) for b in hasil] == [(n + 1, f"c{n}") for n in range(11)]
