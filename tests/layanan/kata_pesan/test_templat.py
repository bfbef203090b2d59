"""Templates from our files to WhatsApp's approval and after: over real HTTP, with every failure on
the way."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from layanan import tasks
from layanan.kata_pesan import daftar, kata, katalog, templat, usulan
from layanan.kotak_keluar import pengiriman
from layanan.models import Notifikasi, TemplatWA
from layanan.transports import konten
from penduduk.antrean import SEWA
from simulator import twilio_palsu as tp
from simulator.twilio_palsu import Tinjauan
from tests import factories

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]

K = TemplatWA.Keadaan
KODE = sorted(p.kode for p in templat.berkata())
BARU = "Permohonan surat nomor {{nomor}} kini sedang diproses oleh Kantor {{kantor}}, mohon tunggu."


@pytest.fixture
def kosong(settings, twilio):
    """A Twilio account without any template of ours, and settings that name none."""
    settings.TWILIO = settings.TWILIO | {"content_sids": {}}
    twilio.templat = {}
    return twilio


@pytest.fixture
def satu(monkeypatch, kosong):
    """Only one message, so that a failure meets the call it was planned for."""
    monkeypatch.setattr(templat, "berkata", lambda: [katalog.PESAN["diproses"]])
    return kosong


def jalan(lewat: timedelta = timedelta(), **lain) -> templat.Laporan:
    return templat.selaraskan(pada=timezone.now() + lewat, **lain)


def versi(kode: str = "diproses", ke: int = 0) -> TemplatWA:
    return TemplatWA.objects.get(pesan=kode, versi=ke)


def ganti_bawaan(monkeypatch, kode: str = "diproses", teks: str = BARU) -> None:
    """A later release has other words, and still knows what the former ones need."""
    baru = replace(kata.dengan_kata(kode, teks), dulu=katalog.PESAN[kode].variabel)
    monkeypatch.setitem(katalog.PESAN, kode, baru)


@pytest.fixture
def clerk(db):
    return factories.buat_operator()


def usulkan(clerk, teks: str = BARU, kode: str = "diproses") -> TemplatWA:
    baru = usulan.terbaru(kode)
    dasar = baru.versi if baru else 0
    return usulan.usulkan(kode, teks, dasar=dasar, oleh=clerk, pada=timezone.now())


# --- From nothing to approved -------------------------------------------------------------------


def test_every_message_becomes_a_template_and_is_used_once_approved(kosong):
    kosong.konten.tinjauan_bawaan = Tinjauan(detik=3600)

    jalan()

    assert sorted(v.pesan for v in TemplatWA.objects.filter(keadaan=K.DIAJUKAN)) == KODE
    assert {k.nama: k.teks for k in kosong.konten.semua() if not k.rahasia} == {
        v.nama: katalog.PESAN[v.pesan].teks
        for v in TemplatWA.objects.exclude(pesan__in=("pin", "kode_petugas"))
    }
    assert not kata.pilih("diproses").sid, "not before WhatsApp has approved it"

    for satu in TemplatWA.objects.all():
        kosong.konten.putuskan(satu.nama, Tinjauan())
    jalan(timedelta(minutes=2))

    assert {v.keadaan for v in TemplatWA.objects.all()} == {K.DISETUJUI}
    for kode in KODE:
        assert kata.pilih(kode).sid == versi(kode).sid, kode


def test_name_tells_the_village_the_message_and_the_words(satu):
    jalan()

    nama = versi().nama
    assert nama.startswith("bugbug_diproses_")
    assert nama == usulan.nama_templat("diproses", katalog.PESAN["diproses"].kata)
    assert nama != usulan.nama_templat("diproses", BARU)


def test_second_run_changes_nothing(kosong):
    jalan()
    jalan(timedelta(minutes=2))
    kosong.panggilan.clear()

    jalan(timedelta(minutes=3))

    assert kosong.panggilan == []
    assert len(kosong.konten.semua()) == len(KODE)


def test_hand_made_templates_of_the_settings_are_left_alone(twilio):
    jalan(segera=True)

    assert not TemplatWA.objects.exists()
    assert twilio.panggilan == []


def test_without_twilio_nothing_is_done(settings):
    settings.TWILIO = settings.TWILIO | {"account_sid": ""}

    with pytest.raises(templat.BelumTerhubung):
        jalan()
    assert not TemplatWA.objects.exists()


# --- Failures on the way ------------------------------------------------------------------------

SEBELUM = [tp.SIBUK, tp.RUSAK_500, tp.TUTUP_503, tp.PUTUS_SEBELUM, tp.DIAM_SEBELUM, tp.BUKAN_JSON]
SESUDAH = [tp.PUTUS_SESUDAH, tp.DIAM_SESUDAH, tp.BUKAN_JSON_SESUDAH]
LANGKAH = ["KONTEN-GET", "KONTEN-POST", "KONTEN-PERIKSA", "KONTEN-AJUKAN"]


@pytest.mark.usefixtures("cepat_menyerah")
@pytest.mark.parametrize("langkah", LANGKAH)
@pytest.mark.parametrize("gangguan", [*SEBELUM, *SESUDAH], ids=lambda g: f"{g.cara}{g.tersimpan}")
def test_run_that_fails_anywhere_is_continued_and_nothing_exists_twice(satu, langkah, gangguan):
    satu.rencanakan(gangguan, metode=langkah)

    hasil = jalan()
    assert hasil.galat, "the failure is told"
    jalan(SEWA * 2)
    jalan(SEWA * 4)

    (di_sana,) = satu.konten.semua()
    assert versi().keadaan == K.DISETUJUI
    assert versi().sid == di_sana.sid
    assert satu.cacah("KONTEN-AJUKAN") <= 2


@pytest.mark.usefixtures("cepat_menyerah")
def test_creation_without_an_answer_is_looked_up_before_another_is_made(satu):
    satu.rencanakan(tp.DIAM_SESUDAH, metode="KONTEN-POST")

    jalan()
    assert versi().keadaan == K.BARU and not versi().sid
    jalan(SEWA * 2)

    assert satu.cacah("KONTEN-POST") == 1
    assert versi().sid == satu.konten.semua()[0].sid


def test_template_that_was_made_before_the_database_was_lost_is_found_again(satu):
    jalan()
    sid = versi().sid
    TemplatWA.objects.all().delete()

    jalan()

    assert versi().sid == sid
    assert satu.cacah("KONTEN-POST") == 1


def test_foreign_template_of_the_same_name_is_not_taken_for_ours(satu):
    pintu = konten.konten_kini()
    nama = usulan.nama_templat("diproses", katalog.PESAN["diproses"].kata)
    pintu.buat(nama, teks="Kata lain sama sekali.", contoh={}, kategori="UTILITY")

    hasil = jalan()

    assert versi().keadaan == K.BARU
    assert "bernama sama" in versi().alasan and "bernama sama" in hasil.galat[0]


def test_wrong_password_ends_the_run_and_spoils_nothing(kosong, settings):
    settings.TWILIO = settings.TWILIO | {"auth_token": "salah"}

    hasil = jalan()

    assert "kata sandinya" in hasil.terhenti
    assert len(kosong.panggilan) == 1
    assert not TemplatWA.objects.exclude(alasan="").exists()


def test_dead_line_ends_the_run_after_a_few_calls(kosong):
    kosong.rencanakan(*[tp.TUTUP_503] * 40, metode="KONTEN-GET")

    hasil = jalan()

    assert hasil.terhenti
    assert len(kosong.panggilan) == templat.GAGAL_MAKS


def test_refusal_of_twilio_is_kept_and_tried_again_a_day_later(satu):
    satu.rencanakan(tp.galat(20001, pesan="types is required"), metode="KONTEN-POST")

    jalan()
    assert "types is required" in versi().alasan
    jalan(timedelta(hours=2))
    assert satu.cacah("KONTEN-POST") == 1
    jalan(timedelta(hours=25))

    assert satu.cacah("KONTEN-POST") == 2
    assert versi().keadaan == K.DIAJUKAN and versi().alasan == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_template_each(kosong):
    kosong.latensi = (0.01, 0.03)
    mulai = threading.Barrier(2)

    def kerja() -> None:
        try:
            mulai.wait()
            jalan()
        finally:
            connection.close()

    utas = [threading.Thread(target=kerja) for _ in range(2)]
    for satu in utas:
        satu.start()
    for satu in utas:
        satu.join()

    nama = [k.nama for k in kosong.konten.semua()]
    assert sorted(nama) == sorted(set(nama))
    assert len(nama) == len(KODE)


def test_template_in_another_workers_hands_is_left_alone(satu):
    jalan()
    lama = versi()
    TemplatWA.objects.update(keadaan=K.BARU, sid="", diperiksa_pada=timezone.now())
    lama.refresh_from_db()
    satu.panggilan.clear()

    jalan(segera=True)

    assert satu.panggilan == []


# --- What WhatsApp decides ----------------------------------------------------------------------


def test_rejected_words_are_never_used_and_the_reason_is_kept(satu):
    satu.konten.tinjauan_bawaan = Tinjauan("rejected", "PROMOTIONAL_CONTENT")

    jalan()
    jalan(timedelta(minutes=2))
    jalan(timedelta(days=3))

    assert versi().keadaan == K.DITOLAK
    assert versi().alasan == "PROMOTIONAL_CONTENT"
    assert kata.pilih("diproses").sid == ""
    assert satu.cacah("KONTEN-POST") == 1, "not submitted again either"


@pytest.mark.parametrize(
    ("nanti", "sebab"),
    [
        (Tinjauan("paused"), "menjeda"),
        (Tinjauan("disabled"), "mematikan"),
        (Tinjauan(kategori="MARKETING"), "MARKETING"),
    ],
    ids=["paused", "disabled", "marketing"],
)
def test_approval_that_is_taken_back_leaves_the_place_to_the_version_below(
    satu, clerk, nanti, sebab
):
    jalan()
    jalan(timedelta(minutes=2))
    baru = usulkan(clerk)
    jalan(timedelta(minutes=3))
    jalan(timedelta(minutes=5))
    assert kata.pilih("diproses").versi == baru

    baru.refresh_from_db()
    satu.konten.putuskan(baru.nama, nanti)
    jalan(timedelta(hours=26))

    baru.refresh_from_db()
    assert baru.keadaan == K.DITAHAN and sebab in baru.alasan
    assert kata.pilih("diproses").versi == versi(ke=0)

    satu.konten.putuskan(baru.nama, Tinjauan())
    jalan(timedelta(hours=28))
    assert kata.pilih("diproses").versi == baru, "WhatsApp may relent"


def test_message_that_failed_by_its_template_is_reason_to_ask_at_once(satu, tulis):
    jalan()
    jalan(timedelta(minutes=2))
    satu.konten.putuskan(versi().nama, Tinjauan("paused"))
    TemplatWA.objects.update(diperiksa_pada=timezone.now() - timedelta(minutes=1))
    jalan()
    assert versi().keadaan == K.DISETUJUI, "asked once a day only"

    tulis("diproses", templat=versi(), keadaan="GAGAL", kode_galat="63041")
    jalan()

    assert versi().keadaan == K.DITAHAN


def test_template_that_is_gone_at_twilio_is_made_anew(satu, settings):
    """Another account, or somebody has cleaned up."""
    jalan()
    jalan(timedelta(minutes=2))
    lama = versi().sid
    with tp.TwilioPalsu() as lain:
        settings.TWILIO = settings.TWILIO | {"base_url": lain.base_url}
        jalan(timedelta(hours=25))
        assert kata.pilih("diproses").sid == ""
        jalan(timedelta(hours=27))
        jalan(timedelta(hours=28))

        assert versi().keadaan == K.DISETUJUI
        assert versi().sid == lain.konten.semua()[0].sid != lama


def test_status_that_nobody_knows_changes_nothing(satu):
    jalan()
    satu.konten.putuskan(versi().nama, Tinjauan("in_appeal"))

    jalan(timedelta(minutes=2))

    assert versi().keadaan == K.DIAJUKAN


# --- Which words are used -----------------------------------------------------------------------


def disetujui(ke: int, **lain) -> TemplatWA:
    return TemplatWA.objects.create(
        **{
            "pesan": "diproses",
            "versi": ke,
            "kata": f"Versi {ke} untuk {{{{nomor}}}} di kantor desa.",
            "nama": f"uji_{ke}",
            "sid": f"HX{ke:032}",
            "keadaan": K.DISETUJUI,
            "dibuat_pada": timezone.now(),
        }
        | lain
    )


@pytest.mark.usefixtures("kosong")
def test_highest_approved_version_is_used():
    disetujui(0, bawaan=True)
    satu = disetujui(1)
    for ke, keadaan in ((2, K.DITOLAK), (3, K.DITAHAN), (4, K.DIAJUKAN), (5, K.DIBUAT)):
        disetujui(ke, keadaan=keadaan)

    assert kata.pilih("diproses").versi == satu


@pytest.mark.usefixtures("twilio")
def test_settings_stand_for_our_words_and_the_villages_own_above_them():
    sid = kata.sid_pengaturan("diproses")
    disetujui(0, bawaan=True)
    assert kata.pilih("diproses") == kata.Pilihan(katalog.PESAN["diproses"], sid)

    satu = disetujui(1)
    assert kata.pilih("diproses").versi == satu

    disetujui(2, bawaan=True)
    assert kata.pilih("diproses") == kata.Pilihan(katalog.PESAN["diproses"], sid)


@pytest.mark.usefixtures("kosong")
def test_wording_with_a_placeholder_that_is_no_more_is_passed_over():
    satu = disetujui(0, bawaan=True)
    disetujui(1, kata="Nomor {{nomor}} pada {{hilang}} sudah lama.")

    assert kata.pilih("diproses").versi == satu


def test_words_of_a_later_release_take_over_once_approved(satu, monkeypatch):
    jalan()
    jalan(timedelta(minutes=2))
    satu.konten.tinjauan_bawaan = Tinjauan(detik=3600)
    ganti_bawaan(monkeypatch)
    monkeypatch.setattr(templat, "berkata", lambda: [katalog.PESAN["diproses"]])

    assert templat.ada_pekerjaan(pada=timezone.now())
    jalan(timedelta(minutes=3))
    assert kata.pilih("diproses").versi == versi(ke=0), "the former words until then"

    satu.konten.putuskan(versi(ke=1).nama, Tinjauan())
    jalan(timedelta(minutes=9))
    assert kata.pilih("diproses").versi == versi(ke=1)
    assert kata.pilih("diproses").pesan.kata == BARU


def test_village_that_has_its_own_words_keeps_them_over_a_release(satu, monkeypatch, clerk):
    jalan()
    milik = usulkan(clerk, "Surat nomor {{nomor}} ada di meja Kantor {{kantor}} hari ini.")
    jalan(timedelta(minutes=2))
    ganti_bawaan(monkeypatch)
    monkeypatch.setattr(templat, "berkata", lambda: [katalog.PESAN["diproses"]])

    jalan(timedelta(minutes=4))
    jalan(timedelta(minutes=6))

    assert TemplatWA.objects.count() == 2
    assert kata.pilih("diproses").versi == milik


def test_village_whose_words_were_rejected_follows_us_again(satu, monkeypatch, clerk):
    jalan()
    milik = usulkan(clerk, "Surat nomor {{nomor}} ada di meja Kantor {{kantor}} hari ini.")
    satu.konten.tinjauan[milik.nama] = Tinjauan("rejected", "…")
    jalan(timedelta(minutes=2))
    jalan(timedelta(minutes=4))
    ganti_bawaan(monkeypatch)
    monkeypatch.setattr(templat, "berkata", lambda: [katalog.PESAN["diproses"]])

    jalan(timedelta(minutes=6))
    jalan(timedelta(minutes=8))

    assert kata.pilih("diproses").versi == versi(ke=2)


# --- Between two runs ---------------------------------------------------------------------------


def test_next_looks_come_soon_at_first_and_then_less_often(satu):
    satu.konten.tinjauan_bawaan = Tinjauan(detik=86400)
    jalan()
    mulai, jeda = versi().diajukan_pada, []
    kini = mulai
    while kini < mulai + timedelta(hours=4):
        jeda.append(templat.tunggu(pada=kini))
        kini += timedelta(seconds=jeda[-1] or 3601)
        sebelum = satu.cacah("KONTEN-PERIKSA")
        assert templat.ada_pekerjaan(pada=kini)
        templat.selaraskan(pada=kini)
        assert satu.cacah("KONTEN-PERIKSA") == sebelum + 1

    assert jeda[0] == 11, "ten seconds, and one so as not to come too early"
    assert set(jeda) == {11, 61, 601, None}
    assert jeda == sorted(jeda, key=lambda j: j or 3600)
    assert 15 <= len(jeda) <= 25


def test_task_calls_itself_while_an_answer_may_come(satu, monkeypatch):
    jeda = []
    monkeypatch.setattr(tasks, "bangunkan", lambda *tugas, nanti: jeda.append(nanti))
    tasks.selaraskan_templat()
    assert jeda == [], "a village that never made templates here has nothing to do"
    satu.konten.tinjauan_bawaan = Tinjauan(detik=3600)
    jalan()

    tasks.selaraskan_templat()
    assert len(jeda) == 1 and 1 <= jeda[0] <= 11

    TemplatWA.objects.update(keadaan=K.DISETUJUI)
    tasks.selaraskan_templat()
    assert len(jeda) == 1


def test_task_without_twilio_lets_proposals_wait(settings, clerk, monkeypatch):
    settings.TWILIO = settings.TWILIO | {"account_sid": "", "content_sids": {}}
    usulkan(clerk)
    dipanggil = []
    monkeypatch.setattr(tasks, "bangunkan", lambda *t, **k: dipanggil.append(t))

    tasks.selaraskan_templat()

    assert dipanggil == []
    assert versi(ke=1).keadaan == K.BARU


# --- Warnings -----------------------------------------------------------------------------------


def test_office_is_warned_of_messages_without_a_template(kosong):
    (kalimat,) = daftar.peringatan()
    assert f"{len(KODE)} pesan belum dapat dikirim" in kalimat

    jalan()
    jalan(timedelta(minutes=2))
    assert daftar.peringatan() == []


def test_office_is_told_of_a_refused_proposal(satu, clerk):
    jalan()
    jalan(timedelta(minutes=2))
    milik = usulkan(clerk)
    satu.konten.tinjauan[milik.nama] = Tinjauan("rejected", "…")
    jalan(timedelta(minutes=3))
    jalan(timedelta(minutes=5))

    (kalimat,) = daftar.peringatan()
    assert "sedang diproses" in kalimat and "Kata-kata sebelumnya masih dipakai" in kalimat


def test_twin_of_a_template_under_way_follows_it(satu, clerk):
    """Back to the former words while both proposals still wait: one template, two versions."""
    asli = katalog.PESAN["diproses"].kata
    usulkan(clerk)
    with transaction.atomic():
        usulkan(clerk, asli)
    jalan()
    jalan(timedelta(minutes=2))

    assert [v.versi for v in TemplatWA.objects.order_by("versi")] == [0, 1, 2]
    assert versi(ke=0).sid == versi(ke=2).sid
    assert len(satu.konten.semua()) == 2
    assert kata.pilih("diproses").versi == versi(ke=2)


def test_send_path_uses_the_approved_template(satu, tulis):
    jalan()
    jalan(timedelta(minutes=2))
    baris = tulis("diproses")

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    (keluar,) = satu.messages
    assert keluar.isian["ContentSid"] == versi().sid
    assert baris.templat == versi()
    assert baris.keadaan == Notifikasi.Keadaan.DIKIRIM
