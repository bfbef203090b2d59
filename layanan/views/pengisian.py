"""From a chosen letter to "Kirim": papers, form, check, send.

Everything typed or uploaded is kept in a draft on the server at each step. The forms carry the
draft's id, so a page that the back button brought back can never send a second request.
"""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from layanan import tasks
from layanan.forms.warga import GalatBerkas, KeteranganForm
from layanan.janji import janji
from layanan.kotak_keluar import persetujuan
from layanan.models import Berkas, Draf, Permohonan
from layanan.permohonan import ajukan, berkas, jatah, pengisian
from layanan.views import unggahan
from layanan.views.draf import TIDAK_ADA, halaman_draf
from penduduk.akun import penjagaan
from penduduk.akun.pintu import AuthenticatedRequest, menerima_berkas, warga
from penduduk.antrean import bangunkan
from penduduk.identitas import telepon
from penduduk.models import Akun
from surat.bahasa.orang import identitas
from surat.isian import formulir, jawaban
from surat.models import JenisSurat

_BERUBAH = (
    "Permohonan ini berubah sejak halaman tadi dibuka, mungkin di tab lain. Ini isinya sekarang: "
    "periksa lagi, lalu kirim."
)


def _draf_disebut(request: AuthenticatedRequest) -> Draf | None:
    """The own draft named in the posted form, sent or not; None when it is no more."""
    try:
        pk = uuid.UUID(request.POST.get("draf", ""))
    except ValueError:
        return None
    semua = Draf.objects.select_related("jenis", "permohonan")
    return semua.filter(pk=pk, akun=request.user).first()


def _sudah_terkirim(request: AuthenticatedRequest, draf: Draf) -> HttpResponse:
    messages.info(request, "Permohonan ini sudah terkirim. Yang diubah sesudahnya tidak ikut.")
    return redirect("layanan:rincian", nomor=draf.permohonan.nomor)


@halaman_draf
@menerima_berkas(unggahan.SEKALI_KIRIM)
@require_http_methods(["GET", "POST"])
def dokumen(request: AuthenticatedRequest, jenis: JenisSurat) -> HttpResponse:
    """Keterangan Tambahan, Nomor HP and Dokumen Kelengkapan of one request."""
    akun = request.user
    draf = Draf.objects.filter(akun=akun, jenis=jenis, terkirim=False).first()
    if request.method == "GET":
        return _buka_dokumen(request, jenis, draf)
    if (disebut := _draf_disebut(request)) and disebut.terkirim:
        return _sudah_terkirim(request, disebut)
    draf = draf or _buka(request, jenis)
    if draf is None:
        return redirect("layanan:beranda")
    # An answer counts whenever one is sent, also from a page that the back button brought back.
    ditanya = "setuju_wa" in request.POST or not persetujuan.sudah_ditanya(akun)
    form = KeteranganForm(request.POST, ditanya=ditanya)
    lanjut = request.POST.get("aksi") == "lanjut"
    sah = form.is_valid() or (not lanjut and _boleh_kurang(form))
    _simpan_keterangan(draf, akun, form)
    _hapus_berkas(request, draf)
    jumlah, galat = _simpan_dokumen(request, draf)
    if lanjut:
        _tandai_kurang(pengisian.baris_syarat(draf), galat)
    if galat or not sah or not lanjut:
        unggahan.tersimpan(request, jumlah)
    if galat or not sah:
        return _halaman_dokumen(request, jenis, draf, form, galat)
    if lanjut:
        return redirect("layanan:isi", kode=jenis.kode)
    if not jumlah and "hapus" not in request.POST:
        messages.success(request, "Isian Anda sudah tersimpan.")
    return unggahan.ke_hasil("layanan:dokumen", jumlah > 0, kode=jenis.kode)


def _buka(request: AuthenticatedRequest, jenis: JenisSurat) -> Draf | None:
    """A draft for what has been typed. None: enough for today, which is said."""
    try:
        return pengisian.buka(request.user, jenis, pada=timezone.now())
    except jatah.JatahHabis as habis:
        messages.error(request, str(habis))
        return None


