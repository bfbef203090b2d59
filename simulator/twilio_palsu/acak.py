"""Random trouble after a plan: probabilities and a seed, counted, the same for all threads."""

import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from simulator.twilio_palsu import jawaban
from simulator.twilio_palsu.jawaban import Jawaban
from simulator.twilio_palsu.pesan.pesan import Gagal

_PANGGILAN: dict[str, Jawaban] = {
    "sibuk_429": jawaban.SIBUK,
    "rusak_500": jawaban.RUSAK_500,
    "tutup_503": jawaban.TUTUP_503,
    "diam_sebelum": jawaban.DIAM_SEBELUM,
    "diam_sesudah": jawaban.DIAM_SESUDAH,
    "putus_sebelum": jawaban.PUTUS_SEBELUM,
    "putus_sesudah": jawaban.PUTUS_SESUDAH,
}
_KABAR = ("kabar_hilang", "kabar_ganda", "kabar_terbalik", "kabar_terlambat")


@dataclass(frozen=True)
class Peluang:
    """All between 0 and 1. `sebelum`: not accepted; `sesudah`: accepted, but nobody hears it."""

    # Each new message gets at most one of these.
    sibuk_429: float = 0.0
    rusak_500: float = 0.0
    tutup_503: float = 0.0
    diam_sebelum: float = 0.0  # hangs until the caller gives up
    diam_sesudah: float = 0.0
    putus_sebelum: float = 0.0  # resets the connection
    putus_sesudah: float = 0.0
    tolak: float = 0.0  # refused at once, with one of kode_tolak
    kode_tolak: tuple[int, ...] = (21211, 63003, 63024)
    # Each look-up (list or one message) gets at most one of these.
    baca_503: float = 0.0
    baca_diam: float = 0.0
    # Each accepted message: ends badly, with one of kode_gagal.
    gagal: float = 0.0
    kode_gagal: tuple[int, ...] = (63003, 63013, 63016, 63018, 63024, 63032, 63049)
    # Each callback gets at most one of these.
    kabar_hilang: float = 0.0
    kabar_ganda: float = 0.0
    kabar_terbalik: float = 0.0  # comes after its successor
    kabar_terlambat: float = 0.0  # by `terlambat` seconds, from … to
    terlambat: tuple[float, float] = (1.0, 5.0)

    def __post_init__(self) -> None:
        for satu in fields(self):
            nilai = getattr(self, satu.name)
            if satu.type is float and not 0 <= nilai <= 1:
                raise ValueError(f"{satu.name} bukan peluang: {nilai}")
        for kelompok in (
            [*_PANGGILAN, "tolak"],
            ["baca_503", "baca_diam"],
            _KABAR,
        ):
            if sum(getattr(self, nama) for nama in kelompok) > 1:
                raise ValueError(f"jumlah peluang melebihi 1: {', '.join(kelompok)}")

    @classmethod
    def dari(cls, isi: Mapping[str, Any]) -> "Peluang":
        """From JSON; an unknown name is an error, not a plan that never happens."""
        if asing := sorted(set(isi) - {satu.name for satu in fields(cls)}):
            raise ValueError(f"gangguan tidak dikenal: {', '.join(asing)}")
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in isi.items()})


@dataclass
class GangguanAcak:
    """Throws the dice; `hitung` says how often each kind came up."""

    peluang: Peluang = field(default_factory=Peluang)
    benih: int = 0

    def __post_init__(self) -> None:
        self._acak = random.Random(self.benih)
        self._kunci = threading.Lock()
        self._hitung: Counter[str] = Counter()

    @property
    def hitung(self) -> dict[str, int]:
        with self._kunci:
            return dict(sorted(self._hitung.items()))

    def sebagai_json(self) -> dict[str, Any]:
        return {"benih": self.benih, "peluang": asdict(self.peluang)}

    def _lempar(self, *nama: str) -> str:
        """One of the names by its probability, or none. The caller holds the lock."""
        angka = self._acak.random()
        for satu in nama:
            peluang = getattr(self.peluang, satu)
            if angka < peluang:
                self._hitung[satu] += 1
                return satu
            angka -= peluang
        return ""

    def panggilan(self) -> Jawaban | None:
        """What goes wrong with a new message."""
        with self._kunci:
            nama = self._lempar(*_PANGGILAN, "tolak")
            if nama == "tolak":
                return jawaban.galat(self._acak.choice(self.peluang.kode_tolak))
        return _PANGGILAN.get(nama)

    def baca(self) -> Jawaban | None:
        """What goes wrong with a look-up."""
        with self._kunci:
            nama = self._lempar("baca_503", "baca_diam")
        return {"baca_503": jawaban.TUTUP_503, "baca_diam": jawaban.DIAM_SEBELUM}.get(nama)

    def akhir(self) -> Gagal | None:
        """How an accepted message ends badly."""
        with self._kunci:
            if self._lempar("gagal"):
                return Gagal(self._acak.choice(self.peluang.kode_gagal))
        return None

    def kabar(self) -> tuple[str, float]:
        """What happens to a callback, without its prefix, and by how many seconds it is late."""
        with self._kunci:
            nama = self._lempar(*_KABAR)
            telat = self._acak.uniform(*self.peluang.terlambat) if "terlambat" in nama else 0.0
        return nama.removeprefix("kabar_"), telat
