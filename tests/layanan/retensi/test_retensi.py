"""What is too old goes, what is needed or kept stays, and every page says what is true."""

import tomllib
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from layanan import retensi
from layanan.kabar import panggilan
from layanan.kesehatan import keadaan
from layanan.kotak_keluar import anggaran, aturan
from layanan.models import (
    Berkas,
    Draf,
    Jejak,
    KabarBerkala,
    Notifikasi,
    PengaturanPesan,
    Penyerahan,
    Permohonan,
    PesanMasuk,
    Riwayat,
)
from layanan.permohonan import alur, berkas, pengisian
from layanan.retensi import jalan, pemberitahuan
from layanan.retensi.aturan import ATURAN, LAMA
from penduduk.impor import antrean
from penduduk.ketikan import simpanan
from penduduk.models import Impor, KejadianAkun
from surat.models import Cetakan, EntriBuku, FormulirSurat, Surat
from tests import factories
from tests.halaman import sebagai

pytestmark = pytest.mark.django_db
HARI = timedelta(days=1)


@pytest.fixture
def selesai(permohonan, operator, perbekel) -> Permohonan:
    """Taken, with its two papers."""
    factories.jalankan_sampai(
        permohonan, Permohonan.Status.SELESAI, operator=operator, perbekel=perbekel
    )
    for satu in Berkas.objects.all():
        nama = default_storage.save("berkas/uji", ContentFile(b"isi"))
        Berkas.objects.filter(pk=satu.pk).update(keadaan="SIAP", berkas=nama)
    return permohonan


def sampai(hari: float, *, mulai=None) -> None:
    """The clock of retention, hourly task by hourly task, on the days that matter."""
    awal = mulai or timezone.now()
    for ke in (76.1, 90.1, 104.1, hari):
        if ke <= hari:
            pemberitahuan.umumkan(pada=awal + ke * HARI)
            jalan.jalankan(pada=awal + ke * HARI)


def ada_isi() -> list[bool]:
    return [bool(b.berkas) and default_storage.exists(b.berkas) for b in Berkas.objects.all()]


# --- Papers of a request -------------------------------------------------------------------------


@pytest.mark.parametrize(("hari", "ada"), [(0, True), (89, True), (91, False)])
def test_papers_go_ninety_days_after_the_end(selesai, hari, ada):
    sampai(hari)

    assert ada_isi() == [ada, ada]
    assert Berkas.objects.filter(keadaan="DIHAPUS", sidik_kirim="").count() == (0 if ada else 2)


def test_letter_its_data_and_all_rows_of_the_books_survive(selesai, operator):
    def semua() -> list:
        tabel = (Surat, Cetakan, EntriBuku, Riwayat, Penyerahan)
        isi = [list(t.objects.order_by("pk").values()) for t in tabel]
        surat = Cetakan.objects.get()
        with default_storage.open(surat.berkas) as berkas_:
            return [*isi, berkas_.read()]

    sebelum, isian = semua(), selesai.isian
    sampai(91)
    pemberitahuan.umumkan(pada=timezone.now() + 800 * HARI)
    jalan.jalankan(pada=timezone.now() + 800 * HARI)

    assert semua() == sebelum
    assert Permohonan.objects.get().isian == isian
    jawab = sebagai(operator).get(reverse("layanan:surat_pdf", args=[selesai.surat_id]))
    assert b"".join(jawab).startswith(b"%PDF")


@pytest.mark.parametrize(("hari", "ada"), [(364, True), (366, False)])
def test_official_forms_go_after_a_year_and_the_letter_stays(selesai, hari, ada):
    beku = FormulirSurat.objects.create(
        surat=selesai.surat, kunci="f201a", data={"bagian": []}, dibekukan_pada=timezone.now()
    )
    Permohonan.objects.update(formulir={"isian": {"saksi1.nik": "5107041203909901"}})
    jalan.jalankan(pada=timezone.now() + hari * HARI)

    selesai.refresh_from_db()
    assert FormulirSurat.objects.filter(pk=beku.pk).exists() is ada
    assert bool(selesai.formulir) is ada
    assert Surat.objects.filter(pk=selesai.surat_id).exists()


