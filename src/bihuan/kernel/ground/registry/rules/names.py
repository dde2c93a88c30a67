"""Names of places in free text: which area is meant, and how sure that is.

A name with its kind (干窑镇, 火炬村) is taken. A bare one counts for towns only, and not where
it is a common word: 大桥 is mostly a bridge. Two places of one name are told apart by a county or
town that the text names too; else both are offered, unconfirmed. A name that only looks like one
is offered as a suggestion. A village, and a bare
town, must begin where a word can begin: 桂花园社区 is not 花园社区, 准许村医 not 许村. Nothing
unconfirmed may be written down without somebody's yes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bihuan.kernel.ground.registry.types import AreaLevel, AreaPath, PlaceMatch

SURE = 0.8
"""From here on a match is confirmed."""
FULL, ALIAS, NARROWED, BARE = 0.95, 0.9, 0.9, 0.85
LIKELY, LOOKS_LIKE, DOUBTFUL = 0.6, 0.4, 0.3

KINDS = (
    "社区居民委员会",
    "社区居委会",
    "村民委员会",
    "居委会",
    "村委会",
    "社区",
    "街道",
    "村",
    "镇",
    "县",
    "市",
    "区",
)
_COMMON = """
大桥 建设 解放 新兴 惠民 新城 城南 望海 七星 百步 南湖 长水 长安 石门 高桥 新丰 凤鸣 高照 马桥
海洲 海昌 于城 梧桐 大麻 河山
"""
COMMON = frozenset(_COMMON.split())
"""Bare, these are mostly something else than the town."""
SLOGANS = frozenset({"新农村", "于城镇"})
"""Full names that are mostly something else: 社会主义新农村, 属于城镇."""
ROAD = ("路", "街", "大道", "桥", "河", "港", "塘", "公路", "站", "汽车", "中学", "小学")
BRIDGE_AFTER = tuple("上下头底面边旁口墩洞东西南北很太")
BEFORE_PLACE = frozenset(
    "在到去来从住往向是于和与及至、，。；：！？…—·（）()“”\"' \n\t\r,.;:!?0123456789"
    "我们您你他她的了有给让把被对该原属经过回叫系本镇乡道区县市州省"
)
"""Behind these a name may begin."""
AROUND = ("嘉兴", "浙江")
AFTER_VILLAGE = frozenset("医官务级镇干支容貌庄")
"""村 with one of these behind it is another word: 村医, 村官, 村级."""
NATURE = ("山", "湖", "江", "园", "寺", "观", "冲", "树")
"""Behind a bare name these make another name of it: 大云山, 西塘观."""
LOOK_ALIKES = (
    "干千于",
    "宙亩",
    "塍滕腾胜",
    "泾径经",
    "埭棣隶",
    "澉敢橄",
    "硖峡狭",
    "濮璞仆",
    "浜滨",
    "荡汤",
    "泖卯柳",
    "洲州",
    "窑窖",
    "堰偃",
    "圩圬",
    "陡徒",
    "乍诈",
)


@dataclass(frozen=True, slots=True)
class Named:
    """One area as the index knows it."""

    code: str
    name: str
    level: AreaLevel
    path: str
    aliases: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    """Names that may be a slip for this area, not confirmed by the county."""


@dataclass(frozen=True, slots=True)
class Index:
    """All forms under which areas are found in text."""

    full: Mapping[str, tuple[Named, ...]]
    bare: Mapping[str, tuple[Named, ...]]
    alike: Mapping[str, tuple[Named, ...]]
    suspects: Mapping[str, tuple[Named, ...]]
    cores: Mapping[str, tuple[Named, ...]]
    """Villages without their kind: taken only right behind the name of their town or county."""
    heads: frozenset[str] = frozenset()
    """The first two characters of every form, to pass over the rest of a text quickly."""
    longest: int = 0


def core_of(name: str) -> str:
    """Return a name without its kind: 干窑 for 干窑村委会, 乌镇 for 乌镇镇."""
    for kind in KINDS:
        if name.endswith(kind) and len(name) > len(kind) + 1:
            return name.removesuffix(kind)
    return name


def forms_of(name: str) -> set[str]:
    """Return the ways to write a name with its kind: 新兴社区居委会, 新兴社区."""
    core = core_of(name)
    kind = name.removeprefix(core)
    if "社区" in kind or kind == "居委会":
        return {name, f"{core}社区"}
    if kind in {"村委会", "村民委员会"}:
        return {name, core if core.endswith("村") else f"{core}村"}
    return {name}


def look_alikes_of(form: str) -> Iterator[str]:
    """Return the form with one character replaced by one that looks like it."""
    for place, character in enumerate(form):
        for family in LOOK_ALIKES:
            if character in family:
                for other in family.replace(character, ""):
                    yield form[:place] + other + form[place + 1 :]


def build_index(areas: Iterable[Named]) -> Index:
    """Return the index of `areas`."""
    tables: dict[str, dict[str, list[Named]]] = {
        name: defaultdict(list) for name in ("full", "bare", "alike", "suspects", "cores")
    }
    for area in areas:
        forms = {form for form in forms_of(area.name) if len(form) >= 3} | set(area.aliases)
        for form in forms:
            tables["full"][form].append(area)
        for form in forms - set(area.aliases):
            for other in look_alikes_of(form):
                tables["alike"][other].append(area)
        for form in area.suspects:
            tables["suspects"][form].append(area)
        core = core_of(area.name)
        if len(core) >= 2 and core not in forms:
            village = area.level in {AreaLevel.VILLAGE, AreaLevel.INDUSTRIAL_COMMUNITY}
            tables["cores" if village else "bare"][core].append(area)
    for form in tables["full"]:
        tables["alike"].pop(form, None)
    longest = max((len(form) for table in tables.values() for form in table), default=0)
    frozen = {
        name: {form: tuple(found) for form, found in table.items()}
        for name, table in tables.items()
    }
    heads = frozenset(form[:2] for table in tables.values() for form in table)
    return Index(**frozen, heads=heads, longest=longest)


def find_in(text: str, index: Index, *, below: str = "") -> tuple[PlaceMatch, ...]:
    """Return the places that `text` names, surest first, then as they stand.

    `below` is the path of an area in which the writer is known to be; it tells places of one name
    apart as a county in the text would.
    """
    spans = list(_scan(text, index))
    around = {found[0].path for _, _, reason, found in spans if _is_context(reason, found)}
    contexts = tuple(sorted(around)) or ((below,) if below else ())
    matches: list[PlaceMatch] = []
    for span in spans:
        matches += _judge(text, span, contexts)
    matches.sort(key=lambda match: (-match.confidence, match.start, match.code))
    return tuple(_once(matches))


Span = tuple[int, int, str, tuple[Named, ...]]


def _is_context(reason: str, found: tuple[Named, ...]) -> bool:
    tall = {AreaLevel.COUNTY, AreaLevel.TOWN}
    return len(found) == 1 and found[0].level in tall and reason in {"full_name", "short_name"}


def _scan(text: str, index: Index) -> Iterator[Span]:
    """Yield the longest name at each place of the text, and go on behind it."""
    start, behind = 0, ""
    while start < len(text):
        span = _longest_at(text, start, index, behind)
        if span is None:
            start, behind = start + 1, ""
            continue
        yield span
        start = span[1]
        tall = len(span[3]) == 1 and span[2] in {"full_name", "short_name"}
        behind = span[3][0].path if tall else ""


def _longest_at(text: str, start: int, index: Index, behind: str) -> Span | None:
    if text[start : start + 2] not in index.heads:
        return None
    for length in range(min(index.longest, len(text) - start), 1, -1):
        end = start + length
        reason, found = _meaning(text, start, end, index, behind)
        if found:
            return start, end, reason, found
    return None


def _meaning(
    text: str, start: int, end: int, index: Index, behind: str
) -> tuple[str, tuple[Named, ...]]:
    """Return what the words from `start` to `end` name, and why; the surer reading first."""
    word = text[start:end]
    bare = index.bare.get(word, ())
    if word in index.full:
        return _full_reason(text, start, end, index.full[word], behind), index.full[word]
    inside = _inside(bare, behind) or _inside(index.cores.get(word, ()), behind)
    if inside:
        return "behind_its_area", inside
    reason = _bare_reason(text, start, end, word) if bare else ""
    if reason:
        return reason, bare
    if word in index.suspects:
        return "suspected", index.suspects[word]
    return "look_alike", index.alike.get(word, ())


def _inside(found: tuple[Named, ...], behind: str) -> tuple[Named, ...]:
    """Return those of `found` that lie in the area named right in front."""
    if not behind:
        return ()
    return tuple(area for area in found if area.path.startswith(behind) and area.path != behind)


def _full_reason(text: str, start: int, end: int, found: tuple[Named, ...], behind: str) -> str:
    """Return how a name with its kind is to be read, from what stands before and behind it.

    A sub-district before 路 may be a street and a road: 解放街道路 is 解放街 道路 as well.
    A village right behind a town that is none of ours lies elsewhere, most likely.
    """
    word, after = text[start:end], text[end : end + 1]
    if word in SLOGANS and not _is_behind_place(text, start):
        return "common_word"
    if word.endswith("街道") and after in {"路", "口"}:
        return "road"
    if word.endswith("村") and after in AFTER_VILLAGE:
        return "unclear"
    village = all(area.level is AreaLevel.VILLAGE for area in found)
    elsewhere = not behind and text[start - 1 : start] in {"镇", "乡", "道"}
    begins = _may_begin(text, start) and not elsewhere
    return "unclear" if village and not begins else "full_name"


def _is_behind_place(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in "县市区镇乡道"


def _may_begin(text: str, start: int) -> bool:
    """Return whether a word can begin at `start`."""
    return start == 0 or text[start - 1] in BEFORE_PLACE or text[:start].endswith(AROUND)


def _bare_reason(text: str, start: int, end: int, word: str) -> str:
    """Return why a bare name counts, or nothing when it is a road, a bridge or a common word."""
    after = text[end:]
    if after.startswith(ROAD):
        return ""
    begins = _may_begin(text, start)
    if word not in COMMON:
        return "short_name" if begins and not after.startswith(NATURE) else "unclear"
    bridge = word == "大桥" and begins and not after.startswith(BRIDGE_AFTER)
    return "common_word" if bridge else ""


CONFIDENCE = {
    "full_name": FULL,
    "short_name": BARE,
    "behind_its_area": NARROWED,
    "suspected": LOOKS_LIKE,
    "look_alike": LOOKS_LIKE,
    "unclear": LIKELY,
}


def _judge(text: str, span: Span, contexts: tuple[str, ...]) -> Iterator[PlaceMatch]:
    """Yield what a span may mean, in the light of the areas around that the text names."""
    start, end, reason, found = span
    inside = tuple(
        area for area in found if any(_related(area.path, context) for context in contexts)
    )
    kept = inside or found
    confidence = CONFIDENCE.get(reason, DOUBTFUL)
    if len(kept) > 1:
        reason, confidence = "ambiguous", min(confidence, round(SURE / (len(kept) + 1), 2))
    elif contexts and not inside:
        reason, confidence = "contradicted", min(confidence, DOUBTFUL)
    elif inside and (len(found) > 1 or reason == "unclear"):
        reason, confidence = "narrowed", NARROWED
    for area in kept:
        yield PlaceMatch(
            code=area.code,
            name=area.name,
            level=area.level,
            path=AreaPath(area.path),
            text=text[start:end],
            start=start,
            confidence=confidence,
            is_confirmed=confidence >= SURE,
            reason=reason,
        )


def _related(path: str, context: str) -> bool:
    return path.startswith(context) or context.startswith(path)


def _once(matches: list[PlaceMatch]) -> Iterator[PlaceMatch]:
    """Yield the surest match of each area only."""
    seen: set[str] = set()
    for match in matches:
        if match.code not in seen:
            seen.add(match.code)
            yield match
