"""The menu of commands beside the input field: in every language, in private chats and groups, with admin commands for admins alone."""

import logging
from collections.abc import Sequence

from aiogram.methods import SetMyCommands
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from adapters.telegram.gate import Wire
from adapters.telegram.read.command import MENU
from core.errors import DeliveryTrouble, Undeliverable
from core.replies import Door
from core.requests import Account, Line
from core.texts import LANGUAGES, say

log = logging.getLogger(__name__)


class Menu:
    """Sets the commands. Scopes do not add up, so an admin's own list holds everything."""

    def __init__(self, wire: Wire, door: Door, language: str) -> None:
        self._wire = wire
        self._door = door
        self._language = language
        self._admins: set[str] = set()

    async def set(self) -> None:
        """Everybody's lists, then those of admins. What fails is told in the log: the bot works without a menu."""
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            await self._set(scope, MENU)
        await self.refresh()

    async def refresh(self) -> None:
        """Lists of admins who came or went since."""
        now = {Account.parse(admin).id if ":" in admin else admin for admin in await self._door.admins("telegram")}
        for person in now ^ self._admins:
            names = (*MENU, "paint_admin") if person in now else MENU
            await self._set(BotCommandScopeChat(chat_id=int(person)), names)
        self._admins = now

    async def _set(self, scope: BotCommandScopeUnion, names: Sequence[str]) -> None:
        for language in ("", *LANGUAGES):
            said = language or self._language
            commands = [
                BotCommand(command=name, description=say(Line(f"telegram.menu_{name}"), said)) for name in names
            ]
            try:
                await self._wire.call(SetMyCommands(commands=commands, scope=scope, language_code=language or None))
            except (Undeliverable, DeliveryTrouble) as trouble:
                log.info("telegram: no menu for %s: %s", scope.model_dump(exclude_none=True), trouble)
                return
