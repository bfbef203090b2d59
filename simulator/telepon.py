"""The phones: what a resident sees, put together from the messages of the fake Twilio."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException

from django.conf import settings
from django.utils import timezone

from layanan.percakapan import bentuk
from penduduk.identitas import telepon
from simulator import kartu
from simulator.twilio_palsu import PesanTwilio, TwilioPalsu
from simulator.twilio_palsu.pesan.pesan import sid_baru

_TANDA = {
    "queued": ("○", "antre di penyedia"),
    "sent": ("✓", "terkirim"),
    "delivered": ("✓✓", "sampai di HP"),
    "read": ("✓✓", "dibaca"),
}
_BIASA = "text image audio video document sticker contacts location".split()
_TERBUKA = ("image/jpeg", "image/png", "image/webp", "image/gif")  # shown; others only named


@dataclass(frozen=True)
class Gelembung:
    """One bubble."""

    sid: str
    milik: str  # "warga" (the phone's owner) or "desa"
    jam: str
    potongan: list[tuple[str, str]]  # (biasa, tebal or tautan), words
    foto: bool = False
    lampiran: list[str] = field(default_factory=list)
    tanda: str = ""
    keadaan: str = ""
    gagal: bool = False
    dibaca: bool = False


class Telepon:
    """One number, or one user without. Its own photos stay here when Twilio's copies are gone."""

    def __init__(self, palsu: TwilioPalsu, nomor: str, nama: str) -> None:
        self._palsu = palsu
        self.nomor = nomor
        self.nama = nama
        self.token = secrets.token_urlsafe(16)  # stands for the number in addresses
        self.media: dict[str, tuple[str, bytes]] = {}  # by message
        self._hasil: dict[str, str] = {}  # message -> why the site did not take it

    @property
    def tampil(self) -> str:
        return telepon.tampil(self.nomor) if telepon.bernomor(self.nomor) else self.nomor

    def kirim(
        self,
        *,
        teks: str = "",
        media: tuple[str, bytes] | None = None,
        lokasi: tuple[float, float] | None = None,
        lain: dict[str, str] | None = None,
    ) -> None:
        """Write to the village; what the site answers is shown at the bubble."""
        sid = sid_baru("MM" if media else "SM")
        if media:
            self.media[sid] = media
        try:
            (kode,) = self._palsu.masuk(
                dari=self.nomor,
                teks=teks,
                media=[media] if media else [],
                nama=self.nama,
                sid=sid,
                lokasi=lokasi,
                lain=lain,
            )
        except (OSError, HTTPException):
            self._hasil[sid] = "situs desa tidak menjawab"
        else:
            self._hasil[sid] = "" if kode < 300 else f"ditolak situs desa ({kode})"

    def obrolan(self) -> list[Gelembung]:
        """All bubbles, oldest first."""
        return [self._gelembung(p) for p in self._pesan()]

    def terakhir(self) -> datetime:
        """When something was last written; a new phone counts as now."""
        pesan = self._pesan()
        return pesan[-1].dibuat if pesan else timezone.now()

    def _pesan(self) -> list[PesanTwilio]:
        semua = [*self._palsu.messages, *self._palsu.kotak_masuk]
        alamat = f"whatsapp:{self.nomor}"
        return sorted((p for p in semua if alamat in (p.ke, p.dari)), key=lambda p: p.dibuat)

    def _gelembung(self, pesan: PesanTwilio) -> Gelembung:
        jam = f"{timezone.localtime(pesan.dibuat):%H:%M}"
        if pesan.arah == "inbound":
            return self._sendiri(pesan, jam)
        if pesan.status not in _TANDA:
            kata = f"Satu pesan desa tidak sampai (galat {pesan.kode_galat or pesan.status})."
            return Gelembung(pesan.sid, "desa", jam, [("biasa", kata)], gagal=True)
        tanda, keadaan = _TANDA[pesan.status]
        return Gelembung(
            pesan.sid,
            "desa",
            jam,
            potong(pesan.body),
            tanda=tanda,
            keadaan=keadaan,
            dibaca=pesan.status == "read",
        )

    def _sendiri(self, pesan: PesanTwilio, jam: str) -> Gelembung:
        masalah = self._hasil.get(pesan.sid)
        jenis = self.media[pesan.sid][0] if pesan.sid in self.media else ""
        lampiran = [f"Berkas {jenis}"] if jenis and jenis not in _TERBUKA else []
        if pesan.isian["MessageType"] not in _BIASA:
            lampiran.append(f"Pesan jenis {pesan.isian['MessageType']}")
        if "Latitude" in pesan.isian:
            lampiran.append(f"Lokasi {pesan.isian['Latitude']}, {pesan.isian['Longitude']}")
        return Gelembung(
            pesan.sid,
            "warga",
            jam,
            potong(pesan.body),
            foto=jenis in _TERBUKA,
            lampiran=lampiran,
            tanda="○" if masalah is None else "" if masalah else "✓✓",
            keadaan="sedang dikirim" if masalah is None else masalah or "diterima situs desa",
            gagal=bool(masalah),
        )

    def foto(self, sid: str) -> tuple[str, bytes] | None:
        """One picture of its own, if it is of a kind that a browser may show."""
        jenis, isi = self.media.get(sid, ("", b""))
        return (jenis, isi) if jenis in _TERBUKA else None


class Rak:
    """All phones: those opened here, and every number that has received something."""

    def __init__(self, palsu: TwilioPalsu) -> None:
        self._palsu = palsu
        self._isi: dict[str, Telepon] = {}  # by number

    def ambil(self, nomor: str, nama: str = "") -> Telepon:
        """The phone of a number as people write it, of any number with its +, or of a user whose
        number WhatsApp hides (ID.1349…); raises NomorTidakSah."""
        polos = nomor.strip()
        rapi = polos if bentuk.dikenal(polos) else telepon.rapikan(nomor)
        satu = self._baru(rapi)
        satu.nama = nama or satu.nama
        return satu

    def _baru(self, nomor: str) -> Telepon:
        if nomor not in self._isi:
            self._isi.setdefault(nomor, Telepon(self._palsu, nomor, kartu.pemilik(nomor)))
        return self._isi[nomor]

    def cari(self, token: str) -> Telepon | None:
        return next((t for t in self._isi.values() if secrets.compare_digest(t.token, token)), None)

    def semua(self) -> list[Telepon]:
        for pesan in list(self._palsu.messages):
            self._baru(pesan.ke.removeprefix("whatsapp:"))
        return list(self._isi.values())


def potong(teks: str) -> list[tuple[str, str]]:
    """Words, *bold* words and addresses of our own site, as WhatsApp shows them."""
    situs = settings.PUBLIC_BASE_URL.partition("://")[2]
    pola = rf"\*(?P<tebal>[^*\n]+)\*|(?P<tautan>(?:https?://)?{re.escape(situs)}(?:[\w/?=&%.-]*[\w/])?)"
    return [p for p in _potongan(re.compile(pola), teks) if p[1]]


def _potongan(pola: re.Pattern[str], teks: str) -> Iterator[tuple[str, str]]:
    awal = 0
    for cocok in pola.finditer(teks):
        yield "biasa", teks[awal : cocok.start()]
        yield cocok.lastgroup or "biasa", cocok[cocok.lastgroup or 0]
        awal = cocok.end()
    yield "biasa", teks[awal:]
