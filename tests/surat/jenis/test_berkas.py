"""A letter type as a document: what is refused, and that nothing is lost on the way."""

import copy
import json

import pytest

from penduduk.models import Banjar
from surat.bahasa import templat
from surat.isian import formulir, jawaban
from surat.jenis import bawaan, berkas
from surat.jenis.berkas import JenisTidakSah
from surat.models import Pertanyaan

BERKAS = {d["kode"]: d for d in bawaan.baca()}
DASAR = {
    "kode": "uji",
    "nama": "Surat Uji",
    "judul": "SURAT UJI",
    "tujuan": "Untuk menguji.",
    "klasifikasi": "400",
    "bidang": [
        {"kunci": "orang", "label": "Siapa?", "tipe": "penduduk"},
        {"kunci": "sebab", "label": "Sebab", "tipe": "pilihan", "pilihan": ["A", "B"]},
        {"kunci": "mulai", "label": "Mulai", "tipe": "tanggal"},
        {"kunci": "saat", "label": "Saat", "tipe": "tanggal_jam"},
    ],
    "syarat": [{"kode": "ktp", "label": "KTP-el"}],
    "isi": ["{{ orang }} {{ sebab }} {{ mulai }} {{ saat }}"],
}


def dengan(bidang: dict | None = None, **lain) -> dict:
    """DASAR with one more field, or other values."""
    data = copy.deepcopy(DASAR) | lain
    if bidang is not None:
        data["bidang"] = [*data["bidang"], {"label": "Baru", "tipe": "teks"} | bidang]
    return data


# --- What is refused -----------------------------------------------------------------------------


def test_the_base_of_these_tests_is_accepted():
    berkas.periksa(DASAR)
    berkas.periksa(dengan({"kunci": "x", "bila_kunci": "sebab", "bila_nilai": "A|B"}))
    berkas.periksa(dengan({"kunci": "x", "tipe": "tanggal", "tidak_sebelum": "mulai"}))
    berkas.periksa(
        dengan(subjek="orang", penanda=[{"label": "A", "siapa": "orang"}], masa_berlaku_hari=None)
    )


@pytest.mark.parametrize("data", [None, [], "x", 5])
def test_what_is_no_document_is_refused(data):
    with pytest.raises(JenisTidakSah, match=r"^Berkas ini bukan jenis surat\.$"):
        berkas.periksa(data)


