"""PINs of residents: issue, check, change. The clear PIN exists only in the caller's hand."""

import secrets
import string
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from penduduk import nik as nik_
from penduduk.models import Akun, Penduduk

PANJANG = 6
MASA_PIN_AWAL = timedelta(hours=72)
# A one-time PIN stays good for this long after its first use: on bad mobile data the answer to
# the first login may never have arrived.
TENGGANG_PIN_AWAL = timedelta(minutes=15)
_HASHER = "pin_argon2"
_URUT = (string.digits * 2, (string.digits * 2)[::-1])


class PINLemah(ValueError):
    """The PIN is easy to guess; the message says why and what to do."""


class TidakBisaMasuk(ValueError):
    """This resident cannot have an account (no valid NIK, or not among the living)."""


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


@transaction.atomic
def terbitkan(penduduk: Penduduk, *, pada: datetime, masa: timedelta = MASA_PIN_AWAL) -> str:
    """Open the resident's account if needed and return a fresh one-time PIN, valid for `masa`.

    Raises TidakBisaMasuk when the register holds no usable NIK or the person is not alive.
    """
    if penduduk.status_dasar != Penduduk.HIDUP:
        raise TidakBisaMasuk("Penduduk ini tidak berstatus hidup, jadi tidak dapat diberi PIN.")
    if not penduduk.nik or not nik_.sah(penduduk.nik):
        raise TidakBisaMasuk(
            "NIK penduduk ini kosong atau sementara. Perbaiki NIK lebih dulu, lalu terbitkan PIN."
        )
    akun, _ = Akun.objects.get_or_create(penduduk=penduduk)
    pin = acak(nik=penduduk.nik, tanggal_lahir=penduduk.tanggal_lahir)
    pasang(akun, pin, berlaku_sampai=pada + masa)
    return pin


def pasang(
    akun: Akun, pin: str, *, berlaku_sampai: datetime | None, garam: str | None = None
) -> None:
    """Store `pin` (not weak) for `akun`: one-time until `berlaku_sampai`, lasting when None.

    `garam`: a fixed salt, only for the public PINs of the demo; everybody else gets a random one.
    """
    akun.password = make_password(_sandi(akun, pin), salt=garam, hasher=_HASHER)
    akun.wajib_ganti_pin = berlaku_sampai is not None
    akun.pin_berlaku_sampai = berlaku_sampai
    akun.save(update_fields=["password", "wajib_ganti_pin", "pin_berlaku_sampai"])


def cocok(akun: Akun | None, pin: str, *, pada: datetime) -> bool:
    """Whether `pin` opens `akun` at `pada`. Costs exactly one hash, also when akun is None."""
    if akun is None or not akun.password.startswith(f"{_HASHER}$"):
        make_password(f"0:{pin}", hasher=_HASHER)
        return False

    def simpan(sandi: str) -> None:  # after a change of pepper
        akun.password = make_password(sandi, hasher=_HASHER)
        akun.save(update_fields=["password"])

    benar = check_password(_sandi(akun, pin), akun.password, setter=simpan, preferred=_HASHER)
    return benar and (akun.pin_berlaku_sampai is None or pada < akun.pin_berlaku_sampai)


def catat_dipakai(akun: Akun, *, pada: datetime) -> None:
    """A one-time PIN was used: from now on it is good only for the rest of this sitting."""
    if akun.wajib_ganti_pin and akun.pin_berlaku_sampai:
        akun.pin_berlaku_sampai = min(akun.pin_berlaku_sampai, pada + TENGGANG_PIN_AWAL)
        akun.save(update_fields=["pin_berlaku_sampai"])


def ganti(akun: Akun, pin_baru: str) -> None:
    """Replace the PIN; other sessions end, because Django ties them to the hash.

    Raises PINLemah, or TidakBisaMasuk for an account that is no resident's.
    """
    orang = akun.penduduk
    if orang is None or not orang.nik:
        raise TidakBisaMasuk("Hanya warga dengan NIK yang mempunyai PIN.")
    periksa_kekuatan(pin_baru, nik=orang.nik, tanggal_lahir=orang.tanggal_lahir)
    pasang(akun, pin_baru, berlaku_sampai=None)
