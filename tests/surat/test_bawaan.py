import json
from io import StringIO

import pytest
from django.core.management import call_command

from surat import bawaan, isian, templat
from surat.models import Isian, JenisSurat, Syarat, Templat

KODE = ["belum_menikah", "domisili", "pengantar_skck", "tidak_mampu", "usaha"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the shipped files that a test may spoil."""
    for berkas in bawaan.FOLDER.glob("*.json"):
        (tmp_path / berkas.name).write_text(berkas.read_text())
    monkeypatch.setattr(bawaan, "FOLDER", tmp_path)
    return tmp_path


def ubah(folder, kode: str, **lain) -> None:
    berkas = folder / f"{kode}.json"
    berkas.write_text(json.dumps(json.loads(berkas.read_text()) | lain))


# --- The files ---------------------------------------------------------------------------------


def test_five_types_are_shipped():
    assert [d["kode"] for d in bawaan.baca()] == KODE


@pytest.mark.parametrize("data", bawaan.baca(), ids=lambda d: d["kode"])
def test_shipped_type_asks_for_its_purpose_last_and_once(data):
    kunci = [b["kunci"] for b in data["bidang"]]

    assert kunci[-1] == "keperluan"
    assert len(kunci) == len(set(kunci))
    assert len({s["kode"] for s in data["syarat"]}) == len(data["syarat"])


@pytest.mark.parametrize("data", bawaan.baca(), ids=lambda d: d["kode"])
def test_every_field_of_a_shipped_type_stands_on_its_paper(data):
    tanda = {b["kunci"]: f"«{b['kunci']}»" for b in data["bidang"]}

    kertas = "".join(templat.render(x, tanda) for x in data["isi"])

    assert [x for x in tanda.values() if x not in kertas] == []


def test_shipped_types_never_share_a_number_pattern():
    klasifikasi = [d["klasifikasi"] for d in bawaan.baca()]

    assert len(klasifikasi) == len(set(klasifikasi)) == 5


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
    assert hasil == (5, 0)
    assert (usaha.nama, usaha.klasifikasi, usaha.masa_berlaku_hari) == (
        "Surat Keterangan Usaha (SKU)",
        "500.2.2.4",
        90,
    )
    assert [b.kunci for b in usaha.bidang.all()] == [
        "nama_usaha",
        "jenis_usaha",
        "alamat_usaha",
        "mulai",
        "nib",
        "keperluan",
    ]
    assert [s.kode for s in usaha.syarat.all()] == ["ktp", "kk", "foto_usaha", "pengantar_kelian"]
    assert usaha.templat.get().versi == 1
    assert len(usaha.sidik_bawaan) == 64


@pytest.mark.django_db
@pytest.mark.parametrize("kode", KODE)
def test_loaded_type_builds_its_form(kode):
    bawaan.muat()

    form = isian.buat_form(JenisSurat.objects.get(kode=kode), keluarga=[])

    assert list(form.base_fields)[-1] == "keperluan"


@pytest.mark.django_db
def test_muat_again_changes_nothing():
    bawaan.muat()
    sebelum = [
        list(m.objects.order_by("pk").values()) for m in (JenisSurat, Isian, Syarat, Templat)
    ]

    hasil = bawaan.muat()

    assert hasil == (0, 5)
    assert sebelum == [
        list(m.objects.order_by("pk").values()) for m in (JenisSurat, Isian, Syarat, Templat)
    ]


@pytest.mark.django_db
def test_muat_never_overwrites_what_the_village_changed(folder):
    bawaan.muat()
    JenisSurat.objects.filter(kode="domisili").update(nama="Nama Desa", klasifikasi="470")
    Isian.objects.filter(jenis__kode="domisili", kunci="tinggal_sejak").delete()
    ubah(folder, "domisili", nama="Nama Bawaan Baru")

    hasil = bawaan.muat()

    domisili = JenisSurat.objects.get(kode="domisili")
    assert hasil == (0, 5)
    assert (domisili.nama, domisili.klasifikasi) == ("Nama Desa", "470")
    assert [b.kunci for b in domisili.bidang.all()] == ["alamat_domisili", "keperluan"]


@pytest.mark.django_db
def test_new_shipped_type_joins_the_existing_ones(folder):
    bawaan.muat()
    baru = json.loads((folder / "usaha.json").read_text()) | {"kode": "kehilangan"}
    (folder / "kehilangan.json").write_text(json.dumps(baru))

    assert bawaan.muat() == (1, 5)
    assert JenisSurat.objects.count() == 6


@pytest.mark.django_db
def test_spoiled_file_loads_nothing_at_all(folder):
    ubah(folder, "usaha", pembuka="{{ namaa }}")

    with pytest.raises(bawaan.BawaanTidakSah):
        bawaan.muat()

    assert JenisSurat.objects.count() == 0


@pytest.mark.django_db
def test_command_tells_how_many_are_new():
    keluar = StringIO()

    call_command("muat_jenis_surat", stdout=keluar)
    call_command("muat_jenis_surat", stdout=keluar)

    assert keluar.getvalue().splitlines() == [
        "Jenis surat: 5 baru, 0 sudah ada.",
        "Jenis surat: 0 baru, 5 sudah ada.",
    ]
