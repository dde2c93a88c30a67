"""Making the PDF of a paper: one layout, our own fonts, no network, the same bytes every time."""

from __future__ import annotations

import functools
import io
import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from fontTools.ttLib import TTFont

from bihuan.kernel.tools.documents import rules
from bihuan.platform.files import store
from bihuan.platform.ui.words import CHINA, chinese, day_words
from bihuan.platform.web.errors import Refused

LAYOUT = Path(__file__).with_name("layouts") / "paper.typ"


class UnableToPrint(Refused):
    """No PDF can be made; the words say what the installation lacks."""

    status = 503


def stamp_of(*, number: str, code: str, root: str, unit: str, at: datetime) -> dict[str, str]:
    """Return what stands on each page: number, code, where to verify, who issued it when."""
    drawn = io.BytesIO()
    segno.make(f"{root}{code}/", error="m").save(drawn, kind="svg", border=0, svgns=True)
    local = at.astimezone(CHINA)
    year = f"{local.year}年{day_words(local.date())}" if chinese() else ""
    return {
        "number": number,
        "number_label": pgettext("paper", "Number"),
        "code": rules.grouped(code),
        "code_label": _("Verifying code"),
        "how": _("Scan, or type the code at %(root)s, to see whether this paper is genuine.")
        % {"root": root},
        "page": _("Page {n} of {all}"),
        "qr": drawn.getvalue().decode(),
        "unit": unit,
        "day": year or f"{day_words(local.date())} {local.year}",
    }


def print_paper(value: dict[str, Any]) -> bytes:
    """Return the PDF of a frozen content with its stamp.

    Raises:
        UnableToPrint: the fonts are not installed, or the layout does not take the content.
    """
    fonts = _fonts()
    known = _letters(fonts)
    shown = rules.replace_unknown(value, lambda letter: ord(letter) in known)
    with tempfile.TemporaryDirectory(prefix="bihuan-paper-") as folder:
        home = Path(folder)
        (home / "paper.typ").write_bytes(LAYOUT.read_bytes())
        _lay_photos(shown, home)
        try:
            body = typst.compile(
                str(home / "paper.typ"),
                root=folder,
                font_paths=[str(path) for path in fonts],
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(shown, ensure_ascii=False)},
            )
        except RuntimeError as error:
            raise UnableToPrint("This paper could not be printed. Tell the administrator.") from (
                error
            )
    assert isinstance(body, bytes)
    return body


def _fonts() -> tuple[Path, ...]:
    """Return the folders with the fonts of papers.

    Raises:
        UnableToPrint: there is none; a paper without Chinese letters is no paper.
    """
    folders = tuple(Path(path) for path in settings.BIHUAN_FONTS)
    if not any(path.glob("*.ttf") for path in folders) or not _files(folders):
        raise UnableToPrint(
            "The fonts for papers are not installed here. Tell the administrator: make setup."
        )
    return folders


def _files(folders: tuple[Path, ...]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.glob("*.[to]tf"))]


@functools.lru_cache(maxsize=2)
def _letters(folders: tuple[Path, ...]) -> frozenset[int]:
    """Return every letter that some font of the folders draws."""
    found: set[int] = set()
    for path in _files(folders):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def _lay_photos(shown: dict[str, Any], home: Path) -> None:
    """Put the small form of each photo beside the layout; one that is gone is said, not drawn."""
    for block in shown["blocks"]:
        if block["shape"] != "pictures":
            continue
        items = []
        for digest, words in block["items"]:
            source = store.path_of(f"{digest}.thumb")
            if source.exists():
                (home / f"{digest}.jpg").write_bytes(source.read_bytes())
            items.append([f"{digest}.jpg" if source.exists() else "", words])
        block["items"] = items
