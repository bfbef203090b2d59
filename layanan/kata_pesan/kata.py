"""Which wording of a message is in use: the village's own once WhatsApp has approved it, ours
until then. Checks of a new wording stand here too."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from layanan.kata_pesan import katalog
from layanan.models import TemplatWA
from penduduk.teks import bersih

MAKS = 1024  # characters of a template's body; WhatsApp's limit
_EMOJI_MAKS = 10
_SISIPAN = re.compile(r"\{\{([^{}]*)\}\}")
_HURUF = re.compile(r"[^\W_]+")  # "_" and "*" are WhatsApp's italics and bold, no words
_ALAMAT = re.compile(r"https?:|www\.|\.pdf\b|\b[\w-]+\.(?:id|com|net|org|me|ly|gl|link)\b", re.I)
_EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b50-\u2b55]")


@dataclass(frozen=True)
class Pilihan:
    """`sid`: of the approved template, "" while there is none; `versi`: None is our own wording."""

    pesan: katalog.Pesan
    sid: str
    versi: TemplatWA | None = None


def pilih(kode: str) -> Pilihan:
    """The wording in use. KeyError for an unknown code.

    The highest approved version, unless it is ours and the settings (TWILIO_CONTENT_SIDS) name a
    template of ours that somebody had approved by hand. A version that WhatsApp rejects or stops
    later leaves its place to the one below it.
    """
    setuju = TemplatWA.objects.filter(pesan=kode, keadaan=TemplatWA.Keadaan.DISETUJUI)
    return dari_antara(kode, setuju.order_by("-versi"))


def dari_antara(kode: str, disetujui: Iterable[TemplatWA]) -> Pilihan:
    """The same out of the approved versions, the highest first."""
    if katalog.PESAN[kode].cara is katalog.Cara.BEBAS:
        return Pilihan(katalog.PESAN[kode], "")
    asli, sid = katalog.PESAN[kode], sid_pengaturan(kode)
    for versi in disetujui:
        if sid and versi.bawaan:
            break
        satu = dari_versi(versi)
        # A release may have taken a placeholder away: rows of the outbox no longer hold its value.
        if set(satu.variabel) <= set(asli.sebutan):
            return Pilihan(satu, versi.sid, versi)
    return Pilihan(asli, sid)


def sid_pengaturan(kode: str) -> str:
    """The template of the settings, which is our wording, approved by hand; "": none."""
    return settings.TWILIO["content_sids"].get(kode, "")


def terpakai() -> dict[str, katalog.Pesan]:
    """The wording in use of every message, by its code; one query."""
    disetujui = TemplatWA.objects.filter(keadaan=TemplatWA.Keadaan.DISETUJUI).order_by("versi")
    return katalog.PESAN | {v.pesan: dari_versi(v) for v in disetujui if v.pesan in katalog.PESAN}


def dari_versi(versi: TemplatWA) -> katalog.Pesan:
    """A version as a message like ours."""
    return dengan_kata(versi.pesan, versi.kata)


def dengan_kata(kode: str, kata: str) -> katalog.Pesan:
    """One of our messages in other words."""
    return replace(katalog.PESAN[kode], kata=kata)


def rapikan(kata: str) -> str:
    """What was typed, in the form that is checked and kept: placeholders without spaces inside, no
    spaces that nobody sees, at most one empty line."""
    kata = _SISIPAN.sub(lambda m: f"{{{{{m[1].strip()}}}}}", bersih(kata))
    baris = [re.sub(r"\s+", " ", satu).strip() for satu in kata.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(baris)).strip()


def keberatan(kode: str, kata: str) -> list[str]:
    """Everything that speaks against this wording, one sentence each; empty when it may be used.

    Twilio and Meta refuse most of it, some only after a day of waiting:
    https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
    """
    asli = katalog.PESAN[kode]
    sisipan = _SISIPAN.findall(kata)
    boleh = ", ".join(f"{{{{{nama}}}}}" for nama in asli.sebutan)
    salah = [
        f"Sisipan {{{{{nama}}}}} tidak dikenal. Yang dapat dipakai: {boleh or 'tidak ada'}."
        for nama in dict.fromkeys(sisipan)
        if nama not in asli.sebutan
    ]
    salah += [
        f"Sisipan {{{{{nama}}}}} harus ada, supaya pesannya dapat dimengerti."
        for nama in asli.wajib
        if nama not in sisipan
    ]
    salah += [
        f"Sisipan {{{{{nama}}}}} dipakai {sisipan.count(nama)} kali. Pakai sekali saja."
        for nama in dict.fromkeys(sisipan)
        if sisipan.count(nama) > 1
    ]
    return salah + _keberatan_bentuk(kata) + _keberatan_isi(kode, kata)


def _keberatan_bentuk(kata: str) -> list[str]:
    """Objections to how words and placeholders stand to each other."""
    potongan = [_HURUF.findall(p) for p in _SISIPAN.sub("\0", kata).split("\0")]
    ujung, tengah = (potongan[0], potongan[-1]), potongan[1:-1]
    banyak = len(potongan) - 1
    sisa = _SISIPAN.sub("", kata)
    aturan = {
        "Tulis dulu kata-katanya.": not kata.strip(),
        "Ada kurung kurawal yang tidak berpasangan. Sisipan ditulis {{nama}}.": (
            "{" in sisa or "}" in sisa
        ),
        "Pesan tidak boleh diawali atau diakhiri sisipan: tambahkan kata di depan atau di "
        "belakangnya.": bool(banyak) and not all(ujung),
        "Di antara dua sisipan harus ada kata.": not all(tengah),
        f"Kata-katanya terlalu sedikit untuk {banyak} sisipan: paling sedikit "
        f"{2 * banyak + 1} kata.": bool(banyak and sum(map(len, potongan)) < 2 * banyak + 1),
        "Jangan pakai lebih dari satu baris kosong, tab, atau spasi beruntun.": bool(
            re.search(r"\n{3,}|\t| {4,}", kata)
        ),
    }
    return [kalimat for kalimat, berlaku in aturan.items() if berlaku]


def _keberatan_isi(kode: str, kata: str) -> list[str]:
    """Objections to what is said, and to how much."""
    panjang = max(_panjang(kata), _panjang(contoh(kode, kata)))
    emoji = len(_EMOJI.findall(kata))
    aturan = {
        f"Terlalu panjang: {panjang} huruf, paling banyak {MAKS}.": panjang > MAKS,
        f"Terlalu banyak emoji: {emoji}, paling banyak {_EMOJI_MAKS}.": emoji > _EMOJI_MAKS,
        # Residents learn that our messages bring no links but the village's own.
        "Jangan menulis alamat situs, tautan atau nama berkas. Pakai sisipannya bila ada.": bool(
            _ALAMAT.search(_SISIPAN.sub(" ", kata))
        ),
        "Jangan menulis NIK: kata-kata ini dikirim kepada banyak orang.": bool(
            re.search(r"(?:\d[ .-]?){16}", kata)
        ),
    }
    return [kalimat for kalimat, berlaku in aturan.items() if berlaku]


def contoh(kode: str, kata: str, umum: Mapping[str, str] | None = None) -> str:
    """The wording as a recipient would read it, with sample values, or those of `umum` where it
    has one; unknown placeholders stay."""
    nilai = {**katalog.PESAN[kode].contoh, **(umum or {})}
    return _SISIPAN.sub(lambda m: nilai.get(m[1].strip(), m[0]), kata)


def _panjang(teks: str) -> int:
    """As WhatsApp counts: most emoji are two."""
    return len(teks.encode("utf-16-le")) // 2
