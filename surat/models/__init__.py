"""What a letter is, and how it becomes paper."""

from surat.models.arsip import ArsipSurat
from surat.models.buku import BukuNomor, CatatanAgenda, EntriBuku
from surat.models.jenis import Aturan, JenisSurat, Pertanyaan, Syarat, Templat
from surat.models.surat import Cetakan, FormulirSurat, Surat, TandaTangan
from surat.models.tata import Lambang, Mandat, MandatQuerySet, Pejabat, Pengukuhan, TataNaskah

__all__ = [
    "ArsipSurat",
    "Aturan",
    "BukuNomor",
    "CatatanAgenda",
    "Cetakan",
    "EntriBuku",
    "FormulirSurat",
    "JenisSurat",
    "Lambang",
    "Mandat",
    "MandatQuerySet",
    "Pejabat",
    "Pengukuhan",
    "Pertanyaan",
    "Surat",
    "Syarat",
    "TandaTangan",
    "TataNaskah",
    "Templat",
]
