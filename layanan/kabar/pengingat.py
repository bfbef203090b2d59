"""Letters that wait to be collected: three reminders to the resident, then the list of the kelian.

Days are counted in WITA from the day of the signature: signed on the 1st, the first reminder is due
on the 4th. Who missed one gets the next, never two at once; the kelian hears of a letter once.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from layanan.kotak_keluar import aturan, jam, nomor_wa, notifikasi
from layanan.models import AturanKabar, KabarBerkala, Notifikasi, Permohonan
from penduduk.identitas import telepon
from penduduk.models import Banjar
from surat.bahasa import tanggal as tgl

HARI = (3, 7, 14)
# The last one is not made up for after this day: from day 15 on, the kelian is asked.
TERLAMBAT = 21
SEHALAMAN = 100  # letters on one page of the list
SEKALI = 100  # reminders written in one go; the rest follows with the next

P = AturanKabar.Penerima
Kanal = AturanKabar.Kanal
Jenis = KabarBerkala.Jenis
_SEJAK = "surat__tanda_tangan__pada"
_BANJAR = "pemohon__keluarga__banjar"
_DIGANTIKAN = "Sudah digantikan pengingat berikutnya."


# --- To the resident ----------------------------------------------------------------------------


def ingatkan(*, pada: datetime) -> int:
    """Write the reminders that are due, SEKALI at most; returns how many."""
    berlaku = aturan.baca(aturan.PENGINGAT)
    if not berlaku.aktif(aturan.PENGINGAT, P.WARGA, Kanal.WA):
        return 0
    # Who cannot be reached by WhatsApp is on the call list already, with "siap diambil".
    telepon_juga = berlaku.aktif(aturan.PENGINGAT, P.WARGA, Kanal.TELEPON)
    jumlah = 0
    for ke, pk in _calon(pada, telepon_juga=telepon_juga):
        with transaction.atomic():
            jumlah += _ingatkan(pk, ke, pada=pada, telepon_juga=telepon_juga)
        if jumlah == SEKALI:
            break
    return jumlah


def _calon(pada: datetime, *, telepon_juga: bool) -> list[tuple[int, int]]:
    """Which reminder is due for which request, and was not written yet."""
    hari = tgl.di_wita(pada)
    semua = Permohonan.objects.boleh_diserahkan()
    if not telepon_juga:
        semua = semua.filter(kabari_wa=True).exclude(nomor_hp="", kabar_ke__isnull=True)
        henti = nomor_wa.terhalang(pada=pada).values("nomor_hp")
        semua = semua.exclude(nomor_hp__in=henti, kabar_ke__isnull=True)
    giliran = Q()
    for ke, sampai in zip(HARI, (*HARI[1:], TERLAMBAT), strict=True):
        sudah = Concat(Value("pengingat:"), Cast(OuterRef("pk"), CharField()), Value(f":{ke}"))
        giliran |= Q(
            ~Exists(KabarBerkala.objects.filter(kunci=sudah)),
            **{f"{_SEJAK}__gte": _awal(hari, sampai - 1), f"{_SEJAK}__lt": _awal(hari, ke - 1)},
        )
    baris = semua.filter(giliran).order_by(_SEJAK, "pk").values_list("pk", _SEJAK)
    return [(max(h for h in HARI if h <= _umur(sejak, pada)), pk) for pk, sejak in baris]


def _ingatkan(pk: int, ke: int, *, pada: datetime, telepon_juga: bool) -> int:
    # Locked: it is not handed over, withdrawn or stopped by BERHENTI at this very moment.
    terkunci = Permohonan.objects.select_for_update(of=("self",)).filter(pk=pk)
    permohonan = terkunci.boleh_diserahkan().select_related("surat__tanda_tangan").first()
    if permohonan is None or permohonan.surat is None:
        return 0
    sebab = notifikasi.halangan_pemohon(permohonan, pada=pada)
    if sebab and not telepon_juga:
        return 0
    sejak = tgl.di_wita(permohonan.surat.tanda_tangan.pada)
    baris = notifikasi.tulis_berkala(
        "belum_diambil",
        Jenis.PENGINGAT,
        f"pengingat:{pk}:{ke}",
        nomor_hp=permohonan.alamat_kabar,
        pada=pada,
        konteks=notifikasi.konteks(permohonan) | {"tanggal": tgl.panjang(sejak)},
        kirim_pada=jam.sesudah(pada),
        sebab=sebab,
        permohonan=permohonan,
    )
    if baris is None:
        return 0
    lama = Notifikasi.objects.filter(
        berkala__permohonan=permohonan, berkala__jenis=Jenis.PENGINGAT
    ).exclude(pk=baris.pk)
    notifikasi.batalkan(lama, sebab=_DIGANTIKAN, pada=pada)
    return 1


def _awal(hari: date, lalu: int) -> datetime:
    """Midnight WITA at the beginning of the day `lalu` days before `hari`."""
    return timezone.make_aware(datetime.combine(hari - timedelta(days=lalu), time()))


def _umur(sejak: datetime, pada: datetime) -> int:
    """Days between two moments, as the calendar in WITA counts them."""
    return (tgl.di_wita(pada) - tgl.di_wita(sejak)).days


# --- To the kelian ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Baris:
    """One letter on the list; `hari`: how long it has been waiting."""

    permohonan: Permohonan
    sejak: date
    hari: int
    nomor_hp: str


@dataclass
class Kelompok:
    """The letters of one banjar dinas (None: unknown), and what its kelian was told last."""

    banjar: Banjar | None
    kabar: Notifikasi | None
    baris: list[Baris] = field(default_factory=list)


def belum_diambil(*, pada: datetime) -> QuerySet[Permohonan]:
    """Letters that have been waiting for more than 14 days."""
    batas = _awal(tgl.di_wita(pada), HARI[-1])
    return Permohonan.objects.boleh_diserahkan().filter(**{f"{_SEJAK}__lt": batas})


def daftar(*, pada: datetime, halaman: str = "") -> tuple[list[Kelompok], Page[Permohonan]]:
    """One page of the list, by banjar dinas of the applicant; the longest waiting first."""
    semua = belum_diambil(pada=pada).select_related(_BANJAR, "surat__tanda_tangan")
    semua = semua.order_by(F(f"{_BANJAR}__nama").asc(nulls_last=True), _SEJAK, "pk")
    bagian = Paginator(semua, SEHALAMAN).get_page(halaman)
    kabar = _kabar_terakhir()
    kelompok: dict[int | None, Kelompok] = {}
    for satu in bagian:
        keluarga = satu.pemohon.keluarga
        banjar = keluarga.banjar if keluarga else None
        kunci = banjar.pk if banjar else None
        milik = kelompok.setdefault(kunci, Kelompok(banjar, kabar.get(kunci)))
        saat = satu.surat.tanda_tangan.pada if satu.surat else pada
        nomor = telepon.tampil(satu.nomor_hp)
        milik.baris.append(Baris(satu, tgl.di_wita(saat), _umur(saat, pada), nomor))
    return list(kelompok.values()), bagian


def _kabar_terakhir() -> dict[int | None, Notifikasi]:
    """The last message to the kelian of each banjar."""
    semua = Notifikasi.objects.filter(berkala__jenis=Jenis.KELIAN)
    akhir = semua.order_by().values("berkala__banjar").annotate(akhir=Max("pk"))
    baris = Notifikasi.objects.filter(pk__in=akhir.values("akhir")).select_related("berkala")
    return {satu.berkala.banjar_id: satu for satu in baris if satu.berkala}


def kabari_kelian(*, pada: datetime) -> int:
    """Tell each kelian whose list has grown, once a week at most; returns how many."""
    semua = belum_diambil(pada=pada).filter(**{f"{_BANJAR}__isnull": False})
    semua = semua.exclude(**{f"{_BANJAR}__nomor_hp_kelian": ""})
    jumlah = {b: (n, akhir) for b, n, akhir in _per_banjar(semua, _BANJAR)}
    if not jumlah:
        return 0
    terakhir = dict(
        KabarBerkala.objects.filter(jenis=Jenis.KELIAN, banjar__in=jumlah)
        .values_list("banjar")
        .annotate(Max("pada"))
    )
    perlu = {
        b: n
        for b, (n, akhir) in jumlah.items()
        if b not in terakhir or _bertambah(akhir, terakhir[b], pada)
    }
    langkah = aturan.BELUM_DIAMBIL
    if not perlu or not aturan.baca(langkah).aktif(langkah, P.KELIAN, Kanal.WA):
        return 0
    return sum(
        _kabari_kelian(satu, perlu[satu.pk], pada=pada)
        for satu in Banjar.objects.filter(pk__in=perlu).order_by("pk")
    )


def _per_banjar(semua: QuerySet[Permohonan], banjar: str) -> list[tuple[int, int, datetime]]:
    kelompok = semua.order_by().values_list(banjar)
    return list(kelompok.annotate(Count("pk"), Max(_SEJAK)))


def _bertambah(akhir: datetime, dikabari: datetime, pada: datetime) -> bool:
    """Whether the letter signed at `akhir` came to the list after the kelian was told, and that
    was in an earlier week."""
    masuk = tgl.di_wita(akhir) + timedelta(days=HARI[-1] + 1)
    return masuk > tgl.di_wita(dikabari) and _minggu(dikabari) != _minggu(pada)


def _minggu(pada: datetime) -> str:
    """2026-W48"""
    hari = tgl.di_wita(pada).isocalendar()
    return f"{hari.year}-W{hari.week:02}"


@transaction.atomic
def _kabari_kelian(banjar: Banjar, jumlah: int, *, pada: datetime) -> int:
    nomor = banjar.nomor_hp_kelian
    baris = notifikasi.tulis_berkala(
        "kelian_belum_diambil",
        Jenis.KELIAN,
        f"kelian:{banjar.pk}:{_minggu(pada)}",
        nomor_hp=nomor,
        pada=pada,
        konteks={"jumlah": str(jumlah)},
        kirim_pada=jam.sesudah(pada),
        sebab=nomor_wa.halangan(nomor, pada=pada),
        banjar=banjar,
    )
    return int(baris is not None)
