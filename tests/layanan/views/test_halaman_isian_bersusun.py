"""Answers that are more than a line, on the resident's pages: tables, persons, conditions."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from layanan.models import Draf, Permohonan
from layanan.permohonan import ajukan, alur
from surat.models import JenisSurat, Surat
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai

pytestmark = pytest.mark.sekali


@pytest.fixture
def client(warga):
    return sebagai(warga)


def _mulai(client, kode: str) -> str:
    """Give what papers the letter asks for; returns the address of the form."""
    jenis = factories.jenis(kode)
    hal = client.get(f"/layanan/surat/{kode}/")
    berkas = {k: factories.foto() for k in formulir(hal, "Isi Form").isi if k.startswith("berkas-")}
    for satu in [k for k in _berkas_wajib(jenis) if k not in berkas]:
        berkas[satu] = factories.foto()
    bawa = {f"bawa-{s.kode}": "on" for s in jenis.syarat.filter(boleh_dibawa=True)}
    kirim(client, hal, "Isi Form", berkas | bawa)
    return f"/layanan/surat/{kode}/isi/"


def _berkas_wajib(jenis: JenisSurat) -> list[str]:
    syarat = jenis.syarat.filter(wajib=True, boleh_dibawa=False)
    return [f"berkas-{s.kode}" for s in syarat]


def _isian(warga) -> dict:
    return Draf.objects.get(akun=warga, terkirim=False).isian


# --- Tables ---------------------------------------------------------------------------------------


def test_table_of_differences_is_stored_row_by_row_and_told_on_the_check_page(client, warga):
    alamat = _mulai(client, "beda_identitas")

    hal = kirim(
        client,
        client.get(alamat),
        "Periksa, lalu kirim",
        {
            "dokumen1": "KTP-el",
            "dokumen2": "Ijazah",
            "perbedaan-0-data": "Nama",
            "perbedaan-0-dokumen1": "I Wayan Contoh",
            "perbedaan-0-dokumen2": "Wayan Contoh",
            "perbedaan-2-data": "Tahun lahir",
            "perbedaan-2-dokumen1": "1990",
            "perbedaan-2-dokumen2": "1991",
            "data_benar": "Sesuai KTP-el/KK",
            "keperluan": "mengurus paspor",
        },
    )

    assert hal.url.endswith("/periksa/")
    assert _isian(warga)["perbedaan"] == [
        {"data": "Nama", "dokumen1": "I Wayan Contoh", "dokumen2": "Wayan Contoh"},
        {"data": "Tahun lahir", "dokumen1": "1990", "dokumen2": "1991"},
    ]
    assert "Tahun lahir · 1990 · 1991" in kata(client.get(hal.url))


def test_a_row_with_a_hole_is_named_and_what_was_typed_stays(client):
    alamat = _mulai(client, "beda_identitas")

    hal = kirim(
        client,
        client.get(alamat),
        "Periksa, lalu kirim",
        {"perbedaan-0-data": "Nama", "perbedaan-0-dokumen1": "I Wayan"},
    )

    assert "Baris 1, Tertulis di dokumen 2: belum diisi." in kata(hal)
    assert formulir(hal, "Periksa, lalu kirim").isi["perbedaan-0-dokumen1"] == ["I Wayan"]


def test_more_rows_are_given_without_judging_what_is_not_finished(client):
    alamat = _mulai(client, "beda_identitas")
    penuh = {
        f"perbedaan-{i}-{k}": f"{k} {i}" for i in range(3) for k in ("data", "dokumen1", "dokumen2")
    }

    hal = kirim(client, client.get(alamat), "Tambah baris", penuh | {"dokumen1": "KTP-el"})

    isi = formulir(hal, "Periksa, lalu kirim").isi
    assert isi["perbedaan-2-dokumen2"] == ["dokumen2 2"]
    assert isi["dokumen1"] == ["KTP-el"]
    assert "perbedaan-4-data" in isi and "perbedaan-5-data" not in isi
    assert "Ada yang perlu diperbaiki" not in kata(hal)


# --- Persons --------------------------------------------------------------------------------------


def test_family_member_becomes_the_subject_of_the_letter(client, warga, operator):
    ibu = factories.buat_penduduk(
        nama="Ni Ketut Almarhumah",
        jenis_kelamin=2,
        tanggal_lahir=date(1962, 2, 14),
        keluarga=warga.penduduk.keluarga,
        status_dasar=2,
        shdk=7,
    )
    alamat = _mulai(client, "kematian")
    kemarin = timezone.localdate() - timedelta(days=1)

    kirim(
        client,
        client.get(alamat),
        "Periksa, lalu kirim",
        {
            "almarhum": str(ibu.pk),
            "tgl_mati": kemarin.isoformat(),
            "tempat_mati": "di rumah",
            "sebab": "Sakit biasa/tua",
            "pelapor-pk": str(warga.penduduk.pk),
            "hub_pelapor": "Anak",
        },
    )
    kirim(client, client.get("/layanan/surat/kematian/periksa/"), "Kirim")
    permohonan = Permohonan.objects.get()
    surat = _setujui(permohonan, operator)

    assert surat.subjek == ibu and surat.nama == "Ni Ketut Almarhumah"
    assert surat.data["identitas"][0] == ["Nama", "Ni Ketut Almarhumah"]
    rincian = [b for b in surat.data["isi"] if b["macam"] == "rincian"]
    pelapor = dict(rincian[1]["baris"])["Pelapor"]
    assert pelapor.startswith(f"{warga.penduduk.nama} (hubungan: Anak), NIK ")
    assert permohonan.pemohon == warga.penduduk


def _setujui(permohonan: Permohonan, operator, **suntingan: str) -> Surat:
    perbekel = factories.buat_perbekel()
    mandat = perbekel.pejabat.mandat.get()
    pada = timezone.now()
    alur.jalankan(permohonan, "proses", oleh=operator, pada=pada)
    bahan = factories.setujui(mandat, suntingan=suntingan)
    alur.jalankan(permohonan, "setujui", bahan, oleh=operator, pada=pada)
    assert permohonan.surat is not None
    return permohonan.surat


def test_stranger_of_another_family_card_cannot_be_the_subject(client, warga):
    lain = factories.buat_penduduk(nama="Ni Made Tetangga")
    alamat = _mulai(client, "kematian")

    hal = kirim(client, client.get(alamat), "Periksa, lalu kirim", {"almarhum": str(lain.pk)})

    assert "Pilih salah satu dari daftar." in kata(hal)
    assert lain.nama not in kata(hal)


def test_person_who_moved_away_is_not_offered_and_the_deceased_only_where_it_makes_sense(
    client, warga
):
    keluarga = warga.penduduk.keluarga
    factories.buat_penduduk(nama="Ni Luh Pindah", keluarga=keluarga, status_dasar=3)
    factories.buat_penduduk(nama="I Made Mendiang", keluarga=keluarga, status_dasar=2)

    kematian = kata(client.get(_mulai(client, "kematian")))
    sekolah = kata(client.get(_mulai(client, "tidak_mampu_sekolah")))

    assert "Ni Luh Pindah" not in kematian + sekolah
    assert "I Made Mendiang" in kematian and "I Made Mendiang" not in sekolah


def test_person_who_is_not_in_the_register_is_described(client, warga):
    alamat = _mulai(client, "sudah_menikah")

    salah = kirim(
        client,
        client.get(alamat),
        "Periksa, lalu kirim",
        {
            "pasangan-nama": "Ni Komang Luar",
            "pasangan-nik": "123",
            "pasangan-tanggal_lahir": (timezone.localdate() + timedelta(days=9)).isoformat(),
        },
    )
    benar = kirim(
        client,
        salah,
        "Periksa, lalu kirim",
        {
            "pasangan-nik": "5102014503910001",
            "pasangan-tanggal_lahir": "1991-03-05",
            "tgl_kawin": "2015-04-01",
            "tempat_kawin": "Bugbug",
            "keperluan": "mengurus KK",
        },
    )

    assert "NIK harus 16 angka. Anda mengisi 3." in kata(salah)
    assert formulir(salah, "Periksa, lalu kirim").isi["pasangan-nama"] == ["Ni Komang Luar"]
    assert benar.url.endswith("/periksa/")
    assert _isian(warga)["pasangan"] == {
        "nama": "Ni Komang Luar",
        "nik": "5102014503910001",
        "tempat_lahir": "",
        "tanggal_lahir": "1991-03-05",
        "jenis_kelamin": "",
        "agama": "",
        "pekerjaan": "",
        "alamat": "",
    }


# --- Conditions and dates -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alasan", "nomor", "galat", "tersimpan"),
    [
        ("Hilang", "", "Isi ", None),
        ("Hilang", "LP/1/2026", "", "LP/1/2026"),
        ("Rusak", "", "", None),
        ("Rusak", "tidak ditanyakan", "", None),
    ],
)
def test_field_is_asked_only_under_its_condition(client, warga, alasan, nomor, galat, tersimpan):
    jenis = factories.jenis("pengantar_ktp")
    jenis.pertanyaan.filter(kunci="no_lapor_hilang").update(wajib=True)
    alamat = _mulai(client, "pengantar_ktp")
    label = jenis.pertanyaan.get(kunci="no_lapor_hilang").label

    hal = kirim(
        client,
        client.get(alamat),
        "Periksa, lalu kirim",
        {"alasan": alasan, "no_lapor_hilang": nomor},
    )

    if galat:
        assert f"Isi {label}." in kata(hal)
    else:
        assert hal.url.endswith("/periksa/")
        assert _isian(warga).get("no_lapor_hilang") == tersimpan
        assert (label in kata(client.get(hal.url))) is (alasan == "Hilang")


def test_dates_are_held_in_order_and_in_the_possible(client):
    alamat = _mulai(client, "bepergian")
    besok = timezone.localdate() + timedelta(days=1)
    kemarin = timezone.localdate() - timedelta(days=1)

    lewat = kirim(
        client, client.get(alamat), "Periksa, lalu kirim", {"berangkat": kemarin.isoformat()}
    )
    terbalik = kirim(
        client,
        client.get(alamat),
        "Periksa, lalu kirim",
        {
            "berangkat": (besok + timedelta(days=5)).isoformat(),
            "kembali": besok.isoformat(),
            "tujuan": "Lombok",
            "keperluan": "berkunjung",
        },
    )

    assert "Tanggal ini sudah lewat. Isi tanggal mulai hari ini." in kata(lewat)
    assert "Tidak boleh lebih dulu daripada" in kata(terbalik)


def test_birth_tomorrow_and_one_word_names_are_refused(client):
    alamat = _mulai(client, "kelahiran")
    besok = timezone.localdate() + timedelta(days=1)

    hal = kirim(
        client,
        client.get(alamat),
        "Periksa, lalu kirim",
        {"nama_anak": "Wayan", "tgl_lahir": besok.isoformat()},
    )

    assert "Nama anak paling sedikit dua kata, misalnya I Wayan." in kata(hal)
    assert "Tanggal ini belum terjadi. Periksa lagi tanggalnya." in kata(hal)


@pytest.mark.parametrize("tanda", ["🙂", "\u0633", "\u05d0"])
def test_what_a_letter_cannot_print_is_told_at_once(client, tanda):
    alamat = _mulai(client, "penduduk")

    hal = kirim(client, client.get(alamat), "Periksa, lalu kirim", {"keperluan": f"bank {tanda}"})

    assert f"Tanda “{tanda}” tidak dapat dicetak di surat." in kata(hal)
    assert formulir(hal, "Periksa, lalu kirim").isi["keperluan"] == [f"bank {tanda}"]


# --- The operator's words -------------------------------------------------------------------------


def test_operators_sentence_is_printed_and_both_versions_are_kept(warga, operator):
    permohonan = factories.buat_permohonan(warga, keperluan="mau bikin rekening")

    surat = _setujui(permohonan, operator, keperluan="membuka rekening bank")

    assert "membuka rekening bank" in str(surat.data["isi"])
    assert permohonan.isian["keperluan"] == "mau bikin rekening"
    assert permohonan.riwayat.get(langkah="setujui").suntingan == {
        "keperluan": {"asal": "mau bikin rekening", "jadi": "membuka rekening bank"}
    }


def test_text_that_an_operator_has_to_write_is_never_printed_as_it_came(warga, operator):
    draf = factories.buat_draf(warga, "keterangan_umum", isi_keterangan="saya orang baik")
    permohonan = ajukan.dari_draf(draf, oleh=warga, pada=timezone.now())

    with pytest.raises(alur.LangkahTidakSah, match="Tulis dulu kalimat resmi"):
        _setujui(permohonan, operator)

    permohonan.refresh_from_db()
    assert permohonan.status == "DIPROSES" and not Surat.objects.exists()


@pytest.mark.parametrize("kunci", ["tinggal_sejak", "nik", "tidak_ada"])
def test_only_free_text_can_be_put_in_other_words(warga, operator, kunci):
    permohonan = factories.buat_permohonan(warga)

    with pytest.raises(alur.LangkahTidakSah, match="tidak dapat disunting"):
        _setujui(permohonan, operator, **{kunci: "lain"})


def test_letters_of_the_office_are_listed_but_not_offered(client):
    factories.jenis("masih_hidup")

    hal = client.get("/layanan/surat/")

    assert "Dilayani di kantor" in kata(hal)
    assert 'href="/layanan/surat/masih_hidup/"' not in hal.content.decode()
    assert client.get("/layanan/surat/masih_hidup/").url == "/layanan/surat/"
