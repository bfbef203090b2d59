"""The page on which the village shapes a letter type: settings, fields, papers; two clerks."""

import pytest
from django.contrib.admin.models import LogEntry

from penduduk import referensi
from surat.bahasa import templat
from surat.isian import formulir as isian
from surat.jenis import bawaan, berkas, penanda, sebutan
from surat.models import JenisSurat, Pertanyaan
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai, tombol

DAFTAR = "/kelola/surat/jenissurat/"

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]


@pytest.fixture
def client(admin_desa):
    return sebagai(admin_desa)


@pytest.fixture
def rekan(db):
    """A second clerk at another computer."""
    from layanan import peran

    return sebagai(factories.buat_petugas("rekan", peran.ADMIN_DESA))


@pytest.fixture
def usaha():
    return factories.jenis("usaha")


def alamat(jenis: JenisSurat) -> str:
    return f"{DAFTAR}{jenis.pk}/change/"


def simpan(client, jenis, **isi):
    """Open the page, type, press Simpan."""
    return kirim(client, client.get(alamat(jenis)), "Simpan", isi)


def dokumen(jenis: JenisSurat) -> dict:
    return berkas.ekspor(berkas.lengkap().get(pk=jenis.pk))


def kunci(jenis: JenisSurat) -> list[str]:
    return [b.kunci for b in jenis.pertanyaan.all()]


# --- The page ---------------------------------------------------------------------------------


def test_page_speaks_of_the_type_in_plain_words(client, usaha):
    hal = client.get(alamat(usaha))

    teks = kata(hal)
    for kalimat in (
        "Nama dan tujuan",
        "Di kertas",
        "Siapa yang diterangkan, siapa yang menerima",
        "Tanda tangan: siapa yang ikut menandatangani",
        "Layanan",
        "Pertanyaan: yang ditanyakan kepada warga",
        "Nama usaha {{ nama_usaha }}",
        "Syarat: dokumen yang diminta",
        "Aturan: yang harus benar sebelum surat terbit",
    ):
        assert kalimat in teks
    assert "[" not in formulir(hal, "Simpan").isi["isian-0-pilihan"][0]  # lines, no JSON


def test_every_type_of_answer_has_a_name_and_a_group():
    ada = {kode for _, isi in sebutan.pilihan_tipe() for kode, _ in isi}

    assert ada == set(isian.nama_tipe()) | {f"ref:{t}" for t in referensi.nama_tabel()}
    assert [sebutan.tipe(kode) for kode in ada if sebutan.tipe(kode) == kode] == []
    assert sebutan.tipe("ref:agama") == "Agama"


def test_every_setting_has_a_name():
    assert set(sebutan.JENIS) | {"penanda"} == {"kode", *berkas.KOLOM, "tembusan", "formulir"}
    assert set(sebutan.PENANDA) == set(penanda.KOSONG)
    assert set(sebutan.PERTANYAAN) == set(berkas.KOLOM_PERTANYAAN)
    assert set(sebutan.SYARAT) == set(berkas.KOLOM_SYARAT)
    assert set(sebutan.ATURAN) == set(berkas.KOLOM_ATURAN)


@pytest.mark.parametrize(
    "kode", ["ahli_waris", "kematian", "kuasa", "pindah", "tidak_mampu", "silsilah"]
)
def test_saving_without_a_change_changes_nothing(client, kode):
    jenis = factories.jenis(kode)
    lama = dokumen(jenis)

    hal = simpan(client, jenis)

    jenis.refresh_from_db()
    assert hal.status_code == 302
    assert "Tidak ada yang berubah." in kata(client.get(hal.url))
    assert dokumen(jenis) == lama
    assert jenis.templat.count() == 1


