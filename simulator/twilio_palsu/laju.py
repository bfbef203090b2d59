"""Rate limits: of the account's sender, and of WhatsApp for one pair of numbers. Off by default."""

import time
from collections import deque


class Laju:
    """At most `maks` messages a second; one message to a recipient every `jeda_penerima` seconds.

    Not thread-safe: the account asks while it holds its lock.
    """

    def __init__(self) -> None:
        self.maks: int | None = None  # Twilio: 80 for a WhatsApp sender
        self.tolak = True  # the rest is refused (429); else accepted, and fails by callback
        self.jeda_penerima: float | None = None  # WhatsApp: 6
        self._detik: deque[float] = deque()
        self._penerima: dict[str, float] = {}

    def penuh(self) -> bool:
        """Whether the last second holds as many messages as there may be; else counts this one."""
        if self.maks is None:
            return False
        kini = time.monotonic()
        while self._detik and kini - self._detik[0] >= 1:
            self._detik.popleft()
        if len(self._detik) >= self.maks:
            return True
        self._detik.append(kini)
        return False

    def terlalu_rapat(self, ke: str) -> bool:
        """Whether this recipient got a message a moment ago; else remembers this one."""
        if self.jeda_penerima is None:
            return False
        kini = time.monotonic()
        if kini - self._penerima.get(ke, -self.jeda_penerima) < self.jeda_penerima:
            return True
        self._penerima[ke] = kini
        return False
