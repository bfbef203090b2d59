"""Twilio's rules for the fields of a call."""

import json
import re
from collections.abc import Mapping

from simulator.twilio_palsu.konten.aturan_konten import TEMPAT
from simulator.twilio_palsu.pesan.pesan import PesanTwilio

# A number, or Meta's id of a user who hides it.
_ALAMAT = re.compile(r"whatsapp:(?:\+[1-9]\d{7,14}|[A-Z]{2}\.[A-Za-z0-9.]{1,140})")
_CONTENT_SID = re.compile(r"HX[0-9a-f]{32}")


def keberatan(
    isian: dict[str, str], *, pengirim: str, templat: str | None, jendela_terbuka: bool
) -> int:
    """Twilio's code for what is wrong with the fields of a new message; 0: nothing.

    `templat`: the words behind its ContentSid, if there are any.
    """
    aturan = [
        (21604, "To" in isian),
        (21211, bool(_ALAMAT.fullmatch(isian.get("To", "")))),
        (21603, "From" in isian),
        (21212, bool(_ALAMAT.fullmatch(isian.get("From", "")))),
        (63007, isian.get("From") == pengirim),
        (21619, ("ContentSid" in isian) != ("Body" in isian)),
        (21617, len(isian.get("Body", "")) <= 1600),
        (21609, bool(re.match(r"https?://", isian.get("StatusCallback", "http://")))),
        (63016, "ContentSid" in isian or jendela_terbuka),
    ]
    if "ContentSid" in isian:
        variabel = isian.get("ContentVariables") or "{}"
        aturan += [
            (21655, templat is not None and bool(_CONTENT_SID.fullmatch(isian["ContentSid"]))),
            (21656, _variabel_sah(variabel)),
        ]
    kode = next((kode for kode, benar in aturan if not benar), 0)
    if not kode and templat is not None:
        dipakai = set(TEMPAT.findall(templat))
        return 0 if dipakai == set(json.loads(variabel)) else 63028
    return kode


def _variabel_sah(teks: str) -> bool:
    """Strings only; none empty, longer than 255, with line breaks, tabs or four spaces."""
    try:
        nilai = json.loads(teks)
    except ValueError:
        return False
    return isinstance(nilai, dict) and all(
        isinstance(n, str) and n.strip() and len(n) <= 255 and not re.search(r"[\n\t]| {4}", n)
        for n in nilai.values()
    )


def isi_templat(teks: str, nilai: Mapping[str, str]) -> str:
    """The template with its variables in place."""
    return TEMPAT.sub(lambda m: nilai[m.group(1)], teks)


def tersaring(pesan: PesanTwilio, isian: dict[str, str]) -> bool:
    """Filters of the list; a message that was not sent yet has no date to match."""
    if isian.get("To", pesan.ke) != pesan.ke:
        return False
    if isian.get("From", pesan.dari) != pesan.dari:
        return False
    hari = pesan.dikirim.date().isoformat() if pesan.dikirim else ""
    return not (
        ("DateSent" in isian and hari != isian["DateSent"][:10])
        or ("DateSent>" in isian and not hari >= isian["DateSent>"][:10])
        or ("DateSent<" in isian and not "" < hari <= isian["DateSent<"][:10])
    )
