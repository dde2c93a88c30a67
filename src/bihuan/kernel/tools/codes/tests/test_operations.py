"""Codes: genuine, forged, expired, revoked; standings kept as a history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.ground.standards.types import Outcome
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.models import Scan, StandingRow
from bihuan.kernel.tools.codes.types import MAY_ISSUE, MAY_SET_STANDING, CodeId, Colour, Verdict
from bihuan.platform.web.errors import NotAllowed

AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
FIRM = Ref("registry.organisation", "6f0e2f6e-0000-4000-8000-000000000001")
pytestmark = pytest.mark.django_db


def _same(value: object, inputs: object) -> Outcome:
    return Outcome(inputs)


@pytest.fixture
def scope():
    return registry.system_scope("test", [MAY_ISSUE, MAY_SET_STANDING])


@pytest.fixture
def code(scope) -> CodeId:
    return codes.issue_code("safe", subject=FIRM, scope=scope, at=AT)


@pytest.fixture
def decide():
    standards.register_rule("test.code", _same)
    standards.load_entries(
        [standards.Given("test.code", 1, "test", date(2026, 1, 1))], brought_by="test"
    )
    standard = standards.get_standard("test.code", on=date(2026, 6, 24))
    return lambda: (
        standards.decide("test.code", standard=standard, subject=FIRM, inputs={}, at=AT).id
    )


class TestChecking:
    def test_a_printed_code_is_valid_without_a_colour(self, code: CodeId) -> None:
        checked = codes.check_code(codes.code_text(code), at=AT + timedelta(days=400))
        assert (checked.verdict, checked.subject, checked.colour) == (Verdict.VALID, FIRM, None)

    def test_the_colour_needs_the_firms_own_fresh_code(self, code: CodeId, scope, decide) -> None:
        codes.set_standing(
            FIRM,
            colour=Colour.YELLOW,
            score=75,
            decision_id=decide(),
            awaits_person=False,
            scope=scope,
            at=AT,
        )
        text = codes.code_text(code, at=AT)
        assert codes.check_code(text, at=AT + timedelta(seconds=60)).colour is Colour.YELLOW
        late = codes.check_code(text, at=AT + timedelta(seconds=61))
        assert (late.verdict, late.subject, late.colour) == (Verdict.EXPIRED, None, None)
        early = codes.check_code(text, at=AT - timedelta(seconds=30))
        assert early.verdict is Verdict.EXPIRED

    def test_any_changed_letter_makes_it_worthless(self, code: CodeId) -> None:
        text = codes.code_text(code, at=AT)
        assert codes.check_code(text, at=AT).verdict is Verdict.VALID  # the control
        for place, letter in enumerate(text):
            other = "1" if letter != "1" else "2"
            forged = text[:place] + other + text[place + 1 :]
            assert codes.check_code(forged, at=AT).verdict is Verdict.NOT_OURS, place

    @pytest.mark.parametrize(
        "text", ["", "x", "1.1.0", "1.1.0.", "1.1.0.AAAA", "a.b.c.d", "9" * 4000]
    )
    def test_what_is_no_code(self, text: str) -> None:
        assert codes.check_code(text, at=AT).verdict is Verdict.NOT_OURS

    def test_a_revoked_print(self, code: CodeId, scope) -> None:
        text = codes.code_text(code)
        fresh = codes.revoke_code(code, scope=scope, at=AT)
        assert codes.check_code(text, at=AT).verdict is Verdict.REVOKED
        assert codes.check_code(codes.code_text(fresh), at=AT).verdict is Verdict.VALID
        assert codes.find_code("safe", FIRM) == fresh

    def test_each_check_is_written_down(self, code: CodeId) -> None:
        codes.check_code(codes.code_text(code), at=AT)
        codes.check_code("forged", at=AT)
        assert list(Scan.objects.values_list("verdict", flat=True)) == ["valid", "not_ours"]


class TestStanding:
    def test_keeps_a_history_and_ignores_repeats(self, scope, decide) -> None:
        first, other = decide(), decide()
        given = ((100, 0, first), (100, 1, first), (75, 2, decide()), (70, 3, other))
        for score, day, decision_id in given:
            codes.set_standing(
                FIRM,
                colour=Colour.GREEN if score == 100 else Colour.YELLOW,
                score=score,
                decision_id=decision_id,
                awaits_person=False,
                scope=scope,
                at=AT + timedelta(days=day),
            )
        history = codes.list_history(FIRM)
        assert [(s.colour.value, s.score) for s in history] == [
            ("yellow", 70),
            ("yellow", 75),
            ("green", 100),
        ]
        assert history[0].since == AT + timedelta(days=2)
        assert events.count_facts(name="codes.standing_changed.v1") == 3

    def test_other_reasons_for_the_same_score_are_kept_and_not_announced(
        self, scope, decide
    ) -> None:
        for decision_id in (first := decide(), second := decide()):
            codes.set_standing(
                FIRM,
                colour=Colour.YELLOW,
                score=75,
                decision_id=decision_id,
                awaits_person=False,
                scope=scope,
                at=AT,
            )
        assert [s.decision_id for s in codes.list_history(FIRM)] == [second, first]
        assert events.count_facts(name="codes.standing_changed.v1") == 1

    def test_needs_the_power(self, decide) -> None:
        nobody = registry.system_scope("nobody")
        with pytest.raises(NotAllowed):
            codes.set_standing(
                FIRM,
                colour=Colour.RED,
                score=1,
                decision_id=decide(),
                awaits_person=False,
                scope=nobody,
                at=AT,
            )
        assert StandingRow.objects.count() == 0

    @pytest.mark.portable
    def test_the_history_cannot_be_rewritten(self, scope, decide) -> None:
        codes.set_standing(
            FIRM,
            colour=Colour.GREEN,
            score=100,
            decision_id=decide(),
            awaits_person=False,
            scope=scope,
            at=AT,
        )
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE codes_standing SET colour = 'red'")
        assert codes.get_standing(FIRM).colour is Colour.GREEN
