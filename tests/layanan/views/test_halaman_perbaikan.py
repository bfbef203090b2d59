"""Mending a request that was sent back: what can be changed, what is kept, when it goes out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from layanan.models import Berkas, Permohonan
from layanan.permohonan import alur, berkas, dampak
from tests import factories
from tests.factories import foto
from tests.halaman import formulir, kata, kirim, sebagai
from tests.layanan.views.conftest import KEPERLUAN, KTP

KK = {"apa": "syarat", "kunci": "kk", "label": "Foto/scan Kartu Keluarga"}
KREDIT = {"keperluan": "kredit di Bank X"}


@pytest.fixture
def client(warga):
    return sebagai(warga)


def _alamat(permohonan: Permohonan, ujung: str = "perbaiki/") -> str:
    return f"/layanan/permohonan/{permohonan.nomor}/{ujung}"


def _minta(permohonan: Permohonan, operator, *putusan: dict, catatan: str = "") -> None:
    bahan = dampak.MintaPerbaikan(list(putusan))
    pada = timezone.now()
    alur.jalankan(permohonan, "minta_perbaikan", bahan, oleh=operator, pada=pada, catatan=catatan)


def _rusak(nama: str = "rusak.jpg") -> SimpleUploadedFile:
    """Looks like a photo at the door, and cannot be opened."""
    return SimpleUploadedFile(nama, b"\xff\xd8\xff\xe0" + b"\1" * 900 + b"\xff\xd9", "image/jpeg")


def _kirim(client, permohonan: Permohonan, isi: dict, tombol: str = "Kirim perbaikan"):
    return kirim(client, client.get(_alamat(permohonan)), tombol, isi)


def _diperiksa(alasan: str = "") -> None:
    """What the worker's verdict leaves on all that waits for it; a real one takes half a second."""
    isi = {"keadaan": "DITOLAK", "alasan": alasan} if alasan else {"keadaan": "SIAP", "berkas": "x"}
    Berkas.objects.filter(keadaan="DIPERIKSA").update(**isi)


def _status(permohonan: Permohonan) -> str:
    permohonan.refresh_from_db()
    return permohonan.status


# --- What can be mended -----------------------------------------------------------------------


def test_only_marked_parts_can_be_mended(client, perlu_perbaikan):
    hal = client.get(_alamat(perlu_perbaikan))

    satu = formulir(hal, "Kirim perbaikan")
    assert satu.bidang == {"csrfmiddlewaretoken", "berkas-ktp", "keperluan"}
    assert satu.isi["keperluan"] == ["membuka rekening bank"]
    assert "Fotonya buram." in kata(hal)
    assert "Yang diminta petugas: Sebut nama banknya." in kata(hal)


def test_parts_that_were_not_marked_are_not_accepted(client, perlu_perbaikan):
    client.post(
        _alamat(perlu_perbaikan),
        {
            "aksi": "simpan",
            "berkas-ktp": foto(warna="red"),
            "berkas-kk": foto(warna="red"),
            "alamat_domisili": "Istana",
            "status": "SELESAI",
            **KREDIT,
        },
    )
    _diperiksa()
    _kirim(client, perlu_perbaikan, {})

    assert _status(perlu_perbaikan) == "DIAJUKAN"
    assert perlu_perbaikan.isian["keperluan"] == "kredit di Bank X"
    assert perlu_perbaikan.isian["alamat_domisili"] == "Jalan Contoh 7"
    assert perlu_perbaikan.lampiran.filter(syarat="kk").count() == 1


def test_reason_from_the_office_is_shown_as_text(client, permohonan, operator):
    alasan = "<img src=x onerror=alert(1)> {{ nik }}"
    putusan = [KTP | {"alasan": alasan}, KEPERLUAN | {"alasan": alasan}]
    _minta(permohonan, operator, *putusan, catatan=alasan)

    for ujung in ("", "perbaiki/"):
        hal = client.get(_alamat(permohonan, ujung))
        assert kata(hal).count(alasan) >= 3
        assert "<img src=x" not in hal.content.decode()


