"""The paper itself: what stands on it, how it is tagged, how heavy it is, what it never fetches."""

import functools
import gc
import re
import socket
from base64 import b64decode
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from penduduk import desa as desa_
from penduduk.models import Desa, Penduduk
from surat.kertas import pdf
from surat.models import Surat
from surat.naskah import gaya, susunan
from tests import factories
from tests.surat.kertas.lint_pdf import cela
from tests.surat.kertas.naskah import data

pytestmark = [pytest.mark.django_db, pytest.mark.kertas]

KODE = ["belum_menikah", "domisili", "pengantar_skck", "tidak_mampu", "usaha"]
MAKS_BYTE = 60_000
MM = 72 / 25.4  # points


def baca(data: dict[str, Any]) -> tuple[PdfReader, bytes]:
    isi, halaman = pdf.buat(data)
    dokumen = PdfReader(BytesIO(isi))
    assert len(dokumen.pages) == halaman
    return dokumen, isi


def rapat(teks: str) -> str:
    """Text without any space: lines break and spaces stretch where the paper wants."""
    return re.sub(r"\s+", "", teks)


def tulisan(dokumen: PdfReader) -> str:
    """All text; letterhead, signature, check code and page numbers come last, because they are
    painted in the middle of a sentence that goes on over the page."""
    sisa = rapat("".join(h.extract_text() for h in dokumen.pages))
    perabot = []
    for pola in (
        r"KABUPATENKARANGASEM.*?bugbug-karangasem\.id",
        r"\w{5}-\w{5}Periksakeaslian.*?/cek/\w{10}/",
        r"Bugbug,23November2026PerbekelBugbug,INyomanPerbekelContoh",
        r"SURAT[A-Z]+·Nomor[\w./]+?(?=Halaman)",
        r"Halaman\d+dari\d+",
    ):
        perabot += re.findall(pola, sisa)
        sisa = re.sub(pola, "", sisa)
    return "\n".join([sisa, *perabot])


def tidak_ada(baris: list[str], dokumen: PdfReader) -> list[str]:
    """Lines of `baris` that do not stand on the paper."""
    teks = tulisan(dokumen)
    return [b for b in baris if rapat(b) not in teks]


# --- Every type, from the emptiest to the fullest ----------------------------------------------

JUDUL = {
    "belum_menikah": "SURAT KETERANGAN BELUM MENIKAH",
    "domisili": "SURAT KETERANGAN DOMISILI",
    "pengantar_skck": "SURAT PENGANTAR SKCK",
    "tidak_mampu": "SURAT KETERANGAN TIDAK MAMPU",
    "usaha": "SURAT KETERANGAN USAHA",
}
KLASIFIKASI = {
    "belum_menikah": "400.12.3.2",
    "domisili": "400.12.2.1",
    "pengantar_skck": "300.1",
    "tidak_mampu": "400.9.14",
    "usaha": "500.2.2.4",
}
AKHIR = {
    "belum_menikah": "23 Desember 2026",
    "domisili": "21 Februari 2027",
    "pengantar_skck": "23 Desember 2026",
    "tidak_mampu": "23 Desember 2026",
    "usaha": "21 Februari 2027",
}
DEMIKIAN = "Demikian surat {} ini dibuat untuk dapat dipergunakan sebagaimana mestinya."
PENUTUP = dict.fromkeys(KODE, DEMIKIAN.format("keterangan")) | {
    "pengantar_skck": DEMIKIAN.format("pengantar")
    + " Atas perhatian dan bantuan Bapak/Ibu, kami ucapkan terima kasih."
}
PEMBUKA = dict.fromkeys(KODE, "menerangkan dengan sebenarnya bahwa:") | {
    "pengantar_skck": "dengan ini memberikan surat pengantar kepada:"
}
UNTUK = "Surat keterangan ini dibuat atas permintaan yang bersangkutan untuk keperluan"
DI_DESA = "Desa Bugbug, Kecamatan Karangasem, Kabupaten Karangasem"
BELUM_KAWIN = (
    "Menurut data kependudukan Desa Bugbug{}, orang tersebut di atas sampai surat ini dibuat "
    "berstatus belum kawin."
)
DOMISILI = f"Orang tersebut di atas benar bertempat tinggal di Jalan Contoh 7, {DI_DESA}"
SKCK = (
    f"Orang tersebut di atas benar penduduk {DI_DESA}, dan sepanjang pengetahuan kami "
    "berkelakuan baik di lingkungan banjar. Surat ini dibuat sebagai pengantar permohonan Surat "
    "Keterangan Catatan Kepolisian (SKCK) untuk keperluan"
)
SKTM = (
    "Sepanjang pengetahuan kami{}, orang tersebut di atas berasal dari keluarga yang tergolong "
    "tidak mampu."
)
USAHA = (
    "Orang tersebut di atas benar mempunyai usaha dengan keterangan sebagai berikut: Nama usaha "
    ": Warung Contoh Jenis usaha : warung kopi Alamat usaha : Jalan Contoh 7"
)
BUKAN_IZIN = "Surat keterangan ini bukan izin usaha."

