"""A walk through a factory by the checklist: from taps to matters; then each refusal."""

from __future__ import annotations

import io
import re
import uuid
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import Domain, PatrolEffect
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import LONGQUAN_GRID_3, LONGQUAN_GRID_4, Cast, make_cast
from bihuan.kernel.stage import api as stage
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.web import definition_json
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.web.errors import Mismatch, NotAllowed, Refused
from bihuan.scenes.industrial_grid.checking import PATROL

pytestmark = pytest.mark.django_db
URL = reverse("industrial_grid:checklist")
FOLDER = Path(__file__).parents[1]

GOOD = {
    "electrician": "present",
    "wiring": "pass",
    "distribution_box": "pass",
    "earthing": "not_seen",
    "exits": "pass",
    "extinguishers": "pass",
    "signs": "pass",
    "sleeping": "pass",
    "e_bikes": "pass",
    "hot_work": "waived",
}


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


@pytest.fixture
def gu(cast: Cast) -> Client:
    return sign_in(Client(), cast.account("gu"))


def settle() -> None:
    while events.deliver_pending(at=clock.now()):
        pass


def photo(colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def form(cast: Cast, answers: dict[str, str], **more: object) -> dict[str, object]:
    ids = ("assessment_id", "visit_id", "command_id")
    given: dict[str, object] = {name: str(uuid.uuid4()) for name in ids}
    given["organisation"] = str(cast.hengyue.id)
    given["version_id"] = str(assessments.get_offered(PATROL, on=date(2026, 6, 24)).id)
    return given | {f"a-{code}": value for code, value in answers.items()} | more


def world() -> tuple[int, int, int]:
    settle()
    return Case.objects.count(), fieldwork.count_visits(), assessments.count_assessments(PATROL)


@pytest.mark.article("S3.01")
class TestThroughThePage:
    def test_failed_items_become_one_matter_each(self, cast: Cast, gu: Client) -> None:
        answers = GOOD | {"wiring": "fail", "exits": "fail"}
        sent = form(cast, answers, **{"f-wiring": photo(), "f-exits": photo("blue")})
        sent["n-exits"] = "东门堆了纸卷"
        answer = gu.post(URL, sent)
        assert answer.status_code == 303
        assert world() == (2, 1, 1)
        first, second = Case.objects.order_by("pk")
        assert (first.kind, first.class_code, first.title, first.source) == (
            "hazard",
            "electricity",
            "线路老化、破损或私拉乱接",
            "patrol",
        )
        assert (second.class_code, second.text) == ("fire", "疏散通道或安全出口被堵：东门堆了纸卷")
        assert {first.concerns, second.concerns} == {cast.hengyue.id}
        page = gu.get(answer["Location"]).content.decode()
        assert "按第 1 版填写" in page
        assert page.count("有问题") == 2
        assert "东门堆了纸卷" in page
        assert "中心已收。2 项会往下办" in page

    def test_passed_waived_and_unseen_items_raise_nothing(self, cast: Cast, gu: Client) -> None:
        assert gu.post(URL, form(cast, GOOD)).status_code == 303
        assert world() == (0, 1, 1)
        assert events.count_facts(name="assessments.item_failed.v1") == 0

    def test_sent_twice_it_is_one(self, cast: Cast, gu: Client) -> None:
        sent = form(cast, GOOD | {"sleeping": "fail"})
        first = gu.post(URL, sent)
        again = gu.post(URL, sent)
        other_command = gu.post(URL, sent | {"command_id": str(uuid.uuid4())})
        assert first["Location"] == again["Location"] == other_command["Location"]
        assert world() == (1, 1, 1)
        assert events.count_facts(name="fieldwork.finding_recorded.v1") == 1

    def test_without_the_electrician_no_line_is_looked_at(self, cast: Cast, gu: Client) -> None:
        sent = form(cast, GOOD | {"electrician": "absent", "wiring": "fail", "earthing": "fail"})
        answer = gu.post(URL, sent)
        assert answer.status_code == 303
        assert world() == (0, 1, 1)
        page = gu.get(answer["Location"]).content.decode()
        assert "有 4 项没有问到" in page  # three of electricity, one of consent

    def test_the_first_page_asks_for_the_electrician_and_no_line(self, gu: Client) -> None:
        page = gu.get(URL).content.decode()
        assert "企业电工在场" in page
        assert "疏散通道" in page
        assert "配电箱" not in page
        assert "恒岳紧固件有限公司" in page
        assert "永昕" not in page

    def test_a_tap_draws_the_lines_and_records_nothing(self, cast: Cast, gu: Client) -> None:
        sent = form(cast, {"electrician": "present"}, draw="1")
        answer = gu.post(URL, sent)
        page = answer.content.decode()
        assert (answer.status_code, "配电箱" in page, "还没选" in page) == (200, True, False)
        assert re.search(r'id="i-electrician-present"[^>]* checked', page)
        assert world() == (0, 0, 0)

    def test_without_script_the_sending_shows_what_is_still_open(
        self, cast: Cast, gu: Client
    ) -> None:
        sent = form(cast, {"electrician": "present", "exits": "fail"}, **{"f-exits": photo()})
        answer = gu.post(URL, sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "还有 8 项要选或要拍照" in page
        assert page.count("这一项还没选") == 8
        assert world() == (0, 0, 0)
        kept = re.findall(r'name="p-exits" value="(\w{64})"', page)
        assert len(kept) == 1  # the photo is not asked for again
        whole = sent | {f"a-{c}": v for c, v in GOOD.items() if c != "exits"} | {"p-exits": kept}
        del whole["f-exits"]
        assert gu.post(URL, whole).status_code == 303
        assert world() == (1, 1, 1)

    def test_a_small_thing_is_advice_only_where_the_firm_agrees(
        self, cast: Cast, gu: Client
    ) -> None:
        for answer, effect, matters in (
            ("agreed", PatrolEffect.ADVICE, 0),
            ("refused", PatrolEffect.REPORT, 1),
        ):
            sent = form(cast, GOOD | {"signs": "fail", "firm_agrees": answer})
            assert gu.post(URL, sent).status_code == 303
            settle()
            key = uuid.uuid5(uuid.UUID(str(sent["assessment_id"])), "signs")
            assert fieldwork.get_finding(key).effect is effect
            assert Case.objects.count() == matters


class TestFromAPhone:
    def _payload(self, cast: Cast, answers: dict[str, object], **more: object) -> dict[str, object]:
        version = assessments.get_offered(PATROL, on=date(2026, 6, 24))
        given: dict[str, object] = {
            "assessment_id": str(uuid.uuid4()),
            "visit_id": str(uuid.uuid4()),
            "version_id": definition_json(version)["version_id"],
            "area_code": LONGQUAN_GRID_3,
            "organisation": str(cast.hengyue.id),
            "answers": {code: {"value": value} for code, value in answers.items()},
        }
        return given | more

    def _send(self, cast: Cast, payload: dict[str, object], who: str = "gu"):
        return stage.perform_command(
            "industrial_grid.fill_checklist",
            payload,
            scope=cast.scope(who),
            at=clock.now(),
            command_id=uuid.uuid4(),
        )

    def test_it_is_the_same_and_repeats_change_nothing(self, cast: Cast) -> None:
        payload = self._payload(cast, GOOD | {"sleeping": "fail"})
        first = self._send(cast, payload)
        again = self._send(cast, payload)
        assert again.answer == first.answer
        assert len(first.answer["findings"]) == 1
        assert world() == (1, 1, 1)
        changed = payload | {"answers": payload["answers"] | {"sleeping": {"value": "pass"}}}
        with pytest.raises(Mismatch):
            self._send(cast, changed)
        assert world() == (1, 1, 1)

    def test_page_and_phone_with_the_same_ids_are_one(self, cast: Cast, gu: Client) -> None:
        payload = self._payload(cast, GOOD | {"sleeping": "fail"})
        self._send(cast, payload)
        sent = form(cast, GOOD | {"sleeping": "fail"})
        sent |= {name: payload[name] for name in ("assessment_id", "visit_id", "version_id")}
        assert gu.post(URL, sent).status_code == 303
        assert world() == (1, 1, 1)

    def test_a_withdrawn_version_loses_no_answers(self, cast: Cast) -> None:
        payload = self._payload(cast, GOOD | {"sleeping": "fail"})
        version = assessments.get_offered(PATROL, on=date(2026, 6, 24))
        assessments.withdraw_version(
            version.id, why="改了第二项", scope=cast.scope("system"), at=clock.now()
        )
        made = self._send(cast, payload).answer["assessment"]
        assert world() == (1, 1, 1)
        kept = assessments.get_assessment(uuid.UUID(made), scope=cast.scope("gu"))
        assert kept.version_was_withdrawn

    def test_what_does_not_hold_leaves_nothing(self, cast: Cast) -> None:
        for change in self.CHANGES:
            with pytest.raises(Refused) as refused:
                self._send(cast, self._payload(cast, GOOD) | change)
            assert re.search("[\u4e00-\u9fff]", refused.value.spoken()), change
            assert world() == (0, 0, 0), change
        other_grid = self._payload(cast, GOOD, organisation=str(cast.yongxin.id))
        with pytest.raises(Refused):
            self._send(cast, other_grid)
        for who in ("lu", "mei", "shen", "leader"):
            with pytest.raises(NotAllowed):
                self._send(cast, self._payload(cast, GOOD), who=who)
        assert world() == (0, 0, 0)
        self._send(cast, self._payload(cast, GOOD))  # the control
        assert world() == (0, 1, 1)

    CHANGES = (
        {"answers": None},
        {"answers": {"exits": "pass"}},
        {"answers": {"exits": {"value": 1}}},
        {"answers": {"exits": {"value": "pass", "photos": "x"}}},
        {"answers": {c: {"value": v, "photos": ["0" * 64]} for c, v in GOOD.items()}},
        {"answers": {c: {"value": v} for c, v in GOOD.items()} | {"stranger": {"value": "x"}}},
        {"answers": {c: {"value": v} for c, v in GOOD.items() if c != "exits"}},
        {"answers": {c: {"value": v} for c, v in (GOOD | {"exits": "fail"}).items()}},
        {"version_id": 10**8},
        {"version_id": "x"},
        {"visit_id": "x"},
        {"area_code": "1"},
        {"area_code": LONGQUAN_GRID_4},
        {"organisation": str(uuid.uuid4())},
    )


class TestTheRoomsPages:
    def test_who_sees_which(self, cast: Cast, gu: Client) -> None:
        location = gu.post(URL, form(cast, GOOD))["Location"]
        admin = sign_in(Client(), cast.account("system"))
        other = sign_in(Client(), cast.account("other_gu"))
        versions, preview = (
            reverse("assessments:versions"),
            reverse("assessments:preview", args=[PATROL, 1]),
        )
        assert [admin.get(u).status_code for u in (versions, preview, location)] == [200, 200, 403]
        assert [gu.get(u).status_code for u in (versions, preview, location)] == [403, 403, 200]
        assert other.get(location).status_code == 404
        assert admin.get(reverse("assessments:preview", args=[PATROL, 9])).status_code == 404
        page = admin.get(preview).content.decode()
        assert "满足条件才问：" in page
        assert "企业电工在场，要看的线路由电工打开了吗？ = 在场，已打开" in page

    def test_the_phone_gets_what_the_page_draws(self, cast: Cast, gu: Client) -> None:
        url = reverse("assessments:definition", args=[PATROL])
        answer = gu.get(url)
        data = answer.json()
        page = gu.post(URL, form(cast, {"electrician": "present", "signs": "fail"}, draw="1"))
        drawn = re.findall(r'<div class="[^"]+" id="item-(\w+)"', page.content.decode())
        asked = [item["code"] for item in data["items"] if item["type"] != "note"]
        assert drawn == asked
        words = [o["text"] for o in data["items"][2]["options"]]
        assert words == ["没问题", "有问题", "不适用", "没看到"]
        assert data["items"][2]["shown_if"] == {"all": [{"item": "electrician", "is": "present"}]}
        again = gu.get(url, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert sign_in(Client(), cast.account("shen")).get(url).status_code == 403


class TestTheLaw:
    version = assessments.read_version(FOLDER / "checklists" / "patrol-1.yaml", brought_by="test")

    def test_its_words_never_speak_of_inspection_or_orders(self) -> None:
        files = sorted((FOLDER / "checklists").glob("*.yaml"))
        assert files
        for path in files:
            assert not re.search("检查|责令|处罚|整改通知|inspect", path.read_text("utf-8")), path

    def test_every_item_that_can_fail_says_what_follows(self) -> None:
        items = [i for i in self.version.definition.items if any(o.outcome for o in i.choices())]
        assert len(items) == 9
        for item in items:
            assert Domain(item.label("domain"))
            assert item.label("finding")
            assert item.label("effect", "report") in {e.value for e in PatrolEffect}
