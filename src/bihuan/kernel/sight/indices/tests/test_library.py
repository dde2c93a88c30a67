"""Each figure of the library against a small table made by hand.

Every row says in `why` what it is to the figure: `+` counted, `-` in the denominator only, `.` no
row of the figure, any other word the exclusion that keeps it out. The sums are written out beside.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.queries import counting
from bihuan.kernel.sight.indices.testing import NOW, TOWN, Put, on
from bihuan.kernel.sight.indices.types import (
    MAY_SEE_FIGURES,
    FigureCode,
    Missing,
    Unit,
)

NO_TIME = None
Rows = tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True)
class Hand:
    """A figure, its rows, and what they come to by hand; `sql` counts them another way."""

    code: str
    view: str
    rows: Rows
    value: float
    numerator: int
    denominator: int
    excluded: dict[str, int]
    sql: str = ""


def case(why: str, **columns: Any) -> tuple[str, dict[str, Any]]:
    """Return a row and what it is."""
    return why, columns


ASIDE = (
    case("rejected", state="rejected", promised_at=on("10"), closed_at=on("9"), fed_back_at=None),
    case("merged", state="merged", promised_at=on("10"), fed_back_at=on("10")),
    case("voided", state="voided", promised_at=on("10"), fed_back_at=on("10")),
    case("withdrawn", state="withdrawn", promised_at=on("10")),
)
DUE: Rows = (
    case("+", promised_at=on("10"), closed_at=on("9")),
    case("+", promised_at=on("10"), closed_at=on("10")),  # at the very moment: in time
    case("+", promised_at=on("24 11:59"), closed_at=on("20")),
    case("-", promised_at=on("10"), closed_at=on("11")),  # late
    case("-", promised_at=on("10"), state="signed"),  # open
    case("suspended", promised_at=on("10"), state="suspended"),
    case("not_due", promised_at=on("24 12:01"), closed_at=on("20")),  # closed early, due later
    case("not_due", promised_at=on("30 23:59"), state="signed"),
    case(".", promised_at=NO_TIME, state="filed"),
    *ASIDE,
)
OUT = {"rejected": 1, "merged": 1, "voided": 1, "withdrawn": 1, "suspended": 1, "not_due": 2}
URGENT: Rows = (
    *((why, row | {"class_code": "flood"}) for why, row in DUE),
    case(".", promised_at=on("10"), closed_at=on("9")),  # no urgent class
    case(".", promised_at=on("10"), closed_at=on("9"), kind="hazard", class_code="flood"),
)
CLOSED_ROWS: Rows = tuple(
    ("+" if why == "-" and row.get("closed_at") else why, row) for why, row in DUE
)
URGENT_CLOSED_ROWS: Rows = tuple(
    ("+" if why == "-" and row.get("closed_at") else why, row) for why, row in URGENT
)
AGO = {"kind": "hazard"}
LATELY = {"first_dispatched_at": on("23")}
GIVEN = {"first_dispatched_at": on("5 09:00")}
HANDS = (
    Hand("closed_in_time", "cases_case_v", DUE, 60.0, 3, 5, OUT, """
        SELECT sum((closed_at <= promised_at)::int), count(*) FROM cases_case_v
        WHERE promised_at BETWEEN '2026-06-01 00:00+08' AND %s
          AND state IN ('closed', 'evaluated', 'signed', 'fed_back', 'in_progress')"""),
    Hand("closed", "cases_case_v", CLOSED_ROWS, 80.0, 4, 5, OUT),
    Hand("urgent_in_time", "cases_case_v", URGENT, 60.0, 3, 5, OUT),
    Hand("urgent_closed", "cases_case_v", URGENT_CLOSED_ROWS, 80.0, 4, 5, OUT),
    Hand("satisfied", "cases_case_v", (
        case("+", rating="satisfied", closed_at=on("3")),
        case("+", rating="fairly_satisfied", closed_at=on("3")),
        case("-", rating="neutral", closed_at=on("3")),
        case("-", rating="unsatisfied", closed_at=on("3")),
        case(".", rating="", closed_at=on("3")),  # nobody reached
        case("malicious", rating="unsatisfied", closed_at=on("3"), malicious=True),
        case("anonymous", rating="satisfied", closed_at=on("3"), anonymous=True),
        case("malicious", rating="neutral", closed_at=on("3"), malicious=True, anonymous=True),
    ), 50.0, 2, 4, {"malicious": 2, "anonymous": 1}, """
        SELECT sum((rating IN ('satisfied', 'fairly_satisfied'))::int), count(*)
        FROM cases_case_v WHERE rating <> '' AND NOT (malicious OR anonymous)
          AND closed_at < %s"""),
    Hand("solved", "cases_case_v", (
        case("+", solved="solved", closed_at=on("3")),
        case("-", solved="partly", closed_at=on("3")),
        case("-", solved="not", closed_at=on("3")),
        case(".", solved="", closed_at=on("3")),
        case("unreasonable", solved="not", closed_at=on("3"), unreasonable="no_basis"),
        case("malicious", solved="not", closed_at=on("3"), malicious=True),
        case("anonymous", solved="solved", closed_at=on("3"), anonymous=True),
    ), 33.3, 1, 3, {"unreasonable": 1, "malicious": 1, "anonymous": 1}),
    Hand("reworked", "cases_case_v", (
        case("+", fed_back_at=on("5"), reworks=2),
        case("-", fed_back_at=on("5")),
        case("-", fed_back_at=on("6"), state="fed_back"),
        case("-", fed_back_at=on("7")),
        case(".", fed_back_at=None, reworks=0, state="signed"),
        case("merged", fed_back_at=on("5"), state="merged", reworks=1),
        case("voided", fed_back_at=on("5"), state="voided"),
    ), 25.0, 1, 4, {"merged": 1, "voided": 1}),
    Hand("done_at_once", "cases_case_v", (
        case("+", closed_at=on("5")),
        case("+", closed_at=on("5"), state="evaluated", returns=1),  # a return is no rework
        case("-", closed_at=on("5"), reworks=1),
        case("-", closed_at=on("5"), redos=1),
        case("-", closed_at=on("5"), reopenings=1),
        case(".", closed_at=on("5"), state="rejected"),
        case("unreasonable", closed_at=on("5"), unreasonable="ended"),
    ), 40.0, 2, 5, {"unreasonable": 1}),
    Hand("first_answer", "cases_case_v", (
        case("+", first_dispatched_at=on("5 09:00"), first_signed_at=on("5 10:00")),
        case("+", first_dispatched_at=on("5 09:00"), first_signed_at=on("5 12:00")),
        case("+", first_dispatched_at=on("5 09:00"), first_signed_at=on("6 09:00")),
        case("waiting", first_dispatched_at=on("5 09:00"), state="dispatched"),
        case("merged", first_dispatched_at=on("5 09:00"), first_signed_at=on("9"), state="merged"),
        case("voided", first_dispatched_at=on("5 09:00"), first_signed_at=on("9"), state="voided"),
    ), 3.0, 3, 3, {"waiting": 1, "merged": 1, "voided": 1}),  # of 1, 3 and 24 hours
    Hand("first_contact", "cases_case_v", (
        case("+", first_dispatched_at=on("5 09:00"), contacted_at=on("5 10:00")),
        case("+", first_dispatched_at=on("5 09:00"), contacted_at=on("5 13:00")),
        case("+", first_dispatched_at=on("5 09:00"), contacted_at=on("7 09:00")),
        case("waiting_contact", first_dispatched_at=on("5 09:00"), state="dispatched"),
        case("anonymous", first_dispatched_at=on("5"), contacted_at=on("9"), anonymous=True),
        case("merged", first_dispatched_at=on("5"), contacted_at=on("9"), state="merged"),
        case("voided", first_dispatched_at=on("5"), contacted_at=on("9"), state="voided"),
        case(".", contacted_at=None, state="filed"),
    ), 4.0, 3, 3, {"waiting_contact": 1, "anonymous": 1, "merged": 1, "voided": 1}),  # 1, 4, 48
    Hand("answered_people", "cases_case_v", (
        case("+", **GIVEN, contact_until=on("8 17:00"), contacted_at=on("5 10:00")),
        case("+", **GIVEN, contact_until=on("8 17:00"), contacted_at=on("8 17:00")),
        case("-", **GIVEN, contact_until=on("8 17:00"), contacted_at=on("8 17:01")),  # too late
        case("-", **GIVEN, contact_until=on("8 17:00"), state="signed"),  # not at all
        case("+", **LATELY, contact_until=on("24 17:00"), contacted_at=on("24")),
        case("not_due", **LATELY, contact_until=on("24 17:00")),
        case("returned_all", **GIVEN, state="returned"),
        case("anonymous", **GIVEN, anonymous=True),
        case("malicious", **GIVEN, contact_until=on("8"), malicious=True),
        case("rejected", **GIVEN, contact_until=on("8"), state="rejected"),
        case("merged", **GIVEN, contact_until=on("8"), state="merged"),
        case("voided", **GIVEN, contact_until=on("8"), state="voided"),
        case("withdrawn", **GIVEN, contact_until=on("8"), state="withdrawn"),
        case(".", state="filed"),  # never dispatched
    ), 60.0, 3, 5, {
        "not_due": 1, "returned_all": 1, "anonymous": 1, "malicious": 1,
        "rejected": 1, "merged": 1, "voided": 1, "withdrawn": 1,
    }, """
        SELECT sum((contacted_at <= contact_until)::int), count(*) FROM cases_case_v
        WHERE first_dispatched_at >= '2026-06-01 00:00+08' AND contact_until IS NOT NULL
          AND state IN ('closed', 'signed') AND NOT anonymous AND NOT malicious
          AND (contacted_at IS NOT NULL OR contact_until <= %s)"""),
    Hand("days_to_close", "cases_case_v", (
        case("+", raised_at=on("1 09:00"), closed_at=on("1 12:00")),
        case("+", raised_at=on("1 09:00"), closed_at=on("2 09:00")),
        case("+", raised_at=on("1 09:00"), closed_at=on("11 09:00"), state="evaluated"),
        case("unreasonable", raised_at=on("1"), closed_at=on("9"), unreasonable="ended"),
        case(".", raised_at=on("1"), closed_at=on("9"), state="rejected"),
        case(".", raised_at=on("1"), state="signed"),
    ), 24.0, 3, 3, {"unreasonable": 1}),  # of 3, 24 and 240 hours
    Hand("hazards_cleared", "cases_case_v", (
        *((why, row | AGO) for why, row in ASIDE),
        case("+", promised_at=on("10"), closed_at=on("15"), **AGO),  # late, yet written off
        case("+", promised_at=on("10"), closed_at=on("9"), state="evaluated", **AGO),
        case("+", promised_at=on("10"), closed_at=on("9"), **AGO),
        case("-", promised_at=on("10"), state="in_progress", **AGO),
        case("suspended", promised_at=on("10"), state="suspended", **AGO),
        case("extended", promised_at=on("20"), state="in_progress", extended=True, **AGO),
        case("not_due", promised_at=on("29"), state="in_progress", **AGO),
        case(".", promised_at=on("10"), closed_at=on("9")),  # no hazard
    ), 75.0, 3, 4, OUT | {"extended": 1, "not_due": 1}),
    Hand("rechecked", "cases_case_v", (
        case("+", fed_back_at=on("5"), checked_at=on("6"), **AGO),
        case("-", fed_back_at=on("5"), checked_at=on("4"), state="fed_back", due_at=on("7"), **AGO),
        case("-", fed_back_at=on("5"), state="fed_back", due_at=on("8"), **AGO),
        case("not_due", fed_back_at=on("23"), state="fed_back", due_at=on("25"), **AGO),
        case("merged", fed_back_at=on("5"), state="merged", **AGO),
        case("voided", fed_back_at=on("5"), state="voided", **AGO),
        case(".", fed_back_at=on("5"), checked_at=on("6")),
    ), 33.3, 1, 3, {"not_due": 1, "merged": 1, "voided": 1}),
    Hand("major_listed", "cases_case_v", (
        case("+", grade="major", listed=True, **AGO),
        case("-", grade="major", **AGO),
        case(".", grade="general", **AGO),
        case(".", grade="major"),
        *((why, row | AGO | {"grade": "major"}) for why, row in ASIDE),
    ), 50.0, 1, 2, {"rejected": 1, "merged": 1, "voided": 1, "withdrawn": 1}),
    Hand("returned", "cases_part_v", (
        case("+", dispatched_at=on("5"), state="returned"),
        case("-", dispatched_at=on("5")),
        case("-", dispatched_at=on("5"), state="dispatched"),
        case("-", dispatched_at=on("6")),
        case("withdrawn", dispatched_at=on("5"), state="withdrawn"),
    ), 25.0, 1, 4, {"withdrawn": 1}),
    Hand("signed_in_time", "cases_part_v", (
        case("+", dispatched_at=on("5"), return_until=on("8"), signed_at=on("8")),
        case("-", dispatched_at=on("5"), return_until=on("8"), signed_at=on("9")),
        case("-", dispatched_at=on("5"), return_until=on("8"), state="dispatched"),
        case("+", dispatched_at=on("23"), return_until=on("25"), signed_at=on("24 09:00")),
        case("not_due", dispatched_at=on("23"), return_until=on("25"), state="dispatched"),
        case("returned", dispatched_at=on("5"), return_until=on("8"), state="returned"),
        case("withdrawn", dispatched_at=on("5"), return_until=on("8"), state="withdrawn"),
    ), 50.0, 2, 4, {"not_due": 1, "returned": 1, "withdrawn": 1}),
)  # fmt: skip
BY_HAND = pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.code)


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables of a few rows make a rate; that thirty are needed is tested by itself."""
    monkeypatch.setattr(
        "bihuan.kernel.sight.indices.queries.figures.rules.missing",
        lambda denominator, _least: None if denominator else Missing.NOTHING_DUE,
    )
    monkeypatch.setattr(counting, "urgent_classes", lambda: ["appeal/flood"])


