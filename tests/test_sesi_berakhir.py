"""A person whose session has ended meanwhile: every address, every form, nothing typed is lost."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import RedirectCycleError
from django.utils import timezone

from layanan.models import Draf, Permohonan
from penduduk.akun.perangkat import NAMA_KUKI
from penduduk.ketikan import simpanan
from penduduk.models import Akun, Ketikan, Sesi
from surat.models import Pejabat
from tests import factories
from tests.halaman import formulir, kata, kirim
from tests.test_izin import HALAMAN, _baris

SANDI = "sandi-uji-panjang"
SITUS = "http://testserver"
BERAKHIR = "Sesi Anda sudah berakhir."
pytestmark = [pytest.mark.sekali, pytest.mark.django_db]


def masuk(client: Client, akun: Akun, pintu: str | None = None):
    """Log in as people do, at the door that they were led to."""
    if akun.is_staff:
        data = {"username": akun.username, "password": SANDI}
        return client.post(pintu or "/kelola/login/", data | _lanjut(pintu))
    data = {"nik": akun.penduduk.nik, "pin": factories.PIN}
    return client.post(pintu or "/masuk/", data | _lanjut(pintu))


def _lanjut(pintu: str | None) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(pintu or "").query).items() if k == "next"}


def peramban(akun: Akun, **lain) -> Client:
    client = Client(**lain)
    masuk(client, akun)
    return client


def akhiri(akun: Akun) -> None:
    """Time passes, and nobody does anything."""
    Sesi.objects.filter(akun=akun).update(expire_date=timezone.now() - timedelta(seconds=1))


def dari(halaman: str) -> dict[str, str]:
    """What a browser says of itself on a page of ours."""
    return {"Referer": f"{SITUS}{halaman}", "Origin": SITUS}


def kembali(client: Client, akun: Akun, jawab):
    """The login that `jawab` leads to, and the page after it."""
    pintu = jawab.url
    assert pintu.startswith("/kelola/login/?" if akun.is_staff else "/masuk/?"), pintu
    sesudah = masuk(client, akun, pintu)
    return client.get(sesudah.url, follow=True)


@pytest.fixture
def domisili(db):
    return factories.jenis()


ISI = "/layanan/surat/domisili/isi/"
DOK = "/layanan/surat/domisili/"


# --- Residents ---------------------------------------------------------------------------------


def test_what_a_resident_typed_is_back_after_the_login(warga, domisili):
    client = peramban(warga)
    draf = factories.buat_draf(warga)
    halaman = client.get(ISI)
    akhiri(warga)

    data = formulir(halaman, "Periksa, lalu kirim").isi
    data["keperluan"] = ['Melamar "kerja" & <b>kuliah</b>\n</textarea><script>x</script>']
    jawab = client.post(ISI, data, headers=dari(ISI))
    login = client.get(jawab.url)
    isi = kembali(client, warga, jawab)

    assert f"{BERAKHIR} Yang Anda ketik masih kami simpan 30 menit" in kata(login)
    assert BERAKHIR + " Yang Anda ketik masih ada: periksa, lalu kirim lagi." in kata(isi)
    ulang = formulir(isi, "Periksa, lalu kirim")
    assert ulang.isi["keperluan"] == [data["keperluan"][0]]
    assert ulang.isi["draf"] == [str(draf.pk)]
    assert "<script>x" not in isi.content.decode()
    assert BERAKHIR in kata(client.get(ISI)), "it is there after a reload as well"

    lanjut = kirim(client, isi, "Periksa, lalu kirim")

    assert lanjut.url == "/layanan/surat/domisili/periksa/"
    assert not Ketikan.objects.exists()
    assert BERAKHIR not in kata(client.get(ISI))


def test_a_photo_that_arrived_whole_need_not_be_sent_again(warga, domisili):
    client = peramban(warga)
    akhiri(warga)

    kiriman = {
        "keterangan": "Untuk sekolah anak",
        "nomor_hp": "081234567890",
        "aksi": "lanjut",
        "berkas-ktp": factories.foto("ktp ibu.jpg"),
        "bawa-kk": "on",
    }
    jawab = client.post(DOK, kiriman, headers=dari(DOK))
    halaman = kembali(client, warga, jawab)

    assert "ktp ibu.jpg sudah sampai, tidak perlu diunggah lagi." in kata(halaman)
    assert "aksi" not in kata(halaman)
    assert formulir(halaman, "Isi Form").isi["keterangan"] == ["Untuk sekolah anak"]
    nama = Ketikan.objects.get().berkas[0]["berkas"]
    assert default_storage.exists(nama) and "ktp" not in nama

    kirim(client, halaman, "Unggah dan simpan")

    assert Draf.objects.get().lampiran.filter(syarat="ktp").count() == 1
    assert not Ketikan.objects.exists() and not default_storage.exists(nama)


def test_a_photo_chosen_anew_takes_the_place_of_the_kept_one(warga, domisili):
    client = peramban(warga)
    akhiri(warga)
    jawab = client.post(DOK, {"berkas-ktp": factories.foto(warna="red")}, headers=dari(DOK))
    halaman = kembali(client, warga, jawab)

    kirim(client, halaman, "Unggah", {"berkas-ktp": factories.foto("baru.jpg", warna="green")})

    assert Draf.objects.get().lampiran.count() == 1


def test_a_file_that_is_of_no_use_is_not_said_to_have_arrived(warga, domisili):
    client = peramban(warga)
    akhiri(warga)
    kiriman = {
        "berkas-ktp": SimpleUploadedFile("kosong.jpg", b"", "image/jpeg"),
        "berkas-kk": SimpleUploadedFile("kk.doc", b"isi", "application/msword"),
    }

    halaman = kembali(client, warga, client.post(DOK, kiriman, headers=dari(DOK)))

    assert "kosong.jpg kosong. Pilih lagi berkasnya." in kata(halaman)
    assert "kk.doc harus dipilih lagi: ada berkas yang bukan jenis" in kata(halaman)
    assert "sudah sampai" not in kata(halaman)


def test_files_are_taken_once(warga, domisili):
    """The reply to a form with another mistake does not attach the same photo twice."""
    client = peramban(warga)
    akhiri(warga)
    kiriman = {"nomor_hp": "bukan nomor", "aksi": "lanjut", "berkas-ktp": factories.foto()}
    halaman = kembali(client, warga, client.post(DOK, kiriman, headers=dari(DOK)))

    salah = kirim(client, halaman, "Isi Form")
    kirim(client, salah, "Isi Form")

    assert salah.status_code == 200
    assert Draf.objects.get().lampiran.filter(syarat="ktp").count() == 1


def test_number_representative_and_confirmation_come_back_to_their_page(warga, permohonan):
    client = peramban(warga)
    rincian = f"/layanan/permohonan/{permohonan.nomor}/"
    akhiri(warga)

    isi = {"wakil_jenis": "WAKIL", "wakil_nama": "Ni Luh", "wakil_hubungan": "adik"}
    halaman = kembali(client, warga, client.post(f"{rincian}wakil/", isi, headers=dari(rincian)))
    assert halaman.request["PATH_INFO"] == rincian
    assert "Ni Luh" in formulir(halaman, "Simpan").isi["wakil_nama"]
    assert formulir(halaman, "Simpan").isi["wakil_jenis"] == ["WAKIL"]

    akhiri(warga)
    data = "/layanan/data-saya/"
    jawab = client.post(f"{data}nomor/", {"nomor_hp": "0819000111"}, headers=dari(data))
    halaman = kembali(client, warga, jawab)
    assert halaman.request["PATH_INFO"] == data
    assert formulir(halaman, "Simpan").isi["nomor_hp"] == ["0819000111"]


DITEKAN = "Tombol yang Anda tekan tadi belum dijalankan"


def test_a_button_pressed_too_late_is_named_at_its_place_and_pressed_by_nobody_else(
    warga, permohonan
):
    client = peramban(warga)
    rincian = f"/layanan/permohonan/{permohonan.nomor}/"
    akhiri(warga)

    jawab = client.post(f"{rincian}batalkan/", {}, headers=dari(rincian))
    login = client.get(jawab.url)
    halaman = kembali(client, warga, jawab)

    assert f"{BERAKHIR} Tombol yang Anda tekan belum dijalankan; masuk, lalu" in kata(login)
    assert halaman.request["PATH_INFO"] == rincian
    assert f"{BERAKHIR} {DITEKAN}; tekan lagi bila masih perlu." in kata(halaman)
    assert "Yang Anda ketik" not in kata(halaman)
    permohonan.refresh_from_db()
    assert permohonan.status == "DIAJUKAN"

    kirim(client, halaman, "Ya, batalkan permohonan ini")

    permohonan.refresh_from_db()
    assert permohonan.status == "DIBATALKAN"
    assert DITEKAN not in kata(client.get(rincian))


def test_a_button_of_several_stays_with_what_it_is_for(warga):
    client = peramban(warga)
    for perangkat in ("Firefox/131.0", "iPhone Safari/604.1"):
        peramban(warga, HTTP_USER_AGENT=perangkat)
    data = "/layanan/data-saya/"
    sebelum = [formulir(client.get(data), f"Keluarkan {nama}").isi for nama in ("Fire", "Safari")]
    Sesi.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now())

    jawab = client.post(f"{data}sesi/keluar/", sebelum[0], headers=dari(data))
    halaman = kembali(client, warga, jawab)

    assert DITEKAN in kata(halaman)
    assert sebelum[0]["sesi"][0] not in kata(halaman)
    sesudah = [formulir(halaman, f"Keluarkan {nama}").isi for nama in ("Fire", "Safari")]
    assert [isi["sesi"] for isi in sesudah] == [isi["sesi"] for isi in sebelum]


def test_a_button_that_is_gone_meanwhile_is_named_too(warga, operator, perbekel, permohonan):
    client = peramban(warga)
    rincian = f"/layanan/permohonan/{permohonan.nomor}/"
    akhiri(warga)
    jawab = client.post(f"{rincian}batalkan/", {}, headers=dari(rincian))
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    assert f"{DITEKAN}, dan tidak ada lagi" in kata(kembali(client, warga, jawab))


def test_a_pin_is_never_kept(warga):
    client = peramban(warga)
    akhiri(warga)

    pin = {"pin_lama": factories.PIN, "pin_baru": "737519", "pin_ulang": "737519"}
    jawab = client.post("/pin/ganti/", pin, headers=dari("/pin/ganti/"))
    halaman = kembali(client, warga, jawab)

    assert halaman.request["PATH_INFO"] == "/pin/ganti/"
    assert not Ketikan.objects.exists()
    assert "737519" not in halaman.content.decode()


def test_a_plain_visit_with_an_ended_session_is_told_so(warga):
    client = peramban(warga)
    akhiri(warga)

    jawab = client.get("/layanan/data-saya/", follow=True)

    assert f"{BERAKHIR} Masuk lagi." in kata(jawab)
    salah = client.post(jawab.redirect_chain[-1][0], {"nik": warga.penduduk.nik, "pin": "111222"})
    assert f"{BERAKHIR} Masuk lagi." in kata(salah), "also after a wrong PIN"


def test_first_visit_and_leaving_on_purpose_hear_nothing_of_the_kind(warga, operator):
    assert BERAKHIR not in kata(Client().get("/layanan/", follow=True))
    assert BERAKHIR not in kata(Client().get("/kelola/", follow=True))
    client = peramban(warga)
    client.post("/keluar/")
    assert BERAKHIR not in kata(client.get("/layanan/", follow=True))


# --- Bound to account and browser ----------------------------------------------------------------


def _ketik(client: Client, akun: Akun, teks: str = "rahasia saya"):
    akhiri(akun)
    return client.post(DOK, {"keterangan": teks, "aksi": "lanjut"}, headers=dari(DOK))


def test_another_account_in_the_same_browser_sees_nothing(warga, tetangga, domisili):
    client = peramban(warga)
    jawab = _ketik(client, warga)

    lain = kembali(client, tetangga, jawab)

    assert "rahasia saya" not in lain.content.decode()
    assert BERAKHIR not in kata(lain)
    client.post("/keluar/")
    masuk(client, warga)
    assert "rahasia saya" in client.get(DOK).content.decode(), "but its owner still does"


def test_another_browser_of_the_same_account_sees_nothing(warga, domisili):
    _ketik(peramban(warga), warga)

    lain = peramban(warga).get(DOK)

    assert "rahasia saya" not in lain.content.decode()


def test_a_stranger_can_keep_nothing(warga, domisili):
    asing = Client()
    asing.cookies[NAMA_KUKI] = "x" * 43

    jawab = asing.post(DOK, {"keterangan": "apa saja"}, headers=dari(DOK))

    assert jawab.url == f"/masuk/?next={DOK}"
    assert not Ketikan.objects.exists()


@pytest.mark.parametrize(
    "asal",
    [
        {"Origin": "https://jahat.example"},
        {"Origin": "null"},
        {"Referer": "https://jahat.example/layanan/"},
    ],
)
def test_another_site_can_plant_nothing(warga, domisili, asal):
    client = peramban(warga)
    akhiri(warga)
    ketat = Client(enforce_csrf_checks=True)
    ketat.cookies = client.cookies

    for satu in (client, ketat):
        satu.post(DOK, {"keterangan": "titipan penyerang"}, headers=asal)

    assert not Ketikan.objects.exists()


def test_the_way_back_never_leaves_the_site(warga, domisili):
    client = peramban(warga)
    akhiri(warga)

    jawab = client.post(
        DOK, {"keterangan": "x"}, headers={"Origin": SITUS, "Referer": "http://jahat.example/a/"}
    )

    assert parse_qs(urlsplit(jawab.url).query)["next"] == [DOK]


def test_a_forged_or_foreign_reference_takes_no_files(warga, tetangga, domisili):
    client = peramban(warga)
    akhiri(warga)
    client.post(DOK, {"berkas-ktp": factories.foto()}, headers=dari(DOK))
    acuan = simpanan.acuan(Ketikan.objects.get())
    lain = peramban(tetangga)
    _ketik(lain, tetangga)
    masuk(lain, tetangga)

    for teks in (acuan, acuan + "x", str(Ketikan.objects.first().pk), ""):
        lain.post(DOK, {"aksi": "simpan", simpanan.ACUAN: teks})

    assert not Draf.objects.get(akun=tetangga).lampiran.exists()


def test_one_browser_keeps_few_forms_however_many_it_sends(warga, domisili):
    client = peramban(warga)
    akhiri(warga)

    for n in range(40):
        foto = SimpleUploadedFile("a.jpg", b"x" * 1000, "image/jpeg")
        client.post(f"/layanan/surat/s-{n}/", {"keterangan": "x", "f": foto}, headers=dari(DOK))

    assert Ketikan.objects.count() == simpanan.PER_AKUN
    assert len(default_storage.listdir("ketikan")[1]) == simpanan.PER_AKUN


def test_a_huge_form_is_not_kept_and_too_large_files_leave_the_words(warga, domisili, monkeypatch):
    client = peramban(warga)
    akhiri(warga)
    client.post(DOK, {"keterangan": "x" * (simpanan.TEKS_MAKS + 1)}, headers=dari(DOK))
    assert not Ketikan.objects.exists()

    monkeypatch.setattr(simpanan, "BERKAS_MAKS", 10)
    client.post(DOK, {"keterangan": "x", "berkas-ktp": factories.foto()}, headers=dari(DOK))
    satu = Ketikan.objects.get()
    assert (simpanan.utuh(satu), simpanan.tertinggal(satu)) == ([], satu.berkas)
    masuk(client, warga)
    assert "ktp.jpg terlalu besar. Pilih yang lebih kecil." in kata(client.get(DOK))


def test_after_half_an_hour_nothing_is_left(warga, domisili):
    client = peramban(warga)
    akhiri(warga)
    client.post(DOK, {"keterangan": "lama", "f": factories.foto()}, headers=dari(DOK))
    Ketikan.objects.update(pada=timezone.now() - simpanan.LAMA)
    masuk(client, warga)
    assert BERAKHIR not in kata(client.get(DOK))

    simpanan.bersihkan(pada=timezone.now())

    assert not Ketikan.objects.exists()
    assert default_storage.listdir("ketikan")[1] == []


def test_leaving_on_purpose_forgets_what_was_kept(warga, domisili):
    client = peramban(warga)
    kembali(client, warga, _ketik(client, warga))

    client.post("/keluar/")

    assert not Ketikan.objects.exists()


def test_leaving_after_the_session_has_ended_forgets_it_too(warga, domisili):
    client = peramban(warga)
    _ketik(client, warga)

    client.post("/keluar/")

    assert not Ketikan.objects.exists()


@pytest.mark.parametrize("asal", ["http://[", "http://testserver\\@jahat.example/", "//x", "\x01"])
def test_a_header_that_is_no_address_breaks_nothing(warga, domisili, asal):
    client = peramban(warga)
    akhiri(warga)

    isi = {"keterangan": "nol\0nol", "nol\0": "x"}
    jawab = client.post(DOK, isi, headers={"Origin": SITUS, "Referer": asal})
    client.post(DOK, isi, headers={"Origin": asal})

    assert parse_qs(urlsplit(jawab.url).query)["next"] == [DOK]
    assert Ketikan.objects.get().isi == {"keterangan": ["nolnol"], "nol": ["x"]}


# --- A token that is out of date --------------------------------------------------------------


def test_a_login_in_another_tab_costs_nobody_what_they_typed(warga, domisili):
    client = Client(enforce_csrf_checks=True)
    kirim(client, client.get("/masuk/"), "Masuk", {"nik": warga.penduduk.nik, "pin": factories.PIN})
    tab_lama = client.get(DOK)
    akhiri(warga)
    kirim(client, client.get("/masuk/"), "Masuk", {"nik": warga.penduduk.nik, "pin": factories.PIN})

    data = formulir(tab_lama, "Isi Form").isi | {"keterangan": "di tab lama", "aksi": "lanjut"}
    jawab = client.post(DOK, data, headers=dari(DOK))
    halaman = client.get(jawab.url)

    assert jawab.url == DOK
    assert "Formulir tadi belum terkirim" in kata(halaman)
    assert formulir(halaman, "Isi Form").isi["keterangan"] == ["di tab lama"]
    assert not Draf.objects.exists()


def test_where_people_take_turns_an_old_page_is_nobodys(warga, tetangga, domisili):
    """The page may be the neighbour's, whose tab is still open: not shown to who logged in last."""
    client = Client(enforce_csrf_checks=True)
    for akun in (tetangga, warga):
        orang = {"nik": akun.penduduk.nik, "pin": factories.PIN}
        kirim(client, Client.get(client, "/masuk/"), "Masuk", orang)
        client.get("/layanan/")
        if akun == tetangga:
            akhiri(akun)

    jawab = client.post(DOK, {"keterangan": "rahasia tetangga"}, headers=dari(DOK))

    assert jawab.status_code == 403
    assert "Formulir ini belum terkirim." in kata(jawab)
    assert DOK in jawab.content.decode(), "the way back to the page"
    assert not Ketikan.objects.exists()


