"""The books of the office and of the numbers as pages, PDF and Excel."""

import functools
import io
import os
import re
import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from layanan import peran
from surat.buku import agenda, cetakan, nomor, periode
from surat.buku import daftar as buku_nomor
from surat.kertas import cetak_buku
from surat.models import BukuNomor, CatatanAgenda, JenisSurat, Mandat, Pejabat, TataNaskah
from surat.naskah import gaya
from tests import factories
from tests.halaman import baca, formulir, kata, kirim, sebagai, tombol
from tests.surat.conftest import PADA
from tests.surat.kertas import lint_pdf

pytestmark = pytest.mark.django_db

AGENDA = "/kelola/surat/catatanagenda/"
BUKU = "/kelola/surat/bukunomor/"
MM = 72 / 25.4


@pytest.fixture
def client(db):
    return sebagai(factories.buat_operator("petugasbuku"))


@pytest.fixture
def kepala(db):
    """The browser of an Admin desa."""
    return sebagai(factories.buat_petugas("kepalabuku", peran.ADMIN_DESA))


def catat(operator, n: int = 0, **lain) -> CatatanAgenda:
    isi = {
        "nomor_surat": f"005/{n}/DPMD",
        "tanggal_surat": date(2026, 11, 20),
        "diterima": date(2026, 11, 23),
        "pengirim": "Dinas PMD",
        "isi_singkat": "Undangan rapat",
        "oleh": operator,
        "pada": PADA + timedelta(minutes=n),
    }
    return agenda.catat_masuk(**isi | lain)


def atur_naskah(**kolom) -> None:
    tata = gaya.tata_naskah()
    for nama, nilai in kolom.items():
        setattr(tata, nama, nilai)
    tata.save()


def tahun_ini() -> int:
    return timezone.localdate().year


# --- The page of the book ----------------------------------------------------------------------


def test_page_opens_with_this_month(client, operator):
    sekarang, dulu = timezone.now(), timezone.now() - timedelta(days=40)
    for n, saat in enumerate((sekarang, dulu)):
        hari = timezone.localdate(saat)
        catat(operator, n, pada=saat, diterima=hari, tanggal_surat=hari)

    teks = kata(client.get(AGENDA))

    assert "005/0/DPMD" in teks and "005/1/DPMD" not in teks
    assert "(1 baris)" in teks


def _tab(hal) -> list[tuple[str, str, str]]:
    """Where each tab leads, its title, and a mark for the page that is open."""
    isi = re.search(r'<ul class="tab">(.*?)</ul>', hal.content.decode(), re.S)[1]
    return re.findall(r'<a href="([^"]+)"( aria-current="page")?>([^<]+)</a>', isi)


def test_tabs_lead_to_the_books_that_a_reader_may_open(client):
    penanda = sebagai(factories.buat_petugas("penanda", peran.PENANDA_TANGAN))
    ekspedisi = ("/kelola/layanan/penyerahan/", "", "Buku Ekspedisi")
    lama = ("/kelola/surat/arsipsurat/", "", "Surat lama")
    kini = ' aria-current="page"'

    assert _tab(client.get(AGENDA)) == [
        (AGENDA, kini, "Buku Agenda"),
        ekspedisi,
        (BUKU, "", "Buku nomor"),
        lama,
    ]
    assert _tab(client.get(BUKU))[2] == (BUKU, kini, "Buku nomor")
    assert _tab(penanda.get(AGENDA)) == [(AGENDA, kini, "Buku Agenda"), ekspedisi, lama]


def test_page_shows_the_columns_of_the_paper(client, operator, terbit):
    terbit()
    catat(operator, 1)

    teks = kata(client.get(AGENDA, {"tahun": "2026", "bulan": "11"}))

    assert (
        "No. Tanggal Surat masuk Surat keluar Keterangan Nomor Tanggal Pengirim Isi singkat "
        "Nomor Tanggal Ditujukan kepada Isi singkat 1 23-11-2026 "
        "400.12.2.1/001/51.07.04.2001/XI/2026 23-11-2026 I Wayan Contoh Surat Keterangan Domisili"
    ) in teks
    assert "2 23-11-2026 005/1/DPMD 20-11-2026 Dinas PMD Undangan rapat" in teks


