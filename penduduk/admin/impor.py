"""Import and export of the register: upload, look at the dry run, apply, take back."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html

from penduduk import tasks
from penduduk.akun.pintu import AuthenticatedRequest, menerima_berkas, pelaku
from penduduk.antrean import bangunkan
from penduduk.halaman import KantorAdmin, jaga, subhalaman, tampilkan
from penduduk.impor import berkas, keluar, kolom, langkah, nilai
from penduduk.impor.terapkan import akan_diterapkan
from penduduk.models import BarisImpor, Impor, Penduduk

IZIN = "penduduk.impor_penduduk"
PER_HALAMAN = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
K = Impor.Keadaan


class UnggahForm(forms.Form):
    berkas = forms.FileField(
        label="Berkas Excel atau CSV",
        error_messages={
            "required": "Pilih berkasnya dulu.",
            "empty": "Berkas ini kosong. Pilih berkas lain.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )


def _unduhan(isi: Iterable[bytes], nama: str) -> StreamingHttpResponse:
    jawab = StreamingHttpResponse(isi, content_type=_XLSX)
    jawab["Content-Disposition"] = f'attachment; filename="{nama}"'
    jawab["Content-Encoding"] = "identity"  # a zip does not get smaller by gzip
    return jawab


@admin.register(Impor)
class ImporAdmin(KantorAdmin):
    """Rows that a person uploads and a worker works on; nothing is edited by hand."""

    judul_daftar = "Impor dan ekspor penduduk"
    list_display = ("nama_berkas", "lencana", "ringkas", "oleh", "diunggah_pada")
    list_display_links = ("nama_berkas",)
    list_filter = ("keadaan",)
    list_select_related = ("oleh",)
    ordering = ("-diunggah_pada", "-pk")
    change_list_template = "admin/penduduk/impor/daftar.html"

    def _boleh(self, request: HttpRequest) -> bool:
        return request.user.has_perm(IZIN)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._boleh(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._boleh(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._boleh(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="keadaan", ordering="keadaan")
    def lencana(self, impor: Impor) -> str:
        return format_html(
            '<span class="lencana lencana-impor-{}">{}</span>',
            impor.keadaan.lower(),
            impor.get_keadaan_display(),
        )

    @admin.display(description="baris")
    def ringkas(self, impor: Impor) -> str:
        label = dict(BarisImpor.Hasil.choices)
        isi = [f"{impor.jumlah[k]} {label[k]}" for k in label if impor.jumlah.get(k)]
        return ", ".join(isi) or "—"

    def _ambil(self, request: HttpRequest, pk: Any) -> Impor:
        return self.satu(request, pk, Impor.objects.select_related("oleh"))

    # --- Upload, export -------------------------------------------------------------------------

    @menerima_berkas(berkas.UKURAN_MAKS + 64 * 1024)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        jaga(request, IZIN)
        form = UnggahForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            unggahan = form.cleaned_data["berkas"]
            try:
                impor = langkah.terima(
                    unggahan, nama=unggahan.name, oleh=pelaku(request), pada=timezone.now()
                )
            except langkah.UnggahanDitolak as galat:
                form.add_error("berkas", str(galat))
            else:
                self.log_addition(request, impor, "Mengunggah berkas penduduk.")
                bangunkan(tasks.impor_yang_menunggu)
                return self.ke("change", impor.pk)
        return tampilkan(
            request,
            "admin/penduduk/impor/unggah.html",
            "Impor penduduk",
            form=form,
            kolom=kolom.NAMA,
            wajib=kolom.WAJIB,
            maks=berkas.UKURAN_MAKS // 1048576,
        )

    @subhalaman("ekspor/", metode="POST")
    def ekspor(self, request: HttpRequest) -> HttpResponseBase:
        """The whole register as a file; who took it, and why, stands in the trail."""
        if not request.POST.get("alasan", "").strip():
            messages.error(request, "Tulis dulu untuk apa data penduduk diekspor.")
            return self.ke("changelist")
        return _unduhan(keluar.ekspor(), f"penduduk-{timezone.localdate():%Y-%m-%d}.xlsx")

    # --- One import -----------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        impor = self._ambil(request, object_id)
        hasil = request.GET.get("hasil", "")
        if hasil not in BarisImpor.Hasil.values:
            hasil = ""
        ragam = {str(satu["nomor"]): satu | _label(satu["kolom"]) for satu in impor.ragam}
        pilih = ragam.get(request.GET.get("ragam", ""))
        baris, banyak = impor.baris.order_by("pk"), sum(impor.jumlah.values())
        saring = ""
        if pilih:
            baris, banyak = baris.filter(ragam__contains=f",{pilih['nomor']},"), pilih["jumlah"]
            saring = f"ragam={pilih['nomor']}&"
        elif hasil:
            baris, banyak = baris.filter(hasil=hasil), impor.jumlah.get(hasil, 0)
            saring = f"hasil={hasil}&"
        halaman = _Halaman(baris, PER_HALAMAN, banyak).get_page(request.GET.get("p"))
        return tampilkan(
            request,
            "admin/penduduk/impor/rincian.html",
            f"Impor {impor.nama_berkas}",
            impor=impor,
            berjalan=impor.keadaan in Impor.ANTREAN,
            hitungan=[
                {"kode": kode, "label": label, "jumlah": impor.jumlah.get(kode, 0)}
                for kode, label in BarisImpor.Hasil.choices
            ],
            hasil=hasil,
            hasil_label=dict(BarisImpor.Hasil.choices).get(hasil, ""),
            ragam_semua=list(ragam.values()),
            ragam_pilih=pilih,
            ragam=pilih["nomor"] if pilih else None,
            betulan=sum(satu["jumlah"] for satu in impor.ragam if satu.get("betulan")),
            saring=saring,
            kembali=f"{saring}p={halaman.number}",
            halaman=halaman,
            daftar_halaman=halaman.paginator.get_elided_page_range(halaman.number),
            baris=_tampil_semua(list(halaman), impor),
            **_diterapkan(impor),
            **_tombol(impor),
        )

    @subhalaman("<int:pk>/hasil/")
    def hasil(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        impor = self._ambil(request, pk)
        if not _tombol(impor)["ada_hasil"] or not default_storage.exists(impor.berkas):
            raise Http404
        isi = keluar.hasil_pemeriksaan(impor)
        return _unduhan(isi, f"hasil-impor-{impor.pk}.xlsx")

    def _jalankan(
        self, request: HttpRequest, pk: int, lakukan: Callable[[Impor], object], catatan: str
    ) -> HttpResponse:
        impor = self._ambil(request, pk)
        try:
            lakukan(impor)
        except langkah.LangkahTidakSah as galat:
            messages.error(request, str(galat))
        else:
            self.log_change(request, impor, catatan)
            bangunkan(tasks.impor_yang_menunggu)
        return self.ke("change", pk)

    @subhalaman("<int:pk>/terapkan/", metode="POST")
    def terapkan(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        ikut = "ikut_ragu" in request.POST
        return self._jalankan(
            request,
            pk,
            lambda impor: langkah.setujui(
                impor, ikut_ragu=ikut, oleh=request.user, mulai=timezone.now()
            ),
            "Menerapkan impor." if ikut else "Menerapkan impor tanpa baris yang meragukan.",
        )

    @subhalaman("<int:pk>/putuskan/", metode="POST")
    def putuskan(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One row in conflict, with both persons in sight."""
        impor = self._ambil(request, pk)
        baris, putusan = request.POST.get("baris", ""), request.POST.get("putusan", "")
        try:
            nomor = int(baris) if baris.isascii() and baris.isdigit() and len(baris) < 19 else 0
            langkah.putuskan(impor, baris=nomor, putusan=putusan)
        except langkah.LangkahTidakSah as galat:
            messages.error(request, str(galat))
        else:
            self.log_change(request, impor, f"Memutuskan baris bentrok: {putusan.lower()}.")
        kembali = QueryDict(request.POST.get("kembali", ""))
        ekor = f"?{kembali.urlencode()}" if kembali else ""
        return redirect(f"{self.alamat('change', pk)}{ekor}")

    @subhalaman("<int:pk>/betulkan/", metode="POST")
    def betulkan(self, request: HttpRequest, pk: int) -> HttpResponse:
        ya = request.POST.get("ya") == "1"
        return self._jalankan(
            request,
            pk,
            lambda impor: langkah.betulkan(impor, ya=ya, mulai=timezone.now()),
            "Membetulkan menurut NIK." if ya else "Memakai lagi isi berkas.",
        )

    @subhalaman("<int:pk>/buang/", metode="POST")
    def buang(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._jalankan(request, pk, langkah.buang, "Membuang impor.")

    @subhalaman("<int:pk>/urungkan/", metode="POST")
    def urungkan(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        return self._jalankan(
            request,
            pk,
            lambda impor: langkah.minta_urung(impor, oleh=request.user, mulai=timezone.now()),
            "Mengurungkan impor.",
        )


class _Halaman(Paginator):
    """Pages over rows that are counted already: counting 100,000 again would take long."""

    def __init__(self, baris: Any, per: int, jumlah: int) -> None:
        super().__init__(baris, per)
        self.count = jumlah


def _tombol(impor: Impor) -> dict[str, Any]:
    """What can be done with an import in its state."""
    siap = impor.keadaan == K.SIAP
    selesai = siap or impor.keadaan == K.DITERAPKAN
    bentrok = impor.baris.filter(hasil=BarisImpor.Hasil.BENTROK, putusan="")
    return {
        "bisa_terapkan": siap and akan_diterapkan(impor, ikut_ragu=True).exists(),
        "bentrok": bentrok.count() if siap and impor.jumlah.get("BENTROK") else 0,
        "bisa_buang": impor.keadaan in (K.DIUNGGAH, K.SIAP),
        "bisa_urung": impor.keadaan == K.DITERAPKAN,
        "ada_hasil": selesai and bool(impor.berkas),
    }


def _diterapkan(impor: Impor) -> dict[str, int | None]:
    """How many rows were taken over, and how many that would have changed a thing were not."""
    if impor.keadaan != K.DITERAPKAN:
        return {"diterapkan": None, "dilewati": 0}
    jumlah = akan_diterapkan(impor, ikut_ragu=impor.ikut_ragu).count()
    sama = impor.jumlah.get(BarisImpor.Hasil.SAMA, 0)
    return {"diterapkan": jumlah, "dilewati": sum(impor.jumlah.values()) - sama - jumlah}


def _label(nama: str) -> dict[str, str]:
    return {"label": kolom.MENURUT_NAMA[nama].label if nama in kolom.MENURUT_NAMA else nama}


def _tampil_semua(semua: list[BarisImpor], impor: Impor) -> list[dict[str, Any]]:
    orang = Penduduk.objects.select_related("keluarga__banjar").in_bulk(
        {pk for satu in semua for pk in satu.orang_lain() | {satu.penduduk_id} if pk}
    )
    return [_tampil(satu, orang, siap=impor.keadaan == K.SIAP) for satu in semua]


def _tampil(satu: BarisImpor, orang: dict[Any, Penduduk], *, siap: bool) -> dict[str, Any]:
    """A row of the dry run with labels instead of names and codes."""
    catatan = [
        (kolom.MENURUT_NAMA[c["kolom"]].label, c["kalimat"])
        for c in satu.catatan
        if c["kolom"] in kolom.MENURUT_NAMA
    ]
    kini = orang.get(satu.penduduk_id)
    return {
        "baris": satu,
        "baru": nilai.baru(satu.perubahan),
        "perubahan": nilai.rinci(satu.perubahan),
        "catatan": catatan,
        "banding": [
            {"orang": lain, "isi": nilai.sandingkan(lain, satu.perubahan, kini)}
            for pk in satu.orang_lain()
            if siap and (lain := orang.get(pk))
        ],
        "bisa_putus": siap and satu.hasil == BarisImpor.Hasil.BENTROK and not satu.terkunci,
    }
