"""A sample of real messages, if they are there: better than the plain way on the same split."""

from __future__ import annotations

import csv
import os
import random
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from bihuan.platform.learning.evaluation import evaluate, macro_f1, splits
from bihuan.platform.learning.training import train

CHECKOUT = Path(__file__).resolve().parents[5]
DATA = Path(os.environ.get("BIHUAN_DATA", CHECKOUT.parent / "shared" / "data"))
FILE = DATA / "messages" / "labelled_details.csv"


@pytest.mark.skipif(not FILE.is_file(), reason=f"the messages are not here: {FILE}")
def test_better_than_characters_with_a_linear_machine() -> None:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = random.Random(11).sample(list(csv.reader(file))[1:], 1200)
    texts, labels = [(text[:400],) for text, _ in rows], [label for _, label in rows]
    learnt, kept = next(iter(splits(texts, labels, folds=3, repeats=1, seed=11)))
    true = [labels[i] for i in kept]

    model = train([texts[i] for i in learnt], [labels[i] for i in learnt])
    ours = evaluate(true, model.labels, model.probabilities([texts[i] for i in kept]))
    plain = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 2)), LinearSVC(C=1.0))
    plain.fit([texts[i][0] for i in learnt], [labels[i] for i in learnt])
    said = plain.predict([texts[i][0] for i in kept])

    assert ours.macro_f1 > macro_f1(np.array(true), said)
    assert ours.top2 > ours.accuracy
    assert ours.confident_80 > ours.accuracy