def test_settings_are_saved_with_who_and_when(client, usaha, admin_desa):
    hal = simpan(
        client,
        usaha,
        nama="SKU Desa",
        masa_berlaku_hari="",
        tembusan="Camat Karangasem\n\n Kelian \n",
    )

    usaha.refresh_from_db()
    assert "“SKU Desa” sudah disimpan." in kata(client.get(hal.url))
    assert usaha.nama == "SKU Desa"
    assert usaha.masa_berlaku_hari is None
    assert dokumen(usaha)["tembusan"] == ["Camat Karangasem", "Kelian"]
    assert (usaha.revisi, usaha.diubah_oleh) == (1, admin_desa)
    assert usaha.diubah_pada is not None
    assert "pengaturan (Nama surat, " in LogEntry.objects.get().change_message


def test_signers_are_added_moved_and_taken_away(client, usaha):
    saksi = {"penanda-0-label": "Saksi-saksi", "penanda-0-siapa": "-", "penanda-0-tempat": "daftar"}
    simpan(client, usaha, **saksi)
    camat = {
        "penanda-1-label": "Camat {{ kecamatan }}",
        "penanda-1-siapa": "-",
        "penanda-1-tempat": "bawah",
        "penanda-1-nomor": "on",
        "penanda-1-urutan": "1",
    }

    simpan(client, usaha, **camat)

    assert dokumen(usaha)["penanda"] == [
        penanda.KOSONG
        | {"label": "Camat {{ kecamatan }}", "siapa": "-", "tempat": "bawah", "nomor": True},
        penanda.KOSONG | {"label": "Saksi-saksi", "siapa": "-", "tempat": "daftar"},
    ]
    assert "Mengubah tanda tangan (“Saksi-saksi”" in LogEntry.objects.latest("pk").change_message
    simpan(client, usaha, **{"penanda-0-hapus": "on", "penanda-1-label": "Dua saksi"})
    assert [p["label"] for p in dokumen(usaha)["penanda"]] == ["Dua saksi"]


# --- Fields and papers ------------------------------------------------------------------------


def test_new_field_gets_its_name_from_the_question(client, usaha):
    simpan(
        client,
        usaha,
        **{
            "isian-10-label": "Berapa luas lahannya? (m²)",
            "isian-10-tipe": "pilihan",
            "isian-10-pilihan": "Kecil\n\n  Sedang \nBesar",
            "isian-10-wajib": None,
        },
    )

    baru = usaha.pertanyaan.last()
    assert (baru.kunci, baru.tipe, baru.wajib) == ("berapa_luas_lahannya_m2", "pilihan", False)
    assert baru.pilihan == ["Kecil", "Sedang", "Besar"]


@pytest.mark.parametrize(
    ("label", "harap"),
    [
        ("Nama", "nama_2"),  # the register's own
        ("Nama usaha", "nama_usaha_2"),
        ("1 Januari", "januari"),
        ("???", "isian"),
        ("<script>alert(1)</script>", "scriptalert1script"),
        ("Not", "not_2"),
    ],
)
def test_proposed_name_is_free_and_may_be_used(client, usaha, label, harap):
    simpan(client, usaha, **{"isian-10-label": label})

    assert usaha.pertanyaan.last().kunci == harap
    assert usaha.pertanyaan.last().label == label


def test_name_can_be_chosen_but_not_changed_later(client, usaha):
    simpan(client, usaha, **{"isian-10-label": "Luas", "isian-10-kunci": "luas_lahan"})

    hal = client.get(alamat(usaha))

    assert usaha.pertanyaan.last().kunci == "luas_lahan"
    assert "isian-10-kunci" not in formulir(hal, "Simpan").bidang


@pytest.mark.parametrize(
    ("angka", "harap"),
    [
        ({"isian-4-urutan": "1"}, ["nib", "nama_usaha", "jenis_usaha", "alamat_usaha", "mulai"]),
        ({"isian-0-urutan": "3"}, ["jenis_usaha", "alamat_usaha", "nama_usaha", "mulai", "nib"]),
        ({"isian-0-urutan": "99"}, ["jenis_usaha", "alamat_usaha", "mulai", "nib", "sarana"]),
        ({"isian-2-urutan": ""}, ["nama_usaha", "jenis_usaha", "alamat_usaha", "mulai", "nib"]),
    ],
    ids=["up", "down", "far", "empty"],
)
def test_row_is_moved_by_its_number_and_all_are_numbered_anew(client, usaha, angka, harap):
    simpan(client, usaha, **angka)

    assert kunci(usaha)[:5] == harap
    assert list(usaha.pertanyaan.values_list("urutan", flat=True)) == list(range(1, 11))


