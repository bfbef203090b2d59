"""How every message stands with WhatsApp: for the command line, and for the first page of the
back office."""

from dataclasses import dataclass, replace

from django.conf import settings

from layanan.kata_pesan import kata, katalog, templat
from layanan.models import TemplatWA
from layanan.transports import konten

K = TemplatWA.Keadaan
_STATUS = {
    konten.BELUM: "belum diajukan kepada WhatsApp",
    konten.TOLAK: "ditolak WhatsApp",
    "paused": "dijeda WhatsApp",
    "disabled": "dimatikan WhatsApp",
}
_PENGATURAN = "pengaturan"


@dataclass(frozen=True)
class Baris:
    """`masalah`: why the message would not go out outside the 24-hour window, "" when it would;
    `catatan`: what else is worth knowing."""

    pesan: str
    versi: str
    nama: str
    keadaan: str
    alasan: str = ""
    masalah: str = ""
    catatan: str = ""


def daftar() -> list[Baris]:
    """The version in use of every message, and beneath it the newest one when that is another;
    as we know it, without asking anybody."""
    semua: list[Baris] = []
    per_kode = templat.semua_versi()
    for asli in templat.berkata():
        versi = per_kode[asli.kode]
        pilihan = _pilihan(asli.kode, versi)
        if pilihan.versi:
            semua.append(_dari_versi(pilihan.versi))
        elif pilihan.sid:
            semua.append(
                Baris(asli.kode, _PENGATURAN, "TWILIO_CONTENT_SIDS", str(K.DISETUJUI.label))
            )
        elif not versi:
            semua.append(
                Baris(asli.kode, "0", "—", "belum dibuat", masalah="Templatnya belum dibuat.")
            )
        if versi and versi[-1] != pilihan.versi and versi[-1].sid != (pilihan.sid or None):
            satu = _dari_versi(versi[-1])
            if pilihan.sid:  # the former words still go out
                satu = replace(satu, masalah="", catatan="Kata-kata sebelumnya masih dipakai.")
            semua.append(satu)
    return semua


def _pilihan(kode: str, versi: list[TemplatWA]) -> kata.Pilihan:
    setuju = [v for v in reversed(versi) if v.keadaan == K.DISETUJUI]
    return kata.dari_antara(kode, setuju)


def periksa(pintu: konten.KontenTwilio) -> list[Baris]:
    """The same, compared with what Twilio has. Changes nothing; raises a TransportError."""
    ada = {satu.sid: satu for satu in pintu.daftar()}
    berubah = {p.kode for p in templat.tanpa_bawaan()}
    hasil, per_kode = [], templat.semua_versi()
    for satu in daftar():
        pilihan = _pilihan(satu.pesan, per_kode[satu.pesan])
        if not satu.masalah and not satu.catatan:
            satu = _bandingkan(satu, pilihan, ada.get(pilihan.sid))
            if satu.pesan in berubah and not satu.masalah:
                satu = replace(satu, catatan="Kata-kata bawaan sudah berubah, belum diajukan.")
        hasil.append(satu)
    return hasil


def _bandingkan(satu: Baris, pilihan: kata.Pilihan, di_sana: konten.Konten | None) -> Baris:
    if di_sana is None:
        if satu.versi == _PENGATURAN:  # given by hand: whoever did it has seen the template
            return replace(satu, catatan="SID dari pengaturan, tidak ada di akun Twilio ini.")
        return replace(satu, masalah="Templatnya tidak ada lagi di Twilio.")
    harusnya = pilihan.pesan.cara.value
    if di_sana.status != konten.SETUJU:
        sebab = _STATUS.get(di_sana.status, "masih menunggu WhatsApp")
        return replace(satu, masalah=f"Templatnya {sebab}.", alasan=di_sana.alasan or satu.alasan)
    if di_sana.kategori and di_sana.kategori != harusnya:
        return replace(satu, masalah=f"Kategorinya {di_sana.kategori}, seharusnya {harusnya}.")
    if di_sana.teks and di_sana.teks != pilihan.pesan.teks:
        return replace(satu, masalah="Kata-katanya di Twilio berbeda dari yang dipakai portal.")
    return satu


def _dari_versi(versi: TemplatWA) -> Baris:
    keadaan = versi.get_keadaan_display()
    masalah = "" if versi.keadaan == K.DISETUJUI else f"{keadaan[0].upper()}{keadaan[1:]}."
    return Baris(versi.pesan, str(versi.versi), versi.nama, keadaan, versi.alasan, masalah=masalah)


def peringatan() -> list[str]:
    """What the office should know: messages that cannot go out, wordings that were refused."""
    if not settings.TWILIO["account_sid"]:
        return []
    semua = daftar()
    macet = sum(1 for b in semua if b.masalah)
    ditolak = [
        katalog.label(b.pesan)
        for b in semua
        if b.catatan and b.keadaan in (K.DITOLAK.label, K.DITAHAN.label)
    ]
    kalimat = []
    if macet:
        kalimat.append(
            f"Kata-kata pesan: {macet} pesan belum dapat dikirim, sebab templatnya belum disetujui "
            f"WhatsApp. Minta pengelola sistem menjalankan {settings.PERINTAH} templat_wa."
        )
    if ditolak:
        kalimat.append(
            f"Kata-kata pesan: usulan untuk “{', '.join(ditolak)}” tidak diterima WhatsApp. "
            "Kata-kata sebelumnya masih dipakai."
        )
    return kalimat
