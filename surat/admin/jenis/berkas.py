"""Letter types as files: download, copy, import; and the newer defaults that ship with updates."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from penduduk.akun.pintu import AuthenticatedRequest, menerima_berkas
from penduduk.halaman import halaman, tampilkan
from surat.admin import dasar
from surat.admin.jenis.form import usul
from surat.jenis import bawaan, beda, penyuntingan
from surat.jenis import berkas as berkas_jenis
from surat.jenis import impor as impor_jenis
from surat.jenis.bentuk import JenisTidakSah
from surat.models import JenisSurat


def unduhan(isi: Any, nama: str) -> HttpResponse:
    return HttpResponse(
        json.dumps(isi, ensure_ascii=False, indent=2) + "\n",
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{nama}"'},
    )


@halaman("surat/jenissurat/<int:pk>/unduh/", nama="surat_jenissurat_unduh", izin=dasar.IZIN)
def unduh(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    jenis = dasar.ambil(pk)
    return unduhan(berkas_jenis.ekspor(jenis), f"jenis-surat-{jenis.kode}.json")


# --- Copy -----------------------------------------------------------------------------------------


class SalinForm(forms.Form):
    nama = forms.CharField(label="Nama surat yang baru", max_length=120)
    kode = forms.SlugField(
        label="Kode",
        max_length=40,
        required=False,
        help_text="Kosong: dibuat dari namanya.",
    )


@halaman(
    "surat/jenissurat/<int:pk>/salin/",
    nama="surat_jenissurat_salin",
    izin=dasar.IZIN,
    metode="GET POST",
)
def salin(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A new type that begins as this one; residents see it only when the village offers it."""
    jenis = dasar.ambil(pk)
    form = SalinForm(request.POST or None, initial={"nama": f"{jenis.nama} (salinan)"[:120]})
    if request.method == "POST" and form.is_valid():
        isi = form.cleaned_data
        kode = isi["kode"] or usul(
            isi["nama"], set(JenisSurat.objects.values_list("kode", flat=True))
        )
        data = berkas_jenis.ekspor(jenis)
        data |= {"kode": kode, "nama": isi["nama"], "layanan_mandiri": False}
        try:
            baru = penyuntingan.buat(
                data, oleh=request.user, pada=timezone.now(), catatan=f"Salinan {jenis.nama}"
            )
        except JenisTidakSah as galat:
            form.add_error("kode", str(galat))
        else:
            _catat(request, [baru], ADDITION, f"Menyalin “{jenis.nama}”.")
            messages.success(request, f"“{baru.nama}” dibuat. Belum ditawarkan kepada warga.")
            return redirect("admin:surat_jenissurat_change", baru.pk)
    judul = f"Salin: {jenis.nama}"
    return tampilkan(request, "admin/surat/jenissurat/salin.html", judul, jenis=jenis, form=form)


def _catat(request: AuthenticatedRequest, jenis: list[JenisSurat], apa: int, pesan: str) -> None:
    LogEntry.objects.log_actions(request.user.pk, jenis, apa, pesan)


# --- Import ---------------------------------------------------------------------------------------


class UnggahForm(forms.Form):
    berkas = forms.FileField(
        label="Berkas jenis surat (.json)",
        error_messages={
            "required": "Pilih berkasnya dulu.",
            "empty": "Berkas ini kosong. Pilih berkas lain.",
        },
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )


@halaman(
    "surat/jenissurat/impor/", nama="surat_jenissurat_impor", izin=dasar.IZIN, metode="GET POST"
)
@menerima_berkas(impor_jenis.BYTE_MAKS + 64 * 1024)
def impor(request: AuthenticatedRequest) -> HttpResponse:
    """GET: choose a file. POST: look at it; POST again with its content: take it over."""
    konteks: dict[str, Any] = {"form": UnggahForm(), "laporan": [], "galat": "", "timpa": {}}
    if request.method == "POST" and "isi" in request.POST:
        hasil = _terapkan(request)
        if isinstance(hasil, HttpResponse):
            return hasil
        konteks |= hasil
    elif request.method == "POST":
        form = UnggahForm(request.POST, request.FILES)
        konteks["form"] = form
        if form.is_valid():
            unggahan = form.cleaned_data["berkas"]
            try:
                # One byte more than allowed is enough to know.
                semua = impor_jenis.baca(unggahan.read(impor_jenis.BYTE_MAKS + 1))
            except impor_jenis.BerkasDitolak as galat:
                form.add_error("berkas", str(galat))
            else:
                konteks |= _laporan(semua)
    return tampilkan(
        request, "admin/surat/jenissurat/impor.html", "Impor jenis surat", jenis=None, **konteks
    )


