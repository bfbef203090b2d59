"""Templates of ours may name no variable that nobody provides; Django itself shows nothing there.

Whose template it is, is known from the node that asks: a page of ours that extends one of the
admin's is rendered under the name of the admin's, block by block.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from django.template import base


class VariabelHampa(AssertionError):
    """Templates below the guarded folder named variables that their contexts did not have."""


@contextmanager
def dijaga(akar: Path) -> Iterator[None]:
    """Raise VariabelHampa at the end if a template below `akar` named an undefined variable.

    Not at once, because {% if a and b %} would swallow it.
    """
    akar = akar.resolve()
    cari, gambar = base.Variable._resolve_lookup, base.Node.render_annotated
    kini = threading.local()
    hampa: set[str] = set()

    @cache
    def milik_kita(asal: str) -> bool:
        return Path(asal).resolve().is_relative_to(akar)

    def render_annotated(simpul: base.Node, context: Any) -> Any:
        luar = getattr(kini, "asal", "")
        kini.asal = simpul.origin.name if hasattr(simpul, "origin") else luar
        try:
            return gambar(simpul, context)
        finally:
            kini.asal = luar

    def resolve_lookup(variabel: base.Variable, context: Any) -> Any:
        try:
            return cari(variabel, context)
        except base.VariableDoesNotExist:
            asal = getattr(kini, "asal", "")
            if asal and milik_kita(asal):
                hampa.add(f"{variabel.var} in {asal}")
            raise

    with (
        mock.patch.object(base.Node, "render_annotated", render_annotated),
        mock.patch.object(base.Variable, "_resolve_lookup", resolve_lookup),
    ):
        yield
    if hampa:
        raise VariabelHampa(f"undefined: {'; '.join(sorted(hampa))}")
