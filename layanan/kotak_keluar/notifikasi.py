"""The outbox, writing side: which messages follow what. Rows are written in the transaction of
what causes them; layanan.kotak_keluar.pengiriman hands them to the provider."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from layanan import transports
from layanan.janji import janji
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import anggaran, aturan, keadaan, nomor_wa
from layanan.models import AturanKabar, KabarBerkala, Notifikasi, Permohonan, Riwayat
from penduduk import desa as desa_
from penduduk.identitas import telepon
from penduduk.models import Akun

K = Notifikasi.Keadaan
P = AturanKabar.Penerima
WA = AturanKabar.Kanal.WA

# An operator hears of new requests at once, then of all that follow together: every message costs,
# and ten of them in a minute say no more than two.
JEDA_PETUGAS = timedelta(minutes=5)
TAK_PERLU = "Tidak perlu lagi: surat sudah diambil, dicabut, atau diganti."
_KEPADA_PETUGAS = {
    Riwayat.Langkah.AJUKAN_ULANG: "petugas_perbaikan",
    Riwayat.Langkah.KEMBALIKAN: "petugas_dikembalikan",
}
# Staff news that is merged: the first at once, then one message for all of the next minutes.
_BERIKUTNYA = {
    "petugas_baru": "petugas_baru_lagi",
    "petugas_perbaikan": "petugas_baru_lagi",
    "petugas_dikembalikan": "petugas_dikembalikan_lagi",
    "petugas_pin": "petugas_pin",
}


def catat(
    riwayat: Riwayat, permohonan: Permohonan, kode: str, *, kabari_petugas: bool
) -> list[Notifikasi]:
    """Write the messages of a step, in the transaction of the step."""
    isi = konteks(permohonan)
    berlaku = aturan.baca(riwayat.langkah)
    baris = []
    if kode and berlaku.aktif(riwayat.langkah, P.WARGA, WA):
        baris.append(_kepada_pemohon(riwayat, permohonan, kode, isi))
    if kabari_petugas and berlaku.aktif(riwayat.langkah, P.OPERATOR, WA):
        baris += _kepada_operator(riwayat, isi)
    if permohonan.status == Permohonan.Status.MENUNGGU_TTD and _mendesak(permohonan):
        baris += _kepada_penanda_tangan(riwayat, permohonan, isi)
    _hentikan_pengingat(riwayat, permohonan)
    if riwayat.langkah == Riwayat.Langkah.TANDATANGANI:
        kabari_perangkat(permohonan, pada=riwayat.pada)
    return Notifikasi.objects.bulk_create(baris)


def _mendesak(permohonan: Permohonan) -> bool:
    """Read afresh: an operator may have marked it while a worker was about to take the step."""
    return Permohonan.objects.filter(pk=permohonan.pk, mendesak=True).exists()


def _hentikan_pengingat(riwayat: Riwayat, permohonan: Permohonan) -> None:
    """Nobody is to be sent for a letter that was handed over, withdrawn or replaced."""
    langkah = Riwayat.Langkah
    if riwayat.langkah in (langkah.SERAHKAN, langkah.CABUT):
        lama = Q(berkala__permohonan=permohonan)
    elif riwayat.langkah == langkah.TANDATANGANI and permohonan.menggantikan_id:
        lama = Q(berkala__permohonan__surat=permohonan.menggantikan_id)
    else:
        return
    batalkan(Notifikasi.objects.filter(lama), sebab=TAK_PERLU, pada=riwayat.pada)


def _kepada_pemohon(
    riwayat: Riwayat, permohonan: Permohonan, kode: str, konteks: dict[str, str]
) -> Notifikasi:
    sebab = halangan_pemohon(permohonan, pada=riwayat.pada)
    tujuan, siapa = permohonan.alamat_kabar, riwayat.oleh_id
    if not sebab and not anggaran.ambil(kode, nomor_hp=tujuan, akun=siapa, pada=riwayat.pada):
        sebab = "ANGGARAN"
    baris = _baris(kode, konteks, riwayat.pada, tujuan, sebab=sebab, riwayat=riwayat)
    oleh = riwayat.oleh
    if sebab and oleh is not None and oleh.penduduk_id == permohonan.pemohon_id:
        # What residents do on the site themselves, the site has told them already.
        baris.ditangani_pada = riwayat.pada
        baris.ditangani_cara = Notifikasi.Cara.SITUS
    return baris


def halangan_pemohon(permohonan: Permohonan, *, pada: datetime) -> str:
    """Why the resident is not told by WhatsApp (a key of nomor_wa.SEBAB); empty when they are."""
    if permohonan.alamat_kabar and not permohonan.kabari_wa:
        return "TOLAK"
    return nomor_wa.halangan(permohonan.alamat_kabar, pada=pada)


def _kepada_operator(riwayat: Riwayat, konteks: dict[str, str]) -> list[Notifikasi]:
    kode = _KEPADA_PETUGAS.get(Riwayat.Langkah(riwayat.langkah), "petugas_baru")
    return _kepada_petugas(
        kode, petugas_yang_dikabari("proses_permohonan"), konteks, riwayat.pada, riwayat=riwayat
    )


def _kepada_petugas(
    kode: str, semua: Iterable[Akun], konteks: dict[str, str], pada: datetime, **sebab: Any
) -> list[Notifikasi]:
    """Not yet saved; merged, and within the budget of the day: the page tells all of it anyway."""
    calon = [_gabungkan(kode, satu, konteks, pada, **sebab) for satu in semua]
    return [b for b in calon if b and anggaran.ambil(b.pesan, nomor_hp=b.nomor_hp, pada=pada)]


def _gabungkan(
    kode: str, petugas: Akun, konteks: dict[str, str], pada: datetime, **sebab: Any
) -> Notifikasi | None:
    """The message itself, the one that stands for all of the next minutes, or none when that one
    is waiting already."""
    berikutnya = _BERIKUTNYA.get(kode, "")
    sama = Notifikasi.objects.filter(penerima=petugas, pesan__in=(kode, berikutnya))
    terakhir = sama.filter(dibuat_pada__gt=pada - JEDA_PETUGAS).order_by("-pk").first()
    if terakhir is None or not berikutnya:
        return _baris(kode, konteks, pada, petugas.nomor_hp, penerima=petugas, **sebab)
    if terakhir.ambil_lagi_pada > pada and terakhir.keadaan == K.MENUNGGU:
        return None
    lagi = _baris(berikutnya, konteks, pada, petugas.nomor_hp, penerima=petugas, **sebab)
    lagi.ambil_lagi_pada = terakhir.dibuat_pada + JEDA_PETUGAS
    return lagi


def _kepada_penanda_tangan(
    riwayat: Riwayat, permohonan: Permohonan, konteks: dict[str, str]
) -> list[Notifikasi]:
    """To the official whose name the paper bears, about a letter that cannot wait."""
    langkah = Riwayat.Langkah.MENDESAK
    akun = permohonan.surat.mandat.pemegang() if permohonan.surat else None
    if akun is None or not akun.nomor_hp or not akun.terima_pemberitahuan:
        return []
    if not aturan.baca(langkah).aktif(langkah, P.PENANDATANGAN, WA):
        return []
    return [
        _baris("ttd_mendesak", konteks, riwayat.pada, akun.nomor_hp, penerima=akun, riwayat=riwayat)
    ]


def kabari_perangkat(permohonan: Permohonan, *, pada: datetime) -> Notifikasi | None:
    """Tell the perangkat desa whom the resident has named that the letter is ready; once each.

    None: it is not ready, nobody was named, he cannot be reached, or he knows already. Read afresh,
    for it is signed at one desk while somebody is named at another: whoever commits last tells him.
    """
    siap = Permohonan.objects.filter(pk=permohonan.pk, status=Permohonan.Status.SIAP_DIAMBIL)
    kini = siap.select_related("wakil_pejabat__akun").first()
    pejabat = kini.wakil_pejabat if kini else None
    akun = pejabat.akun if pejabat else None
    langkah = Riwayat.Langkah.TANDATANGANI
    if pejabat is None or akun is None or not akun.nomor_hp:
        return None
    if not aturan.baca(langkah).aktif(langkah, P.PERANGKAT, WA):
        return None
    return tulis_berkala(
        "perangkat_ambil",
        KabarBerkala.Jenis.PERANGKAT,
        f"perangkat:{permohonan.pk}:{pejabat.pk}",
        nomor_hp=akun.nomor_hp,
        pada=pada,
        konteks={"nomor": permohonan.nomor},
        penerima=akun,
        permohonan=permohonan,
    )


def tulis(
    kode: str,
    *,
    nomor_hp: str,
    pada: datetime,
    konteks: dict[str, str] | None = None,
    asing: bool = False,
    **sebab: Any,
) -> Notifikasi:
    """Write one message to a resident, in the transaction of what causes it; over the budget of
    the day it becomes one for the call list.

    `asing`: nobody knows whose number it is, so nothing is sent there; `sebab`: one of
    permintaan=, kejadian=, masuk=, jawaban= (see Notifikasi). IntegrityError when that cause has
    had its message already.
    """
    # Whoever asks for a PIN or writes to us waits for this very message.
    halangan = nomor_wa.halangan(nomor_hp, pada=pada, diminta="kejadian" not in sebab)
    halangan = halangan or ("ASING" if asing else "")
    if _rahasia(kode) and not halangan and not telepon.bernomor(nomor_hp):
        halangan = "TANPANOMOR"  # WhatsApp lets no code out to a user without a number
    akun = sebab["kejadian"].akun_id if "kejadian" in sebab else None
    if not halangan and not anggaran.ambil(kode, nomor_hp=nomor_hp, akun=akun, pada=pada):
        halangan = "ANGGARAN"
    baris = _baris(kode, konteks or {}, pada, nomor_hp, sebab=halangan, **sebab)
    baris.save(force_insert=True)
    return baris


def tulis_berkala(
    kode: str,
    jenis: str,
    kunci: str,
    *,
    nomor_hp: str,
    pada: datetime,
    konteks: dict[str, str] | None = None,
    penerima: Akun | None = None,
    kirim_pada: datetime | None = None,
    sebab: str = "",
    **perihal: Any,
) -> Notifikasi | None:
    """Write one message that no step causes; None when `kunci` has had its message already.

    `kirim_pada`: not before (quiet hours). `sebab`: why it will not go out at all (a key of
    nomor_wa.SEBAB). `perihal`: permohonan=, banjar=. Call inside a transaction: cause and message
    stand or fall together.
    """
    berkala = sekali(jenis, kunci, pada=pada, **perihal)
    if berkala is None:
        return None
    baris = _baris(
        kode, konteks or {}, pada, nomor_hp, sebab=sebab, penerima=penerima, berkala=berkala
    )
    baris.ambil_lagi_pada = kirim_pada or pada
    baris.save(force_insert=True)
    return baris


def sekali(jenis: str, kunci: str, *, pada: datetime, **perihal: Any) -> KabarBerkala | None:
    """Take the right to what `kunci` names; None when somebody has had it, at whatever clock."""
    satu, baru = KabarBerkala.objects.get_or_create(
        kunci=kunci, defaults={"jenis": jenis, "pada": pada, **perihal}
    )
    return satu if baru else None


def kabari_petugas(
    kode: str, *, izin: str, pada: datetime, konteks: dict[str, str] | None = None, **sebab: Any
) -> list[Notifikasi]:
    """Write one message to every member of staff who holds `izin` and wants to hear of it; what
    comes often is merged, see _BERIKUTNYA."""
    semua = petugas_yang_dikabari(izin)
    return tulis_petugas(kode, semua, pada=pada, konteks=konteks, **sebab)


def tulis_petugas(
    kode: str,
    kepada: Iterable[Akun],
    *,
    pada: datetime,
    konteks: dict[str, str] | None = None,
    **sebab: Any,
) -> list[Notifikasi]:
    """Write one message to each of `kepada`, who have a phone."""
    return Notifikasi.objects.bulk_create(
        _kepada_petugas(kode, kepada, konteks or {}, pada, **sebab)
    )


def petugas_yang_dikabari(izin: str) -> list[Akun]:
    """Staff with a phone and the permission `izin` (codename) who want to be told."""
    return list(
        Akun.objects.filter(
            is_active=True,
            is_staff=True,
            terima_pemberitahuan=True,
            groups__permissions__codename=izin,
        )
        .exclude(nomor_hp="")
        .distinct()
        .order_by("pk")
    )


def konteks(permohonan: Permohonan) -> dict[str, str]:
    """Values of a message about this request. Its kind is not named where that could tell too much
    to whoever else looks at the phone."""
    jenis = permohonan.jenis
    return {
        "nomor": permohonan.nomor,
        "surat": "surat" if jenis.data_sensitif else jenis.nama,
        "janji": janji.saat(permohonan),
        "kode_ambil": permohonan.kode_ambil,
        "pengambil": permohonan.pengambil,
        "tautan": alamat_permohonan(permohonan),
    }


def alamat_permohonan(permohonan: Permohonan) -> str:
    """Address of the request's page, as messages write it."""
    return _situs() + reverse("layanan:rincian", args=[permohonan.nomor])


