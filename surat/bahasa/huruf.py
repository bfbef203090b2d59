"""What a line of text may hold: what people typed, tidied, and what a letter can show."""

from penduduk import teks
from penduduk.teks import tak_tercetak as tak_tercetak


def bersih(isi: str) -> str:
    """Free text without blank lines and with single spaces inside a line."""
    baris = (" ".join(satu.split()) for satu in teks.bersih(isi).split("\n"))
    return "\n".join(satu for satu in baris if satu)
