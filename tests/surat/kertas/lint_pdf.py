"""What can be seen in a file of PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) by looking.

No validator: it knows the marks that both standards ask of files like ours, no more.
"""

import itertools
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from defusedxml import ElementTree
from fontTools.ttLib import TTFont

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
DC = "{http://purl.org/dc/elements/1.1/}"
PDF = "{http://ns.adobe.com/pdf/1.3/}"
EKSTENSI = "{http://www.aiim.org/pdfa/ns/extension/}"
SKEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTI = "{http://www.aiim.org/pdfa/ns/property#}"
TERLARANG = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData"}
MELUKIS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Tj", "TJ", "'", '"', "Do", "sh", "EI"}


def cela(isi: bytes) -> list[str]:
    """Everything that is not as it should be; an empty list when nothing is."""
    with pikepdf.open(BytesIO(isi)) as berkas:
        return [
            *_berkas(berkas, isi),
            *_xmp(berkas),
            *_fon(berkas),
            *_lukisan(berkas),
            *_struktur(berkas),
        ]


def _berkas(berkas: pikepdf.Pdf, isi: bytes) -> Iterator[str]:
    akar = berkas.Root
    if not isi.startswith(b"%PDF-1.7\n%") or min(isi[10:14]) < 128:
        yield "kepala berkas"
    if not isi.endswith(b"%%EOF\n"):
        yield "sesudah %%EOF ada isi"
    if len(berkas.trailer.get("/ID", [])) != 2 or "/Encrypt" in berkas.trailer:
        yield "ID atau sandi"
    niat = akar.get("/OutputIntents", [{}])[0]
    if niat.get("/S") != "/GTS_PDFA1" or niat.get("/DestOutputProfile", {}).get("/N") != 3:
        yield "tanpa output intent sRGB"
    elif niat.DestOutputProfile.read_bytes()[36:40] != b"acsp":
        yield "profil warna bukan ICC"
    if str(akar.get("/Lang", "")) != "id":
        yield "tanpa bahasa"
    if not akar.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "judul tidak ditampilkan"
    if not akar.get("/MarkInfo", {}).get("/Marked") or akar.MarkInfo.get("/Suspects"):
        yield "tidak bertanda"
    if {"/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/Perms"} & set(akar.keys()):
        yield "katalog berisi yang tidak diharapkan"
    if "/EmbeddedFiles" in akar.get("/Names", {}):
        yield "lampiran"
    for benda in berkas.objects:
        if not isinstance(benda, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if benda.get("/Interpolate") or "/LZWDecode" in str(benda.get("/Filter", "")):
            yield "gambar diperhalus, atau LZW"
        if benda.get("/S") in TERLARANG or ("/F" in benda and isinstance(benda, pikepdf.Stream)):
            yield "perbuatan atau isi dari luar berkas"
        if benda.get("/SMask", "/None") != "/None" or benda.get("/BM", "/Normal") != "/Normal":
            yield "tembus pandang"
        if any(benda.get(k, 1) != 1 for k in ("/ca", "/CA")):
            yield "tembus pandang"


def _xmp(berkas: pikepdf.Pdf) -> Iterator[str]:
    paket = berkas.Root.Metadata.read_bytes()
    akar = ElementTree.fromstring(paket)
    if [anak.tag for anak in akar] != [f"{RDF}RDF"]:
        yield "XMP bukan satu rdf:RDF"
    atribut: dict[str, str] = {}
    for uraian in akar.iter(f"{RDF}Description"):
        if uraian.get(f"{RDF}about") != "":
            yield "rdf:about"
        atribut |= uraian.attrib
    nama = {"part": f"{PDFA}part", "tingkat": f"{PDFA}conformance", "ua": f"{PDFUA}part"}
    if {k: atribut.get(v) for k, v in nama.items()} != {"part": "2", "tingkat": "A", "ua": "1"}:
        yield "XMP tidak menyebut PDF/A-2a dan PDF/UA-1"
    skema = akar.find(f".//{EKSTENSI}schemas/{RDF}Bag/{RDF}li")
    if skema is None or skema.findtext(f"{SKEMA}namespaceURI") != PDFUA.strip("{}"):
        yield "skema pdfuaid tidak diuraikan"
    else:
        properti = skema.findall(f"{SKEMA}property/{RDF}Seq/{RDF}li")
        if [p.findtext(f"{PROPERTI}name") for p in properti] != ["part"]:
            yield "skema pdfuaid tidak menguraikan part"
    info = {k: str(v) for k, v in berkas.docinfo.items()}
    sama = {
        "/Title": akar.findtext(f".//{DC}title/{RDF}Alt/{RDF}li"),
        "/Author": akar.findtext(f".//{DC}creator/{RDF}Seq/{RDF}li"),
        "/Producer": atribut.get(f"{PDF}Producer"),
    }
    if info != sama:
        yield "XMP dan Info berbeda"


def _fon(berkas: pikepdf.Pdf) -> Iterator[str]:
    fon = {
        f.objgen: f for h in berkas.pages for f in h.Resources.get("/Font", {}).as_dict().values()
    }
    for satu in fon.values():
        turunan = satu.DescendantFonts[0]
        if not re.fullmatch(r"/[A-Z]{6}\+.+", str(turunan.BaseFont)):
            yield "nama fon bukan bagian"
        if "/ToUnicode" not in satu or "/FontFile2" not in turunan.FontDescriptor:
            yield "fon tidak lengkap"
            continue
        if turunan.CIDToGIDMap != "/Identity" or satu.Encoding != "/Identity-H":
            yield f"fon {turunan.BaseFont} memuat huruf yang tidak dimilikinya (.notdef)"
        ttf = TTFont(BytesIO(turunan.FontDescriptor.FontFile2.read_bytes()))
        huruf, skala = ttf.getGlyphOrder(), 1000 / ttf["head"].unitsPerEm
        for cid, lebar in _lebar(turunan.W):
            if abs(ttf["hmtx"][huruf[cid]][0] * skala - lebar) > 1:
                yield f"lebar huruf {cid} lain dari fonnya"


def _lebar(larik: Any) -> Iterator[tuple[int, float]]:
    for awal, semua in zip(list(larik)[::2], list(larik)[1::2], strict=True):
        for geser, lebar in enumerate(semua):
            yield int(awal) + geser, float(lebar)


def _lukisan(berkas: pikepdf.Pdf) -> Iterator[str]:
    """Everything painted is either tagged or marked as an artifact."""
    for halaman in berkas.pages:
        if halaman.get("/Tabs") != "/S":
            yield "urutan tab"
        tanda: list[bool] = []
        for isi, perintah in pikepdf.parse_content_stream(halaman):
            nama = str(perintah)
            if nama in ("BDC", "BMC"):
                bertanda = nama == "BDC" and "/MCID" in isi[1]
                tanda.append(bertanda or isi[0] == "/Artifact")
            elif nama == "EMC":
                tanda.pop()
            elif nama in MELUKIS and not any(tanda):
                yield f"{nama} tanpa tanda"
        if tanda:
            yield "tanda tidak ditutup"


def _anak(simpul: Any) -> Iterator[Any]:
    anak = simpul.get("/K", [])
    for satu in anak if isinstance(anak, pikepdf.Array) else [anak]:
        if isinstance(satu, pikepdf.Dictionary) and "/S" in satu:
            yield satu


def _semua(simpul: Any) -> Iterator[Any]:
    for anak in _anak(simpul):
        yield anak
        yield from _semua(anak)


def _struktur(berkas: pikepdf.Pdf) -> Iterator[str]:
    akar = berkas.Root.StructTreeRoot
    semua = list(_semua(akar))
    jenis = [str(s.S) for s in semua]
    if jenis[:1] != ["/Document"]:
        yield "pohon tanda tidak bermula dari dokumen"
    judul = [int(j[2]) for j in jenis if re.fullmatch(r"/H\d", j)]
    if judul[:1] != [1] or any(b > a + 1 for a, b in itertools.pairwise(judul)):
        yield "urutan judul"
    nama = list(akar.get("/IDTree", {}).get("/Names", []))
    kenal = {str(n): s for n, s in zip(nama[::2], nama[1::2], strict=True)}
    if list(kenal) != sorted(kenal):
        yield "daftar nama tidak urut"
    for satu in semua:
        if satu.S == "/Figure" and not str(satu.get("/Alt", "")).strip():
            yield "gambar tanpa penjelasan"
        if satu.S == "/TH":
            if satu.A.get("/Scope") not in ("/Row", "/Column"):
                yield "kepala tabel tanpa lingkup"
            if kenal.get(str(satu.get("/ID"))) != satu:
                yield "kepala tabel tidak terdaftar"
        if satu.S == "/TD":
            asing = {str(k) for k in satu.A.get("/Headers", [])} - set(kenal)
            if asing:
                yield "sel merujuk kepala yang tidak ada"
        if satu.S == "/TR" and {str(a.S) for a in _anak(satu)} - {"/TH", "/TD"}:
            yield "baris tabel berisi bukan sel"
    yield from _peta(berkas, akar)


def _peta(berkas: pikepdf.Pdf, akar: Any) -> Iterator[str]:
    """Each piece of content points to its element, and the element to it."""
    angka = list(akar.ParentTree.Nums)
    peta = dict(zip((int(x) for x in angka[::2]), angka[1::2], strict=True))
    for halaman in berkas.pages:
        unsur = list(peta[int(halaman.StructParents)])
        mcid = [
            int(isi[1].MCID)
            for isi, perintah in pikepdf.parse_content_stream(halaman)
            if str(perintah) == "BDC" and "/MCID" in isi[1]
        ]
        # An empty place belongs to the furniture of the page (running header, page number).
        milik = [(nomor, u) for nomor, u in enumerate(unsur) if u is not None]
        if sorted(mcid) != [nomor for nomor, _ in milik]:
            yield "isi bertanda dan petanya tidak sama banyak"
        if any(nomor not in [k for k in u.K if isinstance(k, int)] for nomor, u in milik):
            yield "peta menunjuk unsur yang salah"
