"""Pure decisions of hot topics: which open matters seem to be one, and by which words.

Matters of one class and one town are laid side by side in order of time. Words that everybody uses
weigh little, rare ones much. A matter joins the group to whose members it is alike on average, so
that a chain of small likenesses makes no topic, and only when it is told of the same place: dark
lamps on two roads are two matters, in whatever words. A person decides; nothing is merged here.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bihuan.scenes.appeals.topics.types import Bounds, Found, Told

MOST_WORDS = 4
LONGEST_WORD = 10
COMMON_SHARE = 0.6
"""A word speaks for a group when this share of its members has it."""
COMPARED = 12
"""With so many members of a group at most is a newcomer compared."""
METRES_A_DEGREE = 111_320
FEW = 20
"""So many silent texts stand beside those that are read: a word shared by three of five is no
common word yet."""
PLACE = re.compile(
    r"(?=([\u4e00-\u9fff]{2}(?:路|街|巷|弄|桥|村|港|浜|社区|小区|花园|公寓|菜场|市场|广场|小学|中学|"
    r"幼儿园|医院|公园|车站|工业区)))"
)
"""A named place as people write it: two characters and what kind of place it is."""
NO_NAME = frozenset(
    {"我们", "你们", "他们", "这个", "那个", "这条", "那条", "整个", "一个", "有个"}
)

Pairs = frozenset[str]
Weights = Mapping[str, float]


def runs(text: str) -> tuple[str, ...]:
    """Return the stretches of letters and digits of a text, folded to one width and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple("".join(c if c.isalnum() else " " for c in folded).split())


def pairs_of(text: str) -> Pairs:
    """Return the pairs of neighbouring characters of a text."""
    return frozenset(run[n : n + 2] for run in runs(text) for n in range(len(run) - 1))


def weights_of(texts: Iterable[Pairs]) -> Weights:
    """Return how much each pair says: what stands in every text says next to nothing."""
    counted: Counter[str] = Counter()
    many = 0
    for pairs in texts:
        counted.update(pairs)
        many += 1
    return {pair: math.log((1 + FEW + many) / n) for pair, n in counted.items()}


def likeness(one: Pairs, other: Pairs, weights: Weights) -> float:
    """Return how alike two texts are, from 0 to 1: twice the weight they share over all weight."""
    whole = sum(weights[p] for p in one) + sum(weights[p] for p in other)
    return 2 * sum(weights[p] for p in one & other) / whole if whole else 0.0


def find_topics(told: Sequence[Told], bounds: Bounds) -> tuple[Found, ...]:
    """Return groups of matters that seem to be one, the largest first."""
    pairs = {one.key: pairs_of(one.text) for one in told}
    weights = weights_of(pairs.values())
    blocks: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in sorted(told, key=lambda t: (t.at, t.key)):
        blocks[one.class_code, one.town].append(one)
    found = [
        _found(group, told, pairs, weights)
        for block in blocks.values()
        for group in _groups(block, pairs, weights, bounds)
        if _is_hot(group, bounds)
    ]
    return tuple(sorted(found, key=lambda f: (-f.people, -len(f.keys), f.keys)))


def _groups(
    block: Sequence[Told], pairs: Mapping[int, Pairs], weights: Weights, bounds: Bounds
) -> list[list[Told]]:
    groups: list[list[Told]] = []
    for one in block:
        near = [(_mean(one, group, pairs, weights), n) for n, group in enumerate(groups)]
        near = [
            (m, n) for m, n in near if m >= bounds.likeness and _is_near(one, groups[n], bounds)
        ]
        if near:
            groups[max(near)[1]].append(one)
        else:
            groups.append([one])
    return groups


def _mean(one: Told, group: Sequence[Told], pairs: Mapping[int, Pairs], weights: Weights) -> float:
    some = group[-COMPARED:]
    mine = pairs[one.key]
    return sum(likeness(mine, pairs[other.key], weights) for other in some) / len(some)


def _is_near(one: Told, group: Sequence[Told], bounds: Bounds) -> bool:
    """Return whether a matter is told of the place of at least half of a group."""
    some = group[-COMPARED:]
    return 2 * sum(same_place(one, other, bounds) for other in some) >= len(some)


