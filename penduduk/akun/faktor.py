"""The second factor of staff: a code from an app (TOTP), or one of ten on paper, each good once.

The library (django-otp) keeps the devices and compares; how often may be tried is counted where the
passwords are. A session begins only after both, so nothing else has to ask for the second one.
"""

import secrets
from base64 import b32encode
from datetime import datetime

import segno
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_variables
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from penduduk import desa
from penduduk.akun import penjagaan, sesi, throttle
from penduduk.models import Akun, KejadianAkun

J = KejadianAkun.Jenis
WAJIB = "faktor_wajib"  # in the session: nothing opens but the page that sets it up
_JUMLAH, _PANJANG = 10, 10  # codes on paper, and their letters: 48 bits each
_HURUF = "abcdefghjkmnpqrstuvwxyz23456789"


def punya(akun: Akun) -> bool:
    return bool(TOTPDevice.objects.filter(user=akun, confirmed=True).exists())


def wajib(akun: Akun) -> bool:
    """Whether this person may not do without it: who changes accounts, and who signs."""
    return settings.PRODUKSI and any(akun.has_perm(x) for x in settings.WAJIB_KODE_KEDUA)


# --- Set up, and taken away ----------------------------------------------------------------------


def calon(akun: Akun) -> TOTPDevice:
    """The device that becomes his as soon as he shows a code of it."""
    semua = TOTPDevice.objects.filter(user=akun, confirmed=False)
    return semua.order_by("pk").first() or TOTPDevice.objects.create(user=akun, confirmed=False)


def gambar(alat: TOTPDevice) -> SafeString:
    """What the app reads from the screen: drawn here, for the secret leaves for nobody."""
    alamat = alat.config_url + f"&issuer=Kantor+{desa.ambil().nama}"
    return mark_safe(segno.make(alamat, error="m").svg_inline(scale=5, light="white"))  # noqa: S308


def ketik(alat: TOTPDevice) -> str:
    """The same to be typed, where the camera does not work."""
    teks = b32encode(alat.bin_key).decode()
    return " ".join(teks[i : i + 4] for i in range(0, len(teks), 4))


@transaction.atomic
def pasang(akun: Akun, kode: str, *, pada: datetime) -> list[str]:
    """The first code of the app: from now on it is asked for. Returns the codes for the paper, of
    which only digests are kept; empty: the code is wrong, or too many were."""
    alat = calon(akun)
    if not _sisihkan(akun, pada=pada) or not alat.verify_token(_rapi(kode)):
        return []
    throttle.lupakan(_kunci(akun))
    TOTPDevice.objects.filter(user=akun, confirmed=True).delete()
    alat.confirmed = True
    alat.save(update_fields=["confirmed"])
    penjagaan.catat_petugas(akun, J.FAKTOR_DIPASANG, pada=pada, oleh=akun)
    StaticDevice.objects.filter(user=akun).delete()
    kertas = StaticDevice.objects.create(user=akun, name="kertas")
    kode_kertas = ["".join(secrets.choice(_HURUF) for _ in range(_PANJANG)) for _ in range(_JUMLAH)]
    StaticToken.objects.bulk_create(
        StaticToken(device=kertas, token=_sidik(akun, satu)) for satu in kode_kertas
    )
    return [f"{satu[:5]}-{satu[5:]}" for satu in kode_kertas]


@transaction.atomic
def lepas(akun: Akun, *, oleh: Akun | None, pada: datetime) -> None:
    """Without it again: the owner himself, who has proved it, or an admin (None: on the server),
    after which the sessions of the lost phone end. It is told."""
    TOTPDevice.objects.filter(user=akun).delete()
    StaticDevice.objects.filter(user=akun).delete()
    throttle.lupakan(_kunci(akun))
    if oleh is None or oleh.pk != akun.pk:
        sesi.akhiri(akun)
    penjagaan.catat_petugas(akun, J.FAKTOR_DILEPAS, pada=pada, oleh=oleh)


def sisa_kertas(akun: Akun) -> int:
    return StaticToken.objects.filter(device__user=akun).count()


# --- Asked for -----------------------------------------------------------------------------------


@sensitive_variables()
@transaction.atomic
def terbukti(akun: Akun, *, sandi: str | None, kode: str, pada: datetime) -> bool:
    """Whether it is really he: the password (None: shown just now) and, where he has one, a code.

    The counter's row is locked from the first to the last: a code sent twice at once is good once.
    """
    if not _sisihkan(akun, pada=pada):
        return False
    if sandi is not None and not check_password(sandi, akun.password):
        return False
    if punya(akun) and not _kode_cocok(akun, _rapi(kode)):
        return False
    throttle.lupakan(_kunci(akun))
    return True


def _kunci(akun: Akun) -> str:
    return throttle.sidik("faktor", str(akun.pk))


def _sisihkan(akun: Akun, *, pada: datetime) -> bool:
    return throttle.sisihkan(_kunci(akun), throttle.PER_PETUGAS, pada=pada, jenis="faktor")


def _rapi(kode: str) -> str:
    return "".join(huruf for huruf in kode.lower() if huruf.isalnum())


def _sidik(akun: Akun, kode: str) -> str:
    return throttle.sidik("kertas", f"{akun.pk}:{kode}")[:16]


def _kode_cocok(akun: Akun, kode: str) -> bool:
    alat = TOTPDevice.objects.select_for_update().filter(user=akun, confirmed=True).first()
    if alat is not None and kode.isdecimal() and alat.verify_token(kode):
        return True
    kertas = StaticDevice.objects.select_for_update().filter(user=akun).first()
    return bool(kertas is not None and kertas.verify_token(_sidik(akun, kode)))
