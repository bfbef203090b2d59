"""PDF made in a process of its own, out of data alone.

    python -m surat.kertas.cetak_luar slip|formulir|sekaligus < JSON > PDF
    python -m surat.kertas.cetak_luar surat FD

A web process must not run WeasyPrint, and a queue would keep what it prints. The child gets its
data through a pipe and gives the PDF back through a pipe; it knows no secret, no database and no
settings of the site. Slips, with their PINs, have a child each; letters share one that stays for a
while, because to start it takes twenty times as long as a letter (docs/keputusan/0041).
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

_AKAR = Path(__file__).resolve().parents[2]
_DATA_MAKS = 2 * 1024 * 1024  # bytes of JSON; the longest letter has 60 KB, with its emblem
_PDF_MAKS = 10 * 1024 * 1024
_MEMORI_MAKS = 2 * 1024 * 1024 * 1024  # bytes of addresses; a letter takes a quarter of it
# One at a time in each web process: a child costs 100 MB and a whole core for seconds.
_GILIRAN = threading.BoundedSemaphore(1)
_DIAM_MAKS = 600  # seconds without a letter until the child that stays goes
# What fontconfig and the loader of Pango may need; nothing else of our environment.
_LINGKUNGAN = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE")


class TidakTercetak(Exception):
    """The PDF could not be made. Holds no detail: a traceback could quote what it prints."""


class Sibuk(TidakTercetak):
    """Another PDF is being made, or this one took too long."""


def cetak(apa: str, data: dict[str, Any], *, detik: int) -> bytes:
    """PDF of `data`; `apa`: "slip" (PINs, from above), "surat" (frozen, with the emblem;
    with a true `gambar` the picture of its pages, PNG),
    "formulir" (frozen) or "sekaligus" (resmi.sekaligus).

    `detik`: how long it may take. Raises TidakTercetak.
    """
    masukan = json.dumps(data).encode()
    if len(masukan) > _DATA_MAKS:
        raise TidakTercetak
    if not _GILIRAN.acquire(timeout=detik):
        raise Sibuk
    try:
        if apa == "surat":
            isi = _tetap.cetak(masukan, detik=detik)
        else:
            isi = jalankan("surat.kertas.cetak_luar", apa, masukan=masukan, detik=detik)
    finally:
        _GILIRAN.release()
    if not 0 < len(isi) <= _PDF_MAKS:
        raise TidakTercetak
    return isi


def hangatkan() -> None:
    """Start the child that draws letters, unless it is there or at work; nobody waits for it."""
    if _GILIRAN.acquire(blocking=False):
        with suppress(OSError):
            _tetap.mulai()
        _GILIRAN.release()


def _sekitar() -> dict[str, Any]:
    lingkungan = {k: os.environ[k] for k in _LINGKUNGAN if k in os.environ}
    return {"stderr": subprocess.DEVNULL, "cwd": _AKAR, "env": lingkungan}


def jalankan(modul: str, *argumen: str, masukan: bytes, detik: int) -> bytes:
    """The PDF that a child of ours makes of `masukan`. Raises TidakTercetak."""
    try:
        proses = subprocess.run(
            [sys.executable, "-m", modul, *argumen],
            input=masukan,
            stdout=subprocess.PIPE,
            timeout=detik,
            check=True,
            **_sekitar(),
        )
    except subprocess.TimeoutExpired:
        raise Sibuk from None
    except (OSError, subprocess.SubprocessError):
        raise TidakTercetak from None
    if not proses.stdout.startswith(b"%PDF-"):
        raise TidakTercetak
    return proses.stdout


class _Tetap:
    """The child that stays, from our side; whoever uses it has _GILIRAN."""

    proses: subprocess.Popen[bytes] | None = None
    pipa: Connection

    def mulai(self) -> subprocess.Popen[bytes]:
        if self.proses is None or self.proses.poll() is not None:
            self.pipa, ujung = Pipe()
            with ujung:
                fd = ujung.fileno()
                perintah = [sys.executable, "-m", "surat.kertas.cetak_luar", "surat", str(fd)]
                self.proses = subprocess.Popen(perintah, pass_fds=[fd], **_sekitar())
        return self.proses

    def cetak(self, masukan: bytes, *, detik: int) -> bytes:
        habis = monotonic() + detik
        for _ in range(2):  # it may have gone for the night a moment ago
            penjaga = None
            try:
                proses = self.mulai()
                # A pipe that nobody reads blocks whoever writes: killed, its child gives it up.
                penjaga = threading.Timer(max(habis - monotonic(), 0), proses.kill)
                penjaga.start()
                self.pipa.send_bytes(masukan)
                return self.pipa.recv_bytes()
            except (OSError, EOFError):  # it could not start, or it died of this letter
                if self.proses is not None:
                    self.proses.kill()
                    self.proses.wait()
            finally:
                if penjaga:
                    penjaga.cancel()
            if monotonic() >= habis:
                raise Sibuk
        return b""


_tetap = _Tetap()


def siapkan_anak() -> None:
    """Django in a child: templates, and nothing else of the site. Not by django.setup(), which
    takes an eighth of a second to load what it needs for addresses."""
    from django.apps import apps
    from django.conf import settings

    mesin = "django.template.backends.django.DjangoTemplates"
    settings.configure(
        TEMPLATES=[{"BACKEND": mesin, "DIRS": [_AKAR / "templates"]}], LANGUAGE_CODE="id"
    )
    apps.populate(())


def _anak(apa: str, fd: str = "") -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORI_MAKS, _MEMORI_MAKS))
    siapkan_anak()
    from surat.kertas import gabung, pdf, resmi

    cara: dict[str, Callable[[Any], bytes]] = {
        "slip": pdf.buat_slip,
        "formulir": pdf.buat_formulir,
        "sekaligus": resmi.sekaligus,
    }
    if apa in cara:
        sys.stdout.buffer.write(cara[apa](json.load(sys.stdin)))
        return
    pdf.hangatkan()
    with suppress(EOFError), Connection(int(fd)) as pipa:  # EOFError: our parent is gone
        while pipa.poll(_DIAM_MAKS):
            data, isi = json.loads(pipa.recv_bytes()), b""  # empty: it could not be made
            with suppress(Exception):
                sebagai_gambar = data.pop("gambar", False)
                isi, _ = pdf.buat(data)
                isi = gabung.gambar(isi) if sebagai_gambar else isi
            pipa.send_bytes(isi)


if __name__ == "__main__":
    _anak(*sys.argv[1:])
