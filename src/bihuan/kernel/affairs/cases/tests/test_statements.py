"""How many statements each move takes: a committed number, so that nobody adds one unseen."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.tests.worlds import NINE, answered, photo, raise_one
from bihuan.kernel.affairs.cases.types import Detail, Moved, MoveName, NewPart, PartId, Role
from bihuan.kernel.ground.registry.testing import Cast

MARKS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "PREPARE")
"""What is no statement of an act: transactions, and planning one for the first time."""


def statements(act: Callable[[], object]) -> int:
    """Return how many statements an act takes, savepoints aside."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return sum(not query["sql"].startswith(MARKS) for query in caught)


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
