"""The app of the design system."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design system."""

    name = "bihuan.platform.ui"
    label = "ui"

    def ready(self) -> None:
        """Lay the account's tours into the session when somebody signs in."""
        from django.contrib.auth.signals import user_logged_in

        from bihuan.platform.ui import touring

        user_logged_in.connect(touring.remember, dispatch_uid="ui.tours")
