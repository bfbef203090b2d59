"""How residents are told: their consent to WhatsApp, shown and changed at any time."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from layanan.forms.warga import KabarForm
from layanan.kotak_keluar import nomor_wa, persetujuan
from layanan.percakapan import kabari
from penduduk.akun.pintu import AuthenticatedRequest, warga
from penduduk.identitas import telepon


@warga
@require_http_methods(["GET", "POST"])
def kabar(request: AuthenticatedRequest) -> HttpResponse:
    """The question of the first request again, the answer so far, and all earlier answers."""
    akun = request.user
    ditanya = persetujuan.sudah_ditanya(akun)
    kini = ("ya" if akun.setuju_wa_pada else "tidak") if ditanya else None
    form = KabarForm(request.POST or None, initial={"setuju_wa": kini})
    if request.method == "POST" and form.is_valid():
        setuju = form.cleaned_data["setuju_wa"]
        if not setuju or akun.nomor_hp or akun.nomor_calon:
            return _simpan(request, setuju=setuju)
        form.add_error(None, "Isi dulu nomor HP Anda di Data saya, lalu pilih lagi di sini.")
    nomor = akun.nomor_hp or akun.nomor_calon
    konteks = {
        "form": form,
        "kata": persetujuan.KATA[persetujuan.VERSI],
        "nomor_hp": telepon.tampil(nomor) if nomor else "",
        "dihentikan": nomor_wa.halangan(nomor, pada=timezone.now()) == "BERHENTI",
        "mulai": kabari.tautan_mulai(),
        "ditanya": ditanya,
        "riwayat": [
            {
                "isi": satu,
                "kata": persetujuan.KATA.get(satu.versi, ""),
                "nomor_hp": telepon.tampil(satu.nomor_hp) if satu.nomor_hp else "",
            }
            for satu in persetujuan.riwayat(akun)[:50]
        ],
    }
    return render(request, "layanan/kabar.html", konteks)


def _simpan(request: AuthenticatedRequest, *, setuju: bool) -> HttpResponse:
    persetujuan.jawab(
        request.user,
        setuju=setuju,
        nomor_hp=request.user.nomor_hp or request.user.nomor_calon,
        kanal=persetujuan.Kanal.SITUS,
        pada=timezone.now(),
    )
    if setuju:
        messages.success(request, "Tersimpan. Kabar surat kami kirim lewat WhatsApp.")
    else:
        messages.success(request, "Tersimpan. Kami tidak lagi mengirim kabar lewat WhatsApp.")
    return redirect("layanan:kabar")
