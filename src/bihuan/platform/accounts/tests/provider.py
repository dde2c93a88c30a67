"""A stand-in OpenID provider on this machine: it really signs, and lies as it is told."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "bihuan", "a secret between two houses"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class StandIn:
    """The provider. `subject` signs in; `bend` may spoil the claims, `sign_with` the signature."""

    def __init__(self) -> None:
        self.own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.sign_with: Any = self.own
        self.kid, self.algorithm = "one", "RS256"
        self.subject, self.email = "subject-1", ""
        self.bend: Callable[[dict[str, Any]], None] = lambda _claims: None
        self.discovery: dict[str, Any] = {}
        self.down = self.without_token = False
        self.codes: dict[str, dict[str, str]] = {}
        self.last_token = ""
        self.issuer = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        """Answer one request."""
        size = int(environ.get("CONTENT_LENGTH") or 0)
        form = {k: v[0] for k, v in parse_qs(environ["wsgi.input"].read(size).decode()).items()}
        query = {k: v[0] for k, v in parse_qs(environ["QUERY_STRING"]).items()}
        path = environ["PATH_INFO"]
        if path == "/authorize":
            start("302 Found", [("Location", self.authorize(query))])
            return [b""]
        status, body = "200 OK", {}
        if self.down:
            status = "503 Service Unavailable"
        elif path == "/.well-known/openid-configuration":
            body = self.document()
        elif path == "/jwks":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.own.public_key()))
            body = {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        elif path == "/token":
            status, body = self.token(form)
        elif path == "/userinfo":
            body = {"sub": "whoever userinfo says", "email": self.email}
        else:
            status = "404 Not Found"
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]

    def document(self) -> dict[str, Any]:
        """Return the discovery document."""
        at = self.issuer
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        points = {f"{name}_endpoint": f"{at}/{path}" for name, path in names.items()}
        more = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        return {"issuer": at, "jwks_uri": f"{at}/jwks"} | points | more | self.discovery

    def authorize(self, query: dict[str, str]) -> str:
        """Sign the subject in without asking, and return where to go back."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """Give a token for a code once, to who began and holds the secret."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = asked and asked.get("code_challenge") == proof
        if not asked or not right or form.get("client_secret") != SECRET:
            return "400 Bad Request", {"error": "invalid_grant"}
        answer = {"access_token": "x" * 20, "token_type": "Bearer"}
        if not self.without_token:
            answer["id_token"] = self.last_token = self.signed(asked)
        return "200 OK", answer

    def signed(self, asked: dict[str, str]) -> str:
        """Return the identity token."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.subject, "email": self.email}
        claims |= {"email_verified": True, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        self.bend(claims)
        head = {"kid": self.kid}
        return jwt.encode(claims, self.sign_with, algorithm=self.algorithm, headers=head)


@contextmanager
def running() -> Iterator[StandIn]:
    """Serve a stand-in on a free port of this machine."""
    app = StandIn()
    server = make_server("127.0.0.1", 0, app, handler_class=_Quiet)
    app.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
