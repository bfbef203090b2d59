"""The guard of conftest.py against variables that nobody provides, shown at its work."""

from pathlib import Path

import pytest
from django.template import Context, Engine

from tests.variabel import VariabelHampa, dijaga

LUAR = "{% block isi %}{{ hampa }}{% if hampa_pula %}x{% endif %}{% endblock %}"


def tulis(folder: Path, **isi: str) -> None:
    for nama, teks in isi.items():
        berkas = folder / f"{nama.replace('__', '/')}.html"
        berkas.parent.mkdir(parents=True, exist_ok=True)
        berkas.write_text(teks)


@pytest.fixture(params=["desa", "admin/desa"])
def gambar(request, tmp_path):
    """Render one template under the guard; the checkout may lie below a folder called admin."""
    kita, mereka = tmp_path / request.param / "templates", tmp_path / "django" / "templates"
    mesin = Engine(dirs=[kita, mereka], debug=True)
    tulis(mereka, admin__luar=LUAR, potongan="{{ hampa }}")

    def _gambar(nama: str, /, **kita_tulis: str) -> str:
        tulis(kita, **kita_tulis)
        with dijaga(kita):
            return mesin.get_template(nama).render(Context({"ada": {"satu": 1}}))

    return _gambar


@pytest.mark.parametrize(
    "isi",
    [
        "{{ hampa }}",
        "{{ ada.dua }}",
        "{% if hampa %}x{% endif %}",
        "{% if ada.satu and hampa %}x{% endif %}",
        "{% for x in hampa %}x{% endfor %}",
        "{{ hampa|default:'x' }}",
        "{% include 'admin/bagian.html' with isi=hampa %}",
    ],
)
@pytest.mark.parametrize("nama", ["halaman", "admin__halaman"])
def test_an_undefined_variable_of_ours_is_refused(gambar, nama, isi):
    with pytest.raises(VariabelHampa, match=r"(hampa|ada\.dua) in .*halaman\.html"):
        gambar(f"{nama.replace('__', '/')}.html", **{nama: isi, "admin__bagian": "{{ isi }}"})


def test_one_in_our_block_of_a_foreign_page_is_refused(gambar):
    kita = (
        "{% extends 'admin/luar.html' %}{% block isi %}{{ kosong }}{{ block.super }}{% endblock %}"
    )

    with pytest.raises(VariabelHampa) as galat:
        gambar("admin/kita.html", admin__kita=kita)

    assert str(galat.value).startswith("undefined: kosong in ")
    assert ";" not in str(galat.value)  # the foreign ones beside it are not ours to mend


@pytest.mark.parametrize(
    ("nama", "isi"),
    [
        ("admin/luar.html", ""),
        ("kita.html", "{% extends 'admin/luar.html' %}"),
        ("kita.html", "{% include 'potongan.html' %}{{ ada.satu }}"),
    ],
)
def test_those_of_foreign_templates_are_let_pass(gambar, nama, isi):
    assert gambar(nama, kita=isi) in ("", "1")
