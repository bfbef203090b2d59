"""The account: our rows beside the provider's own books."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SAMPAI = {"SAMPAI", "DIBACA"}
_TAK_SAMPAI = {"failed", "undelivered", "canceled"}


@dataclass
class Neraca:
    """`sampai` + `dihubungi` + `hilang` = all messages. `ganda`: recipients who got the same words
    more than once; `palsu_sampai`: rows that say delivered though the provider knows better."""

    pesan: int = 0
    langkah: int = 0
    sampai: int = 0
    dihubungi: int = 0
    hilang: list[dict[str, Any]] = field(default_factory=list)
    ganda: list[str] = field(default_factory=list)
    palsu_sampai: int = 0
    # On the call list although the phone has it: its receipt was lost or came too late.
    dihubungi_sia_sia: int = 0
    sebab: dict[str, int] = field(default_factory=dict)  # by error code
    percobaan: int = 0
    ditanya: int = 0

    @property
    def utuh(self) -> bool:
        return not self.hilang and self.pesan == self.langkah and not self.palsu_sampai


def susun(baris: dict[str, Any], palsu: list[dict[str, Any]]) -> Neraca:
    """`baris`: of anak.hitung; `palsu`: the messages of the provider's report."""
    sampai_di_hp = Counter((p["ke"], p["teks"]) for p in palsu if p["status"] not in _TAK_SAMPAI)
    punya = {ke for ke, _ in sampai_di_hp}
    hasil = Neraca(pesan=len(baris["pesan"]), langkah=baris["langkah"])
    hasil.ganda = [ke for (ke, _), jumlah in sampai_di_hp.items() if jumlah > 1]
    for satu in baris["pesan"]:
        hasil.percobaan += satu["percobaan"]
        hasil.ditanya += satu["ditanya"]
        if satu["keadaan"] in SAMPAI:
            hasil.sampai += 1
            hasil.palsu_sampai += satu["nomor"] not in punya
        elif satu["dihubungi"]:
            hasil.dihubungi += 1
            kode = satu["kode"] or satu["keadaan"]
            hasil.sebab[kode] = hasil.sebab.get(kode, 0) + 1
            hasil.dihubungi_sia_sia += satu["nomor"] in punya
        else:
            hasil.hilang.append(satu)
    return hasil
