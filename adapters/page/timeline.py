"""Messages one under another: drawn once each, redrawn only where they differ, with the day where it changes."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nicegui import ui
from nicegui.element import Element

from adapters.page.elements import Tag, box, button, face, icon, shows_when_lost
from adapters.page.keep import decode, reply_of
from adapters.page.people import BOT
from adapters.page.read import typed
from adapters.page.render import Stage, draw, strip
from core.replies import Button, Picture, Said
from core.requests import Line
from core.texts import say, say_value

RECEIPT, WHY = "/receipt", "/why"
LONG, LINES = 600, 12
"""Letters or lines above which what somebody typed is folded."""
FLAG = re.compile(r"(?<!\S)(-{1,2}[a-zA-Z]\S*)")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a timeline is drawn, and what their presses do: `press(message, button)`, `open(message)` shows its thread."""

    stage: Stage
    account: str
    name: Callable[[str, str], str]
    colour: Callable[[str], str]
    dropped: Callable[[str], str]
    press: Callable[[Said, Button], Awaitable[None]]
    open: Callable[[int], Awaitable[None]] | None = None


@dataclass(slots=True)
class Drawn:
    """A message on the page and what it was drawn from."""

    held: Element
    look: tuple[Any, ...] = field(default=())


def owner(said: Said) -> str:
    """Whose turn of the talk a message belongs to: its author, or whom the bot answers."""
    return str(said.body.get("asker") or said.author) if said.author == BOT else said.author


def reason_of(receipt: Said, messages: Sequence[Said]) -> tuple[Said, ...]:
    """Why the painting of a receipt came to nothing, where its member was told among these messages."""
    slot = str(receipt.body.get("slot", ""))
    if not slot.endswith(RECEIPT):
        return ()
    return tuple(one for one in messages if one.body.get("slot") == slot.removesuffix(RECEIPT) + WHY)


def beside_receipts(messages: Sequence[Said]) -> Sequence[Said]:
    """The same, with each reason right under its receipt: by the time it comes, other lines may have been said."""
    moved = {why.id: why for one in messages for why in reason_of(one, messages)}
    if not moved:
        return messages
    return [shown for one in messages if one.id not in moved for shown in (one, *reason_of(one, messages))]


def day_and_time(said: Said, language: str) -> tuple[str, str]:
    """`11月30日` and `09:22`, in the bot's timezone."""
    day, _, time = say_value(said.at, language).rpartition(" ")
    return day.rstrip(","), time


