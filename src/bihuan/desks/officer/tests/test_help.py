"""Help of each page, and the tour: shown on the first sign-in, remembered, taken again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from bihuan.desks.officer.help import ROLES
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.ui import helping
from bihuan.platform.ui.models import TourRow

TOUR = "/help/tour/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def first(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who), first_time=True)


class TestHelp:
    def test_each_page_of_the_desk_has_help(self) -> None:
        desk = next(
            p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "officer"
        )
        shown = {
            f"officer:{one.name}"
            for one in desk.url_patterns
            if "GET" in one.callback.methods and "POST" not in one.callback.methods
        }
        without = {name for name in shown if helping.page_of(name) is None}
        assert without == {"officer:message"}  # it only leads to what the message is about

    def test_the_mark_in_the_header_leads_to_it_and_back(self, cast: Cast) -> None:
        page = sign_in(Client(), cast.account("tao")).get("/desk/duty/").text
        assert 'href="/help/duty/?from=%2Fdesk%2Fduty%2F"' in page
        said = Client().get("/help/duty/", {"from": "/desk/duty/"}).text
        assert "记录不能改" in said
        assert 'href="/desk/duty/"' in said
        elsewhere = Client().get("/help/duty/", {"from": "https://example.org/"}).text
        assert "example.org" not in elsewhere.split("<main")[1]

    @pytest.mark.django_db
    def test_every_help_reads_without_an_account(self) -> None:
        client = Client()
        for one in helping.pages():
            assert client.get(reverse("help:page", args=[one.key])).status_code == 200
        assert client.get("/help/nothing/").status_code == 404
        assert "帮助" in client.get("/help/").text


class TestTour:
    @pytest.mark.parametrize(
        ("who", "words"),
        [
            ("lu", "告诉我们"),
            ("shen", "您的码"),
            ("gu", "今天"),
            ("mei", "要办的都在这里"),
            ("zongzhi", "您单位的事"),
            ("verifier", "核查员的一天"),
            ("leader", "几个数"),
            ("auditor", "谁看过"),
        ],
    )
    def test_each_role_has_its_own(self, cast: Cast, who: str, words: str) -> None:
        said = first(cast, who).get(TOUR)
        assert said.status_code == 200
        assert words in said.text

    def test_steps_lead_from_page_to_page_and_the_end_is_remembered(self, cast: Cast) -> None:
        mei = first(cast, "mei")
        assert "第 1 步，共 5 步" in mei.get("/desk/").text
        answer = mei.post(TOUR, {"step": "1", "next": "/desk/"})
        assert answer["Location"] == "/appeals/topics/#tour"
        assert "第 2 步，共 5 步" in mei.get("/appeals/topics/").text
        assert "第 2 步，共 5 步" in first(cast, "mei").get("/desk/").text
        assert mei.post(TOUR, {"step": "end", "next": "/desk/"})["Location"] == "/desk/"
        for client in (mei, first(cast, "mei")):
            assert "共 5 步" not in client.get("/desk/").text
        mei.post(TOUR, {"step": "0"})
        assert "第 1 步，共 5 步" in mei.get("/desk/").text
        assert TourRow.objects.count() == 1

    @pytest.mark.parametrize("step", ["", "x", "99", "-1", "1" * 40])
    def test_an_odd_step_ends_it(self, cast: Cast, step: str) -> None:
        mei = first(cast, "mei")
        assert mei.post(TOUR, {"step": step, "next": "//evil.example"})["Location"] == "/"
        assert TourRow.objects.get().ended_at is not None

    def test_a_page_asks_no_table_for_it(self, cast: Cast) -> None:
        with CaptureQueriesContext(connection) as caught:
            first(cast, "mei").get("/desk/")
        asked = [q["sql"] for q in caught if "ui_tour" in q["sql"]]
        assert len(asked) == 1  # at sign-in

    def test_who_is_not_signed_in_is_sent_to_the_help(self, cast: Cast) -> None:
        assert Client().get(TOUR)["Location"] == "/help/"
        assert Client().post(TOUR, {"step": "1"})["Location"] == "/help/"
        assert TourRow.objects.count() == 0

    def test_three_to_six_steps_each(self) -> None:
        assert {tour.role for tour in helping.tours()} == set(ROLES.values())
        assert all(3 <= len(tour.steps) <= 6 for tour in helping.tours())
