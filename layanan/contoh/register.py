"""The register of the demo village: twelve banjar, gaps and slips as in real ones."""

from dataclasses import dataclass

from simple_history.utils import bulk_create_with_history

from layanan.contoh import data
from penduduk.models import Banjar, Keluarga, Penduduk

_ALASAN = "desa contoh"
_TEKS = ("nama", "tempat_lahir", "nama_ayah", "nama_ibu")  # the others are empty as None


@dataclass(frozen=True)
class Register:
    """What was written: residents by the names that logins and requests give them."""

    orang: dict[str, Penduduk]
    jumlah: int


def tulis() -> Register:
    """Write banjar, families and residents of the demo village into an empty register."""
    baris = data.penduduk()
    nama = dict.fromkeys(satu["banjar"] for satu in baris)
    kelian = dict(zip(nama, data.KELIAN, strict=False))
    banjar = {n: Banjar.objects.create(nama=n, kelian=kelian.get(n, "")) for n in nama}
    keluarga = {
        satu["no_kk"]: Keluarga(
            no_kk=satu["no_kk"], alamat=satu["alamat"], banjar=banjar[satu["banjar"]]
        )
        for satu in baris
    }
    bulk_create_with_history(list(keluarga.values()), Keluarga, default_change_reason=_ALASAN)
    orang = [_orang(satu, keluarga[satu["no_kk"]]) for satu in baris]
    bulk_create_with_history(orang, Penduduk, default_change_reason=_ALASAN)
    bernama = {b["kunci"]: o for b, o in zip(baris, orang, strict=True) if b["kunci"]}
    return Register(bernama, len(orang))


def _orang(baris: dict[str, str], keluarga: Keluarga) -> Penduduk:
    bidang = [kolom for kolom in baris if kolom not in ("kunci", "no_kk", "alamat", "banjar")]
    isi = {kolom: baris[kolom] or ("" if kolom in _TEKS else None) for kolom in bidang}
    satu = Penduduk(keluarga=keluarga, kewarganegaraan=data.WNI, **isi)
    satu.clean_fields(exclude=["nik"])  # the columns are text: numbers and dates from here on
    return satu


def tanpa_akun(jumlah: int) -> list[Penduduk]:
    """Grown-up heads of families who cannot log in yet, the youngest first."""
    kepala = Penduduk.objects.hidup().filter(
        shdk=data.KEPALA, akun__isnull=True, nik__isnull=False, tanggal_lahir__isnull=False
    )
    return list(kepala.select_related("keluarga").order_by("-tanggal_lahir", "pk")[:jumlah])
