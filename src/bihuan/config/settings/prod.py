"""Settings of a real installation. Every secret comes from the environment; none has a default."""

from __future__ import annotations

import os

from bihuan.config.settings.base import *  # noqa: F403

SECRET_KEY = os.environ["BIHUAN_SECRET_KEY"]
ALLOWED_HOSTS = os.environ["BIHUAN_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
BIHUAN_SAFE_DATABASE = True
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("BIHUAN_PROXIES", "1"))
"""How many proxies stand before us: the address of a client is taken behind them."""
