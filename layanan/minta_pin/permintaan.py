"""Requests for a PIN: gather photos, let an operator decide, forget the photos.

The only writer of PermintaanPIN.keadaan. Each change is a compare-and-set, so two operators, or an
operator and a late photo, cannot both act on the same state.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from layanan.kotak_keluar import notifikasi
from layanan.models import Berkas, Notifikasi, Percakapan, PermintaanPIN
from layanan.permohonan import berkas
from penduduk.akun import penjagaan, pin
from penduduk.identitas import telepon
from penduduk.models import Akun, KejadianAkun, Penduduk

K = PermintaanPIN.Keadaan

FOTO_MAKS = 6  # KTP-el, KK, and a few better ones
BASI_SETELAH = timedelta(days=7)  # without photos or an answer to "foto ulang"
FORMULIR_BASI = timedelta(days=1)  # a web form with photos that was never finished
ALAMAT_MAKS = 50  # open requests of one network address: a carrier's whole village, or a flood
DOKUMEN = {"ktp": "KTP-el", "kk": "Kartu Keluarga (KK)", "lain": "foto tambahan"}


class SudahDiputus(Exception):
    """Somebody was faster; the text is fit to be shown."""


# From where each state may be reached; the one table of moves.
_DARI = {
    K.MENUNGGU: (K.MENGUMPULKAN, K.FOTO_ULANG),
    K.FOTO_ULANG: (K.MENUNGGU, K.FOTO_ULANG),
    K.DITERBITKAN: (K.MENUNGGU, K.FOTO_ULANG),
    K.DITOLAK: (K.MENUNGGU, K.FOTO_ULANG),
    K.KEDALUWARSA: PermintaanPIN.TERBUKA,
}


def _pindah(permintaan: PermintaanPIN, ke: K, *, pada: datetime, **kolom: Any) -> None:
    """Move on from the state that the caller saw. Raises SudahDiputus."""
    kolom |= {"keadaan": ke, "diperbarui_pada": pada}
    sama = PermintaanPIN.objects.filter(pk=permintaan.pk, keadaan=permintaan.keadaan)
    if permintaan.keadaan not in _DARI[ke] or not sama.update(**kolom):
        raise SudahDiputus(
            "Permintaan ini baru saja berubah atau sudah diputus petugas lain. "
            "Muat ulang halaman ini."
        )
    for nama, nilai in kolom.items():
        setattr(permintaan, nama, nilai)


# --- Gathering ---------------------------------------------------------------------------------


def terbuka(nomor_hp: str) -> PermintaanPIN | None:
    """The request of this number that still takes photos, from whichever way; the newest."""
    return (
        PermintaanPIN.objects.filter(nomor_hp=nomor_hp, keadaan__in=PermintaanPIN.TERBUKA)
        .exclude(asal=PermintaanPIN.Asal.SITUS, keadaan=K.MENGUMPULKAN)  # half a web form
        .order_by("-dibuat_pada")
        .first()
    )


def buka_dari_wa(nomor_hp: str, *, nama_wa: str, pada: datetime) -> PermintaanPIN:
    """The number's open request; a new one at the first photo. Repeats are merged."""
    ada = terbuka(nomor_hp)
    if ada is not None:
        return ada
    try:
        with transaction.atomic():
            return PermintaanPIN.objects.create(
                asal=PermintaanPIN.Asal.WA,
                nomor_hp=nomor_hp,
                nama_wa=nama_wa[:100],
                dibuat_pada=pada,
                diperbarui_pada=pada,
            )
    except IntegrityError:  # two photos at the same moment
        return PermintaanPIN.objects.get(
            nomor_hp=nomor_hp, asal=PermintaanPIN.Asal.WA, keadaan__in=PermintaanPIN.TERBUKA
        )


def titipan(pk: str) -> PermintaanPIN | None:
    """An unfinished web form that already holds photos. Its id is known to that browser only."""
    try:
        kunci = uuid.UUID(pk)
    except ValueError:
        return None
    return PermintaanPIN.objects.filter(
        pk=kunci, asal=PermintaanPIN.Asal.SITUS, keadaan=K.MENGUMPULKAN
    ).first()


