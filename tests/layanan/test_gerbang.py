"""The gate: no letter has a number before an admin has said that the village is ready."""

import importlib
from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from layanan import contoh
from layanan.models import Riwayat
from layanan.permohonan import alur
from penduduk.models import Desa
from surat.buku import agenda, gerbang, nomor
from surat.models import BukuNomor, Mandat, Pejabat, Surat, TataNaskah
from surat.naskah import gaya
from tests import factories
from tests.halaman import kata, kirim, sebagai

pytestmark = pytest.mark.django_db
MULAI = "/kelola/mulai/"


@pytest.fixture
def tertutup(db) -> TataNaskah:
    gaya.tata_naskah()
    TataNaskah.objects.update(siap_pada=None)
    return gaya.tata_naskah()


def _lengkapi(perbekel) -> None:
    nomor.mulai(kode=nomor.SATU, tahun=timezone.localdate().year, terakhir=0)
    TataNaskah.objects.update(kop_1="PEMERINTAH", contoh_dilihat_pada=timezone.now())


def test_approval_is_refused_and_nothing_is_lost(
    tertutup, permohonan, operator, perbekel, admin_desa
):
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    setujui = factories.setujui(Mandat.objects.get())

    with pytest.raises(alur.LangkahTidakSah, match="Minta Admindesa menyelesaikan"):
        alur.jalankan(permohonan, "setujui", setujui, oleh=operator, pada=timezone.now())

    permohonan.refresh_from_db()
    assert permohonan.status == "DIPROSES"
    assert not Surat.objects.exists() and not BukuNomor.objects.filter(kode=nomor.SATU).exists()
    assert Riwayat.objects.filter(permohonan=permohonan).last().langkah == "proses"
    _lengkapi(perbekel)
    gerbang.buka(oleh=admin_desa, pada=timezone.now())
    alur.jalankan(permohonan, "setujui", setujui, oleh=operator, pada=timezone.now())
    assert "/001/" in Surat.objects.get().nomor


def test_a_letter_written_by_hand_waits_too(tertutup, operator):
    hari = timezone.localdate()

    with pytest.raises(nomor.BelumSiap, match="Minta Admin desa"), transaction.atomic():
        agenda.catat_keluar(
            klasifikasi="005",
            tanggal_surat=hari,
            tujuan="Camat",
            isi_singkat="Undangan",
            oleh=operator,
            pada=timezone.now(),
        )
    hal = sebagai(operator).post(
        "/kelola/surat/catatanagenda/add/?arah=KELUAR",
        {"klasifikasi": "005", "tanggal_surat": hari, "tujuan": "Camat", "isi_singkat": "Undangan"},
    )
    assert "Desa belum dinyatakan siap" in kata(hal)


def test_gate_names_all_that_is_missing_and_opens_once(tertutup, admin_desa):
    client = sebagai(admin_desa)
    factories.jenis()

    hal = client.post(MULAI, {"siap": "1"}, follow=True)

    assert all(
        kalimat in kata(hal) for kalimat in gerbang.kurang(tertutup, pada=timezone.now()).values()
    )
    assert list(gerbang.kurang(tertutup, pada=timezone.now())) == [
        "kop",
        "pejabat",
        "nomor",
        "contoh",
    ]
    assert TataNaskah.objects.get().siap_pada is None
    pejabat = Pejabat.objects.create(nama="P", jabatan="Perbekel")
    lama = Mandat.objects.create(
        pejabat=pejabat, sebagai="DEFINITIF", dari=date(2020, 1, 1), sampai=date(2021, 1, 1)
    )
    _lengkapi(None)
    assert list(gerbang.kurang(gaya.tata_naskah(), pada=timezone.now())) == ["pejabat"]
    Mandat.objects.filter(pk=lama.pk).update(sampai=None)
    kirim(client, client.get(MULAI), "Desa siap menerbitkan surat")
    tata = TataNaskah.objects.get()
    assert tata.siap_oleh == admin_desa
    client.post(MULAI, {"siap": "1"})
    assert TataNaskah.objects.get().siap_pada == tata.siap_pada


def test_nought_is_an_answer_for_the_starting_number(tertutup, admin_desa):
    factories.jenis()
    client = sebagai(admin_desa)
    assert "nomor" in gerbang.kurang(tertutup, pada=timezone.now())

    kirim(client, client.get("/kelola/surat/bukunomor/"), "Simpan nomor awal")

    assert "nomor" not in gerbang.kurang(tertutup, pada=timezone.now())
    assert BukuNomor.objects.get(kode=nomor.SATU).terakhir == 0


def test_step_is_passed_over_and_taken_up_again(tertutup, admin_desa):
    client = sebagai(admin_desa)
    kirim(client, client.get(MULAI), "Lewati dulu")
    assert TataNaskah.objects.get().dilewati == ["desa"]
    assert client.get("/kelola/").context["mulai"]["berikut"].kode == "kop"

    client.post(MULAI, {"kembali": "desa"})
    client.post(MULAI, {"lewati": "tidak-ada"})

    assert TataNaskah.objects.get().dilewati == []


def test_guide_shows_only_to_who_can_end_it(tertutup, admin_desa, operator):
    assert "Menyiapkan desa" in kata(sebagai(admin_desa).get("/kelola/"))
    assert "Menyiapkan desa" not in kata(sebagai(operator).get("/kelola/"))
    TataNaskah.objects.update(siap_pada=timezone.now())
    assert "Menyiapkan desa" not in kata(sebagai(admin_desa).get("/kelola/"))


def test_sample_letter_takes_no_number_and_names_the_signer(
    tertutup, admin_desa, perbekel, monkeypatch
):
    factories.jenis()
    dicetak = []
    monkeypatch.setattr(
        "surat.kertas.cetak_luar.cetak", lambda apa, data, **lain: dicetak.append(data) or b"%PDF"
    )

    jawab = sebagai(admin_desa).post(f"{MULAI}contoh/")

    assert (jawab["Content-Type"], jawab.content) == ("application/pdf", b"%PDF")
    assert dicetak[0]["tanda_air"] == "DRAF"
    assert "I Nyoman Perbekel Contoh" in str(dicetak[0])
    assert TataNaskah.objects.get().contoh_dilihat_pada is not None
    assert not BukuNomor.objects.exists()


def test_village_of_samples_opens_by_itself(tertutup):
    contoh._isi_tata_naskah(pada=timezone.now())

    assert TataNaskah.objects.get().siap_pada is not None
    assert not Desa.objects.filter(contoh=True).exists()


@pytest.mark.parametrize("apa", ["kosong", "surat", "nomor tulis tangan"])
def test_village_that_has_numbered_letters_counts_as_ready(apa, permohonan, operator, perbekel):
    if apa == "surat":
        factories.jalankan_sampai(permohonan, "DICETAK", operator=operator, perbekel=perbekel)
    if apa == "nomor tulis tangan":
        BukuNomor.objects.create(kode=nomor.SATU, tahun=2025, terakhir=8, mulai_sesudah=7)
    gaya.tata_naskah()
    TataNaskah.objects.update(siap_pada=None)

    pindah = importlib.import_module("surat.migrations.0018_gerbang")
    pindah._sudah_siap(apps, SimpleNamespace(connection=connection))

    assert (TataNaskah.objects.get().siap_pada is not None) == (apa != "kosong")
