"""What a letter type may hold at most, and how its wording is stored.

A document may be anybody's file: every list has an end here, every text only characters that
can be stored, and those that stand on paper only characters that can be printed.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from penduduk.teks import bersih, semua_teks
from surat.bahasa import huruf

BIDANG_MAKS, SYARAT_MAKS, ATURAN_MAKS, PILIHAN_MAKS, TEMBUSAN_MAKS = 50, 20, 60, 60, 20
BAGIAN_MAKS = {"pembuka": 3_000, "isi": 12_000, "penutup": 3_000}  # characters
_BARIS_MAKS = 120  # characters of one choice, of one addressee of copies
# Greater numbers would fill the paper with lines, or no calendar could keep the promise.
_ANGKA_MAKS = {"janji_hari": 365, "masa_berlaku_hari": 3650}
_TERCETAK = "judul penanda tembusan pembuka isi penutup klasifikasi klasifikasi_lama".split()
# Control characters, and what alinea uses to mark values.
_TAK_TERSIMPAN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]")


class JenisTidakSah(ValueError):
    """The document cannot become a letter type; the message tells the clerk what to change.

    `kunci`: the field of the type that is meant, when it is one.
    """

    def __init__(self, pesan: str, kunci: str = "") -> None:
        super().__init__(pesan)
        self.kunci = kunci


def periksa(data: dict[str, Any], kolom: Mapping[str, Collection[str]]) -> None:
    """Raise JenisTidakSah when `data`, a dict with lists and texts in their places, is too big
    or holds something that nobody asked for. `kolom`: what a row of each list may hold."""
    maks_baris = {"bidang": BIDANG_MAKS, "syarat": SYARAT_MAKS, "aturan": ATURAN_MAKS}
    for nama, boleh in kolom.items():
        _baris(data.get(nama, []), nama, boleh, maks_baris[nama])
    for nama, maks in BAGIAN_MAKS.items():
        teks = data.get(nama, "")
        panjang = sum(len(x) for x in teks)  # of the paragraphs, or of the letters
        if panjang > maks:
            raise JenisTidakSah(f"“{nama}” paling panjang {maks} huruf, sekarang {panjang}.")
    for nama in ("tembusan", "formulir"):
        if len(baris := data.get(nama, [])) > TEMBUSAN_MAKS:
            raise JenisTidakSah(f"“{nama}” paling banyak {TEMBUSAN_MAKS} baris.")
        if panjang_ := [b for b in baris if len(b) > _BARIS_MAKS]:
            kata = f"“{panjang_[0][:30]}…” paling panjang {_BARIS_MAKS} huruf."
            raise JenisTidakSah(f"{nama.capitalize()} {kata}")
    for nama, terbesar in _ANGKA_MAKS.items():
        if isinstance(nilai := data.get(nama), int) and nilai > terbesar:
            raise JenisTidakSah(f"“{nama}” paling besar {terbesar}.")
    _periksa_huruf(data)


def _baris(semua: list[Any], nama: str, kolom: Collection[str], maks: int) -> None:
    if len(semua) > maks:
        raise JenisTidakSah(f"“{nama}” paling banyak {maks} baris.")
    for ke, satu in enumerate(semua, start=1):
        if not isinstance(satu, dict):
            raise JenisTidakSah("Isi daftar bidang, syarat dan aturan tidak sah.")
        if asing := [k for k in satu if k not in kolom]:
            raise JenisTidakSah(f"“{asing[0][:40]}” tidak dikenal di {nama} baris {ke}.")
        for kunci in ("kunci", "kode", "label", "tipe", "macam", "siapa", "nilai"):
            if kunci in kolom and not satu.get(kunci):
                raise JenisTidakSah(f"Di {nama} baris {ke}, “{kunci}” belum terisi.")
        _pilihan(satu.get("pilihan", []), str(satu.get("label"))[:120])


def _pilihan(pilihan: Any, label: str) -> None:
    if not isinstance(pilihan, list):
        return  # told by the check of types
    if not all(isinstance(p, str) for p in pilihan):
        raise JenisTidakSah(f"“{label}”: pilihan harus berupa tulisan.")
    if len(pilihan) > PILIHAN_MAKS:
        raise JenisTidakSah(f"“{label}”: paling banyak {PILIHAN_MAKS} pilihan.")
    if kembar := next((p for p in pilihan if pilihan.count(p) > 1), ""):
        raise JenisTidakSah(f"“{label}”: pilihan “{kembar}” tertulis dua kali.")
    for p in pilihan:
        if "|" in p or "\n" in p or len(p) > _BARIS_MAKS:
            raise JenisTidakSah(
                f"“{label}”: satu pilihan satu baris, paling panjang {_BARIS_MAKS} huruf, "
                "tanpa tanda |."
            )


def _periksa_huruf(data: dict[str, Any]) -> None:
    for nama, nilai in data.items():
        satu_baris = nama not in ("isi", "pembuka", "penutup")
        for teks in semua_teks(nilai):
            asing = _TAK_TERSIMPAN.search(teks)
            if asing or (satu_baris and "\n" in teks):
                kode = f"{ord(asing.group() if asing else chr(10)):04X}"
                raise JenisTidakSah(f"“{nama}” memuat tanda yang tidak dapat disimpan ({kode}).")
    tercetak = [data.get(nama, "") for nama in _TERCETAK]
    tercetak += [satu.get("pilihan", []) for satu in data["bidang"]]
    if kalimat := huruf.tak_tercetak("\n".join(semua_teks(tercetak))):
        raise JenisTidakSah(kalimat)


_TANDA = re.compile(r"\{[{%].*?[%}]\}")
_KUTIP = str.maketrans("“”„‘’", '"""\'\'')


def rapikan(teks: str) -> str:
    """Wording as it is stored: one kind of line end, no stray spaces, one blank line between
    paragraphs; and the quotes of a word processor inside {% … %} become plain ones."""
    rapi = "\n".join(" ".join(baris.split()) for baris in bersih(teks).split("\n"))
    rapi = re.sub(r"\n{3,}", "\n\n", rapi).strip()
    return _TANDA.sub(lambda cocok: cocok.group().translate(_KUTIP), rapi)
