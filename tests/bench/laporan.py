"""One line per figure, and the table of them."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.proses import Rusak


@dataclass
class Baris:
    """One figure. `rasio`: how it compares with `terhadap`, measured in turns with it."""

    bagian: str
    nama: str
    nilai: float
    satuan: str
    p50: float | None = None  # ms
    p95: float | None = None
    p99: float | None = None
    cpu: float | None = None  # ms of processor time per piece; hardly moved by a busy machine
    rasio: float | None = None
    terhadap: str = ""
    sasaran: str = ""
    tercapai: bool | None = None
    catatan: str = ""
    rinci: dict[str, Any] = field(default_factory=dict)


def persentil(nilai: Iterable[float], persen: float) -> float:
    urut = sorted(nilai)
    if not urut:
        raise Rusak("tidak ada satu pun hasil untuk dihitung")
    return urut[min(len(urut) - 1, int(len(urut) * persen / 100))]


def sasaran_min(nilai: float, batas: float, satuan: str) -> tuple[str, bool]:
    return f">= {batas:g} {satuan}", nilai >= batas


def sasaran_maks(nilai: float, batas: float, satuan: str) -> tuple[str, bool]:
    return f"<= {batas:g} {satuan}", nilai <= batas


def kalibrasi() -> float:
    """Milliseconds of a fixed piece of Python: tells how fast this machine is right now."""
    waktu = []
    for _ in range(7):
        mulai = time.perf_counter()
        jumlah = 0
        for i in range(200_000):
            jumlah += i * i % 7
        waktu.append((time.perf_counter() - mulai) * 1000)
    return median(waktu)


def _angka(nilai: float | None) -> str:
    if nilai is None:
        return ""
    if nilai >= 100:
        return f"{nilai:.0f}"
    return f"{nilai:.1f}" if nilai >= 10 else f"{nilai:.2f}"


def _sel(baris: Baris) -> list[str]:
    tanda = {True: " ya", False: " BELUM", None: ""}[baris.tercapai]
    rasio = f"{baris.rasio:.2f}x {baris.terhadap}" if baris.rasio is not None else ""
    return [
        baris.nama,
        f"{_angka(baris.nilai)} {baris.satuan}",
        _angka(baris.p50),
        _angka(baris.p95),
        _angka(baris.p99),
        _angka(baris.cpu),
        rasio,
        baris.sasaran + tanda,
        baris.catatan,
    ]


def tabel(latar: str, semua: list[Baris]) -> str:
    """The figures of one stage as a Markdown table, by section."""
    kepala = "|hasil|p50 ms|p95 ms|p99 ms|CPU ms|dibanding|sasaran|catatan".split("|")
    isi = [kepala, *(_sel(b) for b in semua)]
    isi += [[b.bagian] + [""] * (len(kepala) - 1) for b in semua]
    lebar = [max(map(len, kolom)) for kolom in zip(*isi, strict=True)]
    keluar, bagian = [f"\n## {latar}"], ""
    for baris, sel in zip(semua, isi[1:], strict=False):
        if baris.bagian != bagian:
            bagian = baris.bagian
            judul = [s.ljust(lebar[k]) for k, s in enumerate([bagian, *kepala[1:]])]
            keluar += ["", _garis(judul), _garis(["-" * panjang for panjang in lebar])]
        keluar.append(_garis([s.ljust(lebar[i]) for i, s in enumerate(sel)]))
    return "\n".join(keluar)


def putusan(semua: list[tuple[str, Baris]]) -> str:
    """One table of all that has a goal, with the stage it was measured on."""
    isi = [["sasaran", "di", "harus", "terukur", "dibanding", "putusan"]]
    for latar, b in semua:
        if b.sasaran:
            rasio = f"{b.rasio:.2f}x {b.terhadap}" if b.rasio is not None else ""
            ukur = f"{_angka(b.nilai)} {b.satuan}" + (f", p95 {_angka(b.p95)} ms" if b.p95 else "")
            isi.append(
                [b.nama.strip(), latar, b.sasaran, ukur, rasio, "ya" if b.tercapai else "BELUM"]
            )
    lebar = [max(map(len, kolom)) for kolom in zip(*isi, strict=True)]
    isi.insert(1, ["-" * panjang for panjang in lebar])
    baris = [_garis([s.ljust(lebar[i]) for i, s in enumerate(sel)]) for sel in isi]
    return "\n".join(["\n## Sasaran\n", *baris])


def _garis(sel: list[str]) -> str:
    return f"| {' | '.join(sel)} |".rstrip()
