"""The app of keys."""

from django.apps import AppConfig


class CryptoConfig(AppConfig):
    """Keys, sealed fields, signatures."""

    name = "bihuan.platform.crypto"
    label = "crypto"

    def ready(self) -> None:
        """Refuse to start without keys."""
        from bihuan.platform.crypto import keys

        keys.ring()
