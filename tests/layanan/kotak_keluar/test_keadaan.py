"""The life of a message: the whole (from × move × who) matrix, written by hand; one writer."""

import ast
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from layanan.kotak_keluar import keadaan, notifikasi
from layanan.models import Notifikasi, Permohonan
from tests import factories

K = Notifikasi.Keadaan
NAMA = [
    "tulis",
    "tulis_tanpa_wa",
    "ambil",
    "ambil_lagi",
    "diterima",
    "terkirim",
    "sampai",
    "dibaca",
    "ditunda",
    "ditolak",
    "tak_tersusun",
    "lewat_batas",
    "tak_terjawab",
    "belum_sampai",
    "terlambat",
    "terlambat_dicari",
    "digantikan",
    "tertahan",
    "tak_tersambung",
    "batalkan",
    "tahan",
    "coba_lagi",
]
# Written from what a message may live through, not from the code: state → who, by which move,
# where to. What the provider says of a message that it may have without our knowing:
_KABAR = {
    ("penyedia", "diterima", "DIKIRIM"),
    ("penyedia", "terkirim", "TERKIRIM"),
    ("penyedia", "sampai", "SAMPAI"),
    ("penyedia", "dibaca", "DIBACA"),
    ("penyedia", "ditunda", "SEMENTARA"),
    ("penyedia", "ditolak", "GAGAL"),
    ("penyedia", "tertahan", "MENUNGGU"),
}
BOLEH = {
    "MENUNGGU": _KABAR
    | {
        ("pekerja", "ambil", "DIAMBIL"),
        ("pekerja", "lewat_batas", "GAGAL"),
        ("pekerja", "terlambat", "BATAL"),
        ("pekerja", "digantikan", "BATAL"),
        ("pekerja", "tak_tersambung", "TANPA_WA"),
        ("sistem", "batalkan", "BATAL"),
        ("warga", "tahan", "TANPA_WA"),
    },
    "SEMENTARA": _KABAR
    | {
        ("pekerja", "ambil", "DIAMBIL"),
        ("pekerja", "lewat_batas", "GAGAL"),
        ("pekerja", "terlambat", "BATAL"),
        ("pekerja", "digantikan", "BATAL"),
        ("pekerja", "tak_tersambung", "TANPA_WA"),
        ("sistem", "batalkan", "BATAL"),
        ("warga", "tahan", "TANPA_WA"),
    },
    "DIAMBIL": _KABAR
    | {
        ("pekerja", "ambil_lagi", "DIAMBIL"),
        ("pekerja", "tak_tersusun", "GAGAL"),
        ("pekerja", "tak_terjawab", "PERLU_DICEK"),
        ("pekerja", "terlambat_dicari", "BATAL"),
    },
    "PERLU_DICEK": _KABAR | {("petugas", "coba_lagi", "MENUNGGU")},
    "DIKIRIM": {
        ("penyedia", "terkirim", "TERKIRIM"),
        ("penyedia", "sampai", "SAMPAI"),
        ("penyedia", "dibaca", "DIBACA"),
        ("penyedia", "ditunda", "SEMENTARA"),
        ("penyedia", "ditolak", "GAGAL"),
        ("penyedia", "tertahan", "MENUNGGU"),
        ("pekerja", "tak_tersambung", "TANPA_WA"),
        ("pekerja", "belum_sampai", "PERLU_DICEK"),
    },
    "TERKIRIM": {
        ("penyedia", "sampai", "SAMPAI"),
        ("penyedia", "dibaca", "DIBACA"),
        ("penyedia", "ditunda", "SEMENTARA"),
        ("penyedia", "ditolak", "GAGAL"),
        ("penyedia", "tertahan", "MENUNGGU"),
        ("pekerja", "tak_tersambung", "TANPA_WA"),
        ("pekerja", "belum_sampai", "PERLU_DICEK"),
    },
    "GAGAL": {
        ("penyedia", "sampai", "SAMPAI"),
        ("penyedia", "dibaca", "DIBACA"),
        ("petugas", "coba_lagi", "MENUNGGU"),
    },
    "SAMPAI": {("penyedia", "dibaca", "DIBACA")},
    "DIBACA": set(),
    "TANPA_WA": set(),
    "BATAL": set(),
}


