"""What became of a message: asking where no news came, and trying again where that can help."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from layanan import transports
from layanan.kotak_keluar import giliran, nomor_wa, notifikasi, pengiriman, tanda_terima
from layanan.models import NomorWA, Notifikasi
from layanan.transports.galat import Kelas
from simulator import twilio_palsu as tp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
K = Notifikasi.Keadaan


@pytest.fixture
def baris(twilio, tulis) -> Notifikasi:
    """A message that the provider has accepted, of which nothing was heard since."""
    satu = tulis()
    pengiriman.kirim_yang_menunggu()
    satu.refresh_from_db()
    return satu


def setelah(baris: Notifikasi, **lama: float) -> Notifikasi:
    """Ask when so much time has passed since the provider took it; the row as it is then."""
    saat = baris.dikirim_pada + timedelta(**lama)
    tanda_terima.tanyakan(pada=saat)
    baris.refresh_from_db()
    return baris


def test_lost_receipt_is_fetched(twilio, baris):
    twilio.messages[0].maju("delivered", None)

    assert setelah(baris, minutes=9).keadaan == K.DIKIRIM
    assert twilio.cacah("GET") == 0, "not before ten minutes"
    assert setelah(baris, minutes=10).keadaan == K.SAMPAI
    assert baris.tanya_pada is None
    setelah(baris, hours=80)
    assert twilio.cacah("GET") == 1, "what has arrived is not asked for again"


def test_it_is_asked_less_and_less_often(twilio, baris):
    saat = []
    for menit in range(0, 80 * 60, 5):
        sebelum = twilio.cacah("GET")
        setelah(baris, minutes=menit)
        if twilio.cacah("GET") > sebelum:
            saat.append(menit / 60)

    assert len(saat) == len(tanda_terima.JADWAL_TANYA)
    assert [round(s) for s in saat] == [0, 1, 6, 24, 48, 72]


def test_phone_that_is_off_for_a_day_goes_to_a_human_and_may_still_come_back(twilio, baris):
    twilio.messages[0].maju("sent", None)

    for jam in (0.2, 1, 6):
        assert setelah(baris, hours=jam).keadaan == K.TERKIRIM
    setelah(baris, hours=24)
    assert (baris.keadaan, baris.kode_galat) == (K.PERLU_DICEK, tanda_terima.BELUM_SAMPAI)
    assert "Telepon warga" in baris.galat
    sejak = baris.berubah_pada

    setelah(baris, hours=48)
    assert (baris.keadaan, baris.berubah_pada) == (K.PERLU_DICEK, sejak), "no news is no change"
    twilio.messages[0].maju("read", None)
    setelah(baris, hours=72)
    assert (baris.keadaan, baris.galat) == (K.DIBACA, "")


@pytest.mark.usefixtures("cepat_menyerah")
def test_message_known_only_by_its_first_callback_is_asked_after_too(twilio, tulis):
    """Our call got no answer, "sent" came, "delivered" was lost."""
    twilio.rencanakan(tp.DIAM_SESUDAH)
    baris = tulis()
    pengiriman.kirim_yang_menunggu()
    twilio.kabari(twilio.messages[0], "sent")
    twilio.messages[0].maju("delivered", None)
    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (K.TERKIRIM, twilio.messages[0].sid)

    assert setelah(baris, minutes=11).keadaan == K.SAMPAI


def test_failure_that_was_never_told_is_found(twilio, baris):
    twilio.messages[0].maju("failed", 63024)

    setelah(baris, minutes=10)

    assert (baris.keadaan, baris.kode_galat) == (K.GAGAL, "63024")


@pytest.mark.parametrize("gangguan", [tp.TUTUP_503, tp.PUTUS_SEBELUM, tp.HILANG, tp.BUKAN_JSON])
def test_provider_that_does_not_tell_is_asked_again_and_a_human_takes_over(gangguan, twilio, baris):
    twilio.rencanakan(*[gangguan] * 9, metode="GET")

    for jam in (0.2, 1, 6):
        assert setelah(baris, hours=jam).keadaan == K.DIKIRIM
    setelah(baris, hours=24)

    assert (baris.keadaan, baris.kode_galat) == (K.PERLU_DICEK, tanda_terima.BELUM_SAMPAI)
    assert twilio.cacah("GET") == 4


def test_worker_that_died_while_asking_leaves_the_question_to_the_next(twilio, baris):
    saat = baris.dikirim_pada + timedelta(minutes=10)
    Notifikasi.objects.update(tanya_pada=saat + timedelta(seconds=60))  # its lease
    twilio.messages[0].maju("delivered", None)

    assert tanda_terima.tanyakan(pada=saat + timedelta(seconds=59)) == 0
    assert tanda_terima.tanyakan(pada=saat + timedelta(seconds=60)) == 1
    baris.refresh_from_db()
    assert baris.keadaan == K.SAMPAI


def test_nobody_is_asked_about_simulated_messages(tulis, settings):
    settings.TWILIO = settings.TWILIO | {"account_sid": ""}
    satu = tulis()
    pengiriman.kirim_yang_menunggu()
    satu.refresh_from_db()

    assert setelah(satu, hours=30).keadaan == K.DIKIRIM
    assert satu.tanya_pada is None


# --- Failures by callback -----------------------------------------------------------------------


@pytest.mark.parametrize("kode", [63017, 63018, 20429])
def test_failure_by_callback_that_may_pass_is_tried_again(kode, twilio, baris):
    lama = twilio.messages[0]
    twilio.kabari(lama, "failed", kode_galat=kode)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid, baris.kode_galat) == (K.SEMENTARA, "", str(kode))
    assert baris.ambil_lagi_pada > timezone.now() + timedelta(seconds=20)

    Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
    pengiriman.kirim_yang_menunggu()
    baris.refresh_from_db()
    assert (baris.keadaan, baris.percobaan) == (K.DIKIRIM, 2)
    assert baris.sid == twilio.messages[1].sid

    twilio.kabari(lama, "failed", kode_galat=kode)  # the first one's, once more and late
    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (K.DIKIRIM, twilio.messages[1].sid)
    twilio.kabari(twilio.messages[1], "delivered")
    baris.refresh_from_db()
    assert baris.keadaan == K.SAMPAI


def test_failure_by_callback_is_given_up_after_two_days(twilio, baris):
    Notifikasi.objects.update(dibuat_pada=timezone.now() - timedelta(hours=48.1))

    twilio.kabari(twilio.messages[0], "failed", kode_galat=63018)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.galat) == (K.GAGAL, tanda_terima.MENYERAH)


@pytest.mark.parametrize(
    ("lewat", "keadaan"), [(timedelta(), K.SEMENTARA), (timedelta.resolution, K.GAGAL)]
)
def test_two_days_are_over_one_tick_after_forty_eight_hours(lewat, keadaan, baris):
    pada = baris.dibuat_pada + timedelta(hours=48) + lewat

    assert tanda_terima.terima(
        pk=baris.pk, sid=baris.sid, status="failed", kode_galat="63018", percobaan=1, pada=pada
    )

    baris.refresh_from_db()
    assert (baris.keadaan, baris.berubah_pada) == (keadaan, pada)


@pytest.mark.parametrize("goyangan", [0.8, 1.2])
def test_no_pause_is_longer_than_half_an_hour_and_its_jitter(goyangan, monkeypatch):
    monkeypatch.setattr(tanda_terima.random, "uniform", lambda dari, sampai: goyangan)
    terlama = tanda_terima.JEDA_TERLAMA * goyangan

    jeda = [tanda_terima.jeda(ke) for ke in range(1, 200)]

    assert jeda[0] == tanda_terima.JEDA_AWAL * goyangan
    assert jeda == sorted(jeda)
    assert max(jeda) == jeda[6] == jeda[-1] == terlama


def balapan(monkeypatch, perbuatan: Callable[[], object]) -> None:
    """Something happens after a failure's row was read and before it is written."""
    asli = tanda_terima.galat_.arti

    def arti(kode: str) -> str:
        perbuatan()
        return asli(kode)

    monkeypatch.setattr(tanda_terima.galat_, "arti", arti)


