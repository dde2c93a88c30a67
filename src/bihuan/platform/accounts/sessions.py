"""Sessions in the database; a database that is away for a moment is not the reader's mistake."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError


class SessionStore(db.SessionStore):
    """Django's store, which would answer "bad request" when the database is restarting."""

    def save(self, must_create: bool = False) -> None:
        """Save; say it was the database when it was.

        Raises:
            OperationalError: the database was away; sending again helps.
            UpdateError: the session was ended meanwhile.
        """
        try:
            super().save(must_create=must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise
