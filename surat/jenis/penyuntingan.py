"""Changes of letter types by the office: whole, checked, and nobody overwrites a colleague
unknowingly.

Whoever saves says what he has seen: the revision of the type, or the version of its wording.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from penduduk.models import Akun
from surat.bahasa import huruf, templat
from surat.bahasa import tanggal as tgl
from surat.isian import jawaban
from surat.jenis import beda, berkas, sebutan
from surat.jenis.bentuk import BAGIAN_MAKS, JenisTidakSah, rapikan
from surat.models import JenisSurat, Templat

# Answers of running requests are kept as the type of their field stores them: one type can take
# the place of another only within a line.
_SEJENIS = (
    {"teks", "teks_panjang", "alamat", "nama", "pilihan"},
    {"angka", "tahun", "rupiah"},
)


class Keduluan(ValueError):
    """A colleague has changed the same in the meantime; the message says who and when."""


class TidakBerubah(ValueError):
    """The new wording is the present one."""


def versi_terbaru(jenis: JenisSurat) -> Templat:
    return jenis.templat.select_related("dibuat_oleh").order_by("-versi")[:1].get()


def sebut_waktu(oleh: Akun | None, pada: datetime | None) -> str:
    """oleh Admindesa, 24 November 2026 pukul 10.05"""
    siapa = f"oleh {oleh}" if oleh else "oleh sistem"
    if pada is None:
        return siapa
    saat = timezone.localtime(pada)
    return f"{siapa}, {tgl.panjang(saat)} pukul {saat:%H.%M} WITA"


def tawarkan(
    jenis: QuerySet[JenisSurat], *, ya: bool, oleh: Akun, pada: datetime
) -> list[JenisSurat]:
    """Offer types to residents, or no longer. Returns those that this changed."""
    berubah = [j for j in jenis if j.layanan_mandiri is not ya]
    JenisSurat.objects.filter(pk__in=[j.pk for j in berubah]).update(
        layanan_mandiri=ya, revisi=F("revisi") + 1, diubah_oleh=oleh, diubah_pada=pada
    )
    return berubah


# --- Settings, fields, papers ---------------------------------------------------------------------


@transaction.atomic
def buat(data: dict[str, Any], *, oleh: Akun, pada: datetime, catatan: str = "") -> JenisSurat:
    """A new type out of a document. Raises JenisTidakSah."""
    berkas.periksa(data)
    if JenisSurat.objects.filter(kode=data["kode"]).exists():
        raise JenisTidakSah(f"Kode “{data['kode']}” sudah dipakai jenis surat lain.")
    return berkas.tulis(data, oleh=oleh, pada=pada, catatan=catatan)


def dengan_kerangka(data: dict[str, Any]) -> dict[str, Any]:
    """A new type with words to begin with: it has to be printable from its first moment."""
    keperluan = any(b["kunci"] == "keperluan" for b in data["bidang"])
    isi = (
        "Surat ini dibuat untuk keperluan {{ keperluan }}."
        if keperluan
        else "Surat ini dibuat atas permintaan yang bersangkutan."
    )
    pernyataan = data["naskah"] == JenisSurat.Naskah.PERNYATAAN
    return data | {
        "penanda": data["penanda"] or [{"label": "Yang membuat pernyataan"}] * pernyataan,
        "pembuka": sebutan.PEMBUKA[data["naskah"]],
        "isi": [isi],
        "penutup": "Demikian surat ini dibuat untuk dapat dipergunakan sebagaimana mestinya.",
    }


@transaction.atomic
def simpan(
    jenis: JenisSurat,
    data: dict[str, Any],
    *,
    revisi: int,
    oleh: Akun,
    pada: datetime,
    catatan: str = "",
) -> JenisSurat:
    """Settings, fields and papers of `data` become those of `jenis`; its wording stays.

    `revisi`: what the editor has seen; `catatan`: why. Raises Keduluan, JenisTidakSah.
    """
    kini = _kunci(jenis, revisi)
    lama = berkas.ekspor(kini)
    baru = data | {k: lama[k] for k in ("kode", "pembuka", "isi", "penutup")}
    _periksa_hilang(lama, baru)
    _periksa_tipe(lama, baru)
    berkas.periksa(baru)
    return berkas.tulis(baru, jenis=kini, oleh=oleh, pada=pada, catatan=catatan)


def _kunci(jenis: JenisSurat, revisi: int) -> JenisSurat:
    """The type as it is now, held until the end of the transaction. Raises Keduluan."""
    kini = JenisSurat.objects.select_for_update().get(pk=jenis.pk)
    if kini.revisi != revisi:
        waktu = sebut_waktu(kini.diubah_oleh, kini.diubah_pada)
        raise Keduluan(
            f"“{kini.nama}” sudah diubah {waktu}. Isian Anda masih ada di bawah; bandingkan, "
            "lalu simpan lagi."
        )
    return kini


def _periksa_hilang(lama: dict[str, Any], baru: dict[str, Any]) -> None:
    """No field goes that the wording still uses."""
    ada = berkas.nama_isian(berkas.isian_dari(baru))
    tempat = dipakai({"judul": baru["judul"], **beda.kata(lama)})
    for b in lama["bidang"]:
        hilang = {b["kunci"], *jawaban.turunan([(b["kunci"], b["tipe"])])} - ada
        if terpakai := [nama for nama in tempat if nama in hilang]:
            raise JenisTidakSah(
                f"“{b['label']}” masih dipakai di {tempat[terpakai[0]]} sebagai "
                f"{{{{ {terpakai[0]} }}}}. Ubah kata-katanya dulu.",
                b["kunci"],
            )


def _periksa_tipe(lama: dict[str, Any], baru: dict[str, Any]) -> None:
    """Requests that are running have answered already: their answers must stay readable."""
    dulu = {b["kunci"]: b["tipe"] for b in lama["bidang"]}
    for b in baru["bidang"]:
        semula = dulu.get(b["kunci"], b["tipe"])
        if semula != b["tipe"] and not _dapat_ditukar(semula, b["tipe"]):
            raise JenisTidakSah(
                f"Bentuk jawaban “{b['label']}” tidak dapat diganti dari “{sebutan.tipe(semula)}” "
                f"ke “{sebutan.tipe(b['tipe'])}”, karena permohonan yang sedang berjalan sudah "
                "menjawabnya. Buat isian baru dengan nama sisipan lain.",
                b["kunci"],
            )


def _dapat_ditukar(semula: str, kini: str) -> bool:
    def baris(tipe: str) -> str:
        return "pilihan" if tipe.startswith("ref:") else tipe

    return any({baris(semula), baris(kini)} <= sejenis for sejenis in _SEJENIS)


def dipakai(teks: Mapping[str, str]) -> dict[str, str]:
    """Names in use, each with the place where it first stands."""
    sebut = {"judul": "Judul di kertas", **beda.BAGIAN}
    hasil: dict[str, str] = {}
    for kunci, isi in teks.items():
        for nama, baris in templat.dipakai(isi).items():
            hasil.setdefault(nama, f"{sebut[kunci]}, baris {baris}")
    return hasil


# --- Wording --------------------------------------------------------------------------------------


def temuan(kata: Mapping[str, str], nama: Iterable[str]) -> dict[str, list[str]]:
    """What is wrong with a wording (after `rapikan`), by box; each sentence says its line."""
    semua = {}
    for bagian, maks in BAGIAN_MAKS.items():
        teks, nama_ = kata[bagian], set(nama)
        salah = [f"Baris {g.baris}: {g}" for g in templat.temuan(teks, nama_)]
        salah += _tak_tercetak(teks)
        if len(teks) > maks:
            salah = [f"Paling panjang {maks} huruf, sekarang {len(teks)}."]
        if bagian == "isi" and not teks:
            salah = ["Isi surat belum ditulis."]
        if salah:
            semua[bagian] = salah
    return semua


_SISIPAN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_APA_ADANYA = re.compile(r"\{[^{}]*\}?|\}|</?[a-zA-Z][^<>]*>")


def tanpa_mandat(pembuka: str) -> str:
    """A sentence when an opening lets the head of the village speak, whoever signs."""
    ada = templat.dipakai(pembuka)
    if "sebutan_kepala" not in ada or "kedudukan_penanda_tangan" in ada:
        return ""
    return (
        "Pembuka selalu menyebut {{ sebutan_kepala }}, juga bila yang menandatangani pejabat lain "
        "(Plt., Plh.). Supaya mengikuti mandat, ganti “{{ sebutan_kepala }} {{ desa }}” dengan "
        "{{ kedudukan_penanda_tangan }}."
    )


def peringatan(jenis: JenisSurat, lama: Mapping[str, str], baru: Mapping[str, str]) -> list[str]:
    """What no longer makes sense in a wording that can be saved, compared with the present one."""
    kosong = [sebut for b, sebut in beda.BAGIAN.items() if lama[b] and not baru[b]]
    kalimat = [f"{sebut} surat menjadi kosong." for sebut in kosong]
    kalimat += [x] if (x := tanpa_mandat(baru["pembuka"])) else []
    dulu, kini = (dipakai({"judul": jenis.judul, **kata}).keys() for kata in (lama, baru))
    terpakai = {jenis.subjek} | {x[k] for x in jenis.penanda for k in ("siapa", "wali")}
    for b in jenis.pertanyaan.all():
        nama = {b.kunci, *jawaban.turunan([(b.kunci, b.tipe)])}
        if nama & dulu and not nama & kini and b.kunci not in terpakai:
            apa = "Jawaban wajib" if b.wajib else "Jawaban"
            kalimat.append(f"{apa} “{b.label}” tetap ditanyakan, tetapi tidak lagi dicetak.")
    hampa = set() if jenis.masa_berlaku_hari else {"berlaku_sampai"}
    if jenis.pengantar_kelian == JenisSurat.Pengantar.TIDAK:
        hampa |= {"no_pengantar", "tgl_pengantar"}
    kalimat += [f"Sisipan {{{{ {x} }}}} selalu kosong." for x in sorted(hampa & (kini - dulu))]
    sisa = _SISIPAN.sub("", "\n".join(baru.values()))
    return kalimat + [
        f"“{tanda}” akan tercetak apa adanya. Sisipan ditulis {{{{ nama }}}}; tanda HTML tidak "
        "dikenal."
        for tanda in dict.fromkeys(_APA_ADANYA.findall(sisa))
    ]


def _tak_tercetak(teks: str) -> list[str]:
    semua = enumerate(teks.split("\n"), start=1)
    baris = [str(nomor) for nomor, satu in semua if huruf.tak_tercetak(satu)]
    return [f"Baris {', '.join(baris)}: {huruf.tak_tercetak(teks)}"] if baris else []


@transaction.atomic
def simpan_kata(
    jenis: JenisSurat,
    kata: Mapping[str, str],
    *,
    dasar: int,
    catatan: str,
    oleh: Akun,
    pada: datetime,
) -> Templat:
    """A new version of the wording; the former ones stay for the letters that use them.

    `dasar`: the version that the writer has seen. Raises Keduluan, TidakBerubah, JenisTidakSah.
    """
    kini = JenisSurat.objects.select_for_update().get(pk=jenis.pk)
    terbaru = versi_terbaru(kini)
    if terbaru.versi != dasar:
        waktu = sebut_waktu(terbaru.dibuat_oleh, terbaru.dibuat_pada)
        raise Keduluan(
            f"Versi {terbaru.versi} baru saja disimpan {waktu}. Tulisan Anda masih ada di bawah; "
            "bandingkan, lalu simpan lagi."
        )
    baru: dict[str, Any] = {bagian: rapikan(kata[bagian]) for bagian in beda.BAGIAN}
    if all(getattr(terbaru, bagian) == teks for bagian, teks in baru.items()):
        raise TidakBerubah("Tidak ada kata yang berubah, jadi tidak ada versi baru.")
    dokumen = berkas.ekspor(kini)
    berkas.periksa(dokumen | baru | {"isi": baru["isi"].split("\n\n")})
    baru |= {"catatan": catatan[:200], "susunan": berkas.susunan(dokumen)}
    JenisSurat.objects.filter(pk=kini.pk).update(diubah_oleh=oleh, diubah_pada=pada)
    return Templat.objects.create(jenis=kini, versi=terbaru.versi + 1, dibuat_oleh=oleh, **baru)


# --- Whole documents ------------------------------------------------------------------------------


@transaction.atomic
def timpa(
    jenis: JenisSurat,
    data: dict[str, Any],
    *,
    revisi: int,
    dasar: int,
    oleh: Akun,
    pada: datetime,
    sidik: str = "",
    catatan: str = "",
) -> JenisSurat:
    """A whole document replaces a type: an import, or a newer default (then with its `sidik`).

    `revisi`, `dasar`: revision and version that were on the screen. Raises Keduluan, JenisTidakSah.
    """
    berkas.periksa(data)
    kini = _kunci(jenis, revisi)
    if versi_terbaru(kini).versi != dasar:
        raise Keduluan(f"Kata-kata “{kini.nama}” baru saja diubah rekan Anda. Periksa lagi.")
    _periksa_tipe(berkas.ekspor(kini), data)
    return berkas.tulis(data, jenis=kini, sidik=sidik, oleh=oleh, pada=pada, catatan=catatan)
