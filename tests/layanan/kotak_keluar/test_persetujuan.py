"""Consent to WhatsApp: what is kept of each answer, and what follows from it."""

import ast
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from layanan.kotak_keluar import notifikasi, persetujuan
from layanan.models import NomorWA, Notifikasi, Permohonan, PersetujuanWA
from layanan.permohonan import ajukan, alur
from penduduk.akun import penjagaan
from tests import factories, serentak

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
HP, LAIN = "+6281234567890", "+6281234567899"
Kanal = PersetujuanWA.Kanal

# Of each wording that was ever shown. A new wording is a new line; no line ever changes.
SIDIK = {
    0: "d5b59b9bf85a1a87fb143c62f9a328c53349d07b0f9381041f7bd969db6ffa4a",
    1: "f8a18d018b38cc0ce59fe8a0b72ccd7e9b62868b189a24fb084b6e3db216f450",
}


@pytest.fixture
def warga(warga):
    """Somebody who has not been asked yet."""
    warga.setuju_wa_pada = None
    warga.save()
    return warga


def jawab(akun, setuju: bool, **lain) -> bool:
    isi = {"nomor_hp": HP, "kanal": Kanal.SITUS, "pada": timezone.now()} | lain
    return persetujuan.jawab(akun, setuju=setuju, **isi)


def isi(satu: PersetujuanWA) -> tuple:
    return satu.setuju, satu.kanal, satu.nomor_hp, satu.versi


# --- What is kept -------------------------------------------------------------------------------


def test_wordings_that_were_shown_are_never_edited():
    nyata = {v: hashlib.sha256(k.encode()).hexdigest() for v, k in persetujuan.KATA.items()}

    assert nyata == SIDIK
    assert max(SIDIK) == persetujuan.VERSI


def test_no_code_changes_or_deletes_an_answer():
    """Rows are only added: nowhere does a query of answers end in update or delete."""
    pelanggar = []
    for ruang in ("bugbug", "layanan", "surat", "penduduk"):
        for berkas in (Path(settings.BASE_DIR) / ruang).rglob("*.py"):
            for simpul in ast.walk(ast.parse(berkas.read_text(encoding="utf-8"))):
                if isinstance(simpul, ast.Call) and isinstance(simpul.func, ast.Attribute):
                    teks = ast.unparse(simpul)
                    if simpul.func.attr in {"update", "delete", "bulk_update"} and (
                        "PersetujuanWA" in teks or "persetujuan_wa" in teks
                    ):
                        pelanggar.append(f"{berkas.name}:{simpul.lineno}")

    assert pelanggar == []


def test_answer_is_kept_with_number_wording_channel_and_moment(warga):
    pada = timezone.now()

    assert jawab(warga, True, pada=pada)

    satu = PersetujuanWA.objects.get()
    assert isi(satu) == (True, "SITUS", HP, persetujuan.VERSI)
    assert (satu.akun, satu.pada, satu.oleh) == (warga, pada, None)
    warga.refresh_from_db()
    assert warga.setuju_wa_pada == pada


@pytest.mark.parametrize("setuju", [True, False])
def test_same_answer_again_is_no_new_one(warga, setuju):
    assert jawab(warga, setuju) is True
    assert jawab(warga, setuju) is False

    assert PersetujuanWA.objects.count() == 1
    assert persetujuan.sudah_ditanya(warga)


def test_changed_mind_adds_a_row_and_leaves_the_former_one(warga):
    for setuju in (True, False, True):
        jawab(warga, setuju)

    assert [s.setuju for s in persetujuan.riwayat(warga)] == [True, False, True]


def test_question_counts_as_unanswered_after_an_answer_for_one_request_only(warga):
    permohonan = factories.buat_permohonan(warga)

    persetujuan.catat(
        warga,
        setuju=True,
        nomor_hp=LAIN,
        kanal=Kanal.KABARI,
        pada=timezone.now(),
        permohonan=permohonan,
    )

    warga.refresh_from_db()
    permohonan.refresh_from_db()
    assert not persetujuan.sudah_ditanya(warga)
    assert warga.setuju_wa_pada is None and permohonan.kabari_wa


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_keep_one_answer(warga):
    def tekan(_):
        return jawab(type(warga).objects.get(pk=warga.pk), True)

    hasil = serentak.jalankan(tekan, range(2))

    assert sorted(hasil) == [False, True]
    assert PersetujuanWA.objects.count() == 1


# --- The number ---------------------------------------------------------------------------------


def test_new_number_keeps_the_yes_and_is_named_in_a_row_of_its_own(warga):
    jawab(warga, True)
    factories.buat_permohonan(warga)
    penjagaan.ganti_nomor(warga, LAIN, pada=timezone.now())

    kedua = factories.buat_permohonan(warga)
    factories.buat_permohonan(warga)

    assert kedua.kabari_wa
    assert [isi(s) for s in persetujuan.riwayat(warga)] == [
        (True, "SITUS", LAIN, persetujuan.VERSI),
        (True, "SITUS", HP, persetujuan.VERSI),
    ]


def test_new_number_after_a_no_brings_no_yes_back(warga):
    jawab(warga, True)
    jawab(warga, False)
    penjagaan.ganti_nomor(warga, LAIN, pada=timezone.now())

    permohonan = factories.buat_permohonan(warga)

    assert not permohonan.kabari_wa
    assert not PersetujuanWA.objects.filter(nomor_hp=LAIN).exists()


def test_yes_that_is_older_than_the_record_is_written_down_with_the_wording_of_then():
    lama = factories.buat_warga()

    factories.buat_permohonan(lama)

    assert isi(PersetujuanWA.objects.get()) == (True, "SITUS", HP, 0)


