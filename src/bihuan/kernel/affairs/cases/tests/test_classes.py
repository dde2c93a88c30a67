"""Classes as dated rules: stages, evidence, sensitive matters; a matter keeps its own version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, Part
from bihuan.kernel.affairs.cases.operations import clockwork
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    answered,
    dispatched,
    moment,
    part_move,
    photo,
    raise_one,
    refused,
)
from bihuan.kernel.affairs.cases.types import Filter, Terms
from bihuan.kernel.ground.clocks.types import Unit
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.standards import api as standards


class TestTimedStages:
    def test_each_stage_has_its_own_limit_and_is_finished_in_words(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast, class_code="test_shed")
        assert Part.objects.get().due_at == moment("2026-06-24T14:30")  # four office hours
        part_move(part_id, "sign", cast)
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(part_id, "feed_back", cast, words="拆了", photos=(photo(),)),
            "last_stage",
        )
        refused(cases.LackingEvidence, lambda: part_move(part_id, "finish_stage", cast), "words")
        moved = part_move(part_id, "finish_stage", cast, words="已停工")
        part = Part.objects.get()
        assert (part.stage, part.state, moved.due_at) == (
            2,
            "in_progress",
            moment("2026-07-03T17:00"),
        )
        part_move(part_id, "finish_stage", cast, words="已处罚", at=NINE + timedelta(days=1))
        refused(
            cases.UnableToDoAlone,
            lambda: part_move(part_id, "finish_stage", cast, words="还有"),
            "more_stages",
        )
        done = part_move(part_id, "feed_back", cast, words="已拆除", photos=(photo(),))
        assert done.state == "fed_back"

    def test_the_page_names_the_stage(self, cast: Cast) -> None:
        opened, _ = dispatched(cast, class_code="test_shed")
        view = cases.get_case(opened.case_id, scope=cast.scope("mei"))
        (part,) = view.parts
        assert [s.name for s in part.stages] == ["停工", "处罚", "拆除"]
        assert (part.stage, view.terms.file_when, dict(view.terms.codes)["gb30428"]) == (
            1,
            "没有许可",
            "0106",
        )


class TestWhatAnAnswerNeeds:
    def test_papers_need_no_photo(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast, class_code="test_paper")
        part_move(part_id, "sign", cast)
        assert part_move(part_id, "feed_back", cast, words="工资已发").state == "fed_back"

    def test_a_lamp_needs_one(self, cast: Cast) -> None:
        _, (part_id,) = dispatched(cast)
        part_move(part_id, "sign", cast)
        refused(
            cases.LackingEvidence,
            lambda: part_move(part_id, "feed_back", cast, words="亮了"),
            "after_photo",
        )


class TestSensitiveMatters:
    def test_are_seen_by_who_works_on_them_and_not_by_who_may_look(self, cast: Cast) -> None:
        opened, _ = dispatched(cast, class_code="test_paper")
        for who in ("lu", "tao", "mei", "duty", "verifier", "zongzhi"):
            assert cases.get_case(opened.case_id, scope=cast.scope(who)).id == opened.case_id
        for who in ("leader", "auditor", "zhou", "fire", "js_tao"):
            with pytest.raises(cases.UnableToFind):
                cases.get_case(opened.case_id, scope=cast.scope(who))
            assert cases.count_cases(scope=cast.scope(who), wanted=Filter()) == 0


class TestFrozenByVersion:
    def _changed(self) -> None:
        later = standards.Given(
            "cases.class.appeal.test_lamp",
            {"file_when": "别的", "stages": [{"name": "", "amount": 1, "unit": "WD"}]},
            "test",
            date(2026, 6, 25),
        )
        standards.load_entries([later], brought_by="test")

    def test_a_changed_class_does_not_rewrite_an_open_matter(self, cast: Cast) -> None:
        old = raise_one(cast)
        self._changed()
        new = raise_one(cast, at=NINE + timedelta(days=1))
        kept, fresh = (
            Terms.from_value(c.terms, version=c.terms_version)
            for c in (Case.objects.get(pk=o.case_id) for o in (old, new))
        )
        assert (kept.version, kept.file_when, kept.stages[0].amount) == (1, "不亮", 3)
        assert (fresh.version, fresh.file_when, fresh.stages[0].amount) == (2, "别的", 1)

    def test_its_limit_stays_what_it_was_even_when_the_rule_is_changed_backwards(
        self, cast: Cast
    ) -> None:
        opened = raise_one(cast)
        backwards = standards.Given(
            "cases.limit.dispose.test_lamp", {"amount": 30, "unit": "WD"}, "test", date(2021, 1, 1)
        )
        standards.load_entries([backwards], brought_by="test")

        budget = clockwork.budget_of_stage(Case.objects.get(pk=opened.case_id), 1)
        assert (budget.amount, budget.unit) == (3, Unit.WORK_DAYS)

    def test_a_matter_older_than_terms_takes_the_rule_of_its_day(self, cast: Cast) -> None:
        _, _ = answered(cast)
        Case.objects.update(terms={}, terms_version=0)

        assert clockwork.budget_of_stage(Case.objects.get(), 1).amount == 3
