"""What readers and duty officers do with notices: open, choose ways, send again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.notices import policies, queries, rules
from bihuan.kernel.tools.notices.facts import ChannelsChosen, DeliveryResent
from bihuan.kernel.tools.notices.models import Delivery, Notice, OptOut
from bihuan.kernel.tools.notices.types import (
    CHANNELS,
    MAY_WATCH,
    UNIT,
    ChannelName,
    DeliveryId,
    DeliveryState,
    NoticeId,
    NoticeRow,
    notice_ref,
)
from bihuan.platform.jobs import queue
from bihuan.platform.web.errors import Conflict, NotAllowed, Refused


class UnableToResend(Conflict):
    """The delivery has not failed, or somebody was quicker."""


class UnableToChoose(Refused):
    """There is no such way of being told."""


def open_notice(notice_id: NoticeId, *, scope: Scope, at: datetime) -> NoticeRow:
    """Return a notice to whom it is for, and mark it read with all earlier ones of its subject.

    Raises:
        UnableToFindNotice: there is none for this reader.
    """
    notice = queries.get_notice(notice_id, scope=scope)
    earlier = Q(at__lt=notice.at) | Q(at=notice.at, pk__lte=notice_id)
    Notice.objects.filter(
        earlier,
        to_kind=notice.to.kind,
        to_key=notice.to.key,
        subject_kind=notice.subject.kind,
        subject_key=notice.subject.key,
        read_at__isnull=True,
    ).update(read_at=at, read_by=scope.origin.account_id)
    return notice


def choose_channels(
    to: Ref, *, off: Collection[ChannelName], scope: Scope, at: datetime
) -> frozenset[ChannelName]:
    """Choose by which ways a recipient does not want to be told; return what stands.

    A unit is at work and is told by every way.

    Raises:
        NotAllowed: it is somebody else's choice.
        UnableToChoose: there is no such way.
    """
    with transaction.atomic():
        if to not in policies.all_inboxes(scope) or to.kind == UNIT:
            raise NotAllowed("Only who is told can choose this.", code="not_yours")
        if set(off) - set(CHANNELS):
            raise UnableToChoose("There is no such way of being told.", code="no_channel")
        before = queries.channels_off(to)
        if before == frozenset(off):
            return before
        standing = OptOut.objects.filter(to_kind=to.kind, to_key=to.key)
        standing.exclude(channel__in=off).delete()
        OptOut.objects.bulk_create(
            (OptOut(to_kind=to.kind, to_key=to.key, channel=name, since=at) for name in off),
            ignore_conflicts=True,
        )
        fact = ChannelsChosen(to, off=tuple(sorted(off)))
        events.record(fact, origin=scope.origin, at=at)
    return frozenset(off)


def resend_delivery(delivery_id: DeliveryId, *, scope: Scope, at: datetime) -> DeliveryState:
    """Send a failed delivery again, from the first rung, under a fresh key.

    Raises:
        NotAllowed: the post may not.
        UnableToFindNotice: none in the areas of the post.
        UnableToResend: it has not failed.
    """
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice")
        row = rows.filter(policies.watched(scope), pk=delivery_id).first()
        policies.require(scope, MAY_WATCH)
        if row is None:
            raise queries.UnableToFindNotice("There is no such notice, or it is not for you.")
        if row.state != DeliveryState.FAILED:
            raise UnableToResend("It is on its way already. Look again.", code="not_failed")
        row.state, row.why, row.error = DeliveryState.QUEUED.value, "", ""
        row.attempts, row.resends, row.ended_at = 0, row.resends + 1, None
        row.due_at = at
        if not row.rings_at_night:
            row.due_at = rules.not_in_quiet(at, queries.quiet_hours(at))
        row.save()
        fact = DeliveryResent(
            notice_ref(NoticeId(row.notice_id)), delivery=str(row.pk), channel=row.channel
        )
        events.record(fact, origin=scope.origin, at=at)
        transaction.on_commit(lambda: queue.wake("notices.send"), robust=True)
    return DeliveryState.QUEUED
