import copy
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from penduduk import desa as desa_
from penduduk.models import Banjar, Desa, Keluarga, Penduduk
from surat.bahasa import templat
from surat.buku import nomor
from surat.kertas import pdf
from surat.models import BukuNomor, Cetakan, JenisSurat, Mandat, Pertanyaan, Surat, Templat
from surat.naskah import gaya, susunan
from surat.terbit import kode_cek, penerbitan
from tests import factories
from tests.surat.conftest import PADA

pytestmark = pytest.mark.django_db


def atur_desa(**kolom) -> None:
    desa_.ambil()
    Desa.objects.update(**kolom)
    desa_.lupakan()


def kalimat(data: dict) -> list[str]:
    """The running text of a letter, paragraph by paragraph."""
    return [blok["html"] for blok in data["isi"] if blok["macam"] == "alinea"]


def atur_naskah(**kolom) -> None:
    tata = gaya.tata_naskah()
    for nama, nilai in kolom.items():
        setattr(tata, nama, nilai)
    tata.save()


# --- Number and date ---------------------------------------------------------------------------


def test_letter_gets_the_next_number_of_its_year(terbit):
    nomor_ = [terbit().nomor for _ in range(3)]

    assert nomor_ == [f"400.12.2.1/00{n}/51.07.04.2001/XI/2026" for n in (1, 2, 3)]
    assert list(Surat.objects.order_by("pk").values_list("urut", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("pada", "tanggal", "akhir", "teks"),
    [
        (
            datetime(2026, 12, 31, 15, 59, tzinfo=UTC),
            date(2026, 12, 31),
            "XII/2026",
            "31 Desember 2026",
        ),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1), "I/2027", "1 Januari 2027"),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1), "I/2027", "1 Januari 2027"),
    ],
)
def test_day_and_year_are_those_of_wita(terbit, pada, tanggal, akhir, teks):
    surat = terbit(pada=pada)

    assert (surat.tanggal, surat.buku.tahun, surat.urut) == (tanggal, tanggal.year, 1)
    assert surat.nomor.endswith(f"/001/51.07.04.2001/{akhir}")
    assert surat.data["tempat_tanggal"] == f"Bugbug, {teks}"


def test_numbers_start_anew_with_the_year_in_wita(terbit):
    malam = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)

    urut = [terbit(pada=malam + timedelta(hours=n)).urut for n in (0, 0, 2, 3)]

    assert urut == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("buku", "urut"), [("SATU", [1, 2, 3]), ("KLASIFIKASI", [1, 1, 2]), ("JENIS", [1, 1, 2])]
)
def test_village_chooses_its_books(terbit, buku, urut):
    atur_naskah(buku=buku)

    hasil = [terbit(kode).urut for kode in ("domisili", "usaha", "domisili")]

    assert hasil == urut


def test_two_books_with_one_pattern_are_refused_before_a_number_is_lost(terbit):
    atur_naskah(buku="JENIS", format_nomor="[nomor]/[tahun]")
    terbit("domisili")

    with pytest.raises(nomor.FormatNomorTidakSah) as galat, transaction.atomic():
        terbit("usaha")

    assert str(galat.value).startswith("Nomor 1/2026 sudah dipakai surat lain")
    assert dict(BukuNomor.objects.values_list("kode", "terakhir")) == {"J:domisili": 1, "AGENDA": 1}
    assert Surat.objects.count() == 1


