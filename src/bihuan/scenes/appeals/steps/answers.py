"""Asked and answered: the articles that anybody may read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.knowledge.queries import get_public, list_public
from bihuan.scenes.appeals.knowledge.types import Line, Version
from bihuan.scenes.appeals.panels import class_words


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one class."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """What people ask, by class."""

    text: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One question with its answer."""

    line: Line
    version: Version
    day: str


@step(power=EVERYBODY, methods=("GET",))
def shelf(request: StepRequest) -> HttpResponse:
    """Show what people ask, narrowed by words."""
    text = request.GET.get("q", "")[:60]
    found = list_public(at=request.at, text=text)
    codes = list(dict.fromkeys(line.class_code for line in found))
    groups = tuple(
        Group(
            class_words(code) if code else "",
            tuple(line for line in found if line.class_code == code),
        )
        for code in codes
    )
    return page(request, "appeals/answers.html", AnswersPage(text, groups))


@step(power=EVERYBODY, methods=("GET",))
def show(request: StepRequest, number: str) -> HttpResponse:
    """Show one answer, who stands for it and on what it rests."""
    line, version = get_public(number, at=request.at)
    day = f"{version.reviewed_at:%Y-%m-%d}" if version.reviewed_at else ""
    return page(request, "appeals/answer.html", AnswerPage(line, version, day))
