"""The cast of a town that was built before, acting through the doors."""

from __future__ import annotations

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Part
from bihuan.kernel.affairs.cases.types import CaseId, Detail, MoveName, NewPart, PartId, Role
from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import HANDLING, Scope
from bihuan.platform import clock
from bihuan.platform.accounts.models import User
from bihuan.scenes.appeals.operations import Report, report


class Beside:
    """Who is in a town, found by the names of their accounts."""

    def __init__(self) -> None:
        self.accounts = dict(User.objects.values_list("username", "pk"))
        (unit,) = [u for u in registry.list_units() if u.code == "330424-zongzhi"]
        self.lead = unit.id

    def scope(self, who: str) -> Scope:
        """Return the scope of a member of the cast."""
        return registry.scope_for(
            account_id=self.accounts[who], origin_door=Door.WEB, purpose=HANDLING, at=clock.now()
        )

    def walk(self, number: int) -> CaseId:
        """Open a matter, file it, give it to the bureau, let it answer."""
        said = Report(f"秦山路{number}号路灯不亮", "330424005", class_code="street_lamp")
        case = report(said, scope=self.scope("lu"), at=clock.now()).case_id
        self._move(case, "file", "mei")
        parts = [NewPart(self.lead, Role.LEAD)]
        cases.dispatch_case(case, parts=parts, scope=self.scope("mei"), at=clock.now())
        part = PartId(Part.objects.get(case_id=case).pk)
        cases.move_part(
            part,
            move=MoveName("sign"),
            scope=self.scope("zongzhi"),
            at=clock.now(),
            detail=Detail(),
        )
        self._move(case, "supplement", "lu", "旁边有小学")
        return case

    def _move(self, case: CaseId, name: str, who: str, words: str = "") -> None:
        cases.move_case(
            case,
            move=MoveName(name),
            scope=self.scope(who),
            at=clock.now(),
            detail=Detail(words=words),
        )
