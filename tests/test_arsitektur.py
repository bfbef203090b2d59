"""The rules of the house, held by machine: arrows are in pyproject.toml (import-linter)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from layanan.models import Permohonan

AKAR = Path(settings.BASE_DIR)
RUANG = ("bugbug", "layanan", "surat", "penduduk")
PRODUKSI = sorted(
    berkas
    for ruang in RUANG
    for berkas in (AKAR / ruang).rglob("*.py")
    if "migrations" not in berkas.parts
)
TEMPLAT = sorted((AKAR / "templates").rglob("*.html"))
NAMA_TERLARANG = {"utils", "helpers", "common", "services", "managers", "misc", "signals"}


def _pohon(berkas: Path) -> ast.AST:
    return ast.parse(berkas.read_text(encoding="utf-8"))


def _sebut(berkas: Path) -> str:
    return str(berkas.relative_to(AKAR))


def test_there_is_something_to_check():
    assert len(PRODUKSI) > 40
    assert len(TEMPLAT) > 20


@pytest.mark.parametrize("berkas", PRODUKSI, ids=_sebut)
def test_file_and_functions_are_small(berkas):
    baris = berkas.read_text(encoding="utf-8").count("\n")
    besar = [
        f"{simpul.name}: {simpul.end_lineno - simpul.lineno + 1}"
        for simpul in ast.walk(_pohon(berkas))
        if isinstance(simpul, ast.FunctionDef) and simpul.end_lineno - simpul.lineno + 1 > 50
    ]

    assert baris <= 400
    assert besar == []
    assert berkas.stem not in NAMA_TERLARANG


@pytest.mark.parametrize("berkas", TEMPLAT, ids=_sebut)
def test_template_is_small_and_has_no_inline_style_or_script(berkas):
    teks = berkas.read_text(encoding="utf-8")

    assert teks.count("\n") <= 120
    if berkas.name != "kertas.html":
        assert "style=" not in teks
        assert "<script>" not in teks
        assert "<style" not in teks
        assert " onclick=" not in teks


def _penulis_status(berkas: Path) -> Iterator[int]:
    """Lines that assign to .status or pass status= to a writing queryset method."""
    for simpul in ast.walk(_pohon(berkas)):
        if isinstance(simpul, ast.Assign | ast.AugAssign | ast.AnnAssign):
            sasaran = simpul.targets if isinstance(simpul, ast.Assign) else [simpul.target]
            if any(isinstance(t, ast.Attribute) and t.attr == "status" for t in sasaran):
                yield simpul.lineno
        if isinstance(simpul, ast.Call) and isinstance(simpul.func, ast.Attribute):
            menulis = simpul.func.attr in {"update", "create", "get_or_create", "update_or_create"}
            if menulis and any(kata.arg == "status" for kata in simpul.keywords):
                yield simpul.lineno


def test_only_alur_writes_a_status():
    pelanggar = [
        f"{_sebut(berkas)}:{baris}"
        for berkas in PRODUKSI
        if _sebut(berkas) != "layanan/permohonan/alur.py"
        for baris in _penulis_status(berkas)
    ]

    assert pelanggar == []
    assert list(_penulis_status(AKAR / "layanan/permohonan/alur.py")) != []


def _memanggil(berkas: Path, pemilik: str, nama: set[str]) -> Iterator[int]:
    for simpul in ast.walk(_pohon(berkas)):
        if isinstance(simpul, ast.Call) and isinstance(simpul.func, ast.Attribute):
            teks = ast.unparse(simpul.func)
            if teks.startswith(f"{pemilik}.") and simpul.func.attr in nama:
                yield simpul.lineno


@pytest.mark.parametrize(
    ("pemilik", "nama", "pintu"),
    [
        ("Surat.objects", {"create", "bulk_create", "get_or_create"}, "surat/terbit/penerbitan.py"),
        (
            "Permohonan.objects",
            {"create", "bulk_create", "get_or_create"},
            "layanan/permohonan/alur.py",
        ),
        ("Riwayat.objects", {"create", "bulk_create"}, "layanan/permohonan/alur.py"),
        ("Notifikasi.objects", {"create", "bulk_create"}, "layanan/kotak_keluar/notifikasi.py"),
    ],
)
def test_one_door_for_each_kind_of_row(pemilik, nama, pintu):
    pemanggil = {_sebut(b) for b in PRODUKSI if list(_memanggil(b, pemilik, nama))}

    assert pemanggil == {pintu}


def test_domain_code_does_not_read_the_clock():
    """`pada` is passed in; only edges and the workers' own leases may ask for the time."""
    jam = {
        _sebut(b)
        for b in PRODUKSI
        if "timezone.now()" in b.read_text(encoding="utf-8")
        and not {"views", "management", "admin"} & set(b.parts)
        and b.stem not in {"views", "admin", "tasks", "backends", "kelola"}
    }

    assert jam <= {
        "layanan/kotak_keluar/pengiriman.py",  # leases and retries of the worker
        "layanan/percakapan/masuk.py",
        "layanan/transports/simulasi.py",
        "layanan/permohonan/berkas.py",
        "penduduk/impor/antrean.py",
        "surat/terbit/pencetakan.py",
        "layanan/contoh.py",
    }


