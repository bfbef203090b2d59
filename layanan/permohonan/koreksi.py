"""The correction of a signed letter: a request of its own, filed by the office for the resident.

Nothing happens to the old letter until the new one is signed (surat.terbit.keadaan). Rejected,
cancelled or sent back, the correction leaves no trace on it.
"""

from dataclasses import dataclass
from datetime import date

from layanan.models import Berkas, Lampiran, Permohonan
from surat.isian import formulir
from surat.isian.jawaban import Jawaban
from surat.models import Surat
from surat.terbit import keadaan, pemeriksaan
from surat.terbit.keadaan import Keadaan

ALASAN_MIN, ALASAN_MAKS = 10, 300
K = keadaan.Kode
S = Permohonan.Status


class TidakDapatDikoreksi(ValueError):
    """No correction is filed; the message says why."""


def permohonan_asal(surat: Surat) -> Permohonan | None:
    """The request that led to `surat`."""
    semua = Permohonan.objects.select_related("jenis", "pemohon__keluarga__banjar")
    return semua.filter(surat=surat).first()


def permohonan_koreksi(surat: Surat) -> Permohonan | None:
    """The correction of `surat` that is under way or done; at most one."""
    gugur = [S.DITOLAK, S.DIBATALKAN]
    return Permohonan.objects.filter(menggantikan=surat).exclude(status__in=gugur).first()


def halangan(surat: Surat, *, hari: date) -> str:
    """Why no correction of `surat` can be filed now; empty when it can."""
    match keadaan.lihat(surat, hari=hari).kode:
        case K.BATAL | K.BELUM_TTD:
            return (
                "Hanya surat yang sudah ditandatangani yang dikoreksi dengan surat pengganti. "
                "Sebelum itu, penanda tangan mengembalikannya."
            )
        case K.DICABUT:
            return "Surat yang sudah dicabut tidak dikoreksi. Warga mengajukan permohonan baru."
        case K.DIGANTI:
            return "Surat ini sudah diganti. Bila masih keliru, koreksi penggantinya."
    if terbuka := permohonan_koreksi(surat):
        return f"Surat ini sedang dikoreksi lewat permohonan {terbuka.nomor}."
    return ""


def periksa(surat: Surat, jawaban: Jawaban, alasan: str, *, hari: date) -> str:
    """The reason, tidied. Raises TidakDapatDikoreksi unless the correction can be filed."""
    if sebab := halangan(surat, hari=hari):
        raise TidakDapatDikoreksi(sebab)
    rapi = " ".join(alasan.split())
    if not ALASAN_MIN <= len(rapi) <= ALASAN_MAKS:
        raise TidakDapatDikoreksi(
            f"Tulis apa yang dikoreksi dan mengapa, {ALASAN_MIN} sampai {ALASAN_MAKS} huruf."
        )
    if kurang := formulir.belum_dijawab(surat.jenis, jawaban):
        raise TidakDapatDikoreksi(f"Isi dulu “{kurang[0].label}”.")
    return rapi


def salin_lampiran(asal: Permohonan, ke: Permohonan) -> None:
    """The papers of the former request, attached again; the files themselves are the same."""
    pakai = asal.lampiran.filter(diganti_pada__isnull=True)
    pakai = pakai.exclude(berkas__keadaan=Berkas.Keadaan.DITOLAK).order_by("pk")
    Lampiran.objects.bulk_create(
        Lampiran(permohonan=ke, syarat=x.syarat, berkas_id=x.berkas_id) for x in pakai
    )


# --- What the resident is told -------------------------------------------------------------------


@dataclass(frozen=True)
class Kabar:
    """How it stands with the letter of a request. `keadaan` and `kata`: once it is signed;
    `koreksi`: the request that corrects it; `asal`: the request whose letter this one corrects."""

    keadaan: Keadaan | None = None
    kata: str = ""
    koreksi: Permohonan | None = None
    asal: Permohonan | None = None

    @property
    def ditarik(self) -> bool:
        return self.keadaan is not None and self.keadaan.ditarik


def kabar(permohonan: Permohonan, *, hari: date) -> Kabar:
    """Two queries at most, when the letter came with what keadaan.lihat looks at."""
    asal = None
    if permohonan.menggantikan_id:
        asal = Permohonan.objects.filter(surat=permohonan.menggantikan_id).first()
    surat = permohonan.surat
    if surat is None or permohonan.status not in (S.SIAP_DIAMBIL, S.SELESAI):
        return Kabar(asal=asal)
    satu = keadaan.lihat(surat, hari=hari)
    return Kabar(satu, pemeriksaan.keterangan(surat, satu), permohonan_koreksi(surat), asal)
