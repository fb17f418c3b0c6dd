"""Seals secrets with `bot.secret_key`: a list of words, the first seals, every one opens, so that keys can be rotated."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import PaintbotError

SHORTEST = 16


class WrongKey(PaintbotError):
    """A sealed text was sealed with a key that `bot.secret_key` does not hold (any more)."""


class Vault:
    """Seals and opens short texts; also derives further secrets (links, sessions, webhooks) from the first key."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are any texts of at least 16 characters; ValueError without one or for a shorter one."""
        if not keys or any(len(key) < SHORTEST for key in keys):
            raise ValueError(f"a secret key has at least {SHORTEST} characters")
        self._first = keys[0]
        self._fernet = MultiFernet([Fernet(urlsafe_b64encode(_derived(key, "credentials"))) for key in keys])

    def seal(self, text: str) -> str:
        """Encrypted text, safe to store."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed; WrongKey when none of our keys opens it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise WrongKey("a stored secret was sealed with another bot.secret_key") from error

    def opens(self, sealed: str) -> bool:
        """Whether one of our keys opens it."""
        try:
            self.open(sealed)
        except WrongKey:
            return False
        return True

    def derive(self, purpose: str) -> bytes:
        """32 bytes for another purpose ("links", "sessions"), the same in every replica."""
        return _derived(self._first, purpose)


def _derived(key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"paintbot {purpose}".encode()).derive(key.encode())
