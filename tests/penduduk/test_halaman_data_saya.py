"""Data saya, the own sessions, and the link "bukan saya"."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from penduduk.akun import penjagaan, pin, throttle
from penduduk.models import Akun, KejadianAkun, Perangkat, Sesi
from penduduk.views import GAGAL_MASUK
from tests import factories
from tests.factories import PIN
from tests.halaman import formulir, kata, kirim, sebagai, tombol

ALAMAT = "/layanan/data-saya/"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Mobile Safari/604.1"

pytestmark = pytest.mark.django_db


def masuk(akun: Akun, user_agent: str = ANDROID) -> Client:
    client = Client(HTTP_USER_AGENT=user_agent)
    jawab = client.post("/masuk/", {"nik": akun.penduduk.nik, "pin": PIN})
    assert jawab.url == "/layanan/"
    return client


def sudah_masuk(client: Client) -> bool:
    return client.get("/layanan/").status_code == 200


# --- The page ----------------------------------------------------------------------------------


def test_page_shows_what_the_register_says_of_oneself(warga, tetangga):
    hal = sebagai(warga).get(ALAMAT)

    nik = warga.penduduk.nik
    teks = kata(hal)
    for harus in ("I Wayan Contoh", "Bugbug, 12 Maret 1990", "Jalan Contoh 1, Banjar Contoh Satu"):
        assert harus in teks
    assert f"{nik[:4]}••••••••{nik[-4:]}" in teks
    assert formulir(hal, "Simpan nomor").isi["nomor_hp"] == ["0812-3456-7890"]
    assert tetangga.penduduk.nama not in teks


def test_page_is_linked_from_the_menu_and_leads_to_the_pin(warga):
    client = sebagai(warga)

    assert f'href="{ALAMAT}"' in client.get("/layanan/").content.decode()
    assert 'href="/pin/ganti/"' in client.get(ALAMAT).content.decode()


def test_page_costs_the_same_queries_for_one_and_for_many_events(warga, django_assert_num_queries):
    client = sebagai(warga)
    for _ in range(30):
        penjagaan.catat(warga, KejadianAkun.Jenis.DIBUKA, pada=timezone.now())
    client.get(ALAMAT)

    with django_assert_num_queries(6):  # village, session + akun, family, banjar, sessions, events
        hal = client.get(ALAMAT)

    assert kata(hal).count("Anda meminta HP baru boleh masuk") == 10


KEJADIAN = [
    ("PIN_TERBIT", "operator", "Kantor desa membuat PIN baru untuk Anda"),
    ("PIN_GANTI", None, "PIN diganti"),
    ("NOMOR", None, "Nomor HP diganti"),
    ("DIJAGA", None, "Ada yang berkali-kali mencoba masuk dengan NIK Anda"),
    ("DIBUKA", "operator", "Petugas membuka akun untuk HP baru"),
    ("DIBUKA", None, "Anda meminta HP baru boleh masuk"),
    ("DIBEKUKAN", "operator", "Akun dikunci oleh petugas"),
    ("DIBEKUKAN", None, "Akun dikunci karena ada jawaban BUKAN SAYA"),
    ("DICAIRKAN", "operator", "Petugas membuka kunci akun"),
    ("KELUAR", None, "Keluar dari semua HP"),
]


@pytest.mark.parametrize(("jenis", "oleh", "kalimat"), KEJADIAN)
def test_every_kind_of_event_has_its_words(warga, operator, jenis, oleh, kalimat):
    KejadianAkun.objects.all().delete()
    penjagaan.catat(warga, jenis, pada=timezone.now(), oleh=operator if oleh else None)

    assert kalimat in kata(sebagai(warga).get(ALAMAT))


def test_every_kind_of_event_is_in_that_list():
    # Sprayed guesses concern no single account; the others are those of staff.
    lain = {"SEMPROTAN", "KODE", "SANDI", "DIBUAT", "PERAN", "DIATUR", "USUL", "KUKUH", "LEPAS"}
    lain |= {"FAKTOR", "FAKTORLEP"}
    assert set(KejadianAkun.Jenis.values) - lain == {jenis for jenis, _, _ in KEJADIAN}


def test_resident_with_a_bare_register_row_still_has_a_page(db):
    akun = factories.buat_warga(
        tempat_lahir="", tanggal_lahir=None, jenis_kelamin=None, keluarga=None
    )

    teks = kata(sebagai(akun).get(ALAMAT))

    assert "Tempat, tanggal lahir –" in teks
    assert "Jenis kelamin" not in teks and "Alamat" not in teks


# --- The number --------------------------------------------------------------------------------


def test_number_is_kept_in_its_international_form(warga):
    client = sebagai(warga)

    jawab = kirim(client, client.get(ALAMAT), "Simpan nomor", {"nomor_hp": "0813 2222 3333"})

    assert jawab.url == ALAMAT
    akun = Akun.objects.get(pk=warga.pk)
    assert (akun.nomor_hp, akun.nomor_calon) == ("+6281234567890", "+6281322223333")
    teks = kata(client.get(ALAMAT))
    assert "0813-2222-3333 menunggu bukti" in teks
    assert "pesan keamanan tetap kami kirim ke 0812-3456-7890" in teks
    assert not KejadianAkun.objects.filter(jenis="NOMOR").exists()


def test_number_that_waits_for_its_proof_can_be_given_up(warga):
    client = sebagai(warga)
    kirim(client, client.get(ALAMAT), "Simpan nomor", {"nomor_hp": "0813 2222 3333"})

    kirim(client, client.get(ALAMAT), "Batalkan nomor baru")

    assert Akun.objects.get(pk=warga.pk).nomor_calon == ""
    assert formulir(client.get(ALAMAT), "Simpan nomor").isi["nomor_hp"] == ["0812-3456-7890"]


def test_number_that_was_proven_meanwhile_is_not_said_to_be_cancelled(warga):
    penjagaan.usulkan_nomor(warga, "+6281234567855")
    client = sebagai(warga)
    basi = client.get(ALAMAT)
    penjagaan.ganti_nomor(warga, "+6281234567855", pada=timezone.now())

    kirim(client, basi, "Batalkan nomor baru")
    teks = kata(client.get(ALAMAT))

    assert "Tidak ada nomor yang menunggu bukti." in teks
    assert "Nomor lama tetap dipakai" not in teks
    assert "Tercatat: 0812-3456-7855." in teks


@pytest.mark.parametrize(
    ("diketik", "kalimat"),
    [
        ("", "Isi nomor HP aktif"),
        ("0363 21011", "Nomor ini telepon rumah"),
        ("abc", "Nomor HP tidak dapat dibaca."),
    ],
)
def test_number_that_is_none_is_refused_and_the_old_one_kept(warga, diketik, kalimat):
    client = sebagai(warga)

    hal = kirim(client, client.get(ALAMAT), "Simpan nomor", {"nomor_hp": diketik})

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert Akun.objects.get(pk=warga.pk).nomor_hp == "+6281234567890"


# --- Sessions ----------------------------------------------------------------------------------


def test_own_sessions_are_listed_and_nobody_elses(warga, tetangga):
    sini = masuk(warga, ANDROID)
    masuk(warga, IPHONE)
    masuk(tetangga, "Mozilla/5.0 (Windows NT 10.0) Firefox/131.0")

    hal = sini.get(ALAMAT)

    teks = kata(hal)
    assert teks.index("Chrome di HP Android HP ini") < teks.index("Safari di iPhone")
    assert teks.count("sejak ") == 2
    assert "Firefox" not in teks
    assert [t for t in tombol(hal) if t.startswith("Keluarkan")] == ["Keluarkan Safari di iPhone"]


def test_page_holds_no_session_key(warga):
    sini, sana = masuk(warga), masuk(warga, IPHONE)

    isi = sini.get(ALAMAT).content.decode()

    assert sini.session.session_key not in isi
    assert sana.session.session_key not in isi


def test_one_session_can_be_ended_from_another_phone(warga):
    sini, sana, ketiga = masuk(warga), masuk(warga, IPHONE), masuk(warga, "Firefox")

    jawab = kirim(sini, sini.get(ALAMAT), "Keluarkan Safari di iPhone")

    assert jawab.url == ALAMAT
    assert [sudah_masuk(c) for c in (sini, sana, ketiga)] == [True, False, True]


def test_session_of_a_neighbour_cannot_be_ended(warga, tetangga):
    sini, sebelah = masuk(warga), masuk(tetangga, IPHONE)
    milik = Sesi.objects.get(akun=tetangga)

    for pegangan in (throttle.sidik("sesi", milik.pk)[:16], milik.pk, "", "x"):
        sini.post("/layanan/data-saya/sesi/keluar/", {"sesi": pegangan})

    assert (sudah_masuk(sini), sudah_masuk(sebelah)) == (True, True)


def test_ending_ones_own_session_is_leaving(warga):
    sini = masuk(warga)
    pegangan = throttle.sidik("sesi", sini.session.session_key)[:16]

    jawab = sini.post("/layanan/data-saya/sesi/keluar/", {"sesi": pegangan})

    assert jawab.url == "/"
    assert sudah_masuk(sini) is False


def test_leaving_all_phones_keeps_only_this_one_known(warga, tetangga):
    sini, sana, sebelah = masuk(warga), masuk(warga, IPHONE), masuk(tetangga)

    jawab = kirim(sini, sini.get(ALAMAT), "Keluar dari semua HP")

    assert jawab.url == "/"
    assert "Anda sudah keluar dari semua HP." in kata(sini.get("/"))
    assert [sudah_masuk(c) for c in (sini, sana, sebelah)] == [False, False, True]
    (dikenal,) = Perangkat.objects.filter(akun=warga)
    assert dikenal.sidik == throttle.sidik("perangkat", sini.cookies["perangkat"].value)
    assert warga.kejadian.filter(jenis="KELUAR").count() == 1


def test_changing_the_pin_takes_the_other_sessions_off_the_list(warga):
    sini, sana = masuk(warga), masuk(warga, IPHONE)

    isi = {"pin_lama": PIN, "pin_baru": "736184", "pin_ulang": "736184"}
    kirim(sini, sini.get("/pin/ganti/"), "Simpan PIN baru", isi)

    assert (sudah_masuk(sini), sudah_masuk(sana)) == (True, False)
    assert Sesi.objects.filter(akun=warga).count() == 1
    assert "Keluarkan" not in " ".join(tombol(sini.get(ALAMAT)))
    assert warga.kejadian.filter(jenis="PIN_GANTI").count() == 2  # the factory's and this one


def test_pin_cannot_be_changed_while_the_account_is_being_frozen(warga, monkeypatch):
    sini = masuk(warga)
    hal = sini.get("/pin/ganti/")
    asli = pin.periksa_kekuatan

    def sementara_itu(*args, **kwargs):
        penjagaan.bekukan(warga, sebab="BUKAN_SAYA", pada=timezone.now())
        return asli(*args, **kwargs)

    monkeypatch.setattr(pin, "periksa_kekuatan", sementara_itu)
    isi = {"pin_lama": PIN, "pin_baru": "736184", "pin_ulang": "736184"}

    hal = kirim(sini, hal, "Simpan PIN baru", isi)

    assert hal.status_code == 200
    assert sudah_masuk(sini) is False
    assert pin.cocok(Akun.objects.get(pk=warga.pk), "736184", pada=timezone.now()) is False


def test_page_to_change_the_pin_proposes_a_random_one(warga):
    hal = sebagai(warga).get("/pin/ganti/")

    usul = hal.context["usul"].replace(" ", "")
    assert hal.context["usul"] in kata(hal)
    assert pin.periksa_kekuatan(usul, nik=warga.penduduk.nik, tanggal_lahir=None) is None


# --- "Bukan saya" ------------------------------------------------------------------------------


@pytest.fixture
def tautan(warga) -> str:
    satu = penjagaan.catat(warga, KejadianAkun.Jenis.PIN_DITERBITKAN, pada=timezone.now())
    return penjagaan.tautan_bukan_saya(satu).removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("cara", ["get", "head"])
def test_looking_at_the_link_freezes_nothing(client, warga, tautan, cara):
    jawab = getattr(client, cara)(tautan)

    assert jawab.status_code == 200
    assert Akun.objects.get(pk=warga.pk).dibekukan_pada is None


def test_button_of_the_link_freezes_the_account_at_once(warga, tetangga, tautan):
    penyusup, sebelah, client = masuk(warga), masuk(tetangga), Client()

    hal = kirim(client, client.get(tautan), "Ya, kunci akun saya")

    akun = Akun.objects.get(pk=warga.pk)
    assert "Akun Anda sudah dikunci" in kata(hal)
    assert akun.sebab_beku == "BUKAN_SAYA"
    assert (sudah_masuk(penyusup), sudah_masuk(sebelah)) == (False, True)
    pulang = Client().post("/masuk/", {"nik": warga.penduduk.nik, "pin": PIN})
    assert GAGAL_MASUK in kata(pulang)


@pytest.mark.parametrize(
    ("jenis", "tanya"),
    [
        ("PIN_TERBIT", "Bukan Anda yang meminta PIN?"),
        ("PIN_GANTI", "Bukan Anda yang mengganti PIN?"),
        ("NOMOR", "Bukan Anda yang mengganti nomor HP?"),
    ],
)
def test_page_of_the_link_asks_about_what_has_happened(client, warga, jenis, tanya):
    satu = penjagaan.catat(warga, jenis, pada=timezone.now())
    alamat = penjagaan.tautan_bukan_saya(satu).removeprefix("http://127.0.0.1:8000")

    assert tanya in kata(client.get(alamat))


def test_button_pressed_twice_or_by_whoever_is_in_is_no_error(warga, tautan):
    client = masuk(warga)

    hal = [client.post(tautan) for _ in range(2)]

    assert [h.status_code for h in hal] == [200, 200]
    assert sudah_masuk(client) is False
    assert warga.kejadian.filter(jenis="DIBEKUKAN").count() == 1


def test_pages_of_the_link_tell_nothing_about_the_account(client, warga, tautan):
    for hal in (client.get(tautan), client.post(tautan)):
        isi = hal.content.decode()
        assert not any(r in isi for r in (warga.penduduk.nama, warga.penduduk.nik, "567890"))


def test_forged_and_old_links_get_a_clear_page_and_do_nothing(client, warga, tautan):
    palsu = [client.get("/pin/bukan-saya/abc/"), client.post(tautan[:-2] + "/")]
    KejadianAkun.objects.update(pada=timezone.now() - timedelta(days=8))
    lama = [client.get(tautan), client.post(tautan)]

    assert [h.status_code for h in palsu + lama] == [404] * 4
    assert {kata(h).count("Tautan ini tidak berlaku lagi") for h in palsu + lama} == {1}
    assert Akun.objects.get(pk=warga.pk).dibekukan_pada is None


def test_link_works_in_a_browser_that_must_first_change_its_pin(tautan, db):
    orang = factories.buat_penduduk()
    pin.terbitkan(orang, pada=timezone.now())
    client = sebagai(Akun.objects.get(penduduk=orang))

    assert "Bukan Anda yang meminta PIN?" in kata(client.get(tautan))


def test_link_wants_its_token(warga, tautan):
    client = Client(enforce_csrf_checks=True)

    assert client.post(tautan).status_code == 403
    assert Akun.objects.get(pk=warga.pk).dibekukan_pada is None
