"""Calls from Twilio. Answered fast and without a word; a wrong signature is a 403."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from layanan import notifikasi, transports

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def status(request: HttpRequest) -> HttpResponse:
    """Status callback of one message; `n` is the message's id, covered by the signature."""
    if not transports.tanda_tangan_sah(
        alamat=request.get_full_path(),
        isi=request.POST,
        tanda_tangan=request.headers.get("X-Twilio-Signature", ""),
    ):
        log.warning("status callback with a wrong signature refused")
        return HttpResponse(status=403)
    nomor = request.GET.get("n", "")
    sid = request.POST.get("MessageSid", "")[:40]
    if nomor.isascii() and nomor.isdigit() and len(nomor) < 19 and sid:
        notifikasi.terima_status(
            pk=int(nomor),
            sid=sid,
            status=request.POST.get("MessageStatus", ""),
            kode_galat=request.POST.get("ErrorCode", "")[:10],
        )
    return HttpResponse(status=204)
