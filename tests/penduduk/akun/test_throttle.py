from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from layanan.retensi import jalan
from penduduk.akun import throttle
from penduduk.models import Percobaan
from tests import serentak
from tests.penduduk.conftest import permintaan

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MENIT = timedelta(minutes=1)
KUNCI = throttle.sidik("nik", "5107041203900001")


def gagal(kali: int, batas: throttle.Batas, *, pada: datetime = PADA) -> list[bool]:
    return [throttle.sisihkan(KUNCI, batas, pada=pada) for _ in range(kali)]


# --- Locks -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sixth_attempt_is_refused_for_exactly_15_minutes():
    hasil = gagal(6, throttle.PER_NIK)

    akhir = PADA + 15 * MENIT
    tepat_sebelum = throttle.sisihkan(
        KUNCI, throttle.PER_NIK, pada=akhir - timedelta(microseconds=1)
    )
    tepat = throttle.sisihkan(KUNCI, throttle.PER_NIK, pada=akhir)
    assert hasil == [True, True, True, True, True, False]
    assert (tepat_sebelum, tepat) == (False, True)


@pytest.mark.django_db
def test_pause_doubles_after_every_five_failures_up_to_a_day():
    kini, jeda = PADA, []

    for _ in range(45):
        assert throttle.sisihkan(KUNCI, throttle.PER_PETUGAS, pada=kini) is True
        sampai = Percobaan.objects.get().terkunci_sampai
        jeda.append((sampai - kini) / MENIT if sampai else 0)
        kini = sampai or kini + MENIT

    assert jeda[4:40:5] == [15, 30, 60, 120, 240, 480, 960, 1440]
    assert [x for i, x in enumerate(jeda[:40]) if i % 5 != 4] == [0] * 32
    assert jeda[40:] == [1440] * 5


@pytest.mark.django_db
def test_refused_attempts_neither_count_nor_lengthen_the_pause():
    gagal(50, throttle.PER_NIK)

    baris = Percobaan.objects.get()
    assert (baris.gagal, baris.terkunci_sampai) == (5, PADA + 15 * MENIT)


@pytest.mark.django_db
def test_failures_on_a_nik_are_not_forgotten_by_waiting():
    gagal(4, throttle.PER_NIK)

    hasil = gagal(2, throttle.PER_NIK, pada=PADA + timedelta(days=29))

    assert hasil == [True, False]


@pytest.mark.django_db
def test_failures_of_an_address_are_forgotten_after_a_quiet_hour():
    gagal(29, throttle.PER_ALAMAT)

    sejam = gagal(1, throttle.PER_ALAMAT, pada=PADA + 60 * MENIT)
    lewat = gagal(31, throttle.PER_ALAMAT, pada=PADA + 60 * MENIT + 61 * MENIT)

    assert sejam == [True]
    assert lewat == [True] * 30 + [False]


@pytest.mark.django_db
def test_pause_of_an_address_doubles_up_to_four_hours_while_the_guessing_goes_on():
    kini, jeda, jumlah = PADA, [], []

    for n in range(1, 6):
        gagal(1, throttle.PER_ALAMAT, pada=kini)
        jumlah.append(Percobaan.objects.get().gagal)
        Percobaan.objects.update(gagal=30 * n - 1)  # … and 28 more
        gagal(1, throttle.PER_ALAMAT, pada=kini)
        sampai = Percobaan.objects.get().terkunci_sampai
        jeda.append((sampai - kini) / MENIT)
        kini = sampai + MENIT

    gagal(1, throttle.PER_ALAMAT, pada=kini)  # from here on every failure
    assert jeda == [15, 30, 60, 120, 240]
    assert jumlah == [1, 31, 61, 91, 121]
    assert Percobaan.objects.get().terkunci_sampai == kini + 240 * MENIT


@pytest.mark.django_db
def test_quiet_hour_after_a_pause_starts_the_address_anew():
    gagal(30, throttle.PER_ALAMAT)

    hasil = gagal(31, throttle.PER_ALAMAT, pada=PADA + 15 * MENIT + 61 * MENIT)

    assert hasil == [True] * 30 + [False]
    assert Percobaan.objects.get().terkunci_sampai == PADA + (15 + 61 + 15) * MENIT


@pytest.mark.django_db
def test_keys_do_not_share_their_failures():
    gagal(6, throttle.PER_NIK)

    lain = throttle.sisihkan(throttle.sidik("nik", "5107041203900002"), throttle.PER_NIK, pada=PADA)

    assert lain is True


# --- The end -----------------------------------------------------------------------------------

TAHUN = timedelta(days=365)


