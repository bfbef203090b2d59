"""The pages of an import as the admin of the village sees them."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from layanan.models import Jejak
from penduduk.impor import antrean, kolom, langkah
from penduduk.models import Impor, Penduduk
from tests import factories
from tests.halaman import baca, kata, kirim, sebagai, tombol
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import orang

pytestmark = pytest.mark.django_db
K = Impor.Keadaan
DAFTAR = "/kelola/penduduk/impor/"


def _berkas(*orang_, nama: str = "penduduk.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(nama, contoh.xlsx(*orang_))


def _buka(klien, impor: Impor, tanya: str = ""):
    return klien.get(f"{DAFTAR}{impor.pk}/change/{tanya}")


@pytest.fixture
def klien(admin_desa):
    return sebagai(admin_desa)


def test_whole_way_from_upload_to_undo(klien, admin_desa):
    halaman = klien.get(f"{DAFTAR}add/")
    jawab = kirim(klien, halaman, "Periksa berkas", {"berkas": _berkas(orang(1))})
    impor = Impor.objects.get()
    assert (jawab.status_code, jawab.url) == (302, f"{DAFTAR}{impor.pk}/change/")

    halaman = _buka(klien, impor)
    assert "Menunggu giliran." in kata(halaman)
    assert '<meta http-equiv="refresh" content="3;url=?otomatis">' in halaman.content.decode()
    antrean.kerjakan_yang_menunggu()

    halaman = _buka(klien, impor)
    assert "http-equiv" not in halaman.content.decode()
    assert "1 semua baris 1 baru 0 berubah" in kata(halaman)
    kirim(klien, halaman, "Terapkan")
    assert "Sedang diterapkan" in kata(_buka(klien, impor))
    antrean.kerjakan_yang_menunggu()
    assert Penduduk.objects.get().nama == "I WAYAN CONTOH 1"
    assert "1 baris sudah diterapkan." in kata(_buka(klien, impor))

    kirim(klien, _buka(klien, impor), "Ya, urungkan impor")
    assert "Sedang diurungkan" in kata(_buka(klien, impor))
    antrean.kerjakan_yang_menunggu()

    impor.refresh_from_db()
    assert (impor.keadaan, Penduduk.objects.count()) == (K.DIURUNGKAN, 0)
    assert "Unggah berkas lain" in kata(_buka(klien, impor))
    assert list(
        LogEntry.objects.filter(user=admin_desa)
        .order_by("pk")
        .values_list("change_message", flat=True)
    ) == ["Mengunggah berkas penduduk.", "Menerapkan impor.", "Mengurungkan impor."]
    assert set(Penduduk.riwayat.values_list("history_user", flat=True)) == {admin_desa.pk}


def test_upload_page_says_what_a_file_must_hold(klien):
    teks = kata(klien.get(f"{DAFTAR}add/"))

    for kalimat in (
        "Kolom nama, no_kk, nik harus ada.",
        "Sel kosong tidak menghapus data yang sudah ada.",
        "Data penduduk belum berubah sampai Anda menekan “Terapkan”.",
        "paling besar 30 MB",
        "Semua 43 kolom",
    ):
        assert kalimat in teks


def test_upload_without_file_or_with_an_empty_one_says_so(klien):
    halaman = klien.get(f"{DAFTAR}add/")
    kosong = kirim(klien, halaman, "Periksa berkas")
    nol = kirim(klien, halaman, "Periksa berkas", {"berkas": SimpleUploadedFile("a.xlsx", b"")})

    assert "Pilih berkasnya dulu." in kata(kosong)
    assert "Berkas ini kosong. Pilih berkas lain." in kata(nol)
    assert Impor.objects.count() == 0


def test_upload_that_is_too_big_says_so(klien, monkeypatch):
    monkeypatch.setattr(langkah, "UKURAN_MAKS", 100)
    halaman = klien.get(f"{DAFTAR}add/")

    jawab = kirim(klien, halaman, "Periksa berkas", {"berkas": _berkas(orang(1))})

    assert "bagi menjadi beberapa berkas" in kata(jawab)


def test_progress_bar_counts_rows(klien):
    impor = contoh.unggah(contoh.xlsx(orang(1)))
    Impor.objects.update(kemajuan=3000, total=10_000)

    halaman = _buka(klien, impor)

    assert '<progress value="3000" max="10000"' in halaman.content.decode()
    assert "3.000 dari 10.000 baris diperiksa." in kata(halaman)


def _beragam() -> Impor:
    contoh.impor_jadi(orang(1), orang(2))
    return contoh.periksa(
        contoh.xlsx(
            orang(1, pekerjaan_id=88, tanggallahir="31-12-1990"),
            orang(2),
            orang(3),
            orang(4, agama_id=77),
            orang(5, nama=None),
        )
    )


def test_table_shows_labels_of_what_changes_and_the_remarks(klien):
    impor = _beragam()

    teks = kata(_buka(klien, impor))

    assert "5 semua baris 1 baru 0 berubah 1 tidak berubah 2 meragukan 0 bentrok 1 ditolak" in teks
    assert "Tanggal lahir: 12-03-1990 → 31-12-1990" in teks
    assert "Pekerjaan: Nelayan/Perikanan → Wiraswasta" in teks
    assert "NIK. Tanggal lahir di NIK berbeda dari data." in teks
    assert "Agama. “77” bukan kode yang dikenal; dikosongkan." in teks
    assert "Nama. Tidak ada nama. Isi nama penduduk ini, lalu unggah ulang." in teks
    assert "Agama: Hindu" in teks  # of the new one


@pytest.mark.parametrize(
    ("hasil", "baris"),
    [("BARU", [4]), ("SAMA", [3]), ("RAGU", [2, 5]), ("DITOLAK", [6]), ("BERUBAH", [])],
)
def test_counts_filter_the_table(hasil, baris, klien):
    halaman = _buka(klien, _beragam(), f"?hasil={hasil}")

    assert [satu["baris"].nomor for satu in halaman.context["baris"]] == baris


def test_unknown_filter_and_page_show_everything(klien):
    halaman = _buka(klien, _beragam(), "?hasil=x&p=zz")

    assert len(halaman.context["baris"]) == 5


def test_pages_and_their_queries(klien, django_assert_num_queries):
    impor = contoh.periksa(
        contoh.xlsx(*(orang(1, nik=f"510704120390{n:04}") for n in range(1, 121)))
    )
    satu = contoh.periksa(contoh.xlsx(orang(1)))
    _buka(klien, satu)
    with django_assert_num_queries(_banyak_kueri(klien, satu)):
        halaman = _buka(klien, impor, "?hasil=BARU&p=3")

    assert [b["baris"].nomor for b in halaman.context["baris"]] == list(range(102, 122))
    assert '<a href="?hasil=BARU&amp;p=2">2</a>' in halaman.content.decode()


def _banyak_kueri(klien, impor: Impor) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as tercatat:
        _buka(klien, impor)
    return len(tercatat)


def test_leaving_out_the_doubtful_is_a_tick(klien):
    impor = contoh.periksa(contoh.xlsx(orang(1), orang(2, agama_id=77)))

    kirim(klien, _buka(klien, impor), "Terapkan", {"ikut_ragu": None})
    antrean.kerjakan_yang_menunggu()

    assert [o.nik for o in Penduduk.objects.all()] == [contoh.nik(1)]
    teks = kata(_buka(klien, impor))
    assert "1 baris sudah diterapkan. 1 baris tidak diterapkan, karena yang meragukan tid" in teks


def test_nothing_to_apply_offers_no_button(klien):
    contoh.impor_jadi(orang(1))

    halaman = _buka(klien, contoh.periksa(contoh.xlsx(orang(1))))

    assert "Terapkan" not in tombol(halaman)
    assert "Tidak ada yang perlu diterapkan" in kata(halaman)


def test_throwing_away_deletes_the_file(klien, django_capture_on_commit_callbacks):
    from django.core.files.storage import default_storage

    impor = contoh.periksa(contoh.xlsx(orang(1)))

    with django_capture_on_commit_callbacks(execute=True):
        kirim(klien, _buka(klien, impor), "Buang")

    assert not default_storage.exists(impor.berkas)
    assert "dibatalkan sebelum diterapkan" in kata(_buka(klien, impor))


def test_pressing_twice_says_where_the_import_is(klien):
    impor = contoh.periksa(contoh.xlsx(orang(1)))
    halaman = _buka(klien, impor)
    kirim(klien, halaman, "Terapkan")
    antrean.kerjakan_yang_menunggu()

    kirim(klien, halaman, "Terapkan")

    assert "Impor ini sudah diterapkan. Lihat lagi halamannya." in kata(_buka(klien, impor))


def test_refused_undo_shows_every_reason(klien):
    impor = contoh.impor_jadi(orang(1), orang(2))
    Penduduk.objects.update(nama="I LAIN")
    contoh.urungkan(impor)

    teks = kata(_buka(klien, impor))

    assert "Belum dapat diurungkan Baris 2, I WAYAN CONTOH 1: Nama sudah diubah" in teks
    assert "Baris 3, I WAYAN CONTOH 2: Nama sudah diubah" in teks


def test_unreadable_file_says_why_and_offers_another(klien):
    teks = kata(_buka(klien, contoh.periksa(b"%PDF-1.7")))

    assert "Berkas tidak dapat dibaca Berkas ini PDF, bukan Excel atau CSV." in teks
    assert "Unggah berkas lain" in teks


def test_result_is_downloaded_as_a_workbook(klien):
    impor = _beragam()

    jawab = baca(klien, f"{DAFTAR}{impor.pk}/hasil/")

    lembar = openpyxl.load_workbook(io.BytesIO(jawab.isi)).worksheets[0]
    assert [b[43] for b in lembar.iter_rows(min_row=2, values_only=True)] == [
        "meragukan",
        "tidak berubah",
        "baru",
        "meragukan",
        "ditolak",
    ]
    assert jawab["Content-Disposition"] == f'attachment; filename="hasil-impor-{impor.pk}.xlsx"'
    assert "no-store" in jawab["Cache-Control"]


@pytest.mark.parametrize("keadaan", ["diunggah", "hilang", "gagal"])
def test_there_is_no_result_without_a_checked_file(keadaan, klien):
    if keadaan == "diunggah":
        impor = contoh.unggah(contoh.xlsx(orang(1)))
    elif keadaan == "gagal":
        impor = contoh.periksa(b"%PDF")
    else:
        impor = contoh.periksa(contoh.xlsx(orang(1)))
        Impor.objects.update(diunggah_pada=timezone.now() - timedelta(days=8))
        antrean.bersihkan(pada=timezone.now())

    assert klien.get(f"{DAFTAR}{impor.pk}/hasil/").status_code == 404


def test_export_is_downloaded_and_leaves_a_trace(klien, admin_desa):
    factories.buat_penduduk(nama="I Ekspor")

    jawab = kirim(klien, klien.get(DAFTAR), "Ekspor penduduk", {"alasan": "Sensus"})

    lembar = openpyxl.load_workbook(io.BytesIO(jawab.getvalue())).worksheets[0]
    assert lembar.cell(2, kolom.URUT_NAMA + 1).value == "I Ekspor"
    assert Jejak.objects.get(apa="EKSPOR").sebab == "Sensus"


def test_list_of_imports(klien):
    _beragam()

    teks = kata(klien.get(DAFTAR))

    assert "Impor penduduk Ekspor semua penduduk, untuk apa?" in teks
    assert "menunggu persetujuan 1 baru, 1 tidak berubah, 2 meragukan, 1 ditolak" in teks


def test_every_room_is_closed_without_the_permission(operator, perbekel):
    impor = contoh.periksa(contoh.xlsx(orang(1)))
    alamat = [
        ("get", DAFTAR),
        ("get", f"{DAFTAR}add/"),
        ("post", f"{DAFTAR}add/"),
        ("post", f"{DAFTAR}ekspor/"),
        ("get", f"{DAFTAR}{impor.pk}/change/"),
        ("get", f"{DAFTAR}{impor.pk}/hasil/"),
        ("post", f"{DAFTAR}{impor.pk}/terapkan/"),
        ("post", f"{DAFTAR}{impor.pk}/buang/"),
        ("post", f"{DAFTAR}{impor.pk}/urungkan/"),
    ]
    for akun in (operator, perbekel):
        klien = sebagai(akun)
        status = {(m, a): getattr(klien, m)(a).status_code for m, a in alamat}

        assert status == dict.fromkeys(alamat, 403)
    impor.refresh_from_db()
    assert impor.keadaan == K.SIAP


@pytest.mark.parametrize("nama", ["terapkan", "buang", "urungkan"])
def test_what_changes_needs_a_press_of_a_button(nama, klien):
    impor = contoh.periksa(contoh.xlsx(orang(1)))

    jawab = klien.get(f"{DAFTAR}{impor.pk}/{nama}/")

    assert jawab.url == f"{DAFTAR}{impor.pk}/change/"
    impor.refresh_from_db()
    assert impor.keadaan == K.SIAP


def test_unknown_import_is_not_found(klien):
    assert klien.get(f"{DAFTAR}999/change/").status_code == 404
    assert klien.get(f"{DAFTAR}xx/change/").status_code == 404
    assert klien.post(reverse("admin:penduduk_impor_buang", args=[999])).status_code == 404