def test_book_lies_open_at_its_last_page_and_a_search_at_its_first(client, operator):
    for n in range(120):
        catat(operator, n)
    november = {"tahun": "2026", "bulan": "11"}

    akhir = kata(client.get(AGENDA, november))
    pertama = kata(client.get(AGENDA, november | {"p": "1"}))
    dicari = kata(client.get(AGENDA, november | {"q": "dpmd"}))

    assert "005/119/DPMD" in akhir and "005/99/DPMD" not in akhir
    assert "005/49/DPMD" in pertama and "005/50/DPMD" not in pertama
    assert "005/0/DPMD" in dicari
    assert kata(client.get(AGENDA, november | {"p": "0"})) == pertama
    for aneh in ("99", "-1", "satu", "9" * 30):
        assert kata(client.get(AGENDA, november | {"p": aneh})) == akhir


def test_search_finds_a_person_by_nik_and_keeps_the_running_number(client, terbit):
    terbit()
    satu = terbit(pemohon=factories.buat_penduduk(nama="Ni Luh Sari", nik="5107041203905678"))

    hal = client.get(AGENDA, {"tahun": "", "q": "5107 0412 0390 5678"})

    assert f"2 23-11-2026 {satu.nomor}" in kata(hal)
    assert "(1 ditemukan)" in kata(hal)
    assert "PDF" not in kata(hal)


def test_search_in_a_month_offers_all_years(client, terbit):
    terbit()

    hal = client.get(AGENDA, {"tahun": str(tahun_ini()), "bulan": "1", "q": "a&b"})

    assert "Tidak ada yang cocok." in kata(hal)
    assert "Cari di semua tahun" in kata(hal)
    assert "?tahun=&amp;q=a%26b" in hal.content.decode()


@pytest.mark.parametrize(
    ("tanya", "ada"),
    [
        ({"dari": "2026-11-23", "sampai": "2026-11-23"}, True),
        ({"dari": "2026-11-24"}, False),
        ({"sampai": "22-11-2026"}, False),
        ({"dari": "2026-11-01", "tahun": "2026", "bulan": "3"}, True),
    ],
)
def test_days_count_instead_of_month_and_year(client, operator, tanya, ada):
    catat(operator)

    assert ("005/0/DPMD" in kata(client.get(AGENDA, tanya))) is ada


@pytest.mark.parametrize(
    ("tanya", "kalimat"),
    [
        ({"dari": "2026-11-24", "sampai": "2026-11-23"}, "Tanggal awal sesudah tanggal akhir."),
        ({"dari": "kemarin"}, "Tulis tanggal seperti 31-12-2026."),
        ({"tahun": "1812"}, "1812"),
    ],
)
def test_period_that_makes_no_sense_is_told(client, tanya, kalimat):
    hal = client.get(AGENDA, tanya)

    assert hal.status_code == 200
    assert kalimat in kata(hal)


def test_queries_of_the_page_do_not_grow(client, operator, terbit, selalu_tercatat):
    def banyak_kueri() -> int:
        with CaptureQueriesContext(connection) as tercatat:
            assert client.get(AGENDA, {"tahun": "2026", "bulan": "11"}).status_code == 200
        return len(tercatat)

    terbit()
    catat(operator)
    banyak_kueri()
    sedikit = banyak_kueri()
    for n in range(30):
        terbit()
        catat(operator, n)

    assert banyak_kueri() <= sedikit <= 20


# --- Making and mending entries ----------------------------------------------------------------


def test_operator_notes_an_incoming_letter(client):
    hari_ini = timezone.localdate()
    hal = client.get(f"{AGENDA}add/?arah=MASUK")

    jawab = kirim(
        client,
        hal,
        "Catat",
        {
            "nomor_surat": " 005/1  ",
            "tanggal_surat": f"{hari_ini:%Y-%m-%d}",
            "pengirim": "=Dinas PMD",
            "isi_singkat": "Undangan",
        },
    )

    assert (jawab.status_code, jawab.url) == (302, AGENDA)
    catatan = CatatanAgenda.objects.get()
    assert (catatan.nomor, catatan.pihak, catatan.tanggal) == ("005/1", "=Dinas PMD", hari_ini)
    assert LogEntry.objects.get().change_message == "Mencatat di buku agenda."


def test_operator_gets_a_number_for_a_letter_written_by_hand(client):
    factories.jenis()
    hal = client.get(f"{AGENDA}add/?arah=KELUAR")
    assert '<option value="400.12.2.1">' in hal.content.decode()

    jawab = kirim(
        client,
        hal,
        "Ambil nomor",
        {"klasifikasi": "005", "tujuan": "Camat", "isi_singkat": "Undangan"},
    )

    catatan = CatatanAgenda.objects.get()
    assert catatan.nomor.startswith("005/001/")
    assert f"Nomor surat: {catatan.nomor}." in kata(client.get(jawab.url))