SCOPE = registry.system_scope("test", (MAY_SEE_FIGURES,))
"""The whole installation."""


def lay(put: Put, hand: Hand) -> None:
    """Lay the rows of a figure, each once more in May and once more elsewhere: no row of it."""
    elsewhere = {"area_path": "3304/330421/330421003/"}
    rows = [row | {"id": n, "number": f"{n:04}"} for n, (_why, row) in enumerate(hand.rows)]
    if hand.view == "cases_part_v":
        rows = [row | {"case_id": row["id"]} for row in rows]
    put(hand.view, [*rows, *(row | elsewhere for row in rows)])


def read(code: str):
    """Return the figure of the town."""
    return indices.get_value(FigureCode(code), scope=SCOPE, at=NOW, area=TOWN)


@BY_HAND
def test_by_hand(put: Put, hand: Hand) -> None:
    lay(put, hand)
    found = read(hand.code)
    assert (found.numerator, found.denominator) == (hand.numerator, hand.denominator)
    assert {left.code: left.count for left in found.left} == hand.excluded
    assert found.value == hand.value


@BY_HAND
def test_the_tile_equals_its_list(put: Put, hand: Hand) -> None:
    lay(put, hand)
    rows = indices.list_rows(FigureCode(hand.code), scope=SCOPE, at=NOW, area=TOWN)
    told = Counter(row.left or ("+" if row.counted else "-") for row in rows)
    assert told == Counter(why for why, _row in hand.rows if why != ".")
    by_number = {f"{n:04}": why for n, (why, _row) in enumerate(hand.rows)}
    assert {row.number: row.left or ("+" if row.counted else "-") for row in rows} == {
        number: why for number, why in by_number.items() if why != "."
    }