def test_mending_counts_from_the_latest_demand(client, perlu_perbaikan, operator):
    _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red")}, "Unggah dan simpan")
    _diperiksa()
    _kirim(client, perlu_perbaikan, KREDIT)
    perlu_perbaikan.refresh_from_db()
    _minta(perlu_perbaikan, operator, KK | {"alasan": "Terpotong."})

    hal = client.get(_alamat(perlu_perbaikan))
    jawab = kirim(client, hal, "Kirim perbaikan")

    assert formulir(hal, "Kirim perbaikan").bidang == {"csrfmiddlewaretoken", "berkas-kk"}
    assert "Foto/scan Kartu Keluarga: Unggah dokumen pengganti, lalu kirim." in kata(jawab)


def test_nothing_to_mend_leads_back_to_the_request(client, permohonan):
    alamat = _alamat(permohonan)

    assert client.get(alamat).url == _alamat(permohonan, "")
    assert client.post(alamat, {"aksi": "kirim", "keperluan": "x"}).url == _alamat(permohonan, "")
    assert permohonan.riwayat.count() == 1


# --- What is refused at once ------------------------------------------------------------------


def test_missing_replacement_is_refused_and_the_answer_is_kept(client, perlu_perbaikan):
    hal = _kirim(client, perlu_perbaikan, KREDIT)

    assert hal.status_code == 200
    assert "Foto/scan KTP-el pemohon: Unggah dokumen pengganti, lalu kirim." in kata(hal)
    for dibuka in (hal, client.get(_alamat(perlu_perbaikan))):
        assert formulir(dibuka, "Kirim perbaikan").isi["keperluan"] == ["kredit di Bank X"]
    assert _status(perlu_perbaikan) == "PERLU_PERBAIKAN"


def test_empty_answer_is_refused_and_the_uploaded_file_is_kept(client, perlu_perbaikan):
    hal = _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red"), "keperluan": " "})
    _diperiksa()
    jawab = kirim(client, hal, "Kirim perbaikan", KREDIT)

    assert "Isi Keperluan." in kata(hal)
    assert "Foto baru 1: ktp.jpg Sedang diperiksa" in kata(hal)
    assert jawab.url == _alamat(perlu_perbaikan, "")
    assert _status(perlu_perbaikan) == "DIAJUKAN"


def test_bad_replacement_gives_its_sentence_and_the_good_one_beside_it_counts(
    client, perlu_perbaikan
):
    buruk = SimpleUploadedFile("ktp.jpg", b"bukan foto", "image/jpeg")

    hal = _kirim(client, perlu_perbaikan, {"berkas-ktp": [buruk, foto(warna="red")], **KREDIT})

    assert "Foto/scan KTP-el pemohon: ktp.jpg: Berkas ini bukan foto" in kata(hal)
    assert "Foto baru 1: ktp.jpg Sedang diperiksa" in kata(hal)
    assert formulir(hal, "Kirim perbaikan").isi["keperluan"] == ["kredit di Bank X"]
    assert _status(perlu_perbaikan) == "PERLU_PERBAIKAN"


def test_the_very_photo_that_was_to_be_replaced_is_no_replacement(client, perlu_perbaikan):
    hal = _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(), **KREDIT})

    assert "Ini foto yang diminta diganti. Foto lagi kertasnya" in kata(hal)
    assert perlu_perbaikan.lampiran.filter(syarat="ktp", diganti_pada=None).count() == 1
    assert _status(perlu_perbaikan) == "PERLU_PERBAIKAN"


# --- While the new papers are being checked ---------------------------------------------------


