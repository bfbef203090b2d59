"""`manage.py terdampak`: who has to be told, in a file for nobody else."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from layanan.models import Jejak
from layanan.permohonan import berkas
from penduduk.akun import penjagaan
from penduduk.models import KejadianAkun
from tests import factories
from tests.halaman import baca, sebagai

HARI_INI = f"{timezone.localdate():%Y-%m-%d}"


@pytest.fixture
def daftar(tmp_path):
    """Who stands in the file that the command writes, each with the reasons; and what it says."""

    def jalankan(*pilihan: str) -> dict[str, str]:
        tujuan = tmp_path / f"{timezone.now():%H%M%S%f}.xlsx"
        jalankan.kata = io.StringIO()
        call_command("terdampak", str(tujuan), *pilihan, stdout=jalankan.kata)
        assert tujuan.stat().st_mode & 0o777 == 0o600
        judul, *baris = openpyxl.load_workbook(tujuan).active.iter_rows(values_only=True)
        assert judul == ("nama", "nomor HP", "sebab")
        jalankan.nomor = {satu[0]: satu[1] for satu in baris}
        return {satu[0]: satu[2] for satu in baris}

    return jalankan


def test_everybody_whom_a_clerk_touched_is_listed_with_the_reason(
    warga, tetangga, operator, perbekel, daftar
):
    permohonan = factories.buat_permohonan(warga)
    berkas.bersihkan_yang_menunggu()
    ktp = permohonan.lampiran.first().berkas
    factories.buat_penduduk(nama="Ni Luh Diam")
    factories.jalankan_sampai(permohonan, "DIPROSES", operator=operator, perbekel=perbekel)
    assert baca(sebagai(operator), f"/berkas/{ktp.pk}/").status_code == 200
    penjagaan.catat(tetangga, KejadianAkun.Jenis.DIBEKUKAN, pada=timezone.now(), oleh=operator)

    assert daftar("--sejak", HARI_INI, "--akun", "operator") == {
        warga.penduduk.nama: "dilihat, permohonan dikerjakan",
        tetangga.penduduk.nama: "akun diurus",
    }
    assert daftar.nomor[warga.penduduk.nama] == warga.nomor_hp
    assert daftar("--sejak", HARI_INI, "--akun", perbekel.username) == {}


def test_only_the_days_that_are_asked_for_count(warga, operator, daftar):
    kini = timezone.now()
    for hari in (1, 3, 5):
        Jejak.objects.create(
            oleh=operator,
            pada=kini - timedelta(days=hari),
            apa="LIHAT",
            tabel="layanan.berkas",
            objek=str(hari),
            warga=warga.penduduk if hari == 3 else None,
        )
    tanggal = [f"{timezone.localdate() - timedelta(days=hari):%Y-%m-%d}" for hari in (4, 3, 2, 1)]

    assert daftar("--sejak", tanggal[0], "--sampai", tanggal[1]) != {}
    assert daftar("--sejak", tanggal[1], "--sampai", tanggal[1]) != {}
    assert daftar("--sejak", tanggal[2], "--sampai", tanggal[3]) == {}
    assert "1 jejak tanpa orang yang dikenal" in daftar.kata.getvalue()


def test_after_an_export_of_the_register_everybody_is_affected(warga, admin_desa, daftar):
    factories.buat_penduduk(nama="Ni Luh Diam")
    assert "Ni Luh Diam" not in daftar("--sejak", HARI_INI, "--akun", admin_desa.username)

    sebagai(admin_desa).post("/kelola/penduduk/impor/ekspor/", {"alasan": "Sensus"}).getvalue()

    semua = daftar("--sejak", HARI_INI, "--akun", admin_desa.username)
    assert semua["Ni Luh Diam"] == "semua data diekspor"
    assert warga.penduduk.nama in semua


def test_a_change_of_the_register_names_the_person(warga, admin_desa, daftar):
    orang = warga.penduduk
    orang.pekerjaan, orang._history_user = 5, admin_desa
    orang.save()

    assert daftar("--sejak", HARI_INI, "--akun", admin_desa.username) == {orang.nama: "data diubah"}


def test_after_a_lost_backup_everybody_is_listed(warga, tetangga, daftar):
    assert set(daftar("--semua")) == {warga.penduduk.nama, tetangga.penduduk.nama}


def test_where_the_file_is_or_could_be_is_said(db, tmp_path, monkeypatch, settings):
    """The caller's folder need not be one that the portal may write to."""
    monkeypatch.chdir(tmp_path)
    kata = io.StringIO()
    call_command("terdampak", "daftar.xlsx", "--semua", stdout=kata)
    assert f"Ditulis di {tmp_path}/daftar.xlsx\n" in kata.getvalue()

    with pytest.raises(CommandError) as galat:
        call_command("terdampak", "tidak-ada/daftar.xlsx", "--semua")
    assert f"{tmp_path}/tidak-ada/daftar.xlsx tidak dapat ditulis" in str(galat.value)
    assert str(settings.VAR_DIR / "daftar.xlsx") in str(galat.value)


def test_what_it_cannot_know_is_said(db, daftar, caplog, warga):
    daftar("--sejak", HARI_INI)

    assert "disebut di surat, buku dan arsip lama tidak tercatat" in daftar.kata.getvalue()
    assert warga.nomor_hp not in daftar.kata.getvalue() + caplog.text
    assert warga.penduduk.nama not in daftar.kata.getvalue() + caplog.text


@pytest.mark.parametrize(
    ("pilihan", "kalimat"),
    [
        (["x.xlsx"], "required"),
        (["x.xlsx", "--semua", "--sejak", HARI_INI], "not allowed"),
        (["x.xlsx", "--sejak", HARI_INI, "--akun", "entah"], "Tidak ada akun petugas"),
        (["/tidak/ada/x.xlsx", "--semua"], "tidak dapat ditulis"),
        ([__file__, "--semua"], "tidak dapat ditulis"),
    ],
)
def test_what_cannot_be_answered_is_refused(db, pilihan, kalimat):
    isi = Path(__file__).read_bytes()
    with pytest.raises(CommandError, match=kalimat):
        call_command("terdampak", *pilihan)
    assert Path(__file__).read_bytes() == isi
