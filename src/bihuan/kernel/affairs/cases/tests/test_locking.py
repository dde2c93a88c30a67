"""The lock reads the matter and all beside it in one statement; a wait makes it look again."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, Part, Round
from bihuan.kernel.affairs.cases.operations.locking import lock_case
from bihuan.kernel.affairs.cases.operations.reading import lock_by_ids
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.tests.worlds import NINE, answered, move, raise_one
from bihuan.kernel.affairs.cases.types import CaseId, NewPart, Role
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.platform.database.together import Writing, values_of

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"


def test_what_the_lock_reads_is_what_stands(cast: Cast) -> None:
    opened, parts = answered(cast, "zongzhi", "fire")
    with transaction.atomic():
        locked = lock_case(opened.case_id, scope=cast.scope("mei"))
    stored = Round.objects.get(case_id=opened.case_id)
    assert locked.round is not None
    assert values_of(locked.round) == values_of(stored)
    assert [part.pk for part in locked.parts] == list(parts)
    for part in locked.parts:
        assert values_of(part) == values_of(Part.objects.get(pk=part.pk))


def test_only_changed_columns_are_written(cast: Cast) -> None:
    opened = raise_one(cast)
    with transaction.atomic():
        locked = lock_case(opened.case_id, scope=cast.scope("mei"))
        locked.case.title = "桥头路灯"
        into = Writing()
        locked.save_with(into)
        with CaptureQueriesContext(connection) as caught:
            into.send()
    *_prepared, written = [query["sql"] for query in caught]
    assert '{"title": "桥头路灯", "version": 1}' in written
    assert len(_prepared) <= 1


def test_who_may_lock_a_matter_is_who_sees_it(cast: Cast) -> None:
    first, _parts = answered(cast, "zongzhi", "fire")
    raise_one(cast)
    raise_one(cast, who=None, class_code="test_paper")
    Case.objects.filter(pk=first.case_id).update(
        sensitive=True, concerns=next(iter(cast.scope("shen").organisation_ids))
    )
    seen = 0
    for who in cast.members:
        scope = cast.scope(who)
        stands = set(Case.objects.filter(visible(scope)).values_list("pk", flat=True))
        every = [CaseId(pk) for pk in Case.objects.values_list("pk", flat=True)]
        with transaction.atomic():
            locked = {case.pk for case, _beside in lock_by_ids(every, scope=scope)}
        assert locked == stands, who
        seen += len(stands)
    assert seen


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_waited_sees_the_parts_given_meanwhile(cast: Cast) -> None:
    opened = raise_one(cast)
    move(opened.case_id, "file", cast, "tao")
    unit, mei = cast.unit("330424-zongzhi").id, cast.scope("mei")
    seen: list[list[int]] = []

    def second() -> None:
        try:
            with transaction.atomic():
                seen.append([p.unit_id for p in lock_case(opened.case_id, scope=mei).parts])
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        parts = [NewPart(unit, Role.LEAD)]
        cases.dispatch_case(opened.case_id, parts=parts, scope=mei, at=NINE)
        thread.start()
        _until_somebody_waits()
    thread.join(timeout=20)
    assert seen == [[unit]]


def _until_somebody_waits() -> None:
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.025)
    raise AssertionError("nobody waited for the lock")
