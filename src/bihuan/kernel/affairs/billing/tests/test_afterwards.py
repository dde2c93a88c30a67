"""Too late, twice, exempted, given back; and the tables of states."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db.models import F

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing import rules
from bihuan.kernel.affairs.billing.models import (
    CreditRow,
    LineRow,
)
from bihuan.kernel.affairs.billing.testing import (
    GU,
    School,
    told_of,
)
from bihuan.kernel.affairs.billing.tests.conftest import balances, proven, refused
from bihuan.kernel.affairs.billing.types import (
    ATTEMPT_MOVES,
    BILL_MOVES,
    REFUND_MOVES,
    AttemptState,
    BillState,
    Channel,
    OrderState,
    Pay,
    RefundReason,
    RefundState,
    Verdict,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import NOW
from bihuan.platform.web.errors import NotAllowed


class TestTooLateAndTwice:
    def test_money_for_a_closed_order_pays_what_it_was_meant_for(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition", "books")
        order, attempt = school.order(bill)
        billing.close_order(order.id, scope=school.people["parent"], at=NOW)
        assert school.take(told_of(attempt)) is Verdict.SURPLUS
        (found,) = billing.list_family_bills([GU])
        assert (found.state, found.open_fen) == (BillState.PAID, 0)
        assert billing.list_credit(GU) == {}
        reasons = set(CreditRow.objects.values_list("reason", flat=True))
        assert reasons == {"订单已结束后到账", "自动抵缴"}
        proven()

    def test_paying_twice_becomes_credit_for_a_sibling(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        order, first = school.order(bill)
        second = billing.open_attempt(
            order.id,
            families=[GU],
            channel=Channel.ALIPAY,
            merchant="2088101111111118",
            scope=school.people["parent"],
            at=NOW,
        )
        assert school.take(told_of(first)) is Verdict.PAID
        assert school.take(told_of(second)) is Verdict.SURPLUS
        assert list(billing.list_credit(GU).values()) == [85000]
        sibling = school.bill("yimiao", "tuition", "meals")
        done = billing.allocate(
            GU,
            book_id=school.settling.book.id,
            reason="兄妹抵缴",
            scope=school.people["channel"],
            at=NOW,
        )
        assert done == (sibling.lines[0].id,)
        assert billing.list_credit(GU) == {}
        found = billing.get_bill(sibling.id, scope=school.people["finance"])
        assert (found.state, found.open_fen) == (BillState.PARTLY_PAID, 21000)
        proven()

    def test_an_allocation_is_taken_back_once(self, school: School) -> None:
        self.test_paying_twice_becomes_credit_for_a_sibling(school)
        spent = CreditRow.objects.get(reason="兄妹抵缴")
        scope = school.people["reviewer"]
        billing.take_back(spent.pk, reason="家长要求", scope=scope, at=NOW)
        assert list(billing.list_credit(GU).values()) == [85000]
        with refused(billing.UnableToCredit, "before"):
            billing.take_back(spent.pk, reason="再来", scope=scope, at=NOW)
        proven()

    def test_credit_pays_only_at_the_payee_that_holds_it(self, school: School) -> None:
        order, attempt = school.order(school.bill("yinuo", "meals"))
        billing.close_order(order.id, scope=school.people["parent"], at=NOW)
        LineRow.objects.update(exempt_fen=F("amount_fen"))
        school.take(told_of(attempt))
        school.bill("yichen", "tuition")
        done = billing.allocate(
            GU,
            book_id=school.settling.book.id,
            reason="x",
            scope=school.people["channel"],
            at=NOW,
        )
        assert done == ()
        assert list(billing.list_credit(GU).values()) == [21000]


class TestExempting:
    def exempt(self, school: School, line, fen: int) -> int:
        return billing.exempt_line(
            line.id,
            exempt_fen=fen,
            evidence=Ref("test.decision", "7"),
            scope=school.people["reviewer"],
            at=NOW,
        )

    def test_before_payment_less_is_owed(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        assert self.exempt(school, bill.lines[0], 42500) == 0
        (found,) = billing.list_family_bills([GU])
        assert found.open_fen == 42500
        self.exempt(school, bill.lines[0], 85000)
        assert billing.get_bill(bill.id, scope=school.people["finance"]).state == "exempted"

    def test_after_payment_it_becomes_credit(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        _order, attempt = school.order(bill)
        school.take(told_of(attempt))
        assert self.exempt(school, bill.lines[0], 42500) == 42500
        assert list(billing.list_credit(GU).values()) == [42500]
        proven()

    def test_not_less_than_before_nor_more_than_owed(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        self.exempt(school, bill.lines[0], 100)
        for fen in (99, 85001, -1):
            with refused(billing.UnableToCredit):
                self.exempt(school, bill.lines[0], fen)
        school.order(billing.get_bill(bill.id, scope=school.people["finance"]))
        with refused(billing.UnableToCredit, "being paid"):
            self.exempt(school, bill.lines[0], 200)

    def test_the_fact_does_not_say_why(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        self.exempt(school, bill.lines[0], 100)
        facts = events.list_facts(subject=Ref("billing.bill", str(bill.id)))
        (fact,) = [f for f in facts if f.name == "billing.line_exempted.v1"]
        assert set(fact.payload) == {"line_id", "exempt_fen", "credited_fen"}


class TestRefunding:
    def paid(self, school: School):
        bill = school.bill("yinuo", "tuition", "meals")
        _order, attempt = school.order(bill)
        school.take(told_of(attempt))
        return bill, attempt

    def ask(self, school: School, attempt, *lines: Pay):
        return billing.request_refund(
            attempt.id,
            lines,
            reason=RefundReason.LEFT,
            words="转学",
            scope=school.people["finance"],
            at=NOW,
        )

    def test_the_whole_way(self, school: School) -> None:
        bill, attempt = self.paid(school)
        refund = self.ask(school, attempt, Pay(bill.lines[0].id, 40000))
        same = replace(school.people["head"], person_id=school.people["finance"].person_id)
        with refused(NotAllowed, "cannot approve"):
            billing.move_refund(refund.id, "approve", scope=same, at=NOW)
        billing.move_refund(refund.id, "approve", scope=school.people["head"], at=NOW)
        billing.move_refund(refund.id, "send", scope=school.people["channel"], at=NOW)
        for _n in range(2):
            done = billing.finish_refund(refund.id, scope=school.people["channel"], at=NOW)
        assert done.state is RefundState.DONE
        assert balances(school) == {
            "in:wechat": 66000, "due:fiscal": 45000, "due:canteen": 21000,
        }  # fmt: skip
        assert billing.find_attempt(attempt.out_trade_no).state is AttemptState.SUCCESS
        proven()

    def test_never_more_than_was_paid(self, school: School) -> None:
        bill, attempt = self.paid(school)
        tuition = bill.lines[0].id
        for lines in ((Pay(tuition, 85001),), (Pay(tuition, 0),), (), (Pay(tuition, 1),) * 2):
            with refused(billing.UnableToRefund):
                self.ask(school, attempt, *lines)
        self.ask(school, attempt, Pay(tuition, 85000))
        with refused(billing.UnableToRefund, "More would go back"):
            self.ask(school, attempt, Pay(tuition, 85000))

    def test_nothing_goes_back_of_what_was_not_paid(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        _order, attempt = school.order(bill)
        with refused(billing.UnableToRefund, "not made"):
            self.ask(school, attempt, Pay(bill.lines[0].id, 1))


class TestTables:
    """The tables of states, as reviewed: nothing unreachable, nothing without an end."""

    @pytest.mark.parametrize(
        ("moves", "states", "first", "ends"),
        [
            (
                [(m, s, t) for m, s, t, _p in BILL_MOVES]
                + [("pay", "published", "partly_paid"), ("pay", "partly_paid", "paid"),
                   ("exempt", "published", "exempted")],
                BillState,
                {"draft"},
                {"closed", "cancelled", "written_off"},
            ),
            (ATTEMPT_MOVES, AttemptState, {"created"}, {"success"}),
            (REFUND_MOVES, RefundState, {"requested"}, {"done", "rejected"}),
        ],
    )  # fmt: skip
    def test_reach_every_state_and_end(self, moves, states, first, ends) -> None:
        reached = set(first)
        for _n in states:
            reached |= {to for _m, source, to in moves if source in reached}
        assert reached == {s.value for s in states}
        stuck = {s.value for s in states} - {source for _m, source, _to in moves}
        assert stuck == ends

    def test_money_after_a_failure_is_money(self) -> None:
        for state in AttemptState:
            if state is not AttemptState.SUCCESS:
                assert rules.attempt_move(state, "succeed") is AttemptState.SUCCESS
        assert rules.attempt_move(AttemptState.SUCCESS, "fail") is None

    def test_orders_have_three(self) -> None:
        assert {s.value for s in OrderState} == {"open", "paid", "closed"}
