"""The values of fragments, and the two writes that their forms make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import StepRequest, perform_form
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import (
    CHANNELS,
    FIRM,
    INBOX,
    PERSON,
    SMS,
    VOICE,
    ChannelName,
    DeliveryId,
    DeliveryState,
    InboxPage,
    NoticeRow,
    StuckRow,
)
from bihuan.kernel.tools.notices.wording import text_of, title_of
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import NotFound

MOST_SHOWN = 99

CHANNEL_WORDS = {
    "inbox": gettext_lazy("Messages in Bihuan"),
    "sms": gettext_lazy("Text message"),
    "voice": gettext_lazy("Phone call"),
    "email": gettext_lazy("E-mail"),
    "wechat": gettext_lazy("WeChat"),
    "zhe_li_ban": gettext_lazy("Zheliban"),
    "zhe_zheng_ding": gettext_lazy("Zhezhengding"),
}
WHY_WORDS = {
    "no_address": gettext_lazy("No phone or account is known."),
    "refused": gettext_lazy("The provider refuses it."),
    "spent": gettext_lazy("Tried for three days without success."),
    "no_channel": gettext_lazy("This way is no longer set up."),
    "not_arrived": gettext_lazy("The provider took it, and it did not arrive."),
    "quota": gettext_lazy("Today's quota is used up."),
    "opted_out": gettext_lazy("Not wanted by this way."),
    "stale": gettext_lazy("Too old to ring."),
    "": gettext_lazy("It does not get through yet."),
}
TO_WORDS = {PERSON: gettext_lazy("a person"), FIRM: gettext_lazy("a firm")}


# -- inbox ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One notice: what kind, about what, the sentence, when."""

    href: str
    title: str
    about: str
    text: SafeString
    when: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of notices."""

    lines: tuple[Line, ...]
    unread: int
    older_href: str
    ways_href: str
    empty: values.Empty


def inbox_of(
    found: InboxPage,
    *,
    names: Mapping[Ref, str],
    href: Callable[[NoticeRow], str],
    ways_href: str,
    now: datetime,
) -> Inbox:
    """Return the value of ``notices/_inbox.html``; `names` says what each subject is called."""
    return Inbox(
        lines=tuple(_line(row, names, href, now) for row in found.rows),
        unread=found.unread,
        older_href=f"?after={found.after}" if found.after else "",
        ways_href=ways_href,
        empty=values.Empty(
            _("No messages yet."),
            _("You are told here when something that concerns you moves on."),
            icon="bell",
        ),
    )


_WHOLE = re.compile(r"[A-Z]{2}-\d{4}-\d+|\d{1,2}月\d{1,2}日（周.）\d\d:\d\d")


def unbroken(text: str) -> SafeString:
    """Return a sentence in which no number of a matter and no date breaks over two lines."""
    parts, end = [], 0
    for found in _WHOLE.finditer(text):
        parts.append(conditional_escape(text[end : found.start()]))
        parts.append(format_html('<span class="bh-nb">{}</span>', found[0]))
        end = found.end()
    parts.append(conditional_escape(text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def _line(
    row: NoticeRow, names: Mapping[Ref, str], href: Callable[[NoticeRow], str], now: datetime
) -> Line:
    return Line(
        href=href(row),
        title=title_of(row.kind),
        about=names.get(row.subject, ""),
        text=unbroken(text_of(row.kind, row.params)),
        when=moment_words(row.at, now),
        is_new=not row.is_read,
    )


# -- ways of being told ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """One way of being told, and whether it is wanted."""

    name: str
    words: str
    hint: str
    is_on: bool


def ways_of(to: Ref) -> tuple[Way, ...]:
    """Return the ways that this installation has, as a recipient chose them."""
    off = notices.channels_off(to)
    have = notices.configured_channels() | {INBOX}
    return tuple(
        Way(name, str(CHANNEL_WORDS[name]), _hint(name), name not in off)
        for name in CHANNELS
        if name in have
    )


def _hint(name: ChannelName) -> str:
    if name == INBOX:
        return _("What law demands is here in any case.")
    if name in {SMS, VOICE}:
        return _("Number and deadline only. Not between 21:00 and 7:30 unless it is urgent.")
    return ""


def choose_ways(request: StepRequest, *to: Ref) -> None:
    """Keep the form's choice for each recipient: what is not ticked is not wanted.

    Raises:
        Refused: it is somebody else's choice.
    """
    have = notices.configured_channels() | {INBOX}
    off = {name for name in have if name not in request.POST.getlist("on")}

    def act(scope: Scope) -> dict[str, Any]:
        for one in to:
            notices.choose_channels(one, off=off, scope=scope, at=request.at)
        return {"off": sorted(off)}

    perform_form(request, name="notices.choose", effect=act)


# -- what could not be sent -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StuckLine:
    """One delivery that does not get through: what, by which way, why, what next."""

    id: str
    number: str
    what: str
    to: str
    way: str
    why: str
    error: str
    when: str
    next: str
    may_resend: bool


def stuck_of(rows: tuple[StuckRow, ...], *, now: datetime) -> tuple[StuckLine, ...]:
    """Return the value of ``notices/_stuck.html``."""
    return tuple(_stuck_line(row, now) for row in rows)


def _stuck_line(row: StuckRow, now: datetime) -> StuckLine:
    failed = row.state is DeliveryState.FAILED
    again = _("Tried %(n)s times; next %(when)s") % {
        "n": row.attempts,
        "when": moment_words(row.next_at, now),
    }
    return StuckLine(
        id=str(row.id),
        number=row.number,
        what=title_of(row.kind),
        to=str(TO_WORDS.get(row.to.kind, _("a unit"))),
        way=str(CHANNEL_WORDS[row.channel]),
        why=str(WHY_WORDS.get(row.why, row.why)),
        error="" if row.error == row.why else row.error,
        when=moment_words(row.at, now),
        next=_("Ended") if failed else again,
        may_resend=failed,
    )


def resend(request: StepRequest) -> None:
    """Send again the delivery that the form names.

    Raises:
        Refused: there is none here, or it has not failed.
    """
    try:
        key = DeliveryId(UUID(request.POST.get("delivery", "")))
    except ValueError as error:
        raise NotFound("There is no such notice, or it is not for you.") from error

    def act(scope: Scope) -> dict[str, Any]:
        return {"state": notices.resend_delivery(key, scope=scope, at=request.at).value}

    perform_form(request, name="notices.resend", effect=act)
