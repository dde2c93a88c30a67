"""The world that the matrix asks about: matters in each state and county, a firm, a session."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.test import Client
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.testing import Part
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    Detail,
    Filter,
    MoveName,
    NewPart,
    PartId,
    Role,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import LONGQUAN_GRID_3, ROLES, Cast, make_cast
from bihuan.kernel.stage import api as stage
from bihuan.kernel.tools.documents.models import EvidenceRow
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from bihuan.platform.files import store
from bihuan.scenes.appeals.operations import Report, report

NOBODY = "nobody"
EVERYONE = (NOBODY, *ROLES)
NO_ID = 999_999_999
NO_UUID = "00000000-0000-4000-8000-000000000000"


@dataclass(slots=True)
class World:
    """Names of objects, and a client for each role."""

    cast: Cast
    names: dict[str, str]
    clients: dict[str, Client]


def photo(colour: str) -> str:
    """Take in a photo of one colour and return its hash."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return store.receive_photo(io.BytesIO(out.getvalue()), at=clock.now())


class Walk:
    """A matter of LU's in Haiyan, as far as it is wanted."""

    def __init__(self, cast: Cast, words: str) -> None:
        self.cast, self.at = cast, clock.now()
        said = Report(words, "330424005", class_code="street_lamp", photos=(photo("navy"),))
        self.opened = report(said, scope=cast.scope("lu"), at=self.at)
        self.id: CaseId = self.opened.case_id

    def file(self) -> None:
        """File it."""
        self._move("file", "mei")

    def _move(self, name: str, who: str, **detail: Any) -> None:
        scope = self.cast.scope(who)
        cases.move_case(
            self.id, move=MoveName(name), scope=scope, at=self.at, detail=Detail(**detail)
        )

    def dispatch(self) -> PartId:
        """Give it to the bureau."""
        self.file()
        unit = self.cast.unit("330424-zongzhi").id
        scope = self.cast.scope("mei")
        cases.dispatch_case(self.id, parts=[NewPart(unit, Role.LEAD)], scope=scope, at=self.at)
        return PartId(Part.objects.get(case_id=self.id).pk)

    def feed_back(self) -> None:
        """Let the bureau answer."""
        part, scope = self.dispatch(), self.cast.scope("zongzhi")
        for name, detail in (
            ("sign", Detail()),
            ("feed_back", Detail(words="换了灯", photos=(photo("gold"),))),
        ):
            cases.move_part(part, move=MoveName(name), scope=scope, at=self.at, detail=detail)

    def close(self) -> None:
        """Let the verifier see it done."""
        self.feed_back()
        check = cases.Check(visit_id=uuid.uuid4(), cleared=True)
        cases.verify_case(self.id, check, scope=self.cast.scope("verifier"), at=self.at)


def _hazard(cast: Cast) -> CaseId:
    payload = {
        "visit_id": str(uuid.uuid4()),
        "finding_id": str(uuid.uuid4()),
        "area_code": LONGQUAN_GRID_3,
        "organisation": str(cast.hengyue.id),
        "domain": "fire",
        "text": "东侧消防通道堆货",
        "photos": [],
    }
    stage.perform_command(
        "industrial_grid.report_finding",
        payload,
        scope=cast.scope("gu"),
        at=clock.now(),
        command_id=uuid.uuid4(),
    )
    while events.deliver_pending(at=clock.now()):
        pass
    found = cases.list_cases(scope=cast.scope("js_tao"), wanted=Filter(), at=clock.now())
    return found.rows[0].id


def build() -> World:
    """Build the world through the doors and sign everybody in."""
    cast = make_cast(at=clock.now())
    walks = {
        n: Walk(cast, f"秦山路{n}号路灯不亮") for n in ("fresh", "filed", "work", "back", "done")
    }
    walks["filed"].file()
    part = walks["work"].dispatch()
    walks["back"].feed_back()
    walks["done"].close()
    names = {name: str(walk.id) for name, walk in walks.items()}
    names["hazard"] = str(_hazard(cast))
    scope, at = cast.scope("js_mei"), clock.now()
    hazard = CaseId(int(names["hazard"]))
    cases.move_case(hazard, move=MoveName("file"), scope=scope, at=at)
    unit = cast.unit("330421-fire").id
    cases.dispatch_case(hazard, parts=[NewPart(unit, Role.LEAD)], scope=scope, at=at)
    names["part"] = str(part)
    names["hazard_part"] = str(Part.objects.get(case_id=hazard).pk)
    photo = EvidenceRow.objects.get(subject_key=names["work"])
    names["photo"] = str(photo.pk)
    names["number"] = walks["work"].opened.number
    names["code"] = walks["work"].opened.receipt_code
    letter = case_web.issue_letter(
        cases.get_case(walks["done"].id, scope=cast.scope("lu")),
        root="https://bihuan.example/d/",
        scope=cast.scope("lu"),
        at=at,
    )
    names["paper"], names["paper_code"] = str(letter.id), letter.code
    names["hengyue"], names["yongxin"] = str(cast.hengyue.id), str(cast.yongxin.id)
    names["unit"] = str(cast.unit("330424-zongzhi").id)
    names["today"] = clock.business_date(at).isoformat()
    names |= {"none": str(NO_ID), "none_uuid": NO_UUID}
    clients = {who: sign_in(Client(), cast.account(who)) for who in ROLES}
    row = UserSession.objects.create(
        user=cast.account("lu"), ip="127.0.0.1", user_agent="x", session_key="s" * 32
    )
    names["lus_session"] = str(row.pk)
    return World(cast, names, {NOBODY: Client(), **clients})
