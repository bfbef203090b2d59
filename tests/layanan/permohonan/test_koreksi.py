"""The correction of a signed letter, from the operator's form to the day the old one ends."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from layanan.models import Lampiran, Notifikasi, Permohonan, Riwayat
from layanan.permohonan import ajukan, alur, dampak, koreksi
from surat.models import Pertanyaan, Surat
from surat.naskah.susunan import Pengantar
from surat.terbit import keadaan, pemeriksaan
from tests import factories, serentak
from tests.halaman import baca, formulir, kata, kirim, sebagai

ALASAN = "Alamat di surat lama keliru"


@pytest.fixture
def jalan(operator, perbekel):
    def jalan(permohonan: Permohonan, status: str) -> Permohonan:
        return factories.jalankan_sampai(permohonan, status, operator=operator, perbekel=perbekel)

    return jalan


@pytest.fixture
def siap(permohonan, jalan) -> Permohonan:
    return jalan(permohonan, "SIAP_DIAMBIL")


def _ajukan(siap: Permohonan, oleh, alasan: str = ALASAN, **isian) -> Permohonan:
    return ajukan.pengganti(
        siap, isian=siap.isian | isian, alasan=alasan, oleh=oleh, pada=timezone.now()
    )


def _kode(surat: Surat) -> str:
    segar = keadaan.lengkapi(Surat.objects.filter(pk=surat.pk)).get()
    return keadaan.lihat(segar, hari=timezone.localdate()).kode.value


def _pengganti(siap: Permohonan) -> str:
    return f"/kelola/surat/surat/{siap.surat_id}/pengganti/"


# --- What is filed -----------------------------------------------------------------------------


def test_correction_is_a_request_of_the_same_resident(siap, operator):
    baru = _ajukan(siap, operator, alamat_domisili="Jalan Contoh 70")

    baru.refresh_from_db()
    riwayat = baru.riwayat.get()
    sama = ("pemohon", "jenis", "keterangan", "nomor_hp", "kabari_wa", "dibawa")
    assert [getattr(baru, k) for k in sama] == [getattr(siap, k) for k in sama]
    assert (baru.status, baru.menggantikan, baru.surat) == ("DIAJUKAN", siap.surat, None)
    assert baru.isian == siap.isian | {"alamat_domisili": "Jalan Contoh 70"}
    assert siap.isian["alamat_domisili"] == "Jalan Contoh 7"
    assert int(baru.nomor[-4:]) == int(siap.nomor[-4:]) + 1
    assert baru.kode_resi != siap.kode_resi
    assert (riwayat.langkah, riwayat.oleh, riwayat.catatan) == ("ajukan", operator, ALASAN)
    assert Notifikasi.objects.filter(riwayat=riwayat, penerima=None, pesan="diterima").count() == 1


def test_papers_are_attached_again_without_copies(siap, operator):
    berlaku = set(siap.lampiran.values_list("syarat", "berkas"))
    factories.tambah_foto(siap, 1)  # one that was replaced since, and no longer counts
    Lampiran.objects.filter(pk=siap.lampiran.latest("pk").pk).update(diganti_pada=timezone.now())

    baru = _ajukan(siap, operator)

    assert berlaku
    assert set(baru.lampiran.values_list("syarat", "berkas")) == berlaku
    assert siap.lampiran.count() == len(berlaku) + 1


def test_nobody_but_operator_and_admin_desa_files_it(siap, warga, operator, perbekel, admin_desa):
    boleh = []
    for oleh in (warga, operator, perbekel, admin_desa):
        try:
            with transaction.atomic():
                _ajukan(siap, oleh)
                boleh.append(oleh)
                raise alur.LangkahTidakSah
        except alur.LangkahTidakSah:
            pass

    assert boleh == [operator, admin_desa]
    assert Permohonan.objects.count() == 1


@pytest.mark.parametrize("status", ["DIAJUKAN", "DIPROSES", "DICETAK", "MENUNGGU_TTD"])
def test_only_a_signed_letter_is_corrected(permohonan, jalan, operator, status):
    jalan(permohonan, status)

    with pytest.raises(alur.LangkahTidakSah, match=r"belum bersurat|sudah ditandatangani"):
        _ajukan(permohonan, operator)

    assert Permohonan.objects.count() == 1


def test_withdrawn_letter_is_not_corrected(siap, operator, perbekel):
    alur.catat_peristiwa(siap, "cabut", oleh=perbekel, pada=timezone.now(), catatan=ALASAN)

    with pytest.raises(alur.LangkahTidakSah, match="sudah dicabut tidak dikoreksi"):
        _ajukan(siap, operator)

    assert Permohonan.objects.count() == 1


@pytest.mark.parametrize(
    ("alasan", "isian", "kalimat"),
    [
        ("pendek", {}, "10 sampai 300 huruf"),
        ("x" * 301, {}, "10 sampai 300 huruf"),
        (ALASAN, {"keperluan": ""}, "Isi dulu “Keperluan”"),
    ],
)
def test_reason_and_all_answers_are_needed(siap, operator, alasan, isian, kalimat):
    with pytest.raises(alur.LangkahTidakSah, match=kalimat):
        _ajukan(siap, operator, alasan, **isian)

    assert Permohonan.objects.count() == 1
    assert Riwayat.objects.filter(langkah="ajukan").count() == 1


# --- One at a time ------------------------------------------------------------------------------


def test_second_correction_is_told_of_the_first(siap, operator, admin_desa):
    pertama = _ajukan(siap, operator)

    with pytest.raises(alur.LangkahTidakSah, match=f"sedang dikoreksi .* {pertama.nomor}"):
        _ajukan(siap, admin_desa)

    assert Permohonan.objects.filter(menggantikan=siap.surat).count() == 1


def test_database_holds_one_correction_per_letter(siap, operator, tetangga):
    baru = _ajukan(siap, operator)
    lain = factories.buat_permohonan(tetangga)

    with pytest.raises(IntegrityError), transaction.atomic():
        Permohonan.objects.filter(pk=lain.pk).update(menggantikan=baru.menggantikan)

    assert Permohonan.objects.filter(menggantikan=siap.surat).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_operators_at_once_one_files_it(siap, operator):
    def tekan(_: int) -> str:
        try:
            return _ajukan(Permohonan.objects.get(pk=siap.pk), operator).nomor
        except alur.LangkahTidakSah as galat:
            return str(galat)

    hasil = serentak.jalankan(tekan, range(4))

    assert len([h for h in hasil if h.startswith("P-")]) == 1
    assert len([h for h in hasil if "sedang dikoreksi" in h]) == 3
    assert Permohonan.objects.filter(menggantikan=siap.surat).count() == 1


# --- The old letter -----------------------------------------------------------------------------


def test_old_letter_ends_on_the_day_the_new_one_is_signed(siap, jalan, operator):
    lama = siap.surat
    baru = _ajukan(siap, operator, alamat_domisili="Jalan Contoh 70")

    dilalui = []
    for status in ("DIAJUKAN", "DIPROSES", "DICETAK", "MENUNGGU_TTD", "SIAP_DIAMBIL", "SELESAI"):
        jalan(baru, status)
        dilalui.append((status, _kode(lama)))

    assert dilalui == [
        ("DIAJUKAN", "BERLAKU"),
        ("DIPROSES", "BERLAKU"),
        ("DICETAK", "BERLAKU"),
        ("MENUNGGU_TTD", "BERLAKU"),
        ("SIAP_DIAMBIL", "DIGANTI"),
        ("SELESAI", "DIGANTI"),
    ]
    surat = baru.surat
    assert (surat.menggantikan, _kode(surat)) == (lama, "BERLAKU")
    assert surat.data["menggantikan"]["nomor"] == lama.nomor
    assert surat.urut == lama.urut + 1
    assert Surat.objects.get(pk=lama.pk).data == lama.data


@pytest.mark.parametrize("akhir", ["tolak", "batalkan", "kembalikan", "minta_perbaikan"])
def test_correction_that_fails_leaves_no_trace_on_the_old_letter(
    siap, jalan, operator, perbekel, warga, akhir
):
    baru = _ajukan(siap, operator)
    bahan = None
    if akhir == "minta_perbaikan":
        minta = {"apa": "isian", "kunci": "keperluan", "label": "K", "alasan": "Kurang."}
        bahan = dampak.MintaPerbaikan([minta])
    if akhir == "kembalikan":
        jalan(baru, "MENUNGGU_TTD")
    oleh = {"batalkan": warga, "kembalikan": perbekel}.get(akhir, operator)

    alur.jalankan(baru, akhir, bahan, oleh=oleh, pada=timezone.now(), catatan="Tidak perlu.")

    assert _kode(siap.surat) == "BERLAKU"
    jalan(siap, "SELESAI")  # and it is handed over as ever


@pytest.mark.parametrize("akhir", ["tolak", "batalkan"])
def test_after_a_failed_correction_another_can_be_filed(siap, operator, warga, akhir):
    pertama = _ajukan(siap, operator)
    oleh = warga if akhir == "batalkan" else operator
    alur.jalankan(pertama, akhir, oleh=oleh, pada=timezone.now(), catatan="Tidak perlu.")

    kedua = _ajukan(siap, operator)

    assert kedua.menggantikan == siap.surat
    assert koreksi.permohonan_koreksi(siap.surat) == kedua


def test_correction_sent_back_by_the_signer_is_made_anew(siap, jalan, operator, perbekel):
    baru = jalan(_ajukan(siap, operator), "MENUNGGU_TTD")
    alur.jalankan(baru, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Masih salah.")

    jalan(baru, "SIAP_DIAMBIL")

    semua = Surat.objects.filter(menggantikan=siap.surat).order_by("pk")
    assert [s.batal_pada is None for s in semua] == [False, True]
    assert _kode(siap.surat) == "DIGANTI"


def test_correction_is_itself_corrected(siap, jalan, operator):
    kedua = jalan(_ajukan(siap, operator), "SIAP_DIAMBIL")

    with pytest.raises(alur.LangkahTidakSah, match="koreksi penggantinya"):
        _ajukan(siap, operator)
    ketiga = jalan(_ajukan(kedua, operator), "SIAP_DIAMBIL")

    assert [_kode(p.surat) for p in (siap, kedua, ketiga)] == ["DIGANTI", "DIGANTI", "BERLAKU"]


def test_letter_withdrawn_while_its_correction_is_under_way(siap, jalan, operator, perbekel):
    baru = _ajukan(siap, operator)
    alur.catat_peristiwa(siap, "cabut", oleh=perbekel, pada=timezone.now(), catatan=ALASAN)

    jalan(baru, "SIAP_DIAMBIL")

    assert (_kode(siap.surat), _kode(baru.surat)) == ("DICABUT", "BERLAKU")


def test_replaced_letter_is_not_handed_over(siap, jalan, operator):
    baru = jalan(_ajukan(siap, operator), "SIAP_DIAMBIL")
    serah = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")

    with pytest.raises(alur.LangkahTidakSah) as galat:
        alur.jalankan(siap, "serahkan", serah, oleh=operator, pada=timezone.now())
    alur.jalankan(baru, "serahkan", serah, oleh=operator, pada=timezone.now())

    assert f"sudah diganti dengan surat nomor {baru.surat.nomor}" in str(galat.value)
    assert [
        [x.nama for x in alur.langkah_tersedia(p, oleh=operator, pada=timezone.now())]
        for p in (siap, baru)
    ] == [[], []]


# --- The operator's page ------------------------------------------------------------------------


def test_form_comes_with_the_former_answers_and_files_the_mended_ones(siap, operator):
    kantor = sebagai(operator)
    hal = kantor.get(_pengganti(siap))
    lama = formulir(hal, "Ajukan surat pengganti").isi

    hasil = kirim(
        kantor,
        hal,
        "Ajukan surat pengganti",
        {"alamat_domisili": "Jalan Contoh 70", "koreksi-alasan": ALASAN},
    )

    baru = Permohonan.objects.get(menggantikan=siap.surat)
    assert lama["alamat_domisili"] == ["Jalan Contoh 7"]
    assert lama["keperluan"] == ["membuka rekening bank"]
    assert hasil.url == f"/kelola/layanan/permohonan/{baru.pk}/change/"
    assert baru.isian == siap.isian | {"alamat_domisili": "Jalan Contoh 70"}
    teks = kata(kantor.get(hasil.url))
    assert f"Surat pengganti untuk {siap.surat.nomor}" in teks
    assert f"“{ALASAN}”" in teks


def test_mistakes_keep_what_was_typed(siap, operator):
    kantor = sebagai(operator)
    hal = kantor.get(_pengganti(siap))

    hal = kirim(
        kantor,
        hal,
        "Ajukan surat pengganti",
        {"alamat_domisili": "Jalan Contoh 70", "keperluan": "", "koreksi-alasan": "pendek"},
    )

    isi = formulir(hal, "Ajukan surat pengganti").isi
    assert hal.status_code == 200
    assert isi["alamat_domisili"] == ["Jalan Contoh 70"]
    assert isi["koreksi-alasan"] == ["pendek"]
    assert "Isi Keperluan." in kata(hal)
    assert Permohonan.objects.count() == 1


def test_letter_that_cannot_be_corrected_leads_back_with_the_reason(siap, operator):
    pertama = _ajukan(siap, operator)
    kantor = sebagai(operator)

    hal = kantor.get(_pengganti(siap), follow=True)

    assert hal.redirect_chain == [(f"/kelola/surat/surat/{siap.surat_id}/change/", 302)]
    assert f"sedang dikoreksi lewat permohonan {pertama.nomor}" in kata(hal)
    assert "Buat surat pengganti" not in kata(hal)
    assert f"Koreksi {pertama.nomor} (diajukan)" in kata(hal)


def test_rows_can_be_added_without_losing_the_reason(warga, jalan, operator, perbekel):
    Pertanyaan.objects.create(
        jenis=factories.jenis("domisili"),
        kunci="orang",
        label="Orang",
        tipe="tabel_orang",
        wajib=False,
        urutan=0,
    )
    siap = jalan(factories.buat_permohonan(warga), "SIAP_DIAMBIL")
    kantor = sebagai(operator)
    data = {
        "tambah": "orang",
        "orang-0-nama": "Ni Luh Contoh",
        "koreksi-alasan": ALASAN,
        "keperluan": "x",
    }

    hal = kantor.post(_pengganti(siap), data)

    isi = formulir(hal, "Ajukan surat pengganti").isi
    assert isi["orang-0-nama"] == ["Ni Luh Contoh"]
    assert isi["koreksi-alasan"] == [ALASAN]
    assert Permohonan.objects.count() == 1


# --- The resident and the signer ----------------------------------------------------------------


def test_resident_sees_on_both_requests_what_replaces_what(siap, jalan, warga, operator):
    baru = _ajukan(siap, operator)
    client = sebagai(warga)
    alamat = {p: f"/layanan/permohonan/{p.nomor}/" for p in (siap, baru)}

    selama = client.get(alamat[siap])
    koreksinya = client.get(alamat[baru])
    jalan(baru, "SIAP_DIAMBIL")
    sesudah = client.get(alamat[siap])

    assert "Kantor desa sedang membuat penggantinya" in kata(selama)
    assert "Surat ini tetap berlaku sampai penggantinya ditandatangani." in kata(selama)
    assert f"pengganti surat nomor {siap.surat.nomor}" in kata(koreksinya)
    assert ALASAN in kata(koreksinya)
    assert f"diganti dengan surat nomor {baru.surat.nomor}" in kata(sesudah)
    assert "Jangan pakai lagi surat yang lama." in kata(sesudah)
    for hal, tujuan in ((selama, baru), (koreksinya, siap), (sesudah, baru)):
        assert f'href="{alamat[tujuan]}"' in hal.content.decode()
    assert client.get(f"{alamat[siap]}surat/").status_code == 302
    assert baca(client, f"{alamat[baru]}surat/").isi.startswith(b"%PDF-")
    assert "Surat diganti" in kata(client.get("/layanan/"))


def test_pages_of_the_resident_cost_the_same_with_and_without_corrections(
    siap, jalan, warga, operator, django_assert_max_num_queries
):
    baru = jalan(_ajukan(siap, operator), "SIAP_DIAMBIL")
    client = sebagai(warga)
    client.get("/layanan/")

    with django_assert_max_num_queries(5):
        client.get("/layanan/")
    for p in (siap, baru):
        with django_assert_max_num_queries(15):
            client.get(f"/layanan/permohonan/{p.nomor}/")

    assert baru.menggantikan_id == siap.surat_id


def test_signer_reads_what_the_letter_replaces_and_why(siap, jalan, operator, perbekel):
    baru = jalan(_ajukan(siap, operator), "MENUNGGU_TTD")
    meja = sebagai(perbekel)

    hal = meja.get(f"/meja/{baru.nomor}/")

    assert f"Menggantikan surat {siap.surat.nomor}" in kata(hal)
    assert f"Koreksi: {ALASAN}" in kata(hal)
    assert f'href="/berkas/surat/{siap.surat_id}/"' in hal.content.decode()


# --- What is said of the old letter --------------------------------------------------------------

# How the correction stands × what happened to the old letter → the sentence at the correction.
KALIMAT = {
    ("DIAJUKAN", "berlaku"): "Surat lama tetap berlaku sampai yang ini ditandatangani.",
    ("DIAJUKAN", "dicabut"): "Surat lama sudah dicabut pada ",
    ("DIAJUKAN", "kedaluwarsa"): "Surat lama sudah kedaluwarsa sejak ",
    ("MENUNGGU_TTD", "berlaku"): "Surat lama tetap berlaku sampai yang ini ditandatangani.",
    ("MENUNGGU_TTD", "dicabut"): "Surat lama sudah dicabut pada ",
    ("MENUNGGU_TTD", "kedaluwarsa"): "Surat lama sudah kedaluwarsa sejak ",
    ("SIAP_DIAMBIL", "berlaku"): "Surat lama tidak berlaku lagi sejak ",
    ("SIAP_DIAMBIL", "dicabut"): "Surat lama sudah dicabut pada ",
    ("SIAP_DIAMBIL", "kedaluwarsa"): "Surat lama tidak berlaku lagi sejak ",
    ("DITOLAK", "berlaku"): "Surat lama tetap berlaku; pengganti ini tidak jadi.",
    ("DITOLAK", "dicabut"): "Surat lama sudah dicabut pada ",
    ("DITOLAK", "kedaluwarsa"): "Surat lama sudah kedaluwarsa sejak ",
    ("DITOLAK", "diganti"): "Surat lama sudah diganti dengan surat nomor ",
}


@pytest.mark.parametrize(("status", "lama"), KALIMAT)
def test_every_page_says_of_the_old_letter_what_is_true_now(
    siap, jalan, operator, perbekel, admin_desa, status, lama
):
    baru = _ajukan(siap, operator)
    if lama == "dicabut":
        alasan = {"catatan": "Alamatnya keliru"}
        alur.catat_peristiwa(siap, "cabut", oleh=admin_desa, pada=timezone.now(), **alasan)
    if lama == "kedaluwarsa":
        kemarin = timezone.localdate() - timedelta(days=1)
        Surat.objects.filter(pk=siap.surat_id).update(berlaku_sampai=kemarin)
    if status == "DITOLAK":
        alur.jalankan(baru, "tolak", oleh=operator, pada=timezone.now(), catatan="Tidak perlu.")
        if lama == "diganti":
            jalan(_ajukan(siap, operator), "SIAP_DIAMBIL")
    else:
        jalan(baru, status)

    kantor = sebagai(operator).get(f"/kelola/layanan/permohonan/{baru.pk}/change/")
    baris = [kata(kantor)]
    if status == "MENUNGGU_TTD":
        baris.append(kata(sebagai(perbekel).get(f"/meja/{baru.nomor}/")))

    salah = set(KALIMAT.values()) - {KALIMAT[status, lama]}
    for teks in baris:
        assert KALIMAT[status, lama] in teks
        assert [x for x in salah if x in teks] == []


def test_replaced_letter_whose_successor_was_withdrawn_sends_nobody_to_that_one(
    siap, jalan, operator, admin_desa
):
    baru = jalan(_ajukan(siap, operator), "SIAP_DIAMBIL")
    pada = timezone.now()
    alur.catat_peristiwa(baru, "cabut", oleh=admin_desa, pada=pada, catatan="Alamatnya keliru")

    bahan = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")
    with pytest.raises(alur.LangkahTidakSah, match="yang sudah dicabut"):
        alur.jalankan(siap, "serahkan", bahan, oleh=operator, pada=timezone.now())
    hasil = pemeriksaan.periksa(siap.surat.kode_cek, pada=timezone.now())
    assert "yang kemudian dicabut." in hasil.keterangan
    assert "Mintalah surat yang baru" not in hasil.keterangan


# --- What the former approval brought ------------------------------------------------------------


def test_correction_begins_with_the_covering_letter_and_the_words_of_the_old_one(
    permohonan, operator, perbekel, jalan
):
    jalan(permohonan, "DIPROSES")
    bahan = dampak.Setujui(
        perbekel.pejabat.mandat.get(),
        Pengantar("12/BD/XI/2026", date(2026, 11, 20)),
        {"keperluan": "membuka rekening tabungan"},
    )
    alur.jalankan(permohonan, "setujui", bahan, oleh=operator, pada=timezone.now())
    jalan(permohonan, "SIAP_DIAMBIL")
    baru = jalan(_ajukan(permohonan, operator), "DIPROSES")
    client = sebagai(operator)

    hal = client.get(f"/kelola/layanan/permohonan/{baru.pk}/change/")
    isi = formulir(hal, "Setujui").isi
    kirim(client, hal, "Setujui")

    assert isi["setujui-no_pengantar"] == ["12/BD/XI/2026"]
    assert isi["setujui-tgl_pengantar"] == ["2026-11-20"]
    assert isi["setujui-teks-keperluan"] == ["membuka rekening tabungan"]
    baru.refresh_from_db()
    assert "Nomor 12/BD/XI/2026 tanggal 20 November 2026" in baru.surat.data["pembuka"]


def test_letter_sent_back_by_the_signer_keeps_its_covering_letter_too(
    permohonan, operator, perbekel, jalan
):
    jalan(permohonan, "DIPROSES")
    bahan = factories.setujui(perbekel.pejabat.mandat.get())
    alur.jalankan(permohonan, "setujui", bahan, oleh=operator, pada=timezone.now())
    jalan(permohonan, "MENUNGGU_TTD")
    alur.jalankan(permohonan, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Salah.")

    hal = sebagai(operator).get(f"/kelola/layanan/permohonan/{permohonan.pk}/change/")

    assert formulir(hal, "Setujui").isi["setujui-no_pengantar"] == ["12/BD/XI/2026"]
