"""The village of the table of permissions: one of everything, and everybody in it."""

from typing import NamedTuple

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from bugbug import views
from layanan.kotak_keluar import pengiriman
from layanan.models import (
    AlasanSiap,
    Berkas,
    CatatanWarga,
    Denyut,
    HariLibur,
    Jejak,
    Notifikasi,
    PengaturanPesan,
    Penyerahan,
    Percakapan,
    PermintaanPIN,
    Permohonan,
    PesanSimulasi,
)
from layanan.permohonan import alur, berkas, dampak, pembersihan, pengisian
from penduduk.akun import penjagaan
from penduduk.models import Akun, Banjar, Desa, Impor, KejadianAkun, Keluarga, Penduduk
from surat.buku import agenda, entri
from surat.kertas import cetak_luar
from surat.models import (
    ArsipSurat,
    BukuNomor,
    CatatanAgenda,
    JenisSurat,
    Pejabat,
    Surat,
    TataNaskah,
)
from tests import factories, pembersih
from tests.halaman import sebagai


class Desa_(NamedTuple):
    orang: dict[str, Akun | None]
    kuki: dict[str, str]  # with which they come; a login for each request would be half the time
    isi: dict[str, str]  # what stands for the names in braces
    pk: dict[str, int]  # one row of each table of the office


@pytest.fixture
def ringan(monkeypatch) -> None:
    """Of a refusal only its number matters here, and no other program is needed."""
    monkeypatch.setattr(views, "galat", lambda r, kode, *a, **b: HttpResponse(status=kode))
    monkeypatch.setattr(pembersihan, "jalankan", pembersih.jalankan)
    monkeypatch.setattr(cetak_luar, "jalankan", lambda *apa, **lain: b"%PDF-1.7 tiruan")
    monkeypatch.setattr(cetak_luar._tetap, "cetak", lambda *apa, **lain: b"%PDF-1.7 tiruan")


# --- The village ------------------------------------------------------------------------------


@pytest.fixture
@transaction.atomic
def desa(warga, tetangga, operator, perbekel, admin_desa) -> Desa_:
    orang = {
        "anonim": None,
        "warga": warga,
        "tetangga": tetangga,
        "operator": operator,
        "perbekel": perbekel,
        "admin_desa": admin_desa,
    }
    p = {f"P-{n}": factories.buat_permohonan(warga) for n in (1, 2, 3, 4, 6)}
    berkas.bersihkan_yang_menunggu()
    ktp = Berkas.objects.get(dokumen="ktp")
    for nama, status in (("P-3", "MENUNGGU_TTD"), ("P-4", "SIAP_DIAMBIL"), ("P-6", "DIPROSES")):
        factories.jalankan_sampai(p[nama], status, operator=operator, perbekel=perbekel)
    minta = {"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang."}
    perbaikan = dampak.MintaPerbaikan([minta])
    alur.jalankan(p["P-2"], "minta_perbaikan", perbaikan, oleh=operator, pada=timezone.now())
    draf = factories.buat_draf(warga)
    baru = berkas.terima(
        factories.foto(warna="red"),
        pemilik=warga.penduduk,
        dokumen="ktp",
        label="KTP-el",
        pada=timezone.now(),
    )
    Denyut.objects.create(nama="pekerja@desa:7", pada=timezone.now())
    tahun = timezone.localdate().year
    isi = {
        **{nama: satu.nomor for nama, satu in p.items()},
        "P-5": f"P-{tahun}-0006",  # the next one, when the draft is sent
        "id-1": str(p["P-1"].pk),
        "draf": str(draf.pk),
        "sidik": pengisian.sidik(draf),
        "ktp": str(ktp.pk),
        "baru": str(baru.pk),
        "surat-3": str(p["P-3"].surat_id),
        "surat-4": str(p["P-4"].surat_id),
        "kode": p["P-4"].surat.kode_cek,
        "orang": str(warga.penduduk_id),
        "jenis": str(p["P-1"].jenis_id),
        "petugas": str(operator.pk),
        "akun-warga": str(warga.pk),
        "ct": str(ContentType.objects.get_for_model(Penduduk).pk),
        **_permintaan_dan_impor(warga, admin_desa),
        "satu": f"pk={warga.penduduk_id}",
        "segera": "mendesak-alasan=Berangkat besok pagi",
        "kabar": str(Notifikasi.objects.filter(penerima=None).order_by("pk")[0].pk),
        "cabut": "cabut-alasan=Keterangannya keliru",
        "keluarga": "app_label=penduduk&model_name=penduduk&field_name=keluarga",
    }
    kuki = {nama: sebagai(akun).cookies.output(header="") for nama, akun in orang.items()}
    return Desa_(orang, kuki, isi, _isi_tabel(p["P-4"], warga, operator, isi))


