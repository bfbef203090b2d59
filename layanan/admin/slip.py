"""The page on which an operator prints slips with a PIN awal, for a banjar or for a few people."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from layanan.minta_pin import slip
from penduduk.akun import pin
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, tampilkan
from penduduk.models import Banjar, Penduduk

_TERPILIH = "penduduk terpilih"
_DITAMPILKAN = 100  # names below one reason; nobody reads more
_BISA_DIGANTI = (slip.SUDAH_PUNYA_PIN, slip.AWAL_MASIH_BERLAKU)


class PilihForm(forms.Form):
    banjar = forms.ModelChoiceField(
        Banjar.objects.order_by("nama"), label="Banjar dinas", empty_label="Pilih banjar"
    )
    umur = forms.TypedChoiceField(
        label="Umur",
        choices=[(slip.UMUR_KTP, f"{slip.UMUR_KTP} tahun ke atas"), (0, "Semua umur")],
        coerce=int,
        initial=slip.UMUR_KTP,
        help_text=f"KTP-el dimiliki sejak umur {slip.UMUR_KTP} tahun.",
    )
    ulang = forms.BooleanField(
        label="Sertakan juga yang PIN awalnya belum dipakai",
        required=False,
        help_text="Untuk slip yang hilang atau gagal dicetak. Slip lamanya tidak berlaku lagi.",
    )


@halaman(
    "layanan/slip-pin/", nama="layanan_slip_pin", izin="penduduk.terbitkan_pin", metode="GET POST"
)
def slip_pin(request: AuthenticatedRequest) -> HttpResponse:
    """GET: choose, and see who gets a slip. POST: the PDF of one batch."""
    if request.method == "POST":
        return _cetak(request)
    isi: dict[str, Any] = {"form": None, "untuk": "", "ganti": None}
    isi |= _terpilih(request.GET) if "pk" in request.GET else _banjar(request.GET)
    return tampilkan(
        request,
        "admin/layanan/slip/halaman.html",
        "Slip PIN awal",
        masa_hari=pin.MASA_SLIP.days,
        maks=slip.MAKS,
        **isi,
    )


def _banjar(tanya: QueryDict) -> dict[str, Any]:
    form = PilihForm(tanya if "banjar" in tanya else None)
    if not form.is_bound or not form.is_valid():
        return {"form": form}
    pilih = form.cleaned_data
    pilihan = slip.Pilihan(umur=pilih["umur"], ulang=pilih["ulang"])
    rencana = slip.susun(slip.warga_banjar(pilih["banjar"]), pilihan, pada=timezone.now())
    return {"form": form, **_isi(rencana, f"Banjar Dinas {pilih['banjar']}", tanya)}


def _terpilih(tanya: QueryDict) -> dict[str, Any]:
    orang = slip.warga_terpilih(_pk(tanya.getlist("pk")))
    if not orang:
        raise Http404
    rencana = slip.susun(orang, slip.Pilihan(ulang="ulang" in tanya), pada=timezone.now())
    untuk = orang[0].nama if len(orang) == 1 else _TERPILIH
    tunggal = len(orang) == 1 and next(iter(rencana.tertinggal), "") in _BISA_DIGANTI
    return {
        **_isi(rencana, untuk, tanya),
        "ganti": orang[0] if tunggal else None,
        "ganti_sebab": next(iter(rencana.tertinggal), ""),
    }


def _isi(rencana: slip.Rencana, untuk: str, tanya: QueryDict) -> dict[str, Any]:
    tertinggal = [
        {
            "sebab": sebab,
            "orang": orang[:_DITAMPILKAN],
            "jumlah": len(orang),
            "sisa": len(orang[_DITAMPILKAN:]),
        }
        for sebab, orang in rencana.tertinggal.items()
    ]
    return {
        "untuk": untuk,
        "jumlah": len(rencana.dapat),
        "kelompok": rencana.kelompok,
        "tertinggal": tertinggal,
        "titipan": {k: tanya[k] for k in ("banjar", "umur", "ulang") if k in tanya},
    }


def _pk(teks: list[str]) -> list[int]:
    """Primary keys as they were sent; 404 for anything else, and for more than fit in one PDF."""
    if not all(satu.isascii() and satu.isdigit() and len(satu) < 19 for satu in teks):
        raise Http404
    if len(teks) > slip.MAKS:
        raise Http404
    return [int(satu) for satu in teks]


def _cetak(request: AuthenticatedRequest) -> HttpResponse:
    sekarang = timezone.now()
    pk = _pk([satu for satu in request.POST.get("pk", "").split(",") if satu])
    kembali = redirect(_alamat_kembali(request.POST, pk))
    ganti = len(pk) == 1 and "ganti" in request.POST  # who has a working PIN is asked about alone
    pilihan = slip.Pilihan(ulang="ulang" in request.POST, ganti=ganti)
    rencana = slip.susun(_urut(pk), pilihan, pada=sekarang)
    if not pk or len(rencana.dapat) != len(pk):
        satu_orang = len(pk) == 1 and "banjar" not in request.POST
        if satu_orang and next(iter(rencana.tertinggal), "") in _BISA_DIGANTI:
            messages.error(request, "Centang dulu bahwa PIN yang sekarang boleh diganti.")
        else:
            # Decided on a page that shows an older state: look again before acting.
            messages.error(request, "Keadaan sudah berubah. Periksa lagi daftarnya.")
        return kembali
    try:
        isi = slip.terbitkan(
            rencana.dapat, untuk=_untuk(request.POST), pada=sekarang, oleh=request.user
        )
    except slip.SlipGagal as galat:
        messages.error(request, str(galat))
        return kembali
    LogEntry.objects.log_actions(request.user.pk, rencana.dapat, CHANGE, "Mencetak slip PIN awal.")
    nama = {"Content-Disposition": 'attachment; filename="slip-pin.pdf"'}
    return HttpResponse(isi, content_type="application/pdf", headers=nama)  # admin_view: no-store


def _urut(pk: list[int]) -> list[Penduduk]:
    """The residents in the order of the page: a kelian walks from house to house."""
    menurut_pk = {o.pk: o for o in slip.warga_terpilih(pk)}
    return [menurut_pk[satu] for satu in dict.fromkeys(pk) if satu in menurut_pk]


def _untuk(kiriman: QueryDict) -> str:
    banjar = Banjar.objects.filter(pk__in=_pk(kiriman.getlist("banjar"))).first()
    return f"Banjar Dinas {banjar}" if banjar else _TERPILIH


def _alamat_kembali(kiriman: QueryDict, pk: list[int]) -> str:
    if "banjar" in kiriman:
        tanya: dict[str, Any] = {k: kiriman[k] for k in ("banjar", "umur", "ulang") if k in kiriman}
    else:
        tanya = {"pk": pk}
    return f"{reverse('admin:layanan_slip_pin')}?{urlencode(tanya, doseq=True)}".rstrip("?")
