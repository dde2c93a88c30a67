"""Routes by two people, splits to the fen, batches that stop when they do not add up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement import rules
from bihuan.kernel.affairs.settlement.models import (
    BatchRow,
    IntakeRow,
    LineRow,
    PayeeRow,
    RouteRow,
)
from bihuan.kernel.affairs.settlement.testing import PAYEES, Settling, make_settling
from bihuan.kernel.affairs.settlement.types import (
    BATCH_MOVES,
    BatchState,
    Expected,
    Nature,
    NewPayee,
    NewRoute,
    PayeeId,
    Route,
    RouteId,
    RouteKey,
    Wanted,
    Weight,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import HAIYAN, NOW, invented_uscc
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import AccountId, NewEntry, credit, debit
from bihuan.platform.web.errors import NotAllowed

DAY = NOW.date()


@pytest.fixture
def world(db: None) -> Settling:
    return make_settling()


@contextlib.contextmanager
def refused(error: type[Exception], words: str | None = None) -> Iterator[None]:
    """Expect a refusal that leaves nothing behind."""
    models = (PayeeRow, RouteRow, IntakeRow, LineRow, BatchRow)
    before = [*(model.objects.count() for model in models), events.count_facts()]
    with pytest.raises(error, match=words), transaction.atomic():
        yield
    assert [*(model.objects.count() for model in models), events.count_facts()] == before


def look() -> None:
    """Let the deferred walls look now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def new_payee(code: str, uscc: str, account: str = "1204057000000099") -> NewPayee:
    return NewPayee(code, "某户", Nature.BASIC, "某行", account, uscc, HAIYAN)


class TestPayees:
    def test_shows_four_digits_and_keeps_the_rest_sealed(self, world: Settling) -> None:
        payee = settlement.get_payee("fiscal")
        assert payee.tail == "0011"
        row = PayeeRow.objects.get(code="fiscal")
        assert row.account_no.open() == "120405700000000011"
        with connection.cursor() as cursor:
            cursor.execute("SELECT account_no FROM settlement_payee")
            assert all(b"12040570" not in bytes(raw) for (raw,) in cursor.fetchall())

    def test_the_platform_holds_no_account(self, world: Settling) -> None:
        operator = invented_uscc(77)
        settlement.register_operator(operator, name="某科技公司", at=NOW)
        with refused(settlement.UnableToOpenPayee, "Money never passes through it"):
            settlement.open_payee(
                new_payee("own", operator),
                book_id=world.book.id,
                scope=world.proposer,
                at=NOW,
            )

    def test_nor_becomes_operator_with_one(self, world: Settling) -> None:
        holder = world.payees["fiscal"].holder_uscc
        with refused(settlement.UnableToOpenPayee, "payee already"):
            settlement.register_operator(holder, name="某科技公司", at=NOW)

    def test_the_database_itself_refuses_the_operator(self, world: Settling) -> None:
        operator = invented_uscc(77)
        settlement.register_operator(operator, name="某科技公司", at=NOW)
        row = PayeeRow.objects.get(code="fiscal")
        copy = PayeeRow(code="x", holder_uscc=operator, account_no="99999999")
        for name in ("name", "nature", "bank", "area_id", "area_path", "due_account_id"):
            setattr(copy, name, getattr(row, name))
        copy.opened_at, copy.tail = NOW, "9999"
        with refused(IntegrityError, "never holds money"):
            copy.save(force_insert=True)

    def test_natures_are_a_closed_list_without_a_platform(self) -> None:
        assert {nature.value for nature in Nature} == {"fiscal", "basic", "canteen", "entrusted"}

    @pytest.mark.parametrize("number", ["", "12", "12a45678", "1" * 31])
    def test_a_number_that_is_none_is_refused(self, world: Settling, number: str) -> None:
        with refused(settlement.UnableToOpenPayee):
            settlement.open_payee(
                new_payee("x", invented_uscc(5), number),
                book_id=world.book.id,
                scope=world.proposer,
                at=NOW,
            )


