"""What is told of the system is true: each fault turns exactly its line red."""

import shutil
from collections import namedtuple
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.templatetags.static import StaticNode
from django.test import Client
from django.utils import timezone

from bugbug import views
from layanan import tasks
from layanan.kesehatan import keadaan
from layanan.kotak_keluar import saluran
from layanan.models import Berkas, Denyut, Notifikasi, Riwayat
from surat.models import Cetakan
from tests import factories
from tests.halaman import kata, sebagai

pytestmark = pytest.mark.django_db
Cakram = namedtuple("Cakram", "total used free")


@pytest.fixture
def sehat(settings) -> None:
    """A village where all is well."""
    _hidup()


def _hidup(pada=None, **kolom) -> None:
    """One worker for all queues, and beat, have given a sign of life."""
    for nama in ("pekerja berkas,pesan,surat@desa:7", "beat@desa:7"):
        isi = {"pada": pada or timezone.now()} | kolom
        Denyut.objects.update_or_create(nama=nama, defaults=isi)


def _merah(pada=None) -> dict[str, str]:
    semua = keadaan.periksa(pada=pada or timezone.now())
    return {b.nama: b.kalimat for b in semua if not b.baik}


def test_village_where_all_is_well_has_no_red_line(sehat):
    assert _merah() == {}


@pytest.mark.parametrize(("geser", "baik"), [(-30, True), (-90, False), (30, True), (7200, False)])
def test_heartbeat_is_one_of_now(geser, baik):
    """One from the future says that a clock is wrong, not that somebody lives."""
    _hidup(timezone.now() + timedelta(seconds=geser))

    salah = {"pekerja", "penjadwal", "pekerja berkas,pesan,surat@desa:7", "beat@desa:7"}
    assert set(_merah()) == (set() if baik else salah)


def test_worker_that_never_came_is_said():
    assert "untuk: pesan, surat, berkas" in _merah()["pekerja"]


def test_queue_without_a_living_worker_is_named_and_so_is_the_dead(sehat):
    Denyut.objects.filter(nama__startswith="pekerja").delete()
    lalu = timezone.now() - timedelta(minutes=3)
    Denyut.objects.create(nama="pekerja berkas,surat@desa:8", pada=timezone.now(), versi="a1")
    Denyut.objects.create(nama="pekerja pesan@desa:9", pada=lalu, versi="a0")

    merah = _merah()

    assert merah["pekerja"] == "Tidak ada pekerja (worker) untuk: pesan."
    mati = (
        "Proses pekerja pesan@desa:9 mati atau macet: denyut terakhir 3 menit yang lalu, versi a0."
    )
    assert merah["pekerja pesan@desa:9"] == mati


def test_second_beat_and_second_release_are_said(sehat):
    Denyut.objects.create(nama="beat@lain:1", pada=timezone.now(), versi="b2")

    assert _merah() == {
        "penjadwal": "Penjadwal (beat) yang hidup: 2, harus 1.",
        "versi": "Versi yang berjalan: ?, b2.",
    }


def test_worker_whose_clock_is_wrong_is_said(sehat):
    _hidup(selisih=7.2)

    assert "jamnya +7 detik dari jam basis data" in _merah()["beat@desa:7"]


def test_newest_row_in_the_future_is_said(sehat, permohonan):
    assert "jam" not in _merah()

    Riwayat.objects.update(pada=timezone.now() + timedelta(hours=3))

    assert "di depan: periksa jamnya" in _merah()["jam"]


def test_pending_migration_is_said(sehat):
    with connection.cursor() as kursor:
        kursor.execute("DELETE FROM django_migrations WHERE app = 'surat'")

    assert set(_merah()) == {"skema"}


def test_when_the_provider_last_took_a_message_is_said(sehat, permohonan):
    Notifikasi.objects.update(dikirim_pada=timezone.now() - timedelta(minutes=7))

    (satu,) = [b for b in keadaan.periksa(pada=timezone.now()) if b.nama == "saluran"]
    assert satu.kalimat.endswith("Terakhir diterima penyedia 7 menit yang lalu.")


def test_channel_that_nobody_has_connected_is_not_said_to_work(sehat, settings):
    settings.PRODUKSI = True

    (satu,) = [b for b in keadaan.periksa(pada=timezone.now()) if b.nama == "saluran"]
    assert satu.baik and satu.kalimat.startswith("WhatsApp belum disambungkan")


