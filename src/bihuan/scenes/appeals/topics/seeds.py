"""One invented matter that six people tell, and the look that finds it."""

from __future__ import annotations

from typing import Any

from bihuan.scenes.appeals.operations import Report, report
from bihuan.scenes.appeals.topics.operations import look_everywhere

COUNTY, TOWN = "330424", "330424005"
TOLD = (
    "海兴路菜场门口早市占道，早上车子过不去",
    "菜场门口的早市又占道了，海兴路堵得公交都进不了站",
    "海兴路早市占道，送孩子上学天天迟到",
    "每天早上海兴路菜场门口占道摆摊，盲道全没了",
    "海兴路菜场早市占道，昨天救护车都过不去",
    "早市把海兴路占了一半，希望八点以前收摊",
)


def seed(world: Any) -> None:
    """Let six residents of one town tell the same within two days."""
    people = world.staff.residents[COUNTY]
    for n, text in enumerate(TOLD):
        said = Report(text, TOWN, place="海兴路菜场", class_code="street_order")
        at = world.office.after(world.now, -40 - 25 * n)
        report(said, scope=people[n], at=at)
    look_everywhere(at=world.now)
