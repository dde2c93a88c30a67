"""The wall, the figures, the rows, a town: what they say, what they take out, what they cost."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from bihuan.desks.command import sheets
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Part
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    HAZARD,
    CaseId,
    Detail,
    MoveName,
    NewPart,
    PartId,
    Raise,
    Role,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import FigureCode
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.files import store

XINXING = AreaPath("3304/330424/330424005/330424005004/")
WANGHAI = AreaPath("3304/330424/330424005/")
GRID_3 = AreaPath("3304/330421/330421003/330421003E01/330421003E01003/")
HOUR = timedelta(hours=1)
AGO = 6 * HOUR
NOON = datetime(2026, 6, 24, 12, tzinfo=clock.CHINA)
Sign = Callable[[str], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand at noon in the middle of a month, so that six hours ago is this month too."""
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now() - timedelta(days=80))


@pytest.fixture
def client_of(cast: Cast) -> Sign:
    return lambda who: sign_in(Client(), cast.account(who))


def raised(cast: Cast, title: str, class_code: str = "street_lamp") -> CaseId:
    """Let LU raise a matter six hours ago."""
    at, scope = clock.now() - AGO, cast.scope("lu")
    assert scope.person_id is not None
    what = Raise(
        APPEAL, title, title, class_code, XINXING, "phone", raised_by=person_ref(scope.person_id)
    )
    return cases.open_case(what, scope=scope, at=at).case_id


def dispatched(cast: Cast, title: str) -> tuple[CaseId, PartId]:
    """File it and give it to the bureau at once."""
    case_id, at, mei = raised(cast, title), clock.now() - AGO, cast.scope("mei")
    cases.move_case(case_id, move=MoveName("file"), scope=mei, at=at)
    parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    cases.dispatch_case(case_id, parts=parts, scope=mei, at=at)
    return case_id, PartId(Part.objects.get(case_id=case_id).pk)


def closed(cast: Cast, title: str) -> CaseId:
    """Bring it to a passed check: signed after two hours, answered after three, seen after four."""
    case_id, part_id = dispatched(cast, title)
    began, zongzhi = clock.now() - AGO, cast.scope("zongzhi")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (len(title), 9, 9)).save(out, "JPEG")
    photo = store.receive_photo(io.BytesIO(out.getvalue()), at=began)
    done = Detail(words="换了灯", photos=(photo,))
    for name, hours, detail in (("sign", 2, Detail()), ("feed_back", 3, done)):
        cases.move_part(
            part_id, move=MoveName(name), scope=zongzhi, at=began + hours * HOUR, detail=detail
        )
    seen = cases.Check(visit_id=uuid.uuid4(), cleared=True)
    cases.verify_case(case_id, seen, scope=cast.scope("verifier"), at=began + 4 * HOUR)
    return case_id


def count(act: Callable[[], HttpResponse]) -> int:
    """Return how many statements an answer takes."""
    with CaptureQueriesContext(connection) as caught:
        assert act().status_code == 200
    print("\n".join(query["sql"][:110] for query in caught))
    return len(caught)


class TestStatements:
    @pytest.mark.parametrize(
        "path",
        [
            "/wall/",
            "/wall/town/330424005/",
            "/wall/figures/",
            "/wall/rows/closed_in_time/",
            "/figures/",
        ],
    )
    def test_at_most_thirteen(self, client_of: Sign, cast: Cast, path: str) -> None:
        closed(cast, "路灯不亮")
        leader = client_of("leader")
        leader.get(path)  # dated rules are kept in the process from here on
        assert count(lambda: leader.get(path)) <= 13


