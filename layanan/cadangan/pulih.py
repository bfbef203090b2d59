"""Restore a backup into an empty system, so that no number and no message comes twice."""

import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pyrage
from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from layanan.cadangan import basis, buat
from layanan.kesehatan import penyimpanan
from layanan.kotak_keluar import keadaan
from layanan.models import Denyut, Notifikasi, Permohonan
from penduduk.akun import hashers
from penduduk.akun.sesi import SessionStore
from surat.buku import nomor
from surat.models import BukuNomor, EntriBuku, Surat

_LONCAT_MIN = 20  # numbers, where nothing is known of the pace
_LONCAT_KALI = 3  # times the busiest day of the last month, for each day that is lost
_SEBULAN = timedelta(days=30)
_PERMOHONAN = "PERMOHONAN"  # the book of the requests (layanan.permohonan.alur)
_GARAM = "layanan.pemulihan"


class PemulihanGagal(Exception):
    """Nothing was restored; the message says why and what to do."""


@dataclass
class Laporan:
    """`dari`: the moment that was restored. `hilang`, `berubah`: names of files that no backup had,
    keys of letters that cannot be made again; `sisa`: files that no row names, left where they are.
    `loncat`: book, year, last number known, last number that may have been used since. `tertahan`:
    messages that the provider is asked about first."""

    dari: datetime
    pada: datetime
    jumlah: dict[str, int] = field(default_factory=dict)
    berkas: int = 0
    hilang: list[str] = field(default_factory=list)
    berubah: list[int] = field(default_factory=list)
    sisa: list[str] = field(default_factory=list)
    loncat: list[tuple[str, int, int, int]] = field(default_factory=list)
    tertahan: int = 0

    @property
    def tanda_terima(self) -> str:
        """What shows the server of the village that this was done elsewhere."""
        isi = {"pada": self.pada.isoformat(), "hilang": len(self.hilang) + len(self.berubah)}
        return signing.dumps(isi, key=settings.KUNCI_SIDIK, salt=_GARAM)


def pulihkan(
    identitas: str,
    *,
    saat: datetime | None,
    loncat: int | None,
    pada: datetime,
    basis_sudah: bool = False,
) -> Laporan:
    """Restore the newest backup in CADANGAN_DIR, or the newest up to `saat`. `identitas`: the
    private keys (AGE-SECRET-KEY-…), the earlier ones too; `loncat`: by how many numbers each book
    jumps, where that is not left to us. `basis_sudah`: the database came by
    another way; what belongs to it follows. Raises PemulihanGagal."""
    if basis_sudah:
        _belum_diurus(pada)
    elif not basis.kosong() and not settings.PEMULIHAN_TERPUTUS.exists():
        raise PemulihanGagal(
            "Basis data ini sudah berisi warga atau akun. Pemulihan hanya ke sistem yang kosong."
        )
    calon = [satu for waktu, satu in buat.semua() if saat is None or waktu <= saat]
    if calon and saat is None and buat.waktu(calon[-1]) > pada:
        raise PemulihanGagal(
            f"Cadangan {calon[-1].stem} bertanggal sesudah saat ini: salah satu jam keliru. "
            "Betulkan jam mesin ini, atau sebut cadangan terakhir yang benar dengan --saat."
        )
    if not calon and (settings.CADANGAN_KUNCI or not basis_sudah):
        raise PemulihanGagal(f"Tidak ada cadangan di {settings.CADANGAN_DIR} untuk saat itu.")
    kunci = _kunci(identitas) if calon else []  # none: a village that has its archive alone
    dari = pada
    try:
        with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as folder:
            if calon:
                _cocok(ringkasan := _buka(calon[-1], kunci, Path(folder)))
                dari = datetime.fromisoformat(ringkasan["waktu"])
            settings.PEMULIHAN_TERPUTUS.touch()  # until the books have jumped nothing may start
            if not basis_sudah:
                basis.muat(Path(folder, "basis"))
    except (pyrage.DecryptError, tarfile.TarError, OSError, basis.AlatGagal) as galat:
        raise PemulihanGagal(f"Cadangan {calon[-1].stem} tidak dapat dibuka: {galat}") from galat
    laporan = Laporan((basis_sudah and basis.saat_terakhir()) or dari, pada)
    call_command("migrate", interactive=False, verbosity=0)
    for _, nama in penyimpanan.semua_nama():
        laporan.berkas += _kembalikan(nama, kunci)
    temuan = penyimpanan.periksa(pada=pada, baru=timedelta(0))
    laporan.hilang = [nama for _, nama in temuan.hilang]
    laporan.sisa, laporan.berubah = temuan.sisa, temuan.berubah
    with transaction.atomic():
        _sesudah(laporan, loncat, pada)
    laporan.jumlah = basis.jumlah()
    settings.PEMULIHAN_TERPUTUS.unlink()
    return laporan


