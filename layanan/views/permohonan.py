"""A resident's own requests: list, timeline, cancel, representative, letter."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, Q, When
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from layanan import tasks
from layanan.forms.warga import WakilForm
from layanan.janji import janji
from layanan.kabar import panggilan
from layanan.kotak_keluar import notifikasi
from layanan.models import Berkas, Draf, Permohonan
from layanan.percakapan import kabari
from layanan.permohonan import alur, jatah, koreksi, pengisian, perbaikan
from layanan.permohonan.langkah import URUSAN_KANTOR
from layanan.retensi import pemberitahuan
from layanan.views.unduhan import sajikan_surat
from penduduk.akun.pintu import AuthenticatedRequest, warga
from penduduk.antrean import bangunkan
from penduduk.forms import ketikan
from penduduk.identitas import telepon
from surat.isian import jawaban
from surat.terbit import keadaan

S = Permohonan.Status
_DRAF_TERLIHAT = 2
# What waits for the resident, then what waits for the office, then the rest.
_URUTAN = Case(
    When(status=S.PERLU_PERBAIKAN, then=0),
    When(status=S.SIAP_DIAMBIL, then=1),
    When(status__in=Permohonan.AKHIR, then=3),
    default=2,
)


@warga
@require_GET
def beranda(request: AuthenticatedRequest) -> HttpResponse:
    """Permohonan Surat: the resident's requests, those first that wait for them, and drafts."""
    daftar = list(
        Permohonan.objects.milik(request.user.warga)
        .select_related("jenis")
        .annotate(
            dicabut=Q(surat__dicabut_pada__isnull=False), diganti=keadaan.ada_pengganti("surat")
        )
        .only("nomor", "status", "diajukan_pada", "janji_pada", "jenis__nama")
        .order_by(_URUTAN, "-diajukan_pada")[:50]
    )
    draf = list(
        Draf.objects.filter(akun=request.user, terkirim=False)
        .select_related("jenis")
        .only("diperbarui_pada", "jenis__kode", "jenis__nama")
        .order_by("-diperbarui_pada")
    )
    konteks = {
        "berjalan": [satu for satu in daftar if satu.status not in Permohonan.AKHIR],
        "selesai": [satu for satu in daftar if satu.status in Permohonan.AKHIR],
        "draf": draf[:_DRAF_TERLIHAT],
        "draf_lain": draf[_DRAF_TERLIHAT:],
    }
    return render(request, "layanan/beranda.html", konteks)


def milik(request: AuthenticatedRequest, nomor: str) -> Permohonan:
    """The resident's own request; anybody else's does not exist."""
    return get_object_or_404(
        Permohonan.objects.select_related(
            "jenis", "surat__tanda_tangan", "wakil_pejabat", "menggantikan"
        ).prefetch_related(keadaan.relasi("surat__")),
        nomor=nomor,
        pemohon=request.user.warga,
    )


