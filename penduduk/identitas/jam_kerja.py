"""Office hours of one weekday as a village writes them: 07.30–12.00, 13.00–16.00; "" is closed."""

import re

from django.core.exceptions import ValidationError

Selang = tuple[int, int]  # from, to: minutes since midnight

_SELANG = re.compile(r"(\d{1,2})[.:](\d\d)\s*[-–—]\s*(\d{1,2})[.:](\d\d)")
_CONTOH = "Tulis jam buka seperti 07.30–12.00, 13.00–16.00. Kosongkan bila kantor tutup."


def baca(teks: str) -> tuple[Selang, ...]:
    """The hours in their order. Raises ValidationError with a sentence for whoever typed them."""
    hasil: list[Selang] = []
    for bagian in filter(None, (satu.strip() for satu in teks.split(","))):
        if (cocok := _SELANG.fullmatch(bagian)) is None:
            raise ValidationError(_CONTOH)
        jam, menit, jam_, menit_ = map(int, cocok.groups())
        dari, sampai = jam * 60 + menit, jam_ * 60 + menit_
        # Before midnight: a promise that ends at 24.00 would name the wrong day.
        if max(menit, menit_) > 59 or not dari < sampai < 24 * 60:
            raise ValidationError(f"Jam {bagian} tidak mungkin. {_CONTOH}")
        if hasil and dari < hasil[-1][1]:
            raise ValidationError(f"Jam {bagian} bertumpuk dengan jam sebelumnya. {_CONTOH}")
        hasil.append((dari, sampai))
    return tuple(hasil)


def periksa(teks: str) -> None:
    """As validator of a field: raises ValidationError."""
    baca(teks)
