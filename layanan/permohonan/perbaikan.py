"""A request that was sent back: the papers that were asked for again and what has come since, and
what was typed meanwhile.

The same answer for the site, for WhatsApp and for the step that sends it (`dampak.AjukanUlang`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from layanan.models import Berkas, Lampiran, Permohonan, Riwayat
from surat.isian.jawaban import Jawaban


@dataclass(frozen=True)
class Diminta:
    """One paper that an operator has asked for, and the files that have come for it since."""

    permohonan: Permohonan
    syarat: str
    label: str
    alasan: str
    pada: datetime
    baru: list[Lampiran]

    @property
    def sebutan(self) -> str:
        return f"{self.label} untuk permohonan {self.permohonan.nomor}"

    @property
    def ditolak(self) -> list[Lampiran]:
        return [x for x in self.baru if x.berkas.keadaan == Berkas.Keadaan.DITOLAK]

    @property
    def sudah(self) -> bool:
        """Whether one has come that can be used, or is still being checked."""
        return len(self.baru) > len(self.ditolak)

    @property
    def diperiksa(self) -> bool:
        return any(x.berkas.keadaan == Berkas.Keadaan.DIPERIKSA for x in self.baru)

    @property
    def keluhan(self) -> str:
        """Why a file that has come is of no use, and what to do; empty when none was refused."""
        return self.ditolak[-1].berkas.alasan if self.ditolak else ""

    @property
    def kurang(self) -> str:
        """The same, or that nothing has come."""
        return self.keluhan or ("" if self.baru else "Unggah dokumen pengganti, lalu kirim.")


def terakhir(permohonan: Permohonan) -> Riwayat | None:
    """The step that has last sent it back."""
    semua = permohonan.riwayat.filter(langkah=Riwayat.Langkah.MINTA_PERBAIKAN)
    return semua.order_by("-pk").first()


def dokumen(permohonan: Permohonan) -> list[Diminta]:
    """Every paper that was asked for when it was last sent back, in order."""
    riwayat = terakhir(permohonan)
    if riwayat is None:
        return []
    berlaku = permohonan.lampiran.filter(diganti_pada__isnull=True, ditambah_pada__gt=riwayat.pada)
    semua = list(berlaku.select_related("berkas").order_by("pk"))
    return [
        Diminta(
            permohonan,
            p["kunci"],
            p["label"],
            p["alasan"],
            riwayat.pada,
            [x for x in semua if x.syarat == p["kunci"]],
        )
        for p in riwayat.putusan
        if p["apa"] == "syarat"
    ]


def lepas_yang_ditolak(permohonan: Permohonan, dilihat: Iterable[str], *, pada: datetime) -> None:
    """Let go of refused files whose reason has been read (`dilihat`: keys of attachments), where
    another one stands in for them."""
    sudah = {str(satu) for satu in dilihat}
    usang = [x.pk for d in dokumen(permohonan) if d.sudah for x in d.ditolak if str(x.pk) in sudah]
    Lampiran.objects.filter(pk__in=usang).update(diganti_pada=pada)


def simpan(permohonan: Permohonan, isian: Jawaban, *, kirim: bool) -> bool:
    """Keep what was typed, as it was typed. `kirim`: it has been checked, and is to be sent as soon
    as the papers have been checked too. False: nothing is kept, it was sent at this moment."""
    permohonan.perbaikan = {"isian": isian, "kirim": kirim}
    kini = Permohonan.objects.filter(pk=permohonan.pk, status=Permohonan.Status.PERLU_PERBAIKAN)
    return bool(kini.update(perbaikan=permohonan.perbaikan))


def isian(permohonan: Permohonan) -> Jawaban:
    """All answers, with what was typed for the mend that is due."""
    return permohonan.isian | permohonan.perbaikan.get("isian", {})
