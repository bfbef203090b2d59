"""Real Chromium (Debian's package), as a cheap phone and as the office PC."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from penduduk.models import Akun
from tests.halaman import sebagai

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
_ARGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
HP = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "id-ID",
}
PC = {"viewport": {"width": 1280, "height": 800}, "locale": "id-ID"}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("DILEWATI: Chromium tidak terpasang (apt-get install chromium)")
    # Playwright's sync API leaves an event loop in this thread; the ORM is used from it too.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        peramban = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGS)
        yield peramban
        peramban.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def layar(chromium: Browser, live_server, settings) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser: `layar(HP)`, `layar(PC)`; further options of new_context by name.
    `masuk`: who has logged in there already."""
    settings.PUBLIC_BASE_URL = live_server.url
    terbuka: list[BrowserContext] = []
    galat: list[str] = []

    def buka(alat: dict = HP, *, masuk: Akun | None = None, **lain) -> Page:
        konteks = chromium.new_context(**alat, **lain, base_url=live_server.url)
        kuki = sebagai(masuk).cookies.values()
        konteks.add_cookies(
            [{"name": k.key, "value": k.value, "url": live_server.url} for k in kuki]
        )
        konteks.set_default_timeout(10_000)
        terbuka.append(konteks)
        halaman = konteks.new_page()
        halaman.on("console", lambda m: galat.append(m.text) if m.type == "error" else None)
        halaman.on("pageerror", lambda e: galat.append(str(e)))
        return halaman

    yield buka
    for konteks in terbuka:
        konteks.close()
    # CSP violations and broken files show up here; a refused form answers 404 on purpose nowhere.
    assert galat == []
