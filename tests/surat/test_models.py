from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from surat.buku import entri
from surat.models import (
    Cetakan,
    JenisSurat,
    Mandat,
    Pejabat,
    Pertanyaan,
    Surat,
    Syarat,
    TandaTangan,
    TataNaskah,
    Templat,
)
from tests import factories
from tests.surat.conftest import PADA

pytestmark = pytest.mark.django_db

HARI = date(2026, 11, 23)


def salin(surat: Surat, **lain) -> Surat:
    """A second row like `surat`, except for what is told."""
    kolom = {
        f.attname: getattr(surat, f.attname) for f in Surat._meta.concrete_fields if f.name != "id"
    }
    agenda = entri.catat(entri.AGENDA, pada=PADA)
    beda = {"nomor": "lain", "urut": 999, "agenda_id": agenda.pk, "kode_cek": "LAIN"}
    return Surat.objects.create(**kolom | beda | lain)


# --- Once only ---------------------------------------------------------------------------------


def test_there_is_only_one_tata_naskah():
    TataNaskah.objects.create(pk=1)

    with pytest.raises(IntegrityError, match="hanya_satu_tata_naskah"), transaction.atomic():
        TataNaskah.objects.create(pk=2)

    assert TataNaskah.objects.count() == 1


@pytest.mark.parametrize("sama", ["nomor", "kode_cek", "urut", "agenda_id"])
def test_number_and_check_code_are_given_once(terbit, sama):
    surat = terbit()

    with pytest.raises(IntegrityError), transaction.atomic():
        salin(surat, **{sama: getattr(surat, sama)})
    salin(surat)

    assert Surat.objects.count() == 2


@pytest.mark.parametrize(
    ("model", "kolom"),
    [
        (Pertanyaan, {"kunci": "keperluan", "label": "K", "tipe": "teks"}),
        (Syarat, {"kode": "ktp", "label": "KTP"}),
        (Templat, {"versi": 1, "pembuka": "", "isi": "", "penutup": ""}),
    ],
)
def test_parts_of_a_jenis_are_named_once(model, kolom):
    jenis, lain = factories.jenis("domisili"), factories.jenis("usaha")
    sebelum = model.objects.count()

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(jenis=jenis, **kolom)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(jenis=lain, **kolom)

    assert model.objects.count() == sebelum


def test_kode_of_a_jenis_is_unique():
    factories.jenis("domisili")

    with pytest.raises(IntegrityError), transaction.atomic():
        JenisSurat.objects.create(kode="domisili", nama="x", judul="x", tujuan="x", klasifikasi="1")

    assert JenisSurat.objects.filter(kode="domisili").count() == 1


def test_letter_has_one_cetakan_and_one_tanda_tangan(terbit, perbekel):
    surat = terbit()
    isi = {"surat": surat, "mandat": surat.mandat, "oleh": perbekel, "pada": PADA}
    TandaTangan.objects.create(**isi)

    with pytest.raises(IntegrityError), transaction.atomic():
        TandaTangan.objects.create(**isi)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cetakan.objects.create(surat=surat, ambil_lagi_pada=PADA)

    assert (TandaTangan.objects.count(), Cetakan.objects.count()) == (1, 1)


def test_official_has_one_akun(perbekel):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pejabat.objects.create(nama="Lain", jabatan="Kaur", akun=perbekel)

    assert Pejabat.objects.count() == 1


# --- All or nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kolom",
    [
        {"batal_pada": PADA},
        {"batal_alasan": "Nama salah"},
        {"batal_oleh": True},
        {"batal_pada": PADA, "batal_alasan": "Nama salah"},
        {"batal_pada": PADA, "batal_oleh": True},
        {"batal_oleh": True, "batal_alasan": "Nama salah"},
    ],
)
def test_void_letter_has_moment_person_and_reason_or_none(terbit, operator, kolom):
    surat = terbit()
    if "batal_oleh" in kolom:
        kolom = kolom | {"batal_oleh": operator}

    with (
        pytest.raises(IntegrityError, match="surat_batal_dengan_siapa_dan_alasan"),
        transaction.atomic(),
    ):
        Surat.objects.filter(pk=surat.pk).update(**kolom)

    semua = {"batal_pada": PADA, "batal_oleh": operator, "batal_alasan": "Nama salah"}
    assert Surat.objects.filter(pk=surat.pk).update(**semua) == 1


