"""Telling somebody: one row for each cause, recipient and kind, in the cause's transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.kernel.ground.events.types import Ref, plain
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.notices import channels, kinds, policies, queries, rules
from bihuan.kernel.tools.notices.models import Delivery, Notice
from bihuan.kernel.tools.notices.types import (
    FIRM,
    INBOX,
    MAY_SEND,
    PERSON,
    UNIT,
    Audience,
    ChannelName,
    DeliveryState,
    News,
    NoticeId,
    NoticeKind,
    Sent,
)
from bihuan.platform.jobs import queue
from bihuan.platform.web.errors import Refused

MAY_BE = {
    Audience.PERSON: (PERSON,),
    Audience.FIRM: (FIRM,),
    Audience.UNIT: (UNIT,),
    Audience.RAISER: (PERSON, FIRM),
}


class UnableToTell(Refused):
    """A notice is addressed to what cannot be told anything: the code is wrong."""


def send_notice(news: News, *, to: Ref, scope: Scope, at: datetime) -> Sent:
    """Tell `to` the news, once for its cause; told again, the notice that stands is returned.

    The inbox has it with the commit. The first other way is queued; when it fails for good, the
    next one is.

    Raises:
        NotAllowed: only jobs and reactions tell people.
        UnableToTell: `to` is no person, firm or unit that the kind is for.
    """
    policies.require(scope, MAY_SEND)
    kind = kinds.get_kind(news.kind)
    _check(kind, to)
    off = queries.channels_off(to)
    try:
        with transaction.atomic():
            notice = _write(news, kind, to, off, at)
    except IntegrityError:
        standing = _standing(news, to)
        if standing is None:
            raise
        return Sent(standing, repeated=True)
    return Sent(NoticeId(notice.pk), channel=queue_next(notice, kind, off=off, at=at))


def _check(kind: NoticeKind, to: Ref) -> None:
    try:
        valid = to.kind in MAY_BE[kind.audience]
        valid = valid and (to.key.isdigit() if to.kind == UNIT else bool(UUID(to.key)))
    except ValueError:
        valid = False
    if not valid:
        raise UnableToTell("This notice is for somebody else.", code="wrong_audience")


def _write(
    news: News, kind: NoticeKind, to: Ref, off: Collection[ChannelName], at: datetime
) -> Notice:
    return Notice.objects.create(
        kind=news.kind,
        cause_id=news.cause,
        dedupe=news.dedupe,
        to_kind=to.kind,
        to_key=to.key,
        subject_kind=news.subject.kind,
        subject_key=news.subject.key,
        area_path=news.area_path,
        params=plain(dict(news.params)),
        in_inbox=kind.is_legal or INBOX not in off,
        at=at,
    )


def _standing(news: News, to: Ref) -> NoticeId | None:
    found = Notice.objects.filter(
        cause_id=news.cause,
        to_kind=to.kind,
        to_key=to.key,
        kind=news.kind,
        dedupe=news.dedupe,
    )
    key = found.values_list("pk", flat=True).first()
    return NoticeId(key) if key is not None else None


def queue_next(
    notice: Notice, kind: NoticeKind, *, off: Collection[ChannelName], at: datetime
) -> ChannelName | None:
    """Queue the next way that is there, wanted and not yet tried; return it, or None."""
    tried = notice.deliveries.values_list("channel", flat=True)
    channel = rules.next_channel(
        kind.channels,
        tried={ChannelName(name) for name in tried},
        configured=channels.configured(),
        off=off,
    )
    if channel is None:
        return None
    due = at if kind.rings_at_night else rules.not_in_quiet(at, queries.quiet_hours(at))
    Delivery.objects.create(
        notice=notice,
        channel=channel,
        state=DeliveryState.QUEUED.value,
        rings_at_night=kind.rings_at_night,
        queued_at=at,
        due_at=due,
    )
    if due <= at:
        transaction.on_commit(_wake, robust=True)
    return channel


def _wake() -> None:
    """Ask the sender to look now; its own minute round finds what this misses."""
    queue.wake("notices.send")
