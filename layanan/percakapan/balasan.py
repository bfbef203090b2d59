"""Which answer follows which words of an incoming WhatsApp message."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from layanan.janji import janji as janji_
from layanan.kotak_keluar import persetujuan
from layanan.minta_pin import permintaan
from layanan.models import Percakapan, PermintaanPIN, Permohonan
from layanan.percakapan import foto, kabari, perbaikan, siapa
from layanan.percakapan.jawab import JEDA_MULAI, JEDA_SAMA, JEDA_UMUM, Balasan
from layanan.permohonan import koreksi
from penduduk.akun import penjagaan
from penduduk.identitas import telepon
from penduduk.models import Akun, KejadianAkun
from surat.bahasa import tanggal as tgl

K = PermintaanPIN.Keadaan
S = Permohonan.Status

# Openings by message: each gives strangers three guesses back (docs/keamanan.md).
BUKA_MAKS, BUKA_SELAMA = 3, timedelta(days=30)
STATUS_MAKS = 5  # requests that one answer tells of

# The state of a request as its owner reads it; never the pick-up code.
KEADAAN: dict[str, str] = {
    S.DIAJUKAN: "sudah kami terima dan menunggu diproses",
    S.DIPROSES: "sedang diproses",
    S.PERLU_PERBAIKAN: "perlu Anda perbaiki",
    S.DICETAK: "sedang diproses",
    S.MENUNGGU_TTD: "menunggu tanda tangan",
    S.SIAP_DIAMBIL: "siap diambil di kantor desa",
    S.SELESAI: "selesai, suratnya sudah diambil",
    S.DITOLAK: "ditolak",
    S.DIBATALKAN: "sudah dibatalkan",
}
_DITARIK = "selesai, tetapi suratnya tidak berlaku lagi"


# Words that may stand around a command and change nothing: any, STATUS, BERHENTI.
_SOPAN = frozenset(
    "mau minta tolong mohon saya pak bu bapak ibu kak min admin dong ya ini itu".upper().split()
)
_PENGISI = _SOPAN.union(
    "status cek lihat tanya bagaimana gimana surat permohonan pengajuan ku punya nomor no yang"
    "".upper().split()
)
_PENGISI_BERHENTI = _SOPAN.union("kirim mengirim pesan wa whatsapp".upper().split())
_NOMOR = re.compile(
    r"\b(?:(?P<p>P)[\s-]*(?:(?P<p_tahun>20\d\d)[\s/-]*)?|(?:(?P<tahun>20\d\d)[\s/-]+)?)"
    r"(?P<urut>\d{1,6})\b"
)


@dataclass(frozen=True)
class _Sebutan:
    """A figure that may be a request's number. `p`: with a P before it; `tahun`: "" without one;
    `sebut`: how it is called when it is not theirs."""

    p: bool
    tahun: str
    urut: str
    sebut: str

    @classmethod
    def dari(cls, cocok: re.Match[str]) -> "_Sebutan":
        tahun = cocok["p_tahun"] or cocok["tahun"] or ""
        urut = cocok["urut"]
        sebut = f"P-{tahun}-{int(urut):04}" if tahun else cocok[0]
        return cls(bool(cocok["p"]), tahun, urut, sebut)

    @property
    def jelas(self) -> bool:
        """Whether nothing but a request's number is written like this."""
        return self.p or bool(self.tahun) or (self.urut.startswith("0") and len(self.urut) >= 4)

    @property
    def lengkap(self) -> bool:
        """Whether it is written as our messages write it: whoever does so waits for an answer."""
        return self.p and (bool(self.tahun) or len(self.urut) >= 4)


def kata(teks: str, orang: Percakapan, *, pada: datetime) -> Balasan:
    """Do what these words ask for: a command, a choice, a code of "Kabari saya", or none."""
    lurus = unicodedata.normalize("NFKC", teks).upper()
    rapi = " ".join(re.findall(r"[^\W_]+", lurus))
    if perintah := _PERINTAH.get(rapi):
        return perintah(orang, pada=pada)
    if "?" not in lurus and _minta_berhenti(set(rapi.split())):
        return _berhenti(orang, pada=pada)
    if dipilih := foto.jawaban(orang, lurus, pada=pada):
        return dipilih
    if ditanya := _menyebut(lurus, orang, pada=pada):
        return ditanya
    kode = kabari.baca(teks)
    if kode is not None:
        return _kabari(kode, orang, pada=pada)
    if orang.pilihan:
        isi = {"pilihan": foto.sebut(orang.pilihan)}
        return Balasan("balas_pilih_lagi", isi, catat=True)
    if ada := permintaan.terbuka(siapa.kunci(orang)):
        # Words beside the photos are answered by what comes next; to whom the photos have gone,
        # words may be a question.
        satu = _langkah_kini(ada)
        jeda = JEDA_MULAI if satu == "balas_mulai" else JEDA_SAMA
        return Balasan(satu, permintaan=ada, jeda=jeda, catat=ada.keadaan == K.MENUNGGU)
    umum = "balas_umum" if siapa.dikenal(orang) else "balas_mulai"
    return Balasan(umum, jeda=JEDA_UMUM, catat=True)


