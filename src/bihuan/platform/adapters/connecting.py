"""Which adapter speaks to a system: its address in the settings, or a stand-in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings

from bihuan.platform import clock
from bihuan.platform.adapters import keys, signing, speaking
from bihuan.platform.adapters.models import StandIn
from bihuan.platform.adapters.types import Adapter, Batch, Body, Item, UnableToReach

AT_ONCE = 100


def is_connected(system: str) -> bool:
    """Return whether anything can be asked of a system or brought to it."""
    return system in settings.BIHUAN_OUTSIDE or settings.BIHUAN_STAND_INS


def adapter_of(system: str) -> Adapter:
    """Return how one speaks to a system.

    Raises:
        UnableToReach: no address is set, and stand-ins are off.
    """
    address = settings.BIHUAN_OUTSIDE.get(system)
    if address:
        return HttpAdapter(system, address.rstrip("/"))
    if settings.BIHUAN_STAND_INS:
        return StandInAdapter(system)
    raise UnableToReach("no address is set for this system (BIHUAN_OUTSIDE)")


@dataclass(frozen=True, slots=True)
class HttpAdapter:
    """The plain protocol: ``GET /items?after=…`` and ``POST /<action>``, both signed."""

    system: str
    address: str

    def fetch(self, cursor: str) -> Batch:
        """Return what is new since `cursor`."""
        url = f"{self.address}/items?{urlencode({'after': cursor})}"
        value = speaking.ask("GET", url, headers=self._headers(f"items.{cursor}"[:60], b""))
        items = value.get("items", [])
        if not isinstance(items, list) or not all(_is_item(item) for item in items):
            raise UnableToReach("the items are not as agreed")
        if len(items) > AT_ONCE:  # to cut would lose what the cursor has passed
            raise UnableToReach(f"more than {AT_ONCE} items at once")
        found = tuple(Item(str(i["number"]), i) for i in items)
        return Batch(found, str(value.get("cursor", cursor))[:200])

    def send(self, action: str, key: str, body: Body) -> Body:
        """Bring `body` over; the key goes along as the message's id."""
        raw = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        headers = self._headers(key, raw) | {"Content-Type": "application/json"}
        return speaking.ask("POST", f"{self.address}/{action}", body=raw, headers=headers)

    def _headers(self, message_id: str, raw: bytes) -> dict[str, str]:
        at: datetime = clock.now()
        secret = keys.secret_of_system(self.system, at=at)
        if not secret:
            raise UnableToReach("no key stands for this system; make one first")
        return signing.headers_for(secret, message_id, raw, at=at)


def _is_item(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("number"), str)


@dataclass(frozen=True, slots=True)
class StandInAdapter:
    """The world outside, played in a table: it gives what was put in, and keeps what it gets."""

    system: str

    def fetch(self, cursor: str) -> Batch:
        """Return what was put in after `cursor`."""
        after = int(cursor) if cursor.isdigit() else 0
        rows = StandIn.objects.filter(system=self.system, way=StandIn.Way.OUT, pk__gt=after)
        found = list(rows.order_by("pk")[:AT_ONCE])
        items = tuple(Item(row.key, row.body) for row in found)
        return Batch(items, str(found[-1].pk) if found else cursor)

    def send(self, action: str, key: str, body: Body) -> Body:
        """Keep what is brought, once for each key."""
        _, fresh = StandIn.objects.get_or_create(
            system=self.system,
            way=StandIn.Way.IN,
            key=key,
            defaults={"action": action, "body": body},
        )
        return {"received": key, "repeated": not fresh}


def put(system: str, number: str, body: Body) -> None:
    """Let the stand-in of a system have something to give."""
    StandIn.objects.update_or_create(
        system=system, way=StandIn.Way.OUT, key=number, defaults={"body": body}
    )


def brought(system: str) -> tuple[Body, ...]:
    """Return what a stand-in was brought, in order."""
    rows = StandIn.objects.filter(system=system, way=StandIn.Way.IN).order_by("pk")
    return tuple(row.body for row in rows)
