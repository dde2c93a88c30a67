"""Seeing one clear value through HTTP, and the auditor's page of looks."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.desks.officer.tests.test_pages import answered, client_of, raised
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.types import LookFilter, LookKind
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import Side
from bihuan.platform import clock

pytestmark = pytest.mark.django_db

WHY = "回访核实工地是否停工"


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def kinds(cast: Cast) -> list[str]:
    found = privacy.list_looks(LookFilter(), scope=cast.scope("auditor"))
    return [f"{row.kind}:{row.refusal}" for row in found.rows]


def post(client: Client, case_id: int, what: str = "handling:phone", reason: str = WHY, **more):
    given = {"what": what, "reason": reason, "command_id": str(uuid.uuid4()), **more}
    return client.post(reverse("officer:reveal", args=[case_id]), given)


class TestTheButton:
    def test_shows_the_phone_once_and_the_page_keeps_its_mask(self, cast: Cast) -> None:
        case_id, lu, tao = raised(cast), cast.members["lu"], client_of(cast, "tao")
        matter = reverse("officer:matter", args=[case_id])
        said = tao.get(matter).text
        masked = f"{lu.phone[:3]}****{lu.phone[-4:]}"
        assert masked in said and lu.phone not in said and "看完整号码" in said
        key = str(uuid.uuid4())
        answer = post(tao, case_id, command_id=key)
        assert answer.status_code == 200
        assert answer.text.count(lu.phone) == 1
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Refresh"] == f"300; url={matter}"
        again = post(tao, case_id, command_id=key)
        assert (again.status_code, again["Location"]) == (303, matter)
        assert lu.phone not in tao.get(matter).text
        assert kinds(cast) == ["revealed:"]

    def test_refused_without_a_reason_and_what_was_chosen_stands(self, cast: Cast) -> None:
        case_id, lu = raised(cast), cast.members["lu"]
        answer = post(client_of(cast, "tao"), case_id, "identity:id_number", reason="看")
        assert answer.status_code == 403
        assert 'value="identity:id_number" checked' in answer.text
        assert 'value="看"' in answer.text
        assert lu.id_number not in answer.text
        assert kinds(cast) == ["refused:short"]

    def test_nothing_chosen_is_no_look(self, cast: Cast) -> None:
        answer = post(client_of(cast, "tao"), raised(cast), "handling:height")
        assert answer.status_code == 422
        assert kinds(cast) == []

    @pytest.mark.parametrize(
        ("who", "status"),
        [("wrong", 404), ("fire", 404), ("zhou", 404), ("lu", 403), ("auditor", 403)],
    )
    def test_who_has_it_not_in_care(self, cast: Cast, who: str, status: int) -> None:
        case_id, lu = raised(cast), cast.members["lu"]
        client = client_of(cast, who)
        answer = post(client, case_id)
        assert answer.status_code == status
        assert lu.phone not in answer.text
        assert "unmask" not in client.get(reverse("officer:matter", args=[case_id])).text

    def test_without_sign_in_one_is_asked_to_sign_in(self, cast: Cast) -> None:
        answer = post(Client(), raised(cast))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/in/")

    def test_a_unit_has_it_in_care_while_its_part_is_open(self, cast: Cast) -> None:
        case_id, lu = answered(cast), cast.members["lu"]
        assert lu.phone in post(client_of(cast, "zongzhi"), case_id).text
        tao = client_of(cast, "tao")
        called = {"result": "satisfied", "channel": "phone", "solved": "solved"}
        assert tao.post(reverse("cases:call_back", args=[case_id]), called).status_code == 303
        for who in ("zongzhi", "tao"):
            answer = post(client_of(cast, who), case_id)
            assert (answer.status_code, lu.phone in answer.text) == (403, False)
        assert kinds(cast) == ["refused:out_of_care"] * 2 + ["revealed:"]


class TestInDanger:
    def test_a_leader_looks_and_both_are_told(self, cast: Cast) -> None:
        case_id, lu = raised(cast), cast.members["lu"]
        leader = client_of(cast, "leader")
        said = leader.get(reverse("officer:matter", args=[case_id])).text
        assert "仅限紧急情况" in said and 'value="handling:phone"' not in said
        answer = post(leader, case_id, "emergency:phone", "说要跳楼,要马上找到人")
        assert lu.phone in answer.text
        while events.deliver_pending(at=clock.now()):
            pass
        for who, side, words in (
            ("lu", Side.RESIDENT, "海盐县社会治理中心认为情况紧急"),
            ("auditor", Side.OFFICER, "越过平时的范围"),
        ):
            (row,) = notices.list_inbox(scope=cast.scope(who), side=side).rows
            client = client_of(cast, who)
            box = "/messages/" if who == "lu" else "/desk/messages/"
            assert words in client.get(box).text
            opened = client.get(f"{box}{row.id}/")
            assert opened["Location"] == ("/privacy/" if who == "lu" else "/desk/looks/")
        assert "说要跳楼" in client_of(cast, "lu").get("/privacy/").text


class TestTheAuditor:
    def test_reads_filters_and_takes_out(self, cast: Cast) -> None:
        case_id, lu = raised(cast), cast.members["lu"]
        post(client_of(cast, "tao"), case_id)
        post(client_of(cast, "mei"), case_id, reason="")
        auditor = client_of(cast, "auditor")
        said = auditor.get("/desk/looks/").text
        for words in ("陶*", "陆**", WHY, "已拒绝", "没写理由", "海盐县社会治理中心"):
            assert words in said
        assert lu.phone not in said and lu.role.name not in said
        assert WHY not in auditor.get("/desk/looks/?kind=refused").text
        tao = cast.members["tao"].person_id
        assert "没写理由" not in auditor.get(f"/desk/looks/?asker={tao}").text
        assert "没有符合条件" in auditor.get("/desk/looks/?until=2020-01-01").text
        for odd in ("?asker=x", "?since=x", "?kind=x", "?after=x"):
            assert WHY in auditor.get(f"/desk/looks/{odd}").text
        given = {"query": "kind=revealed", "reason": "第三季度合规检查"}
        answer = auditor.post("/desk/looks/export/", given)
        lines = answer.text.strip().splitlines()
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "章*" in lines[0] and "仅供审计" in lines[0]
        assert len(lines) == 3 and WHY in lines[2]
        assert kinds(cast)[0] == "export:"

    def test_taking_out_without_a_reason_is_refused(self, cast: Cast) -> None:
        answer = client_of(cast, "auditor").post("/desk/looks/export/", {"reason": ""})
        assert answer.status_code == 422
        assert kinds(cast) == []

    def test_a_cell_is_never_a_formula(self, cast: Cast) -> None:
        post(client_of(cast, "tao"), raised(cast), reason="=HYPERLINK(甲乙丙丁)")
        given = {"reason": "第三季度合规检查"}
        said = client_of(cast, "auditor").post("/desk/looks/export/", given).text
        assert "'=HYPERLINK" in said and ",=HYPERLINK" not in said

    def test_is_nobody_elses_page(self, cast: Cast) -> None:
        for who in ("tao", "leader", "system", "lu"):
            client = client_of(cast, who)
            assert client.get("/desk/looks/").status_code == 403
            assert client.post("/desk/looks/export/", {"reason": WHY}).status_code == 403
        assert kinds(cast) == []
        assert (
            privacy.list_looks(LookFilter(kind=LookKind.EXPORT), scope=cast.scope("auditor")).rows
            == ()
        )
