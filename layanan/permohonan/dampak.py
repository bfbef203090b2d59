"""What a step does besides moving the status; always inside the step's transaction."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from layanan.models import Penyerahan, Permohonan
from layanan.permohonan import pengisian
from penduduk.models import Akun, Penduduk
from surat.bahasa import templat
from surat.buku import entri, nomor
from surat.models import Cetakan, Mandat, Surat, TandaTangan
from surat.naskah.susunan import Pengantar
from surat.terbit import keadaan, penerbitan


class BahanTidakSah(Exception):
    """Something the step needs is missing or wrong; the text is fit to be shown."""


@dataclass(frozen=True)
class Bahan:
    permohonan: Permohonan
    oleh: Akun | None
    pada: datetime
    catatan: str
    lain: dict[str, Any]


@dataclass(frozen=True)
class Dampak:
    perubahan: dict[str, Any] = field(default_factory=dict)  # columns of Permohonan
    rincian: dict[str, Any] = field(default_factory=dict)  # kept with the Riwayat row
    surat: Surat | None = None


def _petugas(bahan: Bahan) -> Akun:
    if bahan.oleh is None:
        raise BahanTidakSah("Langkah ini harus dilakukan seorang petugas.")
    return bahan.oleh


def _surat(bahan: Bahan) -> Surat:
    if bahan.permohonan.surat is None:
        raise BahanTidakSah("Surat belum diterbitkan.")
    return bahan.permohonan.surat


def minta_perbaikan(bahan: Bahan) -> Dampak:
    """`putusan`: list of {"apa": "syarat"|"isian", "kunci", "label", "alasan"}, at least one:
    the resident can mend only what is marked. A general note may stand in `catatan`."""
    putusan = bahan.lain.get("putusan", [])
    if not putusan:
        raise BahanTidakSah("Sebutkan dokumen atau isian mana yang perlu diperbaiki, dan mengapa.")
    if any(not p["alasan"].strip() for p in putusan):
        raise BahanTidakSah("Tulis alasan untuk setiap bagian yang perlu diperbaiki.")
    return Dampak(rincian={"putusan": putusan})


def ajukan_ulang(bahan: Bahan) -> Dampak:
    """`isian`: the mended answers; the former ones are kept in the history."""
    baru = bahan.lain.get("isian", bahan.permohonan.isian)
    lama = {k: v for k, v in bahan.permohonan.isian.items() if baru.get(k) != v}
    return Dampak(perubahan={"isian": baru}, rincian={"isian_lama": lama} if lama else {})


def setujui(bahan: Bahan) -> Dampak:
    """`mandat`: who will sign; `pengantar`: the kelian's covering letter (may be empty);
    `suntingan`: sentences as the operator has put them for the letter, by key of the field."""
    mandat: Mandat | None = bahan.lain.get("mandat")
    if mandat is None:
        raise BahanTidakSah("Pilih siapa yang akan menandatangani surat ini.")
    permohonan = bahan.permohonan
    suntingan = _suntingan(permohonan, bahan.lain.get("suntingan", {}))
    pemohon = Penduduk.objects.select_related("keluarga__banjar").get(pk=permohonan.pemohon_id)
    try:
        surat = penerbitan.terbitkan(
            jenis=permohonan.jenis,
            pemohon=pemohon,
            jawaban=permohonan.isian | suntingan,
            mandat=mandat,
            pengantar=bahan.lain.get("pengantar", Pengantar()),
            oleh=_petugas(bahan),
            pada=bahan.pada,
            menggantikan=permohonan.menggantikan,
        )
    except (templat.TemplatTidakSah, nomor.FormatNomorTidakSah) as galat:
        raise BahanTidakSah(f"Surat belum dapat diterbitkan. {galat}") from galat
    asal = permohonan.isian
    beda = {k: {"asal": asal[k], "jadi": v} for k, v in suntingan.items() if asal[k] != v}
    rincian = {"suntingan": beda} if beda else {}
    return Dampak(perubahan={"surat": surat}, rincian=rincian, surat=surat)


def _suntingan(permohonan: Permohonan, teks: dict[str, str]) -> dict[str, str]:
    """The operator's sentences; only free text can be put in other words, and some of it must."""
    boleh = {b.kunci: b for b, _ in pengisian.kalimat(permohonan)}
    if asing := set(teks) - set(boleh):
        raise BahanTidakSah(f"Isian “{min(asing)}” tidak dapat disunting.")
    belum = [b.label for k, b in boleh.items() if b.disunting and not teks.get(k, "").strip()]
    if belum:
        raise BahanTidakSah(f"Tulis dulu kalimat resmi untuk “{belum[0]}”.")
    return teks


