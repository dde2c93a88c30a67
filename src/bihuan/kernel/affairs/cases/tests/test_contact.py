"""The first word of a unit with who raised a matter: once, with how; an answer is one too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Part
from bihuan.kernel.affairs.cases.operations.permitting import LackingEvidence, UnableToDoAlone
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    answered,
    dispatched,
    part_move,
    photo,
    refused,
)
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.platform.web.errors import NotAllowed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def shown(case_id: int) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contacted_at, contact_until IS NOT NULL FROM cases_case_v WHERE id = %s",
            [case_id],
        )
        found: tuple[object, ...] = cursor.fetchone()
        return found


def test_once_and_with_how(cast: Cast) -> None:
    opened, (part_id,) = dispatched(cast)
    at = NINE + 2 * HOUR
    refused(LackingEvidence, lambda: part_move(part_id, "contact", cast, at=at), "channel")
    refused(
        LackingEvidence,
        lambda: part_move(part_id, "contact", cast, at=at, channel="pigeon"),
        "channel",
    )
    part_move(part_id, "contact", cast, at=at, channel="phone", words="约好明天去看")
    part = Part.objects.get(pk=part_id)
    assert (part.state, part.contacted_at, part.contact_channel) == ("dispatched", at, "phone")
    assert shown(opened.case_id) == (at, True)
    refused(
        UnableToDoAlone,
        lambda: part_move(part_id, "contact", cast, at=at + HOUR, channel="visit"),
        "not_contacted",
    )
    view = cases.get_case(opened.case_id, scope=cast.scope("zongzhi"))
    assert "contact" not in view.parts[0].moves
    assert view.history[-1].words == "约好明天去看"


def test_an_answer_is_a_word_too(cast: Cast) -> None:
    opened, (part_id,) = answered(cast)
    part = Part.objects.get(pk=part_id)
    assert (part.contacted_at, part.contact_channel) == (part.fed_back_at, "answer")
    assert shown(opened.case_id) == (part.fed_back_at, True)


def test_a_word_before_the_answer_stays_the_first(cast: Cast) -> None:
    _opened, (part_id,) = dispatched(cast)
    at = NINE + HOUR
    part_move(part_id, "contact", cast, at=at, channel="visit")
    part_move(part_id, "feed_back", cast, at=at + HOUR, words="换好了", photos=(photo("red"),))
    part = Part.objects.get(pk=part_id)
    assert (part.contacted_at, part.contact_channel) == (at, "visit")


def test_nobody_known_nobody_to_speak_with(cast: Cast) -> None:
    opened, (part_id,) = dispatched(cast, who=None)
    refused(
        UnableToDoAlone,
        lambda: part_move(part_id, "contact", cast, channel="phone"),
        "raiser_known",
    )
    assert shown(opened.case_id) == (None, False)


def test_only_the_own_unit(cast: Cast) -> None:
    _opened, (part_id,) = dispatched(cast)
    refused(
        cases.UnableToFindCase,
        lambda: part_move(part_id, "contact", cast, "js_fire", channel="phone"),
    )
    refused(NotAllowed, lambda: part_move(part_id, "contact", cast, "mei", channel="phone"))