def same_place(one: Told, other: Told, bounds: Bounds) -> bool:
    """Return whether two matters are told of one place: by points, by names, or by their area."""
    if one.point is not None and other.point is not None:
        return metres_between(one, other) <= bounds.metres
    names, others = places_in(one), places_in(other)
    if names and others:
        return bool(names & others)
    return one.area == other.area


def places_in(one: Told) -> frozenset[str]:
    """Return the places that a matter names."""
    found = PLACE.findall(f"{one.text} {one.place}")
    return frozenset(name for name in found if name[:2] not in NO_NAME)


def metres_between(one: Told, other: Told) -> float:
    """Return how far two matters lie apart on the ground; 0 when a point is missing."""
    if one.point is None or other.point is None:
        return 0.0
    (x, y), (other_x, other_y) = one.point, other.point
    east = (x - other_x) * math.cos(math.radians(y))
    return math.hypot(east, y - other_y) * METRES_A_DEGREE


def _is_hot(group: Sequence[Told], bounds: Bounds) -> bool:
    many = sum(1 + one.followers for one in group)
    follows = sum(not one.started for one in group) - (not any(one.started for one in group))
    return many >= bounds.fewest and people_of(group) >= bounds.fewest_people and follows > 0


def people_of(group: Sequence[Told]) -> int:
    """Return how many people told it: one raiser once; each unknown one, and each that follows."""
    known = {one.raiser for one in group if one.raiser}
    unknown = sum(not one.raiser for one in group)
    return len(known) + unknown + sum(one.followers for one in group)


def master_of(group: Sequence[Told]) -> int:
    """Return the matter that the others should follow."""
    best = min(group, key=lambda one: (-one.followers, not one.started, one.at, one.key))
    return best.key


def _found(
    group: Sequence[Told], told: Sequence[Told], pairs: Mapping[int, Pairs], weights: Weights
) -> Found:
    each = [
        likeness(pairs[a.key], pairs[b.key], weights)
        for n, a in enumerate(group[:COMPARED])
        for b in group[n + 1 : COMPARED]
    ]
    return Found(
        keys=tuple(one.key for one in group),
        master=master_of(group),
        class_code=group[0].class_code,
        town=group[0].town,
        words=common_words([one.text for one in group], [one.text for one in told]),
        likeness=sum(each) / len(each) if each else 1.0,
        people=people_of(group),
    )


def common_words(group: Sequence[str], everybody: Sequence[str]) -> tuple[str, ...]:
    """Return the words that most of a group has and few others: what speaks for it.

    A longer run wins over what it holds when as many have it; a run of digits is no word.
    """
    counted = _count_runs(group)
    least = max(2, math.ceil(COMMON_SHARE * len(group)))
    common = {word: n for word, n in counted.items() if n >= least and not word.isdigit()}
    whole = [
        word
        for word in common
        if not any(word in w and word != w and n >= common[word] for w, n in common.items())
    ]
    elsewhere = {word: sum(word in "".join(runs(text)) for text in everybody) for word in whole}
    many = len(everybody)

    def worth(word: str) -> tuple[float, int, str]:
        rare = math.log((2 + many) / elsewhere[word]) if elsewhere[word] else 1.0
        return (-common[word] * rare * min(len(word), 4), -len(word), word)

    chosen: list[str] = []
    for word in sorted(whole, key=worth):
        if not any(_overlap(word, kept) for kept in chosen):
            chosen.append(word)
    return tuple(chosen[:MOST_WORDS])


def _overlap(word: str, kept: str) -> bool:
    """Return whether half of a word stands in another: it would say the same once more."""
    mine = pairs_of(word)
    return 2 * len(mine & pairs_of(kept)) >= len(mine)


def _count_runs(texts: Sequence[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(
            {
                run[n : n + length]
                for run in runs(text)
                for length in range(2, LONGEST_WORD + 1)
                for n in range(len(run) - length + 1)
            }
        )
    return counted


def same_topic(one: Iterable[int], other: Iterable[int]) -> bool:
    """Return whether two groups are the same topic: half of the smaller stands in both."""
    first, second = set(one), set(other)
    least = min(len(first), len(second))
    return least > 0 and 2 * len(first & second) >= least


def likeness_within(asked: Pairs, told: Pairs, weights: Weights) -> float:
    """Return how much of a question stands in a text, from 0 to 1, by weight."""
    whole = sum(weights[p] for p in asked)
    return sum(weights[p] for p in asked & told) / whole if whole else 0.0
