"""Staff accounts, in the back office."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html

from penduduk.akun import faktor, kode_masuk, penjagaan, pin, throttle
from penduduk.akun.pintu import AuthenticatedRequest, pelaku
from penduduk.forms import NomorHPField
from penduduk.halaman import KantorAdmin, subhalaman, tampilkan
from penduduk.models import Akun, KejadianAkun

J = KejadianAkun.Jenis
_IZIN = "penduduk.change_akun"
_KEJADIAN_TAMPIL = 20


class PetugasBuatForm(BaseUserCreationForm):
    class Meta:
        model = Akun
        fields = ("username", "nama")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].required = True  # the column is empty for residents only

    def save(self, commit: bool = True) -> Akun:
        self.instance.is_staff = True
        akun = super().save(commit=False)
        akun.wajib_ganti_pin = True  # an admin knows this password
        if commit:
            akun.save()
        return akun


class PetugasForm(forms.ModelForm):
    nomor_hp = NomorHPField(label="Nomor HP", required=False, widget=AdminTextInputWidget)
    groups = forms.ModelMultipleChoiceField(
        label="Peran",
        queryset=Group.objects.order_by("pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Akun
        labels = {"terima_pemberitahuan": "Kabari bila ada permohonan baru", "is_active": "Aktif"}
        help_texts = {
            "terima_pemberitahuan": "Lewat WhatsApp, ke nomor HP di atas.",
            "is_active": "Petugas yang berhenti: kosongkan. Namanya tetap ada di riwayat.",
        }
        fields = ("username", "nama", "nomor_hp", "terima_pemberitahuan", "is_active", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "username" in self.fields:  # it is not, for those who may only look
            self.fields["username"].required = True


class SandiForm(AdminPasswordChangeForm):
    """Two fields; an account without any password is nothing that an office wants."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        self.fields["password1"].label = "Kata sandi baru"
        self.fields["password2"].label = "Ulangi kata sandi baru"


_PERUBAHAN = {"username": "nama pengguna", "nama": "nama", "is_active": "dinyalakan/dimatikan"}


def _keadaan(akun: Akun) -> dict[str, Any]:
    """What stands in the box of a staff account."""
    sampai = throttle.ditahan_sampai(
        throttle.sidik("petugas", (akun.username or "").lower()), pada=timezone.now()
    )
    kejadian = akun.kejadian.select_related("oleh").order_by("-pada", "-pk")
    return {
        "ditahan_sampai": sampai,
        "kejadian": kejadian[:_KEJADIAN_TAMPIL],
        "kode_kedua": faktor.punya(akun),
        "sendirian": not penjagaan.admin_lain(akun).exists(),
    }


