"""What start-up fills in: duties with their powers, and how much of a personal value is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bihuan.kernel.ground.registry.rules import masks
from bihuan.kernel.ground.registry.types import Duty, DutyCode, Field, Keep, Power

_duties: dict[DutyCode, Duty] = {}
_granted: dict[DutyCode, set[Power]] = {}
_sealed = False
_find_keep: Callable[[Field], Keep | None] | None = None


def declare_duty(duty: Duty) -> None:
    """Make a duty known. Two declarations of one code must be equal."""
    _refuse_when_sealed(f"duty {duty.code}")
    if _duties.setdefault(duty.code, duty) != duty:
        raise RuntimeError(f"the duty {duty.code} is declared twice, and differently")


def grant(duty_code: DutyCode, powers: Iterable[Power]) -> None:
    """Let a duty carry further `powers`. The duty may be declared later in start-up."""
    _refuse_when_sealed(f"powers of {duty_code}")
    _granted.setdefault(duty_code, set()).update(powers)


def use_masks(find: Callable[[Field], Keep | None]) -> None:
    """Let `find` say how much of a field is shown; `privacy` brings it, from dated standards."""
    global _find_keep  # noqa: PLW0603  brought once at start-up
    _refuse_when_sealed("the policy of masks")
    _find_keep = find


def shown(field: Field, value: str) -> str:
    """Return a personal value as a page shows it; all stars until a policy is brought."""
    return masks.mask(value, _find_keep(field) if _find_keep else Keep())


def seal() -> None:
    """End start-up: refuse powers for a duty that nobody declared, and all that comes later."""
    global _sealed  # noqa: PLW0603  start-up has one moment when it ends
    unknown = sorted(set(_granted) - set(_duties))
    if unknown:
        raise RuntimeError(f"powers were granted to duties that nobody declared: {unknown}")
    _sealed = True


def find_duty(code: str) -> Duty | None:
    """Return the duty with all its powers, or None when nobody declared it."""
    duty = _duties.get(DutyCode(code))
    return duty and replace(duty, powers=duty.powers | _granted.get(duty.code, set()))


def list_duties() -> tuple[Duty, ...]:
    """Return every duty with all its powers, by code."""
    return tuple(duty for code in sorted(_duties) if (duty := find_duty(code)))


def powers_of(codes: Iterable[DutyCode]) -> frozenset[Power]:
    """Return the powers of several duties; a duty that a release has removed gives none."""
    found = (find_duty(code) for code in codes)
    return frozenset(power for duty in found if duty for power in duty.powers)


def _refuse_when_sealed(what: str) -> None:
    if _sealed:
        raise RuntimeError(f"{what} came after start-up was sealed")
