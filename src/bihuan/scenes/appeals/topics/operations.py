"""Finding hot topics, making one of them a main matter, dismissing one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    MAY_ACCEPT,
    CaseId,
    Fulfilled,
    State,
    Wish,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaLevel, AreaPath, Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused
from bihuan.scenes.appeals.facts import TopicFound, TopicSettled
from bihuan.scenes.appeals.models import TopicMemberRow, TopicRow
from bihuan.scenes.appeals.topics.rules import find_topics, same_topic
from bihuan.scenes.appeals.topics.types import Bounds, Found, Told, TopicId

STANDARD = "appeals.topics"
TOPIC = "appeals.topic"
FOLLOWING = frozenset({State.REPORTED, State.VERIFYING, State.FILED})
"""States in which a matter may still be merged into another."""


class UnableToJoin(Refused):
    """The topic cannot be made one matter as it was chosen."""


def bounds_at(at: datetime) -> Bounds:
    """Return when matters are many and the same, by the standard in force."""
    return Bounds(**standards.get_standard(STANDARD, on=clock.business_date(at)).value)


def look_for_topics(*, scope: Scope, at: datetime) -> int:
    """Find the topics of the open matters that `scope` sees and keep them; return how many are new.

    Nothing is merged. A topic that stands is brought up to date; a dismissed one stays dismissed
    until as many more came as the standard says; one that is no longer there fades.
    """
    if not scope.has(MAY_ACCEPT):
        raise NotAllowed("Your post does not look for hot topics.")
    bounds = bounds_at(at)
    since = at - timedelta(days=bounds.days)
    said = cases.list_said(APPEAL, scope=scope, since=since, most=bounds.most)
    found = find_topics([_told(one) for one in said], bounds)
    with transaction.atomic():
        return _keep(found, said, bounds, scope=scope, at=at)


def _told(one: cases.SaidOpen) -> Told:
    text = one.text if one.text.startswith(one.title[:8]) else f"{one.title}\n{one.text}"
    point = None
    if one.longitude is not None and one.latitude is not None:
        point = (one.longitude, one.latitude)
    return Told(
        key=one.case_id,
        text=text[:600],
        class_code=one.class_code,
        area=one.area_path,
        place=one.place,
        at=one.raised_at,
        raiser=one.raiser,
        point=point,
        followers=one.followers,
        started=one.state not in FOLLOWING,
    )


def _keep(
    found: Sequence[Found],
    said: Sequence[cases.SaidOpen],
    bounds: Bounds,
    *,
    scope: Scope,
    at: datetime,
) -> int:
    rows = list(_standing(scope).select_for_update().order_by("pk"))
    members = _members(rows)
    seen: set[int] = set()
    fresh = 0
    for one in found:
        row = next(
            (r for r in rows if r.pk not in seen and same_topic(members[r.pk], one.keys)), None
        )
        if row is None:
            row = TopicRow(found_at=at)
            fresh += 1
        elif row.state == TopicRow.State.DISMISSED:
            if len(one.keys) < row.count + bounds.again_after:
                seen.add(row.pk)
                continue
            row.state = TopicRow.State.PROPOSED
        _write(row, one, at=at)
        seen.add(row.pk)
        if row.found_at == at:
            _record(row, TopicFound(Ref(TOPIC, str(row.pk)), len(one.keys)), scope, at)
    gone = [r.pk for r in rows if r.pk not in seen and r.state == TopicRow.State.PROPOSED]
    TopicRow.objects.filter(pk__in=gone).update(state=TopicRow.State.FADED, settled_at=at)
    return fresh


def _standing(scope: Scope) -> QuerySet[TopicRow]:
    rows = TopicRow.objects.filter(state__in=[TopicRow.State.PROPOSED, TopicRow.State.DISMISSED])
    return rows.filter(TopicRow.inside(scope.area_paths))


def _members(rows: Iterable[TopicRow]) -> dict[int, set[int]]:
    kept: dict[int, set[int]] = defaultdict(set)
    pairs = TopicMemberRow.objects.filter(topic__in=[row.pk for row in rows])
    for topic, case in pairs.values_list("topic_id", "case_id"):
        kept[topic].add(case)
    return kept


def _write(row: TopicRow, one: Found, *, at: datetime) -> None:
    row.area_path, row.class_code = one.town, one.class_code
    row.words, row.percent = list(one.words), round(100 * one.likeness)
    row.people, row.count, row.master_id = one.people, len(one.keys), one.master
    row.seen_at = at
    row.save()
    row.members.exclude(case_id__in=one.keys).delete()
    TopicMemberRow.objects.bulk_create(
        [TopicMemberRow(topic=row, case_id=key) for key in one.keys], ignore_conflicts=True
    )


def join_topic(
    topic_id: TopicId,
    master_id: CaseId,
    chosen: Sequence[tuple[CaseId, int]],
    *,
    scope: Scope,
    at: datetime,
) -> tuple[Fulfilled, ...]:
    """Let the chosen matters (with the versions that were shown) follow one of the topic.

    The rules are those of merging one by one; what cannot follow is told and stays by itself.

    Raises:
        NotAllowed, NotFound: no such power, no such proposal here.
        UnableToJoin: none is chosen, one is not of this topic, or none could follow.
    """
    with transaction.atomic():
        row = _lock(topic_id, scope)
        within = _members([row])[row.pk]
        others = [(key, version) for key, version in chosen if key != master_id]
        if not others or not {master_id, *(key for key, _v in others)} <= within:
            raise UnableToJoin("Choose the main matter and at least one that follows it.")
        wishes = [Wish(key, version, master_id=master_id) for key, version in others]
        done = cases.dispatch_together(wishes, scope=scope, at=at)
        joined = sum(one.state is not None for one in done)
        if not joined:
            raise UnableToJoin(
                "None of them could follow: %(why)s", why=done[0].refusal, code="none_followed"
            )
        _settle(row, TopicRow.State.JOINED, joined, "", scope=scope, at=at)
    return done


def dismiss_topic(topic_id: TopicId, words: str, *, scope: Scope, at: datetime) -> None:
    """Say that these are not one matter; it is remembered.

    Raises:
        NotAllowed, NotFound: no such power, no such proposal here.
    """
    with transaction.atomic():
        row = _lock(topic_id, scope)
        _settle(row, TopicRow.State.DISMISSED, 0, words, scope=scope, at=at)


def _lock(topic_id: TopicId, scope: Scope) -> TopicRow:
    if not scope.has(MAY_ACCEPT):
        raise NotAllowed("Your post does not decide on hot topics.")
    rows = TopicRow.objects.select_for_update().filter(TopicRow.inside(scope.area_paths))
    row = rows.filter(pk=topic_id, state=TopicRow.State.PROPOSED).first()
    if row is None:
        raise NotFound("This proposal is settled already, or there is none in your care.")
    return row


def _settle(
    row: TopicRow,
    state: TopicRow.State,
    joined: int,
    words: str,
    *,
    scope: Scope,
    at: datetime,
) -> None:
    row.state, row.reason, row.settled_at = state, words.strip()[:200], at
    row.settled_by = scope.origin.account_id
    row.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    _record(row, TopicSettled(Ref(TOPIC, str(row.pk)), state.value, joined), scope, at)


def _record(row: TopicRow, fact: TopicFound | TopicSettled, scope: Scope, at: datetime) -> None:
    events.record(fact, origin=scope.origin, at=at)


def look_everywhere(*, at: datetime) -> int:
    """Find the topics of each county, one after the other; return how many are new."""
    whole = registry.system_scope("appeals.topics", (MAY_ACCEPT,))
    counties = registry.list_areas(levels=(AreaLevel.COUNTY,))
    scopes = [replace(whole, area_paths=(AreaPath(county.path),)) for county in counties]
    return sum(look_for_topics(scope=scope, at=at) for scope in scopes)
