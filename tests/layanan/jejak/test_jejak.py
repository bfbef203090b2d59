"""What stands in the trail, who can read it, and that nobody can change it."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from layanan.jejak import middleware
from layanan.models import Jejak, RantaiJejak
from penduduk.models import Penduduk
from tests import factories
from tests.halaman import kata, sebagai

pytestmark = pytest.mark.django_db
DAFTAR = "/kelola/penduduk/penduduk/"


def _halaman(orang) -> str:
    return reverse("admin:penduduk_penduduk_change", args=[orang.pk])


def _isi(*kolom: str) -> list:
    return list(Jejak.objects.order_by("pk").values_list(*kolom))


# --- What stands there -----------------------------------------------------------------------


def test_page_of_a_resident_says_who_when_and_as_what_and_names_the_family(warga, operator):
    istri = factories.buat_penduduk(keluarga=warga.penduduk.keluarga)
    sebelum = timezone.now()

    sebagai(operator).get(_halaman(warga.penduduk))

    satu = Jejak.objects.get(warga=warga.penduduk)
    assert (satu.oleh, satu.peran, satu.kata) == (operator, "Operator", "membuka penduduk")
    assert sebelum <= satu.pada <= timezone.now()
    assert set(Jejak.objects.values_list("warga", flat=True)) == {warga.penduduk_id, istri.pk}


def test_looking_again_within_minutes_is_one_row_and_later_another(warga, operator, monkeypatch):
    client = sebagai(operator)
    for _ in range(3):
        client.get(_halaman(warga.penduduk))
    assert Jejak.objects.filter(warga=warga.penduduk).count() == 1

    nanti = timezone.now() + middleware.SELANG + timedelta(seconds=1)
    monkeypatch.setattr(middleware.timezone, "now", lambda: nanti)
    client.get(_halaman(warga.penduduk))

    assert Jejak.objects.filter(warga=warga.penduduk).count() == 2


def test_search_says_which_kind_and_whom_it_found_and_not_what_was_typed(warga, operator):
    nik = warga.penduduk.nik
    client = sebagai(operator)

    client.get(DAFTAR, {"q": nik})
    client.post("/kelola/layanan/loket/", {"cari": nik})
    client.get(DAFTAR, {"q": "Tidak Ada Yang Bernama Ini"})
    client.get(DAFTAR, {"q": "Tidak Ada Yang Bernama Ini"})

    ini = ("CARI", "NIK atau nomor KK", 1, warga.penduduk_id)
    kosong = ("CARI", "nama atau kata", 0, None)
    # At the counter it is the same search of the same register, minutes later.
    assert _isi("apa", "objek", "jumlah", "warga") == [ini, kosong, kosong]
    assert nik not in str(_isi("objek", "sebab")) and "Bernama" not in str(_isi("objek", "sebab"))


def test_list_names_everybody_on_it_and_costs_the_same_for_many(operator, rf):
    client = sebagai(operator)
    client.get(DAFTAR)
    kueri = []
    for ke in range(1, 4):
        for _ in range(ke * 4):
            factories.buat_penduduk(nama=f"I Wayan Baru {ke}")
        with CaptureQueriesContext(connection) as tercatat:
            client.get(DAFTAR)
        kueri.append(len(tercatat))

    assert len(set(kueri)) == 1
    assert {w for (w,) in _isi("warga")} - {None} == set(
        Penduduk.objects.values_list("pk", flat=True)
    )


def test_request_and_the_signers_desk_give_the_reason(permohonan, warga, operator, perbekel):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    sebagai(operator).get(f"/kelola/layanan/permohonan/{permohonan.pk}/change/")
    sebagai(perbekel).get(f"/meja/{permohonan.nomor}/")
    sebagai(perbekel).get("/meja/")

    assert _isi("apa", "oleh", "warga", "sebab") == [
        ("LIHAT", operator.pk, warga.penduduk_id, permohonan.nomor),
        ("LIHAT", perbekel.pk, warga.penduduk_id, permohonan.nomor),
        ("DAFTAR", perbekel.pk, warga.penduduk_id, ""),
    ]


def test_book_as_file_names_whose_letters_it_holds(permohonan, warga, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    sebagai(perbekel).get("/kelola/surat/catatanagenda/xlsx/").getvalue()

    assert _isi("apa", "tabel", "warga") == [("UNDUH", "surat.catatanagenda", warga.penduduk_id)]


def test_export_of_the_register_asks_for_a_reason_and_keeps_it(warga, admin_desa):
    alamat, client = "/kelola/penduduk/impor/ekspor/", sebagai(admin_desa)

    tanpa = client.post(alamat, {"alasan": "  "}, follow=True)
    assert "Tulis dulu untuk apa" in kata(tanpa)
    assert not Jejak.objects.filter(apa="EKSPOR").exists()

    client.post(alamat, {"alasan": "Pemutakhiran data Disdukcapil"}).getvalue()
    assert _isi("apa", "sebab", "warga")[-1] == (
        *("EKSPOR", "Pemutakhiran data Disdukcapil", None),
    )


def test_page_that_cannot_be_written_down_is_not_shown(warga, operator, monkeypatch):
    def gagal(*apa, **lain):
        raise IntegrityError("disk full")

    monkeypatch.setattr(Jejak.objects, "bulk_create", gagal)
    client = sebagai(operator)
    client.raise_request_exception = False

    jawab = client.get(_halaman(warga.penduduk))

    assert jawab.status_code == 500
    assert warga.penduduk.nama not in jawab.content.decode()


def test_residents_own_pages_leave_nothing(warga, client):
    client.force_login(warga)
    for alamat in ("/", "/layanan/", "/layanan/data-saya/"):
        client.get(alamat)

    assert not Jejak.objects.exists()


# --- Who reads it ----------------------------------------------------------------------------


def test_resident_is_told_who_looked_and_not_what_others_were_asked(
    warga, tetangga, operator, admin_desa
):
    sebagai(operator).get(_halaman(warga.penduduk))
    sebagai(operator).get(_halaman(tetangga.penduduk))
    ekspor = {"alasan": "Sensus"}
    sebagai(admin_desa).post("/kelola/penduduk/impor/ekspor/", ekspor).getvalue()
    milik = {"oleh": warga, "pada": timezone.now(), "warga": warga.penduduk}
    Jejak.objects.create(apa="LIHAT", tabel="layanan.berkas", **milik)

    semua = Jejak.objects.untuk_warga(warga.penduduk)

    assert [(satu.peran, satu.kata) for satu in semua] == [
        ("Admin desa", "mengekspor semua penduduk"),
        ("Operator", "membuka penduduk"),
    ]


def test_trail_is_searched_by_person_and_by_account_and_that_is_in_the_trail(
    warga, tetangga, operator, admin_desa
):
    for akun in (warga, tetangga):
        sebagai(operator).get(_halaman(akun.penduduk))
    lama = timezone.now() - timedelta(days=20)
    isi = {"oleh": operator, "apa": "RIWAYAT", "tabel": "penduduk.penduduk"}
    Jejak.objects.create(pada=lama, warga=tetangga.penduduk, **isi)
    client, alamat = sebagai(admin_desa), "/kelola/layanan/jejak/"

    orang = kata(client.get(alamat, {"q": warga.penduduk.nik}))
    assert "membuka penduduk" in orang and tetangga.penduduk.nama not in orang
    akun = kata(client.get(alamat, {"q": operator.username}))
    assert warga.penduduk.nama in akun and "membuka riwayat" not in akun
    assert "membuka riwayat" in kata(client.get(alamat, {"q": operator.username, "hari": "30"}))

    dicari = Jejak.objects.filter(oleh=admin_desa, tabel="layanan.jejak", apa="CARI")
    assert warga.penduduk_id in dicari.values_list("warga", flat=True)


# --- Nobody changes it -----------------------------------------------------------------------


def _rantai() -> RantaiJejak:
    return RantaiJejak(hari=timezone.localdate(), sampai=1, jumlah=1, isi="a", sidik="c")


@pytest.mark.parametrize("apa", ["ubah", "hapus"])
@pytest.mark.parametrize("umur", [1, 364])
def test_database_itself_refuses_to_change_or_delete_a_row(operator, apa, umur):
    pada = timezone.now() - timedelta(days=umur)
    Jejak.objects.create(oleh=operator, pada=pada, apa="LIHAT", tabel="x")
    satu = _rantai()
    satu.save()
    for semua in (Jejak.objects.all(), RantaiJejak.objects.all()):
        lakukan = semua.delete if apa == "hapus" else partial(semua.update, jumlah=7)
        with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
            lakukan()


def test_only_what_retention_may_take_can_be_deleted(operator):
    for hari in (364, 366):
        pada = timezone.now() - timedelta(days=hari)
        Jejak.objects.create(oleh=operator, pada=pada, apa="LIHAT", tabel="x")

    Jejak.objects.filter(pada__lt=timezone.now() - timedelta(days=365)).delete()

    assert Jejak.objects.count() == 1
