"""The house without its start-up check: for the control on a forgetful database."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.prod")
application = get_wsgi_application()
