"""Residents write to the village's WhatsApp number: real HTTP in, real HTTP for the photos."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from layanan import tasks
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import pengiriman
from layanan.minta_pin import permintaan
from layanan.models import (
    Berkas,
    CatatanWarga,
    Notifikasi,
    Percakapan,
    PermintaanPIN,
    PesanMasuk,
)
from layanan.percakapan import masuk
from layanan.retensi import jalan
from penduduk.akun import penjagaan
from penduduk.models import Akun, KejadianAkun
from simulator import twilio_palsu as tp
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]

HP = "+6281234567801"
K = PermintaanPIN.Keadaan
KTP = factories.foto(warna="navy").read()
KK = factories.foto(warna="maroon").read()


@pytest.fixture(autouse=True)
def _alamat_masuk(twilio, settings):
    twilio.url_masuk = f"{settings.PUBLIC_BASE_URL}/webhook/twilio/masuk/"


@pytest.fixture
def jam(monkeypatch):
    """Moves the clock that the worker reads."""

    class Geser:
        lama = timedelta(0)

        def now(self):
            return timezone.now() + self.lama

    geser = Geser()
    for modul in (masuk, pengiriman, tasks):
        monkeypatch.setattr(modul, "timezone", geser)
    return geser


def kerjakan() -> None:
    masuk.kerjakan_yang_menunggu()
    tasks.kirim_pesan()


def foto(*isi: bytes) -> list[tuple[str, bytes]]:
    return [("image/jpeg", satu) for satu in isi]


def jawaban(twilio) -> list[str]:
    """Codes of the answers that reached the resident's phone, oldest first."""
    teks = {p.teks: kode for kode, p in katalog.PESAN.items()}
    pola = {re.sub(r"\\\{\\\{\d\\\}\\\}", ".+", re.escape(t)): kode for t, kode in teks.items()}
    return [
        next(kode for p, kode in pola.items() if re.fullmatch(p, m.body, re.DOTALL))
        for m in twilio.messages
        if m.ke == f"whatsapp:{HP}"
    ]


# --- The guided conversation -----------------------------------------------------------------


def test_conversation_leads_from_hello_to_the_queue(twilio, operator):
    for kirim in ({"teks": "Selamat siang"}, {"media": foto(KTP)}, {"media": foto(KK)}):
        assert twilio.masuk(dari=HP, nama="Wayan C", **kirim) == [200]
        kerjakan()

    satu = PermintaanPIN.objects.get()
    assert jawaban(twilio) == ["balas_mulai", "balas_kk", "balas_lengkap"]
    assert (satu.keadaan, satu.asal, satu.nomor_hp, satu.nama_wa) == (
        "MENUNGGU",
        "WA",
        HP,
        "Wayan C",
    )
    assert [b.dokumen for b in permintaan.foto(satu)] == ["ktp", "kk"]
    assert {b.keadaan for b in permintaan.foto(satu)} == {"SIAP"}
    kabar = Notifikasi.objects.get(pesan="petugas_pin")
    assert kabar.penerima == operator


def test_photos_without_a_word_are_enough(twilio):
    twilio.masuk(dari=HP, media=foto(KTP, KK))
    kerjakan()

    assert PermintaanPIN.objects.get().keadaan == K.MENUNGGU
    assert jawaban(twilio) == ["balas_lengkap"]


def test_photos_are_cleaned_and_deleted_at_the_provider(twilio):
    twilio.masuk(dari=HP, media=foto(KTP))
    (asal,) = twilio.kotak_masuk
    kerjakan()

    (satu,) = Berkas.objects.all()
    assert (satu.keadaan, satu.jenis_isi) == ("SIAP", "image/jpeg")
    assert default_storage.exists(satu.berkas)
    assert asal.media == [] or all(m.dihapus for m in asal.media)
    assert PesanMasuk.objects.get().media == []


def test_words_of_the_resident_are_kept_whole_for_the_thread(twilio):
    panjang = "Saya I Wayan, mohon PIN. " + "Sudah tiga kali. " * 60
    twilio.masuk(dari=HP, teks=panjang)
    kerjakan()

    satu = PesanMasuk.objects.get()
    assert satu.teks == panjang.strip()
    assert satu.catatan.teks == panjang.strip()


