"""The left column: channels with what is new in them, sections, and the member who is here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from adapters.page.elements import Handler, Tag, box, button, face, icon, link
from adapters.page.people import ADMIN, MINE, Channel, Person, Section, direct
from core.requests import Line
from core.texts import say

ARROWS = """(e) => {
  const by = {ArrowDown: 1, ArrowUp: -1}[e.key];
  if (!by) return;
  const all = [...e.currentTarget.querySelectorAll('a')];
  e.preventDefault(); e.stopPropagation();
  all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
}"""
INTO_VIEW = "getHtmlElement(%d)?.scrollIntoView({block: 'nearest'})"


@dataclass(slots=True)
class Where:
    """What the column shows as open, and what is new elsewhere (channel -> messages)."""

    channel: str
    section: str
    unread: Mapping[str, int]
    balance: str


@dataclass(frozen=True, slots=True)
class Me:
    """The member who looks at the page."""

    account: str
    name: str
    colour: str
    admin: bool
    language: str


class Nav:
    """Drawn into the current slot; `go` and `visit` open a channel or a section."""

    def __init__(
        self,
        me: Me,
        channels: Sequence[Channel],
        people: Sequence[Person],
        go: Callable[[str], Awaitable[None]],
        visit: Callable[[Section], Awaitable[None]],
    ) -> None:
        self._open = ""
        self._me, self._channels, self._people = me, channels, people
        self._go, self._visit = go, visit
        with box("pb-nav", "nav", aria_label=self._say("places")):
            with box("pb-brand"):
                Tag("span", "", "pb-logo", aria_hidden="true")
                Tag("span", self._say("title"))
            self._entries: dict[str, Tag] = {}
            self._news: dict[str, tuple[Tag, Tag]] = {}
            with box("pb-places"):
                self._draw_places()
            self._draw_me()

    def _say(self, key: str) -> str:
        return say(Line(f"page.{key}"), self._me.language)

    def show(self, where: Where) -> None:
        """Mark the open place, what is new elsewhere, and the balance; nothing is drawn anew, or the focus would be lost."""
        self._balance.set_text(where.balance)
        self._balance.set_visibility(bool(where.balance))
        open_now = f"section-{where.section}" if where.section else f"channel-{where.channel}"
        for place, entry in self._entries.items():
            here = place == open_now
            if here != ("here" in entry.classes):
                entry.classes(add="here" if here else "", remove="" if here else "here")
                entry.props(add="aria-current=page" if here else "", remove="" if here else "aria-current")
        if open_now != self._open:
            self._open = open_now
            self.reveal()
        for channel, (label, count) in self._news.items():
            unread = where.unread.get(channel, 0)
            label.classes(add="new" if unread else "", remove="" if unread else "new")
            count.set_text(str(min(unread, 99)))
            count.set_visibility(bool(unread))
            count.props["aria-label"] = say(Line("page.unread", {"n": unread}), self._me.language)

    def reveal(self) -> None:
        """Bring the open place into view."""
        if self._open in self._entries:
            ui.run_javascript(INTO_VIEW % self._entries[self._open].id)

    def _draw_places(self) -> None:
        Tag("h2", self._say("channels"), "pb-nav-title")
        for channel in self._channels:
            self._channel(channel.id, say(channel.label, self._me.language), "tag")
        self._channel(direct(self._me.account), self._say("direct"), "o_chat_bubble_outline")
        Tag("h2", self._say("mine"), "pb-nav-title")
        for section in MINE:
            self._section(section)
        if self._me.admin:
            Tag("h2", self._say("administration"), "pb-nav-title")
            for section in ADMIN:
                self._section(section)

    def _channel(self, channel: str, label: str, sign: str) -> None:
        with self._entry(f"channel-{channel}", lambda: self._go(channel)):
            icon(sign)
            words = Tag("span", label, "pb-nav-label")
            self._news[channel] = words, Tag("span", "", "pb-unread")

    def _section(self, section: Section) -> None:
        with self._entry(f"section-{section.id}", lambda: self._visit(section)):
            icon(section.icon)
            Tag("span", say(section.label, self._me.language), "pb-nav-label")

    def _entry(self, place: str, press: Handler) -> Tag:
        made = self._entries[place] = button("", press, "bare").classes("pb-place").mark(place)
        return made

    def _draw_me(self) -> None:
        with Tag("button", "", "pb-button bare pb-me", type="button", aria_label=self._say("me")).mark("me"):
            face(self._me.name, self._me.colour)
            with box("pb-me-words"):
                Tag("strong", self._me.name)
                self._balance = Tag("small", "")
            icon("unfold_more")
            menu = ui.menu().classes("pb-menu")
            menu.props("fit anchor='top left' self='bottom left' no-parent-event=false")
            with menu, box("pb-choosing", role="menu", aria_label=self._say("me")) as choices:
                self._draw_choices()
            choices.on("keydown", js_handler=ARROWS)

    def _draw_choices(self) -> None:
        for person in self._people:
            name, account = say(person.name, self._me.language), str(person.account)
            with link("", f"/page/as?account={account}", "pb-choice", role="menuitem").mark(f"as-{account}") as choice:
                face(name, person.colour, "small")
                Tag("span", name)
                if account == self._me.account:
                    icon("check")
                    choice.props["aria-current"] = "true"
                    choice.props["autofocus"] = True
        if not self._people:
            link(self._say("logout"), "/page/logout", "pb-choice", role="menuitem", autofocus=True)