def penuh(alamat_sidik: str) -> bool:
    """Whether this address has as many open requests as it may: others stay free to ask."""
    terbuka = PermintaanPIN.objects.filter(
        alamat_sidik=alamat_sidik, keadaan__in=PermintaanPIN.TERBUKA
    )
    return terbuka.count() >= ALAMAT_MAKS


def titipkan(
    ke: PermintaanPIN | None,
    unggahan: UploadedFile,
    dokumen: str,
    *,
    pada: datetime,
    alamat_sidik: str = "",
) -> PermintaanPIN:
    """Keep a photo of a web form that may still have mistakes elsewhere; returns the request.
    `alamat_sidik`: digest of the address it came from.

    A new photo of the same paper takes the place of the former, once the worker has found it good
    (rapikan). Raises BerkasDitolak.
    """
    berkas.periksa_cepat(unggahan)  # before a row is made for it
    if ke is None:
        ke = PermintaanPIN.objects.create(
            asal=PermintaanPIN.Asal.SITUS,
            nomor_hp="",
            alamat_sidik=alamat_sidik,
            dibuat_pada=pada,
            diperbarui_pada=pada,
        )
    baru = berkas.terima(
        unggahan, permintaan=ke, dokumen=dokumen, label=DOKUMEN[dokumen], pada=pada
    )
    if baru.dokumen != dokumen:
        raise berkas.BerkasDitolak(
            f"Ini foto yang sama dengan {DOKUMEN[baru.dokumen]}. Unggah foto {DOKUMEN[dokumen]}."
        )
    rapikan(ke)
    return ke


def rapikan(ke: PermintaanPIN) -> None:
    """Of each paper keep the newest good photo, and those that the worker has not looked at yet;
    of the latter two: this form needs no login."""
    for dokumen in DOKUMEN:
        semua = ke.berkas.filter(dokumen=dokumen).order_by("-diunggah_pada", "-pk")
        siap = semua.filter(keadaan=Berkas.Keadaan.SIAP)
        belum = semua.filter(keadaan=Berkas.Keadaan.DIPERIKSA)
        for lama in [*siap[1:], *belum[2:]]:
            berkas.buang(lama)


def kirim_dari_situs(
    titipan: PermintaanPIN,
    *,
    nama: str,
    nik: str,
    tanggal_lahir: date,
    nomor_hp: str,
    pada: datetime,
) -> PermintaanPIN:
    """Finish a web form that holds both photos: it enters the queue. Asking again with the same
    NIK and number adds the photos to the request that still waits. Raises SudahDiputus."""
    isi = {"nama": nama, "nik": nik, "tanggal_lahir": tanggal_lahir, "nomor_hp": nomor_hp}
    rapikan(titipan)
    with transaction.atomic():
        lama = (
            PermintaanPIN.objects.select_for_update()
            .filter(nik=nik, nomor_hp=nomor_hp, keadaan__in=[K.MENUNGGU, K.FOTO_ULANG])
            .order_by("-dibuat_pada")
            .first()
        )
        if lama is None:
            PermintaanPIN.objects.filter(pk=titipan.pk).update(**isi)
            lengkapi(titipan, pada=pada)
            return titipan
        if len(foto(lama)) < FOTO_MAKS:
            titipan.berkas.update(permintaan=lama)
        for lebih in titipan.berkas.all():
            berkas.buang(lebih)
        titipan.delete()
        PermintaanPIN.objects.filter(pk=lama.pk).update(**isi)
        lengkapi(lama, pada=pada)
        return lama


def foto(permintaan: PermintaanPIN) -> list[Berkas]:
    """Usable photos of the request, in the order in which they came."""
    return list(
        permintaan.berkas.exclude(keadaan=Berkas.Keadaan.DITOLAK).order_by("diunggah_pada", "pk")
    )