@pytest.mark.parametrize(
    "kolom",
    [
        {"keadaan": "SELESAI"},
        {"keadaan": "SELESAI", "berkas": "a.pdf", "sha256": "a"},
        {"keadaan": "SELESAI", "berkas": "a.pdf", "selesai_pada": PADA},
        {"keadaan": "SELESAI", "sha256": "a", "selesai_pada": PADA},
        {"sha256": "a"},
        {"selesai_pada": PADA},
        {"keadaan": "ENTAH"},
        {"keadaan": "ENTAH", "berkas": "a.pdf", "sha256": "a", "selesai_pada": PADA},
    ],
)
def test_cetakan_is_done_only_with_its_file(terbit, kolom):
    terbit()

    with (
        pytest.raises(IntegrityError, match="cetakan_selesai_punya_berkas"),
        transaction.atomic(),
    ):
        Cetakan.objects.update(**kolom)

    semua = {"keadaan": "SELESAI", "berkas": "a.pdf", "sha256": "a", "selesai_pada": PADA}
    assert Cetakan.objects.update(**semua) == 1


def test_mandat_never_ends_before_it_begins(mandat):
    with pytest.raises(IntegrityError, match="mandat_sampai_sesudah_dari"), transaction.atomic():
        Mandat.objects.update(dari=HARI, sampai=HARI - timedelta(days=1))

    assert Mandat.objects.update(dari=HARI, sampai=HARI) == 1


# --- Issued letters stay -----------------------------------------------------------------------


def test_what_an_issued_letter_hangs_on_is_not_deleted(terbit):
    surat = terbit()

    for satu in (surat.subjek, surat.jenis, surat.templat, surat.mandat, surat.buku, surat):
        with pytest.raises(ProtectedError):
            satu.delete()

    assert Surat.objects.get().pk == surat.pk


# --- Mandates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dari", "sampai", "berlaku"),
    [
        (HARI, None, True),
        (HARI, HARI, True),
        (HARI - timedelta(days=9), HARI + timedelta(days=9), True),
        (HARI + timedelta(days=1), None, False),
        (HARI - timedelta(days=9), HARI - timedelta(days=1), False),
    ],
)
def test_mandat_is_valid_from_its_first_to_its_last_day(mandat, dari, sampai, berlaku):
    Mandat.objects.update(dari=dari, sampai=sampai)

    assert list(Mandat.objects.berlaku(HARI)) == ([mandat] if berlaku else [])


def test_mandat_of_an_official_who_left_is_not_valid(mandat):
    Pejabat.objects.update(aktif=False)

    assert list(Mandat.objects.berlaku(HARI)) == []


def test_valid_mandates_come_in_the_villages_order(mandat):
    pejabat = mandat.pejabat
    ketiga, kedua = (
        Mandat.objects.create(pejabat=pejabat, sebagai="AN", dari=HARI, urutan=n) for n in (3, 2)
    )

    assert list(Mandat.objects.berlaku(HARI)) == [mandat, kedua, ketiga]


# --- Names -------------------------------------------------------------------------------------


def test_rows_name_themselves_without_a_residents_data(terbit, perbekel):
    surat = terbit()
    ttd = TandaTangan.objects.create(surat=surat, mandat=surat.mandat, oleh=perbekel, pada=PADA)

    assert [str(x) for x in (surat, surat.cetakan, ttd, surat.templat, surat.mandat)] == [
        "400.12.2.1/001/51.07.04.2001/XI/2026",
        f"cetakan {surat.cetakan.pk}",
        "tanda tangan 2026-11-23",
        "Surat Keterangan Domisili v1",
        "I Nyoman Perbekel Contoh (Perbekel), pejabat definitif",
    ]
    assert [
        str(x) for x in (TataNaskah(), surat.jenis.pertanyaan.first(), surat.jenis.syarat.first())
    ] == [
        "Tata naskah",
        "Alamat tempat tinggal sekarang",
        "Foto/scan KTP-el pemohon",
    ]
