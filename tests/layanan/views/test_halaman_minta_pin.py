"""Asking for a PIN on the site: what a resident meets, and what a stranger cannot learn."""

import io
import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from layanan.minta_pin import permintaan
from layanan.models import Berkas, HariLibur, Notifikasi, PermintaanPIN
from layanan.permohonan import berkas
from layanan.views import minta_pin
from penduduk import desa
from penduduk.models import Desa
from tests import factories
from tests.halaman import baca, formulir, kata, kirim, sebagai, tombol

pytestmark = pytest.mark.django_db
K = PermintaanPIN.Keadaan

ISI = {
    "nama": "I Wayan Contoh",
    "nik": "5107 0412 0390 9901",
    "tanggal_lahir": "12-03-1990",
    "nomor_hp": "0812 3456 7801",
}


def foto() -> dict[str, SimpleUploadedFile]:
    return {
        "foto-ktp": factories.foto("ktp.jpg", warna="navy"),
        "foto-kk": factories.foto("kk.jpg", warna="maroon"),
    }


@pytest.fixture
def minta(client: Client):
    """Fill in the page as it stands in the browser and press the button."""
    halaman = [baca(client, "/pin/minta/")]

    def tekan(**isi):
        halaman.append(kirim(client, halaman[-1], "Minta PIN", isi))
        return halaman[-1]

    return tekan


def test_home_page_leads_to_the_form(client):
    for alamat in ("/", "/masuk/", "/panduan/"):
        assert 'href="/pin/minta/"' in baca(client, alamat).content.decode(), alamat


def test_request_enters_the_queue_and_the_office_is_told(client, minta, operator):
    jawaban = minta(**ISI, **foto())

    assert (jawaban.status_code, jawaban.url) == (302, "/pin/minta/terkirim/")
    assert "Permintaan PIN sudah kami terima" in kata(baca(client, jawaban.url))
    satu = PermintaanPIN.objects.get()
    assert (satu.asal, satu.keadaan) == ("SITUS", "MENUNGGU")
    assert (satu.nik, satu.nomor_hp) == ("5107041203909901", "+6281234567801")
    assert sorted(b.dokumen for b in permintaan.foto(satu)) == ["kk", "ktp"]
    assert Notifikasi.objects.get().penerima == operator


# A Friday, the day before it a holiday; a Saturday.
@pytest.mark.parametrize(
    ("hari", "kalimat"),
    [
        ("2026-11-27", "hari ini, atau hari kerja berikutnya: Selasa, 1 Desember 2026."),
        ("2026-11-28", "pada hari kerja berikutnya: Selasa, 1 Desember 2026."),
    ],
)
def test_who_has_asked_reads_what_was_sent_and_when_to_expect_an_answer(
    client, minta, monkeypatch, hari, kalimat
):
    pada = datetime.fromisoformat(f"{hari}T09:00+08:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: pada)
    HariLibur.objects.create(tanggal="2026-11-30", nama="Contoh")
    desa.ambil()
    Desa.objects.update(jam_layanan="Senin-Jumat 08.00-15.00", telepon="0363 21234")

    teks = kata(baca(client, minta(**ISI, **foto()).url))

    assert kalimat in teks
    assert "Jam layanan: Senin-Jumat 08.00-15.00." in teks
    assert "09.00 WITA: nama, NIK, tanggal lahir, foto KTP-el, dan foto KK Anda" in teks
    assert "untuk nomor WhatsApp ••••7801." in teks
    assert ISI["nik"] not in teks
    assert "Hubungi atau datang ke kantor desa. Telepon 0363 21234" in teks


@pytest.mark.parametrize(
    ("salah", "kalimat"),
    [
        ({"nama": ""}, "Isi nama Anda seperti tertulis di KTP-el."),
        ({"nik": ""}, "Isi NIK Anda: 16 angka di KTP-el."),
        ({"nik": "51070412039099"}, "NIK harus 16 angka. Anda mengisi 14."),
        ({"nik": "5107041203909O01"}, "NIK hanya berisi angka."),
        ({"tanggal_lahir": "12 tahun"}, "Tulis tanggal seperti 31-12-1990."),
        ({"tanggal_lahir": "31-02-1990"}, "Tanggal ini tidak ada di kalender."),
        ({"tanggal_lahir": "12-03-2040"}, "Tanggal ini belum terjadi."),
        ({"tanggal_lahir": "12-03-1790"}, "Tahun ini tidak mungkin."),
        ({"nomor_hp": "0363 21234"}, "telepon rumah"),
        ({"nomor_hp": ""}, "PIN dikirim ke nomor itu."),
    ],
)
def test_mistake_is_explained_and_nothing_typed_or_uploaded_is_lost(salah, kalimat, minta):
    jawaban = minta(**(ISI | salah), **foto())

    assert kalimat in kata(jawaban)
    isi = formulir(jawaban, "Minta PIN").isi
    for nama, nilai in (ISI | salah).items():
        assert isi[nama] == [nilai]
    assert kata(jawaban).count("Sudah terunggah") == 2
    assert not PermintaanPIN.objects.filter(keadaan=K.MENUNGGU).exists()

    minta(**ISI)  # mended, without uploading again

    satu = PermintaanPIN.objects.get()
    assert satu.keadaan == K.MENUNGGU
    assert satu.berkas.count() == 2


@pytest.mark.parametrize(
    "tanggal", ["12-03-1990", "12031990", "12/03/90", "12 Maret 1990", "1990-03-12"]
)
def test_birth_date_is_read_as_people_write_it(tanggal, minta):
    minta(**(ISI | {"tanggal_lahir": tanggal}), **foto())

    assert f"{PermintaanPIN.objects.get().tanggal_lahir}" == "1990-03-12"


def test_missing_photo_is_named_and_the_other_one_kept(minta):
    jawaban = minta(**ISI, **{"foto-ktp": factories.foto()})

    assert "Foto Kartu Keluarga (KK) belum ada." in kata(jawaban)
    assert kata(jawaban).count("Sudah terunggah") == 1

    minta(**{"foto-kk": factories.foto(warna="maroon")})

    assert PermintaanPIN.objects.get().keadaan == K.MENUNGGU


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        (b"<?php echo 1;", "bukan foto"),
        (b"", "kosong"),
        (b"\xff\xd8\xff" + b"0" * (32 * 1024 * 1024 + 1), "paling besar"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 99, "video"),
    ],
    ids=["php", "kosong", "besar", "video"],
)
def test_bad_upload_is_refused_with_a_sentence(isi, kalimat, minta):
    buruk = SimpleUploadedFile("ktp.jpg", isi, "image/jpeg")

    jawaban = minta(**ISI, **(foto() | {"foto-ktp": buruk}))

    assert kalimat in kata(jawaban) or "Foto KTP-el belum ada" in kata(jawaban)
    assert [b.dokumen for b in Berkas.objects.all()] == ["kk"]


