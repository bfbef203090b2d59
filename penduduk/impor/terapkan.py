"""What the dry run has found goes into the register: all of it in one transaction, or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from penduduk.impor import nilai
from penduduk.impor.kolom import BIDANG_KELUARGA, MENURUT_NAMA
from penduduk.models import Akun, Banjar, BarisImpor, Impor, Keluarga, Penduduk

SEKALIGUS = 1000


class Keduluan(Exception):
    """Another worker, or another person, was faster."""


class Basi(Exception):
    """The register is no longer what the dry run saw."""


def akan_diterapkan(impor: Impor, *, ikut_ragu: bool) -> QuerySet[BarisImpor]:
    """Rows in conflict only where somebody has looked at both persons and said so."""
    hasil = [BarisImpor.Hasil.BARU, BarisImpor.Hasil.BERUBAH]
    if ikut_ragu:
        hasil.append(BarisImpor.Hasil.RAGU)
    diputuskan = Q(hasil=BarisImpor.Hasil.BENTROK, putusan=BarisImpor.Putusan.TERAPKAN)
    return BarisImpor.objects.filter(Q(hasil__in=hasil) | diputuskan, impor=impor)


def baris_diterapkan(impor: Impor) -> Iterator[list[BarisImpor]]:
    """The rows that are (or were) applied, in the order of the file."""
    semua = akan_diterapkan(impor, ikut_ragu=impor.ikut_ragu).order_by("pk")
    sampai = 0
    # Page by key: the rows are written to between two groups.
    while kelompok := list(semua.filter(pk__gt=sampai)[:SEKALIGUS]):
        yield kelompok
        sampai = kelompok[-1].pk


def terapkan(impor: Impor, *, oleh: Akun | None, pada: datetime) -> None:
    """Raises Keduluan or Basi; then nothing has been written."""
    with transaction.atomic():
        # First of all, so that a second worker waits here and then finds the state changed.
        if not Impor.objects.filter(pk=impor.pk, keadaan=Impor.Keadaan.DISETUJUI).update(
            keadaan=Impor.Keadaan.DITERAPKAN, diterapkan_pada=pada, alasan=""
        ):
            raise Keduluan
        penulis = Penulis(riwayat=riwayat(impor, oleh, pada))
        for kelompok in baris_diterapkan(impor):
            penulis.tulis(kelompok)
        Impor.objects.filter(pk=impor.pk).update(
            dibuat={
                "keluarga": sorted(penulis.keluarga_baru),
                "banjar": penulis.banjar_baru,
                "asal": penulis.asal,
            }
        )


def riwayat(impor: Impor, oleh: Akun | None, pada: datetime) -> dict[str, Any]:
    """What the history of each row says: who, when, and by which import."""
    return {
        "default_user": oleh,
        "default_date": pada,
        "default_change_reason": f"impor {impor.pk}",
    }


@dataclass
class Penulis:
    """Writes group by group, and remembers what it has created."""

    riwayat: dict[str, Any]
    keluarga_baru: set[int] = field(default_factory=set)
    banjar_baru: list[int] = field(default_factory=list)
    asal: dict[str, int | None] = field(default_factory=dict)  # resident → family before
    _banjar: dict[str, Banjar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._banjar = {banjar.nama: banjar for banjar in Banjar.objects.all()}

    def tulis(self, kelompok: list[BarisImpor]) -> None:
        self._buat_banjar(kelompok)
        lama = {satu.penduduk_id for satu in kelompok if satu.penduduk_id}
        semua = Penduduk.objects.select_related("keluarga__banjar").in_bulk(lama)
        orang = [self._orang(satu, semua) for satu in kelompok]
        self._periksa_nik(kelompok)
        self._periksa_orang(kelompok)
        keluarga = self._tulis_keluarga(kelompok, orang)
        baru: list[tuple[BarisImpor, Penduduk]] = []
        berubah: dict[frozenset[str], list[Penduduk]] = {}
        for satu, siapa, rumah in zip(kelompok, orang, keluarga, strict=True):
            bidang = self._isi_orang(satu, siapa, rumah)
            if siapa._state.adding:
                baru.append((satu, siapa))
            elif bidang:
                berubah.setdefault(frozenset(bidang), []).append(siapa)
        self._buat_orang(baru)
        for kumpulan, daftar in berubah.items():
            bulk_update_with_history(daftar, Penduduk, sorted(kumpulan), **self.riwayat)

    def _orang(self, satu: BarisImpor, semua: dict[int, Penduduk]) -> Penduduk:
        if nilai.baru(satu.perubahan):
            return Penduduk()
        if satu.penduduk_id not in semua:
            raise Basi
        return semua[satu.penduduk_id]

    def _periksa_nik(self, kelompok: list[BarisImpor]) -> None:
        nik = [satu.perubahan["nik"][1] for satu in kelompok if "nik" in satu.perubahan]
        if Penduduk.objects.filter(nik__in=nik).exists():
            raise Basi

    def _periksa_orang(self, kelompok: list[BarisImpor]) -> None:
        """Who may be somebody else has got an account or a request since the dry run."""
        diganti = {satu.penduduk_id for satu in kelompok if satu.penduduk_id in satu.orang_lain()}
        if nilai.bergantung(Penduduk, {pk for pk in diganti if pk}):
            raise Basi

    def _buat_banjar(self, kelompok: list[BarisImpor]) -> None:
        for satu in kelompok:
            nama = satu.perubahan.get("dusun", ["", ""])[1]
            if nama and nama not in self._banjar:
                self._banjar[nama] = Banjar.objects.create(nama=nama)
                self.banjar_baru.append(self._banjar[nama].pk)

    # --- Families -------------------------------------------------------------------------------

    def _tulis_keluarga(
        self, kelompok: list[BarisImpor], orang: list[Penduduk]
    ) -> list[Keluarga | None]:
        """The family of each row, created or changed as the row says, and saved."""
        kk = {satu.perubahan["no_kk"][1] for satu in kelompok if "no_kk" in satu.perubahan}
        bernomor = {
            k.no_kk: k for k in Keluarga.objects.select_related("banjar").filter(no_kk__in=kk)
        }
        bersama = {o.keluarga_id: o.keluarga for o in orang if o.keluarga_id}
        bersama |= {k.pk: k for k in bernomor.values()}
        baru: list[Keluarga] = []
        berubah: dict[int, Keluarga] = {}
        rumah: list[Keluarga | None] = []
        for satu, siapa in zip(kelompok, orang, strict=True):
            tujuan = bersama.get(siapa.keluarga_id or 0)
            nomor = satu.perubahan.get("no_kk", [None, None])[1]
            if nomor:
                tujuan = bernomor.get(nomor)
            if tujuan is None and (
                nomor or any(MENURUT_NAMA[k].milik_keluarga for k in satu.perubahan)
            ):
                tujuan = Keluarga(no_kk=nomor)
                baru.append(tujuan)
                if nomor:
                    bernomor[nomor] = tujuan
            if tujuan is not None and self._isi_keluarga(satu, tujuan) and tujuan.pk:
                berubah[tujuan.pk] = tujuan
            rumah.append(tujuan)
        if baru:
            bulk_create_with_history(baru, Keluarga, **self.riwayat)
            self.keluarga_baru.update(k.pk for k in baru)
        if berubah:
            bulk_update_with_history(
                list(berubah.values()), Keluarga, BIDANG_KELUARGA, **self.riwayat
            )
        return rumah

    def _isi_keluarga(self, satu: BarisImpor, keluarga: Keluarga) -> bool:
        berubah = False
        bebas = keluarga._state.adding or keluarga.pk in self.keluarga_baru
        for nama, (dari, ke) in satu.perubahan.items():
            if not MENURUT_NAMA[nama].milik_keluarga:
                continue
            kini = nilai.kini(MENURUT_NAMA[nama], None, keluarga)
            if kini == ke:
                continue
            if kini != dari and not bebas:
                raise Basi
            nilai.pasang_keluarga(keluarga, MENURUT_NAMA[nama], ke, self._banjar.get(ke))
            berubah = True
        return berubah

    # --- Residents ------------------------------------------------------------------------------

    def _isi_orang(self, satu: BarisImpor, orang: Penduduk, keluarga: Keluarga | None) -> set[str]:
        """Set what the row says; the fields that have changed."""
        bidang: set[str] = set()
        for nama, (dari, ke) in satu.perubahan.items():
            if MENURUT_NAMA[nama].milik_keluarga:
                continue
            kolom = MENURUT_NAMA[nama]
            kini = nilai.kini(kolom, orang, None)
            if kini == ke:
                continue
            if orang.pk and kini != dari:
                raise Basi
            if nama != "no_kk":
                bidang |= nilai.pasang_orang(orang, kolom, ke)
        if keluarga is not None and orang.keluarga_id != keluarga.pk:
            if orang.pk:
                self.asal[str(orang.pk)] = orang.keluarga_id
            orang.keluarga = keluarga
            bidang.add("keluarga")
        return bidang

    def _buat_orang(self, baru: list[tuple[BarisImpor, Penduduk]]) -> None:
        if not baru:
            return
        bulk_create_with_history([orang for _, orang in baru], Penduduk, **self.riwayat)
        # bulk_update would write one CASE per row, which takes as long as creating the residents.
        with connection.cursor() as kursor:
            kursor.executemany(
                "UPDATE penduduk_barisimpor SET penduduk_id = %s, dibuat = %s WHERE id = %s",
                [(orang.pk, True, satu.pk) for satu, orang in baru],
            )
