"""A firm's code turns yellow with a reason and back to green by a check on the spot."""

from __future__ import annotations

import io
import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case, Part
from bihuan.kernel.affairs.cases.types import HAZARD, CaseId, Raise
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath, organisation_ref
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.codes import api as codes
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

pytestmark = pytest.mark.django_db
GRID_3 = AreaPath("3304/330421/330421003/330421003E01/330421003E01003/")


@pytest.fixture
def cast() -> Cast:
    made = make_cast(at=clock.now())
    settle()
    return made


def settle(at: datetime | None = None) -> None:
    while events.deliver_pending(at=at or clock.now()):
        pass
    assert events.count_deliveries(state="dead") == 0
    assert events.count_deliveries(state="pending") == 0


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def client_of(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def post(client: Client, name: str, *keys: object, **data: object):
    return client.post(reverse(name, args=keys), {"command_id": str(uuid.uuid4()), **data})


def standing(cast: Cast):
    return codes.get_standing(organisation_ref(cast.hengyue.id))


def hazard(cast: Cast) -> CaseId:
    what = Raise(
        kind=HAZARD,
        title="东侧消防通道堆货",
        text="",
        class_code="fire",
        area_path=GRID_3,
        source="patrol",
        concerns=cast.hengyue.id,
    )
    return cases.open_case(what, scope=cast.scope("gu"), at=clock.now()).case_id


def dispatched(cast: Cast) -> tuple[CaseId, int]:
    case_id = hazard(cast)
    mei = client_of(cast, "js_mei")
    post(mei, "cases:move", case_id, "file")
    post(mei, "cases:dispatch", case_id, lead=cast.unit("330421-fire").id)
    return case_id, Part.objects.get().pk


def test_from_green_to_yellow_and_back(cast: Cast) -> None:
    assert standing(cast).colour == "green"
    case_id, part_id = dispatched(cast)
    settle()
    assert standing(cast).score == 100, "a bare report moves no code"

    signed = post(client_of(cast, "js_fire"), "cases:move_part", part_id, "sign", grade="major")
    assert signed.status_code == 303
    settle()
    assert (standing(cast).colour, standing(cast).score) == ("yellow", 75)
    decision = standards.get_decision(standing(cast).decision_id)
    assert [(r.code, r.points) for r in decision.reasons] == [("hazard_major", -25.0)]
    assert standards.replay(decision.id).same

    shen = client_of(cast, "shen")
    page = shen.get(reverse("enterprise:home")).content.decode()
    for words in ("黄码，75 分", "东侧消防通道堆货", "−25", "+25", "不影响资质"):
        assert words in page, words
    assert post(shen, "cases:move_part", part_id, "say_done", photos=[photo()]).status_code == 303
    settle()
    assert standing(cast).colour == "yellow", "a photo alone brings nothing back"

    seen = post(client_of(cast, "gu"), "cases:verify", case_id, on_the_spot="on", cleared="yes")
    assert seen.status_code == 303
    settle()
    assert (standing(cast).colour, standing(cast).score) == ("green", 100)
    assert Case.objects.get().state == "closed"


def test_the_public_sees_the_colour_only_by_the_firms_own_code(cast: Cast) -> None:
    shen, anybody = client_of(cast, "shen"), Client()
    shown = shen.get(reverse("safe_enterprise:show_code", args=[cast.hengyue.id])).content.decode()
    link = re.findall(r'id="code-link" href="http://testserver(/c/[^"]+)"', shown)[0]
    page = anybody.get(link).content.decode()
    assert "真实有效" in page and "绿码" in page
    code_id = codes.find_code("safe", organisation_ref(cast.hengyue.id))
    printed = anybody.get(reverse("check_code", args=[codes.code_text(code_id)])).content.decode()
    assert "真实有效" in printed and "绿码" not in printed
    forged = anybody.get(link[:-3] + "xx/")
    assert forged.status_code == 404
    assert "不是我们的码" in forged.content.decode()


def test_another_firm_sees_neither_code_nor_matter(cast: Cast) -> None:
    dispatched(cast)
    lu = client_of(cast, "lu")
    assert lu.get(reverse("enterprise:home")).status_code == 403
    answer = lu.get(reverse("safe_enterprise:show_code", args=[cast.hengyue.id]))
    assert answer.status_code == 403
    shen = client_of(cast, "shen")
    assert shen.get(reverse("safe_enterprise:show_code", args=[cast.yongxin.id])).status_code == 404


def test_a_failed_check_leaves_it_yellow(cast: Cast) -> None:
    case_id, part_id = dispatched(cast)
    post(client_of(cast, "js_fire"), "cases:move_part", part_id, "sign", grade="major")
    post(client_of(cast, "shen"), "cases:move_part", part_id, "say_done", photos=[photo()])
    gu = client_of(cast, "gu")
    post(gu, "cases:verify", case_id, on_the_spot="on", cleared="no", words="还堵着")
    settle()
    assert standing(cast).colour == "yellow"
    assert Part.objects.get().state == "rework"


def test_a_date_that_passes_moves_the_code_too(cast: Cast) -> None:
    _case_id, part_id = dispatched(cast)
    post(client_of(cast, "js_fire"), "cases:move_part", part_id, "sign", grade="major")
    settle()
    assert standing(cast).score == 75
    due = Part.objects.get().due_at
    assert due is not None
    before, after = due - timedelta(minutes=1), due + timedelta(minutes=1)
    clocks.fire_due_rungs(at=before)
    settle(before)
    assert standing(cast).score == 75, "not a minute before its date"
    clocks.fire_due_rungs(at=after)
    settle(after)
    assert (standing(cast).colour, standing(cast).score) == ("yellow", 65)
    decision = standards.get_decision(standing(cast).decision_id)
    assert [r.code for r in decision.reasons] == ["hazard_major_overdue"]


def test_the_reasons_are_those_of_today_also_when_the_score_is_the_same(cast: Cast) -> None:
    first, part_id = dispatched(cast)
    post(client_of(cast, "js_fire"), "cases:move_part", part_id, "sign", grade="major")
    settle()
    second = hazard(cast)
    mei = client_of(cast, "js_mei")
    post(mei, "cases:move", second, "file")
    post(mei, "cases:dispatch", second, lead=cast.unit("330421-fire").id)
    post(client_of(cast, "shen"), "cases:move_part", part_id, "say_done", photos=[photo()])
    gu = client_of(cast, "gu")
    post(gu, "cases:verify", first, on_the_spot="on", cleared="yes")
    other = Part.objects.get(case_id=second).pk
    post(client_of(cast, "js_fire"), "cases:move_part", other, "sign", grade="major")
    settle()
    assert standing(cast).score == 75
    reasons = standards.get_decision(standing(cast).decision_id).reasons
    assert [reason.evidence.key for reason in reasons] == [str(second)]
