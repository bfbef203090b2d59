"""How residents decide to be told: the question of the first request, "Data saya", and the button
"Kabari saya" on the page of a request."""

import html
import re

import pytest
from django.utils import timezone

from layanan.kotak_keluar import persetujuan
from layanan.models import Draf, KodeKabari, NomorWA, Notifikasi, Permohonan, PersetujuanWA
from layanan.permohonan import alur
from penduduk.models import Akun
from tests import factories
from tests.factories import foto
from tests.halaman import formulir, kata, kirim, sebagai

DOMISILI = "/layanan/surat/domisili/"
KABAR = "/layanan/data-saya/kabar/"
HP, LAIN = "+6281234567890", "+6281234567899"


@pytest.fixture(autouse=True)
def _jenis(db):
    factories.jenis()


@pytest.fixture
def belum(warga) -> Akun:
    """A resident who has not been asked."""
    Akun.objects.filter(pk=warga.pk).update(setuju_wa_pada=None)
    warga.refresh_from_db()
    return warga


@pytest.fixture
def client(warga):
    return sebagai(warga)


def isi_dokumen(client, tombol: str = "Isi Form", **lain):
    berkas = {"berkas-ktp": foto(), "berkas-kk": foto(), "bawa-pengantar_kelian": "on"}
    return kirim(client, client.get(DOMISILI), tombol, berkas | lain)


def isi_surat(client):
    isi = {"alamat_domisili": "Jalan Contoh 7", "keperluan": "membuka rekening bank"}
    return kirim(client, client.get(f"{DOMISILI}isi/"), "Periksa, lalu kirim", isi)


def kirimkan(client) -> Permohonan:
    kirim(client, client.get(f"{DOMISILI}periksa/"), "Kirim")
    return Permohonan.objects.latest("pk")


# --- The question -------------------------------------------------------------------------------


def test_question_has_two_answers_and_none_is_chosen(belum, client):
    hal = client.get(DOMISILI)

    satu = formulir(hal, "Isi Form")
    assert "setuju_wa" in satu.bidang and "setuju_wa" not in satu.isi
    baca = kata(hal)
    assert persetujuan.KATA[persetujuan.VERSI] in baca
    assert "Ya, kabari saya lewat WhatsApp" in baca
    assert "Tidak, saya lihat sendiri di situs" in baca


@pytest.mark.parametrize("pilihan", ["ya", "tidak"])
def test_answer_is_kept_once_and_goes_with_the_request(pilihan, belum, client):
    isi_dokumen(client, setuju_wa=pilihan)
    isi_dokumen(client)
    isi_surat(client)
    permohonan = kirimkan(client)

    satu = PersetujuanWA.objects.get()
    assert (satu.akun, satu.kanal, satu.nomor_hp) == (belum, "SITUS", HP)
    assert (satu.setuju, satu.versi) == (pilihan == "ya", persetujuan.VERSI)
    assert permohonan.kabari_wa is (pilihan == "ya")
    pesan = Notifikasi.objects.get(penerima=None)
    assert pesan.keadaan == ("MENUNGGU" if pilihan == "ya" else "TANPA_WA")


@pytest.mark.parametrize(
    ("pilihan", "kalimat"),
    [
        ("ya", "Kabar surat kami kirim lewat WhatsApp ke nomor ini."),
        ("tidak", "Anda memilih melihat kabar surat sendiri di situs ini"),
    ],
)
def test_after_the_answer_a_line_says_what_was_chosen_and_where_to_change_it(
    pilihan, kalimat, belum, client
):
    isi_dokumen(client, setuju_wa=pilihan)

    hal = client.get(DOMISILI)
    assert kalimat in kata(hal)
    assert "setuju_wa" not in formulir(hal, "Isi Form").bidang
    assert f'href="{KABAR}"' in hal.content.decode()


def test_going_on_without_an_answer_is_refused_and_keeps_what_was_typed(belum, client):
    hal = isi_dokumen(client, keterangan="untuk anak saya")

    assert hal.status_code == 200
    assert "Pilih salah satu: dikabari lewat WhatsApp atau tidak." in kata(hal)
    assert formulir(hal, "Isi Form").isi["keterangan"] == ["untuk anak saya"]
    assert Draf.objects.get().nomor_hp == HP
    assert not PersetujuanWA.objects.exists()


def test_saving_may_leave_the_answer_for_later(belum, client):
    jawab = isi_dokumen(client, "Unggah dan simpan")

    assert jawab.url == f"{DOMISILI}?tunggu=1"
    assert not PersetujuanWA.objects.exists()


def test_answer_without_its_number_is_not_lost_in_silence(belum, client):
    hal = isi_dokumen(client, "Unggah dan simpan", setuju_wa="ya", nomor_hp="")

    assert "Isi nomor HP aktif" in kata(hal)
    assert formulir(hal, "Isi Form").isi["setuju_wa"] == ["ya"]
    assert not PersetujuanWA.objects.exists()


def test_question_passed_by_stops_the_request_before_it_is_sent(belum, client):
    isi_dokumen(client, "Unggah dan simpan")
    isi_surat(client)

    hal = kirim(client, client.get(f"{DOMISILI}periksa/"), "Kirim")

    assert "Pilih dulu mau dikabari lewat WhatsApp atau tidak" in kata(hal)
    assert not Permohonan.objects.exists()


def test_other_answer_on_a_page_of_the_back_button_counts(belum, client):
    lama = client.get(DOMISILI)
    isi_dokumen(client, setuju_wa="ya")

    kirim(client, lama, "Isi Form", {"setuju_wa": "tidak", "bawa-pengantar_kelian": "on"})

    assert [s.setuju for s in persetujuan.riwayat(belum)] == [False, True]


