"""Photos in a chat: who writes and what they owe decides where they go."""

import ast
import io
import re
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from layanan import tasks
from layanan.kabar import panggilan
from layanan.kotak_keluar import aturan
from layanan.minta_pin import permintaan
from layanan.models import (
    Berkas,
    CatatanWarga,
    Notifikasi,
    PermintaanPIN,
    Permohonan,
    PesanMasuk,
)
from layanan.percakapan import foto, masuk, media
from layanan.percakapan.jawab import di_obrolan
from layanan.permohonan import alur, berkas, dampak, jatah, pembersihan
from penduduk.akun import penjagaan
from penduduk.models import Akun
from tests import factories
from tests.layanan.percakapan.conftest import kode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
HP, ASING = "+6281234567890", "+6281234567802"
BSUID = "ID.13491208655302741918"
S = Permohonan.Status


def gambar(warna: str = "teal") -> list[tuple[str, bytes]]:
    return [("image/jpeg", factories.foto(warna=warna).read())]


@pytest.fixture
def perbaikan(chat, warga, operator):
    """A request of `warga` that was sent back for these papers (and answers)."""

    def buat(*label: str, isian: str = "", akun: Akun | None = None) -> Permohonan:
        satu = factories.buat_permohonan(akun or warga)
        putusan = [
            {"apa": "syarat", "kunci": s.lower().replace(" ", "_"), "label": s, "alasan": "Buram"}
            for s in label
        ]
        if isian:
            putusan.append(
                {"apa": "isian", "kunci": "keperluan", "label": isian, "alasan": "Kurang"}
            )
        bahan = dampak.MintaPerbaikan(putusan)
        alur.jalankan(satu, "minta_perbaikan", bahan, oleh=operator, pada=timezone.now())
        tasks.kirim_pesan()  # what the steps say is not the matter here
        return satu

    return buat


def lampiran_baru(satu: Permohonan) -> list[tuple[str, str]]:
    semua = satu.lampiran.filter(diganti_pada__isnull=True, berkas__masuk__isnull=False)
    return [(x.syarat, x.berkas.keadaan) for x in semua.order_by("pk")]


# --- A request that needs mending ----------------------------------------------------------------


def test_photo_goes_to_the_request_that_asked_for_it_with_its_caption(chat, perbaikan):
    satu = perbaikan("KTP")

    (jawab,) = chat.kirim(HP, media=gambar(), teks="ini KTP saya yang baru")

    assert lampiran_baru(satu) == [("ktp", "SIAP")]
    assert (
        Berkas.objects.get(masuk__isnull=False).label == "KTP (WhatsApp: “ini KTP saya yang baru”)"
    )
    assert f"Foto untuk KTP (permohonan {satu.nomor}) sudah kami terima." in jawab
    assert "Balas KIRIM" in jawab
    pesan = PesanMasuk.objects.get()
    assert (pesan.keadaan, pesan.permohonan) == ("PERMOHONAN", satu)
    assert not PermintaanPIN.objects.exists()


def test_former_paper_no_longer_counts(chat, perbaikan):
    satu = perbaikan("KTP")
    lama = berkas.terima(
        factories.foto(warna="red"),
        pemilik=satu.pemohon,
        dokumen="ktp",
        label="KTP",
        pada=timezone.now(),
    )
    berkas.lampirkan(lama, syarat="ktp", ke=satu)
    satu.lampiran.update(ditambah_pada=timezone.now() - timedelta(days=1))

    chat.kirim(HP, media=gambar())

    assert satu.lampiran.get(berkas=lama).diganti_pada is not None


def test_paper_that_follows_within_seconds_is_told_that_it_was_the_last(chat, perbaikan):
    perbaikan("KTP", "KK")

    semua = [chat.kirim(HP, media=gambar("teal"), teks="KTP")]
    semua.append(chat.kirim(HP, media=gambar("red"), teks="KK"))

    assert "Masih kurang: KK." in semua[0][0]
    assert "Balas KIRIM" in semua[1][0]


