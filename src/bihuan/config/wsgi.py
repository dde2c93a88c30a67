"""The entry point of the web server."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.prod")
application = get_wsgi_application()

if settings.BIHUAN_SAFE_DATABASE:
    from bihuan.platform.database.safety import require_safe_database

    require_safe_database()
