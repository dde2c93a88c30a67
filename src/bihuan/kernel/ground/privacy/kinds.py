"""Purposes and masks as the standards' files bring them, and who knows what is in whose care."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy.rules import (
    PREFIX,
    UnableToReadPrivacy,
    read_masks,
    read_purpose,
)
from bihuan.kernel.ground.privacy.types import Audience, Care, MaskPolicy, Purpose
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Field, Keep, PurposeCode, Scope
from bihuan.kernel.ground.standards import api as standards

Guard = Callable[[Ref, Scope, datetime], Care | None]
"""What a subject's room says of an asker; None: there is none, or none for this asker."""

_purposes: dict[PurposeCode, tuple[Purpose, ...]] = {}
_masks: list[MaskPolicy] = []
_guards: dict[str, Guard] = {}


def declare_folder(folder: Path) -> None:
    """Read the purposes and masks among a folder's standards.

    Raises:
        UnableToReadPrivacy: a purpose has no legal basis, or stands already.
    """
    for path in sorted(folder.glob("*.yaml")):
        declare_entries(yaml.safe_load(path.read_text(encoding="utf-8")) or [], where=path.name)


def declare_entries(raw: Any, *, where: str) -> None:
    """Read the purposes and masks among the entries of one file."""
    fresh: dict[str, list[Purpose]] = {}
    for given in sorted(standards.read_entries(raw, where=where), key=lambda g: g.valid_from):
        if given.code == "privacy.masks":
            _masks.append(read_masks(given.value, valid_from=given.valid_from))
        elif given.code.startswith(PREFIX):
            versions = fresh.setdefault(given.code, [])
            number = len(versions) + 1
            versions.append(
                read_purpose(given.code, given.value, valid_from=given.valid_from, version=number)
            )
    for code, versions in fresh.items():
        name = versions[0].code
        if _purposes.setdefault(name, tuple(versions)) != tuple(versions):
            raise UnableToReadPrivacy(f"{code} is declared twice, and differently")


def seal() -> None:
    """Refuse the start of a site whose purposes name a duty that nobody declared."""
    for versions in _purposes.values():
        for purpose in versions:
            unknown = sorted(duty for duty in purpose.duties if registry.find_duty(duty) is None)
            if unknown:
                raise UnableToReadPrivacy(f"purpose {purpose.code} names no duty: {unknown}")


def require_purposes(codes: Iterable[str], *, by: str) -> None:
    """Refuse the start of a site where data is used for a purpose that nobody wrote down.

    Raises:
        UnableToReadPrivacy: with each such code.
    """
    lacking = sorted(set(codes) - set(_purposes))
    if lacking:
        raise UnableToReadPrivacy(f"{by} uses data for {', '.join(lacking)}: nobody wrote it")


def find_purpose(code: str, *, on: date) -> Purpose | None:
    """Return the version of a purpose in force on a day, or None."""
    fitting = [p for p in _purposes.get(PurposeCode(code), ()) if p.valid_from <= on]
    return max(fitting, key=lambda purpose: purpose.valid_from, default=None)


def list_purposes(*, on: date) -> tuple[Purpose, ...]:
    """Return every purpose in the version in force on a day, in the order of its file."""
    found = (find_purpose(code, on=on) for code in _purposes)
    return tuple(purpose for purpose in found if purpose is not None)


def keep_of(kind: str, audience: Audience, *, on: date) -> Keep | str | None:
    """Return how much of a kind of value an audience sees on a day; nothing when none is set."""
    fitting = [policy for policy in _masks if policy.valid_from <= on]
    if not fitting:
        return Keep()
    return max(fitting, key=lambda policy: policy.valid_from).keeps[audience][kind]


def keep_of_field(field: Field, audience: Audience, *, on: date) -> Keep | None:
    """Return the Keep of a sealed value; one whose mask is no Keep shows nothing."""
    found = keep_of(field.value, audience, on=on)
    return found if isinstance(found, Keep) else None


def guard(kind: str, answer: Guard) -> None:
    """Let the room that owns subjects of a kind say what is in whose care."""
    if _guards.setdefault(kind, answer) is not answer:
        raise RuntimeError(f"two rooms guard {kind}")


def care_of(subject: Ref, *, scope: Scope, at: datetime) -> Care | None:
    """Return what the subject's room says of the asker, or None."""
    answer = _guards.get(subject.kind)
    return answer(subject, scope, at) if answer else None
