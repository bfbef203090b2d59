"""How much of a request is let in, decided before a byte of its body is read.

A form is small, one of the office may hold a whole letter, and files go only where a view says so
(penduduk.akun.pintu.menerima_berkas), from browsers that somebody has logged in with. Everywhere
else a file is thrown away while it is read, so nothing of it reaches the disk. Files, and forms of
strangers, are counted by the hour and network address.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

from bugbug import views
from penduduk.akun import perangkat, throttle

log = logging.getLogger(__name__)

FORMULIR_MAKS = 64 * 1024  # bytes, files or not
# Sendings an hour and network address. Carriers put hundreds of residents behind one: this is 250
# requests of four papers, several busy days of a village.
_JAM = timedelta(hours=1)
SEJAM = throttle.Batas(jumlah=settings.KIRIMAN_SEJAM, jeda=_JAM, paling_lama=_JAM)
_TERLALU_SERING = (
    "Berkasnya belum tersimpan: jam ini terlalu banyak yang dikirim dari jaringan internet ini. "
    "Isian lain tetap ada. Kirim lagi satu jam lagi, atau bawa kertasnya ke kantor desa."
)


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


class TerlaluSering(TanpaBerkas):
    """The same, and who sends a file is told; what was typed beside it goes its way."""

    kalimat: str = _TERLALU_SERING

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.kalimat and self.request:
            messages.error(self.request, self.kalimat)
        self.kalimat = ""  # once
        super().new_file()


def terbatas(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse a body over the limit of its address (413), and a stranger's form that is one too many
    from its network (429), with a page that says what to do."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # What is no number never got past the server.
        if panjang := int(request.META.get("CONTENT_LENGTH") or 0):
            view = _view(request)
            maks, berkas = _batas(request, view, panjang)
            if panjang > maks:
                besar = f"{maks // 1048576} MB" if maks >= 1048576 else f"{maks // 1024} KB"
                return views.galat(request, 413, besar=besar)
            sering = request.method == "POST" and _terlalu_sering(request, view, berkas)
            if sering and not berkas:
                return views.galat(request, 429)
            if sering or not berkas:
                request.upload_handlers = [(TerlaluSering if sering else TanpaBerkas)(request)]
        return get_response(request)

    return middleware


def _view(request: HttpRequest) -> Callable[..., Any] | None:
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None


def _batas(request: HttpRequest, view: Callable[..., Any] | None, panjang: int) -> tuple[int, bool]:
    """Bytes that this address takes from this browser, and whether files may be among them."""
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


def _terlalu_sering(request: HttpRequest, view: Callable[..., Any] | None, berkas: bool) -> bool:
    """Count this one; True: it is one too many. Views without CSRF token have a guard of their own,
    and strangers must not lock a known phone out (docs/keamanan.md)."""
    bebas = getattr(view, "csrf_exempt", view is None)
    if bebas or not (berkas or request.user.is_anonymous):
        return False
    pada = timezone.now()
    kunci = throttle.sidik(f"kiriman{berkas:d}", f"{throttle.alamat(request)} {pada:%Y-%m-%d %H}")
    if not throttle.terkunci(kunci, pada=pada):
        return not throttle.sisihkan(kunci, SEJAM, pada=pada, jenis="kiriman")
    return berkas or not perangkat.dikenal(request)
