"""Which wording of a message is in use: the village's own once WhatsApp has approved it, ours
until then. Checks of a new wording stand here too."""

import re
from dataclasses import dataclass

from django.conf import settings

from layanan import pesan
from layanan.models import TemplatWA

MAKS = 1024  # characters of a template's body; WhatsApp's limit
_SISIPAN = re.compile(r"\{\{(.*?)\}\}")


@dataclass(frozen=True)
class Pilihan:
    """`sid`: of the approved template, "" while there is none; `versi`: None is our own wording."""

    pesan: pesan.Pesan
    sid: str
    versi: TemplatWA | None = None


def pilih(kode: str) -> Pilihan:
    """The wording in use. KeyError for an unknown code.

    A SID in the settings (TWILIO_CONTENT_SIDS) is our wording, approved by hand.
    """
    asli = pesan.PESAN[kode]
    if asli.cara is pesan.Cara.BEBAS:
        return Pilihan(asli, "")
    semua = TemplatWA.objects.filter(pesan=kode, keadaan=TemplatWA.Keadaan.DISETUJUI)
    versi = semua.order_by("-versi").first()
    if versi is None:
        return Pilihan(asli, settings.TWILIO["content_sids"].get(kode, ""))
    return Pilihan(dari_versi(versi), versi.sid, versi)


def terpakai() -> dict[str, pesan.Pesan]:
    """The wording in use of every message, by its code; one query."""
    disetujui = TemplatWA.objects.filter(keadaan=TemplatWA.Keadaan.DISETUJUI).order_by("versi")
    return pesan.PESAN | {v.pesan: dari_versi(v) for v in disetujui if v.pesan in pesan.PESAN}


def dari_versi(versi: TemplatWA) -> pesan.Pesan:
    """A version of the village as a message like ours."""
    asli = pesan.PESAN[versi.pesan]
    return pesan.Pesan(asli.kode, versi.kata, asli.cara, asli.wajib, asli.contoh)


def keberatan(kode: str, kata: str) -> list[str]:
    """Everything that speaks against this wording, one sentence each; empty when it may be used.

    https://www.twilio.com/docs/content/twilio-call-to-action (variables at the ends, side by side)
    """
    asli = pesan.PESAN[kode]
    sisipan = [s.strip() for s in _SISIPAN.findall(kata)]
    boleh = ", ".join(f"{{{{{nama}}}}}" for nama in asli.variabel)
    salah = [
        f"Sisipan {{{{{nama}}}}} tidak dikenal. Yang dapat dipakai: {boleh or 'tidak ada'}."
        for nama in dict.fromkeys(sisipan)
        if nama not in asli.variabel
    ]
    salah += [
        f"Sisipan {{{{{nama}}}}} harus ada, supaya pesannya dapat dimengerti."
        for nama in asli.wajib
        if nama not in sisipan
    ]
    aturan = {
        "Tulis dulu kata-katanya.": not kata.strip(),
        f"Terlalu panjang: {len(kata)} huruf, paling banyak {MAKS}.": len(kata) > MAKS,
        "Ada kurung kurawal yang tidak berpasangan. Sisipan ditulis {{nama}}.": (
            "{" in _SISIPAN.sub("", kata) or "}" in _SISIPAN.sub("", kata)
        ),
        "Pesan tidak boleh diawali atau diakhiri sisipan: tambahkan kata.": bool(
            re.match(r"\s*\{\{", kata) or re.search(r"\}\}\W*$", kata)
        ),
        "Di antara dua sisipan harus ada kata.": bool(re.search(r"\}\}\W*\{\{", kata)),
        "Jangan pakai baris kosong berturut-turut atau spasi ganda.": bool(
            re.search(r"\n{3,}|\t| {4,}", kata)
        ),
    }
    return salah + [kalimat for kalimat, berlaku in aturan.items() if berlaku]