def _bersama(chat, *semua: dict) -> list[str]:
    """Messages that wait together, and what is answered to all of them."""
    for satu in semua:
        assert set(chat.palsu.masuk(dari=HP, **satu)) == {200}
    chat.kerjakan()
    return [m.body for m in chat.palsu.messages if m.ke == f"whatsapp:{HP}"][-2:]


def test_question_is_asked_although_the_next_photo_says_itself_what_it_is(chat, perbaikan):
    perbaikan("KTP", "KK")

    semua = _bersama(chat, {"media": gambar("teal")}, {"media": gambar("red"), "teks": "KTP"})

    assert [kode(satu) for satu in semua] == ["balas_tanya_foto", "balas_perbaikan"]


def test_refusal_tells_of_the_good_photo_before_it_too(chat, perbaikan):
    perbaikan("KTP")

    *_, jawab = _bersama(
        chat, {"media": gambar("teal")}, {"media": [("image/jpeg", b"bukan foto")]}
    )

    assert kode(jawab) == "balas_foto_ditolak"
    assert "Foto sebelumnya sudah kami terima. Semua dokumen yang diminta sudah ada." in jawab
    (jawab,) = chat.kirim(HP, media=[("image/jpeg", b"bukan foto juga")])
    assert "Foto sebelumnya" not in jawab


def test_same_photo_as_before_is_no_better_one(chat, perbaikan):
    satu = perbaikan("KTP")
    lama = [("image/jpeg", factories.foto().read())]  # as factories.buat_draf has attached it

    (jawab,) = chat.kirim(HP, media=lama)

    assert "sama persis dengan yang sebelumnya" in jawab
    assert satu.lampiran.filter(syarat="ktp", diganti_pada__isnull=True).count() == 1
    assert Berkas.objects.filter(pemilik=satu.pemohon, dokumen="ktp").count() == 1


def test_long_caption_is_read_by_an_operator_as_well(chat, perbaikan):
    perbaikan("KTP")
    panjang = "Ini KTP saya. " * 20

    chat.kirim(HP, media=gambar(), teks=panjang)

    assert len(Berkas.objects.get(masuk__isnull=False).label) <= 120
    assert panjang.strip() in CatatanWarga.objects.get().teks


def test_answer_kirim_sends_what_is_complete_and_only_then(chat, perbaikan):
    satu = perbaikan("KTP")

    assert "Masih kurang: KTP." in chat.kirim(HP, teks="kirim")[0]
    chat.kirim(HP, media=gambar())
    jawab = chat.kirim(HP, teks="KIRIM")

    satu.refresh_from_db()
    assert satu.status == S.DIAJUKAN
    assert [kode(t) for t in jawab] == ["perbaikan_diterima"], (
        "one message, which the call list watches"
    )
    pesan = PesanMasuk.objects.latest("pk")
    assert (pesan.keadaan, pesan.permohonan) == ("PERMOHONAN", satu)
    assert kode(chat.kirim(HP, teks="KIRIM")[0]) == "balas_tak_ada_perbaikan"


def test_news_of_kirim_that_fails_ends_on_the_call_list(chat, perbaikan):
    perbaikan("KTP")
    chat.kirim(HP, media=gambar())
    chat.palsu.masuk(dari=HP, teks="KIRIM")
    masuk.kerjakan_yang_menunggu()

    kabar = Notifikasi.objects.filter(pesan="perbaikan_diterima", keadaan="MENUNGGU")
    kabar.update(keadaan="GAGAL")

    assert [b.pesan for b in panggilan.belum_tersampaikan()] == ["perbaikan_diterima"]


