"""The boxes of a form as Django's own templates write them, without those templates: they took a
fifth of the time of a resident's page. What is not here is drawn by its template."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString

_JENIS = "text number email url tel hidden password date datetime time file checkbox"


def _atribut(semua: dict[str, Any]) -> str:
    sebut = ((escape(nama), nilai) for nama, nilai in semua.items() if nilai is not False)
    return "".join(f" {k}" if v is True else f' {k}="{escape(v)}"' for k, v in sebut)


def _masukan(w: dict[str, Any]) -> str:
    nilai = "" if w["value"] is None else f' value="{escape(w["value"])}"'
    return f'<input type="{w["type"]}" name="{escape(w["name"])}"{nilai}{_atribut(w["attrs"])}>'


def _butir(w: dict[str, Any]) -> str:
    """One of several to tick."""
    if not w.get("wrap_label"):
        return _masukan(w)
    untuk = _atribut({"for": w["attrs"].get("id") or False})
    return f"<label{untuk}>{_masukan(w)} {escape(w['label'])}</label>"


def _teks(w: dict[str, Any]) -> str:
    isi = escape(w["value"] or "")
    return f'<textarea name="{escape(w["name"])}"{_atribut(w["attrs"])}>\n{isi}</textarea>'


def _opsi(w: dict[str, Any]) -> str:
    return (
        f'<option value="{escape(w["value"])}"{_atribut(w["attrs"])}>{escape(w["label"])}</option>'
    )


def _pilihan(w: dict[str, Any]) -> str:
    hasil = []
    for kelompok, butir, _ in w["optgroups"]:
        isi = "".join(map(_opsi, butir))
        hasil.append(f'<optgroup label="{escape(kelompok)}">{isi}</optgroup>' if kelompok else isi)
    return f'<select name="{escape(w["name"])}"{_atribut(w["attrs"])}>{"".join(hasil)}</select>'


_LUKIS = {
    **dict.fromkeys(_JENIS.split(), _masukan),
    **dict.fromkeys(("radio_option", "checkbox_option"), _butir),
    **{"textarea": _teks, "select": _pilihan},
}
_MENURUT = {f"django/forms/widgets/{nama}.html": lukis for nama, lukis in _LUKIS.items()}


class Pelukis(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        lukis = _MENURUT.get(template_name)
        if lukis is None:
            return super().render(template_name, context, request)
        return SafeString(lukis(context["widget"]))
