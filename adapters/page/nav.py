"""The left column: channels with what is new in them, sections, and the member who is here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from adapters.page.elements import Handler, Tag, box, button, face, icon, link
from adapters.page.people import ADMIN, MINE, Channel, Person, Section, direct
from core.requests import Line
from core.texts import say


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
        self._me, self._channels, self._people = me, channels, people
        self._go, self._visit = go, visit
        with box("pb-nav", "nav", aria_label=self._say("places")):
            with box("pb-brand"):
                Tag("span", "", "pb-logo", aria_hidden="true")
                Tag("span", self._say("title"))
            self._places = box("pb-places")
            self._draw_me()

    def _say(self, key: str) -> str:
        return say(Line(f"page.{key}"), self._me.language)

    def show(self, where: Where) -> None:
        """Draw the places anew, and the balance."""
        self._balance.set_text(where.balance)
        self._balance.set_visibility(bool(where.balance))
        self._places.clear()
        with self._places:
            Tag("h2", self._say("channels"), "pb-nav-title")
            for channel in self._channels:
                self._channel(channel.id, say(channel.label, self._me.language), where, "tag")
            self._channel(direct(self._me.account), self._say("direct"), where, "o_chat_bubble_outline")
            Tag("h2", self._say("mine"), "pb-nav-title")
            for section in MINE:
                self._section(section, where)
            if self._me.admin:
                Tag("h2", self._say("administration"), "pb-nav-title")
                for section in ADMIN:
                    self._section(section, where)

    def _channel(self, channel: str, label: str, where: Where, sign: str) -> None:
        here = channel == where.channel and not where.section
        unread = where.unread.get(channel, 0)
        with self._entry(here, lambda: self._go(channel)).mark(f"channel-{channel}"):
            icon(sign)
            Tag("span", label, "pb-nav-label" + (" new" if unread else ""))
            if unread:
                said = say(Line("page.unread", {"n": unread}), self._me.language)
                Tag("span", str(min(unread, 99)), "pb-unread", aria_label=said)

    def _section(self, section: Section, where: Where) -> None:
        with self._entry(section.id == where.section, lambda: self._visit(section)).mark(f"section-{section.id}"):
            icon(section.icon)
            Tag("span", say(section.label, self._me.language), "pb-nav-label")

    @staticmethod
    def _entry(here: bool, press: Handler) -> Tag:
        made = button("", press, "bare").classes("pb-place" + (" here" if here else ""))
        if here:
            made.props["aria-current"] = "page"
        return made

    def _draw_me(self) -> None:
        with Tag("button", "", "pb-button bare pb-me", type="button", aria_label=self._say("me")).mark("me"):
            face(self._me.name, self._me.colour)
            with box("pb-me-words"):
                Tag("strong", self._me.name)
                self._balance = Tag("small", "")
            icon("unfold_more")
            with ui.menu().classes("pb-menu").props("fit anchor='top left' self='bottom left' no-parent-event=false"):
                self._draw_choices()

    def _draw_choices(self) -> None:
        for person in self._people:
            name, account = say(person.name, self._me.language), str(person.account)
            with link("", f"/page/as?account={account}", "pb-choice").mark(f"as-{account}") as choice:
                face(name, person.colour, "small")
                Tag("span", name)
                if account == self._me.account:
                    icon("check")
                    choice.props["aria-current"] = "true"
        if not self._people:
            link(self._say("logout"), "/page/logout", "pb-choice")
