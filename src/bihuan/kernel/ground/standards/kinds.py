"""Rule functions by name, so that a decision can be computed again years later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bihuan.kernel.ground.standards.types import Outcome

RuleFunction = Callable[[Any, Any], Outcome]
"""``(value of the standard, inputs) -> Outcome``; pure."""

_rules: dict[str, RuleFunction] = {}


def register_rule(name: str, function: RuleFunction) -> None:
    """Let decisions name `function`; a name keeps its meaning, a changed rule takes a new one."""
    if _rules.get(name, function) is not function:
        raise ValueError(f"rule {name} stands already")
    _rules[name] = function


def get_rule(name: str) -> RuleFunction:
    """Return the rule called `name`.

    Raises:
        KeyError: nobody registered it.
    """
    return _rules[name]
