"""Consent to news by WhatsApp: asked once, with the wording, moment and channel kept.

UU 27/2022 articles 22 and 24: plain, separable from the service, provable, withdrawn as easily as
given. Messages that guard an account are no matter of this consent (docs/keputusan/0008). Rows are
only added: an answer for one request (`permohonan`) concerns that request, any other the resident.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile

from django.db import transaction
from django.db.models import Q, QuerySet

from layanan.kotak_keluar import nomor_wa, notifikasi
from layanan.models import Permohonan, PersetujuanWA
from penduduk.akun import penjagaan
from penduduk.models import Akun

# Every wording that was ever shown, by version: a yes from years ago must still say to what. Never
# edited (a test holds them); a change is a new version. 0: the box of docs/keputusan/0005.
KATA = {
    0: (
        "Kabari saya lewat WhatsApp di nomor ini. Tanpa WhatsApp, Anda tetap dapat melihat "
        "kabarnya di situs ini."
    ),
    1: (
        "Kantor desa boleh mengabari saya lewat WhatsApp di nomor ini tentang permohonan surat "
        "saya: diterima, diproses, menunggu tanda tangan, siap diambil. Pesannya lewat Twilio dan "
        "WhatsApp di luar negeri, tanpa NIK dan tanpa isi surat. Saya dapat berhenti kapan saja "
        "dengan membalas BERHENTI."
    ),
}
VERSI = max(KATA)

Kanal = PersetujuanWA.Kanal
# What comes from the number itself; only its owner takes back a BERHENTI.
_DARI_NOMOR = (Kanal.WA, Kanal.KABARI)


@transaction.atomic
def catat(
    akun: Akun | None,
    *,
    setuju: bool,
    nomor_hp: str,
    kanal: str,
    pada: datetime,
    oleh: Akun | None = None,
    permohonan: Permohonan | None = None,
) -> PersetujuanWA:
    """Keep an answer and act on it from now on: for `permohonan` alone, else for all requests of
    the resident `akun`, those that still run too. `akun` None: an applicant without account."""
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
    if setuju and kanal in _DARI_NOMOR:
        nomor_wa.mulai_lagi(nomor_hp)
    if permohonan is not None:
        Permohonan.objects.filter(pk=permohonan.pk).update(kabari_wa=setuju)
        permohonan.kabari_wa = setuju
    elif akun is not None:
        akun.setuju_wa_pada = pada if setuju else None
        akun.save(update_fields=["setuju_wa_pada"])
        _ikutkan(akun, setuju, pada=pada)
    return baris


def _ikutkan(akun: Akun, setuju: bool, *, pada: datetime) -> None:
    """Requests that still run follow the answer, and so does what waits to be sent for them."""
    semua = _terbuka().filter(pemohon=akun.penduduk_id)
    semua.update(kabari_wa=setuju)
    if not setuju:
        notifikasi.tahan_milik(semua, "TOLAK", pada=pada)
        return
    for nomor in set(semua.values_list("nomor_hp", flat=True)) - {""}:
        berlaku(akun, nomor_hp=nomor, pada=pada)


def _terbuka() -> QuerySet[Permohonan]:
    return Permohonan.objects.exclude(status__in=Permohonan.AKHIR)


@transaction.atomic
def jawab(akun: Akun, *, setuju: bool, nomor_hp: str, kanal: str, pada: datetime) -> bool:
    """The resident answers. The same answer again (a page saved once more, a tap too many) is no
    new one: False, and nothing is written."""
    kini = Akun.objects.select_for_update().get(pk=akun.pk)
    akun.setuju_wa_pada = kini.setuju_wa_pada
    sama = sudah_ditanya(kini) and (kini.setuju_wa_pada is not None) is setuju
    # Unless a request of theirs runs the other way, by "Kabari saya" or the counter.
    lain = _terbuka().filter(pemohon=akun.penduduk_id, kabari_wa=not setuju)
    if sama and not lain.exists():
        return False
    catat(akun, setuju=setuju, nomor_hp=nomor_hp, kanal=kanal, pada=pada)
    return True


def catat_loket(permohonan: Permohonan, *, oleh: Akun, pada: datetime) -> None:
    """Somebody said yes at the counter, for this request; the clerk wrote it down."""
    catat(
        Akun.objects.filter(penduduk=permohonan.pemohon_id).first(),
        setuju=True,
        nomor_hp=permohonan.nomor_hp,
        kanal=Kanal.LOKET,
        pada=pada,
        oleh=oleh,
        permohonan=permohonan,
    )


def sudah_ditanya(akun: Akun) -> bool:
    """Whether the resident has answered, yes or no, at any time."""
    return akun.setuju_wa_pada is not None or _umum(akun).exists()


def _umum(akun: Akun) -> QuerySet[PersetujuanWA]:
    return PersetujuanWA.objects.filter(akun=akun, permohonan__isnull=True)


def riwayat(akun: Akun) -> QuerySet[PersetujuanWA]:
    """All answers of the resident, the latest first; also those for one request."""
    semua = PersetujuanWA.objects.filter(akun=akun).select_related("permohonan")
    return semua.order_by("-pk")


def berlaku(akun: Akun, *, nomor_hp: str, pada: datetime) -> bool:
    """Whether news of a request with this number goes out by WhatsApp.

    The yes is the person's and stays when they write another number: they typed it into the very
    form that says so. The number is then named in a row of its own, with the wording that was
    agreed to, so that no number is written to that stands in no answer.
    """
    if akun.setuju_wa_pada is None:
        return False
    semua = list(_umum(akun).order_by("-pk"))
    ya = list(takewhile(lambda satu: satu.setuju, semua))
    if nomor_hp and nomor_hp not in {satu.nomor_hp for satu in ya}:
        PersetujuanWA.objects.create(
            akun=akun,
            nomor_hp=nomor_hp,
            setuju=True,
            versi=ya[0].versi if ya else 0,
            kanal=Kanal.SITUS,
            pada=pada,
        )
    return True


# --- From the number itself ----------------------------------------------------------------------


@transaction.atomic
def berhenti(nomor_hp: str, *, pada: datetime, akun: Iterable[Akun] = ()) -> None:
    """BERHENTI from this number (or address of a chat): for every account that uses it, and
    `akun`, which the chat belongs to otherwise; and for what waits already."""
    _dari_nomor(nomor_hp, akun, setuju=False, pada=pada)
    nomor_wa.berhenti(nomor_hp, pada=pada)
    notifikasi.tahan(nomor_hp, "BERHENTI", pada=pada)


@transaction.atomic
def mulai(nomor_hp: str, *, pada: datetime, akun: Iterable[Akun] = ()) -> None:
    """MULAI from this number: the reverse, for requests that still run too."""
    nomor_wa.mulai_lagi(nomor_hp)
    _dari_nomor(nomor_hp, akun, setuju=True, pada=pada)


def _dari_nomor(nomor_hp: str, akun: Iterable[Akun], *, setuju: bool, pada: datetime) -> None:
    for satu in {a.pk: a for a in (*penjagaan.bernomor(nomor_hp), *akun)}.values():
        jawab(satu, setuju=setuju, nomor_hp=nomor_hp, kanal=Kanal.WA, pada=pada)
    # Requests told at this number whose applicant has no account, or one with another number.
    di_sini = Q(nomor_hp=nomor_hp, kabar_ke__isnull=True) | Q(kabar_ke__alamat=nomor_hp)
    sisa = _terbuka().filter(di_sini, kabari_wa=not setuju).order_by("pk")
    for permohonan in sisa.select_related("pemohon__akun"):
        catat(
            getattr(permohonan.pemohon, "akun", None),
            setuju=setuju,
            nomor_hp=nomor_hp,
            kanal=Kanal.WA,
            pada=pada,
            permohonan=permohonan,
        )
