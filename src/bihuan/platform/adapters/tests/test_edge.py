"""Keys, signatures, addresses, calls and descriptions, each with its refusals."""

from __future__ import annotations

import dataclasses
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from bihuan.platform.adapters import (
    arriving,
    calling,
    connecting,
    hooks,
    keys,
    kinds,
    links,
    signing,
    speaking,
)
from bihuan.platform.adapters.keys import NewKey, TooOften, UnableToEnter, UnableToMakeKey
from bihuan.platform.adapters.models import ApiKey, Arrival, Call, HookRow, StandIn
from bihuan.platform.adapters.signing import UnableToTrust
from bihuan.platform.adapters.types import Entry, Sharing, System, UnableToReach, UnableToSend
from bihuan.platform.web.errors import Mismatch, Refused

AT = datetime(2026, 6, 25, 2, 0, tzinfo=UTC)
OLDEST = timedelta(seconds=300)
ENTRY = Entry("A-1", "P", Sharing.CONDITIONAL, "law", (("a", "b"),), "daily", "O", "C")
NAMES = (signing.ID, signing.MOMENT, signing.SIGNATURE)
SYSTEM = System("elsewhere", "Elsewhere", ENTRY)


def new_key(**more: object) -> NewKey:
    values = {
        "title": "Sensor",
        "powers": ("x.do",),
        "areas": ("3304/",),
        "county": "3304",
        "expires_at": AT + timedelta(days=30),
        "per_minute": 3,
        "system": "elsewhere",
    }
    return NewKey(**(values | more))  # type: ignore[arg-type]


class TestDescriptions:
    def test_a_whole_one_has_no_gap(self) -> None:
        assert kinds.find_gap(SYSTEM) == ""

    @pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(Entry)])
    def test_each_lacking_part_refuses_the_start(self, name: str) -> None:
        empty = () if name == "fields" else ""
        gap = dataclasses.replace(SYSTEM, entry=dataclasses.replace(ENTRY, **{name: empty}))
        with pytest.raises(kinds.UnableToDeclareSystem, match=name):
            kinds.declare(gap)
        assert kinds.find("elsewhere") is None

    @pytest.mark.parametrize(
        "more",
        [
            {"code": "Upper"},
            {"title": " "},
            {"pulls": False, "pushes": False, "answers": False},
            {"entry": dataclasses.replace(ENTRY, fields=(("a", " "),))},
            {"entry": dataclasses.replace(ENTRY, sharing="sometimes")},
        ],
    )
    def test_what_cannot_be(self, more: dict[str, object]) -> None:
        assert kinds.find_gap(dataclasses.replace(SYSTEM, **more))  # type: ignore[arg-type]


@pytest.mark.django_db
class TestKeys:
    def test_opens_once_made_and_is_kept_as_a_hash(self) -> None:
        made = keys.make_key(new_key(), made_by=7, at=AT)
        row = ApiKey.objects.get()
        assert made.token not in (row.digest, str(row.secret))
        assert made.token.split("_")[1] == row.prefix == made.key.prefix
        assert keys.enter(made.token, at=AT).id == row.pk
        row.refresh_from_db()
        assert row.last_used_at == AT
        assert keys.secret_of(row.pk) == made.secret

    def test_wrong_ended_and_revoked_sound_the_same(self) -> None:
        made = keys.make_key(new_key(), made_by=None, at=AT)
        said = set()
        for token, at in (
            ("", AT),
            ("bh_00000000_" + "x" * 43, AT),
            (made.token[:-1] + ("A" if made.token[-1] != "A" else "B"), AT),
            (made.token, AT + timedelta(days=30)),
        ):
            with pytest.raises(UnableToEnter) as refused:
                keys.enter(token, at=at)
            said.add(refused.value.words)
        keys.enter(made.token, at=AT)
        keys.revoke_key(made.key.id, at=AT)
        with pytest.raises(UnableToEnter) as refused:
            keys.enter(made.token, at=AT)
        assert said == {refused.value.words}

    @given(st.text(max_size=200))
    def test_no_text_opens(self, text: str) -> None:
        with pytest.raises(UnableToEnter):
            keys.enter(text.replace("\x00", ""), at=AT)

    def test_counts_the_minute(self) -> None:
        made = keys.make_key(new_key(), made_by=None, at=AT)
        for _ in range(3):
            keys.enter(made.token, at=AT)
        with pytest.raises(TooOften) as refused:
            keys.enter(made.token, at=AT + timedelta(seconds=20))
        assert refused.value.seconds == 40
        assert keys.enter(made.token, at=AT + timedelta(minutes=1)).prefix == made.key.prefix

    @pytest.mark.parametrize(
        "more",
        [
            {"title": " "},
            {"powers": ()},
            {"areas": ()},
            {"expires_at": AT},
            {"expires_at": AT + timedelta(days=800)},
            {"per_minute": 0},
        ],
    )
    def test_refuses_what_makes_no_key(self, more: dict[str, object]) -> None:
        with pytest.raises(UnableToMakeKey):
            keys.make_key(new_key(**more), made_by=None, at=AT)
        assert not ApiKey.objects.exists()


