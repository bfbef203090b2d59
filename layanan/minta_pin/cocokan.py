"""Who may have asked for a PIN, and how what was typed compares with the register."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from layanan.models import PermintaanPIN
from penduduk.identitas import nik as nik_
from penduduk.models import Akun, Penduduk


@dataclass(frozen=True)
class Cocokan:
    """A resident who may be the sender, and how what was typed compares with the register."""

    orang: Penduduk
    sebab: str
    beda: list[tuple[str, str, str, bool]]  # label, typed, register, whether they agree
    akun: Akun | None

    @property
    def semua_sama(self) -> bool:
        return bool(self.beda) and all(sama for *_, sama in self.beda)


def calon(permintaan: PermintaanPIN, *, cari: str = "") -> list[Cocokan]:
    """Residents to compare the photos with: searched for, or suggested. Best first, at most 8."""
    semua = Penduduk.objects.select_related("akun", "keluarga__banjar").order_by("nama", "pk")
    if cari.strip():
        return [_cocokkan(permintaan, o, "hasil pencarian") for o in semua.cari(cari)[:8]]
    dugaan: dict[int, Cocokan] = {}

    def tambah(orang: Any, sebab: str) -> None:
        for satu in orang:
            dugaan.setdefault(satu.pk, _cocokkan(permintaan, satu, sebab))

    if permintaan.penduduk_id:
        tambah(semua.filter(pk=permintaan.penduduk_id), "sudah dipilih")
    if permintaan.nik:
        tambah(semua.filter(nik=permintaan.nik), "NIK yang ditulis warga")
    tambah(semua.filter(akun__nomor_hp=permintaan.nomor_hp)[:5], "nomor HP ini tercatat padanya")
    for nama in filter(None, (permintaan.nama, permintaan.nama_wa)):
        tambah(semua.hidup().cari(nama)[:5], "nama mirip")
    return list(dugaan.values())[:8]


def _cocokkan(permintaan: PermintaanPIN, orang: Penduduk, sebab: str) -> Cocokan:
    beda = []
    if permintaan.nik:
        tulis, daftar = nik_.kelompok(permintaan.nik), nik_.kelompok(orang.nik or "—")
        beda.append(("NIK", tulis, daftar, permintaan.nik == orang.nik))
    if permintaan.nama:
        sama = orang in Penduduk.objects.filter(pk=orang.pk).cari(permintaan.nama)
        beda.append(("Nama", permintaan.nama, orang.nama, sama))
    if permintaan.tanggal_lahir:
        lahir = permintaan.tanggal_lahir
        beda.append(
            ("Tanggal lahir", _tgl(lahir), _tgl(orang.tanggal_lahir), lahir == orang.tanggal_lahir)
        )
    return Cocokan(orang, sebab, beda, getattr(orang, "akun", None))


def _tgl(hari: date | None) -> str:
    return f"{hari:%d-%m-%Y}" if hari else "—"
