"""The page from which operators call whom no message has reached."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from layanan.kabar import akun, panggilan
from layanan.kotak_keluar import pengiriman
from layanan.minta_pin import permintaan
from layanan.models import NomorWA, Notifikasi, Permohonan
from layanan.permohonan import ajukan, alur
from penduduk.akun import penjagaan
from penduduk.models import Banjar, KejadianAkun
from simulator import twilio_palsu as tp
from tests import factories
from tests.halaman import kata, sebagai, tombol

pytestmark = pytest.mark.django_db
HUBUNGI = "/kelola/layanan/hubungi/"
K = Notifikasi.Keadaan


def lalu(menit: float):
    return timezone.now() - timedelta(minutes=menit)


def gagalkan(menit: float = 60, **lain) -> None:
    """All messages to residents did not arrive, `menit` ago."""
    isi = {"keadaan": K.GAGAL, "galat": "Nomor ini tidak memakai WhatsApp. Telepon warga."}
    Notifikasi.objects.filter(penerima=None).update(
        **isi | {"berubah_pada": lalu(menit), "dibuat_pada": lalu(menit)} | lain
    )


@pytest.fixture
def client(operator):
    return sebagai(operator)


@pytest.fixture
def permohonan(warga) -> Permohonan:
    return ajukan.dari_draf(factories.buat_draf(warga), oleh=warga, pada=lalu(60))


def _baris(client):
    return client.get(HUBUNGI).context["daftar"]


def test_list_says_whom_why_since_when_and_what_to_say(client, permohonan):
    gagalkan(130)
    Notifikasi.objects.update(hubungi_kali=1)

    hal = client.get(HUBUNGI)

    teks, html = kata(hal), hal.content.decode()
    assert "I Wayan Contoh 0812-3456-7890" in teks
    assert 'href="tel:+6281234567890"' in html
    assert f'href="/kelola/layanan/permohonan/{permohonan.pk}/change/"' in html
    assert f"Permohonan {permohonan.nomor}, " in teks
    assert "Nomor ini tidak memakai WhatsApp. Telepon warga." in teks
    assert "2\xa0jam" in html and "1 kali ditelepon" in teks
    assert f"sudah kami terima dengan nomor {permohonan.nomor}." in teks
    assert "Rinciannya ada di 127.0.0.1:8000 setelah Anda masuk." in teks


def test_link_opens_a_chat_with_the_words_and_tells_the_other_side_nothing(
    client, permohonan, settings
):
    settings.WA_ME_URL = "https://wa.contoh"
    gagalkan()

    (baris,) = _baris(client)
    html = client.get(HUBUNGI).content.decode()

    alamat = urlsplit(baris.wa)
    assert f"{alamat.scheme}://{alamat.netloc}{alamat.path}" == "https://wa.contoh/6281234567890"
    assert parse_qs(alamat.query) == {"text": [panggilan.tulisan(baris.pesan)]}
    assert f'href="{baris.wa}" target="_blank" rel="noreferrer noopener"' in html


def test_whoever_said_stop_is_neither_written_to_nor_sent_anything_again(client, permohonan):
    gagalkan(kode_galat="21610")
    NomorWA.objects.create(nomor_hp="+6281234567890", berhenti_pada=lalu(5))

    hal = client.get(HUBUNGI)

    assert (hal.context["daftar"][0].wa, "Kirim lagi" in tombol(hal)) == ("", False)
    assert "wa.me" not in hal.content.decode()


def test_resident_without_consent_stands_there_with_a_word_of_warning(client, warga):
    warga.setuju_wa_pada = None
    warga.save()
    permohonan = ajukan.dari_draf(factories.buat_draf(warga), oleh=warga, pada=lalu(90))
    alur.jalankan(permohonan, "proses", oleh=factories.buat_operator("kedua"), pada=lalu(60))

    hal = client.get(HUBUNGI)

    assert [b.pesan.pesan for b in hal.context["daftar"]] == ["diproses"]
    assert "Warga tidak ingin dikabari lewat WhatsApp. Telepon warga." in kata(hal)
    assert "tulis hanya bila ia minta" in kata(hal)
    assert "Kirim lagi" not in tombol(hal)


def test_without_a_number_the_kelian_is_named_or_the_number_of_the_account(
    client, permohonan, warga
):
    gagalkan(nomor_hp="", keadaan=K.TANPA_WA)
    Permohonan.objects.update(nomor_hp="")
    dengan_akun = _baris(client)[0].nomor
    warga.nomor_hp = ""
    warga.save()
    Banjar.objects.update(kelian="I Ketut Kelian", nomor_hp_kelian="+6281200000099")

    teks = kata(client.get(HUBUNGI))

    assert dengan_akun == "+6281234567890"
    assert "Tanpa nomor HP Sampaikan lewat keluarganya atau kelian Banjar Dinas Contoh Satu" in teks
    assert "(I Ketut Kelian, 0812-0000-0099)" in teks


def test_pin_requests_and_account_events_show_whoever_is_known(client, operator, tetangga):
    dikenal = factories.buat_permintaan_pin(nama_wa="Bli Wayan")
    permintaan.minta_foto_ulang(dikenal, alasan="Buram", pada=lalu(80))
    asing = factories.buat_permintaan_pin(nama_wa="")
    permintaan.tolak(asing, alasan="Bukan warga", oleh=operator, pada=lalu(70))
    penjagaan.catat(tetangga, KejadianAkun.Jenis.PIN_DIGANTI, pada=lalu(60))
    akun.kabarkan_yang_menunggu(pada=lalu(60))
    gagalkan()

    semua = _baris(client)

    assert [(b.nama, b.perihal) for b in semua] == [
        ("Bli Wayan", "Permintaan PIN lewat WhatsApp"),
        ("Nama belum diketahui", "Permintaan PIN lewat WhatsApp"),
        ("Ni Made Tetangga", "Keamanan akun"),
    ]
    assert semua[0].alamat == f"/kelola/layanan/permintaanpin/{dikenal.pk}/change/"
    assert semua[2].alamat == f"/kelola/penduduk/penduduk/{tetangga.penduduk_id}/change/"


def test_told_resident_leaves_with_a_note(client, permohonan, operator):
    gagalkan()
    (baris,) = _baris(client)

    jawab = client.post(
        f"{HUBUNGI}{baris.pesan.pk}/selesai/", {"catatan": "Istrinya yang menjawab"}, follow=True
    )

    satu = Notifikasi.objects.get(pk=baris.pesan.pk)
    assert "Tercatat: I Wayan Contoh sudah dihubungi." in kata(jawab)
    assert "Tidak ada yang perlu dihubungi." in kata(jawab)
    assert (satu.ditangani_oleh, satu.ditangani_catatan) == (operator, "Istrinya yang menjawab")
    halaman = kata(client.get(f"/kelola/layanan/permohonan/{permohonan.pk}/change/"))
    assert "gagal (ditelepon petugas: Operator, " in halaman and "Istrinya yang menjawab" in halaman


def test_second_click_says_that_it_is_done_already(client, permohonan):
    gagalkan()
    (baris,) = _baris(client)
    alamat = f"{HUBUNGI}{baris.pesan.pk}/"
    client.post(f"{alamat}selesai/")

    for aksi in ("selesai", "tidak-diangkat", "kirim-lagi"):
        assert "Tidak perlu lagi" in kata(client.post(f"{alamat}{aksi}/", follow=True))


def test_unanswered_call_says_when_it_comes_back(client, permohonan):
    gagalkan()
    (baris,) = _baris(client)

    teks = kata(client.post(f"{HUBUNGI}{baris.pesan.pk}/tidak-diangkat/", follow=True))

    lagi = timezone.localtime(timezone.now() + timedelta(hours=2))
    assert f"Muncul lagi pukul {lagi:%H}." in teks
    assert _baris(client) == []


def test_failed_message_is_sent_once_more_and_reaches_the_phone(client, permohonan, twilio):
    gagalkan()
    (baris,) = _baris(client)
    assert "Kirim lagi" in tombol(client.get(HUBUNGI))

    client.post(f"{HUBUNGI}{baris.pesan.pk}/kirim-lagi/")
    pengiriman.kirim_yang_menunggu()

    kepada = [m.ke for m in twilio.messages]
    assert kepada.count("whatsapp:+6281234567890") == 1
    assert LogEntry.objects.get().get_change_message() == "Mengirim lagi."
    assert _baris(client) == []


def test_pin_is_sent_once_more_only_by_those_who_may_issue_one(client, operator, warga):
    satu = factories.buat_permintaan_pin()
    permintaan.terbitkan(satu, orang=warga.penduduk, oleh=operator, pada=lalu(60))
    gagalkan()
    pin = Notifikasi.objects.get(pesan="pin")
    loket = factories.buat_petugas("loket")
    loket.user_permissions.add(_izin("proses_permohonan"))
    tanpa = sebagai(loket)

    assert "Kirim lagi" not in tombol(tanpa.get(HUBUNGI))
    assert tanpa.post(f"{HUBUNGI}{pin.pk}/kirim-lagi/").status_code == 403
    client.post(f"{HUBUNGI}{pin.pk}/kirim-lagi/")

    pin.refresh_from_db()
    assert pin.keadaan == K.MENUNGGU


def _izin(kode: str):
    return Permission.objects.get(codename=kode)


def test_messages_to_staff_and_answers_have_no_address_here(client, permohonan, operator):
    petugas = Notifikasi.objects.get(penerima=operator)

    assert client.post(f"{HUBUNGI}{petugas.pk}/selesai/").status_code == 404
    assert client.post(f"{HUBUNGI}999999/selesai/").status_code == 404


def test_row_of_an_earlier_release_does_not_take_the_page_away(client, permohonan):
    gagalkan()
    Notifikasi.objects.update(variabel=["satu", "dua", "tiga"])

    assert "Kabar tentang: permohonan diterima." in kata(client.get(HUBUNGI))


def test_page_costs_the_same_for_one_and_for_many_and_holds_fifty(
    client, permohonan, django_assert_num_queries
):
    gagalkan()
    client.get(HUBUNGI)
    # session, account, permissions (2), table, count, rows, wording, stopped numbers; head (2)
    with django_assert_num_queries(15):
        client.get(HUBUNGI)
    for n in range(52):
        satu = factories.buat_permintaan_pin(nama_wa=f"Warga {n}")
        permintaan.minta_foto_ulang(satu, alasan="Buram", pada=lalu(50))
    gagalkan()

    with django_assert_num_queries(15):
        hal = client.get(HUBUNGI)

    assert len(hal.context["daftar"]) == 50
    assert "Halaman 1 dari 2 · 53 warga" in kata(hal)
    kedua = client.get(f"{HUBUNGI}?hal=2").context["daftar"]
    assert len(kedua) == 3
    kembali = client.post(f"{HUBUNGI}{kedua[0].pesan.pk}/selesai/", {"hal": "2"})
    assert kembali.url == f"{HUBUNGI}?hal=2"


def test_first_page_and_head_lead_there_with_the_number(client, permohonan):
    gagalkan()

    hal = client.get("/kelola/")

    assert "Telepon 1 warga" in kata(hal)
    assert hal.content.decode().count(f'href="{HUBUNGI}"') >= 2


def test_failed_call_of_the_provider_leads_to_the_list(client, permohonan, twilio):
    """From the refusal of the provider to the row, without anything set by hand."""
    twilio.rencanakan(tp.galat(63024))  # the resident's message is the first
    pengiriman.kirim_yang_menunggu()
    Notifikasi.objects.filter(keadaan=K.GAGAL).update(berubah_pada=lalu(31))

    (baris,) = _baris(client)
    assert baris.sebab == "Nomor ini tidak memakai WhatsApp. Telepon warga."