# --- The office ----------------------------------------------------------------------------------


def test_a_refusal_typed_too_late_stands_in_its_open_box_and_refuses_nobody(operator, permohonan):
    client = peramban(operator)
    halaman = f"/kelola/layanan/permohonan/{permohonan.pk}/change/"
    data = formulir(client.get(halaman), "Tolak").isi | {"tolak-catatan": "KTP milik orang lain"}
    alamat = f"/kelola/layanan/permohonan/{permohonan.pk}/langkah/tolak/"
    akhiri(operator)

    jawab = client.post(alamat, data, headers=dari(halaman))
    sesudah = kembali(client, operator, jawab)

    permohonan.refresh_from_db()
    assert permohonan.status == "DIAJUKAN"
    assert sesudah.request["PATH_INFO"] == halaman
    assert formulir(sesudah, "Tolak").isi["tolak-catatan"] == ["KTP milik orang lain"]
    rincian = re.search(r"<details([^>]*)>\s*<summary[^>]*tombol-tolak", sesudah.content.decode())
    assert "open" in rincian[1]

    kirim(client, sesudah, "Tolak")
    permohonan.refresh_from_db()
    assert permohonan.status == "DITOLAK"


def test_a_step_somebody_else_took_leaves_the_words_on_the_page(operator, perbekel, permohonan):
    client = peramban(operator)
    halaman = f"/kelola/layanan/permohonan/{permohonan.pk}/change/"
    data = formulir(client.get(halaman), "Tolak").isi | {"tolak-catatan": "Bukan warga <i>kami</i>"}
    akhiri(operator)
    alamat = f"/kelola/layanan/permohonan/{permohonan.pk}/langkah/tolak/"
    jawab = client.post(alamat, data, headers=dari(halaman))
    factories.jalankan_sampai(permohonan, "DICETAK", operator=operator, perbekel=perbekel)

    sesudah = kembali(client, operator, jawab)

    assert "Formulirnya tidak ada lagi di halaman ini." in kata(sesudah)
    assert "Bukan warga <i>kami</i>" in kata(sesudah)
    assert "DIAJUKAN" not in kata(sesudah).split("Formulirnya")[1][:200]


