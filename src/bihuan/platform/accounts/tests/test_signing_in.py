"""Signing in and out, with one factor and with two."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import clear_url_caches

from bihuan.platform.accounts import operations as accounts
from bihuan.platform.accounts import queries
from bihuan.platform.accounts.actor import SECOND_FACTOR
from bihuan.platform.accounts.middleware import SEEN_AT
from bihuan.platform.accounts.models import User

PASSWORD = "a lamp beside the lake 330424"
SIGN_IN = "/in/"


@pytest.fixture(autouse=True)
def _strict(settings, db) -> Iterator[None]:
    settings.BIHUAN_SECOND_FACTOR = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def resident() -> User:
    """Return an account without a post."""
    return accounts.create_account("lu", password=PASSWORD)


@pytest.fixture
def staff() -> User:
    """Return an account that needs two factors."""
    account = accounts.create_account("mei", password=PASSWORD)
    accounts.require_second_factor(account.pk)
    account.refresh_from_db()
    return account


def enter(client: Client, username: str, password: str = PASSWORD, **more: str):
    """Send the sign-in form."""
    return client.post(SIGN_IN, {"login": username, "password": password} | more)


def code_of(secret: str) -> str:
    """Return the code that a telephone shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def set_up(client: Client) -> str:
    """Set up the second factor as the page asks, and return its secret."""
    form = client.get("/in/factor/set-up/")
    assert form.status_code == 200, form.headers
    (secret,) = re.findall(r"<code>([A-Z2-7]+)</code>", form.content.decode())
    answer = client.post("/in/factor/set-up/", {"code": code_of(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/in/factor/codes/")
    return secret


class TestPassword:
    def test_the_page_speaks_chinese_and_asks_for_a_name(self, client: Client) -> None:
        page = client.get(SIGN_IN)
        assert page.status_code == 200
        assert 'lang="zh-Hans"' in page.content.decode()
        assert 'name="login"' in page.content.decode()
        assert "style=" not in page.content.decode()

    def test_the_right_password_lets_in(self, client: Client, resident: User) -> None:
        answer = enter(client, "lu")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(resident.pk)

    @pytest.mark.parametrize(("name", "word"), [("lu", "wrong"), ("nobody", PASSWORD)])
    def test_a_wrong_one_does_not_and_tells_nothing(
        self, client: Client, resident: User, name: str, word: str
    ) -> None:
        answer = enter(client, name, word)
        assert answer.status_code == 200
        assert "_auth_user_id" not in client.session
        errors = answer.context["form"].non_field_errors()
        known = enter(Client(), "lu", "other wrong").context["form"].non_field_errors()
        assert list(errors) == list(known)

    def test_a_closed_account_is_not_let_in(self, client: Client, resident: User) -> None:
        User.objects.update(is_active=False)
        enter(client, "lu")
        assert "_auth_user_id" not in client.session

    def test_brought_back_where_one_came_from_but_not_elsewhere(self, resident: User) -> None:
        assert enter(Client(), "lu", next="/in/me/").headers["Location"] == "/in/me/"
        for trap in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
            assert enter(Client(), "lu", next=trap).headers["Location"] == "/"

    def test_after_five_wrong_tries_even_the_right_one_waits(
        self, client: Client, resident: User
    ) -> None:
        for _ in range(5):
            enter(client, "lu", "wrong")
        answer = enter(client, "lu")
        assert "_auth_user_id" not in client.session
        assert answer.status_code in {200, 429}

    def test_one_cannot_sign_up(self, client: Client) -> None:
        assert client.get("/in/signup/").status_code == 404
        assert User.objects.count() == 0

    def test_signing_out_needs_a_post(self, client: Client, resident: User) -> None:
        enter(client, "lu")
        assert client.get("/in/out/").status_code == 200
        assert "_auth_user_id" in client.session
        assert client.post("/in/out/").status_code == 302
        assert "_auth_user_id" not in client.session

    def test_a_form_of_another_site_is_refused(self, resident: User) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert enter(strict, "lu").status_code == 403


class TestSecondFactor:
    def test_staff_set_it_up_first(self, client: Client, staff: User) -> None:
        enter(client, "mei")
        turned = client.get("/somewhere/")
        assert (turned.status_code, turned.headers["Location"]) == (302, "/in/factor/set-up/")
        set_up(client)
        assert client.get("/somewhere/").status_code == 404

    def test_residents_may_do_without(self, client: Client, resident: User) -> None:
        enter(client, "lu")
        assert client.get("/somewhere/").status_code == 404

    def test_from_then_on_it_is_asked_for(self, client: Client, staff: User) -> None:
        enter(client, "mei")
        secret = set_up(client)
        Authenticator.objects.filter(type="totp").update(last_used_at=None)
        cache.clear()
        other = Client()
        asked = enter(other, "mei")
        assert asked.headers["Location"].startswith("/in/factor/")
        assert "_auth_user_id" not in other.session
        wrong = other.post("/in/factor/", {"code": "000000"})
        assert wrong.status_code == 200
        assert "_auth_user_id" not in other.session
        assert other.post("/in/factor/", {"code": code_of(secret)}).status_code == 302
        assert other.session["_auth_user_id"] == str(staff.pk)
        assert other.get("/somewhere/").status_code == 404

    def test_a_session_from_before_does_not_slip_through(self, client: Client, staff: User) -> None:
        old = Client()
        enter(old, "mei")
        enter(client, "mei")
        set_up(client)
        turned = old.get("/somewhere/")
        assert turned.status_code == 302
        assert turned.headers["Location"].startswith("/in/")
        assert "_auth_user_id" not in old.session

    def test_a_program_is_told_in_words(self, client: Client, staff: User) -> None:
        enter(client, "mei")
        answer = client.get("/somewhere/", headers={"Accept": "application/json"})
        assert answer.status_code == 401
        assert answer.json()["address"] == "/in/factor/set-up/"

    def test_its_secret_lies_sealed(self, client: Client, staff: User) -> None:
        enter(client, "mei")
        secret = set_up(client)
        kept = Authenticator.objects.get(type="totp").data["secret"]
        assert secret not in kept
        assert secret.encode() not in bytes.fromhex(kept)

    def test_who_must_have_it_cannot_drop_it(self, client: Client, staff: User) -> None:
        enter(client, "mei")
        set_up(client)
        client.post("/in/factor/drop/")
        assert Authenticator.objects.filter(type="totp").count() == 1

    def test_a_demo_mark_counts_only_in_the_demo(
        self, client: Client, staff: User, settings
    ) -> None:
        client.force_login(staff)
        session = client.session
        session[SECOND_FACTOR] = "demo"
        session.save()
        assert client.get("/somewhere/").status_code == 302
        settings.BIHUAN_DEMO = True
        assert client.get("/somewhere/").status_code == 404


class TestSessions:
    def test_one_sees_and_ends_the_own_sessions(self, client: Client, resident: User) -> None:
        enter(client, "lu")
        phone = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14)"})
        enter(phone, "lu")
        page = client.get("/in/me/").content.decode()
        assert "Android" in page
        (ending,) = re.findall(r"/in/sessions/(\d+)/end/", page)
        assert client.get(f"/in/sessions/{ending}/end/").status_code == 405
        assert client.post(f"/in/sessions/{ending}/end/").status_code == 302
        assert phone.get("/in/me/").headers["Location"] == "/in/?next=/in/me/"
        assert client.get("/in/me/").status_code == 200

    def test_but_nobody_else_s(self, client: Client, resident: User) -> None:
        other = Client()
        accounts.create_account("zhou", password=PASSWORD)
        enter(other, "zhou")
        enter(client, "lu")
        page = other.get("/in/me/").content.decode()
        assert "/end/" not in page
        from allauth.usersessions.models import UserSession

        theirs = UserSession.objects.get(user=resident)
        assert other.post(f"/in/sessions/{theirs.pk}/end/").status_code == 404
        assert client.get("/in/me/").status_code == 200

    def test_a_session_that_sleeps_ends(self, client: Client, resident: User, settings) -> None:
        settings.BIHUAN_IDLE_MINUTES = 30
        enter(client, "lu")
        client.get("/in/me/")
        session = client.session
        session[SEEN_AT] = time.time() - 29 * 60
        session.save()
        assert client.get("/in/me/").status_code == 200
        session = client.session
        assert session[SEEN_AT] > time.time() - 60
        session[SEEN_AT] = time.time() - 31 * 60
        session.save()
        turned = client.get("/in/me/")
        assert turned.headers["Location"] == "/in/?next=%2Fin%2Fme%2F"
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize(
        "address",
        ["/in/me/", "/in/password/", "/in/factor/set-up/", "/in/factor/codes/", "/in/again/"],
    )
    def test_without_signing_in_these_pages_ask_for_it(self, client: Client, address: str) -> None:
        turned = client.get(address)
        assert turned.status_code == 302
        assert turned.headers["Location"].startswith("/in/")


@pytest.fixture
def addresses(settings):
    """Return a function that reads the addresses anew under a setting."""

    def read(*, demo: bool) -> None:
        settings.BIHUAN_DEMO = demo
        importlib.reload(importlib.import_module(settings.ROOT_URLCONF))
        clear_url_caches()

    yield read
    read(demo=False)


class TestDemo:
    def test_one_click_in_the_demo(self, client: Client, staff: User, addresses) -> None:
        addresses(demo=True)
        answer = client.get("/demo/as/mei?next=/in/me/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/in/me/")
        assert client.get("/in/me/").status_code == 200
        assert client.get("/demo/as/mei?next=https://evil.example/").headers["Location"] == "/"
        assert client.get("/demo/as/nobody").status_code == 404

    def test_no_such_address_elsewhere(self, client: Client, staff: User, addresses) -> None:
        addresses(demo=False)
        assert client.get("/demo/as/mei").status_code == 404
        assert "_auth_user_id" not in client.session

    def test_and_the_view_itself_refuses(self, staff: User, settings, rf) -> None:
        from django.http import Http404

        from bihuan.platform.accounts import views

        settings.BIHUAN_DEMO = False
        with pytest.raises(Http404):
            views.enter_as(rf.get("/demo/as/mei"), username="mei")


def test_names_of_open_accounts(resident: User, staff: User) -> None:
    User.objects.filter(pk=staff.pk).update(is_active=False)
    assert queries.usernames_of([resident.pk, staff.pk, 0]) == {resident.pk: "lu"}


def test_every_address_declares_its_power() -> None:
    from bihuan.platform.accounts import urls

    powers = {pattern.name: pattern.callback.power for pattern in urls.urlpatterns}
    assert set(powers.values()) == {"public", "signed_in"}
    assert powers["account_own"] == "signed_in"
