"""`memuat`, and what keeps its index: the same answers on both databases, however it is typed."""

import pytest
from django.db import connection, models

from penduduk.models import Akun, Keluarga, Penduduk
from penduduk.models.cari import PALING_BANYAK, IndeksCari, jumlah, saring
from tests import factories

pytestmark = pytest.mark.django_db

ALAMAT = {
    "jalan": "Jalan Raya No. 12/A",
    "kutip": 'Gang "Melati" O\'Neil',
    "tanda": "Blok 100% a_b \\ *",
    "pendek": "Br. Nyuh",
}


def ditemukan(teks: str) -> set[str]:
    semua = Keluarga.objects.filter(alamat__memuat=teks).values_list("alamat", flat=True)
    return {nama for nama, alamat in ALAMAT.items() if alamat in set(semua)}


@pytest.mark.parametrize(
    ("teks", "ada"),
    [
        ("raya", "jalan"),
        ("RAYA no", "jalan"),
        ("aya", "jalan"),
        ("  jalan   raya ", "jalan"),
        ("12/a", "jalan"),
        ("/a", ""),  # too short for the middle, and no word begins so
        ("12", "jalan"),
        ("2", ""),
        ("r", "jalan"),
        ("ra", "jalan"),
        ("ya", ""),
        ("ny", "pendek"),
        ('"melati"', "kutip"),
        ("o'neil", "kutip"),
        ('"', ""),
        ("100%", "tanda"),
        ("0% a", "tanda"),
        ("a_b", "tanda"),
        ("axb", ""),
        ("a_b \\ *", "tanda"),
        ("a*b", ""),
        ("%%%", ""),
        ("jalan OR blok", ""),
        ("alamat : raya", ""),
        ("raya*", ""),
        ("NEAR(jalan raya)", ""),
        ("tidak ada", ""),
    ],
)
def test_what_is_typed_finds_the_same_on_both_databases(teks, ada):
    for alamat in ALAMAT.values():
        factories.buat_keluarga(alamat=alamat)

    assert ditemukan(teks) == set(ada.split())


def test_index_follows_whatever_is_written():
    satu, dua, tiga = (factories.buat_penduduk(nama=nama) for nama in ("Arjuna", "Bima", "Nakula"))

    def ada(teks: str) -> set[int]:
        return set(Penduduk.objects.filter(nama_cari__memuat=teks).values_list("pk", flat=True))

    Penduduk.objects.filter(pk=satu.pk).update(nama_cari="sahadewa")
    Penduduk.objects.bulk_update([Penduduk(pk=dua.pk, nik=None, nama_cari="yudistira")], ["nik"])
    Penduduk.objects.filter(pk=tiga.pk).delete()
    Penduduk.objects.bulk_create([Penduduk(nama="Arjuna Kedua"), Penduduk(nama="Drupadi")])

    assert [len(ada(t)) for t in ("arjuna", "drupadi", "nakula")] == [1, 1, 0]
    assert ada("sahadewa") == {satu.pk}
    assert ada("bima") == {dua.pk}
    assert not Penduduk.objects.filter(nik__memuat="5107", pk=dua.pk).exists()


@pytest.mark.parametrize(
    ("teks", "ada"),
    [
        ("0812-3456-7890", True),
        ("+62 812 3456 7890", True),
        ("62 812 3456 7890", True),
        ("WA: 081234567890", True),
        ("8123456", True),
        ("08123", True),
        ("7890", True),
        ("456 789", True),
        ("0812", False),  # less than four digits that tell numbers apart
        ("890", False),
        ("0812 3456 7891", False),
    ],
)
def test_resident_is_found_by_phone_in_any_way_of_writing(teks, ada):
    orang = factories.buat_penduduk(nama="Ni Luh Ponsel", nik=None)
    Akun.objects.create(penduduk=orang, nomor_hp="+6281234567890")
    factories.buat_penduduk(nama="I Made Lain", nik=None)

    assert list(Penduduk.objects.cari(teks)) == ([orang] if ada else [])


def test_of_too_many_the_first_ones_are_listed(monkeypatch):
    monkeypatch.setattr("penduduk.models.cari.PALING_BANYAK", 2)
    semua = [factories.buat_penduduk(nama=f"Contoh {huruf}", nik=None) for huruf in "dcbae"]
    cara = [models.Q(nama_cari__memuat=teks) for teks in ("contoh", "cont", "zzz")]

    ketemu = saring(Penduduk.objects.order_by("nama"), cara)

    assert [orang.nama[-1] for orang in ketemu] == ["a", "b", "c"]
    assert saring(Penduduk.objects.order_by("nama"), cara[:1]).count() == 3
    assert (str(jumlah(ketemu)), jumlah(ketemu)) == ("lebih dari 2", 2)
    assert jumlah(Penduduk.objects.filter(pk__in=[satu.pk for satu in semua[:2]])) == 2
    assert PALING_BANYAK == 1000


def test_index_survives_a_table_that_is_made_anew_and_can_be_taken_away(transactional_db):
    """SQLite changes a column by copying the table; its triggers go with the former one."""
    orang = factories.buat_penduduk(nama="Arjuna", nik=None)
    kolom = Penduduk._meta.get_field("tempat_lahir")
    lain = models.CharField(max_length=101, blank=True)
    lain.set_attributes_from_name("tempat_lahir")
    indeks = next(i for i in Penduduk._meta.indexes if isinstance(i, IndeksCari))
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(Penduduk, kolom, lain)
        Penduduk.objects.filter(pk=orang.pk).update(nama_cari="sahadewa")
        ketemu = [Penduduk.objects.filter(nama_cari__memuat=t).count() for t in ("arjuna", "sahad")]
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Penduduk, lain, kolom)
    with connection.schema_editor() as editor:
        editor.remove_index(Penduduk, indeks)
    Penduduk.objects.filter(pk=orang.pk).update(nama_cari="yudistira")
    with connection.schema_editor() as editor:
        editor.add_index(Penduduk, indeks)

    assert ketemu == [0, 1]
    assert Penduduk.objects.filter(nama_cari__memuat="yudis").count() == 1
