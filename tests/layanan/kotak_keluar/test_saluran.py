"""A fault of the account or the sender stops the channel, not the messages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from layanan.kotak_keluar import giliran, pengiriman, saluran, tanda_terima
from layanan.models import KeadaanSaluran, Notifikasi, Permohonan, Riwayat
from simulator import twilio_palsu as tp
from tests import factories

pytestmark = pytest.mark.django_db
K = Notifikasi.Keadaan


def kirim() -> int:
    return pengiriman.kirim_yang_menunggu()


def coba() -> int:
    """The next try is due."""
    KeadaanSaluran.objects.update(coba_pada=timezone.now())
    return kirim()


@pytest.fixture
def semua(tulis, permohonan_ringan):
    """Five messages of five requests, in their order, each to a number of its own."""
    baris = []
    for ke in range(5):
        satu = tulis(nomor_hp=f"+62812345679{ke:02}")
        permohonan = Permohonan.objects.get(pk=permohonan_ringan.pk)
        permohonan.pk, permohonan.nomor, permohonan.kode_resi = None, f"P-{ke}", f"RESI{ke}"
        permohonan.save()
        Riwayat.objects.filter(pk=satu.riwayat_id).update(permohonan=permohonan)
        baris.append(satu)
    return baris


def keadaan(semua: list[Notifikasi]) -> list[str]:
    for satu in semua:
        satu.refresh_from_db()
    return [satu.keadaan for satu in semua]


# --- It stops -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kode", [20003, 20005, 63007, 63020, 21606])
def test_refused_account_stops_the_channel_and_fails_no_message(kode, twilio, semua, caplog):
    twilio.tolak_akun = kode

    kirim()
    kirim()

    assert keadaan(semua) == [K.MENUNGGU] * 5
    assert twilio.cacah("POST") == 1, "one is enough to know"
    satu = KeadaanSaluran.objects.get()
    assert (satu.berhenti, satu.kode_galat, satu.lewat_kabar) == (True, str(kode), False)
    assert [b.ambil_lagi_pada for b in semua] == [b.dibuat_pada for b in semua], "in their order"
    assert not pengiriman.masih_ada(), "the worker must not run round"
    assert caplog.text.count("channel stopped") == 1


@pytest.mark.parametrize("kode", [30002, 63112, 63051, 63038])
def test_account_that_accepts_and_then_fails_stops_it_too(kode, twilio, semua):
    kirim()
    for pesan in twilio.messages:
        twilio.kabari(pesan, "failed", kode_galat=kode)

    assert keadaan(semua) == [K.MENUNGGU] * 5
    assert [b.sid for b in semua] == [""] * 5
    assert [b.biaya for b in semua] == [None] * 5
    satu = KeadaanSaluran.objects.get()
    assert (satu.berhenti, satu.kode_galat, satu.lewat_kabar) == (True, str(kode), True)


def test_failure_that_nobody_told_is_found_by_asking_and_put_back(twilio, semua):
    kirim()
    twilio.messages[0].maju("failed", 30002)

    tanda_terima.tanyakan(pada=timezone.now() + timedelta(minutes=11))

    assert keadaan(semua)[0] == K.MENUNGGU


def test_question_that_is_refused_stops_it_as_well(twilio, semua):
    kirim()
    twilio.tolak_akun = 20003

    tanda_terima.tanyakan(pada=timezone.now() + timedelta(hours=30))

    assert KeadaanSaluran.objects.get().berhenti
    assert keadaan(semua) == [K.DIKIRIM] * 5, "nobody knows: not for a human yet"


@pytest.mark.usefixtures("cepat_menyerah")
def test_look_up_that_is_refused_is_not_counted_against_the_message(twilio, tulis):
    baris = tulis()
    twilio.rencanakan(tp.DIAM_SESUDAH)
    kirim()
    twilio.tolak_akun = 20003
    for _ in range(9):
        Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
        coba()

    twilio.tolak_akun = 0
    Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
    coba()
    baris.refresh_from_db()
    assert (baris.keadaan, len(twilio.messages)) == (K.DIKIRIM, 1)


# --- It is tried, and runs again ------------------------------------------------------------------


def test_one_message_is_tried_less_and_less_often(twilio, semua):
    twilio.tolak_akun = 20003
    kirim()
    jeda = []
    for _ in range(8):
        kini = timezone.now()
        coba()
        jeda.append((KeadaanSaluran.objects.get().coba_pada - kini).total_seconds())
    assert [round(j) for j in jeda] == [60, 120, 240, 480, 900, 900, 900, 900]
    assert twilio.cacah("POST") == 9
    assert keadaan(semua) == [K.MENUNGGU] * 5


def test_after_recovery_all_go_out_once_in_their_order(twilio, semua):
    twilio.tolak_akun = 20003
    kirim()
    coba()
    twilio.tolak_akun = 0

    coba()

    assert keadaan(semua) == [K.DIKIRIM] * 5
    assert [p.ke for p in twilio.messages] == [f"whatsapp:{b.nomor_hp}" for b in semua]
    satu = KeadaanSaluran.objects.get()
    assert (satu.keadaan, satu.kode_galat, satu.coba_pada) == ("JALAN", "", None)


def test_where_failures_come_later_only_a_receipt_proves_the_end(twilio, semua):
    kirim()
    twilio.kabari(twilio.messages[0], "failed", kode_galat=30002)
    coba()
    assert keadaan(semua)[0] == K.DIKIRIM
    assert KeadaanSaluran.objects.get().berhenti, "accepted it had been before"

    twilio.kabari(twilio.messages[-1], "sent")

    assert not KeadaanSaluran.objects.get().berhenti


def test_receipt_of_what_was_sent_before_the_fault_proves_nothing(twilio, semua):
    kirim()
    twilio.kabari(twilio.messages[0], "failed", kode_galat=30002)

    twilio.kabari(twilio.messages[1], "sent", "delivered")

    assert KeadaanSaluran.objects.get().berhenti


def test_failure_of_before_the_recovery_is_no_new_fault(twilio, semua, caplog):
    kirim()
    lama = list(twilio.messages)
    twilio.kabari(lama[0], "failed", kode_galat=30002)
    coba()
    twilio.kabari(twilio.messages[-1], "sent")

    twilio.kabari(lama[1], "failed", kode_galat=30002)

    assert not KeadaanSaluran.objects.get().berhenti
    kirim()
    assert keadaan(semua)[1] == K.DIKIRIM, "but that message goes out again"
    assert caplog.text.count("channel stopped") == 1


def test_without_a_message_the_account_is_asked(twilio, semua):
    twilio.tolak_akun = 20005
    kirim()
    Notifikasi.objects.update(keadaan=K.BATAL)
    coba()
    assert KeadaanSaluran.objects.get().berhenti

    twilio.tolak_akun = 0
    coba()

    assert not KeadaanSaluran.objects.get().berhenti
    assert twilio.messages == []


def test_message_that_is_at_fault_itself_does_not_stop_the_others_for_ever(twilio, semua):
    twilio.gangguan_nomor[semua[0].nomor_hp[-6:]] = tp.galat(63007)

    kirim()
    for _ in range(30):
        coba()

    assert keadaan(semua) == [K.GAGAL] + [K.DIKIRIM] * 4
    assert not KeadaanSaluran.objects.get().berhenti


def test_long_standstill_is_not_held_against_a_message(twilio, semua):
    twilio.tolak_akun = 20005
    kirim()
    Notifikasi.objects.update(dibuat_pada=timezone.now() - timedelta(days=4))
    twilio.tolak_akun = 0
    twilio.rencanakan(None, tp.SIBUK)

    coba()

    assert keadaan(semua) == [K.DIKIRIM, K.SEMENTARA, *[K.DIKIRIM] * 3]


def test_sender_whose_days_allowance_is_used_up_waits_for_the_next_day(twilio, semua):
    twilio.gagal_akun = 63018
    kirim()
    for _ in range(2):
        for pesan in twilio.messages[-5:]:
            twilio.kabari(pesan, "failed", kode_galat=63018)
        assert keadaan(semua) == [K.SEMENTARA] * 5
        Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
        kirim()
    for pesan in twilio.messages[-5:]:
        twilio.kabari(pesan, "failed", kode_galat=63018)

    assert keadaan(semua) == [K.MENUNGGU] * 5
    assert KeadaanSaluran.objects.get().kode_galat == "63018"


# --- What has become useless ----------------------------------------------------------------


def test_of_the_steps_that_waited_only_the_last_is_told(twilio, tulis):
    twilio.tolak_akun = 20003
    semua = [tulis("diproses"), tulis("menunggu_ttd"), tulis("siap_diambil")]
    kirim()
    twilio.tolak_akun = 0

    coba()

    assert keadaan(semua) == [K.BATAL, K.BATAL, K.DIKIRIM]
    assert [b.ditangani_cara for b in semua] == ["SUSULAN", "SUSULAN", ""]
    assert "Siap Diambil" in twilio.messages[0].body and len(twilio.messages) == 1


def test_steps_that_follow_each_other_quickly_are_all_told_while_it_runs(twilio, tulis):
    semua = [tulis("diproses"), tulis("menunggu_ttd"), tulis("siap_diambil")]

    kirim()

    assert keadaan(semua) == [K.DIKIRIM] * 3


def test_staff_hear_once_of_all_that_came_in_meanwhile(twilio, warga):
    factories.buat_operator("budi")
    for _ in range(3):
        factories.buat_permohonan(warga)
        Notifikasi.objects.filter(pesan="petugas_baru").update(
            dibuat_pada=timezone.now() - timedelta(hours=1)
        )
    twilio.tolak_akun = 20003
    kirim()
    twilio.tolak_akun = 0
    coba()
    while pengiriman.masih_ada():
        kirim()

    petugas = Notifikasi.objects.filter(penerima__isnull=False).order_by("pk")
    assert [n.keadaan for n in petugas] == [K.BATAL, K.BATAL, K.DIKIRIM]


# --- Together -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_failures_that_come_while_acceptance_is_written_are_not_lost(twilio, tulis, settings):
    """200 failures within a moment of their acceptance, from several threads; takes seconds."""
    settings.TWILIO["serentak"] = 8
    jumlah = 200
    semua = [tulis() for _ in range(jumlah)]
    Notifikasi.objects.update(nomor_hp="")
    for ke, satu in enumerate(semua):
        Notifikasi.objects.filter(pk=satu.pk).update(nomor_hp=f"+62812{30000000 + ke}")
    hasil: list[int] = []

    def kabari(pesan: tp.PesanTwilio) -> None:
        try:
            hasil.extend(twilio.kabari(pesan, "failed", kode_galat=63024))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as kolam:
        twilio.setelah_terima = lambda pesan: kolam.submit(kabari, pesan)
        kirim()

    assert hasil == [204] * jumlah
    assert sorted(set(keadaan(semua))) == [K.GAGAL]
    assert {b.kode_galat for b in semua} == {"63024"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kode", "jadi"), [(63012, K.SEMENTARA), (30002, K.MENUNGGU)])
def test_failure_that_is_faster_than_our_own_answer_wins(kode, jadi, twilio, tulis):
    """Its callback is through before our call has returned."""
    baris = tulis()

    def kabari(pesan: tp.PesanTwilio) -> None:
        try:
            twilio.kabari(pesan, "failed", kode_galat=kode)
        finally:
            connection.close()

    twilio.setelah_terima = kabari
    kirim()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.kode_galat, baris.sid) == (jadi, str(kode), "")


def test_row_whose_worker_dies_each_time_ends_with_a_human(twilio, tulis):
    baris = tulis()
    for _ in range(giliran.DITANYA_MAKS + 5):
        Notifikasi.objects.update(ambil_lagi_pada=timezone.now() - timedelta(seconds=1))
        giliran.ambil(1, pada=timezone.now())  # and the worker is gone

    baris.refresh_from_db()
    assert baris.keadaan == K.PERLU_DICEK
    assert "Telepon warga" in baris.galat
    assert baris.ditanya <= giliran.DITANYA_MAKS


def test_office_can_have_it_tried_at_once(twilio, semua):
    assert not saluran.coba_sekarang(pada=timezone.now())
    twilio.tolak_akun = 20003
    kirim()
    twilio.tolak_akun = 0

    assert saluran.coba_sekarang(pada=timezone.now())
    kirim()

    assert keadaan(semua) == [K.DIKIRIM] * 5


def test_what_names_one_account_is_told_to_staff_for_each(twilio, tulis, operator):
    semua = [tulis(pesan="petugas_akun", penerima=operator) for _ in range(2)]
    KeadaanSaluran.objects.create(
        pk=1, keadaan="JALAN", sejak=timezone.now() + timedelta(minutes=1)
    )

    giliran.ambil(9, pada=timezone.now() + timedelta(minutes=2))

    assert keadaan(semua) == [K.DIAMBIL] * 2


def test_clock_that_was_ahead_does_not_hold_the_line_until_then(twilio, semua):
    twilio.tolak_akun = 20003
    kirim()
    depan = timezone.now() + timedelta(days=300)
    KeadaanSaluran.objects.update(sejak=depan, coba_pada=depan)
    twilio.tolak_akun = 0

    kirim()
    kirim()

    assert not KeadaanSaluran.objects.get().berhenti
    assert keadaan(semua) == [K.DIKIRIM] * 5


# --- A provider that does not answer --------------------------------------------------------------


def _diam(twilio, *, juga_get: bool = True) -> None:
    twilio.rencanakan(*[tp.DIAM_SEBELUM] * 30)
    if juga_get:
        twilio.rencanakan(*[tp.DIAM_SEBELUM] * 30, metode="GET")


@pytest.mark.lambat  # five calls that wait for their time-out
@pytest.mark.usefixtures("cepat_menyerah")
def test_five_calls_without_an_answer_stop_the_line_and_one_question_a_minute_goes_on(
    twilio, semua, caplog
):
    _diam(twilio)

    kirim()

    satu = KeadaanSaluran.objects.get()
    assert (satu.berhenti, satu.kode_galat, satu.diam) == (True, "DIAM", 5)
    assert "Twilio tidak menjawab" in saluran.kalimat(satu)
    for _ in range(3):
        kini = timezone.now()
        Notifikasi.objects.update(ambil_lagi_pada=kini)
        coba()
        satu = KeadaanSaluran.objects.get()
        assert 55 < (satu.coba_pada - kini).total_seconds() < 65
        assert kirim() == 0, "not before its minute"
    assert twilio.cacah("POST") == 5, "no message is risked"
    assert twilio.cacah("GET") == 3
    assert set(Notifikasi.objects.values_list("ditanya", flat=True)) == {0}


@pytest.mark.lambat  # five calls that wait for their time-out
@pytest.mark.usefixtures("cepat_menyerah")
def test_line_runs_again_with_the_first_answer_and_no_message_is_sent_twice(twilio, semua):
    twilio.rencanakan(*[tp.DIAM_SESUDAH] * 5)
    kirim()
    assert KeadaanSaluran.objects.get().berhenti

    Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
    coba()
    kirim()

    assert not KeadaanSaluran.objects.get().berhenti
    assert keadaan(semua) == [K.DIKIRIM] * 5
    assert len(twilio.messages) == 5


@pytest.mark.lambat  # five calls that wait for their time-out
@pytest.mark.usefixtures("cepat_menyerah")
def test_provider_that_answers_questions_but_takes_nothing_costs_one_message_a_minute(
    twilio, semua, tulis
):
    _diam(twilio, juga_get=False)
    kirim()
    for nomor in range(3):
        tulis(nomor_hp=f"+62812345670{nomor}")

    coba()
    kirim()

    assert twilio.cacah("POST") == 6
    assert KeadaanSaluran.objects.get().berhenti


@pytest.mark.lambat  # four calls that wait for their time-out
@pytest.mark.usefixtures("cepat_menyerah")
def test_an_answer_in_between_counts_from_the_beginning(twilio, semua):
    twilio.rencanakan(*[tp.DIAM_SEBELUM] * 2, None, *[tp.DIAM_SEBELUM] * 2)

    kirim()

    satu = KeadaanSaluran.objects.get()
    assert (satu.berhenti, satu.diam) == (False, 2)


def test_after_an_answer_to_a_question_too_five_calls_are_waited_for(twilio, semua):
    kini = timezone.now()
    for _ in range(saluran.DIAM_MAKS):
        saluran.catat_diam(dicoba_pada=kini, pada=kini)
    assert KeadaanSaluran.objects.get().berhenti

    saluran.coba_tanpa_pesan(pada=kini + timedelta(minutes=1))
    assert not KeadaanSaluran.objects.get().berhenti
    saluran.catat_diam(dicoba_pada=timezone.now() + timedelta(minutes=2), pada=timezone.now())

    assert not KeadaanSaluran.objects.get().berhenti


def test_provider_that_cannot_be_reached_stops_the_line_too_and_all_go_out_after_it(twilio, semua):
    port = twilio.base_url.rpartition(":")[2]
    twilio.stop()
    kirim()
    assert KeadaanSaluran.objects.get().kode_galat == "DIAM"
    assert set(keadaan(semua)) == {K.SEMENTARA}

    twilio.start(int(port))
    Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
    coba()
    kirim()

    assert keadaan(semua) == [K.DIKIRIM] * 5
