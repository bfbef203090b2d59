"""Every address, every kind of person, every method, with things that no form would send.

Whatever comes in: no fault of ours (5xx), no traceback, nothing of a resident to a stranger or a
neighbour, and no page of a room to who may not enter it. `make jelajah` sends 10,000.
"""

import os
import re
import sys
from random import Random

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from layanan.permohonan import pembersihan
from surat.kertas import cetak_luar
from tests import pembersih, test_izin
from tests.formulir import Formulir, Pembaca
from tests.jelajah import ganjil
from tests.test_izin import HALAMAN, LANGKAH, ORANG, TABEL, UBIN, _baris

BANYAK = int(os.environ.get("UJI_JELAJAH", "250"))
BIBIT = int(os.environ.get("UJI_JELAJAH_BIBIT", "20261130"))
# Rooms that open only to who belongs there, and pages in them that are doors.
RUANG_WARGA, RUANG_KANTOR = ("/layanan/", "/berkas/"), ("/kelola/", "/meja/")
PINTU = {"/kelola/login/", "/kelola/logout/"}

pytestmark = [pytest.mark.sekali, pytest.mark.lambat, pytest.mark.timeout(7200)]


@pytest.fixture
def tanpa_anak(monkeypatch) -> None:
    """No other program is started, whatever is asked."""
    monkeypatch.setattr(pembersihan, "jalankan", pembersih.jalankan)
    monkeypatch.setattr(cetak_luar, "jalankan", lambda *apa, **lain: b"%PDF-1.7 tiruan")


def _alamat(desa_) -> list[str]:
    """All addresses of the site with rows that are there."""
    semua = [b[1].format(**desa_.isi) for b in _baris(HALAMAN)]
    awal = f"/kelola/layanan/permohonan/{desa_.isi['id-1']}/langkah/"
    semua += [f"{awal}{b[1]}/" for b in _baris(LANGKAH)]
    for label, *_ in _baris(TABEL):
        induk = f"/kelola/{label.replace('.', '/')}/"
        semua += [induk + ubin.replace("1/", f"{desa_.pk[label]}/") for ubin in UBIN]
    return sorted({*semua, "/tidak-ada/", "/static/tidak-ada.css", "/kelola/jsi18n/", "//"})


def _isian(alamat: str) -> list[str]:
    """What varies in this address: rows, codes, names of letters."""
    try:
        return [str(satu) for satu in resolve(alamat.partition("?")[0]).kwargs.values()]
    except Resolver404:
        return []


def _orang(alamat: str) -> list[str]:
    """Everybody, and more often who may come in."""
    if alamat.startswith(RUANG_KANTOR):
        return [*ORANG, *test_izin.PETUGAS, *test_izin.PETUGAS]
    return [*ORANG, "warga", "warga", "tetangga"]


