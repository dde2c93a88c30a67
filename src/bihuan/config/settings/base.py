"""Settings that hold everywhere. A place of use adds to them and never loosens them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "src" / "bihuan"


def database(url: str, *, keep: bool) -> dict[str, object]:
    """Return Django's description of the PostgreSQL at `url`.

    Each thread may keep its connection and looks whether it still stands before it uses it. A
    pool would be no faster with our few threads, and after a restart of the database it hands out
    dead connections or waits out its own growing pauses.
    """
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "bihuan",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 300 if keep else 0,
        "CONN_HEALTH_CHECKS": keep,  # a restarted database costs nobody an error page
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/bihuan")
DATABASES = {"default": database(DATABASE_URL, keep=True)}

SCENES: tuple[str, ...] = (
    "bihuan.scenes.appeals",
    "bihuan.scenes.industrial_grid",
    "bihuan.scenes.joint_inspection",
    "bihuan.scenes.safe_enterprise",
    "bihuan.scenes.school_fees",
)
"""The stories that this installation runs. The only place that lists them."""

PLATFORM_APPS = [
    "bihuan.platform.crypto",
    "bihuan.platform.web",
    "bihuan.platform.adapters",
    "bihuan.platform.ui",
    "bihuan.platform.jobs",
    "bihuan.platform.files",
    "bihuan.platform.learning",
    "bihuan.platform.cli",
]
KERNEL_APPS = [
    "bihuan.kernel.ground.events",
    "bihuan.kernel.ground.registry",
    "bihuan.kernel.ground.standards",
    "bihuan.kernel.ground.clocks",
    "bihuan.kernel.ground.privacy",
    "bihuan.kernel.tools.codes",
    "bihuan.kernel.tools.documents",
    "bihuan.kernel.tools.assessments",
    "bihuan.kernel.tools.ledger",
    "bihuan.kernel.tools.notices",
    "bihuan.kernel.affairs.fieldwork",
    "bihuan.kernel.affairs.settlement",
    "bihuan.kernel.affairs.billing",
    "bihuan.kernel.affairs.cases",
    "bihuan.kernel.sight.indices",
    "bihuan.kernel.stage",
]
DESK_APPS = [
    "bihuan.desks.resident",
    "bihuan.desks.officer",
    "bihuan.desks.enterprise",
    "bihuan.desks.field",
    "bihuan.desks.command",
    "bihuan.desks.public",
    "bihuan.desks.machines",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "bihuan.platform.accounts",  # before allauth: its templates are ours
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "procrastinate.contrib.django",
    *PLATFORM_APPS,
    *KERNEL_APPS,
    *SCENES,
    *DESK_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bihuan.platform.web.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bihuan.platform.web.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bihuan.platform.accounts.middleware.idle_sign_out",
    "bihuan.platform.accounts.middleware.second_factor",
    "allauth.account.middleware.AccountMiddleware",
    "bihuan.platform.web.middleware.plain_errors",
]

ROOT_URLCONF = "bihuan.config.urls"
WSGI_APPLICATION = "bihuan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bihuan.platform.ui.context.look",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "bihuan.platform.accounts.adapters.AccountAdapter"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "bihuan.platform.accounts.adapters.FactorAdapter"
SOCIALACCOUNT_ADAPTER = "bihuan.platform.accounts.adapters.ElsewhereAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "/in/"
LOGIN_REDIRECT_URL = "/"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static"
WHITENOISE_USE_FINDERS = True

SESSION_ENGINE = "bihuan.platform.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

BIHUAN_DEMO = False
"""True only in demo settings: one-click accounts, the demo world."""
BIHUAN_STRICT_PAGES = False
"""True in development and tests: a query while a page renders is an error."""
BIHUAN_SECOND_FACTOR = True
"""Accounts with a post need a second factor. Only tests switch it off."""
BIHUAN_SAFE_DATABASE = False
"""True in a real installation: the start is refused on a database that could lose what it said."""
BIHUAN_IDLE_MINUTES = int(os.environ.get("BIHUAN_IDLE_MINUTES", "120"))
"""A session that nobody used for so long ends."""
BIHUAN_OIDC: dict[str, str] = {
    name.lower(): os.environ.get(f"BIHUAN_OIDC_{name}", "")
    for name in ("ID", "NAME", "ISSUER", "CLIENT", "SECRET", "ORIGINS")
}
"""Sign-in through an outside provider; none by default. See docs/how-to/sign-in-elsewhere.md."""
BIHUAN_MEDIA = Path(os.environ.get("BIHUAN_MEDIA", str(ROOT / "var" / "media")))
BIHUAN_FONTS: tuple[str, ...] = tuple(
    os.environ.get("BIHUAN_FONTS", "").split(os.pathsep)
    if os.environ.get("BIHUAN_FONTS")
    else [
        str(ROOT / "node_modules/@expo-google-fonts/noto-sans-sc" / weight)
        for weight in ("400Regular", "700Bold")
    ]
)
"""Folders with the fonts of papers, first come first used; a county may add one for rare names."""
BIHUAN_KEYS = os.environ.get("BIHUAN_KEYS", "")
"""Folder of the installation's keys (field encryption, blind index, code signing)."""
BIHUAN_MAKE_KEYS = False
"""True only in demo and tests: missing keys are made. Elsewhere the start is refused."""
BIHUAN_PAYMENTS = os.environ.get("BIHUAN_PAYMENTS", "")
"""File of the payment channels' credentials; see docs/how-to/payment-channels.md."""
BIHUAN_AREA = os.environ.get("BIHUAN_AREA", "3304")
"""Code of the city or county that this installation serves."""

BIHUAN_CHANNELS: dict[str, str] = dict(
    pair.split("=", 1) for pair in os.environ.get("BIHUAN_CHANNELS", "").split(",") if pair
)
"""Ways out of the house besides the inbox: ``sms=package.module:Adapter,…``; none by default."""
BIHUAN_OUTBOX = Path(os.environ.get("BIHUAN_OUTBOX", str(ROOT / "var" / "outbox.jsonl")))
"""Where the file adapter of a channel appends its lines."""

BIHUAN_OUTSIDE: dict[str, str] = dict(
    pair.split("=", 1) for pair in os.environ.get("BIHUAN_OUTSIDE", "").split(",") if pair
)
"""Addresses of systems outside: ``hotline=https://…,traffic=https://…``; none by default."""
BIHUAN_STAND_INS = False
"""True in the demo and in tests: a system without an address is played by a table."""
BIHUAN_LOOPBACK = False
"""True in the demo and in tests: messages may go to this machine itself."""

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",  # shared by all processes: tries to sign in are counted here
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"bihuan": {"level": "INFO"}},
}
