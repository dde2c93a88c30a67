"""The second wall: with the application's checks taken away, row security shows no foreign row.

Looks and consents of two counties; every role asks for all of them, as the run-time role. The
control takes the policy away, and foreign rows appear. The pages that read and write these tables
are walked as the run-time role too: a wall that keeps the right people out would show there.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client

from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.models import Consent, Look
from bihuan.kernel.ground.privacy.types import LookFilter
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import ROLES, Cast, make_cast
from bihuan.kernel.ground.registry.types import REACH_PEOPLE, PurposeCode
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.database.roles import RUNTIME
from bihuan.platform.database.sight import EVERYWHERE, seeing
from tests.trust import report
from tests.trust.test_looks import WAYS, WHY, raised

pytestmark = [pytest.mark.trust, pytest.mark.django_db]

GUARDED = {"privacy_look", "privacy_consent"}
AUDITS = {"auditor": "330424", "audit": "330424"}
"""Who audits, and whose lines: said here once more, not read from the product."""


def run(*statements: str) -> None:
    """Run statements as whoever the transaction is."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def as_runtime() -> None:
    """Go on as the role that owns nothing, until the test's transaction ends."""
    run(
        f"DO $$ BEGIN CREATE ROLE {RUNTIME} LOGIN; EXCEPTION WHEN OTHERS THEN NULL; END $$",
        f"GRANT USAGE ON SCHEMA public TO {RUNTIME}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {RUNTIME}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {RUNTIME}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {RUNTIME}",
        f"SET LOCAL ROLE {RUNTIME}",
    )


@dataclass(slots=True)
class Place:
    """The cast, and which lines are whose: key, county, and the people it names."""

    cast: Cast
    lines: dict[int, tuple[str, set[object]]]

    def foreign(self, who: str, keys: set[int]) -> set[int]:
        """Return the lines among `keys` that are none of somebody's business."""
        own = self.cast.members[who].person_id
        return {
            key
            for key in keys
            if own not in self.lines[key][1] and self.lines[key][0] != AUDITS.get(who)
        }


def _look(cast: Cast, person: str, asker: str, county: str) -> Look:
    members = cast.members
    return Look.objects.create(
        kind="refused",
        refusal="duty",
        person_id=members[person].person_id,
        asker_id=members[asker].person_id,
        field="phone",
        county=county,
        at=clock.now(),
    )


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    cast = make_cast(at=clock.now())
    rows = [
        _look(cast, person, asker, county)
        for county, askers in (("330424", ("tao", "mei")), ("330421", ("js_tao", "wrong")))
        for asker in askers
        for person in ("lu", "zhou", "shen")
    ]
    for who in ("lu", "zhou"):
        person, scope = cast.members[who].person_id, cast.scope(who)
        given = {"person_id": person, "version": 1, "scope": scope, "at": clock.now()}
        privacy.give_consent(PurposeCode("survey"), **given)
    as_runtime()
    yield Place(cast, {r.pk: (r.county, {r.person_id, r.asker_id}) for r in rows})
    run("RESET ROLE")


def _seen_by_all(place: Place) -> dict[str, set[int]]:
    """Let every role ask for all lines, by the door of auditors and by its own."""
    found: dict[str, set[int]] = {}
    for who in ROLES:
        scope = place.cast.scope(who)
        pages = [privacy.list_looks(LookFilter(), scope=scope, limit=1000)]
        pages.append(privacy.list_own_looks(scope=scope))
        found[who] = {int(row.id) for page in pages for row in page.rows}
    return found


def _without_checks() -> mock._patch_dict:
    room = "bihuan.kernel.ground.privacy.policies"
    return mock.patch.multiple(room, require=lambda *_: None, looks_seen=lambda _scope: Q())


def test_alone_it_shows_no_foreign_row_and_its_absence_is_noticed(place: Place) -> None:
    began = time.monotonic()
    with _without_checks():
        seen = _seen_by_all(place)
        foreign = {who: place.foreign(who, keys) for who, keys in seen.items()}
        run(
            "RESET ROLE",
            "CREATE POLICY open ON privacy_look FOR SELECT USING (true)",
            f"SET LOCAL ROLE {RUNTIME}",
        )
        opened = _seen_by_all(place)
    caught = sum(bool(place.foreign(who, keys)) for who, keys in opened.items())
    report.tell(
        report.Line(
            "row security alone: looks",
            len(ROLES) * len(place.lines),
            sum(map(len, foreign.values())),
            f"caught for {caught} of {len(ROLES)} roles (policy opened)",
            time.monotonic() - began,
            "none",
        ),
        f"{len(ROLES)} roles × {len(place.lines)} lines of two counties, the application's checks "
        f"taken away; the auditor of 海盐 still sees {len(seen['auditor'])}",
    )
    assert {who for who, keys in foreign.items() if keys} == set()
    assert seen["auditor"] == {k for k, (c, _p) in place.lines.items() if c == "330424"}
    assert caught >= len(ROLES) - 1


def test_nothing_is_seen_when_nobody_is_named(place: Place) -> None:
    assert (Look.objects.count(), Consent.objects.count()) == (0, 0)
    with seeing(county=EVERYWHERE):
        assert Look.objects.count() == len(place.lines)
    assert (Look.objects.count(), Consent.objects.count()) == (0, 0)
    lu, zhou = (place.cast.members[who].person_id for who in ("lu", "zhou"))
    with seeing([lu]):
        assert {row.person_id for row in Consent.objects.all()} == {lu}
        with seeing([zhou]):
            assert {row.person_id for row in Consent.objects.all()} == {zhou}
        assert {row.person_id for row in Consent.objects.all()} == {lu}


def test_the_wall_binds_the_owner_and_the_role_owns_nothing(place: Place) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
            " AND relowner <> current_user::regrole"
        )
        assert {name for (name,) in cursor.fetchall()} == GUARDED
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_who_may_gets_through_both_walls(db: None) -> None:
    cast = make_cast(at=clock.now())
    case, lu = raised(cast), cast.members["lu"].person_id
    scope, now = cast.scope("lu"), clock.now()
    as_runtime()
    privacy.give_consent(PurposeCode("survey"), person_id=lu, version=1, scope=scope, at=now)
    tao = sign_in(Client(), cast.account("tao"))
    for way in WAYS[:2]:
        given = {"what": way, "reason": WHY, "command_id": str(uuid.uuid4())}
        assert tao.post(f"/desk/matter/{case}/number/", given).status_code in {200, 403}
    sender = registry.system_scope("test", (REACH_PEOPLE,))
    assert privacy.find_phone_to_reach(lu, scope=sender, at=now)
    assert len(privacy.list_own_looks(scope=scope).rows) >= 2
    auditor = sign_in(Client(), cast.account("auditor"))
    assert auditor.get("/desk/looks/").status_code == 200
    assert auditor.post("/desk/looks/export/", {"reason": "合规检查"}).status_code == 200
    assert sign_in(Client(), cast.account("lu")).get("/privacy/").status_code == 200
    privacy.withdraw_consent(PurposeCode("survey"), person_id=lu, scope=scope, at=now)
    run("RESET ROLE")


def test_whatever_reads_a_guarded_table_says_on_whose_behalf() -> None:
    room = Path(privacy.__file__).parent
    users = [
        path
        for path in [room / "queries.py", *room.glob("operations/*.py")]
        if re.search(r"(Look|Consent)\.objects|row_of\(|Look\(", path.read_text(encoding="utf-8"))
    ]
    assert len(users) >= 4
    assert [p.name for p in users if "seeing(" not in p.read_text(encoding="utf-8")] == []
