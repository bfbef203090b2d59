"""Fill a form in a finished page with what was typed before.

Generic, so that no page has to know of it: the form is found by where it is sent, its fields by
their names. Whatever is no field of that form stays as it is, byte for byte.
"""

import html
import mimetypes
import re
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatch
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_TOMBOL = {"submit", "button", "image", "reset"}
_PILIHAN = {"checkbox", "radio"}
# Names that a person has never typed into; what they hold is of no use as text.
_MESIN = re.compile(
    r"^_|_FORMS$|^(?:draf|dari|surat|langkah|aksi|action|index|select_across|next|sesi|sidik|tetap"
    r"|sudah-dilihat)$"
)
_BARIS = re.compile(r"(.+)-\d+-.+")  # a field in a row of a table, as formsets name it


@dataclass
class _Pilihan:
    awal: int
    akhir: int
    atribut: dict[str, str | None]


@dataclass
class _Kontrol:
    tag: str
    atribut: dict[str, str | None]
    awal: int
    akhir: int  # of the start tag
    rincian: tuple[int, ...]  # the <details> around it, by number
    formulir: int | None
    tutup: int = -1  # where the end tag of a textarea or select begins
    pilihan: list[_Pilihan] = field(default_factory=list)

    @property
    def nama(self) -> str:
        return self.atribut.get("name") or ""

    @property
    def jenis(self) -> str:
        return (self.atribut.get("type") or "text").lower() if self.tag == "input" else self.tag

    @property
    def mesin(self) -> bool:
        """Nothing that a person fills in."""
        return self.jenis in _TOMBOL or self.tag == "button" or self.jenis == "hidden"


@dataclass(frozen=True)
class _Formulir:
    atribut: dict[str, str | None]
    akhir: int
    rincian: tuple[int, ...]


@dataclass(frozen=True)
class Hasil:
    """`html`: the page, filled; None if it has no such form. `sisa`: what found no field, but
    is sent with the form where `ikut` has its name. `berkas`: for each field of files on the page
    "sampai", or "jenis" when one of them is not what it asks for. `ditekan`: nothing was typed, a
    button was pressed."""

    html: str | None
    sisa: list[tuple[str, str]]
    ikut: frozenset[str] = frozenset()
    berkas: dict[str, str] = field(default_factory=dict)
    ditekan: bool = False


class _Pembaca(HTMLParser):
    """Where the forms of a page and their fields are."""

    def __init__(self, teks: str) -> None:
        super().__init__(convert_charrefs=True)
        self.formulir: list[_Formulir] = []
        self.kontrol: list[_Kontrol] = []
        self.rincian: list[_Pilihan] = []
        self.utama = -1  # where the content of the page begins
        self._dalam: list[int] = []
        self._terbuka: int | None = None
        self._isi: _Kontrol | None = None  # the textarea or select that is open
        self._baris = [0]
        for potong in teks.split("\n"):
            self._baris.append(self._baris[-1] + len(potong) + 1)
        self.feed(teks)
        self.close()

    def _di(self) -> int:
        baris, kolom = self.getpos()
        return self._baris[baris - 1] + kolom

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        awal, atribut = self._di(), dict(attrs)
        akhir = awal + len(self.get_starttag_text() or "")
        if tag == "main":
            self.utama = akhir
        elif tag == "details":
            self._dalam.append(len(self.rincian))
            self.rincian.append(_Pilihan(awal, akhir, atribut))
        elif tag == "form":
            self._terbuka = len(self.formulir)
            self.formulir.append(_Formulir(atribut, akhir, tuple(self._dalam)))
        elif tag == "option" and self._isi is not None:
            self._isi.pilihan.append(_Pilihan(awal, akhir, atribut))
        elif tag in ("input", "textarea", "select", "button"):
            satu = _Kontrol(tag, atribut, awal, akhir, tuple(self._dalam), self._terbuka)
            self.kontrol.append(satu)
            if tag in ("textarea", "select"):
                self._isi = satu

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._dalam:
            self._dalam.pop()
        elif tag == "form":
            self._terbuka = None
        elif self._isi is not None and tag == self._isi.tag:
            self._isi.tutup, self._isi = self._di(), None

    def milik(self, nomor: int) -> list[_Kontrol]:
        """The fields of one form, also those that stand outside and name it."""
        id_ = self.formulir[nomor].atribut.get("id")
        return [
            k
            for k in self.kontrol
            if ("form" not in k.atribut and k.formulir == nomor)
            or ("form" in k.atribut and id_ and k.atribut["form"] == id_)
        ]


