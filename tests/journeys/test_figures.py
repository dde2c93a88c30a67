"""The figures, for leaders and for everybody, on a phone and on a desk: they look right."""

from __future__ import annotations

import pytest

from bihuan.platform.testing.browser import PC, PHONE, shot

pytestmark = pytest.mark.browser


def test_the_pages_of_figures_look_right(person) -> None:
    for size, name in ((PHONE, "phone"), (PC, "pc")):
        leader, anybody = person("leader", size), person(None, size)
        for who, path, words in (
            (leader, "/wall/figures/", "按期结案率"),
            (leader, "/wall/rows/covered/", "走访覆盖率"),
            (leader, "/wall/town/330424005/", "风险指数"),
            (anybody, "/figures/", "公开数据"),
        ):
            who.go(path)
            assert words in who.text()
            who.looks_right()
            shot(who.page, f"figures-{name}-{path.strip('/').replace('/', '-')}")
