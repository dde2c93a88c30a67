"""After closing: the verdict, the call back, doing it again, the look-back, abuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import CallBack, Case, Part, Round, Supervision
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    answered,
    check,
    closed,
    dispatched,
    give,
    moment,
    move,
    part_move,
    photo,
    raise_one,
    refused,
    traces,
)
from bihuan.kernel.affairs.cases.types import MAY_CALL_BACK, CaseId, Detail, Filter, MoveName
from bihuan.kernel.ground.registry.testing import Cast, granting
from bihuan.kernel.ground.registry.types import HANDLER
from bihuan.platform.web.errors import NotAllowed

NOON = NINE + timedelta(hours=6)


def call(case_id: CaseId, cast: Cast, who: str = "tao", **said: str):
    """Call back."""
    called = cases.Called(**({"result": "satisfied", "channel": "phone"} | said))
    return cases.call_back(case_id, called, scope=cast.scope(who), at=NOON)


class TestVerdict:
    def test_in_grades(self, cast: Cast) -> None:
        opened = closed(cast)
        move(opened.case_id, "evaluate", cast, "lu", rating="neutral", solved="partly", at=NOON)
        view = cases.get_case(opened.case_id, scope=cast.scope("lu"))
        assert (view.state, view.rating, view.solved) == ("evaluated", "neutral", "partly")

    def test_by_receipt_without_an_account(self, cast: Cast) -> None:
        opened = closed(cast, who=None)
        nobody = cast.scope("zhou")
        moved = cases.move_by_receipt(
            opened.number,
            opened.receipt_code,
            move=MoveName("evaluate"),
            scope=nobody,
            at=NOON,
            detail=Detail(rating="satisfied", solved="solved"),
        )
        assert moved.state == "evaluated"

    def test_a_receipt_does_not_redo_or_withdraw(self, cast: Cast) -> None:
        opened = closed(cast, who=None)
        for name in ("redo", "withdraw", "file"):
            refused(
                NotAllowed,
                lambda name=name: cases.move_by_receipt(  # type: ignore[misc]
                    opened.number,
                    opened.receipt_code,
                    move=MoveName(name),
                    scope=cast.scope("zhou"),
                    at=NOON,
                    detail=Detail(words="x"),
                ),
                "by_receipt",
            )
        refused(
            cases.UnableToFindCase,
            lambda: cases.move_by_receipt(
                opened.number,
                "AAAAAAAA",
                move=MoveName("evaluate"),
                scope=cast.scope("zhou"),
                at=NOON,
                detail=Detail(rating="satisfied"),
            ),
        )


class TestCallingBack:
    def test_satisfied_closes_the_loop(self, cast: Cast) -> None:
        opened = closed(cast)
        assert call(opened.case_id, cast, solved="solved").state == "evaluated"
        row = CallBack.objects.get()
        assert (row.result, row.channel, row.round_no) == ("satisfied", "phone", 1)

    def test_not_satisfied_is_done_again_once_with_a_new_limit(self, cast: Cast) -> None:
        opened = closed(cast)
        refused(
            cases.LackingEvidence, lambda: call(opened.case_id, cast, result="unsatisfied"), "words"
        )
        moved = call(opened.case_id, cast, result="unsatisfied", words="还有一盏不亮")
        case = Case.objects.get()
        assert (moved.state, case.round_no, case.redos) == ("filed", 2, 1)
        at = NINE + timedelta(days=1)
        (part_id,) = give(opened.case_id, cast, "zongzhi", at=at)
        assert Part.objects.get(pk=part_id).due_at == moment("2026-06-30T17:00")
        part_move(part_id, "sign", cast, at=at)
        part_move(part_id, "feed_back", cast, words="又换一盏", photos=(photo("gold"),), at=at)
        check(opened.case_id, cast, at=at)
        again = call(opened.case_id, cast, result="unsatisfied", words="还是不亮")
        assert (again.state, Case.objects.get().rating, Case.objects.get().round_no) == (
            "evaluated",
            "unsatisfied",
            2,
        )

    def test_nobody_reached_leaves_it_waiting(self, cast: Cast) -> None:
        opened = closed(cast)
        assert call(opened.case_id, cast, result="unreached").state == "closed"
        found = cases.list_cases(scope=cast.scope("tao"), wanted=Filter(tray="call_back"), at=NOON)
        assert [row.id for row in found.rows] == [opened.case_id]

    def test_who_handled_it_or_belongs_to_the_unit_does_not_call(self, cast: Cast) -> None:
        opened = closed(cast)
        round_ = Round.objects.get()
        tao = cast.scope("tao")
        assert tao.person_id is not None
        Round.objects.filter(pk=round_.pk).update(
            hands=[*round_.hands, tao.person_id], verified_by=None
        )
        refused(cases.UnableToDoAlone, lambda: call(opened.case_id, cast), "another_person")
        with granting(HANDLER, MAY_CALL_BACK):
            refused(NotAllowed, lambda: call(opened.case_id, cast, "zongzhi"))

    def test_nobody_calls_who_gave_no_name(self, cast: Cast) -> None:
        opened = closed(cast, who=None)
        refused(cases.UnableToDoAlone, lambda: call(opened.case_id, cast), "raiser_known")

    def test_results_come_from_the_list(self, cast: Cast) -> None:
        opened = closed(cast)
        refused(cases.LackingEvidence, lambda: call(opened.case_id, cast, result="超满意"))
        refused(
            cases.LackingEvidence, lambda: call(opened.case_id, cast, channel="鸽子"), "channel"
        )


class TestAbuse:
    def test_is_reported_by_one_and_confirmed_by_another(self, cast: Cast) -> None:
        opened = closed(cast)
        move(opened.case_id, "report_malicious", cast, "duty", words="一天打四十个电话", at=NOON)
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "confirm_malicious", cast, "duty", words="是", at=NOON),
            "not_the_asker",
        )
        assert Case.objects.get().malicious is False

    def test_confirmed_it_leaves_the_call_backs(self, cast: Cast) -> None:
        opened = closed(cast)
        move(opened.case_id, "report_malicious", cast, "tao", words="一天四十个电话", at=NOON)
        move(opened.case_id, "confirm_malicious", cast, "duty", words="核实过录音", at=NOON)
        assert Case.objects.get().malicious is True
        found = cases.list_cases(scope=cast.scope("tao"), wanted=Filter(tray="call_back"), at=NOON)
        assert found.count == 0


class TestReopening:
    def test_by_who_raised_it_within_the_window(self, cast: Cast) -> None:
        opened = closed(cast)
        move(opened.case_id, "evaluate", cast, "lu", rating="satisfied", at=NOON)
        last = Case.objects.get().reopen_until
        assert last == moment("2026-07-24T17:00")
        refused(
            cases.UnableToDoAlone,
            lambda: move(
                opened.case_id, "reopen", cast, "lu", words="又灭了", at=last + timedelta(minutes=1)
            ),
            "within_window",
        )
        moved = move(opened.case_id, "reopen", cast, "lu", words="又灭了", at=last)
        case = Case.objects.get()
        assert (moved.state, case.round_no, case.reopenings, case.rating) == ("filed", 2, 1, "")

    def test_by_the_centre_with_words(self, cast: Cast) -> None:
        opened = closed(cast)
        refused(
            cases.LackingEvidence,
            lambda: move(opened.case_id, "reopen_by_centre", cast, "duty", at=NOON),
            "words",
        )
        moved = move(opened.case_id, "reopen_by_centre", cast, "duty", words="抽查不实", at=NOON)
        assert (moved.state, Round.objects.get(no=2).kind) == ("filed", "reopen")


class TestLookingBack:
    DUE = NINE + timedelta(days=9)

    def test_comes_on_its_day_and_may_begin_another_round(self, cast: Cast) -> None:
        opened = closed(cast)
        early = NINE + timedelta(days=2)
        tray = Filter(tray="look_back")
        verifier = cast.scope("verifier")
        assert cases.list_cases(scope=verifier, wanted=tray, at=early).count == 0
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "look_back", cast, "verifier", on_the_spot=True, at=early),
            "look_back_due",
        )
        assert cases.list_cases(scope=verifier, wanted=tray, at=self.DUE).count == 1
        moved = move(
            opened.case_id,
            "look_back_again",
            cast,
            "verifier",
            on_the_spot=True,
            words="又灭了一盏",
            at=self.DUE,
        )
        assert (moved.state, Round.objects.get(no=2).kind) == ("filed", "look_back")
        assert cases.list_cases(scope=verifier, wanted=tray, at=self.DUE).count == 0

    def test_that_holds_leaves_it_closed(self, cast: Cast) -> None:
        opened = closed(cast)
        moved = move(opened.case_id, "look_back", cast, "verifier", on_the_spot=True, at=self.DUE)
        assert (moved.state, Case.objects.get().look_back_at) == ("closed", None)


class TestOneAnswer:
    def test_is_assembled_from_the_parts_and_approved_before_closing(self, cast: Cast) -> None:
        opened, _ = answered(cast, "zongzhi", "fire")
        view = cases.get_case(opened.case_id, scope=cast.scope("zongzhi"))
        fire = cast.unit("330424-fire").name
        assert view.composed == f"zongzhi办好了\n{fire}:fire办好了"
        refused(cases.UnableToDoAlone, lambda: check(opened.case_id, cast, at=NOON), "answer_ready")
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "draft_answer", cast, "fire", words="我来写", at=NOON),
            "lead_unit",
        )
        move(opened.case_id, "draft_answer", cast, "zongzhi", words="灯换了,通道清了", at=NOON)
        refused(cases.UnableToDoAlone, lambda: check(opened.case_id, cast, at=NOON), "answer_ready")
        move(opened.case_id, "approve_answer", cast, "tao", words="灯换了,通道也清了。", at=NOON)
        check(opened.case_id, cast, at=NOON)
        assert cases.get_case(opened.case_id, scope=cast.scope("lu")).answer == (
            "灯换了,通道也清了。"
        )

    def test_closing_never_cancels_an_open_part(self, cast: Cast) -> None:
        """A peer cancelled the departments that had not finished when it closed the parent."""
        opened, (lead, _helper) = dispatched(cast, "zongzhi", "fire")
        part_move(lead, "sign", cast)
        part_move(lead, "feed_back", cast, words="好了", photos=(photo(),))
        refused(cases.UnableToMove, lambda: check(opened.case_id, cast, at=NOON), "moved_on")
        assert list(Part.objects.order_by("pk").values_list("state", flat=True)) == [
            "fed_back",
            "dispatched",
        ]

    def test_one_unit_alone_needs_no_second_hand(self, cast: Cast) -> None:
        opened, _ = answered(cast)
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "draft_answer", cast, "zongzhi", words="x", at=NOON),
            "several_parts",
        )

    @pytest.mark.portable
    def test_the_database_lets_nobody_approve_his_own_draft(self, cast: Cast) -> None:
        opened, _ = answered(cast, "zongzhi", "fire")
        move(opened.case_id, "draft_answer", cast, "zongzhi", words="草稿", at=NOON)
        round_ = Round.objects.get()
        with pytest.raises(DatabaseError), transaction.atomic():
            Round.objects.update(approved_by=round_.drafted_by, approved_at=NOON)


class TestSupervision:
    def test_is_marked_with_words_and_answered_by_who_holds_it(self, cast: Cast) -> None:
        opened, _ = dispatched(cast)
        refused(
            cases.LackingEvidence, lambda: move(opened.case_id, "supervise", cast, "duty"), "words"
        )
        move(opened.case_id, "supervise", cast, "duty", words="今天说清进度")
        view = cases.get_case(opened.case_id, scope=cast.scope("duty"))
        assert view.watched is not None
        assert (view.watched.words, view.watched.owner) == (
            "今天说清进度",
            cast.unit("330424-zongzhi").name,
        )
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "supervise", cast, "duty", words="再催"),
            "not_supervised",
        )
        refused(
            cases.UnableToFindCase,
            lambda: move(opened.case_id, "answer_supervision", cast, "fire", words="x"),
        )
        move(opened.case_id, "answer_supervision", cast, "zongzhi", words="灯头明天到")
        mark = Supervision.objects.get()
        assert (mark.answer, Case.objects.get().supervised) == ("灯头明天到", False)


class TestUnreasonable:
    def test_the_unit_applies_and_the_centre_reviews(self, cast: Cast) -> None:
        opened, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        refused(
            cases.LackingEvidence,
            lambda: move(
                opened.case_id, "ask_unreasonable", cast, "zongzhi", reason="嫌烦", words="x"
            ),
            "reason",
        )
        move(
            opened.case_id,
            "ask_unreasonable",
            cast,
            "zongzhi",
            reason="beyond_law",
            words="要求在私人院内装路灯",
        )
        moved = move(
            opened.case_id,
            "allow_unreasonable",
            cast,
            "duty",
            words="院内照明由住户自己装,政策如此。",
        )
        case = Case.objects.get()
        assert (moved.state, case.unreasonable, case.answer) == (
            "closed",
            "beyond_law",
            "院内照明由住户自己装,政策如此。",
        )
        assert moved.due_at is None or case.closed_at is not None

    def test_not_while_another_unit_works(self, cast: Cast) -> None:
        opened, (lead, _helper) = dispatched(cast, "zongzhi", "fire")
        part_move(lead, "sign", cast)
        part_move(lead, "start", cast, words="到场")
        wish = {"reason": "no_facts", "words": "现场没有"}
        move(opened.case_id, "ask_unreasonable", cast, "zongzhi", **wish)
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "allow_unreasonable", cast, "duty", words="同意"),
            "others_done",
        )


class TestRejection:
    def _rejected(self, cast: Cast):
        opened = raise_one(cast)
        refused(
            cases.LackingEvidence,
            lambda: move(opened.case_id, "reject", cast, "tao", reason="不想办"),
            "reason",
        )
        move(opened.case_id, "reject", cast, "tao", reason="in_procedure", words="请问承办法官。")
        return opened

    def test_has_a_reason_from_the_list_and_one_appeal_to_another_person(self, cast: Cast) -> None:
        opened = self._rejected(cast)
        moved = move(opened.case_id, "appeal", cast, "lu", words="没有打官司")
        assert (moved.state, Case.objects.get().due_at) == ("appealed", moment("2026-06-24T11:00"))
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "uphold", cast, "tao", words="维持"),
            "another_person",
        )
        move(opened.case_id, "uphold", cast, "mei", words="法院已立案,案号给您了。")
        refused(
            cases.UnableToDoAlone,
            lambda: move(opened.case_id, "appeal", cast, "lu", words="还是不服"),
            "first_appeal",
        )

    def test_an_appeal_may_be_granted(self, cast: Cast) -> None:
        opened = self._rejected(cast)
        move(opened.case_id, "appeal", cast, "lu", words="没有打官司")
        moved = move(opened.case_id, "grant_appeal", cast, "mei", words="查过,没有立案")
        case = Case.objects.get()
        assert (moved.state, case.reject_reason, case.closed_at) == ("filed", "", None)

    def test_another_resident_does_not_appeal(self, cast: Cast) -> None:
        opened = self._rejected(cast)
        refused(
            cases.UnableToFindCase,
            lambda: move(opened.case_id, "appeal", cast, "zhou", words="我不服"),
        )


class TestWithdrawing:
    def test_before_anybody_was_sent_out(self, cast: Cast) -> None:
        opened = raise_one(cast)
        moved = move(opened.case_id, "withdraw", cast, "lu", words="自己亮了")
        assert (moved.state, moved.due_at) == ("withdrawn", None)

    def test_not_after(self, cast: Cast) -> None:
        opened, _ = dispatched(cast)
        before = traces()
        refused(
            cases.UnableToMove,
            lambda: move(opened.case_id, "withdraw", cast, "lu", words="算了"),
        )
        assert traces() == before
