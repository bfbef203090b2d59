"""The official forms of a request in the office: chosen, completed, printed, frozen."""

import hashlib
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from layanan.models import Jejak
from layanan.permohonan import alur
from surat.kertas import cetak_luar
from surat.models import Cetakan, FormulirSurat, TataNaskah
from surat.terbit import pemeriksaan
from tests import factories
from tests.halaman import kata, sebagai

PDF = b"%PDF-1.7 tiruan"
DAFTAR = "/kelola/surat/formulir/"


@pytest.fixture
def dicetak(monkeypatch) -> list[tuple[str, dict]]:
    """What was sent to the press; nothing is really printed."""
    semua: list[tuple[str, dict]] = []

    def cetak(apa: str, data: dict, *, detik: int) -> bytes:
        semua.append((apa, data))
        return PDF

    monkeypatch.setattr(cetak_luar, "cetak", cetak)
    return semua


@pytest.fixture
def permohonan(warga):
    jawaban = {
        "jenis_permohonan": "Perubahan data",
        "alasan": "Pindah kerja",
        "anggota": [warga.penduduk_id],
    }
    return factories.buat_permohonan(warga, "pengantar_kk", **jawaban)


def alamat(permohonan, ekor: str = "") -> str:
    return f"/kelola/layanan/permohonan/{permohonan.pk}/formulir/{ekor}"


def kirim(client, permohonan, **isi):
    """Saved from the page as it is now."""
    dilihat = client.get(alamat(permohonan)).context["sidik"]
    return client.post(alamat(permohonan), {"dilihat": dilihat, **isi})


def setujui(permohonan, operator, perbekel):
    return factories.jalankan_sampai(
        permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel
    )


def test_page_offers_what_fits_the_answers(permohonan, operator):
    hal = sebagai(operator).get(alamat(permohonan))

    assert "F-1.02" in kata(hal) and "F-1.06" in kata(hal) and "F-1.01" not in kata(hal)
    assert hal.context["form"]["pakai"].value() == ["f102", "f106"]
    assert "Formulir resmi" in kata(
        sebagai(operator).get(f"/kelola/layanan/permohonan/{permohonan.pk}/change/")
    )


def test_choice_and_gaps_are_kept_and_printed(permohonan, operator, dicetak):
    kunci = f"tanya.pekerjaan_menjadi@{permohonan.pemohon_id}"
    client = sebagai(operator)
    kirim(client, permohonan, **{"pakai": ["f106"], kunci: "Petani/Pekebun"})
    permohonan.refresh_from_db()

    assert permohonan.formulir == {"pakai": ["f106"], "isian": {kunci: "Petani/Pekebun"}}
    jawab = client.get(alamat(permohonan, "f106/"))
    assert (jawab.content, jawab["Content-Type"]) == (PDF, "application/pdf")
    apa, data = dicetak[0]
    assert apa == "formulir" and data["draf"] and "Petani/Pekebun" in str(data)
    assert Jejak.objects.filter(oleh=operator, warga=permohonan.pemohon, apa="UNDUH").count() == 1


@pytest.mark.parametrize(
    ("nilai", "galat"),
    [
        ("123", "Tulis 16 angka."),
        ("51070412039900O1", "Tulis 16 angka."),
        ("5107041203909901", ""),
    ],
)
def test_bad_number_is_said_and_kept(warga, operator, nilai, galat):
    kawin = {"tgl_kawin": "2020-01-02", "tempat_kawin": "Bugbug", "pasangan": {"nama": "Ni Luh"}}
    permohonan = factories.buat_permohonan(warga, "sudah_menikah", **kawin)
    client = sebagai(operator)
    kirim(client, permohonan, **{"pakai": ["f105"]})
    hal = kirim(client, permohonan, **{"pakai": ["f105"], "saksi1.nik": nilai})

    if galat:
        assert galat in kata(hal) and nilai in hal.content.decode()
    else:
        permohonan.refresh_from_db()
        assert permohonan.formulir["isian"] == {"saksi1.nik": nilai}


def test_what_was_typed_survives_while_its_form_is_not_chosen(permohonan, operator):
    kunci = f"tanya.pekerjaan_menjadi@{permohonan.pemohon_id}"
    client = sebagai(operator)
    kirim(client, permohonan, **{"pakai": ["f106"], kunci: "Petani/Pekebun"})
    kirim(client, permohonan, **{"pakai": ["f102"], kunci: "Petani/Pekebun"})
    kirim(client, permohonan, **{"pakai": ["f102"]})
    permohonan.refresh_from_db()

    assert permohonan.formulir == {"pakai": ["f102"], "isian": {kunci: "Petani/Pekebun"}}


def test_approval_freezes_and_the_register_may_change(permohonan, operator, perbekel, dicetak):
    setujui(permohonan, operator, perbekel)
    permohonan.pemohon.nama = "I Nama Baru"
    permohonan.pemohon.save()
    client = sebagai(operator)
    hal = client.get(alamat(permohonan))
    client.get(alamat(permohonan, "f102/"))

    assert "dibekukan bersama surat" in kata(hal)
    satu = FormulirSurat.objects.get(surat=permohonan.surat, kunci="f102")
    assert dicetak == [("formulir", satu.data)] and "draf" not in satu.data
    assert "NAMA BARU" not in str(satu.data)
    ketemu = pemeriksaan.periksa_sidik(hashlib.sha256(PDF).hexdigest(), pada=timezone.now())
    assert ketemu and ketemu.lampiran and ketemu.nomor == satu.surat.nomor
    # Nothing is changed any more.
    kirim(client, permohonan, **{"pakai": []})
    permohonan.refresh_from_db()
    assert permohonan.formulir is None


