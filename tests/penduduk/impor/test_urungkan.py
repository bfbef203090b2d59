"""An import is taken back as a whole, as long as nothing depends on it."""

import pytest
from django.utils import timezone

from penduduk.akun import pin
from penduduk.impor import langkah
from penduduk.models import Banjar, Impor, Keluarga, Penduduk
from tests import factories
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import orang

pytestmark = pytest.mark.django_db
K = Impor.Keadaan


def _isi() -> list:
    """The register as it stands, without numbers of rows."""
    return sorted(
        (
            o.nik or "",
            o.nama,
            o.nama_cari,
            o.tanggal_lahir,
            o.pekerjaan,
            o.kolom_lain,
            *((o.keluarga.no_kk, o.keluarga.alamat, str(o.keluarga.banjar)) if o.keluarga else ()),
        )
        for o in Penduduk.objects.select_related("keluarga__banjar")
    )


def test_what_was_created_is_gone_again(admin_desa):
    impor = contoh.impor_jadi(orang(1), orang(2), orang(3, no_kk="0"))

    contoh.urungkan(impor, oleh=admin_desa)

    assert (impor.keadaan, impor.diurungkan_pada is not None) == (K.DIURUNGKAN, True)
    assert [m.objects.count() for m in (Penduduk, Keluarga, Banjar)] == [0, 0, 0]
    hapus = Penduduk.riwayat.filter(history_type="-")
    assert {(r.history_user, r.history_change_reason) for r in hapus} == {
        (admin_desa, f"impor {impor.pk} diurungkan")
    }
    assert hapus.count() == 3


def test_what_was_changed_is_as_before():
    factories.buat_penduduk(nik=contoh.nik(4), nama="I Tanpa KK", keluarga=None)
    factories.buat_penduduk(nik=contoh.nik(5), keluarga=Keluarga.objects.create(alamat="Jalan X"))
    contoh.impor_jadi(orang(1), orang(2), orang(3, suku="Bali"))
    sebelum = _isi()

    impor = contoh.impor_jadi(
        orang(1, nama="I WYN BARU", tanggallahir="12-04-1990", pekerjaan_id=88, alamat="Jalan B"),
        orang(2, no_kk="5107040101209902", dusun="BARU"),
        orang(3, suku="Bali Aga", alamat="Jalan B"),
        orang(4),
        orang(5),
        orang(6),
    )
    assert _isi() != sebelum
    contoh.urungkan(impor)

    assert impor.alasan == ""
    assert _isi() == sebelum
    assert not Banjar.objects.filter(nama="Baru").exists()
    assert not Keluarga.objects.filter(no_kk="5107040101209902").exists()


def test_doubtful_rows_that_were_not_applied_are_left_alone():
    contoh.impor_jadi(orang(1))
    impor = contoh.periksa(contoh.xlsx(orang(1, nama="I BARU", agama_id=77), orang(2)))
    contoh.terapkan(impor, ikut_ragu=False)

    contoh.urungkan(impor)

    assert [o.nama for o in Penduduk.objects.all()] == ["I WAYAN CONTOH 1"]


def _akun(orang_: Penduduk) -> str:
    pin.terbitkan(orang_, pada=timezone.now())
    return "sudah punya akun"


def _ubah(orang_: Penduduk) -> str:
    orang_.nama = "I DIUBAH"
    orang_.save()
    return "Nama sudah diubah sesudah impor"


def _ubah_lain(orang_: Penduduk) -> str:
    """A field that the import left empty."""
    orang_.nama_ayah = "I AYAH"
    orang_.save()
    return "datanya sudah diubah sesudah impor"


def _pindah(orang_: Penduduk) -> str:
    orang_.keluarga = factories.buat_keluarga()
    orang_.save()
    return "Banjar dinas, RW, RT, Nomor KK sudah diubah sesudah impor"


def _alamat(orang_: Penduduk) -> str:
    orang_.keluarga.alamat = "Jalan Diubah"
    orang_.keluarga.save()
    return "Alamat sudah diubah sesudah impor"


@pytest.mark.parametrize("lakukan", [_akun, _ubah, _ubah_lain, _pindah, _alamat])
def test_undo_is_refused_as_a_whole_with_the_reason(lakukan):
    impor = contoh.impor_jadi(orang(1), orang(2, no_kk="5107040101209902"))
    sebab = lakukan(Penduduk.objects.get(nik=contoh.nik(2)))

    contoh.urungkan(impor)

    assert (impor.keadaan, impor.alasan) == (
        K.DITERAPKAN,
        f"Baris 3, I WAYAN CONTOH 2: {sebab}.",
    )
    assert Penduduk.objects.count() == 2


def test_request_and_paper_of_a_created_resident_are_named(operator):
    impor = contoh.impor_jadi(orang(1, sex=1))
    akun_orang = Penduduk.objects.get()
    pin.terbitkan(akun_orang, pada=timezone.now())
    akun = akun_orang.akun
    akun.nomor_hp = "+6281234567890"
    akun.save()
    factories.buat_permohonan(akun)

    contoh.urungkan(impor)

    terkait = "akun, berkas, jatah harian, permohonan"
    assert impor.alasan == f"Baris 2, I WAYAN CONTOH 1: sudah punya {terkait}."


def test_changed_value_that_was_changed_again_is_a_reason():
    contoh.impor_jadi(orang(1, nama="I LAMA"))
    impor = contoh.impor_jadi(orang(1))
    Penduduk.objects.update(nama="I LEBIH BARU")

    contoh.urungkan(impor)

    assert impor.alasan == "Baris 2, I WAYAN CONTOH 1: Nama sudah diubah sesudah impor."


def test_only_the_first_reasons_are_listed():
    impor = contoh.impor_jadi(*(orang(n) for n in range(1, 26)))
    Penduduk.objects.update(nama="I LAIN")

    contoh.urungkan(impor)

    assert impor.alasan.splitlines()[-1] == "… dan 5 lagi."
    assert len(impor.alasan.splitlines()) == 21


def test_family_that_somebody_joined_stays():
    impor = contoh.impor_jadi(orang(1))
    keluarga = Keluarga.objects.get()
    factories.buat_penduduk(keluarga=keluarga)

    contoh.urungkan(impor)

    assert impor.keadaan == K.DIURUNGKAN
    assert Keluarga.objects.get() == keluarga


def test_import_without_rows_can_no_longer_be_undone():
    impor = contoh.impor_jadi(orang(1))
    impor.baris.all().delete()

    with pytest.raises(langkah.LangkahTidakSah, match="tidak dapat diurungkan lagi"):
        langkah.minta_urung(impor, oleh=None, mulai=timezone.now())


def test_undo_and_apply_again():
    impor = contoh.impor_jadi(orang(1))
    contoh.urungkan(impor)

    contoh.impor_jadi(orang(1))

    assert [o.nama for o in Penduduk.objects.all()] == ["I WAYAN CONTOH 1"]
