"""The webhook's form fields of an incoming WhatsApp message."""

import json
from collections.abc import Sequence

from simulator.twilio_palsu.pesan.pesan import MediaTwilio


def isian_masuk(
    *,
    sid: str,
    account_sid: str,
    dari: str,
    ke: str,
    teks: str,
    nama: str,
    lokasi: tuple[float, float] | None,
    media: Sequence[tuple[MediaTwilio, str]],
) -> dict[str, str]:
    """`media`: each with its address. Body is the text, or the caption of the media. `dari`: a
    number, or the id of a user without one; then no WaId comes along."""
    wa_id = dari.removeprefix("+") if dari.startswith("+") else ""
    kanal = {"type": "whatsapp", "data": {"context": {"ProfileName": nama, "WaId": wa_id}}}
    isi = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "Body": teks,
        "ChannelMetadata": json.dumps(kanal),
        "From": f"whatsapp:{dari}",
        "MessageSid": sid,
        "MessageType": _jenis([m.jenis for m, _ in media], lokasi),
        "NumMedia": str(len(media)),
        "NumSegments": str(max(len(media), 1)),
        "ProfileName": nama,
        "ReferralNumMedia": "0",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": ke,
    }
    isi |= {"WaId": wa_id} if wa_id else {"ExternalUserId": dari}
    if lokasi:
        isi |= {"Latitude": str(lokasi[0]), "Longitude": str(lokasi[1])}
    for ke_berapa, (satu, url) in enumerate(media):
        isi |= {f"MediaContentType{ke_berapa}": satu.jenis, f"MediaUrl{ke_berapa}": url}
    return isi


def _jenis(media: Sequence[str], lokasi: object) -> str:
    if lokasi:
        return "location"
    if not media:
        return "text"
    if media[0] == "image/webp":
        return "sticker"
    induk = media[0].partition("/")[0]
    if induk == "text":
        return "contacts" if media[0] == "text/vcard" else "document"
    return induk if induk in ("image", "audio", "video") else "document"


_HENTI = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}
_MULAI = {"START", "YES", "UNSTOP"}


def kata_henti(teks: str) -> str:
    """OptOutType of a message for advanced opt-out: STOP, START or nothing."""
    kata = teks.strip().upper()
    return "STOP" if kata in _HENTI else "START" if kata in _MULAI else ""
