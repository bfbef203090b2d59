"""Answers of a request become words: for the check page, for the operator, and for the paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.html import escape

from penduduk.identitas import telepon
from penduduk.models import Penduduk
from surat.bahasa import orang as orang_
from surat.bahasa import tanggal as tgl
from surat.bahasa.alinea import Blok
from surat.bahasa.orang import Orang
from surat.models import Aturan, JenisSurat, Pertanyaan

Jawaban = dict[str, Any]  # kunci → JSON value, by type of the field (docs/id/jenis-surat.md)

Dikenal = Mapping[int, Penduduk]  # residents by their row
ORANG = frozenset({"penduduk", "penduduk_atau_teks"})
DAFTAR = frozenset({"daftar_anggota", "tabel_orang", "tabel_perbedaan", "pohon"})
# What a letter may say beside the answer itself, by type of the field.
TURUNAN: dict[str, tuple[str, ...]] = {
    "tanggal": ("hari",),
    "rupiah": ("terbilang",),
    "angka": ("terbilang",),
    **dict.fromkeys(ORANG, tuple("nik umur ttl pekerjaan agama alamat jenis_kelamin".split())),
    **dict.fromkeys(DAFTAR, ("jumlah",)),
}
_KEPALA = {
    "tabel_orang": ("Nama", "NIK", "Hubungan", "Umur"),
    "tabel_orang_rinci": ("Nama dan NIK", "Tempat, tanggal lahir", "Hubungan", "Umur", "Alamat"),
    "daftar_anggota": ("Nama", "NIK", "Hubungan dalam keluarga"),
    "tabel_perbedaan": ("Data", "Tertulis di dokumen 1", "Tertulis di dokumen 2"),
}


def kosong(nilai: Any) -> bool:
    """Whether nothing was answered; a zero is an answer."""
    return nilai is None or nilai in ("", [], {})


def turunan(bidang: Iterable[tuple[str, str]]) -> set[str]:
    """Names that follow from fields (kunci, tipe) beside the keys themselves."""
    return {f"{kunci}_{akhir}" for kunci, tipe in bidang for akhir in TURUNAN.get(tipe, ())}


def pk(tipe: str, nilai: Any) -> list[int]:
    """Keys of the residents whom one answer names."""
    if kosong(nilai):
        return []
    if tipe == "penduduk":
        return [int(nilai)]
    if tipe == "penduduk_atau_teks":
        return [int(nilai["pk"])] if nilai.get("pk") else []
    return [int(x) for x in nilai] if tipe == "daftar_anggota" else []


def cari_orang(bidang: Iterable[Pertanyaan], jawaban: Jawaban) -> dict[int, Penduduk]:
    """All residents whom the answers name, in one query; none when nobody is named."""
    semua = {x for b in bidang for x in pk(b.tipe, jawaban.get(b.kunci))}
    if not semua:
        return {}
    return Penduduk.objects.select_related("keluarga__banjar").in_bulk(semua)


def orang(tipe: str, nilai: Any, penduduk: Mapping[int, Penduduk], *, pada: date) -> Orang | None:
    """The person of an answer; None for an empty one, or somebody no longer in the register."""
    if kosong(nilai):
        return None
    if kunci := pk(tipe, nilai):
        ada = penduduk.get(kunci[0])
        return orang_.dari_penduduk(ada, pada=pada) if ada else None
    return orang_.dari_ketikan(nilai, pada=pada)


def _baris(tipe: str, nilai: Any, penduduk: Mapping[int, Penduduk]) -> list[list[str]]:
    """Cells of a table, all text."""
    if kosong(nilai):
        return []
    if tipe == "daftar_anggota":
        ada = [penduduk[x] for x in pk(tipe, nilai) if x in penduduk]
        return [[x.nama, x.nik or "", x.get_shdk_display() or ""] for x in ada]
    if tipe == "tabel_perbedaan":
        return [[x["data"], x["dokumen1"], x["dokumen2"]] for x in nilai]
    # The last two came later: requests from before do not have them.
    kolom = "nama nik hubungan umur lahir alamat".split()
    return [["" if x.get(k) is None else str(x[k]) for k in kolom] for x in nilai]


def _cabang(nilai: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Branches of a family tree: level, and name with what is known in brackets."""
    return [
        {
            "tingkat": x["tingkat"],
            "teks": x["nama"] + "".join(f" ({y})" for y in (_dua(x),) if y),
        }
        for x in nilai
    ]


