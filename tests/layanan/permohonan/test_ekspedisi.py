"""Buku Ekspedisi: who took which letter, and what the office sent itself."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from layanan.models import Penyerahan, Permohonan
from layanan.permohonan import alur, dampak, ekspedisi
from surat.buku import agenda, entri, periode
from tests import factories
from tests.halaman import baca, kata, sebagai

pytestmark = pytest.mark.django_db

BUKU = "/kelola/layanan/penyerahan/"
PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def serahkan(warga, operator, perbekel):
    """A letter that was handed over at `pada`."""

    def serahkan(pada: datetime = PADA, kode: str = "domisili", **lain) -> Permohonan:
        permohonan = factories.buat_permohonan(warga, kode)
        factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
        bahan = {"penerima": "PEMOHON", "nama": "I Wayan Contoh", "cara": "KTP-el"} | lain
        alur.jalankan(permohonan, "serahkan", dampak.Serahkan(**bahan), oleh=operator, pada=pada)
        return permohonan

    return serahkan


def kirim_surat(operator, pada: datetime = PADA, **lain):
    isi = {
        "klasifikasi": "005",
        "tanggal_surat": date(2026, 11, 23),
        "tujuan": "Camat Karangasem",
        "isi_singkat": "Undangan",
        "oleh": operator,
        "pada": pada,
    }
    return agenda.catat_keluar(**isi | lain)


def buku(teks: str = "", masa: periode.Periode | None = None) -> list[ekspedisi.Baris]:
    masa = masa or periode.setahun(2026)
    return ekspedisi.baris(list(entri.pilih(ekspedisi.BUKU, masa, teks)))


def test_hand_over_tells_letter_recipient_and_who_took_it(serahkan):
    surat = serahkan(penerima="WAKIL", nama="Ni Made Adik", cara="KTP-el").surat

    (satu,) = buku()

    assert (satu.urut, satu.dikirim, satu.tanggal_surat, satu.nomor) == (
        1,
        date(2026, 11, 23),
        surat.tanggal,
        surat.nomor,
    )
    assert (satu.isi, satu.tujuan) == ("Surat Keterangan Domisili", "I Wayan Contoh")
    assert satu.keterangan == "Wakil: Ni Made Adik (KTP-el)"


def test_number_whose_row_is_lost_stands_in_the_book_as_lost(serahkan, operator):
    """Somebody has deleted it in the database, past the portal."""
    serahkan(timezone.now())
    Penyerahan.objects.all().delete()

    (satu,) = buku("", periode.setahun(timezone.localdate().year))
    hal = sebagai(operator).get(BUKU)

    assert (satu.urut, satu.batal, satu.keterangan) == (1, True, entri.HILANG)
    assert hal.status_code == 200 and entri.HILANG in kata(hal)


def test_day_of_the_hand_over_is_that_of_wita(serahkan):
    serahkan(datetime(2026, 11, 30, 16, 30, tzinfo=UTC))

    assert [b.dikirim for b in buku()] == [date(2026, 12, 1)]


def test_letters_by_hand_stand_between_the_others_and_incoming_ones_do_not(serahkan, operator):
    serahkan(PADA)
    dikirim = kirim_surat(operator, PADA + timedelta(hours=1), keterangan="lewat pos")
    agenda.catat_masuk(
        nomor_surat="005/9",
        tanggal_surat=date(2026, 11, 23),
        diterima=date(2026, 11, 23),
        pengirim="Dinas",
        isi_singkat="Undangan",
        oleh=operator,
        pada=PADA,
    )
    serahkan(PADA + timedelta(hours=2))

    semua = buku()

    assert [b.urut for b in semua] == [1, 2, 3]
    for masa in (None, periode.selama_ini()):
        assert [b.urut for b in buku("undangan", masa)] == [2]
    assert [b.catatan for b in semua] == [False, True, False]
    assert (semua[1].nomor, semua[1].tujuan, semua[1].keterangan) == (
        dikirim.nomor,
        "Camat Karangasem",
        "lewat pos",
    )


def test_void_letter_keeps_its_place(operator):
    satu = kirim_surat(operator)
    kirim_surat(operator, PADA + timedelta(hours=1))
    agenda.batalkan(satu, alasan="rapat ditunda")

    assert [(b.urut, b.keterangan) for b in buku()] == [(1, "BATAL: rapat ditunda"), (2, "")]


@pytest.mark.parametrize(
    ("teks", "ketemu"),
    [
        ("wayan contoh", [1]),
        ("adik", [1]),
        ("domisili", [1]),
        ("camat", [2]),
        ("005/", [2]),
        ("23-11-2026", [1, 2]),
        ("24-11-2026", []),
        ("zzz", []),
    ],
)
def test_rows_are_found_by_person_number_type_and_date(serahkan, operator, teks, ketemu):
    permohonan = serahkan(nama="Ni Made Adik")
    permohonan.surat.__class__.objects.update(tanggal=date(2026, 11, 23))
    kirim_surat(operator, PADA + timedelta(hours=1))

    assert [b.urut for b in buku(teks)] == ketemu


def test_row_is_found_by_the_nik_of_whom_it_was_for(serahkan, warga):
    serahkan()

    assert [b.urut for b in buku(warga.penduduk.nik)] == [1]
    assert warga.penduduk.nik not in str(buku())


def test_page_shows_the_columns_of_the_paper(serahkan, operator):
    nomor = serahkan(timezone.now()).surat.nomor

    hal = sebagai(operator).get(BUKU)

    teks = kata(hal)
    assert (
        "No. urut Tanggal pengiriman Surat Isi singkat Ditujukan kepada Keterangan Tanggal Nomor 1"
    ) in teks
    assert nomor in teks
    assert "Pemohon sendiri: I Wayan Contoh (KTP-el)" in teks
    assert "Catat surat masuk" not in teks


def test_queries_of_the_page_do_not_grow(serahkan, operator):
    client = sebagai(operator)

    def banyak_kueri() -> int:
        with CaptureQueriesContext(connection) as tercatat:
            assert client.get(BUKU, {"tahun": "2026"}).status_code == 200
        return len(tercatat)

    serahkan()
    kirim_surat(operator)
    banyak_kueri()
    sedikit = banyak_kueri()
    for _ in range(4):
        serahkan()
        kirim_surat(operator)

    assert banyak_kueri() <= sedikit <= 20


@pytest.mark.parametrize("akhiran", ["pdf", "xlsx"])
def test_book_comes_as_a_file(serahkan, operator, akhiran):
    surat = serahkan().surat

    jawab = baca(sebagai(operator), f"{BUKU}{akhiran}/?tahun=2026")

    nama = f'attachment; filename="buku-ekspedisi-2026.{akhiran}"'
    assert jawab["Content-Disposition"] == nama
    if akhiran == "pdf":
        assert jawab.isi.startswith(b"%PDF-")
    else:
        *_, kepala, satu = load_workbook(io.BytesIO(jawab.isi)).active.iter_rows(values_only=True)
        assert kepala[3] == "Nomor surat"
        assert (satu[0], satu[3], satu[6]) == (
            1,
            surat.nomor,
            "Pemohon sendiri: I Wayan Contoh (KTP-el)",
        )
