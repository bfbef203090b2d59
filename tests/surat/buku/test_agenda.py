"""Buku Agenda: what stands in it, how entries are made, mended and voided, what is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from penduduk.models.cari import saring
from surat.buku import agenda, entri, nomor, periode
from surat.models import BukuNomor, CatatanAgenda, Surat, TandaTangan
from surat.terbit import penerbitan
from tests import factories
from tests.surat.conftest import PADA

pytestmark = pytest.mark.django_db

HARI = date(2026, 11, 23)


@pytest.fixture
def masuk(operator):
    def masuk(**lain) -> CatatanAgenda:
        isi = {
            "nomor_surat": "005/1/DPMD",
            "tanggal_surat": date(2026, 11, 20),
            "diterima": HARI,
            "pengirim": "Dinas PMD",
            "isi_singkat": "Undangan rapat",
            "oleh": operator,
            "pada": PADA,
        }
        return agenda.catat_masuk(**isi | lain)

    return masuk


@pytest.fixture
def keluar(operator):
    def keluar(**lain) -> CatatanAgenda:
        isi = {
            "klasifikasi": "005",
            "tanggal_surat": HARI,
            "tujuan": "Camat Karangasem",
            "isi_singkat": "Undangan musyawarah",
            "oleh": operator,
            "pada": PADA,
        }
        return agenda.catat_keluar(**isi | lain)

    return keluar


def buku() -> list[agenda.Baris]:
    return entri.seluruh(agenda.BUKU, periode.setahun(2026))


# --- Entries -----------------------------------------------------------------------------------


def test_incoming_letter_keeps_the_number_of_its_sender(masuk, operator):
    catatan = masuk(keterangan="disposisi sekdes")

    assert (catatan.arah, catatan.nomor, catatan.buku, catatan.urut) == (
        "MASUK",
        "005/1/DPMD",
        None,
        None,
    )
    (baris,) = buku()
    assert baris.masuk == agenda.Sisi(
        "005/1/DPMD", date(2026, 11, 20), "Dinas PMD", "Undangan rapat"
    )
    assert (baris.urut, baris.tanggal, baris.keluar, baris.keterangan) == (
        1,
        HARI,
        None,
        "disposisi sekdes",
    )
    assert (catatan.dicatat_oleh, catatan.dicatat_pada) == (operator, PADA)
    assert not BukuNomor.objects.filter(nomor.BUKU_SURAT).exists()


@pytest.mark.parametrize(
    ("lain", "kalimat"),
    [
        ({"diterima": date(2026, 11, 24)}, "Tanggal diterima belum terjadi."),
        (
            {"tanggal_surat": date(2026, 11, 24)},
            "Tanggal surat tidak boleh sesudah tanggal diterima.",
        ),
    ],
)
def test_incoming_letter_of_tomorrow_is_refused(masuk, lain, kalimat):
    with pytest.raises(agenda.CatatanTidakSah) as galat:
        masuk(**lain)

    assert str(galat.value) == kalimat
    assert CatatanAgenda.objects.count() == 0


def test_letter_written_by_hand_takes_the_next_number_of_the_book(keluar, terbit):
    nomor = [terbit().nomor, keluar().nomor, terbit().nomor]

    assert [n.split("/")[1] for n in nomor] == ["001", "002", "003"]
    assert nomor[1] == "005/002/51.07.04.2001/XI/2026"
    assert (CatatanAgenda.objects.get().buku.kode, CatatanAgenda.objects.get().urut) == ("SURAT", 2)


def test_number_bears_the_month_of_the_letter(keluar):
    catatan = keluar(tanggal_surat=date(2026, 10, 30), dikirim=HARI)

    assert catatan.nomor.endswith("/X/2026")
    assert (catatan.tanggal, catatan.tanggal_surat) == (HARI, date(2026, 10, 30))


@pytest.mark.parametrize(
    ("lain", "kalimat"),
    [
        ({"tanggal_surat": date(2026, 11, 24)}, "Tanggal surat belum terjadi."),
        (
            {"tanggal_surat": date(2025, 12, 31)},
            "Nomor surat hanya diberikan untuk tahun ini (2026), supaya buku tahun yang sudah "
            "ditutup tidak berubah.",
        ),
        ({"dikirim": date(2026, 11, 22)}, "Tanggal dikirim tidak boleh mendahului tanggal surat."),
    ],
)
def test_letter_with_an_impossible_date_takes_no_number(keluar, lain, kalimat):
    with pytest.raises(agenda.CatatanTidakSah) as galat:
        keluar(**lain)

    assert str(galat.value) == kalimat
    assert (CatatanAgenda.objects.count(), BukuNomor.objects.count()) == (0, 0)


def test_last_day_of_the_year_is_that_of_wita(keluar):
    sebelum = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)

    lama = keluar(tanggal_surat=date(2026, 12, 31), pada=sebelum)
    baru = keluar(tanggal_surat=date(2027, 1, 1), pada=sebelum + timedelta(minutes=1))

    assert [c.nomor for c in (lama, baru)] == [
        "005/001/51.07.04.2001/XII/2026",
        "005/001/51.07.04.2001/I/2027",
    ]


# --- Void, withdrawn, replaced -----------------------------------------------------------------


def test_void_letters_keep_their_place_number_and_reason(terbit, keluar, operator):
    surat, catatan = terbit(), keluar()
    terbit()
    penerbitan.batalkan(surat, alasan="nama salah", oleh=operator, pada=PADA)
    agenda.batalkan(catatan, alasan=" rapat ditunda ")

    semua = buku()

    assert [(b.urut, b.batal, b.keterangan) for b in semua] == [
        (1, True, "BATAL: nama salah"),
        (2, True, "BATAL: rapat ditunda"),
        (3, False, ""),
    ]
    assert [b.keluar.nomor.split("/")[1] for b in semua] == ["001", "002", "003"]


def test_void_once_and_only_with_a_reason(keluar):
    catatan = keluar()

    with pytest.raises(agenda.CatatanTidakSah, match="Tulis alasannya"):
        agenda.batalkan(catatan, alasan="  ")
    agenda.batalkan(catatan, alasan="salah")
    with pytest.raises(agenda.CatatanTidakSah, match="sudah batal"):
        agenda.batalkan(catatan, alasan="lain")

    assert CatatanAgenda.objects.get().batal_alasan == "salah"


def test_replaced_and_withdrawn_letters_say_so(terbit, operator, mandat):
    lama = terbit()
    gagal = terbit(menggantikan=lama)
    penerbitan.batalkan(gagal, alasan="salah lagi", oleh=operator, pada=PADA)
    baru = terbit(menggantikan=lama)
    belum = [b.keterangan for b in buku()]
    TandaTangan.objects.create(surat=baru, mandat=mandat, oleh=operator, pada=PADA)
    Surat.objects.filter(pk=baru.pk).update(
        dicabut_pada=PADA, dicabut_oleh=operator, dicabut_alasan="tidak benar"
    )

    assert belum[0] == ""  # until its successor is signed, it holds
    assert [b.keterangan for b in buku()] == [
        f"Diganti nomor {baru.nomor}",
        f"BATAL: salah lagi; Mengganti nomor {lama.nomor}",
        f"Dicabut: tidak benar; Mengganti nomor {lama.nomor}",
    ]


# --- Corrections -------------------------------------------------------------------------------


def test_plain_facts_are_mended_and_the_change_is_told(masuk):
    catatan = masuk()

    perubahan = agenda.perbaiki(
        catatan,
        {
            "nomor": "005/2/DPMD",
            "tanggal": date(2026, 11, 22),
            "pihak": "Dinas PMD",
            "keterangan": "segera",
        },
    )

    assert perubahan == [
        "Nomor surat: “005/1/DPMD” → “005/2/DPMD”",
        "Tanggal diterima atau dikirim: “23-11-2026” → “22-11-2026”",
        "Keterangan: “” → “segera”",
    ]
    catatan.refresh_from_db()
    assert (catatan.nomor, catatan.tanggal, catatan.keterangan) == (
        "005/2/DPMD",
        date(2026, 11, 22),
        "segera",
    )


def test_number_and_date_of_a_letter_that_went_out_never_change(keluar):
    catatan = keluar()

    perubahan = agenda.perbaiki(
        catatan,
        {"nomor": "1", "tanggal_surat": date(2020, 1, 1), "arah": "MASUK", "pihak": "Bupati"},
    )

    assert perubahan == ["Pengirim atau tujuan: “Camat Karangasem” → “Bupati”"]
    catatan.refresh_from_db()
    assert (catatan.nomor, catatan.tanggal_surat, catatan.arah) == (
        "005/001/51.07.04.2001/XI/2026",
        HARI,
        "KELUAR",
    )


# --- What is found -----------------------------------------------------------------------------


@pytest.fixture
def dua_surat(terbit) -> tuple[Surat, Surat]:
    wayan = factories.buat_penduduk(nama="I Wayan Gede Suardana", nik="5107041203901234")
    luh = factories.buat_penduduk(nama="Ni Luh Sari", nik="5107041203905678")
    return (
        terbit("domisili", pemohon=wayan),
        terbit("usaha", pemohon=luh, pada=PADA - timedelta(days=3)),
    )


def ditemukan(teks: str) -> set[Surat]:
    return set(saring(Surat.objects.all(), agenda.cara(teks)))


@pytest.mark.parametrize(
    ("teks", "ketemu"),
    [
        ("Suardana", [0]),
        ("wyn gd suardana", [0]),
        ("5107 0412 0390 1234", [0]),
        ("5107041203905678", [1]),
        ("0390", []),
        ("400.12.2.1/001", [0]),
        ("/002/", [1]),
        ("keterangan domisili", [0]),
        ("surat keterangan", [0, 1]),
        ("23-11-2026", [0]),
        ("20/11/2026", [1]),
        ("20 November 2026", [1]),
        ("31-02-2026", []),
        ("99 Foober 2026", []),
        ("%", []),
        ("zzz", []),
    ],
)
def test_letters_are_found_by_what_people_know(dua_surat, teks, ketemu):
    assert ditemukan(teks) == {dua_surat[i] for i in ketemu}


def test_letter_is_found_by_the_name_that_is_printed_on_it(dua_surat):
    """Whoever changed the name in the register, or was only typed in the form."""
    Surat.objects.filter(pk=dua_surat[0].pk).update(nama="NAMA LAMA")

    assert ditemukan("nama lama") == {dua_surat[0]}


@pytest.mark.parametrize(
    "teks", ["dpmd", "dinas", "UNDANGAN", "20-11-2026", "23/11/2026", "segera"]
)
def test_entries_are_found_by_all_that_stands_in_them(masuk, teks):
    catatan = masuk(keterangan="segera")

    assert list(agenda.cari_catatan(teks)) == [catatan]
    assert list(agenda.cari_catatan("bukan ini")) == []


def test_no_nik_stands_in_the_book(dua_surat):
    isi = entri.isi(agenda.BUKU, periode.setahun(2026))

    teks = str([satu.sel for satu in isi])
    assert "51070412" not in teks
    assert "I Wayan Gede Suardana" in teks


def test_failed_entry_gives_its_number_back(keluar, terbit):
    with pytest.raises(ZeroDivisionError):
        _catat_lalu_gagal(keluar)

    assert terbit().urut == 1


def _catat_lalu_gagal(keluar) -> None:
    with transaction.atomic():
        keluar()
        raise ZeroDivisionError
