"""A letter type as one JSON document: shipped, exported, imported, compared, copied.

Format: docs/id/jenis-surat.md. Settings the village alone decides (whether a type is offered, its
place in the list) travel with it too, so that an export is the whole type.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.shortcuts import get_object_or_404

from penduduk.models import Akun
from surat.bahasa import templat
from surat.formulir_resmi import tawaran
from surat.isian import aturan, formulir, jawaban
from surat.jenis import bentuk, penanda
from surat.jenis.bentuk import JenisTidakSah
from surat.models import Aturan, JenisSurat, Pertanyaan, Syarat, Templat

_M = TypeVar("_M", bound=models.Model)
KOLOM = (
    "nama judul kelompok naskah tujuan klasifikasi klasifikasi_lama pengantar_kelian "
    "masa_berlaku_hari janji_hari layanan_mandiri data_sensitif urutan subjek cetak_identitas "
    "penanda catatan_warga catatan_petugas"
).split()
KOLOM_PERTANYAAN = (
    "kunci label tipe wajib bantuan pilihan bila_kunci bila_nilai batas tidak_sebelum "
    "termasuk_meninggal disunting jenis_kelamin bukan tentang"
).split()
# Columns that came later: a document that does not use them says what it said before, so a type
# that the village has left alone is not taken for a changed one.
_KEMUDIAN = frozenset({"jenis_kelamin", "bukan", "tentang"})
# What came after the wording had versions, and has them with it.
SUSUNAN = {"aturan": "aturan", "penanda": "penanda tangan", "formulir": "formulir resmi"}
KOLOM_SYARAT = "kode label wajib boleh_dibawa".split()
KOLOM_ATURAN = "macam siapa nilai kekuatan kalimat bila_kunci bila_nilai".split()
_JENIS_NILAI = {"BooleanField": bool, "PositiveSmallIntegerField": int, "JSONField": list}
_BERBARIS = ("tembusan", "formulir")  # lists of lines, kept as text
_ANGKA_MAKS = 32_767  # what every database keeps in a small column
_TAMBAHAN = frozenset(
    "kode tembusan halaman aturan bidang syarat formulir pembuka isi penutup".split()
)


def lengkap() -> models.QuerySet[JenisSurat]:
    """Letter types with everything that `ekspor` reads."""
    return JenisSurat.objects.prefetch_related("aturan", "pertanyaan", "syarat", "templat")


_diingat: dict[str, JenisSurat] = {}


def siap(kode: str) -> JenisSurat:
    """The type with its questions and papers, in memory and not to be altered. Its revision is read
    each time: whoever changes a type moves it, and every process notices. Raises Http404."""
    kini = get_object_or_404(JenisSurat.objects.only("revisi"), kode=kode)
    jenis = _diingat.get(kode)
    if jenis is None or (jenis.pk, jenis.revisi) != (kini.pk, kini.revisi):
        semua = JenisSurat.objects.prefetch_related("aturan", "pertanyaan", "syarat")
        jenis = _diingat[kode] = semua.get(kode=kode)
    return jenis


# --- Checking -------------------------------------------------------------------------------------


def periksa(data: Any) -> None:
    """Raise JenisTidakSah unless `data` is a whole letter type that can be stored and printed."""
    if not isinstance(data, dict):
        raise JenisTidakSah("Berkas ini bukan jenis surat.")
    for kunci in ("kode", "nama", "judul", "tujuan", "klasifikasi", "isi"):
        if not data.get(kunci):
            raise JenisTidakSah(f"“{kunci}” belum terisi.")
    if asing := sorted(set(data) - _TAMBAHAN - set(KOLOM)):
        raise JenisTidakSah(f"“{asing[0]}” tidak dikenal.")
    _periksa_teks(data)
    kolom = {"bidang": KOLOM_PERTANYAAN, "syarat": KOLOM_SYARAT, "aturan": KOLOM_ATURAN}
    bentuk.periksa(data, kolom)
    _periksa_baris(JenisSurat, _ambil(data, ["kode", *KOLOM]))
    baris = [_periksa_baris(Pertanyaan, _ambil(b, KOLOM_PERTANYAAN)) for b in data["bidang"]]
    syarat = [_periksa_baris(Syarat, _ambil(s, KOLOM_SYARAT)).kode for s in data["syarat"]]
    if kembar := sorted(k for k in syarat if syarat.count(k) > 1):
        raise JenisTidakSah(f"Syarat “{kembar[0]}” tertulis dua kali.")
    periksa_bidang(baris, subjek=data.get("subjek", ""))
    pilihan = {b.kunci: formulir.pilihan(b) for b in baris}
    if kata := tawaran.salahnya(data.get("formulir", []), pilihan):
        raise JenisTidakSah(kata)
    for ke, satu in enumerate(data.get("aturan", []), start=1):
        _periksa_aturan(ke, satu, {b.kunci: b for b in baris})
    nama = nama_isian(baris)
    penanda.periksa(data.get("penanda", []), tipe={b.kunci: b.tipe for b in baris}, nama=nama)
    for bagian in (data.get("pembuka", ""), *data["isi"], data.get("penutup", ""), data["judul"]):
        try:
            templat.periksa(bagian, nama)
        except templat.TemplatTidakSah as galat:
            raise JenisTidakSah(str(galat)) from galat


def isian_dari(data: dict[str, Any]) -> list[Pertanyaan]:
    """The fields of a document as rows that are not saved."""
    return [Pertanyaan(**_ambil(b, KOLOM_PERTANYAAN)) for b in data["bidang"]]


def _periksa_teks(data: dict[str, Any]) -> None:
    """The parts that are no column: lists are lists, text is text, and can be stored."""
    for kunci in ("bidang", "syarat", "isi", "aturan", *_BERBARIS):
        if not isinstance(data.get(kunci, [] if kunci in ("aturan", *_BERBARIS) else None), list):
            raise JenisTidakSah(f"“{kunci}” harus berupa daftar.")
    for kunci in ("isi", *_BERBARIS):
        if not all(isinstance(x, str) and x.strip() for x in data.get(kunci, [])):
            raise JenisTidakSah(f"“{kunci}” harus berupa daftar kalimat.")
    for kunci in ("pembuka", "penutup"):
        if not isinstance(data.get(kunci, ""), str):
            raise JenisTidakSah(f"“{kunci}” harus berupa kalimat.")
    teks = _teks(data)
    if "\\u0000" in teks or any("\ud800" <= huruf <= "\udfff" for huruf in teks):
        raise JenisTidakSah("Berkas ini memuat tanda yang tidak dapat disimpan.")


def _ambil(data: dict[str, Any], kolom: Iterable[str]) -> dict[str, Any]:
    return {k: data[k] for k in kolom if k in data}


def _periksa_baris(model: type[_M], isi: dict[str, Any]) -> _M:
    """The row that `isi` makes; nothing is converted, so a number in quotes is refused."""
    satu = isi.get("kunci", "")
    for kunci, nilai in isi.items():
        kolom = model._meta.get_field(kunci)
        harus = _JENIS_NILAI.get(kolom.get_internal_type(), str)
        if type(nilai) is not harus and not (nilai is None and kolom.null):
            raise JenisTidakSah(f"“{kunci}” tidak sah: {str(nilai)[:40]}.")
        if isinstance(nilai, int) and nilai > _ANGKA_MAKS:
            raise JenisTidakSah(f"“{kunci}” paling besar {_ANGKA_MAKS}.")
    baris = model(**isi)
    try:
        baris.clean_fields(exclude=["jenis"])
    except ValidationError as galat:
        nama, pesan = next(iter(galat.message_dict.items()))
        raise JenisTidakSah(f"{baris} ({nama}): {pesan[0]}", satu) from galat
    return baris


def nama_isian(bidang: Iterable[Pertanyaan]) -> set[str]:
    """All names that the wording of a type with these fields may use beside templat.TETAP."""
    pasang = [(b.kunci, b.tipe) for b in bidang]
    return {kunci for kunci, _ in pasang} | jawaban.turunan(pasang)


def periksa_bidang(bidang: Iterable[Pertanyaan], *, subjek: str) -> None:
    """Raise JenisTidakSah when fields contradict each other: keys taken twice, conditions on
    fields that are not there, a subject who is no person."""
    tipe: dict[str, str] = {}
    for b in bidang:
        _periksa_satu(b)
        if b.kunci in tipe:
            raise JenisTidakSah(f"Kunci “{b.kunci}” dipakai dua kali.", b.kunci)
        tipe[b.kunci] = b.tipe
    if bentrok := sorted(jawaban.turunan(tipe.items()) & (set(tipe) | templat.TETAP)):
        raise JenisTidakSah(
            f"Kunci “{bentrok[0]}” sudah dipakai untuk keterangan isian lain.", b.kunci
        )
    semua = {b.kunci: b for b in bidang}
    for b in bidang:
        if b.bila_kunci and (b.bila_kunci not in tipe or b.bila_kunci == b.kunci):
            raise JenisTidakSah(
                f"“{b.label}” menunjuk isian “{b.bila_kunci}” yang tidak ada.", b.kunci
            )
        _periksa_syarat(b, semua)
        for a in aturan.pendek(b, semua):
            if kata := aturan.salah(a, semua):
                raise JenisTidakSah(f"“{b.label}”: {kata}.", b.kunci)
    if subjek and tipe.get(subjek) not in jawaban.ORANG:
        raise JenisTidakSah(f"Yang diterangkan, “{subjek}”, bukan isian orang.")


def _periksa_aturan(ke: int, isi: dict[str, Any], semua: Mapping[str, Pertanyaan]) -> None:
    a = _periksa_baris(Aturan, _ambil(isi, KOLOM_ATURAN))
    kata, lain = aturan.salah(a, semua), semua.get(a.bila_kunci)
    pilihan = formulir.pilihan(lain) if lain else []
    if a.bila_kunci and (not lain or (pilihan and set(a.bila_nilai.split("|")) - set(pilihan))):
        kata = kata or f"“{a.bila_nilai}” tidak pernah menjadi jawaban “{a.bila_kunci}”"
    if kata:
        raise JenisTidakSah(f"Aturan ke-{ke}: {kata}.")


def yang_cocok(kini: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Rules, signers and forms of the document `kini` that fit the questions of another one."""
    baris = isian_dari(data)
    semua, tipe = {b.kunci: b for b in baris}, {b.kunci: b.tipe for b in baris}
    pilihan, nama = {b.kunci: formulir.pilihan(b) for b in baris}, nama_isian(baris)

    def cocok(apa: str, salah: Callable[[Any], object]) -> list[Any]:
        hasil = []
        for satu in kini[apa]:
            with suppress(JenisTidakSah):
                hasil += [] if salah(satu) else [satu]
        return hasil

    return {
        "aturan": cocok("aturan", lambda a: _periksa_aturan(0, a, semua)),
        "penanda": cocok("penanda", lambda p: penanda.periksa([p], tipe=tipe, nama=nama)),
        "formulir": cocok("formulir", lambda f: tawaran.salahnya([f], pilihan)),
    }


