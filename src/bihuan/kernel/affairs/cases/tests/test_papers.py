"""Letters and case files: what they say, what replaces what, and what anybody may verify."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.tests import worlds
from bihuan.kernel.affairs.cases.tests.worlds import NINE
from bihuan.kernel.affairs.cases.types import CaseId, CaseView, case_ref
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import with_command
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.testing import PaperRow
from bihuan.kernel.tools.documents.types import Paper, PaperState, Printed
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
ROOT = "https://bihuan.example/d/"
LATER = NINE + timedelta(hours=6)


def text_of(body: bytes) -> str:
    """Return every letter that the PDF draws, without spaces."""
    pages = pypdfium2.PdfDocument(body)
    return "".join("".join(p.get_textpage().get_text_range().split()) for p in pages)


def kept(paper: Paper) -> bytes:
    return store.path_of(paper.digest).read_bytes()


def see(case_id: CaseId, cast: Cast, who: str) -> CaseView:
    return cases.get_case(case_id, scope=cast.scope(who))


def letter(case_id: CaseId, cast: Cast, who: str = "lu", scope: Scope | None = None) -> Paper:
    by = scope or cast.scope(who)
    return case_web.issue_letter(see(case_id, cast, who), root=ROOT, scope=by, at=LATER)


def file(case_id: CaseId, cast: Cast, clear: case_web.Clear | None = None) -> Printed:
    view = see(case_id, cast, "tao")
    scope = cast.scope("tao")
    return case_web.issue_file(view, came_by="居民", root=ROOT, scope=scope, at=LATER, clear=clear)


class TestLetter:
    def test_it_says_who_answered_what_and_what_one_may_do(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        paper = letter(opened.case_id, cast)
        said = text_of(kept(paper))
        for words in (
            "海盐县综合行政执法局",
            "答复函",
            "陆**",
            opened.number,
            "秦山路路灯三盏不亮",
            "zongzhi办好了",
            "0573-86000000",
            "2026年6月24日",
            "12345",
            paper.number,
        ):
            assert words.replace(" ", "") in said, words
        assert "陆建英" not in said and cast.members["lu"].phone not in said
        assert (paper.number, paper.state) == (f"{opened.number}-A1", PaperState.VALID)

    def test_an_unanswered_matter_has_none(self, cast: Cast) -> None:
        opened, _ = worlds.answered(cast)
        facts = events.count_facts()
        with pytest.raises(documents.UnableToIssue):
            letter(opened.case_id, cast)
        assert (PaperRow.objects.count(), events.count_facts()) == (0, facts)

    def test_a_rejection_is_an_answer_with_its_reason(self, cast: Cast) -> None:
        opened = worlds.raise_one(cast)
        worlds.move(opened.case_id, "reject", cast, "tao", reason="not_here", words="在平湖。")
        said = text_of(kept(letter(opened.case_id, cast)))
        assert "在平湖。" in said and "不在本市" in said

    def test_unchanged_it_is_the_same_one(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        first = letter(opened.case_id, cast)
        facts = events.count_facts()
        again = letter(opened.case_id, cast, "tao")
        assert (again.id, again.digest, again.repeated) == (first.id, first.digest, True)
        assert (PaperRow.objects.count(), events.count_facts()) == (1, facts)

    def test_the_same_command_gives_the_same_one(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        scope = with_command(cast.scope("lu"), uuid.uuid4())
        first = letter(opened.case_id, cast, scope=scope)
        worlds.move(opened.case_id, "evaluate", cast, "lu", at=LATER, rating="satisfied")
        assert letter(opened.case_id, cast, scope=scope).id == first.id

    def test_a_changed_matter_makes_one_that_replaces_it(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        first = letter(opened.case_id, cast)
        worlds.move(opened.case_id, "evaluate", cast, "lu", at=LATER, rating="satisfied")
        second = letter(opened.case_id, cast)
        assert (second.version, second.number) == (2, f"{opened.number}-A2")
        old, new = documents.check_paper(first.code), documents.check_paper(second.code)
        assert old and new
        assert (old.state, old.replaced_by) == (PaperState.REPLACED, second.number)
        assert (new.state, new.replaced_by) == (PaperState.VALID, "")

    def test_a_letter_that_no_font_draws_is_said_by_its_number(self, cast: Cast) -> None:
        opened = worlds.raise_one(cast, text="找𠮷师傅，路灯不亮")
        worlds.move(opened.case_id, "reject", cast, "tao", reason="unclear", words="请补充。")
        assert "找〔U+20BB7〕师傅" in text_of(kept(letter(opened.case_id, cast)))

    def test_another_resident_gets_nothing(self, cast: Cast) -> None:
        paper = letter(worlds.closed(cast).case_id, cast)
        assert documents.get_paper(paper.id, scope=cast.scope("lu")).id == paper.id
        for who in ("zhou", "wrong", "js_mei"):
            with pytest.raises(NotFound):
                documents.get_paper(paper.id, scope=cast.scope(who))


class TestFile:
    def test_it_tells_the_history_and_why_each_date_and_masks(self, cast: Cast) -> None:
        phone = cast.members["lu"].phone
        opened = worlds.closed(cast, text=f"秦山路路灯三盏不亮，打我电话{phone}")
        said = text_of(file(opened.case_id, cast).body)
        for words in ("案卷", "陆**", "综合行政执法局", "3个工作日", "已签收", "办理前照片"):
            assert words in said or words == "办理前照片", words
        assert phone not in said and "陆建英" not in said
        assert f"{phone[:3]}******{phone[-2:]}" in said

    def test_the_resident_cannot_fetch_it(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        paper = file(opened.case_id, cast).paper
        with pytest.raises(NotFound):
            documents.get_paper(paper.id, scope=cast.scope("lu"))
        assert documents.list_papers(case_ref(opened.case_id), scope=cast.scope("lu")) == ()
        assert documents.seen_papers(case_ref(opened.case_id)) == ()

    def test_a_post_without_the_power_prints_none(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        view = see(opened.case_id, cast, "verifier")
        scope = cast.scope("verifier")
        with pytest.raises(NotAllowed):
            case_web.issue_file(view, came_by="", root=ROOT, scope=scope, at=LATER)
        assert PaperRow.objects.count() == 0

    def test_clear_values_are_printed_and_kept_nowhere(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        clear = case_web.Clear("陆建英", "13900000101", "上门核实")
        printed = file(opened.case_id, cast, clear)
        assert "陆建英" in text_of(printed.body) and "13900000101" in text_of(printed.body)
        row = PaperRow.objects.get()
        assert row.blob is None and "陆建英" not in str(row.content)
        assert not store.path_of(row.digest).exists()
        checked = documents.check_paper(row.code)
        assert checked and documents.is_same_file(checked, [printed.body])
        with pytest.raises(documents.UnableToIssue):
            view = see(opened.case_id, cast, "tao")
            scope = with_command(cast.scope("tao"), uuid.uuid4())
            for _ in range(2):
                case_web.issue_file(view, came_by="", root=ROOT, scope=scope, at=LATER, clear=clear)


class TestVerifying:
    def test_a_code_is_read_however_it_is_typed(self, cast: Cast) -> None:
        paper = letter(worlds.closed(cast).case_id, cast)
        spaced = " ".join(paper.code[n : n + 4] for n in range(0, 16, 4)).lower()
        found = documents.check_paper(spaced)
        assert found and found.number == paper.number
        assert documents.check_paper("A" * 16) is None
        assert documents.check_paper(paper.code[:-1]) is None

    def test_one_changed_byte_is_another_file(self, cast: Cast) -> None:
        paper = letter(worlds.closed(cast).case_id, cast)
        found = documents.check_paper(paper.code)
        assert found and documents.is_same_file(found, [kept(paper)[:100], kept(paper)[100:]])
        assert not documents.is_same_file(found, [kept(paper) + b" "])

    def test_withdrawn_it_holds_no_more_and_a_new_one_may_be_issued(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        paper = letter(opened.case_id, cast)
        with pytest.raises(NotAllowed):
            documents.withdraw(paper.id, words="x", scope=cast.scope("tao"), at=LATER)
        with pytest.raises(documents.UnableToWithdraw):
            documents.withdraw(paper.id, words=" ", scope=cast.scope("duty"), at=LATER)
        done = documents.withdraw(paper.id, words="单位写错", scope=cast.scope("duty"), at=LATER)
        assert done.state is PaperState.WITHDRAWN
        found = documents.check_paper(paper.code)
        assert found and found.state is PaperState.WITHDRAWN and found.ended_at == LATER
        assert letter(opened.case_id, cast).number.endswith("-A2")
        with pytest.raises(documents.UnableToWithdraw):
            documents.withdraw(paper.id, words="再次", scope=cast.scope("duty"), at=LATER)


class TestTheDatabaseHolds:
    @pytest.mark.parametrize(
        "change",
        [
            {"digest": "0" * 64},
            {"content": {}},
            {"number": "X"},
            {"code": "X" * 16},
            {"issued_at": LATER + timedelta(days=1)},
        ],
    )
    def test_what_was_issued_is_frozen(self, cast: Cast, change: dict[str, object]) -> None:
        letter(worlds.closed(cast).case_id, cast)
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperRow.objects.update(**change)

    def test_it_is_never_dropped_and_ends_once(self, cast: Cast) -> None:
        opened = worlds.closed(cast)
        paper = letter(opened.case_id, cast)
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperRow.objects.all().delete()
        documents.withdraw(paper.id, words="错", scope=cast.scope("duty"), at=LATER)
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperRow.objects.update(withdrawn_at=None, withdrawn_words="")

    def test_one_of_a_kind_holds(self, cast: Cast) -> None:
        letter(worlds.closed(cast).case_id, cast)
        row = PaperRow.objects.get()
        copy = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        copy |= {"id": None, "version": 9, "number": "X-A9", "code": "B" * 16, "command_id": None}
        with pytest.raises(IntegrityError, match="documents_paper_one_valid"), transaction.atomic():
            PaperRow.objects.create(**copy)


def test_without_fonts_nothing_is_issued(cast: Cast, settings: object) -> None:
    opened = worlds.closed(cast)
    settings.BIHUAN_FONTS = ("/nowhere",)  # type: ignore[attr-defined]
    with pytest.raises(documents.UnableToPrint):
        letter(opened.case_id, cast)
    assert PaperRow.objects.count() == 0


def test_the_papers_of_a_matter_are_listed(cast: Cast) -> None:
    opened = worlds.closed(cast)
    made = [letter(opened.case_id, cast), file(opened.case_id, cast).paper]
    found = documents.list_papers(case_ref(opened.case_id), scope=cast.scope("tao"))
    assert [replace(paper) for paper in found] == made[::-1]
