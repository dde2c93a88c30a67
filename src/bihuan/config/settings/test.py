"""Settings of the test suite: strict pages, fast passwords, no kept connection."""

from __future__ import annotations

import os

from bihuan.config.settings.base import *  # noqa: F403
from bihuan.config.settings.base import ROOT, database

SECRET_KEY = "only-for-tests-" + "0" * 40
DATABASES = {
    "default": database(
        os.environ.get("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/bihuan"), keep=False
    )
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
BIHUAN_STRICT_PAGES = True
BIHUAN_SECOND_FACTOR = False
"""Tests of sign-in switch it on; the others come in through the test client."""
BIHUAN_MEDIA = ROOT / "var" / "test-media"
BIHUAN_KEYS = str(ROOT / "var" / "test-keys")
BIHUAN_MAKE_KEYS = True
BIHUAN_STAND_INS = True
BIHUAN_LOOPBACK = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
