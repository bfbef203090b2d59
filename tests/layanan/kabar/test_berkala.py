"""The clock itself, and the warning about the cost."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission

from layanan import tasks
from layanan.kabar import berkala
from layanan.models import KabarBerkala, Notifikasi, PengaturanPesan
from tests.layanan.kabar.siap_ambil import hari, kirim_pada, tandatangani

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
WITA = ZoneInfo("Asia/Makassar")
NOVEMBER = datetime(2026, 11, 20, 10, 0, tzinfo=WITA)


# --- The task --------------------------------------------------------------------------------


def test_minute_with_nothing_to_do_costs_few_queries(
    permohonan, operator, perbekel, django_assert_max_num_queries
):
    """At half past nine, with a letter that waits and everything told already."""
    perbekel.nomor_hp = "+6281234500009"
    perbekel.save()
    PengaturanPesan.objects.create(pk=1, harga=500, batas=100_000)
    tandatangani(permohonan, operator=operator, perbekel=perbekel)
    assert berkala.jalankan(pada=hari(3, "09:30:00")) > 0

    with django_assert_max_num_queries(11):
        assert berkala.jalankan(pada=hari(3, "09:31:00")) == 0


@pytest.mark.parametrize(("jumlah", "dibangunkan"), [(0, []), (2, ["kirim_pesan"])])
def test_sender_is_woken_only_when_something_was_written(monkeypatch, jumlah, dibangunkan):
    bangun = []
    monkeypatch.setattr(berkala, "jalankan", lambda *, pada: jumlah)
    monkeypatch.setattr(tasks, "bangunkan", lambda tugas: bangun.append(tugas.__name__))

    tasks.kabar_berkala()

    assert bangun == dibangunkan


# --- The cost --------------------------------------------------------------------------------


@pytest.fixture
def boros(permohonan) -> Notifikasi:
    """A month in which 800 of 1.000 rupiah are spent: at 80 %, where the village wants to know."""
    PengaturanPesan.objects.create(pk=1, harga=100, batas=1000)
    satu = Notifikasi.objects.latest("pk")
    Notifikasi.objects.update(keadaan="SAMPAI")
    Notifikasi.objects.filter(pk=satu.pk).update(biaya=800, diambil_pada=NOVEMBER)
    return satu


def _diperingatkan() -> list[str]:
    return [str(n.penerima) for n in Notifikasi.objects.filter(pesan="petugas_biaya")]


def test_cost_near_the_cap_is_told_once_a_month(operator, boros):
    assert berkala.peringatkan_biaya(pada=NOVEMBER) == 1
    assert berkala.peringatkan_biaya(pada=NOVEMBER.replace(day=30, hour=19)) == 0
    desember = NOVEMBER.replace(month=12)
    assert berkala.peringatkan_biaya(pada=desember) == 0, "nothing spent in December yet"

    Notifikasi.objects.filter(pk=boros.pk).update(diambil_pada=desember)
    assert berkala.peringatkan_biaya(pada=desember) == 1
    assert [k.kunci for k in KabarBerkala.objects.all()] == ["biaya:2026-11", "biaya:2026-12"]
    assert Notifikasi.objects.filter(pesan="petugas_biaya")[0].variabel[0] == "80"


def test_cost_below_the_mark_or_without_a_cap_warns_nobody(operator, boros):
    Notifikasi.objects.filter(pk=boros.pk).update(biaya=799)
    assert berkala.peringatkan_biaya(pada=NOVEMBER) == 0

    PengaturanPesan.objects.update(batas=None)
    Notifikasi.objects.filter(pk=boros.pk).update(biaya=800)
    assert berkala.peringatkan_biaya(pada=NOVEMBER) == 0


def test_whoever_may_raise_the_cap_is_warned_else_the_operators(operator, admin_desa, boros):
    admin_desa.nomor_hp = "+6281234500003"
    admin_desa.save()
    izin = Permission.objects.get(codename="change_pengaturanpesan")
    admin_desa.groups.get().permissions.add(izin)

    berkala.peringatkan_biaya(pada=NOVEMBER)

    assert _diperingatkan() == [str(admin_desa)]


def test_cost_is_told_to_the_operators_when_nobody_else_can_be_reached(operator, admin_desa, boros):
    izin = Permission.objects.get(codename="change_pengaturanpesan")
    admin_desa.groups.get().permissions.add(izin)

    berkala.peringatkan_biaya(pada=NOVEMBER)

    assert _diperingatkan() == [str(operator)]


def test_warning_waits_for_somebody_who_can_be_told_and_for_the_day(operator, boros):
    operator.nomor_hp = ""
    operator.save()
    assert berkala.peringatkan_biaya(pada=NOVEMBER) == 0

    operator.nomor_hp = "+6281234500001"
    operator.save()
    assert berkala.peringatkan_biaya(pada=NOVEMBER.replace(hour=20)) == 0
    assert berkala.peringatkan_biaya(pada=NOVEMBER.replace(day=21, hour=7)) == 1


def test_warning_goes_out_although_the_cap_is_reached(operator, boros, twilio, monkeypatch):
    Notifikasi.objects.filter(pk=boros.pk).update(biaya=1000)
    berkala.peringatkan_biaya(pada=NOVEMBER)

    kirim_pada(monkeypatch, NOVEMBER)

    assert [p.ke for p in twilio.messages] == [f"whatsapp:{operator.nomor_hp}"]
    assert Notifikasi.objects.get(pesan="petugas_biaya").keadaan == "DIKIRIM"