def test_signing_never_happens_by_itself(operator, perbekel, permohonan):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    client = peramban(perbekel)
    meja = f"/meja/{permohonan.nomor}/"
    akhiri(perbekel)

    tanda = {"langkah": "tandatangani", "surat": permohonan.surat_id}
    halaman = kembali(client, perbekel, client.post(meja, tanda, headers=dari(meja)))

    permohonan.refresh_from_db()
    assert permohonan.status == "MENUNGGU_TTD"
    assert halaman.request["PATH_INFO"] == meja
    assert f"{BERAKHIR} {DITEKAN}; tekan lagi" in kata(halaman)
    kirim(client, halaman, "Tandatangani")
    permohonan.refresh_from_db()
    assert permohonan.status == "SIAP_DIAMBIL"


def test_a_letter_sent_back_meanwhile_is_not_signed_from_an_old_page(
    operator, perbekel, permohonan
):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    client = peramban(perbekel)
    meja = f"/meja/{permohonan.nomor}/"
    akhiri(perbekel)
    kembalikan = {"langkah": "kembalikan", "surat": "999", "kembalikan-catatan": "Salah nama"}

    halaman = kembali(client, perbekel, client.post(meja, kembalikan, headers=dari(meja)))
    form = formulir(halaman, "Kembalikan")

    assert (form.isi["surat"], form.isi["kembalikan-catatan"]) == (["999"], ["Salah nama"])
    assert "Salah nama" not in str(formulir(halaman, "Tandatangani").isi)
    kirim(client, halaman, "Kembalikan")
    permohonan.refresh_from_db()
    assert permohonan.status == "MENUNGGU_TTD"


