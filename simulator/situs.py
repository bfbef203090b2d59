"""The pages of the simulator. Only for a browser on this machine, and only from these pages.

Host is checked against other names that resolve to 127.0.0.1 (DNS rebinding), Origin against
forms of other sites.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.template import Context, Engine

from penduduk.identitas.telepon import NomorTidakSah
from simulator import kartu
from simulator.telepon import Rak, Telepon
from simulator.twilio_palsu import Jawaban, Permintaan, TwilioPalsu

_SINI = Path(__file__).parent
_ASET = {
    "simulator.css": "text/css; charset=utf-8",
    "hp.js": "text/javascript; charset=utf-8",
    "tanda.svg": "image/svg+xml",
}
_WA_ME = re.compile(r"/wa\.me/(?P<nomor>\d{8,15})/?")
_TEKS_MAKS = 1600
_HP = re.compile(r"/hp/(?P<token>[\w-]+)/(?:(?P<obrolan>obrolan)|foto/(?P<foto>MM[0-9a-f]{32}))?")
_KEPALA = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # not less: the Origin of a form would become "null"
    "X-Content-Type-Options": "nosniff",
}
_TEKS = {
    "status": "STATUS",
    "buka": "BUKA",
    "bukan_saya": "BUKAN SAYA",
    "henti": "BERHENTI",
    "mulai": "MULAI",
    "kirim": "KIRIM",
}
# What WhatsApp sends beside words and files.
_ANEH: dict[str, dict[str, Any]] = {
    "reaksi": {"teks": "👍", "lain": {"MessageType": "reaction"}},
    "tombol": {"lain": {"MessageType": "button", "ButtonText": "STATUS"}},
    "ubah": {"teks": "Maaf, maksud saya besok.", "lain": {"MessageType": "edited"}},
    "asing": {"lain": {"MessageType": "unsupported"}},
}


class _DiMemori(MemoryFileUploadHandler):
    """Photos of identity cards never touch the disk, however large they are."""

    def handle_raw_input(self, *lain: Any, **pilihan: Any) -> None:
        self.activated = True


class Situs:
    def __init__(self, palsu: TwilioPalsu) -> None:
        self._palsu = palsu
        self._rak = Rak(palsu)
        self._mesin = Engine(dirs=[str(_SINI / "halaman")])

    def layani(self, minta: Permintaan) -> Jawaban:
        """One call of a browser."""
        host = minta.kepala.get("Host", "")
        if host not in {u.partition("//")[2] for u in (self._palsu.base_url, self._palsu.cdn_url)}:
            return self._tolak(403, "Alamat ini bukan alamat simulator.")
        if minta.metode == "POST" and minta.kepala.get("Origin") != f"http://{host}":
            return self._tolak(403, "Kiriman dari situs lain ditolak.")
        if minta.metode not in ("GET", "HEAD", "POST"):
            return self._tolak(405, "Cara ini tidak dikenal.")
        if minta.path == "/":
            return self._buka(minta) if minta.metode == "POST" else self._daftar()
        if minta.path.startswith("/aset/") and minta.path[6:] in _ASET:
            return _jawab((_SINI / minta.path[1:]).read_bytes(), _ASET[minta.path[6:]])
        if wa_me := _WA_ME.fullmatch(minta.path):
            return self._wa_me(minta, wa_me["nomor"])
        bagian = _HP.fullmatch(minta.path)
        telepon = bagian and self._rak.cari(bagian["token"])
        if not telepon:
            return self._tolak(404, "HP ini tidak ada. Simulator mungkin dinyalakan ulang.")
        if minta.metode == "POST":
            return self._kirim(telepon, minta)
        if bagian["foto"]:
            foto = telepon.foto(bagian["foto"])
            return _jawab(foto[1], foto[0]) if foto else self._tolak(404, "Foto ini tidak ada.")
        return self._halaman("obrolan.html" if bagian["obrolan"] else "hp.html", telepon=telepon)

    def _daftar(self, *, status: int = 200, **isian: str) -> Jawaban:
        return self._halaman("daftar.html", status=status, daftar=self._semua(), **isian)

    def _semua(self) -> list[Telepon]:
        """Whoever wrote or got something last comes first."""
        return sorted(self._rak.semua(), key=lambda t: t.terakhir(), reverse=True)

    def _wa_me(self, minta: Permintaan, nomor: str) -> Jawaban:
        """A link to wa.me was followed: on which of the phones? That one sends its words."""
        if f"whatsapp:+{nomor}" != self._palsu.pengirim:
            return self._tolak(404, "Nomor pada tautan ini bukan nomor desa.")
        kirim = minta.metode == "POST"
        isian = _baca(minta).POST if kirim else QueryDict(minta.query)
        teks = isian.get("teks" if kirim else "text", "").strip()[:_TEKS_MAKS]
        telepon, galat = None, ""
        if kirim and isian.get("hp"):
            telepon = self._rak.cari(isian["hp"])
            galat = "" if telepon else "HP itu sudah tidak ada. Pilih lagi."
        elif kirim:
            try:
                telepon = self._rak.ambil(isian.get("nomor", ""))
            except NomorTidakSah as sebab:
                galat = str(sebab)
        if telepon:
            if teks:
                telepon.kirim(teks=teks)
            return _ke(telepon)
        return self._halaman(
            "wa_me.html",
            status=400 if galat else 200,
            daftar=self._semua(),
            teks=teks,
            galat=galat,
            nomor=isian.get("nomor", ""),
            alamat=f"/wa.me/{nomor}",
        )

    def _buka(self, minta: Permintaan) -> Jawaban:
        isian = _baca(minta).POST
        try:
            telepon = self._rak.ambil(isian.get("nomor", ""), isian.get("nama", "").strip()[:100])
        except NomorTidakSah as galat:
            return self._daftar(status=400, galat=str(galat), nomor=isian.get("nomor", ""))
        return _ke(telepon)

    def _kirim(self, telepon: Telepon, minta: Permintaan) -> Jawaban:
        baca = _baca(minta)
        aksi = baca.POST.get("aksi", "")
        if aksi in ("ktp", "kk"):
            buat = kartu.ktp if aksi == "ktp" else kartu.kk
            telepon.kirim(media=buat(telepon.nomor))
        elif aksi == "suara":
            telepon.kirim(media=kartu.suara())
        elif aksi == "stiker":
            telepon.kirim(media=kartu.STIKER)
        elif aksi == "kontak":
            telepon.kirim(media=kartu.KONTAK)
        elif aksi in _ANEH:
            telepon.kirim(**_ANEH[aksi])
        elif aksi == "lokasi":
            telepon.kirim(lokasi=kartu.LOKASI)
        elif aksi in _TEKS:
            telepon.kirim(teks=_TEKS[aksi])
        else:
            _kirim_tulisan(telepon, baca)
        return _ke(telepon)

    def _tolak(self, status: int, sebab: str) -> Jawaban:
        return self._halaman("tolak.html", status=status, sebab=sebab)

    def _halaman(self, nama: str, *, status: int = 200, **isi: Any) -> Jawaban:
        situs = settings.PUBLIC_BASE_URL
        isi |= {"situs": situs, "skema": situs.partition("://")[0]}
        teks = self._mesin.get_template(nama).render(Context(isi))
        return _jawab(teks.encode(), "text/html; charset=utf-8", status=status)


def _kirim_tulisan(telepon: Telepon, baca: WSGIRequest) -> None:
    """Each photo a message of its own, the words with the first, as WhatsApp does."""
    teks = baca.POST.get("teks", "").strip()
    foto = [(f.content_type or "", f.read()) for f in baca.FILES.getlist("foto") if f.size]
    for ke, satu in enumerate(foto):
        telepon.kirim(teks="" if ke else teks, media=satu)
    if teks and not foto:
        telepon.kirim(teks=teks)


def _baca(minta: Permintaan) -> WSGIRequest:
    """The form of a call, read by Django."""
    baca = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": minta.path,
            "CONTENT_TYPE": minta.kepala.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(minta.badan)),
            "wsgi.input": BytesIO(minta.badan),
        }
    )
    baca.upload_handlers = [_DiMemori(baca)]
    return baca


def _ke(telepon: Telepon) -> Jawaban:
    return Jawaban(303, kepala={**_KEPALA, "Location": f"/hp/{telepon.token}/"})


def _jawab(isi: bytes, jenis: str, *, status: int = 200) -> Jawaban:
    return Jawaban(status, isi, jenis=jenis, kepala=_KEPALA)
