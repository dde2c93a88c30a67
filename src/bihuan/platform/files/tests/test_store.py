"""Whose file is it: a hash is no key. Unfinished uploads go after a week."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from bihuan.platform.files import store
from bihuan.platform.files.models import Upload

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
MEI, LU = 7, 8


def _photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (50, 40), colour).save(out, "JPEG")
    return out.getvalue()


def _send(account: int, body: bytes) -> tuple[str, str]:
    digest = hashlib.sha256(body).hexdigest()
    store.begin_upload(account_id=account, digest=digest, size=len(body), at=AT)
    _reached, stored = store.append_piece(
        account_id=account, digest=digest, offset=0, piece=body, at=AT
    )
    return digest, stored


def test_only_who_sent_a_file_may_name_it() -> None:
    digest, stored = _send(LU, _photo("teal"))
    for named in (digest, stored):
        assert store.find_stored(account_id=LU, digest=named) == stored
        assert store.find_stored(account_id=MEI, digest=named) is None
    assert _send(MEI, _photo("teal")) == (digest, stored)
    assert store.find_stored(account_id=MEI, digest=digest) == stored


def test_a_form_remembers_whose_photo_it_took() -> None:
    kept = store.receive_photo(io.BytesIO(_photo("olive")), at=AT)
    assert store.find_stored(account_id=LU, digest=kept) is None
    for _ in range(2):
        store.remember_sender(account_id=LU, digest=kept, at=AT)
    assert store.find_stored(account_id=LU, digest=kept) == kept
    assert store.find_stored(account_id=MEI, digest=kept) is None
    assert Upload.objects.count() == 1


def test_what_is_not_whole_within_a_week_goes_and_what_is_whole_stays() -> None:
    whole, _stored = _send(LU, _photo("navy"))
    body = _photo("gold")
    half = hashlib.sha256(body).hexdigest()
    store.begin_upload(account_id=LU, digest=half, size=len(body), at=AT)
    store.append_piece(account_id=LU, digest=half, offset=0, piece=body[:100], at=AT)
    part = Path(settings.BIHUAN_MEDIA) / "parts" / f"{LU}-{half}"
    assert part.exists()
    assert store.forget_unfinished(at=AT + timedelta(days=7)) == 0
    assert store.forget_unfinished(at=AT + timedelta(days=7, seconds=1)) == 1
    assert not part.exists()
    assert [row.digest for row in Upload.objects.all()] == [whole]
    assert store.begin_upload(account_id=LU, digest=half, size=len(body), at=AT) == 0
