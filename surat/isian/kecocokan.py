"""Whether the persons of one letter fit together: what is certain, not what is only unusual.

Rules are columns of a question: `jenis_kelamin`, `bukan`, `tentang` (docs/id/jenis-surat.md). What
is not known contradicts nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from penduduk import referensi
from penduduk.models import Penduduk
from surat.models import Pertanyaan

PEMOHON = "pemohon"  # beside the keys of questions
_KODE = {label: int(kode) for kode, label in referensi.tabel("jenis_kelamin")}
_LABEL = {kode: label.lower() for label, kode in _KODE.items()}
_LAKI, _PEREMPUAN = _KODE["Laki-laki"], _KODE["Perempuan"]
# Relations and states that only a man or only a woman can have.
_KATA = dict.fromkeys("suami ayah kakek paman duda jejaka".split(), _LAKI)
_KATA |= dict.fromkeys("istri ibu nenek bibi janda perawan".split(), _PEREMPUAN)


@dataclass(frozen=True)
class Tersebut:
    """Somebody whom an answer names. `kelamin`: 0 when nobody said."""

    nama: str
    nik: str = ""
    lahir: str = ""
    kelamin: int = 0

    def sama(self, lain: "Tersebut") -> bool:
        """Certainly one person: the same NIK; without one, the same name and date of birth."""
        if self.nik and lain.nik:
            return self.nik == lain.nik
        return self.nama.casefold() == lain.nama.casefold() and self.lahir == lain.lahir


def dari_penduduk(orang: Penduduk) -> Tersebut:
    lahir = orang.tanggal_lahir.isoformat() if orang.tanggal_lahir else ""
    return Tersebut(orang.nama, orang.nik or "", lahir, orang.jenis_kelamin or 0)


def dari_jawaban(nilai: Any, keluarga: Mapping[int, Penduduk]) -> Tersebut | None:
    """The person of an answer to `penduduk` or `penduduk_atau_teks`; None for none, and for
    somebody who is not on this family card."""
    if isinstance(nilai, Mapping) and nilai.get("nama"):
        kelamin = _KODE.get(str(nilai.get("jenis_kelamin") or ""), 0)
        nama, nik, lahir = (str(nilai.get(k) or "") for k in ("nama", "nik", "tanggal_lahir"))
        return Tersebut(nama, nik, lahir, kelamin)
    pk = str((nilai.get("pk") if isinstance(nilai, Mapping) else nilai) or "")
    orang = keluarga.get(int(pk)) if pk.lstrip("-").isdigit() else None
    return dari_penduduk(orang) if orang else None


def boleh_dipilih(b: Pertanyaan, orang: Penduduk, pemohon: Penduduk | None) -> bool:
    """Whether somebody of the family card is offered at all."""
    if pemohon and orang.pk == pemohon.pk and PEMOHON in b.bukan.split("|"):
        return False
    harus = _harus(b, dari_penduduk(pemohon) if pemohon else None)
    return not (harus and orang.jenis_kelamin) or orang.jenis_kelamin == harus


def _harus(b: Pertanyaan, pemohon: Tersebut | None) -> int:
    """The sex that the person must have; 0 for any."""
    K = Pertanyaan.Kelamin
    if b.jenis_kelamin == K.LAWAN:
        return _LAKI + _PEREMPUAN - pemohon.kelamin if pemohon and pemohon.kelamin else 0
    return {K.LAKI: _LAKI, K.PEREMPUAN: _PEREMPUAN}.get(K(b.jenis_kelamin), 0)


def keluhan(
    semua: Iterable[Pertanyaan], jawaban: Mapping[str, Any], orang: Mapping[str, Tersebut]
) -> list[tuple[list[str], str]]:
    """What does not fit: the keys of the questions that are concerned, the first one first, and a
    sentence. `orang`: who is named, by key, and PEMOHON."""
    hasil: list[tuple[list[str], str]] = []
    label = {b.kunci: b.label.rstrip("?") for b in semua}
    for b in semua:
        satu = orang.get(b.kunci)
        if satu and (harus := _harus(b, orang.get(PEMOHON))) and satu.kelamin not in (0, harus):
            kata = f"Harus {_LABEL[harus]}, sedangkan {satu.nama} {_LABEL[satu.kelamin]}."
            hasil.append(([b.kunci], f"{kata} Pilih atau tulis orang lain."))
        for lain in b.bukan.split("|") if satu else []:
            if lain in orang and satu and satu.sama(orang[lain]):
                siapa = "pemohon sendiri" if lain == PEMOHON else f"orang di “{label.get(lain)}”"
                hasil.append(([b.kunci, lain], f"Ini {siapa}. Pilih atau tulis orang lain."))
        tentang = orang.get(b.tentang)
        if tentang and (kata := tidak_cocok(str(jawaban.get(b.kunci) or ""), tentang, orang)):
            hasil.append(([b.kunci, b.tentang], kata))
    return hasil


def tidak_cocok(kata: str, tentang: Tersebut, orang: Mapping[str, Tersebut]) -> str:
    """Why the relation or state `kata` cannot be that of `tentang`; empty when it can. A relation
    that is called like the question of a person (Ibu, `ibu`) is that person's."""
    pertama = kata.split()[0].lower() if kata.split() else ""
    kelamin = _KATA.get(pertama, 0) if "/" not in kata else 0
    if kelamin and tentang.kelamin not in (0, kelamin):
        return f"“{kata}” tidak cocok: {tentang.nama} {_LABEL[tentang.kelamin]}."
    if not kata:
        return ""
    if pertama in orang and pertama != PEMOHON and not tentang.sama(orang[pertama]):
        return f"“{kata}” tidak cocok: {tentang.nama} bukan {orang[pertama].nama}."
    return ""


def periksa(b: Pertanyaan, semua: Mapping[str, Pertanyaan], orang: Iterable[str]) -> str:
    """What is wrong with the rules of a question in a letter type; empty when nothing is. `orang`:
    the types of questions that name one person."""
    orang = frozenset(orang)
    if (b.jenis_kelamin or b.bukan) and b.tipe not in orang:
        return "bukan isian orang, jadi orangnya tidak dapat dibatasi"
    for kunci in [*(b.bukan.split("|") if b.bukan else []), *([b.tentang] if b.tentang else [])]:
        if kunci != PEMOHON and (
            kunci == b.kunci or kunci not in semua or semua[kunci].tipe not in orang
        ):
            return f"menunjuk “{kunci}”, yang bukan isian orang lain"
    return ""
