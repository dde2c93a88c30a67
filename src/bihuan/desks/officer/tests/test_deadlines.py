"""The duty officer's gaps, the administrator's calendar in two steps, a limit that is tried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, Raise
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

XINXING = AreaPath("3304/330424/330424005/330424005004/")
YEAR = clock.now().astimezone(clock.CHINA).year + 1
ROWS = f"{YEAR}-01-01,放假,元旦\n{YEAR}-01-02,放假,元旦\n"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Let no rule that a test took back stay in the process."""
    standards.forget()
    yield
    standards.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def client(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def raised(cast: Cast, at: datetime | None = None) -> str:
    what = Raise(APPEAL, "路灯不亮", "路灯不亮", "street_lamp", XINXING, "phone")
    return cases.open_case(what, scope=cast.scope("tao"), at=at or clock.now()).number


def due_at(number: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT due_at FROM cases_case WHERE number = %s", [number])
        (found,) = cursor.fetchone() or (None,)
    assert isinstance(found, datetime)
    return found


class TestGaps:
    def test_none_then_one_planted_then_by_the_command_line(self, cast: Cast) -> None:
        number = raised(cast)
        assert "没有会被遗漏的事项" in client(cast, "duty").get("/desk/uncovered/").text
        call_command("clocks_uncovered", "--json", stdout=StringIO())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET timer_id = NULL WHERE number = %s", [number])
        said = client(cast, "duty").get("/desk/uncovered/").text
        assert "1 处" in said and number in said and "未办结事项没有计时" in said
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("clocks_uncovered", "--json", stdout=out)
        told = json.loads(out.getvalue())
        assert (told["count"], told["uncovered"][0]["why"]) == (1, "no_clock")

    def test_who_is_no_duty_officer_does_not_see_them(self, cast: Cast) -> None:
        assert client(cast, "zongzhi").get("/desk/uncovered/").status_code == 403


class TestCalendar:
    def form(self, **more: str) -> dict[str, str]:
        return {"year": str(YEAR), "source": "国办发明电〔测试〕", "rows": ROWS} | more

    def test_preview_then_confirm(self, cast: Cast) -> None:
        admin, before = client(cast, "system"), len(clocks.list_notices())
        shown = admin.get("/desk/calendar/").text
        if clocks.list_missing_years(at=clock.now()):
            assert f"{YEAR} 年的放假安排尚未录入" in shown
        preview = admin.post("/desk/calendar/", self.form())
        assert "现在还没有录入" in preview.text
        assert len(clocks.list_notices()) == before
        command = preview.text.split('name="command_id" value="')[1].split('"')[0]
        sent = self.form(stage="confirm", command_id=command)
        for _twice in range(2):
            assert admin.post("/desk/calendar/", sent).status_code == 303
        assert len(clocks.list_notices()) == before + 1
        assert events.count_facts(name="clocks.notice_loaded.v1") == 1
        assert "放假 2 天" in admin.get("/desk/calendar/").text

    def test_faults_by_row_and_nothing_lost(self, cast: Cast) -> None:
        wrong = ROWS + f"{YEAR}-01-02,放假,元旦\n"
        answer = client(cast, "system").post("/desk/calendar/", self.form(rows=wrong))
        assert answer.status_code == 422
        assert "这一天前面已经写过" in answer.text and wrong.strip() in answer.text

    def test_only_the_administrator(self, cast: Cast) -> None:
        duty = client(cast, "duty")
        assert duty.get("/desk/calendar/").status_code == 403
        assert duty.post("/desk/calendar/", self.form(stage="confirm")).status_code == 403
        assert events.count_facts(name="clocks.notice_loaded.v1") == 0


class TestLimits:
    def test_a_limit_shows_what_it_would_move_and_moves_nothing(self, cast: Cast) -> None:
        number = raised(cast)
        due = due_at(number)
        shown = client(cast, "system").get("/desk/limits/?code=cases.limit.accept&amount=6&unit=WH")
        assert "有 1 个日期会变动" in shown.text and number in shown.text
        assert due_at(number) == due
        same = client(cast, "system").get("/desk/limits/?code=cases.limit.accept&amount=2&unit=WH")
        assert "有 0 个日期会变动" in same.text
        other = client(cast, "system").get("/desk/limits/?code=cases.limit.verify&amount=6&unit=WH")
        assert "有 0 个日期会变动" in other.text

    @pytest.mark.parametrize(
        "query", ["code=cases.most&amount=1", "code=cases.limit.accept&amount=0"]
    )
    def test_what_is_no_limit_is_refused(self, cast: Cast, query: str) -> None:
        assert client(cast, "system").get(f"/desk/limits/?{query}&unit=WD").status_code == 422

    def test_by_the_command_line(self, cast: Cast) -> None:
        number, out = raised(cast), StringIO()
        value = json.dumps({"amount": 6, "unit": "WH"})
        call_command("standards_preview", "cases.limit.accept", value, "--json", stdout=out)
        told = json.loads(out.getvalue())
        assert (told["count"], told["movements"][0]["number"]) == (1, number)
        assert told["now"] == {"amount": 2, "unit": "WH"}

    def test_one_asks_another_decides_and_both_read_what_moves(self, cast: Cast) -> None:
        number = raised(cast)
        due = due_at(number)
        form = {"code": "cases.limit.accept", "amount": "6", "unit": "WH", "source": "县发3号"}
        admin, duty = client(cast, "system"), client(cast, "duty")
        lacking = admin.post("/desk/limits/", form | {"source": "", "command_id": str(uuid4())})
        assert lacking.status_code == 422 and "请写明改变时限的文件" in lacking.text
        asked = admin.post("/desk/limits/", form | {"command_id": str(uuid4())})
        assert asked.status_code == 303 and due_at(number) == due
        shown = duty.get("/desk/limits/changes/")
        assert number in shown.text and "县发3号" in shown.text
        (wish,) = cases.list_limit_wishes(scope=cast.scope("duty"), at=clock.now())
        decision = {"wish": wish.id, "decision": "grant", "command_id": str(uuid4())}
        for _again in range(2):
            duty.post("/desk/limits/changes/", decision)
        while events.deliver_pending(at=clock.now()):
            pass
        assert due_at(number) > due
        assert events.count_facts(name="cases.limit_changed.v1") == 1
        assert "没有时限变更在等" in duty.get("/desk/limits/changes/").text
        assert client(cast, "mei").get("/desk/limits/changes/").status_code == 403
