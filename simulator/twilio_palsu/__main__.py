"""The fake Twilio as a process of its own, for measurements and for trouble on purpose.

Says `siap http://127.0.0.1:PORT` once it listens; on SIGTERM or Ctrl-C it writes its report.
While it runs, kendali.py has its levers.
"""

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from simulator.twilio_palsu.acak import GangguanAcak, Peluang
from simulator.twilio_palsu.akun import TwilioPalsu
from simulator.twilio_palsu.kendali import Kendali
from simulator.twilio_palsu.konten.konten import Tinjauan
from simulator.twilio_palsu.pesan.antrean import AntarTetap
from simulator.twilio_palsu.pesan.pesan import Gagal

_BERHENTI = {signal.SIGTERM, signal.SIGINT}


def _rentang(teks: str) -> tuple[float, float]:
    """`0.1` or `0.05-0.3`."""
    awal, _, akhir = teks.partition("-")
    dari, sampai = float(awal), float(akhir or awal)
    if not 0 <= dari <= sampai:
        raise argparse.ArgumentTypeError(f"bukan rentang detik: {teks}")
    return dari, sampai


def _kabar(teks: str) -> list[tuple[float, str]]:
    """`sent:0.3,delivered:0.7`: each so many seconds after the one before; empty: none."""
    bagian = [satu.partition(":") for satu in teks.split(",") if satu]
    return [(float(jeda or 0), status) for status, _, jeda in bagian]


def _json(nama: str) -> dict[str, Any]:
    try:
        isi = json.loads(Path(nama).read_text(encoding="utf-8"))
    except OSError as galat:
        raise argparse.ArgumentTypeError(f"{nama}: {galat.strerror}") from None
    if not isinstance(isi, dict):
        raise argparse.ArgumentTypeError(f"{nama} bukan objek JSON")
    return isi


def _pilihan() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="python -m simulator.twilio_palsu", description=__doc__)
    env = os.environ.get
    p.add_argument("--port", type=int, default=0, help="0: yang bebas")
    p.add_argument("--account-sid", default=env("TWILIO_ACCOUNT_SID") or "AC" + "0" * 32)
    p.add_argument("--auth-token", default=env("TWILIO_AUTH_TOKEN") or "sandi-twilio-palsu")
    p.add_argument("--pengirim", default=env("TWILIO_FROM") or "whatsapp:+628110000000")
    p.add_argument("--lewat", default="", help="server di balik alamat umum, untuk semua webhook")
    p.add_argument(
        "--url-masuk",
        default="http://127.0.0.1:8000/webhook/twilio/masuk/",
        help="alamat umum webhook pesan masuk",
    )
    p.add_argument("--templat", type=_json, default={}, help='berkas {"HX…": "teks {{1}}"}')
    p.add_argument("--rahasia", action="append", default=[], help="HX… templat otentikasi")
    p.add_argument("--tinjauan", type=float, default=0.0, help="detik sampai templat disetujui")
    p.add_argument("--latensi", type=_rentang, default=(0.0, 0.0), help="detik: 0.1 atau 0.05-0.3")
    p.add_argument("--kabar", type=_kabar, default="sent:0.3,delivered:0.7", help="status:jeda,…")
    p.add_argument("--benih", type=int, default=0, help="benih gangguan acak")
    p.add_argument("--gangguan", type=_json, default={}, help="berkas peluang (acak.Peluang)")
    p.add_argument("--gagal-nomor", type=_json, default={}, help='berkas {"0024": 63024}')
    p.add_argument("--laju", type=int, help="pesan per detik yang diterima (Twilio: 80)")
    p.add_argument("--laju-kabar", action="store_true", help="yang lebih diterima, gagal 63018")
    p.add_argument("--jeda-penerima", type=float, help="detik antara dua pesan (WhatsApp: 6)")
    p.add_argument("--laporan", type=Path, help="berkas laporan JSON, ditulis saat berhenti")
    p.add_argument("--rinci", action="store_true", help="laporan menyebut setiap pesan")
    return p


def _susun(pilihan: argparse.Namespace) -> TwilioPalsu:
    palsu = TwilioPalsu(
        account_sid=pilihan.account_sid,
        auth_token=pilihan.auth_token,
        pengirim=pilihan.pengirim,
        pengantar=AntarTetap(pilihan.lewat),
        url_masuk=pilihan.url_masuk,
    )
    palsu.templat = dict(pilihan.templat)
    palsu.templat_rahasia = set(pilihan.rahasia)
    palsu.konten.tinjauan_bawaan = Tinjauan(detik=pilihan.tinjauan)
    palsu.tolak_belakangan = True
    palsu.catat_panggilan = False
    palsu.latensi = pilihan.latensi
    palsu.kabar_otomatis = pilihan.kabar
    palsu.gagal_nomor = {akhiran: Gagal(kode) for akhiran, kode in pilihan.gagal_nomor.items()}
    palsu.laju.maks = pilihan.laju
    palsu.laju.tolak = not pilihan.laju_kabar
    palsu.laju.jeda_penerima = pilihan.jeda_penerima
    return palsu


def main() -> None:
    # Blocked for all threads to come and waited for below: a handler could run a moment too early.
    signal.pthread_sigmask(signal.SIG_BLOCK, _BERHENTI)
    pilihan = _pilihan().parse_args()
    try:
        acak = GangguanAcak(Peluang.dari(pilihan.gangguan), pilihan.benih)
        palsu = _susun(pilihan)
    except (TypeError, ValueError) as galat:
        sys.exit(f"GAGAL: {galat}")
    palsu.acak = acak
    kendali = Kendali(palsu, acak)
    palsu.halaman = kendali.layani
    palsu.start(pilihan.port, selang=0.2)
    sys.stdout.write(f"siap {palsu.base_url}\n")
    sys.stdout.flush()
    signal.sigwait(_BERHENTI)
    isi = kendali.laporan(rinci=pilihan.rinci)
    palsu.stop()
    if pilihan.laporan:
        sementara = pilihan.laporan.with_suffix(".baru")
        sementara.write_text(json.dumps(isi, ensure_ascii=False, indent=1), encoding="utf-8")
        sementara.replace(pilihan.laporan)


if __name__ == "__main__":
    main()
