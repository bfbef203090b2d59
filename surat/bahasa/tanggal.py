"""Indonesian dates and amounts as they stand on paper; independent of the active language."""

from datetime import date, datetime

from django.utils import timezone
from num2words import num2words

BULAN = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
HARI = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
ROMAWI = "I II III IV V VI VII VIII IX X XI XII".split()


def panjang(tanggal: date) -> str:
    """22 November 2026"""
    return f"{tanggal.day} {BULAN[tanggal.month - 1]} {tanggal.year}"


def hari(tanggal: date) -> str:
    return HARI[tanggal.weekday()]


def di_wita(pada: datetime) -> date:
    """The calendar day in WITA (Asia/Makassar) of an aware moment."""
    return timezone.localtime(pada).date()


def ribuan(angka: int) -> str:
    """1.234.567"""
    return f"{angka:,}".replace(",", ".")


def rupiah(angka: int) -> str:
    return f"Rp{ribuan(angka)}"


def terbilang(angka: int) -> str:
    """A whole number in words: 1500 → seribu lima ratus."""
    return str(num2words(angka, lang="id"))