def _permintaan_dan_impor(warga, admin_desa) -> dict[str, str]:
    """A request for a PIN with a photo, an event with its link, an import that waits."""
    pada = timezone.now()
    permintaan = factories.buat_permintaan_pin()
    foto = berkas.terima(
        factories.foto(warna="teal"),
        permintaan=permintaan,
        dokumen="ktp",
        label="KTP-el",
        pada=pada,
    )
    berkas.bersihkan_segera(foto)
    kejadian = penjagaan.catat(warga, KejadianAkun.Jenis.PIN_DIGANTI, pada=pada)
    impor = Impor.objects.create(
        nama_berkas="contoh.xlsx",
        keadaan=Impor.Keadaan.SIAP,
        oleh=admin_desa,
        diunggah_pada=pada,
        ambil_lagi_pada=pada,
    )
    return {
        "pin": str(permintaan.pk),
        "foto": str(foto.pk),
        "token": penjagaan.tautan_bukan_saya(kejadian).rstrip("/").rsplit("/", 1)[1],
        "impor": str(impor.pk),
        "catatan": str(_catatan(pada).pk),
    }


def _catatan(pada) -> CatatanWarga:
    """Words of a resident, for the operators."""
    orang = Percakapan.objects.create(
        alamat="+6281234567890",
        nomor_hp="+6281234567890",
        terakhir_masuk_pada=pada,
        jam_mulai_pada=pada,
    )
    return CatatanWarga.objects.create(
        percakapan=orang, teks="Contoh", hari=pada.date(), pertama_pada=pada, terakhir_pada=pada
    )


def _isi_tabel(permohonan, warga, operator, isi) -> dict[str, int]:
    """One row in each table of the office."""
    pengiriman.kirim_yang_menunggu()
    Jejak.objects.create(
        oleh=operator,
        pada=timezone.now(),
        apa="LIHAT",
        tabel="layanan.berkas",
        objek=isi["ktp"],
        warga=warga.penduduk,
    )
    HariLibur.objects.create(tanggal="2026-12-25", nama="Contoh")
    agenda.catat_masuk(
        nomor_surat="005/1",
        tanggal_surat=timezone.localdate(),
        diterima=timezone.localdate(),
        pengirim="Contoh",
        isi_singkat="Contoh",
        oleh=operator,
        pada=timezone.now(),
    )
    Penyerahan.objects.create(
        permohonan=Permohonan.objects.get(nomor=isi["P-3"]),
        penerima="PEMOHON",
        nama="Contoh",
        cara="KTP-el",
        oleh=operator,
        pada=timezone.now(),
        ekspedisi=entri.catat(entri.EKSPEDISI, pada=timezone.now()),
    )
    arsip = ArsipSurat.objects.create(
        nomor="1", baris=2, sidik="x", sah=True, dimuat_oleh=operator, dimuat_pada=timezone.now()
    )
    isi["arsip"] = str(arsip.muatan)
    Desa.objects.get_or_create(pk=1)
    TataNaskah.objects.get_or_create(pk=1)
    PengaturanPesan.objects.get_or_create(pk=1)
    if not AlasanSiap.objects.exists():  # where the rows of the migrations are gone
        AlasanSiap.objects.create(untuk="tolak", teks="Contoh alasan.")
    model = (
        Group, Desa, Banjar, Keluarga, Penduduk, TataNaskah, Pejabat, JenisSurat, Surat,
        Permohonan, Notifikasi, PesanSimulasi, HariLibur, AlasanSiap, Jejak, PermintaanPIN,
        KejadianAkun, Impor, ArsipSurat, CatatanAgenda, BukuNomor, Penyerahan, CatatanWarga,
        PengaturanPesan,
    )  # fmt: skip
    pk = {m._meta.label_lower: m.objects.order_by("pk").values_list("pk")[0][0] for m in model}
    return pk | {"penduduk.akun": operator.pk, "layanan.permohonan": permohonan.pk}