ISI_MINIMAL = {
    "belum_menikah": [BELUM_KAWIN.format(""), f"{UNTUK} bank."],
    "domisili": [f"{DOMISILI}.", f"{UNTUK} bank."],
    "pengantar_skck": [f"{SKCK} bank."],
    "tidak_mampu": [f"{SKTM.format('')} {UNTUK} bank."],
    "usaha": [f"{USAHA} {UNTUK} bank. {BUKAN_IZIN}"],
}
BANK = "membuka rekening bank."
ISI_BIASA = {
    "belum_menikah": [
        BELUM_KAWIN.format(" dan keterangan Kelian Banjar Dinas"),
        f"{UNTUK} {BANK}",
    ],
    "domisili": [f"{DOMISILI}, sejak tanggal 1 April 2015.", f"{UNTUK} {BANK}"],
    "pengantar_skck": [f"{SKCK} {BANK}"],
    "tidak_mampu": [
        f"{SKTM.format(' dan berdasarkan keterangan Kelian Banjar Dinas')} Rata-rata penghasilan "
        "sebulan : Rp900.000 (sembilan ratus ribu rupiah), menurut keterangan pemohon Jumlah "
        f"tanggungan : 3 orang {UNTUK} {BANK}"
    ],
    "usaha": [f"{USAHA} Mulai usaha : tahun 2019 {UNTUK} {BANK} {BUKAN_IZIN}"],
}


@pytest.mark.parametrize("kode", KODE)
def test_letter_about_a_penduduk_of_whom_little_is_known(terbit, kode):
    orang = Penduduk.objects.create(nama="Ni Wayan Kosong", jenis_kelamin=2)
    kosong = dict.fromkeys(
        "tinggal_sejak mulai nib untuk_siapa pekerjaan_ket jumlah_tanggungan".split()
    )

    dokumen, isi = baca(terbit(kode, pemohon=orang, jawaban=kosong | {"keperluan": "bank"}).data)

    harap = [
        "Yang bertanda tangan di bawah ini, Perbekel Bugbug, Kecamatan Karangasem, Kabupaten "
        f"Karangasem, {PEMBUKA[kode]}",
        "Nama : Ni Wayan Kosong Jenis kelamin : Perempuan Kewarganegaraan : WNI",
        *ISI_MINIMAL[kode],
    ]
    assert tidak_ada(harap, dokumen) == []
    assert "None" not in tulisan(dokumen)
    assert (len(dokumen.pages), len(isi) <= MAKS_BYTE) == (1, True)


