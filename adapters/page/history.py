"""The browser's own Back and Forward: each place of the page that was gone to has an address, and its address leads back to it."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlencode

from nicegui import events, ui

LISTEN = "addEventListener('popstate', () => emitEvent('pb-returned', location.search))"


def address_of(channel: str, thread: int, section: str) -> str:
    """Where a place is found again."""
    query = {"c": channel, "t": thread or "", "s": section}
    return "/?" + urlencode({key: value for key, value in query.items() if value})


def thread_of(said: str) -> int:
    """The thread an address names, 0 for none and for what is no number of ours."""
    return int(said) if said.isdecimal() and len(said) < 12 else 0


class History:
    """One tab's; `returned(channel, thread, section)` is told where Back or Forward led."""

    def __init__(self, returned: Callable[[str, int, str], Awaitable[None]]) -> None:
        self._returned = returned
        self._here = ""
        self._returning = True
        self._turn = asyncio.Lock()
        ui.on("pb-returned", self._popped)
        ui.run_javascript(LISTEN)

    def begin(self, address: str) -> None:
        """The page stands where its address led; from now on places are remembered."""
        self._here, self._returning = address, False

    def remember(self, address: str) -> None:
        """Somebody went there."""
        if not self._returning and address != self._here:
            ui.navigate.history.push(address)
        self._here = address

    async def _popped(self, event: events.GenericEventArguments) -> None:
        """What lies over the page is closed first, and nothing else happens, as on a phone."""
        open_now = [one for one in event.client.elements.values() if isinstance(one, ui.dialog) and one.value]
        if open_now:
            for one in open_now:
                one.close()
            ui.navigate.history.push(self._here)
            return
        query = parse_qs(str(event.args).removeprefix("?"))
        channel, thread, section = (query.get(name, [""])[0] for name in "cts")
        async with self._turn:  # one after the other, however fast the key is pressed
            self._returning = True
            try:
                await self._returned(channel, thread_of(thread), section)
            finally:
                self._returning = False
