"""How the systems outside stand; keys of machines; what could not be brought over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import KEY_POWERS, StepRequest, perform_form, step
from bihuan.kernel.stage.machines import WantedKey
from bihuan.kernel.stage.types import MANAGE_MACHINES
from bihuan.platform.adapters import arriving, calling, hooks, keys, kinds, links
from bihuan.platform.adapters.keys import UnableToMakeKey
from bihuan.platform.adapters.types import Hook, Key, MadeKey, Standing, Tried
from bihuan.platform.ui.values import NavLink
from bihuan.platform.web.commands import Answer
from bihuan.platform.web.pages import page

TOPICS = ("matter.opened", "matter.moved")


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system with its words."""

    standing: Standing
    title: str
    sharing: str
    way: str
    """How it is connected, in words."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A call that could not be brought over."""

    call: Tried
    to: str
    """Which system or address, in words."""


@dataclass(frozen=True, slots=True)
class InterfacesPage:
    """How the systems outside stand."""

    rows: tuple[SystemRow, ...]
    stuck: tuple[Stuck, ...]
    refused: tuple[tuple[str, str, str, datetime], ...]
    nav: tuple[NavLink, ...]
    who: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key with its words and addresses."""

    key: Key
    stands: bool
    powers: str
    system: str
    hooks: tuple[Hook, ...]


@dataclass(frozen=True, slots=True)
class KeysPage:
    """The keys of machines; one just made is shown once."""

    rows: tuple[KeyRow, ...]
    powers: tuple[tuple[str, str], ...]
    systems: tuple[tuple[str, str], ...]
    made: MadeKey | None
    fault: str
    filled: dict[str, str]
    nav: tuple[NavLink, ...]
    who: str


@step(power=MANAGE_MACHINES, methods=("GET",))
def interfaces(request: StepRequest) -> HttpResponse:
    """Show how each system stands."""
    rows = tuple(_row(standing) for standing in links.list_standings())
    named = {hook.id: hook.url for hook, _key in hooks.list_hooks()}
    value = InterfacesPage(
        rows=rows,
        stuck=tuple(_stuck(call, named) for call in calling.list_calls(states=("dead",))),
        refused=tuple(
            (_system_words(code), number, _(words), at)
            for code, number, words, at in arriving.list_refused()
        ),
        nav=_nav("interfaces"),
        who=who_of(request),
    )
    return page(request, "machines/interfaces.html", value)


def _row(standing: Standing) -> SystemRow:
    way = _("connected") if standing.connected else _("no address yet")
    return SystemRow(
        standing=standing,
        title=_(standing.system.title),
        sharing=_sharing_words(str(standing.system.entry.sharing)),
        way=_("a stand-in plays it") if standing.stand_in else way,
    )


def _stuck(call: Tried, named: dict[UUID, str]) -> Stuck:
    kind, _colon, name = call.target.partition(":")
    if kind == "system":
        return Stuck(call, _system_words(name))
    return Stuck(call, named.get(UUID(name), _("an address that has ended")))


def _system_words(code: str) -> str:
    found = kinds.find(code)
    return _(found.title) if found else code


def _sharing_words(sharing: str) -> str:
    return {
        "unconditional": _("shared freely"),
        "conditional": _("shared on conditions"),
        "none": _("not shared"),
    }[sharing]


def _nav(here: str) -> tuple[NavLink, ...]:
    return (
        NavLink(reverse("officer:worklist"), "layout-grid", _("Worklist")),
        NavLink(reverse("machines:interfaces"), "share", _("Interfaces"), here == "interfaces"),
        NavLink(reverse("machines:keys"), "shield-check", _("Keys of machines"), here == "keys"),
    )


@step(power=MANAGE_MACHINES, methods=("GET",))
def keys_page(request: StepRequest) -> HttpResponse:
    """Show the keys of machines."""
    return _show_keys(request)


def _show_keys(
    request: StepRequest, *, made: MadeKey | None = None, fault: str = "", status: int = 200
) -> HttpResponse:
    told: dict[UUID, list[Hook]] = {}
    for hook, key in hooks.list_hooks():
        told.setdefault(key.id, []).append(hook)
    rows = tuple(
        KeyRow(
            key=key,
            stands=key.stands(request.at),
            powers="、".join(power_words(power) for power in key.powers),
            system=_system_words(key.system) if key.system else "",
            hooks=tuple(told.get(key.id, ())),
        )
        for key in keys.list_keys()
    )
    value = KeysPage(
        rows=rows,
        powers=tuple((str(power), power_words(power)) for power in KEY_POWERS),
        systems=tuple((s.code, _(s.title)) for s in kinds.all_systems()),
        made=made,
        fault=fault,
        filled={k: str(v) for k, v in request.POST.items()} if fault else {},
        nav=_nav("keys"),
        who=who_of(request),
    )
    answer = page(request, "machines/keys.html", value, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def power_words(power: str) -> str:
    """Return what a machine may do, in words."""
    return {"cases.raise": _("report matters"), "cases.see": _("hear how matters stand")}[power]


@step(power=MANAGE_MACHINES, methods=("POST",))
def make_key(request: StepRequest) -> HttpResponse:
    """Make a key and show it, once: it is stored nowhere, so a second sending shows none."""
    shown: list[MadeKey] = []

    def effect(scope: Scope) -> Answer:
        made = stage.make_key(_wanted(request), scope=scope, at=request.at)
        shown.append(made)
        return {"key": str(made.key.id)}

    try:
        perform_form(request, name="machines.make_key", effect=effect)
    except UnableToMakeKey as error:
        return _show_keys(request, fault=error.spoken(), status=422)
    return _show_keys(request, made=shown[0] if shown else None)


def _wanted(request: StepRequest) -> WantedKey:
    system = request.POST.get("system", "")
    if system and kinds.find(system) is None:
        raise UnableToMakeKey("There is no such system.", field="system")
    return WantedKey(
        title=request.POST.get("title", ""),
        powers=tuple(request.POST.getlist("powers")),
        area_code=request.POST.get("area", "").strip(),
        days=_whole(request.POST.get("days", "")),
        per_minute=_whole(request.POST.get("per_minute", "")),
        system=system,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


@step(power=MANAGE_MACHINES, methods=("POST",))
def revoke_key(request: StepRequest, key_id: UUID) -> HttpResponse:
    """End a key at once."""

    def effect(scope: Scope) -> Answer:
        stage.revoke_key(key_id, scope=scope, at=request.at)
        return {}

    perform_form(request, name=f"machines.revoke_key.{key_id}", effect=effect)
    return _back("machines:keys")


@step(power=MANAGE_MACHINES, methods=("POST",))
def make_hook(request: StepRequest, key_id: UUID) -> HttpResponse:
    """Let an address hear of matters, as far as the key sees them."""
    url = request.POST.get("url", "").strip()

    def effect(scope: Scope) -> Answer:
        stage.make_hook(key_id, url=url, topics=TOPICS, scope=scope, at=request.at)
        return {}

    perform_form(request, name=f"machines.make_hook.{key_id}", effect=effect)
    return _back("machines:keys")


@step(power=MANAGE_MACHINES, methods=("POST",))
def end_hook(request: StepRequest, hook_id: UUID) -> HttpResponse:
    """Tell an address nothing more."""
    stage.end_hook(hook_id, scope=request.scope, at=request.at)
    return _back("machines:keys")


@step(power=MANAGE_MACHINES, methods=("POST",))
def try_again(request: StepRequest, call_id: int) -> HttpResponse:
    """Let something be tried anew that could not be brought over."""
    stage.try_again(call_id, scope=request.scope, at=request.at)
    return _back("machines:interfaces")


def _back(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name), status=303)