def test_mend_goes_out_by_itself_once_its_papers_are_found_good(client, perlu_perbaikan):
    lama = perlu_perbaikan.lampiran.get(syarat="ktp")
    alamat = _alamat(perlu_perbaikan)

    jawab = _kirim(
        client, perlu_perbaikan, {"berkas-ktp": [foto(warna="red"), foto(warna="teal")], **KREDIT}
    )
    menunggu = client.get(jawab.url)
    saat_menunggu = _status(perlu_perbaikan)
    _diperiksa()
    selesai = client.get(f"{alamat}?tunggu=2")

    assert jawab.url == f"{alamat}?tunggu=1"
    assert menunggu["Refresh"] == f"2; url={alamat}?tunggu=2"
    assert "Perbaikan ini terkirim sendiri begitu berkasnya selesai diperiksa" in kata(menunggu)
    assert saat_menunggu == "PERLU_PERBAIKAN"
    assert selesai.url == _alamat(perlu_perbaikan, "")
    assert "Perbaikan Anda sudah terkirim." in kata(client.get(selesai.url))
    assert _status(perlu_perbaikan) == "DIAJUKAN"
    assert perlu_perbaikan.isian["keperluan"] == "kredit di Bank X"
    assert perlu_perbaikan.isian["alamat_domisili"] == "Jalan Contoh 7"
    terakhir = perlu_perbaikan.riwayat.last()
    assert terakhir.langkah == "ajukan_ulang"
    assert terakhir.rincian == {"isian_lama": {"keperluan": "membuka rekening bank"}}
    lama.refresh_from_db()
    assert lama.diganti_pada is not None
    berlaku = perlu_perbaikan.lampiran.filter(diganti_pada=None).order_by("pk")
    assert [x.syarat for x in berlaku] == ["kk", "ktp", "ktp"]
    assert perlu_perbaikan.perbaikan == {}


def test_refused_photo_stands_beside_its_paper_with_the_reason_and_nothing_is_sent(
    client, perlu_perbaikan
):
    jawab = _kirim(client, perlu_perbaikan, {"berkas-ktp": _rusak(), **KREDIT})
    berkas.bersihkan_yang_menunggu()

    hal = client.get(jawab.url)

    alasan = Berkas.objects.get(keadaan="DITOLAK").alasan
    assert f"Foto/scan KTP-el pemohon: {alasan}" in kata(hal)
    assert "Foto baru 1: rusak.jpg Tidak dapat dipakai" in kata(hal)
    assert formulir(hal, "Kirim perbaikan").isi["keperluan"] == ["kredit di Bank X"]
    assert _status(perlu_perbaikan) == "PERLU_PERBAIKAN"


def test_refused_photo_is_replaced_by_the_next_one(client, perlu_perbaikan):
    jawab = _kirim(client, perlu_perbaikan, {"berkas-ktp": _rusak(), **KREDIT})
    _diperiksa("Fotonya rusak.")

    lagi = kirim(
        client, client.get(jawab.url), "Kirim perbaikan", {"berkas-ktp": foto(warna="red")}
    )
    _diperiksa()
    client.get(lagi.url)

    assert _status(perlu_perbaikan) == "DIAJUKAN"
    berlaku = perlu_perbaikan.lampiran.filter(diganti_pada=None, syarat="ktp")
    assert [x.berkas.keadaan for x in berlaku] == ["SIAP"]  # the office sees only this one


def test_refused_page_beside_a_good_one_is_told_before_it_is_done_without(client, perlu_perbaikan):
    _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red")}, "Unggah dan simpan")
    _diperiksa()
    basi = client.get(_alamat(perlu_perbaikan))
    _kirim(client, perlu_perbaikan, {"berkas-ktp": _rusak()}, "Unggah dan simpan")
    _diperiksa("Fotonya rusak.")

    # From a page that did not show it, and from the one that comes then.
    hal = kirim(client, basi, "Kirim perbaikan", KREDIT)
    sebelum = _status(perlu_perbaikan)
    kirim(client, hal, "Kirim perbaikan")

    assert "Foto/scan KTP-el pemohon: Fotonya rusak." in kata(hal)
    assert (sebelum, _status(perlu_perbaikan)) == ("PERLU_PERBAIKAN", "DIAJUKAN")


