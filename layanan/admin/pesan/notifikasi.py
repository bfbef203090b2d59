"""Messages and what they cost, and traces, in the back office."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from layanan import kantor, tasks
from layanan.kabar import panggilan
from layanan.kata_pesan import katalog
from layanan.models import JejakLihat, Notifikasi, PengaturanPesan, PesanSimulasi
from layanan.retensi.aturan import LAMA
from penduduk.admin.dasar import HanyaBaca
from penduduk.admin.desa import SatuBaris
from penduduk.antrean import bangunkan
from penduduk.identitas import telepon

K = Notifikasi.Keadaan
# What a reader should do about it, where the reason itself does not say so.
_SARAN = {
    K.MENUNGGU: "Tunggu: pekerja mengirimnya.",
    K.SEMENTARA: "Tunggu: dicoba lagi dengan sendirinya.",
    K.DIAMBIL: "Tunggu: sedang dikirim, atau ditanyakan dulu kepada penyedia.",
    K.DIKIRIM: "Tunggu: penyedia meneruskannya.",
    K.TERKIRIM: "Tunggu: menurut penyedia sudah berangkat, HP penerima belum membalas.",
    K.SAMPAI: "Tidak ada: pesannya sampai.",
    K.DIBACA: "Tidak ada: pesannya dibaca.",
    K.BATAL: "Tidak ada: pesannya tidak diperlukan lagi.",
    K.TANPA_WA: "Hubungi warga lewat telepon.",
}
_HUBUNGI = "Hubungi warga lewat telepon, atau kirim lagi setelah sebabnya dibereskan."


class TakSampaiFilter(admin.SimpleListFilter):
    title = "yang tidak sampai"
    parameter_name = "ditangani"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("belum", "Belum ditangani"),
            ("sudah", "Sudah ditangani"),
            ("petugas", "Kepada petugas, seminggu ini"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "belum":
            belum = panggilan.belum_tersampaikan().values_list("pk", flat=True)
            return queryset.filter(pk__in=list(belum))
        if self.value() == "sudah":
            return queryset.filter(ditangani_pada__isnull=False)
        if self.value() == "petugas":
            gagal = kantor.pesan_petugas_gagal(pada=timezone.now())
            return queryset.filter(pk__in=gagal.values("pk"))
        return queryset


class UmurFilter(admin.SimpleListFilter):
    """First those that still say something (layanan.retensi): to look through the messages of all
    years for a few takes longer each year."""

    title = parameter_name = "umur"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("semua", "Semua, juga yang isinya sudah dihapus")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        bawaan, *lain = map(dict, super().choices(changelist))
        yield bawaan | {"display": f"{LAMA['isi_pesan'].days} hari terakhir"}
        yield from lain

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() else queryset.filter(dikosongkan_pada__isnull=True)


class PesanFilter(admin.SimpleListFilter):
    title = "pesan"
    parameter_name = "pesan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(satu.kode, satu.label) for satu in katalog.PESAN.values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(pesan=self.value()) if self.value() else queryset


@admin.register(Notifikasi)
class NotifikasiAdmin(HanyaBaca):
    """The life of every message: what became of it, why, and who saw to it."""

    list_display = ("dibuat_pada", "label", "kepada", "lencana", "percobaan", "sebab", "beres")
    list_filter = (TakSampaiFilter, "keadaan", UmurFilter, PesanFilter)
    list_per_page = 50
    ordering = ("-dibuat_pada", "-pk")  # as the index of those that still say something
    actions = ("kirim_lagi",)
    fieldsets = (
        (None, {"fields": ("label", "kepada", "perihal", "kata_kata")}),
        ("Perjalanan", {"fields": ("lencana", "sebab", "saran", "berubah_pada", "beres")}),
        ("Kapan", {"fields": ("dibuat_pada", "diambil_pada", "dikirim_pada", "tanya_pada")}),
        (
            "Untuk pengelola sistem",
            {"fields": ("percobaan", "ditanya", "kode_galat", "sid", "biaya")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notifikasi]:
        return (
            super()
            .get_queryset(request)
            .select_related("penerima", "ditangani_oleh", "permintaan")
            .select_related("riwayat__permohonan", "berkala__permohonan")
        )

    @admin.display(description="pesan", ordering="pesan")
    def label(self, satu: Notifikasi) -> str:
        return katalog.label(satu.pesan)

    @admin.display(description="kepada")
    def kepada(self, satu: Notifikasi) -> str:
        """Masked: whoever has to call finds the number on the call list."""
        return f"{satu.penerima or 'warga'} {telepon.samarkan(satu.nomor_hp)}".strip()

    @admin.display(description="keadaan", ordering="keadaan")
    def lencana(self, satu: Notifikasi) -> str:
        return format_html(
            '<span class="keadaan keadaan-{}">{}</span>',
            satu.keadaan.lower(),
            satu.get_keadaan_display(),
        )

    @admin.display(description="sebab")
    def sebab(self, satu: Notifikasi) -> str:
        return satu.galat or "–"

    @admin.display(description="yang perlu dilakukan")
    def saran(self, satu: Notifikasi) -> str:
        if satu.ditangani_pada:
            return "Tidak ada: penerima sudah tahu."
        return _SARAN.get(K(satu.keadaan), _HUBUNGI)

    @admin.display(description="ditangani")
    def beres(self, satu: Notifikasi) -> str:
        if not satu.ditangani_pada:
            coba = f"belum; ditelepon {satu.hubungi_kali} kali" if satu.hubungi_kali else ""
            return coba or ("belum" if satu.keadaan in Notifikasi.TAK_SAMPAI else "–")
        oleh = f" oleh {satu.ditangani_oleh}" if satu.ditangani_oleh else ""
        kapan = f"{timezone.localtime(satu.ditangani_pada):%d-%m-%Y %H.%M}"
        catatan = f": {satu.ditangani_catatan}" if satu.ditangani_catatan else ""
        return f"{satu.get_ditangani_cara_display()}{oleh}, {kapan}{catatan}"

    @admin.display(description="tentang")
    def perihal(self, satu: Notifikasi) -> str:
        tentang = panggilan.permohonan(satu)
        if tentang is not None:
            alamat = reverse("admin:layanan_permohonan_change", args=[tentang.pk])
            return format_html('<a href="{}">Permohonan {}</a>', alamat, tentang.nomor)
        if satu.permintaan_id:
            alamat = reverse("admin:layanan_permintaanpin_change", args=[satu.permintaan_id])
            return format_html('<a href="{}">{}</a>', alamat, "Permintaan PIN")
        sebab = (
            (satu.kejadian_id, "Keamanan akun"),
            (
                satu.masuk_id or satu.jawaban_id,
                "Jawaban atas pesan warga",
            ),
        )
        return next((kata for ada, kata in sebab if ada), "Kabar berkala")

    @admin.display(description="kata-kata")
    def kata_kata(self, satu: Notifikasi) -> str:
        return panggilan.ucapan(satu)

    def has_kirim_lagi_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("layanan.proses_permohonan")

    @admin.action(description="Kirim lagi yang gagal", permissions=["kirim_lagi"])
    def kirim_lagi(self, request: HttpRequest, queryset: QuerySet[Notifikasi]) -> None:
        """Try the chosen ones once more, where that is possible at all."""
        pin = request.user.has_perm("penduduk.terbitkan_pin")
        semua = [b for b in queryset.order_by("pk") if pin or not b.permintaan_id]
        jadi = [b for b in semua if panggilan.kirim_lagi(b, pada=timezone.now())]
        for satu in jadi:
            self.log_change(request, satu, "Mengirim lagi.")
        if jadi:
            bangunkan(tasks.kirim_pesan)
            self.message_user(request, f"{len(jadi)} pesan sedang dikirim lagi.", messages.SUCCESS)
        if sisa := queryset.count() - len(jadi):
            self.message_user(
                request,
                f"{sisa} pesan tidak dapat dikirim lagi: tidak gagal, sudah ditangani, atau "
                "penerimanya tidak mau dikabari lewat WhatsApp. Telepon bila perlu.",
                messages.WARNING,
            )


class BiayaForm(forms.ModelForm):
    class Meta:
        model = PengaturanPesan
        fields = ("harga", "batas", "peringatan", "plafon", "plafon_sehari")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("plafon") is not None and data["plafon"] < (data.get("batas") or 0):
            self.add_error("plafon", "Plafon tidak boleh di bawah batas sebulan.")
        if data.get("batas") and not data.get("harga") and "harga" not in self.errors:
            self.add_error("harga", "Isi harga satu pesan, supaya batasnya dapat dihitung.")
        return data


@admin.register(PengaturanPesan)
class PengaturanPesanAdmin(SatuBaris):
    form = BiayaForm


class PesanSimulasiAdmin(HanyaBaca):
    list_display = ("pada", "nomor_hp", "teks")
    search_fields = ("teks", "nomor_hp")
    ordering = ("-pk",)


if not settings.PRODUKSI:  # there is no simulation in production
    admin.site.register(PesanSimulasi, PesanSimulasiAdmin)


@admin.register(JejakLihat)
class JejakLihatAdmin(HanyaBaca):
    list_display = ("pada", "oleh", "apa", "pemilik")
    list_select_related = ("oleh", "pemilik")
    list_filter = ("apa",)
    ordering = ("-pk",)
