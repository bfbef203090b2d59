"""Uploads: what is refused at the door, what the cleaner does, who may look."""

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

import pikepdf
import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from layanan import tasks
from layanan.kesehatan import penyimpanan
from layanan.models import Berkas, Draf, JatahHarian, Lampiran
from layanan.permohonan import berkas, jatah, pembersihan, pengisian
from layanan.permohonan.pembersih import halaman as halaman_
from layanan.retensi import jalan
from penduduk import desa as desa_
from penduduk.antrean import SEWA
from penduduk.models import Desa
from tests import factories, pembersih, serentak


@pytest.fixture
def pembersih_di_sini() -> None:
    """Here uploads are cleaned by the program itself, within its limits."""


def _unggahan(isi: bytes, nama: str = "ktp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(nama, isi, "image/jpeg")


def _jpeg(ukuran=(800, 500), **simpan) -> bytes:
    keluar = io.BytesIO()
    Image.effect_noise(ukuran, 60).convert("RGB").save(keluar, "JPEG", **simpan)
    return keluar.getvalue()


def _png(mode="RGBA", ukuran=(300, 200)) -> bytes:
    keluar = io.BytesIO()
    Image.new(mode, ukuran).save(keluar, "PNG", compress_level=1)
    return keluar.getvalue()


def _pdf(halaman=1, **simpan) -> bytes:
    keluar = io.BytesIO()
    with pikepdf.new() as dokumen:
        for _ in range(halaman):
            dokumen.add_blank_page()
        dokumen.save(keluar, **simpan)
    return keluar.getvalue()


def _terima(isi: bytes, orang, nama="ktp.jpg") -> Berkas:
    return berkas.terima(
        _unggahan(isi, nama), pemilik=orang, dokumen="ktp", label="KTP-el", pada=timezone.now()
    )


@pytest.mark.parametrize(
    ("isi", "kata"),
    [
        (b"", "kosong"),
        (b"<?php echo 1; ?>", "bukan foto"),
        (b"PK\x03\x04" + b"\0" * 50, "Word, Excel, atau ZIP"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 50, "video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan foto"),
        (b"\xff\xd8\xff" + b"\0" * (32 * 1024 * 1024), "32.0 MB; paling besar 32 MB"),
    ],
)
def test_bad_upload_is_refused_at_the_door_with_a_sentence(warga, isi, kata):
    with pytest.raises(berkas.BerkasDitolak, match=kata):
        _terima(isi, warga.penduduk)

    assert Berkas.objects.count() == 0


def test_php_renamed_to_jpg_is_refused_whatever_its_name_says(warga):
    with pytest.raises(berkas.BerkasDitolak, match="bukan foto"):
        _terima(b"<?php system('id'); ?>", warga.penduduk, nama="ktp.php.jpg")


@pytest.mark.lambat  # six megapixels, as a phone takes them
def test_photo_is_rewritten_small_upright_and_without_exif(warga):
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90 degrees
    exif[0x010E] = "RAHASIA-EXIF"
    exif.get_ifd(0x8825)[1] = "S"  # GPS
    asli = _jpeg((3000, 2000), exif=exif.tobytes(), comment=b"RAHASIA-KOMENTAR")
    baris = _terima(asli, warga.penduduk, nama="5107041203900001.jpg")

    berkas.bersihkan_yang_menunggu()

    baris.refresh_from_db()
    with default_storage.open(baris.berkas) as tersimpan:
        bersih = tersimpan.read()
    with Image.open(io.BytesIO(bersih)) as foto:
        assert foto.format == "JPEG"
        assert foto.size == (1461, 2191)  # upright, 3.2 megapixels
        assert dict(foto.getexif()) == {}
        assert set(foto.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "progressive",
            "progression",
        }
    assert b"RAHASIA" not in bersih
    assert (baris.keadaan, baris.jenis_isi) == ("SIAP", "image/jpeg")
    assert "5107041203900001" not in baris.berkas
    assert sorted(_semua_berkas()) == sorted([baris.berkas, baris.mini, baris.mentah])


def _semua_berkas(folder: str = "") -> list[str]:
    subfolder, nama = default_storage.listdir(folder or ".")
    semua = [f"{folder}/{n}".lstrip("/") for n in nama]
    for satu in subfolder:
        semua += _semua_berkas(f"{folder}/{satu}".lstrip("/"))
    return semua


@pytest.mark.parametrize(
    ("isi", "kata"),
    [
        (_jpeg()[:400] + b"\0" * 3000 + b"\xff\xd9", "Foto ini"),
        (_jpeg()[:9000], "terpotong"),
        (_png("RGB", (20, 20)), "terlalu kecil untuk dibaca (20×20 titik)"),
        (_png("1", (12000, 12000)), "terlalu besar"),
        (_png("RGB"), "terlalu gelap"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "rusak"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "rusak"),
        (b"%PDF-1.7\n" + b"x" * 500 + b"%%EOF", "PDF ini rusak"),
        (_pdf(21), "paling banyak 20 halaman"),
        (_pdf(), "PDF ini kosong"),
        (_pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "dikunci kata sandi"),
    ],
    ids=[
        *("jpeg rusak", "terpotong", "mungil", "bom piksel", "hitam", "jpeg ompong", "png ompong"),
        *("pdf rusak", "21 halaman", "pdf kosong", "kata sandi"),
    ],
)
def test_cleaner_refuses_with_a_sentence(warga, isi, kata, monkeypatch):
    monkeypatch.setattr(pembersihan, "jalankan", pembersih.jalankan)  # its process is shown below
    baris = _terima(isi, warga.penduduk)

    berkas.bersihkan_yang_menunggu()

    baris.refresh_from_db()
    assert baris.keadaan == "DITOLAK"
    assert kata in baris.alasan
    assert _semua_berkas() == [baris.mentah]


# --- Whose fault it is ---------------------------------------------------------------------------


def _coba(kali: int) -> None:
    for _ in range(kali):
        Berkas.objects.update(ambil_lagi_pada=timezone.now())
        berkas.bersihkan_yang_menunggu()


def _mati(*args, **kwargs):
    raise subprocess.CalledProcessError(-11, "pembersih")


def _menggantung(*args, **kwargs):
    raise subprocess.TimeoutExpired("pembersih", 50)


def _rusak_impor(*args, **kwargs):
    raise subprocess.CalledProcessError(1, "pembersih")


@pytest.mark.parametrize("gangguan", [_mati, _menggantung, _rusak_impor])
def test_fault_of_ours_never_refuses_a_paper(warga, monkeypatch, gangguan):
    """A library is broken, or the machine is too busy: our own sample dies as well."""
    baris = _terima(_jpeg(), warga.penduduk)
    monkeypatch.setattr(pembersihan.subprocess, "run", gangguan)

    _coba(7)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.alasan, baris.percobaan) == ("DIPERIKSA", "", 7)
    assert baris.ambil_lagi_pada > timezone.now() + timedelta(minutes=9)
    monkeypatch.undo()
    _coba(1)
    baris.refresh_from_db()
    assert baris.keadaan == "SIAP"


