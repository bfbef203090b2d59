"""Calls from Twilio. Answered fast and without a word; a wrong signature is a 403."""

import functools
import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from layanan import tasks, transports
from layanan.kotak_keluar import tanda_terima
from layanan.percakapan import bentuk
from layanan.percakapan import masuk as percakapan
from penduduk import teks
from penduduk.antrean import bangunkan

log = logging.getLogger(__name__)

_TANPA_JAWABAN = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def _dari_twilio(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """POST with Twilio's signature over our configured public address, or 403."""

    @csrf_exempt
    @require_POST
    @functools.wraps(view)
    def dijaga(request: HttpRequest) -> HttpResponse:
        if not transports.tanda_tangan_sah(
            alamat=request.get_full_path(),
            isi=request.POST,
            tanda_tangan=request.headers.get("X-Twilio-Signature", ""),
        ):
            log.warning("webhook refused", extra={"lewat": "webhook with a wrong signature"})
            return HttpResponse(status=403)
        request.POST, _ = teks.isian(request.POST)  # the signature is over the body as it came
        return view(request)

    return dijaga


@_dari_twilio
def status(request: HttpRequest) -> HttpResponse:
    """Status callback of one message; `n` (its id) and `p` (which attempt) are covered by the
    signature."""
    nomor = _angka(request.GET.get("n", ""))
    sid = request.POST.get("MessageSid", "")[:40]
    if nomor is not None and sid:
        tanda_terima.terima(
            pk=nomor,
            sid=sid,
            status=request.POST.get("MessageStatus", ""),
            kode_galat=request.POST.get("ErrorCode", "")[:10],
            percobaan=_angka(request.GET.get("p", "")),
            pada=timezone.now(),
        )
    return HttpResponse(status=204)


def _angka(teks: str) -> int | None:
    return int(teks) if teks.isascii() and teks.isdigit() and len(teks) < 19 else None


@_dari_twilio
def masuk(request: HttpRequest) -> HttpResponse:
    """An incoming message, whoever sent it and whatever it is: stored for the worker, who answers
    through the outbox."""
    if percakapan.terima(bentuk.baca(request.POST.dict()), pada=timezone.now()):
        bangunkan(tasks.jawab_pesan)
    return HttpResponse(_TANPA_JAWABAN, content_type="text/xml")
