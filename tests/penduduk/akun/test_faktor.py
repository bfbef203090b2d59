"""The second factor of staff, and which passwords they may have."""

import io

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from layanan.kabar import akun as kabar
from layanan.models import Notifikasi
from penduduk.akun import faktor, throttle
from penduduk.models import Akun, KejadianAkun, Sesi
from tests import factories
from tests.halaman import kata, kirim, sebagai

pytestmark = pytest.mark.django_db
J = KejadianAkun.Jenis
SANDI = "sandi-uji-panjang"
PINTU = "/kelola/login/"


def kode(akun: Akun, *, lewat: int = 0) -> str:
    """What the app shows, `lewat` steps of 30 seconds from now."""
    alat = TOTPDevice.objects.get(user=akun)
    return f"{totp(alat.bin_key, t0=-30 * lewat):06}"


def pasang(akun: Akun) -> list[str]:
    alat = faktor.calon(akun)
    return faktor.pasang(akun, f"{totp(alat.bin_key):06}", pada=timezone.now())


def masuk(pc: Client, nama: str = "operator", sandi: str = SANDI):
    return pc.post(PINTU, {"username": nama, "password": sandi, "next": "/kelola/akun-saya/"})


@pytest.fixture
def produksi(settings):
    settings.PRODUKSI = True


# --- The door ------------------------------------------------------------------------------------


def test_login_takes_password_and_code_and_nothing_is_open_in_between(operator):
    pasang(operator)
    pc = Client()

    tengah = masuk(pc)
    assert tengah.url == "/kelola/login/kode/?next=%2Fkelola%2Fakun-saya%2F"
    assert "login" in pc.get("/kelola/").url
    salah = kirim(pc, pc.get(tengah.url), "Masuk", {"kode": "000000"})
    assert "Tidak cocok" in kata(salah)
    jawab = kirim(pc, pc.get(tengah.url), "Masuk", {"kode": kode(operator, lewat=1)})

    assert jawab.url == "/kelola/akun-saya/"
    assert "Sisa kode di kertas: 10" in kata(pc.get(jawab.url))


def test_who_has_none_still_logs_in_in_one_step(operator):
    assert masuk(Client()).url == "/kelola/akun-saya/"


def test_second_step_needs_the_first_one_lately(operator, monkeypatch):
    pasang(operator)
    pc = Client()
    assert pc.get("/kelola/login/kode/").url == PINTU
    masuk(pc)
    Akun.objects.filter(pk=operator.pk).update(password="lain")  # changed meanwhile

    assert pc.get("/kelola/login/kode/").url == PINTU


def test_way_back_of_the_second_step_stays_on_the_site(operator):
    pasang(operator)
    pc = Client()
    masuk(pc)

    hal = pc.get("/kelola/login/kode/?next=//jahat.example/")
    assert kirim(pc, hal, "Masuk", {"kode": kode(operator, lewat=1)}).url == "/kelola/"


def test_code_of_the_app_is_good_once_and_one_of_the_paper_too(operator):
    kertas, pada = pasang(operator), timezone.now()
    satu = kode(operator, lewat=1)

    def bukti(apa: str) -> bool:
        return faktor.terbukti(operator, sandi=None, kode=apa, pada=pada)

    assert [bukti(satu), bukti(satu)] == [True, False]
    assert [bukti(kertas[0].upper()), bukti(kertas[0])] == [True, False]
    assert faktor.sisa_kertas(operator) == 9
    assert not StaticToken.objects.filter(token__in=[k.replace("-", "") for k in kertas]).exists()


def test_guesses_at_the_code_are_counted_like_those_at_the_password(operator, jam):
    pasang(operator)
    for _ in range(throttle.PER_PETUGAS.jumlah):
        assert not faktor.terbukti(operator, sandi=None, kode="000000", pada=jam.pada)

    benar = kode(operator, lewat=1)
    assert not faktor.terbukti(operator, sandi=None, kode=benar, pada=jam.pada)
    jam.maju(minutes=16)
    assert faktor.terbukti(operator, sandi=None, kode=benar, pada=jam.pada)


