"""A resident's own requests: list, timeline, mend, cancel, representative, letter."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, Q, When
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from layanan import tasks
from layanan.forms.warga import WakilForm
from layanan.kabar import panggilan
from layanan.kotak_keluar import notifikasi
from layanan.models import Draf, Lampiran, Permohonan, Riwayat
from layanan.percakapan import kabari
from layanan.permohonan import alur, berkas, dampak, jatah, koreksi, pengisian
from layanan.permohonan.langkah import URUSAN_KANTOR
from layanan.views import unggahan
from layanan.views.unduhan import sajikan_surat
from penduduk.akun.pintu import AuthenticatedRequest, warga
from penduduk.antrean import bangunkan
from penduduk.forms import ketikan
from penduduk.identitas import telepon
from surat.isian import formulir, jawaban
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
        .order_by(_URUTAN, "-diajukan_pada")[:50]
    )
    draf = list(
        Draf.objects.filter(akun=request.user, terkirim=False)
        .select_related("jenis")
        .order_by("-diperbarui_pada")
    )
    konteks = {
        "berjalan": [satu for satu in daftar if satu.status not in Permohonan.AKHIR],
        "selesai": [satu for satu in daftar if satu.status in Permohonan.AKHIR],
        "draf": draf[:_DRAF_TERLIHAT],
        "draf_lain": draf[_DRAF_TERLIHAT:],
    }
    return render(request, "layanan/beranda.html", konteks)


def _milik(request: AuthenticatedRequest, nomor: str) -> Permohonan:
    """The resident's own request; anybody else's does not exist."""
    return get_object_or_404(
        Permohonan.objects.select_related(
            "jenis", "surat__tanda_tangan", "wakil_pejabat", "menggantikan"
        ).prefetch_related(keadaan.relasi("surat__")),
        nomor=nomor,
        pemohon=request.user.warga,
    )


def _perbaikan(permohonan: Permohonan) -> Riwayat | None:
    """The step that asked for the mending which is due now."""
    kini = permohonan.status == Permohonan.Status.PERLU_PERBAIKAN
    return _diminta_terakhir(permohonan) if kini else None


def _diminta_terakhir(permohonan: Permohonan) -> Riwayat | None:
    return permohonan.riwayat.filter(langkah="minta_perbaikan").order_by("-pk").first()


@warga
@require_GET
def rincian(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    dibuka = timezone.now()
    permohonan = _milik(request, nomor)
    jawab = _halaman(request, permohonan)
    # A browser that fetches a page in advance has not shown it to anybody.
    if "prefetch" not in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        panggilan.dilihat_di_situs(permohonan, pada=dibuka)
    return jawab


def _halaman(
    request: AuthenticatedRequest,
    permohonan: Permohonan,
    wakil: WakilForm | None = None,
    terlambat: BaseForm | None = None,
) -> HttpResponse:
    """The page of a request; with what was typed into a form that is not offered any more."""
    boleh = alur.langkah_tersedia(permohonan, oleh=request.user, pada=timezone.now())
    kabar, riwayat = _kabar(permohonan), permohonan.riwayat.exclude(langkah__in=URUSAN_KANTOR)
    konteks = {
        "permohonan": permohonan,
        "riwayat": riwayat,
        "alasan_tolak": [r.catatan for r in riwayat if r.ke == S.DITOLAK],
        "bisa_lagi": _bisa_lagi(permohonan, kabar),
        "perbaikan": _perbaikan(permohonan),
        "nomor_hp": telepon.tampil(permohonan.nomor_hp),
        "jawaban": jawaban.dalam_kata(
            permohonan.jenis, permohonan.isian, pada=timezone.localdate()
        ),
        "lampiran": permohonan.lampiran.filter(diganti_pada__isnull=True)
        .select_related("berkas")
        .order_by("pk"),
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
    permohonan = _milik(request, nomor)
    form = _form_wakil(permohonan, _kabar(permohonan), request.POST)
    if form is None:
        messages.error(request, alur.sudah_berubah(permohonan))
        return _halaman(request, permohonan, terlambat=WakilForm(request.POST))
    if not form.is_valid():
        return _halaman(request, permohonan, form)
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
    permohonan = _milik(request, nomor)
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
    permohonan = _milik(request, nomor)
    if not _bisa_lagi(permohonan, _kabar(permohonan)):
        raise Http404
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
@require_http_methods(["GET", "POST"])
def perbaiki(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    """Only what the operator marked can be mended here."""
    permohonan = _milik(request, nomor)
    diminta = _perbaikan(permohonan)
    if diminta is None:
        lalu = _diminta_terakhir(permohonan) if request.method == "POST" else None
        if lalu is None:
            return redirect("layanan:rincian", nomor=nomor)
        form = _form_isian(permohonan, lalu.rincian["putusan"], request)
        return _terlambat(request, permohonan, form, alur.sudah_berubah(permohonan))
    putusan = diminta.rincian["putusan"]
    lampiran = permohonan.lampiran.filter(diganti_pada__isnull=True)
    if request.method == "GET" and (menunggu := unggahan.tunggu(request, lampiran)):
        return menunggu
    form = _form_isian(permohonan, putusan, request)
    galat: dict[str, str] = {}
    if request.method == "POST":
        jumlah, galat = _simpan_dokumen(request, permohonan, putusan, diminta)
        if request.POST.get("aksi") == "kirim" and form.is_valid() and not galat:
            return _kirim(request, permohonan, form)
        unggahan.tersimpan(request, jumlah)
        if jumlah and not galat and not form.fields:  # nothing typed that could get lost
            return unggahan.ke_hasil("layanan:perbaiki", jumlah, nomor=nomor)
    dokumen = [
        {
            "putusan": p,
            "galat": galat.get(p["kunci"], ""),
            "baru": _lampiran_baru(permohonan, p["kunci"], diminta),
        }
        for p in putusan
        if p["apa"] == "syarat"
    ]
    konteks = {
        "permohonan": permohonan,
        "diminta": diminta,
        "galat": galat,
        "dokumen": dokumen,
        "isian": [p for p in putusan if p["apa"] == "isian"],
        "form": form,
    }
    return render(request, "layanan/perbaiki.html", konteks)


def _form_isian(
    permohonan: Permohonan, putusan: list[dict], request: AuthenticatedRequest
) -> formulir.PertanyaanForm:
    """The form of the letter, reduced to the answers that were marked."""
    orang = request.user.warga
    keluarga, hari_ini = pengisian.keluarga(orang), timezone.localdate()
    kelas = formulir.buat_form(
        permohonan.jenis, keluarga=keluarga, hari_ini=hari_ini, pemohon=orang
    )
    kirim = request.POST if request.method == "POST" else None
    form = kelas(kirim, initial=permohonan.isian)
    if kirim is not None and "tambah" in kirim:
        form = kelas(initial=permohonan.isian | formulir.sebagai_awal(form))
    diminta = {p["kunci"]: p["alasan"] for p in putusan if p["apa"] == "isian"}
    # An answer may bring another question with it, which has never been asked before.
    ikut = {b.kunci for b in form.baris if b.bila_kunci in diminta}
    for kunci in list(form.fields):
        if kunci in diminta:
            form.fields[kunci].help_text = format_html("Yang diminta petugas: {}", diminta[kunci])
        elif kunci not in ikut:
            del form.fields[kunci]
    return form


def _lampiran_baru(permohonan: Permohonan, syarat: str, diminta: Riwayat) -> list[Lampiran]:
    return list(
        permohonan.lampiran.filter(
            syarat=syarat, diganti_pada__isnull=True, ditambah_pada__gt=diminta.pada
        ).select_related("berkas")
    )


def _simpan_dokumen(
    request: AuthenticatedRequest, permohonan: Permohonan, putusan: list[dict], diminta: Riwayat
) -> tuple[int, dict[str, str]]:
    """Store new files for the marked papers; returns how many, and errors per paper. What is still
    missing is an error when sending."""
    galat: dict[str, str] = {}
    jumlah = 0
    for p in (p for p in putusan if p["apa"] == "syarat"):
        kode = p["kunci"]
        baru, kalimat = berkas.terima_beberapa(
            request.FILES.getlist(f"berkas-{kode}"),
            pemilik=request.user.warga,
            dokumen=kode,
            label=p["label"],
            ke=permohonan,
            pada=timezone.now(),
            diminta_pada=diminta.pada,
        )
        jumlah += baru
        if kalimat:
            galat[kode] = " ".join(kalimat)
        elif request.POST.get("aksi") == "kirim":
            ada = _lampiran_baru(permohonan, kode, diminta)
            if not [x for x in ada if x.berkas.keadaan != "DITOLAK"]:
                galat[kode] = "Unggah dokumen pengganti, lalu kirim."
    if jumlah:
        bangunkan(tasks.periksa_berkas)
    return jumlah, galat


def _kirim(
    request: AuthenticatedRequest, permohonan: Permohonan, form: formulir.PertanyaanForm
) -> HttpResponse:
    baru = formulir.rapikan(
        permohonan.jenis, permohonan.isian | formulir.ke_json(form.cleaned_data)
    )
    try:
        bahan = dampak.AjukanUlang(baru)
        alur.jalankan(permohonan, "ajukan_ulang", bahan, oleh=request.user, pada=timezone.now())
    except alur.LangkahTidakSah as galat:
        return _terlambat(request, _milik(request, permohonan.nomor), form, str(galat))
    bangunkan(tasks.kirim_pesan)
    messages.success(request, "Perbaikan Anda sudah terkirim.")
    return redirect("layanan:rincian", nomor=permohonan.nomor)


def _terlambat(
    request: AuthenticatedRequest, permohonan: Permohonan, form: BaseForm, sebab: str
) -> HttpResponse:
    """It was sent meanwhile, from another phone for instance; what was typed here is shown."""
    messages.error(request, sebab)
    return _halaman(request, permohonan, terlambat=form)


@warga
@require_GET
def unduh(request: AuthenticatedRequest, nomor: str) -> HttpResponse | FileResponse:
    """The owner's copy of the letter, once it has been signed and while it may be used."""
    permohonan = _milik(request, nomor)
    if permohonan.surat is None or permohonan.status not in (S.SIAP_DIAMBIL, S.SELESAI):
        raise Http404
    if _kabar(permohonan).ditarik:
        messages.error(request, "Salinan surat ini tidak dapat dibuka: tidak berlaku lagi.")
        return redirect("layanan:rincian", nomor=nomor)
    return sajikan_surat(request, permohonan.surat)
