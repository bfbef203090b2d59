"""People, letters and requests for tests: plain functions; a status is reached by walking."""

import io
from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone
from PIL import Image, ImageDraw

from layanan import peran, tasks
from layanan.models import PermintaanPIN, Permohonan
from layanan.permohonan import ajukan, alur, berkas, dampak, pengisian
from layanan.permohonan.langkah import LANGKAH
from penduduk.akun import pin
from penduduk.models import Akun, Banjar, Keluarga, Penduduk
from surat import pengukuhan
from surat.jenis import bawaan
from surat.jenis import berkas as berkas_jenis
from surat.models import JenisSurat, Mandat, Pejabat, TataNaskah
from surat.naskah.susunan import Pengantar
from surat.terbit import pencetakan

_urut = count(1)


@receiver(pre_save, sender=TataNaskah)
def _desa_siap(instance: TataNaskah, **lain: Any) -> None:
    """Villages of tests are ready to number letters, unless a test is about one that is not."""
    if instance._state.adding:
        instance.siap_pada = timezone.now()


PIN = "482915"


def buat_keluarga(**lain: Any) -> Keluarga:
    n = next(_urut)
    banjar, _ = Banjar.objects.get_or_create(nama="Contoh Satu")
    return Keluarga.objects.create(
        **{"no_kk": f"51070401{n:08}", "alamat": "Jalan Contoh 1", "banjar": banjar} | lain
    )


def buat_penduduk(**lain: Any) -> Penduduk:
    n = next(_urut) % 10000
    isi = {
        "nik": f"5107041203{n // 100:02}99{n % 100:02}",
        "nama": "I Wayan Contoh",
        "jenis_kelamin": 1,
        "tempat_lahir": "Bugbug",
        "tanggal_lahir": date(1990, 3, 12),
        "agama": 4,
        "pekerjaan": 11,
        "status_perkawinan": 1,
        "shdk": 1,
    } | lain
    if "keluarga" not in isi:
        isi["keluarga"] = buat_keluarga()
    return Penduduk.objects.create(**isi)


def buat_warga(*, pin_: str = PIN, **lain: Any) -> Akun:
    """A resident who has chosen the PIN `pin_` and given a number."""
    orang = buat_penduduk(**lain)
    pin.terbitkan(orang, pada=timezone.now())
    akun = Akun.objects.select_related("penduduk").get(penduduk=orang)
    pin.ganti(akun, pin_, pada=timezone.now())
    akun.nomor_hp = "+6281234567890"
    akun.setuju_wa_pada = timezone.now()
    akun.save()
    akun.kejadian.update(dikabarkan=True)  # long ago, and told
    return akun


def buat_petugas(nama: str, *grup: str, **lain: Any) -> Akun:
    if Group.objects.count() < len(peran.IZIN):
        peran.siapkan()
    akun = Akun.objects.create_user(nama, "sandi-uji-panjang", nama=nama.title(), **lain)
    akun.groups.set(Group.objects.filter(name__in=grup))
    return akun


def buat_operator(nama: str = "operator", **lain: Any) -> Akun:
    return buat_petugas(nama, peran.OPERATOR, **{"nomor_hp": "+6281234500001"} | lain)


def buat_perbekel(nama: str = "perbekel", *, sebagai: str = "DEFINITIF", **lain: Any) -> Akun:
    akun = buat_petugas(nama, peran.PENANDA_TANGAN)
    buat_mandat(akun, sebagai=sebagai, **lain)
    return akun


def buat_mandat(akun: Akun, *, sebagai: str = "DEFINITIF", **lain: Any) -> Mandat:
    pejabat = Pejabat.objects.create(
        nama=lain.pop("nama", "I Nyoman Perbekel Contoh"),
        jabatan=lain.pop("jabatan", "Perbekel"),
        akun=akun,
    )
    mandat = Mandat.objects.create(
        **{"pejabat": pejabat, "sebagai": sebagai, "dari": date(2020, 1, 1)} | lain
    )
    pengukuhan.usulkan(pejabat, oleh=None, pada=timezone.now())
    return mandat


def jenis(kode: str = "domisili") -> JenisSurat:
    """One shipped type; a test that is about all 48 calls `bawaan.muat()`."""
    if not JenisSurat.objects.filter(kode=kode).exists():
        data = bawaan.satu(kode)
        berkas_jenis.tulis(data, sidik=data["sidik"])
    return JenisSurat.objects.get(kode=kode)


