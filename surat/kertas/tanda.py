"""Tags of a written PDF that WeasyPrint leaves out: language of the aksara, furniture of the page.

Works on the objects that are about to be written (pydyf); only surat.kertas.pdf calls it.
"""

from collections.abc import Iterable, Iterator
from typing import Any


def lengkapi(berkas: Any, *, aksara: Iterable[str]) -> None:
    """`aksara`: the Balinese lines of the letterhead from top to bottom."""
    _namai_aksara(berkas, aksara)
    _lepas_perabot(berkas)


def bedakan_kepala(berkas: Any, *, awalan: str) -> None:
    """Give each heading of each table a name of its own. WeasyPrint gives the same names to the
    head that is repeated on the next page, and to the table of the next file: `awalan` keeps
    those apart that will be put together."""
    import pydyf

    benda = {b.reference: b for b in berkas.objects}
    tabel = [b for b in berkas.objects if isinstance(b, dict) and b.get("S") == "/Table"]
    for ke, satu in enumerate(tabel):
        for sel in _sel(satu, benda):
            if "ID" in sel:
                sel["ID"] = pydyf.String(f"{awalan}{ke:03}-{sel['ID'].string}")
            kepala = sel["A"].get("Headers", [])
            kepala[:] = [pydyf.String(f"{awalan}{ke:03}-{k.string}") for k in kepala]


def _sel(unsur: Any, benda: Any) -> Iterator[Any]:
    """Every cell below an element of the tree."""
    for anak in unsur.get("K", []):
        satu = None if isinstance(anak, int) else benda[anak]
        if satu and satu.get("S") in ("/TH", "/TD"):
            yield satu
        elif satu:
            yield from _sel(satu, benda)


def _namai_aksara(berkas: Any, aksara: Iterable[str]) -> None:
    """Tell reading machines that a line is Balinese, and its letters in the order of writing:
    glyphs stand in another order, from which the text cannot be won back. On the paper nothing
    else is a quotation, so this tag marks these lines and no other. Programs that copy look for
    the letters where the glyphs are painted."""
    import pydyf  # comes with WeasyPrint, loaded already

    semua = {b.reference: b for b in berkas.objects}
    lukisan = semua[semua[next(iter(berkas.page_references))]["Contents"]].stream
    baris = (b for b in berkas.objects if isinstance(b, dict) and b.get("S") == "/BlockQuote")
    for benda, teks in zip(baris, aksara, strict=False):
        bahasa = {"Lang": pydyf.String("ban"), "ActualText": pydyf.String(teks)}
        benda.update({"S": "/P", **bahasa})
        mcid = list(_mcid(benda, semua))
        for satu in (x for x in lukisan if isinstance(x, dict) and x.get("MCID") in mcid):
            satu["ActualText"] = pydyf.String(teks if satu["MCID"] == mcid[0] else "")


def _lepas_perabot(berkas: Any) -> None:
    """Running header and page number become artifacts. WeasyPrint marks them like text and then
    leaves them out of the tree, as if something had been forgotten."""
    benda = {b.reference: b for b in berkas.objects}
    akar = next(b for b in berkas.objects if isinstance(b, dict) and "ParentTree" in b)
    dokumen = benda[akar["K"][0]]
    halaman = list(berkas.page_references)
    nomor = dict(_pasangan(benda[akar["ParentTree"]]["Nums"]))
    for satu in berkas.objects:
        luar = isinstance(satu, dict) and satu.get("P") == dokumen.reference
        if not luar or satu.reference in dokumen["K"]:
            continue
        arus = benda[benda[satu["Pg"]]["Contents"]].stream
        for mcid in _mcid(satu, benda):
            _jadi_artefak(arus, mcid)
            nomor[halaman.index(satu["Pg"])][mcid] = "null"


def _pasangan(larik: list[Any]) -> Iterator[tuple[Any, Any]]:
    yield from zip(larik[::2], larik[1::2], strict=True)


def _mcid(unsur: Any, benda: Any) -> Iterator[int]:
    """Numbers of all text below an element of the tree."""
    for anak in unsur.get("K", []):
        if isinstance(anak, int):
            yield anak
        else:
            yield from _mcid(benda[anak], benda)


def _jadi_artefak(arus: list[Any], mcid: int) -> None:
    for ke, satu in enumerate(arus):
        if isinstance(satu, dict) and satu.get("MCID") == mcid:
            arus[ke - 1 : ke + 2] = ["/Artifact", b"BMC"]
            return