@pytest.mark.parametrize("rusak", ["sementara", "simpanan"])
def test_full_disk_never_refuses_a_paper(warga, monkeypatch, rusak):
    baris = _terima(_jpeg(), warga.penduduk)

    def penuh(*args, **kwargs):
        raise OSError(28, "No space left on device")

    if rusak == "sementara":
        monkeypatch.setattr(pembersihan.tempfile, "TemporaryDirectory", penuh)
    else:
        monkeypatch.setattr(pembersihan.default_storage, "save", penuh)
    _coba(5)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.percobaan) == ("DIPERIKSA", 5)
    monkeypatch.undo()
    _coba(1)
    baris.refresh_from_db()
    assert baris.keadaan == "SIAP"


@pytest.fixture
def disk_penuh(monkeypatch):
    """After `n` more files the disk takes the first hundred bytes of each."""

    def atur(n: int) -> None:
        asli, hitung = File.chunks, count(1)

        def terpotong(self, *lain):
            if next(hitung) <= n:
                yield from asli(self, *lain)
                return
            yield self.read(100)
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(File, "chunks", terpotong)
        monkeypatch.setattr(InMemoryUploadedFile, "chunks", terpotong)

    return atur


def _di_disk() -> list[str]:
    return list(penyimpanan._semua_berkas())


