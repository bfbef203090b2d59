"""The rules of a letter type, run over one request: what is contradicted, and who may be meant.

Pure: whoever calls has loaded the people (`tersebut.cari`). Three moments: the resident's form, the
page of the office, and the step that issues the letter, over exactly what it freezes.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from penduduk import referensi
from penduduk.models import Banjar, Penduduk
from surat.bahasa import orang
from surat.isian import jawaban as jawaban_
from surat.isian.macam import FUNGSI, KATA, KINI, PEMOHON, SUBJEK, TANGGAL, Kasus, Kena, kata, urai
from surat.models import Aturan, JenisSurat, Pertanyaan

K = Aturan.Kekuatan
ORANG = jawaban_.ORANG | {"daftar_anggota", "tabel_orang"}
# Kinds that are no claim of a letter which the register denies.
_BUKAN_DAKWAAN = ("lain", "umur", "lebih_tua", "kerabat", "tanggal")
_SISIPAN = {"nama", "siapa", "sumber", "kini", "harus", "lain", "kurang"}
_KELAMIN = {"LAKI": "Laki-laki", "PEREMPUAN": "Perempuan", "LAWAN": PEMOHON}
_BATAS = {
    "LAMPAU": (f"..{KINI}", "Tanggal ini belum terjadi. Periksa lagi tanggalnya."),
    "MENDATANG": (f"{KINI}..", "Tanggal ini sudah lewat. Isi tanggal mulai hari ini."),
}
_SISI = ("dari", "sampai")
_URUTAN = "Tidak boleh lebih dulu daripada {}."


@dataclass(frozen=True)
class Temuan:
    """A rule that a request does not keep. `kunci`: the questions that are concerned, the first one
    first; `lanjut`: what the office can do; `bagi_warga`: it tells the applicant nothing about
    others; `melawan_data`: the register says otherwise."""

    kekuatan: str
    kalimat: str
    lanjut: str = ""
    label: str = ""
    kunci: tuple[str, ...] = ()
    bagi_warga: bool = False
    melawan_data: bool = False

    @property
    def teks(self) -> str:
        disebut = not self.label or self.kalimat.startswith(self.label)
        return self.kalimat if disebut else f"{self.label}: {self.kalimat}"

    def __str__(self) -> str:
        return f"{self.teks} {self.lanjut}".strip()


def ketentuan(
    jenis: JenisSurat, bidang: Mapping[str, Pertanyaan], *, borang: bool = False
) -> list[Aturan]:
    """All rules of a type with these questions: its rows, and what the questions say in short.
    `borang`: also what holds only while the form is filled in."""
    singkat = (a for b in bidang.values() for a in pendek(b, bidang, borang=borang))
    return [*singkat, *jenis.aturan.all()]


def pendek(
    b: Pertanyaan, semua: Mapping[str, Pertanyaan], *, borang: bool = True
) -> Iterator[Aturan]:
    """The rules that the columns of a question say."""
    batas = b.batas if borang or b.batas != Pertanyaan.Batas.MENDATANG else ""
    awal = semua[b.tidak_sebelum].label.rstrip("?") if b.tidak_sebelum in semua else ""
    for macam, nilai, kalimat in (
        ("tanggal", *_BATAS.get(batas, ("", ""))),
        ("tanggal", b.tidak_sebelum and f"{b.tidak_sebelum}..", _URUTAN.format(awal)),
        ("jenis_kelamin", _KELAMIN.get(b.jenis_kelamin), ""),
        ("lain", b.bukan, ""),
        ("hubungan", b.tentang, ""),
    ):
        if nilai:
            isi = {"macam": macam, "siapa": b.kunci, "nilai": nilai, "kalimat": kalimat}
            yield Aturan(kekuatan=K.TOLAK, **isi)


def periksa(kasus: Kasus, aturan: Iterable[Aturan]) -> list[Temuan]:
    """What the request contradicts, the strongest first."""
    semua = [(a, kena) for a in aturan for kena in _kena(kasus, a)]
    # Who is no other person than the dead is not told of the death as well.
    sama = {(a.siapa, k.orang[0].nama) for a, k in semua if a.macam == "lain"}
    hasil = [
        _temuan(kasus, a, k)
        for a, k in semua
        if a.macam != "status_dasar" or (a.siapa, k.orang[0].nama) not in sama
    ]
    bawaan = (*_pengantar(kasus), *_tertukar(kasus))
    return sorted([*bawaan, *hasil], key=lambda t: K.values.index(t.kekuatan))


def sidik(semua: Iterable[Temuan]) -> str:
    """A digest of what needs a reason, so that a reason covers only what its writer has read;
    without the covering letter, which is typed beside it."""
    perlu = (t for t in semua if t.kekuatan == K.BERTENTANGAN)
    teks = sorted(t.teks for t in perlu if t.lanjut != KATA["pengantar"]["lanjut"])
    return hashlib.sha256("\n".join(teks).encode()).hexdigest()


def _kena(kasus: Kasus, a: Aturan) -> Iterable[Kena]:
    isi = urai(a)
    return FUNGSI[a.macam](kasus, a, isi) if isi is not None and dilihat(kasus, a) else ()


def dilihat(kasus: Kasus, a: Aturan) -> bool:
    """Whether the condition of a rule holds."""
    return not a.bila_kunci or str(kasus.nilai(a.bila_kunci)) in a.bila_nilai.split("|")


def _temuan(kasus: Kasus, a: Aturan, kena: Kena) -> Temuan:
    tercatat = any(o.penduduk for o in kena.orang)
    kata_ = KATA["macam"][a.macam]
    kalimat = a.kalimat or kata_["kalimat"]
    isi = {"nama": kena.orang[0].nama if kena.orang else "", "siapa": kasus.label(a.siapa)}
    isi |= {"sumber": "Menurut data desa" if tercatat else "Menurut isian"} | kena.isi
    for nama, nilai in isi.items():
        kalimat = kalimat.replace(f"{{{nama}}}", nilai)
    return Temuan(
        a.kekuatan,
        kalimat,
        kata_.get("lanjut", ""),
        kasus.label(a.siapa),
        tuple(x for x in (a.siapa, *kena.kunci) if x in kasus.bidang),
        kena.terlihat or all(o.bagi_warga for o in kena.orang),
        tercatat and a.macam not in _BUKAN_DAKWAAN,
    )


def _pengantar(kasus: Kasus) -> Iterator[Temuan]:
    """The covering letter of the kelian: there where the type wants it, and not of tomorrow."""
    if kasus.pengantar is None:
        return
    kata_, (nomor, hari) = KATA["pengantar"], kasus.pengantar
    kosong = [nama for nama, isi in (("nomor", nomor), ("tanggal", hari)) if not isi]
    if kosong and kasus.jenis.pengantar_kelian == JenisSurat.Pengantar.WAJIB:
        kalimat = kata_["kosong"].replace("{harus}", " dan ".join(kosong))
        yield Temuan(K.TOLAK, kalimat, kata_["lanjut"])
    if hari and hari > kasus.hari_ini:
        yield Temuan(K.TOLAK, kata_["mendatang"], kata_["lanjut"])


def _tertukar(kasus: Kasus) -> Iterator[Temuan]:
    """Somebody who is typed with the NIK of another; the register is open to the office only."""
    for kunci, b in kasus.bidang.items():
        if b.tipe in ("penduduk_atau_teks", "tabel_orang"):
            for kalimat in dict.fromkeys(o.tertukar for o in kasus.orang(kunci) if o.tertukar):
                lanjut, label = KATA["tertukar"], kasus.label(kunci)
                yield Temuan(K.BERTENTANGAN, kalimat, lanjut, label, (kunci,), melawan_data=True)


def boleh_dipilih(kasus: Kasus, aturan: Iterable[Aturan], kunci: str, orang: Penduduk) -> bool:
    """Whether somebody of the family card is offered at all as the answer to `kunci`."""
    berdua = [a for a in aturan if a.siapa == kunci and a.macam in ("jenis_kelamin", "lain")]
    coba = replace(kasus, pasti={kunci: kasus.tercatat([orang])})
    return not any(t.kekuatan == K.TOLAK for t in periksa(coba, berdua))


# --- What a rule may say --------------------------------------------------------------------------


def salah(a: Aturan, semua: Mapping[str, Pertanyaan]) -> str:
    """What is wrong with a rule of a type with these questions; empty when nothing is."""
    cara = KATA["macam"].get(a.macam)
    if cara is None:
        return f"“{a.macam}” bukan macam aturan yang dikenal"
    tipe, tentang = cara.get("siapa"), semua.get(a.siapa)
    boleh = tentang and ("*" in tipe or tentang.tipe in tipe) if tipe else _orang(a.siapa, semua)
    if not boleh:
        return f"{cara['label']} tidak dapat diperiksa pada “{a.siapa}”"
    isi = urai(a)
    if isi is None or not _nilai_sah(a, isi, semua):
        return f"“{a.nilai}” tidak dapat dipakai untuk {cara['label']}. {cara['nilai'].rstrip('.')}"
    if _terbalik(isi):
        return f"“{a.nilai}” terbalik. Tulis yang kecil atau yang lebih dulu di depan"
    if asing := set(re.findall(r"\{(.*?)\}", a.kalimat)) - _SISIPAN:
        return f"kalimatnya memuat {{{min(asing)}}}, yang tidak dikenal"
    return ""


def _nilai_sah(a: Aturan, isi: Mapping[str, str], semua: Mapping[str, Pertanyaan]) -> bool:
    if a.macam == "identitas":
        return set(a.nilai.split("|")) <= set(KATA["identitas"])
    if a.macam == "banjar":
        ada = {orang.nama_banjar(x) for x in Banjar.objects.values_list("nama", flat=True)}
        return {orang.nama_banjar(x) for x in kata(a.nilai)[1]} <= ada
    if "pola" not in KATA["macam"][a.macam]:
        return set(kata(a.nilai)[1]) <= {label for _, label in referensi.tabel(a.macam)}
    sisi = [isi[x] for x in _SISI if x in isi]
    hari = [isi.get(x) for x in ("hari", "orang_hari", "dari_kunci", "sampai_kunci")]
    siapa = [x for x in isi.get("orang", "").split("|") if x]
    return (
        (not sisi or any(sisi))
        and all(_orang(x, semua) for x in siapa)
        and all(_hari(x, semua) for x in hari if x and x != KINI)
    )


def _terbalik(isi: Mapping[str, str]) -> bool:
    """Whether a range ends before it begins, where both sides are told from one point."""
    dari, sampai = isi.get("dari", ""), isi.get("sampai", "")
    awal = [isi.get(f"{x}_kunci", KINI if KINI in isi.get(x, "") else "") for x in _SISI]
    if not (dari and sampai) or awal[0] != awal[1]:
        return False
    satu, dua = (x.removeprefix(awal[0]) for x in (dari, sampai))
    return _jauh(satu) > _jauh(dua)


def _jauh(geser: str) -> Decimal:
    """Of a side of a range: years, days or a plain number."""
    angka = geser.removesuffix("hari").removesuffix("tahun").replace(",", ".")
    return Decimal(angka or 0) * (365 if geser.endswith("tahun") else 1)


def _orang(kunci: str, semua: Mapping[str, Pertanyaan]) -> bool:
    return kunci in (SUBJEK, PEMOHON) or (kunci in semua and semua[kunci].tipe in ORANG)


def _hari(kunci: str, semua: Mapping[str, Pertanyaan]) -> bool:
    return _orang(kunci, semua) or (kunci in semua and semua[kunci].tipe in TANGGAL)