def test_bad_pattern_is_refused_before_a_number_is_taken(terbit):
    atur_naskah(format_nomor="[kode]/[tahun]")

    with pytest.raises(nomor.FormatNomorTidakSah):
        terbit()

    assert (Surat.objects.count(), BukuNomor.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_letter_is_never_issued_outside_a_transaction(terbit):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        terbit()

    assert (Surat.objects.count(), Cetakan.objects.count()) == (0, 0)


# --- What comes into being ---------------------------------------------------------------------


def test_letter_leaves_a_work_order_for_its_pdf(terbit):
    surat = terbit()

    cetakan = Cetakan.objects.get()
    assert (cetakan.surat, cetakan.keadaan, cetakan.ambil_lagi_pada) == (surat, "MENUNGGU", PADA)
    assert (cetakan.berkas, cetakan.sha256, cetakan.percobaan) == ("", "", 0)


def test_letter_has_a_check_code_on_paper_and_in_its_qr(terbit):
    surat = terbit()

    assert kode_cek.sah(surat.kode_cek) is True
    assert surat.data["kode_cek"] == kode_cek.tampil(surat.kode_cek)
    assert surat.data["url_cek"] == f"http://127.0.0.1:8000/cek/{surat.kode_cek}/"


def test_letter_remembers_who_issued_it_when_and_with_which_wording(terbit, operator, mandat):
    surat = terbit()

    assert (surat.diterbitkan_oleh, surat.diterbitkan_pada, surat.mandat) == (
        operator,
        PADA,
        mandat,
    )
    assert (surat.templat.versi, surat.jenis.kode) == (1, "domisili")


def test_newest_wording_is_used(terbit):
    jenis = factories.jenis()
    Templat.objects.create(jenis=jenis, versi=3, pembuka="A", isi="Baru {{ nama }}.", penutup="C")
    Templat.objects.create(jenis=jenis, versi=2, pembuka="A", isi="Lama.", penutup="C")

    surat = terbit()

    assert (surat.templat.versi, kalimat(surat.data)) == (3, ["Baru I Wayan Contoh."])


@pytest.mark.parametrize(
    ("hari", "sampai", "teks"),
    [(90, date(2027, 2, 21), "21 Februari 2027"), (0, date(2026, 11, 23), "23 November 2026")],
)
def test_validity_is_counted_from_the_day_of_issue(terbit, hari, sampai, teks):
    JenisSurat.objects.filter(pk=factories.jenis().pk).update(masa_berlaku_hari=hari)

    surat = terbit()

    assert (surat.berlaku_sampai, surat.data["berlaku_sampai"]) == (sampai, teks)


def test_letter_without_validity_never_expires(terbit):
    JenisSurat.objects.filter(pk=factories.jenis().pk).update(masa_berlaku_hari=None)

    surat = terbit()

    assert (surat.berlaku_sampai, surat.data["berlaku_sampai"]) == (None, "")


# --- Frozen ------------------------------------------------------------------------------------


def test_issued_letter_does_not_change_with_register_settings_or_wording(terbit, mandat):
    surat = terbit("usaha", pengantar=susunan.Pengantar("7/BD", date(2026, 11, 1)))
    data, kertas = copy.deepcopy(surat.data), pdf.html(surat.data)

    Penduduk.objects.update(nama="Nama Baru", nik=None, agama=1, status_dasar=2)
    Keluarga.objects.update(alamat="Alamat Baru")
    Banjar.objects.update(nama="Banjar Baru")
    atur_desa(nama="Desa Baru", kabupaten="Baru", sebutan_kepala="Kepala", contoh=True)
    atur_naskah(kop_1="Kop Baru", kertas="A4", format_nomor="[nomor]/[tahun]")
    JenisSurat.objects.update(judul="JUDUL BARU", masa_berlaku_hari=1, klasifikasi="9")
    Templat.objects.create(jenis=surat.jenis, versi=2, pembuka="X", isi="X", penutup="X")
    Pertanyaan.objects.all().delete()
    mandat.pejabat.nama = "Pejabat Baru"
    mandat.pejabat.save()
    Mandat.objects.update(sebagai="PLT")

    kini = Surat.objects.get()
    assert (kini.data, kini.nomor, kini.templat.versi) == (data, surat.nomor, 1)
    assert pdf.html(kini.data) == kertas
    assert kini.berlaku_sampai == surat.berlaku_sampai


def test_stored_data_is_what_was_issued(terbit):
    surat = terbit("usaha", jawaban={"nama_usaha": "Warung A & B <b>"})

    assert Surat.objects.get().data == surat.data


# --- What stands on it -------------------------------------------------------------------------


def test_typical_letter_word_by_word(terbit):
    orang = factories.buat_penduduk(nik="5107041203900042")

    data = terbit(pemohon=orang, pengantar=susunan.Pengantar("12/BD", date(2026, 11, 20))).data

    assert data["judul"] == "SURAT KETERANGAN DOMISILI"
    assert data["pembuka"] == (
        "Yang bertanda tangan di bawah ini, Perbekel Bugbug, Kecamatan Karangasem, Kabupaten "
        "Karangasem, berdasarkan surat pengantar Kelian Banjar Dinas Contoh Satu Nomor 12/BD "
        "tanggal 20 November 2026, menerangkan dengan sebenarnya bahwa:"
    )
    assert data["identitas"] == [
        ["Nama", "I Wayan Contoh"],
        ["NIK", "5107041203900042"],
        ["Tempat, tanggal lahir", "Bugbug, 12 Maret 1990"],
        ["Jenis kelamin", "Laki-laki"],
        ["Agama", "Hindu"],
        ["Status perkawinan", "Belum Kawin"],
        ["Pekerjaan", "Nelayan/Perikanan"],
        ["Kewarganegaraan", "WNI"],
        [
            "Alamat",
            "Jalan Contoh 1, Banjar Dinas Contoh Satu, Desa Bugbug, Kecamatan Karangasem, "
            "Kabupaten Karangasem",
        ],
    ]
    assert kalimat(data) == [
        "Orang tersebut di atas benar bertempat tinggal di Jalan Contoh 7, Desa Bugbug, Kecamatan "
        "Karangasem, Kabupaten Karangasem, sejak tanggal 1 April 2015.",
        "Surat keterangan ini dibuat atas permintaan yang bersangkutan untuk keperluan membuka "
        "rekening bank.",
    ]
    assert data["tempat_tanggal"] == "Bugbug, 23 November 2026"
    assert data["ttd"] == {
        "baris": ["Perbekel Bugbug,"],
        "nama": "I Nyoman Perbekel Contoh",
        "nip": "",
    }


def test_facts_that_nobody_knows_are_left_out(terbit):
    orang = Penduduk.objects.create(nama="Ni Wayan Kosong", jenis_kelamin=2)

    data = terbit(pemohon=orang, jawaban={"tinggal_sejak": None}).data

    assert data["identitas"] == [
        ["Nama", "Ni Wayan Kosong"],
        ["Jenis kelamin", "Perempuan"],
        ["Kewarganegaraan", "WNI"],
    ]
    assert kalimat(data)[0] == (
        "Orang tersebut di atas benar bertempat tinggal di Jalan Contoh 7, Desa Bugbug, Kecamatan "
        "Karangasem, Kabupaten Karangasem."
    )
    assert "None" not in pdf.html(data)


@pytest.mark.parametrize(
    ("isi", "lahir"),
    [({"tempat_lahir": ""}, "12 Maret 1990"), ({"tanggal_lahir": None}, "Bugbug")],
)
def test_half_known_facts_stand_without_a_lone_comma(terbit, isi, lahir):
    data = terbit(pemohon=factories.buat_penduduk(**isi)).data

    baris = dict(data["identitas"])
    assert baris["Tempat, tanggal lahir"] == lahir


def test_keluarga_without_banjar_has_an_alamat_only(terbit):
    keluarga = factories.buat_keluarga(banjar=None)

    data = terbit(pemohon=factories.buat_penduduk(keluarga=keluarga)).data

    desa = "Desa Bugbug, Kecamatan Karangasem, Kabupaten Karangasem"
    assert dict(data["identitas"])["Alamat"] == f"Jalan Contoh 1, {desa}"
    assert "Banjar" not in " ".join(kalimat(data))


@pytest.mark.parametrize(
    ("pengantar", "kalimat"),
    [
        (susunan.Pengantar(), "Kabupaten Karangasem, menerangkan"),
        (
            susunan.Pengantar("12/BD"),
            "surat pengantar Kelian Banjar Dinas Contoh Satu Nomor 12/BD, menerangkan",
        ),
        (susunan.Pengantar("", date(2026, 11, 20)), "Kabupaten Karangasem, menerangkan"),
    ],
)
def test_pengantar_is_named_only_as_far_as_it_is_known(terbit, pengantar, kalimat):
    data = terbit(pengantar=pengantar).data

    assert kalimat in data["pembuka"]
    assert "20 November" not in data["pembuka"]


def test_paragraph_that_turns_out_empty_is_left_out(terbit):
    pengikut = factories.buat_penduduk(nama="Ni Luh Anak")
    jawaban = {"tujuan": "Surabaya", "berangkat": "2026-12-01"}

    tanpa, dengan = (
        terbit("bepergian", jawaban=jawaban | {"pengikut": x}).data["isi"]
        for x in ([], [pengikut.pk])
    )

    assert [b["macam"] for b in tanpa] == ["alinea", "rincian"]
    assert [b["macam"] for b in dengan] == ["alinea", "rincian", "alinea", "tabel"]
    assert dengan[2]["html"] == (
        "Dalam perjalanan tersebut yang bersangkutan disertai 1 orang pengikut, yaitu:"
    )
    assert dengan[3]["baris"] == [["Ni Luh Anak", pengikut.nik, "Kepala Keluarga"]]
    assert tanpa[1]["baris"] == [
        ["Tujuan", "Surabaya"],
        ["Berangkat", "Selasa, 1 Desember 2026"],
        ["Keperluan", "membuka rekening bank"],
    ]


def test_answers_stand_in_words(terbit):
    data = terbit("tidak_mampu").data

    assert [b for b in data["isi"] if b["macam"] == "rincian"] == [
        {
            "macam": "rincian",
            "baris": [
                [
                    "Rata-rata penghasilan sebulan",
                    "Rp900.000 (sembilan ratus ribu rupiah), menurut keterangan pemohon",
                ],
                ["Jumlah tanggungan", "3 orang"],
            ],
        }
    ]
    assert kalimat(data)[0] == (
        "Sepanjang pengetahuan kami, orang tersebut di atas berasal dari keluarga yang tergolong "
        "tidak mampu."
    )


def test_letter_about_another_member_names_the_applicant_as_who_asked(terbit):
    anak = factories.buat_penduduk(nama="Ni Luh Anak", jenis_kelamin=2)

    surat = terbit("tidak_mampu", jawaban={"untuk_siapa": str(anak.pk)})

    assert dict(surat.data["identitas"])["Nama"] == "Ni Luh Anak"
    assert (surat.subjek, surat.nama) == (anak, "Ni Luh Anak")
    assert kalimat(surat.data)[-1] == (
        "Surat keterangan ini dibuat atas permintaan I Wayan Contoh untuk keperluan membuka "
        "rekening bank."
    )


def test_code_in_an_answer_is_printed_literally(terbit):
    jahat = "{{ nik }} {% debug %} <script>1</script> {{ keperluan|safe }}"

    surat = terbit(
        jawaban={"keperluan": jahat}, pemohon=factories.buat_penduduk(nama="<b>{{ nik }}")
    )

    assert kalimat(surat.data)[-1].endswith(
        "untuk keperluan {{ nik }} {% debug %} &lt;script&gt;1&lt;/script&gt; {{ keperluan|safe }}."
    )
    assert dict(surat.data["identitas"])["Nama"] == "<b>{{ nik }}"
    assert "&lt;b&gt;{{ nik }}" in pdf.html(surat.data)


def test_field_that_was_removed_stops_the_letter_instead_of_leaving_a_hole(terbit):
    factories.jenis("usaha").pertanyaan.filter(kunci="nama_usaha").delete()

    with pytest.raises(templat.TemplatTidakSah, match="nama_usaha"):
        terbit("usaha")

    assert (Surat.objects.count(), BukuNomor.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("sebagai", "jabatan", "baris"),
    [
        ("DEFINITIF", "Perbekel", ["Perbekel Bugbug,"]),
        ("AN", "Sekretaris Desa", ["a.n. Perbekel Bugbug", "Sekretaris Desa,"]),
        (
            "UB",
            "Kasi Pemerintahan",
            ["a.n. Perbekel Bugbug", "Sekretaris Desa", "u.b.", "Kasi Pemerintahan,"],
        ),
        ("PLT", "Sekretaris Desa", ["Plt. Perbekel Bugbug,"]),
        ("PLH", "Sekretaris Desa", ["Plh. Perbekel Bugbug,"]),
    ],
)
def test_signature_block_tells_the_capacity(terbit, mandat, sebagai, jabatan, baris):
    mandat.sebagai = sebagai
    mandat.pejabat.jabatan, mandat.pejabat.nip = jabatan, "19800101 200501 1 001"

    data = terbit(mandat=mandat).data

    assert data["ttd"] == {
        "baris": baris,
        "nama": "I Nyoman Perbekel Contoh",
        "nip": "19800101 200501 1 001",
    }


def test_every_capacity_has_a_signature_block(mandat):
    desa = desa_.ambil()

    baris = [
        gaya.blok_ttd(Mandat(pejabat=mandat.pejabat, sebagai=s), desa)[0] for s in Mandat.Sebagai
    ]

    assert [len(b) for b in baris] == [1, 2, 4, 1, 1]


def test_signature_block_uses_the_villages_own_word_for_its_head(terbit):
    atur_desa(sebutan_kepala="Kepala Desa", nama="Contoh")

    data = terbit().data

    assert data["ttd"]["baris"] == ["Kepala Desa Contoh,"]
    assert data["pembuka"].startswith("Yang bertanda tangan di bawah ini, Kepala Desa Contoh, ")


def test_letterhead_without_settings_invents_nothing(terbit):
    kop = terbit().data["kop"]

    assert kop == {
        "baris": ["Kabupaten Karangasem", "Kecamatan Karangasem", "Desa Bugbug"],
        "alamat": "Kode Pos 80811 · bugbug-karangasem.id",
        "aksara": [],
        "lambang": "",
    }


def test_letterhead_of_a_village_that_told_nothing_has_no_address(terbit):
    atur_desa(kode_pos="", situs="")

    assert terbit().data["kop"]["alamat"] == ""


def test_letterhead_in_the_villages_own_words(terbit):
    atur_naskah(kop_1="Pemerintah Kabupaten Contoh", kop_3="Kantor Perbekel Contoh")
    atur_desa(
        alamat_kantor="Jalan Contoh 1", telepon="0363 21234", email="desa@example.id", situs=""
    )

    kop = terbit().data["kop"]

    assert kop == {
        "baris": ["Pemerintah Kabupaten Contoh", "Kantor Perbekel Contoh"],
        "alamat": "Jalan Contoh 1 · Kode Pos 80811 · Telp. 0363 21234 · desa@example.id",
        "aksara": [],
        "lambang": "",
    }


@pytest.mark.parametrize("contoh", [True, False])
def test_letter_of_an_example_village_says_so(terbit, contoh):
    atur_desa(contoh=contoh)

    surat = terbit()

    assert surat.data["contoh"] is contoh
    assert ("CONTOH — bukan surat sah" in pdf.html(surat.data)) is contoh


# --- Void --------------------------------------------------------------------------------------


def test_void_letter_keeps_its_number_and_tells_who_when_and_why(terbit, operator):
    surat = terbit()

    penerbitan.batalkan(surat, alasan="Nama salah", oleh=operator, pada=PADA)

    kini = Surat.objects.get()
    assert (kini.batal_pada, kini.batal_oleh, kini.batal_alasan) == (PADA, operator, "Nama salah")
    assert (kini.nomor, kini.urut, kini.data) == (surat.nomor, 1, surat.data)
    assert terbit().urut == 2


def test_letter_is_declared_void_once(terbit, operator, perbekel):
    surat = terbit()
    penerbitan.batalkan(surat, alasan="Pertama", oleh=operator, pada=PADA)

    penerbitan.batalkan(surat, alasan="Kedua", oleh=perbekel, pada=PADA + timedelta(days=1))

    kini = Surat.objects.get()
    assert (kini.batal_alasan, kini.batal_oleh, kini.batal_pada) == ("Pertama", operator, PADA)


def test_letter_is_never_void_without_a_reason(terbit, operator):
    surat = terbit()

    with pytest.raises(IntegrityError), transaction.atomic():
        penerbitan.batalkan(surat, alasan="", oleh=operator, pada=PADA)

    assert Surat.objects.get().batal_pada is None


def test_long_reason_is_cut_to_its_column(terbit, operator):
    surat = terbit()

    penerbitan.batalkan(surat, alasan="a" * 900, oleh=operator, pada=PADA)

    assert Surat.objects.get().batal_alasan == "a" * 500


@pytest.mark.django_db(transaction=True)
def test_letter_is_never_declared_void_outside_a_transaction(terbit, operator):
    with transaction.atomic():
        surat = terbit()

    with pytest.raises(RuntimeError, match="inside the transaction"):
        penerbitan.batalkan(surat, alasan="Nama salah", oleh=operator, pada=PADA)

    assert Surat.objects.get().batal_pada is None
