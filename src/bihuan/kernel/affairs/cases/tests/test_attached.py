"""Matters about the same: found before filing, one disposal, an answer to each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import rules
from bihuan.kernel.affairs.cases.models import Case, EntryRow
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    check,
    give,
    move,
    part_move,
    photo,
    raise_one,
    refused,
)
from bihuan.kernel.affairs.cases.types import CaseId, Wish
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import AreaPath

WUYUAN = AreaPath("3304/330424/330424001/")


class TestLikeness:
    @pytest.mark.parametrize(
        ("one", "other", "least", "most"),
        [
            ("秦山路路灯三盏不亮", "秦山路路灯三盏不亮", 1.0, 1.0),
            ("秦山路路灯三盏不亮", "秦山路 路灯,三盏不亮!", 1.0, 1.0),
            ("秦山路路灯三盏不亮", "秦山路三盏路灯都不亮了", 0.4, 0.8),
            ("秦山路路灯三盏不亮", "枣园小区垃圾没人清", 0.0, 0.0),
            ("", "秦山路", 0.0, 0.0),
        ],
    )
    def test_by_pairs_of_characters(self, one: str, other: str, least: float, most: float) -> None:
        assert least <= rules.likeness(one, other) <= most


class TestLikelyDuplicates:
    def test_are_shown_before_filing_with_what_speaks_for_them(self, cast: Cast) -> None:
        first = raise_one(cast)
        said = "秦山路三盏路灯都不亮了"
        other = raise_one(cast, who="zhou", text=said, title=said)
        raise_one(cast, text="枣园小区垃圾没人清", title="枣园小区垃圾没人清")
        raise_one(cast, area_path=WUYUAN)
        raise_one(cast, at=NINE - timedelta(days=30))
        found = cases.list_alike(other.case_id, scope=cast.scope("tao"))
        assert [(a.number, a.same_person) for a in found] == [(first.number, False)]

    def test_the_same_person_about_the_same_needs_no_like_words(self, cast: Cast) -> None:
        text = "天黑以后路灯全灭,老人出门摔过"
        first = raise_one(cast)
        again = raise_one(cast, text=text, title=text)
        (found,) = cases.list_alike(again.case_id, scope=cast.scope("tao"))
        assert (found.number, found.same_person) == (first.number, True)
        stranger = raise_one(cast, who="zhou", text=text, title=text)
        found_numbers = [
            a.number for a in cases.list_alike(stranger.case_id, scope=cast.scope("tao"))
        ]
        assert first.number not in found_numbers

    def test_another_county_is_told_nothing(self, cast: Cast) -> None:
        raise_one(cast)
        other = raise_one(cast)
        assert cases.list_alike(other.case_id, scope=cast.scope("js_tao")) == ()


class TestOneDisposalManyAnswers:
    def _merged(self, cast: Cast):
        master, second, third = raise_one(cast), raise_one(cast), raise_one(cast, who="zhou")
        for other in (second, third):
            move(other.case_id, "merge", cast, "tao", master_id=master.case_id)
        return master, second, third

    def test_everybody_is_answered_and_may_look(self, cast: Cast) -> None:
        master, second, third = self._merged(cast)
        assert Case.objects.get(pk=master.case_id).repeats == 1  # LU again, not ZHOU
        move(master.case_id, "file", cast, "tao")
        (part_id,) = give(master.case_id, cast, "zongzhi")
        part_move(part_id, "feed_back", cast, words="换了三盏", photos=(photo(),))
        before = events.count_facts(name="cases.case_moved.v1")
        check(master.case_id, cast)
        for other, who in ((second, "lu"), (third, "zhou")):
            view = cases.get_case(other.case_id, scope=cast.scope(who))
            assert (view.answer, view.state, view.history[-1].what) == (
                "换了三盏",
                "merged",
                "reply",
            )
            assert view.master is not None and view.master.number == master.number
        assert events.count_facts(name="cases.case_moved.v1") == before + 3

    def test_a_redo_opens_it_for_all(self, cast: Cast) -> None:
        master, second, _ = self._merged(cast)
        move(master.case_id, "file", cast, "tao")
        (part_id,) = give(master.case_id, cast, "zongzhi")
        part_move(part_id, "feed_back", cast, words="换了三盏", photos=(photo(),))
        check(master.case_id, cast)
        move(master.case_id, "redo", cast, "lu", words="又灭了")
        row = Case.objects.get(pk=second.case_id)
        assert (row.answer, row.closed_at) == ("", None)
        assert EntryRow.objects.filter(case=row, move="reply_open").count() == 1

    def test_what_follows_goes_along_to_another_main_matter(self, cast: Cast) -> None:
        master, second, _ = self._merged(cast)
        bigger = raise_one(cast)
        move(master.case_id, "merge", cast, "tao", master_id=bigger.case_id)
        assert Case.objects.get(pk=second.case_id).master_id == bigger.case_id

    def test_it_may_go_its_own_way_again_with_a_fresh_limit(self, cast: Cast) -> None:
        _, second, _ = self._merged(cast)
        at = NINE + timedelta(minutes=30)
        moved = move(second.case_id, "detach", cast, "tao", words="是另一条路", at=at)
        row = Case.objects.get(pk=second.case_id)
        assert (moved.state, row.master_id) == ("reported", None)
        assert row.due_at is not None and row.due_at > at

    def test_what_is_refused(self, cast: Cast) -> None:
        master, second, third = self._merged(cast)
        fresh = raise_one(cast)

        def into(case_id: CaseId) -> None:
            move(fresh.case_id, "merge", cast, "tao", master_id=case_id)

        refused(cases.UnableToMerge, lambda: into(fresh.case_id))
        refused(cases.UnableToMerge, lambda: into(second.case_id))
        refused(cases.UnableToFindCase, lambda: into(CaseId(999_999)))
        refused(cases.LackingEvidence, lambda: move(third.case_id, "detach", cast, "tao"), "words")
        assert master


class TestTogether:
    def test_each_goes_where_it_was_sent_and_one_refusal_stops_nobody(self, cast: Cast) -> None:
        unit = cast.unit("330424-zongzhi").id
        one, same, gone = raise_one(cast), raise_one(cast), raise_one(cast)
        mei = cast.scope("mei")
        plans = cases.plan_together([one.case_id, same.case_id, gone.case_id], scope=mei)
        assert all(plan.units[0][0] == unit for plan in plans)
        assert plans[0].alike
        move(gone.case_id, "check_first", cast, "tao")
        wishes = [
            Wish(one.case_id, 0, unit_id=unit),
            Wish(same.case_id, 0, master_id=one.case_id),
            Wish(gone.case_id, 0, unit_id=unit),
            Wish(CaseId(999_999), 0, unit_id=unit),
        ]
        done = cases.dispatch_together(wishes, scope=mei, at=NINE)
        assert [fulfilled.state for fulfilled in done] == ["dispatched", "merged", None, None]
        assert done[2].refusal and done[3].refusal
        assert Case.objects.get(pk=gone.case_id).state == "verifying"

    def test_by_the_powers_of_the_single_moves(self, cast: Cast) -> None:
        one = raise_one(cast)
        wish = Wish(one.case_id, 0, unit_id=cast.unit("330424-zongzhi").id)
        (done,) = cases.dispatch_together([wish], scope=cast.scope("tao"), at=NINE)
        assert done.state is None and done.refusal
        assert Case.objects.get().state == "reported"
        refused(
            cases.UnableToDoTogether,
            lambda: cases.dispatch_together([], scope=cast.scope("mei"), at=NINE),
        )

    def test_the_plan_takes_the_same_few_statements_for_any_number(self, cast: Cast) -> None:
        ids = [raise_one(cast, text=f"第{n}件", title=f"第{n}件").case_id for n in range(6)]
        mei = cast.scope("mei")
        cases.plan_together(ids[:1], scope=mei)  # the rule is kept in the process from here on
        counts = []
        for chosen in (ids[:2], ids):
            with CaptureQueriesContext(
                connection,
            ) as caught:
                cases.plan_together(chosen, scope=mei)
            counts.append(len(caught))
        assert counts == [3, 3]
