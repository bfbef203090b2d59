"""Which passwords staff may choose, beside what Django's own validators refuse."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from penduduk import desa
from penduduk.models import Akun, Banjar

_UMUM = "desa dinas kantor banjar adat operator perbekel admin sekdes petugas bali rahasia sandi"
_UMUM += " password karangasem surat"
_SISA = 5  # letters that must be there beside words that everybody here would try first


class SandiPetugasValidator:
    """Refuses what is made of the village's words, and the password that an admin has given."""

    def validate(self, password: str, user: Akun | None = None) -> None:
        if _sisa(password) < _SISA:
            raise ValidationError(
                "Kata sandi ini hanya nama desa atau kata kantor yang ditambah angka. "
                "Pakai beberapa kata yang tidak berhubungan.",
                code="kata_desa",
            )
        diberi = user is not None and user.wajib_ganti_pin
        if user is not None and diberi and check_password(password, user.password):
            raise ValidationError(
                "Itu kata sandi yang harus diganti. Pilih yang lain.", code="sama"
            )

    def get_help_text(self) -> str:
        return "Jangan memakai nama desa, banjar, atau jabatan dengan angka di belakangnya."


def _sisa(sandi: str) -> int:
    """How many letters are left without the village's words."""
    sini = desa.ambil()
    kata = f"{_UMUM} {sini.nama} {sini.kecamatan} {sini.kabupaten} {sini.provinsi}".lower().split()
    kata += [
        x for nama in Banjar.objects.values_list("nama", flat=True) for x in nama.lower().split()
    ]
    sisa = sandi.lower()
    for satu in sorted(kata, key=len, reverse=True):
        if len(satu) > 2:
            sisa = sisa.replace(satu, "")
    return sum(huruf.isalpha() for huruf in sisa)


def lemah(sandi: str, akun: Akun) -> bool:
    """Whether nobody could choose this one today: from before the rules, it has to be changed."""
    try:
        validate_password(sandi, akun)
    except ValidationError:
        return True
    return False
