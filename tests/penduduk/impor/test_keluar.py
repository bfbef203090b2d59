"""What goes out comes in again, and what came in goes out."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from penduduk.impor import keluar, kolom
from penduduk.models import Keluarga, Penduduk
from tests import factories
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import orang

pytestmark = pytest.mark.django_db


def _buka(potongan) -> list[list]:
    """Rows of a workbook as openpyxl reads them; the first one is the header."""
    wb = openpyxl.load_workbook(io.BytesIO(b"".join(potongan)))
    return [list(satu) for satu in wb.worksheets[0].iter_rows(values_only=True)]


def _ekspor() -> list[dict]:
    judul, *baris = _buka(keluar.ekspor())
    return [dict(zip(judul, satu, strict=True)) for satu in baris]


PENUH = orang(
    1,
    dusun="CONTOH SATU",
    sex=1,
    pendidikan_sedang_id=18,
    pekerjaan_id=99,
    ayah_nik="5107041203609901",
    nama_ayah="I MADE AYAH",
    ibu_nik="0",
    nama_ibu="NI KETUT IBU",
    akta_lahir="AL.500.9901",
    dokumen_pasport="X 1234567",
    tanggal_akhir_paspor="31-12-2030",
    dokumen_kitas="K-9901",
    akta_perkawinan="AK-9901",
    tanggalperkawinan="01-02-2015",
    akta_perceraian="AC-9901",
    tanggalperceraian="03-04-2020",
    ktp_el=2,
    status_rekam=3,
    alamat_sekarang="Jalan Lain 7",
    suku="Bali",
    tag_id_card="TAG0009901",
    id_asuransi=2,
    no_asuransi="0001234567890",
    lat="-8.4912",
    lng="115.6012",
)


def test_every_kept_cell_goes_out_as_it_came_in():
    contoh.impor_jadi(PENUH | {"cacat_id": 4, "cara_kb_id": 1, "hamil": 2})

    assert _ekspor() == [PENUH | {"cacat_id": None, "cara_kb_id": None, "hamil": None}]


def test_headers_are_opensids_in_its_order():
    assert _buka(keluar.ekspor()) == [list(kolom.NAMA)]


def test_nothing_known_is_written_as_opensid_wants_it():
    factories.buat_penduduk(
        nik=None, nama="Sadra", keluarga=None, tanggal_lahir=None, jenis_kelamin=None
    )

    satu = _ekspor()[0]
    nol = ("nik", "no_kk", "ayah_nik", "ibu_nik", "rt", "rw")
    assert [satu[nama] for nama in nol] == ["0"] * 6
    assert (satu["tanggallahir"], satu["sex"], satu["dusun"]) == (None, None, None)


def test_export_comes_in_again_as_nothing_but_unchanged():
    """The dirtiest register that the models allow."""
    tanpa_kk = Keluarga.objects.create(alamat="Jalan Tanpa Nomor", rt="003")
    kembar = {"nik": None, "nama": "I Wayan Kembar", "keluarga": tanpa_kk}
    for lain in (
        {},
        {"keluarga": None},
        {"nik": None, "nama": "Sadra", "keluarga": None, "tanggal_lahir": None},
        kembar,
        kembar,
        {"nik": "0510704200100001"},
        {"nik": "51070412"},
        {"jenis_kelamin": 2, "tanggal_lahir": date(1991, 4, 13)},
        {"pekerjaan": 89},
        {"pekerjaan": 99, "status_dasar": 2, "kewarganegaraan": 3, "golongan_darah": 5},
        {"nama": "=1+1", "kolom_lain": {"suku": "+Bali", "lat": "-8.49", "ktp_el": "KTP-EL"}},
        {"nama": 'Ni <Luh> & "Contoh" ’é'},
    ):
        factories.buat_penduduk(**lain)
    contoh.impor_jadi(PENUH)

    impor = contoh.periksa(b"".join(keluar.ekspor()))

    tidak_sama = [(b.nama, b.hasil, b.perubahan) for b in impor.baris.exclude(hasil="SAMA")]
    assert tidak_sama == []
    assert impor.jumlah == {"SAMA": Penduduk.objects.count()}


def test_texts_are_stored_as_texts_and_keep_being_so():
    factories.buat_penduduk(nama="=HYPERLINK(1)")

    wb = openpyxl.load_workbook(io.BytesIO(b"".join(keluar.ekspor())))

    nama = wb.worksheets[0].cell(2, kolom.URUT_NAMA + 1)
    nik = wb.worksheets[0].cell(2, kolom.URUT_NIK + 1)
    assert (nama.data_type, nama.value) == ("s", "=HYPERLINK(1)")
    assert (nik.data_type, nik.number_format) == ("s", "@")


def test_archive_is_whole_and_comes_in_pieces():
    baris = ([f"{n * 7919 % 100_003:x}{n}"] for n in range(30_000))

    potongan = list(keluar.buku(["a"], baris))

    assert len(potongan) > 2
    with zipfile.ZipFile(io.BytesIO(b"".join(potongan))) as arsip:
        assert arsip.testzip() is None


# --- Result of the dry run ----------------------------------------------------------------------


def test_result_has_the_rows_as_they_came_with_what_was_found():
    impor = contoh.periksa(
        contoh.xlsx(
            orang(1, tanggallahir="31-02-1990", alamat=None),
            orang(3, nik=5107041203909900, nama="+1-1", alamat=None),
        )
    )

    judul, satu, dua = _buka(keluar.hasil_pemeriksaan(impor))

    assert judul == [*kolom.NAMA, "hasil", "catatan", "baris"]
    assert satu[:43] == [
        orang(1, tanggallahir="31-02-1990", alamat=None).get(k) for k in kolom.NAMA
    ]
    assert satu[43:] == [
        "meragukan",
        "tanggallahir: Bukan tanggal yang dapat dibaca: “31-02-1990”; dikosongkan. Tulis seperti "
        "31-12-1990.; tanggallahir: Menurut NIK 12-03-1990; di berkas berbeda.",
        2,
    ]
    assert (dua[kolom.URUT_NIK], dua[kolom.URUT_NAMA], dua[43]) == (
        "5107041203909900",
        "+1-1",
        "ditolak",
    )


def test_result_of_a_change_says_from_and_to():
    contoh.impor_jadi(orang(1))
    impor = contoh.periksa(contoh.xlsx(orang(1, agama_id=1, tanggallahir=None)))

    assert _buka(keluar.hasil_pemeriksaan(impor))[1][43:45] == ["berubah", "Agama: Hindu → Islam"]


def test_mended_result_is_uploaded_again_without_a_word():
    impor = contoh.periksa(contoh.xlsx(orang(1)))

    lagi = contoh.periksa(b"".join(keluar.hasil_pemeriksaan(impor)))

    assert (lagi.jumlah, lagi.catatan) == (impor.jumlah, impor.catatan)


@pytest.mark.parametrize("isi", [contoh.csv_(orang(1)), contoh.xlsx(orang(1))])
def test_result_of_every_kind_of_file(isi):
    impor = contoh.periksa(isi)

    assert _buka(keluar.hasil_pemeriksaan(impor))[1][43] == "baru"
