"""The back office: queue, the page of one request, PINs, staff, settings; and the signer's desk."""

import re
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.utils import timezone

from layanan import peran
from layanan.models import AlasanSiap, Notifikasi, Permohonan, TahunLibur
from layanan.permohonan import alur, dampak
from penduduk.akun import pin
from penduduk.models import Akun, Banjar, Desa, Penduduk
from surat.isian import formulir as isian
from surat.models import BukuNomor, JenisSurat, Mandat, Pejabat, Surat, TataNaskah
from surat.terbit import kode_cek
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai, tombol

ANTREAN = "/kelola/layanan/permohonan/"
PENGANTAR = {"setujui-no_pengantar": "12/BD/XI/2026", "setujui-tgl_pengantar": "2026-11-20"}


@pytest.fixture
def client(operator):
    return sebagai(operator)


@pytest.fixture
def client_admin(admin_desa):
    return sebagai(admin_desa)


def _alamat(permohonan: Permohonan) -> str:
    return f"{ANTREAN}{permohonan.pk}/change/"


def _langkah(permohonan, nama, oleh, bahan=None, catatan="") -> None:
    alur.jalankan(permohonan, nama, bahan, oleh=oleh, pada=timezone.now(), catatan=catatan)


def _ktp(alasan: str) -> dampak.MintaPerbaikan:
    return dampak.MintaPerbaikan(
        [{"apa": "syarat", "kunci": "ktp", "label": "KTP-el", "alasan": alasan}]
    )


def _terbuka(hal) -> int:
    """How many forms of the bar stand open."""
    return len(re.findall(r"<details[^>]* open>", hal.content.decode()))


def _isi_antrean(hal) -> list[str]:
    return [p.nomor for p in hal.context["cl"].result_list]


# --- The queue --------------------------------------------------------------------------------


@pytest.fixture
def antrean(warga, tetangga, operator, perbekel):
    """One request in each of several statuses, oldest first."""
    semua = {
        "diajukan": factories.buat_permohonan(warga),
        "diproses": factories.buat_permohonan(tetangga),
        "perbaikan": factories.buat_permohonan(warga, "usaha"),
        "ditolak": factories.buat_permohonan(tetangga, "usaha"),
        "menunggu": factories.buat_permohonan(warga),
        "baru": factories.buat_permohonan(tetangga),
    }
    _langkah(semua["diproses"], "proses", operator)
    _langkah(semua["perbaikan"], "minta_perbaikan", operator, _ktp("Kurang."))
    _langkah(semua["ditolak"], "tolak", operator, catatan="Bukan warga.")
    factories.jalankan_sampai(
        semua["menunggu"], "MENUNGGU_TTD", operator=operator, perbekel=perbekel
    )
    return semua


def _nomor(antrean, *nama) -> list[str]:
    return [antrean[n].nomor for n in nama]


def test_queue_shows_only_what_is_to_be_done_oldest_first(client, antrean):
    hal = client.get(ANTREAN)

    assert _isi_antrean(hal) == _nomor(antrean, "diajukan", "diproses", "baru")


@pytest.mark.parametrize(
    ("tanya", "ada"),
    [
        ({"status": "SEMUA"}, "baru menunggu ditolak perbaikan diproses diajukan"),
        ({"status": "DITOLAK"}, "ditolak"),
        ({"status": "MENUNGGU_TTD"}, "menunggu"),
        ({"status": "SIAP_DIAMBIL"}, ""),
    ],
)
def test_filter_by_status_and_among_what_is_done_the_newest_first(client, antrean, tanya, ada):
    assert _isi_antrean(client.get(ANTREAN, tanya)) == _nomor(antrean, *ada.split())


def test_filter_by_letter(client, antrean):
    jenis = antrean["ditolak"].jenis_id

    hal = client.get(ANTREAN, {"status": "SEMUA", "jenis__id__exact": jenis})

    assert _isi_antrean(hal) == _nomor(antrean, "ditolak", "perbaikan")


def test_search_by_number_name_nik_and_letter_number_finds_closed_requests_too(client, antrean):
    menunggu, ditolak = antrean["menunggu"], antrean["ditolak"]

    ketemu = {
        "nomor": _isi_antrean(client.get(ANTREAN, {"q": ditolak.nomor})),
        "nama": _isi_antrean(client.get(ANTREAN, {"q": "made tetangga"})),
        "nik": _isi_antrean(client.get(ANTREAN, {"q": menunggu.pemohon.nik})),
        "nomor surat": _isi_antrean(client.get(ANTREAN, {"q": menunggu.surat.nomor})),
        "nama, ditolak": _isi_antrean(client.get(ANTREAN, {"q": "made", "status": "DITOLAK"})),
        "tidak ada": _isi_antrean(client.get(ANTREAN, {"q": "zzz"})),
    }

    assert ketemu == {
        "nomor": _nomor(antrean, "ditolak"),
        "nama": _nomor(antrean, "baru", "ditolak", "diproses"),  # the newest first
        "nik": _nomor(antrean, "menunggu", "perbaikan", "diajukan"),
        "nomor surat": _nomor(antrean, "menunggu"),
        "nama, ditolak": _nomor(antrean, "ditolak"),
        "tidak ada": [],
    }


