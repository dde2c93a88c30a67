"""Classes of appeals: titles, the line that usually handles them, words that suggest them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.types import CaseClass

CLASSES = (
    CaseClass("street_lamp", _("Street lamp"), "urban_management", words=("路灯", "不亮", "灯杆")),
    CaseClass("rubbish", _("Rubbish"), "urban_management", words=("垃圾", "脏", "保洁", "臭")),
    CaseClass(
        "road", _("Damaged road"), "construction", words=("坑洼", "塌陷", "路面", "井盖", "修路")
    ),
    CaseClass(
        "flooding", _("Water on the road"), "construction", words=("积水", "内涝", "污水", "外溢")
    ),
    CaseClass("noise", _("Noise"), "environment", words=("噪音", "噪声", "扰民", "吵")),
    CaseClass("pollution", _("Pollution"), "environment", words=("污染", "废气", "排污", "异味")),
    CaseClass(
        "street_order",
        _("Blocked pavement"),
        "urban_management",
        words=("占道", "摆摊", "乱停", "停车"),
    ),
    CaseClass(
        "corridor", _("Things in the stairway"), "fire", words=("楼道", "电瓶车", "飞线", "堆放")
    ),
    CaseClass(
        "illegal_building",
        _("Illegal building"),
        "urban_management",
        words=("违建", "搭建", "违章建筑"),
    ),
    CaseClass(
        "water_supply", _("No water"), "construction", urgent=True, words=("停水", "自来水", "水压")
    ),
    CaseClass("power_supply", _("No power"), "power", urgent=True, words=("停电", "断电", "电线")),
    CaseClass(
        "housing",
        _("Housing and building"),
        "construction",
        words=("房屋", "小区", "物业", "开发商"),
    ),
    CaseClass(
        "transport", _("Transport"), "transport", words=("公交", "车站", "出租车", "快递", "班车")
    ),
    CaseClass(
        "wages",
        _("Wages and social security"),
        "labour",
        words=("工资", "欠薪", "社保", "工伤", "退休"),
    ),
    CaseClass("health", _("Health"), "health", words=("医院", "医保", "看病", "医生", "生育")),
    CaseClass(
        "education", _("Education"), "education", words=("学校", "老师", "教师", "招生", "学费")
    ),
    CaseClass(
        "commerce", _("Trade and tourism"), "market", words=("电梯", "商场", "超市", "旅游", "传销")
    ),
    CaseClass("other", _("Something else"), "urban_management"),
)
