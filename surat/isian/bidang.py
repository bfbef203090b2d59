"""Form fields of the simple types: what people type on a phone becomes a clean value.

A maker takes the row, the arguments common to all fields, and what the row does not know.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone

from penduduk.forms import KALENDER, TanggalField
from penduduk.models import Penduduk
from surat.bahasa import huruf
from surat.isian.macam import Kasus
from surat.models import Aturan, Pertanyaan

TEKS_MAKS = 200
TEKS_PANJANG_MAKS = 1000
NAMA_MAKS = 60  # letters of a name (Permendagri 73/2022)
_JAM = re.compile(
    r"(.+?)[ t,]*?(?:pukul|jam)?[ t]*([01]?\d|2[0-3])[:.]([0-5]\d)(?::\d\d)?(?: *wita)?", re.I
)


@dataclass(frozen=True)
class Sekitar:
    """What a field has to know beside its own row: who may be named and by whom, and the day."""

    hari_ini: date
    keluarga: Iterable[Penduduk]
    kasus: Kasus
    aturan: Iterable[Aturan]


class TeksField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return huruf.bersih(super().to_python(value) or "")


class SuratTeksField(TeksField):
    """Text that will stand on paper."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if kalimat := huruf.tak_tercetak(value):
            raise ValidationError(kalimat)


def _bulat(teks: str) -> str:
    """Digits of a whole number; a dot only parts thousands, so 1.500 is 1500 and 1.5 is none."""
    return teks.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", teks) else teks


class RupiahField(forms.CharField):
    """Whole rupiah; people type Rp, dots and a trailing ,00."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        teks = "".join((super().to_python(value) or "").lower().split())
        teks = teks.removeprefix("rp").removeprefix(".").removesuffix(",00").removesuffix(",-")
        teks = _bulat(teks)
        if not teks:
            return None
        if not (teks.isascii() and teks.isdigit() and len(teks) <= 13):
            raise ValidationError("Tulis jumlah rupiah dengan angka saja, misalnya 1500000.")
        return int(teks)


class AngkaField(forms.IntegerField):
    """A whole number. Django's own would read 1.500 as 1, here it is fifteen hundred."""

    def to_python(self, value: Any) -> int | None:
        teks = _bulat(str(value or "").strip())
        if "." in teks:
            raise ValidationError(self.error_messages["invalid"])
        return super().to_python(teks)


class DesimalField(forms.CharField):
    def to_python(self, value: Any) -> str | None:
        teks = (super().to_python(value) or "").replace(" ", "").replace(",", ".")
        if not teks:
            return None
        if not re.fullmatch(r"-?[0-9]{1,10}(\.[0-9]{1,6})?", teks):
            raise ValidationError("Tulis angka, misalnya 2,5.")
        return teks


class TanggalJamField(forms.DateTimeField):
    """A day as anywhere else, and behind it the time: 14.30 or 14:30."""

    def __init__(self, *, hari: TanggalField, **umum: Any) -> None:
        super().__init__(**umum)
        self.hari = hari

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, datetime) or value in self.empty_values:
            return super().to_python(value)
        cocok = _JAM.fullmatch(str(value).strip())
        try:
            hari = self.hari.clean(cocok[1] if cocok else "")
        except ValidationError as galat:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from galat
        jam = time(int(cocok[2]), int(cocok[3])) if cocok else time()
        return from_current_timezone(datetime.combine(hari, jam))


class NamaBaruField(forms.CharField):
    """Name of a newborn: Permendagri 73/2022 art. 4 wants two words or more, at most 60 letters,
    Latin letters only. Names that are in the register already follow no such rule."""

    def to_python(self, value: Any) -> str:
        nama = huruf.bersih(super().to_python(value) or "").replace("\n", " ")
        if not nama:
            return ""
        if not all("a" <= huruf <= "z" for huruf in nama.lower() if huruf != " "):
            raise ValidationError("Nama hanya boleh memakai huruf a sampai z dan spasi.")
        if len(nama.split()) < 2:
            raise ValidationError("Nama anak paling sedikit dua kata, misalnya I Wayan.")
        if len(nama) > NAMA_MAKS:
            raise ValidationError(f"Nama anak paling banyak {NAMA_MAKS} huruf.")
        return nama


def buat_tanggal(baris: Pertanyaan, umum: dict, sekitar: Sekitar) -> forms.Field:
    lampau = baris.batas == Pertanyaan.Batas.LAMPAU
    return TanggalField(hari_ini=sekitar.hari_ini, lampau=lampau, widget=KALENDER, **umum)


def buat_pilihan(pilihan: Iterable[tuple[str, str]], umum: dict) -> forms.Field:
    return forms.ChoiceField(
        choices=[("", "Pilih …"), *pilihan],
        error_messages={"invalid_choice": "Pilih salah satu dari daftar."},
        **umum,
    )


def buat_teks_panjang(baris: Pertanyaan, umum: dict, _: Sekitar) -> forms.Field:
    return SuratTeksField(
        max_length=TEKS_PANJANG_MAKS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEKS_PANJANG_MAKS}),
        **umum,
    )


def buat_teks(baris: Pertanyaan, umum: dict, _: Sekitar) -> forms.Field:
    return SuratTeksField(max_length=TEKS_MAKS, **umum)


def buat_angka(baris: Pertanyaan, umum: dict, _: Sekitar) -> forms.Field:
    return AngkaField(
        min_value=0,
        max_value=10**9,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Tulis angka saja."},
        **umum,
    )


def buat_tahun(baris: Pertanyaan, umum: dict, sekitar: Sekitar) -> forms.Field:
    ini = sekitar.hari_ini.year
    return forms.IntegerField(
        min_value=1900,
        max_value=ini,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        error_messages={
            "invalid": f"Tulis tahun dengan empat angka, misalnya {ini}.",
            "min_value": f"Tulis tahun dengan empat angka, misalnya {ini}.",
            "max_value": f"Tahun tidak boleh sesudah {ini}.",
        },
        **umum,
    )


def buat_jam(baris: Pertanyaan, umum: dict, _: Sekitar) -> forms.Field:
    return forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"invalid": "Tulis jam seperti 14.30."},
        **umum,
    )


def buat_tanggal_jam(baris: Pertanyaan, umum: dict, sekitar: Sekitar) -> forms.Field:
    return TanggalJamField(
        hari=TanggalField(hari_ini=sekitar.hari_ini),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": "Tulis tanggal dan jam seperti 31-12-2026 14.30."},
        **umum,
    )
