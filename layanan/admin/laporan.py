"""Laporan: what the office did in a period, on the screen, on paper and in Excel."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from layanan.laporan import angka
from layanan.models import Rekap
from penduduk import desa
from penduduk.forms import TanggalField, bidang_dari
from penduduk.halaman import halaman, tampilkan
from penduduk.impor import keluar
from penduduk.models import Banjar
from surat.bahasa import tanggal as tgl
from surat.buku import periode as periode_
from surat.buku.periode import Periode
from surat.models import JenisSurat
from surat.naskah import gaya

_IZIN = "layanan.view_rekap"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BULAN, _TRIWULAN = 24, 8  # so many of the last are offered; others are written as days
# In the order of the day, whatever the browser's language.
_TANGGAL = forms.DateInput(
    format="%d/%m/%Y",
    attrs={"inputmode": "numeric", "placeholder": "31/12/2026", "size": 10, "maxlength": 20},
)


def _masa(hari_ini: date) -> dict[str, dict[str, Periode]]:
    """The periods to choose from, by the word above them and their code."""
    pertama = Rekap.objects.aggregate(x=Min("hari"))["x"] or hari_ini
    ke = hari_ini.year * 12 + hari_ini.month - 1
    bulan = [divmod(n, 12) for n in range(ke, ke - _BULAN, -1)]
    triwulan = [divmod(n, 4) for n in range(ke // 3, ke // 3 - _TRIWULAN, -1)]
    awal = date((ke - 11) // 12, (ke - 11) % 12 + 1, 1)
    return {
        "": {"": Periode(awal, hari_ini, "12 bulan terakhir")},
        "Bulan": {f"{t}-{b + 1:02}": periode_.sebulan(t, b + 1) for t, b in bulan},
        "Triwulan": {f"{t}-T{n + 1}": periode_.setriwulan(t, n + 1) for t, n in triwulan},
        "Tahun": {str(t): periode_.setahun(t) for t in range(hari_ini.year, pertama.year - 1, -1)},
    }


class LaporanForm(forms.Form):
    """What is counted: a period by its name; days, when given, count instead."""

    masa = forms.ChoiceField(required=False, label="Masa")
    dari = TanggalField(required=False, label="Dari tanggal", widget=_TANGGAL)
    sampai = TanggalField(required=False, label="Sampai tanggal", widget=_TANGGAL)
    surat = forms.ModelChoiceField(
        JenisSurat.objects.order_by("nama"), required=False, empty_label="Semua surat"
    )
    banjar = forms.ModelChoiceField(
        Banjar.objects.order_by("nama"), required=False, empty_label="Semua banjar"
    )

    def __init__(self, *args: Any, hari_ini: date, **lain: Any) -> None:
        super().__init__(*args, **lain)
        self.hari_ini, masa = hari_ini, _masa(hari_ini)
        self._masa = {kode: satu for isi in masa.values() for kode, satu in isi.items()}
        pilihan: list[Any] = [("", "12 bulan terakhir")]
        pilihan += [
            (judul, [(kode, satu.sebutan) for kode, satu in isi.items()])
            for judul, isi in masa.items()
            if judul
        ]
        bidang_dari(self, "masa", forms.ChoiceField).choices = pilihan

    def clean(self) -> dict[str, Any]:
        isi = super().clean() or {}
        dari, sampai = isi.get("dari"), isi.get("sampai") or self.hari_ini
        if dari and dari > sampai:
            raise forms.ValidationError("Tanggal awal sesudah tanggal akhir.")
        return isi

    @property
    def periode(self) -> Periode:
        isi = self.cleaned_data
        if not isi["dari"] and not isi["sampai"]:
            return self._masa[isi["masa"]]
        sampai = isi["sampai"] or self.hari_ini
        dari = isi["dari"] or sampai.replace(month=1, day=1)
        return Periode(dari, sampai, f"{tgl.panjang(dari)} sampai {tgl.panjang(sampai)}")


def _laporan(form: LaporanForm) -> tuple[Periode, list[str], angka.Laporan]:
    """The period, what the report was narrowed to, and its figures."""
    saring = {apa: form.cleaned_data[apa] for apa in ("surat", "banjar")}
    jenis, banjar = (x.pk if x else None for x in saring.values())
    isi = angka.susun(form.periode, pada=timezone.now(), jenis=jenis, banjar=banjar)
    return form.periode, [str(x) for x in saring.values() if x], isi


@halaman("laporan/", nama="layanan_laporan", izin=_IZIN)
def laporan(request: HttpRequest) -> HttpResponse:
    form = LaporanForm(request.GET, hari_ini=timezone.localdate())
    isi: dict[str, Any] = {"isi": None, "unduhan": ""}
    if form.is_valid():
        periode, saring, hasil = _laporan(form)
        isi = {
            "isi": hasil,
            "rentang": f"{tgl.panjang(periode.dari)} sampai {tgl.panjang(periode.sampai)}",
            "saring": saring,
            "unduhan": urlencode({k: form.data.get(k, "") for k in form.fields}),
        }
    return tampilkan(
        request,
        "admin/layanan/laporan.html",
        "Laporan pelayanan",
        form=form,
        per_tanggal=timezone.now(),
        **isi,
    )


@halaman("laporan/xlsx/", nama="layanan_laporan_xlsx", izin=_IZIN)
def xlsx(request: HttpRequest) -> HttpResponseBase:
    """All sections below each other in one sheet that can be printed as it is."""
    form = LaporanForm(request.GET, hari_ini=timezone.localdate())
    if not form.is_valid():
        messages.error(request, "Masa laporan itu tidak dapat dibaca. Pilih lagi.")
        return redirect("admin:layanan_laporan")
    periode, saring, isi = _laporan(form)
    baris: list[tuple[angka.Sel, ...]] = [(a, b, c) for a, b, c in isi.ringkas]
    for satu in isi.bagian:
        baris += [(), (satu.judul, satu.kecil), satu.kolom, *map(tuple, satu.baris)]
        baris += [(satu.catatan,)] if satu.catatan else []
    lebar = max(map(len, baris))
    buku = keluar.buku(
        ["Laporan", *[""] * (lebar - 1)],
        ([*satu, *[None] * (lebar - len(satu))] for satu in baris),
        lembar="Laporan",
        lebar=[38, *[16] * (lebar - 1)],
        di_atas=("Laporan pelayanan", str(desa.ambil()), ", ".join([periode.sebutan, *saring])),
        kertas=gaya.tata_naskah().kertas,
    )
    jawab = StreamingHttpResponse(buku, content_type=_XLSX)
    jawab["Content-Encoding"] = "identity"  # a zip does not get smaller by gzip
    nama = f"laporan-{periode.dari}-{periode.sampai}.xlsx"
    jawab["Content-Disposition"] = f'attachment; filename="{nama}"'
    return jawab
