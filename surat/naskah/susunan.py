"""Everything that will stand on the paper, put together once and then frozen in Surat.data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from penduduk import desa as desa_
from penduduk.models import Banjar, Desa, Penduduk
from surat.bahasa import alinea, kalimat, orang, templat
from surat.bahasa import tanggal as tgl
from surat.bahasa.orang import Orang
from surat.isian import jawaban
from surat.models import JenisSurat, Mandat, Surat, Templat
from surat.naskah.gaya import berlaku_sampai, blok_ttd, kop, rupa, tata_naskah
from surat.naskah.penanda import penanda

_KEPALA_KELUARGA = 1


@dataclass(frozen=True)
class Pengantar:
    """The covering letter of the Kelian Banjar Dinas, as typed from the paper; may be empty."""

    nomor: str = ""
    tanggal: date | None = None


@dataclass(frozen=True)
class Bahan:
    """What a letter is made of. `tanggal`: the day of issue in WITA; `sesuai_data`: the register
    says nothing else."""

    jenis: JenisSurat
    templat: Templat
    pemohon: Penduduk
    jawaban: jawaban.Jawaban
    mandat: Mandat
    pengantar: Pengantar
    tanggal: date
    menggantikan: Surat | None = None
    penduduk: Mapping[int, Penduduk] | None = None  # whom answers name, where they are loaded
    sesuai_data: bool = True


def subjek(bahan: Bahan, isi: jawaban.Isi) -> Orang:
    """Who the letter is about: the person of the field that the type names, else the applicant."""
    lain = isi.orang.get(bahan.jenis.subjek) if bahan.jenis.subjek else None
    return lain or orang.dari_penduduk(bahan.pemohon, pada=bahan.tanggal)


def _kepala_keluarga(penduduk: Penduduk | None, peraga: Mapping[int, Penduduk] | None) -> str:
    if penduduk is None or penduduk.keluarga is None:
        return ""
    if penduduk.keluarga._state.adding:  # a fictitious family is in no table
        sekeluarga = [x for x in (peraga or {}).values() if x.keluarga == penduduk.keluarga]
        return next((x.nama for x in sekeluarga if x.shdk == _KEPALA_KELUARGA), "")
    kepala = Penduduk.objects.filter(keluarga=penduduk.keluarga_id, shdk=_KEPALA_KELUARGA)
    return kepala.values_list("nama", flat=True).first() or ""


def nilai(bahan: Bahan, isi: jawaban.Isi, diterangkan: Orang, desa: Desa) -> dict[str, str]:
    """Words by name: exactly the names of templat.TETAP and of the type's own fields."""
    pemohon = orang.dari_penduduk(bahan.pemohon, pada=bahan.tanggal).kata
    sampai = berlaku_sampai(bahan.jenis, bahan.tanggal)
    pengantar = bahan.pengantar
    return {
        **isi.nilai,
        **diterangkan.kata,
        "kepala_keluarga": _kepala_keluarga(diterangkan.penduduk, bahan.penduduk),
        "pemohon": pemohon["nama"],
        **{f"pemohon_{k}": pemohon[k] for k in ("nik", "pekerjaan", "umur", "banjar")},
        "pemohon_alamat": orang.alamat(pemohon),
        "kelian_banjar": _kelian(bahan.pemohon),
        "no_pengantar": pengantar.nomor,
        "tgl_pengantar": tgl.panjang(pengantar.tanggal) if pengantar.tanggal else "",
        "sebutan_kepala": desa.sebutan_kepala,
        "desa": desa.nama,
        "kecamatan": desa.kecamatan,
        "kabupaten": desa.kabupaten,
        "tanggal": tgl.panjang(bahan.tanggal),
        "hari_ini": tgl.hari(bahan.tanggal),
        "berlaku_sampai": tgl.panjang(sampai) if sampai else "",
        "sesuai_data": "ya" if bahan.sesuai_data else "",
        "penanda_tangan": bahan.mandat.pejabat.nama,
        "jabatan_penanda_tangan": bahan.mandat.pejabat.jabatan,
        "kedudukan_penanda_tangan": blok_ttd(bahan.mandat, desa)[1],
        **_sebutan(diterangkan),
    }