@pytest.mark.parametrize(
    ("data", "galat"),
    [
        (dengan(judul=""), "“judul” belum terisi."),
        (dengan(isi=[]), "“isi” belum terisi."),
        (dengan(isi="abc"), "“isi” harus berupa daftar."),
        (dengan(isi=["a", " "]), "“isi” harus berupa daftar kalimat."),
        (dengan(isi=[1]), "“isi” harus berupa daftar kalimat."),
        (dengan(bidang=None, syarat=None), "“syarat” harus berupa daftar."),
        (dengan(tembusan="Camat"), "“tembusan” harus berupa daftar."),
        (dengan(tembusan=[1]), "“tembusan” harus berupa daftar kalimat."),
        (dengan(pembuka=5), "“pembuka” harus berupa kalimat."),
        (dengan(penutup=None), "“penutup” harus berupa kalimat."),
        (dengan(warna="merah"), "“warna” tidak dikenal."),
        (dengan(syarat=[1]), "Isi daftar bidang, syarat dan aturan tidak sah."),
        (dengan(syarat=DASAR["syarat"] * 2), "Syarat “ktp” tertulis dua kali."),
        (dengan(penutup="a\x00b"), "Berkas ini memuat tanda yang tidak dapat disimpan."),
        (dengan(penutup="\ud800"), "Berkas ini memuat tanda yang tidak dapat disimpan."),
        (dengan(nama=5), "“nama” tidak sah: 5."),
        (dengan(urutan="x"), "“urutan” tidak sah: x."),
        (dengan(urutan=None), "“urutan” tidak sah: None."),
        (dengan(urutan=True), "“urutan” tidak sah: True."),
        (dengan(urutan=10**9), "“urutan” paling besar 32767."),
        (dengan(cetak_identitas="ya"), "“cetak_identitas” tidak sah: ya."),
        (dengan(naskah="puisi"), "Surat Uji (naskah): Nilai 'puisi' bukan pilihan yang valid."),
        (dengan(subjek="sebab"), "Yang diterangkan, “sebab”, bukan isian orang."),
        (dengan(subjek="tidak_ada"), "Yang diterangkan, “tidak_ada”, bukan isian orang."),
        (dengan(pembuat="orang"), "“pembuat” tidak dikenal."),
        (
            dengan(penanda=[{"label": "A", "siapa": "mulai"}]),
            "“A” menunjuk “mulai”, yang bukan isian orang.",
        ),
        (dengan(judul="{{ nma }}"), "Sisipan {{ nma }} tidak dikenal. Maksud Anda {{ nama }}?"),
        (dengan(isi=["{{ orangg }}"]), "Sisipan {{ orangg }} tidak dikenal. Maksud Anda"),
        (dengan(penutup="{% if orang %}"), "Bagian {% if orang %} belum ditutup"),
        (dengan(penutup="a }} b"), "Ada }} tanpa pasangannya."),
        (dengan(penutup="{{ orang"), "Ada {{ tanpa pasangannya."),
        (dengan(penutup="{{ orang|safe }}"), "Saringan (tanda |) tidak dapat dipakai"),
        (dengan(penutup="{% for x in y %}{% endfor %}"), "Hanya {{ nama }} dan {% if nama %}"),
    ],
)  # fmt: skip
def test_spoiled_document_is_refused_with_a_sentence(data, galat):
    with pytest.raises(JenisTidakSah) as tangkap:
        berkas.periksa(data)

    assert str(tangkap.value).startswith(galat)


@pytest.mark.parametrize(
    ("bidang", "galat"),
    [
        ({"kunci": "orang"}, "Kunci “orang” dipakai dua kali."),
        ({"kunci": "nama"}, "Kunci “nama” sudah dipakai portal. Pilih nama lain."),
        ({"kunci": "orang_nik"}, "Kunci “orang_nik” sudah dipakai untuk keterangan isian lain."),
        ({"kunci": "mulai_hari"}, "Kunci “mulai_hari” sudah dipakai untuk keterangan isian lain."),
        ({"kunci": "a-b"}, "Kunci hanya huruf, angka dan garis bawah, diawali huruf."),
        ({"kunci": "not"}, "Kunci hanya huruf, angka dan garis bawah, diawali huruf."),
        ({"kunci": "x", "tipe": "berkas"}, "Tipe “berkas” pada “Baru” tidak dikenal."),
        ({"kunci": "x", "tipe": "ref:rahasia"}, "Tipe “ref:rahasia” pada “Baru” tidak dikenal."),
        ({"kunci": "x", "tipe": "pilihan"}, "“Baru” perlu daftar pilihan."),
        ({"kunci": "x", "tipe": "pilihan", "pilihan": [" "]}, "“Baru” perlu daftar pilihan."),
        ({"kunci": "x", "tipe": "pilihan", "pilihan": "ab"}, "“pilihan” tidak sah: ab."),
        ({"kunci": "x", "bila_kunci": "sebab"}, "“Baru”: tulis juga jawaban yang membuatnya"),
        (
            {"kunci": "x", "bila_kunci": "sebab", "bila_nilai": "A|C"},
            "“Baru”: “C” bukan pilihan dari “Sebab”.",
        ),
        (
            {"kunci": "x", "bila_kunci": "tidak_ada", "bila_nilai": "A"},
            "“Baru” menunjuk isian “tidak_ada” yang tidak ada.",
        ),
        (
            {"kunci": "x", "bila_kunci": "x", "bila_nilai": "A"},
            "“Baru” menunjuk isian “x” yang tidak ada.",
        ),
        (
            {"kunci": "x", "batas": "LAMPAU"},
            "“Baru”: tanggal di antara tidak dapat diperiksa pada “x”.",
        ),
        (
            {"kunci": "x", "jenis_kelamin": "LAKI"},
            "“Baru”: jenis kelamin tidak dapat diperiksa pada “x”.",
        ),
        (
            {"kunci": "x", "bukan": "pemohon"},
            "“Baru”: orang lain daripada tidak dapat diperiksa pada “x”.",
        ),
        ({"kunci": "x", "jenis_kelamin": "PRIA"}, "Baru (jenis_kelamin): "),
        (
            {"kunci": "x", "tentang": "sebab"},
            "“Baru”: “sebab” tidak dapat dipakai untuk hubungan harus",
        ),
        (
            {"kunci": "x", "tipe": "penduduk", "bukan": "orang|sebab"},
            "“Baru”: “orang|sebab” tidak dapat dipakai untuk orang lain daripada. Nama sisipan",
        ),
        (
            {"kunci": "x", "tipe": "tanggal", "tidak_sebelum": "sebab"},
            "“Baru”: “sebab..” tidak dapat dipakai untuk tanggal di antara. Dari..sampai",
        ),
    ],
)
def test_contradicting_field_is_refused_with_a_sentence(bidang, galat):
    with pytest.raises(JenisTidakSah) as tangkap:
        berkas.periksa(dengan(bidang))

    assert str(tangkap.value).startswith(galat)


