"""The correction of a signed letter: a request of its own, filed by the office for the resident.

Nothing happens to the old letter until the new one is signed (surat.terbit.keadaan). Rejected,
cancelled or sent back, the correction leaves no trace on it.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from layanan.models import Berkas, Lampiran, Permohonan, Riwayat
from surat.bahasa import tanggal as tgl
from surat.isian import formulir
from surat.isian.jawaban import Jawaban
from surat.models import Surat
from surat.terbit import keadaan, pemeriksaan
from surat.terbit.keadaan import Keadaan

ALASAN_MIN, ALASAN_MAKS = 10, 300
K = keadaan.Kode
S = Permohonan.Status
_GUGUR = (S.DITOLAK, S.DIBATALKAN)


class TidakDapatDikoreksi(ValueError):
    """No correction is filed; the message says why."""


def permohonan_asal(surat: Surat) -> Permohonan | None:
    """The request that led to `surat`."""
    semua = Permohonan.objects.select_related("jenis", "pemohon__keluarga__banjar")
    return semua.filter(surat=surat).first()


def permohonan_koreksi(surat: Surat) -> Permohonan | None:
    """The correction of `surat` that is under way or done; at most one."""
    return Permohonan.objects.filter(menggantikan=surat).exclude(status__in=_GUGUR).first()


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


def tentang_surat_lama(permohonan: Permohonan, *, hari: date) -> str:
    """How it stands with the letter that `permohonan` is to correct, as a sentence for the office;
    empty when it corrects none. One query, and one more."""
    if permohonan.menggantikan_id is None:
        return ""
    lama = keadaan.lengkapi(Surat.objects.filter(pk=permohonan.menggantikan_id)).get()
    satu = keadaan.lihat(lama, hari=hari)
    sejak = tgl.panjang(satu.sejak) if satu.sejak else ""
    match satu.kode:
        case K.DICABUT:
            return f"Surat lama sudah dicabut pada {sejak}, jadi tidak berlaku lagi."
        case K.DIGANTI if satu.pengganti and satu.pengganti.pk != permohonan.surat_id:
            return f"Surat lama sudah diganti dengan surat nomor {satu.pengganti.nomor}."
        case K.DIGANTI:
            return f"Surat lama tidak berlaku lagi sejak {sejak}."
        case K.KEDALUWARSA:
            return f"Surat lama sudah kedaluwarsa sejak {sejak}."
    if permohonan.status in _GUGUR:
        return "Surat lama tetap berlaku; pengganti ini tidak jadi."
    return "Surat lama tetap berlaku sampai yang ini ditandatangani."


# --- The former letter's own material ------------------------------------------------------------


@dataclass(frozen=True)
class Terdahulu:
    """What an operator has added when the former letter was approved: number and date (ISO) of the
    kelian's covering letter, and sentences put otherwise, by key."""

    nomor: str = ""
    tanggal: str = ""
    suntingan: dict[str, dict[str, str]] = field(default_factory=dict)


def terdahulu(permohonan: Permohonan) -> Terdahulu:
    """For the approval of a request whose letter had been approved before: the letter that it
    corrects, or its own that was sent back."""
    setujui = Riwayat.objects.filter(langkah="setujui").order_by("-pk")
    sendiri = Q(permohonan=permohonan)
    lama = Q(surat=permohonan.menggantikan_id) if permohonan.menggantikan_id else sendiri
    riwayat = setujui.filter(sendiri | lama).first()
    if riwayat is None:
        return Terdahulu()
    pengantar = riwayat.rincian.get("pengantar", {})
    return Terdahulu(pengantar.get("nomor", ""), pengantar.get("tanggal", ""), riwayat.suntingan)


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