# --- The table ----------------------------------------------------------------------------------


def _coba(baris: Notifikasi, nama: str) -> set[tuple[str, str, str]]:
    """Who has moved the row where by `nama`, if it moved; it stands as before afterwards."""
    with transaction.atomic():
        pindah = keadaan.pindah([baris.pk], nama, pada=timezone.now(), galat="berpindah")
        kini = Notifikasi.objects.get(pk=baris.pk)
        transaction.set_rollback(True)
    if not pindah:
        assert (kini.keadaan, kini.berubah_pada) == (baris.keadaan, baris.berubah_pada)
        assert kini.galat != "berpindah"
        return set()
    return {(keadaan.PERPINDAHAN[nama].siapa.value, nama, kini.keadaan)}


@pytest.mark.django_db
@pytest.mark.parametrize("dari", K.values)
def test_matrix_of_state_move_and_who(dari, tulis):
    baris = tulis(keadaan=dari)

    assert set().union(*(_coba(baris, nama) for nama in NAMA)) == BOLEH[dari]


def test_table_has_no_other_moves_and_a_reason_for_each():
    assert list(keadaan.PERPINDAHAN) == NAMA
    assert all(satu.sebab for satu in keadaan.PERPINDAHAN.values())


@pytest.mark.django_db
@pytest.mark.parametrize(("terhalang", "awal"), [(False, "MENUNGGU"), (True, "TANPA_WA")])
def test_life_begins_in_the_queue_or_on_the_call_list(terhalang, awal):
    kini = timezone.now()

    satu = keadaan.baru(terhalang=terhalang, pada=kini, pesan="diproses")

    assert (satu.keadaan, satu.dibuat_pada, satu.berubah_pada) == (awal, kini, kini)
    assert {p.ke for p in keadaan.PERPINDAHAN.values() if not p.dari} == {"MENUNGGU", "TANPA_WA"}


# --- The writer ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_rows_that_stand_where_the_move_begins_are_moved_in_one_query(
    tulis, django_assert_num_queries
):
    tunggu, sementara = tulis(), tulis(keadaan=K.SEMENTARA)
    dipegang, sampai = tulis(keadaan=K.DIAMBIL), tulis(keadaan=K.SAMPAI)
    semua = [tunggu, sementara, dipegang, sampai]
    pada = timezone.now() + timedelta(hours=1)

    with django_assert_num_queries(1):
        jumlah = keadaan.pindah([b.pk for b in semua], "batalkan", pada=pada, galat="Sudah lewat.")

    assert jumlah == 2
    for satu in semua:
        satu.refresh_from_db()
    assert [b.keadaan for b in semua] == [K.BATAL, K.BATAL, K.DIAMBIL, K.SAMPAI]
    assert [b.berubah_pada == pada for b in semua] == [True, True, False, False]
    assert [b.galat for b in semua] == ["Sudah lewat."] * 2 + [""] * 2


@pytest.mark.django_db
def test_guard_of_the_caller_holds_besides_the_table(tulis):
    baris = tulis(keadaan=K.GAGAL, ditangani_pada=timezone.now(), ditangani_cara="TELEPON")
    belum = keadaan.Q(ditangani_pada__isnull=True)

    assert notifikasi.coba_lagi([baris.pk], pada=timezone.now(), jika=belum) == 0
    assert notifikasi.coba_lagi([baris.pk], pada=timezone.now()) == 1


def _batalkan(permohonan: Permohonan) -> int:
    semua = Notifikasi.objects.filter(riwayat__permohonan=permohonan)
    return notifikasi.batalkan(semua, sebab="Tidak perlu.", pada=timezone.now())


def _tahan(permohonan: Permohonan) -> int:
    semua = Permohonan.objects.filter(pk=permohonan.pk)
    return notifikasi.tahan_milik(semua, "TOLAK", pada=timezone.now())


