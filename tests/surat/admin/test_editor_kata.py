"""Writing the words of a letter type: placeholders, previews on paper, versions."""

import io
import re
import subprocess

import pytest
from PIL import Image
from pypdf import PdfReader

from layanan import peran
from surat.bahasa import templat
from surat.jenis import bawaan, beda, bentuk, berkas, penyuntingan
from surat.kertas import cetak_luar
from surat.models import JenisSurat, Lambang, TataNaskah, Templat
from surat.peraga import pratinjau, sisipan
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai, tombol
from tests.surat.conftest import PADA

DAFTAR = "/kelola/surat/jenissurat/"
PRATINJAU = f"{DAFTAR}pratinjau/"

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]


@pytest.fixture
def client(admin_desa):
    return sebagai(admin_desa)


@pytest.fixture
def rekan(db):
    return sebagai(factories.buat_petugas("rekan", peran.ADMIN_DESA))


@pytest.fixture
def usaha():
    return factories.jenis("usaha")


@pytest.fixture
def cetak(monkeypatch):
    """Previews without the process that prints them: the data it would get."""
    data = []

    def catat(apa, isi, *, detik):
        data.append(isi)
        return b"%PDF-1.7 peraga"

    monkeypatch.setattr(cetak_luar, "cetak", catat)
    return data


def alamat(jenis: JenisSurat, ekor: str = "kata-kata/") -> str:
    return f"{DAFTAR}{jenis.pk}/{ekor}"


def ketik(client, jenis, tombol_="Simpan versi baru", **isi):
    return kirim(client, client.get(alamat(jenis)), tombol_, isi)


def tulis(client, jenis, tombol_="Simpan versi baru", **isi):
    """The same by somebody who means it, whatever the page doubts."""
    jawab = ketik(client, jenis, tombol_, **isi)
    ragu = jawab.status_code == 200 and "Tetap simpan" in jawab.content.decode(errors="ignore")
    return kirim(client, jawab, "Tetap simpan") if ragu else jawab


# --- The page ---------------------------------------------------------------------------------


def test_page_begins_with_the_present_wording(client, usaha):
    satu = usaha.templat.get()

    borang = formulir(client.get(alamat(usaha)), "Simpan versi baru")

    for bagian in beda.BAGIAN:
        assert borang.isi[bagian] == [getattr(satu, bagian)]
    assert borang.isi["dasar"] == ["1"]


def test_placeholders_stand_beside_it_with_meaning_and_example(client, usaha):
    hal = client.get(alamat(usaha))

    teks = kata(hal)
    for kalimat in (
        "Isian surat ini (10)",
        "Data diri pemohon (22)",
        "{{ nama_usaha }} Nama usaha Warung Contoh",
        "{{ keperluan }} Keperluan mengajukan kredit usaha (KUR)",
        "{{ nama }} Nama lengkap I Wayan Contoh",
        "{{ desa }} Nama desa Bugbug",
        "{{ berlaku_sampai }} Berlaku sampai tanggal",
        "Cara menulis",
        "Nama usaha : {{ nama_usaha }}",
        "{% if nib %}",
    ):
        assert kalimat in teks
    assert tombol(hal)[-6:-2] == [  # below them: those of the shortcuts
        "Simpan versi baru",
        "Pratinjau",
        "Pratinjau data terpanjang",
        "Simpan versi baru",
    ]


@pytest.mark.parametrize("kode", ["usaha", "kematian", "ahli_waris", "silsilah", "beda_identitas"])
def test_list_of_placeholders_is_what_the_check_allows(kode):
    jenis = factories.jenis(kode)

    ada = [s.nama for k in sisipan.daftar(jenis, tanggal=PADA.date()) for s in k.sisipan]

    assert len(ada) == len(set(ada))
    assert set(ada) == templat.TETAP | berkas.nama_isian(jenis.pertanyaan.all())
    for nama in ada:
        assert templat.periksa(f"{{{{ {nama} }}}}", ada) is None