def test_second_request_of_the_same_number_is_merged(twilio):
    twilio.masuk(dari=HP, media=foto(KTP, KK))
    kerjakan()
    twilio.masuk(dari=HP, media=foto(factories.foto(warna="green").read()))
    kerjakan()

    satu = PermintaanPIN.objects.get()
    assert [b.dokumen for b in permintaan.foto(satu)] == ["ktp", "kk", "lain"]
    assert jawaban(twilio) == ["balas_lengkap", "balas_tambahan"]


def test_photo_after_foto_ulang_brings_the_request_back(twilio):
    satu = factories.buat_permintaan_pin(nomor_hp=HP)
    permintaan.minta_foto_ulang(satu, alasan="Buram", pada=timezone.now())

    twilio.masuk(dari=HP, media=foto(KTP, KK))
    kerjakan()

    satu.refresh_from_db()
    assert satu.keadaan == K.MENUNGGU


def test_web_request_takes_photos_by_whatsapp_too(twilio):
    satu = factories.buat_permintaan_pin(nomor_hp=HP, asal="SITUS")
    permintaan.minta_foto_ulang(satu, alasan="Buram", pada=timezone.now())

    twilio.masuk(dari=HP, media=foto(KTP))
    kerjakan()

    assert PermintaanPIN.objects.get().berkas.count() == 1


def test_small_talk_is_answered_once_a_day(twilio, jam):
    for jam_ke in (0, 1, 23.9, 24.1, 30):
        jam.lama = timedelta(hours=jam_ke)
        twilio.masuk(dari=HP, teks="halo")
        kerjakan()

    assert jawaban(twilio) == ["balas_mulai", "balas_mulai"]
    assert not PermintaanPIN.objects.exists()


def test_second_unreadable_photo_is_not_left_without_an_answer(twilio, jam):
    for detik in (0, 30):
        jam.lama = timedelta(seconds=detik)
        twilio.masuk(dari=HP, media=foto(b"GIF89a" + bytes([detik])))
        kerjakan()

    assert jawaban(twilio) == ["balas_foto_ditolak"] * 2


@pytest.mark.parametrize("kata", ["BATAL", "batal.", " Batal "])
def test_batal_forgets_the_photos_at_once(kata, twilio):
    twilio.masuk(dari=HP, media=foto(KTP))
    kerjakan()
    (satu,) = Berkas.objects.all()

    twilio.masuk(dari=HP, teks=kata)
    kerjakan()

    assert PermintaanPIN.objects.get().keadaan == K.KEDALUWARSA
    assert not Berkas.objects.exists()
    assert not default_storage.exists(satu.berkas)
    assert jawaban(twilio)[-1] == "balas_batal"


# --- Bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "isi", [b"\xff\xd8\xff potong", b"GIF89a", b"", b"<?php echo 1;"], ids=list("abcd")
)
def test_unreadable_photo_is_asked_for_again(isi, twilio):
    twilio.masuk(dari=HP, media=foto(isi))
    kerjakan()

    assert jawaban(twilio) == ["balas_foto_ditolak"]
    assert "ke sini." in twilio.messages[0].body
    assert not Berkas.objects.exists()
    assert PermintaanPIN.objects.get().keadaan == K.MENGUMPULKAN


def test_thirty_photos_at_once_get_few_answers_and_few_files(twilio):
    banyak = [factories.foto(ukuran=(200 + n, 150)).read() for n in range(30)]

    twilio.masuk(dari=HP, media=foto(*banyak))
    kerjakan()

    assert Berkas.objects.count() == permintaan.FOTO_MAKS
    assert jawaban(twilio) == ["balas_cukup"]
    assert PesanMasuk.objects.filter(keadaan="MENUNGGU").count() == 0


def test_flood_of_one_number_is_kept_and_counted_and_others_go_on(twilio):
    for n in range(masuk.PER_JAM_MAKS + 20):
        twilio.masuk(dari=HP, teks=f"halo {n}")
    twilio.masuk(dari="+6281234567802", teks="halo")

    milik = PesanMasuk.objects.filter(percakapan__nomor_hp=HP)
    assert milik.filter(keadaan="MENUNGGU").count() == masuk.PER_JAM_MAKS
    assert milik.filter(keadaan="PETUGAS", catatan__isnull=False).count() == 20
    assert CatatanWarga.objects.get().lebih == 20
    assert Notifikasi.objects.get().pesan == "balas_ramai", "said once"
    assert PesanMasuk.objects.filter(percakapan__nomor_hp="+6281234567802").count() == 1


