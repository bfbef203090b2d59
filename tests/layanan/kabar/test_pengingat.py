"""Reminders for letters that nobody collects: three at most, by day, and none after pick-up."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from layanan.kabar import berkala, panggilan, pengingat
from layanan.kotak_keluar import aturan, giliran, persetujuan
from layanan.models import KabarBerkala, NomorWA, Notifikasi, Permohonan
from layanan.permohonan import ajukan, alur, dampak
from tests import factories, serentak
from tests.layanan.kabar.siap_ambil import DITANDATANGANI, hari, kirim_pada, kunci, tandatangani
from tests.layanan.kabar.siap_ambil import pengingat as semua_pengingat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
K = Notifikasi.Keadaan
WARGA_WA = (aturan.PENGINGAT, "WARGA", "WA")
WARGA_TELEPON = (aturan.PENGINGAT, "WARGA", "TELEPON")
SERAH = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")


@pytest.fixture
def siap(permohonan, operator, perbekel) -> Permohonan:
    return tandatangani(permohonan, operator=operator, perbekel=perbekel)


def _serahkan(permohonan: Permohonan, operator) -> None:
    alur.jalankan(permohonan, "serahkan", SERAH, oleh=operator, pada=timezone.now())


# --- Which, and when -------------------------------------------------------------------------


@pytest.mark.sekali
def test_three_reminders_in_a_month_whatever_the_hour_they_come_due(siap):
    jam = DITANDATANGANI
    while jam < hari(31):
        pengingat.ingatkan(pada=jam)
        jam += timedelta(hours=3)

    assert kunci("PENGINGAT") == ["3", "7", "14"]
    assert [n.dibuat_pada for n in semua_pengingat()] == [hari(ke, "00:00:00") for ke in (3, 7, 14)]
    assert [n.ambil_lagi_pada for n in semua_pengingat()] == [
        hari(ke, "07:00:00") for ke in (3, 7, 14)
    ]
    assert {(n.nomor_hp, n.penerima) for n in semua_pengingat()} == {(siap.nomor_hp, None)}


def test_many_at_once_are_written_minute_by_minute(siap, tetangga, operator, perbekel, monkeypatch):
    tandatangani(factories.buat_permohonan(tetangga), operator=operator, perbekel=perbekel)
    monkeypatch.setattr(pengingat, "SEKALI", 1)

    assert [pengingat.ingatkan(pada=hari(3)) for _ in range(3)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("ke", "harap"),
    [
        (0, []),
        (2, []),
        (3, ["3"]),
        (6, ["3"]),
        (7, ["7"]),
        (8, ["7"]),
        (13, ["7"]),
        (14, ["14"]),
        (20, ["14"]),
        (21, []),
        (400, []),
    ],
)
def test_clock_that_was_away_sends_only_the_latest_reminder(siap, ke, harap):
    assert pengingat.ingatkan(pada=hari(ke)) == len(harap)
    assert pengingat.ingatkan(pada=hari(ke) + timedelta(minutes=1)) == 0
    assert kunci("PENGINGAT") == harap


@pytest.mark.parametrize("saat", ["00:00:00", "07:59:59", "23:59:59"])
def test_days_are_those_of_the_calendar_in_wita(permohonan, operator, perbekel, saat):
    tandatangani(permohonan, operator=operator, perbekel=perbekel, pada=hari(0, saat))

    assert pengingat.ingatkan(pada=hari(2, "23:59:59")) == 0
    assert pengingat.ingatkan(pada=hari(3, "00:00:00")) == 1


def test_words_name_the_request_and_since_when(siap, twilio, monkeypatch):
    pengingat.ingatkan(pada=hari(3))

    kirim_pada(monkeypatch, hari(3))

    (pesan,) = twilio.messages
    assert pesan.ke == f"whatsapp:{siap.nomor_hp}"
    assert siap.nomor in pesan.body and "sejak 2 November 2026" in pesan.body


# --- Quiet hours -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pada", "keluar"),
    [
        (hari(3, "19:59:59"), hari(3, "19:59:59")),
        (hari(3, "20:00:00"), hari(4, "07:00:00")),
        (hari(4, "06:59:59"), hari(4, "07:00:00")),
        (hari(4, "07:00:00"), hari(4, "07:00:00")),
    ],
)
def test_reminder_is_written_for_the_first_moment_that_is_not_quiet(siap, pada, keluar):
    pengingat.ingatkan(pada=pada)

    (baris,) = semua_pengingat()
    assert baris.ambil_lagi_pada == keluar
    assert list(giliran.jatuh_tempo(keluar - timedelta(seconds=1)).filter(pk=baris.pk)) == []
    assert list(giliran.jatuh_tempo(keluar).filter(pk=baris.pk)) == [baris]


def test_reminder_that_was_not_sent_by_day_does_not_ring_at_night(siap):
    """A provider that was down all afternoon comes back at nine in the evening."""
    pengingat.ingatkan(pada=hari(3, "13:00:00"))

    def jatuh_tempo(pada: datetime) -> bool:
        return giliran.jatuh_tempo(pada).filter(pesan="belum_diambil").exists()

    assert jatuh_tempo(hari(3, "19:59:59"))
    assert not jatuh_tempo(hari(3, "20:00:00"))
    assert not jatuh_tempo(hari(4, "06:59:59"))
    assert jatuh_tempo(hari(4, "07:00:00"))


def test_late_reminder_that_waits_for_the_morning_gives_way_to_the_next_one(siap):
    pengingat.ingatkan(pada=hari(6, "22:00:00"))
    pengingat.ingatkan(pada=hari(7, "00:01:00"))

    lama, baru = semua_pengingat()
    assert (lama.keadaan, lama.galat) == (K.BATAL, "Sudah digantikan pengingat berikutnya.")
    assert (baru.keadaan, baru.ambil_lagi_pada) == (K.MENUNGGU, hari(7, "07:00:00"))


# --- Once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_clocks_that_run_at_once_send_every_message_once(siap, operator, perbekel):
    """Everything the clock sends is due at this moment."""
    siap.pemohon.keluarga.banjar.nomor_hp_kelian = "+6281234500077"
    siap.pemohon.keluarga.banjar.save()
    perbekel.nomor_hp = "+6281234500009"
    perbekel.save()
    menunggu = factories.buat_permohonan(factories.buat_warga())
    factories.jalankan_sampai(menunggu, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    Notifikasi.objects.update(keadaan="SAMPAI")

    hasil = serentak.jalankan(lambda _: berkala.jalankan(pada=hari(15, "09:30:00")), range(8))

    dikirim = Notifikasi.objects.filter(berkala__isnull=False).values_list("pesan", flat=True)
    harap = ["belum_diambil", "kelian_belum_diambil", "petugas_ringkasan", "ttd_ringkasan"]
    assert sorted(dikirim) == harap
    assert sum(hasil) == len(harap)
    assert berkala.jalankan(pada=hari(15, "09:31:00")) == 0


@pytest.mark.django_db(transaction=True)
def test_pick_up_at_the_moment_of_the_reminder_leaves_none_behind(siap, operator):
    def satu(apa: str) -> None:
        if apa == "serahkan":
            _serahkan(Permohonan.objects.get(pk=siap.pk), operator)
        else:
            pengingat.ingatkan(pada=hari(3))

    serentak.jalankan(satu, ["serahkan", "ingatkan", "ingatkan"])

    assert {n.keadaan for n in semua_pengingat()} <= {K.BATAL}


# --- Stop ------------------------------------------------------------------------------------


def test_waiting_reminder_is_cancelled_with_the_hand_over(siap, operator, twilio, monkeypatch):
    pengingat.ingatkan(pada=hari(3, "21:00:00"))

    _serahkan(siap, operator)

    (baris,) = semua_pengingat()
    assert (baris.keadaan, baris.galat) == (
        K.BATAL,
        "Tidak perlu lagi: surat sudah diambil, dicabut, atau diganti.",
    )
    kirim_pada(monkeypatch, hari(4, "07:00:00"))
    assert [p for p in twilio.messages if "masih menunggu" in p.body] == []


def test_reminder_that_is_to_be_tried_again_is_cancelled_with_the_withdrawal(siap, perbekel):
    pengingat.ingatkan(pada=hari(3))
    Notifikasi.objects.filter(pesan="belum_diambil").update(keadaan=K.SEMENTARA)

    alur.catat_peristiwa(
        siap, "cabut", oleh=perbekel, pada=timezone.now(), catatan="Alamatnya keliru"
    )

    assert [n.keadaan for n in semua_pengingat()] == [K.BATAL]


def test_reminder_for_a_letter_is_cancelled_when_its_correction_is_signed(siap, operator, perbekel):
    pengingat.ingatkan(pada=hari(3))
    koreksi = ajukan.pengganti(
        siap, isian=siap.isian, alasan="Alamatnya keliru", oleh=operator, pada=timezone.now()
    )
    factories.jalankan_sampai(koreksi, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    assert [n.keadaan for n in semua_pengingat()] == [K.MENUNGGU]

    factories.jalankan_sampai(koreksi, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    assert [n.keadaan for n in semua_pengingat()] == [K.BATAL]
    assert pengingat.ingatkan(pada=hari(7)) == 0


@pytest.mark.parametrize("keadaan", [K.MENUNGGU, K.SEMENTARA, K.DIAMBIL])
def test_reminder_is_looked_at_once_more_before_it_goes_out(
    siap, operator, twilio, keadaan, monkeypatch
):
    """However it came to wait still: the letter is not there any more. A row that a dead worker
    held is asked after, and not sent a second time."""
    pengingat.ingatkan(pada=hari(3))
    _serahkan(siap, operator)
    Notifikasi.objects.exclude(pesan="belum_diambil").update(keadaan="SAMPAI")
    Notifikasi.objects.filter(pesan="belum_diambil").update(keadaan=keadaan, percobaan=1)

    kirim_pada(monkeypatch, hari(3))

    assert [n.keadaan for n in semua_pengingat()] == [K.BATAL]
    assert twilio.messages == []


def test_letter_that_is_no_longer_there_to_be_collected_reminds_nobody(siap, operator, perbekel):
    _serahkan(siap, operator)
    dicabut = factories.buat_permohonan(factories.buat_warga())
    tandatangani(dicabut, operator=operator, perbekel=perbekel)
    alur.catat_peristiwa(dicabut, "cabut", oleh=perbekel, pada=hari(1), catatan="Alamatnya keliru")
    belum = factories.buat_permohonan(factories.buat_warga())
    factories.jalankan_sampai(belum, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    assert [pengingat.ingatkan(pada=hari(ke)) for ke in (3, 7, 14)] == [0, 0, 0]
    assert pengingat.daftar(pada=hari(15))[0] == []


def test_berhenti_stops_the_reminder_that_waits_and_those_to_come(siap):
    pengingat.ingatkan(pada=hari(3, "21:00:00"))

    persetujuan.berhenti(siap.nomor_hp, pada=hari(3, "22:00:00"))

    assert [n.keadaan for n in semua_pengingat()] == [K.TANPA_WA]
    assert pengingat.ingatkan(pada=hari(7)) == 0


# --- Who cannot be reached; what is switched off -----------------------------------------------


def _tolak(permohonan: Permohonan) -> None:
    Permohonan.objects.filter(pk=permohonan.pk).update(kabari_wa=False)


def _tanpa_nomor(permohonan: Permohonan) -> None:
    Permohonan.objects.filter(pk=permohonan.pk).update(nomor_hp="")


def _berhenti(permohonan: Permohonan) -> None:
    NomorWA.objects.create(nomor_hp=permohonan.nomor_hp, berhenti_pada=hari(1))


def _tanpa_wa(permohonan: Permohonan) -> None:
    NomorWA.objects.create(nomor_hp=permohonan.nomor_hp, bermasalah_pada=hari(1))


TAK_TERJANGKAU = [
    (_tolak, "TOLAK"),
    (_tanpa_nomor, "KOSONG"),
    (_berhenti, "BERHENTI"),
    (_tanpa_wa, "TANPAWA"),
]


@pytest.mark.parametrize(("keadaan", "_sebab"), TAK_TERJANGKAU)
def test_nothing_is_written_for_who_cannot_be_reached(siap, keadaan, _sebab):
    keadaan(siap)

    assert pengingat.ingatkan(pada=hari(3)) == 0
    assert KabarBerkala.objects.count() == 0


@pytest.mark.parametrize(("keadaan", "sebab"), TAK_TERJANGKAU)
def test_village_that_wants_it_calls_whom_no_reminder_reaches(siap, operator, keadaan, sebab):
    aturan.ubah({WARGA_TELEPON: True})
    keadaan(siap)

    assert pengingat.ingatkan(pada=hari(3)) == 1

    (baris,) = semua_pengingat()
    assert (baris.keadaan, baris.kode_galat) == (K.TANPA_WA, sebab)
    assert list(panggilan.daftar(pada=hari(3, "12:30:00"))) == [baris]
    _serahkan(siap, operator)
    panggilan.bereskan(pada=hari(4))
    baris.refresh_from_db()
    assert baris.ditangani_cara == "SELESAI"


def test_number_that_had_no_whatsapp_long_ago_is_tried_again(siap):
    NomorWA.objects.create(
        nomor_hp=siap.nomor_hp, bermasalah_pada=hari(3) - timedelta(days=30, seconds=1)
    )

    assert pengingat.ingatkan(pada=hari(3)) == 1


def test_village_that_wants_no_reminders_sends_none(siap):
    aturan.ubah({WARGA_WA: False})

    assert pengingat.ingatkan(pada=hari(3)) == 0

    aturan.ubah({WARGA_WA: True})
    assert pengingat.ingatkan(pada=hari(3)) == 1
