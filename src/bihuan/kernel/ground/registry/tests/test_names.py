"""Names of places in free text, with the traps of this city."""

from __future__ import annotations

import pytest

from bihuan.kernel.ground.registry import gazetteer
from bihuan.kernel.ground.registry.rules import names
from bihuan.kernel.ground.registry.types import AreaLevel, PlaceMatch

DAQIAO, GANYAO, NANZHOU = "330402105", "330421105", "330421105202"
HUOJU_VILLAGE, HUOJU_XINCHENG, HUOJU_HAINING = "330411104227", "330411104010", "330481003004"


@pytest.fixture(scope="module")
def index() -> names.Index:
    """Return the index of the areas that ship."""
    return names.build_index(
        names.Named(
            row.code,
            row.name,
            AreaLevel(row.level),
            row.path,
            row.aliases,
            gazetteer.SUSPECTS.get(row.code, ()),
        )
        for row in gazetteer.rows()
        if row.level != "city"
    )


def found(text: str, index: names.Index, below: str = "") -> dict[str, PlaceMatch]:
    """Return the matches by code, and check what holds for all."""
    matches = names.find_in(text, index, below=below)
    assert [match.confidence for match in matches] == sorted(
        (match.confidence for match in matches), reverse=True
    )
    for match in matches:
        assert text[match.start :].startswith(match.text)
        assert match.is_confirmed == (match.confidence >= 0.8)
    return {match.code: match for match in matches}


class TestDaqiao:
    @pytest.mark.parametrize("text", ["大桥镇路灯坏了", "家住南湖区大桥镇", "南湖区大桥那边"])
    def test_the_town(self, index, text: str) -> None:
        assert found(text, index)[DAQIAO].is_confirmed

    @pytest.mark.parametrize(
        "text",
        ["大桥上有个坑", "杭州湾跨海大桥堵车", "嘉绍大桥收费", "新造的大桥很美", "大桥头的垃圾"],
    )
    def test_a_bridge_is_no_town(self, index, text: str) -> None:
        assert DAQIAO not in found(text, index)

    def test_the_bare_word_is_a_suggestion_at_most(self, index) -> None:
        match = found("家住大桥，路灯坏了", index)[DAQIAO]
        assert (match.is_confirmed, match.reason) == (False, "common_word")

    def test_the_village_of_that_name_lies_elsewhere(self, index) -> None:
        matches = found("大桥村的垃圾", index)
        assert list(matches) == ["330411106202"]
        assert matches["330411106202"].is_confirmed
        contradicted = found("大桥镇大桥村的垃圾", index)["330411106202"]
        assert (contradicted.is_confirmed, contradicted.reason) == (False, "contradicted")


class TestGanyao:
    @pytest.mark.parametrize("text", ["干窑镇", "干窑有人倒垃圾", "千窑千亩", "在千窑镇北面"])
    def test_the_town_is_found_by_both_names(self, index, text: str) -> None:
        assert found(text, index)[GANYAO].is_confirmed

    def test_the_village_is_another_place(self, index) -> None:
        assert list(found("干窑村的河", index)) == ["330421105212"]

    @pytest.mark.parametrize("text", ["南亩村的稻田", "干窑镇南亩村", "南亩种水稻"])
    def test_nanmu_suggests_nanzhou_unconfirmed(self, index, text: str) -> None:
        match = found(text, index)[NANZHOU]
        assert (match.is_confirmed, match.reason) == (False, "suspected")
        assert match.name == "南宙村委会"

    def test_nanzhou_itself_is_confirmed(self, index) -> None:
        assert found("南宙村的稻田", index)[NANZHOU].is_confirmed
        assert found("干窑镇南宙的稻田", index)[NANZHOU].reason == "behind_its_area"