def test_refused_entry_keeps_what_was_typed_and_takes_no_number(client):
    besok = timezone.localdate() + timedelta(days=1)
    hal = client.get(f"{AGENDA}add/?arah=KELUAR")

    jawab = kirim(
        client,
        hal,
        "Ambil nomor",
        {
            "klasifikasi": "005",
            "tanggal_surat": f"{besok:%Y-%m-%d}",
            "tujuan": "Camat Karangasem",
            "isi_singkat": "Undangan",
        },
    )

    assert jawab.status_code == 200
    assert "belum terjadi" in kata(jawab) or "hanya diberikan untuk tahun ini" in kata(jawab)
    assert formulir(jawab, "Ambil nomor").isi["tujuan"] == ["Camat Karangasem"]
    assert BukuNomor.objects.count() == 0


def test_placeholder_cannot_be_smuggled_into_a_code(client):
    hal = client.get(f"{AGENDA}add/?arah=KELUAR")

    jawab = kirim(
        client,
        hal,
        "Ambil nomor",
        {"klasifikasi": "[tahun]", "tujuan": "Camat", "isi_singkat": "Undangan"},
    )

    assert "Tulis kodenya saja" in kata(jawab)


def test_pattern_that_cannot_be_used_is_told_to_whoever_needs_a_number(client):
    atur_naskah(format_nomor="[kode]/[tahun]")
    hal = client.get(f"{AGENDA}add/?arah=KELUAR")

    jawab = kirim(
        client, hal, "Ambil nomor", {"klasifikasi": "005", "tujuan": "C", "isi_singkat": "U"}
    )

    assert "Format nomor harus berisi [nomor]" in kata(jawab)


def test_correction_stands_in_the_history(client, operator):
    catatan = catat(operator)
    alamat = f"{AGENDA}{catatan.pk}/change/"

    jawab = kirim(
        client, client.get(alamat), "Simpan perbaikan", {"perbaiki-pihak": "Dinas Sosial"}
    )

    assert (jawab.status_code, jawab.url) == (302, alamat)
    assert "Dinas Sosial" in kata(client.get(alamat))
    riwayat = kata(client.get(f"{AGENDA}{catatan.pk}/history/"))
    assert "Pengirim atau tujuan: “Dinas PMD” → “Dinas Sosial”" in riwayat


def test_refused_correction_changes_nothing(client, operator):
    catatan = catat(operator)
    alamat = f"{AGENDA}{catatan.pk}/change/"

    jawab = kirim(
        client,
        client.get(alamat),
        "Simpan perbaikan",
        {"perbaiki-pihak": "Dinas Sosial", "perbaiki-isi_singkat": ""},
    )

    assert jawab.status_code == 200
    assert "Pengirim Dinas PMD" in kata(jawab)
    assert formulir(jawab, "Simpan").isi["perbaiki-pihak"] == ["Dinas Sosial"]
    assert CatatanAgenda.objects.get().pihak == "Dinas PMD"


def test_void_entry_shows_its_reason_and_has_no_buttons_left(client, operator):
    catatan = catat(operator)
    alamat = f"{AGENDA}{catatan.pk}/change/"

    kirim(client, client.get(alamat), "Batalkan catatan", {"batal-alasan": "tercatat dua kali"})

    hal = client.get(alamat)
    assert "Batal tercatat dua kali" in kata(hal)
    assert set(tombol(hal)) & {"Simpan perbaikan", "Batalkan catatan"} == set()
    ulang = client.post(alamat, {"aksi": "batalkan", "batal-alasan": "lain"})
    assert ulang.status_code == 200
    assert CatatanAgenda.objects.get().batal_alasan == "tercatat dua kali"


def test_signer_reads_and_writes_nothing(operator, db):
    penanda = sebagai(factories.buat_petugas("penanda", peran.PENANDA_TANGAN))
    catatan = catat(operator)

    hal = penanda.get(f"{AGENDA}{catatan.pk}/change/")

    assert hal.status_code == 200
    assert "Simpan perbaikan" not in tombol(hal)
    assert "Catat surat masuk" not in kata(penanda.get(AGENDA))


@pytest.mark.parametrize("pk", ["999999", "abc"])
def test_unknown_entry_is_not_found(client, pk):
    assert client.get(f"{AGENDA}{pk}/change/").status_code == 404


