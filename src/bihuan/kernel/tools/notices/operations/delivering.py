"""Carrying notices out of the house: claimed, tried over three days, then by the next way.

A try is counted when it is claimed and its next time is set with it: a sender killed at any moment
leaves the delivery queued, a message that kills the sender comes to an end like any other, and no
transaction is open while a provider is asked. What the provider took twice it knows by the key.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.notices import channels, kinds, policies, queries, rules, wording
from bihuan.kernel.tools.notices.addresses import address_of
from bihuan.kernel.tools.notices.facts import NoticeUndeliverable
from bihuan.kernel.tools.notices.models import Delivery, Notice
from bihuan.kernel.tools.notices.operations.telling import queue_next
from bihuan.kernel.tools.notices.types import (
    MAY_REPORT,
    MAY_SEND,
    Channel,
    ChannelName,
    DeliveryState,
    Message,
    NoticeCode,
    NoticeId,
    Receipt,
    RefusedForGood,
    Why,
    notice_ref,
)
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words
from bihuan.platform.jobs import failpoints

logger = logging.getLogger(__name__)

LANGUAGE = "zh-hans"
"""Messages that leave the house are Chinese; the inbox speaks the reader's language."""


def send_pending(*, scope: Scope, at: datetime, limit: int = 500) -> int:
    """Send what is due; return how many deliveries were taken up.

    Raises:
        NotAllowed: only the job sends.
    """
    policies.require(scope, MAY_SEND)
    skip_stale(at)
    taken = 0
    while taken < limit:
        found, delivery = _claim(scope, at)
        if not found:
            break
        taken += 1
        if delivery is not None:
            _carry(delivery, scope, at)
    return taken


def skip_stale(at: datetime) -> int:
    """Skip, in one statement, what happened too long ago to ring and was never tried."""
    before = at - timedelta(hours=queries.stale_hours(at))
    rows = Delivery.objects.filter(
        state=DeliveryState.QUEUED,
        attempts=0,
        resends=0,
        rings_at_night=False,
        queued_at__lt=before,
    )
    return rows.update(
        state=DeliveryState.SKIPPED.value, why=Why.STALE.value, ended_at=at, charged_on=None
    )


# -- one delivery ---------------------------------------------------------------------------------


def _claim(scope: Scope, at: datetime) -> tuple[bool, Delivery | None]:
    """Take the next due delivery and count the try; None when it may not go now after all."""
    with transaction.atomic():
        due = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("notice")
            .filter(state=DeliveryState.QUEUED, due_at__lte=at)
        )
        if rules.is_quiet(at, queries.quiet_hours(at)):
            due = due.filter(rings_at_night=True)
        delivery = due.order_by("due_at", "notice_id").first()
        if delivery is None:
            return False, None
        return True, delivery if _admit(delivery, scope, at) else None


def _admit(delivery: Delivery, scope: Scope, at: datetime) -> bool:
    """Count the try and set the next one, or say why it does not go now."""
    name = ChannelName(delivery.channel)
    notice = delivery.notice
    ladder = queries.ladder(at)
    if name not in channels.configured():
        _end(delivery, DeliveryState.FAILED, Why.NO_CHANNEL, scope, at)
        return False
    if name in queries.channels_off(Ref(notice.to_kind, notice.to_key)):
        _end(delivery, DeliveryState.SKIPPED, Why.OPTED_OUT, scope, at)
        return False
    again = rules.next_try(delivery.attempts + 1, ladder, at)
    if again is None:
        _end(delivery, DeliveryState.FAILED, Why.SPENT, scope, at)
        return False
    if _is_over(delivery, name, at):
        _put_off(delivery, at)
        return False
    delivery.attempts += 1
    delivery.charged_on = clock.business_date(at)
    delivery.due_at = _awake(again, delivery, at)
    delivery.why = ""
    delivery.save(update_fields=["attempts", "charged_on", "due_at", "why"])
    return True


def _is_over(delivery: Delivery, name: ChannelName, at: datetime) -> bool:
    """Return whether the day's quota is used up; senders count one after the other."""
    lock_words(f"notices.quota.{name}")
    used = queries.used_of(delivery, at)
    return rules.is_over(queries.quota_of(name, at), used, urgent=delivery.rings_at_night)


def _put_off(delivery: Delivery, at: datetime) -> None:
    tomorrow = clock.midnight(clock.business_date(at) + timedelta(days=1))
    delivery.due_at, delivery.why = _awake(tomorrow, delivery, at), Why.QUOTA.value
    delivery.save(update_fields=["due_at", "why"])


