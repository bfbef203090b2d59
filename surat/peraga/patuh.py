"""What the rules of a type ask of its sample: unmarried, Muslim, a fisherman; a likely weight."""

from collections.abc import Iterable
from typing import Any

from penduduk import referensi
from surat.isian import aturan as aturan_
from surat.isian.macam import KATA, KINI, SUBJEK, Kasus, kata, urai
from surat.models import Aturan, Pertanyaan


def sesuaikan(
    kasus: Kasus, aturan: Iterable[Aturan], isi: dict[str, Any], *, panjang: bool
) -> None:
    """Let the people of a sample be what its rules ask for. `isi`: the answers of `kasus`, altered
    in place like its people; `panjang`: by the longest word that will do."""
    for a in aturan:
        if "pola" in KATA["macam"][a.macam] or a.macam == "identitas":
            continue
        kecuali, daftar = kata(a.nilai)
        tabel = {label: int(kode) for kode, label in referensi.tabel(a.macam)}
        boleh = [x for x in tabel if (x in daftar) is not kecuali]
        kunci = kasus.jenis.subjek if a.siapa == SUBJEK and kasus.jenis.subjek in isi else a.siapa
        for t in kasus.orang(kunci) if aturan_.dilihat(kasus, a) else []:
            if t.fakta.get(a.macam, "") in ("", *boleh):
                continue
            cocok = max(boleh, key=len) if panjang else boleh[0]
            if t.penduduk:
                setattr(t.penduduk, a.macam, tabel[cocok])
            else:
                isi[kunci][a.macam] = cocok


def rentang(b: Pertanyaan, aturan: Iterable[Aturan]) -> tuple[str, str]:
    """The least and the greatest number that a rule allows, as it is typed."""
    for a in aturan:
        if a.siapa == b.kunci and a.macam == "angka" and (sisi := urai(a)):
            dari, sampai = ("" if KINI in x else x for x in (sisi["dari"], sisi["sampai"]))
            return dari, sampai
    return "", ""
