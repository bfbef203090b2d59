import re
import sys
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from penduduk.antrean import SEWA
from penduduk.impor import antrean, keluar, langkah
from penduduk.models import BarisImpor, Impor

CATATAN_MAKS = 20
K = Impor.Keadaan
_NOMOR_PANJANG = re.compile(r"\d{9,}")  # no NIK in a terminal, not even one in a wrong column
_LEBAR = 40


class Command(BaseCommand):
    help = (
        "Impor data penduduk (format Excel OpenSID, .xlsx atau .csv): diperiksa dulu, diterapkan "
        "hanya bila disetujui."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("berkas", nargs="?", type=Path, help="berkas .xlsx atau .csv")
        parser.add_argument("--terapkan", action="store_true", help="terapkan tanpa bertanya")
        parser.add_argument("--tanpa-ragu", action="store_true", help="lewati baris meragukan")
        parser.add_argument(
            "--catatan", type=Path, metavar="XLSX", help="simpan hasil pemeriksaan di sini"
        )
        parser.add_argument("--urungkan", type=int, metavar="N", help="urungkan impor nomor N")

    def handle(self, *args: Any, **pilihan: Any) -> None:
        if pilihan["urungkan"] is not None:
            self._urungkan(pilihan["urungkan"])
            return
        if pilihan["berkas"] is None:
            raise CommandError("Sebutkan berkasnya: impor_penduduk BERKAS.xlsx")
        impor = self._periksa(pilihan["berkas"])
        self._ringkas(impor)
        if pilihan["catatan"]:
            self._simpan_catatan(impor, pilihan["catatan"])
        if pilihan["terapkan"] or self._setuju():
            self._terapkan(impor, ikut_ragu=not pilihan["tanpa_ragu"])
        else:
            self.stdout.write(
                f"Belum diterapkan. Lihat dan terapkan impor {impor.pk} di /kelola/, atau ulangi "
                "dengan --terapkan."
            )

    # --- Steps: the same code as the worker's, in the foreground --------------------------------

    def _periksa(self, jalur: Path) -> Impor:
        sekarang = timezone.now()
        try:
            with jalur.open("rb") as berkas:
                impor = langkah.terima(
                    File(berkas), nama=jalur.name, oleh=None, pada=sekarang, mulai=_nanti()
                )
        except OSError as galat:
            raise CommandError(f"Berkas tidak dapat dibuka: {galat.strerror}") from galat
        except langkah.UnggahanDitolak as galat:
            raise CommandError(str(galat)) from galat
        return self._kerjakan(impor, K.SIAP)

    def _terapkan(self, impor: Impor, *, ikut_ragu: bool) -> None:
        self._langkah(
            lambda: langkah.setujui(impor, ikut_ragu=ikut_ragu, oleh=None, mulai=_nanti())
        )
        self._kerjakan(impor, K.DITERAPKAN)
        self.stdout.write(f"Diterapkan sebagai impor {impor.pk}.")

    def _urungkan(self, nomor: int) -> None:
        impor = Impor.objects.filter(pk=nomor).first()
        if impor is None:
            raise CommandError(f"Tidak ada impor {nomor}.")
        self._langkah(lambda: langkah.minta_urung(impor, oleh=None, mulai=_nanti()))
        self._kerjakan(impor, K.DIURUNGKAN)
        self.stdout.write(f"Impor {nomor} sudah diurungkan.")

    def _langkah(self, lakukan: Any) -> None:
        try:
            lakukan()
        except langkah.LangkahTidakSah as galat:
            raise CommandError(str(galat)) from galat

    def _kerjakan(self, impor: Impor, ke: str) -> Impor:
        """Work on it here and now; CommandError with the reason if it does not get there."""
        impor.refresh_from_db()
        sekarang = timezone.now()
        if antrean.pegang(impor, pada=sekarang):
            antrean.kerjakan(impor, pada=sekarang, lapor=self._maju)
        self._habis()
        impor.refresh_from_db()
        if impor.keadaan != ke:
            sebab = impor.alasan or "Pekerjaan ini tidak selesai."
            raise CommandError(f"Impor {impor.pk} {impor.get_keadaan_display()}. {_sensor(sebab)}")
        return impor

    # --- What is seen ---------------------------------------------------------------------------

    def _maju(self, selesai: int, total: int) -> None:
        if not self.stderr.isatty():
            return
        if total:
            penuh = _LEBAR * selesai // total
            teks = f"[{'#' * penuh}{'.' * (_LEBAR - penuh)}] {selesai}/{total} baris"
        else:
            teks = f"membaca … {selesai} baris"
        self.stderr.write(f"\r{teks:<{_LEBAR + 30}}", ending="")
        self.stderr.flush()

    def _habis(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("")

    def _ringkas(self, impor: Impor) -> None:
        self.stdout.write(f"{impor.total} baris:")
        for kode, label in BarisImpor.Hasil.choices:
            self.stdout.write(f"  {impor.jumlah.get(kode, 0):>7}  {label}")
        for kalimat in impor.catatan:
            self.stdout.write(_sensor(kalimat))
        sisa = CATATAN_MAKS
        ada = impor.baris.exclude(catatan=[]).exclude(hasil=BarisImpor.Hasil.SAMA)
        for satu in ada.order_by("pk")[:CATATAN_MAKS]:
            for catatan in satu.catatan[:sisa]:
                mana = f"{satu.lembar} {satu.nomor}".strip()
                kalimat = f"baris {mana}, {catatan['kolom']}: {catatan['kalimat']}"
                self.stdout.write(f"  {satu.get_hasil_display()}: {_sensor(kalimat)}")
                sisa -= 1

    def _simpan_catatan(self, impor: Impor, jalur: Path) -> None:
        with jalur.open("wb") as tujuan:
            for potong in keluar.hasil_pemeriksaan(impor):
                tujuan.write(potong)
        self.stdout.write(f"Hasil pemeriksaan disimpan di {jalur}.")

    def _setuju(self) -> bool:
        if not sys.stdin.isatty():
            return False
        return input("Terapkan? Ketik ya: ").strip().lower() == "ya"


def _nanti() -> Any:
    """Until then no worker takes the row from us."""
    return timezone.now() + max(SEWA, timedelta(minutes=1))


def _sensor(kalimat: str) -> str:
    return _NOMOR_PANJANG.sub("…", kalimat)