def _langkah_kini(ada: PermintaanPIN) -> str:
    """The answer to mere words while a request is open: what comes next."""
    if ada.keadaan == K.MENUNGGU:
        return "balas_lengkap"
    return {"ktp": "balas_mulai", "kk": "balas_kk"}.get(
        permintaan.dokumen_berikut(ada), "balas_mulai"
    )


def konteks(ada: PermintaanPIN | None) -> dict[str, str]:
    """Which paper the next photo should show, in words."""
    kode = permintaan.dokumen_berikut(ada) if ada else "ktp"
    return {"dokumen": permintaan.DOKUMEN[kode if kode != "lain" else "ktp"]}


def keadaan(permohonan: Permohonan, *, hari: date) -> str:
    """The state in plain words, to follow "saat ini"."""
    if koreksi.kabar(permohonan, hari=hari).ditarik:
        return _DITARIK
    if permohonan.status == S.SIAP_DIAMBIL and permohonan.wakil_jenis:
        return f"siap diambil oleh {permohonan.pengambil}"
    return KEADAAN[permohonan.status]


# --- Commands: (chat, pada=) -> the answer ------------------------------------------------------


def _bukan_saya(orang: Percakapan, *, pada: datetime) -> Balasan:
    """Freeze every account of this chat whose PIN was issued or changed lately."""
    akun = penjagaan.baru_berganti(siapa.bentuk_nomor(orang.nomor_hp), pada=pada, juga=orang.akun)
    for satu in akun:
        penjagaan.bekukan(satu, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=pada)
    return Balasan("balas_dibekukan" if akun else "balas_tak_ada", utang=True)


def _buka(orang: Percakapan, *, pada: datetime) -> Balasan:
    """Let the resident try again from a new phone, a few times a month."""
    semua = [satu for satu in siapa.akun(orang) if satu.dibekukan_pada is None]
    sering = KejadianAkun.objects.filter(
        akun__in=semua,
        jenis=KejadianAkun.Jenis.DIBUKA,
        oleh__isnull=True,
        pada__gt=pada - BUKA_SELAMA,
    )
    terbuka = [a for a in semua if sering.filter(akun=a).count() < BUKA_MAKS]
    for satu in terbuka:
        penjagaan.buka(satu, pada=pada)
    # Without an account the same words as with one.
    return Balasan("balas_buka_cukup" if semua and not terbuka else "balas_dibuka", utang=True)


def _batal(orang: Percakapan, *, pada: datetime) -> Balasan:
    if foto.batalkan(orang):
        return Balasan("balas_foto_batal", utang=True)
    ada = permintaan.terbuka(siapa.kunci(orang))
    try:
        if ada:
            permintaan.batalkan(ada, pada=pada)
    except permintaan.SudahDiputus:
        ada = None  # an operator was quicker, and tells it
    return Balasan("balas_batal" if ada else "balas_batal_kosong", utang=True)


def _menyebut(lurus: str, orang: Percakapan, *, pada: datetime) -> Balasan | None:
    """How it stands with the requests that these words name. A mere question of state may name any
    of theirs, by any figure; among other words, which an operator reads as well, a whole number
    does, and an open one also by what can be nothing else. None: they ask for none."""
    sisa = set(re.sub(r"[^\w]+|_", " ", _NOMOR.sub(" ", lurus)).split())
    tanya, status = sisa <= _PENGISI, "STATUS" in sisa
    semua = [_Sebutan.dari(m) for m in _NOMOR.finditer(lurus)]
    # One to three figures alone are a choice, an age, a count.
    semua = [s for s in semua if status or s.jelas or len(s.urut) > 3]
    if not semua:
        return _status(orang, pada=pada) if tanya and status else None
    milik: dict[tuple[str, int], Permohonan] = {}
    semua_milik = siapa.permohonan(orang).order_by("pk")
    for satu in sorted(semua_milik, key=_terbuka):  # of one number in two years the open one
        _, tahun, urut = satu.nomor.split("-")
        milik[tahun, int(urut)] = milik["", int(urut)] = satu
    cocok = [(s, milik.get((s.tahun, int(s.urut)))) for s in semua]
    ada = [p for s, p in cocok if p and (tanya or s.lengkap or (s.jelas and _terbuka(p)))]
    if ada:
        return _jawab_status(list(dict.fromkeys(ada)), orang, pada=pada, catat=not tanya)
    # A figure alone may be anything; beside STATUS or a P it is a number that is not theirs.
    asing = next((s for s in semua if s.lengkap or (tanya and (status or s.p))), None)
    if asing is None:
        return None
    return Balasan("balas_status_asing", {"nomor": asing.sebut}, catat=not tanya, utang=True)


