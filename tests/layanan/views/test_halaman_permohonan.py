"""A resident's own requests: list and timeline, cancel, representative, the letter itself."""

import pytest
from django.utils import timezone

from layanan.models import Jejak, Permohonan
from layanan.permohonan import alur, pengisian
from surat.models import Cetakan, JenisSurat, Pejabat
from tests import factories
from tests.halaman import baca, formulir, kata, kirim, sebagai, tombol


@pytest.fixture
def client(warga):
    return sebagai(warga)


def _alamat(permohonan: Permohonan, ujung: str = "") -> str:
    return f"/layanan/permohonan/{permohonan.nomor}/{ujung}"


def _langkah(permohonan, nama, oleh, bahan=None, catatan="") -> None:
    alur.jalankan(permohonan, nama, bahan, oleh=oleh, pada=timezone.now(), catatan=catatan)


# --- List and timeline ------------------------------------------------------------------------


def test_list_shows_own_requests_newest_first_and_before_them_what_waits_for_the_resident(
    client, warga, tetangga, perlu_perbaikan
):
    batal = factories.buat_permohonan(warga)
    client.post(_alamat(batal, "batalkan/"))
    lama = factories.buat_permohonan(warga)
    baru = factories.buat_permohonan(warga, "usaha")
    for kode in ("domisili", "usaha", "tidak_mampu"):
        factories.buat_draf(warga, kode)
    asing = factories.buat_permohonan(tetangga)

    hal = client.get("/layanan/")

    teks = kata(hal)
    assert hal.context["berjalan"] == [perlu_perbaikan, baru, lama]
    assert hal.context["selesai"] == [batal]
    assert (len(hal.context["draf"]), len(hal.context["draf_lain"])) == (2, 1)
    urutan = ["Permohonan saya", "Belum selesai diisi", "1 lagi yang belum", "Sudah selesai"]
    assert sorted(urutan, key=teks.index) == urutan
    assert f"Surat Keterangan Domisili Sudah dikirim {lama.nomor}" in teks
    assert asing.nomor not in teks


def test_list_without_requests_says_so(client):
    assert "Belum ada permohonan." in kata(client.get("/layanan/"))


def test_list_costs_the_same_for_one_request_and_for_five(client, warga, django_assert_num_queries):
    factories.buat_permohonan(warga)
    client.get("/layanan/")
    with django_assert_num_queries(4):
        client.get("/layanan/")
    for kode in ("usaha", "tidak_mampu", "domisili", "usaha"):
        factories.buat_permohonan(warga, kode)

    with django_assert_num_queries(4):
        hal = client.get("/layanan/")

    assert len(hal.context["berjalan"]) == 5


# What the resident reads at each status; DICETAK is nothing that concerns them.
DIBACA = {
    "DIAJUKAN": ("Sudah dikirim", "Permohonan Anda sudah kami terima."),
    "DIPROSES": ("Sedang diproses", "Surat yang Anda mohon sedang diproses."),
    "DICETAK": ("Sedang diproses", "Surat yang Anda mohon sedang diproses."),
    "MENUNGGU_TTD": ("Menunggu tanda tangan", "sedang menunggu tanda tangan Perbekel."),
    "SIAP_DIAMBIL": ("Siap diambil", "Surat sudah ditandatangani."),
    "SELESAI": ("Selesai", "Surat sudah diambil."),
}


@pytest.mark.parametrize("status", DIBACA)
def test_each_status_is_told_in_plain_words_without_names_of_the_office(
    client, permohonan, operator, perbekel, status
):
    factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)

    daftar, rincian = kata(client.get("/layanan/")), kata(client.get(_alamat(permohonan)))

    lencana, kalimat = DIBACA[status]
    assert f"Surat Keterangan Domisili {lencana} {permohonan.nomor}" in daftar
    assert f"Surat Keterangan Domisili {lencana} " in rincian
    assert kalimat in rincian
    for teks in (daftar, rincian):
        assert "Operator" not in teks  # the name of the account
        assert "Sedang dicetak" not in teks