def _periksa_syarat(b: Pertanyaan, semua: Mapping[str, Pertanyaan]) -> None:
    """A condition must be able to come true: an answer that can be given, and no circle."""
    if not b.bila_kunci:
        return
    lain = semua[b.bila_kunci]
    boleh = formulir.pilihan(lain)
    if boleh and (asing := set(b.bila_nilai.split("|")) - set(boleh)):
        raise JenisTidakSah(
            f"“{b.label}”: “{min(asing)}” bukan pilihan dari “{lain.label}”.", b.kunci
        )
    dilalui = {b.kunci}
    while lain.bila_kunci and lain.bila_kunci in semua:
        if lain.kunci in dilalui:
            raise JenisTidakSah(f"“{b.label}” dan “{lain.label}” saling menunggu jawaban.", b.kunci)
        dilalui.add(lain.kunci)
        lain = semua[lain.bila_kunci]


def _periksa_satu(b: Pertanyaan) -> None:
    try:
        formulir.periksa_kunci(b.kunci)
    except formulir.KunciTidakSah as galat:
        raise JenisTidakSah(str(galat), b.kunci) from galat
    if not formulir.didukung(b.tipe):
        raise JenisTidakSah(f"Tipe “{b.tipe}” pada “{b.label}” tidak dikenal.", b.kunci)
    if b.tipe == "pilihan" and not (
        b.pilihan and all(isinstance(p, str) and p.strip() for p in b.pilihan)
    ):
        raise JenisTidakSah(f"“{b.label}” perlu daftar pilihan.", b.kunci)
    if b.bila_kunci and not b.bila_nilai:
        raise JenisTidakSah(f"“{b.label}”: tulis juga jawaban yang membuatnya ditanyakan.", b.kunci)


