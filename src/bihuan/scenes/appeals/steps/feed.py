"""A system outside sends what it has: a key says who, a signature that it is so."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse, JsonResponse

from bihuan.kernel.affairs.cases.types import MAY_RAISE
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.stage.api import MachineRequest, machine
from bihuan.platform import clock
from bihuan.platform.adapters import arriving, keys, signing
from bihuan.platform.adapters.types import Body
from bihuan.platform.web.commands import Sent, perform
from bihuan.platform.web.errors import NotAllowed, Refused
from bihuan.scenes.appeals import feeds
from bihuan.scenes.appeals.feeds import UnableToTakeIn


def refuse(request: HttpRequest, error: Refused) -> HttpResponse:
    """Return a refusal as JSON."""
    said = {"error": error.code, "words": error.spoken(), "field": error.field}
    response = JsonResponse(said, status=error.status, json_dumps_params={"ensure_ascii": False})
    seconds = getattr(error, "seconds", 0)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


@machine(power=MAY_RAISE, refuse=refuse, methods=("POST",))
def push(request: MachineRequest, code: str) -> HttpResponse:
    """Take in one signed message of a system; sent again, it gets the same answer."""
    system = feeds.get_system(code)
    if request.key is None or request.key.system != code or not system.pushes:
        raise NotAllowed("This key belongs to another system.", code="other_system")
    event_id = signing.verify(
        keys.secret_of(request.key.id),
        request.headers,
        request.body,
        at=request.at,
        oldest=_oldest(request),
    )
    body = _body(request.body)

    def once(effect: arriving.Effect) -> arriving.Effect:
        """Let one event id stand for one content, whatever number it names."""
        return lambda: _once(request, event_id, body, effect)

    received = feeds.take_in(system, body, scope=request.scope, at=request.at, around=once)
    answer = {**received.answer, "repeated": received.repeated}
    return JsonResponse(answer, status=200 if received.repeated else 201)


def _once(
    request: MachineRequest, event_id: str, body: Body, effect: arriving.Effect
) -> tuple[str, Body]:
    assert request.key is not None
    sender = f"key:{request.key.prefix}"
    command_id = uuid5(NAMESPACE_URL, f"{sender}:{event_id}")

    def kept() -> Body:
        subject, answer = effect()
        return {"subject": subject, "answer": answer}

    sent = Sent(command_id=command_id, name="feeds.push", sender=sender, contents=body)
    done = perform(sent, kept, at=request.at).answer
    return done["subject"], done["answer"]


def _oldest(request: MachineRequest) -> timedelta:
    rule = standards.get_standard("appeals.webhooks", on=clock.business_date(request.at))
    return timedelta(seconds=int(rule.value["oldest_seconds"]))


def _body(raw: bytes) -> Body:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UnableToTakeIn("Send one JSON object.", code="no_json") from error
    if not isinstance(value, dict):
        raise UnableToTakeIn("Send one JSON object.", code="no_json")
    return value
