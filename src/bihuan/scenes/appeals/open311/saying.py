"""The standard's two forms, JSON and XML, for answers and for refusals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse

from bihuan.platform.web.errors import Refused

STATUS = {401: 403, 422: 400}
"""The standard knows 400, 403 and 404; ours are told by these."""
ITEMS = {"endpoints": "endpoint", "attributes": "attribute", "values": "value", "formats": "format"}
"""What one entry of a list inside an entry is called in XML."""


def say(
    form: str, outer: str, inner: str, rows: Sequence[dict[str, Any]], *, status: int = 200
) -> HttpResponse:
    """Return rows in the form that was asked for."""
    if form == "xml":
        root = ET.Element(outer)
        for row in rows:
            _fill(ET.SubElement(root, inner), row)
        text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return HttpResponse(text, content_type="text/xml; charset=utf-8", status=status)
    text = json.dumps(list(rows), ensure_ascii=False).encode()
    return HttpResponse(text, content_type="application/json; charset=utf-8", status=status)


def say_one(form: str, name: str, row: dict[str, Any]) -> HttpResponse:
    """Return one thing that is no list in either form."""
    if form == "xml":
        root = ET.Element(name)
        _fill(root, row)
        text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return HttpResponse(text, content_type="text/xml; charset=utf-8")
    text = json.dumps(row, ensure_ascii=False).encode()
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def refuse(request: HttpRequest, error: Refused) -> HttpResponse:
    """Return a refusal as the standard has it: a code and what is wrong."""
    form = "xml" if request.path.endswith(".xml") else "json"
    status = STATUS.get(error.status, error.status)
    row = {"code": status, "description": error.spoken()}
    response = say(form, "errors", "error", [row], status=status)
    seconds = getattr(error, "seconds", 0)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def _fill(parent: ET.Element, row: dict[str, Any]) -> None:
    for name, value in row.items():
        child = ET.SubElement(parent, name)
        if isinstance(value, list):
            for one in value:
                inner = ET.SubElement(child, ITEMS.get(name, "item"))
                if isinstance(one, dict):
                    _fill(inner, one)
                else:
                    inner.text = _text(one)
        else:
            child.text = _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(c for c in str(value) if c in "\n\t" or c.isprintable())
