"""The fictitious material: accepted by every form, costs no people, fills the whole paper."""

import re
from datetime import date

import pytest
from django.http import QueryDict

from penduduk.identitas import nik
from penduduk.models import Penduduk
from surat.isian import formulir, jawaban
from surat.jenis import bawaan
from surat.models import JenisSurat, Mandat, Pejabat, Pertanyaan, Surat, TataNaskah, Templat
from surat.naskah import gaya, susunan
from surat.peraga import surat
from surat.peraga.surat import Ukuran
from surat.terbit import kode_cek, penerbitan
from tests.surat.isian.kiriman import sebagai_kiriman

KODE = [d["kode"] for d in bawaan.baca()]
PADA = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


def kirim(jenis: JenisSurat, bahan: susunan.Bahan) -> formulir.PertanyaanForm:
    """The material's answers, posted through the form of the type."""
    kiriman = QueryDict(mutable=True)
    for kunci, nilai in sebagai_kiriman(jenis, bahan.jawaban).items():
        kiriman.setlist(kunci, nilai if isinstance(nilai, list) else [nilai])
    return formulir.buat_form(jenis, keluarga=bahan.penduduk.values(), hari_ini=PADA)(kiriman)


def jenis_uji(*bidang: Pertanyaan) -> JenisSurat:
    """A type of the village's own making."""
    jenis = JenisSurat.objects.create(
        kode="uji", nama="Uji", judul="UJI", tujuan="uji", klasifikasi="1"
    )
    for n, satu in enumerate(bidang, start=1):
        satu.jenis, satu.urutan, satu.label = jenis, n, satu.label or satu.kunci
        satu.save()
    Templat.objects.create(jenis=jenis, versi=1, isi="Isi.")
    return jenis


# --- Answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ukuran", Ukuran)
@pytest.mark.parametrize("kode", KODE)
def test_form_accepts_the_answers_and_stores_them_unchanged(semua_jenis, kode, ukuran):
    jenis = semua_jenis[kode]
    bahan = surat.bahan(jenis, ukuran=ukuran, tanggal=PADA)

    form = kirim(jenis, bahan)

    assert form.errors == {}
    bersih = formulir.ke_json(form.cleaned_data)
    assert {k: v for k, v in bersih.items() if not jawaban.kosong(v)} == bahan.jawaban


@pytest.mark.parametrize("kode", KODE)
def test_sizes_answer_what_is_required_or_everything(semua_jenis, kode):
    jenis = semua_jenis[kode]
    bidang = jenis.pertanyaan.all()
    sedikit, wajar, banyak = (surat.bahan(jenis, ukuran=u, tanggal=PADA).jawaban for u in Ukuran)

    assert formulir.belum_dijawab(jenis, sedikit) == []
    assert {b.kunci for b in bidang if b.kunci in sedikit and not b.wajib} == set()
    for semua in (wajar, banyak):
        assert [b.kunci for b in bidang if jawaban.berlaku(b, semua)] == list(semua)


def test_longest_answers_are_as_long_as_the_fields_allow():
    jenis = jenis_uji(
        Pertanyaan(kunci="teks", tipe="teks"),
        Pertanyaan(kunci="panjang", tipe="teks_panjang"),
        Pertanyaan(kunci="alamat_rumah", tipe="alamat"),
        Pertanyaan(kunci="anak", tipe="nama"),
        Pertanyaan(kunci="saksi", tipe="penduduk_atau_teks"),
        Pertanyaan(kunci="anggota", tipe="daftar_anggota"),
        Pertanyaan(kunci="waris", tipe="tabel_orang"),
        Pertanyaan(kunci="beda", tipe="tabel_perbedaan"),
        Pertanyaan(kunci="susunan", tipe="pohon"),
        Pertanyaan(kunci="pilih", tipe="pilihan", pilihan=["a", "yang paling panjang", "bb"]),
    )

    bahan = surat.bahan(jenis, ukuran=Ukuran.TERPANJANG, tanggal=PADA)

    isi = bahan.jawaban
    assert [len(isi["teks"]), len(isi["panjang"]), len(isi["anak"])] == [200, 1000, 60]
    assert isi["alamat_rumah"].count("\n") == 3
    assert len(isi["saksi"]["nama"]) == 60
    assert [len(isi[k]) for k in ("anggota", "waris", "beda", "susunan")] == [10, 10, 10, 10]
    assert {b["tingkat"] for b in isi["susunan"]} == {1, 2, 3, 4, 5}
    assert isi["pilih"] == "yang paling panjang"
    assert {len(x.nama) for x in bahan.penduduk.values()} == {60}
    assert {len(x["nama"]) for x in isi["waris"]} == {60}
    assert len({x.nama for x in bahan.penduduk.values()}) == len(bahan.penduduk)


