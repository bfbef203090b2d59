"""What the badge costs depends on whom it counts, not on how long they have waited."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from layanan import kantor
from layanan.models import Notifikasi
from tests import factories
from tests.bench import tumbuh
from tests.test_tumbuh import _baris

# lambat: some years of messages are filled in.
pytestmark = [pytest.mark.django_db, pytest.mark.lambat]


def biaya(*, pada) -> tuple[int, int]:
    """How many the badge counts, and what that costs: steps of SQLite's machine, or rows that
    PostgreSQL looks at."""
    if connection.vendor == "postgresql":
        from tests import test_tumbuh

        temuan: dict[str, int] = {}
        with (
            pytest.MonkeyPatch.context() as ubah,
            connection.execute_wrapper(lambda *apa: _baris(temuan, {}, *apa)),
        ):
            ubah.setattr(test_tumbuh, "BARIS", -1)
            return kantor._lencana(pada=pada, kini=None).hubungi, sum(temuan.values())
    langkah = [0]

    def hitung() -> bool:
        langkah[0] += 1
        return False

    connection.connection.set_progress_handler(hitung, 100)
    try:
        return kantor._lencana(pada=pada, kini=None).hubungi, langkah[0]
    finally:
        connection.connection.set_progress_handler(None, 0)


def test_the_badge_costs_the_same_for_the_oldest_and_the_newest():
    operator, perbekel = factories.buat_operator(), factories.buat_perbekel()
    factories.jenis("usaha")
    satu = factories.buat_permohonan(factories.buat_warga())
    factories.jalankan_sampai(satu, "SELESAI", operator=operator, perbekel=perbekel)
    tumbuh.isi(4000, 800)
    with connection.cursor() as kursor:
        kursor.execute("ANALYZE")
    kini = timezone.now()
    Notifikasi.objects.filter(keadaan__in=Notifikasi.TAK_SAMPAI).update(keadaan="DIBACA")
    semua = list(
        Notifikasi.objects.filter(pesan="siap_diambil", penerima=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )[10:-10]  # without those about whom more is on its way

    def gagal(pk: list[int]) -> tuple[int, int]:
        Notifikasi.objects.filter(pk__in=semua).update(
            keadaan="DIBACA", ditangani_pada=None, ditangani_cara=""
        )
        lama = kini - timedelta(hours=2)
        Notifikasi.objects.filter(pk__in=pk).update(keadaan="GAGAL", berubah_pada=lama)
        return biaya(pada=kini)

    terbaru, tersebar, terlama, banyak = map(
        gagal, (semua[-100:], semua[:: len(semua) // 100][:100], semua[:100], semua[:400])
    )

    assert (terbaru[0], tersebar[0], terlama[0], banyak[0]) == (100, 100, 100, 400)
    assert max(tersebar[1], terlama[1]) < 1.5 * terbaru[1]
    assert banyak[1] < 6 * terlama[1]  # four times as many people, four times as much work
