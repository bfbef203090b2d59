"""How much of the ink of one picture is found in another."""

from PIL import Image, ImageChops, ImageFilter

SISI = 1100  # px of the longer side while comparing
_DASAR = 21  # px: ink is what is darker than its surroundings of this size
_TINTA, _SISA = 45, 14  # grey levels: ink in the original; still ink in the copy


def bagian_tersisa(asli: Image.Image, salinan: Image.Image) -> float:
    """Share of the dark pixels of `asli` that are dark in `salinan`, two pixels beside included."""
    skala = SISI / max(asli.size)
    ukuran = (round(asli.width * skala), round(asli.height * skala))
    tinta = _gelap(asli, ukuran).point(lambda nilai: 255 if nilai > _TINTA else 0)
    sisa = _gelap(salinan, ukuran).filter(ImageFilter.MaxFilter(5))
    ada = ImageChops.multiply(tinta, sisa.point(lambda nilai: 255 if nilai > _SISA else 0))
    semua = tinta.histogram()[255]
    return ada.histogram()[255] / semua if semua else 1.0


def _gelap(gambar: Image.Image, ukuran: tuple[int, int]) -> Image.Image:
    abu = gambar.convert("L").resize(
        ukuran, Image.Resampling.BOX if gambar.width > ukuran[0] else 1
    )
    return ImageChops.subtract(abu.filter(ImageFilter.BoxBlur(_DASAR)), abu)
