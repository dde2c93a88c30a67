"""Reads without a line: 0. Every role tries every way to a clear value; the log must have each.

The readers of the registry are watched beneath the room that keeps the log. The control drops one
call of the log and must be noticed. The canaries are the phones and identity numbers of the whole
cast: they stand in no table, page, fact, log or stored answer, only in the answer that reveals.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter

import pytest
from django.test import Client

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, CaseId, Raise
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.types import SHOWN, LookFilter
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import REACH_PEOPLE, AreaPath, PurposeCode, person_ref
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_SEND, SMS
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from tests.trust.test_notices_canary import FILE, XINXING, found_in, tables

pytestmark = pytest.mark.trust

WAYS = ("handling:phone", "identity:id_number", "survey:phone", "errand:id_number")
IN_DANGER = "emergency:phone"
WHY = "回访核实工地是否停工"
Reads = Counter[tuple[uuid.UUID, str]]


@pytest.fixture
def cast(db: None, settings, tmp_path) -> Cast:
    settings.BIHUAN_CHANNELS = {SMS: FILE}
    settings.BIHUAN_OUTBOX = tmp_path / "outbox.jsonl"
    return make_cast(at=clock.now())


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Watch the two doors through which a clear value leaves the registry."""
    seen: Reads = Counter()
    opened, reached = registry.open_identifier, registry.find_phone_to_reach

    def watch_opened(person_id, field, *, scope):
        value = opened(person_id, field, scope=scope)
        seen[person_id, field.value] += bool(value)
        return value

    def watch_reached(person_id, *, scope):
        value = reached(person_id, scope=scope)
        seen[person_id, "phone"] += bool(value)
        return value

    monkeypatch.setattr(registry, "open_identifier", watch_opened)
    monkeypatch.setattr(registry, "find_phone_to_reach", watch_reached)
    return seen


def lines() -> Reads:
    """Return what the log says was read, by everybody who may audit all counties."""
    from bihuan.kernel.ground.privacy.models import Look

    rows = Look.objects.filter(kind__in=[kind.value for kind in SHOWN])
    return Counter(rows.values_list("person_id", "field"))


def raised(cast: Cast) -> CaseId:
    lu = cast.scope("lu")
    assert lu.person_id is not None
    words, path = "城西路工地夜里还在施工", AreaPath(XINXING)
    what = Raise(APPEAL, words, words, "noise", path, "phone", raised_by=person_ref(lu.person_id))
    return cases.open_case(what, scope=lu, at=clock.now()).case_id


def try_all(cast: Cast, case_id: CaseId) -> tuple[list[str], list[str]]:
    """Let every member try every way; return the pages that reveal, and all other pages."""
    lu = cast.members["lu"].person_id
    scope, now = cast.scope("lu"), clock.now()
    privacy.give_consent(PurposeCode("survey"), person_id=lu, version=1, scope=scope, at=now)
    revealing, others = [], []
    for who in cast.members:
        client = sign_in(Client(), cast.account(who))
        for what in (*WAYS, IN_DANGER):
            given = {"what": what, "reason": WHY, "command_id": str(uuid.uuid4())}
            answer = client.post(f"/desk/matter/{case_id}/number/", given)
            (revealing if answer.status_code == 200 else others).append(answer.text)
        paths = (f"/desk/matter/{case_id}/", "/desk/?tray=all", "/desk/looks/", "/privacy/")
        others += [client.get(path).text for path in paths]
    return revealing, others


def tell(cast: Cast) -> None:
    while events.deliver_pending(at=clock.now()):
        pass
    scope = registry.system_scope("test", (MAY_SEND, REACH_PEOPLE))
    notices.send_pending(scope=scope, at=clock.now())
    lu = cast.members["lu"].person_id
    privacy.find_phone_to_reach(lu, scope=scope, at=clock.now())


def test_no_read_without_a_line_and_no_value_anywhere(
    cast: Cast, reads: Reads, caplog: pytest.LogCaptureFixture
) -> None:
    case_id = raised(cast)
    with caplog.at_level(logging.DEBUG):
        revealing, others = try_all(cast, case_id)
        tell(cast)
        auditor = sign_in(Client(), cast.account("auditor"))
        others.append(auditor.post("/desk/looks/export/", {"reason": "合规检查"}).text)
    tried = len(cast.members) * (len(WAYS) + 1)
    print(f"log completeness | {tried} tries | {sum(reads.values())} reads | 0 without a line")
    assert len(revealing) >= 8
    assert sum(reads.values()) >= len(revealing) + 1
    assert reads == lines()
    assert len(found_in(revealing, cast)) == len(revealing)  # the control: there it is
    assert len(others) > 100
    assert found_in([*tables(), *others, caplog.text], cast) == []


def test_one_dropped_line_is_noticed(
    cast: Cast, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bihuan.kernel.ground.privacy.models import Look

    case_id, tao = raised(cast), sign_in(Client(), cast.account("tao"))
    plain, calls = Look.save, []

    def save(row: Look, **options: object) -> None:
        calls.append(row)
        if len(calls) != 2:
            plain(row, **options)

    monkeypatch.setattr(Look, "save", save)
    for _n in range(3):
        given = {"what": WAYS[0], "reason": WHY, "command_id": str(uuid.uuid4())}
        assert tao.post(f"/desk/matter/{case_id}/number/", given).status_code == 200
    assert (sum(reads.values()), sum(lines().values())) == (3, 2)
    assert reads != lines()


def test_a_value_in_the_log_would_be_found(cast: Cast) -> None:
    from bihuan.kernel.ground.privacy.models import Look

    lu = cast.members["lu"]
    Look.objects.create(
        kind="refused",
        refusal="number",
        person_id=lu.person_id,
        asker_id=lu.person_id,
        field="phone",
        reason=f"请打{lu.phone}",
        county="330424",
        at=clock.now(),
    )
    assert len(found_in(tables(), cast)) == 1
    (row,) = privacy.list_looks(LookFilter(), scope=cast.scope("auditor")).rows
    assert found_in([row.reason], cast) == [row.reason]
