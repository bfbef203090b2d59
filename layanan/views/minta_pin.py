"""Asking for a PIN on the site, the first one or after it was forgotten.

The answer is the same whether or not the NIK stands in the register: nothing is looked up here.
"""

import logging
from datetime import timedelta
from itertools import islice

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from layanan import tasks
from layanan.forms.pin import MintaPINForm
from layanan.forms.warga import GalatBerkas
from layanan.janji import kalender
from layanan.minta_pin import permintaan
from layanan.models import PermintaanPIN
from layanan.permohonan import berkas
from layanan.views import unggahan
from penduduk.akun import throttle
from penduduk.akun.pintu import menerima_berkas
from penduduk.antrean import bangunkan
from penduduk.identitas import telepon

log = logging.getLogger(__name__)

# Wide, because carriers put a whole village behind one address; each try costs a file on disk.
PER_ALAMAT = throttle.Batas(
    jumlah=30,
    jeda=timedelta(minutes=15),
    paling_lama=timedelta(hours=1),
    lupa=timedelta(hours=1),
)
_SIBUK = (
    "Terlalu banyak permintaan saat ini. Tunggu 15 menit lalu coba lagi, kirim fotonya "
    "lewat WhatsApp desa, atau datang ke kantor."
)


@menerima_berkas(unggahan.SEKALI_KIRIM, umum=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def minta_pin(request: HttpRequest) -> HttpResponse:
    """Name, NIK, birth date, number and photos of KTP-el and KK."""
    if request.method == "GET":
        return _halaman(request, MintaPINForm(), None, {})
    pada = timezone.now()
    form = MintaPINForm(request.POST)
    titipan = permintaan.titipan(request.POST.get("titipan", ""))
    asal = throttle.sidik("minta-pin", throttle.alamat(request))
    if not throttle.sisihkan(asal, PER_ALAMAT, pada=pada) or permintaan.penuh(asal):
        form.add_error(None, _SIBUK)
        return _halaman(request, form, titipan, {}, status=429)
    titipan, galat = _titipkan(request, titipan, asal)
    if not form.is_valid() or galat or titipan is None:
        return _halaman(request, form, titipan, galat)
    permintaan.kirim_dari_situs(titipan, **form.cleaned_data, pada=pada)
    bangunkan(tasks.periksa_berkas, tasks.kirim_pesan)
    nomor = telepon.samarkan(form.cleaned_data["nomor_hp"])
    kata = f"Terkirim {date_format(timezone.localtime(pada), 'l, j F Y, H.i')} WITA: nama, NIK, "
    kata += f"tanggal lahir, foto KTP-el, dan foto KK Anda, untuk nomor WhatsApp {nomor}."
    messages.success(request, kata)
    return redirect("layanan:minta_pin_terkirim")


@require_safe
def terkirim(request: HttpRequest) -> HttpResponse:
    hari_kerja = list(islice(kalender.ambil().hari_buka(sejak=timezone.localdate()), 2))
    konteks = {"hari_kerja": hari_kerja, "hari_ini": timezone.localdate()}
    return render(request, "layanan/minta_pin_terkirim.html", konteks)


def _titipkan(
    request: HttpRequest, titipan: PermintaanPIN | None, asal: str
) -> tuple[PermintaanPIN | None, dict[str, str]]:
    """Keep the photos that came along, good ones also beside bad ones; errors per paper."""
    galat = {}
    for kode in ("ktp", "kk"):
        foto = request.FILES.get(f"foto-{kode}")
        try:
            if foto is not None:
                titipan = permintaan.titipkan(
                    titipan, foto, kode, pada=timezone.now(), alamat_sidik=asal
                )
        except berkas.BerkasDitolak as sebab:
            galat[kode] = str(sebab)
        except OSError as sebab:
            log.error("a photo could not be stored: %s", type(sebab).__name__)
            galat[kode] = berkas.TAK_TERSIMPAN
    ada = _ada(titipan)
    if titipan:  # the worker may have looked at an earlier one meanwhile
        galat = permintaan.foto_ditolak(titipan) | galat
    for kode in ("ktp", "kk"):
        if kode not in ada and kode not in galat:
            galat[kode] = f"Foto {permintaan.DOKUMEN[kode]} belum ada. Foto, lalu unggah di sini."
    return titipan, galat


def _ada(titipan: PermintaanPIN | None) -> set[str]:
    return {satu.dokumen for satu in permintaan.foto(titipan)} if titipan else set()


def _halaman(
    request: HttpRequest,
    form: MintaPINForm,
    titipan: PermintaanPIN | None,
    galat: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    ada = _ada(titipan)
    label = {kode: f"Foto {permintaan.DOKUMEN[kode]}" for kode in ("ktp", "kk")}
    foto = [
        {"kode": kode, "label": kata, "ada": kode in ada, "galat": galat.get(kode, "")}
        for kode, kata in label.items()
    ]
    salah = [GalatBerkas(f"foto-{k}", kata, galat[k]) for k, kata in label.items() if galat.get(k)]
    konteks = {"form": form, "titipan": titipan, "foto": foto, "galat_berkas": salah}
    return render(request, "layanan/minta_pin.html", konteks, status=status)
