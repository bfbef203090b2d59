"""The door: login, the forced first change of PIN, change, logout, and what the cookies say."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from penduduk.akun import penjagaan, perangkat, pin, throttle
from penduduk.models import Akun, Desa, Penduduk, Perangkat, Percobaan, Sesi
from penduduk.views import GAGAL_MASUK
from tests import factories, serentak
from tests.factories import PIN
from tests.halaman import LEBAR, formulir, kata, kirim, sebagai

MASUK, GANTI = "/masuk/", "/pin/ganti/"
SALAH = "739162"


def _masuk(client: Client, nik: str, pin_: str, **lain):
    return client.post(MASUK, {"nik": nik, "pin": pin_, **lain})


def _sudah_masuk(client: Client) -> bool:
    return client.get("/layanan/").status_code == 200


# --- Login ------------------------------------------------------------------------------------


@pytest.mark.parametrize("halaman", ["/", MASUK])
def test_widget_layanan_mandiri_lets_the_resident_in(client, warga, halaman):
    hal = client.get(halaman)

    jawab = kirim(client, hal, "Masuk", {"nik": warga.penduduk.nik, "pin": PIN})

    assert "Layanan Mandiri" in kata(hal)
    assert (jawab.status_code, jawab.url) == (302, "/layanan/")
    assert _sudah_masuk(client) is True


@pytest.mark.parametrize("pola", ["{} {} {} {}", "{}.{}.{}.{}", "{}-{}-{}-{}", "  {}{} {}{}\t"])
def test_nik_may_be_typed_in_groups(client, warga, pola):
    nik = warga.penduduk.nik
    diketik = pola.format(nik[:4], nik[4:8], nik[8:12], nik[12:])

    jawab = _masuk(client, diketik, f" {PIN[:3]} {PIN[3:]} ")

    assert jawab.url == "/layanan/"


def test_nik_and_pin_may_be_typed_in_full_width_digits(client, baru):
    akun, pin_awal = baru
    nik, ganti = akun.penduduk.nik.translate(LEBAR), "482915".translate(LEBAR)

    masuk = _masuk(client, nik, pin_awal.translate(LEBAR))
    isi = {"pin_baru": ganti, "pin_ulang": ganti}
    diganti = kirim(client, client.get(GANTI), "Simpan PIN baru", isi)

    assert (masuk.url, diganti.url) == (GANTI, "/layanan/")
    assert _masuk(Client(), akun.penduduk.nik, "482915").url == "/layanan/"


@pytest.mark.parametrize(
    ("nik", "kalimat"),
    [
        ("", "Isi NIK Anda: 16 angka di KTP-el."),
        ("51070412", "NIK harus 16 angka. Anda mengisi 8. Periksa lagi KTP-el Anda."),
        ("51070412039O9901", "NIK hanya berisi angka. Lihat 16 angka di bagian atas KTP-el."),
        ("1111111111111111", "NIK ini tidak mungkin benar. Periksa lagi angka di KTP-el Anda."),
    ],
)
def test_nik_that_cannot_be_one_is_told_so_and_kept(client, db, nik, kalimat):
    hal = _masuk(client, nik, PIN)

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert formulir(hal, "Masuk").isi["nik"] == [nik]
    assert not Percobaan.objects.exclude(jenis="kiriman").exists()


def test_missing_pin_is_told_so(client, warga):
    hal = _masuk(client, warga.penduduk.nik, "")

    assert "Isi PIN Anda: 6 angka." in kata(hal)
    assert not Percobaan.objects.exclude(jenis="kiriman").exists()


def _badan(hal, nik: str) -> str:
    """The page without what must differ: the token and the NIK that was typed."""
    teks = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", hal.content.decode())
    return teks.replace(nik, "NIK")


def _tak_dikenal() -> tuple[str, str]:
    return "5107041203907777", PIN


def _pin_salah() -> tuple[str, str]:
    return factories.buat_warga().penduduk.nik, SALAH


def _kedaluwarsa() -> tuple[str, str]:
    akun = factories.buat_warga()
    pin.pasang(akun, PIN, berlaku_sampai=timezone.now() - timedelta(seconds=1))
    return akun.penduduk.nik, PIN


def _terkunci() -> tuple[str, str]:
    akun = factories.buat_warga()
    tamu = Client(REMOTE_ADDR="198.51.100.9")
    for _ in range(throttle.PER_NIK.jumlah):
        _masuk(tamu, akun.penduduk.nik, SALAH)
    return akun.penduduk.nik, PIN


def _meninggal() -> tuple[str, str]:
    akun = factories.buat_warga()
    Penduduk.objects.filter(pk=akun.penduduk_id).update(status_dasar=2)
    return akun.penduduk.nik, PIN


def _dimatikan() -> tuple[str, str]:
    akun = factories.buat_warga()
    Akun.objects.filter(pk=akun.pk).update(is_active=False)
    return akun.penduduk.nik, PIN


def _dijaga() -> tuple[str, str]:
    akun = factories.buat_warga()
    kunci = throttle.sidik("nik", akun.penduduk.nik)
    Percobaan.objects.create(kunci=kunci, jenis="nik", gagal=throttle.PER_NIK.habis)
    return akun.penduduk.nik, PIN


def _dibekukan() -> tuple[str, str]:
    akun = factories.buat_warga()
    penjagaan.bekukan(akun, sebab="PETUGAS", pada=timezone.now())
    return akun.penduduk.nik, PIN


def test_every_refusal_reads_the_same(client, db):
    """Whoever tries learns nothing: not whether the NIK is known, nor that it is locked."""
    client.get("/")  # the village is in memory from here on
    cara = (
        *(_tak_dikenal, _pin_salah, _kedaluwarsa, _terkunci, _dijaga),
        *(_meninggal, _dimatikan, _dibekukan),
    )
    jawaban = {}
    for satu in cara:
        nik, pin_ = satu()
        jawab = _masuk(client, nik, pin_)
        tiap = ("Content-Security-Policy", "X-Request-ID")  # each answer has its own
        kepala = {k: v for k, v in jawab.headers.items() if k not in tiap}
        jawaban[satu.__name__] = (jawab.status_code, kepala, _badan(jawab, nik))

    baku = jawaban["_tak_dikenal"]
    assert baku[0] == 200
    assert GAGAL_MASUK in baku[2]
    assert jawaban == dict.fromkeys([satu.__name__ for satu in cara], baku)
    assert _sudah_masuk(client) is False


def test_pin_is_never_echoed_and_nik_is_kept(client, warga, caplog):
    hal = _masuk(client, warga.penduduk.nik, SALAH)

    assert SALAH not in hal.content.decode()
    assert formulir(hal, "Masuk").isi["nik"] == [warga.penduduk.nik]
    assert formulir(hal, "Masuk").isi["pin"] == [""]
    assert SALAH not in caplog.text
    assert warga.penduduk.nik not in caplog.text


def test_pin_and_nik_never_stand_in_an_address(client, warga):
    jawab = client.get(MASUK, {"nik": warga.penduduk.nik, "pin": PIN})

    assert formulir(jawab, "Masuk").isi["nik"] == [""]
    assert _sudah_masuk(client) is False


@pytest.mark.parametrize(
    "lanjut",
    [
        "https://jahat.example/",
        "//jahat.example/layanan/",
        "/\\jahat.example/layanan/",
        "javascript:alert(1)",
        "/kelola/",
        "/layanan",
        "layanan/",
        "https://testserver.jahat.example/layanan/",
        " /layanan/",
    ],
)
@pytest.mark.parametrize("lewat", ["alamat", "formulir"])
def test_next_that_leads_elsewhere_is_ignored(client, warga, lanjut, lewat):
    isi = {"nik": warga.penduduk.nik, "pin": PIN}

    if lewat == "alamat":
        jawab = client.post(MASUK, isi, query_params={"next": lanjut})
    else:
        jawab = client.post(MASUK, isi | {"next": lanjut})

    assert jawab.url == "/layanan/"


def test_page_that_asked_for_the_login_is_opened_afterwards(client, warga):
    permohonan = factories.buat_permohonan(warga)
    tujuan = f"/layanan/permohonan/{permohonan.nomor}/"
    pintu = client.get(tujuan)

    salah = kirim(client, client.get(pintu.url), "Masuk", {"nik": warga.penduduk.nik, "pin": SALAH})
    benar = kirim(client, salah, "Masuk", {"pin": PIN})

    assert pintu.url == f"/masuk/?next={tujuan}"
    assert benar.url == tujuan


def test_next_is_shown_as_text_only(client, db):
    hal = client.get(MASUK, {"next": '"><script>alert(1)</script>'})

    assert "<script>alert" not in hal.content.decode()


def test_who_is_in_already_goes_straight_to_the_requests(warga):
    client = sebagai(warga)

    assert client.get(MASUK).url == "/layanan/"
    assert client.get(MASUK, {"next": "/layanan/surat/"}).url == "/layanan/surat/"
    assert "Anda sudah masuk." in kata(client.get("/"))


def test_login_makes_a_new_session(client, warga):
    sesi = client.session  # whoever planted this key must not share what follows
    sesi["titipan"] = 1
    sesi.save()

    _masuk(client, warga.penduduk.nik, PIN)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != sesi.session_key
    assert not Sesi.objects.filter(session_key=sesi.session_key).exists()


def test_login_writes_its_session_once(client, warga):
    with CaptureQueriesContext(connection) as kueri:
        _masuk(client, warga.penduduk.nik, PIN)

    (tulis,) = (q["sql"] for q in kueri if "penduduk_sesi" in q["sql"] and "SELECT" not in q["sql"])
    assert tulis.startswith("INSERT")
    kini = Sesi.objects.get()
    assert (kini.akun, kini.perangkat) == (warga, "Peramban lain")


@pytest.mark.django_db(transaction=True)
def test_right_pins_at_the_same_moment_leave_no_failure_behind(warga, tetangga):
    bahan = [(Client(), satu.penduduk.nik) for satu in (warga, tetangga) for _ in range(2)]

    hasil = serentak.jalankan(lambda satu: _masuk(*satu, PIN).status_code, bahan)

    assert hasil == [302] * 4
    tersisa = Percobaan.objects.exclude(jenis="kiriman")
    assert dict(tersisa.filter(gagal__gt=0).values_list("jenis", "gagal")) == {}
    assert Sesi.objects.count() == 4


def test_a_login_that_breaks_off_gives_no_try_back(client, warga, monkeypatch):
    def rusak(*_, **__):
        raise OSError

    client.raise_request_exception = False
    monkeypatch.setattr(perangkat, "kenali", rusak)

    assert _masuk(client, warga.penduduk.nik, PIN).status_code == 500

    assert Percobaan.objects.get(jenis="nik").gagal == 1
    assert not Sesi.objects.exists()


def test_a_success_forgets_the_failures_before_it(client, warga):
    for _ in range(throttle.PER_NIK.jumlah - 1):
        _masuk(client, warga.penduduk.nik, SALAH)

    jawab = _masuk(client, warga.penduduk.nik, PIN)

    assert jawab.url == "/layanan/"
    assert set(Percobaan.objects.values_list("terkunci_sampai", flat=True)) == {None}


# --- What this browser did itself -------------------------------------------------------------


@pytest.fixture
def pukul_sembilan(monkeypatch):
    pada = timezone.now().replace(hour=1, minute=7, second=1)  # 09.07.01 WITA
    monkeypatch.setattr("django.utils.timezone.now", lambda: pada)
    return pada


def test_after_five_failures_of_its_own_the_browser_reads_when_to_come_back(
    client, warga, pukul_sembilan
):
    Desa.objects.update_or_create(pk=1, defaults={"telepon": "0363 21234"})
    semua = [_masuk(client, warga.penduduk.nik, SALAH) for _ in range(7)]

    for hal in semua[:4]:
        assert GAGAL_MASUK in kata(hal)
        assert "dari HP ini" not in kata(hal)
    for hal in semua[4:]:
        assert "Sudah 5 kali salah dari HP ini. Coba lagi pukul 09.23, atau telepon" in kata(hal)
        assert 'href="tel:+6236321234"' in hal.content.decode()
        assert "<h2>Belum bisa masuk</h2>" in hal.content.decode()


def test_the_rest_is_behind_a_question(client, warga):
    hal = _masuk(client, warga.penduduk.nik, SALAH).content.decode()

    depan, belakang = hal.split("<summary>Masih gagal?</summary>")
    assert "72 jam" in belakang and "BUKA" in belakang
    assert "72 jam" not in depan and "BUKA" not in depan
    assert 'tabindex="-1" autofocus' in depan


@pytest.mark.parametrize("kali", [1, 5, 8])
def test_what_this_browser_did_reads_the_same_for_every_nik(db, pukul_sembilan, kali):
    """Strangers, and what is known of the NIK, change nothing that a browser reads of itself."""
    bacaan = {}
    for satu in (_tak_dikenal, _pin_salah, _terkunci, _dijaga, _meninggal, _dibekukan):
        nik, _ = satu()
        client = Client()
        hal = [_badan(_masuk(client, nik, SALAH), nik) for _ in range(kali)]
        bacaan[satu.__name__] = hal

    assert bacaan == dict.fromkeys(bacaan, bacaan["_tak_dikenal"])


def test_what_others_did_is_not_told(client, warga):
    orang_asing = Client(REMOTE_ADDR="198.51.100.9")
    for _ in range(9):
        _masuk(orang_asing, warga.penduduk.nik, SALAH)

    assert "kali salah dari HP ini" not in kata(_masuk(client, warga.penduduk.nik, PIN))


def test_success_forgets_what_this_browser_did(client, warga):
    for _ in range(4):
        _masuk(client, warga.penduduk.nik, SALAH)
    _masuk(client, warga.penduduk.nik, PIN)
    client.post("/keluar/")

    assert "dari HP ini" not in kata(_masuk(client, warga.penduduk.nik, SALAH))


# --- Two doors --------------------------------------------------------------------------------


def test_staff_cannot_enter_at_the_residents_door(client, operator, db):
    nik_palsu = _masuk(client, "operator", "sandi-uji-panjang")
    client.post(MASUK, {"username": "operator", "password": "sandi-uji-panjang"})

    assert nik_palsu.status_code == 200
    assert _sudah_masuk(client) is False
    assert client.get("/kelola/").status_code == 302


def test_resident_cannot_enter_at_the_office_door(client, warga):
    for nama in (warga.penduduk.nik, "", str(warga.pk)):
        hal = client.post("/kelola/login/", {"username": nama, "password": PIN})

        assert hal.status_code == 200
    assert _sudah_masuk(client) is False
    assert client.get("/kelola/").url == "/kelola/login/?next=/kelola/"


def test_resident_who_is_in_is_sent_to_the_office_login_and_not_further(warga):
    client = sebagai(warga)

    pintu = client.get("/kelola/")
    hal = client.post("/kelola/login/", {"username": warga.penduduk.nik, "password": PIN})

    assert pintu.url == "/kelola/login/?next=/kelola/"
    assert hal.status_code == 200
    assert "Selamat datang" not in kata(hal)


def test_refusals_at_the_office_door_read_the_same(client, operator):
    Akun.objects.create_user("mati", "sandi-uji-panjang", is_active=False)

    badan = set()
    for nama, sandi in (
        ("tidakada", "sandi-uji-panjang"),
        ("operator", "salah-sekali-9"),
        ("mati", "sandi-uji-panjang"),
    ):
        hal = client.post("/kelola/login/", {"username": nama, "password": sandi})
        badan.add(_badan(hal, f'value="{nama}"'))

    assert len(badan) == 1


# --- First login ------------------------------------------------------------------------------


@pytest.fixture
def baru(db) -> tuple[Akun, str]:
    """A resident who holds a one-time PIN."""
    orang = factories.buat_penduduk()
    pin_awal = pin.terbitkan(orang, pada=timezone.now())
    return Akun.objects.select_related("penduduk").get(penduduk=orang), pin_awal


def test_first_login_leads_to_the_page_that_replaces_the_pin(client, baru):
    akun, pin_awal = baru

    jawab = _masuk(client, akun.penduduk.nik, pin_awal, next="/layanan/surat/")
    hal = client.get(jawab.url)

    assert jawab.url == GANTI
    assert "PIN dari kantor desa hanya sekali pakai." in kata(hal)
    assert formulir(hal, "Simpan PIN baru").bidang == {
        "csrfmiddlewaretoken",
        "pin_baru",
        "pin_ulang",
    }


@pytest.mark.parametrize(
    "alamat",
    [
        "/",
        "/panduan/",
        "/masuk/",
        "/cek/",
        "/layanan/",
        "/layanan/surat/",
        "/layanan/surat/domisili/",
        "/layanan/surat/domisili/isi/",
        "/layanan/permohonan/P-2026-0001/",
        "/layanan/permohonan/P-2026-0001/surat/",
        "/berkas/00000000-0000-0000-0000-000000000001/",
        "/meja/",
        "/kelola/",
        "/kelola/login/",
        "/tidak-ada/",
    ],
)
def test_until_then_every_other_address_leads_there(baru, alamat):
    client = sebagai(baru[0])

    assert client.get(alamat).url == GANTI
    assert client.post(alamat, {"draf": "x"}).url == GANTI


def test_until_then_one_may_still_leave(baru):
    client = sebagai(baru[0])

    assert client.post("/keluar/").url == "/"
    assert "Panduan Layanan Mandiri" in kata(client.get("/panduan/"))


@pytest.mark.parametrize(
    ("lemah", "kalimat"),
    [
        ("123456", "PIN berurutan mudah ditebak. Pilih angka yang acak."),
        ("654321", "PIN berurutan mudah ditebak. Pilih angka yang acak."),
        ("111111", "PIN berulang mudah ditebak. Pilih angka yang acak."),
        ("121212", "PIN berulang mudah ditebak. Pilih angka yang acak."),
        ("112233", "PIN berulang mudah ditebak. Pilih angka yang acak."),
        ("120390", "PIN tidak boleh tanggal lahir Anda. Pilih angka yang acak."),
        ("900312", "PIN tidak boleh tanggal lahir Anda. Pilih angka yang acak."),
        ("510704", "PIN tidak boleh bagian dari NIK Anda. Pilih angka yang acak."),
        ("48291", "PIN harus 6 angka."),
        ("48291a", "PIN harus 6 angka."),
        ("", "Isi PIN baru: 6 angka."),
    ],
)
def test_weak_pin_is_refused_with_a_sentence(baru, lemah, kalimat):
    client = sebagai(baru[0])

    hal = kirim(
        client, client.get(GANTI), "Simpan PIN baru", {"pin_baru": lemah, "pin_ulang": lemah}
    )

    baru[0].refresh_from_db()
    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert formulir(hal, "Simpan PIN baru").isi["pin_baru"] == [""]
    assert baru[0].wajib_ganti_pin is True


def test_first_pin_cannot_become_the_lasting_one(client, baru):
    akun, pin_awal = baru
    _masuk(client, akun.penduduk.nik, pin_awal)
    isi = {"pin_baru": pin_awal, "pin_ulang": pin_awal}

    hal = kirim(client, client.get(GANTI), "Simpan PIN baru", isi)

    assert pin.PERNAH in kata(hal)
    assert client.get("/layanan/").url == GANTI


def test_proposed_pin_can_be_typed_as_it_is_shown(client, baru):
    hal = sebagai(baru[0]).get(GANTI)
    usul = re.search(r"\b\d{3} \d{3}\b", kata(hal)).group()

    jawab = kirim(sebagai(baru[0]), hal, "Simpan PIN baru", {"pin_baru": usul, "pin_ulang": usul})

    assert jawab.url == "/layanan/"
    assert _masuk(client, baru[0].penduduk.nik, usul.replace(" ", "")).url == "/layanan/"


@pytest.mark.parametrize("bentuk", ["{}.{}", " {}-{}", "{}\u00a0{} ", "{}{}"])
def test_pin_is_cleaned_alike_in_every_field(client, warga, bentuk):
    def ketik(pin_: str) -> str:
        return bentuk.format(pin_[:3], pin_[3:])

    isi = {"pin_lama": ketik(PIN), "pin_baru": ketik("736184"), "pin_ulang": "736184"}
    jawab = _ganti(sebagai(warga), **isi)

    assert jawab.url == "/layanan/"
    assert _masuk(client, warga.penduduk.nik, ketik("736184")).url == "/layanan/"


def test_fields_cut_nothing_that_the_cleaning_takes_and_offer_a_keypad(baru):
    html = sebagai(baru[0]).get(GANTI).content.decode() + Client().get(MASUK).content.decode()
    kotak = {
        m[2]: m[0] for m in re.finditer(r'<input type="(text|password)" name="(\w+)".*?>', html)
    }

    assert set(kotak) == {"nik", "pin", "pin_baru", "pin_ulang"}
    for nama, satu in kotak.items():
        assert 'inputmode="numeric"' in satu
        assert int(re.search(r'maxlength="(\d+)"', satu)[1]) >= 40
        cara = {"nik": "username", "pin": "current-password"}.get(nama, "new-password")
        assert f'autocomplete="{cara}"' in satu
        if nama != "nik":
            assert 'type="password"' in satu
            assert f'aria-controls="id_{nama}"' in html


def test_two_different_pins_are_refused(baru):
    client = sebagai(baru[0])

    hal = kirim(
        client, client.get(GANTI), "Simpan PIN baru", {"pin_baru": "482915", "pin_ulang": "482916"}
    )

    assert "Kedua PIN tidak sama. Ketik lagi." in kata(hal)
    assert "482915" not in hal.content.decode()


def test_after_the_change_the_own_pin_opens_and_the_first_one_does_not(client, baru):
    akun, pin_awal = baru
    _masuk(client, akun.penduduk.nik, pin_awal)

    jawab = kirim(
        client, client.get(GANTI), "Simpan PIN baru", {"pin_baru": "482915", "pin_ulang": "482915"}
    )

    akun.refresh_from_db()
    assert jawab.url == "/layanan/"
    assert "PIN baru sudah tersimpan." in kata(client.get("/layanan/"))
    assert (akun.wajib_ganti_pin, akun.pin_berlaku_sampai) == (False, None)
    assert _masuk(Client(), akun.penduduk.nik, "482915").url == "/layanan/"
    assert GAGAL_MASUK in kata(_masuk(Client(), akun.penduduk.nik, pin_awal))


def test_resident_whose_nik_was_taken_out_meanwhile_is_told_why_the_pin_stays(baru):
    akun = baru[0]
    client = sebagai(akun)
    Penduduk.objects.filter(pk=akun.penduduk_id).update(nik=None)

    hal = kirim(
        client, client.get(GANTI), "Simpan PIN baru", {"pin_baru": "482915", "pin_ulang": "482915"}
    )

    akun.refresh_from_db()
    assert "Hanya warga dengan NIK yang mempunyai PIN." in kata(hal)
    assert akun.wajib_ganti_pin is True


def test_first_pin_is_spent_a_quarter_of_an_hour_after_its_first_use(client, baru):
    akun, pin_awal = baru
    _masuk(client, akun.penduduk.nik, pin_awal)

    akun.refresh_from_db()
    assert akun.pin_berlaku_sampai <= timezone.now() + pin.TENGGANG_PIN_AWAL


# --- Change of PIN ----------------------------------------------------------------------------


def _ganti(client, **isi):
    baku = {"pin_lama": PIN, "pin_baru": "736184", "pin_ulang": "736184"}
    return kirim(client, client.get(GANTI), "Simpan PIN baru", baku | isi)


def test_changing_the_pin_ends_all_other_sessions(warga):
    sini, hp_lama = sebagai(warga), sebagai(warga)

    jawab = _ganti(sini)

    assert jawab.url == "/layanan/"
    assert _sudah_masuk(sini) is True
    assert _sudah_masuk(hp_lama) is False
    assert hp_lama.get("/layanan/").url == "/masuk/?next=/layanan/"


@pytest.mark.parametrize(
    ("lama", "kalimat"),
    [(SALAH, "PIN lama tidak cocok. Ketik lagi."), ("", "Isi PIN lama Anda.")],
)
def test_changing_the_pin_asks_for_the_old_one(warga, lama, kalimat):
    client = sebagai(warga)

    hal = _ganti(client, pin_lama=lama)

    warga.refresh_from_db()
    assert kalimat in kata(hal)
    assert pin.cocok(warga, PIN, pada=timezone.now()) is True
    assert "736184" not in hal.content.decode()


def test_guessing_the_old_pin_here_is_throttled_like_at_the_door(warga):
    client = sebagai(warga)
    for _ in range(throttle.PER_NIK.jumlah):
        _ganti(client, pin_lama=SALAH)

    hal = _ganti(client)

    warga.refresh_from_db()
    assert "PIN lama tidak cocok. Sudah 5 kali salah, coba lagi" in kata(hal)
    assert pin.cocok(warga, PIN, pada=timezone.now()) is True


def test_pin_of_before_is_refused_with_a_sentence(warga):
    client = sebagai(warga)

    hal = _ganti(client, pin_baru=PIN, pin_ulang=PIN)

    warga.refresh_from_db()
    assert pin.PERNAH in kata(hal)
    assert _sudah_masuk(client) is True
    assert pin.cocok(warga, PIN, pada=timezone.now()) is True


def test_staff_change_their_password_in_their_own_house(operator):
    assert sebagai(operator).get(GANTI).url == "/kelola/password_change/"


# --- Leaving ----------------------------------------------------------------------------------


def test_leaving_is_a_press_and_not_a_link(warga):
    client = sebagai(warga)
    kunci = client.session.session_key

    dilihat = client.get("/keluar/")
    masih = _sudah_masuk(client)
    jawab = kirim(client, client.get("/layanan/"), "Keluar")

    assert (dilihat.url, masih) == ("/", True)
    assert jawab.url == "/"
    assert "Anda sudah keluar." in kata(client.get("/"))
    assert _sudah_masuk(client) is False
    assert not Sesi.objects.filter(session_key=kunci).exists()


# --- Cookies ----------------------------------------------------------------------------------


def test_device_cookie_is_out_of_reach_of_scripts_and_other_sites(client, warga):
    _masuk(client, warga.penduduk.nik, PIN)

    kuki = client.cookies["perangkat"]
    assert len(kuki.value) == 43
    assert (kuki["httponly"], kuki["samesite"], kuki["path"]) == (True, "Lax", "/")
    assert kuki["max-age"] == 400 * 24 * 3600
    assert Perangkat.objects.get().sidik == throttle.sidik("perangkat", kuki.value)
    assert kuki.value not in Perangkat.objects.get().sidik


@pytest.mark.parametrize("nik", ["warga", "5107041203907777"])
def test_failed_login_leaves_a_cookie_that_nobody_knows(client, warga, nik):
    """The same for every NIK: it only tells this browser's typos from strangers' guesses."""
    _masuk(client, warga.penduduk.nik if nik == "warga" else nik, SALAH)
    pertama = client.cookies["perangkat"].value
    _masuk(client, warga.penduduk.nik, SALAH)

    assert len(pertama) == 43
    assert client.cookies["perangkat"].value == pertama
    assert Perangkat.objects.count() == 0


def test_form_that_says_nothing_leaves_no_device_cookie(client, db):
    client.get(MASUK)
    _masuk(client, "510704", SALAH)

    assert "perangkat" not in client.cookies


def test_device_cookie_stays_the_same_for_the_whole_family(client, warga, tetangga):
    _masuk(client, warga.penduduk.nik, PIN)
    pertama = client.cookies["perangkat"].value
    client.post("/keluar/")
    _masuk(client, tetangga.penduduk.nik, PIN)

    assert client.cookies["perangkat"].value == pertama
    assert Perangkat.objects.count() == 2


def test_known_device_opens_an_account_that_strangers_have_locked(client, warga):
    _masuk(client, warga.penduduk.nik, PIN)
    client.post("/keluar/")
    orang_asing = Client(REMOTE_ADDR="198.51.100.9")
    for _ in range(throttle.PER_NIK.jumlah):
        _masuk(orang_asing, warga.penduduk.nik, SALAH)

    assert _masuk(orang_asing, warga.penduduk.nik, PIN).status_code == 200
    assert _masuk(client, warga.penduduk.nik, PIN).url == "/layanan/"


def test_device_cookie_carries_secure_when_the_site_speaks_https(client, warga, settings):
    settings.HTTPS = True

    _masuk(client, warga.penduduk.nik, PIN)

    assert client.cookies[perangkat.NAMA_KUKI]["secure"] is True


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, warga):
    _masuk(client, warga.penduduk.nik, PIN)

    kuki = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (kuki["httponly"], kuki["samesite"], kuki["path"]) == (True, "Lax", "/")
    assert kuki["max-age"] == 24 * 3600, "outlives the session, so that its end can be told"


def test_csrf_cookie_is_out_of_reach_of_scripts(client, db):
    client.get(MASUK)

    kuki = client.cookies[settings.CSRF_COOKIE_NAME]
    assert (kuki["httponly"], kuki["samesite"]) == (True, "Lax")


def test_stranger_who_only_reads_gets_no_session(client, db):
    client.get("/panduan/")
    client.get("/cek/")

    assert list(client.cookies) == []
    assert Sesi.objects.count() == 0


@pytest.mark.lambat
def test_cookies_of_a_real_village_are_bound_to_its_host_and_to_https(tmp_path):
    """Names and flags as production settings give them, read in a fresh process."""
    env = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "BUGBUG_MODE": "produksi",
        "SECRET_KEY": "abcdefgh" * 8,
        "PIN_PEPPER": "pqrstuvw" * 8,
        "ALLOWED_HOSTS": "bugbug-karangasem.id",
        "PUBLIC_BASE_URL": "https://bugbug-karangasem.id",
        "DJANGO_SETTINGS_MODULE": "bugbug.settings",
    }
    kode = (
        "import environ; environ.FileAwareEnv.read_env = classmethod(lambda *a, **k: None);"
        "import django; django.setup(); from django.conf import settings as s;"
        "from penduduk.akun import perangkat;"
        "assert (s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, perangkat.NAMA_KUKI) == "
        "('__Host-sesi', '__Host-csrf', '__Host-perangkat');"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.HTTPS;"
        "assert s.SESSION_COOKIE_HTTPONLY and s.CSRF_COOKIE_HTTPONLY;"
        "assert s.SECURE_SSL_REDIRECT and s.SECURE_HSTS_SECONDS == 31536000;"
        "assert s.SESSION_COOKIE_DOMAIN is None and s.SESSION_COOKIE_PATH == '/'"
    )

    hasil = subprocess.run(
        [sys.executable, "-c", kode],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert hasil.returncode == 0, hasil.stderr


# --- A page that stood open too long ----------------------------------------------------------


@pytest.mark.parametrize("alamat", [MASUK, "/keluar/", GANTI, "/layanan/surat/domisili/"])
def test_post_without_its_token_gets_a_friendly_page_and_does_nothing(warga, alamat):
    client = sebagai(warga, enforce_csrf_checks=True)

    hal = client.post(alamat, {"nik": warga.penduduk.nik, "pin": PIN})

    assert hal.status_code == 403
    assert "Halaman sudah terlalu lama terbuka" in kata(hal)
    assert "Yang sudah tersimpan tidak hilang." in kata(hal)
    assert "CSRF" not in hal.content.decode()
    assert _sudah_masuk(client) is True


def test_office_door_wants_its_token_too(operator):
    client = Client(enforce_csrf_checks=True)

    hal = client.post("/kelola/login/", {"username": "operator", "password": "sandi-uji-panjang"})

    assert hal.status_code == 403
    assert "Halaman sudah terlalu lama terbuka" in kata(hal)


def test_post_with_its_token_is_accepted(warga):
    client = Client(enforce_csrf_checks=True)

    jawab = kirim(client, client.get("/"), "Masuk", {"nik": warga.penduduk.nik, "pin": PIN})

    assert jawab.url == "/layanan/"