def test_upload_on_a_full_disk_is_no_fault_of_the_sender_and_leaves_nothing(
    warga, disk_penuh, monkeypatch
):
    draf = pengisian.buka(warga, factories.jenis("domisili"), pada=timezone.now())
    isi = {"pemilik": warga.penduduk, "dokumen": "ktp", "label": "KTP", "ke": draf}
    isi |= {"unggahan": [_unggahan(_jpeg())], "pada": timezone.now()}
    disk_penuh(0)

    assert berkas.terima_beberapa(**isi) == (0, [berkas.TAK_TERSIMPAN])
    assert (Berkas.objects.count(), _di_disk()) == (0, [])
    dipakai = JatahHarian.objects.filter(apa__in=("berkas", "bita"))
    assert set(dipakai.values_list("jumlah", flat=True)) == {0}
    monkeypatch.undo()
    assert berkas.terima_beberapa(**isi) == (1, [])


def test_pictures_that_the_disk_cuts_off_leave_nothing(warga, disk_penuh):
    baris = _terima(_jpeg(), warga.penduduk)
    disk_penuh(1)  # the picture is stored, its thumbnail is not

    _coba(1)

    baris.refresh_from_db()
    assert baris.keadaan == "DIPERIKSA"
    assert _di_disk() == [baris.mentah]


def test_old_file_waits_while_the_disk_is_full(warga, disk_penuh):
    baris = berkas.bersihkan_segera(_terima(_jpeg(), warga.penduduk))
    isi = ContentFile(_pdf_bergambar(rahasia="RAHASIA"))
    _jadikan_lama(default_storage.save("berkas/lama.pdf", isi))
    semula = _di_disk()
    disk_penuh(0)

    assert pembersihan.perbarui_yang_lama(paling_banyak=5) == 1
    baris.refresh_from_db()
    assert (baris.versi, baris.berkas) == (0, "berkas/lama.pdf")
    assert _di_disk() == semula


@pytest.mark.parametrize("gangguan", [_mati, _menggantung])
def test_file_that_kills_the_cleaner_alone_is_refused_in_the_end(warga, monkeypatch, gangguan):
    """Our sample, tried at the same moment, comes through."""
    baris = _terima(_jpeg(), warga.penduduk)
    jalankan, semula = pembersihan._jalankan, pembersihan.subprocess.run

    def hanya_unggahan(sumber, teks):
        jalan = semula if teks == "contoh" else gangguan
        monkeypatch.setattr(pembersihan.subprocess, "run", jalan)
        return jalankan(sumber, teks)

    monkeypatch.setattr(pembersihan, "_jalankan", hanya_unggahan)
    _coba(2)
    baris.refresh_from_db()
    assert baris.keadaan == "DIPERIKSA"
    _coba(1)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.alasan) == ("DITOLAK", pembersihan.TERLALU_BERAT)


@pytest.mark.parametrize("jenis", ["image/jpeg", "application/pdf"])
def test_sample_of_ours_comes_through(jenis):
    galat = pembersihan.TidakSelesai()
    galat.__cause__ = subprocess.CalledProcessError(-9, "pembersih")

    assert pembersihan.salah_berkas(galat, Berkas(percobaan=3, jenis_isi=jenis))


