"""Persons of one letter: what cannot be is said at the field, what is only unusual passes."""

from datetime import date

import pytest

from penduduk.models import Penduduk
from surat.isian import formulir
from surat.jenis import bawaan, berkas
from surat.models import Aturan, JenisSurat
from surat.peraga import orang as tokoh
from surat.peraga import surat as peraga
from surat.peraga.orang import Ukuran
from tests.surat.isian.kiriman import sebagai_kiriman

HARI = date(2026, 11, 23)
AYAH = Penduduk(pk=1, nama="I Wayan Contoh", jenis_kelamin=1, nik="5107041203909901")
IBU = Penduduk(pk=2, nama="Ni Made Contoh", jenis_kelamin=2, nik="5107044508929902")
ENTAH = Penduduk(pk=3, nama="Kadek Contoh")
KELUARGA = [AYAH, IBU, ENTAH]


def bawaan_(kode: str) -> JenisSurat:
    data = bawaan.satu(kode)
    satu = JenisSurat(pk=1, subjek=data["subjek"])
    aturan = [Aturan(**a) for a in data["aturan"]]
    satu._prefetched_objects_cache = {"pertanyaan": berkas.isian_dari(data), "aturan": aturan}
    return satu


def kirim(kode: str, *, pemohon: Penduduk = AYAH, **isi: str) -> formulir.PertanyaanForm:
    kelas = formulir.buat_form(bawaan_(kode), keluarga=KELUARGA, hari_ini=HARI, pemohon=pemohon)
    return kelas(isi)


def galat(form: formulir.PertanyaanForm, kunci: str) -> str:
    return " ".join(form.errors.get(kunci, []))


KETIK = {"nama": "I Gede Contoh", "jenis_kelamin": "Laki-laki"}


def ketik(kunci: str, **isi: str) -> dict[str, str]:
    return {f"{kunci}-pk": "lain"} | {f"{kunci}-{k}": v for k, v in isi.items()}


@pytest.mark.parametrize(
    ("kode", "isi", "kunci", "kata"),
    [
        # The very case: one man as mother, father and reporter.
        ("kelahiran", {"ibu-pk": "1"}, "ibu", "Pilih dari anggota keluarga di KK Anda"),
        ("kelahiran", ketik("ibu", **KETIK), "ibu", "Harus perempuan, sedangkan I Gede Contoh"),
        ("kelahiran", {"ibu-pk": "3", "ayah-pk": "3"}, "ayah", "Ini orang di “Ibu dari anak”."),
        ("kelahiran", {"hub_pelapor": "Suami"}, "hub_pelapor", "Pilih salah satu dari daftar."),
        (
            "kelahiran",
            {"pelapor-pk": "1", "hub_pelapor": "Ibu"},
            "hub_pelapor",
            "“Ibu” tidak cocok: I Wayan Contoh laki-laki.",
        ),
        (
            "kelahiran",
            {"ibu-pk": "2", "pelapor-pk": "3", "hub_pelapor": "Ibu"},
            "hub_pelapor",
            "“Ibu” tidak cocok: Kadek Contoh bukan Ni Made Contoh.",
        ),
        ("lahir_mati", ketik("ayah", nama="Ni A", jenis_kelamin="Perempuan"), "ayah", "laki-laki"),
        ("kematian", {"almarhum": "1"}, "almarhum", "Pilih salah satu dari daftar."),
        (
            "kematian",
            {"almarhum": "3", "pelapor-pk": "3"},
            "pelapor",
            "Ini orang di “Siapa yang meninggal”.",
        ),
        (
            "kematian",
            {"pelapor-pk": "1", "hub_pelapor": "Istri"},
            "hub_pelapor",
            "“Istri” tidak cocok: I Wayan Contoh laki-laki.",
        ),
        (
            "ahli_waris",
            ketik("saksi1", nama="I Gede", nik="5107041203909911")
            | ketik("saksi2", nama="I Gde", nik="5107041203909911"),
            "saksi2",
            "Ini orang di “Saksi pertama”.",
        ),
        ("sporadik", ketik("saksi1", nama="X", nik=AYAH.nik), "saksi1", "Ini pemohon sendiri."),
        ("wali", {"anak-pk": "1"}, "anak", "Pilih dari anggota keluarga"),
        ("kuasa", {"penerima-pk": "1"}, "penerima", "Pilih dari anggota keluarga"),
        ("jual_beli", ketik("pembeli", nama="I W", nik=AYAH.nik), "pembeli", "pemohon sendiri"),
        ("sudah_menikah", ketik("pasangan", **KETIK), "pasangan", "Harus perempuan"),
        ("pengantar_cerai", ketik("pasangan", **KETIK), "pasangan", "Harus perempuan"),
        ("nikah_muslim", {"status": "Janda mati"}, "status", "tidak cocok: I Wayan Contoh"),
        ("nikah_muslim", ketik("calon", **KETIK), "calon", "Harus perempuan"),
        ("pengantar_kawin_nonmuslim", ketik("wanita", **KETIK), "wanita", "Harus perempuan"),
        (
            "suami_istri",
            {"orang_kedua": "2", "hubungan": "Suami"},
            "hubungan",
            "“Suami” tidak cocok: Ni Made Contoh perempuan.",
        ),
        (
            "izin_kerja_ln",
            {"pemberi_izin-pk": "2", "hubungan": "Suami"},
            "hubungan",
            "“Suami” tidak cocok",
        ),
    ],
)
def test_what_cannot_be_is_said_at_the_field(kode, isi, kunci, kata):
    assert kata in galat(kirim(kode, **isi), kunci)