def aturan(**isi) -> dict:
    return dengan(aturan=[{"macam": "lain", "siapa": "orang", "nilai": "pemohon"} | isi])


@pytest.mark.parametrize(
    "isi",
    [
        {},
        {"kekuatan": "PERHATIKAN", "kalimat": "{nama} {kini} {harus} {siapa} {lain}"},
        {"macam": "status_perkawinan", "siapa": "subjek", "nilai": "Cerai Hidup|Cerai Mati"},
        {"macam": "status_dasar", "siapa": "pemohon", "nilai": "bukan Mati|Pindah"},
        {"macam": "jenis_kelamin", "nilai": "Perempuan"},
        {"macam": "jenis_kelamin", "nilai": "pemohon"},
        {"macam": "identitas", "nilai": "nik|tanggal_lahir"},
        {"macam": "umur", "nilai": "19.. pada mulai"},
        {"macam": "umur", "nilai": "..17", "bila_kunci": "sebab", "bila_nilai": "A|B"},
        {"macam": "lebih_tua", "nilai": "pemohon 12..60"},
        {"macam": "lebih_tua", "nilai": "mulai 12.."},
        {"macam": "tanggal", "siapa": "mulai", "nilai": "orang+12tahun..kini"},
        {"macam": "tanggal", "siapa": "saat", "nilai": "mulai-30hari.."},
        {"macam": "isian", "siapa": "sebab", "nilai": "terisi"},
        {"macam": "banjar", "nilai": "Contoh Satu"},
    ],
)
@pytest.mark.django_db  # hamlets are known by their names
def test_rule_is_accepted(isi):
    Banjar.objects.create(nama="Contoh Satu")
    berkas.periksa(aturan(**isi))


