"""Hot topics: found by words, class, place and time; a person makes them one, or dismisses them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CaseId, MoveName, NewPart, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.web.errors import NotAllowed, NotFound
from bihuan.scenes.appeals.models import TopicMemberRow, TopicRow
from bihuan.scenes.appeals.operations import Report, report
from bihuan.scenes.appeals.topics import operations as topics
from bihuan.scenes.appeals.topics.queries import list_topics
from bihuan.scenes.appeals.topics.rules import find_topics, metres_between, people_of
from bihuan.scenes.appeals.topics.types import Bounds, Told, TopicId

BOUNDS = Bounds(15, 3, 2, 0.25, 1500, 3, 5000)
SAME = (
    "海兴路菜场门口早市占道，车子过不去",
    "菜场门口的早市又占道了，海兴路堵得过不去",
    "海兴路早市占道，送孩子上学过不去",
    "每天早上海兴路菜场早市占道摆摊",
)
OTHER = (
    "枣园路上乱停车，公交进不了站",
    "勤俭路烧烤店把桌子摆到人行道上",
    "城西路修车铺占着盲道",
    "百尺路幼儿园门口接送车停得乱",
    "盐北路水果摊把路牙石都围了",
)
TOWN = "3304/330424/330424005/"


def told(key: int, text: str, **more: object) -> Told:
    given = {"class_code": "street_order", "area": TOWN, "raiser": f"p{key}"}
    at = clock.midnight(clock.business_date(clock.now())) + timedelta(minutes=key)
    return Told(key, text, at=at, **(given | more))  # type: ignore[arg-type]


def all_told(**more: object) -> list[Told]:
    return [told(n, text, **more) for n, text in enumerate((*SAME, *OTHER), 1)]


class TestRules:
    def test_the_same_matter_is_found_among_others_of_its_class(self) -> None:
        (found,) = find_topics(all_told(), BOUNDS)
        assert (found.keys, found.master, found.people) == ((1, 2, 3, 4), 1, 4)
        assert any("早市占道" in word for word in found.words)
        assert any("海兴路" in word for word in found.words)

    def test_another_class_or_town_is_another_matter(self) -> None:
        for more in ({"class_code": "noise"}, {"area": "3304/330424/330424001/"}):
            split = [told(9, SAME[3], **more) if t.key == 4 else t for t in all_told()]
            (found,) = find_topics(split, BOUNDS)
            assert found.keys == (1, 2, 3)

    def test_far_apart_on_the_ground_it_is_not_one(self) -> None:
        here, there = (120.94, 30.52), (120.94, 30.56)
        assert 4000 < metres_between(told(1, "x", point=here), told(2, "x", point=there)) < 5000
        spread = [told(n, SAME[0], point=(here, there)[n % 2]) for n in range(1, 5)]
        assert find_topics([*spread, *all_told()[4:]], BOUNDS) == ()

    def test_two_roads_are_two_matters_in_whatever_words(self) -> None:
        lamps = [told(n, f"{road}路灯三盏不亮") for n, road in enumerate(("秦山路", "枣园路"))]
        more = [told(n + 2, f"{road}路灯三盏不亮") for n, road in enumerate(("秦山路", "枣园路"))]
        assert find_topics([*lamps, *more], BOUNDS) == ()
        (found,) = find_topics([*lamps, *more, told(9, "秦山路路灯又不亮了")], BOUNDS)
        assert found.keys == (0, 2, 9)

    def test_without_a_name_the_area_says_where(self) -> None:
        text = "我们小区电梯停了三天，老人下不了楼"
        village = f"{TOWN}330424005004/"
        here = [told(n, text, area=village) for n in range(3)]
        assert len(find_topics(here, BOUNDS)) == 1
        apart = [told(n, text, area=f"{TOWN}33042400500{n}/") for n in range(3)]
        assert find_topics(apart, BOUNDS) == ()

    def test_one_person_who_repeats_it_makes_no_topic(self) -> None:
        assert find_topics(all_told(raiser="p1"), BOUNDS) == ()
        assert people_of(all_told(raiser="")) == len(SAME) + len(OTHER)

    def test_two_are_few_but_two_with_followers_are_many(self) -> None:
        rest = all_told()[4:]
        two = [told(1, SAME[0]), told(2, SAME[2])]
        assert find_topics([*two, *rest], BOUNDS) == ()
        led = [told(1, SAME[0]), told(2, SAME[2], followers=6)]
        (found,) = find_topics([*led, *rest], BOUNDS)
        assert (found.master, found.people) == (2, 8)

    def test_where_units_are_at_each_nothing_can_follow(self) -> None:
        assert find_topics(all_told(started=True), BOUNDS) == ()

    def test_nothing_makes_nothing(self) -> None:
        assert find_topics([], BOUNDS) == ()
        assert find_topics([told(n, "!!") for n in range(5)], BOUNDS) == ()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def raised(cast: Cast, text: str, who: str = "lu") -> CaseId:
    said = Report(text, "330424005", class_code="street_order", anonymous=True)
    return report(said, scope=cast.scope(who), at=clock.now() - timedelta(hours=1)).case_id


@pytest.fixture
def case_ids(cast: Cast) -> list[CaseId]:
    """Let four people tell the same, and five something else."""
    same = [raised(cast, text) for text in SAME]
    for text in OTHER:
        raised(cast, text)
    return same


def look() -> int:
    return topics.look_everywhere(at=clock.now())


def chosen(case_ids: list[CaseId]) -> list[tuple[CaseId, int]]:
    return [(case_id, 0) for case_id in case_ids]


def traces() -> tuple[object, ...]:
    rows = TopicRow.objects.order_by("pk").values_list("pk", "state", "count")
    return events.count_facts(), tuple(rows), TopicMemberRow.objects.count()


class TestFinding:
    def test_it_is_proposed_to_the_centre_and_to_nobody_else(
        self, cast: Cast, case_ids: list[CaseId]
    ) -> None:
        assert look() == 1
        for who in ("tao", "mei"):
            (topic,) = list_topics(scope=cast.scope(who))
            assert [one.case_id for one in topic.members] == case_ids
            assert (topic.area_name, topic.people) == ("望海街道", 4)
        for who in ("js_tao", "zongzhi", "leader", "lu"):
            assert list_topics(scope=cast.scope(who)) == ()
        assert all(
            cases.get_case(case, scope=cast.scope("tao")).state == "reported" for case in case_ids
        )

    def test_to_look_again_changes_nothing_and_more_people_bring_it_up_to_date(
        self, cast: Cast, case_ids: list[CaseId]
    ) -> None:
        assert (look(), look()) == (1, 0)
        more = raised(cast, "海兴路菜场早市占道，救护车过不去")
        assert look() == 0
        (topic,) = list_topics(scope=cast.scope("tao"))
        assert topic.members[-1].case_id == more
        assert TopicRow.objects.count() == 1

    def test_what_was_handled_meanwhile_fades(self, cast: Cast, case_ids: list[CaseId]) -> None:
        look()
        for case in case_ids[1:]:
            cases.move_case(
                case, move=MoveName("check_first"), scope=cast.scope("tao"), at=clock.now()
            )
            cases.move_case(
                case,
                move=MoveName("reject"),
                scope=cast.scope("tao"),
                at=clock.now(),
                detail=cases_detail("not_here"),
            )
        assert list_topics(scope=cast.scope("tao")) == ()
        look()
        assert TopicRow.objects.get().state == "faded"

    def test_reading_takes_four_statements(self, cast: Cast, case_ids: list[CaseId]) -> None:
        look()
        scope = cast.scope("tao")
        with CaptureQueriesContext(connection) as caught:
            list_topics(scope=scope)
        assert len(caught) == 4


def cases_detail(reason: str):
    from bihuan.kernel.affairs.cases.types import Detail

    return Detail(reason=reason, words="在别的市")


class TestSettling:
    def test_it_becomes_one_matter_and_is_told_once(
        self, cast: Cast, case_ids: list[CaseId]
    ) -> None:
        look()
        (topic,) = list_topics(scope=cast.scope("mei"))
        done = topics.join_topic(
            topic.id, case_ids[0], chosen(case_ids), scope=cast.scope("mei"), at=clock.now()
        )
        assert [one.state for one in done] == ["merged"] * 3
        view = cases.get_case(case_ids[0], scope=cast.scope("mei"))
        assert len(view.attached) == 3
        assert list_topics(scope=cast.scope("mei")) == ()
        assert events.count_facts(name="appeals.topic_settled.v1") == 1
        raised(cast, "海兴路菜场早市占道，救护车过不去")
        assert look() == 1  # a newcomer is proposed to follow the main matter
        (again,) = list_topics(scope=cast.scope("mei"))
        assert again.master == case_ids[0]

    def test_a_matter_that_a_unit_handles_leads_and_never_follows(
        self, cast: Cast, case_ids: list[CaseId]
    ) -> None:
        second = case_ids[1]
        mei, at = cast.scope("mei"), clock.now()
        cases.move_case(second, move=MoveName("file"), scope=mei, at=at)
        parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
        cases.dispatch_case(second, parts=parts, scope=mei, at=at)
        look()
        (topic,) = list_topics(scope=mei)
        assert topic.master == second
        given = [(case, 2 if case == second else 0) for case in case_ids]
        done = topics.join_topic(topic.id, case_ids[0], given, scope=mei, at=at)
        assert [bool(one.refusal) for one in done] == [True, False, False]

    def test_dismissed_it_comes_back_only_when_enough_more_tell_it(
        self, cast: Cast, case_ids: list[CaseId]
    ) -> None:
        look()
        (topic,) = list_topics(scope=cast.scope("tao"))
        topics.dismiss_topic(topic.id, "不是一回事", scope=cast.scope("tao"), at=clock.now())
        for text in SAME[:2]:
            raised(cast, text)
            assert look() == 0
            assert list_topics(scope=cast.scope("tao")) == ()
        raised(cast, SAME[2])
        assert look() == 0
        (back,) = list_topics(scope=cast.scope("tao"))
        assert (back.id, len(back.members)) == (topic.id, 7)

    def test_what_is_refused_changes_nothing(self, cast: Cast, case_ids: list[CaseId]) -> None:
        look()
        (topic,) = list_topics(scope=cast.scope("tao"))
        elsewhere = raised(cast, "另一件")
        before = traces()
        at = clock.now()

        def join(who: str, key: TopicId, master: CaseId, some: list[tuple[CaseId, int]]) -> None:
            topics.join_topic(key, master, some, scope=cast.scope(who), at=at)

        everybody = chosen(case_ids)
        for error, given in (
            (NotAllowed, ("zongzhi", topic.id, case_ids[0], everybody)),
            (NotFound, ("js_tao", topic.id, case_ids[0], everybody)),
            (NotFound, ("tao", TopicId(999_999), case_ids[0], everybody)),
            (topics.UnableToJoin, ("tao", topic.id, case_ids[0], [])),
            (topics.UnableToJoin, ("tao", topic.id, case_ids[0], everybody[:1])),
            (topics.UnableToJoin, ("tao", topic.id, elsewhere, everybody)),
            (topics.UnableToJoin, ("tao", topic.id, case_ids[0], chosen([elsewhere]))),
            (topics.UnableToJoin, ("tao", topic.id, case_ids[0], [(case_ids[1], 7)])),
        ):
            with pytest.raises(error):
                join(*given)
        for error, who in ((NotAllowed, "zongzhi"), (NotFound, "js_tao")):
            with pytest.raises(error):
                topics.dismiss_topic(topic.id, "", scope=cast.scope(who), at=at)
        assert traces() == before


class TestPage:
    def test_from_the_worklist_to_one_matter(self, cast: Cast, case_ids: list[CaseId]) -> None:
        look()
        mei = sign_in(Client(), cast.account("mei"))
        said = mei.get("/desk/").text
        assert "很多人说的，可能是同一件事" in said
        assert "早市占道" in said
        page = mei.get("/appeals/topics/").text
        assert page.count('name="case"') == 4
        topic = TopicRow.objects.get()
        given = {
            "master": f"{case_ids[0]}:0",
            "case": [f"{case}:0" for case in case_ids],
            "command_id": str(uuid.uuid4()),
        }
        address = f"/appeals/topics/{topic.pk}/join/"
        for _ in range(2):
            answer = mei.post(address, given)
            assert answer["Location"] == f"/desk/matter/{case_ids[0]}/"
        assert "3 件并入了主案。" in mei.get(answer["Location"]).text
        assert "没有很多人说的同一件事" in mei.get("/appeals/topics/").text

    def test_dismissing_by_the_form(self, cast: Cast, case_ids: list[CaseId]) -> None:
        look()
        tao = sign_in(Client(), cast.account("tao"))
        topic = TopicRow.objects.get()
        answer = tao.post(f"/appeals/topics/{topic.pk}/dismiss/", {"words": "两条路"}, follow=True)
        assert "以后有更多人说才会再提示" in answer.text
        again = tao.post(f"/appeals/topics/{topic.pk}/dismiss/", {}, follow=True)
        assert "这条提示已经处理过" in again.text
        assert TopicRow.objects.get().reason == "两条路"
