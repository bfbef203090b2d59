"""The public check in a browser's words: code, file, four answers, patience."""

import hashlib
import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files import uploadedfile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from penduduk.models import Percobaan
from surat import views
from surat.models import Cetakan, JenisSurat, Surat
from surat.terbit import kode_cek, pemeriksaan, penerbitan
from tests import factories
from tests.halaman import LEBAR, formulir, kata
from tests.surat.terbit.test_pemeriksaan import tandatangani
from tests.waktu import Jam

pytestmark = pytest.mark.django_db

NIK = "5107041203900042"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8192  # 2 MB: more than Django keeps in memory
ASING = "23456789A9"


@pytest.fixture
def surat(terbit) -> Surat:
    return terbit(
        pemohon=factories.buat_penduduk(nik=NIK, nama="I Wayan Contoh Sejati"),
        pada=timezone.now(),
    )


@pytest.fixture
def bercetak(surat) -> Surat:
    """Signed, with the stored file PDF."""
    _cetakan(surat, PDF)
    tandatangani(surat, timezone.now())
    return surat


def _cetakan(surat: Surat, isi: bytes) -> None:
    Cetakan.objects.filter(surat=surat).update(
        keadaan="SELESAI",
        berkas="surat/uji.pdf",
        sha256=hashlib.sha256(isi).hexdigest(),
        ukuran=len(isi),
        selesai_pada=timezone.now(),
    )


def _berkas(isi: bytes, nama: str = "surat.pdf") -> io.BytesIO:
    berkas = io.BytesIO(isi)
    berkas.name = nama
    return berkas


def _unggah(client: Client, isi: bytes, nama: str = "surat.pdf"):
    return client.post("/cek/berkas/", {"berkas": _berkas(isi, nama)})


def _judul(jawab) -> str:
    return re.search(r"<h1>(.*?)</h1>", jawab.content.decode()).group(1)


# --- Four answers, by code and by file ----------------------------------------------------------


def _tiap_keadaan(surat, terbit, operator, nama: str) -> None:
    """Bring `surat` into the state."""
    sekarang = timezone.now()
    if nama == "batal":
        penerbitan.batalkan(surat, alasan="Rahasia kantor", oleh=operator, pada=sekarang)
        return
    if nama == "belum":
        return
    tandatangani(surat, sekarang)
    if nama == "dicabut":
        penerbitan.cabut(surat, alasan="Keterangannya keliru", oleh=operator, pada=sekarang)
    if nama == "diganti":
        tandatangani(terbit(menggantikan=surat, pada=sekarang), sekarang)
    if nama == "kedaluwarsa":
        lalu = timezone.localdate() - timedelta(days=1)
        Surat.objects.filter(pk=surat.pk).update(berlaku_sampai=lalu)


KEADAAN = {
    "berlaku": ("Asli dan berlaku", "Berlaku sampai"),
    "kedaluwarsa": ("Asli, tetapi sudah kedaluwarsa", "Masa berlakunya habis pada"),
    "diganti": ("Asli, tetapi sudah diganti", "diganti dengan surat nomor"),
    "dicabut": ("Asli, tetapi sudah dicabut", "Alasannya: Keterangannya keliru."),
    "belum": ("Belum ditandatangani", "jadi belum berlaku"),
    "batal": ("Dibatalkan", "sebelum ditandatangani, jadi tidak pernah berlaku"),
}


@pytest.mark.parametrize("nama", KEADAAN)
def test_each_state_has_its_answer_by_code_and_by_file(client, surat, terbit, operator, nama):
    _cetakan(surat, PDF)
    _tiap_keadaan(surat, terbit, operator, nama)
    judul, kalimat = KEADAAN[nama]

    lewat_kode = client.get(f"/cek/{surat.kode_cek}/")
    lewat_berkas = _unggah(client, PDF)

    for jawab in (lewat_kode, lewat_berkas):
        assert jawab.status_code == 200
        assert _judul(jawab) == judul
        teks = kata(jawab)
        for ada in (
            kalimat,
            surat.nomor,
            "Surat Keterangan Domisili",
            "I W•••• C••••• S•••••",
            "I Nyoman Perbekel Contoh",
        ):
            assert ada in teks
        rahasia = (NIK, NIK[-6:], "Wayan", "Sejati", "rekening", "Jalan Contoh", "Rahasia kantor")
        assert [x for x in rahasia if x in jawab.content.decode()] == []
    assert "sama persis" in kata(lewat_berkas)
    assert "sama persis" not in kata(lewat_kode)


