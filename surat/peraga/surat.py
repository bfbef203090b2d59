"""Fictitious material for previews and tests of letters: no request and no resident is needed.

Every field gets an answer that its form would accept, whatever the village has made of the type:
words by the label of the field, else the example in its help, else the label itself.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from penduduk import desa as desa_
from penduduk.models import Penduduk
from surat.bahasa import orang as orang_
from surat.buku import nomor
from surat.isian import aturan, bidang, formulir, jawaban
from surat.isian.macam import Kasus
from surat.models import Aturan, JenisSurat, Mandat, Pertanyaan, Surat, Templat
from surat.naskah import gaya, susunan
from surat.peraga import orang as tokoh
from surat.peraga import patuh
from surat.peraga.orang import LELUHUR, Ukuran
from surat.terbit import penerbitan

KODE_CEK = "CONTOH2345"  # O is no letter of a check code: nobody ever finds a letter by it
BARIS_TERPANJANG = 10
_TANPA_NOMOR = "000"
KATA = Path(__file__).with_name("kata.json")
_CONTOH = re.compile(r"[Cc]ontoh: (.+?)(?:, |[.;]|$)")
# Typical words by label, where the example in the help is none that could be printed.
_SEMUA: dict[str, Any] = json.loads(KATA.read_text(encoding="utf-8"))
_KATA: dict[str, str] = _SEMUA["jawaban"]
_POHON, _PERBEDAAN, _HUBUNGAN, _PANJANG, _ANGKA = (
    _SEMUA["isi"][k] for k in ("pohon", "perbedaan", "hubungan", "panjang", "angka")
)
# Who of the family is meant by fields of these names; others are described as strangers.
_PEMOHON, _PASANGAN, _ANAK = -1, -2, -3
_SIAPA = {
    **dict.fromkeys(("pelapor", "pria", "ayah"), _PEMOHON),
    **dict.fromkeys(
        ("pasangan", "wanita", "pemberi_izin", "orang_kedua", "ibu", "wali"), _PASANGAN
    ),
    **dict.fromkeys(("anak", "peserta", "untuk_siapa"), _ANAK),
    **dict.fromkeys(("almarhum", "pewaris"), LELUHUR),
}
_KELAMIN = {"ayah": 0, "suami": 0, "ibu": 1, "istri": 1, "calon": 1}


@dataclass(frozen=True)
class _Bekal:
    """What the answers of one letter are made from."""

    ukuran: Ukuran
    tanggal: date
    jenis: JenisSurat
    semua: dict[str, Pertanyaan]
    keluarga: dict[int, Penduduk]
    aturan: list[Aturan]

    @property
    def bidang(self) -> list[Pertanyaan]:
        return list(self.semua.values())

    def kasus(self, lain: jawaban.Jawaban) -> Kasus:
        pemohon = self.keluarga[_PEMOHON]
        return Kasus(self.jenis, self.semua, lain, self.tanggal, pemohon, self.keluarga)


def bahan(
    jenis: JenisSurat,
    *,
    ukuran: Ukuran,
    tanggal: date,
    templat: Templat | None = None,
    mandat: Mandat | None = None,
) -> susunan.Bahan:
    """Material of one letter of `jenis`, issued on `tanggal`, about nobody who exists.

    No query when `templat` is given and the fields of `jenis` are prefetched.
    """
    orang = tokoh.keluarga(ukuran)
    semua = {b.kunci: b for b in jenis.pertanyaan.all()}
    bekal = _Bekal(ukuran, tanggal, jenis, semua, orang, aturan.ketentuan(jenis, semua))
    isi = _jawaban(bekal)
    patuh.sesuaikan(bekal.kasus(isi), bekal.aturan, isi, panjang=ukuran is Ukuran.TERPANJANG)
    return susunan.Bahan(
        jenis=jenis,
        templat=templat or penerbitan.templat_berlaku(jenis),
        pemohon=orang[_PEMOHON],
        jawaban=isi,
        mandat=mandat or tokoh.mandat(ukuran),
        pengantar=_pengantar(jenis, ukuran, tanggal),
        tanggal=tanggal,
        menggantikan=_lama(tanggal) if ukuran is Ukuran.TERPANJANG else None,
        penduduk=orang,
    )


def surat_peraga(bahan: susunan.Bahan, *, tanda_air: str) -> dict[str, Any]:
    """The letter as it would be frozen, with a number and a check code that lead nowhere.

    `tanda_air`: "DRAF" or "CONTOH", across the paper. Raises templat.TemplatTidakSah.
    """
    data, _ = susunan.susun(bahan)
    return data | {
        "kop": gaya.kop(desa_.ambil(), gaya.tata_naskah(), contoh=True),
        "tanda_air": tanda_air,
        "nomor": _nomor(bahan),
        "kode_cek": f"{KODE_CEK[:5]}-{KODE_CEK[5:]}",
        "url_cek": f"{settings.PUBLIC_BASE_URL}/cek/{KODE_CEK}/",
    }


def _nomor(bahan: susunan.Bahan) -> str:
    """Number nought in the village's own pattern; the bare number while that cannot be used."""
    try:
        return nomor.contoh(bahan.jenis, urut=0, tanggal=bahan.tanggal)
    except nomor.FormatNomorTidakSah:
        return _TANPA_NOMOR


