"""Invented questionnaires for tests: a checklist, a scale, and ways to answer them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from unittest import mock

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.tools.assessments import kinds
from bihuan.kernel.tools.assessments.types import (
    Alert,
    Answer,
    Answers,
    Band,
    Clause,
    Compare,
    Condition,
    Definition,
    Dimension,
    Instrument,
    InstrumentCode,
    Item,
    ItemType,
    Kind,
    Method,
    Option,
    Outcome,
    Scoring,
)

FREQUENCY = tuple(Option(f"d{n}", f"选项{n}", points=n) for n in range(4))
BANDS = (
    Band("none", "少", 0, 4),
    Band("mild", "轻", 5, 9),
    Band("moderate", "中", 10, 14),
    Band("marked", "较多", 15, 19),
    Band("severe", "多", 20, 27),
)


def checklist(code: str = "test.patrol") -> Definition:
    """Return a checklist: the second item is shown when the first is answered by "present"."""
    present = Condition((Clause(Compare.IS, "present", item="electrician"),))
    return Definition(
        instrument=Instrument(InstrumentCode(code), "用电巡查", Kind.CHECKLIST),
        source="[D] test",
        items=(
            Item(
                "electrician",
                "企业电工在场吗？",
                ItemType.CHOICE,
                options=(Option("present", "在场"), Option("absent", "不在场")),
            ),
            Item("wiring", "线路完好吗？", shown_if=present, photo_on=frozenset({Outcome.FAIL})),
            Item("exit", "通道畅通吗？", labels=(("domain", "fire"),)),
            Item("remark", "还有什么？", ItemType.TEXT, required=False),
        ),
    )


def scale(code: str = "test.scale", *, sensitive: bool = True) -> Definition:
    """Return a scale built like those of nine items: 0 to 27, the ninth alerts by itself."""
    items = tuple(
        Item(
            f"q{n}", f"第{n}题", ItemType.CHOICE, options=FREQUENCY, dimension="a" if n < 3 else ""
        )
        for n in range(1, 10)
    )
    ninth = Condition((Clause(Compare.AT_LEAST, "1", item="q9"),))
    trouble = Item(
        "trouble",
        "有多大困难？",
        ItemType.CHOICE,
        options=(Option("no", "没有"), Option("some", "有些")),
        shown_if=Condition((Clause(Compare.AT_LEAST, "1"),)),
    )
    return Definition(
        instrument=Instrument(InstrumentCode(code), "九题量表", Kind.SCALE, sensitive=sensitive),
        source="[D] test",
        items=(*items, trouble),
        scoring=Scoring(Method.SUM, BANDS, (Dimension("a", "头两题"),), prorate_up_to=2),
        alerts=(Alert("ninth", "马上有人跟进", ninth),),
    )


def answers(**values: str | tuple[str, ...]) -> Answers:
    """Return answers by item."""
    return {code: Answer(value) for code, value in values.items()}


def nine(*points: int, trouble: str = "no") -> Answers:
    """Return answers to the scale, by points; fewer than nine leave the rest open."""
    given = {f"q{n}": f"d{p}" for n, p in enumerate(points, 1)}
    return answers(**given, trouble=trouble)


@contextlib.contextmanager
def nothing_declared() -> Iterator[None]:
    """Begin start-up afresh inside the block: no version, no process, nobody subscribes."""
    with (
        mock.patch.dict(kinds._declared, clear=True),
        mock.patch.dict(kinds._processes, clear=True),
        mock.patch.object(events, "subscribe"),
    ):
        yield
