"""A resident's account on the page of the resident: issue a PIN, lock, unlock, open."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from penduduk.akun import penjagaan, pin, sesi
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import KantorAdmin, subhalaman, tampilkan
from penduduk.models import Akun, KejadianAkun, Penduduk

_IZIN = "penduduk.terbitkan_pin"
_KEJADIAN_TAMPIL = 20


class PenjagaanMixin(KantorAdmin):
    """An admin of Penduduk: everything here needs the permission `terbitkan_pin`."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        orang = context.get("original")
        boleh = request.user.has_perm(_IZIN)
        context["keadaan_akun"] = _keadaan(orang) if orang is not None and boleh else None
        return super().render_change_form(request, context, *args, **kwargs)

    def _kembali(self, request: HttpRequest, akun: Akun, catatan: str) -> HttpResponse:
        """Back to the resident; `catatan` is said and, as what the operator did, logged."""
        if catatan:
            self.log_change(request, akun.penduduk, catatan)
            messages.success(request, catatan)
        else:
            messages.warning(request, "Tidak ada yang berubah: sudah lebih dulu dilakukan.")
        return self.ke("change", akun.penduduk_id)

    # --- Buttons ---------------------------------------------------------------------------------

    @subhalaman("<int:pk>/terbitkan-pin/", izin=_IZIN, metode="POST")
    def terbitkan_pin(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Issue a one-time PIN at the counter; it is shown this once and kept nowhere."""
        orang, sekarang = get_object_or_404(Penduduk, pk=pk), timezone.now()
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
            return self.ke("change", pk)
        self.log_change(request, orang, "Menerbitkan PIN awal.")
        return tampilkan(
            request,
            "admin/penduduk/pin.html",
            f"PIN awal untuk {orang.nama}",
            orang=orang,
            pin=baru,
            masa=int(pin.MASA_PIN_AWAL.total_seconds() // 3600),
        )

    @subhalaman("<int:pk>/kunci-akun/", izin=_IZIN, metode="POST")
    def kunci_akun(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        akun = get_object_or_404(Akun, penduduk=pk)
        baru = penjagaan.bekukan(
            akun, sebab=Akun.SebabBeku.PETUGAS, pada=timezone.now(), oleh=request.user
        )
        return self._kembali(request, akun, "Mengunci akun." if baru else "")

    @subhalaman("<int:pk>/buka-kunci-akun/", izin=_IZIN, metode="POST")
    def buka_kunci_akun(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        akun = get_object_or_404(Akun, penduduk=pk)
        baru = penjagaan.cairkan(akun, pada=timezone.now(), oleh=request.user)
        return self._kembali(request, akun, "Membuka kunci akun." if baru else "")

    @subhalaman("<int:pk>/buka-hp-baru/", izin=_IZIN, metode="POST")
    def buka_hp_baru(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        akun = get_object_or_404(Akun, penduduk=pk)
        penjagaan.buka(akun, pada=timezone.now(), oleh=request.user)
        return self._kembali(request, akun, "Membuka akun untuk HP baru selama 30 menit.")


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
