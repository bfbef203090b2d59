"""After two weeks the kelian is asked: a message per banjar, and a list to read out or print."""

from datetime import timedelta

import pytest
from django.test import Client

from layanan.admin.pengambilan import belum_diambil
from layanan.kabar import pengingat
from layanan.kotak_keluar import aturan
from layanan.models import NomorWA, Notifikasi
from layanan.permohonan import alur, dampak
from penduduk.models import Banjar
from surat.models import TandaTangan
from tests import factories
from tests.halaman import kata, sebagai
from tests.layanan.kabar.siap_ambil import DITANDATANGANI, hari, kirim_pada, kunci, tandatangani
from tests.waktu import Jam

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
KELIAN = "+6281234500077"
ALAMAT = "/kelola/layanan/belum-diambil/"


@pytest.fixture
def banjar(db) -> Banjar:
    return Banjar.objects.create(nama="Contoh Satu", nomor_hp_kelian=KELIAN, kelian="I Ketut")


@pytest.fixture
def buat(operator, perbekel):
    """A signed letter, by default of a family in Contoh Satu."""

    def buat(sesudah: int = 0, **lain):
        permohonan = factories.buat_permohonan(factories.buat_warga(**lain))
        pada = DITANDATANGANI + timedelta(days=sesudah)
        return tandatangani(permohonan, operator=operator, perbekel=perbekel, pada=pada)

    return buat


@pytest.fixture
def kantor(operator, monkeypatch) -> Client:
    """The operator's browser, 40 days after the signature."""
    jam = Jam()
    jam.pada = hari(40)
    monkeypatch.setattr(belum_diambil, "timezone", jam)
    return sebagai(operator)


def _kepada_kelian() -> list[Notifikasi]:
    return list(Notifikasi.objects.filter(pesan="kelian_belum_diambil").order_by("pk"))


# --- The message -----------------------------------------------------------------------------


def test_kelian_is_told_from_the_fifteenth_day_on(banjar, buat):
    buat()

    assert pengingat.kabari_kelian(pada=hari(14, "23:59:59")) == 0
    assert pengingat.kabari_kelian(pada=hari(15, "00:00:00")) == 1
    (baris,) = _kepada_kelian()
    assert (baris.nomor_hp, baris.penerima, baris.berkala.banjar) == (KELIAN, None, banjar)
    assert baris.ambil_lagi_pada == hari(15, "07:00:00")
    assert baris.variabel[0] == "1"


def test_message_counts_all_letters_of_the_banjar_and_of_no_other(
    banjar, buat, twilio, monkeypatch
):
    buat()
    buat()
    lain = Banjar.objects.create(nama="Contoh Dua", nomor_hp_kelian="+6281234500078")
    buat(keluarga=factories.buat_keluarga(banjar=lain))
    buat(keluarga=factories.buat_keluarga(banjar=None))
    buat(sesudah=1)

    assert pengingat.kabari_kelian(pada=hari(15)) == 2

    kirim_pada(monkeypatch, hari(15))
    assert [(p.ke, p.body[:34]) for p in twilio.messages] == [
        (f"whatsapp:{KELIAN}", "Ada 2 surat warga banjar Anda yang"),
        ("whatsapp:+6281234500078", "Ada 1 surat warga banjar Anda yang"),
    ]


def test_kelian_hears_again_only_of_new_letters_and_once_a_week(banjar, buat):
    """Day 15 is a Tuesday; Monday, day 21, begins a week."""
    buat()
    assert pengingat.kabari_kelian(pada=hari(15)) == 1
    buat(sesudah=1)

    assert pengingat.kabari_kelian(pada=hari(16)) == 0, "new, but told this week already"
    assert pengingat.kabari_kelian(pada=hari(20, "23:59:59")) == 0
    assert pengingat.kabari_kelian(pada=hari(21, "00:00:00")) == 1
    assert [pengingat.kabari_kelian(pada=hari(ke)) for ke in (22, 28, 35)] == [0, 0, 0]
    assert kunci("KELIAN") == ["2026-W47", "2026-W48"]
    assert [n.variabel[0] for n in _kepada_kelian()] == ["1", "2"]


def test_weeks_are_counted_by_their_own_year(banjar, buat, operator, perbekel):
    satu = buat()
    TandaTangan.objects.filter(surat=satu.surat).update(pada=hari(41))

    pengingat.kabari_kelian(pada=hari(60))  # the first of January 2027, a Friday

    assert kunci("KELIAN") == ["2026-W53"]


