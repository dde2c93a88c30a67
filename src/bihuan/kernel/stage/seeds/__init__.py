"""The demo world: invented people and firms on real places, built through the doors."""

from __future__ import annotations

import bisect
import io
import multiprocessing
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection
from PIL import Image, ImageDraw

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.stage import catalogue
from bihuan.kernel.stage.seeds.staffing import Staff, make_staff
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import Side
from bihuan.platform import clock
from bihuan.platform.files import store

Said = Callable[[str], None]
PAST_DAYS, COMING_DAYS = 150, 60
HUES = 12


class OfficeHours:
    """The office hours around the end of the world, as one line of minutes to walk along."""

    def __init__(self, now: datetime) -> None:
        """Lay the line from a hundred days ago to a month ahead."""
        calendar = clocks.get_calendar()
        self.spans: list[tuple[datetime, datetime]] = []
        today = clock.business_date(now)
        for n in range(-PAST_DAYS, COMING_DAYS):
            day = today + timedelta(days=n)
            listed = calendar.days.get(day)
            if (listed.off if listed else day.weekday() >= 5) is False:
                for opening, closing in calendar.hours:
                    self.spans.append(
                        (
                            datetime.combine(day, opening, clock.CHINA),
                            datetime.combine(day, closing, clock.CHINA),
                        )
                    )
        self.passed = [0.0]
        for begin, end in self.spans:
            self.passed.append(self.passed[-1] + (end - begin).total_seconds() / 60)

    def position(self, at: datetime) -> float:
        """Return how many minutes of the line lie before a moment."""
        n = bisect.bisect_right([begin for begin, _ in self.spans], at) - 1
        if n < 0:
            return 0.0
        begin, end = self.spans[n]
        return self.passed[n] + (min(at, end) - begin).total_seconds() / 60

    def moment(self, position: float) -> datetime:
        """Return the moment at which so many minutes of the line have passed."""
        n = min(max(0, bisect.bisect_right(self.passed, position) - 1), len(self.spans) - 1)
        return self.spans[n][0] + timedelta(minutes=max(0.0, position - self.passed[n]))

    def after(self, at: datetime, minutes: float) -> datetime:
        """Return the moment in office hours so many of their minutes after (or before) `at`."""
        return self.moment(self.position(at) + minutes)


@dataclass(slots=True)
class World:
    """What seeds stand on: the moment at which the world ends, the cast, the dice."""

    now: datetime
    cast: Cast
    rng: random.Random = field(default_factory=lambda: random.Random(2026))
    staff: Staff = field(default_factory=Staff)
    office: OfficeHours = field(init=False)
    photos: dict[tuple[int, bool], str] = field(default_factory=dict)
    hands: int = 1
    """How many processes build side by side; one inside a transaction (tests)."""

    def __post_init__(self) -> None:
        """Lay the office hours around the end of the world."""
        self.office = OfficeHours(self.now)

    def photo(self, hue: int, *, done: bool = False) -> str:
        """Keep a drawn stand-in for a photo and return its hash."""
        key = (hue % HUES, done)
        if key not in self.photos:
            drawn = io.BytesIO(_drawn(hue % HUES, done=done))
            self.photos[key] = store.receive_photo(drawn, at=self.now)
        return self.photos[key]

    def side_by_side(self, build: Callable[[World, int, int], None]) -> None:
        """Let `build(world, n, of)` do the n-th part of the work, each part in its process.

        Each part throws its own dice, so that the world is the same whoever is quicker.
        """
        parts = 4
        for hue in range(HUES):
            self.photo(hue)
            self.photo(hue, done=True)
        if self.hands == 1:
            for n in range(parts):
                build(self._dice(n), n, parts)
            return
        _let_go()
        context = multiprocessing.get_context("fork")
        children = [
            context.Process(target=_part, args=(build, self._dice(n), n, parts))
            for n in range(parts)
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
        if any(child.exitcode for child in children):
            raise UnableToBuild("A part of the demo world failed. Begin anew: make demo-reset.")

    def _dice(self, n: int) -> World:
        return replace(self, rng=random.Random(2026 + n))


class UnableToBuild(RuntimeError):
    """A part of the world was not built; what stands is not whole."""


def _part(build: Callable[[World, int, int], None], world: World, n: int, of: int) -> None:
    build(world, n, of)
    _let_go()


def _let_go() -> None:
    """Close the connection and its pool, whose threads do not live on in another process."""
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool is not None:
        close_pool()


def _drawn(hue: int, *, done: bool) -> bytes:
    """Return a plain drawing: a street with something on it, or cleared."""
    sky = (176 + hue * 4, 190 + hue * 3, 204)
    image = Image.new("RGB", (640, 480), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 480), fill=(128, 134, 140))
    draw.rectangle((60 + hue * 8, 90, 300, 300), fill=(150 + hue * 4, 140, 128))
    if not done:
        for n in range(4):
            left = 320 + n * 60 + hue * 3
            draw.rectangle((left, 250 - n * 18, left + 52, 330), fill=(120, 92 + hue * 6, 60))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


READERS = (("lu", Side.RESIDENT), ("zhou", Side.RESIDENT), ("shen", Side.ENTERPRISE))


def read_old_messages(world: World) -> None:
    """Let those of the cast whom a visitor plays first have read what is older than two days."""
    for who, side in READERS:
        scope = world.cast.scope(who)
        after, more = "", True
        while more:
            found = notices.list_inbox(scope=scope, side=side, after=after)
            for row in found.rows:
                if not row.is_read and row.at < world.now - timedelta(days=2):
                    notices.open_notice(row.id, scope=scope, at=world.now)
            after, more = found.after, bool(found.after)


def build_world(*, now: datetime, say: Said = lambda words: None, hands: int = 1) -> World:
    """Build the cast and the staff, and let each scene fill its part."""
    cast = make_cast(at=now)
    world = World(now=now, cast=cast, staff=make_staff(cast, at=now), hands=hands)
    for scene in catalogue.scenes():
        if scene.seeds:
            say(scene.name)
            catalogue.resolve(scene.seeds, scene=scene.name)(world)
    return world
