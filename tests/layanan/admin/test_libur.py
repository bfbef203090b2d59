"""The page of a year's days off."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry

from layanan.janji import kalender
from layanan.models import HariLibur, TahunLibur
from tests.halaman import baca, kata, kirim, sebagai

pytestmark = pytest.mark.django_db
ALAMAT = "/kelola/layanan/harilibur/?tahun="
SIMPAN = "/kelola/layanan/harilibur/simpan/"
GALUNGAN = date(2026, 6, 17)


@pytest.fixture
def client_admin(admin_desa):
    return sebagai(admin_desa)


def _centang(client, tahun, *lepas: str):
    """Send the page as it is, without these ticks."""
    halaman = client.get(f"{ALAMAT}{tahun}")
    semua = [satu.tanggal.isoformat() for satu, tutup, _ in halaman.context["hari"] if tutup]
    return client.post(
        SIMPAN,
        {"tahun": tahun, "aksi": "simpan", "tutup": [h for h in semua if h not in lepas]},
        follow=True,
    )


def test_day_that_is_struck_is_worked_on_and_comes_back(client_admin):
    jawab = _centang(client_admin, 2026, GALUNGAN.isoformat())

    assert "1 hari diubah. Janji yang sudah diberikan" in kata(jawab)
    assert kalender.ambil().sebab_tutup(GALUNGAN) == ""
    assert kalender.ambil().sebab_tutup(date(2026, 6, 18)) == "Umanis Galungan"

    semua = [satu.tanggal.isoformat() for satu, _, _ in jawab.context["hari"]]
    client_admin.post(SIMPAN, {"tahun": 2026, "aksi": "simpan", "tutup": semua})

    assert kalender.ambil().sebab_tutup(GALUNGAN) == "Hari Raya Galungan"
    assert not HariLibur.objects.exists()
    assert LogEntry.objects.count() == 2


def test_village_adds_many_days_at_once_and_takes_one_out(client_admin):
    isi = "8-3-2027 Hari Suci Nyepi (Tahun Baru Saka 1949)\n\n 9 Maret 2027: Ngembak Geni "
    jawab = kirim(client_admin, client_admin.get(f"{ALAMAT}2027"), "Tambah", {"hari": isi})

    assert "2 hari sudah ditambah." in kata(baca(client_admin, jawab.url))
    assert kalender.ambil().sebab_tutup(date(2027, 3, 9)) == "Ngembak Geni"

    _centang(client_admin, 2027, "2027-03-09")

    assert [satu.nama for satu in HariLibur.objects.all()] == [
        "Hari Suci Nyepi (Tahun Baru Saka 1949)"
    ]


@pytest.mark.parametrize(
    ("isi", "harap"),
    [
        ("Nyepi", "“Nyepi” tidak terbaca. Tulis seperti: 8-3-2027 Hari Suci Nyepi."),
        ("31-2-2027 Nyepi", "Tanggal ini tidak ada di kalender."),
        ("8-3-0027 Nyepi", "periksa tahunnya"),
        (f"8-3-2027 {'N' * 81}", "paling banyak 80 huruf"),
    ],
)
def test_line_that_cannot_be_read_is_named_and_nothing_is_lost(client_admin, isi, harap):
    lengkap = f"9-3-2027 Ngembak Geni\n{isi}"
    jawab = kirim(client_admin, client_admin.get(f"{ALAMAT}2027"), "Tambah", {"hari": lengkap})

    assert harap in kata(jawab)
    assert isi in jawab.content.decode()
    assert not HariLibur.objects.exists()


def test_year_without_a_decree_asks_until_somebody_confirms_it(client_admin, admin_desa):
    halaman = client_admin.get(f"{ALAMAT}2027")

    assert "Hari libur 2027 belum diisi" in kata(halaman)
    assert "Hari Raya Galungan" in kata(halaman)
    assert "Hari libur 2026 belum diisi" not in kata(client_admin.get(f"{ALAMAT}2026"))

    kirim(client_admin, halaman, "Daftar 2027 sudah lengkap")

    assert TahunLibur.objects.get().oleh == admin_desa
    assert "belum diisi" not in kata(client_admin.get(f"{ALAMAT}2027"))


@pytest.mark.parametrize("tahun", ["", "abc", "0", "99999", "²"])
def test_any_other_year_is_this_one(client_admin, tahun):
    assert client_admin.get(f"{ALAMAT}{tahun}").context["tahun"] > 2025


def test_only_whoever_may_change_them_does(operator):
    assert sebagai(operator).get(f"{ALAMAT}2026").status_code == 403
    jawab = sebagai(operator).post(SIMPAN, {"tahun": 2026, "aksi": "simpan"})
    assert jawab.status_code == 403
    assert not HariLibur.objects.exists()
