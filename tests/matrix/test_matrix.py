"""Every route, each method, for every role: goal sheet 2 in its short form.

The expected answers are data (`expected.yaml`). Here they are compared, denials are compared with
those for things that do not exist, and policy lines are weakened one by one to see it noticed.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bihuan.kernel.ground.registry.types import EVERYBODY, SIGNED_IN
from bihuan.platform.accounts.middleware import SEEN_AT
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.web import limits
from tests.matrix import table, world
from tests.matrix.mutants import MUTANTS, has_too
from tests.matrix.table import Row, taken_back
from tests.matrix.world import EVERYONE, World
from tests.trust import report

pytestmark = [pytest.mark.trust, pytest.mark.django_db]

MACHINES = (
    "feeds:push",
    *(
        f"open311:{n}"
        for n in ("definition", "discovery", "request", "requests", "services", "token")
    ),
)
DENIALS = {"hidden", "forbidden", "sign_in"}


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """Return the world, built once; it is taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rows(place: World) -> list[Row]:
    """Return the table; with BIHUAN_MATRIX_DRAFT rows without answers are drafted."""
    found = table.read()
    if os.environ.get("BIHUAN_MATRIX_DRAFT"):
        found = [row if row.rest else table.draft(place, row) for row in found]
        table.write(found)
    return found


@pytest.fixture(scope="module")
def asked(place: World, rows: list[Row]) -> dict[tuple[str, str], tuple[str, int]]:
    """Return the word and the length of each cell: all are asked once.

    Everybody asks from one address here; that guessing is stopped is tested where it belongs.
    """
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(limits, "count_try", lambda *_a, **_k: None)
    cells = {}
    for row in rows:
        for who in EVERYONE:
            answer = table.ask(place, row, who)
            text = "" if answer.streaming else answer.content.decode(errors="replace")
            length = len(table.plain(text, answer.request["PATH_INFO"]))
            cells[row.name, who] = table.word_of(answer), length
    monkeypatch.undo()
    return cells


def test_every_cell_is_as_the_table_says(rows: list[Row], asked: dict) -> None:
    wrong = _wrong(rows, asked)
    print(f"\ntrust: matrix {len(rows)} rows × {len(EVERYONE)} roles = {len(asked)} cells")
    assert wrong == [], "\n".join(wrong)
    assert len({row.name for row in rows}) == len(rows), "two rows are called the same"


def _wrong(rows: list[Row], asked: dict) -> list[str]:
    return [
        f"{row.name}: {who} got {asked[row.name, who][0]}, expected {row.expected(who)}"
        for row in rows
        for who in EVERYONE
        if asked[row.name, who][0] != row.expected(who)
    ]


def test_a_denial_does_not_tell_whether_the_thing_exists(rows: list[Row], asked: dict) -> None:
    absent = {(row.route, row.method): row for row in rows if row.about.startswith("none")}
    compared, wrong = 0, []
    for row in rows:
        nothing = absent.get((row.route, row.method))
        if nothing is None or nothing is row:
            continue
        for who in EVERYONE:
            word, length = asked[row.name, who]
            if word not in DENIALS - {"forbidden"}:
                continue
            compared += 1
            if abs(length - asked[nothing.name, who][1]) > 8 or word != asked[nothing.name, who][0]:
                wrong.append(f"{row.name}: {who}: {word}, none: {asked[nothing.name, who]}")
    assert wrong == [], "\n".join(wrong)
    assert compared > 100
    print(f"\ntrust: {compared} denials equal those for what does not exist")


def test_no_route_answers_another_method(place: World) -> None:
    for name, path in _addresses(place):
        assert Client().generic("DELETE", path).status_code == 405, name


def test_no_form_is_taken_without_its_token(place: World) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), place.cast.account("mei"))
    machines = {name for name, view in table.routes() if getattr(view, "for_machines", False)}
    assert machines == {*MACHINES}
    tried = 0
    signed = {name for name, view in table.routes() if getattr(view, "csrf_exempt", False)}
    signed -= machines  # these look at no session: their rows are equal for all roles
    assert signed == {"billing:notice"}, "what is signed needs no token; nothing else goes without"
    for name, path in _addresses(place, "POST"):
        if name in signed | machines:
            continue
        assert client.post(path).status_code == 403, name
        tried += 1
    assert tried > 15


def _addresses(place: World, method: str = "") -> Iterator[tuple[str, str]]:
    """Return one address of each route."""
    seen = set()
    for row in table.read():
        if row.route in seen or (method and row.method != method):
            continue
        seen.add(row.route)
        yield row.route, reverse(row.route, args=[a.format_map(place.names) for a in row.args])


