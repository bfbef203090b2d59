"""Withdrawing a signed letter: who may, once only, in public, and the resident is told."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from layanan.kata_pesan import katalog
from layanan.kotak_keluar import notifikasi
from layanan.models import Notifikasi, Permohonan, Riwayat
from layanan.permohonan import ajukan, alur, dampak
from surat.models import Surat
from surat.terbit import penerbitan
from tests import factories, serentak
from tests.halaman import baca, formulir, kata, kirim, sebagai, tombol

ALASAN = "Alamat di surat ini keliru"


@pytest.fixture
def jalan(operator, perbekel):
    """Walk a request to a status."""

    def jalan(permohonan: Permohonan, status: str) -> Permohonan:
        return factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)

    return jalan


@pytest.fixture
def siap(permohonan, jalan) -> Permohonan:
    return jalan(permohonan, "SIAP_DIAMBIL")


def _cabut(permohonan: Permohonan, oleh, alasan: str = ALASAN) -> None:
    alur.catat_peristiwa(permohonan, "cabut", oleh=oleh, pada=timezone.now(), catatan=alasan)


def _halaman_surat(permohonan: Permohonan) -> str:
    return f"/kelola/surat/surat/{permohonan.surat_id}/change/"


# --- What it leaves behind -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["SIAP_DIAMBIL", "SELESAI"])
def test_letter_history_and_message_tell_it_and_the_request_stays(
    permohonan, jalan, perbekel, status
):
    jalan(permohonan, status)
    kode_ambil = permohonan.kode_ambil

    _cabut(permohonan, perbekel, "  Alamat di surat\nini keliru ")

    surat = Surat.objects.get()
    riwayat = Riwayat.objects.get(langkah="cabut")
    kabar = Notifikasi.objects.get(pesan="surat_dicabut")
    permohonan.refresh_from_db()
    assert (surat.dicabut_oleh, surat.dicabut_alasan) == (perbekel, ALASAN)
    assert surat.batal_pada is None
    assert (permohonan.status, permohonan.kode_ambil) == (status, kode_ambil)
    assert (riwayat.dari, riwayat.ke, riwayat.oleh) == (status, status, perbekel)
    assert (riwayat.catatan, riwayat.surat, riwayat.pada) == (ALASAN, surat, surat.dicabut_pada)
    assert (kabar.riwayat, kabar.penerima, kabar.keadaan) == (riwayat, None, "MENUNGGU")
    teks = katalog.isi(kabar.pesan, kabar.variabel)
    assert permohonan.nomor in teks
    assert "Alamat" not in teks  # the reason is read on the page


def test_who_wants_no_whatsapp_comes_on_the_call_list(siap, perbekel):
    Permohonan.objects.update(kabari_wa=False)

    _cabut(siap, perbekel)

    assert Notifikasi.objects.get(pesan="surat_dicabut").keadaan == "TANPA_WA"


def test_failing_outbox_leaves_the_letter_in_force(siap, perbekel, monkeypatch):
    def rusak(*args, **kwargs):
        raise RuntimeError("outbox")

    monkeypatch.setattr(notifikasi, "catat", rusak)
    with pytest.raises(RuntimeError, match="outbox"):
        _cabut(siap, perbekel)

    assert Surat.objects.get().dicabut_pada is None
    assert not Riwayat.objects.filter(langkah="cabut").exists()


# --- Refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["DICETAK", "MENUNGGU_TTD"])
def test_letter_without_a_signature_is_sent_back_not_withdrawn(permohonan, jalan, perbekel, status):
    jalan(permohonan, status)

    with pytest.raises(alur.LangkahTidakSah, match="sudah ditandatangani"):
        _cabut(permohonan, perbekel)

    assert Surat.objects.get().dicabut_pada is None


def test_letter_is_withdrawn_once(siap, perbekel, admin_desa):
    _cabut(siap, perbekel)

    with pytest.raises(alur.LangkahTidakSah, match="sudah dicabut"):
        _cabut(siap, admin_desa, "Alasan yang lain lagi")

    assert Surat.objects.get().dicabut_alasan == ALASAN
    assert Notifikasi.objects.filter(pesan="surat_dicabut").count() == 1


def test_replaced_letter_is_not_withdrawn(siap, jalan, operator, perbekel):
    baru = ajukan.pengganti(
        siap, isian=siap.isian, alasan="Alamatnya keliru", oleh=operator, pada=timezone.now()
    )
    jalan(baru, "SIAP_DIAMBIL")

    with pytest.raises(alur.LangkahTidakSah, match="sudah diganti"):
        _cabut(siap, perbekel)

    assert Surat.objects.filter(dicabut_pada__isnull=False).count() == 0


def test_expired_letter_can_still_be_withdrawn(siap, perbekel):
    Surat.objects.update(berlaku_sampai="2020-01-01")

    _cabut(siap, perbekel)

    assert Surat.objects.get().dicabut_alasan == ALASAN


@pytest.mark.parametrize(
    ("alasan", "kata_"),
    [
        ("  ", "Tulis alasannya"),
        ("   pendek   ", "sekarang 6"),
        ("x" * 301, "sekarang 301"),
        ("NIK 5107041203900042 salah", "jangan tulis NIK"),
        ("NIK 5107.0412.0390.0042 salah", "jangan tulis NIK"),
        ("Telepon ke 0812-3456-7890 saja", "jangan tulis NIK"),
        ("Pekerjaan i wayan contoh keliru", "jangan tulis nama"),
    ],
)
def test_reason_is_fit_to_be_read_by_everybody(siap, perbekel, alasan, kata_):
    with pytest.raises(alur.LangkahTidakSah, match=kata_):
        _cabut(siap, perbekel, alasan)

    assert Surat.objects.get().dicabut_pada is None
    assert Notifikasi.objects.filter(pesan="surat_dicabut").count() == 0


@pytest.mark.parametrize(
    "alasan",
    [
        "x" * 10,
        "y" * 300,
        "Sudah ada surat nomor 400.12.2.1/001/51.07.04.2001/XI/2026",
        "Berlaku 12-03-2026, bukan 13-03-2026",
    ],
)
def test_reason_may_name_letters_and_dates(siap, perbekel, alasan):
    _cabut(siap, perbekel, alasan)

    assert Surat.objects.get().dicabut_alasan == alasan


def test_only_signer_and_admin_desa_withdraw(siap, warga, operator, perbekel, admin_desa):
    boleh = []
    for oleh in (warga, operator, perbekel, admin_desa):
        try:
            with transaction.atomic():
                _cabut(Permohonan.objects.get(), oleh)
                boleh.append(oleh)
                raise alur.LangkahTidakSah  # so that the next one starts from the same letter
        except alur.LangkahTidakSah:
            pass

    assert boleh == [perbekel, admin_desa]
    with pytest.raises(alur.LangkahTidakSah, match="tidak berwenang mencabut"):
        _cabut(siap, operator)


@pytest.mark.django_db(transaction=True)
def test_letter_is_never_withdrawn_outside_a_transaction(siap, perbekel):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        penerbitan.cabut(siap.surat, alasan=ALASAN, oleh=perbekel, pada=timezone.now())

    assert Surat.objects.get().dicabut_pada is None


@pytest.mark.django_db(transaction=True)
def test_of_four_who_press_at_once_one_withdraws(siap, perbekel):
    def tekan(n: int) -> str:
        try:
            _cabut(Permohonan.objects.get(), perbekel, f"Alasan yang ke-{n}")
        except alur.LangkahTidakSah as galat:
            return str(galat)
        return "menang"

    hasil = serentak.jalankan(tekan, range(4))

    assert sorted(hasil) == ["Surat ini sudah dicabut."] * 3 + ["menang"]
    assert Riwayat.objects.filter(langkah="cabut").count() == 1
    assert Notifikasi.objects.filter(pesan="surat_dicabut").count() == 1
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_signed_letter_is_never_declared_void(siap, perbekel):
    with transaction.atomic():
        penerbitan.batalkan(siap.surat, alasan="Keliru", oleh=perbekel, pada=timezone.now())

    assert Surat.objects.get().batal_pada is None


# --- Not handed over, not downloaded ------------------------------------------------------------

SERAH = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")


def test_withdrawn_letter_is_not_handed_over(siap, operator, perbekel):
    _cabut(siap, perbekel)

    boleh = alur.langkah_tersedia(siap, oleh=operator, pada=timezone.now())
    with pytest.raises(alur.LangkahTidakSah, match="sudah dicabut, jadi tidak boleh diserahkan"):
        alur.jalankan(siap, "serahkan", SERAH, oleh=operator, pada=timezone.now())

    siap.refresh_from_db()
    assert (siap.status, boleh) == ("SIAP_DIAMBIL", [])
    assert not hasattr(Permohonan.objects.get(), "penyerahan")


def test_who_comes_too_late_is_told_of_the_withdrawal(siap, operator, perbekel):
    _cabut(siap, perbekel)

    with pytest.raises(alur.Keduluan) as galat:
        alur.jalankan(siap, "proses", oleh=operator, pada=timezone.now())

    assert "“surat dicabut” oleh Perbekel, sekarang siap diambil" in str(galat.value)


def test_owner_sees_why_and_downloads_it_no_more(siap, warga, operator, perbekel):
    client = sebagai(warga)
    alamat = f"/layanan/permohonan/{siap.nomor}/"
    assert baca(client, f"{alamat}surat/").isi.startswith(b"%PDF-")
    _cabut(siap, perbekel)

    halaman = client.get(alamat)
    unduh = client.get(f"{alamat}surat/", follow=True)
    kantor = baca(sebagai(operator), f"/berkas/surat/{siap.surat_id}/")

    teks = kata(halaman)
    for kalimat in (
        "Surat dicabut",
        f"Alasannya: {ALASAN}.",
        "Surat ini tidak boleh dipakai lagi. Masih perlu? Ajukan permohonan baru",
        "Surat dicabut, tidak berlaku lagi",  # in the history
    ):
        assert kalimat in teks
    for tidak in ("Kode pengambilan", siap.kode_ambil, "Lihat salinan", "Pengambilan surat"):
        assert tidak not in teks
    assert unduh.redirect_chain == [(alamat, 302)]
    assert "Salinan surat ini tidak dapat dibuka" in kata(unduh)
    assert kantor.isi.startswith(b"%PDF-")  # the office still sees what went out
    client.post(f"{alamat}wakil/", {"wakil_jenis": "KELUARGA", "wakil_nama": "Ni Luh"})
    siap.refresh_from_db()
    assert siap.wakil_nama == ""  # nobody fetches it any more
    assert "Surat dicabut" in kata(client.get("/layanan/"))


def test_expired_letter_says_so_and_stays_readable(siap, warga):
    Surat.objects.update(berlaku_sampai="2026-01-02")
    client = sebagai(warga)

    teks = kata(client.get(f"/layanan/permohonan/{siap.nomor}/"))

    assert "Masa berlakunya habis pada 2 Januari 2026. Masih perlu?" in teks
    assert baca(client, f"/layanan/permohonan/{siap.nomor}/surat/").isi.startswith(b"%PDF-")


# --- In the office -----------------------------------------------------------------------------


def test_signer_withdraws_on_the_page_of_the_letter(siap, perbekel, client):
    kantor = sebagai(perbekel)

    hasil = kirim(kantor, kantor.get(_halaman_surat(siap)), "Cabut surat", {"cabut-alasan": ALASAN})

    assert hasil.url == _halaman_surat(siap)
    hal = kantor.get(hasil.url)
    assert "sudah dicabut" in kata(hal)
    assert f"Perbekel: “{ALASAN}”" in kata(hal)
    assert "Cabut surat" not in tombol(hal)
    umum = client.get(f"/cek/{siap.surat.kode_cek}/")
    assert f"Alasannya: {ALASAN}." in kata(umum)


@pytest.mark.parametrize(
    ("alasan", "kalimat"),
    [
        ("pendek", "10"),
        ("Pekerjaan I Wayan Contoh keliru", "jangan tulis nama warga"),
    ],
)
def test_refused_reason_stays_in_the_form(siap, perbekel, alasan, kalimat):
    kantor = sebagai(perbekel)

    hal = kirim(kantor, kantor.get(_halaman_surat(siap)), "Cabut surat", {"cabut-alasan": alasan})

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert formulir(hal, "Cabut surat").isi["cabut-alasan"] == [alasan]
    assert Surat.objects.get().dicabut_pada is None


def test_operator_finds_no_button_to_withdraw(siap, operator):
    hal = sebagai(operator).get(_halaman_surat(siap))

    assert "Cabut surat" not in tombol(hal)
    assert "Buat surat pengganti" in kata(hal)


def test_void_letter_has_no_request_to_tell_of_a_withdrawal(permohonan, jalan, perbekel):
    jalan(permohonan, "MENUNGGU_TTD")
    alamat = _halaman_surat(permohonan).replace("change", "cabut")
    alur.jalankan(permohonan, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Salah.")
    kantor = sebagai(perbekel)

    hasil = kantor.post(alamat, {"cabut-alasan": ALASAN})

    assert "Surat ini tidak lahir dari sebuah permohonan." in kata(kantor.get(hasil.url))
    assert Surat.objects.get().dicabut_pada is None


def test_second_press_on_an_old_page_is_told(siap, perbekel):
    kantor = sebagai(perbekel)
    lama = kantor.get(_halaman_surat(siap))
    kirim(kantor, lama, "Cabut surat", {"cabut-alasan": ALASAN})

    hal = kirim(kantor, lama, "Cabut surat", {"cabut-alasan": "Alasan yang kedua"})

    assert "Surat ini sudah dicabut." in kata(hal)
    assert Surat.objects.get().dicabut_alasan == ALASAN
