"""A page of the office is what the decorators say of it: address, name, method, permission."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse

from penduduk import halaman
from penduduk.halaman import KantorAdmin, jaga, subhalaman, tampilkan
from penduduk.models import Akun, Banjar
from tests import factories
from tests.halaman import sebagai

pytestmark = pytest.mark.django_db

LIHAT, UBAH = "penduduk.view_banjar", "penduduk.change_banjar"


@pytest.fixture
def petugas(db):
    """Somebody of the office with just these permissions."""

    def petugas(*izin: str) -> Akun:
        akun = factories.buat_petugas(f"petugas{Akun.objects.count()}")
        nama = [satu.partition(".")[2] for satu in izin]
        akun.user_permissions.set(Permission.objects.filter(codename__in=nama))
        return Akun.objects.get(pk=akun.pk)

    return petugas


@pytest.fixture
def minta(rf):
    """Ask for a page as Django would once it has found the address."""

    def minta(alamat, oleh: Akun, metode: str = "GET", **isi) -> HttpResponse:
        request = rf.generic(metode, "/kelola/contoh/")
        request.user, request._dont_enforce_csrf_checks = oleh, True  # as Django's own test client
        return alamat.callback(request, **isi)

    return minta


@pytest.fixture
def alamat(monkeypatch):
    """Make a function a page, and give back the address that the site then knows."""

    def alamat(**lain):
        def contoh(request, nama="contoh"):
            return HttpResponse(f"isi {nama}")

        with monkeypatch.context() as sementara:  # the real site must never see it
            sementara.setattr(halaman, "_HALAMAN", [])
            tetap = halaman.halaman("layanan/contoh/", nama="layanan_contoh", **lain)(contoh)
            [satu] = halaman.semua_alamat(admin.site)
        assert tetap is contoh  # it can be called as before
        return satu

    return alamat


class BanjarAdmin(KantorAdmin):
    judul_daftar = "Semua banjar"

    @subhalaman("<int:pk>/contoh/", metode="GET POST")
    def contoh(self, request, pk):
        return HttpResponse(f"banjar {self.satu(request, pk, Banjar.objects.all())}")

    @subhalaman("ubah-semua/", izin=UBAH, metode="POST")
    def ubah_semua(self, request):
        return self.ke("changelist")


class BanjarLain(BanjarAdmin):
    """A room above extends it."""

    @subhalaman("lain/")
    def lain(self, request):
        return tampilkan(request, "admin/layanan/contoh.html", "Lain", isi=1, opts="milik sendiri")


def _alamat(kelas: type[KantorAdmin]) -> dict:
    return {satu.name: satu for satu in kelas(Banjar, admin.site).get_urls()}


# --- A function --------------------------------------------------------------------------------


def test_a_decorated_function_has_its_address_and_its_name(alamat, minta, petugas):
    satu = alamat(izin=LIHAT)

    assert (str(satu.pattern), satu.name) == ("layanan/contoh/", "layanan_contoh")
    assert minta(satu, petugas(LIHAT), nama="uji").content == b"isi uji"


def test_whoever_lacks_one_of_its_permissions_is_refused(alamat, minta, petugas):
    satu = alamat(izin=f"{LIHAT} {UBAH}")

    assert minta(satu, petugas(LIHAT, UBAH)).content == b"isi contoh"
    for izin in ((LIHAT,), (UBAH,), ()):
        with pytest.raises(PermissionDenied):
            minta(satu, petugas(*izin))


def test_another_method_is_refused_whoever_asks(alamat, minta, petugas):
    baca, tulis = alamat(izin=LIHAT), alamat(izin=LIHAT, metode="GET POST")

    assert minta(baca, petugas(), "POST").status_code == 405
    assert minta(baca, petugas(LIHAT), "POST")["Allow"] == "GET"
    assert minta(tulis, petugas(LIHAT), "POST").content == b"isi contoh"
    assert minta(tulis, petugas(LIHAT), "PUT")["Allow"] == "GET, POST"


def test_a_page_is_never_kept_by_a_browser(alamat, minta, petugas):
    assert "no-store" in minta(alamat(izin=LIHAT), petugas(LIHAT))["Cache-Control"]


def test_a_resident_is_sent_to_the_login_of_the_office(alamat, minta, warga):
    jawab = minta(alamat(izin=LIHAT), warga)

    assert jawab.url.startswith(reverse("admin:login"))


# --- A method of a table's admin ---------------------------------------------------------------


def test_a_decorated_method_is_a_page_below_its_table():
    milik = _alamat(BanjarAdmin)

    assert str(milik["penduduk_banjar_contoh"].pattern) == "<int:pk>/contoh/"
    assert str(milik["penduduk_banjar_ubah_semua"].pattern) == "ubah-semua/"
    assert "penduduk_banjar_changelist" in milik  # Django's own are still there


def test_an_admin_that_extends_another_has_the_pages_of_both():
    milik = _alamat(BanjarLain)

    assert {f"penduduk_banjar_{kata}" for kata in ("contoh", "ubah_semua", "lain")} <= set(milik)
    assert "penduduk_banjar_lain" not in _alamat(BanjarAdmin)


def test_without_a_permission_of_its_own_it_is_open_to_who_may_see_the_table(minta, petugas):
    banjar = Banjar.objects.create(nama="Kaja")
    satu = _alamat(BanjarAdmin)["penduduk_banjar_contoh"]

    assert minta(satu, petugas(LIHAT), pk=banjar.pk).content == b"banjar Kaja"
    with pytest.raises(PermissionDenied):
        minta(satu, petugas(), pk=banjar.pk)


def test_its_own_permission_counts_instead(minta, petugas):
    satu = _alamat(BanjarAdmin)["penduduk_banjar_ubah_semua"]

    assert minta(satu, petugas(UBAH), "POST").url == reverse("admin:penduduk_banjar_changelist")
    assert minta(satu, petugas(UBAH)).status_code == 405
    with pytest.raises(PermissionDenied):
        minta(satu, petugas(LIHAT), "POST")


@pytest.mark.parametrize("pk", [999999, "abc", ""])
def test_a_row_that_is_not_there_is_not_found(rf, petugas, pk):
    request = rf.get("/kelola/")
    request.user = petugas(LIHAT)

    with pytest.raises(Http404):
        BanjarAdmin(Banjar, admin.site).satu(request, pk, Banjar.objects.all())


def test_a_row_is_not_looked_for_by_who_may_not_see_it(rf, petugas):
    request = rf.get("/kelola/")
    request.user = petugas()

    with pytest.raises(PermissionDenied):
        BanjarAdmin(Banjar, admin.site).satu(request, "abc", Banjar.objects.all())


def test_redirects_lead_to_pages_of_the_same_table():
    satu = BanjarAdmin(Banjar, admin.site)

    assert satu.alamat("change", 7) == "/kelola/penduduk/banjar/7/change/"
    assert satu.ke("history", 7).url == "/kelola/penduduk/banjar/7/history/"


def test_list_bears_the_title_of_its_admin(rf, petugas):
    request = rf.get("/kelola/")
    request.user = petugas(LIHAT)
    satu = BanjarAdmin(Banjar, admin.site)

    assert satu.changelist_view(request).context_data["title"] == "Semua banjar"
    lain = satu.changelist_view(request, {"title": "Lain"})
    assert lain.context_data["title"] == "Lain"


# --- What a page shows -------------------------------------------------------------------------


def test_a_page_shows_its_title_its_content_and_the_frame_of_the_office(minta, petugas):
    jawab = minta(_alamat(BanjarLain)["penduduk_banjar_lain"], petugas(LIHAT))

    assert jawab.template_name == "admin/layanan/contoh.html"
    assert jawab.context_data["title"] == "Lain"
    assert (jawab.context_data["isi"], jawab.context_data["opts"]) == (1, "milik sendiri")
    assert "site_header" in jawab.context_data and "lencana" in jawab.context_data


def test_trail_above_a_page_ends_in_its_title_unless_the_template_says_more(db):
    client = sebagai(factories.buat_operator())

    hubungi = client.get("/kelola/layanan/hubungi/").content.decode()
    slip = client.get("/kelola/layanan/slip-pin/").content.decode()

    awal = '<div class="breadcrumbs"><a href="/kelola/">Meja</a> › '
    assert f"{awal}Hubungi lewat telepon" in hubungi
    assert f'{awal}<a href="/kelola/penduduk/penduduk/">Penduduk</a> › Slip PIN awal' in slip


def test_guard_inside_a_page_asks_for_every_permission(rf, petugas):
    request = rf.get("/kelola/")
    request.user = petugas(LIHAT)

    jaga(request, LIHAT)
    with pytest.raises(PermissionDenied):
        jaga(request, f"{LIHAT} {UBAH}")
