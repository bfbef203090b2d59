"""What the provider's form of an incoming message holds: who sent it, of what kind it is, what it
says. Nothing is refused here: what we do not know is a kind of its own.

https://www.twilio.com/docs/messaging/guides/webhook-request, and for users without a number
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from layanan.models import PesanMasuk
from layanan.models.percakapan import ALAMAT_MAKS
from penduduk.identitas import telepon

J = PesanMasuk.Jenis

MEDIA_MAKS = 30  # three times what Twilio can attach today
TEKS_MAKS = 10_000  # more than WhatsApp lets anybody write
_SID = re.compile(r"[A-Za-z0-9]{10,40}")
_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
KOSONG = "tanpa-alamat"  # nobody who could be answered

# By what the content type begins with.
_ISI = {
    "image/": J.KERTAS,
    "application/pdf": J.KERTAS,
    "application/octet-stream": J.KERTAS,  # only its content tells
    "audio/": J.SUARA,
    "video/": J.VIDEO,
    "text/vcard": J.KONTAK,
    "text/x-vcard": J.KONTAK,
    "text/directory": J.KONTAK,
}
# By what MessageType holds, where no file and no place says it.
_SEBUTAN = {
    "reaction": J.REAKSI,
    "edit": J.UBAHAN,
    "delet": J.HAPUSAN,
    "revoke": J.HAPUSAN,
    "contact": J.KONTAK,
    "sticker": J.STIKER,
    "unsupported": J.ASING,
    "unknown": J.ASING,
    "system": J.ASING,
    "order": J.ASING,
    "poll": J.ASING,
}
# What a pressed button or a chosen line says, in the order in which it counts.
_TOMBOL = ("ButtonText", "ListTitle", "ButtonPayload", "ListId")


@dataclass(frozen=True)
class Bentuk:
    """`alamat`: as proven, without the channel; `nomor_hp`, `id_wa`: "" where the message carries
    none. `media`: [{"url", "jenis"}]."""

    sid: str
    alamat: str
    nomor_hp: str
    id_wa: str
    nama_wa: str
    jenis: str
    teks: str
    media: list[dict[str, str]]


def baca(isi: Mapping[str, str]) -> Bentuk:
    """The form of the webhook, whatever it holds."""
    alamat = isi.get("From", "").removeprefix("whatsapp:").strip()[:ALAMAT_MAKS] or KOSONG
    media = _media(isi)
    jenis = _jenis(isi, media)
    return Bentuk(
        sid=_sid(isi),
        alamat=alamat,
        nomor_hp=_nomor(alamat, isi),
        id_wa=_id(alamat, isi.get("ExternalUserId", "").removeprefix("whatsapp:")),
        nama_wa=_bersih(isi.get("ProfileName", ""))[:100],
        jenis=jenis,
        teks=_teks(isi, jenis),
        media=media,
    )


def dikenal(alamat: str) -> bool:
    """Whether this address is of a kind that an answer is known to reach."""
    return telepon.bernomor(alamat) or bool(_ID.fullmatch(alamat))


def _sid(isi: Mapping[str, str]) -> str:
    """Its id; of a message without a usable one its fingerprint, so that a repeat is known."""
    sid = isi.get("MessageSid", "")
    if _SID.fullmatch(sid):
        return sid
    return "X" + hashlib.sha256(repr(sorted(isi.items())).encode()).hexdigest()[:39]


def _nomor(alamat: str, isi: Mapping[str, str]) -> str:
    if telepon.bernomor(alamat):
        return alamat
    wa_id = "+" + isi.get("WaId", "")
    return wa_id if _ID.fullmatch(alamat) and telepon.bernomor(wa_id) else ""


def _id(alamat: str, lain: str) -> str:
    return next((satu for satu in (lain, alamat) if _ID.fullmatch(satu)), "")


def _media(isi: Mapping[str, str]) -> list[dict[str, str]]:
    jumlah = isi.get("NumMedia", "0")
    banyak = int(jumlah) if jumlah.isascii() and jumlah.isdigit() and len(jumlah) < 4 else 0
    semua = [
        {
            "url": isi.get(f"MediaUrl{i}", "")[:500],
            "jenis": isi.get(f"MediaContentType{i}", "").lower().partition(";")[0].strip()[:80],
        }
        for i in range(min(banyak, MEDIA_MAKS))
    ]
    return [satu for satu in semua if satu["url"]]


def _jenis(isi: Mapping[str, str], media: list[dict[str, str]]) -> str:
    sebutan = isi.get("MessageType", "").lower()
    if media:
        tipe = media[0]["jenis"]
        # WhatsApp makes JPEG of every photo; a WebP that is no document is a sticker.
        if tipe == "image/webp" and sebutan != "document":
            return J.STIKER
        return next((jenis for awal, jenis in _ISI.items() if tipe.startswith(awal)), J.DOKUMEN)
    if isi.get("Latitude"):
        return J.LOKASI
    if any(isi.get(nama) for nama in _TOMBOL):
        return J.TEKS
    for kata, jenis in _SEBUTAN.items():
        if kata in sebutan:
            return jenis
    return J.TEKS if isi.get("Body", "").strip("\0 \r\n\t") else J.ASING


def _teks(isi: Mapping[str, str], jenis: str) -> str:
    if jenis == J.LOKASI:
        tempat = [isi.get(nama, "") for nama in ("Label", "Address", "Body")]
        titik = f"{isi.get('Latitude', '')[:20]}, {isi.get('Longitude', '')[:20]}"
        return _bersih(" – ".join(filter(None, [titik, *dict.fromkeys(tempat)])))
    tombol = (isi.get(nama, "") for nama in _TOMBOL)
    teks = isi.get("Body", "") or next(filter(None, tombol), "")
    return _bersih(teks)


def _bersih(teks: str) -> str:
    """Without what no table can hold; what is cut off is said."""
    teks = teks.replace("\0", "").strip()
    return teks if len(teks) <= TEKS_MAKS else f"{teks[:TEKS_MAKS]} … (dipotong)"
