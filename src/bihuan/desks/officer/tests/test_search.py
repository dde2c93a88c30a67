"""One box for everything: grouped, only what the scope may see, never a number of a person."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.desks.officer.numbers import is_personal
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, CaseId, NewReference, Opened, Raise
from bihuan.kernel.ground.registry.testing import LONGQUAN, Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

XINXING = AreaPath("3304/330424/330424005/330424005004/")
HUIMIN = AreaPath("3304/330421/330421003/")
BOX = "/desk/search/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def client(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def raised(cast: Cast, title: str, text: str = "", area: AreaPath = XINXING) -> Opened:
    lu = cast.scope("lu")
    assert lu.person_id is not None
    what = Raise(
        APPEAL, title, text or title, "noise", area, "phone", raised_by=person_ref(lu.person_id)
    )
    return cases.open_case(what, scope=lu, at=clock.now())


def found(cast: Cast, who: str, text: str) -> str:
    return client(cast, who).get(BOX, {"q": text}).text


class TestNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "13800138000",
            "+8613800138000",
            "138 0013 8000",
            "138-0013-8000",
            "路灯 13800138000",
            "330424196804120012",
            "33042419680412001X",
            "0573-86021234",
            "800138000",
        ],
    )
    def test_of_people(self, text: str) -> None:
        assert is_personal(text)

    @pytest.mark.parametrize(
        "text",
        [
            "HY-2611-00001",
            "XF20261101",
            "91330424MA2CX0001Y",
            "路灯",
            "12号楼",
            "2026-11-02",
            "330424",
        ],
    )
    def test_not_of_people(self, text: str) -> None:
        assert not is_personal(text)


class TestFinding:
    def test_two_characters_find_titles_texts_and_places(self, cast: Cast) -> None:
        raised(cast, "城西路路灯不亮")
        raised(cast, "夜里很黑", "家门口的路灯坏了两盏，老人摔过")
        said = found(cast, "tao", "路灯")
        assert "城西路路灯不亮" in said
        assert "在事项内容里" in said
        assert "家门口的路灯坏了两盏" in said

    def test_each_group(self, cast: Cast) -> None:
        reference = NewReference("XF26110007", "要求重新丈量土地", XINXING, date(2026, 11, 2))
        cases.link_reference(reference, scope=cast.scope("tao"), at=clock.now())
        assert "XF26110007" in found(cast, "tao", "丈量")
        assert "海盐县消防救援大队" in found(cast, "tao", "消防")
        assert "望海街道" in found(cast, "tao", "望海")
        assert "恒岳紧固件有限公司" in found(cast, "js_tao", "恒岳")
        assert "隆全工业社区" in found(cast, "js_tao", "隆全")
        assert LONGQUAN in found(cast, "js_tao", "隆全")

    def test_the_next_county_is_not_found(self, cast: Cast) -> None:
        raised(cast, "海盐这边的路灯")
        raised(cast, "嘉善那边的路灯", area=HUIMIN)
        here, there = found(cast, "tao", "路灯"), found(cast, "js_tao", "路灯")
        assert ("海盐这边" in here, "嘉善那边" in here) == (True, False)
        assert ("海盐这边" in there, "嘉善那边" in there) == (False, True)
        for words in ("恒岳", "隆全", "嘉善县消防"):
            assert "没有叫这个的" in found(cast, "tao", words)

    def test_a_unit_finds_its_own_matters_only(self, cast: Cast) -> None:
        raised(cast, "路灯不亮", "内容里也有灯杆")
        assert "路灯不亮" not in found(cast, "zongzhi", "路灯")
        assert "内容里" not in found(cast, "zongzhi", "灯杆")

    def test_a_resident_has_no_such_page(self, cast: Cast) -> None:
        assert client(cast, "lu").get(BOX, {"q": "路灯"}).status_code == 403

    def test_the_same_statements_for_one_and_for_many(self, cast: Cast) -> None:
        tao = client(cast, "tao")
        raised(cast, "路灯一", "路灯一")
        counts = []
        for more in (0, 12):
            for n in range(more):
                raised(cast, f"路灯不亮{n}", f"第{n}盏路灯")
            tao.get(BOX, {"q": "路灯"})
            with CaptureQueriesContext(connection) as caught:
                tao.get(BOX, {"q": "路灯"})
            counts.append(len(caught))
        assert counts[0] == counts[1] <= 24
        assert "全部 13 件" in tao.get(BOX, {"q": "路灯"}).text


class TestBox:
    def test_a_whole_number_goes_straight_to_the_matter(self, cast: Cast) -> None:
        opened = raised(cast, "路灯")
        answer = client(cast, "tao").post(BOX, {"q": f" {opened.number.lower()} "})
        assert answer["Location"] == f"/desk/matter/{opened.case_id}/"
        elsewhere = client(cast, "js_tao").post(BOX, {"q": opened.number})
        assert elsewhere["Location"].startswith(f"{BOX}?q=")

    def test_words_get_an_address_and_a_persons_number_gets_none(self, cast: Cast) -> None:
        tao, phone = client(cast, "tao"), cast.members["lu"].phone
        raised(cast, "打我电话", f"电话 {phone}")
        assert tao.post(BOX, {"q": "路灯"})["Location"] == f"{BOX}?q=%E8%B7%AF%E7%81%AF"
        for number in (phone, cast.members["lu"].id_number, phone[:7]):
            for answer in (tao.post(BOX, {"q": number}), tao.get(BOX, {"q": number})):
                assert answer["Location"] == f"{BOX}?number="
            said = tao.get(answer["Location"]).text
            assert "人的号码不在这里查" in said
            assert "打我电话" not in said
        assert tao.get("/desk/", {"tray": "all", "q": phone})["Location"] == f"{BOX}?number="

    def test_every_officers_page_has_it(self, cast: Cast) -> None:
        for path in ("/desk/", "/desk/messages/", "/appeals/topics/"):
            assert 'action="/desk/search/"' in client(cast, "tao").get(path).text


class TestLists:
    def test_of_one_unit_and_of_one_firm(self, cast: Cast) -> None:
        raised(cast, "路灯")
        tao = client(cast, "tao")
        unit = cast.unit("330424-fire")
        said = tao.get("/desk/", {"tray": "all", "unit": str(unit.id)}).text
        assert unit.name in said
        assert "没有" in said
        assert "路灯" not in said.split("<main")[1]
        firm = str(cast.hengyue.id)
        assert tao.get("/desk/", {"tray": "all", "firm": firm}).status_code == 404
        js_tao = client(cast, "js_tao")
        assert "恒岳紧固件有限公司" in js_tao.get("/desk/", {"tray": "all", "firm": firm}).text
        for odd in ({"unit": "x"}, {"firm": "x"}, {"unit": "9" * 30}):
            assert tao.get("/desk/", {"tray": "all", **odd}).status_code == 200


def test_a_text_of_one_word_in_many_matters_is_read_once(cast: Cast) -> None:
    first = raised(cast, "甲", "有一口井没有盖")
    found_now = cases.search_texts("井", scope=cast.scope("tao"), but=[CaseId(0)], most=8)
    assert [(one.link.id, one.words) for one in found_now] == [(first.case_id, "有一口井没有盖")]
    again = cases.search_texts("井", scope=cast.scope("tao"), but=[first.case_id], most=8)
    assert again == ()
