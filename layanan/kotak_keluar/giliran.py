"""Whose turn it is: taking due messages from the outbox.

Rows are taken under one lock (LajuKirim), so that no two workers take the same, no number gets two
messages at once, and the provider's limits and the month's cap hold.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from layanan.kata_pesan import katalog
from layanan.kotak_keluar import anggaran, biaya, jam, keadaan, saluran
from layanan.kotak_keluar.tanda_terima import JENDELA_BEBAS
from layanan.models import (
    KabarBerkala,
    KeadaanSaluran,
    LajuKirim,
    Notifikasi,
    Percakapan,
    Permohonan,
)
from penduduk.antrean import SEWA

K = Notifikasi.Keadaan

UJI = KabarBerkala.Jenis.UJI  # sent whenever somebody presses the button
KODE_BATAS = "BATAS"
_KATA_BATAS = "Batas biaya pesan bulan ini sudah tercapai. Telepon warga, atau naikkan batasnya."
_PIN = ("pin", "pin_pengantar")  # made anew when it is sent
_KATA_PLAFON = "Plafon pesan sudah tercapai. Telepon warga, atau minta admin menaikkannya."
# News for staff of which the latest says it all; what names one case or one account stays.
_SERUPA = (
    *("petugas_baru", "petugas_perbaikan", "petugas_baru_lagi", "petugas_pin"),
    "petugas_dikembalikan_lagi",
    *("petugas_tebakan", "petugas_ringkasan", "ttd_ringkasan", "kode_petugas"),
)
_UNTUK_DIAMBIL = ("belum_diambil", "perangkat_ambil")
TERLAMBAT = "Tidak perlu lagi: suratnya tidak menunggu diambil, atau jamnya sudah lewat."
_MUSTAHIL = timedelta(days=1)  # longer than any night that a message waits for
DITANYA_MAKS = 20  # times that a worker took it and came to no end
_KATA_BUNTU = "Tidak jelas apakah terkirim: pengirimannya selalu terputus. Telepon warga."
_BERLAKU_KODE = timedelta(minutes=10)
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
        kini = saluran.kini()
        if kini.berhenti:
            return _sebagai_coba(kini, pada)
        detik = int(pada.timestamp())
        sudah = laju.jumlah if laju.detik == detik else 0
        sisa = settings.KIRIM["per_detik"] - sudah
        if sisa <= 0:
            raise LajuHabis
        baris = _yang_boleh(jatuh_tempo(pada), min(jumlah, sisa), kini, pada)
        LajuKirim.objects.filter(pk=1).update(detik=detik, jumlah=sudah + len(baris))
        return baris


def _sebagai_coba(kini: KeadaanSaluran, pada: datetime) -> list[Notifikasi]:
    """While the channel is stopped: from time to time one message, the oldest that waits. One that
    was tried often makes room for others, and what may have gone out already comes last."""
    if kini.coba_pada is None or kini.coba_pada > pada:
        return []
    berat = Case(
        When(keadaan=K.DIAMBIL, then=Value(1_000_000)),
        When(percobaan__gte=saluran.COBA_SATU, then=F("percobaan")),
        default=Value(0),
        output_field=IntegerField(),
    )
    urut = jatuh_tempo(pada).order_by(berat, "ambil_lagi_pada", "pk")
    while urut.exists():
        if baris := _yang_boleh(urut, 1, kini, pada):
            baris[0].sebagai_coba = True
            saluran.catat_coba(pada=pada)
            return baris
    return []


def jatuh_tempo(pada: datetime) -> QuerySet[Notifikasi]:
    """Due rows, oldest first; not those of a number that has got one a moment ago."""
    semua = Notifikasi.objects.antre().filter(_tempo(pada))
    semua = semua.order_by("ambil_lagi_pada", "pk")
    if jam.sekarang(pada):
        semua = semua.exclude(~Q(berkala__jenis=UJI), pesan__in=jam.PESAN)
    jeda = settings.KIRIM["jeda_nomor"]
    if jeda:
        baru_saja = Notifikasi.objects.filter(
            nomor_hp=OuterRef("nomor_hp"),
            diambil_pada__gt=pada - timedelta(seconds=jeda),
            diambil_pada__lte=pada + SEWA,  # no later: a wrong clock
        )
        semua = semua.filter(~Exists(baru_saja))
    return semua


def _tempo(pada: datetime) -> Q:
    """Due; also what a clock has written that was far ahead."""
    return Q(ambil_lagi_pada__lte=pada) | Q(ambil_lagi_pada__gt=pada + _MUSTAHIL)


def _yang_boleh(
    antre: QuerySet[Notifikasi], jumlah: int, kini: KeadaanSaluran, pada: datetime
) -> list[Notifikasi]:
    calon = antre.select_related("permintaan__penduduk", "templat", "berkala")[: jumlah * 4]
    terpilih: dict[str, Notifikasi] = {}
    for baris in calon:
        kunci = baris.nomor_hp if settings.KIRIM["jeda_nomor"] else str(baris.pk)
        terpilih.setdefault(kunci, baris)
    semua = _yang_perlu(list(terpilih.values())[:jumlah], pada)
    return _klaim(_yang_terbayar(_yang_terkini(semua, kini, pada), pada), pada)


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
            jika=_tempo(pada),
            **sewa,
            **{hitungan: F(hitungan) + 1},
        )
        for baris in milik:
            setattr(baris, hitungan, getattr(baris, hitungan) + 1)
            baris.ambil_lagi_pada, baris.diambil_pada = pada + SEWA, pada
    if pertama := sum(b.keadaan != K.DIAMBIL and b.percobaan == 1 for b in semua):
        anggaran.catat_dikirim(pertama, pada=pada)
    if dapat == len(semua):
        return semua
    # Between our look and our claim somebody cancelled one, or the provider told of it.
    kini = Notifikasi.objects.filter(pk__in=[b.pk for b in semua], keadaan=K.DIAMBIL, **sewa)
    pk = set(kini.values_list("pk", flat=True))
    return [b for b in semua if b.pk in pk]


def _yang_perlu(semua: list[Notifikasi], pada: datetime) -> list[Notifikasi]:
    """Without what nobody needs any more, and without what kills each worker that takes it;
    whether a row in DIAMBIL went out is asked first."""
    buntu = [b.pk for b in semua if b.keadaan == K.DIAMBIL and b.ditanya >= DITANYA_MAKS]
    keadaan.pindah(buntu, "tak_terjawab", pada=pada, kode_galat="BUNTU", galat=_KATA_BUNTU)
    dilihat = [b for b in semua if b.keadaan != K.DIAMBIL]
    basi = usang([b for b in dilihat if not b.berkala or b.berkala.jenis != UJI], pada=pada)
    keadaan.pindah(basi, "terlambat", pada=pada, galat=TERLAMBAT)
    return [b for b in semua if b.pk not in basi and b.pk not in buntu]


def usang(semua: list[Notifikasi], *, pada: datetime) -> set[int]:
    """Keys of those that come too late: a digest after its hours, a code whose time is over, an
    answer that could not be given in time, a PIN for who has come in by another one, news of a
    letter that is no longer there to be collected."""
    basi = {b.pk for b in semua if _lewat(b, pada)}
    pin = [b.pk for b in semua if b.pesan in _PIN]
    if pin:
        masuk = Q(permintaan__penduduk__akun__last_login__gt=F("dibuat_pada"), pk__in=pin)
        basi |= set(Notifikasi.objects.filter(masuk).values_list("pk", flat=True))
    ambil = {b.pk for b in semua if b.pesan in _UNTUK_DIAMBIL}
    if ambil:
        menunggu = Permohonan.objects.boleh_diserahkan()
        masih = Notifikasi.objects.filter(pk__in=ambil, berkala__permohonan__in=menunggu)
        basi |= ambil - set(masih.values_list("pk", flat=True))
    return basi


def _lewat(baris: Notifikasi, pada: datetime) -> bool:
    if jam.lewat(baris.pesan, baris.dibuat_pada, pada=pada):
        return True
    lama = pada - baris.dibuat_pada
    if baris.masuk_id:
        return lama > JENDELA_BEBAS
    asli = katalog.PESAN.get(baris.pesan)
    kode = asli is not None and asli.cara is katalog.Cara.OTENTIKASI
    return kode and baris.pesan not in _PIN and lama > _BERLAKU_KODE


def _yang_terkini(
    semua: list[Notifikasi], kini: KeadaanSaluran, pada: datetime
) -> list[Notifikasi]:
    """Without step messages that waited so long that a later one of the same request has gone
    out: "sedang diproses" after "siap diambil" would only confuse. Of what has waited for the
    channel, only the latest goes out, to staff too."""
    pulih = pada if kini.berhenti else kini.sejak
    terhenti = {b.pk for b in semua if pulih and b.dibuat_pada < pulih and b.keadaan != K.DIAMBIL}
    lama = {b.pk for b in semua if b.keadaan == K.SEMENTARA} | terhenti
    if not lama:
        return semua
    sesudah = Notifikasi.objects.filter(pk__gt=OuterRef("pk"))
    langkah = {"riwayat__permohonan": OuterRef("riwayat__permohonan"), "penerima": None}
    petugas = {"penerima": OuterRef("penerima"), "pesan": OuterRef("pesan")}
    basi = Q(Exists(sesudah.sudah_keluar().filter(**langkah)), pk__in=lama)
    basi |= Q(Exists(sesudah.antre().filter(**langkah)), pk__in=terhenti)
    milik = Notifikasi.objects.filter(basi, penerima=None, riwayat__isnull=False, pk__in=lama)
    pk_basi = set(milik.values_list("pk", flat=True))
    _gantikan(pk_basi, pada=pada, ditangani_pada=pada, ditangani_cara=Notifikasi.Cara.SUSULAN)
    kepada = Notifikasi.objects.filter(pk__in=terhenti, penerima__isnull=False, pesan__in=_SERUPA)
    kepada = kepada.filter(Exists(sesudah.antre().filter(**petugas))).exclude(berkala__jenis=UJI)
    pk_petugas = set(kepada.values_list("pk", flat=True))
    _gantikan(pk_petugas, pada=pada)
    return [b for b in semua if b.pk not in pk_basi | pk_petugas]


def _gantikan(pk: set[int], *, pada: datetime, **kolom: Any) -> None:
    keadaan.pindah(pk, "digantikan", pada=pada, galat=_DIGANTIKAN, **kolom)


def _yang_terbayar(semua: list[Notifikasi], pada: datetime) -> list[Notifikasi]:
    """With `biaya`, `lewat_jendela` and `templat` set; without what the month's cap forbids.

    Messages that guard an account, PINs, and answers pass the cap, and nothing passes the ceiling.
    A row in DIAMBIL is asked for first: it may have gone out, and its price is counted already.
    """
    uang = biaya.keuangan(pada=pada)
    terbuka = _jendela_terbuka(semua, pada)
    boleh = []
    for baris in semua:
        if baris.keadaan == K.DIAMBIL:
            boleh.append(baris)
            continue
        baris.lewat_jendela = baris.nomor_hp in terbuka and not baris.tanpa_jendela
        harga = 0 if baris.lewat_jendela and bebas(baris) else uang.harga
        baris.biaya = harga if uang.harga else baris.biaya
        if kata := _terlalu_mahal(baris, harga, uang):
            mahal: dict[str, Any] = {"kode_galat": KODE_BATAS, "galat": kata}
            keadaan.pindah([baris.pk], "lewat_batas", pada=pada, **mahal)
            continue
        uang = uang.dengan(harga)
        boleh.append(baris)
    for biaya_satu in {b.biaya for b in boleh} - {None}:
        pk = [b.pk for b in boleh if b.biaya == biaya_satu]
        Notifikasi.objects.filter(pk__in=pk).update(biaya=biaya_satu)
    return boleh


def _terlalu_mahal(baris: Notifikasi, harga: int, uang: biaya.Keuangan) -> str:
    """Which limit forbids a message of this price, as a sentence; "" for none. The cap holds for
    news of requests, but not for the warning that it is near; the ceiling holds for all."""
    if not uang.di_bawah_plafon(harga):
        return _KATA_PLAFON
    dibatasi = bool(baris.riwayat_id or baris.berkala_id) and baris.pesan != "petugas_biaya"
    return _KATA_BATAS if dibatasi and not uang.cukup(harga) else ""


def bebas(baris: Notifikasi) -> bool:
    """Whether these words may go out without a template while the window is open."""
    asli = katalog.PESAN.get(baris.pesan)  # None: written by a former release
    return asli is not None and asli.cara is not katalog.Cara.OTENTIKASI


def _jendela_terbuka(semua: list[Notifikasi], pada: datetime) -> set[str]:
    """Numbers that have written to us within a day: free words reach them, without a charge."""
    nomor = {b.nomor_hp for b in semua}
    ada = Percakapan.objects.filter(alamat__in=nomor, terakhir_masuk_pada__gt=pada - JENDELA_BEBAS)
    return set(ada.values_list("alamat", flat=True))
