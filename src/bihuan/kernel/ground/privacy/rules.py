"""Pure decisions: what a purpose must have, what a reason must be, when looks are too many."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bihuan.kernel.ground.privacy.types import Audience, Basis, MaskPolicy, Purpose
from bihuan.kernel.ground.registry.types import DutyCode, Field, Keep, PurposeCode

PREFIX = "privacy.purpose."
LONG_NUMBER = re.compile(r"(?:\d[\s\-]?){6,}\d")
"""Seven digits and more are a phone, a card or an identity number."""
KINDS = ("name", "phone", "id_number", "bank_card", "address", "student", "scale_score")


class UnableToReadPrivacy(ValueError):
    """A purpose or a mask does not hold; the site does not start. The text names the fault."""


def read_purpose(code: str, value: Any, *, valid_from: date, version: int) -> Purpose:
    """Return one version of a purpose.

    Raises:
        UnableToReadPrivacy: it has no legal basis, no words, or names what does not exist.
    """
    faults = _faults(value)
    if faults:
        raise UnableToReadPrivacy(f"{code} of {valid_from}: {'; '.join(faults)}")
    return Purpose(
        code=PurposeCode(code.removeprefix(PREFIX)),
        version=version,
        valid_from=valid_from,
        title=value["title"],
        words=value["words"],
        basis=Basis(value["basis"]),
        law=value["law"],
        fields=frozenset(Field(name) for name in value["fields"]),
        duties=frozenset(DutyCode(duty) for duty in value["duties"]),
        keep_months=int(value["keep_months"]),
        sensitive=bool(value.get("sensitive", False)),
    )


def _faults(value: Any) -> list[str]:
    if not isinstance(value, Mapping):
        return ["a mapping is expected"]
    faults = [
        f"lacks {key}"
        for key in ("title", "words", "basis", "law", "keep_months")
        if not value.get(key)
    ]
    if value.get("basis") and value["basis"] not in {basis.value for basis in Basis}:
        faults.append(f"{value['basis']} is no legal basis")
    faults += [
        f"lacks {key}" for key in ("fields", "duties") if not isinstance(value.get(key), list)
    ]
    known = {field.value for field in Field}
    faults += [f"{name} is no field" for name in value.get("fields") or () if name not in known]
    if value.get("sensitive") and value.get("basis") == Basis.CONSENT.value:
        faults.append("what is sensitive needs separate_consent (PIPL art. 29)")
    return faults


def read_masks(value: Any, *, valid_from: date) -> MaskPolicy:
    """Return the policy of masks of one version.

    Raises:
        UnableToReadPrivacy: an audience or a kind is missing, or is not said how.
    """
    keeps: dict[Audience, dict[str, Keep | str | None]] = {}
    for audience in Audience:
        given = value.get(audience.value) or {}
        lacking = [kind for kind in KINDS if kind not in given]
        if lacking:
            raise UnableToReadPrivacy(f"masks of {valid_from}, {audience}: lacks {lacking}")
        keeps[audience] = {kind: _keep(given[kind], kind) for kind in KINDS}
    return MaskPolicy(valid_from, keeps)


def _keep(given: Any, kind: str) -> Keep | str | None:
    if given == "none":
        return None
    if isinstance(given, Mapping):
        return Keep(int(given["first"]), int(given["last"]))
    if isinstance(given, str):
        return given
    raise UnableToReadPrivacy(f"the mask of {kind} is not understood: {given!r}")


def clean_reason(reason: str) -> str:
    """Return a reason as it may be kept: one line, nothing that is not printed, 200 characters."""
    shown = "".join(sign if sign.isprintable() else " " for sign in reason)
    return " ".join(shown.split())[:200]


def reason_fault(reason: str, *, least: int) -> str:
    """Return why a reason will not do (``short``, ``number``), or an empty text."""
    if len("".join(clean_reason(reason).split())) < least:
        return "short"
    return "number" if LONG_NUMBER.search(reason) else ""


def is_too_much(looks: int, *, limit: int, told: bool) -> bool:
    """Return whether so many looks are told now; once for each stretch of time."""
    return looks > limit and not told


def mask_numbers(text: str) -> str:
    """Return a text in which long numbers (phones, cards, identity numbers) are stars."""
    return LONG_NUMBER.sub(_stars, text)


def _stars(found: re.Match[str]) -> str:
    number = found[0]
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"
