"""Letter types as files: copies, downloads, imports of anything, newer defaults."""

import copy
import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from layanan import peran
from surat.jenis import bawaan, impor
from surat.jenis import berkas as berkas_jenis
from surat.models import JenisSurat
from surat.peraga import surat
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai, tombol
from tests.surat.conftest import PADA

DAFTAR = "/kelola/surat/jenissurat/"
IMPOR = f"{DAFTAR}impor/"

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]


@pytest.fixture
def client(admin_desa):
    return sebagai(admin_desa)


@pytest.fixture
def usaha():
    return factories.jenis("usaha")


def dokumen(kode: str = "usaha") -> dict:
    return berkas_jenis.ekspor(berkas_jenis.lengkap().get(kode=kode))


def alamat(jenis: JenisSurat, ekor: str) -> str:
    return f"{DAFTAR}{jenis.pk}/{ekor}/"


def berkas(isi) -> SimpleUploadedFile:
    teks = isi if isinstance(isi, bytes) else json.dumps(isi).encode()
    return SimpleUploadedFile("jenis.json", teks, "application/json")


def periksa(client, isi):
    """Upload a file, look at the dry run."""
    return kirim(client, client.get(IMPOR), "Periksa berkas", {"berkas": berkas(isi)})


# --- Copy -------------------------------------------------------------------------------------


def test_copy_has_everything_and_is_not_offered(client, usaha, admin_desa):
    lama = dokumen()

    jawab = kirim(
        client, client.get(alamat(usaha, "salin")), "Buat salinan", {"nama": "SKU Nelayan"}
    )

    baru = JenisSurat.objects.get(kode="sku_nelayan")
    assert jawab.url == f"{DAFTAR}{baru.pk}/change/"
    beda = {"kode": "sku_nelayan", "nama": "SKU Nelayan", "layanan_mandiri": False}
    assert dokumen("sku_nelayan") == lama | beda
    assert baru.templat.get().catatan == "Salinan Surat Keterangan Usaha (SKU)"
    assert (baru.sidik_bawaan, baru.diubah_oleh) == ("", admin_desa)
    assert "buatan desa" in kata(client.get(DAFTAR, {"q": "nelayan"}))


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        ({"nama": ""}, "Bidang ini tidak boleh kosong."),
        ({"kode": "usaha"}, "Kode “usaha” sudah dipakai jenis surat lain."),
        ({"kode": "a b"}, "Masukkan"),
        ({"nama": "\ue000"}, "memuat tanda yang tidak dapat disimpan"),
    ],
)
def test_copy_that_cannot_be_is_refused(client, usaha, isi, kalimat):
    hal = kirim(client, client.get(alamat(usaha, "salin")), "Buat salinan", isi)

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert JenisSurat.objects.count() == 1


def test_two_copies_of_one_name_get_two_codes(client, usaha):
    for _ in range(2):
        kirim(client, client.get(alamat(usaha, "salin")), "Buat salinan")

    kode = JenisSurat.objects.filter(nama__endswith="(salinan)").values_list("kode", flat=True)
    assert len(set(kode)) == 2


# --- Download ---------------------------------------------------------------------------------


def test_one_type_is_downloaded_as_it_is(client, usaha):
    jawab = client.get(alamat(usaha, "unduh"))

    assert jawab["Content-Disposition"] == 'attachment; filename="jenis-surat-usaha.json"'
    assert jawab["Content-Type"] == "application/json"
    assert json.loads(jawab.content) == dokumen()


def test_chosen_types_are_downloaded_as_a_list(client, usaha):
    pk = [usaha.pk, factories.jenis("domisili").pk]

    jawab = client.post(DAFTAR, {"action": "unduh", "_selected_action": pk})

    assert {d["kode"] for d in json.loads(jawab.content)} == {"usaha", "domisili"}


# --- Import -----------------------------------------------------------------------------------


