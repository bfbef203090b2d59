"""Mobile numbers as people write them (08…, 62…, +62…) into E.164 (+62…)."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

_SELULER = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# The library would read letters as the keys of a telephone (ABC = 222) and drop extensions.
_TULISAN = re.compile(r"[\d\s+().\-‐-―−]+")
# What people write around a number: "WA: 0812…", "0812… (WA)", and marks between its groups.
_SEKITAR = re.compile(
    r"^\W*(no(mor)?|hp|wa|tel(p|epon)?|whatsapp)\b[\s.:]*|\(?(wa|hp)\)?\W*$", re.I
)
_ANTARA = str.maketrans(dict.fromkeys("/_,'’`", " "))
_E164 = re.compile(r"\+[0-9]{5,15}")
_INDONESIA = 62
_TIDAK_TERBACA = "Nomor HP tidak dapat dibaca. Tulis seperti 0812 3456 7890."


class NomorTidakSah(ValueError):
    """Not a mobile number; the message says what to type."""


def rapikan(teks: str) -> str:
    """E.164 of `teks`; raises NomorTidakSah with a sentence for the person.

    Numbers without country code are Indonesian; a foreign number needs its +. Landlines cannot
    receive WhatsApp and are refused.
    """
    # Numbers copied from a phone book come wrapped in invisible direction marks.
    teks = "".join(c for c in teks if c.isprintable() or c.isspace()).translate(_ANTARA)
    for _ in range(2):  # "No. WA 0812…"
        teks = _SEKITAR.sub("", teks).strip()
    if not _TULISAN.fullmatch(teks):
        raise NomorTidakSah(_TIDAK_TERBACA)
    if teks.startswith("62"):
        teks = f"+{teks}"
    elif teks.startswith("00"):
        teks = f"+{teks[2:]}"
    try:
        nomor = phonenumbers.parse(teks, "ID")
    except NumberParseException as galat:
        raise NomorTidakSah(_TIDAK_TERBACA) from galat
    if not phonenumbers.is_valid_number(nomor):
        raise NomorTidakSah("Nomor HP ini kurang atau lebih angkanya. Periksa lagi nomornya.")
    if phonenumbers.number_type(nomor) not in _SELULER:
        raise NomorTidakSah("Nomor ini telepon rumah, tidak dapat menerima WhatsApp. Isi nomor HP.")
    return phonenumbers.format_number(nomor, phonenumbers.PhoneNumberFormat.E164)


def potongan(teks: str) -> str:
    """The digits that the E.164 of `teks` has to hold: a number as people write it, or at least
    four digits of one in a row. Empty: it is not (a part of) a phone number."""
    try:
        return rapikan(teks)[1:]
    except NomorTidakSah:
        angka = re.sub(r"^(0+|62(?=8))|\D", "", teks) if _TULISAN.fullmatch(teks) else ""
    return angka if 4 <= len(angka) <= 15 else ""


def bernomor(alamat: str) -> bool:
    """Whether an address that somebody else has proven is a number at all, of whatever kind."""
    return bool(_E164.fullmatch(alamat))


def tampil(e164: str) -> str:
    """How the number is shown: 0812-3456-7890, a foreign one with its country code."""
    if e164 and not bernomor(e164):
        return "tanpa nomor HP"
    try:
        nomor = phonenumbers.parse(e164, "ID")
    except NumberParseException:
        return e164
    bentuk = phonenumbers.PhoneNumberFormat
    dalam_negeri = nomor.country_code == _INDONESIA
    return phonenumbers.format_number(
        nomor, bentuk.NATIONAL if dalam_negeri else bentuk.INTERNATIONAL
    )


def untuk_tel(teks: str) -> str:
    """The number in `teks` (also a landline) as a link `tel:` takes it; "" when it is none."""
    try:
        nomor = phonenumbers.parse(teks, "ID") if _TULISAN.fullmatch(teks) else None
    except NumberParseException:
        nomor = None
    if nomor is None or not phonenumbers.is_possible_number(nomor):
        return ""
    return phonenumbers.format_number(nomor, phonenumbers.PhoneNumberFormat.E164)


def samarkan(e164: str) -> str:
    return f"••••{e164[-4:]}" if e164 else ""