def test_choice_opens_as_many_questions_as_possible_and_in_the_emptiest_as_few():
    jenis = jenis_uji(
        Pertanyaan(kunci="sebab", tipe="pilihan", pilihan=["A", "B", "C panjang sekali"]),
        Pertanyaan(kunci="satu", tipe="teks", bila_kunci="sebab", bila_nilai="A|B"),
        Pertanyaan(kunci="dua", tipe="teks", bila_kunci="sebab", bila_nilai="B"),
    )

    sedikit, wajar, banyak = (surat.bahan(jenis, ukuran=u, tanggal=PADA).jawaban for u in Ukuran)

    assert list(sedikit) == ["sebab"]
    assert sedikit["sebab"] == "C panjang sekali"
    assert (wajar["sebab"], list(wajar)) == ("B", ["sebab", "satu", "dua"])
    assert (banyak["sebab"], list(banyak)) == ("B", ["sebab", "satu", "dua"])


def test_dates_keep_to_their_limits_and_their_order():
    jenis = jenis_uji(
        Pertanyaan(kunci="akhir", tipe="tanggal", tidak_sebelum="awal"),
        Pertanyaan(kunci="awal", tipe="tanggal", batas="MENDATANG"),
        Pertanyaan(kunci="lalu", tipe="tanggal", batas="LAMPAU"),
        Pertanyaan(kunci="mulai", tipe="tanggal_jam", batas="MENDATANG"),
        Pertanyaan(kunci="selesai", tipe="tanggal_jam", tidak_sebelum="mulai"),
    )

    for ukuran in Ukuran:
        isi = surat.bahan(jenis, ukuran=ukuran, tanggal=PADA).jawaban
        assert list(isi) == ["akhir", "awal", "lalu", "mulai", "selesai"]
        assert isi["lalu"] < PADA.isoformat() < isi["awal"] < isi["akhir"]
        assert PADA.isoformat() < isi["mulai"] < isi["selesai"]


def test_fields_that_wait_for_each_other_are_left_out():
    jenis = jenis_uji(
        Pertanyaan(kunci="a", tipe="pilihan", pilihan=["x"], bila_kunci="b", bila_nilai="x"),
        Pertanyaan(kunci="b", tipe="pilihan", pilihan=["x"], bila_kunci="a", bila_nilai="x"),
        Pertanyaan(kunci="c", tipe="teks"),
    )

    assert list(surat.bahan(jenis, ukuran=Ukuran.WAJAR, tanggal=PADA).jawaban) == ["c"]


@pytest.mark.parametrize(
    ("label", "bantuan", "kata"),
    [
        ("Negara tujuan", "Contoh: apa saja", "Jepang"),
        ("Warna", "Contoh: merah muda, biru", "merah muda"),
        ("Warna", "Tulis satu. Contoh: merah.", "merah"),
        ("Warna apa?", "Boleh kosong", "Warna apa contoh"),
    ],
)
def test_typical_words_come_from_the_label_or_its_help(label, bantuan, kata):
    jenis = jenis_uji(Pertanyaan(kunci="x", tipe="teks", label=label, bantuan=bantuan))

    assert surat.bahan(jenis, ukuran=Ukuran.WAJAR, tanggal=PADA).jawaban == {"x": kata}


def test_only_fields_for_it_name_the_deceased():
    jenis = jenis_uji(
        Pertanyaan(kunci="almarhum", tipe="penduduk"),
        Pertanyaan(kunci="pewaris", tipe="penduduk_atau_teks", termasuk_meninggal=True),
    )

    bahan = surat.bahan(jenis, ukuran=Ukuran.WAJAR, tanggal=PADA)

    status = [
        bahan.penduduk[int(pk)].status_dasar
        for pk in (bahan.jawaban["almarhum"], bahan.jawaban["pewaris"]["pk"])
    ]
    assert status == [Penduduk.HIDUP, Penduduk.MATI]


# --- People ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("ukuran", "bernik"), [*zip(Ukuran, (5, 5, 12), strict=True)])
def test_everybody_is_visibly_fictitious(ukuran, bernik):
    bahan = surat.bahan(jenis_uji(), ukuran=ukuran, tanggal=PADA)

    orang = list(bahan.penduduk.values())
    ada = [x for x in orang if x.nik]
    assert all("Contoh" in x.nama for x in [*orang, bahan.mandat.pejabat])
    assert all(x.pk < 0 and x._state.adding for x in orang)
    assert all(nik.sah(x.nik) and re.match(r"510704\d{6}99", x.nik) for x in ada)
    assert len({x.nik for x in ada}) == len(ada) == bernik
    assert [
        nik.peringatan(x.nik, tanggal_lahir=x.tanggal_lahir, jenis_kelamin=x.jenis_kelamin)
        for x in ada
    ] == [[]] * bernik


