"""WeasyPrint as this portal needs it: archivable (PDF/A-2a) and accessible (PDF/UA-1) in one file.

Only surat.kertas.pdf imports this module, and only when the first letter is due: it loads
WeasyPrint.
"""

import functools
import re
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from typing import Any, Self

import pydyf
from weasyprint import CSS, DEFAULT_OPTIONS, HTML
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.html import UA
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration

from surat.kertas import tanda

# WeasyPrint names one standard per file. The identification of PDF/UA is not among the schemas
# that PDF/A knows, so ISO 19005-2 (6.6.2.3) wants it described beside its use.
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
_AKHIR_RDF = b"</rdf:RDF>"


class _Keterangan(DocumentMetadata):
    """XMP that names PDF/UA beside the standard that WeasyPrint was asked for."""

    def generate_rdf_metadata(self, *standar: Any) -> bytes:
        kepala, isi = super().generate_rdf_metadata(*standar).split(b">", 1)
        # Where a name is used it is declared: parsers exist (PDFBox) that look nowhere else.
        for nama in re.findall(rb' xmlns:(?!rdf=)\w+="[^"]*"', kepala):
            kepala = kepala.replace(nama, b"")
            isi = isi.replace(b"<rdf:Description", b"<rdf:Description" + nama)
        return kepala + b">" + isi.replace(_AKHIR_RDF, _PDF_UA + _AKHIR_RDF)


def _lengkapi_tanda(berkas: pydyf.PDF) -> None:
    """What the tags lack: the scope of table headings, and the index of the headings' names."""

    def induk(benda: Any) -> Any:
        return berkas.objects[int(benda["P"].split()[0])]

    kepala: list[Any] = [b for b in berkas.objects if isinstance(b, dict) and b.get("S") == "/TH"]
    for sel in kepala:
        sel["A"]["Scope"] = "/Column" if induk(induk(sel))["S"] == "/THead" else "/Row"
    if kepala:
        akar = next(b for b in berkas.objects if isinstance(b, dict) and "ParentTree" in b)
        urut = sorted((sel for sel in kepala if "ID" in sel), key=lambda sel: sel["ID"].string)
        nama = [x for sel in urut for x in (sel["ID"], sel.reference)]
        akar["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(nama)})


class _Warna(ColorProfile):
    """The colours that all files mean. WeasyPrint would open and read them for each file anew,
    and never close them; and LittleCMS writes a profile differently the second time."""

    def __init__(self) -> None:
        self._isi = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        rona = (["r"], ["g"], ["b"])
        super().__init__(BytesIO(self._isi), "sRGB2014.icc", "relative-colorimetric", rona)

    @property
    def content(self) -> bytes:
        return self._isi


_warna = functools.cache(_Warna)


class _Jadi(pydyf.Object):
    """An object of the file in its final form. pydyf writes each twice, once for the ID, and
    packs its content twice, too."""

    data = b""
    compressible = False

    def __init__(self, asal: pydyf.Object) -> None:
        self.number, self.generation, self.free = asal.number, asal.generation, asal.free
        self.offset = asal.offset
        self.compressible = asal.compressible
        self.data = asal.data if asal.free != "f" else b""


@functools.cache
def _gaya_bawaan() -> CSS:
    """The stylesheet of HTML itself, without what would give each element six more styles of
    notes and list markers that no letter has."""
    catatan = re.compile(r"^::(?:foot)?note-.*$", re.MULTILINE)
    return CSS(string=catatan.sub("", UA).replace("\n::marker {", "\nli::marker {"))


class Naskah(HTML):
    """HTML of a letter."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_gaya_bawaan()]


class Dokumen(Document):
    """A letter laid out; `pdf` writes it."""

    @classmethod
    def susun(cls, naskah: Naskah, *, gaya: list[CSS], fon: FontConfiguration) -> Self:
        pilihan = DEFAULT_OPTIONS | {
            "stylesheets": gaya,
            "cache": {},  # of its own: a shared one would keep every QR code
            "output_intent": "srgb",
        }
        dokumen = cls._render(naskah, fon, None, {"srgb": _warna()}, pilihan)
        dokumen.metadata = _Keterangan(**vars(dokumen.metadata))
        return dokumen

    def pdf(self, aksara: Sequence[str] = (), awalan: str = "") -> bytes:
        """`aksara`: Balinese lines of the letterhead; `awalan`: see tanda_pdf.bedakan_kepala."""

        def rampungkan(_: Document, berkas: pydyf.PDF) -> None:
            tanda.bedakan_kepala(berkas, awalan=awalan)
            _lengkapi_tanda(berkas)
            tanda.lengkapi(berkas, aksara=aksara)
            berkas.objects[:] = [_Jadi(satu) for satu in berkas.objects]

        # An empty intent: the one of this document is known already.
        return self.write_pdf(finisher=rampungkan, pdf_variant="pdf/a-2a", output_intent="")
