"""A paper that an operator has asked for, sent in the chat: it goes to its request.

The same upload, cleaning and attaching as on the site (layanan.permohonan.berkas).
"""

import re
from datetime import datetime, timedelta

from django.db import transaction

from layanan.kotak_keluar import notifikasi
from layanan.models import Berkas, Notifikasi, Percakapan, Permohonan, Riwayat
from layanan.percakapan import siapa
from layanan.percakapan.jawab import Balasan, di_obrolan
from layanan.permohonan import alur, berkas, dampak, jatah
from layanan.permohonan.perbaikan import Diminta, dokumen, terakhir

_LABEL_MAKS = 120
_SAMA = "Foto ini sama persis dengan yang sebelumnya. Ambil foto yang baru, lalu kirim ke sini."
_S = Permohonan.Status
_DITOLAK = Berkas.Keadaan.DITOLAK


def yang_diminta(orang: Percakapan) -> list[Diminta]:
    """Every paper that the requests of this chat's person have been sent back for."""
    semua = siapa.milik_sendiri(orang).filter(status=_S.PERLU_PERBAIKAN).order_by("pk")
    return [satu for permohonan in semua for satu in dokumen(permohonan)]


def menurut(teks: str, diminta: list[Diminta]) -> Diminta | None:
    """The one that is meant, if that is clear: the words say it, or only one is left."""
    if len(diminta) == 1:
        return diminta[0]
    belum = [d for d in diminta if not d.sudah]
    return menurut_kata(teks, diminta) or (belum[0] if len(belum) == 1 else None)


def menurut_kata(teks: str, diminta: list[Diminta]) -> Diminta | None:
    """The one whose name, or a word of it that no other has, stands in the caption."""
    ada = kata(teks)
    cocok = [
        d
        for d in diminta
        if ada & kata(d.label).difference(*(kata(lain.label) for lain in diminta if lain is not d))
    ]
    return cocok[0] if len(cocok) == 1 else None


def kata(teks: str) -> set[str]:
    umum = {"foto", "surat", "dan", "atau", "dari", "yang", "untuk", "ini", "asli", "saya"}
    return set(re.findall(r"[^\W_]+", teks.lower())) - umum


def ke_permohonan(foto: list[Berkas], tujuan: Diminta, teks: str, *, pada: datetime) -> Balasan:
    """The mended paper of a request. Anything but a request that still waits: an operator looks."""
    lebih: list[Berkas] = []
    usang = 0
    with transaction.atomic():
        masih = Permohonan.objects.select_for_update(of=("self",)).filter(
            pk=tujuan.permohonan.pk, status=_S.PERLU_PERBAIKAN
        )
        if not masih.exists():
            return Balasan("balas_foto_petugas", catat=True, utang=True)
        permohonan = masih.get()
        for satu in foto:
            pakai = _milikkan(satu, permohonan, tujuan, teks)
            if _lama(pakai, permohonan, tujuan):
                lebih, usang = [*lebih, satu], usang + 1
                continue
            if pakai != satu:
                lebih.append(satu)
            try:
                if pakai == satu:
                    jatah.ambil("berkas", orang=permohonan.pemohon, pada=pada)
                    jatah.ambil("bita", orang=permohonan.pemohon, pada=pada, sebanyak=satu.ukuran)
                berkas.ganti(
                    permohonan, pakai, syarat=tujuan.syarat, diminta_pada=tujuan.pada, pada=pada
                )
            except (berkas.BerkasDitolak, jatah.JatahHabis) as galat:
                isi = {"alasan": di_obrolan(str(galat))}
                return Balasan("balas_foto_ditolak", isi, catat=True, utang=True)
    for satu in lebih:
        berkas.buang(satu)
    if usang == len(foto):
        return Balasan("balas_foto_ditolak", {"alasan": _SAMA}, utang=True)
    return Balasan(
        "balas_perbaikan",
        {"dokumen": tujuan.label, "nomor": permohonan.nomor, "lanjut": lanjut(permohonan)},
        permohonan=permohonan,
        jeda=timedelta(0),  # the next paper changes what is missing
        gabung=True,
        # What the label could not hold is read in the chat.
        catat=len(teks) > _LABEL_MAKS - len(tujuan.label) - 16,
    )


