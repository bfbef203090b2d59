"""Requests for a PIN: photos beside the register, a suggested match, one decision."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.timesince import timesince

from layanan import tasks
from layanan.admin.dasar import TerbukaFilter
from layanan.forms.pin import AlasanForm, TerbitkanForm
from layanan.minta_pin import cocokan, permintaan
from layanan.models import Notifikasi, PermintaanPIN
from penduduk.admin.dasar import HanyaBaca
from penduduk.akun import pin
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.antrean import bangunkan
from penduduk.forms import ketikan
from penduduk.halaman import buka_cari, subhalaman, tampilkan
from penduduk.identitas import nik, telepon
from penduduk.models import Akun, KejadianAkun, Penduduk

K = PermintaanPIN.Keadaan
_TANPA_KABAR = "nomornya belum terbukti miliknya, atau jatah pesan hari ini habis."
_MENUNGGU = (K.MENUNGGU, K.FOTO_ULANG)


class KeadaanFilter(TerbukaFilter):
    title = parameter_name = "keadaan"
    pilihan = K.choices
    terbuka = _MENUNGGU
    sebutan = "Perlu diputuskan"


class BanjirFilter(admin.SimpleListFilter):
    """What belongs to a flood: forms of one address, of the last hour, of strangers."""

    title, parameter_name = "kiriman bersama", "banjir"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        semua = PermintaanPIN.objects.filter(keadaan__in=_MENUNGGU).exclude(alamat_sidik="")
        per_alamat = semua.values_list("alamat_sidik").annotate(n=Count("pk")).filter(n__gte=3)
        return [
            ("sejam", "Sejam terakhir"),
            ("asing", "NIK tidak ada di data desa"),
            *((sidik[:16], f"Satu alamat: {n}") for sidik, n in per_alamat.order_by("-n")[:5]),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        pilihan = self.value()
        if pilihan == "sejam":
            return queryset.filter(dibuat_pada__gt=timezone.now() - timedelta(hours=1))
        if pilihan == "asing":
            dikenal = Penduduk.objects.filter(nik=OuterRef("nik"))
            return queryset.filter(~Exists(dikenal)).exclude(nik="")
        return queryset.filter(alamat_sidik__startswith=pilihan) if pilihan else queryset


@admin.register(PermintaanPIN)
class PermintaanPINAdmin(HanyaBaca):
    judul_daftar = "Permintaan PIN"
    list_display = ("siapa", "asal", "lencana", "umur", "diputus_oleh")
    list_select_related = ("penduduk", "diputus_oleh")
    list_filter = (KeadaanFilter, "asal", BanjirFilter)
    actions = ("tolak_bersama",)
    list_per_page = 50
    ordering = ("dibuat_pada", "pk")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("penduduk.terbitkan_pin")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or super().has_module_permission(request)

    @admin.display(description="dari")
    def siapa(self, satu: PermintaanPIN) -> str:
        nama = satu.penduduk or satu.nama or satu.nama_wa or "belum diketahui"
        return f"{nama} ({telepon.samarkan(satu.nomor_hp)})"

    @admin.display(description="keadaan", ordering="keadaan")
    def lencana(self, satu: PermintaanPIN) -> str:
        return format_html(
            '<span class="lencana lencana-pin-{}">{}</span>',
            satu.keadaan.lower(),
            satu.get_keadaan_display(),
        )

    @admin.display(description="umur", ordering="dibuat_pada")
    def umur(self, satu: PermintaanPIN) -> str:
        return timesince(satu.dibuat_pada, depth=1)

    def _ambil(self, request: HttpRequest, pk: Any) -> PermintaanPIN:
        semua = PermintaanPIN.objects.select_related("penduduk", "diputus_oleh")
        return self.satu(request, pk, semua)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._halaman(request, self._ambil(request, object_id))

    def _halaman(
        self, request: HttpRequest, satu: PermintaanPIN, form_salah: Any = None
    ) -> HttpResponse:
        perlu_putusan = satu.keadaan in _MENUNGGU
        cari = buka_cari(request, request.GET.get("q", ""))[:100]
        form = {
            "tolak": AlasanForm(prefix="tolak"),
            "foto_ulang": AlasanForm(prefix="foto_ulang"),
        }
        if form_salah is not None:
            form[form_salah.prefix] = form_salah
        return tampilkan(
            request,
            "admin/layanan/permintaanpin/rincian.html",
            f"Permintaan PIN lewat {satu.get_asal_display()}",
            permintaan=satu,
            perlu_putusan=perlu_putusan,
            ketikan=ketikan(form_salah) if form_salah and not perlu_putusan else [],
            foto=satu.berkas.order_by("diunggah_pada", "pk"),
            foto_dihapus=satu.foto_dihapus_pada,
            nomor_hp=telepon.tampil(satu.nomor_hp),
            nik=nik.kelompok(satu.nik),
            cari=cari,
            calon=_calon(satu, cari) if perlu_putusan else [],
            form_tolak=form["tolak"],
            form_foto_ulang=form["foto_ulang"],
            terbuka=form_salah.prefix if form_salah is not None else "",
            **_pesan(satu),
        )

    @subhalaman("<uuid:pk>/terbitkan/", metode="POST")
    def terbitkan(self, request: AuthenticatedRequest, pk: Any) -> HttpResponse:
        """Give the chosen resident a PIN on the number of the request."""
        satu = self._ambil(request, pk)
        form = TerbitkanForm(request.POST)
        if not form.is_valid():
            messages.error(
                request, " ".join(str(g) for daftar in form.errors.values() for g in daftar)
            )
            return self.ke("change", pk)
        orang = form.cleaned_data["orang"]
        try:
            permintaan.terbitkan(satu, orang=orang, oleh=request.user, pada=timezone.now())
        except (permintaan.SudahDiputus, pin.TidakBisaMasuk) as galat:
            messages.error(request, str(galat))
            return self.ke("change", pk)
        bangunkan(tasks.kirim_pesan)
        self.log_change(request, satu, "Menerbitkan PIN awal.")
        messages.success(request, f"PIN awal untuk {orang} sedang dikirim lewat WhatsApp.")
        return self.ke("changelist")

    @subhalaman("<uuid:pk>/tolak/", metode="POST")
    def tolak(self, request: AuthenticatedRequest, pk: Any) -> HttpResponse:
        tolak = partial(permintaan.tolak, oleh=request.user)
        return self._beralasan(request, pk, "tolak", tolak, "Permintaan PIN ditolak.")

    @subhalaman("<uuid:pk>/foto-ulang/", metode="POST")
    def foto_ulang(self, request: HttpRequest, pk: Any) -> HttpResponse:
        minta = permintaan.minta_foto_ulang
        return self._beralasan(request, pk, "foto_ulang", minta, "Foto ulang diminta.")

    def _beralasan(
        self, request: HttpRequest, pk: Any, awalan: str, putuskan: Any, kata: str
    ) -> HttpResponse:
        """A decision with a reason, of which the sender is told."""
        satu = self._ambil(request, pk)
        form = AlasanForm(request.POST, prefix=awalan)
        if not form.is_valid():
            return self._halaman(request, satu, form)
        try:
            dikabari = putuskan(satu, alasan=form.cleaned_data["alasan"], pada=timezone.now())
        except permintaan.SudahDiputus as galat:
            messages.error(request, str(galat))
            return self._halaman(request, self._ambil(request, pk), form)
        bangunkan(tasks.kirim_pesan)
        self.log_change(request, satu, kata)
        if dikabari:
            messages.success(request, f"{kata} Warga diberi tahu alasannya lewat WhatsApp.")
        else:
            messages.warning(
                request,
                f"{kata} Warga belum diberi tahu: {_TANPA_KABAR} Telepon bila perlu; "
                "setengah jam lagi ia juga ada di “Hubungi lewat telepon”.",
            )
        return self.ke("changelist")

    def has_tolak_bersama_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.action(description="Tolak bersama-sama", permissions=["tolak_bersama"])
    def tolak_bersama(
        self, request: AuthenticatedRequest, queryset: QuerySet[PermintaanPIN]
    ) -> HttpResponse | None:
        """A flood of forms: one page, one reason, one confirmation, no message to anybody."""
        yakin = "yakin" in request.POST
        form = AlasanForm(request.POST if yakin else None, prefix="tolak")
        form.fields["alasan"].label = "Alasan (untuk catatan kantor)"
        # What has come in since the page was made, nobody has looked at.
        sampai = parse_datetime(request.POST.get("sampai", "")) or timezone.now()
        semua = queryset.filter(keadaan__in=_MENUNGGU, dibuat_pada__lte=sampai)
        if yakin and form.is_valid():
            alasan = form.cleaned_data["alasan"]
            pk = permintaan.tolak_bersama(
                semua.order_by(), alasan=alasan, oleh=request.user, pada=timezone.now()
            )
            tertolak = PermintaanPIN.objects.filter(pk__in=pk)
            LogEntry.objects.log_actions(request.user.pk, tertolak, CHANGE, "Ditolak bersama-sama.")
            messages.success(request, f"{len(pk)} permintaan PIN ditolak. Tidak ada pesan dikirim.")
            return None
        return tampilkan(
            request,
            "admin/layanan/permintaanpin/tolak_bersama.html",
            "Tolak bersama-sama",
            jumlah=semua.count(),
            contoh=semua.order_by("dibuat_pada")[:10],
            dipilih=request.POST.getlist(ACTION_CHECKBOX_NAME),
            semua_halaman=request.POST.get("select_across", "0"),
            sampai=sampai.isoformat(),
            form_tolak=form,
        )

    @subhalaman("<uuid:pk>/kirim-ulang/", metode="POST")
    def kirim_ulang(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The PIN message failed for good: try once more, with a new PIN."""
        satu = self._ambil(request, pk)
        if permintaan.kirim_ulang(satu, pada=timezone.now()):
            bangunkan(tasks.kirim_pesan)
            self.log_change(request, satu, "Mengirim ulang PIN awal.")
            messages.success(request, "PIN baru sedang dikirim lagi.")
        else:
            messages.info(request, "Tidak ada pesan PIN yang gagal. Muat ulang halaman ini.")
        return self.ke("change", pk)


