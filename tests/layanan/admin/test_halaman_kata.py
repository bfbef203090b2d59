"""The page on which the village chooses its own words, read as a clerk does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from layanan import peran
from layanan.kata_pesan import kata, katalog, templat, usulan
from layanan.kotak_keluar import pengiriman
from layanan.models import Notifikasi, Percakapan, TemplatWA
from simulator.twilio_palsu import Tinjauan
from tests import factories
from tests import halaman as h
from tests.halaman import sebagai

pytestmark = pytest.mark.django_db

DAFTAR = "/kelola/layanan/kata-pesan/"
ALAMAT = f"{DAFTAR}diproses/"
BARU = "Permohonan surat nomor {{nomor}} kini sedang diproses oleh Kantor {{kantor}}, mohon tunggu."
K = TemplatWA.Keadaan


@pytest.fixture
def kosong(settings, twilio):
    settings.TWILIO = settings.TWILIO | {"content_sids": {}}
    twilio.templat = {}
    return twilio


@pytest.fixture
def meja(admin_desa):
    """The browser of Admin desa."""
    return sebagai(admin_desa)


def selaraskan(menit: int = 0) -> None:
    templat.selaraskan(pada=timezone.now() + timedelta(minutes=menit), segera=True)


def ajukan(client, teks: str, alamat: str = ALAMAT):
    return h.kirim(client, client.get(alamat), "Ajukan ke WhatsApp", {"kata": teks})


# --- The list -----------------------------------------------------------------------------------


def test_every_message_with_a_template_stands_once_by_whom_it_is_for(meja):
    kelompok = meja.get(DAFTAR).context["kelompok"]

    assert [k["judul"] for k in kelompok] == [
        *("Kepada warga", "Kepada petugas", "PIN dan keamanan akun")
    ]
    semua = [p["kode"] for k in kelompok for p in k["pesan"]]
    assert semua == [p.kode for p in templat.berkata()]
    assert semua[:3] == ["diterima", "perlu_perbaikan", "perbaikan_diterima"], (
        "as the resident gets them"
    )


def test_list_shows_the_words_in_use_and_what_became_of_a_proposal(kosong, meja):
    selaraskan()
    selaraskan(2)
    kosong.konten.tinjauan_bawaan = Tinjauan(detik=3600)
    ajukan(meja, BARU)

    teks = h.kata(meja.get(DAFTAR))

    assert katalog.PESAN["diproses"].kata in teks and BARU not in teks
    assert "Versi 1: belum diajukan" in teks
    assert "belum disetujui WhatsApp" not in teks
    assert "{{pin}} adalah kode verifikasi" in teks
    assert "Foto pertama" not in teks, "answers need no approval"


def test_list_names_messages_that_cannot_go_out(kosong, meja):
    teks = h.kata(meja.get(DAFTAR))

    assert teks.count("belum disetujui WhatsApp") == len(templat.berkata())


def test_list_without_twilio_says_what_happens_to_proposals(settings, meja):
    settings.TWILIO = settings.TWILIO | {"account_sid": "", "content_sids": {}}

    assert "WhatsApp desa belum dihubungkan" in h.kata(meja.get(DAFTAR))
    ajukan(meja, BARU)
    assert "diajukan setelah pengelola sistem menghubungkannya" in h.kata(meja.get(ALAMAT))


# --- Looking ------------------------------------------------------------------------------------


def test_page_shows_the_message_as_it_will_be_read(meja, twilio):
    jawab = meja.get(ALAMAT)

    assert "Kabar permohonan Surat Keterangan Usaha nomor P-2026-0042: surat yang" in h.kata(jawab)
    assert "{{nomor}} nomor permohonan (harus ada) P-2026-0042" in h.kata(jawab)
    assert "Panduan menjanjikan kata “sedang diproses”" in h.kata(jawab)


def test_look_keeps_what_was_typed_and_changes_nothing(meja, twilio):
    jawab = h.kirim(meja, meja.get(ALAMAT), "Lihat", {"kata": BARU})

    assert h.formulir(jawab, "Lihat").isi["kata"] == [BARU]
    assert "nomor P-2026-0042 kini sedang diproses oleh Kantor Perbekel Bugbug" in h.kata(jawab)
    assert "Tidak ada keberatan" in h.kata(jawab)
    assert not TemplatWA.objects.exists()


def test_all_objections_come_at_once_and_the_text_stays(meja, twilio):
    salah = "{{kantor}} {{alasan}} bit.ly/x {"

    for tombol in ("Lihat", "Ajukan ke WhatsApp"):
        jawab = h.kirim(meja, meja.get(ALAMAT), tombol, {"kata": salah})
        teks = h.kata(jawab)
        assert jawab.status_code == 200
        assert h.formulir(jawab, "Lihat").isi["kata"] == [salah]
        for kalimat in kata.keberatan("diproses", salah):
            assert kalimat in teks
        assert len(kata.keberatan("diproses", salah)) >= 6
    assert not TemplatWA.objects.exists()


def test_tags_are_shown_as_typed(meja, twilio):
    jawab = h.kirim(meja, meja.get(ALAMAT), "Lihat", {"kata": "<b>x</b> {{nomor}} <script>"})

    assert b"<script>" not in jawab.content
    assert b"&lt;script&gt;" in jawab.content


def test_code_message_is_explained_and_cannot_be_changed(meja, twilio):
    jawab = meja.get(f"{DAFTAR}pin/")

    assert "milik WhatsApp" in h.kata(jawab)
    assert not [t for t in h.tombol(jawab) if t in ("Lihat", "Ajukan ke WhatsApp")]
    isi = {"aksi": "ajukan", "kata": "Kode {{pin}} untuk Anda.", "dasar": "0"}
    assert meja.post(f"{DAFTAR}pin/", isi).status_code == 403
    assert not TemplatWA.objects.exists()


@pytest.mark.parametrize("kode", ["balas_kk", "uji_kata", "tidak-ada"])
def test_answers_and_strangers_have_no_page(meja, kode):
    assert meja.get(f"{DAFTAR}{kode}/").status_code == 404


# --- Proposing ----------------------------------------------------------------------------------


def test_proposal_goes_to_whatsapp_and_is_used_once_approved(kosong, meja, admin_desa):
    selaraskan()
    selaraskan(2)

    jawab = ajukan(meja, f"  {BARU.replace('{{nomor}}', '{{ nomor }}')}\r\n")
    assert jawab.url == ALAMAT
    teks = h.kata(meja.get(ALAMAT))
    assert "Versi 1 disimpan dan segera diajukan. Kata-kata sebelumnya tetap dipakai" in teks
    assert "Versi 1: sedang diajukan. Sampai disetujui, warga tetap menerima kata-kata ini" in teks
    satu = TemplatWA.objects.get(versi=1)
    assert (satu.kata, satu.dibuat_oleh, satu.bawaan) == (BARU, admin_desa, False)
    assert kata.pilih("diproses").versi.versi == 0

    selaraskan(3)
    assert "menunggu persetujuan WhatsApp" in h.kata(meja.get(ALAMAT))
    selaraskan(5)
    assert kata.pilih("diproses").pesan.kata == BARU
    assert "Sampai disetujui" not in h.kata(meja.get(ALAMAT))


def test_first_proposal_puts_our_words_beneath_it(kosong, meja):
    ajukan(meja, BARU)

    assert list(TemplatWA.objects.order_by("versi").values_list("versi", "bawaan")) == [
        (0, True),
        (1, False),
    ]


def test_words_of_the_settings_need_no_version_beneath(twilio, meja):
    ajukan(meja, BARU)

    assert list(TemplatWA.objects.values_list("versi", flat=True)) == [1]


def test_refused_words_are_told_with_the_reason_and_cannot_be_proposed_again(kosong, meja):
    selaraskan()
    selaraskan(2)
    kosong.konten.tinjauan_bawaan = Tinjauan("rejected", "TAG_CONTENT_MISMATCH")
    ajukan(meja, BARU)
    selaraskan(3)
    selaraskan(5)

    jawab = meja.get(ALAMAT)
    assert "Versi 1 ditolak WhatsApp: TAG_CONTENT_MISMATCH" in h.kata(jawab)
    assert h.formulir(jawab, "Lihat").isi["kata"] == [katalog.PESAN["diproses"].kata]

    jawab = ajukan(meja, BARU)
    assert "sudah pernah ditolak WhatsApp: TAG_CONTENT_MISMATCH" in h.kata(jawab)
    assert TemplatWA.objects.filter(pesan="diproses").count() == 2


def test_same_words_are_not_proposed_twice(kosong, meja):
    assert "Ubah dulu" in h.kata(ajukan(meja, katalog.PESAN["diproses"].kata))
    ajukan(meja, BARU)
    assert "sudah diajukan dan menunggu" in h.kata(ajukan(meja, BARU))
    assert TemplatWA.objects.count() == 2


def test_words_of_another_message_are_refused_before_whatsapp_does(kosong, meja):
    lain = katalog.PESAN["perlu_perbaikan"].kata

    jawab = ajukan(meja, lain, f"{DAFTAR}ditolak/")

    assert "Pesan lain sudah memakai kata-kata yang sama persis" in h.kata(jawab)


def test_second_clerk_is_told_and_sees_the_difference(kosong, meja):
    lama = meja.get(ALAMAT)
    rekan = sebagai(factories.buat_petugas("rekan", peran.ADMIN_DESA))
    ajukan(rekan, BARU)

    lain = BARU.replace("mohon tunggu", "mohon sabar")
    jawab = h.kirim(meja, lama, "Ajukan ke WhatsApp", {"kata": lain})

    assert "Rekan baru saja mengajukan kata-kata lain" in h.kata(jawab)
    assert "<del>tunggu</del><ins>sabar</ins>" in jawab.content.decode()
    assert h.formulir(jawab, "Lihat").isi["kata"] == [lain]
    assert TemplatWA.objects.count() == 2

    jawab = h.kirim(meja, jawab, "Ajukan ke WhatsApp")
    assert jawab.status_code == 302, "who has seen it may go on"
    assert usulan.terbaru("diproses").kata == lain


def test_our_words_come_back_at_once_when_whatsapp_knows_them(kosong, meja, admin_desa):
    selaraskan()
    selaraskan(2)
    assert "Pakai lagi kata-kata bawaan" not in h.tombol(meja.get(ALAMAT))
    ajukan(meja, BARU)
    selaraskan(3)
    selaraskan(5)
    assert kata.pilih("diproses").pesan.kata == BARU

    h.kirim(meja, meja.get(ALAMAT), "Pakai lagi kata-kata bawaan")

    satu = usulan.terbaru("diproses")
    assert (satu.versi, satu.keadaan, satu.bawaan) == (2, K.DISETUJUI, True)
    assert satu.dibuat_oleh == admin_desa
    assert kata.pilih("diproses").versi == satu
    assert "Kata-kata ini dipakai mulai sekarang." in h.kata(meja.get(ALAMAT))
    assert kosong.cacah("KONTEN-POST") == len(templat.berkata()) + 1


def test_our_words_come_back_where_the_settings_name_their_template(twilio, meja):
    ajukan(meja, BARU)
    selaraskan()
    selaraskan(2)
    h.kirim(meja, meja.get(ALAMAT), "Pakai lagi kata-kata bawaan")

    pilihan = kata.pilih("diproses")
    assert (pilihan.pesan, pilihan.sid) == (
        katalog.PESAN["diproses"],
        kata.sid_pengaturan("diproses"),
    )


def test_versions_are_kept_with_who_and_what_changed(kosong, meja, admin_desa):
    ajukan(meja, BARU)

    jawab = meja.get(ALAMAT)

    teks = h.kata(jawab)
    assert "bawaan portal" in teks and str(admin_desa) in teks
    assert b"<ins>" in jawab.content


@pytest.mark.parametrize("dasar", ["", "x", "-1", "9" * 30])
def test_broken_form_is_an_explanation(meja, twilio, dasar):
    jawab = meja.post(ALAMAT, {"aksi": "ajukan", "kata": BARU, "dasar": dasar})

    assert jawab.status_code in (200, 302)
    assert not TemplatWA.objects.filter(versi__gt=1).exists()


def test_operators_may_not_choose_words(operator, perbekel, twilio):
    isi = {"aksi": "ajukan", "kata": BARU, "dasar": "0"}
    for petugas in (operator, perbekel):
        client = sebagai(petugas)
        assert client.get(DAFTAR).status_code == 403
        assert client.post(ALAMAT, isi).status_code == 403
    assert not TemplatWA.objects.exists()


# --- A sample on one's own phone ----------------------------------------------------------------


@pytest.fixture
def berhp(admin_desa):
    admin_desa.nomor_hp = "+6281234500009"
    admin_desa.save()
    return admin_desa


def uji(client, teks: str | None = None):
    isi = {} if teks is None else {"kata": teks}
    return h.kirim(client, client.get(ALAMAT), "Kirim contoh ke nomor saya", isi)


def kirim_semua() -> None:
    pengiriman.kirim_yang_menunggu()


def test_words_in_use_come_as_the_template_with_samples(twilio, berhp, meja):
    jawab = uji(meja)
    assert "Contoh sedang dikirim ke nomor Anda." in h.kata(jawab)
    assert "menunggu dikirim" in h.kata(jawab)
    kirim_semua()

    (keluar,) = twilio.messages
    assert keluar.ke == "whatsapp:+6281234500009"
    assert keluar.isian["ContentSid"] == kata.sid_pengaturan("diproses")
    assert "nomor P-2026-0042" in keluar.body and "Perbekel Bugbug" in keluar.body
    assert "diterima penyedia" in h.kata(meja.get(ALAMAT))


def test_other_words_come_as_free_words_while_the_window_is_open(twilio, berhp, meja):
    panjang = BARU + "\n\n" + "Kami kabari lagi bila suratnya sudah siap. " * 8
    Percakapan.objects.create(
        alamat=berhp.nomor_hp,
        nomor_hp=berhp.nomor_hp,
        jam_mulai_pada=timezone.now(),
        terakhir_masuk_pada=timezone.now(),
    )
    twilio.masuk_terakhir[berhp.nomor_hp] = timezone.now()

    jawab = uji(meja, panjang)
    assert h.formulir(jawab, "Lihat").isi["kata"] == [kata.rapikan(panjang)]
    kirim_semua()

    (keluar,) = twilio.messages
    assert "ContentSid" not in keluar.isian
    assert kata.contoh("diproses", kata.rapikan(panjang)) in keluar.body
    assert not TemplatWA.objects.exists()


def test_other_words_outside_the_window_are_explained(twilio, berhp, meja):
    jawab = uji(meja, BARU)

    assert "Kirim dulu pesan apa saja dari HP Anda ke nomor WhatsApp desa" in h.kata(jawab)
    assert h.formulir(jawab, "Lihat").isi["kata"] == [BARU]
    assert not Notifikasi.objects.exists()


def test_clerk_without_a_number_is_told_where_to_fill_it_in(twilio, meja):
    assert "Nomor HP Anda belum tercatat" in h.kata(uji(meja))
    assert not Notifikasi.objects.exists()


def test_words_with_objections_are_not_sent(twilio, berhp, meja):
    assert "tidak dikenal" in h.kata(uji(meja, "Nomor {{nomor}} dan {{asing}} siap."))
    assert not Notifikasi.objects.exists()


def test_sixth_sample_within_an_hour_is_refused(twilio, berhp, meja):
    for _ in range(5):
        assert "Contoh sedang dikirim" in h.kata(uji(meja))
    assert "Sudah 5 contoh dalam satu jam" in h.kata(uji(meja))

    Notifikasi.objects.update(dibuat_pada=timezone.now() - timedelta(hours=2))
    assert "Contoh sedang dikirim" in h.kata(uji(meja))


def test_samples_of_others_and_of_other_messages_are_not_shown(twilio, berhp, meja):
    uji(meja)

    assert "Contoh yang Anda kirim" in h.kata(meja.get(ALAMAT))
    assert "Contoh yang Anda kirim" not in h.kata(meja.get(f"{DAFTAR}ditolak/"))
    rekan = sebagai(factories.buat_petugas("rekan", peran.ADMIN_DESA))
    assert "Contoh yang Anda kirim" not in h.kata(rekan.get(ALAMAT))