def test_search_by_phone_and_by_the_codes_of_request_and_letter(
    client, antrean, operator, perbekel
):
    satu = antrean["menunggu"]
    factories.jalankan_sampai(satu, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    Permohonan.objects.filter(pk=satu.pk).update(nomor_hp="+6281999888777", kode_ambil="482915")

    kode = kode_cek.tampil(satu.surat.kode_cek).lower()
    for q in ("0819-9988-8777", "+62 819 998", "8777", "482915", satu.kode_resi, kode):
        assert _isi_antrean(client.get(ANTREAN, {"q": q})) == [satu.nomor], q
    assert _isi_antrean(client.get(ANTREAN, {"q": "8291"})) == []


def test_overdue_request_is_marked(client, permohonan):
    Permohonan.objects.update(janji_pada=timezone.make_aware(timezone.datetime(2020, 1, 6)))

    hal = client.get(ANTREAN)

    assert "Sen 6 Jan terlambat" in kata(hal)
    assert 'class="terlambat"' in hal.content.decode()


@pytest.mark.usefixtures("selalu_tercatat")
def test_queue_costs_the_same_for_one_request_and_for_five(
    client, warga, tetangga, django_assert_num_queries
):
    factories.buat_permohonan(warga)
    client.get(ANTREAN)  # the kinds of rows are kept in memory from here on
    with django_assert_num_queries(18):
        client.get(ANTREAN)
    for akun in (warga, tetangga, tetangga, warga):
        factories.buat_permohonan(akun, "usaha")

    with django_assert_num_queries(18):
        hal = client.get(ANTREAN)

    assert len(_isi_antrean(hal)) == 5


@pytest.mark.usefixtures("selalu_tercatat")
def test_page_of_a_request_costs_the_same_for_two_files_and_for_seven(
    client, operator, warga, django_assert_num_queries
):
    permohonan = factories.buat_permohonan(warga)
    client.get(_alamat(permohonan))
    with django_assert_num_queries(29):
        client.get(_alamat(permohonan))
    factories.tambah_foto(permohonan, 5)
    lagi = {"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Lagi."}
    for _ in range(2):
        _langkah(permohonan, "minta_perbaikan", operator, dampak.MintaPerbaikan([lagi]))
        _langkah(permohonan, "ajukan_ulang", warga, dampak.AjukanUlang(permohonan.isian))

    with django_assert_num_queries(29):
        hal = client.get(_alamat(permohonan))

    assert sum(len(s["lampiran"]) for s in hal.context["syarat"]) == 7


# --- The page of one request ------------------------------------------------------------------


def test_page_shows_what_the_operator_has_to_compare(client, permohonan, warga):
    teks = kata(client.get(_alamat(permohonan)))

    for kalimat in (
        f"NIK {warga.penduduk.nik}",
        "Nomor HP 0812-3456-7890",
        "Alamat tempat tinggal sekarang Jalan Contoh 7",
        "Keperluan membuka rekening bank",
        "Tanggal lahir di NIK berbeda dari data. Cocokkan dengan KTP-el.",
        "warga membawa kertasnya ke kantor.",
        "Permohonan dikirim oleh pemohon",
    ):
        assert kalimat in teks


_AWAL = ["Tandai mendesak"]
_BUKA = ["Minta perbaikan", "Tolak", "Lihat draf surat", "Setujui"]
TOMBOL = {
    "DIAJUKAN": {"operator": [*_AWAL, "Proses", *_BUKA]},
    "DIPROSES": {"operator": [*_AWAL, *_BUKA]},
    "DICETAK": {"operator": [*_AWAL, "Tarik kembali"]},
    "MENUNGGU_TTD": {
        "operator": [*_AWAL, "Tarik kembali", "Cetak"],
        "perbekel": ["Kembalikan", "Tandatangani"],
    },
    "SIAP_DIAMBIL": {"operator": ["Serahkan", "Cetak"]},
    "SELESAI": {},
}
# On every page, or whatever the status.
_SELALU = {"Keluar", "Simpan catatan", "Pintasan: nyala", "Tutup"}


@pytest.mark.parametrize("status", TOMBOL)
def test_buttons_are_those_that_this_person_may_press_now(
    permohonan, operator, perbekel, admin_desa, status
):
    factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)

    ada = {}
    for akun in (operator, perbekel, admin_desa):
        hal = sebagai(akun).get(_alamat(permohonan))
        semua = [re.sub(r" ?[A-Z]$", "", t) for t in tombol(hal)]  # the key beside it
        langkah = [t for t in semua if t not in _SELALU]
        if langkah:
            ada[akun.username] = langkah
        else:
            assert "Tidak ada yang perlu Anda lakukan sekarang." in kata(hal)

    assert ada == TOMBOL[status]


def test_operator_walks_a_request_to_the_end_with_the_signer(client, permohonan, perbekel):
    kirim(client, client.get(_alamat(permohonan)), "Proses")
    kirim(client, client.get(_alamat(permohonan)), "Setujui", PENGANTAR)
    factories.cetak_semua()
    kirim(sebagai(perbekel), sebagai(perbekel).get(_alamat(permohonan)), "Tandatangani")
    jawab = kirim(
        client,
        client.get(_alamat(permohonan)),
        "Serahkan",
        {
            "serahkan-penerima": "WAKIL",
            "serahkan-nama": "Ni Luh Contoh",
            "serahkan-cara": "Kode pengambilan",
        },
    )

    permohonan.refresh_from_db()
    hal = client.get(jawab.url)
    assert permohonan.status == "SELESAI"
    assert f"{permohonan.nomor}: “serahkan” sudah dicatat." in kata(hal)
    assert "Diserahkan Wakil: Ni Luh Contoh, Kode pengambilan" in kata(hal)
    assert [r.langkah for r in permohonan.riwayat.all()] == (
        "ajukan proses setujui cetak tandatangani serahkan".split()
    )


def test_refusal_without_a_reason_keeps_the_form_open(client, permohonan):
    hal = kirim(client, client.get(_alamat(permohonan)), "Tolak", {"tolak-catatan": "   "})

    permohonan.refresh_from_db()
    assert hal.status_code == 200
    assert "Tulis alasannya, supaya yang membaca tahu harus berbuat apa." in kata(hal)
    assert _terbuka(hal) == 1
    assert permohonan.status == "DIAJUKAN"


def test_too_long_a_reason_is_refused_and_stays_in_its_field(client, permohonan):
    panjang = "alasan " * 80

    hal = kirim(client, client.get(_alamat(permohonan)), "Tolak", {"tolak-catatan": panjang})

    permohonan.refresh_from_db()
    assert hal.status_code == 200
    assert formulir(hal, "Tolak").isi["tolak-catatan"] == [panjang]
    assert permohonan.status == "DIAJUKAN"