def test_delicate_letter_is_not_named(client, terbit):
    surat = terbit("tidak_mampu")
    tandatangani(surat)

    teks = client.get(f"/cek/{surat.kode_cek}/").content.decode().lower()

    assert "surat keterangan" in teks
    assert "mampu" not in teks


@pytest.mark.parametrize("cara", ["{}", "{:.5}-{}", "{} ", "lebar"])
def test_code_is_taken_as_people_write_it(client, bercetak, cara):
    kode = bercetak.kode_cek
    ketikan = {
        "{}": kode.lower(),
        "{:.5}-{}": f"{kode[:5]}-{kode[5:]}",
        "{} ": f" {kode[:3]} {kode[3:]} ",
        "lebar": kode.translate(LEBAR),
    }[cara]

    jawab = client.get("/cek/", {"kode": ketikan}, follow=True)

    assert jawab.redirect_chain == [(f"/cek/{kode}/", 302)]
    assert _judul(jawab) == "Asli dan berlaku"


# --- Mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ketikan", "kalimat"),
    [
        ("", "Ketik dulu kodenya"),
        ("ABCDE-2345", "kurang 1 huruf"),
        ("ABCDE-23O56", "Tanda ke-8 (“O”) tidak dipakai"),
        ("ABCDE-23456", "salah atau tertukar tempat"),
    ],
)
def test_mistyped_code_says_what_is_wrong_and_stays_in_the_field(client, ketikan, kalimat):
    assert not kode_cek.sah("ABCDE23456")

    jawab = client.get("/cek/", {"kode": ketikan})

    assert jawab.status_code == 200
    assert kata(jawab).count(kalimat) == 2  # in the summary and at the field
    assert formulir(jawab, "Cek kode").isi["kode"] == [ketikan]
    assert 'aria-invalid="true"' in jawab.content.decode()
    assert "<title>Perlu diperbaiki: " in jawab.content.decode()


def test_what_was_typed_is_escaped(client):
    jawab = client.get("/cek/", {"kode": '"><script>alert(1)</script>'})

    assert "<script>alert" not in jawab.content.decode()


def test_unknown_code_and_wrong_check_character_answer_alike_but_for_the_hint(client, surat):
    benar_bentuk = kode_cek.buat()
    lain = next(c for c in kode_cek.ALFABET if c != surat.kode_cek[-1])
    salah_ketik = surat.kode_cek[:-1] + lain

    tak_ada, salah = client.get(f"/cek/{benar_bentuk}/"), client.get(f"/cek/{salah_ketik}/")

    assert (tak_ada.status_code, salah.status_code) == (404, 404)
    assert _judul(tak_ada) == _judul(salah) == "Tidak dikenal"
    petunjuk = kode_cek.salahnya(salah_ketik)
    assert petunjuk in kata(salah)
    sama = kata(salah).replace(petunjuk, "").replace(salah_ketik, benar_bentuk)
    assert " ".join(sama.split()) == kata(tak_ada)


# --- The file is never kept ---------------------------------------------------------------------


def test_upload_touches_neither_memory_nor_disk(client, bercetak, monkeypatch):
    def jangan(self, *args, **kwargs):
        raise AssertionError("the upload was kept")

    for kelas in (uploadedfile.TemporaryUploadedFile, uploadedfile.InMemoryUploadedFile):
        monkeypatch.setattr(kelas, "__init__", jangan)
    sebelum = sorted(settings.FILE_UPLOAD_TEMP_DIR.iterdir())

    jawab = _unggah(client, PDF)

    assert _judul(jawab) == "Asli dan berlaku"
    assert sorted(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == sebelum
    assert not default_storage.exists("")  # nobody has stored anything at all


def test_one_changed_byte_makes_the_file_unknown(client, bercetak):
    ubah = bytearray(PDF)
    ubah[-1] ^= 1

    jawab = _unggah(client, bytes(ubah))

    assert jawab.status_code == 200
    assert _judul(jawab) == "Tidak dikenal"
    teks = kata(jawab)
    assert "sekalipun suratnya asli" in teks
    assert "ketik kode yang tercetak" in teks
    assert "Bila berbeda, surat itu tidak boleh dipercaya." in teks
    assert formulir(jawab, "Cek kode").isi["kode"] == [""]


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        (b"", "Berkas ini kosong."),
        (b"\xff\xd8\xff" + b"x" * 5000, "Berkas ini bukan PDF."),
        (b"x" * 1024 + PDF[:100], "Berkas ini bukan PDF."),
    ],
)
def test_what_is_no_pdf_is_refused_in_words(client, isi, kalimat):
    jawab = _unggah(client, isi)

    assert jawab.status_code == 200
    assert kata(jawab).count(kalimat) == 2


