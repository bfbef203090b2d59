"""The resident's way from "Permohonan Surat" to "Kirim": nothing typed or uploaded is ever lost."""

import html
import io
import re
import uuid

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from layanan.models import Berkas, Draf, Jejak, Lampiran, Notifikasi, Permohonan
from layanan.permohonan import ajukan, berkas, jatah, pengisian
from penduduk.identitas import telepon
from penduduk.models import Akun
from surat.jenis import bawaan, penyuntingan
from surat.jenis import berkas as berkas_jenis
from surat.models import Cetakan, JenisSurat
from tests import factories
from tests.factories import foto
from tests.halaman import LEBAR, baca, formulir, kata, kirim, sebagai, tombol

DOMISILI = "/layanan/surat/domisili/"
ISI = "/layanan/surat/domisili/isi/"
PERIKSA = "/layanan/surat/domisili/periksa/"
KTP, KK = "Foto/scan KTP-el pemohon", "Foto/scan Kartu Keluarga"


@pytest.fixture(autouse=True)
def _jenis(db):
    factories.jenis()


@pytest.fixture
def client(warga):
    return sebagai(warga)


def _pdf(**simpan) -> bytes:
    keluar = io.BytesIO()
    with pikepdf.new() as dokumen:
        dokumen.add_blank_page()
        dokumen.save(keluar, **simpan)
    return keluar.getvalue()