def _situs() -> str:
    return settings.PUBLIC_BASE_URL.removeprefix("https://").removeprefix("http://")


def konteks_umum() -> dict[str, str]:
    """Values that every message may use: the village, its office, its addresses."""
    desa = desa_.ambil()
    situs = _situs()
    return {
        "situs": situs,
        "kelola": f"{situs}/kelola/",
        "meja": f"{situs}/meja/",
        "desa": desa.nama,
        "kepala": desa.sebutan_kepala,
        "kantor": f"{desa.sebutan_kepala} {desa.nama}".strip(),
    }


def _rahasia(kode: str) -> bool:
    """A code is made only when the message is handed over, and stands in no row."""
    return katalog.PESAN[kode].cara is katalog.Cara.OTENTIKASI


def _baris(
    kode: str,
    konteks: dict[str, str],
    pada: datetime,
    nomor_hp: str,
    *,
    sebab: str = "",
    **lain: Any,
) -> Notifikasi:
    """A row, not yet saved; `sebab` (a key of nomor_wa.SEBAB): why it will not go out at all."""
    if not sebab and not transports.tersambung():
        sebab = "BELUM"
    return keadaan.baru(
        terhalang=bool(sebab),
        pada=pada,
        nomor_hp=nomor_hp,
        pesan=kode,
        variabel=[] if _rahasia(kode) else katalog.nilai(kode, konteks_umum() | konteks),
        kode_galat=sebab,
        galat=nomor_wa.SEBAB.get(sebab, ""),
        ambil_lagi_pada=pada,
        **lain,
    )