def test_timeline_tells_every_step_in_order(client, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SELESAI", operator=operator, perbekel=perbekel)

    teks = kata(client.get(_alamat(permohonan)))

    langkah = [
        "Permohonan dikirim",
        "Surat yang Anda mohon sedang diproses",
        "Data sudah diperiksa, surat sedang disiapkan",
        "Surat menunggu tanda tangan Perbekel",
        "Surat ditandatangani, siap diambil",
        "Surat sudah diambil",
    ]
    perjalanan = teks[teks.index("Perjalanan surat") :]
    tempat = [perjalanan.index(satu) for satu in langkah]
    assert tempat == sorted(tempat)


def test_receipt_is_shown_with_number_and_code(client, permohonan):
    teks = kata(client.get(_alamat(permohonan)))

    kode = permohonan.kode_resi
    assert f"Nomor permohonan {permohonan.nomor}" in teks
    assert f"Kode resi {kode[:5]}-{kode[5:]}" in teks
    assert "Selesai paling lambat" in teks


def test_reason_of_a_refusal_is_shown(client, permohonan, operator):
    _langkah(permohonan, "tolak", operator, catatan="Bukan warga Desa <b>Bugbug</b>.")

    hal = client.get(_alamat(permohonan))

    assert "Permohonan ditolak" in kata(hal)
    assert "Bukan warga Desa <b>Bugbug</b>." in kata(hal)
    assert tombol(hal) == ["Keluar", "Ajukan lagi"]


def test_why_the_signer_sent_it_back_stays_in_the_office(client, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    _langkah(permohonan, "kembalikan", perbekel, catatan="Operator salah ketik.")

    teks = kata(client.get(_alamat(permohonan)))

    assert "Surat diperiksa lagi oleh petugas" in teks
    assert "salah ketik" not in teks


def test_pickup_code_is_shown_only_while_the_letter_waits(client, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    siap = kata(client.get(_alamat(permohonan)))
    factories.jalankan_sampai(permohonan, "SELESAI", operator=operator, perbekel=perbekel)

    assert f"Kode pengambilan {permohonan.kode_ambil}" in siap
    assert permohonan.kode_ambil not in kata(client.get(_alamat(permohonan)))


def test_panel_of_a_ready_letter_says_who_fetches_it(client, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    pejabat = Pejabat.objects.create(nama="I Made Kelian", jabatan="Kelian Satu", mengantar=True)
    satu = Permohonan.objects.filter(pk=permohonan.pk)

    satu.update(wakil_jenis="PERANGKAT", wakil_pejabat=pejabat)
    perangkat = kata(client.get(_alamat(permohonan)))
    satu.update(wakil_jenis="WAKIL", wakil_pejabat=None, wakil_nama="Ni Luh Sari")
    wakil = kata(client.get(_alamat(permohonan)))

    assert "I Made Kelian (Kelian Satu) mengambilnya di Kantor" in perangkat
    assert "Beri tahu kode ini hanya kepada I Made Kelian" in perangkat
    assert "Ni Luh Sari, wakil Anda, dapat mengambilnya" in wakil
    for hal in (perangkat, wakil):
        assert "Ambil di Kantor" not in hal and "Tunjukkan kode ini" not in hal


def test_detail_costs_the_same_for_two_files_and_for_seven(
    client, permohonan, warga, django_assert_num_queries
):
    client.get(_alamat(permohonan))
    with django_assert_num_queries(12):  # two settle the look, one reads the holidays
        client.get(_alamat(permohonan))
    factories.tambah_foto(permohonan, 5)

    with django_assert_num_queries(12):
        hal = client.get(_alamat(permohonan))

    assert len(hal.context["lampiran"]) == 7


def test_what_to_mend_and_why_is_shown(client, perlu_perbaikan):
    hal = client.get(_alamat(perlu_perbaikan))

    teks = kata(hal)
    assert "Foto/scan KTP-el pemohon: Fotonya buram." in teks
    assert "Keperluan: Sebut nama banknya." in teks
    assert "Bawa juga aslinya." in teks
    assert _alamat(perlu_perbaikan, "perbaiki/") in hal.content.decode()


# --- Cancel -----------------------------------------------------------------------------------


def test_resident_cancels_while_nothing_is_printed(client, permohonan):
    jawab = kirim(client, client.get(_alamat(permohonan)), "Ya, batalkan permohonan ini")

    permohonan.refresh_from_db()
    hal = client.get(jawab.url)
    assert permohonan.status == "DIBATALKAN"
    assert "Permohonan sudah dibatalkan." in kata(hal)
    assert tombol(hal) == ["Keluar", "Ajukan lagi"]


def test_resident_cancels_while_it_is_being_processed(client, permohonan, operator):
    _langkah(permohonan, "proses", operator)

    kirim(client, client.get(_alamat(permohonan)), "Ya, batalkan permohonan ini")

    permohonan.refresh_from_db()
    assert (permohonan.status, permohonan.surat) == ("DIBATALKAN", None)


def test_cancelling_too_late_tells_why_and_changes_nothing(client, permohonan, operator, perbekel):
    _langkah(permohonan, "proses", operator)
    hal = client.get(_alamat(permohonan))
    bahan = factories.setujui(perbekel.pejabat.mandat.get())
    _langkah(permohonan, "setujui", operator, bahan)

    jawab = kirim(client, hal, "Ya, batalkan permohonan ini")

    permohonan.refresh_from_db()
    sesudah = client.get(jawab.url)
    assert permohonan.status == "DICETAK"
    assert "Permohonan ini sudah berubah" in kata(sesudah)
    assert "Ya, batalkan permohonan ini" not in tombol(sesudah)


# --- Once more -----------------------------------------------------------------------------------


@pytest.fixture
def ditolak(permohonan, operator):
    factories.tambah_foto(permohonan, 1)
    _langkah(permohonan, "tolak", operator, catatan="Alamatnya di desa lain.")
    return permohonan


def test_refusal_says_why_where_it_says_that_it_was_refused(client, ditolak):
    panel = kata(client.get(_alamat(ditolak))).split("Tanda terima")[0]

    assert "Permohonan ini tidak dapat kami penuhi. Anda boleh mengajukan lagi." in panel
    assert "Alasannya: Alamatnya di desa lain." in panel


def test_same_letter_is_begun_again_with_what_was_sent(client, ditolak, warga):
    jawab = kirim(client, client.get(_alamat(ditolak)), "Ajukan lagi")

    draf = warga.draf.get(terkirim=False)
    assert jawab.url == "/layanan/surat/domisili/"
    assert (draf.isian, draf.isian_lengkap) == (ditolak.isian, False)
    assert {x.berkas_id for x in draf.lampiran.all()} == {
        x.berkas_id for x in ditolak.lampiran.filter(berkas__keadaan="SIAP")
    }
    assert "yang dulu sudah disalin" in kata(client.get(jawab.url))
    assert "Jalan Contoh 7" in client.get("/layanan/surat/domisili/isi/").content.decode()


def test_a_draft_that_was_begun_is_not_overwritten(client, ditolak, warga):
    draf = pengisian.buka(warga, ditolak.jenis, pada=timezone.now())
    pengisian.simpan_isian(draf, {"keperluan": "lain"}, lengkap=False)

    jawab = kirim(client, client.get(_alamat(ditolak)), "Ajukan lagi")

    draf.refresh_from_db()
    assert draf.isian == {"keperluan": "lain"}
    assert "Lanjutkan di sini." in kata(client.get(jawab.url))


def test_letter_that_is_not_on_offer_any_more_is_asked_for_at_the_office(client, ditolak):
    JenisSurat.objects.update(layanan_mandiri=False)

    hal = client.get(_alamat(ditolak))

    assert "Ajukan lagi" not in tombol(hal)
    assert "Surat ini diminta di kantor desa." in kata(hal)
    assert client.post(_alamat(ditolak, "lagi/")).url == _alamat(ditolak)
    assert "tidak dapat diajukan lagi dari sini" in kata(client.get(_alamat(ditolak)))


# --- Representative ---------------------------------------------------------------------------


@pytest.fixture
def kelian(db):
    return Pejabat.objects.create(
        nama="I Ketut Kelian Contoh", jabatan="Kelian Banjar Dinas", mengantar=True
    )


def _wakilkan(client, permohonan, **isi):
    return kirim(client, client.get(_alamat(permohonan)), "Simpan", isi)


def _wakil(permohonan) -> tuple:
    permohonan.refresh_from_db()
    return (
        permohonan.wakil_jenis,
        permohonan.wakil_nama,
        permohonan.wakil_hubungan,
        permohonan.wakil_pejabat,
    )


def test_three_ways_of_collecting_each_forget_the_other(client, permohonan, kelian, operator):
    keluarga = _wakilkan(
        client,
        permohonan,
        wakil_jenis="WAKIL",
        wakil_nama="Ni Luh Contoh",
        wakil_hubungan="istri",
        wakil_pejabat=str(kelian.pk),
    )
    diwakili = _wakil(permohonan)
    _wakilkan(client, permohonan, wakil_jenis="PERANGKAT", wakil_pejabat=str(kelian.pk))
    diantar = _wakil(permohonan)
    _wakilkan(client, permohonan, wakil_jenis="")

    assert keluarga.url == _alamat(permohonan)
    assert diwakili == ("WAKIL", "Ni Luh Contoh", "istri", None)
    assert diantar == ("PERANGKAT", "", "", kelian)
    assert _wakil(permohonan) == ("", "", "", None)


def test_office_sees_who_will_come(client, permohonan, kelian, operator):
    _wakilkan(client, permohonan, wakil_jenis="PERANGKAT", wakil_pejabat=str(kelian.pk))

    hal = sebagai(operator).get(f"/kelola/layanan/permohonan/{permohonan.pk}/change/")

    assert "Diambil oleh Diantar perangkat desa: I Ketut Kelian Contoh" in kata(hal)


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        ({"wakil_jenis": "WAKIL"}, "Tulis nama orang yang mewakili Anda."),
        ({"wakil_jenis": "WAKIL", "wakil_nama": "   "}, "Tulis nama orang yang mewakili Anda."),
        ({"wakil_jenis": "PERANGKAT"}, "Pilih perangkat desa yang mengantar."),
    ],
)
def test_incomplete_representative_is_refused_with_a_sentence(
    client, permohonan, kelian, isi, kalimat
):
    hal = _wakilkan(client, permohonan, **isi)

    assert hal.status_code == 200
    assert kalimat in kata(hal)
    assert formulir(hal, "Simpan").isi["wakil_jenis"] == [isi["wakil_jenis"]]
    assert _wakil(permohonan) == ("", "", "", None)


def test_only_perangkat_who_deliver_are_offered_and_accepted(client, permohonan, kelian, perbekel):
    purna = Pejabat.objects.create(nama="Purna", jabatan="Kelian", mengantar=True, aktif=False)
    hal = client.get(_alamat(permohonan))

    jawab = {
        nama: client.post(
            _alamat(permohonan, "wakil/"),
            {"wakil_jenis": "PERANGKAT", "wakil_pejabat": str(pejabat.pk)},
        ).status_code
        for nama, pejabat in {"purna": purna, "perbekel": perbekel.pejabat}.items()
    }
    jawab["orang"] = client.post(
        _alamat(permohonan, "wakil/"), {"wakil_jenis": "ORANG"}
    ).status_code

    assert "I Ketut Kelian Contoh" in kata(hal)
    assert "Purna" not in kata(hal)
    assert jawab == {"purna": 200, "perbekel": 200, "orang": 200}
    assert _wakil(permohonan) == ("", "", "", None)


def test_naming_a_representative_never_undoes_a_step_taken_meanwhile(
    client, permohonan, operator, monkeypatch
):
    """The operator presses Proses between the page being read and the form being stored."""
    from layanan.views import permohonan as views

    asli = views.WakilForm.clean

    def clean(form):
        _langkah(Permohonan.objects.get(pk=permohonan.pk), "proses", operator)
        return asli(form)

    hal = client.get(_alamat(permohonan))
    monkeypatch.setattr(views.WakilForm, "clean", clean)
    kirim(client, hal, "Simpan", {"wakil_jenis": "WAKIL", "wakil_nama": "Ni Luh Contoh"})

    assert _wakil(permohonan) == ("WAKIL", "Ni Luh Contoh", "", None)
    assert permohonan.status == "DIPROSES"


def test_representative_can_be_named_until_the_letter_is_handed_over(
    client, permohonan, operator, perbekel
):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    isi = {"wakil_jenis": "WAKIL", "wakil_nama": "Ni Luh Contoh"}

    siap = _wakilkan(client, permohonan, **isi)
    factories.jalankan_sampai(permohonan, "SELESAI", operator=operator, perbekel=perbekel)
    selesai = client.post(_alamat(permohonan, "wakil/"), isi | {"wakil_nama": "Lain"})

    assert (siap.status_code, selesai.status_code) == (302, 200)
    assert "Permohonan ini sudah berubah" in kata(selesai)
    assert "Yang Anda tulis, belum tersimpan Nama wakil Lain" in kata(selesai)
    assert _wakil(permohonan)[1] == "Ni Luh Contoh"
    assert "Simpan" not in tombol(client.get(_alamat(permohonan)))


# --- The letter -------------------------------------------------------------------------------


def test_letter_is_given_out_only_after_signing_and_each_time_with_a_trace(
    client, permohonan, warga, operator, perbekel
):
    alamat = _alamat(permohonan, "surat/")
    sebelum = {}
    for status in ("DIAJUKAN", "DIPROSES", "DICETAK", "MENUNGGU_TTD"):
        factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)
        sebelum[status] = (
            client.get(alamat).status_code,
            alamat in client.get(_alamat(permohonan)).content.decode(),
        )
    jejak_sebelum = Jejak.objects.count()
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    surat = baca(client, alamat)

    cetakan = Cetakan.objects.get()
    jejak = Jejak.objects.get()
    assert set(sebelum.values()) == {(404, False)}
    assert jejak_sebelum == 0
    assert alamat in client.get(_alamat(permohonan)).content.decode()
    assert (surat.isi[:5], len(surat.isi)) == (b"%PDF-", cetakan.ukuran)
    assert surat.headers["Content-Type"] == "application/pdf"
    assert (jejak.oleh, jejak.warga, jejak.apa) == (warga, warga.penduduk, "UNDUH")
    assert (jejak.objek, jejak.sebab) == (str(permohonan.pk), permohonan.nomor)


def test_staff_address_of_the_letter_is_closed_to_its_owner(client, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    assert client.get(f"/berkas/surat/{permohonan.surat_id}/").status_code == 404


def test_neighbours_request_does_not_exist(client, tetangga, operator, perbekel):
    asing = factories.buat_permohonan(tetangga)
    factories.jalankan_sampai(asing, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    dilihat = [client.get(_alamat(asing, u)).status_code for u in ("", "perbaiki/", "surat/")]
    ditekan = [
        client.post(_alamat(asing, u), {"wakil_jenis": "WAKIL", "wakil_nama": "x"}).status_code
        for u in ("batalkan/", "wakil/", "perbaiki/")
    ]

    asing.refresh_from_db()
    assert dilihat == ditekan == [404, 404, 404]
    assert (asing.status, asing.wakil_nama) == ("SIAP_DIAMBIL", "")
