"""What a resident is promised, from the first moment to the last mend."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from layanan.janji import janji
from layanan.models import HariLibur, Permohonan
from layanan.permohonan import ajukan, alur
from layanan.permohonan.dampak import AjukanUlang, MintaPerbaikan
from penduduk.models import Desa
from tests import factories
from tests.halaman import baca, kata, sebagai

pytestmark = pytest.mark.django_db
SENIN = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Makassar"))
PUTUSAN = [{"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang jelas."}]


def ajukan_pada(warga, pada: datetime, *, hari: int = 1) -> Permohonan:
    draf = factories.buat_draf(warga)
    draf.jenis.janji_hari = hari
    draf.jenis.save()
    return ajukan.dari_draf(draf, oleh=warga, pada=pada)


def kembalikan(permohonan, operator, pada):
    alur.jalankan(permohonan, "minta_perbaikan", MintaPerbaikan(PUTUSAN), oleh=operator, pada=pada)


def kirim_ulang(permohonan, warga, pada):
    alur.jalankan(permohonan, "ajukan_ulang", AjukanUlang(permohonan.isian), oleh=warga, pada=pada)


def wita(permohonan) -> str:
    return f"{timezone.localtime(permohonan.janji_pada):%d-%m %H.%M}"


def test_one_working_day_ends_at_the_same_hour_of_the_next(warga):
    assert wita(ajukan_pada(warga, SENIN)) == "17-11 10.00"


def test_promise_stops_with_the_resident_and_goes_on_with_what_was_left(warga, operator):
    permohonan = ajukan_pada(warga, SENIN, hari=2)
    alur.jalankan(permohonan, "proses", oleh=operator, pada=SENIN + timedelta(hours=1))
    kembalikan(permohonan, operator, SENIN + timedelta(hours=2))

    assert permohonan.janji_sisa == 2 * 450 - 120
    assert permohonan.tenggat_pada is None
    assert not Permohonan.objects.terlambat(pada=SENIN + timedelta(days=9)).exists()

    # Ten days later, on a Thursday at ten.
    kirim_ulang(permohonan, warga, SENIN + timedelta(days=10))

    permohonan.refresh_from_db()
    assert permohonan.janji_sisa is None
    # 780 minutes: 5 hours of Thursday, all of Friday, half an hour of Monday.
    assert wita(permohonan) == "30-11 08.00"


def test_request_that_comes_back_late_is_never_promised_what_has_passed(warga, operator):
    permohonan = ajukan_pada(warga, SENIN)
    kembalikan(permohonan, operator, SENIN + timedelta(days=3))
    kirim_ulang(permohonan, warga, SENIN + timedelta(days=7))

    assert wita(permohonan) == "23-11 14.45"  # half a day


def test_request_that_a_former_release_sent_back_gets_its_full_time(warga, operator):
    permohonan = ajukan_pada(warga, SENIN)
    kembalikan(permohonan, operator, SENIN)
    permohonan.janji_sisa = None
    kirim_ulang(permohonan, warga, SENIN + timedelta(days=7))

    assert wita(permohonan) == "24-11 10.00"


def test_hours_of_the_village_are_those_that_count(warga):
    Desa.objects.update_or_create(pk=1, defaults={"jam_senin": "08.00–11.00", "jam_selasa": ""})

    # The week's average is 6.5 hours a day; Tuesday is closed.
    assert wita(ajukan_pada(warga, SENIN)) == "18-11 14.00"


def test_late_are_those_that_the_office_has_not_made_ready(warga, tetangga, operator, perbekel):
    telat, siap = ajukan_pada(warga, SENIN), ajukan_pada(tetangga, SENIN)
    factories.jalankan_sampai(siap, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    def nomor(pada):
        return [p.nomor for p in Permohonan.objects.terlambat(pada=pada)]

    assert nomor(telat.janji_pada) == []
    assert nomor(telat.janji_pada + timedelta(seconds=1)) == [telat.nomor]


def test_sentence_names_hour_and_days_on_which_the_office_is_closed(warga):
    HariLibur.objects.create(tanggal="2026-11-17", nama="Piodalan Pura Puseh")
    HariLibur.objects.create(tanggal="2026-11-18", nama="Piodalan Pura Puseh")
    HariLibur.objects.create(tanggal="2026-11-20", nama="Rapat desa")
    permohonan = ajukan_pada(warga, SENIN, hari=3)

    harap = "Selasa, 24 November, 10.00 WITA"
    assert janji.saat(permohonan) == harap
    assert janji.kalimat(permohonan, pada=SENIN) == (
        f"{harap} (17–18 November tutup: Piodalan Pura Puseh; 20 November tutup: Rapat desa)"
    )
    # Whoever reads it on Thursday is told of what is still to come.
    lusa = SENIN + timedelta(days=3)
    assert janji.kalimat(permohonan, pada=lusa) == f"{harap} (20 November tutup: Rapat desa)"


def test_year_is_named_when_it_is_another(warga):
    permohonan = ajukan_pada(warga, SENIN.replace(month=12, day=31))

    # 31 December is no day off; New Year is.
    assert janji.saat(permohonan) == "Senin, 4 Januari 2027, 10.00 WITA"
    kalimat = janji.kalimat(permohonan, pada=permohonan.diajukan_pada)
    assert kalimat.endswith("(1 Januari tutup: Tahun Baru Masehi)")


def test_everybody_reads_the_same_promise(warga, operator):
    permohonan = factories.buat_permohonan(warga)
    saat = janji.saat(permohonan)

    assert f"Selesai paling lambat {saat}" in kata(
        baca(sebagai(warga), f"/layanan/permohonan/{permohonan.nomor}/")
    )
    assert f"Paling lambat selesai {saat}" in kata(baca(sebagai(warga), "/layanan/"))
    alamat = f"/kelola/layanan/permohonan/{permohonan.pk}/change/"
    assert f"dijanjikan paling lambat {saat}" in kata(baca(sebagai(operator), alamat))

    kembalikan(permohonan, operator, timezone.now())

    assert "janji berhenti sampai warga mengirim perbaikan" in kata(baca(sebagai(operator), alamat))
