"""The call list: residents whom a message could not reach, and how they were told in the end.

Every message to a resident ends as delivered, as replaced by another way, or here. A row is here
while it is in Notifikasi.TAK_SAMPAI and nobody has handled it (`ditangani_pada`); operators see it
half an hour after the failure, for much settles by itself until then.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    Aggregate,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    Window,
)
from django.db.models.functions import Coalesce

from layanan.kata_pesan import kata, katalog
from layanan.kotak_keluar import aturan, keadaan, nomor_wa, notifikasi, saluran
from layanan.minta_pin import permintaan
from layanan.models import (
    AturanKabar,
    KabarBerkala,
    KeadaanSaluran,
    NomorWA,
    Notifikasi,
    PermintaanPIN,
    Permohonan,
    Riwayat,
)
from layanan.transports import galat
from penduduk.identitas import telepon
from penduduk.models import Akun

K = Notifikasi.Keadaan
Cara = Notifikasi.Cara
S = Permohonan.Status

TUNDA = timedelta(minutes=30)
HUBUNGI_LAGI = timedelta(hours=2)  # after a call that nobody answered
CATATAN_MAKS = 200
_DIBERI_TAHU = "Sudah diberi tahu lewat telepon."
# The owner of the number has told the village or the provider to stop, or has blocked it.
_MENOLAK = ("BERHENTI", galat.BERHENTI, *galat.DIBLOKIR)


def _tak_sampai(*, tertahan: bool = False) -> QuerySet[Notifikasi]:
    """Messages to residents that did not reach them and that nobody has handled; without answers
    (the resident is in the chat). `untuk`: the request that they are about, if any. `tertahan`:
    those too that wait for a channel which has been stopped for so long that a call is quicker."""
    # Keys first: PostgreSQL expects far more of them, and would walk through what is joined.
    semua = Notifikasi.objects.perlu_ditangani(tertahan=tertahan).untuk_warga().tanpa_balasan()
    return Notifikasi.objects.filter(
        Q(berkala__isnull=True) | Q(berkala__jenis=KabarBerkala.Jenis.PENGINGAT),
        pk__in=list(semua.values_list("pk", flat=True)),
    ).annotate(untuk=Coalesce("riwayat__permohonan", "berkala__permohonan"))


def terhenti_lama(*, pada: datetime, kini: KeadaanSaluran | None = None) -> bool:
    """Whether the channel has been stopped for so long that residents are better called. `kini`:
    its state, if it has been read already."""
    kini = saluran.kini() if kini is None else kini
    return kini.berhenti and kini.sejak is not None and kini.sejak <= pada - TUNDA


def belum_tersampaikan(
    tabel: aturan.Aturan | None = None, *, tertahan: bool = False
) -> QuerySet[Notifikasi]:
    """Whom the village wants to be called, whatever the age of the message. `tabel`: who is told
    what, if it has been read already; `tertahan`: see _tak_sampai."""
    mati = [
        langkah
        for (langkah, penerima, kanal), aktif in (tabel or aturan.baca()).pilihan.items()
        if penerima == AturanKabar.Penerima.WARGA
        and kanal == AturanKabar.Kanal.TELEPON
        and not aktif
    ]
    semua = _tak_sampai(tertahan=tertahan)
    semua = semua.exclude(riwayat__langkah__in=[m for m in mati if m != aturan.PENGINGAT])
    return semua.exclude(berkala__isnull=False) if aturan.PENGINGAT in mati else semua


def daftar(
    *,
    pada: datetime,
    tabel: aturan.Aturan | None = None,
    kini: KeadaanSaluran | None = None,
) -> QuerySet[Notifikasi]:
    """Whom to call now, the longest waiting first: of each request (or request for a PIN) only
    the latest news, with `sejak` when and `kali` how often for all of them together.

    Waiting begins with the first news that did not arrive: one more does not take somebody off
    the list for another half hour. What has just been put into the queue again comes first.
    """
    # Both ends: without statistics, PostgreSQL takes one for a third of the table.
    jalan = Notifikasi.objects.untuk_warga().masih_jalan()
    jalan = jalan.filter(dibuat_pada__range=(pada - TUNDA, pada + TUNDA))
    langkah = jalan.filter(riwayat__isnull=False).values("riwayat__permohonan")
    pin = jalan.filter(permintaan__isnull=False).values("permintaan")
    return (
        belum_tersampaikan(tabel, tertahan=terhenti_lama(pada=pada, kini=kini))
        .filter(Q(untuk__isnull=True) | ~Q(untuk__in=langkah))
        .filter(Q(permintaan__isnull=True) | ~Q(permintaan__in=pin))
        .annotate(
            terakhir=_bersama(Max("pk")),
            sejak=_bersama(Min("berubah_pada")),
            kali=_bersama(Sum("hubungi_kali")),
            lagi=_bersama(Max("hubungi_lagi_pada")),
        )
        .filter(Q(lagi__isnull=True) | Q(lagi__lte=pada), pk=F("terakhir"), sejak__lte=pada - TUNDA)
        .order_by("sejak", "pk")
    )


def _bersama(jumlah: Aggregate) -> Window:
    """Over all rows about the same matter."""
    return Window(jumlah, partition_by=[F("untuk"), F("permintaan"), F("kejadian"), F("jawaban")])


# --- What is said ---------------------------------------------------------------------------------


def ucapan(baris: Notifikasi, terpakai: Mapping[str, katalog.Pesan] | None = None) -> str:
    """What to say on the phone: the words of the message, of an address only its beginning, or what
    stands for them. `terpakai`: see kata_pesan.kata."""
    asli = katalog.PESAN.get(baris.pesan)
    return (asli.ucapan if asli else "") or isi(baris, terpakai, lisan=True)


def tulisan(baris: Notifikasi, terpakai: Mapping[str, katalog.Pesan] | None = None) -> str:
    """What to paste into a chat with the resident."""
    asli = katalog.PESAN.get(baris.pesan)
    return (asli.tulisan if asli else "") or isi(baris, terpakai)


def isi(
    baris: Notifikasi, terpakai: Mapping[str, katalog.Pesan] | None, *, lisan: bool = False
) -> str:
    """What the message says, in the words that are in use."""
    nilai = katalog.terbaca(baris.pesan, baris.variabel)
    if nilai is not None:
        if lisan and "tautan" in nilai:
            nilai["tautan"] = nilai["tautan"].partition("/")[0]
        asli = katalog.PESAN[baris.pesan]
        for satu in ((terpakai or kata.terpakai())[baris.pesan], asli):
            if set(satu.variabel) <= set(nilai):
                return satu.isi(nilai)
    # Emptied by age, or written by an earlier release with other words: one row must not take the
    # list away.
    hapus = "" if baris.variabel else " Isinya sudah dihapus sesuai aturan penyimpanan."
    return f"Kabar tentang: {katalog.label(baris.pesan)}.{hapus}"


def boleh_ditulisi(baris: Notifikasi) -> bool:
    """Whether an operator may write to this number by WhatsApp in person."""
    return telepon.bernomor(baris.nomor_hp) and baris.kode_galat not in _MENOLAK


# --- What an operator does ------------------------------------------------------------------------


@transaction.atomic
def sudah_dihubungi(
    baris: Notifikasi, *, oleh: Akun, pada: datetime, catatan: str = "", cara: str = Cara.TELEPON
) -> bool:
    """An operator has told the resident; so are all earlier messages of the same request. False:
    it had been handled or had arrived already."""
    nilai = {
        "ditangani_pada": pada,
        "ditangani_oleh": oleh,
        "ditangani_cara": cara,
        "ditangani_catatan": catatan.strip()[:CATATAN_MAKS],
    }
    # The condition stands in the UPDATE itself: of two who press at once, one is first.
    masih = Notifikasi.objects.perlu_ditangani()
    pk = list(_tak_sampai(tertahan=True).filter(pk=baris.pk).values_list("pk", flat=True))
    if not masih.filter(pk__in=pk).update(**nilai) and not _batalkan(pk, nilai, pada=pada):
        return False
    semua = _tak_sampai(tertahan=terhenti_lama(pada=pada))
    lama = semua.filter(_sekelompok(baris), pk__lt=baris.pk)
    pk = list(lama.values_list("pk", flat=True))
    masih.filter(pk__in=pk).update(**nilai)
    _batalkan(pk, nilai, pada=pada)
    return True


def _batalkan(pk: list[int], nilai: dict[str, Any], *, pada: datetime) -> int:
    """What still waited for the channel does not go out any more: the resident knows."""
    belum = Q(ditangani_pada__isnull=True)
    return keadaan.pindah(pk, "batalkan", pada=pada, jika=belum, galat=_DIBERI_TAHU, **nilai)


def _sekelompok(baris: Notifikasi) -> Q:
    """Messages about the same matter."""
    if baris.permintaan_id:
        return Q(permintaan=baris.permintaan_id)
    if baris.riwayat:
        return Q(untuk=baris.riwayat.permohonan_id)
    if baris.berkala:
        return Q(untuk=baris.berkala.permohonan_id)
    return Q(pk=baris.pk)


def tidak_diangkat(baris: Notifikasi, *, pada: datetime) -> bool:
    """Nobody answered the phone: it comes back in two hours. False: no longer to be called."""
    masih = Notifikasi.objects.perlu_ditangani(tertahan=True).filter(pk=baris.pk)
    return bool(
        masih.update(hubungi_kali=F("hubungi_kali") + 1, hubungi_lagi_pada=pada + HUBUNGI_LAGI)
    )


def halangan_kirim_lagi(semua: Iterable[Notifikasi]) -> dict[int, str]:
    """Why each of these cannot be tried once more, as a sentence; empty when it can. One query."""
    daftar = list(semua)
    henti = NomorWA.objects.filter(
        nomor_hp__in={b.nomor_hp for b in daftar}, berhenti_pada__isnull=False
    )
    nomor = set(henti.values_list("nomor_hp", flat=True))
    return {b.pk: _halangan(b, berhenti=b.nomor_hp in nomor) for b in daftar}


def _halangan(baris: Notifikasi, *, berhenti: bool) -> str:
    if baris.ditangani_pada:
        return "Warga ini sudah diberi tahu."
    if baris.keadaan not in Notifikasi.MASALAH:
        return "Pesan ini tidak gagal."
    if not baris.nomor_hp:
        return nomor_wa.SEBAB["KOSONG"]
    # Whoever asks for a PIN waits for it, whatever was said about news.
    if berhenti and not baris.permintaan_id:
        return nomor_wa.SEBAB["BERHENTI"]
    tentang = permohonan(baris)
    return "" if tentang is None or tentang.kabari_wa else nomor_wa.SEBAB["TOLAK"]


def kirim_lagi(baris: Notifikasi, *, pada: datetime) -> bool:
    """Try a message that failed once more; a PIN is made anew. False: see halangan_kirim_lagi."""
    if halangan_kirim_lagi([baris])[baris.pk]:
        return False
    if baris.pesan == "pin" and baris.permintaan:
        return permintaan.kirim_ulang(baris.permintaan, pada=pada)
    masih = Q(ditangani_pada__isnull=True)
    return notifikasi.coba_lagi([baris.pk], pada=pada, jika=masih) > 0


def permohonan(baris: Notifikasi) -> Permohonan | None:
    """The request that a message is about."""
    if baris.riwayat:
        return baris.riwayat.permohonan
    return baris.berkala.permohonan if baris.berkala else None


# --- What settles by itself -----------------------------------------------------------------------


def dilihat_di_situs(permohonan: Permohonan, *, pada: datetime) -> None:
    """The resident has opened the page of the request, which says all that its messages say.

    Only what the page showed counts, not a step taken while it was being drawn: each step moves
    `diperbarui_pada` of the request, so the row that was read names the last one. `pada`: before
    it was read.
    """
    terlihat = Q(riwayat__pada__lte=permohonan.diperbarui_pada)
    terlihat |= Q(berkala__isnull=False, dibuat_pada__lte=pada)
    belum = (
        Notifikasi.objects.untuk_warga()
        .tentang(permohonan)
        .filter(terlihat, ditangani_pada__isnull=True)
        .exclude(keadaan__in=Notifikasi.TERBUKTI)
        .values_list("pk", flat=True)
    )
    if pk := list(belum):  # so that a mere look does not queue for SQLite's write lock
        Notifikasi.objects.filter(pk__in=pk, ditangani_pada__isnull=True).update(
            ditangani_pada=pada, ditangani_cara=Cara.SITUS
        )


def dijawab_langsung(permohonan: Permohonan, *, pada: datetime) -> None:
    """The resident has asked by WhatsApp and is answered with the state of the request; what still
    waits is yet to come."""
    semua = Notifikasi.objects.untuk_warga().filter(
        riwayat__permohonan=permohonan, ditangani_pada__isnull=True
    )
    belum = semua.exclude(keadaan__in=(*Notifikasi.TERBUKTI, K.MENUNGGU, K.SEMENTARA))
    belum.update(ditangani_pada=pada, ditangani_cara=Cara.LANGSUNG)


def bereskan(*, pada: datetime) -> int:
    """Take off the list what has settled by itself; returns how many.

    A later message about the same has reached the resident; or the request has ended in a way
    that the resident has seen in person; or the resident has done what the message asked for.
    Also where the village does not call: switching it on must not bring back old matters.
    """
    semua = _tak_sampai()
    return sum(
        _tandai(semua.filter(beres), cara, pada=pada)
        for beres, cara in (
            (_disusul(semua), Cara.SUSULAN),
            (_berakhir(), Cara.SELESAI),
            (_di_loket(), Cara.LANGSUNG),
            (_sudah_masuk(), Cara.SITUS),
        )
    )


def _disusul(semua: QuerySet[Any]) -> Q:
    """Looked up from the matters on the list: row by row, a database walks through all messages."""
    baris = list(semua.values_list("pk", "untuk", "permintaan"))
    sampai = Notifikasi.objects.untuk_warga().terbukti().order_by()
    akhir: dict[Any, int] = {}  # of each matter, the last that arrived
    for kolom in ("riwayat__permohonan", "berkala__permohonan", "permintaan"):
        perihal = {p if kolom == "permintaan" else u for _, u, p in baris} - {None}
        ada = sampai.filter(**{f"{kolom}__in": perihal}).values_list(kolom).annotate(Max("pk"))
        akhir.update((apa, max(pk, akhir.get(apa, 0))) for apa, pk in ada)
    return Q(pk__in=[pk for pk, u, p in baris if akhir.get(u or p, 0) > pk])


def _berakhir() -> Q:
    # "sudah diambil" guards against theft, "surat dicabut" against use: both outlive the request.
    sesudah = ~Q(pesan__in=("diserahkan", "surat_dicabut"))
    dibatalkan = Q(riwayat__permohonan__status=S.DIBATALKAN)
    diambil = Q(riwayat__permohonan__status=S.SELESAI) & sesudah
    diambil |= Q(berkala__permohonan__status__in=Permohonan.AKHIR)
    # New photos have come, or the request for a PIN was given up.
    foto = Q(pesan="pin_foto_ulang") & ~Q(permintaan__keadaan=PermintaanPIN.Keadaan.FOTO_ULANG)
    return dibatalkan | diambil | foto


def _di_loket() -> Q:
    """Filed at the counter, for somebody who stood there; a correction is filed in absence."""
    return Q(
        riwayat__langkah=Riwayat.Langkah.AJUKAN,
        riwayat__oleh__is_staff=True,
        riwayat__permohonan__menggantikan__isnull=True,
    )


def _sudah_masuk() -> Q:
    """The PIN came to its owner by another way: by a slip."""
    return Q(
        pesan__in=("pin", "pin_pengantar", "pin_slip"),
        permintaan__penduduk__akun__last_login__gt=F("dibuat_pada"),
    )


def _tandai(semua: QuerySet[Notifikasi], cara: str, *, pada: datetime) -> int:
    pk = list(semua.values_list("pk", flat=True)[:500])
    masih = Notifikasi.objects.perlu_ditangani().filter(pk__in=pk)
    return masih.update(ditangani_pada=pada, ditangani_cara=cara)
