"""The outbox: every message once, whatever the provider, the line or a worker does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from layanan import peran, tasks, transports
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import giliran, notifikasi, pengiriman, tanda_terima
from layanan.models import (
    KeadaanSaluran,
    NomorWA,
    Notifikasi,
    PengaturanPesan,
    Percakapan,
    PesanSimulasi,
)
from layanan.permohonan.langkah import LANGKAH
from layanan.transports.galat import Kelas
from simulator import twilio_palsu as tp
from tests import factories
from tests.layanan.transports.test_transports import KODE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
K = Notifikasi.Keadaan


def nanti() -> None:
    """Let leases and pauses run out."""
    Notifikasi.objects.update(ambil_lagi_pada=timezone.now() - timedelta(seconds=1))


def kirim(baris: Notifikasi) -> Notifikasi:
    """Drain the queue; the row as it is then."""
    pengiriman.kirim_yang_menunggu()
    baris.refresh_from_db()
    return baris


def umur(baris: Notifikasi, jam: float) -> None:
    dibuat = timezone.now() - timedelta(hours=jam)
    Notifikasi.objects.filter(pk=baris.pk).update(dibuat_pada=dibuat)


# --- Who is told -----------------------------------------------------------------------------


def test_resident_and_operators_who_want_it_hear_of_a_new_request(warga, twilio):
    budi = factories.buat_operator("budi")
    factories.buat_operator("tanpa_nomor", nomor_hp="")
    factories.buat_operator("tidak_mau", terima_pemberitahuan=False)
    factories.buat_operator("sudah_berhenti", is_active=False)
    factories.buat_petugas("penanda_tangan", peran.PENANDA_TANGAN, nomor_hp="+6281234500009")

    factories.buat_permohonan(warga)
    pengiriman.kirim_yang_menunggu()

    baris = Notifikasi.objects.order_by("pk")
    assert [(n.penerima, n.pesan, n.nomor_hp) for n in baris] == [
        (None, "diterima", warga.nomor_hp),
        (budi, "petugas_baru", budi.nomor_hp),
    ]
    assert [p.ke for p in twilio.messages] == [f"whatsapp:{n.nomor_hp}" for n in baris]


def test_mended_request_is_told_as_such_and_merged_with_new_ones(permohonan_ringan, operator):
    Notifikasi.objects.all().delete()
    kini = timezone.now()

    def langkah(nama: str, detik: int) -> list[str]:
        pesan, pada = LANGKAH[nama].pesan, kini + timedelta(seconds=detik)
        riwayat = permohonan_ringan.riwayat.create(langkah=nama, ke="DIAJUKAN", pada=pada)
        semua = notifikasi.catat(riwayat, permohonan_ringan, pesan, kabari_petugas=True)
        return [n.pesan for n in semua]

    assert langkah("ajukan_ulang", 0) == ["perbaikan_diterima", "petugas_perbaikan"]
    assert langkah("ajukan_ulang", 5) == ["perbaikan_diterima", "petugas_baru_lagi"]
    assert langkah("ajukan", 9) == ["diterima"], "the one that waits speaks of both"
    warga, petugas, _, lagi = Notifikasi.objects.order_by("pk")[:4]
    nomor = permohonan_ringan.nomor
    teks = katalog.isi(warga.pesan, warga.variabel)
    assert teks.startswith("Perbaikan untuk permohonan ")
    assert f"nomor {nomor} sudah kami terima." in teks and "janji" not in teks
    assert f"Perbaikan untuk permohonan nomor {nomor} sudah masuk." in katalog.isi(
        petugas.pesan, petugas.variabel
    )
    assert "permohonan surat atau perbaikan" in katalog.isi(lagi.pesan, lagi.variabel)


def test_resident_without_consent_gets_no_message_but_the_operator_does(warga, operator, twilio):
    warga.setuju_wa_pada = None
    warga.save()

    factories.buat_permohonan(warga)
    pengiriman.kirim_yang_menunggu()

    pemohon, petugas = Notifikasi.objects.order_by("pk")
    assert (pemohon.keadaan, pemohon.sid, pemohon.percobaan) == (K.TANPA_WA, "", 0)
    assert petugas.keadaan == K.DIKIRIM
    assert [p.ke for p in twilio.messages] == [f"whatsapp:{operator.nomor_hp}"]


def test_resident_without_a_number_gets_no_message(permohonan_ringan, tulis, twilio):
    permohonan_ringan.nomor_hp = ""

    assert kirim(tulis()).keadaan == K.TANPA_WA
    assert twilio.panggilan == []


# --- One call --------------------------------------------------------------------------------


def test_accepted_message_keeps_the_id_of_the_provider(twilio, tulis):
    baris = kirim(tulis())

    assert baris.keadaan == K.DIKIRIM
    assert baris.sid == twilio.messages[0].sid
    assert timezone.now() - baris.dikirim_pada < timedelta(seconds=10)
    assert (baris.galat, baris.kode_galat, baris.percobaan) == ("", "", 1)
    assert pengiriman.kirim_yang_menunggu() == 0, "done is done"
    nanti()
    assert pengiriman.kirim_yang_menunggu() == 0


def test_task_of_the_worker_drains_the_queue_in_order(twilio, tulis):
    semua = [tulis() for _ in range(3)]

    tasks.kirim_pesan()

    assert [int(p.isian["StatusCallback"].split("n=")[1]) for p in twilio.messages] == [
        n.pk for n in semua
    ]


def test_empty_queue_calls_nobody(twilio, db):
    assert pengiriman.kirim_yang_menunggu() == 0
    assert twilio.panggilan == []


def test_message_without_an_approved_template_fails_with_the_reason(twilio, tulis, settings):
    settings.TWILIO["content_sids"] = {}

    baris = kirim(tulis())

    assert (baris.keadaan, baris.kode_galat) == (K.GAGAL, "TEMPLAT")
    assert baris.galat == "Templat “diproses” belum disetujui WhatsApp. Telepon warga."


def test_every_known_code_puts_the_row_where_it_belongs(twilio, tulis):
    for kode, kelas in KODE.items():
        KeadaanSaluran.objects.all().delete()
        NomorWA.objects.all().delete()  # some codes speak of the number
        twilio.rencanakan(tp.galat(kode))
        baris = kirim(tulis())

        assert baris.kode_galat == str(kode)
        assert baris.galat.endswith(".")
        if kelas == "saluran":
            assert (baris.keadaan, baris.ambil_lagi_pada) == (K.MENUNGGU, baris.dibuat_pada), kode
            assert KeadaanSaluran.objects.get().kode_galat == str(kode)
            baris.delete()
        elif kelas == "sementara":
            assert baris.keadaan == K.SEMENTARA, kode
            assert baris.ambil_lagi_pada > timezone.now() + timedelta(seconds=20)
        else:
            assert (baris.keadaan, baris.galat) == (K.GAGAL, transports.arti(str(kode))), kode
    assert pengiriman.kirim_yang_menunggu() == 0
    assert twilio.messages == []


@pytest.mark.parametrize("gangguan", [tp.SIBUK, tp.TUTUP_503])
def test_busy_provider_is_tried_again_later_and_gets_it_once(gangguan, twilio, tulis):
    twilio.rencanakan(gangguan, gangguan)
    baris = kirim(tulis())
    assert (baris.keadaan, baris.percobaan) == (K.SEMENTARA, 1)

    for _ in range(2):
        nanti()
        kirim(baris)

    assert (baris.keadaan, baris.percobaan, baris.galat) == (K.DIKIRIM, 3, "")
    assert len(twilio.messages) == 1
    assert twilio.cacah("GET") == 0, "a refusal is certain: nothing to ask"


def test_one_bad_message_does_not_hold_up_the_others(twilio, tulis):
    semua = [tulis() for _ in range(5)]
    twilio.rencanakan(tp.BUKAN_JSON, tp.galat(63024), tp.PUTUS_SEBELUM, tp.SIBUK)

    assert pengiriman.kirim_yang_menunggu() == 5

    assert [Notifikasi.objects.get(pk=n.pk).keadaan for n in semua] == [
        K.DIAMBIL,
        K.GAGAL,
        K.DIAMBIL,
        K.SEMENTARA,
        K.DIKIRIM,
    ]


# --- Nobody knows ----------------------------------------------------------------------------


@pytest.mark.parametrize("gangguan", [tp.DIAM_SESUDAH, tp.PUTUS_SESUDAH, tp.BUKAN_JSON_SESUDAH])
@pytest.mark.usefixtures("cepat_menyerah")
def test_message_whose_answer_was_lost_is_found_and_not_sent_again(gangguan, twilio, tulis):
    twilio.rencanakan(gangguan)
    baris = kirim(tulis())
    assert baris.keadaan == K.DIAMBIL
    assert pengiriman.kirim_yang_menunggu() == 0, "the lease still runs"
    assert twilio.cacah("GET") == 0

    nanti()
    kirim(baris)

    assert (baris.keadaan, baris.sid, baris.galat) == (K.DIKIRIM, twilio.messages[0].sid, "")
    assert (len(twilio.messages), twilio.cacah("POST")) == (1, 1)


@pytest.mark.parametrize(
    "gangguan", [tp.DIAM_SEBELUM, tp.PUTUS_SEBELUM, tp.RUSAK_500, tp.BUKAN_JSON]
)
@pytest.mark.usefixtures("cepat_menyerah")
def test_message_that_never_arrived_is_asked_for_and_then_sent_once(gangguan, twilio, tulis):
    twilio.rencanakan(gangguan)
    baris = kirim(tulis())
    assert (baris.keadaan, twilio.messages) == (K.DIAMBIL, [])

    nanti()
    kirim(baris)

    assert baris.keadaan == K.DIKIRIM
    assert [m for m, _, _ in twilio.panggilan] == ["POST", "GET", "POST"]
    assert len(twilio.messages) == 1


def test_same_words_twice_are_two_messages(twilio, tulis):
    pertama = kirim(tulis())
    twilio.rencanakan(tp.PUTUS_SEBELUM)
    kedua = kirim(tulis())

    nanti()
    kirim(kedua)

    assert len(twilio.messages) == 2, "the first one's message was taken for the second's"
    assert {pertama.sid, kedua.sid} == {p.sid for p in twilio.messages}


def test_lookups_that_fail_leave_the_decision_to_a_human(twilio, tulis):
    twilio.rencanakan(tp.PUTUS_SESUDAH)
    twilio.rencanakan(*[tp.TUTUP_503] * 9, metode="GET")
    baris = kirim(tulis())

    for ditanya in range(1, 5):
        nanti()
        kirim(baris)
        assert (baris.keadaan, baris.ditanya) == (K.DIAMBIL, ditanya)
        assert baris.ambil_lagi_pada > timezone.now() + timedelta(seconds=50)
    nanti()
    kirim(baris)

    assert (baris.keadaan, baris.percobaan, baris.ditanya) == (K.PERLU_DICEK, 1, 5)
    nanti()
    assert pengiriman.kirim_yang_menunggu() == 0
    assert (twilio.cacah("POST"), twilio.cacah("GET")) == (1, pengiriman.TANYA_MAKS)
    twilio.kabari(twilio.messages[0], "delivered")
    baris.refresh_from_db()
    assert baris.keadaan == K.SAMPAI, "a late callback still settles it"


def test_provider_that_is_down_loses_nothing(twilio, tulis):
    semua = [tulis() for _ in range(3)]
    twilio.stop()
    pengiriman.kirim_yang_menunggu()
    assert set(Notifikasi.objects.values_list("keadaan", "kode_galat")) == {
        (K.SEMENTARA, "SAMBUNGAN")
    }

    twilio.start()
    assert pengiriman.kirim_yang_menunggu() == 0, "not before the pause is over"
    nanti()
    pengiriman.kirim_yang_menunggu()

    assert set(Notifikasi.objects.values_list("keadaan", flat=True)) == {K.DIKIRIM}
    assert len(twilio.messages) == len(semua)


# --- Workers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sudah_terkirim", [False, True])
@pytest.mark.parametrize("memakai_twilio", [False, True])
def test_row_of_a_dead_worker_is_sent_exactly_once(
    memakai_twilio, sudah_terkirim, twilio, tulis, settings
):
    if not memakai_twilio:
        settings.TWILIO["account_sid"] = ""
    baris = tulis()
    (diambil,) = giliran.ambil(1, pada=timezone.now())
    if sudah_terkirim:
        transport = transports.pilih()
        transport.kirim(pengiriman.susun(diambil, butuh_templat=transport.butuh_templat))
    # Here the worker dies: nothing written, the claim stays.

    assert kirim(baris).keadaan == K.DIAMBIL, "the lease still runs"
    nanti()
    kirim(baris)

    kali = 1 if sudah_terkirim else 2
    assert (baris.keadaan, baris.percobaan, baris.ditanya) == (K.DIKIRIM, kali, 1)
    terkirim = [p.sid for p in twilio.messages]
    terkirim += [f"SIM{p.pk}" for p in PesanSimulasi.objects.all()]
    assert terkirim == [baris.sid]


def test_worker_that_overslept_its_lease_cannot_undo_the_next_one(twilio, tulis):
    baris = tulis()
    (lambat,) = giliran.ambil(1, pada=timezone.now())
    nanti()
    (cepat,) = giliran.ambil(1, pada=timezone.now())

    sibuk = transports.GagalSementara("429", "Sibuk.")
    pengiriman._ditolak(lambat, sibuk, Kelas.SEMENTARA)
    baris.refresh_from_db()
    assert baris.keadaan == K.DIAMBIL, "else a third worker would send without asking"
    pengiriman._catat_gagal(lambat, transports.GagalTetap("63024", "Tidak."))
    pengiriman._tidak_pasti(lambat, transports.TidakPasti("WAKTU", "Diam."), sudah_ditanya=False)
    baris.refresh_from_db()
    assert (baris.keadaan, baris.galat) == (K.DIAMBIL, "")

    Notifikasi.objects.update(percobaan=2)  # the next one has found nothing and sends itself
    pengiriman._ditolak(cepat, sibuk, Kelas.SEMENTARA)
    pengiriman._catat_dikirim(lambat, "SM1")
    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid, baris.galat) == (K.DIKIRIM, "SM1", ""), "it went out"


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_queue_send_each_message_once(twilio, tulis):
    semua = {tulis().pk for _ in range(16)}
    aba_aba = Barrier(2)

    def pekerja(_: int) -> int:
        try:
            aba_aba.wait(10)
            return pengiriman.kirim_yang_menunggu()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pasukan:
        jumlah = list(pasukan.map(pekerja, range(2)))

    terkirim = [int(p.isian["StatusCallback"].split("n=")[1]) for p in twilio.messages]
    assert sum(jumlah) == len(terkirim) == len(semua)
    assert set(terkirim) == semua
    assert set(Notifikasi.objects.values_list("keadaan", "percobaan")) == {(K.DIKIRIM, 1)}


# --- Patience --------------------------------------------------------------------------------


def test_pauses_grow_up_to_half_an_hour(twilio, tulis, monkeypatch):
    monkeypatch.setattr(tanda_terima.random, "uniform", lambda a, b: 1.0)
    twilio.rencanakan(*[tp.SIBUK] * 14)
    baris = tulis()
    jeda = []

    for _ in range(14):
        sebelum = timezone.now()
        kirim(baris)
        jeda.append(round((baris.ambil_lagi_pada - sebelum).total_seconds(), -1))
        nanti()

    assert jeda[:7] == [30, 60, 120, 240, 480, 960, 1800]
    assert set(jeda[7:]) == {1800}


def test_pauses_of_many_rows_are_spread(twilio, tulis):
    twilio.rencanakan(*[tp.SIBUK] * 8)
    jeda = []
    for _ in range(8):
        sebelum = timezone.now()
        jeda.append((kirim(tulis()).ambil_lagi_pada - sebelum).total_seconds())

    assert min(jeda) >= 24 and max(jeda) < 36 + 5
    assert max(jeda) - min(jeda) > 1


def test_refusals_are_given_up_after_two_days_and_not_before(twilio, tulis):
    twilio.rencanakan(tp.SIBUK, tp.SIBUK)
    baris = tulis()
    umur(baris, 47.9)
    assert kirim(baris).keadaan == K.SEMENTARA

    umur(baris, 48.1)
    nanti()
    kirim(baris)

    assert (baris.keadaan, baris.kode_galat) == (K.GAGAL, "20429")
    assert baris.galat == "Tidak dapat dikirim selama dua hari. Telepon warga."


def test_old_message_still_goes_out_when_the_provider_is_back(twilio, tulis):
    baris = tulis()
    umur(baris, 60)

    assert kirim(baris).keadaan == K.DIKIRIM


def test_message_that_stays_unanswered_for_two_days_goes_to_a_human(twilio, tulis):
    twilio.rencanakan(*[tp.PUTUS_SEBELUM] * 9)
    baris = tulis()
    for _ in range(8):  # looked up each time, never there, never accepted
        assert kirim(baris).keadaan == K.DIAMBIL
        nanti()

    umur(baris, 48.1)
    kirim(baris)

    assert (baris.keadaan, baris.kode_galat) == (K.PERLU_DICEK, "TERPUTUS")
    assert twilio.messages == []


@pytest.mark.parametrize(
    ("kode", "variabel"), [("pesan_lama", ["P-2026-0001"]), ("diproses", ["satu", "dua", "tiga"])]
)
@pytest.mark.parametrize("terbuka", [False, True])
def test_row_of_a_former_release_goes_to_a_human_and_stops_nobody(
    twilio, tulis, kode, variabel, terbuka
):
    """A message, or one of its placeholders, that this release no longer has."""
    if terbuka:
        PengaturanPesan.objects.update_or_create(pk=1, defaults={"harga": 500})
        kini = timezone.now()
        Percakapan.objects.create(
            alamat="+6281234567890",
            nomor_hp="+6281234567890",
            terakhir_masuk_pada=kini,
            jam_mulai_pada=kini,
        )
    asing = tulis(pesan=kode, variabel=variabel)
    baik = [tulis(nomor_hp=f"+628123456789{n}") for n in range(3)]

    while pengiriman.masih_ada():  # as the task calls itself again
        pengiriman.kirim_yang_menunggu()

    asing.refresh_from_db()
    assert (asing.keadaan, asing.kode_galat) == (Notifikasi.Keadaan.GAGAL, "PESAN")
    assert "Telepon warga" in asing.galat
    K = Notifikasi.Keadaan
    sampai = [Notifikasi.objects.get(pk=b.pk).keadaan for b in baik]
    # The fake knows of no open window: one may wait a moment, and is then replaced by later news.
    assert sampai[1:] == [K.DIKIRIM] * 2 and sampai[0] in (K.DIKIRIM, K.BATAL)
