"""Roles of the office as Django groups; `siapkan` creates them, a matrix test holds them."""

from django.contrib.auth.models import Group, Permission

OPERATOR = "Operator"
PENANDA_TANGAN = "Penanda tangan"
ADMIN_DESA = "Admin desa"

_LIHAT_LAYANAN = (
    "layanan.view_permohonan",
    "layanan.view_notifikasi",
    "layanan.view_pesansimulasi",
)
_LIHAT_BUKU = ("surat.view_catatanagenda", "layanan.view_penyerahan", "surat.view_arsipsurat")
_ATUR = (
    "penduduk.desa surat.tatanaskah penduduk.banjar surat.pejabat surat.mandat "
    "layanan.harilibur surat.jenissurat surat.pertanyaan surat.syarat"
).split()

IZIN: dict[str, tuple[str, ...]] = {
    OPERATOR: (
        *_LIHAT_LAYANAN,
        "layanan.proses_permohonan",
        "layanan.view_catatanwarga",
        *_LIHAT_BUKU,
        "surat.add_catatanagenda",
        "surat.change_catatanagenda",
        "surat.add_arsipsurat",
        "surat.view_bukunomor",
        "penduduk.view_penduduk",
        "penduduk.view_keluarga",
        "penduduk.terbitkan_pin",
        "surat.view_surat",
        "surat.koreksi_surat",
    ),
    PENANDA_TANGAN: (
        "layanan.view_permohonan",
        "layanan.tandatangani_surat",
        "layanan.view_rekap",
        *_LIHAT_BUKU,
        "surat.view_surat",
        "surat.cabut_surat",
    ),
    ADMIN_DESA: (
        *_LIHAT_LAYANAN,
        *(
            f"{app}.{aksi}_{model}"
            for app, model in (nama.split(".") for nama in _ATUR)
            for aksi in ("view", "add", "change")
        ),
        "layanan.view_pengaturanpesan",
        "layanan.change_pengaturanpesan",
        "layanan.change_aturankabar",
        *_LIHAT_BUKU,
        "surat.view_bukunomor",
        "surat.change_bukunomor",
        "surat.add_arsipsurat",
        "surat.view_templat",
        "surat.add_templat",
        "surat.delete_pertanyaan",
        "surat.delete_syarat",
        "layanan.delete_harilibur",
        *(f"layanan.{aksi}_alasansiap" for aksi in ("view", "add", "change", "delete")),
        "penduduk.view_penduduk",
        "penduduk.add_penduduk",
        "penduduk.change_penduduk",
        "penduduk.view_keluarga",
        "penduduk.add_keluarga",
        "penduduk.change_keluarga",
        "penduduk.impor_penduduk",
        "penduduk.view_impor",
        "penduduk.view_akun",
        "penduduk.add_akun",
        "penduduk.change_akun",
        "layanan.view_jejak",
        "layanan.view_rekap",
        "layanan.change_templatwa",
        "layanan.add_templatwa",
        "surat.view_surat",
        "surat.cabut_surat",
        "surat.koreksi_surat",
    ),
}


def siapkan() -> None:
    """Create the groups and set exactly the permissions of IZIN; needs migrated permissions."""
    semua = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type")
    }
    for nama, izin in IZIN.items():
        grup, _ = Group.objects.get_or_create(name=nama)
        grup.permissions.set(semua[satu] for satu in izin)
