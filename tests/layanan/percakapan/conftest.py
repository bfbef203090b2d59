"""A chat with the village over real HTTP, for a number or whatever else the provider has proven."""

import re

import pytest

from layanan import tasks
from layanan.kata_pesan import katalog
from layanan.percakapan import masuk
from simulator.twilio_palsu import TwilioPalsu


class Chat:
    """Writes, lets the worker work, and reads what came back."""

    def __init__(self, palsu: TwilioPalsu) -> None:
        self.palsu = palsu

    def kirim(self, dari: str, **isi) -> list[str]:
        """What reached the sender since, as texts."""
        sebelum = len(self.palsu.messages)
        assert set(self.palsu.masuk(dari=dari, **isi)) == {200}
        self.kerjakan()
        baru = self.palsu.messages[sebelum:]
        return [m.body for m in baru if m.ke == f"whatsapp:{dari}"]

    def kerjakan(self) -> None:
        masuk.kerjakan_yang_menunggu()
        tasks.kirim_pesan()


def kode(teks: str) -> str:
    """Which message these words are."""
    pola = {
        re.sub(r"\\\{\\\{\d\\\}\\\}", ".+", re.escape(p.teks)): nama
        for nama, p in katalog.PESAN.items()
        if nama not in ("jawab_petugas", "pin")
    }
    return next(nama for p, nama in pola.items() if re.fullmatch(p, teks, re.DOTALL))


@pytest.fixture
def chat(twilio, settings) -> Chat:
    twilio.url_masuk = f"{settings.PUBLIC_BASE_URL}/webhook/twilio/masuk/"
    return Chat(twilio)
