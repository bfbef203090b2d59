"""The official forms of one request: which are printed, what is still unknown, and the prints.

Before the letter exists they are filled afresh each time; with it they are frozen.
"""

import hashlib
import json
from base64 import b64encode
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from layanan.models import Permohonan
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.forms import TanggalField, bidang_dari, helper, ketikan
from penduduk.halaman import halaman, tampilkan
from penduduk.models import Penduduk
from surat.admin.formulir import pdf
from surat.formulir_resmi import daftar, tawaran
from surat.formulir_resmi.isi import Formulir
from surat.formulir_resmi.sumber import Sumber
from surat.isian.bidang import SuratTeksField
from surat.models import Cetakan, FormulirSurat

_IZIN = "layanan.proses_permohonan"
_KEDULUAN = (
    "Rekan Anda baru saja menyimpan formulir permohonan ini, jadi isian Anda belum disimpan. "
    "Isian Anda masih ada di bawah: bandingkan dengan formulirnya, lalu simpan lagi."
)
_SUDAH_TERBIT = (
    "Suratnya sudah terbit dan formulirnya sudah dibekukan, jadi isian Anda tidak disimpan. Tulis "
    "dengan tangan di formulir yang dicetak."
)


def sumber(permohonan: Permohonan) -> Sumber:
    """What the forms of a request would be filled from today."""
    return Sumber(
        permohonan.jenis,
        Penduduk.objects.select_related("keluarga__banjar").get(pk=permohonan.pemohon_id),
        permohonan.isian,
        timezone.localdate(),
        permohonan.syarat_terkumpul,
    )