# --- Writing and reading --------------------------------------------------------------------------


@transaction.atomic
def tulis(
    data: dict[str, Any],
    *,
    jenis: JenisSurat | None = None,
    sidik: str = "",
    oleh: Akun | None = None,
    pada: datetime | None = None,
    catatan: str = "",
) -> JenisSurat:
    """Make `data` (checked by `periksa`) a letter type, or the new content of `jenis`.

    The wording becomes a new version when it or SUSUNAN differs; those in use are never touched.
    `sidik`: hash of the shipped file, its switches aside. `oleh`, `pada`: who changed it and
    when; nobody when the system itself loads a default. `catatan`: why, at a new version.
    """
    kolom = _ambil(data, KOLOM) | {k: "\n".join(data.get(k, [])) for k in _BERBARIS}
    kolom |= {"diubah_oleh": oleh, "diubah_pada": pada}
    kolom |= {"penanda": penanda.seragam(data.get("penanda", []))}
    if jenis is None:
        jenis = JenisSurat.objects.create(kode=data["kode"], **kolom)
    else:
        JenisSurat.objects.filter(pk=jenis.pk).update(**kolom, revisi=F("revisi") + 1)
        jenis.pertanyaan.all().delete()
        jenis.syarat.all().delete()
        jenis.aturan.all().delete()
    Pertanyaan.objects.bulk_create(
        Pertanyaan(jenis=jenis, urutan=i, **_ambil(b, KOLOM_PERTANYAAN))
        for i, b in enumerate(data["bidang"], start=1)
    )
    Syarat.objects.bulk_create(
        Syarat(jenis=jenis, urutan=i, **_ambil(s, KOLOM_SYARAT))
        for i, s in enumerate(data["syarat"], start=1)
    )
    Aturan.objects.bulk_create(
        Aturan(jenis=jenis, urutan=i, **_ambil(a, KOLOM_ATURAN))
        for i, a in enumerate(data.get("aturan", []), start=1)
    )
    _versi_baru(jenis, data, oleh=oleh, catatan=catatan)
    baru = lengkap().get(pk=jenis.pk)
    if sidik:
        baru.sidik_bawaan = baru.sidik_isi = sidik
        baru.save(update_fields=["sidik_bawaan", "sidik_isi"])
    return baru


