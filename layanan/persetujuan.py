"""Consent to news by WhatsApp: asked once, with the wording, moment and channel kept.

UU 27/2022 articles 22 and 24: plain, separable from the service, provable, withdrawn as easily as
given. Messages that guard an account are no matter of this consent (docs/keputusan/0008).
"""

from datetime import datetime

from django.db import transaction

from layanan import nomor_wa, notifikasi
from layanan.models import Permohonan, PersetujuanWA
from penduduk.models import Akun

# Every wording that was ever shown, by version: a yes from years ago must still say to what.
KATA = {
    1: (
        "Kantor desa boleh mengabari saya lewat WhatsApp di nomor ini tentang permohonan surat "
        "saya: diterima, diproses, menunggu tanda tangan, siap diambil. Pesannya lewat Twilio dan "
        "WhatsApp di luar negeri, tanpa NIK dan tanpa isi surat. Saya dapat berhenti kapan saja "
        "dengan membalas BERHENTI."
    ),
}
VERSI = max(KATA)

Kanal = PersetujuanWA.Kanal


@transaction.atomic
def catat(
    akun: Akun,
    *,
    setuju: bool,
    nomor_hp: str,
    kanal: str,
    pada: datetime,
    oleh: Akun | None = None,
    permohonan: Permohonan | None = None,
) -> PersetujuanWA:
    """Keep an answer of the resident `akun` and act on it from now on."""
    baris = PersetujuanWA.objects.create(
        akun=akun,
        permohonan=permohonan,
        nomor_hp=nomor_hp,
        setuju=setuju,
        versi=VERSI,
        kanal=kanal,
        pada=pada,
        oleh=oleh,
    )
    akun.setuju_wa_pada = pada if setuju else None
    akun.save(update_fields=["setuju_wa_pada"])
    if setuju:
        nomor_wa.mulai_lagi(nomor_hp)
    return baris


def sudah_ditanya(akun: Akun) -> bool:
    """Whether the resident has answered, yes or no, at any time."""
    return akun.setuju_wa_pada is not None or akun.persetujuan_wa.exists()


@transaction.atomic
def berhenti(nomor_hp: str, *, pada: datetime) -> None:
    """BERHENTI from this number: for every account that uses it, and for what waits already."""
    for akun in Akun.objects.filter(nomor_hp=nomor_hp, is_staff=False):
        catat(akun, setuju=False, nomor_hp=nomor_hp, kanal=Kanal.WA, pada=pada)
    Permohonan.objects.filter(nomor_hp=nomor_hp).exclude(status__in=Permohonan.AKHIR).update(
        kabari_wa=False
    )
    nomor_wa.berhenti(nomor_hp, pada=pada)
    notifikasi.tahan(nomor_hp, "BERHENTI", pada=pada)


@transaction.atomic
def mulai(nomor_hp: str, *, pada: datetime) -> None:
    """MULAI from this number: the reverse, for requests that still run too."""
    nomor_wa.mulai_lagi(nomor_hp)
    for akun in Akun.objects.filter(nomor_hp=nomor_hp, is_staff=False):
        catat(akun, setuju=True, nomor_hp=nomor_hp, kanal=Kanal.WA, pada=pada)
    Permohonan.objects.filter(nomor_hp=nomor_hp).exclude(status__in=Permohonan.AKHIR).update(
        kabari_wa=True
    )
