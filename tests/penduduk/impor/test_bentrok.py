"""A number that somebody has already, beside data of somebody else: nothing happens unseen."""

import pytest
from django.utils import timezone

from penduduk.akun import pin
from penduduk.impor import langkah
from penduduk.models import BarisImpor, Keluarga, Penduduk
from tests.halaman import kata, kirim, sebagai
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import kalimat, orang

pytestmark = pytest.mark.django_db
H, P = BarisImpor.Hasil, BarisImpor.Putusan

LAIN = {
    "nama": "NI KETUT ASTITI",
    "sex": 2,
    "tanggallahir": "01-07-1962",
    "tempatlahir": "AMLAPURA",
}
KK_LAIN = "5107040101209955"


@pytest.fixture
def lama() -> Penduduk:
    contoh.impor_jadi(orang(1, nama="I WAYAN SUDARMA", kk_level=1))
    return Penduduk.objects.get()


def akun_bagi(orang_: Penduduk) -> None:
    pin.terbitkan(orang_, pada=timezone.now())


def periksa(*baris: dict):
    impor = contoh.periksa(contoh.xlsx(*baris))
    return impor, list(impor.baris.order_by("pk"))


# --- Another person on the same NIK --------------------------------------------------------------


@pytest.mark.usefixtures("lama")
def test_another_person_on_a_nik_is_a_conflict_that_apply_all_does_not_touch():
    impor, (baris, _) = periksa(orang(1, **LAIN), orang(2))

    assert baris.hasil == H.BENTROK
    assert baris.catatan[0]["kalimat"].startswith(
        "NIK ini di data milik orang lain: nama, tanggal lahir, jenis kelamin berbeda."
    )
    contoh.terapkan(impor, ikut_ragu=True)
    assert set(Penduduk.objects.values_list("nama", flat=True)) == {
        "I WAYAN SUDARMA",
        "I WAYAN CONTOH 2",
    }


@pytest.mark.parametrize(
    "ubah",
    [
        {"nama": "I WYN SUDARMA"},
        {"nama": "WAYAN SUDHARMA"},
        {"nama": "I WAYAN SUDARMA, S.H."},
        {"tanggallahir": "13-03-1990"},
        {"tanggallahir": "03-12-1990"},
        {"tanggallahir": "21-03-1990"},
        {"tanggallahir": "01-01-1950"},
        {"sex": 2},
        {"nama": "I WAYAN SUDARMI", "tanggallahir": "12-03-1991"},
        {"tanggallahir": None, "sex": None},
    ],
)
def test_slips_of_the_pen_are_no_other_person(lama, ubah):
    _, (baris,) = periksa(orang(1, nama="I WAYAN SUDARMA") | {"kk_level": 1} | ubah)

    assert baris.hasil in (H.BERUBAH, H.RAGU, H.SAMA)
    assert baris.hasil == H.SAMA or baris.penduduk == lama


@pytest.mark.parametrize(
    "ubah",
    [
        {"nama": "NI KETUT ASTITI", "sex": 2},
        {"nama": "I WAYAN MERTA", "tanggallahir": "01-07-1962"},
        {"sex": 2, "tanggallahir": "01-07-1962"},
    ],
)
@pytest.mark.usefixtures("lama")
def test_two_of_three_are_enough_to_ask(ubah):
    assert periksa(orang(1, nama="I WAYAN SUDARMA") | ubah)[1][0].hasil == H.BENTROK


@pytest.mark.usefixtures("lama")
def test_quite_another_name_alone_is_doubtful():
    _, (baris,) = periksa(orang(1, nama="I MADE MERTA"))

    assert baris.hasil == H.RAGU
    assert kalimat(baris)["nama"].startswith("Nama sama sekali berbeda")


def test_decided_row_is_applied_and_can_be_taken_back(lama):
    impor, (baris,) = periksa(orang(1, **LAIN))

    langkah.putuskan(impor, baris=baris.pk, putusan=P.TERAPKAN)
    contoh.terapkan(impor)

    lama.refresh_from_db()
    assert lama.nama == "NI KETUT ASTITI"
    contoh.urungkan(impor)
    lama.refresh_from_db()
    assert (lama.nama, lama.jenis_kelamin) == ("I WAYAN SUDARMA", 1)


def test_skipped_row_is_not_applied(lama):
    impor, (baris, _) = periksa(orang(1, **LAIN), orang(2))
    langkah.putuskan(impor, baris=baris.pk, putusan=P.TERAPKAN)
    langkah.putuskan(impor, baris=baris.pk, putusan=P.LEWATI)

    contoh.terapkan(impor)

    lama.refresh_from_db()
    assert lama.nama == "I WAYAN SUDARMA"


def test_import_of_conflicts_alone_waits_for_a_decision(lama):
    impor, _ = periksa(orang(1, **LAIN))

    with pytest.raises(langkah.LangkahTidakSah, match="putuskan dulu baris yang bentrok"):
        contoh.terapkan(impor)


# --- An account never passes to another person ---------------------------------------------------


