"""The house style of the office: letterhead, paper, archive codes and the signature block."""

from datetime import date, timedelta
from typing import Any

from penduduk.models import Desa
from surat.models import JenisSurat, Mandat, TataNaskah


def tata_naskah() -> TataNaskah:
    return TataNaskah.objects.select_related("lambang").get_or_create(pk=1)[0]


def klasifikasi(jenis: JenisSurat, tata: TataNaskah) -> str:
    """The archive code by the scheme that the village has confirmed; the new one until then."""
    if tata.skema_klasifikasi == TataNaskah.Skema.LAMA and jenis.klasifikasi_lama:
        return jenis.klasifikasi_lama
    return jenis.klasifikasi


def berlaku_sampai(jenis: JenisSurat, tanggal: date) -> date | None:
    if jenis.masa_berlaku_hari is None:
        return None
    return tanggal + timedelta(days=jenis.masa_berlaku_hari)


# By capacity (Permendagri 1/2023): the lines above the signature, and the words of an opening.
_SEBAGAI = {
    Mandat.Sebagai.DEFINITIF: ("{kepala},", "{kepala}"),
    Mandat.Sebagai.AN: ("a.n. {kepala}|{jabatan},", "{jabatan}, atas nama {kepala}"),
    Mandat.Sebagai.UB: (
        "a.n. {kepala}|Sekretaris Desa|u.b.|{jabatan},",
        "{jabatan}, untuk beliau Sekretaris Desa, atas nama {kepala}",
    ),
    Mandat.Sebagai.PLT: ("Plt. {kepala},", "Plt. {kepala}"),
    Mandat.Sebagai.PLH: ("Plh. {kepala},", "Plh. {kepala}"),
}


def blok_ttd(mandat: Mandat, desa: Desa) -> tuple[list[str], str]:
    """The lines above the signature, and who that is in the words of an opening."""
    kata = {"kepala": f"{desa.sebutan_kepala} {desa.nama}", "jabatan": mandat.pejabat.jabatan}
    baris, kedudukan = _SEBAGAI[Mandat.Sebagai(mandat.sebagai)]
    return [x.format(**kata) for x in baris.split("|")], kedudukan.format(**kata)


def kop(desa: Desa, tata: TataNaskah, *, contoh: bool = False) -> dict[str, Any]:
    """Letterhead; without the village's own wording only its plain names, nothing invented. Aksara
    Bali stand on letters after somebody has checked them; `contoh`: on what says that it is none,
    before."""
    boleh = tata.aksara and bool(tata.aksara_diperiksa or contoh or desa.contoh)
    sendiri = [
        (b, a)
        for b, a in zip(
            (tata.kop_1, tata.kop_2, tata.kop_3),
            (tata.aksara_1, tata.aksara_2, tata.aksara_3),
            strict=True,
        )
        if b
    ]
    baris = sendiri or [
        (f"Kabupaten {desa.kabupaten}", tata.aksara_1),
        (f"Kecamatan {desa.kecamatan}", tata.aksara_2),
        (f"Desa {desa.nama}", tata.aksara_3),
    ]
    alamat = [
        desa.alamat_kantor,
        desa.kode_pos and f"Kode Pos {desa.kode_pos}",
        desa.telepon and f"Telp. {desa.telepon}",
        desa.email,
        desa.situs,
    ]
    return {
        "baris": [b for b, _ in baris],
        "aksara": [a for _, a in baris] if boleh and any(a for _, a in baris) else [],
        "alamat": " · ".join(x for x in alamat if x),
        "lambang": tata.lambang.sha256 if tata.lambang else "",
    }


def rupa(tata: TataNaskah) -> dict[str, Any]:
    """Paper, margins (mm: top, right, bottom, left) and type."""
    margin = [tata.margin_atas, tata.margin_kanan, tata.margin_bawah, tata.margin_kiri]
    return {
        "kertas": tata.kertas,
        "margin": margin,
        "huruf": tata.huruf,
        "ukuran": tata.ukuran_huruf,
    }
