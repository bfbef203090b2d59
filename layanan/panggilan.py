"""The call list: residents whom a message could not reach, and how they were told in the end.

Every message to a resident ends as delivered, as replaced by another way, or here. A row is here
while it is in Notifikasi.TAK_SAMPAI and nobody has handled it (`ditangani_pada`); operators see it
half an hour after the failure, for much settles by itself until then.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from layanan import aturan, kata, pesan
from layanan.models import AturanKabar, KabarBerkala, Notifikasi, Permohonan
from penduduk.models import Akun

K = Notifikasi.Keadaan
Cara = Notifikasi.Cara

TUNDA = timedelta(minutes=30)
HUBUNGI_LAGI = timedelta(hours=2)  # after a call that nobody answered

# What is said instead of the message: a code is never read out, and a link cannot be.
_UCAPAN = {
    "pin": (
        "Kode PIN tidak dapat dikirim lewat WhatsApp. Minta warga datang ke kantor dengan KTP-el "
        "untuk mengambil slip PIN."
    ),
    "pin_terbit": "PIN baru diterbitkan untuk akun warga ini. Tanyakan apakah ia yang meminta.",
    "pin_ganti": "PIN akun warga ini baru diganti. Tanyakan apakah ia sendiri yang mengganti.",
    "nomor_ganti": "Nomor HP akun warga ini diganti. Tanyakan apakah ia sendiri yang mengganti.",
}


def belum_tersampaikan() -> QuerySet[Notifikasi]:
    """Messages to residents that did not reach them and that nobody has handled, whatever their
    age; without answers (the resident is in the chat) and without what the village has switched
    off."""
    semua = Notifikasi.objects.filter(
        Q(berkala__isnull=True) | Q(berkala__jenis=KabarBerkala.Jenis.PENGINGAT),
        keadaan__in=Notifikasi.TAK_SAMPAI,
        penerima__isnull=True,
        masuk__isnull=True,
        ditangani_pada__isnull=True,
    )
    tabel = aturan.baca().pilihan
    mati = [
        langkah
        for (langkah, penerima, kanal), aktif in tabel.items()
        if penerima == AturanKabar.Penerima.WARGA
        and kanal == AturanKabar.Kanal.TELEPON
        and not aktif
    ]
    semua = semua.exclude(riwayat__langkah__in=[m for m in mati if m != aturan.PENGINGAT])
    return semua.exclude(berkala__isnull=False) if aturan.PENGINGAT in mati else semua


def daftar(*, pada: datetime) -> QuerySet[Notifikasi]:
    """Whom to call now, the longest waiting first: per request only its latest news."""
    lebih_baru = belum_tersampaikan().filter(
        riwayat__permohonan=OuterRef("riwayat__permohonan"), pk__gt=OuterRef("pk")
    )
    return (
        belum_tersampaikan()
        .filter(Q(hubungi_lagi_pada__isnull=True) | Q(hubungi_lagi_pada__lte=pada))
        .filter(berubah_pada__lte=pada - TUNDA)
        .filter(Q(riwayat__isnull=True) | ~Exists(lebih_baru))
        .order_by("berubah_pada", "pk")
    )


def ucapan(baris: Notifikasi) -> str:
    """What to say on the phone, or to paste into a chat: the words of the message."""
    if baris.pesan in _UCAPAN:
        return _UCAPAN[baris.pesan]
    asli = pesan.PESAN[baris.pesan]
    nilai = dict(zip(asli.variabel, baris.variabel, strict=True))
    return kata.pilih(baris.pesan).pesan.isi(nilai)


def sudah_dihubungi(
    baris: Notifikasi, *, oleh: Akun, pada: datetime, catatan: str = "", cara: str = Cara.TELEPON
) -> bool:
    """An operator has told the resident; so are all earlier messages of the same request. False:
    it had been handled already."""
    satu = belum_tersampaikan().filter(pk=baris.pk)
    nilai = {
        "ditangani_pada": pada,
        "ditangani_oleh": oleh,
        "ditangani_cara": cara,
        "ditangani_catatan": catatan.strip()[:200],
    }
    if not Notifikasi.objects.filter(pk__in=satu.values("pk")).update(**nilai):
        return False
    if baris.riwayat_id:
        lama = belum_tersampaikan().filter(
            riwayat__permohonan__riwayat=baris.riwayat_id, pk__lt=baris.pk
        )
        Notifikasi.objects.filter(pk__in=list(lama.values_list("pk", flat=True))).update(**nilai)
    return True


def tidak_diangkat(baris: Notifikasi, *, pada: datetime) -> None:
    """Nobody answered the phone: it comes back in two hours."""
    Notifikasi.objects.filter(pk=baris.pk, ditangani_pada__isnull=True).update(
        hubungi_kali=F("hubungi_kali") + 1, hubungi_lagi_pada=pada + HUBUNGI_LAGI
    )


def dilihat_di_situs(permohonan: Permohonan, *, pada: datetime) -> None:
    """The resident has opened the page of the request, which says all that its messages say."""
    _sudah_tahu(permohonan, Cara.SITUS, pada=pada)


def dijawab_langsung(permohonan: Permohonan, *, pada: datetime) -> None:
    """The resident has asked by WhatsApp and is answered with the state of the request; what still
    waits is yet to come."""
    _sudah_tahu(permohonan, Cara.LANGSUNG, pada=pada, kecuali=(K.MENUNGGU, K.SEMENTARA))


def _sudah_tahu(
    permohonan: Permohonan, cara: str, *, pada: datetime, kecuali: tuple[str, ...] = ()
) -> None:
    belum = Notifikasi.objects.filter(
        riwayat__permohonan=permohonan, penerima__isnull=True, ditangani_pada__isnull=True
    ).exclude(keadaan__in=(*Notifikasi.TERBUKTI, *kecuali))
    if belum.exists():  # so that a mere look does not queue for SQLite's write lock
        belum.update(ditangani_pada=pada, ditangani_cara=cara)


def bereskan(*, pada: datetime) -> int:
    """Take off the list what has settled by itself; returns how many.

    A later message of the same request has reached the resident; or the request has ended in a
    way that the resident has seen in person.
    """
    sampai = Notifikasi.objects.filter(
        riwayat__permohonan=OuterRef("riwayat__permohonan"),
        penerima__isnull=True,
        pk__gt=OuterRef("pk"),
        keadaan__in=Notifikasi.TERBUKTI,
    )
    jumlah = _tandai(belum_tersampaikan().filter(Exists(sampai)), Cara.SUSULAN, pada=pada)
    berakhir = Q(riwayat__permohonan__status=Permohonan.Status.DIBATALKAN)
    # Handed over: what was to be said before is over; "sudah diambil" itself guards against theft.
    berakhir |= Q(riwayat__permohonan__status=Permohonan.Status.SELESAI) & ~Q(
        pesan__in=("diserahkan", "surat_dicabut")
    )
    berakhir |= Q(berkala__permohonan__status__in=Permohonan.AKHIR)
    return jumlah + _tandai(belum_tersampaikan().filter(berakhir), Cara.SELESAI, pada=pada)


def _tandai(semua: QuerySet[Notifikasi], cara: str, *, pada: datetime) -> int:
    pk = list(semua.values_list("pk", flat=True)[:500])
    return Notifikasi.objects.filter(pk__in=pk, ditangani_pada__isnull=True).update(
        ditangani_pada=pada, ditangani_cara=cara
    )
