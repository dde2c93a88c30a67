"""People at the same moment: one wins, the others are told so (goal sheet 7).

Each race is run with the lock or key that decides it, and as a control without it.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.operations import reading
from bihuan.kernel.affairs.cases.testing import EntryRow
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.registry import web as registry_web
from bihuan.kernel.ground.registry.testing import LONGQUAN_GRID_3, Cast, make_cast
from bihuan.kernel.stage import steps
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.web.commands import Performed, Sent
from bihuan.scenes.appeals.steps import holding
from tests.matrix.world import Walk
from tests.trust import report

pytestmark = [pytest.mark.trust, pytest.mark.django_db(transaction=True)]

SENDERS, TRIALS, CONTROL_TRIALS = 4, (100 if report.is_full() else 3), 2
Send = Callable[[Client], HttpResponse]
Race = Callable[[Cast, int], tuple[list[Client], Send, Callable[[list[HttpResponse]], bool]]]
NOW_AT_ONE = Counter({409: SENDERS - 1, 303: 1})


def _at_once(clients: list[Client], send: Send) -> list[HttpResponse]:
    gate, answers = threading.Barrier(len(clients)), []

    def act(client: Client) -> None:
        try:
            gate.wait(10)
            answers.append(send(client))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _clients(cast: Cast, who: str = "") -> list[Client]:
    blank = (Client(raise_request_exception=False) for _ in range(SENDERS))
    return [sign_in(client, cast.account(who)) if who else client for client in blank]


def _lines(walk: Walk, *moves: str) -> int:
    return EntryRow.objects.filter(case_id=walk.id, move__in=moves).count()


def _one_wins(answers: list[HttpResponse]) -> bool:
    """Return whether one got through and all others were told in words that they came late."""
    late = [a.content.decode() for a in answers if a.status_code == 409]
    return Counter(a.status_code for a in answers) == NOW_AT_ONE and all("已" in t for t in late)


def _dispatch(cast: Cast, trial: int) -> Any:
    walk = Walk(cast, f"秦山路{trial}号路灯不亮")
    walk.file()
    path, lead = reverse("cases:dispatch", args=[walk.id]), cast.unit("330424-zongzhi").id

    def send(client: Client) -> HttpResponse:
        return client.post(path, {"lead": lead, "command_id": str(uuid.uuid4())})

    return _clients(cast, "mei"), send, lambda a: _one_wins(a) and _lines(walk, "dispatch") == 1


def _verify(cast: Cast, trial: int) -> Any:
    walk = Walk(cast, f"秦山路{trial}号路灯不亮")
    walk.feed_back()
    path, visits = reverse("cases:verify", args=[walk.id]), fieldwork.count_visits()

    def send(client: Client) -> HttpResponse:
        ids = {name: str(uuid.uuid4()) for name in ("command_id", "visit_id")}
        return client.post(path, {"on_the_spot": "on", "cleared": "yes", **ids})

    def clean(answers: list[HttpResponse]) -> bool:
        once = (_lines(walk, "pass", "fail"), fieldwork.count_visits() - visits) == (1, 1)
        return _one_wins(answers) and once

    return _clients(cast, "verifier"), send, clean


def _rate(cast: Cast, trial: int) -> Any:
    walk = Walk(cast, f"秦山路{trial}号路灯不亮")
    walk.close()
    number, clients = walk.opened.number, _clients(cast)
    for client in clients:
        session = client.session
        session[holding.KEY] = {number: walk.opened.receipt_code}
        session.save()
    path = reverse("appeals:act", args=[number, "evaluate"])

    def send(client: Client) -> HttpResponse:
        return client.post(path, {"rating": "satisfied", "command_id": str(uuid.uuid4())})

    return clients, send, lambda a: _one_wins(a) and _lines(walk, "evaluate") == 1


def _same_form(cast: Cast, trial: int) -> Any:
    walk = Walk(cast, f"秦山路{trial}号路灯不亮")
    path, key = reverse("cases:move", args=[walk.id, "file"]), str(uuid.uuid4())

    def send(client: Client) -> HttpResponse:
        return client.post(path, {"command_id": key})

    def clean(answers: list[HttpResponse]) -> bool:
        told = Counter((a.status_code, a.headers.get("Location")) for a in answers)
        return told == Counter({(303, f"/desk/matter/{walk.id}/"): SENDERS}) and (
            _lines(walk, "file") == 1
        )

    return _clients(cast, "mei"), send, clean


def _same_command(cast: Cast, trial: int) -> Any:
    payload = {
        "visit_id": str(uuid.uuid4()),
        "finding_id": str(uuid.uuid4()),
        "area_code": LONGQUAN_GRID_3,
        "domain": "fire",
        "text": f"{trial}号通道堆货",
    }
    name, visits = "industrial_grid.report_finding", fieldwork.count_visits()
    command = {"command_id": str(uuid.uuid4()), "name": name, "payload": payload}
    body = json.dumps({"account": cast.members["gu"].account_id, "commands": [command]})

    def send(client: Client) -> HttpResponse:
        return client.post("/field/sync/", body, content_type="application/json")

    def clean(answers: list[HttpResponse]) -> bool:
        told = [a.json()["answers"][0] if a.status_code == 200 else {} for a in answers]
        outcomes = Counter((t.get("outcome"), t.get("repeated")) for t in told)
        wanted = Counter({("received", False): 1, ("received", True): SENDERS - 1})
        same = len({t.get("number") for t in told}) == 1
        return outcomes == wanted and same and fieldwork.count_visits() - visits == 1

    return _clients(cast, "gu"), send, clean


def _no_lock() -> Iterator[AbstractContextManager[Any]]:
    yield mock.patch.object(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    yield mock.patch.object(reading, "LOCK", "")


def _no_key() -> Iterator[AbstractContextManager[Any]]:
    """Forget which commands were carried out."""

    def perform(sent: Sent, effect: Callable[[], Any], *, at: Any) -> Performed:
        return Performed(effect(), repeated=False)

    for module in (registry_web, steps):
        yield mock.patch.object(module, "perform", perform)


RACES: dict[str, tuple[Race, Callable[[], Iterator[AbstractContextManager[Any]]], str]] = {
    "four clerks dispatch one matter": (_dispatch, _no_lock, "no lock"),
    "four verdicts on one matter": (_verify, _no_lock, "no lock"),
    "one receipt rated four times": (_rate, _no_lock, "no lock"),
    "one form from four tabs": (_same_form, _no_key, "no key"),
    "one phone command four times": (_same_command, _no_key, "no key"),
}


def _clean(race: Race, cast: Cast, trial: int) -> bool:
    clients, send, clean = race(cast, trial)
    return clean(_at_once(clients, send))


@pytest.mark.parametrize("name", RACES)
def test_at_the_same_moment(name: str) -> None:
    race, without, removed = RACES[name]
    cast, began = make_cast(at=clock.now()), time.monotonic()
    bad = sum(not _clean(race, cast, n) for n in range(TRIALS))
    patches = list(without())
    for patch in patches:
        patch.start()
    try:
        caught = sum(not _clean(race, cast, 1000 + n) for n in range(CONTROL_TRIALS))
    finally:
        for patch in patches:
            patch.stop()
    control = f"caught {caught} of {CONTROL_TRIALS} ({removed})"
    report.tell(report.Line(name, TRIALS, bad, control, time.monotonic() - began, "none"))
    assert bad == 0
    assert caught > 0