def test_wrong_password_burns_no_code(operator):
    kertas, pada = pasang(operator), timezone.now()

    assert not faktor.terbukti(operator, sandi="salah", kode=kertas[0], pada=pada)
    assert faktor.terbukti(operator, sandi=SANDI, kode=kertas[0], pada=pada)


# --- Set up, and taken away ----------------------------------------------------------------------


@pytest.mark.parametrize("siapa", ["admin_desa", "perbekel"])
def test_in_production_admins_and_signers_set_it_up_first(siapa, request, produksi):
    akun, pc = request.getfixturevalue(siapa), Client()
    masuk(pc, siapa.replace("_", ""))
    pasang_ = "/kelola/akun-saya/kode-kedua/"
    assert pc.get("/kelola/akun-saya/").url == pc.get("/meja/").url == pasang_
    hal = pc.get(pasang_)
    assert "Nanti saja" not in kata(hal) and "<svg" in hal.content.decode()

    akhir = kirim(pc, hal, "Pasang", {"kode": kode(akun)})

    assert akhir.content.decode().count('class="kode"') == 10
    assert pc.get("/kelola/akun-saya/").status_code == 200
    assert akun.kejadian.get().jenis == J.FAKTOR_DIPASANG


def test_operators_are_asked_once_per_browser_and_may_go_on(operator, produksi):
    pc = Client()
    tanya = ["Pasang kode kedua supaya" in kata(pc.get(masuk(pc).url)) for _ in range(2)]

    assert tanya == [True, False]


def test_owner_takes_it_away_only_with_a_fresh_proof(operator):
    kertas = pasang(operator)
    pc = sebagai(operator)

    hal = kirim(pc, pc.get("/kelola/akun-saya/"), "Lepas", {"sandi": SANDI, "kode": "000000"})
    assert "Tidak cocok" in kata(hal) and faktor.punya(operator)
    kirim(pc, pc.get("/kelola/akun-saya/"), "Lepas", {"sandi": SANDI, "kode": kertas[3]})

    assert not faktor.punya(operator)
    assert operator.kejadian.filter(jenis=J.FAKTOR_DILEPAS, oleh=operator).count() == 1


def test_admin_takes_away_a_lost_one_but_not_his_own(operator, admin_desa):
    pasang(operator)
    pasang(admin_desa)
    hp, kantor = sebagai(operator), sebagai(admin_desa)

    hal = kantor.get(f"/kelola/penduduk/akun/{operator.pk}/change/")
    kirim(kantor, hal, "Lepas kode kedua")
    sendiri = kantor.post(f"/kelola/penduduk/akun/{admin_desa.pk}/lepas-kode-kedua/")

    assert "login" in hp.get("/kelola/").url
    assert not faktor.punya(operator)
    assert operator.kejadian.latest("pk").oleh == admin_desa
    assert (sendiri.status_code, faktor.punya(admin_desa)) == (404, True)


def test_only_admin_without_phone_and_paper_is_helped_on_the_server(admin_desa):
    pasang(admin_desa)
    pc = sebagai(admin_desa)

    call_command("buka_akun", "admindesa", "--lepas-kode-kedua", stdout=io.StringIO())

    assert not faktor.punya(admin_desa)
    assert "login" in pc.get("/kelola/").url
    assert admin_desa.kejadian.latest("pk").jenis == J.FAKTOR_DILEPAS


# --- Sessions ------------------------------------------------------------------------------------


