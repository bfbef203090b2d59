"""A form and its material become filled fields: pure data, ready to be frozen and to be drawn.

What the expressions of a field do not know is a gap: it stays empty for the pen, and the office may
type it in. Gaps are never guessed.
"""

import re
import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any

from surat.bahasa import huruf
from surat.bahasa import tanggal as tgl
from surat.formulir_resmi import daftar
from surat.formulir_resmi.daftar import Naskah
from surat.formulir_resmi.sumber import Fakta, Sumber

_SEBARIS, _BARIS_MAKS = 30, 2  # letter boxes in a row, rows
_TANGGAL = re.compile(r"(?P<t>\d{4})-(?P<b>\d\d)-(?P<h>\d\d)|(\d\d)[-/.](\d\d)[-/.](\d{4})")
_PILIHAN = ("kode", "centang", "centang_banyak", "lingkari", "coret")
_TANPA = dict.fromkeys(("nama", "nik", "nip", "tanggal", "meterai"))  # of a signature place
_LAKI, _PEREMPUAN = "Laki-laki", "Perempuan"


class Formulir:
    """One filled form. `ketikan`: what the office has typed into gaps, by key. `celah`: the gaps by
    key, each a field of the file with its section; a fact that several forms want has one key."""

    def __init__(
        self, kunci: str, naskah: Naskah, sumber: Sumber, ketikan: Mapping[str, str]
    ) -> None:
        self.kunci, self.naskah, self.sumber, self.ketikan = kunci, naskah, sumber, ketikan
        self.celah: dict[str, Naskah] = {}
        self._orang: dict[str, Fakta] = {}
        self.bagian = [x for b in naskah["bagian"] if (x := self._bagian(b))]
        self.tanda_tangan = [[self._penanda(x) for x in b] for b in naskah["tanda_tangan"]]

    # --- Expressions -----------------------------------------------------------------------------

    def _jaga(self, ungkapan: str) -> str:
        """The expression behind its conditions; empty when one does not hold."""
        while "?" in ungkapan:
            syarat, _, ungkapan = ungkapan.partition("?")
            kiri, ada, harus = syarat.partition("=")
            kini = self._nilai(kiri) if ada else self.sumber.jenis.kode
            if kini != (harus if ada else syarat):
                return ""
        return ungkapan

    def orang(self, siapa: str) -> Fakta:
        """Who is meant by a word of this form, or by one expression."""
        if siapa not in self._orang:
            self._orang[siapa] = {}  # a word that leads to itself leads to nobody
            if siapa in (sebutan := self.naskah["orang"]):
                semua = (self.orang(x) for x in map(self._jaga, sebutan[siapa]) if x)
                self._orang[siapa] = next((x for x in semua if x), {})
            else:
                cara, ada, ekor = siapa.partition(":")
                ketemu = self._turunan(cara, ekor) if ada else self.sumber.orang(siapa)
                self._orang[siapa] = ketemu
        return self._orang[siapa]

    def _turunan(self, cara: str, ekor: str) -> Fakta:
        if cara == "shdk":
            return next((x for x in self.sumber.anggota if x["shdk"] == ekor), {})
        if cara in ("ayah", "ibu"):
            return self.sumber.orang_tua(self.orang(ekor), cara)
        # laki, perempuan: the man or the woman of two, known by the sex of either.
        dua = [self.orang(x) for x in ekor.split("|")]
        mau, bukan = (_LAKI, _PEREMPUAN) if cara == "laki" else (_PEREMPUAN, _LAKI)
        satu, lain = (x.get("jenis_kelamin") for x in dua)
        if satu == mau or (not satu and lain == bukan):
            return dua[0]
        return dua[1] if lain == mau or (not lain and satu == bukan) else {}

    def _nilai(self, ungkapan: str) -> str | None:
        """None: not known; empty: known to be empty."""
        cara, ada, ekor = ungkapan.partition(":")
        if cara == "tetap":
            return ekor
        if ungkapan == "kosong":
            return ""
        if ada:  # sama:X|Y only when both agree; gabung:X|Y both in one line
            semua = [self._nilai(x) or "" for x in ekor.split("|")]
            if cara == "sama":
                return semua[0] if semua[0] == semua[1] else None
            return ", ".join(_kata(x) for x in semua if x) or None
        siapa, _, kolom = ungkapan.partition(".")
        hasil = self.orang(siapa).get(kolom)
        # What our fonts cannot print is for the pen too.
        return hasil if hasil and not huruf.tak_tercetak(hasil) else None

    def _cari(self, b: Naskah) -> str | None:
        """The value of a field, in the words of the form."""
        label = {x[1].casefold(): x[1] for x in daftar.pilihan(b)}
        for ungkapan in map(self._jaga, b.get("asal", [])):
            nilai = self._nilai(ungkapan) if ungkapan else None
            if nilai and "peta" in b:
                nilai = daftar.PETA[b["peta"]].get(nilai)
            if nilai and label:
                nilai = label.get(nilai.casefold())
            if nilai is not None:
                return nilai
        return None

    def _isi(self, b: Naskah, bagian: str) -> str:
        """The value, or what the office has typed in its place; what is not known is noted."""
        nilai = self._cari(b)
        if nilai is not None or not b.get("asal"):
            return nilai or ""
        kunci, baris = b["asal"][-1].rpartition("?")[2], self._orang.get("baris")
        if baris:
            if not kunci.startswith("tanya."):
                return ""  # a table full of questions helps nobody
            kunci = f"{kunci}@{baris['pk']}"
            bagian = f"{bagian}: {baris['nama']}"
        self.celah.setdefault(kunci, b | {"bagian": bagian, "label": b["label"] or bagian})
        return self.ketikan.get(kunci, "")

    # --- Parts -----------------------------------------------------------------------------------

    def _bagian(self, b: Naskah) -> dict[str, Any] | None:
        if "kalimat" in b:
            return {"macam": "kalimat", "teks": b["kalimat"], "kecil": b.get("kecil", False)}
        if "tabel" in b:
            return self._tabel(b)
        jenis, hasil = self.sumber.jenis.kode, []
        for satu in b["bidang"]:
            if satu["kotak"] == "centang_banyak":
                dipilih = {daftar.PETA[satu["peta"]].get(x, "") for x in self.sumber.syarat}
                hasil.append(_tampil(satu, "", dipilih))
                continue
            hidup = jenis in satu.get("untuk", b.get("untuk", [jenis]))
            nilai = self._isi(satu, b["judul"]) if hidup else ""
            hasil.append(_tampil(satu, nilai, {nilai} - {""}))
        return {"macam": "bidang", "judul": b["judul"], "bidang": hasil}

    def _tabel(self, b: Naskah) -> dict[str, Any] | None:
        tabel, kolom, baris = b["tabel"], b["tabel"]["kolom"], []
        for ke, satu in enumerate(self.sumber.baris(tabel["baris"]), start=1):
            self._orang["baris"] = {"pk": str(ke), "nama": "", "urut": str(ke), **satu}
            sel = [_sel(k, self._isi(k, b["judul"])) for k in kolom]
            ditanya = [x for x, k in zip(sel, kolom, strict=True) if "tanya." in str(k.get("asal"))]
            if any(ditanya) or not tabel.get("hanya_ditanya"):
                baris.append(sel)
        self._orang.pop("baris", None)
        if not baris and b.get("bila_ada"):
            return None
        kepala = [{k: x.get(k, "") for k in ("no", "label", "lebar")} for x in kolom]
        baris += [[""] * len(kolom)] * (tabel["paling_sedikit"] - len(baris))
        return {"macam": "tabel", "judul": b["judul"], "kolom": kepala, "baris": baris}

    def _penanda(self, satu: Naskah) -> dict[str, Any]:
        """One signature place; a name that is not known is a line to write on."""
        judul = " ".join(satu["label"]).strip(" ,")
        bidang = {"nama": ("Nama", "teks", 0), "nik": ("NIK", "angka", 16)}
        isi = {}
        for k in bidang.keys() & satu.keys():
            label, kotak, n = bidang[k]
            isi[k] = self._isi({"label": label, "kotak": kotak, "n": n, "asal": [satu[k]]}, judul)
        return {**_TANPA, **satu, **isi}