def test_group_of_facts_names_the_person_they_are_about(client):
    jenis = factories.jenis("kematian")
    label = jenis.pertanyaan.get(kunci="almarhum").label.rstrip("?")

    teks = kata(client.get(alamat(jenis)))

    assert f"Data diri: {label} (22)" in teks
    assert "{{ pemohon }} Nama pemohon I Wayan Contoh" in teks


# --- Saving -----------------------------------------------------------------------------------


def test_new_wording_is_the_next_version_and_the_former_one_stays(client, usaha, admin_desa):
    lama = usaha.templat.get()

    jawab = tulis(client, usaha, isi="Benar berusaha {{ nama_usaha }}.", catatan="Lebih pendek")

    baru = usaha.templat.get(versi=2)
    assert jawab.url == alamat(usaha, "versi/")
    assert "Versi 2 sudah disimpan dan dipakai mulai sekarang." in kata(client.get(jawab.url))
    assert (baru.isi, baru.catatan) == ("Benar berusaha {{ nama_usaha }}.", "Lebih pendek")
    assert (baru.pembuka, baru.dibuat_oleh) == (lama.pembuka, admin_desa)
    assert Templat.objects.get(pk=lama.pk).isi == lama.isi
    usaha.refresh_from_db()
    assert usaha.diubah_oleh == admin_desa


def test_wording_is_tidied_before_it_is_kept(client, usaha):
    tulis(
        client,
        usaha,
        isi="  Satu\u00a0dua.  \r\n\r\n\r\n\r\nTiga {% if nib == “A” %}“kutip”{% endif %}\t \r\n",
    )

    assert usaha.templat.get(versi=2).isi == (
        'Satu dua.\n\nTiga {% if nib == "A" %}“kutip”{% endif %}'
    )


def test_tidying_leaves_every_shipped_wording_alone():
    for data in bawaan.baca():
        for teks in beda.kata(berkas.seragam(data)).values():
            assert bentuk.rapikan(teks) == teks


def test_same_wording_makes_no_version(client, usaha):
    hal = tulis(client, usaha, catatan="Tidak ada")

    assert "Tidak ada kata yang berubah, jadi tidak ada versi baru." in kata(hal)
    assert usaha.templat.count() == 1


@pytest.mark.parametrize(
    ("bagian", "teks", "kalimat"),
    [
        (
            "isi",
            "Satu.\n\n{{ nama_usah }}",
            "Baris 3: Sisipan {{ nama_usah }} tidak dikenal. Maksud Anda {{ nama_usaha }}?",
        ),
        ("isi", "a\n{{ Nama Usaha }}", "Baris 2: Sisipan {{ Nama Usaha }} tidak dapat dibaca."),
        ("pembuka", "{{ nama ", "Baris 1: Ada {{ tanpa pasangannya."),
        ("isi", "a\n\n{% if nib %}\nb", "Baris 3: Bagian {% if nib %} belum ditutup"),
        ("isi", "a\nb\n{% endif %}", "Baris 3: Ada {% endif %} tanpa {% if … %} di depannya."),
        ("penutup", "{% load static %}", "Baris 1: Tanda {% load %} tidak dikenal."),
        ("isi", "{{ nama|upper }}", "Saringan (tanda |) tidak dapat dipakai"),
        ("isi", "{{ nama.__class__ }}", "Sisipan {{ nama.__class__ }} tidak dapat dibaca."),
        ("isi", "{% include 'x' %}", "Hanya {{ nama }} dan {% if nama %}"),
        ("isi", "a\nb 😀", "Baris 2: Tanda “😀” tidak dapat dicetak di surat."),
        ("isi", "\ue002nama\ue003", "Baris 1: Tanda U+E002, U+E003 tidak dapat dicetak"),
        ("isi", " \n ", "Isi surat belum ditulis."),
        ("pembuka", "x" * 3001, "Paling panjang 3000 huruf, sekarang 3001."),
        ("isi", "{{ pekerjaan_ket }}", "Sisipan {{ pekerjaan_ket }} tidak dikenal."),
    ],
)
@pytest.mark.parametrize("tombol_", ["Simpan versi baru", "Pratinjau"])
def test_mistake_is_told_at_its_box_with_its_line_and_the_text_stays(
    client, usaha, cetak, tombol_, bagian, teks, kalimat
):
    hal = tulis(client, usaha, tombol_, catatan="Catatan saya", **{bagian: teks})

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    borang = formulir(hal, "Simpan versi baru")
    assert borang.isi[bagian] == [bentuk.rapikan(teks)]
    assert borang.isi["catatan"] == ["Catatan saya"]
    assert hal.context["form"].errors.keys() == {bagian}
    assert usaha.templat.count() == 1
    assert cetak == []


