"""Pure decisions of the books: what is a proper entry, how one is mirrored, how fen are shared."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.kernel.tools.ledger.types import LARGEST_FEN, Leg, NewEntry

KEY_LONGEST = 120
WORDS_LONGEST = 200


def fault_of(entry: NewEntry) -> str:
    """Return the code of what is wrong with an entry, or nothing."""
    amounts = [leg.amount_fen for leg in entry.legs]
    if any(type(amount) is not int for amount in amounts):
        return "not_whole"
    if not 0 < len(entry.key) <= KEY_LONGEST:
        return "key"
    if not 0 < len(entry.words) <= WORDS_LONGEST:
        return "words"
    if len(amounts) < 2 or 0 in amounts:
        return "sides"
    if max(map(abs, amounts)) > LARGEST_FEN:
        return "too_large"
    return "unbalanced" if sum(amounts) else ""


def mirror(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """Return the legs that undo `legs`."""
    return tuple(Leg(leg.account_id, -leg.amount_fen) for leg in legs)


def same_legs(one: Sequence[Leg], other: Sequence[Leg]) -> bool:
    """Return whether two entries move the same amounts, in whatever order."""
    return sorted(one, key=_order) == sorted(other, key=_order)


def _order(leg: Leg) -> tuple[int, int]:
    return leg.account_id, leg.amount_fen


def share_out(amount_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share an amount by weights, to the fen: largest remainders first, then the first in line.

    The shares always add up to `amount_fen`, and no share differs by a whole fen from its exact
    part. A zero weight gets nothing.

    Raises:
        ValueError: a weight is below zero, all are zero, or the amount is below zero.
    """
    whole = sum(weights)
    if amount_fen < 0 or whole <= 0 or min(weights, default=0) < 0:
        raise ValueError("share a positive amount by positive weights")
    parts = [divmod(amount_fen * weight, whole) for weight in weights]
    left = amount_fen - sum(share for share, _rest in parts)
    order = sorted(range(len(parts)), key=lambda n: (-parts[n][1], n))
    lucky = set(order[:left])
    return tuple(share + (n in lucky) for n, (share, _rest) in enumerate(parts))
