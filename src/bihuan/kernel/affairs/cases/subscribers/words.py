"""The kinds of notices that the life of a matter sends: to who raised it, to units, to the firm."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kernel.tools.notices.types import (
    SMS,
    VOICE,
    WECHAT,
    ZHE_LI_BAN,
    ZHE_ZHENG_DING,
    Audience,
    ChannelName,
    NoticeCode,
    NoticeKind,
    Urgency,
)

PUBLIC = (ZHE_LI_BAN, WECHAT, SMS)
AT_WORK = (ZHE_ZHENG_DING,)
WHY = ("reason_code", _("Reason: %(reason_code)s."))
REASONS = (
    ("emergency", _("An emergency: 110, 119 or 120 handles it at once")),
    ("in_procedure", _("It is before a court, an arbitration, a review or a petition office")),
    ("other_power", _("It belongs to another power, not to the government")),
    ("secret", _("It concerns secrets or the privacy of others")),
    ("not_here", _("It lies in another city")),
    ("unclear", _("It does not say what and where, and nobody could be asked")),
    ("season", _("Season")),
    ("funds", _("Funds")),
    ("planning", _("Planning")),
    ("lawsuit", _("Lawsuit")),
    ("weather", _("Weather")),
    ("no_facts", _("There are no facts for it")),
    ("beyond_law", _("It goes beyond law and policy")),
    ("ended", _("Every procedure has ended")),
    ("malicious", _("Malicious complaint")),
)
"""The closed lists of reasons, in the words of the pages; a test holds them together."""
DONE_BY = ("due_at", _("To be done by %(due_at)s."))


def _raiser(
    code: str,
    title: str,
    words: str,
    *more: tuple[str, str],
    channels: tuple[ChannelName, ...] = (),
    code_words: tuple[tuple[str, str], ...] = (),
    is_legal: bool = False,
) -> NoticeKind:
    return NoticeKind(
        NoticeCode(f"cases.{code}"),
        title,
        words,
        Audience.RAISER,
        more,
        channels,
        code_words=code_words,
        is_legal=is_legal,
    )


def _unit(code: str, title: str, words: str, *more: tuple[str, str]) -> NoticeKind:
    return NoticeKind(NoticeCode(f"cases.unit.{code}"), title, words, Audience.UNIT, more, AT_WORK)


def _firm(
    code: str,
    title: str,
    words: str,
    *,
    channels: tuple[ChannelName, ...] = PUBLIC,
    urgency: Urgency = Urgency.ORDINARY,
) -> NoticeKind:
    return NoticeKind(
        NoticeCode(f"cases.firm.{code}"),
        title,
        words,
        Audience.FIRM,
        (DONE_BY,),
        channels,
        urgency,
        is_legal=True,
    )


KINDS = (
    _raiser("checking", _("Being looked at"), _("%(number)s: somebody goes and looks first.")),
    _raiser(
        "filed",
        _("Taken on"),
        _("%(number)s is taken on. The centre finds the unit that does it."),
        ("due_at", _("It is dispatched by %(due_at)s.")),
        channels=PUBLIC,
    ),
    _raiser(
        "rejected",
        _("Not taken on"),
        _("%(number)s is not taken on. You may object once on its page."),
        WHY,
        channels=PUBLIC,
        code_words=REASONS,
        is_legal=True,
    ),
    _raiser(
        "merged",
        _("Merged"),
        _("%(number)s is handled with another report of the same. Both get the answer."),
        ("master", _("Number of the other: %(master)s.")),
        channels=PUBLIC,
    ),
    _raiser(
        "voided",
        _("Void"),
        _("%(number)s was entered in error and ends here. The reason stands on its page."),
        channels=PUBLIC,
    ),
    _raiser(
        "dispatched",
        _("Dispatched"),
        _("%(number)s is with %(holder)s."),
        ("helpers", _("%(helpers)s help.")),
        DONE_BY,
        channels=PUBLIC,
    ),
    _raiser(
        "suspended",
        _("Suspended"),
        _("%(number)s rests for now."),
        WHY,
        ("review_at", _("It is looked at again on %(review_at)s.")),
        channels=PUBLIC,
        code_words=REASONS,
    ),
    _raiser("resumed", _("Going on"), _("%(number)s goes on."), DONE_BY, channels=PUBLIC),
    _raiser("signed", _("Signed for"), _("%(holder)s has signed for %(number)s."), DONE_BY),
    _raiser("started", _("Being handled"), _("%(holder)s has begun with %(number)s.")),
    _raiser(
        "fed_back",
        _("Fed back"),
        _("%(holder)s says that %(number)s is done. Somebody goes and checks."),
    ),
    _raiser(
        "rework",
        _("Reworked"),
        _("%(number)s was checked on the spot and is not done yet. It goes back to be redone."),
        ("due_at", _("The deadline stays %(due_at)s.")),
    ),
    _raiser(
        "closed",
        _("Answered"),
        _("%(number)s is done and was checked on the spot. Read the answer, give your verdict."),
        channels=PUBLIC,
        is_legal=True,
    ),
    _raiser("evaluated", _("Verdict kept"), _("Your verdict on %(number)s is kept.")),
    _raiser(
        "redo",
        _("Done again"),
        _("%(number)s is done again, as you asked."),
        ("due_at", _("It is dispatched by %(due_at)s.")),
        channels=PUBLIC,
    ),
    _raiser(
        "appealed",
        _("Looked at again"),
        _("%(number)s: your objection is here. Another person decides."),
        ("due_at", _("You hear by %(due_at)s.")),
    ),
    _raiser(
        "upheld",
        _("Still not taken on"),
        _("%(number)s was looked at by another person and is not taken on. Its page says why."),
        channels=PUBLIC,
        is_legal=True,
    ),
    _raiser(
        "detached",
        _("Handled by itself"),
        _("%(number)s is another matter after all and is handled by itself."),
        ("due_at", _("You hear by %(due_at)s.")),
    ),
    _raiser("withdrawn", _("Withdrawn"), _("%(number)s ends here, as you asked.")),
    _raiser(
        "stage_done",
        _("One stage done"),
        _("%(holder)s has finished one stage of %(number)s."),
        ("due_at", _("The next one is done by %(due_at)s.")),
    ),
    _raiser(
        "extended",
        _("More time"),
        _("%(holder)s was given more time for %(number)s. Its page says why."),
        DONE_BY,
        channels=PUBLIC,
    ),
    _raiser(
        "unreasonable",
        _("Ended with reasons"),
        _("%(number)s cannot be done as asked and ends here. The reasons stand on its page."),
        WHY,
        channels=PUBLIC,
        code_words=REASONS,
        is_legal=True,
    ),
    _raiser(
        "reopened",
        _("Opened again"),
        _("%(number)s is opened again."),
        ("due_at", _("It is dispatched by %(due_at)s.")),
        channels=PUBLIC,
    ),
    _raiser(
        "looked_back", _("Looked back at"), _("%(number)s was looked at again: still in order.")
    ),
    _unit(
        "extended",
        _("More time"),
        _("The extension for %(number)s is allowed."),
        DONE_BY,
    ),
    _unit(
        "not_extended",
        _("No more time"),
        _("The extension for %(number)s is refused. Its page says why."),
        ("due_at", _("The deadline stays %(due_at)s.")),
    ),
    _unit("lead", _("To handle as lead"), _("%(number)s is yours to handle as lead."), DONE_BY),
    _unit("helps", _("To help with"), _("%(number)s: help the lead %(holder)s."), DONE_BY),
    _unit(
        "returned",
        _("Returned"),
        _("%(holder)s returned %(number)s. Dispatch it again."),
        ("due_at", _("It is dispatched by %(due_at)s.")),
    ),
    _unit(
        "rework",
        _("To be redone"),
        _("%(number)s did not pass the check. Redo it; the page says what is missing."),
        ("due_at", _("The deadline stays %(due_at)s.")),
    ),
    _unit(
        "merged",
        _("Another report of the same"),
        _("%(merged)s was merged into %(number)s. The answer goes to both."),
        DONE_BY,
    ),
    _firm(
        "general",
        _("General hazard confirmed"),
        _("%(holder)s confirmed %(number)s at your firm as a general hazard."),
    ),
    _firm(
        "major",
        _("Major hazard confirmed"),
        _("%(holder)s confirmed %(number)s at your firm as a major hazard. Make it safe first."),
        channels=(*PUBLIC, VOICE),
        urgency=Urgency.URGENT,
    ),
    _firm(
        "cleared",
        _("Hazard cleared"),
        _("%(number)s was checked on the spot: cleared. Your code is computed anew."),
    ),
    _firm(
        "not_cleared",
        _("Hazard not cleared"),
        _("%(number)s was checked on the spot: not cleared yet. Its page says what is missing."),
    ),
)
