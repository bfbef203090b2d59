"""What a rule can ask: one small function for each kind, named as in aturan.json.

What is not known contradicts nothing, save a row of the identity that must not be missing.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path
from typing import Any

from django.utils import timezone

from penduduk.models import Penduduk
from surat.bahasa import orang as orang_
from surat.bahasa import tanggal as tgl
from surat.isian import jawaban as jawaban_
from surat.isian import tersebut
from surat.isian.tersebut import Tersebut
from surat.models import Aturan, JenisSurat, Pertanyaan

KATA = json.loads(Path(__file__).with_name("aturan.json").read_text(encoding="utf-8"))
SUBJEK, PEMOHON, KINI = "subjek", "pemohon", "kini"
TANGGAL = ("tanggal", "tanggal_jam")
# Relations and states that only a man or only a woman can have.
_KELAMIN = dict.fromkeys("suami ayah kakek paman duda jejaka".split(), "Laki-laki")
_KELAMIN |= dict.fromkeys("istri ibu nenek bibi janda perawan".split(), "Perempuan")
_KETURUNAN = ("anak", "cucu", "cicit", "buyut")
_LAWAN = {"Laki-laki": "Perempuan", "Perempuan": "Laki-laki"}
# Places on one family card, up to the parents-in-law, that husband and wife can have.
_KEPALA = 1
_BERPASANGAN, _MERTUA = [{1, 2}, {1, 3}, {4, 5}, {5, 6}, {7}, {8}], 8


@dataclass(frozen=True)
class Kasus:
    """One request that is looked at. `penduduk`: people by key; `register`: by a NIK that was
    typed, for the office only; `pengantar`: number and date of the kelian's letter, None while
    nobody can have typed them; `pasti`: people of a question, whatever is answered; `sekartu`: the
    living of the applicant's family card, where a rule asks for them."""

    jenis: JenisSurat
    bidang: Mapping[str, Pertanyaan]
    jawaban: Mapping[str, Any]
    hari_ini: date
    pemohon: Penduduk | None = None
    penduduk: Mapping[int, Penduduk] = field(default_factory=dict)
    register: Mapping[str, Penduduk] = field(default_factory=dict)
    pengantar: tuple[str, date | None] | None = None
    pasti: Mapping[str, list[Tersebut]] = field(default_factory=dict)
    sekartu: Sequence[Penduduk] = ()
    ingat: dict[int, Tersebut] = field(default_factory=dict)  # each of them is put in words once

    def nilai(self, kunci: str) -> Any:
        """The answer; None for a question that is not asked."""
        b = self.bidang.get(kunci)
        return self.jawaban.get(kunci) if b and jawaban_.berlaku(b, self.jawaban) else None

    def orang(self, kunci: str) -> list[Tersebut]:
        """Whom a rule means by `kunci`."""
        if kunci in self.pasti:
            return self.pasti[kunci]
        if kunci == SUBJEK:
            return self.orang(self.jenis.subjek) or self.orang(PEMOHON)
        if kunci == PEMOHON:
            return self.tercatat([self.pemohon])
        b, nilai = self.bidang.get(kunci), self.nilai(kunci)
        if b is None or jawaban_.kosong(nilai):
            return []
        if b.tipe == "tabel_orang" or (b.tipe == "penduduk_atau_teks" and not nilai.get("pk")):
            baris = nilai if isinstance(nilai, list) else [nilai]
            return [tersebut.dari_ketikan(x, self.register, pada=self.hari_ini) for x in baris]
        return self.tercatat(self.penduduk.get(pk) for pk in jawaban_.pk(b.tipe, nilai))

    def tercatat(self, semua: Iterable[Penduduk | None]) -> list[Tersebut]:
        ada = [x for x in semua if x]
        for x in (x for x in ada if id(x) not in self.ingat):
            pemohon = x == self.pemohon
            self.ingat[id(x)] = tersebut.dari_penduduk(x, pada=self.hari_ini, pemohon=pemohon)
        return [self.ingat[id(x)] for x in ada]

    def label(self, kunci: str) -> str:
        return self.bidang[kunci].label.rstrip("?") if kunci in self.bidang else ""

    def tanggal(self, kunci: str) -> date | None:
        """The answer to a question about a day; with its hour it is an aware datetime (WITA)."""
        tipe, nilai = self.bidang[kunci].tipe if kunci in self.bidang else "", self.nilai(kunci)
        if tipe not in TANGGAL or jawaban_.kosong(nilai):
            return None
        if tipe == "tanggal":
            return date.fromisoformat(nilai)
        return timezone.localtime(datetime.fromisoformat(nilai))


@dataclass(frozen=True)
class Kena:
    """A rule that does not hold: words for its sentence, whom it is about, and the keys of other
    questions. `terlihat`: whoever fills in the form sees it anyway, it is no secret."""

    isi: dict[str, str]
    orang: tuple[Tersebut, ...] = ()
    kunci: tuple[str, ...] = ()
    terlihat: bool = False


