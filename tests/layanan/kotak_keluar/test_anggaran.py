"""What somebody outside can make the village pay: counted when it is written, within a ceiling."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from layanan import transports
from layanan.kabar import akun as kabar_akun
from layanan.kabar import panggilan
from layanan.kotak_keluar import anggaran, biaya, notifikasi, pengiriman
from layanan.minta_pin import permintaan
from layanan.models import (
    AnggaranPesan,
    Notifikasi,
    PengaturanPesan,
    Percakapan,
    PermintaanPIN,
)
from layanan.permohonan import alur
from layanan.retensi import jalan
from penduduk.akun import penjagaan
from penduduk.models import Akun
from tests import factories

pytestmark = pytest.mark.django_db
K = Notifikasi.Keadaan


def minta_pin(ke: int, pada: datetime) -> PermintaanPIN:
    """Somebody's form enters the queue of the office."""
    satu = factories.buat_permintaan_pin(
        keadaan="FOTO_ULANG", alasan="Buram.", nomor_hp=f"+62812555{ke:05}", asal="SITUS"
    )
    assert permintaan.lengkapi(satu, pada=pada)
    return satu


def kirim_semua() -> None:
    kabar_akun.kabarkan_yang_menunggu(pada=timezone.now())
    while pengiriman.kirim_yang_menunggu():
        pass


# --- The month ------------------------------------------------------------------------------------


def test_nothing_that_others_cause_passes_the_ceiling_of_the_month(twilio, warga, operator):
    """Cap Rp1.000 at Rp500: 30 changes of the number, 23 forms, 10 refusals, guards and PINs."""
    factories.buat_operator("budi", nomor_hp="+6281234500009")
    PengaturanPesan.objects.create(pk=1, harga=500, batas=1000)
    kini = timezone.now()
    for ke in range(30):
        penjagaan.ganti_nomor(warga, f"+62812345600{ke:02}", pada=kini)
    for ke in range(23):
        satu = minta_pin(ke, kini)
        if ke < 10:
            permintaan.tolak(satu, alasan="Bukan warga.", oleh=operator, pada=kini)
    for _ in range(9):
        penjagaan.catat(warga, "DIJAGA", pada=kini)
    kirim_semua()

    uang = biaya.keuangan(pada=timezone.now())
    assert uang.plafon == 1500
    assert uang.terpakai <= 1500 and len(twilio.messages) <= 3
    assert uang.penuh
    tak_terkirim = Notifikasi.objects.filter(kode_galat="BATAS")
    assert {n.keadaan for n in tak_terkirim} == {K.GAGAL}
    nanti = timezone.now() + panggilan.TUNDA
    assert panggilan.daftar(pada=nanti).exists(), "told another way"


def test_ceiling_of_the_day_holds_for_all_messages(twilio, tulis):
    PengaturanPesan.objects.create(pk=1, plafon_sehari=3)
    baris = [tulis() for _ in range(5)]

    kirim_semua()

    keadaan = [Notifikasi.objects.get(pk=b.pk).keadaan for b in baris]
    assert keadaan == [K.DIKIRIM] * 3 + [K.GAGAL] * 2
    assert anggaran.hari_ini(pada=timezone.now()) == 3
    assert anggaran.hari_ini(pada=timezone.now() + timedelta(days=1)) == 0


def test_answer_that_costs_nothing_is_not_stopped_by_the_rupiah():
    uang = biaya.Keuangan(
        harga=500, batas=1000, peringatan=80, terpakai=1500, jumlah=3, plafon=1500
    )

    assert uang.di_bawah_plafon(0) and not uang.di_bawah_plafon(500)


# --- The day --------------------------------------------------------------------------------------


def test_former_numbers_hear_of_changes_three_times_a_day(twilio, warga):
    for ke in range(30):
        penjagaan.ganti_nomor(warga, f"+62812345600{ke:02}", pada=timezone.now())
    kirim_semua()

    semua = Notifikasi.objects.filter(pesan="nomor_ganti")
    assert semua.filter(keadaan=K.DIKIRIM).count() == 3
    sisa = semua.filter(keadaan=K.TANPA_WA)
    assert sisa.count() == 27 and set(sisa.values_list("kode_galat", flat=True)) == {"ANGGARAN"}


def test_budget_is_counted_without_a_number_and_anew_each_day():
    kini = timezone.now()
    ambil = [anggaran.ambil("nomor_ganti", nomor_hp="+6281", pada=kini) for _ in range(5)]

    assert ambil == [True] * 3 + [False] * 2
    assert anggaran.ambil("nomor_ganti", nomor_hp="+6282", pada=kini)
    assert anggaran.ambil("nomor_ganti", nomor_hp="+6281", pada=kini + timedelta(days=1))
    assert not any("6281" in a.kunci for a in AnggaranPesan.objects.all())
    jumlah = AnggaranPesan.objects.count()
    jalan.jalankan(pada=kini + timedelta(days=30))
    assert jumlah and not AnggaranPesan.objects.exists()


def test_what_is_refused_takes_nothing_from_the_other_budgets(monkeypatch):
    batas = {"nomor": anggaran.Anggaran(("nomor_ganti",), nomor=1, akun=5, desa=5)}
    monkeypatch.setattr(anggaran, "SEHARI", batas)
    kini = timezone.now()
    for _ in range(4):
        anggaran.ambil("nomor_ganti", nomor_hp="+6281", akun=1, pada=kini)

    assert sorted(AnggaranPesan.objects.values_list("jumlah", flat=True)) == [1, 1, 1]