def _unggahan(isi: bytes, nama: str = "ktp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(nama, isi, "image/jpeg")


def _lengkap() -> dict:
    """Papers for a complete first step."""
    return {"berkas-ktp": foto(), "berkas-kk": foto(), "bawa-pengantar_kelian": "on"}


def _isi_dokumen(client, **lain):
    return kirim(client, client.get(DOMISILI), "Isi Form", _lengkap() | lain)


def _isi_surat(client, **lain):
    isi = {"alamat_domisili": "Jalan Contoh 7", "keperluan": "membuka rekening bank"}
    return kirim(client, client.get(ISI), "Periksa, lalu kirim", isi | lain)


def _kirimkan(client) -> Permohonan:
    _isi_dokumen(client)
    _isi_surat(client)
    kirim(client, client.get(PERIKSA), "Kirim")
    return Permohonan.objects.latest("pk")


# --- The whole way ----------------------------------------------------------------------------


def test_resident_walks_from_permohonan_surat_to_kirim(client, warga):
    beranda = client.get("/layanan/")
    pilih = client.get("/layanan/surat/")
    assert 'href="/layanan/surat/"' in beranda.content.decode()
    assert f'href="{DOMISILI}"' in pilih.content.decode()

    ke_isi = kirim(
        client,
        client.get(DOMISILI),
        "Isi Form",
        _lengkap()
        | {
            "keterangan": "Saya ambil hari Jumat.",
            "nomor_hp": "0813 3344 5566",
            "berkas-ktp": [foto(warna="navy"), foto(warna="teal")],
        },
    )
    ke_periksa = kirim(
        client,
        client.get(ke_isi.url),
        "Periksa, lalu kirim",
        {
            "alamat_domisili": "Jalan Contoh 7",
            "tinggal_sejak": "2015-04-01",
            "keperluan": "membuka rekening bank",
        },
    )
    periksa = client.get(ke_periksa.url)
    terkirim = kirim(client, periksa, "Kirim")

    permohonan = Permohonan.objects.get()
    assert (ke_isi.url, ke_periksa.url) == (ISI, PERIKSA)
    assert terkirim.url == f"/layanan/permohonan/{permohonan.nomor}/"
    assert (permohonan.pemohon, permohonan.jenis.kode) == (warga.penduduk, "domisili")
    assert (permohonan.status, permohonan.keterangan) == ("DIAJUKAN", "Saya ambil hari Jumat.")
    assert (permohonan.nomor_hp, permohonan.dibawa) == ("+6281333445566", ["pengantar_kelian"])
    assert permohonan.isian == {
        "alamat_domisili": "Jalan Contoh 7",
        "tinggal_sejak": "2015-04-01",
        "keperluan": "membuka rekening bank",
    }
    assert [x.syarat for x in permohonan.lampiran.order_by("pk")] == ["ktp", "ktp", "kk"]
    assert "Permohonan Anda sudah terkirim." in kata(client.get(terkirim.url))


def test_check_page_shows_identity_answers_papers_and_promise(client, warga):
    _isi_dokumen(client, keterangan="Untuk Bank Contoh.")
    _isi_surat(client, tinggal_sejak="2015-04-01")

    teks = kata(client.get(PERIKSA))

    for kalimat in (
        f"NIK {warga.penduduk.nik}",
        "Alamat tempat tinggal sekarang Jalan Contoh 7",
        "Sejak kapan tinggal di sini? 1 April 2015",
        "Keperluan membuka rekening bank",
        "Nomor HP 0812-3456-7890",
        "Keterangan Tambahan Untuk Bank Contoh.",
        f"{KTP} Sedang diperiksa",
        "Surat pengantar Kelian Banjar Dinas Saya bawa ke kantor",
        "surat selesai paling lambat",
    ):
        assert kalimat in teks


def test_identity_comes_from_the_register_and_cannot_be_sent(client, warga):
    _isi_dokumen(client)
    hal = client.get(ISI)

    client.post(
        ISI,
        {
            **formulir(hal, "Periksa, lalu kirim").isi,
            "alamat_domisili": "Jalan Contoh 7",
            "keperluan": "bank",
            "nama": "Raja Palsu",
            "nik": "5107041203990001",
            "status": "SELESAI",
        },
    )
    kirim(client, client.get(PERIKSA), "Kirim")

    permohonan = Permohonan.objects.get()
    assert warga.penduduk.nama in kata(hal)
    assert set(permohonan.isian) == {"alamat_domisili", "tinggal_sejak", "keperluan"}
    assert permohonan.status == "DIAJUKAN"


@pytest.mark.parametrize(
    ("cari", "ada"),
    [
        ("usaha", ["Surat Keterangan Usaha (SKU)", "Surat Keterangan Domisili Usaha/Lembaga"]),
        (
            "  DOMISILI ",
            [
                "Surat Keterangan Domisili",
                "Surat Keterangan Domisili Usaha/Lembaga",
                "Surat Keterangan Domisili Orang Asing",
            ],
        ),
        ("tidakadasurat", []),
    ],
)
def test_search_finds_letters_by_name_and_purpose(client, cari, ada):
    bawaan.muat()

    hal = client.get("/layanan/surat/", {"cari": cari})

    assert [j.nama for j in hal.context["pilihan"]] == ada
    assert f"{len(ada)} surat cocok" in kata(hal)


# --- Papers -----------------------------------------------------------------------------------


def test_full_width_digits_are_read_in_every_field(client, warga):
    factories.buat_draf(warga, "tidak_mampu")
    alamat, lebar = "/layanan/surat/tidak_mampu/", lambda teks: teks.translate(LEBAR)
    nomor = {"nomor_hp": lebar("+62 812-3456-7899")}
    angka = {"jumlah_tanggungan": lebar("3"), "pekerjaan_ket": lebar("Rp1.500.000")}

    kirim(client, client.get(DOMISILI), "Unggah dan simpan", nomor)
    kirim(client, client.get(ISI), "Periksa, lalu kirim", {"tinggal_sejak": lebar("31-12-1990")})
    kirim(client, client.get(f"{alamat}isi/"), "Periksa, lalu kirim", angka)

    domisili = Draf.objects.get(jenis__kode="domisili")
    assert domisili.nomor_hp == "+6281234567899"
    assert domisili.isian["tinggal_sejak"] == "1990-12-31"
    isian = Draf.objects.get(jenis__kode="tidak_mampu").isian
    assert (isian["jumlah_tanggungan"], isian["pekerjaan_ket"]) == (3, 1500000)


def test_first_look_at_the_page_leaves_no_draf_behind(client):
    client.get(DOMISILI)

    assert Draf.objects.count() == 0


def test_missing_papers_are_named_and_nothing_typed_is_lost(client):
    hal = kirim(
        client,
        client.get(DOMISILI),
        "Isi Form",
        {"keterangan": "Tolong cepat.", "nomor_hp": "0813-3344-5566", "berkas-ktp": foto()},
    )

    teks = kata(hal)
    isi = formulir(hal, "Isi Form").isi
    assert hal.status_code == 200
    assert f"{KK} belum diunggah." in teks
    assert "Surat pengantar Kelian Banjar Dinas belum diunggah." in teks
    assert f"{KTP} belum diunggah." not in teks
    assert isi["keterangan"] == ["Tolong cepat."]
    assert isi["nomor_hp"] == ["0813-3344-5566"]
    assert Lampiran.objects.get().syarat == "ktp"


def test_unggah_dan_simpan_keeps_what_there_is_without_complaint(client):
    jawab = kirim(
        client, client.get(DOMISILI), "Unggah dan simpan", {"keterangan": "x", "berkas-ktp": foto()}
    )

    hal = client.get(jawab.url)
    assert jawab.url == f"{DOMISILI}?tunggu=1"
    assert "Berkas sedang diperiksa" in kata(hal)
    assert hal["Refresh"] == f"2; url={DOMISILI}?tunggu=2"
    hal = client.get(DOMISILI)
    assert "1 berkas tersimpan." in kata(hal)
    assert "Ada yang perlu diperbaiki" not in kata(hal)
    assert "Foto 1: ktp.jpg Sedang diperiksa" in kata(hal)
    assert formulir(hal, "Isi Form").isi["keterangan"] == ["x"]


def test_unggah_dan_simpan_without_a_number_yet_is_no_mistake(client, warga):
    Akun.objects.filter(pk=warga.pk).update(nomor_hp="")

    jawab = kirim(client, client.get(DOMISILI), "Unggah dan simpan", {"berkas-ktp": foto()})

    assert (jawab.status_code, jawab.url) == (302, f"{DOMISILI}?tunggu=1")


def test_unggah_dan_simpan_does_not_swallow_a_mistyped_number(client):
    hal = kirim(client, client.get(DOMISILI), "Unggah dan simpan", {"nomor_hp": "0812 345"})

    assert hal.status_code == 200
    assert "kurang atau lebih angkanya" in kata(hal)
    assert formulir(hal, "Isi Form").isi["nomor_hp"] == ["0812 345"]


SALAH = {
    "kosong": (b"", "ktp.jpg", "Berkas ini kosong."),
    "terlalu besar": (
        b"\xff\xd8\xff" + b"\0" * (33 * 1024 * 1024),
        "ktp.jpg",
        "Berkas ini 33.0 MB; paling besar 32 MB.",
    ),
    "ganti nama": (b"<?php system('id'); ?>", "ktp.jpg", "Berkas ini bukan foto (JPG, PNG)"),
    "exe": (b"MZ\x90\0" + b"\0" * 99, "ktp.pdf", "Berkas ini bukan foto (JPG, PNG)"),
    "video": (b"\0\0\0\x18ftypmp42" + b"\0" * 50, "ktp.mp4", "Berkas ini video, bukan foto."),
    "word": (b"PK\x03\x04" + b"\0" * 50, "ktp.docx", "Berkas ini dokumen Word"),
}


@pytest.mark.parametrize("mana", SALAH)
@pytest.mark.parametrize("aksi", ["Isi Form", "Unggah dan simpan"])
def test_bad_upload_gives_its_sentence_and_loses_nothing(client, mana, aksi):
    isi, nama, kalimat = SALAH[mana]
    kirim(client, client.get(DOMISILI), "Unggah", {"berkas-ktp": foto()})
    hal = client.get(DOMISILI)

    jawab = kirim(
        client,
        hal,
        aksi,
        {
            "keterangan": "Tolong cepat.",
            "nomor_hp": "0813-3344-5566",
            "berkas-kk": _unggahan(isi, nama),
            "bawa-pengantar_kelian": "on",
        },
    )

    ulang = formulir(jawab, "Isi Form").isi
    assert jawab.status_code == 200
    assert f"{KK}: {kalimat}" in kata(jawab)
    assert ulang["keterangan"] == ["Tolong cepat."]
    assert ulang["nomor_hp"] == ["0813-3344-5566"]
    assert ulang["bawa-pengantar_kelian"] == ["on"]
    assert [x.syarat for x in Lampiran.objects.all()] == ["ktp"]
    assert Draf.objects.get().keterangan == "Tolong cepat."


def test_good_files_beside_a_bad_one_are_kept(client):
    tiga = [foto(warna="navy"), _unggahan(b"bukan foto", "catatan.txt"), foto(warna="teal")]

    hal = kirim(client, client.get(DOMISILI), "Isi Form", _lengkap() | {"berkas-ktp": tiga})

    assert f"{KTP}: catatan.txt: Berkas ini bukan foto" in kata(hal)
    assert "3 berkas tersimpan." in kata(hal)
    assert [x.syarat for x in Lampiran.objects.order_by("pk")] == ["ktp", "ktp", "kk"]


def test_eleventh_file_of_one_syarat_is_refused_and_ten_remain(client):
    banyak = [foto(ukuran=(60 + n, 60)) for n in range(11)]

    hal = kirim(client, client.get(DOMISILI), "Isi Form", _lengkap() | {"berkas-ktp": banyak})

    assert f"{KTP}: Paling banyak 10 berkas untuk satu syarat." in kata(hal)
    assert Lampiran.objects.filter(syarat="ktp").count() == 10


def test_file_that_the_cleaner_refuses_is_shown_with_its_reason_and_can_be_replaced(client):
    rusak = _unggahan(b"\xff\xd8\xff\xe0" + b"\1" * 900 + b"\xff\xd9")
    _isi_dokumen(client, **{"berkas-ktp": rusak})
    _isi_surat(client)
    berkas.bersihkan_yang_menunggu()

    alasan = Berkas.objects.get(keadaan="DITOLAK").alasan
    dokumen = client.get(DOMISILI)
    ditolak = kirim(client, client.get(PERIKSA), "Kirim")
    hapus = kirim(client, dokumen, "Hapus berkas 1, Foto/scan KTP-el")
    kirim(client, client.get(DOMISILI), "Isi Form", {"berkas-ktp": foto()})
    kirim(client, client.get(PERIKSA), "Kirim")

    assert "rusak" in alasan
    assert f"ktp.jpg Tidak dapat dipakai Hapus berkas 1, {KTP} {alasan} Hapus, lalu" in kata(
        dokumen
    )
    assert ditolak.status_code == 200
    assert f"{KTP}: {alasan} Hapus lalu unggah lagi." in kata(ditolak)
    assert hapus.url == DOMISILI
    assert Permohonan.objects.get().status == "DIAJUKAN"


def test_paper_can_be_brought_only_where_a_paper_is_accepted(client):
    client.post(DOMISILI, {"nomor_hp": "081234567890", "bawa-ktp": "on", "aksi": "lanjut"})

    assert Draf.objects.get().dibawa == []


def test_unticking_bawa_takes_it_back(client):
    _isi_dokumen(client)

    hal = kirim(client, client.get(DOMISILI), "Isi Form", {"bawa-pengantar_kelian": None})

    assert "Surat pengantar Kelian Banjar Dinas belum diunggah." in kata(hal)
    assert Draf.objects.get().dibawa == []


def test_earlier_file_is_offered_and_used_again_without_a_second_upload(client, warga):
    _kirimkan(client)
    lama = Berkas.objects.get(dokumen="ktp")

    hal = client.get(f"{DOMISILI}?baru=1")
    kirim(client, hal, "Unggah", {"pakai-ktp": str(lama.pk)})

    assert "Pakai berkas yang diunggah" in kata(hal)
    assert Lampiran.objects.get(draf__isnull=False).berkas == lama
    assert Berkas.objects.count() == 2
    assert "pakai-ktp" not in formulir(client.get(DOMISILI), "Isi Form").bidang


def test_neighbours_file_can_be_neither_used_nor_seen(client, warga, tetangga):
    permohonan = factories.buat_permohonan(tetangga)
    milik_tetangga = Berkas.objects.get(lampiran__permohonan=permohonan, dokumen="ktp")
    berkas.bersihkan_yang_menunggu()

    client.post(DOMISILI, {"pakai-ktp": [str(milik_tetangga.pk), "bukan-uuid"], "aksi": "simpan"})
    jawab = client.get(f"/berkas/{milik_tetangga.pk}/")

    assert Lampiran.objects.filter(draf__akun=warga).count() == 0
    assert jawab.status_code == 404
    assert "pakai-ktp" not in formulir(client.get(DOMISILI), "Isi Form").bidang
    assert Jejak.objects.count() == 0


def test_own_file_of_another_kind_is_not_taken_for_a_ktp(client, warga):
    _kirimkan(client)
    kk = Berkas.objects.get(dokumen="kk")

    client.post(DOMISILI, {"pakai-ktp": str(kk.pk), "aksi": "simpan"})

    assert Lampiran.objects.filter(draf__isnull=False).count() == 0


def test_only_the_owner_takes_a_file_off_and_only_off_an_open_draf(client, warga, tetangga):
    terbuka = factories.buat_draf(warga).lampiran.get(syarat="ktp")
    terkirim = factories.buat_permohonan(tetangga).lampiran.get(syarat="ktp")
    usaha = DOMISILI.replace("domisili", "usaha")
    factories.jenis("usaha")
    orang_lain = sebagai(tetangga)

    ada_sebelum = Lampiran.objects.count()
    for siapa, alamat, satu in (
        (orang_lain, DOMISILI, terbuka),  # the neighbour
        (client, usaha, terbuka),  # on the page of another letter
        (orang_lain, DOMISILI, terkirim),  # sent already
    ):
        siapa.post(alamat, {"hapus": satu.pk})
        assert Lampiran.objects.count() == ada_sebelum
    for pk in ("", "x", "999999999999999999999"):
        assert client.post(DOMISILI, {"hapus": pk}).status_code == 302
    sah = client.post(DOMISILI, {"hapus": terbuka.pk})

    assert (sah.status_code, sah.url) == (302, DOMISILI)
    assert Lampiran.objects.count() == ada_sebelum - 1
    assert not Berkas.objects.filter(pk=terbuka.berkas_id).exists()


def test_taking_a_file_off_keeps_what_was_typed_and_chosen_beside_it(client, warga):
    draf = factories.buat_draf(warga)
    lama = draf.lampiran.get(syarat="ktp")

    kirim(
        client,
        client.get(DOMISILI),
        "Hapus berkas 1",
        {"keterangan": "untuk bank", "berkas-kk": foto("kk.jpg", warna="green")},
    )

    draf.refresh_from_db()
    assert draf.keterangan == "untuk bank"
    assert not draf.lampiran.filter(pk=lama.pk).exists()
    assert draf.lampiran.filter(syarat="kk").exists()


def test_enter_key_deletes_nothing(client, warga):
    """It presses the first button of the form."""
    factories.buat_draf(warga)
    formulir = client.get(DOMISILI).content.decode().partition("<form")[2]

    tombol = re.search(r"<button[^>]*>", formulir[formulir.index("multipart") :]).group()

    assert 'value="lanjut"' in tombol


def test_saving_without_a_file_says_so(client):
    jawab = client.post(DOMISILI, {"keterangan": "untuk bank", "aksi": "simpan"}, follow=True)

    assert "Isian Anda sudah tersimpan." in kata(jawab)


def test_each_view_of_a_file_writes_exactly_one_jejak(warga, tetangga, operator, perbekel):
    permohonan = factories.buat_permohonan(warga)
    berkas.bersihkan_yang_menunggu()
    satu = permohonan.lampiran.get(syarat="ktp").berkas

    for akun in (warga, operator, perbekel, tetangga):
        baca(sebagai(akun), f"/berkas/{satu.pk}/")

    jejak = list(Jejak.objects.order_by("pk").values_list("oleh", "warga", "tabel", "objek"))
    assert jejak == [
        (akun.pk, warga.penduduk_id, "layanan.berkas", str(satu.pk))
        for akun in (warga, operator, perbekel)
    ]


def test_file_is_served_under_a_plain_name_and_never_stored_by_the_browser(client, warga):
    permohonan = factories.buat_permohonan(warga)
    berkas.bersihkan_yang_menunggu()
    satu = permohonan.lampiran.get(syarat="ktp").berkas

    jawab = baca(client, f"/berkas/{satu.pk}/")

    assert jawab.isi[:3] == b"\xff\xd8\xff"
    assert jawab.headers["Content-Disposition"] == 'inline; filename="ktp.jpg"'
    assert jawab.headers["Content-Type"] == "image/jpeg"
    assert jawab.headers["Cache-Control"] == "no-store, private"
    assert jawab.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_file_is_not_served_before_it_has_been_cleaned(client, warga):
    permohonan = factories.buat_permohonan(warga)
    satu = permohonan.lampiran.get(syarat="ktp").berkas

    assert client.get(f"/berkas/{satu.pk}/").status_code == 404
    assert Jejak.objects.count() == 0


# --- Number and consent -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("diketik", "tersimpan"),
    [
        ("081333445566", "+6281333445566"),
        ("0813 3344 5566", "+6281333445566"),
        ("0813-3344-5566", "+6281333445566"),
        ("(0813) 3344.5566", "+6281333445566"),
        ("6281333445566", "+6281333445566"),
        ("+62 813-3344-5566", "+6281333445566"),
        ("  081333445566  ", "+6281333445566"),
        ("+61 412 345 678", "+61412345678"),
    ],
)
def test_every_usual_spelling_of_a_number_is_understood_and_remembered(
    client, warga, diketik, tersimpan
):
    factories.jenis("usaha")

    jawab = _isi_dokumen(client, nomor_hp=diketik)

    warga.refresh_from_db()
    assert jawab.url == ISI
    assert Draf.objects.get().nomor_hp == tersimpan
    assert (warga.nomor_hp, warga.nomor_calon) == ("+6281234567890", tersimpan), "not proven yet"
    (diingat,) = formulir(client.get("/layanan/surat/usaha/"), "Isi Form").isi["nomor_hp"]
    assert telepon.rapikan(diingat) == tersimpan


