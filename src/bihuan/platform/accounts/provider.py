"""Allauth's OpenID Connect with what it leaves out. Allauth finds this module by its name.

Allauth takes the subject from userinfo, and does not check the signature of a token that it fetched
itself, the nonce, or that the issuer of the discovery document is the one that was set up. Here the
signed token alone says who it is, all of it is checked, and nothing else about the person is asked
for or kept.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from bihuan.platform.accounts import elsewhere

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signed with a private key; never with a shared secret, never unsigned."""
CLAIMS = ("iss", "aud", "exp", "iat", "sub", "nonce")
LEEWAY = 30
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Exchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One conversation with the provider."""

    nonce = ""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """Return the discovery document, if it is the one of the provider that was set up.

        Raises:
            OAuth2Error: it is another's, or an address in it is not to be trusted.
        """
        config: dict[str, Any] = super().openid_config
        outside = elsewhere.current()
        if outside is None or config.get("issuer") != outside.issuer:
            raise OAuth2Error("the discovery document names another issuer")
        if not all(elsewhere.is_safe(str(config.get(name))) for name in ADDRESSES):
            raise OAuth2Error("an address in the discovery document is not encrypted")
        if elsewhere.origin_of(config["authorization_endpoint"]) not in outside.origins:
            where = urlsplit(config["authorization_endpoint"]).netloc
            raise OAuth2Error(f"BIHUAN_OIDC_ORIGINS does not name {where}")
        return config

    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **kwargs: Any
    ) -> SocialLogin:
        """Return who came, as the signed token says."""
        claims = self.read(str(kwargs["response"].get("id_token", "")))
        return self.get_provider().sociallogin_from_response(request, claims)

    def read(self, token: str) -> dict[str, Any]:
        """Return the claims of the token.

        Raises:
            OAuth2Error: it is not a fresh one that this provider signed for us and this very try.
        """
        client = self.get_provider().app.client_id
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key=self._key(token),
                algorithms=list(ALGORITHMS),
                issuer=self.openid_config["issuer"],
                audience=client,
                leeway=LEEWAY,
                options={"require": list(CLAIMS)},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the token is not to be believed: {error}") from error
        if not self.nonce or not secrets.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("the token was made for another try")
        many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if many else client) != client:
            raise OAuth2Error("the token was made for another program")
        return claims

    def _key(self, token: str) -> jwt.PyJWK:
        kid = jwt.get_unverified_header(token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [key for key in keys if key.key_id == kid]
        if len(fitting) != 1:
            raise OAuth2Error("the token is signed with a key that the provider does not name")
        return fitting[0]

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return the address to come back to."""
        return request.build_absolute_uri(reverse("elsewhere_back"))


class Elsewhere(OpenIDConnectProvider):  # type: ignore[misc]
    """The provider, asked for nothing but who it is."""

    oauth2_adapter_class = Exchange
    pkce_enabled_default = True

    def get_default_scope(self) -> list[str]:
        """Return the scope: no name, no e-mail."""
        return ["openid"]

    def begin(self, request: HttpRequest, process: str, next_url: str | None) -> HttpResponse:
        """Send the person to the provider."""
        nonce = secrets.token_urlsafe(24)
        answer: HttpResponse = self.redirect(
            request, process, next_url, nonce=nonce, auth_params={"nonce": nonce}
        )
        return answer

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return the subject."""
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep nothing besides the subject."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Take over no name."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Take over no e-mail: it neither finds nor makes an account."""
        return []


class Return(OAuth2CallbackView):  # type: ignore[misc]
    """Coming back, with the nonce of this try at hand."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, answer


provider_classes = [Elsewhere]
