"""The page of the Tata naskah: letterhead, emblem, aksara, margins, number."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from penduduk.models import Desa
from surat.kertas import aksara
from surat.models import Lambang, TataNaskah
from surat.naskah import gaya
from surat.peraga import surat as peraga
from tests import factories
from tests.halaman import baca, formulir, kata, kirim, sebagai

pytestmark = pytest.mark.sekali

TATA = "/kelola/surat/tatanaskah/1/change/"
LAMBANG = "/kelola/surat/tatanaskah/lambang/"


@pytest.fixture
def client(admin_desa):
    client = sebagai(admin_desa)
    client.get("/kelola/surat/tatanaskah/")
    return client


def ubah(client, **isi):
    return kirim(client, client.get(TATA), "Simpan", isi)


def png(warna: str = "navy") -> SimpleUploadedFile:
    keluar = BytesIO()
    Image.new("RGB", (300, 300), warna).save(keluar, "PNG")
    return SimpleUploadedFile("lambang.png", keluar.getvalue(), "image/png")


def tata() -> TataNaskah:
    return TataNaskah.objects.select_related("lambang").get()


# --- Emblem ------------------------------------------------------------------------------------


def test_emblem_is_uploaded_shown_replaced_and_removed(client, admin_desa):
    assert "Belum ada; tulisan kop berdiri di tengah." in kata(client.get(TATA))
    assert baca(client, LAMBANG).status_code == 404

    ubah(client, unggah_lambang=png())
    pertama = tata().lambang
    hal = client.get(TATA)
    gambar = baca(client, LAMBANG)
    ubah(client, unggah_lambang=png("red"))
    kedua = tata().lambang
    ubah(client, hapus_lambang="on")

    assert pertama.diunggah_oleh == admin_desa
    assert f'src="{LAMBANG}?{pertama.sha256[:12]}"' in hal.content.decode()
    assert (gambar["Content-Type"], gambar.isi) == ("image/png", bytes(pertama.png))
    assert kedua != pertama
    assert tata().lambang is None
    assert Lambang.objects.count() == 2  # letters issued before may still name them


def test_page_saved_without_a_file_keeps_the_emblem(client):
    ubah(client, unggah_lambang=png())

    ubah(client, kop_1="PEMERINTAH KABUPATEN CONTOH")

    assert (tata().kop_1, tata().lambang is None) == ("PEMERINTAH KABUPATEN CONTOH", False)


def test_wrong_file_is_refused_in_words_and_nothing_typed_is_lost(client):
    svg = SimpleUploadedFile("lambang.svg", b"<svg><script>1</script></svg>", "image/svg+xml")

    hal = ubah(client, unggah_lambang=svg, kop_1="PEMERINTAH BARU", margin_kiri="30")

    assert hal.status_code == 200
    assert "Gambar SVG tidak dapat dipakai." in kata(hal)
    isi = formulir(hal, "Simpan").isi
    assert (isi["kop_1"], isi["margin_kiri"]) == (["PEMERINTAH BARU"], ["30"])
    assert (tata().kop_1, tata().lambang, Lambang.objects.count()) == ("", None, 0)


def test_good_file_is_not_stored_while_the_rest_is_wrong(client):
    ubah(client, unggah_lambang=png(), format_nomor="[kode]")

    assert Lambang.objects.count() == 0


# --- Aksara ------------------------------------------------------------------------------------


def test_proposals_are_shown_and_called_unchecked(client):
    teks = kata(client.get(TATA))

    assert "Untuk “Desa Bugbug”. Usulan, BELUM DIPERIKSA: ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄" in teks
    assert "Penyuluh Bahasa Bali memeriksa ejaannya" in teks
    ubah(client, kop_3="KANTOR PERBEKEL BUGBUG")
    assert "Untuk “KANTOR PERBEKEL BUGBUG”. Usulan, BELUM DIPERIKSA: belum ada" in kata(
        client.get(TATA)
    )


def test_proposal_is_taken_over_as_typed(client):
    ubah(client, aksara_3="  ᬤᬾᬲ   ᬩᬸᬕ᭄ᬩᬸᬕ᭄ ", aksara_diperiksa="Penyuluh Contoh")

    assert (tata().aksara_3, tata().aksara_diperiksa) == ("ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄", "Penyuluh Contoh")


AKSARA = "ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄"


@pytest.mark.parametrize(
    ("diperiksa", "desa_contoh", "pilihan", "tercetak"),
    [
        ("", False, True, False),
        ("Ni Luh Penyuluh, 2 November 2026", False, True, True),
        ("Ni Luh Penyuluh, 2 November 2026", False, False, False),
        ("", True, True, True),  # a letter that says that it is none
    ],
)
def test_aksara_stand_on_letters_once_somebody_has_checked_them(
    db, diperiksa, desa_contoh, pilihan, tercetak
):
    satu = TataNaskah(aksara=pilihan, aksara_3=AKSARA, aksara_diperiksa=diperiksa)

    kop = gaya.kop(Desa(contoh=desa_contoh), satu)

    assert kop["aksara"] == (["", "", AKSARA] if tercetak else [])


def test_checker_sees_the_aksara_on_a_preview_before(client):
    ubah(client, aksara_3=AKSARA)
    jenis = factories.jenis("usaha")

    bahan = peraga.bahan(jenis, ukuran=peraga.Ukuran.WAJAR, tanggal=timezone.localdate())

    assert peraga.surat_peraga(bahan, tanda_air="DRAF")["kop"]["aksara"][-1] == AKSARA
    assert "Kosong: aksara belum dicetak." in kata(client.get(TATA))


@pytest.mark.parametrize("bidang", ["kop_1", "format_nomor"])
def test_letterhead_and_number_take_nothing_that_cannot_be_printed(client, bidang):
    teks = {"kop_1": "DESA 😀 漢", "format_nomor": "[nomor]/😀漢/[tahun]"}[bidang]

    hal = ubah(client, **{bidang: teks})

    assert "Tanda “😀”, “漢” tidak dapat dicetak di surat." in kata(hal)
    assert formulir(hal, "Simpan").isi[bidang] == [teks]
    assert getattr(tata(), bidang) != teks


@pytest.mark.parametrize("teks", ["Desa Bugbug", "ᬤᬾᬲ!", "ᬤᬾᬲ Bugbug", "ꦢꦺꦱ"])
def test_line_of_aksara_takes_nothing_else(client, teks):
    hal = ubah(client, aksara_1=teks)

    assert "bukan aksara Bali. Baris ini hanya untuk aksara Bali dan spasi" in kata(hal)
    assert formulir(hal, "Simpan").isi["aksara_1"] == [teks]
    assert tata().aksara_1 == ""


@pytest.mark.parametrize(
    ("latin", "hasil"),
    [
        ("Kecamatan Karangasem", "ᬓᭂᬘᬫᬢᬦ᭄ ᬓᬭᬂᬳᬲᭂᬫ᭄"),
        ("DESA BUGBUG", "ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄"),
        ("Kantor Perbekel Bugbug", ""),
        ("", ""),
    ],
)
def test_proposal_exists_only_when_every_word_is_known(latin, hasil):
    assert aksara.usulan(latin) == hasil


def test_proposals_are_aksara_themselves():
    assert all(aksara.rapikan(x) == x for x in aksara.USULAN.values())


# --- Paper and number --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        ({"margin_kiri": "60", "margin_kanan": "40"}, "hanya menyisakan 115 mm untuk tulisan"),
        (
            {"kertas": "A4", "margin_atas": "60", "margin_bawah": "60"},
            "hanya menyisakan 177 mm untuk tulisan",
        ),
        ({"margin_bawah": "8"}, "Margin bawah paling kecil 12 mm"),
    ],
)
def test_margins_must_leave_room(client, isi, kalimat):
    hal = ubah(client, **isi)

    assert kalimat in kata(hal)
    assert tata().margin_kiri == 28


def test_margin_that_is_no_number_is_the_only_complaint(client):
    hal = ubah(client, margin_kiri="")

    assert "menyisakan" not in kata(hal)
    assert tata().margin_kiri == 28


def test_margins_and_type_are_stored(client):
    ubah(client, kertas="A4", margin_kiri="30", huruf="TINOS", ukuran_huruf="12")

    satu = tata()
    assert (satu.kertas, satu.margin_kiri, satu.huruf, satu.ukuran_huruf) == (
        "A4",
        30,
        "TINOS",
        "12",
    )


def test_number_pattern_is_shown_at_work(client):
    tahun = timezone.localdate().year

    ubah(client, format_nomor="[nomor,4]/[desa]/[tahun]")
    tersimpan = kata(client.get(TATA))
    baru = ubah(client, format_nomor="[nomor]-[tahun]", margin_bawah="8")
    salah = ubah(client, format_nomor="[nomor]")

    assert f"0007/Bugbug/{tahun}" in tersimpan
    assert f"7-{tahun}" in kata(baru)  # not yet stored: another field was wrong
    assert "Format nomor harus berisi [tahun]" in kata(salah)
    assert tata().format_nomor == "[nomor,4]/[desa]/[tahun]"


def test_operator_sees_neither_page_nor_picture(operator):
    client = sebagai(operator)

    assert client.get(TATA).status_code == 403
    assert baca(client, LAMBANG).status_code == 403
