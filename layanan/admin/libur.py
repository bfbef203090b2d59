"""The year's days off on one page: those that the portal knows, ticks to take them out, the
village's own ones, and the word that the list is complete."""

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import DateField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from layanan.janji import kalender, libur
from layanan.models import HariLibur, TahunLibur
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.forms import TanggalField
from penduduk.halaman import KantorAdmin, jaga, subhalaman, tampilkan
from penduduk.identitas import tanggal

_BARIS = re.compile(r"(\d{1,2}[\s./-]+\w+[\s./-]+\d{4})[\s:,–-]+(\S.*)")
_NAMA_MAKS = HariLibur._meta.get_field("nama").max_length or 0
_TAHUN = range(2020, 2100)


def _tahun(isi: QueryDict) -> int:
    """The year that a page or a form names; this one when it names none that is possible."""
    tahun = isi.get("tahun", "")
    mungkin = tahun.isdecimal() and int(tahun) in _TAHUN
    return int(tahun) if mungkin else timezone.localdate().year


class TambahForm(forms.Form):
    """Days off of the village, one in a line: a whole decree can be typed at once."""

    hari = forms.CharField(
        label="Tambah hari tutup",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text="Satu hari satu baris, tanggal lalu nama atau alasannya. Contoh: "
        "8-3-2027 Hari Suci Nyepi.",
    )

    def clean_hari(self) -> dict[date, str]:
        """The names by day."""
        hasil = {}
        for baris in filter(None, map(str.strip, self.cleaned_data["hari"].splitlines())):
            if (cocok := _BARIS.fullmatch(baris)) is None:
                raise forms.ValidationError(
                    f"“{baris}” tidak terbaca. Tulis seperti: 8-3-2027 Hari Suci Nyepi."
                )
            try:
                hari = tanggal.baca(cocok[1], hari_ini=timezone.localdate())
            except tanggal.TanggalTidakSah as galat:
                raise forms.ValidationError(f"“{baris}”: {galat}") from galat
            if hari.year not in _TAHUN or len(cocok[2]) > _NAMA_MAKS:
                raise forms.ValidationError(
                    f"“{baris}”: periksa tahunnya, dan pakai paling banyak {_NAMA_MAKS} huruf."
                )
            hasil[hari] = cocok[2]
        return hasil


@admin.register(HariLibur)
class HariLiburAdmin(KantorAdmin):
    list_display = ("tanggal", "nama", "tutup")
    formfield_overrides = {DateField: {"form_class": TanggalField}}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        jaga(request, "layanan.view_harilibur")
        return self._halaman(request, _tahun(request.GET))

    def _halaman(
        self, request: HttpRequest, tahun: int, form: TambahForm | None = None
    ) -> HttpResponse:
        kini = kalender.ambil()
        hari = [
            (satu, kata.tutup if kata else True, not kini.jam[satu.tanggal.weekday()])
            for satu, kata in libur.seluruh(tahun)
        ]
        return tampilkan(
            request,
            "admin/layanan/harilibur/tahun.html",
            f"Hari libur {tahun}",
            tahun=tahun,
            hari=hari,
            pasti=libur.pasti(tahun),
            sumber=dict.fromkeys(satu.sumber for satu, _, _ in hari if satu.sumber),
            form=form or TambahForm(),
        )

    @subhalaman("simpan/", izin="layanan.change_harilibur", metode="POST")
    @transaction.atomic
    def simpan(self, request: AuthenticatedRequest) -> HttpResponse:
        """One of the three buttons of the page."""
        tahun = _tahun(request.POST)
        form = TambahForm(request.POST)
        match request.POST.get("aksi"):
            case "tambah" if form.is_valid():
                for hari, nama in form.cleaned_data["hari"].items():
                    self._catat(request, hari, nama, tutup=True)
                kata = f"{len(form.cleaned_data['hari'])} hari sudah ditambah."
            case "tambah":
                return self._halaman(request, tahun, form)
            case "pasti":
                TahunLibur.objects.get_or_create(
                    tahun=tahun, defaults={"pada": timezone.now(), "oleh": request.user}
                )
                kata = f"Hari libur {tahun} tercatat lengkap."
            case _:
                kata = f"{self._centang(request, tahun)} hari diubah."
        messages.success(request, f"{kata} Janji yang sudah diberikan kepada warga tidak berubah.")
        return redirect(f"{self.alamat('changelist')}?tahun={tahun}")

    def _centang(self, request: AuthenticatedRequest, tahun: int) -> int:
        """Close the days that are ticked, open the others; returns how many that changed."""
        dicentang, jumlah = set(request.POST.getlist("tutup")), 0
        for hari, kata in libur.seluruh(tahun):
            tutup = hari.tanggal.isoformat() in dicentang
            if tutup == (kata.tutup if kata else True):
                continue
            jumlah += 1
            if tutup == (hari.tanggal in libur.usulan(tahun)) and kata:
                self.log_change(request, kata, f"{kata}: kembali seperti bawaan.")
                kata.delete()
            else:
                self._catat(request, hari.tanggal, hari.nama, tutup=tutup)
        return jumlah

    def _catat(self, request: AuthenticatedRequest, hari: date, nama: str, *, tutup: bool) -> None:
        isi = {"nama": nama[:_NAMA_MAKS], "tutup": tutup}
        satu, _ = HariLibur.objects.update_or_create(tanggal=hari, defaults=isi)
        self.log_change(request, satu, f"{satu}: kantor {'tutup' if tutup else 'buka'}.")
