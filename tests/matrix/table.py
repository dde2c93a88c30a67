"""Reading and writing `expected.yaml`, and asking one cell of it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.matrix.world import EVERYONE, World

TABLE = Path(__file__).with_name("expected.yaml")
HEAD = """\
# Who gets what: each route, method and object for each role. Reviewed by people; the test compares.
#   ok        the page or the data           done      the write was made, or one is sent on
#   fault     allowed, but the input lacks something (422, 400, 409)
#   sign_in   sent to sign in                forbidden 403: the post may not
#   hidden    404: there is no such thing for this reader, whether it exists or not
# `for` names the object; words in braces come from world.py. `rest` is everybody else.
# A route without a row fails the build: write route, method, for, args and data, and let
# `BIHUAN_MATRIX_DRAFT=1 pytest tests/matrix` draft its answers; read them before you commit them.
"""
Key = tuple[str, str]


@dataclass(slots=True)
class Row:
    """One request, and what each role is to be answered."""

    route: str
    method: str
    about: str = ""
    args: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    rest: str = ""

    def expected(self, who: str) -> str:
        """Return the answer for a role."""
        named = (word for word, people in self.answers.items() if who in people)
        return next(named, self.rest)

    @property
    def name(self) -> str:
        """Return how a failure calls the row."""
        return f"{self.method} {self.route} {self.about}".strip()


def read() -> list[Row]:
    """Return the rows of the table."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [
        Row(
            route=raw["route"],
            method=raw["method"],
            about=raw.get("for", ""),
            args=[str(a) for a in raw.get("args", [])],
            data={k: str(v) for k, v in raw.get("data", {}).items()},
            answers={str(word): who for word, who in raw.get("answers", {}).items()},
            rest=str(raw.get("rest") or ""),
        )
        for raw in rows
    ]


def write(rows: list[Row]) -> None:
    """Write the table, a block a row."""
    blocks = []
    for row in rows:
        lines = [f"- route: {row.route}", f"  method: {row.method}"]
        lines += [f"  for: {row.about}"] if row.about else []
        lines += [f"  args: {_flow(row.args)}"] if row.args else []
        lines += [f"  data: {_flow(row.data)}"] if row.data else []
        if row.answers:
            lines.append("  answers:")
            lines += [f"    {word}: [{', '.join(who)}]" for word, who in row.answers.items()]
        blocks.append("\n".join([*lines, f"  rest: {row.rest}"]))
    TABLE.write_text(HEAD + "\n" + "\n\n".join(blocks) + "\n", encoding="utf-8")


def _flow(value: Any) -> str:
    return yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=1000, sort_keys=False
    ).strip()


def routes(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, Any]]:
    """Return the name and view of each address of the URLconf."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern.callback
        else:
            deeper = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern, deeper)


def wanted() -> set[Key]:
    """Return each route with each method that it answers."""
    return {
        (name, method) for name, view in routes() for method in view.methods - {"HEAD", "OPTIONS"}
    }


def lacking(rows: list[Row]) -> list[Key]:
    """Return routes and methods that no row asks for."""
    return sorted(wanted() - {(row.route, row.method) for row in rows})


def taken_back() -> transaction.Atomic:
    """Return a transaction in which also what must be outermost may be done."""
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    return outer


def plain(text: str, path: str) -> str:
    """Return a page without its own address and without what differs by chance."""
    return re.sub(
        r'[A-Za-z0-9]{64}|value="[\w-]{36}"|\d+',
        "",
        text.replace(path, "").replace(quote(path), "").replace(quote(path, safe=""), ""),
    )


def ask(world: World, row: Row, who: str) -> HttpResponse:
    """Send the request of a row as a role; whatever it writes is taken back."""
    path = reverse(row.route, args=[a.format_map(world.names) for a in row.args])
    data = {k: v.format_map(world.names) for k, v in row.data.items()}
    client = world.clients[who]
    cookies = copy.deepcopy(client.cookies)
    with taken_back():
        if row.method == "GET":
            answer = client.get(path, data)
        else:
            answer = client.generic(row.method, path) if not data else client.post(path, data)
        transaction.set_rollback(True)
    client.cookies = cookies
    for close in answer._resource_closers if answer.streaming else ():
        close()  # the files only: closing the answer would end the connection
    return answer


def word_of(answer: HttpResponse) -> str:
    """Return an answer as a word of the table."""
    status, target = answer.status_code, answer.headers.get("Location", "")
    if status == 401 or (status == 302 and re.match(r"/in/(\?|$)", target)):
        return "sign_in"
    known = {404: "hidden", 403: "forbidden", 422: "fault", 400: "fault", 409: "fault"}
    if status in {301, 302, 303}:
        return "done"
    return "ok" if status in {200, 204} else known.get(status, str(status))


def draft(world: World, row: Row) -> Row:
    """Fill the answers of a row from what the product says now, for a person to read."""
    found: dict[str, list[str]] = {}
    for who in EVERYONE:
        found.setdefault(word_of(ask(world, row, who)), []).append(who)
    row.rest = max(found, key=lambda word: len(found[word]))
    row.answers = {word: who for word, who in found.items() if word != row.rest}
    return row
