"""What the fake has done, as numbers: for the report of a process of its own, and for tests."""

import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from simulator.twilio_palsu.pesan.pesan import PesanTwilio

_PERSENTIL = (50, 90, 95, 99)


class Catatan:
    """Thread-safe counts by name, and how long callbacks took to be answered."""

    def __init__(self) -> None:
        self._kunci = threading.Lock()
        self._hitung: Counter[str] = Counter()
        self._ms = array("f")
        self.mulai = datetime.now(UTC)

    def tambah(self, nama: str, jumlah: int = 1) -> None:
        with self._kunci:
            self._hitung[nama] += jumlah

    def kabar_selesai(self, status: int, detik: float) -> None:
        """A callback was answered with this HTTP status, or (0) not at all."""
        with self._kunci:
            if not status:
                self._hitung["kabar_tak_dijawab"] += 1
                return
            self._hitung["kabar_dijawab" if status < 400 else f"kabar_ditolak_{status}"] += 1
            self._ms.append(detik * 1000)

    def __getitem__(self, nama: str) -> int:
        with self._kunci:
            return self._hitung[nama]

    def semua(self) -> dict[str, int]:
        with self._kunci:
            return dict(sorted(self._hitung.items()))

    def ms(self) -> list[float]:
        """Answer times of callbacks in milliseconds, in the order of the answers."""
        with self._kunci:
            return [round(satu, 1) for satu in self._ms]


def persentil(nilai: Sequence[float]) -> dict[str, float]:
    """p50, p90, p95, p99 and the largest (nearest rank); empty for nothing."""
    if not nilai:
        return {}
    urut = sorted(nilai)
    hasil = {f"p{p}": urut[max(-(-len(urut) * p // 100) - 1, 0)] for p in _PERSENTIL}
    return hasil | {"maks": urut[-1]}


def ganda(pesan: Iterable[PesanTwilio]) -> dict[tuple[str, str], list[datetime]]:
    """Recipient and words of whatever was accepted more than once: when, each time."""
    kelompok: dict[tuple[str, str], list[datetime]] = {}
    for satu in pesan:
        kelompok.setdefault((satu.ke, satu.body), []).append(satu.dibuat)
    return {kunci: pada for kunci, pada in kelompok.items() if len(pada) > 1}


def laporan(
    catatan: Catatan, pesan: Sequence[PesanTwilio], gangguan: dict[str, int], *, rinci: bool
) -> dict[str, Any]:
    """Everything that can be counted. `rinci`: also one line for each message."""
    ms, dobel = catatan.ms(), ganda(pesan)
    per_detik = Counter(satu.dibuat.replace(microsecond=0).isoformat() for satu in pesan)
    hasil: dict[str, Any] = {
        "mulai": catatan.mulai.isoformat(),
        "selesai": datetime.now(UTC).isoformat(),
        "cacah": catatan.semua(),
        "gangguan_acak": gangguan,
        "status": dict(Counter(satu.status for satu in pesan)),
        "kode_galat": dict(Counter(str(satu.kode_galat) for satu in pesan if satu.kode_galat)),
        "ganda": {
            "penerima_dan_teks": len(dobel),
            "kelebihan": sum(len(pada) - 1 for pada in dobel.values()),
        },
        "diterima_per_detik_maks": max(per_detik.values(), default=0),
        "kabar_ms": persentil(ms),
        "kabar_ms_semua": ms,
    }
    if rinci:
        hasil["pesan"] = [
            {
                "sid": satu.sid,
                "ke": satu.ke.removeprefix("whatsapp:"),
                "teks": satu.body,
                "pada": satu.dibuat.isoformat(),
                "status": satu.status,
                "kode_galat": satu.kode_galat,
                "kabar": satu.isian.get("StatusCallback", ""),
            }
            for satu in pesan
        ]
    return hasil
