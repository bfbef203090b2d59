"""Digests: in the morning for the operators, at chosen hours for the signer, never too late."""

from datetime import timedelta

import pytest

from layanan import peran
from layanan.kabar import ringkasan
from layanan.kotak_keluar import aturan
from layanan.models import KabarBerkala, Notifikasi, Permohonan, PilihanKabar
from tests import factories
from tests.halaman import kata, kirim, sebagai
from tests.layanan.kabar.siap_ambil import hari, kirim_pada

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
PAGI = "petugas_ringkasan"
TTD = "ttd_ringkasan"


def _pesan(kode: str) -> list[Notifikasi]:
    return list(Notifikasi.objects.filter(pesan=kode).order_by("pk"))


# --- The morning -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jam", "jumlah"),
    [
        ("07:59:59", 0),
        ("08:00:00", 1),
        ("11:59:59", 1),
        ("12:00:00", 0),
        ("18:30:00", 0),
        ("00:30:00", 0),
    ],
)
def test_morning_digest_is_written_between_eight_and_noon(permohonan, operator, jam, jumlah):
    assert ringkasan.pagi(pada=hari(0, jam)) == jumlah
    assert [n.penerima for n in _pesan(PAGI)] == [operator] * jumlah


def test_morning_digest_goes_out_once_a_day(permohonan, operator):
    pada = hari(0, "07:00:00")
    jumlah = []
    while pada < hari(3):
        jumlah.append(ringkasan.pagi(pada=pada))
        pada += timedelta(minutes=30)

    assert sum(jumlah) == 4
    assert [n.dibuat_pada for n in _pesan(PAGI)] == [hari(ke, "08:00:00") for ke in range(4)]