class _Penjelajah:
    def __init__(self, desa_, bibit: int) -> None:
        self.desa = desa_
        self.acak = Random(bibit)
        self.galat: list[BaseException] = []
        self.dilihat: dict[tuple[str, str], tuple[list[Formulir], list[str]]] = {}
        orang = desa_.orang["warga"]
        self.rahasia = [orang.penduduk.nik, orang.penduduk.nama, orang.nomor_hp.removeprefix("+62")]

    def catat(self, sender, request, **lain) -> None:
        self.galat.append(sys.exc_info()[1])

    def kirim(self, satu: ganjil.Kiriman) -> tuple[int, bytes]:
        """Status and body; whatever it changed is undone."""
        client = Client(raise_request_exception=False)
        client.cookies.load(self.desa.kuki[satu.siapa])
        jenis = {} if not satu.jenis else {"content_type": satu.jenis}
        kepala = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in satu.kepala.items()}
        if "HTTP_COOKIE" in kepala:
            client.cookies.clear()
        try:
            with transaction.atomic():
                if satu.metode == "POST":
                    jawab = client.post(satu.alamat, satu.isi, **jenis, **kepala)
                else:
                    badan = satu.isi if isinstance(satu.isi, bytes) else b""
                    jawab = client.generic(satu.metode, satu.alamat, badan, **jenis, **kepala)
                badan = jawab.getvalue() if jawab.streaming else jawab.content
                raise test_izin._Batal
        except test_izin._Batal:
            return jawab.status_code, badan

    def berikut(self, alamat: list[str]) -> ganjil.Kiriman:
        acak, asal = self.acak, self.acak.choice(alamat)
        siapa, metode = acak.choice(_orang(asal)), acak.choice(ganjil.METODE)
        asli, bidang, nama = self._halaman(siapa, asal)
        ke = ganjil.alamat(acak, asal, _isian(asal), nama)
        satu = ganjil.Kiriman(siapa, metode, ke, kepala=ganjil.kepala(acak))
        if metode == "POST":
            satu.isi, satu.jenis = ganjil.isi(acak, asli, bidang)
            if satu.jenis:
                satu.isi = satu.isi if isinstance(satu.isi, bytes) else b""
        elif metode in ("PUT", "PATCH", "DELETE"):
            satu.isi, satu.jenis = acak.choice(ganjil.BITA), "application/json"
        return satu

    def _halaman(
        self, siapa: str, alamat: str
    ) -> tuple[dict[str, list[str]], list[str], list[str]]:
        """Of the page as this person sees it: what a form of it would send, its fields, and names
        that stand behind addresses; some of any page where there are none."""
        if (siapa, alamat) not in self.dilihat:
            kode, isi = self.kirim(ganjil.Kiriman(siapa, "GET", alamat))
            html = isi.decode(errors="replace") if kode == 200 else ""
            semua = [f for f in Pembaca(html).formulir if f.bidang] if "<html" in html else []
            nama = {*re.findall(r"[?;&](\w{1,40})=", html)} - {"csrfmiddlewaretoken"}
            self.dilihat[siapa, alamat] = semua, sorted(nama)
        semua, nama = self.dilihat[siapa, alamat]
        nama = [*nama, *self.acak.sample(ganjil.NAMA, 12)]
        if not semua:
            return {}, nama[-3:], nama
        satu = self.acak.choice(semua)
        asli = dict(satu.isi)
        if satu.tombol:
            _, tombol, nilai = self.acak.choice(satu.tombol)
            asli |= {tombol: [nilai]} if tombol else {}
        return asli, sorted(satu.bidang - {"csrfmiddlewaretoken"} | set(asli)), nama

    def salah(self, satu: ganjil.Kiriman) -> str:
        """What is wrong with the answer; empty: nothing."""
        self.galat.clear()
        try:
            kode, isi = self.kirim(satu)
        except Exception as galat:  # what the site does not even catch
            return f"{type(galat).__name__}: {galat}"
        if kode >= 500 or self.galat:
            return f"{kode} {self.galat!r}"
        if b"Traceback (most recent call last)" in isi:
            return "traceback"
        jalur = satu.alamat.partition("?")[0]
        asing, orang_luar = satu.siapa == "anonim", satu.siapa in ("anonim", "tetangga")
        dikirim = f"{satu.isi} {satu.alamat}"
        for rahasia in self.rahasia:
            if orang_luar and rahasia.encode() in isi and rahasia not in dikirim:
                return f"shows {rahasia}"
        terlarang = RUANG_KANTOR if satu.siapa in ("anonim", "warga", "tetangga") else ()
        terlarang += RUANG_WARGA if asing else ()
        if kode == 200 and jalur.startswith(terlarang) and jalur not in PINTU:
            return f"200 in a closed room, {len(isi)} bytes"
        return ""


def test_nothing_odd_breaks_or_opens_a_page(desa, tanpa_anak):
    jelajah = _Penjelajah(desa, BIBIT)
    alamat = _alamat(desa)
    temuan = []
    got_request_exception.connect(jelajah.catat)
    try:
        for ke in range(BANYAK):
            satu = jelajah.berikut(alamat)
            if apa := jelajah.salah(satu):
                temuan.append(f"{ke}: {satu}\n   -> {apa}")
    finally:
        got_request_exception.disconnect(jelajah.catat)

    assert temuan == [], f"seed {BIBIT}:\n" + "\n".join(temuan)
