"""What a phone sends: taken in once, answered each for itself, refused in words, never half."""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import uuid
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from bihuan.desks.field import sync
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import (
    LONGQUAN_GRID_3,
    LONGQUAN_GRID_4,
    Cast,
    cast_scope,
    invented_uscc,
    make_cast,
)
from bihuan.kernel.ground.registry.types import NewOrganisation
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in

pytestmark = pytest.mark.django_db
TEXT = "东侧消防通道堆货，人过不去"
JSON = "application/json"


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


class Phone:
    """A phone of one member of the cast, speaking to the centre as the app does."""

    def __init__(self, cast: Cast, who: str) -> None:
        self.account = cast.members[who].account_id
        self.client = sign_in(Client(headers={"accept": JSON}), cast.account(who))

    def today(self) -> Any:
        return self.client.get("/field/today.json")

    def post(self, commands: Any, **more: Any) -> Any:
        body = {"account": self.account, "commands": commands, **more}
        return self.client.post("/field/sync/", json.dumps(body), content_type=JSON)

    def send(self, *commands: Any) -> list[dict[str, Any]]:
        answer = self.post(list(commands))
        assert answer.status_code == 200, answer.content
        return answer.json()["answers"]

    def begin(self, body: bytes, *, size: int | None = None) -> Any:
        told = {"account": self.account, "digest": digest_of(body), "size": size or len(body)}
        return self.client.post("/field/upload/", json.dumps(told), content_type=JSON)

    def piece(self, digest: str, offset: int, piece: bytes) -> Any:
        address = f"/field/upload/{digest}/?offset={offset}"
        return self.client.post(address, piece, content_type="application/octet-stream")

    def upload(self, body: bytes) -> str:
        self.begin(body)
        assert self.piece(digest_of(body), 0, body).json()["stored"]
        return digest_of(body)