def test_another_row_can_be_had_without_saving_and_without_losing_anything(client, usaha):
    hal = kirim(
        client,
        client.get(alamat(usaha)),
        "Tambah pertanyaan",
        {"nama": "Belum disimpan", "isian-10-label": "Baru", "isian-0-urutan": "x"},
    )

    borang = formulir(hal, "Simpan")
    assert borang.isi["nama"] == ["Belum disimpan"]
    assert borang.isi["isian-10-label"] == ["Baru"]
    assert borang.isi["isian-0-urutan"] == ["x"]
    assert {"isian-11-label", "syarat-4-label"} <= borang.bidang
    assert "errorlist" not in hal.content.decode()
    assert (
        kirim(client, hal, "Simpan", {"isian-0-urutan": "1", "isian-11-label": "Lagi"}).status_code
        == 302
    )
    assert kunci(usaha)[10:] == ["baru", "lagi"]


def test_condition_names_a_field_and_its_answers(client, usaha):
    jenis = factories.jenis("pindah")
    hal = client.get(alamat(jenis))
    sumber = next(b for b in jenis.pertanyaan.all() if b.tipe.startswith("ref:"))
    jawab = isian.pilihan(sumber)[:2]
    n = jenis.pertanyaan.count()

    kirim(
        client,
        hal,
        "Simpan",
        {
            f"isian-{n}-label": "Sebutkan",
            f"isian-{n}-bila_kunci": sumber.kunci,
            f"isian-{n}-bila_nilai": "\n".join(jawab),
        },
    )

    baru = jenis.pertanyaan.last()
    assert (baru.bila_kunci, baru.bila_nilai) == (sumber.kunci, "|".join(jawab))


def test_papers_are_added_changed_and_removed(client, usaha):
    simpan(
        client,
        usaha,
        **{
            "syarat-2-hapus": "on",
            "syarat-3-boleh_dibawa": None,
            "syarat-4-label": "Foto/scan NPWP",
            "syarat-4-urutan": "1",
            "syarat-4-wajib": None,
        },
    )

    assert list(usaha.syarat.values_list("kode", "wajib", "boleh_dibawa")) == [
        ("fotoscan_npwp", False, False),
        ("ktp", True, False),
        ("kk", True, False),
        ("pengantar_kelian", True, False),
    ]


# --- What is refused --------------------------------------------------------------------------

