"""W1b: lists and search among 1,000 to 1,000,000 matters.

Each size asks for a page of fifty (by query, and whole over HTTP in process: session, scope, query,
rendering) of every tray and order that pages offer, beside hand-written SQL for the page of what
is overdue with its count; and for words that are frequent, less so, rare, and absent. The run-time
role asks, durability on, one connection. Only ratios of one run count; the last table gives the
growth from the smallest to the largest size. ``python -m bench w1b [SIZE…]``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from bench.filling import ABSENT, FREQUENT, MIDDLE, RARE
from bench.w1_thread import People, counted, timed

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BY_HAND = "by hand"
PAGE_BY_HAND = """
    SELECT c.*, a.name FROM cases_case c JOIN registry_area a ON a.id = c.area_id
    WHERE c.area_path LIKE %s AND c.state IN ('filed', 'returned')
    AND cases_rank(c.due_at, c.paused) <= %s
    ORDER BY cases_rank(c.due_at, c.paused), c.id LIMIT 51
"""
COUNT_BY_HAND = """
    SELECT count(*) FROM (SELECT FROM cases_case c WHERE c.area_path LIKE %s
    AND c.state IN ('filed', 'returned') AND cases_rank(c.due_at, c.paused) <= %s LIMIT 10001) c
"""
"""The best that is known with the indexes that stand."""
PAGES = {
    "page: to dispatch": ("mei", "/desk/?tray=dispatch"),
    "page: overdue": ("mei", "/desk/?tray=dispatch&band=red"),
    "page: all": ("mei", "/desk/?tray=all"),
    "page: own unit": ("zongzhi", "/desk/?tray=handle"),
    "page: search": ("mei", f"/desk/?tray=all&q={MIDDLE}"),
}


def main(sizes: tuple[int, ...] = SIZES) -> int:
    """Build a town, fill it, measure inside its surroundings, print the lines."""
    import psycopg

    from bench import filling
    from tests.trust.harness import ROOT, Town

    town = Town()
    try:
        made = town.build()
        command = [sys.executable, "-W", "ignore", "-m", "bench.w1b_lists", "inside"]
        world = json.dumps(made["sessions"])
        found: dict[int, dict[str, float]] = {}
        with psycopg.connect(town.server.url("bihuan"), autocommit=True) as admin:
            for size in sizes:
                inside = [*command, "first" if not found else str(size), world]
                if not found:
                    subprocess.run(inside, cwd=ROOT, env=town.surroundings(), check=True)
                    filling.prepare(admin)
                filling.fill(admin, size)
                done = subprocess.run(
                    [*command, str(size), world],
                    cwd=ROOT,
                    env=town.surroundings(),
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                *lines, told = done.stdout.splitlines()
                print("\n".join(lines), flush=True)
                found[size] = json.loads(told)
    finally:
        town.close()
    print_growth(found)
    return 0


def print_growth(found: dict[int, dict[str, float]]) -> None:
    """Print each list at the largest size against the smallest."""
    small, large = min(found), max(found)
    print(f"\nW1b growth from {small:,} to {large:,} matters")
    for name in found[large]:
        least, most = found[small][name], found[large][name]
        print(f"  {name:28} {least:7.1f} ms -> {most:7.1f} ms   {most / least:5.1f} times")


def main_inside(word: str, sessions: dict[str, str]) -> None:
    """Walk the first matter, or measure one size."""
    if word == "first":
        from bench.w1_thread import walk

        walk(People())
        return
    size = int(word)
    found: dict[str, float] = {}
    for name, work, statements in works(sessions):
        work()
        found[name] = timed(work, 7) * 1000
        beside = f" | {found[name] / found[BY_HAND]:4.1f} times by hand" if statements else ""
        told = f" | {counted(work)} statements" if statements else ""
        print(f"W1b {size:>9,} | {name:28} | {found[name]:7.1f} ms{beside}{told}")
    print(json.dumps(found))


def works(sessions: dict[str, str]) -> Iterator[tuple[str, Callable[[], object], bool]]:
    """Return what is measured: its name, what does it, whether its statements are counted."""
    from bihuan.kernel.affairs.cases import api as cases

    people = People()
    at = people.at
    path = people.scope["mei"].area_paths[0]
    yield BY_HAND, lambda: page_by_hand(path, at), False
    for name, scope, wanted in questions(people):
        ask: Callable[[], object] = lambda s=scope, w=wanted: cases.list_cases(  # noqa: E731
            scope=s, wanted=w, at=at
        )
        yield name, ask, True
    for name, (who, address) in PAGES.items():
        yield name, page_of(sessions[who], address), True


def questions(people: People) -> Iterator[tuple[str, Any, Any]]:
    """Return the lists: a name, a scope, a filter."""
    from bihuan.kernel.affairs.cases.types import Filter, KindCode

    mei, unit = people.scope["mei"], people.scope["zongzhi"]
    town = replace(mei, area_paths=("3304/330424/330424005/",))
    village = replace(mei, area_paths=("3304/330424/330424005/330424005004/",))
    for band in ("red", "orange", "green"):
        yield f"to dispatch, {band}", mei, Filter(tray="dispatch", band=band)
    for tray in ("dispatch", "accept", "verify", "decide", "answer", "call_back", "look_back"):
        yield f"tray {tray}", mei, Filter(tray=tray)
    yield "all", mei, Filter()
    yield "what waits", mei, Filter(tray="open", band="paused")
    yield "by class: hazards", mei, Filter(kind=KindCode("hazard"))
    yield "own unit's tray", unit, Filter(tray="handle")
    yield "own unit, all it ever had", unit, Filter()
    for name, scope in (("a town", town), ("a village", village)):
        yield f"{name}, to dispatch", scope, Filter(tray="dispatch")
        yield f"{name}, all", scope, Filter()
    for how, word in (
        ("frequent", FREQUENT),
        ("1 in 250", MIDDLE),
        ("1 in 50,000", RARE),
        ("absent", ABSENT),
        ("frequent, 4 letters", f"{FREQUENT}不亮"),
        ("two words", f"{FREQUENT} 桥头"),
    ):
        yield f"search {how}", mei, Filter(text=word)
    yield "search 1 in 250, in a tray", mei, Filter(text=MIDDLE, tray="dispatch")


def page_of(session: str, address: str) -> Callable[[], object]:
    """Return what asks for a whole page."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies["sessionid"] = session

    def ask() -> None:
        answer = client.get(address, secure=True)
        assert answer.status_code == 200, (answer.status_code, answer.headers)

    return ask


def page_by_hand(path: str, at: Any) -> None:
    """Ask for the page and its count in SQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        for question in (PAGE_BY_HAND, COUNT_BY_HAND):
            cursor.execute(question, [f"{path}%", at])
            cursor.fetchall()


if __name__ == "__main__":
    if sys.argv[1:2] != ["inside"]:
        sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
    import django

    django.setup()
    main_inside(sys.argv[2], json.loads(sys.argv[3]))