@pytest.mark.parametrize("kenapa", ["tidak mau dikabari", "di nomor lain", "desa tidak mengabari"])
def test_kirim_is_answered_where_the_news_of_the_step_does_not_come(kenapa, chat, perbaikan):
    satu = perbaikan("KTP")
    chat.kirim(HP, media=gambar())
    if kenapa == "tidak mau dikabari":
        Permohonan.objects.update(kabari_wa=False)
    elif kenapa == "di nomor lain":
        Permohonan.objects.update(nomor_hp=ASING)
    else:
        aturan.ubah({("ajukan_ulang", "WARGA", "WA"): False})

    (jawab,) = chat.kirim(HP, teks="KIRIM")

    assert kode(jawab) == "balas_terkirim" and satu.nomor in jawab


def test_kirim_tells_what_is_still_missing_beside_what_was_sent(chat, perbaikan):
    satu, lain = perbaikan("KTP"), perbaikan("Akta")
    chat.kirim(HP, media=gambar(), teks="ktp")
    Permohonan.objects.filter(pk=satu.pk).update(kabari_wa=False)

    (jawab,) = chat.kirim(HP, teks="KIRIM")

    assert kode(jawab) == "balas_belum_lengkap"
    assert f"{satu.nomor}: Sudah terkirim." in jawab
    assert f"{lain.nomor}: Masih kurang: Akta." in jawab


@pytest.mark.parametrize("kenapa", ["beku", "tidak aktif"])
def test_kirim_that_nobody_may_send_reaches_an_operator(kenapa, chat, perbaikan, warga):
    satu = perbaikan("KTP")
    chat.kirim(HP, media=gambar())
    if kenapa == "beku":
        penjagaan.bekukan(warga, sebab=Akun.SebabBeku.PETUGAS, pada=timezone.now())
    else:
        Akun.objects.filter(pk=warga.pk).update(is_active=False)

    jawab = chat.kirim(HP, teks="KIRIM")[0]

    satu.refresh_from_db()
    assert satu.status == S.PERLU_PERBAIKAN
    assert f"{satu.nomor}: Kami sampaikan kepada operator desa." in jawab
    assert CatatanWarga.objects.get().teks == "KIRIM"


def test_request_with_a_faulty_answer_is_mended_on_the_site(chat, perbaikan):
    satu = perbaikan("KTP", isian="Keperluan")

    (jawab,) = chat.kirim(HP, media=gambar())
    assert f"/layanan/permohonan/{satu.nomor}/: Keperluan." in jawab

    assert kode(chat.kirim(HP, teks="KIRIM")[0]) == "balas_belum_lengkap"
    satu.refresh_from_db()
    assert satu.status == S.PERLU_PERBAIKAN


def test_which_of_several_papers_is_asked_and_the_next_answer_decides(chat, perbaikan):
    satu = perbaikan("KTP", "Kartu Keluarga")

    (tanya,) = chat.kirim(HP, media=gambar())
    assert kode(tanya) == "balas_tanya_foto"
    assert tanya.endswith("\nSalah kirim? Balas BATAL."), "nothing of several photos"
    assert f"2. Kartu Keluarga untuk permohonan {satu.nomor}" in tanya
    assert PesanMasuk.objects.get().keadaan == "TANYA"

    (jawab,) = chat.kirim(HP, teks="2")

    assert lampiran_baru(satu) == [("kartu_keluarga", "SIAP")]
    assert "Masih kurang: KTP." in jawab
    assert set(PesanMasuk.objects.values_list("keadaan", flat=True)) == {"PERMOHONAN", "DIJAWAB"}


def test_caption_says_which_paper_it_is(chat, perbaikan):
    satu = perbaikan("KTP", "Kartu Keluarga")

    chat.kirim(HP, media=gambar(), teks="ini kartu keluarga kami")

    assert lampiran_baru(satu) == [("kartu_keluarga", "SIAP")]


