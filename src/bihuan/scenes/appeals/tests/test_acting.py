"""A relative acts for an elder: begun on the own page or at the counter, told, and ended."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.testing import Case, EntryRow
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.scenes.appeals.tests.test_story import client_of, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def fields(cast: Cast, **more: str) -> dict[str, str]:
    until = clock.business_date(clock.now()) + timedelta(days=30)
    return {
        "person": str(cast.members["lu"].person_id),
        "name": "周立",
        "phone": cast.members["zhou"].phone,
        "until": until.isoformat(),
        "command_id": str(uuid.uuid4()),
    } | more


def running(cast: Cast):
    return privacy.list_acting(scope=cast.scope("zhou"), at=clock.now())


def allow(cast: Cast) -> int:
    lu = client_of(cast, "lu")
    assert lu.post(reverse("resident:mandate"), fields(cast)).status_code == 303
    return running(cast)[0].id


def test_from_the_own_page_to_the_supplement_and_the_end(cast: Cast) -> None:
    lu, zhou = client_of(cast, "lu"), client_of(cast, "zhou")
    report(lu)
    case = Case.objects.get()
    mandate = allow(cast)
    assert "周*" in lu.get(reverse("resident:privacy")).text

    assert case.number in zhou.get(reverse("appeals:acting")).text
    page = zhou.get(reverse("appeals:for", args=[mandate, case.pk]))
    assert "陆**" in page.text and page["Cache-Control"] == "no-store, private"
    address = reverse("appeals:act_for", args=[mandate, case.pk, "supplement"])
    assert address in page.text
    assert (
        zhou.post(address, {"words": "又坏了一盏", "command_id": str(uuid.uuid4())}).status_code
        == 303
    )
    line = EntryRow.objects.get(move="supplement")
    assert line.words == "又坏了一盏（周* 代 陆** 办）"
    assert line.account_id == cast.members["zhou"].account_id
    assert line.person_id == cast.members["lu"].person_id
    assert "周* 代 陆** 办" in lu.get(reverse("appeals:own", args=[case.pk])).text

    lu.post(reverse("resident:mandate"), {"do": "end", "mandate": mandate})
    assert zhou.get(reverse("appeals:for", args=[mandate, case.pk])).status_code == 404
    assert zhou.post(address, {"words": "再说一次"}).status_code == 404
    assert EntryRow.objects.filter(move="supplement").count() == 1


def test_the_agent_neither_withdraws_nor_reads_what_others_raised(cast: Cast) -> None:
    lu, zhou = client_of(cast, "lu"), client_of(cast, "zhou")
    report(lu)
    case, mandate = Case.objects.get(), allow(cast)
    for move in ("withdraw", "redo", "appeal", "file"):
        address = reverse("appeals:act_for", args=[mandate, case.pk, move])
        assert zhou.post(address, {"words": "x"}).status_code == 404, move
    report(client_of(cast, "shen"), text="园区门口积水")
    other = Case.objects.exclude(pk=case.pk).get()
    assert zhou.get(reverse("appeals:for", args=[mandate, other.pk])).status_code == 404
    assert Client().get(reverse("appeals:for", args=[mandate, case.pk])).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.version) == ("reported", 0)


def test_at_the_counter_after_the_look(cast: Cast) -> None:
    tao, lu = client_of(cast, "tao"), cast.members["lu"]
    refused = tao.post(reverse("appeals:counter_mandate"), fields(cast))
    assert refused.status_code == 303 and running(cast) == ()
    given = {"number": lu.phone, "reason": "本人来窗口设代办", "command_id": str(uuid.uuid4())}
    page = tao.post(reverse("appeals:earlier"), given).text
    assert re.findall(r'name="person" value="([^"]+)"', page) == [str(lu.person_id)]
    tao.post(reverse("appeals:counter_mandate"), fields(cast))
    assert running(cast)[0].at_counter


def test_who_tries_many_names_is_stopped(cast: Cast) -> None:
    lu = client_of(cast, "lu")
    answers = [
        lu.post(reverse("resident:mandate"), fields(cast, name=f"某{n}")).status_code
        for n in range(21)
    ]
    assert answers == [303] * 20 + [429] and running(cast) == ()
