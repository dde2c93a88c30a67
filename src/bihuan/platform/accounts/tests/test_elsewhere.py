"""Signing in through an outside provider: what is believed, and what is not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from bihuan.platform.accounts import elsewhere
from bihuan.platform.accounts import operations as accounts
from bihuan.platform.accounts.models import User
from bihuan.platform.accounts.tests import provider as stand_in
from bihuan.platform.accounts.tests.provider import StandIn
from bihuan.platform.accounts.tests.test_signing_in import PASSWORD, code_of, enter, set_up

NAME = "城市统一认证"


@pytest.fixture(scope="module")
def served() -> Iterator[StandIn]:
    """Run the stand-in once."""
    with stand_in.running() as app:
        yield app


@pytest.fixture
def outside(served: StandIn, settings, db) -> Iterator[StandIn]:
    """Return an honest provider, set up here."""
    kept = served.own, served.issuer
    served.__init__()  # type: ignore[misc]
    served.own, served.issuer = kept
    served.sign_with = served.own
    settings.BIHUAN_SECOND_FACTOR = True
    settings.BIHUAN_OIDC = {
        "id": "city",
        "name": NAME,
        "issuer": served.issuer,
        "client": stand_in.CLIENT,
        "secret": stand_in.SECRET,
    }
    cache.clear()
    yield served
    cache.clear()


@pytest.fixture
def lu(db) -> User:
    """Return an account without a post."""
    return accounts.create_account("lu", password=PASSWORD)


def go(client: Client, address: str = "/in/elsewhere/", **data: str) -> str:
    """Go to the provider as a browser does and return the address that it sends back to."""
    there = client.post(address, data)
    assert there.status_code == 302, there.content.decode()
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=5)
    return back.headers["Location"].removeprefix("http://testserver")


def linked(account: User) -> Client:
    """Sign in, link, and return the client."""
    client = Client()
    enter(client, account.username)
    answer = client.get(go(client, "/in/elsewhere/link/"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/in/me/")
    assert SocialAccount.objects.filter(user=account).count() == 1
    return client


def is_in(client: Client) -> bool:
    """Return whether the client is signed in."""
    return "_auth_user_id" in client.session


def assert_refused(client: Client, back: str) -> str:
    """Come back and see that nobody was let in and nothing was made."""
    before = User.objects.count(), SocialAccount.objects.count(), UserSession.objects.count()
    answer = client.get(back)
    assert answer.status_code == 422, answer.content.decode()
    assert not is_in(client)
    after = User.objects.count(), SocialAccount.objects.count(), UserSession.objects.count()
    assert after == before
    return answer.content.decode()


class TestWithout:
    def test_no_button_and_no_address(self, client: Client, lu: User) -> None:
        assert "/in/elsewhere/" not in client.get("/in/").content.decode()
        assert "form-action 'self';" in client.get("/in/").headers["Content-Security-Policy"]
        assert client.post("/in/elsewhere/").status_code == 404
        assert client.get("/in/elsewhere/back/").status_code == 404
        enter(client, "lu")
        assert "/in/elsewhere/" not in client.get("/in/me/").content.decode()
        assert client.post("/in/elsewhere/link/").status_code == 404

    def test_an_app_in_the_database_is_none(self, client: Client, db) -> None:
        SocialApp.objects.create(provider="openid_connect", provider_id="x", name="x")
        assert client.post("/in/elsewhere/").status_code == 404

    @pytest.mark.parametrize(
        "more",
        [
            {"secret": ""},
            {"issuer": "http://id.city.example"},
            {"origins": "https://id.city.example/path"},
            {"origins": "https://id.city.example;script-src"},
        ],
    )
    def test_half_a_setting_refuses_the_start(self, more: dict[str, str]) -> None:
        whole = dict.fromkeys(elsewhere.NEEDED, "x") | {"issuer": "https://id.city.example"}
        assert elsewhere.read(whole) is not None
        with pytest.raises(ImproperlyConfigured):
            elsewhere.read(whole | more)


class TestLink:
    def test_the_own_page_links_and_ends(self, outside: StandIn, lu: User) -> None:
        client = linked(lu)
        row = SocialAccount.objects.get(user=lu)
        assert (row.uid, row.extra_data) == ("subject-1", {})
        assert NAME in client.get("/in/me/").content.decode()
        assert client.post("/in/elsewhere/end/").headers["Location"] == "/in/me/"
        assert not SocialAccount.objects.exists()
        other = Client()
        assert_refused(other, go(other))

    def test_both_languages_have_the_button(self, outside: StandIn, client: Client) -> None:
        page = client.get("/in/")
        assert f"用{NAME}登录" in page.content.decode()
        policy = page.headers["Content-Security-Policy"]
        assert f"form-action 'self' {outside.issuer};" in policy
        client.cookies["django_language"] = "en"
        assert f"Sign in through {NAME}" in client.get("/in/").content.decode()

    def test_only_the_signed_in_link(self, outside: StandIn, client: Client) -> None:
        for address in ("/in/elsewhere/link/", "/in/elsewhere/end/"):
            assert client.post(address).headers["Location"].startswith("/in/?next=")
            assert client.get(address).status_code == 405

    def test_who_signed_out_meanwhile_links_nothing(self, outside: StandIn, lu: User) -> None:
        client = Client()
        enter(client, "lu")
        back = go(client, "/in/elsewhere/link/")
        client.post("/in/out/")
        assert_refused(client, back)

    def test_after_a_while_the_password_comes_first(self, outside: StandIn, lu: User) -> None:
        client = Client()
        enter(client, "lu")
        session = client.session
        records = session[AUTHENTICATION_METHODS_SESSION_KEY]
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [r | {"at": r["at"] - 999} for r in records]
        session.save()
        answer = client.get(go(client, "/in/elsewhere/link/"))
        assert answer.headers["Location"].startswith("/in/again/")
        assert not SocialAccount.objects.exists()
        assert client.get(answer.headers["Location"]).status_code == 200
        client.post(answer.headers["Location"], {"password": PASSWORD})
        assert SocialAccount.objects.get().user_id == lu.pk

    def test_what_is_linked_elsewhere_stays_there(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        accounts.create_account("zhou", password=PASSWORD)
        client = Client()
        enter(client, "zhou")
        assert client.get(go(client, "/in/elsewhere/link/")).status_code == 409
        assert SocialAccount.objects.get().user_id == lu.pk

    def test_one_account_has_one_link(self, outside: StandIn, lu: User) -> None:
        client = linked(lu)
        outside.subject = "subject-2"
        assert client.get(go(client, "/in/elsewhere/link/")).status_code == 409
        assert SocialAccount.objects.get().uid == "subject-1"

    def test_the_only_way_in_is_not_taken_away(self, outside: StandIn, lu: User) -> None:
        client = linked(lu)
        lu.set_unusable_password()
        lu.save()
        client.force_login(lu)
        assert client.post("/in/elsewhere/end/").status_code == 422
        assert SocialAccount.objects.count() == 1


class TestSignIn:
    def test_the_linked_come_in(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        client = Client()
        answer = client.get(go(client, next="/in/me/"))
        assert (answer.status_code, answer.headers["Location"]) == (302, "/in/me/")
        assert client.session["_auth_user_id"] == str(lu.pk)
        (record,) = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
        assert (record["method"], record["uid"]) == ("socialaccount", "subject-1")
        assert UserSession.objects.filter(session_key=client.session.session_key).exists()

    def test_and_go_nowhere_else(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        client = Client()
        assert client.get(go(client, next="https://evil.example/")).headers["Location"] == "/"

    def test_a_form_of_another_site_is_refused(self, outside: StandIn) -> None:
        assert Client(enforce_csrf_checks=True).post("/in/elsewhere/").status_code == 403
        assert Client().get("/in/elsewhere/").status_code == 405

    def test_what_is_asked_for(self, outside: StandIn, client: Client) -> None:
        there = client.post("/in/elsewhere/?scope=email&auth_params=prompt%3Dnone")
        address = there.headers["Location"]
        assert "scope=openid&" in address
        assert "code_challenge_method=S256" in address
        assert "nonce=" in address
        assert "prompt" not in address

    def test_staff_are_still_asked_for_the_second_factor(self, outside: StandIn, lu: User) -> None:
        accounts.require_second_factor(lu.pk)
        first = Client()
        enter(first, "lu")
        assert first.post("/in/elsewhere/link/").status_code == 403
        secret = set_up(first)
        first.get(go(first, "/in/elsewhere/link/"))
        assert SocialAccount.objects.count() == 1
        Authenticator.objects.filter(type="totp").update(last_used_at=None)
        cache.clear()
        client = Client()
        asked = client.get(go(client))
        assert asked.headers["Location"].startswith("/in/factor/")
        assert not is_in(client)
        assert client.post("/in/factor/", {"code": code_of(secret)}).status_code == 302
        assert client.get("/somewhere/").status_code == 404

    def test_staff_without_one_set_it_up_first(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        accounts.require_second_factor(lu.pk)
        client = Client()
        client.get(go(client))
        assert client.get("/somewhere/").headers["Location"] == "/in/factor/set-up/"

    def test_a_closed_account_stays_closed(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        User.objects.update(is_active=False)
        client = Client()
        assert client.get(go(client)).headers["Location"] == "/in/closed/"
        assert not is_in(client)

    def test_the_unknown_are_told_what_to_do(self, outside: StandIn, client: Client) -> None:
        assert "先用账号和密码登录" in assert_refused(client, go(client))

    def test_an_e_mail_takes_over_nothing(self, outside: StandIn, client: Client, lu: User) -> None:
        User.objects.update(email="lu@city.example")
        outside.email = "lu@city.example"
        assert_refused(client, go(client))

    def test_another_issuer_does_not_inherit_the_links(
        self, outside: StandIn, lu: User, settings
    ) -> None:
        linked(lu)
        other = outside.issuer.replace("127.0.0.1", "localhost")
        settings.BIHUAN_OIDC = settings.BIHUAN_OIDC | {"issuer": other}
        outside.issuer = other
        client = Client()
        assert_refused(client, go(client))


def _lie(**claims: Any) -> Callable[[StandIn], None]:
    return lambda app: setattr(app, "bend", lambda made: made.update(claims))


def _drop(claim: str) -> Callable[[StandIn], None]:
    return lambda app: setattr(app, "bend", lambda made: made.pop(claim))


def _set(**values: Any) -> Callable[[StandIn], None]:
    return lambda app: [setattr(app, name, value) for name, value in values.items()] and None


LIES = {
    "wrong audience": _lie(aud="another-program"),
    "made for another among many": _lie(aud=[stand_in.CLIENT, "other"], azp="other"),
    "many audiences, party unnamed": _lie(aud=[stand_in.CLIENT, "other"]),
    "wrong issuer": _lie(iss="https://id.evil.example"),
    "expired": _lie(iat=int(time.time()) - 900, exp=int(time.time()) - 600),
    "not yet": _lie(nbf=int(time.time()) + 900),
    "wrong nonce": _lie(nonce="of another try"),
    "no nonce": _drop("nonce"),
    "no subject": _drop("sub"),
    "no end": _drop("exp"),
    "wrong signature": _set(
        sign_with=rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ),
    "unknown key": _set(kid="two"),
    "unsigned": _set(sign_with=None, algorithm="none"),
    "shared secret": _set(sign_with=stand_in.SECRET * 2, algorithm="HS256"),
    "no identity token": _set(without_token=True),
}


class TestLies:
    @pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
    def test_are_not_believed(self, outside: StandIn, lu: User, lie: Callable) -> None:
        linked(lu)
        lie(outside)
        client = Client()
        assert_refused(client, go(client))

    def test_a_wrong_state(self, outside: StandIn, lu: User, client: Client) -> None:
        linked(lu)
        back = go(client)
        assert_refused(client, back.rpartition("state=")[0] + "state=guessed")

    def test_the_state_of_another_browser(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        assert_refused(Client(), go(Client()))

    def test_what_was_used_once_is_used_up(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        client = Client()
        back = go(client)
        assert client.get(back).status_code == 302
        assert is_in(client)
        client.post("/in/out/")
        assert_refused(client, back)

    def test_a_used_code_in_a_fresh_try(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        first, second = Client(), Client()
        used = go(first)
        first.get(used)
        assert is_in(first)
        fresh = go(second)
        code = used.partition("code=")[2].partition("&")[0]
        assert_refused(second, f"/in/elsewhere/back/?code={code}&{fresh.partition('&')[2]}")

    def test_a_stolen_code_in_another_try(self, outside: StandIn, lu: User) -> None:
        linked(lu)
        stolen, mine = go(Client()), Client()
        code = stolen.partition("code=")[2].partition("&")[0]
        assert_refused(mine, f"/in/elsewhere/back/?code={code}&{go(mine).partition('&')[2]}")

    def test_who_says_no_there_is_told_so(self, outside: StandIn, client: Client) -> None:
        state = go(client).partition("state=")[2]
        assert_refused(client, f"/in/elsewhere/back/?error=access_denied&state={state}")

    @pytest.mark.parametrize(
        "spoilt",
        [
            {"issuer": "https://id.evil.example"},
            {"authorization_endpoint": "https://id.evil.example/authorize"},
            {"token_endpoint": "http://id.evil.example/token"},
            {"jwks_uri": "ftp://127.0.0.1/jwks"},
            {"jwks_uri": None},
        ],
    )
    def test_a_discovery_document_that_leads_away(
        self, outside: StandIn, client: Client, spoilt: dict[str, Any]
    ) -> None:
        outside.discovery = spoilt
        assert client.post("/in/elsewhere/").status_code == 422

    def test_a_provider_that_is_down(self, outside: StandIn, lu: User, client: Client) -> None:
        back = go(client)
        outside.down = True
        assert_refused(client, back)
        assert client.post("/in/elsewhere/").status_code == 422
        assert enter(client, "lu").status_code == 302
