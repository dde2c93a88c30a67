"""No clear identifier leaves its row: not in a notice, a fact, a log, a page, or a file.

The canaries are the invented phones and identity numbers of the whole cast. The control puts one
into a provider's error, which is the one place where a stranger's text comes in.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MoveName, NewPart, Raise, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import NOW, Cast, make_cast
from bihuan.kernel.ground.registry.types import REACH_PEOPLE, AreaPath, person_ref
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_SEND, SMS, Message, UnableToSend
from bihuan.platform.accounts.testing import sign_in

pytestmark = pytest.mark.trust

FILE = "bihuan.kernel.tools.notices.channels:FileChannel"
XINXING = AreaPath("3304/330424/330424005/330424005004/")


def tables() -> Iterator[str]:
    """Yield every table of ours as text, row by row, as a dump would show it."""
    names = {m._meta.db_table for m in apps.get_models() if m.__module__.startswith("bihuan.")}
    with connection.cursor() as cursor:
        # A test of another room may have made a model whose table went with it.
        for name in sorted(names & set(connection.introspection.table_names(cursor))):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')
            yield from (f"{name}: {row[0]}" for row in cursor.fetchall())


def canaries(cast: Cast) -> set[str]:
    members = cast.members.values()
    return {m.phone for m in members} | {m.id_number for m in members}


def found_in(texts: Iterator[str] | list[str], cast: Cast) -> list[str]:
    wanted = canaries(cast)
    return [text for text in texts if any(canary in text for canary in wanted)]


def tell(cast: Cast) -> None:
    """Let LU's lamp be taken on and dispatched, and everybody concerned be told."""
    lu = cast.scope("lu")
    assert lu.person_id is not None
    words = "路灯不亮"
    what = Raise(
        APPEAL, words, words, "street_lamp", XINXING, "phone", raised_by=person_ref(lu.person_id)
    )
    opened = cases.open_case(what, scope=lu, at=NOW)
    cases.move_case(opened.case_id, move=MoveName("file"), scope=cast.scope("tao"), at=NOW)
    parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    cases.dispatch_case(opened.case_id, parts=parts, scope=cast.scope("mei"), at=NOW)
    while events.deliver_pending(at=NOW):
        pass


def send(minutes: int = 0) -> int:
    scope = registry.system_scope("test", (MAY_SEND, REACH_PEOPLE))
    return notices.send_pending(scope=scope, at=NOW + timedelta(minutes=minutes))


@pytest.fixture
def cast(db: None, settings, tmp_path) -> Cast:
    settings.BIHUAN_CHANNELS = {SMS: FILE}
    settings.BIHUAN_OUTBOX = tmp_path / "outbox.jsonl"
    return make_cast()


def test_nothing_shows_one(cast: Cast, settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        tell(cast)
        assert send() == 2
        pages = [
            sign_in(Client(), cast.account(who)).get(path).text
            for who, path in (
                ("lu", "/messages/"),
                ("zongzhi", "/desk/messages/"),
                ("duty", "/desk/messages/stuck/"),
                ("mei", "/desk/?tray=all"),
            )
        ]
    assert all(len(text) > 500 for text in pages)
    lines = settings.BIHUAN_OUTBOX.read_text().splitlines()
    assert len(lines) == 2
    rows = list(tables())
    assert any(row.startswith("notices_notice") for row in rows)
    assert any(row.startswith("registry_person") for row in rows)
    assert found_in([*rows, *pages, *lines, caplog.text], cast) == []


def test_not_even_a_provider_that_repeats_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def refuse(self: object, message: Message) -> None:
        seen.append(message.to)
        raise UnableToSend(json.dumps({"error": "throttled", "mobile": message.to}))

    monkeypatch.setattr("bihuan.kernel.tools.notices.channels.FileChannel.send", refuse)
    tell(cast)
    with caplog.at_level(logging.DEBUG):
        send()
        send(5)
    assert set(seen) == {cast.members["lu"].phone}  # the control: it did come in
    stuck = sign_in(Client(), cast.account("duty")).get("/desk/messages/stuck/").text
    assert "throttled" in stuck
    assert found_in([*tables(), stuck, caplog.text], cast) == []