def test_second_photo_makes_it_a_question_of_several(chat, perbaikan):
    perbaikan("KTP", "Kartu Keluarga")

    satu, dua = [chat.kirim(HP, media=gambar(warna)) for warna in ("teal", "maroon")]

    assert [kode(t) for t in (*satu, *dua)] == ["balas_tanya_foto", "balas_tanya_banyak"]
    baris = dua[0].splitlines()
    assert baris[0].endswith("(misalnya: 2 1).")
    assert [b[:2] for b in baris[1:]] == ["1.", "2.", "3.", "Sa"]


def test_several_photos_are_assigned_in_their_order(chat, perbaikan):
    satu = perbaikan("KTP", "Kartu Keluarga")
    chat.palsu.masuk(dari=HP, media=[*gambar("teal"), *gambar("maroon")])

    chat.kerjakan()
    assert PesanMasuk.objects.filter(keadaan="TANYA").count() == 2
    chat.kirim(HP, teks="2 1")

    assert lampiran_baru(satu) == [("kartu_keluarga", "SIAP"), ("ktp", "SIAP")]


@pytest.mark.parametrize("teks", ["9", "1 2 1", "0"])
def test_choice_that_is_none_is_asked_again_and_nothing_is_lost(teks, chat, perbaikan):
    perbaikan("KTP", "Kartu Keluarga")
    chat.kirim(HP, media=gambar())

    assert [kode(t) for t in chat.kirim(HP, teks=teks)] == ["balas_pilih_lagi"]
    assert PesanMasuk.objects.filter(keadaan="TANYA").count() == 1


def test_words_instead_of_a_choice_reach_an_operator_and_the_photo_waits(chat, perbaikan):
    perbaikan("KTP", "Kartu Keluarga")
    chat.kirim(HP, media=gambar())

    jawab = chat.kirim(HP, teks="2 hari lagi saya ke kantor, bagaimana?")

    assert [kode(t) for t in jawab] == ["balas_pilih_lagi"]
    assert "2 hari lagi" in CatatanWarga.objects.get().teks
    assert PesanMasuk.objects.filter(keadaan="TANYA").count() == 1


def test_question_without_an_answer_ends_with_an_operator_who_sees_the_photo(
    chat, perbaikan, monkeypatch
):
    perbaikan("KTP", "Kartu Keluarga")
    chat.kirim(HP, media=gambar(), teks="foto")

    assert foto.lewat_waktu(pada=timezone.now() + timedelta(hours=11)) == 0
    assert foto.lewat_waktu(pada=timezone.now() + timedelta(hours=13)) == 1

    satu = PesanMasuk.objects.get()
    assert satu.keadaan == "PETUGAS"
    assert satu.catatan.teks == "[foto atau PDF] foto"
    assert satu.berkas.get().keadaan == "SIAP"


def test_request_that_was_mended_meanwhile_gets_nothing_more(chat, perbaikan, warga):
    satu = perbaikan("KTP", "Kartu Keluarga")
    chat.kirim(HP, media=gambar())
    kk = satu.lampiran.get(syarat="kk").berkas
    for syarat in ("ktp", "kartu_keluarga"):
        satu.lampiran.create(syarat=syarat, berkas=kk)
    bahan = dampak.AjukanUlang(satu.isian)
    alur.jalankan(satu, "ajukan_ulang", bahan, oleh=warga, pada=timezone.now())

    jawab = chat.kirim(HP, teks="1")

    assert kode(jawab[-1]) == "balas_foto_petugas" and "tulisan" not in jawab[-1]
    assert lampiran_baru(satu) == []
    assert PesanMasuk.objects.filter(keadaan="PETUGAS").count() == 1


def test_batal_throws_the_waiting_photo_away(chat, perbaikan):
    perbaikan("KTP", "Kartu Keluarga")
    chat.kirim(HP, media=gambar())
    nama = Berkas.objects.get(masuk__isnull=False).berkas

    assert [kode(t) for t in chat.kirim(HP, teks="BATAL")] == ["balas_foto_batal"]

    assert not default_storage.exists(nama)