def test_worker_that_overslept_gives_no_upload_up(warga, monkeypatch):
    baris = _terima(_jpeg(), warga.penduduk)
    sampai = timezone.now() + SEWA
    Berkas.objects.update(ambil_lagi_pada=sampai)  # another worker has it by now
    monkeypatch.setattr(pembersihan.subprocess, "run", _menggantung)

    hasil = berkas.bersihkan_segera(baris)

    assert (hasil.keadaan, hasil.ambil_lagi_pada) == ("DIPERIKSA", sampai)


@pytest.mark.parametrize("isi", [_jpeg(), _png("RGB", (20, 20))], ids=["baik", "ditolak"])
def test_what_was_uploaded_is_kept_for_a_day_after_the_verdict(warga, isi):
    baris = berkas.bersihkan_segera(_terima(isi, warga.penduduk))
    sekarang = timezone.now()

    jalan.jalankan(pada=sekarang + timedelta(hours=23))
    assert baris.mentah in _semua_berkas()
    jalan.jalankan(pada=sekarang + timedelta(hours=25))

    baris.refresh_from_db()
    assert baris.mentah == ""
    assert not any(nama.startswith("karantina") for nama in _semua_berkas())


@pytest.mark.lambat  # 119 megapixels
@pytest.mark.sekali
def test_cleaner_runs_within_limits_of_memory(warga, tmp_path):
    """A process that wants more than its memory dies alone."""
    bom = tmp_path / "bom.png"
    bom.write_bytes(_png("RGB", (10900, 10900)))
    keluar, mini = tmp_path / "keluar", tmp_path / "mini"

    hasil = subprocess.run(
        [sys.executable, "-I", pembersihan.PROGRAM, bom, keluar, mini, pembersihan.HURUF, "x"],
        capture_output=True,
        timeout=60,
        check=False,
        env={},
    )

    assert hasil.returncode == 0  # 119 megapixels still fit; the limit is a wall, not a guess
    assert b"terlalu gelap" in hasil.stdout


def test_retry_after_a_lost_answer_makes_one_berkas(warga):
    isi = _jpeg()

    pertama, kedua = _terima(isi, warga.penduduk), _terima(isi, warga.penduduk)

    assert pertama == kedua
    assert len(_semua_berkas()) == 1


def test_refused_upload_is_looked_at_anew_when_it_comes_again(warga):
    isi = _png("RGB", (20, 20))  # too small
    pertama = berkas.bersihkan_segera(_terima(isi, warga.penduduk))

    kedua = _terima(isi, warga.penduduk)

    assert pertama.keadaan == "DITOLAK"
    assert (kedua.keadaan, kedua.alasan, kedua.pk != pertama.pk) == ("DIPERIKSA", "", True)
    assert sorted(_semua_berkas()) == sorted([pertama.mentah, kedua.mentah])


def test_at_most_ten_files_per_syarat(warga):
    draf = factories.buat_draf(warga)
    draf.lampiran.all().delete()
    for n in range(berkas.PER_SYARAT_MAKS):
        berkas.lampirkan(_terima(_jpeg((60 + n, 60)), warga.penduduk), syarat="ktp", ke=draf)

    with pytest.raises(berkas.BerkasDitolak, match="Paling banyak 10"):
        berkas.lampirkan(_terima(_jpeg((90, 90)), warga.penduduk), syarat="ktp", ke=draf)

    assert Berkas.objects.filter(lampiran=None).count() == 2  # those of the draft as it was made
    assert Lampiran.objects.filter(draf=draf).count() == 10


def test_who_may_look(warga, tetangga, operator, perbekel, admin_desa):
    milik = _terima(_jpeg((60, 60)), warga.penduduk)

    assert berkas.boleh_melihat(warga, milik) is True
    assert berkas.boleh_melihat(operator, milik) is True
    assert berkas.boleh_melihat(perbekel, milik) is True
    assert berkas.boleh_melihat(tetangga, milik) is False
    assert berkas.boleh_melihat(admin_desa, milik) is False