def _tag(nama: str, atribut: dict[str, str | None], **ubah: str | bool) -> str:
    """A start tag with some attributes changed; True: without value, False: left out."""
    semua: dict[str, str | bool | None] = {**atribut, **ubah}
    teks = "".join(
        f" {kunci}" if isi is None or isi is True else f' {kunci}="{html.escape(str(isi))}"'
        for kunci, isi in semua.items()
        if isi is not False
    )
    return f"<{nama}{teks}>"


class _Pengisi:
    """One form of one page, being filled: collects the changes."""

    def __init__(self, halaman: _Pembaca, nomor: int, isi: dict[str, list[str]]) -> None:
        self.halaman = halaman
        self.formulir = halaman.formulir[nomor]
        self.kontrol = halaman.milik(nomor)
        self.isi = isi
        self.ubah: list[tuple[int, int, str]] = []
        self.buka = set(self.formulir.rincian)
        self.pakai = {nama: Counter[str]() for nama in isi}
        self.berkas: dict[str, str] = {}

    def isikan(self, berkas: list[dict]) -> None:
        for k in self.kontrol:
            if not k.nama or "disabled" in k.atribut:
                continue
            if k.jenis == "file":
                self._unggah(k, [ket for ket in berkas if ket["bidang"] == k.nama])
            elif k.jenis in _PILIHAN:
                self._centang(k)
            elif k.tag == "select":
                self._pilih(k)
            elif k.mesin and k.jenis != "hidden":
                self.pakai.get(k.nama, Counter()).update(self.isi.get(k.nama, []))
            elif k.jenis != "password":
                self._ketik(k)

    def _ganti(self, k: _Kontrol, **ubah: str | bool) -> None:
        self.ubah.append((k.awal, k.akhir, _tag(k.tag, k.atribut, **ubah)))

    def _unggah(self, k: _Kontrol, berkas: list[dict]) -> None:
        if not berkas:
            return
        cocok = all(_diminta(k.atribut.get("accept") or "", ket) for ket in berkas)
        self.berkas[k.nama] = "sampai" if cocok else "jenis"
        if cocok and "required" in k.atribut:
            self._ganti(k, required=False)

    def _ketik(self, k: _Kontrol) -> None:
        sisa = Counter(self.isi.get(k.nama, [])) - self.pakai.get(k.nama, Counter())
        nilai = next((n for n in self.isi.get(k.nama, []) if sisa[n]), None)
        if nilai is None:
            return
        self.pakai[k.nama][nilai] += 1
        if nilai and k.jenis != "hidden":
            self.buka.update(k.rincian)
        if k.tag == "textarea":
            if k.tutup >= 0:  # a browser drops the first line break
                self.ubah.append((k.akhir, k.tutup, "\n" + html.escape(nilai)))
        else:
            self._ganti(k, value=nilai)

    def _centang(self, k: _Kontrol) -> None:
        nilai = k.atribut.get("value", "on") or ""
        ya = nilai in self.isi.get(k.nama, [])
        if ya:
            self.pakai[k.nama][nilai] += self.isi[k.nama].count(nilai)
            self.buka.update(k.rincian)
        if ya != ("checked" in k.atribut):
            self._ganti(k, checked=ya)

    def _pilih(self, k: _Kontrol) -> None:
        if k.nama not in self.isi and "multiple" not in k.atribut:
            return
        dipilih = self.isi.get(k.nama, [])
        for p in k.pilihan:
            nilai = p.atribut.get("value") or ""
            ya = nilai in dipilih
            if ya:
                self.pakai[k.nama][nilai] += dipilih.count(nilai)
            if ya != ("selected" in p.atribut):
                self.ubah.append((p.awal, p.akhir, _tag("option", p.atribut, selected=ya)))
        if dipilih and any(dipilih):
            self.buka.update(k.rincian)
        if "admin-autocomplete" in (k.atribut.get("class") or "") and k.tutup >= 0:
            self._cari(k, dipilih)

    def _cari(self, k: _Kontrol, dipilih: list[str]) -> None:
        """A list that is looked up as one types knows only what was chosen when it was made."""
        for nilai in dipilih:
            if nilai and not self.pakai[k.nama][nilai]:
                self.pakai[k.nama][nilai] += 1
                pilihan = _tag("option", {"value": nilai, "selected": None})
                kata = "(pilihan Anda tadi)</option>"
                self.ubah.append((k.tutup, k.tutup, pilihan + kata))

    def hanya_ditekan(self) -> bool:
        """Whether there was nothing to type. A box without a tick is an answer as well."""
        mesin = {k.nama for k in self.kontrol if k.mesin}
        kotak = any(k.jenis == "checkbox" or "multiple" in k.atribut for k in self.kontrol)
        return not kotak and all(n in mesin or _MESIN.search(n) for n in self.isi)

    def sisa(self) -> list[tuple[str, str]]:
        kurang = ((nama, Counter(nilai) - self.pakai[nama]) for nama, nilai in self.isi.items())
        return [(nama, n) for nama, hitung in kurang for n in hitung.elements() if n]

    def terapkan(self, teks: str, tambah: str) -> str:
        for nomor in self.buka:
            r = self.halaman.rincian[nomor]
            if "open" not in r.atribut:
                self.ubah.append((r.awal, r.akhir, _tag("details", r.atribut, open=True)))
        self.ubah.append((self.formulir.akhir, self.formulir.akhir, tambah))
        for awal, akhir, ganti in sorted(self.ubah, reverse=True):
            teks = teks[:awal] + ganti + teks[akhir:]
        return teks


