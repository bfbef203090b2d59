"""Real workers on a real broker: nothing is lost when they die, nothing happens twice."""

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from layanan.kesehatan import proses
from layanan.models import (
    Berkas,
    Denyut,
    Notifikasi,
    Permohonan,
    PesanSimulasi,
    Riwayat,
)
from layanan.permohonan import alur
from penduduk.models import Akun
from simulator.twilio_palsu import DIAM_SEBELUM, DIAM_SESUDAH, TwilioPalsu
from surat.models import Cetakan
from tests import factories
from tests.layanan.conftest import CONTENT_SIDS, setujui_templat
from tests.perjalanan.pekerja import Pekerja, lingkungan, tunggu
from tests.proses import ada_redis, redis_sendiri

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lambat]
S = Permohonan.Status


@pytest.fixture
def var(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


def _setujui(jumlah: int, operator, perbekel) -> None:
    """Requests of many residents, approved: numbered letters without a file. The operator is not
    told of them: most of those messages would wait five minutes for each other."""
    Akun.objects.filter(pk=operator.pk).update(terima_pemberitahuan=False)
    for _ in range(jumlah):
        permohonan = factories.buat_permohonan(factories.buat_warga())
        factories.jalankan_sampai(permohonan, S.DICETAK, operator=operator, perbekel=perbekel)


def _semua_tenang(jumlah: int) -> bool:
    return (
        Permohonan.objects.filter(status=S.MENUNGGU_TTD).count() == jumlah
        and not Notifikasi.objects.filter(keadaan__in=["MENUNGGU", "DIAMBIL"]).exists()
        and not Berkas.objects.filter(keadaan="DIPERIKSA").exists()
    )


def _tercetak(sedikitnya: int) -> bool:
    return Cetakan.objects.filter(keadaan="SELESAI").count() >= sedikitnya


def _periksa_semua(jumlah: int) -> None:
    """Every letter rendered once, every step taken once, every message sent once."""
    assert Cetakan.objects.filter(keadaan="SELESAI").count() == jumlah
    assert Riwayat.objects.filter(langkah="cetak").count() == jumlah
    pesan = Notifikasi.objects.exclude(keadaan="TANPA_WA")
    assert set(pesan.values_list("keadaan", flat=True)) == {"DIKIRIM"}
    assert PesanSimulasi.objects.count() == pesan.count() == jumlah * 3
    for cetakan in Cetakan.objects.all():
        with default_storage.open(cetakan.berkas) as berkas:
            assert berkas.read(5) == b"%PDF-"


def test_worker_does_everything_by_itself(var, operator, perbekel):
    _setujui(3, operator, perbekel)

    with Pekerja(lingkungan(var), proses=1):
        tunggu(lambda: _semua_tenang(3))
        tunggu(Denyut.objects.exists, detik=30)

    _periksa_semua(3)


def test_killed_worker_loses_nothing_and_repeats_nothing(var, operator, perbekel):
    jumlah = 6
    _setujui(jumlah, operator, perbekel)
    pekerja = Pekerja(lingkungan(var))

    for sudah in (2, 4):  # two deaths in the middle of the work
        pekerja.mulai()
        tunggu(partial(_tercetak, sudah))
        pekerja.bunuh()
    with pekerja:
        tunggu(lambda: _semua_tenang(jumlah))

    _periksa_semua(jumlah)


@pytest.mark.skipif(not ada_redis(), reason="DILEWATI: redis-server tidak terpasang")
def test_stopped_redis_loses_nothing(var, operator, perbekel, monkeypatch):
    with redis_sendiri(var) as redis:
        env = lingkungan(var, REDIS_URL=redis.url)
        with Pekerja(env, proses=1):
            _setujui(2, operator, perbekel)
            tunggu(lambda: _semua_tenang(2))
            redis.berhenti()
            _setujui(3, operator, perbekel)  # the office goes on working
            assert Permohonan.objects.filter(status=S.DICETAK).count() == 3
            redis.mulai()
            tunggu(lambda: _semua_tenang(5), detik=200)

    _periksa_semua(5)


def test_step_after_the_worker_died_between_file_and_status(var, operator, perbekel):
    """The PDF is stored, the step `cetak` is not taken: the sweep takes it, once."""
    permohonan = factories.buat_permohonan(factories.buat_warga())
    factories.jalankan_sampai(permohonan, S.DICETAK, operator=operator, perbekel=perbekel)
    factories.cetak_tanpa_langkah()

    factories.cetak_semua()
    factories.cetak_semua()

    permohonan.refresh_from_db()
    assert permohonan.status == S.MENUNGGU_TTD
    assert permohonan.riwayat.filter(langkah="cetak").count() == 1
    with pytest.raises(alur.Keduluan):
        alur.jalankan(permohonan, "cetak", oleh=None, pada=timezone.now())


def _twilio(twilio: TwilioPalsu, **lain: str) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "TWILIO_FROM": twilio.pengirim,
        "TWILIO_BASE_URL": twilio.base_url,
        "TWILIO_CONTENT_SIDS": json.dumps(CONTENT_SIDS),
        **lain,
    }


def test_provider_that_hangs_holds_neither_letters_nor_uploads_nor_signs_of_life(
    var, operator, perbekel
):
    """Two workers, as `make run` has them, while Twilio answers nothing at all."""
    with TwilioPalsu() as twilio:
        for metode in ("GET", "POST"):
            twilio.rencanakan(*[DIAM_SEBELUM] * 500, metode=metode)
        env = lingkungan(var, **_twilio(twilio, TWILIO_TIMEOUT="60"))
        factories.buat_permohonan(factories.buat_warga())
        pesan = Pekerja(env, proses=1, antrean="pesan")
        with pesan, Pekerja(env, proses=2, antrean="surat,berkas"):
            # Both are there, and the line waits for an answer that does not come.
            tunggu(lambda: len(list(proses.semua())) == 3 and twilio.cacah("POST") >= 1)
            _setujui(3, operator, perbekel)
            tunggu(
                lambda: (
                    Permohonan.objects.filter(status=S.MENUNGGU_TTD).count() == 3
                    and not Berkas.objects.filter(keadaan="DIPERIKSA").exists()
                ),
                detik=30,  # one call to Twilio takes twice as long to give up
            )
            kini = timezone.now()
            assert max(kini - satu.pada for _, satu in proses.semua()) < timedelta(seconds=30)

    assert not Notifikasi.objects.filter(keadaan="DIKIRIM").exists()


def test_worker_killed_in_the_middle_of_sending_sends_once(var):
    """Twilio has accepted the message, its answer never arrives, the worker is killed meanwhile."""
    with TwilioPalsu() as twilio:
        setujui_templat(twilio)
        twilio.rencanakan(None, DIAM_SESUDAH, DIAM_SEBELUM)
        for _ in range(3):
            factories.buat_permohonan(factories.buat_warga())
        env = lingkungan(
            var,
            **_twilio(twilio, TWILIO_TIMEOUT="30"),
        )
        pekerja = Pekerja(env).mulai()
        tunggu(lambda: twilio.cacah("POST") >= 3)
        pekerja.bunuh()
        with pekerja:
            tunggu(lambda: not Notifikasi.objects.exclude(keadaan="DIKIRIM").exists(), detik=90)

        isi = sorted((m.ke, str(m.variabel)) for m in twilio.messages)
    assert len(isi) == len(set(isi)) == Notifikasi.objects.count() == 3
    assert Notifikasi.objects.values("sid").distinct().count() == 3
