"""Everything that will stand on the paper, put together once and then frozen in Surat.data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from penduduk import desa as desa_
from penduduk.models import Desa, Penduduk
from surat import alinea, jawaban, orang, templat
from surat import tanggal as tgl
from surat.models import JenisSurat, Mandat, Surat, TataNaskah, Templat
from surat.orang import Orang

_KEPALA_KELUARGA = 1


@dataclass(frozen=True)
class Pengantar:
    """The covering letter of the Kelian Banjar Dinas, as typed from the paper; may be empty."""

    nomor: str = ""
    tanggal: date | None = None


@dataclass(frozen=True)
class Bahan:
    """What a letter is made of. `tanggal`: the day of issue in WITA."""

    jenis: JenisSurat
    templat: Templat
    pemohon: Penduduk
    jawaban: jawaban.Jawaban
    mandat: Mandat
    pengantar: Pengantar
    tanggal: date
    menggantikan: Surat | None = None
    penduduk: Mapping[int, Penduduk] | None = None  # people of a preview, instead of the register


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


def blok_ttd(mandat: Mandat, desa: Desa) -> list[str]:
    """Lines above the signature, by the capacity in which it is given (Permendagri 1/2023)."""
    kepala = f"{desa.sebutan_kepala} {desa.nama}"
    jabatan = mandat.pejabat.jabatan
    return {
        Mandat.Sebagai.DEFINITIF: [f"{kepala},"],
        Mandat.Sebagai.AN: [f"a.n. {kepala}", f"{jabatan},"],
        Mandat.Sebagai.UB: [f"a.n. {kepala}", "Sekretaris Desa", "u.b.", f"{jabatan},"],
        Mandat.Sebagai.PLT: [f"Plt. {kepala},"],
        Mandat.Sebagai.PLH: [f"Plh. {kepala},"],
    }[Mandat.Sebagai(mandat.sebagai)]


def kop(desa: Desa, tata: TataNaskah) -> dict[str, Any]:
    """Letterhead; without the village's own wording only its plain names, nothing invented."""
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
        "aksara": [a for _, a in baris] if tata.aksara and any(a for _, a in baris) else [],
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
        **{f"pemohon_{k}": pemohon[k] for k in ("nik", "pekerjaan", "umur")},
        "pemohon_alamat": orang.alamat(pemohon),
        "no_pengantar": pengantar.nomor,
        "tgl_pengantar": tgl.panjang(pengantar.tanggal) if pengantar.tanggal else "",
        "sebutan_kepala": desa.sebutan_kepala,
        "desa": desa.nama,
        "kecamatan": desa.kecamatan,
        "kabupaten": desa.kabupaten,
        "tanggal": tgl.panjang(bahan.tanggal),
        "hari_ini": tgl.hari(bahan.tanggal),
        "berlaku_sampai": tgl.panjang(sampai) if sampai else "",
        "penanda_tangan": bahan.mandat.pejabat.nama,
        "jabatan_penanda_tangan": bahan.mandat.pejabat.jabatan,
        **_sebutan(diterangkan),
    }


def _sebutan(diterangkan: Orang) -> dict[str, str]:
    """Words that follow the sex of the subject; both forms while it is not known."""
    kata = {
        "Laki-laki": ("Duda", "", "almarhum"),
        "Perempuan": ("Janda", "ya", "almarhumah"),
    }.get(diterangkan.kata["jenis_kelamin"], ("Janda/Duda", "", "almarhum/almarhumah"))
    return dict(zip(("janda_duda", "perempuan", "almarhum_ah"), kata, strict=True))


def _menyatakan(bahan: Bahan, isi: jawaban.Isi, diterangkan: Orang) -> dict[str, Any] | None:
    """Who makes the statement and signs it; None when the village itself declares."""
    jenis = bahan.jenis
    if jenis.naskah != JenisSurat.Naskah.PERNYATAAN:
        return None
    nama = [diterangkan.nama]
    if jenis.pembuat in isi.orang:
        nama = [isi.orang[jenis.pembuat].nama]
    elif jenis.pembuat in isi.blok:
        nama = [b[0] for b in isi.blok[jenis.pembuat]["baris"]]
    return {"orang": nama, "meterai": jenis.meterai}


def _mengetahui(jenis: JenisSurat, desa: Desa, pemohon: Penduduk) -> list[dict[str, Any]]:
    keluarga = pemohon.keluarga
    banjar = keluarga.banjar if keluarga else None
    hasil = []
    if jenis.mengetahui_kelian:
        nama = banjar.nama.removeprefix("Banjar ").removeprefix("Dinas ") if banjar else ""
        kelian = {"baris": [f"Kelian Banjar Dinas {nama}".strip() + ","]}
        hasil.append(kelian | {"nama": banjar.kelian if banjar else ""})
    if jenis.mengetahui_camat:
        hasil.append({"baris": [f"Camat {desa.kecamatan},"], "nama": ""})
    return hasil


def _saksi(jenis: JenisSurat, isi: jawaban.Isi) -> list[str]:
    return [isi.nilai.get(f"saksi{i}", "") for i in range(1, jenis.jumlah_saksi + 1)]


def susun(bahan: Bahan) -> tuple[dict[str, Any], Orang]:
    """The frozen letter, except its number and check code; and who it is about.

    Raises templat.TemplatTidakSah when the wording names something that is not there.
    """
    desa, tata, jenis = desa_.ambil(), tata_naskah(), bahan.jenis
    isi = jawaban.untuk_surat(jenis, bahan.jawaban, pada=bahan.tanggal, penduduk=bahan.penduduk)
    diterangkan = subjek(bahan, isi)
    kata = nilai(bahan, isi, diterangkan, desa)
    tubuh = templat.render(bahan.templat.isi, alinea.siapkan(kata, isi.blok))
    data = {
        "tata": rupa(tata),
        "kop": kop(desa, tata),
        "contoh": desa.contoh,
        "tanda_air": "CONTOH" if desa.contoh else "",
        "naskah": jenis.naskah,
        # Plain text: kertas.html escapes it once.
        "judul": templat.render_polos(jenis.judul, kata),
        "pembuka": templat.render(bahan.templat.pembuka, kata),
        "identitas": orang.baris_identitas(diterangkan.kata) if jenis.cetak_identitas else [],
        "isi": alinea.uraikan(tubuh, isi.blok),
        "berlaku_sampai": kata["berlaku_sampai"],
        "penutup": templat.render(bahan.templat.penutup, kata),
        "menggantikan": bahan.menggantikan
        and {
            "nomor": bahan.menggantikan.nomor,
            "tanggal": tgl.panjang(bahan.menggantikan.tanggal),
        },
        "tempat_tanggal": f"{desa.nama}, {kata['tanggal']}",
        "ttd": {
            "baris": blok_ttd(bahan.mandat, desa),
            "nama": bahan.mandat.pejabat.nama,
            "nip": bahan.mandat.pejabat.nip if tata.nip_di_surat else "",
        },
        "pemegang": diterangkan.nama if jenis.pemegang else "",
        "menyatakan": _menyatakan(bahan, isi, diterangkan),
        "saksi": _saksi(jenis, isi),
        "mengetahui": _mengetahui(jenis, desa, bahan.pemohon),
        "tembusan": [b.strip() for b in jenis.tembusan.splitlines() if b.strip()],
        "desa": desa.nama,
    }
    return data, diterangkan