@pytest.mark.parametrize(
    ("arah", "tombol_", "bidang"),
    [
        ("", "Catat", "tanggal_surat"),
        ("", "Catat", "diterima"),
        ("?arah=KELUAR", "Ambil nomor", "tanggal_surat"),
        ("?arah=KELUAR", "Ambil nomor", "dikirim"),
    ],
)
def test_day_that_has_not_come_is_no_day_of_a_book(client, arah, tombol_, bidang):
    besok = f"{timezone.localdate() + timedelta(days=1)}"

    hal = kirim(client, client.get(f"{AGENDA}add/{arah}"), tombol_, {bidang: besok})

    assert "Tanggal ini belum terjadi. Periksa lagi tanggalnya." in kata(hal)
    assert formulir(hal, tombol_).isi[bidang] == [besok]
    assert not CatatanAgenda.objects.exists()


# --- Excel -------------------------------------------------------------------------------------


def lembar(jawab) -> list[tuple]:
    return list(load_workbook(io.BytesIO(jawab.isi)).active.iter_rows(values_only=True))


def test_excel_of_a_month_has_one_row_per_letter(client, operator, terbit):
    surat = terbit()
    catat(operator, 1, pengirim="=HYPERLINK(1)", keterangan="+62")

    jawab = baca(client, f"{AGENDA}xlsx/?tahun=2026&bulan=11")

    assert jawab["Content-Disposition"] == 'attachment; filename="buku-agenda-2026-11.xlsx"'
    *atas, kepala, keluar, masuk = lembar(jawab)
    assert [baris[0] for baris in atas] == ["Buku Agenda", "Desa Bugbug", "November 2026"]
    assert kepala[:4] == ("No.", "Tanggal", "Masuk: nomor", "Masuk: tanggal")
    assert keluar[0] == 1
    assert keluar[6:10] == (
        surat.nomor,
        datetime.fromisoformat("2026-11-23"),
        "I Wayan Contoh",
        "Surat Keterangan Domisili",
    )
    assert masuk[:6] == (
        2,
        datetime.fromisoformat("2026-11-23"),
        "005/1/DPMD",
        datetime.fromisoformat("2026-11-20"),
        "=HYPERLINK(1)",
        "Undangan rapat",
    )


def test_nothing_that_people_typed_becomes_a_formula(client, operator):
    catat(operator, pengirim="=HYPERLINK(1)", isi_singkat="@SUM(1)", keterangan="-1+1")

    jawab = baca(client, f"{AGENDA}xlsx/?tahun=2026")

    sel = [s for baris in load_workbook(io.BytesIO(jawab.isi)).active for s in baris]
    assert {s.data_type for s in sel if s.value is not None} == {"s", "n", "d"}


def test_excel_prints_like_the_book(client, operator, terbit):
    """Landscape, as wide as the paper, the head on every page: in a workbook that Excel opens."""
    TataNaskah.objects.update_or_create(pk=1, defaults={"kertas": "F4"})
    terbit()
    catat(operator, isi_singkat="Panjang " * 20)

    isi = baca(client, f"{AGENDA}xlsx/?tahun=2026").isi
    ws = load_workbook(io.BytesIO(isi)).active

    akhir = f"{ws.cell(4, ws.max_column).column_letter}"
    assert ws.print_area == f"'{ws.title}'!$A$1:${akhir}$6"
    assert ws.print_title_rows == "$4:$4"
    assert (ws.page_setup.orientation, int(ws.page_setup.paperSize)) == ("landscape", 14)
    assert ws.sheet_properties.pageSetUpPr.fitToPage is True
    assert int(ws.page_setup.fitToHeight) == 0
    assert ws.oddFooter.right.text == "Halaman &P dari &N"
    assert ws.freeze_panes == "A5"
    assert ws["A1"].font.b and ws["A4"].font.b
    assert all(s.alignment.wrap_text for s in ws[6] if isinstance(s.value, str))


# --- PDF ---------------------------------------------------------------------------------------


def data(*bagian: list[list[str]], **lain: object) -> dict[str, object]:
    isi = [periode.sebulan(2026, n + 1).sebutan for n in range(len(bagian))]
    baris = [
        {"judul": judul, "lanjutan": False, "baris": b}
        for judul, b in zip(isi, bagian, strict=True)
    ]
    with_bentuk = cetakan.data(agenda.BENTUK, [], periode.setahun(2026), pada=PADA)
    return with_bentuk | {"bagian": baris} | lain


