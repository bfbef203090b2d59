"""Rows of Pertanyaan become a form, and its answers become JSON."""

import keyword
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.html import escape

from penduduk import referensi
from penduduk.forms import NomorHPField, helper
from penduduk.models import Penduduk
from surat.bahasa.templat import TETAP
from surat.isian import aturan, bidang, bidang_gabung, jawaban
from surat.isian.bidang import Sekitar
from surat.isian.jawaban import Jawaban
from surat.isian.macam import Kasus
from surat.models import Aturan, JenisSurat, Pertanyaan

# Names of hidden fields and buttons of our own forms.
_TERPAKAI = frozenset({"draf", "aksi", "tambah", "csrfmiddlewaretoken"})
_WAKTU: dict[type[forms.Field], Callable[[str], time | datetime]] = {
    forms.TimeField: time.fromisoformat,
    forms.DateTimeField: datetime.fromisoformat,
}


class KunciTidakSah(ValueError):
    """A key that no field may have; the message says what to do."""


class TipeTidakDikenal(ValueError):
    """A Pertanyaan row names a type that this code cannot build."""


def _boleh(sekitar: Sekitar, baris: Pertanyaan) -> list[Penduduk]:
    """Who may be chosen: the living, and the deceased where the field says so; not who cannot be
    meant."""
    return [
        x
        for x in sekitar.keluarga
        if (x.status_dasar == Penduduk.HIDUP or baris.termasuk_meninggal)
        and aturan.boleh_dipilih(sekitar.kasus, sekitar.aturan, baris.kunci, x)
    ]


def _baris(baris: Pertanyaan, umum: dict, _: Sekitar) -> forms.Field:
    return bidang_gabung.BarisField(kolom=bidang_gabung.KOLOM[baris.tipe], **umum)


# One line per type: a row in the database becomes a form field.
_PEMBUAT: dict[str, Callable[[Pertanyaan, dict, Sekitar], forms.Field]] = {
    "teks": bidang.buat_teks,
    "teks_panjang": bidang.buat_teks_panjang,
    "alamat": bidang.buat_teks_panjang,
    "nama": lambda b, umum, _: bidang.NamaBaruField(max_length=100, **umum),
    "angka": bidang.buat_angka,
    "desimal": lambda b, umum, _: bidang.DesimalField(**umum),
    "rupiah": lambda b, umum, _: bidang.RupiahField(
        widget=forms.TextInput(attrs={"inputmode": "numeric"}), **umum
    ),
    "tanggal": bidang.buat_tanggal,
    "jam": bidang.buat_jam,
    "tanggal_jam": bidang.buat_tanggal_jam,
    "tahun": bidang.buat_tahun,
    "hp": lambda b, umum, _: NomorHPField(**umum),
    "pilihan": lambda b, umum, _: bidang.buat_pilihan([(p, p) for p in b.pilihan], umum),
    # Somebody of the own family card, never a stranger's NIK typed in.
    "penduduk": lambda b, umum, sekitar: bidang.buat_pilihan(
        [(str(p.pk), p.nama) for p in _boleh(sekitar, b)], umum
    ),
    "penduduk_atau_teks": lambda b, umum, sekitar: bidang_gabung.OrangField(
        keluarga=_boleh(sekitar, b), hari_ini=sekitar.hari_ini, **umum
    ),
    "daftar_anggota": lambda b, umum, sekitar: bidang_gabung.AnggotaField(
        keluarga=_boleh(sekitar, b), **umum
    ),
    "tabel_orang": _baris,
    "tabel_perbedaan": _baris,
    "pohon": _baris,
}


def periksa_kunci(kunci: str) -> None:
    """Raise KunciTidakSah unless `kunci` can name a field of a letter.

    The names of the register's own facts are taken: an answer must never replace an identity.
    """
    if not (kunci.isidentifier() and kunci.isascii()) or keyword.iskeyword(kunci):
        raise KunciTidakSah("Kunci hanya huruf, angka dan garis bawah, diawali huruf.")
    if kunci in TETAP or kunci in _TERPAKAI:
        raise KunciTidakSah(f"Kunci “{kunci}” sudah dipakai portal. Pilih nama lain.")


def nama_tipe() -> list[str]:
    return list(_PEMBUAT)


def didukung(tipe: str) -> bool:
    """Whether rows of this type can be built (shipped files are refused otherwise)."""
    nama = tipe.removeprefix("ref:")
    return tipe in _PEMBUAT or (tipe != nama and nama in referensi.nama_tabel())


def pilihan(baris: Pertanyaan) -> list[str]:
    """The answers that a field offers; none for a field that is filled in freely."""
    nama = baris.tipe.removeprefix("ref:")
    if nama != baris.tipe:
        return [teks for _, teks in referensi.tabel(nama)]
    return baris.pilihan if baris.tipe == "pilihan" else []


def _field(baris: Pertanyaan, sekitar: Sekitar, label: Mapping[str, str]) -> forms.Field:
    bantuan = baris.bantuan
    if baris.bila_kunci:
        bila = baris.bila_nilai.replace("|", " atau ")
        bantuan = f"Isi bila {label.get(baris.bila_kunci, baris.bila_kunci)}: {bila}. {bantuan}"
    umum = {
        "label": baris.label,
        # Whether a conditional field is required is known only when the others are answered.
        "required": baris.wajib and not baris.bila_kunci,
        "help_text": escape(bantuan.strip()),
    }
    field = _bangun(baris, umum, sekitar)
    field.error_messages["required"] = f"Isi {baris.label.rstrip('?')}."
    return field


