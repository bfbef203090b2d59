"""WeasyPrint as this portal needs it: archivable (PDF/A-2a) and accessible (PDF/UA-1) in one file.

WeasyPrint writes one standard per file. Its `finisher` is given the objects of the file just before
they are written (pydyf), and what the other standard asks for is added there. Its pictures, which
it would pack anew for every letter, lie ready in its `cache`. What those objects and pictures look
like is nobody's promise: see test_mesin.

Only surat.kertas.pdf imports this module, and only when the first letter is due: it loads
WeasyPrint.
"""

import copy
import functools
import hashlib
import io
import re
from base64 import b64decode
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pydyf
from PIL import Image
from weasyprint import CSS, HTML, Document
from weasyprint.images import RasterImage
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from surat.kertas import kertas, tanda

_FON = frozenset({"Surat", "Surat Tinos", "Surat Aksara"})  # the families of kertas.css
_PNG = re.compile(r"data:image/png;base64,[\w+/=]+")
# The identification of PDF/UA is not among the schemas that PDF/A knows, so ISO 19005-2 (6.6.2.3)
# wants it described beside its use.
_PDF_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 to which the file conforms\
</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class HurufAsing(ValueError):
    """What is in none of our fonts: named PDF/A and PDF/UA, the file would lie."""


class Pengambil(URLFetcher):
    """What a paper may load: our fonts, and pictures that it carries itself. Whatever slipped
    through the escaping of an answer could not name another file of this machine."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> Any:
        bagian = urlsplit(url)
        if bagian.scheme.lower() == "file":
            berkas = Path(unquote(bagian.path)).resolve()
            if bagian.netloc or not berkas.is_relative_to(kertas.FONT):
                raise ValueError("a paper may only load fonts")
        return super().fetch(url, headers)


def susun(html: str, *, gaya: list[CSS], fon: FontConfiguration, pengambil: URLFetcher) -> Document:
    """A letter laid out on its pages."""
    naskah = HTML(string=html, url_fetcher=pengambil)
    gambar = {alamat: _gambar(alamat) for alamat in re.findall(_PNG, html)}
    return naskah.render(font_config=fon, stylesheets=gaya, cache=gambar)


class _Gambar(RasterImage):
    """A PNG by its data address, packed once however many files it goes into."""

    def __init__(self, alamat: str) -> None:
        isi = b64decode(alamat.partition(",")[2])
        gambar: Image.Image = Image.open(io.BytesIO(isi), formats=["PNG"])
        self._bit = 1 if gambar.mode == "1" else 8
        if self._bit == 1:  # a QR code; WeasyPrint would take it for colours
            gambar = gambar.convert("L")
            gambar.format = "PNG"
        super().__init__(gambar, hashlib.sha256(isi).hexdigest()[:32], isi)
        self._benda = functools.cache(super().get_x_object)

    def get_x_object(self, interpolate: bool, dpi_ratio: float) -> pydyf.Stream:
        benda = copy.deepcopy(self._benda(interpolate, dpi_ratio))  # each file numbers its own
        benda.extra["BitsPerComponent"] = benda.extra["DecodeParms"]["BitsPerComponent"] = self._bit
        return benda


_gambar = functools.lru_cache(16)(_Gambar)  # the emblem stays, QR codes pass through


def tulis(dokumen: Document, *, aksara: Sequence[str] = (), awalan: str = "") -> bytes:
    """The file. `aksara`: Balinese lines of the letterhead; `awalan`: see tanda.bedakan_kepala."""

    def rampungkan(dokumen: Document, berkas: pydyf.PDF) -> None:
        for fon in dokumen.fonts.values():  # of the machine, or .notdef
            if fon.family not in _FON or fon.missing or 0 in fon.to_unicode:
                raise HurufAsing
        _sebut_pdf_ua(berkas)
        _sebut_warna(berkas)
        tanda.bedakan_kepala(berkas, awalan=awalan)
        _lengkapi_tanda(berkas)
        tanda.lengkapi(berkas, aksara=aksara)

    # An empty intent is not the default one: see _sebut_warna.
    return dokumen.write_pdf(finisher=rampungkan, pdf_variant="pdf/a-2a", output_intent="")


def _benda(berkas: pydyf.PDF, acuan: bytes) -> Any:
    """The object that a reference ("7 0 R") points to."""
    return berkas.objects[int(acuan.split()[0])]


def _sebut_pdf_ua(berkas: pydyf.PDF) -> None:
    """Name PDF/UA in the XMP, beside the standard that WeasyPrint was asked for."""
    xmp = _benda(berkas, berkas.catalog["Metadata"])
    awal, kepala, isi = re.split(rb"(<rdf:RDF[^>]*>)", *xmp.stream)
    # Where a name is used it is declared: parsers exist (PDFBox) that look nowhere else.
    for nama in re.findall(rb' xmlns:(?!rdf=)\w+="[^"]*"', kepala):
        kepala = kepala.replace(nama, b"")
        isi = isi.replace(b"<rdf:Description", b"<rdf:Description" + nama)
    xmp.stream = [awal + kepala + isi.replace(b"</rdf:RDF>", _PDF_UA + b"</rdf:RDF>")]


def _sebut_warna(berkas: pydyf.PDF) -> None:
    """Say which colours are meant. WeasyPrint would have LittleCMS write the profile, which writes
    it differently the second time: the same letter would not give the same bytes."""
    profil = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    isi = pydyf.Stream([profil], {"N": 3}, compress=True)
    berkas.add_object(isi)
    nama = pydyf.String("IEC 61966-2-1 Default RGB Colour Space - sRGB")
    niat = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": nama,
        "Info": nama,
        "DestOutputProfile": isi.reference,
    }
    berkas.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(niat)])


def _lengkapi_tanda(berkas: pydyf.PDF) -> None:
    """What the tags lack: the scope of table headings, and the index of the headings' names."""
    kepala: list[Any] = [b for b in berkas.objects if isinstance(b, dict) and b.get("S") == "/TH"]
    for sel in kepala:
        rumah = _benda(berkas, _benda(berkas, sel["P"])["P"])
        sel["A"]["Scope"] = "/Column" if rumah["S"] == "/THead" else "/Row"
    if kepala:
        akar = next(b for b in berkas.objects if isinstance(b, dict) and "ParentTree" in b)
        urut = sorted((sel for sel in kepala if "ID" in sel), key=lambda sel: sel["ID"].string)
        nama = [x for sel in urut for x in (sel["ID"], sel.reference)]
        akar["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(nama)})
