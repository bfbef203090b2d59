"""What each address shows, and of whom: two tables, and the addresses that show nobody.

Whatever the office has and stands in none of them is written down as well, without a name: a page
that is forgotten here is found by tests/test_jejak.py, and until then by whoever reads the trail.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from layanan.models import Jejak

Apa = Jejak.Apa


@dataclass(frozen=True)
class Tabel:
    """How a row leads to the residents whose data it shows: by keys (`rinci`: more of them, on a
    page of its own), by a number that writes to us (`hp`); `sebab`: to why it is looked at."""

    orang: tuple[str, ...] = ()
    rinci: tuple[str, ...] = ()
    hp: str = ""
    sebab: str = ""


_PERCAKAPAN = "percakapan__akun__penduduk"
_PESAN = (
    "riwayat__permohonan__pemohon",
    "permintaan__penduduk",
    "kejadian__akun__penduduk",
    "berkala__permohonan__pemohon",
    f"jawaban__{_PERCAKAPAN}",
    f"masuk__{_PERCAKAPAN}",
)
TABEL = {
    "penduduk.penduduk": Tabel(("pk",), rinci=("keluarga__anggota",)),
    "penduduk.keluarga": Tabel(("anggota",)),
    "penduduk.akun": Tabel(("penduduk",)),
    "penduduk.kejadianakun": Tabel(("akun__penduduk",)),
    "penduduk.impor": Tabel(),
    "penduduk.barisimpor": Tabel(("penduduk",)),
    "surat.surat": Tabel(("subjek",)),
    "surat.entribuku": Tabel(("surat__subjek", "penyerahan__permohonan__pemohon")),
    "surat.catatanagenda": Tabel(),  # what others wrote: nobody of the register
    "surat.arsipsurat": Tabel(),
    "layanan.berkas": Tabel(
        ("pemilik", "permintaan__penduduk", f"masuk__{_PERCAKAPAN}"),
        hp="masuk__percakapan__nomor_hp",
    ),
    "layanan.permohonan": Tabel(("pemohon", "surat__subjek"), sebab="nomor"),
    "layanan.penyerahan": Tabel(("permohonan__pemohon",), sebab="permohonan__nomor"),
    "layanan.notifikasi": Tabel(_PESAN),
    "layanan.pesansimulasi": Tabel(tuple(f"notifikasi__{satu}" for satu in _PESAN)),
    "layanan.permintaanpin": Tabel(("penduduk",)),
    "layanan.catatanwarga": Tabel((_PERCAKAPAN,), hp="percakapan__nomor_hp"),
    "layanan.jejak": Tabel(("warga",)),
}

# Nobody is shown by the tables of what the village has set up, nor by these pages: the login and
# what belongs to it, figures, wordings and forms without answers.
_TANPA_TABEL = tuple(
    f"{satu}_"
    for satu in "auth_group penduduk_desa penduduk_banjar surat_tatanaskah surat_pejabat "
    "surat_jenissurat surat_bukunomor layanan_pengaturanpesan layanan_harilibur "
    "layanan_alasansiap".split()
)
TANPA = {
    f"admin:{satu}"
    for satu in "app_list login logout password_change password_change_done jsi18n "
    "view_on_site sesi layanan_lencana layanan_saluran_coba layanan_kata layanan_kata_ubah "
    "layanan_siapa_dikabari surat_formulir surat_formulir_contoh surat_pratinjau "
    "auth_user_password_change masuk_kode akun_saya akun_saya_keluarkan kode_kedua "
    "kode_kedua_lepas pengukuhan pengaturan layanan_laporan layanan_laporan_xlsx "
    "layanan_berikutnya mulai mulai_contoh bantuan bantuan_satu".split()
}


@dataclass(frozen=True)
class Baca:
    """One page as it was read: `kunci` finds the rows that it has shown, of `lewat` or `tabel`."""

    apa: str
    tabel: str = ""
    kunci: dict[str, Any] = field(default_factory=dict)
    objek: str = ""
    sebab: str = ""
    lewat: str = ""
    jumlah: int | None = None  # rows of a list; None: a page of one row


_Isi = dict[str, Any]
_Cari = Callable[[HttpRequest, _Isi], Iterable[Any]]
_NOMOR = re.compile(r"[\d\s.+-]+")


def _daftar(tabel: str, semua: Iterable[Any], *, teks: str = "", lewat: str = "") -> Baca:
    """Rows, or their keys, as they stand on the page; what was searched for is not kept."""
    pk = [getattr(satu, "pk", satu) for satu in semua]
    isi: _Isi = {"kunci": {"pk__in": pk}, "lewat": lewat, "jumlah": len(pk)}
    if not (teks := teks.strip()):
        return Baca(Apa.DAFTAR, tabel, **isi)
    jenis = "nomor" if _NOMOR.fullmatch(teks) else "nama atau kata"
    jenis = "NIK atau nomor KK" if teks.isdigit() and len(teks) == 16 else jenis
    return Baca(Apa.CARI, tabel, objek=jenis, **isi)


def _slip(request: HttpRequest, isi: _Isi) -> list[Any]:
    if request.method == "POST":
        return [satu for satu in request.POST.get("pk", "").split(",") if satu]
    ada = [*isi.get("kelompok", []), *(satu["orang"] for satu in isi.get("tertinggal", []))]
    return [orang for satu in ada for orang in satu]


def _dari(nama: str) -> _Cari:
    return lambda request, isi: isi.get(nama) or []


def _buku(request: HttpRequest, isi: _Isi) -> list[Any]:
    return [satu.pk for satu in isi.get("baris") or [] if not satu.catatan]


def _meja(request: HttpRequest, isi: _Isi) -> list[Any]:
    """The requests that stand on the first page one by one."""
    semua = [isi.get("berikut"), *(satu for _, baris in isi.get("sesudah", []) for satu in baris)]
    return [satu.permohonan for satu in semua if satu and satu.permohonan]


def _ketemu(request: HttpRequest, isi: _Isi) -> list[Any]:
    """Whom the search over everything has found, by whatever row."""
    semua = [satu for tabel in isi.get("temuan", []) for satu in tabel["baris"]]
    pk = [getattr(x, "pemohon_id", None) or getattr(x, "subjek_id", None) for x in semua]
    orang = [x.pk for x in semua if x._meta.label_lower == "penduduk.penduduk"]
    return [*filter(None, pk), *orang]


# Lists beside those of Django: of which table, where their rows stand, of which table these are.
_DAFTAR: dict[str, tuple[str, _Cari, str]] = {
    "admin:index": ("layanan.permohonan", _meja, ""),
    "admin:cari": ("penduduk.penduduk", _ketemu, ""),
    "admin:layanan_loket": ("penduduk.penduduk", _dari("hasil"), ""),
    "admin:layanan_slip_pin": ("penduduk.penduduk", _slip, ""),
    "admin:layanan_hubungi": ("layanan.notifikasi", _dari("hal"), ""),
    "admin:layanan_hubungi_aksi": ("layanan.notifikasi", _dari("hal"), ""),
    "admin:layanan_belum_diambil": ("layanan.permohonan", _dari("bagian"), ""),
    "admin:penduduk_impor_change": ("penduduk.impor", _dari("halaman"), "penduduk.barisimpor"),
    "admin:surat_catatanagenda_changelist": ("surat.catatanagenda", _buku, "surat.surat"),
    "admin:layanan_penyerahan_changelist": ("layanan.penyerahan", _buku, "layanan.permohonan"),
    "layanan:meja": ("layanan.permohonan", _dari("menunggu"), ""),
    "layanan:jam_ringkasan": ("layanan.permohonan", _dari("menunggu"), ""),
}
# Pages of one row, whose key or number the address has.
_SATU: dict[str, tuple[str, str]] = {
    "admin:layanan_loket_pilih": (Apa.LIHAT, "penduduk.penduduk"),
    "admin:layanan_loket_isi": (Apa.LIHAT, "penduduk.penduduk"),
    "admin:layanan_formulir": (Apa.LIHAT, "layanan.permohonan"),
    "admin:layanan_formulir_pdf": (Apa.UNDUH, "layanan.permohonan"),
    "layanan:meja_surat": (Apa.LIHAT, "layanan.permohonan"),
    # These are opened by residents, too.
    "layanan:berkas": (Apa.LIHAT, "layanan.berkas"),
    "layanan:berkas_halaman": (Apa.LIHAT, "layanan.berkas"),
    "layanan:surat_pdf": (Apa.UNDUH, "surat.surat"),
    "layanan:unduh": (Apa.UNDUH, "layanan.permohonan"),
}


def ditunjukkan(request: HttpRequest, jawab: HttpResponseBase) -> Baca | None:
    """What this answer has shown of residents; None: nobody."""
    tempat = request.resolver_match
    if tempat is None or jawab.status_code not in (200, 206, 304):
        return None
    nama, isi = tempat.view_name, getattr(jawab, "context_data", None) or {}
    teks = request.GET.get("q") or request.POST.get("q") or request.POST.get("cari", "")
    if nama in _DAFTAR:
        tabel, cari, lewat = _DAFTAR[nama]
        semua = list(cari(request, isi))
        if nama == "admin:index" and not semua:
            return None
        return _daftar(tabel, semua, teks=teks, lewat=lewat)
    if nama in _SATU:
        return _satu(*_SATU[nama], tempat.kwargs)
    if nama in TANPA or not nama.startswith("admin:"):
        return None
    if nama == "admin:autocomplete":
        return _pilihan(request, jawab)
    nama = nama.removeprefix("admin:")
    if nama.startswith(_TANPA_TABEL) or nama.endswith("_add"):
        return None
    for tabel in TABEL:
        awal, _, halaman = nama.partition(f"{tabel.replace('.', '_')}_")
        if halaman and not awal:
            return _di_tabel(request, jawab, tabel, halaman, teks)
    return Baca(Apa.LIHAT, objek=nama[:40])


def _satu(apa: str, tabel: str, kwargs: dict[str, Any]) -> Baca:
    kunci = {k: v for k, v in kwargs.items() if k in ("pk", "nomor")}
    return Baca(apa, tabel, kunci or {"pk": kwargs.get("object_id")})


def _di_tabel(request: HttpRequest, jawab: Any, tabel: str, halaman: str, teks: str) -> Baca:
    """A page of Django's or of ours below a table of the office."""
    if halaman == "ekspor":
        return Baca(Apa.EKSPOR, "penduduk.penduduk", sebab=request.POST.get("alasan", ""))
    if halaman == "changelist":
        isi = getattr(jawab, "context_data", None) or {}
        if hasattr(jawab, "entri"):
            return replace(_daftar(tabel, jawab.entri), apa=Apa.UNDUH)
        baris = isi["cl"].result_list if "cl" in isi else isi.get("entri", [])
        return _daftar(tabel, baris, teks=teks)
    if halaman in ("xlsx", "pdf"):  # a book, which says itself what it holds
        return replace(_daftar(tabel, jawab.entri, lewat="surat.entribuku"), apa=Apa.UNDUH)
    apa = {"history": Apa.RIWAYAT, "hasil": Apa.UNDUH, "cetak": Apa.UNDUH}.get(halaman, Apa.LIHAT)
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    return _satu(apa, tabel, kwargs)


def _pilihan(request: HttpRequest, jawab: Any) -> Baca | None:
    """What a field with look-up offers."""
    model = apps.get_model(request.GET["app_label"], request.GET["model_name"])
    tujuan: Any = model._meta.get_field(request.GET["field_name"]).related_model
    tabel = tujuan._meta.label_lower
    if tabel not in TABEL:
        return None
    semua = [satu["id"] for satu in json.loads(jawab.content)["results"]]
    return _daftar(tabel, semua, teks=request.GET.get("term", ""))