def test_handing_over_without_a_name_keeps_the_other_answers(
    client, permohonan, operator, perbekel
):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    hal = kirim(
        client,
        client.get(_alamat(permohonan)),
        "Serahkan",
        {"serahkan-penerima": "PERANGKAT", "serahkan-nama": "", "serahkan-cara": "KTP-el"},
    )

    isi = formulir(hal, "Serahkan").isi
    assert isi["serahkan-penerima"] == ["PERANGKAT"]
    assert isi["serahkan-cara"] == ["KTP-el"]
    assert Permohonan.objects.get().status == "SIAP_DIAMBIL"


def test_minta_perbaikan_stores_one_verdict_per_marked_part(client, permohonan):
    kirim(
        client,
        client.get(_alamat(permohonan)),
        "Minta perbaikan",
        {
            "minta_perbaikan-syarat-ktp": "Fotonya  buram.",
            "minta_perbaikan-isian-keperluan": "Sebut nama banknya.",
            "minta_perbaikan-catatan": "Terima kasih.",
        },
    )

    riwayat = permohonan.riwayat.last()
    assert (riwayat.langkah, riwayat.catatan) == ("minta_perbaikan", "Terima kasih.")
    assert riwayat.rincian == {
        "putusan": [
            {
                "apa": "syarat",
                "kunci": "ktp",
                "label": "Foto/scan KTP-el pemohon",
                "alasan": "Fotonya buram.",
            },
            {
                "apa": "isian",
                "kunci": "keperluan",
                "label": "Keperluan",
                "alasan": "Sebut nama banknya.",
            },
        ]
    }


def test_minta_perbaikan_without_a_verdict_is_refused_with_a_sentence(client, permohonan):
    hal = kirim(client, client.get(_alamat(permohonan)), "Minta perbaikan")

    assert "Sebutkan dokumen atau isian mana yang perlu diperbaiki, dan mengapa." in kata(hal)
    assert _terbuka(hal) == 1
    assert Permohonan.objects.get().status == "DIAJUKAN"


def test_second_operator_is_told_who_was_faster(client, permohonan):
    """The page was read before a colleague took the request over, and has finished his step."""
    lain = sebagai(factories.buat_operator("niluh"))
    hal = client.get(_alamat(permohonan))
    kirim(lain, lain.get(_alamat(permohonan)), "Ambil alih")

    kirim(lain, lain.get(_alamat(permohonan)), "Proses")
    jawab = kirim(client, hal, "Proses")

    assert (
        "Permohonan ini sudah berubah: langkah terakhir “proses” oleh Niluh, sekarang diproses."
    ) in kata(client.get(jawab.url))
    assert permohonan.riwayat.filter(langkah="proses").count() == 1
    assert Notifikasi.objects.filter(pesan="diproses").count() == 1


def test_request_in_a_colleagues_hands_offers_nothing_but_to_take_it_over(client, permohonan):
    lain = sebagai(factories.buat_operator("niluh"))
    client.get(_alamat(permohonan))

    hal = lain.get(_alamat(permohonan))
    semua = {t.removesuffix(" A") for t in tombol(hal)} - _SELALU
    kirim(lain, hal, "Ambil alih")
    kirim(lain, lain.get(_alamat(permohonan)), "Proses")

    assert "Operator sedang mengerjakan ini sejak" in kata(hal)
    assert semua == {"Tandai mendesak", "Ambil alih"}
    assert permohonan.riwayat.last().oleh.username == "niluh"


def test_step_on_a_request_that_was_taken_over_is_held_back_with_its_words(client, permohonan):
    lain = sebagai(factories.buat_operator("niluh"))
    hal = client.get(_alamat(permohonan))
    kirim(lain, lain.get(_alamat(permohonan)), "Ambil alih")

    jawab = kirim(client, hal, "Tolak", {"tolak-catatan": "Bukan warga."})

    teks = kata(jawab)
    assert "Niluh sedang mengerjakan permohonan ini sejak" in teks
    assert "Yang Anda ketik, belum disimpan Alasan dengan kata sendiri Bukan warga." in teks
    assert Permohonan.objects.get().status == "DIAJUKAN"


def test_whoever_may_do_nothing_is_told_so_and_not_of_a_takeover(
    client, permohonan, admin_desa, perbekel
):
    client.get(_alamat(permohonan))  # the operator has it in hand

    for orang in (admin_desa, perbekel):
        hal = sebagai(orang).post(
            f"{ANTREAN}{permohonan.pk}/langkah/tolak/", {"tolak-catatan": "x"}
        )
        assert "Anda tidak berwenang memproses permohonan." in kata(hal)
        assert "mengerjakan" not in kata(hal)
    assert Permohonan.objects.get().status == "DIAJUKAN"


def test_refusal_of_a_mere_button_is_read_though_it_opens_no_form(
    permohonan, operator, perbekel, monkeypatch
):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    client = sebagai(perbekel)
    monkeypatch.setattr(dampak, "_berkas_utuh", lambda kerja: False)

    hal = kirim(client, client.get(_alamat(permohonan)), "Tandatangani")

    assert "Berkas surat ini di server hilang atau berubah sejak dicetak." in kata(hal)
    assert Permohonan.objects.get().status == "MENUNGGU_TTD"


def test_operator_is_told_that_the_resident_has_cancelled(client, permohonan, warga):
    hal = client.get(_alamat(permohonan))
    siap = AlasanSiap.objects.filter(untuk="tolak").first().teks
    _langkah(permohonan, "batalkan", warga)

    jawab = kirim(client, hal, "Tolak", {"tolak-siap": siap, "tolak-catatan": "Bukan warga."})

    assert "langkah terakhir “batalkan” oleh pemohon, sekarang dibatalkan." in kata(jawab)
    teks = f"Alasan siap pakai {siap} Alasan dengan kata sendiri Bukan warga."
    assert f"Yang Anda ketik, belum disimpan {teks}" in kata(jawab)
    assert Permohonan.objects.get().status == "DIBATALKAN"


