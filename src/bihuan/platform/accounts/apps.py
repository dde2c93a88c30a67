"""The app of accounts."""

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "bihuan.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Refuse the start when the outside provider is set up by halves or without encryption."""
        from allauth.socialaccount.signals import social_account_added

        from bihuan.platform.accounts import adapters, elsewhere

        elsewhere.read(settings.BIHUAN_OIDC)
        social_account_added.connect(adapters.note_link, dispatch_uid="accounts.link")
