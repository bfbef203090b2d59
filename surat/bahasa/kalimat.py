"""How an answer in somebody's own words stands inside a sentence of a letter.

Phones begin every answer with a capital and people end it with a dot; an address comes in lines and
names the village that the wording names too. What stands alone is printed as it was written.
"""

import json
import re
from collections.abc import Set
from pathlib import Path

from penduduk import referensi
from surat.bahasa.tanggal import BULAN, HARI

# `kepala`: words that begin a proper name when a capital or a figure follows (Jalan Raya, Gang 2).
# `selalu`: what is written with a capital wherever it stands, and belongs to no village.
_KATA = json.loads(Path(__file__).with_name("kata_nama.json").read_text(encoding="utf-8"))
_KEPALA, _SINGKATAN = frozenset(_KATA["kepala"].split()), frozenset(_KATA["singkatan"].split())
_SELALU = frozenset(_KATA["selalu"].split()) | {satu.lower() for satu in (*BULAN, *HARI)}
_BATAS_KALIMAT = tuple(".!?:;“\"'‘")  # what stands before it begins a sentence, or a quotation
_KEPALA_WILAYAH: dict[str, str] = _KATA["wilayah"]
_WILAYAH = re.compile(r",\s*(Desa|Kecamatan|Kabupaten|Provinsi) ([^,.;:]+)")


def kata_nama(*teks: str) -> set[str]:
    """The words of names and places, as `sisipkan` looks them up."""
    return {kata for satu in teks for kata in re.findall(r"[^\W\d_]+", satu.lower())}


_AGAMA = kata_nama(*(label for _, label in referensi.tabel("agama")))


def gabung(kata: list[str]) -> str:
    """a; a dan b; a, b, dan c"""
    if len(kata) < 3:
        return " dan ".join(kata)
    return f"{', '.join(kata[:-1])}, dan {kata[-1]}"


def sisipkan(
    teks: str, *, sebelum: str, sesudah: str, nama_diri: Set[str], panjang: bool = True
) -> str:
    """`teks` as it stands between `sebelum` and `sesudah` of one sentence or line.

    `nama_diri`: words of this letter that are names (`kata_nama`). `panjang`: false for a short
    answer, which may be a name that nobody knows: it is left alone unless it is plainly a phrase.
    """
    sebelum, sesudah = sebelum.rstrip(), sesudah.strip()
    if not sebelum and not sesudah:
        return teks
    teks = tanpa_wilayah(_satu_baris(teks), sesudah)
    if sebelum and not sebelum.endswith(_BATAS_KALIMAT):
        teks = _kecilkan(teks, nama_diri, panjang=panjang)
    return _tanpa_titik(teks) if sesudah else teks


def _satu_baris(teks: str) -> str:
    baris = [b.strip() for b in teks.split("\n") if b.strip()]
    return " ".join(b if b.endswith((",", ".", ";", ":")) else f"{b}," for b in baris).rstrip(",")


def _tanpa_titik(teks: str) -> str:
    """Without the dot that ends it; that of an abbreviation (dkk., S.H.) belongs to its word."""
    rapi = teks.rstrip(" ,;")
    akhir = rapi.split()[-1:] or [""]
    inti = akhir[0].rstrip(".…")
    if inti.lower() in _SINGKATAN or "." in inti or (len(inti) == 1 and inti.isupper()):
        return rapi
    return rapi.rstrip(" .…") or teks


def _kecilkan(teks: str, nama_diri: Set[str], *, panjang: bool) -> str:
    """With a small first letter, unless the first word is a name, an abbreviation or no word."""
    pertama, _, lanjut = teks.partition(" ")
    inti = pertama.rstrip(".,;:!?")
    kecil, besar = inti.lower(), lanjut[:1].isupper() or lanjut[:1].isdigit()
    biasa = re.fullmatch(r"[A-Z][a-z]+", inti)  # a letter with an accent: a foreign name
    if not biasa or kecil in _SELALU | _AGAMA | nama_diri or lanjut.startswith("Agung"):
        return teks
    if besar and (kecil in _KEPALA or not panjang):
        return teks
    if not lanjut and not panjang:
        return teks
    return teks[0].lower() + teks[1:]


def tanpa_wilayah(teks: str, sesudah: str) -> str:
    """Without village, district … at its end that the wording names right after it."""
    disebut = _WILAYAH.findall(sesudah) if sesudah.startswith(",") else []
    if not disebut:
        return teks
    dengan_kepala = [rf"[\s,]{_KEPALA_WILAYAH[k.lower()]}\s*{re.escape(n)}" for k, n in disebut]
    nama_saja = "|".join(re.escape(n) for _, n in disebut)
    inti = "|".join([*dengan_kepala, rf",\s*(?:{nama_saja})"])
    lain = r"[\s,](?:(?:provinsi|prov\.?)\s*)?bali|[\s,](?:kode pos\s*)?\d{5}"
    cocok = re.search(rf"(?:[\s,]*(?:{inti}))(?:[\s,]*(?:{inti}|{lain}))*[\s.,]*$", teks, re.I)
    sisa = teks[: cocok.start()].rstrip(" ,.") if cocok else teks
    return sisa if sisa and sisa.split()[-1].lower() not in _KEPALA else teks
