"""Chats without a number: whose they are, and what they may do then."""

import pytest
from django.utils import timezone

from layanan import tasks
from layanan.kabar import panggilan
from layanan.minta_pin import permintaan
from layanan.models import Notifikasi, Percakapan, PermintaanPIN
from layanan.percakapan import kabari, siapa
from layanan.permohonan import alur
from penduduk.akun import penjagaan
from penduduk.models import Akun, KejadianAkun
from tests import factories
from tests.layanan.percakapan.conftest import kode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
HP = "+6281234567890"
BSUID = "ID.13491208655302741918"


@pytest.fixture
def permohonan(warga):
    satu = factories.buat_permohonan(warga)
    Notifikasi.objects.all().delete()
    return satu


def kata_kabari(permohonan) -> str:
    return f"KABARI {kabari._kode(kabari.BERLAKU, pada=timezone.now(), permohonan=permohonan)}"


def ke_chat(chat) -> list[str]:
    return [m.body for m in chat.palsu.messages if m.ke == f"whatsapp:{BSUID}"]


def test_kabari_sends_the_news_to_the_chat_and_keeps_the_number(chat, permohonan, operator):
    assert [kode(t) for t in chat.kirim(BSUID, teks=kata_kabari(permohonan))] == ["balas_kabari"]

    permohonan.refresh_from_db()
    assert (permohonan.alamat_kabar, permohonan.nomor_hp) == (BSUID, HP)
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    tasks.kirim_pesan()
    assert "sedang diproses" in ke_chat(chat)[-1]


def test_kabari_shows_whose_chat_it_is(chat, permohonan, warga):
    chat.kirim(BSUID, teks=kata_kabari(permohonan))

    orang = Percakapan.objects.get()
    assert (orang.akun, orang.terhubung_cara, orang.terhubung_oleh) == (warga, "KABARI", None)
    assert permohonan.nomor in chat.kirim(BSUID, teks="STATUS")[0]
    warga.refresh_from_db()
    assert warga.nomor_hp == HP, "an id is no number"


def test_kabari_of_a_number_turns_the_news_back_to_it(chat, permohonan):
    chat.kirim(BSUID, teks=kata_kabari(permohonan))
    chat.kirim(HP, teks=kata_kabari(permohonan))

    permohonan.refresh_from_db()
    assert (permohonan.alamat_kabar, permohonan.kabar_ke) == (HP, None)


def test_berhenti_and_mulai_of_a_joined_chat_hold_for_its_account(chat, permohonan, warga):
    chat.kirim(BSUID, teks=kata_kabari(permohonan))

    chat.kirim(BSUID, teks="BERHENTI")
    permohonan.refresh_from_db()
    warga.refresh_from_db()
    assert (permohonan.kabari_wa, warga.setuju_wa_pada) == (False, None)

    chat.kirim(BSUID, teks="MULAI")
    permohonan.refresh_from_db()
    assert permohonan.kabari_wa is True


def test_joined_chat_opens_and_freezes_its_account(chat, warga, operator):
    chat.kirim(BSUID, teks="halo")
    Akun.objects.filter(pk=warga.pk).update(dijaga_pada=timezone.now())
    siapa.sambungkan(Percakapan.objects.get(), warga, oleh=operator, pada=timezone.now())

    assert [kode(t) for t in chat.kirim(BSUID, teks="BUKA")] == ["balas_dibuka"]
    warga.refresh_from_db()
    assert warga.dijaga_pada is None

    penjagaan.catat(warga, KejadianAkun.Jenis.PIN_DIGANTI, pada=timezone.now(), dikabarkan=True)
    assert [kode(t) for t in chat.kirim(BSUID, teks="BUKAN SAYA")] == ["balas_dibekukan"]
    warga.refresh_from_db()
    assert warga.dibekukan_pada is not None


def test_bukan_saya_of_an_id_with_its_number_is_told_once(chat, warga):
    penjagaan.catat(warga, KejadianAkun.Jenis.PIN_DIGANTI, pada=timezone.now(), dikabarkan=True)

    jawab = chat.kirim(BSUID, teks="BUKAN SAYA", lain={"WaId": HP.removeprefix("+")})

    assert [kode(t) for t in jawab] == ["balas_dibekukan"]
    assert not Notifikasi.objects.filter(pesan="akun_dibekukan").exists()


def test_chat_that_nobody_has_joined_does_nothing_to_anybody(chat, warga, permohonan):
    for teks in ("BUKA", "BUKAN SAYA", "BERHENTI", f"STATUS {permohonan.nomor}"):
        chat.kirim(BSUID, teks=teks)

    warga.refresh_from_db()
    assert (warga.dibekukan_pada, warga.dibuka_sampai) == (None, None)
    assert warga.setuju_wa_pada is not None
    assert kode(ke_chat(chat)[-1]) == "balas_status_asing"


def test_join_is_taken_back(chat, warga, operator):
    chat.kirim(BSUID, teks="halo")
    orang = Percakapan.objects.get()
    siapa.sambungkan(orang, warga, oleh=operator, pada=timezone.now())
    assert orang.terhubung_oleh == operator

    siapa.lepaskan(orang)

    assert siapa.akun(orang) == []


def test_pin_for_a_chat_without_a_number_is_a_slip_and_the_operator_is_told(chat, operator):
    orang = factories.buat_penduduk()
    for warna in ("navy", "maroon"):
        chat.kirim(BSUID, media=[("image/jpeg", factories.foto(warna=warna).read())])
    satu = PermintaanPIN.objects.get()

    permintaan.terbitkan(satu, orang=orang, oleh=operator, pada=timezone.now())
    tasks.kirim_pesan()

    akun = Akun.objects.get(penduduk=orang)
    assert akun.nomor_hp == ""
    assert Percakapan.objects.get().akun == akun
    assert "slip PIN" in ke_chat(chat)[-1] and "kode" not in ke_chat(chat)[-1].lower()
    pin = Notifikasi.objects.get(pesan="pin")
    assert (pin.keadaan, pin.kode_galat) == ("TANPA_WA", "TANPANOMOR")
    assert pin in panggilan.belum_tersampaikan()


def test_landline_that_uses_whatsapp_gets_its_pin_there(chat, operator):
    rumah = "+62363123456"
    for warna in ("navy", "maroon"):
        chat.kirim(rumah, media=[("image/jpeg", factories.foto(warna=warna).read())])
    orang = factories.buat_penduduk()

    permintaan.terbitkan(
        PermintaanPIN.objects.get(), orang=orang, oleh=operator, pada=timezone.now()
    )
    tasks.kirim_pesan()

    assert Akun.objects.get(penduduk=orang).nomor_hp == rumah
    assert Notifikasi.objects.get(pesan="pin").keadaan == "DIKIRIM"


def test_letter_that_a_perangkat_fetches_is_told_so(chat, permohonan, warga, operator, perbekel):
    from surat.models import Pejabat

    pejabat = Pejabat.objects.create(nama="I Made Kelian", jabatan="Kelian Satu", mengantar=True)
    type(permohonan).objects.filter(pk=permohonan.pk).update(
        wakil_jenis="PERANGKAT", wakil_pejabat=pejabat
    )
    permohonan.refresh_from_db()
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    tasks.kirim_pesan()

    kabar = [m.body for m in chat.palsu.messages if m.body.startswith("Surat Siap Diambil")]
    assert "dapat diambil oleh I Made Kelian (Kelian Satu), yang mengantarnya" in kabar[0]
    assert "diambil oleh I Made Kelian" in chat.kirim(HP, teks="STATUS")[0]