@pytest.mark.django_db
def test_used_up_counter_stays_refused_however_long_one_waits():
    gagal(5, throttle.PER_NIK)
    terakhir = gagal(1, throttle.PER_NIK, pada=PADA + 15 * MENIT)

    hasil = [gagal(1, throttle.PER_NIK, pada=PADA + n * TAHUN) for n in (0.01, 0.5, 1, 10)]

    assert terakhir == [True]
    assert hasil == [[False]] * 4


@pytest.mark.django_db
def test_opening_gives_back_three_tries_and_never_all():
    gagal(5, throttle.PER_NIK)
    gagal(1, throttle.PER_NIK, pada=PADA + 15 * MENIT)

    throttle.beri_lagi(KUNCI, throttle.PER_NIK)

    segera = gagal(3, throttle.PER_NIK, pada=PADA + 16 * MENIT)
    setelah_jeda = gagal(3, throttle.PER_NIK, pada=PADA + 31 * MENIT)
    assert (segera, setelah_jeda) == ([True, True, False], [True, False, False])


@pytest.mark.django_db
@pytest.mark.parametrize(("gagal_", "sisa"), [(1, 1), (3, 3), (4, 3), (5, 3), (6, 3)])
def test_opening_never_takes_tries_away(gagal_, sisa):
    gagal(1, throttle.PER_NIK)
    Percobaan.objects.update(gagal=gagal_)

    throttle.beri_lagi(KUNCI, throttle.PER_NIK)

    assert Percobaan.objects.get().gagal == sisa


@pytest.mark.django_db
def test_opening_twice_in_a_row_gives_no_more_than_once():
    gagal(5, throttle.PER_NIK)

    for _ in range(2):
        throttle.beri_lagi(KUNCI, throttle.PER_NIK)

    assert Percobaan.objects.get().gagal == throttle.PER_NIK.habis - throttle.DIBERI_LAGI


@pytest.mark.django_db
def test_sekali_is_true_once():
    assert [throttle.sekali("k", "kabar", pada=PADA) for _ in range(3)] == [True, False, False]


# --- Forgetting --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_lupakan_opens_the_lock_and_the_whole_ladder():
    gagal(6, throttle.PER_NIK)

    throttle.lupakan(KUNCI)

    assert throttle.terkunci(KUNCI, pada=PADA) is False
    assert gagal(6, throttle.PER_NIK) == [True] * 5 + [False]
    assert Percobaan.objects.get().terkunci_sampai == PADA + 15 * MENIT


@pytest.mark.django_db
def test_kembalikan_gives_back_one_attempt_and_the_lock_that_it_caused():
    gagal(30, throttle.PER_ALAMAT)

    throttle.kembalikan(KUNCI)

    baris = Percobaan.objects.get()
    assert (baris.gagal, baris.terkunci_sampai) == (29, None)


@pytest.mark.django_db
def test_kembalikan_without_failures_stays_at_zero():
    gagal(1, throttle.PER_ALAMAT)

    throttle.kembalikan(KUNCI)
    throttle.kembalikan(KUNCI)

    assert Percobaan.objects.get().gagal == 0


@pytest.mark.django_db
def test_kembalikan_forgives_some_and_keeps_the_date_of_the_others():
    gagal(3, throttle.PER_NIK, pada=PADA - timedelta(days=3))
    gagal(2, throttle.PER_NIK)

    throttle.kembalikan(KUNCI, jumlah=2, gagal_pada=PADA - timedelta(days=3))

    baris = Percobaan.objects.get()
    assert (baris.gagal, baris.gagal_pada) == (3, PADA - timedelta(days=3))


@pytest.mark.django_db
def test_kembalikan_of_all_leaves_a_counter_as_new():
    gagal(2, throttle.PER_NIK)

    throttle.kembalikan(KUNCI, jumlah=2, gagal_pada=PADA)

    baris = Percobaan.objects.get()
    assert (baris.gagal, baris.gagal_pada, baris.terkunci_sampai) == (0, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("jenis", "hari"), [("nik", 365), ("alamat", 30), ("coba", 30), ("", 30), ("kiriman", 1)]
)
def test_bersihkan_deletes_counters_that_are_empty_or_quiet_long_enough(jenis, hari):
    for kunci, umur in (("lama", hari + 1), ("baru", hari - 1), ("dilupakan", 0)):
        pada = PADA - timedelta(days=umur)
        throttle.sisihkan(kunci, throttle.PER_NIK, pada=pada, jenis=jenis)
    throttle.lupakan("dilupakan")

    jalan.jalankan(pada=PADA)

    assert [p.kunci for p in Percobaan.objects.all()] == ["baru"]


@pytest.mark.django_db
def test_terkunci_tells_of_a_lock_only_while_it_lasts():
    sebelum = throttle.terkunci(KUNCI, pada=PADA)
    gagal(5, throttle.PER_NIK)

    hasil = [throttle.terkunci(KUNCI, pada=PADA + x * MENIT) for x in (0, 14, 15)]

    assert sebelum is False
    assert hasil == [True, True, False]