def test_open_request_keeps_its_papers(permohonan):
    sebelum = Berkas.objects.exclude(mentah="").count()

    sampai(400)

    assert Berkas.objects.exclude(mentah="").count() == sebelum == 2
    assert Permohonan.objects.get().berkas_hapus_pada is None


def test_request_from_before_the_rule_still_gets_two_weeks(selesai):
    kini = timezone.now()
    Permohonan.objects.update(diperbarui_pada=kini - 300 * HARI)

    pemberitahuan.umumkan(pada=kini)
    jalan.jalankan(pada=kini + 13 * HARI)
    masih = ada_isi()
    jalan.jalankan(pada=kini + 14 * HARI)

    assert (masih, ada_isi()) == ([True, True], [False, False])


@pytest.mark.parametrize("lagi", ["draf", "permohonan"])
def test_paper_that_is_used_again_stays(selesai, warga, lagi):
    if lagi == "draf":
        pengisian.buka_lagi(warga, selesai, pada=timezone.now())
        Draf.objects.update(diperbarui_pada=timezone.now() + 90 * HARI)
    else:
        lain = factories.buat_permohonan(warga, "usaha")
        for satu in selesai.lampiran.all():
            berkas.lampirkan(satu.berkas, syarat=satu.syarat, ke=lain)

    sampai(100)

    assert all(b.keadaan != "DIHAPUS" for b in Berkas.objects.filter(lampiran__permohonan=selesai))


def test_paper_that_went_cannot_be_attached_or_taken_for_the_same_upload(selesai, warga):
    lama = Berkas.objects.first()
    sidik = lama.sidik_kirim
    sampai(91)
    baru = factories.buat_draf(warga)

    with pytest.raises(berkas.BerkasDitolak):
        berkas.lampirkan(lama, syarat="ktp", ke=baru)

    assert lama not in berkas.milik(warga.penduduk, {lama.dokumen})
    assert not Berkas.objects.filter(sidik_kirim=sidik, keadaan="DIHAPUS").exists()


def test_file_that_cannot_be_deleted_is_tried_again_and_stops_no_other_rule(selesai, monkeypatch):
    def penuh(nama):
        raise OSError("read-only")

    lama = timezone.now() - 400 * HARI
    Jejak.objects.create(oleh_id=selesai.riwayat.last().oleh_id, pada=lama, apa="LIHAT")
    with monkeypatch.context() as m:
        m.setattr(default_storage, "delete", penuh)
        with pytest.raises(OSError, match="read-only"):
            sampai(91)
        assert ada_isi() == [True, True]
        with pytest.raises(OSError, match="read-only"):
            jalan.jalankan(pada=timezone.now() + 400 * HARI)
    assert not Jejak.objects.exists()
    semua = {b.nama: b for b in keadaan.periksa(pada=timezone.now() + 400 * HARI)}
    assert "retensi_mentah gagal sejak 323 hari lalu" in semua["retensi_mentah"].kalimat

    jalan.jalankan(pada=timezone.now() + 400 * HARI)

    assert ada_isi() == [False, False]
    assert "retensi_" not in str(keadaan.periksa(pada=timezone.now()))


def test_many_rows_go_in_bounded_batches(monkeypatch, operator):
    monkeypatch.setattr(jalan, "SEKALI", 2)
    lama = timezone.now() - 400 * HARI
    for n in range(3):
        Jejak.objects.create(oleh=operator, pada=lama, apa="LIHAT", objek=str(n))

    assert [jalan.jalankan(pada=timezone.now()) for _ in range(2)] == [True, False]
    assert not Jejak.objects.exists()


# --- Told beforehand and afterwards ---------------------------------------------------------------