def _pengantar(jenis: JenisSurat, ukuran: Ukuran, tanggal: date) -> susunan.Pengantar:
    if ukuran is Ukuran.MINIMAL and jenis.pengantar_kelian != JenisSurat.Pengantar.WAJIB:
        return susunan.Pengantar()
    teks = "12/BD-CS/XI/2026"
    if ukuran is Ukuran.TERPANJANG:
        teks = "470.12/0012/BANJAR-DINAS-CONTOH/KELIAN/XI/2026"
    return susunan.Pengantar(teks, tanggal - timedelta(days=3))


def _lama(tanggal: date) -> Surat:
    """The letter that the longest one corrects."""
    lalu = tanggal - timedelta(days=30)
    return Surat(nomor=f"400.00.0.0/{_TANPA_NOMOR}/51.07.04.2001/VIII/{lalu.year}", tanggal=lalu)


# --- Answers --------------------------------------------------------------------------------------


def _jawaban(bekal: _Bekal) -> jawaban.Jawaban:
    """Answers of all fields that are asked, in the order of the form."""
    hasil: jawaban.Jawaban = {}
    sisa = list(bekal.bidang)
    while sisa:
        menunggu = {b.kunci for b in sisa}
        siap = [b for b in sisa if not {b.bila_kunci, b.tidak_sebelum, b.tentang} & menunggu]
        for b in siap:
            ditanya = b.wajib or bekal.ukuran is not Ukuran.MINIMAL
            if ditanya and jawaban.berlaku(b, hasil):
                hasil[b.kunci] = _satu(b, bekal, hasil)
        if not siap:  # fields that wait for each other are never asked
            break
        sisa = [b for b in sisa if b not in siap]
    return {b.kunci: hasil[b.kunci] for b in bekal.bidang if b.kunci in hasil}


def _satu(b: Pertanyaan, bekal: _Bekal, lain: jawaban.Jawaban) -> Any:
    panjang = bekal.ukuran is Ukuran.TERPANJANG
    if formulir.pilihan(b):
        return _pilihan(b, bekal, lain)
    match b.tipe:
        case "nama":
            return tokoh.nama_panjang("Ni Komang", 3) if panjang else "Ni Komang Contoh"
        case "tanggal" | "tanggal_jam":
            return _tanggal(b, bekal, lain)
        case "jam":
            return "09:30:00"
        case "tahun":
            return bekal.tanggal.year - 6
        case "hp":
            return "+6281234567890"
        case "angka" | "rupiah" | "desimal":
            return _angka(b, bekal)
        case "penduduk" | "penduduk_atau_teks" | "daftar_anggota":
            return _orang(b, bekal, lain)
        case "tabel_orang" | "tabel_perbedaan" | "pohon":
            return _baris(b.tipe, bekal)
    return _panjang(b) if panjang else _wajar(b)


def _wajar(b: Pertanyaan) -> str:
    if b.label in _KATA:
        return _KATA[b.label]
    cocok = _CONTOH.search(b.bantuan)
    return cocok.group(1) if cocok else f"{b.label.rstrip('?')} contoh"


def _panjang(b: Pertanyaan) -> str:
    """As many characters as the field takes; addresses in four lines."""
    if b.tipe != "teks" and (b.tipe == "alamat" or b.kunci.startswith(("alamat", "lokasi"))):
        dari = tokoh.alamat_panjang().split(", ")
        return "\n".join([*dari[:3], "Kecamatan Contoh, Kabupaten Contoh, Provinsi Contoh"])
    maks = bidang.TEKS_MAKS if b.tipe == "teks" else bidang.TEKS_PANJANG_MAKS
    teks = f"{_wajar(b)}, {_PANJANG * 4}"[:maks].rstrip(" ,.-/")
    return teks + "x" * (maks - len(teks))


