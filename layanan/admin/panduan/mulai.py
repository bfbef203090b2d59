"""The guide of the first run: steps that say what they are for, and the gate at their end."""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from layanan import peran, persiapan, transports
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, tampilkan
from penduduk.models import Penduduk
from surat.bahasa import tanggal as tgl
from surat.bahasa import templat
from surat.buku import gerbang
from surat.jenis import berkas
from surat.models import Mandat, TataNaskah
from surat.naskah import gaya
from surat.peraga import pratinjau
from surat.peraga.orang import Ukuran


@halaman("mulai/", nama="mulai", izin=persiapan.IZIN, metode="GET POST")
def mulai(request: AuthenticatedRequest) -> HttpResponse:
    """The steps; POST `lewati` or `kembali` with a step, or `siap` to open the gate."""
    if request.method == "POST":
        if "siap" in request.POST:
            return _siap(request)
        _lewati(request.POST.get("lewati", ""), request.POST.get("kembali", ""))
        return redirect("admin:mulai")
    semua = persiapan.tahap(request.user, pada=timezone.now())
    kemajuan = persiapan.kemajuan(semua, request.user)
    request.session["mulai"] = kemajuan is not None  # from now on each page leads back here
    isi = {
        "semua": semua,
        "kemajuan": kemajuan,
        "tata": gaya.tata_naskah(),
        "kurang": [satu for satu in semua if satu.wajib],
        "peran": list(peran.IZIN),
        "wa_simulasi": transports.tersambung() and not settings.TWILIO["account_sid"],
        "jumlah_penduduk": Penduduk.objects.count(),
    }
    return tampilkan(request, "admin/mulai.html", "Mulai memakai portal", **isi)


@transaction.atomic
def _lewati(lewati: str, kembali: str) -> None:
    gaya.tata_naskah()
    tata = TataNaskah.objects.select_for_update().get(pk=1)
    baru = {*tata.dilewati, lewati} - {kembali}
    tata.dilewati = [kode for kode in persiapan.KODE if kode in baru]
    tata.save(update_fields=["dilewati"])


def _siap(request: AuthenticatedRequest) -> HttpResponse:
    try:
        gerbang.buka(oleh=request.user, pada=timezone.now())
    except gerbang.BelumLengkap as galat:
        messages.error(request, f"Desa belum siap menerbitkan surat. {galat}")
        return redirect("admin:mulai")
    kata = "Desa dinyatakan siap menerbitkan surat."
    LogEntry.objects.log_actions(request.user.pk, [gaya.tata_naskah()], CHANGE, kata)
    request.session["mulai"] = False
    messages.success(request, f"{kata} Operator sekarang dapat menyetujui permohonan.")
    return redirect("admin:index")


@halaman("mulai/contoh/", nama="mulai_contoh", izin=persiapan.IZIN, metode="POST")
def contoh(request: AuthenticatedRequest) -> HttpResponse:
    """PDF of a letter about nobody, with the letterhead and the signer of this village; no number
    is taken."""
    pada = timezone.now()
    hari = tgl.di_wita(pada)
    jenis = berkas.lengkap().order_by("-layanan_mandiri", "urutan", "nama").first()
    mandat = Mandat.objects.berlaku(hari).select_related("pejabat").first()
    if jenis is None:
        messages.error(request, "Belum ada jenis surat.")
        return redirect("admin:mulai")
    try:
        isi = pratinjau.buat(jenis, ukuran=Ukuran.WAJAR, tanggal=hari, mandat=mandat)
    except (templat.TemplatTidakSah, pratinjau.PratinjauGagal) as galat:
        messages.error(request, f"{jenis.nama}: {galat}")
        return redirect("admin:mulai")
    gaya.tata_naskah()
    TataNaskah.objects.filter(pk=1).update(contoh_dilihat_pada=pada)
    nama = 'inline; filename="surat-contoh.pdf"'
    return HttpResponse(isi, content_type="application/pdf", headers={"Content-Disposition": nama})
