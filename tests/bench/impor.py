"""A population file: our dry run + confirmation beside plain openpyxl + bulk_create.

Each way runs in a process of its own, so that its peak memory is its own; in turns, on one file.
"""

import random
import resource
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.laporan import Baris, Rusak
from tests.bench.panggung import Panggung

JUDUL = (
    "alamat dusun rw rt nama no_kk nik sex tempatlahir tanggallahir agama_id pendidikan_kk_id "
    "pendidikan_sedang_id pekerjaan_id status_kawin kk_level warganegara_id ayah_nik nama_ayah "
    "ibu_nik nama_ibu golongan_darah_id akta_lahir dokumen_pasport tanggal_akhir_paspor "
    "dokumen_kitas akta_perkawinan tanggalperkawinan akta_perceraian tanggalperceraian cacat_id "
    "cara_kb_id hamil ktp_el status_rekam alamat_sekarang status_dasar suku tag_id_card "
    "id_asuransi no_asuransi lat lng"
).split()
_SEKALIGUS = 1000
_DUSUN = "KALER KELOD TENGAH SAMUH".split()


def buat_berkas(tujuan: Path, jumlah: int) -> None:
    """A file as OpenSID has it: four to a family, all columns that matter filled in."""
    import openpyxl

    acak = random.Random(51070420)
    buku = openpyxl.Workbook(write_only=True)
    lembar = buku.create_sheet("Data Penduduk")
    lembar.append(JUDUL)
    for n in range(jumlah):
        lahir = f"{acak.randrange(1, 28):02}{acak.randrange(1, 13):02}", acak.randrange(1940, 2020)
        kelamin = 1 + n % 2
        hari = int(lahir[0][:2]) + 40 * (kelamin == 2)
        satu = {
            "alamat": f"Jalan Contoh {n // 4}",
            "dusun": f"DUSUN UKUR {_DUSUN[n // 4 % 4]}",
            "rw": "1",
            "rt": "2",
            "nama": f"I WAYAN CONTOH {n}",
            "no_kk": f"51070401{n // 4:06}77",
            # The first six digits are those of a place, not of a resident of the demo village.
            "nik": f"3201{n // 9000 + 10:02}{hari:02}{lahir[0][2:]}{lahir[1] % 100:02}"
            f"{n % 9000 + 1000:04}",
            "sex": kelamin,
            "tempatlahir": "BUGBUG",
            "tanggallahir": f"{lahir[0][:2]}-{lahir[0][2:]}-{lahir[1]}",
            "agama_id": 4,
            "pendidikan_kk_id": 5,
            "pendidikan_sedang_id": 18,
            "pekerjaan_id": 11,
            "status_kawin": 2,
            "kk_level": 1 if n % 4 == 0 else 4,
            "warganegara_id": 1,
            "ayah_nik": "0",
            "nama_ayah": "I MADE AYAH",
            "ibu_nik": "0",
            "nama_ibu": "NI KETUT IBU",
            "golongan_darah_id": 13,
            "akta_lahir": f"AL.500.{n}",
            "ktp_el": 2,
            "status_rekam": 3,
            "status_dasar": 1,
            "suku": "Bali",
        }
        lembar.append([satu.get(nama) for nama in JUDUL])
    buku.save(tujuan)


# --- In a process with Django -------------------------------------------------------------------


def _polos(berkas: str) -> int:
    """What anybody would write at first: no check, no history, nothing to look at before."""
    from datetime import date

    import openpyxl

    from penduduk.models import Banjar, Keluarga, Penduduk

    baris = openpyxl.load_workbook(berkas, read_only=True).worksheets[0].iter_rows(values_only=True)
    judul = next(baris)
    keluarga: dict[str, Keluarga] = {}
    banjar: dict[str, Banjar] = {}
    orang = []
    for satu in baris:
        isi = dict(zip(judul, satu, strict=False))  # rows end where they have nothing more
        kk = isi["no_kk"]
        if isi["dusun"] not in banjar:
            banjar[isi["dusun"]] = Banjar.objects.create(nama=isi["dusun"])
        keluarga.setdefault(
            kk,
            Keluarga(
                no_kk=kk,
                alamat=isi["alamat"],
                rt=isi["rt"],
                rw=isi["rw"],
                banjar=banjar[isi["dusun"]],
            ),
        )
        orang.append(
            Penduduk(
                nik=isi["nik"],
                nama=isi["nama"],
                jenis_kelamin=isi["sex"],
                tempat_lahir=isi["tempatlahir"],
                tanggal_lahir=date(*map(int, reversed(isi["tanggallahir"].split("-")))),
                agama=isi["agama_id"],
                pendidikan=isi["pendidikan_kk_id"],
                pekerjaan=isi["pekerjaan_id"],
                status_perkawinan=isi["status_kawin"],
                shdk=isi["kk_level"],
                nama_ayah=isi["nama_ayah"],
                nama_ibu=isi["nama_ibu"],
                golongan_darah=isi["golongan_darah_id"],
                keluarga=keluarga[kk],
                kolom_lain={"suku": isi["suku"], "akta_lahir": isi["akta_lahir"]},
            )
        )
    Keluarga.objects.bulk_create(keluarga.values(), batch_size=_SEKALIGUS)
    return len(Penduduk.objects.bulk_create(orang, batch_size=_SEKALIGUS))