def _sebutan(diterangkan: Orang) -> dict[str, str]:
    """Words that follow the sex of the subject; both forms while it is not known."""
    kata = {
        "Laki-laki": ("Duda", "", "almarhum"),
        "Perempuan": ("Janda", "ya", "almarhumah"),
    }.get(diterangkan.kata["jenis_kelamin"], ("Janda/Duda", "", "almarhum/almarhumah"))
    return dict(zip(("janda_duda", "perempuan", "almarhum_ah"), kata, strict=True))


def _kelian(pemohon: Penduduk) -> str:
    banjar = pemohon.keluarga.banjar if pemohon.keluarga else None
    return banjar.kelian if banjar else ""


def _nama_diri(kata: Mapping[str, str], isi: jawaban.Isi) -> set[str]:
    """Words that are names in this letter: its people, and the places of the village."""
    tempat = [kata[k] for k in "tempat_lahir desa kecamatan kabupaten".split()]
    orang_ = [kata[k] for k in "nama pemohon kepala_keluarga penanda_tangan".split()]
    banjar = Banjar.objects.values_list("nama", flat=True)
    return kalimat.kata_nama(*tempat, *orang_, *(x.nama for x in isi.orang.values()), *banjar)


def susun(bahan: Bahan) -> tuple[dict[str, Any], Orang]:
    """The frozen letter, except its number and check code; and who it is about.

    Raises templat.TemplatTidakSah when the wording names something that is not there.
    """
    desa, tata, jenis = desa_.ambil(), tata_naskah(), bahan.jenis
    wilayah = f"Desa {desa.nama}, Kecamatan {desa.kecamatan}, Kabupaten {desa.kabupaten}"
    isi = jawaban.untuk_surat(
        jenis, bahan.jawaban, pada=bahan.tanggal, penduduk=bahan.penduduk, wilayah=wilayah
    )
    diterangkan = subjek(bahan, isi)
    kata = nilai(bahan, isi, diterangkan, desa)
    tipe = {b.kunci: b.tipe for b in jenis.pertanyaan.all()}
    siap, nama_diri = alinea.siapkan(kata, isi.blok, tipe), _nama_diri(kata, isi)
    tubuh = templat.render(bahan.templat.isi, siap)
    data = {
        "tata": rupa(tata),
        "kop": kop(desa, tata),
        "contoh": desa.contoh,
        "tanda_air": "CONTOH" if desa.contoh else "",
        "naskah": jenis.naskah,
        # Plain text: kertas.html escapes it once.
        "judul": templat.render_polos(jenis.judul, kata),
        "pembuka": alinea.rangkai(templat.render(bahan.templat.pembuka, siap), nama_diri),
        "identitas": orang.baris_identitas(diterangkan, wilayah) if jenis.cetak_identitas else [],
        "isi": alinea.uraikan(tubuh, isi.blok, nama_diri),
        "berlaku_sampai": kata["berlaku_sampai"],
        "penutup": alinea.rangkai(templat.render(bahan.templat.penutup, siap), nama_diri),
        "menggantikan": bahan.menggantikan
        and {
            "nomor": bahan.menggantikan.nomor,
            "tanggal": tgl.panjang(bahan.menggantikan.tanggal),
        },
        "tempat_tanggal": f"{desa.nama}, {kata['tanggal']}",
        "ttd": {
            "baris": blok_ttd(bahan.mandat, desa)[0],
            "nama": bahan.mandat.pejabat.nama,
            "nip": bahan.mandat.pejabat.nip if tata.nip_di_surat else "",
        },
        "penanda": penanda(jenis, kata, isi),
        "tembusan": [b.strip() for b in jenis.tembusan.splitlines() if b.strip()],
        "desa": desa.nama,
    }
    return data, diterangkan