def pesan() -> list[Notifikasi]:
    return list(Notifikasi.objects.filter(pesan="berkas_dihapus"))


def test_resident_hears_of_it_once_two_weeks_ahead(selesai):
    sampai(76.1)
    sampai(76.2)

    (satu,) = pesan()
    hapus = Permohonan.objects.get().berkas_hapus_pada
    assert (satu.nomor_hp, satu.penerima, satu.berkala.permohonan) == (
        *(selesai.nomor_hp, None),
        selesai,
    )
    assert hapus - satu.dibuat_pada > 13.8 * HARI
    assert "surat yang sudah terbit tetap ada" in panggilan.isi(satu, None)


def _tolak() -> None:
    Permohonan.objects.update(kabari_wa=False)


def _matikan() -> None:
    aturan.ubah({(aturan.BERKAS, "WARGA", "WA"): False})


def _habis() -> None:
    PengaturanPesan.objects.create(pk=1, harga=500, batas=0)


def _anggaran() -> None:
    pada = timezone.now() + 76.1 * HARI
    for n in range(100):
        assert anggaran.ambil("berkas_dihapus", nomor_hp=f"+62811{n}", pada=pada)


def _tanpa_berkas() -> None:
    Berkas.objects.update(keadaan="DITOLAK", alasan="buram", berkas="", mentah="")


@pytest.mark.parametrize("sebab", [_tolak, _matikan, _habis, _anggaran, _tanpa_berkas])
def test_no_message_without_consent_budget_or_papers_and_nobody_is_telephoned(selesai, sebab):
    sebab()

    sampai(91)

    assert pesan() == []
    assert not KabarBerkala.objects.filter(jenis="BERKAS").exists()
    assert Permohonan.objects.get().berkas_hapus_pada is not None


def test_pages_and_address_say_when_it_goes_and_that_it_went(selesai, warga, operator):
    alamat = f"/layanan/permohonan/{selesai.nomor}/"
    kantor = f"/kelola/layanan/permohonan/{selesai.pk}/change/"
    satu = Berkas.objects.first()
    sebelum = sebagai(warga).get(alamat).text
    sampai(91)

    sesudah, meja = sebagai(warga).get(alamat).text, sebagai(operator).get(kantor).text
    jawab = [sebagai(a).get(f"/berkas/{satu.pk}/") for a in (warga, operator)]
    jawab.append(sebagai(warga).get(reverse("layanan:berkas_halaman", args=[satu.pk, 1])))

    assert "akan dihapus pada" in sebelum and "suratnya tetap ada" in sebelum
    assert "akan dihapus pada" not in sesudah
    for teks in (sesudah.lower(), meja, *(j.text for j in jawab)):
        assert "sudah dihapus pada" in teks and "sesuai aturan penyimpanan" in teks
    assert [j.status_code for j in jawab] == [410] * 3
    assert not Jejak.objects.filter(objek=str(satu.pk)).exists()


def test_stranger_does_not_learn_that_there_was_a_paper(selesai):
    satu = Berkas.objects.first()
    sampai(91)

    assert sebagai(factories.buat_warga()).get(f"/berkas/{satu.pk}/").status_code == 404


# --- Messages and logs ---------------------------------------------------------------------------


def test_text_of_old_messages_goes_row_and_state_stay(selesai):
    Notifikasi.objects.update(keadaan="SAMPAI", ditangani_catatan="")
    antre = Notifikasi.objects.create(
        riwayat=selesai.riwayat.first(),
        penerima=selesai.riwayat.last().oleh,
        nomor_hp="+62811",
        pesan="petugas_baru",
        variabel=["isi"],
        ambil_lagi_pada=timezone.now(),
        dibuat_pada=timezone.now(),
        berubah_pada=timezone.now(),
    )
    sebelum = Notifikasi.objects.exclude(pk=antre.pk).count()

    jalan.jalankan(pada=timezone.now() + 89 * HARI)
    assert not Notifikasi.objects.filter(variabel=[]).exists()
    jalan.jalankan(pada=timezone.now() + 91 * HARI)

    assert Notifikasi.objects.filter(variabel=[], keadaan="SAMPAI").count() == sebelum > 0
    antre.refresh_from_db()
    assert antre.variabel == ["isi"]
    kosong = Notifikasi.objects.filter(variabel=[]).first()
    assert "sudah dihapus sesuai aturan penyimpanan" in panggilan.isi(kosong, None)


