"""Photos and PDFs that come in a chat: who writes and what they owe decides where they go.

A paper that an operator has asked for goes to its request; a photo of somebody who waits for a
PIN, or whom nobody knows, to the request for a PIN; and where that is not clear, its owner is
asked. Until it is known, a file belongs to the message that brought it.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from layanan.minta_pin import permintaan
from layanan.models import Berkas, Notifikasi, Percakapan, PermintaanPIN, PesanMasuk
from layanan.percakapan import catatan, media, perbaikan, siapa
from layanan.percakapan.jawab import Balasan, di_obrolan
from layanan.permohonan import berkas
from layanan.transports import GagalSementara, GagalTetap
from penduduk import antrean

TANYA_SELAMA = timedelta(hours=12)  # a question without an answer; then an operator looks
KE_PIN, KE_PETUGAS = "pin", "petugas"
_ANGKA_SAJA = frozenset("nomor no pilih pilihan ya".split())  # words beside the number of a choice
_DITOLAK = Berkas.Keadaan.DITOLAK
_J, _K = PesanMasuk.Jenis, PesanMasuk.Keadaan


class BelumDiperiksa(Exception):
    """The check of a file has not come to a verdict yet: ask again later."""


def terima(satu: PesanMasuk, *, pada: datetime) -> Balasan:
    """Fetch and check what the message brings, and put it where it belongs; the answer to it.

    Raises GagalSementara (not to be had for now) and BelumDiperiksa.
    """
    baik, alasan = _ambil(satu, pada=pada)
    if not baik:
        return _ditolak(satu, alasan, pada=pada)
    jawab = _arahkan(satu, baik, pada=pada)
    if alasan and not jawab.pilihan:
        isi = {"baik": str(len(baik)), "alasan": alasan[0]}
        jawab = replace(jawab, kode="balas_foto_sebagian", isi=isi)
    return jawab


def _ambil(satu: PesanMasuk, *, pada: datetime) -> tuple[list[Berkas], list[str]]:
    """What is usable of it, and why the rest is not."""
    baik, alasan = [], []
    for medium in satu.media:
        hasil = _satu(satu, medium, pada=pada)
        if isinstance(hasil, str):
            alasan.append(hasil)
            continue
        if hasil.keadaan == Berkas.Keadaan.DIPERIKSA:
            raise BelumDiperiksa
        if hasil.keadaan == _DITOLAK:
            alasan.append(di_obrolan(hasil.alasan))
            continue
        baik.append(hasil)
    for buruk in satu.berkas.filter(keadaan=_DITOLAK):
        berkas.buang(buruk)
    return list({b.pk: b for b in baik}.values()), alasan


def _satu(satu: PesanMasuk, medium: dict[str, str], *, pada: datetime) -> Berkas | str:
    """One file, fetched now or at an earlier attempt; else why there is none."""
    sudah = medium.get("berkas")
    if sudah and (ada := Berkas.objects.filter(pk=sudah).first()):
        return ada  # its check goes on, or has ended meanwhile
    try:
        isi = media.ambil(medium["url"])
        baru = berkas.terima(
            SimpleUploadedFile("foto", isi),
            masuk=satu,
            dokumen="foto",
            label="Foto lewat WhatsApp",
            pada=pada,
            sewa=antrean.SEWA,
        )
    except GagalTetap as galat:
        return galat.pesan
    except berkas.BerkasDitolak as galat:
        return di_obrolan(str(galat))
    except OSError:
        raise GagalSementara("SIMPAN", berkas.TAK_TERSIMPAN) from None
    medium["berkas"] = str(baru.pk)
    antrean.milik(satu).update(media=satu.media)
    return berkas.bersihkan_segera(baru)


def _ditolak(satu: PesanMasuk, alasan: list[str], *, pada: datetime) -> Balasan:
    """None of it can be used: say why, in the words of the check."""
    orang = satu.percakapan
    isi = {"alasan": (alasan[0] if alasan else "Berkasnya tidak ada.") + _sebelumnya(satu)}
    diminta = perbaikan.yang_diminta(orang)
    ada = permintaan.terbuka(siapa.kunci(orang))
    if diminta or (ada is None and siapa.dikenal(orang)):
        return Balasan("balas_foto_ditolak", isi, utang=True)
    ada = ada or _buka_pin(orang, pada=pada)
    return Balasan("balas_foto_ditolak", isi, permintaan=ada, bagian=True, utang=True)


def _sebelumnya(satu: PesanMasuk) -> str:
    """What became of the photo before, of which this answer was to tell as well."""
    semua = PesanMasuk.objects.filter(percakapan=satu.percakapan_id, pk__lt=satu.pk)
    tadi = semua.order_by("-pk").first()
    diterima = tadi and tadi.jenis == _J.KERTAS and tadi.keadaan in (_K.PERMOHONAN, _K.PIN)
    if tadi is None or not diterima or Notifikasi.objects.filter(masuk=tadi).exists():
        return ""
    lanjut = perbaikan.lanjut(tadi.permohonan) if tadi.permohonan else ""
    return f" Foto sebelumnya sudah kami terima. {lanjut}".rstrip()


# --- Where it goes -------------------------------------------------------------------------------


def _arahkan(satu: PesanMasuk, foto: list[Berkas], *, pada: datetime) -> Balasan:
    orang = satu.percakapan
    diminta = perbaikan.yang_diminta(orang)
    pin = permintaan.terbuka(siapa.kunci(orang))
    if diminta and not (pin and pin.keadaan in (pin.Keadaan.MENGUMPULKAN, pin.Keadaan.FOTO_ULANG)):
        if tujuan := perbaikan.menurut(satu.teks, diminta):
            return perbaikan.ke_permohonan(foto, tujuan, satu.teks, pada=pada)
        return _tanya(orang, diminta)
    if diminta:
        tujuan = perbaikan.menurut_kata(satu.teks, diminta)
        if tujuan:
            return perbaikan.ke_permohonan(foto, tujuan, satu.teks, pada=pada)
        return _tanya(orang, diminta, pin=True)
    if pin or not siapa.dikenal(orang):
        return _ke_pin(orang, foto, pada=pada)
    return _tanya(orang, [], pin=True)


def _tanya(orang: Percakapan, diminta: list[perbaikan.Diminta], *, pin: bool = False) -> Balasan:
    """Ask what the photo is for; it waits for the answer."""
    pilihan: list[dict[str, Any]] = [
        {"permohonan": d.permohonan.pk, "syarat": d.syarat, "kata": d.sebutan} for d in diminta
    ]
    if pin:
        pilihan.append({"ke": KE_PIN, "kata": "PIN baru"})
    pilihan.append({"ke": KE_PETUGAS, "kata": "lainnya, sampaikan ke petugas"})
    isi = {"pilihan": sebut(pilihan)}
    kode = "balas_tanya_banyak" if yang_menunggu(orang) else "balas_tanya_foto"
    # Asked at once: the next photo may say itself what it is for.
    return Balasan(kode, isi, pilihan=pilihan)


def sebut(pilihan: list[dict[str, Any]]) -> str:
    return "\n".join(f"{ke}. {satu['kata']}" for ke, satu in enumerate(pilihan, start=1))


# --- A request for a PIN -------------------------------------------------------------------------


def _buka_pin(orang: Percakapan, *, pada: datetime) -> PermintaanPIN:
    return permintaan.buka_dari_wa(siapa.kunci(orang), nama_wa=orang.nama_wa, pada=pada)


def _ke_pin(orang: Percakapan, foto: list[Berkas], *, pada: datetime) -> Balasan:
    """First the KTP-el, then the KK, then a few better ones; the same photo twice is one."""
    ada = _buka_pin(orang, pada=pada)
    kode = ""
    for satu in foto:
        sama = ada.berkas.filter(sidik_kirim=satu.sidik_kirim).exclude(keadaan=_DITOLAK)
        if dulu := sama.exclude(pk=satu.pk).first():
            berkas.buang(satu)
            kode = _sesudah(dulu.dokumen)
        elif satu.permintaan_id == ada.pk:
            kode = _sesudah(satu.dokumen)
        elif len(permintaan.foto(ada)) >= permintaan.FOTO_MAKS:
            berkas.buang(satu)
            kode = "balas_cukup"
        else:
            dokumen = permintaan.dokumen_berikut(ada)
            satu.permintaan, satu.dokumen = ada, dokumen
            satu.label = permintaan.DOKUMEN[dokumen]
            satu.save(update_fields=["permintaan", "dokumen", "label"])
            permintaan.lengkapi(ada, pada=pada)
            kode = _sesudah(dokumen)
    return Balasan(kode, permintaan=ada, bagian=True, gabung=True)


def _sesudah(dokumen: str) -> str:
    """The answer to a photo that was taken for `dokumen`."""
    return {"ktp": "balas_kk", "kk": "balas_lengkap"}.get(dokumen, "balas_tambahan")


# --- The answer to the question ------------------------------------------------------------------


def yang_menunggu(orang: Percakapan) -> list[PesanMasuk]:
    """Messages whose photos wait for an answer, oldest first."""
    return list(PesanMasuk.objects.filter(percakapan=orang, keadaan=_K.TANYA).order_by("pk"))


def jawaban(orang: Percakapan, teks: str, *, pada: datetime) -> Balasan | None:
    """What a choice of numbers does to the photos that wait; None: these words choose nothing."""
    menunggu = yang_menunggu(orang)
    if not orang.pilihan or not menunggu:
        return None
    boleh = _ANGKA_SAJA.union(*(perbaikan.kata(satu["kata"]) for satu in orang.pilihan))
    angka = [int(a) for a in re.findall(r"\d+", teks)]
    if not angka or not perbaikan.kata(re.sub(r"\d+", " ", teks)) <= boleh:
        return None
    sah = all(1 <= a <= len(orang.pilihan) for a in angka)
    if not sah or len(angka) not in (1, len(menunggu)):
        return Balasan("balas_pilih_lagi", {"pilihan": sebut(orang.pilihan)}, utang=True)
    hasil = Balasan("")
    for ke, satu in enumerate(menunggu):
        tujuan = orang.pilihan[angka[ke if len(angka) > 1 else 0] - 1]
        hasil = _pilih(satu, tujuan, pada=pada)
        tutup(satu, hasil, pada=pada)
    Percakapan.objects.filter(pk=orang.pk).update(pilihan=[], tanya_pada=None)
    return Balasan(hasil.kode, hasil.isi, permintaan=hasil.permintaan, utang=True)


def _pilih(satu: PesanMasuk, tujuan: dict[str, Any], *, pada: datetime) -> Balasan:
    foto = list(satu.berkas.filter(pemilik__isnull=True, permintaan__isnull=True))
    if tujuan.get("ke") == KE_PIN:
        return _ke_pin(satu.percakapan, foto, pada=pada)
    kini = [
        d
        for d in perbaikan.yang_diminta(satu.percakapan)
        if (d.permohonan.pk, d.syarat) == (tujuan.get("permohonan"), tujuan.get("syarat"))
    ]
    if kini:
        return perbaikan.ke_permohonan(foto, kini[0], satu.teks, pada=pada)
    return Balasan("balas_foto_petugas", catat=True)


def tutup(satu: PesanMasuk, jawab: Balasan, *, pada: datetime) -> None:
    """Say of a message that waited what became of it."""
    ubah: dict[str, Any] = {"permintaan": jawab.permintaan, "permohonan": jawab.permohonan}
    if jawab.permohonan:
        ubah["keadaan"] = _K.PERMOHONAN
    elif jawab.permintaan:
        ubah["keadaan"] = _K.PIN
    else:
        kata = f"[{satu.get_jenis_display()}] {satu.teks}".strip()
        ubah |= {"keadaan": _K.PETUGAS}
        ubah["catatan"] = catatan.tulis(satu.percakapan, kata, pada=pada)
    PesanMasuk.objects.filter(pk=satu.pk, keadaan=_K.TANYA).update(**ubah)


def batalkan(orang: Percakapan) -> int:
    """BATAL: photos that wait are thrown away; returns how many messages."""
    menunggu = yang_menunggu(orang)
    for satu in menunggu:
        for foto in satu.berkas.filter(pemilik__isnull=True, permintaan__isnull=True):
            berkas.buang(foto)
        PesanMasuk.objects.filter(pk=satu.pk).update(keadaan=_K.DIJAWAB)
    Percakapan.objects.filter(pk=orang.pk).update(pilihan=[], tanya_pada=None)
    return len(menunggu)


def lewat_waktu(*, pada: datetime) -> int:
    """Photos whose owner has not said what they are for go to an operator; returns how many."""
    jumlah = 0
    lama = Percakapan.objects.filter(tanya_pada__lt=pada - TANYA_SELAMA)
    for orang in lama:
        with transaction.atomic():
            terkunci = Percakapan.objects.select_for_update().get(pk=orang.pk)
            for satu in yang_menunggu(terkunci):
                tutup(satu, Balasan(""), pada=pada)
                jumlah += 1
            Percakapan.objects.filter(pk=orang.pk).update(pilihan=[], tanya_pada=None)
    return jumlah
