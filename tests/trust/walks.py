"""The ways of a matter that people walk under the kills: the whole loop of the scene `appeals`.

A walk yields commands; what is asked again, lost or killed is not its business.
"""

from __future__ import annotations

import io
import random
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PIL import Image

Find = Callable[[str, str, str], str]
"""Asks a page, as somebody, for what a pattern finds in it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One command: by whom, called what, sent where, with what."""

    who: str
    name: str
    path: str
    fields: dict[str, str]
    photo: bytes = b""


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "gold").save(out, "JPEG")
    return out.getvalue()


PHOTO = _photo()


@dataclass(slots=True)
class Walk:
    """One matter on its way. `told` is set to where the last command sent its sender."""

    find: Find
    dice: random.Random
    leads: dict[str, str]
    told: str = ""
    number: str = ""
    case: str = ""

    def steps(self) -> Iterator[Act]:
        """Choose a way and walk it."""
        ways = {
            self.plain: 35,
            self.appealed: 15,
            self.reworked: 15,
            self.returned: 15,
            self.redone: 10,
            self.merged: 10,
        }
        (way,) = self.dice.choices(list(ways), list(ways.values()))
        yield from way()

    # -- ways --------------------------------------------------------------------------------

    def plain(self) -> Iterator[Act]:
        """Report, file, dispatch, sign, answer, verify, rate."""
        yield from self._opened()
        yield self._move("mei", "file")
        yield from self._to_answer("zongzhi")
        yield self._verdict("yes")
        yield self._rated("satisfied")

    def appealed(self) -> Iterator[Act]:
        """Checked, rejected, appealed, taken on by another clerk, added to, withdrawn."""
        yield from self._opened()
        yield self._move("mei", "check_first")
        yield self._move("mei", "reject", reason="unclear", words="没有说清是哪一盏")
        yield self._move("lu", "appeal", words="就在村口第三盏")
        yield self._move("tao", "grant_appeal", words="地点已说清")
        yield self._move("lu", "supplement", words="旁边有小学")
        yield self._move("lu", "withdraw", words="自己修好了")

    def reworked(self) -> Iterator[Act]:
        """Extended, answered, found undone on the spot, answered again."""
        yield from self._opened()
        yield self._move("mei", "file")
        yield self._dispatched("zongzhi")
        part = self._part("zongzhi")
        yield self._part_move("zongzhi", part, "sign")
        yield self._part_move("zongzhi", part, "ask_extension", amount="1", words="等配件")
        yield self._part_move("duty", part, "allow_extension")
        yield self._answered("zongzhi", part)
        yield self._verdict("no")
        yield self._answered("zongzhi", part)
        yield self._verdict("yes")
        yield self._rated("unsatisfied")

    def returned(self) -> Iterator[Act]:
        """Returned by the wrong unit, given to another, waiting, taken up again."""
        yield from self._opened()
        yield self._move("mei", "file")
        yield self._dispatched("zongzhi")
        part = self._part("zongzhi")
        yield self._part_move("zongzhi", part, "return", reason="按职责清单属消防")
        yield self._dispatched("fire")
        part = self._part("fire")
        yield self._part_move("fire", part, "sign")
        day = (datetime.now(tz=UTC) + timedelta(days=9)).date().isoformat()
        waits = {"reason": "weather", "review_at": day}
        yield self._move("fire", "ask_suspension", words="台风", **waits)
        yield self._move("duty", "suspend", **waits)
        yield self._move("duty", "resume")
        yield self._answered("fire", part)
        yield self._verdict("yes")
        yield self._rated("satisfied")

    def redone(self) -> Iterator[Act]:
        """Closed, done again on the raiser's word, closed."""
        yield from self._opened()
        yield self._move("mei", "file")
        yield from self._to_answer("zongzhi")
        yield self._verdict("yes")
        yield self._move("lu", "redo", words="又不亮了")
        yield from self._to_answer("zongzhi")
        yield self._verdict("yes")
        yield self._rated("satisfied")

    def merged(self) -> Iterator[Act]:
        """Merged into another matter of the same thing, and taken out again."""
        yield from self._opened()
        master = self.number
        yield from self._opened()
        yield self._move("mei", "merge", master=master)
        yield self._move("mei", "detach", words="不是同一盏")
        yield self._move("lu", "withdraw", words="报重了")

    # -- parts of ways -----------------------------------------------------------------------

    def _opened(self) -> Iterator[Act]:
        text = f"秦山路{self.dice.randint(1, 10**9)}号路灯不亮，晚上看不清路。"
        yield Act("lu", "report", "/appeals/report/", {"text": text, "area": "330424005"})
        self.number = re.findall(r"/receipt/([^/]+)/", self.told)[0]
        page = f"/desk/?tray=all&q={self.number}"
        self.case = self.find("mei", page, r"/desk/matter/(\d+)/")

    def _to_answer(self, unit: str) -> Iterator[Act]:
        yield self._dispatched(unit)
        part = self._part(unit)
        yield self._part_move(unit, part, "sign")
        yield self._answered(unit, part)

    def _move(self, who: str, name: str, **fields: str) -> Act:
        return Act(who, name, f"/move/{self.case}/{name}/", fields)

    def _part_move(self, who: str, part: str, name: str, **fields: str) -> Act:
        return Act(who, name, f"/move/part/{part}/{name}/", fields)

    def _dispatched(self, unit: str) -> Act:
        return Act("mei", "dispatch", f"/move/{self.case}/dispatch/", {"lead": self.leads[unit]})

    def _part(self, unit: str) -> str:
        return self.find(unit, f"/desk/matter/{self.case}/", r"/move/part/(\d+)/sign/")

    def _answered(self, unit: str, part: str) -> Act:
        path = f"/move/part/{part}/feed_back/"
        return Act(unit, "feed_back", path, {"words": "换了灯"}, PHOTO)

    def _verdict(self, cleared: str) -> Act:
        seen = {"on_the_spot": "on", "cleared": cleared, "words": "现场已看"}
        visit = {"visit_id": str(uuid.UUID(int=self.dice.getrandbits(128), version=4))}
        return Act("verifier", "verify", f"/move/{self.case}/verify/", seen | visit)

    def _rated(self, rating: str) -> Act:
        return self._move("lu", "evaluate", rating=rating, solved="solved")


WHO = ("lu", "mei", "tao", "duty", "zongzhi", "fire", "verifier")
"""Everybody who acts on one of the ways."""
