"""The same command id gets the same answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from bihuan.platform.web.commands import Sent, perform
from bihuan.platform.web.errors import Mismatch
from bihuan.platform.web.models import Command

AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
ID = UUID("0190c0de-0000-4000-8000-000000000001")


def _sent(contents: object = "a", command_id: UUID = ID) -> Sent:
    return Sent(command_id=command_id, name="test.do", sender="account:1", contents=contents)


@pytest.mark.django_db(transaction=True)
class TestPerform:
    def test_runs_once_and_answers_twice(self) -> None:
        runs: list[int] = []

        def effect() -> dict[str, int]:
            runs.append(1)
            return {"number": len(runs)}

        first = perform(_sent(), effect, at=AT)
        second = perform(_sent(), effect, at=AT)
        assert (first.answer, first.repeated) == ({"number": 1}, False)
        assert (second.answer, second.repeated) == ({"number": 1}, True)
        assert runs == [1]

    def test_refuses_other_contents_under_the_same_id(self) -> None:
        perform(_sent("a"), lambda: {"kept": "a"}, at=AT)
        with pytest.raises(Mismatch):
            perform(_sent("b"), lambda: {"kept": "b"}, at=AT)
        assert Command.objects.get().answer == {"kept": "a"}

    def test_a_refusal_leaves_the_id_free(self) -> None:
        def refuse() -> dict[str, int]:
            raise ValueError("not yet")

        with pytest.raises(ValueError, match="not yet"):
            perform(_sent(), refuse, at=AT)
        assert Command.objects.count() == 0
        assert perform(_sent(), lambda: {"ok": 1}, at=AT).answer == {"ok": 1}

    def test_another_sender_may_use_the_same_id(self) -> None:
        perform(_sent(), lambda: {"of": 1}, at=AT)
        other = Sent(command_id=ID, name="test.do", sender="account:2", contents="a")
        assert perform(other, lambda: {"of": 2}, at=AT).answer == {"of": 2}

    @pytest.mark.portable
    def test_a_racing_second_waits_and_replays(self) -> None:
        inside, go = threading.Event(), threading.Event()
        answers: list[tuple[dict[str, int], bool]] = []

        def slow() -> dict[str, int]:
            inside.set()
            go.wait(5)
            return {"winner": 1}

        def run(effect: object) -> None:
            done = perform(_sent(), effect, at=AT)  # type: ignore[arg-type]
            answers.append((done.answer, done.repeated))
            connection.close()

        first = threading.Thread(target=run, args=(slow,))
        first.start()
        inside.wait(5)
        second = threading.Thread(target=run, args=(lambda: {"winner": 2},))
        second.start()
        go.set()
        first.join()
        second.join()
        assert sorted(answers, key=lambda pair: pair[1]) == [
            ({"winner": 1}, False),
            ({"winner": 1}, True),
        ]
