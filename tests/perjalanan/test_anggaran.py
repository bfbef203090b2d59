"""Weight of the pages as a phone gets them: the real server, compressed files, cold cache."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from surat.jenis import bawaan
from tests import basis_data, factories
from tests.perjalanan.conftest import HP
from tests.perjalanan.pekerja import lingkungan
from tests.proses import Proses, port_bebas, tunggu_jawab

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KBYTE = 1024


@pytest.fixture
def situs(tmp_path: Path) -> Iterator[str]:
    """granian with the settings of `make run`, on this test's database."""
    port = port_bebas()
    env = lingkungan(
        tmp_path,
        DJANGO_SETTINGS_MODULE="bugbug.settings",
        BUGBUG_MODE="demo",
        SECRET_KEY=settings.SECRET_KEY,
        PIN_PEPPER=settings.PIN_PEPPER,
        PUBLIC_BASE_URL=f"http://127.0.0.1:{port}",
        STATIC_ROOT=str(basis_data.statis()),
    )
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    granian += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    server = Proses("web", [*granian, "bugbug.wsgi:application"], env)
    try:
        tunggu_jawab(port, "/sehat/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.hentikan()


def test_first_view_of_every_page_stays_within_its_budget(chromium, situs):
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    warga = factories.buat_warga()
    bawaan.muat()
    konteks = chromium.new_context(**HP, base_url=situs)
    hp = konteks.new_page()
    sesi = konteks.new_cdp_session(hp)
    sesi.send("Network.enable")
    sesi.send("Network.setCacheDisabled", {"cacheDisabled": True})
    byte: list[float] = []
    sesi.on("Network.loadingFinished", lambda e: byte.append(e["encodedDataLength"]))

    def timbang(alamat: str) -> tuple[float, int]:
        byte.clear()
        hp.goto(alamat, wait_until="networkidle")
        return sum(byte), len(byte)

    ukuran = {satu: timbang(satu) for satu in ("/", "/masuk/", "/panduan/")}
    hp.get_by_role("link", name="Desa Bugbug").first.click()
    hp.get_by_label("NIK").fill(warga.penduduk.nik)
    hp.get_by_label("PIN", exact=True).fill(factories.PIN)
    hp.get_by_role("button", name="Masuk").click()
    hp.wait_for_load_state("networkidle")
    for satu in ("/layanan/", "/layanan/surat/", "/layanan/surat/usaha/", "/pin/ganti/"):
        ukuran[satu] = timbang(satu)
        assert hp.url == f"{situs}{satu}"
    konteks.close()

    for satu, (jumlah, permintaan) in ukuran.items():
        batas = 15 if satu in ("/", "/masuk/") else 30
        assert 0 < jumlah <= batas * KBYTE, ukuran
        assert 2 <= permintaan <= 4, ukuran
