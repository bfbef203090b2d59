"""Visible words and forms of a page, read as a browser would; knows nothing of Django."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_BISU = {"script", "style", "svg", "head"}


@dataclass
class Formulir:
    aksi: str
    id: str = ""
    isi: dict[str, list[str]] = field(default_factory=dict)  # what the browser would send
    bidang: set[str] = field(default_factory=set)  # everything that can be filled in
    tombol: list[tuple[str, str, str]] = field(default_factory=list)  # text, name, value


class Pembaca(HTMLParser):
    """Visible text and forms of one page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.potongan: list[str] = []
        self.formulir: list[Formulir] = []
        self._bisu = 0
        self._terbuka: Formulir | None = None
        self._tombol: tuple[str, str, str] | None = None
        self._titipan: list[tuple[str, tuple[str, str, str]]] = []  # <button form="…">
        self._area: str | None = None
        self._pilih: str | None = None
        self._banyak = False
        self._kumpul: list[str] = []
        self.feed(html)
        self.close()
        for id_, tombol in self._titipan:
            next(f for f in self.formulir if f.id == id_).tombol.append(tombol)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        a = dict(attrs)
        if tag in _BISU:
            self._bisu += 1
        if tag not in ("span", "b", "small", "strong", "a", "em"):
            self.potongan.append(" ")
        if tag == "form":
            self._terbuka = Formulir(a.get("action", ""), a.get("id", ""))
            self.formulir.append(self._terbuka)
        if self._terbuka is None:
            return
        nama = a.get("name", "")
        if tag == "input":
            self._input(nama, a)
        elif tag == "button":
            self._tombol = (nama, a.get("value", ""), a.get("form", ""))
            self._kumpul = []
        elif tag == "textarea":
            self._area, self._kumpul = nama, []
            self._terbuka.bidang.add(nama)
        elif tag == "select":
            self._pilih = nama
            self._terbuka.bidang.add(nama)
            self._banyak = "multiple" in a
        elif tag == "option" and self._pilih:
            self._opsi(self._pilih, a)

    def _opsi(self, nama: str, a: dict) -> None:
        """What is selected; of a list with one answer, the first when none is."""
        isi = self._terbuka.isi
        if "selected" in a:
            isi[nama] = [*(isi.get(nama, []) if self._banyak else []), a.get("value", "")]
        elif not self._banyak:
            isi.setdefault(nama, [a.get("value", "")])

    def _input(self, nama: str, a: dict) -> None:
        jenis = a.get("type", "text")
        if jenis == "submit":
            self._terbuka.tombol.append((a.get("value", ""), nama, a.get("value", "")))
            return
        if not nama:
            return
        self._terbuka.bidang.add(nama)
        if jenis == "file" or (jenis in ("checkbox", "radio") and "checked" not in a):
            return
        baku = "on" if jenis == "checkbox" else ""
        self._terbuka.isi.setdefault(nama, []).append(a.get("value", baku))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BISU:
            self._bisu -= 1
        if tag == "button" and self._tombol is not None:
            self._tutup_tombol(*self._tombol)
            self._tombol = None
        elif tag == "textarea" and self._area is not None:
            self._terbuka.isi[self._area] = ["".join(self._kumpul).removeprefix("\n")]
            self._area = None
        elif tag == "select":
            self._pilih = None
        elif tag == "form":
            self._terbuka = None

    def _tutup_tombol(self, nama: str, nilai: str, id_: str) -> None:
        satu = (" ".join("".join(self._kumpul).split()), nama, nilai)
        if id_:
            self._titipan.append((id_, satu))
        else:
            self._terbuka.tombol.append(satu)

    def handle_data(self, data: str) -> None:
        if self._tombol is not None or self._area is not None:
            self._kumpul.append(data)
        if not self._bisu:
            self.potongan.append(data)


def dengan_tombol(html: str, tombol: str) -> Formulir:
    """The form whose button reads `tombol` (or begins so). AssertionError: there is none."""
    semua = Pembaca(html).formulir
    for satu in semua:
        if any(teks.startswith(tombol) for teks, _, _ in satu.tombol):
            return satu
    ada = [teks for satu in semua for teks, _, _ in satu.tombol]
    raise AssertionError(f"no button “{tombol}” among {ada}")