def kabar(baris: Notifikasi, status: str) -> bool:
    """A callback about the attempt that `baris` is at."""
    return tanda_terima.terima(
        pk=baris.pk,
        sid=baris.sid,
        percobaan=baris.percobaan,
        status=status,
        pada=timezone.now(),
    )


def test_failure_that_loses_against_an_arrival_changes_nothing_at_all(
    twilio, baris, monkeypatch, caplog
):
    """Neither the message, nor the number, which the arrival has just proven, nor the log."""
    balapan(monkeypatch, lambda: kabar(baris, "delivered"))

    twilio.kabari(twilio.messages[0], "failed", kode_galat=63024)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.kode_galat, baris.galat) == (K.SAMPAI, "", "")
    assert not NomorWA.objects.exists()
    assert "failed for good" not in caplog.text


def test_failure_that_may_pass_and_loses_against_an_arrival_is_not_tried_again(
    twilio, baris, monkeypatch
):
    balapan(monkeypatch, lambda: kabar(baris, "read"))

    twilio.kabari(twilio.messages[0], "failed", kode_galat=63018)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (K.DIBACA, twilio.messages[0].sid)


@pytest.mark.parametrize("kode", [63018, 63024])
def test_failure_that_loses_against_the_next_attempt_does_not_stop_it(
    kode, twilio, baris, monkeypatch
):
    """The same failure was told twice at once, and the first telling is being acted on already."""
    lagi = {"keadaan": K.DIAMBIL, "percobaan": 2, "sid": ""}
    balapan(monkeypatch, lambda: Notifikasi.objects.update(**lagi))

    twilio.kabari(twilio.messages[0], "failed", kode_galat=kode)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.percobaan, baris.kode_galat) == (K.DIAMBIL, 2, "")
    assert not NomorWA.objects.exists()