@pytest.mark.parametrize("kode", KODE)
def test_typical_letter_has_every_line_on_one_page(terbit, kode):
    orang = factories.buat_penduduk(nik="5107041203900042")

    surat = terbit(kode, pemohon=orang, pengantar=susunan.Pengantar("12/BD", date(2026, 11, 20)))
    dokumen, isi = baca(surat.data)

    harap = [
        "KABUPATEN KARANGASEM KECAMATAN KARANGASEM DESA BUGBUG",
        "Kode Pos 80811 · bugbug-karangasem.id",
        f"{JUDUL[kode]} Nomor: {KLASIFIKASI[kode]}/001/51.07.04.2001/XI/2026",
        "Yang bertanda tangan di bawah ini, Perbekel Bugbug, Kecamatan Karangasem, Kabupaten "
        "Karangasem, berdasarkan surat pengantar Kelian Banjar Dinas Contoh Satu Nomor 12/BD "
        f"tanggal 20 November 2026, {PEMBUKA[kode]}",
        "Nama : I Wayan Contoh NIK : 5107041203900042 Tempat, tanggal lahir : Bugbug, 12 Maret "
        "1990 Jenis kelamin : Laki-laki Agama : Hindu Status perkawinan : Belum Kawin Pekerjaan "
        ": Nelayan/Perikanan Kewarganegaraan : WNI Alamat : Jalan Contoh 1, Banjar Dinas Contoh "
        "Satu",
        *ISI_BIASA[kode],
        f"Surat ini berlaku sampai dengan tanggal {AKHIR[kode]}.",
        PENUTUP[kode],
        "Bugbug, 23 November 2026 Perbekel Bugbug, I Nyoman Perbekel Contoh",
        f"{surat.data['kode_cek']} Periksa keaslian surat ini: pindai kode QR, atau buka "
        f"127.0.0.1:8000/cek/{surat.kode_cek}/",
    ]
    assert tidak_ada(harap, dokumen) == []
    assert "Halaman" not in tulisan(dokumen)  # one page needs no number
    assert (len(dokumen.pages), len(isi) <= MAKS_BYTE) == (1, True)


def panjang(awal: str, maks: int) -> str:
    """`awal` and then words of many lengths, exactly `maks` characters."""
    kata = "Ngakan Anak Agung Wiryawan tepi-pantai kilometer I/II No. 17 Subak Gumung".split()
    teks = awal
    n = 0
    while len(teks) < maks:
        teks += " " + kata[n % len(kata)]
        n += 1
    return teks[: maks - 1] + "x"


@pytest.mark.parametrize("kode", KODE)
def test_letter_with_the_longest_data_loses_nothing(terbit, kode):
    nama, keperluan = panjang("I Gusti", 100), panjang("melamar", 1000)
    alamat = panjang("Jalan", 160)
    orang = factories.buat_penduduk(
        nama=nama,
        tempat_lahir=panjang("Kampung", 60),
        pekerjaan=max((k for k, _ in Penduduk._meta.get_field("pekerjaan").choices)),
        keluarga=factories.buat_keluarga(alamat=alamat),
    )
    jawaban = {
        "alamat_domisili": panjang("Gang", 1000),
        "nama_usaha": panjang("Toko", 200),
        "jenis_usaha": panjang("jual", 200),
        "alamat_usaha": panjang("Pasar", 1000),
        "nib": "W" * 200,  # one word without a place to break
        "keperluan": keperluan,
    }

    surat = terbit(
        kode,
        pemohon=orang,
        jawaban=jawaban,
        pengantar=susunan.Pengantar("9" * 60, date(2026, 11, 20)),
    )
    dokumen, isi = baca(surat.data)

    milik = {b.kunci for b in surat.jenis.pertanyaan.all()}
    harap = [
        f"Nama : {nama}",
        f"Alamat : {alamat}, Banjar Dinas Contoh Satu",
        "9" * 60,
        PENUTUP[kode],
        "I Nyoman Perbekel Contoh",
        *(nilai for kunci, nilai in jawaban.items() if kunci in milik),
    ]
    assert tidak_ada(harap, dokumen) == []
    assert len(dokumen.pages) <= 2
    assert len(isi) <= MAKS_BYTE


def test_second_page_is_numbered(terbit):
    dokumen, _ = baca(terbit("domisili", jawaban={"keperluan": panjang("a", 4000)}).data)

    nomor = [re.findall(r"Halaman\d+dari\d+", rapat(h.extract_text())) for h in dokumen.pages]

    assert nomor == [["Halaman1dari2"], ["Halaman2dari2"]]


