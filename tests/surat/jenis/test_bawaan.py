import hashlib
import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from surat.isian import formulir
from surat.jenis import bawaan
from surat.jenis import beda as beda_jenis
from surat.jenis import berkas as berkas_jenis
from surat.models import Aturan, JenisSurat, Pertanyaan, Syarat, Templat

HARI = date(2026, 11, 23)
_KOLOM_BARU = {"jenis_kelamin", "bukan", "tentang"}
KODE = sorted(berkas.stem for berkas in bawaan.FOLDER.glob("*.json"))
BERKAS = bawaan.baca()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Copies of three of the shipped files that a test may spoil: what happens to one of them
    happens to each."""
    for kode in ("ahli_waris", "domisili", "usaha"):
        (tmp_path / f"{kode}.json").write_text((bawaan.FOLDER / f"{kode}.json").read_text())
    monkeypatch.setattr(bawaan, "FOLDER", tmp_path)
    return tmp_path


def ubah(folder, kode: str, **lain) -> None:
    berkas = folder / f"{kode}.json"
    berkas.write_text(json.dumps(json.loads(berkas.read_text()) | lain))


def test_rules_about_persons_do_not_make_an_untouched_type_look_changed():
    """Their columns came later; the hash of a type that does not use them is what it was."""
    lama = json.loads((bawaan.FOLDER / "domisili.json").read_text()) | {"aturan": []}
    penuh = lama | {
        "bidang": [b | {"jenis_kelamin": "", "bukan": "", "tentang": ""} for b in lama["bidang"]]
    }
    berkas = berkas_jenis.seragam(lama)
    dulu = [{k: v for k, v in b.items() if k not in _KOLOM_BARU} for b in berkas["bidang"]]
    assert berkas.pop("formulir") == []  # came later too
    assert berkas.pop("aturan") == []
    teks = json.dumps(berkas | {"bidang": dulu}, ensure_ascii=False, indent=2, sort_keys=True)

    assert berkas_jenis.sidik(penuh) == hashlib.sha256(teks.encode()).hexdigest()
    aturan = [{"macam": "umur", "siapa": "pemohon", "nilai": "17.."}]
    bidang = [b | {"bukan": "pemohon"} for b in penuh["bidang"]]
    for berbeda in (penuh | {"bidang": bidang}, penuh | {"aturan": aturan}):
        assert berkas_jenis.sidik(berbeda) != berkas_jenis.sidik(penuh)
    tanpa = {k: v for k, v in penuh.items() if k != "aturan"}  # an export of an earlier release
    assert berkas_jenis.sidik(tanpa) == berkas_jenis.sidik(penuh)


# --- The files ---------------------------------------------------------------------------------


def test_51_types_are_shipped_each_in_a_file_of_its_name():
    assert [d["kode"] for d in BERKAS] == KODE
    assert len(KODE) == 52
    assert len({d["nama"] for d in BERKAS}) == 52
    assert len({d["urutan"] for d in BERKAS}) == 52


@pytest.mark.parametrize("data", BERKAS, ids=lambda d: d["kode"])
def test_shipped_type_asks_for_its_purpose_last(data):
    kunci = [b["kunci"] for b in data["bidang"]]

    assert "keperluan" not in kunci[:-1]
    assert len(kunci) >= 1


def test_most_shipped_types_ask_for_a_purpose():
    tanpa = [d["kode"] for d in BERKAS if d["bidang"][-1]["kunci"] != "keperluan"]

    # Their wording says what they are for, or a field of their own does.
    assert tanpa == [
        "ahli_waris",
        "izin_keramaian",
        "izin_kerja_ln",
        "jual_beli",
        "kehilangan",
        "kelahiran",
        "kematian",
        "kematian_pasangan",
        "kuasa",
        "lahir_mati",
        "nikah_muslim",
        "pengantar_cerai",
        "pengantar_kawin_nonmuslim",
        "pengantar_kk",
        "pengantar_ktp",
        "pindah",
        "sporadik",
    ]


def test_shipped_types_without_a_group_or_a_code_do_not_exist():
    assert [d["kode"] for d in BERKAS if not (d["kelompok"] and d["klasifikasi_lama"])] == []


@pytest.mark.parametrize(
    ("lain", "galat"),
    [
        ({"pembuka": "{{ namaa }}"}, "{{ namaa }} tidak dikenal"),
        ({"isi": ["{% debug %}"]}, "Hanya {{ nama }}"),
        ({"penutup": "{{ nama|safe }}"}, "Saringan"),
        (
            {"bidang": [{"kunci": "keperluan", "label": "K", "tipe": "berkas", "wajib": True}]},
            "Tipe “berkas” pada",
        ),
    ],
)
def test_spoiled_file_is_refused_by_name(folder, lain, galat):
    ubah(folder, "domisili", **lain)

    with pytest.raises(bawaan.BawaanTidakSah) as tangkap:
        bawaan.baca()

    assert str(tangkap.value).startswith("domisili.json: ")
    assert galat in str(tangkap.value)


# --- Loading -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_muat_fills_an_empty_database():
    hasil = bawaan.muat()

    usaha = JenisSurat.objects.get(kode="usaha")
    assert hasil == (52, 0)
    assert (usaha.nama, usaha.klasifikasi, usaha.masa_berlaku_hari) == (
        "Surat Keterangan Usaha (SKU)",
        "500.2.2.4",
        90,
    )
    berkas = json.loads((bawaan.FOLDER / "usaha.json").read_text(encoding="utf-8"))
    assert [b.kunci for b in usaha.pertanyaan.all()] == [b["kunci"] for b in berkas["bidang"]]
    assert [s.kode for s in usaha.syarat.all()] == [s["kode"] for s in berkas["syarat"]]
    assert usaha.pertanyaan.first().kunci == "nama_usaha"
    assert usaha.templat.get().versi == 1
    assert len(usaha.sidik_bawaan) == 64
    assert bawaan.diubah_desa(usaha) is False


@pytest.mark.django_db
def test_loaded_types_build_their_forms():
    bawaan.muat()

    form = {
        jenis.kode: list(formulir.buat_form(jenis, keluarga=[], hari_ini=HARI).base_fields)
        for jenis in berkas_jenis.lengkap()
    }

    assert form == {d["kode"]: [b["kunci"] for b in d["bidang"]] for d in BERKAS}


@pytest.mark.django_db
def test_muat_again_changes_nothing():
    bawaan.muat()
    sebelum = [
        list(m.objects.order_by("pk").values())
        for m in (JenisSurat, Pertanyaan, Syarat, Aturan, Templat)
    ]

    hasil = bawaan.muat()

    assert hasil == (0, 52)
    assert sebelum == [
        list(m.objects.order_by("pk").values())
        for m in (JenisSurat, Pertanyaan, Syarat, Aturan, Templat)
    ]


@pytest.mark.django_db
def test_new_shipped_type_joins_the_existing_ones(folder):
    bawaan.muat()
    baru = json.loads((folder / "usaha.json").read_text()) | {"kode": "surat_baru"}
    (folder / "surat_baru.json").write_text(json.dumps(baru))

    assert bawaan.muat() == (1, 3)
    assert JenisSurat.objects.count() == 4


@pytest.mark.django_db
def test_spoiled_file_loads_nothing_at_all(folder):
    ubah(folder, "usaha", pembuka="{{ namaa }}")

    with pytest.raises(bawaan.BawaanTidakSah):
        bawaan.muat()

    assert JenisSurat.objects.count() == 0


@pytest.mark.django_db
def test_command_tells_how_many_were_loaded(folder):
    keluar = StringIO()

    call_command("muat_jenis_surat", stdout=keluar)
    call_command("muat_jenis_surat", stdout=keluar)

    assert keluar.getvalue().splitlines() == [
        "Jenis surat: 3 dimuat, 0 tetap.",
        "Jenis surat: 0 dimuat, 3 tetap.",
    ]


# --- A newer default ---------------------------------------------------------------------------


def satu(kode: str = "domisili") -> JenisSurat:
    return berkas_jenis.lengkap().get(kode=kode)


@pytest.mark.django_db
def test_new_default_is_taken_by_a_type_that_nobody_touched(folder):
    bawaan.muat()
    sebelum = satu()
    ubah(folder, "domisili", nama="Nama Bawaan Baru", isi=["Kalimat baru."])

    hasil = bawaan.muat()

    kini = satu()
    assert hasil == (1, 2)
    assert (kini.pk, kini.nama) == (sebelum.pk, "Nama Bawaan Baru")
    assert [(t.versi, t.isi) for t in kini.templat.order_by("versi")][1:] == [(2, "Kalimat baru.")]
    assert bawaan.lebih_baru([kini]) == set()
    assert bawaan.diubah_desa(kini) is False
    assert bawaan.muat() == (0, 3)


UBAHAN = {
    "nama": lambda j: JenisSurat.objects.filter(pk=j.pk).update(nama="Nama Desa"),
    "isian": lambda j: j.pertanyaan.filter(kunci="tinggal_sejak").delete(),
    "label": lambda j: j.pertanyaan.filter(kunci="keperluan").update(label="Untuk apa?"),
    "aturan": lambda j: j.aturan.filter(macam="identitas").update(nilai="nik"),
    "syarat": lambda j: j.syarat.filter(kode="ktp").update(wajib=False),
    "templat": lambda j: Templat.objects.create(jenis=j, versi=2, isi="Kalimat desa."),
}
SAKLAR = {"layanan_mandiri": False, "janji_hari": 9, "urutan": 77}


@pytest.mark.django_db
@pytest.mark.parametrize("saklar", [{k: SAKLAR[k]} for k in SAKLAR] + [SAKLAR], ids=str)
def test_new_default_comes_to_a_type_of_which_only_switches_were_moved(folder, saklar):
    bawaan.muat()
    JenisSurat.objects.filter(kode="domisili").update(**saklar)
    for nama in ("Nama Bawaan Baru", "Lebih Baru Lagi"):
        ubah(folder, "domisili", nama=nama, penutup=nama)

        assert bawaan.muat() == (1, 2)

        kini = satu()
        assert (kini.nama, {k: getattr(kini, k) for k in saklar}) == (nama, saklar)
        assert bawaan.lebih_baru([kini]) == set()
        assert kini.sidik_isi == bawaan.satu("domisili")["sidik"]


@pytest.mark.django_db
def test_switch_that_the_village_has_left_alone_follows_its_file(folder):
    bawaan.muat()
    JenisSurat.objects.filter(kode="domisili").update(urutan=77)
    ubah(folder, "domisili", layanan_mandiri=False)

    bawaan.muat()

    assert (satu().layanan_mandiri, satu().urutan) == (False, 77)


@pytest.mark.django_db
@pytest.mark.parametrize("ubahan", UBAHAN)
def test_new_default_never_overwrites_what_the_village_changed(folder, ubahan):
    bawaan.muat()
    UBAHAN[ubahan](satu())
    milik_desa = berkas_jenis.ekspor(satu())
    ubah(folder, "domisili", nama="Nama Bawaan Baru")

    hasil = bawaan.muat()

    kini = satu()
    assert hasil == (0, 3)
    assert berkas_jenis.ekspor(kini) == milik_desa
    assert bawaan.diubah_desa(kini) is True
    assert bawaan.lebih_baru([kini, satu("usaha")]) == {"domisili"}


@pytest.mark.django_db
def test_type_of_a_release_without_rules_gets_them_unless_the_village_has_changed_it(folder):
    for kode in ("domisili", "usaha"):
        dulu = json.loads((folder / f"{kode}.json").read_text())
        del dulu["aturan"]
        berkas_jenis.tulis(dulu, sidik=berkas_jenis.sidik(dulu))
    UBAHAN["nama"](satu("usaha"))
    assert (satu().aturan.count(), bawaan.diubah_desa(satu())) == (0, False)

    bawaan.muat()

    assert satu().aturan.count() == len(bawaan.satu("domisili")["aturan"]) > 0
    assert (satu("usaha").nama, satu("usaha").aturan.count()) == ("Nama Desa", 0)
    assert bawaan.lebih_baru([satu(), satu("usaha")]) == {"usaha"}


@pytest.mark.django_db
def test_newer_default_shows_its_differences_and_can_be_taken(folder):
    bawaan.muat()
    UBAHAN["nama"](satu())
    ubah(folder, "domisili", nama="Nama Bawaan Baru")

    baru = bawaan.satu("domisili")
    beda = beda_jenis.bandingkan(berkas_jenis.ekspor(satu()), berkas_jenis.seragam(baru))
    berkas_jenis.tulis(baru, jenis=satu(), sidik=baru["sidik"])

    (bagian,) = beda
    (kolom,) = bagian.beda
    assert "Nama Desa" in str(kolom) and "Nama Bawaan Baru" in str(kolom)
    assert satu().nama == "Nama Bawaan Baru"
    assert bawaan.lebih_baru([satu()]) == set()
    assert bawaan.diubah_desa(satu()) is False


@pytest.mark.django_db
def test_newer_default_that_was_declined_is_offered_no_more_until_the_next(folder):
    bawaan.muat()
    UBAHAN["nama"](satu())
    ubah(folder, "domisili", nama="Nama Bawaan Baru")

    bawaan.tetap(satu(), sidik=bawaan.satu("domisili")["sidik"])

    assert bawaan.lebih_baru([satu()]) == set()
    assert (bawaan.muat(), satu().nama) == ((0, 3), "Nama Desa")
    ubah(folder, "domisili", nama="Lebih Baru Lagi")
    assert bawaan.lebih_baru([satu()]) == {"domisili"}
    assert (bawaan.muat(), satu().nama) == ((0, 3), "Nama Desa")


@pytest.mark.django_db
def test_measured_pages_and_layout_of_a_file_make_no_newer_default(folder):
    bawaan.muat()
    UBAHAN["nama"](satu())

    for kode in ("domisili", "usaha"):
        ubah(folder, kode, halaman={"minimal": 9, "wajar": 9, "terpanjang": 9})

    assert bawaan.lebih_baru([satu(), satu("usaha")]) == set()
    assert bawaan.muat() == (0, 3)


@pytest.mark.django_db
def test_type_of_the_villages_own_has_no_default(folder):
    bawaan.muat()
    JenisSurat.objects.filter(kode="domisili").update(kode="milik_desa")

    assert bawaan.lebih_baru([satu("milik_desa")]) == set()
    assert bawaan.muat() == (1, 2)
    assert JenisSurat.objects.count() == 4