def test_a_letter_that_is_sent_back_may_bring_other_forms(permohonan, operator, perbekel):
    setujui(permohonan, operator, perbekel)
    lama = permohonan.surat
    alur.jalankan(
        permohonan, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Nama salah."
    )
    kirim(sebagai(operator), permohonan, pakai=["f105"])
    permohonan.refresh_from_db()
    setujui(permohonan, operator, perbekel)

    assert [x.kunci for x in lama.formulir.order_by("kunci")] == ["f102", "f106"]
    assert [x.kunci for x in permohonan.surat.formulir.all()] == ["f105"]


@pytest.mark.lambat  # a real process prints real forms behind a real letter
@pytest.mark.kertas
def test_letter_and_forms_come_in_one_go(permohonan, operator, perbekel):
    setujui(permohonan, operator, perbekel)
    jawab = sebagai(operator).get(alamat(permohonan, "semua/"))

    surat = Cetakan.objects.get(surat=permohonan.surat).halaman
    with pikepdf.open(BytesIO(jawab.content)) as berkas:
        assert len(berkas.pages) == surat + 2  # F-1.02 and F-1.06, one page each


def test_press_that_is_busy_says_so(permohonan, operator, monkeypatch):
    def sibuk(*apa, **lain):
        raise cetak_luar.Sibuk

    monkeypatch.setattr(cetak_luar, "cetak", sibuk)
    hal = sebagai(operator).get(alamat(permohonan, "f102/"), follow=True)

    assert "coba lagi" in kata(hal)


def test_unknown_form_is_not_there(permohonan, operator, perbekel, dicetak):
    client = sebagai(operator)

    assert client.get(alamat(permohonan, "f999/")).status_code == 404
    setujui(permohonan, operator, perbekel)
    assert client.get(alamat(permohonan, "f101/")).status_code == 404


# --- The village's list of forms ------------------------------------------------------------------


def test_form_is_ticked_and_unticked_with_who_and_when(admin_desa, dicetak):
    client = sebagai(admin_desa)
    assert "F-2.03" in kata(client.get(DAFTAR))
    client.post(DAFTAR, {"kunci": "f203"})
    oleh, pada = TataNaskah.objects.get().formulir_diperiksa["f203-2019"]

    assert oleh == str(admin_desa) and pada[:10] == f"{timezone.now():%Y-%m-%d}"
    assert oleh in kata(client.get(DAFTAR))
    client.post(DAFTAR, {"kunci": "f203"})
    assert TataNaskah.objects.get().formulir_diperiksa == {}
    assert client.post(DAFTAR, {"kunci": "f103b"}).status_code == 404  # not of that edition


def test_sample_is_marked_and_about_nobody(admin_desa, dicetak):
    factories.jenis("biodata")
    jawab = sebagai(admin_desa).get(f"{DAFTAR}f101/contoh/")

    assert jawab.content == PDF
    assert dicetak[0][1]["contoh"] and "I WAYAN CONTOH" in str(dicetak[0][1])
    assert sebagai(admin_desa).get(f"{DAFTAR}f102x/contoh/").status_code == 404


def test_second_clerk_does_not_overwrite_the_first_unseen(permohonan, operator):
    kunci, client = f"tanya.pekerjaan_menjadi@{permohonan.pemohon_id}", sebagai(operator)
    dilihat = client.get(alamat(permohonan)).context["sidik"]
    kirim(client, permohonan, pakai=["f106"], **{kunci: "Petani/Pekebun"})
    lama = {"dilihat": dilihat, "pakai": ["f106"], kunci: "Wiraswasta"}

    hal = client.post(alamat(permohonan), lama)

    permohonan.refresh_from_db()
    assert permohonan.formulir["isian"] == {kunci: "Petani/Pekebun"}
    assert "Rekan Anda baru saja menyimpan" in kata(hal)
    assert hal.context["form"][kunci].value() == "Wiraswasta"
    client.post(alamat(permohonan), lama | {"dilihat": hal.context["sidik"]})  # seen, and saved
    permohonan.refresh_from_db()
    assert permohonan.formulir["isian"] == {kunci: "Wiraswasta"}


def test_what_comes_after_the_letter_is_refused_in_words(permohonan, operator, perbekel):
    kunci, client = f"tanya.pekerjaan_menjadi@{permohonan.pemohon_id}", sebagai(operator)
    dilihat = client.get(alamat(permohonan)).context["sidik"]
    setujui(permohonan, operator, perbekel)

    isi = {"dilihat": dilihat, "pakai": ["f106"], kunci: "Petani/Pekebun"}
    hal = client.post(alamat(permohonan), isi)

    assert "Suratnya sudah terbit" in kata(hal) and "Petani/Pekebun" in kata(hal)
    assert "Petani/Pekebun" not in str(permohonan.surat.formulir.get(kunci="f106").data)