def _dua(x: dict[str, Any]) -> str:
    return ", ".join(y for y in (x.get("hubungan"), x.get("keterangan")) if y)


def _skalar(tipe: str, nilai: Any) -> str:
    match tipe:
        case "tanggal":
            return tgl.panjang(date.fromisoformat(nilai))
        case "tanggal_jam":
            saat = timezone.localtime(datetime.fromisoformat(nilai))
            return f"{tgl.panjang(saat)} pukul {saat:%H.%M} WITA"
        case "jam":
            return f"{time.fromisoformat(nilai):%H.%M} WITA"
        case "rupiah":
            return tgl.rupiah(nilai)
        case "desimal":
            return str(nilai).replace(".", ",")
        case "hp":
            return telepon.tampil(nilai)
    return str(nilai)


def kata(tipe: str, nilai: Any, penduduk: Mapping[int, Penduduk], *, pada: date) -> str:
    """One answer as it stands in running text; empty answer: ""."""
    if kosong(nilai):
        return ""
    if tipe in ORANG:
        satu = orang(tipe, nilai, penduduk, pada=pada)
        return satu.nama if satu else ""
    if tipe == "pohon":
        return ", ".join(x["nama"] for x in nilai)
    if tipe in DAFTAR:
        return ", ".join(b[0] for b in _baris(tipe, nilai, penduduk))
    return _skalar(tipe, nilai)


def _rinci(tipe: str, nilai: Any, penduduk: Mapping[int, Penduduk], *, pada: date) -> str:
    """One answer for a screen: lists and persons with all that was told, line by line."""
    if kosong(nilai):
        return ""
    if tipe == "penduduk_atau_teks" and not pk(tipe, nilai):
        satu = orang_.dari_ketikan(nilai, pada=pada)
        return "\n".join(x for _, x in orang_.baris_identitas(satu))
    if tipe == "pohon":
        return "\n".join("– " * (c["tingkat"] - 1) + c["teks"] for c in _cabang(nilai))
    if tipe in DAFTAR:
        return "\n".join(" · ".join(s for s in b if s) for b in _baris(tipe, nilai, penduduk))
    return kata(tipe, nilai, penduduk, pada=pada)


def dalam_kata(
    jenis: JenisSurat,
    jawaban: Jawaban,
    *,
    pada: date,
    penduduk: Mapping[int, Penduduk] | None = None,
) -> list[tuple[Pertanyaan, str]]:
    """All answers of a request in words, in the order of the form, ages as of the day `pada`; one
    query for names, none when `penduduk` brings them.

    Fields whose condition does not hold are left out.
    """
    bidang = [b for b in jenis.pertanyaan.all() if berlaku(b, jawaban)]
    penduduk = cari_orang(bidang, jawaban) if penduduk is None else penduduk
    return [(b, _rinci(b.tipe, jawaban.get(b.kunci), penduduk, pada=pada)) for b in bidang]


def berlaku(baris: Pertanyaan | Aturan, jawaban: Mapping[str, Any]) -> bool:
    """Whether a field is asked at all, or a rule looked at, given the other answers."""
    if not baris.bila_kunci:
        return True
    nilai = jawaban.get(baris.bila_kunci)
    return not kosong(nilai) and str(nilai) in baris.bila_nilai.split("|")


@dataclass(frozen=True)
class Isi:
    """What the answers give to a letter: words by name, blocks by key, persons by key."""

    nilai: dict[str, str]
    blok: dict[str, Blok]
    orang: dict[str, Orang]


