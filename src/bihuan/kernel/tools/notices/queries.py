"""Reads on notices; each takes the same few statements at any size."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.notices import policies, rules
from bihuan.kernel.tools.notices.models import Delivery, Notice, OptOut
from bihuan.kernel.tools.notices.types import (
    MAY_WATCH,
    ChannelName,
    DeliveryId,
    DeliveryState,
    InboxPage,
    NoticeCode,
    NoticeId,
    NoticeRow,
    QuietHours,
    Quota,
    Side,
    StuckRow,
    Used,
)
from bihuan.platform import clock
from bihuan.platform.web.errors import NotFound

PAGE = 30
OFTEN = 2
"""Tries after which a delivery that is still tried is shown to the duty officer."""


class UnableToFindNotice(NotFound):
    """There is no such notice, or none for this reader. Both sound the same."""


# -- inboxes --------------------------------------------------------------------------------------


def list_inbox(*, scope: Scope, side: Side, after: str = "") -> InboxPage:
    """Return thirty notices, the newest first, and how many are unread: two statements."""
    to = policies.inboxes(scope, side)
    mine = Notice.objects.filter(policies.addressed(to), in_inbox=True)
    rows = list(mine.filter(_older_than(after)).order_by("-at", "-pk")[: PAGE + 1])
    return InboxPage(
        rows=tuple(_row(row) for row in rows[:PAGE]),
        unread=mine.filter(read_at__isnull=True).count(),
        after=_mark(rows[PAGE - 1]) if len(rows) > PAGE else "",
    )


def _mark(row: Notice) -> str:
    return f"{row.at.timestamp():.6f}_{row.pk}"


def _older_than(mark: str) -> Q:
    """Return the condition of what stands below a mark; what is no mark counts as the top."""
    moment, _bar, key = mark.partition("_")
    try:
        at, pk = datetime.fromtimestamp(float(moment), UTC), int(key)
    except (ValueError, OverflowError, OSError):
        return Q()
    return Q(at__lt=at) | Q(at=at, pk__lt=pk)


def count_unread(*, scope: Scope, side: Side) -> int:
    """Return how many notices wait to be opened: one statement, none for the public."""
    to = policies.inboxes(scope, side)
    if not to:
        return 0
    return Notice.objects.filter(
        policies.addressed(to), in_inbox=True, read_at__isnull=True
    ).count()


def get_notice(notice_id: NoticeId, *, scope: Scope) -> NoticeRow:
    """Return one notice to whom it is addressed.

    Raises:
        UnableToFindNotice: there is none, or it is somebody else's.
    """
    mine = policies.addressed(policies.all_inboxes(scope))
    row = Notice.objects.filter(mine, pk=notice_id).first()
    if row is None:
        raise UnableToFindNotice("There is no such notice, or it is not for you.")
    return _row(row)


def _row(row: Notice) -> NoticeRow:
    return NoticeRow(
        id=NoticeId(row.pk),
        kind=NoticeCode(row.kind),
        params=row.params,
        subject=Ref(row.subject_kind, row.subject_key),
        to=Ref(row.to_kind, row.to_key),
        at=row.at,
        is_read=row.read_at is not None,
    )


def channels_off(to: Ref) -> frozenset[ChannelName]:
    """Return the ways by which a recipient does not want to be told."""
    rows = OptOut.objects.filter(to_kind=to.kind, to_key=to.key)
    return frozenset(ChannelName(name) for name in rows.values_list("channel", flat=True))


# -- what could not be sent -----------------------------------------------------------------------


def _stuck() -> Q:
    worked = Delivery.objects.filter(
        notice=OuterRef("notice"), state__in=[DeliveryState.SENT, DeliveryState.DELIVERED]
    )
    failed = Q(state=DeliveryState.FAILED) & ~Exists(worked)
    return failed | Q(state=DeliveryState.QUEUED, attempts__gte=OFTEN)


def list_stuck(*, scope: Scope, limit: int = 100) -> tuple[StuckRow, ...]:
    """Return what failed and reached nobody by another way, and what fails again and again."""
    policies.require(scope, MAY_WATCH)
    rows = Delivery.objects.filter(_stuck(), policies.watched(scope)).select_related("notice")
    return tuple(_stuck_row(row) for row in rows.order_by("-queued_at", "pk")[:limit])


def count_stuck(*, scope: Scope) -> int:
    """Return how many rows the duty officer's list has."""
    policies.require(scope, MAY_WATCH)
    return Delivery.objects.filter(_stuck(), policies.watched(scope)).count()


def count_by_state(*, scope: Scope, on: date) -> dict[str, int]:
    """Return how many deliveries queued on a day stand in each state."""
    policies.require(scope, MAY_WATCH)
    begin = clock.midnight(on)
    rows = Delivery.objects.filter(policies.watched(scope), queued_at__gte=begin)
    return dict(rows.values_list("state").annotate(n=Count("pk")).order_by("state"))


def _stuck_row(row: Delivery) -> StuckRow:
    notice = row.notice
    return StuckRow(
        id=DeliveryId(row.pk),
        notice_id=NoticeId(notice.pk),
        kind=NoticeCode(notice.kind),
        channel=ChannelName(row.channel),
        state=DeliveryState(row.state),
        why=row.why,
        error=row.error,
        attempts=row.attempts,
        at=notice.at,
        next_at=row.due_at,
        number=str(notice.params.get("number", "")),
        to=Ref(notice.to_kind, notice.to_key),
    )


# -- standards ------------------------------------------------------------------------------------


def quiet_hours(at: datetime) -> QuietHours:
    """Return the quiet hours in force."""
    return rules.quiet_from(_value(["notices.quiet"], at))


def ladder(at: datetime) -> tuple[int, ...]:
    """Return the seconds between tries, in force."""
    return tuple(_value(["notices.ladder"], at)["seconds"])


def stale_hours(at: datetime) -> int:
    """Return after how many hours news no longer rings, in force."""
    return int(_value(["notices.stale"], at)["hours"])


def quota_of(channel: ChannelName, at: datetime) -> Quota:
    """Return the quota of a channel in force; the channel's own before the general one."""
    value = _value([f"notices.quota.{channel}", "notices.quota"], at)
    return Quota(value["per_day"], value["per_recipient"])


def used_of(delivery: Delivery, at: datetime) -> Used:
    """Return what the delivery's channel carried today, in all and to its recipient."""
    today = clock.business_date(at)
    rows = Delivery.objects.filter(channel=delivery.channel, charged_on=today)
    rows = rows.exclude(pk=delivery.pk)
    notice = delivery.notice
    theirs = Q(notice__to_kind=notice.to_kind, notice__to_key=notice.to_key)
    counts = rows.aggregate(in_all=Count("pk"), theirs=Count("pk", filter=theirs))
    return Used(today, counts["in_all"], counts["theirs"])


def _value(codes: Iterable[str], at: datetime) -> Any:
    return standards.get_first(list(codes), on=clock.business_date(at)).value
