"""The page of the number books: where each stands, and its starting value when moving in."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from penduduk.admin.dasar import HanyaBaca
from penduduk.akun.pintu import pelaku
from penduduk.halaman import jaga, tampilkan
from surat.admin.halaman_buku import RakBuku
from surat.buku import daftar, nomor
from surat.buku.daftar import Buku
from surat.models import BukuNomor, TataNaskah
from surat.naskah import gaya

_MAKS = 99_999


class AwalForm(forms.Form):
    """The last number used on paper, for each book that has given none yet."""

    def __init__(self, *args: Any, buku: list[Buku], **lain: Any) -> None:
        super().__init__(*args, **lain)
        for satu in buku:
            if satu.terpakai:
                continue
            self.fields[satu.kode] = forms.IntegerField(
                label=f"Nomor terakhir {satu.nama}",
                required=False,
                min_value=0,
                max_value=_MAKS,
                initial=satu.mulai_sesudah,
                error_messages={"invalid": "Tulis angka saja."},
            )


@admin.register(BukuNomor)
class BukuNomorAdmin(RakBuku, HanyaBaca):
    """The books of this year; the counters themselves are moved by letters only."""

    fields = ("kode", "tahun", "terakhir", "mulai_sesudah")

    def judul_tab(self) -> str:
        return "Buku nomor"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            jaga(request, "surat.change_bukunomor")
        tata, hari_ini = gaya.tata_naskah(), timezone.localdate()
        kini, lama, salah = _buku(tata, hari_ini)
        form = AwalForm(request.POST if request.method == "POST" else None, buku=kini)
        if form.is_valid() and self._simpan(request, form, kini, hari_ini.year):
            return self.ke("changelist")
        return tampilkan(
            request,
            "admin/surat/bukunomor/daftar.html",
            f"Buku nomor {hari_ini.year}",
            tab=self.tab(request),
            tata=tata,
            tahun=hari_ini.year,
            buku=[(b, form[b.kode] if b.kode in form.fields else None) for b in kini],
            lama=lama,
            form=form,
            boleh=bool(form.fields) and request.user.has_perm("surat.change_bukunomor"),
            peringatan=salah or daftar.peringatan(tata, kini, lama),
        )

    def _simpan(self, request: HttpRequest, form: AwalForm, kini: list[Buku], tahun: int) -> bool:
        """Set every starting value that was changed or never confirmed (nought is an answer), all
        or none; True when there is nothing left to say on this page."""
        semula = {b.kode: b.mulai_sesudah if b.dipastikan else None for b in kini}
        if didahului := [b.nama for b in kini if b.terpakai and b.kode in request.POST]:
            messages.error(
                request,
                f"Sudah memberi nomor surat, jadi nomor awalnya tetap: {'; '.join(didahului)}.",
            )
        ubah = {
            kode: nilai
            for kode, nilai in form.cleaned_data.items()
            if nilai is not None and nilai != semula[kode]
        }
        kode = ""
        try:
            with transaction.atomic():
                for kode, nilai in ubah.items():
                    nomor.mulai(kode=kode, tahun=tahun, terakhir=nilai)
        except nomor.BukuSudahDipakai as galat:
            form.add_error(kode, str(galat))
            return False
        for baris in BukuNomor.objects.filter(kode__in=ubah, tahun=tahun):
            kata = f"Nomor terakhir sebelum portal: {baris.mulai_sesudah}."
            LogEntry.objects.log_actions(pelaku(request).pk, [baris], CHANGE, kata)
        if ubah:
            messages.success(request, f"Nomor awal {len(ubah)} buku disimpan.")
        return True


def _buku(tata: TataNaskah, hari_ini: date) -> tuple[list[Buku], list[Buku], list[str]]:
    """The books now and of an earlier choice; or what is wrong with the village's pattern."""
    try:
        nomor.periksa_format(tata.format_nomor)
    except nomor.FormatNomorTidakSah as galat:
        return [], [], [str(galat)]
    return *daftar.daftar(tata, tanggal=hari_ini), []
