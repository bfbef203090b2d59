"""The boxes that are drawn without templates are those that Django's templates draw."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import SimpleTestCase

from penduduk.pelukis import Pelukis

_ASING = "a\"b'c<d>&e"
_PILIHAN = [("", "—"), (1, _ASING), ("Satu & <dua>", (("x", "X"), (_ASING, "Y")))]
_BIASA = [
    forms.NullBooleanSelect,
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.HiddenInput,
    forms.PasswordInput,
    forms.DateInput,
    forms.TimeInput,
    forms.DateTimeInput,
    forms.FileInput,
    forms.ClearableFileInput,
    forms.CheckboxInput,
    forms.Textarea,
]
_MEMILIH = [
    forms.Select,
    forms.SelectMultiple,
    forms.RadioSelect,
    forms.CheckboxSelectMultiple,
]
_ATRIBUT = {"id": "id_x", "class": _ASING, "required": True, "disabled": False, "maxlength": 5}


def _sama(widget: forms.Widget, nilai: object, atribut: dict[str, object]) -> None:
    polos, kita = (
        widget.render("nama<", nilai, attrs=atribut, renderer=pelukis())
        for pelukis in (DjangoTemplates, Pelukis)
    )
    assert type(kita) is type(polos)
    SimpleTestCase().assertHTMLEqual(polos, kita)


@pytest.mark.parametrize("macam", _BIASA, ids=lambda x: x.__name__)
@pytest.mark.parametrize("nilai", [None, "", _ASING, 0, 12.5, True], ids=repr)
@pytest.mark.parametrize("atribut", [{}, _ATRIBUT], ids=["polos", "beratribut"])
def test_a_box_is_the_one_of_django(
    macam: type[forms.Widget], nilai: object, atribut: dict[str, object]
) -> None:
    _sama(macam(), nilai, atribut)


@pytest.mark.parametrize("macam", _MEMILIH, ids=lambda x: x.__name__)
@pytest.mark.parametrize("nilai", [None, "", 1, "1", _ASING, ["x", _ASING], True], ids=repr)
@pytest.mark.parametrize("atribut", [{}, _ATRIBUT], ids=["polos", "beratribut"])
def test_a_choice_is_the_one_of_django(
    macam: type[forms.Select], nilai: object, atribut: dict[str, object]
) -> None:
    _sama(macam(choices=_PILIHAN), nilai, atribut)


def test_each_of_several_can_be_drawn_alone() -> None:
    class Borang(forms.Form):
        satu = forms.ChoiceField(choices=_PILIHAN[:2], widget=forms.RadioSelect)

    def butir(pelukis: type[DjangoTemplates]) -> list[str]:
        kotak = Borang(initial={"satu": 1}, renderer=pelukis())["satu"]
        return [f"{x}{x.tag()}".replace("\n", "") for x in kotak]

    assert butir(Pelukis) == butir(DjangoTemplates)


def test_what_is_unknown_is_drawn_by_its_template() -> None:
    _sama(forms.SplitDateTimeWidget(), None, {"id": "id_x"})
    _sama(forms.SelectDateWidget(years=[2026]), "2026-11-30", {"id": "id_x"})
