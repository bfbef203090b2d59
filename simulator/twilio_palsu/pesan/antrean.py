"""A clock with hands: jobs at their time, by a few threads that are started as they are needed.

A thread and a connection for each callback would be most of the work at 150 callbacks a second.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import SimpleQueue
from urllib.parse import urlsplit

Tugas = Callable[[], None]


class Antrean:
    """Runs jobs at their time, at most `maks` at once."""

    def __init__(self, maks: int, *, selesai: Tugas = lambda: None) -> None:
        """`selesai`: run by every thread before it ends, to put its things away."""
        self._maks = maks
        self._selesai = selesai
        self._isi: list[tuple[float, int, Tugas]] = []
        self._nomor = itertools.count()
        self._syarat = threading.Condition()
        self._siap: SimpleQueue[Tugas | None] = SimpleQueue()
        self._utas: list[threading.Thread] = []
        self._bebas = 0  # idle threads; below zero: jobs whose time has come, but no thread yet
        self._jalan = 0
        self._jam: threading.Thread | None = None
        self._tutup = False

    def tambah(self, jeda: float, tugas: Tugas) -> None:
        """Run `tugas` in `jeda` seconds; not at all when the queue is closed before."""
        with self._syarat:
            if self._tutup:
                return
            satu = (time.monotonic() + jeda, next(self._nomor), tugas)
            heapq.heappush(self._isi, satu)
            if self._jam is None:
                self._jam = threading.Thread(target=self._berdetak, daemon=True)
                self._jam.start()
            elif self._isi[0] is satu:
                self._syarat.notify()

    def sisa(self) -> int:
        """Jobs that wait or are under way."""
        with self._syarat:
            return len(self._isi) + self._jalan

    def tutup(self, tunggu: float = 5.0) -> None:
        """Drop what waits; what is under way may end."""
        with self._syarat:
            self._tutup = True
            self._syarat.notify()
            utas = [satu for satu in (self._jam, *self._utas) if satu]
        for _ in self._utas:
            self._siap.put(None)
        batas = time.monotonic() + tunggu
        for satu in utas:
            if satu is not threading.current_thread():
                satu.join(max(batas - time.monotonic(), 0))

    def _berdetak(self) -> None:
        with self._syarat:
            while not self._tutup:
                jeda = self._isi[0][0] - time.monotonic() if self._isi else None
                if jeda is None or jeda > 0:
                    self._syarat.wait(jeda)
                    continue
                self._jalan += 1
                if self._bebas <= 0 and len(self._utas) < self._maks:
                    self._utas.append(threading.Thread(target=self._kerja, daemon=True))
                    self._utas[-1].start()
                    self._bebas += 1
                self._bebas -= 1
                self._siap.put(heapq.heappop(self._isi)[2])

    def _kerja(self) -> None:
        try:
            while tugas := self._siap.get():
                try:
                    if not self._tutup:
                        tugas()
                finally:
                    with self._syarat:
                        self._jalan -= 1
                        self._bebas += 1
        finally:
            self._selesai()


class AntarTetap:
    """Delivers callbacks over connections that stay open, one for each thread.

    `lewat`: the address of the server behind the public one.
    """

    def __init__(self, lewat: str = "", *, batas: float = 15.0) -> None:
        self._lewat, self._batas = lewat, batas
        self._milik = threading.local()

    def __call__(self, url: str, isi: bytes, kepala: dict[str, str]) -> int:
        tujuan, sambung = urlsplit(url), urlsplit(self._lewat or url)
        path = f"{tujuan.path}?{tujuan.query}".rstrip("?")
        semua = self._milik.__dict__.setdefault("sambungan", {})
        kunci = (sambung.scheme, sambung.netloc)
        lama = semua.pop(kunci, None)
        if lama:
            # The other side may have closed it while it was idle; then, and only then, again.
            with suppress(ConnectionError, HTTPException):
                return self._panggil(semua, kunci, lama, path, isi, kepala)
        jenis = HTTPSConnection if sambung.scheme == "https" else HTTPConnection
        baru = jenis(sambung.hostname or "", sambung.port, timeout=self._batas)
        return self._panggil(semua, kunci, baru, path, isi, kepala)

    def _panggil(
        self,
        semua: dict[tuple[str, str], HTTPConnection],
        kunci: tuple[str, str],
        sambungan: HTTPConnection,
        path: str,
        isi: bytes,
        kepala: dict[str, str],
    ) -> int:
        try:
            sambungan.request("POST", path, isi, kepala)
            jawaban = sambungan.getresponse()
            jawaban.read()
        except BaseException:
            sambungan.close()
            raise
        if jawaban.will_close:
            sambungan.close()
        else:
            semua[kunci] = sambungan
        return jawaban.status

    def tutup(self) -> None:
        """Close this thread's connections."""
        for satu in self._milik.__dict__.pop("sambungan", {}).values():
            satu.close()
