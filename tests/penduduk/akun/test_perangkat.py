from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse

from penduduk.akun import perangkat, throttle
from penduduk.models import Akun, Perangkat
from tests.penduduk.conftest import permintaan

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def kenali(akun: Akun, kuki: str = "", *, pada: datetime = PADA) -> HttpResponse:
    jawab = HttpResponse()
    request = permintaan(kuki=kuki)
    perangkat.kenali(request, akun, pada=pada)
    perangkat.titip(request, jawab)
    return jawab


def token(jawab: HttpResponse) -> str:
    return jawab.cookies[perangkat.NAMA_KUKI].value


def test_unknown_browser_has_no_key_of_its_own(warga):
    kenali(warga)

    hasil = [perangkat.kunci(permintaan(kuki=x), warga) for x in ("", "x" * 43, "pendek")]

    assert hasil == [None, None, None]


def test_browser_is_known_after_kenali(warga):
    kuki = token(kenali(warga))

    hasil = perangkat.kunci(permintaan(kuki=kuki), warga)

    assert hasil == throttle.sidik("perangkat-akun", f"{warga.pk}:{kuki}")


def test_browser_is_known_to_nobody_else(warga, tetangga):
    kuki = token(kenali(warga))

    assert perangkat.kunci(permintaan(kuki=kuki), tetangga) is None
    assert perangkat.kunci(permintaan(kuki=kuki), None) is None
    assert perangkat.kunci(None, warga) is None


def test_family_shares_one_cookie_with_a_key_for_each_akun(warga, tetangga):
    kuki = token(kenali(warga))

    kuki_kedua = token(kenali(tetangga, kuki))

    kunci = {perangkat.kunci(permintaan(kuki=kuki), akun) for akun in (warga, tetangga)}
    assert kuki_kedua == kuki
    assert len(kunci) == 2 and None not in kunci


def test_each_new_browser_gets_a_random_token(warga):
    kuki = {token(kenali(warga)) for _ in range(20)}

    assert len(kuki) == 20
    assert {len(x) for x in kuki} == {43}
    assert Perangkat.objects.filter(akun=warga).count() == 20


@pytest.mark.parametrize("palsu", ["pendek", "y" * 44, "z" * 5000])
def test_token_of_wrong_length_is_replaced(warga, palsu):
    kuki = token(kenali(warga, palsu))

    assert kuki != palsu
    assert len(kuki) == 43


def test_known_browser_keeps_its_row_and_moves_its_date(warga):
    kuki = token(kenali(warga))

    kenali(warga, kuki, pada=PADA + timedelta(days=3))

    satu = Perangkat.objects.get()
    assert (satu.dibuat_pada, satu.terakhir_pada) == (PADA, PADA + timedelta(days=3))


def test_table_holds_the_digest_only(warga):
    kuki = token(kenali(warga))

    satu = Perangkat.objects.get()
    assert satu.sidik == throttle.sidik("perangkat", kuki)
    assert kuki not in satu.sidik


@pytest.mark.parametrize("https", [True, False])
def test_cookie_is_out_of_reach_of_scripts_and_other_sites(warga, settings, https):
    settings.HTTPS = https

    kuki = kenali(warga).cookies[perangkat.NAMA_KUKI]

    assert (kuki["httponly"], kuki["samesite"], bool(kuki["secure"])) == (True, "Lax", https)
    assert (kuki["path"], kuki["domain"], kuki["max-age"]) == ("/", "", 400 * 24 * 3600)
