"""Petitions: shown with their own limits, never accepted, closed or evaluated by our rules."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import types
from bihuan.kernel.affairs.cases.models import Case, LinkedReference
from bihuan.kernel.affairs.cases.tests.worlds import NINE, XINXING, raise_one
from bihuan.kernel.affairs.cases.types import Filter, NewReference, ReferenceId
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.platform.web.errors import NotAllowed, NotFound


def link(cast: Cast, who: str = "tao", **more: object) -> ReferenceId:
    """Link a petition of 1 June."""
    given = {
        "number": "XF-2606-0007",
        "title": "安置房面积",
        "area_path": XINXING,
        "registered_on": date(2026, 6, 1),
    }
    new = NewReference(**(given | more))  # type: ignore[arg-type]
    return cases.link_reference(new, scope=cast.scope(who), at=NINE)


class TestLimits:
    def test_fifteen_sixty_and_thirty_days(self, cast: Cast) -> None:
        key = link(cast)
        (one,) = cases.list_references(scope=cast.scope("tao"))
        assert (one.answer_by, one.complete_by, one.next_due) == (
            date(2026, 6, 16),
            date(2026, 7, 31),
            date(2026, 6, 16),
        )
        tao = cast.scope("tao")
        cases.note_reference(key, told_on=date(2026, 6, 10), scope=tao, at=NINE)
        cases.extend_reference(key, days=30, words="情况复杂", scope=tao, at=NINE)
        (one,) = cases.list_references(scope=tao)
        assert (one.next_due, one.extended_days) == (date(2026, 8, 31), 30)

    def test_what_is_refused(self, cast: Cast) -> None:
        key, tao = link(cast), cast.scope("tao")
        facts = events.count_facts()
        later = date(2026, 12, 1)
        for act in (
            lambda: cases.extend_reference(key, days=31, words="x", scope=tao, at=NINE),
            lambda: cases.extend_reference(key, days=5, words=" ", scope=tao, at=NINE),
            lambda: cases.note_reference(key, told_on=later, scope=tao, at=NINE),
            lambda: cases.note_reference(key, completed_on=date(2026, 6, 20), scope=tao, at=NINE),
            lambda: cases.note_reference(key, scope=tao, at=NINE),
            lambda: link(cast),
            lambda: link(cast, number="2", case_number="HY-0000-00000"),
            lambda: link(cast, number="3", registered_on=later),
        ):
            with pytest.raises(cases.UnableToLink):
                act()
        assert (events.count_facts(), LinkedReference.objects.count()) == (facts, 1)

    @pytest.mark.portable
    def test_the_database_knows_them_too(self, cast: Cast) -> None:
        link(cast)
        for wrong in ({"extended_days": 31, "extension_words": "x"}, {"extended_days": 5}):
            with pytest.raises(DatabaseError), transaction.atomic():
                LinkedReference.objects.update(**wrong)


class TestApart:
    def test_no_rule_of_the_hotline_reaches_it(self, cast: Cast) -> None:
        """A reference is no matter: it has no state, no rating, no life to be moved along."""
        link(cast)
        names = {field.name for field in LinkedReference._meta.get_fields()}
        assert not names & {"state", "rating", "solved", "answer", "closed_at", "timer_id"}
        assert Case.objects.count() == 0
        assert cases.list_cases(scope=cast.scope("tao"), wanted=Filter(), at=NINE).count == 0
        assert types.Reference is not types.CaseView

    @pytest.mark.portable
    def test_the_database_takes_no_petition_as_a_matter(self, cast: Cast) -> None:
        raise_one(cast)
        with pytest.raises(DatabaseError), transaction.atomic():
            Case.objects.update(kind="petition")

    def test_it_is_searched_and_counted_in_its_area_only(self, cast: Cast) -> None:
        link(cast, case_number=raise_one(cast).number)
        tao = cast.scope("tao")
        assert cases.count_references(scope=tao) == 1
        assert len(cases.list_references(scope=tao, text="安置房")) == 1
        assert cases.list_references(scope=tao, text="路灯") == ()
        for who in ("js_tao", "lu", "zongzhi"):
            assert cases.list_references(scope=cast.scope(who)) == ()

    def test_who_may_not_link(self, cast: Cast) -> None:
        for who in ("zongzhi", "lu", "js_tao"):
            with pytest.raises(NotAllowed):
                link(cast, who)
        key = link(cast)
        with pytest.raises(NotFound):
            cases.note_reference(
                key, told_on=date(2026, 6, 10), scope=cast.scope("js_tao"), at=NINE
            )