def test_all_mistakes_are_told_at_once(client, usaha):
    hal = tulis(client, usaha, isi="{{ nama_usah }}\n{% if nib %}x", penutup="{{ dessa }}")

    teks = kata(hal)
    for kalimat in ("Baris 1: Sisipan {{ nama_usah }}", "Baris 2: Bagian {% if nib %}", "{{ dessa"):
        assert kalimat in teks


def test_markup_in_a_wording_is_mere_text(client, usaha, cetak):
    jahat = "<script>alert(1)</script> {{ nama_usaha }}"

    hal = tulis(client, usaha, isi=jahat, catatan=jahat)
    tulis(client, usaha, "Pratinjau", isi=jahat)

    assert "<script>alert" not in client.get(hal.url).content.decode()
    assert "<script>alert" not in client.get(alamat(usaha)).content.decode()
    (blok,) = cetak[0]["isi"]
    assert blok["html"].startswith("&lt;script&gt;alert(1)&lt;/script&gt; Warung Contoh")


# --- Two clerks -------------------------------------------------------------------------------


def test_second_writer_is_told_who_was_faster_and_sees_both_texts(client, rekan, usaha):
    hal = rekan.get(alamat(usaha))
    tulis(client, usaha, penutup="Demikian adanya.")

    tolak = kirim(rekan, hal, "Simpan versi baru", {"penutup": "Demikian dan terima kasih."})

    teks = kata(tolak)
    assert "Versi 2 baru saja disimpan oleh Admindesa, " in teks
    assert "Tulisan Anda masih ada di bawah; bandingkan, lalu simpan lagi." in teks
    assert "<del>adanya</del>" in tolak.content.decode()
    assert formulir(tolak, "Simpan").isi["penutup"] == ["Demikian dan terima kasih."]
    assert usaha.templat.count() == 2

    assert kirim(rekan, tolak, "Simpan versi baru").status_code == 302
    assert usaha.templat.get(versi=3).penutup == "Demikian dan terima kasih."


def test_field_removed_meanwhile_is_noticed(client, rekan, usaha):
    nib = usaha.templat.get().isi.replace("{{ nib }}", "-")
    hal = rekan.get(alamat(usaha))
    tulis(client, usaha, isi=nib)
    ubah = client.get(alamat(usaha, "change/"))
    assert kirim(client, ubah, "Simpan", {"isian-4-hapus": "on"}).status_code == 302

    tolak = kirim(rekan, hal, "Simpan versi baru", {"penutup": "Lain."})

    assert "Sisipan {{ nib }} tidak dikenal." in kata(tolak)


# --- Preview ----------------------------------------------------------------------------------


def test_preview_is_made_of_what_is_typed_and_keeps_nothing(client, usaha, cetak):
    jawab = tulis(client, usaha, "Pratinjau", isi="Benar berusaha {{ nama_usaha }}.")

    assert jawab["Content-Type"] == "application/pdf"
    assert jawab["Content-Disposition"] == 'inline; filename="pratinjau-usaha.pdf"'
    assert jawab.content.startswith(b"%PDF-")
    assert cetak[0]["tanda_air"] == "DRAF"
    assert cetak[0]["isi"][0]["html"] == "Benar berusaha Warung Contoh."
    assert usaha.templat.count() == 1


def test_preview_button_opens_another_page(client, usaha):
    html = client.get(alamat(usaha)).content.decode()

    assert html.count('formtarget="_blank"') == 2


