"""The life of a matter, drawn from its table: a diagram and every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bihuan.kernel.affairs.cases.types import Lifecycle, On, Transition

HEAD = """# The life of a matter

Written by `bihuan cases diagram` from the table in `kernel/affairs/cases/lifecycle`; do not edit.
Moves that leave a matter where it is are in the tables below, not in the drawings. The states
between dispatch and feedback follow from the parts.
"""


def life_page(lives: Iterable[Lifecycle]) -> str:
    """Return the page with a drawing and a table for each part of each life."""
    first, *others = lives
    known = set(first.transitions)
    parts = [HEAD, *_life(first, first.transitions)]
    for life in others:
        rows = [row for row in life.transitions if row not in known]
        parts += [
            f"## Life `{life.code}`: what differs\n",
            _table(rows),
        ]
    return "\n".join(parts).rstrip() + "\n"


def _life(life: Lifecycle, rows: Iterable[Transition]) -> Iterator[str]:
    kept = list(rows)
    for on, title in ((On.CASE, "the matter"), (On.PART, "one unit's part")):
        mine = [row for row in kept if row.on is on]
        yield f"## Life `{life.code}`: {title}\n"
        yield _drawing(life, mine, on)
        yield _table(mine)


def _drawing(life: Lifecycle, rows: Iterable[Transition], on: On) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    if on is On.CASE:
        lines.append(f"    [*] --> {life.first.value}")
    for row in rows:
        if row.target is None:
            continue
        end = f"{row.target.value}: {row.name}"
        lines += [f"    {source.value} --> {end}" for source in row.source]
    lines += [f"    {state.value} --> [*]" for state in sorted(life.closed) if on is On.CASE]
    return "\n".join([*lines, "```", ""])


def _table(rows: Iterable[Transition]) -> str:
    lines = [
        "| move | from | to | power | guards | needs | may bring | clocks | told |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(_line(row) for row in rows), ""])


def _line(row: Transition) -> str:
    target = row.target.value if row.target else "stays"
    clocks = [f"{e.clock}: {e.effect}" for e in row.clocks]
    cells = (
        row.name,
        ", ".join(s.value for s in row.source),
        target,
        row.power,
        ", ".join(row.guards),
        ", ".join(row.needs),
        ", ".join(row.takes),
        ", ".join(clocks),
        row.notice,
    )
    return "| " + " | ".join(cells) + " |"