def test_change_form_of_the_admin_comes_back_with_its_rows(admin_desa, perbekel):
    client = peramban(admin_desa)
    pejabat = Pejabat.objects.get()
    halaman = f"/kelola/surat/pejabat/{pejabat.pk}/change/"
    form = formulir(client.get(halaman), "Simpan")
    awalan = next(n for n in form.isi if n.endswith("-TOTAL_FORMS")).removesuffix("-TOTAL_FORMS")
    ada = int(form.isi[f"{awalan}-TOTAL_FORMS"][0])
    data = form.isi | {
        "nip": "19700101 199001 1 001",
        f"{awalan}-TOTAL_FORMS": str(ada + 1),
        f"{awalan}-0-dasar": "SK Bupati 1/2026",
        f"{awalan}-{ada}-dasar": "SK yang ditambah skrip",
        f"{awalan}-{ada}-sebagai": "PLH",
        f"{awalan}-{ada}-dari": "2026-12-01",
        f"{awalan}-{ada}-sampai": "2026-12-05",
        f"{awalan}-{ada}-urutan": "1",
        "_save": "Simpan",
    }
    akhiri(admin_desa)

    sesudah = kembali(client, admin_desa, client.post(halaman, data, headers=dari(halaman)))

    ulang = formulir(sesudah, "Simpan")
    assert ulang.isi["nip"] == ["19700101 199001 1 001"]
    assert ulang.isi[f"{awalan}-0-dasar"] == ["SK Bupati 1/2026"]
    assert "SK yang ditambah skrip (ikut terkirim)" in kata(sesudah)
    jawab = kirim(client, sesudah, "Simpan")
    assert jawab.status_code == 302
    assert set(pejabat.mandat.values_list("dasar", flat=True)) == {
        "SK Bupati 1/2026",
        "SK yang ditambah skrip",
    }