@pytest.mark.parametrize(
    ("diketik", "kalimat"),
    [
        ("", "Isi nomor HP aktif, supaya kami dapat mengabari Anda."),
        ("nanti saja", "Nomor HP tidak dapat dibaca. Tulis seperti 0812 3456 7890."),
        ("0812345", "Nomor HP ini kurang atau lebih angkanya. Periksa lagi nomornya."),
        ("081234567890123", "Nomor HP ini kurang atau lebih angkanya. Periksa lagi nomornya."),
        (
            "0363 21345",
            "Nomor ini telepon rumah, tidak dapat menerima WhatsApp. Isi nomor HP.",
        ),
        ("<b>0812</b>", "Nomor HP tidak dapat dibaca. Tulis seperti 0812 3456 7890."),
    ],
)
def test_unusable_number_is_refused_with_a_sentence_and_stays_in_its_field(
    client, warga, diketik, kalimat
):
    hal = _isi_dokumen(client, nomor_hp=diketik)

    warga.refresh_from_db()
    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert formulir(hal, "Isi Form").isi["nomor_hp"] == [diketik]
    assert Lampiran.objects.count() == 2
    assert warga.nomor_hp == "+6281234567890"


def test_number_of_a_sent_request_is_not_changed_by_the_next_one(client):
    permohonan = _kirimkan(client)

    kirim(
        client,
        client.get(f"{DOMISILI}?baru=1"),
        "Isi Form",
        _lengkap() | {"nomor_hp": "081999888777"},
    )

    permohonan.refresh_from_db()
    assert permohonan.nomor_hp == "+6281234567890"


