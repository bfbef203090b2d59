"""A letter without a request: what penerbitan wants, put together of what a test knows."""

from datetime import datetime
from typing import Any

from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.models import JenisSurat, Surat
from surat.naskah import susunan
from surat.terbit import penerbitan


def bahan(*, jenis: JenisSurat, pada: datetime, **lain: Any) -> susunan.Bahan:
    templat = penerbitan.templat_berlaku(jenis)
    return susunan.Bahan(jenis=jenis, templat=templat, tanggal=tgl.di_wita(pada), **lain)


def terbitkan(*, oleh: Akun, pada: datetime, **lain: Any) -> Surat:
    lampiran = {k: lain.pop(k) for k in ("formulir", "syarat") if k in lain}
    return penerbitan.terbitkan(bahan(pada=pada, **lain), oleh=oleh, pada=pada, **lampiran)
