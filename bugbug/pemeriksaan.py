"""What would harm a village in production, named by `manage.py check --deploy --database default`
and by `siapkan`; what _MULAI marks stops each process that is to serve or work."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import DatabaseError
from django.utils import timezone

from layanan.cadangan import basis
from layanan.kesehatan import penyimpanan
from layanan.models import Denyut
from penduduk.models import Desa

_MULAI = "bugbug_mulai"


def _galat(kode: str, salah: bool, kata: str) -> list[CheckMessage]:
    return [Error(kata, id=f"bugbug.{kode}")] if salah and settings.PRODUKSI else []


@register(Tags.security, deploy=True)
def proksi(**_: Any) -> list[CheckMessage]:
    """Without a declared proxy each page leads to itself, and all people are one address."""
    tanpa = "TRUSTED_PROXIES=0: tidak ada proksi di depan. Pasang nginx atau Caddy dari pasang/."
    polos = "SECURE_SSL_REDIRECT=0: NIK dan PIN dapat lewat tanpa sandi. Hapus pengaturan itu."
    return [
        *_galat("E001", settings.TRUSTED_PROXIES < 1, tanpa),
        *_galat("E002", not settings.SECURE_SSL_REDIRECT, polos),
    ]


@register(Tags.staticfiles, _MULAI, deploy=True)
def statis(**_: Any) -> list[CheckMessage]:
    tidak_ada = not (settings.STATIC_ROOT / "staticfiles.json").exists()
    kata = f"Berkas statis tidak ada di {settings.STATIC_ROOT}: "
    return _galat("E003", tidak_ada, f"{kata}{settings.PERINTAH} collectstatic --noinput.")


@register(Tags.database, _MULAI, deploy=True)
def isi(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    try:
        contoh = bool(databases) and Desa.objects.filter(contoh=True).exists()
        lain = bool(databases) and penyimpanan.dikenal(Denyut.FOLDER_BERKAS) is False
        dipulihkan = bool(databases) and basis.dipulihkan(pada=timezone.now())
    except DatabaseError:  # /sehat/siap/ says that it is away, or has no tables yet
        return []
    kata = "Basis data dipulihkan dari arsip. Sesudah pemulihannya selesai: "
    kata += f"{settings.PERINTAH} pulihkan --basis-sudah < kunci.txt."
    return [
        *_galat("E004", contoh, "DATABASE_URL menunjuk desa contoh. Pakai basis data yang kosong."),
        *_galat("E005", lain, penyimpanan.kata_asing(Denyut.FOLDER_BERKAS)),
        *_galat("E006", dipulihkan, kata),
    ]


def sebelum_bekerja() -> None:
    """SystemExit, which no library catches, with the first sentence."""
    basis = ["default"] if settings.PRODUKSI else None
    for satu in run_checks(tags=[_MULAI], include_deployment_checks=True, databases=basis):
        raise SystemExit(f"GAGAL: {satu.msg}")
