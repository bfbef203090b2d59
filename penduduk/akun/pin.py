"""PINs of residents: issue, check, change. The clear PIN exists only in the caller's hand."""

import secrets
import string
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, get_hasher, make_password
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from penduduk.akun import penjagaan, sesi
from penduduk.identitas import nik as nik_
from penduduk.models import Akun, KejadianAkun, Penduduk, PINTerpakai

PANJANG = 6
MASA_PIN_AWAL = timedelta(hours=72)
MASA_SLIP = timedelta(days=14)  # start codes on paper travel by way of the kelian
# A one-time PIN stays good for this long after its first use: on bad mobile data the answer to
# the first login may never have arrived.
TENGGANG_PIN_AWAL = timedelta(minutes=15)
HASHER = "pin_argon2"
_PANJANG_GARAM = 22  # as Django's own
BER_PIN = Q(password__startswith=f"{HASHER}$")  # accounts to which a PIN was ever given
_URUT = (string.digits * 2, (string.digits * 2)[::-1])
# Straight lines on a telephone's keys, both ways: 789456, 147258, 159753 are among the most
# common PINs (Markert et al., "This PIN Can Be Easily Guessed", IEEE S&P 2020).
_GARIS = ("123", "456", "789", "147", "258", "369", "159", "357")
_LURUS = frozenset(_GARIS) | frozenset(garis[::-1] for garis in _GARIS)
# Each digit as far from the one before it (246802), or each pair (102030).
_DERET = frozenset(
    "".join(str((awal + n * langkah) % 10) for n in range(6))
    for awal in range(10)
    for langkah in range(10)
) | frozenset(
    f"{awal:02}{awal + loncat:02}{awal + 2 * loncat:02}"
    for loncat in (-11, -10, -1, 1, 10, 11)
    for awal in range(100)
    if 0 <= awal + 2 * loncat < 100
)
# Common ones that no rule below catches (same study; DataGenetics, "PIN analysis").
_SERING = frozenset(("135790", "246810", "131420", "147896", "123698", "789632", "314159"))


class PINLemah(ValueError):
    """The PIN is easy to guess, or known from before; the message says why and what to do."""


PERNAH = "PIN ini sudah pernah dipakai di akun Anda. Pilih PIN lain yang belum pernah dipakai."


class TidakBisaMasuk(ValueError):
    """This resident cannot be given a PIN (no valid NIK, not among the living, frozen)."""


def periksa_kekuatan(pin: str, *, nik: str, tanggal_lahir: date | None) -> None:
    """Raise PINLemah when `pin` is guessable from habit or from the identity card."""
    if len(pin) != PANJANG or not (pin.isascii() and pin.isdigit()):
        raise PINLemah(f"PIN harus {PANJANG} angka.")
    if any(pin in urut for urut in _URUT):
        raise PINLemah("PIN berurutan mudah ditebak. Pilih angka yang acak.")
    # 112233 and its like are pairs: the even digits equal the odd ones.
    if len(set(pin)) <= 2 or pin[:3] == pin[3:] or pin[::2] == pin[1::2]:
        raise PINLemah("PIN berulang mudah ditebak. Pilih angka yang acak.")
    if tanggal_lahir and pin in {
        tanggal_lahir.strftime(pola)
        for pola in ("%d%m%y", "%m%d%y", "%y%m%d", "%y%d%m", "%d%Y", "%m%Y", "%Y%m", "%Y%d")
    }:
        raise PINLemah("PIN tidak boleh tanggal lahir Anda. Pilih angka yang acak.")
    if pin in nik:
        raise PINLemah("PIN tidak boleh bagian dari NIK Anda. Pilih angka yang acak.")
    if _berpola(pin):
        raise PINLemah("Pola angka ini sering dipakai orang. Pilih angka yang acak.")
    if _tanggal(pin):
        raise PINLemah(
            "PIN tidak boleh berupa tanggal: hari lahir keluarga mudah ditebak. "
            "Pilih angka yang acak."
        )


def _berpola(pin: str) -> bool:
    """Patterns of the hand or of counting: 123321, 159753, 142536, 246802, 102030, …"""
    return (
        pin == pin[::-1]
        or pin in _DERET
        or (pin[:3] in _LURUS and pin[3:] in _LURUS)
        or (pin[::2] in _LURUS and pin[1::2] in _LURUS)
        or pin in _SERING
    )


def _tanggal(pin: str) -> bool:
    """DDMMYY, YYMMDD, MMYYYY or YYYYMM: dates are what people remember, and families share."""
    a, b, c = pin[:2], pin[2:4], pin[4:]
    abad = ("19", "20")
    return (
        (_hari(a) and _bulan(b))
        or (_bulan(b) and _hari(c))
        or (_bulan(a) and b in abad)
        or (a in abad and _bulan(c))
    )