@pytest.mark.parametrize("kode", ["63024", "21610"])
def test_worker_that_overslept_blames_no_number(kode, twilio, tulis, caplog):
    """The next worker's attempt says what is true of the number."""
    tulis()
    (lambat,) = giliran.ambil(1, pada=timezone.now())
    Notifikasi.objects.update(ambil_lagi_pada=timezone.now() + timedelta(minutes=9))

    pengiriman._ditolak(lambat, transports.GagalTetap(kode, "Tidak."), Kelas.NOMOR)
    pengiriman._catat_gagal(lambat, transports.GagalTetap("TEMPLAT", "Tidak."))

    assert Notifikasi.objects.get().keadaan == K.DIAMBIL
    assert not NomorWA.objects.exists()
    assert "failed for good" not in caplog.text


def test_late_failure_of_an_attempt_does_not_stop_the_next_one_under_way(twilio, tulis):
    """The second attempt hangs between the provider and us while the first one's callback comes."""
    baris = tulis()
    pengiriman.kirim_yang_menunggu()
    lama = twilio.messages[0]
    twilio.kabari(lama, "failed", kode_galat=63018)
    Notifikasi.objects.update(keadaan=K.DIAMBIL, percobaan=2)

    twilio.kabari(lama, "failed", kode_galat=63018)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.percobaan) == (K.DIAMBIL, 2)


def test_attempt_that_was_given_up_but_arrives_settles_the_message(twilio, baris):
    lama = twilio.messages[0]
    twilio.kabari(lama, "failed", kode_galat=63018)
    Notifikasi.objects.update(keadaan=K.DIAMBIL, percobaan=2)

    twilio.kabari(lama, "delivered")

    baris.refresh_from_db()
    assert baris.keadaan == K.SAMPAI


def test_lookup_does_not_take_a_failed_attempt_for_the_next_one(twilio, baris):
    twilio.kabari(twilio.messages[0], "failed", kode_galat=63018)
    Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
    twilio.rencanakan(tp.PUTUS_SEBELUM)
    pengiriman.kirim_yang_menunggu()
    Notifikasi.objects.update(ambil_lagi_pada=timezone.now())

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (K.DIKIRIM, twilio.messages[1].sid)
    assert len(twilio.messages) == 2


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kode", [21211, 63003, 63014, 63024])
def test_number_without_whatsapp_is_not_tried_with_the_next_message(kode, twilio, tulis):
    twilio.rencanakan(tp.galat(kode))
    tulis()
    pengiriman.kirim_yang_menunggu()

    berikut = tulis("menunggu_ttd")

    assert (berikut.keadaan, berikut.kode_galat) == (K.TANPA_WA, "TANPAWA")
    assert "Telepon warga" in berikut.galat
    pengiriman.kirim_yang_menunggu()
    assert twilio.cacah("POST") == 1


def test_number_is_tried_again_after_a_month_or_when_its_owner_writes(tulis):
    kini = timezone.now()
    nomor_wa.tandai("+6281234567890", "63024", pada=kini)

    assert nomor_wa.halangan("+6281234567890", pada=kini + timedelta(days=29)) == "TANPAWA"
    assert nomor_wa.halangan("+6281234567890", pada=kini + timedelta(days=31)) == ""
    nomor_wa.terjangkau("+6281234567890")
    assert nomor_wa.halangan("+6281234567890", pada=kini) == ""


@pytest.mark.parametrize("kode", [63013, 63016, 63049, 20003])
def test_failure_that_is_not_about_the_number_leaves_it_alone(kode, twilio, tulis):
    twilio.rencanakan(tp.galat(kode))
    tulis()

    pengiriman.kirim_yang_menunggu()

    assert not NomorWA.objects.exists()


def test_stop_at_the_provider_is_a_stop_here(twilio, tulis):
    twilio.rencanakan(tp.galat(21610))
    tulis()
    pengiriman.kirim_yang_menunggu()

    berikut = tulis("menunggu_ttd")

    assert (berikut.keadaan, berikut.kode_galat) == (K.TANPA_WA, "BERHENTI")


# --- Many requests at once: what the operators hear ----------------------------------------------


def test_operator_hears_of_the_first_request_and_then_once_of_all_that_follow(
    permohonan_ringan, operator
):
    kini = timezone.now()

    def ajukan(detik: float) -> list[str]:
        riwayat = permohonan_ringan.riwayat.create(
            langkah="ajukan", ke="DIAJUKAN", pada=kini + timedelta(seconds=detik)
        )
        semua = notifikasi.catat(riwayat, permohonan_ringan, "", kabari_petugas=True)
        return [n.pesan for n in semua]

    assert ajukan(0) == ["petugas_baru"]
    assert ajukan(10) == ["petugas_baru_lagi"]
    assert ajukan(20) == ajukan(200) == []
    lagi = Notifikasi.objects.get(pesan="petugas_baru_lagi")
    assert lagi.ambil_lagi_pada == kini + timedelta(minutes=5)
    assert ajukan(301) == ["petugas_baru_lagi"], "the waiting one has gone out: the next begins"
    assert Notifikasi.objects.filter(penerima=operator).count() == 3
    assert ajukan(1000) == ["petugas_baru"]
