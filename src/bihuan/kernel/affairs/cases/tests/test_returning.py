"""Returns with a basis, forced assignment, first contact, extensions, waiting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Application, Case, Part
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    check,
    dispatched,
    give,
    moment,
    move,
    part_move,
    photo,
    refused,
)
from bihuan.kernel.affairs.cases.types import NewPart, PartId, Role
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.registry.testing import Cast

TOMORROW_FIVE = moment("2026-06-25T17:00")
"""The end of the working day within which a matter dispatched on Wednesday may be returned."""


def returned_twice(cast: Cast):
    """Bring a matter to its second return."""
    opened, (first,) = dispatched(cast)
    part_move(first, "return", cast, reason="管线图上此处无灯杆")
    (second,) = give(opened.case_id, cast, "fire", at=NINE + timedelta(hours=2))
    part_move(second, "return", cast, "fire", reason="非消防设施", at=NINE + timedelta(hours=3))
    return opened


class TestReturning:
    def test_within_one_working_day_with_a_basis_and_another_unit_named(self, cast: Cast) -> None:
        opened, (part_id,) = dispatched(cast)
        water = cast.unit("330424-water")
        part_move(
            part_id,
            "return",
            cast,
            reason="管线图上此处无灯杆",
            suggested_unit=water.id,
            at=TOMORROW_FIVE,
        )
        part = Part.objects.get()
        assert (part.state, part.returned_basis) == ("returned", "管线图上此处无灯杆")
        view = cases.get_case(opened.case_id, scope=cast.scope("mei"))
        assert (view.parts[0].suggested_unit, view.state) == (water.name, "returned")

    def test_not_later(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast)
        late = TOMORROW_FIVE + timedelta(minutes=1)
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(part_id, "return", cast, reason="依据", at=late),
            "in_time_to_return",
        )

    def test_not_without_a_basis(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast)
        refused(cases.LackingEvidence, lambda: part_move(part_id, "return", cast), "basis")

    def test_after_two_it_is_assigned_and_stays(self, cast: Cast) -> None:
        opened = returned_twice(cast)
        at = NINE + timedelta(hours=4)
        zongzhi = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
        refused(
            cases.UnableToDoAlone,
            lambda: cases.dispatch_case(
                opened.case_id, parts=zongzhi, scope=cast.scope("mei"), at=at
            ),
            "within_returns",
        )
        duty = cast.scope("duty")
        refused(
            cases.LackingEvidence,
            lambda: cases.assign_case(opened.case_id, parts=zongzhi, review=" ", scope=duty, at=at),
            "words",
        )
        moved = cases.assign_case(
            opened.case_id, parts=zongzhi, review="会商：路灯归综合执法局管", scope=duty, at=at
        )
        assert moved.part_id is not None
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(PartId(moved.part_id or 0), "return", cast, reason="依据", at=at),
            "not_forced",
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            Part.objects.filter(pk=moved.part_id).update(state="returned", returned_basis="x")
        assert part_move(PartId(moved.part_id), "sign", cast, at=at).state == "signed"

    def test_a_first_dispatch_is_no_assignment(self, cast: Cast) -> None:
        opened, (part_id,) = dispatched(cast)
        part_move(part_id, "return", cast, reason="依据")
        refused(
            cases.UnableToDoAlone,
            lambda: cases.assign_case(
                opened.case_id, parts=[], review="会商", scope=cast.scope("duty"), at=NINE
            ),
            "returned_too_often",
        )


class TestFirstContact:
    def test_the_first_unit_stays_responsible_until_another_signs(self, cast: Cast) -> None:
        opened, (first,) = dispatched(cast)
        names = {code: cast.unit(f"330424-{code}").name for code in ("zongzhi", "fire")}

        def answerable() -> str:
            return cases.get_case(opened.case_id, scope=cast.scope("mei")).answerable

        assert answerable() == names["zongzhi"]
        part_move(first, "return", cast, reason="依据")
        assert answerable() == names["zongzhi"]
        (second,) = give(opened.case_id, cast, "fire", at=NINE + timedelta(hours=2))
        assert answerable() == names["zongzhi"]  # silence is not acceptance
        part_move(second, "sign", cast, "fire", at=NINE + timedelta(hours=3))
        assert answerable() == names["fire"]


class TestMoreTime:
    def test_is_asked_for_by_the_unit_and_allowed_by_another_person_once(self, cast: Cast) -> None:
        opened, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        part_move(part_id, "ask_extension", cast, amount=3, words="灯头要订货")
        (asked,) = cases.get_case(opened.case_id, scope=cast.scope("duty")).asked
        assert (asked.kind, asked.amount, asked.words) == ("extension", 3, "灯头要订货")
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(part_id, "ask_extension", cast, amount=1, words="再来"),
            "not_asked",
        )
        moved = part_move(part_id, "allow_extension", cast, "duty")
        assert moved.due_at == moment("2026-07-02T17:00")  # six working days instead of three
        assert clocks.get_timer(TimerId(Part.objects.get().timer_id or 0)).extended_by == (
            "海盐县社会治理中心"
        )
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(part_id, "ask_extension", cast, amount=1, words="再来"),
            "first_extension",
        )

    def test_may_be_refused_in_words(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        due = Part.objects.get().due_at
        part_move(part_id, "ask_extension", cast, amount=3, words="灯头要订货")
        part_move(part_id, "refuse_extension", cast, "duty", words="库里有货")
        application = Application.objects.get()
        assert (application.granted, application.decision) == (False, "库里有货")
        assert (Part.objects.get().due_at, Part.objects.get().extended) == (due, False)

    def test_what_is_refused(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        refused(
            cases.UnableToAsk,
            lambda: part_move(part_id, "ask_extension", cast, amount=4, words="比原来还长"),
        )
        late = moment("2026-06-29T17:01")
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(part_id, "ask_extension", cast, amount=1, words="晚了", at=late),
            "before_due",
        )
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(part_id, "allow_extension", cast, "duty"),
            "asked",
        )

    def test_a_wish_falls_with_the_end_of_the_matter(self, cast: Cast) -> None:
        opened, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        part_move(part_id, "ask_extension", cast, amount=1, words="申请")
        part_move(part_id, "feed_back", cast, words="不用了,办好了", photos=(photo(),))
        check(opened.case_id, cast)
        application = Application.objects.get()
        assert (application.granted, application.decided_by) == (False, None)

    @pytest.mark.portable
    def test_the_database_lets_nobody_grant_his_own_wish(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        part_move(part_id, "ask_extension", cast, amount=1, words="申请")
        asked = Application.objects.get()
        with pytest.raises(DatabaseError), transaction.atomic():
            Application.objects.update(decided_by=asked.asked_by, decided_at=NINE, granted=True)


class TestWaiting:
    REVIEW = moment("2026-07-10T09:00")

    def _waits(self, cast: Cast):
        opened, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        move(opened.case_id, "suspend", cast, "duty", reason="weather", review_at=self.REVIEW)
        return opened, part_id

    def test_the_unit_asks_and_the_duty_officer_decides(self, cast: Cast) -> None:
        opened, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        wish = {"reason": "weather", "review_at": self.REVIEW, "words": "台风"}
        move(opened.case_id, "ask_suspension", cast, "zongzhi", **wish)
        assert Case.objects.get().state == "signed"
        move(opened.case_id, "suspend", cast, "duty", reason="weather", review_at=self.REVIEW)
        assert (Case.objects.get().state, Application.objects.get().granted) == ("suspended", True)

    def test_reasons_come_from_the_list_and_the_day_is_near(self, cast: Cast) -> None:
        opened, _ = dispatched(cast)
        for reason, review, code in (
            ("没人手", self.REVIEW, "reason"),
            ("weather", None, "review_date"),
            ("weather", NINE - timedelta(days=1), ""),
            ("weather", NINE + timedelta(days=120), ""),
        ):
            refused(
                cases.LackingEvidence,
                lambda r=reason, d=review: move(  # type: ignore[misc]
                    opened.case_id, "suspend", cast, "duty", reason=r, review_at=d
                ),
                code,
            )

    def test_a_review_date_that_passes_brings_it_back(self, cast: Cast) -> None:
        opened, part_id = self._waits(cast)
        before = Part.objects.get(pk=part_id).due_at
        assert cases.bring_back(at=self.REVIEW - timedelta(minutes=1)) == []
        assert cases.bring_back(at=self.REVIEW) == [opened.case_id]
        case, part = Case.objects.get(), Part.objects.get()
        assert (case.state, case.paused, case.review_at) == ("signed", False, None)
        assert part.due_at is not None and before is not None and part.due_at > before
        assert cases.bring_back(at=self.REVIEW + timedelta(days=1)) == []

    def test_all_that_are_due_come_back_not_one_batch(self, cast: Cast) -> None:
        """A peer read one batch at offset 0, so that skipped rows shut out the rest."""
        waiting = [self._waits(cast)[0].case_id for _ in range(5)]
        Case.objects.filter(pk=waiting[0]).update(timer_id=None)
        assert cases.bring_back(at=self.REVIEW) == waiting


class TestDeadlinesOfPeersWentWrong:
    def test_no_later_act_moves_a_deadline(self, cast: Cast) -> None:
        """A peer measured from the last change, which every comment renews."""
        opened, (part_id,) = dispatched(cast)
        due = Part.objects.get().due_at
        part_move(part_id, "sign", cast, at=NINE + timedelta(days=2))
        part_move(part_id, "start", cast, words="到场", at=NINE + timedelta(days=2, hours=1))
        move(
            opened.case_id, "supplement", cast, "lu", words="还是黑的", at=NINE + timedelta(days=2)
        )
        part, case = Part.objects.get(), Case.objects.get()
        assert (part.due_at, case.due_at) == (due, due)

    def test_a_matter_that_nobody_holds_has_a_deadline_too(self, cast: Cast) -> None:
        """A peer skipped what had no assignee."""
        _, (part_id,) = dispatched(cast)
        part_move(part_id, "return", cast, reason="依据")
        case = Case.objects.get()
        assert (case.state, case.due_at) == ("returned", moment("2026-06-24T15:30"))
        assert clocks.get_timer(TimerId(case.timer_id or 0)).stopped_at is None

    def test_three_working_days_are_no_seventy_two_hours(self, cast: Cast) -> None:
        """A peer counted on the wall clock; another made a business day 24 business hours."""
        dispatched(cast)
        assert Part.objects.get().due_at == moment("2026-06-29T17:00")
