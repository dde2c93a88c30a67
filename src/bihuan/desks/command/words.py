"""Words that the wall takes from declarations; here so that the catalogue knows them."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Red and yellow firms"),
    _("Overdue hazards"),
    _("Disputes"),
    _("Not visited"),
    _("Change in 30 days"),
)
