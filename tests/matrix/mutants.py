"""Policy lines, each weakened in turn: the matrix must notice every one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Q

from bihuan.kernel.affairs.cases import policies
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_DISPATCH,
    MAY_HANDLE,
    MAY_SAY_DONE,
    MAY_SEE,
    MAY_SEE_OWN,
    MAY_SUPERVISE,
    MAY_VERIFY,
)
from bihuan.kernel.ground.registry.types import Scope, organisation_ref
from bihuan.kernel.tools.codes import api as codes
from bihuan.scenes.safe_enterprise.operations import KIND

Patch = tuple[str, Any]
_visible, _at_work = policies.visible, policies.at_work
_standing, _has = policies.standing_of, Scope.has
CASES = "bihuan.kernel.affairs.cases"


def _everywhere(name: str, changed: Any) -> list[Patch]:
    """Replace a policy in every module of the room that has taken it in by name."""
    held = [m for m in list(sys.modules) if m.startswith(CASES) and hasattr(sys.modules[m], name)]
    return [(f"{module}.{name}", changed) for module in held]


def _seen_by(extra: Callable[[Scope], Q]) -> list[Patch]:
    def seen(scope: Scope) -> Q:
        return _visible(scope) | extra(scope)

    def works(scope: Scope) -> Q:
        return _at_work(scope) | extra(scope)

    return [*_everywhere("visible", seen), *_everywhere("at_work", works)]


def _works_too(power: Any) -> list[Patch]:
    def works(scope: Scope) -> Q:
        own = Q(raised_by_key=str(scope.person_id)) | Q(concerns__in=scope.organisation_ids)
        return _at_work(scope) | own if _has(scope, power) else _at_work(scope)

    return _everywhere("at_work", works)


def _all_if(*powers: Any) -> Callable[[Scope], Q]:
    return lambda scope: Q(pk__gt=0) if any(_has(scope, p) for p in powers) else Q(pk__in=[])


def _stands(**change: bool) -> list[Patch]:
    def standing(*rows: Any, **more: Any) -> Any:
        return replace(_standing(*rows, **more), **change)

    return _everywhere("standing_of", standing)


def has_too(*powers: Any) -> list[Patch]:
    """Let everybody have `powers`."""

    def has(scope: Scope, power: Any) -> bool:
        return power in powers or _has(scope, power)

    return [("bihuan.kernel.ground.registry.types.Scope.has", has)]


def _any_firm(_request: Any, firm: Any) -> Any:
    return codes.find_code(KIND, organisation_ref(firm))


MUTANTS: dict[str, tuple[str, list[Patch]]] = {
    "every reader sees every matter": ("officer:matter", _seen_by(lambda _scope: Q(pk__gt=0))),
    "a post sees matters outside its area": ("officer:matter", _seen_by(_all_if(MAY_SEE))),
    "a verifier sees matters outside the area": ("officer:matter", _seen_by(_all_if(MAY_VERIFY))),
    "a handler sees matters of other units": ("officer:matter", _seen_by(_all_if(MAY_HANDLE))),
    "a resident sees matters of others": ("appeals:own", _seen_by(_all_if(MAY_SEE_OWN))),
    "who raised a matter reads the officers' page": ("officer:matter", _works_too(MAY_SEE_OWN)),
    "the firm reads the officers' page": ("officer:matter", _works_too(MAY_SAY_DONE)),
    "a firm sees matters about other firms": ("appeals:own", _seen_by(_all_if(MAY_SAY_DONE))),
    "anybody may take matters on": ("cases:move", has_too(MAY_ACCEPT)),
    "anybody may dispatch": ("cases:dispatch", has_too(MAY_DISPATCH)),
    "anybody may handle": ("cases:move_part", [*has_too(MAY_HANDLE), *_stands(own_unit=True)]),
    "anybody may verify": ("cases:verify", has_too(MAY_VERIFY)),
    "anybody may suspend": ("cases:move", has_too(MAY_SUPERVISE)),
    "anybody may read the log of looks": ("officer:looks", has_too("privacy.audit")),
    "a purpose is for every post": (
        "officer:reveal",
        [("bihuan.kernel.ground.privacy.policies.may_use", lambda _scope, _purpose: True)],
    ),
    "anybody may see figures": ("command:", has_too("indices.see")),
    "anybody may patrol": ("industrial_grid:", has_too("fieldwork.patrol")),
    "anybody may publish questionnaires": ("assessments:", has_too("assessments.publish")),
    "who did not raise a matter rates it": (
        "cases:move",
        [*has_too(MAY_SEE_OWN), *_stands(raiser=True)],
    ),
    "any receipt code opens a matter": (
        "appeals:track",
        [(f"{CASES}.numbers.same_code", lambda *_: True)],
    ),
    "photos without a guard": (
        "evidence",
        [("bihuan.kernel.tools.documents.queries.evidence.kinds.may_see", lambda *_: True)],
    ),
    "a firm shows another firm's code": (
        "safe_enterprise:",
        [("bihuan.scenes.safe_enterprise.views._own", _any_firm)],
    ),
}
"""What each weakening lets through, where it shows first, and what it replaces."""
