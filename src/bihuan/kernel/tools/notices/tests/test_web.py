"""Fragments: what never breaks over a line, and what is never taken for markup."""

from __future__ import annotations

from bihuan.kernel.tools.notices.web.fragments import unbroken


def test_numbers_and_dates_stay_whole() -> None:
    text = "HY-2606-00012 由甲办。6月26日（周五）17:00前办结。"
    assert unbroken(text) == (
        '<span class="bh-nb">HY-2606-00012</span> 由甲办。'
        '<span class="bh-nb">6月26日（周五）17:00</span>前办结。'
    )


def test_names_are_no_markup() -> None:
    said = unbroken("HY-2606-00012 由<b onclick=x>局</b>办")
    assert "&lt;b onclick=x&gt;局&lt;/b&gt;" in said and "<b" not in said
