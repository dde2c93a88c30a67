"""Trust test 8: a channel's day with planted faults; all found, none invented, rerun unchanged."""

from __future__ import annotations

import io
import json
import os
import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from bihuan.kernel.affairs.billing.testing import School, make_school, told_of
from bihuan.kernel.affairs.billing.types import Family
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement.operations import reconciling
from bihuan.kernel.affairs.settlement.testing import Settling, make_settling, person_scope
from bihuan.kernel.affairs.settlement.types import (
    MAY_READ,
    MAY_RECONCILE,
    DayState,
    DifferenceKind,
    Expected,
    RouteKey,
    TheirLine,
    Wanted,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import NOW
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed

FULL = os.environ.get("BIHUAN_TRUST") == "full"
EACH = 500 if FULL else 20
GOOD = 20_000 if FULL else 400
DAY = clock.business_date(NOW)
CASHIER = 31


def cashier() -> Scope:
    return person_scope(CASHIER, MAY_RECONCILE, MAY_READ)


@dataclass
class Planted:
    """Both sides of a day, and what was planted: kind by reference."""

    ours: list[Expected]
    theirs: list[TheirLine]
    faults: dict[str, str]


def plant(world: Settling, rng: random.Random) -> Planted:
    """Make a day of payments and refunds with each fault planted `EACH` times."""
    share = settlement.split_lines([Wanted(RouteKey("tuition"), 1)], on=DAY)[0]
    noon = datetime.combine(DAY, time(12), tzinfo=clock.CHINA)
    planted = Planted([], [], {})

    def both(n: int, name: str, fen: int, *, ours: bool = True, theirs: bool = True) -> None:
        reference = f"{name}{n:06d}"
        if ours:
            shares = (replace(share, amount_fen=fen),)
            cause = Ref("test.pay", reference)
            planted.ours.append(Expected(cause, "wechat", DAY, fen, shares, reference))
        if theirs:
            kind = "pay" if fen > 0 else "refund"
            at = noon + timedelta(seconds=n % 30_000)
            planted.theirs.append(TheirLine(kind, reference, f"4200{reference}", fen, at))

    for n in range(GOOD):
        both(n, "good", rng.randint(1, 10**6))
    for n in range(EACH):
        both(n, "refund", -rng.randint(1, 10**6))
        both(n, "missing", rng.randint(1, 10**6), theirs=False)
        both(n, "extra", rng.randint(1, 10**6), ours=False)
        both(n, "fen", rng.randint(2, 10**6))
        planted.theirs[-1] = replace(
            planted.theirs[-1], amount_fen=planted.theirs[-1].amount_fen + rng.choice((-1, 1))
        )
        both(n, "double", rng.randint(1, 10**6))
        twin = planted.theirs[-1]
        planted.theirs.append(replace(twin, transaction_id=f"{twin.transaction_id}X"))
        both(n, "night", rng.randint(1, 10**6))
        planted.theirs[-1] = replace(planted.theirs[-1], at=noon + timedelta(hours=12, minutes=1))
        for name, kind in (
            ("missing", "shortage"),
            ("extra", "surplus"),
            ("fen", "amount"),
            ("double", "amount"),
            ("night", "shortage"),
        ):
            planted.faults[f"{name}{n:06d}"] = kind
    rng.shuffle(planted.theirs)
    return planted


def compare(planted: Planted, world: Settling, *, tomorrow: bool) -> dict[str, str]:
    """Take both sides in, tomorrow's file too if asked; return what is open."""
    scope = cashier()
    settlement.expect(planted.ours, scope=world.clearer, at=NOW)
    today = [line for line in planted.theirs if clock.business_date(line.at) == DAY]
    later = [line for line in planted.theirs if line not in today] if tomorrow else []
    settlement.load_bill("wechat", today, day=DAY, scope=scope, at=NOW)
    if later:
        settlement.load_bill("wechat", later, day=DAY + timedelta(days=1), scope=scope, at=NOW)
    found = settlement.match_day("wechat", day=DAY, holder="clearing", scope=scope, at=NOW)
    return {one.reference: one.kind.value for one in found.open_differences}


@pytest.fixture
def world(db: None) -> Settling:
    made = make_settling()
    made.route("tuition", ("fiscal", 1))
    return made


@pytest.mark.trust
def test_every_planted_fault_is_found_and_none_invented(
    world: Settling, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = plant(world, random.Random(8))
    assert compare(planted, world, tomorrow=False) == planted.faults
    facts = events.count_facts(name="settlement.difference_found.v1")
    assert facts == len(planted.faults)
    for _n in range(2):
        again = settlement.match_day("wechat", day=DAY, holder="x", scope=cashier(), at=NOW)
        assert {o.reference: o.kind.value for o in again.open_differences} == planted.faults
        assert {o.holder for o in again.open_differences} == {"clearing"}
    assert events.count_facts(name="settlement.difference_found.v1") == facts
    with capsys.disabled():
        kinds = dict(Counter(planted.faults.values()))
        print(f"\nreconciliation: {len(planted.faults)} planted, all found, 0 false alarms {kinds}")


@pytest.mark.trust
def test_the_next_days_file_pairs_what_was_paid_near_midnight(world: Settling) -> None:
    planted = plant(world, random.Random(8))
    compare(planted, world, tomorrow=False)
    later = [line for line in planted.theirs if clock.business_date(line.at) != DAY]
    tomorrow = DAY + timedelta(days=1)
    settlement.load_bill("wechat", later, day=tomorrow, scope=cashier(), at=NOW)
    found = settlement.match_day("wechat", day=DAY, holder="clearing", scope=cashier(), at=NOW)
    open_ones = {one.reference: one.kind.value for one in found.open_differences}
    assert open_ones == {r: k for r, k in planted.faults.items() if not r.startswith("night")}
    ended = {o.reference: o.reason for o in found.differences if o.ended_at is not None}
    assert {r for r in ended if r.startswith("night")} == {f"night{n:06d}" for n in range(EACH)}
    assert all(ended.values())


@pytest.mark.trust
def test_without_the_rule_of_midnight_false_alarms_would_stand(
    world: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = "%(day)s - 1 AND %(day)s + 1"
    assert near in reconciling.MATCH
    blind = reconciling.MATCH.replace(near, "%(day)s AND %(day)s")
    monkeypatch.setattr(reconciling, "MATCH", blind)
    planted = plant(world, random.Random(8))
    found = compare(planted, world, tomorrow=True)
    assert any(reference.startswith("night") for reference in found)


@pytest.mark.trust
def test_splits_add_up_to_the_fen() -> None:
    rng = random.Random(9)
    for _n in range(1_000_000 if FULL else 20_000):
        amount = rng.randint(0, 10**9)
        weights = [rng.randint(1, 1000) for _m in range(rng.randint(1, 6))]
        assert sum(ledger.share_out(amount, weights)) == amount


class TestDays:
    def balanced(self, world: Settling) -> None:
        planted = Planted([], [], {})
        share = settlement.split_lines([Wanted(RouteKey("tuition"), 5)], on=DAY)[0]
        planted.ours.append(Expected(Ref("t", "a"), "wechat", DAY, 5, (share,), "a"))
        noon = datetime.combine(DAY, time(12), tzinfo=clock.CHINA)
        planted.theirs.append(TheirLine("pay", "a", "42a", 5, noon))
        assert compare(planted, world, tomorrow=False) == {}

    def test_a_closed_day_is_closed(self, world: Settling) -> None:
        self.balanced(world)
        scope = cashier()
        closed = settlement.close_day("wechat", day=DAY, scope=scope, at=NOW)
        assert closed.state is DayState.CLOSED
        assert settlement.close_day("wechat", day=DAY, scope=scope, at=NOW) == closed
        for act in (
            lambda: settlement.match_day("wechat", day=DAY, holder="x", scope=scope, at=NOW),
            lambda: settlement.load_bill("wechat", [], day=DAY, scope=scope, at=NOW),
        ):
            with pytest.raises(settlement.UnableToReconcile, match="closed"):
                act()
        from bihuan.kernel.affairs.settlement.models import DayRow

        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            DayRow.objects.update(state="open")

    def test_not_before_every_difference_has_its_reason(self, world: Settling) -> None:
        planted = plant(world, random.Random(8))
        compare(planted, world, tomorrow=False)
        scope = cashier()
        with pytest.raises(settlement.UnableToReconcile, match="not balanced"):
            settlement.close_day("wechat", day=DAY, scope=scope, at=NOW)
        day = settlement.get_day("wechat", day=DAY, scope=scope)
        first = day.open_differences[0]
        with pytest.raises(settlement.UnableToReconcile, match="difference was"):
            settlement.end_difference(first.id, reason=" ", scope=scope, at=NOW)
        for one in day.open_differences:
            day = settlement.end_difference(one.id, reason="查单补记", scope=scope, at=NOW)
        assert day.state is DayState.BALANCED

    def test_who_lacks_the_power_compares_nothing(self, world: Settling) -> None:
        with pytest.raises(NotAllowed):
            settlement.load_bill("wechat", [], day=DAY, scope=world.clearer, at=NOW)
        with pytest.raises(settlement.UnableToReconcile, match="first"):
            settlement.match_day("wechat", day=DAY, holder="x", scope=cashier(), at=NOW)


HEAD = (
    "交易时间,微信订单号,商户订单号,交易状态,应结订单金额,"
    "微信退款单号,商户退款单号,退款金额,退款状态,手续费"
)
TAIL = "总交易单数,应结订单总金额,退款总金额,手续费总金额"


class TestCommand:
    def bill(self, school: School, folder: Path, *, lost: bool) -> Path:
        """Pay one order, lose the notice of another if asked, and write the channel's bill."""
        rows = []
        for n, child in enumerate(("yinuo", "yichen")):
            bill = school.bill(child, "tuition", family=Family(f"f{n}"))
            _order, attempt = school.order(bill)
            told = told_of(attempt)
            if not (lost and n):
                assert school.take(told).accepted
            rows.append(
                f"`2026-06-24 09:30:0{n},`{told.transaction_id},`{attempt.out_trade_no},`SUCCESS,"
                "`850.00,`0,`0,`0.00,`,`0.00000"
            )
        path = folder / "bill.csv"
        path.write_text("\n".join((HEAD, *rows, TAIL, "`2,`1700.00,`0.00,`0.00000")), "utf-8-sig")
        return path

    def run(self, path: Path) -> tuple[int, dict[str, object]]:
        out = io.StringIO()
        code = 0
        try:
            call_command(
                "billing_reconcile", str(path), "--channel", "wechat", "--json", stdout=out
            )
        except SystemExit as left:
            code = int(str(left.code))
        return code, json.loads(out.getvalue())

    def test_a_day_that_is_right(self, db: None, tmp_path: Path) -> None:
        path = self.bill(make_school(), tmp_path, lost=False)
        code, told = self.run(path)
        assert (code, told["state"], told["ours_fen"]) == (0, "balanced", 170000)
        assert self.run(path) == (code, told)

    def test_a_lost_notice_is_a_surplus(self, db: None, tmp_path: Path) -> None:
        path = self.bill(make_school(), tmp_path, lost=True)
        code, told = self.run(path)
        assert (code, told["state"]) == (2, "diff_pending")
        (one,) = told["differences"]
        assert (one["kind"], one["theirs_fen"]) == (DifferenceKind.SURPLUS.value, 85000)

    def test_a_file_that_was_cut_changes_nothing(self, db: None, tmp_path: Path) -> None:
        path = self.bill(make_school(), tmp_path, lost=False)
        path.write_text("\n".join(path.read_text("utf-8-sig").splitlines()[:-2]), "utf-8")
        code, told = self.run(path)
        assert code == 1
        assert "cut short" in str(told["problems"])
        with pytest.raises(Exception, match="compared"):
            settlement.get_day("wechat", day=DAY, scope=cashier())