def foto(nama: str = "ktp.jpg", *, warna: str = "navy", ukuran=(640, 400)) -> SimpleUploadedFile:
    """A card with a coloured bar and lines of ink: a plain colour is refused as empty."""
    keluar = io.BytesIO()
    gambar = Image.new("RGB", ukuran, "white")
    kuas = ImageDraw.Draw(gambar)
    kuas.rectangle((0, 0, ukuran[0], ukuran[1] // 5), fill=warna)
    for y in range(ukuran[1] // 3, ukuran[1] - 4, 12):
        kuas.line((8, y, ukuran[0] - 8, y), fill="black", width=3)
    gambar.save(keluar, "JPEG")
    return SimpleUploadedFile(nama, keluar.getvalue(), "image/jpeg")


JAWABAN = {
    "domisili": {"alamat_domisili": "Jalan Contoh 7", "tinggal_sejak": "2015-04-01"},
    "usaha": {
        "nama_usaha": "Warung Contoh",
        "jenis_usaha": "warung kopi",
        "alamat_usaha": "Jalan Contoh 7",
        "mulai": 2019,
    },
    "tidak_mampu": {"jumlah_tanggungan": 3, "pekerjaan_ket": 900000},
}


def buat_draf(akun: Akun, kode: str = "domisili", **jawaban: Any):
    """A complete draft: papers uploaded (or brought along), answers given."""
    draf = pengisian.buka(akun, jenis(kode), pada=timezone.now())
    for syarat in draf.jenis.syarat.filter(wajib=True):
        if syarat.boleh_dibawa:
            draf.dibawa.append(syarat.kode)
            continue
        satu = berkas.terima(
            foto(),
            pemilik=akun.penduduk,
            dokumen=syarat.kode,
            label=syarat.label,
            pada=timezone.now(),
        )
        berkas.lampirkan(satu, syarat=syarat.kode, ke=draf)
    draf.nomor_hp = akun.nomor_hp
    draf.save()
    isi = JAWABAN.get(kode, {}) | {"keperluan": "membuka rekening bank"} | jawaban
    pengisian.simpan_isian(draf, isi, lengkap=True)
    return draf


def buat_permohonan(akun: Akun, kode: str = "domisili", **jawaban: Any) -> Permohonan:
    return ajukan.dari_draf(buat_draf(akun, kode, **jawaban), oleh=akun, pada=timezone.now())


def buat_permintaan_pin(**lain: Any) -> PermintaanPIN:
    """A request for a PIN that waits for an operator, without photos."""
    sekarang = timezone.now()
    return PermintaanPIN.objects.create(
        **{
            "asal": PermintaanPIN.Asal.WA,
            "keadaan": PermintaanPIN.Keadaan.MENUNGGU,
            "nomor_hp": f"+62812700{next(_urut):05}",
            "nama_wa": "Wayan",
            "dibuat_pada": sekarang,
            "diperbarui_pada": sekarang,
        }
        | lain
    )


def tambah_foto(permohonan: Permohonan, jumlah: int) -> None:
    """More photos, all different, for the KTP-el of a request."""
    for n in range(jumlah):
        satu = berkas.terima(
            foto(ukuran=(60 + n, 60)),
            pemilik=permohonan.pemohon,
            dokumen="ktp",
            label="KTP-el",
            pada=timezone.now(),
        )
        berkas.lampirkan(satu, syarat="ktp", ke=permohonan)


def cetak_semua() -> None:
    """What the worker does: render and take the step `cetak`."""
    tasks.cetak_surat()


def cetak_tanpa_langkah() -> None:
    """A worker that died right after it stored the files."""
    for _ in pencetakan.cetak_yang_menunggu():
        pass


def setujui(mandat: Mandat, **lain: Any) -> dampak.Setujui:
    """The approval of an ordinary request: with the kelian's covering letter."""
    pengantar = Pengantar("12/BD/XI/2026", date(2026, 11, 20))
    return dampak.Setujui(mandat, **{"pengantar": pengantar} | lain)


def jalankan_sampai(
    permohonan: Permohonan, status: str, *, operator: Akun, perbekel: Akun
) -> Permohonan:
    """Walk the happy path until `status`."""
    S = Permohonan.Status
    serahkan = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")
    jalan = [
        (S.DIPROSES, "proses", operator, None),
        (S.DICETAK, "setujui", operator, setujui(perbekel.pejabat.mandat.get())),
        (S.MENUNGGU_TTD, "cetak", None, None),
        (S.SIAP_DIAMBIL, "tandatangani", perbekel, None),
        (S.SELESAI, "serahkan", operator, serahkan),
    ]
    for ke, langkah, oleh, bahan in jalan:
        if permohonan.status == status:
            break
        if permohonan.status not in LANGKAH[langkah].dari:
            continue
        if langkah == "cetak":
            cetak_tanpa_langkah()
        alur.jalankan(permohonan, langkah, bahan, oleh=oleh, pada=timezone.now())
        assert permohonan.status == ke
    assert permohonan.status == status
    return permohonan
