"""`manage.py templat_wa`: what an administrator reads, and the exit code that a script does."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from layanan.kata_pesan import templat, usulan
from layanan.models import TemplatWA
from simulator import twilio_palsu as tp
from simulator.twilio_palsu import Tinjauan
from tests import factories

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]

JUMLAH = len(templat.berkata())


@pytest.fixture
def kosong(settings, twilio):
    settings.TWILIO = settings.TWILIO | {"content_sids": {}}
    twilio.templat = {}
    return twilio


def perintah(*pilihan: str) -> tuple[int, str]:
    """Exit code, and all that is read on the terminal."""
    keluar = io.StringIO()
    try:
        call_command("templat_wa", *pilihan, stdout=keluar, stderr=keluar)
    except CommandError as galat:
        return galat.returncode, f"{keluar.getvalue()}{galat}"
    return 0, keluar.getvalue()


def setujui() -> None:
    for menit in (0, 2):
        templat.selaraskan(pada=timezone.now() + timedelta(minutes=menit), segera=True)


@pytest.mark.parametrize("pilihan", [(), ("--periksa",)])
def test_without_twilio_it_says_what_to_fill_in(settings, pilihan):
    settings.TWILIO = settings.TWILIO | {"account_sid": ""}

    kode, teks = perintah(*pilihan)

    assert kode == 1
    assert "Twilio belum dihubungkan. Isi TWILIO_ACCOUNT_SID" in teks


def test_two_runs_make_submit_and_show_all(kosong, settings):
    kode, teks = perintah()
    assert kode == 0
    assert teks.count("menunggu persetujuan WhatsApp") == JUMLAH
    assert "jalankan lagi perintah ini" in teks

    kode, teks = perintah()
    baris = teks.splitlines()
    assert kode == 0
    assert baris[0].split() == "pesan versi nama di WhatsApp keadaan keterangan".split()
    assert sum("disetujui" in b for b in baris) == JUMLAH
    assert any(b.startswith("siap_diambil") and "bugbug_siap_diambil_" in b for b in baris)
    assert settings.TWILIO["auth_token"] not in teks
    assert settings.TWILIO["account_sid"] not in teks


def test_check_before_anything_was_made(kosong):
    kode, teks = perintah("--periksa")

    assert kode == 1
    assert f"{JUMLAH} pesan tidak dapat dikirim" in teks
    assert "Templatnya belum dibuat." in teks
    assert not TemplatWA.objects.exists() and not kosong.konten.semua()


def test_check_when_all_is_well(kosong):
    setujui()
    sebelum = list(TemplatWA.objects.order_by("pk").values())

    kode, teks = perintah("--periksa")

    assert (kode, "Semua pesan dapat dikirim." in teks) == (0, True)
    assert list(TemplatWA.objects.order_by("pk").values()) == sebelum


@pytest.mark.parametrize(
    ("nanti", "sebab"),
    [
        (Tinjauan("rejected", "SCAM"), "ditolak WhatsApp"),
        (Tinjauan("paused"), "dijeda WhatsApp"),
        (Tinjauan(kategori="MARKETING"), "Kategorinya MARKETING"),
        (Tinjauan(detik=3600), "menunggu WhatsApp"),
    ],
    ids=["rejected", "paused", "marketing", "pending"],
)
def test_check_sees_what_whatsapp_has_changed_since(kosong, nanti, sebab):
    setujui()
    kosong.konten.putuskan(TemplatWA.objects.get(pesan="diproses").nama, nanti)

    kode, teks = perintah("--periksa")

    assert kode == 1
    assert "1 pesan tidak dapat dikirim di luar jendela 24 jam: diproses." in teks
    assert sebab in teks
    assert set(TemplatWA.objects.values_list("keadaan", flat=True)) == {"DISETUJUI"}, "looks only"


def test_check_sees_a_template_that_is_gone_or_says_something_else(kosong):
    setujui()
    di_sana = {k.sid: k for k in kosong.konten.semua()}
    hilang, lain = (TemplatWA.objects.get(pesan=p) for p in ("diproses", "ditolak"))
    di_sana[lain.sid].jenis["twilio/text"]["body"] = "Nomor {{1}} lihat di {{2}} saja."
    TemplatWA.objects.filter(pk=hilang.pk).update(sid="HX" + "0" * 32)

    kode, teks = perintah("--periksa")

    assert kode == 1
    assert "2 pesan tidak dapat dikirim di luar jendela 24 jam: diproses, ditolak." in teks
    assert "tidak ada lagi di Twilio" in teks and "di Twilio berbeda" in teks


def test_templates_of_the_settings_count_as_approved(twilio):
    kode, teks = perintah("--periksa")

    assert kode == 0
    assert teks.count("pengaturan") >= JUMLAH
    assert teks.count("tidak ada di akun Twilio ini") == JUMLAH, "but it is said"
    assert perintah()[0] == 0
    assert not TemplatWA.objects.exists()


def test_refused_proposal_is_shown_and_the_former_words_still_go_out(kosong):
    setujui()
    baru = usulan.usulkan(
        "diproses",
        "Kabar: surat nomor {{nomor}} dikerjakan Kantor {{kantor}} sejak hari ini.",
        dasar=0,
        oleh=factories.buat_operator(),
        pada=timezone.now(),
    )
    kosong.konten.tinjauan[baru.nama] = Tinjauan("rejected", "TAG_CONTENT_MISMATCH")
    setujui()

    kode, teks = perintah("--periksa")

    assert kode == 0
    assert "TAG_CONTENT_MISMATCH Kata-kata sebelumnya masih dipakai." in teks


def test_twilio_in_trouble_is_a_sentence_and_an_exit_code(kosong):
    kosong.rencanakan(*[tp.TUTUP_503] * 3, metode="KONTEN-GET")
    kode, teks = perintah()
    assert kode == 1
    assert "Belum selesai: Twilio sedang sibuk" in teks and "Jalankan lagi perintah ini." in teks

    kosong.rencanakan(tp.RUSAK_500, metode="KONTEN-GET")
    kode, teks = perintah("--periksa")
    assert kode == 1 and "Tidak dapat diperiksa: " in teks


def test_json_for_programs(kosong):
    setujui()
    for pilihan in ((), ("--periksa",)):
        kode, teks = perintah("--json", *pilihan)
        isi = json.loads(teks)["pesan"]
        assert kode == 0
        assert len(isi) == JUMLAH
        assert {b["keadaan"] for b in isi} == {"disetujui"}
        assert set(isi[0]) == {"pesan", "versi", "nama", "keadaan", "alasan", "masalah", "catatan"}