def test_own_sessions_are_listed_and_ended_one_by_one_or_all_others(operator, admin_desa):
    def pc(alamat: str) -> Client:
        satu = Client(REMOTE_ADDR=alamat, headers={"User-Agent": "Firefox Windows"})
        masuk(satu)
        return satu

    ini, dua, tiga = pc("192.0.2.77"), pc("198.51.100.9"), pc("2001:db8:1:2::3")
    asing = sebagai(admin_desa)
    hal = ini.get("/kelola/akun-saya/")
    assert "dari 198.51.…" in kata(hal) and "dari 2001:db8:…" in kata(hal)
    assert "198.51.100" not in hal.content.decode()

    kirim(ini, hal, "Keluarkan Firefox")
    assert Sesi.objects.filter(akun=operator).count() == 2
    kirim(ini, hal, "Keluarkan semua")

    assert ini.get("/kelola/akun-saya/").status_code == asing.get("/kelola/").status_code == 200
    assert "login" in dua.get("/kelola/").url and "login" in tiga.get("/kelola/").url


# --- Passwords -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sandi",
    ["pendeksekali", "desabugbug2026!", "Perbekel-Bugbug-77", "password1234", "919191919191"],
)
def test_short_common_and_village_passwords_are_refused(operator, sandi):
    with pytest.raises(ValidationError):
        validate_password(sandi[:11] if sandi == "pendeksekali" else sandi, operator)
    validate_password("tujuh kerbau biru menari", operator)


def test_password_from_an_admin_lasts_for_one_login(admin_desa, operator):
    baru = "layang-layang-hijau"
    kantor = sebagai(admin_desa)
    alamat = f"/kelola/penduduk/akun/{operator.pk}/password/"
    isi = {"password1": baru, "password2": baru, "usable_password": "true"}
    kantor.post(alamat, isi)
    pc = Client()
    masuk(pc, sandi=baru)
    ganti = "/kelola/password_change/"
    assert pc.get("/kelola/").url == ganti

    sama = {"old_password": baru, "new_password1": baru, "new_password2": baru}
    assert "yang harus diganti" in kata(pc.post(ganti, sama))
    lain = {**sama, "new_password1": "gunung-agung-biru", "new_password2": "gunung-agung-biru"}
    assert pc.post(ganti, lain).status_code == 302
    assert "Anda sedang masuk di" in kata(pc.get("/kelola/akun-saya/"))


def test_new_account_starts_with_a_password_for_once_and_all_admins_hear(admin_desa):
    isi = {"username": "kadek", "nama": "Kadek", "password1": SANDI, "password2": SANDI}
    sebagai(admin_desa).post("/kelola/penduduk/akun/add/", isi | {"usable_password": "true"})

    akun = Akun.objects.get(username="kadek")
    assert (akun.wajib_ganti_pin, akun.is_staff) == (True, True)
    assert akun.kejadian.get().jenis == J.DIBUAT


def test_old_password_that_would_be_refused_today_is_changed_at_login(produksi):
    akun = factories.buat_petugas("kadek", "Operator")
    akun.set_password("kadek1")
    akun.save()
    pc = Client()

    masuk(pc, "kadek", "kadek1")

    assert pc.get("/kelola/").url == "/kelola/password_change/"


# --- Told ----------------------------------------------------------------------------------------


def test_change_of_phone_name_and_switch_is_on_the_record_and_the_old_number_is_told(
    admin_desa, operator
):
    kantor = sebagai(admin_desa)
    hal = kantor.get(f"/kelola/penduduk/akun/{operator.pk}/change/")
    kirim(kantor, hal, "Simpan", {"nama": "Orang Lain", "nomor_hp": "0812 9999 8888"})

    semua = {k.jenis: (k.nomor_lama, k.oleh) for k in operator.kejadian.all()}
    assert semua == {
        J.DIATUR: ("", admin_desa),
        J.NOMOR_DIGANTI: ("+6281234500001", admin_desa),
    }
    kabar.kabarkan_yang_menunggu(pada=timezone.now())
    kepada = Notifikasi.objects.filter(penerima=operator).order_by("pk")
    assert [n.nomor_hp for n in kepada] == ["+6281299998888", "+6281234500001"]