@pytest.mark.parametrize("ubah", [LAIN, {"nama": "I MADE MERTA"}])
def test_account_never_passes_to_another_person(lama, ubah):
    akun_bagi(lama)
    impor, (baris, _) = periksa(orang(1, **ubah), orang(2))

    assert (baris.hasil, baris.terkunci) == (H.BENTROK, True)
    assert "sudah punya akun" in baris.catatan[0]["kalimat"]
    assert "beri NIK-nya sendiri" in baris.catatan[0]["kalimat"]
    with pytest.raises(langkah.LangkahTidakSah, match="tidak dapat diterapkan lewat impor"):
        langkah.putuskan(impor, baris=baris.pk, putusan=P.TERAPKAN)
    contoh.terapkan(impor)
    lama.refresh_from_db()
    assert lama.nama == "I WAYAN SUDARMA"


@pytest.mark.parametrize("ubah", [LAIN, {"nama": "I MADE MERTA"}])
def test_account_made_after_the_dry_run_sends_it_back(lama, ubah):
    impor, (baris,) = periksa(orang(1, **ubah))
    if baris.hasil == H.BENTROK:
        langkah.putuskan(impor, baris=baris.pk, putusan=P.TERAPKAN)
    akun_bagi(lama)

    contoh.terapkan(impor)

    impor.refresh_from_db()
    assert impor.keadaan == "SIAP"
    assert impor.baris.get().terkunci
    lama.refresh_from_db()
    assert lama.nama == "I WAYAN SUDARMA"


def test_small_corrections_of_somebody_with_an_account_go_through(lama):
    akun_bagi(lama)
    impor, (baris,) = periksa(orang(1, nama="I WAYAN SUDHARMA", kk_level=1))

    assert baris.hasil == H.BERUBAH
    contoh.terapkan(impor)
    lama.refresh_from_db()
    assert lama.nama == "I WAYAN SUDHARMA"


# --- The same kind elsewhere ---------------------------------------------------------------------


@pytest.mark.parametrize("kk", [contoh.KK, KK_LAIN])
def test_same_person_under_another_nik_is_a_conflict(lama, kk):
    _, (baris,) = periksa(orang(7, nama="I WAYAN SUDARMA", no_kk=kk))

    assert (baris.hasil, baris.orang_lain()) == (H.BENTROK, {lama.pk})
    assert "NIK-nya berbeda" in kalimat(baris)["nik"]


@pytest.mark.usefixtures("lama")
def test_namesakes_that_are_both_in_the_file_are_two_people():
    _, baris = periksa(
        orang(1, nama="I WAYAN SUDARMA", kk_level=1),
        orang(7, nama="I WAYAN SUDARMA", no_kk=KK_LAIN),
    )

    assert [satu.hasil for satu in baris] == [H.SAMA, H.BARU]


def test_number_of_a_family_that_other_people_take_over_is_a_conflict(lama):
    _, baris = periksa(
        orang(5, nama="NI KETUT ASTITI", sex=1, kk_level=1),
        orang(6, nama="I MADE ANAKNYA", kk_level=4),
    )

    assert [satu.hasil for satu in baris] == [H.BENTROK, H.BENTROK]
    assert kalimat(baris[0])["no_kk"].startswith("Nomor KK ini di data milik keluarga lain")
    assert Keluarga.objects.get().anggota.get() == lama


def test_new_child_and_new_head_of_the_same_family_are_no_takeover(lama):
    contoh.impor_jadi(orang(2, nama="NI NYOMAN ISTRI", kk_level=3))

    _, baris = periksa(
        orang(2, nama="NI NYOMAN ISTRI", kk_level=1), orang(3, nama="BAYI", kk_level=4)
    )

    assert [satu.hasil for satu in baris] == [H.BERUBAH, H.BARU]


# --- The page ------------------------------------------------------------------------------------


def test_both_persons_stand_side_by_side_and_one_press_decides(lama, admin_desa):
    meja = sebagai(admin_desa)
    impor, (baris,) = periksa(orang(1, **LAIN))
    alamat = f"/kelola/penduduk/impor/{impor.pk}/change/?hasil=BENTROK"

    halaman = meja.get(alamat)

    teks = kata(halaman)
    for isi in ("1 baris bentrok belum diputuskan", "Tanggal lahir 12-03-1990 01-07-1962"):
        assert isi in teks
    assert "Nama I WAYAN SUDARMA NI KETUT ASTITI" in teks
    jawab = kirim(meja, halaman, "Terapkan baris ini")
    assert jawab.url.endswith("?hasil=BENTROK&p=1")
    baris.refresh_from_db()
    assert baris.putusan == P.TERAPKAN
    assert "belum diputuskan" not in kata(meja.get(alamat))


def test_page_has_no_button_for_a_person_with_an_account(lama, admin_desa):
    akun_bagi(lama)
    impor, _ = periksa(orang(1, **LAIN))

    teks = kata(sebagai(admin_desa).get(f"/kelola/penduduk/impor/{impor.pk}/change/"))

    assert "tidak diterapkan" in teks
    assert "Terapkan baris ini" not in teks
