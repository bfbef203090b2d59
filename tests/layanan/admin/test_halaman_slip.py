"""The page on which slips are printed: who, how many, why not, and nothing of a PIN left behind."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as pengaturan
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from pypdf import PdfReader

from layanan.minta_pin import slip
from penduduk.akun import pin
from penduduk.models import Akun, Banjar, Penduduk
from penduduk.views import GAGAL_MASUK
from surat.kertas import cetak_slip
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai, tombol

pytestmark = pytest.mark.django_db

SLIP = "/kelola/layanan/slip-pin/"
PENDUDUK = "/kelola/penduduk/penduduk/"


@pytest.fixture
def client(operator):
    return sebagai(operator)


@pytest.fixture
def banjar(db) -> Banjar:
    """Two who get a slip, and one for each of several reasons who does not."""
    banjar = Banjar.objects.create(nama="Contoh Dua")
    keluarga = factories.buat_keluarga(banjar=banjar)
    for nama, lain in (
        ("I Wayan Dewasa", {}),
        ("Ni Luh Dewasa", {"jenis_kelamin": 2, "shdk": 3}),
        ("I Made Anak", {"tanggal_lahir": "2020-01-01", "shdk": 4}),
        ("Sukri Tanpa", {"nik": None, "shdk": 7}),
        ("I Ketut Almarhum", {"status_dasar": 2, "shdk": 8}),
    ):
        factories.buat_penduduk(nama=nama, keluarga=keluarga, **lain)
    factories.buat_warga(nama="Ni Made Berpin", jenis_kelamin=2, keluarga=keluarga, shdk=5)
    return banjar


def _pilih(client, banjar: Banjar, **tanya: str):
    return client.get(SLIP, {"banjar": str(banjar.pk), "umur": "17", **tanya})


def _nama(kertas: list[dict]) -> list[str]:
    return [s["nama"] for s in kertas[-1]["slip"]]


def _orang(nama: str) -> Penduduk:
    return Penduduk.objects.get(nama=nama)


# --- A whole banjar ---------------------------------------------------------------------------


def test_page_begins_with_the_choice_of_a_banjar(client, banjar):
    hal = client.get(SLIP)

    satu = formulir(hal, "Lihat daftarnya")
    assert satu.isi == {"banjar": [""], "umur": ["17"]}
    assert "Unduh" not in kata(hal)


def test_page_says_how_many_and_who_is_left_out_and_why(client, banjar):
    teks = kata(_pilih(client, banjar))

    for kalimat in (
        "Banjar Dinas Contoh Dua: 2 slip",
        "I Wayan Dewasa sampai Ni Luh Dewasa",
        "Belum 17 tahun: 1 orang I Made Anak",
        "Belum ada NIK: 1 orang Sukri Tanpa",
        "Sudah punya PIN sendiri: 1 orang Ni Made Berpin",
    ):
        assert kalimat in teks
    assert "Almarhum" not in teks


def test_download_is_a_pdf_that_nobody_may_keep(client, banjar, kertas, operator):
    jawab = kirim(client, _pilih(client, banjar), "Unduh 2 slip")

    assert (jawab.status_code, jawab.content) == (200, b"%PDF-")
    assert jawab.headers["Content-Type"] == "application/pdf"
    assert jawab.headers["Content-Disposition"] == 'attachment; filename="slip-pin.pdf"'
    assert {"no-store", "private"} <= set(jawab.headers["Cache-Control"].split(", "))
    assert _nama(kertas) == ["I Wayan Dewasa", "Ni Luh Dewasa"]
    assert kertas[0]["untuk"] == "Banjar Dinas Contoh Dua"
    assert [(c.user, c.object_repr, c.change_message) for c in LogEntry.objects.order_by("pk")] == [
        (operator, nama, "Mencetak slip PIN awal.") for nama in _nama(kertas)
    ]


def test_after_the_download_nobody_is_left(client, banjar, kertas):
    halaman = _pilih(client, banjar)
    kirim(client, halaman, "Unduh 2 slip")

    sisa = kata(_pilih(client, banjar))
    lagi = kirim(client, halaman, "Unduh 2 slip")

    assert "Banjar Dinas Contoh Dua: 0 slip" in sisa
    assert "PIN awal sebelumnya masih berlaku: 2 orang" in sisa
    assert "Keadaan sudah berubah. Periksa lagi daftarnya." in kata(client.get(lagi.url))
    assert len(kertas) == 1


def test_lost_slips_are_printed_again_on_request(client, banjar, kertas):
    kirim(client, _pilih(client, banjar), "Unduh 2 slip")

    kirim(client, _pilih(client, banjar, ulang="on"), "Unduh 2 slip")

    pertama, kedua = ([s["kode"].replace(" ", "") for s in k["slip"]] for k in kertas)
    akun = Akun.objects.get(penduduk__nama="I Wayan Dewasa")
    assert pin.cocok(akun, kedua[0], pada=akun.dibuat_pada) is True
    assert pertama[0] == kedua[0] or not pin.cocok(akun, pertama[0], pada=akun.dibuat_pada)


def test_children_get_a_slip_when_the_operator_says_so(client, banjar, kertas):
    kirim(client, _pilih(client, banjar, umur="0"), "Unduh 3 slip")

    assert "I Made Anak" in _nama(kertas)


def test_working_pin_is_never_replaced_by_a_banjar(client, banjar, kertas):
    akun = Akun.objects.get(penduduk__nama="Ni Made Berpin")
    hal = _pilih(client, banjar, umur="0", ulang="on")

    kirim(client, hal, "Unduh 3 slip")
    palsu = client.post(
        SLIP, {"pk": f"{akun.penduduk_id},{_orang('I Made Anak').pk}", "ganti": "on", "ulang": "on"}
    )

    assert "Ni Made Berpin" not in _nama(kertas)
    assert palsu.status_code == 302
    assert Akun.objects.get(pk=akun.pk).password == akun.password


def test_large_banjar_comes_in_batches_of_a_hundred(client, kertas, monkeypatch):
    monkeypatch.setattr(slip, "MAKS", 3)
    banjar = Banjar.objects.create(nama="Contoh Besar")
    keluarga = factories.buat_keluarga(banjar=banjar)
    for n in range(7):
        factories.buat_penduduk(nama=f"I Wayan {n}", keluarga=keluarga)
    halaman = _pilih(client, banjar)

    jumlah = [t for t in tombol(halaman) if t.startswith("Unduh")]
    kirim(client, halaman, "Unduh 3 slip")
    kirim(client, halaman, "Unduh 1 slip")
    sisa = [t for t in tombol(_pilih(client, banjar)) if t.startswith("Unduh")]

    assert jumlah == ["Unduh 3 slip (PDF)", "Unduh 3 slip (PDF)", "Unduh 1 slip (PDF)"]
    assert [[s["nama"] for s in k["slip"]] for k in kertas] == [
        ["I Wayan 0", "I Wayan 1", "I Wayan 2"],
        ["I Wayan 6"],
    ]
    assert sisa == ["Unduh 3 slip (PDF)"]


def test_failed_printing_is_told_and_stores_nothing(client, banjar, monkeypatch):
    def gagal(data):
        raise cetak_slip.SlipTidakTercetak

    monkeypatch.setattr(cetak_slip, "cetak", gagal)

    jawab = kirim(client, _pilih(client, banjar), "Unduh 2 slip")

    hal = client.get(jawab.url)
    assert "Slip tidak dapat dibuat. Tidak ada PIN yang berubah. Coba lagi." in kata(hal)
    assert "Unduh 2 slip (PDF)" in tombol(hal)
    assert Akun.objects.filter(penduduk__nama__in=["I Wayan Dewasa", "Ni Luh Dewasa"]).count() == 0
    assert LogEntry.objects.count() == 0


@pytest.mark.usefixtures("selalu_tercatat")
def test_list_costs_the_same_for_few_residents_and_for_many(
    client, banjar, django_assert_num_queries
):
    _pilih(client, banjar)
    with django_assert_num_queries(14):
        _pilih(client, banjar)
    keluarga = banjar.keluarga.get()
    for n in range(20):
        factories.buat_penduduk(nama=f"I Wayan {n}", keluarga=keluarga)

    with django_assert_num_queries(14):
        hal = _pilih(client, banjar)

    assert "22 slip" in kata(hal)


def test_unknown_banjar_is_told(client, banjar):
    assert "Pilih banjar dan umur dari daftar." in kata(client.get(SLIP, {"banjar": "999"}))


# --- Chosen residents -------------------------------------------------------------------------


def test_resident_chosen_on_their_page_gets_one_slip(client, banjar, kertas):
    orang = _orang("I Wayan Dewasa")
    halaman = client.get(f"{PENDUDUK}{orang.pk}/change/")
    assert f'href="{SLIP}?pk={orang.pk}"' in halaman.content.decode()

    jawab = kirim(client, client.get(SLIP, {"pk": orang.pk}), "Unduh 1 slip")

    assert jawab.status_code == 200
    assert _nama(kertas) == ["I Wayan Dewasa"]
    assert kertas[0]["untuk"] == "penduduk terpilih"


def test_residents_chosen_in_the_list_are_handed_over(client, banjar, kertas):
    pk = [_orang(n).pk for n in ("Ni Luh Dewasa", "I Wayan Dewasa", "Sukri Tanpa")]

    jawab = client.post(PENDUDUK, {"action": "cetak_slip", "_selected_action": pk})
    hal = client.get(jawab.url)
    kirim(client, hal, "Unduh 2 slip")

    assert jawab.url.startswith(SLIP)
    assert "Belum ada NIK: 1 orang Sukri Tanpa" in kata(hal)
    assert sorted(_nama(kertas)) == ["I Wayan Dewasa", "Ni Luh Dewasa"]


def test_child_who_is_chosen_by_name_gets_a_slip(client, banjar, kertas):
    kirim(client, client.get(SLIP, {"pk": _orang("I Made Anak").pk}), "Unduh 1 slip")

    assert _nama(kertas) == ["I Made Anak"]


def test_too_many_chosen_are_told_and_nothing_is_printed(client, banjar, monkeypatch):
    monkeypatch.setattr(slip, "MAKS", 2)
    pk = list(Penduduk.objects.values_list("pk", flat=True))

    jawab = client.post(PENDUDUK, {"action": "cetak_slip", "_selected_action": pk})

    assert "Pilih paling banyak 2 penduduk" in kata(client.get(jawab.url))


def test_working_pin_of_one_resident_is_replaced_only_after_a_warning_and_a_tick(
    client, banjar, kertas
):
    akun = Akun.objects.get(penduduk__nama="Ni Made Berpin")
    hal = client.get(SLIP, {"pk": akun.penduduk_id})

    tanpa = kirim(client, hal, "Unduh slip")
    tercetak = list(kertas)
    dengan = kirim(client, hal, "Unduh slip", {"ganti": "on"})

    assert "Sudah punya PIN sendiri." in kata(hal)
    assert "PIN Ni Made Berpin yang sekarang langsung tidak berlaku" in kata(hal)
    assert tercetak == []
    assert "Centang dulu bahwa PIN yang sekarang boleh diganti." in kata(client.get(tanpa.url))
    assert dengan.status_code == 200
    assert Akun.objects.get(pk=akun.pk).wajib_ganti_pin is True


def test_resident_who_cannot_log_in_gets_a_reason_and_no_button(client, banjar):
    hal = client.get(SLIP, {"pk": _orang("Sukri Tanpa").pk})

    assert "Belum ada NIK: 1 orang" in kata(hal)
    assert [t for t in tombol(hal) if t.startswith("Unduh")] == []


@pytest.mark.parametrize("pk", ["x", "-1", "1.0", "9" * 30, "", "999999"])
def test_nonsense_is_not_found(client, pk):
    assert client.get(SLIP, {"pk": pk}).status_code == 404


@pytest.mark.parametrize("aneh", ["x", "²", "9" * 30])
def test_nonsense_that_is_sent_is_not_found(client, banjar, kertas, aneh):
    pk = _orang("I Wayan Dewasa").pk

    jawab = [client.post(SLIP, isi) for isi in ({"pk": aneh}, {"pk": pk, "banjar": aneh})]

    assert ([j.status_code for j in jawab], kertas) == ([404, 404], [])


def test_more_than_a_hundred_at_once_are_refused(client):
    pk = ",".join(str(n) for n in range(101))

    assert client.post(SLIP, {"pk": pk}).status_code == 404


@pytest.mark.parametrize("isi", [{}, {"pk": ""}, {"pk": "999999"}, {"pk": "1,1"}])
def test_post_without_anybody_changes_nothing(client, banjar, kertas, isi):
    jawab = client.post(SLIP, isi)

    assert (jawab.status_code, kertas) == (302, [])


# --- Who may ----------------------------------------------------------------------------------


def test_page_is_closed_to_all_but_operators(banjar, warga, perbekel, admin_desa, kertas):
    pk = str(_orang("I Wayan Dewasa").pk)
    for orang in (None, warga):
        for jawab in (sebagai(orang).get(SLIP), sebagai(orang).post(SLIP, {"pk": pk})):
            assert (jawab.status_code, jawab.url) == (302, f"/kelola/login/?next={SLIP}")
    for orang in (perbekel, admin_desa):
        client = sebagai(orang)
        assert [client.get(SLIP).status_code, client.post(SLIP, {"pk": pk}).status_code] == [
            403
        ] * 2

    assert kertas == []


def test_links_and_action_are_shown_to_operators_only(client, admin_desa, banjar):
    orang = _orang("I Wayan Dewasa")
    for alamat in (PENDUDUK, f"{PENDUDUK}{orang.pk}/change/"):
        assert "Cetak slip PIN" in kata(client.get(alamat))
        assert "slip PIN" not in kata(sebagai(admin_desa).get(alamat))

    jawab = sebagai(admin_desa).post(
        PENDUDUK, {"action": "cetak_slip", "_selected_action": [orang.pk]}
    )
    assert SLIP not in getattr(jawab, "url", "")


# --- Nothing of a PIN is left behind ----------------------------------------------------------


def _seluruh_basis_data() -> str:
    isi = []
    for model in apps.get_models(include_auto_created=True):
        isi += [str(baris) for baris in model._base_manager.values_list()]
    return "\n".join(isi)


def _seluruh_berkas() -> bytes:
    akar = {Path(pengaturan.VAR_DIR) / "berkas", Path(default_storage.location)}
    berkas = [b for a in akar if a.exists() for b in a.rglob("*") if b.is_file()]
    return b"".join(b.read_bytes() for b in berkas)


@pytest.mark.kertas
def test_clear_codes_are_on_paper_and_nowhere_else_and_open_the_portal_once(
    client, banjar, caplog, capfd
):
    jawab = kirim(client, _pilih(client, banjar), "Unduh 2 slip")

    teks = "".join(h.extract_text() for h in PdfReader(BytesIO(jawab.content)).pages)
    kode = ["".join(k) for k in re.findall(r"(\d{3}) (\d{3})", teks)]
    assert len(kode) == 2
    keluar = "".join(capfd.readouterr())
    sesudah = client.get(f"{PENDUDUK}{_orang('I Wayan Dewasa').pk}/change/").content.decode()
    for satu in kode:
        for bentuk in (satu, f"{satu[:3]} {satu[3:]}"):
            for tempat in (_seluruh_basis_data(), caplog.text, keluar, sesudah):
                assert bentuk not in tempat
            assert bentuk.encode() not in _seluruh_berkas()

    # The resident: log in, be sent to choose a PIN, and the code is worth nothing from then on.
    hp = sebagai(None)
    masuk = {"nik": _orang("I Wayan Dewasa").nik, "pin": f"{kode[0][:3]} {kode[0][3:]}"}
    dalam = kirim(hp, hp.get("/masuk/"), "Masuk", masuk)
    ganti = hp.get("/layanan/")
    assert dalam.status_code == 302
    assert ganti.url == "/pin/ganti/"
    kirim(
        hp,
        hp.get("/pin/ganti/"),
        "Simpan",
        {"pin_baru": factories.PIN, "pin_ulang": factories.PIN},
    )
    lagi = sebagai(None)
    assert GAGAL_MASUK in kata(kirim(lagi, lagi.get("/masuk/"), "Masuk", masuk))
    assert "Permohonan saya" in kata(hp.get("/layanan/"))