def test_one_picture_for_both_papers_is_noticed(minta):
    jawaban = minta(**ISI, **{"foto-ktp": factories.foto(), "foto-kk": factories.foto()})

    assert "foto yang sama dengan KTP-el" in kata(jawaban)


@pytest.mark.parametrize("buruk", ["besar", "hitam"])
def test_only_a_good_photo_takes_the_place_of_a_good_one(minta, buruk):
    belum = ISI | {"nama": ""}
    minta(**belum, **foto())
    berkas.bersihkan_yang_menunggu()
    pertama = Berkas.objects.get(dokumen="ktp")
    hitam = io.BytesIO()
    Image.new("RGB", (640, 400)).save(hitam, "JPEG")
    isi = {"hitam": hitam.getvalue(), "besar": b"\xff\xd8\xff" + b"0" * 33 * 1024 * 1024}[buruk]

    minta(**belum, **{"foto-ktp": SimpleUploadedFile("ktp.jpg", isi)})
    berkas.bersihkan_yang_menunggu()
    setelah_buruk = list(Berkas.objects.filter(dokumen="ktp", keadaan="SIAP"))
    minta(**belum, **{"foto-ktp": factories.foto(warna="green")})
    berkas.bersihkan_yang_menunggu()
    minta(**ISI)

    (terakhir,) = Berkas.objects.filter(dokumen="ktp", keadaan="SIAP")
    assert setelah_buruk == [pertama]
    assert terakhir != pertama
    assert PermintaanPIN.objects.get().keadaan == K.MENUNGGU


def test_photo_that_the_worker_refused_meanwhile_is_asked_for_again(minta):
    rusak = SimpleUploadedFile("ktp.jpg", b"\xff\xd8\xff rusak \xff\xd9", "image/jpeg")
    minta(**(ISI | {"nama": ""}), **(foto() | {"foto-ktp": rusak}))
    berkas.bersihkan_yang_menunggu()

    jawaban = minta(**ISI)

    assert "Foto ini rusak dan tidak dapat dibuka" in kata(jawaban)


def test_asking_again_adds_to_the_request_that_still_waits(client):
    for warna in ("navy", "green"):
        halaman = baca(client, "/pin/minta/")
        isi = ISI | {
            "foto-ktp": factories.foto(warna=warna),
            "foto-kk": factories.foto(warna="red"),
        }
        kirim(client, halaman, "Minta PIN", isi)

    satu = PermintaanPIN.objects.get()
    assert satu.keadaan == K.MENUNGGU
    assert satu.berkas.count() == 4


