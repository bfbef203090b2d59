""" "Kabari saya": the resident writes first, which proves the number and opens WhatsApp's free
window of 24 hours.

The page of a request shows a link that opens the chat with the village, the words "KABARI <code>"
already typed. Whoever sends them has seen the page of that request: it is told at the number they
came from. The code is made when its owner looks at the page, not at a press of a button: a plain
link is one tap instead of two, and a form that leads to another site is what form-action 'self'
forbids. Looking changes nothing about the request itself.
"""

import logging
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from layanan import transports
from layanan.kabar import panggilan
from layanan.kotak_keluar import notifikasi, persetujuan
from layanan.models import KodeKabari, Notifikasi, Percakapan, Permohonan, PersetujuanWA
from layanan.percakapan import siapa
from penduduk import desa
from penduduk.akun import penjagaan, throttle
from penduduk.identitas import telepon
from penduduk.models import Akun

log = logging.getLogger(__name__)

# 32 characters, no 0 O 1 I: 8 of them are 40 bits (docs/keamanan.md).
ALFABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PANJANG = 8
BERLAKU = timedelta(days=30)
BUKTI_BERLAKU = timedelta(hours=1)  # of a code that gives an account another number
SALAH_SEHARI = 5  # wrong codes of one number on one day (WITA); then nobody answers

_KATA = "KABARI"
_BATAS = throttle.Batas(
    jumlah=SALAH_SEHARI + 1, jeda=timedelta(0), paling_lama=timedelta(days=1), habis=SALAH_SEHARI
)


class KodeSalah(Exception):
    """No such code, or it was used, or its time is over."""


class BuktiSalah(KodeSalah):
    """A code of an account that was used, given up, or whose hour is over."""


class TanpaNomor(KodeSalah):
    """A code of an account, from a chat that does not show its number: it proves none."""


class SudahTutup(KodeSalah):
    """A code of a request that is closed: there is no news of it to come."""

    def __init__(self, permohonan: Permohonan) -> None:
        self.permohonan = permohonan


class TerlaluSering(Exception):
    """Too many wrong codes from this number today: say nothing at all."""


@dataclass(frozen=True)
class Tombol:
    """What the page of a request offers. `menonjol`: news does not reach the resident otherwise;
    `gagal`: the last message did not arrive."""

    tautan: str
    menonjol: bool
    gagal: bool


def tombol(permohonan: Permohonan, *, pada: datetime) -> Tombol | None:
    """None: the request is closed, or the village has no number yet."""
    nomor = nomor_desa()
    if not nomor or permohonan.status in Permohonan.AKHIR:
        return None
    gagal = _terakhir_gagal(permohonan)
    kata = quote(f"{_KATA} {_kode(BERLAKU, pada=pada, permohonan=permohonan)}")
    return Tombol(
        tautan=f"{settings.WA_ME_URL}/{nomor}?text={kata}",
        menonjol=gagal or not permohonan.kabari_wa,
        gagal=gagal,
    )


def tautan_bukti(akun: Akun, *, pada: datetime) -> str:
    """Address that opens the chat with a code by which the resident's number is proven: whoever
    sends it has seen the account's page. "" without a number to prove or a village number."""
    nomor = nomor_desa()
    if not nomor or not akun.nomor_calon:
        return ""
    kata = quote(f"{_KATA} {_kode(BUKTI_BERLAKU, pada=pada, akun=akun)}")
    return f"{settings.WA_ME_URL}/{nomor}?text={kata}"


def nomor_desa() -> str:
    """Digits of the number that messages come from; else what the village says; "" if unknown, or
    while nothing that is written there would reach us."""
    if not transports.tersambung():
        return ""
    pengirim = "".join(re.findall(r"\d", settings.TWILIO["from"]))
    if pengirim:
        return pengirim
    try:
        return telepon.rapikan(desa.ambil().nomor_wa).removeprefix("+")
    except telepon.NomorTidakSah:
        return ""


def tautan_mulai() -> str:
    """Address that opens the chat with MULAI already typed; "" without a village number."""
    nomor = nomor_desa()
    return f"{settings.WA_ME_URL}/{nomor}?text=MULAI" if nomor else ""


def tautan_ke(nomor_hp: str) -> str:
    """Address that opens a chat with this number, for an operator who answers a resident; "" for
    a chat without a number."""
    if not telepon.bernomor(nomor_hp):
        return ""
    return f"{settings.WA_ME_URL}/{nomor_hp.removeprefix('+')}"


def _terakhir_gagal(permohonan: Permohonan) -> bool:
    """Whether the last message about a step failed at the number that it is told at now."""
    terakhir = (
        Notifikasi.objects.untuk_warga()
        .filter(riwayat__permohonan=permohonan)
        .order_by("-pk")
        .first()
    )
    if terakhir is None or terakhir.ditangani_cara == Notifikasi.Cara.LANGSUNG:
        return False
    return permohonan.kabari_wa and terakhir.keadaan in Notifikasi.TAK_SAMPAI


def _kode(berlaku: timedelta, *, pada: datetime, **milik: Permohonan | Akun) -> str:
    """The code of a request or an account (`milik`) that is good now; a used or old one is
    replaced."""
    ada = KodeKabari.objects.filter(**milik).first()
    if ada and ada.dipakai_pada is None and ada.dibuat_pada > pada - berlaku:
        return ada.kode
    baru = buat()
    try:
        with transaction.atomic():
            if ada is None:
                KodeKabari.objects.create(**milik, kode=baru, dibuat_pada=pada)
            elif KodeKabari.objects.filter(pk=ada.pk, kode=ada.kode).update(
                kode=baru, dibuat_pada=pada, dipakai_pada=None
            ):
                return baru
    except IntegrityError:
        log.info("a code was made at the same moment")  # the page was opened twice
    return KodeKabari.objects.get(**milik).kode


