"""Mobile numbers as people write them (08…, 62…, +62…) into E.164 (+62…)."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

_SELULER = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class NomorTidakSah(ValueError):
    """Not a mobile number; the message says what to type."""


def rapikan(teks: str) -> str:
    """E.164 of `teks`; raises NomorTidakSah with a sentence for the person.

    Numbers without country code are Indonesian; a foreign number needs its +. Landlines cannot
    receive WhatsApp and are refused.
    """
    teks = teks.strip()
    if teks.startswith("62"):
        teks = f"+{teks}"
    try:
        nomor = phonenumbers.parse(teks, "ID")
    except NumberParseException as galat:
        raise NomorTidakSah(
            "Nomor HP tidak dapat dibaca. Tulis seperti 0812 3456 7890."
        ) from galat
    if not phonenumbers.is_valid_number(nomor):
        raise NomorTidakSah("Nomor HP ini kurang atau lebih angkanya. Periksa lagi nomornya.")
    if phonenumbers.number_type(nomor) not in _SELULER:
        raise NomorTidakSah(
            "Nomor ini telepon rumah, tidak dapat menerima WhatsApp. Isi nomor HP."
        )
    return phonenumbers.format_number(nomor, phonenumbers.PhoneNumberFormat.E164)


def tampil(e164: str) -> str:
    """How the number is shown: 0812-3456-7890."""
    try:
        nomor = phonenumbers.parse(e164, "ID")
    except NumberParseException:
        return e164
    return phonenumbers.format_number(nomor, phonenumbers.PhoneNumberFormat.NATIONAL)


def samarkan(e164: str) -> str:
    return f"••••{e164[-4:]}" if e164 else ""
