"""Two at once: one set of answers for an id, one number for a version."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.testing import answers, checklist
from bihuan.kernel.tools.assessments.types import (
    MAY_FILL,
    MAY_PUBLISH,
    MAY_SEE,
    NewAssessment,
    Version,
)

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
DAY = date(2026, 6, 24)


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Carry the acts out in threads that start together; return what they gave."""
    ready, given = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        ready.wait()
        try:
            given.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_the_same_answers_four_times_and_two_versions() -> None:
    scope = registry.system_scope("test", [MAY_PUBLISH, MAY_FILL, MAY_SEE])

    def publish(opening: str) -> Version:
        definition = replace(checklist(), opening=opening)
        return assessments.publish_version(definition, valid_from=DAY, scope=scope, at=AT)

    made = at_once([lambda: publish("甲"), lambda: publish("乙"), lambda: publish("丙")])
    assert sorted(version.number for version in made) == [1, 2, 3]
    sent = NewAssessment(
        id=uuid.uuid4(),
        version_id=made[0].id,
        subject=Ref("fieldwork.visit", "1"),
        area_path=AreaPath("3304/"),
        answers=answers(electrician="absent", exit="fail"),
    )
    record = [lambda: assessments.record_assessment(sent, scope=scope, at=AT)] * 4
    told = at_once(record)
    assert sorted(one.repeated for one in told) == [False, True, True, True]
    assert len({one.result for one in told}) == 1
    assert events.count_facts(name="assessments.item_failed.v1") == 1
    assert assessments.count_assessments() == 1
