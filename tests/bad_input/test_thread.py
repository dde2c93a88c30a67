"""Bad input along the thread, over HTTP: words in both languages, nothing written, no fact."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case, EntryRow, Part
from bihuan.kernel.affairs.cases.types import NewPart, PartId, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.models import FactRow
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import (
    LONGQUAN_GRID_3,
    XINXING,
    Cast,
    cast_scope,
    invented_id_number,
    make_cast,
)
from bihuan.kernel.ground.registry.types import organisation_ref
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import MAY_ISSUE
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.web.errors import Refused
from bihuan.scenes.safe_enterprise.operations import KIND
from tests.matrix.world import Walk

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en")
QUICKER = [("zh-hans", "有人先办了"), ("en", "Somebody was quicker")]
SENTENCE = "秦山路路灯三盏不亮，晚上看不清路。"


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def _client(cast: Cast, who: str, language: str = "zh-hans") -> Client:
    client = sign_in(Client(), cast.account(who))
    client.cookies["django_language"] = language
    return client


@contextmanager
def _nothing_written() -> Iterator[None]:
    before = _stands()
    yield
    assert _stands() == before


def _stands() -> tuple[Any, ...]:
    moved = tuple(Case.objects.order_by("pk").values_list("pk", "state", "version"))
    parts = tuple(Part.objects.order_by("pk").values_list("pk", "state"))
    return FactRow.objects.count(), EntryRow.objects.count(), moved, parts


def _says(answer: HttpResponse, status: int, words: str) -> None:
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [*zip(LANGUAGES, ("有一位写错了：按其余各位，最后一位应是", "the last must be"), strict=True)],
)
def test_an_id_number_with_a_wrong_last_character(language: str, words: str) -> None:
    right = invented_id_number(77)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    with translation.override(language), _nothing_written():
        with pytest.raises(Refused) as refused:
            registry.register_person(
                name="卞晓",
                phone="13900000077",
                id_number=wrong,
                area_code=XINXING,
                account_id=None,
                scope=cast_scope(),
                at=clock.now(),
            )
        assert words in refused.value.spoken()
        assert right[-1] in refused.value.spoken()


class TestTheSameForm:
    @pytest.mark.parametrize(
        ("language", "words"), [*zip(LANGUAGES, ("别的内容", "other contents"), strict=True)]
    )
    def test_with_other_contents_under_the_same_id(self, language: str, words: str) -> None:
        client, given = Client(), {"area": "330424005", "command_id": str(uuid.uuid4())}
        client.cookies["django_language"] = language
        address = reverse("appeals:report")
        first = client.post(address, {**given, "text": SENTENCE})
        assert first.status_code == 303
        with _nothing_written():
            other = client.post(address, {**given, "text": SENTENCE + "还有两盏也不亮。"})
            _says(other, 422, words)
            assert "还有两盏也不亮" in other.content.decode()
            again = client.post(address, {**given, "text": SENTENCE})
            assert (again.status_code, again["Location"]) == (303, first["Location"])

    @pytest.mark.parametrize(
        ("language", "words"),
        [*zip(LANGUAGES, ("有人先办了", "Somebody was quicker"), strict=True)],
    )
    def test_from_a_second_tab(self, cast: Cast, language: str, words: str) -> None:
        walk, client = Walk(cast, SENTENCE), _client(cast, "duty", language)
        address = reverse("cases:move", args=[walk.id, "void"])
        given = {"reason": "重复登记，前一件已在办"}
        assert client.get(address).status_code == 200
        first = client.post(address, {**given, "command_id": str(uuid.uuid4())})
        assert first.status_code == 303
        with _nothing_written():
            second = client.post(address, {**given, "command_id": str(uuid.uuid4())})
            _says(second, 409, words)
            assert given["reason"] in second.content.decode()


@pytest.mark.parametrize(("language", "words"), QUICKER)
def test_a_step_that_is_not_open(cast: Cast, language: str, words: str) -> None:
    walk, client = Walk(cast, SENTENCE), _client(cast, "verifier", language)
    address = reverse("cases:verify", args=[walk.id])
    given = {"on_the_spot": "on", "cleared": "yes", "words": "现场已看", "visit_id": uuid.uuid4()}
    with _nothing_written():
        _says(client.get(address), 409, words)
        _says(client.post(address, {**given, "command_id": str(uuid.uuid4())}), 409, words)
        _says(client.post(address, {"words": "现场已看"}), 409, words)


@pytest.mark.parametrize(
    ("language", "words"), [*zip(LANGUAGES, ("别的单位承办", "another unit"), strict=True)]
)
def test_an_act_for_another_unit(cast: Cast, language: str, words: str) -> None:
    walk = Walk(cast, SENTENCE)
    walk.file()
    lead, helper = (cast.unit(f"330424-{name}").id for name in ("zongzhi", "fire"))
    parts = [NewPart(lead, Role.LEAD), NewPart(helper, Role.CO_HANDLER)]
    cases.dispatch_case(walk.id, parts=parts, scope=cast.scope("mei"), at=walk.at)
    theirs = PartId(Part.objects.get(case_id=walk.id, unit_id=lead).pk)
    client = _client(cast, "fire", language)
    with _nothing_written():
        for move, given in (("sign", {"x": "1"}), ("feed_back", {}), ("return", {"x": "1"})):
            address = reverse("cases:move_part", args=[theirs, move])
            answer = client.post(address, given)
            assert answer.status_code in {403, 409}, move
            if move == "sign":
                _says(answer, 403, words)
                _says(client.get(address), 403, words)
        stranger = _client(cast, "wrong", language)
        assert stranger.post(reverse("cases:move_part", args=[theirs, "sign"])).status_code == 404


@pytest.mark.parametrize("days", [-3, 3])
def test_a_phone_whose_clock_is_three_days_off(cast: Cast, days: int) -> None:
    claimed, now = clock.now() + timedelta(days=days), clock.now()
    _phone(cast, claimed_at=claimed.isoformat())
    while events.deliver_pending(at=clock.now()):
        pass
    case = Case.objects.get()
    assert case.claimed_at == claimed
    assert now <= case.raised_at <= clock.now()
    assert case.due_at > clock.now()


def _phone(cast: Cast, language: str = "zh-hans", **more: Any) -> dict[str, Any]:
    payload = {
        "visit_id": str(uuid.uuid4()),
        "finding_id": str(uuid.uuid4()),
        "area_code": LONGQUAN_GRID_3,
        "domain": "fire",
        "text": "东侧消防通道堆货",
        "photos": [],
        **more,
    }
    name = "industrial_grid.report_finding"
    command = {"command_id": str(uuid.uuid4()), "name": name, "payload": payload}
    body = {"account": cast.members["gu"].account_id, "commands": [command]}
    answer = _client(cast, "gu", language).post(
        "/field/sync/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200
    return dict(answer.json()["answers"][0])


FORGED = ("这不是我们的码", "This is no code of ours")
OLD = ("这个码过时了", "This code is too old")
WITHDRAWN = ("这个码已收回", "This code was withdrawn")


def test_a_code_that_is_forged_old_a_screenshot_or_withdrawn(cast: Cast) -> None:
    code = codes.find_code(KIND, organisation_ref(cast.hengyue.id))
    scope = registry.system_scope("test", [MAY_ISSUE])
    if code is None:
        subject = organisation_ref(cast.hengyue.id)
        code = codes.issue_code(KIND, subject=subject, scope=scope, at=clock.now())
    printed = codes.code_text(code)
    forged = printed[:-4] + ("AAAA" if printed[-4:] != "AAAA" else "BBBB")
    now = clock.now()
    screenshot = codes.code_text(code, at=now - timedelta(seconds=90))
    old = codes.code_text(code, at=now - timedelta(days=400))
    fresh = codes.code_text(code, at=now)
    _check(printed, 200, ("真实有效", "Genuine and valid"))
    _check(fresh, 200, ("真实有效", "Genuine and valid"))
    _check(forged, 404, FORGED)
    _check("BH1-forged", 404, FORGED)
    _check(screenshot, 404, OLD)
    _check(old, 404, OLD)
    codes.revoke_code(code, scope=scope, at=clock.now())
    _check(printed, 404, WITHDRAWN)


def _check(text: str, status: int, said: tuple[str, str]) -> None:
    for language, words in zip(LANGUAGES, said, strict=True):
        client = Client()
        client.cookies["django_language"] = language
        _says(client.get(reverse("check_code", args=[text])), status, words)