def _tanggal(teks: str) -> date | None:
    if not (cocok := _TANGGAL.fullmatch(teks)):
        return None
    t, b, h = cocok.group("t", "b", "h") if cocok["t"] else cocok.group(6, 5, 4)
    try:
        return date(int(t), int(b), int(h))
    except ValueError:
        return None


def _kata(teks: str) -> str:
    hari = _tanggal(teks)
    return tgl.panjang(hari) if hari else teks


def _sel(b: Naskah, nilai: str) -> str:
    """A cell of a table: words, a short date, or the code of a choice."""
    kode = {x[1]: x[0] for x in daftar.pilihan(b)}
    if b["kotak"] in ("kode", "kode_nama"):
        nama = f" {nilai}" if b["kotak"] == "kode_nama" else ""
        return f"{kode[nilai]}{nama}" if nilai in kode else ""
    hari = _tanggal(nilai)
    return f"{hari:%d-%m-%Y}" if hari else nilai


def _tampil(b: Naskah, nilai: str, dipilih: set[str]) -> dict[str, Any]:
    """A field as it is drawn: `kotak` says how, `nilai` is text, or that of each group of boxes.
    What does not fit its boxes is written on a line."""
    hasil = {k: b.get(k, "") for k in ("no", "label", "kotak", "n", "satuan")}
    kotak, rapi = b["kotak"], " ".join(nilai.split())
    baris: list[str] = []
    if kotak in _PILIHAN:
        semua = daftar.pilihan(b)
        satu = next((x for x in semua if x[1] in dipilih), ["", ""])
        hasil["pilihan"] = [[*x, x[1] in dipilih] for x in semua]
        return hasil | {"nilai": satu[0] if kotak == "kode" else satu[1]}
    if kotak == "huruf":
        n = hasil["n"] = b.get("n", _SEBARIS)
        baris = textwrap.wrap(rapi.upper(), n) or [""]
        if len(baris) > _BARIS_MAKS:  # as one does by hand: to the last box
            baris = [rapi.upper()[i : i + n] for i in range(0, len(rapi), n)]
        muat = len(baris) <= _BARIS_MAKS
    elif kotak == "angka":
        baris = [re.sub(r"[\s.-]", "", rapi)]
        muat = len(baris[0]) <= b["n"] and (baris[0].isdecimal() or not rapi)
    elif kotak == "tanggal":
        hari = _tanggal(rapi)
        baris = f"{hari:%d %m %Y}".split() if hari else ["", "", ""]
        hasil["hari"] = (tgl.hari(hari) if hari else "…………………") if b.get("hari") else ""
        muat = bool(hari) or not rapi
    elif kotak == "jam":
        baris = [*rapi.replace(".", ":").split(":"), "", ""][:2]
        muat = True
    else:
        return hasil | {"nilai": _kata(nilai.strip())}
    return hasil | ({"nilai": baris} if muat else {"nilai": rapi, "kotak": "teks"})
