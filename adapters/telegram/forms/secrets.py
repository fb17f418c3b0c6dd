"""Secrets typed into a form: in memory alone, out of the chat, out of every row."""

import logging
from collections.abc import Mapping
from typing import Any

from aiogram.methods import DeleteMessage

from adapters.telegram.deliver import Posting, Spot
from adapters.telegram.forms.state import State
from adapters.telegram.read import Heard
from adapters.telegram.render import Page
from core.errors import PaintbotError
from core.requests import Line
from core.texts import say

log = logging.getLogger(__name__)
HIDDEN = "•••"
"""Stands in the inbox where a secret stood."""


class Secrets:
    """The secret values of forms being filled, by form and field."""

    def __init__(self, posting: Posting) -> None:
        self._posting = posting
        self._known: dict[str, dict[str, str]] = {}

    def of(self, token: str) -> Mapping[str, str]:
        """What a form holds."""
        return self._known.get(token, {})

    async def take(self, token: str, name: str, value: str, heard: Heard) -> None:
        """Keep a value and delete the message that held it; where that fails its author is asked to do it."""
        self._known.setdefault(token, {})[name] = value
        try:
            await self._posting.wire.call(DeleteMessage(chat_id=heard.chat, message_id=heard.message))
        except PaintbotError as trouble:
            log.warning("telegram: a message with a secret was not deleted: %s", trouble)
            page = Page(say(Line("telegram.form_delete_yourself"), heard.request.language))
            await self._posting.wire.patience(lambda: self._posting.text(Spot(heard.chat, reply=heard.message), page))

    def move(self, old: str, new: str) -> None:
        """The form is asked again under another token."""
        self._known[new] = self._known.pop(old, {})

    def forget(self, token: str) -> None:
        """The form is done."""
        self._known.pop(token, None)

    def lost(self, state: State) -> int | None:
        """The first field whose secret was typed before a restart, and is gone on purpose."""
        known = self.of(state.token)
        for place, one in enumerate(state.fields):
            if one.get("secret") and one["name"] not in known and state.values.get(one["name"], "") is None:
                return place
        return None


def hidden(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """An update without its words."""
    return {**raw, "message": {**raw["message"], "text": HIDDEN, "entities": []}}
