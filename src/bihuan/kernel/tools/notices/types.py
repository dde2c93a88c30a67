"""Words of notices: kinds, channels, what a channel is given and what it answers."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NewType, Protocol
from uuid import UUID

from bihuan.kernel.ground.events.types import FactId, Ref
from bihuan.kernel.ground.registry.types import Power

NoticeId = NewType("NoticeId", int)
DeliveryId = NewType("DeliveryId", UUID)
NoticeCode = NewType("NoticeCode", str)
ChannelName = NewType("ChannelName", str)

INBOX = ChannelName("inbox")
"""The list on the desks. Every notice is there; it needs no sending."""
SMS = ChannelName("sms")
VOICE = ChannelName("voice")
EMAIL = ChannelName("email")
WECHAT = ChannelName("wechat")
ZHE_LI_BAN = ChannelName("zhe_li_ban")
ZHE_ZHENG_DING = ChannelName("zhe_zheng_ding")
CHANNELS = (INBOX, SMS, VOICE, EMAIL, WECHAT, ZHE_LI_BAN, ZHE_ZHENG_DING)

MAY_SEND = Power("notices.send")
"""Jobs and reactions only; no duty has it."""
MAY_REPORT = Power("notices.report")
"""What a provider says of a delivery; no duty has it."""
MAY_WATCH = Power("notices.watch")
"""See what could not be sent, and send it again."""

PERSON, FIRM, UNIT = "registry.person", "registry.organisation", "registry.unit"
NOTICE = "notices.notice"


def notice_ref(notice_id: NoticeId) -> Ref:
    """Return the pointer to a notice."""
    return Ref(NOTICE, str(notice_id))


class Audience(enum.StrEnum):
    """To whom a kind of notice is addressed."""

    PERSON = "person"
    FIRM = "firm"
    UNIT = "unit"
    RAISER = "raiser"
    """Whoever raised something: a person, or a firm."""


class Side(enum.StrEnum):
    """From which desk an inbox is read: one's own, the firm's, the unit's."""

    RESIDENT = "resident"
    ENTERPRISE = "enterprise"
    OFFICER = "officer"


class Urgency(enum.StrEnum):
    """How soon it must be known."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    """Danger or the last chance to act: rings at night and passes the limit for one recipient."""


class DeliveryState(enum.StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    SENT = "sent"
    """The provider took it; proof that it arrived is still to come."""
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class Why(enum.StrEnum):
    """Why a delivery failed, waits or was skipped."""

    NO_ADDRESS = "no_address"
    REFUSED = "refused"
    SPENT = "spent"
    """Three days of tries are over."""
    NO_CHANNEL = "no_channel"
    OPTED_OUT = "opted_out"
    STALE = "stale"
    """It had happened too long ago for a bell; it is in the inbox."""
    QUOTA = "quota"
    NOT_ARRIVED = "not_arrived"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: its words (msgids of gettext), to whom, how fast, by which ways.

    `words` is a sentence with ``%(name)s`` places; each of `more` is added when its parameter is
    given. Parameters are ids, numbers, names of units, dates: never personal text. A parameter
    that ends in ``_at`` is said as a moment, one that ends in ``_code`` by `code_words`.
    """

    code: NoticeCode
    title: str
    words: str
    audience: Audience
    more: tuple[tuple[str, str], ...] = ()
    channels: tuple[ChannelName, ...] = ()
    """Besides the inbox, in order of preference; the next is tried when one fails for good."""
    urgency: Urgency = Urgency.ORDINARY
    code_words: tuple[tuple[str, str], ...] = ()
    """Codes of a closed list and their words: a reason is sent as its code, never as text."""
    is_legal: bool = False
    """A notice that law demands: nobody can opt out of having it in the inbox."""

    @property
    def rings_at_night(self) -> bool:
        """Whether quiet hours do not hold it."""
        return self.urgency is Urgency.URGENT


@dataclass(frozen=True, slots=True)
class News:
    """What somebody is to be told: the kind, about what, with which values, where, caused by."""

    kind: NoticeCode
    cause: FactId
    subject: Ref
    params: Mapping[str, Any] = field(default_factory=dict)
    area_path: str = ""
    dedupe: str = ""
    """Tells apart two notices of one kind that one fact causes for one recipient."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice that stands; `repeated` when the same cause had made it before."""

    id: NoticeId
    repeated: bool = False
    channel: ChannelName | None = None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as an inbox shows it."""

    id: NoticeId
    kind: NoticeCode
    params: Mapping[str, Any]
    subject: Ref
    to: Ref
    at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Thirty notices, how many are unread, and where the next thirty begin."""

    rows: tuple[NoticeRow, ...]
    unread: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class StuckRow:
    """A delivery that failed, or fails again and again: what the duty officer sees."""

    id: DeliveryId
    notice_id: NoticeId
    kind: NoticeCode
    channel: ChannelName
    state: DeliveryState
    why: str
    error: str
    attempts: int
    at: datetime
    next_at: datetime
    number: str
    to: Ref


# -- channels -------------------------------------------------------------------------------------


class AddressKind(enum.StrEnum):
    """What a channel needs to reach somebody."""

    PHONE = "phone"
    OWN_ID = "own_id"
    """The pointer to the recipient; the provider's adapter keeps its own table of bindings."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is given. `key` is the provider's idempotency key: the same for each try."""

    key: str
    to: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider answered: its id of the message, and whether it has arrived already."""

    provider_id: str
    has_arrived: bool = False


class UnableToSend(Exception):
    """It did not work this time; it is tried again."""


class RefusedForGood(UnableToSend):
    """It will never work by this channel: no address, number unknown. The next channel is tried."""

    def __init__(self, why: Why = Why.REFUSED, words: str = "") -> None:
        super().__init__(words or why.value)
        self.why = why


class Channel(Protocol):
    """One way out of the house. Adapters have this shape and are named in the settings."""

    address: AddressKind
    is_public: bool
    """True where strangers may read along (a lock screen): number and deadline only."""

    def send(self, message: Message) -> Receipt:
        """Hand the message over.

        Raises:
            RefusedForGood: it can never be sent this way.
            UnableToSend: not now.
        """


# -- rules as values ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when in the evening until when in the morning nobody is rung."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Quota:
    """How many messages a channel may carry in a day, in all and to one recipient."""

    per_day: int
    per_recipient: int


@dataclass(frozen=True, slots=True)
class Used:
    """How many a channel has carried on a day."""

    on: date
    in_all: int
    to_recipient: int