_Hasil = Iterator[Kena]


def urai(a: Aturan) -> dict[str, str] | None:
    """The parts of the value of a rule; None when it has not the form of its kind, or that is one
    of a later release."""
    cocok = re.fullmatch(KATA["macam"].get(a.macam, {"pola": ""}).get("pola", ".+"), a.nilai)
    return {k: v or "" for k, v in cocok.groupdict().items()} if cocok else None


def kata(nilai: str) -> tuple[bool, list[str]]:
    """Of a rule about a fact: whether its words are those that must not be, and the words."""
    return nilai.startswith("bukan "), nilai.removeprefix("bukan ").split("|")


def _antara(dari: str, sampai: str) -> str:
    if dari and sampai:
        return f"{dari} sampai {sampai}"
    return f"paling sedikit {dari}" if dari else f"paling banyak {sampai}"


def _luar(n: Decimal | int, dari: str, sampai: str) -> bool:
    return bool((dari and n < Decimal(dari)) or (sampai and n > Decimal(sampai)))


# --- One person -----------------------------------------------------------------------------------


def _fakta(k: Kasus, a: Aturan, _: dict[str, str]) -> _Hasil:
    kecuali, semua = kata(a.nilai)
    if a.macam == "banjar":
        semua = [orang_.nama_banjar(x) for x in semua]
    harus = ("selain " if kecuali else "") + " atau ".join(semua)
    for o in k.orang(a.siapa):
        kini = o.fakta.get(a.macam, "")
        if kini and (kini in semua) is kecuali:
            yield Kena({"kini": kini, "harus": harus}, (o,))


def _jenis_kelamin(k: Kasus, a: Aturan, isi: dict[str, str]) -> _Hasil:
    lain = k.orang(isi["orang"])[:1]
    harus = _LAWAN.get(lain[0].fakta["jenis_kelamin"]) if lain else a.nilai
    for o in k.orang(a.siapa):
        kini = o.fakta["jenis_kelamin"]
        if kini and kini == _LAWAN.get(harus or ""):
            kata_ = {"kini": kini.lower(), "harus": _LAWAN[kini].lower()}
            yield Kena(kata_, (o, *lain), terlihat=True)


def _identitas(k: Kasus, a: Aturan, _: dict[str, str]) -> _Hasil:
    for o in k.orang(a.siapa):
        if kurang := [KATA["identitas"][x] for x in a.nilai.split("|") if not o.kata[x]]:
            yield Kena({"kurang": ", ".join(kurang)}, (o,))


def _umur(k: Kasus, a: Aturan, isi: dict[str, str]) -> _Hasil:
    pada = _hari(k.tanggal(isi["hari"]) or k.hari_ini)
    sejak = date.fromisoformat(isi["sejak"]) if isi["sejak"] else pada
    for o in k.orang(a.siapa) if sejak <= pada else []:
        umur = o.tahun(pada)
        if umur is not None and _luar(umur, isi["dari"], isi["sampai"]):
            yield Kena({"kini": str(umur), "harus": _antara(isi["dari"], isi["sampai"])}, (o,))


def _wali(k: Kasus, a: Aturan, isi: dict[str, str]) -> _Hasil:
    """Whoever does not sign yet, and nobody is named who does it for them."""
    for o in [] if k.orang(isi["orang"]) else k.orang(a.siapa):
        umur = o.tahun(k.hari_ini)
        if umur is not None and umur < tersebut.DEWASA:
            yield Kena({}, (o,), (isi["orang"],))


# --- People among each other ----------------------------------------------------------------------


def _pasangan(k: Kasus, a: Aturan) -> Iterator[tuple[Tersebut, Tersebut, str]]:
    """Everybody of the rule with everybody of its value."""
    for kunci in kata(a.nilai)[1]:
        satu, dua = k.orang(a.siapa), k.orang(kunci)
        for o, p in combinations(satu, 2) if kunci == a.siapa else product(satu, dua):
            yield o, p, kunci


def _lain(k: Kasus, a: Aturan, _: dict[str, str]) -> _Hasil:
    nama = {PEMOHON: "pemohon sendiri", SUBJEK: "orang yang diterangkan"}
    for o, p, kunci in _pasangan(k, a):
        if o.sama(p):
            lain = nama.get(kunci) or f"orang di “{k.label(kunci)}”"
            if kunci == a.siapa:
                lain = f"{o.nama}, yang tertulis dua kali"
            yield Kena({"lain": lain}, (o, p), (kunci,), terlihat=True)


