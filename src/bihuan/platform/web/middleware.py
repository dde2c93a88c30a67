"""Headers, language and errors, the same for every page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from bihuan.platform.web.errors import Refused

Answer = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; worker-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME


def content_security_policy(answer: Answer) -> Answer:
    """Say on every answer that only our own scripts and styles may run."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers["Content-Security-Policy"] = _policy_for(request)
        response.headers["Permissions-Policy"] = (
            "camera=(self), microphone=(self), geolocation=(self)"
        )
        return response

    return middleware


def _policy_for(request: HttpRequest) -> str:
    """Return the policy; a page whose form leads on to another house has named its origins."""
    origins: tuple[str, ...] = getattr(request, "form_origins", ())
    return POLICY.replace("form-action 'self'", " ".join(("form-action 'self'", *origins)))


def chosen_language(answer: Answer) -> Answer:
    """Speak Chinese unless the reader chose English with the switch; no guess from the browser."""
    known = {code for code, _ in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, settings.LANGUAGE_CODE)
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = answer(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class plain_errors:  # noqa: N801  middleware reads as a word in the settings
    """Turn a refusal that reached the edge into an answer that says what to do."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; everything else goes its way."""
        if not isinstance(error, Refused):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(
                {"error": error.code, "words": error.spoken(), "field": error.field},
                status=error.status,
            )
        context = {"words": error.spoken(), "status": error.status}
        return render(request, "ui/refused.html", context, status=error.status)
