"""The systems that manifests declared; filled at start-up, then sealed."""

from __future__ import annotations

import dataclasses
import re

from bihuan.platform.adapters.types import Sharing, System

CODE = re.compile(r"[a-z][a-z_]{1,19}")
_systems: dict[str, System] = {}


class UnableToDeclareSystem(ValueError):
    """A system is not described as the catalogue wants it; the site does not start."""


def declare(system: System) -> None:
    """Take in a system.

    Raises:
        UnableToDeclareSystem: something lacks in its description, or the code stands twice.
    """
    fault = find_gap(system)
    if fault:
        raise UnableToDeclareSystem(f"the system {system.code!r}: {fault}")
    if _systems.setdefault(system.code, system) != system:
        raise UnableToDeclareSystem(f"the system {system.code!r} is declared twice")


def find_gap(system: System) -> str:
    """Return what lacks in a description, or nothing."""
    empty = [f.name for f in dataclasses.fields(system.entry) if not getattr(system.entry, f.name)]
    nameless = any(not (n.strip() and meaning.strip()) for n, meaning in system.entry.fields)
    crosses = system.pulls or system.pushes or system.answers
    faults = (
        (not CODE.fullmatch(system.code), "its code is a short word in lower case"),
        (not system.title.strip(), "it has no title"),
        (not crosses, "nothing crosses in any direction"),
        (bool(empty), f"its catalogue entry lacks {', '.join(empty)}"),
        (str(system.entry.sharing) not in set(Sharing), "its sharing attribute is none of three"),
        (nameless, "a field lacks its name or meaning"),
    )
    return next((words for wrong, words in faults if wrong), "")


def find(code: str) -> System | None:
    """Return the system called `code`, or None."""
    return _systems.get(code)


def all_systems() -> tuple[System, ...]:
    """Return every system, in the order of their declaration."""
    return tuple(_systems.values())