def _kita(berkas: str) -> dict[str, float]:
    """Upload, dry run, confirmation; seconds of the last two."""
    from django.core.files import File
    from django.utils import timezone

    from penduduk.impor import antrean, langkah

    with open(berkas, "rb") as isi:
        impor = langkah.terima(File(isi), nama="ukur.xlsx", oleh=None, pada=timezone.now())
    mulai = time.perf_counter()
    antrean.kerjakan_yang_menunggu()
    tengah = time.perf_counter()
    langkah.setujui(impor, ikut_ragu=True, oleh=None, mulai=timezone.now())
    antrean.kerjakan_yang_menunggu()
    selesai = time.perf_counter()
    impor.refresh_from_db()
    if impor.keadaan != "DITERAPKAN":
        raise Rusak(f"impor {impor.keadaan}: {impor.alasan}")
    return {"periksa": tengah - mulai, "terapkan": selesai - tengah}


def jalankan(cara: str, berkas: str) -> dict[str, Any]:
    """One import in this process, with its peak memory; afterwards the register is as before."""
    from penduduk.models import Penduduk

    sebelum = Penduduk.objects.count()
    awal = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mulai, cpu = time.perf_counter(), time.process_time()
    rinci = _kita(berkas) if cara == "kita" else {"polos": float(_polos(berkas))}
    detik, cpu = time.perf_counter() - mulai, time.process_time() - cpu
    puncak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    jumlah = Penduduk.objects.count() - sebelum
    _bersihkan()
    kb = 1024 if sys.platform != "darwin" else 1024 * 1024
    return {
        "detik": detik,
        "cpu": cpu,
        "awal_mb": awal / kb,
        "puncak_mb": puncak / kb,
        "jumlah": jumlah,
        "rinci": rinci,
    }


def _bersihkan() -> None:
    """Take out what an import put in, without the care that the product takes."""
    from django.db import connection

    with connection.cursor() as kursor:
        kursor.execute("DELETE FROM penduduk_barisimpor")
        kursor.execute("DELETE FROM penduduk_impor")
        kursor.execute("DELETE FROM penduduk_penduduk WHERE nik LIKE '3201%'")
        kursor.execute("DELETE FROM penduduk_riwayatpenduduk WHERE nik LIKE '3201%'")
        kursor.execute("DELETE FROM penduduk_keluarga WHERE no_kk LIKE '51070401%77'")
        kursor.execute("DELETE FROM penduduk_riwayatkeluarga WHERE no_kk LIKE '51070401%77'")
        kursor.execute("DELETE FROM penduduk_banjar WHERE UPPER(nama) LIKE '%UKUR%'")


# --- The measurement ----------------------------------------------------------------------------


def ukur(tempat: Panggung, *, jumlah: int, putaran: int) -> list[Baris]:
    berkas = Path(tempat.env["VAR_DIR"], "ukur.xlsx")
    buat_berkas(berkas, jumlah)
    hasil: dict[str, list[dict[str, Any]]] = {"polos": [], "kita": []}
    for _ in range(putaran):
        for cara, daftar in hasil.items():
            satu = tempat.anak("impor", cara=cara, berkas=str(berkas))
            if satu["jumlah"] != jumlah:
                raise Rusak(f"impor {cara}: {satu['jumlah']} dari {jumlah} penduduk")
            daftar.append(satu)
    bagian = f"Impor penduduk ({jumlah} baris)"
    polos, kita = (median(s["detik"] for s in hasil[cara]) for cara in ("polos", "kita"))
    rinci = hasil["kita"][-1]["rinci"]
    return [
        Baris(
            bagian,
            "impor: periksa + terapkan",
            kita,
            "s",
            cpu=median(s["cpu"] for s in hasil["kita"]) / jumlah * 1000,
            rasio=kita / polos,
            terhadap="openpyxl + bulk_create",
            catatan=f"periksa {rinci['periksa']:.1f} s, terapkan {rinci['terapkan']:.1f} s "
            "(satu transaksi, dengan riwayat)",
            rinci={"putaran": hasil["kita"]},
        ),
        Baris(
            bagian,
            "openpyxl + bulk_create polos",
            polos,
            "s",
            cpu=median(s["cpu"] for s in hasil["polos"]) / jumlah * 1000,
            catatan="tanpa pemeriksaan, tanpa riwayat",
            rinci={"putaran": hasil["polos"]},
        ),
        _memori(bagian, "puncak memori impor", hasil["kita"], hasil["polos"]),
        _memori(bagian, "puncak memori polos", hasil["polos"]),
    ]


def _memori(
    bagian: str, nama: str, ini: list[dict[str, Any]], itu: list[dict[str, Any]] | None = None
) -> Baris:
    def tambahan(semua: list[dict[str, Any]]) -> float:
        return median(s["puncak_mb"] - s["awal_mb"] for s in semua)

    awal = median(s["awal_mb"] for s in ini)
    return Baris(
        bagian,
        nama,
        median(s["puncak_mb"] for s in ini),
        "MB",
        rasio=tambahan(ini) / max(tambahan(itu), 0.1) if itu else None,
        terhadap="tambahan memori polos" if itu else "",
        catatan=f"{tambahan(ini):.0f} MB di atas {awal:.0f} MB proses Django",
    )
