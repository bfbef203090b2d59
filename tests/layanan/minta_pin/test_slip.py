"""Who gets a slip, and what happens to PINs: all or none, hashes only, fourteen days, once."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from layanan.minta_pin import slip
from layanan.minta_pin.slip import Pilihan
from penduduk import desa as desa_
from penduduk.akun import penjagaan, pin
from penduduk.models import Akun, Banjar, Desa, KejadianAkun, Penduduk
from surat.kertas import cetak_slip
from surat.naskah import gaya
from tests import factories

pytestmark = pytest.mark.django_db

PADA = datetime(2026, 11, 24, 9, 5, tzinfo=ZoneInfo("Asia/Makassar"))
DEWASA = Pilihan(umur=17)


def buat(nama: str = "I Wayan Contoh", **lain) -> Penduduk:
    orang = factories.buat_penduduk(nama=nama, **lain)
    return slip.warga_terpilih([orang.pk])[0]


def baca_lagi(orang: Penduduk) -> Penduduk:
    return slip.warga_terpilih([orang.pk])[0]


def terbitkan(orang: list[Penduduk], operator: Akun, pada: datetime = PADA) -> bytes:
    return slip.terbitkan(orang, untuk="Banjar Dinas Contoh Satu", pada=pada, oleh=operator)


def kode(kertas: list[dict]) -> list[str]:
    return [s["kode"].replace(" ", "") for s in kertas[-1]["slip"]]


def buka(orang: Penduduk, pin_: str, pada: datetime) -> bool:
    return pin.cocok(Akun.objects.get(penduduk=orang), pin_, pada=pada)


# --- Who --------------------------------------------------------------------------------------


def _dengan_akun(**lain) -> Penduduk:
    orang = buat()
    Akun.objects.create(penduduk=orang, **lain)
    return baca_lagi(orang)


def _dengan_pin_awal(umur_pin: timedelta, masa: timedelta = pin.MASA_SLIP) -> Penduduk:
    orang = buat()
    pin.terbitkan(orang, pada=PADA - umur_pin, masa=masa)
    return baca_lagi(orang)


def _dengan_pin_sendiri() -> Penduduk:
    return baca_lagi(factories.buat_warga().penduduk)


def _dikunci() -> Penduduk:
    akun = factories.buat_warga()
    penjagaan.bekukan(akun, sebab="PETUGAS", pada=PADA)
    return baca_lagi(akun.penduduk)


@pytest.mark.parametrize(
    ("orang", "sebab"),
    [
        (lambda: buat(), ""),
        (lambda: _dengan_akun(), ""),
        (lambda: _dengan_akun(nomor_hp="+6281234567890"), ""),
        (lambda: _dengan_pin_awal(timedelta(days=15)), ""),
        (lambda: _dengan_pin_awal(timedelta(days=14)), ""),
        (lambda: _dengan_pin_awal(timedelta(days=13)), slip.AWAL_MASIH_BERLAKU),
        (lambda: _dengan_pin_sendiri(), slip.SUDAH_PUNYA_PIN),
        (lambda: _dikunci(), slip.DIKUNCI),
        (lambda: _dengan_akun(is_active=False), slip.DIKUNCI),
        (lambda: buat(nik=None), "Belum ada NIK"),
        (lambda: buat(nik="0510704200100001"), "NIK sementara"),
        (lambda: buat(nik="51070412A3909901"), "NIK tidak sah"),
        (lambda: buat(status_dasar=2), slip.TIDAK_HIDUP),
        (lambda: buat(status_dasar=3), slip.TIDAK_HIDUP),
        (lambda: buat(tanggal_lahir=date(2009, 11, 24)), ""),
        (lambda: buat(tanggal_lahir=date(2009, 11, 25)), slip.BELUM_CUKUP_UMUR),
        (lambda: buat(tanggal_lahir=None), slip.TANPA_TANGGAL_LAHIR),
    ],
)
def test_who_gets_a_slip(orang, sebab):
    assert slip.sebab_tanpa_slip(orang(), DEWASA, pada=PADA) == sebab


@pytest.mark.parametrize(
    ("orang", "pilihan", "sebab"),
    [
        (lambda: buat(tanggal_lahir=date(2020, 1, 1)), Pilihan(), ""),
        (lambda: buat(tanggal_lahir=None), Pilihan(), ""),
        (lambda: _dengan_pin_awal(timedelta(days=1)), Pilihan(ulang=True), ""),
        (lambda: _dengan_pin_awal(timedelta(days=1)), Pilihan(ganti=True), ""),
        (lambda: _dengan_pin_sendiri(), Pilihan(ulang=True), slip.SUDAH_PUNYA_PIN),
        (lambda: _dengan_pin_sendiri(), Pilihan(ganti=True), ""),
        (lambda: _dikunci(), Pilihan(ganti=True, ulang=True), slip.DIKUNCI),
        (lambda: buat(nik=None), Pilihan(ganti=True, ulang=True), "Belum ada NIK"),
    ],
)
def test_what_an_operator_may_decide_and_what_not(orang, pilihan, sebab):
    assert slip.sebab_tanpa_slip(orang(), pilihan, pada=PADA) == sebab


def test_birthday_counts_by_the_calendar_of_bali():
    orang = buat(tanggal_lahir=date(2009, 11, 25))
    tengah_malam = datetime(2026, 11, 25, 0, 0, tzinfo=ZoneInfo("Asia/Makassar"))

    sebelum, sesudah = (
        slip.sebab_tanpa_slip(orang, DEWASA, pada=pada)
        for pada in (tengah_malam - timedelta(seconds=1), tengah_malam)
    )

    assert (sebelum, sesudah) == (slip.BELUM_CUKUP_UMUR, "")


def test_used_pin_awal_is_worthless_after_its_grace_and_may_be_replaced():
    orang = buat()
    pin.terbitkan(orang, pada=PADA)
    pin.catat_dipakai(Akun.objects.get(penduduk=orang), pada=PADA)

    sebab = [
        slip.sebab_tanpa_slip(baca_lagi(orang), DEWASA, pada=PADA + timedelta(minutes=m))
        for m in (10, 20)
    ]

    assert sebab == [slip.AWAL_MASIH_BERLAKU, ""]


def test_banjar_is_walked_house_by_house_without_strangers_and_the_dead(
    django_assert_num_queries,
):
    banjar = Banjar.objects.create(nama="Contoh Dua")
    rumah = {n: factories.buat_keluarga(banjar=banjar, alamat=f"Jalan Contoh {n}") for n in (2, 1)}
    for nama, n, lain in (
        ("Anak", 1, {"shdk": 4}),
        ("Kepala", 1, {"shdk": 1}),
        ("Kepala Dua", 2, {"shdk": 1}),
        ("Almarhum", 1, {"status_dasar": 2}),
    ):
        buat(nama, keluarga=rumah[n], **lain)
    buat("Orang lain")

    with django_assert_num_queries(1):
        orang = slip.warga_banjar(banjar)
        rencana = slip.susun(orang, DEWASA, pada=PADA)

    assert [o.nama for o in rencana.dapat] == ["Kepala", "Anak", "Kepala Dua"]


def test_plan_counts_batches_and_names_reasons():
    banyak = [Penduduk(nama=str(n), nik="5107041203909901") for n in range(230)]
    banyak += [Penduduk(nama="x", nik=None)]

    rencana = slip.susun(banyak, Pilihan(), pada=PADA)

    assert [len(k) for k in rencana.kelompok] == [100, 100, 30]
    assert {k: len(v) for k, v in rencana.tertinggal.items()} == {"Belum ada NIK": 1}


# --- PINs -------------------------------------------------------------------------------------


def test_each_code_opens_its_account_and_forces_a_pin_of_ones_own(kertas, operator):
    orang = [buat(f"I Wayan {n}") for n in range(3)]

    terbitkan(orang, operator)

    assert [buka(o, k, PADA) for o, k in zip(orang, kode(kertas), strict=True)] == [True] * 3
    assert buka(orang[0], kode(kertas)[1], PADA) is (kode(kertas)[0] == kode(kertas)[1])
    for akun in Akun.objects.filter(is_staff=False):
        assert akun.wajib_ganti_pin is True
        assert akun.pin_berlaku_sampai == PADA + timedelta(days=14)
        assert akun.dibuka_sampai == akun.pin_berlaku_sampai


def test_code_dies_after_fourteen_days(kertas, operator):
    orang = buat()

    terbitkan([orang], operator)

    (satu,) = kode(kertas)
    batas = PADA + timedelta(days=14)
    assert [buka(orang, satu, batas - timedelta(seconds=1)), buka(orang, satu, batas)] == [
        True,
        False,
    ]


def test_codes_are_never_weak(kertas, operator, monkeypatch):
    angka = iter([123456, 111111, 120390, 482915])
    monkeypatch.setattr(pin.secrets, "randbelow", lambda _: next(angka))

    terbitkan([buat()], operator)

    assert kode(kertas) == ["482915"]


def test_printing_is_an_event_of_each_account(kertas, operator):
    orang = [buat(f"I Wayan {n}") for n in range(2)]

    terbitkan(orang, operator)

    kejadian = KejadianAkun.objects.order_by("pk").values_list(
        "akun__penduduk", "jenis", "pada", "oleh", "rincian"
    )
    assert list(kejadian) == [(o.pk, "PIN_TERBIT", PADA, operator.pk, "slip") for o in orang]


def test_paper_holds_no_full_nik_and_knows_village_date_and_paper(kertas, operator, settings):
    settings.PUBLIC_BASE_URL = "https://bugbug-karangasem.id"
    desa_.ambil()
    Desa.objects.update(contoh=True)
    desa_.lupakan()
    tata = gaya.tata_naskah()
    tata.kertas = "A4"
    tata.save()
    orang = buat(nik="5107041203909917")

    terbitkan([orang], operator)

    (data,) = kertas
    (satu,) = data.pop("slip")
    assert data == {
        "desa": "Bugbug",
        "contoh": True,
        "kertas": "A4",
        "situs": "bugbug-karangasem.id/masuk/",
        "berlaku": "8 Desember 2026, 09.05 WITA",
        "tanggal": "24 November 2026",
        "untuk": "Banjar Dinas Contoh Satu",
    }
    assert (satu["nama"], satu["nik"], satu["banjar"]) == (
        "I Wayan Contoh",
        "•••• •••• •••• 9917",
        "Contoh Satu",
    )
    assert "51070412" not in str(kertas)


def _semua_hash() -> dict[int, str]:
    return dict(Akun.objects.values_list("pk", "password"))


def test_failed_printing_resets_nobody(operator, monkeypatch):
    lama = _dengan_pin_awal(timedelta(days=1))
    baru = buat()
    sebelum = _semua_hash()

    def gagal(data):
        raise cetak_slip.SlipTidakTercetak

    monkeypatch.setattr(cetak_slip, "cetak", gagal)

    with pytest.raises(slip.SlipGagal, match=r"Tidak ada PIN yang berubah\. Coba lagi\."):
        terbitkan([lama, baru], operator)

    assert _semua_hash() == sebelum
    assert KejadianAkun.objects.count() == 0


def test_pin_chosen_while_the_slips_were_printed_is_kept_and_nobody_is_reset(operator, monkeypatch):
    cepat, lain = _dengan_pin_awal(timedelta(days=1)), _dengan_pin_awal(timedelta(days=1))
    baru = buat()

    def cetak(data):
        pin.ganti(Akun.objects.get(penduduk=cepat), factories.PIN, pada=PADA)
        return b"%PDF-"

    monkeypatch.setattr(cetak_slip, "cetak", cetak)
    hash_lain = lain.akun.password

    with pytest.raises(slip.SlipGagal, match="Keadaan akun berubah"):
        terbitkan([lain, baru, cepat], operator)

    assert buka(cepat, factories.PIN, PADA) is True
    assert Akun.objects.get(penduduk=lain).password == hash_lain
    assert pin.ada(Akun.objects.get(penduduk=baru)) is False
    assert KejadianAkun.objects.filter(rincian="slip").count() == 0


def test_account_locked_while_the_slips_were_printed_stays_locked(operator, monkeypatch):
    orang = _dengan_pin_awal(timedelta(days=1))

    def cetak(data):
        penjagaan.bekukan(orang.akun, sebab="PETUGAS", pada=PADA)
        return b"%PDF-"

    monkeypatch.setattr(cetak_slip, "cetak", cetak)

    with pytest.raises(slip.SlipGagal, match="sedang dikunci"):
        terbitkan([orang], operator)


def test_second_slip_replaces_the_first(kertas, operator):
    orang = buat()
    terbitkan([orang], operator)
    (pertama,) = kode(kertas)

    terbitkan([baca_lagi(orang)], operator)

    (kedua,) = kode(kertas)
    assert buka(orang, kedua, PADA) is True
    assert buka(orang, pertama, PADA) is (pertama == kedua)


def test_hashing_happens_outside_the_transaction(kertas, operator, monkeypatch):
    asli, di_dalam = pin.olah, []
    dasar = len(connection.savepoint_ids)

    def olah(akun, pin_):
        di_dalam.append(len(connection.savepoint_ids) - dasar)
        return asli(akun, pin_)

    monkeypatch.setattr(pin, "olah", olah)

    terbitkan([buat(), buat()], operator)

    assert di_dalam == [0, 0]


@pytest.mark.kertas
def test_real_paper_carries_the_codes_that_open_the_accounts(operator):
    orang = [buat(f"Ni Luh Nomor {n}") for n in range(9)]

    isi = terbitkan(orang, operator, timezone.now())

    dokumen = PdfReader(BytesIO(isi))
    teks = "\n".join(h.extract_text() for h in dokumen.pages)
    assert len(dokumen.pages) == 3
    for satu in orang:
        sesudah_nama = teks.partition(satu.nama)[2]
        kode_ = "".join(re.search(r"(\d{3}) (\d{3})", sesudah_nama).groups())
        assert buka(satu, kode_, timezone.now()) is True
