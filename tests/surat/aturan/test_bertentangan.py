"""Letters that contradict the register or themselves: each is found, and none goes out silently."""

import pytest

from surat.jenis import bawaan
from tests.surat.aturan import perkara
from tests.surat.aturan.perkara import Baris

TABEL = perkara.semua()
KODE = [d["kode"] for d in bawaan.baca()]


def test_table_is_about_every_type():
    assert len(TABEL) >= 150
    assert {b.kode for b in TABEL} == set(KODE)


@pytest.mark.django_db
@pytest.mark.parametrize("baris", TABEL, ids=str)
def test_contradiction_is_found(semua_jenis, baris: Baris):
    satu = perkara.ubah(perkara.bahan(semua_jenis[baris.kode]), baris)

    temuan = perkara.temuan(satu, baris.register)

    assert [t for t in temuan if t.kekuatan == baris.kuat and baris.kata in t.kalimat], temuan
    kuat = ["TOLAK", "BERTENTANGAN", "PERHATIKAN"]
    assert [t.kekuatan for t in temuan] == sorted((t.kekuatan for t in temuan), key=kuat.index)
    for t in temuan:  # every sentence is one: whole, and without a hole
        assert t.kalimat[0].isupper() or t.kalimat[0] == "“"
        assert t.kalimat.endswith(".") and "{" not in str(t) and "  " not in str(t)


@pytest.mark.django_db
def test_reporter_who_is_the_dead_is_told_once(semua_jenis):
    satu = perkara.bahan(semua_jenis["kematian"])
    satu.jawaban["pelapor"] = {"pk": -5}

    (tolak,) = [t for t in perkara.temuan(satu) if t.kekuatan == "TOLAK"]

    assert tolak.kalimat.startswith("Ini orang di “")


@pytest.mark.django_db
@pytest.mark.parametrize("kode", KODE)
def test_every_rule_of_every_type_is_in_the_table(semua_jenis, kode):
    """A rule that no row breaks might never be broken: a key of the wrong question, say."""
    terpakai = set()
    for baris in (b for b in TABEL if b.kode == kode):
        satu = perkara.ubah(perkara.bahan(semua_jenis[kode]), baris)
        kasus = perkara.kasus(satu, baris.register)
        terpakai |= {a.pk for a in semua_jenis[kode].aturan.all() if perkara.kena(kasus, a)}

    sisa = [str(a) for a in semua_jenis[kode].aturan.all() if a.pk not in terpakai]
    # The same rule for another person of the same letter, or for another answer.
    assert len(sisa) <= semua_jenis[kode].aturan.count() // 2, sisa
