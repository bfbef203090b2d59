"""Fields of the data that are typed in many places, one for each, and the forms by which a
resident proves who they are."""

from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth import authenticate
from django.utils import timezone

from penduduk.akun import backends, faktor, perangkat, pintu
from penduduk.akun import pin as pin_
from penduduk.akun import sandi as sandi_
from penduduk.identitas import angka, tanggal, telepon
from penduduk.identitas import nik as nik_
from penduduk.models import Akun

_Bidang = TypeVar("_Bidang", bound=forms.Field)
TAK_TERBUKTI = "Tidak cocok, atau terlalu sering salah. Tunggu kode berikutnya, lalu coba lagi."
_ATAU_KODE = ", atau minta kode masuk di bawah."
_TAHUN_AWAL, _TAHUN_DEPAN = 1850, 50  # the earliest year of a day, and how many lie ahead


def bidang_dari(form: forms.BaseForm, nama: str, jenis: type[_Bidang]) -> _Bidang:
    """A field of a form as what it was declared to be; raises TypeError when it is not that."""
    bidang = form.fields[nama]
    if not isinstance(bidang, jenis):
        raise TypeError(f"{nama} is a {type(bidang).__name__}")
    return bidang


def ketikan(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Label and text of what was typed into a bound form, for a page that does not offer the form
    any more: somebody else was faster, but the words are not lost. So with a sentence that was
    chosen instead, as a ready-made reason."""
    return [
        (str(satu.label), str(satu.value()))
        for satu in form
        if satu.value() and not satu.is_hidden and _kata_sendiri(satu)
    ]


def _kata_sendiri(satu: forms.BoundField) -> bool:
    if type(satu.field) is forms.ChoiceField:  # not one whose values are codes
        return any(x.data["value"] == x.data["label"] == satu.value() for x in satu.subwidgets)
    return isinstance(satu.field, forms.CharField | forms.DateField)


def helper() -> FormHelper:
    """Crispy layout shared by all forms: fields only, our own <form> tag around them."""
    bantu = FormHelper()
    bantu.form_tag = False
    bantu.disable_csrf = True
    bantu.form_show_errors = True
    bantu.use_custom_control = False
    return bantu


class BakuField(forms.CharField):
    """Text that has one clean form, read by `baku`, whose ValueError tells the person what is
    wrong. Long enough for all that the cleaning takes away.

    `semula`: what stood there before; it may stay, however odd (dirty data of the register).
    """

    semula: str | None = None
    umum: dict[str, Any] = {}
    atribut: dict[str, str] = {}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **self.umum | kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **self.atribut}

    def to_python(self, value: Any) -> Any:
        teks = super().to_python(value)
        if not teks or teks == self.semula:
            return teks
        try:
            return self.baku(teks)
        except ValueError as galat:
            raise forms.ValidationError(str(galat)) from galat

    def baku(self, teks: str) -> str:
        raise NotImplementedError


class NIKField(BakuField):
    """A NIK as people type it, in groups too; cleaned to 16 digits. Says what is wrong with its
    form, never whether it is known."""

    umum = {"label": "NIK", "help_text": "16 angka di KTP-el."}
    atribut = {"inputmode": "numeric"}
    default_error_messages = {"required": "Isi NIK Anda: 16 angka di KTP-el."}

    def baku(self, teks: str) -> str:
        return nik_.periksa(teks)


class NomorKKField(BakuField):
    """The number of a family card, cleaned to 16 digits."""

    umum = {"label": "Nomor KK"}
    atribut = {"inputmode": "numeric"}

    def baku(self, teks: str) -> str:
        return nik_.periksa_kk(teks)


class NomorHPField(BakuField):
    """A mobile number in any usual spelling; cleaned to E.164."""

    umum = {"label": "Nomor HP"}
    atribut = {"inputmode": "tel", "autocomplete": "tel"}
    widget = forms.TextInput(attrs={"type": "tel"})

    def baku(self, teks: str) -> str:
        return telepon.rapikan(teks)


class PINField(BakuField):
    """Six digits, "482 915" too, as they stand on a slip; typed unseen."""

    umum = {"label": "PIN"}
    sebutan = "PIN"
    widget: type[forms.Widget] = forms.PasswordInput
    default_error_messages = {"required": f"Isi PIN Anda: {pin_.PANJANG} angka."}

    def __init__(self, *, jenis: str = "current-password", **kwargs: Any) -> None:
        """`jenis`: what the browser's own store of passwords takes it for."""
        self.atribut = {"inputmode": "numeric", "autocomplete": jenis}
        super().__init__(**kwargs)

    def baku(self, teks: str) -> str:
        rapi = angka.rapikan(teks)
        if not angka.semua_angka(rapi, pin_.PANJANG):
            raise pin_.PINLemah(f"{self.sebutan} harus {pin_.PANJANG} angka.")
        return rapi


class KodeMasukField(PINField):
    """A one-time code of staff: six digits as well, but seen."""

    umum = {"label": "Kode masuk", "required": False}
    sebutan = "Kode masuk"
    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(jenis="one-time-code", **kwargs)


class _Kalender(forms.DateInput):
    """A browser's calendar, which shows nothing unless the day is written as it wants it."""

    def format_value(self, value: Any) -> str | None:
        with suppress(tanggal.TanggalTidakSah):
            if isinstance(value, str) and value:
                value = tanggal.baca(value, hari_ini=timezone.localdate())
        return super().format_value(value)


KALENDER = _Kalender(format="%Y-%m-%d", attrs={"type": "date"})


class TanggalField(forms.DateField):
    """A day, written in any usual way, in a plausible year: 0026 and 20026 are slips of a finger.

    `lampau`: it has happened (a birth). `widget`: KALENDER where the day is not far from today;
    whoever was born long ago types faster than a calendar turns.
    """

    widget = forms.DateInput(format="%d-%m-%Y", attrs={"inputmode": "numeric"})

    def __init__(self, *, lampau: bool = False, hari_ini: date | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.lampau, self.hari_ini = lampau, hari_ini

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value in self.empty_values:
            return super().to_python(value)
        kini = self.hari_ini or timezone.localdate()
        try:
            hari = tanggal.baca(str(value), hari_ini=kini, lampau=self.lampau)
        except tanggal.TanggalTidakSah as galat:
            raise forms.ValidationError(str(galat), code="invalid") from galat
        if not _TAHUN_AWAL <= hari.year <= kini.year + _TAHUN_DEPAN:
            raise forms.ValidationError("Tahun ini tidak mungkin. Periksa lagi tanggalnya.")
        if self.lampau and hari > kini:
            raise forms.ValidationError("Tanggal ini belum terjadi. Periksa lagi tanggalnya.")
        return hari


class MasukForm(forms.Form):
    """NIK and PIN. Says what is wrong with the form of a NIK, never whether it is known."""

    helper = helper()

    nik = NIKField(widget=forms.TextInput(attrs={"autocomplete": "username"}))
    pin = PINField()


class MasukPetugasForm(AdminAuthenticationForm):
    """Username and password, and a code where the counters refuse."""

    kode = KodeMasukField()

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        nama, sandi = data.get("username"), data.get("password")
        if nama and sandi and "kode" in data:
            akun = authenticate(
                self.request, username=nama, password=sandi, token=data["kode"] or ""
            )
            if not isinstance(akun, Akun):
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(akun)
            if settings.PRODUKSI and not akun.wajib_ganti_pin and sandi_.lemah(sandi, akun):
                Akun.objects.filter(pk=akun.pk).update(wajib_ganti_pin=True)
            if self.request is not None and faktor.punya(akun):
                pintu.tahan(self.request, akun, pada=timezone.now())
                raise forms.ValidationError("Kode kedua diminta.", code="faktor")
            self.user_cache = akun
        return data

    def get_invalid_login_error(self) -> forms.ValidationError:
        """One sentence for all who cannot get in, and what this browser has done itself."""
        kalimat = "Nama pengguna dan kata sandi tidak cocok, atau sedang ditahan."
        pada, request = timezone.now(), self.request
        if sampai := backends.alamat_ditahan(request, pada=pada):  # nothing more is written down
            kapan = perangkat.pukul(sampai, pada=pada)
            kalimat = f"Terlalu banyak yang salah dari jaringan ini. Coba lagi {kapan}{_ATAU_KODE}"
        elif request is not None:
            siapa = f"petugas:{self.cleaned_data['username'].lower()}"
            gagal = perangkat.catat_gagal(request, siapa, pada=pada)
            if gagal.berkali_kali:
                kapan = f"Coba lagi {gagal.kembali}" if gagal.kembali else "Berhenti dulu"
                kalimat += f" Sudah {gagal.jumlah} kali salah dari sini. {kapan}{_ATAU_KODE}"
        return forms.ValidationError(kalimat, code="invalid_login")


class KodeKeduaForm(forms.Form):
    """The code of the app, or one from the paper."""

    kode = forms.CharField(
        label="Kode kedua",
        max_length=20,
        strip=True,
        error_messages={"required": "Isi kode dari aplikasi, atau satu kode dari kertas Anda."},
        widget=AdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class BuktiForm(KodeKeduaForm):
    """That it is still the owner who sits there: the password, and a code where there is one."""

    sandi = forms.CharField(
        label="Kata sandi Anda",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Isi kata sandi Anda."},
    )
    field_order = ("sandi", "kode")

    def __init__(self, *args: Any, akun: Akun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.akun = akun
        if not faktor.punya(akun):
            del self.fields["kode"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        sandi, kode = data.get("sandi"), data.get("kode", "")
        if self.errors or not sandi:
            return data
        if not faktor.terbukti(self.akun, sandi=sandi, kode=kode, pada=timezone.now()):
            raise forms.ValidationError(TAK_TERBUKTI)
        return data


class GantiPINForm(forms.Form):
    """A new PIN, twice. The old one is asked only when it was chosen by the resident."""

    helper = helper()

    pin_lama = PINField(label="PIN lama", error_messages={"required": "Isi PIN lama Anda."})
    pin_baru = PINField(
        label="PIN baru",
        jenis="new-password",
        help_text="6 angka. Jangan tanggal, angka berurutan, atau bagian NIK.",
        error_messages={"required": "Isi PIN baru: 6 angka."},
    )
    pin_ulang = PINField(
        label="Ulangi PIN baru",
        jenis="new-password",
        error_messages={"required": "Ulangi PIN baru Anda."},
    )

    def __init__(self, *args: Any, akun: Akun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.akun = akun
        if akun.wajib_ganti_pin:
            del self.fields["pin_lama"]

    def clean_pin_baru(self) -> str:
        baru = self.cleaned_data["pin_baru"]
        orang = self.akun.warga
        try:
            pin_.periksa_kekuatan(baru, nik=orang.nik or "", tanggal_lahir=orang.tanggal_lahir)
        except pin_.PINLemah as galat:
            raise forms.ValidationError(str(galat)) from galat
        return baru

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"pin_baru", "pin_ulang"} <= data.keys() and data["pin_baru"] != data["pin_ulang"]:
            self.add_error("pin_ulang", "Kedua PIN tidak sama. Ketik lagi.")
        return data


class NomorHPForm(forms.Form):
    """The number that the village remembers for messages about requests and about the account."""

    helper = helper()

    nomor_hp = NomorHPField(
        label="Nomor HP",
        help_text="Nomor aktif dengan WhatsApp. Contoh: 0812 3456 7890.",
        error_messages={"required": "Isi nomor HP aktif, supaya kami dapat mengabari Anda."},
    )
