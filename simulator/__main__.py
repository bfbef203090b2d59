"""Start the fake Twilio with its phones on 127.0.0.1:$SIMULATOR_PORT; ends on SIGTERM or Ctrl-C.

SIMULATOR_SITUS is the portal's address on this machine; webhooks for PUBLIC_BASE_URL go there.
"""

import os
import signal
import sys
from datetime import timedelta
from functools import partial

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

_BERHENTI = {signal.SIGTERM, signal.SIGINT}
_TINJAUAN = 4  # seconds until WhatsApp approves a template; in reality minutes to days


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bugbug.settings")
    try:
        produksi = settings.PRODUKSI
    except ImproperlyConfigured as galat:  # production refuses the simulator's addresses, too
        sys.exit(f"GAGAL: {galat}")
    if produksi:
        sys.exit("GAGAL: simulator WhatsApp tidak dijalankan di produksi.")
    if not settings.TWILIO["account_sid"] or not settings.TWILIO["base_url"]:
        sys.exit("GAGAL: simulator WhatsApp memerlukan TWILIO_ACCOUNT_SID dan TWILIO_BASE_URL.")
    # Blocked for all threads to come and waited for below: a handler could run a moment too early.
    signal.pthread_sigmask(signal.SIG_BLOCK, _BERHENTI)
    django.setup()
    port = int(os.environ["SIMULATOR_PORT"])
    situs = os.environ.get("SIMULATOR_SITUS", "http://127.0.0.1:8000")

    palsu = siapkan(situs)
    connection.close()
    palsu.start(port, selang=0.2)
    signal.sigwait(_BERHENTI)
    palsu.stop()


def siapkan(situs: str):
    """The account of our settings, with our templates approved and pages for the phones."""
    from django.utils import timezone

    from layanan.kata_pesan.katalog import PESAN, Cara
    from layanan.models import Percakapan
    from simulator import cermin, simpanan
    from simulator.situs import Situs
    from simulator.twilio_palsu import Tinjauan, TwilioPalsu, antar_http

    palsu = TwilioPalsu(
        account_sid=settings.TWILIO["account_sid"],
        auth_token=settings.TWILIO["auth_token"],
        pengirim=settings.TWILIO["from"],
        pengantar=partial(antar_http, lewat=situs),
        url_masuk=f"{settings.PUBLIC_BASE_URL}/webhook/twilio/masuk/",
    )
    for kode, sid in settings.TWILIO["content_sids"].items():
        palsu.templat[sid] = PESAN[kode].teks
        if PESAN[kode].cara is Cara.OTENTIKASI:
            palsu.templat_rahasia.add(sid)
    berkas = settings.VAR_DIR / "simulator-templat.json"
    palsu.konten.kembalikan(simpanan.muat(berkas))
    palsu.konten.setelah_ubah = partial(simpanan.simpan, berkas)
    palsu.konten.tinjauan_bawaan = Tinjauan(detik=_TINJAUAN)
    palsu.tolak_belakangan = True
    palsu.kabar_otomatis = [(0.3, "sent"), (0.7, "delivered"), (2, "read")]
    palsu.setelah_terima = partial(cermin.cerminkan, palsu)
    palsu.halaman = Situs(palsu).layani
    # Who wrote before a restart may still be answered freely.
    sejak = timezone.now() - timedelta(hours=24)
    for satu in Percakapan.objects.filter(terakhir_masuk_pada__gte=sejak):
        palsu.masuk_terakhir[satu.alamat] = satu.terakhir_masuk_pada
    return palsu


if __name__ == "__main__":
    main()
