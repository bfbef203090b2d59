"""Words of the register and of the village come to stand on letters: what no letter can print is
refused where it is typed."""

import pytest

from penduduk.models import Banjar, Desa, Keluarga, Penduduk
from surat.models import Pejabat
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai

pytestmark = pytest.mark.django_db

TEKS = "Gang 😀 漢"
KALIMAT = "Tanda “😀”, “漢” tidak dapat dicetak di surat. Hapus, lalu pakai huruf Latin biasa."


@pytest.fixture
def client(admin_desa):
    return sebagai(admin_desa)


BARIS = {
    Penduduk: ("penduduk/penduduk", "nama tempat_lahir nama_ayah nama_ibu"),
    Keluarga: ("penduduk/keluarga", "alamat rt"),
    Banjar: ("penduduk/banjar", "nama kelian"),
    Desa: ("penduduk/desa", "nama kecamatan sebutan_kepala alamat_kantor situs"),
    Pejabat: ("surat/pejabat", "nama jabatan nip"),
}


@pytest.mark.parametrize(
    ("tabel", "bidang"), [(tabel, b) for tabel, (_, nama) in BARIS.items() for b in nama.split()]
)
def test_word_that_no_letter_can_print_is_refused_and_stays_in_its_field(
    client, perbekel, tabel, bidang
):
    factories.buat_penduduk()
    Desa.objects.get_or_create(pk=1)
    satu = tabel.objects.first()
    semula = getattr(satu, bidang)
    alamat = f"/kelola/{BARIS[tabel][0]}/{satu.pk}/change/"

    hal = kirim(client, client.get(alamat), "Simpan", {bidang: TEKS})

    assert KALIMAT in kata(hal)
    assert formulir(hal, "Simpan").isi[bidang] == [TEKS]
    satu.refresh_from_db()
    assert getattr(satu, bidang) == semula


@pytest.mark.parametrize("teks", ["Désirée", "O’Brien “Ayu” – A/B", "I Wayan S.E., M.Si."])
def test_what_people_are_called_is_taken(client, teks):
    orang = factories.buat_penduduk()

    alamat = f"/kelola/penduduk/penduduk/{orang.pk}/change/"
    jawab = kirim(client, client.get(alamat), "Simpan", {"nama_ibu": teks})

    assert jawab.status_code == 302
    orang.refresh_from_db()
    assert orang.nama_ibu == teks


def test_word_from_before_does_not_block_other_corrections(client):
    orang = factories.buat_penduduk(tempat_lahir=TEKS)

    alamat = f"/kelola/penduduk/penduduk/{orang.pk}/change/"
    jawab = kirim(client, client.get(alamat), "Simpan", {"nama_ibu": "Ni Ketut"})

    assert jawab.status_code == 302


def test_what_only_screens_show_may_smile(client):
    hal = client.get("/kelola/penduduk/desa/1/change/", follow=True)
    Desa.objects.get_or_create(pk=1)
    hal = client.get("/kelola/penduduk/desa/1/change/")

    jawab = kirim(client, hal, "Simpan", {"pengumuman": "Kantor libur 😀"})

    assert jawab.status_code == 302
    assert Desa.objects.get().pengumuman == "Kantor libur 😀"
