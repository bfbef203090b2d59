"""A perangkat desa whom the resident asks to bring the letter hears of it when it is ready."""

import pytest
from django.utils import timezone

from layanan.kotak_keluar import aturan, notifikasi
from layanan.models import Notifikasi, Permohonan
from layanan.permohonan import alur
from surat.models import Pejabat
from tests import factories, serentak
from tests.halaman import kata, kirim, sebagai

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]


@pytest.fixture
def kelian(operator) -> list[Pejabat]:
    """Two who bring letters home, with accounts and phones."""
    semua = []
    for n in (1, 2):
        akun = factories.buat_petugas(f"kelian{n}", nomor_hp=f"+628123450008{n}")
        semua.append(
            Pejabat.objects.create(
                nama=f"I Kelian {n}", jabatan="Kelian", akun=akun, mengantar=True
            )
        )
    return semua


@pytest.fixture
def jalan(permohonan, operator, perbekel):
    def jalan(status: str) -> Permohonan:
        return factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)

    return jalan


def _tunjuk(warga, permohonan: Permohonan, pejabat: Pejabat):
    client = sebagai(warga)
    halaman = client.get(f"/layanan/permohonan/{permohonan.nomor}/")
    isi = {"wakil_jenis": "PERANGKAT", "wakil_pejabat": str(pejabat.pk)}
    return kirim(client, halaman, "Simpan", isi)


def _dikabari() -> list:
    semua = Notifikasi.objects.filter(pesan="perangkat_ambil").order_by("pk")
    return [n.penerima for n in semua]


def test_perangkat_named_while_the_letter_is_ready_hears_at_once(warga, jalan, kelian):
    siap = jalan("SIAP_DIAMBIL")

    jawab = _tunjuk(warga, siap, kelian[0])

    assert jawab.status_code == 302
    assert _dikabari() == [kelian[0].akun]
    baris = Notifikasi.objects.get(pesan="perangkat_ambil")
    assert (baris.nomor_hp, baris.berkala.permohonan) == ("+6281234500081", siap)


def test_perangkat_named_earlier_hears_when_it_is_signed(warga, jalan, kelian):
    permohonan = jalan("MENUNGGU_TTD")
    _tunjuk(warga, permohonan, kelian[0])
    assert _dikabari() == []

    jalan("SIAP_DIAMBIL")

    assert _dikabari() == [kelian[0].akun]


def test_another_perangkat_is_told_and_nobody_twice(warga, jalan, kelian):
    siap = jalan("SIAP_DIAMBIL")
    for ke in (0, 0, 1, 0, 1):
        _tunjuk(warga, siap, kelian[ke])

    assert _dikabari() == [kelian[0].akun, kelian[1].akun]


def test_nobody_is_told_of_a_letter_that_somebody_else_collects(warga, jalan, kelian):
    siap = jalan("SIAP_DIAMBIL")
    client = sebagai(warga)

    isi = {"wakil_jenis": "WAKIL", "wakil_nama": "Ni Luh"}
    kirim(client, client.get(f"/layanan/permohonan/{siap.nomor}/"), "Simpan", isi)

    assert _dikabari() == []
    assert "Tersimpan." in kata(client.get(f"/layanan/permohonan/{siap.nomor}/"))


def test_village_can_switch_it_off(warga, jalan, kelian):
    aturan.ubah({("tandatangani", "PERANGKAT", "WA"): False})

    _tunjuk(warga, jalan("SIAP_DIAMBIL"), kelian[0])

    assert _dikabari() == []


def test_message_that_waits_is_cancelled_when_the_letter_is_collected(
    warga, jalan, kelian, operator
):
    siap = jalan("SIAP_DIAMBIL")
    _tunjuk(warga, siap, kelian[0])

    jalan("SELESAI")

    assert Notifikasi.objects.get(pesan="perangkat_ambil").keadaan == "BATAL"


def test_signer_whose_page_is_older_than_the_choice_still_tells_the_perangkat(
    warga, jalan, kelian, perbekel
):
    lama = Permohonan.objects.select_related("wakil_pejabat").get(pk=jalan("MENUNGGU_TTD").pk)
    _tunjuk(warga, lama, kelian[0])

    alur.jalankan(lama, "tandatangani", oleh=perbekel, pada=timezone.now())

    assert _dikabari() == [kelian[0].akun]


@pytest.mark.django_db(transaction=True)
def test_choice_and_signature_at_the_same_moment_tell_him_once(warga, jalan, kelian, perbekel):
    permohonan = jalan("MENUNGGU_TTD")

    def satu(apa: str) -> None:
        if apa == "tunjuk":
            _tunjuk(warga, permohonan, kelian[0])
            return
        lama = Permohonan.objects.get(pk=permohonan.pk)
        alur.jalankan(lama, "tandatangani", oleh=perbekel, pada=timezone.now())

    serentak.jalankan(satu, ["tunjuk", "tandatangani"])

    assert _dikabari() == [kelian[0].akun]


def test_choice_is_not_kept_when_the_message_cannot_be_written(warga, jalan, kelian, monkeypatch):
    siap = jalan("SIAP_DIAMBIL")

    def gagal(*_a: object, **_k: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(notifikasi, "kabari_perangkat", gagal)
    with pytest.raises(RuntimeError):
        _tunjuk(warga, siap, kelian[0])

    siap.refresh_from_db()
    assert siap.wakil_pejabat is None