def baris_contoh(n: int) -> list[str]:
    return [str(n), "23-11-2026", "", "", "", "", f"400.12.2.1/{n:03}/51.07.04.2001/XI/2026"] + [
        "23-11-2026",
        "I Wayan Contoh",
        "Surat Keterangan Domisili",
        "",
    ]


@pytest.fixture
def pdf(monkeypatch):
    """A register of one part, printed in this process instead of in one of its own."""
    monkeypatch.setattr(cetak_buku, "_siapkan", lambda: None)
    return lambda isi: PdfReader(io.BytesIO(cetak_buku._buat(isi)))


@functools.cache
def setahun() -> bytes:
    """Three months in one file, the first of several pages; made by the process that prints."""
    bulan = range(1, 61), range(61, 64), range(64, 65)
    return cetak_buku.cetak(data(*([baris_contoh(n) for n in b] for b in bulan)))


def rapat(teks: str) -> str:
    return re.sub(r"\s+", "", teks)


def test_pdf_of_a_month_comes_as_a_file(client, operator, terbit):
    surat = terbit()
    catat(operator, 1)

    jawab = baca(client, f"{AGENDA}pdf/?tahun=2026&bulan=11")

    assert jawab["Content-Type"] == "application/pdf"
    assert jawab["Content-Disposition"] == 'attachment; filename="buku-agenda-2026-11.pdf"'
    (halaman,) = PdfReader(io.BytesIO(jawab.isi)).pages
    teks = rapat(halaman.extract_text())
    for bagian in (
        "BUKUAGENDANOVEMBER2026",
        "DesaBugbug,KecamatanKarangasem,KabupatenKarangasem",
        rapat(surat.nomor),
        "005/1/DPMD",
        "Halaman1",
    ):
        assert bagian in teks
    assert "CONTOH" not in teks


@pytest.mark.kertas
@pytest.mark.parametrize(("kertas", "lebar", "tinggi"), [("F4", 330, 215), ("A4", 297, 210)])
def test_paper_is_landscape_with_the_head_on_each_page(pdf, kertas, lebar, tinggi):
    dokumen = pdf(data([baris_contoh(n) for n in range(1, 60)], kertas=kertas, contoh=True))

    ukuran = {
        (round(float(h.mediabox.width) / MM), round(float(h.mediabox.height) / MM))
        for h in dokumen.pages
    }
    teks = [rapat(h.extract_text()) for h in dokumen.pages]
    assert ukuran == {(lebar, tinggi)}
    assert len(teks) > 1
    assert [t.count("Ditujukankepada") for t in teks] == [1] * len(teks)
    assert [f"Halaman{n}" in t for n, t in enumerate(teks, 1)] == [True] * len(teks)
    assert all("CONTOH" in t for t in teks)


@pytest.mark.kertas
def test_year_is_put_together_month_by_month_and_stays_tagged():
    dokumen = PdfReader(io.BytesIO(setahun()))

    teks = [rapat(h.extract_text()) for h in dokumen.pages]
    semua = "".join(teks)
    akar = dokumen.trailer["/Root"]
    assert [n for n in range(1, 65) if f"400.12.2.1/{n:03}/" not in semua] == []
    assert [b.title for b in dokumen.outline] == [
        "Buku Agenda Januari 2026",
        "Buku Agenda Februari 2026",
        "Buku Agenda Maret 2026",
    ]
    assert [("Mengetahui" in t) for t in teks] == [False] * (len(teks) - 1) + [True]
    assert akar["/MarkInfo"] == {"/Marked": True}
    assert akar["/Lang"] == "id"
    assert dokumen.metadata.title == "Buku Agenda Tahun 2026, Desa Bugbug"
    assert b"pdfuaid" in akar["/Metadata"].get_object().get_data()


