"""The register: hamlets, families, residents."""

from functools import reduce
from operator import and_
from typing import Any

from django.contrib import admin, messages
from django.db.models import DateField, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from penduduk.admin.filters import BanjarFilter, BanjarKeluargaFilter, MutuFilter, PINFilter
from penduduk.admin.forms import BanjarForm, KeluargaForm, PendudukForm, PilihKeluarga
from penduduk.admin.penjagaan import PenjagaanMixin
from penduduk.admin.riwayat import RiwayatMixin, nama_kolom_lain
from penduduk.forms import TanggalField
from penduduk.identitas import nama as nama_
from penduduk.identitas import nik, telepon
from penduduk.models import Banjar, Keluarga, Penduduk

KEPALA_KELUARGA = 1


@admin.register(Banjar)
class BanjarAdmin(admin.ModelAdmin):
    form = BanjarForm
    list_display = ("nama", "kelian", "hp_kelian")
    search_fields = ("nama", "kelian")
    ordering = ("nama",)

    @admin.display(description="nomor HP kelian")
    def hp_kelian(self, banjar: Banjar) -> str:
        return telepon.tampil(banjar.nomor_hp_kelian) or "—"


class AnggotaInline(admin.TabularInline):
    model = Penduduk
    fields = ("nama", "nik", "shdk", "tanggal_lahir", "status_dasar")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Keluarga)
class KeluargaAdmin(RiwayatMixin, admin.ModelAdmin):
    form = KeluargaForm
    list_display = ("nomor", "kepala", "alamat", "banjar")
    list_select_related = ("banjar",)
    list_filter = (BanjarKeluargaFilter,)
    search_fields = ("no_kk",)  # see cara_cari
    search_help_text = "Cari nama atau NIK anggota, nomor KK, atau alamat."
    show_facets = admin.ShowFacets.NEVER
    inlines = (AnggotaInline,)
    ordering = ("no_kk", "pk")
    fields = ("no_kk", "alamat", "rt", "rw", "banjar")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        kepala = Penduduk.objects.filter(shdk=KEPALA_KELUARGA).order_by("status_dasar", "pk")
        semua = super().get_queryset(request)
        return semua.prefetch_related(Prefetch("anggota", queryset=kepala, to_attr="kepala_kk"))

    @admin.display(description="nomor KK", ordering="no_kk")
    def nomor(self, keluarga: Keluarga) -> str:
        return keluarga.no_kk or "belum ada nomor"

    def label_pilihan(self, keluarga: Keluarga) -> str:
        """What tells families apart where one is chosen for a resident."""
        return " · ".join(x for x in (str(keluarga), self.kepala(keluarga), keluarga.alamat) if x)

    @admin.display(description="kepala keluarga")
    def kepala(self, keluarga: Keluarga) -> str:
        return keluarga.kepala_kk[0].nama if keluarga.kepala_kk else "—"

    def cara_cari(self, teks: str) -> list[Q]:
        """Families by their members (as PendudukQuerySet.cari), by number, or by address."""
        kata = nama_.potongan(teks)
        if not kata:
            return [Q()]
        anggota = Q(pk__in=Penduduk.objects.cari(teks).values("keluarga"))
        nomor = [Q(no_kk__memuat=satu) for satu in kata if satu.isdigit()]
        if nama := " ".join(satu for satu in kata if nomor and not satu.isdigit()):
            nomor.append(Q(pk__in=Penduduk.objects.cari(nama).values("keluarga")))
        return [anggota, Q(alamat__memuat=teks), *([reduce(and_, nomor)] if nomor else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an empty family card still names where people lived


class PendudukAdmin(PenjagaanMixin, RiwayatMixin, admin.ModelAdmin):
    """The residents. Registered by layanan.admin.penduduk, which adds to it."""

    form = PendudukForm
    formfield_overrides = {DateField: {"form_class": TanggalField, "lampau": True}}
    list_display = ("nama", "nik_berlabel", "banjar", "tanggal_lahir", "status_dasar")
    list_select_related = ("keluarga__banjar",)
    list_filter = (BanjarFilter, "status_dasar", MutuFilter, PINFilter)
    search_fields = ("nama_cari",)  # see get_search_results
    search_help_text = "Cari nama, NIK atau nomor HP, juga sebagian. I, Ni dan ejaan diabaikan."
    autocomplete_fields = ("keluarga",)
    ordering = ("nama", "pk")
    show_facets = admin.ShowFacets.NEVER  # counting every choice of every filter takes seconds
    change_form_template = "admin/penduduk/penduduk/change_form.html"
    fieldsets = (
        (None, {"fields": ("nama", "nik", "jenis_kelamin", ("tempat_lahir", "tanggal_lahir"))}),
        ("Keluarga", {"fields": ("keluarga", "shdk", "status_perkawinan")}),
        (
            "Data lain di Kartu Keluarga",
            {"fields": ("agama", "pendidikan", "pekerjaan", "kewarganegaraan", "golongan_darah")},
        ),
        ("Orang tua", {"fields": (("nama_ayah", "nik_ayah"), ("nama_ibu", "nik_ibu"))}),
        ("Keadaan", {"fields": ("status_dasar",)}),
    )

    @admin.display(description="NIK", ordering="nik")
    def nik_berlabel(self, orang: Penduduk) -> str:
        if not orang.label_nik:
            return orang.nik or ""
        return format_html(
            '{} <span class="lencana lencana-nik">{}</span>', orang.nik or "", orang.label_nik
        )

    @admin.display(description="banjar dinas")
    def banjar(self, orang: Penduduk) -> str:
        return str(orang.keluarga.banjar or "—") if orang.keluarga else "—"

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        return queryset.cari(search_term), False

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "keluarga":
            kwargs["widget"] = PilihKeluarga(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        orang = context.get("original")
        if orang:
            context |= _keterangan(orang)
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # people die or move away (status dasar); the register keeps them

    def save_model(self, request: HttpRequest, obj: Penduduk, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for pesan in _peringatan_nik(obj):
            messages.warning(request, f"{pesan} Data tetap disimpan; periksa KTP-el.")


def _peringatan_nik(orang: Penduduk) -> list[str]:
    if not orang.nik or not nik.sah(orang.nik):
        return []
    return nik.peringatan(
        orang.nik, tanggal_lahir=orang.tanggal_lahir, jenis_kelamin=orang.jenis_kelamin
    )


def _keterangan(orang: Penduduk) -> dict[str, Any]:
    """What stands around the form of one resident."""
    anggota = (
        orang.keluarga.anggota.exclude(pk=orang.pk).order_by("shdk", "tanggal_lahir", "pk")
        if orang.keluarga
        else []
    )
    return {
        "peringatan_nik": _peringatan_nik(orang),
        "anggota": anggota,
        "kolom_lain": [
            (nama_kolom_lain(kunci), nilai) for kunci, nilai in sorted(orang.kolom_lain.items())
        ],
    }
