"""What an incoming message is answered, and what becomes of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from layanan.models import PermintaanPIN, Permohonan

# The same answer is not given again sooner: a burst of photos gets one.
JEDA_SAMA = timedelta(seconds=10)
JEDA_MULAI = timedelta(minutes=10)  # small talk while photos are awaited
JEDA_UMUM = timedelta(days=1)  # the answer to words that no command answers

# What the sentences on a file say of the site, and what that is in a chat.
_OBROLAN = {
    "lalu unggah.": "lalu kirim ke sini.",
    "Pilih berkas lain.": "Kirim foto atau PDF-nya ke sini.",
    "mengunggah": "mengirim",
    "unggah": "kirim",
    "Unggah": "Kirim",
}


@dataclass(frozen=True)
class Balasan:
    """The answer, "" for none. `isi`: values of its text; `permintaan`: the request for a PIN that
    it is about, of which the message is a part if `bagian`; `permohonan`: the request that the
    message has become a part of; `pilihan`: what its sender is asked first; `catat`: an operator
    sees it as well.

    `jeda`: the same answer is not given again within; `gabung`: not given at all when the next
    message of the chat waits already; `utang`: given whatever was given before.
    """

    kode: str
    isi: dict[str, str] = field(default_factory=dict)
    permintaan: PermintaanPIN | None = None
    bagian: bool = False
    permohonan: Permohonan | None = None
    pilihan: list[dict[str, Any]] = field(default_factory=list)
    catat: bool = False
    jeda: timedelta = JEDA_SAMA
    gabung: bool = False
    utang: bool = False


def di_obrolan(kalimat: str) -> str:
    """A sentence of layanan.permohonan on a file, as it reads where nothing is uploaded."""
    for situs, obrolan in _OBROLAN.items():
        kalimat = kalimat.replace(situs, obrolan)
    return kalimat
