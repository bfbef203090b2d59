"""Whose turn it is: taking due messages from the outbox.

Rows are taken under one lock (LajuKirim), so that no two workers take the same, no number gets two
messages at once, and the provider's limits and the month's cap hold.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from layanan.kata_pesan import katalog
from layanan.kotak_keluar import biaya, jam, keadaan
from layanan.kotak_keluar.tanda_terima import JENDELA_BEBAS
from layanan.models import KabarBerkala, LajuKirim, Notifikasi, Percakapan, Permohonan
from penduduk.antrean import SEWA

K = Notifikasi.Keadaan

UJI = KabarBerkala.Jenis.UJI  # sent whenever somebody presses the button
KODE_BATAS = "BATAS"
_KATA_BATAS = "Batas biaya pesan bulan ini sudah tercapai. Telepon warga, atau naikkan batasnya."
_UNTUK_DIAMBIL = ("belum_diambil", "perangkat_ambil")
TERLAMBAT = "Tidak perlu lagi: suratnya tidak menunggu diambil, atau jamnya sudah lewat."
_DIGANTIKAN = "Sudah digantikan kabar berikutnya."


class LajuHabis(Exception):
    """The provider's limit for this second is used up."""


def ambil(jumlah: int, *, pada: datetime) -> list[Notifikasi]:
    """Claim up to `jumlah` due messages; `keadaan` of each tells whether it was claimed before.

    Raises LajuHabis.
    """
    if jumlah <= 0 or not jatuh_tempo(pada).exists():
        return []
    with transaction.atomic():
        laju, _ = LajuKirim.objects.select_for_update().get_or_create(pk=1)
        detik = int(pada.timestamp())
        sudah = laju.jumlah if laju.detik == detik else 0
        sisa = settings.KIRIM["per_detik"] - sudah
        if sisa <= 0:
            raise LajuHabis
        baris = _yang_boleh(min(jumlah, sisa), pada)
        LajuKirim.objects.filter(pk=1).update(detik=detik, jumlah=sudah + len(baris))
        return baris


def jatuh_tempo(pada: datetime) -> QuerySet[Notifikasi]:
    """Due rows, oldest first; not those of a number that has got one a moment ago."""
    semua = Notifikasi.objects.antre().filter(ambil_lagi_pada__lte=pada)
    semua = semua.order_by("ambil_lagi_pada", "pk")
    if jam.sekarang(pada):
        semua = semua.exclude(~Q(berkala__jenis=UJI), pesan__in=jam.PESAN)
    jeda = settings.KIRIM["jeda_nomor"]
    if jeda:
        baru_saja = Notifikasi.objects.filter(
            nomor_hp=OuterRef("nomor_hp"), diambil_pada__gt=pada - timedelta(seconds=jeda)
        )
        semua = semua.filter(~Exists(baru_saja))
    return semua


def _yang_boleh(jumlah: int, pada: datetime) -> list[Notifikasi]:
    calon = jatuh_tempo(pada).select_related("permintaan__penduduk", "templat", "berkala")[
        : jumlah * 4
    ]
    terpilih: dict[str, Notifikasi] = {}
    for baris in calon:
        kunci = baris.nomor_hp if settings.KIRIM["jeda_nomor"] else str(baris.pk)
        terpilih.setdefault(kunci, baris)
    semua = _yang_perlu(list(terpilih.values())[:jumlah], pada)
    return _klaim(_yang_terbayar(_yang_terkini(semua, pada), pada), pada)


def _klaim(semua: list[Notifikasi], pada: datetime) -> list[Notifikasi]:
    """Those that we have got: each of them is out of every other worker's sight until `SEWA`."""
    sewa = {"ambil_lagi_pada": pada + SEWA, "diambil_pada": pada}
    dapat = 0
    for bertanya, nama, hitungan in (
        (True, "ambil_lagi", "ditanya"),
        (False, "ambil", "percobaan"),
    ):
        milik = [b for b in semua if (b.keadaan == K.DIAMBIL) is bertanya]
        dapat += keadaan.pindah(
            [b.pk for b in milik],
            nama,
            pada=pada,
            jika=Q(ambil_lagi_pada__lte=pada),
            **sewa,
            **{hitungan: F(hitungan) + 1},
        )
        for baris in milik:
            setattr(baris, hitungan, getattr(baris, hitungan) + 1)
            baris.ambil_lagi_pada, baris.diambil_pada = pada + SEWA, pada
    if dapat == len(semua):
        return semua
    # Between our look and our claim somebody cancelled one, or the provider told of it.
    kini = Notifikasi.objects.filter(pk__in=[b.pk for b in semua], keadaan=K.DIAMBIL, **sewa)
    pk = set(kini.values_list("pk", flat=True))
    return [b for b in semua if b.pk in pk]


