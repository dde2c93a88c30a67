"""Whom the life of a matter concerns is told: who, what, by when; and nobody twice."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import translation

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import subscribers
from bihuan.kernel.affairs.cases.subscribers.words import REASONS as KINDS_REASONS
from bihuan.kernel.affairs.cases.tests.test_operations import (
    LONGQUAN_3,
    NINE,
    XINXING,
    check,
    dispatched,
    fed_back,
    part_move,
    photo,
    raise_lamp,
)
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    HAZARD,
    Detail,
    MoveName,
    NewPart,
    Opened,
    PartId,
    Raise,
    Role,
)
from bihuan.kernel.affairs.cases.web import words as case_words
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import person_ref
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices import web as notice_web
from bihuan.kernel.tools.notices.testing import all_told, faults_of_kind
from bihuan.kernel.tools.notices.types import Side

CODES = sorted(
    {
        (kind.life.code, transition.notice)
        for kind in cases.all_kinds()
        for transition in kind.life.transitions
        if transition.notice
    }
)


@pytest.mark.parametrize(("life", "code"), CODES, ids=lambda word: word)
def test_every_notice_of_every_life_has_words_in_both_languages(life: str, code: str) -> None:
    assert faults_of_kind(code) == [], life


def test_reasons_are_told_in_the_words_of_the_pages() -> None:
    with translation.override("en"):
        told = {code: str(words) for code, words in case_words.REASONS.items()}
    assert dict(KINDS_REASONS) == told


def test_there_are_lives_to_walk() -> None:
    assert {"standard", "hazard"} <= {life for life, _code in CODES}
    assert ("standard", "cases.closed") in CODES


def settle() -> None:
    while events.deliver_pending(at=NINE + timedelta(days=9)):
        pass
    assert events.count_deliveries(state="dead") == 0
    assert events.count_deliveries(state="pending") == 0


def inbox(cast: Cast, who: str, side: Side = Side.RESIDENT) -> list[str]:
    """Return what somebody reads, the oldest first, in Chinese, the number cut out."""
    rows = notices.list_inbox(scope=cast.scope(who), side=side).rows
    with translation.override("zh-hans"):
        said = [notice_web.text_of(row.kind, row.params) for row in reversed(rows)]
    numbers = {row.params["number"] for row in rows}
    for number in numbers:
        said = [text.replace(number, "它") for text in said]
    return said


def move(opened: Opened, name: str, cast: Cast, who: str, **detail: object) -> None:
    cases.move_case(
        opened.case_id,
        move=MoveName(name),
        scope=cast.scope(who),
        at=NINE + timedelta(hours=3),
        detail=Detail(**detail),  # type: ignore[arg-type]
    )


class TestWhoRaisedIt:
    def test_hears_each_step_with_holder_and_date(self, cast: Cast) -> None:
        opened, _part = fed_back(cast)
        later = NINE + timedelta(hours=2)
        cases.verify_case(opened.case_id, check(), scope=cast.scope("verifier"), at=later)
        settle()
        assert inbox(cast, "lu") == [
            "它 已立案，由中心派给承办单位。6月24日（周三）14:30前派出去。",
            "它 由海盐县综合行政执法局办。6月29日（周一）17:00前办结。",
            "海盐县综合行政执法局签收了 它。6月29日（周一）17:00前办结。",
            "海盐县综合行政执法局开始办 它。",
            "海盐县综合行政执法局说 它 办完了，接着有人到现场核实。",
            "它 办好了，到现场核实过。请看答复，给个评价。",
        ]
        assert inbox(cast, "zhou") == []

    def test_hears_why_not(self, cast: Cast) -> None:
        opened = raise_lamp(cast)
        move(opened, "reject", cast, "tao", reason="in_procedure", words="陆建英打过电话")
        settle()
        assert inbox(cast, "lu") == [
            (
                "它 没有立案。不同意的，点开后可以提一次异议。"
                "原因：已进入诉讼、仲裁、复议或者信访程序。"
            )
        ]
        assert "陆建英" not in json.dumps([told.params for told in all_told()])

    def test_hears_why_it_rests_and_until_when(self, cast: Cast) -> None:
        opened, _part = dispatched(cast)
        review = NINE + timedelta(days=20)
        move(opened, "suspend", cast, "duty", reason="weather", review_at=review)
        settle()
        move(opened, "resume", cast, "duty")
        settle()
        assert inbox(cast, "lu")[2:] == [
            "它 暂缓办理。原因：天气。7月14日（周二）09:00再看。",
            "它 接着办了。6月29日（周一）17:00前办结。",
        ]

    def test_hears_that_it_is_merged_and_the_units_hear_of_one_more(self, cast: Cast) -> None:
        master, _part = dispatched(cast)
        second = raise_lamp(cast)
        move(second, "merge", cast, "tao", master_id=master.case_id)
        settle()
        said = inbox(cast, "lu")[-1]
        assert (
            said
            == f"它 和别人反映的是同一件事，合在一起办，办完都答复。并入 {master.number}。".replace(
                master.number, "它"
            )
        )
        (told,) = all_told("cases.unit.merged")
        assert told.params["merged"] == second.number
        assert told.params["number"] == master.number
        assert told.to_key == str(cast.unit("330424-zongzhi").id)

    def test_hears_of_rework_and_that_it_is_done_again(self, cast: Cast) -> None:
        opened, part_id = fed_back(cast)
        cases.verify_case(
            opened.case_id, check(False, words="还不亮"), scope=cast.scope("verifier"), at=NINE
        )
        part_move(part_id, "feed_back", cast, words="又换了", photos=(photo("blue"),))
        cases.verify_case(opened.case_id, check(), scope=cast.scope("verifier"), at=NINE)
        move(opened, "redo", cast, "lu", words="又不亮了")
        settle()
        told = [one.kind for one in all_told()]
        assert told.count("cases.rework") == told.count("cases.unit.rework") == 1
        assert told[-1] == "cases.redo"
        assert inbox(cast, "zongzhi", Side.OFFICER)[-1] == (
            "它 核查没有通过，请重办。差在哪里，点开就能看到。期限不变，还是6月29日（周一）17:00。"
        )

    def test_who_gave_no_name_is_told_nothing_and_nothing_fails(self, cast: Cast) -> None:
        lu = cast.scope("lu")
        what = Raise(APPEAL, "路灯不亮", "路灯不亮", "test_lamp", XINXING, "phone")
        opened = cases.open_case(what, scope=lu, at=NINE)
        move(opened, "file", cast, "tao")
        settle()
        assert all_told() == []

    def test_a_firms_contact_hears_of_what_he_raised(self, cast: Cast) -> None:
        shen = cast.scope("shen")
        assert shen.person_id is not None
        what = Raise(
            APPEAL,
            "路灯不亮",
            "路灯不亮",
            "test_lamp",
            XINXING,
            "phone",
            raised_by=person_ref(shen.person_id),
        )
        opened = cases.open_case(what, scope=shen, at=NINE)
        move(opened, "file", cast, "tao")
        settle()
        assert len(inbox(cast, "shen")) == 1

    def test_told_again_by_a_second_delivery_nothing_is_doubled(self, cast: Cast) -> None:
        opened, _part = fed_back(cast)
        settle()
        before = len(all_told())
        for fact in events.list_facts(subject=cases_ref(opened)):
            if fact.name == "cases.case_moved.v1":
                subscribers.matter_moved(fact)
            if fact.name == "cases.part_moved.v1":
                subscribers.part_moved(fact)
        assert len(all_told()) == before > 0


def cases_ref(opened: Opened):
    from bihuan.kernel.affairs.cases.types import case_ref

    return case_ref(opened.case_id)


class TestUnits:
    def test_each_hears_of_its_own_part(self, cast: Cast) -> None:
        opened = raise_lamp(cast)
        move(opened, "file", cast, "tao")
        parts = [
            NewPart(cast.unit("330424-zongzhi").id, Role.LEAD),
            NewPart(cast.unit("330424-fire").id, Role.CO_HANDLER),
        ]
        later = NINE + timedelta(hours=4)
        cases.dispatch_case(opened.case_id, parts=parts, scope=cast.scope("mei"), at=later)
        settle()
        assert inbox(cast, "zongzhi", Side.OFFICER) == [
            "它 派给本单位主办。6月29日（周一）17:00前办结。"
        ]
        assert inbox(cast, "fire", Side.OFFICER) == [
            "它 请协办，主办是海盐县综合行政执法局。6月29日（周一）17:00前办结。"
        ]
        assert inbox(cast, "lu")[-1] == (
            "它 由海盐县综合行政执法局办。海盐县消防救援大队协办。6月29日（周一）17:00前办结。"
        )

    def test_the_centre_hears_of_a_return_and_the_next_unit_of_its_part(self, cast: Cast) -> None:
        opened, part_id = dispatched(cast)
        part_move(part_id, "return", cast, reason="不属于本单位职责")
        parts = [NewPart(cast.unit("330424-water").id, Role.LEAD)]
        later = NINE + timedelta(hours=2)
        cases.dispatch_case(opened.case_id, parts=parts, scope=cast.scope("mei"), at=later)
        settle()
        assert inbox(cast, "mei", Side.OFFICER) == ["海盐县综合行政执法局退回了 它，要重新派遣。"]
        assert inbox(cast, "js_mei", Side.OFFICER) == []
        leads = all_told("cases.unit.lead")
        units = [cast.unit(f"330424-{code}").id for code in ("zongzhi", "water")]
        assert [row.to_key for row in leads] == [str(unit) for unit in units]
        assert "海盐县水务公司" in inbox(cast, "lu")[-1]


class TestTheFirm:
    def hazard(self, cast: Cast, grade: str) -> tuple[Opened, PartId]:
        gu = cast.scope("gu")
        what = Raise(
            HAZARD,
            "疏散通道堵了",
            "疏散通道堵了",
            "test_exit",
            LONGQUAN_3,
            "patrol",
            raised_by=person_ref(gu.person_id) if gu.person_id else None,
            concerns=cast.hengyue.id,
        )
        opened = cases.open_case(what, scope=gu, at=NINE)
        move(opened, "file", cast, "js_tao")
        parts = [NewPart(cast.unit("330421-fire").id, Role.LEAD)]
        later = NINE + timedelta(hours=4)
        done = cases.dispatch_case(
            opened.case_id, parts=parts, scope=cast.scope("js_mei"), at=later
        )
        assert done.part_id is not None
        cases.move_part(
            done.part_id,
            move=MoveName("sign"),
            scope=cast.scope("js_fire"),
            at=later,
            detail=Detail(grade=grade),
        )
        return opened, done.part_id

    @pytest.mark.parametrize(
        ("grade", "said"),
        [
            ("general", "确认贵单位 它 为一般隐患。"),
            ("major", "确认贵单位 它 为重大隐患。请先停下来，确保安全。"),
        ],
    )
    def test_hears_the_grade_and_the_check(self, cast: Cast, grade: str, said: str) -> None:
        opened, part_id = self.hazard(cast, grade)
        later = NINE + timedelta(hours=5)
        cases.move_part(
            part_id,
            move=MoveName("say_done"),
            scope=cast.scope("shen"),
            at=later,
            detail=Detail(photos=(photo(),)),
        )
        cases.verify_case(opened.case_id, check(), scope=cast.scope("js_check"), at=later)
        settle()
        told = inbox(cast, "shen", Side.ENTERPRISE)
        assert told[0].startswith("嘉善县消防救援大队" + said)
        assert "前办结。" in told[0]
        assert told[1:] == ["它 到现场核查过，已清除。安企码随之重算。"]
        assert inbox(cast, "gu", Side.OFFICER)[0].startswith("它 已立案")