NAMA = "isian-10-label"


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        ({"nama": ""}, "Ada yang perlu diperbaiki."),
        ({"judul": "SURAT {{ nma }}"}, "Sisipan {{ nma }} tidak dikenal. Maksud Anda {{ nama }}?"),
        ({"judul": "SURAT {% if nama %}"}, "Bagian {% if nama %} belum ditutup"),
        ({"janji_hari": "999"}, "Paling besar 365."),
        ({"penanda-0-label": "A {{ nma }}"}, "Penanda baris 1: Sisipan {{ nma }} tidak dikenal."),
        ({"penanda-0-label": "Saksi", "penanda-0-tempat": "x"}, "Masukkan pilihan yang valid."),
        ({"isian-0-label": ""}, "Isi dulu bagian ini."),
        ({"isian-0-hapus": "on"}, "“Nama usaha” masih dipakai di Isi, baris 3 sebagai"),
        ({NAMA: "Baru", "isian-10-kunci": "nama"}, "Kunci “nama” sudah dipakai portal."),
        ({NAMA: "Baru", "isian-10-kunci": "nib"}, "Kunci “nib” dipakai dua kali."),
        ({NAMA: "Baru", "isian-10-kunci": "a b"}, "Hanya huruf, angka, dan garis bawah."),
        ({NAMA: "Baru", "isian-10-tipe": "pilihan"}, "“Baru” perlu daftar pilihan."),
        (
            {NAMA: "Baru", "isian-10-tipe": "pilihan", "isian-10-pilihan": "A\nA"},
            "pilihan “A” tertulis dua kali",
        ),
        ({NAMA: "Baru", "isian-10-tipe": "berkas"}, "Masukkan pilihan yang valid."),
        (
            {NAMA: "Baru", "isian-10-bila_kunci": "nib"},
            "“Baru”: tulis juga jawaban yang membuatnya ditanyakan.",
        ),
        ({NAMA: "Baru", "isian-10-batas": "LAMPAU"}, "“Baru”: tanggal di antara tidak dapat"),
        (
            {"isian-0-tipe": "tanggal"},
            "tidak dapat diganti dari “Teks satu baris” ke “Tanggal”, karena permohonan",
        ),
        ({"isian-9-bila_kunci": "keperluan", "isian-9-bila_nilai": "x"}, "yang tidak ada."),
        ({"tembusan": "x" * 121}, "xxx…” paling panjang 120 huruf."),
        ({"judul": "SURAT 😀"}, "Tanda “😀” tidak dapat dicetak di surat."),
        ({NAMA: "Baru\ue001"}, "memuat tanda yang tidak dapat disimpan"),
    ],
)  # fmt: skip
def test_mistake_is_refused_with_a_sentence_and_everything_typed_stays(client, usaha, isi, kalimat):
    lama = dokumen(usaha)

    hal = simpan(client, usaha, **{"catatan_warga": "Sudah diketik.", **isi})

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert formulir(hal, "Simpan").isi["catatan_warga"] == ["Sudah diketik."]
    assert dokumen(usaha) == lama


def test_type_of_answer_may_change_within_its_kind(client, usaha):
    simpan(client, usaha, **{"isian-0-tipe": "teks_panjang", "isian-3-tipe": "angka"})

    assert list(usaha.pertanyaan.values_list("tipe", flat=True))[:4] == [
        "teks_panjang",
        "teks",
        "teks_panjang",
        "angka",
    ]


def test_subject_is_chosen_among_the_persons_asked_for(client):
    jenis = factories.jenis("kematian")

    hal = client.get(alamat(jenis))
    tolak = simpan(client, jenis, subjek="keperluan")
    simpan(client, jenis, subjek="", cetak_identitas=None)

    jenis.refresh_from_db()
    assert formulir(hal, "Simpan").isi["subjek"] == ["almarhum"]
    assert "Masukkan pilihan yang valid." in kata(tolak)
    assert jenis.subjek == ""


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"aksi": "tambah_isian"},
        {"isian-TOTAL_FORMS": "99999999", "isian-INITIAL_FORMS": "0", "nama": "x"},
        {"isian-TOTAL_FORMS": "x", "isian-INITIAL_FORMS": "-1"},
        {"revisi": "999999999999999999999"},
        {"aksi": "hapus_semua"},
    ],
)
def test_half_a_form_is_refused_quietly(client, usaha, data):
    lama = dokumen(usaha)

    assert client.post(alamat(usaha), data).status_code == 200
    assert dokumen(usaha) == lama


def test_scripts_in_labels_are_mere_text(client, usaha):
    jahat = "<script>alert(1)</script>"
    simpan(client, usaha, nama=jahat, **{"isian-0-label": jahat, "isian-0-bantuan": jahat})

    for hal in (client.get(DAFTAR), client.get(alamat(usaha))):
        assert jahat not in hal.content.decode()
        assert jahat in kata(hal)


# --- Two clerks -------------------------------------------------------------------------------


