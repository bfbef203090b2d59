""" "Kabari saya": a one-time code by WhatsApp proves the number and opens the free window."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from layanan import tasks
from layanan.kabar import panggilan
from layanan.kata_pesan import katalog
from layanan.models import (
    KodeKabari,
    NomorWA,
    Notifikasi,
    PengaturanPesan,
    Percakapan,
    Permohonan,
    PersetujuanWA,
    PesanMasuk,
)
from layanan.percakapan import kabari, masuk
from layanan.permohonan import alur
from penduduk import desa
from penduduk.akun import penjagaan
from penduduk.models import Akun, Desa, Percobaan
from tests import factories, serentak
from tests.halaman import kata, sebagai

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
HP, BARU, ASING = "+6281234567890", "+6281234567855", "+6281234567802"


def kode(permohonan: Permohonan, **lain) -> str:
    """What the button on the page would send, without the word before it."""
    tombol = kabari.tombol(permohonan, pada=lain.get("pada", timezone.now()))
    (teks,) = parse_qs(urlsplit(tombol.tautan).query)["text"]
    return teks.removeprefix("KABARI ")


@pytest.fixture(autouse=True)
def _nomor_desa(settings):
    settings.TWILIO = settings.TWILIO | {"from": "whatsapp:+628110000000"}


# --- The code and the link ----------------------------------------------------------------------


def test_code_has_forty_bits_and_no_look_alikes():
    assert len(set(kabari.ALFABET)) ** kabari.PANJANG >= 2**40
    assert not set("01OI") & set(kabari.ALFABET)
    assert len({kabari.buat() for _ in range(2000)}) == 2000


def test_link_opens_the_chat_with_the_words_typed(permohonan, settings):
    settings.WA_ME_URL = "http://127.0.0.1:9/wa.me"

    tautan = kabari.tombol(permohonan, pada=timezone.now()).tautan

    satu = KodeKabari.objects.get()
    assert tautan == f"http://127.0.0.1:9/wa.me/628110000000?text=KABARI%20{satu.kode}"
    assert re.fullmatch(f"[{kabari.ALFABET}]{{8}}", satu.kode)


def test_number_of_the_village_is_the_second_choice(permohonan, settings):
    settings.TWILIO = settings.TWILIO | {"from": ""}
    assert kabari.tombol(permohonan, pada=timezone.now()) is None

    Desa.objects.update_or_create(pk=1, defaults={"nomor_wa": "0811 2222 3333"})
    desa.lupakan()
    assert "/6281122223333?text=" in kabari.tombol(permohonan, pada=timezone.now()).tautan


def test_code_stays_until_it_is_used_or_old(permohonan):
    pertama = kode(permohonan)
    assert kode(permohonan) == pertama

    nanti = timezone.now() + kabari.BERLAKU
    assert kode(permohonan, pada=nanti) != pertama
    assert KodeKabari.objects.count() == 1


def test_closed_request_offers_nothing(permohonan, warga):
    alur.jalankan(permohonan, "batalkan", oleh=warga, pada=timezone.now())

    assert kabari.tombol(permohonan, pada=timezone.now()) is None


@pytest.mark.parametrize(
    ("teks", "dibaca"),
    [
        ("KABARI ABCD2345", "ABCD2345"),
        ("kabari abcd-2345.", "ABCD2345"),
        ("Kabari:  ABCD 2345 🙏", "ABCD2345"),
        ("KABARIABCD2345", "ABCD2345"),
        ("ＫＡＢＡＲＩ ABCD2345", "ABCD2345"),
        ("KABARI abcd234", "ABCD234"),
        ("KABARI", ""),
        ("kabari saya kalau sudah jadi", None),
        ("Kabari saya dong", None),
        ("tolong KABARI ABCD2345", None),
        ("ABCD2345", None),
        ("🙏", None),
    ],
)
def test_code_is_read_however_it_is_typed(teks, dibaca):
    assert kabari.baca(teks) == dibaca


# --- Using it -----------------------------------------------------------------------------------


def test_code_turns_the_request_to_the_number_it_came_from(permohonan, warga):
    Permohonan.objects.update(kabari_wa=False)
    NomorWA.objects.create(nomor_hp=BARU, berhenti_pada=timezone.now())

    kabari.pakai(kode(permohonan), dari=BARU, pada=timezone.now())

    permohonan.refresh_from_db()
    assert (permohonan.nomor_hp, permohonan.kabari_wa) == (BARU, True)
    ya = PersetujuanWA.objects.latest("pk")
    assert (ya.akun, ya.permohonan, ya.kanal, ya.nomor_hp) == (warga, permohonan, "KABARI", BARU)
    assert NomorWA.objects.get().berhenti_pada is None
    warga.refresh_from_db()
    assert warga.nomor_hp == HP, "another number of an account is for its owner to change"
    assert not warga.kejadian.filter(jenis="NOMOR").exists()


def test_account_without_a_number_gets_it(permohonan, warga):
    Akun.objects.filter(pk=warga.pk).update(nomor_hp="")

    kabari.pakai(kode(permohonan), dari=BARU, pada=timezone.now())

    warga.refresh_from_db()
    assert warga.nomor_hp == BARU


def test_other_requests_stay_as_they_are(permohonan, warga):
    lain = factories.buat_permohonan(warga)

    kabari.pakai(kode(permohonan), dari=BARU, pada=timezone.now())

    lain.refresh_from_db()
    assert lain.nomor_hp == HP


def test_used_code_is_no_code_for_anybody_else(permohonan):
    satu = kode(permohonan)
    kabari.pakai(satu, dari=BARU, pada=timezone.now())

    with pytest.raises(kabari.KodeSalah):
        kabari.pakai(satu, dari=ASING, pada=timezone.now())
    permohonan.refresh_from_db()
    assert permohonan.nomor_hp == BARU


def test_tap_too_many_changes_nothing(permohonan):
    satu = kode(permohonan)
    for _ in range(2):
        assert kabari.pakai(satu, dari=BARU, pada=timezone.now()) == permohonan

    assert PersetujuanWA.objects.filter(kanal="KABARI").count() == 1


@pytest.mark.parametrize("kenapa", ["lama", "tutup", "asal"])
def test_code_that_is_old_or_of_a_closed_request_or_unknown_is_refused(kenapa, permohonan, warga):
    satu, pada = kode(permohonan), timezone.now()
    if kenapa == "lama":
        pada += kabari.BERLAKU
    elif kenapa == "tutup":
        alur.jalankan(permohonan, "batalkan", oleh=warga, pada=pada)
    else:
        satu = "ABCD2345" if satu != "ABCD2345" else "ABCD2346"

    with pytest.raises(kabari.KodeSalah):
        kabari.pakai(satu, dari=BARU, pada=pada)
    permohonan.refresh_from_db()
    assert permohonan.nomor_hp == HP


def test_guessing_ends_after_five_wrong_codes_a_day(permohonan, caplog):
    satu, pada = kode(permohonan), timezone.now()
    for _ in range(kabari.SALAH_SEHARI):
        with pytest.raises(kabari.KodeSalah):
            kabari.pakai("AAAAAAAA", dari=ASING, pada=pada)

    with pytest.raises(kabari.TerlaluSering):
        kabari.pakai(satu, dari=ASING, pada=pada)  # even the right one
    assert "too many wrong codes" in caplog.text
    assert ASING not in str(list(Percobaan.objects.values()))

    assert kabari.pakai(satu, dari=BARU, pada=pada) == permohonan, "others are not held up"


def test_guesser_may_try_again_on_the_next_day_and_right_codes_cost_nothing(permohonan):
    pada = timezone.now()
    for _ in range(kabari.SALAH_SEHARI):
        with pytest.raises(kabari.KodeSalah):
            kabari.pakai("AAAAAAAA", dari=BARU, pada=pada)

    besok = pada + timedelta(days=1)
    for _ in range(8):
        assert kabari.pakai(kode(permohonan, pada=besok), dari=BARU, pada=besok)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("putaran", range(3))
def test_same_code_from_two_numbers_at_once_is_used_once(putaran, permohonan):
    satu, pada = kode(permohonan), timezone.now()

    def pakai(dari: str) -> bool:
        try:
            kabari.pakai(satu, dari=dari, pada=pada)
        except kabari.KodeSalah:
            return False
        return True

    nomor = [f"+62812345678{n:02}" for n in range(10, 16)]
    hasil = serentak.jalankan(pakai, nomor)

    permohonan.refresh_from_db()
    assert hasil.count(True) == 1
    assert permohonan.nomor_hp == nomor[hasil.index(True)]
    assert PersetujuanWA.objects.filter(kanal="KABARI").count() == 1


@pytest.mark.django_db(transaction=True)
def test_page_opened_twice_at_once_shows_one_code(permohonan):
    hasil = serentak.jalankan(lambda _: kode(permohonan), range(4))

    assert len(set(hasil)) == 1


# --- What did not arrive ------------------------------------------------------------------------


@pytest.mark.parametrize("keadaan", ["GAGAL", "TANPA_WA", "PERLU_DICEK", "DIKIRIM"])
def test_what_did_not_arrive_is_made_up_for_by_the_answer(keadaan, permohonan):
    Notifikasi.objects.filter(penerima=None).update(keadaan=keadaan)

    kabari.pakai(kode(permohonan), dari=BARU, pada=timezone.now())

    baris = Notifikasi.objects.get(penerima=None)
    assert (baris.ditangani_cara, baris.nomor_hp) == ("LANGSUNG", HP)
    assert not panggilan.belum_tersampaikan().exists()


def test_what_still_waits_goes_to_the_proven_number(permohonan):
    nanti = timezone.now() + timedelta(hours=1)
    Notifikasi.objects.filter(penerima=None).update(keadaan="SEMENTARA", ambil_lagi_pada=nanti)

    kabari.pakai(kode(permohonan), dari=BARU, pada=timezone.now())

    baris = Notifikasi.objects.get(penerima=None)
    assert (baris.nomor_hp, baris.ditangani_pada) == (BARU, None)
    assert baris.ambil_lagi_pada <= timezone.now()


# --- The whole way, over real HTTP --------------------------------------------------------------


@pytest.fixture
def chat(twilio, settings):
    """Write to the village from a number; returns what that number has received since."""
    twilio.url_masuk = f"{settings.PUBLIC_BASE_URL}/webhook/twilio/masuk/"

    def kirim(teks: str, *, dari: str = BARU) -> list:
        sebelum = len(twilio.messages)
        assert twilio.masuk(dari=dari, teks=teks) == [200]
        masuk.kerjakan_yang_menunggu()
        tasks.kirim_pesan()
        return [m for m in twilio.messages[sebelum:] if m.ke == f"whatsapp:{dari}"]

    return kirim


def test_sentence_that_reads_like_a_mistyped_code_reaches_an_operator(chat, permohonan):
    (jawab,) = chat("Kabari saya jam 10")

    assert jawab.body.startswith("Kode itu tidak kami kenal")
    assert PesanMasuk.objects.get().catatan.teks == "Kabari saya jam 10"


def test_message_after_kabari_is_free_words_and_costs_nothing(chat, twilio, warga, operator):
    PengaturanPesan.objects.create(pk=1, harga=400)
    Akun.objects.filter(pk=warga.pk).update(setuju_wa_pada=None)
    warga.refresh_from_db()
    permohonan = factories.buat_permohonan(warga)
    tasks.kirim_pesan()
    assert Notifikasi.objects.get(penerima=None).keadaan == "TANPA_WA"

    (jawab,) = chat(f"kabari {kode(permohonan).lower()}")
    permohonan.refresh_from_db()
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    tasks.kirim_pesan()

    keadaan = "sudah kami terima dan menunggu diproses"
    nilai = {"nomor": permohonan.nomor, "keadaan": keadaan}
    assert jawab.body == katalog.PESAN["balas_kabari"].isi(nilai)
    kabar = twilio.messages[-1]
    assert kabar.ke == f"whatsapp:{BARU}"
    assert "surat yang Anda mohon sedang diproses oleh Kantor Perbekel Bugbug." in kabar.body
    assert kabar.isian["Body"] == kabar.body
    assert "ContentSid" not in kabar.isian
    baris = Notifikasi.objects.get(pesan="diproses")
    assert (baris.biaya, baris.lewat_jendela) == (0, True)


def test_message_long_after_kabari_needs_the_template_and_costs(chat, twilio, warga, operator):
    PengaturanPesan.objects.create(pk=1, harga=400)
    permohonan = factories.buat_permohonan(warga)
    chat(f"KABARI {kode(permohonan)}")
    Percakapan.objects.update(terakhir_masuk_pada=timezone.now() - timedelta(hours=24))
    permohonan.refresh_from_db()
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    tasks.kirim_pesan()

    assert "ContentSid" in twilio.messages[-1].isian
    assert Notifikasi.objects.get(pesan="diproses").biaya == 400


def test_berhenti_puts_the_next_step_on_the_call_list_and_mulai_tells_again(
    chat, twilio, warga, operator, perbekel
):
    permohonan = factories.buat_permohonan(warga)
    tasks.kirim_pesan()
    chat("BERHENTI", dari=HP)
    jumlah = len(twilio.messages)

    permohonan.refresh_from_db()
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    tasks.kirim_pesan()

    assert [m for m in twilio.messages[jumlah:] if m.ke == f"whatsapp:{HP}"] == []
    nanti = timezone.now() + panggilan.TUNDA + timedelta(minutes=1)
    (di_daftar,) = panggilan.daftar(pada=nanti)
    assert (di_daftar.pesan, di_daftar.keadaan) == ("diproses", "TANPA_WA")

    chat("MULAI", dari=HP)
    permohonan.refresh_from_db()
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    tasks.kirim_pesan()

    ke_warga = [m.body for m in twilio.messages if m.ke == f"whatsapp:{HP}"]
    assert permohonan.kode_ambil in ke_warga[-1]


def test_wrong_codes_are_answered_a_few_times_and_then_with_silence(chat):
    jawab = []
    for n in range(22, 30):
        Percakapan.objects.update(balasan="")  # ten seconds later
        jawab += [m.body for m in chat(f"KABARI AAAA22{n:02}")]

    salah = katalog.PESAN["balas_kabari_salah"].isi({"situs": "127.0.0.1:8000"})
    assert jawab == [salah] * kabari.SALAH_SEHARI
    assert set(PesanMasuk.objects.values_list("keadaan", flat=True)) == {"DIJAWAB", "PETUGAS"}


def test_answer_never_tells_the_pick_up_code(chat, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    tasks.kirim_pesan()

    (jawab,) = chat(f"KABARI {kode(permohonan)}")

    assert "siap diambil" in jawab.body
    assert permohonan.kode_ambil not in jawab.body


# --- The number of the account --------------------------------------------------------------------


def kode_bukti(akun: Akun, **lain) -> str:
    tautan = kabari.tautan_bukti(akun, pada=lain.get("pada", timezone.now()))
    (teks,) = parse_qs(urlsplit(tautan).query)["text"]
    return teks.removeprefix("KABARI ")


@pytest.fixture
def mau_ganti(warga) -> Akun:
    """Somebody who has typed another number on the page of the account."""
    penjagaan.usulkan_nomor(warga, BARU)
    return warga


def test_number_is_the_accounts_once_its_code_is_answered_and_the_old_one_is_told(mau_ganti):
    satu = kode_bukti(mau_ganti)

    for _ in range(2):  # a tap too many
        assert kabari.pakai(satu, dari=BARU, pada=timezone.now()) == mau_ganti

    mau_ganti.refresh_from_db()
    assert (mau_ganti.nomor_hp, mau_ganti.nomor_calon) == (BARU, "")
    kejadian = mau_ganti.kejadian.get(jenis="NOMOR")
    assert kejadian.nomor_lama == HP
    with pytest.raises(kabari.KodeSalah):
        kabari.pakai(satu, dari=ASING, pada=timezone.now())


def test_answer_names_the_number_that_was_proven_whichever_phone_it_was(chat, mau_ganti):
    (jawab,) = chat(f"KABARI {kode_bukti(mau_ganti)}", dari=ASING)

    assert jawab.body == katalog.PESAN["balas_nomor"].isi({"nomor_hp": "0812-3456-7802"})
    hal = sebagai(mau_ganti).get("/layanan/data-saya/")
    assert "Tercatat: 0812-3456-7802. Pesan keamanan akun kami kirim ke sana." in kata(hal)


def test_whoever_got_the_code_forwarded_is_stopped_by_the_number_from_before(
    chat, twilio, mau_ganti
):
    chat(f"KABARI {kode_bukti(mau_ganti)}", dari=ASING)
    tasks.kirim_pesan()

    (kabar,) = [m.body for m in twilio.messages if m.ke == f"whatsapp:{HP}"]
    assert "baru saja diganti dengan nomor ••••7802. Bukan Anda" in kabar
    (jawab,) = chat("BUKAN SAYA", dari=HP)
    assert jawab.body == katalog.PESAN["balas_dibekukan"].isi({})
    mau_ganti.refresh_from_db()
    assert mau_ganti.sebab_beku == "BUKAN_SAYA"


def test_former_number_that_is_not_reached_is_called(chat, mau_ganti):
    NomorWA.objects.create(nomor_hp=HP, berhenti_pada=timezone.now())

    chat(f"KABARI {kode_bukti(mau_ganti)}", dari=ASING)
    tasks.kirim_pesan()

    (baris,) = panggilan.belum_tersampaikan()
    assert (baris.pesan, baris.nomor_hp, baris.keadaan) == ("nomor_ganti", HP, "TANPA_WA")


SALAH = (
    "Kode untuk membuktikan nomor HP itu tidak berlaku lagi: sudah dipakai, dibatalkan, lewat satu "
    "jam, atau akunnya dikunci."
)


@pytest.mark.parametrize("kenapa", ["dipakai", "lama", "batal", "dikunci"])
def test_proof_that_is_over_is_sent_to_where_the_next_one_is(kenapa, chat, mau_ganti):
    satu = kode_bukti(mau_ganti)
    if kenapa == "dipakai":
        chat(f"KABARI {satu}", dari=BARU)
    elif kenapa == "lama":
        KodeKabari.objects.update(dibuat_pada=timezone.now() - kabari.BUKTI_BERLAKU)
    elif kenapa == "batal":
        penjagaan.usulkan_nomor(mau_ganti, "")
    else:
        penjagaan.bekukan(mau_ganti, sebab=Akun.SebabBeku.PETUGAS, pada=timezone.now())

    (jawab,) = chat(f"KABARI {satu}", dari=ASING)

    assert jawab.body.startswith(SALAH) and "ada di Data saya di 127.0.0.1:8000" in jawab.body
    assert "tidak berubah" not in jawab.body, "it was changed by whoever used the code"


def test_pressing_on_a_proof_that_is_over_is_no_guessing(chat, mau_ganti):
    lama = kode_bukti(mau_ganti)
    KodeKabari.objects.update(dibuat_pada=timezone.now() - kabari.BUKTI_BERLAKU)
    for _ in range(kabari.SALAH_SEHARI):
        chat(f"KABARI {lama}", dari=BARU)

    (jawab,) = chat(f"KABARI {kode_bukti(mau_ganti)}", dari=BARU)

    assert "0812-3456-7855 sekarang tercatat" in jawab.body


def test_proof_that_was_used_from_this_number_stays_true(chat, mau_ganti):
    satu = kode_bukti(mau_ganti)
    chat(f"KABARI {satu}", dari=BARU)
    KodeKabari.objects.update(dibuat_pada=timezone.now() - timedelta(days=2))

    (jawab,) = chat(f"KABARI {satu}", dari=BARU)

    assert "0812-3456-7855 sekarang tercatat" in jawab.body


def test_chat_that_hides_its_number_is_told_that_it_proves_none(chat, mau_ganti):
    (jawab,) = chat(f"KABARI {kode_bukti(mau_ganti)}", dari="ID.13491208655302741918")

    assert jawab.body == katalog.PESAN["balas_nomor_tak_tampak"].isi({})
    mau_ganti.refresh_from_db()
    assert mau_ganti.nomor_hp == HP


def test_code_of_a_closed_request_is_answered_with_its_state(chat, permohonan, warga):
    satu = kode(permohonan)
    alur.jalankan(permohonan, "batalkan", oleh=warga, pada=timezone.now())

    (jawab,) = chat(f"KABARI {satu}")

    assert f"nomor {permohonan.nomor} saat ini sudah dibatalkan." in jawab.body


def test_used_code_of_a_closed_request_tells_others_nothing(chat, permohonan, warga):
    satu = kode(permohonan)
    chat(f"KABARI {satu}")
    permohonan.refresh_from_db()
    alur.jalankan(permohonan, "batalkan", oleh=warga, pada=timezone.now())

    (jawab,) = chat(f"KABARI {satu}", dari=ASING)

    assert permohonan.nomor not in jawab.body


@pytest.mark.parametrize("kenapa", ["lama", "batal", "beku"])
def test_code_of_a_number_is_good_for_an_hour_while_it_is_wanted(kenapa, mau_ganti):
    satu, pada = kode_bukti(mau_ganti), timezone.now()
    if kenapa == "lama":
        pada += kabari.BUKTI_BERLAKU
    elif kenapa == "batal":
        penjagaan.usulkan_nomor(mau_ganti, "")
    else:
        penjagaan.bekukan(mau_ganti, sebab="PETUGAS", pada=pada)

    with pytest.raises(kabari.KodeSalah):
        kabari.pakai(satu, dari=BARU, pada=pada)
    mau_ganti.refresh_from_db()
    assert mau_ganti.nomor_hp == HP


def test_button_of_a_request_proves_the_number_that_was_typed_for_it(permohonan, mau_ganti):
    kabari.pakai(kode(permohonan), dari=BARU, pada=timezone.now())

    mau_ganti.refresh_from_db()
    assert (mau_ganti.nomor_hp, mau_ganti.nomor_calon) == (BARU, "")


def test_nothing_is_offered_without_a_number_to_prove(warga):
    assert kabari.tautan_bukti(warga, pada=timezone.now()) == ""
