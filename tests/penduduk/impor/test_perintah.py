"""`manage.py impor_penduduk` and `ekspor_penduduk`, as typed at a terminal."""

import io
import re

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from penduduk.management.commands import impor_penduduk
from penduduk.models import Impor, Penduduk
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import orang

pytestmark = pytest.mark.django_db


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def berkas(tmp_path):
    jalur = tmp_path / "penduduk.xlsx"
    jalur.write_bytes(contoh.xlsx(orang(1), orang(2, agama_id=77), orang(2), orang(3, nama=None)))
    return jalur


def _jalankan(*argumen, **lain) -> str:
    keluar = io.StringIO()
    call_command("impor_penduduk", *argumen, stdout=keluar, **lain)
    return keluar.getvalue()


def test_dry_run_prints_the_summary_and_applies_nothing(berkas, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())

    keluar = _jalankan(str(berkas))

    impor = Impor.objects.get()
    assert keluar.splitlines()[:7] == [
        "4 baris:",
        "        1  baru",
        "        0  berubah",
        "        0  tidak berubah",
        "        0  meragukan",
        "        0  bentrok",
        "        3  ditolak",
    ]
    assert f"Belum diterapkan. Lihat dan terapkan impor {impor.pk} di /kelola/" in keluar
    assert "ditolak: baris 5, nama: Tidak ada nama." in keluar
    assert (impor.keadaan, Penduduk.objects.count()) == (Impor.Keadaan.SIAP, 0)


def test_nothing_printed_holds_a_nik(berkas, tmp_path):
    (tmp_path / "salah.xlsx").write_bytes(contoh.xlsx(orang(5, agama_id=contoh.nik(5))))

    keluar = _jalankan(str(berkas), "--terapkan") + _jalankan(str(tmp_path / "salah.xlsx"))

    assert "“…” bukan kode yang dikenal" in keluar
    assert re.findall(r"\d{9,}", keluar) == []


def test_apply_then_undo(berkas):
    assert "Diterapkan sebagai impor" in _jalankan(str(berkas), "--terapkan")
    assert Penduduk.objects.count() == 1

    nomor = Impor.objects.get().pk
    assert _jalankan("--urungkan", str(nomor)) == f"Impor {nomor} sudah diurungkan.\n"
    assert Penduduk.objects.count() == 0


def test_doubtful_rows_can_be_left_out(tmp_path):
    jalur = tmp_path / "a.xlsx"
    jalur.write_bytes(contoh.xlsx(orang(1, agama_id=77), orang(2)))

    _jalankan(str(jalur), "--terapkan", "--tanpa-ragu")

    assert [o.nik for o in Penduduk.objects.all()] == [contoh.nik(2)]


@pytest.mark.parametrize(("jawab", "jumlah"), [("ya", 1), ("", 0), ("tidak", 0)])
def test_at_a_terminal_it_asks(jawab, jumlah, berkas, monkeypatch):
    monkeypatch.setattr("sys.stdin", _Terminal())
    monkeypatch.setattr("builtins.input", lambda teks: jawab)

    _jalankan(str(berkas))

    assert Penduduk.objects.count() == jumlah


def test_progress_bar_is_drawn_at_a_terminal_only(berkas):
    layar, pipa = _Terminal(), io.StringIO()

    _jalankan(str(berkas), "--terapkan", stderr=layar)
    _jalankan(str(berkas), "--terapkan", stderr=pipa)

    assert "[########################################] 4/4 baris" in layar.getvalue()
    assert pipa.getvalue() == ""


def test_remarks_are_saved_as_a_workbook(berkas, tmp_path):
    tujuan = tmp_path / "hasil.xlsx"

    _jalankan(str(berkas), "--terapkan", "--catatan", str(tujuan))

    lembar = openpyxl.load_workbook(tujuan).worksheets[0]
    assert [b[43] for b in lembar.iter_rows(values_only=True)] == [
        "hasil",
        "baru",
        "ditolak",
        "ditolak",
        "ditolak",
    ]


@pytest.mark.parametrize(
    ("argumen", "kalimat"),
    [
        ([], "Sebutkan berkasnya"),
        (["/tidak/ada.xlsx"], "Berkas tidak dapat dibuka"),
        (["--urungkan", "999"], "Tidak ada impor 999."),
    ],
)
def test_mistakes_at_the_command_line(argumen, kalimat):
    with pytest.raises(CommandError, match=kalimat):
        _jalankan(*argumen)


def test_unreadable_file_ends_with_its_sentence(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")

    with pytest.raises(CommandError, match="Berkas ini PDF, bukan Excel"):
        _jalankan(str(tmp_path / "a.pdf"))


def test_undo_that_is_refused_says_why(berkas):
    _jalankan(str(berkas), "--terapkan")
    Penduduk.objects.update(nama="I LAIN")

    with pytest.raises(CommandError, match="Nama sudah diubah sesudah impor"):
        _jalankan("--urungkan", str(Impor.objects.get().pk))


def test_undo_of_what_was_never_applied_is_refused(berkas):
    _jalankan(str(berkas))

    with pytest.raises(CommandError, match="menunggu persetujuan"):
        _jalankan("--urungkan", str(Impor.objects.get().pk))


def test_worker_leaves_alone_what_a_terminal_works_on():
    from penduduk.impor import antrean

    impor = contoh.unggah(contoh.xlsx(orang(1)), mulai=impor_penduduk._nanti())

    assert antrean.kerjakan_yang_menunggu() == 0
    impor.refresh_from_db()
    assert impor.keadaan == Impor.Keadaan.DIUNGGAH


def test_export_writes_a_file_that_comes_in_unchanged(tmp_path, berkas):
    _jalankan(str(berkas), "--terapkan")
    tujuan = tmp_path / "keluar.xlsx"

    call_command("ekspor_penduduk", str(tujuan), stdout=io.StringIO())

    assert tujuan.stat().st_mode & 0o777 == 0o600
    assert contoh.periksa(tujuan.read_bytes()).jumlah == {"SAMA": 1}


def test_export_to_nowhere_is_refused():
    with pytest.raises(CommandError, match="Berkas tidak dapat ditulis"):
        call_command("ekspor_penduduk", "/tidak/ada/keluar.xlsx")
