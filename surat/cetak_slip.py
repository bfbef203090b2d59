"""Slips with a PIN awal on paper, made in a process of their own.

    python -m surat.cetak_slip < JSON > PDF

A web process must not run WeasyPrint, and a queue would keep what it prints: here the clear PINs
go through a pipe and out on paper, and touch neither disk nor database. The child knows no
secret, no database and no settings of the site.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_AKAR = Path(__file__).resolve().parent.parent
_WAKTU_MAKS = 60  # seconds; a hundred slips take about five
# What fontconfig and the loader of Pango may need; nothing else of our environment.
_LINGKUNGAN = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE")


class SlipTidakTercetak(Exception):
    """The PDF could not be made. Holds no detail: a traceback could quote a PIN."""


def cetak(data: dict[str, Any]) -> bytes:
    """PDF of `data` (see layanan.slip); raises SlipTidakTercetak."""
    try:
        proses = subprocess.run(
            [sys.executable, "-m", "surat.cetak_slip"],
            input=json.dumps(data).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WAKTU_MAKS,
            check=True,
            cwd=_AKAR,
            env={k: os.environ[k] for k in _LINGKUNGAN if k in os.environ},
        )
    except (OSError, subprocess.SubprocessError):
        raise SlipTidakTercetak from None
    if not proses.stdout.startswith(b"%PDF-"):
        raise SlipTidakTercetak
    return proses.stdout


def _anak() -> None:
    import django
    from django.conf import settings

    mesin = "django.template.backends.django.DjangoTemplates"
    settings.configure(
        TEMPLATES=[{"BACKEND": mesin, "DIRS": [_AKAR / "templates"]}], LANGUAGE_CODE="id"
    )
    django.setup()
    from surat import pdf

    sys.stdout.buffer.write(pdf.buat_slip(json.load(sys.stdin)))


if __name__ == "__main__":
    _anak()