class TestHuoju:
    def test_the_village_is_one(self, index) -> None:
        matches = found("火炬村路灯", index)
        assert list(matches) == [HUOJU_VILLAGE]
        assert matches[HUOJU_VILLAGE].is_confirmed

    def test_the_community_is_two_and_both_are_offered(self, index) -> None:
        matches = found("火炬社区路灯", index)
        assert set(matches) == {HUOJU_XINCHENG, HUOJU_HAINING}
        assert {match.reason for match in matches.values()} == {"ambiguous"}
        assert not any(match.is_confirmed for match in matches.values())

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("海宁火炬社区", HUOJU_HAINING),
            ("海昌街道的火炬社区", HUOJU_HAINING),
            ("新塍镇火炬社区", HUOJU_XINCHENG),
        ],
    )
    def test_the_county_or_town_tells_them_apart(self, index, text: str, code: str) -> None:
        matches = found(text, index)
        assert matches[code].is_confirmed
        assert {HUOJU_XINCHENG, HUOJU_HAINING} & set(matches) == {code}

    def test_so_does_where_the_writer_is(self, index) -> None:
        matches = found("火炬社区路灯", index, below="3304/330481/")
        assert list(matches) == [HUOJU_HAINING]
        assert matches[HUOJU_HAINING].is_confirmed

    def test_a_torch_is_no_place(self, index) -> None:
        assert found("奥运火炬传递", index) == {}

    def test_bare_behind_its_town_it_may_be_both(self, index) -> None:
        matches = found("新塍火炬", index)
        assert not matches[HUOJU_VILLAGE].is_confirmed
        assert not matches[HUOJU_XINCHENG].is_confirmed

    def test_in_the_wrong_county_it_is_doubted(self, index) -> None:
        match = found("海盐县火炬村", index)[HUOJU_VILLAGE]
        assert (match.is_confirmed, match.reason) == (False, "contradicted")


class TestOthers:
    def test_a_whole_address(self, index) -> None:
        matches = found("海盐县望海街道新兴社区3幢", index)
        assert list(matches) == ["330424", "330424005", "330424005004"]
        assert all(match.is_confirmed for match in matches.values())

    def test_ways_to_write_a_village(self, index) -> None:
        for text in ("秀远社区居民委员会", "秀远社区"):
            assert found(text, index)["330424001034"].is_confirmed
        for text in ("南宙村委会", "南宙村"):
            assert found(text, index)[NANZHOU].is_confirmed

    def test_a_street_in_front_of_a_road_is_doubted(self, index) -> None:
        match = found("解放街道路灯不亮", index)["330402008"]
        assert (match.is_confirmed, match.reason) == (False, "road")

    @pytest.mark.parametrize(
        "text", ["", "建设美丽乡村", "惠民工程", "乍浦路的路灯", "走了一百步", "解放思想"]
    )
    def test_ordinary_words_are_no_places(self, index, text: str) -> None:
        assert found(text, index) == {}

    @pytest.mark.parametrize(
        "text",
        [
            "不属于城镇公共道路",
            "建设社会主义新农村",
            "购买新农村合作医疗",
            "为什么不准许村医进城",
            "对本县关于城区建设的提案",
            "与村民和村医商量",
            "桂花园社区的业主",
            "构建农村教育体系",
            "沿线道路建设村民",
            "还我美丽河山",
            "几株梧桐树",
            "从大云山下来",
            "易家湾镇红旗村的路",
        ],
    )
    def test_a_name_inside_other_words_is_never_confirmed(self, index, text: str) -> None:
        assert not any(match.is_confirmed for match in found(text, index).values())

    def test_its_town_in_the_text_makes_it_clear(self, index) -> None:
        unclear = found("昨夜火炬村停电", index)[HUOJU_VILLAGE]
        assert (unclear.is_confirmed, unclear.reason) == (False, "unclear")
        clear = found("新塍镇来报，昨夜火炬村停电", index)[HUOJU_VILLAGE]
        assert (clear.is_confirmed, clear.reason) == (True, "narrowed")

    @pytest.mark.parametrize(
        "text", ["我家在嘉兴干窑", "我是火炬村的", "我们乌镇", "从洲泉到石门镇", "嘉善干窑"]
    )
    def test_where_a_word_can_begin_it_is(self, index, text: str) -> None:
        assert all(match.is_confirmed for match in found(text, index).values())
        assert found(text, index)

    def test_a_name_that_looks_alike_is_a_suggestion(self, index) -> None:
        match = found("敢浦镇的海塘", index)["330424105"]
        assert (match.is_confirmed, match.reason, match.name) == (False, "look_alike", "澉浦镇")

    def test_a_short_name_of_a_town(self, index) -> None:
        assert found("乌镇的河", index)["330483100"].is_confirmed

    def test_every_town_and_most_villages_are_found_by_their_full_name(self, index) -> None:
        rows = [row for row in gazetteer.rows() if row.level in {"town", "village"}]
        missed = [row.name for row in rows if row.code not in found(row.name, index)]
        assert missed == []