def _versi_baru(
    jenis: JenisSurat, data: dict[str, Any], *, oleh: Akun | None, catatan: str
) -> None:
    isi = {
        "pembuka": data.get("pembuka", ""),
        "isi": "\n\n".join(data["isi"]),
        "penutup": data.get("penutup", ""),
        "susunan": susunan(seragam(data)),
    }
    lama = jenis.templat.order_by("-versi").first()
    beda = [k for k, v in isi.items() if lama is None or getattr(lama, k) != v]
    if lama and beda == ["susunan"]:
        apa = [v for k, v in SUSUNAN.items() if isi["susunan"][k] != (lama.susunan or {}).get(k)]
        catatan = catatan or f"Diubah: {', '.join(apa)}"
    if beda:
        versi = lama.versi + 1 if lama else 1
        Templat.objects.create(
            jenis=jenis, versi=versi, dibuat_oleh=oleh, catatan=catatan[:200], **isi
        )


def susunan(dokumen: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a document with a version of its wording."""
    return {k: dokumen[k] for k in SUSUNAN}


def baris_teks(teks: str) -> list[str]:
    """The lines of a box with one thing in each line."""
    return [b.strip() for b in teks.splitlines() if b.strip()]


def ekspor(jenis: JenisSurat) -> dict[str, Any]:
    """The type as a document; no query when it comes from `lengkap`."""
    versi = max(jenis.templat.all(), key=lambda t: t.versi)
    return {
        "kode": jenis.kode,
        **{k: getattr(jenis, k) for k in KOLOM},
        **{k: baris_teks(getattr(jenis, k)) for k in _BERBARIS},
        "aturan": [{k: getattr(a, k) for k in KOLOM_ATURAN} for a in jenis.aturan.all()],
        "bidang": [{k: getattr(b, k) for k in KOLOM_PERTANYAAN} for b in jenis.pertanyaan.all()],
        "syarat": [{k: getattr(s, k) for k in KOLOM_SYARAT} for s in jenis.syarat.all()],
        "pembuka": versi.pembuka,
        "isi": versi.isi.split("\n\n"),
        "penutup": versi.penutup,
    }


def _teks(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)


def sidik(data: dict[str, Any]) -> str:
    """Hash of what a document says, however its file is written."""
    isi = seragam(data)
    isi["bidang"] = [{k: v for k, v in b.items() if v or k not in _KEMUDIAN} for b in isi["bidang"]]
    for kunci in ("formulir", "aturan"):  # came later too
        if not isi[kunci]:
            del isi[kunci]
    return hashlib.sha256(_teks(isi).encode()).hexdigest()


def sidik_isi(jenis: JenisSurat) -> str:
    """Hash of everything that stands in the type now."""
    return sidik(ekspor(jenis))


def seragam(data: dict[str, Any]) -> dict[str, Any]:
    """A document in the form of an export: default values filled in, extras left out."""
    kosong = JenisSurat()
    baris, syarat, aturan_ = Pertanyaan(), Syarat(), Aturan()
    return {
        "kode": data["kode"],
        **{k: data.get(k, getattr(kosong, k)) for k in KOLOM},
        "penanda": penanda.seragam(data.get("penanda", [])),
        **{k: data.get(k, []) for k in _BERBARIS},
        "aturan": [
            {k: a.get(k, getattr(aturan_, k)) for k in KOLOM_ATURAN} for a in data.get("aturan", [])
        ],
        "bidang": [
            {k: b.get(k, getattr(baris, k)) for k in KOLOM_PERTANYAAN} for b in data["bidang"]
        ],
        "syarat": [{k: s.get(k, getattr(syarat, k)) for k in KOLOM_SYARAT} for s in data["syarat"]],
        "pembuka": data.get("pembuka", ""),
        "isi": data["isi"],
        "penutup": data.get("penutup", ""),
    }
