"""Every page of residents on a small phone: accessible, and in one piece with large letters too,
with text at 200 % on 360 and 320 pixels and as low as a phone held sideways with its keyboard open.
Nothing is cut off, at the usual size nothing scrolls sideways, and what is typed from the page
stays in one piece."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from layanan.models import Permohonan
from layanan.permohonan import alur, dampak
from penduduk.akun import penjagaan
from penduduk.models import Desa, KejadianAkun
from surat.jenis import bawaan
from tests import factories
from tests.perjalanan.periksa import axe, tidak_melebar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAYAR = [(360, 740, 100), (360, 740, 200), (320, 740, 200), (320, 256, 100), (320, 256, 200)]

# Elements that stand out of the window on the right; what nobody sees does not count.
MENONJOL = """() => [...document.querySelectorAll("body *")].filter(e => {
  const k = e.getBoundingClientRect();
  return k.width > 1 && k.height > 1 && k.right > document.documentElement.clientWidth + 1;
}).map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)}`).slice(0, 5)"""
# Lines of text that an element takes.
BARIS = "e => new Set([...e.getClientRects()].map(k => Math.round(k.top))).size"


def _permohonan(warga, operator, perbekel, admin_desa) -> list[Permohonan]:
    """One request for each state that a resident may see."""
    semua = []
    for status in ("DIAJUKAN", "DIPROSES", "MENUNGGU_TTD", "SIAP_DIAMBIL", "SELESAI"):
        satu = factories.buat_permohonan(warga)
        factories.jalankan_sampai(satu, status, operator=operator, perbekel=perbekel)
        semua.append(satu)
    pada = timezone.now()
    putusan = [
        dampak.Putusan(apa="syarat", kunci="ktp", label="Foto/scan KTP-el", alasan="Buram."),
        dampak.Putusan(apa="isian", kunci="keperluan", label="Keperluan", alasan="Kurang jelas."),
    ]
    for langkah, bahan, oleh in (
        ("minta_perbaikan", dampak.MintaPerbaikan(putusan), operator),
        ("tolak", None, operator),
        ("batalkan", None, warga),
    ):
        satu = factories.buat_permohonan(warga)
        alur.jalankan(satu, langkah, bahan, oleh=oleh, pada=pada, catatan="Alamat di desa lain.")
        semua.append(satu)
    dicabut = factories.buat_permohonan(warga)
    factories.jalankan_sampai(dicabut, "SELESAI", operator=operator, perbekel=perbekel)
    alur.catat_peristiwa(dicabut, "cabut", oleh=admin_desa, pada=pada, catatan="Alamatnya keliru")
    return [*semua, dicabut]


def _besarkan(hp: Page, lebar: int, tinggi: int, persen: int) -> None:
    hp.set_viewport_size({"width": lebar, "height": tinggi})
    hp.evaluate("p => { document.documentElement.style.fontSize = `${p}%` }", persen)


def test_pages_are_accessible_and_nothing_stands_out_of_the_window(
    layar, warga, operator, perbekel, admin_desa
):
    bawaan.muat()
    Desa.objects.update_or_create(
        pk=1,
        defaults={
            "telepon": "(0363) 21234 / 0812-3456-7890",
            "nomor_wa": "+62 812-3456-7890",
            "alamat_kantor": "Jalan Raya Contoh/Pantai/Lapangan Nomor 117",
            "jam_layanan": "Senin-Jumat 08.00-15.00",
            "pengumuman": "Kantor tutup pada hari raya Galungan/Kuningan.",
        },
    )
    semua = _permohonan(warga, operator, perbekel, admin_desa)
    draf = factories.buat_draf(warga, "kelahiran")
    kejadian = penjagaan.catat(warga, KejadianAkun.Jenis.PIN_DITERBITKAN, pada=timezone.now())
    kode = semua[3].surat.kode_cek
    umum = ["/", "/masuk/", "/panduan/", "/cek/", f"/cek/{kode}/", "/cek/?kode=SALAH"]
    umum += ["/pin/minta/", "/pin/minta/terkirim/", penjagaan.tautan_bukan_saya(kejadian)]
    dalam = ["/layanan/", "/layanan/surat/", "/pin/ganti/", "/layanan/data-saya/"]
    dalam += ["/layanan/data-saya/kabar/", "/layanan/surat/domisili/"]
    dalam += [f"/layanan/surat/{draf.jenis.kode}/{langkah}" for langkah in ("", "isi/", "periksa/")]
    dalam += [f"/layanan/permohonan/{p.nomor}/" for p in semua]
    dalam += [f"/layanan/permohonan/{semua[5].nomor}/perbaiki/"]
    temuan: dict[tuple, list[str]] = {}

    def lihat(hp: Page, *alamat: str) -> None:
        for satu in alamat:
            hp.goto(satu)
            temuan[satu, "axe"] = axe(hp)
            for layar_ in LAYAR:
                _besarkan(hp, *layar_)
                temuan[satu, layar_] = hp.evaluate(MENONJOL)
                if 200 not in layar_ and not tidak_melebar(hp):
                    temuan[satu, layar_].append("scrolls sideways")

    lihat(layar(), *umum)
    hp = layar(masuk=warga)
    lihat(hp, *dalam)
    hp.goto(f"/layanan/permohonan/{semua[3].nomor}/")
    terbelah = []
    for layar_ in LAYAR:
        _besarkan(hp, *layar_)
        if hp.locator(".kode-ambil b").evaluate(BARIS) != 1:
            terbelah.append(layar_)

    assert {k: v for k, v in temuan.items() if v} == {}
    assert terbelah == [], "the pick-up code in one piece"
