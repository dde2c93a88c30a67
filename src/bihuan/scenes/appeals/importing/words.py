"""What is wrong with a cell and how to mend it, in words; names of columns and sources."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.platform.ui import values
from bihuan.scenes.appeals.importing.types import Fault, Field, RowFault
from bihuan.scenes.appeals.systems import SYSTEMS


def mend_words(fault: RowFault) -> str:
    """Return how to mend a cell."""
    words = {
        Fault.EMPTY: _("Write what people said; this row is empty there."),
        Fault.TOO_LONG: _("%(hint)s characters; at most 60,000. Shorten it."),
        Fault.NUMBER_TOO_LONG: _("A number has at most 60 characters."),
        Fault.NO_DATE: _("Write a date such as 2026-06-24 09:30."),
        Fault.FUTURE: _("This lies in the future. Write when it was received."),
        Fault.NO_PLACE: _("Write the town or village, such as 望海街道."),
        Fault.UNSURE_PLACE: _("This may be %(hint)s. Write which, with its county."),
        Fault.OTHER_PLACE: _("%(hint)s does not lie in the area of this import."),
        Fault.MORE_CELLS: _("This row has more cells than the headers. Take it out or mend it."),
    }[fault.fault]
    return words % {"hint": fault.hint}


def row_errors(faults: tuple[RowFault, ...]) -> tuple[values.RowError, ...]:
    """Return wrong cells as the table of row errors shows them."""
    return tuple(
        values.RowError(fault.row, fault.column or "—", fault.written or "—", mend_words(fault))
        for fault in faults
    )


def field_words(name: Field) -> str:
    """Return what a column holds, in words."""
    return {
        Field.TEXT: _("what people said"),
        Field.TITLE: _("the title"),
        Field.NUMBER: _("the number"),
        Field.DATE: _("when it was received"),
        Field.PLACE: _("where it is"),
        Field.CLASS: _("the class"),
    }[name]


def source_words(source: str) -> str:
    """Return a feed in words."""
    own = {"mailbox": _("Mailbox"), "import": _("Another file")}
    titles = {system.code: system.title for system in SYSTEMS}
    return own.get(source) or _(titles[source])


def encoding_words(encoding: str) -> str:
    """Return how a file is written, in words."""
    return {
        "utf-8": "UTF-8",
        "utf-16": "UTF-16",
        "gb18030": "GB18030 (GBK)",
        "workbook": _("a workbook"),
    }[encoding]