def untuk_surat(
    jenis: JenisSurat,
    jawaban: Jawaban,
    *,
    pada: date,
    penduduk: Mapping[int, Penduduk] | None = None,
    wilayah: str = "",
) -> Isi:
    """The answers as the wording may use them; `pada`: day of issue (ages). One query for people,
    none when `penduduk` brings them (fictitious ones, for a preview). `wilayah`: see orang.alamat.

    Every name that the type allows is there, empty ones as "".
    """
    semua = list(jenis.pertanyaan.all())
    bidang = [b for b in semua if berlaku(b, jawaban)]
    penduduk = cari_orang(bidang, jawaban) if penduduk is None else penduduk
    nama = turunan((b.kunci, b.tipe) for b in semua)
    hasil = Isi(dict.fromkeys([*(b.kunci for b in semua), *sorted(nama)], ""), {}, {})
    for b in bidang:
        jawab: Any = jawaban.get(b.kunci)
        if not kosong(jawab):
            hasil.nilai[b.kunci] = kata(b.tipe, jawab, penduduk, pada=pada)
            _tambah_turunan(hasil, b, jawab, penduduk, pada=pada, wilayah=wilayah)
    jumlah = [x for b in bidang if b.tipe == "rupiah" and (x := jawaban.get(b.kunci)) is not None]
    hasil.nilai["total_rupiah"] = tgl.rupiah(sum(jumlah)) if jumlah else ""
    hasil.nilai["total_terbilang"] = f"{tgl.terbilang(sum(jumlah))} rupiah" if jumlah else ""
    return hasil


def _tambah_turunan(
    hasil: Isi, b: Pertanyaan, jawab: Any, penduduk: Dikenal, *, pada: date, wilayah: str
) -> None:
    """What follows from one answer: the person, the table, the words of an amount."""
    if b.tipe in ORANG:
        if satu := orang(b.tipe, jawab, penduduk, pada=pada):
            hasil.orang[b.kunci] = satu
            hasil.nilai.update(_kata_orang(b.kunci, satu))
            baris = orang_.baris_identitas(satu, wilayah)
            hasil.blok[b.kunci] = {"macam": "rincian", "baris": _aman(baris)}
    elif b.tipe in DAFTAR:
        hasil.blok[b.kunci] = _blok(b, jawab, penduduk)
        hasil.nilai[f"{b.kunci}_jumlah"] = str(len(jawab))
    elif b.tipe in ("rupiah", "angka"):
        ekor = " rupiah" if b.tipe == "rupiah" else ""
        hasil.nilai[f"{b.kunci}_terbilang"] = tgl.terbilang(jawab) + ekor
    elif b.tipe == "tanggal":
        hasil.nilai[f"{b.kunci}_hari"] = tgl.hari(date.fromisoformat(jawab))


def _kata_orang(kunci: str, satu: Orang) -> dict[str, str]:
    kata = {**satu.kata, "ttl": orang_.ttl(satu.kata), "alamat": orang_.alamat(satu.kata)}
    return {f"{kunci}_{nama}": kata[nama] for nama in TURUNAN["penduduk"]}


def _aman(baris: list[list[str]]) -> list[list[str]]:
    """Label and value with the value as HTML, as in a list of facts."""
    return [[label, escape(nilai)] for label, nilai in baris]


def _blok(baris: Pertanyaan, jawab: Any, penduduk: Mapping[int, Penduduk]) -> Blok:
    if baris.tipe == "pohon":
        return {"macam": "pohon", "kunci": baris.kunci, "baris": _cabang(jawab)}
    tipe, isi = baris.tipe, _baris(baris.tipe, jawab, penduduk)
    if tipe == "tabel_orang" and any(lahir or alamat for *_, lahir, alamat in isi):
        tipe = "tabel_orang_rinci"
        isi = [
            [f"{nama}\n{nik}".rstrip(), lahir, hubungan, umur, alamat]
            for nama, nik, hubungan, umur, lahir, alamat in isi
        ]
    return {
        "macam": "tabel",
        "kunci": baris.kunci,
        "kepala": list(_KEPALA[tipe]),
        "baris": [b[: len(_KEPALA[tipe])] for b in isi],
        "keterangan": baris.label,
    }