def _laporan(semua: list[Any]) -> dict[str, Any]:
    laporan = impor_jenis.periksa(semua)
    hitung: dict[str, int] = {
        nasib: sum(b.nasib is nasib for b in laporan) for nasib in impor_jenis.Nasib
    }
    return {
        "laporan": laporan,
        "hitung": hitung,
        "isi": impor_jenis.tulis(semua),
        "bisa": not hitung["salah"] and bool(hitung["baru"] or hitung["beda"]),
    }


def _terapkan(request: AuthenticatedRequest) -> HttpResponse | dict[str, Any]:
    timpa = {
        nama.removeprefix("timpa-"): nilai
        for nama, nilai in request.POST.dict().items()
        if nama.startswith("timpa-")
    }
    try:
        semua = impor_jenis.baca(request.POST["isi"].encode("utf-8", "replace"))
    except impor_jenis.BerkasDitolak as galat:
        return {"galat": str(galat)}
    try:
        baru, diganti = impor_jenis.terapkan(semua, timpa, oleh=request.user, pada=timezone.now())
    except impor_jenis.Berubah as galat:
        return {**_laporan(semua), "galat": str(galat), "timpa": timpa}
    if baru or diganti:
        _catat(request, baru, ADDITION, "Impor jenis surat dari berkas.")
        _catat(request, diganti, CHANGE, "Impor jenis surat dari berkas.")
        pesan = f"{len(baru)} jenis surat baru, {len(diganti)} diganti."
        messages.success(request, pesan)
    else:
        messages.info(request, "Tidak ada yang diubah: tidak ada yang baru atau dicentang.")
    return redirect("admin:surat_jenissurat_changelist")


# --- Newer defaults -------------------------------------------------------------------------------


@halaman(
    "surat/jenissurat/<int:pk>/bawaan/",
    nama="surat_jenissurat_bawaan",
    izin=dasar.IZIN,
    metode="GET POST",
)
def bawaan_baru(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """What a newer default would change, and the decision about it."""
    jenis = dasar.ambil(pk)
    data = bawaan.satu(jenis.kode)
    kembali = redirect("admin:surat_jenissurat_change", jenis.pk)
    if data is None or not bawaan.lebih_baru([jenis]):
        messages.info(request, "Tidak ada bawaan baru untuk jenis surat ini.")
        return kembali
    if request.method == "POST":
        return _putuskan(request, jenis, data) or redirect(request.path)
    return tampilkan(
        request,
        "admin/surat/jenissurat/bawaan.html",
        f"Bawaan baru: {jenis.nama}",
        jenis=jenis,
        beda=beda.bandingkan(berkas_jenis.ekspor(jenis), bawaan.milik_desa(jenis, data)),
        sidik=data["sidik"],
        keadaan=impor_jenis.keadaan(jenis),
    )


def _putuskan(
    request: AuthenticatedRequest, jenis: JenisSurat, data: dict[str, Any]
) -> HttpResponse | None:
    """Take the default or keep the village's own; None when it has to be looked at again."""
    kiriman = request.POST
    lama = impor_jenis.keadaan(jenis)
    if kiriman.get("sidik") != data["sidik"] or kiriman.get("keadaan") != lama:
        messages.error(request, "Jenis surat ini baru saja berubah. Periksa lagi bedanya.")
        return None
    if kiriman.get("aksi") == "tetap":
        bawaan.tetap(jenis, sidik=data["sidik"])
        _catat(request, [jenis], CHANGE, "Tetap memakai milik desa; bawaan baru tidak dipakai.")
        messages.success(request, f"“{jenis.nama}” tetap seperti milik desa.")
        return redirect("admin:surat_jenissurat_change", jenis.pk)
    revisi, _, versi = lama.partition(".")
    try:
        penyuntingan.timpa(
            jenis,
            bawaan.milik_desa(jenis, data),
            revisi=int(revisi),
            dasar=int(versi),
            sidik=data["sidik"],
            oleh=request.user,
            pada=timezone.now(),
            catatan="Bawaan baru",
        )
    except (penyuntingan.Keduluan, JenisTidakSah) as galat:
        messages.error(request, str(galat))
        return None
    _catat(request, [jenis], CHANGE, "Memakai bawaan baru.")
    messages.success(request, f"“{jenis.nama}” sekarang memakai bawaan baru.")
    return redirect("admin:surat_jenissurat_change", jenis.pk)