@warga
@require_GET
def rincian(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    dibuka = timezone.now()
    permohonan = milik(request, nomor)
    jawab = halaman(request, permohonan)
    # A browser that fetches a page in advance has not shown it to anybody.
    if "prefetch" not in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        panggilan.dilihat_di_situs(permohonan, pada=dibuka)
    return jawab


def halaman(
    request: AuthenticatedRequest,
    permohonan: Permohonan,
    wakil: WakilForm | None = None,
    terlambat: BaseForm | None = None,
) -> HttpResponse:
    """The page of a request; with what was typed into a form that is not offered any more."""
    boleh = alur.langkah_tersedia(permohonan, oleh=request.user, pada=timezone.now())
    kabar, riwayat = _kabar(permohonan), permohonan.riwayat.exclude(langkah__in=URUSAN_KANTOR)
    kembali = permohonan.status == S.PERLU_PERBAIKAN
    semua = permohonan.lampiran.filter(diganti_pada__isnull=True)
    lampiran = list(semua.select_related("berkas").order_by("pk"))
    tersimpan = any(satu.berkas.keadaan == Berkas.Keadaan.SIAP for satu in lampiran)
    konteks = {
        "permohonan": permohonan,
        "riwayat": riwayat,
        "alasan_tolak": [r.catatan for r in riwayat if r.ke == S.DITOLAK],
        "janji": janji.kalimat(permohonan, pada=timezone.now())
        if permohonan.status in Permohonan.DIJANJIKAN
        else "",
        "bisa_lagi": _bisa_lagi(permohonan, kabar),
        "perbaikan": perbaikan.terakhir(permohonan) if kembali else None,
        "nomor_hp": telepon.tampil(permohonan.nomor_hp),
        "jawaban": jawaban.dalam_kata(
            permohonan.jenis, permohonan.isian, pada=timezone.localdate()
        ),
        "lampiran": lampiran,
        "berkas_hapus_pada": pemberitahuan.kapan(permohonan) if tersimpan else None,
        "boleh": {langkah.nama for langkah in boleh},
        "wakil": wakil or _form_wakil(permohonan, kabar),
        "ketikan": ketikan(terlambat) if terlambat else [],
        "kabar": kabar,
        "kabari": None if kabar.ditarik else kabari.tombol(permohonan, pada=timezone.now()),
        "ada_surat": kabar.keadaan is not None and not kabar.ditarik,
    }
    return render(request, "layanan/rincian.html", konteks)


def _kabar(permohonan: Permohonan) -> koreksi.Kabar:
    return koreksi.kabar(permohonan, hari=timezone.localdate())


def _form_wakil(permohonan: Permohonan, kabar: koreksi.Kabar, data: Any = None) -> WakilForm | None:
    """Naming a representative makes sense until the letter has been handed over, and only while
    it may be."""
    if permohonan.status in Permohonan.AKHIR or kabar.ditarik:
        return None
    return WakilForm(data, instance=permohonan)


@warga
@require_POST
def wakil(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    permohonan = milik(request, nomor)
    form = _form_wakil(permohonan, _kabar(permohonan), request.POST)
    if form is None:
        messages.error(request, alur.sudah_berubah(permohonan))
        return halaman(request, permohonan, terlambat=WakilForm(request.POST))
    if not form.is_valid():
        return halaman(request, permohonan, form)
    with transaction.atomic():
        # Only these columns: an operator may be moving the status at this very moment.
        form.save(commit=False).save(update_fields=form.Meta.fields)
        notifikasi.kabari_perangkat(permohonan, pada=timezone.now())
    bangunkan(tasks.kirim_pesan)
    messages.success(request, "Tersimpan. Petugas akan memeriksa siapa yang mengambil surat.")
    return redirect("layanan:rincian", nomor=nomor)


@warga
@require_POST
def batalkan(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    permohonan = milik(request, nomor)
    try:
        alur.jalankan(permohonan, "batalkan", oleh=request.user, pada=timezone.now())
    except alur.LangkahTidakSah as galat:
        messages.error(request, str(galat))
    else:
        messages.success(request, "Permohonan sudah dibatalkan.")
    return redirect("layanan:rincian", nomor=nomor)


def _bisa_lagi(permohonan: Permohonan, kabar: koreksi.Kabar) -> bool:
    """Whether the same letter may be asked for once more on this site: this request brought none,
    or one that holds no longer and is not being replaced."""
    if not permohonan.jenis.layanan_mandiri or kabar.koreksi:
        return False
    habis = kabar.keadaan and (kabar.ditarik or kabar.keadaan.kode is keadaan.Kode.KEDALUWARSA)
    return bool(habis) or permohonan.status in (S.DITOLAK, S.DIBATALKAN)


@warga
@require_POST
def ajukan_lagi(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    """The same letter once more, begun with what was sent for this request."""
    permohonan = milik(request, nomor)
    if not _bisa_lagi(permohonan, _kabar(permohonan)):
        messages.info(request, "Surat ini sekarang tidak dapat diajukan lagi dari sini.")
        return redirect("layanan:rincian", nomor=nomor)
    try:
        disalin = pengisian.buka_lagi(request.user, permohonan, pada=timezone.now())
    except jatah.JatahHabis as galat:
        messages.error(request, str(galat))
        return redirect("layanan:rincian", nomor=nomor)
    if disalin:
        kata = "Isian dan dokumen Anda yang dulu sudah disalin. Periksa lagi semuanya."
    else:
        kata = "Anda sudah mulai mengisi surat ini. Lanjutkan di sini."
    messages.info(request, kata)
    return redirect("layanan:dokumen", kode=permohonan.jenis.kode)


@warga
@require_GET
def unduh(request: AuthenticatedRequest, nomor: str) -> HttpResponse | FileResponse:
    """The owner's copy of the letter, once it has been signed and while it may be used."""
    permohonan = milik(request, nomor)
    if permohonan.surat is None or permohonan.status not in (S.SIAP_DIAMBIL, S.SELESAI):
        raise Http404
    if _kabar(permohonan).ditarik:
        messages.error(request, "Salinan surat ini tidak dapat dibuka: tidak berlaku lagi.")
        return redirect("layanan:rincian", nomor=nomor)
    jawab = sajikan_surat(request, permohonan.surat)
    nama = f"salinan-tanpa-tanda-tangan-basah-{permohonan.surat_id}.pdf"
    jawab.headers["Content-Disposition"] = f'inline; filename="{nama}"'
    return jawab
