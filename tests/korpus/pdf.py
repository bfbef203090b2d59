"""PDFs as offices, scanners and apps make them, and as transport mangles them."""

import io
import random
from collections.abc import Callable, Iterator

import pikepdf
import pymupdf
from pikepdf import Array, Dictionary, Name, String

from tests.korpus.foto import HURUF, RAHASIA, Contoh, exif, kertas

_TEKS = "SURAT KETERANGAN CONTOH  Nomor 400/12/2026  Yang bertanda tangan menerangkan bahwa "
_UKURAN = ((595, 842), (612, 1008), (842, 595), (243, 153))


def _dasar(acak: random.Random, halaman: int = 1) -> pymupdf.Document:
    """A letter in one of several fonts and sizes."""
    dokumen = pymupdf.open()
    for _ in range(halaman):
        lebar, tinggi = acak.choice(_UKURAN)
        satu = dokumen.new_page(width=lebar, height=tinggi)
        besar = acak.choice([7, 9, 11, 12])
        huruf = acak.choice(["helv", "tiro", "cour", "Arimo", "Tinos"])
        berkas = str(HURUF / f"{huruf}-Regular.ttf") if huruf[0].isupper() else None
        for y in range(40, int(tinggi) - 30, besar * 2):
            satu.insert_text(
                (30, y),
                _TEKS[: int(lebar / besar * 1.6)],
                fontsize=besar,
                fontname=huruf,
                fontfile=berkas,
            )
    return dokumen


def _byte(dokumen: pymupdf.Document, **simpan) -> bytes:
    return dokumen.tobytes(**simpan)


def _formulir(acak: random.Random) -> bytes:
    """Values of a form, also a ticked box and a choice."""
    dokumen = _dasar(acak)
    satu = dokumen[0]
    for ke, (jenis, nilai) in enumerate(
        [
            (pymupdf.PDF_WIDGET_TYPE_TEXT, "NILAI ISIAN 5107"),
            (pymupdf.PDF_WIDGET_TYPE_CHECKBOX, True),
            (pymupdf.PDF_WIDGET_TYPE_COMBOBOX, "Kawin"),
            (pymupdf.PDF_WIDGET_TYPE_TEXT, "I WAYAN CONTOH"),
        ]
    ):
        bidang = pymupdf.Widget()
        bidang.field_name, bidang.field_type = f"b{ke}", jenis
        bidang.rect = pymupdf.Rect(20, 20 + 30 * ke, 200, 44 + 30 * ke)
        bidang.fill_color, bidang.text_fontsize = (1, 1, 0.9), 11
        if jenis == pymupdf.PDF_WIDGET_TYPE_COMBOBOX:
            bidang.choice_values = ["Kawin", "Belum"]
        bidang.field_value = nilai
        satu.add_widget(bidang)
    return _byte(dokumen)


def _catatan(acak: random.Random) -> bytes:
    """Stamps, typed signatures, strokes of a pen, marks."""
    dokumen = _dasar(acak)
    satu = dokumen[0]
    satu.add_freetext_annot((40, 60, 220, 90), "TTD WAYAN CONTOH", fontsize=13)
    satu.add_stamp_annot((60, 90, 220, 140), stamp=acak.randint(0, 13))
    goresan = [[(30 + 7 * n, 100 + acak.randint(-12, 12)) for n in range(20)]]
    satu.add_ink_annot(goresan)
    satu.add_rect_annot((20, 20, 100, 50))
    satu.add_line_annot((20, 20), (180, 130))
    satu.add_circle_annot((120, 40, 190, 90))
    return _byte(dokumen)


def _pindaian(acak: random.Random) -> bytes:
    """What a scanner app makes: photos with their EXIF inside."""
    dokumen = pymupdf.open()
    for _ in range(acak.randint(1, 3)):
        keluar = io.BytesIO()
        kertas(acak, (1200, 1700), 30).save(keluar, "JPEG", exif=exif(1), comment=RAHASIA)
        satu = dokumen.new_page()
        satu.insert_image(satu.rect, stream=keluar.getvalue())
    return _byte(dokumen)


