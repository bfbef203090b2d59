"""How much of a request is let in, decided before a byte of its body is read.

A form is small, one of the office may hold a whole letter, and files go only where a view says so
(penduduk.akun.pintu.menerima_berkas), from browsers that somebody has logged in with. Everywhere
else a file is thrown away while it is read, so nothing of it reaches the disk.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from bugbug import views
from penduduk.akun import perangkat

log = logging.getLogger(__name__)

FORMULIR_MAKS = 64 * 1024  # bytes, files or not


class TanpaBerkas(FileUploadHandler):
    """Reads past every file of a form."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class BerkasSementara(TemporaryFileUploadHandler):
    """A file that a full disk does not take is left out, and the rest of the form gets through
    (bugbug.middleware.TeksBersih says so)."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as galat:
            log.error("no room for uploads: %s", type(galat).__name__)
            self.request.berkas_terlewat = True  # type: ignore[union-attr]
            raise SkipFile from None


def terbatas(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse a body over the limit of its address with a page (413) that says what to do."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # What is no number never got past the server.
        if panjang := int(request.META.get("CONTENT_LENGTH") or 0):
            maks, berkas = _batas(request, panjang)
            if panjang > maks:
                return views.galat_413(request, maks)
            if not berkas:
                request.upload_handlers = [TanpaBerkas(request)]
        return get_response(request)

    return middleware


def _batas(request: HttpRequest, panjang: int) -> tuple[int, bool]:
    """Bytes that this address takes from this browser, and whether files may be among them."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return FORMULIR_MAKS, False
    maks = getattr(view, "kiriman_maks", 0)
    if panjang <= FORMULIR_MAKS and not maks:
        return FORMULIR_MAKS, False  # asks nobody: a login must not take longer for some
    umum = getattr(view, "kiriman_umum", False)
    # Who was logged in a while ago finds the form again after the login, files and all.
    if not (umum or request.user.is_authenticated or perangkat.dikenal(request)):
        return FORMULIR_MAKS, False
    if maks:
        return maks, True
    kantor = request.path.startswith("/kelola/")
    return (settings.DATA_UPLOAD_MAX_MEMORY_SIZE if kantor else FORMULIR_MAKS), False
