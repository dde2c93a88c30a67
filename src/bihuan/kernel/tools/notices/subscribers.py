"""Reactions: somebody's data was looked at out of care, or too much of it. Safe to run twice."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import RecordedFact, Ref
from bihuan.kernel.ground.privacy.facts import GLASS_BROKEN, MANY_LOOKS
from bihuan.kernel.ground.privacy.types import look_ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AUDITOR, PersonId, Scope, person_ref
from bihuan.kernel.tools.notices import kinds
from bihuan.kernel.tools.notices.operations.telling import send_notice
from bihuan.kernel.tools.notices.types import MAY_SEND, Audience, News, NoticeCode, NoticeKind

SEEN = NoticeKind(
    code=NoticeCode("privacy.seen_in_danger"),
    title=_("Your data was looked at in danger"),
    words=_(
        "%(unit)s looked at your data because it saw danger. "
        "Who, when and why stands under “Privacy”. Doubts: call 12345."
    ),
    audience=Audience.PERSON,
    is_legal=True,
)
GLASS = NoticeKind(
    code=NoticeCode("privacy.glass_broken"),
    title=_("A look out of care"),
    words=_("%(unit)s looked at personal data out of its care. Look it over under “Who looked”."),
    audience=Audience.PERSON,
    is_legal=True,
)
MANY = NoticeKind(
    code=NoticeCode("privacy.many_looks"),
    title=_("Many looks in a short time"),
    words=_(
        "One account looked at %(looks)s sensitive values within %(minutes)s minutes. "
        "Look it over under “Who looked”."
    ),
    audience=Audience.PERSON,
    is_legal=True,
)


def start() -> None:
    """Declare the three kinds and listen."""
    for kind in (SEEN, GLASS, MANY):
        kinds.declare_kind(kind)
    events.subscribe(GLASS_BROKEN, "notices:glass_broken", glass_broken)
    events.subscribe(MANY_LOOKS, "notices:many_looks", many_looks)


def glass_broken(fact: RecordedFact) -> None:
    """Tell the person whose data it is, and the auditors of the county."""
    area = registry.find_area(fact.payload["county"])
    params: dict[str, object] = {"unit": fact.payload["unit_name"] or (area.name if area else "")}
    _tell(SEEN.code, fact, fact.subject, params)
    _tell_auditors(GLASS.code, fact, params)


def many_looks(fact: RecordedFact) -> None:
    """Tell the auditors of the county, once for each stretch of time."""
    params: dict[str, object] = {"looks": fact.payload["looks"], "minutes": fact.payload["minutes"]}
    _tell_auditors(MANY.code, fact, params)


def _tell_auditors(code: NoticeCode, fact: RecordedFact, params: dict[str, object]) -> None:
    for person_id in _auditors(fact):
        _tell(code, fact, person_ref(person_id), params)


def _auditors(fact: RecordedFact) -> tuple[PersonId, ...]:
    """Return who audits the county of the fact; the one who looked is not told of themselves."""
    county = registry.find_area(fact.payload["county"])
    held = registry.list_holders(at=fact.at, duty=AUDITOR, area_path=county.path if county else "")
    looked = fact.origin.account_id
    return tuple(h.person.id for h in held if h.person.account_id != looked)


def _tell(code: NoticeCode, fact: RecordedFact, to: Ref, params: dict[str, object]) -> None:
    about = look_ref(fact.payload["look_id"])
    send_notice(News(code, fact.id, about, params), to=to, scope=_scope(), at=fact.at)


def _scope() -> Scope:
    return registry.system_scope("notices", [MAY_SEND])
