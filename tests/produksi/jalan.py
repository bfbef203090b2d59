"""One run through all of it; what was measured comes back."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser

from bugbug.kiriman import FORMULIR_MAKS
from tests import factories
from tests.bench.panggung import perintah
from tests.perjalanan.conftest import HP
from tests.produksi import lambat, panggung, perjalanan
from tests.proses import AKAR, ambil, port_bebas, tunggu_jawab

_LAIN = ("/", "/masuk/", "/cek/")
_UNGGAH = "/layanan/surat/usaha/"


def semua(peramban: Browser) -> dict[str, Any]:
    """From an empty folder to a signed letter, and what stands in its way on purpose."""
    hasil: dict[str, Any] = {}
    with panggung.buka() as tempat, ExitStack() as tumpukan:
        mulai = time.monotonic()
        panggung.jalankan(tempat, "pesan", "surat,berkas")
        sandi = (
            tempat.kelola("desa_baru", "admin", "--nama", "Admin Contoh")
            .split("sekali pakai: ")[1]
            .split()[0]
        )
        with tempat.anak("tests.produksi.anak") as anak:
            nik = anak.tanya("orang")
        foto = tempat.akar / "foto.jpg"
        foto.write_bytes(factories.foto().read())
        perjalanan.admin_pertama(peramban, tempat.situs, sandi)
        hp = tumpukan.enter_context(perjalanan.konteks(peramban, tempat.situs, HP))
        hasil["surat"] = perjalanan.sampai_siap(hp, peramban, tempat.situs, nik, foto)
        hasil["perjalanan_detik"] = time.monotonic() - mulai
        kuki = {k["name"].removeprefix("__Host-"): k["value"] for k in hp.cookies()}
        hasil |= _pintu(tempat, kuki)
        tempat.mulai("bugbug-pekerja@", "surat", PRIVATE_DIR=str(tempat.akar / "lain"))
        hasil |= _make_run(tempat, kuki)
        hasil["folder_lain"] = tempat.kata_terakhir("bugbug-pekerja@surat")
        hasil |= _caddy(tempat, peramban, nik, foto)
        hasil |= _dua_rilis(tempat)
        tempat.hentikan(*(n for n in tempat.proses if n.startswith("bugbug-web@")))
        hasil["tanpa_web"] = ambil(tempat.https, "/", tls=True)
        hasil["tembus"] = _bukan_milik_sendiri(tempat.var)
    return hasil


def _pintu(tempat: panggung.Panggung, kuki: dict[str, str]) -> dict[str, Any]:
    """nginx, slow and large bodies."""
    port, cookie = tempat.https, "; ".join(f"__Host-{k}={v}" for k, v in kuki.items())
    lambat.waktu(port, _LAIN, 2)
    tenang = lambat.tengah(lambat.waktu(port, _LAIN, 8))
    with (
        lambat.menetes(port, _UNGGAH, 40, dari=2, Cookie=cookie) as kenal,
        lambat.menetes(port, "/cek/berkas/", 40, dari=3) as asing,
    ):
        ramai = lambat.tengah(lambat.waktu(port, _LAIN, 8))
        terbuka = len(kenal) + len(asing)
    batas = {
        jalur: (lambat.diumumkan(port, jalur, maks), lambat.diumumkan(port, jalur, 150 * 10**6))
        for jalur, maks in dict(_menerima()).items()
    }
    badan = tempat.akar / "nginx-badan"
    dikirim = {
        jalur: lambat.dikirim(port, jalur, 40, tempat.var, badan)
        for jalur in ("/", "/webhook/twilio/masuk/", _UNGGAH)
    }
    time.sleep(0.5)
    statis = re.findall(r'/static/[^"]+\.css', ambil(port, "/", tls=True)[1])[0]
    return {
        "tenang": tenang,
        "ramai": ramai,
        "terbuka": terbuka,
        "batas": batas,
        "penolak": lambat.halaman_penolak(port),
        "dikirim": dikirim,
        "sisa_badan": lambat.isi(badan),
        "statis": (statis, ambil(port, statis, tls=True)[0]),
    }


def _menerima(resolver: URLResolver | None = None, awalan: str = "/") -> Iterator[tuple[str, int]]:
    """Every address of the portal that takes files, with what it takes; and one that takes none."""
    for satu in (resolver or get_resolver()).url_patterns:
        alamat = awalan + str(satu.pattern)
        if isinstance(satu, URLResolver):
            yield from _menerima(satu, alamat)
        elif isinstance(satu, URLPattern) and (maks := getattr(satu.callback, "kiriman_maks", 0)):
            yield re.sub(r"<\w+:\w+>", "x-1", alamat), maks
    if resolver is None:
        yield "/masuk/", FORMULIR_MAKS


def _make_run(tempat: panggung.Panggung, kuki: dict[str, str]) -> dict[str, Any]:
    """The web server of `make run`, without a proxy, with eight slow uploads."""
    port = port_bebas()
    lain = tempat.pengaturan() | {
        "BUGBUG_MODE": "demo",
        "PORT": str(port),
        "IKUT_MATI": "",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "STATIC_ROOT": str(tempat.akar / "opt/bugbug/kini/static_kumpul"),
    }
    baris = ["bash", "-c", perintah("web")]
    tempat.mulai_baris("make-run", baris, AKAR, lain)
    tunggu_jawab(port, "/sehat/", tempat.proses["make-run"])
    cookie = "; ".join(f"{k}={v}" for k, v in kuki.items())
    tetes = lambat.menetes(port, _UNGGAH, 8, dari=2, tls=False, Cookie=cookie)
    with tetes as terbuka:
        time.sleep(0.5)
        detik = lambat.waktu(port, _LAIN, 4, tls=False)
        hasil = {"make_run": max(detik), "make_run_terbuka": len(terbuka)}
    tempat.hentikan("make-run")
    return hasil


def _caddy(tempat: panggung.Panggung, peramban: Browser, nik: str, foto: Path) -> dict[str, Any]:
    port = panggung.mulai_caddy(tempat)
    tempat.tunggu("/masuk/", https=port)
    perjalanan.masuk_dan_unggah(peramban, f"https://127.0.0.1:{port}", nik, foto)
    with lambat.menetes(port, "/cek/berkas/", 40, dari=3):
        ramai = lambat.tengah(lambat.waktu(port, _LAIN, 4))
    besar = [lambat.diumumkan(port, jalur, 150 * 10**6) for jalur, _ in _menerima()]
    return {"caddy_ramai": ramai, "caddy_besar": set(besar)}


def _dua_rilis(tempat: panggung.Panggung) -> dict[str, Any]:
    """An update to a release that is there already, then back; data and secrets stay."""
    rilis, atur = tempat.akar / "opt/bugbug/rilis", tempat.akar / "etc/bugbug"
    rahasia = sorted((b.name, b.read_text()) for b in (atur / "rahasia").iterdir())
    shutil.copytree(rilis / "satu", rilis / "dua", symlinks=True)
    tempat.pasang_rilis("dua")
    kini = [(rilis.parent / "kini").readlink().name]
    (rilis / "dua/.lengkap").touch()
    tempat.pasang_rilis("dua", "mundur")
    kini.append((rilis.parent / "kini").readlink().name)
    sama = rahasia == sorted((b.name, b.read_text()) for b in (atur / "rahasia").iterdir())
    return {"rilis": kini, "rahasia_tetap": sama}


def _bukan_milik_sendiri(folder: Path) -> list[str]:
    """What others on this machine could read."""
    return [str(b) for b in [folder, *folder.rglob("*")] if b.stat().st_mode & 0o077]
