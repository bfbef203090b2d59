"""Requests filed at the counter: for letters of the office, and for whoever has no phone."""

import pytest
from django.utils import timezone

from layanan.models import Notifikasi, Permohonan
from layanan.permohonan import ajukan, alur
from surat.jenis import bawaan
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai

CARI = "/kelola/layanan/loket/"
DATANG = {
    "loket-datang": "Pemohon sendiri",
    "loket-cara": "KTP-el",
    "loket-syarat": ["ktp", "kk", "pengantar_kelian"],
}


@pytest.fixture
def client(operator):
    return sebagai(operator)


@pytest.fixture
def orang(db):
    return factories.buat_penduduk(nama="Ni Made Tanpa HP", jenis_kelamin=2)


def _isi(client, orang, kode: str, **lain):
    alamat = f"{CARI}{orang.pk}/{factories.jenis(kode).kode}/"
    return kirim(client, client.get(alamat), "Masukkan ke antrean", DATANG | lain)


def test_clerk_finds_the_person_without_a_nik_in_the_address(client, orang):
    hasil = client.post(CARI, {"cari": orang.nik})

    assert hasil.request["QUERY_STRING"] == ""
    assert f'href="{CARI}{orang.pk}/"' in hasil.content.decode()
    assert "Tulis paling sedikit tiga huruf" in kata(client.post(CARI, {"cari": "Ni"}))
    assert "Tidak ada penduduk yang cocok" in kata(client.post(CARI, {"cari": "Zzz Zzz"}))


def test_letters_of_the_office_come_first(client, orang):
    bawaan.muat()

    hal = client.get(f"{CARI}{orang.pk}/")

    semua = [j.layanan_mandiri for j in hal.context["semua"]]
    assert semua == sorted(semua) and not semua[0] and len(semua) == 52


def test_letter_that_residents_cannot_request_is_filed_and_issued(client, orang, operator):
    jawab = _isi(client, orang, "masih_hidup", keperluan="mengambil pensiun")

    permohonan = Permohonan.objects.get()
    assert jawab.url == f"/kelola/layanan/permohonan/{permohonan.pk}/change/"
    assert (permohonan.pemohon, permohonan.status) == (orang, "DIAJUKAN")
    assert permohonan.dibawa == ["ktp", "kk", "pengantar_kelian"]
    langkah = permohonan.riwayat.get()
    assert langkah.oleh == operator
    assert langkah.catatan == (
        "Diajukan di loket. Datang: Pemohon sendiri; dikenali dengan KTP-el."
    )
    assert Notifikasi.objects.get(pesan="diterima").keadaan == "TANPA_WA"
    assert client.get(jawab.url).status_code == 200

    pada, mandat = timezone.now(), factories.buat_perbekel().pejabat.mandat.get()
    alur.jalankan(permohonan, "proses", oleh=operator, pada=pada)
    alur.jalankan(permohonan, "setujui", factories.setujui(mandat), oleh=operator, pada=pada)
    assert permohonan.surat is not None and permohonan.surat.nama == orang.nama


def test_resident_with_a_number_is_told(client, orang):
    _isi(
        client,
        orang,
        "domisili",
        alamat_domisili="Jalan Contoh 7",
        keperluan="bank",
        **{"loket-nomor_hp": "0812 3456 7890", "loket-kabari_wa": "on"},
    )

    permohonan = Permohonan.objects.get()
    assert (permohonan.nomor_hp, permohonan.kabari_wa) == ("+6281234567890", True)
    assert Notifikasi.objects.get(pesan="diterima").keadaan == "MENUNGGU"


@pytest.mark.parametrize(
    ("lain", "kalimat"),
    [
        ({"loket-syarat": ["ktp"]}, "Foto/scan Kartu Keluarga belum dilihat."),
        ({"loket-datang": ""}, "Siapa yang datang"),
        ({"loket-kabari_wa": "on"}, "Isi nomornya, atau hapus centang WhatsApp."),
        ({"loket-nomor_hp": "0363 21234"}, "HP"),
        ({"loket-cara": "Kira-kira"}, "Kira-kira"),
        ({"keperluan": ""}, "Isi Keperluan."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, orang, lain, kalimat):
    hal = _isi(client, orang, "masih_hidup", **{"keperluan": "mengambil pensiun"} | lain)

    assert hal.status_code == 200 and kalimat in kata(hal)
    if "keperluan" not in lain:
        assert formulir(hal, "Masukkan ke antrean").isi["keperluan"] == ["mengambil pensiun"]
    assert not Permohonan.objects.exists()


def test_more_rows_keep_what_was_typed_and_ticked(client, orang):
    alamat = f"{CARI}{orang.pk}/{factories.jenis('ahli_waris').kode}/"
    penuh = {f"ahli_waris-{i}-nama": f"Ni Luh {i}" for i in range(3)}

    hal = kirim(client, client.get(alamat), "Tambah baris", penuh | DATANG)

    isi = formulir(hal, "Masukkan ke antrean").isi
    assert isi["ahli_waris-2-nama"] == ["Ni Luh 2"] and "ahli_waris-4-nama" in isi
    assert set(isi["loket-syarat"]) == {"ktp", "kk", "pengantar_kelian"}
    assert isi["loket-datang"] == ["Pemohon sendiri"]


def test_the_dead_and_the_moved_do_not_come_to_the_counter(client):
    for status in (2, 3):
        pergi = factories.buat_penduduk(nama="I Wayan Tiada", status_dasar=status)
        assert client.get(f"{CARI}{pergi.pk}/").status_code == 404
    assert "Tidak ada penduduk" in kata(client.post(CARI, {"cari": "Tiada"}))


def _di_loket(orang, isian: dict) -> alur.Isi:
    jenis = factories.jenis("penduduk")
    return alur.Isi(jenis=jenis, pemohon_id=orang.pk, isian=isian, dibawa=[])


def test_only_operators_file_requests(orang, warga, perbekel):
    isi = _di_loket(orang, {"keperluan": "bank"})
    for akun in (warga, perbekel):
        with pytest.raises(alur.LangkahTidakSah, match="tidak berwenang"):
            ajukan.di_loket(isi, catatan="", oleh=akun, pada=timezone.now())


def test_required_answers_are_held_below_the_form_too(orang, operator):
    isi = _di_loket(orang, {})

    with pytest.raises(alur.LangkahTidakSah, match="Isi dulu “Keperluan”"):
        ajukan.di_loket(isi, catatan="", oleh=operator, pada=timezone.now())
