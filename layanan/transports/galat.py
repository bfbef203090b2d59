"""Twilio's error codes: whose fault they are, what they mean for the operator, what follows.

The table is data, `galat.json`: class → code → sentence, after Twilio's dictionary.
https://www.twilio.com/docs/api/errors
https://www.twilio.com/docs/whatsapp/api/error-code-mapping
"""

import json
from enum import StrEnum
from pathlib import Path


class Kelas(StrEnum):
    PESAN = "pesan"  # this message will never go out
    NOMOR = "nomor"  # nor will any other to this number
    TEMPLAT = "templat"  # nor will any other in these words
    JENDELA = "jendela"  # free words came too late; the approved template does not
    SEMENTARA = "sementara"  # the same again may do later
    SALURAN = "saluran"  # the account or the sender: no message goes out until it is mended
    ASING = "asing"  # not in the table: tried a few times, then left to a human


_TABEL: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("galat.json").read_text(encoding="utf-8")
)
KELAS = {kode: Kelas(kelas) for kelas, isi in _TABEL.items() for kode in isi}
_ARTI = {kode: kalimat for isi in _TABEL.values() for kode, kalimat in isi.items()}

# The owner of the number has told the provider to stop, or has blocked the village's.
BERHENTI = "21610"
DIBLOKIR = frozenset({"63014", "30004"})
# Too fast, or the day's allowance of the sender is used up: only its return tells which.
TINGKAT = "63018"


def kelas(kode: str, *, status: int = 0) -> Kelas:
    """Whose fault a code is. `status`: the HTTP status of the answer, for codes that nobody has
    told us of: whoever may not log in has a fault of the account."""
    if kode in KELAS or not kode:
        return KELAS.get(kode, Kelas.PESAN)
    if status in (401, 403):
        return Kelas.SALURAN
    return Kelas.SEMENTARA if status in (429, 503) else Kelas.ASING


def arti(kode: str) -> str:
    """What a provider's error code means for the operator, and what to do about it."""
    return _ARTI.get(kode, "Pesan ditolak penyedia WhatsApp. Telepon warga.")
