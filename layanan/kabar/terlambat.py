"""Work that takes longer than the village wants: the operators hear of it, then the village
secretary, then the head of the village.

Permohonan.tenggat_pada is the next moment at which somebody is to be told, `naik` how often that
has happened at the present step: both are set anew by each step (layanan.janji.janji) and moved on
here, in the transaction of the messages. So nobody hears twice of a request at one step, whoever
crashes and however many clocks run. What is due together is told together, and only while the
office is open.
"""

from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from layanan.janji import kalender
from layanan.kotak_keluar import aturan, jam, notifikasi
from layanan.models import AturanKabar, KabarBerkala, Permohonan
from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.models import Mandat

SEKALI = 200  # requests that are looked at in one go; the rest follows with the next
_DISEBUT = 3  # by number, in one message
S = Permohonan.Status
P = AturanKabar.Penerima
M = Mandat.Sebagai


def naikkan(*, pada: datetime) -> int:
    """Tell of the requests that have passed their target; returns how many messages."""
    jatuh = Permohonan.objects.filter(tenggat_pada__lte=pada)
    if jam.sekarang(pada) or not jatuh.exists():
        return 0
    kini = kalender.ambil()
    if not kini.sedang_buka(pada):
        return 0
    with transaction.atomic():
        terkunci = jatuh.select_for_update(skip_locked=True, of=("self",))
        semua = list(terkunci.order_by("tenggat_pada", "pk")[:SEKALI])
        semua.sort(key=lambda x: (x.naik, x.status))
        perlu: dict[int, list[str]] = {}
        for (naik, status), isi in groupby(semua, key=lambda x: (x.naik, x.status)):
            baris = list(isi)
            lagi = kini.tenggat(status, pada) if naik + 1 < len(_KEPADA) else None
            pk = [x.pk for x in baris]
            Permohonan.objects.filter(pk__in=pk).update(naik=naik + 1, tenggat_pada=lagi)
            perlu.setdefault(naik, []).extend(x.nomor for x in baris if _urusan_kantor(x))
        return sum(_kabari(naik, nomor, pada=pada) for naik, nomor in perlu.items() if nomor)


def _urusan_kantor(permohonan: Permohonan) -> bool:
    """A letter that its owner collects waits for the owner."""
    diantar = permohonan.wakil_jenis == Permohonan.Wakil.PERANGKAT
    return permohonan.status != S.SIAP_DIAMBIL or diantar


def _kabari(naik: int, nomor: list[str], *, pada: datetime) -> int:
    siapa, penerima = _KEPADA[naik]
    langkah = aturan.TERLAMBAT
    if not aturan.baca(langkah).aktif(langkah, penerima, AturanKabar.Kanal.WA):
        return 0
    akun = siapa(pada)
    sisa = f" dan {len(nomor) - _DISEBUT} lainnya" if len(nomor) > _DISEBUT else ""
    kunci = f"terlambat:{naik}:{pada.timestamp()}"
    berkala = notifikasi.sekali(KabarBerkala.Jenis.TERLAMBAT, kunci, pada=pada) if akun else None
    if berkala is None:
        return 0
    konteks = {"jumlah": str(len(nomor)), "nomor": ", ".join(nomor[:_DISEBUT]) + sisa}
    return len(
        notifikasi.tulis_petugas(
            "petugas_terlambat", akun, pada=pada, konteks=konteks, berkala=berkala
        )
    )


def _operator(pada: datetime) -> list[Akun]:
    return notifikasi.petugas_yang_dikabari("proses_permohonan")


def _sekdes(pada: datetime) -> list[Akun]:
    return _pejabat(Q(pejabat__aktif=True, pejabat__jabatan__icontains="sekretaris"))


def _perbekel(pada: datetime) -> list[Akun]:
    """Whoever heads the village on that day, also for somebody else."""
    kepala = Mandat.objects.berlaku(tgl.di_wita(pada))
    kepala = kepala.filter(sebagai__in=(M.DEFINITIF, M.PLT, M.PLH)).order_by()
    return _pejabat(Q(pejabat__in=kepala.values("pejabat")))


def _pejabat(yang: Q) -> list[Akun]:
    dikabari = Akun.objects.filter(yang, is_active=True, terima_pemberitahuan=True)
    return list(dikabari.exclude(nomor_hp="").order_by("pk"))


# In the order in which they are told.
_KEPADA = (
    (_operator, P.OPERATOR),
    (_sekdes, P.PENANDATANGAN),
    (_perbekel, P.PENANDATANGAN),
)