def test_numbers_of_the_morning(operator, perbekel, tetangga, warga):
    lewat = factories.buat_permohonan(warga)
    factories.buat_permohonan(tetangga)
    ttd = factories.buat_permohonan(warga)
    factories.jalankan_sampai(ttd, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    selesai = factories.buat_permohonan(warga)
    factories.jalankan_sampai(selesai, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    pada = hari(0, "08:00:00")
    Permohonan.objects.update(janji_pada=pada + timedelta(days=1))
    terlambat = Permohonan.objects.filter(pk__in=(lewat.pk, selesai.pk))
    terlambat.update(janji_pada=pada - timedelta(seconds=1))
    gagal = Notifikasi.objects.filter(riwayat__permohonan=ttd, penerima=None).latest("pk")
    Notifikasi.objects.exclude(pk=gagal.pk).update(keadaan="SAMPAI")
    Notifikasi.objects.filter(pk=gagal.pk).update(
        keadaan="GAGAL", berubah_pada=pada - timedelta(hours=1)
    )

    ringkasan.pagi(pada=pada)

    assert ringkasan.hitung(pada=pada) == {"menunggu": 2, "lewat": 1, "telepon": 1, "ttd": 1}
    (baris,) = _pesan(PAGI)
    assert baris.variabel[:4] == ["2", "1", "1", "1"]


def test_quiet_morning_sends_nothing_and_later_news_is_no_digest(operator, warga):
    assert ringkasan.pagi(pada=hari(0, "08:00:00")) == 0
    factories.buat_permohonan(warga)

    assert ringkasan.pagi(pada=hari(0, "09:00:00")) == 0
    assert ringkasan.pagi(pada=hari(1, "08:00:00")) == 1


def test_morning_digest_goes_to_operators_who_want_it(permohonan, operator, perbekel):
    factories.buat_operator("tidak_mau", terima_pemberitahuan=False)
    factories.buat_operator("tanpa_nomor", nomor_hp="")
    dua = factories.buat_operator("dua")

    ringkasan.pagi(pada=hari(0, "08:00:00"))

    assert [n.penerima for n in _pesan(PAGI)] == [operator, dua]


def test_village_without_morning_digest_sends_none(permohonan, operator):
    aturan.ubah({(aturan.PAGI, "OPERATOR", "WA"): False})

    assert ringkasan.pagi(pada=hari(0, "08:00:00")) == 0
    assert KabarBerkala.objects.count() == 0


@pytest.mark.parametrize(("jam", "keadaan"), [("11:59:59", "DIKIRIM"), ("12:00:00", "BATAL")])
def test_morning_digest_that_could_not_be_sent_in_time_is_cancelled(
    permohonan, operator, twilio, monkeypatch, jam, keadaan
):
    """The clock ran, the worker that sends did not."""
    ringkasan.pagi(pada=hari(0, "08:00:00"))
    kirim_pada(monkeypatch, hari(0, jam))

    assert [n.keadaan for n in _pesan(PAGI)] == [keadaan]


# --- The signer ------------------------------------------------------------------------------


@pytest.fixture
def penanda(perbekel):
    """The perbekel with a phone."""
    perbekel.nomor_hp = "+6281234500009"
    perbekel.save()
    return perbekel


@pytest.fixture
def menunggu(permohonan, operator, penanda) -> Permohonan:
    return factories.jalankan_sampai(
        permohonan, "MENUNGGU_TTD", operator=operator, perbekel=penanda
    )


def _jam_keluar(sampai: int = 24) -> list[str]:
    """At which minutes of a day a clock that runs all the time writes a digest."""
    pada, keluar = hari(0, "00:00:00"), []
    while pada < hari(0, "00:00:00") + timedelta(hours=sampai):
        if ringkasan.penanda_tangan(pada=pada):
            keluar.append(f"{pada:%H:%M}")
        pada += timedelta(minutes=20)
    return keluar


def test_signer_who_chose_nothing_hears_at_nine_and_two(menunggu, penanda, twilio):
    assert _jam_keluar() == ["09:00", "14:00"]
    assert {n.penerima for n in _pesan(TTD)} == {penanda}
    assert [n.variabel[0] for n in _pesan(TTD)] == ["1", "1"]


@pytest.mark.parametrize(
    ("dipilih", "keluar"),
    [
        ([], []),
        ([7], ["07:00"]),
        ([10, 11, 12], ["10:00", "11:00", "12:00"]),
        ([23], ["00:00", "23:00"]),  # at midnight the one of the evening before is still due
    ],
)
def test_signer_hears_at_the_hours_he_chose(menunggu, penanda, dipilih, keluar):
    ringkasan.pilih_jam(penanda, dipilih)

    assert _jam_keluar() == keluar


@pytest.mark.parametrize(
    ("jam", "jumlah"), [("08:59:59", 0), ("09:00:00", 1), ("10:59:59", 1), ("11:00:00", 0)]
)
def test_late_clock_still_tells_the_signer_within_two_hours(menunggu, jam, jumlah):
    assert ringkasan.penanda_tangan(pada=hari(0, jam)) == jumlah


def test_clock_that_missed_two_hours_tells_the_signer_once(menunggu, penanda):
    ringkasan.pilih_jam(penanda, [9, 10])

    assert ringkasan.penanda_tangan(pada=hari(0, "10:30:00")) == 1
    assert ringkasan.penanda_tangan(pada=hari(0, "10:31:00")) == 0


def test_signer_hears_only_of_letters_that_wait_for_him(menunggu, penanda):
    lain = factories.buat_petugas("sekdes", peran.PENANDA_TANGAN, nomor_hp="+6281234500010")
    factories.buat_mandat(lain, nama="Ni Sekdes", jabatan="Sekretaris Desa")

    ringkasan.penanda_tangan(pada=hari(0, "09:00:00"))

    assert [n.penerima for n in _pesan(TTD)] == [penanda]


def test_what_is_printed_after_the_hour_waits_for_the_next(permohonan, operator, penanda):
    assert ringkasan.penanda_tangan(pada=hari(0, "09:00:00")) == 0
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=penanda)

    assert ringkasan.penanda_tangan(pada=hari(0, "10:00:00")) == 0
    assert ringkasan.penanda_tangan(pada=hari(0, "14:00:00")) == 1


def test_village_without_digests_for_signers_sends_none(menunggu):
    aturan.ubah({(aturan.RINGKASAN_TTD, "TTD", "WA"): False})

    assert ringkasan.penanda_tangan(pada=hari(0, "09:00:00")) == 0


@pytest.mark.parametrize(("jam", "keadaan"), [("10:59:59", "DIKIRIM"), ("11:00:00", "BATAL")])
def test_digest_of_a_signer_that_could_not_be_sent_in_time_is_cancelled(
    menunggu, twilio, monkeypatch, jam, keadaan
):
    ringkasan.penanda_tangan(pada=hari(0, "09:00:00"))
    Notifikasi.objects.exclude(pesan=TTD).update(keadaan="SAMPAI")
    kirim_pada(monkeypatch, hari(0, jam))

    assert [n.keadaan for n in _pesan(TTD)] == [keadaan]


# --- His choice, on the desk -------------------------------------------------------------------


def test_signer_chooses_his_hours_on_the_desk(penanda):
    client = sebagai(penanda)
    meja = client.get("/meja/")
    assert "Sekarang: 09.00, 14.00 WITA." in kata(meja)

    kirim(client, meja, "Simpan", {"jam": ["6", "20"]})

    assert PilihanKabar.objects.get().akun == penanda
    assert ringkasan.jam_pilihan(penanda) == [6, 20]
    meja = client.get("/meja/")
    assert "Sekarang: 06.00, 20.00 WITA." in kata(meja)
    assert "Jam ringkasan Anda sudah disimpan." in kata(meja)


def test_signer_who_clears_all_boxes_gets_no_digest(menunggu, penanda):
    client = sebagai(penanda)

    kirim(client, client.get("/meja/"), "Simpan", {"jam": None})

    assert "Sekarang: tidak ada ringkasan." in kata(client.get("/meja/"))
    assert _jam_keluar() == []


@pytest.mark.parametrize("jam", ["5", "21", "99", "x"])
def test_hour_that_is_not_offered_is_refused_and_changes_nothing(penanda, jam):
    jawab = sebagai(penanda).post("/meja/jam-ringkasan/", {"jam": [jam, "7"]})

    assert "Pilih jam dari daftar ini, lalu Simpan lagi." in kata(jawab)
    assert 'value="7"' in jawab.content.decode().split("checked")[0].rsplit("<input", 1)[1]
    assert not PilihanKabar.objects.exists()


def test_desk_says_when_no_message_can_reach_the_signer(perbekel, penanda):
    assert "Pesan belum dapat dikirim" not in kata(sebagai(penanda).get("/meja/"))
    penanda.nomor_hp = ""
    penanda.save()

    assert "Pesan belum dapat dikirim" in kata(sebagai(penanda).get("/meja/"))
