"""Telling sound by its first bytes. Without a decoder nothing is made anew or guessed."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = 64
SOUND_BRANDS = (b"M4A", b"mp4", b"iso", b"3gp", b"dash", b"qt", b"f4a", b"M4B", b"avc1")


@dataclass(frozen=True, slots=True)
class Container:
    """What a file of sound is wrapped in."""

    media_type: str
    ending: str


WEBM = Container("audio/webm", "webm")
OGG = Container("audio/ogg", "ogg")
M4A = Container("audio/mp4", "m4a")
MP3 = Container("audio/mpeg", "mp3")
WAV = Container("audio/wav", "wav")


def find_container(head: bytes) -> Container | None:
    """Return what the first bytes of a file say it is; None: no sound that a browser plays."""
    if head.startswith(b"\x1aE\xdf\xa3") and (b"webm" in head or b"matroska" in head):
        return WEBM
    if head.startswith(b"OggS"):
        return OGG
    if head[4:8] == b"ftyp" and head[8:12].startswith(SOUND_BRANDS):
        return M4A  # a photo in the same box (HEIC, AVIF) has another brand
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    return MP3 if head.startswith(b"ID3") or _is_frame(head) else None


def _is_frame(head: bytes) -> bool:
    """Return whether a frame of MPEG sound begins: the sync, a version, a layer, a bit rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, frequency = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer != 0 and 0 < rate < 15 and frequency != 3
