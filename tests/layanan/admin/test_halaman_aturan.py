"""Who is told what: the table that the village switches."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from layanan.kotak_keluar import aturan
from layanan.models import AturanKabar, Notifikasi, Riwayat
from layanan.permohonan import alur
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai

pytestmark = pytest.mark.django_db
SIAPA = "/kelola/layanan/siapa-dikabari/"
P, K, L = AturanKabar.Penerima, AturanKabar.Kanal, Riwayat.Langkah


@pytest.fixture
def client(admin_desa):
    return sebagai(admin_desa)


def ubah(client, **isi):
    return kirim(client, client.get(SIAPA), "Simpan", isi)


def test_every_cell_of_the_table_has_a_box_with_its_state_and_a_name(client):
    hal = client.get(SIAPA)

    satu = formulir(hal, "Simpan")
    assert satu.bidang - {"csrfmiddlewaretoken", "semula"} == {"-".join(s) for s in aturan.BAWAAN}
    assert {n for n in satu.isi if "-" in n} == {
        "-".join(s) for s, ya in aturan.BAWAAN.items() if ya
    }
    assert "Ditandatangani: warga, WhatsApp" in kata(hal)
    assert "Belum pernah diubah" in kata(hal)


def test_switched_cells_are_counted_and_hold_from_the_next_step_on(client, warga):
    permohonan = factories.buat_permohonan(warga)

    jawab = ubah(client, **{"proses-WARGA-WA": None, "pengingat-WARGA-TELEPON": "on"})
    alur.jalankan(permohonan, "proses", oleh=factories.buat_operator(), pada=timezone.now())

    assert jawab.url == SIAPA
    assert "2 pengaturan kabar diubah" in kata(client.get(SIAPA))
    tabel = aturan.baca()
    assert not tabel.aktif(L.PROSES, P.WARGA, K.WA)
    assert tabel.aktif(aturan.PENGINGAT, P.WARGA, K.TELEPON)
    assert not Notifikasi.objects.filter(pesan="diproses").exists()


def test_page_tells_who_changed_what(client, admin_desa):
    ubah(client, **{"tandatangani-WARGA-WA": None})
    ubah(client, **{"tandatangani-WARGA-WA": "on"})

    teks = kata(client.get(SIAPA))

    apa = "Admindesa: Ditandatangani: warga, WhatsApp."
    assert teks.index(f"{apa} Dinyalakan.") < teks.index(f"{apa} Dimatikan.")
    assert {e.user for e in LogEntry.objects.all()} == {admin_desa}


def test_nothing_changed_is_said_and_writes_nothing(client):
    ubah(client)

    assert "Tidak ada yang berubah." in kata(client.get(SIAPA))
    assert not AturanKabar.objects.exists() and not LogEntry.objects.exists()


def test_what_nobody_hears_of_any_more_is_explained(client):
    sebelum = kata(client.get(SIAPA))
    ubah(client, **{"tandatangani-WARGA-WA": None, "ajukan-OPERATOR-WA": None})
    teks = kata(client.get(SIAPA))

    assert "Yang sekarang tidak dikabari" not in sebelum
    assert "Warga tidak tahu suratnya siap diambil dan kodenya apa." in teks
    assert "Permohonan baru baru terlihat" not in teks, "the badge still tells of it"
    assert "bawaan: ya" in teks


def test_stale_page_changes_only_what_was_changed_on_it(client, admin_desa):
    lama = client.get(SIAPA)
    ubah(sebagai(admin_desa), **{"tolak-WARGA-WA": None})

    kirim(client, lama, "Simpan", {"cabut-WARGA-WA": None})

    tabel = aturan.baca()
    assert not tabel.aktif(L.TOLAK, P.WARGA, K.WA)
    assert not tabel.aktif(L.CABUT, P.WARGA, K.WA)


def test_invented_cells_are_ignored(client):
    ubah_lagi = formulir(client.get(SIAPA), "Simpan").isi | {"ajukan-KELIAN-WA": ["on"]}
    client.post(SIAPA, ubah_lagi)

    assert not AturanKabar.objects.exists()