def _awake(moment: datetime, delivery: Delivery, at: datetime) -> datetime:
    if delivery.rings_at_night:
        return moment
    return rules.not_in_quiet(moment, queries.quiet_hours(at))


def _carry(delivery: Delivery, scope: Scope, at: datetime) -> None:
    """Hand one message to its channel and keep what came of it. No transaction is open."""
    try:
        channel = channels.find_channel(ChannelName(delivery.channel))
        if channel is None:
            raise RefusedForGood(Why.NO_CHANNEL)
        receipt = channel.send(_message(delivery, channel, scope, at))
    except RefusedForGood as refused:
        _close(delivery, refused.why, rules.scrub(str(refused)), scope, at)
    except Exception as error:  # a poisoned message must not stop the others
        words = rules.scrub(f"{type(error).__name__}: {error}")
        logger.warning("delivery %s failed: %s", delivery.pk, words)
        _keep_error(delivery, words)
    else:
        failpoints.reach("notices.after_adapter")
        _keep_receipt(delivery, receipt, at)


def _message(delivery: Delivery, channel: Channel, scope: Scope, at: datetime) -> Message:
    notice = delivery.notice
    kind = kinds.get_kind(notice.kind)
    address = address_of(Ref(notice.to_kind, notice.to_key), channel.address, scope=scope, at=at)
    key = str(delivery.pk)
    with translation.override(LANGUAGE):
        if channel.is_public:
            title, text = "闭环", wording.public_text_of(notice.params)
        else:
            title = wording.title_of(kind.code)
            text = wording.text_of(NoticeCode(notice.kind), notice.params)
    return Message(
        key=f"{key}-{delivery.resends}" if delivery.resends else key,
        to=address,
        title=title,
        text=text,
    )


def _keep_receipt(delivery: Delivery, receipt: Receipt, at: datetime) -> None:
    arrived = receipt.has_arrived
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED).update(
        state=(DeliveryState.DELIVERED if arrived else DeliveryState.SENT).value,
        sent_at=at,
        delivered_at=at if arrived else None,
        ended_at=at if arrived else None,
        provider_id=receipt.provider_id[:80],
        error="",
    )


def _keep_error(delivery: Delivery, words: str) -> None:
    Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.QUEUED, attempts=delivery.attempts
    ).update(error=words)


def _close(delivery: Delivery, why: Why, words: str, scope: Scope, at: datetime) -> None:
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice")
        row = rows.filter(pk=delivery.pk, state=DeliveryState.QUEUED).first()
        if row is not None:
            row.error = words
            _end(row, DeliveryState.FAILED, why, scope, at)


def _end(delivery: Delivery, state: DeliveryState, why: Why, scope: Scope, at: datetime) -> None:
    """End a delivery and queue the next way; when none is left, say so for a person to call."""
    delivery.state, delivery.why, delivery.ended_at = state.value, why.value, at
    delivery.save(update_fields=["state", "why", "ended_at", "error"])
    notice = delivery.notice
    if _fall_back(notice, at) is not None or state is DeliveryState.SKIPPED:
        return
    fact = NoticeUndeliverable(
        notice_ref(NoticeId(notice.pk)),
        kind=notice.kind,
        channel=delivery.channel,
        why=why.value,
        area_path=notice.area_path,
    )
    events.record(fact, origin=scope.origin, at=at)


def _fall_back(notice: Notice, at: datetime) -> ChannelName | None:
    kind = kinds.find_kind(notice.kind)
    if kind is None:
        return None
    off = queries.channels_off(Ref(notice.to_kind, notice.to_key))
    return queue_next(notice, kind, off=off, at=at)


# -- what a provider says later -------------------------------------------------------------------


def report_delivery(
    channel: ChannelName, provider_id: str, *, has_arrived: bool, scope: Scope, at: datetime
) -> DeliveryState | None:
    """Keep what a provider says of a message that it took; said again, nothing changes.

    Returns the state that stands now, or None for an id that is not ours.

    Raises:
        NotAllowed: only the provider's adapter reports.
    """
    policies.require(scope, MAY_REPORT)
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice")
        row = rows.filter(channel=channel, provider_id=provider_id).exclude(provider_id="").first()
        if row is None:
            return None
        if row.state != DeliveryState.SENT:
            return DeliveryState(row.state)
        if has_arrived:
            row.state, row.delivered_at, row.ended_at = DeliveryState.DELIVERED.value, at, at
            row.save(update_fields=["state", "delivered_at", "ended_at"])
        else:
            _end(row, DeliveryState.FAILED, Why.NOT_ARRIVED, scope, at)
        return DeliveryState(row.state)