# --- The letter's own fields ------------------------------------------------------------------


def test_empty_required_field_is_named_and_the_rest_is_kept(client):
    _isi_dokumen(client)

    hal = _isi_surat(client, tinggal_sejak="2015-04-01", keperluan="  ")

    isi = formulir(hal, "Periksa, lalu kirim").isi
    assert hal.status_code == 200
    assert "Isi Keperluan." in kata(hal)
    assert isi["alamat_domisili"] == ["Jalan Contoh 7"]
    assert isi["tinggal_sejak"] == ["2015-04-01"]
    assert client.get(PERIKSA).url == ISI
    kembali = formulir(client.get(ISI), "Periksa, lalu kirim").isi
    assert kembali["alamat_domisili"] == ["Jalan Contoh 7"]
    assert kembali["tinggal_sejak"] == ["2015-04-01"]


def test_impossible_date_stays_in_its_field_with_an_example(client):
    _isi_dokumen(client)

    hal = _isi_surat(client, tinggal_sejak="31-02-2015")

    assert "Sejak kapan tinggal di sini?: Tanggal ini tidak ada di kalender." in kata(hal)
    assert "Tulis tanggal seperti 31-12-" in kata(hal)
    assert formulir(hal, "Periksa, lalu kirim").isi["tinggal_sejak"] == ["31-02-2015"]