def test_longest_preview_has_the_longest_names_and_addresses(client, usaha, cetak):
    tulis(client, usaha, "Pratinjau data terpanjang")

    orang = dict(cetak[0]["identitas"])
    assert len(orang["Nama"]) == 60
    assert len(orang["Alamat"]) > 200


@pytest.mark.kertas
def test_preview_is_real_paper_and_shows_the_emblem_without_a_database(client, usaha):
    """Through the process that prints."""
    berkas = io.BytesIO()
    Image.open(factories.foto(ukuran=(90, 90))).save(berkas, "PNG")
    gambar = berkas.getvalue()
    lambang = Lambang.objects.create(
        sha256="a" * 64, png=gambar, lebar=90, tinggi=90, diunggah_pada=PADA
    )
    TataNaskah.objects.update_or_create(pk=1, defaults={"lambang": lambang})

    jawab = client.get(PRATINJAU, {"jenis": usaha.pk})

    halaman = PdfReader(io.BytesIO(jawab.content)).pages
    teks = " ".join(halaman[0].extract_text().split())
    assert jawab["Content-Type"] == "application/pdf"
    assert "SURAT KETERANGAN USAHA" in teks and "Nama usaha" in teks
    assert "I Wayan Contoh" in teks
    assert (90, 90) in {g.image.size for g in halaman[0].images}


def test_saved_preview_begins_with_a_type_that_is_offered(client, usaha, cetak):
    pertama = factories.jenis("domisili")
    assert pertama.urutan < usaha.urutan
    JenisSurat.objects.filter(pk=factories.jenis("masih_hidup").pk).update(urutan=0)

    client.get(PRATINJAU)

    assert cetak[0]["judul"] == pertama.judul
    assert "Lihat contoh surat" in kata(
        client.get("/kelola/surat/tatanaskah/1/change/", follow=True)
    )


def test_former_version_can_be_looked_at(client, usaha, cetak):
    tulis(client, usaha, isi="Baru.")

    client.get(PRATINJAU, {"jenis": usaha.pk, "versi": 1})
    client.get(PRATINJAU, {"jenis": usaha.pk})

    assert [d["isi"][0]["html"] == "Baru." for d in cetak] == [False, True]


@pytest.mark.parametrize(
    "tanya",
    [
        {"jenis": "0"},
        {"jenis": "x"},
        {"jenis": "-1"},
        {"jenis": "9" * 30},
        {"data": "semua"},
        {"versi": "99"},
        {"versi": "²"},
    ],
)
def test_preview_of_nothing_is_not_found(client, usaha, cetak, tanya):
    assert client.get(PRATINJAU, {"jenis": usaha.pk} | tanya).status_code == 404


@pytest.mark.parametrize(
    ("galat", "kalimat"),
    [
        (cetak_luar.Sibuk, "komputer sedang sibuk. Tunggu sebentar, lalu coba lagi."),
        (cetak_luar.TidakTercetak, "Pratinjau tidak dapat dibuat dari kata-kata ini."),
    ],
)
def test_preview_that_fails_says_so_and_keeps_the_text(client, usaha, monkeypatch, galat, kalimat):
    def gagal(*_, **__):
        raise galat

    monkeypatch.setattr(cetak_luar, "cetak", gagal)

    hal = tulis(client, usaha, "Pratinjau", isi="Belum disimpan.")
    lihat = client.get(PRATINJAU, {"jenis": usaha.pk}, follow=True)

    assert kalimat in kata(hal) and kalimat in kata(lihat)
    assert formulir(hal, "Simpan").isi["isi"] == ["Belum disimpan."]


def test_wording_that_no_longer_fits_its_fields_is_told_at_the_preview(client, usaha, cetak):
    usaha.pertanyaan.filter(kunci="nib").delete()

    hal = client.get(PRATINJAU, {"jenis": usaha.pk}, follow=True)

    assert "Sisipan {{ nib }} tidak dikenal." in kata(hal)