def test_form_without_a_file_is_refused_in_words(client):
    for data in ({}, {"berkas": "teks"}):
        assert "Pilih dulu berkas PDF suratnya." in kata(client.post("/cek/berkas/", data))


@pytest.mark.parametrize(("lebih", "kalimat"), [(0, "Tidak dikenal"), (1, "lebih dari 10 MB")])
def test_file_may_have_ten_megabytes_and_no_more(client, lebih, kalimat):
    isi = b"%PDF-" + bytes(10 * 1024 * 1024 - 5 + lebih)

    jawab = _unggah(client, isi)

    assert jawab.status_code == 200
    assert kalimat in kata(jawab)


def test_whoever_checks_a_file_needs_no_cookie_and_gets_none(bercetak):
    client = Client(enforce_csrf_checks=True)

    jawab = _unggah(client, PDF)

    assert _judul(jawab) == "Asli dan berlaku"
    assert list(client.cookies) == []


# --- Patience -----------------------------------------------------------------------------------


def _habiskan(client: Client) -> None:
    for _ in range(views.BATAS.jumlah):
        assert client.get(f"/cek/{ASING}/").status_code == 404


def test_who_guesses_codes_has_to_wait_and_is_told_how_long(client, db):
    _habiskan(client)

    jawab = client.get(f"/cek/{ASING}/")

    assert jawab.status_code == 429
    assert 0 < int(jawab["Retry-After"]) <= 300
    assert re.search(r"Coba lagi pukul \d\d\.\d\d WITA", kata(jawab))
    assert client.get(f"/cek/{kode_cek.buat()}/").status_code == 429
    assert client.get(f"/cek/{ASING}/", REMOTE_ADDR="10.9.8.7").status_code == 404
    assert "Cek keaslian surat" in kata(client.get("/cek/"))


def test_known_letter_is_always_answered_also_beside_a_guesser(client, bercetak):
    _habiskan(client)
    assert client.get(f"/cek/{ASING}/").status_code == 429

    nyata = [client.get(f"/cek/{bercetak.kode_cek}/"), _unggah(client, PDF)]

    assert [(j.status_code, _judul(j)) for j in nyata] == [(200, "Asli dan berlaku")] * 2


@pytest.mark.parametrize(
    "kode", ["ABCDE23456", "abc", "x" * 500, "23456-O", "漢字漢字漢字漢字漢字"]
)
def test_what_is_no_code_is_never_counted_and_always_answered(client, db, kode):
    assert not kode_cek.sah(kode_cek.rapikan(kode))
    nyata = {client.get(f"/cek/{kode}/").status_code for _ in range(views.BATAS.jumlah + 5)}

    assert nyata == {404}
    assert not Percobaan.objects.exists()
    _habiskan(client)
    jawab = client.get(f"/cek/{kode}/")
    assert jawab.status_code == 404
    assert kode_cek.salahnya(kode_cek.rapikan(kode)) in kata(jawab)


def test_unknown_files_have_a_count_of_their_own(client, bercetak):
    """Nobody guesses a file; scans are sent by honest people, who may still type the code."""
    for n in range(views.BATAS.jumlah):
        assert _unggah(client, PDF[:999] + bytes([n])).status_code == 200

    jawab = _unggah(client, PDF + b"x")

    assert (jawab.status_code, jawab.has_header("Retry-After")) == (429, True)
    assert client.get(f"/cek/{ASING}/").status_code == 404
    assert _judul(_unggah(client, PDF)) == "Asli dan berlaku"


def test_pile_of_known_letters_is_checked_without_a_pause(client, bercetak):
    jawaban = {client.get(f"/cek/{bercetak.kode_cek}/").status_code for _ in range(60)}

    assert jawaban == {200}
    assert not Percobaan.objects.exists()


# --- What the owner learns of it ------------------------------------------------------------------


@pytest.fixture
def jam(monkeypatch) -> Jam:
    jam = Jam()
    monkeypatch.setattr(views, "timezone", jam)
    return jam


def test_owner_learns_how_often_and_when_but_once_a_minute(client, bercetak, jam):
    """Asked a hundred times within a minute, a letter is written to once."""
    for _ in range(5):
        client.get(f"/cek/{bercetak.kode_cek}/")
    bercetak.refresh_from_db()
    assert (bercetak.dicek, bercetak.dicek_pada) == (1, jam.pada)

    jam.maju(seconds=61)
    _unggah(client, PDF)
    client.get(f"/cek/{bercetak.kode_cek}/", REMOTE_ADDR="10.9.8.7")

    bercetak.refresh_from_db()
    assert (bercetak.dicek, bercetak.dicek_pada) == (2, jam.pada)


