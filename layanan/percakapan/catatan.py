"""Notes of residents ("Pesan warga"): what nobody but an operator can answer. One note per chat and
day (WITA); the messages themselves are the thread, and the operator's answers stand in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from layanan.kabar import panggilan
from layanan.kata_pesan import kata
from layanan.kotak_keluar import notifikasi
from layanan.kotak_keluar.tanda_terima import JENDELA_BEBAS
from layanan.models import (
    Berkas,
    CatatanWarga,
    JawabanWarga,
    Notifikasi,
    Percakapan,
    PesanMasuk,
    PesanSimulasi,
)
from layanan.permohonan import berkas
from penduduk.models import Akun

PANJANG = 4000  # characters of one note; what is beyond stands in the thread, and the note says so
JAWABAN_MAKS = 1500  # Twilio takes 1600
UTAS_MAKS = 300  # messages of a chat that its page shows


class TidakDapatDijawab(Exception):
    """Why the operator's words cannot go out here, and what to do instead."""


# --- Writing -------------------------------------------------------------------------------------


def tulis(
    dari: Percakapan, teks: str, *, pada: datetime, perlu: bool = True, ringkas: bool = False
) -> CatatanWarga:
    """Add words to the note of the day. Call in a transaction that holds the row of `dari`.

    `perlu`: somebody should read it (else: it is there to be seen, like a heart after a day's
    answer); `ringkas`: only count it, there are too many.
    """
    hari = timezone.localtime(pada).date()
    ada = CatatanWarga.objects.filter(percakapan=dari, hari=hari).first()
    if ada is None:
        return CatatanWarga.objects.create(
            percakapan=dari,
            teks="" if ringkas else teks[:PANJANG],
            lebih=int(ringkas or len(teks) > PANJANG),
            hari=hari,
            pertama_pada=pada,
            terakhir_pada=pada,
            dibaca_pada=None if perlu else pada,
        )
    baru: dict[str, Any] = {"terakhir_pada": pada}
    if ringkas or len(ada.teks) + len(teks) >= PANJANG:
        baru["lebih"] = F("lebih") + 1
    else:
        baru["teks"] = f"{ada.teks}\n{teks}".strip()
    if perlu:  # read or not: there is something new in it now
        baru |= {"dibaca_pada": None, "dibaca_oleh": None}
    CatatanWarga.objects.filter(pk=ada.pk).update(**baru)
    return ada


# --- Reading -------------------------------------------------------------------------------------


def belum_dibaca() -> QuerySet[CatatanWarga]:
    return CatatanWarga.objects.filter(dibaca_pada__isnull=True)


def daftar() -> QuerySet[CatatanWarga]:
    """Unread ones first, the longest waiting on top; then the read ones, the latest on top. With
    `nama_akun` and `banyak_akun` of the chat: a family may share its number."""
    orang = Q(nomor_hp=OuterRef("percakapan__nomor_hp")) & ~Q(nomor_hp="")
    orang |= Q(pk=OuterRef("percakapan__akun"))
    akun = Akun.objects.filter(orang, is_staff=False)
    jumlah = akun.order_by().values("is_staff").annotate(n=Count("pk")).values("n")
    return (
        CatatanWarga.objects.select_related("percakapan", "dibaca_oleh")
        .annotate(
            nama_akun=Subquery(akun.order_by("pk").values("penduduk__nama")[:1]),
            banyak_akun=Coalesce(Subquery(jumlah), 0),
        )
        .order_by(F("dibaca_pada").desc(nulls_first=True), "terakhir_pada", "pk")
    )


def baca(satu: CatatanWarga, *, sampai: datetime, oleh: Akun, pada: datetime) -> bool:
    """An operator has read it as it stood at `sampai`. False: words came after that."""
    sama = CatatanWarga.objects.filter(pk=satu.pk, terakhir_pada=sampai)
    sama.filter(dibaca_pada__isnull=True).update(dibaca_pada=pada, dibaca_oleh=oleh)
    return sama.exists()


@dataclass(frozen=True)
class Gelembung:
    """One message of the thread. `dari`: "" the resident, else who wrote for the village;
    `keterangan`: of what kind it is and what became of it; `berkas`: what came with it."""

    pada: datetime
    dari: str
    teks: str
    keterangan: str
    gagal: bool
    berkas: list[Berkas]


