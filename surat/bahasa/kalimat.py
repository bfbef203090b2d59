"""How an answer in somebody's own words stands inside a sentence of a letter.

Phones begin every answer with a capital and people end it with a dot; an address comes in lines and
names the village that the wording names too. What stands alone is printed as it was written.
"""

import re
from collections.abc import Set

from penduduk import referensi
from surat.bahasa.tanggal import BULAN, HARI

# Words that begin a proper name when a capital or a figure follows: Jalan Raya, Bank BPD, Gang 2.
_KEPALA = frozenset(
    "jalan jl jln gang gg banjar br dusun lingkungan desa ds kelurahan kecamatan kec kabupaten kab "
    "kota provinsi perumahan perum blok kampung lorong pura puri griya pasar pantai subak bank "
    "universitas institut politeknik akademi sekolah kampus rumah puskesmas kantor dinas badan "
    "kementerian pengadilan polsek polres polda koperasi yayasan hotel toko warung".split()
)
# What is written with a capital wherever it stands, and belongs to no village.
_SELALU = frozenset(
    "indonesia bali denpasar badung gianyar klungkung bangli karangasem buleleng jembrana tabanan "
    "amlapura jakarta surabaya lombok jawa sumatra kalimantan sulawesi papua singapura malaysia "
    "jepang australia galungan kuningan nyepi saraswati lebaran idulfitri natal waisak "
    "i ni ida gusti dewa cokorda desak putu wayan gede made kadek nengah nyoman komang ketut "
    "luh pancasila inggris arab mandarin".split()
) | {satu.lower() for satu in (*BULAN, *HARI)}
_SINGKATAN = frozenset("dkk dll dsb dst tbk sdr sdri jl jln gg br kec kab no ds yth alm".split())
_BATAS_KALIMAT = tuple(".!?:;“\"'‘")  # what stands before it begins a sentence, or a quotation
_KEPALA_WILAYAH = {
    "desa": r"(?:desa|ds\.?|kelurahan|kel\.?)",
    "kecamatan": r"(?:kecamatan|kec\.?)",
    "kabupaten": r"(?:kabupaten|kab\.?)",
    "provinsi": r"(?:provinsi|prov\.?)",
}
_WILAYAH = re.compile(r",\s*(Desa|Kecamatan|Kabupaten|Provinsi) ([^,.;:]+)")


def kata_nama(*teks: str) -> set[str]:
    """The words of names and places, as `sisipkan` looks them up."""
    return {kata for satu in teks for kata in re.findall(r"[^\W\d_]+", satu.lower())}


_AGAMA = kata_nama(*(label for _, label in referensi.tabel("agama")))


def sisipkan(
    teks: str, *, sebelum: str, sesudah: str, nama_diri: Set[str], panjang: bool = True
) -> str:
    """`teks` as it stands between `sebelum` and `sesudah` of one sentence or line.

    `nama_diri`: words of this letter that are names (`kata_nama`). `panjang`: false for a short
    answer, which may be a name that nobody knows: it is left alone unless it is plainly a phrase.
    """
    sebelum, sesudah = sebelum.rstrip(), sesudah.strip()
    if not sebelum and not sesudah:
        return teks
    teks = _tanpa_wilayah(_satu_baris(teks), sesudah)
    if sebelum and not sebelum.endswith(_BATAS_KALIMAT):
        teks = _kecilkan(teks, nama_diri, panjang=panjang)
    return _tanpa_titik(teks) if sesudah else teks


def _satu_baris(teks: str) -> str:
    baris = [b.strip() for b in teks.split("\n") if b.strip()]
    return " ".join(b if b.endswith((",", ".", ";", ":")) else f"{b}," for b in baris).rstrip(",")


def _tanpa_titik(teks: str) -> str:
    """Without the dot that ends it; that of an abbreviation (dkk., S.H.) belongs to its word."""
    rapi = teks.rstrip(" ,;")
    akhir = rapi.split()[-1:] or [""]
    inti = akhir[0].rstrip(".…")
    if inti.lower() in _SINGKATAN or "." in inti or (len(inti) == 1 and inti.isupper()):
        return rapi
    return rapi.rstrip(" .…") or teks


def _kecilkan(teks: str, nama_diri: Set[str], *, panjang: bool) -> str:
    """With a small first letter, unless the first word is a name, an abbreviation or no word."""
    pertama, _, lanjut = teks.partition(" ")
    inti = pertama.rstrip(".,;:!?")
    kecil, besar = inti.lower(), lanjut[:1].isupper() or lanjut[:1].isdigit()
    biasa = re.fullmatch(r"[A-Z][a-z]+", inti)  # a letter with an accent: a foreign name
    if not biasa or kecil in _SELALU | _AGAMA | nama_diri or lanjut.startswith("Agung"):
        return teks
    if besar and (kecil in _KEPALA or not panjang):
        return teks
    if not lanjut and not panjang:
        return teks
    return teks[0].lower() + teks[1:]


def _tanpa_wilayah(teks: str, sesudah: str) -> str:
    """Without village, district … at its end that the wording names right after it."""
    disebut = _WILAYAH.findall(sesudah) if sesudah.startswith(",") else []
    if not disebut:
        return teks
    dengan_kepala = [rf"[\s,]{_KEPALA_WILAYAH[k.lower()]}\s*{re.escape(n)}" for k, n in disebut]
    nama_saja = "|".join(re.escape(n) for _, n in disebut)
    inti = "|".join([*dengan_kepala, rf",\s*(?:{nama_saja})"])
    lain = r"[\s,](?:(?:provinsi|prov\.?)\s*)?bali|[\s,](?:kode pos\s*)?\d{5}"
    cocok = re.search(rf"(?:[\s,]*(?:{inti}))(?:[\s,]*(?:{inti}|{lain}))*[\s.,]*$", teks, re.I)
    sisa = teks[: cocok.start()].rstrip(" ,.") if cocok else teks
    return sisa if sisa and sisa.split()[-1].lower() not in _KEPALA else teks
