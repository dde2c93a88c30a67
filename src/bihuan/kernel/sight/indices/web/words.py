"""Figures in words. The words of the library stand here too, so that the catalogue knows them."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bihuan.kernel.sight.indices.types import Figure, Left, Missing, Unit, Value
from bihuan.platform.ui import values
from bihuan.platform.ui.words import clock_words, number_words

LIBRARY_WORDS = (
    _("Filed today"),
    _("matters filed since midnight"),
    _("register of matters"),
    _("Closed in time"),
    _("closed in time ÷ due to be closed, without suspended ones, this month"),
    _("not filed"),
    _("merged into another matter"),
    _("entered in error"),
    _("taken back"),
    _("suspended"),
    _("not yet due"),
    _("Overdue and open"),
    _("past the due time and not closed"),
    _("People satisfied"),
    _("satisfied and fairly satisfied ÷ valid ratings, this month"),
    _("ratings"),
    _("malicious, confirmed"),
    _("without a name"),
    _("Hazards cleared"),
    _("written off ÷ due to be cleared, without approved extensions, this month"),
    _("register of hazards"),
    _("extension approved"),
    _("Filed"),
    _("matters filed, this month"),
    _("Closed"),
    _("closed ÷ due to be closed, without suspended ones, this month"),
    _("Urgent ones closed"),
    _("urgent ones closed ÷ urgent ones due, without suspended ones, this month"),
    _("Urgent ones closed in time"),
    _("urgent ones closed in time ÷ urgent ones due, without suspended ones, this month"),
    _("Sent back to work"),
    _("matters that failed a check ÷ matters answered by their unit, this month"),
    _("Returned by units"),
    _("dispatches that the unit returned ÷ dispatches, this month"),
    _("register of dispatches"),
    _("taken back by the centre"),
    _("Done at the first go"),
    _("closed without rework, redo or reopening ÷ closed, this month"),
    _("unreasonable, agreed by the centre"),
    _("Signed in time"),
    _("signed before the right to return ended ÷ dispatches due to be signed, this month"),
    _("returned by the unit"),
    _("Until the first unit takes it on"),
    _("median hours from the first dispatch to the first signing by a lead, this month"),
    _("not yet signed by any unit"),
    _("Matters solved"),
    _("solved by the word of who raised it ÷ valid answers of who was asked, this month"),
    _("call backs and ratings"),
    _("Hazards checked again"),
    _("checked after the unit's answer ÷ answered and due to be checked, this month"),
    _("Checks passed"),
    _("checks of hazards that passed ÷ checks of hazards made, this month"),
    _("visits"),
    _("Major hazards listed"),
    _("put under supervision ÷ major hazards raised, this month; all of them must be"),
    _("Firms visited"),
    _("firms visited within the period ÷ firms to be visited"),
    _("register of firms and visits"),
    _("the firm exists no longer"),
    _("People contacted in time"),
    _("none yet"),
    _("Until somebody speaks with them"),
    _(
        "median hours from the first dispatch to the first word of a unit with who raised "
        "it, this month; an answer is a word too"
    ),
    _("nobody has spoken with them yet"),
    _(
        "matters whose raiser a unit spoke with within the limit ÷ matters whose raiser "
        "was to be spoken with by now, this month"
    ),
    _("with no unit now"),
    _("From report to closing"),
    _("median hours from the report to the closing of matters closed this month"),
    _("Open"),
    _("matters that are not ended"),
    _("Opinions adopted"),
    _("adopted wholly or in part ÷ opinions and proposals"),
    _("the deliberation hall keeps no opinions here yet"),
    _("Opinions implemented"),
    _("implemented ÷ adopted and due"),
    _("Fees collected"),
    _("collected ÷ (billed − exempt − cancelled)"),
    _("the view of bills does not say in which area a bill stands"),
    _("Books that agree"),
    _("days on which channel, bank and books agree ÷ days closed"),
    _("settlement offers no view of agreed days yet"),
    _("Screening done"),
    _("first screenings done ÷ people to be screened"),
    _("no screening of elders is kept here yet"),
)


def title_words(figure: Figure) -> str:
    """Return the name of a figure."""
    return gettext(figure.title)


def definition_words(figure: Figure) -> str:
    """Return what a figure counts."""
    return gettext(figure.definition)


def source_words(figure: Figure) -> str:
    """Return where a figure comes from."""
    return gettext(figure.source)


def lacks_words(figure: Figure) -> str:
    """Return why a figure has no source yet."""
    return gettext(figure.lacks) if figure.lacks else ""


def excluded_words(left: Left) -> str:
    """Return why rows stay out."""
    return gettext(left.words)


def unit_words(figure: Figure) -> str:
    """Return what a figure counts in."""
    return {
        Unit.PERCENT: "%",
        Unit.HOURS: gettext("hours"),
    }.get(figure.unit, gettext("matters"))


def value_words(value: Value) -> str:
    """Return the number alone, or a dash."""
    if value.value is None:
        return "—"
    return number_words(value.value, digits=0 if value.figure.is_count else 1)


def missing_words(value: Value, *, with_count: bool = True) -> str:
    """Return why there is no value; nothing when there is one."""
    if value.missing is Missing.TOO_FEW:
        if not with_count:
            return gettext("too few for a rate")
        words = gettext("only %(n)s so far, too few for a rate")
        return words % {"n": value.denominator}
    if value.missing is Missing.NOTHING_DUE:
        return gettext("nothing due in this period yet")
    return lacks_words(value.figure)


def explained(value: Value, href: str = "") -> values.ExplainedNumber:
    """Return a figure as the explained number that pages show."""
    figure = value.figure
    alarm = figure.always_bad_above is not None and (value.value or 0) > figure.always_bad_above
    return values.ExplainedNumber(
        title=title_words(figure),
        value=value_words(value),
        unit=unit_words(figure),
        definition=definition_words(figure),
        as_of=clock_words(value.as_of),
        source=source_words(figure),
        href=href,
        change=_change(value),
        missing=missing_words(value),
        alarming=alarm,
    )


def _change(value: Value) -> str:
    if value.change is None:
        return ""
    sign = "+" if value.change >= 0 else "−"
    words = {
        "today": gettext("against yesterday %(n)s"),
        "this_month": gettext("against last month %(n)s"),
    }[value.figure.since.value]
    digits = 0 if value.figure.is_count else 1
    return words % {"n": f"{sign}{abs(value.change):.{digits}f}"}