def test_steps_of_others_are_refused_with_a_sentence(client, permohonan, admin_desa):
    jawab = {
        nama: client.post(f"{ANTREAN}{permohonan.pk}/langkah/{nama}/")
        for nama in ("ajukan", "ajukan_ulang", "batalkan", "cetak", "tandatangani")
    }
    jawab["admin desa"] = sebagai(admin_desa).post(f"{ANTREAN}{permohonan.pk}/langkah/proses/")

    alasan = {
        "ajukan": "Hanya pemohon yang dapat melakukan ini.",
        "ajukan_ulang": "Hanya pemohon yang dapat melakukan ini.",
        "batalkan": "Hanya pemohon yang dapat melakukan ini.",
        "cetak": "Langkah ini dikerjakan sistem.",
        "tandatangani": "Anda tidak berwenang menandatangani surat.",
        "admin desa": "Anda tidak berwenang memproses permohonan.",
    }
    for nama, hal in jawab.items():
        assert alasan[nama] in kata(hal)
    assert permohonan.riwayat.count() == 1


def test_unknown_step_and_unknown_request_are_not_found(client, permohonan):
    assert client.post(f"{ANTREAN}{permohonan.pk}/langkah/hapus/").status_code == 404
    assert client.post(f"{ANTREAN}999999/langkah/proses/").status_code == 404
    assert client.get(f"{ANTREAN}999999/change/").status_code == 404
    assert client.get(f"{ANTREAN}abc/change/").status_code == 404


# --- A status moves only by a step ------------------------------------------------------------


def test_no_form_of_the_back_office_has_a_status(rf, admin_desa):
    request = rf.get("/kelola/")
    request.user = Akun.objects.create_superuser("akar", "sandi-uji-panjang")

    bidang = {
        model._meta.label: {
            nama
            for change in (False, True)
            if change or satu.has_add_permission(request)
            for nama in satu.get_form(request, change=change).base_fields
        }
        for model, satu in admin.site._registry.items()
    }

    assert {label for label, nama in bidang.items() if "status" in nama} == set()
    assert bidang["layanan.Permohonan"] == set()
    assert "status_dasar" in bidang["penduduk.Penduduk"]  # the walk does see fields


def test_page_of_a_request_has_no_field_for_a_status(client, permohonan):
    hal = client.get(_alamat(permohonan))

    bidang = {
        nama for t in ("Proses", "Minta perbaikan", "Tolak") for nama in formulir(hal, t).bidang
    }
    assert not [nama for nama in bidang if "status" in nama]


def test_posting_to_the_page_without_a_step_changes_nothing(client, permohonan):
    sebelum = Permohonan.objects.values().get()

    jawab = [
        client.post(_alamat(permohonan), {"status": "SELESAI", "keterangan": "x", "_save": "1"}),
        client.post(ANTREAN, {"form-0-status": "SELESAI", "_save": "1"}),
        client.post(ANTREAN, {"action": "delete_selected", "_selected_action": permohonan.pk}),
    ]

    assert [j.status_code for j in jawab] == [200, 200, 302]
    assert "delete_selected" not in {
        nilai for nilai, _ in client.get(ANTREAN).context["action_form"].fields["action"].choices
    }
    assert jawab[2].url == ANTREAN  # an action that is not offered: back to the queue
    assert Permohonan.objects.values().get() == sebelum
    assert permohonan.riwayat.count() == 1


# --- Approval ---------------------------------------------------------------------------------


@pytest.fixture
def diproses(permohonan, operator):
    _langkah(permohonan, "proses", operator)
    return permohonan


def test_covering_letter_is_frozen_in_the_letter(client, diproses, perbekel, warga):
    kirim(client, client.get(_alamat(diproses)), "Setujui", PENGANTAR)
    surat = Surat.objects.get()
    beku = dict(surat.data)

    warga.penduduk.nama = "Nama Lain"
    warga.penduduk.save()
    Banjar.objects.update(nama="Banjar Lain")

    surat.refresh_from_db()
    assert (
        "berdasarkan surat pengantar Kelian Banjar Dinas Contoh Satu "
        "Nomor 12/BD/XI/2026 tanggal 20 November 2026"
    ) in surat.data["pembuka"]
    assert surat.data == beku
    assert surat.mandat == perbekel.pejabat.mandat.get()


@pytest.mark.parametrize("kurang", [*PENGANTAR, None])
def test_approval_needs_number_and_date_of_the_covering_letter_and_no_reason_replaces_them(
    client, diproses, perbekel, kurang
):
    alasan = {"setujui-alasan": "Kelian datang sendiri"}
    isi = {k: "" if kurang in (k, None) else nilai for k, nilai in PENGANTAR.items()}

    hal = kirim(client, client.get(_alamat(diproses)), "Setujui", alasan | isi)

    (form,) = (x["form"] for x in hal.context["langkah"] if x["langkah"].nama == "setujui")
    assert set(form.errors) == {k.removeprefix("setujui-") for k, v in isi.items() if not v}
    assert _terbuka(hal) == 1
    assert "Bila warga belum membawanya, minta perbaikan." in kata(hal)
    assert formulir(hal, "Setujui").isi["setujui-alasan"] == ["Kelian datang sendiri"]
    assert Surat.objects.count() == 0


def test_letter_for_which_nobody_asks_a_covering_letter_mentions_none(client, diproses, perbekel):
    JenisSurat.objects.update(pengantar_kelian="TIDAK", revisi=1)  # as whoever changes a type does

    hal = client.get(_alamat(diproses))
    kirim(client, hal, "Setujui")

    assert not set(PENGANTAR) & formulir(hal, "Setujui").bidang
    assert "pengantar" not in Surat.objects.get().data["pembuka"]