def catat_dicoba(tanda_terima: str) -> datetime:
    """Note on the server of the village that a backup was restored elsewhere; when that was.
    Raises PemulihanGagal for a receipt that shows nothing of the kind."""
    try:
        isi = signing.loads(tanda_terima.strip(), key=settings.KUNCI_SIDIK, salt=_GARAM)
    except signing.BadSignature:
        raise PemulihanGagal("Tanda terima itu bukan dari `pulihkan` desa ini.") from None
    if isi["hilang"]:
        raise PemulihanGagal(f"Pemulihan itu kehilangan {isi['hilang']} berkas: belum terbukti.")
    kapan = datetime.fromisoformat(isi["pada"])
    Denyut.objects.update_or_create(nama=Denyut.PEMULIHAN, defaults={"pada": kapan})
    return kapan


def _belum_diurus(pada: datetime) -> None:
    if basis.kosong():
        raise PemulihanGagal("Basis data ini kosong: pakai `pulihkan` tanpa --basis-sudah.")
    # The tables may be those of an earlier release: only columns that it has.
    dulu = Denyut.objects.filter(nama=Denyut.PEMULIHAN).values_list("pada", flat=True)
    terakhir, urus = basis.saat_terakhir(), dulu.first()
    if terakhir and urus and urus > terakhir and not basis.dipulihkan(pada=pada):
        raise PemulihanGagal("Pemulihan ini sudah selesai: nomor dan pesannya sudah diurus.")


def _kunci(identitas: str) -> list[pyrage.x25519.Identity]:
    try:
        kata = [satu for satu in identitas.split() if satu.startswith("AGE-")]
        kunci = [pyrage.x25519.Identity.from_str(satu) for satu in kata]
    except pyrage.IdentityError:
        kunci = []
    if not kunci:
        raise PemulihanGagal("Di situ tidak ada kunci privat age (AGE-SECRET-KEY-…).")
    return kunci


def _buka(arsip: Path, kunci: list[pyrage.x25519.Identity], folder: Path) -> dict:
    pyrage.decrypt_file(str(arsip), str(folder / "isi"), kunci)
    with tarfile.open(folder / "isi") as isi:
        isi.extractall(folder, filter="data")
    ringkasan: dict = json.loads((folder / "ringkasan.json").read_text())
    return ringkasan


def _cocok(ringkasan: dict) -> None:
    if ringkasan["mesin"] != connection.vendor:
        raise PemulihanGagal(
            f"Cadangan ini dari {ringkasan['mesin']}, sedangkan DATABASE_URL menunjuk "
            f"{connection.vendor}. Isi DATABASE_URL seperti dulu."
        )
    kini = hashers.sidik_rahasia()
    for nama, sidik in ringkasan["sidik"].items():
        if sidik[0] not in kini[nama]:
            raise PemulihanGagal(
                f"{nama} bukan yang dipakai saat cadangan dibuat: dengan yang ini semua PIN "
                "menjadi salah, atau semua perangkat menjadi asing. Isi dengan yang dulu."
            )


