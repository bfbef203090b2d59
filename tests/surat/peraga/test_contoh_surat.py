"""The command that prints samples of all letters."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from pypdf import PdfReader

from surat.jenis import bawaan
from surat.management.commands import contoh_surat
from surat.models import Surat

pytestmark = [pytest.mark.django_db, pytest.mark.kertas]


def jalankan(folder, *argumen: str) -> list[str]:
    keluar = StringIO()
    call_command("contoh_surat", f"--ke={folder}", *argumen, stdout=keluar)
    return keluar.getvalue().splitlines()


def test_letters_stand_one_after_the_other_with_an_outline_and_pictures(tmp_path):
    bawaan.muat()

    kata = jalankan(tmp_path, "--jenis", "usaha", "domisili", "--ukuran", "wajar", "minimal")

    dokumen = PdfReader(tmp_path / "contoh-surat.pdf")
    assert [x.title for x in dokumen.outline] == [
        "Surat Keterangan Domisili – wajar",
        "Surat Keterangan Domisili – minimal",
        "Surat Keterangan Usaha (SKU) – wajar",
        "Surat Keterangan Usaha (SKU) – minimal",
    ]
    assert [dokumen.get_destination_page_number(x) for x in dokumen.outline] == [0, 1, 2, 3]
    assert "CONTO-H2345" in dokumen.pages[2].extract_text()
    assert (tmp_path / "daftar.txt").read_text().splitlines()[2] == (
        "   3  1 hal.  usaha: Surat Keterangan Usaha (SKU) – wajar"
    )
    assert kata == [
        f"4 surat: {tmp_path}/contoh-surat.pdf (daftarnya di daftar.txt)",
        f"1 lembar gambar: {tmp_path}/lembar-*.png",
    ]
    with Image.open(tmp_path / "lembar-01.png") as lembar:
        assert lembar.width > 4 * 500
    assert Surat.objects.count() == 0


def test_old_pictures_are_swept_away_and_more_pages_take_more_pictures(tmp_path, monkeypatch):
    bawaan.muat()
    monkeypatch.setattr(contoh_surat, "_BARIS", 1)
    monkeypatch.setattr(contoh_surat, "_KOLOM", 1)
    (tmp_path / "lembar-99.png").touch()

    jalankan(tmp_path, "--jenis", "usaha", "--ukuran", "wajar", "minimal")

    assert sorted(x.name for x in tmp_path.glob("*.png")) == ["lembar-01.png", "lembar-02.png"]


def test_without_poppler_there_is_the_pdf_alone(tmp_path, monkeypatch):
    bawaan.muat()
    monkeypatch.setattr(contoh_surat.shutil, "which", lambda _: None)

    kata = jalankan(tmp_path, "--jenis", "usaha", "--ukuran", "wajar")

    assert kata[1] == "Lembar gambar dilewati: pdftoppm (paket poppler-utils) belum ada."
    assert sorted(x.name for x in tmp_path.iterdir()) == ["contoh-surat.pdf", "daftar.txt"]


def test_unknown_type_and_empty_village_are_told(tmp_path):
    with pytest.raises(CommandError, match="Belum ada jenis surat"):
        jalankan(tmp_path)
    with pytest.raises(CommandError, match=r"Jenis surat “usahaa” tidak ada\."):
        jalankan(tmp_path, "--jenis", "usahaa")
