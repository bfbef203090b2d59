"""Calls from Twilio. Answered fast and without a word; a wrong signature is a 403."""

import functools
import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from layanan import tasks, transports
from layanan.kotak_keluar import tanda_terima
from layanan.percakapan import masuk as percakapan
from penduduk import teks
from penduduk.antrean import bangunkan
from penduduk.identitas import telepon

log = logging.getLogger(__name__)

_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_MEDIA_MAKS = 10  # what Twilio can attach to one message
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
            log.warning("webhook %s with a wrong signature refused", view.__name__)
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
    """An incoming message: stored for the worker, who answers through the outbox.

    https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    sid = request.POST.get("MessageSid", "")
    dari = request.POST.get("From", "").removeprefix("whatsapp:")
    try:
        nomor = telepon.rapikan(dari)
    except telepon.NomorTidakSah:
        log.warning("incoming message of an unreadable number ignored")
        return _selesai()
    if not _SID.fullmatch(sid):
        log.warning("incoming message without a usable id ignored")
        return _selesai()
    baru = percakapan.terima(
        sid=sid,
        nomor_hp=nomor,
        nama_wa=request.POST.get("ProfileName", ""),
        teks=request.POST.get("Body", ""),
        medium=_media(request),
        pada=timezone.now(),
    )
    if baru:
        bangunkan(tasks.jawab_pesan)
    return _selesai()


def _media(request: HttpRequest) -> list[dict[str, str]]:
    """Addresses and kinds of what hangs on the message; a location counts as one we cannot use."""
    jumlah = request.POST.get("NumMedia", "0")
    banyak = int(jumlah) if jumlah.isascii() and jumlah.isdigit() and len(jumlah) < 4 else 0
    semua = [
        {
            "url": request.POST.get(f"MediaUrl{i}", "")[:500],
            "jenis": request.POST.get(f"MediaContentType{i}", "")[:80],
        }
        for i in range(min(banyak, _MEDIA_MAKS))
    ]
    if request.POST.get("Latitude"):
        semua.append({"url": "", "jenis": "lokasi"})
    return semua


def _selesai() -> HttpResponse:
    return HttpResponse(_TANPA_JAWABAN, content_type="text/xml")
