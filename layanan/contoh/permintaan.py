"""Requests for a PIN that wait in the demo's office: one that fits, one that nearly does."""

from datetime import datetime, timedelta

from layanan.contoh import gambar
from layanan.models import PermintaanPIN
from layanan.permohonan import berkas
from penduduk.models import Penduduk

K = PermintaanPIN.Keadaan


def tulis(orang: list[Penduduk], *, pada: datetime) -> int:
    """Two residents without an account ask, by WhatsApp and on the site; returns how many."""
    lewat_wa, lewat_situs = orang
    _permintaan(
        lewat_wa,
        PermintaanPIN(
            asal=PermintaanPIN.Asal.WA,
            nomor_hp="+6281200003001",
            nama_wa=" ".join(lewat_wa.nama.split()[-2:]),
        ),
        pada=pada - timedelta(minutes=25),
    )
    lahir = lewat_situs.tanggal_lahir
    _permintaan(
        lewat_situs,
        PermintaanPIN(
            asal=PermintaanPIN.Asal.SITUS,
            nomor_hp="+6281200003002",
            nama=lewat_situs.nama,
            nik=lewat_situs.nik or "",
            # The year is one off: what the page marks for the operator.
            tanggal_lahir=lahir and lahir.replace(year=lahir.year + 1, day=1),
        ),
        pada=pada - timedelta(hours=2),
    )
    return len(orang)


def _permintaan(orang: Penduduk, satu: PermintaanPIN, *, pada: datetime) -> None:
    satu.keadaan, satu.dibuat_pada, satu.diperbarui_pada = K.MENUNGGU, pada, pada
    satu.save(force_insert=True)
    kk = orang.keluarga.no_kk if orang.keluarga else ""
    foto_foto = (
        ("ktp", "KTP-el", gambar.foto("CONTOH KTP-el", [orang.nama, f"NIK {orang.nik}"])),
        ("kk", "Kartu Keluarga (KK)", gambar.foto("CONTOH KK", [f"Nomor KK {kk}", orang.nama])),
    )
    for ke, (dokumen, label, foto) in enumerate(foto_foto):
        saat = pada + timedelta(minutes=ke)
        berkas.terima(foto, permintaan=satu, dokumen=dokumen, label=label, pada=saat)
