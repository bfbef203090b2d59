"""The wording of a letter type: write it, see it on paper, look at former versions."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, tampilkan
from surat.admin import dasar
from surat.bahasa import templat
from surat.jenis import beda as beda_jenis
from surat.jenis import berkas, penyuntingan
from surat.jenis.bentuk import JenisTidakSah, rapikan
from surat.models import JenisSurat, Templat
from surat.peraga import pratinjau, sisipan
from surat.peraga.orang import Ukuran

_UKURAN = {"pratinjau": Ukuran.WAJAR, "pratinjau_terpanjang": Ukuran.TERPANJANG}
_BANTUAN = {
    "pembuka": "Kalimat sebelum tabel identitas.",
    "isi": "Alinea dipisah satu baris kosong.",
    "penutup": "Kalimat terakhir, sebelum tempat dan tanggal.",
}
_BARIS = {"pembuka": 6, "isi": 16, "penutup": 3}


class KataForm(forms.Form):
    dasar = forms.IntegerField(widget=forms.HiddenInput)
    yakin = forms.CharField(required=False)  # the warnings that were read on the page
    pembuka = forms.CharField(required=False, strip=False)
    isi = forms.CharField(required=False, strip=False)
    penutup = forms.CharField(required=False, strip=False)
    catatan = forms.CharField(
        label="Apa yang diubah",
        required=False,
        max_length=200,
        help_text="Untuk rekan Anda, tidak dicetak.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nama, label in beda_jenis.BAGIAN.items():
            self.fields[nama].label = label
            self.fields[nama].help_text = _BANTUAN[nama]
            self.fields[nama].widget = forms.Textarea(
                attrs={"rows": _BARIS[nama], "spellcheck": "false"}
            )


@halaman(
    "surat/jenissurat/<int:pk>/kata-kata/",
    nama="surat_jenissurat_kata",
    izin=dasar.IZIN,
    metode="GET POST",
)
def tulis(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """GET: the present wording to be changed. POST: see it as PDF, or keep it as a new version."""
    jenis = dasar.ambil(pk)
    kini = penyuntingan.versi_terbaru(jenis)
    if request.method != "POST":
        form = KataForm(initial={**_tersimpan(kini), "dasar": kini.versi})
        return _halaman(request, jenis, form, petunjuk=penyuntingan.tanpa_mandat(kini.pembuka))
    data = request.POST.copy()
    for nama in beda_jenis.BAGIAN:  # the lines of a complaint are those of the tidy text
        data[nama] = rapikan(data.get(nama, ""))
    form = KataForm(data)
    if form.is_valid() and _periksa(form, jenis):
        ukuran = _UKURAN.get(data.get("aksi", ""))
        return (
            _pratinjau(request, jenis, form, ukuran)
            if ukuran
            else _simpan(request, jenis, kini, form)
        )
    return _halaman(request, jenis, form)


def _periksa(form: KataForm, jenis: JenisSurat) -> bool:
    nama = berkas.nama_isian(jenis.pertanyaan.all())
    for bagian, salah in penyuntingan.temuan(form.cleaned_data, nama).items():
        form.add_error(bagian, salah)
    return not form.errors


def _tersimpan(satu: Templat) -> dict[str, str]:
    return {nama: getattr(satu, nama) for nama in beda_jenis.BAGIAN}


def _dokumen(jenis: JenisSurat, satu: Templat, lain: Templat) -> dict[str, Any]:
    """A version as a document; what nobody knows of it is as in the other one."""
    kata = _tersimpan(satu) | {"isi": satu.isi.split("\n\n")}
    return berkas.ekspor(jenis) | kata | (satu.susunan or lain.susunan or {})


def _kata(form: KataForm) -> dict[str, str]:
    return {nama: form.cleaned_data[nama] for nama in beda_jenis.BAGIAN}


def _pratinjau(
    request: AuthenticatedRequest, jenis: JenisSurat, form: KataForm, ukuran: Ukuran
) -> HttpResponse:
    try:
        return _pdf(jenis, ukuran, Templat(jenis=jenis, versi=0, **_kata(form)))
    except (templat.TemplatTidakSah, pratinjau.PratinjauGagal) as galat:
        form.add_error(None, str(galat))
        return _halaman(request, jenis, form)


def _pdf(jenis: JenisSurat, ukuran: Ukuran, satu: Templat | None) -> HttpResponse:
    if satu and satu.susunan:
        jenis.penanda = satu.susunan["penanda"]
    isi = pratinjau.buat(jenis, ukuran=ukuran, tanggal=timezone.localdate(), templat=satu)
    nama = f'inline; filename="pratinjau-{jenis.kode}.pdf"'
    return HttpResponse(isi, content_type="application/pdf", headers={"Content-Disposition": nama})


def _simpan(
    request: AuthenticatedRequest, jenis: JenisSurat, kini: Templat, form: KataForm
) -> HttpResponse:
    isi = form.cleaned_data
    beda: beda_jenis.Bagian | None = None
    peringatan = penyuntingan.peringatan(jenis, _tersimpan(kini), _kata(form))
    if peringatan and isi["yakin"] != " ".join(peringatan):
        return _halaman(request, jenis, form, peringatan=peringatan)
    try:
        baru = penyuntingan.simpan_kata(
            jenis,
            _kata(form),
            dasar=isi["dasar"],
            catatan=isi["catatan"],
            oleh=request.user,
            pada=timezone.now(),
        )
    except penyuntingan.Keduluan as galat:
        form.add_error(None, str(galat))
        form.data = dict(form.data.items(), dasar=str(kini.versi))
        beda = beda_jenis.Bagian("Kata-kata", beda_jenis.beda_kata(_tersimpan(kini), _kata(form)))
    except (penyuntingan.TidakBerubah, JenisTidakSah) as galat:
        form.add_error(None, str(galat))
    else:
        _catat(request, jenis, f"Menulis kata-kata versi {baru.versi}. {baru.catatan}".strip())
        messages.success(request, f"Versi {baru.versi} sudah disimpan dan dipakai mulai sekarang.")
        return redirect("admin:surat_jenissurat_versi", jenis.pk)
    return _halaman(request, jenis, form, bagian=beda)


def _catat(request: AuthenticatedRequest, jenis: JenisSurat, pesan: str) -> None:
    LogEntry.objects.log_actions(request.user.pk, [jenis], CHANGE, pesan, single_object=True)


def _halaman(
    request: AuthenticatedRequest, jenis: JenisSurat, form: KataForm, **lain: Any
) -> HttpResponse:
    return tampilkan(
        request,
        "admin/surat/jenissurat/kata.html",
        f"Tulis kata-kata: {jenis.nama}",
        jenis=jenis,
        form=form,
        kelompok=sisipan.daftar(jenis, tanggal=timezone.localdate()),
        **{"bagian": None, "peringatan": [], "petunjuk": "", **lain},
    )


# --- Versions -------------------------------------------------------------------------------------


@halaman("surat/jenissurat/<int:pk>/versi/", nama="surat_jenissurat_versi", izin=dasar.IZIN)
def versi(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """All versions; two of them side by side when ?a= and ?b= name them."""
    jenis = dasar.ambil(pk)
    semua = list(
        jenis.templat.select_related("dibuat_oleh")
        .annotate(jumlah_surat=Count("surat"))
        .order_by("-versi")
    )
    menurut = {str(t.versi): t for t in semua}
    pilih = [request.GET.get(nama, "") for nama in ("a", "b")]
    # Offered for comparison at first: the present and the former one.
    a, b = (semua[1].versi if len(semua) > 1 else 0), (semua[0].versi if semua else 0)
    beda = None
    if all(satu in menurut for satu in pilih):
        lama, baru = sorted((menurut[satu] for satu in pilih), key=lambda t: t.versi)
        a, b = lama.versi, baru.versi
        dua = [_dokumen(jenis, satu, lain) for satu, lain in ((lama, baru), (baru, lama))]
        beda = {"lama": lama, "baru": baru, "bagian": beda_jenis.bandingkan(*dua)}
    return tampilkan(
        request,
        "admin/surat/jenissurat/versi.html",
        f"Versi kata-kata: {jenis.nama}",
        jenis=jenis,
        semua=semua,
        kini=semua[0] if semua else None,
        a=a,
        b=b,
        beda=beda,
    )


@halaman(
    "surat/jenissurat/<int:pk>/versi/<int:versi>/pakai/",
    nama="surat_jenissurat_pakai",
    izin=dasar.IZIN,
    metode="GET POST",
)
def pakai_lagi(request: AuthenticatedRequest, pk: int, versi: int) -> HttpResponse:
    """GET: a former wording in the editor; once it is saved there, it is the newest version. POST:
    its rules, signers and forms are those of the type again."""
    jenis = dasar.ambil(pk)
    lama = get_object_or_404(Templat, jenis=jenis, versi=versi)
    if request.method == "POST":
        return _pakai_susunan(request, jenis, lama)
    kata = _tersimpan(lama)
    kini = penyuntingan.versi_terbaru(jenis).versi
    awal = {**kata, "dasar": kini, "catatan": f"Memakai lagi versi {versi}"}
    return _halaman(request, jenis, KataForm(initial=awal))


def _pakai_susunan(request: AuthenticatedRequest, jenis: JenisSurat, lama: Templat) -> HttpResponse:
    catatan = f"Memakai lagi aturan, penanda tangan dan formulir versi {lama.versi}"
    try:
        penyuntingan.simpan(
            jenis,
            berkas.ekspor(jenis) | (lama.susunan or {}),
            revisi=jenis.revisi if request.POST.get("revisi") == str(jenis.revisi) else -1,
            oleh=request.user,
            pada=timezone.now(),
            catatan=catatan,
        )
    except (penyuntingan.Keduluan, JenisTidakSah) as galat:
        messages.error(request, f"Belum dipakai lagi. {galat}")
    else:
        _catat(request, jenis, f"{catatan}.")
        messages.success(request, f"{catatan}.")
    return redirect("admin:surat_jenissurat_versi", jenis.pk)


@halaman("surat/jenissurat/pratinjau/", nama="surat_pratinjau", izin=dasar.IZIN)
def pratinjau_tersimpan(request: AuthenticatedRequest) -> HttpResponse:
    """PDF of what is stored: ?jenis= (none: the first that is offered), ?versi=, ?data=."""
    pk, versi_ = (request.GET.get(nama, "") for nama in ("jenis", "versi"))
    if any(x and not (x.isascii() and x.isdigit() and len(x) < 10) for x in (pk, versi_)):
        raise Http404
    semua = berkas.lengkap().order_by("-layanan_mandiri", "urutan", "nama")
    jenis = dasar.ambil(int(pk)) if pk else semua.first()
    if jenis is None:
        raise Http404
    satu = get_object_or_404(Templat, jenis=jenis, versi=int(versi_)) if versi_ else None
    try:
        ukuran = Ukuran(request.GET.get("data", Ukuran.WAJAR))
    except ValueError as galat:
        raise Http404 from galat
    try:
        return _pdf(jenis, ukuran, satu)
    except (templat.TemplatTidakSah, pratinjau.PratinjauGagal) as galat:
        messages.error(request, f"{jenis.nama}: {galat}")
        return redirect("admin:surat_jenissurat_change", jenis.pk)