# --- What strangers cannot do ----------------------------------------------------------------


def test_answer_is_the_same_whether_or_not_the_nik_exists(client, warga):
    jawaban, kueri = [], []
    for nik in ("5107041203905555", warga.penduduk.nik, "5107041203901234"):
        halaman = baca(client, "/pin/minta/")
        with CaptureQueriesContext(connection) as tangkap:
            jawab = kirim(client, halaman, "Minta PIN", ISI | {"nik": nik} | foto())
        jawaban.append((jawab.status_code, jawab.url, jawab.content))
        kueri.append([re.sub(r"\d+", "n", k["sql"][:60]) for k in tangkap.captured_queries])

    # The first one only warms up the counter of the address.
    assert jawaban[1] == jawaban[2]
    assert kueri[1] == kueri[2] != []
    assert not any("penduduk_penduduk" in sql for sql in kueri[1])


def test_half_form_of_another_browser_cannot_be_used(client, minta):
    minta(**(ISI | {"nama": ""}), **foto())
    selesai = factories.buat_permintaan_pin(asal="WA", keadaan=K.MENGUMPULKAN)

    jawaban = client.post("/pin/minta/", ISI | {"titipan": str(selesai.pk)})
    rusak = client.post("/pin/minta/", ISI | {"titipan": "' OR 1=1"})

    assert "belum ada" in kata(jawaban) and "belum ada" in kata(rusak)
    selesai.refresh_from_db()
    assert selesai.nama == ""


def test_one_address_cannot_fill_the_disk(client, monkeypatch):
    monkeypatch.setattr(
        minta_pin,
        "PER_ALAMAT",
        minta_pin.throttle.Batas(
            jumlah=3, jeda=minta_pin.PER_ALAMAT.jeda, paling_lama=minta_pin.PER_ALAMAT.paling_lama
        ),
    )
    kode = [client.post("/pin/minta/", ISI | foto()).status_code for _ in range(5)]
    lain = client.post("/pin/minta/", ISI | foto(), REMOTE_ADDR="198.51.100.7")

    assert kode == [302, 302, 302, 429, 429]
    assert lain.status_code == 302


def test_busy_answer_keeps_what_was_typed(minta, monkeypatch):
    monkeypatch.setattr(permintaan, "ALAMAT_MAKS", 0)

    jawaban = minta(**ISI, **foto())

    assert jawaban.status_code == 429
    assert "Tunggu 15 menit" in kata(jawaban)
    assert formulir(jawaban, "Minta PIN").isi["nama"] == [ISI["nama"]]
    assert not Berkas.objects.exists()


def test_flood_from_one_address_leaves_the_form_open_to_all_others(client, monkeypatch):
    monkeypatch.setattr(permintaan, "ALAMAT_MAKS", 3)
    lain = {"REMOTE_ADDR": "198.51.100.7"}
    kode = []
    for ke in range(5):
        isi = ISI | foto() | {"nomor_hp": f"08123456780{ke}"}
        kode.append(client.post("/pin/minta/", isi).status_code)

    assert kode == [302, 302, 302, 429, 429]
    isi = ISI | foto() | {"nomor_hp": "081234567899"}
    assert client.post("/pin/minta/", isi, **lain).status_code == 302
    assert PermintaanPIN.objects.exclude(alamat_sidik="").count() == 4

    PermintaanPIN.objects.update(keadaan=K.DITOLAK, alasan="Banjir.", diputus_pada=timezone.now())
    assert client.post("/pin/minta/", ISI | foto()).status_code == 302


def test_resident_with_a_forgotten_pin_asks_the_same_way(warga, minta):
    minta(**(ISI | {"nik": warga.penduduk.nik}), **foto())

    warga.refresh_from_db()
    assert PermintaanPIN.objects.get().keadaan == K.MENUNGGU
    assert warga.has_usable_password(), "the old PIN goes on working until the operator decides"


def test_photos_of_a_request_are_closed_to_everybody_but_the_office(minta, warga):
    minta(**ISI, **foto())
    berkas.bersihkan_yang_menunggu()
    satu = Berkas.objects.first()

    for akun in (None, warga):
        jawaban = baca(sebagai(akun), f"/berkas/{satu.pk}/")
        assert jawaban.status_code in (302, 404)


def test_page_has_one_button_and_works_without_a_session(client):
    jawaban = baca(client, "/pin/minta/")

    assert tombol(jawaban)[-1] == "Minta PIN"
    assert "sesi" not in jawaban.cookies