@pytest.mark.kertas
def test_each_page_of_a_year_leads_to_its_own_tags():
    """Readers find the words of a page through its number in the tree of tags."""
    dokumen = PdfReader(io.BytesIO(setahun()))

    pohon = dokumen.trailer["/Root"]["/StructTreeRoot"]
    isi = [x.get_object() for x in pohon["/ParentTree"]["/Nums"]]
    menurut_nomor = dict(zip(isi[::2], isi[1::2], strict=True))
    (dokumen_,) = [k.get_object() for k in pohon["/K"]]
    kata_ = [k.get_object()["/S"] for k in dokumen_["/K"]]
    assert [h["/StructParents"] for h in dokumen.pages] == list(menurut_nomor)
    assert list(menurut_nomor) == list(range(len(dokumen.pages)))
    for nomor_, halaman in enumerate(dokumen.pages):
        pertama = menurut_nomor[nomor_][0].get_object()
        assert pertama["/Pg"].get_object() == halaman.get_object()
    assert (kata_.count("/H1"), kata_.count("/Table")) == (3, 6)  # a long month: several tables
    assert all(k.get_object()["/P"].get_object() == dokumen_ for k in dokumen_["/K"])


@pytest.mark.kertas
def test_file_of_a_year_keeps_both_standards():
    """Heads that are repeated on each page, and those of each month, have names of their own."""
    assert lint_pdf.cela(setahun()) == []


@pytest.mark.sekali
def test_one_book_at_a_time_is_printed_in_a_process(monkeypatch):
    monkeypatch.setattr(cetak_buku, "_TUNGGU_MAKS", 0.01)
    with (
        cetak_buku._GILIRAN,
        pytest.raises(cetakan.BukuTidakTercetak, match="Buku lain sedang dicetak"),
    ):
        cetakan.pdf(agenda.BENTUK, [], periode.setahun(2026), pada=PADA)


@pytest.mark.kertas
def test_empty_book_says_so_and_markup_is_printed_as_text(pdf):
    kosong = pdf(data([]))
    nakal = pdf(data([[*baris_contoh(1)[:-1], "<b>I & 'Wayan'</b>"]]))

    assert "Tidakadacatatandalamperiodeini." in rapat(kosong.pages[0].extract_text())
    assert "<b>I&'Wayan'</b>" in rapat(nakal.pages[0].extract_text())


