"""Signatures of messages between machines, in the form of the Standard Webhooks specification.

Signed are id, moment and the raw body: none of them can be changed, and an old message cannot be
dressed as a new one. The id is the nonce: who receives it twice answers twice and acts once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bihuan.platform.web.errors import Refused

PREFIX = "whsec_"
ID, MOMENT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
ID_LONGEST = 60


class UnableToTrust(Refused):
    """A message is not signed as it must be. Who sent it learns which part is wrong, no more."""

    status = 401


def new_secret() -> str:
    """Return a fresh signing secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature_of(secret: str, message_id: str, moment: int, body: bytes) -> str:
    """Return the signature of one message."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((message_id.encode(), str(moment).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_for(secret: str, message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers that go with a message."""
    moment = int(at.timestamp())
    return {
        ID: message_id,
        MOMENT: str(moment),
        SIGNATURE: signature_of(secret, message_id, moment, body),
    }


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, *, at: datetime, oldest: timedelta
) -> str:
    """Return the id of a message whose signature and age hold.

    `headers` finds names in lower case. Several signatures may stand side by side while a secret
    is replaced; one that holds is enough.

    Raises:
        UnableToTrust: a header lacks, the moment is too far off, or no signature holds.
    """
    message_id, moment = headers.get(ID, ""), headers.get(MOMENT, "")
    if not message_id or len(message_id) > ID_LONGEST or not message_id.isprintable():
        raise UnableToTrust("The header webhook-id is missing or too long.", code="no_id")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        raise UnableToTrust("The header webhook-timestamp is no moment.", code="no_moment")
    sent_at = datetime.fromtimestamp(int(moment), UTC)
    if abs(at - sent_at) > oldest:
        raise UnableToTrust("The message is too old, or from the future.", code="too_old")
    wanted = signature_of(secret, message_id, int(moment), body)
    given = headers.get(SIGNATURE, "").split(" ")[:5]
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise UnableToTrust("The signature does not hold.", code="bad_signature")
    return message_id