@pytest.mark.parametrize("hand", [h for h in HANDS if h.sql], ids=lambda hand: hand.code)
def test_the_tile_equals_another_statement(put: Put, hand: Hand) -> None:
    lay(put, hand)
    with connection.cursor() as cursor:
        cursor.execute(f"{hand.sql} AND area_path LIKE '3304/330424/%%'", [NOW])
        assert cursor.fetchone() == (hand.numerator, hand.denominator)


@BY_HAND
def test_without_one_counted_row_it_is_another(put: Put, hand: Hand) -> None:
    lay(put, hand)
    gone = next(n for n, (why, _row) in enumerate(hand.rows) if why == "+")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {hand.view} WHERE id::text = %s", [str(gone)])
    found = read(hand.code)
    assert (found.numerator, found.denominator) == (hand.numerator - 1, hand.denominator - 1)
    assert found.value != hand.value


@BY_HAND
def test_another_month_is_another_figure(put: Put, hand: Hand) -> None:
    lay(put, hand)
    may = indices.get_value(
        FigureCode(hand.code), scope=SCOPE, at=NOW, area=TOWN, month=on("1").date().replace(month=5)
    )
    assert (may.numerator, may.denominator, may.missing) == (0, 0, Missing.NOTHING_DUE)
    assert {left.count for left in may.left} <= {0}


