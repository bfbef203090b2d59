"""Word to the office by another way than WhatsApp: one mail for each standstill."""

import smtplib

import pytest
from django.core import mail
from django.utils import timezone

from layanan import tasks
from layanan.kabar import alarm, panggilan
from layanan.kotak_keluar import pengiriman
from layanan.models import KeadaanSaluran, Notifikasi, PengaturanPesan

pytestmark = pytest.mark.django_db
K = Notifikasi.Keadaan


@pytest.fixture(autouse=True)
def _surel(settings):
    settings.ALARM_SUREL = ["admin@desa.id", "sekdes@desa.id"]


def test_one_mail_for_a_standstill_and_one_when_it_is_over(twilio, tulis):
    for _ in range(20):
        tulis()
    twilio.tolak_akun = 20005
    for _ in range(5):
        tasks.kirim_pesan()
        KeadaanSaluran.objects.update(coba_pada=timezone.now())

    (satu,) = mail.outbox
    assert satu.to == ["admin@desa.id", "sekdes@desa.id"]
    assert "berhenti" in satu.subject and "saldonya habis" in satu.body and "20 pesan" in satu.body
    assert KeadaanSaluran.objects.get().dikabari == "admin@desa.id, sekdes@desa.id"

    twilio.tolak_akun = 0
    KeadaanSaluran.objects.update(coba_pada=timezone.now())
    tasks.kirim_pesan()
    tasks.kirim_pesan()
    assert [s.subject.split(": ")[1] for s in mail.outbox[1:]] == ["pesan WhatsApp jalan lagi"]


def test_mail_that_cannot_be_sent_is_tried_again(twilio, tulis, monkeypatch):
    tulis()
    twilio.tolak_akun = 20003

    def gagal(*_: object) -> None:
        raise smtplib.SMTPConnectError(421, "sibuk")

    with monkeypatch.context() as sebentar:
        sebentar.setattr(alarm, "send_mail", gagal)
        tasks.kirim_pesan()
    assert KeadaanSaluran.objects.get().dikabari_pada is None

    tasks.kirim_pesan()
    assert len(mail.outbox) == 1


def test_cost_is_mailed_at_half_near_and_at_the_cap(tulis):
    PengaturanPesan.objects.create(pk=1, harga=100, batas=1000)
    baris = tulis()
    for terpakai in (400, 500, 600, 800, 900, 1000, 1200):
        Notifikasi.objects.filter(pk=baris.pk).update(biaya=terpakai, diambil_pada=timezone.now())
        alarm.kabarkan_biaya(pada=timezone.now())
        alarm.kabarkan_biaya(pada=timezone.now())

    assert [s.subject.split(": ")[1] for s in mail.outbox] == [
        "biaya pesan 50 persen",
        "biaya pesan 80 persen",
        "biaya pesan 100 persen",
    ]


# --- The call list --------------------------------------------------------------------------------


def test_whoever_waits_long_may_be_called_without_being_given_up(twilio, tulis, operator):
    satu, lain = tulis(), tulis("siap_diambil")
    twilio.tolak_akun = 20005
    pengiriman.kirim_yang_menunggu()
    kini = timezone.now()
    assert not panggilan.daftar(pada=kini).exists()
    nanti = kini + 2 * panggilan.TUNDA

    (ditawarkan,) = panggilan.daftar(pada=nanti)
    assert (ditawarkan.pk, ditawarkan.keadaan) == (lain.pk, K.MENUNGGU)
    assert panggilan.sudah_dihubungi(ditawarkan, oleh=operator, pada=nanti)

    twilio.tolak_akun = 0
    KeadaanSaluran.objects.update(coba_pada=kini)
    pengiriman.kirim_yang_menunggu()
    satu.refresh_from_db(), lain.refresh_from_db()
    assert (satu.keadaan, lain.keadaan, twilio.messages) == (K.BATAL, K.BATAL, [])
    assert lain.ditangani_cara == "TELEPON"


def test_offer_ends_with_the_standstill(twilio, tulis):
    tulis()
    twilio.tolak_akun = 20005
    pengiriman.kirim_yang_menunggu()
    nanti = timezone.now() + 2 * panggilan.TUNDA
    assert panggilan.daftar(pada=nanti).exists()

    KeadaanSaluran.objects.update(keadaan="JALAN")

    assert not panggilan.daftar(pada=nanti).exists()
