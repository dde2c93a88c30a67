"""What anybody is told of a paper by its code, and what comparing a file says."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.testing import guarding
from bihuan.kernel.tools.documents.types import Content, Facts, NewPaper, Printed, Words
from bihuan.platform import clock
from bihuan.platform.files.models import Blob

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 24, 12, tzinfo=clock.CHINA)
SECRET = "陆建英反映的内容"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def issue(cast: Cast, words: str = SECRET) -> Printed:
    content = Content(
        unit="海盐县社会治理中心",
        title="答复函",
        blocks=(Facts((("事项", words),)), Words((words,), "内容")),
    )
    what = NewPaper(
        kind="cases.letter",
        subject=Ref("cases.case", "7"),
        subject_number="HY-2606-00007",
        content=content,
        root="https://bihuan.example/d/",
        unit_id=cast.unit("330424-zongzhi").id,
    )
    return documents.issue(what, scope=cast.scope("tao"), at=NOON)


def test_it_says_which_paper_and_not_what_is_in_it(client: Client, cast: Cast) -> None:
    paper = issue(cast).paper
    said = client.get(reverse("verify_code", args=[paper.code])).content.decode()
    for words in ("是真的，有效", "答复函", "HY-2606-00007-A1", "2026年6月24日", "综合行政执法局"):
        assert words in said, words
    assert SECRET not in said and "陆建英" not in said and paper.digest not in said


def test_a_typed_code_leads_there(client: Client, cast: Cast) -> None:
    paper = issue(cast).paper
    typed = f"{paper.code[:8].lower()} {paper.code[8:]}"
    answer = client.get(reverse("verify_paper"), {"code": typed})
    assert answer["Location"] == reverse("verify_code", args=[paper.code])


def test_a_replaced_one_names_the_one_that_holds(client: Client, cast: Cast) -> None:
    old = issue(cast).paper
    issue(cast, "改过的内容")
    said = client.get(reverse("verify_code", args=[old.code])).content.decode()
    assert "已被替换" in said and "HY-2606-00007-A2" in said


def test_a_withdrawn_one_holds_no_more(client: Client, cast: Cast) -> None:
    paper = issue(cast).paper
    with guarding("cases.case", lambda scope, ref: True):
        documents.withdraw(paper.id, words="写错单位", scope=cast.scope("duty"), at=NOON)
    said = client.get(reverse("verify_code", args=[paper.code])).content.decode()
    assert "已作废" in said and "是真的" not in said and "写错单位" not in said


def test_an_unknown_code_is_not_ours(client: Client, cast: Cast) -> None:
    issue(cast)
    answer = client.get(reverse("verify_code", args=["ABCDEFGHJKMNPQRS"]))
    assert answer.status_code == 404 and "没有出过" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [(b"", "一个字节都没变"), (b"\n", "不是当时那份")],
)
def test_a_file_is_compared_and_not_kept(
    client: Client, cast: Cast, change: bytes, words: str
) -> None:
    printed = issue(cast)
    before = Blob.objects.count()
    file = SimpleUploadedFile("a.pdf", printed.body + change, "application/pdf")
    answer = client.post(reverse("verify_code", args=[printed.paper.code]), {"file": file})
    assert words in answer.content.decode()
    assert Blob.objects.count() == before


def test_too_large_a_file_is_not_read(client: Client, cast: Cast) -> None:
    printed = issue(cast)
    file = io.BytesIO(bytes(20 * 1024 * 1024 + 1))
    file.name = "large.pdf"
    answer = client.post(reverse("verify_code", args=[printed.paper.code]), {"file": file})
    assert "不是我们出的" in answer.content.decode()