def test_wording_of_a_letter_and_its_revision_come_back(admin_desa, domisili):
    client = peramban(admin_desa)
    halaman = f"/kelola/surat/jenissurat/{domisili.pk}/kata-kata/"
    form = formulir(client.get(halaman), "Simpan")
    akhiri(admin_desa)
    domisili.revisi += 1
    domisili.save()  # somebody else was first
    data = form.isi | {"isi": "Kata-kata baru.\n\nBaris kedua"}

    sesudah = kembali(client, admin_desa, client.post(halaman, data, headers=dari(halaman)))

    ulang = formulir(sesudah, "Simpan")
    assert ulang.isi["isi"] == ["Kata-kata baru.\n\nBaris kedua"]
    assert ulang.isi.get("revisi") == form.isi.get("revisi")


def test_own_page_after_the_papers_of_a_clerk_leads_to_the_office_door(operator):
    client = peramban(operator)
    akhiri(operator)

    jawab = client.get("/berkas/surat/1/")

    assert jawab.url == "/kelola/login/?next=/berkas/surat/1/&sesi=berakhir"


def test_a_script_that_asks_does_not_use_up_the_explanation(operator):
    client = peramban(operator)
    akhiri(operator)

    client.get("/kelola/layanan/lencana/")

    assert BERAKHIR in kata(client.get("/kelola/", follow=True))