def test_nobody_is_told_without_a_number_or_when_it_is_switched_off(banjar, buat):
    buat()
    Banjar.objects.update(nomor_hp_kelian="")
    assert pengingat.kabari_kelian(pada=hari(15)) == 0

    Banjar.objects.update(nomor_hp_kelian=KELIAN)
    aturan.ubah({(aturan.BELUM_DIAMBIL, "KELIAN", "WA"): False})
    assert pengingat.kabari_kelian(pada=hari(15)) == 0

    aturan.ubah({(aturan.BELUM_DIAMBIL, "KELIAN", "WA"): True})
    assert pengingat.kabari_kelian(pada=hari(15)) == 1


def test_kelian_who_stopped_the_messages_gets_none_and_the_page_says_so(banjar, buat, kantor):
    buat()
    NomorWA.objects.create(nomor_hp=KELIAN, berhenti_pada=hari(1))

    pengingat.kabari_kelian(pada=hari(15))

    assert [n.keadaan for n in _kepada_kelian()] == ["TANPA_WA"]
    assert "Pemilik nomor ini membalas BERHENTI" in kata(kantor.get(ALAMAT))


# --- The page --------------------------------------------------------------------------------


def test_page_lists_who_is_missing_by_banjar_the_longest_waiting_first(banjar, buat, kantor):
    dua = Banjar.objects.create(nama="Contoh Dua")
    baru = buat(nama="I Made Kedua")
    lama = buat(sesudah=-10, nama="I Wayan Pertama")
    buat(nama="Ni Luh Seberang", keluarga=factories.buat_keluarga(banjar=dua))
    buat(nama="I Ketut Jauh", keluarga=factories.buat_keluarga(banjar=None))

    isi = kata(kantor.get(ALAMAT))

    urutan = [
        "4 surat siap lebih dari 14 hari dan belum diambil.",
        "Banjar Dinas Contoh Dua: 1 surat",
        "Nomor HP kelian belum diisi",
        "Ni Luh Seberang",
        "Banjar Dinas Contoh Satu: 2 surat",
        "Kelian: I Ketut, 0812-3450-0077",
        "Kelian belum dikabari lewat WhatsApp.",
        f"I Wayan Pertama {lama.nomor} 23 Oktober 2026 (50 hari)",
        f"I Made Kedua {baru.nomor} 2 November 2026 (40 hari)",
        "Banjar belum diketahui: 1 surat",
        "I Ketut Jauh",
    ]
    letak = [isi.find(satu) for satu in urutan]
    assert -1 not in letak, list(zip(urutan, letak, strict=True))
    assert letak == sorted(letak)
    assert isi.count("0812-3456-7890") == 4
    assert "Domisili" not in isi, "what somebody asks for is not the kelian's business"


def test_long_list_comes_page_by_page(banjar, buat, kantor, monkeypatch):
    monkeypatch.setattr(pengingat, "SEHALAMAN", 1)
    satu, dua = buat(), buat(1)

    awal, lanjut = kata(kantor.get(ALAMAT)), kata(kantor.get(f"{ALAMAT}?p=2"))

    assert "2 surat siap" in awal and "Halaman 1 dari 2" in awal
    assert satu.nomor in awal and dua.nomor not in awal
    assert dua.nomor in lanjut and satu.nomor not in lanjut


def test_letter_leaves_the_page_when_it_is_handed_over(banjar, buat, operator, kantor):
    satu = buat()
    assert satu.nomor in kata(kantor.get(ALAMAT))

    bahan = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")
    alur.jalankan(satu, "serahkan", bahan, oleh=operator, pada=hari(30))

    assert "Tidak ada surat yang lebih dari 14 hari belum diambil." in kata(kantor.get(ALAMAT))


@pytest.mark.usefixtures("selalu_tercatat")
def test_page_costs_the_same_however_long_the_list(
    banjar, buat, kantor, django_assert_max_num_queries
):
    for _ in range(3):
        buat()
    kantor.get(ALAMAT)

    with django_assert_max_num_queries(16):
        kantor.get(ALAMAT)


def test_first_page_of_the_office_leads_to_the_list(operator):
    assert f'href="{ALAMAT}"' in sebagai(operator).get("/kelola/").content.decode()
