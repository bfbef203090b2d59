"""Command line: see `python -m tests.beban --help`. Loads a stage of its own on this machine."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.panggung import perintah
from tests.gangguan import panggung as gangguan
from tests.produksi import panggung as produksi
from tests.proses import AKAR, Anak, Proses, Rusak, port_bebas, tunggu_jawab

PIN, SANDI = "835172", "sandi-beban-panjang"
_BERKAS = Path(__file__).with_name("warga.py")


@dataclass(frozen=True)
class Babak:
    """One stretch of load: so many people for so many seconds."""

    nama: str
    orang: int
    detik: int


def _argumen(argv: list[str] | None) -> argparse.Namespace:
    baca = argparse.ArgumentParser(prog="python -m tests.beban", description=__doc__)
    baca.add_argument("--orang", type=int, default=200, help="people at once")
    baca.add_argument("--detik", type=int, default=120, help="seconds of the first stretch")
    baca.add_argument("--lonjakan", type=int, default=5, help="times as many in the spike; 0: none")
    baca.add_argument("--rendam", type=int, default=0, help="seconds of soak at the end")
    baca.add_argument("--jeda", type=float, nargs=2, default=(3.0, 9.0), help="between two pages")
    baca.add_argument("--server", action="store_true", help="PostgreSQL and Redis")
    baca.add_argument("--kembar", action="store_true", help="two web machines, three for workers")
    baca.add_argument("--produksi", action="store_true", help="pasang.sh, nginx, TLS")
    baca.add_argument("--sealamat", type=int, default=1, help="people behind one address")
    baca.add_argument("--json", type=Path, metavar="BERKAS")
    return baca.parse_args(argv)


def babak(orang: int, detik: int, lonjakan: int, rendam: int) -> list[Babak]:
    hasil = [Babak("biasa", orang, detik)]
    if lonjakan:
        hasil.append(Babak("lonjakan", orang * lonjakan, max(detik // 2, 10)))
        hasil.append(Babak("sesudahnya", orang, max(detik // 2, 10)))
    if rendam:
        hasil.append(Babak("rendam", orang, rendam))
    return hasil


@dataclass
class _Tempat:
    """Where the people go: addresses of web processes (or of the proxy), a process with Django
    there, and what runs; `cpu` where all of it is our own."""

    situs: list[str]
    anak: Anak
    proses: dict[str, Proses]
    cpu: Callable[[], float] | None = None


@contextlib.contextmanager
def _biasa(*, server: bool, kembar: bool) -> Iterator[_Tempat]:
    """As `make run` has it, with a provider that answers."""
    with (
        gangguan.buka(server=server, latensi="0.05-0.2", kabar="sent:0.2,delivered:0.5") as tempat,
        Anak("tests.beban.anak", tempat.env) as anak,
    ):
        # Faults are not the subject here: leases and sweeps are as long as they are in a village.
        for nama in ("SEWA_DETIK", "SAPUAN_DETIK"):
            tempat.env.pop(nama)
        tempat.mulai("pekerja", gangguan.pekerja(tempat.var, "pekerja", detak=True))
        situs = [tempat.env["PUBLIC_BASE_URL"], *(_kembaran(tempat) if kembar else [])]
        yield _Tempat(situs, anak, tempat.proses)


def _kembaran(tempat: gangguan.Panggung) -> Iterator[str]:
    """One more web process and two more workers as on machines of their own: they share the
    database, the broker and PRIVATE_DIR, nothing else. The address of the site there."""
    asli, port = tempat.env, port_bebas()
    for nama in ("web2", "pekerja2", "pekerja3"):
        var = tempat.var / nama
        var.mkdir()
        tempat.env = {**asli, "VAR_DIR": str(var), "PORT": str(port)}
        baris = gangguan.pekerja(var, nama, detak=False)
        tempat.mulai(nama, baris if nama != "web2" else perintah("web"))
    tempat.env = asli
    tunggu_jawab(port, "/sehat/siap/", *tempat.proses.values())
    yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _produksi() -> Iterator[_Tempat]:
    """As pasang.sh leaves it, behind nginx and TLS; without a provider: nothing is sent. The limit
    of uploads an hour counts addresses, and people have one each unless --sealamat says so."""
    with produksi.buka(pg=()) as tempat, tempat.anak("tests.beban.anak") as anak:
        produksi.jalankan(tempat)
        yield _Tempat([tempat.situs], anak, tempat.proses, tempat.cpu)


def jalankan(
    semua: list[Babak],
    *,
    jeda: tuple[float, float],
    server: bool = False,
    kembar: bool = False,
    di_produksi: bool = False,
    sealamat: int = 1,
) -> list[dict[str, Any]]:
    """Let each stretch happen on one stage of its own; its figures. Residents of one never appear
    in another: each asks for the same letter once."""
    with _produksi() if di_produksi else _biasa(server=server, kembar=kembar) as tempat:
        # Whoever has seen what became of it goes and somebody else comes, not within three minutes.
        butuh = [satu.orang + satu.orang * satu.detik // 180 for satu in semua]
        warga = tempat.anak.tanya("warga", jumlah=sum(butuh), pin=PIN, sandi=SANDI)
        hasil = []
        for satu, jumlah in zip(semua, butuh, strict=True):
            milik, warga = warga[:jumlah], warga[jumlah:]
            bekal = {
                "situs": tempat.situs,
                "warga": milik,
                "pin": PIN,
                "jeda": jeda,
                "sandi": SANDI,
                "sealamat": sealamat,
            }
            awal, sejak = tempat.cpu and tempat.cpu(), datetime.now(UTC)
            angka = _babak(satu, bekal)
            if tempat.cpu:
                angka["cpu"] = tempat.cpu() - awal
            hasil.append(angka | tempat.anak.tanya("hitung", sejak=sejak.isoformat()))
            for proses in tempat.proses.values():
                proses.periksa()
        return hasil


def _babak(satu: Babak, bekal: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        berkas, galat = Path(folder, "bekal.json"), Path(folder, "galat.json")
        berkas.write_text(json.dumps(bekal | {"galat": str(galat)}), encoding="utf-8")
        laju = max(satu.orang / 10, 1.0)
        baris = [sys.executable, "-m", "locust", "--locustfile", str(_BERKAS), "--headless"]
        baris += ["--host", bekal["situs"][0], "--users", str(satu.orang)]
        baris += ["--spawn-rate", str(laju), "--run-time", f"{satu.detik}s", "--stop-timeout", "20"]
        baris += ["--json", "--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
        env = {**os.environ, "BEBAN_BEKAL": str(berkas)}
        popen = subprocess.run(baris, env=env, cwd=AKAR, capture_output=True, text=True)
        if popen.returncode:
            raise Rusak(f"locust gagal (kode {popen.returncode}):\n{popen.stderr[-2000:]}")
        return {
            "babak": satu.nama,
            "orang": satu.orang,
            "beban_mesin": os.getloadavg(),
            **_angka(json.loads(popen.stdout)),
            "galat": json.loads(galat.read_text(encoding="utf-8")),
        }


def _angka(semua: list[dict[str, Any]]) -> dict[str, Any]:
    """Requests, failures, and per page the median and the 95th percentile in ms."""
    halaman = {}
    for satu in semua:
        tebaran = {float(ms): n for ms, n in satu["response_times"].items()}
        halaman[satu["name"]] = {
            "jumlah": satu["num_requests"],
            "gagal": satu["num_failures"],
            "p50": _persentil(tebaran, 0.5),
            "p95": _persentil(tebaran, 0.95),
        }
    gabung: dict[float, int] = {}
    for satu in semua:
        for ms, n in satu["response_times"].items():
            gabung[float(ms)] = gabung.get(float(ms), 0) + n
    return {
        "jumlah": sum(s["num_requests"] for s in semua),
        "gagal": sum(s["num_failures"] for s in semua),
        "p50": _persentil(gabung, 0.5),
        "p95": _persentil(gabung, 0.95),
        "halaman": halaman,
    }


def _persentil(tebaran: dict[float, int], bagian: float) -> float:
    sisa = sum(tebaran.values()) * bagian
    for ms, n in sorted(tebaran.items()):
        sisa -= n
        if sisa <= 0:
            return ms
    return 0.0


def _cetak(latar: str, semua: list[dict[str, Any]]) -> None:
    print(f"\n## {latar}\n")
    for satu in semua:
        print(
            f"{satu['babak']}: {satu['orang']} orang, {satu['jumlah']} permintaan, "
            f"gagal {satu['gagal']}, p50 {satu['p50']:.0f} ms, p95 {satu['p95']:.0f} ms"
        )
        beban = "/".join(f"{n:.0f}" for n in satu["beban_mesin"])
        print(
            f"  surat diminta {satu['diminta']}, selesai {satu['selesai']}, beban mesin {beban}"
            + (f", CPU {satu['cpu']:.0f} detik" if "cpu" in satu else "")
        )
        for galat in satu["galat"]:
            print(f"  GAGAL {galat}")
        for nama, isi in sorted(satu["halaman"].items()):
            print(
                f"  {nama:32} {isi['jumlah']:6} gagal {isi['gagal']:4} "
                f"p50 {isi['p50']:6.0f} p95 {isi['p95']:6.0f}"
            )


def main(argv: list[str] | None = None) -> int:
    pilihan = _argumen(argv)
    semua = babak(pilihan.orang, pilihan.detik, pilihan.lonjakan, pilihan.rendam)
    try:
        hasil = jalankan(
            semua,
            jeda=tuple(pilihan.jeda),
            server=pilihan.server,
            kembar=pilihan.kembar,
            di_produksi=pilihan.produksi,
            sealamat=pilihan.sealamat,
        )
    except Rusak as galat:
        print(f"GAGAL: {galat}", file=sys.stderr)
        return 1
    latar = "PostgreSQL + Redis" if pilihan.server else "SQLite + folder"
    _cetak("nginx, TLS, PostgreSQL, Redis" if pilihan.produksi else latar, hasil)
    if pilihan.json:
        pilihan.json.write_text(json.dumps(hasil, ensure_ascii=False, indent=1) + "\n")
    return 1 if any(satu["galat"] for satu in hasil if satu["babak"] != "lonjakan") else 0


if __name__ == "__main__":
    sys.exit(main())