def test_second_clerk_is_told_who_was_faster_and_loses_nothing(client, rekan, usaha):
    hal = rekan.get(alamat(usaha))
    simpan(client, usaha, tujuan="Untuk bank.")

    tolak = kirim(rekan, hal, "Simpan", {"nama": "Nama rekan", "isian-0-label": "Nama tempat"})

    teks = kata(tolak)
    assert "sudah diubah oleh Admindesa, " in teks
    assert "Isian Anda masih ada di bawah; bandingkan, lalu simpan lagi." in teks
    assert "Untuk apa Untuk bank." in teks  # stored, against what the second one has
    borang = formulir(tolak, "Simpan")
    assert (borang.isi["nama"], borang.isi["isian-0-label"]) == (["Nama rekan"], ["Nama tempat"])
    usaha.refresh_from_db()
    assert (usaha.nama, usaha.tujuan) == ("Surat Keterangan Usaha (SKU)", "Untuk bank.")

    assert kirim(rekan, tolak, "Simpan").status_code == 302
    usaha.refresh_from_db()
    assert (usaha.nama, usaha.revisi) == ("Nama rekan", 2)
    assert usaha.pertanyaan.first().label == "Nama tempat"


def test_field_that_the_first_clerk_removed_comes_back_knowingly(client, rekan, usaha):
    Pertanyaan.objects.create(jenis=usaha, kunci="luas", label="Luas", tipe="teks", urutan=99)
    hal = rekan.get(alamat(usaha))
    simpan(client, usaha, **{"isian-10-hapus": "on"})
    assert "luas" not in kunci(usaha)

    tolak = kirim(rekan, hal, "Simpan", {"tujuan": "Lain."})
    simpan_lagi = kirim(rekan, tolak, "Simpan")

    assert "“Luas” ditambahkan" in kata(tolak)
    assert simpan_lagi.status_code == 302
    assert "luas" in kunci(usaha)


def test_default_loaded_meanwhile_is_noticed_too(client, usaha):
    hal = client.get(alamat(usaha))
    berkas.tulis(dokumen(usaha) | {"tujuan": "Bawaan lain."}, jenis=usaha)

    tolak = kirim(client, hal, "Simpan", {"nama": "Nama desa"})

    assert "sudah diubah oleh sistem" in kata(tolak)


# --- A new type -------------------------------------------------------------------------------


def test_new_type_is_made_with_words_to_begin_with(client):
    factories.jenis()
    hal = client.get(f"{DAFTAR}add/")

    jawab = kirim(
        client,
        hal,
        "Simpan",
        {
            "nama": "Surat Keterangan Kebun",
            "judul": "SURAT KETERANGAN KEBUN",
            "tujuan": "Pupuk bersubsidi.",
            "klasifikasi": "500.6",
            "janji_hari": "1",
            "isian-1-label": "Luas kebun",
        },
    )

    jenis = JenisSurat.objects.get(kode="surat_keterangan_kebun")
    assert jawab.url == f"{DAFTAR}{jenis.pk}/kata-kata/"
    assert (jenis.layanan_mandiri, kunci(jenis)) == (False, ["keperluan", "luas_kebun"])
    satu = jenis.templat.get()
    assert satu.pembuka.startswith("Yang bertanda tangan di bawah ini")
    assert satu.isi == "Surat ini dibuat untuk keperluan {{ keperluan }}."
    assert templat.periksa(satu.pembuka, []) is None


@pytest.mark.parametrize("naskah", JenisSurat.Naskah.values)
def test_words_to_begin_with_fit_every_kind_of_paper(client, naskah):
    isi = {"nama": "A", "judul": "A", "tujuan": "A", "klasifikasi": "1", "naskah": naskah}

    kirim(client, client.get(f"{DAFTAR}add/"), "Simpan", {**isi, "isian-0-hapus": "on"})

    berkas.periksa(dokumen(JenisSurat.objects.get(kode="a")))