def test_refused_photos_never_keep_the_good_one_out(client, perlu_perbaikan, monkeypatch):
    monkeypatch.setattr(berkas, "PER_SYARAT_MAKS", 1)
    _kirim(client, perlu_perbaikan, {"berkas-ktp": _rusak(), **KREDIT})
    _diperiksa("Fotonya rusak.")

    jawab = _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red")})
    _diperiksa()
    client.get(jawab.url)

    assert _status(perlu_perbaikan) == "DIAJUKAN"


def test_mend_is_accepted_when_the_check_takes_longer_and_a_later_refusal_is_seen_by_both(
    client, perlu_perbaikan, operator
):
    _kirim(client, perlu_perbaikan, {"berkas-ktp": _rusak(), **KREDIT})
    for ke in range(1, 7):
        assert "Refresh" in client.get(f"{_alamat(perlu_perbaikan)}?tunggu={ke}")

    jawab = client.get(f"{_alamat(perlu_perbaikan)}?tunggu=7")

    assert jawab.url == _alamat(perlu_perbaikan, "")
    assert _status(perlu_perbaikan) == "DIAJUKAN"
    _diperiksa("Fotonya rusak.")
    warga = kata(client.get(jawab.url))
    kantor = kata(sebagai(operator).get(f"/kelola/layanan/permohonan/{perlu_perbaikan.pk}/change/"))
    assert "Foto/scan KTP-el pemohon tidak dapat dipakai. Fotonya rusak. Anda dapat" in warga
    assert "Fotonya rusak. Minta perbaikan kepada warga." in kantor


def test_link_to_the_waiting_page_sends_nothing_that_nobody_has_sent(client, perlu_perbaikan):
    isi = {"berkas-ktp": foto(warna="red"), **KREDIT}
    jawab = _kirim(client, perlu_perbaikan, isi, "Unggah dan simpan")
    _diperiksa()

    hal = client.get(jawab.url)

    assert hal.status_code == 200
    assert _status(perlu_perbaikan) == "PERLU_PERBAIKAN"


def test_mend_that_was_sent_from_another_phone_meanwhile_leads_to_the_request(
    client, perlu_perbaikan, warga
):
    jawab = _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red"), **KREDIT})
    _diperiksa()
    sebagai(warga).get(jawab.url)

    assert client.get(jawab.url).url == _alamat(perlu_perbaikan, "")
    assert perlu_perbaikan.riwayat.filter(langkah="ajukan_ulang").count() == 1


def test_second_look_at_the_moment_of_sending_is_told_that_it_was_sent(
    client, perlu_perbaikan, monkeypatch
):
    """ "Lihat hasilnya" is tapped while the page renews itself: both looks find the same mend."""
    jawab = _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red"), **KREDIT})
    _diperiksa()
    asli = alur.jalankan

    def dua_kali(permohonan, *lain, **pilihan):
        asli(Permohonan.objects.get(pk=permohonan.pk), *lain, **pilihan)
        return asli(permohonan, *lain, **pilihan)

    monkeypatch.setattr(alur, "jalankan", dua_kali)
    kedua = client.get(jawab.url)

    assert kedua.url == _alamat(perlu_perbaikan, "")
    teks = kata(client.get(kedua.url))
    assert "Perbaikan ini sudah terkirim. Tidak perlu dikirim lagi." in teks
    assert "belum tersimpan" not in teks