def test_every_message_that_strangers_cause_has_a_budget():
    from layanan.kata_pesan import katalog

    for kode in ("nomor_ganti", "akun_dijaga", "akun_dibekukan", "pin_ganti", "pin_terbit",
                 "pin_ditolak", "pin_foto_ulang", "pin", "pin_pengantar", "petugas_pin",
                 "petugas_baru", "petugas_beku", "petugas_tebakan", "diterima"):  # fmt: skip
        assert kode in katalog.PESAN and kode in anggaran._SEBAB
    assert all(satu.nomor for satu in anggaran.SEHARI.values())


# --- Staff ----------------------------------------------------------------------------------------


def test_forms_of_minutes_are_one_message_to_each_of_the_staff(twilio, operator):
    for ke in range(23):
        minta_pin(ke, timezone.now())

    semua = Notifikasi.objects.filter(pesan="petugas_pin").order_by("pk")
    assert [n.penerima for n in semua] == [operator] * 2
    assert semua[1].ambil_lagi_pada == semua[0].dibuat_pada + notifikasi.JEDA_PETUGAS


def test_flood_of_a_day_reaches_the_staff_ten_times(operator):
    kini = timezone.now().replace(hour=0)
    for ke in range(100):
        minta_pin(ke, kini + timedelta(minutes=6 * ke))

    assert Notifikasi.objects.filter(pesan="petugas_pin").count() == 10


def test_letter_that_is_sent_back_is_told_to_the_operators_and_merged(warga, operator, perbekel):
    for _ in range(3):
        permohonan = factories.buat_permohonan(warga)
        factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
        alur.jalankan(
            permohonan, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Salah."
        )

    semua = Notifikasi.objects.filter(pesan__startswith="petugas_dikembalikan").order_by("pk")
    assert [(n.penerima, n.pesan) for n in semua] == [
        (operator, "petugas_dikembalikan"),
        (operator, "petugas_dikembalikan_lagi"),
    ]
    assert permohonan.nomor not in semua[1].variabel


# --- Refusals -------------------------------------------------------------------------------------


def _dari_situs(nomor: str):
    return factories.buat_permintaan_pin(asal="SITUS", nomor_hp=nomor)


def test_refusal_does_not_go_to_a_number_that_somebody_typed(operator, twilio):
    satu = _dari_situs("+6281255550001")

    assert not permintaan.tolak(satu, alasan="Bukan warga.", oleh=operator, pada=timezone.now())
    kirim_semua()

    baris = Notifikasi.objects.get(pesan="pin_ditolak")
    assert (baris.keadaan, baris.kode_galat, twilio.messages) == (K.TANPA_WA, "ASING", [])
    nanti = timezone.now() + panggilan.TUNDA
    assert panggilan.daftar(pada=nanti).get() == baris


@pytest.mark.parametrize("asal", ["WA", "menulis", "akun"])
def test_refusal_goes_to_whoever_wrote_to_us_or_has_an_account(asal, operator, warga, twilio):
    nomor = "+6281255550001"
    satu = _dari_situs(nomor)
    if asal == "WA":
        satu = factories.buat_permintaan_pin(nomor_hp="+6281255550002")
    elif asal == "menulis":
        kini = timezone.now()
        Percakapan.objects.create(nomor_hp=nomor, terakhir_masuk_pada=kini, jam_mulai_pada=kini)
    else:
        Akun.objects.filter(pk=warga.pk).update(nomor_hp=nomor)

    assert permintaan.tolak(satu, alasan="Bukan warga.", oleh=operator, pada=timezone.now())
    kirim_semua()

    assert [p.ke for p in twilio.messages] == [f"whatsapp:{satu.nomor_hp}"]


# --- Production without a provider ---------------------------------------------------------------


@pytest.fixture
def produksi(settings):
    settings.PRODUKSI = True
    settings.TWILIO = settings.TWILIO | {"account_sid": ""}


def test_without_a_provider_in_production_nothing_counts_as_sent(tulis, settings, produksi):
    settings.PRODUKSI = False
    lama, disimulasi = tulis(), tulis(keadaan=K.DIKIRIM, sid="SIM7")
    settings.PRODUKSI = True
    baru = tulis()
    assert (baru.keadaan, baru.kode_galat) == (K.TANPA_WA, "BELUM")

    assert pengiriman.kirim_yang_menunggu() == 0

    for satu in (lama, disimulasi):
        satu.refresh_from_db()
        assert (satu.keadaan, "belum disambungkan" in satu.galat) == (K.TANPA_WA, True)
    with pytest.raises(transports.BelumTersambung):
        transports.pilih()
    nanti = timezone.now() + panggilan.TUNDA
    assert panggilan.daftar(pada=nanti).exists()


def test_simulated_messages_of_before_are_told_by_phone_once_it_is_connected(
    twilio, tulis, settings
):
    settings.PRODUKSI = True
    palsu, benar = (
        tulis(keadaan=K.DIKIRIM, sid="SIM7"),
        tulis(keadaan=K.DIKIRIM, sid="SM" + "0" * 32),
    )

    assert pengiriman.sisihkan_tiruan(pada=timezone.now()) == 1

    palsu.refresh_from_db(), benar.refresh_from_db()
    assert (palsu.keadaan, benar.keadaan) == (K.TANPA_WA, K.DIKIRIM)
