"""Who hears of work that takes too long: operator, sekdes, perbekel, each once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from layanan.kabar import terlambat
from layanan.kotak_keluar import aturan, notifikasi
from layanan.models import Notifikasi, Permohonan
from layanan.permohonan import ajukan, alur
from surat.models import Pejabat
from tests import factories, serentak

pytestmark = pytest.mark.django_db
SENIN = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Makassar"))
KODE = "petugas_terlambat"


@pytest.fixture
def sekdes(db):
    akun = factories.buat_petugas("sekdes", nomor_hp="+6281200000077")
    Pejabat.objects.create(nama="Sekdes Contoh", jabatan="Sekretaris Desa", akun=akun)
    return akun


@pytest.fixture
def kepala(perbekel):
    perbekel.nomor_hp = "+6281200000078"
    perbekel.save()
    return perbekel


def ajukan_pada(warga, pada=SENIN):
    return ajukan.dari_draf(factories.buat_draf(warga), oleh=warga, pada=pada)


def dengar(dari: datetime, sampai: datetime) -> list[tuple[str, str]]:
    """Who heard when, while a clock ran from one moment to another."""
    while dari < sampai:
        terlambat.naikkan(pada=dari)
        dari += timedelta(minutes=30)
    semua = Notifikasi.objects.filter(pesan=KODE).order_by("dibuat_pada", "pk")
    saat = [timezone.localtime(n.dibuat_pada) for n in semua]
    return [(f"{j:%d %H.%M}", str(n.penerima)) for j, n in zip(saat, semua, strict=True)]


def test_it_rises_once_each_in_working_hours_and_then_is_quiet(warga, operator, sekdes, kepala):
    ajukan_pada(warga)

    # Two hours each: the break, the night and the weekend do not count and do not ring.
    assert dengar(SENIN, SENIN + timedelta(days=9)) == [
        ("16 13.00", str(operator)),
        ("16 15.00", str(sekdes)),
        ("17 08.30", str(kepala)),
    ]


def test_step_that_is_taken_begins_anew(warga, operator, sekdes, kepala):
    permohonan = ajukan_pada(warga)
    alur.jalankan(permohonan, "proses", oleh=operator, pada=SENIN + timedelta(hours=1))

    # Four hours for DIPROSES, from eleven o'clock.
    assert dengar(SENIN, SENIN + timedelta(hours=22)) == [("17 07.30", str(operator))]


def test_what_is_due_together_is_told_together(warga, tetangga, operator):
    nomor = [ajukan_pada(akun).nomor for akun in (warga, tetangga)]
    for lebih in range(2):
        nomor.append(ajukan_pada(factories.buat_warga(nama=f"Wayan {lebih}")).nomor)

    assert terlambat.naikkan(pada=SENIN + timedelta(hours=3)) == 1

    jumlah, sebutan = Notifikasi.objects.get(pesan=KODE).variabel[:2]
    assert jumlah == "4"
    assert sebutan == f"{', '.join(nomor[:3])} dan 1 lainnya"


def test_letter_that_its_owner_collects_is_nobodys_delay(warga, tetangga, operator, perbekel):
    for akun, jenis in ((warga, ""), (tetangga, "PERANGKAT")):
        satu = ajukan_pada(akun)
        factories.jalankan_sampai(satu, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
        Permohonan.objects.filter(pk=satu.pk).update(wakil_jenis=jenis, tenggat_pada=SENIN)

    terlambat.naikkan(pada=SENIN)

    assert Notifikasi.objects.get(pesan=KODE).variabel[1] == satu.nomor


def test_village_that_switches_it_off_is_left_alone(warga, operator, sekdes):
    ajukan_pada(warga)
    aturan.ubah({(aturan.TERLAMBAT, penerima, "WA"): False for penerima in ("OPERATOR", "TTD")})

    assert dengar(SENIN, SENIN + timedelta(days=2)) == []


def test_crash_before_the_message_leaves_the_request_due(warga, operator, monkeypatch):
    ajukan_pada(warga)

    def jatuh(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as patah:
        patah.setattr(notifikasi, "tulis_petugas", jatuh)
        with pytest.raises(RuntimeError):
            terlambat.naikkan(pada=SENIN + timedelta(hours=3))

    assert terlambat.naikkan(pada=SENIN + timedelta(hours=3)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_it_once(warga, operator):
    ajukan_pada(warga)

    serentak.jalankan(lambda pada: terlambat.naikkan(pada=pada), [SENIN + timedelta(hours=3)] * 2)

    assert Notifikasi.objects.filter(pesan=KODE).count() == 1


def test_number_of_queries_does_not_grow(warga, operator, django_assert_max_num_queries):
    for ke in range(12):
        ajukan_pada(factories.buat_warga(nama=f"Wayan {ke}"))

    with django_assert_max_num_queries(20):
        assert terlambat.naikkan(pada=SENIN + timedelta(hours=3)) == 1


def test_due_and_late_requests_are_found_by_an_index(warga):
    ajukan_pada(warga)
    jatuh = Permohonan.objects.filter(tenggat_pada__lte=SENIN)

    if connection.vendor == "sqlite":
        assert "permohonan_tenggat" in jatuh.explain()
        assert "permohonan_janji" in Permohonan.objects.terlambat(pada=SENIN).explain()
    else:
        with connection.cursor() as kursor:
            kursor.execute("SET LOCAL enable_seqscan = off")
        assert "permohonan_tenggat" in jatuh.explain()
        assert "permohonan_" in Permohonan.objects.terlambat(pada=SENIN).explain()