def _angka(b: Pertanyaan, bekal: _Bekal) -> int | str:
    angka, panjang = _wajar(b).split()[0], bekal.ukuran is Ukuran.TERPANJANG
    if panjang or not re.fullmatch(r"\d+(,\d+)?", angka):
        biasa, besar = _ANGKA[b.tipe]
        angka = besar if panjang else biasa
    dari, sampai = patuh.rentang(b, bekal.aturan)
    nilai = float(angka.replace(",", "."))
    if sampai and nilai > float(sampai.replace(",", ".")):
        angka = sampai
    elif dari and nilai < float(dari.replace(",", ".")):
        angka = dari
    return angka.replace(",", ".") if b.tipe == "desimal" else int(angka.partition(",")[0])


def _tanggal(b: Pertanyaan, bekal: _Bekal, lain: jawaban.Jawaban) -> str:
    if b.tidak_sebelum in lain:
        awal = datetime.fromisoformat(lain[b.tidak_sebelum])
        if b.tipe == "tanggal_jam":
            return (awal + timedelta(hours=6)).isoformat()
        return (awal.date() + timedelta(days=1)).isoformat()
    if bekal.ukuran is Ukuran.TERPANJANG:  # 28 September is as long as a date gets
        tahun = bekal.tanggal.year + (1 if b.batas == Pertanyaan.Batas.MENDATANG else -1)
        hari = date(tahun, 9, 28)
    elif b.batas == Pertanyaan.Batas.MENDATANG:
        hari = bekal.tanggal + timedelta(days=14)
    else:
        hari = bekal.tanggal - timedelta(days=4000 if "sejak" in b.kunci else 14)
    if b.tipe == "tanggal":
        return hari.isoformat()
    zona = timezone.get_default_timezone()
    return datetime.combine(hari, time(10, 0), tzinfo=zona).isoformat()


def _pilihan(b: Pertanyaan, bekal: _Bekal, lain: jawaban.Jawaban) -> str:
    """The usual answer; else one that leads to as many further questions as possible (least:
    to as few). Of relations, only those that the person can have."""
    semua = formulir.pilihan(b)
    terkait = [a for a in bekal.aturan if a.bila_kunci == b.kunci and a.macam != "isian"]
    hubungan = [a for a in bekal.aturan if a.siapa == b.kunci and a.macam == "hubungan"]
    # Where no answer fits the people, they are made to fit (patuh); but a man is no widow, and a
    # wife no cousin.
    hubungan += [a for a in terkait if a.macam == "suami_istri"]
    for harus in ([*terkait, *hubungan], hubungan, []):
        kasus = [(x, bekal.kasus(lain | {b.kunci: x})) for x in semua]
        if pilihan := [x for x, satu in kasus if not aturan.periksa(satu, harus)]:
            break

    def lanjutan(nilai: str) -> int:
        return sum(x.bila_kunci == b.kunci and nilai in x.bila_nilai.split("|") for x in wajib)

    if bekal.ukuran is Ukuran.MINIMAL:
        wajib = [x for x in bekal.bidang if x.wajib]
        return min(pilihan, key=lanjutan)
    wajib = bekal.bidang
    if bekal.ukuran is Ukuran.TERPANJANG:
        return max(pilihan, key=lambda nilai: (lanjutan(nilai), len(nilai)))
    biasa = _KATA.get(b.label, "")
    return biasa if biasa in pilihan else max(pilihan, key=lanjutan)


def _dipilih(b: Pertanyaan, bekal: _Bekal) -> list[int]:
    """Who of the family card may be chosen; the deceased only where the field says so."""
    ada = [pk for pk in bekal.keluarga if pk != LELUHUR or b.termasuk_meninggal]
    kasus = bekal.kasus({})
    return [
        pk for pk in ada if aturan.boleh_dipilih(kasus, bekal.aturan, b.kunci, bekal.keluarga[pk])
    ]


