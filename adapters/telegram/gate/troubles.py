"""What the Bot API can answer instead of doing it, made ours in one place: the tree of `core.errors`, drawn on top of aiogram's."""

import re

from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from core.errors import DeliveryTrouble, PaintbotError, Undeliverable

TOKEN = re.compile(r"\d+:[\w-]{3,}")

REASONS = (
    ("message is not modified", "unchanged"),
    ("message to edit not found", "missing"),
    ("message to delete not found", "missing"),
    ("message to react not found", "missing"),
    ("message_id_invalid", "missing"),
    ("message can't be deleted", "old"),
    ("message can't be edited", "old"),
    ("message thread not found", "topic"),
    ("topic_closed", "topic"),
    ("topic_deleted", "topic"),
    ("there is no text in the message", "caption"),
    ("there is no caption in the message", "text"),
    ("query is too old", "late"),
    ("failed to send message #", "album"),
    ("photo_invalid_dimensions", "photo"),
    ("image_process_failed", "photo"),
    ("too big for a photo", "photo"),
    ("wrong file identifier", "file"),
    ("wrong remote file identifier", "file"),
    ("type of file mismatch", "file"),
    ("file is too big", "big"),
    ("too many requests", "flood"),
    ("chat not found", "gone"),
    ("user is deactivated", "gone"),
    ("peer_id_invalid", "gone"),
    ("chat_write_forbidden", "forbidden"),
    ("not enough rights", "forbidden"),
    ("have no rights", "forbidden"),
    ("have no write access", "forbidden"),
    ("chat_send_", "forbidden"),
    ("chat_restricted", "forbidden"),
    ("chat_admin_required", "forbidden"),
    ("user_banned_in_channel", "forbidden"),
    ("can't initiate conversation", "closed"),
    ("bot was blocked", "blocked"),
    ("was kicked", "kicked"),
    ("chat was deleted", "gone"),
    ("not a member", "kicked"),
)
"""What stands in a description (lower case) and our one word for it; the first that fits wins."""

UNREACHABLE = ("closed", "blocked", "gone", "forbidden", "kicked")
"""Reasons that mean: nothing can be written into this chat."""


class ApiTrouble(PaintbotError):
    """The scrubbed text of what Telegram or the network said: the cause under our own errors."""


class Refused(Undeliverable):
    """Telegram said no and will say no again; `description` is its sentence, free of the token."""

    def __init__(self, reason: str, description: str) -> None:
        super().__init__(reason)
        self.description = description


class Conflict(DeliveryTrouble):
    """Another program takes updates with the same token: `reason` is "poll" or "webhook"."""


class Unsure(DeliveryTrouble):
    """A message was perhaps sent and perhaps not: no answer came, or no sensible one."""


def scrub(text: str) -> str:
    """The text without anything that looks like a bot token."""
    return TOKEN.sub("<token>", text)


def never_sent(error: BaseException) -> bool:
    """Whether the request surely did not reach Telegram: no connection was made."""
    return isinstance(error, TelegramNetworkError) and isinstance(
        error.__cause__, ClientConnectorError | ConnectionTimeoutError
    )


def uncertain(error: BaseException) -> bool:
    """Whether the request may have been carried out although an error came back (time out, cut connection, 5xx, a page of HTML)."""
    if isinstance(error, TelegramEntityTooLarge):
        return False
    if isinstance(error, TelegramNetworkError):
        return not never_sent(error)
    return isinstance(error, TelegramServerError) or not isinstance(error, TelegramAPIError)


def reason_of(description: str) -> str:
    """Our one word for a description of the Bot API; "refused" when it is none we know."""
    lower = description.lower()
    return next((reason for words, reason in REASONS if words in lower), "refused")


def translate(error: Exception, *, sending: bool) -> PaintbotError:
    """aiogram's error as ours, its cause already set and free of the token. `sending`: an unknown outcome matters."""
    said = scrub(str(error)).removeprefix("Telegram server says - ")
    ours = _ours(error, said, sending)
    ours.__cause__ = ApiTrouble(f"{type(error).__name__}: {said[:500]}")
    return ours


def _ours(error: Exception, said: str, sending: bool) -> PaintbotError:
    match error:
        case TelegramRetryAfter():
            return DeliveryTrouble("flood", float(error.retry_after))
        case TelegramUnauthorizedError():
            return Refused("token", said)
        case TelegramConflictError():
            return Conflict("webhook" if "webhook" in said.lower() else "poll")
        case TelegramEntityTooLarge():
            return Refused("big", said)
        case TelegramForbiddenError() | TelegramBadRequest() | TelegramNotFound():
            reason = reason_of(said)
            fallback = "blocked" if isinstance(error, TelegramForbiddenError) else reason
            return Refused(fallback if reason == "refused" else reason, said)
        case AiogramError() if uncertain(error) and sending:
            return Unsure("unsure")
        case _:
            return DeliveryTrouble("network" if isinstance(error, TelegramNetworkError) else "server")
