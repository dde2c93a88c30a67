"""The front door: a report without an account. Each fault has words, keeps what was typed."""

from __future__ import annotations

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.ground.events import api as events
from bihuan.platform.files.models import Blob
from bihuan.platform.files.store import path_of

pytestmark = pytest.mark.django_db

SENTENCE = "秦山路路灯三盏不亮，晚上看不清路。"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"


def _jpeg(**options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "navy").save(out, "JPEG", **options)
    return out.getvalue()


def _send(client: Client, **more: object):
    data = {"text": SENTENCE, "area": "330424005", "command_id": str(uuid.uuid4())} | more
    return client.post(reverse("appeals:report"), data)


def _photo(body: bytes, name: str = "a.jpg") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, body, "image/jpeg")]


@pytest.mark.parametrize(
    ("sent", "chinese", "english"),
    [
        ({"photos": _photo(SVG, "a.svg")}, "不是照片", "no photo"),
        ({"photos": _photo(b"GIF89a" + bytes(40))}, "不是照片", "no photo"),
        ({"photos": _photo(_jpeg()[:200])}, "不是照片", "no photo"),
        ({"text": "灯" * 60_000}, "5000", "5000"),
        ({"text": "路灯\x00不亮"}, "不允许是用空字符", "Null characters"),
        ({"place": "路" * 121}, "120", "120"),
        ({"longitude": "116.4", "latitude": "39.9"}, "这个点不在本市", "outside the city"),
        ({"longitude": "30.5", "latitude": "120.9"}, "经度", "swapped"),
        ({"area": "110101001"}, "请选在哪个镇街或村社区。", "town or village"),
        ({"photos": _photo(_jpeg()) * 10}, "最多", "nine"),
    ],
    ids=[
        "svg", "gif", "cut photo", "60,000 characters", "nul", "long place",
        "Beijing", "swapped", "area of another city", "ten photos",
    ],
)  # fmt: skip
def test_is_refused_in_words_and_leaves_nothing(
    sent: dict[str, object], chinese: str, english: str
) -> None:
    for language, words in (("zh-hans", chinese), ("en", english)):
        client = Client()
        client.cookies["django_language"] = language
        for file in sent.get("photos", []):  # type: ignore[attr-defined]
            file.seek(0)
        answer = _send(client, **sent)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert words in text
        assert "text" in sent or SENTENCE in text
        assert (Case.objects.count(), events.count_facts(name="cases.case_opened.v1")) == (0, 0)


def test_a_photo_loses_its_place_and_its_hidden_parts_after_they_were_read() -> None:
    exif = Image.Exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps.update({1: "N", 2: (30.0, 31.0, 0.0), 3: "E", 4: (120.0, 56.0, 0.0)})
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:06:24 09:30:00"
    body = _jpeg(exif=exif, comment=b"13900000001") + b"<script>alert(1)</script>"
    assert _send(Client(), photos=_photo(body)).status_code == 303
    blob = Blob.objects.get()
    kept = path_of(blob.digest).read_bytes()
    assert (round(blob.longitude, 2), round(blob.latitude, 2)) == (120.93, 30.52)
    assert blob.taken_at.isoformat() == "2026-06-24T01:30:00+00:00"
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
    for left in (b"Exif", b"13900000001", b"<script>"):
        assert left not in kept


def test_a_forged_code_is_refused_in_words(client: Client) -> None:
    answer = client.get(reverse("check_code", args=["BH1-forged"]))
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"]
