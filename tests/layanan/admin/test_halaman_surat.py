"""Issued letters in the back office: list, page, file."""

import re

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from layanan.permohonan import ajukan, alur
from surat.models import Cetakan, JenisSurat, Surat
from tests import factories
from tests.halaman import kata, kirim, sebagai

DAFTAR = "/kelola/surat/surat/"
ALASAN = "Keterangannya keliru"


@pytest.fixture
def surat(warga, tetangga, operator, perbekel) -> dict[str, Surat]:
    """One letter in each of six states."""

    def buat(akun, kode: str = "domisili", status: str = "SIAP_DIAMBIL"):
        permohonan = factories.buat_permohonan(akun, kode)
        return factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)

    sekarang = timezone.now()
    berlaku, belum = buat(warga), buat(tetangga, "usaha", "MENUNGGU_TTD")
    habis, dicabut, diganti = buat(tetangga), buat(warga, "usaha"), buat(tetangga)
    batal = buat(warga, "usaha", "MENUNGGU_TTD")
    semua = {
        "BERLAKU": berlaku.surat,
        "BELUM_TTD": belum.surat,
        "KEDALUWARSA": habis.surat,
        "DICABUT": dicabut.surat,
        "DIGANTI": diganti.surat,
        "BATAL": batal.surat,
    }
    Surat.objects.filter(pk=habis.surat_id).update(berlaku_sampai="2020-01-01")
    alur.catat_peristiwa(dicabut, "cabut", oleh=perbekel, pada=sekarang, catatan=ALASAN)
    alur.jalankan(batal, "kembalikan", oleh=perbekel, pada=sekarang, catatan="Nama salah.")
    baru = ajukan.pengganti(
        diganti, isian=diganti.isian, alasan=ALASAN, oleh=operator, pada=sekarang
    )
    factories.jalankan_sampai(baru, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    return semua | {"PENGGANTI": baru.surat}


@pytest.fixture
def berlaku(permohonan, operator, perbekel) -> Surat:
    return factories.jalankan_sampai(
        permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel
    ).surat


def _isi(client, **tanya) -> set[str]:
    hal = client.get(DAFTAR, tanya)
    assert hal.status_code == 200
    return {s.nomor for s in hal.context["cl"].result_list}


def _alamat(satu: Surat) -> str:
    return f"{DAFTAR}{satu.pk}/change/"


# --- The list ----------------------------------------------------------------------------------


def test_each_letter_wears_its_state(surat, operator):
    hal = sebagai(operator).get(DAFTAR)

    baris = dict(
        re.findall(
            r'/kelola/surat/surat/(\d+)/change/.*?lencana-surat-(\w+)"', hal.content.decode(), re.S
        )
    )
    harus = {str(s.pk): nama.lower() for nama, s in surat.items()}
    assert baris == harus | {str(surat["PENGGANTI"].pk): "berlaku"}


def test_filter_by_state_type_and_year(surat, operator):
    client = sebagai(operator)
    nomor = {nama: s.nomor for nama, s in surat.items()}
    usaha = JenisSurat.objects.get(kode="usaha").pk
    tahun = str(timezone.localdate().year)

    for nama in set(nomor) - {"PENGGANTI", "BERLAKU"}:
        assert _isi(client, keadaan=nama) == {nomor[nama]}
    assert _isi(client, keadaan="BERLAKU") == {nomor["BERLAKU"], nomor["PENGGANTI"]}
    assert _isi(client, keadaan="TIDAK_ADA") == set()
    assert _isi(client, jenis__id__exact=usaha) == {
        nomor[n] for n in ("BELUM_TTD", "DICABUT", "BATAL")
    }
    assert _isi(client, tahun=tahun) == set(nomor.values())
    for tak_ada in ("1999", "x", "0000", "20261"):
        assert _isi(client, tahun=tak_ada) == set()


def test_search_by_number_name_nik_code_and_type(surat, operator, warga, tetangga):
    client = sebagai(operator)
    satu, nomor = surat["BERLAKU"], {nama: s.nomor for nama, s in surat.items()}
    milik_tetangga = {nomor[n] for n in ("BELUM_TTD", "KEDALUWARSA", "DIGANTI", "PENGGANTI")}

    assert _isi(client, q=satu.nomor) == {satu.nomor}
    assert _isi(client, q=satu.kode_cek) == {satu.nomor}
    assert _isi(client, q=f"{satu.kode_cek[:5]}-{satu.kode_cek[5:].lower()}") == {satu.nomor}
    assert _isi(client, q="made tetangga") == milik_tetangga
    assert _isi(client, q=tetangga.penduduk.nik) == milik_tetangga
    assert _isi(client, q="keterangan usaha") == {
        nomor[n] for n in ("BELUM_TTD", "DICABUT", "BATAL")
    }
    assert _isi(client, q="zzz") == set()
    assert warga.penduduk.nik not in client.get(DAFTAR).content.decode()


@pytest.mark.usefixtures("selalu_tercatat")
def test_list_costs_the_same_for_one_letter_and_for_seven(
    warga, operator, perbekel, request, django_assert_max_num_queries
):
    permohonan = factories.buat_permohonan(warga)
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    client = sebagai(operator)
    client.get(DAFTAR)
    with django_assert_max_num_queries(19) as awal:
        client.get(DAFTAR)
    request.getfixturevalue("surat")

    with django_assert_max_num_queries(19) as akhir:
        hal = client.get(DAFTAR)

    assert len(hal.context["cl"].result_list) == 8
    assert len(akhir) == len(awal)


# --- The page of one letter ----------------------------------------------------------------------


def test_page_shows_the_frozen_letter_its_file_and_its_request(berlaku, operator):
    cetakan = Cetakan.objects.get(surat=berlaku)

    hal = sebagai(operator).get(_alamat(berlaku))

    teks = kata(hal)
    for kalimat in (
        berlaku.nomor,
        "Nama I Wayan Contoh",
        "membuka rekening bank",
        "I Nyoman Perbekel Contoh",
        "Berlaku sampai",
        cetakan.sha256,
        f"{cetakan.halaman} halaman",
        f"{berlaku.kode_cek[:5]}-{berlaku.kode_cek[5:]}",
    ):
        assert kalimat in teks
    assert f'href="/berkas/surat/{berlaku.pk}/"' in hal.content.decode()
    assert re.search(r'href="/kelola/layanan/permohonan/\d+/change/">P-', hal.content.decode())


def test_page_links_the_old_letter_with_the_new_one(surat, operator):
    client = sebagai(operator)
    lama, baru = surat["DIGANTI"], surat["PENGGANTI"]

    hal_lama, hal_baru = client.get(_alamat(lama)), client.get(_alamat(baru))

    assert f"Pengganti {baru.nomor}" in kata(hal_lama)
    assert f'href="{_alamat(baru)}"' in hal_lama.content.decode()
    assert f"Menggantikan {lama.nomor}" in kata(hal_baru)
    assert f'href="{_alamat(lama)}"' in hal_baru.content.decode()


def test_only_a_letter_that_counts_can_be_withdrawn_or_corrected(surat, admin_desa):
    client = sebagai(admin_desa)
    teks = {nama: kata(client.get(_alamat(satu))) for nama, satu in surat.items()}

    for tombol in ("Cabut surat", "Buat surat pengganti"):
        ada = {nama for nama, satu in teks.items() if tombol in satu}
        assert ada == {"BERLAKU", "KEDALUWARSA", "PENGGANTI"}, tombol


def test_reason_of_a_void_letter_is_read_in_the_office_only(surat, operator, client):
    assert "“Nama salah.”" in kata(sebagai(operator).get(_alamat(surat["BATAL"])))
    assert "Nama salah" not in kata(client.get(f"/cek/{surat['BATAL'].kode_cek}/"))


def test_admin_desa_reads_the_facts_but_opens_no_pdf(berlaku, admin_desa):
    hal = sebagai(admin_desa).get(_alamat(berlaku))

    assert "/berkas/surat/" not in hal.content.decode()


def test_page_cannot_be_written(berlaku, admin_desa):
    client = sebagai(admin_desa)

    assert client.post(_alamat(berlaku), {"nomor": "x"}).status_code == 403
    assert client.get(f"{DAFTAR}x/change/").status_code == 404
    assert client.get(f"{DAFTAR}99999/change/").status_code == 404
    assert Surat.objects.get(pk=berlaku.pk).nomor == berlaku.nomor


def test_letters_issued_before_there_were_blocks_are_shown_too(berlaku, operator):
    data = {k: v for k, v in berlaku.data.items() if k != "menggantikan"}
    Surat.objects.filter(pk=berlaku.pk).update(data=data | {"isi": ["Kalimat &amp; lama."]})

    assert "Kalimat & lama." in kata(sebagai(operator).get(_alamat(berlaku)))


# --- The file ----------------------------------------------------------------------------------


def _periksa(client, satu: Surat) -> str:
    hal = client.get(_alamat(satu))
    return kata(client.get(kirim(client, hal, "Periksa berkas").url))


def test_stored_file_is_intact_or_made_again_or_lost(berlaku, operator, monkeypatch):
    client, satu = sebagai(operator), berlaku

    utuh = _periksa(client, satu)
    default_storage.delete(Cetakan.objects.get(surat=satu).berkas)
    dibuat_lagi = _periksa(client, satu)
    default_storage.delete(Cetakan.objects.get(surat=satu).berkas)
    monkeypatch.setattr("surat.kertas.pdf.buat", lambda data: (b"%PDF-1.7 lain", 1))
    hilang = _periksa(client, satu)

    assert "Berkas utuh: SHA-256-nya sama dengan saat dibuat." in utuh
    assert "Surat sudah dibuat lagi, dan SHA-256-nya sama dengan dulu" in dibuat_lagi
    assert "Jangan dipakai; pulihkan dari cadangan." in hilang


def test_letter_without_a_file_has_nothing_to_check(permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "DICETAK", operator=operator, perbekel=perbekel)
    client = sebagai(operator)
    alamat = f"{DAFTAR}{permohonan.surat_id}/"

    assert "PDF belum dibuat." in kata(client.get(f"{alamat}change/"))
    jawab = client.post(f"{alamat}periksa-berkas/", follow=True)
    assert "PDF surat ini belum dibuat." in kata(jawab)
