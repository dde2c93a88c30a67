"""What start-up found: the scenes by name, and what each desk asks for. Sealed afterwards."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.stage.types import Command, CommandFunction, NavItem, Panel, Scene, Search

_scenes: dict[str, Scene] = {}
_commands: dict[str, tuple[Command, CommandFunction]] = {}
_panels: list[ReadyPanel] = []
_searches: list[ReadySearch] = []
_ready_words: dict[str, Any] = {}
_pages: dict[str, str] = {}


class UnableToStage(RuntimeError):
    """A manifest is wrong; the site does not start. The text names the scene and the fault."""


@dataclass(frozen=True, slots=True)
class ReadyPanel:
    """A panel with its query found."""

    panel: Panel
    query: Any


@dataclass(frozen=True, slots=True)
class ReadySearch:
    """A search with its query found."""

    search: Search
    query: Any


def resolve(dotted: str, *, scene: str) -> Any:
    """Return the thing called `dotted` (``package.module:name``).

    Raises:
        UnableToStage: nothing is called so.
    """
    module_name, _, name = dotted.partition(":")
    try:
        return getattr(importlib.import_module(module_name), name)
    except (ImportError, AttributeError) as error:
        raise UnableToStage(f"scene {scene}: nothing is called {dotted} ({error})") from error


def put(scene: Scene) -> None:
    """Take a scene into the catalogue.

    Raises:
        UnableToStage: its name, a command or a dotted name does not hold.
    """
    if scene.name in _scenes:
        raise UnableToStage(f"two scenes are called {scene.name}")
    _scenes[scene.name] = scene
    for command in scene.commands:
        if command.name in _commands:
            raise UnableToStage(f"scene {scene.name}: command {command.name} stands already")
        _commands[command.name] = (command, resolve(command.perform, scene=scene.name))
    _panels.extend(ReadyPanel(p, resolve(p.query, scene=scene.name)) for p in scene.panels)
    if scene.ready_words:
        _ready_words[scene.name] = resolve(scene.ready_words, scene=scene.name)
    _pages.update(scene.pages)
    _searches.extend(ReadySearch(s, resolve(s.query, scene=scene.name)) for s in scene.searches)


def scenes() -> tuple[Scene, ...]:
    """Return the scenes in the order of the settings."""
    return tuple(_scenes.values())


def find_command(name: str) -> tuple[Command, CommandFunction] | None:
    """Return the command called `name`, or None."""
    return _commands.get(name)


def panels(desk: str, scope: Scope) -> tuple[ReadyPanel, ...]:
    """Return the panels of `desk` that `scope` may see, in order."""
    mine = [r for r in _panels if r.panel.desk == desk and scope.has(r.panel.power)]
    return tuple(sorted(mine, key=lambda ready: ready.panel.order))


def searches(scope: Scope) -> tuple[ReadySearch, ...]:
    """Return what of the scenes `scope` may search, in order."""
    mine = [ready for ready in _searches if scope.has(ready.search.power)]
    return tuple(sorted(mine, key=lambda ready: ready.search.order))


def ready_words(word: str, scope: Scope, at: datetime) -> str:
    """Return the words that a scene keeps under a key (``scene:key``), or nothing."""
    name, _colon, key = word.partition(":")
    query = _ready_words.get(name)
    return str(query(key, scope, at)) if query and key else ""


def page_of(ref: Ref) -> str:
    """Return by which name the page of a scene's thing is found, or nothing."""
    return _pages.get(ref.kind, "")


def nav(desk: str, scope: Scope) -> tuple[NavItem, ...]:
    """Return the ways into scenes that `desk` shows to `scope`, in order."""
    items = [i for s in _scenes.values() for i in s.nav if i.desk == desk and scope.has(i.power)]
    return tuple(sorted(items, key=lambda item: item.order))


def system_title(code: str) -> str:
    """Return what the system outside `code` is called for people, or nothing."""
    titles = (s.title for scene in _scenes.values() for s in scene.outside if s.code == code)
    return next(titles, "")
