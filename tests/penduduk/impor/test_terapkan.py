"""What the dry run showed goes into the register: exactly that, all of it, or nothing."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.utils import timezone

from penduduk.impor import antrean, terapkan
from penduduk.models import Banjar, BarisImpor, Impor, Keluarga, Penduduk
from tests import factories
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import orang

pytestmark = pytest.mark.django_db
K = Impor.Keadaan


def test_new_residents_families_and_hamlets(admin_desa):
    impor = contoh.impor_jadi(
        orang(1, suku="Bali", kk_level=1),
        orang(2, nik="0", nama="SADRA"),
        orang(3, no_kk="0", alamat="Jalan Tanpa KK", rt="0"),
        orang(4, no_kk="0", alamat=None, rt=None, rw=None, dusun=None),
        oleh=admin_desa,
    )

    satu, dua, tiga, empat = Penduduk.objects.order_by("pk")
    assert (satu.nik, satu.tanggal_lahir, satu.agama, satu.shdk, satu.kolom_lain) == (
        contoh.nik(1),
        date(1990, 3, 12),
        4,
        1,
        {"suku": "Bali"},
    )
    assert (satu.nama, satu.nama_cari) == ("I WAYAN CONTOH 1", "wayan contoh 1")
    assert (dua.nik, dua.nama, dua.keluarga) == (None, "SADRA", satu.keluarga)
    kk = satu.keluarga
    assert (kk.no_kk, kk.alamat, kk.rt, kk.rw, kk.banjar.nama) == (
        contoh.KK,
        "Jalan Contoh 1",
        "002",
        "001",
        "CONTOH SATU",
    )
    assert (tiga.keluarga.no_kk, tiga.keluarga.alamat, tiga.keluarga.rt) == (
        None,
        "Jalan Tanpa KK",
        "",
    )
    assert empat.keluarga is None
    assert list(impor.baris.order_by("pk").values_list("penduduk", "dibuat")) == [
        (o.pk, True) for o in (satu, dua, tiga, empat)
    ]


def test_history_says_who_when_and_by_which_import(admin_desa):
    impor = contoh.impor_jadi(orang(1), oleh=admin_desa)
    contoh.impor_jadi(orang(1, nama="I WAYAN BARU", alamat="Jalan Lain"), oleh=admin_desa)

    catatan = Penduduk.riwayat.order_by("history_id")
    assert [(r.history_type, r.history_user, r.history_change_reason, r.nama) for r in catatan] == [
        ("+", admin_desa, f"impor {impor.pk}", "I WAYAN CONTOH 1"),
        ("~", admin_desa, f"impor {impor.pk + 1}", "I WAYAN BARU"),
    ]
    assert catatan[0].history_date == impor.diterapkan_pada
    assert [(r.history_type, r.alamat) for r in Keluarga.riwayat.order_by("history_id")] == [
        ("+", "Jalan Contoh 1"),
        ("~", "Jalan Lain"),
    ]


def test_changes_touch_only_what_the_row_says():
    contoh.impor_jadi(orang(1), orang(2))

    contoh.impor_jadi(
        orang(1, nama="I WYN BARU", tempatlahir=None, suku="Bali"),
        orang(2, no_kk="5107040101209902", alamat="Jalan Lain"),
    )

    satu, dua = Penduduk.objects.order_by("pk")
    assert (satu.nama, satu.nama_cari, satu.tempat_lahir, satu.kolom_lain) == (
        "I WYN BARU",
        "wayan baru",
        "BUGBUG",
        {"suku": "Bali"},
    )
    assert (satu.keluarga.no_kk, satu.keluarga.alamat) == (contoh.KK, "Jalan Contoh 1")
    assert (dua.keluarga.no_kk, dua.keluarga.alamat) == ("5107040101209902", "Jalan Lain")


def test_doubtful_rows_are_left_out_when_the_operator_says_so():
    impor = contoh.periksa(contoh.xlsx(orang(1), orang(2, agama_id=77)))

    contoh.terapkan(impor, ikut_ragu=False)

    assert [o.nama for o in Penduduk.objects.all()] == ["I WAYAN CONTOH 1"]


def test_refused_rows_are_never_applied():
    contoh.impor_jadi(orang(1), orang(2, nama=None))

    assert Penduduk.objects.count() == 1


def test_nik_of_a_resident_without_one_is_filled_in():
    lama = factories.buat_penduduk(
        nik=None, nama="I Wayan Contoh 1", keluarga=factories.buat_keluarga(no_kk=contoh.KK)
    )

    contoh.impor_jadi(orang(1))

    lama.refresh_from_db()
    assert (lama.nik, Penduduk.objects.count()) == (contoh.nik(1), 1)


def test_family_of_thousands_of_rows_apart_stays_one(monkeypatch):
    monkeypatch.setattr(terapkan, "SEKALIGUS", 2)

    contoh.impor_jadi(*(orang(n, no_kk=f"510704010120990{n % 2 + 1}") for n in range(1, 8)))

    assert sorted(k.anggota.count() for k in Keluarga.objects.all()) == [3, 4]


# --- All or nothing -----------------------------------------------------------------------------


def test_failure_in_the_middle_leaves_nothing_behind(monkeypatch):
    impor = contoh.periksa(contoh.xlsx(*(orang(n) for n in range(1, 6))))
    monkeypatch.setattr(terapkan, "SEKALIGUS", 2)
    asli, panggilan = terapkan.Penulis.tulis, []

    def tulis(self, kelompok):
        asli(self, kelompok)
        panggilan.append(len(kelompok))
        if len(panggilan) == 2:
            raise OSError("disk penuh")

    monkeypatch.setattr(terapkan.Penulis, "tulis", tulis)

    contoh.terapkan(impor)

    assert panggilan == [2, 2]
    assert (impor.keadaan, impor.percobaan) == (K.DISETUJUI, 1)
    assert [m.objects.count() for m in (Penduduk, Keluarga, Banjar)] == [0, 0, 0]
    assert Penduduk.riwayat.count() == 0
    assert not BarisImpor.objects.filter(dibuat=True).exists()


def _gagal_terus(monkeypatch) -> None:
    def tulis(self, kelompok):
        raise OSError("disk penuh")

    monkeypatch.setattr(terapkan.Penulis, "tulis", tulis)


def test_three_failures_hand_the_import_back_with_a_sentence(monkeypatch):
    impor = contoh.periksa(contoh.xlsx(orang(1)))
    _gagal_terus(monkeypatch)
    contoh.terapkan(impor)
    for _ in range(2):
        Impor.objects.update(ambil_lagi_pada=timezone.now())
        antrean.kerjakan_yang_menunggu()

    impor.refresh_from_db()
    assert (impor.keadaan, impor.alasan) == (
        K.SIAP,
        "Pekerjaan ini gagal 3 kali. Coba lagi; bila tetap gagal, hubungi pengelola situs.",
    )


@pytest.mark.parametrize("sebab", ["nilai", "nik", "hilang", "alamat"])
def test_register_that_moved_on_leads_to_a_fresh_dry_run(sebab):
    if sebab in ("nilai", "hilang", "alamat"):
        contoh.impor_jadi(orang(1, nama="I WAYAN LAMA", alamat="Jalan Lama"))
    impor = contoh.periksa(contoh.xlsx(orang(1), orang(2)))
    if sebab == "nilai":
        Penduduk.objects.update(nama="I WAYAN TENGAH")
    elif sebab == "alamat":
        Keluarga.objects.update(alamat="Jalan Tengah")
    elif sebab == "hilang":
        contoh.urungkan(Impor.objects.earliest("pk"))
    else:
        factories.buat_penduduk(nik=contoh.nik(2))
    sebelum = set(Penduduk.objects.values_list("nik", "nama"))

    contoh.terapkan(impor)

    assert (impor.keadaan, impor.catatan[0], impor.alasan) == (K.SIAP, antrean.BASI, "")
    assert set(Penduduk.objects.values_list("nik", "nama")) == sebelum
    contoh.terapkan(impor)
    assert impor.keadaan == K.DITERAPKAN
    assert {o.nama for o in Penduduk.objects.all()} == {"I WAYAN CONTOH 1", "I WAYAN CONTOH 2"}


def test_value_that_somebody_else_has_set_already_is_no_obstacle():
    contoh.impor_jadi(orang(1, nama="I WAYAN LAMA"))
    impor = contoh.periksa(contoh.xlsx(orang(1)))
    Penduduk.objects.update(nama="I WAYAN CONTOH 1")

    assert contoh.terapkan(impor).keadaan == K.DITERAPKAN


def test_nik_that_appears_in_the_last_moment_is_caught_by_the_database(monkeypatch):
    impor = contoh.periksa(contoh.xlsx(orang(1)))
    monkeypatch.setattr(terapkan.Penulis, "_periksa_nik", lambda self, kelompok: None)
    factories.buat_penduduk(nik=contoh.nik(1), nama="I WAYAN CONTOH")

    contoh.terapkan(impor)

    assert (impor.keadaan, impor.jumlah) == (K.SIAP, {"BERUBAH": 1})
    assert Penduduk.objects.count() == 1


def test_database_refuses_the_same_nik_twice():
    factories.buat_penduduk(nik=contoh.nik(1))

    with pytest.raises(IntegrityError):
        factories.buat_penduduk(nik=contoh.nik(1))