def foto_ditolak(permintaan: PermintaanPIN) -> dict[str, str]:
    """Why a photo could not be used, by paper; only where no usable one has come since."""
    bagus = {satu.dokumen for satu in foto(permintaan)}
    buruk = permintaan.berkas.filter(keadaan=Berkas.Keadaan.DITOLAK).order_by("diunggah_pada")
    return {satu.dokumen: satu.alasan for satu in buruk if satu.dokumen not in bagus}


def dokumen_berikut(permintaan: PermintaanPIN) -> str:
    """Which paper the next photo is taken for: first KTP-el, then KK, then extras."""
    ada = {satu.dokumen for satu in foto(permintaan)}
    return next((kode for kode in ("ktp", "kk") if kode not in ada), "lain")


def lengkapi(permintaan: PermintaanPIN, *, pada: datetime) -> bool:
    """After a new photo: whether the request now waits for an operator (anew).

    With KTP-el and KK it enters the queue and the operators are told; a request that was sent
    back for better photos returns to it.
    """
    with transaction.atomic():
        if permintaan.keadaan == K.MENGUMPULKAN and dokumen_berikut(permintaan) != "lain":
            PermintaanPIN.objects.filter(pk=permintaan.pk).update(diperbarui_pada=pada)
            return False
        if permintaan.keadaan not in (K.MENGUMPULKAN, K.FOTO_ULANG):
            return False
        _pindah(permintaan, K.MENUNGGU, pada=pada)
        if not permintaan.notifikasi.filter(pesan="petugas_pin").exists():
            notifikasi.kabari_petugas(
                "petugas_pin", izin="terbitkan_pin", pada=pada, permintaan=permintaan
            )
        return True


def batalkan(permintaan: PermintaanPIN, *, pada: datetime) -> None:
    """The resident takes it back (BATAL); the photos go at once. Raises SudahDiputus."""
    _pindah(permintaan, K.KEDALUWARSA, pada=pada)
    hapus_foto(permintaan, pada=pada)


# --- Deciding ----------------------------------------------------------------------------------


@transaction.atomic
def terbitkan(
    permintaan: PermintaanPIN, *, orang: Penduduk, oleh: Akun, pada: datetime
) -> Notifikasi:
    """Give `orang` a PIN on the number of the request; the worker makes and sends it. To a chat
    without a number no PIN can be sent: it becomes the account's, and a slip is to be printed.

    The number becomes the account's. A different one from before is told of it, so that a
    stolen identity does not go unnoticed. Raises SudahDiputus, or pin.TidakBisaMasuk.
    """
    akun = pin.akun_untuk(orang)
    _pindah(
        permintaan,
        K.DITERBITKAN,
        pada=pada,
        penduduk=orang,
        diputus_pada=pada,
        diputus_oleh=oleh,
        alasan="",
    )
    bernomor = telepon.bernomor(permintaan.nomor_hp)
    lama = akun.nomor_hp if akun.nomor_hp != permintaan.nomor_hp else ""
    penjagaan.catat(
        akun,
        KejadianAkun.Jenis.PIN_DITERBITKAN,
        pada=pada,
        oleh=oleh,
        rincian=f"permintaan lewat {permintaan.get_asal_display()}",
        nomor_lama=lama,
        dikabarkan=not lama,  # the number of the request hears of it with the PIN itself
    )
    if bernomor:
        akun.nomor_hp, akun.nomor_calon = permintaan.nomor_hp, ""
        akun.save(update_fields=["nomor_hp", "nomor_calon"])
    else:
        Percakapan.objects.filter(alamat=permintaan.nomor_hp).update(
            akun=akun,
            terhubung_cara=Percakapan.Cara.PETUGAS,
            terhubung_oleh=oleh,
            terhubung_pada=pada,
        )
    pengantar = "pin_pengantar" if bernomor else "pin_slip"
    notifikasi.tulis(pengantar, nomor_hp=permintaan.nomor_hp, pada=pada, permintaan=permintaan)
    return notifikasi.tulis("pin", nomor_hp=permintaan.nomor_hp, pada=pada, permintaan=permintaan)


