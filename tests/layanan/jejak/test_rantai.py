"""The chain of days: whoever alters, deletes or slips in a row is found out."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from layanan.jejak import rantai
from layanan.kabar import ringkasan
from layanan.kesehatan import keadaan
from layanan.models import Jejak, Notifikasi, RantaiJejak
from layanan.models.jejak import DISIMPAN
from layanan.retensi.aturan import LAMA
from tests.basis_data import tanpa_pemicu
from tests.layanan.kabar.siap_ambil import hari

pytestmark = pytest.mark.django_db
HARI = timedelta(days=1)


@pytest.fixture
def tercatat(operator, warga) -> list[Jejak]:
    """Three rows on each of three days that are over, and one of today; the chain is closed."""
    pagi = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=1)
    for ke in (3, 2, 1):
        for menit in range(3):
            _catat(operator, warga, pagi - ke * HARI + timedelta(minutes=menit))
    _catat(operator, warga, timezone.now())
    assert rantai.tutup(pada=timezone.now() + timedelta(seconds=1)) >= 2
    return list(Jejak.objects.order_by("pk"))


def _catat(operator, warga, pada) -> Jejak:
    isi = {"apa": "LIHAT", "tabel": "penduduk.penduduk", "peran": "Operator"}
    return Jejak.objects.create(oleh=operator, warga=warga.penduduk, pada=pada, **isi)


def _salah() -> list[str]:
    return rantai.periksa(pada=timezone.now()).salah


def _diam_diam(sql: str, *isi) -> None:
    """As somebody with the password of the database would do it."""
    with connection.cursor() as kursor, tanpa_pemicu(kursor):
        kursor.execute(sql, isi)


def test_each_day_is_one_link_and_today_is_still_open(tercatat):
    semua = list(RantaiJejak.objects.order_by("pk"))

    assert [satu.hari for satu in semua] == [timezone.localdate() - n * HARI for n in (3, 2, 1)]
    assert [satu.jumlah for satu in semua] == [3, 3, 3]
    assert [satu.sebelum for satu in semua] == [rantai.AWAL, semua[0].sidik, semua[1].sidik]
    assert rantai.tutup(pada=timezone.now()) == 0
    assert _salah() == []


def test_day_is_not_closed_while_a_page_may_still_be_on_its_way(operator, warga):
    tengah = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    _catat(operator, warga, tengah - timedelta(seconds=1))

    assert rantai.tutup(pada=tengah + timedelta(minutes=14)) == 0
    assert rantai.tutup(pada=tengah + timedelta(minutes=15)) == 1


def test_alteration_is_found_with_its_day(tercatat):
    _diam_diam("UPDATE layanan_jejaklihat SET objek = 'lain' WHERE id = %s", tercatat[4].pk)

    kemarin_dulu = timezone.localdate() - 2 * HARI
    assert _salah() == [f"{kemarin_dulu:%d-%m-%Y}: ada baris yang diubah."]


def test_deletion_is_found(tercatat):
    _diam_diam("DELETE FROM layanan_jejaklihat WHERE id = %s", tercatat[8].pk)

    assert _salah() == [f"{timezone.localdate() - HARI:%d-%m-%Y}: 1 baris dihapus."]


def test_insertion_into_a_closed_day_is_found(tercatat, operator, warga):
    pk = tercatat[1].pk
    _diam_diam("DELETE FROM layanan_jejaklihat WHERE id = %s", pk)
    assert len(_salah()) == 1
    satu = _catat(operator, warga, tercatat[1].pada)
    _diam_diam("UPDATE layanan_jejaklihat SET id = %s, apa = 'CARI' WHERE id = %s", pk, satu.pk)

    assert _salah() == [f"{timezone.localdate() - 3 * HARI:%d-%m-%Y}: ada baris yang diubah."]


def test_link_that_is_rewritten_breaks_the_chain(tercatat):
    """Row and digest of its day changed to fit: the days after it do not."""
    _diam_diam("DELETE FROM layanan_jejaklihat WHERE id = %s", tercatat[0].pk)
    satu = RantaiJejak.objects.order_by("pk")[0]
    sisa = Jejak.objects.filter(pk__lte=satu.sampai)
    satu.jumlah, satu.isi = rantai._sidik_isi(sisa)
    _diam_diam(
        "UPDATE layanan_rantaijejak SET jumlah = %s, isi = %s, sidik = %s WHERE id = %s",
        *(satu.jumlah, satu.isi, rantai._sidik(satu), satu.pk),
    )

    assert len(_salah()) == 1
    assert "sidik hari ini diubah" in _salah()[0]


def test_row_with_a_wrong_clock_belongs_to_the_next_link(tercatat, operator, warga):
    _catat(operator, warga, tercatat[0].pada)

    assert _salah() == []
    assert rantai.tutup(pada=timezone.now()) == 1
    assert _salah() == []


def test_days_that_retention_has_taken_stay_links(operator, warga):
    for ke in (400, 367, 10):
        _catat(operator, warga, timezone.now() - ke * HARI)
    rantai.tutup(pada=timezone.now())
    Jejak.objects.filter(pada__lt=timezone.now() - 365 * HARI).delete()

    hasil = rantai.periksa(pada=timezone.now())

    assert (hasil.hari, hasil.salah, Jejak.objects.count()) == (3, [], 1)
    assert LAMA["lihat"] == timedelta(days=DISIMPAN)


def test_command_and_state_say_it_and_fail(tercatat):
    kata = io.StringIO()
    call_command("periksa_jejak", stdout=kata)
    akhir = rantai.kepala()
    assert akhir.sidik in kata.getvalue() and "3 hari, 9 baris" in kata.getvalue()
    butir = {b.nama: b for b in keadaan.periksa(pada=timezone.now())}["jejak"]
    assert butir.baik and akhir.sidik[:12] in butir.kalimat

    _diam_diam("DELETE FROM layanan_jejaklihat WHERE id = %s", tercatat[8].pk)
    with pytest.raises(CommandError, match="di luar portal"):
        call_command("periksa_jejak", stdout=kata)

    butir = {b.nama: b for b in keadaan.periksa(pada=timezone.now())}["jejak"]
    assert not butir.baik and "periksa_jejak" in butir.kalimat


def test_morning_digest_carries_the_head(tercatat, permohonan):
    assert ringkasan.pagi(pada=hari(0, "08:00:00"))

    pesan = Notifikasi.objects.get(pesan="petugas_ringkasan")
    assert rantai.kepala().sidik[:12] in str(pesan.variabel)