@pytest.mark.parametrize(
    ("isi", "galat"),
    [
        ({"macam": "warna"}, "Aturan ke-1: “warna” bukan macam aturan yang dikenal."),
        ({"macam": ""}, "Di aturan baris 1, “macam” belum terisi."),
        ({"lebar": 3}, "“lebar” tidak dikenal di aturan baris 1."),
        ({"kekuatan": "KUAT"}, "lain orang (kekuatan): "),
        ({"siapa": "mulai"}, "Aturan ke-1: orang lain daripada tidak dapat diperiksa pada “mulai”"),
        ({"siapa": "hilang"}, "Aturan ke-1: orang lain daripada tidak dapat diperiksa pada"),
        ({"nilai": "mulai"}, "Aturan ke-1: “mulai” tidak dapat dipakai untuk orang lain daripada"),
        ({"macam": "agama", "nilai": "Kristn"}, "Aturan ke-1: “Kristn” tidak dapat dipakai untuk"),
        ({"macam": "identitas", "nilai": "nik|hobi"}, "Aturan ke-1: “nik|hobi” tidak dapat"),
        ({"macam": "umur", "nilai": ".."}, "Aturan ke-1: “..” tidak dapat dipakai untuk umur."),
        ({"macam": "umur", "nilai": "19.. pada sebab"}, "Aturan ke-1: “19.. pada sebab” tidak"),
        ({"macam": "umur", "nilai": "tua"}, "Aturan ke-1: “tua” tidak dapat dipakai untuk umur. "),
        ({"macam": "angka", "siapa": "mulai", "nilai": "1..2"}, "Aturan ke-1: besarnya angka"),
        ({"macam": "tanggal", "siapa": "mulai", "nilai": "esok.."}, "Aturan ke-1: “esok..” tidak"),
        ({"macam": "isian", "siapa": "sebab", "nilai": "ada"}, "Aturan ke-1: “ada” tidak dapat"),
        ({"kalimat": "{nik} salah"}, "Aturan ke-1: kalimatnya memuat {nik}, yang tidak dikenal."),
        ({"bila_kunci": "sebab", "bila_nilai": "C"}, "Aturan ke-1: “C” tidak pernah menjadi"),
        ({"bila_kunci": "hilang", "bila_nilai": "C"}, "Aturan ke-1: “C” tidak pernah menjadi"),
    ],
)  # fmt: skip
def test_rule_that_cannot_be_run_is_refused_with_a_sentence(isi, galat):
    with pytest.raises(JenisTidakSah) as tangkap:
        berkas.periksa(aturan(**isi))

    assert str(tangkap.value).startswith(galat)


def test_fields_that_wait_for_each_other_are_refused():
    data = dengan({"kunci": "a", "label": "Satu", "bila_kunci": "b", "bila_nilai": "x"})
    data["bidang"].append(
        {"kunci": "b", "label": "Dua", "tipe": "teks", "bila_kunci": "a", "bila_nilai": "x"}
    )

    with pytest.raises(JenisTidakSah, match="saling menunggu jawaban"):
        berkas.periksa(data)


# --- The shipped files ---------------------------------------------------------------------------


def disebut(data: dict) -> set[str]:
    """Every name in the wording, printed or asked for in a condition."""
    kata = [data["judul"], data["pembuka"], *data["isi"], data["penutup"]]
    return {nama for teks in kata for nama in templat.dipakai(teks)}


def bertanda_tangan(data: dict) -> set[str]:
    """Every question whose answer signs."""
    return {p.get(k, "") for p in data["penanda"] for k in ("siapa", "wali")}


@pytest.mark.parametrize("data", BERKAS.values(), ids=lambda d: d["kode"])
def test_every_field_of_a_shipped_type_has_a_use(data):
    pakai = disebut(data) | {data["subjek"]} | bertanda_tangan(data)
    pakai |= {b.get(k) for b in data["bidang"] for k in ("bila_kunci", "tidak_sebelum")}
    turunan = {
        b["kunci"]: {b["kunci"]} | jawaban.turunan([(b["kunci"], b["tipe"])])
        for b in data["bidang"]
    }

    assert [kunci for kunci, nama in turunan.items() if not nama & pakai] == []


@pytest.mark.parametrize("data", BERKAS.values(), ids=lambda d: d["kode"])
def test_required_answer_of_a_shipped_type_is_printed_or_signs(data):
    """An answer asked for and printed nowhere would be collected for nothing (UU PDP)."""
    cetak = disebut(data) | {data["subjek"]} | bertanda_tangan(data)
    cetak |= {b["bila_kunci"] for b in data["bidang"] if b.get("bila_kunci")}

    assert {b["kunci"] for b in data["bidang"] if b["wajib"]} - cetak == set()


