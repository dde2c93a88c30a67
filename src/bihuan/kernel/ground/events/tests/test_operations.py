"""Recording and delivering facts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events import kinds
from bihuan.kernel.ground.events.models import Delivery, FactRow
from bihuan.kernel.ground.events.types import SYSTEM, Door, Fact, Origin, RecordedFact, Ref

AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
LAMP = Ref("test.lamp", "7")


@dataclass(frozen=True, slots=True)
class LampLit(Fact):
    """A lamp burns again."""

    name = "test.lamp_lit.v1"
    watts: int


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[RecordedFact]]:
    """Listen to LampLit for one test."""
    received: list[RecordedFact] = []
    monkeypatch.setattr(kinds, "_handlers", {"test.lamp_lit.v1": {"test.ear": received.append}})
    yield received


def _record(watts: int = 40) -> RecordedFact:
    origin = Origin(door=Door.WEB, account_id=3, post_id=5, unit_id=9)
    with transaction.atomic():
        return events.record(LampLit(LAMP, watts), origin=origin, at=AT)


@pytest.mark.django_db(transaction=True)
class TestRecording:
    def test_keeps_who_what_when(self) -> None:
        recorded = _record()
        assert events.list_facts(subject=LAMP) == (recorded,)
        assert recorded.payload == {"watts": 40}
        assert (recorded.origin.account_id, recorded.origin.post_id, recorded.at) == (3, 5, AT)

    def test_refuses_outside_a_transaction(self) -> None:
        with pytest.raises(events.UnableToRecord):
            events.record(LampLit(LAMP, 1), origin=SYSTEM, at=AT)
        assert events.count_facts() == 0

    def test_a_rollback_takes_fact_and_delivery_back(self, heard: list[RecordedFact]) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            events.record(LampLit(LAMP, 1), origin=SYSTEM, at=AT)
            assert Delivery.objects.count() == 1
            raise ZeroDivisionError
        assert (FactRow.objects.count(), Delivery.objects.count()) == (0, 0)
        assert heard == []

    @pytest.mark.portable
    @pytest.mark.parametrize(
        "statement", ["UPDATE events_fact SET name = 'x'", "DELETE FROM events_fact"]
    )
    def test_the_database_refuses_change(self, statement: str) -> None:
        _record()
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert FactRow.objects.get().name == "test.lamp_lit.v1"


@pytest.mark.django_db(transaction=True)
class TestDelivering:
    def test_brings_each_fact_once(self, heard: list[RecordedFact]) -> None:
        recorded = _record()
        assert events.deliver_pending(at=AT) == 1
        assert events.deliver_pending(at=AT) == 0
        assert heard == [recorded]
        assert events.count_deliveries(state="done") == 1

    def test_a_failing_ear_is_asked_again_and_its_writes_are_taken_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(fact: RecordedFact) -> None:
            Delivery.objects.update(error="written half")
            raise ValueError("no")

        handlers = {"test.lamp_lit.v1": {"test.deaf": fail}}
        monkeypatch.setattr(kinds, "_handlers", handlers)
        _record()
        assert events.deliver_pending(at=AT) == 1
        row = Delivery.objects.get()
        assert (row.state, row.attempts, row.error) == ("pending", 1, "ValueError: no")
        assert row.due_at == AT + timedelta(seconds=5)
        assert events.deliver_pending(at=AT) == 0

    def test_gives_up_in_sight_after_the_last_try(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(fact: RecordedFact) -> None:
            raise ValueError("never")

        monkeypatch.setattr(kinds, "_handlers", {"test.lamp_lit.v1": {"test.deaf": fail}})
        _record()
        for day in range(12):
            events.deliver_pending(at=AT + timedelta(days=3 * day))
        row = Delivery.objects.get()
        assert (row.state, row.attempts) == ("dead", 9)

    def test_two_workers_share_the_work_without_doubling(self, heard: list[RecordedFact]) -> None:
        for watts in range(40):
            _record(watts)
        counts: list[int] = []

        def work() -> None:
            counts.append(events.deliver_pending(at=AT))
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert sum(counts) == 40
        assert sorted(fact.payload["watts"] for fact in heard) == list(range(40))
