"""Bars on their tracks: the index with its components, on the wall and on a town's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.kernel.sight.indices.types import Component, Missing
from bihuan.platform.ui import values
from bihuan.platform.ui.words import number_words

BAR = 300
COLOURS = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar: words, its length and its track in units of the drawing, the number."""

    words: str
    length: int
    track: int
    told: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many firms have a colour."""

    badge: values.CodeBadge
    count: str
    colour: str
    x: int
    width: int


def component(part: Component) -> Bar:
    """Return a component as a bar; its track is as long as its weight, the heaviest fills it."""
    points = part.points
    track = round(BAR * part.weight / 40)
    if points is None:
        note = {
            Missing.NO_SOURCE: _("no source yet"),
            Missing.NOTHING_DUE: _("nothing to count yet"),
        }[part.missing or Missing.NO_SOURCE]
        return Bar(_(part.title), 0, track, "—", note)
    length = round(track * points / part.weight)
    return Bar(_(part.title), length, track, f"{points:.1f}/{part.weight:.0f}")


def code_words(colour: str) -> str:
    """Return a colour of a code in words."""
    return {"green": _("Green code"), "yellow": _("Yellow code"), "red": _("Red code")}[colour]


def codes(counted: Mapping[str, int]) -> tuple[CodeCount, ...]:
    """Return firms by colour, as parts of one bar."""
    whole = sum(counted.values()) or 1
    made, x = [], 0
    for colour in COLOURS:
        count = counted.get(colour, 0)
        width = round(480 * count / whole)
        badge = values.CodeBadge(colour, code_words(colour), size=48)
        made.append(CodeCount(badge, number_words(count), colour, x, max(0, width - 3)))
        x += width
    return tuple(made)
