"""The operator's page of one request for a PIN: photos beside the register, one decision."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from layanan.kotak_keluar import pengiriman
from layanan.minta_pin import permintaan
from layanan.models import Notifikasi, PermintaanPIN
from layanan.permohonan import berkas
from penduduk.akun import penjagaan
from penduduk.models import Akun
from tests import factories
from tests.halaman import baca, kata, kirim, sebagai, tombol

pytestmark = pytest.mark.django_db
K = PermintaanPIN.Keadaan
DAFTAR = "/kelola/layanan/permintaanpin/"


def alamat(satu: PermintaanPIN) -> str:
    return f"{DAFTAR}{satu.pk}/change/"


@pytest.fixture
def kantor(operator):
    return sebagai(operator)


@pytest.fixture
def dari_situs() -> PermintaanPIN:
    """A request from the site of somebody who stands in the register, born a year later there."""
    orang = factories.buat_penduduk(nama="I Wayan Gede Suparta", tanggal_lahir=date(1990, 3, 12))
    return factories.buat_permintaan_pin(
        asal="SITUS", nama="Wyn Gde Suparta", nik=orang.nik, tanggal_lahir=date(1991, 3, 12)
    )


def test_queue_shows_what_waits_and_hides_what_is_decided(kantor, operator):
    menunggu = factories.buat_permintaan_pin(nama_wa="Wayan Menunggu")
    selesai = factories.buat_permintaan_pin(nama_wa="Made Selesai")
    permintaan.tolak(selesai, alasan="x", oleh=operator, pada=timezone.now())
    setengah = factories.buat_permintaan_pin(nama_wa="Nyoman Setengah", keadaan=K.MENGUMPULKAN)

    teks = kata(baca(kantor, DAFTAR))

    assert "Wayan Menunggu" in teks and "Perlu diputuskan" in teks
    assert "Made Selesai" not in teks and "Nyoman Setengah" not in teks
    assert menunggu.nomor_hp not in teks, "numbers are masked in lists"
    semua = kata(baca(kantor, f"{DAFTAR}?keadaan=SEMUA"))
    assert "Made Selesai" in semua and "Nyoman Setengah" in semua
    assert setengah.nomor_hp[-4:] in semua


def test_first_page_of_the_office_counts_what_waits(kantor):
    factories.buat_permintaan_pin()
    factories.buat_permintaan_pin()

    assert "2 permintaan PIN" in kata(baca(kantor, "/kelola/"))


def test_page_marks_what_differs_from_the_register(kantor, dari_situs):
    jawaban = baca(kantor, alamat(dari_situs))

    teks = kata(jawaban)
    assert "I Wayan Gede Suparta NIK yang ditulis warga" in teks
    assert "Nama Wyn Gde Suparta I Wayan Gede Suparta ✓ sama" in teks
    assert "Tanggal lahir 12-03-1991 12-03-1990 ✗ beda" in teks
    assert "Tanggal lahir berbeda dari data desa. Terbitkan hanya bila" in teks


def test_photos_are_shown_and_looking_at_them_is_traced(kantor, operator):
    satu = factories.buat_permintaan_pin()
    foto = berkas.terima(
        factories.foto(), permintaan=satu, dokumen="ktp", label="KTP-el", pada=timezone.now()
    )
    assert "Foto sedang diperiksa" in kata(baca(kantor, alamat(satu)))
    berkas.bersihkan_yang_menunggu()

    jawaban = baca(kantor, alamat(satu))

    assert f'src="/berkas/{foto.pk}/halaman/1/"' in jawaban.content.decode()
    assert baca(kantor, f"/berkas/{foto.pk}/").isi[:3] == b"\xff\xd8\xff"
    assert baca(kantor, f"/berkas/{foto.pk}/")["Cache-Control"] == "no-store, private"


def test_terbitkan_pin_gives_the_chosen_resident_a_pin(kantor, operator, dari_situs):
    jawaban = kirim(
        kantor,
        baca(kantor, alamat(dari_situs)),
        "Terbitkan PIN",
        {"sudah_dicocokkan": "on"},
    )

    assert jawaban.url == DAFTAR
    dari_situs.refresh_from_db()
    assert (dari_situs.keadaan, dari_situs.diputus_oleh) == (K.DITERBITKAN, operator)
    assert dari_situs.penduduk.nik == dari_situs.nik
    assert Notifikasi.objects.filter(pesan="pin", keadaan="MENUNGGU").count() == 1
    assert LogEntry.objects.get().user == operator


def test_without_having_compared_no_pin_is_issued(kantor, dari_situs):
    jawaban = kirim(kantor, baca(kantor, alamat(dari_situs)), "Terbitkan PIN")

    assert "Centang dulu bahwa foto sudah dicocokkan" in kata(baca(kantor, jawaban.url))
    dari_situs.refresh_from_db()
    assert dari_situs.keadaan == K.MENUNGGU


def test_operator_searches_when_nothing_is_suggested(kantor):
    orang = factories.buat_penduduk(nama="I Ketut Dicari")
    satu = factories.buat_permintaan_pin(nama_wa="")

    assert "Belum ada dugaan" in kata(baca(kantor, alamat(satu)))
    jawaban = baca(kantor, f"{alamat(satu)}?q=kt+dicari")
    assert "I Ketut Dicari hasil pencarian" in kata(jawaban)
    kirim(kantor, jawaban, "Terbitkan PIN", {"sudah_dicocokkan": "on"})

    satu.refresh_from_db()
    assert satu.penduduk == orang


def test_search_without_result_says_so(kantor):
    satu = factories.buat_permintaan_pin(nama_wa="")

    assert "Tidak ada yang cocok dengan “zzz”" in kata(baca(kantor, f"{alamat(satu)}?q=zzz"))


def test_operator_is_warned_before_a_working_pin_goes_elsewhere(kantor, warga):
    Akun.objects.filter(pk=warga.pk).update(last_login=timezone.now())
    satu = factories.buat_permintaan_pin(nama_wa="Wayan Contoh")

    teks = kata(baca(kantor, alamat(satu)))

    assert "Nomor HP berbeda dari yang tercatat (••••7890). Nomor lama akan diberi tahu." in teks
    assert "Sudah punya PIN, terakhir masuk" in teks


@pytest.mark.parametrize(
    ("lain", "kalimat"),
    [
        ({"nik": None}, "Belum ada NIK: tidak dapat diberi PIN"),
        ({"nik": "0510704200100001"}, "NIK sementara: tidak dapat diberi PIN"),
        ({"status_dasar": 2}, "Status: Mati."),
    ],
)
def test_resident_who_cannot_log_in_is_labelled_and_refused(lain, kalimat, kantor):
    factories.buat_penduduk(nama="I Made Tanpa", **lain)
    satu = factories.buat_permintaan_pin(nama_wa="")
    halaman = baca(kantor, f"{alamat(satu)}?q=made+tanpa")

    assert kalimat in kata(halaman)
    kirim(kantor, halaman, "Terbitkan PIN", {"sudah_dicocokkan": "on"})
    satu.refresh_from_db()
    assert satu.keadaan == K.MENUNGGU


def test_frozen_account_is_labelled(kantor, warga, operator):
    penjagaan.bekukan(warga, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=timezone.now())
    satu = factories.buat_permintaan_pin(nomor_hp=warga.nomor_hp)

    assert "Akunnya sedang dikunci" in kata(baca(kantor, alamat(satu)))


@pytest.mark.parametrize(
    ("tombol_", "awalan", "keadaan"),
    [("Tolak permintaan", "tolak", "DITOLAK"), ("Minta foto ulang", "foto_ulang", "FOTO_ULANG")],
)
def test_refusal_needs_a_reason_and_tells_it(tombol_, awalan, keadaan, kantor):
    satu = factories.buat_permintaan_pin()

    kosong = kirim(kantor, baca(kantor, alamat(satu)), tombol_)
    assert "Tulis alasannya" in kata(kosong)

    kirim(kantor, kosong, tombol_, {f"{awalan}-alasan": "Foto KK buram"})
    satu.refresh_from_db()
    assert (satu.keadaan, satu.alasan) == (keadaan, "Foto KK buram")
    assert Notifikasi.objects.get().variabel[1] == "Foto KK buram"


def test_second_operator_is_told_that_somebody_was_faster(kantor, operator):
    satu = factories.buat_permintaan_pin()
    halaman = baca(kantor, alamat(satu))
    permintaan.tolak(satu, alasan="Bukan warga", oleh=operator, pada=timezone.now())

    jawaban = kirim(kantor, halaman, "Minta foto ulang", {"foto_ulang-alasan": "Buram"})

    assert "sudah diputus petugas lain" in kata(jawaban)
    assert "Yang Anda ketik, belum disimpan Alasan (dibaca warga) Buram" in kata(jawaban)
    satu.refresh_from_db()
    assert satu.alasan == "Bukan warga"


def test_decided_request_offers_no_more_buttons(kantor, operator):
    satu = factories.buat_permintaan_pin()
    permintaan.tolak(satu, alasan="Bukan warga", oleh=operator, pada=timezone.now())

    jawaban = baca(kantor, alamat(satu))

    assert not {"Tolak permintaan", "Minta foto ulang", "Terbitkan PIN"} & set(tombol(jawaban))
    assert "Bukan warga" in kata(jawaban)


def test_failed_pin_message_can_be_sent_again(kantor, operator):
    satu = factories.buat_permintaan_pin()
    orang = factories.buat_penduduk()
    permintaan.terbitkan(satu, orang=orang, oleh=operator, pada=timezone.now())
    pengiriman.kirim_yang_menunggu()  # no provider: the PIN cannot go out

    halaman = baca(kantor, alamat(satu))
    assert "Cetak slip PIN" in kata(halaman)
    kirim(kantor, halaman, "Kirim ulang PIN")

    assert Notifikasi.objects.get(pesan="pin").keadaan == "MENUNGGU"


def test_page_costs_the_same_for_one_and_for_many_suggestions(
    kantor, django_assert_max_num_queries
):
    satu = factories.buat_permintaan_pin(nama_wa="Contoh")
    factories.buat_warga(nama="I Wayan Contoh")
    baca(kantor, alamat(satu))
    with django_assert_max_num_queries(14) as sedikit:
        baca(kantor, alamat(satu))
    for _ in range(4):
        factories.buat_warga(nama="I Wayan Contoh")

    with django_assert_max_num_queries(14) as banyak:
        baca(kantor, alamat(satu))

    assert len(banyak) == len(sedikit)


@pytest.mark.parametrize("aksi", ["terbitkan", "tolak", "foto-ulang", "kirim-ulang"])
def test_only_those_who_issue_pins_may_act(aksi, perbekel, admin_desa, warga):
    satu = factories.buat_permintaan_pin()
    for akun in (perbekel, admin_desa):
        client = sebagai(akun)
        assert client.get(alamat(satu)).status_code == 403
        assert client.post(f"{DAFTAR}{satu.pk}/{aksi}/").status_code == 403
        assert client.get(f"{DAFTAR}{satu.pk}/{aksi}/").url == alamat(satu)
    assert sebagai(warga).post(f"{DAFTAR}{satu.pk}/{aksi}/").status_code == 302
    satu.refresh_from_db()
    assert satu.keadaan == K.MENUNGGU


def test_address_that_names_no_request_is_not_found(kantor):
    assert kantor.get(f"{DAFTAR}bukan-uuid/change/").status_code == 404
    assert kantor.get(f"{DAFTAR}00000000-0000-0000-0000-000000000001/change/").status_code == 404


def test_safety_of_accounts_is_listed_for_the_office(kantor, warga):
    penjagaan.bekukan(warga, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=timezone.now())

    assert "Akun dikunci" in kata(baca(kantor, "/kelola/penduduk/kejadianakun/"))
    assert "1 Akun dikunci" in kata(baca(kantor, "/kelola/"))


# --- A flood ------------------------------------------------------------------------------------


@pytest.fixture
def banjir() -> list[PermintaanPIN]:
    return [
        factories.buat_permintaan_pin(
            asal="SITUS",
            nomor_hp=f"+62812555500{ke:02}",
            alamat_sidik="a" * 64,
            nik="5107049999990001",
        )
        for ke in range(60)
    ]


def test_flood_is_found_by_its_address_and_refused_with_one_confirmation(kantor, banjir):
    asli = factories.buat_permintaan_pin(nama_wa="Wayan Menunggu")
    saring = f"{DAFTAR}?banjir={'a' * 16}"
    assert "Satu alamat: 60" in kata(baca(kantor, DAFTAR))
    pilih = {"action": "tolak_bersama", "select_across": "1", "_selected_action": [banjir[0].pk]}

    hal = kantor.post(saring, pilih)
    assert "60 permintaan PIN akan ditolak sekaligus" in kata(hal)
    sesudah = factories.buat_permintaan_pin(
        asal="SITUS", nomor_hp="+6281255559999", alamat_sidik="a" * 64
    )
    sampai = hal.context["sampai"]
    kantor.post(saring, pilih | {"yakin": "ya", "tolak-alasan": "Banjir.", "sampai": sampai})

    keadaan = dict(PermintaanPIN.objects.values_list("pk", "keadaan"))
    assert {keadaan[b.pk] for b in banjir} == {K.DITOLAK}
    assert keadaan[asli.pk] == keadaan[sesudah.pk] == K.MENUNGGU, "nobody has looked at that one"
    assert not Notifikasi.objects.untuk_warga().exists()
    assert LogEntry.objects.count() == 60


def test_flood_of_strangers_or_of_an_hour_can_be_picked_out(kantor, banjir, dari_situs):
    PermintaanPIN.objects.filter(pk=banjir[0].pk).update(
        dibuat_pada=timezone.now() - timedelta(hours=2)
    )

    assert "60 permintaan" in kata(baca(kantor, f"{DAFTAR}?banjir=asing"))
    assert "60 permintaan" in kata(baca(kantor, f"{DAFTAR}?banjir=sejam")), "59 and the real one"


def test_refusing_together_wants_a_reason(kantor, banjir):
    pilih = {"action": "tolak_bersama", "_selected_action": [b.pk for b in banjir[:2]]}

    hal = kantor.post(DAFTAR, pilih | {"yakin": "ya", "tolak-alasan": ""})

    assert "Tulis alasannya" in kata(hal)
    assert set(PermintaanPIN.objects.values_list("keadaan", flat=True)) == {K.MENUNGGU}
