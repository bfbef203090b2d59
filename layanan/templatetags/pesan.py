"""What templates ask: what a message is called, how a number is proven, what was promised, how long
something has waited."""

from datetime import datetime

from django import template
from django.utils.timesince import timesince

from layanan.janji import janji
from layanan.kata_pesan import katalog
from layanan.percakapan import kabari
from penduduk.models import Akun

register = template.Library()
register.filter("label_pesan", katalog.label)
register.filter("janji", janji.saat)


@register.filter
def lama(dari: datetime, sampai: datetime) -> str:
    """3 hari: in one unit, for a narrow column."""
    return timesince(dari, sampai, depth=1)


@register.simple_tag
def tautan_bukti(akun: Akun, pada: datetime) -> str:
    """See kabari.tautan_bukti."""
    return kabari.tautan_bukti(akun, pada=pada)
