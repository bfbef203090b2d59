"""The Message resource of an account: create, list, fetch, redact, delete."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from re import Match
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from simulator.twilio_palsu.jawaban import HILANG, SIBUK, Jawaban, galat, jawab_json
from simulator.twilio_palsu.pesan import aturan
from simulator.twilio_palsu.pesan.media import layani_media
from simulator.twilio_palsu.pesan.pesan import Gagal, PesanTwilio, sid_baru
from simulator.twilio_palsu.server import Permintaan

if TYPE_CHECKING:
    from simulator.twilio_palsu.akun import TwilioPalsu

_JENDELA = timedelta(hours=24)  # WhatsApp's customer service window
_TANPA_NOMOR = 63024
_LUAR_JENDELA, _TERLALU_CEPAT, _BERHENTI, _BELUM_SELESAI = 63016, 63018, 21610, 20009


class Indeks:
    """Finds messages without walking over all of them; follows a list that grows."""

    def __init__(self) -> None:
        self._kosongkan()

    def _kosongkan(self) -> None:
        self._sampai = 0
        self._terakhir: PesanTwilio | None = None
        self._sid: dict[str, PesanTwilio] = {}
        self._alamat: defaultdict[str, list[PesanTwilio]] = defaultdict(list)

    def ikuti(self, daftar: list[PesanTwilio]) -> "Indeks":
        """Catch up; begin anew when the list is no longer the one that was read."""
        n = self._sampai
        if len(daftar) < n or (n and daftar[n - 1] is not self._terakhir):
            self._kosongkan()
        for satu in daftar[self._sampai :]:
            self._sid[satu.sid] = satu
            for alamat in {satu.ke, satu.dari}:
                self._alamat[alamat].append(satu)
            self._terakhir = satu
        self._sampai = len(daftar)
        return self

    def sid(self, sid: str) -> PesanTwilio | None:
        return self._sid.get(sid)

    def alamat(self, alamat: str) -> list[PesanTwilio]:
        return self._alamat.get(alamat, [])


class RuangPesan:
    """Whoever calls holds the account's lock."""

    def __init__(self, akun: "TwilioPalsu") -> None:
        self._akun = akun
        self._keluar, self._masuk = Indeks(), Indeks()

    def layani(self, minta: Permintaan, bagian: Match[str], isian: dict[str, str]) -> Jawaban:
        """One call of …/Messages or below."""
        if bagian["pesan"] is None:
            return self._buat(isian) if minta.metode == "POST" else self._daftar(minta.path, isian)
        satu = next((p for i in self._indeks() if (p := i.sid(bagian["pesan"]))), None)
        if satu is None:
            return HILANG
        if bagian["media"]:
            return layani_media(
                satu,
                bagian["media_sid"] or "",
                metode=minta.metode,
                meta=bool(bagian["meta"]),
                account_sid=self._akun.account_sid,
                cdn=self._akun.cdn_url,
            )
        match minta.metode:
            case "GET":
                return jawab_json(200, satu.sebagai_json(self._akun.account_sid))
            case "POST":
                return self._ubah(satu, isian)
            case "DELETE":
                return self._hapus(satu)
        return HILANG

    def _indeks(self) -> list[Indeks]:
        akun = self._akun
        return [self._keluar.ikuti(akun.messages), self._masuk.ikuti(akun.kotak_masuk)]

    # --- A new message -------------------------------------------------------------------------

    def terbuka(self, ke: str) -> bool:
        """Whether the number has written within the last 24 hours."""
        terakhir = self._akun.masuk_terakhir.get(ke.removeprefix("whatsapp:"))
        return terakhir is not None and datetime.now(UTC) - terakhir < _JENDELA

    def _buat(self, isian: dict[str, str]) -> Jawaban:
        akun, sid = self._akun, isian.get("ContentSid", "")
        terbuka = self.terbuka(isian.get("To", ""))
        konten = None if sid in akun.templat else akun.konten.cari(sid)
        teks = akun.teks_templat(sid)
        kode = aturan.keberatan(
            isian,
            pengirim=akun.pengirim,
            templat=teks,
            jendela_terbuka=akun.tolak_belakangan or terbuka,
        )
        if kode:
            return galat(kode)
        if sid and "+" not in isian["To"] and self._rahasia(sid):
            return galat(_TANPA_NOMOR, pesan="Authentication templates need a phone number")
        if isian["To"].removeprefix("whatsapp:") in akun.berhenti_langganan:
            return galat(_BERHENTI, pesan="Attempt to send to unsubscribed recipient")
        penuh = akun.laju.penuh()
        if penuh and akun.laju.tolak:
            return SIBUK
        pesan = PesanTwilio(sid_baru("SM"), isian, isian.get("Body", ""), datetime.now(UTC))
        if teks is not None:
            pesan.body = aturan.isi_templat(teks, pesan.variabel)
            pesan.rahasia = self._rahasia(sid)
        sebab = akun.konten.kode_gagal(sid, jendela_terbuka=terbuka) if konten else 0
        if teks is None and not terbuka:
            sebab = _LUAR_JENDELA
        if penuh or akun.laju.terlalu_rapat(pesan.ke):
            sebab = _TERLALU_CEPAT
        pesan.gagal = akun.nasib(pesan.ke) or (Gagal(sebab) if sebab else None)
        akun.messages.append(pesan)
        return jawab_json(201, pesan.sebagai_json(akun.account_sid))

    def _rahasia(self, sid: str) -> bool:
        """Whether this template carries a one-time code."""
        akun = self._akun
        konten = None if sid in akun.templat else akun.konten.cari(sid)
        return konten.rahasia if konten else sid in akun.templat_rahasia

    # --- Messages that are there ---------------------------------------------------------------

    def _ubah(self, pesan: PesanTwilio, isian: dict[str, str]) -> Jawaban:
        """Redact: an empty Body takes the words away. Nothing else of a sent message changes."""
        if isian.get("Body") != "":
            return galat(20001, pesan="Only an empty Body is accepted")
        if not pesan.selesai:
            return galat(_BELUM_SELESAI, pesan="Message delivery has not been completed")
        pesan.body = ""
        return jawab_json(200, pesan.sebagai_json(self._akun.account_sid))

    def _hapus(self, pesan: PesanTwilio) -> Jawaban:
        if not pesan.selesai:
            return galat(_BELUM_SELESAI, pesan="Message delivery has not been completed")
        for daftar in (self._akun.messages, self._akun.kotak_masuk):
            if pesan in daftar:
                daftar.remove(pesan)
        self._keluar, self._masuk = Indeks(), Indeks()
        return Jawaban(204)

    def _cocok(self, isian: dict[str, str]) -> list[PesanTwilio]:
        """Newest first."""
        indeks = self._indeks()
        alamat = isian.get("To") or isian.get("From")
        calon: Iterable[PesanTwilio]
        if alamat:
            calon = (p for satu in indeks for p in satu.alamat(alamat))
        else:
            calon = [*self._akun.messages, *self._akun.kotak_masuk]
        urut = sorted(calon, key=lambda p: p.dibuat)
        return [p for p in reversed(urut) if aturan.tersaring(p, isian)]

    def _daftar(self, path: str, isian: dict[str, str]) -> Jawaban:
        cocok = self._cocok(isian)
        ukuran = min(int(isian.get("PageSize", 50)), 1000)
        halaman = int(isian.get("Page", 0))
        awal = halaman * ukuran
        potongan = cocok[awal : awal + ukuran]

        def uri(nomor: int) -> str:
            return f"{path}?{urlencode(isian | {'PageSize': ukuran, 'Page': nomor})}"

        return jawab_json(
            200,
            {
                "messages": [p.sebagai_json(self._akun.account_sid) for p in potongan],
                "start": awal,
                "end": max(awal + len(potongan) - 1, 0),
                "page": halaman,
                "page_size": ukuran,
                "uri": uri(halaman),
                "first_page_uri": uri(0),
                "next_page_uri": uri(halaman + 1) if awal + ukuran < len(cocok) else None,
                "previous_page_uri": uri(halaman - 1) if halaman else None,
            },
        )
