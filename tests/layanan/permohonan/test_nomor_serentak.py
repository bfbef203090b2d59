"""Sixty-four operators approve at the same moment: no number is lost, none is given twice."""

from datetime import UTC, datetime

import pytest

from layanan.models import Notifikasi, Permohonan, Riwayat
from layanan.permohonan import alur
from surat.models import BukuNomor, Cetakan, Surat
from tests import factories, serentak

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def buat_yang_diproses(jumlah: int, *, operator) -> list[int]:
    """Requests in DIPROSES: the first one walked there, the others are its copies."""
    pertama = factories.buat_permohonan(factories.buat_warga())
    alur.jalankan(pertama, "proses", oleh=operator, pada=PADA)
    kolom = {
        f.attname: getattr(pertama, f.attname)
        for f in Permohonan._meta.concrete_fields
        if f.attname not in ("id", "draf_id", "nomor", "kode_resi")
    }
    salinan = Permohonan.objects.bulk_create(
        Permohonan(nomor=f"P-2026-{n:04}", kode_resi=f"UJI{n:07}", **kolom)
        for n in range(2, jumlah + 1)
    )
    return [pertama.pk, *(p.pk for p in salinan)]


@pytest.mark.django_db(transaction=True)
def test_64_setujui_at_the_same_moment_give_64_consecutive_numbers(operator, perbekel):
    mandat = perbekel.pejabat.mandat.get()
    semua = buat_yang_diproses(64, operator=operator)

    def setujui(pk: int) -> str:
        permohonan = Permohonan.objects.get(pk=pk)
        alur.jalankan(permohonan, "setujui", factories.setujui(mandat), oleh=operator, pada=PADA)
        return permohonan.surat.nomor

    hasil = serentak.jalankan(setujui, semua)

    harap = [f"400.12.2.1/{n:03}/51.07.04.2001/XI/2026" for n in range(1, 65)]
    assert sorted(hasil) == harap
    assert sorted(Surat.objects.values_list("urut", flat=True)) == list(range(1, 65))
    assert BukuNomor.objects.get(kode="SURAT", tahun=2026).terakhir == 64
    assert {p.status for p in Permohonan.objects.all()} == {"DICETAK"}
    assert Permohonan.objects.values("surat").distinct().count() == 64
    assert Cetakan.objects.filter(keadaan="MENUNGGU").count() == 64
    assert Riwayat.objects.filter(langkah="setujui").count() == 64


@pytest.mark.django_db(transaction=True)
def test_one_permohonan_approved_by_many_at_once_takes_one_number(operator, perbekel):
    mandat = perbekel.pejabat.mandat.get()
    (satu,) = buat_yang_diproses(1, operator=operator)
    pesan = Notifikasi.objects.count()

    def setujui(_: int) -> str:
        try:
            permohonan = Permohonan.objects.get(pk=satu)
            alur.jalankan(
                permohonan, "setujui", factories.setujui(mandat), oleh=operator, pada=PADA
            )
        except alur.Keduluan:
            return "keduluan"
        return permohonan.surat.nomor

    hasil = serentak.jalankan(setujui, range(12))

    assert sorted(hasil) == ["400.12.2.1/001/51.07.04.2001/XI/2026", *["keduluan"] * 11]
    assert BukuNomor.objects.get(kode="SURAT").terakhir == Surat.objects.count() == 1
    assert Riwayat.objects.filter(langkah="setujui").count() == 1
    assert Notifikasi.objects.count() == pesan