class TestThroughTheDoors:
    """The columns that figures read, on matters that people really moved."""

    def test_one_closed_and_one_waiting(self, cast: Cast) -> None:
        closed(cast, "路灯不亮")
        dispatched(cast, "灯杆斜了")
        scope, at = cast.scope("leader"), clock.now()
        found = {
            v.figure.code: v
            for v in indices.list_values(scope=scope, at=at, area=WANGHAI, month=None)
        }
        counts = {code: (v.numerator, v.denominator) for code, v in found.items()}
        assert counts[FigureCode("filed")] == (2, None)
        assert counts[FigureCode("returned")] == (0, 2)
        assert counts[FigureCode("first_answer")] == (1, 1)
        assert counts[FigureCode("reworked")] == (0, 1)
        assert counts[FigureCode("done_at_once")] == (1, 1)
        left = {one.code: one.count for one in found[FigureCode("first_answer")].left}
        assert left == {"merged": 0, "voided": 0, "waiting": 1}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM first_signed_at - first_dispatched_at),"
                " extract(epoch FROM checked_at - fed_back_at), extended, listed"
                " FROM cases_case_v WHERE title = '路灯不亮'"
            )
            assert cursor.fetchone() == (7200, 3600, False, False)

    def test_a_supervised_matter_is_listed(self, cast: Cast) -> None:
        case_id, _part = dispatched(cast, "路灯不亮")
        cases.move_case(
            case_id,
            move=MoveName("supervise"),
            scope=cast.scope("duty"),
            at=clock.now(),
            detail=Detail(words="请抓紧"),
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT title FROM cases_case_v WHERE listed")
            assert cursor.fetchall() == [("路灯不亮",)]


class TestFigures:
    def test_every_figure_with_its_definition(self, client_of: Sign) -> None:
        said = client_of("leader").get("/wall/figures/").content.decode()
        for words in ("按期结案率", "按期结案 ÷（应结案 − 缓办），本月", "采纳率", "满分线 70%"):
            assert words in said
        assert "议事堂的意见还没有接进来" in said

    @pytest.mark.parametrize(
        ("month", "words"),
        [("juli", "月份写成 2026-06 这样"), ("2026-13", "2026-06"), ("9999-01", "还没到")],
    )
    def test_a_wrong_month_is_told(self, client_of: Sign, month: str, words: str) -> None:
        answer = client_of("leader").get("/wall/figures/", {"month": month})
        assert answer.status_code == 422
        assert words in answer.content.decode() and f'value="{month}"' in answer.content.decode()

    def test_a_past_month_is_another(self, client_of: Sign, cast: Cast) -> None:
        closed(cast, "路灯不亮")
        leader = client_of("leader")
        past = clock.business_date(clock.now()).replace(day=1) - timedelta(days=1)
        rows = leader.get("/wall/rows/done_at_once/").content.decode()
        assert "路灯不亮" in rows
        query = {"month": f"{past:%Y-%m}"}
        assert "路灯不亮" not in leader.get("/wall/rows/done_at_once/", query).content.decode()

    def test_another_county_is_hidden(self, client_of: Sign) -> None:
        for path in ("/wall/figures/", "/wall/rows/closed/"):
            assert client_of("leader").get(path, {"area": "330421003"}).status_code == 404

    def test_a_sensitive_title_is_kept_back(self, client_of: Sign, cast: Cast) -> None:
        case_id, _part = dispatched(cast, "路灯不亮")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET sensitive = TRUE WHERE id = %s", [case_id])
        said = client_of("leader").get("/wall/rows/filed/").content.decode()
        assert "敏感事项" in said and "路灯不亮" not in said


class TestTakingOut:
    def post(self, client: Client, **data: str) -> HttpResponse:
        return client.post("/wall/figures/export/", data)

    def facts(self) -> list[dict[str, object]]:
        area = Ref("registry.area", WANGHAI)
        found = events.list_facts_of(subjects=[area]).get(area, ())
        return [fact.payload for fact in found if fact.name == "indices.figures_exported.v1"]

    def test_the_table_and_the_record(self, client_of: Sign, cast: Cast) -> None:
        closed(cast, "路灯不亮")
        answer = self.post(client_of("leader"), area="330424005")
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        done = next(line for line in lines if line[0] == "一次办结率")
        assert done[3:6] == ["1", "1", "不合理诉求（中心认定） 0"]
        assert len(lines) == 1 + len(indices.all_figures())
        month = f"{clock.business_date(clock.now()):%Y-%m}"
        assert self.facts() == [
            {"area_path": WANGHAI, "month": month, "figure": "", "rows": len(lines) - 1}
        ]

    def test_the_rows_and_the_record(self, client_of: Sign, cast: Cast) -> None:
        closed(cast, "=SUM(A1:A9)路灯")
        dispatched(cast, "灯杆斜了")
        answer = self.post(client_of("leader"), area="330424005", code="filed")
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert sorted(line[1] for line in lines[1:]) == ["'=SUM(A1:A9)路灯", "灯杆斜了"]
        assert [(f["figure"], f["rows"]) for f in self.facts()] == [("filed", 2)]

    @pytest.mark.parametrize(
        ("who", "data", "status"),
        [
            ("leader", {"area": "330421003"}, 404),
            ("leader", {"area": "330424005", "code": "nothing"}, 404),
            ("zongzhi", {"area": "330424005"}, 403),
            ("lu", {"area": "330424005"}, 403),
        ],
    )
    def test_refused_and_nothing_recorded(
        self, client_of: Sign, who: str, data: dict[str, str], status: int
    ) -> None:
        before = events.count_facts()
        assert self.post(client_of(who), **data).status_code == status
        assert events.count_facts() == before

    @pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1"])
    def test_no_cell_is_a_formula(self, cell: str) -> None:
        assert (
            sheets.write([[cell, -1.5, None]])
            .splitlines()[0]
            .lstrip("\ufeff")
            .startswith(("'", "\"'"))
        )


class TestTown:
    def test_what_stands_behind_the_index(self, client_of: Sign, cast: Cast) -> None:
        at = clock.now() - timedelta(days=40)
        what = Raise(
            HAZARD, "通道堆货", "通道堆货", "fire", GRID_3, "patrol", concerns=cast.hengyue.id
        )
        case_id = cases.open_case(what, scope=cast.scope("gu"), at=at).case_id
        cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("js_mei"), at=at)
        parts = [NewPart(cast.unit("330421-fire").id, Role.LEAD)]
        cases.dispatch_case(case_id, parts=parts, scope=cast.scope("js_mei"), at=at)
        part_id = PartId(Part.objects.get(case_id=case_id).pk)
        graded = Detail(grade="major")
        cases.move_part(
            part_id, move=MoveName("sign"), scope=cast.scope("js_fire"), at=at, detail=graded
        )
        while events.deliver_pending(at=clock.now()):
            pass
        said = client_of("js_mei").get("/wall/town/330421003/").content.decode()
        for words in ("惠民街道", "通道堆货", "黄码", "恒岳紧固件有限公司", "条原因", "嘉善县"):
            assert words in said, words
        assert 'href="/wall/town/330421/"' in said
        assert said.count("<rect") == 13  # five components, each on its track; three colours
