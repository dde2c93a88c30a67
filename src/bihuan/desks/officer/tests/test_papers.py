"""Printing from the officer's page: the letter, the case file, and a print with clear values."""

from __future__ import annotations

import io
import uuid

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.desks.officer.tests.test_looks import kinds
from bihuan.desks.officer.tests.test_pages import answered, client_of, raised
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.tools.documents.testing import PaperRow
from bihuan.platform import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def ask(client: Client, case_id: int, **given: str):
    given.setdefault("command_id", str(uuid.uuid4()))
    return client.post(reverse("officer:papers", args=[case_id]), given)


def text_of(body: bytes) -> str:
    pages = pypdfium2.PdfDocument(io.BytesIO(body))
    return "".join("".join(p.get_textpage().get_text_range().split()) for p in pages)


def test_the_case_file_is_printed_masked_and_listed(cast: Cast) -> None:
    case_id, tao = raised(cast), client_of(cast, "tao")
    key = str(uuid.uuid4())
    made = ask(tao, case_id, what="file", command_id=key)
    assert made.status_code == 303
    assert ask(tao, case_id, what="file", command_id=key)["Location"] == made["Location"]
    pdf = tao.get(made["Location"])
    assert pdf["Content-Type"] == "application/pdf"
    said = text_of(b"".join(pdf.streaming_content))
    assert "案卷" in said and "陆建英" not in said
    number = PaperRow.objects.get().number
    assert number in tao.get(reverse("officer:papers", args=[case_id])).content.decode()
    assert client_of(cast, "lu").get(made["Location"]).status_code == 404
    assert client_of(cast, "verifier").get(made["Location"]).status_code == 404


def test_no_letter_before_the_answer(cast: Cast) -> None:
    case_id, tao = raised(cast), client_of(cast, "tao")
    answer = ask(tao, case_id, what="letter")
    assert answer.status_code == 422 and "还没有答复" in answer.content.decode()
    assert PaperRow.objects.count() == 0


class TestWithClearValues:
    def clear(self, client: Client, case_id: int, reason: str, key: str = ""):
        given = {"reason": reason, "command_id": key or str(uuid.uuid4())}
        return client.post(reverse("officer:print_clear", args=[case_id]), given)

    def test_it_is_a_look_with_its_reason_and_kept_nowhere(self, cast: Cast) -> None:
        case_id, tao = raised(cast), client_of(cast, "tao")
        answer = self.clear(tao, case_id, "送达现场核实")
        assert answer["Cache-Control"] == "no-store, private"
        said = text_of(answer.content)
        assert "陆建英" in said and cast.members["lu"].phone in said
        assert kinds(cast) == ["revealed:", "revealed:"]
        row = PaperRow.objects.get()
        assert row.blob is None and "陆建英" not in str(row.content)
        page = tao.get(reverse("officer:papers", args=[case_id])).content.decode()
        assert "只印一次，没有存底" in page
        assert tao.get(reverse("paper", args=[row.pk])).status_code == 404

    def test_without_a_reason_nothing_is_printed(self, cast: Cast) -> None:
        case_id, tao = raised(cast), client_of(cast, "tao")
        answer = self.clear(tao, case_id, "看")
        assert answer.status_code == 403
        assert kinds(cast) == ["refused:short"] and PaperRow.objects.count() == 0

    def test_the_same_form_again_shows_nothing(self, cast: Cast) -> None:
        case_id, tao, key = raised(cast), client_of(cast, "tao"), str(uuid.uuid4())
        assert self.clear(tao, case_id, "送达现场核实", key).status_code == 200
        again = self.clear(tao, case_id, "送达现场核实", key)
        assert "陆建英" not in again.content.decode() and again["Content-Type"] != "application/pdf"
        assert PaperRow.objects.count() == 1


def test_the_duty_officer_withdraws(cast: Cast) -> None:
    case_id, tao, duty = answered(cast), client_of(cast, "tao"), client_of(cast, "duty")
    ask(tao, case_id, what="file")
    row = PaperRow.objects.get()
    address = reverse("officer:withdraw_paper", args=[row.pk])
    assert tao.post(address, {"words": "错"}).status_code == 403
    assert duty.post(address, {"words": "印错了"}).status_code == 303
    row.refresh_from_db()
    assert row.withdrawn_words == "印错了"
