"""An upload that is never kept: its bytes are hashed as they come in and thrown away.

Neither memory nor disk ever holds the file. Django must be told before anything reads the request
(see views.cek_berkas).
"""

import hashlib
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

UKURAN_MAKS = 10 * 1024 * 1024  # bytes; a letter of ours is far smaller
_KEPALA = 1024  # a PDF may have a few bytes before %PDF-


class BerkasTersidik(UploadedFile):
    """What is left of an upload: its size, its SHA-256, and whether it began like a PDF."""

    def __init__(self, *, sha256: str, size: int, pdf: bool) -> None:
        super().__init__(io.BytesIO(b""), name="unggahan", size=size)
        self.sha256 = sha256
        self.pdf = pdf


class SidikHandler(FileUploadHandler):
    """Hash and forget; `terlalu_besar` when more came than one letter can be."""

    terlalu_besar = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._sidik = hashlib.sha256()
        self._awal = b""
        self._ukuran = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._ukuran += len(raw_data)
        if self._ukuran > UKURAN_MAKS:
            self.terlalu_besar = True
            raise StopUpload(connection_reset=False)  # read to the end, so that we can answer
        if len(self._awal) < _KEPALA:
            self._awal += raw_data[: _KEPALA - len(self._awal)]
        self._sidik.update(raw_data)

    def file_complete(self, file_size: int) -> BerkasTersidik:
        return BerkasTersidik(
            sha256=self._sidik.hexdigest(), size=self._ukuran, pdf=b"%PDF-" in self._awal
        )
