"""How many statements each move takes: a committed number, so that nobody adds one unseen."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.tests.worlds import NINE, XINXING, answered, photo, raise_one
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    CaseId,
    Detail,
    Moved,
    MoveName,
    NewPart,
    PartId,
    Raise,
    Role,
)
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.jobs import queue
from bihuan.platform.web.commands import Sent, perform

MARKS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "PREPARE")
"""What is no statement of an act: transactions, and planning one for the first time."""


def statements(act: Callable[[], object]) -> int:
    """Return how many statements an act takes, savepoints aside."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return sum(not query["sql"].startswith(MARKS) for query in caught)


def move_case(case_id: CaseId, move: MoveName, scope: Scope) -> Moved:
    """Make one move on a matter."""
    return cases.move_case(case_id, move=move, scope=scope, at=NINE)


def move_part(part_id: PartId, move: MoveName, scope: Scope, detail: Detail) -> Moved:
    """Make one move on a part."""
    return cases.move_part(part_id, move=move, scope=scope, at=NINE, detail=detail)


def test_each_move_of_the_straight_way(cast: Cast) -> None:
    answered(cast)  # rules are kept in the process from here on
    tao, mei, zongzhi, verifier, lu = (
        cast.scope(who) for who in ("tao", "mei", "zongzhi", "verifier", "lu")
    )
    digest, unit = photo("black"), cast.unit("330424-zongzhi").id
    case_id = raise_one(cast).case_id
    given: list[Moved] = []

    def dispatch() -> None:
        parts = [NewPart(unit, Role.LEAD)]
        given.append(cases.dispatch_case(case_id, parts=parts, scope=mei, at=NINE))

    def part(name: str, **detail: object) -> Moved:
        key = PartId(given[0].part_id or 0)
        return cases.move_part(
            key,
            move=MoveName(name),
            scope=zongzhi,
            at=NINE,
            detail=Detail(**detail),  # type: ignore[arg-type]
        )

    counted = {
        "file": statements(
            lambda: cases.move_case(case_id, move=MoveName("file"), scope=tao, at=NINE)
        ),
        "dispatch": statements(dispatch),
        "sign": statements(lambda: part("sign")),
        "feed_back": statements(lambda: part("feed_back", words="好了", photos=(digest,))),
        "pass": statements(
            lambda: cases.verify_case(
                case_id, cases.Check(uuid.uuid4(), cleared=True), scope=verifier, at=NINE
            )
        ),
        "evaluate": statements(
            lambda: cases.move_case(
                case_id,
                move=MoveName("evaluate"),
                scope=lu,
                at=NINE,
                detail=Detail(rating="satisfied"),
            )
        ),
    }
    assert counted == {
        "file": 3,  # the lock with all beside it, the clocks, everything that is written
        "dispatch": 3,  # the keys of the parts instead of the clocks
        "sign": 2,
        "feed_back": 4,  # one of them looks for the photo
        "pass": 3,  # the visit goes with the verdict; one reads a rule for the first time
        "evaluate": 2,
    }


def test_six_steps_with_their_commands_take_at_most_six_each(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    """Key, lock, clocks, rows with facts and outbox, answer, and waking the worker: all counted."""
    answered(cast)
    queue.wake("events.deliver")  # from here on the worker is asked for already
    what = Raise(APPEAL, "路灯不亮", "路灯不亮", "test_lamp", XINXING, "phone")
    given: list[int] = []

    def send(who: str, name: str, effect: Callable[[Scope], object]) -> int:
        scope, sent = cast.scope(who), Sent(uuid.uuid4(), name, f"account:{who}", {})

        def act() -> dict[str, str]:
            given.append(getattr(effect(scope), "part_id", None) or 0)
            return {"done": name}

        connection.run_on_commit.clear()  # what the test's own transaction has not run

        def whole() -> None:
            with django_capture_on_commit_callbacks(execute=True):
                perform(sent, act, at=NINE)

        return statements(whole)

    case_id = raise_one(cast).case_id
    unit = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    digest = photo("black")
    taken = [
        send("mei", "file", lambda s: move_case(case_id, MoveName("file"), s)),
        send(
            "mei",
            "dispatch",
            lambda s: cases.dispatch_case(case_id, parts=unit, scope=s, at=NINE),
        ),
    ]
    part_id = PartId(given[-1])
    taken += [
        send("zongzhi", "sign", lambda s: move_part(part_id, MoveName("sign"), s, Detail())),
        send(
            "zongzhi",
            "feed_back",
            lambda s: move_part(
                part_id, MoveName("feed_back"), s, Detail(words="好了", photos=(digest,))
            ),
        ),
        send(
            "verifier",
            "verify",
            lambda s: cases.verify_case(
                case_id, cases.Check(uuid.uuid4(), cleared=True), scope=s, at=NINE
            ),
        ),
    ]
    raised = send("lu", "report", lambda s: cases.open_case(what, scope=s, at=NINE))
    assert (taken, raised) == ([6, 6, 5, 7, 6], 6)
    assert sum(taken) + raised <= 6 * 6
