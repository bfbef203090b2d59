import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from penduduk.antrean import SEWA
from surat.kertas import pdf
from surat.models import Cetakan, Surat
from surat.terbit import pencetakan
from tests import factories, serentak
from tests.surat.conftest import PADA
from tests.waktu import Jam

ISI = b"%PDF-1.7 uji"

pytestmark = pytest.mark.django_db


@pytest.fixture
def jam(monkeypatch) -> Jam:
    jam = Jam()
    monkeypatch.setattr(pencetakan, "timezone", jam)
    return jam


@pytest.fixture
def mesin(monkeypatch) -> list[str]:
    """A printer that is quick: the numbers of the letters it was given, in order."""
    dicetak: list[str] = []
    monkeypatch.setattr(pdf, "buat", lambda data: (dicetak.append(data["nomor"]) or ISI, 1))
    return dicetak


def cetak() -> list[int]:
    return list(pencetakan.cetak_yang_menunggu())


def berkas() -> list[Path]:
    return [p for p in Path(default_storage.location).rglob("*") if p.is_file()]


def penuh(self, nama, isi):
    raise OSError(28, "No space left on device", nama)


def rusak(galat: Exception):
    def buat(data):
        raise galat

    return buat


# --- A file comes into being -------------------------------------------------------------------


def test_waiting_letter_gets_its_pdf_with_the_right_sha256(terbit, jam):
    surat = terbit()

    hasil = cetak()

    cetakan = Cetakan.objects.get()
    with default_storage.open(cetakan.berkas) as f:
        isi = f.read()
    assert hasil == [surat.pk]
    assert isi.startswith(b"%PDF-")
    assert (cetakan.keadaan, cetakan.selesai_pada, cetakan.galat) == ("SELESAI", jam.pada, "")
    assert (cetakan.sha256, cetakan.ukuran, cetakan.halaman, cetakan.percobaan) == (
        hashlib.sha256(isi).hexdigest(),
        len(isi),
        1,
        1,
    )


def test_file_name_tells_nothing_of_the_letter(terbit, jam, mesin):
    surat = terbit()

    cetak()

    bagian = Cetakan.objects.get().berkas.split("/")
    assert bagian[:-1] == ["surat", "2026", "11"]
    assert len(bagian[-1]) == 36 and bagian[-1].endswith(".pdf")
    assert surat.kode_cek not in bagian[-1] and surat.subjek.nik not in bagian[-1]


def test_letters_are_printed_oldest_first_and_once(terbit, jam, mesin):
    surat = [terbit(pada=PADA - timedelta(minutes=n)) for n in (1, 3, 2)]

    hasil = cetak()
    lagi = cetak()

    assert hasil == [surat[1].pk, surat[2].pk, surat[0].pk]
    assert lagi == []
    assert len(mesin) == len(berkas()) == 3


def test_letter_that_is_not_due_is_left_alone(terbit, jam, mesin):
    terbit(pada=PADA + timedelta(seconds=1))

    sekarang = cetak()
    jam.maju(seconds=1)
    kemudian = cetak()

    assert (sekarang, len(kemudian)) == ([], 1)


def test_same_data_gives_the_same_bytes(terbit):
    surat = terbit()

    pertama, _ = pdf.buat(surat.data)
    kedua, _ = pdf.buat(Surat.objects.get().data)

    assert hashlib.sha256(pertama).hexdigest() == hashlib.sha256(kedua).hexdigest()


# --- Failure -----------------------------------------------------------------------------------


def test_failing_letter_stays_backs_off_and_tells_nothing(terbit, jam, monkeypatch, caplog):
    surat = terbit()
    rahasia = f"{surat.subjek.nama} {surat.subjek.nik} {surat.nomor}"
    monkeypatch.setattr(pdf, "buat", rusak(ValueError(rahasia)))

    hasil = cetak()

    cetakan = Cetakan.objects.get()
    assert hasil == []
    assert (cetakan.keadaan, cetakan.percobaan, cetakan.galat) == ("MENUNGGU", 1, "ValueError")
    assert cetakan.ambil_lagi_pada == jam.pada + timedelta(seconds=20)
    assert [r.getMessage() for r in caplog.records if r.name == "surat.terbit.pencetakan"] == [
        f"letter {surat.pk} could not be rendered: ValueError"
    ]
    assert not any(x in caplog.text for x in rahasia.split(" ") if len(x) > 3)
    assert berkas() == []


def test_pauses_double_up_to_ten_minutes(terbit, jam, monkeypatch):
    terbit()
    monkeypatch.setattr(pdf, "buat", rusak(ValueError()))
    jeda = []

    for _ in range(8):
        cetak()
        sampai = Cetakan.objects.get().ambil_lagi_pada
        jeda.append((sampai - jam.pada).total_seconds())
        jam.pada = sampai

    assert jeda == [20, 40, 80, 160, 320, 600, 600, 600]


