"""The knowledge base: written by one, reviewed by another, found beside a matter, read by all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import MoveName, NewPart, Role
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.web.errors import NotAllowed, NotFound
from bihuan.scenes.appeals.knowledge import operations, queries
from bihuan.scenes.appeals.knowledge.models import ArticleRow, ArticleVersion
from bihuan.scenes.appeals.knowledge.rules import Question, fault_of, find_fitting
from bihuan.scenes.appeals.knowledge.types import ArticleId, Draft, Stage
from bihuan.scenes.appeals.operations import Report, report

LAMP = Draft(
    question="路灯坏了谁来修，几天能修好？",
    answer="县里的路灯由综合行政执法局修，报修后三个工作日内亮灯。小区里面的灯由物业修。",
    basis="县城市照明管理办法第九条",
    asked_as="路灯不亮 灯不亮",
    class_code="street_lamp",
    is_public=True,
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(at=clock.now())


def client(cast: Cast, who: str) -> Client:
    return sign_in(Client(), cast.account(who))


def written(cast: Cast, who: str = "zongzhi", draft: Draft = LAMP, **more: object) -> ArticleId:
    given = {"submit": True} | more
    return operations.write_article(draft, scope=cast.scope(who), at=clock.now(), **given)  # type: ignore[arg-type]


def published(cast: Cast, draft: Draft = LAMP) -> ArticleId:
    key = written(cast, draft=draft)
    operations.publish_article(key, scope=cast.scope("mei"), at=clock.now())
    return key


def stage(key: ArticleId) -> str:
    return str(ArticleVersion.objects.filter(article=key).latest("no").stage)


def traces() -> tuple[object, ...]:
    articles = ArticleRow.objects.order_by("pk").values_list("pk", "live_no", "withdrawn_why")
    versions = ArticleVersion.objects.order_by("pk").values_list("pk", "stage", "answer", "words")
    return events.count_facts(), tuple(articles), tuple(versions)


class TestRules:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"question": " "}, "no_question"),
            ({"answer": ""}, "no_answer"),
            ({"basis": ""}, "no_basis"),
            ({"answer": "答" * 3001}, "too_long"),
            ({"review_on": None}, "no_days"),
            ({"valid_until": date(2026, 1, 1)}, "ends_early"),
            ({"review_on": date(2026, 1, 1)}, "review_early"),
            ({"answer": "打13800138000找小王"}, "number"),
            ({"answer": "凭33042419680412001X办理"}, "number"),
        ],
    )
    def test_what_an_article_lacks(self, change: dict[str, object], code: str) -> None:
        days = {"valid_from": date(2026, 1, 1), "review_on": date(2027, 1, 1)}
        whole = {name: getattr(LAMP, name) for name in Draft.__slots__} | days
        assert fault_of(Draft(**whole)) is None  # type: ignore[arg-type]
        found = fault_of(Draft(**(whole | change)))  # type: ignore[arg-type]
        assert found is not None
        assert found[1] == code

    def test_which_fits(self) -> None:
        questions = [
            Question(1, "路灯坏了谁来修，几天能修好？", "灯不亮", "street_lamp"),
            Question(2, "停水了怎么查询恢复时间？", "没水 停水", "water_supply"),
            Question(3, "小区停车位不够怎么办？", "", "street_order"),
        ]

        def fitting(text: str, code: str = "") -> list[int]:
            return [k for k, _f in find_fitting(text, code, questions, least=0.35, most=3)]

        assert fitting("门口的路灯坏了一个月，什么时候能修好") == [1]
        assert fitting("早上起来停水，水龙头没水") == [2]
        assert fitting("工地夜里施工太吵，什么时候能停，怎么投诉") == []
        assert fitting("工地夜里施工太吵", "street_lamp") == []


class TestLife:
    def test_draft_review_published_withdrawn_and_every_version_kept(self, cast: Cast) -> None:
        key = written(cast, submit=False)
        zongzhi, mei = cast.scope("zongzhi"), cast.scope("mei")
        assert (stage(key), queries.get_article(key, scope=mei).live) == (Stage.DRAFT, None)
        operations.submit_article(key, scope=zongzhi, at=clock.now())
        operations.send_back_article(key, "写明小区", scope=mei, at=clock.now())
        assert stage(key) == Stage.SENT_BACK
        written(cast, article_id=key)
        operations.publish_article(key, scope=mei, at=clock.now())
        second = Draft(**{**{n: getattr(LAMP, n) for n in Draft.__slots__}, "answer": "两天"})
        written(cast, draft=second, article_id=key)
        operations.publish_article(key, scope=cast.scope("tao"), at=clock.now())
        article = queries.get_article(key, scope=zongzhi)
        assert [(v.no, v.draft.answer) for v in article.versions] == [(2, "两天"), (1, LAMP.answer)]
        assert article.live is not None
        assert article.live.no == 2
        operations.withdraw_article(key, "已并入新办法", scope=zongzhi, at=clock.now())
        assert queries.list_articles("in_force", scope=mei, at=clock.now()) == ()
        (gone,) = queries.list_articles("withdrawn", scope=mei, at=clock.now())
        assert (gone.no, gone.withdrawn) == (2, True)

    def test_what_is_refused_changes_nothing(self, cast: Cast) -> None:
        key, at = written(cast, "tao", unit_id=cast.unit("330424-zongzhi").id), clock.now()
        draft = written(cast, submit=False)
        before = traces()
        for error, act in (
            (NotAllowed, lambda: operations.publish_article(key, scope=cast.scope("tao"), at=at)),
            (NotAllowed, lambda: operations.publish_article(key, scope=cast.scope("fire"), at=at)),
            (NotFound, lambda: operations.publish_article(key, scope=cast.scope("js_mei"), at=at)),
            (
                operations.UnableToKeepArticle,
                lambda: operations.publish_article(draft, scope=cast.scope("mei"), at=at),
            ),
            (
                operations.UnableToKeepArticle,
                lambda: operations.withdraw_article(key, "x", scope=cast.scope("mei"), at=at),
            ),
            (
                operations.UnableToKeepArticle,
                lambda: operations.send_back_article(key, " ", scope=cast.scope("mei"), at=at),
            ),
            (NotAllowed, lambda: written(cast, "fire", article_id=draft)),
            (NotAllowed, lambda: written(cast, "lu")),
            (operations.UnableToKeepArticle, lambda: written(cast, article_id=key)),
            (operations.UnableToKeepArticle, lambda: written(cast, draft=Draft("问", "", "据"))),
        ):
            with pytest.raises(error):
                act()
        assert traces() == before

    def test_what_was_published_the_database_keeps(self, cast: Cast) -> None:
        key = published(cast)
        rows = ArticleVersion.objects.filter(article=key)
        for change in (lambda: rows.update(answer="改了"), rows.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestFinding:
    def test_only_what_holds_today_and_here(self, cast: Cast) -> None:
        key, tomorrow = published(cast), clock.business_date(clock.now()) + timedelta(days=1)
        found = queries.suggest_articles(
            "路灯坏了", "street_lamp", scope=cast.scope("zongzhi"), at=clock.now()
        )
        assert [one.line.id for one in found] == [key]
        for who in ("js_mei", "lu"):
            scope = cast.scope(who)
            assert queries.suggest_articles("路灯坏了", "", scope=scope, at=clock.now()) == ()
        later = Draft(**{**{n: getattr(LAMP, n) for n in Draft.__slots__}, "valid_from": tomorrow})
        published(cast, later)
        found = queries.list_articles("in_force", scope=cast.scope("mei"), at=clock.now())
        assert [line.id for line in found] == [key]

    def test_in_two_statements_whatever_the_number(self, cast: Cast) -> None:
        published(cast)
        scope, at = cast.scope("mei"), clock.now()
        queries.suggest_articles("路灯坏了几天能修", "", scope=scope, at=at)
        with CaptureQueriesContext(connection) as caught:
            queries.suggest_articles("路灯坏了几天能修", "", scope=scope, at=at)
        assert len(caught) == 2

    def test_the_search_of_all_pages_finds_it(self, cast: Cast) -> None:
        published(cast)
        said = client(cast, "mei").get("/desk/search/", {"q": "路灯坏了"}).text
        assert "知识库" in said
        assert LAMP.question in said
        there = client(cast, "js_mei").get("/desk/search/", {"q": "路灯坏了"}).text
        assert LAMP.question not in there


class TestBesideTheAnswer:
    def test_it_is_suggested_and_its_number_stays_with_the_answer(self, cast: Cast) -> None:
        key, at = published(cast), clock.now()
        number = ArticleRow.objects.get(pk=key).number
        said = Report("秦山路路灯坏了", "330424005", class_code="street_lamp")
        case_id = report(said, scope=cast.scope("lu"), at=at).case_id
        cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("tao"), at=at)
        parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
        cases.dispatch_case(case_id, parts=parts, scope=cast.scope("mei"), at=at)
        zongzhi = client(cast, "zongzhi")
        page = zongzhi.get(f"/desk/matter/{case_id}/").text
        assert "可能用得上的知识条目" in page
        assert f"?insert=appeals:{number}" in page
        filled = zongzhi.get(f"/desk/matter/{case_id}/", {"insert": f"appeals:{number}"}).text
        words = filled.split('name="words"')[1].split("</textarea>")[0]
        assert LAMP.answer in words
        assert f"（知识条目 {number}，第 1 版）" in words
        for odd in ("appeals:ZS-99999", "nobody:1", "x", "appeals:"):
            assert zongzhi.get(f"/desk/matter/{case_id}/", {"insert": odd}).status_code == 200


class TestReviewing:
    def test_its_unit_is_reminded_once_and_the_article_is_marked(self, cast: Cast) -> None:
        today = clock.business_date(clock.now())
        days = {"valid_from": today - timedelta(days=9), "review_on": today - timedelta(days=2)}
        past = Draft(**{**{n: getattr(LAMP, n) for n in Draft.__slots__}, **days})
        key = published(cast, past)
        assert operations.remind_of_reviews(at=clock.now()) == 1
        assert operations.remind_of_reviews(at=clock.now()) == 0
        for _ in range(2):
            while events.deliver_pending(at=clock.now()):
                pass
        zongzhi = client(cast, "zongzhi")
        inbox = zongzhi.get("/desk/messages/").text
        assert inbox.count("有条目该复核了") == 1
        href = inbox.split('class="bh-item bh-item-new" href="')[1].split('"')[0]
        assert zongzhi.get(href)["Location"] == f"/appeals/knowledge/{key}/"
        assert "前复核" in zongzhi.get(f"/appeals/knowledge/{key}/").text
        (line,) = queries.list_articles("due", scope=cast.scope("mei"), at=clock.now())
        assert line.id == key
        assert "起该复核" in client(cast, "mei").get("/appeals/knowledge/?shelf=due").text


class TestPages:
    def test_from_writing_to_what_anybody_reads(self, cast: Cast) -> None:
        zongzhi, mei, nobody = client(cast, "zongzhi"), client(cast, "mei"), Client()
        lacking = zongzhi.post("/appeals/knowledge/new/", {"question": LAMP.question})
        assert lacking.status_code == 422
        assert LAMP.question in lacking.text
        assert "请写答案。" in lacking.text
        given = {n: getattr(LAMP, n) or "" for n in ("question", "answer", "basis", "class_code")}
        given |= {"is_public": "on", "what": "submit"}
        address = zongzhi.post("/appeals/knowledge/new/", given)["Location"]
        number = ArticleRow.objects.get().number
        assert nobody.get(f"/appeals/answers/{number}/").status_code == 404
        assert "发布" not in zongzhi.get(address).text
        said = mei.post(f"{address}publish/", {}, follow=True).text
        assert "已发布。" in said
        assert LAMP.question in nobody.get("/appeals/answers/", {"q": "路灯"}).text
        open_page = nobody.get(f"/appeals/answers/{number}/").text
        assert LAMP.basis in open_page
        assert "海盐县综合行政执法局负责" in open_page
        assert mei.post(f"{address}withdraw/", {"words": "旧了"}).status_code == 303
        assert nobody.get(f"/appeals/answers/{number}/").status_code == 404
        assert "这里还没有答复" in nobody.get("/appeals/answers/").text

    def test_one_who_wrote_it_is_told_that_another_reviews(self, cast: Cast) -> None:
        key = written(cast, "mei")
        mei = client(cast, "mei")
        said = mei.post(f"/appeals/knowledge/{key}/publish/", {}, follow=True).text
        assert "要由别人审核" in said
        assert stage(key) == Stage.IN_REVIEW

    def test_who_may_not(self, cast: Cast) -> None:
        key = published(cast)
        assert client(cast, "lu").get("/appeals/knowledge/").status_code == 403
        assert client(cast, "js_mei").get(f"/appeals/knowledge/{key}/").status_code == 404
        assert client(cast, "leader").get("/appeals/knowledge/new/").status_code == 403
        assert client(cast, "mei").post(f"/appeals/knowledge/{key}/nothing/").status_code == 404
