"""The end of the certificate is read from the site itself."""

import contextlib
import socket
import ssl
import subprocess
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from layanan.kesehatan import keadaan, sertifikat
from layanan.models import Denyut

pytestmark = pytest.mark.django_db


@pytest.fixture
def situs(tmp_path, settings):
    """A site with a certificate of nine days that only its own file vouches for."""
    kunci, surat = tmp_path / "kunci.pem", tmp_path / "sertifikat.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "9", "-subj", "/CN=uji", "-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-keyout", kunci, "-out", surat],
        check=True,
        capture_output=True,
    )
    konteks = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    konteks.load_cert_chain(surat, kunci)

    def jalan() -> None:
        while True:
            try:
                soket = server.accept()[0]
            except OSError:
                return
            with soket, contextlib.suppress(OSError):
                konteks.wrap_socket(soket, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        utas = threading.Thread(target=jalan, daemon=True)
        utas.start()
        settings.HTTPS = True
        settings.PUBLIC_BASE_URL = f"https://127.0.0.1:{server.getsockname()[1]}"
        yield surat
        server.shutdown(socket.SHUT_RDWR)
    utas.join(5)


def _butir() -> keadaan.Butir | None:
    cache.clear()
    sertifikat.periksa(pada=timezone.now())
    semua = keadaan.periksa(pada=timezone.now() + timedelta(seconds=1))
    return next((b for b in semua if b.nama == "sertifikat"), None)


def test_days_are_told_and_the_last_two_weeks_are_red(situs, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(situs))

    butir = _butir()

    assert (butir.baik, butir.kalimat) == (False, "Sertifikat HTTPS berlaku 8 hari lagi.")
    Denyut.objects.update(pada=timezone.now() + timedelta(days=15))
    semua = keadaan.periksa(pada=timezone.now())
    assert next(b for b in semua if b.nama == "sertifikat").baik


def test_certificate_that_browsers_refuse_is_said(situs):
    assert "tidak sah atau sudah habis" in _butir().kalimat


def test_site_that_does_not_answer_says_nothing_of_its_certificate(situs, settings, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(situs))
    _butir()
    settings.PUBLIC_BASE_URL = "https://127.0.0.1:9"

    assert _butir().kalimat == "Sertifikat HTTPS berlaku 8 hari lagi."


def test_it_is_asked_once_an_hour_and_never_without_https(situs, settings, monkeypatch):
    ditanya = []
    monkeypatch.setattr(sertifikat.socket, "create_connection", lambda *a: ditanya.append(a) or 1)
    settings.HTTPS = False
    sertifikat.periksa(pada=timezone.now())
    assert ditanya == []
    settings.HTTPS = True
    with contextlib.suppress(AttributeError, TypeError):
        sertifikat.periksa(pada=timezone.now())
    sertifikat.periksa(pada=timezone.now())
    assert len(ditanya) == 1