def test_code_of_another_type_is_refused(client, usaha):
    isi = {"nama": "A", "judul": "A", "tujuan": "A", "klasifikasi": "1", "kode": "usaha"}

    hal = kirim(client, client.get(f"{DAFTAR}add/"), "Simpan", isi)

    assert "Jenis surat dengan Kode telah ada." in kata(hal)
    assert formulir(hal, "Simpan").isi["nama"] == ["A"]


# --- The list ---------------------------------------------------------------------------------


def test_list_tells_whose_a_type_is(client, usaha):
    JenisSurat.objects.filter(pk=usaha.pk).update(nama="SKU kami")
    salinan = dokumen(usaha) | {"kode": "milik_desa", "nama": "Milik Desa"}
    berkas.tulis(salinan)

    teks = kata(client.get(DAFTAR, {"q": "usaha"}))

    assert "SKU kami usaha 500.2.2.4 belum dipastikan 10 1 diubah desa" in teks
    assert "buatan desa" in kata(client.get(DAFTAR, {"q": "milik_desa"}))


def test_list_costs_the_same_for_few_and_for_all(client, django_assert_num_queries):
    bawaan.muat()
    client.get(DAFTAR)
    with django_assert_num_queries(14):
        client.get(DAFTAR, {"q": "usaha"})
    with django_assert_num_queries(14):
        hal = client.get(DAFTAR)

    assert len(hal.context["cl"].result_list) == 52


def test_page_of_one_type_costs_the_same_for_few_and_many_fields(client, django_assert_num_queries):
    sedikit, banyak = factories.jenis("belum_menikah"), factories.jenis("kelahiran")
    client.get(alamat(sedikit))
    for jenis in (sedikit, banyak):
        with django_assert_num_queries(13):
            client.get(alamat(jenis))


def test_offering_is_switched_for_many_at_once(client, usaha, admin_desa):
    lain = factories.jenis("domisili")
    data = {"action": "jangan_tawarkan", "_selected_action": [usaha.pk, lain.pk]}

    hal = client.post(DAFTAR, data, follow=True)

    usaha.refresh_from_db()
    assert "2 jenis surat sekarang tidak ditawarkan kepada warga." in kata(hal)
    assert (usaha.layanan_mandiri, usaha.revisi, usaha.diubah_oleh) == (False, 1, admin_desa)
    assert LogEntry.objects.filter(object_id=usaha.pk).count() == 1
    assert "1 jenis surat sekarang ditawarkan" in kata(
        client.post(
            DAFTAR, data | {"action": "tawarkan", "_selected_action": [lain.pk]}, follow=True
        )
    )


def test_only_the_keepers_of_letter_types_come_in(usaha, operator, perbekel, warga):
    for akun in (operator, perbekel, warga, None):
        satu = sebagai(akun)
        for ekor in ("change/", "kata-kata/", "versi/", "salin/", "unduh/", "bawaan/"):
            assert satu.get(f"{DAFTAR}{usaha.pk}/{ekor}").status_code in (302, 403)
        assert satu.get(f"{DAFTAR}pratinjau/").status_code in (302, 403)
        assert satu.post(f"{DAFTAR}impor/", {"isi": "[]"}).status_code in (302, 403)


def test_posts_need_the_token_of_the_page(admin_desa, usaha):
    client = sebagai(admin_desa, enforce_csrf_checks=True)
    for ekor in (f"{usaha.pk}/change/", f"{usaha.pk}/kata-kata/", f"{usaha.pk}/versi/1/pakai/",
                 f"{usaha.pk}/salin/", f"{usaha.pk}/bawaan/", "impor/", "add/"):  # fmt: skip
        assert client.post(f"{DAFTAR}{ekor}", {"aksi": "simpan"}).status_code == 403