def _buka_dokumen(
    request: AuthenticatedRequest, jenis: JenisSurat, draf: Draf | None
) -> HttpResponse:
    akun = request.user
    # The back button after "Kirim" ends here too: a blank form would look like a failure.
    kembali = draf is None and "baru" not in request.GET
    if kembali and (baru := pengisian.baru_terkirim(akun, jenis, pada=timezone.now())):
        return render(request, "layanan/sudah_terkirim.html", {"permohonan": baru})
    if draf and (menunggu := unggahan.tunggu(request, draf.lampiran.all())):
        return menunggu
    form = KeteranganForm(initial=_awal(akun, draf), ditanya=not persetujuan.sudah_ditanya(akun))
    return _halaman_dokumen(request, jenis, draf or Draf(akun=akun, jenis=jenis), form, {})


def _boleh_kurang(form: KeteranganForm) -> bool:
    """While saving, number and answer may still be missing; but a mistyped number, or an answer
    without a number that it belongs to, must not vanish in silence."""
    kurang = all(galat.code == "required" for e in form.errors.values() for galat in e.as_data())
    return kurang and not ("nomor_hp" in form.errors and "setuju_wa" in form.cleaned_data)


def _awal(akun: Akun, draf: Draf | None) -> dict:
    return {
        "keterangan": draf.keterangan if draf else "",
        "nomor_hp": telepon.tampil(
            (draf.nomor_hp if draf else "") or akun.nomor_calon or akun.nomor_hp
        ),
    }


def _halaman_dokumen(
    request: AuthenticatedRequest, jenis: JenisSurat, draf: Draf, form: KeteranganForm, galat: dict
) -> HttpResponse:
    tersimpan = not draf._state.adding
    baris = (
        pengisian.baris_syarat(draf)
        if tersimpan
        else [pengisian.BarisSyarat(s, [], False) for s in jenis.syarat.all()]
    )
    dipakai = {x.berkas_id for b in baris for x in b.lampiran}
    lama = berkas.milik(request.user.warga, {b.syarat.kode for b in baris})
    konteks = {
        "jenis": jenis,
        "draf": draf if tersimpan else None,
        "form": form,
        "ditanya": "setuju_wa" in form.fields,
        "diperiksa": any(
            x.berkas.keadaan == Berkas.Keadaan.DIPERIKSA for b in baris for x in b.lampiran
        ),
        "galat_berkas": [
            GalatBerkas(f"berkas-{b.syarat.kode}", b.syarat.label, galat[b.syarat.kode])
            for b in baris
            if b.syarat.kode in galat
        ],
        "baris": [
            {
                "isi": b,
                "galat": galat.get(b.syarat.kode, ""),
                "lama": [x for x in lama if x.dokumen == b.syarat.kode and x.pk not in dipakai][:3],
            }
            for b in baris
        ],
    }
    return render(request, "layanan/dokumen.html", konteks)


def _simpan_keterangan(draf: Draf, akun: Akun, form: KeteranganForm) -> None:
    """Keep what was typed, right or wrong; a right number is remembered for next time."""
    draf.keterangan = form.cleaned_data.get("keterangan", "") or form.data.get("keterangan", "")
    draf.keterangan = draf.keterangan[:1000]
    draf.nomor_hp = form.cleaned_data.get("nomor_hp", "")
    draf.save(update_fields=["keterangan", "nomor_hp", "diperbarui_pada"])
    if not draf.nomor_hp:
        return
    pada = timezone.now()
    # For news of this request at once; for the account only once it is proven.
    penjagaan.usulkan_nomor(akun, draf.nomor_hp)
    setuju = form.cleaned_data.get("setuju_wa")
    if setuju is not None:
        persetujuan.jawab(
            akun,
            setuju=setuju,
            nomor_hp=draf.nomor_hp,
            kanal=persetujuan.Kanal.SITUS,
            pada=pada,
        )


