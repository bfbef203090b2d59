"""Settings that make the portal of `make run` speak to the simulator, as NAME=value lines.

Read by bugbug/skrip/jalan.sh on every start, so without Django: this takes a blink.
"""

import hashlib
import json
import secrets
import sys

from layanan.kata_pesan.katalog import PESAN, Cara

# Fictitious: 0811 0000 0000 is valid by its form only.
PENGIRIM = "whatsapp:+628110000000"


def content_sids() -> dict[str, str]:
    """A made-up ContentSid for every message that goes out as an approved template."""
    return {
        kode: "HX" + hashlib.md5(kode.encode(), usedforsecurity=False).hexdigest()
        for kode, satu in PESAN.items()
        if satu.cara is not Cara.BEBAS
    }


def main() -> None:
    isi = {
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_FROM": PENGIRIM,
        "TWILIO_CONTENT_SIDS": json.dumps(content_sids(), separators=(",", ":")),
    }
    sys.stdout.writelines(f"{nama}={nilai}\n" for nama, nilai in isi.items())


if __name__ == "__main__":
    main()
