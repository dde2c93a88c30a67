"""Kill the relay and its consumers, poison it, take the receiver away: goal sheet 15.

The real outbox: facts and their deliveries, the subscribers of all rooms and scenes, notices with a
provider, webhooks with a receiver. Only the clock is simulated, so that an hour passes at once.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.trust import checks, report
from tests.trust.harness import DURABLE, ROOT, Town, children_of
from tests.trust.outside import Outside
from tests.trust.runs import SEED

pytestmark = [
    pytest.mark.trust,
    pytest.mark.skipif(not report.is_full(), reason="it takes minutes: part of make trust only"),
]

KILLS = int(os.environ.get("BIHUAN_TRUST_N") or (300 if report.is_full() else 12))
MATTERS = 40 if report.is_full() else 10
CONTROL_KILLS = 20 if report.is_full() else 3
HOUR = 3600
IDLE = 50
"""Looks without progress after which there is more to do."""
PATIENCE = 600
"""Seconds after which something waits for ever; a busy machine is no fault."""
DISORDER = """
    SELECT subject_key, subscriber, fact_id FROM (
        SELECT *, max(fact_id) OVER (PARTITION BY subject_key, subscriber ORDER BY id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM trust_heard) heard
    WHERE before > fact_id
"""
DOUBLED = "SELECT fact_id, subscriber FROM trust_heard GROUP BY 1, 2 HAVING count(*) > 1"
UNHEARD = """
    SELECT d.fact_id, d.subscriber FROM events_delivery d
    LEFT JOIN trust_heard h ON h.fact_id = d.fact_id AND h.subscriber = d.subscriber
    WHERE h.id IS NULL AND d.state = 'done'
"""
HEARD_OF_OTHERS = """
    SELECT count(*) FROM events_delivery d JOIN events_fact f ON f.id = d.fact_id
    WHERE d.state = 'pending' AND f.subject_key NOT IN ({})
"""
LEFT = """
    SELECT f.subject_key, d.state, d.attempts FROM events_delivery d
    JOIN events_fact f ON f.id = d.fact_id WHERE d.state <> 'done'
"""


@dataclass(slots=True)
class Relay:
    """The relays of a town, the world outside, and the simulated clock."""

    town: Town
    outside: Outside
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    ahead: float = 0
    kills: int = 0
    bad_matters: dict[str, str] = field(default_factory=dict)

    def surroundings(self) -> dict[str, str]:
        """Return the environment of relays and of the world beside them."""
        return self.town.surroundings() | {
            "DJANGO_SETTINGS_MODULE": "tests.trust.settings",
            "BIHUAN_TRUST_OUTSIDE": self.outside.url,
            "BIHUAN_TRUST_MATTERS": str(MATTERS),
        }

    def prepare(self, **words: str) -> None:
        """Empty the tables and the folder."""
        checks.empty(self.town.server.url("bihuan"))
        with self.database() as db:
            db.execute("DROP TABLE IF EXISTS trust_heard")
            db.execute(
                "CREATE TABLE trust_heard (id bigserial PRIMARY KEY, fact_id bigint,"
                " subscriber text, subject_key text)"
            )
            db.execute("GRANT ALL ON trust_heard, trust_heard_id_seq TO PUBLIC")
            db.execute("TRUNCATE notices_notice, notices_delivery, adapters_call CASCADE")
            db.execute("TRUNCATE adapters_key CASCADE")
        for path in self.folder.iterdir():
            path.unlink()
        for name, value in words.items():
            (self.folder / name).write_text(value)
        self.pass_time(0)

    def start(self) -> None:
        """Start relays."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.trust.relay", str(self.folder)]
        with (self.town.home / "relay.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.surroundings(), stdout=log, stderr=log
            )

    def stop(self) -> None:
        """Stop the relays."""
        assert self.process is not None
        (self.folder / "stop").touch()
        self.process.wait(20)

    def database(self) -> Any:
        """Return a connection that may do anything."""
        return psycopg.connect(self.town.server.url("bihuan"), autocommit=True)

    def ask(self, question: str) -> list[Any]:
        """Return the rows of a question."""
        with self.database() as db:
            return db.execute(question).fetchall()

    def pass_time(self, seconds: float) -> None:
        """Let the simulated clock run on."""
        self.ahead += seconds
        fresh = self.folder / "clock.new"
        fresh.write_text(str(self.ahead))
        fresh.replace(self.folder / "clock")

    def waiting(self) -> int:
        """Return how much is still to be brought somewhere, but for what nobody can bear."""
        (row,) = self.ask(
            "SELECT (SELECT count(*) FROM events_delivery d JOIN events_fact f ON f.id = d.fact_id"
            f" WHERE d.state = 'pending' AND f.subject_key NOT IN ({self.bad()})),"
            " (SELECT count(*) FROM notices_delivery WHERE state = 'queued'),"
            " (SELECT count(*) FROM adapters_call WHERE state = 'pending')"
        )
        return sum(row)

    def bad(self) -> str:
        """Return the keys of the bad matters for a question."""
        return ", ".join(f"'{key}'" for key in ["", *self.bad_matters.values()])

    def progress(self) -> int:
        """Return how much was heard and brought outside until now."""
        return self.ask("SELECT count(*) FROM trust_heard")[0][0] + self.outside.seen()

    def kill(self, pid: int) -> None:
        """Kill one relay."""
        os.kill(pid, signal.SIGKILL)
        self.kills += 1

    def relays(self) -> list[int]:
        """Return the ids of those that stand."""
        assert self.process is not None
        return sorted(children_of(self.process.pid))