# --- Changed minds ------------------------------------------------------------------------------


def coba_lagi(
    gagal: QuerySet[Notifikasi] | Iterable[int], *, pada: datetime, jika: Q | None = None
) -> int:
    """Put messages that ended in trouble back into the queue, as new; returns how many. `gagal`,
    `jika`: see keadaan.pindah."""
    return keadaan.pindah(
        gagal,
        "coba_lagi",
        pada=pada,
        jika=jika,
        percobaan=0,
        ditanya=0,
        ambil_lagi_pada=pada,
        dibuat_pada=pada,
        tanya_pada=None,
        sid="",
        galat="",
        kode_galat="",
    )


def tahan(nomor_hp: str, sebab: str, *, pada: datetime) -> int:
    """Messages that wait for this number will not go out (`sebab`: a key of nomor_wa.SEBAB);
    answers and PINs that its owner has asked for still do. Returns how many."""
    perihal = Q(riwayat__isnull=False) | Q(berkala__isnull=False)
    return _tahan(Q(nomor_hp=nomor_hp) & perihal, sebab, pada=pada)


def tahan_milik(permohonan: QuerySet[Permohonan], sebab: str, *, pada: datetime) -> int:
    """The same for what waits about these requests, at whichever number."""
    perihal = Q(riwayat__permohonan__in=permohonan) | Q(berkala__permohonan__in=permohonan)
    return _tahan(perihal, sebab, pada=pada)


def _tahan(yang: Q, sebab: str, *, pada: datetime) -> int:
    semua = Notifikasi.objects.untuk_warga().filter(yang)
    kata = nomor_wa.SEBAB[sebab]
    return keadaan.pindah(semua, "tahan", pada=pada, kode_galat=sebab, galat=kata)


def alihkan(permohonan: Permohonan, *, ke: str, pada: datetime) -> int:
    """Messages to the resident that wait go to the number `ke` instead, now; returns how many."""
    semua = Notifikasi.objects.untuk_warga().filter(riwayat__permohonan=permohonan)
    # As in keadaan.pindah: one that a worker takes at this moment keeps its number and its lease.
    menunggu = Notifikasi.objects.filter(pk__in=semua, keadaan__in=(K.MENUNGGU, K.SEMENTARA))
    return menunggu.update(nomor_hp=ke, ambil_lagi_pada=pada)


def batalkan(semua: QuerySet[Notifikasi], *, sebab: str, pada: datetime) -> int:
    """Messages that nobody needs any more and no worker has taken yet; returns how many."""
    return keadaan.pindah(semua, "batalkan", pada=pada, galat=sebab)
