"""People at the same moment: one wins, the others are told so (goal sheet 7).

Fifty tabs stand at a barrier and send at once, over HTTP, each with a connection of its own. Each
race is run with the lock or key that decides it, and as a control without it. The full form has
1,000 trials each; ``BIHUAN_TRUST_N`` and ``BIHUAN_TRUST_MINUTES`` (for each race) shorten it.
"""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.operations import reading
from bihuan.kernel.affairs.cases.testing import Case, EntryRow, Part
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

FULL = report.is_full()
SENDERS = 50 if FULL else 10
TRIALS = int(os.environ.get("BIHUAN_TRUST_N") or (1000 if FULL else 2))
CONTROL = range(10_000, 10_020)
MINUTES = float(os.environ.get("BIHUAN_TRUST_MINUTES") or 1000)
SLOWEST = 3.0

Answers = list[tuple[int, HttpResponse]]
"""Each answer with the number of the tab that got it."""


@dataclass(slots=True)
class Race:
    """One moment: who sends what, and what must stand afterwards."""

    tabs: list[Client]
    send: Callable[[Client, int], HttpResponse]
    clean: Callable[[Answers], bool]


@dataclass(slots=True)
class Seen:
    """What a series of trials showed."""

    bad: int = 0
    trials: int = 0
    errors: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)


