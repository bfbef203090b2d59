"""The only place where a Surat comes into being, or becomes void."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from penduduk import desa as desa_
from penduduk.models import Akun, Desa, Penduduk
from surat import isian, kode_cek, nomor, templat
from surat import tanggal as tgl
from surat.models import BukuNomor, Cetakan, JenisSurat, Mandat, Surat, TataNaskah, Templat


@dataclass(frozen=True)
class Pengantar:
    """The covering letter of the Kelian Banjar Dinas, as typed from the paper; may be empty."""

    nomor: str = ""
    tanggal: date | None = None


def tata_naskah() -> TataNaskah:
    return TataNaskah.objects.get_or_create(pk=1)[0]


def templat_berlaku(jenis: JenisSurat) -> Templat:
    return jenis.templat.order_by("-versi")[:1].get()


def identitas(orang: Penduduk) -> dict[str, str]:
    """The person's data in words, as the register has it now. Costs no query when `keluarga`
    and its banjar are selected."""
    keluarga = orang.keluarga
    banjar = keluarga.banjar.nama if keluarga and keluarga.banjar else ""
    banjar = banjar.removeprefix("Banjar ").removeprefix("Dinas ")  # the wording says it already
    return {
        "nama": orang.nama,
        "nik": orang.nik or "",
        "tempat_lahir": orang.tempat_lahir,
        "tanggal_lahir": tgl.panjang(orang.tanggal_lahir) if orang.tanggal_lahir else "",
        "jenis_kelamin": orang.get_jenis_kelamin_display() or "",
        "agama": orang.get_agama_display() or "",
        "status_perkawinan": orang.get_status_perkawinan_display() or "",
        "pekerjaan": orang.get_pekerjaan_display() or "",
        "kewarganegaraan": orang.get_kewarganegaraan_display() or "",
        "alamat": keluarga.alamat if keluarga else "",
        "banjar": banjar,
    }


def baris_identitas(data: dict[str, str]) -> list[list[str]]:
    """Identity as label and value, in the order of the letters; empty facts are left out."""
    lahir = ", ".join(x for x in (data["tempat_lahir"], data["tanggal_lahir"]) if x)
    alamat = ", ".join(
        x for x in (data["alamat"], data["banjar"] and f"Banjar Dinas {data['banjar']}") if x
    )
    baris = [
        ["Nama", data["nama"]],
        ["NIK", data["nik"]],
        ["Tempat, tanggal lahir", lahir],
        ["Jenis kelamin", data["jenis_kelamin"]],
        ["Agama", data["agama"]],
        ["Status perkawinan", data["status_perkawinan"]],
        ["Pekerjaan", data["pekerjaan"]],
        ["Kewarganegaraan", data["kewarganegaraan"]],
        ["Alamat", alamat],
    ]
    return [b for b in baris if b[1]]


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
    baris = [b for b in (tata.kop_1, tata.kop_2, tata.kop_3) if b] or [
        f"Kabupaten {desa.kabupaten}",
        f"Kecamatan {desa.kecamatan}",
        f"Desa {desa.nama}",
    ]
    alamat = [
        desa.alamat_kantor,
        desa.kode_pos and f"Kode Pos {desa.kode_pos}",
        desa.telepon and f"Telp. {desa.telepon}",
        desa.email,
        desa.situs,
    ]
    return {"baris": baris, "alamat": " · ".join(x for x in alamat if x)}


def susun(
    *,
    jenis: JenisSurat,
    templat_: Templat,
    subjek: Penduduk,
    jawaban: isian.Jawaban,
    mandat: Mandat,
    pengantar: Pengantar,
    tanggal: date,
) -> dict[str, Any]:
    """Everything that will stand on the paper, except the number and the check code."""
    desa, tata = desa_.ambil(), tata_naskah()
    orang = identitas(subjek)
    sampai = berlaku_sampai(jenis, tanggal)
    nilai = {
        **orang,
        **{b.kunci: teks for b, teks in isian.dalam_kata(jenis, jawaban)},
        "no_pengantar": pengantar.nomor,
        "tgl_pengantar": tgl.panjang(pengantar.tanggal) if pengantar.tanggal else "",
        "sebutan_kepala": desa.sebutan_kepala,
        "desa": desa.nama,
        "kecamatan": desa.kecamatan,
        "kabupaten": desa.kabupaten,
        "tanggal": tgl.panjang(tanggal),
        "berlaku_sampai": tgl.panjang(sampai) if sampai else "",
    }
    return {
        "kop": kop(desa, tata),
        "kertas": tata.kertas,
        "contoh": desa.contoh,
        "judul": jenis.judul,
        "pembuka": templat.render(templat_.pembuka, nilai),
        "identitas": baris_identitas(orang),
        "isi": _alinea(templat.render(templat_.isi, nilai)),
        "penutup": templat.render(templat_.penutup, nilai),
        "tempat_tanggal": f"{desa.nama}, {tgl.panjang(tanggal)}",
        "berlaku_sampai": nilai["berlaku_sampai"],
        "ttd": {
            "baris": blok_ttd(mandat, desa),
            "nama": mandat.pejabat.nama,
            "nip": mandat.pejabat.nip,
        },
        "desa": desa.nama,
    }


def _alinea(teks: str) -> Sequence[str]:
    return [a for a in (" ".join(b.split()) for b in teks.split("\n\n")) if a]


def berlaku_sampai(jenis: JenisSurat, tanggal: date) -> date | None:
    if jenis.masa_berlaku_hari is None:
        return None
    return tanggal + timedelta(days=jenis.masa_berlaku_hari)


def _nomor_berikut(
    jenis: JenisSurat, tata: TataNaskah, tanggal: date
) -> tuple[BukuNomor, int, str]:
    """The next number of the right book, written out; FormatNomorTidakSah when it is taken."""
    desa = desa_.ambil()
    buku, urut = nomor.ambil(nomor.buku_untuk(jenis, tata), tanggal.year)
    teks = nomor.susun(
        tata.format_nomor,
        urut=urut,
        klasifikasi=jenis.klasifikasi,
        desa=desa.nama,
        kode_desa=desa.kode,
        pada=tanggal,
    )
    if Surat.objects.filter(nomor=teks).exists():
        raise nomor.FormatNomorTidakSah(
            f"Nomor {teks} sudah dipakai surat lain: dua buku nomor memberi nomor yang sama. "
            "Ubah format nomor di tata naskah supaya nomor tiap buku berbeda."
        )
    return buku, urut, teks


def _tanda(teks_nomor: str, kode: str) -> dict[str, str]:
    return {
        "nomor": teks_nomor,
        "kode_cek": kode_cek.tampil(kode),
        "url_cek": f"{settings.PUBLIC_BASE_URL}/cek/{kode}/",
    }


def terbitkan(
    *,
    jenis: JenisSurat,
    subjek: Penduduk,
    jawaban: isian.Jawaban,
    mandat: Mandat,
    pengantar: Pengantar,
    oleh: Akun,
    pada: datetime,
) -> Surat:
    """Take a number, freeze the letter and leave a work order for its PDF.

    `pada`: aware moment of issue; the date on paper is that day in WITA. Must run inside the
    transaction of the step that issues it. Raises templat.TemplatTidakSah or
    nomor.FormatNomorTidakSah when the village's own settings cannot be used.
    """
    tata, tanggal = tata_naskah(), tgl.di_wita(pada)
    nomor.periksa_format(tata.format_nomor)
    versi = templat_berlaku(jenis)
    data = susun(
        jenis=jenis,
        templat_=versi,
        subjek=subjek,
        jawaban=jawaban,
        mandat=mandat,
        pengantar=pengantar,
        tanggal=tanggal,
    )
    # The counter row is locked from here to commit, so it is taken last.
    buku, urut, teks_nomor = _nomor_berikut(jenis, tata, tanggal)
    kode = kode_cek.buat()
    data |= _tanda(teks_nomor, kode)
    surat = Surat.objects.create(
        nomor=teks_nomor,
        buku=buku,
        urut=urut,
        tanggal=tanggal,
        jenis=jenis,
        templat=versi,
        subjek=subjek,
        mandat=mandat,
        data=data,
        kode_cek=kode,
        diterbitkan_pada=pada,
        diterbitkan_oleh=oleh,
        berlaku_sampai=berlaku_sampai(jenis, tanggal),
    )
    Cetakan.objects.create(surat=surat, ambil_lagi_pada=pada)
    return surat


def batalkan(surat: Surat, *, alasan: str, oleh: Akun, pada: datetime) -> None:
    """Declare a letter void; its number stays in the register. Raises RuntimeError outside a
    transaction, because a void letter without its step would be a lie."""
    if not connection.in_atomic_block:
        raise RuntimeError("batalkan() must run inside the transaction of its step")
    Surat.objects.filter(pk=surat.pk, batal_pada__isnull=True).update(
        batal_pada=pada, batal_oleh=oleh, batal_alasan=alasan[:500]
    )
