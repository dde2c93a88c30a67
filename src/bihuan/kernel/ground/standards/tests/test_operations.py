"""Loading, finding by day, deciding and replaying."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.ground.standards import kinds
from bihuan.kernel.ground.standards.models import DecisionRow, StandardRow
from bihuan.kernel.ground.standards.types import Outcome, Reason

AT = datetime(2026, 6, 24, tzinfo=UTC)
LAMP = Ref("test.lamp", "1")
pytestmark = pytest.mark.django_db


def ours():
    """Return the rows of this test's rule."""
    return StandardRow.objects.filter(code="test.limit")


def _given(value: object = 5, day: date = date(2026, 1, 1), **more: object) -> standards.Given:
    return standards.Given("test.limit", value, "GB 1", day, **more)  # type: ignore[arg-type]


class TestLoading:
    def test_twice_changes_nothing(self) -> None:
        assert standards.load_entries([_given()], brought_by="test") == 1
        assert standards.load_entries([_given()], brought_by="test") == 0
        assert ours().count() == 1

    def test_a_later_value_ends_the_earlier_one(self) -> None:
        standards.load_entries([_given(5), _given(7, date(2026, 7, 1))], brought_by="test")
        by_day = {
            day: standards.get_standard("test.limit", on=day).value
            for day in (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
        }
        assert list(by_day.values()) == [5, 5, 7]
        assert [s.version for s in standards.list_versions("test.limit")] == [1, 2]

    def test_refuses_to_change_the_past(self) -> None:
        standards.load_entries([_given(5)], brought_by="test")
        with pytest.raises(standards.UnableToLoadStandard):
            standards.load_entries([_given(6)], brought_by="test")
        assert ours().get().value == 5

    def test_the_county_comes_before_the_city(self) -> None:
        standards.load_entries([_given(5), _given(3, county="330424")], brought_by="test")
        on = date(2026, 2, 1)
        assert standards.get_standard("test.limit", on=on, county="330424").value == 3
        assert standards.get_standard("test.limit", on=on, county="330421").value == 5

    def test_a_day_before_the_first_has_none(self) -> None:
        standards.load_entries([_given()], brought_by="test")
        with pytest.raises(standards.UnableToFindStandard):
            standards.get_standard("test.limit", on=date(2025, 12, 31))

    def test_the_particular_comes_before_the_general(self) -> None:
        particular = standards.Given("test.limit.lamp", 2, "GB 1", date(2026, 1, 1))
        standards.load_entries([_given(5), particular], brought_by="test")
        on = date(2026, 2, 1)
        assert standards.get_first(("test.limit.lamp", "test.limit"), on=on).value == 2
        assert standards.get_first(("test.limit.road", "test.limit"), on=on).value == 5

    @pytest.mark.parametrize(
        ("raw", "fault"),
        [
            ({}, "a list of entries"),
            ([1], "a mapping"),
            ([{"code": "a"}], "lacks value, source, valid_from"),
            ([{"code": "a", "value": 1, "source": "s", "valid_from": "soon"}], "is no date"),
        ],
    )
    def test_a_file_that_does_not_hold(self, raw: object, fault: str) -> None:
        with pytest.raises(standards.UnableToReadStandards, match=fault):
            standards.read_entries(raw, where="x.yaml")


@pytest.mark.portable
class TestTheDatabaseRefuses:
    def _refused(self, act: object) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()  # type: ignore[operator]

    def test_two_values_on_one_day(self) -> None:
        standards.load_entries([_given()], brought_by="test")
        self._refused(
            lambda: StandardRow.objects.create(
                code="test.limit", version=2, value=6, source="s", valid_from=date(2026, 3, 1)
            )
        )

    def test_a_changed_value_and_a_deleted_version(self) -> None:
        standards.load_entries([_given()], brought_by="test")
        self._refused(lambda: ours().update(value=6))
        self._refused(lambda: ours().all().delete())
        assert ours().update(valid_to=date(2026, 9, 1)) == 1

    def test_a_changed_decision(self) -> None:
        standards.load_entries([_given()], brought_by="test")
        DecisionRow.objects.create(
            rule="r",
            standard=ours().get(),
            subject_kind="a",
            subject_key="b",
            inputs={},
            inputs_hash="",
            value=1,
            reasons=[],
            at=AT,
        )
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE standards_decision SET value = '2'")
        assert DecisionRow.objects.get().value == 1


class TestDeciding:
    def test_keeps_what_is_needed_to_replay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def over(limit: int, inputs: dict[str, int]) -> Outcome:
            late = inputs["days"] > limit
            return Outcome({"late": late}, (Reason("days", inputs["days"], {}, LAMP),))

        monkeypatch.setattr(kinds, "_rules", {})
        standards.register_rule("test.over", over)
        standards.load_entries([_given(5)], brought_by="test")
        standard = standards.get_standard("test.limit", on=date(2026, 6, 24))
        made = standards.decide(
            "test.over", standard=standard, subject=LAMP, inputs={"days": 6}, at=AT
        )
        assert (made.value, made.reasons[0].evidence) == ({"late": True}, LAMP)
        assert standards.list_decisions(LAMP) == (made,)
        assert standards.replay(made.id).same is True

        def changed(limit: int, inputs: dict[str, int]) -> Outcome:
            return Outcome({"late": False})

        monkeypatch.setattr(kinds, "_rules", {"test.over": changed})
        assert standards.replay(made.id).same is False