def test_number_that_somebody_typed_adds_no_papers_to_a_request(chat, perbaikan):
    satu = perbaikan("KTP")
    Permohonan.objects.filter(pk=satu.pk).update(nomor_hp=ASING)

    jawab = chat.kirim(ASING, media=gambar())

    assert lampiran_baru(satu) == []
    assert [kode(t) for t in jawab] == ["balas_tanya_foto"]


def test_chat_that_an_operator_has_joined_mends_like_a_number(chat, perbaikan, warga, operator):
    from layanan.models import Percakapan
    from layanan.percakapan import siapa

    satu = perbaikan("KTP")
    chat.kirim(BSUID, teks="halo")
    siapa.sambungkan(Percakapan.objects.get(), warga, oleh=operator, pada=timezone.now())

    chat.kirim(BSUID, media=gambar())

    assert lampiran_baru(satu) == [("ktp", "SIAP")]


# --- Nothing is owed ------------------------------------------------------------------------------


def test_photo_of_somebody_with_an_account_opens_no_pin_request_unasked(chat, warga):
    (jawab,) = chat.kirim(HP, media=gambar())

    assert "1. PIN baru" in jawab and "2. lainnya" in jawab
    assert not PermintaanPIN.objects.exists()


def test_photos_for_a_new_pin_become_its_request(chat, warga):
    for warna in ("teal", "maroon"):
        chat.kirim(HP, media=gambar(warna))

    jawab = chat.kirim(HP, teks="1. PIN baru")

    satu = PermintaanPIN.objects.get()
    assert [b.dokumen for b in permintaan.foto(satu)] == ["ktp", "kk"]
    assert satu.keadaan == "MENUNGGU"
    assert [kode(t) for t in jawab] == ["balas_lengkap"]


def test_photo_for_the_operator_lies_in_the_chat(chat, warga):
    chat.kirim(HP, media=gambar(), teks="jalan rusak")

    chat.kirim(HP, teks="2")

    satu = PesanMasuk.objects.get(jenis="KERTAS")
    assert (satu.keadaan, satu.catatan.teks) == ("PETUGAS", "[foto atau PDF] jalan rusak")
    assert satu.berkas.get().berkas


def test_photo_for_two_matters_at_once_is_asked_about(chat, perbaikan):
    perbaikan("KTP")
    factories.buat_permintaan_pin(nomor_hp=HP)
    PermintaanPIN.objects.update(keadaan="FOTO_ULANG", alasan="Buram")

    (jawab,) = chat.kirim(HP, media=gambar())

    assert "1. KTP untuk permohonan" in jawab and "2. PIN baru" in jawab


# --- The verdict ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("isi", "jenis"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "image/heic"),
        (b"%PDF-1.7\n/Encrypt 1 0 R\n%%EOF\n", "application/pdf"),
        (b"bukan apa-apa", "image/jpeg"),
        (b"", "image/jpeg"),
    ],
    ids=["heic", "terkunci", "asing", "kosong"],
)
def test_reason_is_the_one_that_the_site_gives_in_words_of_a_chat(isi, jenis, chat):
    from django.core.files.uploadedfile import SimpleUploadedFile

    try:
        satu = berkas.terima(
            SimpleUploadedFile("foto", isi),
            pemilik=factories.buat_penduduk(),
            dokumen="ktp",
            label="KTP",
            pada=timezone.now(),
        )
        alasan = berkas.bersihkan_segera(satu).alasan
    except berkas.BerkasDitolak as galat:
        alasan = str(galat)

    (jawab,) = chat.kirim(ASING, media=[(jenis, isi)])

    assert alasan and di_obrolan(alasan) in jawab


_KATA_SITUS = re.compile(r"unggah|halaman ini|tombol|pilih|tekan|muat ulang", re.IGNORECASE)