# --- What follows -------------------------------------------------------------------------------


def test_no_stops_running_requests_and_what_waits_for_them(warga, tetangga):
    jawab(warga, True)
    permohonan = factories.buat_permohonan(warga)
    orang_lain = factories.buat_permohonan(tetangga)  # same number

    jawab(warga, False)

    permohonan.refresh_from_db()
    orang_lain.refresh_from_db()
    assert (permohonan.kabari_wa, orang_lain.kabari_wa) == (False, True)
    pesan = Notifikasi.objects.get(riwayat__permohonan=permohonan, penerima=None)
    assert (pesan.keadaan, pesan.kode_galat) == ("TANPA_WA", "TOLAK")
    lain = Notifikasi.objects.get(riwayat__permohonan=orang_lain, penerima=None)
    assert lain.keadaan == "MENUNGGU"


def test_yes_lets_running_requests_be_told_and_closed_ones_rest(warga):
    jawab(warga, False)
    jalan, tutup = factories.buat_permohonan(warga), factories.buat_permohonan(warga)
    alur.jalankan(tutup, "batalkan", oleh=warga, pada=timezone.now())

    jawab(warga, True)

    jalan.refresh_from_db()
    tutup.refresh_from_db()
    assert (jalan.kabari_wa, tutup.kabari_wa) == (True, False)


def test_berhenti_is_an_answer_of_every_account_of_the_number_and_of_its_requests(
    warga, tetangga, operator
):
    jawab(warga, True)
    sendiri = factories.buat_permohonan(warga)
    tanpa_akun = di_loket(factories.buat_penduduk(), operator, nomor_hp=HP, kabari_wa=True)

    persetujuan.berhenti(HP, pada=timezone.now())
    persetujuan.berhenti(HP, pada=timezone.now())

    for satu in (sendiri, tanpa_akun):
        satu.refresh_from_db()
        assert satu.kabari_wa is False
    for akun in (warga, tetangga):
        akun.refresh_from_db()
        assert akun.setuju_wa_pada is None
    tidak = PersetujuanWA.objects.filter(setuju=False, kanal=Kanal.WA, nomor_hp=HP)
    assert {(s.akun, s.permohonan) for s in tidak} == {
        (warga, None),
        (tetangga, None),
        (None, tanpa_akun),
    }
    assert tidak.count() == 3, "said once each, however often"
    assert not Notifikasi.objects.filter(nomor_hp=HP, keadaan="MENUNGGU", penerima=None).exists()


def test_mulai_undoes_berhenti(warga):
    jawab(warga, True)
    permohonan = factories.buat_permohonan(warga)
    persetujuan.berhenti(HP, pada=timezone.now())

    persetujuan.mulai(HP, pada=timezone.now())

    permohonan.refresh_from_db()
    warga.refresh_from_db()
    assert permohonan.kabari_wa and warga.setuju_wa_pada
    assert NomorWA.objects.get(nomor_hp=HP).berhenti_pada is None
    assert isi(PersetujuanWA.objects.latest("pk"))[:3] == (True, "WA", HP)


def test_yes_on_the_site_does_not_take_back_what_the_number_itself_has_said(warga):
    """Numbers are handed on: a former owner's yes must not bring messages to the new one."""
    persetujuan.berhenti(HP, pada=timezone.now() - timedelta(days=1))

    jawab(warga, True)
    permohonan = factories.buat_permohonan(warga)

    pesan = Notifikasi.objects.get(riwayat__permohonan=permohonan, penerima=None)
    assert (pesan.keadaan, pesan.kode_galat) == ("TANPA_WA", "BERHENTI")
    assert NomorWA.objects.get(nomor_hp=HP).berhenti_pada is not None


def test_messages_that_guard_the_account_are_not_held_by_a_no(warga):
    jawab(warga, False)

    baris = notifikasi.tulis(
        "pin_ganti",
        nomor_hp=HP,
        pada=timezone.now(),
        konteks={"tautan": "contoh.id/x"},
        kejadian=warga.kejadian.latest("pk"),
    )

    assert baris.keadaan == "MENUNGGU"


# --- At the counter -----------------------------------------------------------------------------


def di_loket(orang, operator, **lain) -> Permohonan:
    jawaban = factories.JAWABAN["domisili"] | {"keperluan": "bank"}
    isi = alur.Isi(jenis=factories.jenis(), pemohon_id=orang.pk, isian=jawaban, dibawa=[], **lain)
    return ajukan.di_loket(isi, catatan="", oleh=operator, pada=timezone.now())


def test_yes_at_the_counter_names_the_clerk_and_concerns_that_request(warga, operator):
    lama = factories.buat_permohonan(warga)

    baru = di_loket(warga.penduduk, operator, nomor_hp=LAIN, kabari_wa=True)

    satu = PersetujuanWA.objects.get()
    assert (satu.akun, satu.oleh, satu.kanal, satu.permohonan) == (warga, operator, "LOKET", baru)
    assert satu.nomor_hp == LAIN
    lama.refresh_from_db()
    warga.refresh_from_db()
    assert (lama.kabari_wa, baru.kabari_wa, warga.setuju_wa_pada) == (False, True, None)


def test_applicant_without_account_has_the_answer_at_the_request(operator):
    baru = di_loket(factories.buat_penduduk(), operator, nomor_hp=HP, kabari_wa=True)

    satu = PersetujuanWA.objects.get()
    assert (satu.akun, satu.permohonan, satu.setuju) == (None, baru, True)


def test_box_left_empty_at_the_counter_is_no_answer(warga, operator):
    baru = di_loket(warga.penduduk, operator, nomor_hp=HP)

    assert not baru.kabari_wa
    assert not PersetujuanWA.objects.exists()
