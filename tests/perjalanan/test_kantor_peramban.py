"""Every page of the office in real Chromium: on an old PC and on a phone, by day and by night."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.desa_izin import Desa_
from tests.perjalanan.conftest import PC
from tests.perjalanan.periksa import KANTOR, axe, tidak_melebar
from tests.test_izin import HALAMAN, ORANG, TABEL, UBIN, _baris

# Takes minutes: every page is loaded once and looked at in four ways.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.lambat,
    pytest.mark.timeout(1200),
    pytest.mark.django_db(transaction=True),
]

_BUKAN_HALAMAN = ("/jsi18n/", "/autocomplete/", "/lencana/", "/kelola/sesi/", "/xlsx/", "/unduh/")
_BUKAN_HALAMAN += ("/pratinjau/", "/contoh/", "/formulir/f102/", "/draf/")  # paper
_BUKAN_HALAMAN += ("/siap/",)  # for scripts
_HANYA_WARNA = {**KANTOR, "runOnly": ["color-contrast"]}


def _dibuka(desa: Desa_, nama: str) -> Iterator[str]:
    """The addresses of the office that this person may open."""
    nomor = ORANG.index(nama)
    for metode, pola, *jawaban in _baris(HALAMAN):
        if metode == "GET" and pola.startswith("/kelola/") and jawaban[nomor] == "200":
            yield pola.format(**desa.isi)
    for tabel, *jawaban in _baris(TABEL):
        app, model = tabel.split(".")
        milik = jawaban[(nomor - 3) * 6 :]
        for ubin, jawab in zip(UBIN, (milik[0], milik[1], milik[2], milik[4]), strict=False):
            if jawab == "200":
                yield f"/kelola/{app}/{model}/{ubin}".replace("/1/", f"/{desa.pk[tabel]}/")


def _keluhan(halaman: Page) -> list[str]:
    """What is wrong with the page that is open: all that axe knows by day, the colours by night."""
    salah = []
    for lebar, tinggi in ((1280, 800), (360, 740)):
        halaman.set_viewport_size({"width": lebar, "height": tinggi})
        salah += [f"{lebar} {satu}" for satu in axe(halaman, KANTOR)]
        if not tidak_melebar(halaman):
            salah.append(f"{lebar} melebar")
        halaman.emulate_media(color_scheme="dark")
        salah += [f"{lebar} gelap {satu}" for satu in axe(halaman, _HANYA_WARNA)]
        halaman.emulate_media(color_scheme="light")
    return salah


@pytest.mark.parametrize("nama", ["operator", "perbekel", "admin_desa"])
def test_every_page_is_readable_and_fits(layar, desa, ringan, nama):
    halaman = layar(PC, masuk=desa.orang[nama])
    # Papers that this person may not see: the page is looked at, not they.
    halaman.route("**/berkas/**", lambda r: r.fulfill(content_type="image/png", body=b""))
    salah = {}
    for alamat in dict.fromkeys(_dibuka(desa, nama)):
        if any(bukan in alamat for bukan in _BUKAN_HALAMAN):
            continue
        halaman.goto(alamat)
        if temuan := _keluhan(halaman):
            salah[alamat] = temuan

    assert salah == {}