class TestRoutes:
    def new(self, world: Settling, begins: date, *parts: tuple[str, int]) -> NewRoute:
        weights = tuple(Weight(world.payees[c].id, w) for c, w in parts or (("fiscal", 1),))
        return NewRoute(RouteKey("s1:tuition"), begins, weights, "海发改〔2026〕1号")

    def test_counts_only_once_a_second_person_approved(self, world: Settling) -> None:
        begins = DAY + timedelta(days=2)
        route = settlement.propose_route(self.new(world, begins), scope=world.proposer, at=NOW)
        assert settlement.find_route(RouteKey("s1:tuition"), on=begins) is None
        assert [r.id for r in settlement.list_proposals()] == [route.id]
        settlement.approve_route(route.id, scope=world.approver, at=NOW)
        assert settlement.find_route(RouteKey("s1:tuition"), on=begins) is not None
        assert settlement.find_route(RouteKey("s1:tuition"), on=DAY) is None
        assert settlement.list_proposals() == ()

    def test_who_proposed_cannot_approve(self, world: Settling) -> None:
        begins = DAY + timedelta(days=2)
        route = settlement.propose_route(self.new(world, begins), scope=world.proposer, at=NOW)
        both = replace(world.approver, person_id=world.proposer.person_id)
        with refused(NotAllowed, "cannot approve"):
            settlement.approve_route(route.id, scope=both, at=NOW)
        with refused(IntegrityError, "two_people"):
            RouteRow.objects.filter(pk=route.id).update(
                approved_by=world.proposer.person_id, approved_at=NOW
            )

    def test_a_job_approves_nothing(self, world: Settling) -> None:
        begins = DAY + timedelta(days=2)
        route = settlement.propose_route(self.new(world, begins), scope=world.proposer, at=NOW)
        with refused(NotAllowed, "person"):
            settlement.approve_route(
                route.id, scope=replace(world.approver, person_id=None), at=NOW
            )

    def test_comes_into_force_after_the_delay(self, world: Settling) -> None:
        begins = DAY + timedelta(days=1)
        route = settlement.propose_route(self.new(world, begins), scope=world.proposer, at=NOW)
        with refused(settlement.UnableToRoute, "at the earliest"):
            settlement.approve_route(route.id, scope=world.approver, at=NOW + timedelta(days=1))

    def test_a_change_in_mid_term_ends_the_one_before_on_its_day(self, world: Settling) -> None:
        first = world.route("s1:tuition", ("fiscal", 1))
        change = DAY + timedelta(days=5)
        new = settlement.propose_route(
            self.new(world, change, ("basic", 1)), scope=world.proposer, at=NOW
        )
        settlement.approve_route(new.id, scope=world.approver, at=NOW)
        wanted = [Wanted(RouteKey("s1:tuition"), 100)]
        for day, route in ((change - timedelta(days=1), first.id), (change, new.id)):
            (share,) = settlement.split_lines(wanted, on=day)
            assert share.route_id == route

    def test_what_stands_is_not_rewritten(self, world: Settling) -> None:
        route = world.route("s1:tuition", ("fiscal", 1))
        for change in (
            {"key": "other"},
            {"valid_from": DAY},
            {"approved_by": world.checker.person_id},
        ):
            with refused(IntegrityError, "stands"):
                RouteRow.objects.filter(pk=route.id).update(**change)

    @pytest.mark.parametrize(
        ("parts", "days", "reason"),
        [
            ((), 2, "x"),
            ((("fiscal", 1), ("fiscal", 1)), 2, "x"),
            ((("fiscal", 0),), 2, "x"),
            ((("fiscal", 1),), 0, "x"),
            ((("fiscal", 1),), 2, " "),
        ],
    )
    def test_what_is_no_route_is_refused(
        self, world: Settling, parts: tuple[tuple[str, int], ...], days: int, reason: str
    ) -> None:
        weights = tuple(Weight(world.payees[c].id, w) for c, w in parts)
        new = NewRoute(RouteKey("k"), DAY + timedelta(days=days), weights, reason)
        with refused(settlement.UnableToRoute):
            settlement.propose_route(new, scope=world.proposer, at=NOW)

    def test_a_withdrawn_proposal_is_not_approved(self, world: Settling) -> None:
        begins = DAY + timedelta(days=2)
        route = settlement.propose_route(self.new(world, begins), scope=world.proposer, at=NOW)
        settlement.withdraw_route(route.id, scope=world.proposer, at=NOW)
        with refused(settlement.UnableToRoute, "withdrawn"):
            settlement.approve_route(route.id, scope=world.approver, at=NOW)

    def test_without_the_power_nothing(self, world: Settling) -> None:
        begins = DAY + timedelta(days=2)
        with refused(NotAllowed):
            settlement.propose_route(self.new(world, begins), scope=world.checker, at=NOW)
        route = settlement.propose_route(self.new(world, begins), scope=world.proposer, at=NOW)
        with refused(NotAllowed):
            settlement.approve_route(route.id, scope=world.checker, at=NOW)


