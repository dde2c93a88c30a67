"""The administrator's pages: a key shown once, systems with their states, others turned away."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.adapters import calling, keys, links
from bihuan.platform.adapters.models import ApiKey, Call, HookRow
from bihuan.platform.web.models import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


@pytest.fixture
def admin(cast: Cast) -> Client:
    return sign_in(Client(), cast.account("system"))


def form(**more: object) -> dict[str, object]:
    given = {"title": "路口传感器", "powers": ["cases.raise"], "area": "330424", "days": "30"}
    return {**given, "per_minute": "60", "command_id": str(uuid.uuid4()), **more}


def test_a_key_is_shown_once_and_kept_nowhere_in_clear(admin: Client) -> None:
    data = form()
    made = admin.post(reverse("machines:make_key"), data)
    assert made.headers["Cache-Control"] == "no-store"
    (token,) = re.findall(r'value="(bh_[^"]+)"', made.content.decode())
    assert keys.enter(token, at=clock.now()).title == "路口传感器"
    again = admin.post(reverse("machines:make_key"), data)
    assert token not in again.content.decode()
    assert ApiKey.objects.count() == 1
    assert token not in admin.get(reverse("machines:keys")).content.decode()
    assert token not in str(list(Command.objects.values_list("answer", flat=True)))


@pytest.mark.parametrize(
    "more",
    [
        {"title": ""},
        {"powers": []},
        {"powers": ["cases.dispatch"]},
        {"area": "330421"},
        {"area": "x"},
        {"days": "-3"},
        {"per_minute": "many"},
        {"system": "nobody"},
    ],
)
def test_what_makes_no_key_is_said_and_what_was_typed_stays(
    admin: Client, more: dict[str, object]
) -> None:
    answer = admin.post(reverse("machines:make_key"), form(**more))
    assert answer.status_code == 422
    assert "bh-fault" in answer.content.decode()
    if more.get("title") is None:
        assert "路口传感器" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_revoking_and_addresses(admin: Client) -> None:
    admin.post(reverse("machines:make_key"), form())
    key = ApiKey.objects.get()
    add = reverse("machines:make_hook", args=[key.pk])
    assert admin.post(add, {"url": "https://10.0.0.1/"}).status_code == 422
    assert admin.post(add, {"url": "http://127.0.0.1:9/told"}).status_code == 303
    assert "127.0.0.1:9" in admin.get(reverse("machines:keys")).content.decode()
    assert admin.post(reverse("machines:end_hook", args=[HookRow.objects.get().pk])).status_code
    assert HookRow.objects.get().ended_at is not None
    assert admin.post(reverse("machines:revoke_key", args=[key.pk])).status_code == 303
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_systems_show_how_they_stand_and_the_dead_may_be_tried_again(admin: Client) -> None:
    at = clock.now()
    links.note_failure("system:traffic", "no answer: TimeoutError", at=at)
    calling.call("system:traffic", "status", key="k", body={}, at=at)
    Call.objects.update(state="dead", error="the answer was 500")
    text = admin.get(reverse("machines:interfaces")).content.decode()
    for words in ("智慧交通", "no answer: TimeoutError", "the answer was 500", "《信访工作条例》"):
        assert words in text
    again = reverse("machines:try_again", args=[Call.objects.get().pk])
    assert admin.post(again).status_code == 303
    assert Call.objects.get().state == "pending"


@pytest.mark.parametrize("who", ["mei", "security", "audit", "lu"])
def test_nobody_else_comes_in(cast: Cast, who: str) -> None:
    client = sign_in(Client(), cast.account(who))
    for name in ("interfaces", "keys"):
        assert client.get(reverse(f"machines:{name}")).status_code == 403
    assert client.post(reverse("machines:make_key"), form()).status_code == 403
    assert not ApiKey.objects.exists()
