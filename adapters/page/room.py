"""One open page of one member: drawn once, kept true to the history while it is open, and led from place to place."""

import asyncio
import contextlib
from collections.abc import Sequence
from urllib.parse import urlencode

import structlog
from nicegui import context, ui

from adapters.page.asking import Asking
from adapters.page.frame import Frame
from adapters.page.history import History, address_of
from adapters.page.lightbox import Lightbox
from adapters.page.nav import Where
from adapters.page.panel import tell
from adapters.page.people import BOT, SECTIONS, Section, colour_of, may_read
from adapters.page.read import copied
from adapters.page.render import balance_of, is_word, way_back
from adapters.page.tab import Tab
from adapters.page.talk import Change
from adapters.page.timeline import Reader, beside_receipts, owner, reason_of
from core.replies import Document, Picture, Reply, Said
from core.requests import Line
from core.texts import say

log = structlog.get_logger("page")
PAGE = 50
MOST_IN_THREAD = 200
KEPT = 90 * 24 * 3600.0


class Room:
    """The controller of one browser tab. `build` draws it, `live` keeps it true until the tab is gone."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.language = tab.language
        self.client = context.client
        self.asking = Asking(tab, self)
        self.reader = Reader(
            self,
            tab.account,
            self._name_of,
            lambda account: colour_of(account, tab.given.people),
            lambda handle: tab.given.addresses.dropped(tab.account, handle),
            self.asking.pressed,
        )
        self._most = PAGE
        self._unread: dict[str, int] = {}
        self._seen = 0
        self._balance = ""
        self._stale = True
        self._spent = False
        self._gone: set[str] = set()
        self._stir = asyncio.Event()
        self._one = asyncio.Lock()

    async def build(self, channel: str, thread: int, section: str) -> None:
        """Draw the page, open where its address says."""
        self._lightbox = Lightbox(self)
        self.frame = Frame(self.tab, self, self.reader, self)
        if channel in self.tab.channels:
            self.tab.channel = channel
        self.tab.thread = thread
        self._history = History(self._return)
        await self._count_unread()
        self.frame.at("talk")
        await self.sync()
        if self.tab.thread:
            self.frame.at("thread")
        if section in SECTIONS:
            await self.visit(SECTIONS[section])
        self._history.begin(self._address())

    def _name_of(self, account: str, known: str) -> str:
        if account == BOT:
            return say(Line("page.bot"), self.language)
        person = next((one for one in self.tab.given.people if str(one.account) == account), None)
        return say(person.name, self.language) if person else known or account

    # -- following the talk ---------------------------------------------------------------------------------------

    async def live(self) -> None:
        """Follow the talk until cancelled: at once inside this process, every few seconds across replicas."""
        with self.tab.given.talk.listen(self._heard):
            await self.ask_balance()
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.tab.given.refresh):
                        await self._stir.wait()
                self._stir.clear()
                try:
                    if await self._turned_away():
                        return
                    await self.sync()
                    if self._spent:
                        self._spent = False
                        await self.ask_balance()
                except Exception:
                    log.exception("page.sync", channel=self.tab.channel)

    async def _turned_away(self) -> bool:
        """Whoever was blocked meanwhile is shown out: nothing is left to read or press, and the door says why."""
        given = self.tab.given
        if given.switching or await given.standing.refused(self.tab.account) is None:
            return False
        with self.client:
            self.client.content.clear()
        self.client.open("/")
        return True

    def _heard(self, change: Change) -> None:
        tab = self.tab
        if change.gone:
            self._gone.add(change.gone)
        if not may_read(change.channel, tab.account) or change.only not in ("", tab.account):
            return
        elsewhere = change.channel != tab.channel and change.author != tab.account
        if elsewhere and change.new and not change.thread:
            self._unread[change.channel] = self._unread.get(change.channel, 0) + 1
        self._spent |= change.asker == tab.account
        self._stale = True
        self._stir.set()

    async def sync(self) -> None:
        """Make the page show what the history holds now."""
        async with self._one:
            tab, talk = self.tab, self.tab.given.talk
            said, older = await talk.seen_by(tab.account, tab.channel, 0, most=self._most)
            counts = await talk.store.replies([one.id for one in said])
            hanging, root = await self._thread_now(said)
            await self._lightbox.look(tab.given.images)
            if self.client.is_deleted:
                return
            with self.client:
                self.frame.show_talk(beside_receipts(said), counts, older=older)
                self.frame.show_thread(root, hanging)
                while self._gone:
                    self.frame.section.strike(self._gone.pop())
                if self._stale:
                    self._stale = False
                    self._draw_places()
            if said and said[-1].id > self._seen and not tab.section:
                self._seen = said[-1].id
                await tab.given.store.keep("page-seen", f"{tab.account}|{tab.channel}", {"id": self._seen}, KEPT)

    async def _thread_now(self, said: Sequence[Said]) -> tuple[Sequence[Said], Said | None]:
        tab, talk = self.tab, self.tab.given.talk
        if not tab.thread:
            return (), None
        root = next((one for one in said if one.id == tab.thread), None)
        root = root or await talk.one(tab.channel, 0, tab.thread)
        if root is None or root.body.get("only", "") not in ("", tab.account):
            tab.thread = 0
            return (), None
        hanging, _ = await talk.seen_by(tab.account, tab.channel, tab.thread, most=MOST_IN_THREAD)
        return (*reason_of(root, said), *beside_receipts(hanging)), root

    def _draw_places(self) -> None:
        self.frame.nav.show(Where(self.tab.channel, self.tab.section, self._unread, self._balance))

    async def _count_unread(self) -> None:
        tab = self.tab
        for channel in tab.channels:
            note = await tab.given.store.recall("page-seen", f"{tab.account}|{channel}")
            said, _ = await tab.given.talk.seen_by(tab.account, channel, 0)
            new = [one for one in said if one.id > int(note["id"]) and owner(one) != tab.account] if note else []
            self._unread[channel] = len(new)
        self._unread[tab.channel] = 0

    async def ask_balance(self) -> None:
        """What stands beside the member's name: the first line about points in the answer to `points`."""
        answer = await self.tab.given.answers.ask(self.tab.asker.question("points", self.tab.place()))
        if isinstance(answer, Reply):
            self._balance = balance_of(answer, self.language)
            self._stale = True
            self._stir.set()

    # -- going about ----------------------------------------------------------------------------------------------

    async def speak(self, language: str) -> None:
        """The member's language, on every platform; the page is drawn anew in it."""
        await self.tab.given.answers.ask(self.tab.asker.question("language", self.tab.place(), subject=language))
        self.turn_to(language)

    def turn_to(self, language: str) -> None:
        """Draw the page anew in this language, open where it is."""
        ui.navigate.to("/page/look?" + urlencode({"language": language, "back": self._address()}))

    def _address(self) -> str:
        return address_of(self.tab.channel, self.tab.thread, self.tab.section)

    async def _return(self, channel: str, thread: int, section: str) -> None:
        """Where the browser's Back or Forward led."""
        channels = self.tab.channels
        await self.go(channel if channel in channels else channels[0])
        if section in SECTIONS:
            await self.visit(SECTIONS[section])
        elif thread:
            await self.open_thread(thread)
        elif self.tab.thread:
            await self.close_thread()

    async def go(self, channel: str) -> None:
        """Open a channel."""
        tab = self.tab
        if channel != tab.channel:
            tab.channel, tab.thread, self._most, self._seen = channel, 0, PAGE, 0
            self.frame.forget()
        tab.section = ""
        self.frame.leave_section()
        self._unread[channel] = 0
        self._stale = True
        self.frame.at("talk")
        await self.sync()
        self._history.remember(self._address())

    async def older(self) -> None:
        """Show a page more of the past."""
        self._most += PAGE
        await self.sync()

    async def open_thread(self, message: int) -> None:
        """Show a message's thread beside the channel."""
        self.tab.thread = message
        self.frame.forget_thread()
        await self.sync()
        self.frame.at("thread")
        self.frame.focus_thread(inside=True)
        self._history.remember(self._address())

    async def close_thread(self) -> None:
        """Back to the channel alone."""
        self.tab.thread = 0
        self.frame.at("talk")
        await self.sync()
        self.frame.focus_thread(inside=False)
        self._history.remember(self._address())

    async def visit(self, section: Section) -> None:
        """Show a section in the middle column."""
        tab = self.tab
        tab.section, tab.thread, self._stale = section.id, 0, True
        self.frame.open_section(section)
        await self.sync()
        self._history.remember(self._address())
        if await self.frame.draw_look(section):
            return
        answer = await tab.given.answers.ask(tab.asker.question(section.verb, tab.place(), section.text))
        if tab.section == section.id:
            await self.asking.take_beside(answer, self.show_in_section)

    # -- what the frame, the asking side and drawn replies need -----------------------------------------------------

    def thinking(self, in_thread: bool) -> contextlib.AbstractContextManager[None]:
        """Three dots where the answer will be."""
        return self.frame.thinking(in_thread)

    async def show_in_section(self, reply: Reply) -> None:
        """An answer in the section on view; a word that something was done is said, and what it was done to shown as it is now."""
        view, section = self.frame.section, self.tab.section
        alert = any(isinstance(part, Line) and part.tone == "alert" for part in reply.parts)
        if section and view.shows and is_word(reply) and not alert:
            tell(reply, self.language)
            back = way_back(reply)
            if back is None or not back.subject:
                back = view.left(back.verb if back else SECTIONS[section].verb)
            await (view.press(back) if back else self.visit(SECTIONS[section]))
        else:
            view.show(reply)

    def image(self, image: str, kind: str) -> str:
        """An image's address for this reader."""
        return self.tab.given.addresses.image(self.tab.account, image, kind)

    def enlarge(self, pictures: Sequence[Picture], at: int) -> None:
        """Pictures in full size."""
        self._lightbox.show(pictures, at)

    def hand_over(self, document: Document) -> None:
        """Save a file."""
        ui.download.content(document.content, document.name, document.mime)

    async def put(self, text: str) -> None:
        """Put an example into the command box of the channel, and go there."""
        if self.tab.section:
            await self.go(self.tab.channel)
        self.frame.box.put(copied(text))

    async def offer(self, text: str) -> None:
        """Put an example into the command box, unless something stands there."""
        if not self.frame.box.text:
            await self.put(text)
