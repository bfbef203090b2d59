"""What Twilio and Meta ask of a template, as far as it can be known without asking them.

content/content-api-resources, content/whatsappauthentication, api/errors/63040
"""

import re
from typing import Any

KATEGORI = ("UTILITY", "AUTHENTICATION", "MARKETING")
TEKS, SANDI = "twilio/text", "whatsapp/authentication"  # content types
_KENAL = {
    TEKS,
    SANDI,
    *(f"twilio/{jenis}" for jenis in "media location quick-reply card carousel catalog".split()),
    *(f"twilio/{jenis}" for jenis in "list-picker call-to-action flows schedule".split()),
    "whatsapp/card",
    "whatsapp/flows",
}
_NAMA = re.compile(r"[a-z0-9_]{1,512}")
_BAHASA = re.compile(r"[a-z]{2,3}(?:_[A-Z]{2,3})?")
TEMPAT = re.compile(r"\{\{(\w+)\}\}")
_PANJANG_TWILIO, _PANJANG_WA = 1600, 1024

# The words are WhatsApp's own, one sentence a language; only the code is the sender's.
_SANDI = {
    "id": (
        "*{{1}}* adalah kode verifikasi Anda.",
        "Demi keamanan, jangan bagikan kode ini.",
        "Kode ini kedaluwarsa dalam {} menit.",
    ),
    "en": (
        "*{{1}}* is your verification code.",
        "For your security, do not share this code.",
        "This code expires in {} minutes.",
    ),
}


def tanpa_kosong(nilai: Any) -> Any:
    """The SDK sends everything that was not given as null."""
    if isinstance(nilai, dict):
        return {kunci: tanpa_kosong(isi) for kunci, isi in nilai.items() if isi is not None}
    return [tanpa_kosong(isi) for isi in nilai] if isinstance(nilai, list) else nilai


def keberatan_buat(isi: Any) -> str:
    """Why Twilio does not keep such a Content; empty: it does."""
    if not isinstance(isi, dict):
        return "The request body is not a JSON object"
    if not _BAHASA.fullmatch(str(isi.get("language", ""))):
        return "language is required: a code such as id or en_US"
    jenis = isi.get("types")
    if not isinstance(jenis, dict) or not jenis:
        return "types is required"
    if asing := sorted(set(jenis) - _KENAL):
        return f"unknown content type {asing[0]}"
    variabel = isi.get("variables", {})
    if not isinstance(variabel, dict) or not all(isinstance(n, str) for n in variabel.values()):
        return "variables must be an object of strings"
    if not all(isinstance(satu, dict) for satu in jenis.values()):
        return "every type must be a JSON object"
    if TEKS in jenis:
        badan = jenis[TEKS].get("body")
        if not isinstance(badan, str) or not 0 < len(badan) <= _PANJANG_TWILIO:
            return f"body of twilio/text is required, at most {_PANJANG_TWILIO} characters"
    return _keberatan_sandi(jenis[SANDI]) if SANDI in jenis else ""


def _keberatan_sandi(isi: dict[str, Any]) -> str:
    tombol = isi.get("actions") or [{}]
    if not isinstance(tombol, list) or tombol[0].get("type") != "COPY_CODE":
        return "actions of whatsapp/authentication must be of type COPY_CODE"
    if not 0 < len(tombol[0].get("copy_code_text") or "") < 25:
        return "copy_code_text must be shorter than 25 characters"
    menit = isi.get("code_expiration_minutes", 1)
    if not isinstance(menit, int) or not 1 <= menit <= 90:
        return "code_expiration_minutes must be a whole number from 1 to 90"
    return ""


def keberatan_ajukan(isi: Any, jenis: dict[str, Any]) -> str:
    """Why Twilio does not even hand a template on to WhatsApp."""
    if not isinstance(isi, dict) or not _NAMA.fullmatch(str(isi.get("name", ""))):
        return "name must be 1 to 512 lower case letters, digits and underscores"
    kategori = isi.get("category")
    if kategori not in KATEGORI:
        return f"category must be one of {', '.join(KATEGORI)}"
    if (kategori == "AUTHENTICATION") != (SANDI in jenis):
        return "whatsapp/authentication and the category AUTHENTICATION belong together"
    return ""


def alasan_ditolak(jenis: dict[str, Any], variabel: dict[str, str]) -> str:
    """Meta's reason to reject the words; empty: nothing that a machine would see."""
    if TEKS not in jenis:
        return ""
    badan = jenis[TEKS]["body"].strip()
    nomor = [int(n) if n.isdecimal() else 0 for n in TEMPAT.findall(badan)]
    aturan = [
        ("the body is longer than 1024 characters", len(badan) <= _PANJANG_WA),
        ("the body begins or ends with a variable", not re.search(r"^\{\{|\}\}$", badan)),
        ("two variables without words between them", not re.search(r"\}\}\s*\{\{", badan)),
        ("variables are not numbered 1, 2, 3 …", {*nomor} == {*range(1, len({*nomor}) + 1)}),
        (
            "a variable has no sample",
            all(variabel.get(n, "").strip() for n in TEMPAT.findall(badan)),
        ),
        ("more than four spaces or two line breaks in a row", not re.search(r" {5}|\n{3}", badan)),
    ]
    sebab = next((kata for kata, benar in aturan if not benar), "")
    return sebab and f"INVALID_FORMAT: {sebab}"


def kata(jenis: dict[str, Any], bahasa: str) -> str:
    """The words that a phone shows, with {{1}}."""
    if SANDI not in jenis:
        return next((isi["body"] for isi in jenis.values() if "body" in isi), "")
    isi = jenis[SANDI]
    kode, aman, habis = _SANDI.get(bahasa.partition("_")[0], _SANDI["en"])
    menit = isi.get("code_expiration_minutes")
    bagian = [kode, aman if isi.get("add_security_recommendation", True) else ""]
    return " ".join(b for b in [*bagian, habis.format(menit) if menit else ""] if b)