@pytest.mark.parametrize(
    ("kode", "isi"),
    [
        ("kelahiran", {"ibu-pk": "2", "ayah-pk": "1", "pelapor-pk": "1", "hub_pelapor": "Ayah"}),
        ("kelahiran", {"ibu-pk": "3", "pelapor-pk": "3", "hub_pelapor": "Ibu"}),  # sex unknown
        ("kelahiran", ketik("ibu", nama="Ni Luh")),  # only a name
        # Two people of one name: common on Bali, and no contradiction.
        (
            "ahli_waris",
            ketik("saksi1", nama="I Wayan", nik="5107041203909911")
            | ketik("saksi2", nama="I Wayan", nik="5107041203909912"),
        ),
        ("kematian", {"pelapor-pk": "1", "hub_pelapor": "Kakek/Nenek"}),
        ("izin_kerja_ln", {"pemberi_izin-pk": "2", "hubungan": "Orang tua"}),
        ("nikah_muslim", {"status": "Duda cerai"}),
    ],
)
def test_what_may_be_passes(kode, isi):
    form = kirim(kode, **isi)

    salah = {k for k, pesan in form.errors.items() if not str(pesan[0]).startswith("Isi ")}
    assert salah & {k.split("-")[0] for k in isi} == set()


def test_choices_are_those_who_can_be_meant():
    form = kirim("kelahiran")
    nama = {k: [x.nama for x in form.fields[k].keluarga] for k in ("ibu", "ayah", "pelapor")}

    assert nama["ibu"] == ["Ni Made Contoh", "Kadek Contoh"]
    assert nama["ayah"] == ["I Wayan Contoh", "Kadek Contoh"]
    assert nama["pelapor"] == [x.nama for x in KELUARGA]
    assert [x.nama for x in kirim("wali").fields["anak"].keluarga] == [IBU.nama, ENTAH.nama]


def test_rule_is_told_at_the_field_that_can_be_changed():
    """A form of mending shows a part of the questions; the others are as they were answered."""
    kelas = formulir.buat_form(bawaan_("kelahiran"), keluarga=KELUARGA, hari_ini=HARI, pemohon=AYAH)
    form = kelas({"ibu-pk": "3"}, initial={"ayah": {"pk": 3}})
    for nama in set(form.fields) - {"ibu"}:
        del form.fields[nama]

    assert "Ini orang di “Ibu dari anak”." in galat(form, "ibu")


@pytest.mark.parametrize("ukuran", list(Ukuran))
@pytest.mark.django_db
def test_samples_fit_together(ukuran):
    """What the previews print is what the form accepts."""
    bawaan.muat()
    keluarga = tokoh.keluarga(ukuran)
    for satu in JenisSurat.objects.prefetch_related("pertanyaan", "aturan", "templat"):
        bahan = peraga.bahan(satu, ukuran=ukuran, tanggal=HARI)
        kelas = formulir.buat_form(
            satu, keluarga=keluarga.values(), hari_ini=HARI, pemohon=bahan.pemohon
        )

        form = kelas(sebagai_kiriman(satu, bahan.jawaban))

        assert form.errors == {}, satu.kode
