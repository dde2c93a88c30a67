"""W6: classify messages into departments; ours beside two peers, in one run, on the same splits.

``python -m bench.w6_classify [--repeats 2] [--json]`` with the messages of the data folder
(``BIHUAN_DATA``, else ``../shared/data``). They are not part of the project and never leave the
folder. Each table is split inside itself: a title and a detail of one message stand in the two
files without a common key, so that one must never be learnt from and the other measured on. Near
copies stay on one side of every split.

Peers: words (by rjieba) with TF-IDF and LinearSVC, the plain way; characters 1-2 with the same,
the fast way. The limit is the time for a ready table of features times a ready table of weights.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from bihuan.platform.learning.comparing import compare
from bihuan.platform.learning.evaluation import evaluate, measure_pace, splits
from bihuan.platform.learning.grams import encode, runs
from bihuan.platform.learning.model import Model, count, joined, measure
from bihuan.platform.learning.training import train

ROOT = Path(__file__).resolve().parents[1]
SEED = 20
SHORT = 43
"""Characters of the middle message, the length that the speed is told for."""

Rows = list[tuple[str, ...]]


@dataclass
class Table:
    """A labelled table."""

    name: str
    texts: Rows
    labels: list[str]


def folder() -> Path:
    """Return where the messages are."""
    data = Path(os.environ.get("BIHUAN_DATA", ROOT.parent / "shared" / "data")) / "messages"
    if not data.is_dir():
        raise SystemExit(f"No messages: {data} is absent. Set BIHUAN_DATA to the data folder.")
    return data


def read(name: str) -> Table:
    """Return one file: the text in its first column, the label in its second."""
    with (folder() / f"labelled_{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return Table(name, [(row[0],) for row in rows], [row[1] for row in rows])


def pairs(titles: Table, details: Table) -> Table:
    """Return titles with the detail that shares their rarer runs, at most one each.

    A guess at the lost key, to measure title and detail together: the pair is one row, so both
    stand on one side of a split.
    """
    texts: Rows = []
    labels: list[str] = []
    for label in sorted(set(details.labels)):
        heads, bodies = sorted(set(under(titles, label))), under(details, label)
        for head, body in _matched(heads, bodies):
            texts.append((heads[head], bodies[body]))
            labels.append(label)
    return Table("pairs", texts, labels)


def under(table: Table, label: str) -> list[str]:
    """Return the first texts of the rows under a label."""
    both = zip(table.texts, table.labels, strict=True)
    return [texts[0] for texts, name in both if name == label]


def _matched(heads: list[str], bodies: list[str]) -> list[tuple[int, int]]:
    grams = runs(encode(heads + bodies), shortest=2, longest=3)
    keys, column = np.unique(grams.keys, return_inverse=True)
    table = count(grams, column.astype(np.int32), len(heads) + len(bodies), len(keys))
    table.data[:] = 1
    rare = np.log(table.shape[0] / np.bincount(table.indices, minlength=len(keys))) ** 2
    weighed = table[: len(heads)].multiply(rare).tocsr()
    whole = np.asarray(weighed.sum(axis=1)).reshape(-1, 1)
    share = (weighed @ table[len(heads) :].T).toarray() / whole
    taken_heads: set[int] = set()
    taken_bodies: set[int] = set()
    found = []
    for flat in np.argsort(-share, axis=None, kind="stable"):
        head, body = divmod(int(flat), len(bodies))
        if share[head, body] < 0.35:
            break
        if head not in taken_heads and body not in taken_bodies:
            taken_heads.add(head)
            taken_bodies.add(body)
            found.append((head, body))
    return found


def words_of(text: str) -> list[str]:
    """Return the words of a text."""
    return [word for word in rjieba.cut(text) if word.strip()]


def plain() -> object:
    """Return the plain peer."""
    return make_pipeline(
        TfidfVectorizer(tokenizer=words_of, token_pattern=None), LinearSVC(random_state=SEED)
    )


def fast() -> object:
    """Return the fast peer."""
    return make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 2)), LinearSVC(random_state=SEED)
    )


def scored(name: str, learn: Callable, table: Table, folds: list) -> list[np.ndarray]:
    """Print the figures of a way of learning; return what it says for each split."""
    figures, said = [], []
    for learning, kept in folds:
        answer = learn([table.texts[i] for i in learning], [table.labels[i] for i in learning])
        true = [table.labels[i] for i in kept]
        chances, known = answer([table.texts[i] for i in kept])
        found = evaluate(true, known, chances)
        figures.append((found.macro_f1, found.top2, found.confident_80))
        said.append(np.array(known)[chances.argmax(axis=1)])
    mean, spread = np.mean(figures, axis=0), np.std(figures, axis=0)
    cells = "  ".join(f"{m:.4f} ± {s:.4f}" for m, s in zip(mean, spread, strict=True))
    print(f"  {name:<28}{cells}", flush=True)
    return said


def learn_ours(texts: Rows, labels: list[str]):
    model = train(texts, labels)
    return lambda rows: (model.probabilities(rows), model.labels)


def learn_peer(make: Callable[[], object]):
    def learn(texts: Rows, labels: list[str]):
        peer = make().fit([" ".join(row) for row in texts], labels)
        return lambda rows: (peer.decision_function([" ".join(r) for r in rows]), peer.classes_)

    return learn


def quality(table: Table, *, repeats: int) -> None:
    """Print figures of ours and of the peers on the same splits."""
    folds = list(splits(table.texts, table.labels, folds=5, repeats=repeats, seed=SEED))
    print(f"\n{table.name}: {len(table.labels):,} rows, 5 folds × {repeats}, seed {SEED}")
    print(f"  {'':<28}{'macro F1':<17}  {'first two':<15}  surest 80 %")
    ours = scored("ours", learn_ours, table, folds)
    base = scored("words TF-IDF + LinearSVC", learn_peer(plain), table, folds)
    scored("characters 1-2 + LinearSVC", learn_peer(fast), table, folds)
    once = folds[:5]
    true = [table.labels[i] for _, kept in once for i in kept]
    against = compare(true, np.concatenate(ours[:5]), np.concatenate(base[:5]))
    print(
        f"  ours right alone {against.new_right_alone}, words right alone "
        f"{against.old_right_alone}; by luck {against.chance:.2g} (exact McNemar, first repeat)"
    )


def pace(table: Table) -> None:
    """Print how fast ours answers, beside the peer and the limit."""
    model = train(table.texts, table.labels)
    peer = fast().fit([" ".join(row) for row in table.texts], table.labels)
    short = [tuple(cell[:SHORT] for cell in row) for row in table.texts]
    ours = measure_pace(model.probabilities, short).characters_per_second
    slow = measure_pace(lambda rows: peer.predict([" ".join(r) for r in rows]), short)
    limit = _limit(model, short)
    lines = {
        f"ours, {SHORT} characters": ours,
        "ours, whole messages": measure_pace(
            model.probabilities, table.texts
        ).characters_per_second,
        f"characters 1-2, {SHORT} characters": slow.characters_per_second,
        f"ready features, {SHORT} characters": limit,
    }
    print(f"\nspeed, one thread, {len(short):,} messages")
    for name, found in lines.items():
        print(f"  {name:<34}{found:>12,.0f} characters/s")
    begun = time.perf_counter()
    for row in table.texts[:200]:
        model.answer(row)
    each = (time.perf_counter() - begun) * 1000 / 200
    print(f"  ours is {ours / limit:.2f} of the limit; one answer with its words {each:.2f} ms")


def _limit(model: Model, rows: Rows) -> float:
    """Return the pace at which features that are ready meet their weights."""
    ready = []
    for block, lookup in zip(model.blocks, model._lookups, strict=True):
        grams = runs(encode(joined(rows, block.columns)))
        found = lookup.find(grams.keys)
        matrix = measure(count(grams, found, len(rows), len(block.keys)), block.rarity)
        ready.append((matrix, block.weights))
    return measure_pace(lambda _: [m @ w for m, w in ready], rows).characters_per_second


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--repeats", type=int, default=2)
    repeats = parser.parse_args().repeats
    print(
        f"W6, {time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    titles, details = read("titles"), read("details")
    both = pairs(titles, details)
    quality(both, repeats=repeats)
    quality(details, repeats=repeats)
    quality(titles, repeats=1)
    pace(details)


if __name__ == "__main__":
    main()
