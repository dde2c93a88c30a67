"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.billing.types import MAY_PAY
from bihuan.kernel.stage.types import NavItem, Scene

SCENE = Scene(
    name="school_fees",
    title=_("School fees"),
    nav=(NavItem("resident", "school_fees:pay", "file-text", _("School fees"), MAY_PAY, 30),),
    seeds="bihuan.scenes.school_fees.seeds:seed",
    urls="bihuan.scenes.school_fees.urls",
    prefix="fees",
)