_TANPA_NOMOR = (
    "WhatsApp peminta ini tanpa nomor HP, jadi PIN tidak dapat dikirim ke sana. Setelah "
    "diterbitkan, cetak slip PIN; percakapannya disambungkan dengan akun penduduk ini."
)


def _calon(satu: PermintaanPIN, cari: str) -> list[dict[str, Any]]:
    """Suggested residents, with what the operator must notice before choosing."""
    return [
        {
            "cocok": cocok,
            "nik": nik.kelompok(cocok.orang.nik or ""),
            "kk": nik.kelompok((cocok.orang.keluarga and cocok.orang.keluarga.no_kk) or ""),
            "awas": _awas(satu, cocok),
            "alamat": reverse("admin:penduduk_penduduk_change", args=[cocok.orang.pk]),
        }
        for cocok in cocokan.calon(satu, cari=cari)
    ]


def _awas(satu: PermintaanPIN, cocok: cocokan.Cocokan) -> list[str]:
    orang, akun = cocok.orang, cocok.akun
    kalimat = []
    if beda := [label for label, _, _, sama in cocok.beda if not sama]:
        kalimat.append(
            f"{', '.join(beda)} berbeda dari data desa. Terbitkan hanya bila fotonya meyakinkan; "
            "bila ragu, minta foto ulang atau telepon."
        )
    if orang.label_nik:
        kalimat.append(f"{orang.label_nik}: tidak dapat diberi PIN sebelum NIK diperbaiki.")
    if orang.status_dasar != orang.HIDUP:
        kalimat.append(f"Status: {orang.get_status_dasar_display()}. Tidak dapat diberi PIN.")
    if akun is None:
        return kalimat if telepon.bernomor(satu.nomor_hp) else [*kalimat, _TANPA_NOMOR]
    if akun.dibekukan_pada:
        kalimat.append("Akunnya sedang dikunci. Buka kuncinya di halaman penduduk lebih dulu.")
    if not telepon.bernomor(satu.nomor_hp):
        kalimat.append(_TANPA_NOMOR)
    elif akun.nomor_hp and akun.nomor_hp != satu.nomor_hp:
        kalimat.append(
            f"Nomor HP berbeda dari yang tercatat ({telepon.samarkan(akun.nomor_hp)}). "
            "Nomor lama akan diberi tahu. Telepon dulu bila ragu."
        )
    if akun.last_login:
        kalimat.append(
            f"Sudah punya PIN, terakhir masuk {timezone.localtime(akun.last_login):%d-%m-%Y}. "
            "PIN lama tidak berlaku lagi."
        )
    return kalimat


def _pesan(satu: PermintaanPIN) -> dict[str, Any]:
    pesan = list(satu.notifikasi.untuk_warga().order_by("pk"))
    gagal = any(p.pesan == "pin" and p.keadaan in Notifikasi.MASALAH for p in pesan)
    return {"pesan": pesan, "pin_gagal": gagal}


@admin.register(KejadianAkun)
class KejadianAkunAdmin(HanyaBaca):
    """Safety of the accounts: guesses held back, accounts locked, PINs issued."""

    list_display = ("pada", "jenis", "warga", "oleh", "rincian")
    list_select_related = ("akun__penduduk", "oleh")
    list_filter = ("jenis",)
    ordering = ("-pk",)
    fields = ("pada", "jenis", "warga", "oleh", "rincian")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("penduduk.terbitkan_pin")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or super().has_module_permission(request)

    @admin.display(description="warga")
    def warga(self, satu: KejadianAkun) -> str:
        akun: Akun | None = satu.akun
        if akun is None or akun.penduduk is None:
            return f"petugas {akun}" if akun else "—"
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:penduduk_penduduk_change", args=[akun.penduduk_id]),
            akun.penduduk,
        )