def test_photo_of_a_pin_request_is_for_those_who_issue_pins(warga, operator, perbekel, admin_desa):
    foto = berkas.terima(
        factories.foto(),
        permintaan=factories.buat_permintaan_pin(),
        dokumen="ktp",
        label="KTP-el",
        pada=timezone.now(),
    )

    boleh = {a.pk: berkas.boleh_melihat(a, foto) for a in (warga, operator, perbekel, admin_desa)}
    assert boleh == {warga.pk: False, operator.pk: True, perbekel.pk: False, admin_desa.pk: False}


# --- What is kept, and for how long --------------------------------------------------------------


def test_pages_can_be_had_one_by_one_and_the_thumbnail_is_too_small_to_read(warga):
    """Several pages become a PDF of pictures; each picture can be had alone."""
    keluar = io.BytesIO()
    satu, dua = (_halaman(n) for n in (1, 2))
    satu.save(keluar, "PDF", save_all=True, append_images=[dua])

    baris = berkas.bersihkan_segera(_terima(keluar.getvalue(), warga.penduduk))

    assert (baris.keadaan, baris.jenis_isi, baris.halaman) == ("SIAP", "application/pdf", 2)
    lukisan = [Image.open(io.BytesIO(berkas.halaman(baris, ke))) for ke in (1, 2)]
    assert {satu.format for satu in lukisan} == {"JPEG"}
    with default_storage.open(baris.mini) as kecil, Image.open(kecil) as mini:
        assert max(mini.size) <= 128
    with pytest.raises(LookupError):
        berkas.halaman(baris, 3)


def _halaman(n: int) -> Image.Image:
    gambar = Image.new("RGB", (900, 1200), "white")
    ImageDraw.Draw(gambar).text((50, 50 * n), f"HALAMAN {n}", fill="black", font_size=40)
    return gambar


def test_blank_back_of_a_sheet_is_named_not_refused(warga):
    keluar = io.BytesIO()
    _halaman(1).save(
        keluar, "PDF", save_all=True, append_images=[Image.new("RGB", (900, 1200), "white")]
    )

    baris = berkas.bersihkan_segera(_terima(keluar.getvalue(), warga.penduduk))

    assert (baris.keadaan, baris.catatan) == ("SIAP", "Halaman 2 kosong.")


def test_purpose_and_day_in_wita_stand_across_the_picture(warga):
    sore = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # half past midnight in Bali
    baris = berkas.terima(
        factories.foto(), pemilik=warga.penduduk, dokumen="ktp", label="KTP-el", pada=sore
    )
    polos = Image.new("RGB", (800, 600), "white")

    kata = pembersihan.tanda(baris)
    bertanda = halaman_.beri_tanda(polos, str(pembersihan.HURUF), kata)

    assert kata == f"Hanya untuk layanan surat Desa {desa_.ambil().nama} · 1 Desember 2026"
    terang = bertanda.convert("L").histogram()
    assert sum(terang[:200]) == 0  # light: what stands below stays readable
    assert sum(terang[200:245]) > 2000


def test_demo_village_says_so_in_the_mark(warga):
    desa_.ambil()
    Desa.objects.update(contoh=True)
    desa_.lupakan()

    baris = _terima(factories.foto().read(), warga.penduduk)

    assert pembersihan.tanda(baris).startswith("CONTOH · Hanya untuk")


def _jadikan_lama(nama: str) -> None:
    """As a version stored it that made no pictures."""
    isi = {"mentah": "", "mini": "", "berkas": nama, "jenis_isi": "application/pdf"}
    Berkas.objects.update(versi=0, ambil_lagi_pada=timezone.now(), **isi)


def test_old_file_is_not_given_up_for_a_fault_of_ours(warga, monkeypatch):
    baris = berkas.bersihkan_segera(_terima(_jpeg(), warga.penduduk))
    _jadikan_lama(default_storage.save("berkas/lama.pdf", ContentFile(_pdf())))
    monkeypatch.setattr(pembersihan.subprocess, "run", _menggantung)

    for _ in range(5):
        Berkas.objects.update(ambil_lagi_pada=timezone.now())
        assert pembersihan.perbarui_yang_lama(paling_banyak=5) == 1  # and not again at once

    baris.refresh_from_db()
    assert (baris.versi, baris.catatan, baris.percobaan) == (0, "", 5)


