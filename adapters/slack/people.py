"""Who is who on Slack: names and languages of members, and the direct channel to each, asked once and remembered."""

import asyncio
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

import structlog

from adapters.slack.web import SlackSaidNo, Web
from core.errors import DeliveryTrouble
from core.replies import PlatformStore
from core.texts import language_of

log = structlog.get_logger(__name__)

A_DAY = 86_400.0
A_YEAR = 365 * A_DAY
MOST_REMEMBERED = 5_000
AT_HAND = 600.0
"""Seconds a person is answered from memory."""
UNTOLD = 5.0
"""Seconds until Slack is asked again about somebody it did not tell of: who waits for the same answer does not ask one after the other."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member as Slack shows them; `language` is "zh" or "en": the one they chose at the desk, else Slack's guess."""

    name: str
    language: str


class People:
    """Names, languages and direct channels, from Slack once a day."""

    def __init__(self, web: Web, store: PlatformStore, language: str) -> None:
        self._web = web
        self._store = store
        self._language = language
        self._directs: dict[str, str] = {}
        self._at_hand: dict[str, tuple[float, Person]] = {}
        self._chosen: dict[str, str] = {}
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def person(self, user: str) -> Person:
        """The person behind a user id; a nameless one in the default language when Slack does not tell."""
        known = self._known(user)
        if known is not None:
            return known
        lock = self._asking.setdefault(user, asyncio.Lock())
        async with lock:  # of several events at once the first asks Slack, and they keep their order
            return self._known(user) or await self._looked_up(user)

    def _known(self, user: str) -> Person | None:
        since, person = self._at_hand.get(user, (0.0, None))
        return person if asyncio.get_running_loop().time() - since < AT_HAND else None

    async def _looked_up(self, user: str) -> Person:
        person = await self._asked(user)
        if chosen := await self._choice(user):
            person = replace(person, language=chosen)
        if len(self._at_hand) >= MOST_REMEMBERED:
            self._at_hand.clear()
        shorter = 0.0 if person.name else AT_HAND - UNTOLD
        self._at_hand[user] = (asyncio.get_running_loop().time() - shorter, person)
        return person

    async def chose(self, user: str, language: str) -> None:
        """The language an answer of the desk was in because its reader had chosen it: ours is the same from now on. "" is no choice."""
        if not language or self._chosen.get(user) == language:
            return
        if len(self._chosen) >= MOST_REMEMBERED:
            self._chosen.clear()
        await self._store.keep("language", user, {"language": language}, A_YEAR)
        self._chosen[user] = language
        self._at_hand.pop(user, None)

    async def _choice(self, user: str) -> str:
        if user not in self._chosen:
            note = await self._store.recall("language", user)
            return str(note["language"]) if note is not None else ""
        return self._chosen[user]

    async def _asked(self, user: str) -> Person:
        note = await self._store.recall("person", user)
        if note is not None:
            return Person(str(note["name"]), str(note["language"]))
        try:
            answer = await self._web.call("users.info", {"user": user, "include_locale": "true"})
        except (SlackSaidNo, DeliveryTrouble) as error:
            log.warning("slack.person_unknown", user=user, error=str(error))
            return Person("", self._language)
        found = answer.get("user") or {}
        profile = found.get("profile") or {}
        name = (
            profile.get("display_name") or profile.get("real_name") or found.get("real_name") or found.get("name") or ""
        )
        person = Person(str(name), language_of(found.get("locale"), self._language))
        await self._store.keep("person", user, {"name": person.name, "language": person.language}, A_DAY)
        return person

    async def direct(self, user: str) -> str:
        """The channel in which only this member and the bot talk. SlackSaidNo or DeliveryTrouble when Slack opens none."""
        if user not in self._directs:
            answer = await self._web.call("conversations.open", {"users": user})
            if len(self._directs) >= MOST_REMEMBERED:
                self._directs.clear()
            self._directs[user] = str(answer["channel"]["id"])
        return self._directs[user]
