"""From a published item to money in the books; every refusal leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.db.models import F

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.models import (
    AttemptRow,
    BillRow,
    LineRow,
    NoticeRow,
    OrderRow,
)
from bihuan.kernel.affairs.billing.testing import (
    DAY,
    GU,
    SCHOOL,
    School,
    told_of,
)
from bihuan.kernel.affairs.billing.tests.conftest import balances, proven, refused
from bihuan.kernel.affairs.billing.types import (
    BillState,
    Channel,
    Family,
    FeeClass,
    NewItem,
    NewLine,
    NewPublication,
    Pay,
    PublicationId,
    Said,
    Verdict,
)
from bihuan.kernel.affairs.settlement.types import RouteKey
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import NOW
from bihuan.platform.web.errors import NotAllowed


class TestPublishing:
    def test_a_change_in_mid_term_ends_the_amount_before(self, school: School) -> None:
        item = NewItem(
            SCHOOL, "meals", "伙食费", FeeClass.SERVICE, RouteKey("haitang:meals"),
            school.area_path, partial=True,
        )  # fmt: skip
        later = NewPublication("餐", 25000, "海发改价〔2026〕9号", "发改局", date(2026, 10, 1))
        new = billing.publish_item(item, later, scope=school.people["finance"], at=NOW)
        before = billing.get_publication(SCHOOL, "meals", on=date(2026, 9, 30))
        after = billing.get_publication(SCHOOL, "meals", on=date(2026, 10, 1))
        assert before is not None
        assert (before.standard_fen, after) == (21000, new)

    def test_nothing_without_basis_or_with_another_meaning(self, school: School) -> None:
        item = NewItem(
            SCHOOL, "meals", "伙食费", FeeClass.SERVICE, RouteKey("haitang:meals"),
            school.area_path, partial=True,
        )  # fmt: skip
        good = NewPublication("餐", 25000, "文", "发改局", date(2026, 10, 1))
        for wrong_item, wrong in (
            (item, replace(good, basis=" ")),
            (item, replace(good, standard_fen=0)),
            (replace(item, voluntary=True), good),
            (replace(item, fee_class=FeeClass.FISCAL), good),
            (item, replace(good, valid_from=date(2025, 1, 1))),
        ):
            with refused(billing.UnableToPublish):
                billing.publish_item(wrong_item, wrong, scope=school.people["finance"], at=NOW)

    def test_needs_the_power(self, school: School) -> None:
        item = NewItem(
            SCHOOL, "x", "x", FeeClass.SERVICE, RouteKey("haitang:meals"), school.area_path
        )
        with refused(NotAllowed):
            billing.publish_item(
                item,
                NewPublication("餐", 1, "文", "x", DAY),
                scope=school.people["parent"],
                at=NOW,
            )


class TestBilling:
    def test_twice_is_once(self, school: School) -> None:
        new = school.new_bill("yinuo", "tuition", "books")
        first = billing.draft_bills([new], scope=school.people["finance"], at=NOW)
        again = billing.draft_bills([new], scope=school.people["finance"], at=NOW)
        assert (len(first.made), first.amount_fen) == (1, 116650)
        assert (again.made, again.known, again.amount_fen) == ((), 1, 0)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"day": date(2025, 12, 31)}, "not published on its day"),
            ({"provider": Ref("test.school", "other")}, "not published by this school"),
            ({"lines": ()}, "no line"),
            ({"lines": (NewLine(PublicationId(0), 1),)}, "not published"),
        ],
    )
    def test_nothing_without_a_published_item(
        self, school: School, change: dict[str, object], words: str
    ) -> None:
        new = replace(school.new_bill("yinuo", "tuition"), **change)  # type: ignore[arg-type]
        with refused(billing.UnableToBill, words):
            billing.draft_bills(
                [school.new_bill("other", "tuition"), new],
                scope=school.people["finance"],
                at=NOW,
            )

    def test_no_more_than_was_published(self, school: School) -> None:
        new = school.new_bill("yinuo", "tuition")
        line = replace(new.lines[0], amount_fen=85001)
        with refused(billing.UnableToBill, "more than was published"):
            billing.draft_bills(
                [replace(new, lines=(line,))], scope=school.people["finance"], at=NOW
            )

    def test_the_database_refuses_it_too(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        line = LineRow.objects.get(bill_id=bill.id)
        books = school.published["books"].id
        BillRow.objects.filter(pk=bill.id).update(day=date(2025, 1, 1))
        with refused(IntegrityError, "no published item"):
            LineRow.objects.create(
                bill_id=bill.id, publication_id=books, amount_fen=1, voluntary=False
            )
        with refused(IntegrityError, "null value"):
            LineRow.objects.create(bill_id=bill.id, amount_fen=1, voluntary=False)
        with refused(IntegrityError, "keeps its item"):
            LineRow.objects.filter(pk=line.pk).update(amount_fen=1)

    def test_takes_three_hands(self, school: School) -> None:
        new = school.new_bill("yinuo", "tuition")
        people = school.people
        (bill_id,) = billing.draft_bills([new], scope=people["finance"], at=NOW).made
        with refused(billing.UnableToMoveBill):
            billing.move_bills([bill_id], "publish", scope=people["finance"], at=NOW)
        billing.move_bills([bill_id], "review", scope=people["reviewer"], at=NOW)
        for same in ("finance", "reviewer"):
            head = replace(people["head"], person_id=people[same].person_id)
            with refused(NotAllowed, "cannot approve"):
                billing.move_bills([bill_id], "approve", scope=head, at=NOW)
        with refused(NotAllowed):
            billing.move_bills([bill_id], "approve", scope=people["finance"], at=NOW)
        assert billing.list_family_bills([GU]) == ()
        billing.move_bills([bill_id], "approve", scope=people["head"], at=NOW)
        billing.move_bills([bill_id], "publish", scope=people["finance"], at=NOW)
        assert [b.id for b in billing.list_family_bills([GU])] == [bill_id]

    def test_voluntary_is_nothing_until_chosen(self, school: School) -> None:
        bill = school.bill("yichen", "after", "uniform")
        assert bill.open_fen == 0
        line = bill.lines[0].id
        billing.choose_line(line, chosen=True, families=[GU], at=NOW)
        assert billing.get_bill(bill.id, scope=school.people["finance"]).open_fen == 30000
        billing.choose_line(line, chosen=False, families=[GU], at=NOW)
        assert billing.get_bill(bill.id, scope=school.people["finance"]).open_fen == 0
        with refused(billing.UnableToBill, "yours"):
            billing.choose_line(line, chosen=True, families=[Family("other")], at=NOW)


class TestOrdering:
    def test_one_order_for_three_children_and_its_split(self, school: School) -> None:
        bills = [
            school.bill("yinuo", "tuition", "board", "books"),
            school.bill("yichen", "meals"),
            school.bill("yimiao", "tuition"),
        ]
        order, attempt = school.order(*bills)
        assert order.amount_fen == attempt.amount_fen == 85000 + 30000 + 31650 + 21000 + 85000
        by_payee: dict[str, int] = {}
        codes = {p.id: code for code, p in school.settling.payees.items()}
        for share in order.shares:
            by_payee[codes[share.payee_id]] = (
                by_payee.get(codes[share.payee_id], 0) + share.amount_fen
            )
        assert by_payee == {"fiscal": 200000, "books": 31650, "canteen": 21000}
        proven()

    def test_a_line_is_paid_whole_unless_its_item_allows_parts(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition", "meals")
        tuition, meals = bill.lines
        give = {"families": [GU], "channel": Channel.WECHAT, "merchant": "1900000109"}
        for wanted, words in (
            ([Pay(tuition.id, 84999)], "whole"),
            ([Pay(meals.id, 21001)], "more than is owed"),
            ([Pay(meals.id, 0)], "more than is owed"),
            ([Pay(meals.id, 5), Pay(meals.id, 5)], "twice"),
            ([], "at least one"),
        ):
            with refused(billing.UnableToOrder, words):
                billing.open_order(wanted, scope=school.people["parent"], at=NOW, **give)
        order, _attempt = billing.open_order(
            [Pay(meals.id, 10000)], scope=school.people["parent"], at=NOW, **give
        )
        assert order.amount_fen == 10000

    def test_not_for_somebody_elses_child_nor_a_draft(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        give = {"channel": Channel.WECHAT, "merchant": "1900000109", "at": NOW}
        pay = [Pay(bill.lines[0].id, 85000)]
        with refused(billing.UnableToOrder, "not yours"):
            billing.open_order(
                pay, families=[Family("other")], scope=school.people["parent"], **give
            )
        with refused(NotAllowed):
            billing.open_order(pay, families=[GU], scope=school.people["finance"], **give)

    def test_a_line_is_in_one_open_order_at_a_time(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition")
        order, _attempt = school.order(bill)
        with refused(billing.UnableToOrder, "being paid"):
            school.order(bill)
        billing.close_order(order.id, scope=school.people["parent"], at=NOW)
        school.order(bill)

    def test_a_fee_without_an_approved_account_is_not_collected(self, school: School) -> None:
        item = NewItem(
            SCHOOL, "bus", "校车", FeeClass.SERVICE, RouteKey("haitang:bus"), school.area_path
        )
        publication = NewPublication("月", 10000, "文", "发改局", date(2026, 1, 1))
        school.published["bus"] = billing.publish_item(
            item, publication, scope=school.people["finance"], at=NOW
        )
        bill = school.bill("yinuo", "bus")
        from bihuan.kernel.affairs.settlement import api as settlement

        with refused(settlement.UnableToFindRoute):
            school.order(bill)

    def test_the_database_refuses_an_order_that_differs_from_its_lines(
        self, school: School
    ) -> None:
        order, _attempt = school.order(school.bill("yinuo", "tuition"))
        proven()
        with refused(IntegrityError, "differs from its lines"):
            OrderRow.objects.filter(pk=order.id).update(amount_fen=F("amount_fen") + 1)
            proven()


class TestPaying:
    def test_the_whole_way(self, school: School) -> None:
        bills = [school.bill("yinuo", "tuition", "books"), school.bill("yichen", "meals")]
        order, attempt = school.order(*bills)
        assert school.take(told_of(attempt)) is Verdict.PAID
        assert balances(school) == {
            "in:wechat": 137650, "due:fiscal": 85000, "due:books": 31650, "due:canteen": 21000,
        }  # fmt: skip
        states = [b.state for b in billing.list_family_bills([GU])]
        assert states == [BillState.PAID, BillState.PAID]
        assert OrderRow.objects.get(pk=order.id).state == "paid"
        (fact,) = [
            f
            for f in events.list_facts(subject=Ref("billing.attempt", str(attempt.id)))
            if f.name == "billing.payment_taken.v1"
        ]
        assert fact.payload["amount_fen"] == 137650
        proven()

    def test_takes_at_most_eight_statements(
        self, school: School, django_assert_max_num_queries
    ) -> None:
        bill = school.bill("yinuo", "tuition", "books", "meals")
        _order, first = school.order(school.bill("other", "tuition"))
        school.take(told_of(first))  # rules in force are read once a minute
        _order, attempt = school.order(bill)
        with django_assert_max_num_queries(10):  # and a savepoint, which outside a test is none
            assert school.take(told_of(attempt)) is Verdict.PAID

    def test_some_of_it_is_partly_paid(self, school: School) -> None:
        bill = school.bill("yinuo", "tuition", "meals")
        _order, attempt = billing.open_order(
            [Pay(bill.lines[0].id, 85000)],
            families=[GU],
            channel=Channel.WECHAT,
            merchant="1900000109",
            scope=school.people["parent"],
            at=NOW,
        )
        school.take(told_of(attempt))
        found = billing.get_bill(bill.id, scope=school.people["finance"])
        assert (found.state, found.open_fen) == (BillState.PARTLY_PAID, 21000)

    def test_many_notices_are_one_payment(self, school: School) -> None:
        _order, attempt = school.order(school.bill("yinuo", "tuition"))
        told = told_of(attempt)
        assert [school.take(told) for _n in range(3)] == [
            Verdict.PAID, Verdict.REPEATED, Verdict.REPEATED,
        ]  # fmt: skip
        assert school.take(told_of(attempt, event="later")) is Verdict.REPEATED
        assert balances(school)["in:wechat"] == 85000

    @pytest.mark.parametrize(
        ("change", "verdict"),
        [
            ({"amount_fen": 84999}, Verdict.WRONG_AMOUNT),
            ({"amount_fen": 85001}, Verdict.WRONG_AMOUNT),
            ({"currency": "USD"}, Verdict.WRONG_CURRENCY),
            ({"currency": ""}, Verdict.WRONG_CURRENCY),
            ({"merchant": "1900000999"}, Verdict.WRONG_PAYEE),
            ({"transaction_id": ""}, Verdict.WRONG_TRANSACTION),
            ({"out_trade_no": "2026062400000000000000000000"}, Verdict.UNKNOWN_ORDER),
            ({"channel": Channel.ALIPAY}, Verdict.UNKNOWN_ORDER),
        ],
    )
    def test_what_does_not_fit_moves_no_money_and_calls_a_person(
        self, school: School, change: dict[str, object], verdict: Verdict
    ) -> None:
        _order, attempt = school.order(school.bill("yinuo", "tuition"))
        told = told_of(attempt, **change)
        assert school.take(told) is verdict
        assert school.take(told) is verdict
        assert balances(school) == {}
        assert AttemptRow.objects.get().state == "created"
        assert events.count_facts(name="billing.notice_refused.v1") == 1
        assert not verdict.accepted

    @pytest.mark.parametrize("seconds", [-301, 301, -86400])
    def test_an_old_or_future_notice_is_nothing(self, school: School, seconds: int) -> None:
        _order, attempt = school.order(school.bill("yinuo", "tuition"))
        told = told_of(attempt, at=NOW + timedelta(seconds=seconds))
        before = events.count_facts()
        assert school.take(told) is Verdict.STALE
        assert (NoticeRow.objects.count(), events.count_facts()) == (0, before)

    def test_a_nonce_is_used_once(self, school: School) -> None:
        _order, first = school.order(school.bill("yinuo", "tuition"))
        _order, second = school.order(school.bill("yichen", "tuition"))
        school.take(told_of(first))
        stolen = told_of(second, nonce=f"nonce-event-{first.out_trade_no}")
        assert school.take(stolen) is Verdict.REPLAYED
        assert balances(school)["in:wechat"] == 85000
        assert AttemptRow.objects.get(pk=second.id).state == "created"

    def test_a_channels_number_pays_once(self, school: School) -> None:
        _order, first = school.order(school.bill("yinuo", "tuition"))
        _order, second = school.order(school.bill("yichen", "tuition"))
        told = told_of(first)
        school.take(told)
        again = told_of(second, transaction_id=told.transaction_id)
        assert school.take(again) is Verdict.WRONG_TRANSACTION
        assert balances(school)["in:wechat"] == 85000

    def test_only_the_door_for_channels_takes(self, school: School) -> None:
        _order, attempt = school.order(school.bill("yinuo", "tuition"))
        with refused(NotAllowed):
            billing.take(told_of(attempt), body=b"", scope=school.people["head"], at=NOW)

    def test_other_words_than_success_move_nothing(self, school: School) -> None:
        _order, attempt = school.order(school.bill("yinuo", "tuition"))
        assert school.take(told_of(attempt, said=Said.PAYING)) is Verdict.NOTED
        assert balances(school) == {}

    def test_a_success_is_final(self, school: School) -> None:
        _order, attempt = school.order(school.bill("yinuo", "tuition"))
        school.take(told_of(attempt))
        with refused(IntegrityError, "success is final"):
            AttemptRow.objects.filter(pk=attempt.id).update(state="failed")