def test_a_script_that_asks_with_an_old_token_has_pressed_nothing(operator):
    client = Client(enforce_csrf_checks=True)
    client.cookies = peramban(operator).cookies

    jawab = client.post("/kelola/sesi/", headers=dari("/kelola/"))

    assert jawab.status_code == 403
    assert not Ketikan.objects.exists()


# --- Every address -------------------------------------------------------------------------------


@pytest.mark.lambat
@pytest.mark.usefixtures("ringan")
def test_nobody_meets_an_error_wherever_the_session_ended(desa, admin_desa):
    """Every POST address of the table of permissions: ended session, login, a page (not 405, not
    500), with what was typed on it."""
    pintu = {"masuk": "warga", "petugas": None}
    # A file, questions of scripts, and secrets.
    tanpa = {"/berkas/{ktp}/", "/kelola/layanan/lencana/", "/kelola/sesi/", "/pin/ganti/"}
    keliru, klien = {}, {}
    for metode, pola, anonim, *_ in _baris(HALAMAN):
        if metode != "POST" or anonim not in pintu or pola in tanpa:
            continue
        alamat = pola.format(**desa.isi).partition("?")[0]
        akun = desa.orang[pintu[anonim] or ("perbekel" if "/meja/" in pola else "admin_desa")]
        if "langkah" in pola or "permintaanpin" in pola or "hubungi" in pola or "loket" in pola:
            akun = desa.orang["operator"]
        client = klien.get(akun) or klien.setdefault(akun, peramban(akun))
        akhiri(akun)
        jawab = client.post(alamat, {"catatan-uji": "kalimat yang diketik"}, headers=dari(alamat))
        tersimpan = Ketikan.objects.filter(akun=akun, alamat=alamat).exists()
        try:
            sesudah = kembali(client, akun, jawab)
        except RedirectCycleError as galat:
            keliru[pola] = galat.redirect_chain
            continue
        baik = sesudah.status_code in (200, 403, 404) and tersimpan
        if sesudah.status_code == 200 and "html" in sesudah.headers["Content-Type"]:
            baik = baik and "kalimat yang diketik" in kata(sesudah)
        if not baik:
            keliru[pola] = (jawab.url, sesudah.status_code, tersimpan, sesudah.redirect_chain)
        Ketikan.objects.all().delete()

    assert keliru == {}


def test_drafts_and_requests_stay_as_they_were(warga, permohonan):
    client = peramban(warga)
    akhiri(warga)
    nomor = permohonan.nomor

    for ekor in ("batalkan/", "wakil/", "perbaiki/"):
        client.post(f"/layanan/permohonan/{nomor}/{ekor}", {}, headers=dari("/layanan/"))

    assert Permohonan.objects.get().status == "DIAJUKAN"
