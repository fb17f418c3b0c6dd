"""The language a member chose at the desk, for what the adapter says by itself: there Telegram's guess would win otherwise."""

from dataclasses import replace

from adapters.telegram.read import Heard
from core.replies import PlatformStore

YEAR = 365 * 86400.0
MOST_REMEMBERED = 5_000


class Languages:
    """Learned from the desk's answers, noted when it changes."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    async def learn(self, heard: Heard, language: str) -> Heard:
        """What was heard, in the language of an answer; "" is no choice."""
        if not language:
            return heard
        person = heard.request.account.id
        if self._known.get(person) != language:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            await self._store.keep("language", person, {"language": language}, YEAR)
            self._known[person] = language
        return _in(heard, language)

    async def chosen(self, heard: Heard) -> Heard:
        """What was heard, in the language its person chose; Telegram's guess where none is known."""
        person = heard.request.account.id
        if person not in self._known:
            note = await self._store.recall("language", person)
            if note is None:
                return heard
            self._known[person] = str(note["language"])
        return _in(heard, self._known[person])


def _in(heard: Heard, language: str) -> Heard:
    return replace(heard, request=replace(heard.request, language=language))