def _siapa(b: Pertanyaan, bekal: _Bekal) -> int | None:
    """Who of the family is meant; None for somebody who is described."""
    pk, kasus = _SIAPA.get(b.kunci), bekal.kasus({})
    if pk in _dipilih(b, bekal):
        umur = [a for a in bekal.aturan if a.siapa == b.kunci and a.macam == "lebih_tua"]
        coba = replace(kasus, pasti={b.kunci: kasus.tercatat([bekal.keluarga[pk]])})
        if not aturan.periksa(coba, umur):  # a wife is nobody's mother
            return pk
    return _ANAK if b.tipe == "penduduk" else None


def _orang(b: Pertanyaan, bekal: _Bekal, lain: jawaban.Jawaban) -> Any:
    """Somebody of the family card, or described."""
    if b.tipe == "daftar_anggota":
        kartu = [a for a in bekal.aturan if (a.siapa, a.macam) == (b.kunci, "anggota_kk")]
        diminta = {a.nilai for a in kartu if aturan.dilihat(bekal.kasus(lain), a)}
        tanpa = {LELUHUR} if diminta & {"semua", "kepala"} else {_PEMOHON, LELUHUR}
        ada = [pk for pk in _dipilih(b, bekal) if pk not in tanpa]
        return (ada[:-1] if "sebagian" in diminta else ada)[:BARIS_TERPANJANG]
    pk = _siapa(b, bekal)
    if pk is None:
        # Saksi 1 and saksi 2, father and mother are different people.
        sejenis = (x for x in bekal.bidang if x.tipe == b.tipe)
        orang = [x.kunci for x in sejenis if _siapa(x, bekal) is None]
        urut = orang.index(b.kunci) if b.kunci in orang else 0
        ganjil = _KELAMIN.get(b.kunci, urut % 2)  # every second of them is a woman
        urut += urut % 2 != ganjil
        wajib = (a.nilai for a in bekal.aturan if a.siapa == b.kunci and a.macam == "identitas")
        harus, penuh = "|".join(wajib).split("|"), tokoh.ketikan(Ukuran.WAJAR, urut)
        isi = tokoh.ketikan(bekal.ukuran, urut)
        return {k: v or (penuh[k] if k in harus else "") for k, v in isi.items()}
    return str(pk) if b.tipe == "penduduk" else {"pk": pk}


def _baris(tipe: str, bekal: _Bekal) -> list[dict[str, Any]]:
    """Rows of a table: one, a few, or many with full cells."""
    banyak = {Ukuran.MINIMAL: 1, Ukuran.TERPANJANG: BARIS_TERPANJANG}.get(bekal.ukuran)
    panjang = bekal.ukuran is Ukuran.TERPANJANG
    if tipe == "tabel_perbedaan":
        isi = _PERBEDAAN * 5 if panjang else _PERBEDAAN
        tambah = f", {_PANJANG}"[: tokoh.NAMA_TERPANJANG - 20].rstrip() if panjang else ""
        baris = [dict(zip(("data", "dokumen1", "dokumen2"), x, strict=True)) for x in isi]
        return [x | {"dokumen2": x["dokumen2"] + tambah} for x in baris][:banyak]
    if tipe == "pohon":
        return _pohon(bekal.ukuran)
    orang = [x for pk, x in bekal.keluarga.items() if pk not in (_PASANGAN, LELUHUR)]
    orang = orang[: banyak or len(_HUBUNGAN)]
    return [
        {
            "nama": x.nama,
            "nik": x.nik or "",
            "hubungan": "anak angkat dari istri yang pertama" if panjang else hubungan,
            "umur": x.tanggal_lahir and int(orang_.umur(x.tanggal_lahir, pada=bekal.tanggal)),
            "lahir": orang_.ttl(orang_.dari_penduduk(x, pada=bekal.tanggal).kata),
            "alamat": x.keluarga.alamat[:100] if x.keluarga else "",
        }
        for x, hubungan in zip(orang, _HUBUNGAN * 4, strict=False)
    ]


def _pohon(ukuran: Ukuran) -> list[dict[str, Any]]:
    isi: list[Any] = list(_POHON)
    if ukuran is Ukuran.MINIMAL:
        isi = isi[:1]
    if ukuran is Ukuran.TERPANJANG:
        tingkat = (1, 2, 3, 4, 5, 5, 4, 3, 2, 2)
        isi = [
            (
                t,
                tokoh.nama_panjang("I Gusti Agung", n),
                "anak kandung dari istri yang kedua",
                "almarhum",
            )
            for n, t in enumerate(tingkat)
        ]
    return [dict(zip(("tingkat", "nama", "hubungan", "keterangan"), x, strict=True)) for x in isi]
