"""The demo world: invented people and firms on real places, built through the doors."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from PIL import Image, ImageDraw

from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.stage import catalogue
from bihuan.platform.files import store

Said = Callable[[str], None]


@dataclass(slots=True)
class World:
    """What seeds stand on: the moment at which the world ends, the cast, the dice."""

    now: datetime
    cast: Cast
    rng: random.Random = field(default_factory=lambda: random.Random(2026))
    scopes: dict[str, object] = field(default_factory=dict)

    def photo(self, hue: int, *, done: bool = False) -> str:
        """Keep a drawn stand-in for a photo and return its hash."""
        return store.receive_photo(io.BytesIO(_drawn(hue % 12, done=done)), at=self.now)


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


def build_world(*, now: datetime, say: Said = lambda words: None) -> World:
    """Build the cast and let each scene fill its part."""
    world = World(now=now, cast=make_cast(at=now))
    for scene in catalogue.scenes():
        if scene.seeds:
            say(scene.name)
            catalogue.resolve(scene.seeds, scene=scene.name)(world)
    return world