def test_date_of_a_covering_letter_without_its_number_is_refused(client, diproses, perbekel):
    hal = kirim(
        client, client.get(_alamat(diproses)), "Setujui", {"setujui-tgl_pengantar": "2026-11-20"}
    )

    assert "Isi juga nomor surat pengantarnya." in kata(hal)
    assert formulir(hal, "Setujui").isi["setujui-tgl_pengantar"] == ["2026-11-20"]
    assert Surat.objects.count() == 0


def test_covering_letter_of_tomorrow_does_not_get_onto_a_letter(client, diproses, perbekel):
    besok = f"{timezone.localdate() + timedelta(days=1)}"
    isi = {"setujui-no_pengantar": "12/BD/XI/2026", "setujui-tgl_pengantar": besok}

    hal = kirim(client, client.get(_alamat(diproses)), "Setujui", isi)

    assert "Tanggal ini belum terjadi." in kata(hal)
    assert formulir(hal, "Setujui").isi["setujui-tgl_pengantar"] == [besok]
    assert Surat.objects.count() == 0


def test_only_mandates_of_today_are_offered_and_accepted(client, diproses, perbekel):
    habis = factories.buat_mandat(
        factories.buat_petugas("lama", peran.PENANDA_TANGAN),
        nama="Mantan Perbekel",
        sampai=date(2020, 12, 31),
    )
    hal = client.get(_alamat(diproses))

    jawab = client.post(
        f"{ANTREAN}{diproses.pk}/langkah/setujui/", {"setujui-mandat": str(habis.pk)}
    )

    assert "I Nyoman Perbekel Contoh" in kata(hal)
    assert "Mantan Perbekel" not in kata(hal)
    assert "Mandat ini tidak berlaku hari ini." in kata(jawab)
    assert Surat.objects.count() == 0


def test_wording_that_lost_its_field_is_told_and_takes_no_number(client, diproses, perbekel):
    diproses.jenis.pertanyaan.filter(kunci="alamat_domisili").delete()
    JenisSurat.objects.update(revisi=1)  # as whoever changes a type does

    hal = kirim(client, client.get(_alamat(diproses)), "Setujui", PENGANTAR)

    assert "Surat belum dapat diterbitkan." in kata(hal)
    assert "{{ alamat_domisili }} tidak dikenal" in kata(hal)
    assert Permohonan.objects.get().status == "DIPROSES"
    assert not BukuNomor.objects.filter(kode="SURAT", terakhir__gt=0).exists()


def test_number_that_another_book_has_given_is_told_and_not_an_error_page(
    client, diproses, operator, perbekel, warga
):
    TataNaskah.objects.update_or_create(
        pk=1, defaults={"buku": "JENIS", "format_nomor": "[nomor]/[tahun]"}
    )
    usaha = factories.buat_permohonan(warga, "usaha")
    factories.jalankan_sampai(usaha, "DICETAK", operator=operator, perbekel=perbekel)

    hal = kirim(client, client.get(_alamat(diproses)), "Setujui", PENGANTAR)

    assert f"Nomor {usaha.surat.nomor} sudah dipakai surat lain" in kata(hal)
    assert Permohonan.objects.get(pk=diproses.pk).status == "DIPROSES"
    assert Surat.objects.count() == 1


# --- The signer's desk ------------------------------------------------------------------------


def test_signer_reads_signs_and_goes_on_to_the_next(perbekel, operator, warga, tetangga):
    satu, dua = factories.buat_permohonan(warga), factories.buat_permohonan(tetangga, "usaha")
    for permohonan in (satu, dua):
        factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    client = sebagai(perbekel)
    meja = client.get("/meja/")

    pertama = kirim(client, client.get(f"/meja/{satu.nomor}/"), "Tandatangani")
    kedua = kirim(client, client.get(pertama.url), "Tandatangani")

    assert meja.content.decode().index(satu.nomor) < meja.content.decode().index(dua.nomor)
    assert (pertama.url, kedua.url) == (f"/meja/{dua.nomor}/", "/meja/")
    assert "Tidak ada surat yang menunggu Anda." in kata(client.get("/meja/"))
    assert set(Permohonan.objects.values_list("status", flat=True)) == {"SIAP_DIAMBIL"}


def test_signing_twice_is_told_and_leaves_one_signature(perbekel, operator, permohonan):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    client = sebagai(perbekel)
    hal = client.get(f"/meja/{permohonan.nomor}/")

    kirim(client, hal, "Tandatangani")
    jawab = kirim(client, hal, "Tandatangani")

    assert jawab.url == "/meja/"
    assert "Permohonan ini sudah berubah: langkah terakhir “tandatangani”" in kata(
        client.get("/meja/")
    )
    assert permohonan.riwayat.filter(langkah="tandatangani").count() == 1


def test_sending_back_needs_a_reason(perbekel, operator, permohonan):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    client = sebagai(perbekel)
    hal = client.get(f"/meja/{permohonan.nomor}/")

    tanpa = kirim(client, hal, "Kembalikan")
    dengan = kirim(client, hal, "Kembalikan", {"kembalikan-catatan": "Nama salah."})

    permohonan.refresh_from_db()
    assert "Tulis alasannya, supaya yang membaca tahu harus berbuat apa." in kata(tanpa)
    assert dengan.url == "/meja/"
    assert permohonan.status == "DIPROSES"
    assert Surat.objects.get().batal_alasan == "Nama salah."


def test_signer_without_a_mandate_today_has_no_button_and_learns_why(
    perbekel, operator, permohonan
):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    Mandat.objects.update(sampai=date(2020, 12, 31))
    client = sebagai(perbekel)

    hal = client.get(f"/meja/{permohonan.nomor}/")
    jawab = client.post(f"/meja/{permohonan.nomor}/", {"langkah": "tandatangani"})

    assert tombol(hal) == ["Keluar"]
    assert "Tidak ada mandat Anda yang berlaku hari ini" in kata(client.get(jawab.url))
    assert Permohonan.objects.get().status == "MENUNGGU_TTD"


