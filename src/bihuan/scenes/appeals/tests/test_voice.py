"""Reporting by voice: alone or beside words, played back to both sides, written down, filed."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.tools.documents.testing import EvidenceRow
from bihuan.platform import clock
from bihuan.platform.files import voices
from bihuan.scenes.appeals.tests.test_story import client_of, post, report

pytestmark = pytest.mark.django_db

WEBM = (
    b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    + bytes(99)
)
SAID = "秦山路加油站旁边三盏路灯不亮。"


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def voice(body: bytes = WEBM, name: str = "voice.webm") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, "audio/webm")


def test_a_voice_note_alone_is_a_report(cast: Cast) -> None:
    lu, tao = client_of(cast, "lu"), client_of(cast, "tao")
    assert report(lu, text="", voice=voice()).status_code == 303
    case = Case.objects.get()
    assert (case.text, case.title, case.unheard) == ("", "语音反映（待转写）", True)

    own = lu.get(reverse("appeals:own", args=[case.pk])).content.decode()
    address = re.findall(r'<audio[^>]*src="([^"]+)"', own)[0]
    heard = lu.get(address)
    assert heard["Content-Type"] == "audio/webm" and b"".join(heard.streaming_content) == WEBM
    assert client_of(cast, "zhou").get(address).status_code == 404

    page = tao.get(reverse("officer:matter", args=[case.pk])).content.decode()
    assert "hear-form" in page and "move-file" not in page and "类别待定" in page
    given = {"text": SAID, "area": "330424005004", "place": "加油站旁"}
    assert post(tao, "appeals:write_down", case.pk, **given).status_code == 303
    case.refresh_from_db()
    assert (case.class_code, case.text) == ("street_lamp", SAID)
    page = tao.get(reverse("officer:matter", args=[case.pk])).content.decode()
    assert "hear-form" not in page and "move-file" in page and "<audio" in page


def test_without_an_account_the_receipt_plays_it(client: Client) -> None:
    number = re.findall(r"/receipt/([^/]+)/", report(client, text="", voice=voice())["Location"])[0]
    page = client.get(reverse("appeals:by_receipt", args=[number])).content.decode()
    address = re.findall(r'<audio[^>]*src="([^"]+)"', page)[0]
    assert b"".join(client.get(address).streaming_content) == WEBM
    assert Client().get(address).status_code == 404


def test_beside_words_it_waits_for_nobody(client: Client) -> None:
    report(client, voice=voice())
    case = Case.objects.get()
    assert not case.unheard and case.class_code == "street_lamp"
    assert EvidenceRow.objects.get().kind == "voice"


def test_neither_words_nor_voice_is_no_report(client: Client) -> None:
    answer = report(client, text=" ")
    assert answer.status_code == 422 and "对着话筒说" in answer.content.decode()
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"MZ" + bytes(500), "不是能播放的语音"),
        (b"", "空"),
        (bytes(4) + b"ftypheic" + bytes(90), "不是能播放的语音"),
        (WEBM + bytes(2 * 1024 * 1024), "超过两分钟"),
    ],
)
def test_what_is_no_voice_note_is_refused_and_the_words_stay(
    client: Client, body: bytes, words: str
) -> None:
    answer = report(client, voice=voice(body))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page and "秦山路路灯三盏不亮" in page
    assert Case.objects.count() == 0 and EvidenceRow.objects.count() == 0


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (WEBM, "webm"),
        (b"OggS\x00\x02" + bytes(60), "ogg"),
        (b"\x00\x00\x00\x1cftypM4A " + bytes(60), "m4a"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(60), "wav"),
        (b"ID3\x04" + bytes(60), "mp3"),
        (b"\xff\xfb\x90\x64" + bytes(60), "mp3"),
        (b"\xff\xd8\xff\xe0" + bytes(60), ""),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", ""),
        (b"\x1aE\xdf\xa3" + bytes(60), ""),
        (b"%PDF-1.7", ""),
    ],
    ids=lambda given: given if isinstance(given, str) else given[:12].hex(),
)
def test_sound_is_told_by_its_first_bytes(head: bytes, kind: str) -> None:
    found = voices.find_container(head[: voices.HEAD])
    assert (found.ending if found else "") == kind


def test_the_same_form_twice_is_one_matter(client: Client) -> None:
    key = str(uuid.uuid4())
    first = report(client, text="", voice=voice(), command_id=key)
    again = report(client, text="", voice=voice(), command_id=key)
    assert first["Location"] == again["Location"] and Case.objects.count() == 1
