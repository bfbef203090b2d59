"""Which official forms go with a letter, and how they are frozen with it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict

from penduduk import desa as desa_
from surat.bahasa import tanggal as tgl
from surat.formulir_resmi import daftar
from surat.formulir_resmi.isi import Formulir
from surat.formulir_resmi.sumber import Sumber
from surat.models import FormulirSurat, JenisSurat, Surat
from surat.naskah.gaya import tata_naskah


class Pilihan(TypedDict, total=False):
    """What the office has decided for one request: keys of the forms to be printed (without it:
    those that the type prints at once), and what was typed into gaps."""

    pakai: list[str]
    isian: dict[str, str]


def nama(data: Mapping[str, Any]) -> str:
    """F-2.03 Surat Pernyataan …"""
    return f"{data['kode']} {data['judul']}".strip()


def _urai(baris: str) -> tuple[str, str, list[str], bool]:
    """f106 bila alasan: Rusak|Hilang, bila perlu → key, question, answers, printed at once."""
    sisa, perlu, _ = baris.partition("bila perlu")
    kunci, _, syarat = sisa.strip(" ,").partition(" bila ")
    isian, _, nilai = syarat.partition(":")
    return kunci, isian.strip(), [x.strip() for x in nilai.split("|")], not perlu


def salahnya(semua: Iterable[str], pilihan: Mapping[str, list[str]]) -> str:
    """What is wrong with the forms of a letter type; empty: nothing. `pilihan`: the choices of each
    question, by key."""
    terpakai: set[str] = set()
    for baris in semua:
        kunci, isian, nilai, _ = _urai(baris)
        if kunci not in daftar.semua() or kunci in terpakai:
            return f"“{kunci}” bukan kode formulir resmi, atau tertulis dua kali."
        if isian and (isian not in pilihan or set(nilai) - set(pilihan[isian])):
            return f"“{baris}”: tidak ada isian atau jawaban seperti itu."
        terpakai.add(kunci)
    return ""


def ditawarkan(jenis: JenisSurat, jawaban: Mapping[str, Any], versi: str) -> dict[str, bool]:
    """The forms of a type that fit these answers and are part of that edition, by key: whether
    they are printed at once."""
    semua = (_urai(x) for x in jenis.formulir.splitlines() if x.strip())
    return {
        kunci: langsung
        for kunci, isian, nilai, langsung in semua
        if versi in daftar.semua().get(kunci, {}) and (not isian or jawaban.get(isian) in nilai)
    }


def semua(sumber: Sumber, pilihan: Pilihan) -> dict[Formulir, bool]:
    """All offered forms of one letter, filled; whether each is to be printed. No query for a type
    that offers none."""
    versi = tata_naskah().versi_formulir if sumber.jenis.formulir else ""
    tawaran = ditawarkan(sumber.jenis, sumber.jawaban, versi)
    pakai = pilihan.get("pakai", [k for k, langsung in tawaran.items() if langsung])
    isian = pilihan.get("isian", {})
    return {Formulir(k, daftar.semua()[k][versi], sumber, isian): k in pakai for k in tawaran}


def beku(formulir: Formulir) -> dict[str, Any]:
    """Everything that will stand on the paper, as data."""
    tata, desa, naskah = tata_naskah(), desa_.ambil(), formulir.naskah
    mengetahui = tata.formulir_perbekel and naskah["penerima"] == "Disdukcapil"
    return {k: naskah[k] for k in ("kode", "judul", "penerima")} | {
        "versi": tata.versi_formulir,
        "rebah": naskah.get("rebah", False),
        "kertas": tata.kertas,
        "contoh": desa.contoh,
        "diperiksa": f"{formulir.kunci}-{tata.versi_formulir}" in tata.formulir_diperiksa,
        "meterai": tata.formulir_meterai,
        "mengetahui": f"{desa.sebutan_kepala} {desa.nama}" if mengetahui else "",
        "desa": desa.nama,
        "tempat_tanggal": f"{desa.nama}, {tgl.panjang(formulir.sumber.tanggal)}",
        "bagian": formulir.bagian,
        "tanda_tangan": formulir.tanda_tangan,
    }


def bekukan(sumber: Sumber, pilihan: Pilihan) -> dict[str, dict[str, Any]]:
    """The chosen forms by key, as they go with the letter."""
    return {x.kunci: beku(x) for x, dipakai in semua(sumber, pilihan).items() if dipakai}


def ringkas(semua: Mapping[str, dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """What the letter itself keeps of its forms: which ones, and the hash of what they say."""
    baris = [
        {"kunci": k, "kode": x["kode"], "versi": x["versi"], "sidik": sidik(x)}
        for k, x in semua.items()
    ]
    return {"formulir": baris} if baris else {}


def sidik(data: Mapping[str, Any]) -> str:
    """SHA-256 of a frozen form, however its keys are ordered."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def simpan(surat: Surat, semua: Mapping[str, dict[str, Any]], *, pada: datetime) -> None:
    FormulirSurat.objects.bulk_create(
        FormulirSurat(surat=surat, kunci=k, data=x, dibekukan_pada=pada) for k, x in semua.items()
    )
