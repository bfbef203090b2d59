"""How a letter looks on paper before it is one, marked DRAF and kept nowhere: a letter type about a
fictitious resident, or the very letter that an operator is about to approve."""

from datetime import date
from typing import Any

from surat.kertas import cetak_luar, lambang
from surat.models import JenisSurat, Mandat, Templat
from surat.peraga import surat
from surat.peraga.orang import Ukuran

_WAKTU_MAKS = 30  # seconds; a letter takes about three


class PratinjauGagal(Exception):
    """No PDF this time; the message is for the clerk."""


def buat(
    jenis: JenisSurat,
    *,
    ukuran: Ukuran,
    tanggal: date,
    templat: Templat | None = None,
    mandat: Mandat | None = None,
) -> bytes:
    """PDF of a letter of `jenis`; `templat`: another wording than the present, saved or not;
    `mandat`: who signs, else somebody who does not exist.

    Raises templat.TemplatTidakSah, PratinjauGagal.
    """
    bahan = surat.bahan(jenis, ukuran=ukuran, tanggal=tanggal, templat=templat, mandat=mandat)
    return cetak(surat.surat_peraga(bahan, tanda_air="DRAF"))


def cetak(data: dict[str, Any], *, gambar: bool = False) -> bytes:
    """PDF of a letter as it would be frozen; `gambar`: a PNG of its pages, one below the other.
    Raises PratinjauGagal."""
    kop = data["kop"]
    if kop["lambang"]:  # the process that prints has no database to look it up
        kop["lambang_uri"] = lambang.cari(kop["lambang"])
    try:
        data |= {"gambar": True} if gambar else {}
        return cetak_luar.cetak("surat", data, detik=_WAKTU_MAKS)
    except cetak_luar.Sibuk as galat:
        raise PratinjauGagal(
            "Pratinjau belum selesai karena komputer sedang sibuk. Tunggu sebentar, lalu coba lagi."
        ) from galat
    except cetak_luar.TidakTercetak as galat:
        raise PratinjauGagal(
            "Pratinjau tidak dapat dibuat dari kata-kata ini. Kurangi kata-katanya, lalu coba lagi."
        ) from galat
