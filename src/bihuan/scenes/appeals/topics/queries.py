"""Reading hot topics: what is proposed in one's areas."""

from __future__ import annotations

from collections import defaultdict

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_ACCEPT, CaseId
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.scenes.appeals.models import TopicMemberRow, TopicRow
from bihuan.scenes.appeals.topics.operations import FOLLOWING
from bihuan.scenes.appeals.topics.types import Member, Topic, TopicId

MOST = 20
MOST_MATTERS = 2000


def list_topics(*, scope: Scope, most: int = MOST) -> tuple[Topic, ...]:
    """Return what is proposed in one's areas, the most people first; nothing without the power.

    Four statements. Matters that were settled meanwhile are left out, and so is a topic of which
    fewer than two are left.
    """
    if not scope.has(MAY_ACCEPT):
        return ()
    rows = TopicRow.objects.filter(TopicRow.inside(scope.area_paths), state=TopicRow.State.PROPOSED)
    topics = list(rows.order_by("-people", "-count", "pk")[:most])
    if not topics:
        return ()
    kept: dict[int, list[int]] = defaultdict(list)
    pairs = TopicMemberRow.objects.filter(topic__in=topics).values_list("topic_id", "case_id")
    for topic_id, case_id in pairs:
        kept[topic_id].append(case_id)
    ids = [CaseId(case) for some in kept.values() for case in some]
    said = cases.list_said(APPEAL, scope=scope, case_ids=ids, most=MOST_MATTERS)
    by_id = {one.case_id: one for one in said}
    names = registry.names_of_areas(row.area_path for row in topics)
    shown = [_topic(row, kept[row.pk], by_id, names.get(row.area_path, "")) for row in topics]
    return tuple(topic for topic in shown if len(topic.members) > 1)


def _topic(
    row: TopicRow, keys: list[int], by_id: dict[CaseId, cases.SaidOpen], area_name: str
) -> Topic:
    open_ones = [by_id[CaseId(key)] for key in keys if key in by_id]
    open_ones.sort(key=lambda one: (one.case_id != row.master_id, one.raised_at))
    return Topic(
        id=TopicId(row.pk),
        class_code=row.class_code,
        area_name=area_name,
        words=tuple(row.words),
        percent=row.percent,
        people=row.people,
        master=row.master_id,
        members=tuple(_member(one) for one in open_ones),
    )


def _member(one: cases.SaidOpen) -> Member:
    return Member(
        case_id=one.case_id,
        number=one.number,
        title=one.title,
        place=one.place,
        raised_at=one.raised_at,
        version=one.version,
        followers=one.followers,
        can_follow=one.state in FOLLOWING,
    )