def test_letter_that_waits_or_fails_is_said(sehat, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "DICETAK", operator=operator, perbekel=perbekel)
    assert "surat" not in _merah()

    Cetakan.objects.update(ambil_lagi_pada=timezone.now() - timedelta(minutes=11))
    assert "1 surat menunggu, terlama 11 menit" in _merah()["surat"]
    Cetakan.objects.update(ambil_lagi_pada=timezone.now() + timedelta(minutes=5), percobaan=6)
    assert "dicoba sampai 6 kali" in _merah()["surat"]


def test_upload_that_cannot_be_checked_is_said(sehat, permohonan):
    assert "unggahan" not in _merah()

    Berkas.objects.update(percobaan=4)

    assert "unggahan menunggu" in _merah()["unggahan"]


def test_message_that_waits_is_said_unless_the_channel_is_the_fault(sehat, permohonan):
    lalu = timezone.now() - timedelta(minutes=20)
    Notifikasi.objects.update(ambil_lagi_pada=lalu)
    assert "20 menit" in _merah()["pesan"]

    saluran.hentikan("20003", dicoba_pada=timezone.now(), lewat_kabar=False, pada=timezone.now())

    assert set(_merah()) == {"saluran"}


def test_reminder_that_waits_for_the_morning_is_no_fault(sehat, permohonan):
    malam = timezone.localtime().replace(hour=23)
    Notifikasi.objects.update(pesan="belum_diambil", ambil_lagi_pada=malam - timedelta(hours=4))

    assert "pesan" not in _merah(pada=malam)
    assert "pesan" in _merah(pada=malam + timedelta(hours=9))


def test_full_disk_is_said(sehat, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Cakram(10**11, 0, 10**9))
    assert "953 MB" in _merah()["cakram_data"]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Cakram(10**11, 0, 10**11))
    assert _merah() == {}


def test_clock_of_the_database_is_compared(sehat):
    jauh = _merah(pada=timezone.now() + timedelta(seconds=8))

    assert ("jam" in jauh) is (connection.vendor == "postgresql")


def test_backup_is_said_to_be_missing_or_old(sehat, settings):
    settings.PRODUKSI = True
    assert "belum diatur" in _merah()["cadangan"]
    settings.CADANGAN_KUNCI = "age1x"
    assert _merah()["cadangan"] == "Cadangan belum pernah ada."
    cadangan = Denyut.objects.create(nama=Denyut.CADANGAN, pada=timezone.now())
    assert "cadangan" not in _merah()
    cadangan.pada -= timedelta(hours=3)
    cadangan.save()
    assert _merah()["cadangan"].startswith("Cadangan terakhir 3 jam yang lalu; pemulihan belum")


def test_changed_pepper_is_said_before_residents_are_locked_out(sehat, warga, settings):
    assert "pepper" not in _merah()
    settings.PIN_PEPPER_LAMA, settings.PIN_PEPPER = [settings.PIN_PEPPER], "baru-" + "z" * 40
    assert "pepper" not in _merah()
    settings.PIN_PEPPER_LAMA = []
    cache.clear()  # it looks at all accounts, so not at each look
    # The hasher of the tests is not the real one: the name of its hash is.
    warga.password = "pin_argon2$deadbeef$argon2id$x"
    warga.save()
    assert _merah()["pepper"].startswith("1 PIN dibuat dengan PIN_PEPPER lain")


@pytest.mark.parametrize(
    ("detik", "kata_"),
    [(-5, "0 detik"), (119, "119 detik"), (120, "2 menit"), (7200, "2 jam"), (200_000, "2 hari")],
)
def test_spans_in_words(detik, kata_):
    assert keadaan.lama(timedelta(seconds=detik)) == kata_


# --- Where it is told ----------------------------------------------------------------------------


def test_command_ends_with_a_fault_that_a_script_can_see(sehat):
    keluar = StringIO()
    call_command("keadaan", stdout=keluar)
    assert "SALAH" not in keluar.getvalue()
    Denyut.objects.all().delete()

    with pytest.raises(CommandError, match="2 hal perlu dilihat"):
        call_command("keadaan", stdout=keluar)
    assert "SALAH pekerja" in keluar.getvalue()


