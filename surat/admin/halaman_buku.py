"""A book in the back office: the table of a month or a year, search, PDF and Excel."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from penduduk.forms import KALENDER, TanggalField, bidang_dari
from penduduk.halaman import KantorAdmin, subhalaman, tampilkan
from penduduk.models import cari
from surat.bahasa import tanggal as tgl
from surat.buku import cetakan, entri
from surat.buku import periode as periode_
from surat.buku.entri import Buku
from surat.buku.periode import Periode
from surat.isian.bidang import TeksField

PER_HALAMAN = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PeriodeForm(forms.Form):
    """What is shown: a month, a year or all years; days, when given, count instead."""

    tahun = forms.TypedChoiceField(coerce=int, required=False, label="Tahun")
    bulan = forms.TypedChoiceField(
        coerce=int,
        required=False,
        label="Bulan",
        choices=[("", "Setahun"), *enumerate(tgl.BULAN, start=1)],
    )
    dari = TanggalField(required=False, label="Dari tanggal", widget=KALENDER)
    sampai = TanggalField(required=False, label="Sampai tanggal", widget=KALENDER)
    q = TeksField(
        required=False,
        max_length=100,
        label="Cari",
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, tahun: Iterable[int], **lain: Any) -> None:
        super().__init__(*args, **lain)
        bidang_dari(self, "tahun", forms.ChoiceField).choices = [
            *((t, str(t)) for t in tahun),
            ("", "Semua tahun"),
        ]

    def clean(self) -> dict[str, Any]:
        isi = super().clean() or {}
        if isi.get("dari") and isi.get("sampai") and isi["dari"] > isi["sampai"]:
            raise forms.ValidationError("Tanggal awal sesudah tanggal akhir.")
        return isi

    @property
    def periode(self) -> Periode:
        isi = self.cleaned_data
        if isi["dari"] or isi["sampai"]:
            return periode_.antara(isi["dari"], isi["sampai"])
        if not isi["tahun"]:
            return periode_.selama_ini()
        if isi["bulan"]:
            return periode_.sebulan(isi["tahun"], isi["bulan"])
        return periode_.setahun(isi["tahun"])

    @property
    def dapat_diunduh(self) -> bool:
        """Only a month or a year becomes a book on paper."""
        isi = self.cleaned_data
        return bool(isi["tahun"]) and not (isi["dari"] or isi["sampai"])


class RakBuku(KantorAdmin):
    """One of the books: its tabs lead to all that are registered, whichever room they are of."""

    def judul_tab(self) -> str:
        raise NotImplementedError

    def tab(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """Title and address of each book that this person may open, and whether it is this one."""
        return sorted(
            (satu.judul_tab(), satu.alamat("changelist"), satu is self)
            for satu in self.admin_site._registry.values()
            if isinstance(satu, RakBuku) and satu.has_view_permission(request)
        )


class BukuAdmin(RakBuku):
    """A book: read, searched and printed, never edited in its list. Subclasses say which."""

    buku: Buku[Any]
    templat_tabel: str
    petunjuk_cari = "Nama, NIK, nomor HP, nomor surat, jenis surat, atau tanggal (23-11-2026)."

    def judul_tab(self) -> str:
        return self.buku.bentuk.judul

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- The page -------------------------------------------------------------------------------

    def _form(self, request: HttpRequest) -> PeriodeForm:
        hari_ini = timezone.localdate()
        tanya = request.GET if set(request.GET) & set(PeriodeForm.base_fields) else None
        awal = {"tahun": hari_ini.year, "bulan": hari_ini.month}
        return PeriodeForm(tanya or awal, tahun=self._tahun(hari_ini))

    def _tahun(self, hari_ini: date) -> list[int]:
        """From this year back to the first one with a row."""
        pertama = entri.tahun_pertama(self.buku) or hari_ini.year
        return list(range(hari_ini.year, min(pertama, hari_ini.year) - 1, -1))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = self._form(request)
        return tampilkan(
            request,
            "admin/surat/buku/halaman.html",
            self.buku.bentuk.judul,
            opts=self.opts,
            tab=self.tab(request),
            form=form,
            templat_tabel=self.templat_tabel,
            petunjuk_cari=self.petunjuk_cari,
            bisa_catat=self.has_add_permission(request),
            **(self._daftar(request, form) if form.is_valid() else {"baris": None}),
        )

    def _daftar(self, request: HttpRequest, form: PeriodeForm) -> dict[str, Any]:
        periode, teks = form.periode, form.cleaned_data["q"]
        cocok = entri.pilih(self.buku, periode, teks)
        jumlah = cari.jumlah(cocok) if teks else cocok.count()
        banyak = max(1, -(-jumlah // PER_HALAMAN))
        # On paper the book lies open at the last page; what was searched for begins at the first.
        halaman = _halaman(request, banyak, bawaan=1 if teks else banyak)
        semua = entri.potong(
            cocok, lewati=(halaman - 1) * PER_HALAMAN, banyak=PER_HALAMAN, jumlah=jumlah
        )
        tanya = {k: form.data.get(k, "") for k in form.fields}
        return {
            "periode": periode,
            "cari": teks,
            "jumlah": jumlah,
            "baris": self.buku.baris(semua),
            "halaman": halaman,
            "banyak_halaman": banyak,
            "daftar_halaman": Paginator(range(banyak), 1).get_elided_page_range(halaman, on_ends=1),
            "tanya": urlencode(tanya),
            "unduhan": form.dapat_diunduh and jumlah > 0 and not teks,
            "semua_tahun": f"{self.alamat('changelist')}?{urlencode({'tahun': '', 'q': teks})}"
            if teks and periode != periode_.selama_ini()
            else "",
        }

    # --- Paper and Excel ------------------------------------------------------------------------

    @subhalaman("pdf/")
    def pdf(self, request: HttpRequest) -> HttpResponseBase:
        periode = self._unduhan(request)
        if periode is None:
            return self._kembali(request, "Pilih bulan atau tahun yang akan dicetak.")
        try:
            isi = cetakan.pdf(
                self.buku.bentuk, entri.isi(self.buku, periode), periode, pada=timezone.now()
            )
        except (cetakan.TerlaluBesar, cetakan.BukuTidakTercetak) as galat:
            return self._kembali(request, str(galat))
        jawab = HttpResponse(isi, content_type="application/pdf")
        return self._bernama(jawab, periode, "pdf")

    @subhalaman("xlsx/")
    def xlsx(self, request: HttpRequest) -> HttpResponseBase:
        periode = self._unduhan(request)
        if periode is None:
            return self._kembali(request, "Pilih bulan atau tahun yang akan diunduh.")
        isi = cetakan.xlsx(self.buku.bentuk, entri.isi(self.buku, periode), periode)
        jawab = self._bernama(StreamingHttpResponse(isi, content_type=_XLSX), periode, "xlsx")
        jawab["Content-Encoding"] = "identity"  # a zip does not get smaller by gzip
        return jawab

    def _unduhan(self, request: HttpRequest) -> Periode | None:
        form = self._form(request)
        return form.periode if form.is_valid() and form.dapat_diunduh else None

    def _kembali(self, request: HttpRequest, kalimat: str) -> HttpResponse:
        messages.error(request, kalimat)
        return self.ke("changelist")

    def _bernama(self, jawab: HttpResponseBase, periode: Periode, akhiran: str) -> HttpResponseBase:
        nama = f"buku-{self.buku.bentuk.kode}-{periode.kode}.{akhiran}"
        jawab["Content-Disposition"] = f'attachment; filename="{nama}"'
        semua = entri.pilih(self.buku, periode).values_list("pk", flat=True)
        jawab.entri = semua  # type: ignore[attr-defined]  # whose lines, for the trail
        return jawab


def _halaman(request: HttpRequest, banyak: int, *, bawaan: int) -> int:
    teks = request.GET.get("p", "")
    nomor = int(teks) if teks.isascii() and teks.isdigit() and len(teks) < 9 else bawaan
    return min(max(nomor, 1), banyak)
