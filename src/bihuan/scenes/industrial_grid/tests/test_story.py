"""A blocked fire exit, from a grid worker's report to a matter; then each refusal."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import LONGQUAN_GRID_3, LONGQUAN_GRID_4, Cast, make_cast
from bihuan.kernel.stage import api as stage
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.web.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db

TEXT = "东侧消防通道堆货，人过不去"


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def settle() -> None:
    while events.deliver_pending(at=clock.now()):
        pass


def payload(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "visit_id": str(uuid.uuid4()),
        "finding_id": str(uuid.uuid4()),
        "area_code": LONGQUAN_GRID_3,
        "organisation": str(cast.hengyue.id),
        "domain": "fire",
        "text": TEXT,
        "photos": [],
    } | more


def send(
    cast: Cast, given: dict[str, object], who: str = "gu", command_id: uuid.UUID | None = None
):
    return stage.perform_command(
        "industrial_grid.report_finding",
        given,
        scope=cast.scope(who),
        at=clock.now(),
        command_id=command_id or uuid.uuid4(),
    )


@pytest.mark.article("S3.10")
class TestAReport:
    def test_becomes_one_matter_about_the_firm(self, cast: Cast) -> None:
        send(cast, payload(cast))
        settle()
        case = Case.objects.get()
        assert (case.kind, case.title, case.class_code, case.state, case.source) == (
            "hazard",
            TEXT,
            "fire",
            "reported",
            "patrol",
        )
        assert case.concerns == cast.hengyue.id
        assert case.due_at > case.raised_at

    def test_sent_twice_by_the_phone_is_one(self, cast: Cast) -> None:
        given, command_id = payload(cast), uuid.uuid4()
        first = send(cast, given, command_id=command_id)
        again = send(cast, given, command_id=command_id)
        other_id = send(cast, given)
        settle()
        assert (again.answer, again.repeated) == (first.answer, True)
        assert other_id.answer == first.answer
        assert (Case.objects.count(), fieldwork.count_visits()) == (1, 1)

    def test_through_the_page_without_script(self, cast: Cast) -> None:
        gu = sign_in(Client(), cast.account("gu"))
        page = gu.get(reverse("industrial_grid:report")).content.decode()
        assert "恒岳紧固件有限公司" in page
        assert "永昕" not in page
        answer = gu.post(
            reverse("industrial_grid:report"),
            {
                "text": TEXT,
                "domain": "fire",
                "organisation": str(cast.hengyue.id),
                "visit_id": str(uuid.uuid4()),
                "finding_id": str(uuid.uuid4()),
                "command_id": str(uuid.uuid4()),
            },
        )
        assert answer.status_code == 303
        settle()
        assert Case.objects.get().concerns == cast.hengyue.id

    def test_a_phone_clock_three_days_off_moves_no_deadline(self, cast: Cast) -> None:
        send(cast, payload(cast, claimed_at="2020-06-15T00:00:00+08:00"))
        settle()
        case = Case.objects.get()
        assert (case.claimed_at.year, case.claimed_at.month) == (2020, 6)
        assert (clock.now() - case.raised_at).total_seconds() < 60
        desk = sign_in(Client(), cast.account("js_mei"))
        page = desk.get(reverse("officer:matter", args=[case.pk])).content.decode()
        assert "手机上的时间是" in page and "以上面中心收到的时间为准" in page


class TestRefusals:
    def _nothing(self) -> None:
        settle()
        assert (Case.objects.count(), fieldwork.count_visits()) == (0, 0)

    def test_another_grid(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            send(cast, payload(cast, area_code=LONGQUAN_GRID_4))
        self._nothing()

    def test_somebody_who_does_not_patrol(self, cast: Cast) -> None:
        for who in ("lu", "mei", "shen", "leader"):
            with pytest.raises(NotAllowed):
                send(cast, payload(cast), who=who)
        self._nothing()

    @pytest.mark.parametrize(
        "change",
        [
            {"text": " "},
            {"domain": "order"},
            {"visit_id": "x"},
            {"area_code": "1"},
            {"photos": ["0" * 64]},
            {"photos": "x"},
            {"longitude": "east"},
        ],
    )
    def test_what_does_not_hold(self, cast: Cast, change: dict[str, object]) -> None:
        with pytest.raises(Refused) as refused:
            send(cast, payload(cast, **change))
        assert re.search("[\u4e00-\u9fff]", refused.value.spoken())
        self._nothing()

    def test_an_unknown_command(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            stage.perform_command(
                "nobody.knows", {}, scope=cast.scope("gu"), at=clock.now(), command_id=uuid.uuid4()
            )


class TestTheLaw:
    def test_a_patrol_cannot_order_by_the_database(self, cast: Cast) -> None:
        send(cast, payload(cast))
        sql = (
            "INSERT INTO fieldwork_finding"
            " (id, visit_id, domain, text, effect, looks_major, place, photos)"
            " SELECT gen_random_uuid(), id, 'fire', 'x', %s, false, '', '{}' FROM fieldwork_visit"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, ["report"])  # the control: the same statement with a lawful word
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, ["order"])

    def test_its_words_never_speak_of_inspection_or_orders(self) -> None:
        folder = Path(__file__).parents[1]
        files = [*folder.rglob("*.html"), *folder.rglob("*.po")]
        assert len(files) >= 2
        for path in files:
            words = path.read_text("utf-8")
            assert not re.search("检查|责令|处罚|inspect", words), path