def test_events_of_accounts_go_after_a_year_but_for_a_hold_that_lasts(warga):
    lama = timezone.now() - 366 * HARI
    for jenis in ("KELUAR", "DIJAGA"):
        KejadianAkun.objects.create(akun=warga, jenis=jenis, pada=lama, dikabarkan=True)
    KejadianAkun.objects.create(akun=warga, jenis="NOMOR", pada=timezone.now(), dikabarkan=True)
    type(warga).objects.filter(pk=warga.pk).update(dijaga_pada=lama)

    jalan.jalankan(pada=timezone.now())

    assert {k.jenis for k in KejadianAkun.objects.all()} >= {"DIJAGA", "NOMOR"}
    assert not KejadianAkun.objects.filter(jenis="KELUAR").exists()


# --- The table ------------------------------------------------------------------------------------


def test_dry_run_counts_and_deletes_nothing_and_names_nobody(selesai, warga):
    Permohonan.objects.update(berkas_hapus_pada=timezone.now())
    keluar = StringIO()

    call_command("retensi", stdout=keluar)

    baris = {b.split()[0]: b for b in keluar.getvalue().splitlines()}
    assert "2 baris, 2 berkas, tertua 20" in baris["unggahan"]
    assert set(baris) == {a.bagian for a in ATURAN} | {"Belum"}
    assert warga.penduduk.nama not in keluar.getvalue()
    assert ada_isi() == [True, True]

    call_command("retensi", "--jalankan", stdout=StringIO())

    assert ada_isi() == [False, False]


def test_every_rule_is_told_with_all_it_needs():
    for satu in jalan.tinjau(pada=timezone.now()):
        assert (satu.baris, satu.berkas, satu.tertua) == (0, 0, None)
        assert satu.aturan.data and satu.aturan.sejak and satu.aturan.sebab


def test_rules_and_rooms_below_name_the_same_times():
    assert LAMA["mentah"] == berkas.MENTAH_DISIMPAN
    assert LAMA["ketikan"] == simpanan.LAMA
    assert LAMA["impor_berkas"] == antrean.BERKAS_DISIMPAN
    assert LAMA["impor_baris"] == antrean.BARIS_DISIMPAN


def test_states_that_the_file_names_are_those_of_the_rows():
    isi = tomllib.loads(Path(retensi.__path__[0], "aturan.toml").read_text())

    assert isi["jawaban"]["kecuali"] == [{"notifikasi__keadaan__in": [*Notifikasi.ANTRE]}]
    belum, antre = isi["masuk"]["kecuali"]
    assert belum == {"keadaan__in": [PesanMasuk.Keadaan.MENUNGGU, PesanMasuk.Keadaan.TANYA]}
    assert antre == {"balasan__keadaan__in": [*Notifikasi.ANTRE]}
    assert isi["impor_baris"]["kecuali"] == [{"impor__keadaan__in": [*Impor.ANTREAN]}]


def test_cancelled_request_counts_as_ended(permohonan, warga):
    alur.jalankan(permohonan, "batalkan", oleh=warga, pada=timezone.now())
    Berkas.objects.update(keadaan="SIAP", berkas="berkas/tidak-ada")
    teks = sebagai(warga).get(f"/layanan/permohonan/{permohonan.nomor}/").text
    assert "akan dihapus pada" in teks and "suratnya tetap ada" not in teks

    sampai(91)

    assert set(Berkas.objects.values_list("keadaan", flat=True)) == {"DIHAPUS"}
