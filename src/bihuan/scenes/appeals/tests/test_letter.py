"""The letter for who asked, with an account and without; and a matter that finds its account."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.testing import Case, EntryRow
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.tools.documents.testing import PaperRow
from bihuan.platform import clock
from bihuan.scenes.appeals.tests.test_story import client_of, post, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def rejected(cast: Cast, client: Client) -> Case:
    """Let somebody report, and the centre say why it is not taken on."""
    report(client)
    case = Case.objects.get()
    tao = client_of(cast, "tao")
    assert (
        post(tao, "cases:move", case.pk, "reject", reason="not_here", words="在平湖。").status_code
        == 303
    )
    return case


def test_with_an_account(cast: Cast) -> None:
    lu = client_of(cast, "lu")
    case = rejected(cast, lu)
    address = reverse("appeals:own_letter", args=[case.pk])
    assert address in lu.get(reverse("appeals:own", args=[case.pk])).text
    assert lu.get(address).status_code == 404
    key = str(uuid.uuid4())
    for _ in range(2):
        assert lu.post(address, {"command_id": key})["Location"] == address
    pdf = lu.get(address)
    assert pdf["Content-Type"] == "application/pdf" and pdf["Cache-Control"] == "no-store, private"
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert PaperRow.objects.count() == 1
    assert client_of(cast, "zhou").get(address).status_code == 404


def test_with_number_and_code(cast: Cast, client: Client) -> None:
    case = rejected(cast, client)
    address = reverse("appeals:letter", args=[case.number])
    assert client.post(address)["Location"] == address
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")
    assert Client().get(address).status_code == 404
    assert Client().post(address).status_code == 404
    assert PaperRow.objects.get().number == f"{case.number}-A1"


def test_no_letter_while_nothing_is_answered(cast: Cast) -> None:
    lu = client_of(cast, "lu")
    report(lu)
    case = Case.objects.get()
    assert "letter.pdf" not in lu.get(reverse("appeals:own", args=[case.pk])).text
    assert lu.post(reverse("appeals:own_letter", args=[case.pk])).status_code == 422
    assert PaperRow.objects.count() == 0


class TestTheOwnAccount:
    def hold(self, client: Client, other: Client) -> str:
        """Let `other` type number and code of what `client` reported without a name."""
        number = re.findall(r"/receipt/([^/]+)/", report(client)["Location"])[0]
        given = {"number": number, "code": client.session["receipts"][number]}
        assert other.post(reverse("appeals:track"), given).status_code == 303
        return number

    def test_finds_a_matter_by_its_receipt(self, cast: Cast, client: Client) -> None:
        lu = client_of(cast, "lu")
        number = self.hold(client, lu)
        address = reverse("appeals:claim", args=[number])
        assert address in lu.get(reverse("appeals:by_receipt", args=[number])).text
        assert address not in client.get(reverse("appeals:by_receipt", args=[number])).text
        case = Case.objects.get()
        assert lu.post(address)["Location"] == reverse("appeals:own", args=[case.pk])
        case.refresh_from_db()
        assert case.raised_by_key == str(cast.members["lu"].person_id)
        assert EntryRow.objects.get(move="claim").person_id == cast.members["lu"].person_id
        facts = events.count_facts()
        assert lu.post(address).status_code == 303
        assert events.count_facts() == facts

    def test_does_not_take_what_another_account_has(self, cast: Cast, client: Client) -> None:
        lu, zhou = client_of(cast, "lu"), client_of(cast, "zhou")
        number = self.hold(client, lu)
        given = {"number": number, "code": client.session["receipts"][number]}
        zhou.post(reverse("appeals:track"), given)
        lu.post(reverse("appeals:claim", args=[number]))
        facts = events.count_facts()
        zhou.post(reverse("appeals:claim", args=[number]))
        assert Case.objects.get().raised_by_key == str(cast.members["lu"].person_id)
        assert events.count_facts() == facts

    def test_needs_the_receipt(self, cast: Cast, client: Client) -> None:
        report(client)
        address = reverse("appeals:claim", args=[Case.objects.get().number])
        assert client_of(cast, "zhou").post(address).status_code == 404
        assert Case.objects.get().raised_by_key == ""
