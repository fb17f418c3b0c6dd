"""Signed, short-lived addresses under `web.public_url` through which Jimeng fetches a reference."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

SIGNATURE_BYTES = 18


class ReferenceLinks:
    """Makes and reads `/r/IMAGE.EXPIRES.SIGNATURE`. `secrets`: the first signs, all verify."""

    def __init__(self, secrets: Sequence[bytes], public_url: str, clock: Callable[[], datetime]) -> None:
        self._secrets = secrets
        self.base = public_url
        self._clock = clock

    def url(self, image: str, seconds: int) -> str | None:
        """An address of a stored picture's id, good for that long; None when the world cannot reach this server."""
        if not self.base:
            return None
        expires = format(int(self._clock().timestamp()) + seconds, "x")
        return f"{self.base}/r/{image}.{expires}.{_signature(self._secrets[0], image, expires)}"

    def image(self, token: str) -> str | None:
        """The picture's id of what stands after `/r/`; None when it was not signed by us or is too old."""
        image, _, rest = token.partition(".")
        expires, _, signature = rest.partition(".")
        given = signature.encode()  # what a stranger sends need not be ASCII
        if not any(hmac.compare_digest(_signature(secret, image, expires).encode(), given) for secret in self._secrets):
            return None
        return image if int(expires, 16) >= self._clock().timestamp() else None


def _signature(secret: bytes, image: str, expires: str) -> str:
    digest = hmac.digest(secret, f"{image}.{expires}".encode(), hashlib.sha256)[:SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(digest).decode()
