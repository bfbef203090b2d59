"""The manual: each task has its page, and what it says in bold can be read where it leads."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import timezone

from layanan import bantuan
from layanan.models import Notifikasi, Permohonan
from tests.halaman import kata, sebagai

# Who does the task, and the pages on which it is done: the first is the one in the picture.
TEMPAT = {
    "antrean": ("operator", "/kelola/layanan/permohonan/", "/kelola/"),
    "satu-permohonan": (
        "operator",
        "/kelola/layanan/permohonan/{id-1}/change/",
        "/kelola/layanan/permohonan/{id-6}/change/",
    ),
    "setujui": ("operator", "/kelola/layanan/permohonan/{id-6}/change/"),
    "minta-perbaikan": ("operator", "/kelola/layanan/permohonan/{id-1}/change/"),
    "loket": (
        "operator",
        "/kelola/layanan/loket/",
        "/kelola/layanan/loket/{orang}/domisili/",
    ),
    "tanda-tangan": ("perbekel", "/meja/{P-3}/", "/kelola/", "/kelola/akun-saya/"),
    "serahkan": (
        "operator",
        "/kelola/layanan/belum-diambil/",
        "/kelola/layanan/permohonan/{id-4}/change/",
    ),
    "permintaan-pin": ("operator", "/kelola/layanan/permintaanpin/{pin}/change/"),
    "telepon": ("operator", "/kelola/layanan/hubungi/"),
    "buku": ("operator", "/kelola/surat/catatanagenda/"),
    "ganti-surat": ("admin_desa", "/kelola/surat/surat/{surat-4}/change/"),
    "penduduk": (
        "admin_desa",
        "/kelola/penduduk/impor/add/",
        "/kelola/penduduk/impor/",
    ),
    "jenis-surat": (
        "admin_desa",
        "/kelola/surat/jenissurat/",
        "/kelola/surat/jenissurat/{jenis}/change/",
        "/kelola/pengaturan/",
    ),
    "pejabat": ("admin_desa", "/kelola/surat/pejabat/{pejabat}/change/", "/kelola/pengaturan/"),
    "akun-petugas": (
        "admin_desa",
        "/kelola/penduduk/akun/{petugas}/change/",
        "/kelola/pengaturan/",
    ),
    "hari-libur": ("admin_desa", "/kelola/layanan/harilibur/", "/kelola/pengaturan/"),
    "cadangan": ("admin_desa", "/kelola/"),
    "laporan": ("admin_desa", "/kelola/laporan/", "/kelola/"),
}
GAMBAR = Path(__file__).parents[3] / "static" / "bantuan"
_TEBAL = re.compile(r"<b>(.+?)</b>")


def alamat(desa, kode: str) -> list[str]:
    nomor = {satu.nomor: str(satu.pk) for satu in Permohonan.objects.all()}
    isi = {f"id-{n}": nomor[desa.isi[f"P-{n}"]] for n in (1, 4, 6)} | {
        "pejabat": str(desa.pk["surat.pejabat"])
    }
    return [pola.format(**{**desa.isi, **isi}) for pola in TEMPAT[kode][1:]]


def siapkan(desa) -> None:
    """Messages that did not arrive, so that somebody has to be called."""
    lalu = timezone.now() - timedelta(hours=2)
    pesan = Notifikasi.objects.filter(penerima=None)
    pesan.update(keadaan="GAGAL", dibuat_pada=lalu, berubah_pada=lalu)
    cache.clear()


def test_what_is_bold_can_be_read_where_the_task_is_done(desa):
    siapkan(desa)
    hilang = {}
    for kode in bantuan.SEMUA:
        client = sebagai(desa.orang[TEMPAT[kode][0]])
        semua = [client.get(satu) for satu in alamat(desa, kode)]
        assert {hal.status_code for hal in semua} == {200}, kode
        dibaca = " ".join(kata(hal) for hal in semua)
        isi = get_template(f"admin/bantuan/isi/{kode.replace('-', '_')}.html").template.source
        if kurang := [satu for satu in _TEBAL.findall(isi) if satu not in dibaca]:
            hilang[kode] = kurang

    assert hilang == {}


def test_each_task_has_an_address_a_place_and_a_small_picture():
    nama = {n for n in _semua_nama(get_resolver()) if n}

    assert set(TEMPAT) == set(bantuan.SEMUA)
    for satu in bantuan.SEMUA.values():
        assert set(satu.tempat) <= nama, satu.kode
    bergambar = {f"{satu.kode}.webp" for satu in bantuan.SEMUA.values() if satu.gambar}
    ada = {berkas.name: berkas.stat().st_size for berkas in GAMBAR.iterdir()}
    assert set(ada) == bergambar
    assert max(ada.values()) <= 40_000


def _semua_nama(resolver) -> list[str]:
    hasil = []
    for pola in resolver.url_patterns:
        dalam = hasattr(pola, "url_patterns")
        hasil += _semua_nama(pola) if dalam else [getattr(pola, "name", "")]
    return hasil


@pytest.mark.django_db
def test_task_is_explained_from_the_page_where_it_is_done(operator):
    client = sebagai(operator)

    hal = client.get("/kelola/layanan/loket/")
    assert 'href="/kelola/bantuan/loket/"' in hal.content.decode()
    isi = client.get("/kelola/bantuan/loket/").content.decode()
    assert 'href="/kelola/layanan/loket/"' in isi and "/static/bantuan/loket" in isi
    assert 'href="/kelola/bantuan/cadangan/"' in client.get("/kelola/bantuan/").content.decode()
    assert client.get("/kelola/bantuan/tidak-ada/").status_code == 404
    # Who may not do it can read about it, and is not sent to a page that refuses.
    assert "Buka halamannya" not in kata(client.get("/kelola/bantuan/akun-petugas/"))
