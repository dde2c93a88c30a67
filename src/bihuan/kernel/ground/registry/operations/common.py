"""What the operations share: locks, refusals about identifiers, rows by code."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_noop as _

from bihuan.kernel.ground.registry.models import Area
from bihuan.kernel.ground.registry.rules.identifiers import Fault, clean
from bihuan.platform.database.locks import lock_words as lock_words
from bihuan.platform.web.errors import NotFound, Refused

WORDS = {
    "length": _("It needs %(expected)s characters, but has %(length)s."),
    "character": _("Character %(position)s does not belong there."),
    "division": _("The division code in it does not exist."),
    "birth_date": _("Digits 7 to 14 are no date of birth."),
    "check_digit": _("One character is wrong: with the others, the last must be %(expected)s."),
    "organisation_code": _("Character 17 must be %(expected)s with the eight before it."),
    "prefix": _("A mobile number begins with 13 to 19."),
}


class UnableToRegister(Refused):
    """A person, firm or household cannot be registered as it was given."""


def checked(text: str, check: Callable[[str], Fault | None], *, field: str) -> str:
    """Return the cleaned identifier.

    Raises:
        UnableToRegister: it is wrong; the words say which part.
    """
    cleaned = clean(text)
    fault = check(cleaned) if cleaned else None
    if fault:
        raise UnableToRegister(
            WORDS[fault.part],
            code=f"{field}_{fault.part}",
            field=field,
            expected=fault.expected,
            position=fault.position,
            length=len(cleaned),
        )
    return cleaned


def area_row(code: str) -> Area:
    """Return the row of the area in force with this code, or refuse."""
    row = Area.objects.filter(code=code, valid_to__isnull=True).first()
    if row is None:
        raise NotFound("There is no area with the code %(area)s.", code="no_area", area=code)
    return row
