"""The engine by itself: what is not known, who may be told, and the edges of ranges."""

from datetime import date
from typing import Any

import pytest

from penduduk.models import Banjar, Keluarga, Penduduk
from surat.isian import aturan, macam
from surat.isian.macam import Kasus
from surat.models import Aturan, JenisSurat, Pertanyaan

HARI = date(2026, 11, 23)
KK = Keluarga(pk=1, no_kk="5107040101909901", alamat="Jalan 1", banjar=Banjar(pk=1, nama="Satu"))
SAYA = Penduduk(pk=1, nama="I Wayan Contoh", nik="1", keluarga=KK)
BIDANG = {
    "anak": Pertanyaan(kunci="anak", label="Anak", tipe="penduduk_atau_teks"),
    "ibu": Pertanyaan(kunci="ibu", label="Ibu", tipe="penduduk_atau_teks"),
    "waris": Pertanyaan(kunci="waris", label="Ahli waris", tipe="tabel_orang"),
    "hub": Pertanyaan(kunci="hub", label="Hubungan", tipe="pilihan"),
    "hari": Pertanyaan(kunci="hari", label="Hari", tipe="tanggal"),
    "berapa": Pertanyaan(kunci="berapa", label="Berapa", tipe="desimal"),
    "tahun": Pertanyaan(kunci="tahun", label="Tahun", tipe="tahun"),
}
SEMUA = {
    **dict.fromkeys(("status_perkawinan", "agama", "pekerjaan", "banjar"), ("anak", "Kawin")),
    **dict.fromkeys(("kewarganegaraan", "status_dasar", "shdk"), ("anak", "Hidup")),
    **dict.fromkeys(("jenis_kelamin", "lain", "satu_kk", "kerabat"), ("anak", "pemohon")),
    **{"suami_istri": ("anak", "ibu"), "umur": ("anak", "17.."), "hubungan": ("hub", "anak")},
    **{"lebih_tua": ("ibu", "anak 12.."), "angka": ("berapa", "1..5")},
    **{"tanggal": ("hari", "kini.."), "identitas": ("anak", "nik"), "isian": ("hub", "kosong")},
    **{"anggota_kk": ("anak", "semua"), "wali": ("anak", "ibu")},
}


def kasus(jawaban: dict[str, Any] | None = None, **lain: Any) -> Kasus:
    isi = {"pemohon": SAYA, "penduduk": {}, "register": {}} | lain
    return Kasus(JenisSurat(), BIDANG, jawaban or {}, HARI, **isi)


def periksa(apa: str, siapa: str, nilai: str, satu: Kasus, **lain: str) -> list[aturan.Temuan]:
    return aturan.periksa(satu, [Aturan(macam=apa, siapa=siapa, nilai=nilai, **lain)])


def orang(pk: int = 2, **lain: Any) -> Penduduk:
    return Penduduk(**{"pk": pk, "nama": "Ni Luh Contoh", "keluarga": KK} | lain)


def ketik(**lain: str) -> dict[str, str]:
    return {"nama": "Ni Luh Contoh"} | lain


def test_every_kind_has_its_words_and_its_function():
    assert set(SEMUA) == set(macam.KATA["macam"]) == set(macam.FUNGSI)


@pytest.mark.parametrize("apa", SEMUA)
@pytest.mark.parametrize(
    "jawaban",
    [{}, {"anak": {}, "ibu": None}, {"anak": {"pk": 99}, "hari": "", "berapa": ""}],
    ids=["nothing", "empty", "nobody any more"],
)
def test_what_is_not_answered_contradicts_nothing(apa, jawaban):
    assert periksa(apa, *SEMUA[apa], kasus(jawaban)) == []


@pytest.mark.parametrize("apa", sorted(set(SEMUA) - {"identitas"}))
def test_people_of_whom_only_a_name_is_known_contradict_nothing(apa):
    jawaban = {"anak": ketik(), "ibu": ketik(nama="Ni Made")}

    assert periksa(apa, *SEMUA[apa], kasus(jawaban)) == []


def test_missing_identity_is_the_exception():
    (satu,) = periksa("identitas", "anak", "nik|alamat", kasus({"anak": ketik()}))

    assert satu.teks == "Anak: Identitas Ni Luh Contoh belum lengkap: NIK, alamat."
    assert not satu.melawan_data