class TestSignatures:
    secret = signing.new_secret()
    body = b'{"a":1}'

    def headers(self, **more: str) -> dict[str, str]:
        return signing.headers_for(self.secret, "m-1", self.body, at=AT) | more

    def test_the_specification_s_own_example(self) -> None:
        """The example that the Standard Webhooks specification prints."""
        made = signing.signature_of(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_holds(self) -> None:
        got = signing.verify(self.secret, self.headers(), self.body, at=AT, oldest=OLDEST)
        assert got == "m-1"

    @pytest.mark.parametrize(
        ("more", "body", "late", "code"),
        [
            ({}, b'{"a":2}', 0, "bad_signature"),
            ({"webhook-id": "m-2"}, body, 0, "bad_signature"),
            ({"webhook-timestamp": str(int(AT.timestamp()) + 1)}, body, 0, "bad_signature"),
            ({"webhook-signature": "v1,AAAA ünd"}, body, 0, "bad_signature"),
            ({"webhook-id": ""}, body, 0, "no_id"),
            ({"webhook-id": "x" * 61}, body, 0, "no_id"),
            ({"webhook-timestamp": "soon"}, body, 0, "no_moment"),
            ({}, body, 301, "too_old"),
            ({}, body, -301, "too_old"),
        ],
    )
    def test_refuses(self, more: dict[str, str], body: bytes, late: int, code: str) -> None:
        at = AT + timedelta(seconds=late)
        with pytest.raises(UnableToTrust) as refused:
            signing.verify(self.secret, self.headers(**more), body, at=at, oldest=OLDEST)
        assert refused.value.code == code

    @given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=80)))
    def test_nothing_made_up_holds(self, headers: dict[str, str]) -> None:
        with pytest.raises(UnableToTrust):
            signing.verify(self.secret, headers, self.body, at=AT, oldest=OLDEST)


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/",
            "https://127.0.0.1:8443/x",
            "https://10.0.0.7/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://0.0.0.0/",
            "https://2130706433/",
            "https://100.64.0.1/",
            "https://224.0.0.1/",
            "http://8.8.8.8/",
            "ftp://8.8.8.8/",
            "file:///etc/passwd",
            "https://user:word@8.8.8.8/",
            "https://8.8.8.8/a\r\nX: y",
            "https://8.8.8.8:99999/",
            "gopher://8.8.8.8",
            "",
        ],
    )
    def test_nothing_inside_may_be_spoken_to(self, url: str, settings) -> None:
        settings.BIHUAN_LOOPBACK = False
        with pytest.raises(UnableToSend):
            speaking.look_at(url)

    def test_a_public_one_may_and_the_loopback_in_the_demo(self, settings) -> None:
        settings.BIHUAN_LOOPBACK = False
        assert speaking.look_at("https://8.8.8.8/a?b=1").path == "/a?b=1"
        settings.BIHUAN_LOOPBACK = True
        assert speaking.look_at("http://127.0.0.1:9/").ip == "127.0.0.1"

    def test_a_name_is_judged_by_every_address_behind_it(self, settings, monkeypatch) -> None:
        settings.BIHUAN_LOOPBACK = False
        both = [(0, 0, 0, "", ("8.8.8.8", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
        monkeypatch.setattr(speaking.socket, "getaddrinfo", lambda *a, **k: both)
        with pytest.raises(UnableToSend):
            speaking.look_at("https://two-faced.example/")


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))  # type: ignore[attr-defined]
        status = self.server.answers.pop(0) if self.server.answers else 200  # type: ignore[attr-defined]
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver():
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    server.got, server.answers = [], []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
class TestHooks:
    def hook(self, receiver):
        made = keys.make_key(new_key(), made_by=None, at=AT)
        url = f"http://127.0.0.1:{receiver.server_port}/told"
        return made, hooks.make_hook(made.key.id, url=url, topics=("a.b",), at=AT)

    def test_a_message_arrives_signed_and_once(self, receiver) -> None:
        made, hook = self.hook(receiver)
        target = f"hook:{hook.id}"
        assert calling.call(target, "a.b", key="fact-1", body={"n": "路灯"}, at=AT)
        assert not calling.call(target, "a.b", key="fact-1", body={"n": "路灯"}, at=AT)
        assert calling.carry_pending(at=AT) == 1
        assert calling.carry_pending(at=AT) == 0
        ((headers, body),) = receiver.got
        assert json.loads(body) == {"n": "路灯"}
        got = signing.verify(made.secret, headers, body, at=AT, oldest=OLDEST)
        assert got == "fact-1"
        assert Call.objects.get().state == "done"

    def test_it_is_tried_for_three_days_then_dead_and_may_be_tried_anew(self, receiver) -> None:
        _made, hook = self.hook(receiver)
        receiver.answers += [500] * 9
        calling.call(f"hook:{hook.id}", "a.b", key="k", body={}, at=AT)
        at, last = AT, AT
        for _ in range(9):
            assert calling.carry_pending(at=at) == 1
            row = Call.objects.get()
            last, at = at, row.due_at
        assert (row.state, row.attempts, row.error) == ("dead", 9, "the answer was 500")
        assert last - AT > timedelta(days=3)
        assert calling.carry_pending(at=at + timedelta(days=9)) == 0
        assert {headers["webhook-id"] for headers, _ in receiver.got} == {"k"}
        assert calling.try_again(row.pk, at=at)
        assert calling.carry_pending(at=at) == 1
        assert Call.objects.get().state == "done"

    def test_one_that_fails_keeps_no_other_waiting(self, receiver) -> None:
        _made, hook = self.hook(receiver)
        receiver.answers += [500]
        for n in range(3):
            calling.call(f"hook:{hook.id}", "a.b", key=f"k{n}", body={}, at=AT)
        calling.call("system:elsewhere", "status", key="s", body={"x": 1}, at=AT)
        assert calling.carry_pending(at=AT) == 2
        assert connecting.brought("elsewhere") == ({"x": 1},)

    def test_a_revoked_key_is_told_nothing_more(self, receiver) -> None:
        made, hook = self.hook(receiver)
        calling.call(f"hook:{hook.id}", "a.b", key="k", body={}, at=AT)
        keys.revoke_key(made.key.id, at=AT)
        assert calling.carry_pending(at=AT + timedelta(seconds=1)) == 1
        assert Call.objects.get().state == "dead"
        assert receiver.got == []
        assert hooks.list_hooks(topic="a.b", at=AT + timedelta(seconds=1)) == ()

    def test_a_worker_killed_while_it_spoke_sends_again_under_the_same_key(self, receiver) -> None:
        _made, hook = self.hook(receiver)
        calling.call(f"hook:{hook.id}", "a.b", key="k", body={}, at=AT)
        assert calling._claim(AT, set()) is not None  # and nobody carries it
        assert calling.carry_pending(at=AT) == 0
        assert calling.carry_pending(at=AT + calling.LEASE) == 1
        assert [headers["webhook-id"] for headers, _ in receiver.got] == ["k"]

    @pytest.mark.parametrize("url", ["https://10.0.0.1/", "ftp://x", "https://" + "a" * 400])
    def test_refuses_addresses(self, url: str) -> None:
        made = keys.make_key(new_key(), made_by=None, at=AT)
        with pytest.raises(Refused):
            hooks.make_hook(made.key.id, url=url, topics=("a.b",), at=AT)
        assert not HookRow.objects.exists()

    def test_a_rolled_back_cause_takes_its_call_along(self) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            calling.call("system:elsewhere", "status", key="k", body={}, at=AT)
            raise ZeroDivisionError
        assert not Call.objects.exists()


@pytest.mark.django_db
class TestSystems:
    def test_a_call_reaches_the_stand_in_once_however_often_it_is_sent(self) -> None:
        adapter = connecting.adapter_of("elsewhere")
        first = adapter.send("status", "k", {"a": 1})
        again = adapter.send("status", "k", {"a": 1})
        assert (first["repeated"], again["repeated"]) == (False, True)
        assert StandIn.objects.count() == 1

    def test_without_address_and_stand_in_it_waits_and_says_why(self, settings) -> None:
        settings.BIHUAN_STAND_INS = False
        assert not connecting.is_connected("elsewhere")
        calling.call("system:elsewhere", "status", key="k", body={}, at=AT)
        calling.carry_pending(at=AT)
        row = Call.objects.get()
        assert (row.state, row.attempts) == ("pending", 1)
        assert "BIHUAN_OUTSIDE" in row.error
        with pytest.raises(UnableToReach):
            connecting.adapter_of("elsewhere")

    def test_cursor_and_failure_are_kept(self) -> None:
        links.note_success("system:elsewhere", at=AT, cursor="7")
        links.note_failure("system:elsewhere", "no answer", at=AT)
        assert links.cursor_of("elsewhere") == "7"


@pytest.mark.django_db
class TestArrivals:
    def test_once_with_the_same_answer(self) -> None:
        done: list[int] = []

        def effect() -> tuple[str, dict[str, object]]:
            done.append(1)
            return "thing:1", {"n": len(done)}

        first = arriving.take("elsewhere", "A1", {"x": 1}, effect, at=AT)
        again = arriving.take("elsewhere", "A1", {"x": 1}, effect, at=AT)
        assert (first.answer, again.answer, again.repeated) == ({"n": 1}, {"n": 1}, True)
        with pytest.raises(Mismatch):
            arriving.take("elsewhere", "A1", {"x": 2}, effect, at=AT)
        assert done == [1]
        assert arriving.origins_of("thing:1") == (("elsewhere", "A1"),)

    def test_a_refusal_is_kept_and_may_be_mended(self) -> None:
        def refuse() -> tuple[str, dict[str, object]]:
            raise Refused("Where is it?", field="place")

        with pytest.raises(Refused):
            arriving.take("elsewhere", "A1", {"x": 1}, refuse, at=AT)
        assert arriving.list_refused() == (("elsewhere", "A1", "Where is it?", AT),)
        arriving.take("elsewhere", "A1", {"x": 2}, lambda: ("thing:1", {}), at=AT)
        assert arriving.list_refused() == ()
        assert Arrival.objects.get().state == "taken"
