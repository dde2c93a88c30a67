"""The peer of W1a: a ticket of django-helpdesk through create, assign, follow-up, resolve, close.

The bench makes a virtual environment in a folder that goes with the run, installs the peer there
and walks its ticket through its own form and its own ``update_ticket`` on the same server, each
step a transaction. Run with the folder's python: ``with_helpdesk.py URL CASES``; it prints seconds
for a case and statements for a case.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PACKAGES = ("django-helpdesk==2.6.1", "psycopg[binary]==3.3.9")


def install(folder: Path) -> Path | None:
    """Return the python of a fresh environment with the peer, or None, loudly, if pip cannot."""
    python = folder / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        command = [str(python), "-m", "pip", "install", "-q", *PACKAGES]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"W1a peer SKIPPED: pip cannot install {' '.join(PACKAGES)}: {error.stderr or error}")
        return None
    return python


def measure(python: str, url: str, cases: int) -> tuple[float, float] | None:
    """Return the peer's seconds and statements for a case."""
    command = [python, "-W", "ignore", __file__, url, str(cases)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"W1a peer SKIPPED: {done.stderr.strip().splitlines()[-1]}")
        return None
    seconds, statements = done.stdout.split()[-2:]
    return float(seconds), float(statements)


# -- inside the environment of the peer ------------------------------------------------------------


def settle(url: str) -> None:
    """Configure the peer as its manual says, without mail, and make its tables."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.urls import include, path

    at = urlsplit(url)
    apps = ["auth", "contenttypes", "sessions", "sites", "messages", "humanize", "admin"]
    settings.configure(
        SECRET_KEY="only-for-this-run",
        USE_TZ=True,
        SITE_ID=1,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_PUBLIC_TICKET_DUE_DATE=None,
        INSTALLED_APPS=[*(f"django.contrib.{a}" for a in apps), "rest_framework", "helpdesk"],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": at.path.lstrip("/"),
                "USER": at.username,
                "HOST": at.hostname,
                "PORT": at.port,
                "CONN_MAX_AGE": 600,
            }
        },
    )
    django.setup()
    settings.ROOT_URLCONF = (path("helpdesk/", include("helpdesk.urls")),)
    call_command("migrate", verbosity=0)


def walk(user: object, queue: object) -> None:
    """Walk one ticket, each step in a transaction as its views have it."""
    from django.db import transaction
    from helpdesk.forms import TicketForm
    from helpdesk.models import Ticket
    from helpdesk.update_ticket import update_ticket

    said = "秦山路路灯不亮"
    data = {"queue": queue.pk, "title": said, "body": said, "priority": 3}
    with transaction.atomic():
        form = TicketForm(data=data, queue_choices=[(queue.pk, queue.title)])
        assert form.is_valid(), form.errors
        ticket = form.save(user=user)
    steps = (
        {"owner": user.pk},
        {"comment": "换了灯", "public": True},
        {"new_status": Ticket.RESOLVED_STATUS, "comment": "亮了"},
        {"new_status": Ticket.CLOSED_STATUS},
    )
    for step in steps:
        with transaction.atomic():
            update_ticket(user, ticket, **step)


def main(url: str, cases: int) -> None:
    """Print what a case takes."""
    settle(url)
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from helpdesk.models import Queue

    user = User.objects.create_user("mei", is_staff=True)
    queue = Queue.objects.create(title="Lamps", slug="lamps")
    walk(user, queue)
    with CaptureQueriesContext(connection) as caught:
        walk(user, queue)
    found = []
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(cases):
            walk(user, queue)
        found.append((time.perf_counter() - began) / cases)
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    print(sorted(found)[1], sum(not query["sql"].startswith(words) for query in caught))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
