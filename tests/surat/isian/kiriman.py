"""Answers back into what a browser would post for them: the reverse of the form."""

from datetime import datetime
from typing import Any

from surat.isian import bidang_gabung
from surat.models import JenisSurat


def sebagai_kiriman(jenis: JenisSurat, jawaban: dict[str, Any]) -> dict[str, Any]:
    """POST data that, put through isian.buat_form, gives `jawaban` again."""
    tipe = {b.kunci: b.tipe for b in jenis.pertanyaan.all()}
    hasil: dict[str, Any] = {}
    for kunci, nilai in jawaban.items():
        hasil |= _satu(kunci, tipe[kunci], nilai)
    return hasil


def _satu(kunci: str, tipe: str, nilai: Any) -> dict[str, Any]:
    if tipe in bidang_gabung.KOLOM:
        return {
            f"{kunci}-{i}-{k}": "" if v is None else str(v)
            for i, baris in enumerate(nilai)
            for k, v in baris.items()
        }
    if tipe == "penduduk_atau_teks":
        pk = nilai.get("pk", "lain")
        return {f"{kunci}-pk": str(pk)} | {f"{kunci}-{k}": v for k, v in nilai.items() if k != "pk"}
    if tipe == "daftar_anggota":
        return {kunci: [str(x) for x in nilai]}
    if tipe == "tanggal_jam":
        return {kunci: f"{datetime.fromisoformat(nilai):%Y-%m-%dT%H:%M}"}
    if tipe == "jam":
        return {kunci: nilai[:5]}
    return {kunci: str(nilai).replace(".", ",") if tipe == "desimal" else str(nilai)}
