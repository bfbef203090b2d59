"""Words that residents write to the village: commands, and everything else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from layanan import tasks
from layanan.janji import janji
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import nomor_wa, pengiriman
from layanan.minta_pin import permintaan
from layanan.models import CatatanWarga, NomorWA, Notifikasi, Percakapan, Permohonan, PesanMasuk
from layanan.percakapan import balasan, catatan, masuk
from layanan.permohonan import alur
from layanan.retensi import jalan
from penduduk.models import Akun
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
HP = "+6281234567890"  # the number of factories.buat_warga
ASING = "+6281234567802"


@pytest.fixture(autouse=True)
def _alamat_masuk(twilio, settings):
    twilio.url_masuk = f"{settings.PUBLIC_BASE_URL}/webhook/twilio/masuk/"


@pytest.fixture
def tulis(twilio):
    """Write to the village; what it answers (the texts that reached the phone since)."""

    def kirim(teks: str, *, dari: str = HP, **lain) -> list[str]:
        sebelum = len(twilio.messages)
        assert twilio.masuk(dari=dari, teks=teks, **lain) == [200]
        masuk.kerjakan_yang_menunggu()
        tasks.kirim_pesan()
        return [m.body for m in twilio.messages[sebelum:] if m.ke == f"whatsapp:{dari}"]

    return kirim


@pytest.fixture
def jam(monkeypatch):
    class Geser:
        lama = timedelta(0)

        def now(self):
            return timezone.now() + self.lama

    geser = Geser()
    for modul in (masuk, pengiriman, tasks):
        monkeypatch.setattr(modul, "timezone", geser)
    return geser


def kata(kode: str, **nilai: str) -> str:
    return katalog.PESAN[kode].isi({"desa": "Bugbug", "situs": "127.0.0.1:8000"} | nilai)


def ajukan(akun: Akun) -> Permohonan:
    satu = factories.buat_permohonan(akun)
    Notifikasi.objects.all().delete()  # what it says at once is not the matter here
    return satu


# --- STATUS -------------------------------------------------------------------------------------


@pytest.mark.parametrize("teks", ["STATUS", "status?", " Status 🙏", "*STATUS*", "ＳＴＡＴＵＳ"])
def test_status_is_answered_however_it_is_written(teks, tulis, warga):
    permohonan = ajukan(warga)

    assert tulis(teks) == [
        f"Permohonan nomor {permohonan.nomor} (Surat Keterangan Domisili) saat ini sudah kami "
        "terima dan menunggu diproses, selesai paling lambat "
        f"{janji.saat(permohonan)}.\n"
        "Rinciannya ada di 127.0.0.1:8000 setelah Anda masuk."
    ]
    assert not CatatanWarga.objects.exists()


@pytest.mark.parametrize(
    ("status", "dibaca"),
    [
        ("DIPROSES", "sedang diproses"),
        ("DICETAK", "sedang diproses"),
        ("MENUNGGU_TTD", "menunggu tanda tangan"),
        ("SIAP_DIAMBIL", "siap diambil di kantor desa"),
        ("SELESAI", "selesai, suratnya sudah diambil"),
    ],
)
def test_status_reads_as_a_resident_reads_it(status, dibaca, tulis, warga, operator, perbekel):
    permohonan = factories.buat_permohonan(warga)
    factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)
    Notifikasi.objects.all().delete()

    (teks,) = tulis("STATUS")

    assert re.search(
        rf"saat ini {dibaca}(, selesai paling lambat \w+, \d+ [\w ]+, \d\d\.\d\d WITA)?\.", teks
    )
    orang = warga.penduduk
    rahasia = (permohonan.kode_ambil or "-tiada-", orang.nama, orang.nik)
    assert not [r for r in rahasia if r in teks]


def test_every_status_has_words():
    assert set(balasan.KEADAAN) == set(Permohonan.Status)


def test_status_tells_of_all_open_requests_and_counts_what_is_too_much(tulis, warga, operator):
    pertama, *lain = [ajukan(warga) for _ in range(balasan.STATUS_MAKS + 2)]
    alur.jalankan(pertama, "proses", oleh=operator, pada=timezone.now())
    Notifikasi.objects.all().delete()

    (teks,) = tulis("STATUS")

    baris = teks.splitlines()
    assert f"nomor {pertama.nomor} (Surat Keterangan Domisili) saat ini sedang diproses" in baris[0]
    assert sum(p.nomor in teks for p in (pertama, *lain)) == balasan.STATUS_MAKS
    assert "Masih ada 2 permohonan lain yang berjalan." in baris


@pytest.mark.parametrize(
    "teks",
    ["STATUS {}", "status no {}", "{}", "P {pendek}", "cek status {pendek} dong", "Status: {}?"],
)
def test_status_of_one_request_is_asked_for_by_its_number(teks, tulis, warga):
    satu, lain = ajukan(warga), ajukan(warga)

    (jawab,) = tulis(teks.format(satu.nomor, pendek=int(satu.nomor[-4:])))

    assert satu.nomor in jawab and lain.nomor not in jawab


@pytest.mark.parametrize("teks", ["status surat saya", "Cek status permohonan", "mohon status, bu"])
def test_status_may_stand_among_polite_words(teks, tulis, warga):
    assert ajukan(warga).nomor in tulis(teks)[0]


def test_number_of_somebody_else_is_like_one_that_does_not_exist(tulis, warga):
    milik = ajukan(warga)

    asing = tulis(f"STATUS {milik.nomor}", dari=ASING)
    assert asing == [kata("balas_status_asing", nomor=milik.nomor)]
    assert tulis("STATUS P-2026-9999") == [kata("balas_status_asing", nomor="P-2026-9999")]


@pytest.mark.parametrize("teks", ["{} sudah jadi?", "nomor {} punya anak saya, kapan selesai Bu"])
def test_number_that_is_not_theirs_is_answered_among_any_words(teks, tulis, warga):
    milik = ajukan(warga)
    assert len(tulis("selamat pagi")) == len(tulis("selamat pagi", dari=ASING)) == 1

    asing = tulis(teks.format(milik.nomor), dari=ASING)
    tak_ada = tulis(teks.format("P-2026-9999"))

    assert asing == [kata("balas_status_asing", nomor=milik.nomor)]
    assert tak_ada == [kata("balas_status_asing", nomor="P-2026-9999")]
    semua = CatatanWarga.objects.values_list("teks", flat=True)
    assert {t.split("\n")[1] for t in semua} == {
        teks.format(milik.nomor),
        teks.format("P-2026-9999"),
    }, "the other words still reach an operator"


@pytest.mark.parametrize("teks", ["{}", "nomor {} ya", "yang {} pak"])
def test_small_figure_without_status_is_no_request(teks, tulis, warga):
    satu = ajukan(warga)
    urut = int(satu.nomor[-4:])
    assert urut < 1000

    assert tulis(teks.format(urut)) == [kata("balas_umum")]
    assert satu.nomor in tulis(f"STATUS {urut}")[0]


@pytest.mark.parametrize("teks", ["12345", "2011-05-17", "0812 3456 7890", "P 3 hari lagi ya"])
def test_figure_that_is_no_request_of_theirs_is_no_question_of_state(teks, tulis, warga):
    ajukan(warga)

    assert tulis(teks) == [kata("balas_umum")]


TANYA = [
    "bagaimana surat saya {tahun}-{urut}?",
    "Permohonan saya nomor {urut} bagaimana?",
    "Kapan {nomor} jadi? Saya perlu besok untuk sekolah anak",
    "selamat pagi, surat p {tahun} {urut} kok lama sekali",
    "yang {urut} itu sudah sampai mana, Pak? Sudah 3 hari",
]


@pytest.mark.parametrize("teks", TANYA)
def test_question_that_names_an_open_request_is_answered_with_its_state(teks, tulis, warga):
    satu, lain = ajukan(warga), ajukan(warga)
    assert tulis("selamat pagi") == [kata("balas_umum")], "the day's answer has been given"
    tahun, urut = satu.nomor.split("-")[1:]

    (jawab,) = tulis(teks.format(nomor=satu.nomor, tahun=tahun, urut=urut))

    assert f"nomor {satu.nomor} (Surat Keterangan Domisili) saat ini" in jawab
    assert lain.nomor not in jawab


@pytest.mark.parametrize(("teks", "dibaca"), [(TANYA[0], False), (TANYA[2], True)])
def test_what_else_a_question_says_reaches_an_operator(teks, dibaca, tulis, warga):
    satu = ajukan(warga)
    tahun, urut = satu.nomor.split("-")[1:]
    teks = teks.format(nomor=satu.nomor, tahun=tahun, urut=urut)

    tulis(teks)

    assert list(CatatanWarga.objects.values_list("teks", flat=True)) == [teks] * dibaca
    assert PesanMasuk.objects.get().keadaan == ("PETUGAS" if dibaca else "DIJAWAB")


def test_edited_question_is_answered_with_the_state_too(tulis, warga):
    satu = ajukan(warga)

    (jawab,) = tulis(f"Kapan {satu.nomor} jadi?", lain={"MessageType": "edited"})

    assert satu.nomor in jawab
    assert PesanMasuk.objects.get().jenis == "UBAHAN"


def test_all_requests_that_a_question_names_are_told(tulis, warga):
    satu, dua, tiga = [ajukan(warga) for _ in range(3)]

    (jawab,) = tulis(f"apakah {satu.nomor} dan {dua.nomor} sudah selesai?")

    assert [p.nomor in jawab for p in (satu, dua, tiga)] == [True, True, False]


@pytest.mark.parametrize(
    "teks", ["{urut} hari lagi saya ke kantor", "rumah saya nomor {urut} ya, Bu"]
)
def test_figure_in_a_sentence_is_no_request_that_happens_to_have_it(teks, tulis, warga):
    satu = ajukan(warga)

    assert tulis(teks.format(urut=int(satu.nomor[-4:]))) != []
    assert Notifikasi.objects.get().pesan == "balas_umum"


def test_closed_request_in_a_sentence_is_told_by_its_whole_number_alone(tulis, warga):
    satu = ajukan(warga)
    alur.jalankan(satu, "batalkan", oleh=warga, pada=timezone.now())
    Notifikasi.objects.all().delete()

    assert tulis(f"nama di {satu.nomor[2:]} salah tulis") == [kata("balas_umum")]
    assert "sudah dibatalkan" in tulis(f"nama di {satu.nomor} salah tulis")[0]
    assert CatatanWarga.objects.get().teks.count("salah tulis") == 2
    assert satu.nomor in tulis(f"status {satu.nomor[-4:]}")[0]


def test_two_accounts_of_one_number_are_told_numbers_and_states_but_no_letters(
    tulis, warga, tetangga
):
    semua = [ajukan(warga), ajukan(tetangga)]

    (teks,) = tulis("STATUS")

    assert all(p.nomor in teks for p in semua)
    assert "Domisili" not in teks
    assert warga.penduduk.nama not in teks


def test_delicate_letter_is_not_named_to_its_owner_either(tulis, warga):
    satu = factories.buat_permohonan(warga, "tidak_mampu")
    Notifikasi.objects.all().delete()

    (teks,) = tulis("STATUS")

    assert satu.nomor in teks and "Mampu" not in teks


def test_open_request_goes_before_one_that_was_closed_later(tulis, warga):
    terbuka, tutup = ajukan(warga), ajukan(warga)
    alur.jalankan(tutup, "batalkan", oleh=warga, pada=timezone.now())
    Notifikasi.objects.all().delete()

    assert terbuka.nomor in tulis("STATUS")[0]


def test_status_of_a_number_without_requests_says_so(tulis, warga):
    ajukan(warga)

    assert tulis("STATUS", dari=ASING) == [kata("balas_status_kosong")]


# --- BERHENTI and MULAI -------------------------------------------------------------------------


BERHENTI = ["BERHENTI", "Stop.", "unsubscribe", "berhenti!! 😡", "berhenti dong pak"]
BERHENTI += ["Tolong berhenti kirim pesan", "stop kirim pesan ya", "mohon stop mengirim WA, Bu"]


@pytest.mark.parametrize("teks", BERHENTI)
def test_berhenti_is_confirmed_and_holds(teks, tulis, warga, operator):
    permohonan = ajukan(warga)

    assert tulis(teks) == [kata("balas_berhenti")]
    permohonan.refresh_from_db()
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())

    assert Notifikasi.objects.get(pesan="diproses").kode_galat == "TOLAK"
    assert NomorWA.objects.get(nomor_hp=HP).berhenti_pada
    warga.refresh_from_db()
    assert warga.setuju_wa_pada is None


@pytest.mark.parametrize("teks", ["MULAI", "start"])
def test_mulai_is_confirmed_and_holds(teks, tulis, warga, operator):
    permohonan = ajukan(warga)
    tulis("STOP")

    assert tulis(teks) == [kata("balas_mulai_lagi")]
    permohonan.refresh_from_db()
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())

    assert Notifikasi.objects.get(pesan="diproses").keadaan == "MENUNGGU"


@pytest.mark.parametrize(
    ("teks", "kode"),
    [("BUKAN SAYA", "balas_dibekukan"), ("BUKA", "balas_dibuka"), ("BATAL", "balas_batal_kosong")],
)
def test_commands_work_after_berhenti_too(teks, kode, tulis, warga):
    tulis("BERHENTI")

    assert tulis(teks)[0] == kata(kode)


def test_command_is_owed_even_when_the_next_message_waits_already(twilio, warga):
    for teks in ("STOP", "terima kasih"):
        twilio.masuk(dari=HP, teks=teks)
    masuk.kerjakan_yang_menunggu()
    tasks.kirim_pesan()

    assert [m.body for m in twilio.messages] == [kata("balas_berhenti"), kata("balas_umum")]


def test_batal_without_anything_to_cancel_says_where_a_letter_is_cancelled(tulis, warga):
    satu = ajukan(warga)

    (jawab,) = tulis("BATAL")

    assert jawab == kata("balas_batal_kosong")
    satu.refresh_from_db()
    assert satu.status == "DIAJUKAN"


def test_batal_that_comes_after_the_decision_cancels_nothing(tulis, monkeypatch):
    factories.buat_permintaan_pin(nomor_hp=ASING)
    asli = permintaan.batalkan

    def sementara_itu(ada, *, pada):
        type(ada).objects.filter(pk=ada.pk).update(keadaan="BASI")
        asli(ada, pada=pada)

    monkeypatch.setattr(permintaan, "batalkan", sementara_itu)

    assert tulis("BATAL", dari=ASING) == [kata("balas_batal_kosong")]


@pytest.mark.parametrize(
    "teks",
    [
        "Tolong jangan berhenti, kapan surat saya jadi?",
        "surat berhenti kerja bagaimana?",
        "jangan berhenti kirim pesan ya",
        "Bu, pesan WA berhenti ya?",
        "kirim pesan ya",
    ],
)
def test_sentence_that_contains_a_command_is_no_command(teks, tulis, warga):
    assert tulis(teks) == [kata("balas_umum")]

    warga.refresh_from_db()
    assert warga.setuju_wa_pada


# --- Anything else ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dari", "kode"), [(HP, "balas_umum"), (ASING, "balas_mulai")], ids=["dikenal", "asing"]
)
def test_words_are_answered_once_a_day_and_kept_for_the_operators(dari, kode, tulis, warga, jam):
    assert tulis("Jam berapa kantor buka?", dari=dari) == [kata(kode)]
    assert len(tulis("STATUS", dari=dari)) == 1  # another answer comes between
    assert tulis("Halo?", dari=dari) == []
    jam.lama = timedelta(hours=23, minutes=50)
    assert tulis("Masih ada orang?", dari=dari) == []
    jam.lama = timedelta(hours=24, minutes=10)
    assert tulis("Baik", dari=dari) == [kata(kode)]

    semua = "\n".join(CatatanWarga.objects.order_by("hari").values_list("teks", flat=True))
    assert semua == "Jam berapa kantor buka?\nHalo?\nMasih ada orang?\nBaik"
    assert set(PesanMasuk.objects.values_list("keadaan", flat=True)) == {"PETUGAS", "DIJAWAB"}


def test_number_of_a_request_is_known_without_an_account(tulis, permohonan_ringan):
    Permohonan.objects.update(nomor_hp=ASING)

    assert tulis("Halo", dari=ASING) == [kata("balas_umum")]


def test_heart_is_no_message_to_an_operator_and_yet_not_lost(tulis, warga):
    assert tulis("❤️👍") == [kata("balas_umum")]
    assert not CatatanWarga.objects.exists()

    assert tulis("👍") == []

    satu = CatatanWarga.objects.get()
    assert (satu.teks, satu.dibaca_oleh) == ("👍", None)
    assert satu.dibaca_pada, "to be seen, not to be worked on"


def test_caption_of_a_photo_goes_the_way_of_the_photo(tulis, warga):
    foto = [("image/jpeg", factories.foto().read())]
    tulis("ini KTP saya", dari=ASING, media=foto)

    assert not CatatanWarga.objects.exists()
    assert Notifikasi.objects.get(masuk__isnull=False).pesan == "balas_kk"


def test_words_while_photos_are_awaited_are_answered_by_what_comes_next(tulis):
    tulis("", dari=ASING, media=[("image/jpeg", factories.foto().read())])

    assert tulis("sudah?", dari=ASING) == []  # the same answer a moment ago
    assert CatatanWarga.objects.get().teks == "sudah?"
    assert tulis("STATUS", dari=ASING) == [kata("balas_status_kosong")]


def test_words_after_the_photos_reach_the_operators(tulis):
    factories.buat_permintaan_pin(nomor_hp=ASING)

    assert tulis("Kapan PIN saya?", dari=ASING) == [kata("balas_lengkap")]
    assert CatatanWarga.objects.get().teks == "Kapan PIN saya?"


def test_whoever_writes_can_be_reached_again(tulis, warga):
    nomor_wa.tandai(HP, "63024", pada=timezone.now())
    assert nomor_wa.halangan(HP, pada=timezone.now()) == "TANPAWA"

    tulis("halo")

    assert nomor_wa.halangan(HP, pada=timezone.now()) == ""


# --- The note -----------------------------------------------------------------------------------


@pytest.fixture
def orang(db) -> Percakapan:
    sekarang = timezone.now()
    return Percakapan.objects.create(
        alamat=HP, nomor_hp=HP, terakhir_masuk_pada=sekarang, jam_mulai_pada=sekarang
    )


def test_note_begins_anew_at_midnight_of_the_village(orang):
    malam = timezone.now().replace(hour=15, minute=59)  # 23.59 WITA
    for pada in (malam, malam + timedelta(minutes=2)):
        catatan.tulis(orang, "halo", pada=pada)

    assert CatatanWarga.objects.count() == 2


def test_note_holds_whole_messages_and_counts_what_is_beyond(orang):
    for _ in range(30):
        catatan.tulis(orang, "x" * 300, pada=timezone.now())

    satu = CatatanWarga.objects.get()
    assert len(satu.teks) <= catatan.PANJANG
    assert satu.teks.split("\n") == ["x" * 300] * 13
    assert satu.lebih == 17


def test_new_words_make_a_read_note_unread(orang, operator):
    catatan.tulis(orang, "satu", pada=timezone.now())
    satu = CatatanWarga.objects.get()
    assert catatan.baca(satu, sampai=satu.terakhir_pada, oleh=operator, pada=timezone.now())

    catatan.tulis(orang, "dua", pada=timezone.now())

    satu.refresh_from_db()
    assert (satu.dibaca_pada, satu.dibaca_oleh, satu.teks) == (None, None, "satu\ndua")


@pytest.mark.parametrize(
    ("dibaca", "hari", "tersisa"), [(True, 29, 1), (True, 31, 0), (False, 89, 1), (False, 91, 0)]
)
def test_notes_are_forgotten_in_their_time(dibaca, hari, tersisa, orang, operator):
    lama = timezone.now() - timedelta(days=hari)
    catatan.tulis(orang, "halo", pada=lama)
    if dibaca:
        CatatanWarga.objects.update(dibaca_pada=lama, dibaca_oleh=operator)

    jalan.jalankan(pada=timezone.now())

    assert CatatanWarga.objects.count() == tersisa
