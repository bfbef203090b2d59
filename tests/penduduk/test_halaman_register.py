"""The register in the back office: search, filters, labels, forms, and the history of changes."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from penduduk.akun import pin
from penduduk.identitas import nik as nik_
from penduduk.models import Akun, Banjar, Keluarga, Penduduk
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai

pytestmark = pytest.mark.django_db

PENDUDUK = "/kelola/penduduk/penduduk/"
KELUARGA = "/kelola/penduduk/keluarga/"
BANJAR = "/kelola/penduduk/banjar/"
JUMLAH_KUERI = {
    PENDUDUK: 14,
    KELUARGA: 19,
}  # ways of searching, and the trail


@pytest.fixture
def client(operator):
    return sebagai(operator)


@pytest.fixture
def client_admin(admin_desa):
    return sebagai(admin_desa)


def _daftar(client, alamat: str, **tanya: str) -> list[str]:
    jawab = client.get(alamat, tanya)
    assert jawab.status_code == 200
    return [str(satu) for satu in jawab.context["cl"].result_list]


# --- Search -----------------------------------------------------------------------------------


@pytest.fixture
def desa(db) -> dict[str, Penduduk]:
    satu = factories.buat_keluarga(no_kk="5107040101000001", alamat="Jalan Melati 3")
    dua = factories.buat_keluarga(no_kk="5107040101000002", banjar=None)
    return {
        "wayan": factories.buat_penduduk(
            nama="I Wyn Gde Contoh", nik="5107041203909901", keluarga=satu
        ),
        "luh": factories.buat_penduduk(
            nama="Ni Luh Lestari", nik="5107045203909902", jenis_kelamin=2, keluarga=satu, shdk=3
        ),
        "sukri": factories.buat_penduduk(nama="Sukri", nik=None, keluarga=dua),
    }


@pytest.mark.parametrize(
    ("q", "ada"),
    [
        ("wayan gede", ["I Wyn Gde Contoh"]),
        ("Ni Luh", ["Ni Luh Lestari"]),
        ("5107 04 52", ["Ni Luh Lestari"]),
        ("lestari 9902", ["Ni Luh Lestari"]),
        ("%", []),
        ("", ["I Wyn Gde Contoh", "Ni Luh Lestari", "Sukri"]),
    ],
)
def test_residents_are_searched_in_any_spelling(client, desa, q, ada):
    assert _daftar(client, PENDUDUK, q=q) == ada


def test_list_says_when_there_are_more_than_it_counts(client, desa, monkeypatch):
    monkeypatch.setattr("penduduk.models.cari.PALING_BANYAK", 2)
    for nama in ("I Made Satu", "I Made Dua", "I Made Tiga"):
        factories.buat_penduduk(nama=nama, nik=None)

    assert "lebih dari 2 penduduk" in kata(client.get(PENDUDUK, {"q": "made"}))
    assert "lebih dari" not in kata(client.get(PENDUDUK, {"q": "made satu"}))
    assert "lebih dari" not in kata(client.get(PENDUDUK))


@pytest.mark.parametrize(
    ("q", "ada"),
    [
        ("wayan gede", ["KK …0001"]),
        ("luh", ["KK …0001"]),
        ("wayan luh", []),  # two people, not one
        ("sukri", ["KK …0002"]),
        ("5107 0401 0100 0002", ["KK …0002"]),
        ("gede 000001", ["KK …0001"]),
        ("gede 000002", []),
        ("5203909902", ["KK …0001"]),
        ("melati", ["KK …0001"]),
        ("_", []),
        ("I", ["KK …0001", "KK …0002"]),
    ],
)
def test_families_are_searched_by_members_number_and_address(client, desa, q, ada):
    assert _daftar(client, KELUARGA, q=q) == ada


def test_family_is_offered_by_a_members_name(client_admin, desa):
    tanya = {"app_label": "penduduk", "model_name": "penduduk", "field_name": "keluarga"}

    jawab = client_admin.get("/kelola/autocomplete/", {**tanya, "term": "wayan gede"})

    assert jawab.json()["results"] == [
        {
            "id": str(desa["wayan"].keluarga_id),
            "text": "KK …0001 · I Wyn Gde Contoh · Jalan Melati 3",
        }
    ]


def test_requests_are_searched_in_any_spelling_of_the_pemohon(client):
    akun = factories.buat_warga(nama="I Wyn Gde Pemohon")
    permohonan = factories.buat_permohonan(akun)
    factories.buat_permohonan(factories.buat_warga(nama="Ni Luh Lain", jenis_kelamin=2))

    for q in ("wayan gede", "I Wyn", akun.penduduk.nik, permohonan.nomor):
        assert _daftar(client, "/kelola/layanan/permohonan/", q=q) == [permohonan.nomor]


@pytest.mark.parametrize("alamat", [PENDUDUK, KELUARGA])
def test_list_costs_the_same_for_few_rows_and_for_many(
    client, desa, alamat, django_assert_num_queries
):
    client.get(alamat)
    with django_assert_num_queries(JUMLAH_KUERI[alamat]):
        client.get(alamat, {"q": "5107"})
    for n in range(20):
        keluarga = factories.buat_keluarga()
        factories.buat_penduduk(nama=f"I Made {n}", keluarga=keluarga)

    with django_assert_num_queries(JUMLAH_KUERI[alamat]):
        hal = client.get(alamat, {"q": "5107"})

    assert len(hal.context["cl"].result_list) > 20


# --- Labels and filters -----------------------------------------------------------------------


def test_list_labels_what_is_odd_about_a_nik(client):
    for nik in (None, "0510704200100001", "51070412A3909901", "5107041203909901"):
        factories.buat_penduduk(nik=nik)

    teks = kata(client.get(PENDUDUK))

    assert [teks.count(x) for x in ("Belum ada NIK", "NIK sementara", "NIK tidak sah")] == [
        2,  # once in the list and once in the filter
        2,
        2,
    ]


def test_filter_offers_only_banjar_with_families(client, desa):
    kosong = Banjar.objects.create(nama="Contoh Kosong")
    dipakai = desa["wayan"].keluarga.banjar

    hal = client.get(PENDUDUK)

    assert kosong.nama not in kata(hal)
    assert _daftar(client, PENDUDUK, banjar=str(dipakai.pk)) == [
        "I Wyn Gde Contoh",
        "Ni Luh Lestari",
    ]
    assert _daftar(client, PENDUDUK, banjar="tanpa") == ["Sukri"]
    assert _daftar(client, KELUARGA, banjar="tanpa") == ["KK …0002"]
    for aneh in ("x", "²", "9" * 30, ""):
        assert len(_daftar(client, PENDUDUK, banjar=aneh)) == 3


@pytest.mark.parametrize(
    ("mutu", "ada"),
    [
        ("tanpa", ["Tanpa"]),
        ("sementara", ["Sementara"]),
        ("tidak_sah", ["Rusak"]),
        ("beda", ["Beda"]),
    ],
)
def test_filter_by_quality(client, mutu, ada):
    for nama, nik in (
        ("Tanpa", None),
        ("Sementara", "0510704200100001"),
        ("Rusak", "51070412A3909901"),
        ("Beda", "5107045203909901"),
        ("Baik", "5107041203909901"),
    ):
        factories.buat_penduduk(nama=nama, nik=nik)

    assert _daftar(client, PENDUDUK, mutu=mutu) == ada


def test_filter_by_pin(client):
    sekarang = timezone.now()
    factories.buat_warga(nama="Sendiri")
    for nama, lalu in (("Awal", 0), ("Kedaluwarsa", 20)):
        orang = factories.buat_penduduk(nama=nama)
        pin.terbitkan(orang, pada=sekarang - timedelta(days=lalu))
    Akun.objects.create(penduduk=factories.buat_penduduk(nama="Tanpa PIN"))
    factories.buat_penduduk(nama="Tanpa akun")

    daftar = {k: _daftar(client, PENDUDUK, pin=k) for k in ("sendiri", "awal", "belum")}

    assert daftar == {
        "sendiri": ["Sendiri"],
        "awal": ["Awal"],
        "belum": ["Kedaluwarsa", "Tanpa PIN", "Tanpa akun"],
    }


# --- One resident -----------------------------------------------------------------------------


def _alamat(orang: Penduduk, halaman: str = "change") -> str:
    return f"{PENDUDUK}{orang.pk}/{halaman}/"


def test_mismatch_with_the_nik_is_told_whenever_the_page_is_opened(client):
    orang = factories.buat_penduduk(nik="5107045303909901")

    teks = kata(client.get(_alamat(orang)))

    assert "Jenis kelamin di NIK berbeda dari data. Cocokkan dengan KTP-el." in teks
    assert "Tanggal lahir di NIK berbeda dari data. Cocokkan dengan KTP-el." in teks


@pytest.mark.parametrize(
    ("nik", "kalimat"),
    [
        (None, "Belum ada NIK I Wayan Contoh tidak dapat masuk"),
        ("0510704200100001", "NIK sementara I Wayan Contoh tidak dapat masuk"),
        ("51070412A3909901", "NIK tidak sah I Wayan Contoh tidak dapat masuk"),
    ],
)
def test_who_cannot_log_in_is_labelled(client, nik, kalimat):
    orang = factories.buat_penduduk(nik=nik)

    assert kalimat in kata(client.get(_alamat(orang)))


def test_page_without_anything_odd_warns_of_nothing(client):
    orang = factories.buat_penduduk(nik="5107041203909901")

    hal = client.get(_alamat(orang))

    assert "catatan-data" not in hal.content.decode()


def test_family_and_columns_from_the_import_stand_on_the_page(client, desa):
    Penduduk.objects.filter(pk=desa["wayan"].pk).update(
        kolom_lain={"no_akta_lahir": "AK-17", "<b>": "<script>"}
    )

    hal = client.get(_alamat(desa["wayan"]))

    assert "Ni Luh Lestari Istri 12 Maret 1990 Hidup" in kata(hal)
    assert f'href="{_alamat(desa["luh"])}"' in hal.content.decode()
    assert "No akta lahir AK-17" in kata(hal)
    assert "<script>" not in kata(hal).replace("<b> <script>", "")
    assert "Sukri" not in kata(hal)


def test_nothing_about_a_new_resident_is_preset(client_admin):
    isi = formulir(client_admin.get(f"{PENDUDUK}add/"), "Simpan").isi

    terisi = {k: v for k, v in isi.items() if v != [""] and k != "csrfmiddlewaretoken"}
    assert terisi == {"status_dasar": ["1"]}


def test_new_resident_needs_a_name_and_a_nationality_only(client_admin):
    halaman = client_admin.get(f"{PENDUDUK}add/")

    ditolak = kirim(client_admin, halaman, "Simpan", {"nama": "Sukri"})
    jawab = kirim(client_admin, halaman, "Simpan", {"nama": "Sukri", "kewarganegaraan": "1"})

    orang = Penduduk.objects.get()
    assert ditolak.status_code == 200
    assert jawab.status_code == 302
    assert (orang.nama, orang.nik, orang.agama, orang.keluarga) == ("Sukri", None, None, None)


def test_two_residents_may_both_lack_a_nik_but_not_share_one(client_admin, desa):
    halaman = client_admin.get(_alamat(desa["luh"]))

    kembar = kirim(client_admin, halaman, "Simpan", {"nik": desa["wayan"].nik})
    kosong = kirim(client_admin, halaman, "Simpan", {"nik": ""})

    desa["luh"].refresh_from_db()
    assert "NIK" in kata(kembar)
    assert (kembar.status_code, kosong.status_code) == (200, 302)
    assert desa["luh"].nik is None


@pytest.mark.parametrize(
    ("diketik", "jadi"),
    [("5107 0401 0100 0009", "5107040101000009"), ("", None)],
)
def test_family_number_is_tidied(client_admin, desa, diketik, jadi):
    keluarga = desa["wayan"].keluarga

    kirim(
        client_admin,
        client_admin.get(f"{KELUARGA}{keluarga.pk}/change/"),
        "Simpan",
        {"no_kk": diketik},
    )

    keluarga.refresh_from_db()
    assert keluarga.no_kk == jadi


def test_impossible_family_number_is_refused_with_a_sentence(client_admin, desa):
    keluarga = desa["wayan"].keluarga
    halaman = client_admin.get(f"{KELUARGA}{keluarga.pk}/change/")

    hal = kirim(client_admin, halaman, "Simpan", {"no_kk": "12345"})

    assert "Nomor KK harus 16 angka." in kata(hal)


def test_number_of_a_kelian_is_tidied_or_refused_with_a_sentence(client_admin):
    banjar = Banjar.objects.create(nama="Contoh Satu", kelian="I Made Kelian")
    halaman = client_admin.get(f"{BANJAR}{banjar.pk}/change/")

    salah = kirim(client_admin, halaman, "Simpan", {"nomor_hp_kelian": "0363 21234"})
    benar = kirim(client_admin, halaman, "Simpan", {"nomor_hp_kelian": "0812 3456 7890"})

    banjar.refresh_from_db()
    assert "Nomor ini telepon rumah" in kata(salah)
    assert benar.status_code == 302
    assert banjar.nomor_hp_kelian == "+6281234567890"
    assert "0812-3456-7890" in kata(client_admin.get(BANJAR))


# --- History ----------------------------------------------------------------------------------


def test_each_change_is_one_row_with_who_and_what(client_admin, admin_desa, operator, desa):
    orang = desa["wayan"]
    halaman = client_admin.get(_alamat(orang))

    kirim(
        client_admin,
        halaman,
        "Simpan",
        {"nama": "I Wayan Gede Contoh", "agama": "1", "tanggal_lahir": "13-03-1990"},
    )

    assert [(r.history_type, r.history_user) for r in orang.riwayat.order_by("pk")] == [
        ("+", None),
        ("~", admin_desa),
    ]
    teks = kata(sebagai(operator).get(_alamat(orang, "history")))
    for kalimat in (
        "Diubah oleh Admindesa",
        "Nama: I Wyn Gde Contoh → I Wayan Gede Contoh",
        "Agama: Hindu → Islam",
        "Tanggal lahir: 12 Maret 1990 → 13 Maret 1990",
        "Dicatat oleh sistem",
    ):
        assert kalimat in teks
    assert "nama cari" not in teks.lower()


def test_saving_without_a_change_leaves_no_trace(client_admin, desa):
    orang = desa["wayan"]

    jawab = kirim(client_admin, client_admin.get(_alamat(orang)), "Simpan")

    assert jawab.status_code == 302
    assert orang.riwayat.count() == 1


def test_new_resident_begins_a_history_under_the_name_of_who_wrote_it(client_admin, admin_desa):
    kirim(
        client_admin,
        client_admin.get(f"{PENDUDUK}add/"),
        "Simpan",
        {"nama": "Sukri", "kewarganegaraan": "1"},
    )

    (baris,) = Penduduk.objects.get().riwayat.all()
    assert (baris.history_type, baris.history_user) == ("+", admin_desa)


def test_refused_form_leaves_no_trace(client_admin, desa):
    orang = desa["wayan"]

    kirim(client_admin, client_admin.get(_alamat(orang)), "Simpan", {"nik": "1"})

    assert orang.riwayat.count() == 1


def test_change_of_family_shows_both_families_and_the_reason(client, desa):
    orang, ke = desa["wayan"], desa["sukri"].keluarga
    dari = nik_.kelompok(orang.keluarga.no_kk)
    orang.keluarga, orang.kolom_lain, orang.nik = ke, {"no_akta_lahir": "AK-17"}, None
    orang._change_reason = "impor 12"
    orang.save()

    teks = kata(client.get(_alamat(orang, "history")))

    for kalimat in (
        "Diubah oleh sistem (impor 12)",
        f"Keluarga: KK {dari} → KK {nik_.kelompok(ke.no_kk)}",
        "No akta lahir: — → AK-17",
        "NIK: 5107041203909901 → —",
    ):
        assert kalimat in teks


def test_family_has_a_history_of_its_own(client_admin, admin_desa, desa):
    keluarga, baru = desa["wayan"].keluarga, Banjar.objects.create(nama="Contoh Dua")

    kirim(
        client_admin,
        client_admin.get(f"{KELUARGA}{keluarga.pk}/change/"),
        "Simpan",
        {"banjar": str(baru.pk), "rt": "3"},
    )

    teks = kata(client_admin.get(f"{KELUARGA}{keluarga.pk}/history/"))
    assert [r.history_user for r in keluarga.riwayat.order_by("pk")] == [None, admin_desa]
    assert "RT: — → 003" in teks
    assert "Banjar dinas: Contoh Satu → Contoh Dua" in teks.replace("Banjar:", "Banjar dinas:")


def test_acts_that_change_no_data_stand_in_the_history_too(client, operator, desa):
    LogEntry.objects.log_actions(operator.pk, [desa["wayan"]], CHANGE, "Mencetak slip PIN.")

    assert "Mencetak slip PIN oleh Operator" in kata(client.get(_alamat(desa["wayan"], "history")))


def test_history_costs_the_same_for_one_change_and_for_many(
    client, desa, django_assert_num_queries
):
    orang = desa["wayan"]
    client.get(_alamat(orang, "history"))
    with django_assert_num_queries(14):
        client.get(_alamat(orang, "history"))
    for n in range(60):
        orang.nama = f"I Wayan {n}"
        orang.save()

    with django_assert_num_queries(14):
        hal = client.get(_alamat(orang, "history"))

    assert "I Wayan 59" in kata(hal)
    assert "I Wayan 3 " not in kata(hal)
    assert "I Wayan 3 " in kata(client.get(_alamat(orang, "history"), {"p": "2"}))


def test_history_is_closed_to_those_who_may_not_see_the_register(client, perbekel, warga, desa):
    for alamat in (
        _alamat(desa["wayan"], "history"),
        f"{KELUARGA}{desa['wayan'].keluarga_id}/history/",
    ):
        assert client.get(alamat).status_code == 200
        assert sebagai(perbekel).get(alamat).status_code == 403
        for orang in (None, warga):
            assert sebagai(orang).get(alamat).url.startswith("/kelola/login/")


def test_history_cannot_be_written_or_reverted(client_admin, desa):
    riwayat = desa["wayan"].riwayat.get()

    jawab = client_admin.get(f"{_alamat(desa['wayan'], 'history')}{riwayat.pk}/")

    assert jawab.status_code == 302  # the admin's catch-all: no such object
    assert not desa["wayan"].riwayat.exclude(pk=riwayat.pk).exists()


def test_history_of_nobody_leads_back(client):
    jawab = client.get(f"{PENDUDUK}99999/history/")

    assert (jawab.status_code, jawab.url) == (302, "/kelola/")


def test_nik_may_be_typed_in_groups(client_admin, desa):
    halaman = client_admin.get(_alamat(desa["sukri"]))

    kirim(client_admin, halaman, "Simpan", {"nik": "5107.0412 0390-9917"})

    desa["sukri"].refresh_from_db()
    assert desa["sukri"].nik == "5107041203909917"


def test_no_family_can_be_deleted(client_admin, desa):
    jawab = client_admin.post(f"{KELUARGA}{desa['sukri'].keluarga_id}/delete/", {"post": "yes"})

    assert jawab.status_code == 403
    assert Keluarga.objects.count() == 2


def test_birth_date_is_stored_as_typed(client_admin, desa):
    kirim(
        client_admin,
        client_admin.get(_alamat(desa["wayan"])),
        "Simpan",
        {"tanggal_lahir": "1-2-1980"},
    )

    desa["wayan"].refresh_from_db()
    assert desa["wayan"].tanggal_lahir == date(1980, 2, 1)


# --- One form, one person -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rt", "rw", "hasil"),
    [("1", "2", ("001", "002")), ("RT.002/RW.003", "", ("002", "003")), ("0", "-", ("", ""))],
)
def test_rt_and_rw_get_their_one_form(admin_desa, rt, rw, hasil):
    keluarga = factories.buat_keluarga()
    meja = sebagai(admin_desa)
    alamat = f"/kelola/penduduk/keluarga/{keluarga.pk}/change/"

    kirim(meja, meja.get(alamat), "Simpan", {"rt": rt, "rw": rw})

    keluarga.refresh_from_db()
    assert (keluarga.rt, keluarga.rw) == hasil


LAIN = {"nama": "Ni Ketut Astiti", "jenis_kelamin": "2", "tanggal_lahir": "01/07/1962"}


def test_person_with_an_account_becomes_nobody_else_without_a_question(admin_desa):
    orang = factories.buat_warga().penduduk
    meja = sebagai(admin_desa)
    alamat = f"/kelola/penduduk/penduduk/{orang.pk}/change/"

    tanya = kirim(meja, meja.get(alamat), "Simpan", LAIN)

    teks = kata(tanya)
    assert "Nama, tanggal lahir, jenis kelamin diubah sekaligus, padahal orang ini" in teks
    assert "tambahkan penduduk baru dengan NIK-nya sendiri" in teks
    orang.refresh_from_db()
    assert orang.nama == "I Wayan Contoh"
    kirim(meja, tanya, "Simpan", {"orang_sama": "on"})
    orang.refresh_from_db()
    assert orang.nama == "Ni Ketut Astiti"


def test_person_without_an_account_is_corrected_without_a_question(admin_desa):
    orang = factories.buat_penduduk()
    meja = sebagai(admin_desa)

    kirim(meja, meja.get(f"/kelola/penduduk/penduduk/{orang.pk}/change/"), "Simpan", LAIN)

    orang.refresh_from_db()
    assert orang.nama == "Ni Ketut Astiti"
