"""Messages without faults: how soon the provider has them, and how fast its callbacks are answered.

Steps arrive at a steady rate while two workers of the Procfile hand their messages over; the fake
provider takes as long for an answer as a real one and calls back three times for each message. The
step, the site, the workers, the provider and the database share this machine.
"""

from typing import Any

from tests.bench.laporan import Baris, Rusak, persentil, sasaran_maks, sasaran_min
from tests.gangguan import panggung

LATENSI = "0.08-0.25"  # seconds; what api.twilio.com takes is of this order
KABAR = "sent:0.3,delivered:0.5,read:1.0"
_BAGIAN = "pesan"
_PEMANASAN = 40  # messages before the clock starts: the first one of each process loads its modules


def ukur(*, server: bool, per_detik: float, detik: float) -> list[Baris]:
    """One run at `per_detik` steps for `detik` seconds."""
    with panggung.buka(server=server, latensi=LATENSI, kabar=KABAR) as tempat:
        tempat.mulai("satu", panggung.pekerja(tempat.var, "satu", detak=True))
        if server:
            tempat.mulai("dua", panggung.pekerja(tempat.var, "dua", detak=False))
        _tunggu_pekerja(tempat)
        tempat.tanya("permohonan", jumlah=_PEMANASAN)
        tempat.tanya("langkah", per_detik=20)
        tempat.tanya("tunggu", detik=60)
        tempat.tanya("permohonan", jumlah=int(per_detik * detik), awal=_PEMANASAN)
        tentang = tempat.tanya("langkah", per_detik=per_detik)
        sisa = tempat.tanya("tunggu", detik=60)
        baris = sorted(tempat.tanya("hitung")["pesan"], key=lambda satu: satu["pk"])[_PEMANASAN:]
        laporan = tempat.palsu("/palsu/laporan")
    if sisa or any(p["detik"] is None for p in baris):
        raise Rusak(f"{sisa} pesan belum diserahkan 60 detik setelah langkah terakhir")
    return [_penyerahan(tentang, baris, per_detik), _kabar(laporan)]


def _tunggu_pekerja(tempat: panggung.Panggung) -> None:
    if tempat.tanya("tunggu_denyut", detik=60):
        raise Rusak("pekerja tidak berdenyut")


def _penyerahan(tentang: dict[str, Any], baris: list[Any], per_detik: float) -> Baris:
    lama = sorted(p["detik"] for p in baris)
    dalam = sum(d <= 3 for d in lama) / len(lama) * 100
    sasaran, tercapai = sasaran_min(dalam, 99.9, "% dalam 3 detik")
    return Baris(
        _BAGIAN,
        f"diserahkan ke penyedia, {per_detik:g} langkah/detik",
        len(lama) / tentang["detik"],
        "pesan/detik",
        p50=persentil(lama, 50) * 1000,
        p95=persentil(lama, 95) * 1000,
        p99=persentil(lama, 99) * 1000,
        sasaran=sasaran,
        tercapai=tercapai,
        catatan=f"{dalam:.1f} % dalam 3 s; langkah {tentang['langkah_ms_p50']:.0f} ms",
        rinci=tentang | {"terlama": lama[-1], "jumlah": len(lama)},
    )


def _kabar(laporan: dict[str, Any]) -> Baris:
    """How long the site took for callbacks while all of that went on."""
    ms = laporan["kabar_ms_semua"]
    p95 = persentil(ms, 95)
    sasaran, tercapai = sasaran_maks(p95, 100, "ms p95")
    tak_dijawab = laporan["cacah"].get("kabar_tak_dijawab", 0)
    return Baris(
        _BAGIAN,
        "kabar penyedia dijawab",
        len(ms),
        "kabar",
        p50=persentil(ms, 50),
        p95=p95,
        p99=persentil(ms, 99),
        sasaran=sasaran,
        tercapai=tercapai,
        catatan=f"{tak_dijawab} tidak dijawab",
    )
