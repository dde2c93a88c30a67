"""The components as template tags. Each takes a frozen value; words are chosen before."""

from __future__ import annotations

import json
import math
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bihuan.platform.ui import values, words

register = template.Library()

BUILT = Path(__file__).resolve().parents[1] / "static" / "built"


class FrontEndMissing(RuntimeError):
    """The front end was not built; `make front` builds it."""


def _manifest() -> dict[str, Any]:
    path = BUILT / "manifest.json"
    if not path.exists():
        raise FrontEndMissing("The front end is not built. Run: make front")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


_kept_manifest = lru_cache(maxsize=1)(_manifest)


@register.simple_tag
def entry(name: str) -> SafeString:
    """Return the script and style of a front-end entry, by Vite's manifest."""
    manifest = _manifest() if settings.DEBUG else _kept_manifest()
    found = next(v for k, v in manifest.items() if k.startswith(f"frontend/{name}/"))
    styles = format_html_join(
        "",
        '<link rel="stylesheet" href="{}">',
        ((static(f"built/{c}"),) for c in found.get("css", ())),
    )
    script = format_html(
        '<script type="module" src="{}"></script>', static(f"built/{found['file']}")
    )
    return styles + script


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """Return an outline icon; a word always stands beside it."""
    extra = f" bh-icon-{size}" if size != 20 else ""
    return format_html(
        '<svg class="bh-icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra,
        static("built/sprite.svg"),
        name,
    )


@register.simple_tag
def glyph(name: str, size: int = 20) -> SafeString:
    """Return one of our own glyphs: the mark, a code's shape, the sync icons."""
    return format_html(
        '<svg class="bh-glyph bh-glyph-{}" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg>',
        size,
        static("built/sprite.svg"),
        name,
    )


# -- time -----------------------------------------------------------------------------------------

_SHARES = {"green": 0.75, "yellow": 0.4, "orange": 0.12}


def _pie(share: float) -> SafeString:
    angle = 2 * math.pi * share
    x, y = 8 + 5 * math.sin(angle), 8 - 5 * math.cos(angle)
    large = 1 if share > 0.5 else 0
    return format_html(
        '<svg class="bh-glyph" viewBox="0 0 16 16" aria-hidden="true">'
        '<circle cx="8" cy="8" r="7" class="bh-pie-line"/>'
        '<path class="bh-pie-fill" d="M8 8V3A5 5 0 {} 1 {} {}z"/></svg>',
        large,
        f"{x:.2f}",
        f"{y:.2f}",
    )


@register.simple_tag
def deadline(badge: values.Deadline | None) -> SafeString:
    """Return a deadline badge: a clock face filled as far as time is left, and words."""
    if badge is None:
        return mark_safe("")
    if badge.band in _SHARES:
        face = _pie(_SHARES[badge.band])
    else:
        name = {"red": "overdue", "paused": "player-pause", "done": "check"}[badge.band]
        face = glyph(name, 16) if name == "overdue" else icon(name)
    return format_html(
        '<span class="bh-badge bh-badge-{}">{}{}</span>', badge.band, face, badge.words
    )


# -- the loop -------------------------------------------------------------------------------------

_LENGTH = 2 * math.pi * 8


def _ring(link: int, *, closed: bool, dashed: bool) -> SafeString:
    if dashed:
        body = mark_safe('<circle cx="10" cy="10" r="8" class="bh-ring-dashed"/>')
    elif closed:
        body = mark_safe(
            '<circle cx="10" cy="10" r="8" class="bh-ring-line"/>'
            '<path d="M6.500 10.200l2.500 2.500l4.600-5" class="bh-ring-line"/>'
        )
    else:
        drawn = _LENGTH * link / 7
        body = format_html(
            '<circle cx="10" cy="10" r="8" class="bh-ring-track"/>'
            '<circle cx="10" cy="10" r="8" class="bh-ring-line" stroke-dasharray="{} {}" '
            'transform="rotate(-90 10 10)"/>',
            f"{drawn:.1f}",
            f"{_LENGTH - drawn:.1f}",
        )
    return format_html(
        '<svg class="bh-glyph bh-glyph-20" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', body
    )