def _hari(dua: str) -> bool:
    return "01" <= dua <= "31"


def _bulan(dua: str) -> bool:
    return "01" <= dua <= "12"


def acak(*, nik: str, tanggal_lahir: date | None) -> str:
    """A random PIN that is not weak for this person."""
    while True:
        pin = f"{secrets.randbelow(10**PANJANG):0{PANJANG}}"
        try:
            periksa_kekuatan(pin, nik=nik, tanggal_lahir=tanggal_lahir)
        except PINLemah:
            continue
        return pin


def _sandi(akun: Akun, pin: str) -> str:
    # The account is part of the secret: equal PINs never share a hash input.
    return f"{akun.pk}:{pin}"


def akun_untuk(penduduk: Penduduk) -> Akun:
    """The resident's account, opened if needed; what a PIN can be issued for.

    Raises TidakBisaMasuk when the register holds no usable NIK, the person is not alive, or the
    account is frozen: its sentence tells the operator what to do first.
    """
    if penduduk.status_dasar != Penduduk.HIDUP:
        raise TidakBisaMasuk("Penduduk ini tidak berstatus hidup, jadi tidak dapat diberi PIN.")
    if not penduduk.nik or not nik_.sah(penduduk.nik):
        raise TidakBisaMasuk(
            "NIK penduduk ini kosong atau sementara. Perbaiki NIK lebih dulu, lalu terbitkan PIN."
        )
    akun, _ = Akun.objects.get_or_create(penduduk=penduduk)
    if akun.dibekukan_pada is not None:
        raise TidakBisaMasuk(
            "Akun warga ini sedang dikunci. Pastikan siapa yang meminta, buka kuncinya, lalu "
            "terbitkan PIN."
        )
    return akun


def terbitkan(penduduk: Penduduk, *, pada: datetime, masa: timedelta = MASA_PIN_AWAL) -> str:
    """Return a fresh one-time PIN of the resident, valid for `masa`; raises as `akun_untuk`, and
    when the account changed at the same moment. The caller records the event."""
    akun = akun_untuk(penduduk)
    pin, hash_pin = buat(akun)
    if not pasang_awal(akun, hash_pin, lama=akun.password, berlaku_sampai=pada + masa):
        raise TidakBisaMasuk(
            "Akun warga ini baru saja berubah atau dinonaktifkan. Periksa lagi, lalu terbitkan PIN."
        )
    return pin


def pasang(
    akun: Akun, pin: str, *, berlaku_sampai: datetime | None, garam: str | None = None
) -> None:
    """Store `pin` (not weak) for `akun`: one-time until `berlaku_sampai`, lasting when None.

    `garam`: a fixed salt, only for the public PINs of the demo; everybody else gets a random one.
    """
    _simpan(akun, olah(akun, pin, garam=garam), berlaku_sampai=berlaku_sampai)


def _simpan(akun: Akun, hash_pin: str, *, berlaku_sampai: datetime | None) -> None:
    akun.password = hash_pin
    akun.wajib_ganti_pin = berlaku_sampai is not None
    akun.pin_berlaku_sampai = berlaku_sampai
    akun.save(update_fields=["password", "wajib_ganti_pin", "pin_berlaku_sampai"])
    _ingat(akun, hash_pin)


def _ingat(akun: Akun, hash_pin: str) -> None:
    """Keep the hash for good: this PIN has been in other hands, or at least on other screens."""
    PINTerpakai.objects.bulk_create([PINTerpakai(akun=akun, sandi=hash_pin)], ignore_conflicts=True)


def _pernah(akun: Akun, pin: str, hash_pin: str) -> bool:
    """Whether `pin`, hashed as `olah` does, was ever stored for `akun`.

    Hashes with the account's own salt are compared as text, so this costs nothing; only those of
    another salt or pepper (from former releases, and after a change of pepper) are computed.
    """
    cara = hash_pin.rpartition("$")[0]
    semua = list(akun.pin_terpakai.values_list("sandi", flat=True))
    asing = (satu for satu in semua if satu.rpartition("$")[0] != cara)
    hasher, sandi = get_hasher(HASHER), _sandi(akun, pin)
    return hash_pin in semua or any(hasher.verify(sandi, satu) for satu in asing)