def test_type_is_never_deleted(client, usaha):
    assert client.post(f"{DAFTAR}{usaha.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "Hapus" not in tombol(client.get(alamat(usaha)))


# --- Rules ------------------------------------------------------------------------------------


def aturan(jenis) -> list[dict]:
    return dokumen(jenis)["aturan"]


def test_rule_is_added_changed_and_taken_away(client, usaha):
    ada = len(aturan(usaha))
    baru = f"aturan-{ada}"
    simpan(
        client,
        usaha,
        **{f"{baru}-macam": "umur", f"{baru}-siapa": "pemohon", f"{baru}-nilai": "21.."},
        **{f"{baru}-kekuatan": "TOLAK", f"{baru}-kalimat": "{nama} belum dewasa."},
    )
    assert aturan(usaha)[-1] == {
        **{"macam": "umur", "siapa": "pemohon", "nilai": "21..", "kekuatan": "TOLAK"},
        **{"kalimat": "{nama} belum dewasa.", "bila_kunci": "", "bila_nilai": ""},
    }

    hal = simpan(client, usaha, **{f"{baru}-nilai": "25..", "aturan-0-hapus": "on"})

    assert len(aturan(usaha)) == ada
    assert aturan(usaha)[-1]["nilai"] == "25.."
    assert "sudah disimpan" in kata(client.get(hal.url))
    catatan = LogEntry.objects.order_by("-pk").first().change_message
    assert "aturan (“subjek, hidup, meninggal atau pindah: bukan Mati|Pindah" in catatan


def test_rule_that_cannot_be_run_is_told_and_kept_as_typed(client, usaha):
    ada = len(aturan(usaha))
    baru = f"aturan-{ada}"

    hal = simpan(
        client,
        usaha,
        **{f"{baru}-macam": "umur", f"{baru}-siapa": "pemohon", f"{baru}-nilai": "tujuh belas"},
    )

    assert hal.status_code == 200
    assert "“tujuh belas” tidak dapat dipakai untuk umur. Dari..sampai dalam tahun" in kata(hal)
    assert formulir(hal, "Simpan").isi[f"{baru}-nilai"] == ["tujuh belas"]
    assert len(aturan(usaha)) == ada


def test_question_that_a_rule_looks_at_cannot_go(client, usaha):
    ke = kunci(usaha).index("mulai")

    hal = simpan(client, usaha, **{f"isian-{ke}-hapus": "on"})

    assert hal.status_code == 200
    assert "mulai" in kunci(usaha)


# --- Archive codes ------------------------------------------------------------------------------


def test_guessed_archive_codes_are_marked_until_the_village_confirms_them(client):
    for kode in ("wali", "usaha", "domisili"):
        factories.jenis(kode)
    tanda = "belum dipastikan"

    assert kata(client.get(DAFTAR)).count(tanda) == 2
    wali = JenisSurat.objects.get(kode="wali")
    assert f"Kode klasifikasi 900.1.7.2 {tanda}" in kata(client.get(f"{DAFTAR}{wali.pk}/change/"))

    data = {"action": "pastikan_kode", "_selected_action": [wali.pk]}
    hal = client.post(DAFTAR, data, follow=True)

    assert "Kode klasifikasi 1 jenis surat sudah dipastikan." in kata(hal)
    assert kata(hal).count(tanda) == 1
    assert tanda not in kata(client.get(f"{DAFTAR}{wali.pk}/change/"))
    wali.refresh_from_db()
    assert not bawaan.diubah_desa(berkas.lengkap().get(pk=wali.pk))  # a default may still come
    catatan = LogEntry.objects.get(object_id=str(wali.pk))
    assert "Memastikan kode klasifikasi 900.1.7.2." in str(catatan)


def test_code_that_the_village_has_changed_is_its_own(client):
    wali = factories.jenis("wali")
    JenisSurat.objects.update(klasifikasi="400.3")

    wali.refresh_from_db()
    assert not bawaan.klasifikasi_ragu(wali)


def test_each_doubtful_code_is_that_of_a_shipped_type():
    ada = {data["kode"]: data["klasifikasi"] for data in bawaan.baca()}

    assert bawaan._RAGU and {k: ada.get(k) for k in bawaan._RAGU} == bawaan._RAGU