def test_a_stranger_cannot_be_chosen_as_family(client, tetangga):
    sktm = f"/layanan/surat/{factories.jenis('tidak_mampu').kode}/"
    kirim(client, client.get(sktm), "Isi Form", _lengkap())
    hal = client.get(f"{sktm}isi/")

    jawab = kirim(
        client,
        hal,
        "Periksa, lalu kirim",
        {"untuk_siapa": str(tetangga.penduduk_id), "keperluan": "sekolah"},
    )

    assert tetangga.penduduk.nama not in kata(hal)
    assert "Pilih salah satu dari daftar." in kata(jawab)
    assert "untuk_siapa" not in Draf.objects.get().isian


@pytest.mark.parametrize("alamat", [ISI, PERIKSA])
def test_later_step_without_a_draf_begins_at_the_beginning(client, alamat):
    assert client.get(alamat).url == DOMISILI


def test_kirim_of_an_incomplete_draf_names_what_is_missing_and_keeps_it(client, warga):
    draf = factories.buat_draf(warga)
    hal = client.get(PERIKSA)
    draf.lampiran.filter(syarat="ktp").delete()
    Draf.objects.update(nomor_hp="")

    jawab = kirim(client, hal, "Kirim")

    assert jawab.status_code == 200
    assert f"{KTP} belum diunggah." in kata(jawab)
    assert "Nomor HP aktif belum diisi." in kata(jawab)
    assert Draf.objects.get().terkirim is False
    assert Permohonan.objects.count() == 0


JAHAT = (
    "<script>alert(1)</script><b>tebal</b> {{ nik }} {% if nama %}x{% endif %} {# y #} &amp; \"'"
)


@pytest.mark.kertas
def test_html_and_template_code_stay_mere_text_on_every_page_and_on_paper(
    client, warga, operator, perbekel
):
    _isi_dokumen(client, keterangan=JAHAT)
    _isi_surat(client, keperluan=JAHAT)
    periksa = client.get(PERIKSA)
    kirim(client, periksa, "Kirim")
    permohonan = Permohonan.objects.get()
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    halaman = {
        "periksa": periksa,
        "warga": client.get(f"/layanan/permohonan/{permohonan.nomor}/"),
        "operator": sebagai(operator).get(f"/kelola/layanan/permohonan/{permohonan.pk}/change/"),
        "meja": sebagai(perbekel).get(f"/meja/{permohonan.nomor}/"),
    }
    with default_storage.open(Cetakan.objects.get().berkas) as pdf:
        kertas = " ".join(h.extract_text() for h in PdfReader(pdf).pages)

    aman = html.escape(JAHAT)
    kali = {nama: hal.content.decode().count(aman) for nama, hal in halaman.items()}
    assert kali == {"periksa": 2, "warga": 2, "operator": 2, "meja": 1}
    for hal in halaman.values():
        assert "<script>alert" not in hal.content.decode()
        assert "<b>tebal" not in hal.content.decode()
    assert "".join(JAHAT.split()) in "".join(kertas.split())