@pytest.mark.parametrize("data", BERKAS.values(), ids=lambda d: d["kode"])
def test_shipped_type_makes_a_whole_paper(data):
    assert data["judul"] == data["judul"].upper() or "{{" in data["judul"]
    assert set(data["halaman"]) == {"A4", "minimal", "wajar", "terpanjang"}
    assert set(data["halaman"]["A4"]) == {"minimal", "wajar", "terpanjang"}
    assert data["penutup"].startswith("Demikian ")
    pihak = [p for p in data["penanda"] if p["tempat"] == "pihak"]
    assert (data["naskah"] == "pernyataan") <= bool(pihak)
    assert (data["naskah"] == "pernyataan") >= any(p.get("meterai") for p in data["penanda"])
    assert not data["cetak_identitas"] or data["pembuka"].endswith(":")
    if not data["cetak_identitas"]:  # then the wording itself says who it is about
        assert {"nama", "pemohon"} & disebut(data) or data["subjek"] or data["bidang"]


# --- There and back again ------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kode", BERKAS)
def test_export_of_a_loaded_type_is_its_file(semua_jenis, kode):
    assert berkas.ekspor(semua_jenis[kode]) == berkas.seragam(BERKAS[kode])


@pytest.mark.django_db
@pytest.mark.parametrize("kode", BERKAS)
def test_export_becomes_the_same_type_again(semua_jenis, kode):
    dokumen = json.loads(json.dumps(berkas.ekspor(semua_jenis[kode])))
    salinan = dokumen | {"kode": f"salinan_{kode}"}

    berkas.periksa(salinan)
    baru = berkas.tulis(salinan)
    ditimpa = berkas.tulis(dokumen, jenis=semua_jenis[kode])

    assert berkas.ekspor(baru) == salinan
    assert berkas.ekspor(ditimpa) == dokumen
    assert (baru.revisi, ditimpa.revisi) == (0, 1)
    assert ditimpa.templat.count() == 1  # same wording, no new version


@pytest.mark.django_db
def test_new_wording_is_a_new_version_and_the_old_one_stays():
    jenis = berkas.tulis(copy.deepcopy(DASAR))

    kini = berkas.tulis(dengan(isi=["Baru.", "Dua."]), jenis=jenis)

    assert list(kini.templat.order_by("versi").values_list("versi", "isi")) == [
        (1, "{{ orang }} {{ sebab }} {{ mulai }} {{ saat }}"),
        (2, "Baru.\n\nDua."),
    ]
    assert berkas.ekspor(kini)["isi"] == ["Baru.", "Dua."]


@pytest.mark.django_db
def test_fields_and_papers_are_replaced_in_their_order():
    jenis = berkas.tulis(copy.deepcopy(DASAR))
    data = dengan({"kunci": "baru"})
    data["bidang"].reverse()

    kini = berkas.tulis(data | {"syarat": []}, jenis=jenis)

    assert [b.kunci for b in kini.pertanyaan.all()] == ["baru", "saat", "mulai", "sebab", "orang"]
    assert list(kini.syarat.all()) == []
    assert Pertanyaan.objects.filter(jenis=jenis).count() == 5


@pytest.mark.django_db
def test_export_costs_no_query_after_lengkap(django_assert_num_queries):
    jenis = berkas.tulis(copy.deepcopy(DASAR))

    with django_assert_num_queries(0):
        dokumen = berkas.ekspor(jenis)

    assert dokumen == berkas.seragam(DASAR)


def test_fingerprint_is_of_what_a_document_says():
    data = copy.deepcopy(DASAR)

    assert berkas.sidik(data) == berkas.sidik(berkas.seragam(data))
    assert berkas.sidik(data | {"halaman": {"wajar": 9}}) == berkas.sidik(data)
    assert berkas.sidik(data | {"nama": "Lain"}) != berkas.sidik(data)


def test_answers_on_offer_are_those_of_the_row_or_of_its_table():
    assert formulir.pilihan(Pertanyaan(tipe="pilihan", pilihan=["A"])) == ["A"]
    assert formulir.pilihan(Pertanyaan(tipe="ref:jenis_kelamin")) == ["Laki-laki", "Perempuan"]
    assert formulir.pilihan(Pertanyaan(tipe="teks", pilihan=["A"])) == []