@pytest.fixture(scope="module")
def relay(town: tuple[Town, Any]) -> Iterator[Relay]:
    place, _made = town
    outside = Outside()
    folder = place.home / "relay"
    folder.mkdir()
    made = Relay(place, outside, folder)
    place.server.settings = dict(DURABLE)
    if place.server.process is None:
        place.server.start()
    try:
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.stop()
        outside.close()


def _matters(relay: Relay, *, bad: bool) -> None:
    """Let matters be opened and moved; the first two become what no subscriber can bear."""
    said = relay.town.run_world("outbox", relay.surroundings())
    if bad:
        relay.bad_matters = {"poison": said["cases"][0], "deadly": said["cases"][1]}
        for name, key in relay.bad_matters.items():
            (relay.folder / name).write_text(key)


def _kill_while_it_works(relay: Relay, kills: int) -> None:
    """Kill relays at random, each time after work went on: a kill of an idle one proves nothing."""
    dice = random.Random(f"{SEED}:{kills}")
    while relay.kills < kills:
        before, rounds, deadline = relay.progress(), 0, time.monotonic() + PATIENCE
        while relay.progress() == before:
            assert time.monotonic() < deadline, "the relays do nothing"
            rounds += 1
            if rounds % IDLE == 0:
                _matters(relay, bad=False)
            relay.pass_time(5)
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.05))
        relays = relay.relays()
        if relays:
            relay.kill(dice.choice(relays))


def _be_down(relay: Relay) -> int:
    """Take the receiver away for a simulated hour; return how often it turned somebody away."""
    _matters(relay, bad=False)
    relay.outside.is_down, began = True, relay.ahead
    deadline = time.monotonic() + PATIENCE
    while relay.ahead < began + HOUR or relay.outside.refused < 3:
        assert time.monotonic() < deadline, "nobody asked the receiver"
        relay.pass_time(60)
        time.sleep(0.05)
    relay.outside.is_down = False
    return relay.outside.refused


def _settle(relay: Relay) -> None:
    """Let time pass until nothing waits."""
    deadline = time.monotonic() + PATIENCE
    while relay.waiting():
        assert time.monotonic() < deadline, "something waits for ever"
        relay.pass_time(6 * HOUR)  # so many messages a day go to one phone, the others wait
        time.sleep(0.2)


def _others_first(relay: Relay) -> int:
    """Wait until all else was heard, the clock at rest; return the tries at the bad matters."""
    deadline = time.monotonic() + PATIENCE
    while relay.ask(HEARD_OF_OTHERS.format(relay.bad()))[0][0]:
        assert time.monotonic() < deadline, "the poison blocks others"
        time.sleep(0.05)
    return max(attempts for _key, _state, attempts in relay.ask(LEFT))


