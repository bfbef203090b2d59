"""Wording of letters, written by village staff and rendered in a sandbox.

The language is Django's template language reduced to text, {{ variable }} and {% if %}: no other
tag, no filter, no loader, no attribute access. The context is a dict of strings, so a template
can reach nothing but its own strings.
"""

import difflib
import re
from collections.abc import Iterable, Mapping

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import NodeList, TextNode, VariableNode
from django.template.defaulttags import IfNode, TemplateLiteral
from django.utils.safestring import SafeString

_ENGINE = Engine(dirs=[], app_dirs=False, libraries={}, autoescape=True)
# Names that every letter knows, beside the keys of its own fields.
TETAP = frozenset(
    "nama nik tempat_lahir tanggal_lahir jenis_kelamin agama status_perkawinan pekerjaan "
    "kewarganegaraan alamat banjar no_pengantar tgl_pengantar sebutan_kepala desa kecamatan "
    "kabupaten tanggal berlaku_sampai".split()
)


class TemplatTidakSah(ValueError):
    """The wording cannot be used; the message tells the village clerk what to change."""


def _susun(teks: str) -> Template:
    try:
        return Template(teks, engine=_ENGINE)
    except TemplateSyntaxError as galat:
        raise TemplatTidakSah(
            f"Ada sisipan yang tidak lengkap atau tidak dikenal: {galat}. "
            "Sisipan ditulis {{ nama }}; bagian bersyarat {% if nama %} … {% endif %}."
        ) from galat


def _variabel(simpul: NodeList) -> Iterable[str]:
    for node in simpul:
        if isinstance(node, TextNode):
            continue
        if isinstance(node, VariableNode):
            if node.filter_expression.filters:
                raise TemplatTidakSah("Saringan (tanda |) tidak dapat dipakai di templat surat.")
            yield str(node.filter_expression.var)
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
        if syarat.value.filters:
            raise TemplatTidakSah("Saringan (tanda |) tidak dapat dipakai di templat surat.")
        yield str(syarat.value.var)
        return
    for sisi in ("first", "second"):
        anak = getattr(syarat, sisi, None)
        if anak is not None:
            yield from _variabel_syarat(anak)


def periksa(teks: str, kunci: Iterable[str]) -> None:
    """Raise TemplatTidakSah unless `teks` parses and uses only fixed names and `kunci`."""
    boleh = TETAP | set(kunci)
    for nama in _variabel(_susun(teks).nodelist):
        if nama not in boleh and not re.fullmatch(r"[\"'].*[\"']|\d+", nama):
            mirip = difflib.get_close_matches(nama, boleh, n=1)
            saran = f" Maksud Anda {{{{ {mirip[0]} }}}}?" if mirip else ""
            raise TemplatTidakSah(f"Sisipan {{{{ {nama} }}}} tidak dikenal.{saran}")


def render(teks: str, nilai: Mapping[str, str]) -> SafeString:
    """`teks` with its variables filled in, HTML-escaped; values are never parsed as template."""
    return _susun(teks).render(Context(dict(nilai)))