def test_letter_prepared_for_another_official_cannot_be_signed(perbekel, operator, permohonan):
    sekdes = factories.buat_perbekel("sekdes", sebagai="AN", jabatan="Sekretaris Desa")
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    client = sebagai(sekdes)

    meja, hal = client.get("/meja/"), client.get(f"/meja/{permohonan.nomor}/")

    assert "1 surat menunggu pejabat lain." in kata(meja)
    assert permohonan.nomor not in kata(meja)
    assert "Tandatangani" not in tombol(hal)


# --- PINs -------------------------------------------------------------------------------------


@pytest.fixture
def orang(db):
    return factories.buat_penduduk(nama="Ni Ketut Baru Contoh", jenis_kelamin=2)


def _terbitkan(client, orang):
    return kirim(
        client, client.get(f"/kelola/penduduk/penduduk/{orang.pk}/change/"), "Terbitkan PIN"
    )


def test_pin_is_shown_once_and_opens_the_account(client, orang, caplog):
    hal = _terbitkan(client, orang)

    (baru,) = re.findall(r"\b\d{6}\b", kata(hal).replace(orang.nik, ""))
    akun = Akun.objects.get(penduduk=orang)
    catatan = LogEntry.objects.get()
    assert hal.content.decode().count(baru) == 1
    assert pin.cocok(akun, baru, pada=timezone.now()) is True
    assert akun.wajib_ganti_pin is True
    assert "Berlaku 72 jam" in kata(hal)
    assert (catatan.user.username, catatan.object_repr) == ("operator", "Ni Ketut Baru Contoh")
    assert catatan.change_message == "Menerbitkan PIN awal."
    assert baru not in caplog.text
    assert baru not in kata(client.get(f"/kelola/penduduk/penduduk/{orang.pk}/change/"))
    assert baru not in kata(client.get(f"/kelola/penduduk/penduduk/{orang.pk}/history/"))


def test_page_with_a_pin_may_not_be_kept_by_anybody(client, orang):
    hal = _terbitkan(client, orang)

    kendali = {k.strip() for k in hal.headers["Cache-Control"].split(",")}
    assert {"no-store", "private"} <= kendali
    lagi = client.get(hal.request["PATH_INFO"])
    assert lagi.url == f"/kelola/penduduk/penduduk/{orang.pk}/change/"


def test_a_second_pin_replaces_the_first(client, orang):
    pertama = _terbitkan(client, orang).context["pin"]

    kedua = _terbitkan(client, orang).context["pin"]

    akun = Akun.objects.get(penduduk=orang)
    assert pin.cocok(akun, kedua, pada=timezone.now()) is True
    assert pertama == kedua or pin.cocok(akun, pertama, pada=timezone.now()) is False


@pytest.mark.parametrize(
    ("lain", "kalimat"),
    [
        ({"nik": None}, "NIK penduduk ini kosong atau sementara."),
        ({"nik": "0000000000000000"}, "NIK penduduk ini kosong atau sementara."),
        ({"status_dasar": 2}, "Penduduk ini tidak berstatus hidup"),
    ],
)
def test_who_cannot_log_in_gets_no_pin_but_a_sentence(client, lain, kalimat):
    orang = factories.buat_penduduk(**lain)

    jawab = _terbitkan(client, orang)

    assert kalimat in kata(client.get(jawab.url))
    assert Akun.objects.filter(penduduk=orang).count() == 0
    assert LogEntry.objects.count() == 0


def test_only_operators_see_the_button(client_admin, orang):
    hal = client_admin.get(f"/kelola/penduduk/penduduk/{orang.pk}/change/")

    assert "Terbitkan PIN" not in tombol(hal)


# --- Register ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("diketik", "kalimat"),
    [
        ("510704120390", "NIK harus 16 angka. Anda mengisi 12."),
        ("5107041203A99901", "NIK hanya berisi angka."),
        ("9907041203909901", "NIK ini tidak mungkin benar."),
    ],
)
def test_impossible_nik_is_refused_in_the_register(client_admin, orang, diketik, kalimat):
    alamat = f"/kelola/penduduk/penduduk/{orang.pk}/change/"
    lama = orang.nik

    hal = kirim(client_admin, client_admin.get(alamat), "Simpan", {"nik": diketik})

    orang.refresh_from_db()
    assert kalimat in kata(hal)
    assert orang.nik == lama


def test_odd_nik_is_stored_with_a_warning(client_admin, orang):
    alamat = f"/kelola/penduduk/penduduk/{orang.pk}/change/"

    jawab = kirim(client_admin, client_admin.get(alamat), "Simpan", {"nik": "5107041203757777"})

    orang.refresh_from_db()
    assert orang.nik == "5107041203757777"
    assert "Jenis kelamin di NIK berbeda dari data. Data tetap disimpan" in kata(
        client_admin.get(jawab.url)
    )


def test_dirty_nik_from_before_does_not_block_other_corrections(client_admin):
    orang = factories.buat_penduduk(nik="0000000000000000")
    alamat = f"/kelola/penduduk/penduduk/{orang.pk}/change/"

    jawab = kirim(client_admin, client_admin.get(alamat), "Simpan", {"tempat_lahir": "Bugbug"})

    assert jawab.status_code == 302


# --- Staff ------------------------------------------------------------------------------------

PETUGAS = "/kelola/penduduk/akun/"
SANDI = "panjang-sekali-9"


