"""The edge: a session, its chosen post, and the Scope that comes of it."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry import types as words
from bihuan.kernel.ground.registry.testing import HAIYAN, XINXING, Cast, cast_scope, make_cast
from bihuan.kernel.ground.registry.web import scope_of
from bihuan.platform import clock


@pytest.fixture
def now_cast(db) -> Cast:
    """Return the cast, in office at this very moment."""
    return make_cast(at=clock.now())


def scope_in(client: Client, cast: Cast, who: str):
    """Return the scope of the client's session."""
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = cast.account(who)
    scope = scope_of(request)
    request.session.save()
    return scope


def second_post(cast: Cast, who: str):
    """Give a member a second post."""
    return registry.appoint(
        cast.members[who].person_id,
        duty=words.LEADER,
        area_code=XINXING,
        scope=cast_scope(),
        at=cast.at,
    )


class TestChoosingAPost:
    def test_one_acts_by_the_chosen_post(self, client: Client, now_cast: Cast) -> None:
        post = second_post(now_cast, "mei")
        assert post.area_name == "新兴社区"
        client.force_login(now_cast.account("mei"))
        assert scope_in(client, now_cast, "mei").duties == {words.DISPATCHER}
        answer = client.post("/in/post/", {"post_id": post.id, "next": "/in/me/"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/in/me/")
        assert scope_in(client, now_cast, "mei").duties == {words.LEADER}
        evil = client.post("/in/post/", {"post_id": post.id, "next": "//evil.example/"})
        assert evil.headers["Location"] == "/"

    def test_a_chosen_post_that_ended_is_forgotten(self, client: Client, now_cast: Cast) -> None:
        post = second_post(now_cast, "mei")
        client.force_login(now_cast.account("mei"))
        client.post("/in/post/", {"post_id": post.id})
        registry.end_post(post.id, scope=cast_scope(), at=now_cast.at)
        assert scope_in(client, now_cast, "mei").duties == {words.DISPATCHER}
        assert "post_id" not in client.session

    def test_nobody_takes_another_s_post(self, client: Client, now_cast: Cast) -> None:
        account_id = now_cast.members["mei"].account_id
        (theirs,) = registry.list_posts_of(account_id=account_id, at=now_cast.at)
        assert theirs.unit_name == "海盐县社会治理中心"
        client.force_login(now_cast.account("tao"))
        headers = {"Accept": "application/json"}
        answer = client.post("/in/post/", {"post_id": theirs.id}, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (403, "not_your_post")
        assert client.post("/in/post/", {"post_id": "x"}, headers=headers).status_code == 404
        scope = scope_in(client, now_cast, "tao")
        assert (scope.duties, scope.county_id) == ({words.ACCEPTOR}, HAIYAN)

    def test_without_signing_in_one_is_sent_there(self, client: Client, db) -> None:
        answer = client.post("/in/post/", {"post_id": 1})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/in/?next=")
