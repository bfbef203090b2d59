"""Two versions of a letter type side by side, in words that a clerk can decide by."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surat.jenis import sebutan

SAMA, HAPUS, TAMBAH = "sama", "hapus", "tambah"
Potongan = tuple[str, str]  # SAMA, HAPUS or TAMBAH, and the text
BAGIAN = {"pembuka": "Pembuka", "isi": "Isi", "penutup": "Penutup"}
_KATA = re.compile(r"\{[{%].*?[%}]\}|\n|\w+|[^\S\n]+|[^\w\s]")


@dataclass(frozen=True)
class Beda:
    """One difference. `potongan`: the words of old and new, marked; empty for what is only there
    on one side, which `jenis` tells (HAPUS, TAMBAH)."""

    nama: str
    jenis: str = SAMA
    lama: str = ""
    baru: str = ""
    potongan: list[Potongan] = field(default_factory=list)


@dataclass(frozen=True)
class Bagian:
    judul: str
    beda: list[Beda]


def bandingkan(lama: Mapping[str, Any], baru: Mapping[str, Any]) -> list[Bagian]:
    """Differences of two documents (berkas_jenis.ekspor, seragam), part by part; empty: none."""
    semua = [
        Bagian("Pengaturan", list(_kolom(lama, baru, sebutan.JENIS))),
        Bagian("Pertanyaan", _baris(lama["bidang"], baru["bidang"], "kunci", sebutan.PERTANYAAN)),
        Bagian("Syarat", _baris(lama["syarat"], baru["syarat"], "kode", sebutan.SYARAT)),
        Bagian("Tanda tangan", _baris(_penanda(lama), _penanda(baru), "ke", sebutan.PENANDA)),
        Bagian("Aturan", _baris(_aturan(lama), _aturan(baru), "label", {})),
        Bagian("Kata-kata", beda_kata(kata(lama), kata(baru))),
    ]
    return [b for b in semua if b.beda]


def _aturan(dokumen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rules have no name: one that was changed is another one."""
    return [{"label": sebutan.aturan(a)} for a in dokumen["aturan"]]


def kata(dokumen: Mapping[str, Any]) -> dict[str, str]:
    """The wording of a document as it stands in its three boxes."""
    return {
        "pembuka": dokumen["pembuka"],
        "isi": "\n\n".join(dokumen["isi"]),
        "penutup": dokumen["penutup"],
    }


def beda_kata(lama: Mapping[str, str], baru: Mapping[str, str]) -> list[Beda]:
    """The three boxes of two wordings, word by word; equal boxes are left out."""
    return [
        Beda(nama, potongan=potong(lama[kunci], baru[kunci]))
        for kunci, nama in BAGIAN.items()
        if lama[kunci] != baru[kunci]
    ]


def potong(lama: str, baru: str) -> list[Potongan]:
    """Two texts as one: what stayed, what went, what came."""
    kiri, kanan = _KATA.findall(lama), _KATA.findall(baru)
    hasil: list[Potongan] = []
    cocok = difflib.SequenceMatcher(None, kiri, kanan, autojunk=False)
    for apa, a, b, c, d in cocok.get_opcodes():
        if apa == "equal":
            hasil.append((SAMA, "".join(kiri[a:b])))
            continue
        if a < b:
            hasil.append((HAPUS, "".join(kiri[a:b])))
        if c < d:
            hasil.append((TAMBAH, "".join(kanan[c:d])))
    return hasil


def _kolom(
    lama: Mapping[str, Any], baru: Mapping[str, Any], label: Mapping[str, str]
) -> Iterator[Beda]:
    for kunci, nama in label.items():
        if lama.get(kunci) != baru.get(kunci):
            yield Beda(
                nama,
                lama=sebutan.nilai(kunci, lama.get(kunci)),
                baru=sebutan.nilai(kunci, baru.get(kunci)),
            )


def _baris(
    lama: list[dict[str, Any]], baru: list[dict[str, Any]], kunci: str, label: Mapping[str, str]
) -> list[Beda]:
    """Rows that came, went, or changed; and their order, when it is all that changed."""
    kiri, kanan = {b[kunci]: b for b in lama}, {b[kunci]: b for b in baru}
    hasil = [Beda(_sebut(b), HAPUS, lama=_ringkas(b)) for k, b in kiri.items() if k not in kanan]
    for k, b in kanan.items():
        if k not in kiri:
            hasil.append(Beda(_sebut(b), TAMBAH, baru=_ringkas(b)))
            continue
        for satu in _kolom(kiri[k], b, label):
            hasil.append(
                Beda(f"{_sebut(kiri[k])}: {satu.nama.lower()}", lama=satu.lama, baru=satu.baru)
            )
    tetap = [k for k in kiri if k in kanan]
    if tetap != [k for k in kanan if k in kiri]:
        urut = [", ".join(b["label"] for b in sisi.values()) for sisi in (kiri, kanan)]
        hasil.append(Beda("Urutan", lama=urut[0], baru=urut[1]))
    return hasil


def _penanda(dokumen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of signers by their place, because they have no key of their own."""
    return [p | {"ke": n} for n, p in enumerate(dokumen["penanda"], start=1)]


def _sebut(baris: Mapping[str, Any]) -> str:
    return f"“{baris['label']}”"


def _ringkas(baris: Mapping[str, Any]) -> str:
    if "tempat" in baris:
        return ", ".join(sebutan.nilai(k, baris[k]) for k in ("siapa", "tempat"))
    tipe = [sebutan.tipe(baris["tipe"])] if "tipe" in baris else []
    wajib = ["wajib" if baris["wajib"] else "tidak wajib"] if "wajib" in baris else []
    return ", ".join([*tipe, *wajib])
