"""Urgent requests: marked by the office with a reason, told to the signer, on top everywhere."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from layanan.kotak_keluar import aturan
from layanan.models import Notifikasi, Permohonan, Riwayat
from layanan.permohonan import alur, mendesak
from tests import factories, serentak
from tests.halaman import kata, kirim, sebagai, tombol

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
ALASAN = "Berangkat ke rumah sakit besok pagi"


@pytest.fixture
def penanda(perbekel):
    """The perbekel with a phone."""
    perbekel.nomor_hp = "+6281234500009"
    perbekel.save()
    return perbekel


@pytest.fixture
def jalan(operator, penanda):
    def jalan(permohonan: Permohonan, status: str) -> Permohonan:
        return factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=penanda)

    return jalan


def _tandai(permohonan: Permohonan, oleh, alasan: str = ALASAN) -> Riwayat:
    return mendesak.tandai(permohonan, alasan=alasan, oleh=oleh, pada=timezone.now())


def _lepas(permohonan: Permohonan, oleh) -> Riwayat:
    return mendesak.lepas(permohonan, oleh=oleh, pada=timezone.now())


def _kepada_penanda() -> list:
    return [n.penerima for n in Notifikasi.objects.filter(pesan="ttd_mendesak").order_by("pk")]


def _alamat(permohonan: Permohonan) -> str:
    return f"/kelola/layanan/permohonan/{permohonan.pk}/change/"


# --- What it leaves behind -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["DIAJUKAN", "DIPROSES", "DICETAK", "MENUNGGU_TTD"])
def test_mark_moves_nothing_and_stands_in_the_history(permohonan, jalan, operator, status):
    jalan(permohonan, status)
    sejak = permohonan.diperbarui_pada

    _tandai(permohonan, operator, "  Berangkat ke rumah\n sakit besok pagi ")

    permohonan.refresh_from_db()
    riwayat = permohonan.riwayat.get(langkah="mendesak")
    assert (permohonan.mendesak, permohonan.status) == (True, status)
    assert permohonan.diperbarui_pada == sejak, "it has not waited any shorter"
    assert (riwayat.dari, riwayat.ke, riwayat.oleh) == (status, status, operator)
    assert riwayat.catatan == ALASAN


def test_signer_hears_at_once_of_a_letter_that_waits_for_him(permohonan, jalan, operator, penanda):
    jalan(permohonan, "MENUNGGU_TTD")

    _tandai(permohonan, operator)

    (baris,) = Notifikasi.objects.filter(riwayat__langkah="mendesak")
    assert (baris.pesan, baris.penerima, baris.nomor_hp) == (
        "ttd_mendesak",
        penanda,
        penanda.nomor_hp,
    )
    assert ALASAN not in str(baris.variabel)


def test_signer_hears_of_a_letter_once_it_is_printed(permohonan, jalan, operator, penanda):
    _tandai(permohonan, operator)
    jalan(permohonan, "DICETAK")
    assert _kepada_penanda() == []

    jalan(permohonan, "MENUNGGU_TTD")

    assert _kepada_penanda() == [penanda]


def test_mark_made_while_a_worker_prints_is_not_missed(permohonan, jalan, operator, penanda):
    """The worker read the request before the operator pressed the button."""
    jalan(permohonan, "DICETAK")
    pekerja = Permohonan.objects.get(pk=permohonan.pk)
    _tandai(permohonan, operator)
    factories.cetak_tanpa_langkah()

    alur.jalankan(pekerja, "cetak", oleh=None, pada=timezone.now())

    assert _kepada_penanda() == [penanda]


def test_letter_that_is_urgent_no_more_is_printed_like_any_other(permohonan, jalan, operator):
    _tandai(permohonan, operator)
    riwayat = _lepas(permohonan, operator)

    jalan(permohonan, "MENUNGGU_TTD")

    assert (riwayat.langkah, riwayat.rincian, riwayat.catatan) == ("lepas_mendesak", {}, "")
    assert _kepada_penanda() == []


def test_village_can_switch_the_message_off(permohonan, jalan, operator):
    aturan.ubah({("mendesak", "TTD", "WA"): False})
    jalan(permohonan, "MENUNGGU_TTD")

    _tandai(permohonan, operator)

    assert _kepada_penanda() == []
    assert Permohonan.objects.get().mendesak


def test_unmarking_of_former_releases_gets_its_own_name_and_loses_it_again(permohonan, operator):
    """Upgrade and way back of rows that told it as "mendesak" with a mark in their details."""
    migrasi = import_module("layanan.migrations.0012_lepas_mendesak")
    _tandai(permohonan, operator)
    _lepas(permohonan, operator)

    def kisah() -> list:
        return list(permohonan.riwayat.values_list("langkah", "rincian"))

    baru = kisah()
    migrasi.kembalikan(apps, None)
    lama = kisah()
    migrasi.beri_nama(apps, None)

    assert lama[1:] == [("mendesak", {}), ("mendesak", {"dilepas": True})]
    assert kisah() == baru
    assert baru[1:] == [("mendesak", {}), ("lepas_mendesak", {})]


# --- Who may, and when -----------------------------------------------------------------------


@pytest.mark.parametrize("siapa", ["perbekel", "admin_desa", "warga"])
def test_only_who_processes_requests_may_mark(permohonan, siapa, request):
    oleh = request.getfixturevalue(siapa)

    with pytest.raises(alur.LangkahTidakSah, match="tidak berwenang"):
        _tandai(permohonan, oleh)

    assert not mendesak.boleh(permohonan, oleh=oleh, pada=timezone.now())
    assert not Permohonan.objects.get().mendesak


@pytest.mark.parametrize("status", ["SIAP_DIAMBIL", "SELESAI"])
def test_signed_letter_is_not_urgent_any_more(permohonan, jalan, operator, status):
    """Also for an operator whose page shows an older state."""
    lama = Permohonan.objects.get(pk=permohonan.pk)
    jalan(permohonan, status)

    with pytest.raises(alur.LangkahTidakSah, match="sudah ditandatangani"):
        _tandai(lama, operator)

    assert not Riwayat.objects.filter(langkah="mendesak").exists()


def test_rejected_request_is_not_urgent(permohonan, operator):
    alur.jalankan(permohonan, "tolak", oleh=operator, pada=timezone.now(), catatan="Bukan warga")

    with pytest.raises(alur.LangkahTidakSah):
        _tandai(permohonan, operator)


@pytest.mark.parametrize("alasan", ["", "   ", "cito", "x" * 301])
def test_mark_needs_a_reason(permohonan, operator, alasan):
    with pytest.raises(alur.LangkahTidakSah, match="Tulis mengapa surat ini mendesak"):
        _tandai(permohonan, operator, alasan)

    assert not Permohonan.objects.get().mendesak


@pytest.mark.django_db(transaction=True)
def test_of_many_who_mark_at_once_one_does(permohonan, jalan, operator, penanda):
    jalan(permohonan, "MENUNGGU_TTD")

    def satu(_: int) -> str:
        try:
            _tandai(Permohonan.objects.get(pk=permohonan.pk), operator)
        except alur.LangkahTidakSah as galat:
            return str(galat)
        return "ya"

    hasil = serentak.jalankan(satu, range(6))

    kata_lain = "Permohonan ini sudah ditandai mendesak. Mungkin petugas lain lebih dulu."
    assert sorted(hasil) == [kata_lain] * 5 + ["ya"]
    assert _kepada_penanda() == [penanda]
    with pytest.raises(alur.LangkahTidakSah, match="sudah ditandai"):
        _tandai(permohonan, operator)


def test_mark_is_not_named_as_the_step_that_moved_the_request(permohonan, jalan, operator):
    jalan(permohonan, "DIPROSES")
    _tandai(permohonan, operator)

    kalimat = alur.sudah_berubah(permohonan)

    assert "langkah terakhir “proses”" in kalimat


# --- Pages -----------------------------------------------------------------------------------


def test_operator_marks_and_unmarks_on_the_page_of_the_request(permohonan, operator):
    client = sebagai(operator)
    halaman = client.get(_alamat(permohonan))

    kirim(client, halaman, "Tandai mendesak", {"mendesak-alasan": ALASAN})

    halaman = client.get(_alamat(permohonan))
    isi = kata(halaman)
    assert f"{permohonan.nomor}: sudah ditandai mendesak." in isi
    assert "Ditandai mendesak oleh Operator" in isi and f"“{ALASAN}”" in isi
    assert "Tandai mendesak" not in tombol(halaman)

    kirim(client, halaman, "Lepas tanda mendesak")

    assert not Permohonan.objects.get().mendesak
    assert "Tanda mendesak dilepas oleh Operator" in kata(client.get(_alamat(permohonan)))


def test_reason_that_is_too_short_is_said_and_kept(permohonan, operator):
    client = sebagai(operator)

    jawab = kirim(
        client, client.get(_alamat(permohonan)), "Tandai mendesak", {"mendesak-alasan": "ya"}
    )

    html = jawab.content.decode()
    assert jawab.status_code == 200
    assert "Tulis lebih jelas mengapa surat ini mendesak." in html
    assert ">ya</textarea>" in html.replace("\n", "")
    assert not Permohonan.objects.get().mendesak


def test_page_of_a_signed_letter_has_no_such_button(permohonan, jalan, operator):
    jalan(permohonan, "SIAP_DIAMBIL")

    halaman = sebagai(operator).get(_alamat(permohonan))

    assert not [t for t in tombol(halaman) if "mendesak" in t]


def test_urgent_requests_stand_on_top_of_the_queue_until_they_are_signed(
    jalan, operator, warga, tetangga
):
    lama = factories.buat_permohonan(warga)
    baru = factories.buat_permohonan(tetangga)
    client = sebagai(operator)

    def antrean(tanya: str = "") -> list[str]:
        isi = kata(client.get(f"/kelola/layanan/permohonan/{tanya}"))
        return sorted((lama.nomor, baru.nomor), key=isi.index)

    assert antrean() == [lama.nomor, baru.nomor]
    _tandai(baru, operator)
    assert antrean() == [baru.nomor, lama.nomor]
    hal = client.get("/kelola/layanan/permohonan/")
    assert "Diajukan Mendesak" in kata(hal) and "lencana-mendesak" in hal.content.decode()

    jalan(baru, "SIAP_DIAMBIL")
    assert antrean("?status=SEMUA") == [baru.nomor, lama.nomor]  # by time alone
    semua = client.get("/kelola/layanan/permohonan/?status=SEMUA").content.decode()
    assert "lencana-mendesak" not in semua  # the word alone stands in the filter


def test_urgent_letters_stand_on_top_of_the_desk_with_the_reason(
    jalan, operator, penanda, warga, tetangga
):
    lama = jalan(factories.buat_permohonan(warga), "MENUNGGU_TTD")
    baru = jalan(factories.buat_permohonan(tetangga), "MENUNGGU_TTD")
    _tandai(baru, operator)
    client = sebagai(penanda)

    isi = kata(client.get("/meja/"))

    assert isi.index("Mendesak ") < isi.index(baru.surat.nomor) < isi.index(lama.surat.nomor)
    assert isi.count("Mendesak ") == 1
    assert f"Mendesak: {ALASAN}" in kata(client.get(f"/meja/{baru.nomor}/"))
    assert "Mendesak:" not in kata(client.get(f"/meja/{lama.nomor}/"))


def test_resident_reads_neither_the_mark_nor_the_reason(permohonan, warga, operator):
    _tandai(permohonan, operator)
    client = sebagai(warga)

    for alamat in ("/layanan/", f"/layanan/permohonan/{permohonan.nomor}/"):
        isi = kata(client.get(alamat))
        assert ALASAN not in isi
        assert "endesak" not in isi
