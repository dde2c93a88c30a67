"""Looking at a picture: is it one, how large, when and where taken; and making it anew.

What comes out was encoded here: no metadata, no trailing bytes, no second format inside.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from bihuan.platform.web.errors import Refused

LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 50_000_000
LONGEST_SIDE = 2048
THUMB_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")
CHINA = timezone(timedelta(hours=8))

Image.MAX_IMAGE_PIXELS = None  # sizes are checked here, from the header, before decoding


class UnableToReadPhoto(Refused):
    """What was sent cannot be taken as a photo; the words say what to send instead."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture made anew, with what its own metadata claimed."""

    body: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None


def read_photo(body: bytes) -> Photo:
    """Return the photo made anew.

    Raises:
        UnableToReadPhoto: too large, too many pixels, no picture, or a broken one.
    """
    if len(body) > LARGEST_BYTES:
        raise UnableToReadPhoto(
            "This photo is larger than 12 MB. Send a smaller one.", code="too_large", field="photos"
        )
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as image:
            _check_pixels(image)
            exif = image.getexif()
            turned = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnableToReadPhoto(
            "This file is no photo, or it is damaged. Send a JPG, PNG or WebP photo.",
            code="no_photo",
            field="photos",
        ) from error
    longitude, latitude = _place(exif)
    large, small = _sized(turned, LONGEST_SIDE), _sized(turned, THUMB_SIDE)
    return Photo(
        body=_jpeg(large, 85),
        thumb=_jpeg(small, 75),
        width=large.width,
        height=large.height,
        taken_at=_taken_at(exif),
        longitude=longitude,
        latitude=latitude,
    )


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > LARGEST_PIXELS:
        raise UnableToReadPhoto(
            "This photo has more than 50 million pixels. Send a smaller one.",
            code="too_many_pixels",
            field="photos",
        )


def _sized(image: Image.Image, side: int) -> Image.Image:
    copy = image.copy()
    copy.thumbnail((side, side))
    copy.info.clear()  # a comment of the camera or of a person would be written out again
    return copy


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _taken_at(exif: Image.Exif) -> datetime | None:
    text = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    try:
        return (
            datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA).astimezone(UTC)
        )
    except ValueError:
        return None


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(2), gps.get(1) == "S")
    longitude = _degrees(gps.get(4), gps.get(3) == "W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None, None
    return longitude, latitude


def _degrees(parts: Any, negative: bool) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if negative else value