def _yang_perlu(semua: list[Notifikasi], pada: datetime) -> list[Notifikasi]:
    """Without what nobody needs any more; whether a row in DIAMBIL went out is asked first."""
    dilihat = [b for b in semua if b.keadaan != K.DIAMBIL]
    basi = usang([b for b in dilihat if not b.berkala or b.berkala.jenis != UJI], pada=pada)
    keadaan.pindah(basi, "terlambat", pada=pada, galat=TERLAMBAT)
    return [b for b in semua if b.pk not in basi]


def usang(semua: list[Notifikasi], *, pada: datetime) -> set[int]:
    """Keys of those that come too late: a digest after its hours, news of a letter that is no
    longer there to be collected."""
    basi = {b.pk for b in semua if jam.lewat(b.pesan, b.dibuat_pada, pada=pada)}
    ambil = {b.pk for b in semua if b.pesan in _UNTUK_DIAMBIL}
    if ambil:
        menunggu = Permohonan.objects.boleh_diserahkan()
        masih = Notifikasi.objects.filter(pk__in=ambil, berkala__permohonan__in=menunggu)
        basi |= ambil - set(masih.values_list("pk", flat=True))
    return basi


def _yang_terkini(semua: list[Notifikasi], pada: datetime) -> list[Notifikasi]:
    """Without step messages that waited so long that a later one of the same request has gone
    out: "sedang diproses" after "siap diambil" would only confuse."""
    lama = [b for b in semua if b.keadaan == K.SEMENTARA and b.riwayat_id and not b.penerima_id]
    if not lama:
        return semua
    keluar = Notifikasi.objects.untuk_warga().sudah_keluar()
    lebih_baru = keluar.filter(
        riwayat__permohonan=OuterRef("riwayat__permohonan"), pk__gt=OuterRef("pk")
    )
    basi = Notifikasi.objects.filter(Exists(lebih_baru), pk__in=[b.pk for b in lama])
    pk_basi = set(basi.values_list("pk", flat=True))
    keadaan.pindah(
        pk_basi,
        "digantikan",
        pada=pada,
        galat=_DIGANTIKAN,
        ditangani_pada=pada,
        ditangani_cara=Notifikasi.Cara.SUSULAN,
    )
    return [b for b in semua if b.pk not in pk_basi]


def _yang_terbayar(semua: list[Notifikasi], pada: datetime) -> list[Notifikasi]:
    """With `biaya`, `lewat_jendela` and `templat` set; without what the month's cap forbids.

    Messages that guard an account, PINs, and answers go out whatever they cost. A row in DIAMBIL
    is asked for first: it may have gone out, and its price is counted already.
    """
    uang = biaya.keuangan(pada=pada) if biaya.atur().harga else None
    terbuka = _jendela_terbuka(semua, pada)
    boleh = []
    for baris in semua:
        if baris.keadaan == K.DIAMBIL:
            boleh.append(baris)
            continue
        baris.lewat_jendela = baris.nomor_hp in terbuka and not baris.tanpa_jendela
        if uang is not None:
            baris.biaya = 0 if baris.lewat_jendela and bebas(baris) else uang.harga
            if not uang.cukup(baris.biaya) and _dibatasi(baris):
                keadaan.pindah(
                    [baris.pk],
                    "lewat_batas",
                    pada=pada,
                    kode_galat=KODE_BATAS,
                    galat=_KATA_BATAS,
                )
                continue
            uang = replace(uang, terpakai=uang.terpakai + baris.biaya)
        boleh.append(baris)
    for harga in {b.biaya for b in boleh} - {None}:
        pk = [b.pk for b in boleh if b.biaya == harga]
        Notifikasi.objects.filter(pk__in=pk).update(biaya=harga)
    return boleh


def _dibatasi(baris: Notifikasi) -> bool:
    """Whether the cap holds for it; not for the warning that the cap is near."""
    return bool(baris.riwayat_id or baris.berkala_id) and baris.pesan != "petugas_biaya"


def bebas(baris: Notifikasi) -> bool:
    """Whether these words may go out without a template while the window is open."""
    asli = katalog.PESAN.get(baris.pesan)  # None: written by a former release
    return asli is not None and asli.cara is not katalog.Cara.OTENTIKASI


def _jendela_terbuka(semua: list[Notifikasi], pada: datetime) -> set[str]:
    """Numbers that have written to us within a day: free words reach them, without a charge."""
    nomor = {b.nomor_hp for b in semua}
    ada = Percakapan.objects.filter(alamat__in=nomor, terakhir_masuk_pada__gt=pada - JENDELA_BEBAS)
    return set(ada.values_list("alamat", flat=True))