# --- One draft, one request -------------------------------------------------------------------


def test_second_press_on_kirim_leads_to_the_same_request(client):
    _isi_dokumen(client)
    _isi_surat(client)
    periksa = client.get(PERIKSA)

    pertama = kirim(client, periksa, "Kirim")
    kedua = kirim(client, periksa, "Kirim")

    assert pertama.url == kedua.url == f"/layanan/permohonan/{Permohonan.objects.get().nomor}/"
    assert Notifikasi.objects.filter(penerima=None).count() == 1
    assert kata(client.get(kedua.url)).count("sudah terkirim") == 1


def test_pages_that_the_back_button_brings_back_lead_to_the_request(client):
    _isi_dokumen(client)
    dokumen = client.get(DOMISILI)
    isi = client.get(ISI)
    _isi_surat(client)
    periksa = client.get(PERIKSA)
    tujuan = kirim(client, periksa, "Kirim").url

    lagi = [
        kirim(client, dokumen, "Isi Form", {"keterangan": "lagi", "berkas-kk": foto(warna="red")}),
        kirim(client, dokumen, "Unggah dan simpan"),
        kirim(client, isi, "Periksa, lalu kirim", {"keperluan": "lain"}),
        kirim(client, periksa, "Kirim"),
    ]

    assert [jawab.url for jawab in lagi] == [tujuan] * 4
    permohonan = Permohonan.objects.get()
    assert permohonan.isian["keperluan"] == "membuka rekening bank"
    assert permohonan.lampiran.count() == 2
    assert Draf.objects.count() == 1
    assert "sudah terkirim. Yang diubah sesudahnya tidak ikut." in kata(client.get(tujuan))


def test_sent_draf_does_not_stand_in_the_way_of_the_next_request(client):
    pertama = _kirimkan(client)

    kembali = client.get(DOMISILI)
    kirim(client, client.get(f"{DOMISILI}?baru=1"), "Isi Form", _lengkap())
    _isi_surat(client)
    tanya = kirim(client, client.get(PERIKSA), "Kirim")
    sebelum = Permohonan.objects.count()
    kirim(client, tanya, "Tetap kirim")

    assert f"Permohonan {pertama.nomor} sudah terkirim" in kata(kembali)
    assert "Lihat permohonan Ajukan lagi" in kata(kembali)
    tulisan = kata(tanya)
    assert "Anda punya permohonan yang sama yang masih berjalan:" in tulisan
    assert f"Lihat {pertama.nomor}" in tulisan
    assert (sebelum, Permohonan.objects.count()) == (1, 2)


def test_running_request_with_other_answers_is_told_as_such(client, warga):
    factories.buat_permohonan(warga, keperluan="melamar pekerjaan")
    factories.buat_draf(warga)

    tanya = kirim(client, client.get(PERIKSA), "Kirim")

    assert "Anda punya permohonan surat ini yang masih berjalan, dengan isian lain:" in kata(tanya)
    assert Permohonan.objects.count() == 1


def test_finished_request_is_no_reason_to_ask(client, warga):
    lama = factories.buat_permohonan(warga)
    client.post(f"/layanan/permohonan/{lama.nomor}/batalkan/")
    factories.buat_draf(warga)

    kirim(client, client.get(PERIKSA), "Kirim")

    assert Permohonan.objects.count() == 2


def test_what_another_tab_changed_is_shown_again_before_it_is_sent(client, warga):
    """Two tabs: the check page of the first one is no longer what would be sent."""
    factories.buat_draf(warga)
    tab_satu = client.get(PERIKSA)
    kirim(client, client.get(ISI), "Periksa, lalu kirim", {"keperluan": "TAB DUA"})

    ulang = kirim(client, tab_satu, "Kirim")
    belum = Permohonan.objects.count()
    kirim(client, ulang, "Kirim")

    assert "berubah sejak halaman tadi dibuka" in kata(ulang)
    assert "TAB DUA" in kata(ulang)
    assert belum == 0
    assert Permohonan.objects.get().isian["keperluan"] == "TAB DUA"


@pytest.mark.parametrize("ubah", ["keterangan", "lampiran", "nomor"])
def test_check_page_holds_everything_that_is_sent(client, warga, ubah):
    draf = factories.buat_draf(warga)
    hal = client.get(PERIKSA)
    if ubah == "lampiran":
        draf.lampiran.filter(syarat="kk").update(berkas=draf.lampiran.get(syarat="ktp").berkas)
    else:
        kolom = {"keterangan": "keterangan", "nomor": "nomor_hp"}[ubah]
        Draf.objects.update(**{kolom: "+6281333445566"})

    assert "berubah sejak halaman tadi dibuka" in kata(kirim(client, hal, "Kirim"))
    assert Permohonan.objects.count() == 0


def test_eleventh_request_of_a_day_waits_until_tomorrow_and_stays_as_draft(
    client, warga, monkeypatch
):
    monkeypatch.setitem(jatah.MAKS, "kirim", 1)
    factories.buat_permohonan(warga, "usaha")
    factories.buat_draf(warga)

    hal = kirim(client, client.get(PERIKSA), "Kirim")

    assert "Hari ini Anda sudah mengirim 1 permohonan. Kirim lagi besok" in kata(hal)
    assert Permohonan.objects.count() == 1
    assert Draf.objects.filter(terkirim=False).count() == 1