def test_every_weakened_policy_is_noticed(place: World, rows: list[Row], asked: dict) -> None:
    began, missed, further = time.monotonic(), [], 0
    suspects = [row for row in rows if DENIALS & {*row.answers, row.rest}]
    near = {name: hint for name, (hint, _patches) in MUTANTS.items()}
    for name, (_hint, patches) in MUTANTS.items():
        noticed = False
        with ExitStack() as stack:
            for target, changed in patches:
                stack.enter_context(mock.patch(target, changed))
            for row in sorted(suspects, key=lambda row: not row.route.startswith(near[name])):
                who = _denied(row)
                further += len(who)
                noticed = any(
                    table.word_of(table.ask(place, row, w)) != row.expected(w) for w in who
                )
                if noticed:
                    break
        missed += [] if noticed else [name]
    report.tell(
        report.Line(
            "authorization matrix",
            len(asked),
            len(_wrong(rows, asked)),
            f"caught {len(MUTANTS) - len(missed)} of {len(MUTANTS)} weakened policies",
            time.monotonic() - began,
            "none",
        ),
        f"{further} further cells asked of weakened houses; not noticed: {missed or 'none'}",
    )
    assert missed == []


def _denied(row: Row) -> list[str]:
    """Return the roles whom the row denies."""
    return [who for who in EVERYONE if row.expected(who) in DENIALS - {"sign_in"}]


def test_every_power_of_a_route_is_noticed_when_anybody_has_it(
    place: World, rows: list[Row], asked: dict
) -> None:
    """The powers are read from the routes, so that those of a new route are tried too."""
    powers: dict[str, list[str]] = {}
    for name, view in table.routes():
        if not getattr(view, "for_machines", False):  # their keys carry powers of their own
            powers.setdefault(str(view.power), []).append(name)
    open_to_all = {EVERYBODY, SIGNED_IN}
    missed, tried = [], 0
    for power, routes in powers.items():
        if power in open_to_all:
            continue
        tried += 1
        target, changed = has_too(power)[0]
        with mock.patch(target, changed):
            noticed = any(
                table.word_of(table.ask(place, row, who)) != row.expected(who)
                for row in rows
                if row.route in routes
                for who in _denied(row)
            )
        missed += [] if noticed else [power]
    print(f"\ntrust: {tried - len(missed)} of {tried} powers of routes noticed")
    assert missed == []
    assert tried > 10


def test_no_ended_session_opens_anything(place: World, rows: list[Row], settings) -> None:
    who = ("mei", "system", "zongzhi") if report.is_full() else ("mei",)
    dice, wrong, count = random.Random("sessions"), [], 0
    chosen = rows if report.is_full() else dice.sample(rows, 60)
    for name, ended in ENDED.items():
        for member in who:
            with taken_back():
                place.clients["ended"] = ended(place, member, settings)
                for row in chosen:
                    count += 1
                    word = table.word_of(answer := table.ask(place, row, "ended"))
                    turned = answer.headers.get("Location", "").startswith("/in/")
                    turned |= answer.request["PATH_INFO"].startswith("/in/")  # the way in itself
                    if word != row.expected("nobody") and not turned and answer.status_code != 401:
                        wrong.append(f"{row.name}: {name} session of {member} got {word}")
                transaction.set_rollback(True)
    del place.clients["ended"]
    print(f"\ntrust: {count} cells of ended sessions: {', '.join(ENDED)}; wrong {len(wrong)}")
    assert wrong == [], "\n".join(wrong)


def _signed_out(place: World, who: str, _settings: object) -> Client:
    client = sign_in(Client(), place.cast.account(who))
    kept = client.cookies["sessionid"].value
    client.logout()
    client.cookies["sessionid"] = kept
    return client


def _expired(place: World, who: str, _settings: object) -> Client:
    client = sign_in(Client(), place.cast.account(who))
    session = client.session
    session[SEEN_AT] = 1_000_000
    session.save()
    return client


def _disabled(place: World, who: str, _settings: object) -> Client:
    account = place.cast.account(who)
    client = sign_in(Client(), account)
    type(account).objects.filter(pk=account.pk).update(is_active=False)
    return client


def _without_second_factor(place: World, who: str, settings: Any) -> Client:
    settings.BIHUAN_SECOND_FACTOR = True
    account = place.cast.account(who)
    type(account).objects.filter(pk=account.pk).update(must_have_second_factor=True)
    client = Client()
    client.force_login(account)
    return client


ENDED: dict[str, Callable[[World, str, Any], Client]] = {
    "signed out": _signed_out,
    "slept too long": _expired,
    "of a disabled account": _disabled,
    "without its second factor": _without_second_factor,
}
