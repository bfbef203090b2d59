"""Forms by which a resident proves who they are."""

from typing import Any, TypeVar

from crispy_forms.helper import FormHelper
from django import forms

from penduduk.akun import pin as pin_
from penduduk.identitas import nik as nik_
from penduduk.identitas import telepon
from penduduk.models import Akun

_Bidang = TypeVar("_Bidang", bound=forms.Field)
_PIN = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}


def bidang_dari(form: forms.BaseForm, nama: str, jenis: type[_Bidang]) -> _Bidang:
    """A field of a form as what it was declared to be; raises TypeError when it is not that."""
    bidang = form.fields[nama]
    if not isinstance(bidang, jenis):
        raise TypeError(f"{nama} is a {type(bidang).__name__}")
    return bidang


def ketikan(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Label and text of what was typed into a bound form, for a page that does not offer the form
    any more: somebody else was faster, but the words are not lost."""
    return [
        (str(satu.label), str(satu.value()))
        for satu in form
        if isinstance(satu.field, forms.CharField | forms.DateField) and satu.value()
    ]


def helper() -> FormHelper:
    """Crispy layout shared by all forms: fields only, our own <form> tag around them."""
    bantu = FormHelper()
    bantu.form_tag = False
    bantu.disable_csrf = True
    bantu.form_show_errors = True
    bantu.use_custom_control = False
    return bantu


class NIKField(forms.CharField):
    """A NIK as people type it, in groups too; cleaned to 16 digits. Says what is wrong with its
    form, never whether it is known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="NIK",
            max_length=40,
            help_text="16 angka di KTP-el.",
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"required": "Isi NIK Anda: 16 angka di KTP-el."},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        teks = super().to_python(value) or ""
        if teks in self.empty_values:
            return ""
        try:
            return nik_.periksa(teks)
        except nik_.NIKTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat


class NomorHPField(forms.CharField):
    """A mobile number in any usual spelling; cleaned to E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        )
        super().__init__(max_length=25, **kwargs)

    def to_python(self, value: Any) -> str:
        teks = super().to_python(value) or ""
        if not teks:
            return ""
        try:
            return telepon.rapikan(teks)
        except telepon.NomorTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat


class MasukForm(forms.Form):
    """NIK and PIN. Says what is wrong with the form of a NIK, never whether it is known."""

    helper = helper()

    nik = NIKField()
    pin = forms.CharField(
        label="PIN",
        max_length=20,
        widget=forms.PasswordInput(attrs=_PIN | {"maxlength": "7"}),  # "482 915", as on a slip
        error_messages={"required": "Isi PIN Anda: 6 angka."},
    )

    def clean_pin(self) -> str:
        return self.cleaned_data["pin"].replace(" ", "")


class GantiPINForm(forms.Form):
    """A new PIN, twice. The old one is asked only when it was chosen by the resident."""

    helper = helper()

    pin_lama = forms.CharField(label="PIN lama", max_length=6, widget=forms.PasswordInput(_PIN))
    pin_baru = forms.CharField(
        label="PIN baru",
        max_length=6,
        help_text="6 angka. Jangan tanggal, angka berurutan, atau bagian NIK.",
        widget=forms.PasswordInput(_PIN),
        error_messages={"required": "Isi PIN baru: 6 angka."},
    )
    pin_ulang = forms.CharField(
        label="Ulangi PIN baru",
        max_length=6,
        widget=forms.PasswordInput(_PIN),
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