def test_full_disk_keeps_the_row_too(terbit, jam, mesin, monkeypatch):
    terbit()
    monkeypatch.setattr(type(default_storage), "save", penuh, raising=False)

    hasil = cetak()

    cetakan = Cetakan.objects.get()
    assert (hasil, cetakan.keadaan, cetakan.galat) == ([], "MENUNGGU", "OSError")


def test_one_bad_letter_does_not_hold_up_the_others(terbit, jam, monkeypatch):
    buruk, baik = terbit(), terbit()

    def buat(data):
        if data["nomor"] == buruk.nomor:
            raise ValueError
        return ISI, 1

    monkeypatch.setattr(pdf, "buat", buat)

    assert cetak() == [baik.pk]
    assert Cetakan.objects.get(surat=buruk).keadaan == "MENUNGGU"


def test_letter_is_printed_after_the_pause_and_its_error_forgotten(terbit, jam, monkeypatch):
    surat = terbit()
    monkeypatch.setattr(pdf, "buat", rusak(ValueError()))
    cetak()
    monkeypatch.setattr(pdf, "buat", lambda data: (ISI, 1))

    jam.maju(seconds=19)
    terlalu_cepat = cetak()
    jam.maju(seconds=1)
    tepat = cetak()

    cetakan = Cetakan.objects.get()
    assert (terlalu_cepat, tepat) == ([], [surat.pk])
    assert (cetakan.keadaan, cetakan.galat, cetakan.percobaan) == ("SELESAI", "", 2)


# --- Lease -------------------------------------------------------------------------------------


def test_claimed_letter_is_taken_again_only_when_the_lease_ends(terbit):
    terbit()
    sewa, sesaat = SEWA, timedelta(microseconds=1)

    hasil = [
        pencetakan._ambil(PADA + lama) is not None
        for lama in (0 * sewa, 0 * sewa, sewa - sesaat, sewa, 2 * sewa - sesaat, 2 * sewa)
    ]

    assert hasil == [True, False, False, True, False, True]
    assert Cetakan.objects.get().percobaan == 3


def test_letter_of_a_dead_worker_is_printed_after_the_lease(terbit, jam, mesin):
    surat = terbit()
    assert pencetakan._ambil(jam.pada) is not None  # … and then the power went

    segera = cetak()
    jam.pada += SEWA
    kemudian = cetak()

    assert (segera, kemudian) == ([], [surat.pk])


def test_worker_that_outlived_its_lease_leaves_the_first_file_alone(terbit, jam, monkeypatch):
    surat = terbit()
    lambat = pencetakan._ambil(jam.pada)
    jam.pada += SEWA
    monkeypatch.setattr(pdf, "buat", lambda data: (ISI, 1))
    assert cetak() == [surat.pk]
    pertama = Cetakan.objects.get()

    monkeypatch.setattr(pdf, "buat", lambda data: (b"%PDF-1.7 lain", 2))
    hasil = pencetakan._cetak(lambat)

    kini = Cetakan.objects.get()
    assert hasil is False
    assert (kini.berkas, kini.sha256, kini.halaman) == (pertama.berkas, pertama.sha256, 1)
    assert [p.read_bytes() for p in berkas()] == [ISI]


def test_late_failure_never_undoes_a_stored_file(terbit, jam, mesin, monkeypatch):
    terbit()
    lambat = pencetakan._ambil(jam.pada)
    jam.pada += SEWA
    cetak()

    monkeypatch.setattr(pdf, "buat", rusak(ValueError()))
    hasil = pencetakan._cetak(lambat)

    cetakan = Cetakan.objects.get()
    assert (hasil, cetakan.keadaan, cetakan.galat) == (False, "SELESAI", "")


def test_late_failure_never_cuts_short_the_lease_of_the_next_worker(terbit, jam, monkeypatch):
    terbit()
    lambat = pencetakan._ambil(jam.pada)
    jam.pada += SEWA
    kini = pencetakan._ambil(jam.pada)

    monkeypatch.setattr(pdf, "buat", rusak(ValueError()))
    pencetakan._cetak(lambat)

    cetakan = Cetakan.objects.get()
    assert (cetakan.ambil_lagi_pada, cetakan.galat) == (kini.ambil_lagi_pada, "")


def test_worker_that_is_ready_after_its_lease_stores_what_nobody_has_stored(terbit, jam, mesin):
    terbit()
    lambat = pencetakan._ambil(jam.pada)
    jam.pada += SEWA
    kini = pencetakan._ambil(jam.pada)

    hasil = [pencetakan._cetak(lambat), pencetakan._cetak(kini)]

    assert (hasil, len(berkas())) == ([True, False], 1)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_never_store_a_letter_twice(terbit, jam, mesin):
    with transaction.atomic():
        subjek = factories.buat_penduduk()
        surat = [terbit(pemohon=subjek).pk for _ in range(6)]

    hasil = serentak.jalankan(lambda _: cetak(), range(6))

    assert sorted(pk for satu in hasil for pk in satu) == surat
    assert len(mesin) == len(set(mesin)) == 6
    assert len(berkas()) == 6
    assert {c.keadaan for c in Cetakan.objects.all()} == {"SELESAI"}