def _diminta(accept: str, ket: dict) -> bool:
    """Whether the file is of a kind that its field asks for, as far as its name or the browser
    tells."""
    nama, pola = ket["nama"].lower(), [satu.strip().lower() for satu in accept.split(",") if satu]
    jenis = {ket["jenis"].lower(), mimetypes.guess_type(nama)[0] or ""}
    jenis -= {"", "application/octet-stream"}
    if not pola or not jenis:
        return True
    return any(
        nama.endswith(satu) if satu.startswith(".") else any(fnmatch(j, satu) for j in jenis)
        for satu in pola
    )


def _tersembunyi(nama: str, nilai: str) -> str:
    return _tag("input", {"type": "hidden", "name": nama, "value": nilai})


def isikan(
    teks: str,
    *,
    di: str,
    alamat: str,
    isi: dict[str, list[str]],
    berkas: list[dict],
    sisip: str,
) -> Hasil:
    """Fill the form of the page `teks` (at the path `di`) that is sent to `alamat`.

    `berkas`: the files that are kept, as Ketikan has them; `sisip`: HTML for the beginning of the
    form. Of several such forms the one that has most of the fields is meant, then the one whose
    buttons and hidden fields say the same. A form of which only a button was pressed stays as it
    is: what is pressed again is what the page shows now.
    """
    halaman = _Pembaca(teks)
    tujuan, bidang = urlsplit(alamat).path, set(isi) | {ket["bidang"] for ket in berkas}
    calon = [
        (*_kemiripan(halaman.milik(n), isi, bidang), -n)
        for n, f in enumerate(halaman.formulir)
        if (f.atribut.get("method") or "").lower() == "post"
        and urlsplit(urljoin(di, f.atribut.get("action") or di)).path == tujuan
    ]
    banyak, _, nomor = max(calon, default=(-1, 0, 0))
    if banyak < min(1, len(bidang)):
        return Hasil(None, kata(isi), ditekan=not kata(isi))
    pengisi = _Pengisi(halaman, -nomor, isi)
    if not berkas and pengisi.hanya_ditekan():
        return Hasil(pengisi.terapkan(teks, sisip), [], ditekan=True)
    pengisi.isikan(berkas)
    sisa = pengisi.sisa()
    # Rows that had been added are not on the fresh page; they go with the form, and are named.
    baris = [(nama, n) for nama, n in sisa if _baris_lain(nama, pengisi.kontrol)]
    tambah = sisip + "".join(_tersembunyi(*satu) for satu in baris)
    return Hasil(
        pengisi.terapkan(teks, tambah),
        [satu for satu in sisa if not _MESIN.search(satu[0])],
        frozenset(nama for nama, _ in baris),
        pengisi.berkas,
    )


def _kemiripan(
    kontrol: list[_Kontrol], isi: dict[str, list[str]], bidang: set[str]
) -> tuple[int, int]:
    sama = [k for k in kontrol if k.mesin and k.atribut.get("value") in isi.get(k.nama, [])]
    return len({k.nama for k in kontrol} & bidang), len(sama)


def _baris_lain(nama: str, kontrol: list[_Kontrol]) -> bool:
    """A field in one more row of what the form has rows of."""
    cocok = _BARIS.fullmatch(nama)
    return cocok is not None and any(k.nama.startswith(f"{cocok[1]}-") for k in kontrol)


def kata(isi: dict[str, list[str]]) -> list[tuple[str, str]]:
    """What a person may have typed, as names and values."""
    return [(n, v) for n, semua in isi.items() if not _MESIN.search(n) for v in semua if v]


def sisipkan(teks: str, pesan: str) -> str:
    """The page with `pesan` at the top of its content."""
    di = _Pembaca(teks).utama
    return teks if di < 0 else teks[:di] + pesan + teks[di:]