def test_admin_desa_makes_a_colleague_who_can_log_in_at_kelola(client_admin):
    jawab = kirim(
        client_admin,
        client_admin.get(f"{PETUGAS}add/"),
        "Simpan",
        {"username": "niluh", "nama": "Ni Luh", "password1": SANDI, "password2": SANDI},
    )
    baru = Akun.objects.get(username="niluh")
    kirim(
        client_admin,
        client_admin.get(jawab.url),
        "Simpan",
        {
            "nomor_hp": "0812 3450 0002",
            "groups": [str(Group.objects.get(name=peran.OPERATOR).pk)],
        },
    )
    tamu = sebagai(None)
    masuk = kirim(
        tamu, tamu.get("/kelola/login/"), "Masuk", {"username": "niluh", "password": SANDI}
    )

    baru.refresh_from_db()
    assert (baru.is_staff, baru.is_superuser, baru.penduduk) == (True, False, None)
    assert baru.nomor_hp == "+6281234500002"
    assert [g.name for g in baru.groups.all()] == ["Operator"]
    assert masuk.status_code == 302
    assert tamu.get(ANTREAN).url == "/kelola/password_change/"  # one of her own
    assert "Ni Luh Masuk sampai pukul" in kata(tamu.get("/kelola/password_change/"))


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        ({"username": ""}, "Bidang ini tidak boleh kosong."),
        ({"username": "operator"}, "dengan Nama pengguna telah ada."),
        ({"password1": "12345678", "password2": "12345678"}, "hanya nama desa"),
        ({"password2": "lain-sekali-9"}, "Kedua kata sandi tidak sama."),
    ],
)
def test_petugas_form_refuses_with_a_sentence(client_admin, operator, isi, kalimat):
    sebelum = Akun.objects.count()
    baku = {"username": "niluh", "nama": "Ni Luh", "password1": SANDI, "password2": SANDI}

    hal = kirim(client_admin, client_admin.get(f"{PETUGAS}add/"), "Simpan", baku | isi)

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert Akun.objects.count() == sebelum


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        ({"username": ""}, "Bidang ini tidak boleh kosong."),
        ({"nomor_hp": "0363 21345"}, "Nomor ini telepon rumah"),
        ({"nomor_hp": "nanti"}, "Nomor HP tidak dapat dibaca."),
    ],
)
def test_petugas_change_form_refuses_with_a_sentence(client_admin, operator, isi, kalimat):
    hal = kirim(client_admin, client_admin.get(f"{PETUGAS}{operator.pk}/change/"), "Simpan", isi)

    operator.refresh_from_db()
    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert (operator.username, operator.nomor_hp) == ("operator", "+6281234500001")


def test_nobody_becomes_superuser_or_resident_through_the_petugas_forms(
    client_admin, operator, warga
):
    naik = {"is_superuser": "on", "is_staff": "", "penduduk": warga.penduduk_id}
    hal = client_admin.get(f"{PETUGAS}{operator.pk}/change/")

    client_admin.post(
        f"{PETUGAS}{operator.pk}/change/",
        {**formulir(hal, "Simpan").isi, "user_permissions": ["1", "2"], **naik},
    )
    client_admin.post(
        f"{PETUGAS}add/",
        {"username": "niluh", "nama": "N", "password1": SANDI, "password2": SANDI, **naik},
    )

    for nama in ("operator", "niluh"):
        akun = Akun.objects.get(username=nama)
        assert (akun.is_superuser, akun.is_staff, akun.penduduk) == (False, True, None)
        assert akun.user_permissions.count() == 0


def test_residents_and_superusers_are_out_of_reach(client_admin, warga, operator, admin_desa):
    akar = Akun.objects.create_superuser("akar", "sandi-uji-panjang")
    sandi = {akun.pk: Akun.objects.get(pk=akun.pk).password for akun in (warga, akar)}

    daftar = client_admin.get(PETUGAS)
    for akun in (warga, akar):
        ubah = client_admin.post(f"{PETUGAS}{akun.pk}/change/", {"nama": "Curian"})
        ganti = client_admin.post(
            f"{PETUGAS}{akun.pk}/password/",
            {"password1": SANDI, "password2": SANDI, "usable_password": "true"},
        )
        assert (ubah.status_code, ubah.url) == (302, "/kelola/")  # "does not exist"
        assert ganti.status_code == 404

    assert {a.username for a in daftar.context["cl"].result_list} == {"operator", "admindesa"}
    for akun in (warga, akar):
        akun.refresh_from_db()
        assert akun.nama == ""
        assert akun.password == sandi[akun.pk]


def test_admin_desa_gives_a_colleague_a_new_password(client_admin, operator):
    alamat = f"{PETUGAS}{operator.pk}/password/"

    kirim(
        client_admin,
        client_admin.get(alamat),
        "Ganti kata sandi",
        {"password1": SANDI, "password2": SANDI},
    )

    operator.refresh_from_db()
    assert operator.check_password(SANDI) is True
    assert SANDI not in "".join(LogEntry.objects.values_list("change_message", flat=True))


# --- Settings ---------------------------------------------------------------------------------

TATA = "/kelola/surat/tatanaskah/1/change/"


@pytest.mark.parametrize(
    ("pola", "kalimat"),
    [
        ("[kode]/[tahun]", "Format nomor harus berisi [nomor]"),
        ("[nomor]/[kode]", "Format nomor harus berisi [tahun]"),
        ("[nomor]/[tahun]/[bulam]", "Sisipan [bulam] tidak dikenal."),
        ("[nomor/[tahun]", "Ada kurung siku tanpa pasangannya"),
    ],
)
def test_number_pattern_that_cannot_work_is_refused_with_a_sentence(client_admin, pola, kalimat):
    client_admin.get("/kelola/surat/tatanaskah/")

    hal = kirim(client_admin, client_admin.get(TATA), "Simpan", {"format_nomor": pola})

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert formulir(hal, "Simpan").isi["format_nomor"] == [pola]
    assert TataNaskah.objects.get().format_nomor.startswith("[kode]/[nomor,3]/")


def test_number_pattern_is_stored_and_used(client_admin, permohonan, operator, perbekel):
    client_admin.get("/kelola/surat/tatanaskah/")

    kirim(client_admin, client_admin.get(TATA), "Simpan", {"format_nomor": "[nomor,4]/X/[tahun]"})
    factories.jalankan_sampai(permohonan, "DICETAK", operator=operator, perbekel=perbekel)

    assert permohonan.surat.nomor == f"0001/X/{timezone.localdate().year}"


def _belum_lengkap(client) -> list[str]:
    return [satu.kalimat for satu in client.get("/kelola/").context["belum_lengkap"]]