def test_flood_that_would_fill_the_disk_is_only_counted(twilio):
    twilio.masuk(dari=HP, teks="halo")
    Percakapan.objects.update(jam_jumlah=masuk.PER_JAM_SIMPAN)

    for _ in range(3):
        twilio.masuk(dari=HP, teks="halo")

    assert PesanMasuk.objects.count() == 1
    assert CatatanWarga.objects.get().lebih == 3


def test_number_is_heard_again_an_hour_later(twilio, jam):
    twilio.masuk(dari=HP, teks="halo")
    Percakapan.objects.update(jam_jumlah=500)
    twilio.masuk(dari=HP, teks="tidak didengar")
    Percakapan.objects.update(jam_mulai_pada=timezone.now() - timedelta(hours=1))
    twilio.masuk(dari=HP, teks="didengar lagi")

    semua = [(p.teks, p.keadaan) for p in PesanMasuk.objects.order_by("pk")]
    assert semua == [
        ("halo", "MENUNGGU"),
        ("tidak didengar", "PETUGAS"),
        ("didengar lagi", "MENUNGGU"),
    ]


def test_repeated_delivery_has_one_effect(twilio):
    sid = "MM" + "a" * 32
    for _ in range(3):
        assert twilio.masuk(dari=HP, media=foto(KTP), sid=sid) == [200]
    kerjakan()
    twilio.masuk(dari=HP, media=foto(KTP), sid=sid)
    kerjakan()

    assert PesanMasuk.objects.count() == 1
    assert Berkas.objects.count() == 1
    assert jawaban(twilio) == ["balas_kk"]
    assert Percakapan.objects.get().jam_jumlah == 1


def test_same_photo_twice_is_one_photo(twilio):
    twilio.masuk(dari=HP, media=foto(KTP))
    kerjakan()
    twilio.masuk(dari=HP, media=foto(KTP))
    kerjakan()

    assert PermintaanPIN.objects.get().keadaan == K.MENGUMPULKAN
    assert Berkas.objects.count() == 1


def test_wrong_signature_is_refused_and_nothing_of_it_logged(twilio, caplog, settings):
    twilio.masuk(dari=HP, teks="rahasia sekali", url="http://127.0.0.1:1/tidak/")
    isi = twilio.kotak_masuk[0].isian

    kode = twilio.antar(
        f"{settings.PUBLIC_BASE_URL}/webhook/twilio/masuk/", isi, tanda_tangan="salah"
    )

    assert kode == 403
    assert not PesanMasuk.objects.exists()
    # Its words depend on whether another such call was logged within this minute: bugbug.log.
    (catatan,) = [r for r in caplog.records if r.name == "layanan.views.webhook"]
    assert catatan.lewat == "webhook with a wrong signature"
    assert "rahasia" not in caplog.text


@pytest.mark.parametrize(
    "lain",
    [
        {"MessageSid": "bukan-sid"},
        {"From": "whatsapp:+62"},
        {"From": "messenger:12345"},
        {"NumMedia": "99999"},
        {"NumMedia": "²"},
        {"NumMedia": "-1"},
        {"Body": "x" * 5000},
        {"ProfileName": "n" * 5000},
    ],
    ids=lambda d: next(iter(d)),
)
def test_odd_fields_break_nothing(lain, twilio):
    assert twilio.masuk(dari=HP, teks="halo", lain=lain) == [200]
    kerjakan()

    assert PesanMasuk.objects.filter(keadaan="MENUNGGU").count() == 0


# --- The provider's faults ---------------------------------------------------------------------


def test_photo_that_cannot_be_fetched_now_is_fetched_later(twilio, jam):
    twilio.rencanakan(tp.RUSAK_500, metode="MEDIA")
    twilio.masuk(dari=HP, media=foto(KTP))
    kerjakan()
    assert not Berkas.objects.exists()

    jam.lama = timedelta(minutes=5)
    kerjakan()

    assert Berkas.objects.get().keadaan == "SIAP"
    assert jawaban(twilio) == ["balas_kk"]