def _terputar(acak: random.Random) -> bytes:
    dokumen = _dasar(acak, 2)
    for satu in dokumen:
        satu.set_rotation(acak.choice([90, 180, 270]))
    return _byte(dokumen)


def _terpangkas(acak: random.Random) -> bytes:
    dokumen = _dasar(acak)
    kotak = dokumen[0].rect
    dokumen[0].set_cropbox(pymupdf.Rect(15, 15, kotak.width - 40, kotak.height - 40))
    return _byte(dokumen)


def _berhalaman(acak: random.Random) -> bytes:
    return _byte(_dasar(acak, acak.randint(2, 6)))


def _padat(acak: random.Random) -> bytes:
    return _byte(_dasar(acak), garbage=4, deflate=True, use_objstms=1)


def _terkunci_pemilik(acak: random.Random) -> bytes:
    """Opens without a password; only printing or copying is forbidden."""
    cara = acak.choice(
        [pymupdf.PDF_ENCRYPT_AES_256, pymupdf.PDF_ENCRYPT_AES_128, pymupdf.PDF_ENCRYPT_RC4_128]
    )
    return _byte(_dasar(acak), encryption=cara, owner_pw="pemilik", permissions=4)


def _rusak(ubah: Callable[[random.Random, bytes], bytes]) -> Callable[[random.Random], bytes]:
    def buat(acak: random.Random) -> bytes:
        return ubah(acak, _byte(_dasar(acak)))

    buat.__name__ = ubah.__name__
    return buat


def _tanpa_akhir(acak: random.Random, isi: bytes) -> bytes:
    return isi[: isi.rindex(b"startxref")]


def _xref_hilang(acak: random.Random, isi: bytes) -> bytes:
    return isi[: isi.rindex(b"xref\n0")] if b"xref\n0" in isi else isi[:-40]


def _xref_salah(acak: random.Random, isi: bytes) -> bytes:
    di = isi.rindex(b"startxref") + 10
    return isi[:di] + b"7\n%%EOF"


def _sampah_depan(acak: random.Random, isi: bytes) -> bytes:
    return acak.choice([b"\0" * 30, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1500 + b"\r\n\r\n"]) + isi


def _sampah_belakang(acak: random.Random, isi: bytes) -> bytes:
    return isi + b"<html>" + RAHASIA * acak.randint(1, 900)