def test_void_of_settings_and_full_of_settings_stand_in_the_letterhead(terbit):
    desa_.ambil()
    Desa.objects.update(alamat_kantor="Jalan Kantor 1", telepon="0363 21234", contoh=True)
    desa_.lupakan()
    tata = gaya.tata_naskah()
    tata.kop_1, tata.kop_2 = "Pemerintah Kabupaten Contoh", "Kantor Perbekel Contoh"
    tata.save()

    dokumen, _ = baca(terbit().data)

    harap = [
        "PEMERINTAH KABUPATEN CONTOH KANTOR PERBEKEL CONTOH",
        "Jalan Kantor 1 · Kode Pos 80811 · Telp. 0363 21234 · bugbug-karangasem.id",
        "CONTOH — bukan surat sah",
    ]
    assert tidak_ada(harap, dokumen) == []
    assert "DESABUGBUG" not in tulisan(dokumen)


def test_signature_block_stands_line_by_line_with_nip(terbit, mandat):
    mandat.sebagai = "UB"
    mandat.pejabat.jabatan, mandat.pejabat.nip = "Kasi Pemerintahan", "19800101 200501 1 001"

    dokumen, _ = baca(terbit(mandat=mandat).data)

    blok = (
        "Bugbug, 23 November 2026 a.n. Perbekel Bugbug Sekretaris Desa u.b. Kasi Pemerintahan, "
        "I Nyoman Perbekel Contoh NIP 19800101 200501 1 001"
    )
    assert tidak_ada([blok], dokumen) == []


# --- The file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kertas", "lebar", "tinggi"), [("F4", 215, 330), ("A4", 210, 297)], ids=["F4", "A4"]
)
def test_paper_has_the_size_the_village_chose(terbit, kertas, lebar, tinggi):
    tata = gaya.tata_naskah()
    tata.kertas = kertas
    tata.save()

    dokumen, _ = baca(terbit("usaha", jawaban={"keperluan": panjang("a", 3000)}).data)

    ukuran = {
        (round(float(h.mediabox.width) / MM), round(float(h.mediabox.height) / MM))
        for h in dokumen.pages
    }
    assert ukuran == {(lebar, tinggi)}
    assert len(dokumen.pages) == 2


@pytest.mark.parametrize("kode", KODE)
def test_file_bears_the_marks_of_archive_and_accessibility(terbit, kode):
    _, isi = baca(terbit(kode).data)

    assert cela(isi) == []


def test_file_of_two_pages_bears_the_same_marks(terbit):
    desa_.ambil()
    Desa.objects.update(contoh=True)
    desa_.lupakan()

    dokumen, isi = baca(terbit("domisili", jawaban={"keperluan": panjang("a", 4000)}).data)

    assert (len(dokumen.pages), cela(isi)) == (2, [])


@functools.cache
def _utuh() -> bytes:
    return pdf.buat(data())[0]


def _rusak(isi: bytes, rusakkan: Callable[[pikepdf.Pdf], object]) -> list[str]:
    keluar = BytesIO()
    with pikepdf.open(BytesIO(isi)) as berkas:
        rusakkan(berkas)
        berkas.save(keluar)
    return cela(keluar.getvalue())


def _tukar_xmp(lama: bytes, baru: bytes) -> Callable[[pikepdf.Pdf], object]:
    def tukar(berkas: pikepdf.Pdf) -> None:
        asal = berkas.Root.Metadata.read_bytes()
        assert lama in asal
        berkas.Root.Metadata.write(asal.replace(lama, baru))

    return tukar


def _tanpa(*jalan: str) -> Callable[[pikepdf.Pdf], object]:
    def buang(berkas: pikepdf.Pdf) -> None:
        benda = berkas.Root
        for kunci in jalan[:-1]:
            benda = benda[kunci]
        del benda[jalan[-1]]

    return buang


