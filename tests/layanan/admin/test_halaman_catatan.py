"""Pesan warga: operators read what residents wrote that no command answers."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layanan import tasks
from layanan.models import (
    Berkas,
    CatatanWarga,
    JawabanWarga,
    JejakLihat,
    Notifikasi,
    Percakapan,
    PesanMasuk,
)
from layanan.percakapan import catatan
from layanan.retensi import jalan
from simulator import twilio_palsu as tp
from tests import factories
from tests.halaman import baca, kata, kirim, sebagai, tombol
from tests.layanan.percakapan.conftest import Chat

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


def test_head_of_every_page_leads_there_whoever_may_read_it(kantor, perbekel):
    tautan = f'<a href="{DAFTAR}">'

    assert tautan in kantor.get("/kelola/layanan/permohonan/").content.decode()
    assert tautan not in sebagai(perbekel).get("/kelola/layanan/permohonan/").content.decode()


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

    assert "1 pesan warga belum dibaca" in kata(baca(kantor, "/kelola/"))


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


# --- The chat ------------------------------------------------------------------------------------


@pytest.fixture
def chat(twilio, settings):
    twilio.url_masuk = f"{settings.PUBLIC_BASE_URL}/webhook/twilio/masuk/"
    return Chat(twilio)


def halaman(kantor, satu: CatatanWarga | None = None):
    satu = satu or CatatanWarga.objects.get()
    return baca(kantor, f"{DAFTAR}{satu.pk}/change/")


def test_whole_chat_is_read_in_its_order_with_what_became_of_it(kantor, chat, warga):
    chat.kirim(HP, teks="STATUS")
    chat.kirim(HP, teks="Kapan kantor buka?")

    teks = kata(halaman(kantor))

    urut = ["STATUS", "Belum ada permohonan", "Kapan kantor buka?", "kami teruskan ke operator"]
    tempat = [teks.index(satu) for satu in urut]
    assert tempat == sorted(tempat)
    assert "dijawab" in teks and "disampaikan ke petugas" in teks


def test_answer_goes_out_in_free_words_and_names_who_wrote_it(kantor, chat, warga, operator):
    chat.kirim(HP, teks="Kapan kantor buka?")

    jawab = kirim(
        kantor, halaman(kantor), "Kirim jawaban", {"jawaban": "Pukul 8.\n\nSampai nanti."}
    )
    tasks.kirim_pesan()

    assert jawab.url.endswith("/change/")
    assert chat.palsu.messages[-1].body == "Pukul 8.\n\nSampai nanti."
    assert JawabanWarga.objects.get().oleh == operator
    assert CatatanWarga.objects.get().dibaca_oleh == operator
    assert "Operator, " in kata(halaman(kantor))


def test_answer_after_the_window_says_so_and_keeps_what_was_typed(kantor, chat, warga):
    chat.kirim(HP, teks="Kapan kantor buka?")
    hal = halaman(kantor)
    lama = timezone.now() - timedelta(hours=25)
    Percakapan.objects.update(terakhir_masuk_pada=lama)

    jawab = kirim(kantor, hal, "Kirim jawaban", {"jawaban": "Pukul delapan"})

    assert "Sudah lebih dari 24 jam" in kata(jawab)
    assert "Pukul delapan" in kata(jawab)
    assert f'href="tel:{HP}"' in jawab.content.decode()
    assert not JawabanWarga.objects.exists()
    assert "Kirim jawaban" not in tombol(halaman(kantor))


@pytest.mark.parametrize("isi", ["", "   ", "x" * 1501], ids=["kosong", "spasi", "panjang"])
def test_answer_that_cannot_be_sent_is_refused_in_words(isi, kantor, chat, warga):
    chat.kirim(HP, teks="halo")
    satu = CatatanWarga.objects.get()

    jawab = kantor.post(f"{DAFTAR}{satu.pk}/jawab/", {"jawaban": isi})

    assert jawab.status_code == 200
    assert not JawabanWarga.objects.exists()


def test_answer_that_did_not_arrive_is_on_the_call_list(kantor, chat, warga):
    chat.kirim(HP, teks="halo")
    chat.palsu.rencanakan(tp.galat(21211))
    kirim(kantor, halaman(kantor), "Kirim jawaban", {"jawaban": "Pukul delapan"})
    tasks.kirim_pesan()
    Notifikasi.objects.filter(jawaban__isnull=False).update(
        berubah_pada=timezone.now() - timedelta(hours=1)
    )

    teks = kata(baca(kantor, "/kelola/layanan/hubungi/"))

    assert "Pukul delapan" in teks and "Jawaban atas pesan warga" in teks


def test_voice_note_is_heard_by_the_office_alone_and_leaves_a_trace(kantor, chat, warga, operator):
    chat.kirim(HP, media=[("audio/ogg; codecs=opus", b"OggS\0\2suara")])
    satu = Berkas.objects.get()
    assert f'<audio controls preload="none" src="/berkas/{satu.pk}/">' in (
        halaman(kantor).content.decode()
    )

    jawab = kantor.get(f"/berkas/{satu.pk}/")

    assert jawab["Content-Type"] == "audio/ogg"
    assert b"".join(jawab.streaming_content) == b"OggS\0\2suara"
    jejak = JejakLihat.objects.get()
    assert (jejak.oleh, jejak.pemilik) == (operator, warga.penduduk)
    perbekel = factories.buat_perbekel("lain")
    for bukan in (warga, perbekel):
        assert sebagai(bukan).get(f"/berkas/{satu.pk}/").status_code == 404


def test_voice_note_goes_with_its_note(kantor, chat, warga, operator):
    chat.kirim(HP, media=[("audio/ogg", b"OggS\0\2suara")])
    nama = Berkas.objects.get().berkas
    lama = timezone.now() - timedelta(days=31)
    CatatanWarga.objects.update(dibaca_pada=lama, dibaca_oleh=operator)
    Notifikasi.objects.exclude(keadaan="DIKIRIM").update(keadaan="DIKIRIM")

    jalan.jalankan(pada=timezone.now())

    assert not Berkas.objects.exists() and not default_storage.exists(nama)
    assert not PesanMasuk.objects.exists() and not CatatanWarga.objects.exists()


# --- Whose chat it is -----------------------------------------------------------------------------


def test_operator_says_whose_chat_it_is_and_takes_it_back(kantor, chat, warga, operator):
    chat.kirim("ID.13491208655302741918", teks="halo")
    satu = CatatanWarga.objects.get()
    hal = baca(kantor, f"{DAFTAR}{satu.pk}/change/?cari={warga.penduduk.nik}")

    assert "tanpa nomor HP" in kata(hal)
    kirim(kantor, hal, f"Sambungkan dengan {warga.penduduk}, lahir 12-03-1990")

    orang = Percakapan.objects.get()
    assert (orang.akun, orang.terhubung_oleh) == (warga, operator)
    hal = halaman(kantor)
    assert "disambungkan petugas: Operator" in kata(hal)
    assert "Percakapan ini milik siapa?" not in kata(hal)
    kirim(kantor, hal, "Lepaskan dari akun ini")
    orang.refresh_from_db()
    assert orang.akun is None


@pytest.mark.parametrize(("dari", "ditanya"), [(HP, False), (ASING, True)])
def test_whose_chat_it_is_is_asked_only_where_nobody_is_known(dari, ditanya, kantor, warga):
    tulis("halo", dari=dari)

    assert ("Percakapan ini milik siapa?" in kata(halaman(kantor))) is ditanya


def test_link_to_a_photo_names_it_as_it_is_written(kantor, chat, warga):
    chat.kirim(HP, media=[("image/jpeg", factories.foto().read())])
    catatan.tulis(Percakapan.objects.get(), "halo", pada=timezone.now())

    assert "Lihat: Foto lewat WhatsApp" in kata(halaman(kantor))


@pytest.mark.parametrize("akun", ["999999", "abc", "-1"])
def test_account_that_does_not_exist_is_joined_to_nothing(akun, kantor, chat):
    chat.kirim(ASING, teks="halo")
    satu = CatatanWarga.objects.get()

    jawab = kantor.post(f"{DAFTAR}{satu.pk}/sambung/", {"akun": akun}, follow=True)

    assert "Cari lagi penduduknya" in kata(jawab)
    assert Percakapan.objects.get().akun is None