def _terbuka(satu: Permohonan) -> bool:
    return satu.status not in Permohonan.AKHIR


def _status(orang: Percakapan, *, pada: datetime) -> Balasan:
    """How it stands with all that are open; without any, with the last that was closed."""
    semua = siapa.permohonan(orang).order_by("-diperbarui_pada", "-pk")
    terbuka = list(semua.exclude(status__in=Permohonan.AKHIR)) or list(semua[:1])
    if not terbuka:
        return Balasan("balas_status_kosong", utang=True)
    return _jawab_status(terbuka, orang, pada=pada)


def _jawab_status(
    semua: list[Permohonan], orang: Percakapan, *, pada: datetime, catat: bool = False
) -> Balasan:
    sebut = siapa.sebut_jenis(orang)
    baris = [_baris(satu, sebut=sebut, hari=tgl.di_wita(pada)) for satu in semua[:STATUS_MAKS]]
    if len(semua) > STATUS_MAKS:
        lebih = len(semua) - STATUS_MAKS
        baris.append(f"Masih ada {lebih} permohonan lain yang berjalan.")
    return Balasan("balas_status", {"daftar": "\n".join(baris)}, catat=catat, utang=True)


def _baris(satu: Permohonan, *, sebut: bool, hari: date) -> str:
    nama = f" ({satu.jenis.nama})" if sebut and not satu.jenis.data_sensitif else ""
    janji = ""
    if satu.status in Permohonan.DIJANJIKAN:
        janji = f", selesai paling lambat {janji_.saat(satu)}"
    return f"Permohonan nomor {satu.nomor}{nama} saat ini {keadaan(satu, hari=hari)}{janji}."


def _minta_berhenti(kata: set[str]) -> bool:
    """Whether they say nothing but to stop."""
    return bool(kata & _STOP) and kata - _STOP <= _PENGISI_BERHENTI


def _berhenti(orang: Percakapan, *, pada: datetime) -> Balasan:
    for alamat in siapa.alamat(orang):
        persetujuan.berhenti(alamat, pada=pada, akun=siapa.akun(orang))
    return Balasan("balas_berhenti", utang=True)


def _mulai(orang: Percakapan, *, pada: datetime) -> Balasan:
    for alamat in siapa.alamat(orang):
        persetujuan.mulai(alamat, pada=pada, akun=siapa.akun(orang))
    return Balasan("balas_mulai_lagi", utang=True)


def _kabari(kode: str, orang: Percakapan, *, pada: datetime) -> Balasan:
    try:
        satu = kabari.pakai(kode, dari=orang.alamat, pada=pada, chat=orang)
    except kabari.TerlaluSering:
        return Balasan("", catat=True)
    except kabari.SudahTutup as galat:
        baris = _baris(galat.permohonan, sebut=False, hari=tgl.di_wita(pada))
        return Balasan("balas_status", {"daftar": baris}, utang=True)
    except kabari.BuktiSalah:
        return Balasan("balas_nomor_salah", utang=True)
    except kabari.TanpaNomor:
        return Balasan("balas_nomor_tak_tampak", utang=True)
    except kabari.KodeSalah:
        # "Kabari saya jam 10" reads like a code that was mistyped: an operator sees which it is.
        lain = bool(kode) and len(kode) != kabari.PANJANG
        return Balasan("balas_kabari_salah", catat=lain, utang=True)
    if isinstance(satu, Akun):
        return Balasan("balas_nomor", {"nomor_hp": telepon.tampil(satu.nomor_hp)}, utang=True)
    kini = keadaan(satu, hari=timezone.localtime(pada).date())
    return Balasan("balas_kabari", {"nomor": satu.nomor, "keadaan": kini}, utang=True)


_STOP = frozenset({"BERHENTI", "STOP", "UNSUBSCRIBE"})
_PERINTAH: dict[str, Callable[..., Balasan]] = {
    **dict.fromkeys(_STOP, _berhenti),
    "BUKAN SAYA": _bukan_saya,
    "BUKAN SAYA YANG MEMINTA": _bukan_saya,
    "BUKA": _buka,
    "BATAL": _batal,
    "STATUS": _status,
    "KIRIM": perbaikan.kirim,
    "MULAI": _mulai,
    "START": _mulai,
}