def test_no_signals_and_no_save_overrides():
    pelanggar = []
    for berkas in PRODUKSI:
        for simpul in ast.walk(_pohon(berkas)):
            if isinstance(simpul, ast.ClassDef) and _sebut(berkas).split("/")[1].startswith(
                "models"
            ):
                pelanggar += [
                    f"{_sebut(berkas)}: {simpul.name}.save"
                    for anak in simpul.body
                    if isinstance(anak, ast.FunctionDef) and anak.name in {"save", "delete"}
                ]
        if "@receiver" in berkas.read_text(encoding="utf-8"):
            pelanggar.append(f"{_sebut(berkas)}: @receiver")

    assert pelanggar == []


def test_every_model_has_indonesian_names_without_english_plural():
    for ruang in ("penduduk", "surat", "layanan"):
        for model in apps.get_app_config(ruang).get_models():
            satu, banyak = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
            assert banyak in (satu, "Kotak keluar WhatsApp (simulasi)"), model


def test_status_can_stand_in_no_form():
    assert Permohonan._meta.get_field("status").editable is False


def test_diagram_is_up_to_date():
    call_command("diagram_alur", "--periksa")


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


# Every field of every table, classified: is it personal data? A new field must be put here.
PRIBADI = {
    "penduduk.Banjar": {"kelian", "nomor_hp_kelian"},
    "penduduk.Keluarga": {"no_kk", "alamat"},
    "penduduk.Penduduk": {
        "nik",
        "nama",
        "jenis_kelamin",
        "tempat_lahir",
        "tanggal_lahir",
        "agama",
        "pendidikan",
        "pekerjaan",
        "status_perkawinan",
        "kewarganegaraan",
        "golongan_darah",
        "keluarga",
        "shdk",
        "nama_ayah",
        "nama_ibu",
        "status_dasar",
    },
    "penduduk.Akun": {"username", "nama", "penduduk", "nomor_hp", "password"},
    "penduduk.Sesi": {"akun", "perangkat", "session_data", "session_key"},
    "penduduk.KejadianAkun": {"akun", "oleh", "rincian", "nomor_lama"},
    "penduduk.Impor": {"nama_berkas", "berkas", "alasan", "catatan", "oleh"},
    "penduduk.BarisImpor": {"nama", "penduduk", "perubahan", "catatan"},
    "surat.Pejabat": {"nama", "nip", "akun"},
    "surat.Surat": {"data", "subjek"},
    "surat.CatatanAgenda": {"pihak", "isi_singkat", "keterangan"},
    "layanan.Draf": {"keterangan", "nomor_hp", "isian", "akun"},
    "layanan.Permohonan": {
        "pemohon",
        "keterangan",
        "isian",
        "nomor_hp",
        "kode_ambil",
        "wakil_nama",
        "wakil_hubungan",
    },
    "layanan.Riwayat": {"catatan", "rincian"},
    "layanan.Penyerahan": {"nama"},
    "layanan.Berkas": {"pemilik", "mentah", "berkas", "sidik_kirim"},
    "layanan.JejakLihat": {"pemilik", "oleh"},
    "layanan.Notifikasi": {"nomor_hp", "variabel"},
    "layanan.PesanSimulasi": {"nomor_hp", "teks"},
    "layanan.PermintaanPIN": {"nomor_hp", "nama", "nik", "tanggal_lahir", "nama_wa", "penduduk"},
    "layanan.Percakapan": {"nomor_hp", "nama_wa"},
    "layanan.PesanMasuk": {"teks", "media"},
    "layanan.CatatanWarga": {"percakapan", "teks"},
    "layanan.PersetujuanWA": {"akun", "nomor_hp"},
    "layanan.KodeKabari": {"kode"},
}


def test_private_fields_exist_and_never_stand_in_str():
    """The list names real fields, and no __str__ that may reach a log shows NIK or number."""
    for nama, kolom in PRIBADI.items():
        model = apps.get_model(nama)
        assert kolom <= {f.name for f in model._meta.fields}, nama
    for berkas in PRODUKSI:
        for simpul in ast.walk(_pohon(berkas)):
            if isinstance(simpul, ast.FunctionDef) and simpul.name == "__str__":
                teks = ast.unparse(simpul)
                assert "nik" not in teks.replace("teknik", ""), berkas
                assert "nomor_hp" not in teks, berkas


def test_log_calls_name_no_personal_data():
    terlarang = ("nik", "nomor_hp", "password", "pin", "nama", "teks", "POST")
    for berkas in PRODUKSI:
        for simpul in ast.walk(_pohon(berkas)):
            if (
                isinstance(simpul, ast.Call)
                and isinstance(simpul.func, ast.Attribute)
                and ast.unparse(simpul.func).startswith("log.")
            ):
                argumen = " ".join(ast.unparse(a) for a in simpul.args[1:])
                assert not [t for t in terlarang if f".{t}" in argumen], (berkas, argumen)
