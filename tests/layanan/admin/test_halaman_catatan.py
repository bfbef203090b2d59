"""Pesan warga: operators read what residents wrote that no command answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layanan.models import CatatanWarga, Percakapan
from layanan.percakapan import catatan
from tests.halaman import baca, kata, kirim, sebagai, tombol

pytestmark = pytest.mark.django_db
DAFTAR = "/kelola/layanan/catatanwarga/"
HP, ASING = "+6281234567890", "+6281234567802"


@pytest.fixture
def kantor(operator):
    return sebagai(operator)


def tulis(teks: str, *, dari: str = HP, umur: timedelta = timedelta(0)) -> CatatanWarga:
    pada = timezone.now() - umur
    orang, _ = Percakapan.objects.get_or_create(
        nomor_hp=dari,
        defaults={
            "alamat": dari,
            "nama_wa": "Yan",
            "terakhir_masuk_pada": pada,
            "jam_mulai_pada": pada,
        },
    )
    catatan.tulis(orang, teks, pada=pada)
    return CatatanWarga.objects.latest("pk")


def test_list_names_the_account_masks_the_number_and_shows_the_words(kantor, warga):
    tulis("Kapan kantor buka?\nTerima kasih")
    tulis("<b>halo</b>", dari=ASING)

    hal = baca(kantor, DAFTAR)

    assert f"{warga.penduduk.nama} (••••7890)" in kata(hal)
    assert "Yan (••••7802)" in kata(hal)
    assert "Kapan kantor buka?<br>Terima kasih" in hal.content.decode()
    assert "&lt;b&gt;halo" in hal.content.decode()
    assert HP not in kata(hal) and ASING not in kata(hal)


def test_family_that_shares_a_number_is_counted(kantor, warga, tetangga):
    tulis("halo")

    assert "dan 1 akun lain (••••7890)" in kata(baca(kantor, DAFTAR))


def test_unread_come_first_and_of_them_the_longest_waiting(kantor, operator):
    dibaca = tulis("sudah", umur=timedelta(days=5))
    CatatanWarga.objects.update(dibaca_pada=timezone.now(), dibaca_oleh=operator)
    tulis("baru", dari=ASING)
    tulis("lama", dari="+6281234567803", umur=timedelta(days=3))

    semua = list(baca(kantor, DAFTAR).context["cl"].result_list)

    assert [s.teks for s in semua] == ["lama", "baru", "sudah"]
    assert semua[-1] == dibaca


def test_button_marks_it_read_and_names_who(kantor, operator):
    satu = tulis("halo")
    hal = baca(kantor, f"{DAFTAR}{satu.pk}/change/")

    jawab = kirim(kantor, hal, "Sudah dibaca")

    satu.refresh_from_db()
    assert jawab.url == DAFTAR
    assert satu.dibaca_oleh == operator and satu.dibaca_pada is not None
    assert "Sudah dibaca" not in tombol(baca(kantor, DAFTAR))
    assert "dibaca Operator" in kata(baca(kantor, DAFTAR))


def test_button_of_the_list_sends_to_the_same_place(kantor):
    satu = tulis("halo")

    html = baca(kantor, DAFTAR).content.decode()

    assert f'formaction="{DAFTAR}{satu.pk}/dibaca/" name="sampai"' in html
    assert "Sudah dibaca" in tombol(baca(kantor, DAFTAR))
    kantor.post(f"{DAFTAR}{satu.pk}/dibaca/", {"sampai": satu.terakhir_pada.isoformat()})
    satu.refresh_from_db()
    assert satu.dibaca_pada is not None


@pytest.mark.parametrize("sampai", ["lama", "", "kemarin"])
def test_words_that_came_meanwhile_are_not_marked_read_unseen(sampai, kantor):
    satu = tulis("halo", umur=timedelta(minutes=1))
    dilihat = satu.terakhir_pada
    tulis("masih ada lagi")

    isi = dilihat.isoformat() if sampai == "lama" else sampai
    jawab = kantor.post(f"{DAFTAR}{satu.pk}/dibaca/", {"sampai": isi}, follow=True)

    satu.refresh_from_db()
    assert satu.dibaca_pada is None
    assert "Warga baru saja menulis lagi" in kata(jawab)


def test_answer_opens_whatsapp_with_the_resident(kantor, settings, warga):
    settings.WA_ME_URL = "http://127.0.0.1:9/wa.me"
    satu = tulis("halo")

    hal = baca(kantor, f"{DAFTAR}{satu.pk}/change/")

    assert 'href="http://127.0.0.1:9/wa.me/6281234567890"' in hal.content.decode()
    assert "0812-3456-7890" in kata(hal)
    assert warga.penduduk.nama in kata(hal)


def test_first_page_of_the_office_counts_the_unread(kantor, operator):
    tulis("halo")
    tulis("halo", dari=ASING)
    satu = CatatanWarga.objects.first()
    catatan.baca(satu, sampai=satu.terakhir_pada, oleh=operator, pada=timezone.now())

    assert "1 Pesan warga" in kata(baca(kantor, "/kelola/"))


def test_list_costs_the_same_whatever_its_length(kantor):
    tulis("halo")
    baca(kantor, DAFTAR)
    with CaptureQueriesContext(connection) as satu:
        baca(kantor, DAFTAR)
    for n in range(10, 20):
        tulis("halo", dari=f"+62812345679{n}")
    with CaptureQueriesContext(connection) as banyak:
        baca(kantor, DAFTAR)

    assert len(banyak) == len(satu)
