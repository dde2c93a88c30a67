"""Taking notices of channels: the raw bytes, the verdict, the answer that the channel expects."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import taking_powers
from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.ground.registry.web import StepRequest, step

LARGEST = 64 * 1024
"""No notice is longer; what is, is not read."""


@csrf_exempt  # a channel has no session: its signature is what counts
@step(power=EVERYBODY, methods=("POST",), door=Door.API)
def notice(request: StepRequest, channel: str) -> HttpResponse:
    """Take a notice. Whatever its sender claims, only its signature gives it a voice."""
    adapter = billing.find_channel(channel)
    if adapter is None:
        return HttpResponseNotFound()
    length = int(request.headers.get("Content-Length") or 0)
    accepted = False
    if length <= LARGEST:
        scope = registry.system_scope(f"notice.{channel}", taking_powers())
        verdict = billing.receive(
            channel, dict(request.headers.items()), request.body, scope=scope, at=request.at
        )
        accepted = verdict.accepted
    status, kind, body = adapter.answer(accepted=accepted)
    return HttpResponse(body, content_type=kind, status=status)