def test_dry_run_tells_what_would_become_of_each_type_and_changes_nothing(client, usaha):
    factories.jenis("domisili")
    lama = dokumen()
    semua = [
        lama | {"kode": "kebun", "nama": "Surat Kebun", "layanan_mandiri": False},
        lama | {"tujuan": "Untuk bank."},
        dokumen("domisili"),
        lama | {"kode": "rusak", "nama": "Rusak", "warna": "merah"},
    ]

    hal = periksa(client, semua)

    teks = kata(hal)
    assert "4 jenis surat di berkas: 1 baru, 1 berbeda, 1 sama, 1 salah." in teks
    assert "Surat Kebun kebun baru Akan dibuat, belum ditawarkan kepada warga." in teks
    assert "Untuk apa Kredit (KUR), bantuan UMKM, kelengkapan usaha. → Untuk bank." in teks
    assert "Sama dengan yang sudah ada." in teks
    assert "“warna” tidak dikenal." in teks
    assert "Selama ada yang salah, tidak ada yang dapat diterapkan." in teks
    assert "Terapkan" not in tombol(hal)
    assert dokumen() == lama and JenisSurat.objects.count() == 2


def test_file_of_before_the_rules_takes_none_away(client):
    """Of the former release: signers as settings, no rules, no forms, and one question less."""
    factories.jenis("kematian")
    kini = dokumen("kematian")
    lama = copy.deepcopy(kini) | {"tujuan": "Baru.", "jumlah_saksi": 2}
    for kunci in ("aturan", "penanda", "formulir"):
        del lama[kunci]
    lama["bidang"] = [b for b in lama["bidang"] if b["kunci"] != "tgl_pemakaman"]
    lama |= {"isi": ["{{ sebab }}"], "pembuka": "", "penutup": ""}

    hal = periksa(client, [lama])
    kirim(client, hal, "Terapkan", {"timpa-kematian": hal.context["laporan"][0].keadaan})

    sesudah = dokumen("kematian")
    assert "tidak memuat aturan, penanda tangan, formulir resmi" in kata(hal)
    assert sesudah["tujuan"] == "Baru."
    assert sesudah["penanda"] == kini["penanda"]
    assert sesudah["formulir"] == kini["formulir"] != []
    cocok = [a for a in kini["aturan"] if "tgl_pemakaman" not in str(a)]
    assert sesudah["aturan"] == cocok and 0 < len(cocok) < len(kini["aturan"])


def test_import_makes_new_types_and_replaces_only_what_is_ticked(client, usaha, admin_desa):
    factories.jenis("domisili")
    lama = dokumen()
    semua = [
        lama | {"kode": "kebun", "nama": "Surat Kebun"},
        lama | {"tujuan": "Untuk bank.", "penutup": "Demikian."},
        dokumen("domisili") | {"nama": "Domisili Lain"},
    ]
    hal = periksa(client, semua)

    jawab = kirim(client, hal, "Terapkan", {"timpa-usaha": "0.1"})

    assert "1 jenis surat baru, 1 diganti." in kata(client.get(jawab.url))
    assert dokumen("kebun") == semua[0]
    assert dokumen() == semua[1]
    assert dokumen("domisili")["nama"] == "Surat Keterangan Domisili"
    usaha.refresh_from_db()
    assert (usaha.revisi, usaha.diubah_oleh) == (1, admin_desa)
    assert list(usaha.templat.order_by("versi").values_list("versi", "catatan")) == [
        (1, ""),
        (2, "Impor"),
    ]
    assert LogEntry.objects.filter(change_message="Impor jenis surat dari berkas.").count() == 2


def test_export_of_all_types_is_the_same_when_imported(client):
    bawaan.muat()
    pk = list(JenisSurat.objects.values_list("pk", flat=True))
    isi = client.post(DAFTAR, {"action": "unduh", "_selected_action": pk}).content

    hal = periksa(client, isi)

    assert "52 jenis surat di berkas: 0 baru, 0 berbeda, 52 sama, 0 salah." in kata(hal)
    assert "Tidak ada yang perlu diterapkan." in kata(hal)


def test_exported_types_make_an_empty_village_whole(client):
    bawaan.muat()
    semua = [berkas_jenis.ekspor(j) for j in berkas_jenis.lengkap()]
    JenisSurat.objects.all()  # the types have versions, so they are renamed rather than deleted
    for jenis in JenisSurat.objects.all():
        JenisSurat.objects.filter(pk=jenis.pk).update(kode=f"lama_{jenis.pk}")

    jawab = kirim(client, periksa(client, semua), "Terapkan")

    assert "52 jenis surat baru, 0 diganti." in kata(client.get(jawab.url))
    assert [dokumen(d["kode"]) for d in semua] == semua