@admin.register(Akun)
class PetugasAdmin(KantorAdmin, UserAdmin):
    """Staff accounts only; nobody becomes superuser here."""

    change_form_template = "admin/penduduk/akun/change_form.html"

    form = PetugasForm
    add_form = PetugasBuatForm
    list_display = ("username", "nama", "peran", "nomor_hp", "is_active")
    filter_horizontal = ()
    judul_daftar = "Akun petugas"
    list_filter = ("is_active",)
    change_password_form = SandiForm
    change_user_password_template = "admin/penduduk/akun/sandi.html"  # noqa: S105
    search_fields = ("username", "nama")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "nama", "nomor_hp", "terima_pemberitahuan", "sandi")}),
        ("Yang boleh dikerjakan", {"fields": ("is_active", "groups")}),
    )
    readonly_fields = ("sandi",)
    add_fieldsets = ((None, {"fields": ("username", "nama", "password1", "password2")}),)

    @admin.display(description="kata sandi")
    def sandi(self, akun: Akun) -> str:
        return format_html('<a href="{}">Ganti kata sandi</a>', "../password/")

    @admin.display(description="peran")
    def peran(self, akun: Akun) -> str:
        return ", ".join(grup.name for grup in akun.groups.all()) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Akun]:
        semua = super().get_queryset(request).filter(is_staff=True, is_superuser=False)
        return semua.prefetch_related("groups")

    # --- Told: nobody changes an account of another in silence -----------------------------------

    def save_model(self, request: HttpRequest, obj: Akun, form: Any, change: bool) -> None:
        oleh, pada = pelaku(request), timezone.now()
        lama = Akun.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if lama is None:
            penjagaan.catat_petugas(obj, J.DIBUAT, pada=pada, oleh=oleh)
            return
        if apa := [k for n, k in _PERUBAHAN.items() if getattr(lama, n) != getattr(obj, n)]:
            rincian = ", ".join(apa)
            penjagaan.catat_petugas(obj, J.DIATUR, pada=pada, oleh=oleh, rincian=rincian)
        if lama.nomor_hp != obj.nomor_hp:
            penjagaan.catat_petugas(
                obj, J.NOMOR_DIGANTI, pada=pada, oleh=oleh, nomor_lama=lama.nomor_hp
            )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        akun, oleh = form.instance, pelaku(request)
        lama = set(akun.groups.values_list("name", flat=True)) if change else set()
        super().save_related(request, form, formsets, change)
        diubah = penjagaan.peran_diubah(
            akun, lama, oleh=oleh, pada=timezone.now(), sesi_ini=request.session.session_key
        )
        if diubah and not penjagaan.admin_lain(akun, oleh).exists():
            messages.warning(request, "Tidak ada admin lain yang dikabari; itu dicatat.")

    # --- Held back by strangers -------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        akun = context.get("original")
        context["keadaan_petugas"] = None
        context["semua_peran"] = Group.objects.order_by("pk").values_list("name", flat=True)
        if isinstance(akun, Akun) and request.user.has_perm(_IZIN):
            context["keadaan_petugas"] = _keadaan(akun)
        return super().render_change_form(request, context, *args, **kwargs)

    @subhalaman("<int:pk>/buka/", izin=_IZIN, metode="POST")
    def buka(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        akun = self.satu(request, pk, self.get_queryset(request))
        penjagaan.buka_petugas(akun, pada=timezone.now(), oleh=request.user)
        self.log_change(request, akun, "Membuka untuk peramban baru.")
        messages.success(request, f"{akun} dapat mencoba lagi dari peramban baru.")
        return self.ke("change", pk)

    @subhalaman("<int:pk>/kode/", izin=_IZIN, metode="POST")
    def kode(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """A one-time code, shown this once, to be told by phone."""
        akun = self.satu(request, pk, self.get_queryset(request))
        try:
            satu = kode_masuk.buat(akun, pada=timezone.now(), oleh=request.user)
        except pin.TidakBisaMasuk as galat:
            messages.error(request, str(galat))
            return self.ke("change", pk)
        self.log_change(request, akun, "Membuat kode masuk.")
        menit = int(kode_masuk.MASA.total_seconds() // 60)
        isi = {"akun": akun, "kode": f"{satu[:3]} {satu[3:]}", "menit": menit}
        return tampilkan(request, "admin/penduduk/akun/kode.html", f"Kode masuk {akun}", **isi)

    @subhalaman("<int:pk>/lepas-kode-kedua/", izin=_IZIN, metode="POST")
    def lepas_kode_kedua(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """The phone is lost, and the paper too. His own he takes away on his own page."""
        akun = self.satu(request, pk, self.get_queryset(request).exclude(pk=request.user.pk))
        faktor.lepas(akun, oleh=request.user, pada=timezone.now())
        self.log_change(request, akun, "Melepas kode kedua.")
        messages.success(request, f"Kode kedua {akun} dilepas. Ia memasang yang baru saat masuk.")
        return self.ke("change", pk)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """As ever; a new password opens what guesses at the former one have closed."""
        jawab = super().user_change_password(request, id, form_url)
        akun = self.get_object(request, id)
        if request.method == "POST" and jawab.status_code == 302 and akun is not None:
            if akun.pk != pelaku(request).pk:
                Akun.objects.filter(pk=akun.pk).update(wajib_ganti_pin=True)
            penjagaan.buka_petugas(
                akun,
                pada=timezone.now(),
                oleh=pelaku(request),
                jenis=J.SANDI_DIGANTI,
            )
        return jawab

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history keeps naming them; switch them off instead
