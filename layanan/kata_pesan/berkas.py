"""Reads the messages from their files. Strictly: a slip of the pen stops the start with a sentence
that names file and key, and not a message on its way to a resident.

<kode>.json is one message; balasan.json holds the answers in a conversation, in their order;
sisipan.json says what each variable stands for, since several messages share it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from layanan.kata_pesan.pesan import SISIPAN, Cara, Kelompok, Pesan, sisipan

BALASAN, ARTI = "balasan.json", "sisipan.json"
NILAI_MAKS = 255  # characters of a variable's value; WhatsApp's limit

_KODE = re.compile(r"[a-z][a-z0-9_]{1,29}")  # as long as the columns that keep it
_KUNCI: dict[str, type] = {
    **{"label": str, "kelompok": str, "urut": int, "kategori": str},
    **{"teks": str, "wajib": list, "contoh": dict},
}
_BOLEH: dict[str, type] = {"ucapan": str, "tulisan": str, "janji": str, "dulu": list}
_KUNCI_BALASAN: dict[str, type] = {"label": str, "teks": str}
_SEBUTAN = {str: "tulisan", int: "bilangan bulat", list: "daftar [ ]", dict: "objek { }"}
_KELOMPOK = {k.value: k for k in Kelompok if k is not Kelompok.BALASAN}
_KATEGORI = {c.value: c for c in Cara if c is not Cara.BEBAS}


class BerkasTidakSah(ValueError):
    """A file of the messages is not as it should be: the sentence names file and key."""


def baca(folder: Path) -> dict[str, Pesan]:
    """All messages by their codes, group by group in their order. Raises BerkasTidakSah."""
    arti = _objek(folder / ARTI)
    _periksa_nilai(ARTI, arti)
    lain = (BALASAN, ARTI)
    semua = [_pesan(b, arti) for b in sorted(folder.glob("*.json")) if b.name not in lain]
    semua += _balasan(folder / BALASAN, arti)
    urutan = list(Kelompok)
    semua.sort(key=lambda satu: (urutan.index(satu.kelompok), satu.urut))
    for sebelum, satu in pairwise(semua):
        if (sebelum.kelompok, sebelum.urut) == (satu.kelompok, satu.urut):
            raise BerkasTidakSah(
                f"{satu.kode}.json: kunci “urut” {satu.urut} sudah dipakai {sebelum.kode}.json di "
                f"kelompok “{satu.kelompok.value}”."
            )
    hasil = {satu.kode: satu for satu in semua}
    for satu in semua:
        if hasil[satu.kode] is not satu:
            raise BerkasTidakSah(f"{BALASAN}: kunci “{satu.kode}” sudah punya berkas sendiri.")
    return hasil


def _pesan(berkas: Path, arti: Mapping[str, str]) -> Pesan:
    nama, isi = berkas.name, _objek(berkas)
    _periksa_kode(nama, berkas.stem)
    _periksa_kunci(nama, isi, _KUNCI, _BOLEH)
    _periksa_pilihan(nama, "kelompok", isi["kelompok"], _KELOMPOK)
    _periksa_pilihan(nama, "kategori", isi["kategori"], _KATEGORI)
    arti = _arti(nama, isi["teks"], arti, isi.get("dulu", []))
    _periksa_contoh(nama, isi)
    _periksa_ucapan(nama, isi)
    return Pesan(
        berkas.stem,
        isi["label"],
        _KELOMPOK[isi["kelompok"]],
        isi["urut"],
        isi["teks"],
        _KATEGORI[isi["kategori"]],
        tuple(isi["wajib"]),
        isi["contoh"],
        arti,
        **{kunci: isi[kunci] for kunci in ("ucapan", "tulisan", "janji") if kunci in isi},
        dulu=tuple(isi.get("dulu", ())),
    )


def _balasan(berkas: Path, arti: Mapping[str, str]) -> list[Pesan]:
    semua = []
    for ke, (kode, isi) in enumerate(_objek(berkas).items()):
        nama = f"{berkas.name}: “{kode}”"
        _periksa_kode(nama, kode)
        _periksa_kunci(nama, isi, _KUNCI_BALASAN, {})
        semua.append(
            Pesan(
                kode,
                isi["label"],
                Kelompok.BALASAN,
                ke,
                isi["teks"],
                Cara.BEBAS,
                arti=_arti(nama, isi["teks"], arti),
            )
        )
    return semua


# --- One file -------------------------------------------------------------------------------------


def _objek(berkas: Path) -> dict[str, Any]:
    def tanpa_kembar(pasangan: list[tuple[str, Any]]) -> dict[str, Any]:
        # Of two equal keys JSON silently keeps the last.
        nama = [kunci for kunci, _ in pasangan]
        if kembar := [kunci for kunci in nama if nama.count(kunci) > 1]:
            raise BerkasTidakSah(f"{berkas.name}: kunci “{kembar[0]}” tertulis dua kali.")
        return dict(pasangan)

    try:
        isi = json.loads(berkas.read_text(encoding="utf-8"), object_pairs_hook=tanpa_kembar)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError, OSError) as galat:
        raise BerkasTidakSah(f"{berkas.name}: bukan JSON yang sah ({galat}).") from galat
    if not isinstance(isi, dict):
        raise BerkasTidakSah(f"{berkas.name}: isinya harus satu {_SEBUTAN[dict]}.")
    return isi


def _periksa_kode(nama: str, kode: str) -> None:
    if not _KODE.fullmatch(kode):
        raise BerkasTidakSah(
            f"{nama}: nama pesan “{kode}” harus 2–30 huruf kecil, angka, atau garis bawah."
        )


def _periksa_kunci(
    nama: str, isi: Any, wajib: Mapping[str, type], boleh: Mapping[str, type]
) -> None:
    """Every key that must be there, no other one, each of its kind and not empty."""
    if not isinstance(isi, dict):
        raise BerkasTidakSah(f"{nama}: isinya harus {_SEBUTAN[dict]}.")
    kenal = {**wajib, **boleh}
    for kunci in wajib:
        if kunci not in isi:
            raise BerkasTidakSah(f"{nama}: kunci “{kunci}” belum ada.")
    for kunci, nilai in isi.items():
        if kunci not in kenal:
            raise BerkasTidakSah(
                f"{nama}: kunci “{kunci}” tidak dikenal. Yang dikenal: {', '.join(kenal)}."
            )
        if type(nilai) is not kenal[kunci]:
            raise BerkasTidakSah(f"{nama}: kunci “{kunci}” harus {_SEBUTAN[kenal[kunci]]}.")
        if isinstance(nilai, str) and not nilai.strip():
            raise BerkasTidakSah(f"{nama}: kunci “{kunci}” masih kosong.")


def _periksa_pilihan(nama: str, kunci: str, nilai: str, ada: Iterable[str]) -> None:
    if nilai not in ada:
        raise BerkasTidakSah(
            f"{nama}: kunci “{kunci}” berisi “{nilai}”. Yang ada: {', '.join(ada)}."
        )


def _arti(
    nama: str, teks: str, arti: Mapping[str, str], dulu: Iterable[str] = ()
) -> dict[str, str]:
    """What the variables of the text, and `dulu`, stand for; `arti`: of all that there are."""
    sisa = SISIPAN.sub("", teks)
    if "{" in sisa or "}" in sisa:
        raise BerkasTidakSah(f"{nama}: kunci “teks” berisi kurung kurawal tanpa pasangan.")
    semua = tuple(dict.fromkeys((*sisipan(teks), *dulu)))
    for satu in semua:
        if satu not in arti:
            raise BerkasTidakSah(
                f"{nama}: kunci “teks” memakai {{{{{satu}}}}}, yang artinya belum ada di {ARTI}."
            )
    return {satu: arti[satu] for satu in semua}


def _periksa_contoh(nama: str, isi: Mapping[str, Any]) -> None:
    """A sample of each variable, and of nothing else; what is obligatory is used."""
    dipakai = (*sisipan(isi["teks"]), *isi.get("dulu", []))
    for kunci in ("contoh", "wajib"):
        for satu in isi[kunci]:
            if satu not in dipakai:
                raise BerkasTidakSah(
                    f"{nama}: kunci “{kunci}” menyebut “{satu}”, yang tidak dipakai di teks."
                )
    for satu in dipakai:
        if satu not in isi["contoh"]:
            raise BerkasTidakSah(f"{nama}: kunci “contoh” belum berisi “{satu}”.")
    _periksa_nilai(f"{nama}: kunci “contoh”", isi["contoh"])


def _periksa_nilai(nama: str, isi: Mapping[str, Any]) -> None:
    for kunci, nilai in isi.items():
        if not isinstance(nilai, str) or not nilai.strip() or len(nilai) > NILAI_MAKS:
            raise BerkasTidakSah(
                f"{nama}: “{kunci}” harus tulisan, tidak kosong, paling banyak {NILAI_MAKS} huruf."
            )


def _periksa_ucapan(nama: str, isi: Mapping[str, Any]) -> None:
    """What is said is said as it stands; a code is said by nobody."""
    for kunci in ("ucapan", "tulisan"):
        if "{{" in isi.get(kunci, ""):
            raise BerkasTidakSah(f"{nama}: kunci “{kunci}” tidak boleh berisi sisipan.")
        if isi["kategori"] == Cara.OTENTIKASI.value and kunci not in isi:
            raise BerkasTidakSah(
                f"{nama}: kunci “{kunci}” belum ada, padahal kodenya tidak boleh dibacakan."
            )
    if (janji := isi.get("janji", "")) not in isi["teks"]:
        raise BerkasTidakSah(f"{nama}: kunci “janji” berisi “{janji}”, yang tidak ada di teks.")