@pytest.mark.parametrize(
    ("nilai", "tahun", "kena"),
    [("17..", 17, False), ("17..", 16, True), ("..20", 20, False), ("..20", 21, True)],
)
def test_age_is_in_whole_years_of_the_day(nilai, tahun, kena):
    lahir = date(HARI.year - tahun, HARI.month, HARI.day)
    satu = kasus({"anak": {"pk": 2}}, penduduk={2: orang(tanggal_lahir=lahir)})

    assert bool(periksa("umur", "anak", nilai, satu)) is kena


def test_age_can_be_that_of_another_day():
    lahir = date(2008, 6, 1)
    satu = kasus(
        {"anak": {"pk": 2}, "hari": "2027-06-01"}, penduduk={2: orang(tanggal_lahir=lahir)}
    )

    assert periksa("umur", "anak", "19..", satu)
    assert periksa("umur", "anak", "19.. pada hari", satu) == []


@pytest.mark.parametrize(
    ("nilai", "hari", "kena"),
    [
        ("kini..", "2026-11-23", False),
        ("kini..", "2026-11-22", True),
        ("..kini", "2026-11-24", True),
        ("kini-1tahun..kini+30hari", "2025-11-23", False),
        ("kini-1tahun..kini+30hari", "2025-11-22", True),
        ("kini-1tahun..kini+30hari", "2026-12-23", False),
        ("kini-1tahun..kini+30hari", "2026-12-24", True),
        ("pemohon+17tahun..", "2021-02-27", True),
        ("pemohon+17tahun..", "2021-02-28", False),  # born on 29 February
    ],
)
def test_edges_of_a_range_of_days_are_inside(nilai, hari, kena):
    saya = orang(1, tanggal_lahir=date(2004, 2, 29))

    assert bool(periksa("tanggal", "hari", nilai, kasus({"hari": hari}, pemohon=saya))) is kena


@pytest.mark.parametrize(
    ("apa", "nilai", "jawab", "kena"),
    [
        ("berapa", "0,3..7", "0.3", False),
        ("berapa", "0,3..7", "0.29", True),
        ("berapa", "0,3..7", "7.01", True),
        ("tahun", "1950..kini", 2026, False),
        ("tahun", "1950..kini", 2027, True),
        ("tahun", "..kini+1", 2027, False),
    ],
)
def test_edges_of_a_range_of_numbers_are_inside(apa, nilai, jawab, kena):
    assert bool(periksa("angka", apa, nilai, kasus({apa: jawab}))) is kena


def test_typed_words_count_only_where_they_are_those_of_the_register():
    tani, nelayan = (
        periksa("pekerjaan", "anak", "Guru", kasus({"anak": ketik(pekerjaan=kerja)}))
        for kerja in ("bertani di sawah", "nelayan/perikanan")
    )

    assert tani == []
    assert nelayan[0].kalimat == "Menurut isian pekerjaan Ni Luh Contoh: Nelayan/Perikanan."
    assert nelayan[0].bagi_warga and not nelayan[0].melawan_data


def test_only_ones_own_data_and_what_one_typed_are_told_to_the_applicant():
    status = {"status_perkawinan": 2}
    lain = kasus({"anak": {"pk": 2}}, penduduk={2: orang(**status)})
    diri = kasus({"anak": {"pk": 1}}, pemohon=orang(1, **status), penduduk={1: orang(1, **status)})
    nik = kasus({"anak": ketik(nik="7")}, register={"7": orang(7, **status)})

    boleh = [
        periksa("status_perkawinan", "anak", "Belum Kawin", satu)[0].bagi_warga
        for satu in (lain, diri, nik)
    ]

    assert boleh == [False, True, False]


def test_a_nik_that_was_typed_is_nobody_without_the_register_of_the_office():
    satu = kasus({"anak": ketik(nik="7")})

    assert periksa("status_dasar", "anak", "bukan Mati", satu) == []


