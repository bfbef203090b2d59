"""A small village of ten requests whose figures were worked out on paper."""

from datetime import UTC, date, datetime, timedelta

import pytest

from layanan.laporan import angka, bagan, kabar, publik
from layanan.models import Notifikasi, Permohonan, Rekap, RekapKabar
from penduduk.models import Banjar
from surat.buku import periode
from tests import factories

pytestmark = pytest.mark.django_db
PADA = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)

# day, letter, hamlet, counter, status, minutes (queue, work, resident, signature, shelf), in time
DESA = """
2026-09-30 domisili Satu 0 SELESAI      10 10 0   10 100 1
2026-10-01 domisili Satu 0 SELESAI      20 10 0   30 100 1
2026-10-02 domisili Dua  1 SELESAI      100 50 0  150 50 1
2026-10-31 domisili Dua  0 SELESAI      200 50 900 150 50 0
2026-11-01 domisili Satu 1 SIAP_DIAMBIL 400 50 0  51 0   0
2026-11-02 usaha    Satu 0 SIAP_DIAMBIL 5 5 60    2 0    1
2026-11-03 usaha    Dua  0 DITOLAK      7 0 0     0 0    -
2026-11-04 usaha    Dua  0 DITOLAK      8 0 0     0 0    -
2026-11-05 usaha    Dua  0 DIPROSES     9 0 0     0 0    -
2026-11-06 usaha    Dua  0 PERLU_PERBAIKAN 9 0 0  0 0    -
"""
SEBAB = {
    3: {"kembali": ["KK: Foto buram."]},
    5: {"kembali": ["KK: Foto buram.", "KTP: Bukan milik Ketut."]},
    6: {"tolak": ["Bukan warga desa ini."]},
    7: {"tolak": ["Bukan warga desa ini."]},
    9: {"kembali": ["KK: Foto buram."]},
}


@pytest.fixture
def desa():
    warga, jenis = factories.buat_warga(), factories.jenis()
    for ke, baris in enumerate(DESA.strip().splitlines()):
        hari, kode, banjar, loket, status, *menit, tepat = baris.split()
        # A draft village: the requests themselves say little, their promises are all over.
        satu = Permohonan.objects.create(
            nomor=f"P-{ke}",
            kode_resi=f"R{ke}",
            pemohon=warga.penduduk,
            jenis=jenis,
            status="DIPROSES" if status == "DIPROSES" else "DITOLAK",
            **dict.fromkeys(("diajukan_pada", "diperbarui_pada"), PADA),
            janji_pada=PADA - timedelta(days=1),
        )
        antre, kerja, di_warga, ttd, ambil = map(int, menit)
        Rekap.objects.create(
            permohonan=satu,
            hari=hari,
            jenis=factories.jenis(kode),
            banjar=Banjar.objects.get_or_create(nama=banjar)[0],
            loket=loket == "1",
            ke=status,
            menit_antre=antre,
            menit_kerja=kerja,
            menit_warga=di_warga,
            menit_ttd=ttd,
            menit_ambil=ambil,
            tepat={"1": True, "0": False}.get(tepat),
            kembali="kembali" in SEBAB.get(ke, {}),
            sebab=SEBAB.get(ke, {}),
        )


def bagian(laporan, judul):
    return next(x for x in laporan.bagian if x.judul == judul)


def isi(laporan, judul):
    return [tuple(x) for x in bagian(laporan, judul).baris]