def test_file_of_an_earlier_version_is_pictured_anew_under_the_same_id(warga):
    baris = berkas.bersihkan_segera(_terima(_jpeg(), warga.penduduk))
    lama = default_storage.save("berkas/lama.pdf", ContentFile(_pdf_bergambar(rahasia="RAHASIA")))
    _jadikan_lama(lama)

    assert pembersihan.perbarui_yang_lama(paling_banyak=5) == 1
    assert pembersihan.perbarui_yang_lama(paling_banyak=5) == 0

    baris.refresh_from_db()
    assert (baris.versi, baris.jenis_isi, baris.keadaan) == (1, "image/jpeg", "SIAP")
    with default_storage.open(baris.berkas) as isi:
        assert b"RAHASIA" not in isi.read()
    assert lama not in _semua_berkas()


def test_old_file_that_cannot_be_pictured_stays_with_a_note(warga):
    baris = berkas.bersihkan_segera(_terima(_jpeg(), warga.penduduk))
    lama = default_storage.save("berkas/lama.pdf", ContentFile(b"%PDF-1.4 rusak"))
    _jadikan_lama(lama)

    pembersihan.perbarui_yang_lama(paling_banyak=5)

    baris.refresh_from_db()
    assert (baris.keadaan, baris.berkas, baris.nomor_halaman) == ("SIAP", lama, range(1, 1))
    assert "rusak" in baris.catatan
    assert pembersihan.perbarui_yang_lama(paling_banyak=5) == 0


def _pdf_bergambar(*, rahasia: str) -> bytes:
    keluar = io.BytesIO()
    _halaman(1).save(keluar, "PDF", title=rahasia)
    return keluar.getvalue()


# --- Quotas --------------------------------------------------------------------------------------


def _banyak(jumlah: int) -> list[SimpleUploadedFile]:
    return [factories.foto(f"foto-{n}.jpg", ukuran=(200 + n, 100)) for n in range(jumlah)]


def test_of_many_files_only_those_that_fit_are_stored_and_the_rest_are_named(warga):
    draf = factories.buat_draf(warga)
    draf.lampiran.filter(syarat="ktp").delete()
    berkas.sapu()
    sebelum = len(_semua_berkas())

    jumlah, kalimat = berkas.terima_beberapa(
        _banyak(120),
        pemilik=warga.penduduk,
        dokumen="ktp",
        label="KTP-el",
        ke=draf,
        pada=timezone.now(),
    )

    assert jumlah == 10
    assert len(_semua_berkas()) == sebelum + 10
    (satu,) = kalimat
    assert satu.startswith(
        "Paling banyak 10 berkas untuk satu syarat. Tidak disimpan: foto-10.jpg,"
    )
    assert "foto-119.jpg" in satu


def test_ten_files_sent_again_after_a_lost_answer_are_there_and_not_told_off(warga):
    draf = factories.buat_draf(warga)
    draf.lampiran.filter(syarat="ktp").delete()

    hasil = [
        berkas.terima_beberapa(
            _banyak(10),
            pemilik=warga.penduduk,
            dokumen="ktp",
            label="KTP-el",
            ke=draf,
            pada=timezone.now(),
        )
        for _ in range(2)
    ]

    assert hasil == [(10, [])] * 2
    assert draf.lampiran.filter(syarat="ktp").count() == 10


def test_bad_file_among_good_ones_is_named(warga):
    draf = factories.buat_draf(warga)
    baik, buruk = factories.foto("kk.jpg"), SimpleUploadedFile("daftar.docx", b"PK\x03\x04")

    jumlah, kalimat = berkas.terima_beberapa(
        [baik, buruk],
        pemilik=warga.penduduk,
        dokumen="kk",
        label="KK",
        ke=draf,
        pada=timezone.now(),
    )

    assert jumlah == 1
    assert kalimat[0].startswith("daftar.docx: Berkas ini dokumen Word")