def buat() -> str:
    return "".join(secrets.choice(ALFABET) for _ in range(PANJANG))


def baca(teks: str) -> str | None:
    """The code in "KABARI ABCD2345", however it is typed; None: these are other words."""
    rapi = unicodedata.normalize("NFKC", teks).upper()
    kata = re.findall(r"[^\W_]+", rapi)
    if not kata or not kata[0].startswith(_KATA):
        return None
    kode = "".join(kata).removeprefix(_KATA)
    salin = len(kode) == PANJANG and set(kode) <= set(ALFABET)
    mirip = salin or (any(c.isdigit() for c in kode) and 4 <= len(kode) <= 12)
    # "KABARI" alone: the code was lost on the way. "Kabari saya dong": somebody talks to us.
    return kode if mirip or not kode else None


def pakai(
    kode: str, *, dari: str, pada: datetime, chat: Percakapan | None = None
) -> Permohonan | Akun:
    """Use up a code that came from the number `dari`; returns the request, told there from now on,
    or the account whose number it is from now on.

    A `chat` whose address is no number becomes its applicant's as well: the code stands only on a
    page that they have logged in for.

    Raises KodeSalah (of which kind, where that is known), TerlaluSering. The same words once more
    from the same number (a tap too many) change nothing and are no mistake.
    """
    if not kode:
        raise KodeSalah
    kunci = throttle.sidik("kabari", f"{dari}:{timezone.localtime(pada).date()}")
    if not throttle.sisihkan(kunci, _BATAS, pada=pada, jenis="kabari"):
        log.warning("too many wrong codes from one number today: not answered")
        raise TerlaluSering
    tanpa_nomor = None if telepon.bernomor(dari) else chat
    nomor = tanpa_nomor.nomor_hp if tanpa_nomor else dari  # as far as the provider has told it
    try:
        milik = _buktikan(kode, dari=nomor, pada=pada) or _pasang(
            kode, dari=dari, pada=pada, chat=tanpa_nomor
        )
    except KodeSalah:  # a code of ours, only too late or of no use here: nobody has guessed
        throttle.kembalikan(kunci)
        raise
    if milik is None:
        raise KodeSalah
    throttle.kembalikan(kunci)
    return milik


@transaction.atomic
def _buktikan(kode: str, *, dari: str, pada: datetime) -> Akun | None:
    """The account whose page showed this code has the number it came from, whatever was typed
    there: a slip of the finger proves itself. None: it is no account's."""
    semua = KodeKabari.objects.select_related("akun").filter(akun__is_active=True)
    ada = semua.filter(kode=kode).first()
    akun = ada.akun if ada else None
    if ada is None or akun is None:
        return None
    if not telepon.bernomor(dari):
        raise TanpaNomor
    if ada.dipakai_pada and akun.nomor_hp == dari and not akun.dibekukan_pada:
        return akun
    lama = ada.dibuat_pada <= pada - BUKTI_BERLAKU
    sama = KodeKabari.objects.filter(pk=ada.pk, kode=kode, dipakai_pada__isnull=True)
    if lama or akun.dibekukan_pada or not akun.nomor_calon or not sama.update(dipakai_pada=pada):
        raise BuktiSalah  # given up meanwhile, or somebody was quicker
    penjagaan.ganti_nomor(akun, dari, pada=pada)
    penjagaan.usulkan_nomor(akun, "")
    return akun


@transaction.atomic
def _pasang(kode: str, *, dari: str, pada: datetime, chat: Percakapan | None) -> Permohonan | None:
    semua = KodeKabari.objects.select_related(
        "permohonan__pemohon__akun", "permohonan__surat", "permohonan__kabar_ke"
    )
    ada = semua.filter(kode=kode, dibuat_pada__gt=pada - BERLAKU).first()
    permohonan = ada.permohonan if ada else None
    if ada is None or permohonan is None:
        return None
    if ada.dipakai_pada and not (permohonan.kabari_wa and permohonan.alamat_kabar == dari):
        return None
    if permohonan.status in Permohonan.AKHIR:
        raise SudahTutup(permohonan)
    if ada.dipakai_pada:
        return permohonan
    sama = KodeKabari.objects.filter(pk=ada.pk, kode=kode, dipakai_pada__isnull=True)
    if not sama.update(dipakai_pada=pada):
        return None  # somebody was quicker
    permohonan.kabar_ke = chat
    if chat is None:
        permohonan.nomor_hp = dari
    Permohonan.objects.filter(pk=permohonan.pk).update(nomor_hp=permohonan.nomor_hp, kabar_ke=chat)
    akun: Akun | None = getattr(permohonan.pemohon, "akun", None)
    persetujuan.catat(
        akun,
        setuju=True,
        nomor_hp=dari,
        kanal=PersetujuanWA.Kanal.KABARI,
        pada=pada,
        permohonan=permohonan,
    )
    # What still waits goes to the number that is proven; the answer makes up for what failed.
    notifikasi.alihkan(permohonan, ke=dari, pada=pada)
    panggilan.dijawab_langsung(permohonan, pada=pada)
    if akun is not None and chat is not None and chat.akun_id is None:
        siapa.sambungkan(chat, akun, oleh=None, pada=pada)
    elif akun is not None and chat is None and (not akun.nomor_hp or dari == akun.nomor_calon):
        penjagaan.ganti_nomor(akun, dari, pada=pada)
    return permohonan