@transaction.atomic
def tolak(permintaan: PermintaanPIN, *, alasan: str, oleh: Akun, pada: datetime) -> bool:
    """Refuse with a reason, which the sender reads; False: the number may be anybody's, and the
    operator has to call. Raises SudahDiputus."""
    _pindah(permintaan, K.DITOLAK, pada=pada, alasan=alasan, diputus_pada=pada, diputus_oleh=oleh)
    return _kabari(permintaan, "pin_ditolak", asing=not _terbukti(permintaan), pada=pada)


def tolak_bersama(
    semua: QuerySet[PermintaanPIN], *, alasan: str, oleh: Akun, pada: datetime
) -> list[uuid.UUID]:
    """Refuse a flood of requests at once: nobody is told, for whoever sent it typed the numbers.
    Returns the keys of those that still waited."""
    with transaction.atomic():
        menunggu = semua.filter(keadaan__in=_DARI[K.DITOLAK]).select_for_update()
        pk = list(menunggu.values_list("pk", flat=True))
        PermintaanPIN.objects.filter(pk__in=pk).update(
            keadaan=K.DITOLAK,
            alasan=alasan,
            diputus_pada=pada,
            diputus_oleh=oleh,
            diperbarui_pada=pada,
        )
    return pk


@transaction.atomic
def minta_foto_ulang(permintaan: PermintaanPIN, *, alasan: str, pada: datetime) -> bool:
    """Ask for better photos; the former ones stay for comparison. Raises SudahDiputus."""
    _pindah(permintaan, K.FOTO_ULANG, pada=pada, alasan=alasan)
    return _kabari(permintaan, "pin_foto_ulang", pada=pada)


def _terbukti(permintaan: PermintaanPIN) -> bool:
    """Whether the number has written to us, or belongs to an account: anybody can type any other
    number into the form of the site."""
    nomor = permintaan.nomor_hp
    return (
        permintaan.asal == PermintaanPIN.Asal.WA
        or Percakapan.objects.filter(nomor_hp=nomor).exists()
        or Akun.objects.filter(nomor_hp=nomor).exists()
    )


def _kabari(permintaan: PermintaanPIN, kode: str, *, pada: datetime, asing: bool = False) -> bool:
    """Tell the sender; False: not by WhatsApp."""
    baris = notifikasi.tulis(
        kode,
        nomor_hp=permintaan.nomor_hp,
        pada=pada,
        konteks={"alasan": permintaan.alasan.rstrip(" .")},
        asing=asing,
        permintaan=permintaan,
    )
    return baris.keadaan != Notifikasi.Keadaan.TANPA_WA


def kirim_ulang(permintaan: PermintaanPIN, *, pada: datetime) -> bool:
    """Try a PIN message that failed for good once more, with a new PIN. False: nothing failed."""
    return notifikasi.coba_lagi(permintaan.notifikasi.filter(pesan="pin"), pada=pada) > 0


# --- Forgetting --------------------------------------------------------------------------------


def tutup_yang_basi(*, pada: datetime) -> None:
    """Close requests that nobody went on with."""
    diam = Q(
        keadaan__in=[K.MENGUMPULKAN, K.FOTO_ULANG], diperbarui_pada__lt=pada - BASI_SETELAH
    ) | Q(
        asal=PermintaanPIN.Asal.SITUS,
        keadaan=K.MENGUMPULKAN,
        diperbarui_pada__lt=pada - FORMULIR_BASI,
    )
    PermintaanPIN.objects.filter(diam).update(keadaan=K.KEDALUWARSA, diperbarui_pada=pada)


def hapus_foto(permintaan: PermintaanPIN, *, pada: datetime) -> None:
    """Files first, rows after: whatever dies in between is done again, nothing is left behind."""
    for satu in permintaan.berkas.all():
        berkas.buang(satu)
    PermintaanPIN.objects.filter(pk=permintaan.pk).update(foto_dihapus_pada=pada)