def test_all_figures_of_two_months(desa):
    """October and November: nine requests, six of them signed or handed over by 0, 1, 2…"""
    masa = periode.Periode(date(2026, 10, 1), date(2026, 11, 30), "")
    laporan = angka.susun(masa, pada=PADA)

    assert laporan.ringkas == [
        ("Permohonan masuk", "9", ""),
        # Kept: 2 and 6 and the first; broken: two, and the one that still lies with the office.
        ("Janji ditepati", "50%", "dari 6 janji"),
        # 60, 300, 400, 501, 12 minutes with the office: the third of 12 60 300 400 501.
        ("Sampai siap diambil", "5 jam", "jam kerja, nilai tengah"),
        ("Kembali ke warga", "33%", "3 permohonan"),
        ("Kepuasan", "belum ada", ""),
    ]
    assert isi(laporan, "Masuk dan selesai") == [("2026-10", 3, 3), ("2026-11", 6, 0)]
    assert isi(laporan, "Janji ditepati") == [("2026-10", 3, 67), ("2026-11", 3, 33)]
    assert isi(laporan, "Lama tiap langkah") == [
        ("Menunggu dikerjakan", 5, 1.7, 6.7),
        ("Dikerjakan", 5, 0.8, 0.8),
        ("Menunggu warga", 2, 1.0, 15.0),
        ("Menunggu TTD", 5, 0.8, 2.5),
        ("Menunggu diambil", 3, 0.8, 1.7),
    ]
    assert isi(laporan, "Sampai siap diambil")[:3] == [
        ("Nilai tengah (jam kerja)", 5.0),
        ("9 dari 10 paling lama (jam kerja)", 8.3),  # 501 minutes
        ("Siap dalam 6 jam kerja (%)", 60),  # 400 and 501 minutes are more
    ]
    usaha, domisili = factories.jenis("usaha").nama, factories.jenis().nama
    assert isi(laporan, "Menurut surat") == [
        (usaha, 5, 0, 0.2, 50, 2),
        (domisili, 4, 3, 5.0, 50, 1),
    ]
    assert isi(laporan, "Menurut banjar") == [("Dua", 6, 2, 5.0, 33, 2), ("Satu", 3, 1, 1.0, 67, 1)]
    assert [x[:2] for x in isi(laporan, "Lewat mana diajukan")] == [
        ("Lewat situs", 7),
        ("Di kantor", 2),
    ]
    assert isi(laporan, "Keadaan sekarang") == [
        ("Diproses", 1, 11),
        ("Perlu perbaikan", 1, 11),
        ("Siap diambil", 2, 22),
        ("Selesai", 3, 33),
        ("Ditolak", 2, 22),
    ]
    assert isi(laporan, "Dikembalikan ke warga") == [
        ("KK: Foto buram.", 3),
        ("Alasan lain, masing-masing sekali", 1),  # where a name may stand
    ]
    assert isi(laporan, "Ditolak") == [("Bukan warga desa ini.", 2)]
    assert "Belum ada" in bagian(laporan, "Kepuasan warga").catatan


def test_one_letter_of_one_hamlet(desa):
    masa = periode.setahun(2026)
    usaha, dua = factories.jenis("usaha").pk, Banjar.objects.get(nama="Dua").pk

    laporan = angka.susun(masa, pada=PADA, jenis=usaha, banjar=dua)

    assert laporan.ringkas[0] == ("Permohonan masuk", "4", "")
    assert "Kabar kepada warga" not in [x.judul for x in laporan.bagian]


def test_a_period_without_anything():
    laporan = angka.susun(periode.sebulan(2020, 2), pada=PADA)

    assert [x[1] for x in laporan.ringkas] == ["0", "–", "–", "–", "belum ada"]
    assert all(x.bagan is None for x in laporan.bagian)


@pytest.mark.parametrize(
    ("masa", "per", "potong", "awal"),
    [
        (periode.sebulan(2026, 2), "per hari", 28, "1"),
        (periode.setriwulan(2026, 4), "per bulan", 3, "Okt"),
        (periode.setahun(2026), "per bulan", 12, "Jan"),
        (periode.Periode(date(2022, 3, 1), date(2026, 11, 30), ""), "per tahun", 5, "2022"),
    ],
)
def test_a_period_is_cut_into_what_can_be_read(masa, per, potong, awal):
    kata, isi_ = angka.waktu(masa)
    assert (kata, len(isi_), next(iter(isi_.values()))) == (per, potong, awal)


@pytest.mark.parametrize(
    ("nilai", "bagian", "hasil"),
    [([], 0.5, None), ([7], 0.9, 7), ([4, 1, 3, 2], 0.5, 2), (range(1, 11), 0.9, 9)],
)
def test_percentiles(nilai, bagian, hasil):
    assert angka.persentil(nilai, bagian) == hasil


# --- Messages -------------------------------------------------------------------------------------


def pesan(hari, keadaan, **lain):
    satu = Notifikasi.objects.filter(penerima=None, riwayat__isnull=False).first()
    baru = Notifikasi.objects.create(
        berkala=None,
        penerima=None,
        permintaan=factories.buat_permintaan_pin(),
        nomor_hp=satu.nomor_hp,
        pesan="pin_slip",
        keadaan=keadaan,
        **dict.fromkeys(("ambil_lagi_pada", "dibuat_pada", "berubah_pada"), hari),
        **lain,
    )
    return baru


