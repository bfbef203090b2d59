"""Photos that residents send by WhatsApp: fetched from the provider, and deleted there.

The second door to the provider's HTTP, beside layanan.transports: plain files, no SDK.
"""

import time

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from layanan.transports import GagalSementara, GagalTetap

BYTE_MAKS = settings.UNGGAH_MAKS  # the same limit as for uploads on the site
_LOMPAT_MAKS = 3
_POTONGAN = 64 * 1024
_DETIK_MAKS = 30  # a time-out of `requests` bounds one read, not a trickle without end


def _pangkal() -> str:
    """Where the provider's API lives; only from there photos are fetched with our password."""
    return settings.TWILIO["base_url"] or "https://api.twilio.com"


def alamat_sah(url: str) -> bool:
    """Whether `url` is a media resource of our own account at the provider."""
    akun = settings.TWILIO["account_sid"]
    return bool(akun) and url.startswith(f"{_pangkal()}/2010-04-01/Accounts/{akun}/Messages/")


def ambil(url: str) -> bytes:
    """Bytes of one photo. Raises GagalTetap (gone, too large, not ours) or GagalSementara."""
    if not alamat_sah(url):
        raise GagalTetap("ALAMAT", "Alamat foto bukan milik penyedia.")
    sandi: tuple[str, str] | None = (
        settings.TWILIO["account_sid"],
        settings.TWILIO["auth_token"],
    )
    for _ in range(_LOMPAT_MAKS):
        # Redirects are followed by hand: the password must not travel to the file server.
        with _panggil("GET", url, sandi) as jawaban:
            if not jawaban.is_redirect:
                return _baca(jawaban)
            url, sandi = jawaban.headers["Location"], None
        if not url.startswith("https://") and not settings.TWILIO["base_url"]:
            raise GagalTetap("ALAMAT", "Alamat foto tidak aman.")
    raise GagalTetap("ALAMAT", "Alamat foto berputar-putar.")


def hapus(url: str) -> None:
    """Delete the provider's copy; one that is gone already is fine. Raises a TransportError."""
    if not alamat_sah(url):
        return
    sandi = (settings.TWILIO["account_sid"], settings.TWILIO["auth_token"])
    with _panggil("DELETE", url, sandi, tidak_ada=True):
        pass


def _panggil(
    metode: str, url: str, sandi: tuple[str, str] | None, *, tidak_ada: bool = False
) -> requests.Response:
    try:
        jawaban = requests.request(
            metode,
            url,
            auth=sandi,
            timeout=settings.TWILIO["timeout"],
            stream=True,
            allow_redirects=False,
        )
    except requests.RequestException:
        raise GagalSementara("SAMBUNGAN", "Foto belum dapat diambil.") from None
    kode = jawaban.status_code
    if kode < 400 or (tidak_ada and kode == 404):
        return jawaban
    jawaban.close()
    if kode == 429 or kode >= 500:
        raise GagalSementara(str(kode), "Penyedia sedang sibuk.")
    raise GagalTetap(str(kode), "Foto sudah tidak ada di penyedia.")


def _baca(jawaban: requests.Response) -> bytes:
    """The body, as far as the limit: an announced length may be missing or wrong."""
    isi = bytearray()
    batas = time.monotonic() + _DETIK_MAKS
    try:
        # read1: whatever has arrived. iter_content would wait for a whole chunk of a trickle.
        while potongan := jawaban.raw.read1(_POTONGAN, decode_content=True):
            isi += potongan
            if len(isi) > BYTE_MAKS:
                raise GagalTetap("BESAR", "Foto terlalu besar.")
            if time.monotonic() > batas:
                raise GagalSementara("LAMBAT", "Foto datang terlalu lambat.")
    except (HTTPError, OSError):
        raise GagalSementara("TERPUTUS", "Sambungan terputus.") from None
    return bytes(isi)