def _lebih_tua(k: Kasus, a: Aturan, isi: dict[str, str]) -> _Hasil:
    kunci, dari, sampai = isi["orang_hari"], isi["dari"], isi["sampai"]
    acuan = [(p.nama, p.lahir, [p]) for p in k.orang(kunci)]
    acuan = acuan or [(k.label(kunci).lower(), k.tanggal(kunci), [])]
    for o, (nama, hari, orang) in product(k.orang(a.siapa), acuan):
        if o.lahir is None or hari is None:
            continue
        beda = int(orang_.umur(o.lahir, pada=_hari(hari)) or -1)
        if beda < 0 or _luar(beda, dari, sampai):
            kini = f"{beda} tahun lebih tua" if beda > 0 else "tidak lebih tua"
            kata_ = {"lain": nama, "kini": kini, "harus": _antara(dari, sampai)}
            yield Kena(kata_, (o, *orang), (kunci,))


def _hubungan(k: Kasus, a: Aturan, _: dict[str, str]) -> _Hasil:
    """A word like Suami or Janda mati: whose it is has the sex for it; and a relation that is
    called like the question of a person (Ibu, `ibu`) is that person's."""
    pusat = k.orang(a.nilai)
    for o in k.orang(a.siapa):  # a table tells it of each of its people
        yield from _kelamin_kata(o.hubungan, o)
        if pusat and _pertama(o.hubungan) in _KETURUNAN:
            umur, dulu = o.tahun(k.hari_ini), pusat[0].tahun(k.hari_ini)
            if umur is not None and dulu is not None and umur >= dulu:
                kata_ = {"kini": o.hubungan, "harus": f"tidak lebih muda daripada {pusat[0].nama}"}
                yield Kena(kata_, (o, pusat[0]))
        status = pusat[0].fakta.get("status_perkawinan") if pusat else ""
        if _pertama(o.hubungan) in ("suami", "istri") and status not in ("", None, "Kawin"):
            yield Kena({"kini": o.hubungan, "harus": f"berstatus {status}"}, (pusat[0],))
    kini = str(k.nilai(a.siapa) or "") if k.bidang[a.siapa].tipe != "tabel_orang" else ""
    bernama = k.orang(_pertama(kini)) if _pertama(kini) in k.bidang else []
    for o in pusat if kini else []:
        salah = list(_kelamin_kata(kini, o, a.nilai))
        if not salah and bernama and o.lain(bernama[0]):
            kata_ = {"kini": kini, "harus": f"bukan {bernama[0].nama}"}
            salah = [Kena(kata_, (o,), (a.nilai,), terlihat=True)]
        yield from salah


def _kelamin_kata(teks: str, o: Tersebut, *kunci: str) -> _Hasil:
    harus, kini = _KELAMIN.get(_pertama(teks), ""), o.fakta["jenis_kelamin"]
    if harus and kini and harus != kini and "/" not in teks:
        yield Kena({"kini": teks, "harus": kini.lower()}, (o,), kunci, terlihat=True)


def _pertama(teks: str) -> str:
    return (teks.split() or [""])[0].lower()


def _berdua(k: Kasus, a: Aturan, _: dict[str, str]) -> _Hasil:
    """Two who are both in the register."""
    for o, p, kunci in _pasangan(k, a):
        if not (o.penduduk and p.penduduk):
            continue
        beda = _pasangan_tercatat if kata(a.nilai)[0] else _BERDUA[a.macam]
        if kini := beda(o.penduduk, p.penduduk):
            yield Kena({"lain": p.nama, "kini": kini}, (o, p), (kunci,))


def _tak_sekartu(x: Penduduk, y: Penduduk) -> str:
    """Whoever is on no card at all is not on this one."""
    return "KK" if x.keluarga_id is None or x.keluarga_id != y.keluarga_id else ""


def _beda_kk(x: Penduduk, y: Penduduk) -> str:
    return "KK" if x.keluarga_id and y.keluarga_id and x.keluarga_id != y.keluarga_id else ""


def _bukan_kerabat(x: Penduduk, y: Penduduk) -> str:
    orang_tua = [{n.casefold() for n in (o.nama_ayah, o.nama_ibu) if n} for o in (x, y)]
    satu, dua = orang_tua
    sedarah = satu & dua or y.nama.casefold() in satu or x.nama.casefold() in dua
    return "" if sedarah or not all(orang_tua) else _beda_kk(x, y)


def _bukan_pasangan(x: Penduduk, y: Penduduk) -> str:
    letak = {x.shdk or 99, y.shdk or 99}
    sekartu = x.keluarga_id is not None and x.keluarga_id == y.keluarga_id
    if not sekartu or max(letak) > _MERTUA or letak in _BERPASANGAN:
        return ""
    return f"di KK tercatat {x.get_shdk_display()} dan {y.get_shdk_display()}"


