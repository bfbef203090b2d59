"""`make produksi`: the run, and its figures."""

import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    from playwright.sync_api import sync_playwright

    from tests.perjalanan.conftest import CHROMIUM
    from tests.produksi import jalan, panggung

    kurang = panggung.tidak_ada() + ([] if CHROMIUM else ["chromium"])
    if kurang:
        print(f"GAGAL: belum terpasang: {', '.join(kurang)}", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        peramban = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for nama, nilai in jalan.semua(peramban).items():
            print(f"{nama:20}{nilai}")
        peramban.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
