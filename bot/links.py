"""Signed, short-lived addresses under `web.public_url` through which Jimeng fetches a reference."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

SIGNATURE_BYTES = 18


class ReferenceLinks:
    """Makes and reads `/r/IMAGE.EXPIRES.SIGNATURE…`: one signature for each of `secrets`, of which the reader must know one.

    So that replicas read each other's links while a new secret key is being brought to them one after the other.
    """

    def __init__(self, secrets: Sequence[bytes], public_url: str, clock: Callable[[], datetime]) -> None:
        self._secrets = secrets
        self.base = public_url
        self._clock = clock

    def url(self, image: str, seconds: int) -> str | None:
        """An address of a stored picture's id, good for that long; None when the world cannot reach this server."""
        if not self.base:
            return None
        expires = format(int(self._clock().timestamp()) + seconds, "x")
        return f"{self.base}/r/{image}.{expires}.{'.'.join(self._signatures(image, expires))}"

    def image(self, token: str) -> str | None:
        """The picture's id of what stands after `/r/`; None when it was not signed by us or is too old."""
        image, _, rest = token.partition(".")
        expires, _, signatures = rest.partition(".")
        given = [one.encode() for one in signatures.split(".")]  # what a stranger sends need not be ASCII
        ours = [one.encode() for one in self._signatures(image, expires)]
        if not any(hmac.compare_digest(one, other) for one in ours for other in given):
            return None
        return image if int(expires, 16) >= self._clock().timestamp() else None

    def _signatures(self, image: str, expires: str) -> list[str]:
        return [_signature(secret, image, expires) for secret in self._secrets]


def _signature(secret: bytes, image: str, expires: str) -> str:
    digest = hmac.digest(secret, f"{image}.{expires}".encode(), hashlib.sha256)[:SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(digest).decode()
