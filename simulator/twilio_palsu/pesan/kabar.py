"""Status callbacks: what Twilio tells of its own accord about an accepted message."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from simulator.twilio_palsu.pesan.antrean import Antrean
from simulator.twilio_palsu.pesan.pesan import PesanTwilio

if TYPE_CHECKING:
    from simulator.twilio_palsu.akun import TwilioPalsu

_JEDA_GAGAL = 0.05  # seconds until a failure is told when no pauses are set
_UTAS = 64  # enough for 150 callbacks a second to a site that takes 0.4 s for each


class Pengabar:
    """Sends the callbacks of one account, each chain in order unless trouble is planned."""

    def __init__(self, akun: "TwilioPalsu") -> None:
        self._akun = akun
        self._antrean: Antrean | None = None

    def mulai(self) -> None:
        tutup: Callable[[], None] = getattr(self._akun.pengantar, "tutup", lambda: None)
        self._antrean = Antrean(_UTAS, selesai=tutup)

    def berhenti(self) -> None:
        """Callbacks that are still to come are lost, as with a sender that is switched off."""
        if self._antrean:
            self._antrean.tutup()
            self._antrean = None

    def sisa(self) -> int:
        """Callbacks that are still to come."""
        return self._antrean.sisa() if self._antrean else 0

    # --- One callback --------------------------------------------------------------------------

    def isian(self, pesan: PesanTwilio, status: str, kode_galat: int | None) -> dict[str, str]:
        isi = {
            "AccountSid": self._akun.account_sid,
            "ApiVersion": "2010-04-01",
            "ChannelPrefix": "whatsapp",
            "From": pesan.dari,
            "MessageSid": pesan.sid,
            "MessageStatus": status,
            "SmsSid": pesan.sid,
            "SmsStatus": status,
            "To": pesan.ke,
        }
        if kode_galat:
            isi |= {"ErrorCode": str(kode_galat), "ErrorMessage": ""}
        return isi

    def antar(self, url: str, isi: dict[str, str], tanda_tangan: str | None) -> int:
        """POST to the public `url`; the HTTP answer, counted and timed."""
        if tanda_tangan is None:
            tanda_tangan = RequestValidator(self._akun.auth_token).compute_signature(url, isi)
        kepala = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": tanda_tangan,
        }
        awal, status = time.perf_counter(), 0
        self._akun.catatan.tambah("kabar_dikirim")
        try:
            status = self._akun.pengantar(url, urlencode(isi).encode(), kepala)
        finally:
            self._akun.catatan.kabar_selesai(status, time.perf_counter() - awal)
        return status

    # --- By itself -----------------------------------------------------------------------------

    def rangkaian(self, pesan: PesanTwilio) -> list[tuple[float, str, int | None]]:
        """Pause, status and code of all that is going to happen to this message."""
        otomatis: Sequence[tuple[float, str]] = self._akun.kabar_otomatis
        if not pesan.gagal:
            return [(jeda, status, None) for jeda, status in otomatis]
        jeda = otomatis[0][0] if otomatis else _JEDA_GAGAL
        awal = [(jeda, status, None) for status in pesan.gagal.setelah]
        return [*awal, (jeda, pesan.gagal.akhir, pesan.gagal.kode)]

    def jadwalkan(self, pesan: PesanTwilio) -> None:
        if rangkaian := self.rangkaian(pesan):
            self._berikut(pesan, rangkaian, 0, None)

    def _berikut(
        self,
        pesan: PesanTwilio,
        rangkaian: list[tuple[float, str, int | None]],
        ke: int,
        tertahan: Callable[[], None] | None,
    ) -> None:
        """Plan step `ke`. `tertahan`: the callback before, if it is to come after this one."""
        if not self._antrean:
            return
        if ke == len(rangkaian):
            if tertahan:
                self._antrean.tambah(0, tertahan)
            return
        jeda, status, kode = rangkaian[ke]

        def jalankan() -> None:
            self._akun.majukan(pesan, status, kode)
            simpan = self._satu(pesan, status, kode)
            if tertahan:
                tertahan()
            self._berikut(pesan, rangkaian, ke + 1, simpan)

        self._antrean.tambah(jeda, jalankan)

    def _satu(self, pesan: PesanTwilio, status: str, kode: int | None) -> Callable[[], None] | None:
        """Send one callback as the dice say; returns it when it has to wait for the next one."""
        url = pesan.isian.get("StatusCallback")
        if not url:
            return None
        isi = self.isian(pesan, status, kode)
        cara, telat = self._akun.acak.kabar() if self._akun.acak else ("", 0.0)

        def kirim() -> None:
            # No answer, or a bad one: given up, as Twilio does with status callbacks.
            with suppress(OSError, HTTPException):
                self.antar(url, isi, None)

        match cara:
            case "hilang":
                return None
            case "terbalik":
                return kirim
            case "terlambat" if self._antrean:
                self._antrean.tambah(telat, kirim)
                return None
            case "ganda":
                kirim()
        kirim()
        return None
