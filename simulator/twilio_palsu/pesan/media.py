"""Media of incoming messages: Basic auth and a redirect to the CDN, which knows no password."""

from typing import Any

from simulator.twilio_palsu.jawaban import HILANG, Jawaban, jawab_json
from simulator.twilio_palsu.pesan.pesan import PesanTwilio


def layani_media(
    pesan: PesanTwilio, sid: str, *, metode: str, meta: bool, account_sid: str, cdn: str
) -> Jawaban:
    """One call below …/Messages/<sid>/Media. `meta`: the address ends in .json."""
    if not sid:
        return _daftar(pesan, account_sid) if metode == "GET" else HILANG
    media = next((m for m in pesan.media if m.sid == sid), None)
    if media is None:
        return HILANG
    if metode == "DELETE":
        pesan.media.remove(media)
        return Jawaban(204)
    if metode != "GET":
        return HILANG
    if meta:
        return jawab_json(200, media.sebagai_json(account_sid, pesan.sid))
    return Jawaban(307, jenis="application/xml", kepala={"Location": f"{cdn}/cdn/{media.token}"})


def layani_cdn(semua: list[PesanTwilio], token: str) -> Jawaban:
    media = next((m for p in semua for m in p.media if m.token == token), None)
    return Jawaban(200, media.isi, jenis=media.jenis) if media else Jawaban(404, jenis="text/plain")


def _daftar(pesan: PesanTwilio, account_sid: str) -> Jawaban:
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{pesan.sid}/Media.json"
    isi: dict[str, Any] = {
        "media_list": [m.sebagai_json(account_sid, pesan.sid) for m in pesan.media],
        "start": 0,
        "end": max(len(pesan.media) - 1, 0),
        "page": 0,
        "page_size": 50,
        "uri": uri,
        "first_page_uri": f"{uri}?PageSize=50&Page=0",
        "next_page_uri": None,
        "previous_page_uri": None,
    }
    return jawab_json(200, isi)
