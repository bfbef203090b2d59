"""A Twilio account: what it keeps, how it answers, what it sends of its own accord."""

import base64
import random
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import parse_qsl

from simulator.twilio_palsu.acak import GangguanAcak
from simulator.twilio_palsu.catatan import Catatan
from simulator.twilio_palsu.jawaban import HILANG, Jawaban, galat, jawab_json
from simulator.twilio_palsu.konten.konten import RuangKonten, baca_json
from simulator.twilio_palsu.laju import Laju
from simulator.twilio_palsu.pesan.kabar import Pengabar
from simulator.twilio_palsu.pesan.masuk import isian_masuk, kata_henti
from simulator.twilio_palsu.pesan.media import layani_cdn
from simulator.twilio_palsu.pesan.pesan import Gagal, MediaTwilio, PesanTwilio, sid_baru
from simulator.twilio_palsu.pesan.ruang_pesan import RuangPesan
from simulator.twilio_palsu.server import Permintaan, Server, antar_http

Nilai = TypeVar("Nilai")
Pengantar = Callable[[str, bytes, dict[str, str]], int]

_ALAMAT = re.compile(
    r"/2010-04-01/Accounts/(?P<akun>\w+)/Messages"
    r"(?:/(?P<pesan>\w+)(?P<media>/Media(?:/(?P<media_sid>\w+))?)?)?(?P<meta>\.json)?"
)
_API = ("/2010-04-01/", "/v1/")  # api.twilio.com and content.twilio.com


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
        self.templat: dict[str, str] = {}  # ContentSid -> text with {{1}}, approved
        self.templat_rahasia: set[str] = set()  # ContentSids of authentication templates
        self.konten = RuangKonten(account_sid)  # templates made through the Content API
        self.messages: list[PesanTwilio] = []  # outgoing
        self.kotak_masuk: list[PesanTwilio] = []  # incoming
        self.masuk_terakhir: dict[str, datetime] = {}  # +62… -> opens the 24-hour window
        # Twilio accepts free words outside the window and reports the failure by callback.
        self.tolak_belakangan = False
        self.berhenti_langganan: set[str] = set()  # +62…: refused with 21610
        # Advanced opt-out of a messaging service: STOP and START move the number in and out of
        # berhenti_langganan. Without it (the default) opting out is the application's business.
        self.opt_out_lanjutan = False
        self.panggilan: list[tuple[str, str, dict[str, str]]] = []  # kind, path, fields
        self.catat_panggilan = True  # False: only count them, for long runs
        self.catatan = Catatan()
        self.kepala_cdn: list[dict[str, str]] = []  # headers of each call of the CDN
        self.gangguan_nomor: dict[str, Jawaban] = {}  # last digits of To -> what happens
        # The account is at fault: each new message is refused at once (`tolak_akun`), or accepted
        # and then failed (`gagal_akun`), with this code; 0: it is not.
        self.tolak_akun = self.gagal_akun = 0
        self.gagal_nomor: dict[str, Gagal] = {}  # last digits of To -> how it ends, once accepted
        self.acak: GangguanAcak | None = None  # trouble by the dice, after all that is planned
        self.laju = Laju()
        self.latensi: tuple[float, float] = (0.0, 0.0)  # seconds before an answer, from … to
        # Sent by itself, in a thread: (pause in seconds, status), …
        self.kabar_otomatis: Sequence[tuple[float, str]] = ()
        self.setelah_terima: Callable[[PesanTwilio], None] | None = None
        # Whatever is neither the API nor the CDN, e.g. pages for people.
        self.halaman: Callable[[Permintaan], Jawaban] | None = None
        self._rencana: defaultdict[str, deque[Jawaban | None]] = defaultdict(deque)
        self._rencana_gagal: deque[Gagal | None] = deque()
        self._acak_latensi = random.Random(0)
        self._kunci = threading.RLock()
        self.berhenti = threading.Event()
        self._port = 0
        self._server: Server | None = None
        self._pengabar = Pengabar(self)
        self._ruang = RuangPesan(self)

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
        self._pengabar.mulai()
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
        self._pengabar.berhenti()

    def __enter__(self) -> "TwilioPalsu":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- Faults and counting -------------------------------------------------------------------

    def rencanakan(self, *gangguan: Jawaban | None, metode: str = "POST") -> None:
        """What happens to the next calls of a kind, in order; None: nothing unusual.

        Kinds: POST (a new message), GET (list, one message), UBAH and DELETE (one message or
        file), MEDIA (a file's address, before the redirect), CDN (behind it); of templates
        KONTEN-POST, KONTEN-GET, KONTEN-DELETE, KONTEN-AJUKAN and KONTEN-PERIKSA (approval).
        """
        with self._kunci:
            self._rencana[metode].extend(gangguan)

    def rencanakan_gagal(self, *gagal: Gagal | None) -> None:
        """How the next messages end after they were accepted, in order; None: well."""
        with self._kunci:
            self._rencana_gagal.extend(gagal)

    def cacah(self, metode: str) -> int:
        """How many calls of this kind came in."""
        return self.catatan[f"panggilan_{metode}"]

    def sisa_kabar(self) -> int:
        """Callbacks that are still to come, or under way."""
        return self._pengabar.sisa()

    def _gangguan(self, jenis: str, isian: dict[str, str]) -> Jawaban | None:
        if self._rencana[jenis]:
            return self._rencana[jenis].popleft()
        if self.tolak_akun and jenis in ("POST", "GET"):
            return galat(self.tolak_akun)
        if jenis == "POST":
            return _akhiran(self.gangguan_nomor, isian.get("To", "")) or (
                self.acak.panggilan() if self.acak else None
            )
        return self.acak.baca() if self.acak and jenis == "GET" else None

    def nasib(self, ke: str) -> Gagal | None:
        """How a message that is accepted right now is planned to end."""
        if self._rencana_gagal:
            return self._rencana_gagal.popleft()
        if self.gagal_akun:
            return Gagal(self.gagal_akun)
        return _akhiran(self.gagal_nomor, ke) or (self.acak.akhir() if self.acak else None)

    def teks_templat(self, sid: str) -> str | None:
        """The words behind a ContentSid, with {{1}}."""
        if sid in self.templat:
            return self.templat[sid]
        konten = self.konten.cari(sid)
        return konten.teks if konten else None

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
                    isi = (
                        isian_masuk(
                            sid=sid_pesan,
                            account_sid=self.account_sid,
                            dari=dari,
                            ke=self.pengirim,
                            teks=teks if ke == 0 else "",
                            nama=nama,
                            lokasi=lokasi,
                            media=[(m, self._media_url(sid_pesan, m)) for m in satu],
                        )
                        | self._opt_out(dari, teks if ke == 0 else "")
                        | (lain or {})
                    )
                    pesan.append(self._terima(isi, satu))
                self.masuk_terakhir[dari] = datetime.now(UTC)
        return [self.antar(url or self.url_masuk, p.isian) for p in pesan]

    def _opt_out(self, dari: str, teks: str) -> dict[str, str]:
        """What advanced opt-out makes of a message, and the field it adds."""
        jenis = kata_henti(teks) if self.opt_out_lanjutan else ""
        if jenis == "STOP":
            self.berhenti_langganan.add(dari)
        elif jenis == "START":
            self.berhenti_langganan.discard(dari)
        return {"OptOutType": jenis} if jenis else {}

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
            self.majukan(pesan, satu, kode_galat)
            if url := pesan.isian.get("StatusCallback"):
                jawaban.append(self.antar(url, self.kabar(pesan, satu, kode_galat)))
        return jawaban

    def majukan(self, pesan: PesanTwilio, status: str, kode_galat: int | None = None) -> None:
        """The resource moves on; nobody is told."""
        with self._kunci:
            pesan.maju(status, kode_galat)

    def kabar(
        self, pesan: PesanTwilio, status: str, kode_galat: int | None = None
    ) -> dict[str, str]:
        """The form fields of a status callback."""
        return self._pengabar.isian(pesan, status, kode_galat)

    def antar(self, url: str, isi: dict[str, str], *, tanda_tangan: str | None = None) -> int:
        """POST `isi` to the public `url`, signed unless a (false) signature is given."""
        return self._pengabar.antar(url, isi, tanda_tangan)

    # --- The API -------------------------------------------------------------------------------

    def layani(self, minta: Permintaan) -> Jawaban:
        """One call of whatever is on this port."""
        if minta.path.startswith("/cdn/"):
            return self._cdn(minta)
        if self.halaman and not minta.path.startswith(_API):
            return self.halaman(minta)
        hasil = self._api(minta)
        if self.latensi[1]:
            self.berhenti.wait(self._acak_latensi.uniform(*self.latensi))
        return hasil

    def _api(self, minta: Permintaan) -> Jawaban:
        """Password, planned fault, the call itself."""
        jenis, isian, bagian = self._baca(minta)
        sandi = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        with self._kunci:
            self._catat(jenis, minta.path, isian)
            if minta.kepala.get("Authorization") != f"Basic {sandi}":
                return galat(20003, pesan="Authenticate")
            gangguan = self._gangguan(jenis, isian)
            if gangguan and not gangguan.tersimpan:
                return self._hitung(jenis, gangguan)
            sudah = len(self.messages)
            if jenis.startswith("KONTEN"):
                hasil = self.konten.layani(minta, isian, akar=self.base_url)
            elif minta.path == f"/2010-04-01/Accounts/{self.account_sid}.json":
                status = "suspended" if self.gagal_akun else "active"
                hasil = jawab_json(200, {"sid": self.account_sid, "status": status})
            elif bagian is None or bagian["akun"] != self.account_sid:
                hasil = HILANG
            else:
                hasil = self._ruang.layani(minta, bagian, isian)
            baru = self.messages[sudah:]
        for pesan in baru:
            self.catatan.tambah("diterima")
            if self.setelah_terima:  # outside the lock, for it may call back
                self.setelah_terima(pesan)
            self._pengabar.jadwalkan(pesan)
        return self._hitung(jenis, gangguan or hasil)

    @staticmethod
    def _baca(minta: Permintaan) -> tuple[str, dict[str, str], re.Match[str] | None]:
        """Kind and fields of a call, and the parts of its address."""
        if minta.path.startswith("/v1/"):
            isi = dict(parse_qsl(minta.query)) if minta.metode == "GET" else baca_json(minta.badan)
            return RuangKonten.jenis(minta), isi, None
        # Only what changes a message may hold an empty field: Body="" takes its words away.
        bagian = _ALAMAT.fullmatch(minta.path)
        ubah = bool(bagian and bagian["pesan"] and minta.metode == "POST")
        teks = minta.badan.decode() if minta.metode == "POST" else minta.query
        isian = dict(parse_qsl(teks, keep_blank_values=ubah))
        berkas = bagian and bagian["media_sid"] and not bagian["meta"]
        if berkas and minta.metode == "GET":
            return "MEDIA", isian, bagian
        return "UBAH" if ubah else minta.metode, isian, bagian

    def _catat(self, jenis: str, path: str, isian: dict[str, str]) -> None:
        self.catatan.tambah(f"panggilan_{jenis}")
        if self.catat_panggilan:
            self.panggilan.append((jenis, path, isian))

    def _hitung(self, jenis: str, hasil: Jawaban) -> Jawaban:
        """Count what became of a new message."""
        if jenis == "POST" and hasil.cara != "jawab":
            self.catatan.tambah(f"{hasil.cara}_{'sesudah' if hasil.tersimpan else 'sebelum'}")
        elif jenis == "POST" and hasil.status >= 400:
            self.catatan.tambah(f"ditolak_{hasil.status}")
        return hasil

    def _cdn(self, minta: Permintaan) -> Jawaban:
        with self._kunci:
            self._catat("CDN", minta.path, {})
            self.kepala_cdn.append(dict(minta.kepala.items()))
            gangguan = self._gangguan("CDN", {})
            return gangguan or layani_cdn(self.kotak_masuk, minta.path.removeprefix("/cdn/"))


def _akhiran(rencana: dict[str, Nilai], ke: str) -> Nilai | None:
    """What is planned for a number that ends so."""
    return next((nilai for akhiran, nilai in rencana.items() if ke.endswith(akhiran)), None)
