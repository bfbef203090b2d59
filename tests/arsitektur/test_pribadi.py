"""Every column of every table is classified: personal data, or not."""

import ast
import inspect
import textwrap

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from simple_history.models import HistoricalRecords

from penduduk.models import Akun, Penduduk
from tests.arsitektur import data_pribadi
from tests.arsitektur.data_pribadi import BelumDigolongkan, Golongan, kolom_pribadi
from tests.arsitektur.rumah import MODEL

# Whose row stands for a person, and by what name that person is shown to the staff.
NAMA_DI_STR = {
    "penduduk.Akun": {"nama", "username"},
    "penduduk.Keluarga": {"no_kk"},  # its last four digits
    "penduduk.Penduduk": {"nama"},
    "penduduk.Sesi": {"perangkat"},
    "surat.Mandat": {"pejabat"},
    "surat.Pengukuhan": {"akun"},
    "surat.Pejabat": {"nama"},
}


@pytest.mark.parametrize("model", MODEL, ids=lambda model: model._meta.label)
def test_every_column_is_classified_once(model):
    kolom_pribadi(model)


def test_every_classified_table_exists():
    assert set(data_pribadi.GOLONGAN) == {
        model._meta.label for model in MODEL if not hasattr(model, "instance_type")
    }
    assert {model._meta.label for model in MODEL} >= data_pribadi.ORANG


def test_what_a_stranger_must_not_learn_is_personal():
    assert kolom_pribadi(Penduduk) == {f.name for f in Penduduk._meta.fields} - {"id"}
    assert kolom_pribadi(Akun) >= {"nomor_hp", "password", "penduduk"}
    riwayat = kolom_pribadi(Penduduk.riwayat.model)
    assert riwayat == kolom_pribadi(Penduduk) - {"nama_cari"} | {
        "history_user",
        "history_change_reason",
    }


def tabel(nama: str, /, **isi: object) -> type[models.Model]:
    meta = type("Meta", (), {"app_label": "layanan"})
    return type(nama, (models.Model,), {"__module__": __name__, "Meta": meta, **isi})


@isolate_apps("layanan")
def test_a_column_in_no_list_is_refused_by_name(monkeypatch):
    wakil = tabel(
        "Wakil",
        nama=models.CharField(max_length=1),
        nik_wakil=models.CharField(max_length=16, blank=True),
        oleh=models.ForeignKey(Akun, on_delete=models.PROTECT),
        dibuat_pada=models.DateTimeField(),
        kapan=models.DateTimeField(),
    )

    monkeypatch.setitem(data_pribadi.GOLONGAN, "layanan.Wakil", Golongan("nama"))
    with pytest.raises(BelumDigolongkan) as galat:
        kolom_pribadi(wakil)
    monkeypatch.setitem(data_pribadi.GOLONGAN, "layanan.Wakil", Golongan("nama nik_wakil", "kapan"))

    kata = "layanan.Wakil: kapan is not classified, nik_wakil is not classified"
    assert str(galat.value) == kata
    assert kolom_pribadi(wakil) == {"nama", "nik_wakil", "oleh"}


@isolate_apps("layanan")
def test_a_table_in_no_list_is_refused_and_so_is_its_history(monkeypatch):
    anyar = tabel("Anyar", isi=models.TextField(), riwayat=HistoricalRecords(user_model=Akun))

    for model in (anyar, anyar.riwayat.model):
        with pytest.raises(BelumDigolongkan, match="isi is not classified"):
            kolom_pribadi(model)
    monkeypatch.setitem(data_pribadi.GOLONGAN, "layanan.Anyar", Golongan("isi"))

    assert kolom_pribadi(anyar) == {"isi"}
    assert "isi" in kolom_pribadi(anyar.riwayat.model)


@pytest.mark.parametrize(
    ("golongan", "keluhan"),
    [
        (Golongan("kelian nomor_hp_kelian", "nama kelian"), "kelian stands twice"),
        (Golongan("kelian nomor_hp_kelian", "nama lama"), "lama is no column"),
        (Golongan("kelian nomor_hp_kelian", "nama id"), "id stands twice"),
    ],
)
def test_a_column_in_two_lists_and_a_name_of_none_are_refused(monkeypatch, golongan, keluhan):
    monkeypatch.setitem(data_pribadi.GOLONGAN, "penduduk.Banjar", golongan)

    with pytest.raises(BelumDigolongkan, match=keluhan):
        kolom_pribadi(apps.get_model("penduduk.Banjar"))


# --- What is shown of a row wherever one is printed ---------------------------------------------


def pribadi_di_str(model: type[models.Model]) -> set[str]:
    """Personal columns that __str__ shows; the text of a row reaches pages, logs and errors."""
    pohon = ast.parse(textwrap.dedent(inspect.getsource(model.__str__)))
    disebut = {s.attr for s in ast.walk(pohon) if isinstance(s, ast.Attribute)}
    return disebut & kolom_pribadi(model)


def test_no_row_tells_more_of_a_person_than_a_name():
    asli = [model for model in MODEL if not hasattr(model, "instance_type")]

    dikatakan = {model._meta.label: pribadi_di_str(model) for model in asli}

    assert {nama: kolom for nama, kolom in dikatakan.items() if kolom} == NAMA_DI_STR


@isolate_apps("layanan")
def test_a_row_that_tells_its_number_is_refused(monkeypatch):
    def teks(self) -> str:
        return f"nomor {self.nomor_hp}"

    ceroboh = tabel("Ceroboh", nomor_hp=models.CharField(max_length=16), __str__=teks)
    monkeypatch.setitem(data_pribadi.GOLONGAN, "layanan.Ceroboh", Golongan("nomor_hp"))

    assert pribadi_di_str(ceroboh) == {"nomor_hp"}