def test_no_reason_that_can_reach_a_chat_speaks_of_the_site():
    """Every sentence on a file that the site has words for."""
    folder = Path(berkas.__file__).parent
    semua = [berkas.__file__, jatah.__file__, pembersihan.__file__, media.__file__]
    kalimat = set()
    for modul in [*semua, *(folder / "pembersih").glob("*.py")]:
        for simpul in ast.walk(ast.parse(Path(modul).read_text())):
            if isinstance(simpul, ast.Constant) and isinstance(simpul.value, str):
                kalimat.add(simpul.value)
    dari_situs = [satu for satu in kalimat if _KATA_SITUS.search(satu)]

    assert len(dari_situs) > 10
    assert [satu for satu in dari_situs if _KATA_SITUS.search(di_obrolan(satu))] == []


def test_portfolio_is_asked_for_file_by_file_in_the_chat(chat):
    dokumen = pikepdf.new()
    dokumen.add_blank_page()
    dokumen.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection)
    dokumen.attachments["ktp.pdf"] = pikepdf.AttachedFileSpec(dokumen, b"isi")
    isi = io.BytesIO()
    dokumen.save(isi)

    (jawab,) = chat.kirim(ASING, media=[("application/pdf", isi.getvalue())])

    assert "simpan tiap berkas, lalu kirim satu per satu." in jawab


def _macet(*_: object) -> None:
    raise pembersihan.TidakSelesai from OSError("disk")


def test_nothing_is_confirmed_before_the_check_has_ended(chat, perbaikan, monkeypatch):
    satu = perbaikan("KTP")
    asli = pembersihan.jalankan
    monkeypatch.setattr(pembersihan, "jalankan", _macet)
    assert chat.kirim(HP, media=gambar()) == []
    assert PesanMasuk.objects.get().keadaan == "MENUNGGU"

    monkeypatch.setattr(pembersihan, "jalankan", asli)
    Berkas.objects.update(ambil_lagi_pada=timezone.now())
    tasks.periksa_berkas()
    PesanMasuk.objects.update(ambil_lagi_pada=timezone.now())
    chat.kerjakan()

    assert lampiran_baru(satu) == [("ktp", "SIAP")]
    assert "sudah kami terima" in chat.palsu.messages[-1].body


def test_late_refusal_reaches_the_chat_as_well(chat, perbaikan, monkeypatch):
    perbaikan("KTP")
    monkeypatch.setattr(pembersihan, "jalankan", _macet)
    chat.kirim(HP, media=gambar())
    gelap = pembersihan.Hasil(alasan="Foto ini terlalu gelap.")
    monkeypatch.setattr(pembersihan, "jalankan", lambda *_: gelap)
    Berkas.objects.update(ambil_lagi_pada=timezone.now())
    tasks.periksa_berkas()
    PesanMasuk.objects.update(ambil_lagi_pada=timezone.now())

    chat.kerjakan()

    assert kode(chat.palsu.messages[-1].body) == "balas_foto_ditolak"


def test_worker_that_died_between_photo_and_answer_fetches_nothing_twice(chat, perbaikan):
    satu = perbaikan("KTP")
    chat.palsu.masuk(dari=HP, media=gambar())
    diambil = masuk._ambil(timezone.now())
    masuk._tanggapi(diambil, pada=timezone.now())
    PesanMasuk.objects.update(ambil_lagi_pada=timezone.now())

    chat.kerjakan()

    assert lampiran_baru(satu) == [("ktp", "SIAP")]
    assert chat.palsu.cacah("MEDIA") == 1


def test_resident_who_has_sent_enough_for_today_is_told_so(chat, perbaikan, monkeypatch):
    satu = perbaikan("KTP")
    monkeypatch.setitem(jatah.MAKS, "berkas", 0)

    (jawab,) = chat.kirim(HP, media=gambar())

    assert "Hari ini Anda sudah mengirim 0 berkas." in jawab
    assert lampiran_baru(satu) == []
    assert PesanMasuk.objects.get().keadaan == "PETUGAS"