def test_list_of_missing_settings_shows_and_shrinks(client_admin, admin_desa, settings):
    situs = settings.PUBLIC_BASE_URL
    awal = kata(client_admin.get("/kelola/"))
    semua = _belum_lengkap(client_admin)
    kosong = [kalimat for kalimat in semua if not kalimat.startswith("Hari libur")]
    kini = timezone.now()
    for tahun in (kini.year, kini.year + 1):
        TahunLibur.objects.create(tahun=tahun, pada=kini, oleh=admin_desa)

    kirim(
        client_admin,
        client_admin.get("/kelola/penduduk/desa/1/change/"),
        "Simpan",
        {
            "alamat_kantor": "Jalan Contoh 1",
            "telepon": "(0363) 000000",
            "nomor_wa": "0812-0000-0000",
            "jam_layanan": "Senin–Jumat, 08.00–14.00",
        },
    )
    sesudah_desa = _belum_lengkap(client_admin)
    kirim(client_admin, client_admin.get("/kelola/penduduk/banjar/add/"), "Simpan", {"nama": "A"})
    client_admin.get("/kelola/surat/tatanaskah/")
    kirim(
        client_admin,
        client_admin.get(TATA),
        "Simpan",
        {
            "kop_1": "PEMERINTAH KABUPATEN",
            "aksara_1": "ᬓᬩᬸᬧᬢᬾᬦ᭄",
            "skema_klasifikasi": "BARU",
            "unggah_lambang": factories.foto("lambang.jpg"),
        },
    )
    belum_diperiksa = _belum_lengkap(client_admin)
    kirim(client_admin, client_admin.get(TATA), "Simpan", {"aksara_diperiksa": "Penyuluh"})
    pejabat = Pejabat.objects.create(nama="P", jabatan="Perbekel")
    Mandat.objects.create(pejabat=pejabat, sebagai="DEFINITIF", dari=date(2020, 1, 1))
    sesudah_pejabat = _belum_lengkap(client_admin)
    for nama in peran.IZIN:
        factories.buat_petugas(f"baru {nama}", nama)
    factories.buat_penduduk()
    settings.PUBLIC_BASE_URL = "https://surat.contoh.id"

    assert kosong == [
        "Desa: alamat kantor belum diisi.",
        "Desa: telepon kantor belum diisi.",
        "Desa: nomor WhatsApp desa belum diisi.",
        "Desa: jam layanan belum diisi.",
        "Banjar dinas belum diisi.",
        "Tata naskah: kata-kata kop surat belum diisi.",
        "Tata naskah: lambang kop surat belum diunggah.",
        "Tata naskah: aksara Bali di kop belum diisi.",
        "Tata naskah: skema kode klasifikasi belum dipastikan.",
        "Akun: belum ada operator.",
        "Akun: belum ada penanda tangan.",
        "Akun: baru ada satu admin desa. Buat satu lagi, supaya ada penggantinya.",
        "Pejabat dan mandat tanda tangan belum diisi.",
        "Data penduduk belum dimuat.",
        f"Alamat situs masih {situs}: kode QR di surat belum dapat dibuka orang lain.",
    ]
    assert all(kalimat in awal for kalimat in semua)
    assert sesudah_desa == kosong[4:]
    assert belum_diperiksa == [
        "Tata naskah: aksara Bali di kop tidak dicetak sampai diperiksa Penyuluh Bahasa Bali.",
        *kosong[9:],
    ]
    assert sesudah_pejabat == [*kosong[9:12], *kosong[13:]]
    assert _belum_lengkap(client_admin) == []
    assert "Pengaturan yang belum lengkap" not in kata(client_admin.get("/kelola/"))


def test_village_without_aksara_on_purpose_is_not_reminded_of_them(client_admin):
    client_admin.get("/kelola/surat/tatanaskah/")
    TataNaskah.objects.update(aksara=False)

    assert not any("aksara" in kalimat for kalimat in _belum_lengkap(client_admin))


def test_announcement_reaches_the_residents_at_once(client_admin):
    tamu = sebagai(None)
    tamu.get("/")  # the village is in memory now
    client_admin.get("/kelola/penduduk/desa/")

    kirim(
        client_admin,
        client_admin.get("/kelola/penduduk/desa/1/change/"),
        "Simpan",
        {"pengumuman": "Kantor tutup <b>Jumat</b>."},
    )

    assert "Pengumuman: Kantor tutup <b>Jumat</b>." in kata(tamu.get("/"))
    assert Desa.objects.get().pengumuman == "Kantor tutup <b>Jumat</b>."


def test_first_page_counts_what_is_open(client, antrean):
    tahap = client.get("/kelola/").context["tahap"]

    assert [s["jumlah"] for s in tahap] == [2, 1, 1, 0, 1, 0]


def test_register_of_people_offers_no_deletion(client_admin, orang):
    client_admin.post(
        "/kelola/penduduk/penduduk/",
        {"action": "delete_selected", "_selected_action": orang.pk, "post": "yes"},
    )

    assert Penduduk.objects.filter(pk=orang.pk).exists()


def test_step_decided_on_an_older_state_is_held_back(client, permohonan, operator):
    """Somebody pressed Proses meanwhile; Tolak would still be legal, but was meant otherwise."""
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    client.force_login(operator, backend="penduduk.akun.backends.PetugasBackend")
    alamat = f"/kelola/layanan/permohonan/{permohonan.pk}/langkah/tolak/"

    jawab = client.post(alamat, {"dari": "DIAJUKAN", "tolak-catatan": "Bukan warga."}, follow=True)

    assert "langkah terakhir “proses” oleh Operator" in jawab.content.decode()
    permohonan.refresh_from_db()
    assert permohonan.status == "DIPROSES"


@pytest.mark.parametrize("kunci", ["nama", "nik", "draf", "dua-kata"])
def test_isian_cannot_take_a_name_of_the_portal(kunci):
    with pytest.raises(isian.KunciTidakSah):
        isian.periksa_kunci(kunci)
