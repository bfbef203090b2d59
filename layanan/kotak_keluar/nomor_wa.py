"""Numbers that WhatsApp does not reach: their owner said BERHENTI, or the provider said so."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from layanan.models import NomorWA
from layanan.transports import galat, tersambung

# A number without WhatsApp may get it: tried again after this.
COBA_LAGI = timedelta(days=30)

# What the operator reads at a message that was not even tried.
SEBAB = {
    "BERHENTI": "Pemilik nomor ini membalas BERHENTI. Telepon warga.",
    "TANPAWA": "Nomor ini baru saja tidak terjangkau lewat WhatsApp. Telepon warga.",
    "TOLAK": "Warga tidak ingin dikabari lewat WhatsApp. Telepon warga.",
    "TANPANOMOR": "WhatsApp warga ini tanpa nomor HP: PIN tidak dapat dikirim. Cetak slip PIN.",
    "BELUM": "WhatsApp desa belum disambungkan. Telepon warga.",
    "ASING": "Nomor ini belum terbukti milik warga. Telepon warga.",
    "ANGGARAN": "Jatah pesan untuk hari ini sudah habis. Telepon warga.",
    "KOSONG": "Warga tidak punya nomor HP. Sampaikan lewat keluarga atau kelian.",
}


def halangan(nomor_hp: str, *, pada: datetime, diminta: bool = False) -> str:
    """A key of SEBAB when nothing should be sent to this number now, else "".

    `diminta`: its owner has just written to us and waits for this very message.
    """
    if not nomor_hp:
        return "KOSONG"
    if not tersambung():
        return "BELUM"
    if diminta:
        return ""
    satu = NomorWA.objects.filter(nomor_hp=nomor_hp).first()
    if satu is None:
        return ""
    if satu.berhenti_pada:
        return "BERHENTI"
    baru = satu.bermasalah_pada and satu.bermasalah_pada > pada - COBA_LAGI
    return "TANPAWA" if baru else ""


def terhalang(*, pada: datetime) -> QuerySet[NomorWA]:
    """All numbers for which `halangan` has a reason now."""
    baru = Q(bermasalah_pada__gt=pada - COBA_LAGI)
    return NomorWA.objects.filter(Q(berhenti_pada__isnull=False) | baru)


def tandai(nomor_hp: str, kode_galat: str, *, pada: datetime) -> None:
    """Remember a refusal that was about the number; other codes change nothing."""
    if kode_galat == galat.BERHENTI:
        berhenti(nomor_hp, pada=pada)
    elif galat.kelas(kode_galat) is galat.Kelas.NOMOR:
        NomorWA.objects.update_or_create(
            nomor_hp=nomor_hp, defaults={"kode_galat": kode_galat, "bermasalah_pada": pada}
        )


def terjangkau(nomor_hp: str) -> None:
    """The owner wrote to us: whatever was wrong with the number is over."""
    NomorWA.objects.filter(nomor_hp=nomor_hp).exclude(bermasalah_pada=None).update(
        kode_galat="", bermasalah_pada=None
    )


def berhenti(nomor_hp: str, *, pada: datetime) -> None:
    """Nothing more to this number until its owner wants it again."""
    NomorWA.objects.update_or_create(nomor_hp=nomor_hp, defaults={"berhenti_pada": pada})


def mulai_lagi(nomor_hp: str) -> None:
    NomorWA.objects.filter(nomor_hp=nomor_hp).update(berhenti_pada=None)