def _alihkan(permohonan: Permohonan) -> int:
    return notifikasi.alihkan(permohonan, ke="+6281234567899", pada=timezone.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ubah", [_batalkan, _tahan, _alihkan])
def test_message_that_a_worker_takes_at_that_moment_is_left_to_it(
    ubah: Callable[[Permohonan], int], tulis, permohonan_ringan
):
    """Both have seen it waiting; the second one writes when the first one's claim is visible."""
    baris = tulis()
    hasil: list[int] = []

    def kedua() -> None:
        try:
            hasil.append(ubah(permohonan_ringan))
        finally:
            connection.close()

    utas = threading.Thread(target=kedua)
    with transaction.atomic():
        assert keadaan.pindah([baris.pk], "ambil", pada=timezone.now()) == 1
        utas.start()
        time.sleep(0.5)  # the other one waits for the row (PostgreSQL) or the database (SQLite)
    utas.join()

    kini = Notifikasi.objects.get(pk=baris.pk)
    assert hasil == [0]
    assert (kini.keadaan, kini.nomor_hp) == (K.DIAMBIL, baris.nomor_hp)


# --- The words of the queries -------------------------------------------------------------------


@pytest.mark.django_db
def test_news_for_staff_is_not_for_residents(warga):
    factories.buat_operator("budi")
    factories.buat_permohonan(warga)

    semua = dict(Notifikasi.objects.values_list("pesan", "penerima"))

    assert set(semua) == {"diterima", "petugas_baru"} and semua["petugas_baru"]
    assert [n.pesan for n in Notifikasi.objects.untuk_warga()] == ["diterima"]


@pytest.mark.django_db
def test_every_state_is_counted_among_those_that_it_belongs_to(tulis):
    for satu in K.values:
        tulis(keadaan=satu)
    semua = Notifikasi.objects

    def isi(mana) -> set[str]:
        return set(mana.values_list("keadaan", flat=True))

    assert isi(semua.antre()) == {"MENUNGGU", "SEMENTARA", "DIAMBIL"}
    assert isi(semua.masih_jalan()) == isi(semua.antre()) | {"DIKIRIM", "TERKIRIM"}
    assert isi(semua.sudah_keluar()) == {"DIKIRIM", "TERKIRIM", "SAMPAI", "DIBACA"}
    assert isi(semua.terbukti()) == {"SAMPAI", "DIBACA"}
    assert isi(semua.perlu_ditangani()) == {"GAGAL", "PERLU_DICEK", "TANPA_WA"}
    semua.filter(keadaan="GAGAL").update(ditangani_pada=timezone.now(), ditangani_cara="SITUS")
    assert isi(semua.perlu_ditangani()) == {"PERLU_DICEK", "TANPA_WA"}


@pytest.mark.sekali  # with so few rows PostgreSQL may do without any index
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mana", "indeks"),
    [
        (lambda q: q.antre().filter(ambil_lagi_pada__lte=timezone.now()), "notifikasi_antrean"),
        (lambda q: q.perlu_ditangani().untuk_warga().tanpa_balasan(), "notifikasi_tak_sampai"),
    ],
)
def test_queue_and_call_list_are_found_by_their_partial_index(mana, indeks):
    assert indeks in mana(Notifikasi.objects.all()).explain()


# --- The picture --------------------------------------------------------------------------------


@pytest.fixture
def docs(settings, tmp_path: Path) -> Path:
    """A copy of the documents, which the command writes."""
    asli = Path(settings.BASE_DIR) / "docs"
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    for nama in ("alur.md", "keamanan.md", "pesan.md"):
        (tmp_path / "docs" / nama).write_text((asli / nama).read_text(encoding="utf-8"))
    return tmp_path / "docs" / "pesan.md"


def test_picture_is_written_anew_and_the_words_around_it_stay(docs):
    utuh = docs.read_text()
    assert "Twilio has no\nidempotency key" in utuh
    assert all(f"| {nama} | " in utuh for nama in NAMA)
    lain = utuh.replace("# The life", "# About the life")
    docs.write_text(lain.replace("SAMPAI --> DIBACA: dibaca", ""))

    with pytest.raises(CommandError, match=r"docs/pesan\.md"):
        call_command("diagram_alur", "--periksa")
    call_command("diagram_alur", "--tulis")
    call_command("diagram_alur", "--periksa")

    assert docs.read_text() == lain != utuh


