"""The public answer about a letter: genuine and valid; genuine but replaced, expired or withdrawn;
not signed (yet, or ever); unknown. By its code, or by the SHA-256 of its PDF.

Nobody learns more than the paper in their hand tells: no full name, no NIK, no purpose, no name of
a delicate letter, no reason of the office for a void one.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import F, Q, QuerySet

from surat.bahasa import tanggal as tgl
from surat.models import Cetakan, Surat
from surat.terbit import keadaan as keadaan_
from surat.terbit import kode_cek

K = keadaan_.Kode
_SEKALI_HITUNG = timedelta(minutes=1)  # whoever asks again and again writes no more than this
# Where the SHA-256 of a letter's files stand, seen from the letter, and what such a file is.
_LAMPIRAN = "formulir__sha256"
BERKAS = {
    "cetakan__sha256": (
        "Isi berkas ini sama persis dengan surat yang dibuat desa. Berkas ini salinan tanpa tanda "
        "tangan basah; aslinya yang ditandatangani."
    ),
    _LAMPIRAN: (
        "Isi berkas ini sama persis dengan formulir yang dicetak desa bersama surat di bawah ini. "
        "Desa mengisinya dari data; yang memeriksa dan menerimanya Disdukcapil atau KUA."
    ),
}


@dataclass(frozen=True)
class Hasil:
    keadaan: str  # keadaan.Kode
    keterangan: str
    nomor: str
    jenis: str
    tanggal: date
    penanda_tangan: str
    nama: str  # masked
    contoh: bool
    kode: str  # as printed
    berkas: str = ""  # what the file is, see BERKAS
    lampiran: bool = False  # it is an official form that went with the letter


def samarkan(nama: str) -> str:
    """I W•••• S•••••: enough to compare with the paper, not enough to learn a name."""
    return " ".join(kata[0] + "•" * (len(kata) - 1) for kata in nama.split())


def _pengganti(surat: Surat | None) -> str:
    if surat is None:
        return ""
    ekor = ", yang kemudian dicabut" if surat.dicabut_pada else ""
    return f"surat nomor {surat.nomor} tanggal {tgl.panjang(surat.tanggal)}{ekor}"


def keterangan(surat: Surat, satu: keadaan_.Keadaan) -> str:
    """What the state of `surat` means, in words for everybody: since when, and why."""
    sejak = tgl.panjang(satu.sejak) if satu.sejak else ""
    pengganti = _pengganti(satu.pengganti)
    match satu.kode:
        case K.BATAL:
            return f"Dibatalkan sejak {sejak} sebelum ditandatangani, jadi tidak pernah berlaku."
        case K.BELUM_TTD:
            return "Surat ini belum ditandatangani, jadi belum berlaku."
        case K.DICABUT:
            ekor = f" Penggantinya {pengganti}." if pengganti else ""
            return f"Dicabut sejak {sejak}. Alasannya: {satu.alasan.rstrip('.')}.{ekor}"
        case K.DIGANTI:
            masih = satu.pengganti and not satu.pengganti.dicabut_pada
            ekor = " Mintalah surat yang baru." if masih else ""
            return f"Sejak {sejak} diganti dengan {pengganti}.{ekor}"
        case K.KEDALUWARSA if surat.berlaku_sampai:
            return f"Masa berlakunya habis pada {tgl.panjang(surat.berlaku_sampai)}."
    if surat.berlaku_sampai:
        return f"Berlaku sampai {tgl.panjang(surat.berlaku_sampai)}."
    return "Berlaku tanpa batas waktu."


def _hasil(daftar: QuerySet[Surat], hari: date) -> Hasil | None:
    surat = keadaan_.lengkapi(daftar.select_related("jenis")).first()
    if surat is None:
        return None
    satu = keadaan_.lihat(surat, hari=hari)
    return Hasil(
        keadaan=satu.kode.value,
        keterangan=keterangan(surat, satu),
        nomor=surat.nomor,
        jenis="Surat keterangan" if surat.jenis.data_sensitif else surat.jenis.nama,
        tanggal=surat.tanggal,
        penanda_tangan=surat.data["ttd"]["nama"],
        nama=samarkan(_nama(surat)),
        contoh=bool(surat.data["contoh"]),
        kode=kode_cek.tampil(surat.kode_cek),
    )


def _nama(surat: Surat) -> str:
    """The name on paper; letters from before the column `nama` have it in the frozen table only."""
    return surat.nama or dict(surat.data["identitas"]).get("Nama", "")


def periksa(kode: str, *, pada: datetime) -> Hasil | None:
    """What may be told about the letter with this check code, or None when there is none."""
    if not kode_cek.sah(kode):
        return None
    return _hasil(Surat.objects.filter(kode_cek=kode), tgl.di_wita(pada))


def periksa_sidik(sha256: str, *, pada: datetime) -> Hasil | None:
    """What may be told about the letter that has a stored file with this SHA-256; None for any
    other file, be it a scan, a photo, or a letter in which a single character was changed."""
    for kolom, kata in BERKAS.items() if sha256 else ():
        if hasil := _hasil(Surat.objects.filter(**{kolom: sha256}), tgl.di_wita(pada)):
            return replace(hasil, berkas=kata, lampiran=kolom == _LAMPIRAN)
    return None


def catat(hasil: Hasil, *, pada: datetime) -> None:
    """Count this check for the owner of the letter: how often, and when last; never by whom."""
    lama = Q(dicek_pada__isnull=True) | Q(dicek_pada__lt=pada - _SEKALI_HITUNG)
    satu = Surat.objects.filter(lama, kode_cek=kode_cek.rapikan(hasil.kode))
    satu.update(dicek=F("dicek") + 1, dicek_pada=pada)


# --- The file itself -----------------------------------------------------------------------------


def berkas_utuh(cetakan: Cetakan) -> bool | None:
    """Whether the stored PDF is still the one that was made: its SHA-256 is computed anew.
    None: the file is not there."""
    try:
        with default_storage.open(cetakan.berkas) as berkas:
            return hashlib.sha256(berkas.read()).hexdigest() == cetakan.sha256
    except OSError:
        return None