def test_every_figure_with_a_source_is_proved_by_hand_here() -> None:
    proved = {hand.code for hand in HANDS} | {
        "filed_today", "filed", "open", "overdue_open", "checks_passed", "covered",
    }  # fmt: skip
    assert {f.code for f in indices.all_figures() if not f.lacks} == proved


def test_every_exclusion_of_every_figure_has_a_row_by_hand() -> None:
    for hand in HANDS:
        declared = {one.code for one in indices.get_figure(FigureCode(hand.code)).exclusions}
        assert declared == set(hand.excluded), hand.code
        assert all(hand.excluded.values()), hand.code


def test_counts_by_hand(put: Put) -> None:
    put(
        "cases_case_v",
        [
            {"id": 1, "filed_at": on("24 00:00"), "state": "filed"},
            {"id": 2, "filed_at": on("23 23:59"), "state": "filed"},
            {"id": 3, "filed_at": on("2"), "state": "signed"},
            {"id": 4, "filed_at": on("30").replace(month=5), "state": "signed"},
            {"id": 5, "filed_at": None, "state": "reported"},
        ],
    )
    put(
        "cases_open_v",
        [
            {"id": 3, "state": "signed", "due_at": on("20")},
            {"id": 4, "state": "suspended", "due_at": on("20"), "paused": True},
            {"id": 8, "state": "signed", "due_at": on("24 12:01")},
            {"id": 9, "state": "signed", "due_at": NOW},
        ],
    )
    assert (read("filed_today").value, read("filed_today").denominator) == (1.0, None)
    assert read("filed").value == 3.0
    assert (read("open").value, read("overdue_open").value) == (4.0, 2.0)
    rows = indices.list_rows(FigureCode("overdue_open"), scope=SCOPE, at=NOW, area=TOWN)
    assert [row.key for row in rows] == ["3", "9"]
    assert len(indices.list_rows(FigureCode("open"), scope=SCOPE, at=NOW, area=TOWN)) == 4
    rungs = indices.list_overdue_rungs(scope=SCOPE, at=NOW, area=TOWN)
    assert sum(rung.count for rung in rungs) == 2


