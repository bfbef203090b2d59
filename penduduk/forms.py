"""Forms by which a resident proves who they are."""

from crispy_forms.helper import FormHelper
from django import forms

from penduduk import nik as nik_
from penduduk import pin as pin_
from penduduk import telepon
from penduduk.models import Akun

_PIN = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}


def helper() -> FormHelper:
    """Crispy layout shared by all forms: fields only, our own <form> tag around them."""
    bantu = FormHelper()
    bantu.form_tag = False
    bantu.disable_csrf = True
    bantu.form_show_errors = True
    bantu.use_custom_control = False
    return bantu


class MasukForm(forms.Form):
    """NIK and PIN. Says what is wrong with the form of a NIK, never whether it is known."""

    helper = helper()

    nik = forms.CharField(
        label="NIK",
        max_length=40,
        help_text="16 angka di KTP-el.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Isi NIK Anda: 16 angka di KTP-el."},
    )
    pin = forms.CharField(
        label="PIN",
        max_length=20,
        widget=forms.PasswordInput(attrs=_PIN | {"maxlength": "7"}),  # "482 915", as on a slip
        error_messages={"required": "Isi PIN Anda: 6 angka."},
    )

    def clean_nik(self) -> str:
        try:
            return nik_.periksa(self.cleaned_data["nik"])
        except nik_.NIKTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat

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

    def __init__(self, *args, akun: Akun, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.akun = akun
        if akun.wajib_ganti_pin:
            del self.fields["pin_lama"]

    def clean_pin_baru(self) -> str:
        baru = self.cleaned_data["pin_baru"]
        orang = self.akun.penduduk
        try:
            pin_.periksa_kekuatan(baru, nik=orang.nik, tanggal_lahir=orang.tanggal_lahir)
        except pin_.PINLemah as galat:
            raise forms.ValidationError(str(galat)) from galat
        return baru

    def clean(self) -> dict:
        data = super().clean()
        if {"pin_baru", "pin_ulang"} <= data.keys() and data["pin_baru"] != data["pin_ulang"]:
            self.add_error("pin_ulang", "Kedua PIN tidak sama. Ketik lagi.")
        return data


class NomorHPForm(forms.Form):
    """The number that the village remembers for messages about requests and about the account."""

    helper = helper()

    nomor_hp = forms.CharField(
        label="Nomor HP",
        max_length=40,
        help_text="Nomor aktif dengan WhatsApp. Contoh: 0812 3456 7890.",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": "Isi nomor HP aktif, supaya kami dapat mengabari Anda."},
    )

    def clean_nomor_hp(self) -> str:
        try:
            return telepon.rapikan(self.cleaned_data["nomor_hp"])
        except telepon.NomorTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat
