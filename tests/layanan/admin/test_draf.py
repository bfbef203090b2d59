"""The very letter before it has a number: what is shown would be frozen, and nothing moves."""

import io
import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from layanan.models import Permohonan, Riwayat
from layanan.permohonan import alur
from penduduk.models import Keluarga, Penduduk
from surat.kertas import cetak_luar
from surat.models import BukuNomor, Cetakan, EntriBuku, JenisSurat, Surat, TataNaskah
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai, tombol

ANTREAN = "/kelola/layanan/permohonan/"
TOMBOL = "Lihat draf surat"
TANDA = {"nomor", "kode_cek", "url_cek", "tanda_air"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(operator):
    return sebagai(operator)


@pytest.fixture
def diproses(permohonan, operator, perbekel):
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    return permohonan


@pytest.fixture
def cetak(monkeypatch):
    """Drafts without the process that draws them: the data it would get."""
    data = []

    def catat(apa, isi, *, detik):
        data.append(isi)
        return b"%PDF-1.7 draf"

    monkeypatch.setattr(cetak_luar, "cetak", catat)
    return data


def alamat(satu: Permohonan) -> str:
    return f"{ANTREAN}{satu.pk}/change/"


def isi_tabel() -> list[int]:
    return [m.objects.count() for m in (Surat, Cetakan, EntriBuku, BukuNomor, Riwayat)]


ISI = {
    "setujui-no_pengantar": "12/BD/XI/2026",
    "setujui-tgl_pengantar": "2026-11-20",
    "setujui-teks-keperluan": "melamar pekerjaan di Denpasar",
}


@pytest.mark.parametrize("kode", ["domisili", "usaha", "tidak_mampu"])
def test_draft_is_the_letter_that_approval_freezes(client, warga, operator, perbekel, cetak, kode):
    satu = factories.buat_permohonan(warga, kode)
    alur.jalankan(satu, "proses", oleh=operator, pada=timezone.now())
    hal = client.get(alamat(satu))
    ada = formulir(hal, "Setujui").bidang
    isi = {nama: nilai for nama, nilai in ISI.items() if nama in ada}

    kirim(client, hal, TOMBOL, isi)
    kirim(client, hal, "Setujui", isi)

    (draf,), beku = cetak, Surat.objects.get().data
    draf["kop"].pop("lambang_uri", None)
    assert {k: v for k, v in draf.items() if k not in TANDA} == {
        k: v for k, v in beku.items() if k not in TANDA
    }
    assert draf["tanda_air"] == "DRAF"
    assert re.fullmatch(r"[\d.]+/…/[\d.]+/[IVX]+/\d{4}", draf["nomor"])
    assert len(draf["url_cek"]) == len(beku["url_cek"])  # the paper has the same room for it


def test_draft_is_a_pdf_in_another_window_and_takes_nothing(client, diproses, cetak):
    hal, sebelum = client.get(alamat(diproses)), isi_tabel()

    jawab = kirim(client, hal, TOMBOL, ISI)

    assert jawab["Content-Type"] == "application/pdf"
    assert jawab["Content-Disposition"] == f'inline; filename="draf-{diproses.nomor}.pdf"'
    assert "no-store" in jawab["Cache-Control"]
    assert jawab.content == b"%PDF-1.7 draf"
    assert cetak[0]["pembuka"].count("12/BD/XI/2026") == 1
    assert isi_tabel() == sebelum
    diproses.refresh_from_db()
    assert diproses.status == "DIPROSES"
    assert 'formtarget="_blank"' in hal.content.decode()


def test_draft_writes_to_no_table(client, diproses, cetak):
    TataNaskah.objects.get_or_create(pk=1)
    hal = client.get(alamat(diproses))

    with CaptureQueriesContext(connection) as kueri:
        kirim(client, hal, TOMBOL)

    tulis = [q["sql"] for q in kueri if re.match(r"(?i)insert|delete|update", q["sql"])]
    assert [q for q in tulis if "session" not in q and "sesi" not in q] == []


@pytest.mark.parametrize("tombol_", [TOMBOL, "Setujui"])
def test_what_cannot_be_printed_is_named_with_its_place_and_keeps_what_was_typed(
    client, diproses, warga, cetak, tombol_
):
    Keluarga.objects.filter(anggota=warga.penduduk).update(alamat="Gang \U0001f3dd Indah")
    Penduduk.objects.filter(pk=warga.penduduk_id).update(tempat_lahir="漢字")
    hal = client.get(alamat(diproses))

    hal = kirim(client, hal, tombol_, ISI)

    teks = kata(hal)
    assert "“漢字” (Kelola › Penduduk)" in teks
    assert "“\U0001f3dd” (Kelola › Keluarga)" in teks
    assert formulir(hal, "Setujui").isi["setujui-no_pengantar"] == ["12/BD/XI/2026"]
    assert (Surat.objects.count(), cetak) == (0, [])
    assert not BukuNomor.objects.filter(kode="SURAT", terakhir__gt=0).exists()


def tanpa_bidang(satu: Permohonan) -> None:
    satu.jenis.pertanyaan.filter(kunci="alamat_domisili").delete()
    JenisSurat.objects.update(revisi=1)  # as whoever changes a type does


@pytest.mark.parametrize(
    ("rusak", "kalimat"),
    [
        (
            tanpa_bidang,
            "{{ alamat_domisili }} tidak dikenal",
        ),
        (
            lambda satu: TataNaskah.objects.update_or_create(
                pk=1, defaults={"format_nomor": "[nomor]"}
            ),
            "Format nomor harus berisi [tahun]",
        ),
    ],
    ids=["wording", "number"],
)
def test_what_would_stop_approval_stops_the_draft_with_the_same_words(
    client, diproses, cetak, rusak, kalimat
):
    hal = client.get(alamat(diproses))
    rusak(diproses)

    assert kalimat in kata(kirim(client, hal, TOMBOL, ISI))
    assert kalimat in kata(kirim(client, hal, "Setujui", ISI))
    assert cetak == []


@pytest.mark.parametrize("galat", [cetak_luar.Sibuk, cetak_luar.TidakTercetak])
def test_draft_that_is_not_drawn_says_so_and_keeps_the_form(client, diproses, monkeypatch, galat):
    def gagal(*_, **__):
        raise galat

    monkeypatch.setattr(cetak_luar, "cetak", gagal)

    hal = kirim(client, client.get(alamat(diproses)), TOMBOL, ISI)

    assert "Pratinjau" in kata(hal)
    assert formulir(hal, "Setujui").isi["setujui-no_pengantar"] == ["12/BD/XI/2026"]


def test_draft_of_an_older_state_is_held_back(client, diproses, cetak, operator):
    hal = client.get(alamat(diproses))
    alur.jalankan(diproses, "tolak", oleh=operator, pada=timezone.now(), catatan="Bukan warga.")

    hal = kirim(client, hal, TOMBOL, ISI)

    assert "Permohonan ini sudah berubah" in kata(hal)
    assert cetak == []


@pytest.mark.parametrize("dari", ["", "DICETAK"])
def test_no_draft_once_there_is_a_letter(client, diproses, cetak, dari):
    hal = client.get(alamat(diproses))
    isi = formulir(hal, "Setujui").isi | ISI
    kirim(client, hal, "Setujui", ISI)

    jawab = client.post(
        f"{ANTREAN}{diproses.pk}/langkah/setujui/", {**isi, "dari": dari, "draf": "1"}
    )

    assert cetak == [] and "Permohonan ini sudah berubah" in kata(jawab)
    assert "melamar pekerjaan di Denpasar" in kata(jawab)


def test_only_who_may_approve_sees_a_draft(diproses, perbekel, admin_desa, client, cetak):
    hal = client.get(alamat(diproses))
    data = formulir(hal, "Setujui")

    for orang in (perbekel, admin_desa):
        sendiri = sebagai(orang)
        assert TOMBOL not in tombol(sendiri.get(alamat(diproses)))
        jawab = sendiri.post(f"{ANTREAN}{diproses.pk}/langkah/setujui/", {**data.isi, "draf": "1"})
        assert jawab.status_code == 403
        assert sendiri.get(f"{ANTREAN}{diproses.pk}/draf/").status_code == 403
    assert cetak == []


def test_page_that_offers_a_draft_warms_the_printer(client, permohonan, perbekel, monkeypatch):
    """Not for one who may not approve, nor while a colleague has it in hand."""
    hangat = []
    monkeypatch.setattr(cetak_luar, "hangatkan", lambda: hangat.append(1))

    sebagai(perbekel).get(alamat(permohonan))
    assert hangat == []
    client.get(alamat(permohonan))
    assert hangat == [1]
    sebagai(factories.buat_operator("niluh")).get(alamat(permohonan))
    assert hangat == [1]


def test_letter_that_no_font_can_print_names_the_word_to_the_operator(client, diproses, operator):
    kirim(client, client.get(alamat(diproses)), "Setujui", ISI)
    surat = Surat.objects.get()
    Surat.objects.update(data=surat.data | {"pemegang": "I Wayan \U0001f600 Contoh"})
    Cetakan.objects.update(galat="HurufAsing", percobaan=3)

    teks = kata(client.get(alamat(diproses)))

    assert (
        "gagal 3 kali, dicoba lagi. Ada tanda yang tidak ada di huruf surat: “\U0001f600”." in teks
    )


@pytest.mark.parametrize("tombol_", [TOMBOL, "Setujui"])
def test_number_of_the_covering_letter_is_looked_at_where_it_is_typed(
    client, diproses, cetak, tombol_
):
    hal = kirim(
        client, client.get(alamat(diproses)), tombol_, {"setujui-no_pengantar": "\U0001f600/1"}
    )

    assert "Tanda “\U0001f600” tidak dapat dicetak di surat." in kata(hal)
    assert formulir(hal, "Setujui").isi["setujui-no_pengantar"] == ["\U0001f600/1"]
    assert (Surat.objects.count(), cetak) == (0, [])


@pytest.mark.kertas
def test_draft_is_drawn_within_a_second_and_says_what_it_is(client, diproses):
    """Two seconds to start the child, once."""
    hal = client.get(alamat(diproses))
    kirim(client, hal, TOMBOL)
    mulai = time.monotonic()
    isi = kirim(client, hal, TOMBOL, ISI).content
    lama = time.monotonic() - mulai

    (halaman,) = PdfReader(io.BytesIO(isi)).pages
    teks = halaman.extract_text()
    assert "/…/" in teks and "melamar pekerjaan di Denpasar" in teks
    assert "DRAF0-00000" in teks
    assert lama < 1


@pytest.mark.parametrize(
    ("kode", "kata_"), [("belum_menikah", "Wajib"), ("usaha", "(tidak wajib)")]
)
def test_covering_letter_is_called_optional_only_where_it_is(
    client, warga, operator, perbekel, kode, kata_
):
    satu = factories.buat_permohonan(warga, kode)
    JenisSurat.objects.filter(kode="usaha").update(pengantar_kelian="DISARANKAN", revisi=9)
    alur.jalankan(satu, "proses", oleh=operator, pada=timezone.now())

    assert f"Nomor surat pengantar Kelian {kata_}" in kata(client.get(alamat(satu)))
