"""Draw the pictures of the manual anew: `python -m tests.perjalanan.gambar_bantuan`.

Run it when a page that is shown has changed, and commit what it writes to static/bantuan/.
"""

import io
import sys

import pytest
from PIL import Image

_LEBAR, _MAKS = 960, 40_000


@pytest.mark.django_db(transaction=True)
def test_gambar(layar, desa, ringan):
    from layanan import bantuan
    from tests.layanan.admin.test_bantuan import GAMBAR, TEMPAT, alamat, siapkan
    from tests.perjalanan.conftest import HP, PC

    siapkan(desa)
    GAMBAR.mkdir(exist_ok=True)
    for lama in GAMBAR.iterdir():
        lama.unlink()
    for satu in bantuan.SEMUA.values():
        if not satu.gambar:
            continue
        hp = satu.kode == "tanda-tangan"
        halaman = layar(HP if hp else PC, masuk=desa.orang[TEMPAT[satu.kode][0]])
        halaman.goto(alamat(desa, satu.kode)[0])
        if satu.kode == "setujui":
            halaman.locator("summary", has_text="Setujui").click()
        gambar = Image.open(io.BytesIO(halaman.screenshot()))
        if not hp:
            gambar = gambar.resize((_LEBAR, _LEBAR * 800 // 1280))
        tujuan, gambar = GAMBAR / f"{satu.kode}.webp", gambar.convert("RGB")
        for mutu in (55, 40, 25):  # the first that is small enough
            gambar.save(tujuan, quality=mutu, method=6)
            if tujuan.stat().st_size <= _MAKS:
                break


if __name__ == "__main__":
    sys.exit(pytest.main(["-n", "0", "-p", "no:cacheprovider", "-q", __file__]))