def test_checks_passed_by_hand(put: Put) -> None:
    put(
        "cases_case_v",
        [{"id": n, "number": str(n), "kind": kind, "state": state} for n, kind, state in (
            (1, "hazard", "closed"), (2, "appeal", "closed"), (3, "hazard", "voided"))],
    )  # fmt: skip
    seen = {"kind": "verification", "verifies_kind": "cases.case", "received_at": on("9")}
    put(
        "fieldwork_visit_v",
        [
            seen | {"verifies_key": "1", "passed": False},
            seen | {"verifies_key": "1", "passed": True, "received_at": on("11")},
            seen | {"verifies_key": "2", "passed": True},  # no hazard
            seen | {"verifies_key": "3", "passed": True},  # entered in error
            {"received_at": on("9")},  # a patrol
        ],
    )
    found = read("checks_passed")
    assert (found.numerator, found.denominator, found.value) == (1, 2, 50.0)
    assert [(left.code, left.count) for left in found.left] == [("voided", 1)]
    rows = indices.list_rows(FigureCode("checks_passed"), scope=SCOPE, at=NOW, area=TOWN)
    assert sorted((r.key, r.counted, r.left) for r in rows) == [
        ("1", False, ""),
        ("1", True, ""),
        ("3", False, "voided"),
    ]


def test_coverage_by_hand_and_by_grid(put: Put, db: None) -> None:
    town = registry.get_area("330424005")
    village = registry.list_areas(below=town.path)[1]
    firms = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(5)]
    place = {"area_id": town.id}
    put(
        "registry_organisation_v",
        [
            place | {"id": firms[0]},
            place | {"id": firms[1], "area_path": village.path},
            place | {"id": firms[2], "area_path": village.path},
            place | {"id": firms[3], "area_path": village.path},
            place | {"id": firms[4], "closed_on": on("1").date()},
        ],
    )
    put(
        "fieldwork_visit_v",
        [
            {"organisation_key": firms[1], "received_at": on("20")},
            {"organisation_key": firms[1], "received_at": on("21")},  # twice is once
            {"organisation_key": firms[0], "received_at": on("1").replace(month=3)},  # too long ago
            {"organisation_key": firms[4], "received_at": on("20")},
        ],
    )
    found = read("covered")
    assert (found.numerator, found.denominator, found.value) == (1, 4, 25.0)
    assert [(left.code, left.count) for left in found.left] == [("closed", 1)]
    assert found.versions == (("indices.visit_period_days", 1),)
    below = indices.list_area_values(
        (indices.get_figure(FigureCode("covered")),), scope=SCOPE, at=NOW, area=TOWN
    )
    told = {a.code: (a.values[0].numerator, a.values[0].denominator) for a in below}
    assert (told[village.code], told[""]) == ((1, 3), (0, 1))


@pytest.mark.parametrize("code", [f.code for f in indices.all_figures() if f.lacks])
def test_without_a_source_a_figure_says_so(db: None, code: str) -> None:
    found = read(code)
    assert (found.value, found.missing, found.figure.unit) == (
        None,
        Missing.NO_SOURCE,
        Unit.PERCENT,
    )
    assert found.figure.lacks and found.figure.definition
    assert indices.list_rows(FigureCode(code), scope=SCOPE, at=NOW, area=TOWN) == ()
