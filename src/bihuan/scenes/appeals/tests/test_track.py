"""The raiser's side: adding, taking back, the verdict, no rejection without a second look."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.testing import Case, EntryRow
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.scenes.appeals.tests.test_story import client_of, photo, post, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def receipt(client: Client) -> tuple[str, str]:
    """Report without an account and return number and code."""
    number = re.findall(r"/receipt/([^/]+)/", report(client)["Location"])[0]
    return number, client.session["receipts"][number]


class TestWithNumberAndCode:
    def test_one_adds_words_and_a_photo(self, client: Client) -> None:
        number, _code = receipt(client)
        page = client.get(reverse("appeals:by_receipt", args=[number])).content.decode()
        address = reverse("appeals:act", args=[number, "supplement"])
        assert address in page
        done = client.post(address, {"words": "现在四盏不亮了", "photos": [photo()]})
        assert done.status_code == 303
        case = Case.objects.get()
        line = EntryRow.objects.get(move="supplement")
        assert (case.state, case.version, line.words, line.person_id) == (
            "reported",
            1,
            "现在四盏不亮了",
            None,
        )

    def test_one_does_not_withdraw_or_file(self, client: Client) -> None:
        number, _code = receipt(client)
        for move in ("withdraw", "file", "redo", "dispatch"):
            address = reverse("appeals:act", args=[number, move])
            answer = client.post(address, {"words": "x"})
            assert answer.status_code in {403, 404}, move
        assert (Case.objects.get().state, Case.objects.get().version) == ("reported", 0)

    def test_a_wrong_code_adds_nothing(self, client: Client) -> None:
        number, _ = receipt(client)
        address = reverse("appeals:act", args=[number, "supplement"])
        assert Client().post(address, {"words": "x"}).status_code == 404
        session = client.session
        session["receipts"] = {number: "AAAAAAAA"}
        session.save()
        assert client.post(address, {"words": "x"}).status_code == 404
        assert Case.objects.get().version == 0


class TestWithAnAccount:
    def test_one_takes_it_back(self, cast: Cast) -> None:
        lu = client_of(cast, "lu")
        report(lu)
        case = Case.objects.get()
        assert post(lu, "cases:move", case.pk, "withdraw", words="自己亮了").status_code == 303
        case.refresh_from_db()
        assert case.state == "withdrawn"

    def test_a_rejection_says_why_and_another_person_looks_again(self, cast: Cast) -> None:
        lu, tao, mei = (client_of(cast, who) for who in ("lu", "tao", "mei"))
        report(lu)
        case = Case.objects.get()
        done = post(tao, "cases:move", case.pk, "reject", reason="not_here", words="在平湖。")
        assert done.status_code == 303
        page = lu.get(reverse("appeals:own", args=[case.pk])).content.decode()
        assert "不在本市" in page and "在平湖。" in page
        assert post(lu, "cases:move", case.pk, "appeal", words="就在新兴社区").status_code == 303
        assert post(tao, "cases:move", case.pk, "uphold", words="维持").status_code == 403
        assert post(mei, "cases:move", case.pk, "grant_appeal", words="是新兴的").status_code == 303
        case.refresh_from_db()
        assert case.state == "filed"
