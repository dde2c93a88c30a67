"""The addresses of the standard."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import MAY_RAISE
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.ground.registry.web import with_command
from bihuan.kernel.stage.api import MachineRequest, machine
from bihuan.kernel.stage.machines import bearer
from bihuan.platform.adapters import keys
from bihuan.platform.adapters.keys import UnableToEnter
from bihuan.platform.web.commands import Sent, perform
from bihuan.platform.web.errors import NotAllowed, NotFound
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.open311 import asking, reading, saying, taking
from bihuan.scenes.appeals.open311.asking import UnableToAsk
from bihuan.scenes.appeals.open311.types import Shown, Terms, Wanted

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _token(request: HttpRequest) -> str:
    """Return the key: by the header, or in the form as the standard has it; never by the address.

    Addresses are written into logs on the way.
    """
    return bearer(request) or (request.POST.get("api_key", "") if request.method == "POST" else "")


def _require_here(given: Any) -> None:
    wanted = given.get("jurisdiction_id", "")
    if wanted not in {"", settings.BIHUAN_AREA}:
        raise NotFound("There is no such jurisdiction_id here.", code="no_jurisdiction")


def _terms(request: MachineRequest) -> Terms:
    """Return what is offered, after counting who comes without a key."""
    terms = reading.terms_on(request.at)
    if request.key is None:
        ip = str(get_adapter(request).get_client_ip(request) or "")
        asker = hashlib.sha256(f"{settings.SECRET_KEY}:open311:{ip}".encode()).hexdigest()
        keys.count_visit(asker, most=terms.per_minute, at=request.at)
    return terms


@machine(power=EVERYBODY, refuse=saying.refuse)
def services(request: MachineRequest, form: str) -> HttpResponse:
    """List what may be sent."""
    _require_here(request.GET)
    terms = _terms(request)
    rows = [_service(code) for code in terms.services]
    return saying.say(form, "services", "service", rows)


def _service(code: str) -> dict[str, Any]:
    known = next(one for one in CLASSES if one.code == code)
    return {
        "service_code": code,
        "service_name": _(known.title),
        "description": _(known.title),
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(known.words),
        "group": known.line,
    }


@machine(power=EVERYBODY, refuse=saying.refuse)
def definition(request: MachineRequest, code: str, form: str) -> HttpResponse:
    """Say what a service asks for beyond words and place: nothing."""
    _require_here(request.GET)
    if code not in _terms(request).services:
        raise NotFound("There is no such service_code here.", code="no_service")
    row: dict[str, Any] = {"service_code": code, "attributes": []}
    return saying.say_one(form, "service_definition", row)


@machine(power=EVERYBODY, refuse=saying.refuse, methods=("GET", "POST"), find_token=_token)
def requests(request: MachineRequest, form: str) -> HttpResponse:
    """List public matters, or take one in."""
    return _post(request, form) if request.method == "POST" else _list(request, form)


def _list(request: MachineRequest, form: str) -> HttpResponse:
    _require_here(request.GET)
    terms = _terms(request)
    wanted = asking.to_wanted(request.GET.dict(), at=request.at)
    rows = [_row(shown) for shown in reading.list_shown(wanted, terms)]
    return saying.say(form, "service_requests", "request", rows)


@machine(power=EVERYBODY, refuse=saying.refuse)
def one_request(request: MachineRequest, number: str, form: str) -> HttpResponse:
    """Show one public matter; the standard has a list of one."""
    _require_here(request.GET)
    terms = _terms(request)
    found = reading.list_shown(Wanted(ids=(number.upper(),), size=1), terms)
    if not found:
        raise NotFound("There is no such service_request_id.", code="no_request")
    return saying.say(form, "service_requests", "request", [_row(found[0])])


@machine(power=EVERYBODY, refuse=saying.refuse)
def token(request: MachineRequest, token_id: str, form: str) -> HttpResponse:
    """Say that no token was ever given: the number is in the first answer."""
    raise NotFound(
        "No tokens are given here: the service_request_id is in the first answer.", code="no_token"
    )


def _post(request: MachineRequest, form: str) -> HttpResponse:
    if request.content_type not in FORMS:
        raise UnableToAsk("Send the fields as a form (application/x-www-form-urlencoded).")
    given = request.POST.dict()
    _require_here(given)
    terms = _terms(request)
    if request.key is None and not terms.anonymous:
        raise UnableToEnter("Send an api_key with the matter, please.", code="no_key")
    if request.key is not None and not request.scope.has(MAY_RAISE):
        raise NotAllowed("This key may not do this.", code="power")
    answer = _once(request, given, terms)
    return saying.say(form, "service_requests", "request", [answer], status=201)


def _once(request: MachineRequest, given: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """Take a matter in; with the header ``Idempotency-Key`` (a UUID) once however often sent."""
    wanted = request.headers.get("Idempotency-Key", "")
    if not wanted:
        return _receipt(taking.take_in(given, terms, scope=request.scope, at=request.at))
    try:
        command_id = UUID(wanted)
    except ValueError as error:
        raise UnableToAsk("Idempotency-Key is a UUID.", field="Idempotency-Key") from error
    contents = {name: value for name, value in given.items() if name != "api_key"}
    sender = f"key:{request.key.prefix}" if request.key else "open311"
    sent = Sent(command_id=command_id, name="open311.post", sender=sender, contents=contents)
    scope = with_command(request.scope, command_id)
    effect = lambda: _receipt(taking.take_in(given, terms, scope=scope, at=request.at))  # noqa: E731
    return perform(sent, effect, at=request.at).answer


def _receipt(opened: Any) -> dict[str, Any]:
    address = reverse("appeals:track")
    words = _("Received. Find it again with this number and the code %(code)s: %(address)s")
    notice = words % {"code": opened.receipt_code, "address": address}
    return {"service_request_id": opened.number, "service_notice": notice, "account_id": None}


def _row(shown: Shown) -> dict[str, Any]:
    exact = shown.longitude is not None and shown.latitude is not None
    return {
        "service_request_id": shown.number,
        "status": shown.status,
        "status_notes": _state_words(shown),
        "service_name": _title(shown.class_code),
        "service_code": shown.class_code,
        "description": shown.words or None,
        "agency_responsible": shown.holder or None,
        "service_notice": None,
        "requested_datetime": _iso(shown.raised_at),
        "updated_datetime": _iso(shown.closed_at),
        "expected_datetime": None if shown.closed_at else _iso(shown.due_at),
        "address": f"{shown.place} {shown.area_name}".strip() if exact else shown.area_name,
        "address_id": shown.area_code,
        "zipcode": None,
        "lat": shown.latitude,
        "long": shown.longitude,
        "media_url": None,
    }


def _title(code: str) -> str:
    return next((_(one.title) for one in CLASSES if one.code == code), code)


def _state_words(shown: Shown) -> str:
    words = {
        "reported": _("Received by the centre"),
        "verifying": _("Being looked at on the spot"),
        "rejected": _("Not taken on"),
        "merged": _("Handled together with another matter"),
        "suspended": _("Waits for a day that is set"),
        "closed": _("Handled and checked"),
        "evaluated": _("Handled and checked"),
        "voided": _("Ended without handling"),
        "withdrawn": _("Taken back by who sent it"),
    }
    return words.get(shown.state, _("Being handled"))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


@machine(power=EVERYBODY, refuse=saying.refuse)
def discovery(request: MachineRequest, form: str) -> HttpResponse:
    """Say where the standard's addresses are, and in which forms they answer."""
    base = request.build_absolute_uri("/open311/v2")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "changeset": "2026-11-24T00:00:00Z",
        "type": "production" if not settings.BIHUAN_DEMO else "test",
        "formats": ["application/json", "text/xml"],
    }
    row = {
        "changeset": "2026-11-24T00:00:00Z",
        "contact": _("Centre for community governance"),
        "key_service": _("The system administrator gives keys."),
        "jurisdiction_id": settings.BIHUAN_AREA,
        "endpoints": [endpoint],
    }
    return saying.say_one(form, "discovery", row)
