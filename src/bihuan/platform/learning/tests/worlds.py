"""Small labelled texts, invented and made from parts, so that a classifier can learn them."""

from __future__ import annotations

import random

PARTS = {
    "灯": (("路灯", "灯泡", "照明", "灯杆"), ("不亮", "坏了", "一闪一闪", "熄灭")),
    "水": (("水管", "自来水", "水表", "龙头"), ("漏水", "没有水", "水很浑", "水压低")),
    "路": (("路面", "人行道", "井盖", "台阶"), ("破损", "塌陷", "坑洼", "翘起")),
}
PLACES = ("东门", "河边", "市场", "学校旁", "小区里", "桥头", "站前", "北街")
ENDS = ("请来看看", "希望早日解决", "谢谢", "已经很久了", "晚上不方便", "老人走路怕")


def make_rows(count: int, *, seed: int = 1, noise: float = 0.0) -> tuple[list, list[str]]:
    """Return rows of a title and a text, and their labels."""
    chance = random.Random(seed)
    texts, labels = [], []
    for number in range(count):
        label = chance.choice(list(PARTS))
        things, faults = PARTS[label]
        thing, fault = chance.choice(things), chance.choice(faults)
        place = chance.choice(PLACES)
        house = "".join(chance.choice("甲乙丙丁戊己庚辛") for _ in range(4))
        body = f"{place}{house}的{thing}{fault}，{chance.choice(ENDS)}。"
        texts.append((f"{place}{thing}{number}", body))
        labels.append(chance.choice(list(PARTS)) if chance.random() < noise else label)
    return texts, labels
