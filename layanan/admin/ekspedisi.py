"""Buku Ekspedisi in the back office: to read and to print; a hand-over is recorded by the flow."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from layanan.models import Penyerahan
from layanan.permohonan import ekspedisi
from surat.admin.register import BukuAdmin
from surat.buku.cetakan import Isi
from surat.buku.register import Kunci, Periode, Sumber


@admin.register(Penyerahan)
class PenyerahanAdmin(BukuAdmin):
    bentuk = ekspedisi.BENTUK
    templat_tabel = "admin/layanan/penyerahan/_tabel.html"
    petunjuk_cari = "Nama, NIK, nomor surat, jenis surat, atau tanggal (23-11-2026)."
    fields = ("permohonan", "penerima", "nama", "cara", "oleh", "pada")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def sumber(self, teks: str = "") -> list[Sumber]:
        return ekspedisi.sumber(teks)

    def baris(self, kunci: list[Kunci], urut: list[int]) -> list[ekspedisi.Baris]:
        return ekspedisi.baris(kunci, urut)

    def isi(self, periode: Periode) -> list[Isi]:
        return ekspedisi.isi(periode)