def test_photo_that_can_never_be_fetched_is_asked_for_again(twilio, jam):
    twilio.rencanakan(*[tp.TUTUP_503] * masuk.PERCOBAAN_MAKS, metode="MEDIA")
    twilio.masuk(dari=HP, media=foto(KTP))
    for menit in range(0, 60, 10):
        jam.lama = timedelta(minutes=menit)
        kerjakan()

    satu = PesanMasuk.objects.get()
    assert satu.keadaan == "PETUGAS"
    assert satu.catatan.teks == "[foto atau PDF]"
    assert jawaban(twilio) == ["balas_media_gagal"]


def test_deletion_at_the_provider_is_tried_again_by_the_sweep(twilio):
    twilio.masuk(dari=HP, media=foto(KTP))
    twilio.rencanakan(tp.RUSAK_500, metode="DELETE")
    kerjakan()
    assert PesanMasuk.objects.get().media != []

    masuk.bereskan_penyedia(pada=timezone.now())

    assert PesanMasuk.objects.get().media == []


def test_worker_that_died_half_way_repeats_nothing(twilio, jam):
    twilio.masuk(dari=HP, media=foto(KTP))
    diambil = masuk._ambil(timezone.now())
    masuk._tanggapi(diambil, pada=timezone.now())  # photo stored, then the process dies

    jam.lama = masuk.SEWA + timedelta(seconds=1)
    kerjakan()

    assert Berkas.objects.count() == 1
    assert jawaban(twilio) == ["balas_kk"]


def test_worker_that_overslept_does_not_answer_a_second_time(twilio, jam):
    twilio.masuk(dari=HP, media=foto(KTP))
    tertidur = masuk._ambil(timezone.now())
    jam.lama = masuk.SEWA + timedelta(seconds=1)
    kerjakan()

    masuk._kerjakan(tertidur, pada=jam.now())
    kerjakan()

    assert jawaban(twilio) == ["balas_kk"]


def test_messages_of_one_number_are_taken_in_order(twilio):
    twilio.masuk(dari=HP, media=foto(KTP))
    twilio.masuk(dari=HP, media=foto(KK))
    twilio.masuk(dari="+6281234567802", teks="halo")

    pertama = masuk._ambil(timezone.now())
    kedua = masuk._ambil(timezone.now())

    assert pertama.percakapan.nomor_hp == HP
    assert kedua.percakapan.nomor_hp == "+6281234567802", "the second photo waits for the first"
    assert masuk._ambil(timezone.now()) is None


# --- BUKAN SAYA and BUKA ------------------------------------------------------------------------


@pytest.mark.parametrize("kata", ["BUKAN SAYA", "bukan saya", "Bukan saya!!"])
def test_bukan_saya_freezes_the_account_and_tells_the_office(kata, twilio, operator):
    akun = factories.buat_warga()
    Akun.objects.filter(pk=akun.pk).update(nomor_hp=HP)
    penjagaan.catat(akun, KejadianAkun.Jenis.PIN_DIGANTI, pada=timezone.now())

    twilio.masuk(dari=HP, teks=kata)
    kerjakan()

    akun.refresh_from_db()
    assert akun.sebab_beku == Akun.SebabBeku.BUKAN_SAYA
    assert jawaban(twilio)[-1] == "balas_dibekukan"
    assert "akun_dibekukan" not in jawaban(twilio), "answered in the conversation already"
    assert Notifikasi.objects.get(pesan="petugas_beku").penerima == operator


def test_bukan_saya_of_the_number_that_was_replaced_freezes_too(twilio, operator):
    """A thief got the PIN sent to a phone of his own; the old number was told."""
    akun = factories.buat_warga()
    Akun.objects.filter(pk=akun.pk).update(nomor_hp=HP)
    satu = factories.buat_permintaan_pin(nomor_hp="+6281234567899")
    permintaan.terbitkan(satu, orang=akun.penduduk, oleh=operator, pada=timezone.now())

    twilio.masuk(dari=HP, teks="BUKAN SAYA")
    kerjakan()

    akun.refresh_from_db()
    assert akun.nomor_hp == "+6281234567899"
    assert akun.dibekukan_pada is not None