def test_type_changed_after_the_dry_run_is_not_replaced(client, usaha):
    semua = [
        dokumen() | {"tujuan": "Untuk bank."},
        dokumen() | {"kode": "kebun", "nama": "Surat Kebun"},
    ]
    hal = periksa(client, semua)
    rekan = sebagai(factories.buat_petugas("rekan", peran.ADMIN_DESA))
    kirim(rekan, rekan.get(alamat(usaha, "change")), "Simpan", {"nama": "Nama rekan"})

    tolak = kirim(client, hal, "Terapkan", {"timpa-usaha": "0.1"})

    teks = kata(tolak)
    assert "sudah diubah oleh Rekan" in teks and "Tidak ada yang diubah." in teks
    assert JenisSurat.objects.count() == 1  # all or nothing: the new one neither
    assert formulir(tolak, "Terapkan").isi["timpa-usaha"] == ["1.1"]  # still ticked, seen anew
    assert kirim(client, tolak, "Terapkan").status_code == 302
    assert dokumen()["tujuan"] == "Untuk bank."
    assert JenisSurat.objects.filter(kode="kebun").exists()


def test_field_of_another_kind_under_the_same_name_is_refused(client, usaha):
    data = dokumen()
    data["bidang"][0] |= {"tipe": "tanggal"}

    tolak = kirim(client, periksa(client, data), "Terapkan", {"timpa-usaha": "0.1"})

    assert "tidak dapat diganti dari “Teks satu baris” ke “Tanggal”" in kata(tolak)
    assert dokumen()["bidang"][0]["tipe"] == "teks"


SAMPAH = {
    "no json": b"PK\x03\x04 zip",
    "picture": b"\xff\xd8\xff\xe0",
    "utf-16": '{"kode": "a"}'.encode("utf-16"),
    "python": b"{'kode': __import__('os').system('true')}",
    "html": b"<script>alert(1)</script>",
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "empty list": b"[]",
    "nan": b'{"kode": NaN}',
    "number with a million digits": b'{"urutan": ' + b"9" * 500_000 + b"}",
    "half character": b'{"kode": "\\ud800"}',
    "too many": json.dumps([{}] * 201).encode(),
    "too big": b'"' + b"x" * (1024 * 1024) + b'"',
}


@pytest.mark.parametrize("isi", SAMPAH.values(), ids=SAMPAH)
def test_garbage_is_refused_as_a_file(client, isi):
    hal = periksa(client, isi)

    assert hal.status_code == 200
    assert "Terapkan" not in tombol(hal)
    assert hal.context["form"].errors.keys() == {"berkas"}
    assert JenisSurat.objects.count() == 0


def test_no_file_at_all_is_told(client):
    assert "Pilih berkasnya dulu." in kata(kirim(client, client.get(IMPOR), "Periksa berkas"))
    assert "Berkas ini kosong." in kata(periksa(client, b""))


DASAR = {
    "kode": "uji",
    "nama": "Surat Uji",
    "judul": "SURAT UJI",
    "tujuan": "Untuk menguji.",
    "klasifikasi": "400",
    "bidang": [{"kunci": "x", "label": "X", "tipe": "teks"}],
    "syarat": [],
    "isi": ["{{ x }}"],
}


def dengan(**lain) -> dict:
    return copy.deepcopy(DASAR) | lain


def bidang(**lain) -> dict:
    return dengan(bidang=[DASAR["bidang"][0] | lain])


def dalam(n: int):
    isi: list = []
    for _ in range(n):
        isi = [isi]
    return isi