def test_kin_are_of_one_card_or_have_names_of_parents_in_common():
    lain = Keluarga(pk=2)
    ayah, ibu = (
        {"nama_ayah": "I Ketut", "nama_ibu": "Ni Ketut"},
        {"nama_ayah": "A", "nama_ibu": "B"},
    )

    def kerabat(**kolom: Any) -> bool:
        ada = {2: orang(**kolom)}
        satu = kasus({"anak": {"pk": 2}}, pemohon=orang(1, nama="I Wayan", **ayah), penduduk=ada)
        return not periksa("kerabat", "anak", "pemohon", satu)

    assert kerabat(**ibu)  # one card
    assert kerabat(keluarga=lain, **ayah)  # brothers and sisters
    assert kerabat(keluarga=lain, nama_ayah="I WAYAN", nama_ibu="B")  # a child
    assert kerabat(keluarga=lain)  # nothing known
    assert not kerabat(keluarga=lain, **ibu)


def test_rule_of_a_later_release_is_passed_over():
    assert periksa("warna_rambut", "anak", "hitam", kasus({"anak": ketik()})) == []


def test_rule_with_a_condition_waits_for_its_answer():
    bila = {"bila_kunci": "hub", "bila_nilai": "Anak|Cucu"}
    jawaban = {"anak": ketik(tanggal_lahir="2020-01-01")}

    kena = [
        bool(periksa("umur", "anak", "17..", kasus(jawaban | {"hub": hub}), **bila))
        for hub in ("", "Ibu", "Cucu")
    ]

    assert kena == [False, False, True]


def test_own_sentence_of_a_rule_is_filled_in():
    kalimat = "{siapa}: {nama} baru {kini}, mestinya {harus}."
    satu = kasus({"anak": ketik(tanggal_lahir="2020-01-01")})

    (t,) = periksa("umur", "anak", "17..", satu, kalimat=kalimat)

    assert t.teks == "Anak: Ni Luh Contoh baru 6, mestinya paling sedikit 17."


@pytest.mark.parametrize(
    ("kelian", "surat", "kata"),
    [
        ("WAJIB", None, []),
        ("WAJIB", ("12", HARI), []),
        ("WAJIB", ("", None), ["nomor dan tanggal belum diisi"]),
        ("WAJIB", ("12", None), ["tanggal belum diisi"]),
        ("DISARANKAN", ("", None), []),
        ("TIDAK", ("", date(2099, 1, 1)), ["belum terjadi"]),
    ],
)
def test_covering_letter_is_wanted_where_the_type_says_so(kelian, surat, kata):
    satu = Kasus(JenisSurat(pengantar_kelian=kelian), {}, {}, HARI, pengantar=surat)

    temuan = aturan.periksa(satu, [])

    assert [k in t.kalimat for k, t in zip(kata, temuan, strict=True)] == [True] * len(kata)


@pytest.mark.parametrize(
    ("apa", "siapa", "nilai"),
    [
        ("umur", "anak", "20..17"),
        ("lebih_tua", "ibu", "anak 60..12"),
        ("angka", "berapa", "7..0,3"),
        ("angka", "tahun", "kini..kini-1"),
        ("tanggal", "hari", "kini+1tahun..kini+30hari"),
        ("tanggal", "hari", "kini..kini-30hari"),
    ],
)
def test_range_that_ends_before_it_begins_is_no_rule(apa, siapa, nilai):
    a = Aturan(macam=apa, siapa=siapa, nilai=nilai)
    depan, dua = nilai.split("..")
    kunci, _, satu = depan.rpartition(" ")
    benar = Aturan(macam=apa, siapa=siapa, nilai=f"{kunci} {dua}..{satu}".strip())

    assert "terbalik" in aturan.salah(a, BIDANG)
    assert aturan.salah(benar, BIDANG) == ""


@pytest.mark.django_db
def test_banjar_of_a_rule_is_one_of_the_village_with_or_without_its_title():
    Banjar.objects.create(nama="Banjar Dinas Bugbug Kaler")
    KK.banjar.nama = "Banjar Dinas Bugbug Kaler"

    def kena(nilai: str) -> bool:
        return bool(periksa("banjar", "pemohon", nilai, kasus(pemohon=orang(1))))

    def salah(nilai: str) -> str:
        return aturan.salah(Aturan(macam="banjar", siapa="pemohon", nilai=nilai), BIDANG)

    for nama in ("Bugbug Kaler", "Banjar Dinas Bugbug Kaler", "Banjar Bugbug Kaler"):
        assert (salah(nama), kena(nama), kena(f"bukan {nama}")) == ("", False, True)
    assert "tidak dapat dipakai" in salah("Bugbug Kaler|Samuh")
    KK.banjar.nama = "Satu"
