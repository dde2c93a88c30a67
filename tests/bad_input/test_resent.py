"""A form's id comes back with something changed: 422, whatever the page would make of it."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from bihuan.kernel.affairs.cases.testing import EntryRow, Part
from bihuan.kernel.ground.events.models import FactRow
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from tests.matrix.world import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def _photo(colour: tuple[int, int, int]) -> SimpleUploadedFile:
    """Return a photo whose name and size are the same for every colour."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "BMP")
    Image.open(io.BytesIO(out.getvalue())).save(jpeg := io.BytesIO(), "JPEG")
    return SimpleUploadedFile("a.jpg", jpeg.getvalue().ljust(2000, b"\0"), "image/jpeg")


def _count() -> tuple[int, int]:
    return FactRow.objects.count(), EntryRow.objects.count()


def _is_refused(answer: HttpResponse, before: tuple[int, int]) -> None:
    assert answer.status_code == 422, answer.headers.get("Location")
    assert _count() == before


def test_at_another_address(cast: Cast) -> None:
    one, other = Walk(cast, "秦山路一号路灯不亮"), Walk(cast, "秦山路二号路灯不亮")
    mei, data = sign_in(Client(), cast.account("mei")), {"command_id": str(uuid.uuid4())}
    addresses = [reverse("cases:move", args=[walk.id, "file"]) for walk in (one, other)]
    first = mei.post(addresses[0], data)
    assert first.status_code == 303
    before = _count()
    _is_refused(mei.post(addresses[1], data), before)
    again = mei.post(addresses[0], data)
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert _count() == before


def test_a_dispatch_to_another_unit(cast: Cast) -> None:
    walk = Walk(cast, "秦山路一号路灯不亮")
    walk.file()
    mei, key = sign_in(Client(), cast.account("mei")), str(uuid.uuid4())
    address = reverse("cases:dispatch", args=[walk.id])

    def send(unit: str) -> HttpResponse:
        lead = cast.unit(f"330424-{unit}").id
        return mei.post(address, {"lead": lead, "command_id": key})

    assert send("zongzhi").status_code == 303
    before = _count()
    _is_refused(send("fire"), before)


def test_another_photo_of_the_same_name_and_size(cast: Cast) -> None:
    walk = Walk(cast, "秦山路一号路灯不亮")
    walk.dispatch()
    part = Part.objects.get(case_id=walk.id)
    zongzhi = sign_in(Client(), cast.account("zongzhi"))
    address = reverse("cases:move_part", args=[part.pk, "feed_back"])
    data: dict[str, Any] = {"words": "换了灯", "command_id": str(uuid.uuid4())}
    assert len(_photo((1, 2, 3)).read()) == len(_photo((200, 9, 9)).read())
    assert zongzhi.post(address, {**data, "photos": _photo((1, 2, 3))}).status_code == 303
    before = _count()
    _is_refused(zongzhi.post(address, {**data, "photos": _photo((200, 9, 9))}), before)
    assert zongzhi.post(address, {**data, "photos": _photo((1, 2, 3))}).status_code == 303
    assert _count() == before