def test_too_many_drafts_of_a_day_are_refused_with_a_sentence(client, warga, monkeypatch):
    monkeypatch.setitem(jatah.MAKS, "draf", 1)
    factories.buat_draf(warga, "usaha")

    jawab = kirim(client, client.get(DOMISILI), "Unggah dan simpan", {"berkas-ktp": foto()})

    assert jawab.url == "/layanan/"
    assert "sudah memulai 1 permohonan" in kata(client.get("/layanan/"))
    assert (Draf.objects.count(), Berkas.objects.filter(lampiran=None).count()) == (1, 0)


def test_draft_can_be_deleted_with_its_files_after_a_question(client, warga):
    draf = factories.buat_draf(warga)
    hal = client.get("/layanan/")

    jawab = kirim(client, hal, f"Ya, hapus isian ini: {draf.jenis.nama}")

    assert jawab.url == "/layanan/"
    assert (Draf.objects.count(), Lampiran.objects.count(), Berkas.objects.count()) == (0, 0, 0)
    assert f"Isian {draf.jenis.nama} sudah dihapus." in kata(client.get("/layanan/"))


def test_pressing_on_what_is_deleted_already_leads_on_with_a_sentence(client, warga):
    draf = factories.buat_draf(warga)
    dokumen, isi, periksa = (client.get(alamat) for alamat in (DOMISILI, ISI, PERIKSA))
    daftar = client.get("/layanan/")

    foto_lagi = [kirim(client, dokumen, "Hapus berkas 1").url for _ in range(2)]
    kata_foto = kata(client.get(DOMISILI))
    draf_lagi = [kirim(client, daftar, "Ya, hapus isian ini").url for _ in range(2)]
    kata_draf = kata(client.get("/layanan/"))
    terkirim = kirim(client, periksa, "Kirim")
    kata_kirim = kata(client.get(terkirim.url))
    lanjut = kirim(client, isi, "Periksa, lalu kirim", {"keperluan": "masih ada"})

    assert foto_lagi == [DOMISILI] * 2
    assert "Berkas itu sudah tidak ada di isian ini." in kata_foto
    assert [*draf_lagi, terkirim.url] == ["/layanan/"] * 3
    for teks in (kata_draf, kata_kirim):
        assert "Isian itu sudah tidak ada: sudah dihapus, atau sudah terkirim." in teks
    assert lanjut.url == PERIKSA
    baru = Draf.objects.get()
    assert (baru.pk != draf.pk, baru.isian["keperluan"]) == (True, "masih ada")
    assert Permohonan.objects.count() == 0


def test_neighbours_draft_cannot_be_deleted(client, tetangga):
    factories.buat_draf(tetangga)

    assert client.post(f"{DOMISILI}hapus/").url == "/layanan/"
    assert client.get(f"{DOMISILI}hapus/").url == DOMISILI  # only a button deletes
    assert Draf.objects.count() == 1


def test_checked_files_have_thumbnails_that_leave_no_trace(client, warga, tetangga):
    factories.buat_draf(warga)
    berkas.bersihkan_yang_menunggu()
    satu = Berkas.objects.get(dokumen="ktp")

    hal = client.get(f"{DOMISILI}?tunggu=1")
    kecil = baca(client, f"/berkas/{satu.pk}/kecil/")

    assert f'<img src="/berkas/{satu.pk}/kecil/" height="72" alt="" loading="lazy">' in (
        hal.content.decode()
    )
    assert "Lihat foto 1 Siap" in kata(hal)
    assert kecil.isi[:3] == b"\xff\xd8\xff"
    assert kecil.headers["Cache-Control"] == "no-store, private"
    assert sebagai(tetangga).get(f"/berkas/{satu.pk}/kecil/").status_code == 404
    assert Jejak.objects.count() == 0


def test_pages_seen_one_after_the_other_are_one_look(warga, operator, tetangga):
    factories.buat_draf(warga)
    berkas.bersihkan_yang_menunggu()
    satu = Berkas.objects.get(dokumen="ktp")
    kantor = sebagai(operator)

    lihat = [baca(kantor, f"/berkas/{satu.pk}/halaman/1/") for _ in range(3)]

    assert {x.headers["Content-Type"] for x in lihat} == {"image/jpeg"}
    assert kantor.get(f"/berkas/{satu.pk}/halaman/2/").status_code == 404
    assert sebagai(tetangga).get(f"/berkas/{satu.pk}/halaman/1/").status_code == 404
    assert [(j.oleh, j.objek) for j in Jejak.objects.all()] == [(operator, str(satu.pk))]


def test_one_open_draf_per_letter_and_account(client, warga, tetangga):
    factories.jenis("usaha")
    kosong = client.get(DOMISILI)

    kirim(client, kosong, "Unggah dan simpan", {"keterangan": "satu"})
    kirim(client, kosong, "Unggah dan simpan", {"keterangan": "dua"})
    kirim(client, client.get("/layanan/surat/usaha/"), "Unggah dan simpan")
    sebagai(tetangga).post(DOMISILI, {"aksi": "simpan"})

    draf = Draf.objects.order_by("diperbarui_pada").values_list(
        "akun__penduduk__nama", "jenis__kode", "keterangan"
    )
    assert list(draf) == [
        (warga.penduduk.nama, "domisili", "dua"),
        (warga.penduduk.nama, "usaha", ""),
        (tetangga.penduduk.nama, "domisili", ""),
    ]


def test_open_draf_is_found_again_on_the_first_page(client):
    _isi_dokumen(client)

    hal = client.get("/layanan/")

    assert "Belum selesai diisi Surat Keterangan Domisili" in kata(hal)
    assert f'href="{DOMISILI}"' in hal.content.decode()


