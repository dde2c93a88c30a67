"""A dozen invented articles of one county: in force, past their review, in review, a draft."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bihuan.platform import clock
from bihuan.scenes.appeals.knowledge.operations import publish_article, write_article
from bihuan.scenes.appeals.knowledge.types import Draft

COUNTY = "330424"
ARTICLES = (
    (
        "urban_management",
        "street_lamp",
        "路灯坏了谁来修，几天能修好？",
        "路灯不亮 灯不亮 路灯坏",
        (
            "县里道路上的路灯由综合行政执法局修，报修后三个工作日内亮灯。小区里面的灯由物业修，"
            "没有物业的由社区联系人来修。"
        ),
        "县城市照明维护管理办法（示例）第九条",
    ),
    (
        "urban_management",
        "rubbish",
        "小区外面的垃圾没人清，归谁管？",
        "垃圾满了 垃圾没人清 垃圾堆",
        (
            "道路和公共地方的垃圾由环卫清运，接到后四个工作时内清掉。小区里面由物业清，装修垃圾要"
            "堆在指定的点，由物业约车。"
        ),
        "县生活垃圾管理实施细则（示例）第十二条",
    ),
    (
        "urban_management",
        "street_order",
        "菜场门口摆摊占道怎么办？",
        "占道摆摊 早市占道 流动摊",
        (
            "早上七点半以前可以在划线的地方摆。七点半以后或者占了车道、盲道的，执法队员劝离；劝离"
            "三次不听的依法处理。"
        ),
        "县城市市容管理规定（示例）第二十条",
    ),
    (
        "urban_management",
        "illegal_building",
        "楼上在搭阳光房，怎么举报？",
        "违建 搭建 阳光房",
        (
            "说清楚哪幢哪室、在不在施工。正在施工的，四个工作时内到现场叫停；已经建好的，调查后按"
            "程序处理，结果会告诉举报人。"
        ),
        "县违法建筑处置办法（示例）第七条",
    ),
    (
        "construction",
        "road",
        "路面塌了、井盖没了找谁？",
        "路面塌陷 井盖 坑洼",
        (
            "先别靠近。打12345或在这里上报，两个工作时内有人来围护。井盖按权属单位补，说不清权属的"
            "由住建局先补。"
        ),
        "县市政设施应急处置预案（示例）",
    ),
    (
        "construction",
        "flooding",
        "下雨天路上积水多久能退？",
        "积水 内涝 污水外溢",
        "小雨一小时、大雨四小时内抽干。地势低的六处积水点有泵车守着。污水冒出来的，当天疏通。",
        "县城镇排水防涝预案（示例）",
    ),
    (
        "construction",
        "water_supply",
        "停水了，什么时候恢复？",
        "停水 没水 水压低",
        (
            "计划停水会提前一天贴通知、发短信。突然没水的多半是抢修，一般八小时内恢复；超过八小时"
            "会送水到楼下。"
        ),
        "县供水服务承诺（示例）第四条",
    ),
    (
        "construction",
        "housing",
        "物业不管事，可以向谁反映？",
        "物业不管 物业费",
        (
            "先向业委会或社区反映。社区五个工作日内约谈物业。仍不解决的，由住建局按物业考核扣分，"
            "结果在小区公告栏公布。"
        ),
        "县物业服务考核办法（示例）第十五条",
    ),
    (
        "labour",
        "wages",
        "老板拖欠工资，怎么要回来？",
        "欠薪 拖欠工资 不发工资",
        (
            "带上劳动合同、考勤或者工友证明，到人社局劳动监察窗口登记，或在这里上报。五个工作日内"
            "立案，一般六十天内处理完。急用钱的可以申请应急周转金。"
        ),
        "保障农民工工资支付条例（国务院令第724号）",
    ),
    (
        "environment",
        "noise",
        "夜里工地施工吵，几点以后不能干？",
        "夜里施工 半夜施工 工地吵",
        (
            "晚上十点到早上六点不能干有噪声的活。必须连夜干的要有证明并且提前一天公告。没有公告的，"
            "上报后当晚有人到现场。"
        ),
        "中华人民共和国噪声污染防治法第四十三条",
    ),
    (
        "urban_management",
        "corridor",
        "楼道里停电瓶车、堆东西怎么处理？",
        "楼道电瓶车 飞线充电 楼道堆",
        (
            "楼道里不能停车、充电、堆放。社区先上门，三天内不搬的由消防和执法一起处理。小区里的充电"
            "棚位置可以问社区。"
        ),
        "浙江省消防条例（示例引用）",
    ),
    (
        "urban_management",
        "other",
        "养狗要办什么证？",
        "狗证 办犬证",
        "重点管理区内养狗要免疫、办证，带狗身和主人身份证明到综合窗口，当场办好，每年复验一次。",
        "县养犬管理规定（示例）第六条",
    ),
)
PAST, IN_REVIEW, DRAFT = 7, 10, 11
"""Which of them is past its day of review, waits for a review, is a draft still."""
SECOND = 0
"""Which of them has a second version in force."""


def seed(world: Any) -> None:
    """Let the units write, and the centre review."""
    for n, (line, *texts) in enumerate(ARTICLES):
        _one(world, n, line, texts, world.now - timedelta(days=300 - 20 * n))


def _one(world: Any, n: int, line: str, texts: list[str], at: datetime) -> None:
    code, question, asked_as, answer, basis = texts
    writer, unit_id = world.staff.handler(COUNTY, line)
    reviewer = world.staff.scope(COUNTY, "accept")
    begins = clock.business_date(at)
    draft = Draft(
        question=question,
        answer=answer,
        basis=basis,
        asked_as=asked_as,
        class_code=code,
        is_public=n != PAST,
        valid_from=begins,
        review_on=begins + timedelta(days=100 if n == PAST else 365),
    )
    given = {"scope": writer, "unit_id": unit_id}
    key = write_article(draft, at=at, submit=n != DRAFT, **given)
    if n >= IN_REVIEW:
        return
    publish_article(key, scope=reviewer, at=at + timedelta(hours=3))
    if n == SECOND:
        later = at + timedelta(days=60)
        write_article(draft, at=later, submit=True, article_id=key, **given)
        publish_article(key, scope=reviewer, at=later + timedelta(hours=2))
