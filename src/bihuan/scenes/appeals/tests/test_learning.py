"""Learning from closed matters: by words first, then by what was learnt, and back."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.api import Handled
from bihuan.kernel.affairs.cases.types import CaseId
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import make_cast
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.learning.models import Version
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals import learning
from bihuan.scenes.appeals.facts import ClassifierReplaced
from bihuan.scenes.appeals.operations import Report, report, suggest
from bihuan.scenes.appeals.rules import urgent_reasons
from bihuan.scenes.appeals.types import Learnt

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
SAYINGS = {
    "street_lamp": (("照明", "夜里", "灯泡", "黑漆漆"), ("看不见", "摸黑走", "没有光")),
    "water_supply": (("龙头", "水管", "洗菜", "水表"), ("一滴也没有", "流不出来", "空转")),
    "road": (("人行道", "石板", "台阶", "坡道"), ("翘起来", "绊倒人", "裂开了")),
}


def closed(count: int, *, seed: int = 1, wrong: float = 0.0) -> tuple[Handled, ...]:
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        code = chance.choice(list(SAYINGS))
        things, faults = SAYINGS[code]
        where = "".join(chance.choice("东西南北中上下前后左右") for _ in range(8))
        text = f"{where}那边{chance.choice(things)}{chance.choice(faults)}，请来看一看"
        label = chance.choice(list(SAYINGS)) if chance.random() < wrong else code
        at = NOW - timedelta(days=400) + timedelta(hours=number)
        rows.append(Handled(CaseId(number + 1), text[:16], text, label, at))
    return tuple(rows)


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch):
    """Let the door of matters answer with closed ones, and the bounds be small."""

    def give(rows: tuple[Handled, ...]) -> None:
        def list_handled(kind: str, *, scope: object, most: int) -> tuple[Handled, ...]:
            return rows[-most:]

        monkeypatch.setattr(learning.cases, "list_handled", list_handled)

    return give


def learn(at: datetime = NOW) -> Learnt:
    return learning.learn(scope=learning.teaching_scope("test"), at=at)


def replaced() -> list[tuple[int, int]]:
    facts = events.list_facts(subject=learning.TASK_REF)
    return [
        (fact.payload["serving"], fact.payload["before"])
        for fact in facts
        if fact.name == ClassifierReplaced.name
    ]


def test_without_history_the_words_of_the_classes_suggest(history) -> None:
    guess = suggest("三盏路灯不亮")
    assert (guess.class_code, guess.words, guess.learnt) == ("street_lamp", ("路灯", "不亮"), False)
    history(closed(399))
    with pytest.raises(Refused) as refused:
        learn()
    assert refused.value.code == "too_few"
    assert (Version.objects.count(), replaced()) == (0, [])


def test_what_was_learnt_serves_when_it_is_better_and_goes_back(history) -> None:
    history(closed(500))
    text = "桥边夜里照明没有光"
    assert suggest(text).class_code == "other"
    first = learn()
    assert (first.number, first.against, first.serves, first.learnt_from) == (1, 0, True, 400)
    assert first.new_macro_f1 > 0.95 > first.old_macro_f1
    guess = suggest(text)
    assert (guess.class_code, guess.learnt, guess.confidence > 0.8) == ("street_lamp", True, True)
    assert guess.words
    assert all(word in text for word in guess.words)

    again = learn()
    assert (again.number, again.against, again.serves) == (2, 1, False)
    assert replaced() == [(1, 0)]

    assert learning.go_back(scope=learning.teaching_scope("test"), at=NOW) == (1, 0)
    assert suggest(text).class_code == "other"
    assert replaced() == [(1, 0), (0, 1)]
    with pytest.raises(Refused, match="No learnt version"):
        learning.go_back(scope=learning.teaching_scope("test"), at=NOW)


def test_a_worse_lesson_does_not_serve(history) -> None:
    history(closed(500))
    assert learn().serves
    history(closed(700, seed=2, wrong=0.9))
    assert not learn().serves
    assert [kept.number for kept in learning.store.list_kept(learning.TASK) if kept.in_force] == [1]


def test_a_version_that_cannot_be_read_leaves_the_words(history, monkeypatch) -> None:
    history(closed(500))
    assert learn().serves
    monkeypatch.setattr("bihuan.platform.learning.packing.FORMAT", 99)
    learning.store._loaded.clear()
    assert suggest("三盏路灯不亮").learnt is False


def test_only_who_may_teach_does(history) -> None:
    history(closed(500))
    stranger = learning.registry.system_scope("test", ())
    for act in (learning.learn, learning.go_back):
        with pytest.raises(Refused) as refused:
            act(scope=stranger, at=NOW)
        assert refused.value.code == "not_allowed"
    assert Version.objects.count() == 0


def test_the_command_says_what_came_of_it(history) -> None:
    out = StringIO()
    history(closed(500))
    call_command("appeals_train", stdout=out)
    assert "against the words of the classes" in out.getvalue()
    assert "it serves now" in out.getvalue()
    call_command("appeals_train", "--list", stdout=out)
    assert "* 1" in out.getvalue()
    call_command("appeals_train", "--back", stdout=out)
    assert "version 1 is taken out; now in use: the words of the classes" in out.getvalue()
    with pytest.raises(CommandError, match="没有学习得到的版本"):
        call_command("appeals_train", "--back", stdout=out)


def test_urgent_words_are_shown_with_their_reason() -> None:
    standard = standards.get_standard("appeals.urgency", on=NOW.date()).value
    found = urgent_reasons("楼道有煤气味，老人被困在电梯里", standard)
    assert [(one.reason, one.words) for one in found] == [
        ("gas", ("煤气味",)),
        ("people_trapped", ("被困", "困在")),
    ]
    assert urgent_reasons("三盏路灯不亮", standard) == ()


def test_the_resident_hears_the_class_and_the_words(history) -> None:
    history(closed(500))
    learn()
    page = Client().get(reverse("appeals:expect"), {"text": "桥边夜里照明没有光"}).content.decode()
    assert "路灯" in page
    assert "照明" in page
    page = Client().get(reverse("appeals:expect"), {"text": "楼道有煤气味"}).content.decode()
    assert "煤气味" in page
    assert "119" in page


def test_the_dispatcher_sees_what_it_reads_like_and_why(history) -> None:
    history(closed(500))
    learn()
    cast = make_cast(at=clock.now())
    said = Report(text="桥边夜里照明没有光，还有煤气味", area_code="330424005", class_code="road")
    opened = report(said, scope=cast.scope("lu"), at=clock.now())
    address = reverse("officer:matter", args=[opened.case_id])
    page = sign_in(Client(), cast.account("mei")).get(address).content.decode()
    assert "读起来像" in page
    for words in ("路灯", "照明", "与现有类别不同", "煤气味", "由您决定"):
        assert words in page
