"""The frame of a page: three columns, their heads, and what stands in the middle; on a phone one column at a time."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from nicegui import ui
from nicegui.element import Element

from adapters.page.admin.floor import Floor
from adapters.page.admin.views import view_of
from adapters.page.commandbox import CommandBox, Wiring
from adapters.page.curtain import DARK
from adapters.page.elements import Tag, box, button, icon
from adapters.page.keyboard import begin_in, keep_place, lead_back, lead_into
from adapters.page.nav import Me, Nav
from adapters.page.panel import Panel
from adapters.page.people import Section, colour_of
from adapters.page.render import Stage
from adapters.page.sections import SectionView
from adapters.page.tab import Tab
from adapters.page.timeline import Reader, Timeline, owner, waiting
from core.replies import Button, Reply, Said
from core.requests import Line, Offered
from core.texts import say

THEMES = {"auto": ("light", "o_contrast"), "light": ("dark", "o_light_mode"), "dark": ("auto", "o_dark_mode")}
OTHER = {"zh": "en", "en": "zh"}
WHERES = ("list", "talk", "section", "thread", "panel")


class Asks(Protocol):
    """What the command boxes and a section's buttons ask."""

    async def send(self, text: str, files: Sequence[Offered], thread: int = 0, painting: str = "") -> None:
        """Say a line."""
        ...

    async def price(self, text: str, files: Sequence[Offered]) -> Reply | None:
        """What a line would cost."""
        ...

    async def pressed_in_section(self, button: Button) -> None:
        """A button of the section on view."""
        ...

    async def pressed_beside(self, button: Button, show: Callable[[Reply], Awaitable[None]]) -> None:
        """A button of the panel or of a view; `show` is given the answer."""
        ...


class Moves(Protocol):
    """Where the frame's links and buttons lead."""

    @property
    def asking(self) -> Asks:
        """Who is asked."""
        ...

    async def go(self, channel: str) -> None:
        """Open a channel."""
        ...

    async def visit(self, section: Section) -> None:
        """Open a section."""
        ...

    async def speak(self, language: str) -> None:
        """Read and answer in this language from now on, everywhere."""
        ...

    async def older(self) -> None:
        """Show more of the past."""
        ...

    async def open_thread(self, message: int) -> None:
        """Open a thread."""
        ...

    async def close_thread(self) -> None:
        """Close the thread."""
        ...