SALAH = [
    (5, "Berkas ini bukan jenis surat."),
    ({}, "“kode” belum terisi."),
    ([["a"]], "Berkas ini bukan jenis surat."),
    (dengan(kode="../etc"), "Surat Uji (kode):"),
    (dengan(kode=["a"]), "“kode” tidak sah"),
    (dengan(kode="x" * 41), "Surat Uji (kode):"),
    (dengan(nama={"a": 1}), "“nama” tidak sah"),
    (dengan(nama="x" * 121), "(nama):"),
    (dengan(nama="a\nb"), "“nama” memuat tanda yang tidak dapat disimpan (000A)."),
    (dengan(nama="\uf8ff[31m"), "tidak dapat disimpan (F8FF)."),
    (dengan(oleh=1), "“oleh” tidak dikenal."),
    (dengan(revisi=1), "“revisi” tidak dikenal."),
    (dengan(isi="abc"), "“isi” harus berupa daftar."),
    (dengan(isi=[{"a": 1}]), "“isi” harus berupa daftar kalimat."),
    (dengan(isi=dalam(90)), "“isi” harus berupa daftar kalimat."),
    (dengan(isi=["x" * 12_001]), "“isi” paling panjang 12000 huruf, sekarang 12001."),
    (dengan(isi=["{% if x %}" * 900 + "{% endif %}" * 900]), "“isi” paling panjang"),
    (dengan(isi=["{% if x %}" * 500 + "{% endif %}" * 500]), "paling banyak 8 tingkat"),
    (dengan(isi=["{% include 'x' %}"]), "Hanya {{ nama }} dan {% if nama %}"),
    (dengan(isi=["{{ x.__class__ }}"]), "Sisipan {{ x.__class__ }} tidak dapat dibaca."),
    (dengan(isi=["{{ settings }}"]), "Sisipan {{ settings }} tidak dikenal."),
    (dengan(isi=["a 😀"]), "Tanda “😀” tidak dapat dicetak di surat."),
    (dengan(judul="\ue001"), "“judul” memuat tanda yang tidak dapat disimpan (E001)."),
    (dengan(jumlah_saksi="7"), "“jumlah_saksi” tidak dikenal."),
    (dengan(penanda="x"), "“penanda” tidak sah: x."),
    (dengan(penanda=[1]), "Isi penanda baris 1 tidak sah."),
    (dengan(penanda=[{"label": "A", "warna": "x"}]), "Isi penanda baris 1 tidak sah."),
    (dengan(penanda=[{"label": "A", "meterai": "ya"}]), "Isi penanda baris 1 tidak sah."),
    (dengan(penanda=[{"label": " "}]), "Di penanda baris 1, tulis sebutan"),
    (dengan(penanda=[{"label": "x" * 121}]), "Di penanda baris 1, tulis sebutan"),
    (dengan(penanda=[{"label": "A", "tempat": "atas"}]), "Di penanda baris 1, tulis sebutan"),
    (dengan(penanda=[{"label": "A", "siapa": "y"}]), "“A” menunjuk “y”, yang bukan isian orang."),
    (dengan(penanda=[{"label": "A", "wali": "y"}]), "Wali bagi “A”, “y”, bukan isian orang."),
    (dengan(penanda=[{"label": "{{ nma }}"}]), "Penanda baris 1: Sisipan {{ nma }} tidak dikenal."),
    (dengan(penanda=[{"label": "Saksi 😀"}]), "Tanda “😀” tidak dapat dicetak di surat."),
    (dengan(penanda=[{"label": "A"}] * 13), "“penanda” paling banyak 12 baris."),
    (dengan(janji_hari=366), "“janji_hari” paling besar 365."),
    (dengan(masa_berlaku_hari=10**9), "“masa_berlaku_hari” paling besar 3650."),
    (dengan(urutan=1.5), "“urutan” tidak sah"),
    (dengan(meterai="ya"), "“meterai” tidak dikenal."),
    (dengan(tembusan=["a"] * 21), "“tembusan” paling banyak 20 baris."),
    (dengan(bidang={"a": 1}), "“bidang” harus berupa daftar."),
    (dengan(bidang=[DASAR["bidang"][0]] * 51), "“bidang” paling banyak 50 baris."),
    (dengan(syarat=[{"kode": "a", "label": "A"}] * 21), "“syarat” paling banyak 20 baris."),
    (dengan(syarat=[{"kode": "a"}]), "Di syarat baris 1, “label” belum terisi."),
    (dengan(syarat=[{"kode": "a", "label": "A", "z": 1}]), "“z” tidak dikenal di syarat baris 1."),
    (bidang(jenis=5), "“jenis” tidak dikenal di bidang baris 1."),
    (bidang(kunci=""), "Di bidang baris 1, “kunci” belum terisi."),
    (bidang(kunci="class"), "Kunci hanya huruf, angka dan garis bawah"),
    (bidang(label=5), "“label” tidak sah: 5."),
    (bidang(tipe="exec"), "Tipe “exec” pada “X” tidak dikenal."),
    (bidang(tipe="pilihan", pilihan=["a|b"]), "satu pilihan satu baris"),
    (bidang(tipe="pilihan", pilihan=[str(n) for n in range(61)]), "paling banyak 60 pilihan."),
    (bidang(pilihan=dalam(500)), "“X”: pilihan harus berupa tulisan."),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kalimat"), SALAH)
def test_spoiled_type_is_refused_with_a_sentence(client, data, kalimat):
    hal = periksa(client, [data, dengan(kode="baik")])

    assert hal.status_code == 200
    baris = hal.context["laporan"]
    assert [b.nasib for b in baris] == ["salah", "baru"]
    assert kalimat in baris[0].sebab
    assert "Terapkan" not in tombol(hal)


def test_base_of_the_spoiled_types_is_sound_and_scripts_in_it_are_mere_text(client):
    jahat = "<script>alert(1)</script>"
    data = bidang(label=jahat) | {"nama": jahat, "catatan_warga": jahat}

    hal = periksa(client, data)
    jawab = kirim(client, hal, "Terapkan")

    assert jahat not in hal.content.decode() and jahat in kata(hal)
    assert jahat not in client.get(jawab.url).content.decode()
    assert JenisSurat.objects.get().nama == jahat


def test_same_code_twice_in_a_file_is_refused(client):
    hal = periksa(client, [DASAR, dengan(nama="Lain")])

    assert kata(hal).count("Kode ini ada dua kali di berkas.") == 2


@pytest.mark.parametrize(
    "data",
    [
        {"isi": ""},
        {"isi": "[" * 50_000},
        {"isi": json.dumps([5])},
        {"isi": json.dumps(dengan(judul=5))},
        {"isi": json.dumps(DASAR), "timpa-uji": "x.y", "timpa-lain": "9" * 90},
    ],
)
def test_answer_to_the_dry_run_is_checked_again(client, data):
    jawab = client.post(IMPOR, data)

    assert jawab.status_code in (200, 302)
    assert JenisSurat.objects.count() == (1 if jawab.status_code == 302 else 0)


@pytest.mark.parametrize("token", ["", "x", "1", "1.", ".1", "0.9", "9.1", "²." * 9, "0.1" * 20])
def test_ticked_type_must_be_the_one_that_was_seen(client, usaha, token):
    isi = json.dumps(dokumen() | {"tujuan": "Lain."})

    jawab = client.post(IMPOR, {"isi": isi, "timpa-usaha": token})

    assert jawab.status_code == 200
    assert dokumen()["tujuan"] != "Lain."


def test_wording_of_a_file_is_tidied_as_in_the_editor(client):
    data = dengan(isi=["Satu  dua. \r\n\r\n\r\nTiga", "{{ x }}"], pembuka=" a\t")

    kirim(client, periksa(client, data), "Terapkan")

    assert dokumen("uji")["isi"] == ["Satu dua.", "Tiga", "{{ x }}"]
    assert dokumen("uji")["pembuka"] == "a"


def test_dry_run_costs_the_same_for_one_and_for_all(usaha, django_assert_num_queries):
    semua = [berkas_jenis.ekspor(j) for j in berkas_jenis.lengkap()]
    for isi in (semua[:1], semua):
        with django_assert_num_queries(5):
            impor.periksa(isi)


def test_imported_type_can_be_printed_at_once(client, operator):
    kirim(client, periksa(client, DASAR), "Terapkan")

    jenis = berkas_jenis.lengkap().get()
    bahan = surat.bahan(jenis, ukuran=surat.Ukuran.WAJAR, tanggal=PADA.date())
    assert surat.surat_peraga(bahan, tanda_air="DRAF")["judul"] == "SURAT UJI"


# --- Newer defaults ---------------------------------------------------------------------------


@pytest.fixture
def bawaan_lebih_baru(usaha, tmp_path, monkeypatch):
    """The village has its own SKU, and an update brings another one."""
    JenisSurat.objects.filter(pk=usaha.pk).update(tujuan="Milik desa.")
    factories.jenis("domisili")
    for nama in ("domisili.json", "usaha.json"):
        (tmp_path / nama).write_bytes((bawaan.FOLDER / nama).read_bytes())
    data = json.loads((tmp_path / "usaha.json").read_text())
    data["bidang"][0] |= {"label": "Nama tempat usaha"}
    data["bidang"].append({"kunci": "luas", "label": "Luas", "tipe": "angka", "wajib": False})
    data["syarat"] = data["syarat"][:2]
    data["isi"] = [*data["isi"], "Luasnya {{ luas }}."]
    (tmp_path / "usaha.json").write_text(json.dumps(data))
    monkeypatch.setattr(bawaan, "FOLDER", tmp_path)
    bawaan.muat()
    return tmp_path


def test_newer_default_is_offered_in_the_list_and_at_the_type(client, usaha, bawaan_lebih_baru):
    daftar, halaman = client.get(DAFTAR), client.get(alamat(usaha, "change"))

    assert kata(daftar).count("Ada bawaan baru") == 1
    assert f'href="{usaha.pk}/bawaan/"' in daftar.content.decode()
    assert "Ada bawaan baru untuk jenis surat ini." in kata(halaman)
    usaha.refresh_from_db()
    assert usaha.tujuan == "Milik desa."


def test_differences_are_shown_part_by_part(client, usaha, bawaan_lebih_baru):
    teks = kata(client.get(alamat(usaha, "bawaan")))

    for kalimat in (
        "Pengaturan Untuk apa Milik desa. → Kredit (KUR)",
        "“Luas” ditambahkan: Angka bulat, tidak wajib",
        "Pertanyaan “Nama usaha”: pertanyaan Nama usaha → Nama tempat usaha",
        "Syarat “Foto tempat/kegiatan usaha” dihapus",
        "Kata-kata Isi",
        "Luasnya {{ luas }}.",
    ):
        assert kalimat in teks


def test_newer_default_is_taken(client, usaha, bawaan_lebih_baru, admin_desa):
    jawab = kirim(client, client.get(alamat(usaha, "bawaan")), "Pakai bawaan baru")

    usaha.refresh_from_db()
    assert "sekarang memakai bawaan baru." in kata(client.get(jawab.url))
    assert dokumen() == berkas_jenis.seragam(bawaan.satu("usaha"))
    assert bawaan.diubah_desa(usaha) is False
    assert usaha.templat.get(versi=2).catatan == "Bawaan baru"
    assert (usaha.diubah_oleh, bawaan.lebih_baru([usaha])) == (admin_desa, set())
    assert "Ada bawaan baru" not in kata(client.get(DAFTAR))


def test_newer_default_leaves_the_switches_to_the_village(client, usaha, bawaan_lebih_baru):
    saklar = {"layanan_mandiri": False, "janji_hari": 5, "urutan": 88}
    JenisSurat.objects.filter(pk=usaha.pk).update(**saklar)
    hal = client.get(alamat(usaha, "bawaan"))

    kirim(client, hal, "Pakai bawaan baru")

    assert "janji selesai" not in kata(hal).lower()
    assert dokumen() == berkas_jenis.seragam(bawaan.satu("usaha")) | saklar


def test_newer_default_is_declined_and_offered_no_more(client, usaha, bawaan_lebih_baru):
    lama = dokumen()

    kirim(client, client.get(alamat(usaha, "bawaan")), "Tetap pakai milik desa")

    assert dokumen() == lama
    assert "Ada bawaan baru" not in kata(client.get(DAFTAR))
    assert "diubah desa" in kata(client.get(DAFTAR, {"q": "usaha"}))
    lagi = client.get(alamat(usaha, "bawaan"), follow=True)
    assert "Tidak ada bawaan baru untuk jenis surat ini." in kata(lagi)


@pytest.mark.parametrize("nama", ["sidik", "keadaan"])
def test_decision_about_what_is_no_longer_so_is_asked_again(client, usaha, bawaan_lebih_baru, nama):
    lama = dokumen()
    hal = client.get(alamat(usaha, "bawaan"))

    jawab = kirim(client, hal, "Pakai bawaan baru", {nama: "basi"})

    assert "baru saja berubah. Periksa lagi bedanya." in kata(client.get(jawab.url))
    assert dokumen() == lama


def test_type_without_a_default_has_no_page_for_it(client, usaha):
    JenisSurat.objects.filter(pk=usaha.pk).update(kode="milik_desa")

    jawab = client.get(alamat(usaha, "bawaan"))

    assert jawab.url == f"{DAFTAR}{usaha.pk}/change/"