def test_second_press_on_the_same_form_is_no_mistake_and_another_text_is_shown(
    client, permohonan, operator
):
    tanggal = {"apa": "isian", "kunci": "tinggal_sejak", "label": "Tinggal sejak", "alasan": "?"}
    _minta(permohonan, operator, KEPERLUAN | {"alasan": "Sebut banknya."}, tanggal)
    hal = client.get(_alamat(permohonan))
    isi = KREDIT | {"tinggal_sejak": "1 April 2016"}

    semua = [kirim(client, hal, "Kirim perbaikan", isi) for _ in range(2)]
    teks = kata(client.get(_alamat(permohonan, "")))
    lain = kata(kirim(client, hal, "Kirim perbaikan", isi | {"keperluan": "kredit di Bank Y"}))

    assert [jawab.url for jawab in semua] == [_alamat(permohonan, "")] * 2
    assert "Perbaikan ini sudah terkirim. Tidak perlu dikirim lagi." in teks
    assert "langkah terakhir “kirim perbaikan” oleh pemohon" in lain
    assert "belum tersimpan Keperluan kredit di Bank Y" in lain


def test_form_of_an_earlier_demand_is_shown_and_does_not_answer_the_new_one(
    client, perlu_perbaikan, operator
):
    basi = client.get(_alamat(perlu_perbaikan))
    _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red"), **KREDIT})
    _diperiksa()
    client.get(f"{_alamat(perlu_perbaikan)}?tunggu=1")
    perlu_perbaikan.refresh_from_db()
    _minta(perlu_perbaikan, operator, KK | {"alasan": "Terpotong."})

    isi = {"keperluan": "kredit di Bank Y", "berkas-ktp": foto(warna="teal")}
    hal = kata(kirim(client, basi, "Kirim perbaikan", isi))

    assert "belum tersimpan Keperluan kredit di Bank Y" in hal
    assert "Berkas yang baru Anda pilih tidak tersimpan" in hal
    assert "Foto/scan Kartu Keluarga: Terpotong." in hal
    assert perlu_perbaikan.lampiran.filter(syarat="ktp", diganti_pada=None).count() == 1
    assert _status(perlu_perbaikan) == "PERLU_PERBAIKAN"


def test_what_is_saved_at_the_moment_of_sending_is_not_said_to_be_saved(
    client, perlu_perbaikan, warga, monkeypatch
):
    hal = client.get(_alamat(perlu_perbaikan))
    asli = berkas.terima_beberapa

    def terkirim_dulu(*lain, pada, **pilihan):
        satu = Permohonan.objects.get(pk=perlu_perbaikan.pk)
        alur.jalankan(satu, "batalkan", oleh=warga, pada=pada)
        return asli(*lain, pada=pada, **pilihan)

    monkeypatch.setattr(berkas, "terima_beberapa", terkirim_dulu)
    isi = {"berkas-ktp": foto(warna="red"), **KREDIT}
    jawab = kata(kirim(client, hal, "Unggah dan simpan", isi))

    assert "belum tersimpan Keperluan kredit di Bank X" in jawab
    assert "langkah terakhir “batalkan” oleh pemohon" in jawab
    assert "Berkas yang baru Anda pilih tidak tersimpan" in jawab
    assert perlu_perbaikan.lampiran.filter(syarat="ktp").count() == 1
    assert Berkas.objects.filter(dokumen="ktp").count() == 1


def test_whoever_comes_back_to_a_mend_that_waits_reads_that_it_was_not_sent(
    client, perlu_perbaikan
):
    _kirim(client, perlu_perbaikan, {"berkas-ktp": foto(warna="red"), **KREDIT})
    saat_diperiksa = kata(client.get(_alamat(perlu_perbaikan)))
    _diperiksa()
    sesudah = kata(client.get(_alamat(perlu_perbaikan)))

    assert "belum terkirim. Berkasnya masih diperiksa. Kirim begitu selesai" in saat_diperiksa
    assert "Lihat hasil pemeriksaan berkas" not in saat_diperiksa
    assert "belum terkirim. Periksa lagi, lalu tekan “Kirim perbaikan”." in sesudah
    assert _status(perlu_perbaikan) == "PERLU_PERBAIKAN"


# --- What is kept -----------------------------------------------------------------------------