def _hapus_berkas(request: AuthenticatedRequest, draf: Draf) -> None:
    """Take the named file off the draft; it goes for good unless another request uses it."""
    if not (pk := request.POST.get("hapus", "")):
        return
    lampiran = draf.lampiran.select_related("berkas").filter(pk=pk if pk.isdecimal() else 0).first()
    if lampiran is None:
        messages.info(request, "Berkas itu sudah tidak ada di isian ini.")
    else:
        berkas.lepas(lampiran)
        messages.success(request, "Berkas sudah dihapus.")


def _simpan_dokumen(request: AuthenticatedRequest, draf: Draf) -> tuple[int, dict[str, str]]:
    """Store uploads, chosen earlier files and "I bring it"; returns how many files were added, and
    errors per requirement."""
    galat: dict[str, str] = {}
    dibawa, jumlah = [], 0
    for syarat in draf.jenis.syarat.all():
        if syarat.boleh_dibawa and f"bawa-{syarat.kode}" in request.POST:
            dibawa.append(syarat.kode)
        baru, kalimat = berkas.terima_beberapa(
            request.FILES.getlist(f"berkas-{syarat.kode}"),
            pemilik=request.user.warga,
            dokumen=syarat.kode,
            label=syarat.label,
            ke=draf,
            pada=timezone.now(),
        )
        for lama in _pilihan_lama(request, syarat.kode):
            try:
                berkas.lampirkan(lama, syarat=syarat.kode, ke=draf)
                baru += 1
            except berkas.BerkasDitolak as sebab:
                kalimat.append(str(sebab))
        jumlah += baru
        if kalimat:
            galat[syarat.kode] = " ".join(kalimat)
    if dibawa != draf.dibawa:
        draf.dibawa = dibawa
        draf.save(update_fields=["dibawa", "diperbarui_pada"])
    if jumlah:
        bangunkan(tasks.periksa_berkas)
    return jumlah, galat


def _pilihan_lama(request: AuthenticatedRequest, kode: str) -> list[Berkas]:
    pk = []
    for teks in request.POST.getlist(f"pakai-{kode}"):
        try:
            pk.append(uuid.UUID(teks))
        except ValueError:
            continue
    return list(
        Berkas.objects.filter(pk__in=pk, pemilik=request.user.warga, dokumen=kode).exclude(
            keadaan=Berkas.Keadaan.DITOLAK
        )
    )


def _tandai_kurang(baris: list[pengisian.BarisSyarat], galat: dict[str, str]) -> None:
    for b in baris:
        if kurang := pengisian.kurang_dokumen([b]):
            galat.setdefault(b.syarat.kode, " ".join(kurang))


@warga
@require_POST
def hapus_draf(request: AuthenticatedRequest, kode: str) -> HttpResponse:
    """Give up a request that was not sent; its files go unless another one uses them."""
    draf = Draf.objects.filter(akun=request.user, jenis__kode=kode, terkirim=False).first()
    if draf is None:
        messages.info(request, TIDAK_ADA)
    else:
        berkas.buang_draf(draf)
        messages.success(request, f"Isian {draf.jenis.nama} sudah dihapus.")
    return redirect("layanan:beranda")


@halaman_draf
@require_http_methods(["GET", "POST"])
def isi(request: AuthenticatedRequest, jenis: JenisSurat) -> HttpResponse:
    """The letter's own fields below the identity from the register; Keperluan last."""
    if (disebut := _draf_disebut(request)) and disebut.terkirim:
        return _sudah_terkirim(request, disebut)
    draf = Draf.objects.filter(akun=request.user, jenis=jenis, terkirim=False).first()
    if draf is None and "draf" in request.POST:  # deleted while this page was open
        draf = _buka(request, jenis)
    if draf is None:
        return redirect("layanan:dokumen", kode=jenis.kode)
    orang, hari_ini = request.user.warga, timezone.localdate()
    keluarga = pengisian.keluarga(orang)
    orang = next((satu for satu in keluarga if satu == orang), orang)  # with house and banjar
    kelas = formulir.buat_form(jenis, keluarga=keluarga, hari_ini=hari_ini, pemohon=orang)
    form = kelas(request.POST) if request.method == "POST" else kelas(initial=draf.isian)
    if request.method == "POST":
        sah = form.is_valid()
        pengisian.simpan_isian(draf, formulir.ke_json(form.cleaned_data), lengkap=sah)
        if "tambah" in request.POST:  # more rows wanted: show what was typed, judge nothing yet
            form = kelas(initial=formulir.sebagai_awal(form))
        elif sah:
            return redirect("layanan:periksa", kode=jenis.kode)
    konteks = {
        "jenis": jenis,
        "draf": draf,
        "form": form,
        "identitas": identitas(orang, pada=hari_ini),
    }
    return render(request, "layanan/isi.html", konteks)


