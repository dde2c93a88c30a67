"""Real credentials, from one file that only the service may read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bihuan.kernel.affairs.billing.channels import alipay, wechat
from bihuan.kernel.affairs.billing.kinds import use_channel


class UnableToConfigure(RuntimeError):
    """The file of credentials cannot be used; the site does not start."""


def load(path: Path) -> tuple[str, ...]:
    """Use the channels that a file names; return which. Keys are PEM files beside it.

    Raises:
        UnableToConfigure: missing, readable by others, or a field lacks.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise UnableToConfigure(f"{path} may be read by others: chmod 600")
        given: dict[str, Any] = yaml.safe_load(path.read_text("utf-8")) or {}
        for name, fields in given.items():
            _use(name, fields, path.parent)
    except (OSError, KeyError, TypeError, yaml.YAMLError) as error:
        raise UnableToConfigure(f"{path}: {type(error).__name__}: {error}") from error
    return tuple(given)


def _use(name: str, fields: dict[str, Any], folder: Path) -> None:
    def pem(file: str) -> str:
        return (folder / file).read_text("ascii")

    if name == "wechat":
        keys = {serial: pem(file) for serial, file in fields["platform_keys"].items()}
        own = wechat.Credentials(
            mchid=str(fields["mchid"]),
            appid=str(fields["appid"]),
            serial_no=str(fields["serial_no"]),
            private_key_pem=pem(fields["private_key"]),
            apiv3_key=pem(fields["apiv3_key"]).strip(),
            platform_keys=keys,
        )
        use_channel(wechat.WechatPay(own))
    elif name == "alipay":
        seller = alipay.Credentials(
            app_id=str(fields["app_id"]),
            seller_id=str(fields["seller_id"]),
            private_key_pem=pem(fields["private_key"]),
            alipay_public_key_pem=pem(fields["alipay_public_key"]),
        )
        use_channel(alipay.Alipay(seller))
    else:
        raise UnableToConfigure(f"no channel is called {name}")