class TestSplits:
    def test_lines_of_one_payee_are_added_up(self, world: Settling) -> None:
        for key, payee in (("tuition", "fiscal"), ("board", "fiscal"), ("meals", "canteen")):
            world.route(key, (payee, 1))
        shares = settlement.split_lines(
            [Wanted(RouteKey("tuition"), 85000), Wanted(RouteKey("meals"), 21000)], on=DAY
        )
        assert [s.amount_fen for s in shares] == [85000, 21000]
        assert shares[0].account_id == world.payees["fiscal"].due_account

    def test_without_a_route_nothing_is_collected(self, world: Settling) -> None:
        with refused(settlement.UnableToFindRoute, "Nothing is collected"):
            settlement.split_lines([Wanted(RouteKey("uniform"), 1)], on=DAY)

    def test_a_ratio_is_shared_to_the_fen(self, world: Settling) -> None:
        world.route("mixed", ("fiscal", 1), ("basic", 1), ("canteen", 1))
        shares = settlement.split_lines([Wanted(RouteKey("mixed"), 100)], on=DAY)
        assert [s.amount_fen for s in shares] == [34, 33, 33]
        with refused(settlement.UnableToFindRoute):  # before the rule, and before the route
            settlement.split_lines([Wanted(RouteKey("mixed"), 100)], on=date(2019, 1, 1))

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10**9)), min_size=1, max_size=9))
    def test_always_adds_up(self, lines: list[tuple[int, int]]) -> None:
        ids = [PayeeId(UUID(int=n)) for n in range(4)]
        accounts = {payee: AccountId(n) for n, payee in enumerate(ids)}
        routes = {
            str(n): Route(
                RouteId(n), RouteKey(str(n)), DAY, None,
                tuple(Weight(p, w + 1) for w, p in enumerate(ids[: n + 1])),
                "", ids[0], None, None,
            )
            for n in range(4)
        }  # fmt: skip
        wanted = [Wanted(RouteKey(str(n)), fen) for n, fen in lines]
        shares = rules.split(wanted, routes, accounts, ledger.share_out)
        assert sum(s.amount_fen for s in shares) == sum(fen for _n, fen in lines)


def expected(world: Settling, key: str, *amounts: tuple[str, int], day: date = DAY) -> Expected:
    wanted = [Wanted(RouteKey(name), abs(fen)) for name, fen in amounts]
    shares = settlement.split_lines(wanted, on=day)
    sign = -1 if amounts[0][1] < 0 else 1
    signed = tuple(replace(share, amount_fen=sign * share.amount_fen) for share in shares)
    total = sum(fen for _n, fen in amounts)
    return Expected(Ref("test.order", key), "wechat", day, total, signed)


@pytest.fixture
def routed(world: Settling) -> Settling:
    for key, payee in (("tuition", "fiscal"), ("meals", "canteen"), ("books", "books")):
        world.route(key, (payee, 1))
    return world