def cetak(bahan: Bahan) -> Dampak:
    """Only when the PDF is stored: the resident must never be told of a letter without a file."""
    surat = _surat(bahan)
    cetakan = Cetakan.objects.filter(surat=surat, keadaan=Cetakan.Keadaan.SELESAI).first()
    if cetakan is None:
        raise BahanTidakSah("PDF surat belum selesai dibuat.")
    return Dampak(rincian={"sha256": cetakan.sha256}, surat=surat)


def kembalikan(bahan: Bahan) -> Dampak:
    """The letter becomes void; its number stays in the book with the reason."""
    surat = _surat(bahan)
    penerbitan.batalkan(surat, alasan=bahan.catatan, oleh=_petugas(bahan), pada=bahan.pada)
    return Dampak(perubahan={"surat": None}, surat=surat)


def tandatangani(bahan: Bahan) -> Dampak:
    """Signature record and pick-up code."""
    surat = _surat(bahan)
    TandaTangan.objects.create(
        surat=surat, mandat=surat.mandat, oleh=_petugas(bahan), pada=bahan.pada
    )
    return Dampak(perubahan={"kode_ambil": f"{secrets.randbelow(10**6):06}"}, surat=surat)


def halangan_serah(permohonan: Permohonan) -> str:
    """Why the letter must not leave the office any more; empty when it may. Read afresh: it may
    have been withdrawn, or its correction signed, a moment ago."""
    if permohonan.surat_id is None:
        return ""
    surat = keadaan.lengkapi(Surat.objects.filter(pk=permohonan.surat_id)).get()
    satu = keadaan.lihat(surat, hari=surat.tanggal)
    if satu.kode is keadaan.Kode.DICABUT:
        return "Surat ini sudah dicabut, jadi tidak boleh diserahkan. Simpan kertasnya di kantor."
    if satu.pengganti:
        return (
            f"Surat ini sudah diganti dengan surat nomor {satu.pengganti.nomor}. "
            "Serahkan surat yang baru."
        )
    return ""


def serahkan(bahan: Bahan) -> Dampak:
    """`penerima` (Penyerahan.Penerima), `nama`, `cara`: who took the letter and how identified."""
    if halangan := halangan_serah(bahan.permohonan):
        raise BahanTidakSah(halangan)
    penerima = bahan.lain.get("penerima", "")
    nama, cara = bahan.lain.get("nama", "").strip(), bahan.lain.get("cara", "").strip()
    if penerima not in Penyerahan.Penerima.values:
        raise BahanTidakSah("Pilih siapa yang mengambil surat.")
    if not nama or not cara:
        raise BahanTidakSah("Tulis nama yang mengambil dan cara Anda mengenalinya.")
    Penyerahan.objects.create(
        permohonan=bahan.permohonan,
        penerima=penerima,
        nama=nama,
        cara=cara,
        oleh=_petugas(bahan),
        pada=bahan.pada,
        ekspedisi=entri.catat(entri.EKSPEDISI, pada=bahan.pada),
    )
    return Dampak(rincian={"penerima": penerima}, surat=bahan.permohonan.surat)