def test_neighbours_draf_can_be_neither_sent_nor_filled(client, warga, tetangga):
    asing = factories.buat_draf(tetangga)
    isi = {"draf": str(asing.pk), "keperluan": "curian", "alamat_domisili": "x"}

    kirim_asing = client.post(PERIKSA, {"draf": str(asing.pk)})
    client.post(DOMISILI, {"draf": str(asing.pk), "keterangan": "curian", "aksi": "simpan"})
    client.post(ISI, isi)

    asing.refresh_from_db()
    assert kirim_asing.url == "/layanan/"
    assert (asing.keterangan, asing.terkirim) == ("", False)
    assert asing.isian["keperluan"] == "membuka rekening bank"
    assert Draf.objects.get(akun=warga).isian["keperluan"] == "curian"
    assert Permohonan.objects.count() == 0


@pytest.mark.parametrize("alamat", [DOMISILI, ISI, PERIKSA])
def test_neighbours_sent_draf_does_not_lead_to_the_neighbours_request(client, tetangga, alamat):
    permohonan = factories.buat_permohonan(tetangga)

    jawab = client.post(alamat, {"draf": str(permohonan.draf_id)})

    assert jawab.status_code in (200, 302, 404)
    assert permohonan.nomor not in jawab.headers.get("Location", "") + jawab.content.decode()


@pytest.mark.parametrize("draf", ["", "bukan-uuid", str(uuid.UUID(int=1))])
def test_kirim_without_a_draf_sends_nothing_and_leads_to_the_list(client, draf):
    assert client.post(PERIKSA, {"draf": draf}).url == "/layanan/"
    assert client.post(PERIKSA).url == "/layanan/"


def test_draf_of_another_letter_is_not_sent_as_this_one(client, warga):
    usaha = factories.buat_draf(warga, "usaha")

    assert client.post(PERIKSA, {"draf": str(usaha.pk)}).url == "/layanan/"
    assert Permohonan.objects.count() == 0


def test_papers_page_costs_the_same_for_one_file_and_for_eight(
    client, warga, django_assert_num_queries
):
    draf = factories.buat_draf(warga)
    client.get(DOMISILI)
    with django_assert_num_queries(8):
        client.get(DOMISILI)
    for n in range(7):
        baru = berkas.terima(
            foto(ukuran=(60 + n, 60)),
            pemilik=warga.penduduk,
            dokumen="ktp",
            label=KTP,
            pada=timezone.now(),
        )
        berkas.lampirkan(baru, syarat="ktp", ke=draf)

    with django_assert_num_queries(8):
        hal = client.get(DOMISILI)

    assert sum(t.startswith("Hapus berkas") for t in tombol(hal)) == 9


def test_letter_that_is_not_on_offer_any_more_leads_on_and_keeps_the_draft(client, warga):
    draf = factories.buat_draf(warga)
    hal = {alamat: client.get(alamat) for alamat in (DOMISILI, ISI)}
    JenisSurat.objects.update(layanan_mandiri=False, revisi=F("revisi") + 1)

    for alamat in (DOMISILI, ISI, PERIKSA):
        jawab = client.get(alamat, follow=True)
        assert "sekarang diurus di kantor desa. Isian Anda tetap tersimpan." in kata(jawab)
    assert kirim(client, hal[ISI], "Periksa, lalu kirim").status_code == 302
    assert Draf.objects.get().pk == draf.pk
    assert client.post(f"{DOMISILI}hapus/").url == "/layanan/"
    assert Draf.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mana", ["isi", "dokumen", "kirim"])
def test_draft_deleted_at_the_moment_of_a_press_leads_on(warga, mana, monkeypatch):
    """The press on Hapus in another tab comes right after this one has read the draft."""
    factories.buat_draf(warga)
    klien, lain = sebagai(warga), sebagai(warga)
    alamat, tombol_, isi = {
        "isi": (ISI, "Periksa, lalu kirim", {"keperluan": "kata"}),
        "dokumen": (DOMISILI, "Isi Form", {"berkas-ktp": foto(warna="red")}),
        "kirim": (PERIKSA, "Kirim", {}),
    }[mana]
    hal = klien.get(alamat)
    titik = {
        "isi": (pengisian, "simpan_isian"),
        "dokumen": (berkas, "terima_beberapa"),
        "kirim": (ajukan, "dari_draf"),
    }[mana]
    semula = getattr(*titik)

    def keduluan(*apa, **lain_):
        lain.post(f"{DOMISILI}hapus/")
        return semula(*apa, **lain_)

    monkeypatch.setattr(*titik, keduluan)
    jawab = kirim(klien, hal, tombol_, isi)

    assert (jawab.status_code, jawab.url) == (302, "/layanan/")
    assert "Isian itu sudah tidak ada" in kata(klien.get("/layanan/"))
    assert Permohonan.objects.count() == 0


# --- A type that the village changes -------------------------------------------------------------


def test_a_changed_type_shows_at_once_on_pages_that_have_it_in_memory(client, admin_desa):
    """Its revision is read with each page, so a process that has not changed it notices, too."""
    _isi_dokumen(client)
    sebelum = kata(client.get(ISI))
    jenis = JenisSurat.objects.get(kode="domisili")
    data = berkas_jenis.ekspor(jenis)
    data["bidang"][0]["label"] = "Pertanyaan baru desa"

    penyuntingan.simpan(jenis, data, revisi=jenis.revisi, oleh=admin_desa, pada=timezone.now())

    sesudah = kata(client.get(ISI))
    assert ("Pertanyaan baru desa" in sebelum, "Pertanyaan baru desa" in sesudah) == (False, True)


def test_a_type_in_memory_costs_the_form_no_query_of_its_questions(client):
    _isi_dokumen(client)
    client.get(ISI)

    with CaptureQueriesContext(connection) as kueri:
        client.get(ISI)

    assert not [q["sql"] for q in kueri if "surat_pertanyaan" in q["sql"]]
