"""How letters look, in the back office: letterhead, emblem, aksara Bali, paper, number."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from penduduk import desa as desa_
from penduduk.admin.desa import SatuBaris
from penduduk.admin.forms import TercetakForm
from penduduk.akun.pintu import menerima_berkas, pelaku
from penduduk.halaman import subhalaman
from surat.buku import nomor
from surat.kertas import aksara, kertas, lambang
from surat.models import TataNaskah

_LEBAR_MIN, _TINGGI_MIN, _BAWAH_MIN = 130, 200, 12  # mm
_AKSARA = ("aksara_1", "aksara_2", "aksara_3")


class TataNaskahForm(TercetakForm):
    unggah_lambang = forms.FileField(
        label="Unggah lambang",
        required=False,
        help_text=(
            "PNG, JPG, atau WebP, paling besar 5 MB. Sebaiknya PNG berlatar tembus pandang "
            f"dengan sisi {lambang.SISI_MAKS} piksel atau lebih."
        ),
    )
    hapus_lambang = forms.BooleanField(
        label="Kop tanpa lambang",
        required=False,
        help_text="Surat yang sudah terbit tetap berlambang seperti saat diterbitkan.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desa = desa_.ambil()
        # Without words of its own the letterhead shows these, see gaya.kop.
        polos = [f"Kabupaten {desa.kabupaten}", f"Kecamatan {desa.kecamatan}", f"Desa {desa.nama}"]
        for ke, nama in enumerate(_AKSARA, start=1):
            if nama in self.fields:
                latin = getattr(self.instance, f"kop_{ke}") or polos[ke - 1]
                usul = aksara.usulan(latin) or "belum ada untuk kata-kata ini"
                self.fields[nama].help_text = f"Untuk “{latin}”. Usulan, BELUM DIPERIKSA: {usul}"
                self.fields[nama].widget.attrs["lang"] = "ban"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for nama in _AKSARA:
            try:
                data[nama] = aksara.rapikan(data.get(nama) or "")
            except aksara.AksaraTidakSah as galat:
                self.add_error(nama, str(galat))
        self._periksa_margin(data)
        return data

    def _periksa_margin(self, data: dict[str, Any]) -> None:
        """Margins must leave room to write; each message stands at a field that can mend it."""
        perlu = ("kertas", "margin_atas", "margin_kanan", "margin_bawah", "margin_kiri")
        if any(data.get(nama) is None for nama in perlu):
            return
        lebar, tinggi = kertas.UKURAN[data["kertas"]]
        sisa = lebar - data["margin_kiri"] - data["margin_kanan"]
        if sisa < _LEBAR_MIN:
            self.add_error(
                "margin_kiri",
                f"Margin kiri dan kanan hanya menyisakan {sisa} mm untuk tulisan. "
                f"Kecilkan sampai tersisa {_LEBAR_MIN} mm.",
            )
        sisa = tinggi - data["margin_atas"] - data["margin_bawah"]
        if sisa < _TINGGI_MIN:
            self.add_error(
                "margin_atas",
                f"Margin atas dan bawah hanya menyisakan {sisa} mm untuk tulisan. "
                f"Kecilkan sampai tersisa {_TINGGI_MIN} mm.",
            )
        if data["margin_bawah"] < _BAWAH_MIN:
            self.add_error(
                "margin_bawah",
                f"Margin bawah paling kecil {_BAWAH_MIN} mm, tempat nomor halaman.",
            )

    def clean_unggah_lambang(self) -> lambang.Gambar | None:
        unggahan = self.cleaned_data["unggah_lambang"]
        if not unggahan:
            return None
        try:
            return lambang.periksa(unggahan)
        except lambang.LambangDitolak as galat:
            raise forms.ValidationError(str(galat)) from galat

    def clean_format_nomor(self) -> str:
        pola = self.cleaned_data["format_nomor"]
        try:
            nomor.periksa_format(pola)
        except nomor.FormatNomorTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat
        return pola


@admin.register(TataNaskah)
class TataNaskahAdmin(SatuBaris):
    form = TataNaskahForm
    change_form_template = "admin/surat/tatanaskah/change_form.html"
    readonly_fields = ("lambang_kini", "contoh_nomor")
    fieldsets = (
        (
            "Kop surat",
            {
                "fields": (
                    *("kop_1", "kop_2", "kop_3"),
                    *("lambang_kini", "unggah_lambang", "hapus_lambang"),
                ),
                "description": "Kosong: kop memuat nama kabupaten, kecamatan, dan desa saja.",
            },
        ),
        (
            "Aksara Bali",
            {
                "fields": ("aksara", *_AKSARA, "aksara_diperiksa"),
                "description": (
                    "Usulan di bawah kotak berasal dari sumber umum dan belum diperiksa. Mintalah "
                    "Penyuluh Bahasa Bali memeriksa ejaannya sebelum dipakai di surat."
                ),
            },
        ),
        (
            "Kertas dan huruf",
            {
                "fields": (
                    "kertas",
                    ("margin_atas", "margin_kanan", "margin_bawah", "margin_kiri"),
                    ("huruf", "ukuran_huruf"),
                )
            },
        ),
        (
            "Nomor dan tanda tangan",
            {
                "fields": (
                    *("format_nomor", "contoh_nomor", "buku", "skema_klasifikasi"),
                    "nip_di_surat",
                ),
                "description": (
                    "Mengubah pilihan buku di tengah tahun: buku lama berhenti, buku baru "
                    "melanjutkan sesudah nomor terakhirnya. Keadaan semua buku dan nomor awalnya "
                    "ada di halaman Buku nomor."
                ),
            },
        ),
        (
            "Formulir resmi",
            {"fields": ("versi_formulir", "formulir_perbekel", "formulir_meterai")},
        ),
    )

    @menerima_berkas(4 * lambang.BYTE_MAKS)  # the form itself says what is too large
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, extra_context)

    @subhalaman("lambang/")
    def lambang(self, request: HttpRequest) -> HttpResponse:
        """The present emblem; 404 while there is none."""
        tata = TataNaskah.objects.select_related("lambang").filter(pk=1).first()
        if tata is None or tata.lambang is None:
            raise Http404
        return HttpResponse(bytes(tata.lambang.png), content_type="image/png")

    @admin.display(description="lambang sekarang")
    def lambang_kini(self, tata: TataNaskah) -> str:
        if tata.lambang is None:
            return "Belum ada; tulisan kop berdiri di tengah."
        alamat = reverse("admin:surat_tatanaskah_lambang")
        return format_html(
            '<img class="lambang-kop" src="{}?{}" alt="Lambang kop surat">',
            alamat,
            tata.lambang.sha256[:12],  # another picture, another address: no stale copy is shown
        )

    @admin.display(description="contoh nomor")
    def contoh_nomor(self, tata: TataNaskah) -> str:
        """The pattern at work, also the one just typed when the form comes back."""
        try:
            nomor.periksa_format(tata.format_nomor)
        except nomor.FormatNomorTidakSah:
            return "—"
        desa = desa_.ambil()
        return nomor.susun(
            tata.format_nomor,
            urut=7,
            klasifikasi="400.12.2.1",
            desa=desa.nama,
            kode_desa=desa.kode,
            pada=timezone.localdate(),
        )

    def save_model(
        self, request: HttpRequest, obj: TataNaskah, form: TataNaskahForm, change: bool
    ) -> None:
        gambar = form.cleaned_data["unggah_lambang"]
        if gambar is not None:
            obj.lambang = lambang.simpan(gambar, oleh=pelaku(request), pada=timezone.now())
        elif form.cleaned_data["hapus_lambang"]:
            obj.lambang = None
        super().save_model(request, obj, form, change)