def test_document_that_lost_its_marks_is_not_overwritten(docs):
    docs.write_text(docs.read_text().replace("<!-- end: generated -->\n", ""))
    rusak = docs.read_text()

    with pytest.raises(CommandError, match="end: generated"):
        call_command("diagram_alur", "--tulis")

    assert docs.read_text() == rusak


# --- One writer ---------------------------------------------------------------------------------

AKAR = Path(settings.BASE_DIR)
# Nobody else may import layanan (import-linter), so nobody else has a Notifikasi in hand.
PRODUKSI = sorted(
    berkas
    for ruang in ("bugbug", "layanan")
    for berkas in (AKAR / ruang).rglob("*.py")
    if "migrations" not in berkas.parts
)
MENULIS = {"update", "create", "get_or_create", "update_or_create", "bulk_update", "save"}
DENGAN_BARIS = {"geser", "lepas"}  # of penduduk.antrean: write the row that is their first argument
MODEL = {m.__name__ for m in apps.get_models()}
# By which names other models lead to a message: notifikasi, balasan.
JALAN = {f.remote_field.get_accessor_name() for f in Notifikasi._meta.fields if f.is_relation}
JALAN |= {r.field.name for r in Notifikasi._meta.related_objects}


def _menyebut(pohon: ast.AST) -> bool:
    """Whether the word stands there as a string: a key of columns, the name of an attribute."""
    return any(isinstance(n, ast.Constant) and n.value == "keadaan" for n in ast.walk(pohon))


class _Modul:
    """One file: where it writes a column `keadaan`, and of which model, as far as can be told."""

    def __init__(self, sumber: str) -> None:
        pohon = ast.parse(sumber)
        self.fungsi = [n for n in ast.walk(pohon) if isinstance(n, ast.FunctionDef)]
        self.menyebut = _menyebut(pohon)

    def penulis(self) -> Iterator[tuple[int, str]]:
        """(line, model) of each writing; the model is "" when it cannot be told."""
        for fungsi in self.fungsi:
            for simpul in ast.walk(fungsi):
                if milik := self._ditulis(simpul):
                    yield simpul.lineno, self._model(milik, fungsi)

    def _ditulis(self, simpul: ast.AST) -> ast.expr | None:
        """Whose `keadaan` this node writes, or may write."""
        if isinstance(simpul, ast.Attribute) and isinstance(simpul.ctx, ast.Store):
            return simpul.value if simpul.attr == "keadaan" else None
        if not isinstance(simpul, ast.Call):
            return None
        kunci = {k.arg for k in simpul.keywords}
        tertulis = "keadaan" in kunci or _menyebut(simpul) or (self.menyebut and None in kunci)
        if isinstance(simpul.func, ast.Attribute) and simpul.func.attr in MENULIS:
            return simpul.func.value if tertulis else None
        if isinstance(simpul.func, ast.Attribute) and simpul.func.attr in DENGAN_BARIS:
            return simpul.args[0] if tertulis else None
        if isinstance(simpul.func, ast.Name) and simpul.func.id in MODEL:
            return simpul.func if tertulis else None
        if isinstance(simpul.func, ast.Name) and simpul.func.id == "setattr":
            return simpul.args[0] if self.menyebut else None
        return None

    def _model(self, milik: ast.AST, fungsi: ast.FunctionDef, lewat: tuple[str, ...] = ()) -> str:
        """The model of the rows that an expression stands for. `lewat`: names on the way to it."""
        while not isinstance(milik, ast.Name):
            if isinstance(milik, ast.Call) and ast.unparse(milik.func) == "antrean.milik":
                milik = milik.args[0]
                continue
            if isinstance(milik, ast.Attribute) and milik.attr in JALAN:
                return "Notifikasi"
            if not isinstance(milik, ast.Attribute | ast.Call | ast.Subscript):
                return ""
            milik = milik.func if isinstance(milik, ast.Call) else milik.value
        if milik.id in MODEL:
            return milik.id
        for lain in self.fungsi:
            if lain.name == milik.id and lain.returns:
                return self._tipe(lain.returns)
        for arg in (*fungsi.args.args, *fungsi.args.kwonlyargs):
            if arg.arg == milik.id and arg.annotation:
                return self._tipe(arg.annotation)
        for simpul in ast.walk(fungsi):
            if isinstance(simpul, ast.Assign | ast.For):
                sasaran = simpul.targets[0] if isinstance(simpul, ast.Assign) else simpul.target
                asal = simpul.value if isinstance(simpul, ast.Assign) else simpul.iter
                nama = sasaran.id if isinstance(sasaran, ast.Name) else ""
                if nama == milik.id and nama not in lewat:
                    return self._model(asal, fungsi, (*lewat, nama))
        return ""

    def _tipe(self, anotasi: ast.expr) -> str:
        return next((t for t in re.findall(r"\w+", ast.unparse(anotasi)) if t in MODEL), "")