def test_material_costs_no_query(semua_jenis, django_assert_num_queries):
    jenis = semua_jenis["ahli_waris"]
    templat = jenis.templat.all()[0]

    with django_assert_num_queries(0):
        for ukuran in Ukuran:
            surat.bahan(jenis, ukuran=ukuran, tanggal=PADA, templat=templat)


def test_letter_is_put_together_without_asking_for_people(
    semua_jenis, django_assert_max_num_queries
):
    jenis = semua_jenis["penduduk"]  # names the head of the family
    bahan = surat.bahan(jenis, ukuran=Ukuran.WAJAR, tanggal=PADA)
    surat.surat_peraga(bahan, tanda_air="CONTOH")  # the rows of the settings come into being

    with django_assert_max_num_queries(7) as kueri:
        data = surat.surat_peraga(bahan, tanda_air="CONTOH")

    assert not any("penduduk_penduduk" in k["sql"] for k in kueri.captured_queries)
    assert "dengan kepala keluarga I Wayan Contoh" in data["isi"][0]["html"]


# --- The letter ------------------------------------------------------------------------------


@pytest.mark.parametrize("tanda_air", ["DRAF", "CONTOH"])
def test_letter_has_a_number_and_a_code_that_lead_nowhere(semua_jenis, tanda_air):
    bahan = surat.bahan(semua_jenis["domisili"], ukuran=Ukuran.WAJAR, tanggal=PADA)

    data = surat.surat_peraga(bahan, tanda_air=tanda_air)

    assert data["nomor"] == "400.12.2.1/000/51.07.04.2001/XI/2026"
    assert (data["kode_cek"], data["tanda_air"]) == ("CONTO-H2345", tanda_air)
    assert data["url_cek"] == "http://127.0.0.1:8000/cek/CONTOH2345/"
    assert kode_cek.sah(kode_cek.rapikan(data["kode_cek"])) is False
    assert Surat.objects.count() == 0


def test_letter_can_be_seen_while_the_pattern_of_numbers_is_wrong(semua_jenis):
    tata = gaya.tata_naskah()
    TataNaskah.objects.filter(pk=tata.pk).update(format_nomor="[kode]/[tahun]")
    bahan = surat.bahan(semua_jenis["domisili"], ukuran=Ukuran.WAJAR, tanggal=PADA)

    assert surat.surat_peraga(bahan, tanda_air="DRAF")["nomor"] == "000"


def test_letter_has_the_same_parts_as_an_issued_one(terbit, semua_jenis):
    bahan = surat.bahan(semua_jenis["domisili"], ukuran=Ukuran.WAJAR, tanggal=PADA)

    assert set(surat.surat_peraga(bahan, tanda_air="DRAF")) == set(terbit().data)


def test_wording_and_signatory_can_be_tried_out(semua_jenis):
    jenis = semua_jenis["domisili"]
    coba = Templat(jenis=jenis, versi=9, pembuka="P", isi="Coba {{ nama }}.", penutup="T")
    plt = Mandat(pejabat=Pejabat(nama="Ni Luh Contoh Sekretaris", jabatan="S"), sebagai="PLT")

    bahan = surat.bahan(jenis, ukuran=Ukuran.WAJAR, tanggal=PADA, templat=coba, mandat=plt)
    data = surat.surat_peraga(bahan, tanda_air="DRAF")

    assert data["isi"] == [{"macam": "alinea", "html": "Coba I Wayan Contoh."}]
    assert data["ttd"]["baris"] == ["Plt. Perbekel Bugbug,"]
    assert data["ttd"]["nama"] == "Ni Luh Contoh Sekretaris"


def test_longest_letter_is_signed_in_the_heads_stead_and_corrects_another(semua_jenis):
    bahan = surat.bahan(semua_jenis["domisili"], ukuran=Ukuran.TERPANJANG, tanggal=PADA)

    data = surat.surat_peraga(bahan, tanda_air="CONTOH")

    assert len(data["ttd"]["baris"]) == 4
    assert data["menggantikan"]["tanggal"] == "24 Oktober 2026"
    assert bahan.templat == penerbitan.templat_berlaku(bahan.jenis)
