"""The duty of the hall through its page: taking it, the log, an instruction, the hand-over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, Opened, Raise
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

DUTY = "/desk/duty/"
XINXING = AreaPath("3304/330424/330424005/330424005004/")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def client(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def raised(cast: Cast, title: str, code: str = "noise", days: int = 0) -> Opened:
    at = clock.now() - timedelta(days=days)
    what = Raise(APPEAL, title, title, code, XINXING, "phone")
    return cases.open_case(what, scope=cast.scope("lu"), at=at)


def log(cast: Cast) -> tuple[str, ...]:
    today = clock.business_date(clock.now())
    return tuple(line.words for line in fieldwork.duty_log(scope=cast.scope("duty"), day=today))


def test_from_taking_the_duty_to_the_next_person(cast: Cast) -> None:
    raised(cast, "长川坝停水", "water_supply")
    raised(cast, "夜里施工", days=30)
    raised(cast, "刚报的噪声")
    duty, tao, mei = (client(cast, who) for who in ("duty", "tao", "mei"))
    assert "现在没人值班" in duty.get(DUTY).text
    assert duty.post(f"{DUTY}take/").status_code == 303
    page = duty.get(DUTY).text
    for words in ("紧急 · 1", "逾期 · 1", "还没派出去 · 1", "长川坝停水", "夜里施工", "刚报的噪声"):
        assert words in page
    given = {"kind": "call", "words": "水管爆裂，水务已出发", "detail": "来电 13800138000"}
    assert duty.post(f"{DUTY}write/", given).status_code == 303
    assert "来电 13800138000" in duty.get(DUTY).text
    offer = {"to": str(cast.members["tao"].person_id), "notes": "看一眼水位"}
    assert duty.post(f"{DUTY}offer/", offer).status_code == 303
    assert "您的交班还没人接" in duty.get("/desk/").text
    assert "有人向您交班" in tao.get("/desk/").text
    assert "交班" not in mei.get("/desk/").text.split("<main")[1]
    waiting = tao.get(DUTY).text
    assert "看一眼水位" in waiting
    assert "长川坝停水" in waiting
    handover = fieldwork.find_handover(scope=cast.scope("tao"))
    assert handover is not None
    assert mei.post(f"{DUTY}accept/", {"handover": handover.id}).status_code == 403
    assert tao.post(f"{DUTY}accept/", {"handover": handover.id}).status_code == 303
    shift = fieldwork.find_shift(scope=cast.scope("duty"))
    assert shift is not None
    assert shift.person_id == cast.members["tao"].person_id
    assert "有人向您交班" not in tao.get("/desk/").text


def test_an_instruction_becomes_a_supervision(cast: Cast) -> None:
    opened = raised(cast, "长川坝停水", "water_supply")
    duty = client(cast, "duty")
    duty.post(f"{DUTY}take/")
    duty.post(f"{DUTY}write/", {"kind": "instruction", "words": "今晚恢复供水"})
    today = clock.business_date(clock.now())
    (line,) = fieldwork.duty_log(scope=cast.scope("duty"), day=today)
    given = {"of": line.id, "number": "HY-0000-00000", "words": "今晚恢复供水"}
    assert duty.post(f"{DUTY}supervise/", given).status_code == 404
    assert log(cast) == ("今晚恢复供水",)
    assert duty.post(f"{DUTY}supervise/", given | {"number": opened.number}).status_code == 303
    view = cases.get_case(opened.case_id, scope=cast.scope("duty"))
    assert view.watched is not None
    assert view.watched.words == "今晚恢复供水"
    page = duty.get(DUTY).text
    assert "按批示督办" in page
    assert "转为督办" not in page
    again = duty.post(f"{DUTY}supervise/", given | {"number": opened.number})
    assert again.status_code in {403, 422}
    assert len(log(cast)) == 2


def test_what_is_wrong_is_told_and_what_was_typed_stays(cast: Cast) -> None:
    duty = client(cast, "duty")
    duty.post(f"{DUTY}take/")
    wrong = {"kind": "incident", "words": "请回电 13800138000", "detail": "很长的详情"}
    answer = duty.post(f"{DUTY}write/", wrong)
    assert answer.status_code == 422
    assert "这句话会上大屏" in answer.text
    assert "很长的详情" in answer.text
    assert duty.post(f"{DUTY}offer/", {"to": "x", "notes": "交代"}).status_code == 422
    me = str(cast.members["duty"].person_id)
    assert "不能交给自己" in duty.post(f"{DUTY}offer/", {"to": me}).text
    assert duty.post(f"{DUTY}nothing/").status_code == 404
    assert log(cast) == ()


def test_a_correction_strikes_the_line_and_keeps_it(cast: Cast) -> None:
    duty = client(cast, "duty")
    duty.post(f"{DUTY}take/")
    duty.post(f"{DUTY}write/", {"kind": "note", "words": "城西路停电"})
    today = clock.business_date(clock.now())
    (line,) = fieldwork.duty_log(scope=cast.scope("duty"), day=today)
    duty.post(f"{DUTY}correct/", {"of": line.id, "words": "是城东路"})
    page = duty.get(DUTY).text
    assert "<s>城西路停电</s>" in page
    assert "针对：城西路停电" in page


def test_who_reads_and_who_does_not(cast: Cast) -> None:
    client(cast, "duty").post(f"{DUTY}take/")
    fieldwork_line = {"kind": "note", "words": "平安"}
    client(cast, "duty").post(f"{DUTY}write/", fieldwork_line)
    for who in ("leader", "auditor"):
        said = client(cast, who).get(DUTY).text
        assert "平安" in said
        assert "记一条" not in said
        assert client(cast, who).post(f"{DUTY}take/").status_code == 403
    assert "平安" not in client(cast, "js_mei").get(DUTY).text
    for who in ("zongzhi", "lu"):
        assert client(cast, who).get(DUTY).status_code == 403
    assert "平安" not in client(cast, "leader").get(DUTY, {"day": "2026-01-01"}).text
    assert client(cast, "leader").get(DUTY, {"day": "x"}).status_code == 200
