"""Tables of accounts."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """An account: a name to sign in with and its factors. Who the person is, the registry knows."""

    personal_data = (
        "A sign-in name and a password hash; first name, last name and e-mail stay empty."
    )

    must_have_second_factor = models.BooleanField(
        default=False, help_text="Set for good when the person is first given a post."
    )

    class Meta:
        """Its own table name."""

        db_table = "accounts_user"
