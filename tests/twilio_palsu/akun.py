"""A Twilio account: what it keeps, how it answers, what it sends of its own accord."""

import base64
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from urllib.parse import parse_qsl, urlencode

from twilio.request_validator import RequestValidator

from tests.twilio_palsu import aturan
from tests.twilio_palsu.jawaban import HILANG, Jawaban, galat, jawab_json
from tests.twilio_palsu.masuk import isian_masuk
from tests.twilio_palsu.media import layani_cdn, layani_media
from tests.twilio_palsu.pesan import MediaTwilio, PesanTwilio, sid_baru
from tests.twilio_palsu.server import Permintaan, Server, antar_http

Pengantar = Callable[[str, bytes, dict[str, str]], int]

_JENDELA = timedelta(hours=24)  # WhatsApp's customer service window
_LUAR_JENDELA = 63016
_ALAMAT = re.compile(
    r"/2010-04-01/Accounts/(?P<akun>\w+)/Messages"
    r"(?:/(?P<pesan>\w+)(?P<media>/Media(?:/(?P<media_sid>\w+))?)?)?(?P<meta>\.json)?"
)


class TwilioPalsu:
    """A Twilio account. Thread-safe; keeps its messages over stop() and start()."""

    def __init__(
        self,
        *,
        account_sid: str = "AC" + "0" * 32,
        auth_token: str = "sandi-twilio-palsu",
        pengirim: str = "whatsapp:+628110000000",
        pengantar: Pengantar | None = None,
        url_masuk: str = "http://127.0.0.1:8000/webhook/twilio/masuk/",
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.pengirim = pengirim
        self.pengantar = pengantar or antar_http
        self.url_masuk = url_masuk  # public address of the webhook for incoming messages
        self.templat: dict[str, str] = {}  # ContentSid -> text with {{1}}
        self.templat_rahasia: set[str] = set()  # ContentSids of authentication templates
        self.messages: list[PesanTwilio] = []  # outgoing
        self.kotak_masuk: list[PesanTwilio] = []  # incoming
        self.masuk_terakhir: dict[str, datetime] = {}  # +62… -> opens the 24-hour window
        # Twilio accepts free words outside the window and reports the failure by callback.
        self.tolak_belakangan = False
        self.panggilan: list[tuple[str, str, dict[str, str]]] = []  # kind, path, fields
        self.kepala_cdn: list[dict[str, str]] = []  # headers of each call of the CDN
        self.gangguan_nomor: dict[str, Jawaban] = {}  # last digits of To -> what happens
        # Sent by itself, in a thread: (pause in seconds, status), …
        self.kabar_otomatis: Sequence[tuple[float, str]] = ()
        self.setelah_terima: Callable[[PesanTwilio], None] | None = None
        # Whatever is neither the API nor the CDN, e.g. pages for people.
        self.halaman: Callable[[Permintaan], Jawaban] | None = None
        self._rencana: defaultdict[str, deque[Jawaban | None]] = defaultdict(deque)
        self._kunci = threading.RLock()
        self.berhenti = threading.Event()
        self._port = 0
        self._server: Server | None = None

    # --- The server ----------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def cdn_url(self) -> str:
        """The same server under another name, so that a redirect really changes the host."""
        return f"http://localhost:{self._port}"

    def start(self, port: int = 0, *, selang: float = 0.01) -> "TwilioPalsu":
        """Listen; after a stop() on the same port as before unless told otherwise.

        `selang`: seconds between two looks whether to stop.
        """
        self.berhenti.clear()
        self._server = Server(port or self._port, layani=self.layani, berhenti=self.berhenti)
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": selang}, daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Close the port; calls that hang are let go without an answer."""
        self.berhenti.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> "TwilioPalsu":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- Faults and counting -------------------------------------------------------------------

    def rencanakan(self, *gangguan: Jawaban | None, metode: str = "POST") -> None:
        """What happens to the next calls of a kind, in order; None: nothing unusual.

        Kinds: POST and GET of messages, MEDIA (a file's address, before the redirect), CDN
        (behind it), DELETE (of a file).
        """
        with self._kunci:
            self._rencana[metode].extend(gangguan)

    def cacah(self, metode: str) -> int:
        """How many calls of this kind came in."""
        with self._kunci:
            return sum(m == metode for m, _, _ in self.panggilan)

    def _gangguan(self, jenis: str, isian: dict[str, str]) -> Jawaban | None:
        if self._rencana[jenis]:
            return self._rencana[jenis].popleft()
        if jenis == "POST":
            for akhiran, gangguan in self.gangguan_nomor.items():
                if isian.get("To", "").endswith(akhiran):
                    return gangguan
        return None

    # --- What Twilio sends ---------------------------------------------------------------------

    def masuk(
        self,
        *,
        dari: str,
        teks: str = "",
        media: Sequence[tuple[str, bytes]] = (),
        nama: str = "Warga Contoh",
        sid: str | None = None,
        url: str = "",
        lokasi: tuple[float, float] | None = None,
        sekaligus: bool = False,
        lain: dict[str, str] | None = None,
    ) -> list[int]:
        """A resident writes: signed webhooks to `url` (default url_masuk); the HTTP answers.

        WhatsApp delivers each of several files as a message of its own, the text as caption of
        the first; `sekaligus` puts them into one. A `sid` that was used before sends that message
        again, as Twilio does when it got no answer; whatever else is given is then ignored.
        `lain`: further fields, or other values.
        """
        with self._kunci:
            pesan = [p for p in self.kotak_masuk if sid and p.sid == sid]
            if not pesan:
                berkas = [MediaTwilio(jenis, isi) for jenis, isi in media]
                kelompok = [berkas] if sekaligus or not berkas else [[b] for b in berkas]
                for ke, satu in enumerate(kelompok):
                    sid_pesan = sid if sid and ke == 0 else sid_baru("MM" if satu else "SM")
                    isi = isian_masuk(
                        sid=sid_pesan,
                        account_sid=self.account_sid,
                        dari=dari,
                        ke=self.pengirim,
                        teks=teks if ke == 0 else "",
                        nama=nama,
                        lokasi=lokasi,
                        media=[(m, self._media_url(sid_pesan, m)) for m in satu],
                    ) | (lain or {})
                    pesan.append(self._terima(isi, satu))
                self.masuk_terakhir[dari] = datetime.now(UTC)
        return [self.antar(url or self.url_masuk, p.isian) for p in pesan]

    def _media_url(self, pesan_sid: str, media: MediaTwilio) -> str:
        akun = f"{self.base_url}/2010-04-01/Accounts/{self.account_sid}"
        return f"{akun}/Messages/{pesan_sid}/Media/{media.sid}"

    def _terima(self, isi: dict[str, str], media: list[MediaTwilio]) -> PesanTwilio:
        kini = datetime.now(UTC)
        pesan = PesanTwilio(
            isi["MessageSid"],
            isi,
            isi["Body"],
            kini,
            status="received",
            dikirim=kini,
            arah="inbound",
            media=media,
        )
        self.kotak_masuk.append(pesan)
        return pesan

    def kabari(self, pesan: PesanTwilio, *status: str, kode_galat: int | None = None) -> list[int]:
        """Send signed status callbacks in this order; returns the HTTP answers."""
        jawaban = []
        for satu in status:
            with self._kunci:
                pesan.maju(satu, kode_galat)
            if url := pesan.isian.get("StatusCallback"):
                jawaban.append(self.antar(url, self.kabar(pesan, satu, kode_galat)))
        return jawaban

    def kabar(
        self, pesan: PesanTwilio, status: str, kode_galat: int | None = None
    ) -> dict[str, str]:
        """The form fields of a status callback."""
        isi = {
            "AccountSid": self.account_sid,
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

    def antar(self, url: str, isi: dict[str, str], *, tanda_tangan: str | None = None) -> int:
        """POST `isi` to the public `url`, signed unless a (false) signature is given."""
        if tanda_tangan is None:
            tanda_tangan = RequestValidator(self.auth_token).compute_signature(url, isi)
        kepala = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": tanda_tangan,
        }
        return self.pengantar(url, urlencode(isi).encode(), kepala)

    def _setelah(self, pesan: PesanTwilio) -> None:
        """After a message was accepted; outside the lock, for both may call back."""
        if self.setelah_terima:
            self.setelah_terima(pesan)
        if self.kabar_otomatis:
            threading.Thread(target=self._kabari_otomatis, args=(pesan,), daemon=True).start()

    def _kabari_otomatis(self, pesan: PesanTwilio) -> None:
        gagal = _LUAR_JENDELA if "Body" in pesan.isian and not self._terbuka(pesan.ke) else None
        urutan = self.kabar_otomatis
        for jeda, status in [(urutan[0][0], "failed")] if gagal else urutan:
            if self.berhenti.wait(jeda):
                return
            with suppress(OSError, HTTPException):  # the site is not there: lost, as in real life
                self.kabari(pesan, status, kode_galat=gagal)

    # --- The API -------------------------------------------------------------------------------

    def layani(self, minta: Permintaan) -> Jawaban:
        """One call: password, planned fault, the call itself."""
        if minta.path.startswith("/cdn/"):
            return self._cdn(minta)
        if self.halaman and not minta.path.startswith("/2010-04-01/"):
            return self.halaman(minta)
        isian = dict(parse_qsl(minta.badan.decode() if minta.metode == "POST" else minta.query))
        bagian = _ALAMAT.fullmatch(minta.path)
        berkas = bagian and bagian["media_sid"] and not bagian["meta"]
        jenis = "MEDIA" if berkas and minta.metode == "GET" else minta.metode
        sandi = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        with self._kunci:
            self.panggilan.append((jenis, minta.path, isian))
            if minta.kepala.get("Authorization") != f"Basic {sandi}":
                return galat(20003, pesan="Authenticate")
            gangguan = self._gangguan(jenis, isian)
            if gangguan and not gangguan.tersimpan:
                return gangguan
            sudah = len(self.messages)
            hasil = self._arahkan(minta, bagian, isian)
            baru = self.messages[sudah:]
        for pesan in baru:
            self._setelah(pesan)
        return gangguan or hasil

    def _cdn(self, minta: Permintaan) -> Jawaban:
        with self._kunci:
            self.panggilan.append(("CDN", minta.path, {}))
            self.kepala_cdn.append(dict(minta.kepala.items()))
            gangguan = self._gangguan("CDN", {})
            return gangguan or layani_cdn(self.kotak_masuk, minta.path.removeprefix("/cdn/"))

    def _arahkan(
        self, minta: Permintaan, bagian: re.Match[str] | None, isian: dict[str, str]
    ) -> Jawaban:
        if bagian is None or bagian["akun"] != self.account_sid:
            return HILANG
        if bagian["pesan"] is None:
            return self._buat(isian) if minta.metode == "POST" else self._daftar(minta.path, isian)
        satu = next((p for p in self._semua() if p.sid == bagian["pesan"]), None)
        if satu is None:
            return HILANG
        if bagian["media"]:
            return layani_media(
                satu,
                bagian["media_sid"] or "",
                metode=minta.metode,
                meta=bool(bagian["meta"]),
                account_sid=self.account_sid,
                cdn=self.cdn_url,
            )
        return (
            jawab_json(200, satu.sebagai_json(self.account_sid))
            if minta.metode == "GET"
            else HILANG
        )

    def _semua(self) -> list[PesanTwilio]:
        """Both directions, oldest first."""
        return sorted([*self.messages, *self.kotak_masuk], key=lambda p: p.dibuat)

    def _terbuka(self, ke: str) -> bool:
        """Whether the number has written within the last 24 hours."""
        terakhir = self.masuk_terakhir.get(ke.removeprefix("whatsapp:"))
        return terakhir is not None and datetime.now(UTC) - terakhir < _JENDELA

    def _buat(self, isian: dict[str, str]) -> Jawaban:
        kode = aturan.keberatan(
            isian,
            pengirim=self.pengirim,
            templat=self.templat,
            jendela_terbuka=self.tolak_belakangan or self._terbuka(isian.get("To", "")),
        )
        if kode:
            return galat(kode)
        pesan = PesanTwilio(sid_baru("SM"), isian, isian.get("Body", ""), datetime.now(UTC))
        if sid := isian.get("ContentSid"):
            pesan.body = aturan.isi_templat(self.templat[sid], pesan.variabel)
            pesan.rahasia = sid in self.templat_rahasia
        self.messages.append(pesan)
        return jawab_json(201, pesan.sebagai_json(self.account_sid))

    def _daftar(self, path: str, isian: dict[str, str]) -> Jawaban:
        cocok = [p for p in reversed(self._semua()) if aturan.tersaring(p, isian)]
        ukuran = min(int(isian.get("PageSize", 50)), 1000)
        halaman = int(isian.get("Page", 0))
        awal = halaman * ukuran
        potongan = cocok[awal : awal + ukuran]

        def uri(nomor: int) -> str:
            return f"{path}?{urlencode(isian | {'PageSize': ukuran, 'Page': nomor})}"

        return jawab_json(
            200,
            {
                "messages": [p.sebagai_json(self.account_sid) for p in potongan],
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