# --- What is counted ---------------------------------------------------------------------------


def test_sidik_tells_neither_nik_nor_address_and_differs_by_kind_and_key(settings):
    nik = "5107041203900001"
    sidik = {throttle.sidik("nik", nik), throttle.sidik("petugas", nik)}
    settings.KUNCI_SIDIK = "lain-" + "z" * 60
    sidik.add(throttle.sidik("nik", nik))
    settings.SECRET_KEY = "baru-" + "z" * 60  # may change, and no counter is forgotten
    sidik.add(throttle.sidik("nik", nik))

    assert len(sidik) == 3
    assert {len(x) for x in sidik} == {64}
    assert not any(nik in x for x in sidik)


@pytest.mark.parametrize(
    ("ip", "dihitung"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "tidak-dikenal"),
        ("unix:", "tidak-dikenal"),
    ],
)
def test_alamat_is_the_ipv4_or_the_64_net_of_an_ipv6(ip, dihitung):
    assert throttle.alamat(permintaan(ip)) == dihitung


@pytest.mark.parametrize("palsu", ["198.51.100.1", "198.51.100.1, 198.51.100.2", "::1", "x"])
def test_forwarded_header_is_ignored_without_a_proxy_of_ours(settings, palsu):
    settings.TRUSTED_PROXIES = 0

    hasil = throttle.alamat(permintaan("203.0.113.7", HTTP_X_FORWARDED_FOR=palsu))

    assert hasil == "203.0.113.7"


@pytest.mark.parametrize(
    ("proksi", "header", "dihitung"),
    [
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "192.0.2.1, 198.51.100.9", "198.51.100.9"),
        (1, "192.0.2.1,192.0.2.2 ,  198.51.100.9 ", "198.51.100.9"),
        (1, "bukan alamat, 198.51.100.9", "198.51.100.9"),
        (1, "192.0.2.1, 2001:db8:1:2:3::", "2001:db8:1:2::"),
        (2, "192.0.2.1, 198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "10.0.0.1", "203.0.113.7"),  # shorter than our own chain: not through our proxies
        (1, "", "203.0.113.7"),
        (1, "192.0.2.1, ", "203.0.113.7"),
    ],
)
def test_forwarded_header_is_read_only_as_far_as_our_proxies_wrote_it(
    settings, proksi, header, dihitung
):
    settings.TRUSTED_PROXIES = proksi

    hasil = throttle.alamat(permintaan("203.0.113.7", HTTP_X_FORWARDED_FOR=header))

    assert hasil == dihitung


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ditulis", "lain"),
    [
        (["1.2.3.4:5678", "1.2.3.4:443", "1.2.3.4", '"1.2.3.4:80"'], "1.2.3.5:5678"),
        (["[2001:db8::1]:443", "2001:db8::1", "[2001:db8::1]:80", "[2001:db8::2]"], "[::1]:443"),
    ],
)
def test_ports_of_one_address_are_counted_together(settings, ditulis, lain):
    settings.TRUSTED_PROXIES = 1
    dua = replace(throttle.PER_ALAMAT, jumlah=2)

    def coba(asal: str) -> bool:
        alamat = throttle.alamat(permintaan("10.0.0.1", HTTP_X_FORWARDED_FOR=asal))
        return throttle.sisihkan(throttle.sidik("alamat", alamat), dua, pada=PADA)

    hasil = [coba(satu) for satu in ditulis]

    assert hasil == [True, True, False, False]
    assert coba(lain) is True
    assert sorted(Percobaan.objects.values_list("gagal", flat=True)) == [1, 2]


# --- At the same moment ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_never_get_past_the_limit():
    hasil = serentak.jalankan(
        lambda _: throttle.sisihkan(KUNCI, throttle.PER_NIK, pada=PADA), range(24)
    )

    assert sorted(hasil) == [False] * 19 + [True] * 5
    assert Percobaan.objects.get().gagal == 5


@pytest.mark.django_db(transaction=True)
def test_last_tries_at_the_same_moment_never_get_past_the_cap():
    gagal(1, throttle.PER_NIK)
    Percobaan.objects.update(gagal=throttle.PER_NIK.habis - 1)

    hasil = serentak.jalankan(
        lambda _: throttle.sisihkan(KUNCI, throttle.PER_NIK, pada=PADA), range(16)
    )

    assert sorted(hasil) == [False] * 15 + [True]


@pytest.mark.django_db(transaction=True)
def test_sekali_is_true_for_one_of_many_at_the_same_moment():
    hasil = serentak.jalankan(lambda _: throttle.sekali("k", "kabar", pada=PADA), range(12))

    assert sorted(hasil) == [False] * 11 + [True]
