"""The console: names, near misses, figures for machines."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command, get_commands

from bihuan.platform.cli.main import ours, resolve, unknown


def test_words_become_a_command() -> None:
    commands = get_commands()
    assert resolve(["appeals", "import", "a.csv"], commands) == ("appeals_import", ["a.csv"])
    assert resolve(["migrate", "-v", "0"], commands) == ("migrate", ["-v", "0"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [(["appeals", "imprt"], "bihuan appeals import"), (["case", "count"], "bihuan cases count")],
)
def test_a_near_miss_is_named(asked: list[str], told: str) -> None:
    assert told in unknown(asked, get_commands())


def test_something_else_names_the_help() -> None:
    assert "bihuan help" in unknown(["zzzzzz"], get_commands())


def test_our_commands_have_a_line_of_help() -> None:
    from django.core.management import load_command_class

    commands = get_commands()
    lacking = [
        name for _, name, _ in ours(commands) if not load_command_class(commands[name], name).help
    ]
    assert lacking == []


@pytest.mark.django_db
def test_figures_for_machines() -> None:
    out = io.StringIO()
    call_command("cases_count", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["all"], told["states"]["reported"]) == (0, 0)
    out = io.StringIO()
    call_command("indices_figures", "--json", "--area", "330424", stdout=out)
    told = json.loads(out.getvalue())
    assert told["area"] == "330424"
    tiles = {"filed_today", "closed_in_time", "overdue_open", "satisfied", "hazards_cleared"}
    assert tiles <= set(told["figures"])
    assert all(figure["definition"] for figure in told["figures"].values())
