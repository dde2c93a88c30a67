"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class PayeeOpened(Fact):
    """An account in which money may end was made known."""

    name = "settlement.payee_opened.v1"
    code: str
    nature: str


@dataclass(frozen=True, slots=True)
class RouteProposed(Fact):
    """Somebody proposed where a kind of money should go."""

    name = "settlement.route_proposed.v1"
    key: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class RouteApproved(Fact):
    """A second person approved a route."""

    name = "settlement.route_approved.v1"
    key: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class RouteWithdrawn(Fact):
    """A proposal was withdrawn before anybody approved it."""

    name = "settlement.route_withdrawn.v1"
    key: str


@dataclass(frozen=True, slots=True)
class BatchMoved(Fact):
    """A clearing batch went from one state to another."""

    name = "settlement.batch_moved.v1"
    channel: str
    day: date
    no: int
    move: str
    target: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ClearingStopped(Fact):
    """Lines and amounts of a batch differ: nothing of this channel is cleared until released."""

    name = "settlement.clearing_stopped.v1"
    channel: str
    day: date
    lines_fen: int
    expected_fen: int


@dataclass(frozen=True, slots=True)
class ClearingReleased(Fact):
    """Somebody found the reason, and clearing of a channel goes on."""

    name = "settlement.clearing_released.v1"
    channel: str


@dataclass(frozen=True, slots=True)
class DifferenceFound(Fact):
    """Our side and a channel's differ: somebody has to look. A scene opens a matter by it."""

    name = "settlement.difference_found.v1"
    channel: str
    day: date
    kind: str
    reference: str
    ours_fen: int | None
    theirs_fen: int | None


@dataclass(frozen=True, slots=True)
class DifferenceEnded(Fact):
    """Somebody ended a difference, with its reason."""

    name = "settlement.difference_ended.v1"
    kind: str


@dataclass(frozen=True, slots=True)
class DayClosed(Fact):
    """A channel's day was closed for good."""

    name = "settlement.day_closed.v1"
    channel: str
    day: date
