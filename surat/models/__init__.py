"""What a letter is, and how it becomes paper."""

from surat.models.jenis import JenisSurat, Pertanyaan, Syarat, Templat
from surat.models.surat import BukuNomor, CatatanAgenda, Cetakan, Surat, TandaTangan
from surat.models.tata import Lambang, Mandat, MandatQuerySet, Pejabat, TataNaskah

__all__ = [
    "BukuNomor",
    "CatatanAgenda",
    "Cetakan",
    "JenisSurat",
    "Lambang",
    "Mandat",
    "MandatQuerySet",
    "Pejabat",
    "Pertanyaan",
    "Surat",
    "Syarat",
    "TandaTangan",
    "TataNaskah",
    "Templat",
]
