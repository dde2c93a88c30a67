"""The switches of every page, and the gallery of components."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from bihuan.platform.ui import values as v
from bihuan.platform.ui.context import PRINT_COOKIE
from bihuan.platform.web.pages import page
from bihuan.platform.web.requests import Request, route

A_YEAR = 365 * 24 * 3600


@route(power="public", methods=("POST",))
def choose_look(request: Request) -> HttpResponse:
    """Remember big print or language in a cookie and go back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    answer = HttpResponseRedirect(target, status=303)
    chosen = request.POST.get("print")
    if chosen in {"big", "plain"}:
        answer.set_cookie(PRINT_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True)
    language = request.POST.get("language")
    if language in {code for code, _ in settings.LANGUAGES}:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", httponly=True
        )
    return answer


@dataclass(frozen=True, slots=True)
class Gallery:
    """Every component in every state."""

    deadlines: tuple[v.Deadline, ...]
    states: tuple[v.StatePill, ...]
    rail: tuple[v.RailLink, ...]
    codes: tuple[v.CodeBadge, ...]
    due: v.ExplainedDue
    entries: tuple[v.TimelineEntry, ...]
    parts: tuple[v.PartCard, ...]
    numbers: tuple[v.ExplainedNumber, ...]
    progress: v.Progress
    errors: tuple[v.RowError, ...]
    empty: v.Empty


LINKS = ("上报", "立案", "派遣", "处置", "反馈", "核实", "评价")


def _gallery() -> Gallery:
    red = v.Deadline("red", "逾期 40 分钟")
    working = v.StatePill("处置中", 4)
    states = [v.StatePill(words, n) for n, words in enumerate(LINKS, 1)]
    return Gallery(
        deadlines=(
            v.Deadline("green", "剩 6 天"),
            v.Deadline("yellow", "剩 2 天"),
            v.Deadline("orange", "剩 3 小时"),
            red,
            v.Deadline("paused", "挂起 · 天气"),
            v.Deadline("done", "07:55 完成"),
        ),
        states=(
            *states,
            v.StatePill("已闭环", closed=True),
            v.StatePill("已退单", dashed=True),
        ),
        rail=tuple(
            v.RailLink(words, "done" if n < 3 else "now" if n == 3 else "next")
            for n, words in enumerate(LINKS)
        ),
        codes=tuple(
            v.CodeBadge(colour, words, size=22)
            for colour, words in (
                ("green", "绿码"),
                ("yellow", "黄码"),
                ("red", "红码"),
                ("", "还没有码"),
            )
        ),
        due=v.ExplainedDue(
            when="6月26日（周五）17:00",
            why="从6月18日起算 5 个工作日；端午节（6月19日至21日）不算。",
            badge=v.Deadline("yellow", "剩 2 个工作日"),
            promise="应办结",
        ),
        entries=(
            v.TimelineEntry("now", "今天 08:40", "市政管理科", "已领料，明天上午换。"),
            v.TimelineEntry("waiting", "6月22日", "等您 1 天，不计入期限", "请您拍一下灯杆编号。"),
            v.TimelineEntry("past", "6月17日 15:52", "您", "上报，照片 2 张。"),
        ),
        parts=(
            v.PartCard("主办", True, "排水管理所", "抽水、清淤", working, red),
            v.PartCard(
                "协办",
                False,
                "新兴社区",
                "告知 14 家店铺",
                working,
                v.Deadline("green", "剩 6 小时"),
            ),
        ),
        numbers=(
            v.ExplainedNumber(
                "按期办结", "94.2", "%", "按期结案 ÷ 应结案，不含缓办", "09:30", "案件库"
            ),
            v.ExplainedNumber(
                "群众满意", "—", "", "", "09:30", "回访库", missing="本月回访不到 30 件，不算率"
            ),
        ),
        progress=v.Progress("正在导入", 3120, 8192, "还要约 2 分钟"),
        errors=(
            v.RowError(18, "班级", "高一三", "写成“高一(3)班”"),
            v.RowError(97, "学费", "8500", "公示标准是 850.00"),
        ),
        empty=v.Empty("没有逾期的事", "最近一件到期：今天 10:50。", "#", "看将到期的 5 件"),
    )


@route(power="public", methods=("GET",))
def gallery(request: Request) -> HttpResponse:
    """Show every component in every state."""
    return page(request, "ui/gallery.html", _gallery())
