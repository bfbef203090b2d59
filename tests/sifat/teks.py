"""What a person, a phone or an attacker may put into a field."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

SIASAT = (
    "{{ 7|add:7 }}",
    "{{ nama }}",
    "{% if nama %}x{% endif %}",
    "{% debug %}",
    "{# x #}",
    "{{",
    "%}",
    "<b>&amp;\"'</b>",
    "<script>alert(1)</script>",
    "[nomor,3]",
    "{{nama}}",
    "\0\u202e\u200b",
    "\r\n",
)
apa_saja = st.lists(st.text(max_size=12) | st.sampled_from(SIASAT), max_size=5).map("".join)


def coba(
    baca: Callable[..., Any], *apa: Any, galat: type[Exception], **lain: Any
) -> tuple[Any, str]:
    """What `baca` returns, or the sentence with which it refuses."""
    try:
        return baca(*apa, **lain), ""
    except galat as satu:
        return None, str(satu)