def test_bukan_saya_of_the_number_that_an_intruder_replaced_freezes_too(twilio):
    akun = factories.buat_warga()
    akun.nomor_hp = HP
    akun.save()
    penjagaan.ganti_nomor(akun, "+6281234567899", pada=timezone.now())
    tasks.kirim_pesan()

    twilio.masuk(dari=HP, teks="BUKAN SAYA")
    kerjakan()

    akun.refresh_from_db()
    assert "nomor_ganti" in jawaban(twilio)
    assert akun.sebab_beku == Akun.SebabBeku.BUKAN_SAYA


def test_bukan_saya_without_a_recent_change_freezes_nobody(twilio):
    akun = factories.buat_warga()
    Akun.objects.filter(pk=akun.pk).update(nomor_hp=HP)
    KejadianAkun.objects.update(pada=timezone.now() - timedelta(days=8), dikabarkan=True)

    twilio.masuk(dari=HP, teks="BUKAN SAYA")
    kerjakan()

    akun.refresh_from_db()
    assert akun.dibekukan_pada is None
    assert jawaban(twilio) == ["balas_tak_ada"]


def test_buka_gives_a_few_tries_back_and_not_without_end(twilio, jam):
    akun = factories.buat_warga()
    Akun.objects.filter(pk=akun.pk).update(nomor_hp=HP, dijaga_pada=timezone.now())

    for hari in range(5):
        jam.lama = timedelta(days=hari)
        twilio.masuk(dari=HP, teks="buka")
        kerjakan()

    akun.refresh_from_db()
    assert akun.dijaga_pada is None
    assert KejadianAkun.objects.filter(akun=akun, jenis="DIBUKA").count() == 3
    assert [j for j in jawaban(twilio) if j.startswith("balas_")] == (
        ["balas_dibuka"] * 3 + ["balas_buka_cukup"] * 2
    )


def test_stranger_learns_nothing_from_buka(twilio):
    twilio.masuk(dari=HP, teks="BUKA")
    kerjakan()

    assert jawaban(twilio) == ["balas_dibuka"]
    assert not KejadianAkun.objects.exists()


# --- Forgetting ---------------------------------------------------------------------------------


def test_messages_and_answers_are_forgotten_after_a_month(twilio):
    twilio.masuk(dari=HP, teks="STATUS")
    kerjakan()
    lama = timezone.now() - timedelta(days=31)
    PesanMasuk.objects.update(diterima_pada=lama)
    Notifikasi.objects.update(dibuat_pada=lama)
    twilio.masuk(dari=HP, teks="BATAL")
    kerjakan()

    jalan.jalankan(pada=timezone.now())

    assert PesanMasuk.objects.count() == 1
    assert Notifikasi.objects.count() == 1


@pytest.mark.parametrize(("hari", "tersisa"), [(89, 1), (91, 0)])
def test_silent_number_is_forgotten_after_three_months(hari, tersisa, twilio):
    twilio.masuk(dari=HP, teks="STATUS")
    kerjakan()
    lama = timezone.now() - timedelta(days=hari)
    PesanMasuk.objects.update(diterima_pada=lama)
    Notifikasi.objects.update(dibuat_pada=lama)
    Percakapan.objects.update(terakhir_masuk_pada=lama)

    jalan.jalankan(pada=timezone.now())

    assert Percakapan.objects.count() == tersisa


def test_words_and_profile_name_are_kept_clean(twilio):
    kotor = "Ka\u202ete\u200bx Rene\u0301\x00 ﬁ\u00a0x"
    twilio.masuk(dari=HP, teks=kotor, nama=kotor)

    kerjakan()

    assert Percakapan.objects.get().nama_wa == "Katex René fi x"
    assert CatatanWarga.objects.get().teks == "Katex René fi x"


@pytest.mark.parametrize(
    ("teks", "tersimpan"),
    [
        ("PIN saya 835172, kok tidak bisa?", "PIN saya ••••••, kok tidak bisa?"),
        ("pin: 835 172", "pin: ••••••"),
        ("Pinjam 500000 untuk apa?", "Pinjam 500000 untuk apa?"),
        ("PIN untuk NIK 5107041705849901", "PIN untuk NIK 5107041705849901"),
    ],
)
def test_pin_that_somebody_writes_to_us_is_read_by_nobody(teks, tersimpan, twilio):
    twilio.masuk(dari=HP, teks=teks)

    assert PesanMasuk.objects.get().teks == tersimpan