def test_messages_count_the_same_before_and_after_the_night():
    factories.buat_permohonan(factories.buat_warga())
    Notifikasi.objects.update(dibuat_pada=PADA - timedelta(days=90))
    kemarin = PADA - timedelta(days=1)
    pesan(kemarin, "SAMPAI")
    pesan(kemarin, "TERKIRIM")
    gagal = pesan(kemarin, "GAGAL", ditangani_pada=PADA, ditangani_cara="TELEPON")
    pesan(PADA, "MENUNGGU")
    masa = (date(2026, 11, 29), date(2026, 11, 30))

    sebelum = kabar.jumlah(*masa)
    kabar.rekap(pada=PADA)

    assert sebelum == kabar.jumlah(*masa) == [(sebelum[0][0], [4, 2, 1, 1, 1])]
    assert kabar.jumlah(masa[0], masa[0]) == [(sebelum[0][0], [3, 2, 1, 1, 1])]
    # A receipt that comes late is counted the next night, and no day is counted twice.
    Notifikasi.objects.filter(pk=gagal.pk).update(keadaan="DIBACA")
    kabar.rekap(pada=PADA + timedelta(days=1))
    assert kabar.jumlah(*masa) == [(sebelum[0][0], [4, 3, 2, 0, 1])]
    assert RekapKabar.objects.filter(hari=masa[0]).count() == 1


# --- For everybody --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jumlah", "hasil"),
    [
        ({"a": 9, "b": 0, "c": 5}, {"a": 9, "b": 0, "c": 5}),
        ({"a": 9, "b": 4, "c": 3}, {"a": 9, "b": None, "c": None}),
        # A single one would follow from the sum.
        ({"a": 9, "b": 1, "c": 7}, {"a": 9, "b": None, "c": None}),
        ({"a": 2}, {"a": None}),
    ],
)
def test_few_are_not_told(jumlah, hasil):
    assert publik.samarkan(jumlah) == hasil


def test_the_public_figures_hold_nothing_of_few(desa):
    kinerja = publik.susun(pada=PADA)

    assert (kinerja.dari, kinerja.sampai) == (date(2025, 12, 1), date(2026, 11, 30))
    angka_ = dict(kinerja.ringkas)
    assert angka_["Permohonan masuk"] == "10"
    assert angka_["Selesai sesuai janji"] == "57%"  # 4 of 7
    assert angka_["Siap dalam 6 jam kerja"] == "67%"  # 4 of 6
    assert angka_["Kabar WhatsApp yang sampai"] == "–"
    assert kinerja.surat == [
        (factories.jenis().nama, "5", "5 jam"),
        (factories.jenis("usaha").nama, "5", "–"),  # one is signed
    ]
    per_bulan = dict(kinerja.per_bulan)
    assert (per_bulan["Oktober 2026"], per_bulan["September 2026"]) == ("", "")
    assert per_bulan["November 2026"] == "6"
    assert len(per_bulan) == 12


# --- Charts ---------------------------------------------------------------------------------------


def test_a_chart_of_columns_keeps_the_proportions():
    gambar = bagan.tegak(
        "Judul", ["Jan", "Feb"], ("w2", "masuk", [10, 5]), ("w1", "selesai", [0, 5])
    )

    tinggi = [float(x[4]) for x in gambar.kotak]
    assert tinggi == [122.5, 61.2, 0, 61.2]
    assert [x[4] for x in gambar.teks] == ["Jan", "Feb"]
    assert bagan.tegak("Judul", ["Jan"], ("w1", "", [0])) is None


def test_a_line_breaks_where_there_is_nothing():
    gambar = bagan.garis("Judul", list("abcd"), [50, None, 100, 0])

    assert gambar.jalur[-1][1].count("M") == 2
    assert [x[2] for x in gambar.titik] == ["73.2", "12.0", "134.5"]
    assert gambar.teks[-1][4] == "0%"
    assert bagan.garis("Judul", ["a"], [None]) is None


def test_a_long_name_keeps_what_tells_it_apart():
    nama = [
        "Surat Keterangan Beda Nama",
        "Surat Pernyataan/Keterangan Belum Memiliki Akta Kelahiran",
        "Banjar",
    ]
    gambar = bagan.baring("", [(satu, 1, "1") for satu in nama], "w1")

    assert [x[4] for x in gambar.teks][::2] == ["Beda Nama", "Belum Memiliki Akt…", "Banjar"]


def test_many_names_below_the_axis_are_thinned():
    gambar = bagan.tegak("", [str(n) for n in range(31)], ("w1", "", [1] * 31))

    assert [x[4] for x in gambar.teks][:3] == ["0", "3", "6"]
