"""The Content API (content.twilio.com): templates and their approval by WhatsApp."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.twilio_palsu.jawaban import HILANG, Jawaban, galat, jawab_json
from simulator.twilio_palsu.konten import aturan_konten as aturan
from simulator.twilio_palsu.pesan.pesan import sid_baru
from simulator.twilio_palsu.server import Permintaan

_ALAMAT = re.compile(
    r"/v1/(?:(?P<semua>ContentAndApprovals)"
    r"|Content(?:/(?P<sid>\w+)(?P<setuju>/ApprovalRequests(?P<wa>/whatsapp)?)?)?)"
)
LUAR_JENDELA, BAHASA_LAIN, DITOLAK, DIJEDA, DIMATIKAN = 63016, 63027, 63040, 63041, 63042
_LAIN = galat(20004, pesan="Method not allowed")
_KODE = {"rejected": DITOLAK, "paused": DIJEDA, "disabled": DIMATIKAN}


@dataclass(frozen=True)
class Tinjauan:
    """What WhatsApp decides about a template, and when."""

    status: str = "approved"  # or rejected; paused, disabled: approved once, taken back later
    alasan: str = ""  # rejection_reason
    lihat: int = 0  # so many look-ups still say received, then pending
    detik: float = 0.0  # and so many seconds pass before the decision
    kategori: str = ""  # WhatsApp may put a template into another category


@dataclass
class Pengajuan:
    """One ApprovalRequest."""

    nama: str
    kategori: str
    tinjauan: Tinjauan
    sejak: float = field(default_factory=time.monotonic)
    dilihat: int = 0

    @property
    def status(self) -> str:
        rencana = self.tinjauan
        cukup = not rencana.lihat or self.dilihat > rencana.lihat
        if cukup and time.monotonic() - self.sejak >= rencana.detik:
            return rencana.status
        return "received" if self.dilihat < 2 else "pending"

    def sebagai_json(self, jenis: str) -> dict[str, Any]:
        sudah = self.status == self.tinjauan.status
        return {
            "name": self.nama,
            "category": (sudah and self.tinjauan.kategori) or self.kategori,
            "content_type": jenis,
            "status": self.status,
            "rejection_reason": self.tinjauan.alasan if self.status == "rejected" else "",
            "allow_category_change": True,
        }


@dataclass
class KontenTwilio:
    """One Content resource."""

    nama: str
    bahasa: str
    variabel: dict[str, str]
    jenis: dict[str, Any]
    sid: str = field(default_factory=lambda: sid_baru("HX"))
    dibuat: datetime = field(default_factory=lambda: datetime.now(UTC))
    pengajuan: Pengajuan | None = None

    @property
    def status(self) -> str:
        return self.pengajuan.status if self.pengajuan else "unsubmitted"

    @property
    def teks(self) -> str:
        return aturan.kata(self.jenis, self.bahasa)

    @property
    def rahasia(self) -> bool:
        return aturan.SANDI in self.jenis

    def sebagai_json(self, account_sid: str, akar: str) -> dict[str, Any]:
        pada, url = f"{self.dibuat:%Y-%m-%dT%H:%M:%SZ}", f"{akar}/v1/Content/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "friendly_name": self.nama,
            "language": self.bahasa,
            "variables": self.variabel,
            "types": self.jenis,
            "date_created": pada,
            "date_updated": pada,
            "url": url,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{url}/ApprovalRequests",
            },
        }

    def persetujuan(self) -> dict[str, Any]:
        """What a look-up of the approval shows; looking counts."""
        jenis = next(iter(self.jenis))
        ajuan = self.pengajuan
        if ajuan:
            ajuan.dilihat += 1
            return {"type": "whatsapp"} | ajuan.sebagai_json(jenis)
        kosong = dict.fromkeys(("name", "category", "rejection_reason"), "")
        return {"type": "whatsapp", **kosong, "content_type": jenis, "status": "unsubmitted"}


class RuangKonten:
    """All templates of an account. `tinjauan` says by name what WhatsApp will decide."""

    def __init__(self, account_sid: str) -> None:
        self._account_sid = account_sid
        self._isi: dict[str, KontenTwilio] = {}  # by sid, oldest first
        self._terpakai: set[tuple[str, str]] = set()  # name and language, also of what is gone
        self._kunci = threading.RLock()
        self.tinjauan: dict[str, Tinjauan] = {}
        self.tinjauan_bawaan = Tinjauan()  # approved at once
        self.bahasa = {"id", "en", "en_GB", "en_US"}  # others WhatsApp does not know: 63027
        self.setelah_ubah: Callable[[list[KontenTwilio]], None] | None = None

    def cari(self, sid: str) -> KontenTwilio | None:
        return self._isi.get(sid)

    def semua(self) -> list[KontenTwilio]:
        with self._kunci:
            return list(self._isi.values())

    def kembalikan(self, semua: Iterable[KontenTwilio]) -> None:
        """Take over templates of an earlier run; names stay used up."""
        with self._kunci:
            for satu in semua:
                self._isi[satu.sid] = satu
                if satu.pengajuan:
                    self._terpakai.add((satu.pengajuan.nama, satu.bahasa))

    def putuskan(self, nama: str, tinjauan: Tinjauan) -> None:
        """WhatsApp (re)considers every template that was handed in under this name."""
        with self._kunci:
            for satu in self._isi.values():
                if satu.pengajuan and satu.pengajuan.nama == nama:
                    satu.pengajuan.tinjauan = tinjauan

    def kode_gagal(self, sid: str, *, jendela_terbuka: bool) -> int:
        """With which code a message made of this template fails after it was accepted; 0: it
        does not. Within the window twilio/text needs no approval; one-time codes always do."""
        konten = self._isi[sid]
        if konten.bahasa not in self.bahasa:
            return BAHASA_LAIN
        if konten.status == "approved" or (jendela_terbuka and not konten.rahasia):
            return 0
        return _KODE.get(konten.status, LUAR_JENDELA)

    @staticmethod
    def jenis(minta: Permintaan) -> str:
        """The kind of a call, for TwilioPalsu.rencanakan() and cacah()."""
        if "/ApprovalRequests" in minta.path:
            return "KONTEN-AJUKAN" if minta.metode == "POST" else "KONTEN-PERIKSA"
        return f"KONTEN-{minta.metode}"

    def layani(self, minta: Permintaan, isi: dict[str, Any], *, akar: str) -> Jawaban:
        """One call below /v1/. `akar`: the address that links begin with."""
        with self._kunci:
            hasil = self._layani(minta, isi, akar)
            if self.setelah_ubah and minta.metode != "GET" and hasil.status < 400:
                self.setelah_ubah(list(self._isi.values()))
        return hasil

    def _layani(self, minta: Permintaan, isi: dict[str, Any], akar: str) -> Jawaban:
        bagian = _ALAMAT.fullmatch(minta.path)
        if bagian is None:
            return HILANG
        if bagian["sid"] is None:
            if minta.metode == "POST" and not bagian["semua"]:
                return self._buat(isi, akar)
            return self._daftar(minta, isi, akar) if minta.metode == "GET" else _LAIN
        konten = self._isi.get(bagian["sid"])
        if konten is None:
            return HILANG
        if bagian["setuju"]:
            return self._persetujuan(konten, minta, isi, akar, ajukan=bool(bagian["wa"]))
        if minta.metode == "DELETE":
            del self._isi[konten.sid]
            return Jawaban(204)
        if minta.metode != "GET":
            return _LAIN
        return jawab_json(200, konten.sebagai_json(self._account_sid, akar))

    def _buat(self, isi: dict[str, Any], akar: str) -> Jawaban:
        isi = aturan.tanpa_kosong(isi)
        if sebab := aturan.keberatan_buat(isi):
            return galat(20001, pesan=sebab)
        konten = KontenTwilio(
            isi.get("friendly_name", ""), isi["language"], isi.get("variables", {}), isi["types"]
        )
        self._isi[konten.sid] = konten
        return jawab_json(201, konten.sebagai_json(self._account_sid, akar))

    def _persetujuan(
        self,
        konten: KontenTwilio,
        minta: Permintaan,
        isi: dict[str, Any],
        akar: str,
        *,
        ajukan: bool,
    ) -> Jawaban:
        if minta.metode == "POST" and ajukan:
            return self._ajukan(konten, aturan.tanpa_kosong(isi))
        if minta.metode != "GET" or ajukan:
            return _LAIN
        hasil = {
            "sid": konten.sid,
            "account_sid": self._account_sid,
            "whatsapp": konten.persetujuan(),
            "url": f"{akar}/v1/Content/{konten.sid}/ApprovalRequests",
        }
        return jawab_json(200, hasil)

    def _ajukan(self, konten: KontenTwilio, isi: dict[str, Any]) -> Jawaban:
        if sebab := aturan.keberatan_ajukan(isi, konten.jenis):
            return galat(20001, pesan=sebab)
        if konten.pengajuan:
            return galat(20001, pesan="This content was already submitted for approval")
        nama = isi["name"]
        if (nama, konten.bahasa) in self._terpakai:
            return galat(20001, pesan=f"The name {nama} was used before in {konten.bahasa}")
        self._terpakai.add((nama, konten.bahasa))
        rencana = self.tinjauan.get(nama, self.tinjauan_bawaan)
        if alasan := aturan.alasan_ditolak(konten.jenis, konten.variabel):
            rencana = Tinjauan("rejected", alasan, lihat=rencana.lihat, detik=rencana.detik)
        konten.pengajuan = Pengajuan(nama, isi["category"], rencana)
        terima = konten.pengajuan.sebagai_json(next(iter(konten.jenis)))
        return jawab_json(201, terima | {"status": "received", "rejection_reason": ""})

    def _daftar(self, minta: Permintaan, isi: dict[str, Any], akar: str) -> Jawaban:
        """By PageToken; Page is the client's own count and moves nothing."""
        ukuran = min(max(_angka(isi.get("PageSize"), 50), 1), 1000)
        awal = _angka(isi.get("PageToken", "PT0").removeprefix("PT"), 0)
        halaman = awal // ukuran
        setuju = minta.path.endswith("ContentAndApprovals")
        urut = [*reversed(self._isi.values())]
        potongan = []
        for konten in urut[awal : awal + ukuran]:
            potongan.append(konten.sebagai_json(self._account_sid, akar))
            if setuju:
                potongan[-1]["approval_requests"] = konten.persetujuan()

        def url(mulai: int) -> str:
            letak = f"&Page={mulai // ukuran}&PageToken=PT{mulai}" if mulai else "&Page=0"
            return f"{akar}{minta.path}?PageSize={ukuran}{letak}"

        meta = {
            "key": "contents",
            "page": halaman,
            "page_size": ukuran,
            "url": url(awal),
            "first_page_url": url(0),
            "next_page_url": url(awal + ukuran) if awal + ukuran < len(urut) else None,
            "previous_page_url": url(max(awal - ukuran, 0)) if awal else None,
        }
        return jawab_json(200, {"meta": meta, "contents": potongan})


def _angka(teks: str | None, bawaan: int) -> int:
    return int(teks) if teks and teks.isdecimal() else bawaan


def baca_json(badan: bytes) -> Any:
    """The body of a call; None when it is no JSON."""
    try:
        return json.loads(badan or b"{}")
    except ValueError:
        return None
