"""The signer's desk: what waits, one letter at a time, sign or send back."""

from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from layanan import tasks
from layanan.forms.langkah import JamRingkasanForm, LangkahForm, form_langkah
from layanan.kabar import ringkasan
from layanan.models import Permohonan
from layanan.permohonan import alur, koreksi, mendesak
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.antrean import bangunkan
from penduduk.forms import ketikan
from surat import pengukuhan
from surat.isian import jawaban
from surat.models import Mandat

_P = ParamSpec("_P")


def _penanda_tangan(
    view: Callable[Concatenate[AuthenticatedRequest, _P], HttpResponse],
) -> Callable[Concatenate[AuthenticatedRequest, _P], HttpResponse]:
    return staff_member_required(
        permission_required("layanan.tandatangani_surat", raise_exception=True)(view)
    )


def _menunggu(request: AuthenticatedRequest) -> QuerySet[Permohonan]:
    """Letters prepared for this official: the urgent ones, then the oldest first."""
    return (
        Permohonan.objects.filter(
            status=Permohonan.Status.MENUNGGU_TTD,
            surat__mandat__in=pengukuhan.dipegang(request.user),
        )
        .select_related("jenis", "pemohon", "surat")
        .order_by("-mendesak", "diperbarui_pada", "pk")
    )


@_penanda_tangan
@require_GET
def meja(request: AuthenticatedRequest) -> HttpResponse:
    return _halaman(request, _form_jam(request))


def _form_jam(request: AuthenticatedRequest) -> JamRingkasanForm:
    return JamRingkasanForm(initial={"jam": ringkasan.jam_pilihan(request.user)})


@_penanda_tangan
@require_POST
def jam_ringkasan(request: AuthenticatedRequest) -> HttpResponse:
    """When this signer, and nobody else, gets the digest."""
    form = JamRingkasanForm(request.POST)
    if not form.is_valid():
        return _halaman(request, form)
    ringkasan.pilih_jam(request.user, form.cleaned_data["jam"])
    messages.success(request, "Jam ringkasan Anda sudah disimpan.")
    return redirect("layanan:meja")


def _halaman(
    request: AuthenticatedRequest, form: JamRingkasanForm, ketikan: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    hari_ini = timezone.localdate()
    lain = Permohonan.objects.filter(status=Permohonan.Status.MENUNGGU_TTD).exclude(
        surat__mandat__in=pengukuhan.dipegang(request.user)
    )
    konteks = {
        "menunggu": _menunggu(request)[:100],
        "mandat": Mandat.objects.dipegang(request.user, hari_ini).first(),
        "pejabat_lain": lain.count(),
        "form_jam": form,
        "ketikan": ketikan,
        "jam_pilihan": ringkasan.jam_pilihan(request.user),
        "bisa_dikabari": bool(request.user.nomor_hp and request.user.terima_pemberitahuan),
    }
    return TemplateResponse(request, "layanan/meja.html", konteks)


@_penanda_tangan
@require_http_methods(["GET", "POST"])
def meja_surat(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    """Read one letter; sign it, or send it back with a reason; then the next one."""
    permohonan = get_object_or_404(
        Permohonan.objects.select_related("jenis", "pemohon", "surat__cetakan", "menggantikan"),
        nomor=nomor,
    )
    if permohonan.surat is None and request.method == "GET":  # an old link, or sent back meanwhile
        messages.error(request, alur.sudah_berubah(permohonan))
        return redirect("layanan:meja")
    sekarang = timezone.now()
    nama = request.POST.get("langkah", "kembalikan")
    if nama not in ("tandatangani", "kembalikan"):
        nama = "kembalikan"
    form = form_langkah(nama, permohonan, data=request.POST or None, pada=timezone.localdate())
    if permohonan.surat is None:  # another signer has sent it back meanwhile
        messages.error(request, alur.sudah_berubah(permohonan))
        return _halaman(request, _form_jam(request), ketikan(form))
    basi = request.POST.get("surat", str(permohonan.surat_id)) != str(permohonan.surat_id)
    if basi:  # read on a page that shows an earlier letter: sent back, and issued anew
        messages.error(request, alur.sudah_berubah(permohonan))
    if request.method == "POST" and form.is_valid() and not basi:
        try:
            alur.jalankan(
                permohonan,
                nama,
                form.bahan(),
                oleh=request.user,
                pada=sekarang,
                catatan=form.cleaned_data.get("catatan", ""),
            )
        except alur.LangkahTidakSah as galat:
            messages.error(request, str(galat))
            if nama == "tandatangani":  # nothing was typed
                return redirect("layanan:meja")
            permohonan.refresh_from_db(fields=["status"])
            return _halaman_surat(request, permohonan, form)
        bangunkan(tasks.kirim_pesan)
        kata = "ditandatangani" if nama == "tandatangani" else "dikembalikan ke operator"
        messages.success(request, f"Surat {permohonan.nomor} sudah {kata}.")
        berikut = _menunggu(request).first()
        return (
            redirect("layanan:meja_surat", berikut.nomor) if berikut else redirect("layanan:meja")
        )
    return _halaman_surat(request, permohonan, form)


def _halaman_surat(
    request: AuthenticatedRequest, permohonan: Permohonan, form: LangkahForm
) -> HttpResponse:
    """One letter; `form` as it was typed, also where it is too late to send it back."""
    boleh = alur.langkah_tersedia(permohonan, oleh=request.user, pada=timezone.now())
    nama = {langkah.nama for langkah in boleh}
    kembalikan = form if form.prefix == "kembalikan" else None
    riwayat = permohonan.riwayat.filter(langkah="setujui").last()
    konteks = {
        "permohonan": permohonan,
        "jawaban": jawaban.dalam_kata(
            permohonan.jenis, permohonan.isian, pada=timezone.localdate()
        ),
        "boleh": nama,
        "bertentangan": riwayat.bertentangan if riwayat else {},
        "alasan_mendesak": mendesak.alasan(permohonan),
        "surat_lama": koreksi.tentang_surat_lama(permohonan, hari=timezone.localdate()),
        "koreksi": permohonan.riwayat.first() if permohonan.menggantikan_id else None,
        "form": kembalikan or form_langkah("kembalikan", permohonan, pada=timezone.localdate()),
        "ketikan": ketikan(kembalikan) if kembalikan and "kembalikan" not in nama else [],
    }
    return render(request, "layanan/meja_surat.html", konteks)
