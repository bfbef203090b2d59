"""The life of a message as the office reads it, and what messages cost."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from layanan.kabar import panggilan
from layanan.minta_pin import permintaan
from layanan.models import NomorWA, Notifikasi, PengaturanPesan
from tests import factories
from tests.halaman import kata, kirim, sebagai

pytestmark = pytest.mark.django_db
DAFTAR = "/kelola/layanan/notifikasi/"
BIAYA = "/kelola/layanan/pengaturanpesan/1/change/"
K = Notifikasi.Keadaan


@pytest.fixture
def client(operator):
    return sebagai(operator)


@pytest.fixture
def client_admin(admin_desa):
    return sebagai(admin_desa)


@pytest.fixture
def gagal(permohonan) -> Notifikasi:
    baris = Notifikasi.objects.get(penerima=None)
    Notifikasi.objects.filter(pk=baris.pk).update(
        keadaan=K.GAGAL,
        kode_galat="63024",
        galat="Nomor ini tidak memakai WhatsApp. Telepon warga.",
        berubah_pada=timezone.now() - timedelta(hours=1),
    )
    return Notifikasi.objects.get(pk=baris.pk)


def _isi(client, tanya: str = "") -> list[Notifikasi]:
    return list(client.get(DAFTAR + tanya).context["cl"].result_list)


def _kirim_lagi(client, *baris: Notifikasi):
    data = {"action": "kirim_lagi", "_selected_action": [b.pk for b in baris]}
    return client.post(DAFTAR, data, follow=True)


def test_list_masks_the_number_and_says_what_became_of_the_message(client, gagal, operator):
    hal = client.get(DAFTAR)

    assert "warga ••••7890" in kata(hal) and "Operator ••••0001" in kata(hal)
    assert "81234567890" not in hal.content.decode()
    assert "Nomor ini tidak memakai WhatsApp." in kata(hal)


def test_page_tells_reason_what_to_do_and_how_it_was_handled(client, gagal, operator):
    alamat = f"{DAFTAR}{gagal.pk}/change/"
    sebelum = kata(client.get(alamat))
    pada = timezone.now()
    panggilan.sudah_dihubungi(gagal, oleh=operator, pada=pada, catatan="Akan datang besok")

    hal = client.get(alamat)

    assert "Hubungi warga lewat telepon" in sebelum
    assert "81234567890" not in hal.content.decode()
    lokal = f"{timezone.localtime(pada):%d-%m-%Y %H.%M}"
    assert f"ditelepon petugas oleh Operator, {lokal}: Akan datang besok" in kata(hal)
    assert "Tidak ada: penerima sudah tahu." in kata(hal)
    permohonan = gagal.riwayat.permohonan
    assert f'href="/kelola/layanan/permohonan/{permohonan.pk}/change/"' in hal.content.decode()


@pytest.mark.parametrize("keadaan", K.values)
def test_every_state_says_what_to_do(client, gagal, keadaan):
    Notifikasi.objects.filter(pk=gagal.pk).update(keadaan=keadaan)

    assert client.get(f"{DAFTAR}{gagal.pk}/change/").status_code == 200
    teks = kata(client.get(f"{DAFTAR}{gagal.pk}/change/"))
    tak_sampai = keadaan in Notifikasi.TAK_SAMPAI
    assert ("Hubungi warga lewat telepon" in teks) is tak_sampai


def test_filters_find_what_is_open_handled_or_failed_to_staff(client, gagal, operator):
    petugas = Notifikasi.objects.get(penerima=operator)
    Notifikasi.objects.filter(pk=petugas.pk).update(keadaan=K.GAGAL)

    assert _isi(client, "?ditangani=belum") == [gagal]
    assert _isi(client, "?ditangani=petugas") == [petugas]
    assert "1 Pesan ke petugas tidak sampai" in kata(client.get("/kelola/"))
    panggilan.sudah_dihubungi(gagal, oleh=operator, pada=timezone.now())
    assert _isi(client, "?ditangani=belum") == []
    assert _isi(client, "?ditangani=sudah") == [gagal]


def test_failed_messages_are_sent_again_and_the_rest_is_named(client, gagal, operator):
    petugas = Notifikasi.objects.get(penerima=operator)

    jawab = _kirim_lagi(client, gagal, petugas)

    gagal.refresh_from_db()
    assert gagal.keadaan == K.MENUNGGU
    assert "1 pesan sedang dikirim lagi." in kata(jawab)
    assert "1 pesan tidak dapat dikirim lagi" in kata(jawab)
    assert LogEntry.objects.get().object_id == str(gagal.pk)


def test_nothing_is_sent_again_against_the_will_or_without_permission(client, client_admin, gagal):
    assert "kirim_lagi" not in str(client_admin.get(DAFTAR).content)
    _kirim_lagi(client_admin, gagal)
    NomorWA.objects.create(nomor_hp=gagal.nomor_hp, berhenti_pada=timezone.now())
    _kirim_lagi(client, gagal)

    gagal.refresh_from_db()
    assert gagal.keadaan == K.GAGAL


def test_pin_is_sent_again_by_the_rules_of_its_request(client, operator, warga):
    satu = factories.buat_permintaan_pin()
    pin = permintaan.terbitkan(satu, orang=warga.penduduk, oleh=operator, pada=timezone.now())
    _kirim_lagi(client, pin)
    assert not LogEntry.objects.exists(), "it has not failed"

    Notifikasi.objects.filter(pk=pin.pk).update(keadaan=K.PERLU_DICEK)
    _kirim_lagi(client, pin)

    pin.refresh_from_db()
    assert pin.keadaan == K.MENUNGGU


# --- Cost -------------------------------------------------------------------------------------


def _belanja(rupiah: int, kali: int, warga) -> None:
    for _ in range(kali):
        factories.buat_permohonan(warga)
    pk = list(Notifikasi.objects.values_list("pk", flat=True)[:kali])
    Notifikasi.objects.filter(pk__in=pk).update(biaya=rupiah, diambil_pada=timezone.now())


def test_admin_sets_price_and_cap(client_admin):
    client_admin.get("/kelola/layanan/pengaturanpesan/")
    isi = {"harga": "450", "batas": "100000", "peringatan": "75"}

    jawab = kirim(client_admin, client_admin.get(BIAYA), "Simpan", isi)

    assert jawab.status_code == 302
    satu = PengaturanPesan.objects.get()
    assert (satu.harga, satu.batas, satu.peringatan) == (450, 100000, 75)


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        ({"batas": "100000"}, "Isi harga satu pesan, supaya batasnya dapat dihitung."),
        ({"harga": "450", "peringatan": "100"}, "Pastikan nilai ini lebih kecil dari"),
    ],
)
def test_cap_that_cannot_work_is_refused_and_kept(client_admin, isi, kalimat):
    client_admin.get("/kelola/layanan/pengaturanpesan/")

    hal = kirim(client_admin, client_admin.get(BIAYA), "Simpan", isi)

    assert kalimat in kata(hal)
    for nama, nilai in isi.items():
        assert f'name="{nama}" value="{nilai}"' in hal.content.decode()
    assert PengaturanPesan.objects.get().batas is None


def test_cost_stands_on_the_first_page_only_once_a_price_is_known(client_admin, client, warga):
    _belanja(450, 3, warga)
    tanpa = kata(client_admin.get("/kelola/"))
    PengaturanPesan.objects.create(pk=1, harga=450)

    assert "Biaya pesan bulan ini" not in tanpa
    assert "Rp1.350 untuk 3 pesan. Perkiraan" in kata(client_admin.get("/kelola/"))
    assert "Biaya pesan bulan ini" not in kata(client.get("/kelola/")), "nothing to do for them"


@pytest.mark.parametrize(
    ("batas", "persen", "kalimat"),
    [
        (10_000, "13%", ""),
        (1_600, "84%", "Sudah mendekati batas."),
        (1_350, "100%", "Batasnya tercapai"),
        (0, "100%", "Batasnya tercapai"),
    ],
)
def test_cost_warns_before_and_at_the_cap_also_those_who_will_have_to_call(
    client_admin, client, warga, batas, persen, kalimat
):
    _belanja(450, 3, warga)
    PengaturanPesan.objects.create(pk=1, harga=100, batas=batas)

    admin, petugas = kata(client_admin.get("/kelola/")), kata(client.get("/kelola/"))

    assert f"{persen} dari batas Rp{batas:,}".replace(",", ".") in admin
    for peringatan in ("Sudah mendekati batas.", "Batasnya tercapai"):
        assert (peringatan in admin) is (peringatan == kalimat)
        assert (peringatan in petugas) is (peringatan == kalimat)
    assert "Ubah harga dan batas" in admin and "Ubah harga dan batas" not in petugas
