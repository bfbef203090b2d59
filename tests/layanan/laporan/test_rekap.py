"""What a history comes to: minutes by hand, beside the steps that they were counted from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from layanan.laporan import rekap
from layanan.laporan.rekap import Catatan
from layanan.models import Rekap
from layanan.permohonan import alur
from tests import factories

AWAL = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # a Monday, 09.00 WITA
JANJI = timedelta(minutes=600)


def menit(dari, sampai):
    return (sampai - dari) // timedelta(minutes=1)


def jalan(teks: str) -> list[Catatan]:
    """`0 ajukan DIAJUKAN, 5 proses DIPROSES`: minutes since the beginning, step, state."""
    hasil, dari = [], ""
    for satu in teks.split(","):
        menit, langkah, ke = satu.split()
        pada = AWAL + timedelta(minutes=int(menit))
        rincian = {}
        if langkah == "minta_perbaikan":
            rincian = {"putusan": [{"apa": "syarat", "label": "KK", "alasan": "Foto\n buram."}]}
        catatan = "Bukan warga  sini." if langkah == "tolak" else ""
        hasil.append(Catatan(langkah, dari, ke, pada, catatan, rincian))
        dari = ke
    return hasil


MASUK = "0 ajukan DIAJUKAN"
SURAT = f"{MASUK}, 30 proses DIPROSES, 50 setujui DICETAK, 51 cetak MENUNGGU_TTD"


@pytest.mark.parametrize(
    ("riwayat", "antre", "kerja", "warga", "ttd", "ambil", "tepat"),
    [
        (MASUK, 0, 0, 0, 0, 0, None),
        (SURAT, 30, 21, 0, 0, 0, None),
        # An event moves nothing, and stops no clock.
        (f"{MASUK}, 10 mendesak DIAJUKAN, 30 proses DIPROSES", 30, 0, 0, 0, 0, None),
        (f"{SURAT}, 600 tandatangani SIAP_DIAMBIL", 30, 21, 0, 549, 0, True),
        (f"{SURAT}, 601 tandatangani SIAP_DIAMBIL", 30, 21, 0, 550, 0, False),
        (
            f"{SURAT}, 90 tandatangani SIAP_DIAMBIL, 1000 serahkan SELESAI",
            *(30, 21, 0, 39, 910, True),
        ),
        # The time with the resident stands beside that of the office, not in it.
        (
            f"{MASUK}, 5 minta_perbaikan PERLU_PERBAIKAN, 305 ajukan_ulang DIAJUKAN, "
            "312 proses DIPROSES",
            *(12, 0, 300, 0, 0, None),
        ),
        # Sent back by the signer: work and waiting for the signature, each twice.
        (
            f"{SURAT}, 71 kembalikan DIPROSES, 80 setujui DICETAK, 81 cetak MENUNGGU_TTD, "
            "91 tandatangani SIAP_DIAMBIL",
            *(30, 31, 0, 30, 0, True),
        ),
        # A hand-over that was taken back: the promise stays kept, the waiting goes on.
        (
            f"{SURAT}, 61 tandatangani SIAP_DIAMBIL, 71 serahkan SELESAI, 700 batal SIAP_DIAMBIL, "
            "720 serahkan SELESAI",
            *(30, 21, 0, 10, 30, True),
        ),
        # A signature that was taken back keeps nothing; the next one does, or does not.
        (f"{SURAT}, 61 tandatangani SIAP_DIAMBIL, 71 batal MENUNGGU_TTD", 30, 21, 0, 10, 10, None),
        (f"{MASUK}, 40 tolak DITOLAK", 40, 0, 0, 0, 0, None),
    ],
)
def test_a_history_in_minutes(riwayat, antre, kerja, warga, ttd, ambil, tepat):
    isi = rekap.tempuh(jalan(riwayat), janji_pada=AWAL + JANJI, menit=menit)

    lama = [isi[f"menit_{x}"] for x in ("antre", "kerja", "warga", "ttd", "ambil")]
    assert (lama, isi["tepat"]) == ([antre, kerja, warga, ttd, ambil], tepat)


def test_reasons_on_one_line():
    kembali = rekap.tempuh(
        jalan(f"{MASUK}, 5 minta_perbaikan PERLU_PERBAIKAN"), janji_pada=AWAL, menit=menit
    )
    tolak = rekap.tempuh(jalan(f"{MASUK}, 5 tolak DITOLAK"), janji_pada=AWAL, menit=menit)

    assert (kembali["sebab"], kembali["kembali"]) == ({"kembali": ["KK: Foto buram."]}, 1)
    assert tolak["sebab"] == {"tolak": ["Bukan warga sini."]}


@pytest.mark.django_db
def test_the_row_follows_each_step(django_assert_num_queries):
    permohonan = factories.buat_permohonan(factories.buat_warga())
    masuk = Rekap.objects.get(pk=permohonan.pk)
    assert (masuk.ke, masuk.loket, masuk.hari) == ("DIAJUKAN", False, timezone.localdate())
    assert masuk.banjar == permohonan.pemohon.keluarga.banjar

    alur.jalankan(permohonan, "proses", oleh=factories.buat_operator(), pada=timezone.now())

    assert Rekap.objects.get(pk=permohonan.pk).ke == "DIPROSES"
    with django_assert_num_queries(5):  # history, request, calendar, village, row
        rekap.tulis([permohonan.pk])


@pytest.mark.django_db
def test_what_is_missing_or_stale_is_written_once():
    factories.buat_permohonan(factories.buat_warga())
    lama = Rekap.objects.values().get()
    Rekap.objects.all().delete()

    assert (rekap.lengkapi(), rekap.lengkapi()) == (1, 0)
    assert Rekap.objects.values().get() == lama
    Rekap.objects.update(ke="DITOLAK", kembali=3)  # as if a step had been missed
    assert (rekap.lengkapi(), rekap.lengkapi()) == (1, 0)
    assert Rekap.objects.values().get() == lama