def jahat(acak: random.Random) -> bytes:
    """Everything that a PDF can carry along besides its pages."""
    keluar = io.BytesIO()
    with pikepdf.open(io.BytesIO(_pindaian(acak))) as dok:
        rahasia = RAHASIA.decode()
        js = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{rahasia}')"))
        luar = Dictionary(S=Name.Launch, F=String(rahasia))
        akar, satu = dok.Root, dok.pages[0].obj
        akar.OpenAction, akar.AA = js, Dictionary(WC=js, WS=js)
        satu.AA = Dictionary(O=js, C=luar)
        akar.URI = Dictionary(Base=String(f"http://jahat.example/{rahasia}"))
        satu.PresSteps = Dictionary(Type=Name.NavNode, NA=js, PA=js)
        garis = dok.make_indirect(Dictionary(Title=String(rahasia), A=js))
        akar.Outlines = dok.make_indirect(Dictionary(First=garis, Last=garis, Count=1))
        garis.Parent = akar.Outlines
        akar.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), js])))
        isi = dok.make_stream(RAHASIA, Type=Name.EmbeddedFile)
        lampiran = dok.make_indirect(
            Dictionary(Type=Name.Filespec, F=String("x.exe"), EF=Dictionary(F=isi))
        )
        akar.AF, satu.AF = Array([lampiran]), Array([lampiran])
        satu.PieceInfo = Dictionary(X=Dictionary(Private=String(rahasia)))
        akar.PieceInfo = satu.PieceInfo
        utas = dok.make_indirect(Dictionary(Type=Name.Thread, I=Dictionary(Title=String(rahasia))))
        akar.Threads = Array([utas])
        xmp = dok.make_stream(b"<x:xmpmeta>" + RAHASIA, Type=Name.Metadata, Subtype=Name.XML)
        akar.Metadata = satu.Metadata = xmp
        gambar = next(iter(satu.Resources.XObject.values()))
        gambar.Metadata = xmp
        dok.trailer.Info = dok.make_indirect(Dictionary(Author=String(rahasia)))
        kotak, semua_catatan = Array([20, 20, 90, 60]), Array()
        for jenis, lain in {
            "Link": Dictionary(A=Dictionary(S=Name.URI, URI=String(f"http://x/{rahasia}"))),
            "FileAttachment": Dictionary(FS=lampiran),
            "RichMedia": Dictionary(
                RichMediaContent=Dictionary(
                    Assets=Dictionary(Names=Array([String(rahasia), lampiran]))
                )
            ),
            "Screen": Dictionary(A=Dictionary(S=Name.Rendition, JS=String(rahasia))),
        }.items():
            catatan = Dictionary(Type=Name.Annot, Subtype=Name(f"/{jenis}"), Rect=kotak)
            for kunci, nilai in lain.items():
                catatan[kunci] = nilai
            semua_catatan.append(dok.make_indirect(catatan))
        satu.Annots = semua_catatan
        akar.AcroForm = Dictionary(
            Fields=Array(), XFA=dok.make_stream(b"<xdp>" + RAHASIA), CO=Array()
        )
        dok.save(keluar)
    return keluar.getvalue()


PEMBUAT: tuple[Callable[[random.Random], bytes], ...] = (
    _formulir,
    _catatan,
    _pindaian,
    _terputar,
    _terpangkas,
    _berhalaman,
    _padat,
    _terkunci_pemilik,
    *map(_rusak, (_tanpa_akhir, _xref_hilang, _xref_salah, _sampah_depan, _sampah_belakang)),
    jahat,
)


def _ditolak(acak: random.Random, ke: int) -> Contoh:
    pilih = ke % 5
    if pilih == 0:
        isi = _byte(_dasar(acak), encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
        return Contoh("kata sandi", isi, (), "kata sandi")
    if pilih == 1:
        return Contoh("21 halaman", _byte(_dasar(acak, 21)), (), "paling banyak 20")
    if pilih == 2:
        dokumen = pymupdf.open()
        dokumen.new_page()
        return Contoh("kosong", _byte(dokumen), (), "kosong")
    if pilih == 3:
        return Contoh("ompong", b"%PDF-1.7\n" + acak.randbytes(4000), (), "rusak")
    keluar = io.BytesIO()
    with pikepdf.open(io.BytesIO(_byte(_dasar(acak)))) as dok:
        dok.attachments["ktp.pdf"] = _byte(_dasar(acak))
        dok.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)
        dok.save(keluar)
    return Contoh("portofolio", keluar.getvalue(), (), "hanya sampul")


def satu(ke: int, benih: int = 2026) -> Contoh:
    """PDF number `ke`: the same for the same seed; one in twelve cannot be used. What must be seen
    is drawn by MuPDF."""
    acak = random.Random(benih * 1_000_000 + ke)
    if ke % 12 == 11:
        return _ditolak(acak, ke // 12)
    pembuat = PEMBUAT[ke % len(PEMBUAT)]
    isi = pembuat(acak)
    return Contoh(pembuat.__name__.strip("_"), isi, tuple(lukisan(isi)))


def lukisan(isi: bytes) -> Iterator:
    """The pages as the second renderer (MuPDF) shows them."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    with pymupdf.open(stream=isi[max(0, isi.find(b"%PDF-")) :], filetype="pdf") as dokumen:
        for satu in dokumen:
            skala = 1600 / max(satu.rect.width, satu.rect.height)
            yield satu.get_pixmap(matrix=pymupdf.Matrix(skala, skala), annots=True).pil_image()
