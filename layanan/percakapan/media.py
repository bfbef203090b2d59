"""Files that residents send by WhatsApp: fetched from the provider, and deleted there.

The second door to the provider's HTTP, beside layanan.transports: plain files, no SDK.
"""

import hashlib
import re
import time
import uuid
from datetime import datetime

import requests
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from urllib3.exceptions import HTTPError

from layanan.models import Berkas, PesanMasuk
from layanan.transports import GagalSementara, GagalTetap

BYTE_MAKS = settings.UNGGAH_MAKS  # the same limit as for uploads on the site
_LOMPAT_MAKS = 3
_POTONGAN = 64 * 1024
_BESAR = (
    f"Ukurannya lebih dari {BYTE_MAKS // 1048576} MB. Foto kertasnya dengan kamera HP, lalu kirim "
    "ke sini."
)
_TAK_TERAMBIL = "Berkasnya tidak dapat diambil dari WhatsApp. Kirim sekali lagi."
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
        raise GagalTetap("ALAMAT", _TAK_TERAMBIL)
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
            raise GagalTetap("ALAMAT", _TAK_TERAMBIL)
    raise GagalTetap("ALAMAT", _TAK_TERAMBIL)


def hapus(url: str) -> None:
    """Delete the provider's copy; one that is gone already is fine. Raises a TransportError.

    https://www.twilio.com/docs/messaging/api/media-resource#delete-a-media-resource
    """
    if not alamat_sah(url):
        return
    sandi = (settings.TWILIO["account_sid"], settings.TWILIO["auth_token"])
    with _panggil("DELETE", f"{url.removesuffix('.json')}.json", sandi, tidak_ada=True):
        pass


# What a browser plays by itself, and cannot run: how the file is called, by content type.
DIPUTAR = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
}


def simpan(satu: PesanMasuk, isi: bytes, jenis: str, *, pada: datetime) -> Berkas:
    """Keep a voice note or a video for operators, as it came: it is played, never opened here.

    Raises GagalTetap for a kind that no browser plays, GagalSementara when the disk is full.
    """
    if jenis not in DIPUTAR:
        raise GagalTetap("JENIS", "Jenis suara atau video ini tidak dikenal.")
    akhiran = DIPUTAR[jenis]
    try:
        nama = default_storage.save(f"pesan/{uuid.uuid4().hex}.{akhiran}", ContentFile(isi))
    except OSError:
        raise GagalSementara("SIMPAN", "Berkas belum dapat disimpan.") from None
    return Berkas.objects.create(
        masuk=satu,
        dokumen="suara" if jenis.startswith("audio/") else "video",
        label=str(satu.get_jenis_display()),
        keadaan=Berkas.Keadaan.SIAP,
        berkas=nama,
        jenis_isi=jenis,
        ukuran=len(isi),
        sidik_kirim=hashlib.sha256(isi).hexdigest(),
        diunggah_pada=pada,
        ambil_lagi_pada=pada,
    )


def baca_kontak(isi: bytes) -> str:
    """Name and numbers of a contact card."""
    baris = isi[:20_000].decode("utf-8", "replace").replace("\0", "").splitlines()
    nilai = [
        b.partition(":")[2].strip()
        for b in baris
        if re.match(r"(item\d+\.)?(FN|TEL)\b", b, re.IGNORECASE)
    ]
    return ", ".join(filter(None, nilai))[:500] or "(kosong)"


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
    if kode in (401, 403, 429) or kode >= 500:  # a wrong password is no fault of the photo
        raise GagalSementara(str(kode), "Penyedia sedang sibuk.")
    raise GagalTetap(str(kode), _TAK_TERAMBIL)


def _baca(jawaban: requests.Response) -> bytes:
    """The body, as far as the limit: an announced length may be missing or wrong."""
    isi = bytearray()
    batas = time.monotonic() + _DETIK_MAKS
    try:
        # read1: whatever has arrived. iter_content would wait for a whole chunk of a trickle.
        while potongan := jawaban.raw.read1(_POTONGAN, decode_content=True):
            isi += potongan
            if len(isi) > BYTE_MAKS:
                raise GagalTetap("BESAR", _BESAR)
            if time.monotonic() > batas:
                raise GagalSementara("LAMBAT", "Foto datang terlalu lambat.")
    except (HTTPError, OSError):
        raise GagalSementara("TERPUTUS", "Sambungan terputus.") from None
    return bytes(isi)