@pytest.fixture
def gu(cast: Cast) -> Phone:
    return Phone(cast, "gu")


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def picture(colour: str = "navy", *, size: tuple[int, int] = (400, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def finding(cast: Cast, **more: Any) -> dict[str, Any]:
    payload = {
        "visit_id": str(uuid.uuid4()),
        "finding_id": str(uuid.uuid4()),
        "area_code": LONGQUAN_GRID_3,
        "organisation": str(cast.hengyue.id),
        "domain": "fire",
        "text": TEXT,
        "photos": [],
    }
    return command("industrial_grid.report_finding", payload | more)


def command(name: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"command_id": str(uuid.uuid4()), "name": name, "payload": payload}


def settle() -> None:
    while events.deliver_pending(at=clock.now()):
        pass


def left() -> tuple[int, int]:
    settle()
    return Case.objects.count(), fieldwork.count_visits()


class TestOnce:
    def test_the_same_batch_twice_gives_the_same_answers(self, cast: Cast, gu: Phone) -> None:
        batch = [finding(cast), finding(cast, text="灭火器过期两只")]
        first, again = gu.send(*batch), gu.send(*batch)
        assert [a["outcome"] for a in first] == ["received", "received"]
        assert [a["repeated"] for a in again] == [True, True]
        assert [a["number"] for a in again] == [a["number"] for a in first]
        assert left() == (2, 2)

    def test_reversed_order_asks_for_the_photo_and_then_is_fine(
        self, cast: Cast, gu: Phone
    ) -> None:
        body = picture()
        report = finding(cast, photos=[digest_of(body)])
        [early] = gu.send(report)
        assert (early["outcome"], early["code"], early["field"]) == (
            "retry",
            "photo_missing",
            "photos",
        )
        assert left() == (0, 0)
        gu.upload(body)
        assert gu.send(report)[0]["outcome"] == "received"
        assert left() == (1, 1)

    def test_one_that_is_refused_holds_up_no_other(self, cast: Cast, gu: Phone) -> None:
        answers = gu.send(finding(cast), finding(cast, text=" "), finding(cast))
        assert [a["outcome"] for a in answers] == ["received", "refused", "received"]
        assert answers[1]["field"] == "text" and "一句" in answers[1]["words"]
        assert left() == (2, 2)

    def test_the_own_report_is_found_again_with_number_and_state(
        self, cast: Cast, gu: Phone
    ) -> None:
        report = finding(cast)
        gu.send(report)
        settle()
        [own] = gu.today().json()["mine"]
        assert own["made_id"] == report["payload"]["finding_id"]
        assert (own["number"], own["state"]) == (Case.objects.get().number, "已上报")

    def test_a_visit_with_nothing_found(self, cast: Cast, gu: Phone) -> None:
        payload = {k: v for k, v in finding(cast)["payload"].items() if k != "finding_id"}
        [told] = gu.send(command("industrial_grid.record_visit", payload))
        assert told["outcome"] == "received"
        assert left() == (0, 1)
        [firm] = gu.today().json()["firms"]
        assert firm["visited_at"] is not None


class TestPhotos:
    def test_knowing_the_hash_of_anothers_photo_is_not_having_sent_it(
        self, cast: Cast, gu: Phone
    ) -> None:
        body = picture("teal")
        theirs = Phone(cast, "other_gu")
        digest = theirs.upload(body)
        stored = theirs.begin(body).json()["stored"]
        for named in (digest, stored):
            [told] = gu.send(finding(cast, photos=[named]))
            assert (told["outcome"], told["code"]) == ("retry", "photo_missing")
        assert left() == (0, 0)
        gu.upload(body)
        assert gu.send(finding(cast, photos=[digest]))[0]["outcome"] == "received"
        assert left() == (1, 1)


class TestTime:
    def test_a_clock_three_days_off_is_evidence_only(self, cast: Cast, gu: Phone) -> None:
        claimed = clock.now() - timedelta(days=3)
        gu.send(finding(cast, claimed_at=claimed.isoformat()))
        settle()
        case = Case.objects.get()
        assert case.claimed_at == claimed
        assert (clock.now() - case.raised_at).total_seconds() < 60
        assert case.due_at > clock.now()


class TestWho:
    def test_another_grid(self, cast: Cast, gu: Phone) -> None:
        [told] = gu.send(finding(cast, area_code=LONGQUAN_GRID_4))
        assert (told["outcome"], told["code"]) == ("refused", "other_grid")
        assert left() == (0, 0)

    def test_another_account_signed_in_meanwhile(self, cast: Cast, gu: Phone) -> None:
        answer = gu.post([finding(cast)], account=cast.members["other_gu"].account_id)
        assert (answer.status_code, answer.json()["error"]) == (409, "other_account")
        assert left() == (0, 0)

    def test_nobody_signed_in_is_told_to_sign_in(self, cast: Cast) -> None:
        anybody = Client(headers={"accept": JSON})
        for answer in (
            anybody.get("/field/today.json"),
            anybody.post("/field/sync/", "{}", content_type=JSON),
            anybody.post("/field/upload/", "{}", content_type=JSON),
        ):
            assert (answer.status_code, answer.json()["error"]) == (401, "sign_in")

    def test_who_lost_the_post_is_told_and_keeps_the_work(self, cast: Cast, gu: Phone) -> None:
        report = finding(cast)
        assert gu.today().status_code == 200
        post = cast.scope("gu").post_id
        assert post is not None
        today = clock.business_date(clock.now())
        registry.end_post(post, on_date=today, scope=cast_scope(), at=clock.now())
        [told] = gu.send(report)
        assert told["outcome"] == "refused"
        assert "手机" in told["words"]
        assert gu.today().status_code == 403
        assert left() == (0, 0)

    def test_a_matter_of_another_county_is_not_verified(self, cast: Cast) -> None:
        check = {"visit_id": str(uuid.uuid4()), "case_id": 1, "cleared": "yes"}
        Phone(cast, "gu").send(finding(cast))
        settle()
        forged = check | {"case_id": Case.objects.get().pk}
        for case_id in (forged["case_id"], 999_999, -1, "x", 2**70):
            payload = forged | {"case_id": case_id, "visit_id": str(uuid.uuid4())}
            [told] = Phone(cast, "verifier").send(command("cases.verify", payload))
            assert told["outcome"] == "refused", case_id
        assert Case.objects.get().state == "reported"

    def test_a_matter_that_moved_meanwhile_waits_for_a_person(self, cast: Cast) -> None:
        Phone(cast, "gu").send(finding(cast))
        settle()
        payload = {
            "visit_id": str(uuid.uuid4()),
            "case_id": Case.objects.get().pk,
            "cleared": "yes",
        }
        [told] = Phone(cast, "js_check").send(command("cases.verify", payload))
        assert told["outcome"] == "conflict"
        assert left() == (1, 1)


class TestRubbish:
    @pytest.mark.parametrize("body", ["", "no json", "[]", '{"commands": 7}', "[" * 100_000])
    def test_a_body_that_is_none_of_ours(self, gu: Phone, body: str) -> None:
        answer = gu.client.post("/field/sync/", body, content_type=JSON)
        assert (answer.status_code, answer.json()["error"]) == (422, "json")

    def test_five_hundred_at_once_are_refused_whole(self, cast: Cast, gu: Phone) -> None:
        answer = gu.post([finding(cast) for _ in range(500)])
        assert (answer.status_code, answer.json()["error"]) == (422, "too_many")
        assert str(sync.MOST) in answer.json()["words"]
        assert left() == (0, 0)

    def test_an_unknown_command_and_broken_ones(self, cast: Cast, gu: Phone) -> None:
        whole = finding(cast)
        answers = gu.send(
            command("nobody.knows", {}),
            {**whole, "command_id": "x"},
            {**whole, "payload": []},
            7,
            None,
        )
        assert [a["outcome"] for a in answers] == ["refused"] * 5
        assert left() == (0, 0)

    @pytest.mark.parametrize(
        "text", ["a\x00b", "\ud800", "字" * 1001, {"a": 1}, None, 7.5, ["x"] * 3]
    )
    def test_text_that_cannot_be_kept(self, cast: Cast, gu: Phone, text: Any) -> None:
        [told] = gu.send(finding(cast, text=text))
        if isinstance(text, (float, dict, list)):  # a word is a word, whatever it was before
            assert told["outcome"] in {"received", "refused"}
        else:
            assert told["outcome"] == "refused"
            assert left() == (0, 0)

    def test_script_in_a_sentence_stays_a_sentence(self, cast: Cast, gu: Phone) -> None:
        evil = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
        gu.send(finding(cast, text=evil, place=evil[:100]))
        settle()
        mei = sign_in(Client(), cast.account("js_mei"))
        for path in ("/desk/?tray=accept", f"/desk/matter/{Case.objects.get().pk}/"):
            shown = mei.get(path).content.decode()
            assert "<script>alert" not in shown and "<img src=x" not in shown
            assert "&lt;script&gt;alert(1)" in shown


class TestFiles:
    def test_goes_on_where_it_stopped(self, gu: Phone) -> None:
        body = picture("teal", size=(900, 700))
        key, half = digest_of(body), len(body) // 2
        assert gu.begin(body).json() == {"offset": 0, "stored": ""}
        assert gu.piece(key, 0, body[:half]).json() == {"offset": half, "stored": ""}
        gap = gu.piece(key, half + 1, body[half + 1 :])
        assert (gap.status_code, gap.json()["error"]) == (409, "offset")
        assert gu.begin(body).json()["offset"] == half
        done = gu.piece(key, half, body[half:]).json()
        assert done["offset"] == len(body) and len(done["stored"]) == 64
        again = gu.piece(key, half, body[half:]).json()
        assert again["stored"] == done["stored"]

    def test_bytes_that_are_not_those_promised_begin_anew(self, gu: Phone) -> None:
        body = picture("red")
        gu.begin(body)
        told = gu.piece(digest_of(body), 0, bytes(len(body))).json()
        assert told == {"offset": 0, "stored": ""}

    def test_no_photo(self, cast: Cast, gu: Phone) -> None:
        body = b"GIF89a" + b"\x00" * 500
        gu.begin(body)
        told = gu.piece(digest_of(body), 0, body)
        assert (told.status_code, told.json()["error"]) == (422, "no_photo")
        assert gu.send(finding(cast, photos=[digest_of(body)]))[0]["code"] == "photo_missing"
        assert left() == (0, 0)

    def test_forty_megabytes(self, gu: Phone) -> None:
        assert gu.begin(b"x", size=40 * 1024 * 1024).status_code == 422
        gu.begin(b"y" * 10, size=3 * 1024 * 1024)
        told = gu.piece(digest_of(b"y" * 10), 0, b"y" * (2 * 1024 * 1024))
        assert (told.status_code, told.json()["error"]) == (422, "piece_too_large")

    def test_a_hundred_megapixels_are_refused_by_their_head(self, gu: Phone) -> None:
        body = bomb(10_000, 10_000)
        assert len(body) < 200_000
        gu.begin(body)
        told = gu.piece(digest_of(body), 0, body)
        assert (told.status_code, told.json()["error"]) == (422, "too_many_pixels")

    def test_a_voice_note_may_stand_for_the_sentence(self, cast: Cast, gu: Phone) -> None:
        body = b"\x1aE\xdf\xa3" + b"webm" * 200
        digest = gu.upload(body)
        [told] = gu.send(finding(cast, text="", voices=[digest]))
        assert told["outcome"] == "received"
        settle()
        case = Case.objects.get()
        assert "录音" in case.title
        mei = sign_in(Client(), cast.account("js_mei"))
        shown = mei.get(f"/desk/matter/{case.pk}/").content.decode()
        [number] = re.findall(r'href="/evidence/(\d+)/" download', shown)
        heard = mei.get(f"/evidence/{number}/")
        assert b"".join(heard.streaming_content) == body
        assert heard.headers["Content-Type"] == "audio/webm"
        assert sign_in(Client(), cast.account("lu")).get(f"/evidence/{number}/").status_code == 404

    @pytest.mark.parametrize("digest", ["x" * 64, "../" * 21 + "a", "0" * 63, 7, None])
    def test_a_name_that_is_no_hash(self, gu: Phone, digest: Any) -> None:
        body = {"account": gu.account, "digest": digest, "size": 10}
        answer = gu.client.post("/field/upload/", json.dumps(body), content_type=JSON)
        assert answer.status_code == 422
        assert gu.piece("0" * 64, 0, b"x").status_code == 404


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG file that unfolds into very many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class TestToday:
    def test_only_the_own_grid(self, cast: Cast, gu: Phone) -> None:
        told = gu.today().json()
        assert [firm["name"] for firm in told["firms"]] == ["恒岳紧固件有限公司"]
        assert told["area"] == {"code": LONGQUAN_GRID_3, "name": "隆全第三网格"}
        assert len(told["firms"][0]["looks"]) == 2
        assert Phone(cast, "other_gu").today().json()["firms"] == []
        assert Phone(cast, "js_check").today().json()["firms"] == []
        assert Phone(cast, "mei").today().status_code == 403

    def test_takes_the_same_few_statements_at_any_size(
        self, cast: Cast, gu: Phone, django_assert_max_num_queries: Any
    ) -> None:
        def statements() -> int:
            with django_assert_max_num_queries(28) as counted:
                assert gu.today().status_code == 200
            return len(counted)

        gu.send(finding(cast))
        settle()
        gu.today()
        few = statements()
        for n in range(8):
            firm = NewOrganisation(
                name=f"甲{n}有限公司", uscc=invented_uscc(50 + n), area_code=LONGQUAN_GRID_3
            )
            registry.register_organisation(firm, scope=cast_scope(), at=clock.now())
            gu.send(finding(cast, text=f"{TEXT} {n}"))
        settle()
        assert len(gu.today().json()["firms"]) == 9
        assert statements() == few

    def test_the_app_itself_holds_nobodys_data(self, cast: Cast) -> None:
        shown = Client().get("/field/")
        assert shown.headers["X-Field-Shell"]
        for words in ("恒岳", "顾", "隆全"):
            assert words not in shown.content.decode()
        worker = Client().get("/sw.js")
        assert worker.headers["Content-Type"].startswith("text/javascript")
        assert '"shell": "/field/"' in worker.content.decode()
        manifest = Client().get("/field/manifest.webmanifest").json()
        assert manifest["scope"] == "/field/" and len(manifest["icons"]) == 4
