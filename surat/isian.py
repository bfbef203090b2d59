"""Rows of Isian become a form, its answers become JSON, and JSON becomes words on paper."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import escape

from penduduk import referensi, telepon
from penduduk.forms import NomorHPField
from penduduk.models import Penduduk
from surat import tanggal as tgl
from surat.models import Isian, JenisSurat
from surat.templat import TETAP

TEKS_MAKS = 200
TEKS_PANJANG_MAKS = 1000
_TERPAKAI = frozenset({"draf", "aksi", "csrfmiddlewaretoken"})  # hidden fields of our own forms
Jawaban = dict[str, Any]  # kunci → JSON value: str, int or None


class KunciTidakSah(ValueError):
    """A key that no field may have; the message says what to do."""


class TipeTidakDikenal(ValueError):
    """An Isian row names a type that this code cannot build."""


def _bersih(teks: str) -> str:
    """Free text without control characters and with single spaces inside a line."""
    # Tabs and hard spaces (pasted from elsewhere) are not printable, yet they part words.
    baris = ("".join(c for c in b if c.isprintable() or c.isspace()) for b in teks.splitlines())
    return "\n".join(b for b in (" ".join(b.split()) for b in baris) if b)


class TeksField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return _bersih(super().to_python(value) or "")


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


def _tanggal(baris: Isian, umum: dict, _: Iterable[Penduduk]) -> forms.Field:
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d %m %Y"],
        error_messages={"invalid": "Tulis tanggal seperti 31-12-2026."},
        **umum,
    )


def _pilihan(pilihan: Iterable[tuple[str, str]], umum: dict) -> forms.Field:
    return forms.ChoiceField(
        choices=[("", "Pilih …"), *pilihan],
        error_messages={"invalid_choice": "Pilih salah satu dari daftar."},
        **umum,
    )


def _teks_panjang(baris: Isian, umum: dict, _: Iterable[Penduduk]) -> forms.Field:
    return TeksField(
        max_length=TEKS_PANJANG_MAKS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEKS_PANJANG_MAKS}),
        **umum,
    )


def _teks(baris: Isian, umum: dict, _: Iterable[Penduduk]) -> forms.Field:
    return TeksField(max_length=TEKS_MAKS, **umum)


def _angka(baris: Isian, umum: dict, _: Iterable[Penduduk]) -> forms.Field:
    return AngkaField(
        min_value=0,
        max_value=10**9,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Tulis angka saja."},
        **umum,
    )


def _tahun(baris: Isian, umum: dict, _: Iterable[Penduduk]) -> forms.Field:
    ini = timezone.localdate().year
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


# One line per type: a row in the database becomes a form field.
_PEMBUAT: dict[str, Callable[[Isian, dict, Iterable[Penduduk]], forms.Field]] = {
    "teks": _teks,
    "nama": _teks,
    "teks_panjang": _teks_panjang,
    "alamat": _teks_panjang,
    "angka": _angka,
    "desimal": lambda b, umum, _: DesimalField(**umum),
    "rupiah": lambda b, umum, _: RupiahField(
        widget=forms.TextInput(attrs={"inputmode": "numeric"}), **umum
    ),
    "tanggal": _tanggal,
    "jam": lambda b, umum, _: forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"invalid": "Tulis jam seperti 14.30."},
        **umum,
    ),
    "tanggal_jam": lambda b, umum, _: forms.DateTimeField(
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M", "%d-%m-%Y %H.%M"],
        error_messages={"invalid": "Tulis tanggal dan jam seperti 31-12-2026 14.30."},
        **umum,
    ),
    "tahun": _tahun,
    "hp": lambda b, umum, _: NomorHPField(**umum),
    "pilihan": lambda b, umum, _: _pilihan([(p, p) for p in b.pilihan], umum),
    # Somebody of the own family card, never a stranger's NIK typed in.
    "penduduk": lambda b, umum, keluarga: _pilihan([(str(p.pk), p.nama) for p in keluarga], umum),
}


def periksa_kunci(kunci: str) -> None:
    """Raise KunciTidakSah unless `kunci` can name a field of a letter.

    The names of the register's own facts are taken: an answer must never replace an identity.
    """
    if not kunci.isidentifier():
        raise KunciTidakSah("Kunci hanya huruf, angka dan garis bawah, diawali huruf.")
    if kunci in TETAP or kunci in _TERPAKAI:
        raise KunciTidakSah(f"Kunci “{kunci}” sudah dipakai portal. Pilih nama lain.")


def nama_tipe() -> list[str]:
    return list(_PEMBUAT)


def didukung(tipe: str) -> bool:
    """Whether rows of this type can be built (shipped files are refused otherwise)."""
    nama = tipe.removeprefix("ref:")
    return tipe in _PEMBUAT or (tipe != nama and nama in referensi.nama_tabel())


def _field(baris: Isian, keluarga: Iterable[Penduduk]) -> forms.Field:
    umum = {"label": baris.label, "required": baris.wajib, "help_text": escape(baris.bantuan)}
    field = _bangun(baris, umum, keluarga)
    field.error_messages["required"] = f"Isi {baris.label.rstrip('?')}."
    return field


def _bangun(baris: Isian, umum: dict, keluarga: Iterable[Penduduk]) -> forms.Field:
    if baris.tipe.startswith("ref:"):
        label = [(teks, teks) for _, teks in referensi.tabel(baris.tipe.removeprefix("ref:"))]
        return _pilihan(label, umum)
    try:
        return _PEMBUAT[baris.tipe](baris, umum, keluarga)
    except KeyError as galat:
        raise TipeTidakDikenal(f"{baris.kunci}: {baris.tipe}") from galat


def buat_form(jenis: JenisSurat, *, keluarga: Iterable[Penduduk]) -> type[forms.Form]:
    """A form class with the fields of `jenis`, keperluan last.

    `keluarga`: residents who may be chosen in fields of type "penduduk". Raises TipeTidakDikenal.
    """
    anggota = list(keluarga)
    baris = sorted(jenis.bidang.all(), key=lambda b: (b.kunci == "keperluan", b.urutan))
    return type("IsianForm", (forms.Form,), {b.kunci: _field(b, anggota) for b in baris})


def ke_json(bersih: Mapping[str, Any]) -> Jawaban:
    """Cleaned form data as it is stored with a request: dates and times in ISO 8601."""
    return {
        kunci: nilai.isoformat() if isinstance(nilai, date | time | datetime) else nilai
        for kunci, nilai in bersih.items()
    }


def tampil(baris: Isian, nilai: Any, *, orang: Mapping[int, str]) -> str:
    """One stored answer in words, for the check page, the operator and the paper.

    `orang`: names of residents by id, for answers of type "penduduk". Empty answer: "".
    """
    if nilai in (None, ""):
        return ""
    match baris.tipe:
        case "tanggal":
            return tgl.panjang(date.fromisoformat(nilai))
        case "tanggal_jam":
            saat = timezone.localtime(datetime.fromisoformat(nilai))
            return f"{tgl.panjang(saat)} pukul {saat:%H.%M} WITA"
        case "jam":
            return f"{time.fromisoformat(nilai):%H.%M} WITA"
        case "rupiah":
            return tgl.rupiah(nilai)
        case "desimal":
            return str(nilai).replace(".", ",")
        case "hp":
            return telepon.tampil(nilai)
        case "penduduk":
            return orang.get(int(nilai), "")
    return str(nilai)


def dalam_kata(jenis: JenisSurat, jawaban: Jawaban) -> list[tuple[Isian, str]]:
    """All answers of a request in words, in the order of the form; one query for names."""
    bidang = list(jenis.bidang.all())
    pk = [int(jawaban[b.kunci]) for b in bidang if b.tipe == "penduduk" and jawaban.get(b.kunci)]
    orang = dict(Penduduk.objects.filter(pk__in=pk).values_list("pk", "nama")) if pk else {}
    return [(b, tampil(b, jawaban.get(b.kunci), orang=orang)) for b in bidang]