def _kembalikan(nama: str, kunci: list[pyrage.x25519.Identity]) -> bool:
    """Whether the file lies where its row says: whole, though a restore was cut off before.
    Raises OSError: there is no room for it, so run it again."""
    salinan = settings.CADANGAN_DIR / "berkas" / buat.salinan(nama)
    ke = Path(default_storage.path(nama))
    baru = ke.with_name(f"{ke.name}.baru")
    if not ke.exists():
        ke.parent.mkdir(parents=True, exist_ok=True)
        try:
            pyrage.decrypt_file(str(salinan), str(baru), kunci)
        except (FileNotFoundError, pyrage.DecryptError):
            baru.unlink(missing_ok=True)
            return False
        baru.rename(ke)
    return True


def _sesudah(laporan: Laporan, loncat: int | None, pada: datetime) -> None:
    """What happened after the backup is unknown: numbers may be on paper, messages on phones."""
    dari = timezone.localdate(laporan.dari)
    for tahun in range(dari.year, timezone.localdate(pada).year + 1):
        # Also those that were opened since: the first one of all is begun after by every other.
        kode = {nomor.SATU, _PERMOHONAN, *EntriBuku.Buku.values}
        kode |= set(BukuNomor.objects.filter(tahun=dari.year).values_list("kode", flat=True))
        BukuNomor.objects.bulk_create(
            (BukuNomor(kode=satu, tahun=tahun) for satu in kode), ignore_conflicts=True
        )
    semua = BukuNomor.objects.select_for_update().filter(tahun__gte=dari.year)
    for buku in semua.order_by("tahun", "kode"):
        maju = _loncatan(buku.kode, laporan.dari, pada) if loncat is None else loncat
        laporan.loncat.append((buku.kode, buku.tahun, buku.terakhir, buku.terakhir + maju))
        BukuNomor.objects.filter(pk=buku.pk).update(terakhir=F("terakhir") + maju)
    basis.lompati_kunci()
    laporan.tertahan = keadaan.pindah(
        Notifikasi.objects.filter(keadaan__in=Notifikasi.BELUM_DIAMBIL),
        "ambil",
        pada=pada,
        ambil_lagi_pada=pada,
        diambil_pada=laporan.dari,
    )
    SessionStore.get_model_class().objects.all().delete()
    for nama, kapan in ((Denyut.PEMULIHAN, pada), (Denyut.PULIH_DARI, laporan.dari)):
        Denyut.objects.update_or_create(nama=nama, defaults={"pada": kapan})
    basis.dipulihkan(pada=pada, catat=True)
    penyimpanan.tandai(Denyut.FOLDER_BERKAS, pada=pada, ganti=True)
    penyimpanan.tandai(Denyut.FOLDER_CADANGAN, pada=pada, ganti=True)


def _loncatan(kode: str, dari: datetime, pada: datetime) -> int:
    """More numbers than this book can have given since `dari`."""
    sejak, sampai = timezone.localdate(dari), timezone.localdate(pada)
    hari: Iterable[date]
    if kode == _PERMOHONAN:
        waktu = Permohonan.objects.filter(diajukan_pada__gt=dari - _SEBULAN)
        semua = waktu.values_list("diajukan_pada", flat=True)
        hari = (timezone.localdate(satu) for satu in semua)
    elif kode in EntriBuku.Buku.values:
        entri = EntriBuku.objects.filter(buku=kode, hari__gt=sejak - _SEBULAN)
        hari = entri.values_list("hari", flat=True)
    else:
        surat = Surat.objects.filter(tanggal__gt=sejak - _SEBULAN)
        surat = surat if kode == nomor.SATU else surat.filter(buku__kode=kode)
        hari = surat.values_list("tanggal", flat=True)
    tersibuk = max(Counter(hari).values(), default=0)
    return max(_LONCAT_MIN, _LONCAT_KALI * tersibuk * ((sampai - sejak).days + 1))
