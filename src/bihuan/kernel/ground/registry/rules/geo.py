"""Points on the map: whether they can be meant, and the shift of Chinese map services."""

from __future__ import annotations

import math

AXIS = 6_378_245.0
FLATNESS = 0.006_693_421_622_965_943
"""Krasovsky 1940, on which the shifted grid (GCJ-02, 国测局坐标) is defined."""


def point_fault(longitude: float, latitude: float) -> str:
    """Return why a point cannot be one in China: ``nowhere``, ``swapped``, or empty when it can."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return "nowhere"
    if _in_china(longitude, latitude):
        return ""
    return "swapped" if _in_china(latitude, longitude) else "nowhere"


def _in_china(longitude: float, latitude: float) -> bool:
    return 73 <= longitude <= 136 and 17 <= latitude <= 54


def from_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Return the WGS-84 point that a Chinese map service shows as this GCJ-02 point.

    The shift has no closed inverse; three corrections bring it below a centimetre.
    """
    x, y = longitude, latitude
    for _ in range(3):
        shifted_x, shifted_y = to_gcj02(x, y)
        x, y = x + longitude - shifted_x, y + latitude - shifted_y
    return x, y


def to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Return the GCJ-02 point of a WGS-84 point."""
    x, y = longitude - 105.0, latitude - 35.0
    radians = math.radians(latitude)
    curve = 1 - FLATNESS * math.sin(radians) ** 2
    north = _north(x, y) * 180 / (AXIS * (1 - FLATNESS) / (curve * math.sqrt(curve)) * math.pi)
    east = _east(x, y) * 180 / (AXIS / math.sqrt(curve) * math.cos(radians) * math.pi)
    return longitude + east, latitude + north


def _waves(*terms: tuple[float, float]) -> float:
    return sum(size * math.sin(angle * math.pi) for size, angle in terms) * 2 / 3


def _north(x: float, y: float) -> float:
    straight = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return straight + _waves(
        (20, 6 * x), (20, 2 * x), (20, y), (40, y / 3), (160, y / 12), (320, y / 30)
    )


def _east(x: float, y: float) -> float:
    straight = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return straight + _waves(
        (20, 6 * x), (20, 2 * x), (20, x), (40, x / 3), (150, x / 12), (300, x / 30)
    )