def take(world: Settling, *items: Expected) -> None:
    """Expect the money and post what the channel owes, as a payment does."""
    settlement.expect(items, scope=world.clearer, at=NOW)
    for item in items:
        legs = [credit(s.account_id, s.amount_fen) for s in item.shares]
        entry = NewEntry(
            f"pay:{item.cause.key}",
            item.day,
            "缴费",
            (debit(world.channels["wechat"], item.amount_fen), *legs),
        )
        ledger.post_entry(world.book.id, entry, scope=world.clearer, at=NOW)


class TestExpecting:
    def test_is_written_once_for_a_cause(self, routed: Settling) -> None:
        item = expected(routed, "o1", ("tuition", 85000), ("meals", 21000))
        assert len(settlement.expect([item], scope=routed.clearer, at=NOW)) == 1
        assert settlement.expect([item], scope=routed.clearer, at=NOW) == {}
        assert LineRow.objects.count() == 2
        look()

    def test_a_fen_off_is_refused(self, routed: Settling) -> None:
        item = expected(routed, "o1", ("tuition", 85000))
        with refused(settlement.UnableToExpect):
            settlement.expect([replace(item, amount_fen=84999)], scope=routed.clearer, at=NOW)

    def test_the_database_refuses_it_too(self, routed: Settling, monkeypatch) -> None:
        item = replace(expected(routed, "o1", ("tuition", 85000)), amount_fen=84999)
        from bihuan.kernel.affairs.settlement.operations import expecting

        with refused(IntegrityError, "do not add up"), connection.cursor() as cursor:
            cursor.execute(expecting.EXPECT, expecting._columns([item], NOW))

    def test_a_line_by_no_approved_route_is_refused(self, routed: Settling) -> None:
        item = expected(routed, "o1", ("tuition", 5))
        share = item.shares[0]
        for wrong in (
            replace(share, payee_id=routed.payees["basic"].id),
            replace(share, route_id=RouteId(0)),
        ):
            with refused(IntegrityError, "no approved route"):
                settlement.expect([replace(item, shares=(wrong,))], scope=routed.clearer, at=NOW)

    def test_no_line_joins_later(self, routed: Settling) -> None:
        settlement.expect([expected(routed, "o1", ("tuition", 5))], scope=routed.clearer, at=NOW)
        line = LineRow.objects.get()
        with refused(IntegrityError, "do not add up"):
            LineRow.objects.create(
                intake_id=line.intake_id,
                payee_id=line.payee_id,
                route_id=line.route_id,
                amount_fen=1,
            )
        with refused(IntegrityError, "keeps its payee"):
            LineRow.objects.update(amount_fen=6)


