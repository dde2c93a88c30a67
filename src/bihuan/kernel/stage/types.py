"""Words of the stage: a scene is declared as one frozen value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.affairs.cases.types import CaseKind, Opens
from bihuan.kernel.ground.registry.types import Duty, DutyCode, Power, Scope
from bihuan.kernel.tools.assessments.types import AlertProcess
from bihuan.kernel.tools.notices.types import NoticeKind
from bihuan.platform.adapters.types import System

MANAGE_MACHINES = Power("stage.manage_machines")
"""Make and revoke keys of machines, and see how the systems outside stand."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Powers that a scene adds to a duty that stands already."""

    duty: DutyCode
    powers: frozenset[Power]


@dataclass(frozen=True, slots=True)
class Subscription:
    """`handler` (dotted) receives every fact called `fact`, at least once, after commit.

    `where` narrows it to facts whose payload has these values: ``(("kind", "hazard"),)``.
    """

    fact: str
    handler: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """What a scene shows on a desk: a query (dotted) ``(scope, at) -> value`` and a template.

    The desk "matter" is the page of one matter: there the query is ``(view, scope, at) -> value``.
    """

    desk: str
    query: str
    template: str
    """Empty on the desk ``field``, whose pages are drawn by the phone from a FieldDay."""
    power: Power
    order: int = 50


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at, with the two answers that one may tap."""

    question: str
    good: str
    bad: str


@dataclass(frozen=True, slots=True)
class FirmToVisit:
    """A firm of the own grid as a phone keeps it for the day."""

    id: str
    name: str
    uscc: str
    area: str
    address: str
    longitude: float | None
    latitude: float | None
    colour: str
    score: int | None
    code_ids: tuple[int, ...]
    """Numbers of its living codes: by them a scan finds it without a network."""
    visited_at: datetime | None
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class MatterToVerify:
    """A matter that waits for somebody to look on the spot."""

    id: int
    number: str
    title: str
    place: str
    firm: str
    answer: str
    due_at: datetime | None
    yellow_at: datetime | None
    orange_at: datetime | None
    paused: bool
    longitude: float | None
    latitude: float | None
    before: tuple[int, ...]
    after: tuple[int, ...]
    """Evidence before and after, by number."""


@dataclass(frozen=True, slots=True)
class OwnReport:
    """Where a thing stands that the asker reported: found again by the id that the phone made."""

    made_id: str
    number: str
    title: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldDay:
    """What a scene puts on a phone for the day: the value of a panel of the desk ``field``.

    The desk joins the days of all scenes; a phone keeps it and needs no network for it.
    """

    firms: tuple[FirmToVisit, ...] = ()
    verify: tuple[MatterToVerify, ...] = ()
    mine: tuple[OwnReport, ...] = ()
    domains: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NavItem:
    """A way into a scene from a desk: the address by name, a glyph, words."""

    desk: str
    url_name: str
    icon: str
    words: str
    power: Power
    order: int = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a search found: the way to it, what it is called, what stands beside."""

    href: str
    title: str
    note: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """What of a scene the search of all officers' pages looks through.

    `query` (dotted) is ``(text, scope, at) -> tuple[Hit, ...]``: only what the scope may see, never
    an identifier of a person, in a bounded number of statements.
    """

    title: str
    query: str
    power: Power
    order: int = 50


@dataclass(frozen=True, slots=True)
class Command:
    """A write that a phone may keep and send later, by name.

    `perform` (dotted) is ``(payload, scope, at, command_id) -> answer`` and runs in one
    transaction with its idempotency row.
    """

    name: str
    perform: str
    power: Power


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a scene brings. Data only; dotted names are resolved and checked at start-up."""

    name: str
    title: str
    case_kinds: tuple[CaseKind, ...] = ()
    opens: tuple[Opens, ...] = ()
    duties: tuple[Duty, ...] = ()
    grants: tuple[Grant, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    commands: tuple[Command, ...] = ()
    panels: tuple[Panel, ...] = ()
    nav: tuple[NavItem, ...] = ()
    searches: tuple[Search, ...] = ()
    checklists: tuple[str, ...] = ()
    """Files in the scene's folder ``checklists``: one version of a questionnaire each."""
    alert_processes: tuple[AlertProcess, ...] = ()
    """What happens when a questionnaire raises an alert; one without a process is refused."""
    code_kinds: tuple[Any, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    figures: tuple[Any, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    """Names of pure rule functions for replay: (name, dotted)."""
    standards: str = ""
    """Folder of its dated rules, beside the manifest."""
    seeds: str = ""
    """Dotted ``(world) -> None`` that fills its part of the demo world through doors."""
    urls: str = ""
    """Dotted module with its addresses; they are mounted under ``/<prefix>/``."""
    prefix: str = ""
    ready_words: str = ""
    """Dotted ``(key, scope, at) -> str``: words with which an answer to a matter begins."""
    pages: tuple[tuple[str, str], ...] = ()
    """Where officers read a thing of the scene: (kind of its pointer, address by name)."""
    purposes: tuple[str, ...] = ()
    """For what it uses personal data: codes of purposes, its own or the kernel's."""
    outside: tuple[System, ...] = ()
    """Systems outside that it speaks with; one without a whole description is refused."""
    mounts: tuple[tuple[str, str], ...] = ()
    """Further addresses whose place a standard sets: (path, dotted module)."""


CommandFunction = Callable[[dict[str, Any], Scope, datetime, UUID], dict[str, Any]]