def _bangun(baris: Pertanyaan, umum: dict, sekitar: Sekitar) -> forms.Field:
    if baris.tipe.startswith("ref:"):
        return bidang.buat_pilihan([(p, p) for p in pilihan(baris)], umum)
    try:
        return _PEMBUAT[baris.tipe](baris, umum, sekitar)
    except KeyError as galat:
        raise TipeTidakDikenal(f"{baris.kunci}: {baris.tipe}") from galat


class PertanyaanForm(forms.Form):
    """The answers of one letter; rules between fields are checked here."""

    helper = helper()

    baris: ClassVar[list[Pertanyaan]] = []
    sekitar: ClassVar[Sekitar]

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """A stored time is text with seconds and a zone, which no box of a browser takes."""
        awal = super().get_initial_for_field(field, field_name)
        baca = next((f for jenis, f in _WAKTU.items() if isinstance(field, jenis)), None)
        if baca is None or not isinstance(awal, str):
            return awal
        try:
            return baca(awal)
        except ValueError:  # as somebody has typed it
            return awal

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for b in (b for b in self.baris if b.kunci in self.fields):
            self._syarat(b, data)
        self._aturan(data)
        return data

    def _jawab(self, kunci: str, data: Mapping[str, Any]) -> Any:
        """The answer to another field; a form of mending may not show that field at all."""
        return data.get(kunci) if kunci in self.fields else self.initial.get(kunci)

    def _aturan(self, data: Mapping[str, Any]) -> None:
        """What cannot be, told at a field that can be changed here. What only the office can judge
        or mend is no mistake of whoever fills in the form."""
        semua = ke_json({b.kunci: self._jawab(b.kunci, data) for b in self.baris})
        kasus = replace(self.sekitar.kasus, jawaban=semua)
        for t in aturan.periksa(kasus, self.sekitar.aturan):
            tampak = [k for k in t.kunci if k in self.fields]
            if tampak and t.kekuatan == Aturan.Kekuatan.TOLAK and t.bagi_warga:
                self.add_error(tampak[0], t.kalimat)

    def _syarat(self, baris: Pertanyaan, data: dict[str, Any]) -> None:
        if not baris.bila_kunci:
            return
        lain = self._jawab(baris.bila_kunci, data)
        if not jawaban.berlaku(baris, {baris.bila_kunci: lain}):
            # Not asked: what was typed there all the same is no answer and no mistake.
            self.errors.pop(baris.kunci, None)
            data.pop(baris.kunci, None)
        elif (
            baris.wajib and baris.kunci not in self.errors and jawaban.kosong(data.get(baris.kunci))
        ):
            self.add_error(baris.kunci, self.fields[baris.kunci].error_messages["required"])


def buat_form(
    jenis: JenisSurat,
    *,
    keluarga: Iterable[Penduduk],
    hari_ini: date,
    pemohon: Penduduk | None = None,
) -> type[PertanyaanForm]:
    """A form class with the fields of `jenis`, keperluan last.

    `keluarga`: residents who may be chosen in fields that name persons, the deceased included;
    `hari_ini`: what counts as past and future; `pemohon`: who asks, whom some fields must not name.
    Raises TipeTidakDikenal.
    """
    keluarga = list(keluarga)
    ada, semua = {x.pk: x for x in keluarga}, {b.kunci: b for b in jenis.pertanyaan.all()}
    kasus = Kasus(jenis, semua, {}, hari_ini, pemohon, ada)
    sekitar = Sekitar(hari_ini, keluarga, kasus, aturan.ketentuan(jenis, semua, borang=True))
    baris = sorted(semua.values(), key=lambda b: (b.kunci == "keperluan", b.urutan))
    label = {b.kunci: b.label.rstrip("?") for b in baris}
    isi: dict[str, Any] = {b.kunci: _field(b, sekitar, label) for b in baris}
    return type("IsianJenisForm", (PertanyaanForm,), isi | {"baris": baris, "sekitar": sekitar})


def sebagai_awal(form: PertanyaanForm) -> dict[str, Any]:
    """What was typed into a bound form, unchecked, as initial values of a fresh one."""
    return {
        nama: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(nama))
        for nama, field in form.fields.items()
    }


def ke_json(bersih: Mapping[str, Any]) -> Jawaban:
    """Cleaned form data as it is stored with a request: dates and times in ISO 8601."""
    return {
        kunci: nilai.isoformat() if isinstance(nilai, date | time | datetime) else nilai
        for kunci, nilai in bersih.items()
    }


def rapikan(jenis: JenisSurat, semua: Jawaban) -> Jawaban:
    """Answers without those whose condition no longer holds."""
    batal = {b.kunci for b in jenis.pertanyaan.all() if not jawaban.berlaku(b, semua)}
    return {kunci: nilai for kunci, nilai in semua.items() if kunci not in batal}


def belum_dijawab(jenis: JenisSurat, semua: Jawaban) -> list[Pertanyaan]:
    """Required fields without an answer."""
    return [
        b
        for b in jenis.pertanyaan.all()
        if b.wajib and jawaban.berlaku(b, semua) and jawaban.kosong(semua.get(b.kunci))
    ]
