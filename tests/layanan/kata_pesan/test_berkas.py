"""The files of the messages are read strictly; a whole message is one of them."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from layanan.kabar import panggilan
from layanan.kata_pesan import berkas, katalog
from layanan.kotak_keluar import pengiriman
from layanan.models import Notifikasi, PesanSimulasi, TemplatWA
from tests import halaman as h

ASLI = Path(katalog.__file__).parent / "pesan_wa"
CONTOH = {"kantor": "Perbekel Bugbug", "nomor": "P-2026-0042"}
BARU = {
    "label": "kantor pindah sementara",
    "kelompok": "Kepada warga",
    "urut": 55,
    "kategori": "UTILITY",
    "teks": "Kantor {{kantor}} pindah sementara. Suratnya, nomor {{nomor}}, tetap dapat diambil.",
    "wajib": ["nomor"],
    "contoh": CONTOH,
}
LISAN = "Beri tahu bahwa kantor pindah sementara ke balai banjar."


@pytest.fixture
def folder(tmp_path) -> Path:
    """The files that we ship, to be spoilt."""
    return Path(shutil.copytree(ASLI, tmp_path / "pesan_wa"))


def simpan(tempat: Path, isi: object) -> None:
    tempat.write_text(json.dumps(isi, ensure_ascii=False), encoding="utf-8")


def gagal(baris: Notifikasi, **lain: object) -> None:
    """It did not arrive, an hour ago."""
    lalu = timezone.now() - timedelta(hours=1)
    isi = {"keadaan": Notifikasi.Keadaan.GAGAL, "berubah_pada": lalu} | lain
    Notifikasi.objects.filter(pk=baris.pk).update(**isi)


def tanpa(kunci: str) -> dict:
    return {nama: nilai for nama, nilai in BARU.items() if nama != kunci}


# --- One file is one message --------------------------------------------------------------------


@pytest.fixture
def pesan_baru(folder, monkeypatch) -> str:
    """The catalogue with one file more; nothing else is told of it."""
    simpan(folder / "kantor_pindah.json", BARU | {"ucapan": LISAN})
    monkeypatch.setattr(katalog, "PESAN", berkas.baca(folder))
    return "kantor_pindah"


def test_catalogue_of_a_copy_is_the_catalogue(folder):
    assert berkas.baca(folder) == katalog.PESAN
    assert list(berkas.baca(folder)) == list(katalog.PESAN)


def test_new_message_takes_its_place_by_its_file_alone(pesan_baru):
    semua = list(katalog.PESAN)

    assert semua[semua.index(pesan_baru) - 1] == "siap_diambil"
    assert semua[semua.index(pesan_baru) + 1] == "belum_diambil"


@pytest.mark.django_db
def test_new_message_stands_on_the_wording_page_and_can_be_reworded(pesan_baru, admin_desa):
    meja = h.sebagai(admin_desa)
    alamat = f"/kelola/layanan/kata-pesan/{pesan_baru}/"

    daftar = h.kata(meja.get("/kelola/layanan/kata-pesan/"))
    assert "Kantor pindah sementara" in daftar and "Suratnya, nomor {{nomor}}" in daftar

    satu = h.kata(meja.get(alamat))
    assert "nomor permohonan (harus ada) P-2026-0042" in satu, "what the placeholder stands for"

    lain = "Permohonan {{nomor}} menunggu: Kantor {{kantor}} pindah ke balai banjar hari ini."
    h.kirim(meja, meja.get(alamat), "Ajukan ke WhatsApp", {"kata": lain})
    assert TemplatWA.objects.get(pesan=pesan_baru, versi=1).kata == lain


@pytest.mark.django_db
def test_new_message_goes_out_and_is_told_on_the_phone(pesan_baru, tulis, operator):
    baris = tulis(pesan_baru)
    pengiriman.kirim_yang_menunggu()

    teks = PesanSimulasi.objects.get(notifikasi=baris).teks
    assert teks.startswith("Kantor Perbekel Bugbug pindah sementara. Suratnya, nomor P-2026-0001,")

    gagal(baris)
    meja = h.sebagai(operator)
    hubungi = h.kata(meja.get("/kelola/layanan/hubungi/"))
    assert "kantor pindah sementara" in hubungi and LISAN in hubungi
    assert panggilan.tulisan(baris) == teks, "nothing else is written in a chat: the text itself"

    semua = meja.get(f"/kelola/layanan/notifikasi/?pesan={pesan_baru}")
    assert [n.pk for n in semua.context["cl"].result_list] == [baris.pk]
    assert h.kata(semua).count("kantor pindah sementara") == 2, "in the filter and in the row"


@pytest.mark.django_db
def test_new_message_needs_no_migration(pesan_baru):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_message_without_a_file_is_not_written(tulis):
    with pytest.raises(KeyError, match="kantor_pindah"):
        tulis("kantor_pindah")

    assert not Notifikasi.objects.exists()


@pytest.mark.django_db
def test_row_of_a_message_that_lost_its_file_is_still_listed(tulis, operator):
    gagal(tulis(), pesan="pesan_lama")
    meja = h.sebagai(operator)

    assert "Kabar tentang: pesan_lama." in h.kata(meja.get("/kelola/layanan/hubungi/"))
    assert "pesan_lama" in h.kata(meja.get("/kelola/layanan/notifikasi/"))


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("isi", "keberatan"),
    [
        (tanpa("label"), "kunci “label” belum ada."),
        (tanpa("kelompok"), "kunci “kelompok” belum ada."),
        (tanpa("urut"), "kunci “urut” belum ada."),
        (tanpa("contoh"), "kunci “contoh” belum ada."),
        (BARU | {"lebel": "x"}, "kunci “lebel” tidak dikenal. Yang dikenal: label, kelompok, "),
        (BARU | {"label": " "}, "kunci “label” masih kosong."),
        (BARU | {"urut": "50"}, "kunci “urut” harus bilangan bulat."),
        (BARU | {"urut": True}, "kunci “urut” harus bilangan bulat."),
        (BARU | {"wajib": "nomor"}, "kunci “wajib” harus daftar [ ]."),
        (BARU | {"kelompok": "Warga"}, "kunci “kelompok” berisi “Warga”. Yang ada: Kepada warga, "),
        (BARU | {"kelompok": "Balasan"}, "kunci “kelompok” berisi “Balasan”."),
        (BARU | {"kategori": "MARKETING"}, "kunci “kategori” berisi “MARKETING”. Yang ada: UTIL"),
        (BARU | {"kategori": "BEBAS"}, "kunci “kategori” berisi “BEBAS”."),
        (BARU | {"teks": "Ada {{hal}} itu."}, "memakai {{hal}}, yang artinya belum ada di sisipan"),
        (BARU | {"teks": "Ada {{nomor} itu."}, "kunci “teks” berisi kurung kurawal tanpa pasangan"),
        (BARU | {"contoh": {"nomor": "1"}}, "kunci “contoh” belum berisi “kantor”."),
        (BARU | {"contoh": CONTOH | {"kantor": ""}}, "“kantor” harus tulisan, tidak kosong"),
        (BARU | {"contoh": CONTOH | {"kantor": 1}}, "“kantor” harus tulisan, tidak kosong"),
        (BARU | {"contoh": CONTOH | {"desa": "B"}}, "kunci “contoh” menyebut “desa”, yang"),
        (BARU | {"wajib": ["desa"]}, "kunci “wajib” menyebut “desa”, yang tidak dipakai di teks."),
        (BARU | {"ucapan": "Nomor {{nomor}}."}, "kunci “ucapan” tidak boleh berisi sisipan."),
        (BARU | {"kategori": "AUTHENTICATION"}, "kunci “ucapan” belum ada, padahal kodenya tidak"),
        (BARU | {"janji": "siap diambil"}, "kunci “janji” berisi “siap diambil”, yang tidak ada"),
        ([BARU], "isinya harus satu objek { }."),
    ],
)
def test_file_that_is_not_right_is_refused_by_name_and_key(folder, isi, keberatan):
    simpan(folder / "kantor_pindah.json", isi)

    with pytest.raises(berkas.BerkasTidakSah, match=r"^kantor_pindah\.json: ") as galat:
        berkas.baca(folder)

    assert keberatan in str(galat.value)


def test_two_messages_in_one_place_are_both_named(folder):
    simpan(folder / "kantor_pindah.json", BARU | {"urut": 50})

    with pytest.raises(berkas.BerkasTidakSah) as galat:
        berkas.baca(folder)

    assert str(galat.value) == (
        "siap_diambil.json: kunci “urut” 50 sudah dipakai kantor_pindah.json di kelompok "
        "“Kepada warga”."
    )


@pytest.mark.parametrize(
    ("isi", "keberatan"),
    [
        ('{"label": "a", "label": "b"}', "kunci “label” tertulis dua kali."),
        ('{"label": "a"', "bukan JSON yang sah"),
        (b'{"label": "\xff"}', "bukan JSON yang sah"),
    ],
)
def test_file_that_cannot_be_read_is_named(folder, isi, keberatan):
    mentah = isi if isinstance(isi, bytes) else isi.encode()
    (folder / "kantor_pindah.json").write_bytes(mentah)

    with pytest.raises(berkas.BerkasTidakSah, match=r"^kantor_pindah\.json: ") as galat:
        berkas.baca(folder)

    assert keberatan in str(galat.value)


@pytest.mark.parametrize("nama", ["Kantor_pindah", "kantor-pindah", "2_pindah", "p" * 31])
def test_name_that_no_column_and_no_template_takes_is_refused(folder, nama):
    simpan(folder / f"{nama}.json", BARU)

    with pytest.raises(berkas.BerkasTidakSah, match=f"nama pesan “{nama}” harus 2–30 huruf kecil"):
        berkas.baca(folder)


def test_name_fits_every_column_that_keeps_it():
    for model in (Notifikasi, TemplatWA):
        assert model._meta.get_field("pesan").max_length == 30


@pytest.mark.parametrize(
    ("balasan", "keberatan"),
    [
        ({"balas_x": "Baik."}, "“balas_x”: isinya harus objek { }."),
        ({"balas_x": {"teks": "Baik."}}, "“balas_x”: kunci “label” belum ada."),
        ({"balas_x": {"label": "a", "teks": "Baik.", "urut": 1}}, "kunci “urut” tidak dikenal"),
        ({"balas_x": {"label": "a", "teks": "{{hal}}"}}, "artinya belum ada di sisipan.json."),
        ({"Balas": {"label": "a", "teks": "Baik."}}, "nama pesan “Balas” harus"),
        ({"diproses": {"label": "a", "teks": "Baik."}}, "kunci “diproses” sudah punya berkas"),
    ],
)
def test_answer_that_is_not_right_is_refused_by_name_and_key(folder, balasan, keberatan):
    simpan(folder / "balasan.json", balasan)

    with pytest.raises(berkas.BerkasTidakSah, match=r"^balasan\.json: ") as galat:
        berkas.baca(folder)

    assert keberatan in str(galat.value)


def test_meaning_without_words_is_refused(folder):
    simpan(folder / "sisipan.json", {"nomor": ""})

    with pytest.raises(berkas.BerkasTidakSah, match=r"^sisipan\.json: “nomor” harus tulisan"):
        berkas.baca(folder)


def test_every_meaning_is_needed():
    dipakai = {nama for satu in katalog.PESAN.values() for nama in satu.arti}

    assert dipakai == set(json.loads((ASLI / "sisipan.json").read_text(encoding="utf-8")))
