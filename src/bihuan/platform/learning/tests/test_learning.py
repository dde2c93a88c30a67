"""A model learns, says why, and is measured on rows that it never saw."""

from __future__ import annotations

import numpy as np
import pytest

from bihuan.platform.learning.copies import copied_rows, groups_of_copies
from bihuan.platform.learning.evaluation import evaluate, evaluate_apart, splits
from bihuan.platform.learning.model import Model
from bihuan.platform.learning.tests.worlds import make_rows
from bihuan.platform.learning.training import UnableToLearn, train


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*make_rows(240))


def test_what_was_learnt_holds_for_others(model: Model) -> None:
    texts, labels = make_rows(150, seed=2)
    assert evaluate(labels, model.labels, model.probabilities(texts)).macro_f1 > 0.97
    assert model.labels == ("水", "灯", "路")
    assert np.allclose(model.probabilities(texts).sum(axis=1), 1, atol=1e-5)


def test_the_words_that_speak_for_the_label_stand_in_the_text(model: Model) -> None:
    said = model.answer(("", "昨天桥头的路灯又不亮了，请来看看"))
    assert (said.label, said.confidence > 0.8, len(said.labels)) == ("灯", True, 2)
    words = [word.text for word in said.words]
    assert any("灯" in word for word in words)
    assert all(word in "昨天桥头的路灯又不亮了，请来看看" for word in words)
    assert not any(word in text for word in words for text in ("请来看看", "昨天"))


def test_the_same_rows_give_the_same_model_and_a_row_does_not_depend_on_its_neighbours(
    model: Model,
) -> None:
    texts, labels = make_rows(240)
    again = train(texts, labels)
    assert np.array_equal(again.scores(texts), model.scores(texts))
    alone = np.concatenate([model.scores([row]) for row in texts[:20]])
    assert np.allclose(alone, model.scores(texts)[:20], atol=1e-4)


def test_nothing_known_is_answered_by_how_often_labels_occur(model: Model) -> None:
    said = model.answer(("", ""))
    assert said.words == ()
    assert said.confidence < 0.6


def test_two_labels_are_enough_and_one_is_not() -> None:
    texts, labels = make_rows(120)
    two = ["灯" if label == "灯" else "其他" for label in labels]
    model = train(texts, two)
    assert np.mean(np.array(model.predict(texts)) == np.array(two)) > 0.98
    with pytest.raises(UnableToLearn, match="two different labels"):
        train(texts, ["灯"] * len(texts))
    with pytest.raises(UnableToLearn, match="no rows"):
        train([], [])
    with pytest.raises(UnableToLearn, match="words in common"):
        train([("甲",), ("乙",)], ["a", "b"])


def test_a_label_with_one_row_hinders_nothing() -> None:
    texts, labels = make_rows(60)
    model = train([*texts, ("树", "大树倒了，压在围墙上")], [*labels, "树"])
    assert model.labels == ("树", "水", "灯", "路")
    assert evaluate(labels, model.labels, model.probabilities(texts)).accuracy > 0.95


def test_rows_that_are_all_copies_can_be_learnt_too() -> None:
    texts = [
        ("东门桥头的三盏路灯从上个月开始一直不亮",),
        ("东门桥头的三盏路灯从上个月开始一直漏水",),
    ] * 5
    assert set(train(texts, ["灯", "水"] * 5).predict(texts)) <= {"灯", "水"}


def test_near_copies_are_found_and_stay_on_one_side() -> None:
    long = "东门桥头的三盏路灯从上个月开始一直不亮，老人晚上走路很不方便，请派人来修理"
    copy = "您好！" + long + "谢谢"
    other = "北街菜市场门口的自来水管漏水十几天了，路上全是积水，电话打了三次没有人来"
    assert len(set(groups_of_copies([long, other, copy, long]).tolist())) == 2
    assert copied_rows([copy, other], [long]).tolist() == [0]
    texts, labels = make_rows(60)
    texts, labels = texts + texts, labels + labels
    for learn, keep in splits(texts, labels, folds=3, repeats=2, seed=1):
        assert not {texts[i][1] for i in learn} & {texts[i][1] for i in keep}


def test_a_copied_test_row_is_told() -> None:
    texts, labels = make_rows(90)
    others, more = make_rows(20, seed=9)
    found = evaluate_apart(train(texts, labels), texts[:5] + others, labels[:5] + more, texts)
    assert found.rows == 25
    assert found.near_copies >= 5
    assert found.macro_f1_without_copies is not None


def test_figures_are_those_of_the_book() -> None:
    chances = np.array(
        [[0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1], [0.1, 0.3, 0.6], [0.4, 0.3, 0.3]],
        np.float32,
    )
    found = evaluate(["a", "b", "b", "d", "a"], ("a", "b", "c"), chances)
    assert (found.rows, found.accuracy, found.top2) == (5, 0.6, 0.8)
    assert found.confident_80 == 0.5
    assert found.unknown_labels == ("d",)
    assert found.by_label["a"].f1 == pytest.approx(0.8)
    assert found.macro_f1 == pytest.approx((0.8 + 2 / 3 + 0 + 0) / 4)