class TestClearing:
    def generate(self, world: Settling, settled: int | None = None):
        return settlement.generate_batch(
            "wechat", day=DAY, scope=world.clearer, at=NOW, settled_fen=settled
        )

    def test_the_whole_way_of_a_batch(self, routed: Settling) -> None:
        take(
            routed,
            expected(routed, "o1", ("tuition", 85000), ("meals", 21000)),
            expected(routed, "o2", ("tuition", 85000), ("books", 31650)),
        )
        batch = self.generate(routed, 222650)
        assert batch is not None
        assert (batch.amount_fen, batch.count, batch.state) == (222650, 4, BatchState.GENERATED)
        assert self.generate(routed) is None
        found = settlement.get_batch(batch.id, scope=routed.clearer)
        paid = {line.payee.code: line.amount_fen for line in found.lines}
        assert paid == {"fiscal": 170000, "canteen": 21000, "books": 31650}
        settlement.check_batch(batch.id, scope=routed.checker, at=NOW)
        settlement.move_batch(batch.id, "send", scope=routed.clearer, at=NOW)
        settlement.move_batch(batch.id, "accept", scope=routed.clearer, at=NOW)
        settlement.pay_batch(
            batch.id,
            book_id=routed.book.id,
            channel_account=routed.channels["wechat"],
            day=DAY + timedelta(days=1),
            scope=routed.clearer,
            at=NOW,
        )
        left = {b.account.code: b.balance_fen for b in ledger.balances_of(routed.book.id)}
        assert set(left.values()) == {0}
        assert events.count_facts(name="settlement.batch_moved.v1") == 5
        look()
        assert all(found.sound for found in ledger.verify())

    def test_who_made_it_cannot_check_it(self, routed: Settling) -> None:
        take(routed, expected(routed, "o1", ("tuition", 85000)))
        batch = self.generate(routed)
        both = replace(routed.checker, person_id=routed.clearer.person_id)
        with refused(NotAllowed, "cannot check"):
            settlement.check_batch(batch.id, scope=both, at=NOW)
        with refused(settlement.UnableToClear, "does not follow"):
            settlement.move_batch(batch.id, "send", scope=routed.clearer, at=NOW)

    def test_a_fen_off_stops_the_channel_until_released(self, routed: Settling) -> None:
        take(routed, expected(routed, "o1", ("tuition", 85000)))
        with pytest.raises(settlement.UnableToClear, match="stopped"):
            self.generate(routed, 84999)
        assert BatchRow.objects.count() == 0
        assert settlement.find_stop("wechat") == (85000, 84999)
        assert events.count_facts(name="settlement.clearing_stopped.v1") == 1
        with refused(settlement.UnableToClear, "stopped"):
            self.generate(routed, 85000)
        with refused(settlement.UnableToClear, "difference was"):
            settlement.release_channel("wechat", reason=" ", scope=routed.clearer, at=NOW)
        settlement.release_channel("wechat", reason="银行补来一分", scope=routed.clearer, at=NOW)
        assert self.generate(routed, 85000) is not None

    def test_lines_of_a_returned_batch_wait_for_the_next(self, routed: Settling) -> None:
        take(routed, expected(routed, "o1", ("tuition", 85000)))
        batch = self.generate(routed)
        settlement.check_batch(batch.id, scope=routed.checker, at=NOW)
        settlement.move_batch(batch.id, "send", scope=routed.clearer, at=NOW)
        with refused(settlement.UnableToClear, "why"):
            settlement.move_batch(batch.id, "return", scope=routed.clearer, at=NOW)
        settlement.move_batch(batch.id, "return", scope=routed.clearer, at=NOW, reason="户名不符")
        again = self.generate(routed)
        assert again is not None
        assert (again.no, again.amount_fen) == (2, 85000)

    def test_a_refund_nets_inside_its_payee_only(self, routed: Settling) -> None:
        take(
            routed,
            expected(routed, "o1", ("tuition", 85000)),
            expected(routed, "o2", ("meals", 5000)),
            expected(routed, "r1", ("tuition", -35000)),
            expected(routed, "r2", ("books", -100)),
        )
        batch = self.generate(routed)
        found = settlement.get_batch(batch.id, scope=routed.clearer)
        paid = {line.payee.code: line.amount_fen for line in found.lines}
        assert paid == {"fiscal": 50000, "canteen": 5000}
        assert LineRow.objects.filter(batch__isnull=True).count() == 1

    def test_no_line_leaves_a_batch_that_was_not_returned(self, routed: Settling) -> None:
        take(routed, expected(routed, "o1", ("tuition", 85000)))
        self.generate(routed)
        with refused(IntegrityError, "returned batch"):
            LineRow.objects.update(batch=None)

    def test_the_table_of_moves_reaches_every_state_and_ends(self) -> None:
        reached = {BatchState.GENERATED} | {to for _m, _from, to in BATCH_MOVES}
        assert reached == set(BatchState)
        ends = set(BatchState) - {source for _m, source, _to in BATCH_MOVES}
        assert ends == {BatchState.PAID, BatchState.RETURNED}


def test_no_payee_of_the_world_is_the_operator(world: Settling) -> None:
    """What the demo world ships: every account belongs to the treasury or a school."""
    assert {settlement.get_payee(code).nature for code, *_rest in PAYEES} == set(Nature)