class Timeline:
    """The messages of one channel or thread, inside `held`."""

    def __init__(self, held: Element, reader: Reader) -> None:
        self._held = held
        self._reader = reader
        self._drawn: dict[int, Drawn] = {}

    def clear(self) -> None:
        """Forget everything shown."""
        self._held.clear()
        self._drawn.clear()

    @property
    def empty(self) -> bool:
        """Whether nothing is shown yet."""
        return not self._drawn

    def reveal(self) -> None:
        """Bring the newest message into view."""
        newest = self._drawn[max(self._drawn)].held
        ui.run_javascript(f"getHtmlElement({newest.id})?.scrollIntoView({{block: 'nearest', behavior: 'smooth'}})")

    def show(self, messages: Sequence[Said], replies: Mapping[int, int]) -> bool:
        """Make the page show exactly these, oldest first; True when something was added at the end."""
        wanted = {said.id for said in messages}
        for gone in [message for message in self._drawn if message not in wanted]:
            self._drawn.pop(gone).held.delete()
        added, before = False, None
        for at, said in enumerate(messages):
            added |= self._one(said, before, replies.get(said.id, 0), at) and at == len(messages) - 1
            before = said
        return added

    def _one(self, said: Said, before: Said | None, replies: int, at: int) -> bool:
        language = self._reader.stage.language
        day = day_and_time(said, language)[0]
        new_day = day if before is None or day_and_time(before, language)[0] != day else ""
        follows = not new_day and before is not None and said.author == BOT and owner(before) == owner(said)
        # a private answer right under its private line needs no second lock
        quiet = follows and before is not None and bool(before.body.get("only"))
        look = (repr(said.body), replies, new_day, follows, quiet)
        drawn = self._drawn.get(said.id)
        if drawn is not None and drawn.look == look:
            return False
        new = drawn is None
        if drawn is None:
            with self._held:
                drawn = self._drawn[said.id] = Drawn(box("pb-turn").mark(f"message-{said.id}"))
            if at < len(self._drawn) - 1:
                drawn.held.move(self._held, at)
        drawn.look = look
        drawn.held.clear()
        with drawn.held:
            if new_day:
                Tag("div", new_day, "pb-day")
            self._message(said, replies, follows, quiet)
        return new

    def _message(self, said: Said, replies: int, follows: bool, quiet: bool) -> None:
        reader, language = self._reader, self._reader.stage.language
        name = reader.name(said.author, str(said.body.get("name", "")))
        with box(f"pb-message {'follows' if follows else ''}", "article", aria_label=name):
            if not follows and said.author == BOT:
                Tag("span", "", "pb-face pb-logo", aria_hidden="true")
            elif not follows:
                face(name, reader.colour(said.author))
            with box("pb-body"):
                if not follows:
                    with box("pb-head", "header"):
                        Tag("strong", name)
                        Tag("time", day_and_time(said, language)[1], title=say_value(said.at, language))
                        if said.author != BOT and said.body.get("only"):
                            self._only_you()
                self._content(said, replies, quiet)

    def _only_you(self) -> None:
        with box("pb-only", "span"):
            icon("o_lock")
            Tag("span", say(Line("page.only_you"), self._reader.stage.language))

    def _content(self, said: Said, replies: int, quiet: bool) -> None:
        try:
            if said.body.get("kind") == "line":
                self._line(said)
            else:
                self._reply(said, replies, quiet)
        except (KeyError, TypeError, ValueError):
            # a message of another version must not take the whole channel with it
            Tag("p", say(Line("page.unreadable"), self._reader.stage.language), "pb-line fact")

    def _line(self, said: Said) -> None:
        body = said.body
        if body.get("gone"):
            Tag("p", say(Line("page.line_gone"), self._reader.stage.language), "pb-line fact")
            return
        text = str(body.get("text", ""))
        if text:
            _fold(_said(text), text, self._reader.stage.language)
        if body.get("files"):
            with box("pb-dropped"):
                for at, file in enumerate(body["files"], start=1):
                    chip(self._reader, at, file["handle"], file["name"])

    def _reply(self, said: Said, replies: int, quiet: bool) -> None:
        reader, reply = self._reader, reply_of(said.body)
        if owner(said) != reader.account:
            reply = replace(reply, language="")  # what others chose is not what this reader reads
        alert = any(isinstance(part, Line) and part.tone == "alert" for part in reply.parts)
        pictures: tuple[Picture, ...] = decode(said.body.get("strip", []))
        with box(f"pb-card {'alert' if alert else ''}"):
            if said.body.get("only") and not quiet:
                self._only_you()
            draw(reply, reader.stage, lambda pressed: reader.press(said, pressed))
            if pictures:
                strip(pictures, reader.stage)
            if reader.open is not None and (replies or str(said.body.get("slot", "")).endswith(RECEIPT)):
                self._thread_link(said, replies, len(pictures))

    def _thread_link(self, said: Said, replies: int, pictures: int) -> None:
        counts: list[Line] = []
        if pictures:
            counts.append(Line("page.pictures", {"n": pictures}))
        counts.append(Line("page.replies", {"n": replies}) if replies else Line("page.open_thread"))
        text = say_value(tuple(counts), self._reader.stage.language)
        opened = self._reader.open
        assert opened is not None
        with button("", lambda: opened(said.id), "bare") as held:
            held.classes("pb-thread-link").mark(f"thread-{said.id}")
            Tag("span", text)
            icon("chevron_right")


def chip(
    reader: Reader,
    number: int,
    handle: str,
    name: str,
    drop: Callable[[], None] | None = None,
    *,
    picture: bool = True,
) -> None:
    """A dropped file: 图1 with its face and name, and a way to take it away again; a picture no browser can open says so."""
    language = reader.stage.language
    with box("pb-chip", "span"):
        with box("pb-chip-face", "span"):
            if picture:
                shows_when_lost(Tag("img", "", src=reader.dropped(handle), alt=""))
            icon("o_broken_image" if picture else "o_description")
        if picture:
            Tag("span", say(Line("page.reference", {"n": number}), language), "pb-chip-number")
        Tag("span", name, "pb-chip-name", title=name)
        if picture:
            Tag("span", say(Line("page.unopened"), language), "pb-chip-lost")
        if drop is not None:
            taken = say(Line("page.take_away", {"name": name}), language)
            button("", drop, "bare", sign="close", name=taken).mark(f"drop-{number}")


def _said(text: str) -> Element:
    """What somebody typed, from whichever side it is read; the flags of a command are not broken at their hyphens."""
    if not typed(text).verb:
        return Tag("p", text, "pb-said", dir="auto")
    pieces = FLAG.split(text)
    if len(pieces) == 1:
        return Tag("p", text, "pb-said command")
    with box("pb-said command", "p") as held:
        for piece in pieces:
            if piece:
                Tag("span", piece, "flag" if FLAG.fullmatch(piece) else "")
    return held


def _fold(held: Element, text: str, language: str) -> None:
    """A text of many screens shows its beginning, and the rest when asked."""
    if len(text) <= LONG and text.count("\n") < LINES:
        return

    def turn() -> None:
        folded = "folded" not in held.classes
        held.classes(toggle="folded")
        more.set_text(say(Line("page.unfold" if folded else "page.fold"), language))
        more.props["aria-expanded"] = str(not folded).lower()

    held.classes("folded")
    more = button(say(Line("page.unfold"), language), turn, "quiet").classes("pb-unfold").mark("unfold")
    more.props["aria-expanded"] = "false"


def waiting(language: str) -> Element:
    """Three dots while the bot thinks."""
    with box("pb-waiting", role="status") as held:
        Tag("span", say(Line("page.waiting"), language), "pb-hidden")
        for _ in range(3):
            ui.element("i")
    return held
