"""Questions of others: only what a reviewer released, masked, searchable, the same in each form."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case, Part
from bihuan.kernel.affairs.cases.types import CaseId, Detail, MoveName, NewPart, PartId, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotAllowed
from bihuan.scenes.appeals import operations
from bihuan.scenes.appeals.models import PublicWords
from bihuan.scenes.appeals.open311 import releasing
from bihuan.scenes.appeals.open311.asking import UnableToAsk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now() - timedelta(days=30))


def closed(cast: Cast, words: str, answer: str) -> CaseId:
    """Bring an appeal of LU's to a passed check; she raised it three days ago."""
    at = clock.now() - timedelta(days=3)
    said = operations.Report(words, "330424005", class_code="street_lamp")
    case_id = operations.report(said, scope=cast.scope("lu"), at=at).case_id
    cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("mei"), at=at)
    lead = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    cases.dispatch_case(case_id, parts=lead, scope=cast.scope("mei"), at=at)
    part_id = PartId(Part.objects.get(case_id=case_id).pk)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (len(words), 9, 9)).save(out, "JPEG")
    photo = store.receive_photo(io.BytesIO(out.getvalue()), at=at)
    done = Detail(words=answer, photos=(photo,))
    zongzhi = cast.scope("zongzhi")
    cases.move_part(part_id, move=MoveName("feed_back"), scope=zongzhi, at=at, detail=done)
    seen = cases.Check(visit_id=uuid.uuid4(), cleared=True)
    cases.verify_case(case_id, seen, scope=cast.scope("verifier"), at=clock.now())
    return case_id


def shown(path: str = "") -> str:
    return Client().get(f"/appeals/asked/{path}").content.decode()


def test_only_what_was_released_with_its_answer(cast: Cast) -> None:
    lamp = closed(cast, "秦山路路灯三盏不亮", "换了三盏灯，已经亮了")
    other = closed(cast, "小区门口路灯杆歪了", "扶正了")
    tao, at = cast.scope("tao"), clock.now()
    assert "秦山路" not in shown()
    releasing.release(other, "路灯杆歪了", scope=tao, at=at)  # the question alone
    assert "路灯杆" not in shown()
    releasing.release(lamp, "秦山路路灯三盏不亮", "换了三盏灯，已经亮了", scope=tao, at=at)
    said = shown()
    for words in ("秦山路路灯三盏不亮", "换了三盏灯，已经亮了", "用时 3 天", "路灯"):
        assert words in said
    assert '<span id="count">1</span>' in said
    releasing.release(lamp, "", scope=tao, at=at)
    assert "秦山路" not in shown()


def test_search_and_filters(cast: Cast) -> None:
    lamp = closed(cast, "秦山路路灯三盏不亮", "换了三盏灯")
    releasing.release(
        lamp, "秦山路路灯三盏不亮", "换了三盏灯", scope=cast.scope("tao"), at=clock.now()
    )
    found = {
        "": 1, "?q=路灯": 1, "?q=换了": 1, "?q=井盖": 0, "?q=%25": 0, "?class=street_lamp": 1,
        "?class=noise": 0, "?area=330424": 1, "?area=330424005": 1, "?area=330421": 0,
        "?area=x": 0, "?page=99": 1, "?page=x": 1, f"?q={Case.objects.get(pk=lamp).number}": 1,
    }  # fmt: skip
    for query, count in found.items():
        assert f'<span id="count">{count}</span>' in shown(query), query
        rows = json.loads(Client().get(f"/appeals/asked/open.json{query}").content)["rows"]
        assert len(rows) == count, query


def test_each_form_says_the_same(cast: Cast) -> None:
    lamp = closed(cast, "路灯不亮", "换了")
    releasing.release(lamp, "=路灯不亮", "换了", scope=cast.scope("tao"), at=clock.now())
    told = json.loads(Client().get("/appeals/asked/open.json").content)
    (row,) = told["rows"]
    assert (row["question"], row["answer"], row["days"]) == ("=路灯不亮", "换了", 3.0)
    assert "as_of" in told and set(row) >= {"raised_at", "closed_at", "rating"}
    file = Client().get("/appeals/asked/open.csv").content.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(file))
    assert line["question"] == "'=路灯不亮" and line["number"] == row["number"]


def test_what_a_reviewer_may_not(cast: Cast) -> None:
    lamp = closed(cast, "路灯不亮", "换了，电话13900000101")
    before = events.count_facts()
    tao, at = cast.scope("tao"), clock.now()
    with pytest.raises(UnableToAsk):
        releasing.release(lamp, "路灯不亮", "换了，电话13900000101", scope=tao, at=at)
    with pytest.raises(NotAllowed):
        releasing.release(lamp, "路灯不亮", "换了", scope=cast.scope("leader"), at=at)
    said = operations.Report("井盖响", "330424005", class_code="street_lamp")
    open_one = operations.report(said, scope=cast.scope("lu"), at=at).case_id
    opened = events.count_facts()
    with pytest.raises(UnableToAsk):
        releasing.release(open_one, "井盖响", "还没办", scope=tao, at=at)
    assert events.count_facts() == opened > before
    assert PublicWords.objects.count() == 0


def test_the_panel_offers_a_masked_answer(cast: Cast) -> None:
    lamp = closed(cast, "路灯不亮", "换了，有事打13900000101")
    tao = sign_in(Client(), cast.account("tao"))
    page = tao.get(f"/desk/matter/{lamp}/").content.decode()
    assert 'name="answer"' in page and "换了，有事打***" in page


def test_a_sensitive_one_is_gone_at_once(cast: Cast) -> None:
    lamp = closed(cast, "路灯不亮", "换了")
    releasing.release(lamp, "路灯不亮", "换了", scope=cast.scope("tao"), at=clock.now())
    Case.objects.filter(pk=lamp).update(sensitive=True)
    assert "路灯不亮" not in shown()
