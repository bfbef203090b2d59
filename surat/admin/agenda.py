"""Buku Agenda in the back office: noting letters that came in or were written by hand, correcting
and voiding what was noted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from penduduk.akun.pintu import pelaku
from penduduk.forms import KALENDER, TanggalField, ketikan
from penduduk.halaman import tampilkan
from surat.admin.halaman_buku import BukuAdmin
from surat.buku import agenda, nomor
from surat.isian.bidang import TeksField
from surat.models import CatatanAgenda, JenisSurat
from surat.naskah import gaya

Arah = CatatanAgenda.Arah


class MasukForm(forms.Form):
    nomor_surat = TeksField(
        label="Nomor surat", max_length=120, help_text="Seperti tertulis di suratnya."
    )
    tanggal_surat = TanggalField(label="Tanggal surat", lampau=True, widget=KALENDER)
    diterima = TanggalField(label="Diterima tanggal", lampau=True, widget=KALENDER)
    pengirim = TeksField(label="Pengirim", max_length=160)
    isi_singkat = TeksField(label="Isi singkat", max_length=200)
    keterangan = TeksField(label="Keterangan", max_length=200, required=False)


class KeluarForm(forms.Form):
    klasifikasi = TeksField(
        label="Kode klasifikasi",
        max_length=24,
        help_text="Pilih dari daftar atau ketik kodenya.",
        widget=forms.TextInput(attrs={"list": "daftar-kode", "autocomplete": "off"}),
    )
    tanggal_surat = TanggalField(label="Tanggal surat", lampau=True, widget=KALENDER)
    tujuan = TeksField(label="Ditujukan kepada", max_length=160)
    isi_singkat = TeksField(label="Isi singkat", max_length=200)
    dikirim = TanggalField(
        label="Dikirim tanggal",
        required=False,
        lampau=True,
        widget=KALENDER,
        help_text="Kosong: sama dengan tanggal surat.",
    )
    keterangan = TeksField(label="Keterangan", max_length=200, required=False)

    def clean_klasifikasi(self) -> str:
        kode = self.cleaned_data["klasifikasi"]
        if set(kode) & set("[]/ "):
            raise forms.ValidationError("Tulis kodenya saja, misalnya 400.12.2.1.")
        return kode


class PerbaikiForm(forms.ModelForm):
    tanggal = TanggalField(lampau=True, widget=KALENDER)
    tanggal_surat = TanggalField(label="Tanggal surat", lampau=True, widget=KALENDER)

    class Meta:
        model = CatatanAgenda
        fields = ("nomor", "tanggal_surat", "tanggal", "pihak", "isi_singkat", "keterangan")

    def __init__(self, *args: Any, **lain: Any) -> None:
        super().__init__(*args, **lain)
        masuk = self.instance.arah == Arah.MASUK
        boleh = agenda.DAPAT_DIPERBAIKI[Arah(self.instance.arah)]
        for nama in set(self.fields) - set(boleh):
            del self.fields[nama]
        self.fields["tanggal"].label = "Diterima tanggal" if masuk else "Dikirim tanggal"
        self.fields["pihak"].label = "Pengirim" if masuk else "Ditujukan kepada"
        self.fields["pihak"].help_text = ""


class BatalForm(forms.Form):
    alasan = TeksField(label="Alasan", max_length=200)


@admin.register(CatatanAgenda)
class CatatanAgendaAdmin(BukuAdmin):
    buku = agenda.BUKU
    templat_tabel = "admin/surat/catatanagenda/_tabel.html"

    # --- A new entry ----------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        keluar = request.GET.get("arah") == Arah.KELUAR
        Formulir = KeluarForm if keluar else MasukForm
        hari_ini = timezone.localdate()
        form = Formulir(
            request.POST or None, initial={"tanggal_surat": hari_ini, "diterima": hari_ini}
        )
        if form.is_valid():
            try:
                catatan = self._catat(request, form, keluar=keluar)
            except (agenda.CatatanTidakSah, nomor.FormatNomorTidakSah, nomor.BelumSiap) as galat:
                form.add_error(None, str(galat))
            else:
                self.log_addition(request, catatan, "Mencatat di buku agenda.")
                kata = f"Nomor surat: {catatan.nomor}." if keluar else "Surat masuk sudah dicatat."
                messages.success(request, kata)
                return self.ke("changelist")
        return tampilkan(
            request,
            "admin/surat/catatanagenda/catat.html",
            "Catat surat keluar" if keluar else "Catat surat masuk",
            form=form,
            keluar=keluar,
            kode=_daftar_kode() if keluar else [],
        )

    def _catat(self, request: HttpRequest, form: Any, *, keluar: bool) -> CatatanAgenda:
        catat = agenda.catat_keluar if keluar else agenda.catat_masuk
        return catat(**form.cleaned_data, oleh=pelaku(request), pada=timezone.now())

    # --- One entry ------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        semua = CatatanAgenda.objects.select_related("dicatat_oleh")
        catatan = self.satu(request, object_id, semua)
        boleh = self.has_change_permission(request) and not catatan.batal_alasan
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        membatalkan = request.POST.get("aksi") == "batalkan"
        form = {
            "perbaiki": PerbaikiForm(
                None if membatalkan else request.POST or None, instance=catatan, prefix="perbaiki"
            ),
            "batal": BatalForm(request.POST if membatalkan else None, prefix="batal"),
        }
        terkirim = form["batal" if membatalkan else "perbaiki"]
        if request.method == "POST" and not boleh:
            messages.error(request, "Catatan ini sudah dibatalkan petugas lain.")
        elif terkirim.is_bound and terkirim.is_valid() and self._ubah(request, object_id, terkirim):
            return self.ke("change", catatan.pk)
        return tampilkan(
            request,
            "admin/surat/catatanagenda/rincian.html",
            f"{catatan.get_arah_display().capitalize()} {catatan.nomor}",
            # As it is stored: a form that was refused has written into its own instance.
            catatan=semua.get(pk=catatan.pk),
            boleh=boleh,
            membatalkan=membatalkan,
            ketikan=ketikan(terkirim) if terkirim.is_bound and not boleh else [],
            **{f"form_{nama}": satu for nama, satu in form.items()},
        )

    def _ubah(self, request: HttpRequest, pk: str, form: Any) -> bool:
        """Correct or void; False when that was refused. What changed stands in the history."""
        catatan = CatatanAgenda.objects.get(pk=pk)  # the form has written into its own copy
        if isinstance(form, BatalForm):
            try:
                agenda.batalkan(catatan, alasan=form.cleaned_data["alasan"])
            except agenda.CatatanTidakSah as galat:
                form.add_error(None, str(galat))
                return False
            self.log_change(request, catatan, f"Batal: {form.cleaned_data['alasan']}")
            messages.success(request, "Catatan dibatalkan. Nomornya tetap di buku.")
            return True
        perubahan = agenda.perbaiki(catatan, form.cleaned_data)
        if perubahan:
            self.log_change(request, catatan, "; ".join(perubahan))
            messages.success(request, "Perbaikan disimpan.")
        return True


def _daftar_kode() -> list[tuple[str, str]]:
    """The codes that the letter types use, each with the names of some types."""
    tata = gaya.tata_naskah()
    menurut_kode: dict[str, list[str]] = {}
    for jenis in JenisSurat.objects.order_by("urutan", "nama"):
        menurut_kode.setdefault(gaya.klasifikasi(jenis, tata), []).append(jenis.nama)
    return [(kode, ", ".join(nama[:2])) for kode, nama in sorted(menurut_kode.items())]