class Frame:
    """Draws the columns of a tab into the page, once."""

    def __init__(self, tab: Tab, stage: Stage, reader: Reader, moves: Moves) -> None:
        self._tab, self._stage, self._reader, self._moves = tab, stage, reader, moves
        self._thinking = {False: 0, True: 0}
        self._dark = ui.dark_mode(DARK[tab.theme])
        people = tab.given.people if tab.given.switching else ()
        colour = colour_of(tab.account, tab.given.people)
        me = Me(tab.account, tab.asker.name, colour, tab.admin, tab.language)
        with box("pb-page") as self._page:
            self.nav = Nav(me, tab.given.channels, people, moves.go, moves.visit)
            with box("pb-main", "main") as self._main:
                self._draw_head()
                self._draw_talk()
                self.section = SectionView(stage, moves.asking.pressed_in_section)
            with box("pb-thread", "aside", aria_label=self._say("thread")) as self._thread:
                self._draw_thread()
            self._panel = Panel(stage, moves.asking, self._show_panel, self.section.refresh)
        self._floor = self._made_floor()
        keep_place(self._page)
        begin_in(self._main)

    def _made_floor(self) -> Floor | None:
        looker = self._tab.given.looker
        if looker is None:
            return None
        return Floor(self._tab, looker, self._stage, self._panel, self.section, self._moves.visit)

    def _say(self, key: str, **values: str | int) -> str:
        return say(Line(f"page.{key}", values), self._tab.language)

    # -- the middle column ----------------------------------------------------------------------------------------

    def _draw_head(self) -> None:
        with box("pb-top", "header"):
            back = button("", self._list, "bare", sign="arrow_back", name=self._say("back"))
            back.classes("pb-phone-only").mark("to-list")
            self._title = Tag("h1", "")
            with box("pb-choices"):
                self._theme = button("", self._turn_theme, "quiet", sign="o_contrast", name=self._say("theme"))
                self._theme.mark("theme")
                other = OTHER[self._tab.language]
                change = button(self._say("other_language"), lambda: self._moves.speak(other), "quiet")
                change.mark("language").props["lang"] = other
        self._show_theme()

    def _list(self) -> None:
        self.at("list")
        self.nav.reveal()

    def _show_theme(self) -> None:
        self._theme.clear()
        with self._theme:
            icon(THEMES[self._tab.theme][1])
            Tag("span", self._say(f"theme_{self._tab.theme}"))

    def _turn_theme(self) -> None:
        self._tab.theme = THEMES[self._tab.theme][0]
        self._dark.set_value(DARK[self._tab.theme])
        self._show_theme()
        # the session lives in the browser's cookie, which only an answer to the browser can change
        ui.run_javascript(f"fetch('/page/look?theme={self._tab.theme}', {{redirect: 'manual'}})")

    def _draw_talk(self) -> None:
        with box("pb-talk"):
            with box("pb-scroll", tabindex="0", role="log", aria_label=self._say("talk")), box("pb-scrolled"):
                self._older = button(self._say("older"), self._moves.older, "quiet").classes("pb-older")
                self._empty = self._draw_empty()
                opening = replace(self._reader, open=self._moves.open_thread)
                self._lines = Timeline(box("pb-timeline"), opening)
                self._dots = waiting(self._tab.language)
            self.box = CommandBox(self._wiring(0))
        self.box.take_from(self._main)
        self._dots.set_visibility(False)

    def _draw_empty(self) -> Element:
        with box("pb-empty") as held:
            Tag("span", "", "pb-logo large", aria_hidden="true")
            Tag("h2", self._say("empty_title"))
            Tag("p", self._say("empty_text"))
            with box("pb-buttons"):
                button(self._say("example_short"), lambda: self._stage.put(self._say("example")), "plain").mark("try")
                button(self._say("random"), lambda: self._moves.asking.send("/random", ()), "plain")
        return held

    def _wiring(self, thread: int, painting: str = "") -> Wiring:
        return Wiring(
            self._reader,
            self._tab.given.uploads,
            self._tab.given.commands,
            self._tab.given.flags,
            lambda text, files: self._moves.asking.send(text, files, thread=thread, painting=painting),
            self._moves.asking.price,
            painting=bool(painting),
            thread=thread,
            hint=Line("page.thread_hint" if painting else "page.box_hint"),
        )

    def show_talk(self, said: Sequence[Said], counts: Mapping[int, int], *, older: bool) -> None:
        """The messages of the open channel."""
        if not self._tab.section:
            self._title.set_text(self._channel_name())
        self._older.set_visibility(older)
        self._empty.set_visibility(not said)
        first = self._lines.empty
        if self._lines.show(said, counts) and not first and owner(said[-1]) == self._tab.account:
            self._lines.reveal()

    def _channel_name(self) -> str:
        known = next((one for one in self._tab.given.channels if one.id == self._tab.channel), None)
        return f"# {say(known.label, self._tab.language)}" if known else self._say("direct")

    def forget(self) -> None:
        """Another channel opens: nothing of this one stays."""
        self._lines.clear()
        self.forget_thread()

    @contextmanager
    def thinking(self, in_thread: bool) -> Iterator[None]:
        """Three dots while the desk is asked."""
        dots = self._thread_dots if in_thread and self._tab.thread else self._dots
        self._thinking[in_thread] += 1
        dots.set_visibility(True)
        try:
            yield
        finally:
            self._thinking[in_thread] -= 1
            if not self._thinking[in_thread] and not dots.is_deleted:
                dots.set_visibility(False)

    def open_section(self, section: Section) -> None:
        """The middle column belongs to a section now."""
        self._title.set_text(say(section.label, self._tab.language))
        self.section.wait(section)
        self._panel.leave()
        self.at("section")

    async def draw_look(self, section: Section) -> bool:
        """Let a section that is looked at show its view; False when it is one of the desk's replies."""
        view = view_of(section.id, self._floor) if self._floor is not None else None
        if view is None:
            return False
        await self.section.look_at(view)
        return True

    def leave_section(self) -> None:
        """The middle column belongs to the talk again."""
        self.section.wait(None)
        self._panel.leave()

    def _show_panel(self, something: bool) -> None:
        self._page.classes(add="with-panel" if something else "", remove="" if something else "with-panel")
        if self._tab.section:
            self.at("panel" if something else "section")

    # -- the thread -----------------------------------------------------------------------------------------------

    def _draw_thread(self) -> None:
        with box("pb-top", "header"):
            back = button("", self._moves.close_thread, "bare", sign="arrow_back", name=self._say("back"))
            back.classes("pb-phone-only").mark("to-talk")
            self._thread_title = Tag("h2", self._say("thread"), tabindex="-1")
            self._thread_id = Tag("span", "", "pb-id")
            close = button("", self._moves.close_thread, "bare", sign="close", name=self._say("close"))
            close.classes("pb-wide-only pb-close").mark("thread-close")
        with box("pb-scroll", tabindex="0", role="log", aria_label=self._say("thread")), box("pb-scrolled"):
            self._thread_lines = Timeline(box("pb-timeline"), self._reader)
            self._thread_dots = waiting(self._tab.language)
        self._thread_dots.set_visibility(False)
        self._thread_foot = box("pb-thread-foot")
        self._box_of = 0
        self._thread.on("keydown.esc", self._moves.close_thread, args=[])

    def focus_thread(self, inside: bool) -> None:
        """Lead the keyboard into the thread, or back to where it was opened."""
        if inside:
            lead_into(self._thread_title)
        else:
            lead_back(self._thread)

    def forget_thread(self) -> None:
        """Another thread opens."""
        self._thread_lines.clear()
        self._thread_foot.clear()
        self._box_of = 0

    def show_thread(self, root: Said | None, said: Sequence[Said]) -> None:
        """A thread under its root; a receipt gives way once there is a result to see."""
        self._page.classes(add="with-thread" if root else "", remove="" if root else "with-thread")
        if root is None:
            return
        painting = str(root.body.get("slot", "")).partition("/")[0]
        self._thread_id.set_text(f"#{painting}" if painting else "")
        finished = bool(painting) and any(str(one.body.get("slot", "")).startswith(painting) for one in said)
        first = self._thread_lines.empty
        if self._thread_lines.show(said if finished else [root, *said], {}) and not first:
            self._thread_lines.reveal()
        if self._box_of != root.id:
            self._box_of = root.id
            self._thread_foot.clear()
            with self._thread_foot:
                CommandBox(self._wiring(root.id, painting))

    def at(self, where: str) -> None:
        """Which column a phone shows: list, talk, section or thread; wide screens show the middle's content."""
        self._page.classes(add=f"at-{where}", remove=" ".join(f"at-{one}" for one in WHERES if one != where))
        if where in ("talk", "section"):
            self._page.classes(add=f"in-{where}", remove="in-section" if where == "talk" else "in-talk")
