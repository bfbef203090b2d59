"""The private storage: a file is there whole, or not at all."""

from contextlib import suppress
from typing import Any

from django.core.files.storage import FileSystemStorage


class SimpananUtuh(FileSystemStorage):
    """What a full disk has cut off goes again at once: it is part of somebody's paper, and no row
    names it."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]
        except OSError:
            with suppress(OSError):
                self.delete(name)  # ours: names are drawn by lot
            raise
