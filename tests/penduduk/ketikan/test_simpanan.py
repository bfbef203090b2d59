"""What is kept, for whom, and when it is gone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from penduduk.ketikan import simpanan
from penduduk.models import Ketikan, Perangkat

pytestmark = pytest.mark.django_db
PADA = timezone.now()


def simpan(akun, *, alamat="/layanan/a/", isi=None, berkas=(), pada=PADA) -> Ketikan | None:
    isi = {"kata": ["x"]} if isi is None else isi
    kiriman = simpanan.Formulir(alamat, alamat, isi, list(berkas))
    return simpanan.simpan(akun, kiriman, sidik="s" * 64, sesi_berakhir=True, pada=pada)


def unggahan(isi: bytes = b"isi berkas") -> SimpleUploadedFile:
    return SimpleUploadedFile("ktp.jpg", isi, "image/jpeg")


@pytest.mark.parametrize(
    "nama",
    ["pin", "pin_lama", "PIN_baru", "sandi", "password", "password1", "old_password", "kode-otp",
     "new_password2", "akun-0-password"],
)  # fmt: skip
def test_a_secret_is_not_kept(warga, nama):
    assert simpan(warga, isi={nama: ["737519"]}) is None
    assert simpan(warga, isi={nama: ["737519"], "kata": ["x"]}).isi == {"kata": ["x"]}


@pytest.mark.parametrize("isi", [{}, {"csrfmiddlewaretoken": ["x"]}])
def test_of_a_mere_button_it_is_kept_that_it_was_pressed(warga, isi):
    assert simpan(warga, isi=isi).isi == {}


@pytest.mark.parametrize("nama", ["pinjaman", "alamat_pindah", "kepindahan", "tapin", "nik"])
def test_a_word_that_only_sounds_like_one_is(warga, nama):
    assert simpan(warga, isi={nama: ["x"]}).isi == {nama: ["x"]}


def test_the_same_form_sent_again_replaces_the_first(warga):
    simpan(warga, isi={"kata": ["lama"]}, berkas=[("f", unggahan())])

    simpan(warga, isi={"kata": ["baru"]}, berkas=[("f", unggahan())])

    assert [satu.isi for satu in Ketikan.objects.all()] == [{"kata": ["baru"]}]
    assert len(default_storage.listdir("ketikan")[1]) == 1


def test_a_file_that_was_not_written_to_the_end_is_none(warga):
    satu = simpan(warga, berkas=[("f", unggahan()), ("g", unggahan(b"lain"))])
    Path(default_storage.path(satu.berkas[0]["berkas"])).write_bytes(b"isi")

    assert [ket["bidang"] for ket in simpanan.utuh(satu)] == ["g"]
    (bidang, berkas), *lain = simpanan.buka(satu, kecuali=())
    with berkas:
        assert (bidang, berkas.name, berkas.content_type, berkas.read(), lain) == (
            *("g", "ktp.jpg", "image/jpeg", b"lain"),
            [],
        )


def test_files_without_room_are_named_and_the_others_kept(warga):
    satu = simpan(warga, berkas=[("f", unggahan()) for _ in range(simpanan.BERKAS_BANYAK + 2)])

    assert len(simpanan.utuh(satu)) == simpanan.BERKAS_BANYAK
    assert [ket["nama"] for ket in simpanan.tertinggal(satu)] == ["ktp.jpg", "ktp.jpg"]
    simpanan.hapus(Ketikan.objects.all())
    assert default_storage.listdir("ketikan")[1] == []


def test_a_full_disk_costs_the_files_and_not_the_words(warga, monkeypatch):
    def penuh(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", penuh)

    satu = simpan(warga, berkas=[("f", unggahan())])

    satu.refresh_from_db()
    assert (satu.isi, simpanan.utuh(satu)) == ({"kata": ["x"]}, [])
    assert [ket["nama"] for ket in simpanan.tertinggal(satu)] == ["ktp.jpg"], "it can be named"


def test_an_empty_file_is_only_named(warga):
    satu = simpan(warga, berkas=[("f", unggahan(b"")), ("g", unggahan())])

    assert [ket["bidang"] for ket in simpanan.utuh(satu)] == ["g"]
    assert [ket["bidang"] for ket in simpanan.tertinggal(satu)] == ["f"]


def test_another_choice_replaces_what_is_kept_but_not_where_a_file_was_missing(warga):
    satu = simpan(
        warga, berkas=[("f", unggahan(b"")), ("f", unggahan(b"baik")), ("g", unggahan(b"lama"))]
    )

    ikut = list(simpanan.buka(satu, kecuali=["f", "g"]))

    assert [(bidang, berkas.read()) for bidang, berkas in ikut] == [("f", b"baik")]
    ikut[0][1].close()


def test_whoever_logged_in_last_is_meant(warga, tetangga, operator):
    def catat(akun, jam):
        pada = PADA - timedelta(hours=jam)
        Perangkat.objects.create(akun=akun, sidik="s" * 64, dibuat_pada=pada, terakhir_pada=pada)

    def siapa(*, petugas, pasti):
        return simpanan.pemilik(sidik="s" * 64, petugas=petugas, pasti=pasti, pada=PADA)

    assert siapa(petugas=None, pasti=True) is None
    catat(warga, 1)
    catat(operator, 2)
    assert siapa(petugas=False, pasti=False) == warga
    assert siapa(petugas=True, pasti=False) == operator
    catat(tetangga, 3)
    assert siapa(petugas=False, pasti=True) == warga
    assert siapa(petugas=False, pasti=False) is None, "it may be the neighbour's"
    Perangkat.objects.filter(akun=tetangga).update(terakhir_pada=PADA - timedelta(hours=25))
    assert siapa(petugas=False, pasti=False) == warga


def test_a_file_without_a_row_is_swept_up(warga):
    satu = simpan(warga, berkas=[("f", unggahan())])
    nama = satu.berkas[0]["berkas"]
    satu.delete()  # as the account's deletion would
    simpanan.bersihkan(pada=timezone.now())
    assert default_storage.exists(nama)
    lama = (PADA - timedelta(hours=2)).timestamp()
    os.utime(default_storage.path(nama), (lama, lama))

    simpanan.bersihkan(pada=timezone.now())

    assert not default_storage.exists(nama)


def test_a_row_whose_files_are_gone_already_is_swept_up_as_well(warga):
    """The sweep died between the files and the row."""
    satu = simpan(warga, berkas=[("f", unggahan())], pada=PADA - simpanan.LAMA)
    default_storage.delete(satu.berkas[0]["berkas"])

    simpanan.bersihkan(pada=PADA)

    assert not Ketikan.objects.exists()


def test_sweeping_where_nothing_was_ever_kept_is_no_error():
    simpanan.bersihkan(pada=PADA)

    assert not default_storage.exists("ketikan")
