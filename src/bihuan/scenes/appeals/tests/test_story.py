"""The dark street lamp, from the phone to the answer, through HTTP; then each refusal."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bihuan.kernel.affairs.cases.testing import Case, EntryRow, Part
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.scenes.appeals.steps import holding

pytestmark = pytest.mark.django_db

SENTENCE = "秦山路路灯三盏不亮，晚上看不清路。"


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def photo(name: str = "lamp.jpg", colour: str = "navy") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def client_of(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def report(client: Client, **more: object):
    data = {"text": SENTENCE, "area": "330424005", "command_id": str(uuid.uuid4())} | more
    return client.post(reverse("appeals:report"), data)


def post(client: Client, name: str, key: int, move: str = "", **data: object):
    address = reverse(name, args=[key, move] if move else [key])
    return client.post(address, {"command_id": str(uuid.uuid4()), **data})


def test_the_lamp_goes_round_and_comes_back(cast: Cast) -> None:
    lu, mei, zongzhi, verifier = (client_of(cast, w) for w in ("lu", "mei", "zongzhi", "verifier"))
    received = report(lu, photos=[photo()])
    assert received.status_code == 303
    receipt = lu.get(received["Location"])
    assert "中心" in receipt.content.decode()
    case = Case.objects.get()
    assert (case.title, case.class_code, case.state) == (
        "秦山路路灯三盏不亮，晚上看不清路",
        "street_lamp",
        "reported",
    )

    page = mei.get(reverse("officer:matter", args=[case.pk])).content.decode()
    assert "move-file" in page
    assert post(mei, "cases:move", case.pk, "file").status_code == 303
    unit = cast.unit("330424-zongzhi")
    page = mei.get(reverse("officer:matter", args=[case.pk])).content.decode()
    assert f'name="lead" value="{unit.id}" checked' in page
    assert post(mei, "cases:dispatch", case.pk, lead=unit.id).status_code == 303
    part = Part.objects.get()

    assert post(zongzhi, "cases:move_part", part.pk, "sign").status_code == 303
    done = post(
        zongzhi,
        "cases:move_part",
        part.pk,
        "feed_back",
        words="换了三盏灯",
        photos=[photo(colour="gold")],
    )
    assert done.status_code == 303
    tracked = lu.get(reverse("appeals:own", args=[case.pk])).content.decode()
    assert "换了三盏灯" in tracked

    seen = post(verifier, "cases:verify", case.pk, on_the_spot="on", cleared="yes", words="都亮了")
    assert seen.status_code == 303
    home = lu.get(reverse("resident:matters")).content.decode()
    assert reverse("appeals:own", args=[case.pk]) in home
    assert post(lu, "cases:move", case.pk, "evaluate", rating="satisfied").status_code == 303
    case.refresh_from_db()
    assert (case.state, case.rating, case.answer) == ("evaluated", "satisfied", "换了三盏灯")


class TestWithoutAnAccount:
    def test_number_and_code_find_it(self, client: Client) -> None:
        received = report(client)
        number = re.findall(r"/receipt/([^/]+)/", received["Location"])[0]
        code = client.session["receipts"][number]
        assert f"{code[:4]} {code[4:]}" in client.get(received["Location"]).content.decode()
        client = Client()
        empty = client.get(reverse("appeals:by_receipt", args=[number])).content.decode()
        assert "秦山路" not in empty and number in empty
        found = client.post(
            reverse("appeals:track"), {"number": number.lower(), "code": f"{code[:4]} {code[4:]}"}
        )
        assert found.status_code == 303
        page = client.get(found["Location"]).content.decode()
        assert "秦山路路灯三盏不亮" in page
        assert "为什么是这一天" in page

    def test_a_wrong_code_finds_nothing(self, client: Client) -> None:
        received = report(client)
        number = re.findall(r"/receipt/([^/]+)/", received["Location"])[0]
        answer = client.post(reverse("appeals:track"), {"number": number, "code": "AAAAAAAA"})
        assert answer.status_code == 404
        assert "秦山路" not in answer.content.decode()

    def test_the_code_stands_in_no_address(self, client: Client) -> None:
        received = report(client)
        number = re.findall(r"/receipt/([^/]+)/", received["Location"])[0]
        code = client.session["receipts"][number]
        pages = [received["Location"], reverse("appeals:by_receipt", args=[number])]
        links = [
            re.findall(r'(?:href|action)="([^"]+)"', client.get(p).content.decode()) for p in pages
        ]
        assert code not in received["Location"]
        assert not [link for some in links for link in some if code in link]

    def test_who_guesses_is_stopped(self, client: Client, monkeypatch) -> None:
        received = report(client)
        number = re.findall(r"/receipt/([^/]+)/", received["Location"])[0]
        code = client.session["receipts"][number]
        rule = {"address": 3, "number": 9, "minutes": 10}
        monkeypatch.setattr(holding, "_rule", lambda at: rule)
        wrong = {"number": number, "code": "AAAAAAAA"}
        address = reverse("appeals:track")
        told = [Client().post(address, wrong).status_code for _ in range(4)]
        assert told == [404, 404, 404, 429]
        stopped = Client().post(address, {"number": number, "code": code})
        assert stopped.status_code == 429
        assert "过" in stopped.content.decode() and "分钟再试" in stopped.content.decode()
        elsewhere = Client(REMOTE_ADDR="127.0.0.9")
        assert elsewhere.post(address, {"number": number, "code": code}).status_code == 303

    def test_the_photo_of_the_answer_comes_back_by_the_receipt(
        self, cast: Cast, client: Client
    ) -> None:
        received = report(client)
        number = re.findall(r"/receipt/([^/]+)/", received["Location"])[0]
        case, unit = Case.objects.get(), cast.unit("330424-zongzhi")
        mei, zongzhi = client_of(cast, "mei"), client_of(cast, "zongzhi")
        post(mei, "cases:move", case.pk, "file")
        post(mei, "cases:dispatch", case.pk, lead=unit.id)
        part = Part.objects.get().pk
        post(zongzhi, "cases:move_part", part, "sign")
        given = {"words": "换了三盏灯", "photos": [photo(colour="gold")]}
        post(zongzhi, "cases:move_part", part, "feed_back", **given)
        page = client.get(reverse("appeals:by_receipt", args=[number])).content.decode()
        address = re.findall(r'href="(/appeals/at/[^"]+/photo/\d+/)"', page)[0]
        shown = client.get(address)
        assert shown["Content-Type"] == "image/jpeg"
        assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
        assert Client().get(address).status_code == 404
        before = re.sub(r"/photo/\d+/", "/photo/999999/", address)
        assert client.get(before).status_code == 404


class TestBadInput:
    def _nothing_written(self) -> None:
        assert (
            Case.objects.count(),
            EntryRow.objects.count(),
            events.count_facts(name="cases.case_opened.v1"),
        ) == (0, 0, 0)

    def test_the_same_form_sent_twice_is_one_matter(self, client: Client) -> None:
        command_id = str(uuid.uuid4())
        first, second = (report(client, command_id=command_id) for _ in range(2))
        assert first["Location"] == second["Location"]
        assert Case.objects.count() == 1

    def test_the_same_id_with_other_words_is_refused(self, client: Client) -> None:
        command_id = str(uuid.uuid4())
        report(client, command_id=command_id)
        other = report(client, command_id=command_id, text="另一件事在这里")
        assert other.status_code == 422
        assert Case.objects.get().text == SENTENCE

    def test_a_photo_that_is_none(self, client: Client) -> None:
        fake = SimpleUploadedFile("lamp.jpg", b"MZ this is no photo", "image/jpeg")
        answer = report(client, photos=[fake])
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "不是照片" in text
        assert SENTENCE in text
        self._nothing_written()

    def test_a_photo_of_forty_megabytes(self, client: Client) -> None:
        answer = report(
            client, photos=[SimpleUploadedFile("a.jpg", b"\xff\xd8" + bytes(40 * 1024 * 1024))]
        )
        assert answer.status_code == 422
        assert "12 MB" in answer.content.decode()
        self._nothing_written()

    def test_a_photo_of_a_hundred_megapixels(self, client: Client) -> None:
        out = io.BytesIO()
        Image.new("1", (10_000, 10_000)).save(out, "PNG")
        answer = report(client, photos=[SimpleUploadedFile("a.png", out.getvalue())])
        assert answer.status_code == 422
        assert "5000 万像素" in answer.content.decode()
        self._nothing_written()

    def test_an_empty_sentence(self, client: Client) -> None:
        assert report(client, text=" ").status_code == 422
        self._nothing_written()

    def test_a_place_that_is_none_of_ours(self, client: Client) -> None:
        assert report(client, area="110101001").status_code == 422
        assert report(client, longitude="116.4", latitude="39.9").status_code == 422
        self._nothing_written()

    def test_a_script_is_shown_as_text(self, cast: Cast) -> None:
        report(client_of(cast, "lu"), text="<script>alert(1)</script>路灯不亮")
        case = Case.objects.get()
        for who, name in (("lu", "appeals:own"), ("mei", "officer:matter")):
            page = client_of(cast, who).get(reverse(name, args=[case.pk])).content.decode()
            assert "<script>alert" not in page
            assert "&lt;script&gt;" in page

    def test_a_move_by_somebody_else_leaves_no_trace(self, cast: Cast) -> None:
        report(client_of(cast, "lu"))
        case = Case.objects.get()
        for who in ("zhou", "js_tao", "zongzhi", "verifier"):
            answer = post(client_of(cast, who), "cases:move", case.pk, "file")
            assert answer.status_code in {403, 404}, who
        case.refresh_from_db()
        assert (case.state, case.version) == ("reported", 0)

    def test_feedback_without_a_photo_says_so_and_keeps_the_words(self, cast: Cast) -> None:
        report(client_of(cast, "lu"))
        case = Case.objects.get()
        mei, zongzhi = client_of(cast, "mei"), client_of(cast, "zongzhi")
        post(mei, "cases:move", case.pk, "file")
        post(mei, "cases:dispatch", case.pk, lead=cast.unit("330424-zongzhi").id)
        part = Part.objects.get()
        post(zongzhi, "cases:move_part", part.pk, "sign")
        answer = post(zongzhi, "cases:move_part", part.pk, "feed_back", words="换了三盏灯")
        assert answer.status_code == 422
        assert "换了三盏灯" in answer.content.decode()
        part.refresh_from_db()
        assert part.state == "signed"