def buat(akun: Akun) -> tuple[str, str]:
    """A random PIN for the resident's account `akun`, neither weak nor one of before, and its
    hash for `pasang_awal`."""
    orang = akun.warga
    while True:
        pin = acak(nik=orang.nik or "", tanggal_lahir=orang.tanggal_lahir)
        hash_pin = olah(akun, pin)
        if not _pernah(akun, pin, hash_pin):
            return pin, hash_pin


def ada(akun: Akun) -> bool:
    """Whether a PIN was ever given to `akun`, valid still or not; in SQL: BER_PIN."""
    return akun.password.startswith(f"{HASHER}$")


def olah(akun: Akun, pin: str, *, garam: str | None = None) -> str:
    """The hash that `pasang_awal` stores: the slow part, for before the transaction begins.

    One salt for each account and pepper, so that a PIN of before is seen without another hash.
    """
    if garam is None:
        rahasia = settings.PIN_PEPPER
        dari = salted_hmac("garam PIN", str(akun.pk), secret=rahasia, algorithm="sha256")
        garam = dari.hexdigest()[:_PANJANG_GARAM]
    return make_password(_sandi(akun, pin), salt=garam, hasher=HASHER)


@transaction.atomic(savepoint=False)
def pasang_awal(akun: Akun, hash_pin: str, *, lama: str, berlaku_sampai: datetime) -> bool:
    """Store a one-time PIN made by `buat`, or by `acak` and `olah` for an account without a past.

    Sessions end, strangers' failures are partly forgiven, and as long as the PIN is valid it may
    be used on a new phone even while many NIKs are being tried.
    False, and nothing stored: the account no longer has the hash `lama` (its owner has chosen a
    PIN meanwhile, or another operator was faster), is frozen or switched off.
    """
    masih = Akun.objects.filter(
        pk=akun.pk, password=lama, is_active=True, dibekukan_pada__isnull=True
    )
    if not masih.update(password=hash_pin, wajib_ganti_pin=True, pin_berlaku_sampai=berlaku_sampai):
        return False
    _ingat(akun, hash_pin)
    penjagaan.longgarkan(akun, sampai=berlaku_sampai)
    sesi.akhiri(akun)
    return True


def cocok(akun: Akun | None, pin: str, *, pada: datetime) -> bool:
    """Whether `pin` opens `akun` at `pada`. Costs exactly one hash, also when akun is None."""
    if akun is None or not akun.password.startswith(f"{HASHER}$"):
        make_password(f"0:{pin}", hasher=HASHER)
        return False

    def simpan(_: str) -> None:  # after a change of pepper
        akun.password = olah(akun, pin)
        akun.save(update_fields=["password"])
        _ingat(akun, akun.password)

    benar = check_password(_sandi(akun, pin), akun.password, setter=simpan, preferred=HASHER)
    return benar and (akun.pin_berlaku_sampai is None or pada < akun.pin_berlaku_sampai)


def catat_dipakai(akun: Akun, *, pada: datetime) -> None:
    """A one-time PIN was used: from now on it is good only for the rest of this sitting."""
    if akun.wajib_ganti_pin and akun.pin_berlaku_sampai:
        akun.pin_berlaku_sampai = min(akun.pin_berlaku_sampai, pada + TENGGANG_PIN_AWAL)
        akun.save(update_fields=["pin_berlaku_sampai"])


@transaction.atomic
def ganti(akun: Akun, pin_baru: str, *, pada: datetime) -> None:
    """Replace the PIN; other sessions end, because Django ties them to the hash.

    Raises PINLemah, or TidakBisaMasuk for an account that is no resident's or frozen.
    """
    orang = akun.penduduk
    if orang is None or not orang.nik:
        raise TidakBisaMasuk("Hanya warga dengan NIK yang mempunyai PIN.")
    periksa_kekuatan(pin_baru, nik=orang.nik, tanggal_lahir=orang.tanggal_lahir)
    # Locked: an intruder must not change the PIN at the moment when "bukan saya" takes it away.
    kini = Akun.objects.select_for_update().filter(pk=akun.pk, dibekukan_pada__isnull=True)
    if kini.first() is None:
        raise TidakBisaMasuk("Akun ini sedang dikunci. Hubungi kantor desa.")
    hash_baru = olah(akun, pin_baru)
    if _pernah(akun, pin_baru, hash_baru):
        raise PINLemah(PERNAH)
    rincian = "PIN pertama" if akun.wajib_ganti_pin else ""
    _simpan(akun, hash_baru, berlaku_sampai=None)
    Akun.objects.filter(pk=akun.pk).update(dibuka_sampai=None)  # who got in needs no pass
    akun.dibuka_sampai = None
    penjagaan.catat(akun, KejadianAkun.Jenis.PIN_DIGANTI, pada=pada, rincian=rincian)
