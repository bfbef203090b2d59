"""What the office calls a message, for templates that list rows of the outbox."""

from django import template

from layanan.kata_pesan import katalog

register = template.Library()
register.filter("label_pesan", katalog.label)
