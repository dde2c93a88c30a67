"""Keeping files by their hash, taking them in whole or in pieces, and handing them out."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse
from django.http.response import HttpResponseBase

from bihuan.platform.files import voices
from bihuan.platform.files.images import LARGEST_BYTES, Photo, UnableToReadPhoto, read_photo
from bihuan.platform.files.models import Blob, Upload
from bihuan.platform.web.errors import Conflict, NotFound, Refused

LARGEST_VOICE = 2 * 1024 * 1024
UNFINISHED_FOR = timedelta(days=7)
HASH = re.compile(r"[0-9a-f]{64}")


class Chunks(Protocol):
    """Something uploaded, as Django or a test hands it over."""

    @property
    def size(self) -> int | None:
        """Return how many bytes it has, if it knows."""

    def read(self, num_bytes: int = ..., /) -> bytes:
        """Return bytes."""


class UnableToUpload(Conflict):
    """The piece does not continue what stands; ask for the offset and go on from there."""


class UnableToStore(Refused):
    """What was sent is neither a photo nor a voice note within the limits."""


def receive_photo(upload: Chunks | BinaryIO, *, at: datetime) -> str:
    """Take in a photo and return the hash by which it is kept.

    Raises:
        UnableToReadPhoto: with the words to show.
    """
    size = getattr(upload, "size", None)
    if size is not None and size > LARGEST_BYTES:
        raise UnableToReadPhoto(
            "This photo is larger than 12 MB. Send a smaller one.", code="too_large", field="photos"
        )
    return keep_photo(read_photo(upload.read(LARGEST_BYTES + 1)), at=at)


def keep_photo(photo: Photo, *, at: datetime) -> str:
    """Keep a photo that was made anew; the same bytes are kept once."""
    digest = hashlib.sha256(photo.body).hexdigest()
    _write(digest, photo.body)
    _write(f"{digest}.thumb", photo.thumb)
    Blob.objects.get_or_create(
        digest=digest,
        defaults={
            "kind": "photo",
            "size": len(photo.body),
            "width": photo.width,
            "height": photo.height,
            "taken_at": photo.taken_at,
            "longitude": photo.longitude,
            "latitude": photo.latitude,
            "received_at": at,
        },
    )
    return digest


def receive_voice(upload: Chunks | BinaryIO, *, at: datetime) -> str:
    """Take in a voice note as it is: nothing is stripped, nothing made anew.

    Raises:
        UnableToStore: its first bytes are those of no sound that we know, or it is too large.
    """
    body = upload.read(LARGEST_VOICE + 1)
    if len(body) > LARGEST_VOICE:
        raise UnableToStore(
            "This voice note is longer than about two minutes. Say it shorter, or write it.",
            code="too_large",
            field="voice",
        )
    if voices.find_container(body[: voices.HEAD]) is None:
        raise UnableToStore(
            "This is no voice note that we can play. Record it here, or send M4A, MP3, OGG, WAV.",
            code="no_voice",
            field="voice",
        )
    digest = hashlib.sha256(body).hexdigest()
    _write(digest, body)
    defaults = {"kind": "voice", "size": len(body), "received_at": at}
    Blob.objects.get_or_create(digest=digest, defaults=defaults)
    return digest


def keep_paper(body: bytes, *, at: datetime) -> Blob:
    """Keep a PDF that was made here."""
    digest = hashlib.sha256(body).hexdigest()
    _write(digest, body)
    defaults = {"kind": "paper", "size": len(body), "received_at": at}
    return Blob.objects.get_or_create(digest=digest, defaults=defaults)[0]


def find_blob(digest: str) -> Blob | None:
    """Return what is known of a stored file."""
    return Blob.objects.filter(digest=digest).first()


def find_stored(*, account_id: int, digest: str) -> str | None:
    """Return under which hash a file of this account is kept: its own, or that of what was made.

    A hash is no key: who knows that of another's photo has not thereby sent it.
    """
    rows = Upload.objects.filter(account_id=account_id).exclude(stored="")
    named = rows.filter(Q(digest=digest) | Q(stored=digest))
    return named.values_list("stored", flat=True).first()


def remember_sender(*, account_id: int, digest: str, at: datetime) -> None:
    """Note that this account sent a stored file, so that its form may name it again."""
    size = Blob.objects.get(digest=digest).size
    whole = {"size": size, "offset": size, "stored": digest}
    Upload.objects.update_or_create(
        account_id=account_id,
        digest=digest,
        defaults=whole,
        create_defaults={**whole, "began_at": at},
    )


def forget_unfinished(*, at: datetime) -> int:
    """Remove what has not become whole within a week, bytes and row; return how many."""
    gone = 0
    for row in Upload.objects.filter(stored="", began_at__lt=at - UNFINISHED_FOR):
        with transaction.atomic():
            still = Upload.objects.select_for_update().filter(pk=row.pk, stored="").first()
            if still is None:
                continue
            _part(still).unlink(missing_ok=True)
            still.delete()
            gone += 1
    return gone


# -- in pieces ------------------------------------------------------------------------------------


def begin_upload(*, account_id: int, digest: str, size: int, at: datetime) -> int:
    """Begin or resume a file of which the phone knows hash and size; return the offset."""
    if not 0 < size <= LARGEST_BYTES or not HASH.fullmatch(digest):
        raise UnableToStore("A photo of at most 12 MB is expected.", code="too_large")
    row, _ = Upload.objects.get_or_create(
        account_id=account_id, digest=digest, defaults={"size": size, "began_at": at}
    )
    if row.size != size:
        raise UnableToUpload("The same photo was begun with another size.", code="other_size")
    return row.offset


def append_piece(
    *, account_id: int, digest: str, offset: int, piece: bytes, at: datetime
) -> tuple[int, str]:
    """Add a piece at `offset`; return the new offset and, once whole, the hash that is kept.

    Raises:
        UnableToUpload: the piece does not begin where the file ends.
        UnableToStore: the whole does not have the hash that was promised.
    """
    with transaction.atomic():
        row = (
            Upload.objects.select_for_update().filter(account_id=account_id, digest=digest).first()
        )
        if row is None:
            raise NotFound("This upload was not begun. Begin it again.")
        if row.stored:
            return row.size, row.stored
        if offset != row.offset or offset + len(piece) > row.size:
            raise UnableToUpload(
                "The centre has %(n)s bytes of it. Go on from there.", code="offset", n=row.offset
            )
        path = _part(row)
        with path.open("r+b" if path.exists() else "wb") as out:
            out.seek(offset)
            out.write(piece)
            out.truncate()
            out.flush()
            os.fsync(out.fileno())
        row.offset = offset + len(piece)
        if row.offset == row.size:
            _finish(row, path, at)
        row.save()
    return row.offset, row.stored


def _part(row: Upload) -> Path:
    folder = Path(settings.BIHUAN_MEDIA) / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{row.account_id}-{row.digest}"


def _finish(row: Upload, path: Path, at: datetime) -> None:
    body = path.read_bytes()
    if hashlib.sha256(body).hexdigest() != row.digest:
        path.unlink()
        row.offset = 0
        return
    if voices.find_container(body[: voices.HEAD]):
        row.stored = receive_voice(io.BytesIO(body), at=at)
    else:
        row.stored = keep_photo(read_photo(body), at=at)
    path.unlink()


# -- on the disk ----------------------------------------------------------------------------------


def path_of(name: str) -> Path:
    """Return where a stored file lies: two letters of its hash, then the hash."""
    return Path(settings.BIHUAN_MEDIA) / name[:2] / name


def _write(name: str, body: bytes) -> None:
    """Write whole and durably, or not at all; a file that stands is the same file."""
    target = path_of(name)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    Path(out.name).replace(target)


def hand_out(digest: str, *, thumb: bool = False) -> HttpResponseBase:
    """Return a stored file as an answer; who may have it was decided before.

    Raises:
        NotFound: nothing is kept under this hash.
    """
    blob = find_blob(digest)
    path = path_of(f"{digest}.thumb" if thumb else digest)
    if blob is None or not path.exists():
        raise NotFound("There is no such file.")
    media_type, ending = _kind_of(blob.kind, path)
    answer = FileResponse(
        path.open("rb"), content_type=media_type, filename=f"{digest[:12]}.{ending}"
    )
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _kind_of(kind: str, path: Path) -> tuple[str, str]:
    """Return under which media type a stored file is handed out, and how its name ends."""
    if kind == "voice":
        with path.open("rb") as file:
            found = voices.find_container(file.read(voices.HEAD))
        return (found.media_type, found.ending) if found else ("application/octet-stream", "bin")
    return ("application/pdf", "pdf") if kind == "paper" else ("image/jpeg", "jpg")
