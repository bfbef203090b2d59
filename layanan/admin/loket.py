"""A request filed at the counter: for letters that need the person in front of the desk, and for
residents without a phone. From here on it is a request like any other."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from layanan import tasks
from layanan.forms.langkah import CARA_DIKENALI
from layanan.kotak_keluar import persetujuan
from layanan.permohonan import ajukan, pengisian
from layanan.permohonan.alur import Isi
from layanan.permohonan.langkah import PENGAJUAN
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.antrean import bangunkan
from penduduk.forms import NomorHPField, bidang_dari, helper
from penduduk.halaman import halaman, tampilkan
from penduduk.models import Penduduk
from surat.bahasa.orang import identitas
from surat.isian import formulir
from surat.isian.bidang import TeksField
from surat.models import JenisSurat

_IZIN = PENGAJUAN["loket"].siapa.izin
_DITAMPILKAN = 20  # people; whoever is not among them needs a longer search
_CARI_MIN = 3


class DatangForm(forms.Form):
    """Who stands at the desk, what they brought, and how they will be told."""

    helper = helper()

    datang = TeksField(
        label="Siapa yang datang", max_length=100, help_text="Pemohon sendiri, atau nama wakilnya."
    )
    cara = forms.ChoiceField(label="Dikenali dengan", choices=[(x, x) for x in CARA_DIKENALI])
    syarat = forms.MultipleChoiceField(
        label="Dokumen yang sudah dilihat",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    nomor_hp = NomorHPField(
        label="Nomor HP", required=False, help_text="Kosongkan bila tidak punya."
    )
    kabari_wa = forms.BooleanField(
        label="Mau dikabari lewat WhatsApp di nomor ini",
        required=False,
        help_text=f"Bacakan, lalu centang bila mau: “{persetujuan.KATA[persetujuan.VERSI]}”",
    )
    keterangan = TeksField(
        label="Keterangan tambahan",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
    )

    def __init__(self, *args: Any, jenis: JenisSurat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.semua = list(jenis.syarat.all())
        bidang_dari(self, "syarat", forms.MultipleChoiceField).choices = [
            (s.kode, s.label if s.wajib else f"{s.label} (tidak wajib)") for s in self.semua
        ]
        if not self.semua:
            del self.fields["syarat"]

    def clean_syarat(self) -> list[str]:
        dilihat = self.cleaned_data["syarat"]
        if kurang := [s.label for s in self.semua if s.wajib and s.kode not in dilihat]:
            raise forms.ValidationError([f"{label} belum dilihat." for label in kurang])
        return dilihat

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kabari_wa") and not data.get("nomor_hp") and "nomor_hp" not in self.errors:
            self.add_error("nomor_hp", "Isi nomornya, atau hapus centang WhatsApp.")
        return data


def _pemohon(pk: int) -> Penduduk:
    orang = Penduduk.objects.hidup().select_related("keluarga__banjar")
    return get_object_or_404(orang, pk=pk)


@halaman("layanan/loket/", nama="layanan_loket", izin=_IZIN, metode="GET POST")
def cari(request: AuthenticatedRequest) -> HttpResponse:
    """Find the person. By POST, because a NIK must not stand in an address."""
    teks = " ".join(request.POST.get("cari", "").split())[:60]
    hasil: list[Penduduk] = []
    if len(teks) >= _CARI_MIN:
        orang = Penduduk.objects.hidup().cari(teks).select_related("keluarga__banjar")
        hasil = list(orang.order_by("nama", "pk")[: _DITAMPILKAN + 1])
    return tampilkan(
        request,
        "admin/layanan/loket/cari.html",
        "Permohonan di loket",
        cari=teks,
        hasil=hasil[:_DITAMPILKAN],
        terlalu_banyak=len(hasil) > _DITAMPILKAN,
        terlalu_pendek=request.method == "POST" and len(teks) < _CARI_MIN,
    )


@halaman("layanan/loket/<int:pk>/", nama="layanan_loket_pilih", izin=_IZIN)
def pilih(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """All letters, those of the office first: they are why one comes here."""
    orang = _pemohon(pk)
    semua = JenisSurat.objects.order_by("layanan_mandiri", "urutan", "nama")
    judul = f"Surat untuk {orang.nama}"
    return tampilkan(request, "admin/layanan/loket/pilih.html", judul, orang=orang, semua=semua)


@halaman(
    "layanan/loket/<int:pk>/<slug:kode>/", nama="layanan_loket_isi", izin=_IZIN, metode="GET POST"
)
def isi(request: AuthenticatedRequest, pk: int, kode: str) -> HttpResponse:
    """The letter's own form for this person, filled in by the clerk."""
    orang, jenis = _pemohon(pk), get_object_or_404(JenisSurat, kode=kode)
    hari_ini = timezone.localdate()
    kelas = formulir.buat_form(
        jenis, keluarga=pengisian.keluarga(orang), hari_ini=hari_ini, pemohon=orang
    )
    kirim = request.POST if request.method == "POST" else None
    form, datang = kelas(kirim), DatangForm(kirim, jenis=jenis, prefix="loket")
    if kirim is not None and "tambah" in kirim:  # more rows wanted: judge nothing yet
        awal: dict[str, Any] = {
            k: kirim.get(f"loket-{k}", "") for k in datang.fields if k != "syarat"
        }
        awal["syarat"] = kirim.getlist("loket-syarat")
        form = kelas(initial=formulir.sebagai_awal(form))
        datang = DatangForm(initial=awal, jenis=jenis, prefix="loket")
    elif kirim is not None and form.is_valid() & datang.is_valid():
        try:
            return _ajukan(request, orang, jenis, form, datang)
        except ajukan.LangkahTidakSah as galat:
            datang.add_error(None, str(galat))
    return tampilkan(
        request,
        "admin/layanan/loket/isi.html",
        jenis.nama,
        orang=orang,
        jenis=jenis,
        identitas=identitas(orang, pada=hari_ini),
        form=form,
        datang=datang,
    )


def _ajukan(
    request: AuthenticatedRequest,
    orang: Penduduk,
    jenis: JenisSurat,
    form: formulir.PertanyaanForm,
    datang: DatangForm,
) -> HttpResponse:
    data = datang.cleaned_data
    isi = Isi(
        jenis=jenis,
        pemohon_id=orang.pk,
        isian=formulir.rapikan(jenis, formulir.ke_json(form.cleaned_data)),
        dibawa=data.get("syarat", []),
        nomor_hp=data["nomor_hp"],
        kabari_wa=data["kabari_wa"],
        keterangan=data["keterangan"],
    )
    catatan = f"Diajukan di loket. Datang: {data['datang']}; dikenali dengan {data['cara']}."
    baru = ajukan.di_loket(isi, catatan=catatan, oleh=request.user, pada=timezone.now())
    bangunkan(tasks.kirim_pesan)
    messages.success(request, f"{baru.nomor} sudah masuk antrean.")
    return redirect("admin:layanan_permohonan_change", baru.pk)
