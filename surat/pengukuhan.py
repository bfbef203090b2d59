"""Who may sign under a mandate: never by the hand of one person alone.

An admin writes down officials, their accounts and mandates. Only the account for which a mandate
was confirmed signs under it, and only as it was confirmed: what somebody widens later (another
account, a longer time, another capacity) waits. Whoever the account belongs to confirms; what an
admin proposes for himself is confirmed by another admin or, where there is none, by a signer.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from penduduk.akun import penjagaan
from penduduk.models import Akun, KejadianAkun
from surat.models import Mandat, Pejabat, Pengukuhan

J = KejadianAkun.Jenis
_IZIN = "tandatangani_surat"


def _yang_menunggu() -> QuerySet[Pengukuhan]:
    semua = Pengukuhan.objects.filter(dijawab_pada=None)
    return semua.select_related("mandat__pejabat", "akun", "diusulkan_oleh").order_by("pk")


def dipegang(akun: Akun) -> QuerySet[Mandat]:
    """The mandates whose letters are for `akun` to sign, also where they have run out."""
    return Mandat.objects.filter(pengukuhan__akun=akun, pengukuhan__berlaku=True)


@transaction.atomic
def usulkan(pejabat: Pejabat, *, oleh: Akun | None, pada: datetime) -> list[Pengukuhan]:
    """Propose what the mandates of `pejabat` now say beyond what was confirmed; returns what waits.

    What is taken away ends at once. `oleh` None: on the server, where nobody has to confirm.
    """
    hari = timezone.localdate(pada)
    menunggu = []
    for mandat in pejabat.mandat.select_for_update().select_related("pejabat").order_by("pk"):
        ada = mandat.pengukuhan.select_related("akun")
        pemegang, usul = ada.filter(berlaku=True).first(), ada.filter(dijawab_pada=None).first()
        if pejabat.akun is None:
            if pemegang is not None:
                _lepas(pemegang, oleh=oleh, pada=pada)
        elif pemegang is not None and pemegang.mencakup(mandat):
            pass
        elif usul is not None and usul.mencakup(mandat):
            menunggu.append(usul)
            continue
        elif mandat.sampai is None or mandat.sampai >= hari:
            _tarik(usul, oleh=oleh, pada=pada)
            menunggu.append(_tulis(mandat, pejabat.akun, pemegang, oleh=oleh, pada=pada))
            continue
        _tarik(usul, oleh=oleh, pada=pada)
    return [satu for satu in menunggu if not satu.berlaku]


def _tulis(
    mandat: Mandat, akun: Akun, pemegang: Pengukuhan | None, *, oleh: Akun | None, pada: datetime
) -> Pengukuhan:
    if oleh is None and pemegang is not None:
        Pengukuhan.objects.filter(pk=pemegang.pk).update(berlaku=False)
    baru = Pengukuhan.objects.create(
        mandat=mandat,
        akun=akun,
        jabatan=mandat.pejabat.jabatan,
        sebagai=mandat.sebagai,
        dari=mandat.dari,
        sampai=mandat.sampai,
        diusulkan_oleh=oleh,
        diusulkan_pada=pada,
        dijawab_pada=None if oleh else pada,
        berlaku=oleh is None,
    )
    if oleh is not None:
        for siapa in {akun, pemegang.akun if pemegang else akun}:
            rincian = f"{baru.jabatan} untuk {akun}"
            penjagaan.catat_petugas(siapa, J.DIUSULKAN, pada=pada, oleh=oleh, rincian=rincian)
    return baru


def _lepas(satu: Pengukuhan, *, oleh: Akun | None, pada: datetime) -> None:
    Pengukuhan.objects.filter(pk=satu.pk).update(berlaku=False)
    penjagaan.catat_petugas(satu.akun, J.DILEPAS, pada=pada, oleh=oleh, rincian=satu.jabatan)


def _tarik(usul: Pengukuhan | None, *, oleh: Akun | None, pada: datetime) -> None:
    """What was proposed is not wanted any more."""
    if usul is not None:
        Pengukuhan.objects.filter(pk=usul.pk).update(dijawab_oleh=oleh, dijawab_pada=pada)


def boleh_menjawab(satu: Pengukuhan, akun: Akun) -> bool:
    """Whether `akun` is the one who confirms: never who proposed it."""
    if satu.diusulkan_oleh_id == akun.pk:
        return False
    if satu.diusulkan_oleh_id != satu.akun_id:
        return satu.akun_id == akun.pk
    if (admin := penjagaan.admin_lain(satu.akun)).exists():
        return admin.filter(pk=akun.pk).exists()
    return Pengukuhan.objects.filter(akun=akun, berlaku=True).exists()


def menunggu(akun: Akun) -> list[Pengukuhan]:
    """What waits for the answer of `akun`."""
    return [satu for satu in _yang_menunggu() if boleh_menjawab(satu, akun)]


def kata_menunggu(satu: Pengukuhan) -> str:
    """For the admin who has proposed it: who has to confirm, and how things stand until then."""
    siapa = f"{satu.akun} sendiri"
    if satu.diusulkan_oleh_id == satu.akun_id:
        ada = penjagaan.admin_lain(satu.akun).exists()
        siapa = "admin lain" if ada else "pejabat yang kini menandatangani"
    return (
        f"{satu}: menunggu dikukuhkan oleh {siapa}, di halaman Akun saya. "
        "Sampai itu yang lama tetap berlaku dan yang baru belum dapat menandatangani."
    )


@transaction.atomic
def jawab(satu: Pengukuhan, *, oleh: Akun, setuju: bool, pada: datetime) -> None:
    """Confirm, or refuse: then the official goes back to the account that holds the mandate.

    Raises PermissionDenied for whoever has no say, and when it does not wait any more.
    """
    mandat = Mandat.objects.select_for_update().select_related("pejabat").get(pk=satu.mandat_id)
    usul = _yang_menunggu().filter(pk=satu.pk).first()
    if usul is None or not boleh_menjawab(usul, oleh):
        raise PermissionDenied
    lama = mandat.pengukuhan.select_related("akun").filter(berlaku=True).first()
    if setuju and lama is not None:
        if lama.akun_id == usul.akun_id:
            Pengukuhan.objects.filter(pk=lama.pk).update(berlaku=False)
        else:
            _lepas(lama, oleh=oleh, pada=pada)
    Pengukuhan.objects.filter(pk=usul.pk).update(
        dijawab_oleh=oleh, dijawab_pada=pada, berlaku=setuju
    )
    jenis = J.DIKUKUHKAN if setuju else J.DILEPAS
    penjagaan.catat_petugas(usul.akun, jenis, pada=pada, oleh=oleh, rincian=usul.jabatan)
    if not setuju and mandat.pejabat.akun_id == usul.akun_id:
        kembali = lama.akun if lama is not None else None
        if kembali is None or not Pejabat.objects.filter(akun=kembali).exists():
            Pejabat.objects.filter(pk=mandat.pejabat_id).update(akun=kembali)


def saat_peran_ditambah(akun: Akun, nama: Collection[str], oleh: Akun, pada: datetime) -> None:
    """Who is made a signer and holds a mandate already has to have it confirmed anew."""
    if not Group.objects.filter(name__in=nama, permissions__codename=_IZIN).exists():
        return
    for satu in Pengukuhan.objects.filter(akun=akun, berlaku=True):
        mandat = Mandat.objects.select_related("pejabat").get(pk=satu.mandat_id)
        Pengukuhan.objects.filter(pk=satu.pk).update(berlaku=False)
        if not mandat.pengukuhan.filter(dijawab_pada=None).exists():
            _tulis(mandat, akun, None, oleh=oleh, pada=pada)


penjagaan.SAAT_PERAN_DITAMBAH.append(saat_peran_ditambah)
