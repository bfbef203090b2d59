"""Who may sign: nobody by his own hand, and never in silence."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from layanan import peran
from layanan.forms.langkah import form_langkah
from layanan.kabar import akun as kabar
from layanan.models import Notifikasi
from layanan.permohonan.langkah import Siapa, halangan_orang
from penduduk.models import Akun, KejadianAkun
from surat import pengukuhan
from surat.models import Mandat, Pejabat, Pengukuhan
from tests import factories
from tests.halaman import kata, kirim, sebagai

pytestmark = pytest.mark.django_db
J = KejadianAkun.Jenis
HARI = date(2026, 11, 2)
SANDI = "sandi-uji-panjang"


def boleh(akun: Akun) -> bool:
    """May sign something today."""
    akun = Akun.objects.get(pk=akun.pk)  # permissions are remembered on the object
    siapa, pada = Siapa.PENANDATANGAN, timezone.now()
    return not halangan_orang(siapa, oleh=akun, pada=pada)


def jadikan_penanda(akun: Akun, pejabat: Pejabat, *, oleh: Akun) -> None:
    """What the admin's page of the official does."""
    Pejabat.objects.filter(akun=akun).update(akun=None)
    Pejabat.objects.filter(pk=pejabat.pk).update(akun=akun)
    pejabat.refresh_from_db()
    pengukuhan.usulkan(pejabat, oleh=oleh, pada=timezone.now())


def usul(akun: Akun) -> Pengukuhan:
    return Pengukuhan.objects.get(akun=akun, dijawab_pada=None)


def jawab(satu: Pengukuhan, oleh: Akun, *, setuju: bool = True) -> None:
    pengukuhan.jawab(satu, oleh=oleh, setuju=setuju, pada=timezone.now())


def test_admin_who_makes_himself_perbekel_cannot_sign_and_everybody_hears(admin_desa, perbekel):
    """The attack in the browser: the role, then his account behind the official."""
    Akun.objects.filter(pk=perbekel.pk).update(nomor_hp="+6281234500009")
    kantor, pejabat = sebagai(admin_desa), perbekel.pejabat
    hal = kantor.get(f"/kelola/penduduk/akun/{admin_desa.pk}/change/")
    grup = [g.pk for g in peran.Group.objects.all()]
    kirim(kantor, hal, "Simpan", {"groups": grup})
    hal = kantor.get(f"/kelola/surat/pejabat/{pejabat.pk}/change/")
    jawab_ = kirim(kantor, hal, "Simpan", {"akun": admin_desa.pk})

    assert admin_desa.groups.count() == 3
    assert Pejabat.objects.get().akun == admin_desa
    assert (boleh(admin_desa), boleh(perbekel)) == (False, True)
    assert "menunggu dikukuhkan" in kata(kantor.get(jawab_.url))
    with pytest.raises(PermissionDenied):
        jawab(usul(admin_desa), admin_desa)
    assert kantor.get(f"/kelola/pengukuhan/{usul(admin_desa).pk}/").status_code == 404
    kejadian = {(k.jenis, k.akun_id) for k in KejadianAkun.objects.all()}
    assert kejadian == {
        (J.PERAN_DIUBAH, admin_desa.pk),
        (J.DIUSULKAN, admin_desa.pk),
        (J.DIUSULKAN, perbekel.pk),
    }
    assert all("tidak ada admin lain" in k.rincian for k in KejadianAkun.objects.all())
    kabar.kabarkan_yang_menunggu(pada=timezone.now())
    assert Notifikasi.objects.filter(penerima=perbekel, pesan="petugas_akun").count() == 3


def test_new_official_with_a_mandate_of_his_own_helps_an_admin_no_more(admin_desa, perbekel):
    admin_desa.groups.add(peran.Group.objects.get(name=peran.PENANDA_TANGAN))
    baru = Pejabat.objects.create(nama="Contoh", jabatan="Perbekel", akun=admin_desa)
    Mandat.objects.create(pejabat=baru, sebagai="DEFINITIF", dari=HARI)
    pengukuhan.usulkan(baru, oleh=admin_desa, pada=timezone.now())

    assert not boleh(admin_desa)
    jawab(usul(admin_desa), perbekel)  # alone: the signer is asked
    assert boleh(admin_desa)


def test_where_there_is_another_admin_he_and_nobody_else_is_asked(admin_desa, perbekel, operator):
    lain = factories.buat_petugas("admin2", peran.ADMIN_DESA)
    jadikan_penanda(admin_desa, perbekel.pejabat, oleh=admin_desa)

    satu = usul(admin_desa)

    boleh_ = [a for a in (admin_desa, perbekel, operator, lain) if pengukuhan.menunggu(a)]
    assert boleh_ == [lain]
    jawab(satu, lain, setuju=False)
    assert Pejabat.objects.get().akun == perbekel
    assert boleh(perbekel) and not boleh(admin_desa)


