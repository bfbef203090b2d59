"""What templates ask about messages: what one is called, and how a number is proven."""

from datetime import datetime

from django import template

from layanan.kata_pesan import katalog
from layanan.percakapan import kabari
from penduduk.models import Akun

register = template.Library()
register.filter("label_pesan", katalog.label)


@register.simple_tag
def tautan_bukti(akun: Akun, pada: datetime) -> str:
    """See kabari.tautan_bukti."""
    return kabari.tautan_bukti(akun, pada=pada)
