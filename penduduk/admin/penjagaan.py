"""A resident's account on the page of the resident: issue a PIN, lock, unlock, open."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from penduduk.akun import penjagaan, pin, sesi
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.models import Akun, KejadianAkun, Penduduk

_KEJADIAN_TAMPIL = 20


class PenjagaanMixin(admin.ModelAdmin):
    """A ModelAdmin of Penduduk: everything here needs the permission `terbitkan_pin`."""

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<int:pk>/{alamat}/",
                self.admin_site.admin_view(require_POST(self._berizin(view))),
                name=f"penduduk_penduduk_{alamat.replace('-', '_')}",
            )
            for alamat, view in (
                ("terbitkan-pin", self.terbitkan_pin),
                ("kunci-akun", self.kunci_akun),
                ("buka-kunci-akun", self.buka_kunci_akun),
                ("buka-hp-baru", self.buka_hp_baru),
            )
        ] + super().get_urls()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        orang = context.get("original")
        boleh = request.user.has_perm("penduduk.terbitkan_pin")
        context["keadaan_akun"] = _keadaan(orang) if orang is not None and boleh else None
        return super().render_change_form(request, context, *args, **kwargs)

    def _berizin(
        self, view: Callable[[AuthenticatedRequest, Penduduk], HttpResponse]
    ) -> Callable[[AuthenticatedRequest, int], HttpResponse]:
        def dijaga(request: AuthenticatedRequest, pk: int) -> HttpResponse:
            if not request.user.has_perm("penduduk.terbitkan_pin"):
                raise PermissionDenied
            return view(request, get_object_or_404(Penduduk, pk=pk))

        return dijaga

    def _kembali(self, request: HttpRequest, orang: Penduduk, catatan: str) -> HttpResponse:
        """Back to the resident; `catatan` is said and, as what the operator did, logged."""
        if catatan:
            self.log_change(request, orang, catatan)
            messages.success(request, catatan)
        else:
            messages.warning(request, "Tidak ada yang berubah: sudah lebih dulu dilakukan.")
        return redirect(reverse("admin:penduduk_penduduk_change", args=[orang.pk]))

    # --- Buttons ---------------------------------------------------------------------------------

    def terbitkan_pin(self, request: AuthenticatedRequest, orang: Penduduk) -> HttpResponse:
        """Issue a one-time PIN at the counter; it is shown this once and kept nowhere."""
        sekarang = timezone.now()
        try:
            with transaction.atomic():  # never a new PIN of which the account's history is silent
                baru = pin.terbitkan(orang, pada=sekarang)
                penjagaan.catat(
                    Akun.objects.get(penduduk=orang),
                    KejadianAkun.Jenis.PIN_DITERBITKAN,
                    pada=sekarang,
                    oleh=request.user,
                    rincian="di loket",
                )
        except pin.TidakBisaMasuk as galat:
            messages.error(request, str(galat))
            return redirect(reverse("admin:penduduk_penduduk_change", args=[orang.pk]))
        self.log_change(request, orang, "Menerbitkan PIN awal.")
        konteks = {
            **self.admin_site.each_context(request),
            "title": f"PIN awal untuk {orang.nama}",
            "orang": orang,
            "pin": baru,
            "masa": int(pin.MASA_PIN_AWAL.total_seconds() // 3600),
        }
        return TemplateResponse(request, "admin/penduduk/pin.html", konteks)

    def kunci_akun(self, request: AuthenticatedRequest, orang: Penduduk) -> HttpResponse:
        akun = get_object_or_404(Akun, penduduk=orang)
        baru = penjagaan.bekukan(
            akun, sebab=Akun.SebabBeku.PETUGAS, pada=timezone.now(), oleh=request.user
        )
        return self._kembali(request, orang, "Mengunci akun." if baru else "")

    def buka_kunci_akun(self, request: AuthenticatedRequest, orang: Penduduk) -> HttpResponse:
        akun = get_object_or_404(Akun, penduduk=orang)
        baru = penjagaan.cairkan(akun, pada=timezone.now(), oleh=request.user)
        return self._kembali(request, orang, "Membuka kunci akun." if baru else "")

    def buka_hp_baru(self, request: AuthenticatedRequest, orang: Penduduk) -> HttpResponse:
        akun = get_object_or_404(Akun, penduduk=orang)
        penjagaan.buka(akun, pada=timezone.now(), oleh=request.user)
        return self._kembali(request, orang, "Membuka akun untuk HP baru selama 30 menit.")


def _keadaan(orang: Penduduk) -> dict[str, Any]:
    """What stands in the box of the account; `akun` is None while there is none."""
    akun = Akun.objects.filter(penduduk=orang).first()
    if akun is None:
        return {"akun": None, "beku": False, "kejadian": []}
    sekarang = timezone.now()
    return {
        "akun": akun,
        "beku": akun.dibekukan_pada is not None,
        "punya_pin": akun.has_usable_password() and bool(akun.password),
        "kedaluwarsa": akun.pin_berlaku_sampai is not None and akun.pin_berlaku_sampai <= sekarang,
        "terbuka": akun.dibuka_sampai is not None and akun.dibuka_sampai > sekarang,
        "sesi": sesi.milik(akun, pada=sekarang).count(),
        "perangkat": akun.perangkat.count(),
        "kejadian": akun.kejadian.select_related("oleh").order_by("-pada", "-pk")[
            :_KEJADIAN_TAMPIL
        ],
    }