@pytest.mark.kertas
def test_process_that_prints_knows_no_secret_of_the_site(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia-situs")
    asli, dipakai = subprocess.run, []

    def jalankan(perintah, **lain):
        dipakai.append((perintah, lain["env"]))
        return asli(perintah, **lain)

    monkeypatch.setattr(subprocess, "run", jalankan)

    cetak_buku.cetak(data([baris_contoh(1)]))

    ((perintah, env),) = dipakai
    assert perintah[1:] == ["-m", "surat.kertas.cetak_buku"]
    assert set(env) & {"SECRET_KEY", "PIN_PEPPER", "DATABASE_URL"} == set()
    assert set(env) <= set(os.environ)


def test_failed_rendering_is_a_sentence_and_quiet(client, operator, monkeypatch, capfd):
    catat(operator)
    monkeypatch.setattr(cetak_buku, "_WAKTU_MAKS", 0.01)

    jawab = client.get(f"{AGENDA}pdf/?tahun=2026&bulan=11")

    assert (jawab.status_code, jawab.url) == (302, AGENDA)
    assert "PDF tidak dapat dibuat. Coba lagi, pilih satu bulan" in kata(client.get(AGENDA))
    assert capfd.readouterr() == ("", "")


def test_too_large_a_year_is_printed_by_month(client, operator, monkeypatch):
    monkeypatch.setattr(cetakan, "BARIS_MAKS", 1)
    catat(operator, 1)
    catat(operator, 2)

    jawab = client.get(f"{AGENDA}pdf/?tahun=2026")

    assert jawab.status_code == 302
    assert "2 baris terlalu banyak untuk satu PDF. Pilih satu bulan" in kata(client.get(AGENDA))


@pytest.mark.parametrize("akhiran", ["pdf", "xlsx"])
@pytest.mark.parametrize("tanya", ["tahun=", "dari=2026-11-01", "tahun=abc"])
def test_only_a_month_or_a_year_becomes_a_book(client, akhiran, tanya):
    jawab = client.get(f"{AGENDA}{akhiran}/?{tanya}")

    assert (jawab.status_code, jawab.url) == (302, AGENDA)
    assert "Pilih bulan atau tahun" in kata(client.get(AGENDA))


# --- Who signs the book ------------------------------------------------------------------------


def tanda_tangan() -> dict[str, object]:
    return cetakan.data(agenda.BENTUK, [], periode.setahun(2026), pada=PADA)["ttd"]


def test_unknown_names_are_left_to_be_written():
    assert tanda_tangan() == {
        "tempat_tanggal": "Bugbug, 23 November 2026",
        "mengetahui": ["Perbekel Bugbug,"],
        "kepala": "",
        "sekdes": "",
    }


def test_head_and_secretary_are_those_of_today(perbekel):
    Pejabat.objects.create(nama="Ni Made Sekdes", jabatan="sekretaris desa")
    lama = Pejabat.objects.create(nama="Lama", jabatan="Sekretaris Desa", aktif=False)
    Mandat.objects.create(pejabat=lama, sebagai="AN", dari=date(2020, 1, 1))

    hasil = tanda_tangan()

    assert (hasil["kepala"], hasil["sekdes"]) == ("I Nyoman Perbekel Contoh", "Ni Made Sekdes")
    assert hasil["mengetahui"] == ["Perbekel Bugbug,"]


def test_acting_head_signs_as_acting_head_and_two_secretaries_leave_the_name_open(perbekel):
    Mandat.objects.update(sampai=date(2026, 1, 1))
    plt = Pejabat.objects.create(nama="I Made Plt", jabatan="Camat")
    Mandat.objects.create(pejabat=plt, sebagai="PLT", dari=date(2026, 1, 2))
    for n in range(2):
        Pejabat.objects.create(nama=f"Sekdes {n}", jabatan="Sekretaris Desa")

    hasil = tanda_tangan()

    assert (hasil["mengetahui"], hasil["kepala"], hasil["sekdes"]) == (
        ["Plt. Perbekel Bugbug,"],
        "I Made Plt",
        "",
    )


# --- Number books ------------------------------------------------------------------------------


def daftar(tanggal: date = date(2026, 11, 23)):
    return buku_nomor.daftar(gaya.tata_naskah(), tanggal=tanggal)


def beberapa_jenis() -> None:
    """Several types, two of them under one code."""
    satu, _, lain = (factories.jenis(kode) for kode in ("domisili", "usaha", "penduduk"))
    assert satu.klasifikasi == lain.klasifikasi


def test_one_book_stands_there_before_its_first_letter():
    beberapa_jenis()

    (satu,), lama = daftar()

    assert (satu.kode, satu.nama, satu.terakhir, satu.terpakai, satu.bentrok) == (
        "SURAT",
        "Semua surat",
        0,
        False,
        False,
    )
    assert satu.berikut.endswith("/001/51.07.04.2001/XI/2026")
    assert lama == []


@pytest.mark.parametrize("skema", ["BARU", "LAMA"])
def test_there_is_a_book_for_each_code_that_is_printed(skema):
    beberapa_jenis()
    atur_naskah(buku="KLASIFIKASI", skema_klasifikasi=skema)
    nomor.ambil("K:005", 2026)
    tata = gaya.tata_naskah()

    kini, _ = daftar()

    kode = {gaya.klasifikasi(j, tata) for j in JenisSurat.objects.all()} | {"005"}
    assert [b.kode for b in kini] == sorted(f"K:{k}" for k in kode)
    assert {b.kode: b.terakhir for b in kini}["K:005"] == 1
    assert all(b.berikut.startswith(b.kode.removeprefix("K:") + "/00") for b in kini)


def test_there_is_a_book_for_each_type_and_one_for_the_rest():
    beberapa_jenis()
    atur_naskah(buku="JENIS")

    kini, _ = daftar()

    assert len(kini) == JenisSurat.objects.count() + 1
    assert kini[-1].kode == "LAIN"


def test_change_in_the_middle_of_the_year_is_explained(terbit):
    terbit()
    terbit()
    atur_naskah(buku="KLASIFIKASI")

    kini, lama = daftar()

    assert {(b.terakhir, b.terpakai) for b in kini} == {(2, False)}
    assert [(b.nama, b.terakhir) for b in lama] == [("Semua surat", 2)]
    (kalimat,) = buku_nomor.peringatan(gaya.tata_naskah(), kini, lama)
    assert "buku baru melanjutkan sesudah nomor terakhir buku lama (2)" in kalimat
    assert terbit("usaha").urut == 3


def test_number_that_is_taken_is_told_before_a_letter_fails(terbit):
    atur_naskah(format_nomor="[kode]/[nomor]/[tahun]")
    terbit()
    atur_naskah(buku="JENIS")
    nomor.mulai(kode="J:domisili", tahun=2026, terakhir=0)

    kini, lama = daftar()

    assert [b.nama for b in kini if b.bentrok] == ["Surat Keterangan Domisili"]
    kalimat = " ".join(buku_nomor.peringatan(gaya.tata_naskah(), kini, lama))
    assert "Nomor berikut sudah dipakai surat lain: Surat Keterangan Domisili." in kalimat


@pytest.mark.parametrize(
    ("buku", "pola", "kalimat"),
    [
        ("SATU", "[nomor]/[tahun]", ""),
        ("KLASIFIKASI", "[kode]/[nomor]/[tahun]", ""),
        ("KLASIFIKASI", "[nomor]/[tahun]", "Format nomor tidak memuat [kode]"),
        ("JENIS", "[jenis]/[nomor]/[tahun]", ""),
        ("JENIS", "[kode]/[nomor]/[tahun]", "Beberapa jenis surat bernomor sama"),
        ("JENIS", "[nomor]/[tahun]", "Beberapa jenis surat bernomor sama"),
    ],
)
def test_pattern_that_cannot_tell_the_books_apart_is_warned_of(buku, pola, kalimat):
    beberapa_jenis()
    atur_naskah(buku=buku, format_nomor=pola)

    hasil = " ".join(buku_nomor.peringatan(gaya.tata_naskah(), *daftar()))

    assert hasil.startswith(kalimat) if kalimat else hasil == ""


def test_admin_sets_the_starting_value_and_it_is_logged(kepala):
    factories.jenis()

    jawab = kirim(kepala, kepala.get(BUKU), "Simpan nomor awal", {"SURAT": "57"})

    assert jawab.status_code == 302
    buku = BukuNomor.objects.get()
    assert (buku.kode, buku.tahun, buku.terakhir, buku.mulai_sesudah) == (
        "SURAT",
        tahun_ini(),
        57,
        57,
    )
    assert LogEntry.objects.get().change_message == "Nomor terakhir sebelum portal: 57."
    teks = kata(kepala.get(BUKU))
    assert "Nomor awal 1 buku disimpan." in teks
    assert "/058/" in teks


def test_book_that_has_given_a_number_offers_no_starting_value(kepala, terbit):
    terbit(pada=timezone.now())

    hal = kepala.get(BUKU)

    assert "Simpan nomor awal" not in tombol(hal)
    assert "Semua surat 1 0" in kata(hal)
    jawab = kepala.post(BUKU, {"SURAT": "57"})
    assert jawab.status_code == 302
    assert "Sudah memberi nomor surat" in kata(kepala.get(BUKU))
    assert BukuNomor.objects.get(kode="SURAT").terakhir == 1


def test_letter_that_is_faster_than_the_form_wins(kepala, monkeypatch):
    beberapa_jenis()
    atur_naskah(buku="JENIS")
    hal = kepala.get(BUKU)
    asli = nomor.mulai

    def mulai(**bahan) -> None:
        nomor.ambil("J:usaha", tahun_ini())
        asli(**bahan)

    monkeypatch.setattr(nomor, "mulai", mulai)

    jawab = kirim(
        kepala, hal, "Simpan nomor awal", {"J:domisili": "4", "J:usaha": "9", "LAIN": "3"}
    )

    assert jawab.status_code == 200
    assert "Buku ini sudah memberi nomor surat tahun ini" in kata(jawab)
    assert "Belum ada yang disimpan." in kata(jawab)
    assert BukuNomor.objects.count() == 0  # all of it was taken back, the letter of this test too


@pytest.mark.parametrize("nilai", ["-1", "100000", "satu", "1.5"])
def test_starting_value_is_a_small_whole_number(kepala, nilai):
    factories.jenis()

    jawab = kirim(kepala, kepala.get(BUKU), "Simpan nomor awal", {"SURAT": nilai})

    assert jawab.status_code == 200
    assert BukuNomor.objects.count() == 0


def test_operator_sees_the_books_and_moves_none(client):
    hal = client.get(BUKU)

    assert "Semua surat" in kata(hal)
    assert "Simpan nomor awal" not in tombol(hal)
    assert client.post(BUKU, {"SURAT": "57"}).status_code == 403


def test_books_of_a_pattern_that_cannot_be_used_say_what_is_wrong(kepala):
    atur_naskah(format_nomor="[apa]/[nomor]/[tahun]")

    assert "Sisipan [apa] tidak dikenal." in kata(kepala.get(BUKU))


def test_new_year_begins_with_new_books(terbit):
    terbit()

    (satu,), lama = daftar(date(2027, 1, 1))

    assert (satu.terakhir, lama) == (0, [])
    assert terbit(pada=datetime(2026, 12, 31, 16, 0, tzinfo=UTC)).urut == 1
