"""Words that the wall takes from declarations; here so that the catalogue knows them."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("under 1 day"),
    _("1 to 3 days"),
    _("3 to 7 days"),
    _("over 7 days"),
    _("to the unit's head"),
    _("to the leader in charge"),
    _("to the main leader"),
    _("supervised"),
    _("Red and yellow firms"),
    _("Overdue hazards"),
    _("Disputes"),
    _("Not visited"),
    _("Change in 30 days"),
    _("Filed today"),
    _("Closed in time"),
    _("Overdue and open"),
    _("People satisfied"),
    _("Hazards cleared"),
    _("matters filed since midnight"),
    _("closed in time ÷ due to be closed, without suspended ones, this month"),
    _("past the due time and not closed"),
    _("satisfied and fairly satisfied ÷ valid ratings, this month"),
    _("written off ÷ due to be cleared, this month"),
    _("ratings"),
    _("register of hazards"),
    _("register of matters"),
)
