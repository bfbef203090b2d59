"""The worker's side: one worker per import, whatever happens to it; and the cleaning."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from penduduk import tasks
from penduduk.antrean import SEWA
from penduduk.impor import antrean, langkah
from penduduk.models import BarisImpor, Impor, Penduduk
from tests import serentak
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import orang

K = Impor.Keadaan


@pytest.mark.django_db
def test_task_works_off_what_waits():
    impor = contoh.unggah(contoh.xlsx(orang(1)))

    tasks.impor_yang_menunggu()

    impor.refresh_from_db()
    assert (impor.keadaan, impor.kemajuan, impor.total) == (K.SIAP, 1, 1)


@pytest.mark.django_db
def test_upload_lies_under_a_random_name():
    satu, dua = (contoh.unggah(contoh.xlsx(orang(1)), "rahasia.xlsx") for _ in range(2))

    assert satu.berkas != dua.berkas
    assert satu.berkas.startswith("impor/")
    assert "rahasia" not in satu.berkas
    assert satu.nama_berkas == "rahasia.xlsx"


@pytest.mark.django_db
@pytest.mark.parametrize(("isi", "kalimat"), [(b"", "kosong"), (b"x" * 50, "paling besar")])
def test_upload_that_is_empty_or_too_big_is_not_stored(isi, kalimat, monkeypatch):
    monkeypatch.setattr(langkah, "UKURAN_MAKS", 40)

    with pytest.raises(langkah.UnggahanDitolak, match=kalimat):
        contoh.unggah(isi)

    assert Impor.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_one_import_once():
    impor = contoh.unggah(contoh.xlsx(orang(1), orang(2)))

    jumlah = serentak.jalankan(lambda _: antrean.kerjakan_yang_menunggu(), range(2))

    impor.refresh_from_db()
    assert sorted(jumlah) == [0, 1]
    assert (impor.keadaan, impor.baris.count()) == (K.SIAP, 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_apply_one_import_once():
    """Both believe that it is theirs: a claim may run out while its worker still lives."""
    impor = contoh.periksa(contoh.xlsx(*(orang(n) for n in range(1, 6))))
    langkah.setujui(impor, ikut_ragu=True, oleh=None, mulai=timezone.now())
    impor.refresh_from_db()

    def terapkan(_):
        antrean.kerjakan(Impor.objects.get(pk=impor.pk), pada=timezone.now())

    serentak.jalankan(terapkan, range(2))

    impor.refresh_from_db()
    assert impor.keadaan == K.DITERAPKAN
    assert (Penduduk.objects.count(), Penduduk.riwayat.count()) == (5, 5)


@pytest.mark.django_db
def test_worker_that_lost_its_claim_leaves_no_trace():
    impor = contoh.unggah(contoh.xlsx(orang(1)))
    pertama = antrean.ambil(timezone.now())
    Impor.objects.update(ambil_lagi_pada=timezone.now())
    kedua = antrean.ambil(timezone.now())

    antrean.kerjakan(pertama, pada=timezone.now())
    assert impor.baris.count() == 0
    antrean.kerjakan(kedua, pada=timezone.now())
    antrean.kerjakan(pertama, pada=timezone.now())

    impor.refresh_from_db()
    assert (impor.keadaan, impor.baris.count()) == (K.SIAP, 1)


@pytest.mark.django_db
def test_worker_that_lost_its_claim_gives_nothing_up(monkeypatch):
    contoh.unggah(contoh.xlsx(orang(1)))
    Impor.objects.update(percobaan=antrean.PERCOBAAN_MAKS - 1)
    tertidur = antrean.ambil(timezone.now())
    Impor.objects.update(ambil_lagi_pada=timezone.now())
    antrean.ambil(timezone.now())

    monkeypatch.setattr(antrean, "_periksa", lambda *_: 1 / 0)
    antrean.kerjakan(tertidur, pada=timezone.now())

    assert Impor.objects.get().keadaan == K.DIUNGGAH


@pytest.mark.django_db
def test_rows_of_a_worker_that_died_are_replaced():
    impor = contoh.unggah(contoh.xlsx(orang(1)))
    BarisImpor.objects.create(impor=impor, nomor=2, hasil="DITOLAK")

    antrean.kerjakan_yang_menunggu()

    assert contoh.hasil(impor) == [(2, "BARU")]


@pytest.mark.django_db
def test_progress_renews_the_claim(monkeypatch):
    monkeypatch.setattr("penduduk.impor.banding.SEKALIGUS", 1)
    impor = contoh.unggah(contoh.xlsx(orang(1), orang(2)))
    impor = antrean.ambil(timezone.now())
    batas = impor.ambil_lagi_pada
    maju = []

    antrean.kerjakan(
        impor, pada=timezone.now(), lapor=lambda selesai, total: maju.append((selesai, total))
    )

    assert maju == [(2, 2)]
    assert impor.ambil_lagi_pada > batas


@pytest.mark.django_db
def test_claim_of_an_application_lasts_for_all_its_rows():
    impor = Impor(keadaan=K.DISETUJUI, total=10_000, diunggah_pada=timezone.now())
    impor.ambil_lagi_pada = sekarang = timezone.now()
    impor.save()

    assert antrean.pegang(impor, pada=sekarang)

    assert impor.ambil_lagi_pada == sekarang + SEWA + timedelta(seconds=200)


@pytest.mark.django_db
def test_import_thrown_away_during_its_dry_run_stays_away():
    impor = contoh.unggah(contoh.xlsx(orang(1)))
    terambil = antrean.ambil(timezone.now())
    langkah.buang(impor)

    antrean.kerjakan(terambil, pada=timezone.now())

    impor.refresh_from_db()
    assert (impor.keadaan, impor.baris.count()) == (K.DIBUANG, 0)


@pytest.mark.django_db
def test_dry_run_that_breaks_three_times_fails_with_a_sentence(monkeypatch):
    def rusak(*a, **k):
        raise OSError("disk penuh")

    monkeypatch.setattr(antrean, "periksa", rusak)
    impor = contoh.unggah(contoh.xlsx(orang(1)))
    for _ in range(3):
        Impor.objects.update(ambil_lagi_pada=timezone.now())
        antrean.kerjakan_yang_menunggu()

    impor.refresh_from_db()
    assert (impor.keadaan, impor.alasan[:30]) == (K.GAGAL, "Pekerjaan ini gagal 3 kali. Co")


@pytest.mark.django_db
def test_log_names_no_row(monkeypatch, caplog):
    def rusak(*a, **k):
        raise ValueError(contoh.nik(1))

    monkeypatch.setattr(antrean, "periksa", rusak)
    impor = contoh.periksa(contoh.xlsx(orang(1)))

    assert [r.message for r in caplog.records if r.name == antrean.__name__] == [
        f"import {impor.pk} failed: ValueError"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("keadaan", [k for k in K if k not in (K.SIAP, K.DIUNGGAH)])
def test_only_a_checked_import_can_be_approved(keadaan):
    impor = contoh.periksa(contoh.xlsx(orang(1)))
    Impor.objects.update(keadaan=keadaan, alasan="x")

    with pytest.raises(langkah.LangkahTidakSah, match=keadaan.label):
        langkah.setujui(impor, ikut_ragu=True, oleh=None, mulai=timezone.now())


# --- Cleaning -----------------------------------------------------------------------------------


def _tua(impor: Impor, hari: int) -> Impor:
    Impor.objects.filter(pk=impor.pk).update(
        diunggah_pada=timezone.now() - timedelta(days=hari, hours=1)
    )
    return impor


@pytest.mark.django_db
def test_cleaning_keeps_what_is_young():
    siap = _tua(contoh.periksa(contoh.xlsx(orang(1))), 6)

    tasks.bersihkan_impor()

    siap.refresh_from_db()
    assert (siap.keadaan, siap.baris.count()) == (K.SIAP, 1)
    assert default_storage.exists(siap.berkas)


@pytest.mark.django_db
def test_cleaning_after_a_week_deletes_files_and_lets_the_undecided_lapse():
    jadi = contoh.impor_jadi(orang(1))
    siap = contoh.periksa(contoh.xlsx(orang(2)))
    berkas = [_tua(satu, 7).berkas for satu in (jadi, siap)]

    antrean.bersihkan(pada=timezone.now())

    for satu in (jadi, siap):
        satu.refresh_from_db()
    assert [satu.keadaan for satu in (jadi, siap)] == [K.DITERAPKAN, K.DIBUANG]
    assert [default_storage.exists(nama) for nama in berkas] == [False, False]
    assert [satu.berkas for satu in (jadi, siap)] == ["", ""]
    assert [satu.baris.count() for satu in (jadi, siap)] == [1, 0]


@pytest.mark.django_db
def test_cleaning_after_a_month_deletes_the_rows():
    jadi = _tua(contoh.impor_jadi(orang(1)), 30)

    antrean.bersihkan(pada=timezone.now())

    assert jadi.baris.count() == 0
    assert Penduduk.objects.count() == 1


@pytest.mark.django_db
def test_cleaning_leaves_what_a_worker_still_needs():
    impor = _tua(contoh.unggah(contoh.xlsx(orang(1))), 40)

    antrean.bersihkan(pada=timezone.now())
    antrean.kerjakan_yang_menunggu()

    impor.refresh_from_db()
    assert impor.keadaan == K.SIAP


@pytest.mark.django_db
def test_file_that_is_gone_fails_with_a_sentence():
    impor = contoh.unggah(contoh.xlsx(orang(1)))
    default_storage.delete(impor.berkas)

    antrean.kerjakan_yang_menunggu()

    impor.refresh_from_db()
    assert (impor.keadaan, impor.alasan) == (K.GAGAL, "Berkas ini sudah dihapus. Unggah lagi.")
