"""Form fields made of several boxes: a person, lists of family members, tables.

Each keeps what was typed when something is wrong, says in which row, and works without
JavaScript: there are always two empty rows more than are filled, and a button for more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from penduduk import referensi
from penduduk.forms import KALENDER, NIKField, TanggalField
from penduduk.models import Penduduk
from surat.bahasa import huruf
from surat.isian import bidang

BARIS_MAKS = 30
_KOSONG = 2  # empty rows offered beyond the filled ones


@dataclass(frozen=True)
class Kolom:
    """One box of a row: its name, what stands above it, and how it is filled in."""

    nama: str
    label: str
    wajib: bool = False
    angka: bool = False
    pilihan: tuple[tuple[str, str], ...] = ()
    panjang: int = 100
    bantuan: str = ""


_TINGKAT = tuple(
    (str(i), label)
    for i, label in enumerate(("Leluhur", "Anak", "Cucu", "Cicit", "Canggah", "Wareng"), start=1)
)
KOLOM: dict[str, tuple[Kolom, ...]] = {
    "tabel_orang": (
        Kolom("nama", "Nama", wajib=True),
        Kolom("nik", "NIK", panjang=60),
        Kolom("hubungan", "Hubungan", wajib=True, panjang=40),
        Kolom("umur", "Umur (tahun)", angka=True, panjang=3),
        Kolom("lahir", "Tempat, tanggal lahir", bantuan="Misalnya Bugbug, 31 Desember 1990."),
        Kolom("alamat", "Alamat", bantuan="Jalan atau banjar, desa dan kecamatan."),
    ),
    "tabel_perbedaan": (
        Kolom("data", "Data yang berbeda", wajib=True, bantuan="Misalnya nama atau tanggal lahir."),
        Kolom("dokumen1", "Tertulis di dokumen 1", wajib=True),
        Kolom("dokumen2", "Tertulis di dokumen 2", wajib=True),
    ),
    "pohon": (
        Kolom("tingkat", "Keturunan", wajib=True, pilihan=_TINGKAT),
        Kolom("nama", "Nama", wajib=True),
        Kolom("hubungan", "Hubungan", panjang=40, bantuan="Misalnya istri pertama."),
        Kolom("keterangan", "Keterangan", panjang=40, bantuan="Misalnya almarhum."),
    ),
}


class _Templat(forms.Widget):
    """A widget with a template of ours, whose boxes have labels of their own."""

    templat: str
    use_fieldset = True  # templates/bootstrap5/field.html puts it in a <fieldset>

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        konteks = self.get_context(name, value, attrs) | {"galat": self.attrs.get("aria-invalid")}
        return render_to_string(self.templat, konteks)


class BarisWidget(_Templat):
    """Rows of boxes; the value is a list of dicts of text."""

    templat = "surat/bidang/baris.html"

    def __init__(self, kolom: Sequence[Kolom]) -> None:
        super().__init__()
        self.kolom = kolom

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        baris = []
        for i in range(BARIS_MAKS):
            isi = {k.nama: str(data.get(f"{name}-{i}-{k.nama}", "")) for k in self.kolom}
            if any(v.strip() for k, v in isi.items() if not self._pilihan(k)):
                baris.append(isi)
        return baris

    def _pilihan(self, nama: str) -> bool:
        """A choice always has a value; alone it does not make a row."""
        return any(k.pilihan for k in self.kolom if k.nama == nama)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-{self.kolom[0].nama}" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        isi = list(value or [])
        jumlah = min(max(3, len(isi) + _KOSONG), BARIS_MAKS)
        isi += [{} for _ in range(jumlah - len(isi))]
        return {
            "nama": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "baris": [
                [
                    {"kolom": k, "nama": f"{name}-{i}-{k.nama}", "isi": self._kotak(k, satu)}
                    for k in self.kolom
                ]
                for i, satu in enumerate(isi)
            ],
            "bisa_tambah": jumlah < BARIS_MAKS,
        }

    @staticmethod
    def _kotak(kolom: Kolom, isi: Mapping[str, Any]) -> str:
        nilai = isi.get(kolom.nama)
        return "" if nilai is None else str(nilai)


class BarisField(forms.Field):
    """A table: list of dicts with the columns of its type; numbers as int or None."""

    def __init__(self, *, kolom: Sequence[Kolom], **umum: Any) -> None:
        super().__init__(widget=BarisWidget(kolom), **umum)
        self.kolom = kolom

    def clean(self, value: Any) -> list[dict[str, Any]]:
        baris, galat = [], []
        for nomor, isi in enumerate(value or [], start=1):
            bersih = {}
            for kolom in self.kolom:
                try:
                    bersih[kolom.nama] = self._satu(kolom, isi.get(kolom.nama, ""))
                except ValidationError as salah:
                    galat += [f"Baris {nomor}, {kolom.label}: {m}" for m in salah.messages]
            baris.append(bersih)
        if galat:
            raise ValidationError(galat)
        if self.required and not baris:
            raise ValidationError(self.error_messages["required"], code="required")
        return baris

    @staticmethod
    def _satu(kolom: Kolom, teks: str) -> Any:
        teks = huruf.bersih(teks).replace("\n", " ")
        if not teks:
            if kolom.wajib:
                raise ValidationError("belum diisi.")
            return None if kolom.angka else ""
        if kolom.pilihan:
            if teks not in dict(kolom.pilihan):
                raise ValidationError("pilih salah satu dari daftar.")
            return int(teks)
        if kolom.angka:
            if not (teks.isascii() and teks.isdigit() and len(teks) <= kolom.panjang):
                raise ValidationError("tulis angka saja.")
            return int(teks)
        if len(teks) > kolom.panjang:
            raise ValidationError(f"paling banyak {kolom.panjang} huruf, Anda menulis {len(teks)}.")
        if kalimat := huruf.tak_tercetak(teks):
            raise ValidationError(kalimat)
        # The form of a NIK only: it is printed, and never looked up in the register.
        return NIKField(required=False).clean(teks) if kolom.nama == "nik" else teks


class AnggotaField(forms.MultipleChoiceField):
    """Members of the own family card, ticked; the value is a list of ids."""

    def __init__(self, *, keluarga: Iterable[Penduduk], **umum: Any) -> None:
        super().__init__(
            choices=[(str(x.pk), x.nama) for x in keluarga],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Pilih dari anggota keluarga di KK Anda."},
            **umum,
        )

    def clean(self, value: Any) -> list[int]:
        return [int(x) for x in super().clean(value)]


_LAIN = "lain"


class OrangWidget(_Templat):
    """Somebody of the own family card, or "orang lain" described in boxes below."""

    templat = "surat/bidang/orang.html"

    def __init__(self, keluarga: Sequence[Penduduk], boks: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.keluarga, self.boks = keluarga, boks

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        nilai = {k: str(data.get(f"{name}-{k}", "")) for k in ("pk", *self.boks)}
        return nilai if any(v.strip() for v in nilai.values()) else {}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-pk" not in data and f"{name}-nama" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        isi = value or {}
        pk = str(isi.get("pk") or (_LAIN if isi.get("nama") else ""))
        return {
            "nama": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "keluarga": [(str(x.pk), x.nama, str(x.pk) == pk) for x in self.keluarga],
            "lain": pk == _LAIN or not self.keluarga,
            "boks": [
                {"nama": f"{name}-{k}", "label": f.label, "kotak": self._kotak(f, name, k, isi)}
                for k, f in self.boks.items()
            ],
        }

    @staticmethod
    def _kotak(field: forms.Field, name: str, kunci: str, isi: Mapping[str, Any]) -> SafeString:
        nama = f"{name}-{kunci}"
        kelas = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        attrs = {"id": nama, "class": kelas, "autocomplete": "off"}
        return field.widget.render(nama, isi.get(kunci) or "", attrs)


class OrangField(forms.Field):
    """A person: {"pk": id} of the own family card, or {"nama": …, …} as typed in."""

    def __init__(self, *, keluarga: Iterable[Penduduk], hari_ini: date, **umum: Any) -> None:
        self.keluarga = list(keluarga)
        self.boks = _boks_orang(hari_ini)
        super().__init__(widget=OrangWidget(self.keluarga, self.boks), **umum)

    def clean(self, value: Any) -> dict[str, Any]:
        isi = dict(value or {})
        pk = str(isi.pop("pk", "") or "")
        if pk and pk != _LAIN:
            if pk not in {str(x.pk) for x in self.keluarga}:
                raise ValidationError("Pilih dari anggota keluarga di KK Anda, atau “Orang lain”.")
            return {"pk": int(pk)}
        if not any(str(v).strip() for v in isi.values()):
            if self.required or pk == _LAIN:
                raise ValidationError(self._wajib(pk), code="required")
            return {}
        return self._ketikan(isi)

    def _wajib(self, pk: str) -> str:
        if pk == _LAIN:
            return "Tulis paling sedikit nama lengkap orang itu."
        return str(self.error_messages["required"])

    def _ketikan(self, isi: Mapping[str, Any]) -> dict[str, Any]:
        bersih, galat = {}, []
        for kunci, field in self.boks.items():
            try:
                nilai = field.clean(isi.get(kunci, ""))
                bersih[kunci] = nilai.isoformat() if hasattr(nilai, "isoformat") else nilai or ""
            except ValidationError as salah:
                galat += [f"{field.label}: {m}" for m in salah.messages]
        if galat:
            raise ValidationError(galat)
        return bersih


def _boks_orang(hari_ini: date) -> dict[str, forms.Field]:
    def teks(label: str, **lain: Any) -> forms.Field:
        return bidang.SuratTeksField(label=label, max_length=100, **{"required": False} | lain)

    return {
        "nama": teks(
            "Nama lengkap", required=True, error_messages={"required": "tulis nama lengkapnya."}
        ),
        "nik": NIKField(label="NIK (bila tahu)", required=False),
        "tempat_lahir": teks("Tempat lahir"),
        "tanggal_lahir": TanggalField(
            label="Tanggal lahir", required=False, lampau=True, hari_ini=hari_ini, widget=KALENDER
        ),
        "jenis_kelamin": bidang.buat_pilihan(
            [(label, label) for _, label in referensi.tabel("jenis_kelamin")],
            {"label": "Jenis kelamin", "required": False},
        ),
        "agama": teks("Agama"),
        "pekerjaan": teks("Pekerjaan"),
        "alamat": bidang.SuratTeksField(label="Alamat", required=False, max_length=200),
    }
