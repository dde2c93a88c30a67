"""Versions that scenes ship, and the processes that answer alerts; sealed at start-up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import RecordedFact
from bihuan.kernel.tools.assessments.facts import AlertRaised
from bihuan.kernel.tools.assessments.rules.checking import check_definition
from bihuan.kernel.tools.assessments.rules.data import from_file
from bihuan.kernel.tools.assessments.types import (
    AlertProcess,
    DeclaredVersion,
    Definition,
    InstrumentCode,
)

Handler = Callable[[RecordedFact], None]

_declared: dict[tuple[InstrumentCode, int], DeclaredVersion] = {}
_processes: dict[tuple[InstrumentCode, str], AlertProcess] = {}


class UnableToOffer(ValueError):
    """A shipped instrument does not hold, or nobody answers its alert; the site does not start."""


def read_version(path: Path, *, brought_by: str) -> DeclaredVersion:
    """Return the version that a file declares, once it holds.

    Raises:
        UnableToOffer: its content could mislead; the text names each fault.
        UnableToReadDefinition: the file is no definition.
    """
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    declared = from_file(raw, where=path.name, brought_by=brought_by)
    problems = check_definition(declared.definition)
    if problems:
        said = "; ".join(f"{p.item or '-'}.{p.part}: {p.code} {dict(p.params)}" for p in problems)
        raise UnableToOffer(f"{path.name}: {said}")
    return declared


def declare_version(declared: DeclaredVersion) -> None:
    """Take in a version that a scene ships; the same number twice is refused."""
    key = (declared.definition.instrument.code, declared.number)
    if _declared.get(key, declared) != declared:
        raise UnableToOffer(f"version {key[1]} of {key[0]} is declared twice")
    _declared[key] = declared


def declare_process(process: AlertProcess, handler: Handler) -> None:
    """Let `handler` receive the facts of one alert, at least once, after commit.

    Raises:
        UnableToOffer: another process stands for the same alert.
    """
    key = (process.instrument, process.alert)
    if key in _processes:
        if _processes[key] != process:
            raise UnableToOffer(f"alert {process.alert} of {process.instrument} has two processes")
        return
    _processes[key] = process

    def handed_over(fact: RecordedFact) -> None:
        if (fact.payload["instrument"], fact.payload["alert"]) == key:
            handler(fact)

    subscriber = f"assessments:{process.instrument}:{process.alert}"
    events.subscribe(AlertRaised.name, subscriber, handed_over)


def unanswered_alerts(definition: Definition) -> tuple[str, ...]:
    """Return the alerts of a definition for which no process is declared."""
    code = definition.instrument.code
    return tuple(a.code for a in definition.alerts if (code, a.code) not in _processes)


def seal() -> None:
    """Refuse the start if a shipped instrument has an alert that nobody answers.

    Raises:
        UnableToOffer: name of the instrument and the alert.
    """
    for (code, number), declared in _declared.items():
        lacking = unanswered_alerts(declared.definition)
        if lacking:
            raise UnableToOffer(
                f"version {number} of {code} has an alert without a process: {', '.join(lacking)}"
            )


def all_declared() -> tuple[DeclaredVersion, ...]:
    """Return every version that the scenes ship, the lower numbers first."""
    return tuple(_declared[key] for key in sorted(_declared))
