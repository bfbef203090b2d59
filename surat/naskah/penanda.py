"""Who signs beside the village: the rows of a letter type become names and places on paper."""

from collections.abc import Mapping
from typing import Any

from surat.bahasa import kalimat, templat
from surat.isian import jawaban
from surat.models import JenisSurat

DEWASA = 18  # years; younger people do not sign, their guardian does (UU 1/1974 art. 47 and 50)
_DISEBUT_MAKS = 3  # names of wards beside the signature of their guardian
_TITIK = "………………………………"


def penanda(jenis: JenisSurat, kata: Mapping[str, str], isi: jawaban.Isi) -> list[dict[str, Any]]:
    """Groups of signers as they are frozen, in the order of the type: `tempat`, `label`, `nama`
    (an empty one is written by hand), `meterai`, `nomor`. Rows of a list that have the same label
    are one group. Raises templat.TemplatTidakSah."""
    hasil: list[dict[str, Any]] = []
    for baris in jenis.penanda:
        label = " ".join(templat.render_polos(baris["label"], kata).split())
        nama = _nama(baris, kata, isi)
        lalu = hasil[-1] if hasil else {}
        daftar = baris["tempat"] == JenisSurat.Tempat.DAFTAR
        if daftar and (lalu.get("tempat"), lalu.get("label")) == (baris["tempat"], label):
            lalu["nama"] += nama
            continue
        lain = {k: baris[k] for k in ("tempat", "meterai", "nomor")}
        hasil.append({"label": label, "nama": nama, **lain})
    return hasil


def _nama(baris: Mapping[str, Any], kata: Mapping[str, str], isi: jawaban.Isi) -> list[str]:
    siapa = baris["siapa"] or "nama"
    tabel = isi.blok.get(siapa, {})
    if tabel.get("macam") != "tabel":
        return [kata.get(siapa, "")]
    umur = tabel["kepala"].index("Umur") if "Umur" in tabel["kepala"] else None
    orang = [
        (sel[0].partition("\n")[0], sel[umur] if umur is not None else "") for sel in tabel["baris"]
    ]
    anak = [nama for nama, tahun in orang if tahun and int(tahun) < DEWASA]
    dewasa = [nama for nama, tahun in orang if not tahun or int(tahun) >= DEWASA]
    if anak:
        wali = kata.get(baris["wali"], "")
        wali = next((nama for nama in dewasa if nama.casefold() == wali.casefold()), wali)
        siapa = kalimat.gabung(anak)
        if len(anak) > _DISEBUT_MAKS:  # the table has their names and ages
            siapa = f"{len(anak)} orang yang belum {DEWASA} tahun"
        selaku = f"selaku wali dari {siapa}"
        if wali in dewasa:
            dewasa[dewasa.index(wali)] = f"{wali}, untuk diri sendiri dan {selaku}"
        else:
            dewasa.append(f"{wali or _TITIK}, {selaku}")
    return dewasa
