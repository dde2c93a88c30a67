"""Photos and voice notes in pieces: begun with hash and size, gone on from where it stopped."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse

from bihuan.desks.field.sync import check_account
from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry.types import SIGNED_IN
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.files import store
from bihuan.platform.web.errors import Refused

LARGEST_PIECE = 1024 * 1024


@step(power=SIGNED_IN, methods=("POST",), door=Door.PHONE)
def begin(request: StepRequest) -> HttpResponse:
    """Begin a file, or learn how much of it has arrived."""
    given = _read(request)
    check_account(request, given)
    account, digest, size = request.user.pk or 0, given.get("digest"), given.get("size")
    if not isinstance(digest, str) or not isinstance(size, int):
        raise Refused("The centre could not read this. Update the app.", code="json")
    offset = store.begin_upload(account_id=account, digest=digest, size=size, at=request.at)
    stored = store.find_stored(account_id=account, digest=digest) or ""
    return JsonResponse({"offset": offset, "stored": stored})


def _read(request: StepRequest) -> dict[str, Any]:
    try:
        given = json.loads(_body(request))
    except (ValueError, RecursionError) as error:
        raise Refused("The centre could not read this. Update the app.", code="json") from error
    return given if isinstance(given, dict) else {}


def _body(request: StepRequest) -> bytes:
    if int(request.headers.get("Content-Length") or 0) > LARGEST_PIECE:
        raise Refused("A piece has at most one megabyte.", code="piece_too_large")
    return request.body


@step(power=SIGNED_IN, methods=("POST",), door=Door.PHONE)
def append(request: StepRequest, digest: str) -> HttpResponse:
    """Add a piece at ``offset``; the answer says how far it has come, and once whole, that it is.

    A piece that does not fit is answered 409; the phone asks how much there is and goes on.
    """
    given = request.GET.get("offset", "")
    offset = int(given) if given.isdecimal() and len(given) < 12 else -1
    reached, stored = store.append_piece(
        account_id=request.user.pk or 0,
        digest=digest,
        offset=offset,
        piece=_body(request),
        at=request.at,
    )
    return JsonResponse({"offset": reached, "stored": stored})