class CelahForm(forms.Form):
    """Which forms, and what is not known about those that are printed; nothing is required."""

    helper = helper()
    pakai = forms.MultipleChoiceField(
        label="Formulir yang dicetak", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, formulir: dict[Formulir, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pilihan = [(x.kunci, tawaran.nama(x.naskah)) for x in formulir]
        bidang_dari(self, "pakai", forms.MultipleChoiceField).choices = pilihan
        self.celah: dict[str, daftar.Naskah] = {}
        for celah in (x.celah for x, ya in formulir.items() if ya):
            self.celah |= celah | self.celah  # one fact, asked in the words of the first form
        self.fields |= {kunci: _bidang(b) for kunci, b in self.celah.items()}

    def isi(self, lama: dict[str, str]) -> dict[str, Any]:
        """As it is kept with the request; `lama`: what was typed before."""
        d = self.cleaned_data
        baru = {k: str(d[k]) for k in self.celah if d[k]}
        sisa = {k: v for k, v in lama.items() if k not in self.celah}
        return {"pakai": d["pakai"], "isian": sisa | baru}


def _bidang(b: daftar.Naskah) -> forms.Field:
    bagian, n = b["bagian"].rstrip(":"), b.get("n", 0)
    nama = f"{bagian}: {b['label']}" if bagian and bagian != b["label"] else b["label"]
    umum: dict[str, Any] = {"label": nama, "required": False}
    if semua := daftar.pilihan(b):
        return forms.ChoiceField(choices=[("", "—"), *((x[1], x[1]) for x in semua)], **umum)
    if b["kotak"] == "tanggal":
        return TanggalField(**umum)
    if b["kotak"] == "angka":
        pas = "" if n == 16 else "1,"
        galat = {"invalid": f"Tulis {n} angka." if n == 16 else f"Paling banyak {n} angka."}
        return forms.RegexField(rf"^[0-9]{{{pas}{n}}}$", error_messages=galat, **umum)
    return SuratTeksField(max_length=200, **umum)


# --- Pages ----------------------------------------------------------------------------------------


def _ambil(pk: int, *, kunci: bool = False) -> Permohonan:
    semua = Permohonan.objects.select_related("jenis", "surat")
    return get_object_or_404(semua.select_for_update(of=("self",)) if kunci else semua, pk=pk)


def _sidik(permohonan: Permohonan) -> str:
    """What somebody has seen who saves: another clerk may have been faster."""
    isi = json.dumps(permohonan.formulir, sort_keys=True)
    return hashlib.sha256(isi.encode()).hexdigest()


@halaman(
    "layanan/permohonan/<int:pk>/formulir/",
    nama="layanan_formulir",
    izin=_IZIN,
    metode="GET POST",
)
@transaction.atomic
def isi(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """GET: the forms that are offered. POST: choose and fill gaps, until the letter exists; what
    was typed on a page that shows an older state is kept, and not saved unseen."""
    permohonan = _ambil(pk, kunci=request.method == "POST")
    konteks: dict[str, Any] = {"ketikan": [], "sidik": _sidik(permohonan)}
    formulir: dict[Formulir, bool] = {}
    if request.method == "POST" or not permohonan.surat:
        formulir = tawaran.semua(sumber(permohonan), permohonan.formulir or tawaran.Pilihan())
    isian = (permohonan.formulir or {}).get("isian", {})
    awal = isian | {"pakai": [x.kunci for x, ya in formulir.items() if ya]}
    form = CelahForm(request.POST or None, formulir=formulir, initial=awal)
    if permohonan.surat:
        semua = permohonan.surat.formulir.order_by("pk")
        konteks["beku"] = [(x.kunci, tawaran.nama(x.data)) for x in semua]
        if request.method == "POST":
            konteks["ketikan"] = ketikan(form)
            messages.error(request, _SUDAH_TERBIT)
    else:
        if request.method == "POST" and request.POST.get("dilihat") != konteks["sidik"]:
            messages.error(request, _KEDULUAN)
        elif formulir and form.is_valid():
            permohonan.formulir = form.isi(isian)
            permohonan.save(update_fields=["formulir"])
            messages.success(request, "Pilihan dan isian formulir sudah disimpan.")
            return redirect("admin:layanan_formulir", pk)
        konteks |= {"form": form, "formulir": formulir}
    judul, templat = f"Formulir resmi · {permohonan.nomor}", "permohonan/formulir.html"
    return tampilkan(request, f"admin/layanan/{templat}", judul, permohonan=permohonan, **konteks)


@halaman(
    "layanan/permohonan/<int:pk>/formulir/<slug:kunci>/", nama="layanan_formulir_pdf", izin=_IZIN
)
def cetak(request: AuthenticatedRequest, pk: int, kunci: str) -> HttpResponse:
    """PDF of one form; "semua": of all that go with the letter, behind it. Which file was made last
    of a frozen one is kept, so that it can be known again."""
    permohonan, kembali = _ambil(pk), reverse("admin:layanan_formulir", args=[pk])
    if permohonan.surat is None:
        formulir = tawaran.semua(sumber(permohonan), permohonan.formulir or tawaran.Pilihan())
        if (satu := next((x for x in formulir if x.kunci == kunci), None)) is None:
            raise Http404
        return pdf(request, "formulir", tawaran.beku(satu) | {"draf": True}, kunci, kembali)
    semua = FormulirSurat.objects.filter(surat=permohonan.surat).order_by("pk")
    if kunci == "semua":
        siap = Cetakan.objects.filter(surat=permohonan.surat, keadaan=Cetakan.Keadaan.SELESAI)
        with default_storage.open(get_object_or_404(siap).berkas) as depan:
            data = {"depan": b64encode(depan.read()).decode(), "formulir": [x.data for x in semua]}
        return pdf(request, "sekaligus", data, f"surat-{permohonan.surat_id}-formulir", kembali)
    beku = get_object_or_404(semua, kunci=kunci)
    jawab = pdf(request, "formulir", beku.data, kunci, kembali)
    if jawab.status_code == 200:
        sidik = hashlib.sha256(jawab.content).hexdigest()
        FormulirSurat.objects.filter(pk=beku.pk).update(sha256=sidik)
    return jawab
