"""Who speaks and who signs: true for every mandate and every type, old letters included."""

from datetime import date

import pytest

from surat.jenis import bawaan
from surat.kertas import kertas, pdf
from surat.models import Mandat, Pejabat
from surat.peraga import surat as peraga
from surat.peraga.surat import Ukuran
from tests.surat.kertas.naskah import CAMAT, KELIAN, data

PADA = date(2026, 11, 23)
KODE = [d["kode"] for d in bawaan.baca()]
BUKA = "Yang bertanda tangan di bawah ini, "
KEDUDUKAN = {
    "DEFINITIF": ("Perbekel", "Perbekel Bugbug,"),
    "PLT": ("Sekretaris Desa", "Plt. Perbekel Bugbug,"),
    "PLH": ("Sekretaris Desa", "Plh. Perbekel Bugbug,"),
    "AN": ("Sekretaris Desa", "Sekretaris Desa, atas nama Perbekel Bugbug,"),
    "UB": (
        "Kasi Pelayanan",
        "Kasi Pelayanan, untuk beliau Sekretaris Desa, atas nama Perbekel Bugbug,",
    ),
}


def susun(jenis, ukuran=Ukuran.WAJAR, sebagai="DEFINITIF", **jawaban):
    pejabat = Pejabat(pk=-1, nama="I Pejabat Contoh", jabatan=KEDUDUKAN[sebagai][0])
    mandat = Mandat(pk=-1, pejabat=pejabat, sebagai=sebagai)
    bahan = peraga.bahan(jenis, ukuran=ukuran, tanggal=PADA, mandat=mandat)
    bahan.jawaban.update(jawaban)
    return peraga.surat_peraga(bahan, tanda_air="")


@pytest.mark.django_db
@pytest.mark.parametrize("kode", KODE)
def test_opening_is_true_for_every_mandate(semua_jenis, kode):
    for sebagai, (_, kedudukan) in KEDUDUKAN.items():
        isi = susun(semua_jenis[kode], sebagai=sebagai)

        if isi["naskah"] == "pernyataan":  # the village says nothing there, it only knows
            assert "Perbekel" not in isi["pembuka"]
        else:
            assert isi["pembuka"].startswith(BUKA + kedudukan)
        assert "{{" not in isi["pembuka"]


@pytest.mark.django_db
def test_parties_sign_by_their_own_names(semua_jenis):
    kuasa = susun(semua_jenis["kuasa"])
    jual = susun(semua_jenis["jual_beli"])

    pemberi, penerima = kuasa["penanda"]
    assert (pemberi["label"], pemberi["nama"]) == ("Pemberi kuasa", ["I Wayan Contoh"])
    assert (pemberi["meterai"], penerima["meterai"]) == (True, False)
    assert (penerima["label"], penerima["nama"]) == ("Penerima kuasa", ["I Gede Contoh"])
    assert [(p["label"], len(p["nama"])) for p in jual["penanda"]] == [
        ("Penjual", 1),
        ("Pembeli", 1),
        ("Saksi-saksi", 2),
    ]


AHLI = {"nik": "", "hubungan": "anak", "lahir": "", "alamat": ""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ahli", "wali", "nama"),
    [
        ([("I Made", 40)], "", ["I Made"]),
        ([("I Made", 40), ("Ni Luh", None)], "", ["I Made", "Ni Luh"]),
        ([("I Made", 18), ("Ni Luh", 17)], "I Gede", ["I Made", "I Gede, selaku wali dari Ni Luh"]),
        (
            [("Ni Wayan", 40), ("A", 3), ("B", 5), ("C", 9)],
            "Ni Wayan",
            ["Ni Wayan, untuk diri sendiri dan selaku wali dari A, B, dan C"],
        ),
        ([("A", 3)], "", ["………………………………, selaku wali dari A"]),
    ],
)
def test_whoever_is_under_18_does_not_sign_the_guardian_does(semua_jenis, ahli, wali, nama):
    baris = [AHLI | {"nama": n, "umur": u} for n, u in ahli]

    isi = susun(semua_jenis["ahli_waris"], ahli_waris=baris, wali={"nama": wali})

    pertama, *lain = isi["penanda"]
    assert pertama["nama"] == nama
    seorang = len(ahli) == 1
    assert pertama["label"] == ("Ahli waris" if seorang else "Para ahli waris")
    assert isi["pembuka"].startswith("Saya" if seorang else "Kami")
    assert ("kami" in str(isi["isi"]) + isi["penutup"]) is not seorang
    assert [p["tempat"] for p in lain] == ["daftar", "mengetahui", "bawah"]
    assert (lain[-1]["label"], lain[-1]["nomor"]) == ("Camat Karangasem", True)
    html = pdf.html(isi)
    assert "Nomor: ………" in html and "Tanggal: ………" in html


def test_letters_from_before_have_the_same_signers_as_ever():
    lama = data(
        naskah="pernyataan",
        menyatakan={"orang": ["Ni Made", "I Putu"], "meterai": True},
        pemegang="Ni Luh",
        saksi=["I Saksi", ""],
        mengetahui=[KELIAN, CAMAT],
    )

    konteks = kertas.konteks(lama)

    (ramai,) = konteks["ramai"]
    assert (ramai["label"], ramai["nama"]) == ("Yang membuat pernyataan", ["Ni Made", "I Putu"])
    assert [p["nama"] for p in konteks["kiri"]] == [["Ni Luh"]]
    assert [p["nama"] for p in konteks["daftar"]] == [["I Saksi", ""]]
    assert [(p["label"], p["nama"]) for p in konteks["mengetahui"] + konteks["bawah"]] == [
        ("Kelian Banjar Dinas Satu", ["I Ketut Kelian"]),
        ("Camat Contoh", [""]),
    ]
