"""Short-lived signed addresses of our web server, through which Jimeng fetches references; the address is the proof."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

KINDS = ("reference", "original", "preview", "thumb")
"""What a link may give."""

ROUTE = "/pictures/{kind}/{image}/{until}/{signature}"
"""The route `bot/web` answers; its parts go into `Links.verify`. All stands in the path: fetchers mangle queries."""

LONGEST = timedelta(days=2)
"""No link lives longer: a painting waits at most 24 h before it is submitted, and Jimeng has 12 h."""


class Links:
    """Signs and verifies addresses with a secret derived from `bot.secret_key`: every replica takes every link."""

    def __init__(self, secret: bytes, base_url: str) -> None:
        if len(secret) < 16:
            raise ValueError("the secret of links has at least 16 bytes")
        self._secret = secret
        self.base_url = base_url.rstrip("/")

    def sign(self, image_id: str, kind: str, seconds: float, now: datetime) -> str:
        """The path (`/pictures/…`) that gives this picture until `now` + `seconds`.

        ValueError for an unknown kind, an id that is no plain word, or a life over two days.
        """
        if kind not in KINDS or not image_id.isalnum() or not image_id.isascii():
            raise ValueError(f"no link for {kind}/{image_id}")
        if not 0 < seconds <= LONGEST.total_seconds():
            raise ValueError(f"a link lives at most two days, not {seconds} s")
        until = str(int(now.timestamp() + seconds))
        return ROUTE.format(kind=kind, image=image_id, until=until, signature=self._signature(kind, image_id, until))

    def url(self, image_id: str, kind: str, seconds: float, now: datetime) -> str:
        """The whole address: base and path. ValueError as in `sign`, or without a base (no `web.public_url`)."""
        if not self.base_url:
            raise ValueError("there is no public address to make a link of")
        return self.base_url + self.sign(image_id, kind, seconds, now)

    def verify(self, kind: str, image_id: str, until: str, signature: str, now: datetime) -> str | None:
        """The image's id when the path's parts are signed by us and still valid, else None. Takes any strings."""
        expected = self._signature(kind, image_id, until)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            return None
        return image_id if now.timestamp() < int(until) else None  # a signed `until` is a number: we wrote it

    def _signature(self, kind: str, image_id: str, until: str) -> str:
        message = "\n".join((kind, image_id, until)).encode("utf-8", "replace")
        return urlsafe_b64encode(hmac.digest(self._secret, message, hashlib.sha256)[:24]).decode()
