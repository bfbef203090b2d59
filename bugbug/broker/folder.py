"""The embedded broker: kombu's folder of files, in which no half-written file is ever seen.

kombu opens a message's file under its final name and writes afterwards. A worker that looks in
between takes an empty file, cannot read it, and ends ("unrecoverable error"); the table of
queues has the same gap. Here a message gets its name when it is complete, and the table is
written and read under one lock.
"""

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # kombu's own classes disagree about this signature: base.py and filesystem.py.
    def _put(  # type: ignore[override]
        self, queue: str, payload: Any, **lain: Any
    ) -> None:
        nama = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}"
        sementara = Path(self.data_folder_out, f"{nama}.ditulis")  # no queue has such a name
        sementara.write_text(dumps(payload), encoding="utf-8")
        os.replace(sementara, sementara.with_name(f"{nama}.{queue}.msg"))

    @contextmanager
    def _sendirian(self) -> Iterator[None]:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with Path(self.control_folder, "kunci").open("ab") as berkas:
            fcntl.flock(berkas, fcntl.LOCK_EX)  # until it is closed
            yield

    def get_table(self, exchange: str) -> list:
        with self._sendirian():
            return super().get_table(exchange)

    def _queue_bind(self, *argumen: Any) -> None:
        with self._sendirian():
            super()._queue_bind(*argumen)


class Transport(filesystem.Transport):
    Channel = Channel
