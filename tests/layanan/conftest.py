"""Twilio of our own for the outbox: real HTTP, no network beyond this machine."""

import hashlib
import re
import threading
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from layanan.kata_pesan import katalog
from layanan.kotak_keluar import anggaran, notifikasi
from layanan.models import Notifikasi, Permohonan, Riwayat
from layanan.permohonan import pembersihan
from simulator.twilio_palsu import TwilioPalsu
from surat.kertas import cetak_slip
from surat.models import JenisSurat
from tests import factories, pembersih

# Whatever names a person: the tests' numbers, any NIK, the surname of everybody in tests.factories.
_PRIBADI = re.compile(r"\d{16}|62 ?8\d{6}|812345|Contoh")

CONTENT_SIDS = {
    kode: "HX" + hashlib.md5(kode.encode()).hexdigest()
    for kode, p in katalog.PESAN.items()
    if p.cara is not katalog.Cara.BEBAS
}


def setujui_templat(palsu: TwilioPalsu) -> None:
    """All our templates, as the provider has approved them; one-time codes it never repeats."""
    palsu.templat = {sid: katalog.PESAN[kode].teks for kode, sid in CONTENT_SIDS.items()}
    palsu.templat_rahasia = {CONTENT_SIDS["pin"]}


@pytest.fixture
def twilio(settings, client: Client):
    """A running fake with our templates approved; its callbacks come in by the test client."""

    def antar(url: str, isi: bytes, kepala: dict[str, str]) -> int:
        jenis_isi = kepala.pop("Content-Type")
        bagian = urlsplit(url)
        alamat = f"{bagian.path}?{bagian.query}".rstrip("?")
        try:
            return client.post(alamat, isi, content_type=jenis_isi, headers=kepala).status_code
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()  # a callback that the fake sends by itself

    with TwilioPalsu(pengantar=antar) as palsu:
        setujui_templat(palsu)
        settings.TWILIO = {
            "account_sid": palsu.account_sid,
            "auth_token": palsu.auth_token,
            "from": palsu.pengirim,
            "base_url": palsu.base_url,
            "timeout": 5.0,
            "serentak": 1,  # one after the other, so that planned faults meet the right message
            "content_sids": dict(CONTENT_SIDS),
        }
        yield palsu


@pytest.fixture
def cepat_menyerah(settings, twilio):
    """A short time-out, for calls that hang."""
    settings.TWILIO["timeout"] = 0.3


@pytest.fixture
def permohonan_ringan(db) -> Permohonan:
    """A request without papers and letter type of its own: enough for the outbox, and quick."""
    sekarang = timezone.now()
    return Permohonan.objects.create(
        nomor="P-2026-0001",
        kode_resi="RESIUJI1",
        pemohon=factories.buat_penduduk(),
        jenis=JenisSurat.objects.create(kode="uji", nama="Surat Uji", klasifikasi="400"),
        nomor_hp="+6281234567890",
        status=Permohonan.Status.DIAJUKAN,
        diajukan_pada=sekarang,
        diperbarui_pada=sekarang,
        janji_pada=sekarang,
    )


@pytest.fixture
def tulis(permohonan_ringan: Permohonan):
    """Put one more message of the request into the outbox, due now."""

    def buat(kode: str = "diproses", **lain: object) -> Notifikasi:
        riwayat = Riwayat.objects.create(
            permohonan=permohonan_ringan, langkah="proses", ke="DIPROSES", pada=timezone.now()
        )
        (baris,) = notifikasi.catat(riwayat, permohonan_ringan, kode, kabari_petugas=False)
        if lain:
            Notifikasi.objects.filter(pk=baris.pk).update(**lain)
            baris.refresh_from_db()
        return baris

    return buat


@pytest.fixture
def kertas(monkeypatch) -> list[dict]:
    """The slips that would have been printed; no process is started."""
    tercetak: list[dict] = []

    def cetak(data: dict) -> bytes:
        tercetak.append(data)
        return b"%PDF-"

    monkeypatch.setattr(cetak_slip, "cetak", cetak)
    return tercetak


@pytest.fixture(autouse=True)
def pembersih_di_sini(monkeypatch) -> None:
    """Uploads are cleaned in this process; where the program is the matter, the module says so."""
    monkeypatch.setattr(pembersihan, "jalankan", pembersih.jalankan)


@pytest.fixture
def tanpa_data_pribadi(caplog):
    """No log record of the test may name a person."""
    yield
    for saat in ("setup", "call"):
        for catatan in caplog.get_records(saat):
            teks = f"{catatan.getMessage()} {catatan.exc_text or ''}"
            assert not _PRIBADI.search(teks), f"{catatan.name}: {teks}"


@pytest.fixture
def tanpa_anggaran(monkeypatch):
    """For tests in which one number hears more in a day than anybody may cause."""
    monkeypatch.setattr(anggaran, "SEHARI", {})
    monkeypatch.setattr(anggaran, "_SEBAB", {})