def _give_up(relay: Relay) -> None:
    """Let days pass until the last try at the bad matters is over."""
    deadline = time.monotonic() + PATIENCE
    while any(state == "pending" for _key, state, _n in relay.ask(LEFT)):
        assert time.monotonic() < deadline, "the outbox tries for ever"
        relay.pass_time(24 * HOUR)
        time.sleep(0.1)


def test_every_fact_comes_at_least_once_and_has_its_effect_once(relay: Relay) -> None:
    began, relay.kills = time.monotonic(), 0
    relay.outside.slow = 0.02
    relay.prepare()
    _matters(relay, bad=True)
    relay.start()
    tries = _others_first(relay)
    _kill_while_it_works(relay, KILLS // 3)
    refused = _be_down(relay)
    _kill_while_it_works(relay, KILLS)
    _settle(relay)
    _give_up(relay)
    _settle(relay)
    relay.stop()
    found = _found(relay)
    kills, lost = relay.kills, _control(relay)
    report.tell(
        report.Line(
            "outbox: relays killed, receiver slow and down, poison",
            found["deliveries"],
            sum(len(found[name]) for name in WRONG),
            f"caught {min(lost, CONTROL_KILLS)} of {CONTROL_KILLS} (marked before it is sent)",
            time.monotonic() - began,
            SEED,
        ),
        f"{kills} relays killed; {found['deliveries']} deliveries of {found['facts']} facts, "
        f"{found['notices']} messages, {found['calls']} webhooks; sent again and taken as the same "
        f"{found['again']}; turned away while the receiver was down for a simulated hour {refused}",
        f"unheard {len(found['unheard'])}, doubled {len(found['doubled'])}, out of order within a "
        f"matter {len(found['disorder'])}, outside lost {len(found['outside'])}; when all else was "
        f"heard the poisoned matters had had {tries} of 9 tries; dead at the end "
        f"{len(found['dead'])}, all of them theirs",
    )
    assert {name: found[name] for name in WRONG} == {name: [] for name in WRONG}
    assert found["dead"]
    assert tries < 4
    assert refused > 0
    assert lost > 0, "the control lost nothing: this test could not see it"


WRONG = ("unheard", "doubled", "disorder", "outside", "dropped")


def _found(relay: Relay) -> dict[str, Any]:
    dead = relay.ask(LEFT)
    sent = relay.ask("SELECT id FROM notices_delivery WHERE state IN ('sent', 'delivered')")
    ended = relay.ask("SELECT state, why FROM notices_delivery")
    calls = relay.ask("SELECT key, state FROM adapters_call")
    told = relay.outside.keys("/told")
    missing = [key for (key,) in sent if str(key) not in relay.outside.keys("/sms")]
    missing += [key for key, _state in calls if key not in told]
    return {
        "deliveries": relay.ask("SELECT count(*) FROM events_delivery")[0][0],
        "facts": relay.ask("SELECT count(*) FROM events_fact")[0][0],
        "notices": len(sent),
        "calls": len(calls),
        "again": sum(relay.outside.asked.values()) - len(relay.outside.effects),
        "unheard": relay.ask(UNHEARD),
        "doubled": relay.ask(DOUBLED),
        "disorder": relay.ask(DISORDER),
        "outside": missing,
        "dead": dead,
        "dropped": [row for row in dead if row[0] not in relay.bad_matters.values()]
        + [row for row in ended if row[0] in {"failed", "skipped"} and not row[1]]
        + [row for row in calls if row[1] != "done"],
    }


def _control(relay: Relay) -> int:
    """Mark before sending, kill between the two, and return how much never came."""
    relay.bad_matters, relay.kills = {}, 0
    relay.prepare(careless="yes")
    _matters(relay, bad=False)
    relay.start()
    deadline = time.monotonic() + PATIENCE
    while relay.kills < CONTROL_KILLS:
        assert time.monotonic() < deadline, "nobody came between"
        path = relay.folder / "between"
        said = path.read_text() if path.exists() else ""
        if said.isdigit() and int(said) in relay.relays():
            relay.kill(int(said))
            path.unlink()
        time.sleep(0.01)
    relay.stop()
    return len(relay.ask(UNHEARD))
