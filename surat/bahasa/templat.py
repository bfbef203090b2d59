"""Wording of letters, written by village staff and rendered in a sandbox.

The language is Django's template language reduced to text, {{ variable }} and {% if %}: no other
tag, no filter, no loader, no attribute access, no HTML. The context is a dict of strings, so a
template can reach nothing but its own strings.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import NodeList, TextNode, Token, TokenType, Variable, VariableNode
from django.template.defaulttags import IfNode, TemplateLiteral
from django.utils.html import escape
from django.utils.safestring import SafeString

from surat.bahasa import orang

_ENGINE = Engine(dirs=[], app_dirs=False, libraries={}, autoescape=True)
# Names that every letter knows, beside the keys of its own fields.
TETAP = frozenset(orang.KUNCI) | frozenset(
    "kepala_keluarga pemohon pemohon_nik pemohon_alamat pemohon_pekerjaan pemohon_umur "
    "pemohon_banjar kelian_banjar no_pengantar tgl_pengantar sebutan_kepala desa kecamatan "
    "kabupaten tanggal hari_ini berlaku_sampai penanda_tangan jabatan_penanda_tangan "
    "kedudukan_penanda_tangan janda_duda perempuan almarhum_ah total_rupiah "
    "total_terbilang sesuai_data".split()
)


_SISA = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")  # what the parser left as mere text
_SISIPAN = re.compile(r"\{\{[ \t]*(\w+)[ \t]*\}\}")
_TANDA = re.compile(r"\{%(.*?)%\}", re.DOTALL)
_CARA = "Sisipan ditulis {{ nama }}; bagian bersyarat {% if nama %} … {% endif %}."
_HANYA = "Hanya {{ nama }} dan {% if nama %} … {% endif %} yang dapat dipakai di templat."
_SARINGAN = "Saringan (tanda |) tidak dapat dipakai di templat surat."
_KATA_TANDA = ("if", "elif", "else", "endif")
# Far beyond any letter; deeper ones would exhaust the parser.
_TINGKAT_MAKS, _SYARAT_MAKS = 8, 300


class TemplatTidakSah(ValueError):
    """The wording cannot be used; the message tells the village clerk what to change.

    `baris`: the line of the text that is meant, from 1.
    """

    def __init__(self, pesan: str, baris: int = 1) -> None:
        super().__init__(pesan)
        self.baris = baris


def _susun(teks: str, boleh: Iterable[str] = ()) -> Template:
    for tanda in _TANDA.finditer(teks):
        if len(tanda.group(1)) > _SYARAT_MAKS:
            baris = teks.count("\n", 0, tanda.start()) + 1
            raise TemplatTidakSah("Syarat {% … %} terlalu panjang. Bagi menjadi beberapa.", baris)
    try:
        return Template(teks, engine=_ENGINE)
    except TemplateSyntaxError as galat:
        tanda_ = getattr(galat, "token", None)
        baris = tanda_.lineno if tanda_ else 1
        raise TemplatTidakSah(_kalimat(str(galat), tanda_, boleh), baris) from galat
    except RecursionError as galat:
        raise TemplatTidakSah(_terlalu_dalam()) from galat


def _kalimat(pesan: str, tanda: Token | None, boleh: Iterable[str]) -> str:
    """What the parser found at a tag, in words for a clerk."""
    isi = tanda.contents if tanda else ""
    kata = isi.split()[0] if isi.split() else ""
    if "|" in isi:
        return _SARINGAN
    if pesan.startswith("Empty"):
        return f"Ada sisipan yang kosong. {_CARA}"
    if pesan.startswith("Unclosed"):
        return f"Bagian {{% {isi} %}} belum ditutup dengan {{% endif %}}. {_CARA}"
    if pesan.startswith("Invalid block") and kata in _KATA_TANDA:
        return f"Ada {{% {kata} %}} tanpa {{% if … %}} di depannya. {_CARA}"
    if tanda and tanda.token_type == TokenType.BLOCK and kata not in _KATA_TANDA:
        mirip = difflib.get_close_matches(kata, _KATA_TANDA, n=1)
        saran = f" Maksud Anda {{% {mirip[0]} %}}?" if mirip else ""
        return f"Tanda {{% {kata} %}} tidak dikenal.{saran} {_CARA}"
    if kata in _KATA_TANDA:
        satu = re.search(r"[^=!<>]=[^=]", isi)
        saran = " Untuk membandingkan, pakai dua tanda sama dengan (==)." if satu else ""
        return f"Syarat {{% {isi} %}} tidak dapat dibaca.{saran} {_CARA}"
    mirip = difflib.get_close_matches(re.sub(r"\W+", "_", isi.lower()), set(boleh), n=1)
    saran = f" Maksud Anda {{{{ {mirip[0]} }}}}?" if mirip else ""
    return f"Sisipan {{{{ {isi} }}}} tidak dapat dibaca.{saran} {_CARA}"


def _terlalu_dalam() -> str:
    return f"Bagian bersyarat paling banyak {_TINGKAT_MAKS} tingkat di dalam satu sama lain."


def _variabel(simpul: NodeList, tingkat: int = 0) -> Iterator[tuple[str, int]]:
    """Names used, each with its line."""
    for node in simpul:
        baris = (node.token and node.token.lineno) or 1
        if isinstance(node, TextNode):
            if sisa := _SISA.search(node.s):
                baris += node.s.count("\n", 0, sisa.start())
                raise TemplatTidakSah(f"Ada {sisa.group()} tanpa pasangannya. {_CARA}", baris)
        elif isinstance(node, VariableNode):
            yield from _nama(node.filter_expression, baris)
        elif isinstance(node, IfNode):
            if tingkat >= _TINGKAT_MAKS:
                raise TemplatTidakSah(_terlalu_dalam(), baris)
            for syarat, isi in node.conditions_nodelists:
                if syarat is not None:
                    yield from _variabel_syarat(syarat, baris)
                yield from _variabel(isi, tingkat + 1)
        else:
            raise TemplatTidakSah(_HANYA, baris)


def _variabel_syarat(syarat: object, baris: int) -> Iterator[tuple[str, int]]:
    if isinstance(syarat, TemplateLiteral):
        yield from _nama(syarat.value, baris)
        return
    for sisi in ("first", "second"):
        anak = getattr(syarat, sisi, None)
        if anak is not None:
            yield from _variabel_syarat(anak, baris)


def _nama(ungkapan: Any, baris: int) -> Iterator[tuple[str, int]]:
    """The variable of a FilterExpression; nothing for a text or number to compare with."""
    if ungkapan.filters:
        raise TemplatTidakSah(_SARINGAN, baris)
    if isinstance(ungkapan.var, Variable) and ungkapan.var.lookups is not None:
        yield str(ungkapan.var), baris


def _asing(templat: Template, boleh: Set[str]) -> Iterator[TemplatTidakSah]:
    """Names that the wording may not use, one complaint for each."""
    for nama, baris in dict.fromkeys(_variabel(templat.nodelist)):
        if nama not in boleh:
            yield TemplatTidakSah(_tak_dikenal(nama, boleh), baris)


def _tak_dikenal(nama: str, boleh: Set[str]) -> str:
    mirip = difflib.get_close_matches(nama, boleh, n=1)
    saran = f" Maksud Anda {{{{ {mirip[0]} }}}}?" if mirip else ""
    return f"Sisipan {{{{ {nama} }}}} tidak dikenal.{saran}"


def _periksa(templat: Template, boleh: Iterable[str]) -> None:
    for galat in _asing(templat, TETAP | set(boleh)):
        raise galat


def periksa(teks: str, kunci: Iterable[str]) -> None:
    """Raise TemplatTidakSah unless `teks` parses and uses only fixed names and `kunci`."""
    boleh = TETAP | set(kunci)
    _periksa(_susun(teks, boleh), boleh)


def temuan(teks: str, kunci: Iterable[str]) -> list[TemplatTidakSah]:
    """Everything that `periksa` has against `teks`, not only the first."""
    boleh = TETAP | set(kunci)
    hasil: list[TemplatTidakSah] = []
    try:
        return list(_asing(_susun(teks, boleh), boleh))
    except TemplatTidakSah as galat:
        # What cannot be parsed still has names that can be read.
        for cocok in _SISIPAN.finditer(teks):
            if cocok.group(1) not in boleh:
                baris = teks.count("\n", 0, cocok.start()) + 1
                hasil.append(TemplatTidakSah(_tak_dikenal(cocok.group(1), boleh), baris))
        return sorted([galat, *hasil], key=lambda satu: satu.baris)


def dipakai(teks: str) -> dict[str, int]:
    """Names that `teks` uses, each with the line where it first stands; none when it is garbled."""
    hasil: dict[str, int] = {}
    try:
        for nama, baris in _variabel(_susun(teks).nodelist):
            hasil.setdefault(nama, baris)
    except TemplatTidakSah:
        return {}
    return hasil


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
    # Django calls all that it renders safe; with a text added that is not, so is the sum.
    return _siap(teks, nilai).render(Context(dict(nilai), autoescape=False)) + ""