@pytest.mark.parametrize(
    ("sumber", "model"),
    [
        ("Notifikasi.objects.filter(pk=1).update(keadaan='GAGAL')", "Notifikasi"),
        ("Notifikasi.objects.create(keadaan='GAGAL')", "Notifikasi"),
        ("Notifikasi(keadaan='GAGAL')", "Notifikasi"),
        ("baris.keadaan = 'GAGAL'", "Notifikasi"),
        ("setattr(baris, 'keadaan', 'GAGAL')", "Notifikasi"),
        ("baris.save(update_fields=['keadaan'])", "Notifikasi"),
        ("Notifikasi.objects.bulk_update(semua, ['keadaan'])", "Notifikasi"),
        ("isi = {'keadaan': 'GAGAL'}\n    Notifikasi.objects.update(**isi)", "Notifikasi"),
        ("kolom = _gagal()\n    Notifikasi.objects.update(**kolom)", "Notifikasi"),
        ("Notifikasi.objects.update_or_create(defaults={'keadaan': 'X'})", "Notifikasi"),
        ("sama = Notifikasi.objects.all()\n    sama.update(keadaan='X')", "Notifikasi"),
        ("for satu in Notifikasi.objects.all():\n        satu.keadaan = 'X'", "Notifikasi"),
        ("permintaan.notifikasi.update(keadaan='GAGAL')", "Notifikasi"),
        ("masuk.balasan.keadaan = 'GAGAL'", "Notifikasi"),
        ("antrean.milik(baris).update(keadaan='GAGAL')", "Notifikasi"),
        ("antrean.geser(baris, nanti, keadaan='GAGAL')", "Notifikasi"),
        ("entah().update(keadaan='GAGAL')", ""),
        ("PermintaanPIN.objects.update(keadaan='DITOLAK')", "PermintaanPIN"),
        ("permintaan.keadaan = 'DITOLAK'", "PermintaanPIN"),
    ],
)
def test_any_way_of_writing_a_state_is_seen(sumber, model):
    awal = "def _gagal():\n    return {'keadaan': 'GAGAL'}\n\n\n"
    kepala = "def f(baris: Notifikasi, permintaan: PermintaanPIN, masuk, semua):"

    modul = _Modul(f"{awal}{kepala}\n    {sumber}\n")

    assert [m for _, m in modul.penulis()] == [model]


def test_reading_a_state_is_no_writing():
    baca = "def f(b: Notifikasi):\n    return b.keadaan, Notifikasi.objects.filter(keadaan='X')\n"

    assert list(_Modul(baca).penulis()) == []


def test_nobody_else_writes_the_state_of_a_message():
    """Innocent is only what is seen to write the rows of another model."""
    ditemukan = {
        (str(berkas.relative_to(AKAR)), model)
        for berkas in PRODUKSI
        for _, model in _Modul(berkas.read_text(encoding="utf-8")).penulis()
    }

    tersangka = {(berkas, m) for berkas, m in ditemukan if m in ("Notifikasi", "")}
    assert tersangka == {("layanan/kotak_keluar/keadaan.py", "Notifikasi")}
    assert {m for _, m in ditemukan} >= {"Berkas", "PermintaanPIN", "PesanMasuk", "TemplatWA"}