@pytest.mark.parametrize(
    ("rusakkan", "sebab"),
    [
        (_tanpa("/OutputIntents"), "tanpa output intent sRGB"),
        (_tanpa("/Lang"), "tanpa bahasa"),
        (_tanpa("/ViewerPreferences"), "judul tidak ditampilkan"),
        (_tanpa("/MarkInfo"), "tidak bertanda"),
        (_tanpa("/StructTreeRoot", "/IDTree"), "kepala tabel tidak terdaftar"),
        (
            _tukar_xmp(b'pdfuaid:part="1"', b'pdfuaid:part="2"'),
            "XMP tidak menyebut PDF/A-2a dan PDF/UA-1",
        ),
        (
            _tukar_xmp(b"pdfaExtension:schemas", b"pdfaExtension:lain"),
            "skema pdfuaid tidak diuraikan",
        ),
        (_tukar_xmp(b"CONTOH", b"LAIN"), "XMP dan Info berbeda"),
        (lambda b: b.pages[0].contents_add(b"0 0 9 9 re f"), "f tanpa tanda"),
    ],
)
def test_lint_sees_a_mark_that_is_missing(rusakkan, sebab):
    assert sebab in _rusak(_utuh(), rusakkan)


def test_file_is_tagged_and_names_its_language_and_title(terbit):
    surat = terbit()

    dokumen, _ = baca(surat.data)

    akar = dokumen.trailer["/Root"]
    assert akar["/MarkInfo"] == {"/Marked": True}
    assert akar["/StructTreeRoot"].get_object()["/K"] is not None
    assert akar["/Lang"] == "id"
    assert akar["/ViewerPreferences"] == {"/DisplayDocTitle": True}
    assert dokumen.metadata.title == f"SURAT KETERANGAN DOMISILI {surat.nomor}"
    assert dokumen.metadata.author == "Pemerintah Desa Bugbug"


def test_reading_machine_finds_heading_table_and_row_labels(terbit):
    dokumen, _ = baca(terbit().data)

    def tanda(simpul) -> list[str]:
        simpul = simpul.get_object()
        anak = simpul.get("/K", []) if hasattr(simpul, "get") else []
        anak = anak if isinstance(anak, list) else [anak]
        nama = [simpul["/S"]] if hasattr(simpul, "get") and "/S" in simpul else []
        return nama + [t for a in anak if not isinstance(a, int) for t in tanda(a)]

    semua = tanda(dokumen.trailer["/Root"]["/StructTreeRoot"])

    assert (semua.count("/H1"), semua.count("/Table")) == (1, 1)
    assert (semua.count("/TH"), semua.count("/TD")) == (9, 9)


