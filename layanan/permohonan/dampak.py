"""What a step or an event does besides being recorded; always inside its transaction.

One class for each that does something: its fields are the material that whoever acts has to bring,
so that a step without its material is no program. The rows of layanan.permohonan.langkah name them.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from layanan.models import Penyerahan, Permohonan
from layanan.permohonan import pengisian, perbaikan
from penduduk.models import Akun, Penduduk
from surat.bahasa import tanggal as tgl
from surat.buku import entri
from surat.isian import formulir
from surat.isian.aturan import K as Kekuatan
from surat.isian.aturan import Temuan, sidik
from surat.isian.jawaban import Jawaban
from surat.models import Cetakan, Mandat, Surat, TandaTangan
from surat.naskah import susunan
from surat.naskah.susunan import Pengantar
from surat.terbit import keadaan, pencetakan, penerbitan

ALASAN_MIN, ALASAN_MAKS = 10, 300  # letters of the reason to go on
_BELUM_BERSURAT = "Surat belum diterbitkan."


class BahanTidakSah(Exception):
    """What was typed for it is incomplete or wrong; the text is fit to be shown."""


class Perubahan(TypedDict, total=False):
    """The columns of Permohonan, beside the status, that a step or an event may change."""

    surat: Surat | None
    isian: Jawaban
    kode_ambil: str
    mendesak: bool
    dicetak_pada: datetime | None


class Putusan(TypedDict):
    """What the operator says of one paper (`apa`: "syarat") or one answer ("isian")."""

    apa: str
    kunci: str
    label: str
    alasan: str


@dataclass(frozen=True)
class Kerja:
    """A step or an event that is being done: to what, by whom (None: the system), when, and why."""

    permohonan: Permohonan
    oleh: Akun | None
    pada: datetime
    catatan: str

    @property
    def petugas(self) -> Akun:
        if self.oleh is None:
            raise BahanTidakSah("Langkah ini harus dilakukan seorang petugas.")
        return self.oleh

    @property
    def surat(self) -> Surat:
        if self.permohonan.surat is None:
            raise BahanTidakSah(_BELUM_BERSURAT)
        return self.permohonan.surat


@dataclass(frozen=True)
class Dampak:
    """What came of it. `rincian`, `surat`: kept with the Riwayat row."""

    perubahan: Perubahan = field(default_factory=Perubahan)
    rincian: dict[str, object] = field(default_factory=dict)
    surat: Surat | None = None


@dataclass(frozen=True)
class Bahan:
    """No material, and nothing to do but to record it."""

    @classmethod
    def halangan(cls, permohonan: Permohonan) -> str:
        """Why not now, although status and person are right; empty when nothing stands against it.
        Draws the buttons, and is asked again when the row is locked."""
        return ""

    def dampak(self, kerja: Kerja) -> Dampak:
        """Do it. Raises BahanTidakSah."""
        return Dampak()


def _surat_kini(permohonan: Permohonan) -> Surat:
    """Its letter read afresh, with what keadaan.lihat looks at."""
    if permohonan.surat_id is None:
        raise BahanTidakSah(_BELUM_BERSURAT)
    return keadaan.lengkapi(Surat.objects.filter(pk=permohonan.surat_id)).get()


def _berkas_utuh(kerja: Kerja) -> bool:
    """Whether the stored file of the letter is the one that was made, or could be made again."""
    cetakan = Cetakan.objects.select_related("surat").get(surat=kerja.surat)
    return pencetakan.pastikan(cetakan, pada=kerja.pada)


# --- Steps ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MintaPerbaikan(Bahan):
    """At least one verdict with a reason: the resident can mend only what is marked. A general note
    may stand in `catatan`."""

    putusan: list[Putusan]

    def dampak(self, kerja: Kerja) -> Dampak:
        if not self.putusan:
            raise BahanTidakSah(
                "Sebutkan dokumen atau isian mana yang perlu diperbaiki, dan mengapa."
            )
        if any(not p["alasan"].strip() for p in self.putusan):
            raise BahanTidakSah("Tulis alasan untuk setiap bagian yang perlu diperbaiki.")
        return Dampak(rincian={"putusan": self.putusan})


@dataclass(frozen=True)
class AjukanUlang(Bahan):
    """All answers, mended; the former ones are kept in the history. Each paper that was asked for
    must have come, and not have been found useless."""

    isian: Jawaban

    def dampak(self, kerja: Kerja) -> Dampak:
        # Read while the row is locked: nothing is attached meanwhile.
        for satu in perbaikan.dokumen(kerja.permohonan):
            if not satu.sudah:
                raise BahanTidakSah(f"{satu.label}: {satu.kurang}")
        lama = {k: v for k, v in kerja.permohonan.isian.items() if self.isian.get(k) != v}
        rincian: dict[str, object] = {"isian_lama": lama} if lama else {}
        return Dampak(perubahan={"isian": self.isian}, rincian=rincian)


@dataclass(frozen=True)
class Setujui(Bahan):
    """`mandat`: who will sign; `pengantar`: the kelian's covering letter (may be empty);
    `suntingan`: sentences as the operator has put them for the letter, by key of the field;
    `alasan`: why it is issued although it contradicts something, read by the signer; `dilihat`:
    the digest of what its writer has read (aturan.sidik), None without a page."""

    mandat: Mandat
    pengantar: Pengantar = field(default_factory=Pengantar)
    suntingan: dict[str, str] = field(default_factory=dict)
    alasan: str = ""
    dilihat: str | None = None

    def _surat(self, permohonan: Permohonan, pada: datetime) -> tuple[susunan.Bahan, list[Temuan]]:
        """What the letter is made of, and what it contradicts; the date on paper is the day of
        `pada` in WITA."""
        self._periksa_suntingan(permohonan)
        warga = Penduduk.objects.select_related("keluarga__banjar")
        pemohon, jawaban = warga.get(pk=permohonan.pemohon_id), permohonan.isian | self.suntingan
        tanggal = tgl.di_wita(pada)
        semua, orang = pengisian.temuan(
            permohonan.jenis, jawaban, pemohon=pemohon, hari=tanggal, pengantar=self.pengantar
        )
        melawan = any(t.melawan_data for t in semua if t.kekuatan == Kekuatan.BERTENTANGAN)
        bahan = susunan.Bahan(
            jenis=permohonan.jenis,
            templat=penerbitan.templat_berlaku(permohonan.jenis),
            pemohon=pemohon,
            jawaban=jawaban,
            mandat=self.mandat,
            pengantar=self.pengantar,
            tanggal=tanggal,
            menggantikan=permohonan.menggantikan,
            penduduk=orang,
            sesuai_data=not melawan,
        )
        return bahan, semua

    def draf(self, permohonan: Permohonan, *, pada: datetime) -> dict[str, Any]:
        """The letter as this step would freeze it at `pada`; nothing is kept. Raises
        BahanTidakSah."""
        try:
            return penerbitan.draf(self._surat(permohonan, pada)[0])
        except penerbitan.TIDAK_DAPAT as galat:
            raise BahanTidakSah(str(galat)) from galat

    def dampak(self, kerja: Kerja) -> Dampak:
        permohonan = kerja.permohonan
        try:
            bahan, semua = self._surat(permohonan, kerja.pada)
            lanjut = self._periksa_temuan(semua)
            surat = penerbitan.terbitkan(
                bahan,
                oleh=kerja.petugas,
                pada=kerja.pada,
                formulir=permohonan.formulir,
                syarat=permohonan.syarat_terkumpul,
            )
        except penerbitan.TIDAK_DAPAT as galat:
            raise BahanTidakSah(f"Surat belum dapat diterbitkan. {galat}") from galat
        asal = permohonan.isian
        beda = {k: {"asal": asal[k], "jadi": v} for k, v in self.suntingan.items() if asal[k] != v}
        rincian: dict[str, object] = {"suntingan": beda} if beda else {}
        if lanjut:
            kata = [t.teks for t in lanjut]
            rincian["bertentangan"] = {"kata": kata, "alasan": " ".join(self.alasan.split())}
        if self.pengantar.nomor:  # a correction of this letter begins with it
            hari = self.pengantar.tanggal
            rincian["pengantar"] = {
                "nomor": self.pengantar.nomor,
                "tanggal": hari.isoformat() if hari else "",
            }
        return Dampak(perubahan={"surat": surat}, rincian=rincian, surat=surat)

    def _periksa_temuan(self, semua: list[Temuan]) -> list[Temuan]:
        """What the letter is issued in spite of. Raises BahanTidakSah when it must not be, or when
        nobody has said why."""
        if tolak := [str(t) for t in semua if t.kekuatan == Kekuatan.TOLAK]:
            raise BahanTidakSah(f"Surat tidak dapat diterbitkan. {' '.join(tolak)}")
        lanjut = [t for t in semua if t.kekuatan == Kekuatan.BERTENTANGAN]
        if lanjut and len(self.alasan.strip()) < ALASAN_MIN:
            raise BahanTidakSah(
                f"{' '.join(map(str, lanjut))} Bila surat tetap benar, tulis sebabnya di “Tetap "
                f"diterbitkan karena”, paling sedikit {ALASAN_MIN} huruf."
            )
        if lanjut and self.dilihat not in (None, sidik(semua)):
            raise BahanTidakSah(
                "Yang bertentangan sudah berubah sejak halaman ini dibuka, jadi alasan Anda belum "
                "dipakai. Baca lagi daftarnya, lalu setujui bila alasannya tetap benar."
            )
        return lanjut

    def _periksa_suntingan(self, permohonan: Permohonan) -> None:
        """Only free text can be put in other words, and some of it must; nothing is missing."""
        if kurang := formulir.belum_dijawab(permohonan.jenis, permohonan.isian):
            raise BahanTidakSah(
                f"Isian wajib “{kurang[0].label}” belum dijawab. Minta perbaikan kepada warga."
            )
        boleh = {b.kunci: b for b, _ in pengisian.kalimat(permohonan)}
        if asing := set(self.suntingan) - set(boleh):
            raise BahanTidakSah(f"Isian “{min(asing)}” tidak dapat disunting.")
        for kunci, bidang in boleh.items():
            if bidang.disunting and not self.suntingan.get(kunci, "").strip():
                raise BahanTidakSah(f"Tulis dulu kalimat resmi untuk “{bidang.label}”.")


@dataclass(frozen=True)
class Cetak(Bahan):
    """Only when the PDF is stored: the resident must never be told of a letter without a file."""

    def dampak(self, kerja: Kerja) -> Dampak:
        surat = kerja.surat
        cetakan = Cetakan.objects.filter(surat=surat, keadaan=Cetakan.Keadaan.SELESAI).first()
        if cetakan is None:
            raise BahanTidakSah("PDF surat belum selesai dibuat.")
        return Dampak(rincian={"sha256": cetakan.sha256}, surat=surat)


@dataclass(frozen=True)
class Kembalikan(Bahan):
    """The letter becomes void; its number stays in the register with the reason."""

    def dampak(self, kerja: Kerja) -> Dampak:
        surat = kerja.surat
        penerbitan.batalkan(surat, alasan=kerja.catatan, oleh=kerja.petugas, pada=kerja.pada)
        return Dampak(perubahan={"surat": None, "dicetak_pada": None}, surat=surat)


@dataclass(frozen=True)
class Tandatangani(Bahan):
    """Signature record and pick-up code."""

    def dampak(self, kerja: Kerja) -> Dampak:
        surat = kerja.surat
        if not _berkas_utuh(kerja):
            raise BahanTidakSah(
                "Berkas surat ini di server hilang atau berubah sejak dicetak. Jangan "
                "ditandatangani: kembalikan ke operator, supaya surat diterbitkan ulang."
            )
        TandaTangan.objects.create(
            surat=surat, mandat=surat.mandat, oleh=kerja.petugas, pada=kerja.pada
        )
        return Dampak(perubahan={"kode_ambil": f"{secrets.randbelow(10**6):06}"}, surat=surat)


@dataclass(frozen=True)
class Serahkan(Bahan):
    """`penerima` (Penyerahan.Penerima), `nama`, `cara`: who took the letter and how identified."""

    penerima: str
    nama: str
    cara: str

    @classmethod
    def halangan(cls, permohonan: Permohonan) -> str:
        """The letter may have been withdrawn, or its correction signed, a moment ago; then it must
        not leave the office any more."""
        surat = _surat_kini(permohonan)
        satu = keadaan.lihat(surat, hari=surat.tanggal)
        if satu.kode is keadaan.Kode.DICABUT:
            return (
                "Surat ini sudah dicabut, jadi tidak boleh diserahkan. Simpan kertasnya di kantor."
            )
        if satu.pengganti and satu.pengganti.dicabut_pada:
            return (
                f"Surat ini sudah diganti dengan surat nomor {satu.pengganti.nomor}, yang sudah "
                "dicabut. Simpan kertasnya di kantor."
            )
        if satu.pengganti:
            return (
                f"Surat ini sudah diganti dengan surat nomor {satu.pengganti.nomor}. "
                "Serahkan surat yang baru."
            )
        return ""

    def dampak(self, kerja: Kerja) -> Dampak:
        nama, cara = self.nama.strip(), self.cara.strip()
        if self.penerima not in Penyerahan.Penerima.values:
            raise BahanTidakSah("Pilih siapa yang mengambil surat.")
        if not nama or not cara:
            raise BahanTidakSah("Tulis nama yang mengambil dan cara Anda mengenalinya.")
        # What is handed over is the paper; a file that is gone is told to the office by its row.
        _berkas_utuh(kerja)
        Penyerahan.objects.create(
            permohonan=kerja.permohonan,
            penerima=self.penerima,
            nama=nama,
            cara=cara,
            oleh=kerja.petugas,
            pada=kerja.pada,
            ekspedisi=entri.catat(entri.EKSPEDISI, pada=kerja.pada),
        )
        return Dampak(rincian={"penerima": self.penerima}, surat=kerja.permohonan.surat)


# --- Events --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mendesak(Bahan):
    @classmethod
    def halangan(cls, permohonan: Permohonan) -> str:
        if not permohonan.mendesak:
            return ""
        return "Permohonan ini sudah ditandai mendesak. Mungkin petugas lain lebih dulu."

    def dampak(self, kerja: Kerja) -> Dampak:
        return Dampak(perubahan={"mendesak": True})


@dataclass(frozen=True)
class LepasMendesak(Bahan):
    @classmethod
    def halangan(cls, permohonan: Permohonan) -> str:
        if permohonan.mendesak:
            return ""
        return "Permohonan ini tidak bertanda mendesak. Mungkin petugas lain lebih dulu."

    def dampak(self, kerja: Kerja) -> Dampak:
        return Dampak(perubahan={"mendesak": False})


@dataclass(frozen=True)
class CetakKertas(Bahan):
    def dampak(self, kerja: Kerja) -> Dampak:
        return Dampak(perubahan={"dicetak_pada": kerja.pada}, surat=kerja.surat)


@dataclass(frozen=True)
class Cabut(Bahan):
    """The signed letter is withdrawn, in public; its reason is read by everybody."""

    @classmethod
    def halangan(cls, permohonan: Permohonan) -> str:
        surat = _surat_kini(permohonan)
        return penerbitan.halangan_cabut(surat, hari=surat.tanggal)

    def dampak(self, kerja: Kerja) -> Dampak:
        surat = kerja.surat
        try:
            penerbitan.cabut(surat, alasan=kerja.catatan, oleh=kerja.petugas, pada=kerja.pada)
        except penerbitan.TidakDapatDicabut as galat:
            raise BahanTidakSah(str(galat)) from galat
        return Dampak(surat=surat)