def test_the_person_named_confirms_with_a_fresh_proof(admin_desa, perbekel):
    plt = factories.buat_petugas("plt", peran.PENANDA_TANGAN)
    jadikan_penanda(plt, perbekel.pejabat, oleh=admin_desa)
    pc, alamat = sebagai(plt), f"/kelola/pengukuhan/{usul(plt).pk}/"
    assert alamat in pc.get("/kelola/akun-saya/").content.decode()

    salah = kirim(pc, pc.get(alamat), "Kukuhkan", {"sandi": "bukan ini"})
    sebelum = (boleh(plt), boleh(perbekel))
    kirim(pc, pc.get(alamat), "Kukuhkan", {"sandi": SANDI})

    assert "Tidak cocok" in kata(salah)
    assert sebelum == (False, True)
    assert (boleh(plt), boleh(perbekel)) == (True, False)
    assert pc.get(alamat).status_code == 404
    assert perbekel.kejadian.filter(jenis=J.DILEPAS, oleh=plt).exists()


@pytest.mark.parametrize(
    ("isi", "masih"),
    [
        ({"sampai": HARI + timedelta(days=365)}, True),  # shorter: nobody has to confirm
        ({"sebagai": "PLT"}, False),
    ],
)
def test_what_is_widened_waits_and_what_is_narrowed_does_not(admin_desa, perbekel, isi, masih):
    pejabat = perbekel.pejabat
    Mandat.objects.update(**isi)

    menunggu = pengukuhan.usulkan(pejabat, oleh=admin_desa, pada=timezone.now())

    assert bool(menunggu) is not masih
    assert boleh(perbekel) is masih


def test_mandate_that_was_extended_past_all_forms_signs_no_longer_than_confirmed(perbekel):
    Pengukuhan.objects.update(sampai=date(2026, 1, 31))  # the mandate itself has no end

    assert not boleh(perbekel)


def test_title_of_an_official_is_part_of_what_was_confirmed(perbekel):
    Pejabat.objects.update(jabatan="Camat")

    assert not boleh(perbekel)


def test_what_is_taken_away_ends_at_once(admin_desa, perbekel):
    pejabat = perbekel.pejabat
    pejabat.akun = None
    pejabat.save()

    pengukuhan.usulkan(pejabat, oleh=admin_desa, pada=timezone.now())

    assert not boleh(perbekel)
    assert perbekel.kejadian.get().jenis == J.DILEPAS


def test_role_given_to_the_holder_of_a_mandate_waits_for_him(admin_desa, perbekel):
    kantor, alamat = sebagai(admin_desa), f"/kelola/penduduk/akun/{perbekel.pk}/change/"
    perbekel.groups.clear()
    ttd = peran.Group.objects.get(name=peran.PENANDA_TANGAN)
    kirim(kantor, kantor.get(alamat), "Simpan", {"groups": [ttd.pk]})

    assert not boleh(perbekel)
    jawab(usul(perbekel), perbekel)
    assert boleh(perbekel)


def test_database_knows_that_nobody_confirms_himself(admin_desa, perbekel):
    jadikan_penanda(admin_desa, perbekel.pejabat, oleh=admin_desa)
    Pengukuhan.objects.filter(berlaku=True).update(berlaku=False)
    satu = Pengukuhan.objects.filter(pk=usul(admin_desa).pk)

    for oleh in (admin_desa, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            satu.update(berlaku=True, dijawab_pada=timezone.now(), dijawab_oleh=oleh)
    assert satu.update(berlaku=True, dijawab_pada=timezone.now(), dijawab_oleh=perbekel) == 1


def test_mandate_that_nobody_holds_stands_last_and_says_so(perbekel, warga):
    baru = Pejabat.objects.create(nama="Ni Wayan Baru", jabatan="Kasi Pelayanan")
    Mandat.objects.create(pejabat=baru, sebagai="UB", dari=date(2020, 1, 1), urutan=0)
    permohonan = factories.buat_permohonan(warga)

    form = form_langkah("setujui", permohonan, pada=timezone.localdate())

    *depan, akhir = [label for _, label in form.fields["mandat"].choices]
    assert depan and not any("belum dikukuhkan" in label for label in depan)
    assert "Ni Wayan Baru" in akhir
    assert akhir.endswith("(belum dikukuhkan, belum dapat menandatangani)")
