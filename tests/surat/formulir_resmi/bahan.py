"""Material of a letter for the tests of its forms: the family of the samples, and a few answers."""

from datetime import date
from typing import Any

from penduduk.models import Penduduk
from surat.formulir_resmi import daftar
from surat.formulir_resmi.isi import Formulir
from surat.formulir_resmi.sumber import Sumber
from surat.models import Templat
from surat.peraga import surat as peraga
from surat.peraga.surat import Ukuran
from tests import factories

PADA = date(2026, 11, 23)


def sumber(
    kode: str,
    jawaban: dict[str, Any] | None = None,
    *,
    ukuran: Ukuran = Ukuran.WAJAR,
    syarat: str = "",
    **pemohon: Any,
) -> Sumber:
    """The material of letter type `kode`: its sample, with other answers and another applicant
    where they are given."""
    bahan = peraga.bahan(factories.jenis(kode), ukuran=ukuran, tanggal=PADA, templat=Templat())
    for kolom, nilai in pemohon.items():
        setattr(bahan.pemohon, kolom, nilai)
    bahan.jawaban.update(jawaban or {})
    return Sumber(
        bahan.jenis,
        bahan.pemohon,
        bahan.jawaban,
        PADA,
        frozenset(syarat.split()),
        penduduk=bahan.penduduk,
    )


def dari_register(kode: str, pemohon: Penduduk, jawaban: dict[str, Any]) -> Sumber:
    return Sumber(factories.jenis(kode), pemohon, jawaban, PADA)


def formulir(kunci: str, dari: Sumber, versi: str = "2026", **ketikan: str) -> Formulir:
    return Formulir(kunci, daftar.semua()[kunci][versi], dari, ketikan)


def bidang(satu: Formulir, label: str, ke: int = 0) -> dict[str, Any]:
    """The field called `label`; `ke`: which of several."""
    semua = [f for b in satu.bagian if b["macam"] == "bidang" for f in b["bidang"]]
    return [f for f in semua if f["label"] == label][ke]


def dipilih(satu: Formulir, label: str) -> list[str]:
    """The labels of the choices that are marked."""
    return [x[1] for x in bidang(satu, label)["pilihan"] if x[2]]


def kolom(satu: Formulir, label: str) -> list[str]:
    """The cells of a column, from the top."""
    for b in satu.bagian:
        if b["macam"] == "tabel":
            nama = [k["label"] for k in b["kolom"]]
            if label in nama:
                return [baris[nama.index(label)] for baris in b["baris"]]
    raise LookupError(label)