@pytest.mark.parametrize(("apa", "kata"), [("berkas", "3 berkas"), ("bita", "0 MB")])
def test_over_the_quota_of_a_day_nothing_reaches_the_disk(warga, monkeypatch, apa, kata):
    isi = [_jpeg((100 + n, 100)) for n in range(4)]
    batas = {"berkas": 3, "bita": sum(map(len, isi[:3]))}[apa]
    monkeypatch.setitem(jatah.MAKS, apa, batas)
    for satu in isi[:3]:
        _terima(satu, warga.penduduk)

    with pytest.raises(berkas.BerkasDitolak, match=f"sudah mengunggah {kata}"):
        _terima(isi[3], warga.penduduk)

    assert len(_semua_berkas()) == Berkas.objects.count() == 3
    besok = timezone.now() + timedelta(days=1)
    berkas.terima(
        _unggahan(isi[3]), pemilik=warga.penduduk, dokumen="ktp", label="KTP-el", pada=besok
    )


def test_same_file_again_costs_no_quota(warga, monkeypatch):
    monkeypatch.setitem(jatah.MAKS, "berkas", 1)
    isi = _jpeg()

    assert _terima(isi, warga.penduduk) == _terima(isi, warga.penduduk)


@pytest.mark.lambat
@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_cannot_pass_a_quota_together(warga, monkeypatch):
    """Sixteen threads at once for ten places."""
    monkeypatch.setitem(jatah.MAKS, "kirim", 10)
    pada = timezone.now()

    def ambil(_: int) -> bool:
        try:
            jatah.ambil("kirim", orang=warga.penduduk, pada=pada)
        except jatah.JatahHabis:
            return False
        return True

    hasil = serentak.jalankan(ambil, range(16))

    assert (hasil.count(True), hasil.count(False)) == (10, 6)
    assert JatahHarian.objects.get().jumlah == 10


# --- Forgetting ----------------------------------------------------------------------------------


def test_deleted_draft_takes_its_files_along_but_not_those_used_elsewhere(warga):
    permohonan = factories.buat_permohonan(warga)
    dipakai = permohonan.lampiran.get(syarat="ktp").berkas
    draf = factories.buat_draf(warga, "usaha")
    sendiri = _terima(_jpeg(), warga.penduduk)
    berkas.lampirkan(sendiri, syarat="kk", ke=draf)
    berkas.lampirkan(dipakai, syarat="ktp", ke=draf)

    berkas.buang_draf(draf)

    assert not Berkas.objects.filter(pk=sendiri.pk).exists()
    assert Berkas.objects.filter(pk=dipakai.pk).exists()
    assert sendiri.mentah not in _semua_berkas()
    assert dipakai.mentah in _semua_berkas()


def test_sent_draft_cannot_be_thrown_away(warga):
    permohonan = factories.buat_permohonan(warga)

    berkas.buang_draf(permohonan.draf)

    assert Draf.objects.filter(pk=permohonan.draf_id).exists()
    assert permohonan.lampiran.count() == 2


def test_sweep_takes_old_drafts_refused_files_and_all_but_the_newest_loose_ones(warga, monkeypatch):
    monkeypatch.setattr(berkas, "BEBAS_MAKS", 2)
    sekarang = timezone.now()
    draf = factories.buat_draf(warga)
    Draf.objects.update(diperbarui_pada=sekarang - timedelta(days=31))
    lepas = [_terima(_jpeg((300 + n, 200)), warga.penduduk) for n in range(4)]
    ditolak = berkas.bersihkan_segera(_terima(_png("RGB"), warga.penduduk))
    Berkas.objects.filter(pk=ditolak.pk).update(diunggah_pada=sekarang - timedelta(days=8))

    tasks.bersihkan()

    assert not Draf.objects.filter(pk=draf.pk).exists()
    assert set(Berkas.objects.all()) == set(lepas[2:])
    assert len(_semua_berkas()) == 2