def utas(orang: Percakapan) -> list[Gelembung]:
    """The chat as far as it is kept, oldest first: what came in, and what went to its address."""
    masuk = PesanMasuk.objects.filter(percakapan=orang).select_related("permohonan")
    masuk = masuk.prefetch_related("berkas").order_by("-pk")[:UTAS_MAKS]
    keluar = Notifikasi.objects.untuk_warga().filter(nomor_hp=orang.alamat)
    keluar = keluar.select_related("templat", "jawaban__oleh").order_by("-pk")[:UTAS_MAKS]
    terpakai = kata.terpakai()
    semua = [_masuk(satu) for satu in masuk]
    semua += [_keluar(satu, panggilan.isi(satu, terpakai)) for satu in keluar]
    return sorted(semua, key=lambda satu: satu.pada)[-UTAS_MAKS:]


def _masuk(satu: PesanMasuk) -> Gelembung:
    jadi = str(satu.get_keadaan_display())
    if satu.permohonan:
        jadi += f" {satu.permohonan.nomor}"
    jenis = "" if satu.jenis == PesanMasuk.Jenis.TEKS else f"{satu.get_jenis_display()}; "
    return Gelembung(
        satu.diterima_pada, "", satu.teks, jenis + jadi, False, list(satu.berkas.all())
    )


def _keluar(satu: Notifikasi, teks: str) -> Gelembung:
    dari = str(satu.jawaban.oleh) if satu.jawaban else "mesin desa"
    gagal = satu.keadaan in Notifikasi.TAK_SAMPAI
    keadaan = f"{satu.get_keadaan_display()}. {satu.galat}".removesuffix(". ")
    return Gelembung(satu.dibuat_pada, dari, teks, keadaan, gagal, [])


# --- Answering -----------------------------------------------------------------------------------


def jendela(orang: Percakapan) -> datetime:
    """Until when free words may go out in this chat."""
    return orang.terakhir_masuk_pada + JENDELA_BEBAS


@transaction.atomic
def jawab(orang: Percakapan, teks: str, *, oleh: Akun, pada: datetime) -> JawabanWarga:
    """An operator answers in free words, by the outbox; the notes of the chat are read with it.

    Raises TidakDapatDijawab.
    """
    teks = teks.replace("\r\n", "\n").strip()
    if not teks:
        raise TidakDapatDijawab("Tulis dulu jawabannya.")
    if len(teks) > JAWABAN_MAKS:
        raise TidakDapatDijawab(
            f"Jawaban ini {len(teks)} huruf; paling banyak {JAWABAN_MAKS}. Kirim dalam dua bagian."
        )
    orang.refresh_from_db()
    if jendela(orang) <= pada:
        raise TidakDapatDijawab(
            "Sudah lebih dari 24 jam sejak warga ini menulis, jadi WhatsApp tidak mengantar "
            "jawaban bebas. Telepon warga, atau balas dari HP kantor."
        )
    jawaban = JawabanWarga.objects.create(percakapan=orang, teks=teks, oleh=oleh, pada=pada)
    notifikasi.tulis(
        "jawab_petugas", nomor_hp=orang.alamat, pada=pada, konteks={"isi": teks}, jawaban=jawaban
    )
    belum_dibaca().filter(percakapan=orang).update(dibaca_pada=pada, dibaca_oleh=oleh)
    return jawaban


# --- Forgetting ----------------------------------------------------------------------------------


def hapus(catatan: QuerySet[CatatanWarga], pada: datetime) -> None:
    """Delete notes with their messages and files (layanan.retensi says when)."""
    lupakan(PesanMasuk.objects.filter(catatan__in=catatan))
    catatan.filter(masuk__isnull=True).delete()


def lupakan(pesan: QuerySet[PesanMasuk]) -> None:
    """Delete messages, the automatic answers to them, and files that have become nobody's. One
    whose answer still waits in the outbox stays."""
    antre = Notifikasi.objects.filter(keadaan__in=Notifikasi.ANTRE, masuk__isnull=False)
    pk = list(pesan.exclude(pk__in=antre.values("masuk")).values_list("pk", flat=True))
    for satu in Berkas.objects.filter(masuk__in=pk, pemilik__isnull=True, permintaan__isnull=True):
        berkas.buang(satu)
    hapus_notifikasi(Notifikasi.objects.filter(masuk__in=pk))
    PesanMasuk.objects.filter(pk__in=pk).delete()


def hapus_jawaban(jawaban: QuerySet[JawabanWarga], pada: datetime) -> None:
    hapus_notifikasi(Notifikasi.objects.filter(jawaban__in=jawaban))
    jawaban.delete()


def hapus_notifikasi(semua: Iterable[Notifikasi]) -> None:
    pk = [satu.pk for satu in semua]
    PesanSimulasi.objects.filter(notifikasi__in=pk).delete()
    Notifikasi.objects.filter(pk__in=pk).delete()
