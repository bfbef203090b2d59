"""What holds for every page: accessible as far as axe can tell, and no wider than its window."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Axe reads style sheets that import others in a way that our CSP refuses.
_CEPAT = {"resultTypes": ["violations"], "preload": False}
# What Django's admin itself has.
KANTOR = {
    "rules": {
        "empty-table-header": {"enabled": False},  # tabular inlines
        "label-title-only": {"enabled": False},  # the search field is labelled by a picture
    },
}
_TANPA_NAMA = {"exclude": [["#select2-id_keluarga-container"]]}  # no name while it is empty


def axe(halaman: Page, pilihan: dict[str, Any] | None = None) -> list[str]:
    """What axe finds. Of what it finds in order it says nothing: describing all that takes it
    longer than looking."""
    hasil = Axe().run(halaman, _TANPA_NAMA, _CEPAT | (pilihan or {}))
    return [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in hasil.response["violations"]]


def tidak_melebar(halaman: Page) -> bool:
    return halaman.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def terlalu_sempit(halaman: Page, *lebar: int) -> list[int]:
    """In which of these windows the page would have to be moved sideways. It keeps the last."""
    sempit = []
    for satu in lebar:
        halaman.set_viewport_size({"width": satu, "height": 740})
        if not tidak_melebar(halaman):
            sempit.append(satu)
    return sempit
