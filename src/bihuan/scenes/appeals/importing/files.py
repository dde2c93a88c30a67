"""Uploaded files: kept by their hash until their rows are in, then removed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings

from bihuan.platform.web.errors import Refused


class Upload(Protocol):
    """An uploaded file, as Django hands it over."""

    @property
    def size(self) -> int | None:
        """Return how many bytes it has."""

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes."""


LARGEST = 30 * 1024 * 1024


class UnableToKeep(Refused):
    """The upload is too large for a page."""


def keep(upload: Upload) -> Path:
    """Write an upload down whole, under its hash, and return where it lies."""
    if (upload.size or 0) > LARGEST:
        raise UnableToKeep(
            "This file is larger than 30 MB. Split it, or let the administrator take it in "
            "(bihuan appeals import).",
            code="too_large",
            field="file",
        )
    folder = Path(settings.BIHUAN_MEDIA) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as out:
        for piece in upload.chunks():
            digest.update(piece)
            out.write(piece)
    return Path(out.name).replace(folder / digest.hexdigest())


def path_of(digest: str) -> Path:
    """Return where the file with this hash lies, if it still does."""
    return Path(settings.BIHUAN_MEDIA) / "imports" / digest


def forget(digest: str) -> None:
    """Remove a file whose rows are in."""
    path_of(digest).unlink(missing_ok=True)
