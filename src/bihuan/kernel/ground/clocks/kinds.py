"""Which rooms answer for the subjects of clocks; filled at start-up."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.kernel.ground.clocks.types import Cover

_covers: dict[str, tuple[frozenset[str], Cover]] = {}


class UnableToDeclareCover(RuntimeError):
    """Two rooms would answer for the same subjects; the site does not start."""


def declare_cover(room: str, subject_kinds: Iterable[str], cover: Cover) -> None:
    """Let a room answer for subjects: it tells people of their rungs and finds what none covers.

    Raises:
        UnableToDeclareCover: another room does.
    """
    kinds = frozenset(subject_kinds)
    for other, (theirs, _cover) in _covers.items():
        if other != room and theirs & kinds:
            raise UnableToDeclareCover(
                f"{room} and {other} both answer for {sorted(theirs & kinds)}"
            )
    _covers[room] = (kinds, cover)


def all_covers() -> tuple[Cover, ...]:
    """Return what every room declared."""
    return tuple(cover for _kinds, cover in _covers.values())


def covered_kinds() -> frozenset[str]:
    """Return the kinds of subjects for which some room answers."""
    return frozenset(kind for kinds, _cover in _covers.values() for kind in kinds)