def _pasangan_tercatat(x: Penduduk, y: Penduduk) -> str:
    """Head and spouse of one card."""
    sekartu = x.keluarga_id is not None and x.keluarga_id == y.keluarga_id
    if not sekartu or {x.shdk, y.shdk} not in _BERPASANGAN[:2]:
        return ""
    return f"di KK tercatat {x.get_shdk_display()} dan {y.get_shdk_display()}"


def _anggota_kk(k: Kasus, a: Aturan, _: dict[str, str]) -> _Hasil:
    """Who of the family card is in the list."""
    ada = [o.penduduk for o in k.orang(a.siapa)]
    harus = [x for x in k.sekartu if a.nilai != "kepala" or x.shdk == _KEPALA]
    kurang = [x.nama for x in harus if x not in ada]
    if ada and harus and bool(kurang) is not (a.nilai == "sebagian"):
        yield Kena({"kurang": ", ".join(kurang)}, terlihat=True)


_BERDUA: dict[str, Callable[[Penduduk, Penduduk], str]] = {
    "satu_kk": _tak_sekartu,
    "kerabat": _bukan_kerabat,
    "suami_istri": _bukan_pasangan,
}


# --- Numbers, dates, answers ----------------------------------------------------------------------


def _angka(k: Kasus, a: Aturan, isi: dict[str, str]) -> _Hasil:
    nilai, uang = k.nilai(a.siapa), k.bidang[a.siapa].tipe == "rupiah"
    tahun = {x: str(k.hari_ini.year + int(x[len(KINI) :] or 0)) for x in isi.values() if KINI in x}
    dari, sampai = (tahun.get(x, x.replace(",", ".")) for x in (isi["dari"], isi["sampai"]))
    if jawaban_.kosong(nilai) or not _luar(Decimal(str(nilai)), dari, sampai):
        return
    kini, dari, sampai = (
        tgl.rupiah(int(Decimal(x))) if uang and x else x.replace(".", ",")
        for x in (str(nilai), dari, sampai)
    )
    yield Kena({"kini": kini, "harus": _antara(dari, sampai)}, terlihat=True)


def _tanggal(k: Kasus, a: Aturan, isi: dict[str, str]) -> _Hasil:
    ini, kunci = k.tanggal(a.siapa), (isi["dari_kunci"], isi["sampai_kunci"])
    dari, satu = _saat(k, kunci[0], isi["dari_geser"])
    sampai, dua = _saat(k, kunci[1], isi["sampai_geser"])
    if _sebelum(ini, dari) or _sebelum(sampai, ini):
        kata_ = [f"paling awal {tgl.panjang(dari)}"] if dari else []
        kata_ += [f"paling akhir {tgl.panjang(sampai)}"] if sampai else []
        yield Kena({"harus": " dan ".join(kata_)}, (*satu, *dua), kunci, not (satu or dua))


def _saat(k: Kasus, kunci: str, geser: str) -> tuple[date | None, list[Tersebut]]:
    """The moment that one side of a range means, and whose birthday it is."""
    orang = [x for x in k.orang(kunci) if x.lahir][:1]
    hari = orang[0].lahir if orang else k.hari_ini if kunci == KINI else k.tanggal(kunci)
    if hari and geser.endswith("hari"):
        hari += timedelta(days=int(geser.removesuffix("hari")))
    elif hari and geser:
        tahun = hari.year + int(geser.removesuffix("tahun"))
        kabisat = (hari.month, hari.day) == (2, 29)
        hari = hari.replace(year=tahun, day=28 if kabisat else hari.day)
    return hari, orang


def _sebelum(ini: date | None, lain: date | None) -> bool:
    """Whether `ini` is earlier; by the hour where both have one."""
    if isinstance(ini, datetime) and isinstance(lain, datetime):
        return ini < lain
    return bool(ini and lain and _hari(ini) < _hari(lain))


def _hari(saat: date) -> date:
    return saat.date() if isinstance(saat, datetime) else saat


def _isian(k: Kasus, a: Aturan, _: dict[str, str]) -> _Hasil:
    if jawaban_.kosong(k.nilai(a.siapa)) is (a.nilai == "terisi"):
        harus = "diisi" if a.nilai == "terisi" else "dikosongkan"
        yield Kena({"harus": harus}, terlihat=True)


FUNGSI: dict[str, Callable[[Kasus, Aturan, dict[str, str]], _Hasil]] = {
    **dict.fromkeys(KATA["macam"], _fakta),
    **dict.fromkeys(_BERDUA, _berdua),
    "jenis_kelamin": _jenis_kelamin,
    "identitas": _identitas,
    "umur": _umur,
    "wali": _wali,
    "anggota_kk": _anggota_kk,
    "lebih_tua": _lebih_tua,
    "lain": _lain,
    "hubungan": _hubungan,
    "angka": _angka,
    "tanggal": _tanggal,
    "isian": _isian,
}