def test_all_fonts_are_ours_and_embedded(terbit):
    dokumen, _ = baca(terbit().data)

    fon = [f.get_object() for h in dokumen.pages for f in h["/Resources"]["/Font"].values()]
    uraian = [f["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for f in fon]

    assert {str(f["/BaseFont"]).split("+")[1] for f in fon} == {"Surat", "Surat-Bold"}
    assert [("/FontFile2" in u or "/FontFile3" in u) for u in uraian] == [True] * len(fon)
    assert ["/ToUnicode" in f for f in fon] == [True] * len(fon)


def test_file_bears_no_date_and_no_chance(terbit):
    surat = terbit()

    dokumen, isi = baca(surat.data)
    _, lagi = baca(Surat.objects.get().data)

    assert isi == lagi
    assert set(dokumen.metadata) == {"/Producer", "/Title", "/Author"}


def test_first_letter_of_a_process_is_no_different(terbit):
    data = terbit().data
    pdf._mesin.cache_clear()

    assert len({pdf.buat(data)[0] for _ in range(3)}) == 1


@pytest.mark.lambat  # sixteen letters
def test_memory_of_a_letter_is_given_back(terbit):
    data = terbit().data
    pdf.buat(data)
    gc.collect()
    awal = len(gc.get_objects())
    gc.disable()  # what the collector would do on its own depends on what else the process does

    try:
        banyak = []
        for _ in range(16):
            pdf.buat(data)
            banyak.append(len(gc.get_objects()) - awal)
    finally:
        gc.enable()

    assert max(banyak) < 60_000  # a letter leaves 5,000 that only a collection frees


def test_qr_code_is_one_sharp_picture_with_its_address_as_alternative_text(terbit):
    surat = terbit()

    html = pdf.html(surat.data)
    dokumen, isi = baca(surat.data)

    assert pdf.qr(surat.data["url_cek"]) in html
    assert f'alt="Kode QR menuju {surat.data["url_cek"]}"' in html
    assert len(dokumen.pages[0].images) == 1
    assert b"/Interpolate true" not in isi


@pytest.mark.parametrize(
    ("teks", "sisi"),
    [("x", 21), ("https://bugbug-karangasem.id/cek/7K3MQ9XPLA/", 33), ("panjang/" * 20, 53)],
)
def test_qr_code_is_the_symbol_of_its_words_with_four_dots_to_a_module(teks, sisi):
    isi = b64decode(pdf.qr(teks).removeprefix("data:image/png;base64,"))

    gambar = Image.open(BytesIO(isi))
    kecil = gambar.resize((sisi, sisi), Image.Resampling.NEAREST)
    gelap = [[int(not kecil.getpixel((x, y))) for x in range(sisi)] for y in range(sisi)]
    assert (gambar.mode, gambar.size) == ("1", (4 * sisi, 4 * sisi))
    assert kecil.resize(gambar.size, Image.Resampling.NEAREST).tobytes() == gambar.tobytes()
    kode = segno.make_qr(teks, error="m")  # may correct more than asked, where there is room
    assert gelap == [list(baris) for baris in kode.matrix]
    assert kode.error in "MQH"


# --- Nothing is fetched ------------------------------------------------------------------------


class _Pendengar:
    """A server on this machine that remembers who called."""

    def __init__(self) -> None:
        self.soket = socket.create_server(("127.0.0.1", 0))
        self.soket.settimeout(0.2)
        self.url = f"http://127.0.0.1:{self.soket.getsockname()[1]}"

    def dipanggil(self) -> bool:
        try:
            self.soket.accept()[0].close()
        except TimeoutError:
            return False
        finally:
            self.soket.close()
        return True


@pytest.fixture
def pendengar() -> _Pendengar:
    return _Pendengar()


def test_address_in_the_data_is_printed_and_never_fetched(terbit, pendengar):
    jahat = f"<img src={pendengar.url}/a.png>"
    orang = factories.buat_penduduk(
        nama=jahat, tempat_lahir=f"<link rel=stylesheet href={pendengar.url}>"[:60]
    )

    surat = terbit(
        "usaha",
        pemohon=orang,
        jawaban={
            "nama_usaha": f"<script src={pendengar.url}></script>",
            "keperluan": f'"><object data="{pendengar.url}"></object><style>@import url('
            f"{pendengar.url})</style>",
        },
    )
    dokumen, _ = baca(surat.data)

    assert tidak_ada([f"Nama : {jahat}", "<object data=", "</style>"], dokumen) == []
    assert pendengar.dipanggil() is False


def test_even_markup_that_got_in_fetches_nothing(terbit, pendengar, caplog):
    data = terbit().data | {
        "pembuka": f'<img src="{pendengar.url}/a.png"><img src="https://contoh.invalid/b.png">Teks'
    }

    dokumen, _ = baca(data)

    assert tidak_ada(["Teks"], dokumen) == []
    assert pendengar.dipanggil() is False


def test_wording_cannot_attach_files_of_the_server(terbit, tmp_path):
    rahasia = tmp_path / "rahasia.txt"
    rahasia.write_text("kunci rahasia")
    templat = factories.jenis().templat.get()
    templat.isi = f'<a rel="attachment" href="{rahasia.as_uri()}">lampiran</a>'
    templat.save()

    dokumen, _ = baca(terbit().data)

    assert dict(dokumen.attachments) == {}
    assert tidak_ada(["lampiran</a>"], dokumen) == []


def test_accents_and_aksara_of_a_name_do_not_stop_the_press(terbit):
    orang = factories.buat_penduduk(nama="Ni ᬅ Désirée\tÑ", nik="5107041203900042")

    dokumen, _ = baca(terbit(pemohon=orang, jawaban={"keperluan": "Ñandø D'Æsir"}).data)

    assert tidak_ada(["NIK : 5107041203900042", f"{UNTUK} Ñandø D'Æsir."], dokumen) == []
    assert len(dokumen.pages) == 1
