"""Whose turn it is: pace, limits, cost, quiet hours, and news that came too late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layanan import transports
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import anggaran, giliran, notifikasi, pengiriman, tanda_terima
from layanan.kotak_keluar import jam as tenang
from layanan.models import (
    KabarBerkala,
    LajuKirim,
    Notifikasi,
    PengaturanPesan,
    Percakapan,
)
from simulator import twilio_palsu as tp
from tests.serentak import jalankan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
K = Notifikasi.Keadaan
SIANG = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # noon WITA


@pytest.fixture
def berjeda(settings):
    """As in real life: one message in six seconds to the same number."""
    settings.KIRIM = settings.KIRIM | {"jeda_nomor": 6}


def jatuh_tempo(pada: datetime, **saring: object) -> None:
    Notifikasi.objects.filter(**saring).update(ambil_lagi_pada=pada, dibuat_pada=pada)


def diambil(pada: datetime, jumlah: int = 20) -> list[int]:
    return [b.pk for b in giliran.ambil(jumlah, pada=pada)]


# --- One number ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("berjeda")
def test_one_number_gets_one_message_in_six_seconds_in_their_order(tulis):
    semua = [tulis().pk for _ in range(3)]
    lain = tulis(nomor_hp="+6281234567899").pk
    jatuh_tempo(SIANG)

    assert diambil(SIANG) == [semua[0], lain]
    assert diambil(SIANG + timedelta(seconds=5.9)) == []
    assert diambil(SIANG + timedelta(seconds=6)) == [semua[1]]
    assert diambil(SIANG + timedelta(seconds=12)) == [semua[2]]


@pytest.mark.usefixtures("berjeda")
def test_clock_that_was_ahead_holds_neither_a_number_nor_a_message(tulis):
    depan = SIANG + timedelta(days=30)
    lama, baru, lain = tulis(), tulis(), tulis(nomor_hp="+6281234567899")
    jatuh_tempo(SIANG)
    Notifikasi.objects.filter(pk=lama.pk).update(keadaan=K.DIKIRIM, diambil_pada=depan)
    jatuh_tempo(depan, pk=lain.pk)

    assert set(diambil(SIANG)) == {baru.pk, lain.pk}
    assert diambil(SIANG + timedelta(seconds=30)) == []


@pytest.mark.usefixtures("berjeda")
def test_many_messages_to_one_number_do_not_hold_up_the_others(tulis):
    for _ in range(30):
        tulis()
    lain = tulis(nomor_hp="+6281234567899").pk
    jatuh_tempo(SIANG)

    assert len(diambil(SIANG, jumlah=2)) == 1, "the first thirty are all for the same number"
    assert diambil(SIANG, jumlah=2) == [lain]


@pytest.mark.usefixtures("berjeda")
def test_second_message_of_a_pin_follows_six_seconds_later(twilio, tulis):
    tulis(), tulis()

    pengiriman.kirim_yang_menunggu()

    assert len(twilio.messages) == 1
    Notifikasi.objects.update(diambil_pada=timezone.now() - timedelta(seconds=6))
    pengiriman.kirim_yang_menunggu()
    assert len(twilio.messages) == 2


# --- Claims -------------------------------------------------------------------------------------


def di_antara(monkeypatch, perbuatan) -> None:
    """Let something happen after the queue was looked at and before its rows are claimed."""
    asli = giliran._yang_terbayar

    def terbayar(semua, pada):
        hasil = asli(semua, pada)
        perbuatan()
        return hasil

    monkeypatch.setattr(giliran, "_yang_terbayar", terbayar)


def test_message_that_was_cancelled_a_moment_before_its_claim_is_not_sent(tulis, monkeypatch):
    batal, jalan = tulis(), tulis()
    jatuh_tempo(SIANG)
    satu = Notifikasi.objects.filter(pk=batal.pk)
    di_antara(monkeypatch, lambda: notifikasi.batalkan(satu, sebab="Tidak perlu.", pada=SIANG))

    assert diambil(SIANG) == [jalan.pk]

    batal.refresh_from_db()
    assert (batal.keadaan, batal.percobaan, batal.diambil_pada) == (K.BATAL, 0, None)


def test_message_that_arrived_a_moment_before_its_claim_is_not_asked_for(tulis, monkeypatch):
    """Its worker died, its receipt was late."""
    sampai = tulis(keadaan=K.DIAMBIL, percobaan=1)
    jatuh_tempo(SIANG)
    kabar = {"pk": sampai.pk, "sid": "SM1", "status": "delivered", "percobaan": 1}
    di_antara(monkeypatch, lambda: tanda_terima.terima(**kabar, pada=SIANG))

    assert diambil(SIANG) == []

    sampai.refresh_from_db()
    assert (sampai.keadaan, sampai.ditanya) == (K.SAMPAI, 0)


def test_number_of_queries_does_not_grow_with_the_messages(tulis, django_assert_num_queries):
    PengaturanPesan.objects.create(pk=1, harga=500)
    LajuKirim.objects.create(pk=1)
    anggaran.catat_dikirim(0, pada=SIANG)
    for _ in range(2):
        tulis(), tulis(keadaan=K.DIAMBIL)
    jatuh_tempo(SIANG)
    with CaptureQueriesContext(connection) as sedikit:
        assert len(diambil(SIANG)) == 4

    for _ in range(9):
        tulis(), tulis(keadaan=K.DIAMBIL)
    jatuh_tempo(SIANG)
    with django_assert_num_queries(len(sedikit)):
        assert len(diambil(SIANG + timedelta(seconds=1))) == 20


# --- The provider's limit -----------------------------------------------------------------------


def test_no_more_in_a_second_than_the_provider_takes(tulis, settings):
    settings.KIRIM = settings.KIRIM | {"per_detik": 3}
    for _ in range(5):
        tulis()
    jatuh_tempo(SIANG)

    assert len(diambil(SIANG)) == 3
    with pytest.raises(giliran.LajuHabis):
        giliran.ambil(1, pada=SIANG + timedelta(milliseconds=900))
    assert len(diambil(SIANG + timedelta(seconds=1))) == 2


def test_worker_waits_for_the_next_second_and_sends_the_rest(twilio, tulis, settings):
    settings.KIRIM = settings.KIRIM | {"per_detik": 2}
    for _ in range(5):
        tulis()

    assert pengiriman.kirim_yang_menunggu() == 5

    per_detik: dict[int, int] = {}
    for saat in Notifikasi.objects.values_list("diambil_pada", flat=True):
        per_detik[int(saat.timestamp())] = per_detik.get(int(saat.timestamp()), 0) + 1
    assert max(per_detik.values()) <= 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_share_the_limit_and_never_a_row(tulis, settings):
    settings.KIRIM = settings.KIRIM | {"per_detik": 10}
    for _ in range(16):
        tulis()
    kini = timezone.now()
    jatuh_tempo(kini)

    def satu(_: int) -> list[int]:
        try:
            return [b.pk for b in giliran.ambil(4, pada=kini)]
        except giliran.LajuHabis:
            return []

    semua = [pk for bagian in jalankan(satu, range(6)) for pk in bagian]

    assert len(semua) == len(set(semua)) == 10
    assert LajuKirim.objects.get().jumlah == 10


def test_calls_run_at_the_same_time_within_one_worker(twilio, tulis, settings):
    settings.TWILIO["serentak"] = 4
    twilio.latensi = (0.4, 0.4)
    for n in range(4):
        tulis(nomor_hp=f"+628123456780{n}")

    mulai = timezone.now()
    assert pengiriman.kirim_yang_menunggu() == 4

    assert len(twilio.messages) == 4
    assert timezone.now() - mulai < timedelta(seconds=1.2), "one after the other takes 1.6 s"
    assert set(Notifikasi.objects.values_list("keadaan", flat=True)) == {K.DIKIRIM}


# --- What it costs ------------------------------------------------------------------------------


def test_cap_of_the_month_holds_and_says_so(twilio, tulis):
    PengaturanPesan.objects.create(pk=1, harga=500, batas=1200)
    baris = [tulis() for _ in range(3)]

    pengiriman.kirim_yang_menunggu()

    for satu in baris:
        satu.refresh_from_db()
    assert [b.keadaan for b in baris] == [K.DIKIRIM, K.DIKIRIM, K.GAGAL]
    assert [b.biaya for b in baris] == [500, 500, None]
    assert (baris[2].kode_galat, "batas" in baris[2].galat) == (giliran.KODE_BATAS, True)
    assert len(twilio.messages) == 2


def test_messages_that_guard_an_account_go_out_above_the_cap(twilio, warga, settings):
    PengaturanPesan.objects.create(pk=1, harga=500, batas=0)
    kejadian = warga.kejadian.create(jenis="DIJAGA", pada=timezone.now())
    notifikasi.tulis("akun_dijaga", nomor_hp=warga.nomor_hp, pada=timezone.now(), kejadian=kejadian)
    pengiriman.kirim_yang_menunggu()

    assert len(twilio.messages) == 1
    assert Notifikasi.objects.get().biaya == 500, "it counts nevertheless"


def test_message_that_may_have_gone_out_is_asked_for_whatever_the_cap_says(twilio, tulis):
    """Its price is counted already, and it may be on the phone: not to be called a failure."""
    PengaturanPesan.objects.create(pk=1, harga=500, batas=500)
    twilio.rencanakan(tp.PUTUS_SESUDAH)
    baris = tulis()
    pengiriman.kirim_yang_menunggu()
    Notifikasi.objects.update(ambil_lagi_pada=timezone.now())

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.biaya) == (K.DIKIRIM, 500)
    assert baris.sid == twilio.messages[0].sid
    assert len(twilio.messages) == 1


def test_refused_message_costs_nothing(twilio, tulis):
    PengaturanPesan.objects.create(pk=1, harga=500)
    twilio.rencanakan(tp.galat(63024))
    baris = tulis()

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.biaya) == (K.GAGAL, None)


def test_spending_of_another_month_does_not_count(twilio, tulis):
    PengaturanPesan.objects.create(pk=1, harga=500, batas=500)
    lama = tulis(keadaan=K.SAMPAI, biaya=500, diambil_pada=timezone.now() - timedelta(days=40))
    baru = tulis()

    pengiriman.kirim_yang_menunggu()

    baru.refresh_from_db()
    assert (lama.biaya, baru.keadaan) == (500, K.DIKIRIM)


# --- The free window ----------------------------------------------------------------------------


def _menulis(nomor: str, jam_lalu: float) -> None:
    kini = timezone.now()
    Percakapan.objects.create(
        alamat=nomor,
        nomor_hp=nomor,
        terakhir_masuk_pada=kini - timedelta(hours=jam_lalu),
        jam_mulai_pada=kini,
    )


def test_who_wrote_within_a_day_gets_free_words_without_a_charge(twilio, tulis):
    PengaturanPesan.objects.create(pk=1, harga=500)
    baris = tulis()
    _menulis(baris.nomor_hp, 22)
    twilio.masuk_terakhir[baris.nomor_hp] = datetime.now(UTC)

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.biaya, baris.lewat_jendela) == (K.DIKIRIM, 0, True)
    (terkirim,) = twilio.messages
    assert "ContentSid" not in terkirim.isian
    assert "sedang diproses" in terkirim.isian["Body"]


def test_free_words_need_no_approved_template(twilio, tulis, settings):
    settings.TWILIO["content_sids"] = {}
    baris = tulis()
    _menulis(baris.nomor_hp, 1)
    twilio.masuk_terakhir[baris.nomor_hp] = datetime.now(UTC)

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert baris.keadaan == K.DIKIRIM


def test_an_old_message_opens_no_window(twilio, tulis):
    baris = tulis()
    _menulis(baris.nomor_hp, 23.5)

    pengiriman.kirim_yang_menunggu()

    assert "ContentSid" in twilio.messages[0].isian


@pytest.mark.parametrize("belakangan", [False, True])
def test_window_that_was_shut_after_all_costs_one_more_call_and_nothing_else(
    belakangan, twilio, tulis
):
    PengaturanPesan.objects.create(pk=1, harga=500)
    baris = tulis()
    _menulis(baris.nomor_hp, 22)  # the provider knows better
    if belakangan:  # accepted, and refused a moment later
        twilio.masuk_terakhir[baris.nomor_hp] = datetime.now(UTC)

    pengiriman.kirim_yang_menunggu()
    if belakangan:
        twilio.kabari(twilio.messages[0], "failed", kode_galat=63016)
        pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.biaya, baris.percobaan) == (K.DIKIRIM, 500, 2)
    assert "ContentSid" in twilio.messages[-1].isian
    assert baris.sid == twilio.messages[-1].sid


# --- Quiet hours --------------------------------------------------------------------------------


def _pengingat(pada: datetime) -> Notifikasi:
    sebab = KabarBerkala.objects.create(jenis="KELIAN", kunci="kelian:1:2026-W48", pada=pada)
    return Notifikasi.objects.create(
        berkala=sebab,
        nomor_hp="+6281234567899",
        pesan="kelian_belum_diambil",
        variabel=["3", "Perbekel Bugbug"],
        ambil_lagi_pada=pada,
        dibuat_pada=pada,
        berubah_pada=pada,
    )


@pytest.mark.parametrize(
    ("jam", "boleh"),
    [("19:59:59", True), ("20:00:00", False), ("06:59:59", False), ("07:00:00", True)],
)
def test_reminders_do_not_ring_at_night_but_steps_do(jam, boleh, tulis):
    pada = datetime.fromisoformat(f"2026-11-24T{jam}+08:00")
    langkah = tulis()
    pengingat = _pengingat(pada)
    jatuh_tempo(pada)

    hasil = diambil(pada)

    assert langkah.pk in hasil
    assert (pengingat.pk in hasil) is boleh
    assert tenang.sesudah(pada) == (pada if boleh else tenang.sesudah(pada).replace(minute=0))
    assert not tenang.sekarang(tenang.sesudah(pada))


@pytest.mark.parametrize(("jenis", "boleh"), [("UJI", True), ("KELIAN", False)])
def test_sample_is_sent_at_night_to_whoever_pressed_the_button(jenis, boleh, operator):
    malam = datetime.fromisoformat("2026-11-24T22:00:00+08:00")
    satu = _pengingat(malam)
    KabarBerkala.objects.update(jenis=jenis)
    Notifikasi.objects.update(penerima=operator)

    assert diambil(malam) == [satu.pk] * boleh


# --- Too late -----------------------------------------------------------------------------------


def _minta_ambil(keadaan: str, permohonan) -> Notifikasi:
    """ "Please fetch it", of a letter that nobody can fetch any more."""
    kini = timezone.now()
    sebab = KabarBerkala.objects.create(
        jenis="PERANGKAT", kunci="perangkat:1:1", pada=kini, permohonan=permohonan
    )
    return Notifikasi.objects.create(
        berkala=sebab,
        nomor_hp="+6281234567899",
        pesan="perangkat_ambil",
        variabel=katalog.nilai(
            "perangkat_ambil", notifikasi.konteks_umum() | {"nomor": permohonan.nomor}
        ),
        keadaan=keadaan,
        percobaan=1,
        ambil_lagi_pada=kini,
        dibuat_pada=kini,
        berubah_pada=kini,
    )


@pytest.mark.parametrize("keadaan", [K.MENUNGGU, K.SEMENTARA])
def test_late_message_that_did_not_go_out_is_cancelled(keadaan, twilio, permohonan_ringan):
    satu = _minta_ambil(keadaan, permohonan_ringan)

    pengiriman.kirim_yang_menunggu()

    satu.refresh_from_db()
    assert (satu.keadaan, satu.galat) == (K.BATAL, giliran.TERLAMBAT)
    assert twilio.panggilan == []


@pytest.mark.parametrize("sudah_terkirim", [True, False])
def test_late_message_that_may_have_gone_out_is_asked_for_and_not_cancelled_blindly(
    sudah_terkirim, twilio, permohonan_ringan
):
    satu = _minta_ambil(K.DIAMBIL, permohonan_ringan)
    if sudah_terkirim:
        transport = transports.pilih()
        transport.kirim(pengiriman.susun(satu, butuh_templat=transport.butuh_templat))
    sebelum = len(twilio.panggilan)

    pengiriman.kirim_yang_menunggu()

    satu.refresh_from_db()
    assert [cara for cara, _, _ in twilio.panggilan[sebelum:]] == ["GET"]
    assert satu.ditanya == 1
    if sudah_terkirim:
        assert (satu.keadaan, satu.sid) == (K.DIKIRIM, twilio.messages[0].sid)
    else:
        assert (satu.keadaan, satu.galat) == (K.BATAL, giliran.TERLAMBAT)


def test_worker_that_overslept_does_not_cancel_what_the_next_one_sends(
    twilio, permohonan_ringan, monkeypatch
):
    satu = _minta_ambil(K.DIAMBIL, permohonan_ringan)
    berikut = timezone.now() + timedelta(minutes=5)
    asli = giliran.usang

    def lama(semua, *, pada):
        if semua:  # meanwhile its lease ran out, and the row was taken again
            Notifikasi.objects.update(ambil_lagi_pada=berikut)
        return asli(semua, pada=pada)

    monkeypatch.setattr(giliran, "usang", lama)
    pengiriman.kirim_yang_menunggu()

    satu.refresh_from_db()
    assert (satu.keadaan, satu.ambil_lagi_pada) == (K.DIAMBIL, berikut)


# --- Overtaken ----------------------------------------------------------------------------------


def test_news_that_was_overtaken_while_it_waited_is_not_sent_any_more(twilio, tulis):
    lama = tulis("diproses", keadaan=K.SEMENTARA, percobaan=1)
    baru = tulis("siap_diambil", keadaan=K.SAMPAI)

    pengiriman.kirim_yang_menunggu()

    lama.refresh_from_db()
    assert (lama.keadaan, lama.ditangani_cara) == (K.BATAL, Notifikasi.Cara.SUSULAN)
    assert twilio.messages == []
    assert baru.keadaan == K.SAMPAI


def test_news_for_staff_is_never_overtaken_by_news_for_the_resident(twilio, tulis, operator):
    """The resident knows that it was filed; the operator still has to hear of it."""
    petugas = tulis("petugas_dikembalikan", keadaan=K.SEMENTARA, percobaan=1, penerima=operator)
    tulis("siap_diambil", keadaan=K.SAMPAI)

    pengiriman.kirim_yang_menunggu()

    petugas.refresh_from_db()
    assert (petugas.keadaan, petugas.ditangani_pada) == (K.DIKIRIM, None)
    assert len(twilio.messages) == 1


def test_news_for_the_resident_is_not_overtaken_by_news_for_staff(twilio, tulis, operator):
    warga = tulis("diproses", keadaan=K.SEMENTARA, percobaan=1)
    tulis("petugas_dikembalikan", keadaan=K.SAMPAI, penerima=operator)

    pengiriman.kirim_yang_menunggu()

    warga.refresh_from_db()
    assert warga.keadaan == K.DIKIRIM


def test_news_of_another_request_overtakes_nothing(twilio, tulis, permohonan_ringan):
    lama = tulis("diproses", keadaan=K.SEMENTARA, percobaan=1)
    permohonan_ringan.pk, permohonan_ringan.nomor, permohonan_ringan.kode_resi = None, "P-2", "R2"
    permohonan_ringan.save(force_insert=True)
    tulis("siap_diambil", keadaan=K.SAMPAI)

    pengiriman.kirim_yang_menunggu()

    lama.refresh_from_db()
    assert lama.keadaan == K.DIKIRIM
