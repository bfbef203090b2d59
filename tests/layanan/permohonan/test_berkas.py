"""Uploads: what is refused at the door, what the cleaner does, who may look."""

import io
import subprocess
import sys

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from layanan.models import Berkas, Lampiran
from layanan.permohonan import berkas
from penduduk.antrean import SEWA
from tests import factories


def _unggahan(isi: bytes, nama: str = "ktp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(nama, isi, "image/jpeg")


def _jpeg(ukuran=(800, 500), **simpan) -> bytes:
    keluar = io.BytesIO()
    Image.effect_noise(ukuran, 60).convert("RGB").save(keluar, "JPEG", **simpan)
    return keluar.getvalue()


def _png(mode="RGBA", ukuran=(300, 200)) -> bytes:
    keluar = io.BytesIO()
    Image.new(mode, ukuran).save(keluar, "PNG")
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
        (b"GIF89a" + b"\0" * 50, "bukan foto"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan foto"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
        (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "paling besar 10 MB"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "rusak atau terpotong"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "rusak atau terpotong"),
        (b"%PDF-1.7\n" + b"x" * 500, "rusak atau terpotong"),
    ],
)
def test_bad_upload_is_refused_at_the_door_with_a_sentence(warga, isi, kata):
    with pytest.raises(berkas.BerkasDitolak, match=kata):
        _terima(isi, warga.penduduk)

    assert Berkas.objects.count() == 0


def test_encrypted_pdf_is_refused(warga):
    terkunci = _pdf(encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(berkas.BerkasDitolak, match="dikunci kata sandi"):
        _terima(terkunci, warga.penduduk)


def test_php_renamed_to_jpg_is_refused_whatever_its_name_says(warga):
    with pytest.raises(berkas.BerkasDitolak, match="bukan foto"):
        _terima(b"<?php system('id'); ?>", warga.penduduk, nama="ktp.php.jpg")


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
        assert foto.size == (1067, 1600)
        assert dict(foto.getexif()) == {}
        assert set(foto.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "progressive",
            "progression",
        }
    assert b"RAHASIA" not in bersih
    assert (baris.keadaan, baris.jenis_isi, baris.mentah) == ("SIAP", "image/jpeg", "")
    assert "5107041203900001" not in baris.berkas
    assert _semua_berkas() == [baris.berkas]


def _semua_berkas(folder: str = "") -> list[str]:
    subfolder, nama = default_storage.listdir(folder or ".")
    semua = [f"{folder}/{n}".lstrip("/") for n in nama]
    for satu in subfolder:
        semua += _semua_berkas(f"{folder}/{satu}".lstrip("/"))
    return semua


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_becomes_a_jpeg(warga, mode):
    baris = _terima(_png(mode), warga.penduduk)

    berkas.bersihkan_yang_menunggu()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.jenis_isi) == ("SIAP", "image/jpeg")


@pytest.mark.parametrize(
    ("isi", "kata"),
    [
        (_jpeg()[:400] + b"\0" * 3000 + b"\xff\xd9", "rusak"),
        (_png("RGB", (20, 20)), "terlalu kecil"),
        (_png("1", (12000, 12000)), "terlalu besar"),
        (b"%PDF-1.7\n" + b"x" * 500 + b"%%EOF", "PDF ini rusak"),
        (_pdf(21), "paling banyak 20 halaman"),
    ],
    ids=["jpeg rusak", "mungil", "bom piksel", "pdf rusak", "21 halaman"],
)
def test_cleaner_refuses_with_a_sentence(warga, isi, kata):
    baris = _terima(isi, warga.penduduk)

    berkas.bersihkan_yang_menunggu()

    baris.refresh_from_db()
    assert baris.keadaan == "DITOLAK"
    assert kata in baris.alasan
    assert _semua_berkas() == []


def test_pdf_loses_scripts_attachments_and_metadata(warga):
    keluar = io.BytesIO()
    with pikepdf.new() as dokumen:
        dokumen.add_blank_page()
        aksi = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        dokumen.Root.OpenAction = aksi
        dokumen.pages[0].obj.AA = pikepdf.Dictionary(O=aksi)
        dokumen.attachments["rahasia.txt"] = b"isi"
        dokumen.docinfo["/Author"] = "RAHASIA-PENULIS"
        dokumen.save(keluar)
    baris = _terima(keluar.getvalue(), warga.penduduk)

    berkas.bersihkan_yang_menunggu()

    baris.refresh_from_db()
    with default_storage.open(baris.berkas) as tersimpan:
        bersih = tersimpan.read()
    with pikepdf.open(io.BytesIO(bersih)) as dokumen:
        assert len(dokumen.pages) == 1
        assert "/OpenAction" not in dokumen.Root
        assert "/Names" not in dokumen.Root
        assert "/AA" not in dokumen.pages[0].obj
    assert b"JavaScript" not in bersih
    assert b"RAHASIA" not in bersih
    assert (baris.jenis_isi, baris.halaman) == ("application/pdf", 1)


def test_cleaner_that_hangs_gives_a_verdict_in_the_end(warga, monkeypatch):
    baris = _terima(_jpeg(), warga.penduduk)

    def menggantung(*args, **kwargs):
        raise subprocess.TimeoutExpired("x", 30)

    monkeypatch.setattr(berkas.subprocess, "run", menggantung)
    for _ in range(berkas.PERCOBAAN_MAKS):
        Berkas.objects.update(ambil_lagi_pada=timezone.now())
        berkas.bersihkan_yang_menunggu()

    baris.refresh_from_db()
    assert baris.keadaan == "DITOLAK"
    assert "tidak dapat dibaca" in baris.alasan


def test_worker_that_overslept_gives_no_upload_up(warga, monkeypatch):
    baris = _terima(_jpeg(), warga.penduduk)
    baris.percobaan = berkas.PERCOBAAN_MAKS
    Berkas.objects.update(ambil_lagi_pada=timezone.now() + SEWA)  # another worker has it by now

    def menggantung(*args, **kwargs):
        raise subprocess.TimeoutExpired("x", 30)

    monkeypatch.setattr(berkas.subprocess, "run", menggantung)
    hasil = berkas.bersihkan_segera(baris)

    assert (hasil.keadaan, hasil.mentah != "") == ("DIPERIKSA", True)


@pytest.mark.sekali
def test_cleaner_runs_within_limits_of_memory(warga, tmp_path):
    """A process that wants more than its memory dies alone."""
    bom = tmp_path / "bom.png"
    bom.write_bytes(_png("RGB", (10900, 10900)))

    hasil = subprocess.run(
        [sys.executable, "-I", str(berkas._PEMBERSIH), "image/png", bom, tmp_path / "keluar"],
        capture_output=True,
        timeout=60,
        check=False,
        env={},
    )

    assert hasil.returncode == 0  # 119 megapixels still fit; the limit is a wall, not a guess
    assert b'"image/jpeg"' in hasil.stdout


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
    assert _semua_berkas() == [kedua.mentah]


def test_at_most_ten_files_per_syarat(warga):
    draf = factories.buat_draf(warga)
    draf.lampiran.all().delete()
    for n in range(berkas.PER_SYARAT_MAKS):
        berkas.lampirkan(_terima(_jpeg((60 + n, 60)), warga.penduduk), syarat="ktp", ke=draf)

    with pytest.raises(berkas.BerkasDitolak, match="Paling banyak 10"):
        berkas.lampirkan(_terima(_jpeg((90, 90)), warga.penduduk), syarat="ktp", ke=draf)

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
