"""A row that nobody may change, nobody may lock: the run-time role has no right to it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from bihuan.kernel.tools.assessments import models as assessments
from bihuan.platform.accounts import models as accounts

SRC = Path(__file__).resolve().parents[2] / "src"
LOCKS = re.compile(
    r"\b(\w+)\.objects\b(?:(?!\.objects\b|\n\n).){0,200}?\.?select_for_update\(", re.DOTALL
)


def never_changed(model: Any) -> bool:
    """Return whether a trigger refuses changes; `roles.grant_runtime` goes by the same name."""
    triggers = getattr(getattr(model, "_meta", None), "triggers", ())
    return any(trigger.name == "append_only" for trigger in triggers)


def locked(text: str, module: ModuleType) -> Iterator[str]:
    """Yield the models which a text locks though they never change."""
    for name in LOCKS.findall(text):
        if never_changed(getattr(module, name, None)):
            yield name


def test_no_row_is_locked_that_the_run_time_role_may_not_change() -> None:
    wrong, looked = [], 0
    for path in SRC.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "select_for_update(" not in text or "tests" in path.parts:
            continue
        looked += len(LOCKS.findall(text))
        dotted = ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
        wrong += [f"{dotted}: {n}" for n in locked(text, importlib.import_module(dotted))]
    assert looked >= 50
    assert wrong == [], "lock by word (platform.database.locks.lock_words) instead"


def test_the_control_such_a_lock_is_found() -> None:
    text = "InstrumentRow.objects.filter(code=code)\n    .select_for_update().get()"
    assert list(locked(text, assessments)) == ["InstrumentRow"]
    assert list(locked(text.replace("InstrumentRow", "User"), accounts)) == []