def test_whoever_has_answered_is_not_asked_again_and_keeps_the_date(warga, client):
    sejak = warga.setuju_wa_pada

    isi_dokumen(client)

    warga.refresh_from_db()
    assert warga.setuju_wa_pada == sejak
    assert not PersetujuanWA.objects.exists()


# --- Data saya ----------------------------------------------------------------------------------


def test_choice_stands_on_data_saya_with_the_way_to_change_it(client):
    hal = client.get("/layanan/data-saya/")

    assert "Kabar surat kami kirim lewat WhatsApp." in kata(hal)
    assert f'href="{KABAR}"' in hal.content.decode()


def test_choice_is_withdrawn_and_given_again_by_the_same_two_taps(warga, client):
    permohonan = factories.buat_permohonan(warga)
    for pilihan, berjalan in (("tidak", False), ("ya", True)):
        jawab = kirim(client, client.get(KABAR), "Simpan pilihan", {"setuju_wa": pilihan})

        assert jawab.url == KABAR
        permohonan.refresh_from_db()
        assert permohonan.kabari_wa is berjalan
        assert formulir(client.get(KABAR), "Simpan pilihan").isi["setuju_wa"] == [pilihan]


def test_history_shows_date_channel_number_and_wording_of_each_answer(belum, client):
    pada = timezone.now()
    persetujuan.jawab(belum, setuju=True, nomor_hp=HP, kanal="SITUS", pada=pada)
    persetujuan.berhenti(HP, pada=pada)

    baca = kata(client.get(KABAR))

    tanggal = timezone.localtime(pada).strftime("%H.%M WITA")
    assert baca.count(tanggal) == 2
    assert "Tidak lewat WhatsApp" in baca and "pesan WhatsApp (MULAI atau BERHENTI)" in baca
    assert "di situs, nomor 0812-3456-7890" in baca
    assert baca.count(persetujuan.KATA[1]) == 3  # the question itself, and each answer


def test_yes_without_a_number_says_what_to_do(belum, client):
    Akun.objects.filter(pk=belum.pk).update(nomor_hp="")

    hal = kirim(client, client.get(KABAR), "Simpan pilihan", {"setuju_wa": "ya"})

    assert "Isi dulu nomor HP Anda di Data saya" in kata(hal)
    assert formulir(hal, "Simpan pilihan").isi["setuju_wa"] == ["ya"]
    assert not PersetujuanWA.objects.exists()


def test_number_that_said_berhenti_is_told_how_to_open_again(warga, client, settings):
    settings.TWILIO = settings.TWILIO | {"from": "whatsapp:+628110000000"}
    persetujuan.berhenti(HP, pada=timezone.now())

    kirim(client, client.get(KABAR), "Simpan pilihan", {"setuju_wa": "ya"})

    hal = client.get(KABAR)
    assert "pernah dikirim kata BERHENTI" in kata(hal)
    assert 'href="https://wa.me/628110000000?text=MULAI"' in hal.content.decode()
    assert NomorWA.objects.get().berhenti_pada is not None


# --- "Kabari saya" ------------------------------------------------------------------------------


@pytest.fixture
def permohonan(warga, settings) -> Permohonan:
    settings.TWILIO = settings.TWILIO | {"from": "whatsapp:+628110000000"}
    return factories.buat_permohonan(warga)


def halaman(client, permohonan):
    return client.get(f"/layanan/permohonan/{permohonan.nomor}/")


def tautan(hal) -> tuple[str, str]:
    """Class and address of the button; it is a plain link, so form-action has no say."""
    cocok = re.search(
        r'<a class="([^"]*)" href="([^"]*)"[^>]*>Kabari saya</a>', hal.content.decode()
    )
    assert cocok, "no button"
    return cocok[1], html.unescape(cocok[2])


def test_button_opens_the_chat_and_explains_itself(client, permohonan):
    hal = halaman(client, permohonan)

    kelas, alamat = tautan(hal)
    kode = KodeKabari.objects.get().kode
    assert alamat == f"https://wa.me/628110000000?text=KABARI%20{kode}"
    assert "btn-garis" in kelas
    assert (
        "WhatsApp terbuka, tekan kirim. Sesudah itu kabar surat ini kami kirim ke nomor itu."
        in kata(hal)
    )
    assert "form-action 'self'" in hal.headers["Content-Security-Policy"]


def test_button_stands_out_for_whoever_is_not_told(client, permohonan):
    Permohonan.objects.update(kabari_wa=False)

    hal = halaman(client, permohonan)

    assert "btn-primary" in tautan(hal)[0]
    assert "Kabar surat ini tidak kami kirim lewat WhatsApp." in kata(hal)


def test_button_stands_out_when_the_last_message_failed(client, permohonan):
    Notifikasi.objects.filter(penerima=None).update(keadaan="GAGAL")

    hal = halaman(client, permohonan)

    assert "btn-primary" in tautan(hal)[0]
    assert "Pesan terakhir kami tidak sampai di 0812-3456-7890." in kata(hal)


def test_nobody_else_and_no_closed_request_gets_a_code(client, permohonan, warga, tetangga):
    assert halaman(sebagai(tetangga), permohonan).status_code == 404
    assert not KodeKabari.objects.exists()

    alur.jalankan(permohonan, "batalkan", oleh=warga, pada=timezone.now())
    assert "Kabari saya" not in kata(halaman(client, permohonan))
    assert not KodeKabari.objects.exists()


def test_village_without_a_number_has_no_button(client, warga):
    permohonan = factories.buat_permohonan(warga)

    assert "Kabari saya" not in kata(halaman(client, permohonan))