def test_counting_costs_one_update_and_a_look_ahead_counts_nothing(client, bercetak):
    client.head(f"/cek/{bercetak.kode_cek}/")
    client.get(f"/cek/{ASING}/")
    bercetak.refresh_from_db()
    assert (bercetak.dicek, bercetak.dicek_pada) == (0, None)

    with CaptureQueriesContext(connection) as kueri:
        client.get(f"/cek/{bercetak.kode_cek}/")

    tulis = [q["sql"] for q in kueri if not q["sql"].startswith("SELECT")]
    assert len(tulis) == 1 and tulis[0].startswith('UPDATE "surat_surat" SET "dicek"')


# --- A proof to be filed --------------------------------------------------------------------------


def test_answer_is_a_dated_proof_with_code_and_address(client, bercetak, jam):
    teks = kata(client.get(f"/cek/{bercetak.kode_cek}/"))

    for ada in (
        "Bukti cek Dicek Senin, 23 November 2026 pukul 09.00 WITA",
        f"Kode surat {kode_cek.tampil(bercetak.kode_cek)}",
        "Di http://testserver/cek/",
        bercetak.nomor,
        "cetak halaman ini (Ctrl+P)",
    ):
        assert ada in teks


def test_answer_to_an_unknown_code_is_dated_too(client, db, jam):
    teks = kata(client.get(f"/cek/{ASING}/"))

    assert "Dicek Senin, 23 November 2026 pukul 09.00 WITA" in teks
    assert f"Kode surat {ASING}" in teks


def test_file_says_what_it_is_and_proves_it_by_its_code(client, bercetak):
    teks = kata(_unggah(client, PDF))

    assert "Berkas ini salinan tanpa tanda tangan basah; aslinya yang ditandatangani." in teks
    assert f"Kode surat {kode_cek.tampil(bercetak.kode_cek)}" in teks
    assert "salinan tanpa tanda tangan" not in kata(client.get(f"/cek/{bercetak.kode_cek}/"))
    assert "Bukti cek" not in kata(_unggah(client, PDF + b"x"))


def test_files_of_other_kinds_find_their_letter_by_one_more_line(bercetak, monkeypatch):
    """For forms that go out with a letter: where their SHA-256 stands, and what they are."""
    monkeypatch.setattr(pemeriksaan, "BERKAS", {"kode_cek": "Ini lampiran.", **pemeriksaan.BERKAS})

    hasil = pemeriksaan.periksa_sidik(bercetak.kode_cek, pada=timezone.now())

    assert (hasil.nomor, hasil.berkas) == (bercetak.nomor, "Ini lampiran.")


def test_table_of_the_throttle_holds_no_address(client, bercetak):
    client.get(f"/cek/{ASING}/", REMOTE_ADDR="203.0.113.77")

    kunci = list(Percobaan.objects.values_list("kunci", flat=True))
    assert len(kunci) == 1
    assert [k for k in kunci if "203" in k and "." in k] == []


# --- Headers ------------------------------------------------------------------------------------


def test_answers_are_neither_indexed_nor_cached(client, bercetak):
    jawaban = [
        client.get(f"/cek/{bercetak.kode_cek}/"),
        client.get(f"/cek/{ASING}/"),
        _unggah(client, PDF),
        _unggah(client, b"x"),
    ]

    assert {j.headers["X-Robots-Tag"] for j in jawaban} == {"noindex, nofollow"}
    assert {j.headers["Cache-Control"] for j in jawaban} == {"no-store, private"}
    assert "X-Robots-Tag" not in client.get("/cek/").headers  # people look for this one


def test_file_is_only_taken_by_post(client):
    assert client.get("/cek/berkas/").url == "/cek/"


def test_example_letter_is_marked(client, bercetak):
    Surat.objects.update(data=bercetak.data | {"contoh": True})

    assert "tidak berlaku sebagai surat resmi" in kata(client.get(f"/cek/{bercetak.kode_cek}/"))


def test_letter_without_end_says_so(client, surat):
    JenisSurat.objects.update(masa_berlaku_hari=None)
    Surat.objects.update(berlaku_sampai=None)
    tandatangani(surat)

    assert "Berlaku tanpa batas waktu." in kata(client.get(f"/cek/{surat.kode_cek}/"))