@register.simple_tag
def state(pill: values.StatePill) -> SafeString:
    """Return a state: the ring as far as it has come, and the word."""
    extra = " bh-state-dashed" if pill.dashed else ""
    ring = _ring(pill.link, closed=pill.closed, dashed=pill.dashed)
    return format_html('<span class="bh-state{}">{}{}</span>', extra, ring, pill.words)


@register.simple_tag
def rail(links: tuple[values.RailLink, ...]) -> SafeString:
    """Return the seven links of the loop."""
    items = format_html_join(
        "",
        '<li class="bh-{}"{}><svg viewBox="0 0 100 6" preserveAspectRatio="none" '
        'aria-hidden="true">'
        '<rect class="bh-bar" width="100" height="6" rx="3"/>{}</svg>{}</li>',
        (
            (
                link.state,
                mark_safe(' aria-current="step"') if link.state == "now" else "",
                mark_safe('<rect class="bh-half" width="50" height="6" rx="3"/>')
                if link.state == "now"
                else "",
                link.words,
            )
            for link in links
        ),
    )
    return format_html('<ol class="bh-rail">{}</ol>', items)


# -- codes ----------------------------------------------------------------------------------------


@register.simple_tag
def code(badge: values.CodeBadge) -> SafeString:
    """Return a code by shape and word; the colour alone says nothing."""
    name = f"code-{badge.colour}" if badge.colour else "code-none"
    return format_html(
        '<span class="bh-code bh-code-{}">{}<span>{}</span></span>',
        badge.size,
        glyph(name, badge.size),
        badge.words,
    )


# -- sheets ---------------------------------------------------------------------------------------


@register.inclusion_tag("ui/_explained_due.html")
def explained_due(due: values.ExplainedDue) -> dict[str, Any]:
    """Show a due date with its reasons."""
    return {"due": due}


@register.inclusion_tag("ui/_timeline.html")
def timeline(entries: tuple[values.TimelineEntry, ...]) -> dict[str, Any]:
    """Show what happened, the newest first."""
    return {"entries": entries}


@register.inclusion_tag("ui/_empty.html")
def empty(value: values.Empty) -> dict[str, Any]:
    """Show that a list is empty, what is true, and one way on."""
    return {"empty": value}


@register.inclusion_tag("ui/_part.html")
def part(card: values.PartCard) -> dict[str, Any]:
    """Show one unit's share."""
    return {"card": card}


@register.inclusion_tag("ui/_progress.html")
def progress(value: values.Progress) -> dict[str, Any]:
    """Show long work."""
    return {"progress": value}


@register.inclusion_tag("ui/_row_errors.html")
def row_errors(errors: tuple[values.RowError, ...]) -> dict[str, Any]:
    """Show the cells of a file that must be mended."""
    return {"errors": errors}


@register.inclusion_tag("ui/_number.html")
def number(value: values.ExplainedNumber) -> dict[str, Any]:
    """Show a number with its definition and the way to its rows."""
    return {"number": value}


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, hint: str = "", optional: str = "") -> dict[str, Any]:
    """Show a form's field: label, control, hint, and how to mend what is wrong."""
    return {"field": bound, "hint": hint, "optional": optional}


# -- small words ----------------------------------------------------------------------------------


@register.simple_tag
def command_id() -> SafeString:
    """Return the hidden field that makes a form safe to send twice."""
    return format_html('<input type="hidden" name="command_id" value="{}">', uuid.uuid4())


@register.simple_tag(takes_context=True)
def when(context: template.Context, at: Any) -> str:
    """Return a moment as one would say it now."""
    return words.moment_words(at, context["now"])


register.filter("day", words.day_words)
register.filter("due_words", words.due_words)
register.filter("number", words.number_words)
register.filter("money", words.money_words)
