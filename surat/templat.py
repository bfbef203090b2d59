"""Wording of letters, written by village staff and rendered in a sandbox.

The language is Django's template language reduced to text, {{ variable }} and {% if %}: no other
tag, no filter, no loader, no attribute access, no HTML. The context is a dict of strings, so a
template can reach nothing but its own strings.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import NodeList, TextNode, Variable, VariableNode
from django.template.defaulttags import IfNode, TemplateLiteral
from django.utils.html import escape
from django.utils.safestring import SafeString

from surat import orang

_ENGINE = Engine(dirs=[], app_dirs=False, libraries={}, autoescape=True)
# Names that every letter knows, beside the keys of its own fields.
TETAP = frozenset(orang.KUNCI) | frozenset(
    "kepala_keluarga pemohon pemohon_nik pemohon_alamat pemohon_pekerjaan pemohon_umur "
    "no_pengantar tgl_pengantar sebutan_kepala desa kecamatan kabupaten tanggal hari_ini "
    "berlaku_sampai penanda_tangan jabatan_penanda_tangan janda_duda perempuan almarhum_ah "
    "total_rupiah total_terbilang".split()
)


_SISA = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")  # what the parser left as mere text
_CARA = "Sisipan ditulis {{ nama }}; bagian bersyarat {% if nama %} … {% endif %}."


class TemplatTidakSah(ValueError):
    """The wording cannot be used; the message tells the village clerk what to change."""


def _susun(teks: str) -> Template:
    try:
        return Template(teks, engine=_ENGINE)
    except TemplateSyntaxError as galat:
        raise TemplatTidakSah(
            f"Ada sisipan yang tidak lengkap atau tidak dikenal: {galat}. {_CARA}"
        ) from galat


def _variabel(simpul: NodeList) -> Iterable[str]:
    for node in simpul:
        if isinstance(node, TextNode):
            if sisa := _SISA.search(node.s):
                raise TemplatTidakSah(f"Ada {sisa.group()} tanpa pasangannya. {_CARA}")
        elif isinstance(node, VariableNode):
            yield from _nama(node.filter_expression)
        elif isinstance(node, IfNode):
            for syarat, isi in node.conditions_nodelists:
                if syarat is not None:
                    yield from _variabel_syarat(syarat)
                yield from _variabel(isi)
        else:
            raise TemplatTidakSah(
                "Hanya {{ nama }} dan {% if nama %} … {% endif %} yang dapat dipakai di templat."
            )


def _variabel_syarat(syarat: object) -> Iterable[str]:
    if isinstance(syarat, TemplateLiteral):
        yield from _nama(syarat.value)
        return
    for sisi in ("first", "second"):
        anak = getattr(syarat, sisi, None)
        if anak is not None:
            yield from _variabel_syarat(anak)


def _nama(ungkapan: Any) -> Iterable[str]:
    """The variable of a FilterExpression; nothing for a text or number to compare with."""
    if ungkapan.filters:
        raise TemplatTidakSah("Saringan (tanda |) tidak dapat dipakai di templat surat.")
    if isinstance(ungkapan.var, Variable) and ungkapan.var.lookups is not None:
        yield str(ungkapan.var)


def _periksa(templat: Template, boleh: Iterable[str]) -> None:
    boleh = TETAP | set(boleh)
    for nama in _variabel(templat.nodelist):
        if nama not in boleh:
            mirip = difflib.get_close_matches(nama, boleh, n=1)
            saran = f" Maksud Anda {{{{ {mirip[0]} }}}}?" if mirip else ""
            raise TemplatTidakSah(f"Sisipan {{{{ {nama} }}}} tidak dikenal.{saran}")


def periksa(teks: str, kunci: Iterable[str]) -> None:
    """Raise TemplatTidakSah unless `teks` parses and uses only fixed names and `kunci`."""
    _periksa(_susun(teks), kunci)


def _siap(teks: str, nilai: Mapping[str, str]) -> Template:
    """Checked again, because a field may have been removed since the wording was saved."""
    templat = _susun(teks)
    _periksa(templat, nilai)
    return templat


def render(teks: str, nilai: Mapping[str, str]) -> SafeString:
    """`teks` with its variables filled in, all HTML-escaped; values are never parsed as template.

    Raises TemplatTidakSah rather than leave a hole in a letter.
    """
    templat = _siap(teks, nilai)
    for simpul in templat.nodelist.get_nodes_by_type(TextNode):
        simpul.s = escape(simpul.s)  # type: ignore[attr-defined]
    return templat.render(Context(dict(nilai)))


def render_polos(teks: str, nilai: Mapping[str, str]) -> str:
    """The same as plain text, for places that escape it themselves. Raises TemplatTidakSah."""
    return str(_siap(teks, nilai).render(Context(dict(nilai), autoescape=False)))
