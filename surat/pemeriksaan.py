"""The public answer about a letter: genuine and valid, no longer valid, not yet signed, unknown."""

from dataclasses import dataclass
from datetime import date, datetime

from surat import tanggal as tgl
from surat.models import Surat

SAH = "SAH"
TIDAK_BERLAKU = "TIDAK_BERLAKU"
BELUM_DITANDATANGANI = "BELUM_DITANDATANGANI"


@dataclass(frozen=True)
class Hasil:
    keadaan: str
    keterangan: str
    nomor: str
    jenis: str
    tanggal: date
    penanda_tangan: str
    nama: str  # masked
    contoh: bool


def samarkan(nama: str) -> str:
    """I W•••• S•••••: enough to compare with the paper, not enough to learn a name."""
    return " ".join(kata[0] + "•" * (len(kata) - 1) for kata in nama.split())


def _keadaan(surat: Surat, hari: date) -> tuple[str, str]:
    if surat.batal_pada:
        sejak = tgl.panjang(tgl.di_wita(surat.batal_pada))
        return TIDAK_BERLAKU, f"Dibatalkan sejak {sejak} dan tidak boleh dipakai."
    if not hasattr(surat, "tanda_tangan"):
        return BELUM_DITANDATANGANI, "Surat ini belum ditandatangani, jadi belum berlaku."
    if surat.berlaku_sampai and surat.berlaku_sampai < hari:
        return TIDAK_BERLAKU, f"Masa berlakunya habis pada {tgl.panjang(surat.berlaku_sampai)}."
    if surat.berlaku_sampai:
        return SAH, f"Berlaku sampai {tgl.panjang(surat.berlaku_sampai)}."
    return SAH, "Berlaku tanpa batas waktu."


def periksa(kode: str, *, pada: datetime) -> Hasil | None:
    """What may be told about the letter with this check code, or None when there is none."""
    surat = Surat.objects.select_related("jenis", "tanda_tangan").filter(kode_cek=kode).first()
    if surat is None:
        return None
    keadaan, keterangan = _keadaan(surat, tgl.di_wita(pada))
    return Hasil(
        keadaan=keadaan,
        keterangan=keterangan,
        nomor=surat.nomor,
        jenis="Surat keterangan" if surat.jenis.data_sensitif else surat.jenis.nama,
        tanggal=surat.tanggal,
        penanda_tangan=surat.data["ttd"]["nama"],
        nama=samarkan(dict(surat.data["identitas"])["Nama"]),
        contoh=bool(surat.data["contoh"]),
    )