def test_unggah_dan_simpan_keeps_what_was_typed_over_the_waiting_page(client, perlu_perbaikan):
    isi = {"berkas-ktp": foto(warna="red"), **KREDIT}
    jawab = _kirim(client, perlu_perbaikan, isi, "Unggah dan simpan")
    menunggu = client.get(jawab.url)
    _diperiksa()
    hal = client.get(jawab.url)
    nanti = client.get(_alamat(perlu_perbaikan))

    assert jawab.url == f"{_alamat(perlu_perbaikan)}?tunggu=1"
    assert "Refresh" in menunggu and "terkirim sendiri" not in kata(menunggu)
    assert "1 berkas tersimpan." in kata(hal)
    for dibuka in (hal, nanti):
        assert formulir(dibuka, "Kirim perbaikan").isi["keperluan"] == ["kredit di Bank X"]
    assert kirim(client, nanti, "Kirim perbaikan").url == _alamat(perlu_perbaikan, "")
    assert perlu_perbaikan.isian["keperluan"] == "membuka rekening bank"
    assert _status(perlu_perbaikan) == "DIAJUKAN"
    assert perlu_perbaikan.isian["keperluan"] == "kredit di Bank X"


def test_what_is_not_right_yet_is_kept_as_it_was_typed(client, warga, operator):
    satu = factories.buat_permohonan(warga)
    tanggal = {"apa": "isian", "kunci": "tinggal_sejak", "label": "Tinggal sejak", "alasan": "?"}
    _minta(satu, operator, KTP | {"alasan": "Buram."}, tanggal)

    jawab = _kirim(client, satu, {"tinggal_sejak": "sejak dulu"}, "Unggah dan simpan")
    hal = client.get(jawab.url)

    assert jawab.url == _alamat(satu)
    assert "Ada yang perlu diperbaiki" not in kata(hal)  # judged when it is sent
    assert formulir(hal, "Kirim perbaikan").isi["tinggal_sejak"] == ["sejak dulu"]
    assert satu.isian["tinggal_sejak"] == "2015-04-01"


def test_more_rows_keep_the_others_and_the_photo(client, warga, operator):
    beda = [{"data": "Nama", "dokumen1": "I Wayan", "dokumen2": "Wayan"}]
    lain = {"dokumen1": "KTP-el", "dokumen2": "Ijazah", "data_benar": "Dokumen 1"}
    satu = factories.buat_permohonan(warga, "beda_identitas", perbedaan=beda, **lain)
    tabel = {"apa": "isian", "kunci": "perbedaan", "label": "Perbedaan", "alasan": "Kurang."}
    _minta(satu, operator, KTP | {"alasan": "Buram."}, tabel)

    isi = {"perbedaan-1-data": "Tanggal lahir", "perbedaan-2-data": "Alamat"}
    hal = _kirim(client, satu, isi | {"berkas-ktp": foto(warna="red")}, "Tambah baris")

    for dibuka in (hal, client.get(_alamat(satu))):
        isi = formulir(dibuka, "Kirim perbaikan").isi
        assert isi["perbedaan-0-dokumen2"] == ["Wayan"]
        assert isi["perbedaan-1-data"] == ["Tanggal lahir"]
        assert "perbedaan-4-data" in isi
        assert "Foto baru 1: ktp.jpg" in kata(dibuka)


def test_what_was_typed_goes_when_the_request_is_cancelled(client, perlu_perbaikan):
    _kirim(client, perlu_perbaikan, KREDIT, "Unggah dan simpan")
    perlu_perbaikan.refresh_from_db()
    sebelum = perlu_perbaikan.perbaikan["isian"]

    kirim(client, client.get(_alamat(perlu_perbaikan, "")), "Ya, batalkan permohonan ini")

    assert sebelum == KREDIT
    assert _status(perlu_perbaikan) == "DIBATALKAN"
    assert perlu_perbaikan.perbaikan == {}
