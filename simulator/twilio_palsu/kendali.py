"""Levers of the fake in a process of its own, for the script that started it: JSON over HTTP.

GET  /palsu/laporan            the report so far (?rinci=1: with one line for each message)
POST /palsu/gangguan           other probabilities from now on; {} ends all random trouble
POST /palsu/akun               the account is at fault: {"tolak": 20003} or {"gagal": 30002}
POST /palsu/masuk              a resident writes: {"dari": "+62…", "teks": "…"}
"""

from http.client import HTTPException
from typing import Any

from simulator.twilio_palsu.acak import GangguanAcak, Peluang
from simulator.twilio_palsu.akun import TwilioPalsu
from simulator.twilio_palsu.catatan import laporan
from simulator.twilio_palsu.jawaban import HILANG, Jawaban, jawab_json
from simulator.twilio_palsu.konten.konten import baca_json
from simulator.twilio_palsu.server import Permintaan


class Kendali:
    def __init__(self, palsu: TwilioPalsu, acak: GangguanAcak) -> None:
        self._palsu, self._acak = palsu, acak

    def laporan(self, *, rinci: bool) -> dict[str, Any]:
        pesan = list(self._palsu.messages)
        hasil = laporan(self._palsu.catatan, pesan, self._acak.hitung, rinci=rinci)
        return hasil | {
            "rencana": self._acak.sebagai_json(),
            "kabar_sisa": self._palsu.sisa_kabar(),
        }

    def layani(self, minta: Permintaan) -> Jawaban:
        """Pages of other sites can send no JSON here: a browser asks for leave before it does."""
        if minta.metode == "GET" and minta.path == "/palsu/laporan":
            return jawab_json(200, self.laporan(rinci="rinci=1" in minta.query))
        isi = baca_json(minta.badan)
        json = minta.kepala.get("Content-Type", "").startswith("application/json")
        if minta.metode != "POST" or not json or not isinstance(isi, dict):
            return HILANG
        try:
            match minta.path:
                case "/palsu/gangguan":
                    self._acak.peluang = Peluang.dari(isi)
                    return jawab_json(200, self._acak.sebagai_json())
                case "/palsu/akun":
                    self._palsu.tolak_akun = int(isi.get("tolak", 0))
                    self._palsu.gagal_akun = int(isi.get("gagal", 0))
                    return jawab_json(200, {})
                case "/palsu/masuk":
                    return jawab_json(200, {"jawaban": self._palsu.masuk(**isi)})
        except (TypeError, ValueError) as galat:
            return jawab_json(400, {"galat": str(galat)})
        except (OSError, HTTPException) as galat:
            return jawab_json(502, {"galat": type(galat).__name__})
        return HILANG