def _lama(satu: Berkas, permohonan: Permohonan, tujuan: Diminta) -> bool:
    """Whether it is the very file that was found wanting."""
    return permohonan.lampiran.filter(
        berkas=satu, syarat=tujuan.syarat, ditambah_pada__lte=tujuan.pada
    ).exists()


def _milikkan(satu: Berkas, permohonan: Permohonan, tujuan: Diminta, teks: str) -> Berkas:
    """Make the file the applicant's; the one they have already, when the bytes are the same."""
    sama = Berkas.objects.filter(
        pemilik=permohonan.pemohon_id, dokumen=tujuan.syarat, sidik_kirim=satu.sidik_kirim
    ).exclude(keadaan=_DITOLAK)
    if ada := sama.exclude(pk=satu.pk).first():
        return ada
    kata = " ".join(teks.split())
    label = f"{tujuan.label} (WhatsApp: “{kata}”)" if kata else f"{tujuan.label} (WhatsApp)"
    if len(label) > _LABEL_MAKS:
        label = f"{label[: _LABEL_MAKS - 3]}…”)"
    satu.pemilik_id, satu.dokumen, satu.label = permohonan.pemohon_id, tujuan.syarat, label
    satu.save(update_fields=["pemilik", "dokumen", "label"])
    return satu


def lanjut(permohonan: Permohonan) -> str:
    """What is still missing, or how to send what is there."""
    return _kurang(permohonan) or (
        "Semua dokumen yang diminta sudah ada. Balas KIRIM untuk mengirim perbaikan ini, atau "
        f"periksa dulu di {notifikasi.alamat_permohonan(permohonan)}."
    )


def _kurang(permohonan: Permohonan) -> str:
    if papan := [d.label for d in dokumen(permohonan) if not d.sudah]:
        return f"Masih kurang: {', '.join(papan)}."
    riwayat = terakhir(permohonan)
    if isian := [p["label"] for p in riwayat.putusan if p["apa"] == "isian"] if riwayat else []:
        di_situs = notifikasi.alamat_permohonan(permohonan)
        return f"Masih ada yang perlu diperbaiki di {di_situs}: {', '.join(isian)}."
    return ""


def kirim(orang: Percakapan, *, pada: datetime) -> Balasan:
    """KIRIM: send every mended request of this chat's accounts that lacks nothing any more."""
    akun = {a.penduduk_id: a for a in siapa.akun(orang) if a.is_active and not a.dibekukan_pada}
    semua = siapa.milik_sendiri(orang).filter(status=_S.PERLU_PERBAIKAN).order_by("pk")
    terkirim: Permohonan | None = None
    sudah: list[str] = []  # of these nothing but this answer tells in the chat
    kurang: list[str] = []
    petugas = False
    for permohonan in semua:
        oleh = akun.get(permohonan.pemohon_id)
        sebab = _kurang(permohonan)
        if not sebab and oleh is None:
            sebab, petugas = "Kami sampaikan kepada operator desa.", True
        if not sebab:
            try:
                bahan = dampak.AjukanUlang(permohonan.isian)
                riwayat = alur.jalankan(permohonan, "ajukan_ulang", bahan, oleh=oleh, pada=pada)
            except alur.LangkahTidakSah:
                sebab = "Keadaannya baru saja berubah. Balas STATUS."
            else:
                terkirim = permohonan
                if not _dikabari_di_sini(riwayat, orang):
                    sudah.append(permohonan.nomor)
        if sebab:
            kurang.append(f"{permohonan.nomor}: {sebab}")
    if kurang:
        baris = "\n".join([*(f"{nomor}: Sudah terkirim." for nomor in sudah), *kurang])
        return Balasan("balas_belum_lengkap", {"kurang": baris}, catat=petugas, utang=True)
    if sudah:
        return Balasan("balas_terkirim", {"nomor": ", ".join(sudah)}, utang=True)
    if terkirim:
        return Balasan("", permohonan=terkirim)
    return Balasan("balas_tak_ada_perbaikan", utang=True)


def _dikabari_di_sini(riwayat: Riwayat, orang: Percakapan) -> bool:
    """Whether the step's own news goes to this chat. It says all that an answer would, and whoever
    it does not reach stands on the call list."""
    kabar = riwayat.notifikasi.untuk_warga().filter(nomor_hp__in=siapa.alamat(orang))
    return kabar.exclude(keadaan=Notifikasi.Keadaan.TANPA_WA).exists()
