"""Days off: published dates of several years, and no invented ones."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from layanan.janji import libur
from layanan.models import TahunLibur

# As newspapers and the governor's circulars of those years have them.
DITERBITKAN = {
    "Hari Raya Galungan": (
        "2007-06-27 2013-03-27 2013-10-23 2024-02-28 2024-09-25 2025-04-23 2025-11-19 2026-06-17"
    ),
    "Penampahan Galungan": "2007-06-26 2024-02-27 2024-09-24",
    "Umanis Galungan": "2007-06-28 2024-02-29 2024-09-26",
    "Penampahan Kuningan": "2010-12-17 2012-09-07 2024-10-04",
    "Hari Raya Kuningan": "2007-07-07 2010-12-18 2012-09-08 2024-03-09 2024-10-05",
    "Hari Raya Saraswati": "2013-01-12 2013-08-10 2017-01-21 2024-07-13",
    "Hari Raya Pagerwesi": "2013-01-16 2013-08-14 2017-01-25 2018-10-17 2024-07-17",
}


@pytest.mark.parametrize(("nama", "hari"), DITERBITKAN.items())
def test_pawukon_gives_the_published_days_and_no_others(nama, hari):
    harap = [date.fromisoformat(satu) for satu in hari.split()]

    for satu in harap:
        assert nama in libur.usulan(satu.year)[satu].nama
    if nama == "Hari Raya Galungan":
        dihitung = [
            h for t in (2013, 2024, 2025) for h, x in libur.usulan(t).items() if nama in x.nama
        ]
        assert dihitung == [h for h in harap if h.year in (2013, 2024, 2025)]


def test_year_with_a_decree_has_its_days_and_one_without_only_what_is_always_known():
    diketahui, belum = libur.usulan(2026), libur.usulan(2028)

    assert len([h for h in diketahui.values() if h.macam == "Libur nasional"]) == 17
    assert len([h for h in diketahui.values() if h.macam == "Cuti bersama"]) == 8
    assert "Nyepi" in diketahui[date(2026, 3, 19)].nama
    # Two on one day: neither is lost.
    assert {h.macam for h in belum.values()} == {"Libur nasional", "Hari raya Hindu"}
    assert [h for h in belum if belum[h].macam == "Libur nasional"] == [
        date(2028, *satu) for satu in ((1, 1), (5, 1), (6, 1), (8, 17), (12, 25))
    ]


@pytest.mark.django_db
def test_village_is_asked_for_the_years_that_promises_reach(operator):
    def kata(*hari):
        pada = datetime(*hari, tzinfo=ZoneInfo("Asia/Makassar"))
        return [x.split(" belum")[0] for x in libur.belum_diisi(pada=pada)]

    assert kata(2026, 10, 1) == []
    assert kata(2026, 11, 30) == ["Hari libur 2027"]

    TahunLibur.objects.create(tahun=2027, pada=timezone.now(), oleh=operator)

    assert kata(2027, 1, 4) == []
    assert kata(2027, 11, 30) == ["Hari libur 2028"]