def test_first_page_of_the_office_says_it(operator):
    halaman = kata(sebagai(operator).get("/kelola/"))

    assert "Perlu dilihat pengelola sistem" in halaman
    assert "Tidak ada pekerja (worker) untuk: pesan, surat, berkas." in halaman


@pytest.fixture
def jam_baik(monkeypatch) -> None:
    """These tests let minutes pass that the database's clock does not know of."""
    monkeypatch.setattr(keadaan, "_jam", lambda pada: keadaan.Butir("jam", True, ""))


def test_mail_after_five_minutes_once_and_once_when_it_is_over(settings, mailoutbox, jam_baik):
    settings.ALARM_SUREL = ["admin@desa.id"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mulai = timezone.now()

    for menit in range(9):
        keadaan.kabarkan(pada=mulai + timedelta(minutes=menit))
    assert [surel.subject for surel in mailoutbox] == ["Desa Bugbug: ada yang perlu dilihat"]
    assert "Tidak ada pekerja (worker)" in mailoutbox[0].body
    kini = mulai + timedelta(minutes=10)
    _hidup(kini)
    keadaan.kabarkan(pada=kini)
    keadaan.kabarkan(pada=kini)

    assert [surel.subject for surel in mailoutbox[1:]] == ["Desa Bugbug: sistem pulih"]


def test_short_trouble_is_not_mailed(settings, mailoutbox, jam_baik):
    settings.ALARM_SUREL = ["admin@desa.id"]
    mulai = timezone.now()
    keadaan.kabarkan(pada=mulai)
    _hidup(mulai + timedelta(minutes=1))
    keadaan.kabarkan(pada=mulai + timedelta(minutes=1))
    Denyut.objects.filter(nama__contains="@").delete()
    keadaan.kabarkan(pada=mulai + timedelta(minutes=6))  # a new episode

    assert mailoutbox == []


def test_silence_of_the_switch_tells_of_trouble(sehat, settings, monkeypatch):
    dipanggil = []
    monkeypatch.setattr(keadaan.requests, "get", lambda url, **_: dipanggil.append(url) or _Baik())
    tasks.jaga_keadaan()
    settings.DENYUT_URL = "https://penjaga.example/bugbug"
    tasks.jaga_keadaan()
    Denyut.objects.all().delete()
    tasks.jaga_keadaan()

    assert dipanggil == ["https://penjaga.example/bugbug"]


class _Baik:
    def raise_for_status(self) -> None:
        return None


def test_metrics_are_for_whoever_has_the_key(sehat, settings):
    klien = Client()
    assert klien.get("/metrik/").status_code == 404
    settings.METRIK_KUNCI = "k" * 40
    assert klien.get("/metrik/", headers={"authorization": "Bearer salah"}).status_code == 404

    isi = klien.get("/metrik/", headers={"authorization": f"Bearer {'k' * 40}"}).content.decode()

    assert 'bugbug_baik{apa="pekerja"} 1' in isi
    assert 'bugbug_nilai{apa="cakram_data",satuan="bita"}' in isi


# --- Alive and ready -----------------------------------------------------------------------------


def test_process_that_cannot_write_a_page_is_not_alive(monkeypatch):
    assert Client().get("/sehat/").status_code == 200

    def tanpa_daftar(*_):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(StaticNode, "handle_simple", tanpa_daftar)

    assert Client(raise_request_exception=False).get("/sehat/").status_code == 500
    jawab = Client().get("/sehat/siap/")
    assert (jawab.status_code, jawab.json()["halaman"]) == (503, False)


def test_ready_needs_database_schema_and_storage_but_no_worker(monkeypatch):
    assert Client().get("/sehat/siap/").json() == {
        "basis_data": True,
        "skema": True,
        "simpanan": True,
        "halaman": True,
    }

    class Penuh:
        def save(self, *_):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(views, "default_storage", Penuh())
    assert Client().get("/sehat/siap/").status_code == 200, "not a file for each who asks"
    cache.clear()
    jawab = Client().get("/sehat/siap/")
    assert (jawab.status_code, jawab.json()["simpanan"]) == (503, False)
    with connection.cursor() as kursor:
        kursor.execute("DELETE FROM django_migrations WHERE app = 'layanan'")
    assert Client().get("/sehat/siap/").json()["skema"] is False
