"""Machines at the door: a key becomes a Scope, so that every policy holds for it too.

A machine's view never looks at a session: what a browser sends along by itself opens nothing here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from bihuan.kernel.affairs.cases.types import MAY_RAISE, MAY_SEE
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Door, Fact, Origin, Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    EVERYBODY,
    HANDLING,
    AreaPath,
    Power,
    Scope,
)
from bihuan.kernel.stage.types import MANAGE_MACHINES
from bihuan.platform import clock
from bihuan.platform.adapters import calling, hooks, keys
from bihuan.platform.adapters.keys import NewKey, UnableToEnter, UnableToMakeKey
from bihuan.platform.adapters.types import Hook, Key, MadeKey
from bihuan.platform.web.errors import NotAllowed, Refused
from bihuan.platform.web.requests import PlainView, Request, View, route

P = ParamSpec("P")

KEY_POWERS = (MAY_RAISE, MAY_SEE)
"""What a machine may be given: raise matters, and hear of those that are not sensitive."""


class TooMuch(Refused):
    """What was sent is longer than the door takes."""

    status = 413


class MachineRequest(Request):
    """A machine's request: its key if it has one, what that lets it do, and the moment."""

    scope: Scope
    at: datetime
    key: Key | None


MachineView = Callable[Concatenate[MachineRequest, P], HttpResponse]
Refuse = Callable[[HttpRequest, Refused], HttpResponse]
FindToken = Callable[[HttpRequest], str]


def bearer(request: HttpRequest) -> str:
    """Return the token of the header ``Authorization: Bearer …``; empty without one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def machine(
    *,
    power: Power,
    refuse: Refuse,
    methods: tuple[str, ...] = ("GET",),
    longest: int = 64 * 1024,
    find_token: FindToken = bearer,
) -> Callable[[MachineView[P]], PlainView[P]]:
    """Guard a machine's view by `power`; refusals leave in the form that `refuse` gives them."""

    def declare(view: MachineView[P]) -> PlainView[P]:
        @functools.wraps(view)
        def entered(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast("MachineRequest", request)
            try:
                _let_in(asked, power, longest, find_token)
                return view(asked, *args, **kwargs)
            except Refused as error:
                return refuse(request, error)

        routed = route(power=power, methods=methods)(cast("View[P]", entered))
        open_door = csrf_exempt(routed)
        open_door.for_machines = True  # type: ignore[attr-defined]
        return open_door

    return declare


def _let_in(asked: MachineRequest, power: Power, longest: int, find_token: FindToken) -> None:
    _require_short(asked, longest)
    asked.at = clock.now()
    token = find_token(asked)
    asked.key = keys.enter(token, at=asked.at) if token else None
    asked.scope = scope_of_key(asked.key) if asked.key else registry.anonymous_scope(Door.API)
    if asked.scope.has(power):
        return
    if asked.key is None:
        raise UnableToEnter("Send your key, please: Authorization: Bearer …", code="no_key")
    raise NotAllowed("This key may not do this.", code="power")


def _require_short(request: HttpRequest, longest: int) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > longest:
        raise TooMuch(
            "This is longer than %(most)s characters. Shorten it.", code="too_much", most=longest
        )


def scope_of_key(key: Key) -> Scope:
    """Return what a key may do: a machine's post with its powers and areas, by the door ``api``."""
    return Scope(
        origin=Origin(door=Door.API, words=f"key {key.prefix}"),
        county_id=key.county,
        area_paths=tuple(AreaPath(path) for path in key.areas),
        powers=frozenset(Power(p) for p in key.powers if p in KEY_POWERS) | {EVERYBODY},
        purpose=HANDLING,
    )


# -- what the administrator does -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MachineNoted(Fact):
    """A key or an address was made or ended."""

    name = "stage.machine_noted.v1"
    what: str
    prefix: str
    powers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedKey:
    """What an administrator asks for."""

    title: str
    powers: tuple[str, ...]
    area_code: str
    days: int
    per_minute: int
    system: str = ""


def make_key(wanted: WantedKey, *, scope: Scope, at: datetime) -> MadeKey:
    """Make a key for a machine; its token is in the answer, for the only time.

    Raises:
        NotAllowed: the scope manages no machines, or not there.
        UnableToMakeKey: what was asked for makes no key.
    """
    _require(scope)
    area = registry.find_area(wanted.area_code)
    if area is None or not scope.covers(area.path):
        raise UnableToMakeKey("Choose an area of your own.", field="area")
    if not 1 <= wanted.days <= 731:
        raise UnableToMakeKey("A key ends on a day to come, within two years.", field="days")
    if not set(wanted.powers) <= set(KEY_POWERS):
        raise UnableToMakeKey("Choose what it may do, and where.", field="powers")
    new = NewKey(
        title=wanted.title,
        powers=wanted.powers,
        areas=(area.path,),
        county=scope.county_id,
        expires_at=at + timedelta(days=wanted.days),
        per_minute=wanted.per_minute,
        system=wanted.system,
    )
    with transaction.atomic():
        made = keys.make_key(new, made_by=scope.origin.account_id, at=at)
        _note(made.key, "key_made", scope=scope, at=at)
    return made


def revoke_key(key_id: UUID, *, scope: Scope, at: datetime) -> Key:
    """End a key at once.

    Raises:
        NotAllowed, NotFound.
    """
    _require(scope)
    with transaction.atomic():
        key = keys.revoke_key(key_id, at=at)
        _note(key, "key_revoked", scope=scope, at=at)
    return key


def make_hook(
    key_id: UUID, *, url: str, topics: tuple[str, ...], scope: Scope, at: datetime
) -> Hook:
    """Let a key's address hear of `topics`.

    Raises:
        NotAllowed, NotFound, UnableToHook.
    """
    _require(scope)
    with transaction.atomic():
        hook = hooks.make_hook(key_id, url=url, topics=topics, at=at)
        key = keys.find_key(key_id)
        assert key is not None
        _note(key, "hook_made", scope=scope, at=at)
    return hook


def end_hook(hook_id: UUID, *, scope: Scope, at: datetime) -> None:
    """Tell an address nothing more.

    Raises:
        NotAllowed.
    """
    _require(scope)
    hooks.end_hook(hook_id, at=at)


def try_again(call_id: int, *, scope: Scope, at: datetime) -> bool:
    """Let something that could not be brought over be tried anew.

    Raises:
        NotAllowed.
    """
    _require(scope)
    with transaction.atomic():
        return calling.try_again(call_id, at=at)


def _require(scope: Scope) -> None:
    if not scope.has(MANAGE_MACHINES):
        raise NotAllowed("Your post may not do this.", code="power")


def _note(key: Key, what: str, *, scope: Scope, at: datetime) -> None:
    fact = MachineNoted(
        subject=Ref("adapters.key", str(key.id)),
        what=what,
        prefix=key.prefix,
        powers=key.powers,
        areas=key.areas,
    )
    events.record(fact, origin=scope.origin, at=at)