# --- The process that prints ------------------------------------------------------------------


def test_child_knows_no_secret_and_gets_its_data_by_a_pipe(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia-situs")
    dipakai = {}

    def jalankan(perintah, **lain):
        dipakai.update(lain, perintah=perintah)
        return subprocess.CompletedProcess(perintah, 0, stdout=b"%PDF-1.7")

    monkeypatch.setattr(subprocess, "run", jalankan)

    assert cetak_luar.cetak("slip", {"nama": "I Wayan"}, detik=3) == b"%PDF-1.7"

    assert dipakai["perintah"][1:] == ["-m", "surat.kertas.cetak_luar", "slip"]
    assert set(dipakai["env"]) & {"SECRET_KEY", "PIN_PEPPER", "DATABASE_URL"} == set()
    assert (dipakai["input"], dipakai["timeout"]) == (b'{"nama": "I Wayan"}', 3)


@pytest.mark.parametrize(
    ("hasil", "galat"),
    [
        (subprocess.TimeoutExpired("x", 1), cetak_luar.Sibuk),
        (subprocess.CalledProcessError(1, "x"), cetak_luar.TidakTercetak),
        (OSError(), cetak_luar.TidakTercetak),
        (b"bukan PDF", cetak_luar.TidakTercetak),
        (b"%PDF-" + b"x" * 11 * 1024 * 1024, cetak_luar.TidakTercetak),
    ],
    ids=["slow", "failed", "missing", "no pdf", "huge"],
)
def test_whatever_goes_wrong_is_one_quiet_error_and_frees_the_place(monkeypatch, hasil, galat):
    def jalankan(perintah, **_):
        if isinstance(hasil, Exception):
            raise hasil
        return subprocess.CompletedProcess(perintah, 0, stdout=hasil)

    monkeypatch.setattr(subprocess, "run", jalankan)

    for _ in range(2):
        with pytest.raises(galat) as tangkap:
            cetak_luar.cetak("slip", {}, detik=1)
        assert str(tangkap.value) == ""


def test_too_much_data_is_never_sent(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)

    with pytest.raises(cetak_luar.TidakTercetak):
        cetak_luar.cetak("slip", {"isi": "x" * 3_000_000}, detik=1)


def test_one_is_printed_at_a_time(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)

    with cetak_luar._GILIRAN, pytest.raises(cetak_luar.Sibuk):
        cetak_luar.cetak("surat", {}, detik=0.01)


def test_longest_wording_that_can_be_saved_is_printed_or_refused(usaha, monkeypatch):
    """Every character a placeholder with the longest answer: more than any paper holds."""
    isi = "{{ alamat_usaha }} " * (bentuk.BAGIAN_MAKS["isi"] // 19)
    dikirim = []
    monkeypatch.setattr(cetak_luar._tetap, "cetak", lambda isi, **_: dikirim.append(isi) or 1 / 0)

    with pytest.raises((pratinjau.PratinjauGagal, ZeroDivisionError)):
        pratinjau.buat(
            usaha,
            ukuran=pratinjau.Ukuran.TERPANJANG,
            tanggal=PADA.date(),
            templat=Templat(jenis=usaha, isi=isi.strip()),
        )

    assert all(len(isi) <= cetak_luar._DATA_MAKS for isi in dikirim)


# --- Versions ---------------------------------------------------------------------------------


@pytest.fixture
def tiga_versi(client, usaha):
    tulis(client, usaha, penutup="Demikian adanya.", catatan="Lebih singkat")
    tulis(client, usaha, penutup="Demikian <b>surat</b> ini.")
    return usaha


def test_versions_are_listed_with_who_why_and_how_many_letters(client, usaha, terbit):
    terbit("usaha")
    terbit("usaha", pemohon=factories.buat_penduduk())
    tulis(client, usaha, penutup="Demikian adanya.", catatan="Lebih singkat")

    teks = kata(client.get(alamat(usaha, "versi/")))

    assert "Admindesa Lebih singkat belum ada" in teks
    assert re.search(r"sistem — 2 surat", teks)
    assert "Versi 2 dipakai sekarang." in teks


def test_any_two_versions_are_compared_word_by_word(client, tiga_versi):
    hal = client.get(alamat(tiga_versi, "versi/"), {"a": "3", "b": "2"})

    html = hal.content.decode()
    assert "Versi 2 menjadi versi 3" in kata(hal)
    assert "Demikian <del>adanya</del><ins>&lt;b&gt;surat&lt;/b&gt; ini</ins>." in html
    assert "Isinya sama." in kata(client.get(alamat(tiga_versi, "versi/"), {"a": 2, "b": 2}))


def test_difference_keeps_every_letter_of_both_texts():
    lama, baru = "Satu dua.\n\n{{ nama }} {% if x %}y{% endif %}", "Satu tiga!\n{{ nama_usaha }} y"

    potong = beda.potong(lama, baru)

    assert "".join(t for apa, t in potong if apa != beda.TAMBAH) == lama
    assert "".join(t for apa, t in potong if apa != beda.HAPUS) == baru
    assert [t for _, t in potong if t.count("{{") != t.count("}}")] == []  # no half placeholder


@pytest.mark.parametrize("tanya", [{"a": "99", "b": "1"}, {"a": "x"}, {"a": "", "b": "-1"}])
def test_versions_that_do_not_exist_are_not_compared(client, tiga_versi, tanya):
    hal = client.get(alamat(tiga_versi, "versi/"), tanya)

    assert hal.status_code == 200
    assert hal.context["beda"] is None


def test_former_version_is_read_again_before_it_becomes_the_newest(client, tiga_versi):
    satu = tiga_versi.templat.get(versi=1)

    hal = client.get(alamat(tiga_versi, "versi/1/pakai/"))
    assert tiga_versi.templat.count() == 3
    jawab = kirim(client, hal, "Simpan versi baru")

    baru = tiga_versi.templat.get(versi=4)
    assert jawab.url == alamat(tiga_versi, "versi/")
    assert (baru.pembuka, baru.isi, baru.penutup) == (satu.pembuka, satu.isi, satu.penutup)
    assert baru.catatan == "Memakai lagi versi 1"
    hal = kirim(client, hal, "Simpan versi baru")  # 4 came between
    assert "Versi 4 baru saja disimpan" in kata(hal)
    assert tiga_versi.templat.count() == 4


def test_former_version_is_offered_for_all_but_the_present_one(client, tiga_versi):
    html = client.get(alamat(tiga_versi, "versi/")).content.decode()

    assert [n for n in (1, 2, 3) if alamat(tiga_versi, f"versi/{n}/pakai/") in html] == [1, 2]
    assert client.get(alamat(tiga_versi, "versi/9/pakai/")).status_code == 404


def test_version_that_no_longer_fits_is_not_used_again(client, tiga_versi):
    tulis(client, tiga_versi, isi=tiga_versi.templat.get(versi=3).isi.replace("{{ nib }}", "-"))
    tulis(client, tiga_versi, isi="Usaha {{ nama_usaha }}.")
    ubah = client.get(alamat(tiga_versi, "change/"))
    kirim(client, ubah, "Simpan", {"isian-4-hapus": "on"})
    banyak = tiga_versi.templat.count()

    hal = kirim(client, client.get(alamat(tiga_versi, "versi/1/pakai/")), "Simpan versi baru")

    assert "Sisipan {{ nib }} tidak dikenal." in kata(hal)
    assert tiga_versi.templat.count() == banyak


# --- What no longer makes sense -----------------------------------------------------------------


PERINGATAN = {
    "required answer": (
        {"isi": "Benar berusaha {{ jenis_usaha }} di {{ alamat_usaha }} untuk {{ keperluan }}."},
        "Jawaban wajib “Nama usaha” tetap ditanyakan, tetapi tidak lagi dicetak.",
    ),
    "empty opening": ({"pembuka": ""}, "Pembuka surat menjadi kosong."),
    "empty closing": ({"penutup": " "}, "Penutup surat menjadi kosong."),
    "single braces": (
        {"penutup": "Untuk { keperluan }."},
        "“{ keperluan }” akan tercetak apa adanya",
    ),
    "half a brace": ({"penutup": "Untuk {keperluan"}, "“{keperluan” akan tercetak apa adanya"),
    "tag": ({"penutup": "Demikian <b>ini</b>."}, "“<b>” akan tercetak apa adanya"),
    "script": ({"penutup": "<script>x</script>"}, "“</script>” akan tercetak apa adanya"),
}


@pytest.mark.parametrize("nama", PERINGATAN)
def test_what_no_longer_makes_sense_is_asked_about_once(client, usaha, nama):
    isi, kalimat = PERINGATAN[nama]

    hal = ketik(client, usaha, **isi)

    assert kalimat in kata(hal)
    assert usaha.templat.count() == 1
    borang = formulir(hal, "Tetap simpan")
    assert [borang.isi[k] for k in isi] == [[v.strip()] for v in isi.values()]
    jawab = kirim(client, hal, "Tetap simpan")
    assert jawab.status_code == 302
    assert usaha.templat.count() == 2


def test_all_doubts_are_listed_at_once(client, usaha):
    hal = ketik(client, usaha, pembuka="", isi="{x} <i>", penutup="")

    teks = kata(hal)
    for kalimat in ("Pembuka surat", "Penutup surat", "“Nama usaha”", "“{x}”", "“<i>”"):
        assert kalimat in teks


def test_another_doubt_is_asked_about_again(client, usaha):
    hal = ketik(client, usaha, penutup="Untuk {x}.")

    hal = kirim(client, hal, "Tetap simpan", {"penutup": "Untuk {y}."})

    assert "“{y}” akan tercetak apa adanya" in kata(hal)
    assert usaha.templat.count() == 1


def test_preview_asks_nothing(client, usaha, cetak):
    assert ketik(client, usaha, "Pratinjau", penutup="Untuk {x}.").content == b"%PDF-1.7 peraga"


def test_placeholder_that_nothing_fills_is_told_when_it_is_new(client):
    jenis = factories.jenis("usaha")
    JenisSurat.objects.update(pengantar_kelian="TIDAK", masa_berlaku_hari=None)
    jenis.templat.update(pembuka="Menerangkan:", isi="Berusaha.", penutup="Demikian.")

    hal = ketik(client, jenis, penutup="Nomor {{ no_pengantar }} sampai {{ berlaku_sampai }}.")

    for nama in ("no_pengantar", "berlaku_sampai"):
        assert f"Sisipan {{{{ {nama} }}}} selalu kosong." in kata(hal)


def test_opening_that_does_not_follow_the_mandate_is_told_with_what_to_put_there(client, usaha):
    pembuka = "Dengan hormat, {{ sebutan_kepala }} {{ desa }} menerangkan bahwa:"
    usaha.templat.update(pembuka=pembuka)
    hal = client.get(alamat(usaha))
    assert "dengan {{ kedudukan_penanda_tangan }}" in kata(hal)

    ditanya = ketik(client, usaha, penutup="Demikian.")
    assert "Pembuka selalu menyebut {{ sebutan_kepala }}" in kata(ditanya)
    mandat = pembuka.replace("{{ sebutan_kepala }} {{ desa }}", "{{ kedudukan_penanda_tangan }}")
    assert ketik(client, usaha, pembuka=mandat).status_code == 302


def test_no_shipped_wording_is_doubted():
    for data in bawaan.baca():
        assert penyuntingan.tanpa_mandat(data["pembuka"]) == ""
        teks = "\n".join(beda.kata(berkas.seragam(data)).values())
        assert penyuntingan._APA_ADANYA.findall(penyuntingan._SISIPAN.sub("", teks)) == []


@pytest.mark.parametrize(
    ("tempel", "jadi"),
    [
        ("De\u200bmi\u200dki\ufeffan.", "Demikian."),  # invisible, from Word
        ("De\u00admikian.", "Demikian."),
        ("\ufb01lm dan \ufb02at.", "film dan flat."),  # ligatures of a PDF
        ("Ｄemikian１.", "Demikian1."),
        ("Demikian\u00a0ini\u2011lah.", "Demikian ini-lah."),
    ],
)
def test_what_is_pasted_becomes_plain_text(client, usaha, tempel, jadi):
    ketik(client, usaha, penutup=tempel)

    assert usaha.templat.get(versi=2).penutup == jadi


def test_everything_that_is_wrong_is_told_at_once(client, usaha):
    hal = tulis(
        client, usaha, pembuka="{{ namaa }} 漢字 بحر", isi="{{ x }}\n\n{{ y|z }}", penutup="😀"
    )

    teks = kata(hal)
    for kalimat in (
        "Baris 1: Sisipan {{ namaa }} tidak dikenal.",
        "Tanda “漢”, “字”, “ب”, “ح”, “ر” tidak dapat dicetak",
        "Baris 1: Sisipan {{ x }} tidak dikenal.",
        "Baris 3: Saringan (tanda |)",
        "Tanda “😀” tidak dapat dicetak",
    ):
        assert kalimat in teks


def test_wording_page_and_versions_cost_the_same_however_many(
    client, usaha, django_assert_num_queries
):
    def ukur():
        with django_assert_num_queries(14):
            client.get(alamat(usaha))
        with django_assert_num_queries(14):
            client.get(alamat(usaha, "versi/"))

    client.get(alamat(usaha))
    ukur()
    for n in range(2, 12):
        Templat.objects.create(jenis=usaha, versi=n, isi=f"{n}")
    ukur()


def test_uses_of_a_name_are_told_with_their_place():
    assert penyuntingan.dipakai({"judul": "A {{ nama }}", "isi": "a\n\n{{ nib }} {{ nama }}"}) == {
        "nama": "Judul di kertas, baris 1",
        "nib": "Isi, baris 3",
    }


def test_rules_signers_and_forms_have_versions_that_are_compared_and_taken_again(
    client, admin_desa
):
    """They change in Kelola, apart from the words; what was there is not lost."""
    jenis = factories.jenis("kuasa")
    lama = berkas.ekspor(berkas.lengkap().get(pk=jenis.pk))
    data = lama | {"aturan": lama["aturan"][:1], "penanda": []}
    penyuntingan.simpan(jenis, data, revisi=0, oleh=admin_desa, pada=PADA)
    assert jenis.templat.get(versi=2).catatan == "Diubah: aturan, penanda tangan"

    hal = client.get(alamat(jenis, "versi/"), {"a": "1", "b": "2"})
    assert "Tanda tangan" in kata(hal) and "Aturan" in kata(hal) and "dihapus" in kata(hal)
    kirim(client, hal, "Pakai lagi aturan, penanda tangan dan formulirnya")

    kini = berkas.ekspor(berkas.lengkap().get(pk=jenis.pk))
    assert kini == lama and len(lama["penanda"]) > 0
    assert "Memakai lagi aturan" in jenis.templat.get(versi=3).catatan
    # Offered where it would change something: of versions 1 to 3 only the second.
    hal = client.get(alamat(jenis, "versi/")).content.decode()
    assert hal.count("Pakai lagi aturan, penanda tangan dan formulirnya") == 1


def test_rules_of_a_version_are_not_taken_again_over_a_colleague(client, admin_desa):
    jenis = factories.jenis("kuasa")
    lama = berkas.ekspor(berkas.lengkap().get(pk=jenis.pk))
    penyuntingan.simpan(jenis, lama | {"penanda": []}, revisi=0, oleh=admin_desa, pada=PADA)
    hal = client.get(alamat(jenis, "versi/"))
    JenisSurat.objects.filter(pk=jenis.pk).update(revisi=7)

    kirim(client, hal, "Pakai lagi aturan, penanda tangan dan formulirnya")

    assert jenis.templat.count() == 2 and JenisSurat.objects.get(pk=jenis.pk).penanda == []
