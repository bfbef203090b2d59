"""Rows of a file beside the register: who is meant, and what would change."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.db.models import Q

from penduduk.identitas import kembar
from penduduk.identitas import nama as nama_
from penduduk.identitas import nik as nik_
from penduduk.impor import kolom, nilai
from penduduk.impor.berkas import Baris
from penduduk.impor.kolom import MENURUT_NAMA, Isi
from penduduk.impor.sel import banjar as pembaca_banjar
from penduduk.models import Banjar, BarisImpor, Keluarga, Penduduk

SEKALIGUS = 1000  # rows whose residents are looked up together
_KOLOM_KELUARGA = tuple(k.nama for k in kolom.KOLOM_KELUARGA)
_CURIGA_NOL = 10  # so many NIK, all ending in 0, have been through Excel
_PERIKSA_KARTU = "Lihat KTP-el dan KK, lalu putuskan baris ini."
_Kunci = tuple[str | None, str, date | None]  # KK, search key of the name, birth date


def berkelompok(semua: Iterable[Baris], banyak: int = SEKALIGUS) -> Iterator[list[Baris]]:
    kelompok: list[Baris] = []
    for satu in semua:
        kelompok.append(satu)
        if len(kelompok) == banyak:
            yield kelompok
            kelompok = []
    if kelompok:
        yield kelompok


@dataclass
class _Cocok:
    """The register as far as it concerns one group of rows."""

    menurut_nik: dict[str, Penduduk]
    menurut_kunci: dict[_Kunci, list[Penduduk]]
    keluarga: dict[str, Keluarga]
    senama: dict[tuple[str, date | None], list[Penduduk]]
    dipakai: dict[int, set[str]]  # who may be somebody else, and what he has here


@dataclass
class Pembanding:
    """Compares group by group; what it must remember of the file is small."""

    hari_ini: date
    betulkan: bool = False  # what the NIK proves
    _nik: "array[int]" = field(default_factory=lambda: array("Q"))  # sorted, of all rows
    _nik_aneh: Counter[str] = field(default_factory=Counter)  # those that are no 16 digits
    ganda: dict[str, list[str]] = field(default_factory=dict)  # NIK → its rows, if several
    banjar_baru: dict[str, str] = field(default_factory=dict)
    _banjar: dict[str, str] = field(default_factory=dict)
    _keluarga: dict[str, tuple[str, list[str | int | None]]] = field(default_factory=dict)
    _terpakai: set[int] = field(default_factory=set)
    _tanpa_nik: dict[_Kunci, str] = field(default_factory=dict)
    _kepala: dict[str, Penduduk] = field(default_factory=dict)  # KK → head in the register
    _diambil: set[str] = field(default_factory=set)  # KK that the file gives to other people

    def __post_init__(self) -> None:
        for nama in Banjar.objects.values_list("nama", flat=True):
            self._banjar[_kunci_banjar(nama)] = nama

    def kenali(self, semua: Callable[[], Iterable[Baris]]) -> None:
        """First look at all rows: which NIK occur, and which of them twice.

        8 bytes for each NIK; a set of them would be the largest thing in memory.
        """
        nik = array("Q")
        kepala = Penduduk.objects.hidup().filter(shdk=kolom.KEPALA, keluarga__no_kk__isnull=False)
        for orang in kepala.select_related("keluarga").only("nik", "nama", "keluarga__no_kk"):
            self._kepala[str(orang.keluarga.no_kk)] = orang  # type: ignore[union-attr]
        calon: dict[str, str] = {}
        for baris in semua():
            satu = _nik_baris(baris)
            self._catat_kepala(baris, satu, calon)
            if satu and len(satu) == nik_.PANJANG and satu.isascii() and satu.isdigit():
                nik.append(int(satu))
            elif satu:
                self._nik_aneh[satu] += 1
        self._nik = array("Q", sorted(nik))
        sama = {f"{a:016}" for a, b in pairwise(self._nik) if a == b}
        sama |= {satu for satu, banyak in self._nik_aneh.items() if banyak > 1}
        for baris in semua() if sama else ():
            milik = _nik_baris(baris)
            if milik and milik in sama:
                self.ganda.setdefault(milik, []).append(_sebut(baris))
        self._cari_diambil(calon)

    def _catat_kepala(self, baris: Baris, nik: str | None, calon: dict[str, str]) -> None:
        """A head of a family whose number belongs to the family of somebody else."""
        kk, nama = kolom.kepala_baris(baris.sel)
        kini = self._kepala.get(kk)
        if kini and (not nik or nik != kini.nik) and kembar.nama_beda(kini.nama, nama):
            calon[kk] = nik or ""

    def _cari_diambil(self, calon: dict[str, str]) -> None:
        """Numbers of families that go on under another head are not taken over."""
        diganti = {kk for kk in calon if not self._dalam_berkas(self._kepala[kk].nik or "")}
        anggota = Penduduk.objects.filter(keluarga__no_kk__in=diganti, nik__in=set(calon.values()))
        tetap = anggota.values_list("keluarga__no_kk", "nik")
        self._diambil = diganti - {kk for kk, nik in tetap if kk and calon[kk] == nik}

    def _dalam_berkas(self, nik: str) -> bool:
        if nik in self._nik_aneh:
            return True
        if not (len(nik) == nik_.PANJANG and nik.isascii() and nik.isdigit()):
            return False
        letak = bisect_left(self._nik, int(nik))
        return letak < len(self._nik) and self._nik[letak] == int(nik)

    def catatan(self) -> list[str]:
        hasil = []
        if self.banjar_baru:
            nama = ", ".join(sorted(self.banjar_baru.values())[:20])
            hasil.append(f"Banjar dinas yang belum ada di data desa: {nama}. Periksa ejaannya.")
        if len(self._nik) >= _CURIGA_NOL and not any(nik % 10 for nik in self._nik):
            hasil.append(
                "Semua NIK di berkas ini berakhir 0. Mungkin Excel sudah membuang angka "
                "terakhirnya; cocokkan beberapa dengan KTP-el sebelum menerapkan."
            )
        return hasil

    def bandingkan(self, kelompok: Sequence[Baris]) -> list[BarisImpor]:
        semua = [(satu, kolom.baca(satu.sel)) for satu in kelompok]
        for _, isi in semua:
            self._periksa_ganda(isi)
        cocok = self._cari([isi for _, isi in semua if not isi.ditolak])
        return [self._satu(satu, isi, cocok) for satu, isi in semua]

    def _periksa_ganda(self, isi: Isi) -> None:
        sama = self.ganda.get(str(isi.nilai.get("nik", "")))
        if sama:
            lagi = f" dan {len(sama) - 10} baris lain" if len(sama) > 10 else ""
            isi.tolak(
                "nik",
                f"NIK yang sama ada di baris {', '.join(sama[:10])}{lagi}. Sisakan satu, lalu "
                "unggah ulang.",
            )

    # --- Who is meant ---------------------------------------------------------------------------

    def _cari(self, semua: list[Isi]) -> _Cocok:
        penduduk = Penduduk.objects.select_related("keluarga__banjar")
        nik = {str(isi.nilai["nik"]) for isi in semua if "nik" in isi.nilai}
        menurut_nik = {str(o.nik): o for o in penduduk.filter(nik__in=nik)}
        kunci = {_kunci(isi) for isi in semua if isi.nilai.get("nik") not in menurut_nik}
        menurut_kunci: dict[_Kunci, list[Penduduk]] = {}
        senama: dict[tuple[str, date | None], list[Penduduk]] = {}
        if kunci:
            tanggal = Q(tanggal_lahir__in={k[2] for k in kunci if k[2]})
            if any(k[2] is None for k in kunci):
                tanggal |= Q(tanggal_lahir__isnull=True)
            mungkin = penduduk.filter(tanggal, nama_cari__in={k[1] for k in kunci})
            for orang in mungkin.order_by("pk"):
                senama.setdefault((orang.nama_cari, orang.tanggal_lahir), []).append(orang)
                kk = orang.keluarga.no_kk if orang.keluarga else None
                menurut_kunci.setdefault(
                    (kk or None, orang.nama_cari, orang.tanggal_lahir), []
                ).append(orang)
        nomor = {str(isi.nilai["no_kk"]) for isi in semua if "no_kk" in isi.nilai}
        keluarga = Keluarga.objects.select_related("banjar").filter(no_kk__in=nomor)
        curiga = {
            siapa.pk
            for isi in semua
            if (siapa := menurut_nik.get(str(isi.nilai.get("nik")))) and _beda(isi, siapa)
        }
        return _Cocok(
            menurut_nik,
            menurut_kunci,
            {str(k.no_kk): k for k in keluarga},
            senama,
            nilai.bergantung(Penduduk, curiga) if curiga else {},
        )

    def _orang(self, isi: Isi, cocok: _Cocok, baris: str) -> Penduduk | None:
        """The resident of a row: by NIK, else by KK, name and birth date."""
        nik = isi.nilai.get("nik")
        if nik in cocok.menurut_nik:
            return cocok.menurut_nik[str(nik)]
        kunci = _kunci(isi)
        bebas = [
            orang
            for orang in cocok.menurut_kunci.get(kunci, [])
            if orang.pk not in self._terpakai and not self._dalam_berkas(orang.nik or "")
        ]
        bebas.sort(key=lambda orang: (bool(orang.nik), orang.pk))
        tanpa = nik is None or nik_.sementara(str(nik))
        for orang in bebas:
            tetap = bool(orang.nik) and not nik_.sementara(str(orang.nik))
            if tanpa or not tetap:
                self._terpakai.add(orang.pk)
                if tetap:
                    isi.nilai.pop("nik", None)  # a stop-gap never replaces the real one
                isi.catat(
                    "nama", "Dicocokkan menurut nama, nomor KK, dan tanggal lahir, bukan NIK."
                )
                return orang
        self._periksa_senama(isi, kunci, cocok)
        if nik is None:
            sama = self._tanpa_nik.setdefault(kunci, baris)
            if sama != baris:
                isi.catat("nama", f"Nama, nomor KK, dan tanggal lahir sama dengan baris {sama}.")
        return None

    def _periksa_senama(self, isi: Isi, kunci: _Kunci, cocok: _Cocok) -> None:
        """Somebody in the register who has another NIK, but is otherwise the same."""
        if kunci[2] is None:
            return
        for orang in cocok.senama.get(kunci[1:], []):
            kelamin = isi.nilai.get("sex")
            if kelamin and orang.jenis_kelamin and kelamin != orang.jenis_kelamin:
                continue
            if orang.pk in self._terpakai or self._dalam_berkas(orang.nik or ""):
                continue
            isi.bentrokkan(
                "nik",
                "Nama dan tanggal lahir sama dengan penduduk lain yang NIK-nya berbeda. Bila orang "
                "yang sama, lewati baris ini dan betulkan NIK-nya di halaman penduduk; bila orang "
                "lain, terapkan.",
                orang=orang.pk,
            )
            return

    def _periksa_sama(self, isi: Isi, orang: Penduduk, cocok: _Cocok) -> None:
        """The NIK is known, but is this that person?"""
        beda = _beda(isi, orang)
        if not beda:
            return
        punya = cocok.dipakai.get(orang.pk)
        if len(beda) == 1 and not punya:
            kalimat = "Nama sama sekali berbeda dari data. Cocokkan dengan KTP-el."
            isi.catat("nama", kalimat, orang=orang.pk)
            return
        kalimat = f"NIK ini di data milik orang lain: {', '.join(beda)} berbeda."
        if not punya:
            isi.bentrokkan("nik", f"{kalimat} {_PERIKSA_KARTU}", orang=orang.pk)
            return
        isi.bentrokkan(
            "nik",
            f"{kalimat} Orang itu sudah punya {', '.join(sorted(punya))}, jadi tidak dapat diganti "
            "lewat impor. Orang baru: beri NIK-nya sendiri di berkas. Orang yang sama: betulkan "
            "datanya di halaman penduduk.",
            orang=orang.pk,
            terkunci=True,
        )

    def _periksa_kk(self, isi: Isi, orang: Penduduk | None) -> None:
        """The number of a family that is still here, given to people of another one."""
        kk = str(isi.nilai.get("no_kk", ""))
        if kk not in self._diambil:
            return
        if orang and orang.keluarga and orang.keluarga.no_kk == kk:
            return
        isi.bentrokkan(
            "no_kk",
            "Nomor KK ini di data milik keluarga lain, yang kepalanya tidak ada di berkas. "
            f"{_PERIKSA_KARTU}",
            orang=self._kepala[kk].pk,
        )

    # --- What would change ----------------------------------------------------------------------

    def _satu(self, satu: Baris, isi: Isi, cocok: _Cocok) -> BarisImpor:
        hasil = BarisImpor(
            lembar=satu.lembar,
            nomor=satu.nomor,
            hasil=BarisImpor.Hasil.DITOLAK,
            nama=str(isi.nilai.get("nama", "")),
            catatan=isi.catatan,
        )
        if isi.ditolak:
            return hasil
        orang = self._orang(isi, cocok, _sebut(satu))
        keluarga = orang.keluarga if orang else None
        if kk := isi.nilai.get("no_kk"):
            asal, keluarga = keluarga, cocok.keluarga.get(str(kk))
            if keluarga is None and asal is not None and asal.no_kk is None:
                _bawa_alamat(isi, asal)
        if orang and orang.nik == isi.nilai.get("nik"):
            self._periksa_sama(isi, orang, cocok)
        self._periksa_kk(isi, orang)
        self._samakan_banjar(isi)
        self._samakan_keluarga(isi, keluarga, _sebut(satu))
        self._periksa_orang(isi, orang)
        hasil.penduduk = orang
        hasil.perubahan = {
            nama: [dari, ke]
            for nama, ke in isi.nilai.items()
            if (dari := nilai.kini(MENURUT_NAMA[nama], orang, keluarga)) != ke
        }
        hasil.hasil = _hasil(isi, orang, hasil.perubahan)
        return hasil

    def _samakan_banjar(self, isi: Isi) -> None:
        """A hamlet in the spelling of the register, or of the row that named it first."""
        if nama := isi.nilai.get("dusun"):
            kunci = _kunci_banjar(str(nama))
            if kunci not in self._banjar:
                self._banjar[kunci] = self.banjar_baru[kunci] = str(nama)
            isi.nilai["dusun"] = self._banjar[kunci]

    def _samakan_keluarga(self, isi: Isi, keluarga: Keluarga | None, baris: str) -> None:
        """Rows of one family that contradict each other: the first one holds."""
        kunci = str(isi.nilai.get("no_kk") or (f"#{keluarga.pk}" if keluarga else ""))
        if not kunci:
            return
        pertama, kata = self._keluarga.setdefault(kunci, (baris, [None] * len(_KOLOM_KELUARGA)))
        for urut, nama in enumerate(_KOLOM_KELUARGA):
            ini = isi.nilai.get(nama)
            if ini is None:
                continue
            sudah = kata[urut]
            if sudah is None:
                kata[urut] = ini
            elif sudah != ini:
                isi.catat(
                    nama, f"Berbeda dari baris {pertama} pada KK yang sama; dipakai yang pertama."
                )
                isi.nilai[nama] = sudah

    def _periksa_orang(self, isi: Isi, orang: Penduduk | None) -> None:
        """What merely looks odd about one person, old and new data together."""
        nik = str(isi.nilai.get("nik") or (orang.nik if orang else "") or "")
        lahir = orang.tanggal_lahir if orang else None
        if "tanggallahir" in isi.nilai:
            lahir = date.fromisoformat(str(isi.nilai["tanggallahir"]))
        if lahir and lahir > self.hari_ini:
            isi.catat("tanggallahir", "Tanggal lahir belum terjadi.")
        if nik and nik_.sah(nik):
            kelamin = isi.nilai.get("sex") or (orang.jenis_kelamin if orang else None)
            lahir, kelamin = kolom.betulkan(
                isi, nik, lahir, int(kelamin) if kelamin else None, langsung=self.betulkan
            )
            for kalimat in nik_.peringatan(nik, tanggal_lahir=lahir, jenis_kelamin=kelamin):
                isi.catat("nik", kalimat)


def _beda(isi: Isi, orang: Penduduk) -> list[str]:
    """What tells the person of a row from `orang`; nothing, or enough to be looked at."""
    lahir, kelamin = isi.nilai.get("tanggallahir"), isi.nilai.get("sex")
    baru = kembar.Ciri(
        str(isi.nilai.get("nama", orang.nama)),
        date.fromisoformat(str(lahir)) if lahir else None,
        int(kelamin) if kelamin else None,
    )
    beda = kembar.beda(kembar.Ciri(orang.nama, orang.tanggal_lahir, orang.jenis_kelamin), baru)
    return beda if len(beda) > 1 or kembar.NAMA in beda else []


def _hasil(isi: Isi, orang: Penduduk | None, perubahan: dict) -> str:
    if orang is not None and not perubahan:
        return BarisImpor.Hasil.SAMA
    if isi.bentrok:
        return BarisImpor.Hasil.BENTROK
    if isi.ragu:
        return BarisImpor.Hasil.RAGU
    return BarisImpor.Hasil.BARU if orang is None else BarisImpor.Hasil.BERUBAH


def _bawa_alamat(isi: Isi, asal: Keluarga) -> None:
    """Who leaves a family without number for a new one takes the address along."""
    for nama in _KOLOM_KELUARGA:
        lama = nilai.kini(MENURUT_NAMA[nama], None, asal)
        if lama is not None:
            isi.nilai.setdefault(nama, lama)


def _kunci(isi: Isi) -> _Kunci:
    kk, lahir = isi.nilai.get("no_kk"), isi.nilai.get("tanggallahir")
    return (
        str(kk) if kk else None,
        nama_.kunci(str(isi.nilai["nama"]))[: nilai.PANJANG_KUNCI],
        date.fromisoformat(str(lahir)) if lahir else None,
    )


_BACA_BANJAR = pembaca_banjar(60)


def _kunci_banjar(nama: str) -> str:
    return str(_BACA_BANJAR(nama).nilai or nama).casefold()


def _nik_baris(satu: Baris) -> str | None:
    return kolom.nik_dalam_berkas(satu.sel)


def _sebut(satu: Baris) -> str:
    return f"{satu.nomor} ({satu.lembar})" if satu.lembar else str(satu.nomor)