def _at_once(race: Race, seen: Seen) -> Answers:
    gate, answers = threading.Barrier(len(race.tabs)), Answers()

    def act(client: Client, number: int) -> None:
        try:
            gate.wait(30)
            began = time.monotonic()
            answers.append((number, race.send(client, number)))
            seen.waits.append(time.monotonic() - began)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(c, n)) for n, c in enumerate(race.tabs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.errors.update(a.status_code for _n, a in answers if a.status_code >= 500)
    return answers


class Town:
    """The cast, and tabs of each of them: tabs of one browser share its session."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast(at=clock.now())
        self.first: dict[str, Client] = {}

    def tabs(self, *who: str) -> list[Client]:
        """Return as many tabs as there are senders, dealt out to `who` in turn."""
        for name in who:
            if name not in self.first:
                self.first[name] = sign_in(Client(), self.cast.account(name))
        return [self.tab(self.first[who[n % len(who)]]) for n in range(SENDERS)]

    def tab(self, browser: Client) -> Client:
        """Return a tab of a browser; an error is an answer and no exception."""
        made = Client(raise_request_exception=False)
        made.cookies = browser.cookies.copy()
        return made

    def walk(self, trial: int) -> Walk:
        """Return a fresh matter."""
        return Walk(self.cast, f"秦山路{trial}号路灯不亮")


def _lines(walk: Walk, *moves: str) -> int:
    return EntryRow.objects.filter(case_id=walk.id, move__in=moves).count()


def _one_wins(answers: Answers) -> bool:
    """Return whether one got through and all others were told in words that they came late."""
    late = [a.content.decode() for _n, a in answers if a.status_code == 409]
    counted = Counter(a.status_code for _n, a in answers)
    told = all("已" in text or "先" in text or "刷新" in text for text in late)
    return counted == Counter({409: SENDERS - 1, 303: 1}) and told


def _fresh(**more: Any) -> dict[str, Any]:
    return {"command_id": str(uuid.uuid4()), **more}


def _dispatch(town: Town, trial: int) -> Race:
    walk = town.walk(trial)
    walk.file()
    path = reverse("cases:dispatch", args=[walk.id])
    leads = [town.cast.unit(f"330424-{name}").id for name in ("zongzhi", "fire")]

    def send(client: Client, number: int) -> HttpResponse:
        return client.post(path, _fresh(lead=leads[number % 2]))

    def clean(answers: Answers) -> bool:
        parts = Part.objects.filter(case_id=walk.id).count()
        return _one_wins(answers) and (_lines(walk, "dispatch"), parts) == (1, 1)

    return Race(town.tabs("mei"), send, clean)


def _verify(town: Town, trial: int) -> Race:
    walk = town.walk(trial)
    walk.feed_back()
    path, visits = reverse("cases:verify", args=[walk.id]), fieldwork.count_visits()

    def send(client: Client, number: int) -> HttpResponse:
        cleared = {"cleared": "yes" if number % 2 else "no", "words": "现场已看"}
        seen = {"on_the_spot": "on", "visit_id": str(uuid.uuid4())}
        return client.post(path, _fresh(**cleared, **seen))

    def clean(answers: Answers) -> bool:
        once = (_lines(walk, "pass", "fail"), fieldwork.count_visits() - visits) == (1, 1)
        return _one_wins(answers) and once

    return Race(town.tabs("verifier"), send, clean)


def _sign(town: Town, trial: int) -> Race:
    walk = town.walk(trial)
    path = reverse("cases:move_part", args=[walk.dispatch(), "sign"])

    def send(client: Client, _number: int) -> HttpResponse:
        return client.post(path, _fresh())

    return Race(town.tabs("zongzhi"), send, lambda a: _one_wins(a) and _lines(walk, "sign") == 1)


def _rate(town: Town, trial: int) -> Race:
    walk, browser = town.walk(trial), Client()
    walk.close()
    number, session = walk.opened.number, browser.session
    session[holding.KEY] = {number: walk.opened.receipt_code}
    session.save()
    browser.cookies["sessionid"] = session.session_key
    path = reverse("appeals:act", args=[number, "evaluate"])

    def send(client: Client, _number: int) -> HttpResponse:
        return client.post(path, _fresh(rating="satisfied"))

    tabs = [town.tab(browser) for _ in range(SENDERS)]
    return Race(tabs, send, lambda a: _one_wins(a) and _lines(walk, "evaluate") == 1)


def _same_form(town: Town, trial: int) -> Race:
    walk = town.walk(trial)
    path, data = reverse("cases:move", args=[walk.id, "file"]), _fresh()

    def send(client: Client, _number: int) -> HttpResponse:
        return client.post(path, data)

    def clean(answers: Answers) -> bool:
        told = Counter((a.status_code, a.headers.get("Location")) for _n, a in answers)
        return told == Counter({(303, f"/desk/matter/{walk.id}/"): SENDERS}) and (
            _lines(walk, "file") == 1
        )

    return Race(town.tabs("mei"), send, clean)


def _same_command(town: Town, trial: int) -> Race:
    payload = {
        "visit_id": str(uuid.uuid4()),
        "finding_id": str(uuid.uuid4()),
        "area_code": LONGQUAN_GRID_3,
        "domain": "fire",
        "text": f"{trial}号通道堆货",
    }
    name, visits = "industrial_grid.report_finding", fieldwork.count_visits()
    command = _fresh(name=name, payload=payload)
    account = town.cast.members["gu"].account_id
    body = json.dumps({"account": account, "commands": [command]})

    def send(client: Client, _number: int) -> HttpResponse:
        return client.post("/field/sync/", body, content_type="application/json")

    def clean(answers: Answers) -> bool:
        told = [a.json()["answers"][0] if a.status_code == 200 else {} for _n, a in answers]
        outcomes = Counter((t.get("outcome"), t.get("repeated")) for t in told)
        wanted = Counter({("received", False): 1, ("received", True): SENDERS - 1})
        same = len({t.get("number") for t in told}) == 1
        return outcomes == wanted and same and fieldwork.count_visits() - visits == 1

    return Race(town.tabs("gu"), send, clean)


def _two_clerks(town: Town, trial: int) -> Race:
    """One files, the other rejects, both before a page that is stale by then."""
    walk = town.walk(trial)
    paths = [reverse("cases:move", args=[walk.id, name]) for name in ("file", "reject")]

    def send(client: Client, number: int) -> HttpResponse:
        return client.post(paths[number % 2], _fresh(reason="unclear", words="没有说清"))

    return Race(
        town.tabs("mei", "tao"),
        send,
        lambda a: _one_wins(a) and _lines(walk, "file", "reject") == 1,
    )


def _withdrawn(town: Town, trial: int) -> Race:
    """Who raised it withdraws while the centre dispatches."""
    walk = town.walk(trial)
    walk.file()
    lead = town.cast.unit("330424-zongzhi").id
    paths = (
        reverse("cases:move", args=[walk.id, "withdraw"]),
        reverse("cases:dispatch", args=[walk.id]),
    )

    def send(client: Client, number: int) -> HttpResponse:
        return client.post(paths[number % 2], _fresh(words="修好了", lead=lead))

    return Race(
        town.tabs("lu", "mei"),
        send,
        lambda a: _one_wins(a) and _lines(walk, "withdraw", "dispatch") == 1,
    )


def _merged(town: Town, trial: int) -> Race:
    """Two matters about the same, each made the other's master at once."""
    pair = [town.walk(trial * 2), town.walk(trial * 2 + 1)]
    paths = [reverse("cases:move", args=[walk.id, "merge"]) for walk in pair]
    numbers = [walk.opened.number for walk in reversed(pair)]

    def send(client: Client, number: int) -> HttpResponse:
        return client.post(paths[number % 2], _fresh(master=numbers[number % 2]))

    def clean(answers: Answers) -> bool:
        told = Counter(a.status_code for _n, a in answers)
        states = sorted(Case.objects.filter(pk__in=[w.id for w in pair]).values_list("state"))
        once = sum(_lines(walk, "merge") for walk in pair)
        refused = told[409] + told[422]
        return (
            (told[303], refused, once) == (1, SENDERS - 1, 1)
            and states == [("merged",), ("reported",)]
        )  # fmt: skip

    return Race(town.tabs("mei"), send, clean)


def _no_lock() -> Iterator[AbstractContextManager[Any]]:
    yield mock.patch.object(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    yield mock.patch.object(reading, "LOCK", "")


def _no_key() -> Iterator[AbstractContextManager[Any]]:
    """Forget which commands were carried out."""

    def perform(sent: Sent, effect: Callable[[], Any], *, at: Any) -> Performed:
        return Performed(effect(), repeated=False)

    for module in (registry_web, steps):
        yield mock.patch.object(module, "perform", perform)


Without = Callable[[], Iterator[AbstractContextManager[Any]]]
RACES: dict[str, tuple[Callable[[Town, int], Race], Without, str]] = {
    "one matter dispatched to two units": (_dispatch, _no_lock, "no lock"),
    "one matter closed and not closed: verdicts": (_verify, _no_lock, "no lock"),
    "one task claimed: a part signed": (_sign, _no_lock, "no lock"),
    "one receipt rated": (_rate, _no_lock, "no lock"),
    "two clerks on one matter: filed and rejected": (_two_clerks, _no_lock, "no lock"),
    "withdrawn while it is dispatched": (_withdrawn, _no_lock, "no lock"),
    "two matters merged both ways": (_merged, _no_lock, "no lock"),
    "one form from many tabs": (_same_form, _no_key, "no key"),
    "one phone command many times": (_same_command, _no_key, "no key"),
}


def _series(
    town: Town, make: Callable[[Town, int], Race], trials: range, *, enough: int = -1
) -> Seen:
    """Run trials until the minutes are over, or until `enough` of them went wrong."""
    seen, began = Seen(), time.monotonic()
    for trial in trials:
        if time.monotonic() - began > MINUTES * 60 or seen.bad == enough:
            break
        race = make(town, trial)
        seen.bad += not race.clean(_at_once(race, seen))
        seen.trials += 1
    return seen


def _p99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]


def test_at_the_same_moment() -> None:
    town, wrong = Town(), []
    for name, (make, without, removed) in RACES.items():
        began = time.monotonic()
        seen = _series(town, make, range(TRIALS))
        with ExitStack() as stack:
            for patch in without():
                stack.enter_context(patch)
            control = _series(town, make, CONTROL, enough=-1 if FULL else 1)
        report.tell(
            report.Line(
                f"{SENDERS} at once: {name}",
                seen.trials,
                seen.bad,
                f"caught {control.bad} of {control.trials} ({removed})",
                time.monotonic() - began,
                "none",
            ),
            f"errors shown to users {sum(seen.errors.values())}; an answer took p99 "
            f"{_p99(seen.waits):.1f} s, max {max(seen.waits):.1f} s, all {SENDERS} in one process",
        )
        wrong += [f"{name}: {seen.bad} bad, {seen.errors}"] if seen.bad or seen.errors else []
        wrong += [] if control.bad else [f"{name}: the control was not caught"]
    assert wrong == []