@halaman_draf
@require_http_methods(["GET", "POST"])
def periksa(request: AuthenticatedRequest, jenis: JenisSurat) -> HttpResponse:
    """Check page; its button sends, once, however often it is pressed."""
    if request.method == "POST":
        return _kirim(request, jenis)
    draf = Draf.objects.filter(akun=request.user, jenis=jenis, terkirim=False).first()
    if draf is None:
        return redirect("layanan:dokumen", kode=jenis.kode)
    if not draf.isian_lengkap:
        return redirect("layanan:isi", kode=jenis.kode)
    draf.jenis = jenis
    return _halaman_periksa(request, draf, [])


def _halaman_periksa(
    request: AuthenticatedRequest,
    draf: Draf,
    kurang: list[str],
    berjalan: list[Permohonan] | None = None,
) -> HttpResponse:
    baris = pengisian.baris_syarat(draf)
    kurang = [*(kurang or pengisian.kurang_dokumen(baris)), *_belum_dijawab(request.user)]
    hari_ini = timezone.localdate()
    temuan, disebut = pengisian.temuan(
        draf.jenis, draf.isian, pemohon=request.user.warga, hari=hari_ini, kantor=False
    )
    konteks = {
        "jenis": draf.jenis,
        "draf": draf,
        "temuan": temuan,
        "sidik": pengisian.sidik(draf),
        "berjalan": [(satu, pengisian.sama(draf, satu)) for satu in berjalan or []],
        "baris": baris,
        "kurang": kurang,
        "jawaban": jawaban.dalam_kata(draf.jenis, draf.isian, pada=hari_ini, penduduk=disebut),
        "identitas": identitas(request.user.warga, pada=hari_ini),
        "nomor_hp": telepon.tampil(draf.nomor_hp),
        "janji": janji.akan(draf.jenis, pada=timezone.now()),
    }
    return render(request, "layanan/periksa.html", konteks)


def _belum_dijawab(akun: Akun) -> list[str]:
    """Nobody is taken to have answered the question about WhatsApp, also not by passing it by."""
    if persetujuan.sudah_ditanya(akun):
        return []
    return ["Pilih dulu mau dikabari lewat WhatsApp atau tidak, di bawah nomor HP."]


def _kirim(request: AuthenticatedRequest, jenis: JenisSurat) -> HttpResponse:
    draf = _draf_disebut(request)
    if draf is None or draf.jenis != jenis:
        messages.info(request, TIDAK_ADA)
        return redirect("layanan:beranda")
    baru = not draf.terkirim
    if baru and _belum_dijawab(request.user):
        return _halaman_periksa(request, draf, [])
    try:
        permohonan = ajukan.dari_draf(
            draf,
            oleh=request.user,
            pada=timezone.now(),
            sidik=request.POST.get("sidik", ""),
            tanya="tetap" not in request.POST,
        )
    except pengisian.DrafBelumLengkap as galat:
        return _halaman_periksa(request, draf, galat.kurang)
    except ajukan.BerubahSejakDiperiksa:
        messages.warning(request, _BERUBAH)
        return _halaman_periksa(request, draf, [])
    except ajukan.AdaYangBerjalan as galat:
        return _halaman_periksa(request, draf, [], galat.permohonan)
    except jatah.JatahHabis as galat:
        return _halaman_periksa(request, draf, [str(galat)])
    if baru:
        bangunkan(tasks.kirim_pesan)
        messages.success(request, "Permohonan Anda sudah terkirim.")
    return redirect("layanan:rincian", nomor=permohonan.nomor)
