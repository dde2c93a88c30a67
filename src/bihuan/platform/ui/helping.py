"""Help of pages and tours of roles: declared by desks and scenes at start-up, shown by ui.

The words are source strings of gettext in the app that declares them. No page is named here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class HelpPage:
    """What a page is for and how one works with it. `views` are the addresses by name."""

    key: str
    title: str
    what: str
    how: tuple[str, ...]
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a tour: where it stands, what it is called, what to do there."""

    href: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Tour:
    """Three to six steps for somebody with a role, in the order of a working day."""

    role: str
    title: str
    steps: tuple[Step, ...]


RoleOf = Callable[[HttpRequest], str]
Enter = Callable[[HttpRequest], None]

_pages: dict[str, HelpPage] = {}
_by_view: dict[str, HelpPage] = {}
_tours: dict[str, Tour] = {}
_roles: list[RoleOf] = []
_enter: list[Enter] = []


class UnableToDeclareHelp(RuntimeError):
    """Two pages have one key or stand for one address, or a tour is too short or too long."""


def declare_page(page: HelpPage) -> None:
    """Take the help of a page.

    Raises:
        UnableToDeclareHelp: its key or an address of it stands already.
    """
    taken = [view for view in page.views if view in _by_view]
    if page.key in _pages or taken:
        raise UnableToDeclareHelp(f"help {page.key}: stands already {taken}")
    _pages[page.key] = page
    _by_view.update(dict.fromkeys(page.views, page))


def declare_tour(tour: Tour) -> None:
    """Take the tour of a role.

    Raises:
        UnableToDeclareHelp: the role has one, or it has not three to six steps.
    """
    if tour.role in _tours or not 3 <= len(tour.steps) <= 6:
        raise UnableToDeclareHelp(f"tour {tour.role}: twice, or not three to six steps")
    _tours[tour.role] = tour


def tell_roles(role_of: RoleOf, enter: Enter) -> None:
    """Let `role_of` say which role the asker of a request has, or nothing, without asking a table.

    `enter` finds out who asks, for pages of the platform, which knows no posts.
    """
    _roles.append(role_of)
    _enter.append(enter)


def enter(request: HttpRequest) -> None:
    """Find out who asks, before a page of the platform asks for the role."""
    for one in _enter:
        one(request)


def pages() -> tuple[HelpPage, ...]:
    """Return the help of every page, in the order of declaration."""
    return tuple(_pages.values())


def find_page(key: str) -> HelpPage | None:
    """Return the help with this key."""
    return _pages.get(key)


def page_of(view: str) -> HelpPage | None:
    """Return the help of the page at an address by name."""
    return _by_view.get(view)


def tours() -> tuple[Tour, ...]:
    """Return every tour."""
    return tuple(_tours.values())


def tour_of(request: HttpRequest) -> Tour | None:
    """Return the tour of who asks, if the role has one."""
    for role_of in _roles:
        found = _tours.get(role_of(request))
        if found is not None:
            return found
    return None
